//! `make bench-own`: our functions by size, rule and completeness.

use std::hint::black_box;

use allocator_benches::Drop;
use allocator_core::{
    Completeness, Misfit, OutcomeColumns, Policy, Reason, ShortageRule, allocate, allocate_into,
    verify,
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

criterion_group!(benches, rules);
criterion_main!(benches);
