//! Many ordered sequences of items with sums of their units, in one arena.
//!
//! B+ trees whose leaves hold the items and whose inner nodes hold, per child, the units of all items
//! below and the first of them. An item remembers its leaf, so that it is found without a comparison:
//! only [`Forest::insert`] and [`Forest::seek`] compare. Nodes on the first and the last path of a tree
//! may be nearly empty, all others are at least half full: what is appended leaves full nodes behind,
//! and what is taken from the front moves nothing.

mod build;
mod check;
mod grow;
mod node;
mod read;
mod shrink;

use super::NONE;
use super::slab::Slab;
use crate::error::Error;
use crate::quantity::{Quantity, add, sub};
use node::{CORRUPT, Inner, Leaf, Link, Node};

/// The items of a forest, as their owner keeps them. An item is a slot.
pub(crate) trait Items {
    /// Whether `a` comes before `b`: a strict order, and the same as long as both are in a tree.
    fn before(&self, a: u32, b: u32) -> Result<bool, Error>;

    /// The units of an item, at least 0. They change only together with [`Forest::change`].
    fn units(&self, item: u32) -> Result<Quantity, Error>;

    /// What [`Items::set_leaf`] noted last; [`NONE`] for an item that never was in a tree.
    fn leaf(&self, item: u32) -> Result<u32, Error>;

    /// Notes the leaf of an item; [`NONE`]: it is in no tree.
    fn set_leaf(&mut self, item: u32, leaf: u32) -> Result<(), Error>;
}

/// One sequence: what its owner keeps of it. Copies are not other sequences: only the newest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tree {
    total: Quantity,
    root: u32,
    first_leaf: u32,
    last_leaf: u32,
    len: u32,
    /// Levels of inner nodes; 0: the root is a leaf.
    height: u8,
}

impl Tree {
    /// A sequence without items. It has no nodes.
    pub(crate) const EMPTY: Self = Self {
        total: 0,
        root: NONE,
        first_leaf: NONE,
        last_leaf: NONE,
        len: 0,
        height: 0,
    };

    /// How many items.
    pub(crate) const fn len(&self) -> u32 {
        self.len
    }

    /// Whether there are no items.
    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Units of all items.
    #[cfg(test)]
    pub(crate) const fn total(&self) -> Quantity {
        self.total
    }
}

/// The nodes of any number of trees.
///
/// Every error is [`Error::Corrupt`]: a tree, an item or a leaf that does not belong here, or sums
/// beyond 63 bits. Only of those sums can it be said that nothing changed.
#[derive(Clone, Debug)]
pub(crate) struct Forest {
    leaves: Slab<Leaf>,
    inners: Slab<Inner>,
}

impl Forest {
    /// A forest without trees and without memory.
    pub(crate) const fn new() -> Self {
        Self {
            leaves: Slab::new("tree: leaves"),
            inners: Slab::new("tree: inner nodes"),
        }
    }

    /// Puts an item where it belongs, after those that are neither before nor behind it. O(log n),
    /// without a search where it belongs at the end or at the beginning.
    pub(crate) fn insert(
        &mut self,
        tree: &mut Tree,
        item: u32,
        items: &mut impl Items,
    ) -> Result<(), Error> {
        let units = items.units(item)?;
        let total = add(tree.total, units)?;
        if units < 0 || items.leaf(item)? != NONE {
            return Err(CORRUPT);
        }
        let (leaf, at) = self.place(tree, item, items)?;
        let (leaf, at, link) = match self.leaves.get_mut(leaf) {
            Some(with_room) if !with_room.items.is_full() => {
                with_room.items.insert(at, item)?;
                (leaf, at, with_room.items.link())
            }
            _ => {
                let (leaf, at) = self.put_in_new(tree, leaf, at, item, items)?;
                (leaf, at, self.link(0, leaf)?)
            }
        };
        items.set_leaf(item, leaf)?;
        self.add_above(tree, 0, leaf, link, units, (at == 0).then_some(item))?;
        tree.total = total;
        tree.len = tree.len.checked_add(1).ok_or(CORRUPT)?;
        Ok(())
    }

