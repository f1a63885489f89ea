//! Orders with their lines and parts, from bytes.

use alloc::vec::Vec;

use super::bits::{Bits, line, order, part};
use super::numbers::Numbers;
use super::queues::Queues;
use crate::engine::codec::{Code, Reader};
use crate::engine::command::Pack;
use crate::engine::state::{Account, Entry, Listed, NEVER, NONE, Order, State};
use crate::engine::view::{Ended, StockPosition};
use crate::error::Error;
use crate::id::{LineId, OrderId};
use crate::quantity::{Quantity, Total, add, slot};
use crate::time::Timestamp;

/// Fewest bytes of a part, of a line with one, and of an order with one of these.
const PART: usize = 1 + 8 + 8;
const LINE: usize = 1 + 4 + 4 + PART;
const ORDER: usize = 1 + 4 + LINE;
/// Bytes of a location with units.
const PLACE: usize = 4 + 8;

/// What is at work while orders are read.
pub(super) struct Orders<'s> {
    state: &'s mut State,
    numbers: &'s mut Numbers,
    /// What parts have at each account: reserved, allocated, shipped.
    claimed: Vec<Claimed>,
    queues: Queues,
    said: Said,
}

#[derive(Clone, Debug, Default)]
struct Claimed {
    reserved: Total,
    allocated: Total,
    shipped: Total,
}

/// A part as its bytes have it.
#[derive(Debug, Default)]
struct Said {
    priority: i32,
    placed_at: Timestamp,
    sequence: u64,
    first_unit: Quantity,
    waiting: Quantity,
    /// Locations, by their mention, with units.
    taken: Vec<(u32, Quantity)>,
    shipped: Vec<(u32, Quantity)>,
    listed: Option<Listed>,
}

/// The order whose lines are read.
#[derive(Clone, Copy)]
struct Reading {
    order: u32,
    held: bool,
    open: u32,
    first_sequence: Option<u64>,
    /// What the line that is read ordered so far.
    ordered: Quantity,
}

impl<'s> Orders<'s> {
    /// Reads all orders into a state that has its accounts.
    pub(super) fn read(
        state: &'s mut State,
        numbers: &'s mut Numbers,
        from: &mut Reader<'_>,
    ) -> Result<(), Error> {
        let mut this = Self {
            claimed: alloc::vec![Claimed::default(); state.accounts.len()],
            state,
            numbers,
            queues: Queues::new(),
            said: Said::default(),
        };
        let mut last = None;
        for _ in 0..from.count(ORDER)? {
            let sequence = this.order(from)?;
            from.must(last < sequence, "orders not in order")?;
            last = sequence;
        }
        from.found(this.queues.build(this.state))?;
        for (account, claimed) in this.state.accounts.iter().zip(&this.claimed) {
            from.must(adds_up(account, claimed), "units that do not add up")?;
        }
        Ok(())
    }

    /// Reads an order. Gives the number of its first part.
    fn order(&mut self, from: &mut Reader<'_>) -> Result<Option<u64>, Error> {
        let bits = Bits(u8::read(from)?);
        let id = OrderId::read(from)?;
        let customer = match bits.has(order::CUSTOMER) {
            true => Some(Code::read(from)?),
            false => None,
        };
        let until = match bits.has(order::UNTIL) {
            true => i64::read(from)?,
            false => NEVER,
        };
        let held = until != NEVER;
        from.must(held == bits.has(order::UNTIL), "a hold without an end")?;
        let closed_at = match bits.has(order::CLOSED) {
            true => Some(Timestamp::read(from)?),
            false => None,
        };
        let ended = match (bits.has(order::EXPIRED), bits.has(order::CANCELLED)) {
            (false, false) => Ended::No,
            (true, false) => Ended::Expired,
            (false, true) => Ended::Cancelled,
            (true, true) => return Err(from.fault("an order that ended twice")),
        };
        let extensions = match bits.has(order::EXTENSIONS) {
            true => above(0, u32::read(from)?, from)?,
            false => 0,
        };
        let lines = match bits.has(order::LINES) {
            true => above(1, from.count(LINE)?, from)?,
            false => 1,
        };
        let order = from.found(self.state.orders.insert(Order {
            id,
            customer,
            until,
            extensions,
            last_line: NONE,
            open: 0,
            timer: NONE,
            together: bits.has(order::TOGETHER),
            ended,
            closed_at,
        }))?;
        from.found(self.state.order_slots.insert(id.0, order))?;
        let mut reading = Reading {
            order,
            held,
            open: 0,
            first_sequence: None,
            ordered: 0,
        };
        for _ in 0..lines {
            self.line(&mut reading, from)?;
        }
        self.close(&reading, closed_at, ended, from)?;
        Ok(reading.first_sequence)
    }

