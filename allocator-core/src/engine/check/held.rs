//! What orders, lines and parts hold, added up once.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::truly;
use crate::engine::state::{Entry, NEVER, NONE, State};
use crate::error::Error;
use crate::id::CustomerId;
use crate::quantity::{Quantity, Total, slot, tally};

/// Sums over all parts.
#[derive(Default)]
pub(super) struct Held {
    pub(super) skus: Vec<SkuSum>,
    pub(super) accounts: Vec<AccountSum>,
}

/// What the parts of a SKU say.
#[derive(Clone, Default)]
pub(super) struct SkuSum {
    pub(super) waiting: Total,
    pub(super) demanded: Total,
    pub(super) together: u32,
    /// Untied parts that wait and are not listed.
    pub(super) queued: u32,
    pub(super) listed: BTreeSet<u32>,
    pub(super) by_customer: BTreeMap<CustomerId, Total>,
}

/// What parts say of an account.
#[derive(Clone, Default)]
pub(super) struct AccountSum {
    pub(super) reserved: Total,
    pub(super) allocated: Total,
    pub(super) shipped: Total,
    pub(super) tied_waiting: Total,
    /// Parts tied here that wait and are not listed.
    pub(super) queued: u32,
    /// Parts that have units here and are not listed.
    pub(super) served: u32,
}

/// What has been walked through, so that nothing is shared or left over.
#[derive(Default)]
struct Walked {
    lines: u32,
    parts: u32,
    extras: BTreeSet<u32>,
    entries: BTreeSet<u32>,
}

/// What a part belongs to.
#[derive(Clone, Copy)]
struct Owner {
    line: u32,
    sku: u32,
    tie: u32,
    customer: Option<CustomerId>,
    held: bool,
    together: bool,
}

impl Held {
    /// Walks through all orders, their lines and their parts.
    pub(super) fn of(state: &State) -> Result<Self, Error> {
        let mut held = Self {
            skus: alloc::vec![SkuSum::default(); state.skus.len()],
            accounts: alloc::vec![AccountSum::default(); state.accounts.len()],
        };
        let mut walked = Walked::default();
        for order in state.orders.iter() {
            let at = "the lines of an order are no chain";
            let order_slot = state.order_slots.get(order.id.0);
            truly(order.last_line != NONE, at)?;
            let mut line = order.last_line;
            loop {
                line = state.lines.at(line)?.next;
                let this = state.lines.at(line)?;
                walked.lines = walked.lines.saturating_add(1);
                truly(Some(this.order) == order_slot, at)?;
                truly(walked.lines <= state.lines.len(), at)?;
                let owner = Owner {
                    line,
                    sku: this.sku,
                    tie: this.tie,
                    customer: order.customer,
                    held: order.until != NEVER,
                    together: order.together,
                };
                held.line(state, owner, this.first_part, &mut walked)?;
                if line == order.last_line {
                    break;
                }
            }
        }
        let reached = |walked: u32, kept: u32| truly(walked == kept, "something belongs to nobody");
        let count = |set: &BTreeSet<u32>| u32::try_from(set.len()).unwrap_or(NONE);
        reached(walked.lines, state.lines.len())?;
        reached(walked.parts, state.parts.len())?;
        reached(count(&walked.extras), state.extras.len())?;
        reached(count(&walked.entries), state.entries.len())?;
        Ok(held)
    }

    fn line(
        &mut self,
        state: &State,
        owner: Owner,
        first_part: u32,
        walked: &mut Walked,
    ) -> Result<(), Error> {
        let at = "the parts of a line are no chain";
        truly(first_part != NONE, at)?;
        let mut last = None;
        let mut part = first_part;
        while part != NONE {
            let this = state.parts.at(part)?;
            walked.parts = walked.parts.saturating_add(1);
            truly(this.line == owner.line, at)?;
            truly(walked.parts <= state.parts.len(), at)?;
            truly(
                last < Some(this.sequence),
                "parts of a line are out of order",
            )?;
            truly(this.sequence < state.counter, "the counter was overtaken")?;
            last = Some(this.sequence);
            if this.extra != NONE {
                let at = "two parts share an extra";
                truly(walked.extras.insert(this.extra), at)?;
            }
            self.part(state, owner, part, walked)?;
            part = state.next_part(part)?;
        }
        Ok(())
    }

