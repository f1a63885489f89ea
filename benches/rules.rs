//! `make bench-own`: our functions by size, rule and completeness.

use std::hint::black_box;

use allocator_benches::Drop;
use allocator_benches::draw::Draw;
use allocator_core::{
    Aim, Completeness, Misfit, OrderToCut, OutcomeColumns, Policy, Reason, ShortageRule, Total,
    allocate, allocate_into, select_orders, verify,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const RULES: [&str; 7] = [
    "first_come",
    "protect_first(2)",
    "one_each_per_round",
    "equal_cuts",
    "same_percentage",
    "members_weighted",
    "classes_first(same_percentage)",
];

fn rules(c: &mut Criterion) {
    for (lines, skus) in [(500, 1), (1_000_000, 1_000)] {
        let drop = Drop::unsorted(lines, skus);
        let columns = drop.columns();
        let mut group = c.benchmark_group(format!("{lines} lines, {skus} SKUs"));
        group
            .throughput(Throughput::Elements(lines as u64))
            .sample_size(10);
        let (mut allocated, mut covered, mut set_aside) =
            (vec![0; lines], vec![0; lines], vec![0; lines]);
        let mut reason = vec![Reason::Short; lines];
        for rule in RULES {
            let policy = Policy::sharing(rule.parse().expect("a rule"));
            group.bench_function(format!("allocate_into {rule}"), |b| {
                b.iter(|| {
                    let mut out = OutcomeColumns::allocated(&mut allocated);
                    allocate_into(black_box(&columns), &drop.supply, &policy, &mut out)
                });
            });
        }
        group.bench_function("allocate_into first_come, all columns", |b| {
            b.iter(|| {
                let mut out = OutcomeColumns {
                    allocated: &mut allocated,
                    covered: Some(&mut covered),
                    set_aside: Some(&mut set_aside),
                    reason: Some(&mut reason),
                };
                let policy = Policy::first_come();
                allocate_into(black_box(&columns), &drop.supply, &policy, &mut out)
            });
        });
        for policy in [
            Policy::first_come(),
            Policy::sharing(ShortageRule::same_percentage()),
            Policy::first_come().completeness(Completeness::Line),
            Policy::first_come()
                .completeness(Completeness::Line)
                .on_misfit(Misfit::Pass),
        ] {
            group.bench_function(format!("allocate {policy}"), |b| {
                b.iter(|| allocate(black_box(&columns), &drop.supply, &policy));
            });
            let result = allocate(&columns, &drop.supply, &policy).expect("valid input");
            group.bench_function(format!("verify {policy}"), |b| {
                b.iter(|| verify(black_box(&columns), &drop.supply, &policy, &result));
            });
        }
    }
}

/// 100,000 orders, 4,000 units to free: few sizes, prices per unit equal, one of two, or any.
fn selection(c: &mut Criterion) {
    const ORDERS: usize = 100_000;
    let mut group = c.benchmark_group(format!("{ORDERS} orders, 4000 units"));
    group.sample_size(10);
    for sizes in [
        &[1, 2, 3, 6, 12][..],
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    ] {
        for (prices, price) in [
            ("equal", &[1_999][..]),
            ("two", &[1_999, 2_499]),
            ("any", &[]),
        ] {
            let mut draw = Draw::seeded(0x5eed);
            let mut below = |most: usize| usize::try_from(draw.below(most as u64)).unwrap_or(0);
            let mut units = Vec::with_capacity(ORDERS);
            let mut refund = Vec::with_capacity(ORDERS);
            for _ in 0..ORDERS {
                let size: i64 = sizes[below(sizes.len())];
                let price = match price {
                    [] => Total::try_from(below(5_000)).unwrap_or(0),
                    price => price[below(price.len())],
                };
                units.push([(0, size)]);
                refund.push(Total::from(size) * price);
            }
            let rows = units.iter().zip(refund);
            let orders: Vec<OrderToCut<'_>> = rows
                .map(|(units, refund)| OrderToCut { units, refund })
                .collect();
            for aim in Aim::ALL {
                let sizes = sizes.len();
                group.bench_function(format!("{aim}, {sizes} sizes, {prices} prices"), |b| {
                    b.iter(|| select_orders(black_box(&orders), &[4_000], *aim));
                });
            }
        }
    }
}

criterion_group!(benches, rules, selection);
criterion_main!(benches);
