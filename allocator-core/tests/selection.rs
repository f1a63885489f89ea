//! Whole-order selection against brute force over every set of orders, and what must hold of large
//! problems. `ALLOCATOR_LONG=1` runs ten times as many cases.

use allocator_core::{
    Aim, Error, Optimality, OrderToCut, Quantity, Selected, Selection, Total, select_orders,
};

/// Random cases; each is asked with every aim in turn.
const CASES: u64 = 100_000;

/// Orders as rows of units per SKU, with their refunds.
#[derive(Clone, Debug, Default)]
struct Drop {
    units: Vec<Vec<(usize, Quantity)>>,
    refund: Vec<Total>,
}

impl Drop {
    fn of_sizes(sizes: &[Quantity], refund: &[Total]) -> Self {
        Self {
            units: sizes.iter().map(|size| vec![(0, *size)]).collect(),
            refund: refund.to_vec(),
        }
    }

    fn orders(&self) -> Vec<OrderToCut<'_>> {
        let rows = self.units.iter().zip(&self.refund);
        rows.map(|(units, refund)| OrderToCut {
            units,
            refund: *refund,
        })
        .collect()
    }

    fn select(&self, need: &[Quantity], aim: Aim) -> Result<Selected, Error> {
        select_orders(&self.orders(), need, aim)
    }

    fn plan(&self, need: &[Quantity], aim: Aim) -> Selection {
        self.select(need, aim).unwrap().into_plan().unwrap()
    }
}

/// What a set of orders does. Bit n - 1 - i is order i, so that of two sets the one that keeps the
/// oldest order in which they differ is the smaller number.
#[derive(Clone, Copy, Debug)]
struct Set {
    bits: u32,
    orders: Total,
    units: Total,
    refund: Total,
    freed: [Total; 3],
}

impl Set {
    fn cost(&self, aim: Aim) -> [Total; 3] {
        match aim {
            Aim::FewestCustomers | Aim::Exact => [self.orders, self.units, self.refund],
            Aim::LeastRefund => [self.refund, self.units, self.orders],
            Aim::LeastOvershoot => [self.units, self.orders, self.refund],
        }
    }

    fn cancelled(&self, orders: usize) -> Vec<usize> {
        let bit = |row: &usize| self.bits >> (orders - 1 - row) & 1 == 1;
        (0..orders).filter(bit).collect()
    }
}

/// Every set of orders, each one order more than an earlier one.
fn sets(drop: &Drop) -> Vec<Set> {
    let orders = drop.units.len();
    let mut all = vec![Set {
        bits: 0,
        orders: 0,
        units: 0,
        refund: 0,
        freed: [0; 3],
    }];
    for bits in 1..1_u32 << orders {
        let row = orders - 1 - usize::try_from(bits.trailing_zeros()).unwrap();
        let mut set = all[usize::try_from(bits & (bits - 1)).unwrap()];
        set.bits = bits;
        set.orders += 1;
        set.refund += drop.refund[row];
        for (sku, units) in &drop.units[row] {
            set.units += Total::from(*units);
            set.freed[*sku] += Total::from(*units);
        }
        all.push(set);
    }
    all
}

/// The cancelled orders of the best set that passes.
fn best(all: &[Set], orders: usize, aim: Aim, passes: impl Fn(&Set) -> bool) -> Option<Vec<usize>> {
    let passing = all.iter().filter(|set| passes(set));
    let best = passing.min_by_key(|set| (set.cost(aim), set.bits))?;
    Some(best.cancelled(orders))
}

/// What must come out: a plan, or the nearest below and above.
#[derive(Debug, PartialEq)]
enum Expected {
    Plan(Vec<usize>),
    Nearest(Option<Vec<usize>>, Option<Vec<usize>>),
}

