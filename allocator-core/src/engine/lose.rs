//! Losing units, on paper: who gives them up.

use alloc::vec::Vec;

use super::draft::{Draft, PartDraft};
use super::state::NONE;
use super::ticket::compare;
use crate::error::Error;
use crate::quantity::{Quantity, add};

impl Draft<'_> {
    /// A shelf loses units: available ones first, then those of the largest served ticket there.
    pub(super) fn lose(&mut self, sku: usize, place: usize, units: Quantity) -> Result<(), Error> {
        let shelf = *self.shelf(sku, place)?;
        let mut left = units.saturating_sub(shelf.available.min(units));
        if left > 0 && shelf.account != NONE {
            let account = self.state.account_at(shelf.account)?;
            let mut next = self.state.forest.last(&account.served)?;
            while left > 0
                && let Some(part) = next
            {
                let has = self.state.taken_at(part, shelf.account)?.min(left);
                let index = self.part(part)?;
                self.take(index, place, has)?;
                left = left.saturating_sub(has);
                next = self.state.previous_served(part, shelf.account)?;
            }
            if left > 0 {
                left = self.lose_listed(sku, place, left)?;
            }
        }
        if left > 0 {
            return Err(Error::Corrupt {
                at: "more units lost than there were",
            });
        }
        self.make_available(sku, place, units.saturating_neg())
    }

    /// Parts on a list give units up, the largest served ticket first. O(parts × units).
    fn lose_listed(
        &mut self,
        sku: usize,
        place: usize,
        mut left: Quantity,
    ) -> Result<Quantity, Error> {
        let Some(rule) = self.sku_draft(sku)?.rule else {
            return Ok(left);
        };
        let account = self.shelf(sku, place)?.account;
        let mut here: Vec<(usize, Quantity)> = Vec::new();
        for part in self.listed_parts(sku)? {
            let slot = self.part_draft(part)?.slot;
            let has = self.state.taken_at(slot, account)?;
            if has > 0 {
                here.push((part, has));
            }
        }
        while left > 0 {
            let last = |part: usize| -> Option<super::ticket::Ticket> {
                let part = self.part_draft(part).ok()?;
                Some(part.ticket(&part.listed?, 1))
            };
            let largest = here.iter().enumerate().max_by(|(_, (a, _)), (_, (b, _))| {
                match (last(*a), last(*b)) {
                    (Some(a), Some(b)) => compare(&rule, &a, &b),
                    _ => core::cmp::Ordering::Equal,
                }
            });
            let Some((row, (part, has))) = largest.map(|(row, entry)| (row, *entry)) else {
                return Ok(left);
            };
            self.take(part, place, 1)?;
            left = left.saturating_sub(1);
            if has == 1 {
                here.swap_remove(row);
            } else if let Some(entry) = here.get_mut(row) {
                entry.1 = has.saturating_sub(1);
            }
        }
        Ok(left)
    }

    /// A line gives units up: waiting ones first, then those it has; the newest part first, the last
    /// location first. Returns what each part gives up, the newest first.
    pub(super) fn give_up(
        &mut self,
        line: u32,
        units: Quantity,
    ) -> Result<Vec<(usize, Quantity)>, Error> {
        let mut parts = self.parts_of(line)?;
        parts.reverse();
        let mut gone: Vec<(usize, Quantity)> = Vec::with_capacity(parts.len());
        let mut left = units;
        for part in &parts {
            let waiting = self.part_draft(*part)?.waiting.min(left);
            if waiting > 0 {
                self.make_wait(*part, waiting.saturating_neg())?;
            }
            left = left.saturating_sub(waiting);
            gone.push((*part, waiting));
        }
        for (part, gone) in &mut gone {
            if left == 0 {
                break;
            }
            for (place, has) in self.places_of(*part)?.into_iter().rev() {
                let has = has.min(left);
                if has == 0 {
                    break;
                }
                self.take(*part, place, has)?;
                self.make_wait(*part, has.saturating_neg())?;
                left = left.saturating_sub(has);
                *gone = add(*gone, has)?;
            }
        }
        gone.retain(|(_, units)| *units > 0);
        Ok(gone)
    }

    /// The parts of a line, the oldest first.
    pub(super) fn parts_of(&mut self, line: u32) -> Result<Vec<usize>, Error> {
        let mut parts = Vec::new();
        let mut part = self.state.lines.at(line)?.first_part;
        while part != NONE {
            parts.push(self.part(part)?);
            part = self.state.next_part(part)?;
        }
        Ok(parts)
    }

    /// Where a part of the state has units, in the order of its SKU's locations.
    pub(super) fn places_of(&mut self, part: usize) -> Result<Vec<(usize, Quantity)>, Error> {
        let PartDraft { slot, sku, .. } = *self.part_draft(part)?;
        let mut found = Vec::new();
        if slot == NONE {
            return Ok(found);
        }
        let mut next = self.state.first_taken(slot)?;
        while let Some(entry) = next {
            let places = &self.sku_draft(sku)?.places;
            let place = places
                .iter()
                .position(|place| place.account == entry.account);
            found.push((place.ok_or(ROW)?, entry.units));
            next = self.state.entry(entry.next)?;
        }
        found.sort_unstable();
        Ok(found)
    }
}

const ROW: Error = Error::Corrupt { at: "lose" };
