//! Counterfactuals under a rule that shares unit by unit: the lane is covered again.

use alloc::vec::Vec;

use crate::allocate::{lane_claims, lane_lots};
use crate::demand::Rows;
use crate::error::Error;
use crate::id::SkuId;
use crate::quantity::{Quantity, Total, at, sub, tally};
use crate::rule::KeyPart;
use crate::ticket::{Claim, cover_lane, unit};

use super::{Explainer, LineAt, MoreUnits};

/// A lane, its claims, and the lots of each claim's units where the rule reads them.
type LaneClaims<'a> = (usize, Vec<Claim>, Vec<&'a [i64]>);

impl Explainer {
    /// More units than all claims never help; below that, more never hurt, so halving finds the
    /// smallest number. O(n log n) for each of at most 63 trials.
    pub(super) fn more_units_to_share(&self, row: usize) -> Result<Vec<MoreUnits>, Error> {
        let (lane, claims, lots) = self.claims_of_lane(row)?;
        let (position, received) = (self.position(row)?, at(&self.lanes.received, lane)?);
        let mut all: Total = 0;
        claims.iter().for_each(|claim| tally(&mut all, claim.units));
        let most = Quantity::try_from(all).unwrap_or(Quantity::MAX);
        let serves = |stock| self.serves(&claims, &lots, position, stock);
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
        let (lane, claims, lots) = self.claims_of_lane(row)?;
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
            let mut moved_lots = lots.clone();
            if let Some(turned) = moved_lots.get_mut(before..=position) {
                turned.rotate_right(1);
            }
            self.serves(&moved, &moved_lots, before, stock)
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

    /// Who stands in front of a line has the class and the lot it has, where the rule reads them: lines
    /// stand by these first, so a place further in front is never worse.
    fn lend(&self, moved: &mut Claim, there: Claim) {
        for part in self.policy.rule.parts() {
            match part {
                KeyPart::Class => moved.class = there.class,
                KeyPart::Lot => moved.lot = there.lot,
                _ => {}
            }
        }
    }

    /// What there is in the lane of a row.
    fn claims_of_lane(&self, row: usize) -> Result<LaneClaims<'_>, Error> {
        let lane = self.lanes.of(self.lines.sku(row))?;
        let claims = lane_claims(&self.lines, &self.lanes, self.allocation.reasons(), lane)?;
        let lots = self.unit_lots.as_ref();
        let lots = lots.map_or_else(Vec::new, |lots| lane_lots(lots, &self.lanes, lane));
        Ok((lane, claims, lots))
    }

    /// Whether the claim at this position of the lane is covered in full.
    fn serves(
        &self,
        claims: &[Claim],
        lots: &[&[i64]],
        position: usize,
        stock: Quantity,
    ) -> Result<bool, Error> {
        let rule = &self.policy.rule;
        let covered = if rule.draws_units() {
            unit::cover_lane(claims, lots, rule, stock)?
        } else {
            cover_lane(claims, rule, stock)?
        };
        Ok(at(&covered, position)? == at(claims, position)?.units)
    }
}
