//! The canonical drop: 500 units sold to 353 customers, and what each rule does to them.

use std::path::Path;

use allocator_core::{
    DemandLine, Figure, KeptColumns, Meter, Metrics, PlaceOrder, Policy, ShortageRule, Supply,
    allocate, verify,
};
use allocator_oracle::{Problem, WholeRule};
use serde_json::Value;

/// A rule of a merchant, or one that only serves as a benchmark.
enum Rule {
    Core(Policy),
    Oracle(WholeRule),
}

fn rules() -> [(&'static str, Rule); 10] {
    let sharing = |rule| Rule::Core(Policy::sharing(rule));
    let hamilton = WholeRule::Hamilton {
        minimum_of_one: false,
    };
    [
        ("fifo", Rule::Core(Policy::first_come())),
        ("round_robin", sharing(ShortageRule::one_each_per_round())),
        (
            "one_each_then_fifo",
            sharing(ShortageRule::protect_first(1).unwrap()),
        ),
        ("webster", sharing(ShortageRule::same_percentage())),
        (
            "adams",
            sharing(ShortageRule::same_percentage_nobody_empty()),
        ),
        ("hamilton", Rule::Oracle(hamilton)),
        ("equal_cuts", sharing(ShortageRule::equal_cuts())),
        (
            "jefferson",
            sharing(ShortageRule::same_percentage_split_proof()),
        ),
        ("quota_method", Rule::Oracle(WholeRule::Quota)),
        ("talmud_int", Rule::Oracle(WholeRule::Talmud)),
    ]
}

/// Claims of one customer each, first in line first.
fn lines_of(claims: &[i64]) -> Vec<DemandLine> {
    (claims.iter().zip(0_u32..))
        .map(|(&claim, row)| DemandLine::new(row, 7, claim).customer(row))
        .collect()
}

fn measure(lines: &[DemandLine], received: i64, rule: &Rule) -> Metrics {
    let kept = match rule {
        Rule::Core(policy) => {
            let supply = [Supply::received(7, received)];
            let result = allocate(lines, &supply, policy).unwrap();
            verify(lines, &supply, policy, &result).unwrap();
            result.allocated().to_vec()
        }
        Rule::Oracle(rule) => {
            let claims: Vec<i64> = lines.iter().map(|line| line.quantity).collect();
            rule.awards(&Problem::of(&claims, received)).unwrap()
        }
    };
    let meter = Meter::new(lines, &PlaceOrder::oldest_first()).unwrap();
    let columns = KeptColumns {
        kept: &kept,
        received: received.into(),
        ..KeptColumns::default()
    };
    meter.measure(&columns).unwrap()
}

/// The claims in place order: 270 of 1, 49 of 2, 26 of 3, 7 of 6 and one of 12.
fn drop353() -> Vec<DemandLine> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/rationing.json");
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let claims = file["canonical_500_480"]["claims"].as_array().unwrap();
    let claims: Vec<i64> = claims.iter().map(|claim| claim.as_i64().unwrap()).collect();
    let many = |size| claims.iter().filter(|&&claim| claim == size).count();
    assert_eq!([1, 2, 3, 6, 12].map(many), [270, 49, 26, 7, 1]);
    lines_of(&claims)
}

/// 400 orders, every fourth of 2 units, the others of 1; a customer for each.
fn drop400() -> Vec<DemandLine> {
    let claims: Vec<i64> = (1..=400)
        .map(|order| if order % 4 == 0 { 2 } else { 1 })
        .collect();
    lines_of(&claims)
}

/// The same orders as the example has them: 200 customers with two orders each.
fn drop400_of_200() -> Vec<DemandLine> {
    let table = include_str!("../../examples/data/drop400/demand.csv");
    let line = |row: &str| {
        let cells: Vec<&str> = row.split(',').collect();
        let [order, customer] = [cells[0], cells[2]].map(|cell| cell.parse::<u32>().unwrap());
        DemandLine::new(order, 7, cells[4].parse().unwrap())
            .order(order)
            .customer(customer)
    };
    table.lines().skip(1).map(line).collect()
}

