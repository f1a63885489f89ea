//! The program `allocator-demo`: read, decide, audit, print, write.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use allocator_core::Completeness;
use clap::Parser;

use crate::args::Args;
use crate::decision::Decision;
use crate::failure::Failure;
use crate::fault::Faults;
use crate::input::Input;
use crate::output;
use crate::progress::Progress;
use crate::standing::Standing;
use crate::summary;

/// Runs the program on its command line.
#[must_use]
pub fn main() -> ExitCode {
    let args = Args::parse();
    let (text, in_order) = match run(&args) {
        Ok(done) => done,
        Err(failure) => {
            say(&format!("{failure}\nnothing was written\n"));
            return ExitCode::FAILURE;
        }
    };
    if let Err(failure) = print(&text) {
        say(&format!("{failure}\n"));
        return ExitCode::FAILURE;
    }
    if in_order {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What to print, and whether everything was in order.
fn run(args: &Args) -> Result<(String, bool), Failure> {
    let folder = args.input.clone().unwrap_or_else(|| data().join("drop400"));
    let progress = Progress::new(!args.no_progress);
    let policy = args.policy();
    let mut input = Input::read(&folder, &policy, progress)?;
    let in_order = input.faults.is_empty();
    let whole_orders = policy.completeness == Completeness::Order;
    report(&mut input.faults, args.keep_going, whole_orders);
    if input.faults.is_unusable() || (!in_order && !args.keep_going) {
        return Ok((String::new(), false));
    }
    let as_of = args.as_of.or_else(|| input.latest());
    let decision = Decision::new(Standing::at(&input, as_of, true), policy)?;
    let title = folder.file_name().map_or_else(
        || folder.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let mut text = summary::text(&title, as_of, &input, &decision)?;
    let files = output::write(&args.out, &input, &decision, progress)?.join(", ");
    text.push_str(&format!("written to {}: {files}\n", args.out.display()));
    Ok((text, in_order))
}

/// Every faulty row, and what becomes of the rest.
fn report(faults: &mut Faults, keep_going: bool, whole_orders: bool) {
    if faults.is_empty() {
        return;
    }
    let mut text = String::new();
    let (rows, nameless) = (faults.rows(), faults.nameless());
    let unusable = faults.is_unusable();
    for fault in faults.sorted() {
        text.push_str(&format!("{fault}\n"));
    }
    let rows = if rows == 1 {
        "1 faulty row".to_owned()
    } else {
        format!("{rows} faulty rows")
    };
    text.push_str(&match (unusable, keep_going) {
        (true, _) => {
            format!("{rows}; without its columns a file is of no use: nothing was written\n")
        }
        (false, false) => {
            format!("{rows}: nothing was written (--keep-going uses the good ones)\n")
        }
        (false, true) => format!("{rows} left out\n"),
    });
    if keep_going && nameless > 0 && whole_orders {
        text.push_str(&format!(
            "{nameless} of them without a readable order_id: an order may ship without its line\n"
        ));
    }
    say(&text);
}

/// The folder of the example data: beside the source where that is still there, else from where the
/// program is called.
fn data() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    if built.is_dir() {
        built
    } else {
        PathBuf::from("examples/data")
    }
}

/// Prints to standard output; whoever stops reading has read enough.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::file("standard output")(error))
        }
        _ => Ok(()),
    }
}

/// Prints to standard error, where there is nobody to tell if that fails.
pub(crate) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
