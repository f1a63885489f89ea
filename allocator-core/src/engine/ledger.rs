//! The one ledger: the seven moves of units between accounts, and the queues that follow them.
//!
//! Each move changes an account and the part that the units belong to in one step, by checked
//! arithmetic that never goes below zero. A move that cannot be is a contradiction of the engine with
//! itself: [`Error::Corrupt`].

use super::command::StockCause;
use super::order::{QueueItems, ServedItems, ServedRead};
use super::state::{Entry, Extra, NEVER, NONE, Order, Part, State};
use super::view::StockPosition;
use crate::error::Error;
use crate::id::LocationId;
use crate::quantity::{Quantity, add, slot, sub};

impl StockPosition {
    /// The units that holds, or orders, have taken.
    fn taken(&mut self, held: bool) -> &mut Quantity {
        if held {
            &mut self.reserved
        } else {
            &mut self.allocated
        }
    }
}

impl State {
    /// available → reserved or allocated.
    pub(super) fn fill(&mut self, part: u32, account: u32, units: Quantity) -> Result<(), Error> {
        let held = self.order_of_part(part)?.until != NEVER;
        let position = &mut slot(&mut self.accounts, account as usize)?.position;
        position.available = sub(position.available, units)?;
        let taken = position.taken(held);
        *taken = add(*taken, units)?;
        self.wait_less(part, units)?;
        self.has_more(part, account, units)
    }

    /// reserved or allocated → available.
    pub(super) fn take_back(
        &mut self,
        part: u32,
        account: u32,
        units: Quantity,
    ) -> Result<(), Error> {
        let held = self.order_of_part(part)?.until != NEVER;
        let position = &mut slot(&mut self.accounts, account as usize)?.position;
        position.available = add(position.available, units)?;
        let taken = position.taken(held);
        *taken = sub(*taken, units)?;
        self.has_less(part, account, units)?;
        self.wait_more(part, units)
    }

    /// reserved → allocated, for one part.
    pub(super) fn confirm(&mut self, part: u32) -> Result<(), Error> {
        let mut next = self.first_taken(part)?;
        while let Some(place) = next {
            let position = &mut slot(&mut self.accounts, place.account as usize)?.position;
            position.reserved = sub(position.reserved, place.units)?;
            position.allocated = add(position.allocated, place.units)?;
            next = self.entry(place.next)?;
        }
        Ok(())
    }

    /// allocated → shipped.
    pub(super) fn ship(&mut self, part: u32, account: u32, units: Quantity) -> Result<(), Error> {
        let position = &mut slot(&mut self.accounts, account as usize)?.position;
        position.allocated = sub(position.allocated, units)?;
        position.shipped = add(position.shipped, units)?;
        self.has_less(part, account, units)?;
        self.shipped_more(part, account, units)
    }

    /// shipped → available or scrapped. The demand is gone.
    pub(super) fn come_back(
        &mut self,
        part: u32,
        account: u32,
        units: Quantity,
        scrapped: bool,
    ) -> Result<(), Error> {
        let position = &mut slot(&mut self.accounts, account as usize)?.position;
        position.shipped = sub(position.shipped, units)?;
        let to = if scrapped {
            &mut position.scrapped
        } else {
            &mut position.available
        };
        *to = add(*to, units)?;
        self.shipped_less(part, account, units)?;
        self.wanted_less(part, units)
    }

    /// received or scrapped ↔ available.
    pub(super) fn stock(
        &mut self,
        account: u32,
        by: Quantity,
        cause: StockCause,
    ) -> Result<(), Error> {
        let account = slot(&mut self.accounts, account as usize)?;
        account.booked = true;
        let position = &mut account.position;
        position.available = signed(position.available, by)?;
        if cause == StockCause::Damage {
            let back = by.checked_neg().ok_or(OVERFLOW)?;
            position.scrapped = signed(position.scrapped, back)?;
            return Ok(());
        }
        position.received = signed(position.received, by)?;
        let sku = slot(&mut self.skus, account.sku as usize)?;
        sku.received = signed(sku.received, by)?;
        Ok(())
    }

