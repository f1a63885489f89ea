//! One item less: nodes that are less than half full are joined with a neighbour or take from it.

use super::node::{CORRUPT, INNER, LEAF, Leaf};
use super::{Forest, Items, NONE, Tree};
use crate::error::Error;
use crate::quantity::{Quantity, add};

/// Fewest items of a leaf that is neither the first nor the last.
pub(super) const LEAST_ITEMS: usize = LEAF / 2;
/// Fewest children of an inner node that is neither the first nor the last of its level.
pub(super) const LEAST_CHILDREN: usize = INNER / 2;

/// What became of two neighbours.
struct Evened {
    /// Units that went from the right one to the left one.
    to_left: Quantity,
    /// The first item of the right one; `None`: all of it went.
    right_first: Option<u32>,
}

impl Leaf {
    pub(super) fn is_too_small(&self) -> bool {
        self.items.len() < LEAST_ITEMS && self.prev != NONE && self.next != NONE
    }
}

impl Forest {
    /// Frees a leaf whose last item is gone.
    pub(super) fn drop_leaf(&mut self, tree: &mut Tree, id: u32) -> Result<(), Error> {
        let above = self.above(0, id)?;
        let leaf = self.leaves.remove(id).ok_or(CORRUPT)?;
        let Some((parent, at)) = above else {
            *tree = Tree {
                len: tree.len,
                total: tree.total,
                ..Tree::EMPTY
            };
            return Ok(());
        };
        match leaf.prev {
            NONE => tree.first_leaf = leaf.next,
            prev => self.leaves.at_mut(prev)?.next = leaf.next,
        }
        match leaf.next {
            NONE => tree.last_leaf = leaf.prev,
            next => self.leaves.at_mut(next)?.prev = leaf.prev,
        }
        self.detach(tree, parent, at)
    }

    /// Forgets a child, and every node that has no other.
    fn detach(&mut self, tree: &mut Tree, mut parent: u32, mut at: usize) -> Result<(), Error> {
        let mut level = 1_u8;
        while self.inners.at(parent)?.len() == 1 {
            let above = self.above(level, parent)?;
            self.inners.remove(parent).ok_or(CORRUPT)?;
            (parent, at) = above.ok_or(CORRUPT)?;
            level = level.saturating_add(1);
        }
        let inner = self.inners.at_mut(parent)?;
        inner.remove(at)?;
        if at == 0 {
            let first = inner.first()?.first;
            let link = inner.link();
            self.add_above(tree, level, parent, link, 0, Some(first))?;
        }
        self.mend_inner(tree, level, parent)
    }

    /// Joins a leaf that is too small with a neighbour, or evens the two out.
    pub(super) fn mend_leaf(
        &mut self,
        tree: &mut Tree,
        id: u32,
        items: &mut impl Items,
    ) -> Result<(), Error> {
        let (parent, at) = self.above(0, id)?.ok_or(CORRUPT)?;
        let at = self.pair(0, parent, at, LEAF)?;
        let (left, right) = self.neighbours(parent, at)?;
        let evened = self.even_leaves(tree, left, right, items)?;
        if self.settle(parent, at, &evened)? {
            self.mend_inner(tree, 1, parent)?;
        }
        Ok(())
    }

    /// The same for a node that lost a child, and for those above. A root with a single child goes.
    fn mend_inner(&mut self, tree: &mut Tree, mut level: u8, mut id: u32) -> Result<(), Error> {
        while let Some((parent, at)) = self.above(level, id)? {
            if self.inners.at(id)?.len() >= LEAST_CHILDREN || self.is_edge(tree, level, id)? {
                return Ok(());
            }
            let at = self.pair(level, parent, at, INNER)?;
            let (left, right) = self.neighbours(parent, at)?;
            let evened = self.even_inners(level, left, right)?;
            if !self.settle(parent, at, &evened)? {
                return Ok(());
            }
            id = parent;
            level = level.saturating_add(1);
        }
        while tree.height > 0 && self.inners.at(tree.root)?.len() == 1 {
            let root = self.inners.remove(tree.root).ok_or(CORRUPT)?;
            tree.root = root.first()?.node;
            tree.height = tree.height.saturating_sub(1);
            self.set_link(tree.height, tree.root, NONE, 0)?;
        }
        Ok(())
    }

