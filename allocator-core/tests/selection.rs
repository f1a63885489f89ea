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

/// The plain table of a suffix: the least cost for exactly so many units, orders kept where that is as
/// good. Slow, and in no way like the code under test.
struct Table {
    sizes: Vec<usize>,
    /// Per order, by the units still to free: the least cost by it and the newer ones.
    least: Vec<Vec<Option<[Total; 3]>>>,
    cost: Vec<[Total; 3]>,
}

impl Table {
    fn of(sizes: &[Quantity], refund: &[Total], aim: Aim) -> Self {
        let sizes: Vec<usize> = sizes.iter().map(|s| usize::try_from(*s).unwrap()).collect();
        let all: usize = sizes.iter().sum();
        let one = |(size, refund): (&usize, &Total)| {
            let set = Set {
                bits: 0,
                orders: 1,
                units: Total::try_from(*size).unwrap(),
                refund: *refund,
                freed: [0; 3],
            };
            set.cost(aim)
        };
        let cost: Vec<[Total; 3]> = sizes.iter().zip(refund).map(one).collect();
        let mut least = vec![vec![None; all + 1]; sizes.len() + 1];
        least[sizes.len()][0] = Some([0; 3]);
        for row in (0..sizes.len()).rev() {
            for units in 0..=all {
                let kept = least[row + 1][units];
                let cut = units
                    .checked_sub(sizes[row])
                    .and_then(|rest| least[row + 1][rest]);
                let cut = cut.map(|[a, b, c]| {
                    let [x, y, z] = cost[row];
                    [a + x, b + y, c + z]
                });
                least[row][units] = match (kept, cut) {
                    (Some(kept), Some(cut)) => Some(kept.min(cut)),
                    (kept, cut) => kept.or(cut),
                };
            }
        }
        Self { sizes, least, cost }
    }

    fn trace(&self, mut units: usize) -> Vec<usize> {
        let mut cancelled = Vec::new();
        for row in 0..self.sizes.len() {
            if self.least[row + 1][units] != self.least[row][units] {
                cancelled.push(row);
                units -= self.sizes[row];
            }
        }
        assert_eq!((units, self.cost.len()), (0, self.sizes.len()));
        cancelled
    }

    fn reached(&self) -> impl Iterator<Item = (usize, [Total; 3])> {
        let sums = self.least[0].iter().enumerate();
        sums.filter_map(|(units, cost)| Some((units, (*cost)?)))
    }

    fn expected(&self, need: usize, aim: Aim) -> Expected {
        let covering = self.reached().filter(|(units, _)| *units >= need);
        let best = covering
            .min_by_key(|(_, cost)| *cost)
            .map(|(units, _)| units);
        if aim != Aim::Exact {
            return Expected::Plan(self.trace(best.unwrap()));
        }
        let sums = || self.reached().map(|(units, _)| units);
        if sums().any(|units| units == need) {
            return Expected::Plan(self.trace(need));
        }
        let below = sums().filter(|units| *units < need).max();
        let above = sums().filter(|units| *units > need).min();
        Expected::Nearest(
            below.map(|units| self.trace(units)),
            above.map(|units| self.trace(units)),
        )
    }
}

/// Dozens of orders per size, needs from the first unit to the last: both sides of the search.
#[test]
fn many_orders_agree_with_the_plain_table() {
    let (mut nearest, mut above_half) = (0, 0);
    for seed in 0..1_500 {
        let mut random = Random(seed);
        let sizes: &[Quantity] = random.of(&[
            &[1, 2, 3, 6, 12][..],
            &[1, 2],
            &[4, 6, 9],
            &[5, 7],
            &[3, 30],
        ]);
        let prices: &[Total] = random.of(&[&[10][..], &[9, 10], &[0, 1], &[3, 50, 1000]]);
        let orders = 10 + random.below(50);
        let sizes: Vec<Quantity> = (0..orders).map(|_| random.of(sizes)).collect();
        let per_unit = random.below(2) == 0;
        let refund: Vec<Total> = sizes
            .iter()
            .map(|size| random.of(prices) * if per_unit { Total::from(*size) } else { 1 })
            .collect();
        let drop = Drop::of_sizes(&sizes, &refund);
        let all: Quantity = sizes.iter().sum();
        for aim in Aim::ALL {
            let table = Table::of(&sizes, &refund, *aim);
            for need in [
                1 + random.number(all as u64),
                1 + random.number(20).min(all - 1),
                all - random.number(20).min(all - 1),
            ] {
                let expected = table.expected(usize::try_from(need).unwrap(), *aim);
                let found = found(&drop.select(&[need], *aim).unwrap());
                assert_eq!(found, expected, "{seed}: {aim} {need} {drop:?}");
                nearest += usize::from(matches!(expected, Expected::Nearest(..)));
                above_half += usize::from(need > all / 2);
            }
        }
    }
    assert!(
        nearest > 300 && above_half > 3_000,
        "{nearest}, {above_half}"
    );
}

