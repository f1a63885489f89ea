//! What a leaf and an inner node have in common: a few entries in order, at least one.

use core::num::NonZeroU8;

use crate::error::Error;
use crate::quantity::Quantity;

/// Items a leaf holds.
pub(super) const LEAF: usize = 32;
/// Children an inner node has.
pub(super) const INNER: usize = 32;

/// Up to `N` entries, at least one.
#[derive(Clone, Debug)]
pub(super) struct Node<T, const N: usize> {
    entries: [T; N],
    /// The inner node this one is a child of.
    pub(super) parent: u32,
    len: NonZeroU8,
    /// Where in the parent it was last seen. It may have moved since.
    pub(super) seen_at: u8,
}

/// The parent of a node, and where in it the node was last seen.
pub(super) type Link = (u32, u8);

/// Items in order, and the leaves before and after.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) items: Node<u32, LEAF>,
    pub(super) prev: u32,
    pub(super) next: u32,
}

/// Children in order: all leaves or all inner nodes.
pub(super) type Inner = Node<Child, INNER>;

/// A child as its parent knows it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Child {
    /// Units of all items below.
    pub(super) sum: Quantity,
    /// Its slot.
    pub(super) node: u32,
    /// The first item below.
    pub(super) first: u32,
}

impl<T: Copy + Default, const N: usize> Node<T, N> {
    /// A node with one entry.
    pub(super) fn of(entry: T, parent: u32) -> Self {
        Self {
            entries: core::array::from_fn(|at| if at == 0 { entry } else { T::default() }),
            parent,
            len: NonZeroU8::MIN,
            seen_at: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len.get().into()
    }

    pub(super) fn link(&self) -> Link {
        (self.parent, self.seen_at)
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() >= N
    }

    pub(super) fn entries(&self) -> &[T] {
        self.entries.get(..self.len()).unwrap_or_default()
    }

    pub(super) fn get(&self, at: usize) -> Result<T, Error> {
        self.entries().get(at).copied().ok_or(CORRUPT)
    }

    pub(super) fn get_mut(&mut self, at: usize) -> Result<&mut T, Error> {
        let len = self.len();
        let entries = self.entries.get_mut(..len).unwrap_or_default();
        entries.get_mut(at).ok_or(CORRUPT)
    }

    pub(super) fn first(&self) -> Result<T, Error> {
        self.get(0)
    }

    pub(super) fn last(&self) -> Result<T, Error> {
        self.entries().last().copied().ok_or(CORRUPT)
    }

    /// Puts an entry at `at`, before the one that stands there. The node is not full.
    pub(super) fn insert(&mut self, at: usize, entry: T) -> Result<(), Error> {
        let len = self.len();
        if at < len {
            let tail = self.entries.get_mut(at..=len).ok_or(CORRUPT)?;
            tail.copy_within(..tail.len().saturating_sub(1), 1);
        }
        *self.entries.get_mut(at).ok_or(CORRUPT)? = entry;
        self.set_len(len.saturating_add(1))
    }

    /// Takes the entry at `at` away. It is not the only one.
    pub(super) fn remove(&mut self, at: usize) -> Result<(), Error> {
        let len = self.len();
        let tail = self.entries.get_mut(at..len).ok_or(CORRUPT)?;
        if tail.len() > 1 {
            tail.copy_within(1.., 0);
        }
        self.set_len(len.saturating_sub(1))
    }

    /// Cuts off the entries from `at` on. Some stay and some go.
    pub(super) fn split(&mut self, at: usize) -> Result<Self, Error> {
        let tail = self.entries().get(at..).ok_or(CORRUPT)?;
        let cut = Self::copy(tail, self.parent)?;
        self.set_len(at)?;
        Ok(cut)
    }

    /// Cuts off the first `count` entries. Some stay and some go.
    pub(super) fn split_front(&mut self, count: usize) -> Result<Self, Error> {
        let len = self.len();
        let head = self.entries().get(..count).ok_or(CORRUPT)?;
        let cut = Self::copy(head, self.parent)?;
        self.set_len(len.saturating_sub(count))?;
        self.entries.copy_within(count..len, 0);
        Ok(cut)
    }

    /// Puts all entries of `more` behind its own. There is room.
    pub(super) fn append(&mut self, more: &Self) -> Result<(), Error> {
        let len = self.len();
        let end = len.saturating_add(more.len());
        let room = self.entries.get_mut(len..end).ok_or(CORRUPT)?;
        room.copy_from_slice(more.entries());
        self.set_len(end)
    }

    /// Puts all entries of `more` before its own. There is room.
    pub(super) fn prepend(&mut self, more: &Self) -> Result<(), Error> {
        let end = self.len().saturating_add(more.len());
        let all = self.entries.get_mut(..end).ok_or(CORRUPT)?;
        all.rotate_right(more.len());
        let room = all.get_mut(..more.len()).ok_or(CORRUPT)?;
        room.copy_from_slice(more.entries());
        self.set_len(end)
    }

    pub(super) fn copy(entries: &[T], parent: u32) -> Result<Self, Error> {
        let mut copy = Self::of(T::default(), parent);
        let room = copy.entries.get_mut(..entries.len()).ok_or(CORRUPT)?;
        room.copy_from_slice(entries);
        copy.set_len(entries.len())?;
        Ok(copy)
    }

    fn set_len(&mut self, len: usize) -> Result<(), Error> {
        let len = u8::try_from(len).ok().and_then(NonZeroU8::new);
        self.len = len.ok_or(CORRUPT)?;
        Ok(())
    }
}

impl Node<u32, LEAF> {
    /// Where an item stands.
    pub(super) fn position(&self, item: u32) -> Result<usize, Error> {
        // All at once and without a branch that nobody could predict; what is left behind the last
        // entry comes after it.
        let here = |(at, &it): (usize, &u32)| u32::from(it == item) << at;
        let found = self
            .entries
            .iter()
            .enumerate()
            .map(here)
            .fold(0, |all, one| all | one);
        let at = found.trailing_zeros() as usize;
        if at < self.len() {
            Ok(at)
        } else {
            Err(CORRUPT)
        }
    }
}

impl Inner {
    /// Where a child stands; `seen_at` is where it was last seen.
    pub(super) fn position(&self, node: u32, seen_at: u8) -> Result<usize, Error> {
        let seen_at = usize::from(seen_at);
        if self
            .entries()
            .get(seen_at)
            .is_some_and(|child| child.node == node)
        {
            return Ok(seen_at);
        }
        let found = self.entries().iter().position(|child| child.node == node);
        found.ok_or(CORRUPT)
    }

    /// Units of all items below.
    pub(super) fn sum(&self) -> Result<Quantity, Error> {
        let sum = self
            .entries()
            .iter()
            .try_fold(0, |sum: Quantity, child| sum.checked_add(child.sum));
        sum.ok_or(CORRUPT)
    }
}

/// A node is not what its tree says.
pub(super) const CORRUPT: Error = Error::Corrupt { at: "tree" };
