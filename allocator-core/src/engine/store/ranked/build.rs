//! A whole tree at once, from items in order.

use alloc::vec::Vec;

use super::node::{CORRUPT, Child, INNER, Inner, LEAF, Leaf, Node};
use super::{Forest, Items, NONE, Tree};
use crate::error::Error;
use crate::quantity::add;

impl Forest {
    /// The sequence of items that are in none yet and come in their order, with full nodes. O(n).
    pub(crate) fn build(&mut self, sorted: &[u32], items: &mut impl Items) -> Result<Tree, Error> {
        let mut tree = Tree::EMPTY;
        let mut level = Vec::with_capacity(sorted.len().div_ceil(LEAF));
        for chunk in sorted.chunks(LEAF) {
            let leaf = self.leaves.insert(Leaf {
                items: Node::copy(chunk, NONE)?,
                prev: tree.last_leaf,
                next: NONE,
            })?;
            match tree.last_leaf {
                NONE => tree.first_leaf = leaf,
                last => self.leaves.at_mut(last)?.next = leaf,
            }
            tree.last_leaf = leaf;
            let mut sum = 0;
            for &item in chunk {
                let units = items.units(item)?;
                if units < 0 || items.leaf(item)? != NONE {
                    return Err(CORRUPT);
                }
                sum = add(sum, units)?;
                items.set_leaf(item, leaf)?;
            }
            tree.total = add(tree.total, sum)?;
            let first = chunk.first().copied().ok_or(CORRUPT)?;
            level.push(Child {
                sum,
                node: leaf,
                first,
            });
        }
        tree.len = u32::try_from(sorted.len()).map_err(|_| CORRUPT)?;
        while level.len() > 1 {
            level = self.level_above(&level, tree.height)?;
            tree.height = tree.height.saturating_add(1);
        }
        tree.root = level.first().map_or(NONE, |root| root.node);
        Ok(tree)
    }

    /// Inner nodes over children of a level.
    fn level_above(&mut self, children: &[Child], level: u8) -> Result<Vec<Child>, Error> {
        let mut above = Vec::with_capacity(children.len().div_ceil(INNER));
        for chunk in children.chunks(INNER) {
            let inner = Inner::copy(chunk, NONE)?;
            let (sum, first) = (inner.sum()?, inner.first()?.first);
            let node = self.inners.insert(inner)?;
            for (at, child) in chunk.iter().enumerate() {
                self.set_link(level, child.node, node, at)?;
            }
            above.push(Child { sum, node, first });
        }
        Ok(above)
    }
}