    fn part(
        &mut self,
        state: &State,
        owner: Owner,
        part: u32,
        walked: &mut Walked,
    ) -> Result<(), Error> {
        let this = state.parts.at(part)?;
        truly(this.waiting >= 0, "fewer than no units wait")?;
        truly(this.taken >= 0, "a part has fewer than no units")?;
        let has = this.taken > 0;
        truly(has == (this.account != NONE), "a part has units nowhere")?;
        let extra = state.extras.get(this.extra);
        truly(this.extra == NONE || extra.is_some(), "an extra is missing")?;
        let no_more = extra.is_none_or(|extra| extra.taken == NONE);
        truly(has || no_more, "a part's locations are out of order")?;
        let is_listed = extra.is_some_and(|extra| extra.listed.is_some());
        let queued = this.waiting > 0 && !is_listed;
        let at = "a part is in a queue in which it is not";
        truly((this.queue_leaf != NONE) == queued, at)?;
        truly((this.served_leaf != NONE) == (has && !is_listed), at)?;

        let sku = slot(&mut self.skus, owner.sku as usize)?;
        tally(&mut sku.waiting, this.waiting);
        tally(&mut sku.demanded, this.waiting);
        if this.waiting > 0 && owner.together {
            sku.together = sku.together.saturating_add(1);
        }
        if is_listed {
            sku.listed.insert(part);
        }
        if owner.tie != NONE {
            let account = slot(&mut self.accounts, owner.tie as usize)?;
            tally(&mut account.tied_waiting, this.waiting);
            account.queued = account.queued.saturating_add(u32::from(queued));
        } else {
            sku.queued = sku.queued.saturating_add(u32::from(queued));
        }
        let mut units: Total = this.waiting.into();
        let rest = extra.map_or(NONE, |extra| extra.taken);
        let taken = walked.follow(state, owner.sku, state.first_taken(part)?, rest)?;
        for entry in taken {
            let account = slot(&mut self.accounts, entry.account as usize)?;
            let to = if owner.held {
                &mut account.reserved
            } else {
                &mut account.allocated
            };
            tally(to, entry.units);
            tally(&mut units, entry.units);
            account.served = account.served.saturating_add(u32::from(!is_listed));
            truly((entry.leaf != NONE) != is_listed, at)?;
        }
        let rest = extra.map_or(NONE, |extra| extra.shipped);
        let shipped = walked.follow(state, owner.sku, None, rest)?;
        for entry in shipped {
            let account = slot(&mut self.accounts, entry.account as usize)?;
            tally(&mut account.shipped, entry.units);
            tally(&mut units, entry.units);
            truly(entry.leaf == NONE, at)?;
        }
        self.count(owner, units, this.waiting)
    }

    /// Counts what is wanted, by SKU and by customer.
    fn count(&mut self, owner: Owner, units: Total, waiting: Quantity) -> Result<(), Error> {
        let sku = slot(&mut self.skus, owner.sku as usize)?;
        let taken = units.saturating_sub(waiting.into());
        sku.demanded = sku.demanded.saturating_add(taken);
        if let Some(customer) = owner.customer {
            let his = sku.by_customer.entry(customer).or_insert(0);
            *his = his.saturating_add(units);
        }
        Ok(())
    }
}

impl Walked {
    /// Follows the locations of a part: each has units, of the part's SKU, and they stand in the order of
    /// locations. `first` is kept by the part itself, `rest` is where the chain of the others begins.
    fn follow(
        &mut self,
        state: &State,
        sku: u32,
        first: Option<Entry>,
        rest: u32,
    ) -> Result<Vec<Entry>, Error> {
        let at = "a part's locations are out of order";
        let mut entries: Vec<Entry> = first.into_iter().collect();
        let mut next = rest;
        while let Some(entry) = state.entry(next)? {
            truly(self.entries.insert(next), at)?;
            entries.push(entry);
            next = entry.next;
        }
        let mut last = None;
        for entry in &entries {
            let account = state.account_at(entry.account)?;
            truly(account.sku == sku, "a part has units of another SKU")?;
            truly(last < Some(account.location), at)?;
            truly(entry.units > 0, "a part has fewer than no units")?;
            last = Some(account.location);
        }
        Ok(entries)
    }
}
