//! Time: holds that are due end, each at its own instant.

use super::Engine;
use super::draft::Draft;
use super::event::EventCause;
use crate::error::Error;
use crate::time::Timestamp;

impl Engine {
    /// Ends the orders that are due at `now`, at most so many of them; whether some are left. At each
    /// instant all of them end in the order of their first parts, then one fill.
    pub(super) fn expire(&mut self, now: Timestamp, budget: Option<u32>) -> Result<bool, Error> {
        let mut left = budget.unwrap_or(u32::MAX);
        while let Some((order, instant)) = self.next_due()?
            && instant <= now
        {
            if left == 0 {
                return Ok(true);
            }
            if budget.is_some() {
                left = left.saturating_sub(1);
            }
            self.end(order, instant)?;
            let same = self.next_due()?.is_some_and(|(_, next)| next == instant);
            if !same {
                self.fill_after(instant)?;
            }
        }
        Ok(false)
    }

    /// The order with the earliest deadline.
    pub(super) fn next_due(&self) -> Result<Option<(u32, Timestamp)>, Error> {
        let Some(order) = self.state.forest.first(&self.state.timers)? else {
            return Ok(None);
        };
        let until = self.state.orders.at(order)?.until;
        Ok(Some((order, Timestamp::from_micros(until))))
    }

    fn end(&mut self, order: u32, instant: Timestamp) -> Result<(), Error> {
        let mut draft = Draft::new(&self.state, instant, &mut self.scratch);
        draft.cancel_order(order, false, EventCause::Expired)?;
        for sku in core::mem::take(&mut draft.scratch.dirty) {
            let slot = draft.sku_draft(sku)?.slot;
            if !self.to_fill.contains(&slot) {
                self.to_fill.push(slot);
            }
        }
        self.carry_out()
    }

    fn fill_after(&mut self, instant: Timestamp) -> Result<(), Error> {
        let mut draft = Draft::new(&self.state, instant, &mut self.scratch);
        for slot in &self.to_fill {
            let sku = draft.known_sku(*slot)?;
            draft.mark(sku)?;
        }
        draft.finish()?;
        self.to_fill.clear();
        self.carry_out()
    }

    /// Applies the events that were decided, and tells them.
    pub(super) fn carry_out(&mut self) -> Result<(), Error> {
        for event in self.scratch.events.drain(..) {
            self.state.evolve(&event)?;
            self.events.push(event);
        }
        Ok(())
    }
}
