//! Who stands in the way: earlier parts that could use a unit at a location.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::lanes::{Lanes, Told};
use super::pegs::Next;
use crate::engine::draft::sku_at;
use crate::engine::policy::{Inflow, LocationOrder};
use crate::engine::state::{NONE, State};
use crate::error::Error;
use crate::policy::Misfit;
use crate::quantity::{Quantity, add, sub};

/// What stands before a part.
pub(super) struct Way<'s> {
    state: &'s State,
    part: u32,
    sku: u32,
    order: u32,
    told: Told,
    /// Waiting parts on the list that stand before it, the next ticket first.
    listed: Vec<u32>,
}

impl<'s> Way<'s> {
    pub(super) fn of(state: &'s State, part: u32) -> Result<Self, Error> {
        let line = state.lines.at(state.parts.at(part)?.line)?;
        let told = state.told(part)?;
        let mut listed = state.listed_by_ticket(line.sku)?;
        if !told.unlisted {
            let own = listed.iter().position(|other| *other == part);
            listed.truncate(own.unwrap_or(listed.len()));
        }
        Ok(Self {
            state,
            part,
            sku: line.sku,
            order: line.order,
            told,
            listed,
        })
    }

    /// The first part before it that waits and could use a unit at a location.
    pub(super) fn first(&self, account: u32) -> Result<Option<u32>, Error> {
        let state = self.state;
        for other in &self.listed {
            let tie = state.lines.at(state.parts.at(*other)?.line)?.tie;
            if (tie == NONE || tie == account) && self.counts(*other)? {
                return Ok(Some(*other));
            }
        }
        if !self.told.unlisted {
            return Ok(None);
        }
        let mut lanes = Lanes::new(state);
        lanes.add(&sku_at(state, self.sku)?.queue, None)?;
        lanes.add(&state.account_at(account)?.queue, None)?;
        while let Some(other) = lanes.pop() {
            if state.told(other)? >= self.told {
                return Ok(None);
            }
            if self.counts(other)? {
                return Ok(Some(other));
            }
            lanes.follow(other)?;
        }
        Ok(None)
    }

    /// Whether an earlier part could use a unit; of an order that is served together only where all that
    /// waits of it stands before.
    fn counts(&self, other: u32) -> Result<bool, Error> {
        let state = self.state;
        let this = state.parts.at(other)?;
        if state.free_for(self.sku, this.priority)? == 0 {
            return Ok(false);
        }
        let order = state.lines.at(this.line)?.order;
        if !state.orders.at(order)?.together {
            return Ok(true);
        }
        if order == self.order {
            return Ok(false);
        }
        for mate in state.waiting_of_order(order)? {
            let sku = state.lines.at(state.parts.at(mate)?.line)?.sku;
            let told = state.told(mate)?;
            let before = if sku == self.sku && !told.unlisted && !self.told.unlisted {
                self.listed.contains(&mate)
            } else {
                told < self.told
            };
            if !before {
                return Ok(false);
            }
        }
        Ok(other != self.part)
    }
}

impl State {
    /// Units that a line of this priority may take of a SKU, at all locations together.
    pub(super) fn free_for(&self, sku: u32, priority: i32) -> Result<Quantity, Error> {
        let mut available: Quantity = 0;
        for account in &sku_at(self, sku)?.accounts {
            available = add(available, self.account_at(*account)?.position.available)?;
        }
        let policy = self.policy_of(sku)?;
        Ok(match policy.protected_for {
            Some(last) if priority <= last => available,
            _ => sub(available, policy.protected_units).unwrap_or(0),
        })
    }

    /// The waiting parts on a SKU's list, the next ticket first.
    fn listed_by_ticket(&self, sku: u32) -> Result<Vec<u32>, Error> {
        let Some(list) = &sku_at(self, sku)?.list else {
            return Ok(Vec::new());
        };
        let mut next: Vec<Next<'_>> = Vec::new();
        for part in &list.members {
            next.extend(self.next_ticket(&list.rule, *part)?);
        }
        next.sort_by(|a, b| b.cmp(a));
        Ok(next.into_iter().map(|next| next.part).collect())
    }

