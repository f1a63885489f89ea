//! Water levels: how far whole rounds reach. Closed forms over breakpoints, no loop over units.

use alloc::vec::Vec;

use crate::quantity::{Quantity, Total, tally};

use super::grade::Run;
use super::sizes::{Size, tickets};

/// The first ticket number whose round does not fit into `left`, and what is left for it.
pub(super) fn level(sizes: &[Size], left: Quantity) -> (Quantity, Quantity) {
    let bounds = |run: &Run| (run.low, run.high);
    let (full, rest) = rounds(sizes, bounds, left.into());
    (full.saturating_add(1), narrow(rest))
}

/// The same, counted from each claimant's last ticket: what is cut is shared in rounds, and the round
/// in which the cut ends is the threshold.
pub(super) fn level_of_cuts(sizes: &[Size], left: Quantity) -> (Quantity, Quantity) {
    let bounds = |run: &Run| {
        (
            run.all.saturating_sub(run.high),
            run.all.saturating_sub(run.low),
        )
    };
    // Every ticket short of the cut is one that its own round cannot do without: the cut ends in
    // round `full + 1`, or just with round `full`.
    let cut = tickets(sizes).saturating_sub(left.into());
    let (full, rest) = rounds(sizes, bounds, cut.saturating_sub(1));
    let mut holders: Total = 0;
    for size in sizes {
        let (low, high) = bounds(&size.run);
        if low <= full && full < high {
            tally(&mut holders, i64::from(size.lines));
        }
    }
    // Of this round's tickets `rest + 1` are cut, and the others are what is left for it.
    let kept = holders.saturating_sub(rest).saturating_sub(1);
    (full.saturating_add(1), narrow(kept))
}

/// The most whole rounds that fit into `units`, and the units beyond. A line takes part in the rounds
/// after its lower bound up to its upper; there must be more tickets than units.
fn rounds(
    sizes: &[Size],
    bounds: impl Fn(&Run) -> (Quantity, Quantity),
    units: Total,
) -> (Quantity, Total) {
    let mut turns: Vec<(Quantity, i64)> = Vec::with_capacity(sizes.len().saturating_mul(2));
    let mut taking_part: Total = 0;
    for size in sizes {
        let (low, high) = bounds(&size.run);
        let lines = i64::from(size.lines);
        if low < high {
            if low == 0 {
                tally(&mut taking_part, lines);
            } else {
                turns.push((low, lines));
            }
            turns.push((high, lines.saturating_neg()));
        }
    }
    turns.sort_unstable();
    let (mut round, mut left) = (0, units);
    for (turn, change) in turns {
        let until = Total::from(turn).saturating_sub(round);
        let used = until.saturating_mul(taking_part);
        if used > left {
            break;
        }
        left = left.saturating_sub(used);
        round = turn.into();
        tally(&mut taking_part, change);
    }
    let more = left.checked_div(taking_part).unwrap_or(0);
    left = left.saturating_sub(more.saturating_mul(taking_part));
    (narrow(round.saturating_add(more)), left)
}

fn narrow(units: Total) -> Quantity {
    Quantity::try_from(units).unwrap_or(Quantity::MAX)
}
