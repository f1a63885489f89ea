//! How an order lives: open or closed, with a deadline or without, on its own or together.

use super::UNKNOWN;
use crate::engine::order::OrderItems;
use crate::engine::state::{NEVER, NONE, State};
use crate::engine::store::{Forest, Tree};
use crate::engine::view::Ended;
use crate::error::Error;
use crate::id::OrderId;
use crate::quantity::slot;
use crate::time::Timestamp;

impl State {
    /// One more part of an order is open.
    pub(super) fn opens(&mut self, slot: u32) -> Result<(), Error> {
        let order = self.orders.at(slot)?;
        let open = order.open.checked_add(1).ok_or(UNKNOWN)?;
        if open > 1 {
            self.orders.at_mut(slot)?.open = open;
            return Ok(());
        }
        if order.closed_at.is_some() {
            self.leave_orders(slot)?;
        }
        let order = self.orders.at_mut(slot)?;
        (order.open, order.ended, order.closed_at) = (open, Ended::No, None);
        self.enter_orders(slot)
    }

    /// After units of a part left or were cancelled: whether that closes the order, and how it ended.
    pub(super) fn closes(&mut self, part: u32, at: Timestamp, ended: Ended) -> Result<(), Error> {
        let this = self.parts.at(part)?;
        if Self::is_open(this) {
            return Ok(());
        }
        let order = self.lines.at(this.line)?.order;
        self.one_less_open(order, at, ended)
    }

    pub(super) fn one_less_open(
        &mut self,
        slot: u32,
        at: Timestamp,
        ended: Ended,
    ) -> Result<(), Error> {
        let open = self.orders.at(slot)?.open;
        let open = open.checked_sub(1).ok_or(UNKNOWN)?;
        if open > 0 {
            self.orders.at_mut(slot)?.open = open;
            return Ok(());
        }
        self.leave_orders(slot)?;
        let order = self.orders.at_mut(slot)?;
        (order.open, order.ended, order.closed_at) = (open, ended, Some(at));
        self.enter_orders(slot)
    }

    pub(super) fn confirmed(&mut self, order: OrderId) -> Result<(), Error> {
        let order = self.order_slot(order).ok_or(UNKNOWN)?;
        self.leave_orders(order)?;
        self.orders.at_mut(order)?.until = NEVER;
        self.enter_orders(order)?;
        self.each_part(order, |state, part| state.confirm(part))
    }

    pub(super) fn extended(&mut self, order: OrderId, until: Timestamp) -> Result<(), Error> {
        let order = self.order_slot(order).ok_or(UNKNOWN)?;
        if self.orders.at(order)?.until == NEVER {
            return Err(UNKNOWN);
        }
        self.leave_orders(order)?;
        let this = self.orders.at_mut(order)?;
        this.until = until.as_micros();
        this.extensions = this.extensions.checked_add(1).ok_or(UNKNOWN)?;
        self.enter_orders(order)
    }

    /// Puts an order among the closed ones, or among those with a deadline; one that is open and has none
    /// stands nowhere.
    fn enter_orders(&mut self, slot: u32) -> Result<(), Error> {
        let (Some(orders), forest, mut items) = self.orders_of(slot)? else {
            return Ok(());
        };
        forest.insert(orders, slot, &mut items)
    }

    /// Takes an order out of where [`Self::enter_orders`] put it.
    pub(super) fn leave_orders(&mut self, slot: u32) -> Result<(), Error> {
        let (Some(orders), forest, mut items) = self.orders_of(slot)? else {
            return Ok(());
        };
        forest.remove(orders, slot, &mut items)
    }

    #[allow(clippy::type_complexity, reason = "three borrows of one state at once")]
    fn orders_of(
        &mut self,
        slot: u32,
    ) -> Result<(Option<&mut Tree>, &mut Forest, OrderItems<'_>), Error> {
        let order = self.orders.at(slot)?;
        let tree = if order.closed_at.is_some() {
            Some(&mut self.closed)
        } else if order.open > 0 && order.until != NEVER {
            Some(&mut self.timers)
        } else {
            None
        };
        let items = OrderItems {
            orders: &mut self.orders,
            lines: &self.lines,
            parts: &self.parts,
        };
        Ok((tree, &mut self.forest, items))
    }

    pub(super) fn regrouped(&mut self, order: OrderId, together: bool) -> Result<(), Error> {
        let order = self.order_slot(order).ok_or(UNKNOWN)?;
        self.orders.at_mut(order)?.together = together;
        self.each_part(order, |state, part| {
            let this = state.parts.at(part)?;
            if this.waiting > 0 {
                let sku = state.lines.at(this.line)?.sku;
                let sku = slot(&mut state.skus, sku as usize)?;
                sku.together = if together {
                    sku.together.saturating_add(1)
                } else {
                    sku.together.saturating_sub(1)
                };
            }
            Ok(())
        })
    }

    /// Runs over the parts of all lines of an order.
    pub(super) fn each_part(
        &mut self,
        order: u32,
        mut each: impl FnMut(&mut Self, u32) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let last = self.orders.at(order)?.last_line;
        let mut line = last;
        loop {
            line = self.lines.at(line)?.next;
            let mut part = self.lines.at(line)?.first_part;
            while part != NONE {
                each(self, part)?;
                part = self.next_part(part)?;
            }
            if line == last {
                return Ok(());
            }
        }
    }
}