    /// available → available elsewhere; `received` moves along.
    pub(super) fn transfer(&mut self, from: u32, to: u32, units: Quantity) -> Result<(), Error> {
        for (account, out) in [(from, true), (to, false)] {
            let account = slot(&mut self.accounts, account as usize)?;
            account.booked = true;
            for units_here in [
                &mut account.position.available,
                &mut account.position.received,
            ] {
                *units_here = if out {
                    sub(*units_here, units)?
                } else {
                    add(*units_here, units)?
                };
            }
        }
        Ok(())
    }
}

const OVERFLOW: Error = Error::Corrupt { at: "units" };

/// A sum that is not below zero.
fn signed(units: Quantity, by: Quantity) -> Result<Quantity, Error> {
    units
        .checked_add(by)
        .filter(|units| *units >= 0)
        .ok_or(OVERFLOW)
}

/// What waits, and the queues.
impl State {
    /// More units of a part wait.
    pub(super) fn wait_more(&mut self, part: u32, units: Quantity) -> Result<(), Error> {
        if units == 0 {
            return Ok(());
        }
        let line = self.lines.at(self.parts.at(part)?.line)?;
        let (sku, tie, together) = (line.sku, line.tie, self.orders.at(line.order)?.together);
        let listed = self.is_listed(part)?;
        let before = self.parts.at(part)?.waiting;
        self.parts.at_mut(part)?.waiting = add(before, units)?;
        let sku = slot(&mut self.skus, sku as usize)?;
        sku.waiting = add(sku.waiting, units)?;
        if before == 0 && together {
            sku.together = sku.together.saturating_add(1);
        }
        let mut queue = &mut sku.queue;
        if tie != NONE {
            let account = slot(&mut self.accounts, tie as usize)?;
            account.tied_waiting = add(account.tied_waiting, units)?;
            queue = &mut account.queue;
        }
        if listed {
            return Ok(());
        }
        let mut items = QueueItems {
            parts: &mut self.parts,
            extras: &self.extras,
        };
        if before == 0 {
            self.forest.insert(queue, part, &mut items)
        } else {
            self.forest.change(queue, part, units, &items)
        }
    }

    /// Fewer units of a part wait.
    pub(super) fn wait_less(&mut self, part: u32, units: Quantity) -> Result<(), Error> {
        if units == 0 {
            return Ok(());
        }
        let line = self.lines.at(self.parts.at(part)?.line)?;
        let (sku, tie, together) = (line.sku, line.tie, self.orders.at(line.order)?.together);
        let listed = self.is_listed(part)?;
        let left = sub(self.parts.at(part)?.waiting, units)?;
        let sku = slot(&mut self.skus, sku as usize)?;
        sku.waiting = sub(sku.waiting, units)?;
        if left == 0 && together {
            sku.together = sku.together.saturating_sub(1);
        }
        let mut queue = &mut sku.queue;
        if tie != NONE {
            let account = slot(&mut self.accounts, tie as usize)?;
            account.tied_waiting = sub(account.tied_waiting, units)?;
            queue = &mut account.queue;
        }
        if !listed {
            let mut items = QueueItems {
                parts: &mut self.parts,
                extras: &self.extras,
            };
            if left == 0 {
                self.forest.remove(queue, part, &mut items)?;
            } else {
                let less = units.checked_neg().ok_or(OVERFLOW)?;
                self.forest.change(queue, part, less, &items)?;
            }
        }
        self.parts.at_mut(part)?.waiting = left;
        Ok(())
    }

    /// Ordered less cancelled falls: of the line, its SKU and its customer.
    pub(super) fn wanted_less(&mut self, part: u32, units: Quantity) -> Result<(), Error> {
        let line = self.parts.at(part)?.line;
        let line = self.lines.at_mut(line)?;
        line.cancelled = add(line.cancelled, units)?;
        let (sku, order) = (line.sku, line.order);
        self.demand(sku, order, units.checked_neg().ok_or(OVERFLOW)?)
    }

