//! Counterfactuals under a rule that shares unit by unit: the lane is covered again.

use crate::allocate::lane_claims;
use crate::demand::Rows;
use crate::error::Error;
use crate::quantity::{Quantity, at};
use crate::ticket::{Claims, cover_lane};

use super::{Explainer, LineAt};

impl Explainer {
    /// An earlier place never hurts, so halving finds the last line to stand in front of.
    pub(super) fn if_before_when_shared(&self, row: usize) -> Result<Option<LineAt>, Error> {
        let (lane, claims) = self.claims_of_lane(row)?;
        let (position, stock) = (self.position(row)?, at(&self.lanes.received, lane)?);
        let serves = |before: usize| {
            let mut moved = claims.clone();
            moved.move_before(position, before);
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

    /// What there is in the lane of a row.
    fn claims_of_lane(&self, row: usize) -> Result<(usize, Claims<'_>), Error> {
        let lane = self.lanes.of(self.lines.sku(row))?;
        let (rule, reasons) = (&self.policy.rule, self.allocation.reasons());
        let lots = self.unit_lots.as_ref();
        let claims = lane_claims(&self.lines, rule, lots, &self.lanes, None, reasons, lane)?;
        Ok((lane, claims))
    }

    /// Whether the claim at this position of the lane is covered in full.
    fn serves(&self, claims: &Claims<'_>, position: usize, stock: Quantity) -> Result<bool, Error> {
        let covered = cover_lane(claims, &self.policy.rule, stock)?;
        Ok(at(&covered, position)? == at(&claims.units, position)?)
    }
}
