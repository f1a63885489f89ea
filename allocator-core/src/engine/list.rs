//! Closing a shortage list: who stands on it, and with which tickets.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::command::DrawnLot;
use super::order::{Key, QueueRead, key_of};
use super::state::{Listed, NEVER, State};
use super::store::Tree;
use crate::error::Error;
use crate::id::{CustomerId, LineId, OrderId};
use crate::quantity::{Quantity, add};

/// Who shares: a customer, or an order without one; at one location or anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claimant {
    customer: Option<CustomerId>,
    order: Option<OrderId>,
    tie: u32,
}

/// A part that goes onto a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) part: u32,
    pub(super) listed: Listed,
}

impl State {
    /// The slots of a SKU's parts with open units, in queue order.
    pub(super) fn open_parts(&self, sku: u32) -> Result<Vec<u32>, Error> {
        let this = super::draft::sku_at(self, sku)?;
        let mut open = Vec::new();
        let mut collect = |tree: &Tree| -> Result<(), Error> {
            let items = QueueRead {
                parts: &self.parts,
                extras: &self.extras,
            };
            let mut next = self.forest.first(tree)?;
            while let Some(part) = next {
                open.push(part);
                next = self.forest.next(part, &items)?;
            }
            Ok(())
        };
        collect(&this.queue)?;
        for account in &this.accounts {
            collect(&self.account_at(*account)?.queue)?;
        }
        for account in &this.accounts {
            let mut next = self.forest.first(&self.account_at(*account)?.served)?;
            while let Some(part) = next {
                open.push(part);
                next = self.next_served(part, *account)?;
            }
        }
        for member in this.list.iter().flat_map(|list| &list.members) {
            if Self::is_open(self.parts.at(*member)?) {
                open.push(*member);
            }
        }
        let mut keyed: Vec<(Key, u32)> = Vec::with_capacity(open.len());
        for part in open {
            keyed.push((key_of(self.parts.at(part)?, &self.extras), part));
        }
        keyed.sort_unstable();
        keyed.dedup();
        Ok(keyed.into_iter().map(|(_, part)| part).collect())
    }

    /// Who claims the units of a part.
    pub(super) fn claimant(&self, part: u32) -> Result<Claimant, Error> {
        let line = self.lines.at(self.parts.at(part)?.line)?;
        let order = self.orders.at(line.order)?;
        Ok(Claimant {
            customer: order.customer,
            order: order.customer.is_none().then_some(order.id),
            tie: line.tie,
        })
    }

    /// Those who are listed when a SKU's list is closed now: all parts of placed orders with open units,
    /// numbered through by claimant in queue order.
    pub(super) fn close_list(&self, sku: u32, draw: &[DrawnLot]) -> Result<Vec<Member>, Error> {
        let lots: BTreeMap<LineId, i64> = draw.iter().map(|lot| (lot.line, lot.lot)).collect();
        let mut claims: BTreeMap<Claimant, Quantity> = BTreeMap::new();
        let mut members: Vec<(Claimant, Quantity, Member)> = Vec::new();
        for part in self.open_parts(sku)? {
            let this = self.parts.at(part)?;
            let line = self.lines.at(this.line)?;
            let order = self.orders.at(line.order)?;
            if order.until != NEVER {
                continue;
            }
            let claimant = self.claimant(part)?;
            let units = add(self.taken(part)?, self.shipped(part)?)?;
            let units = add(units, this.waiting)?;
            let claim = claims.entry(claimant).or_insert(0);
            let first = add(*claim, 1)?;
            *claim = add(*claim, units)?;
            let listed = Listed {
                claim: 0,
                first,
                lot: lots.get(&line.id).copied().unwrap_or(0),
                priority: this.priority,
                placed_at: this.placed_at,
            };
            members.push((claimant, units, Member { part, listed }));
        }
        Ok(members
            .into_iter()
            .map(|(claimant, _, member)| Member {
                listed: Listed {
                    claim: claims.get(&claimant).copied().unwrap_or(0),
                    ..member.listed
                },
                ..member
            })
            .collect())
    }

    /// Puts members onto a SKU's list, in place of the list it had.
    pub(super) fn set_list(
        &mut self,
        sku: u32,
        rule: Option<crate::rule::ShortageRule>,
        members: &[Member],
    ) -> Result<(), Error> {
        let old = super::draft::sku_at(self, sku)?.list.clone();
        for part in old.iter().flat_map(|list| &list.members) {
            self.extra_mut(*part)?.listed = None;
            self.enter_queues(*part)?;
        }
        let mut list = None;
        if let Some(rule) = rule
            && !members.is_empty()
        {
            for member in members {
                self.leave_queues(member.part)?;
                self.extra_mut(member.part)?.listed = Some(member.listed);
            }
            list = Some(alloc::boxed::Box::new(super::state::List {
                rule,
                sequence: self.next_number()?,
                members: members.iter().map(|member| member.part).collect(),
            }));
        }
        crate::quantity::slot(&mut self.skus, sku as usize)?.list = list;
        Ok(())
    }
}