    /// Ordered less cancelled changes.
    pub(super) fn demand(&mut self, sku: u32, order: u32, by: Quantity) -> Result<(), Error> {
        let customer = self.orders.at(order)?.customer;
        let sku = slot(&mut self.skus, sku as usize)?;
        sku.demanded = signed(sku.demanded, by)?;
        if let (Some(caps), Some(customer)) = (sku.caps.as_mut(), customer) {
            let units = caps.entry(customer).or_insert(0);
            *units = signed(*units, by)?;
            if *units == 0 {
                caps.remove(&customer);
            }
        }
        Ok(())
    }
}

/// What a part has, and where.
impl State {
    pub(super) fn entry(&self, entry: u32) -> Result<Option<Entry>, Error> {
        if entry == NONE {
            return Ok(None);
        }
        Ok(Some(*self.entries.at(entry)?))
    }

    /// The first location at which a part has units; the others follow.
    pub(super) fn first_taken(&self, part: u32) -> Result<Option<Entry>, Error> {
        let part = self.parts.at(part)?;
        if part.taken == 0 {
            return Ok(None);
        }
        let next = if part.extra == NONE {
            NONE
        } else {
            self.extras.at(part.extra)?.taken
        };
        Ok(Some(Entry {
            account: part.account,
            units: part.taken,
            leaf: part.served_leaf,
            next,
        }))
    }

    /// The first location from which a part was shipped; the others follow.
    pub(super) fn first_shipped(&self, part: u32) -> Result<Option<Entry>, Error> {
        let extra = self.parts.at(part)?.extra;
        if extra == NONE {
            return Ok(None);
        }
        self.entry(self.extras.at(extra)?.shipped)
    }

    /// Units of a part at an account.
    pub(super) fn taken_at(&self, part: u32, account: u32) -> Result<Quantity, Error> {
        let mut next = self.first_taken(part)?;
        while let Some(place) = next {
            if place.account == account {
                return Ok(place.units);
            }
            next = self.entry(place.next)?;
        }
        Ok(0)
    }

    /// Units a part has in all.
    pub(super) fn taken(&self, part: u32) -> Result<Quantity, Error> {
        self.sum(self.first_taken(part)?)
    }

    /// Units of a part that were shipped and did not come back.
    pub(super) fn shipped(&self, part: u32) -> Result<Quantity, Error> {
        self.sum(self.first_shipped(part)?)
    }

    fn sum(&self, mut next: Option<Entry>) -> Result<Quantity, Error> {
        let mut sum = 0;
        while let Some(place) = next {
            sum = add(sum, place.units)?;
            next = self.entry(place.next)?;
        }
        Ok(sum)
    }

    /// Where an account's location stands among all locations.
    pub(super) fn location_of(&self, account: u32) -> Result<u32, Error> {
        at_ref(&self.accounts, account).map(|account| account.location)
    }

    /// A part has more units at an account.
    pub(super) fn has_more(
        &mut self,
        part: u32,
        account: u32,
        units: Quantity,
    ) -> Result<(), Error> {
        let before = self.taken_at(part, account)?;
        if before > 0 {
            self.set_taken(part, account, add(before, units)?)?;
            return self.served(part, account, units, Some(before));
        }
        let location = self.location_of(account)?;
        let first = self.first_taken(part)?;
        let goes_first = match &first {
            None => true,
            Some(first) => location < self.location_of(first.account)?,
        };
        if goes_first {
            if let Some(first) = first {
                let moved = self.entries.insert(first)?;
                self.extra_mut(part)?.taken = moved;
            }
            let part = self.parts.at_mut(part)?;
            (part.account, part.taken, part.served_leaf) = (account, units, NONE);
        } else {
            let head = self.extra_mut(part)?.taken;
            let head = self.insert_entry(head, account, units)?;
            self.extra_mut(part)?.taken = head;
        }
        self.served(part, account, units, None)
    }