    /// Whether a node is the first or the last of its level.
    pub(super) fn is_edge(&self, tree: &Tree, level: u8, id: u32) -> Result<bool, Error> {
        for mut node in [tree.first_leaf, tree.last_leaf] {
            for below in 0..level {
                (node, _) = self.link(below, node)?;
            }
            if node == id {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Which pair of children the one at `at` is mended in, by the place of its left one: one that
    /// fits into one node, else the one with more to give.
    fn pair(&self, level: u8, parent: u32, at: usize, most: usize) -> Result<usize, Error> {
        let after = self.pair_size(level, parent, Some(at))?;
        let before = self.pair_size(level, parent, at.checked_sub(1))?;
        let take_after = match (before, after) {
            (None, None) => return Err(CORRUPT),
            (before, None) => before.is_none(),
            (None, Some(_)) => true,
            (Some(before), Some(after)) => after <= most || (before > most && after > before),
        };
        Ok(if take_after { at } else { at.saturating_sub(1) })
    }

    /// Entries of the child at `at` and the one behind it together; `None` where one is missing.
    fn pair_size(&self, level: u8, parent: u32, at: Option<usize>) -> Result<Option<usize>, Error> {
        let children = self.inners.at(parent)?.entries();
        let Some([left, right]) = at.and_then(|at| children.get(at..)?.get(..2)) else {
            return Ok(None);
        };
        let (left, right) = match level {
            0 => (
                self.leaves.at(left.node)?.items.len(),
                self.leaves.at(right.node)?.items.len(),
            ),
            _ => (
                self.inners.at(left.node)?.len(),
                self.inners.at(right.node)?.len(),
            ),
        };
        Ok(Some(left.saturating_add(right)))
    }

    fn neighbours(&self, parent: u32, at: usize) -> Result<(u32, u32), Error> {
        let inner = self.inners.at(parent)?;
        Ok((inner.get(at)?.node, inner.get(at.saturating_add(1))?.node))
    }

    fn even_leaves(
        &mut self,
        tree: &mut Tree,
        left: u32,
        right: u32,
        items: &mut impl Items,
    ) -> Result<Evened, Error> {
        let have = self.leaves.at(left)?.items.len();
        let all = have.saturating_add(self.leaves.at(right)?.items.len());
        if all <= LEAF {
            return self.join_leaves(tree, left, right, items);
        }
        let (moved, to) = match (all / 2).checked_sub(have) {
            Some(missing) if missing > 0 => {
                let moved = self.leaves.at_mut(right)?.items.split_front(missing)?;
                self.leaves.at_mut(left)?.items.append(&moved)?;
                (moved, left)
            }
            _ => {
                let moved = self.leaves.at_mut(left)?.items.split(all / 2)?;
                self.leaves.at_mut(right)?.items.prepend(&moved)?;
                (moved, right)
            }
        };
        let sum = note_leaf(moved.entries(), to, items)?;
        let to_left = if to == left {
            sum
        } else {
            sum.saturating_neg()
        };
        Ok(Evened {
            to_left,
            right_first: Some(self.first_below(0, right)?),
        })
    }

    fn join_leaves(
        &mut self,
        tree: &mut Tree,
        left: u32,
        right: u32,
        items: &mut impl Items,
    ) -> Result<Evened, Error> {
        let gone = self.leaves.remove(right).ok_or(CORRUPT)?;
        let stays = self.leaves.at_mut(left)?;
        stays.items.append(&gone.items)?;
        stays.next = gone.next;
        match gone.next {
            NONE => tree.last_leaf = left,
            next => self.leaves.at_mut(next)?.prev = left,
        }
        Ok(Evened {
            to_left: note_leaf(gone.items.entries(), left, items)?,
            right_first: None,
        })
    }

    fn even_inners(&mut self, level: u8, left: u32, right: u32) -> Result<Evened, Error> {
        let have = self.inners.at(left)?.len();
        let all = have.saturating_add(self.inners.at(right)?.len());
        let (moved, to) = if all <= INNER {
            let gone = self.inners.remove(right).ok_or(CORRUPT)?;
            self.inners.at_mut(left)?.append(&gone)?;
            (gone, left)
        } else if let Some(missing) = (all / 2).checked_sub(have).filter(|&missing| missing > 0) {
            let moved = self.inners.at_mut(right)?.split_front(missing)?;
            self.inners.at_mut(left)?.append(&moved)?;
            (moved, left)
        } else {
            let moved = self.inners.at_mut(left)?.split(all / 2)?;
            self.inners.at_mut(right)?.prepend(&moved)?;
            (moved, right)
        };
        let start = if to == left { have } else { 0 };
        for (at, child) in (start..).zip(moved.entries()) {
            self.set_link(level.saturating_sub(1), child.node, to, at)?;
        }
        let sum = moved.sum()?;
        let stays = all > INNER;
        let right_first = if stays {
            Some(self.first_below(level, right)?)
        } else {
            None
        };
        Ok(Evened {
            to_left: if to == left {
                sum
            } else {
                sum.saturating_neg()
            },
            right_first,
        })
    }

    /// Notes in the parent what became of the pair at `at`; whether one is gone.
    fn settle(&mut self, parent: u32, at: usize, evened: &Evened) -> Result<bool, Error> {
        let inner = self.inners.at_mut(parent)?;
        let left = inner.get_mut(at)?;
        left.sum = left.sum.checked_add(evened.to_left).ok_or(CORRUPT)?;
        let at = at.saturating_add(1);
        let Some(first) = evened.right_first else {
            inner.remove(at)?;
            return Ok(true);
        };
        let right = inner.get_mut(at)?;
        right.sum = right.sum.checked_sub(evened.to_left).ok_or(CORRUPT)?;
        right.first = first;
        Ok(false)
    }
}

/// Tells the owner the leaf of items that moved; their units together.
fn note_leaf(moved: &[u32], leaf: u32, items: &mut impl Items) -> Result<Quantity, Error> {
    let mut sum = 0;
    for &item in moved {
        sum = add(sum, items.units(item)?)?;
        items.set_leaf(item, leaf)?;
    }
    Ok(sum)
}
