//! From a state to bytes.

use alloc::vec::Vec;

use super::Sink;
use super::bits::{Bits, ended_bits, line, order, pack_bits, part};
use crate::engine::Engine;
use crate::engine::codec::Code;
use crate::engine::command::Pack;
use crate::engine::state::{
    Account, Entry, Extra, Line, Listed, NEVER, NONE, Order, Part, Sku, State, Supply,
};
use crate::error::Error;

impl Engine {
    /// Appends everything it knows.
    pub(super) fn write(&self, to: &mut impl Sink) -> Result<(), Error> {
        let Self {
            state,
            window,
            to_fill,
            scratch: _,
            events: _,
            last: _,
            names,
            poisoned: _,
        } = self;
        let out = to.bytes();
        (names.len() as u64).write(out);
        out.extend_from_slice(names);
        state.clock.write(out);
        let mut to_fill = to_fill.clone();
        to_fill.sort_unstable();
        to_fill.write(out);
        state.counter.write(out);
        state.policy.write(out);
        window.size().write(out);
        state.locations.write(out);
        state.write_skus(to)?;
        state.write_orders(to)?;
        state.write_supplies(to);
        let out = to.bytes();
        (u32::try_from(window.len()).unwrap_or(u32::MAX)).write(out);
        for remembered in window.iter() {
            let remembered = remembered?;
            let out = to.bytes();
            remembered.id.write(out);
            remembered.applied_at.write(out);
            (remembered.outcome.len() as u64).write(out);
            out.extend_from_slice(remembered.outcome);
            to.pass_on();
        }
        window.horizon().write(to.bytes());
        to.pass_on();
        Ok(())
    }
}

impl State {
    fn write_skus(&self, to: &mut impl Sink) -> Result<(), Error> {
        (u32::try_from(self.skus.len()).unwrap_or(u32::MAX)).write(to.bytes());
        for sku in &self.skus {
            let Sku {
                id,
                policy,
                accounts,
                list,
                // These follow from accounts, orders and supplies.
                supplies: _,
                received: _,
                demanded: _,
                waiting: _,
                together: _,
                queue: _,
                caps: _,
            } = sku;
            let out = to.bytes();
            id.write(out);
            policy.write(out);
            list.is_some().write(out);
            if let Some(list) = list {
                // Its members say so themselves.
                list.rule.write(out);
                list.sequence.write(out);
            }
            (u32::try_from(accounts.len()).unwrap_or(u32::MAX)).write(out);
            for account in accounts {
                let Account {
                    sku: _,
                    location,
                    position,
                    booked,
                    queue: _,
                    served: _,
                    tied_waiting: _,
                } = self.account_at(*account)?;
                location.write(out);
                booked.write(out);
                if *booked {
                    position.write(out);
                }
            }
            to.pass_on();
        }
        Ok(())
    }

    fn write_supplies(&self, to: &mut impl Sink) {
        (u32::try_from(self.supplies.len()).unwrap_or(u32::MAX)).write(to.bytes());
        for supply in &self.supplies {
            let Supply {
                id,
                sku,
                location,
                units,
                received,
                expected_at,
                sequence,
            } = supply;
            let out = to.bytes();
            id.write(out);
            sku.write(out);
            location.write(out);
            units.write(out);
            received.write(out);
            expected_at.write(out);
            sequence.write(out);
            to.pass_on();
        }
    }

    fn write_orders(&self, to: &mut impl Sink) -> Result<(), Error> {
        self.orders.len().write(to.bytes());
        for slot in self.orders_by_sequence()? {
            self.write_order(self.orders.at(slot)?, to)?;
        }
        Ok(())
    }

    /// All orders by the number of their first part.
    fn orders_by_sequence(&self) -> Result<Vec<u32>, Error> {
        let mut orders = Vec::with_capacity(self.orders.len() as usize);
        for (slot, _) in self.orders.slots() {
            orders.push((self.sequence_of(slot)?, slot));
        }
        orders.sort_unstable();
        Ok(orders.into_iter().map(|(_, slot)| slot).collect())
    }

