//! Trees against sorted vectors.

use std::vec::Vec;

use super::Numbers;
use crate::engine::store::NONE;
use crate::engine::store::ranked::{Forest, Items, Tree};
use crate::error::Error;
use crate::quantity::Quantity;

/// An item: its place, its units, its leaf.
#[derive(Clone, Copy)]
pub(super) struct Cup {
    pub(super) key: u64,
    pub(super) units: Quantity,
    pub(super) leaf: u32,
}

pub(super) struct Cups(pub(super) Vec<Cup>);

impl Cups {
    pub(super) fn at(&self, item: u32) -> Result<&Cup, Error> {
        self.0
            .get(item as usize)
            .ok_or(Error::Corrupt { at: "cups" })
    }

    pub(super) fn at_mut(&mut self, item: u32) -> Result<&mut Cup, Error> {
        self.0
            .get_mut(item as usize)
            .ok_or(Error::Corrupt { at: "cups" })
    }
}

impl Items for Cups {
    fn before(&self, a: u32, b: u32) -> Result<bool, Error> {
        Ok(self.at(a)?.key < self.at(b)?.key)
    }

    fn units(&self, item: u32) -> Result<Quantity, Error> {
        Ok(self.at(item)?.units)
    }

    fn leaf(&self, item: u32) -> Result<u32, Error> {
        Ok(self.at(item)?.leaf)
    }

    fn set_leaf(&mut self, item: u32, leaf: u32) -> Result<(), Error> {
        self.at_mut(item)?.leaf = leaf;
        Ok(())
    }
}

const TREES: usize = 5;

/// Trees in one forest, and what each of them must be.
struct Both {
    forest: Forest,
    trees: [Tree; TREES],
    cups: Cups,
    models: [Vec<u32>; TREES],
    free: Vec<u32>,
}

impl Both {
    fn new(items: usize) -> Self {
        let cup = Cup {
            key: 0,
            units: 0,
            leaf: NONE,
        };
        Self {
            forest: Forest::new(),
            trees: [Tree::EMPTY; TREES],
            cups: Cups(std::vec![cup; items]),
            models: Default::default(),
            free: (0..items as u32).collect(),
        }
    }

    fn insert(&mut self, tree: usize, key: u64, units: Quantity) {
        let Some(item) = self.free.pop() else { return };
        let cup = self.cups.at_mut(item).unwrap();
        (cup.key, cup.units) = (key, units);
        let cups = &self.cups;
        let after = self.models[tree].partition_point(|&it| cups.at(it).unwrap().key <= key);
        self.models[tree].insert(after, item);
        self.forest
            .insert(&mut self.trees[tree], item, &mut self.cups)
            .unwrap();
    }

    fn remove(&mut self, tree: usize, at: usize) {
        let item = self.models[tree].remove(at);
        self.forest
            .remove(&mut self.trees[tree], item, &mut self.cups)
            .unwrap();
        assert_eq!(self.cups.at(item).unwrap().leaf, NONE);
        self.free.push(item);
    }

    fn change(&mut self, tree: usize, at: usize, units: Quantity) {
        let item = self.models[tree][at];
        let by = units - self.cups.at(item).unwrap().units;
        self.forest
            .change(&mut self.trees[tree], item, by, &self.cups)
            .unwrap();
        self.cups.at_mut(item).unwrap().units = units;
    }

    /// What costs no more than one item of the tree: asked after every step.
    fn ask(&self, tree: usize, at: usize) {
        let (forest, root, cups, model) = (
            &self.forest,
            &self.trees[tree],
            &self.cups,
            &self.models[tree],
        );
        assert_eq!(root.len() as usize, model.len());
        assert_eq!(root.is_empty(), model.is_empty());
        assert_eq!(forest.first(root).unwrap(), model.first().copied());
        assert_eq!(forest.last(root).unwrap(), model.last().copied());
        let Some(&item) = model.get(at) else { return };
        assert_eq!(forest.next(item, cups).unwrap(), model.get(at + 1).copied());
        assert_eq!(
            forest.prev(item, cups).unwrap(),
            at.checked_sub(1).map(|at| model[at])
        );
    }

