//! The cheapest set of orders for every number of units, class by class.
//!
//! A layer holds, for each number of units, the best set of the classes so far: least cost, then the
//! oldest kept. One more class is a (min,+) convolution with a convex sequence, done by divide and
//! conquer over monotone best choices. Both criteria are one total order that respects union with
//! further orders, so the choices stay monotone and the tie rule costs no second search.
//!
//! Sets are never written out. States stand in the order of their sets, and beside each stands the
//! oldest order in which it differs from the one before; the least of these over a range is the
//! oldest order in which two sets differ.

use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Range;

use crate::quantity::Total;

use super::classes::{Class, Side};
use super::oldest::Oldest;

/// No set has this many units.
pub(super) const NEVER: Total = Total::MAX;

/// The best sets of the classes so far, by their units.
pub(super) struct Layer {
    pub(super) cost: Vec<Total>,
    /// Where each state stands in the order of the sets, better ones first.
    standing: Vec<u32>,
    /// Between neighbours in that order: the oldest order in which they differ.
    apart: Oldest,
}

/// A state of the layer before and how many of the class's orders join it.
#[derive(Clone, Copy)]
struct Choice {
    before: usize,
    count: usize,
}

impl Layer {
    /// No class yet: the empty set alone.
    pub(super) fn empty(states: usize) -> Self {
        let mut cost = vec![NEVER; states];
        if let Some(none) = cost.first_mut() {
            *none = 0;
        }
        Self {
            cost,
            standing: vec![0; states],
            apart: Oldest::of(Vec::new()),
        }
    }

    /// The layer with one more class, and how many of its orders each state takes.
    pub(super) fn with(&self, class: &Class, side: Side) -> (Self, Vec<u32>) {
        let states = self.cost.len();
        let mut join = Join {
            before: self,
            class,
            side,
            columns: Vec::new(),
            residue: 0,
            cost: vec![NEVER; states],
            taken: vec![0; states],
        };
        for residue in 0..class.size.min(states) {
            join.fill_residue(residue);
        }
        let (standing, apart) = join.order_sets();
        let layer = Self {
            cost: join.cost,
            standing,
            apart,
        };
        (layer, join.taken)
    }
}

/// One convolution under way.
struct Join<'a> {
    before: &'a Layer,
    class: &'a Class,
    side: Side,
    /// The reachable states of one residue, as multiples of the class's size.
    columns: Vec<usize>,
    residue: usize,
    cost: Vec<Total>,
    taken: Vec<u32>,
}

impl Join<'_> {
    fn fill_residue(&mut self, residue: usize) {
        let chain = self
            .before
            .cost
            .iter()
            .skip(residue)
            .step_by(self.class.size);
        let reached = chain.enumerate().filter(|(_, cost)| **cost != NEVER);
        let mut columns = core::mem::take(&mut self.columns);
        columns.clear();
        columns.extend(reached.map(|(column, _)| column));
        self.columns = columns;
        self.residue = residue;
        let len = self.cost.len().saturating_sub(residue);
        let rows = len.div_ceil(self.class.size);
        self.fill(0..rows, 0..self.columns.len());
    }

    /// The best column of each row; it never falls from row to row.
    fn fill(&mut self, rows: Range<usize>, columns: Range<usize>) {
        if rows.is_empty() || columns.is_empty() {
            return;
        }
        let middle = rows.start.midpoint(rows.end);
        let split = self.fill_row(middle, columns.clone());
        self.fill(rows.start..middle, columns.start..split.saturating_add(1));
        self.fill(middle.saturating_add(1)..rows.end, split..columns.end);
    }

    /// Fills one row; returns where the columns of the rows before it end and of those after it start.
    fn fill_row(&mut self, row: usize, range: Range<usize>) -> usize {
        let columns = self.columns.get(range.clone()).unwrap_or(&[]);
        let first = row.saturating_sub(self.class.rows.len());
        let skipped = columns.partition_point(|column| *column < first);
        let mut best: Option<(Total, Choice, usize)> = None;
        for (index, column) in columns.iter().enumerate().skip(skipped) {
            if *column > row {
                break;
            }
            let choice = self.choice(*column, row.saturating_sub(*column));
            let cost = self.cost_of(choice);
            let better = best.is_none_or(|(least, other, _)| {
                cost.cmp(&least)
                    .then_with(|| self.compare(choice, other).0)
                    .is_lt()
            });
            if better {
                best = Some((cost, choice, index));
            }
        }
        let Some((cost, choice, index)) = best else {
            return range.start.saturating_add(skipped.saturating_sub(1));
        };
        let state = self.state(row);
        if let (Some(to), Some(taken)) = (self.cost.get_mut(state), self.taken.get_mut(state)) {
            *to = cost;
            *taken = u32::try_from(choice.count).unwrap_or(u32::MAX);
        }
        range.start.saturating_add(index)
    }

    fn state(&self, multiple: usize) -> usize {
        let units = multiple.saturating_mul(self.class.size);
        self.residue.saturating_add(units)
    }

    fn choice(&self, column: usize, count: usize) -> Choice {
        Choice {
            before: self.state(column),
            count,
        }
    }

    fn cost_of(&self, choice: Choice) -> Total {
        let before = self.before.cost.get(choice.before);
        let joined = self.class.cost.get(choice.count);
        match (before, joined) {
            (Some(before), Some(joined)) => before.saturating_add(*joined),
            _ => NEVER,
        }
    }

    /// Which of two different sets is better, and the oldest order in which they differ.
    fn compare(&self, a: Choice, b: Choice) -> (Ordering, u32) {
        let (mut order, mut oldest) = self.before.compare(a.before, b.before);
        let (fewer, more) = (a.count.min(b.count), a.count.max(b.count));
        let here = self.class.oldest.among(fewer, more);
        if here < oldest {
            oldest = here;
            // The larger number holds that order.
            order = match self.side {
                Side::Cancel => a.count.cmp(&b.count),
                Side::Keep => b.count.cmp(&a.count),
            };
        }
        (order, oldest)
    }

    /// Where each state stands among all sets, and how neighbours differ.
    fn order_sets(&self) -> (Vec<u32>, Oldest) {
        let states = self.cost.iter().zip(&self.taken).enumerate();
        let reached = states.filter(|(_, (cost, _))| **cost != NEVER);
        let mut sets: Vec<(usize, Choice)> = reached
            .map(|(state, (_, taken))| {
                let count = usize::try_from(*taken).unwrap_or(0);
                let joined = count.saturating_mul(self.class.size);
                let before = state.saturating_sub(joined);
                (state, Choice { before, count })
            })
            .collect();
        sets.sort_unstable_by(|(_, a), (_, b)| self.compare(*a, *b).0);
        let mut standing = vec![0; self.cost.len()];
        for (place, (state, _)) in (0..).zip(&sets) {
            if let Some(standing) = standing.get_mut(*state) {
                *standing = place;
            }
        }
        let after = sets.iter().skip(1);
        let apart = sets
            .iter()
            .zip(after)
            .map(|((_, a), (_, b))| self.compare(*a, *b).1);
        (standing, Oldest::of(apart.collect()))
    }
}

impl Layer {
    fn compare(&self, a: usize, b: usize) -> (Ordering, u32) {
        let standing = |state: usize| self.standing.get(state).copied().unwrap_or(0);
        let (a, b) = (standing(a), standing(b));
        let index = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
        (
            a.cmp(&b),
            self.apart.among(index(a.min(b)), index(a.max(b))),
        )
    }
}