    /// After its lines: whether the order is open, and among the timers.
    fn close(
        &mut self,
        reading: &Reading,
        closed_at: Option<Timestamp>,
        ended: Ended,
        from: &Reader<'_>,
    ) -> Result<(), Error> {
        let open = reading.open > 0;
        let sound = open == closed_at.is_none() && (ended == Ended::No || !open);
        from.must(sound, "an order that is closed and is not")?;
        from.must(closed_at <= self.state.clock, "an order of the future")?;
        if let Some(closed_at) = closed_at {
            self.queues.closed(reading.order, closed_at);
            return Ok(());
        }
        let order = self.state.orders.at_mut(reading.order)?;
        order.open = reading.open;
        if reading.held {
            self.queues.ends(reading.order, order.until);
        }
        Ok(())
    }

    fn line(&mut self, reading: &mut Reading, from: &mut Reader<'_>) -> Result<(), Error> {
        let bits = Bits(u8::read(from)?);
        from.must(
            bits.0 & !line::ALL == 0,
            "a line with bits that mean nothing",
        )?;
        let id = LineId::read(from)?;
        let sku = u32::read(from)?;
        from.must((sku as usize) < self.state.skus.len(), "no such item")?;
        let tie = match bits.has(line::TIE) {
            true => {
                let location = u32::read(from)?;
                self.account(sku, location, from)?
            }
            false => NONE,
        };
        let pack = match (bits.has(line::WHOLE), bits.has(line::MULTIPLE)) {
            (false, false) => Pack::Multiple(1),
            (true, false) => Pack::Whole,
            (false, true) => Pack::Multiple(above(1, Quantity::read(from)?, from)?),
            (true, true) => return Err(from.fault("two packs of one line")),
        };
        let cancelled = match bits.has(line::CANCELLED) {
            true => above(0, Quantity::read(from)?, from)?,
            false => 0,
        };
        let parts = match bits.has(line::PARTS) {
            true => above(1, from.count(PART)?, from)?,
            false => 1,
        };
        self.said.read(from)?;
        let mut part = from.found(self.new_part())?;
        let made = self.state.new_line(id, reading.order, sku, tie, pack, part);
        let line = from.found(made)?;
        self.state.lines.at_mut(line)?.cancelled = cancelled;
        reading.ordered = cancelled;
        reading.first_sequence = reading.first_sequence.or(Some(self.said.sequence));
        self.part(reading, part, sku, from)?;
        for _ in 1..parts {
            self.said.read(from)?;
            let next = from.found(self.new_part())?;
            self.state.parts.at_mut(next)?.line = line;
            from.found(self.state.extra_mut(part))?.next_part = next;
            part = next;
            self.part(reading, part, sku, from)?;
        }
        Ok(())
    }

    fn new_part(&mut self) -> Result<u32, Error> {
        let Said {
            priority,
            placed_at,
            sequence,
            first_unit,
            ..
        } = self.said;
        self.numbers.note(sequence, first_unit);
        self.state.new_part(priority, placed_at, sequence)
    }

