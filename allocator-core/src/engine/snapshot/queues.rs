//! All trees at once: each from the parts, or the orders, that stand in it.

use alloc::vec::Vec;

use crate::engine::order::{OrderItems, QueueItems, ServedItems, key_of};
use crate::engine::state::{NONE, State};
use crate::error::Error;
use crate::quantity::slot;
use crate::time::Timestamp;

/// What stands where, in the order in which it is read: that of the numbers that the engine gave orders.
#[derive(Debug)]
pub(super) struct Queues {
    /// Parts that wait for an item from anywhere; by item.
    untied: Vec<(u32, u32)>,
    /// Those that wait for it at one location; by account.
    tied: Vec<(u32, u32)>,
    /// Those that have units; by account.
    served: Vec<(u32, u32)>,
    /// Holds with their deadlines.
    holds: Vec<(i64, u32)>,
    /// Orders with nothing open, by the number of their first part.
    closed: Vec<(Timestamp, u32)>,
}

impl Queues {
    pub(super) const fn new() -> Self {
        Self {
            untied: Vec::new(),
            tied: Vec::new(),
            served: Vec::new(),
            holds: Vec::new(),
            closed: Vec::new(),
        }
    }

    /// A part waits.
    pub(super) fn waits(&mut self, part: u32, sku: u32, tie: u32) {
        match tie {
            NONE => self.untied.push((sku, part)),
            account => self.tied.push((account, part)),
        }
    }

    /// A part has units.
    pub(super) fn served(&mut self, part: u32, account: u32) {
        self.served.push((account, part));
    }

    /// An order has a deadline.
    pub(super) fn ends(&mut self, order: u32, until: i64) {
        self.holds.push((until, order));
    }

    /// An order closed.
    pub(super) fn closed(&mut self, order: u32, at: Timestamp) {
        self.closed.push((at, order));
    }

    /// Builds the trees.
    pub(super) fn build(&mut self, state: &mut State) -> Result<(), Error> {
        // Of equal instants the smaller number stays first.
        self.holds.sort_by_key(|(until, _)| *until);
        self.closed.sort_by_key(|(at, _)| *at);
        let holds: Vec<u32> = self.holds.iter().map(|(_, order)| *order).collect();
        let closed: Vec<u32> = self.closed.iter().map(|(_, order)| *order).collect();
        let mut items = OrderItems {
            orders: &mut state.orders,
            lines: &state.lines,
            parts: &state.parts,
        };
        state.timers = state.forest.build(&holds, &mut items)?;
        state.closed = state.forest.build(&closed, &mut items)?;
        each_group(&self.untied, state.skus.len(), |sku, parts| {
            let parts = sorted(state, parts);
            let mut items = QueueItems {
                parts: &mut state.parts,
                extras: &state.extras,
            };
            slot(&mut state.skus, sku)?.queue = state.forest.build(parts, &mut items)?;
            Ok(())
        })?;
        each_group(&self.tied, state.accounts.len(), |account, parts| {
            let parts = sorted(state, parts);
            let mut items = QueueItems {
                parts: &mut state.parts,
                extras: &state.extras,
            };
            slot(&mut state.accounts, account)?.queue = state.forest.build(parts, &mut items)?;
            Ok(())
        })?;
        each_group(&self.served, state.accounts.len(), |account, parts| {
            let parts = sorted(state, parts);
            let mut items = ServedItems {
                parts: &mut state.parts,
                extras: &state.extras,
                entries: &mut state.entries,
                account: u32::try_from(account).unwrap_or(NONE),
            };
            slot(&mut state.accounts, account)?.served = state.forest.build(parts, &mut items)?;
            Ok(())
        })
    }
}

/// Gives all that has a number below `groups` by that number, in the order in which it comes.
fn each_group(
    numbered: &[(u32, u32)],
    groups: usize,
    mut each: impl FnMut(usize, &mut [u32]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut ends = alloc::vec![0_usize; groups];
    for (group, _) in numbered {
        let count = slot(&mut ends, *group as usize)?;
        *count = count.saturating_add(1);
    }
    let mut end = 0_usize;
    for start in &mut ends {
        end = end.saturating_add(core::mem::replace(start, end));
    }
    // What was the start of a group becomes its end.
    let mut all = alloc::vec![NONE; numbered.len()];
    for (group, item) in numbered {
        let next = slot(&mut ends, *group as usize)?;
        *slot(&mut all, *next)? = *item;
        *next = next.saturating_add(1);
    }
    let mut start = 0;
    for (group, end) in ends.into_iter().enumerate() {
        if let Some(items) = all.get_mut(start..end)
            && !items.is_empty()
        {
            each(group, items)?;
        }
        start = end;
    }
    Ok(())
}

/// Parts in the order of the queue. Most come so.
fn sorted<'p>(state: &State, parts: &'p mut [u32]) -> &'p [u32] {
    let key = |part: &u32| {
        let part = state.parts.get(*part);
        part.map(|part| key_of(part, &state.extras))
    };
    if !parts.is_sorted_by_key(key) {
        parts.sort_by_cached_key(key);
    }
    parts
}