    /// A part has fewer units at an account.
    pub(super) fn has_less(
        &mut self,
        part: u32,
        account: u32,
        units: Quantity,
    ) -> Result<(), Error> {
        let before = self.taken_at(part, account)?;
        let left = sub(before, units)?;
        let less = units.checked_neg().ok_or(OVERFLOW)?;
        self.served(part, account, less, Some(before))?;
        if left > 0 {
            return self.set_taken(part, account, left);
        }
        if self.parts.at(part)?.account != account {
            let head = self.extra_mut(part)?.taken;
            let head = self.remove_entry(head, account)?;
            self.extra_mut(part)?.taken = head;
            return Ok(());
        }
        let extra = self.parts.at(part)?.extra;
        let next = if extra == NONE {
            NONE
        } else {
            self.extras.at(extra)?.taken
        };
        let part = self.parts.at_mut(part)?;
        if next == NONE {
            (part.account, part.taken, part.served_leaf) = (NONE, 0, NONE);
            return Ok(());
        }
        let entry = self.entries.take(next)?;
        (part.account, part.taken, part.served_leaf) = (entry.account, entry.units, entry.leaf);
        self.extras.at_mut(extra)?.taken = entry.next;
        Ok(())
    }

    /// Keeps the queue of those served at an account: `by` more units of the part, which had `before`
    /// there (`None`: it was not in it).
    fn served(
        &mut self,
        part: u32,
        account: u32,
        by: Quantity,
        before: Option<Quantity>,
    ) -> Result<(), Error> {
        if self.is_listed(part)? {
            return Ok(());
        }
        let tree = &mut slot(&mut self.accounts, account as usize)?.served;
        let mut items = ServedItems {
            parts: &mut self.parts,
            extras: &self.extras,
            entries: &mut self.entries,
            account,
        };
        match before {
            None => self.forest.insert(tree, part, &mut items),
            Some(before) if signed(before, by)? == 0 => self.forest.remove(tree, part, &mut items),
            Some(_) => self.forest.change(tree, part, by, &items),
        }
    }

    fn set_taken(&mut self, part: u32, account: u32, units: Quantity) -> Result<(), Error> {
        let extra = {
            let part = self.parts.at_mut(part)?;
            if part.account == account {
                part.taken = units;
                return Ok(());
            }
            part.extra
        };
        let head = self.extras.at(extra)?.taken;
        self.entry_mut(head, account)?.units = units;
        Ok(())
    }

    fn shipped_more(&mut self, part: u32, account: u32, units: Quantity) -> Result<(), Error> {
        let head = self.extra_mut(part)?.shipped;
        if let Ok(entry) = self.entry_mut(head, account) {
            entry.units = add(entry.units, units)?;
            return Ok(());
        }
        let head = self.insert_entry(head, account, units)?;
        self.extra_mut(part)?.shipped = head;
        Ok(())
    }

    fn shipped_less(&mut self, part: u32, account: u32, units: Quantity) -> Result<(), Error> {
        let head = self.extra_mut(part)?.shipped;
        let entry = self.entry_mut(head, account)?;
        entry.units = sub(entry.units, units)?;
        if entry.units == 0 {
            let head = self.remove_entry(head, account)?;
            self.extra_mut(part)?.shipped = head;
        }
        Ok(())
    }

    /// Units of a part that were shipped from a location.
    pub(super) fn shipped_from(&self, part: u32, location: LocationId) -> Result<Quantity, Error> {
        let mut next = self.first_shipped(part)?;
        while let Some(place) = next {
            let here = self.location_of(place.account)?;
            if self.locations.get(here as usize) == Some(&location) {
                return Ok(place.units);
            }
            next = self.entry(place.next)?;
        }
        Ok(0)
    }