    /// What costs a look at all items.
    fn ask_sums(&self, tree: usize, at: usize, key: u64) {
        let (forest, root, cups, model) = (
            &self.forest,
            &self.trees[tree],
            &self.cups,
            &self.models[tree],
        );
        let units = |items: &[u32]| {
            items
                .iter()
                .map(|&it| cups.at(it).unwrap().units)
                .sum::<Quantity>()
        };
        assert_eq!(root.total(), units(model));
        if let Some(&item) = model.get(at) {
            assert_eq!(
                forest.sum_before(root, item, cups).unwrap(),
                units(&model[..at])
            );
        }
        let before = |item| Ok(cups.at(item)?.key < key);
        let at = model.partition_point(|&it| before(it).unwrap());
        assert_eq!(forest.seek(root, before).unwrap(), model.get(at).copied());
        assert_eq!(
            forest.sum_to(root, cups, before).unwrap(),
            units(&model[..at])
        );
    }

    fn check(&self) {
        let (mut leaves, mut inners) = (0, 0);
        for (tree, model) in self.trees.iter().zip(&self.models) {
            let nodes = self.forest.check(tree, &self.cups).unwrap();
            // All but two leaves are half full, all but two nodes of a level have 16 children.
            assert!(
                nodes.leaves as usize <= model.len() / 16 + 2,
                "{nodes:?} for {}",
                model.len()
            );
            assert!(nodes.inners <= nodes.leaves / 15 + 2 * u32::from(nodes.leaves > 1) + 6);
            assert!(self.forest.walk(tree).eq(model.iter().copied()));
            leaves += nodes.leaves;
            inners += nodes.inners;
        }
        let all = self.forest.nodes();
        assert_eq!(
            (leaves, inners),
            (all.leaves, all.inners),
            "no node is lost"
        );
    }

    fn clear(&mut self) {
        for tree in 0..TREES {
            while !self.models[tree].is_empty() {
                self.remove(tree, self.models[tree].len() / 2);
            }
            assert_eq!(self.trees[tree], Tree::EMPTY);
        }
        assert_eq!(self.forest.nodes(), Default::default());
    }
}

/// Where the next items go.
#[derive(Clone, Copy, Debug)]
enum Habit {
    Append,
    Prepend,
    Anywhere,
    /// All at nearly one place.
    OneSpot,
    /// Many with the same key.
    Same,
}

#[derive(Clone, Copy, Debug)]
enum Leaving {
    First,
    Last,
    Anywhere,
    /// One behind the other from a place on.
    Stretch,
}

fn key(habit: Habit, step: u64, numbers: &mut Numbers) -> u64 {
    const MIDDLE: u64 = 1 << 40;
    match habit {
        Habit::Append => MIDDLE + step,
        Habit::Prepend => MIDDLE - step,
        Habit::Anywhere => numbers.next() >> 20,
        Habit::OneSpot => MIDDLE / 2 + numbers.below(3) as u64 * step,
        Habit::Same => MIDDLE / 2 + numbers.below(4) as u64,
    }
}

fn leaving(leaving: Leaving, step: u64, len: usize, numbers: &mut Numbers) -> usize {
    match leaving {
        Leaving::First => 0,
        Leaving::Last => len - 1,
        Leaving::Anywhere => numbers.below(len),
        Leaving::Stretch => (step as usize / 512 * 7_919) % len,
    }
}

/// Steps of all kinds, the habits changing every so often; every tree grows and shrinks.
fn differ(seed: u64, steps: u64, items: usize, check_every: u64) {
    let mut numbers = Numbers(seed);
    let mut both = Both::new(items);
    let (mut habit, mut left, mut grow) = (Habit::Append, Leaving::First, 6);
    let phase = items as u64;
    for step in 0..steps {
        if step % phase == 0 {
            habit = [
                Habit::Append,
                Habit::Prepend,
                Habit::Anywhere,
                Habit::OneSpot,
                Habit::Same,
            ][numbers.below(5)];
            left = [
                Leaving::First,
                Leaving::Last,
                Leaving::Anywhere,
                Leaving::Stretch,
            ][numbers.below(4)];
            grow = [8, 5, 2][numbers.below(3)];
        }
        // The first tree has half of everything, the last next to nothing.
        let tree = (numbers.next().trailing_zeros() as usize).min(TREES - 1);
        let len = both.models[tree].len();
        let units = [0, 1, numbers.below(1_000) as Quantity, 1 << 40][numbers.below(4)];
        match numbers.below(12) {
            action if action < grow || len == 0 => {
                both.insert(tree, key(habit, step, &mut numbers), units)
            }
            10.. => both.change(tree, numbers.below(len), units),
            _ => both.remove(tree, leaving(left, step, len, &mut numbers)),
        }
        let len = both.models[tree].len().max(1);
        both.ask(tree, numbers.below(len));
        if step % 16 == 0 {
            let key = key(habit, numbers.next() % (step + 1), &mut numbers);
            both.ask_sums(tree, numbers.below(len), key);
        }
        if step % check_every == 0 {
            both.check();
        }
    }
    both.check();
    both.clear();
}

