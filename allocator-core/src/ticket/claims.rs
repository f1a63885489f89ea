//! Claimants with several lines: their tickets are numbered over all of these, in place order.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::error::Error;
use crate::quantity::{Quantity, add, at, slot};

use super::{part, starts};

/// Whose a line is: lines of one claimant share one numbering of tickets.
pub(crate) type Claimant = (u8, u32, i64);

/// The claims of one lane, column by column, in place order; where there are tiers, tier by tier.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claims<'a> {
    /// Units each line may stand for.
    pub(crate) units: Vec<Quantity>,
    /// `None`: every line stands for itself.
    pub(crate) claimant: Option<Vec<Claimant>>,
    pub(crate) weight: Option<Vec<i64>>,
    /// What goes first whatever the rule says.
    pub(crate) tier: Option<Vec<i64>>,
    /// The row that each claim is a part of; `None`: each is a line of the lane.
    pub(crate) rows: Option<Vec<u32>>,
    pub(crate) class: Option<Vec<i64>>,
    pub(crate) lot: Option<Vec<i64>>,
    /// The lots of each line's units, where each unit has one.
    pub(crate) unit_lots: Option<Vec<&'a [i64]>>,
}

impl Claims<'_> {
    pub(crate) fn numbering(&self, lane: &[u32]) -> Result<Option<Numbering>, Error> {
        let Some(claimants) = &self.claimant else {
            return Ok(None);
        };
        let claimant = |row: usize| claimants.get(row).copied();
        Numbering::new(lane, 1, &self.units, claimant, |a, b| a.cmp(&b))
    }

    /// Puts the claim at `from` in front of the one at `to`. Who stands in front of a line has the class
    /// and the lot it has, where the rule reads them: lines stand by these first, so a place further in
    /// front is never worse.
    pub(crate) fn move_before(&mut self, from: usize, to: usize) {
        fn turn<T>(values: &mut [T], from: usize, to: usize) {
            if let Some(turned) = values.get_mut(to..=from) {
                turned.rotate_right(1);
            }
        }
        turn(&mut self.units, from, to);
        if let Some(claimant) = &mut self.claimant {
            turn(claimant, from, to);
        }
        if let Some(weight) = &mut self.weight {
            turn(weight, from, to);
        }
        if let Some(lots) = &mut self.unit_lots {
            turn(lots, from, to);
        }
        for column in [&mut self.class, &mut self.lot].into_iter().flatten() {
            let there = column.get(to).copied();
            turn(column, from, to);
            if let (Some(moved), Some(there)) = (column.get_mut(to), there) {
                *moved = there;
            }
        }
    }
}

/// For each line, the claimant's tickets before it, and all he has.
#[derive(Clone, Debug)]
pub(crate) struct Numbering {
    before: Vec<Quantity>,
    all: Vec<Quantity>,
}

impl Numbering {
    /// `None` where every claimant has a single line in each lane; a line without claimant is its
    /// own. O(n log n).
    pub(crate) fn new(
        lane: &[u32],
        lanes: usize,
        claim: &[Quantity],
        claimant: impl Fn(usize) -> Option<Claimant>,
        in_place_order: impl Fn(usize, usize) -> Ordering,
    ) -> Result<Option<Self>, Error> {
        let mut next = alloc::vec![0_usize; lanes];
        for (row, &lane) in lane.iter().enumerate() {
            if claimant(row).is_some() {
                let count = slot(&mut next, lane as usize)?;
                *count = count.saturating_add(1);
            }
        }
        let starts = starts(&mut next);
        let mut rows = alloc::vec![0_u32; starts.last().copied().unwrap_or(0)];
        for (row, &lane) in lane.iter().enumerate() {
            if claimant(row).is_some() {
                let position = slot(&mut next, lane as usize)?;
                *slot(&mut rows, *position)? =
                    u32::try_from(row).map_err(|_| Error::Corrupt { at: "row number" })?;
                *position = position.saturating_add(1);
            }
        }
        let mut this: Option<Self> = None;
        let mut keyed: Vec<(Option<Claimant>, u32)> = Vec::new();
        for lane in 0..lanes {
            keyed.clear();
            let rows = part(&mut rows, &starts, lane)?;
            keyed.extend(rows.iter().map(|&row| (claimant(row as usize), row)));
            keyed.sort_unstable();
            for lines in keyed.chunk_by_mut(|a, b| a.0 == b.0) {
                if lines.len() < 2 {
                    continue;
                }
                lines.sort_unstable_by(|a, b| in_place_order(a.1 as usize, b.1 as usize));
                this.get_or_insert_with(|| Self::single(claim))
                    .join(claim, lines)?;
            }
        }
        Ok(this)
    }

    fn single(claim: &[Quantity]) -> Self {
        Self {
            before: alloc::vec![0; claim.len()],
            all: claim.to_vec(),
        }
    }

    /// Numbers the tickets of one claimant's lines, which come in place order.
    fn join(&mut self, claim: &[Quantity], lines: &[(Option<Claimant>, u32)]) -> Result<(), Error> {
        let mut all = 0;
        for &(_, row) in lines {
            *slot(&mut self.before, row as usize)? = all;
            all = add(all, at(claim, row as usize)?)?;
        }
        for &(_, row) in lines {
            *slot(&mut self.all, row as usize)? = all;
        }
        Ok(())
    }

    /// The claimant's tickets before the line, and all he has.
    #[inline]
    pub(crate) fn of(&self, row: usize) -> (Quantity, Quantity) {
        (
            super::value(&self.before, row),
            super::value(&self.all, row),
        )
    }
}
