//! What can be asked of a tree.

use super::node::CORRUPT;
use super::{Forest, Items, NONE, Tree};
use crate::error::Error;
use crate::quantity::{Quantity, add};

impl Forest {
    /// The first item.
    pub(crate) fn first(&self, tree: &Tree) -> Result<Option<u32>, Error> {
        self.first_of(tree.first_leaf)
    }

    /// The last item.
    pub(crate) fn last(&self, tree: &Tree) -> Result<Option<u32>, Error> {
        self.last_of(tree.last_leaf)
    }

    /// The item behind one that is in a tree.
    pub(crate) fn next(&self, item: u32, items: &impl Items) -> Result<Option<u32>, Error> {
        let leaf = self.leaves.at(items.leaf(item)?)?;
        let after = leaf.items.position(item)?.saturating_add(1);
        match leaf.items.entries().get(after) {
            Some(&next) => Ok(Some(next)),
            None => self.first_of(leaf.next),
        }
    }

    /// The item before one that is in a tree.
    pub(crate) fn prev(&self, item: u32, items: &impl Items) -> Result<Option<u32>, Error> {
        let leaf = self.leaves.at(items.leaf(item)?)?;
        match leaf.items.position(item)?.checked_sub(1) {
            Some(before) => leaf.items.get(before).map(Some),
            None => self.last_of(leaf.prev),
        }
    }

    /// All items of a tree in order.
    pub(crate) const fn walk(&self, tree: &Tree) -> Walk<'_> {
        Walk {
            forest: self,
            leaf: tree.first_leaf,
            at: 0,
        }
    }

    /// Units of all items before one that is in the tree. O(log n); reads the units of at most half a
    /// leaf of items.
    pub(crate) fn sum_before(
        &self,
        tree: &Tree,
        item: u32,
        items: &impl Items,
    ) -> Result<Quantity, Error> {
        let mut node = items.leaf(item)?;
        let own = &self.leaves.at(node)?.items;
        let (mut parent, mut seen_at) = (own.parent, own.seen_at);
        // Of the leaf: what comes before, or all but what comes from the item on.
        let at = own.position(item)?;
        let (before, behind) = own.entries().split_at_checked(at).ok_or(CORRUPT)?;
        let counted_back = before.len() > behind.len();
        let read = if counted_back { behind } else { before };
        let mut sum = 0;
        for &item in read {
            sum = add(sum, items.units(item)?)?;
        }
        if counted_back {
            sum = sum.saturating_neg();
            if parent == NONE {
                sum = add(sum, tree.total)?;
            }
        }
        let mut with_own = counted_back;
        while parent != NONE {
            let inner = self.inners.at(parent)?;
            let at = inner.position(node, seen_at)?;
            let end = at.saturating_add(usize::from(with_own));
            with_own = false;
            for child in inner.entries().get(..end).ok_or(CORRUPT)? {
                sum = add(sum, child.sum)?;
            }
            node = parent;
            (parent, seen_at) = (inner.parent, inner.seen_at);
        }
        if node == tree.root {
            Ok(sum)
        } else {
            Err(CORRUPT)
        }
    }

    /// The first item that does not come before a place, which need not be an item's: `before` says
    /// of an item whether it does. O(log n).
    pub(crate) fn seek(
        &self,
        tree: &Tree,
        mut before: impl FnMut(u32) -> Result<bool, Error>,
    ) -> Result<Option<u32>, Error> {
        if tree.is_empty() {
            return Ok(None);
        }
        let mut node = tree.root;
        for _ in 0..tree.height {
            let inner = self.inners.at(node)?;
            let started = count(inner.entries(), |child| before(child.first))?;
            node = match started.checked_sub(1) {
                Some(last) => inner.get(last)?.node,
                None => return self.first(tree),
            };
        }
        let leaf = self.leaves.at(node)?;
        match leaf
            .items
            .entries()
            .get(count(leaf.items.entries(), before)?)
        {
            Some(&item) => Ok(Some(item)),
            None => self.first_of(leaf.next),
        }
    }

    /// Units of all items that come before a place, as in [`Forest::seek`].
    pub(crate) fn sum_to(
        &self,
        tree: &Tree,
        items: &impl Items,
        before: impl FnMut(u32) -> Result<bool, Error>,
    ) -> Result<Quantity, Error> {
        match self.seek(tree, before)? {
            Some(item) => self.sum_before(tree, item, items),
            None => Ok(tree.total),
        }
    }

    fn first_of(&self, leaf: u32) -> Result<Option<u32>, Error> {
        match leaf {
            NONE => Ok(None),
            leaf => self.leaves.at(leaf)?.items.first().map(Some),
        }
    }

    fn last_of(&self, leaf: u32) -> Result<Option<u32>, Error> {
        match leaf {
            NONE => Ok(None),
            leaf => self.leaves.at(leaf)?.items.last().map(Some),
        }
    }
}

/// Items in order.
#[derive(Clone, Debug)]
pub(crate) struct Walk<'f> {
    forest: &'f Forest,
    leaf: u32,
    at: usize,
}

impl Iterator for Walk<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut leaf = self.forest.leaves.get(self.leaf)?;
        if self.at >= leaf.items.len() {
            self.leaf = leaf.next;
            self.at = 0;
            leaf = self.forest.leaves.get(self.leaf)?;
        }
        let item = leaf.items.entries().get(self.at).copied();
        self.at = self.at.saturating_add(1);
        item
    }
}

/// How many entries lead `entries` of which `leads` is true; it is so of none behind them.
pub(super) fn count<T: Copy>(
    entries: &[T],
    mut leads: impl FnMut(T) -> Result<bool, Error>,
) -> Result<usize, Error> {
    let (mut low, mut high) = (0, entries.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if leads(*entries.get(middle).ok_or(CORRUPT)?)? {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    Ok(low)
}