    /// Gives a new part of a line what was said of it.
    fn part(
        &mut self,
        reading: &mut Reading,
        part: u32,
        sku: u32,
        from: &Reader<'_>,
    ) -> Result<(), Error> {
        let said = core::mem::take(&mut self.said);
        let units = from.found(said.units())?;
        reading.ordered = from.found(add(reading.ordered, units))?;
        if said.first_unit > 0 {
            from.found(self.state.extra_mut(part))?.first_unit = said.first_unit;
        }
        if let Some(listed) = said.listed {
            let end = listed
                .first
                .checked_sub(1)
                .and_then(|before| before.checked_add(units));
            let sound = listed.first >= 1 && end.is_some_and(|end| end <= listed.claim);
            from.must(sound && !reading.held, "tickets that cannot be")?;
            from.found(self.state.extra_mut(part))?.listed = Some(listed);
            let list = slot(&mut self.state.skus, sku as usize)?.list.as_mut();
            let list = list.ok_or_else(|| from.fault("on a list that is none"))?;
            list.members.push(part);
        }
        from.found(self.state.demand(sku, reading.order, units))?;
        from.found(self.waits(part, said.waiting, said.listed.is_some()))?;
        self.taken(reading, part, sku, &said, from)?;
        self.shipped(part, sku, &said.shipped, from)?;
        if State::is_open(self.state.parts.at(part)?) {
            reading.open = reading.open.saturating_add(1);
        }
        self.said = said;
        Ok(())
    }

    /// Units of a part wait.
    fn waits(&mut self, part: u32, units: Quantity, listed: bool) -> Result<(), Error> {
        if units == 0 {
            return Ok(());
        }
        let this = self.state.parts.at_mut(part)?;
        this.waiting = units;
        let line = self.state.lines.at(this.line)?;
        let together = self.state.orders.at(line.order)?.together;
        let sku = slot(&mut self.state.skus, line.sku as usize)?;
        sku.waiting = add(sku.waiting, units)?;
        sku.together = sku.together.saturating_add(together.into());
        if line.tie != NONE {
            let account = slot(&mut self.state.accounts, line.tie as usize)?;
            account.tied_waiting = add(account.tied_waiting, units)?;
        }
        if !listed {
            self.queues.waits(part, line.sku, line.tie);
        }
        Ok(())
    }

    /// A part has units.
    fn taken(
        &mut self,
        reading: &Reading,
        part: u32,
        sku: u32,
        said: &Said,
        from: &Reader<'_>,
    ) -> Result<(), Error> {
        // The first stands in the part itself, the others in a chain that is made from its end.
        let mut next = NONE;
        for (number, (location, units)) in said.taken.iter().enumerate().rev() {
            let account = self.account(sku, *location, from)?;
            let claimed = slot(&mut self.claimed, account as usize)?;
            let taken = match reading.held {
                true => &mut claimed.reserved,
                false => &mut claimed.allocated,
            };
            *taken = taken.saturating_add((*units).into());
            if said.listed.is_none() {
                self.queues.served(part, account);
            }
            if number == 0 {
                let part = self.state.parts.at_mut(part)?;
                (part.account, part.taken) = (account, *units);
            } else {
                next = self.entry(account, *units, next)?;
            }
        }
        if next != NONE {
            from.found(self.state.extra_mut(part))?.taken = next;
        }
        Ok(())
    }

    /// Units of a part left.
    fn shipped(
        &mut self,
        part: u32,
        sku: u32,
        shipped: &[(u32, Quantity)],
        from: &Reader<'_>,
    ) -> Result<(), Error> {
        let mut next = NONE;
        for (location, units) in shipped.iter().rev() {
            let account = self.account(sku, *location, from)?;
            let claimed = slot(&mut self.claimed, account as usize)?;
            claimed.shipped = claimed.shipped.saturating_add((*units).into());
            next = self.entry(account, *units, next)?;
        }
        if next != NONE {
            from.found(self.state.extra_mut(part))?.shipped = next;
        }
        Ok(())
    }

