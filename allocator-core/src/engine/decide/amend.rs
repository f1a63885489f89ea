//! Amend: deadlines, grouping, quantities and places.

use super::accept::Added;
use super::{Decided, ended, refuse};
use crate::engine::command::{Ahead, Command};
use crate::engine::draft::{Draft, PartDraft, effective_pack};
use crate::engine::event::{EventCause, Happening};
use crate::engine::fill::Fill;
use crate::engine::order::Key;
use crate::engine::rejection::RejectionCode;
use crate::engine::state::{NEVER, NONE};
use crate::error::Error;
use crate::id::OrderId;
use crate::quantity::{Quantity, Total, slot, sub};
use crate::time::Timestamp;

impl Draft<'_> {
    pub(super) fn decide_amend_order(
        &mut self,
        id: OrderId,
        until: Option<Timestamp>,
        together: Option<bool>,
    ) -> Decided {
        let slot_of = match self.find_order(id) {
            Ok(order) => order,
            Err(refusal) => return Ok(Some(refusal)),
        };
        let order = self.state.orders.at(slot_of)?;
        let refusal = ended(order);
        if refusal.is_some() {
            return Ok(refusal);
        }
        if let Some(until) = until {
            if order.until == NEVER {
                return Ok(refuse(RejectionCode::NotHeld));
            }
            if until <= self.now {
                return Ok(refuse(RejectionCode::DeadlinePassed));
            }
            if self.lives_too_long(until, Some(slot_of), [])? {
                return Ok(refuse(RejectionCode::HoldTooLong));
            }
            if until.as_micros() <= order.until {
                return Ok(refuse(RejectionCode::NotLater));
            }
            if self.extensions_spent(slot_of, order.extensions)? {
                return Ok(refuse(RejectionCode::ExtensionsSpent));
            }
            self.emit(Happening::Extended { order: id, until });
        }
        if let Some(together) = together
            && together != order.together
        {
            self.emit(Happening::Regrouped {
                order: id,
                together,
            });
            self.regroup(slot_of, together)?;
        }
        self.finish()
    }

    fn extensions_spent(&self, order: u32, extensions: u32) -> Result<bool, Error> {
        for line in self.lines_of(order)? {
            let policy = self.state.policy_of(self.state.lines.at(line)?.sku)?;
            if policy
                .hold_extensions
                .is_some_and(|most| extensions >= most)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn regroup(&mut self, order: u32, together: bool) -> Result<(), Error> {
        for line in self.lines_of(order)? {
            for part in self.parts_of(line)? {
                let draft = slot(&mut self.scratch.parts, part)?;
                draft.together = together;
                let (sku, waits) = (draft.sku, draft.waiting > 0);
                let sku_draft = self.sku_draft_mut(sku)?;
                sku_draft.together |= together && waits;
                if waits {
                    self.mark(sku)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn decide_amend_line(&mut self, command: &Command) -> Decided {
        let Command::AmendLine {
            line: id,
            units,
            priority,
            placed_at,
            ahead,
        } = *command
        else {
            return Ok(None);
        };
        let line = match self.find_line(id) {
            Ok(line) => line,
            Err(refusal) => return Ok(Some(refusal)),
        };
        let refusal = ended(self.order_of_line(line)?);
        if refusal.is_some() {
            return Ok(refusal);
        }
        let wanted = self.state.wanted(self.state.lines.at(line)?)?;
        let units = units.unwrap_or(wanted);
        let open = self.open_units(line)?;
        if units < sub(wanted, open)? {
            return Ok(refuse(RejectionCode::BelowShipped));
        }
        self.rekey(line, priority, placed_at)?;
        if units < wanted {
            self.cancel_and_mark(line, sub(wanted, units)?, EventCause::Amended)?;
        }
        if units > wanted {
            return self.increase(line, sub(units, wanted)?, ahead);
        }
        self.finish()
    }

    /// All parts of a line stand elsewhere, on paper.
    fn rekey(
        &mut self,
        line: u32,
        priority: Option<i32>,
        placed_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let parts = self.parts_of(line)?;
        let mut changes = false;
        for part in &parts {
            let key = self.part_draft(*part)?.key;
            changes |= priority.is_some_and(|priority| priority != key.priority)
                || placed_at.is_some_and(|placed_at| placed_at != key.placed_at);
        }
        if !changes {
            return Ok(());
        }
        for part in &parts {
            let draft = slot(&mut self.scratch.parts, *part)?;
            draft.key.priority = priority.unwrap_or(draft.key.priority);
            draft.key.placed_at = placed_at.unwrap_or(draft.key.placed_at);
            self.mark_part(*part)?;
        }
        if let Some(first) = parts.first() {
            let first = *self.part_draft(*first)?;
            self.emit(Happening::Rekeyed {
                line: first.line,
                priority: first.key.priority,
                placed_at: first.key.placed_at,
                all_placed_at: placed_at.is_some(),
            });
        }
        Ok(())
    }

    /// More units, in a part of their own at the end of the queue.
    fn increase(&mut self, line: u32, units: Quantity, ahead: Ahead) -> Decided {
        let parts = self.parts_of(line)?;
        let this = self.state.lines.at(line)?;
        let last = *self.part_draft(*parts.last().ok_or(ROW)?)?;
        let number = last.number.checked_add(1).ok_or(ROW)?;
        let key = Key {
            placed_at: self.now,
            sequence: self.state.counter,
            first_unit: 0,
            ..last.key
        };
        self.emit(Happening::Increased {
            line: this.id,
            part: number,
            units,
            priority: key.priority,
            placed_at: key.placed_at,
            sequence: key.sequence,
        });
        let part = self.add_part(PartDraft {
            slot: NONE,
            number,
            key,
            listed: None,
            at_once: false,
            served: 0,
            waiting: 0,
            pack: effective_pack(this.pack, self.policy(last.sku)?),
            ..last
        });
        self.make_wait(part, units)?;
        let sku = self.sku_draft_mut(last.sku)?;
        sku.demanded = sku.demanded.saturating_add(units.into());
        let added = [Added {
            row: None,
            part,
            ahead,
        }];
        self.mark_at_once(&added)?;
        self.fill(Fill::Inflow)?;
        let customer = self.order_of_line(line)?.customer;
        let mut refusal = self.judge(&added, customer, |_| Total::from(units))?;
        if refusal.is_none() && self.ordered_overflows(line, units)? {
            refusal = refuse(RejectionCode::Overflow);
        }
        if refusal.is_none() {
            self.settle(EventCause::Reallocated)?;
        }
        Ok(refusal)
    }
}

impl Draft<'_> {
    /// Whether all units that a line ever ordered, cancelled ones too, would be more than a quantity holds.
    fn ordered_overflows(&self, line: u32, more: Quantity) -> Result<bool, Error> {
        let this = self.state.lines.at(line)?;
        let ordered = Total::from(self.state.wanted(this)?)
            .saturating_add(this.cancelled.into())
            .saturating_add(more.into());
        Ok(ordered > Total::from(Quantity::MAX))
    }
}

const ROW: Error = Error::Corrupt { at: "line" };