    fn write_order(&self, this: &Order, to: &mut impl Sink) -> Result<(), Error> {
        let Order {
            id,
            customer,
            until,
            extensions,
            last_line,
            open: _,
            timer: _,
            together,
            ended,
            closed_at,
        } = this;
        let first = self.lines.at(*last_line)?.next;
        let bits = Bits(ended_bits(*ended))
            .with(order::CUSTOMER, customer.is_some())
            .with(order::UNTIL, *until != NEVER)
            .with(order::TOGETHER, *together)
            .with(order::CLOSED, closed_at.is_some())
            .with(order::EXTENSIONS, *extensions > 0)
            .with(order::LINES, first != *last_line);
        let out = to.bytes();
        out.push(bits.0);
        id.write(out);
        if let Some(customer) = customer {
            customer.write(out);
        }
        if *until != NEVER {
            until.write(out);
        }
        if let Some(closed_at) = closed_at {
            closed_at.write(out);
        }
        if *extensions > 0 {
            extensions.write(out);
        }
        if bits.has(order::LINES) {
            self.count_lines(first)?.write(out);
        }
        let mut slot = first;
        loop {
            let line = self.lines.at(slot)?;
            self.write_line(line, to.bytes())?;
            to.pass_on();
            if slot == *last_line {
                return Ok(());
            }
            slot = line.next;
        }
    }

    fn count_lines(&self, first: u32) -> Result<u32, Error> {
        let (mut count, mut slot) = (1_u32, self.lines.at(first)?.next);
        while slot != first {
            count = count.saturating_add(1);
            slot = self.lines.at(slot)?.next;
        }
        Ok(count)
    }

    fn write_line(&self, this: &Line, out: &mut Vec<u8>) -> Result<(), Error> {
        let Line {
            id,
            order: _,
            sku,
            tie,
            first_part,
            next: _,
            pack,
            cancelled,
        } = this;
        let second = self.next_part(*first_part)?;
        let bits = Bits(pack_bits(*pack))
            .with(line::TIE, *tie != NONE)
            .with(line::CANCELLED, *cancelled != 0)
            .with(line::PARTS, second != NONE);
        out.push(bits.0);
        id.write(out);
        sku.write(out);
        if *tie != NONE {
            self.location_of(*tie)?.write(out);
        }
        if let Pack::Multiple(units) = pack
            && bits.has(line::MULTIPLE)
        {
            units.write(out);
        }
        if *cancelled != 0 {
            cancelled.write(out);
        }
        if second != NONE {
            let (mut count, mut slot) = (1_u32, second);
            while slot != NONE {
                count = count.saturating_add(1);
                slot = self.next_part(slot)?;
            }
            count.write(out);
        }
        let mut slot = *first_part;
        while slot != NONE {
            self.write_part(slot, out)?;
            slot = self.next_part(slot)?;
        }
        Ok(())
    }

    fn write_part(&self, slot: u32, out: &mut Vec<u8>) -> Result<(), Error> {
        let Part {
            placed_at,
            sequence,
            waiting,
            taken,
            account: _,
            served_leaf: _,
            queue_leaf: _,
            line: _,
            priority,
            extra,
        } = self.parts.at(slot)?;
        let plain = Extra::default();
        let Extra {
            first_unit,
            next_part: _,
            taken: further,
            shipped,
            listed,
        } = match *extra {
            NONE => &plain,
            extra => self.extras.at(extra)?,
        };
        let bits = Bits(0)
            .with(part::PRIORITY, *priority != 0)
            .with(part::FIRST_UNIT, *first_unit != 0)
            .with(part::WAITING, *waiting != 0)
            .with(part::TAKEN, *taken != 0 && *further == NONE)
            .with(part::SPREAD, *further != NONE)
            .with(part::SHIPPED, *shipped != NONE)
            .with(part::LISTED, listed.is_some());
        out.push(bits.0);
        placed_at.write(out);
        sequence.write(out);
        if *priority != 0 {
            priority.write(out);
        }
        if *first_unit != 0 {
            first_unit.write(out);
        }
        if *waiting != 0 {
            waiting.write(out);
        }
        if *taken != 0 {
            self.write_places(self.first_taken(slot)?, bits.has(part::SPREAD), out)?;
        }
        if *shipped != NONE {
            self.write_places(self.first_shipped(slot)?, true, out)?;
        }
        if let Some(listed) = listed {
            write_listed(listed, out);
        }
        Ok(())
    }

    /// Locations with units; how many, where that is not known.
    fn write_places(
        &self,
        first: Option<Entry>,
        counted: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        if counted {
            let (mut count, mut next) = (0_u32, first);
            while let Some(place) = next {
                count = count.saturating_add(1);
                next = self.entry(place.next)?;
            }
            count.write(out);
        }
        let mut next = first;
        while let Some(place) = next {
            self.location_of(place.account)?.write(out);
            place.units.write(out);
            next = self.entry(place.next)?;
        }
        Ok(())
    }
}

fn write_listed(listed: &Listed, out: &mut Vec<u8>) {
    let Listed {
        claim,
        first,
        lot,
        priority,
        placed_at,
    } = listed;
    claim.write(out);
    first.write(out);
    lot.write(out);
    priority.write(out);
    placed_at.write(out);
}
