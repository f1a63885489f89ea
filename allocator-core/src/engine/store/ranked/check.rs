//! Whether a tree is what it says, read from its items alone.

use super::node::CORRUPT;
use super::shrink::{LEAST_CHILDREN, LEAST_ITEMS};
use super::{Forest, Items, NONE, Tree};
use crate::error::Error;
use crate::quantity::{Quantity, add};

/// Nodes of a tree or of a forest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Nodes {
    /// Leaves.
    pub(crate) leaves: u32,
    /// Inner nodes.
    pub(crate) inners: u32,
}

/// What has been seen on the way from the first item to the last.
#[derive(Default)]
struct Seen {
    nodes: Nodes,
    items: u32,
    last_item: Option<u32>,
    last_leaf: Option<u32>,
}

impl Forest {
    /// All nodes in use.
    pub(crate) const fn nodes(&self) -> Nodes {
        Nodes {
            leaves: self.leaves.len(),
            inners: self.inners.len(),
        }
    }

    /// Checks the order, the sums, the links, how full the nodes are and what the items remember.
    /// O(n). Says how many nodes the tree has: those of all trees together are [`Forest::nodes`].
    pub(crate) fn check(&self, tree: &Tree, items: &impl Items) -> Result<Nodes, Error> {
        if tree.is_empty() {
            return truly(*tree == Tree::EMPTY).map(|()| Nodes::default());
        }
        let mut seen = Seen::default();
        let sum = self.check_node(tree, tree.height, tree.root, NONE, &mut seen, items)?;
        truly(sum == tree.total && seen.items == tree.len)?;
        truly(seen.last_leaf == Some(tree.last_leaf))?;
        truly(self.leaves.at(tree.last_leaf)?.next == NONE)?;
        truly(tree.height == 0 || self.inners.at(tree.root)?.len() > 1)?;
        Ok(seen.nodes)
    }

    /// Units below a node, added up from the items.
    fn check_node(
        &self,
        tree: &Tree,
        level: u8,
        id: u32,
        parent: u32,
        seen: &mut Seen,
        items: &impl Items,
    ) -> Result<Quantity, Error> {
        if level == 0 {
            return self.check_leaf(tree, id, parent, seen, items);
        }
        let inner = self.inners.at(id)?;
        truly(inner.parent == parent)?;
        truly(inner.len() >= LEAST_CHILDREN || self.is_edge(tree, level, id)?)?;
        seen.nodes.inners = seen.nodes.inners.saturating_add(1);
        let mut sum = 0;
        for child in inner.entries() {
            let below = level.saturating_sub(1);
            truly(self.first_below(below, child.node)? == child.first)?;
            truly(self.check_node(tree, below, child.node, id, seen, items)? == child.sum)?;
            sum = add(sum, child.sum)?;
        }
        Ok(sum)
    }

    fn check_leaf(
        &self,
        tree: &Tree,
        id: u32,
        parent: u32,
        seen: &mut Seen,
        items: &impl Items,
    ) -> Result<Quantity, Error> {
        let leaf = self.leaves.at(id)?;
        truly(leaf.items.parent == parent)?;
        truly(leaf.items.len() >= LEAST_ITEMS || self.is_edge(tree, 0, id)?)?;
        match seen.last_leaf {
            None => truly(leaf.prev == NONE && tree.first_leaf == id)?,
            Some(last) => truly(leaf.prev == last && self.leaves.at(last)?.next == id)?,
        }
        seen.last_leaf = Some(id);
        seen.nodes.leaves = seen.nodes.leaves.saturating_add(1);
        let mut sum = 0;
        for &item in leaf.items.entries() {
            truly(items.leaf(item)? == id && items.units(item)? >= 0)?;
            if let Some(last) = seen.last_item {
                truly(!items.before(item, last)?)?;
            }
            seen.last_item = Some(item);
            seen.items = seen.items.saturating_add(1);
            sum = add(sum, items.units(item)?)?;
        }
        Ok(sum)
    }
}

fn truly(holds: bool) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(CORRUPT) }
}
