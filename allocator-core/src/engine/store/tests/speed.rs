//! How large and how fast: `cargo test --release -p allocator-core --lib store::tests::speed -- --ignored --nocapture`.

use std::hint::black_box;
use std::println;
use std::time::Instant;
use std::vec::Vec;

use super::Numbers;
use crate::engine::store::NONE;
use crate::engine::store::index::Index;
use crate::engine::store::ranked::{Forest, Items, Tree};
use crate::engine::store::slab::Slab;
use crate::error::Error;
use crate::quantity::Quantity;

/// As large as a part of a line may be.
#[derive(Clone, Copy)]
struct Part {
    key: (i32, i64, u64),
    units: Quantity,
    leaf: u32,
    _rest: [u32; 6],
    _kind: bool,
}

struct Parts(Slab<Part>);

impl Items for Parts {
    fn before(&self, a: u32, b: u32) -> Result<bool, Error> {
        Ok(self.0.at(a)?.key < self.0.at(b)?.key)
    }

    fn units(&self, item: u32) -> Result<Quantity, Error> {
        Ok(self.0.at(item)?.units)
    }

    fn leaf(&self, item: u32) -> Result<u32, Error> {
        Ok(self.0.at(item)?.leaf)
    }

    fn set_leaf(&mut self, item: u32, leaf: u32) -> Result<(), Error> {
        self.0.at_mut(item)?.leaf = leaf;
        Ok(())
    }
}

impl Parts {
    /// `count` parts, keyed in the order of the result, which is not that of the memory.
    fn scattered(count: usize, numbers: &mut Numbers) -> (Self, Vec<u32>) {
        let mut parts = Slab::new("parts");
        let mut order: Vec<u32> = (0..count)
            .map(|_| {
                let part = Part {
                    key: (0, 0, 0),
                    units: 3,
                    leaf: NONE,
                    _rest: [0; 6],
                    _kind: true,
                };
                parts.insert(part).unwrap()
            })
            .collect();
        shuffle(&mut order, numbers);
        for (at, &part) in order.iter().enumerate() {
            parts.at_mut(part).unwrap().key.2 = at as u64;
        }
        (Self(parts), order)
    }
}

fn shuffle(values: &mut [u32], numbers: &mut Numbers) {
    for at in (1..values.len()).rev() {
        values.swap(at, numbers.below(at + 1));
    }
}

/// Bytes of the forest per hundred items: after appending, in a queue that moves on, and in one that loses
/// items anywhere and is appended to, many times over.
fn bytes_per_hundred(count: usize, rounds: usize) -> [usize; 3] {
    let mut numbers = Numbers(1);
    let mut sizes = [0; 3];
    for (size, anywhere) in [(1, false), (2, true)] {
        let (mut parts, mut order) = Parts::scattered(count, &mut numbers);
        let (mut forest, mut tree) = (Forest::new(), Tree::EMPTY);
        for &part in &order {
            forest.insert(&mut tree, part, &mut parts).unwrap();
        }
        sizes[0] = forest.bytes() * 100 / count;
        for step in 0..count * rounds {
            let at = if anywhere {
                numbers.below(count)
            } else {
                step % count
            };
            let part = order[at];
            forest.remove(&mut tree, part, &mut parts).unwrap();
            parts.0.at_mut(part).unwrap().key.2 = (count + step) as u64;
            forest.insert(&mut tree, part, &mut parts).unwrap();
            order[at] = part;
        }
        forest.check(&tree, &parts).unwrap();
        sizes[size] = forest.bytes() * 100 / count;
    }
    sizes
}

#[test]
fn an_item_costs_few_bytes_however_its_queue_was_used() {
    let sizes = bytes_per_hundred(60_000, 3);
    assert!(
        sizes[0] < 650 && sizes[1] < 650 && sizes[2] < 900,
        "{sizes:?}"
    );
}

#[test]
#[ignore = "measures: for a release build"]
fn bytes_of_a_million_items() {
    let sizes = bytes_per_hundred(1_000_000, 6);
    println!("bytes per 100 items: appended, first in first out, anywhere: {sizes:?}");
}

/// In 20 slices, as others use the machine too: the fastest and the one in the middle.
fn time(what: &str, count: usize, mut each: impl FnMut(usize)) {
    let slice = count / 20;
    let mut tenths: Vec<u128> = (0..20)
        .map(|at| {
            let start = Instant::now();
            (at * slice..(at + 1) * slice).for_each(&mut each);
            start.elapsed().as_nanos() * 10 / slice as u128
        })
        .collect();
    (20 * slice..count).for_each(each);
    tenths.sort_unstable();
    let [fastest, middle] = [tenths[0], tenths[10]].map(|it| (it / 10, it % 10));
    println!(
        "{what:24} {:5}.{} {:5}.{} ns",
        fastest.0, fastest.1, middle.0, middle.1
    );
}

/// A tree of `count` items that are scattered in memory, and the items in no order.
fn grown(count: usize) -> (Forest, Tree, Parts, Vec<u32>) {
    let mut numbers = Numbers(3);
    let (mut parts, mut any) = Parts::scattered(count, &mut numbers);
    let (mut forest, mut tree) = (Forest::new(), Tree::EMPTY);
    time("  append, scattered", count, |at| {
        forest.insert(&mut tree, any[at], &mut parts).unwrap();
    });
    shuffle(&mut any, &mut numbers);
    (forest, tree, parts, any)
}

const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];

