//! Confirm, Cancel, Forget, and holds that end by themselves.

use alloc::vec::Vec;

use super::{Decided, ended, refuse};
use crate::engine::draft::Draft;
use crate::engine::event::{EventCause, Happening};
use crate::engine::rejection::RejectionCode;
use crate::engine::state::NEVER;
use crate::error::Error;
use crate::id::{LineId, OrderId};
use crate::quantity::Quantity;
use crate::time::Timestamp;

impl Draft<'_> {
    pub(super) fn decide_confirm(&mut self, id: OrderId) -> Decided {
        let order = match self.find_order(id) {
            Ok(order) => self.state.orders.at(order)?,
            Err(refusal) => return Ok(Some(refusal)),
        };
        let refusal = ended(order);
        if refusal.is_none() && order.until != NEVER {
            self.emit(Happening::Confirmed { order: id });
        }
        Ok(refusal)
    }

    pub(super) fn decide_cancel_order(&mut self, id: OrderId, only_waiting: bool) -> Decided {
        let order = match self.find_order(id) {
            Ok(order) => order,
            Err(refusal) => return Ok(Some(refusal)),
        };
        self.cancel_order(order, only_waiting, EventCause::Cancelled)?;
        self.finish()
    }

    /// Cancels an order line by line.
    pub(in crate::engine) fn cancel_order(
        &mut self,
        order: u32,
        only_waiting: bool,
        cause: EventCause,
    ) -> Result<(), Error> {
        for line in self.lines_of(order)? {
            let units = if only_waiting {
                self.waiting_units(line)?
            } else {
                self.open_units(line)?
            };
            if units > 0 {
                self.cancel_and_mark(line, units, cause)?;
            }
        }
        Ok(())
    }

    pub(super) fn cancel_and_mark(
        &mut self,
        line: u32,
        units: Quantity,
        cause: EventCause,
    ) -> Result<(), Error> {
        for (part, _) in self.cancel_units(line, units, cause)? {
            self.mark_part(part)?;
        }
        Ok(())
    }

    pub(super) fn decide_cancel_line(
        &mut self,
        id: LineId,
        units: Option<Quantity>,
        only_waiting: bool,
    ) -> Decided {
        let line = match self.find_line(id) {
            Ok(line) => line,
            Err(refusal) => return Ok(Some(refusal)),
        };
        let most = if only_waiting {
            self.waiting_units(line)?
        } else {
            self.open_units(line)?
        };
        let units = units.unwrap_or(most);
        if units > most {
            return Ok(refuse(RejectionCode::TooMany));
        }
        if units > 0 {
            self.cancel_and_mark(line, units, EventCause::Cancelled)?;
        }
        self.finish()
    }

    /// Units of a line that wait.
    fn waiting_units(&self, line: u32) -> Result<Quantity, Error> {
        let mut part = self.state.lines.at(line)?.first_part;
        let mut waiting: Quantity = 0;
        while let Some(this) = self.state.parts.get(part) {
            waiting = waiting.saturating_add(this.waiting);
            part = self.state.next_part(part)?;
        }
        Ok(waiting)
    }

    pub(super) fn decide_forget(&mut self, closed_before: Timestamp) -> Decided {
        let mut gone: Vec<(u64, OrderId)> = Vec::new();
        for slot in self.state.forest.walk(&self.state.closed) {
            let order = self.state.orders.at(slot)?;
            if order.closed_at.is_none_or(|at| at >= closed_before) {
                break;
            }
            gone.push((self.state.sequence_of(slot)?, order.id));
        }
        gone.sort_unstable();
        for (_, order) in gone {
            self.emit(Happening::Forgotten { order });
        }
        Ok(None)
    }
}
