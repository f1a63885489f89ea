//! How many lines of each size a lane has: all that a threshold depends on. Equal lines are counted
//! once, so that a search over a lane costs what its sizes cost, not what its lines do.

use alloc::vec::Vec;

use crate::error::Error;
use crate::quantity::{Quantity, Total, slot};

use super::grade::{Grading, Run, Threshold};
use super::stage::Stages;
use super::{Lines, level, part, ratio, starts, value};

/// So many lines of a lane have just this run of undecided tickets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) run: Run,
    pub(super) lines: u32,
}

/// All tickets of a lane.
pub(super) fn tickets(sizes: &[Size]) -> Total {
    sizes.iter().fold(0, |all, size| {
        let tickets = Total::from(size.run.tickets());
        all.saturating_add(tickets.saturating_mul(size.lines.into()))
    })
}

/// Most sizes of a lane that are counted in a table; the others are sorted.
const TABLE: usize = 1 << 12;

/// The threshold of every short lane; `left` becomes what is left for the tickets that lie on it.
pub(super) fn thresholds(
    lines: &Lines<'_>,
    stages: &Stages<'_>,
    grading: Grading,
    split: impl Fn(usize) -> (Quantity, Run),
    left: &mut [Quantity],
) -> Result<Vec<Threshold>, Error> {
    let lanes = left.len();
    let mut found = alloc::vec![Threshold::None; lanes];
    let mut settle = |lane: usize, sizes: &[Size]| {
        let (threshold, left) = (slot(&mut found, lane)?, slot(left, lane)?);
        if tickets(sizes) > Total::from(*left) {
            (*threshold, *left) = match grading {
                Grading::Level => {
                    let (level, rest) = level::level(sizes, *left);
                    (Threshold::Level(level), rest)
                }
                Grading::Remainder => {
                    let (level, rest) = level::level_of_cuts(sizes, *left);
                    (Threshold::Remainder(level), rest)
                }
                Grading::Share(share) => ratio::threshold(sizes, share, *left),
            };
        }
        Ok(())
    };
    let by_weight = matches!(grading, Grading::Share(share) if share.by_weight);
    let weighs = by_weight && lines.weight.is_some();
    if lines.numbering.is_none() && !weighs {
        by_claim(lines, stages, lanes, split, &mut settle)?;
    } else {
        by_run(lines, split, &mut settle)?;
    }
    Ok(found)
}

/// Where a line's run is given by its claim.
fn by_claim(
    lines: &Lines<'_>,
    stages: &Stages<'_>,
    lanes: usize,
    split: impl Fn(usize) -> (Quantity, Run),
    settle: &mut impl FnMut(usize, &[Size]) -> Result<(), Error>,
) -> Result<(), Error> {
    // A few bytes of table for each line, whatever claims come.
    let room = lines.lane.len().checked_div(lanes).unwrap_or(0);
    let bits = lines.claim.iter().fold(0, |bits, claim| bits | claim);
    let largest = usize::try_from(bits).unwrap_or(usize::MAX);
    let table = largest.saturating_add(1).min(room.clamp(8, TABLE));
    let mut counts = alloc::vec![0_u32; lanes.saturating_mul(table)];
    let mut next = alloc::vec![0_usize; lanes];
    let undecided = |row| split(row).1.tickets() > 0;
    let claim = |row| usize::try_from(value(lines.claim, row)).unwrap_or(usize::MAX);
    for (row, &lane) in lines.lane.iter().enumerate() {
        let (lane, claim) = (lane as usize, claim(row));
        if !undecided(row) {
            continue;
        }
        if claim < table {
            let count = slot(
                &mut counts,
                lane.saturating_mul(table).saturating_add(claim),
            )?;
            *count = count.saturating_add(1);
        } else {
            let count = slot(&mut next, lane)?;
            *count = count.saturating_add(1);
        }
    }
    let starts = starts(&mut next);
    let mut large = alloc::vec![0; starts.last().copied().unwrap_or(0)];
    if !large.is_empty() {
        for (row, &lane) in lines.lane.iter().enumerate() {
            if claim(row) >= table && undecided(row) {
                let position = slot(&mut next, lane as usize)?;
                *slot(&mut large, *position)? = value(lines.claim, row);
                *position = position.saturating_add(1);
            }
        }
    }
    let mut sizes = Vec::new();
    for (lane, counts) in counts.chunks_exact(table).enumerate() {
        sizes.clear();
        let mut size = |claim: Quantity, lines: u32| {
            let run = stages.undecided(lane, Run::of(claim));
            sizes.push(Size { run, lines });
        };
        for (claim, &count) in (0..).zip(counts).filter(|&(_, &count)| count > 0) {
            size(claim, count);
        }
        let large = part(&mut large, &starts, lane)?;
        large.sort_unstable();
        for equal in large.chunk_by(|a, b| a == b) {
            if let Some(&claim) = equal.first() {
                size(claim, u32::try_from(equal.len()).unwrap_or(u32::MAX));
            }
        }
        settle(lane, &sizes)?;
    }
    Ok(())
}

/// Where claimants have several lines, or weights.
fn by_run(
    lines: &Lines<'_>,
    split: impl Fn(usize) -> (Quantity, Run),
    settle: &mut impl FnMut(usize, &[Size]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut runs: Vec<(u32, Run)> = Vec::new();
    for (row, &lane) in lines.lane.iter().enumerate() {
        let run = split(row).1;
        if run.tickets() > 0 {
            runs.push((lane, run));
        }
    }
    runs.sort_unstable();
    let mut sizes = Vec::new();
    for lane in runs.chunk_by(|a, b| a.0 == b.0) {
        sizes.clear();
        for equal in lane.chunk_by(|a, b| a == b) {
            if let Some(&(_, run)) = equal.first() {
                let lines = u32::try_from(equal.len()).unwrap_or(u32::MAX);
                sizes.push(Size { run, lines });
            }
        }
        if let Some(&(lane, _)) = lane.first() {
            settle(lane as usize, &sizes)?;
        }
    }
    Ok(())
}
