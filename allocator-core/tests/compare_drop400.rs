//! The example drop under every method: the table and the digests that every language must come to.
//! `UPDATE_EXPECTED=1` writes the file anew.

use std::fmt::Write as _;
use std::path::Path;

use allocator_core::{
    CancelTerms, CutMethod, DemandLine, Supply, compare, compare_with, plan_cancellations,
};

/// Every way to cut that shares `drop400` without a draw of its own for each unit.
const METHODS: [&str; 15] = [
    "first_come",
    "first_come:order:set_aside:quantity+placed_at+sequence",
    "first_come:line:pass",
    "one_each_per_round",
    "protect_first(1)",
    "equal_cuts",
    "same_percentage",
    "same_percentage_nobody_empty",
    "same_percentage_split_proof",
    "draw_the_queue",
    "largest_remainder",
    "whole_orders(fewest_customers)",
    "whole_orders(exact)",
    "whole_orders(least_refund)",
    "whole_orders(least_overshoot)",
];

/// Orders in the rows of the example, oldest first, each with a lot, and what a unit was paid with.
fn drop400() -> (Vec<DemandLine>, Vec<i64>) {
    let table = include_str!("../../examples/data/drop400/demand.csv");
    let row = |text: &str| {
        let cells: Vec<&str> = text.split(',').collect();
        let [order, customer] = [cells[0], cells[2]].map(|cell| cell.parse::<u32>().unwrap());
        let line = DemandLine::new(order, 7, cells[4].parse().unwrap())
            .order(order)
            .customer(customer)
            .lot(i64::from(order) * 7919 % 1009);
        (line, cells[6].parse::<i64>().unwrap())
    };
    table.lines().skip(1).map(row).unzip()
}

#[test]
fn every_language_comes_to_this() {
    let (lines, prices) = drop400();
    let supply = [Supply::received(7, 300), Supply::received(7, 180)];
    let methods = METHODS.map(|method| method.parse::<CutMethod>().unwrap());
    let terms = CancelTerms::default().unit_price(&prices);
    // As if the queue had been planned before.
    let queue = plan_cancellations(&lines, &supply, terms).unwrap();
    let previous = Some(queue.kept());
    let side_by_side = compare(&lines, &supply, terms, &methods, previous).unwrap();
    let mut text = side_by_side.to_string();
    text.push('\n');
    let name = |row: usize| format!("order {}", lines[row].line.0);
    let named = compare_with(&lines, &supply, terms, &methods, previous, name).unwrap();
    let rows = side_by_side.rows().iter().zip(named.rows());
    for ((row, named), method) in rows.zip(methods) {
        assert_eq!(row.metrics, named.metrics);
        let plan = plan_cancellations(&lines, &supply, terms.method(method)).unwrap();
        assert_eq!(
            (plan.digest(), plan.digest_with(name)),
            (row.digest, named.digest)
        );
        writeln!(text, "{:032x} {:032x} {method}", row.digest, named.digest).unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = file.join("../examples/expected/compare_drop400.txt");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text, expected, "UPDATE_EXPECTED=1 writes it");
}
