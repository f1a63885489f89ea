//! What a case's shop can be asked, in the words of the files.

use std::collections::BTreeMap;

use allocator_core::engine::{Command, Ended, LineView, StockPosition};
use allocator_core::{CustomerId, LineId, LocationId, OrderId, SkuId, SupplyId, Total};

use super::names::ids;
use super::shop::LiveShop;
use super::world::World;
use crate::checked::{Checked, fail};

impl<S: LiveShop> World<S> {
    /// Every line of the case's own that is known, in the order in which the case first named it.
    pub(super) fn lines(&self) -> Vec<(LineId, LineView)> {
        let lines = ids(&self.names.lines).map(LineId);
        lines
            .filter(|&line| !self.names.line_name(line).starts_with('\0'))
            .filter_map(|line| Some((line, self.shop.line(line)?)))
            .collect()
    }

    /// Every account of a SKU that the shop knows.
    pub(super) fn accounts(&self, sku: SkuId) -> Vec<(LocationId, StockPosition)> {
        let locations = self.shop.locations(sku).into_iter();
        locations
            .filter_map(|at| Some((at, self.shop.position(sku, at)?)))
            .collect()
    }

    /// The sum of a figure over the locations of a SKU.
    pub(super) fn over_locations(
        &self,
        sku: SkuId,
        figure: impl Fn(&StockPosition) -> i64,
    ) -> Total {
        let accounts = self.accounts(sku).into_iter();
        accounts
            .map(|(_, position)| Total::from(figure(&position)))
            .sum()
    }

    pub(super) fn available(&self, sku: SkuId) -> Total {
        self.over_locations(sku, |position| position.available)
    }

    /// What a shop window may show: free units, less those it keeps.
    pub(super) fn shown(&self, sku: SkuId) -> Total {
        let kept = Total::from(self.shop.policy(sku).protected_units);
        (self.available(sku) - kept).max(0)
    }

    pub(super) fn waiting(&self, sku: SkuId) -> Total {
        let lines = self.lines().into_iter();
        let waiting = lines.filter(|(_, line)| line.sku == sku);
        waiting.map(|(_, line)| Total::from(line.waiting)).sum()
    }

    /// Units free at some of the engine's locations, of every SKU.
    pub(super) fn available_at(&self, locations: &[LocationId]) -> Total {
        let accounts = self
            .shop
            .skus()
            .into_iter()
            .flat_map(|sku| self.accounts(sku));
        let here = accounts.filter(|(at, _)| locations.contains(at));
        here.map(|(_, position)| Total::from(position.available))
            .sum()
    }

    /// Outstanding units of a supply that nobody waits for; of a lot that arrived, its free units.
    pub(super) fn unpegged(&self, name: &str) -> Option<Total> {
        let supply = self.names.supplies.id(name).map(SupplyId);
        let known = supply.and_then(|id| Some((id, self.shop.supply(id)?)));
        let Some((id, view)) = known else {
            let lots = self.names.locations_of_lot(name);
            return (!lots.is_empty()).then(|| self.available_at(&lots));
        };
        let pegs = self.shop.pegs(view.sku, self.pegs_whole).into_iter();
        let pegged = pegs.filter(|peg| peg.supply == id);
        let pegged: Total = pegged.map(|peg| Total::from(peg.units)).sum();
        Some(Total::from(view.outstanding()) - pegged)
    }

    /// Which supply serves a line that waits, and from which lots it has units.
    pub(super) fn pegs_of(&self, line: LineId, view: &LineView) -> BTreeMap<String, Total> {
        let mut all = BTreeMap::new();
        for peg in self.shop.pegs(view.sku, self.pegs_whole) {
            if peg.line == line {
                let name = self.names.supply_name(peg.supply).to_owned();
                *all.entry(name).or_insert(0) += Total::from(peg.units);
            }
        }
        all
    }

    /// Units a line has, by what a location is called.
    pub(super) fn taken_of(
        view: &LineView,
        name: impl Fn(LocationId) -> Option<String>,
    ) -> BTreeMap<String, Total> {
        let mut all = BTreeMap::new();
        for &(location, units) in view.parts.iter().flat_map(|part| &part.taken) {
            if let Some(name) = name(location).filter(|_| units > 0) {
                *all.entry(name).or_insert(0) += Total::from(units);
            }
        }
        all
    }

    pub(super) fn status(&self, view: &LineView) -> &'static str {
        let order = self.shop.order(view.order);
        let taken = view.reserved > 0 || view.allocated > 0;
        let is_open = taken || view.waiting > 0;
        if !is_open {
            let has_expired = order.is_some_and(|order| order.ended == Ended::Expired);
            return match (view.shipped > 0, has_expired) {
                (true, _) => "shipped",
                (false, true) => "expired",
                (false, false) => "cancelled",
            };
        }
        if order.is_some_and(|order| order.until.is_some()) {
            return "held";
        }
        match (taken, view.waiting > 0) {
            (false, _) => "pending",
            (true, true) => "partially_allocated",
            (true, false) => "allocated",
        }
    }

    /// The first line in the queues that waits.
    pub(super) fn first_waiting(&self, skus: &[SkuId]) -> Option<&str> {
        let mut queues = skus.iter().map(|&sku| self.shop.queue(sku, None, 1));
        let first = queues.find_map(|queue| queue.first().copied())?;
        Some(self.names.line_name(first.line))
    }

    /// The SKUs that lines want, in the order in which the shop heard of them.
    pub(super) fn skus_with_lines(&self) -> Vec<SkuId> {
        let wanted: Vec<_> = self.lines().into_iter().map(|(_, line)| line.sku).collect();
        let mut skus = self.shop.skus();
        skus.retain(|sku| wanted.contains(sku));
        skus
    }

    /// Holds of a customer that have not ended.
    pub(super) fn holds_of(&self, customer: CustomerId) -> Vec<OrderId> {
        let orders = ids(&self.names.orders).map(OrderId);
        let live = |order: &OrderId| {
            self.shop.order(*order).is_some_and(|view| {
                view.customer == Some(customer) && view.until.is_some() && view.closed_at.is_none()
            })
        };
        orders.filter(live).collect()
    }

    /// A shop in the same state, but for some holds that were released.
    pub(super) fn twin_without(&self, holds: &[OrderId]) -> Checked<S> {
        let mut twin = self.twin()?;
        for (index, &order) in (0..).zip(holds) {
            let request = allocator_core::engine::Request {
                // An id that no call of a case has.
                id: allocator_core::CommandId((1 << 97) + index),
                issued_at: None,
                command: Command::CancelOrder {
                    order,
                    only_waiting: false,
                },
            };
            if let Err(error) = twin.apply(self.clock(), &request) {
                return fail(format!("can_accept: {error}"));
            }
        }
        Ok(twin)
    }
}
