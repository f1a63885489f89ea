//! Whether added units are acceptable: judged by the shop as it would be after them and the fill.

use allocator_core::engine::{Ahead, Inflow, RejectionCode};
use allocator_core::{CustomerId, SkuId};

use super::decide::Refusals;
use super::fill::Scope;
use super::state::{PartId, State};

/// Units that a request adds: a new part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Added {
    pub(super) part: PartId,
    /// The line of the request, where it has lines.
    pub(super) row: Option<usize>,
    pub(super) units: i64,
    pub(super) ahead: Ahead,
}

impl State {
    /// Serves after units were added: of SKUs that keep or sell, new parts that want stock only.
    pub(super) fn fill_with(&mut self, before: &Self, added: &[Added]) {
        let may = |added: &&Added| self.may_take_at_once(before, added);
        let at_once = added.iter().filter(may).map(|added| added.part).collect();
        self.fill(&Scope {
            allocate: None,
            at_once,
        });
    }

    fn may_take_at_once(&self, before: &Self, added: &Added) -> bool {
        let sku = self.sku_of(added.part);
        let priority = Some(self.part(added.part).key.priority);
        let rose = self.ahead(sku, priority) > before.ahead(sku, priority);
        added.ahead == Ahead::No
            && match self.policy(sku).inflow {
                Inflow::Serve => false,
                Inflow::Keep => !rose,
                Inflow::Sell => true,
            }
    }

    /// Judges added units by the shop as it is now.
    pub(super) fn judge(
        &self,
        before: &Self,
        customer: Option<CustomerId>,
        added: &[Added],
        refusals: &mut Refusals,
    ) {
        for added in added.iter().filter(|added| added.units > 0) {
            let mut refuse = |applies, code| match added.row {
                Some(row) => refusals.of_row(applies, code, row),
                None => refusals.if_so(applies, code),
            };
            let sku = self.sku_of(added.part);
            let cap = self.policy(sku).customer_cap;
            let above_cap = cap
                .zip(customer)
                .is_some_and(|(cap, customer)| self.wanted_by(sku, Some(customer)) > cap.into());
            refuse(above_cap, RejectionCode::CustomerCap);
            let above_all = self.wanted_by(sku, None) > i64::MAX.into();
            refuse(above_all, RejectionCode::Overflow);

            let part = self.part(added.part);
            let waits = part.waiting > 0;
            refuse(waits && added.ahead == Ahead::No, RejectionCode::NotInStock);
            let priority = Some(part.key.priority);
            let ahead = self.ahead(sku, priority);
            let waits_ahead = waits && ahead > before.ahead(sku, priority);
            let above_limit = self.limit(sku).is_some_and(|limit| ahead > limit);
            refuse(waits_ahead && above_limit, RejectionCode::OverLimit);
            if let Ahead::Latest(by) = added.ahead {
                let late = ahead > self.cover(sku, Some(by));
                refuse(waits_ahead && late, RejectionCode::TooLate);
            }
        }
    }

    /// Units of a SKU ordered and not cancelled, shipped ones included: a customer's, or everybody's.
    fn wanted_by(&self, sku: SkuId, customer: Option<CustomerId>) -> i128 {
        let of_sku = self.lines.values().filter(|line| line.sku == sku);
        let his = of_sku
            .filter(|line| customer.is_none() || self.orders[&line.order].customer == customer);
        his.map(|line| i128::from(line.wanted())).sum()
    }
}
