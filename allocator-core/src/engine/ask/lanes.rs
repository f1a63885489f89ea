//! Walking along several queues of a SKU at once, merged by place.

use alloc::collections::BinaryHeap;
use core::cmp::Reverse;

use crate::engine::order::{Key, QueueRead, key_of};
use crate::engine::state::State;
use crate::engine::store::Tree;
use crate::error::Error;

/// Where a part stands in what is told: parts on a list first, by the place they had when it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub(super) unlisted: bool,
    pub(super) key: Key,
}

/// The next part of each queue, the first of them on top.
pub(super) struct Lanes<'s> {
    state: &'s State,
    heads: BinaryHeap<Reverse<(Key, u32)>>,
}

impl<'s> Lanes<'s> {
    pub(super) const fn new(state: &'s State) -> Self {
        Self {
            state,
            heads: BinaryHeap::new(),
        }
    }

    /// Adds a queue, or what of it stands behind a place. O(log n).
    pub(super) fn add(&mut self, queue: &Tree, behind: Option<Key>) -> Result<(), Error> {
        let state = self.state;
        let first = match behind {
            None => state.forest.first(queue)?,
            Some(last) => state
                .forest
                .seek(queue, |part| Ok(state.key(part)? <= last))?,
        };
        self.push(first)
    }

    /// The first part of all queues; it is taken out, and those behind it come with
    /// [`Lanes::follow`] only.
    pub(super) fn pop(&mut self) -> Option<u32> {
        self.heads.pop().map(|Reverse((_, part))| part)
    }

    /// Goes on in the queue of a part that was taken out. O(log queues).
    pub(super) fn follow(&mut self, part: u32) -> Result<(), Error> {
        let next = self.state.forest.next(part, &self.state.queue_read())?;
        self.push(next)
    }

    fn push(&mut self, part: Option<u32>) -> Result<(), Error> {
        if let Some(part) = part {
            self.heads.push(Reverse((self.state.key(part)?, part)));
        }
        Ok(())
    }
}

impl State {
    /// The place of a part.
    pub(super) fn key(&self, part: u32) -> Result<Key, Error> {
        Ok(key_of(self.parts.at(part)?, &self.extras))
    }

    pub(in crate::engine) const fn queue_read(&self) -> QueueRead<'_> {
        QueueRead {
            parts: &self.parts,
            extras: &self.extras,
        }
    }

    /// Where a part stands in what is told.
    pub(super) fn told(&self, part: u32) -> Result<Told, Error> {
        let this = self.parts.at(part)?;
        let key = key_of(this, &self.extras);
        let extra = self.extras.get(this.extra);
        Ok(match extra.and_then(|extra| extra.listed) {
            None => Told {
                unlisted: true,
                key,
            },
            Some(listed) => Told {
                unlisted: false,
                key: Key {
                    priority: listed.priority,
                    placed_at: listed.placed_at,
                    ..key
                },
            },
        })
    }
}