    /// Takes an item out of the tree it is in. O(log n).
    pub(crate) fn remove(
        &mut self,
        tree: &mut Tree,
        item: u32,
        items: &mut impl Items,
    ) -> Result<(), Error> {
        let units = items.units(item)?;
        let total = sub(tree.total, units)?;
        let id = items.leaf(item)?;
        let leaf = self.leaves.at_mut(id)?;
        let at = leaf.items.position(item)?;
        let last_one = leaf.items.len() == 1;
        let mut first = None;
        if !last_one {
            leaf.items.remove(at)?;
            if at == 0 {
                first = Some(leaf.items.first()?);
            }
        }
        let too_small = leaf.is_too_small();
        let link = leaf.items.link();
        items.set_leaf(item, NONE)?;
        let less = units.checked_neg().ok_or(CORRUPT)?;
        self.add_above(tree, 0, id, link, less, first)?;
        tree.total = total;
        tree.len = tree.len.checked_sub(1).ok_or(CORRUPT)?;
        if last_one {
            return self.drop_leaf(tree, id);
        }
        if too_small {
            self.mend_leaf(tree, id, items)?;
        }
        Ok(())
    }

    /// Notes that the units of an item changed by `by`. O(log n).
    pub(crate) fn change(
        &mut self,
        tree: &mut Tree,
        item: u32,
        by: Quantity,
        items: &impl Items,
    ) -> Result<(), Error> {
        let total = add(tree.total, by)?;
        if total < 0 {
            return Err(CORRUPT);
        }
        let leaf = items.leaf(item)?;
        self.add_above(tree, 0, leaf, self.link(0, leaf)?, by, None)?;
        tree.total = total;
        Ok(())
    }

    /// Adds `by` to what is known of `node` in all nodes above it and, where its first item changed,
    /// notes that too.
    fn add_above(
        &mut self,
        tree: &Tree,
        mut level: u8,
        mut node: u32,
        (mut parent, mut seen_at): Link,
        by: Quantity,
        mut first: Option<u32>,
    ) -> Result<(), Error> {
        while parent != NONE {
            let inner = self.inners.at_mut(parent)?;
            let at = inner.position(node, seen_at)?;
            let above = inner.link();
            let child = inner.get_mut(at)?;
            child.sum = child.sum.checked_add(by).ok_or(CORRUPT)?;
            if let Some(item) = first {
                child.first = item;
                first = (at == 0).then_some(item);
            }
            if at != usize::from(seen_at) {
                self.set_link(level, node, parent, at)?;
            }
            node = parent;
            (parent, seen_at) = above;
            level = level.saturating_add(1);
        }
        if node == tree.root {
            Ok(())
        } else {
            Err(CORRUPT)
        }
    }

    /// The parent of a node, and where the node stands there.
    fn above(&mut self, level: u8, node: u32) -> Result<Option<(u32, usize)>, Error> {
        let (parent, seen_at) = self.link(level, node)?;
        if parent == NONE {
            return Ok(None);
        }
        let at = self.inners.at(parent)?.position(node, seen_at)?;
        if at != usize::from(seen_at) {
            self.set_link(level, node, parent, at)?;
        }
        Ok(Some((parent, at)))
    }

    /// The parent of a node, and where the node was last seen there.
    fn link(&self, level: u8, node: u32) -> Result<Link, Error> {
        Ok(match level {
            0 => self.leaves.at(node)?.items.link(),
            _ => self.inners.at(node)?.link(),
        })
    }

    fn set_link(&mut self, level: u8, node: u32, parent: u32, at: usize) -> Result<(), Error> {
        fn set<T, const N: usize>(node: &mut Node<T, N>, parent: u32, at: u8) {
            node.parent = parent;
            node.seen_at = at;
        }
        let at = u8::try_from(at).unwrap_or_default();
        match level {
            0 => set(&mut self.leaves.at_mut(node)?.items, parent, at),
            _ => set(self.inners.at_mut(node)?, parent, at),
        }
        Ok(())
    }

    /// The first item in or below a node.
    fn first_below(&self, level: u8, node: u32) -> Result<u32, Error> {
        match level {
            0 => self.leaves.at(node)?.items.first(),
            _ => Ok(self.inners.at(node)?.first()?.first),
        }
    }

    /// Bytes it has asked for.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        self.leaves.bytes() + self.inners.bytes()
    }
}
