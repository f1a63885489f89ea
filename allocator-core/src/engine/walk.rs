//! Walking along a queue on paper: what waits in the state, less what the command changes, and what it adds.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::draft::{Draft, PartDraft, Standing, sku_at};
use super::order::{QueueRead, key_of};
use super::state::NONE;
use super::store::Tree;
use crate::error::Error;
use crate::id::LocationId;
use crate::quantity::slot;

/// A walk along the unlisted parts of one SKU that wait, in queue order.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    /// The next part of each queue of the state.
    lanes: Vec<u32>,
    /// Parts on paper that wait, in queue order.
    paper: Vec<usize>,
    next_paper: usize,
    /// How many parts were on paper when the walk began: of those it knows which wait.
    born: usize,
}

impl Walk {
    /// Along these parts as they stand here.
    pub(super) fn along(parts: Vec<usize>) -> Self {
        Self {
            paper: parts,
            ..Self::default()
        }
    }
}

/// Which queues a walk goes along.
#[derive(Clone, Copy)]
pub(super) enum Along {
    /// Parts that some available unit could serve.
    Served,
    /// Parts that a unit at this location could serve.
    Location(LocationId),
    /// All of them.
    Everything,
}

impl Draft<'_> {
    pub(super) fn walk(&mut self, sku: usize, along: Along) -> Result<Walk, Error> {
        let mut walk = Walk::default();
        self.walk_again(&mut walk, sku, along)?;
        Ok(walk)
    }

    /// Starts a walk in the buffers of another.
    pub(super) fn walk_again(
        &mut self,
        walk: &mut Walk,
        sku: usize,
        along: Along,
    ) -> Result<(), Error> {
        walk.lanes.clear();
        walk.paper.clear();
        walk.next_paper = 0;
        walk.born = self.scratch.parts.len();
        let draft = self.sku_draft(sku)?;
        if draft.slot != NONE {
            let forest = &self.state.forest;
            let mut lane = |tree: &Tree| -> Result<(), Error> {
                walk.lanes.extend(forest.first(tree)?);
                Ok(())
            };
            lane(&sku_at(self.state, draft.slot)?.queue)?;
            for place in &draft.places {
                let goes = match along {
                    Along::Served => place.available > 0,
                    Along::Location(location) => place.location == location,
                    Along::Everything => true,
                };
                if place.account != NONE && goes {
                    let account = self.state.accounts.get(place.account as usize);
                    lane(&account.ok_or(ROW)?.queue)?;
                }
            }
        }
        for (index, part) in self.scratch.parts.iter().enumerate() {
            if part.sku == sku && part.waiting > 0 && part.listed.is_none() {
                walk.paper.push(index);
            }
        }
        let parts = &self.scratch.parts;
        let key = |index: &usize| parts.get(*index).map(Standing::of);
        walk.paper.sort_unstable_by_key(key);
        Ok(())
    }

    /// A walk along these parts.
    pub(super) fn walk_of(&self, mut parts: Vec<usize>) -> Walk {
        parts.sort_by_key(|part| self.part_draft(*part).ok().map(Standing::of));
        Walk::along(parts)
    }

    /// The next part, or nothing at the end of the queue.
    pub(super) fn step(&mut self, walk: &mut Walk) -> Result<Option<usize>, Error> {
        loop {
            let mut first: Option<(usize, u32)> = None;
            for (lane, item) in walk.lanes.iter().enumerate() {
                let earlier = match first {
                    None => true,
                    Some((_, other)) => self.slot_is_first(*item, other)?,
                };
                if earlier {
                    first = Some((lane, *item));
                }
            }
            let paper = walk.paper.get(walk.next_paper).copied();
            let Some((lane, item)) = first else {
                walk.next_paper = walk.next_paper.saturating_add(1);
                return Ok(paper);
            };
            if let Some(paper) = paper
                && self.paper_is_first(paper, item)?
            {
                walk.next_paper = walk.next_paper.saturating_add(1);
                return Ok(Some(paper));
            }
            self.advance_lane(walk, lane, item)?;
            let part = self.part(item)?;
            if part >= walk.born {
                return Ok(Some(part));
            }
        }
    }

    fn advance_lane(&self, walk: &mut Walk, lane: usize, item: u32) -> Result<(), Error> {
        let items = QueueRead {
            parts: &self.state.parts,
            extras: &self.state.extras,
        };
        match self.state.forest.next(item, &items)? {
            Some(next) => *slot(&mut walk.lanes, lane)? = next,
            None => {
                walk.lanes.swap_remove(lane);
            }
        }
        Ok(())
    }

    fn slot_is_first(&self, a: u32, b: u32) -> Result<bool, Error> {
        let (parts, extras) = (&self.state.parts, &self.state.extras);
        Ok(key_of(parts.at(a)?, extras) < key_of(parts.at(b)?, extras))
    }

    fn paper_is_first(&self, paper: usize, item: u32) -> Result<bool, Error> {
        let paper: &PartDraft = self.part_draft(paper)?;
        let (parts, extras) = (&self.state.parts, &self.state.extras);
        Ok(paper.key.cmp(&key_of(parts.at(item)?, extras)) != Ordering::Greater)
    }
}

const ROW: Error = Error::Corrupt { at: "walk" };
