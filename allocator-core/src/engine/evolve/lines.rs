//! Lines and their parts: placed, increased, split, listed, forgotten.

use super::UNKNOWN;
use crate::engine::command::{AllocateRule, Pack};
use crate::engine::event::Happening;
use crate::engine::split::split_of;
use crate::engine::state::{Extra, Line, NEVER, NONE, Order, Part, State};
use crate::engine::view::Ended;
use crate::error::Error;
use crate::id::{LineId, OrderId};
use crate::quantity::{Quantity, add, slot};
use crate::time::Timestamp;

impl State {
    pub(super) fn placed(&mut self, event: &Happening) -> Result<(), Error> {
        let Happening::Placed {
            order,
            customer,
            until,
            together,
            line,
            sku,
            location,
            units,
            pack,
            priority,
            placed_at,
            sequence,
            shortfall: _,
        } = event
        else {
            return Err(UNKNOWN);
        };
        if self.line_slot(*line).is_some() {
            return Err(UNKNOWN);
        }
        let sku = self.sku(*sku)?;
        let tie = match location {
            Some(location) => self.account(sku, *location)?,
            None => NONE,
        };
        let sequence = self.number(*sequence)?;
        let known = self.order_slot(*order);
        let order_slot = match known {
            Some(known) => known,
            None => {
                let new = self.orders.insert(Order {
                    id: *order,
                    customer: *customer,
                    until: until.map_or(NEVER, Timestamp::as_micros),
                    extensions: 0,
                    last_line: NONE,
                    open: 0,
                    timer: NONE,
                    together: *together,
                    ended: Ended::No,
                    closed_at: None,
                })?;
                self.order_slots.insert(order.0, new)?;
                new
            }
        };
        let part = self.new_part(*priority, *placed_at, sequence)?;
        let pack = *pack;
        self.new_line(*line, order_slot, sku, tie, pack, part)?;
        self.more_demand(part, *units)
    }

    /// A line with its first part, at the end of its order.
    pub(in crate::engine) fn new_line(
        &mut self,
        id: LineId,
        order: u32,
        sku: u32,
        tie: u32,
        pack: Pack,
        part: u32,
    ) -> Result<u32, Error> {
        let line = self.lines.insert(Line {
            id,
            order,
            sku,
            tie,
            first_part: part,
            next: NONE,
            pack,
            cancelled: 0,
        })?;
        self.line_slots.insert(id.0, line)?;
        self.parts.at_mut(part)?.line = line;
        let last = core::mem::replace(&mut self.orders.at_mut(order)?.last_line, line);
        let first = if last == NONE {
            line
        } else {
            core::mem::replace(&mut self.lines.at_mut(last)?.next, line)
        };
        self.lines.at_mut(line)?.next = first;
        Ok(line)
    }

    pub(in crate::engine) fn new_part(
        &mut self,
        priority: i32,
        placed_at: Timestamp,
        sequence: u64,
    ) -> Result<u32, Error> {
        self.parts.insert(Part {
            placed_at,
            sequence,
            waiting: 0,
            taken: 0,
            account: NONE,
            served_leaf: NONE,
            queue_leaf: NONE,
            line: NONE,
            priority,
            extra: NONE,
        })
    }

    pub(super) fn increased(
        &mut self,
        line: LineId,
        units: Quantity,
        priority: i32,
        placed_at: Timestamp,
        sequence: u64,
    ) -> Result<(), Error> {
        let line = self.line_slot(line).ok_or(UNKNOWN)?;
        let sequence = self.number(sequence)?;
        let part = self.new_part(priority, placed_at, sequence)?;
        self.parts.at_mut(part)?.line = line;
        let last = self.last_part(line)?;
        self.extra_mut(last)?.next_part = part;
        self.more_demand(part, units)
    }

    /// Units of a new part wait.
    pub(super) fn more_demand(&mut self, part: u32, units: Quantity) -> Result<(), Error> {
        if units == 0 {
            return Ok(());
        }
        let line = self.lines.at(self.parts.at(part)?.line)?;
        let (sku, order) = (line.sku, line.order);
        self.demand(sku, order, units)?;
        self.wait_more(part, units)?;
        self.opens(order)
    }

