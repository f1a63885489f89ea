//! Finding what an event speaks of, and making what is mentioned for the first time.

use alloc::vec::Vec;

use super::UNKNOWN;
use crate::engine::order::first_sequence;
use crate::engine::policy::SkuPolicy;
use crate::engine::state::{Account, Line, NONE, Sku, State};
use crate::engine::store::Tree;
use crate::engine::view::StockPosition;
use crate::error::Error;
use crate::id::{CustomerId, LineId, LocationId, OrderId, SkuId};
use crate::quantity::{Quantity, add, slot};

impl State {
    pub(in crate::engine) fn order_slot(&self, order: OrderId) -> Option<u32> {
        self.order_slots.get(order.0)
    }

    pub(in crate::engine) fn line_slot(&self, line: LineId) -> Option<u32> {
        self.line_slots.get(line.0)
    }

    /// The slot of a line's part.
    pub(in crate::engine) fn part(&self, line: LineId, number: u32) -> Result<u32, Error> {
        let line = self.line_slot(line).ok_or(UNKNOWN)?;
        let mut part = self.lines.at(line)?.first_part;
        for _ in 0..number {
            part = self.next_part(part)?;
        }
        self.parts.at(part).map(|_| part)
    }

    /// The part after one, or [`NONE`].
    pub(in crate::engine) fn next_part(&self, part: u32) -> Result<u32, Error> {
        let extra = self.parts.at(part)?.extra;
        if extra == NONE {
            return Ok(NONE);
        }
        Ok(self.extras.at(extra)?.next_part)
    }

    pub(super) fn part_at(
        &mut self,
        line: LineId,
        number: u32,
        location: LocationId,
    ) -> Result<(u32, u32), Error> {
        let part = self.part(line, number)?;
        let sku = self.lines.at(self.parts.at(part)?.line)?.sku;
        Ok((part, self.account(sku, location)?))
    }

    pub(in crate::engine) fn last_part(&self, line: u32) -> Result<u32, Error> {
        let mut part = self.lines.at(line)?.first_part;
        loop {
            let next = self.next_part(part)?;
            if next == NONE {
                return Ok(part);
            }
            part = next;
        }
    }

    pub(in crate::engine) fn sku(&mut self, id: SkuId) -> Result<u32, Error> {
        if let Some(sku) = self.sku_slots.get(id.0) {
            return Ok(sku);
        }
        let sku = count(self.skus.len())?;
        self.skus.push(Sku {
            id,
            policy: None,
            accounts: Vec::new(),
            supplies: Vec::new(),
            received: 0,
            demanded: 0,
            waiting: 0,
            together: 0,
            queue: Tree::EMPTY,
            list: None,
            caps: None,
        });
        self.sku_slots.insert(id.0, sku)?;
        if self.policy.customer_cap.is_some() {
            self.count_for_caps(sku)?;
        }
        Ok(sku)
    }

    pub(super) fn location(&mut self, id: LocationId) -> Result<u32, Error> {
        if let Some(location) = self.location_slots.get(id.0) {
            return Ok(location);
        }
        let location = count(self.locations.len())?;
        self.locations.push(id);
        self.location_slots.insert(id.0, location)?;
        Ok(location)
    }

    /// The account of a SKU at a location, made where there is none.
    pub(in crate::engine) fn account(
        &mut self,
        sku: u32,
        location: LocationId,
    ) -> Result<u32, Error> {
        let location = self.location(location)?;
        let accounts = &self.skus.get(sku as usize).ok_or(UNKNOWN)?.accounts;
        let place = accounts.partition_point(|account| {
            self.accounts
                .get(*account as usize)
                .is_some_and(|account| account.location < location)
        });
        if let Some(found) = accounts.get(place)
            && self.location_of(*found)? == location
        {
            return Ok(*found);
        }
        let account = count(self.accounts.len())?;
        self.accounts.push(Account {
            sku,
            location,
            position: StockPosition::default(),
            booked: false,
            queue: Tree::EMPTY,
            served: Tree::EMPTY,
            tied_waiting: 0,
        });
        let accounts = &mut slot(&mut self.skus, sku as usize)?.accounts;
        accounts.insert(place, account);
        Ok(account)
    }

    pub(super) fn account_of(&mut self, sku: SkuId, location: LocationId) -> Result<u32, Error> {
        let sku = self.sku(sku)?;
        self.account(sku, location)
    }

    pub(in crate::engine) fn account_at(&self, account: u32) -> Result<&Account, Error> {
        self.accounts.get(account as usize).ok_or(UNKNOWN)
    }

    /// The policy of a SKU.
    pub(in crate::engine) fn policy_of(&self, sku: u32) -> Result<&SkuPolicy, Error> {
        let sku = self.skus.get(sku as usize).ok_or(UNKNOWN)?;
        Ok(sku.policy.as_deref().unwrap_or(&self.policy))
    }

    /// What a customer has of a SKU, ordered less cancelled; counted while the policy has a cap.
    pub(in crate::engine) fn units_of(
        &self,
        sku: u32,
        customer: CustomerId,
    ) -> Result<Quantity, Error> {
        let sku = self.skus.get(sku as usize).ok_or(UNKNOWN)?;
        let caps = sku.caps.as_ref();
        Ok(caps
            .and_then(|caps| caps.get(&customer))
            .copied()
            .unwrap_or(0))
    }

    /// The number of an order's first part.
    pub(in crate::engine) fn sequence_of(&self, order: u32) -> Result<u64, Error> {
        first_sequence(self.orders.at(order)?, &self.lines, &self.parts)
    }

    /// Units of a line ordered and not cancelled.
    pub(in crate::engine) fn wanted(&self, line: &Line) -> Result<Quantity, Error> {
        let (mut part, mut units) = (line.first_part, 0);
        while part != NONE {
            units = add(units, self.parts.at(part)?.waiting)?;
            units = add(units, self.taken(part)?)?;
            units = add(units, self.shipped(part)?)?;
            part = self.next_part(part)?;
        }
        Ok(units)
    }

    /// Takes a number of the counter; those before it are spent.
    pub(super) fn number(&mut self, number: u64) -> Result<u64, Error> {
        if number < self.counter {
            return Err(UNKNOWN);
        }
        self.counter = number.checked_add(1).ok_or(UNKNOWN)?;
        Ok(number)
    }

    /// The next number of the counter.
    pub(in crate::engine) fn next_number(&mut self) -> Result<u64, Error> {
        self.number(self.counter)
    }
}

pub(super) fn count(len: usize) -> Result<u32, Error> {
    u32::try_from(len)
        .ok()
        .filter(|count| *count != NONE)
        .ok_or(Error::TooManyNames { max: NONE })
}