    fn entry(&mut self, account: u32, units: Quantity, next: u32) -> Result<u32, Error> {
        self.state.entries.insert(Entry {
            account,
            units,
            leaf: NONE,
            next,
        })
    }

    /// The account of an item at a location.
    fn account(&self, sku: u32, location: u32, from: &Reader<'_>) -> Result<u32, Error> {
        let accounts = self.state.skus.get(sku as usize).map(|sku| &sku.accounts);
        let accounts = accounts.ok_or_else(|| from.fault("no such item"))?;
        let found = accounts.binary_search_by_key(&Some(location), |account| {
            self.state.location_of(*account).ok()
        });
        let found = found.ok().and_then(|found| accounts.get(found).copied());
        found.ok_or_else(|| from.fault("a location that the item has no account at"))
    }
}

/// Whether parts have what the account says they have. Of what was shipped, orders may be forgotten.
fn adds_up(account: &Account, claimed: &Claimed) -> bool {
    let StockPosition {
        reserved,
        allocated,
        shipped,
        ..
    } = account.position;
    claimed.reserved == reserved.into()
        && claimed.allocated == allocated.into()
        && claimed.shipped <= shipped.into()
}

impl Said {
    fn read(&mut self, from: &mut Reader<'_>) -> Result<(), Error> {
        let bits = Bits(u8::read(from)?);
        from.must(
            bits.0 & !part::ALL == 0,
            "a part with bits that mean nothing",
        )?;
        self.placed_at = Timestamp::read(from)?;
        self.sequence = u64::read(from)?;
        self.priority = match bits.has(part::PRIORITY) {
            true => i32::read(from)?,
            false => 0,
        };
        let usual = bits.has(part::PRIORITY) && self.priority == 0;
        from.must(!usual, "a number that needs not be said")?;
        let mut units = |bit| match bits.has(bit) {
            true => above(0, Quantity::read(from)?, from),
            false => Ok(0),
        };
        self.first_unit = units(part::FIRST_UNIT)?;
        self.waiting = units(part::WAITING)?;
        self.taken.clear();
        match (bits.has(part::TAKEN), bits.has(part::SPREAD)) {
            (false, false) => {}
            (true, false) => places(&mut self.taken, 1, from)?,
            (false, true) => {
                let count = above(1, from.count(PLACE)?, from)?;
                places(&mut self.taken, count, from)?;
            }
            (true, true) => return Err(from.fault("what it has, said twice")),
        }
        self.shipped.clear();
        if bits.has(part::SHIPPED) {
            let count = above(0, from.count(PLACE)?, from)?;
            places(&mut self.shipped, count, from)?;
        }
        self.listed = match bits.has(part::LISTED) {
            true => Some(Listed {
                claim: Code::read(from)?,
                first: Code::read(from)?,
                lot: Code::read(from)?,
                priority: Code::read(from)?,
                placed_at: Code::read(from)?,
            }),
            false => None,
        };
        Ok(())
    }

    /// Waiting, taken and shipped.
    fn units(&self) -> Result<Quantity, Error> {
        let mut places = self.taken.iter().chain(&self.shipped);
        places.try_fold(self.waiting, |sum, (_, units)| add(sum, *units))
    }
}

/// Reads locations with units, in the order of locations.
fn places(
    places: &mut Vec<(u32, Quantity)>,
    count: u32,
    from: &mut Reader<'_>,
) -> Result<(), Error> {
    for _ in 0..count {
        let location = u32::read(from)?;
        let in_order = places.last().is_none_or(|(last, _)| *last < location);
        from.must(in_order, "locations not in order")?;
        places.push((location, above(0, Quantity::read(from)?, from)?));
    }
    Ok(())
}

/// A number that is said because it is above what goes without saying.
fn above<N: PartialOrd>(least: N, number: N, from: &Reader<'_>) -> Result<N, Error> {
    from.must(number > least, "a number that needs not be said")?;
    Ok(number)
}