/// What anything costs here that follows one pointer into `count` parts of memory.
fn time_of_a_pointer(count: usize, any: &[u32]) {
    let mut next = std::vec![[0_u32; 20]; count];
    for at in 0..count {
        next[any[at] as usize][0] = any[(at + 1) % count];
    }
    let mut here = any[0];
    time("  follow a pointer", count, |_| {
        here = next[here as usize][0]
    });
    black_box(here);
}

#[test]
#[ignore = "measures: for a release build"]
fn time_of_appending_what_is_at_hand() {
    for count in SIZES {
        println!("{count} items");
        let mut numbers = Numbers(3);
        let (mut parts, _) = Parts::scattered(count, &mut numbers);
        for item in 0..count as u32 {
            parts.0.at_mut(item).unwrap().key.2 = u64::from(item);
        }
        let (mut forest, mut tree) = (Forest::new(), Tree::EMPTY);
        time("  append", count, |at| {
            forest.insert(&mut tree, at as u32, &mut parts).unwrap();
        });
        time("  walk", count, {
            let mut walk = forest.walk(&tree);
            move |_| {
                black_box(walk.next());
            }
        });
        time("  remove the first", count, |_| {
            let first = forest.first(&tree).unwrap().unwrap();
            forest.remove(&mut tree, first, &mut parts).unwrap();
        });
    }
}

#[test]
#[ignore = "measures: for a release build"]
fn time_of_reading_anywhere() {
    for count in SIZES {
        println!("{count} items");
        let (forest, tree, parts, any) = grown(count);
        time_of_a_pointer(count, &any);
        time("  sum before", count, |at| {
            black_box(forest.sum_before(&tree, any[at], &parts).unwrap());
        });
        time("  next", count, |at| {
            black_box(forest.next(any[at], &parts).unwrap());
        });
        time("  seek", count, |at| {
            let key = (0, 0, u64::from(any[at]));
            let before = |item| Ok(parts.0.at(item)?.key < key);
            black_box(forest.seek(&tree, before).unwrap());
        });
    }
}

#[test]
#[ignore = "measures: for a release build"]
fn time_of_changing_anywhere() {
    for count in SIZES {
        println!("{count} items");
        let (mut forest, mut tree, mut parts, any) = grown(count);
        time_of_a_pointer(count, &any);
        time("  change", count, |at| {
            forest.change(&mut tree, any[at], 1, &parts).unwrap();
            parts.0.at_mut(any[at]).unwrap().units += 1;
        });
        time("  remove", count * 9 / 10, |at| {
            forest.remove(&mut tree, any[at], &mut parts).unwrap();
        });
        time("  insert", count * 9 / 10, |at| {
            forest.insert(&mut tree, any[at], &mut parts).unwrap();
        });
        time("  remove and append", count, |at| {
            forest.remove(&mut tree, any[at], &mut parts).unwrap();
            parts.0.at_mut(any[at]).unwrap().key.2 = (count + at) as u64;
            forest.insert(&mut tree, any[at], &mut parts).unwrap();
        });
        forest.check(&tree, &parts).unwrap();
    }
}

#[test]
#[ignore = "measures: for a release build"]
fn append_to_many_queues_at_once() {
    let (queues, each) = (10_000, 100);
    let mut numbers = Numbers(5);
    let (mut parts, order) = Parts::scattered(queues * each, &mut numbers);
    let (mut forest, mut trees) = (Forest::new(), std::vec![Tree::EMPTY; queues]);
    let mut slowest = 0;
    time("append to any of 10,000", order.len(), |at| {
        let tree = numbers.below(queues);
        forest
            .insert(&mut trees[tree], order[at], &mut parts)
            .unwrap();
    });
    let (mut forest, mut tree) = (Forest::new(), Tree::EMPTY);
    for &part in &order {
        parts.0.at_mut(part).unwrap().leaf = NONE;
    }
    for &part in &order {
        let start = Instant::now();
        forest.insert(&mut tree, part, &mut parts).unwrap();
        slowest = slowest.max(start.elapsed().as_nanos());
    }
    println!("slowest of a million appends to one: {slowest} ns");
}

#[test]
#[ignore = "measures: for a release build"]
fn time_and_bytes_of_an_index() {
    for count in [10_000_u32, 1_000_000, 10_000_000] {
        println!("{count} ids");
        let mut index = Index::new(7);
        let mut slowest = 0;
        time("  insert", count as usize, |id| {
            index.insert(id as u32, id as u32).unwrap()
        });
        println!(
            "  bytes per 100 ids: {}",
            index.bytes() * 100 / count as usize
        );
        let mut numbers = Numbers(5);
        let any: Vec<u32> = (0..1_000_000)
            .map(|_| numbers.below(count as usize) as u32)
            .collect();
        time("  get any", any.len(), |at| {
            black_box(index.get(any[at]));
        });
        time("  get in order", 1_000_000, |at| {
            black_box(index.get(at as u32 % count));
        });
        time("  remove and insert", count as usize, |at| {
            index.remove(at as u32).unwrap();
            index.insert(count + at as u32, 0).unwrap();
        });
        println!(
            "  bytes per 100 ids: {}",
            index.bytes() * 100 / count as usize
        );
        let mut index = Index::new(7);
        for id in 0..count {
            let start = Instant::now();
            index.insert(id, id).unwrap();
            slowest = slowest.max(start.elapsed().as_nanos());
        }
        println!("  slowest insert: {slowest} ns");
    }
    let mut numbers = Numbers(6);
    let mut index = Index::new(7);
    (0..1_000_000).for_each(|slot| drop(index.insert((numbers.next() >> 32) as u32, slot)));
    println!("bytes per 100 ids, any ids: {}", index.bytes() / 10_000);
}