fn expected(drop: &Drop, all: &[Set], need: &[Quantity], aim: Aim) -> Expected {
    let (orders, skus) = (drop.units.len(), need.len());
    let mut wanted = [0; 3];
    for (wanted, need) in wanted.iter_mut().zip(need) {
        *wanted = Total::from(*need);
    }
    let covers = |set: &Set| {
        let mut pairs = set.freed.iter().zip(&wanted);
        pairs.all(|(freed, need)| freed >= need)
    };
    if aim != Aim::Exact {
        return Expected::Plan(best(all, orders, aim, covers).unwrap());
    }
    if let Some(plan) = best(all, orders, aim, |set| set.freed == wanted) {
        return Expected::Plan(plan);
    }
    let [need, ..] = wanted;
    if skus > 1 {
        let above = best(all, orders, Aim::LeastOvershoot, covers);
        return Expected::Nearest(None, above);
    }
    let at = |wanted: Option<Total>| {
        let freed = wanted?;
        best(all, orders, aim, |set| set.freed[0] == freed)
    };
    let freed = || all.iter().map(|set| set.freed[0]);
    let below = freed().filter(|freed| *freed < need).max();
    let above = freed().filter(|freed| *freed > need).min();
    Expected::Nearest(at(below), at(above))
}

fn found(selected: &Selected) -> Expected {
    let rows = |plan: &Option<Selection>| plan.as_ref().map(|plan| plan.cancelled.clone());
    match selected {
        Selected::Plan(plan) => Expected::Plan(plan.cancelled.clone()),
        Selected::Nearest { below, above } => Expected::Nearest(rows(below), rows(above)),
    }
}

/// A plan's figures are those of its orders.
fn adds_up(drop: &Drop, skus: usize, plan: &Selection) {
    let mut freed = vec![0; skus];
    for row in &plan.cancelled {
        for (sku, units) in &drop.units[*row] {
            freed[*sku] += Total::from(*units);
        }
    }
    let refund: Total = plan.cancelled.iter().map(|row| drop.refund[*row]).sum();
    assert_eq!((&plan.freed, plan.refund), (&freed, refund));
    assert_eq!(plan.optimality, Optimality::Exact);
    assert!(plan.cancelled.is_sorted_by(|a, b| a < b));
}

struct Random(u64);

impl Random {
    /// A number of 0..`below`.
    fn below(&mut self, below: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        let index = self.below(values.len() as u64);
        values[usize::try_from(index).unwrap()]
    }

    fn number(&mut self, below: u64) -> i64 {
        i64::try_from(self.below(below)).unwrap()
    }
}

/// A case: orders, a need that they can cover, and an aim.
fn case(seed: u64) -> (Drop, Vec<Quantity>, Aim) {
    let mut random = Random(seed);
    // Mostly few orders: all sets of 12 are 4096.
    let orders = match random.below(250) {
        0 => 12,
        1..20 => 8 + random.below(4),
        _ => 1 + random.below(7),
    };
    let skus = random.of(&[1, 1, 1, 2, 2, 3]);
    let sizes: &[Quantity] = random.of(&[
        &[1, 1, 1, 2, 3, 6][..],
        &[1, 2],
        &[2, 4, 6],
        &[4, 6, 9],
        &[3, 5, 7, 11],
        &[0, 1, 30],
        &[1_000_000_007, 2_000_000_014],
    ]);
    let prices: &[Total] = random.of(&[&[10][..], &[0, 1], &[9, 10, 11], &[0], &[1, 100]]);
    let per_unit = random.below(2) == 0;
    let mut drop = Drop::default();
    let mut all = vec![0; usize::try_from(skus).unwrap()];
    for _ in 0..orders {
        let mut units = Vec::new();
        for (sku, sum) in all.iter_mut().enumerate() {
            if skus == 1 || random.below(3) > 0 {
                let size = random.of(sizes);
                units.push((sku, size));
                *sum += size;
            }
        }
        let size: Quantity = units.iter().map(|(_, size)| size).sum();
        let factor = if per_unit { Total::from(size) } else { 1 };
        drop.refund.push(random.of(prices) * factor);
        drop.units.push(units);
    }
    let mut need = Vec::new();
    for sum in all {
        let less = random.number(u64::try_from(sum).unwrap() + 1);
        need.push(random.of(&[less, less, less / 3, sum, sum - sum.min(1), sum.min(1), 0]));
    }
    (drop, need, random.of(Aim::ALL))
}

