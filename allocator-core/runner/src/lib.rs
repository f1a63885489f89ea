//! Runs vector files: published numbers that the public interface of `allocator-core` must reproduce
//! (rules that no merchant is offered run in `allocator-oracle`).
//!
//! A file is recognised by what it holds (`form.rs`), never by its name. Each of its cases passes,
//! fails with its first difference, or is unsupported, naming what is not built. A field that the
//! form does not document is a failure of its case: a misspelt field must not pass unseen.
//!
//! A form that is built has a module of its own, as `allocation`, `rationing` and `scenario` have, named in the
//! table of `form.rs`.

mod allocation;
mod checked;
mod form;
mod rationing;
mod report;
mod scenario;
mod shape;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

pub use form::NoForm;
pub use report::{CaseReport, Report, Verdict};
pub use scenario::shop::{Called, LiveShop};

use form::Case;

/// Runs every case of a file, given as its bytes.
///
/// # Errors
/// [`NoForm`]: it is no JSON, or of no documented form.
pub fn run(file: &[u8]) -> Result<Report, NoForm> {
    run_with::<allocator_core::engine::Engine>(file)
}

/// The same with scenarios of a live shop on a shop of another kind.
///
/// # Errors
/// As [`run`].
pub fn run_with<S: LiveShop>(file: &[u8]) -> Result<Report, NoForm> {
    let file: Value =
        serde_json::from_slice(file).map_err(|error| NoForm::new(error.to_string()))?;
    let cases = form::cases(&file)?;
    Ok(Report {
        cases: cases.iter().map(report_of::<S>).collect(),
    })
}

/// One case's fault stays that case's, be it a panic of the code under test.
fn report_of<S: LiveShop>(case: &Case<'_>) -> CaseReport {
    let verdict = catch_unwind(AssertUnwindSafe(|| case.run::<S>())).unwrap_or_else(|panic| {
        let message = (panic.downcast_ref::<&str>().copied())
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Verdict::Fail(format!("panic: {}", message.unwrap_or("without a message")))
    });
    CaseReport {
        id: case.id.clone(),
        verdict,
    }
}
