//! The files of a result: all of them, or none.

mod allocations;
mod explanations;
mod waiting;

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::decision::Decision;
use crate::failure::Failure;
use crate::harmless::harmless;
use crate::input::Input;
use crate::progress::Progress;

/// What is written, in this order.
pub(crate) const FILES: [&str; 3] = ["allocations.csv", "waiting.csv", "explanations.jsonl"];

/// Writes the files beside their places and moves them there when all are complete: whoever looks
/// finds the old ones or the new ones, never half of one.
pub(crate) fn write(
    folder: &Path,
    input: &Input,
    decision: &Decision,
    progress: Progress,
) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let [allocations, waiting, explanations] = FILES;
    let ready = [
        write_one(folder, allocations, |out| {
            allocations::write(out, input, decision, progress)
        })?,
        write_one(folder, waiting, |out| {
            waiting::write(out, input, decision, progress)
        })?,
        write_one(folder, explanations, |out| {
            explanations::write(out, input, decision, progress)
        })?,
    ];
    for (file, name) in ready.into_iter().zip(FILES) {
        let path = folder.join(name);
        file.persist(&path)
            .map_err(|error| Failure::file(&path)(error.error))?;
    }
    Ok(())
}

type Out = BufWriter<NamedTempFile>;

fn write_one(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut Out) -> Result<(), Failure>,
) -> Result<NamedTempFile, Failure> {
    let path = folder.join(name);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".allocator-demo-");
    readable(&mut builder);
    let file = builder.tempfile_in(folder).map_err(Failure::file(&path))?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush().map_err(Failure::file(&path))?;
    out.into_inner()
        .map_err(|error| Failure::file(&path)(error.into_error()))
}

/// A result is readable as any file is, not by its owner alone as a temporary one is.
#[cfg(unix)]
fn readable(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn readable(_builder: &mut tempfile::Builder<'_, '_>) {}

/// Writes one row of a table. Text cells are made harmless, numbers stay numbers.
fn row<W: Write>(out: &mut csv::Writer<W>, name: &str, cells: &[Cell<'_>]) -> Result<(), Failure> {
    let fail = |source| Failure::Csv {
        path: name.into(),
        source,
    };
    for cell in cells {
        match cell {
            Cell::Text(text) => out.write_field(harmless(text).as_bytes()),
            Cell::Number(number) => out.write_field(number.to_string()),
            Cell::Empty => out.write_field(""),
        }
        .map_err(fail)?;
    }
    out.write_record(None::<&[u8]>).map_err(fail)
}

/// What stands in a cell.
enum Cell<'a> {
    Text(&'a str),
    Number(i128),
    Empty,
}

impl Cell<'_> {
    /// A number, or an empty cell.
    fn optional(number: Option<impl Into<i128>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number.into()))
    }
}

impl<N: Into<i128>> From<N> for Cell<'_> {
    fn from(number: N) -> Self {
        Self::Number(number.into())
    }
}

#[cfg(test)]
mod tests {
    use allocator_core::Reason;

    use super::{allocations, waiting};

    #[test]
    fn the_readme_names_every_column_and_reason() {
        let readme = include_str!("../../README.md");
        let columns = allocations::HEADER.iter().chain(&waiting::HEADER).copied();
        let reasons = Reason::ALL.iter().map(|reason| reason.name());
        for word in columns.chain(reasons) {
            assert!(readme.contains(&format!("`{word}`")), "{word}");
        }
    }
}
