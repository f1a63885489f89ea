//! The program `demo-real`: real order streams through the same code as `allocator-demo`, compared
//! with the results that independent programs published beside them.

mod by_sku;
mod clock;
mod comparison;
mod plans;
mod scenario;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::demo::{print, say};
use crate::failure::Failure;

/// Runs every scenario below DATA and compares it with its expected.json and expected_by_sku.csv; then
/// plans the cancellations by every rule, in case no more arrives.
///
/// Exit codes: 0 all figures agree, or there is no such folder; 1 one differs; 2 something is wrong
/// with the command line.
#[derive(Debug, Parser)]
#[command(name = "demo-real", version)]
struct Args {
    /// The folder with the scenarios; without it the environment variable DATA, else the folder
    /// shared/data beside the repository
    data: Option<PathBuf>,
}

/// Runs the program on its command line.
#[must_use]
pub fn main() -> ExitCode {
    let named = Args::parse().data;
    let named = named.or_else(|| std::env::var_os("DATA").map(PathBuf::from));
    let data = named.unwrap_or_else(beside_the_repository);
    match run(&data) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            say(&format!("{failure}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Whether everything agrees.
fn run(data: &Path) -> Result<bool, Failure> {
    if !data.is_dir() {
        let place = data.display();
        print(&format!("demo-real: skipped, no data at {place}\n"))?;
        return Ok(true);
    }
    let mut folders = Vec::new();
    find(data, &mut folders)?;
    if folders.is_empty() {
        let place = data.display();
        say(&format!("demo-real: no scenario below {place}\n"));
        return Ok(false);
    }
    folders.sort();
    let mut differing = 0_usize;
    for folder in &folders {
        let name = folder.strip_prefix(data).unwrap_or(folder).display();
        let comparison = scenario::run(folder)?;
        print(&comparison.report(&name.to_string()))?;
        differing += usize::from(!comparison.agrees());
    }
    let agreeing = folders.len() - differing;
    print(&format!(
        "demo-real: scenarios: {agreeing} agree, {differing} differ\n"
    ))?;
    Ok(differing == 0)
}

/// Every folder that has demand, receipts and the expected result.
fn find(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let has = |name: &str| folder.join(name).is_file();
    let has_table = |name: &str| has(name) || has(&format!("{name}.gz"));
    if has_table("demand.csv") && has_table("receipts.csv") && has("expected.json") {
        found.push(folder.to_owned());
    }
    for entry in fs::read_dir(folder).map_err(Failure::file(folder))? {
        let entry = entry.map_err(Failure::file(folder))?;
        // Links are not followed: they may lead in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            find(&entry.path(), found)?;
        }
    }
    Ok(())
}

fn beside_the_repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data")
}
