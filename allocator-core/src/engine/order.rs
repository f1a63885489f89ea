//! The order of the queue: how the engine's trees compare what stands in them.

use super::state::{Entry, Extra, Line, NONE, Order, Part};
use super::store::{Items, Slab};
use crate::error::Error;
use crate::quantity::Quantity;
use crate::time::Timestamp;

/// A place in line: priority, then when it was placed, then the number the engine gave it, then which
/// units of a line that was split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) priority: i32,
    pub(super) placed_at: Timestamp,
    pub(super) sequence: u64,
    pub(super) first_unit: Quantity,
}

/// The place of a part.
pub(super) fn key_of(part: &Part, extras: &Slab<Extra>) -> Key {
    Key {
        priority: part.priority,
        placed_at: part.placed_at,
        sequence: part.sequence,
        first_unit: extras.get(part.extra).map_or(0, |extra| extra.first_unit),
    }
}

/// Whether one part stands before another.
fn stands_before(parts: &Slab<Part>, extras: &Slab<Extra>, a: u32, b: u32) -> Result<bool, Error> {
    Ok(key_of(parts.at(a)?, extras) < key_of(parts.at(b)?, extras))
}

/// Parts that wait.
pub(super) struct QueueItems<'a> {
    pub(super) parts: &'a mut Slab<Part>,
    pub(super) extras: &'a Slab<Extra>,
}

impl Items for QueueItems<'_> {
    fn before(&self, a: u32, b: u32) -> Result<bool, Error> {
        stands_before(self.parts, self.extras, a, b)
    }

    fn units(&self, item: u32) -> Result<Quantity, Error> {
        Ok(self.parts.at(item)?.waiting)
    }

    fn leaf(&self, item: u32) -> Result<u32, Error> {
        Ok(self.parts.at(item)?.queue_leaf)
    }

    fn set_leaf(&mut self, item: u32, leaf: u32) -> Result<(), Error> {
        self.parts.at_mut(item)?.queue_leaf = leaf;
        Ok(())
    }
}

/// Parts that have units at one account.
pub(super) struct ServedItems<'a> {
    pub(super) parts: &'a mut Slab<Part>,
    pub(super) extras: &'a Slab<Extra>,
    pub(super) entries: &'a mut Slab<Entry>,
    pub(super) account: u32,
}

/// The entry of a part for an account that is not the first of its locations.
fn entry_of(part: &Part, extras: &Slab<Extra>, entries: &Slab<Entry>, account: u32) -> u32 {
    let mut entry = extras.get(part.extra).map_or(NONE, |extra| extra.taken);
    while let Some(here) = entries.get(entry) {
        if here.account == account {
            return entry;
        }
        entry = here.next;
    }
    NONE
}

/// The units of a part at an account, and its leaf among those served there.
fn served_at(
    part: &Part,
    extras: &Slab<Extra>,
    entries: &Slab<Entry>,
    account: u32,
) -> Result<(Quantity, u32), Error> {
    if part.account == account {
        return Ok((part.taken, part.served_leaf));
    }
    let entry = entries.at(entry_of(part, extras, entries, account))?;
    Ok((entry.units, entry.leaf))
}

impl Items for ServedItems<'_> {
    fn before(&self, a: u32, b: u32) -> Result<bool, Error> {
        stands_before(self.parts, self.extras, a, b)
    }

    fn units(&self, item: u32) -> Result<Quantity, Error> {
        let part = self.parts.at(item)?;
        served_at(part, self.extras, self.entries, self.account).map(|(units, _)| units)
    }

    fn leaf(&self, item: u32) -> Result<u32, Error> {
        let part = self.parts.at(item)?;
        served_at(part, self.extras, self.entries, self.account).map(|(_, leaf)| leaf)
    }

    fn set_leaf(&mut self, item: u32, leaf: u32) -> Result<(), Error> {
        let part = self.parts.at_mut(item)?;
        if part.account == self.account {
            part.served_leaf = leaf;
            return Ok(());
        }
        let entry = entry_of(part, self.extras, self.entries, self.account);
        self.entries.at_mut(entry)?.leaf = leaf;
        Ok(())
    }
}