/// What the cases reach.
#[derive(Debug, Default)]
struct Reached {
    by_aim: [u64; 4],
    several: u64,
    none: u64,
    nearest_one: u64,
    nearest_several: u64,
    twelve: u64,
    ties: u64,
    overshoot: u64,
    single_and_combined: u64,
    huge: u64,
}

#[test]
fn every_answer_is_that_of_all_sets() {
    let long = std::env::var_os("ALLOCATOR_LONG").is_some_and(|value| value != "0");
    let cases = if long { CASES * 10 } else { CASES };
    let mut reached = Reached::default();
    for seed in 0..cases {
        let (drop, need, aim) = case(seed);
        let all = sets(&drop);
        let expected = expected(&drop, &all, &need, aim);
        let selected = drop.select(&need, aim);
        let selected = selected.unwrap_or_else(|error| panic!("{seed}: {error}"));
        assert_eq!(
            found(&selected),
            expected,
            "{seed}: {aim} {need:?} {drop:?}"
        );
        count(&mut reached, &drop, &need, aim, &all, &selected);
    }
    let Reached {
        by_aim,
        several,
        none,
        nearest_one,
        nearest_several,
        twelve,
        ties,
        overshoot,
        single_and_combined,
        huge,
    } = reached;
    println!("{reached:?}");
    assert!(by_aim.into_iter().all(|count| count > cases / 10));
    for (what, count) in [
        ("several SKUs", several),
        ("nothing to free", none),
        ("nearest of one SKU", nearest_one),
        ("nearest of several SKUs", nearest_several),
        ("twelve orders", twelve),
        ("equal plans", ties),
        ("overshoot", overshoot),
        ("one order or several", single_and_combined),
        ("huge sizes", huge),
    ] {
        assert!(count > cases / 1_000, "only {count} cases of {what}");
    }
}

fn count(
    reached: &mut Reached,
    drop: &Drop,
    need: &[Quantity],
    aim: Aim,
    all: &[Set],
    selected: &Selected,
) {
    let index = Aim::ALL.iter().position(|other| *other == aim).unwrap();
    reached.by_aim[index] += 1;
    reached.several += u64::from(need.len() > 1);
    reached.none += u64::from(need.iter().all(|units| *units == 0));
    reached.twelve += u64::from(drop.units.len() == 12);
    reached.huge += u64::from(need[0] > 1_000_000_000);
    match selected {
        Selected::Plan(plan) => {
            adds_up(drop, need.len(), plan);
            let same =
                |set: &&Set| set.freed[..need.len()] == plan.freed && set.refund == plan.refund;
            let orders = Total::try_from(plan.cancelled.len()).unwrap();
            let equal = all.iter().filter(same).filter(|set| set.orders == orders);
            reached.ties += u64::from(equal.count() > 1);
            let freed: Total = plan.freed.iter().sum();
            let wanted: Total = need.iter().copied().map(Total::from).sum();
            reached.overshoot += u64::from(freed > wanted);
            let alone = |units: &Vec<(usize, Quantity)>| units.iter().any(|(_, u)| *u >= need[0]);
            let large = drop.units.iter().filter(|units| alone(units)).count();
            let mixed = need.len() == 1 && large > 0 && large < drop.units.len();
            reached.single_and_combined += u64::from(mixed && plan.cancelled.len() > 1);
        }
        Selected::Nearest { below, above } => {
            for plan in [below, above].into_iter().flatten() {
                adds_up(drop, need.len(), plan);
            }
            reached.nearest_one += u64::from(need.len() == 1);
            reached.nearest_several += u64::from(need.len() > 1);
        }
    }
}

/// 100,000 orders of `sizes`, and what cancelling each costs.
fn many(sizes: &[Quantity], price: impl Fn(&mut Random) -> Total) -> Drop {
    let mut random = Random(7);
    let sizes: Vec<Quantity> = (0..100_000).map(|_| random.of(sizes)).collect();
    let refund: Vec<Total> = sizes
        .iter()
        .map(|size| Total::from(*size) * price(&mut random))
        .collect();
    Drop::of_sizes(&sizes, &refund)
}
