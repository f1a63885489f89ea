//! Room for one more item: full nodes are split.

use super::node::{CORRUPT, Child, INNER, Inner, LEAF, Leaf, Node};
use super::read::count;
use super::{Forest, Items, NONE, Tree};
use crate::error::Error;
use crate::quantity::add;

/// Where a new node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Before all others of its level.
    First,
    /// Behind the one it was cut from.
    Inside,
    /// Behind all others of its level.
    Last,
}

impl Forest {
    /// The leaf in which a new item belongs, and where. [`NONE`] in an empty tree.
    #[inline]
    pub(super) fn place(
        &self,
        tree: &Tree,
        item: u32,
        items: &impl Items,
    ) -> Result<(u32, usize), Error> {
        if tree.is_empty() {
            return Ok((NONE, 0));
        }
        let last = &self.leaves.at(tree.last_leaf)?.items;
        if items.before(item, last.last()?)? {
            return self.search(tree, item, items);
        }
        Ok((tree.last_leaf, last.len()))
    }

    /// The same for an item that belongs before the last one.
    fn search(&self, tree: &Tree, item: u32, items: &impl Items) -> Result<(u32, usize), Error> {
        if items.before(item, self.leaves.at(tree.first_leaf)?.items.first()?)? {
            return Ok((tree.first_leaf, 0));
        }
        let mut node = tree.root;
        for _ in 0..tree.height {
            let inner = self.inners.at(node)?;
            let not_behind = count(inner.entries(), |child| {
                Ok(!items.before(item, child.first)?)
            })?;
            node = inner.get(not_behind.checked_sub(1).ok_or(CORRUPT)?)?.node;
        }
        let entries = self.leaves.at(node)?.items.entries();
        let at = count(entries, |other| Ok(!items.before(item, other)?))?;
        Ok((node, at))
    }

    /// Puts a new item into a leaf that is full, or missing, by making another one. Says where it came
    /// to stand. Its units are not counted yet.
    pub(super) fn put_in_new(
        &mut self,
        tree: &mut Tree,
        id: u32,
        at: usize,
        item: u32,
        items: &mut impl Items,
    ) -> Result<(u32, usize), Error> {
        if id == NONE {
            return Ok((self.plant(tree, item)?, 0));
        }
        let leaf = self.leaves.at(id)?;
        if leaf.next == NONE && at == leaf.items.len() {
            return Ok((self.new_last(tree, item)?, 0));
        }
        if leaf.prev == NONE && at == 0 {
            return Ok((self.new_first(tree, item)?, 0));
        }
        let right = self.split_leaf(tree, id, items)?;
        let (id, at) = match at.checked_sub(LEAF / 2) {
            Some(at) if at > 0 => (right, at),
            _ => (id, at),
        };
        self.leaves.at_mut(id)?.items.insert(at, item)?;
        Ok((id, at))
    }

    fn plant(&mut self, tree: &mut Tree, item: u32) -> Result<u32, Error> {
        let id = self.leaves.insert(Leaf {
            items: Node::of(item, NONE),
            prev: NONE,
            next: NONE,
        })?;
        (tree.root, tree.first_leaf, tree.last_leaf) = (id, id, id);
        Ok(id)
    }

    /// A leaf for an item behind all others. Those before it stay full.
    fn new_last(&mut self, tree: &mut Tree, item: u32) -> Result<u32, Error> {
        let beside = tree.last_leaf;
        let id = self.leaves.insert(Leaf {
            items: Node::of(item, NONE),
            prev: beside,
            next: NONE,
        })?;
        self.leaves.at_mut(beside)?.next = id;
        tree.last_leaf = id;
        self.attach(tree, beside, unweighed(id, item), Side::Last)?;
        Ok(id)
    }

    /// A leaf for an item before all others.
    fn new_first(&mut self, tree: &mut Tree, item: u32) -> Result<u32, Error> {
        let beside = tree.first_leaf;
        let id = self.leaves.insert(Leaf {
            items: Node::of(item, NONE),
            prev: NONE,
            next: beside,
        })?;
        self.leaves.at_mut(beside)?.prev = id;
        tree.first_leaf = id;
        self.attach(tree, beside, unweighed(id, item), Side::First)?;
        Ok(id)
    }