/// Parts that have units at one account, to be read only.
pub(super) struct ServedRead<'a> {
    pub(super) parts: &'a Slab<Part>,
    pub(super) extras: &'a Slab<Extra>,
    pub(super) entries: &'a Slab<Entry>,
    pub(super) account: u32,
}

impl Items for ServedRead<'_> {
    fn before(&self, a: u32, b: u32) -> Result<bool, Error> {
        stands_before(self.parts, self.extras, a, b)
    }

    fn units(&self, item: u32) -> Result<Quantity, Error> {
        let part = self.parts.at(item)?;
        served_at(part, self.extras, self.entries, self.account).map(|(units, _)| units)
    }

    fn leaf(&self, item: u32) -> Result<u32, Error> {
        let part = self.parts.at(item)?;
        served_at(part, self.extras, self.entries, self.account).map(|(_, leaf)| leaf)
    }

    fn set_leaf(&mut self, _: u32, _: u32) -> Result<(), Error> {
        READ_ONLY
    }
}

/// Parts that wait, to be read only.
pub(super) struct QueueRead<'a> {
    pub(super) parts: &'a Slab<Part>,
    pub(super) extras: &'a Slab<Extra>,
}

impl Items for QueueRead<'_> {
    fn before(&self, a: u32, b: u32) -> Result<bool, Error> {
        stands_before(self.parts, self.extras, a, b)
    }

    fn units(&self, item: u32) -> Result<Quantity, Error> {
        Ok(self.parts.at(item)?.waiting)
    }

    fn leaf(&self, item: u32) -> Result<u32, Error> {
        Ok(self.parts.at(item)?.queue_leaf)
    }

    fn set_leaf(&mut self, _: u32, _: u32) -> Result<(), Error> {
        READ_ONLY
    }
}

const READ_ONLY: Result<(), Error> = Err(Error::Corrupt {
    at: "a tree that is only read",
});

/// Orders with a deadline, the earliest first; closed ones, the first that closed first.
pub(super) struct OrderItems<'a> {
    pub(super) orders: &'a mut Slab<Order>,
    pub(super) lines: &'a Slab<Line>,
    pub(super) parts: &'a Slab<Part>,
}

impl OrderItems<'_> {
    fn key(&self, order: u32) -> Result<(i64, u64), Error> {
        order_key(self.orders.at(order)?, self.lines, self.parts)
    }
}

/// What an order is ordered by: when it closed, or when it ends; then the number of its first part.
pub(super) fn order_key(
    order: &Order,
    lines: &Slab<Line>,
    parts: &Slab<Part>,
) -> Result<(i64, u64), Error> {
    let instant = order.closed_at.map_or(order.until, Timestamp::as_micros);
    Ok((instant, first_sequence(order, lines, parts)?))
}

/// The number of an order's first part.
pub(super) fn first_sequence(
    order: &Order,
    lines: &Slab<Line>,
    parts: &Slab<Part>,
) -> Result<u64, Error> {
    let first = lines.at(lines.at(order.last_line)?.next)?;
    Ok(parts.at(first.first_part)?.sequence)
}

impl Items for OrderItems<'_> {
    fn before(&self, a: u32, b: u32) -> Result<bool, Error> {
        Ok(self.key(a)? < self.key(b)?)
    }

    fn units(&self, _: u32) -> Result<Quantity, Error> {
        Ok(0)
    }

    fn leaf(&self, item: u32) -> Result<u32, Error> {
        Ok(self.orders.at(item)?.timer)
    }

    fn set_leaf(&mut self, item: u32, leaf: u32) -> Result<(), Error> {
        self.orders.at_mut(item)?.timer = leaf;
        Ok(())
    }
}