/// Rule, customers touched, fully cancelled, largest cut, overtakes, Jain's index of fill rates.
const TABLE: [(&str, u64, u64, i128, u64, &str); 10] = [
    ("fifo", 18, 17, 2, 0, "~0.952"),
    ("round_robin", 8, 0, 8, 1471, "~0.997"),
    ("one_each_then_fifo", 12, 0, 5, 378, "~0.988"),
    ("webster", 19, 0, 2, 2340, "~0.996"),
    ("adams", 16, 0, 3, 1937, "~0.996"),
    ("hamilton", 20, 0, 1, 2511, "~0.996"),
    ("equal_cuts", 20, 17, 1, 21, "~0.950"),
    ("jefferson", 20, 17, 1, 21, "~0.950"),
    ("quota_method", 20, 17, 1, 21, "~0.950"),
    ("talmud_int", 20, 0, 1, 968, "~0.990"),
];

#[test]
fn the_table_of_the_drop() {
    let claims = drop353();
    for ((name, rule), row) in rules().iter().zip(TABLE) {
        let metrics = measure(&claims, 480, rule);
        let jain = metrics.jain_fill.rounded();
        let told = (
            *name,
            metrics.customers_touched,
            metrics.customers_cancelled,
            metrics.largest_cut,
            metrics.overtakes,
            jain.as_str(),
        );
        assert_eq!(told, row);
        assert_eq!(
            (metrics.customers, metrics.units_cut, metrics.idle),
            (353, 20, 0)
        );
        // One line each: a customer is an order.
        assert_eq!(
            (
                metrics.orders,
                metrics.orders_touched,
                metrics.orders_cancelled
            ),
            (353, metrics.customers_touched, metrics.customers_cancelled)
        );
        for figure in [
            metrics.jain_units,
            metrics.jain_fill,
            metrics.gini_units,
            metrics.gini_fill,
        ] {
            assert!(matches!(figure, Figure::Exact(_)), "{name}: {figure}");
        }
    }
}

#[test]
fn a_deep_shortage_of_the_drop() {
    let claims = drop353();
    let mut cancelled = Vec::new();
    for (name, rule) in rules() {
        if ["fifo", "round_robin", "webster", "equal_cuts"].contains(&name) {
            cancelled.push((name, measure(&claims, 250, &rule).customers_cancelled));
        }
    }
    assert_eq!(
        cancelled,
        [
            ("fifo", 181),
            ("round_robin", 103),
            ("webster", 136),
            ("equal_cuts", 192)
        ]
    );
}

/// No rule touches the fewest customers everywhere.
#[test]
fn which_rule_touches_fewest_depends_on_the_drop() {
    let [one_each, queue] = ["round_robin", "fifo"].map(|name| {
        let mut rules = rules().into_iter();
        rules.find(|(known, _)| *known == name).unwrap().1
    });
    for (lines, customers, touched_by_one_each, touched_by_queue) in [
        (drop353(), 353, 8, 18),
        (drop400(), 400, 20, 16),
        (drop400_of_200(), 200, 20, 16),
    ] {
        let (one_each, queue) = (
            measure(&lines, 480, &one_each),
            measure(&lines, 480, &queue),
        );
        assert_eq!(
            (one_each.units_ordered, one_each.customers),
            (500, customers)
        );
        assert_eq!(
            (one_each.customers_touched, queue.customers_touched),
            (touched_by_one_each, touched_by_queue)
        );
    }
}

/// A customer whose second order is gone still keeps his first.
#[test]
fn customers_are_not_orders() {
    let metrics = measure(&drop400_of_200(), 480, &Rule::Core(Policy::first_come()));
    assert_eq!(
        (
            metrics.orders,
            metrics.orders_touched,
            metrics.orders_cancelled
        ),
        (400, 16, 16)
    );
    assert_eq!(
        (metrics.customers_touched, metrics.customers_cancelled),
        (16, 0)
    );
    assert_eq!(metrics.lowest_fill.unwrap().to_string(), "1/2");
}