#[test]
fn fewest_customers_never_falls_with_the_need() {
    let drop = many(&[1, 2, 3, 6, 12], |random| Total::from(random.number(100)));
    let mut last = 0;
    for need in [
        1, 2, 11, 12, 13, 100, 101, 1_000, 3_999, 4_000, 200_000, 400_000,
    ] {
        let plan = drop.plan(&[need], Aim::FewestCustomers);
        assert!(plan.cancelled.len() >= last);
        last = plan.cancelled.len();
    }
    // The largest first: 33,334 of 12 units would free all of them.
    assert!(last > 30_000);
}

/// Nothing but age stands behind a row's number: refunds and sizes in another order of age give the
/// same figures.
#[test]
fn the_order_of_rows_decides_between_equal_plans_only() {
    for seed in 0..2_000 {
        let (drop, need, aim) = case(seed);
        let mut turned = drop.clone();
        turned.units.reverse();
        turned.refund.reverse();
        let figures = |drop: &Drop| match drop.select(&need, aim).unwrap() {
            Selected::Plan(plan) => vec![Some((
                plan.freed.iter().sum::<Total>(),
                plan.refund,
                plan.cancelled.len(),
            ))],
            Selected::Nearest { below, above } => [below, above]
                .into_iter()
                .map(|plan| {
                    plan.map(|plan| {
                        (
                            plan.freed.iter().sum::<Total>(),
                            plan.refund,
                            plan.cancelled.len(),
                        )
                    })
                })
                .collect(),
        };
        assert_eq!(figures(&drop), figures(&turned), "{seed}");
    }
}

/// 100,000 orders of `sizes`, and what a unit costs.
fn many(sizes: &[Quantity], price: impl Fn(&mut Random) -> Total) -> Drop {
    let mut random = Random(7);
    let sizes: Vec<Quantity> = (0..100_000).map(|_| random.of(sizes)).collect();
    let refund: Vec<Total> = sizes
        .iter()
        .map(|size| Total::from(*size) * price(&mut random))
        .collect();
    Drop::of_sizes(&sizes, &refund)
}

#[test]
fn sizes_without_end_need_no_memory() {
    // Equal sizes, one order, all orders, all but one unit: few states however large the numbers.
    let drop = Drop::of_sizes(&[Quantity::MAX; 9], &[5, 4, 3, 2, 1, 2, 3, 4, 5]);
    for aim in [Aim::FewestCustomers, Aim::LeastRefund, Aim::LeastOvershoot] {
        assert_eq!(drop.plan(&[Quantity::MAX], aim).cancelled, [4]);
        assert_eq!(drop.plan(&[1], aim).cancelled, [4]);
    }
    let equal = Drop::of_sizes(&[1 << 40; 100], &[7; 100]);
    let plan = equal.plan(&[(3 << 40) - 1], Aim::LeastRefund);
    assert_eq!(
        (plan.cancelled, plan.optimality),
        (vec![97, 98, 99], Optimality::Exact)
    );
    let sizes: Vec<Quantity> = (0..1_000).map(|row| (1 << 40) + row).collect();
    let all: Quantity = sizes.iter().sum();
    let drop = Drop::of_sizes(&sizes, &vec![1; 1_000]);
    for aim in Aim::ALL {
        let plan = drop.plan(&[all], *aim);
        assert_eq!(
            (plan.cancelled.len(), plan.optimality),
            (1_000, Optimality::Exact)
        );
        assert_eq!(
            drop.plan(&[all - 1], Aim::LeastOvershoot).cancelled.len(),
            1_000
        );
    }
}

