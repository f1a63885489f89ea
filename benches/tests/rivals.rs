//! Whoever is timed must give the same answer: our engine and its Rust rivals on every kind of table.

use allocator_benches::table::{Ids, Table, Times};
use allocator_benches::{Answers, policy, rival};

const ALL_TIMES: [Times; 7] = [
    Times::Launch,
    Times::Sorted,
    Times::Outlier,
    Times::Equal,
    Times::ButOneEqual,
    Times::Seconds,
    Times::Extremes,
];

fn ours(table: &Table, rule: &str) -> Vec<i64> {
    let (policy, with_priority) = policy(rule).expect("a known rule");
    let mut answers = Answers::of(table.sku.len());
    answers
        .fill(&table.columns(with_priority), &table.supply(), &policy)
        .expect("valid input");
    answers.allocated
}

#[test]
fn sorting_rivals_agree() {
    for times in ALL_TIMES {
        for (ids, skus) in [(Ids::Dense, 1), (Ids::Dense, 40), (Ids::Sparse, 40)] {
            let table = Table::draw(3_000, skus, times, ids);
            for (rule, with_priority) in [("first_come", false), ("priority", true)] {
                let awards = ours(&table, rule);
                assert!(awards.contains(&0), "stock runs out");
                let mut others = vec![-1; awards.len()];
                rival::packed(&table, with_priority, &mut others);
                assert_eq!(others, awards, "packed, {rule}, {times:?}, {ids:?}");
                others.fill(-1);
                rival::tuples(&table, with_priority, &mut others);
                assert_eq!(others, awards, "tuples, {rule}, {times:?}, {ids:?}");
            }
        }
    }
}

#[test]
fn heaps_agree_with_webster() {
    for times in ALL_TIMES {
        for share in [1, 3, 50, 99, 100] {
            let mut table = Table::draw(2_000, 12, times, Ids::Dense);
            for units in &mut table.stock {
                *units = *units * share / 100;
            }
            let mut others = vec![-1; table.sku.len()];
            rival::heaps(&table, &mut others);
            assert_eq!(
                others,
                ours(&table, "same_percentage"),
                "{times:?}, {share} %"
            );
        }
    }
}
