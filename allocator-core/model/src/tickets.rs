//! Every sharing rule is an order on tickets: here each ticket is written out with its key.
//!
//! Ticket k of a claimant is his k-th unit of one SKU, counted over his lines in place order. A key is
//! an exact fraction for each part of the rule; the smallest keys are covered.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use allocator_core::KeyPart;

use crate::world::World;

/// Up to so many tickets of a SKU are written out and sorted; of more than that each ticket is asked
/// for its rank.
const FEW: i128 = 200;

/// Units covered of every line, by writing out all tickets and sorting them: the rule itself.
///
/// Takes time and memory for every unit, so it is for small claims.
#[must_use]
pub fn covered_by_sorting(world: &World) -> Vec<i64> {
    each_lane(world, |lane, stock| lane.by_sorting(stock))
}

/// Units covered of every line, by asking tickets how many others go before them: for any claims.
#[must_use]
pub fn covered_by_rank(world: &World) -> Vec<i64> {
    each_lane(world, |lane, stock| lane.by_rank(stock))
}

/// Units covered of every line, whichever way is quick.
pub(crate) fn covered(world: &World) -> Vec<i64> {
    each_lane(world, |lane, stock| {
        if lane.tickets() <= FEW {
            lane.by_sorting(stock)
        } else {
            lane.by_rank(stock)
        }
    })
}

/// Whether all that a line asks for is covered: its last ticket is, since keys rise along a line.
pub(crate) fn is_covered(world: &World, row: usize) -> bool {
    if world.is_hopeless(row) {
        return false;
    }
    let sku = world.lines[row].sku.0;
    let lane = Lane::new(world, sku);
    let stock = world.received()[&sku];
    let at = lane.rows.iter().position(|&other| other == row);
    let at = at.expect("a row of its own SKU");
    if lane.tickets() <= FEW {
        lane.by_sorting(stock)[at] == lane.claims[at]
    } else {
        lane.claims[at] == 0 || lane.is_covered(at, lane.claims[at], stock)
    }
}

fn each_lane(world: &World, cover: impl Fn(&Lane<'_>, i64) -> Vec<i64>) -> Vec<i64> {
    let mut covered = vec![0; world.lines.len()];
    for (sku, stock) in world.received() {
        let lane = Lane::new(world, sku);
        for (&row, units) in lane.rows.iter().zip(cover(&lane, stock)) {
            covered[row] = units;
        }
    }
    covered
}

/// The lines of one SKU in place order.
struct Lane<'a> {
    world: &'a World,
    rows: Vec<usize>,
    /// Units each line may stand for.
    claims: Vec<i64>,
    /// Units of the same claimant in the lines before.
    before: Vec<i64>,
    /// All units of the claimant.
    all: Vec<i64>,
}

impl<'a> Lane<'a> {
    fn new(world: &'a World, sku: u32) -> Self {
        let (rows, claims) = (world.queue_of(sku), world.claims());
        let mut sums = BTreeMap::new();
        let mut before = Vec::new();
        for &row in &rows {
            let sum: &mut i64 = sums.entry(world.claimant(row)).or_default();
            before.push(*sum);
            *sum += claims[row];
        }
        Self {
            world,
            claims: rows.iter().map(|&row| claims[row]).collect(),
            before,
            all: rows.iter().map(|&row| sums[&world.claimant(row)]).collect(),
            rows,
        }
    }

    fn tickets(&self) -> i128 {
        self.claims.iter().map(|&units| i128::from(units)).sum()
    }

    /// The key of the line's `unit`-th ticket, counted from 1.
    fn key(&self, line: usize, unit: i64) -> Key {
        let row = self.rows[line];
        let k = i128::from(self.before[line] + unit);
        let claim = i128::from(self.all[line]);
        let weight = i128::from(self.world.lines[row].weight);
        let line = &self.world.lines[row];
        let place = self.world.place(row);
        let part = |part: &KeyPart| match *part {
            KeyPart::Class => (line.priority.into(), 1),
            KeyPart::Lot => (line.lot.into(), 1),
            KeyPart::Protect(m) => (i128::from(k > m.into()), 1),
            KeyPart::Level => (k, 1),
            KeyPart::Remainder => (-(claim - k + 1), 1),
            KeyPart::Webster => (2 * k - 1, claim),
            KeyPart::Adams => (k - 1, claim),
            KeyPart::Jefferson => (k, claim),
            KeyPart::Weight => (2 * k - 1, weight),
            KeyPart::Place => (0, 1),
            _ => panic!("a part the model does not know: {part:?}"),
        };
        let parts = self.world.policy.rule.parts().iter().map(part).collect();
        Key { parts, place, k }
    }

    fn by_sorting(&self, stock: i64) -> Vec<i64> {
        let mut tickets = Vec::new();
        for (line, &units) in self.claims.iter().enumerate() {
            tickets.extend((1..=units).map(|unit| (self.key(line, unit), line)));
        }
        tickets.sort();
        let mut covered = vec![0; self.rows.len()];
        let stock = usize::try_from(stock).expect("not below zero");
        for (_, line) in tickets.into_iter().take(stock) {
            covered[line] += 1;
        }
        covered
    }

    fn by_rank(&self, stock: i64) -> Vec<i64> {
        let line =
            |line: usize| front(self.claims[line], |unit| self.is_covered(line, unit, stock));
        (0..self.rows.len()).map(line).collect()
    }

    /// Whether fewer tickets go before this one than there are units.
    fn is_covered(&self, line: usize, unit: i64, stock: i64) -> bool {
        let key = self.key(line, unit);
        let smaller = |other: usize| {
            let smaller = front(self.claims[other], |unit| self.key(other, unit) < key);
            i128::from(smaller)
        };
        let rank: i128 = (0..self.rows.len()).map(smaller).sum();
        rank < stock.into()
    }
}

/// How many of the units `1..=last` have what only a front of them has.
fn front(last: i64, has: impl Fn(i64) -> bool) -> i64 {
    let (mut with, mut without) = (0, i128::from(last) + 1);
    while without - i128::from(with) > 1 {
        let middle = ((i128::from(with) + without) / 2) as i64;
        if has(middle) {
            with = middle;
        } else {
            without = middle.into();
        }
    }
    with
}

/// Fractions as numerator and denominator, then the place, then the number inside the line.
#[derive(Clone, Debug)]
struct Key {
    parts: Vec<(i128, i128)>,
    place: Vec<i128>,
    k: i128,
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        for (a, b) in self.parts.iter().zip(&other.parts) {
            // Numerators lie below 2^64, denominators below 2^63 and above zero.
            let order = (a.0 * b.1).cmp(&(b.0 * a.1));
            if order != Ordering::Equal {
                return order;
            }
        }
        (&self.place, self.k).cmp(&(&other.place, other.k))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}
