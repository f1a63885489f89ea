//! The kernel: every sharing rule is an order on unit tickets, served by selection.
//!
//! Ticket (i, k) is the k-th unit of claimant i, numbered over all his lines of one SKU in place order.
//! The parts of a rule are read from left to right, and each leaves fewer tickets undecided:
//! [`stage`] finds the class or the protection in which the stock runs out, [`grade`] the exact key of
//! the last ticket, and [`queue`] puts the lines that hold a ticket of just that key in order. A
//! line's keys rise with k, so each step is one number per line. Nothing loops over units, and
//! nothing is sorted but what lies on an edge.

mod claims;
mod edge;
mod grade;
mod level;
mod order;
mod queue;
mod ratio;
mod sizes;
mod stage;
mod unit;

use alloc::vec::Vec;

use crate::error::Error;
use crate::quantity::{Quantity, at};
use crate::rule::ShortageRule;

pub(crate) use claims::{Claimant, Claims, Numbering};
pub(crate) use grade::{Grading, Run};
pub(crate) use order::{Order, OrderPart};

use stage::Stages;

/// The lines of many lanes, column by column, each as long as `lane`.
#[derive(Clone, Copy)]
pub(crate) struct Lines<'a> {
    /// The lane of each line: an index into the stock.
    pub(crate) lane: &'a [u32],
    /// Units each line may stand for.
    pub(crate) claim: &'a [Quantity],
    /// Where claimants have several lines of one lane; `None`: each line is a claimant.
    pub(crate) numbering: Option<&'a Numbering>,
    /// Weights of claimants, at least 1; `None`: 1.
    pub(crate) weight: Option<&'a [i64]>,
    /// What goes first whatever the rule says, small first; `None`: nothing does. In a queue part of the
    /// order.
    pub(crate) tier: Option<&'a [i64]>,
    /// Classes, small first; `None`: one class.
    pub(crate) class: Option<&'a [i64]>,
    /// Lots, small first; `None`: one lot.
    pub(crate) lot: Option<&'a [i64]>,
    /// The order in which ties are served.
    pub(crate) order: &'a Order<'a>,
}

/// Units covered of each line when each lane's stock goes to its smallest tickets.
///
/// O(n) for rules over places and levels, O(n log n) for shares and for claimants with several
/// lines; a few bytes of scratch per line.
pub(crate) fn cover(
    lines: &Lines<'_>,
    rule: &ShortageRule,
    stock: &[Quantity],
    covered: &mut [Quantity],
) -> Result<(), Error> {
    let Lines { lane, claim, .. } = *lines;
    if rule.is_queue() {
        return queue::cover::<false, _>(lane, claim, lines.order, stock, covered);
    }
    let mut left = stock.to_vec();
    let stages = Stages::narrow(lines, rule, &mut left)?;
    let grading = Grading::of(rule);
    if let Some(grading) = grading
        && stages.are_none()
        && lines.numbering.is_none()
        && lines.weight.is_none()
    {
        // Nothing but claims: all of it fits into registers.
        let run = move |row| (0, Run::of(value(claim, row)));
        return graded(lines, &stages, grading, run, &mut left, covered);
    }
    let split = |row| stages.split(lines, row);
    if let Some(grading) = grading {
        return graded(lines, &stages, grading, split, &mut left, covered);
    }
    for (row, covered) in covered.iter_mut().enumerate() {
        *covered = split(row).0;
    }
    let units = queue::Each(|row| split(row).1.tickets());
    queue::cover::<true, _>(lane, units, lines.order, &left, covered)
}

/// Covers the tickets below every lane's threshold, then those on it in order. `split` says of a line
/// what is covered already and what is undecided.
fn graded(
    lines: &Lines<'_>,
    stages: &Stages<'_>,
    grading: Grading,
    split: impl Fn(usize) -> (Quantity, Run) + Copy,
    left: &mut [Quantity],
    covered: &mut [Quantity],
) -> Result<(), Error> {
    let Lines { lane, order, .. } = *lines;
    let thresholds = sizes::thresholds(lines, stages, grading, split, left)?;
    let mut tied = alloc::vec![false; covered.len()];
    let rows = lane.iter().zip(covered.iter_mut()).zip(&mut tied);
    for (row, ((&lane, covered), tied)) in rows.enumerate() {
        let (before, run) = split(row);
        let threshold = thresholds.get(lane as usize);
        let (front, on_it) = threshold.map_or((0, false), |threshold| threshold.front(&run));
        *covered = before.saturating_add(front);
        *tied = on_it;
    }
    queue::cover::<true, _>(lane, &*tied, order, left, covered)
}

impl Lines<'_> {
    #[inline]
    fn lane_of(&self, row: usize) -> usize {
        self.lane.get(row).map_or(usize::MAX, |&lane| lane as usize)
    }

    /// All tickets of a line.
    #[inline]
    fn run(&self, row: usize) -> Run {
        let claim = value(self.claim, row);
        let (low, all) = match self.numbering {
            None => (0, claim),
            Some(numbering) => numbering.of(row),
        };
        Run {
            low,
            high: low.saturating_add(claim),
            all,
            weight: self.weight.map_or(1, |weights| value(weights, row)),
        }
    }
}

/// Units covered of each claim of one lane, whose claims come in place order.
pub(crate) fn cover_lane(
    claims: &Claims<'_>,
    rule: &ShortageRule,
    stock: Quantity,
) -> Result<Vec<Quantity>, Error> {
    if let Some(lots) = &claims.unit_lots {
        return unit::cover(claims, lots, rule, stock);
    }
    let lane = alloc::vec![0; claims.units.len()];
    let numbering = claims.numbering(&lane)?;
    let lines = Lines {
        lane: &lane,
        claim: &claims.units,
        numbering: numbering.as_ref(),
        weight: claims.weight.as_deref(),
        tier: claims.tier.as_deref(),
        class: claims.class.as_deref(),
        lot: claims.lot.as_deref(),
        order: &Order::default(),
    };
    let mut covered = alloc::vec![0; claims.units.len()];
    cover(&lines, rule, &[stock], &mut covered)?;
    Ok(covered)
}

/// What a column says; nothing of a row that is not there.
#[inline]
fn value(column: &[i64], row: usize) -> i64 {
    column.get(row).copied().unwrap_or(0)
}

/// From how many rows each lane has, where each lane begins, and the end. The counts become the places
/// at which a counting sort goes on.
pub(crate) fn starts(counts: &mut [usize]) -> Vec<usize> {
    let mut starts = Vec::with_capacity(counts.len().saturating_add(1));
    let mut start = 0_usize;
    for count in counts {
        starts.push(start);
        start = start.saturating_add(core::mem::replace(count, start));
    }
    starts.push(start);
    starts
}

/// The part of a grouped column that belongs to one lane.
fn part<'a, T>(values: &'a mut [T], starts: &[usize], lane: usize) -> Result<&'a mut [T], Error> {
    let (from, to) = (at(starts, lane)?, at(starts, lane.saturating_add(1))?);
    values
        .get_mut(from..to)
        .ok_or(Error::Corrupt { at: "lane" })
}