    /// The first who waits and may use a location, of those to whom something is free; else the first.
    pub(super) fn first_for(&self, sku: u32, account: u32) -> Result<Option<u32>, Error> {
        let mut candidates: Vec<u32> = Vec::new();
        for part in self.listed_by_ticket(sku)? {
            let tie = self.lines.at(self.parts.at(part)?.line)?.tie;
            if tie == NONE || tie == account {
                candidates.push(part);
            }
        }
        // Of the others the first is of the first priority, so none is freer.
        let mut lanes = Lanes::new(self);
        lanes.add(&sku_at(self, sku)?.queue, None)?;
        lanes.add(&self.account_at(account)?.queue, None)?;
        candidates.extend(lanes.pop());
        for part in &candidates {
            if self.free_for(sku, self.parts.at(*part)?.priority)? > 0 {
                return Ok(Some(*part));
            }
        }
        Ok(candidates.first().copied())
    }

    /// The parts of an order that wait, over all SKUs, as they are told.
    fn waiting_of_order(&self, order: u32) -> Result<Vec<u32>, Error> {
        let mut waiting = Vec::new();
        let last = self.orders.at(order)?.last_line;
        let mut line = last;
        loop {
            line = self.lines.at(line)?.next;
            let mut part = self.lines.at(line)?.first_part;
            while part != NONE {
                if self.parts.at(part)?.waiting > 0 {
                    waiting.push((self.told(part)?, part));
                }
                part = self.next_part(part)?;
            }
            if line == last {
                break;
            }
        }
        waiting.sort_unstable();
        Ok(waiting.into_iter().map(|(_, part)| part).collect())
    }

    /// Of the order of a part, where it is served together: the first part that cannot have all it waits
    /// for once those before it took theirs, and how many units it misses.
    pub(super) fn missing_in_order(&self, part: u32) -> Result<Option<(u32, Quantity)>, Error> {
        let order = self.lines.at(self.parts.at(part)?.line)?.order;
        if !self.orders.at(order)?.together {
            return Ok(None);
        }
        // What mates took, by account.
        let mut gone: BTreeMap<u32, Quantity> = BTreeMap::new();
        for mate in self.waiting_of_order(order)? {
            let this = self.parts.at(mate)?;
            let line = self.lines.at(this.line)?;
            let policy = self.policy_of(line.sku)?;
            let mut shelves: Vec<(u32, Quantity)> = Vec::new();
            let mut taken: Quantity = 0;
            let way = Way::of(self, mate)?;
            for account in &sku_at(self, line.sku)?.accounts {
                let used = gone.get(account).copied().unwrap_or(0);
                taken = add(taken, used)?;
                let left = sub(self.account_at(*account)?.position.available, used)?;
                let may_use = line.tie == NONE || line.tie == *account;
                let waits = policy.on_misfit == Misfit::SetAside;
                if left > 0 && may_use && !(waits && way.first(*account)?.is_some()) {
                    shelves.push((*account, left));
                }
            }
            shelves.sort_by_key(|(account, left)| {
                let mention = self.location_of(*account).unwrap_or(NONE);
                let location = self.locations.get(mention as usize).copied();
                let most = match policy.locations {
                    LocationOrder::MostAvailable => *left,
                    LocationOrder::Listed(_) => 0,
                };
                (Reverse(most), policy.locations.rank(location, mention))
            });
            let mut most = self
                .free_for(line.sku, this.priority)?
                .saturating_sub(taken);
            if policy.inflow != Inflow::Serve {
                most = 0;
            }
            let mut wish = this.waiting;
            for (account, left) in shelves {
                let units = wish.min(left).min(most).max(0);
                wish = sub(wish, units)?;
                most = most.saturating_sub(units);
                let used = gone.entry(account).or_insert(0);
                *used = add(*used, units)?;
            }
            if wish > 0 {
                return Ok(Some((mate, wish)));
            }
        }
        Ok(None)
    }
}