#[test]
fn trees_are_sorted_vectors() {
    for seed in 0..6 {
        differ(seed, 6_000, 1_500, 97);
    }
}

#[test]
#[ignore = "millions of steps: for a release build"]
fn trees_are_sorted_vectors_for_long() {
    for seed in 100..140 {
        differ(
            seed,
            100_000,
            [300, 3_000, 20_000][seed as usize % 3],
            1_009,
        );
    }
}

#[test]
fn small_trees_in_every_order() {
    for (count, seeds) in [(1, 1), (2, 4), (33, 20), (34, 20), (70, 20)] {
        for seed in 0..seeds {
            let mut numbers = Numbers(seed);
            let mut both = Both::new(count);
            for _ in 0..count {
                both.insert(0, numbers.next() % 50, 3);
                both.check();
            }
            while !both.models[0].is_empty() {
                both.remove(0, numbers.below(both.models[0].len()));
                both.check();
            }
            both.clear();
        }
    }
}

#[test]
fn a_tree_built_at_once_lives_like_others() {
    for count in [0, 1, 31, 32, 33, 64, 65, 1024, 1025, 1056, 33_000] {
        let mut numbers = Numbers(count as u64);
        let mut both = Both::new(count + 500);
        for key in 0..count as u64 {
            let item = both.free.pop().unwrap();
            let cup = both.cups.at_mut(item).unwrap();
            (cup.key, cup.units) = (key * 10, numbers.next() as Quantity % 5);
            cup.units = cup.units.abs();
            both.models[1].push(item);
        }
        let sorted = both.models[1].clone();
        both.trees[1] = both.forest.build(&sorted, &mut both.cups).unwrap();
        both.check();
        for step in 0..500 {
            both.insert(1, numbers.next() % (10 * count as u64 + 10), 3);
            if step % 3 == 0 {
                both.remove(1, numbers.below(both.models[1].len()));
            }
            if step % 50 == 0 {
                both.check();
            }
        }
        both.check();
        // What is in a tree is not built into another one.
        if let Some(item) = both.models[1].first() {
            assert!(both.forest.build(&[*item], &mut both.cups).is_err());
        }
    }
}

#[test]
fn a_tree_of_four_levels_shrinks_from_every_side() {
    for left in [
        Leaving::First,
        Leaving::Last,
        Leaving::Anywhere,
        Leaving::Stretch,
    ] {
        for habit in [Habit::Append, Habit::Prepend] {
            let mut numbers = Numbers(7);
            let count = 40_000;
            let mut both = Both::new(count);
            for step in 0..count as u64 {
                both.insert(0, key(habit, step, &mut numbers), 1);
            }
            both.check();
            let leaves = both.forest.nodes().leaves as usize;
            assert_eq!(leaves, count / 32, "{habit:?} leaves full leaves behind");
            for step in 0..count as u64 {
                let len = both.models[0].len();
                both.remove(0, leaving(left, step, len, &mut numbers));
                if step % 4_999 == 0 || len < 40 {
                    both.check();
                }
            }
            both.clear();
        }
    }
}

#[test]
fn what_does_not_belong_is_told_and_sums_stay_in_63_bits() {
    let mut both = Both::new(4);
    both.insert(0, 1, Quantity::MAX - 1);
    both.insert(1, 1, 5);
    let (item, other) = (both.models[0][0], both.models[1][0]);
    let Both {
        forest,
        trees: [tree, second, ..],
        cups,
        free,
        ..
    } = &mut both;
    let before = *tree;
    assert!(forest.insert(tree, item, cups).is_err(), "it is in");
    assert!(
        forest.change(tree, other, 0, cups).is_err(),
        "of another tree"
    );
    let third = free[0];
    assert!(forest.remove(tree, third, cups).is_err(), "it is out");
    cups.at_mut(third).unwrap().units = 2;
    assert!(
        forest.insert(tree, third, cups).is_err(),
        "one unit too many"
    );
    assert!(forest.change(tree, item, 2, cups).is_err());
    assert!(forest.change(tree, item, Quantity::MIN, cups).is_err());
    assert_eq!(*tree, before);
    forest.check(tree, cups).unwrap();
    assert!(forest.check(second, cups).is_ok());
    cups.at_mut(other).unwrap().units = 6;
    assert!(
        forest.check(second, cups).is_err(),
        "changed behind its back"
    );
}

#[test]
fn a_tree_handle_is_small() {
    assert!(size_of::<Tree>() <= 40);
}
