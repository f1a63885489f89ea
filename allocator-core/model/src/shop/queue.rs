//! Who stands before whom.
//!
//! Two orders: the order of the *queue*, in which parts of one SKU are served (those on its list first,
//! by their next ticket), and the order in which things are *told* over all SKUs (parts on a list
//! first, by the place they had when it was closed and their first ticket).

use std::cmp::Ordering;

use allocator_core::engine::Pack;
use allocator_core::{KeyPart, SkuId};

use super::state::{Key, Listed, PartId, State};

/// Where a part stands in what is told.
pub(super) type Told = (bool, Key, i64);

impl State {
    pub(super) fn told(&self, part: PartId) -> Told {
        let part = self.part(part);
        match part.listed {
            Some(listed) => (false, listed.place, listed.first),
            None => (true, part.key, 0),
        }
    }

    /// Sorts parts into the order in which they are told.
    pub(super) fn in_told_order(&self, mut parts: Vec<PartId>) -> Vec<PartId> {
        parts.sort_by_key(|&part| self.told(part));
        parts
    }

    /// The parts of a SKU that wait, in the order of its queue.
    pub(super) fn queue(&self, sku: SkuId) -> Vec<PartId> {
        let mut parts = self.parts_of(sku);
        parts.retain(|&part| self.part(part).waiting > 0);
        parts.sort_by(|&a, &b| self.compare_waiting(a, b));
        parts
    }

    /// All parts that wait, each SKU's in the order of its queue, the SKUs merged as they are told.
    pub(super) fn all_waiting(&self) -> Vec<PartId> {
        let mut queues: Vec<Vec<PartId>> = self.skus.iter().map(|&sku| self.queue(sku)).collect();
        let mut merged = Vec::new();
        loop {
            queues.retain(|queue| !queue.is_empty());
            let next = queues.iter_mut().min_by_key(|queue| self.told(queue[0]));
            let Some(queue) = next else {
                return merged;
            };
            merged.push(queue.remove(0));
        }
    }

    /// Whether a part that waits stands before another that waits.
    pub(super) fn is_before(&self, a: PartId, b: PartId) -> bool {
        if self.sku_of(a) == self.sku_of(b) {
            return self.compare_waiting(a, b) == Ordering::Less;
        }
        self.told(a) < self.told(b)
    }

    /// Whether a waiting part counts as before another: of an order that is served together only where
    /// all that waits of it is.
    pub(super) fn counts_as_before(&self, a: PartId, b: PartId) -> bool {
        if !self.order_of(a.0).together {
            return self.is_before(a, b);
        }
        let mates = self.waiting_parts(self.line(a.0).order);
        mates.iter().all(|&mate| self.is_before(mate, b))
    }

    /// Compares two parts of one SKU by the next unit each waits for.
    fn compare_waiting(&self, a: PartId, b: PartId) -> Ordering {
        self.compare_units(a, self.served(a) + 1, b, self.served(b) + 1)
    }

    /// Compares two parts of one SKU by the last unit each was served.
    pub(super) fn compare_served(&self, a: PartId, b: PartId) -> Ordering {
        self.compare_units(a, self.served(a), b, self.served(b))
    }

    /// How many of its units a part has or had.
    fn served(&self, part: PartId) -> i64 {
        let part = self.part(part);
        part.taken_units() + part.shipped_units()
    }

    /// Compares the `m`-th unit of one part with the `n`-th of another of the same SKU.
    fn compare_units(&self, a: PartId, m: i64, b: PartId, n: i64) -> Ordering {
        match (self.part(a).listed, self.part(b).listed) {
            (None, None) => self.part(a).key.cmp(&self.part(b).key),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(first), Some(second)) => {
                let rule = self.lists[&self.sku_of(a)];
                let tickets = [Ticket::of(first, m), Ticket::of(second, n)];
                compare_tickets(rule.parts(), &tickets[0], &tickets[1])
            }
        }
    }

    /// Whether a part's units are served one by one: it stands on a list, and nothing was said since
    /// that binds them together.
    pub(super) fn is_by_the_unit(&self, part: PartId) -> bool {
        self.part(part).listed.is_some()
            && self.pack(part.0) == Pack::Multiple(1)
            && !self.order_of(part.0).together
    }
}

/// Ticket `k` of a claimant who claims `c`.
pub(super) struct Ticket {
    c: i128,
    k: i128,
    lot: i64,
    place: Key,
}

impl Ticket {
    /// The ticket of the `n`-th unit of a part.
    fn of(listed: Listed, n: i64) -> Self {
        Self {
            c: listed.claim.into(),
            k: i128::from(listed.first) + i128::from(n) - 1,
            lot: listed.lot,
            place: listed.place,
        }
    }
}

/// Whether live lines carry what this part of a rule reads.
pub(super) fn is_known_live(part: &KeyPart) -> bool {
    matches!(
        part,
        KeyPart::Protect(_)
            | KeyPart::Level
            | KeyPart::Remainder
            | KeyPart::Webster
            | KeyPart::Adams
            | KeyPart::Jefferson
            | KeyPart::Lot
            | KeyPart::Place
    )
}

fn compare_tickets(rule: &[KeyPart], a: &Ticket, b: &Ticket) -> Ordering {
    for part in rule {
        let order = compare_by(part, a, b);
        if order != Ordering::Equal {
            return order;
        }
    }
    (a.place, a.k).cmp(&(b.place, b.k))
}

fn compare_by(part: &KeyPart, a: &Ticket, b: &Ticket) -> Ordering {
    match *part {
        KeyPart::Protect(m) => (a.k > m.into()).cmp(&(b.k > m.into())),
        KeyPart::Level => a.k.cmp(&b.k),
        // Who still misses most goes first.
        KeyPart::Remainder => (b.c - b.k).cmp(&(a.c - a.k)),
        KeyPart::Webster => ((2 * a.k - 1) * b.c).cmp(&((2 * b.k - 1) * a.c)),
        KeyPart::Adams => ((a.k - 1) * b.c).cmp(&((b.k - 1) * a.c)),
        KeyPart::Jefferson => (a.k * b.c).cmp(&(b.k * a.c)),
        KeyPart::Lot => a.lot.cmp(&b.lot),
        KeyPart::Place => a.place.cmp(&b.place),
        ref unknown => unreachable!("no list is closed by a rule with {unknown:?}"),
    }
}
