//! Place: holds, orders and swaps.

use alloc::vec::Vec;

use super::accept::{Added, ahead};
use super::{Decided, Refusal, ended, lowest, refuse};
use crate::engine::command::{Ahead, Place, PlaceLine};
use crate::engine::draft::{Draft, PartDraft, effective_pack};
use crate::engine::event::{EventCause, Happening};
use crate::engine::fill::Fill;
use crate::engine::order::Key;
use crate::engine::policy::Inflow;
use crate::engine::rejection::{Rejection, RejectionCode};
use crate::engine::state::{NEVER, NONE};
use crate::error::Error;
use crate::id::SkuId;
use crate::quantity::{Quantity, Total, slot};
use crate::time::Timestamp;

impl Draft<'_> {
    pub(super) fn decide_place(&mut self, place: &Place) -> Decided {
        let refusal = self.cannot_place(place)?;
        if refusal.is_some() {
            return Ok(refusal);
        }
        let mut units: Vec<Quantity> = place.lines.iter().map(|line| line.units).collect();
        let mut refusal = self.try_place(place, &units)?;
        if place.partial && refusal.is_some() {
            refusal = self.shrink(place, &mut units)?;
        }
        Ok(refusal)
    }

    /// The refusals that do not depend on units.
    fn cannot_place(&self, place: &Place) -> Decided {
        let state = self.state;
        let replaced = match place.replaces.map(|line| self.find_line(line)) {
            Some(Err(refusal)) => return Ok(Some(refusal)),
            Some(Ok(line)) => Some(self.order_of_line(line)?),
            None => None,
        };
        let known = match state.order_slot(place.order) {
            Some(order) => Some(state.orders.at(order)?),
            None => None,
        };
        let until = place.until.map_or(NEVER, Timestamp::as_micros);
        if let Some(known) = known
            && (known.customer != place.customer
                || known.until != until
                || known.together != place.together)
        {
            return Ok(refuse(RejectionCode::OrderDiffers));
        }
        for (row, line) in (0..).zip(&place.lines) {
            if state.line_slot(line.line).is_some() {
                return Ok(Some(Rejection::of_line(RejectionCode::LineExists, row)));
            }
        }
        let orders = known.into_iter().chain(replaced);
        let refusal = lowest(orders.map(ended));
        if refusal.is_some() {
            return Ok(refusal);
        }
        let Some(until) = place.until else {
            return Ok(None);
        };
        if until <= self.now {
            return Ok(refuse(RejectionCode::DeadlinePassed));
        }
        let asked = place.lines.iter().map(|line| line.sku);
        if self.lives_too_long(until, state.order_slot(place.order), asked)? {
            return Ok(refuse(RejectionCode::HoldTooLong));
        }
        Ok(None)
    }

    /// Whether a hold until then would live longer than the strictest policy of its SKUs allows.
    pub(super) fn lives_too_long(
        &self,
        until: Timestamp,
        order: Option<u32>,
        more: impl IntoIterator<Item = SkuId>,
    ) -> Result<bool, Error> {
        let life = until.as_micros().checked_sub(self.now.as_micros());
        let mut strictest = i64::MAX;
        let mut policies = Vec::new();
        for sku in more {
            policies.push(match self.state.sku_slots.get(sku.0) {
                Some(slot) => self.state.policy_of(slot)?,
                None => &self.state.policy,
            });
        }
        if let Some(order) = order {
            for line in self.lines_of(order)? {
                policies.push(self.state.policy_of(self.state.lines.at(line)?.sku)?);
            }
        }
        for policy in policies {
            strictest = strictest.min(policy.hold_max.unwrap_or(i64::MAX));
        }
        Ok(strictest < i64::MAX && life.is_none_or(|life| life > strictest))
    }

    /// Places these units of each line on paper, and judges them. What stood on the paper is gone.
    fn try_place(&mut self, place: &Place, units: &[Quantity]) -> Decided {
        self.start_again();
        let mut freed: Vec<(usize, Quantity)> = Vec::new();
        if let Some(line) = place.replaces.and_then(|line| self.state.line_slot(line)) {
            freed = self.replace(line, place)?;
        }
        let mut added: Vec<Added> = Vec::with_capacity(place.lines.len());
        let mut mine: Vec<(usize, Total)> = Vec::new();
        for (row, (line, units)) in (0_u32..).zip(place.lines.iter().zip(units)) {
            let part = self.new_line(place, row, line, *units)?;
            let sku = self.part_draft(part)?.sku;
            mine.push((sku, (*units).into()));
            if *units > 0 {
                added.push(Added {
                    row: Some(row),
                    part,
                    ahead: line.ahead,
                });
            }
        }
        for (sku, units) in freed {
            mine.push((sku, Total::from(units).saturating_neg()));
        }
        self.mark_at_once(&added)?;
        self.fill(Fill::Inflow)?;
        let refusal = self.judge(&added, place.customer, |sku| {
            let of_sku = mine.iter().filter(|(other, _)| *other == sku);
            of_sku.fold(0, |sum, (_, units)| Total::saturating_add(sum, *units))
        })?;
        if refusal.is_none() {
            self.settle(EventCause::Reallocated)?;
        }
        Ok(refusal)
    }

    /// Cancels the open units of a line that is swapped. Returns what its customer has less, if he is
    /// the one who places.
    fn replace(&mut self, line: u32, place: &Place) -> Result<Vec<(usize, Quantity)>, Error> {
        let open = self.open_units(line)?;
        let gone = self.cancel_units(line, open, EventCause::Replaced)?;
        let customer = self.order_of_line(line)?.customer;
        let mut freed = Vec::new();
        for (part, units) in gone {
            self.mark_part(part)?;
            if customer == place.customer {
                freed.push((self.part_draft(part)?.sku, units));
            }
        }
        Ok(freed)
    }

    /// A line of the request, on paper; it waits.
    fn new_line(
        &mut self,
        place: &Place,
        row: u32,
        line: &PlaceLine,
        units: Quantity,
    ) -> Result<usize, Error> {
        let sku = self.sku(line.sku)?;
        if let Some(location) = line.location {
            self.place(sku, location)?;
        }
        let key = Key {
            priority: line.priority,
            placed_at: line.placed_at.unwrap_or(self.now),
            sequence: self.state.counter.saturating_add(row.into()),
            first_unit: 0,
        };
        self.emit(Happening::Placed {
            order: place.order,
            customer: place.customer,
            until: place.until,
            together: place.together,
            line: line.line,
            sku: line.sku,
            location: line.location,
            units,
            shortfall: line.units.saturating_sub(units),
            pack: line.pack,
            priority: key.priority,
            placed_at: key.placed_at,
            sequence: key.sequence,
        });
        let pack = effective_pack(line.pack, self.policy(sku)?);
        let part = self.add_part(PartDraft {
            slot: NONE,
            line: line.line,
            number: 0,
            order: self.state.order_slot(place.order).unwrap_or(NONE),
            together: place.together,
            sku,
            tie: line.location,
            pack,
            key,
            listed: None,
            at_once: false,
            served: 0,
            waiting: 0,
        });
        if units > 0 {
            self.make_wait(part, units)?;
            let draft = self.sku_draft_mut(sku)?;
            draft.demanded = draft.demanded.saturating_add(units.into());
        }
        Ok(part)
    }

    /// Claims on stock only, of SKUs whose free units serve nobody by themselves, may take theirs at once:
    /// where units are kept, only if no more than before are sold ahead of stock.
    pub(super) fn mark_at_once(&mut self, added: &[Added]) -> Result<(), Error> {
        for one in added {
            let part = *self.part_draft(one.part)?;
            let policy = self.policy(part.sku)?;
            let sku = self.sku_draft(part.sku)?;
            let priority = part.key.priority;
            let rises = || {
                ahead(sku.totals(), policy, priority, false)
                    > ahead(sku.before, policy, priority, false)
            };
            let may = match policy.inflow {
                Inflow::Serve => false,
                Inflow::Keep => !rises(),
                Inflow::Sell => true,
            };
            slot(&mut self.scratch.parts, one.part)?.at_once = may && one.ahead == Ahead::No;
            self.mark_part(one.part)?;
        }
        Ok(())
    }

    /// Shrinks each line in order to the most units that are accepted, the later ones not placed yet.
    fn shrink(&mut self, place: &Place, units: &mut [Quantity]) -> Decided {
        let asked: Vec<Quantity> = units.to_vec();
        units.fill(0);
        for (row, asked) in asked.iter().enumerate() {
            let (mut least, mut most) = (0, *asked);
            while least < most {
                let half = least.saturating_add(most.saturating_sub(least).saturating_add(1) / 2);
                // The whole line first: mostly it fits.
                let half = if least == 0 && most == *asked {
                    most
                } else {
                    half
                };
                set(units, row, half);
                if self.try_place(place, units)?.is_none() {
                    least = half;
                } else {
                    most = half.saturating_sub(1);
                }
            }
            set(units, row, least);
        }
        if units.iter().any(|units| *units > 0) {
            return self.try_place(place, units);
        }
        // Refused as one unit of each by itself would be.
        let mut told: Refusal = None;
        for row in 0..units.len() {
            units.fill(0);
            set(units, row, 1);
            let refusal = self.try_place(place, units)?;
            told = lowest([told, refusal]);
        }
        Ok(told)
    }

    /// Units of a line that wait or that it has.
    pub(super) fn open_units(&self, line: u32) -> Result<Quantity, Error> {
        let mut part = self.state.lines.at(line)?.first_part;
        let mut open: Quantity = 0;
        while part != NONE {
            let this = self.state.parts.at(part)?;
            open = open.saturating_add(this.waiting);
            open = open.saturating_add(self.state.taken(part)?);
            part = self.state.next_part(part)?;
        }
        Ok(open)
    }

    /// Cancels units of a line on paper and writes it down; what each part gave up, the newest first.
    pub(super) fn cancel_units(
        &mut self,
        line: u32,
        units: Quantity,
        cause: EventCause,
    ) -> Result<Vec<(usize, Quantity)>, Error> {
        let gone = self.give_up(line, units)?;
        self.settle_as_made(cause)?;
        for (part, units) in &gone {
            let PartDraft {
                line, number, sku, ..
            } = *self.part_draft(*part)?;
            self.emit(Happening::Cancelled {
                line,
                part: number,
                units: *units,
                cause,
            });
            let draft = self.sku_draft_mut(sku)?;
            draft.demanded = draft.demanded.saturating_sub((*units).into());
        }
        Ok(gone)
    }
}

fn set(units: &mut [Quantity], row: usize, value: Quantity) {
    if let Some(units) = units.get_mut(row) {
        *units = value;
    }
}
