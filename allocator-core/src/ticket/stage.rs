//! Stages: the parts of a rule before its grading, each with a lane's stock running out in one value.

use alloc::vec::Vec;

use crate::error::Error;
use crate::quantity::{Quantity, Total, at, slot, sub, tally};
use crate::rule::{KeyPart, ShortageRule};

use super::edge::{Keyed, OnEdge};
use super::grade::Run;
use super::{Lines, value};

/// Where the stock of every short lane runs out, stage by stage.
#[derive(Default)]
pub(super) struct Stages<'a> {
    found: Vec<Stage<'a>>,
    /// The lanes whose stock does not reach for all claims; in all others stages decide nothing.
    short: Vec<bool>,
}

enum Stage<'a> {
    /// Lines with a smaller value are covered in full, with a larger one not at all.
    By { values: &'a [i64], edge: Vec<i64> },
    /// The first units of every claimant; `beyond` where these are all covered.
    Protect { units: Quantity, beyond: Vec<bool> },
}

impl<'a> Stages<'a> {
    /// Finds them, and takes what earlier stages use off what is left of each short lane.
    pub(super) fn narrow(
        lines: &Lines<'a>,
        rule: &ShortageRule,
        left: &mut [Quantity],
    ) -> Result<Self, Error> {
        let mut this = Self::default();
        if rule.stages().is_empty() && lines.tier.is_none() {
            return Ok(this);
        }
        this.short = short(lines, left)?;
        if let Some(tiers) = lines.tier {
            let stage = this.by(lines, tiers, left)?;
            this.found.push(stage);
        }
        for part in rule.stages() {
            let by = match *part {
                KeyPart::Protect(units) => {
                    let stage = this.protect(lines, units, left)?;
                    this.found.push(stage);
                    continue;
                }
                KeyPart::Lot => lines.lot,
                _ => lines.class,
            };
            if let Some(values) = by {
                let stage = this.by(lines, values, left)?;
                this.found.push(stage);
            }
        }
        Ok(this)
    }

    /// Tickets of a line that are covered by the stages alone, and those that are undecided.
    #[inline]
    pub(super) fn split(&self, lines: &Lines<'_>, row: usize) -> (Quantity, Run) {
        let (lane, run) = (lines.lane_of(row), lines.run(row));
        if self.found.is_empty() {
            (0, run)
        } else if self.short.get(lane).copied().unwrap_or(false) {
            self.split_run(lane, row, run)
        } else {
            (run.tickets(), run.none())
        }
    }

    /// Whether the rule has none.
    pub(super) fn are_none(&self) -> bool {
        self.found.is_empty()
    }

    #[inline]
    fn split_run(&self, lane: usize, row: usize, mut run: Run) -> (Quantity, Run) {
        let mut before = 0_i64;
        for stage in &self.found {
            match stage {
                Stage::By { values, edge } => {
                    let (value, edge) = (value(values, row), value(edge, lane));
                    if value < edge {
                        return (before.saturating_add(run.tickets()), run.none());
                    }
                    if value > edge {
                        return (before, run.none());
                    }
                }
                Stage::Protect { units, beyond } => {
                    let (covered, rest) = protected(run, *units, beyond, lane);
                    before = before.saturating_add(covered);
                    run = rest;
                }
            }
        }
        (before, run)
    }

    /// The undecided tickets of a line that no class decides about.
    pub(super) fn undecided(&self, lane: usize, mut run: Run) -> Run {
        for stage in &self.found {
            if let Stage::Protect { units, beyond } = stage {
                run = protected(run, *units, beyond, lane).1;
            }
        }
        run
    }

    fn protect(
        &self,
        lines: &Lines<'_>,
        units: Quantity,
        left: &mut [Quantity],
    ) -> Result<Stage<'a>, Error> {
        let mut totals: Vec<Total> = alloc::vec![0; left.len()];
        for (row, &lane) in lines.lane.iter().enumerate() {
            let (first, _) = self.split(lines, row).1.part(units);
            tally(slot(&mut totals, lane as usize)?, first.tickets());
        }
        let mut beyond = Vec::with_capacity(left.len());
        for (total, left) in totals.into_iter().zip(left) {
            let fits = Quantity::try_from(total).ok().filter(|total| total <= left);
            beyond.push(fits.is_some());
            *left = sub(*left, fits.unwrap_or(0))?;
        }
        Ok(Stage::Protect { units, beyond })
    }

    fn by(
        &self,
        lines: &Lines<'a>,
        values: &'a [i64],
        left: &mut [Quantity],
    ) -> Result<Stage<'a>, Error> {
        let ends = |(low, high): (i64, i64), &value: &i64| (low.min(value), high.max(value));
        let (low, high) = values.iter().fold((i64::MAX, i64::MIN), ends);
        let key = move |row| value(values, row).wrapping_sub(low).cast_unsigned();
        let keyed = Keyed {
            lane: lines.lane,
            units: |row| self.split(lines, row).1.tickets(),
            key,
            width: high.abs_diff(low),
        };
        let (edges, mut on_edge) = keyed.edges(left, |_, _| ())?;
        // One value after the other until one does not fit.
        let mut edge = alloc::vec![i64::MAX; left.len()];
        for (left, edge) in left.iter_mut().zip(&edges) {
            *left = edge.left;
        }
        on_edge.sort_unstable_by_key(|line| (line.lane, key(line.row as usize)));
        let mut decided = alloc::vec![false; left.len()];
        for equal in
            on_edge.chunk_by(|a, b| a.lane == b.lane && key(a.row as usize) == key(b.row as usize))
        {
            let Some(&OnEdge { lane, row }) = equal.first() else {
                continue;
            };
            let lane = lane as usize;
            if at(&decided, lane)? {
                continue;
            }
            let mut total: Total = 0;
            for line in equal {
                tally(&mut total, (keyed.units)(line.row as usize));
            }
            let left = slot(left, lane)?;
            match Quantity::try_from(total).ok().filter(|total| total <= left) {
                Some(total) => {
                    *left = sub(*left, total)?;
                    // Where the largest number of units just fits, the edge lies behind its value.
                    *slot(&mut edge, lane)? = value(values, row as usize).saturating_add(1);
                }
                None => {
                    *slot(&mut decided, lane)? = true;
                    *slot(&mut edge, lane)? = value(values, row as usize);
                }
            }
        }
        Ok(Stage::By { values, edge })
    }
}

fn short(lines: &Lines<'_>, stock: &[Quantity]) -> Result<Vec<bool>, Error> {
    let mut totals: Vec<Total> = alloc::vec![0; stock.len()];
    for (&lane, &claim) in lines.lane.iter().zip(lines.claim) {
        tally(slot(&mut totals, lane as usize)?, claim);
    }
    let is_short = |(&total, &stock): (&Total, &Quantity)| total > Total::from(stock);
    Ok(totals.iter().zip(stock).map(is_short).collect())
}

/// What a protection alone covers of a run, and what it leaves undecided.
#[inline]
fn protected(run: Run, units: Quantity, beyond: &[bool], lane: usize) -> (Quantity, Run) {
    let (first, rest) = run.part(units);
    if beyond.get(lane).copied().unwrap_or(false) {
        (first.tickets(), rest)
    } else {
        (0, first)
    }
}
