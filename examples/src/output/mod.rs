//! The files of a result: all of them, or none.

mod allocations;
mod cancel_plan;
mod draft;
mod explanations;
mod overtakes;
mod waiting;

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::decision::Decision;
use crate::failure::Failure;
use crate::harmless::harmless;
use crate::input::Input;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::standing::Standing;
use draft::Draft;

/// What is always written.
const FILES: [&str; 3] = ["allocations.csv", "waiting.csv", "explanations.jsonl"];
/// What is written where somebody was overtaken.
pub(crate) const OVERTAKES: &str = "overtakes.csv";
/// Most rows of it: there may be as many pairs as lines times lines.
pub(crate) const MOST_OVERTAKES: usize = 100_000;

/// What a plan of cancellations writes: by customer, and by line.
pub(crate) const CANCEL_PLAN: &str = "cancel_plan.csv";
pub(crate) const CANCEL_LINES: &str = "cancel_lines.csv";

/// Writes the files beside their places and moves them there when all are complete: whoever looks
/// finds the old ones or the new ones, never half of one. `plan`: what came of one that was asked for.
/// Returns the names of what was written.
pub(crate) fn write(
    folder: &Path,
    input: &Input,
    decision: &Decision,
    plan: Option<Option<&Plan>>,
    progress: Progress,
) -> Result<Vec<&'static str>, Failure> {
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let _alone = lock(folder)?;
    draft::discard(folder, OVERTAKES)?;
    let [allocations, waiting, explanations] = FILES;
    let first = Draft::write(folder, allocations, |out| {
        allocations::write(out, input, decision, progress)
    })?;
    let mut answers = Vec::new();
    let last = Draft::write(folder, explanations, |out| {
        explanations::write(out, input, decision, progress, &mut answers)
    })?;
    let middle = Draft::write(folder, waiting, |out| {
        waiting::write(out, input, decision, progress, &answers)
    })?;
    let mut ready = vec![first, middle, last];
    if decision.allocation().overtake_count() > 0 {
        ready.push(Draft::write(folder, OVERTAKES, |out| {
            overtakes::write(out, input, decision)
        })?);
    }
    if let Some(Some(plan)) = plan {
        ready.extend(plan_drafts(folder, input, &decision.standing, plan)?);
    }
    let names = publish(ready)?;
    if !names.contains(&OVERTAKES) {
        // One of an earlier run would tell of what this one did not do.
        draft::remove(&folder.join(OVERTAKES))?;
    }
    if let Some(None) = plan {
        // So would a plan.
        draft::remove(&folder.join(CANCEL_PLAN))?;
        draft::remove(&folder.join(CANCEL_LINES))?;
    }
    Ok(names)
}

/// As [`write`], a plan of cancellations alone.
pub(crate) fn write_plan(
    folder: &Path,
    input: &Input,
    standing: &Standing,
    plan: &Plan,
) -> Result<Vec<&'static str>, Failure> {
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let _alone = lock(folder)?;
    publish(plan_drafts(folder, input, standing, plan)?.into())
}

fn plan_drafts(
    folder: &Path,
    input: &Input,
    standing: &Standing,
    plan: &Plan,
) -> Result<[Draft; 2], Failure> {
    let customers = Draft::write(folder, CANCEL_PLAN, |out| {
        cancel_plan::write_customers(out, input, standing, plan)
    })?;
    let lines = Draft::write(folder, CANCEL_LINES, |out| {
        cancel_plan::write_lines(out, input, standing, plan)
    })?;
    Ok([customers, lines])
}

fn publish(ready: Vec<Draft>) -> Result<Vec<&'static str>, Failure> {
    let names = ready.iter().map(|draft| draft.name).collect();
    for draft in ready {
        draft.publish()?;
    }
    Ok(names)
}

/// Keeps other runs away from the folder until it is dropped, or until the program ends however.
#[cfg(unix)]
fn lock(folder: &Path) -> Result<Option<fs::File>, Failure> {
    use rustix::fs::{FlockOperation, flock};
    use rustix::io::Errno;

    // Where the system or the file system has no locks on folders, nobody is kept away.
    let Ok(handle) = fs::File::open(folder) else {
        return Ok(None);
    };
    match flock(&handle, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => Err(Failure::Busy {
            path: folder.into(),
        }),
        _ => Ok(Some(handle)),
    }
}

#[cfg(not(unix))]
fn lock(_folder: &Path) -> Result<(), Failure> {
    Ok(())
}

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
    use allocator_core::{CutReason, Reason};

    use super::{allocations, cancel_plan, overtakes, waiting};

    #[test]
    fn the_readme_names_every_column_and_reason() {
        let readme = include_str!("../../README.md");
        let columns = allocations::HEADER.iter().chain(&waiting::HEADER);
        let columns = columns.chain(&overtakes::HEADER);
        let columns = columns.chain(&cancel_plan::HEADER);
        let columns = columns.chain(&cancel_plan::LINES_HEADER).copied();
        let reasons = Reason::ALL.iter().map(|reason| reason.name());
        let cuts = CutReason::ALL.iter().map(|reason| reason.name());
        let cuts = cuts.filter(|&name| !["kept", "nothing_asked"].contains(&name));
        let reasons = reasons.chain(cuts);
        for word in columns.chain(reasons) {
            assert!(readme.contains(&format!("`{word}`")), "{word}");
        }
    }
}
