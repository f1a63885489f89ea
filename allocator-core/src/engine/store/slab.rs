//! Values at fixed numbers: what a number means never moves, and freed numbers are given out again.

use alloc::vec::Vec;

use super::NONE;
use crate::error::Error;

/// Most values of a chunk.
const MOST_BITS: u32 = 10;
/// Most bytes of a chunk, so that asking for one is cheap.
const MOST_BYTES: usize = 96 << 10;

/// Values of one kind by slot.
///
/// Grows by chunks of at most 1024 values and 96 KiB and keeps them. A freed slot holds the number of the one freed before
/// it, and the last one freed is the first to be used again. That costs nothing where `T` has a bit
/// pattern to spare (a `bool`, an enum, a `NonZero`), and one alignment of `T` per value otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Slab<T> {
    chunks: Vec<Vec<Entry<T>>>,
    free: u32,
    len: u32,
    /// What is kept here, for [`Error::Corrupt`].
    name: &'static str,
}

#[derive(Clone, Debug)]
enum Entry<T> {
    Live(T),
    /// The slot that was freed before this one.
    Free(u32),
}

impl<T> Slab<T> {
    const CHUNK_BITS: u32 = chunk_bits(size_of::<Entry<T>>());
    const CHUNK: usize = 1 << Self::CHUNK_BITS;
    const MASK: usize = Self::CHUNK.saturating_sub(1);

    /// An empty one without memory. `name` is what an [`Error::Corrupt`] says is wrong.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            chunks: Vec::new(),
            free: NONE,
            len: 0,
            name,
        }
    }

    /// Keeps `value` and says where: at the slot freed last, else at the next new one.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where all 2³² − 1 slots are taken.
    pub(crate) fn insert(&mut self, value: T) -> Result<u32, Error> {
        let slot = match self.free {
            NONE => self.push(value)?,
            slot => {
                let name = self.name;
                let Some(entry @ &mut Entry::Free(next)) = self.entry_mut(slot) else {
                    return Err(corrupt(name));
                };
                *entry = Entry::Live(value);
                self.free = next;
                slot
            }
        };
        self.len = self.len.saturating_add(1);
        Ok(slot)
    }

    /// The value at `slot`.
    pub(crate) fn get(&self, slot: u32) -> Option<&T> {
        let (chunk, place) = Self::split(slot);
        match self.chunks.get(chunk)?.get(place)? {
            Entry::Live(value) => Some(value),
            Entry::Free(_) => None,
        }
    }

    /// The value at `slot`, to change.
    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut T> {
        match self.entry_mut(slot)? {
            Entry::Live(value) => Some(value),
            Entry::Free(_) => None,
        }
    }

    /// The value at a slot that must hold one.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where it holds none.
    pub(crate) fn at(&self, slot: u32) -> Result<&T, Error> {
        match self.get(slot) {
            Some(value) => Ok(value),
            None => Err(corrupt(self.name)),
        }
    }

    /// The value at a slot that must hold one, to change.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where it holds none.
    pub(crate) fn at_mut(&mut self, slot: u32) -> Result<&mut T, Error> {
        let name = self.name;
        match self.get_mut(slot) {
            Some(value) => Ok(value),
            None => Err(corrupt(name)),
        }
    }

    /// Takes the value at `slot` out and frees the slot.
    pub(crate) fn remove(&mut self, slot: u32) -> Option<T> {
        let next = self.free;
        let entry = self.entry_mut(slot)?;
        if let Entry::Free(_) = entry {
            return None;
        }
        let Entry::Live(value) = core::mem::replace(entry, Entry::Free(next)) else {
            return None;
        };
        self.free = slot;
        self.len = self.len.saturating_sub(1);
        Some(value)
    }

    /// All values, in the order of their slots.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks
            .iter()
            .flatten()
            .filter_map(|entry| match entry {
                Entry::Live(value) => Some(value),
                Entry::Free(_) => None,
            })
    }

    /// All values with their slots, in the order of these.
    pub(crate) fn slots(&self) -> impl Iterator<Item = (u32, &T)> {
        let entries = self.chunks.iter().flatten();
        (0..NONE)
            .zip(entries)
            .filter_map(|(slot, entry)| match entry {
                Entry::Live(value) => Some((slot, value)),
                Entry::Free(_) => None,
            })
    }

    /// Takes a value out that must be there.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where it is not.
    pub(crate) fn take(&mut self, slot: u32) -> Result<T, Error> {
        let name = self.name;
        self.remove(slot).ok_or_else(|| corrupt(name))
    }

    /// How many values.
    pub(crate) const fn len(&self) -> u32 {
        self.len
    }

    /// Bytes it has asked for.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        let chunks = self.chunks.iter().map(Vec::capacity).sum::<usize>();
        chunks * size_of::<Entry<T>>() + self.chunks.capacity() * size_of::<Vec<Entry<T>>>()
    }

    fn push(&mut self, value: T) -> Result<u32, Error> {
        if self
            .chunks
            .last()
            .is_none_or(|last| last.len() >= Self::CHUNK)
        {
            self.chunks.push(Vec::with_capacity(Self::CHUNK));
        }
        let before = self.chunks.len().saturating_sub(1);
        let Some(last) = self.chunks.last_mut() else {
            return Err(corrupt(self.name));
        };
        let slot = before
            .checked_mul(Self::CHUNK)
            .and_then(|full| full.checked_add(last.len()));
        match slot.and_then(|slot| u32::try_from(slot).ok()) {
            None | Some(NONE) => Err(corrupt(self.name)),
            Some(slot) => {
                last.push(Entry::Live(value));
                Ok(slot)
            }
        }
    }

    fn entry_mut(&mut self, slot: u32) -> Option<&mut Entry<T>> {
        let (chunk, place) = Self::split(slot);
        self.chunks.get_mut(chunk)?.get_mut(place)
    }

    const fn split(slot: u32) -> (usize, usize) {
        let slot = slot as usize;
        (slot >> Self::CHUNK_BITS, slot & Self::MASK)
    }
}

#[cold]
const fn corrupt(name: &'static str) -> Error {
    Error::Corrupt { at: name }
}

/// For a value of `size` bytes.
const fn chunk_bits(size: usize) -> u32 {
    let mut bits = MOST_BITS;
    while bits > 0 && size << bits > MOST_BYTES {
        bits = bits.saturating_sub(1);
    }
    bits
}