/// Beyond the exact search: the plan covers the need, and its bound is one.
#[test]
fn a_plan_that_is_not_proven_says_so() {
    let mut random = Random(1);
    let sizes: Vec<Quantity> = (0..3_000)
        .map(|_| (1 << 30) + random.number(1 << 30))
        .collect();
    let refund: Vec<Total> = (0..3_000)
        .map(|_| Total::from(1 + random.number(1_000_000)))
        .collect();
    let drop = Drop::of_sizes(&sizes, &refund);
    let need = 1 << 40;
    for aim in [Aim::FewestCustomers, Aim::LeastRefund, Aim::LeastOvershoot] {
        let plan = drop.plan(&[need], aim);
        assert!(plan.freed[0] >= Total::from(need));
        let Optimality::Within { p, q } = plan.optimality else {
            panic!("{aim}: proven");
        };
        let own = match aim {
            Aim::LeastRefund => plan.refund,
            Aim::LeastOvershoot => plan.freed[0],
            _ => Total::try_from(plan.cancelled.len()).unwrap(),
        };
        assert!(p == own && 0 < q && q <= p, "{aim}: {p}/{q}");
        // The largest first is the fewest; the others are near.
        assert!(
            if aim == Aim::FewestCustomers {
                p == q
            } else {
                p - q <= p / 100
            },
            "{aim}: {p}/{q}"
        );
    }
    let error = drop.select(&[need], Aim::Exact).unwrap_err();
    assert_eq!(error.code(), "selection_too_large");
}

/// Orders of one SKU each: the least number of them is known for each SKU alone.
#[test]
fn the_bound_of_several_skus_is_below_the_known_least() {
    let mut random = Random(2);
    let sizes: Vec<Quantity> = (0..4_000)
        .map(|_| 1_000_000 + random.number(1_000_000))
        .collect();
    let drop = Drop {
        units: (0..)
            .zip(&sizes)
            .map(|(row, size)| vec![(row % 2, *size)])
            .collect(),
        refund: vec![1; 4_000],
    };
    let need = [100_000_000, 200_000_000];
    let mut known = 0;
    for (sku, mut left) in (0..).zip(need) {
        let mut of_sku: Vec<Quantity> = sizes.iter().skip(sku).step_by(2).copied().collect();
        of_sku.sort_unstable();
        while left > 0 {
            left -= of_sku.pop().unwrap();
            known += 1;
        }
    }
    let plan = drop.plan(&need, Aim::FewestCustomers);
    let Optimality::Within { p, q } = plan.optimality else {
        panic!("proven");
    };
    assert!(
        q <= known && known <= p && p == Total::try_from(plan.cancelled.len()).unwrap(),
        "{q} {known} {p}"
    );
    assert_eq!(p, known);
}

#[test]
fn bad_input_is_named() {
    let fault = |units: &[(usize, Quantity)], refund: Total, need: &[Quantity]| {
        let good = OrderToCut {
            units: &[(0, 3)],
            refund: 1,
        };
        let orders = [good, OrderToCut { units, refund }];
        let error = select_orders(&orders, need, Aim::LeastRefund).unwrap_err();
        (error.table(), error.row(), error.field(), error.to_string())
    };
    let (orders, needs) = (
        Some(allocator_core::Table::Orders),
        Some(allocator_core::Table::Need),
    );
    for (units, refund, need, table, row, field) in [
        (&[(0, -1)][..], 1, &[1][..], orders, 1, "units"),
        (&[(1, 1)], 1, &[1], orders, 1, "sku"),
        (&[(0, 1)], -1, &[1], orders, 1, "refund"),
        (&[(0, 1)], Total::MAX, &[1], orders, 1, "refund"),
        (&[(0, Quantity::MAX), (0, 1)], 1, &[1], orders, 1, "units"),
        (&[(0, 1)], 1, &[-1], needs, 0, "units"),
        (&[(0, 1)], 1, &[5], needs, 0, "units"),
        (&[(0, 1)], 1, &[1, 1], needs, 1, "units"),
    ] {
        let (at, of, named, text) = fault(units, refund, need);
        assert_eq!((at, of, named), (table, Some(row), Some(field)), "{text}");
    }
    let (.., text) = fault(&[(0, 1)], 1, &[5]);
    assert_eq!(text, "need row 0, units: 5 is outside 0..=4");
    // Nothing needed is a plan, and so is nothing at all.
    for need in [&[][..], &[0]] {
        let nothing = select_orders(&[], need, Aim::Exact).unwrap();
        assert_eq!(nothing.plan().unwrap().cancelled, [0_usize; 0]);
    }
}

#[test]
fn aims_have_words() {
    for aim in Aim::ALL {
        assert_eq!(aim.name().parse(), Ok(*aim));
    }
    let error = "cheapest".parse::<Aim>().unwrap_err();
    assert_eq!((error.code(), error.field()), ("unknown_aim", Some("aim")));
}
