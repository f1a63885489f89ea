//! `vectors FILE`: runs a vector file and prints one line for each case, then the counts.
//!
//! Exit code 0: nothing failed. 1: something did. 2: the file is unreadable or of no documented form.

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(path), None) = (arguments.next(), arguments.next()) else {
        return refuse("usage: vectors FILE");
    };
    let file = match std::fs::read(&path) {
        Ok(file) => file,
        Err(error) => return refuse(&format!("{}: {error}", path.display())),
    };
    let report = match allocator_runner::run(&file) {
        Ok(report) => report,
        Err(error) => return refuse(&format!("{}: {error}", path.display())),
    };
    // Not `println!`, which panics when the reader has gone.
    if let Err(error) = writeln!(std::io::stdout().lock(), "{report}") {
        return refuse(&format!("standard output: {error}"));
    }
    ExitCode::from(u8::from(report.failed() > 0))
}

/// Says why on standard error, whether or not anybody listens.
fn refuse(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "{why}");
    ExitCode::from(2)
}