    /// Moves the second half of a full leaf into a new one.
    fn split_leaf(
        &mut self,
        tree: &mut Tree,
        id: u32,
        items: &mut impl Items,
    ) -> Result<u32, Error> {
        let leaf = self.leaves.at_mut(id)?;
        let moved = leaf.items.split(LEAF / 2)?;
        let next = leaf.next;
        let right = self.leaves.insert(Leaf {
            items: moved.clone(),
            prev: id,
            next,
        })?;
        self.leaves.at_mut(id)?.next = right;
        match next {
            NONE => tree.last_leaf = right,
            next => self.leaves.at_mut(next)?.prev = right,
        }
        let mut sum = 0;
        for &item in moved.entries() {
            sum = add(sum, items.units(item)?)?;
            items.set_leaf(item, right)?;
        }
        let new = Child {
            sum,
            node: right,
            first: moved.first()?,
        };
        self.attach(tree, id, new, Side::Inside)?;
        Ok(right)
    }

    /// Makes `new` the neighbour of the leaf `beside`, whose units were its units so far.
    fn attach(
        &mut self,
        tree: &mut Tree,
        mut beside: u32,
        mut new: Child,
        side: Side,
    ) -> Result<(), Error> {
        let mut level = 0_u8;
        while let Some((parent, at)) = self.above(level, beside)? {
            let inner = self.inners.at_mut(parent)?;
            let old = inner.get_mut(at)?;
            old.sum = old.sum.checked_sub(new.sum).ok_or(CORRUPT)?;
            let at = match side {
                Side::First => at,
                Side::Inside | Side::Last => at.saturating_add(1),
            };
            if !inner.is_full() {
                inner.insert(at, new)?;
                return self.set_link(level, new.node, parent, at);
            }
            new = match side {
                Side::First | Side::Last => self.only_child(level, new)?,
                Side::Inside => self.split_inner(level, parent, at, new)?,
            };
            beside = parent;
            level = level.saturating_add(1);
        }
        self.new_root(tree, level, beside, new, side)
    }

    /// A node at the edge with a single child.
    fn only_child(&mut self, level: u8, new: Child) -> Result<Child, Error> {
        let node = self.inners.insert(Node::of(new, NONE))?;
        self.set_link(level, new.node, node, 0)?;
        Ok(Child { node, ..new })
    }

    /// Moves the second half of a full node, whose children are of `level`, into a new one, and puts
    /// `new` where `at` was.
    fn split_inner(&mut self, level: u8, id: u32, at: usize, new: Child) -> Result<Child, Error> {
        let mut moved: Inner = self.inners.at_mut(id)?.split(INNER / 2)?;
        match at.checked_sub(INNER / 2) {
            Some(at) if at > 0 => moved.insert(at, new)?,
            _ => {
                self.inners.at_mut(id)?.insert(at, new)?;
                self.set_link(level, new.node, id, at)?;
            }
        }
        let (sum, first) = (moved.sum()?, moved.first()?.first);
        let node = self.inners.insert(moved.clone())?;
        for (at, child) in moved.entries().iter().enumerate() {
            self.set_link(level, child.node, node, at)?;
        }
        Ok(Child { sum, node, first })
    }

    /// A root above the old one and its new neighbour.
    fn new_root(
        &mut self,
        tree: &mut Tree,
        level: u8,
        old: u32,
        new: Child,
        side: Side,
    ) -> Result<(), Error> {
        let old = Child {
            sum: tree.total.checked_sub(new.sum).ok_or(CORRUPT)?,
            node: old,
            first: self.first_below(level, old)?,
        };
        let (left, right) = match side {
            Side::First => (new, old),
            Side::Inside | Side::Last => (old, new),
        };
        let mut root = Inner::of(left, NONE);
        root.insert(1, right)?;
        let root = self.inners.insert(root)?;
        self.set_link(level, left.node, root, 0)?;
        self.set_link(level, right.node, root, 1)?;
        tree.root = root;
        tree.height = level.saturating_add(1);
        Ok(())
    }
}

/// A new leaf whose only item is not counted yet.
const fn unweighed(node: u32, first: u32) -> Child {
    Child {
        sum: 0,
        node,
        first,
    }
}
