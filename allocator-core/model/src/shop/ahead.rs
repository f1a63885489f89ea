//! How much is sold ahead of stock, and how much incoming supply covers.

use allocator_core::engine::AheadLimit;
use allocator_core::{LocationId, SkuId, Timestamp};

use super::state::{PartId, State};

impl State {
    /// Units that lines of this priority may take, over all locations; `None`: of a priority that may not
    /// take protected ones.
    pub(super) fn free(&self, sku: SkuId, priority: Option<i32>) -> i128 {
        let accounts = self.accounts.iter().filter(|((of, _), _)| *of == sku);
        let available: i128 = accounts.map(|(_, there)| i128::from(there.available)).sum();
        let policy = self.policy(sku);
        let may = |priority| policy.protected_for.is_some_and(|last| priority <= last);
        if priority.is_some_and(may) {
            return available;
        }
        (available - i128::from(policy.protected_units)).max(0)
    }

    pub(super) fn waiting(&self, sku: SkuId) -> i128 {
        self.sum_waiting(sku, |_| true)
    }

    /// Units that wait for a SKU at one location only.
    pub(super) fn waiting_at(&self, sku: SkuId, location: LocationId) -> i128 {
        self.sum_waiting(sku, |(line, _)| self.line(line).location == Some(location))
    }

    pub(super) fn sum_waiting(&self, sku: SkuId, which: impl Fn(PartId) -> bool) -> i128 {
        let parts = self.parts_of(sku).into_iter().filter(|&part| which(part));
        parts.map(|part| i128::from(self.part(part).waiting)).sum()
    }

    /// Units sold that no stock can cover, seen by a line of this priority.
    pub(super) fn ahead(&self, sku: SkuId, priority: Option<i32>) -> i128 {
        let short = |&location: &LocationId| {
            let here = i128::from(self.available(sku, location));
            (self.waiting_at(sku, location) - here).max(0)
        };
        let tied: i128 = self.locations.iter().map(short).sum();
        let over_all = self.waiting(sku) - self.free(sku, priority);
        over_all.max(tied).max(0)
    }

    /// Units that have not arrived of all supply due by an instant; `None`: of all.
    pub(super) fn outstanding(&self, sku: SkuId, by: Option<Timestamp>) -> i128 {
        let due = |at: Timestamp| by.is_none_or(|by| at <= by);
        let supplies = self.supplies.values().map(|supply| supply.view);
        supplies
            .filter(|supply| supply.sku == sku && due(supply.expected_at))
            .map(|supply| i128::from(supply.outstanding()))
            .sum()
    }

    /// Units that may be sold ahead of stock because supply due by then covers them.
    pub(super) fn cover(&self, sku: SkuId, by: Option<Timestamp>) -> i128 {
        let (yield_permille, buffer) = match self.policy(sku).limit {
            AheadLimit::Incoming {
                yield_permille,
                buffer,
            } => (yield_permille, buffer),
            AheadLimit::Unlimited | AheadLimit::Units(_) => (1000, 0),
        };
        let arriving = self.outstanding(sku, by) * i128::from(yield_permille) / 1000;
        (arriving - i128::from(buffer)).max(0)
    }

    /// Units that may be sold ahead of stock; `None`: any number.
    pub(super) fn limit(&self, sku: SkuId) -> Option<i128> {
        match self.policy(sku).limit {
            AheadLimit::Unlimited => None,
            AheadLimit::Units(most) => Some(most.into()),
            AheadLimit::Incoming { .. } => Some(self.cover(sku, None)),
        }
    }

    /// Units sold that neither stock nor incoming supply covers.
    pub(super) fn uncovered(&self, sku: SkuId) -> i64 {
        let uncovered = self.ahead(sku, None) - self.outstanding(sku, None);
        // What waits of one SKU is at most what is ordered of it.
        uncovered.max(0).try_into().expect("at most what waits")
    }
}