    /// A part enters the queue of those served at an account, where it has units already.
    pub(super) fn serve(&mut self, part: u32, account: u32) -> Result<(), Error> {
        self.served(part, account, 0, None)
    }

    /// A part leaves that queue and keeps its units.
    pub(super) fn unserve(&mut self, part: u32, account: u32) -> Result<(), Error> {
        let tree = &mut slot(&mut self.accounts, account as usize)?.served;
        let mut items = ServedItems {
            parts: &mut self.parts,
            extras: &self.extras,
            entries: &mut self.entries,
            account,
        };
        self.forest.remove(tree, part, &mut items)
    }

    /// The part behind one in the queue of those served at an account.
    pub(super) fn next_served(&self, part: u32, account: u32) -> Result<Option<u32>, Error> {
        self.forest.next(part, &self.served_read(account))
    }

    /// The part before one in that queue.
    pub(super) fn previous_served(&self, part: u32, account: u32) -> Result<Option<u32>, Error> {
        self.forest.prev(part, &self.served_read(account))
    }

    pub(super) const fn served_read(&self, account: u32) -> ServedRead<'_> {
        ServedRead {
            parts: &self.parts,
            extras: &self.extras,
            entries: &self.entries,
            account,
        }
    }

    /// The extra of a part, made where it has none.
    pub(super) fn extra_mut(&mut self, part: u32) -> Result<&mut Extra, Error> {
        let mut extra = self.parts.at(part)?.extra;
        if extra == NONE {
            extra = self.extras.insert(Extra::default())?;
            self.parts.at_mut(part)?.extra = extra;
        }
        self.extras.at_mut(extra)
    }

    fn entry_mut(&mut self, mut entry: u32, account: u32) -> Result<&mut Entry, Error> {
        while entry != NONE && self.entries.at(entry)?.account != account {
            entry = self.entries.at(entry)?.next;
        }
        self.entries.at_mut(entry)
    }

    /// Puts an entry into a chain in the order of locations; returns its head.
    fn insert_entry(&mut self, head: u32, account: u32, units: Quantity) -> Result<u32, Error> {
        let location = self.location_of(account)?;
        let (mut before, mut after) = (NONE, head);
        while let Some(entry) = self.entry(after)? {
            if location < self.location_of(entry.account)? {
                break;
            }
            (before, after) = (after, entry.next);
        }
        let new = self.entries.insert(Entry {
            account,
            units,
            leaf: NONE,
            next: after,
        })?;
        if before == NONE {
            return Ok(new);
        }
        self.entries.at_mut(before)?.next = new;
        Ok(head)
    }

    /// Takes an entry out of a chain; returns its head.
    fn remove_entry(&mut self, head: u32, account: u32) -> Result<u32, Error> {
        let (mut before, mut here) = (NONE, head);
        while self.entries.at(here)?.account != account {
            (before, here) = (here, self.entries.at(here)?.next);
        }
        let after = self.entries.take(here)?.next;
        if before == NONE {
            return Ok(after);
        }
        self.entries.at_mut(before)?.next = after;
        Ok(head)
    }
}

/// Small readings.
impl State {
    pub(super) fn order_of_part(&self, part: u32) -> Result<&Order, Error> {
        let line = self.lines.at(self.parts.at(part)?.line)?;
        self.orders.at(line.order)
    }

    pub(super) fn is_listed(&self, part: u32) -> Result<bool, Error> {
        let extra = self.parts.at(part)?.extra;
        Ok(extra != NONE && self.extras.at(extra)?.listed.is_some())
    }

    /// Whether any of a part's units is open.
    pub(super) fn is_open(part: &Part) -> bool {
        part.waiting > 0 || part.taken > 0
    }
}

fn at_ref<T>(values: &[T], index: u32) -> Result<&T, Error> {
    values
        .get(index as usize)
        .ok_or(Error::Corrupt { at: "row" })
}
