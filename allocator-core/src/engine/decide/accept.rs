//! Whether more units may be sold: caps, stock, and what is sold ahead of it.

use super::{Refusal, lowest};
use crate::engine::command::Ahead;
use crate::engine::draft::{Draft, Totals};
use crate::engine::policy::{AheadLimit, SkuPolicy};
use crate::engine::rejection::{Rejection, RejectionCode};
use crate::engine::state::NONE;
use crate::error::Error;
use crate::id::{CustomerId, SupplyId};
use crate::quantity::{Quantity, Total, at};
use crate::time::Timestamp;

/// Units that were added on paper and are to be judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Added {
    /// The line of the request.
    pub(super) row: Option<u32>,
    /// Index into the draft's parts.
    pub(super) part: usize,
    pub(super) ahead: Ahead,
}

/// Units that no stock can cover: those that wait beyond what is free for a priority, or beyond what
/// lies at the locations they are tied to. `full` counts protected units as not free for anybody.
pub(super) fn ahead(totals: Totals, policy: &SkuPolicy, priority: i32, full: bool) -> Total {
    let all = Total::from(totals.available);
    let open = !full && policy.protected_for.is_some_and(|last| priority <= last);
    let free = if open {
        all
    } else {
        all.saturating_sub(policy.protected_units.into()).max(0)
    };
    totals.waiting.saturating_sub(free).max(totals.tied).max(0)
}

/// What incoming supply of so many units covers under a policy.
fn cover(outstanding: Total, policy: &SkuPolicy) -> Total {
    let (yield_permille, buffer) = match policy.limit {
        AheadLimit::Incoming {
            yield_permille,
            buffer,
        } => (Total::from(yield_permille), Total::from(buffer)),
        AheadLimit::Unlimited | AheadLimit::Units(_) => (1000, 0),
    };
    let arrives = outstanding.saturating_mul(yield_permille) / 1000;
    arrives.saturating_sub(buffer).max(0)
}

impl Draft<'_> {
    /// Units of a SKU that have not arrived, of supplies expected by an instant (`None`: ever), but for
    /// one of them.
    pub(super) fn outstanding(
        &self,
        sku: usize,
        by: Option<Timestamp>,
        but: Option<SupplyId>,
    ) -> Result<Total, Error> {
        let slot = self.sku_draft(sku)?.slot;
        let mut units: Total = 0;
        if slot == NONE {
            return Ok(0);
        }
        for supply in &crate::engine::draft::sku_at(self.state, slot)?.supplies {
            let supply = at(&self.state.supplies, *supply as usize)?;
            if Some(supply.id) != but && by.is_none_or(|by| supply.expected_at <= by) {
                let rest = supply.units.saturating_sub(supply.received).max(0);
                units = units.saturating_add(rest.into());
            }
        }
        Ok(units)
    }

    /// Judges units that were added on paper by the state after it. `mine`: what the customer has of a
    /// SKU beyond the books.
    pub(super) fn judge(
        &self,
        added: &[Added],
        customer: Option<CustomerId>,
        mine: impl Fn(usize) -> Total,
    ) -> Result<Refusal, Error> {
        let mut told: Refusal = None;
        for one in added {
            let refusal = self.judge_one(one, customer, &mine)?;
            told = lowest([told, refusal]);
        }
        Ok(told)
    }

    fn judge_one(
        &self,
        added: &Added,
        customer: Option<CustomerId>,
        mine: &impl Fn(usize) -> Total,
    ) -> Result<Refusal, Error> {
        let part = *self.part_draft(added.part)?;
        let policy = self.policy(part.sku)?;
        let sku = self.sku_draft(part.sku)?;
        let refused = |code| {
            Ok(Some(Rejection {
                row: added.row,
                ..Rejection::new(code)
            }))
        };
        if let (Some(cap), Some(customer)) = (policy.customer_cap, customer) {
            let has = match sku.slot {
                NONE => 0,
                slot => self.state.units_of(slot, customer)?,
            };
            if Total::from(has).saturating_add(mine(part.sku)) > cap.into() {
                return refused(RejectionCode::CustomerCap);
            }
        }
        if part.waiting > 0 {
            if added.ahead == Ahead::No {
                return refused(RejectionCode::NotInStock);
            }
            let priority = part.key.priority;
            let now = ahead(sku.totals(), policy, priority, false);
            if now > ahead(sku.before, policy, priority, false) {
                let limit = match policy.limit {
                    AheadLimit::Unlimited => None,
                    AheadLimit::Units(most) => Some(most.into()),
                    AheadLimit::Incoming { .. } => {
                        Some(cover(self.outstanding(part.sku, None, None)?, policy))
                    }
                };
                if limit.is_some_and(|limit| now > limit) {
                    return refused(RejectionCode::OverLimit);
                }
                if let Ahead::Latest(by) = added.ahead
                    && now > cover(self.outstanding(part.sku, Some(by), None)?, policy)
                {
                    return refused(RejectionCode::TooLate);
                }
            }
        }
        if sku.demanded > Total::from(Quantity::MAX) {
            return refused(RejectionCode::Overflow);
        }
        Ok(None)
    }
}
