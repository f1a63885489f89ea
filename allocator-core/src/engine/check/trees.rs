//! The queues, those of the served, and the deadlines.

use super::held::Held;
use super::truly;
use crate::engine::order::order_key;
use crate::engine::state::{NEVER, NONE, State};
use crate::engine::store::{Items, Tree};
use crate::error::Error;
use crate::quantity::Quantity;

impl State {
    pub(super) fn check_trees(&self, held: &Held) -> Result<(), Error> {
        let mut nodes = Nodes::default();
        for (sku, sums) in self.skus.iter().zip(&held.skus) {
            let of = self.sku_slots.get(sku.id.0).unwrap_or(NONE);
            self.check_queue(&sku.queue, sums.queued, of, NONE, &mut nodes)?;
        }
        for ((number, account), sums) in (0_u32..).zip(&self.accounts).zip(&held.accounts) {
            let sku = account.sku;
            self.check_queue(&account.queue, sums.queued, sku, number, &mut nodes)?;
            self.check_served(&account.served, sums.served, number, &mut nodes)?;
        }
        self.check_timers(&mut nodes)?;
        let all = self.forest.nodes();
        let same = (nodes.leaves, nodes.inners) == (all.leaves, all.inners);
        truly(same, "a queue has nodes that are in none")
    }

    /// The queue of those tied to an account, or of the untied of a SKU: all of them, as many as there
    /// should be, each in its place.
    fn check_queue(
        &self,
        queue: &Tree,
        members: u32,
        sku: u32,
        tie: u32,
        nodes: &mut Nodes,
    ) -> Result<(), Error> {
        let items = self.queue_read();
        nodes.check(self, queue, members, &items)?;
        for part in self.forest.walk(queue) {
            let line = self.lines.at(self.parts.at(part)?.line)?;
            let at = "a part stands in another's queue";
            truly(line.sku == sku && line.tie == tie, at)?;
        }
        Ok(())
    }

    fn check_served(
        &self,
        served: &Tree,
        members: u32,
        account: u32,
        nodes: &mut Nodes,
    ) -> Result<(), Error> {
        let items = self.served_read(account);
        nodes.check(self, served, members, &items)?;
        for part in self.forest.walk(served) {
            let at = "a part is served where it has nothing";
            truly(self.taken_at(part, account)? > 0, at)?;
        }
        Ok(())
    }

    /// The deadlines of all orders that have one and something open, and the instants at which the others
    /// closed.
    fn check_timers(&self, nodes: &mut Nodes) -> Result<(), Error> {
        let timed = self.orders.iter();
        let timed = timed.filter(|order| order.open > 0 && order.until != NEVER);
        let count = u32::try_from(timed.count()).unwrap_or(NONE);
        nodes.check(self, &self.timers, count, &Instants(self))?;
        let closed = self.orders.iter().filter(|order| order.open == 0);
        let count = u32::try_from(closed.count()).unwrap_or(NONE);
        nodes.check(self, &self.closed, count, &Instants(self))
    }
}

/// Nodes that belong to some tree.
#[derive(Default)]
struct Nodes {
    leaves: u32,
    inners: u32,
}

impl Nodes {
    /// Checks a tree of so many items, no two of which stand in one place.
    fn check(
        &mut self,
        state: &State,
        tree: &Tree,
        members: u32,
        items: &impl Items,
    ) -> Result<(), Error> {
        truly(
            tree.len() == members,
            "a queue has too few members or too many",
        )?;
        let nodes = state.forest.check(tree, items)?;
        self.leaves = self.leaves.saturating_add(nodes.leaves);
        self.inners = self.inners.saturating_add(nodes.inners);
        let mut last = None;
        for item in state.forest.walk(tree) {
            if let Some(last) = last {
                truly(items.before(last, item)?, "two stand in one place")?;
            }
            last = Some(item);
        }
        Ok(())
    }
}

/// Orders with a deadline, to be read only.
struct Instants<'s>(&'s State);

impl Instants<'_> {
    fn key(&self, order: u32) -> Result<(i64, u64), Error> {
        let state = self.0;
        order_key(state.orders.at(order)?, &state.lines, &state.parts)
    }
}

impl Items for Instants<'_> {
    fn before(&self, a: u32, b: u32) -> Result<bool, Error> {
        Ok(self.key(a)? < self.key(b)?)
    }

    fn units(&self, _: u32) -> Result<Quantity, Error> {
        Ok(0)
    }

    fn leaf(&self, item: u32) -> Result<u32, Error> {
        Ok(self.0.orders.at(item)?.timer)
    }

    fn set_leaf(&mut self, _: u32, _: u32) -> Result<(), Error> {
        Err(Error::Corrupt {
            at: "deadlines that are only read",
        })
    }
}
