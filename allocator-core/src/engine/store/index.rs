//! From outside numbers to slots. The numbers are usually dense, and may be anything.

use core::num::NonZeroU8;

use alloc::vec::Vec;

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::NONE;
use super::slab::Slab;
use crate::error::Error;

const PAGE_BITS: u32 = 5;
const PAGE: usize = 1 << PAGE_BITS;
const PARTS: u64 = 64;

/// Slots by id.
///
/// 32 ids that follow each other share a page, so that a dense one costs about 5 bytes; one without
/// neighbours costs about 150. The table of pages is ordered by the seed, so that nobody who does not
/// know it can choose ids that collide, and kept in 64 parts, so that none is large when it grows.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    parts: Vec<HashTable<Named>>,
    pages: Slab<Page>,
    len: u32,
    seed: u64,
}

/// A page, found by what its ids have in common.
#[derive(Clone, Copy, Debug)]
struct Named {
    name: u32,
    page: u32,
}

#[derive(Clone, Debug)]
struct Page {
    slots: [u32; PAGE],
    /// How many of them are not [`NONE`]; a page without any is freed.
    used: NonZeroU8,
}

impl Index {
    /// An empty one whose table is ordered by `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            parts: (0..PARTS).map(|_| HashTable::new()).collect(),
            pages: Slab::new("index: pages"),
            len: 0,
            seed,
        }
    }

    /// The slot of `id`.
    pub(crate) fn get(&self, id: u32) -> Option<u32> {
        let (name, place) = split(id);
        let hash = hash(self.seed, name);
        let named = self
            .parts
            .get(part(hash))?
            .find(hash, |named| named.name == name)?;
        let slot = *self.pages.get(named.page)?.slots.get(place)?;
        (slot != NONE).then_some(slot)
    }

    /// Notes the slot of a new id.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the id has a slot or `slot` is [`NONE`].
    pub(crate) fn insert(&mut self, id: u32, slot: u32) -> Result<(), Error> {
        let corrupt = Error::Corrupt { at: "index" };
        if slot == NONE {
            return Err(corrupt);
        }
        let (name, place) = split(id);
        let Self {
            parts,
            pages,
            len,
            seed,
        } = self;
        let hash_of_name = hash(*seed, name);
        let Some(part) = parts.get_mut(part(hash_of_name)) else {
            return Err(corrupt);
        };
        if let Some(named) = part.find(hash_of_name, |named| named.name == name) {
            let page = pages.at_mut(named.page)?;
            match page.slots.get_mut(place) {
                Some(empty) if *empty == NONE => *empty = slot,
                _ => return Err(corrupt),
            }
            page.used = page.used.saturating_add(1);
        } else {
            let mut page = Page {
                slots: [NONE; PAGE],
                used: NonZeroU8::MIN,
            };
            *page.slots.get_mut(place).ok_or(corrupt)? = slot;
            let page = pages.insert(page)?;
            part.insert_unique(hash_of_name, Named { name, page }, |named| {
                hash(*seed, named.name)
            });
        }
        *len = len.saturating_add(1);
        Ok(())
    }

    /// Forgets an id and says what its slot was.
    pub(crate) fn remove(&mut self, id: u32) -> Option<u32> {
        let (name, place) = split(id);
        let hash = hash(self.seed, name);
        let part = self.parts.get_mut(part(hash))?;
        let found = part.find_entry(hash, |named| named.name == name).ok()?;
        let number = found.get().page;
        let page = self.pages.get_mut(number)?;
        let taken = page.slots.get_mut(place)?;
        let slot = *taken;
        if slot == NONE {
            return None;
        }
        *taken = NONE;
        match NonZeroU8::new(page.used.get().saturating_sub(1)) {
            Some(used) => page.used = used,
            None => {
                found.remove();
                self.pages.remove(number);
            }
        }
        self.len = self.len.saturating_sub(1);
        Some(slot)
    }

    /// How many ids.
    pub(crate) const fn len(&self) -> u32 {
        self.len
    }

    #[cfg(test)]
    pub(crate) fn page_count(&self) -> u32 {
        self.pages.len()
    }

    /// Bytes it has asked for.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        let parts = self
            .parts
            .iter()
            .map(HashTable::allocation_size)
            .sum::<usize>();
        parts + self.parts.capacity() * size_of::<HashTable<Named>>() + self.pages.bytes()
    }
}

const fn split(id: u32) -> (u32, usize) {
    (id >> PAGE_BITS, id as usize & (PAGE - 1))
}

fn hash(seed: u64, name: u32) -> u64 {
    xxh3_64_with_seed(&name.to_le_bytes(), seed)
}

/// By bits that the table of the part does not look at: it takes the lowest and the highest.
#[allow(clippy::cast_possible_truncation, reason = "it is below PARTS")]
const fn part(hash: u64) -> usize {
    ((hash >> 40) & (PARTS - 1)) as usize
}