    /// The last units of a line become a line of their own.
    pub(super) fn split(
        &mut self,
        line: LineId,
        new_line: LineId,
        waiting: Quantity,
        taken: Quantity,
    ) -> Result<(), Error> {
        let slot_of = self.line_slot(line).ok_or(UNKNOWN)?;
        let pieces = split_of(self, slot_of, add(waiting, taken)?)?;
        let Line {
            order,
            sku,
            tie,
            pack,
            ..
        } = *self.lines.at(slot_of)?;
        let mut new_slot = NONE;
        let mut last = NONE;
        for piece in pieces {
            let old = self.parts.at(piece.part)?;
            let (priority, placed_at, sequence) = (old.priority, old.placed_at, old.sequence);
            let part = self.new_part(priority, placed_at, sequence)?;
            let extra = self.extra_mut(part)?;
            (extra.first_unit, extra.listed) = (piece.first_unit, piece.listed);
            if new_slot == NONE {
                new_slot = self.new_line(new_line, order, sku, tie, pack, part)?;
            } else {
                self.parts.at_mut(part)?.line = new_slot;
                self.extra_mut(last)?.next_part = part;
            }
            last = part;
            self.wait_less(piece.part, piece.waiting)?;
            self.wait_more(part, piece.waiting)?;
            for (account, units) in piece.from {
                self.has_less(piece.part, account, units)?;
                self.has_more(part, account, units)?;
            }
            if piece.listed.is_some() {
                let list = slot(&mut self.skus, sku as usize)?.list.as_mut();
                list.ok_or(UNKNOWN)?.members.push(part);
            }
            let opened = self.orders.at_mut(order)?;
            opened.open = opened.open.checked_add(1).ok_or(UNKNOWN)?;
            if !Self::is_open(self.parts.at(piece.part)?) {
                let opened = self.orders.at_mut(order)?;
                opened.open = opened.open.checked_sub(1).ok_or(UNKNOWN)?;
            }
        }
        Ok(())
    }

    pub(super) fn listed(&mut self, event: &Happening) -> Result<(), Error> {
        let Happening::Listed {
            sku, rule, draw, ..
        } = event
        else {
            return Err(UNKNOWN);
        };
        let sku = self.sku(*sku)?;
        match rule {
            AllocateRule::Shared(rule) => {
                let members = self.close_list(sku, draw)?;
                self.set_list(sku, Some(*rule), &members)
            }
            AllocateRule::Fill | AllocateRule::Queue => self.set_list(sku, None, &[]),
        }
    }

    pub(super) fn forgotten(&mut self, order: OrderId) -> Result<(), Error> {
        let slot_of = self.order_slot(order).ok_or(UNKNOWN)?;
        if self.orders.at(slot_of)?.open > 0 {
            return Err(UNKNOWN);
        }
        self.leave_orders(slot_of)?;
        let last = self.orders.at(slot_of)?.last_line;
        let mut line = self.lines.at(last)?.next;
        loop {
            let next = self.lines.at(line)?.next;
            let gone = self.wanted(self.lines.at(line)?)?;
            let sku = self.lines.at(line)?.sku;
            self.demand(sku, slot_of, gone.saturating_neg())?;
            self.drop_line(line)?;
            if line == last {
                break;
            }
            line = next;
        }
        self.orders.take(slot_of)?;
        self.order_slots.remove(order.0);
        Ok(())
    }

    pub(super) fn drop_line(&mut self, slot_of: u32) -> Result<(), Error> {
        let line = self.lines.take(slot_of)?;
        self.line_slots.remove(line.id.0);
        let mut part = line.first_part;
        while part != NONE {
            let gone = self.parts.take(part)?;
            part = NONE;
            if gone.extra == NONE {
                continue;
            }
            let extra: Extra = self.extras.take(gone.extra)?;
            if extra.listed.is_some()
                && let Some(list) = &mut slot(&mut self.skus, line.sku as usize)?.list
            {
                list.members
                    .retain(|member| self.parts.get(*member).is_some());
            }
            part = extra.next_part;
            for mut entry in [extra.taken, extra.shipped] {
                while entry != NONE {
                    entry = self.entries.take(entry)?.next;
                }
            }
        }
        Ok(())
    }
}
