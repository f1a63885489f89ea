//! A file of the result while it is being written.

use std::fs;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// What a draft is written through.
pub(super) type Out = BufWriter<fs::File>;

/// A complete file beside its place. One that never gets there is removed; what an interrupted run
/// left is removed by the next one, because the name of a draft is always the same.
pub(super) struct Draft {
    draft: PathBuf,
    path: PathBuf,
    pub(super) name: &'static str,
}

impl Draft {
    /// Writes the whole file.
    pub(super) fn write(
        folder: &Path,
        name: &'static str,
        write: impl FnOnce(&mut Out) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let path = folder.join(name);
        if path.is_dir() {
            return Err(Failure::file(&path)(ErrorKind::IsADirectory.into()));
        }
        discard(folder, name)?;
        let draft = draft_of(folder, name);
        // Never through a link that somebody put there.
        let file = fs::File::create_new(&draft).map_err(Failure::file(&draft))?;
        let this = Self { draft, path, name };
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush().map_err(Failure::file(&this.path))?;
        Ok(this)
    }

    /// Moves it to its place.
    pub(super) fn publish(self) -> Result<(), Failure> {
        fs::rename(&self.draft, &self.path).map_err(Failure::file(&self.path))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Published, it is no longer there.
        let _ = fs::remove_file(&self.draft);
    }
}

/// Removes the draft of this name that an interrupted run left.
pub(super) fn discard(folder: &Path, name: &str) -> Result<(), Failure> {
    remove(&draft_of(folder, name))
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::file(path)(error)),
        _ => Ok(()),
    }
}

fn draft_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".allocator-demo-{name}"))
}
