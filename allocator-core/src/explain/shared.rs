//! Counterfactuals under a rule that shares unit by unit: the lane is covered again.

use alloc::vec::Vec;

use crate::allocate::lane_claims;
use crate::demand::Rows;
use crate::error::Error;
use crate::id::SkuId;
use crate::place::PlacePart;
use crate::quantity::{Quantity, Total, at, sub, tally};
use crate::ticket::{Claim, cover_lane};

use super::{Explainer, LineAt, MoreUnits};

impl Explainer {
    /// More units than all claims never help; below that, more never hurt, so halving finds the
    /// smallest number. O(n log n) for each of at most 63 trials.
    pub(super) fn more_units_to_share(&self, row: usize) -> Result<Vec<MoreUnits>, Error> {
        let (lane, claims) = self.claims_of_lane(row)?;
        let (position, received) = (self.position(row)?, at(&self.lanes.received, lane)?);
        let mut all: Total = 0;
        claims.iter().for_each(|claim| tally(&mut all, claim.units));
        let most = Quantity::try_from(all).unwrap_or(Quantity::MAX);
        let serves = |stock| self.serves(&claims, position, stock);
        if serves(received)? || !serves(most)? {
            return Ok(Vec::new());
        }
        let (mut too_few, mut enough) = (received, most);
        while too_few.saturating_add(1) < enough {
            let middle = too_few.midpoint(enough);
            if serves(middle)? {
                enough = middle;
            } else {
                too_few = middle;
            }
        }
        let sku = SkuId(at(&self.lanes.sku, lane)?);
        Ok(alloc::vec![MoreUnits {
            sku,
            units: sub(enough, received)?
        }])
    }

    /// An earlier place never hurts, so halving finds the last line to stand in front of.
    pub(super) fn if_before_when_shared(&self, row: usize) -> Result<Option<LineAt>, Error> {
        let (lane, claims) = self.claims_of_lane(row)?;
        let (position, stock) = (self.position(row)?, at(&self.lanes.received, lane)?);
        let serves = |before: usize| {
            let mut moved = claims.clone();
            if let Some(turned) = moved.get_mut(before..=position) {
                let there = turned.first().copied();
                turned.rotate_right(1);
                if let (Some(moved), Some(there)) = (turned.first_mut(), there) {
                    self.lend(moved, there);
                }
            }
            self.serves(&moved, before, stock)
        };
        if position == 0 || !serves(0)? {
            return Ok(None);
        }
        let (mut helps, mut too_late) = (0_usize, position);
        while helps.saturating_add(1) < too_late {
            let middle = helps.midpoint(too_late);
            if serves(middle)? {
                helps = middle;
            } else {
                too_late = middle;
            }
        }
        let before = self.lanes.rows(lane).nth(helps);
        before.map(|row| self.line_at(row as usize)).transpose()
    }

    /// Who stands in front of a line is equal to it in what lines are ordered by first: where that is
    /// the priority, he has its class too. What decides later he keeps, so that a place further in
    /// front is never worse.
    fn lend(&self, moved: &mut Claim, there: Claim) {
        match self.standing.parts().first() {
            Some(PlacePart::Priority) => moved.class = there.class,
            Some(PlacePart::Lot) => moved.lot = there.lot,
            _ => {}
        }
    }

    fn claims_of_lane(&self, row: usize) -> Result<(usize, Vec<Claim>), Error> {
        let lane = self.lanes.of(self.lines.sku(row))?;
        let claims = lane_claims(&self.lines, &self.lanes, self.allocation.reasons(), lane)?;
        Ok((lane, claims))
    }

    /// Whether the claim at this position of the lane is covered in full.
    fn serves(&self, claims: &[Claim], position: usize, stock: Quantity) -> Result<bool, Error> {
        let covered = cover_lane(claims, &self.policy.rule, stock)?;
        Ok(at(&covered, position)? == at(claims, position)?.units)
    }
}
