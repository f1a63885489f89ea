//! Why a run ends without a result.

use std::io;
use std::path::PathBuf;

/// Everything that stops a run; what is wrong with rows is in [`crate::fault::Faults`].
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: neither it nor {}.gz is there", path.display(), path.display())]
    Missing { path: PathBuf },
    #[error("{} and {}.gz are both there: which one counts?", path.display(), path.display())]
    Both { path: PathBuf },
    #[error("{}: another run is writing its result there", path.display())]
    Busy { path: PathBuf },
    #[error("{}: no CSV: {source}", path.display())]
    Csv { path: PathBuf, source: csv::Error },
    #[error("{}: {source}", path.display())]
    Json {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error("{0}")]
    Core(#[from] allocator_core::Error),
    #[error("the result does not pass its own audit: {0}")]
    Audit(#[from] allocator_core::Violation),
    #[error("the plan does not pass its audit: {0}")]
    Plan(String),
    #[error("{method} cannot plan: {reason}")]
    Method { method: String, reason: String },
}

impl Failure {
    /// For `map_err` on what was done to the file at `path`.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            path: path.into(),
            source,
        }
    }
}
