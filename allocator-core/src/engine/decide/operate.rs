//! Assign, Split, Ship and Return: what people in the warehouse do.

use alloc::vec::Vec;

use super::{Decided, Refusal, ended, lowest, refuse};
use crate::engine::draft::{Draft, PartDraft};
use crate::engine::event::{EventCause, Happening};
use crate::engine::rejection::RejectionCode;
use crate::engine::split::split_of;
use crate::engine::state::{NEVER, NONE};
use crate::error::Error;
use crate::id::{LineId, LocationId};
use crate::quantity::{Quantity, slot};

impl Draft<'_> {
    pub(super) fn decide_assign(
        &mut self,
        units: Quantity,
        location: LocationId,
        from: Option<LineId>,
        to: Option<LineId>,
    ) -> Decided {
        let mut lines = [None, None];
        for (slot, line) in lines.iter_mut().zip([from, to]) {
            match line.map(|line| self.find_line(line)) {
                Some(Ok(line)) => *slot = Some(line),
                Some(Err(refusal)) => return Ok(Some(refusal)),
                None => {}
            }
        }
        let refusal = self.cannot_assign(lines)?;
        if refusal.is_some() {
            return Ok(refusal);
        }
        let [from, to] = lines;
        let Some(line) = from.or(to) else {
            return Ok(None);
        };
        let sku = self.known_sku(self.state.lines.at(line)?.sku)?;
        let place = self.place(sku, location)?;
        if let Some(from) = from
            && self.has_at(from, place)? < units
        {
            return Ok(refuse(RejectionCode::TooMany));
        }
        if let Some(to) = to {
            let mut waiting: Quantity = 0;
            for part in self.parts_of(to)? {
                waiting = waiting.saturating_add(self.part_draft(part)?.waiting);
            }
            if waiting < units {
                return Ok(refuse(RejectionCode::TooMany));
            }
        }
        if from.is_none() && self.shelf(sku, place)?.available < units {
            return Ok(refuse(RejectionCode::NotAvailable));
        }
        if let Some(from) = from {
            self.take_for_assignment(from, place, units)?;
        }
        if let Some(to) = to {
            self.give_by_assignment(to, place, units)?;
        }
        self.mark(sku)?;
        self.finish()
    }

    fn cannot_assign(&self, lines: [Option<u32>; 2]) -> Decided {
        let [from, to] = lines;
        if let (Some(from), Some(to)) = (from, to)
            && self.state.lines.at(from)?.sku != self.state.lines.at(to)?.sku
        {
            return Ok(refuse(RejectionCode::UnknownLine));
        }
        let mut told: Refusal = None;
        for line in lines.into_iter().flatten() {
            let order = self.order_of_line(line)?;
            let held = (order.until != NEVER).then_some(RejectionCode::NotConfirmed);
            told = lowest([told, ended(order), held.and_then(refuse)]);
        }
        Ok(told)
    }

    /// Units of a line at a place.
    fn has_at(&mut self, line: u32, place: usize) -> Result<Quantity, Error> {
        let mut has: Quantity = 0;
        for part in self.parts_of(line)? {
            for (at, units) in self.places_of(part)? {
                if at == place {
                    has = has.saturating_add(units);
                }
            }
        }
        Ok(has)
    }

    fn take_for_assignment(
        &mut self,
        line: u32,
        place: usize,
        mut left: Quantity,
    ) -> Result<(), Error> {
        for part in self.parts_of(line)?.into_iter().rev() {
            for (at, units) in self.places_of(part)? {
                let units = units.min(left);
                if at == place && units > 0 {
                    self.take(part, place, units)?;
                    left = left.saturating_sub(units);
                    self.mark_part(part)?;
                }
            }
        }
        self.settle_as_made(EventCause::Assigned)
    }

    fn give_by_assignment(
        &mut self,
        line: u32,
        place: usize,
        mut left: Quantity,
    ) -> Result<(), Error> {
        for part in self.parts_of(line)? {
            let PartDraft { waiting, sku, .. } = *self.part_draft(part)?;
            let units = waiting.min(left);
            if units == 0 {
                continue;
            }
            let location = self.shelf(sku, place)?.location;
            let over = self.first_earlier(part, location)?;
            self.give(part, place, units, over)?;
            left = left.saturating_sub(units);
            self.mark_part(part)?;
        }
        self.settle_as_made(EventCause::Assigned)
    }

    pub(super) fn decide_split(
        &mut self,
        id: LineId,
        new_line: LineId,
        units: Quantity,
    ) -> Decided {
        let line = match self.find_line(id) {
            Ok(line) => line,
            Err(refusal) => return Ok(Some(refusal)),
        };
        if self.state.line_slot(new_line).is_some() {
            return Ok(refuse(RejectionCode::LineExists));
        }
        let refusal = ended(self.order_of_line(line)?);
        if refusal.is_some() {
            return Ok(refusal);
        }
        let open = self.open_units(line)?;
        let wanted = self.state.wanted(self.state.lines.at(line)?)?;
        if units > open || units == wanted {
            return Ok(refuse(RejectionCode::TooMany));
        }
        let pieces = split_of(self.state, line, units)?;
        let (mut waiting, mut taken): (Quantity, Quantity) = (0, 0);
        for (number, piece) in (0_u32..).zip(&pieces) {
            waiting = waiting.saturating_add(piece.waiting);
            taken = taken.saturating_add(piece.taken);
            let old = self.part(piece.part)?;
            self.make_wait(old, piece.waiting.saturating_neg())?;
            let draft = slot(&mut self.scratch.parts, old)?;
            draft.served = draft.served.saturating_sub(piece.taken);
            let mut new = PartDraft {
                slot: NONE,
                line: new_line,
                number,
                listed: piece.listed,
                served: piece.taken,
                waiting: 0,
                ..*draft
            };
            new.key.first_unit = piece.first_unit;
            let new = self.add_part(new);
            self.make_wait(new, piece.waiting)?;
            self.mark_part(new)?;
        }
        self.emit(Happening::Split {
            line: id,
            new_line,
            waiting,
            taken,
        });
        self.finish()
    }

    pub(super) fn decide_ship(
        &mut self,
        id: LineId,
        units: Quantity,
        location: Option<LocationId>,
    ) -> Decided {
        let line = match self.find_line(id) {
            Ok(line) => line,
            Err(refusal) => return Ok(Some(refusal)),
        };
        let order = self.order_of_line(line)?;
        let held = (order.until != NEVER).then_some(RejectionCode::NotConfirmed);
        let refusal = lowest([ended(order), held.and_then(refuse)]);
        if refusal.is_some() {
            return Ok(refusal);
        }
        let mut shipped: Vec<(usize, LocationId, Quantity)> = Vec::new();
        let mut left = units;
        for part in self.parts_of(line)? {
            let sku = self.part_draft(part)?.sku;
            for (place, has) in self.places_of(part)? {
                let here = self.shelf(sku, place)?.location;
                let has = has.min(left);
                if has > 0 && location.is_none_or(|location| location == here) {
                    left = left.saturating_sub(has);
                    shipped.push((part, here, has));
                }
            }
        }
        if left > 0 {
            return Ok(refuse(RejectionCode::NotAllocated));
        }
        for (part, location, units) in shipped {
            let part = *self.part_draft(part)?;
            self.emit(Happening::Shipped {
                line: id,
                part: part.number,
                location,
                units,
            });
        }
        Ok(None)
    }

    pub(super) fn decide_return(
        &mut self,
        id: LineId,
        units: Quantity,
        location: LocationId,
        scrap: bool,
    ) -> Decided {
        let line = match self.find_line(id) {
            Ok(line) => line,
            Err(refusal) => return Ok(Some(refusal)),
        };
        let mut back: Vec<(usize, Quantity)> = Vec::new();
        let mut left = units;
        for part in self.parts_of(line)?.into_iter().rev() {
            let slot = self.part_draft(part)?.slot;
            let was = self.state.shipped_from(slot, location)?.min(left);
            if was > 0 {
                left = left.saturating_sub(was);
                back.push((part, was));
            }
        }
        if left > 0 {
            return Ok(refuse(RejectionCode::TooMany));
        }
        for (part, units) in back {
            let PartDraft { number, sku, .. } = *self.part_draft(part)?;
            let place = self.place(sku, location)?;
            let draft = slot(&mut self.scratch.parts, part)?;
            draft.served = draft.served.saturating_sub(units);
            if !scrap {
                self.make_available(sku, place, units)?;
            }
            self.emit(Happening::Returned {
                line: id,
                part: number,
                location,
                units,
                scrapped: scrap,
            });
            self.mark(sku)?;
        }
        self.finish()
    }
}
