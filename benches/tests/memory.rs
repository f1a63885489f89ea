//! Peak memory of `allocate`, its result included, beside the input: at most 64 bytes per line, 80 per
//! SKU and 40 per supply row, and 110 more per line of the largest SKU where customers with several lines
//! share; at most 60 per line for a drop of a thousand SKUs. Every kind of rule by
//! `allocate_into`: at most 12 per line beside input and output.
//!
//! A million lines by default, ten million with `ALLOCATOR_LONG=1`. One test, so that nothing else
//! allocates meanwhile.

use allocator_benches::{Answers, Drop};
use allocator_core::{Completeness, DemandColumns, Misfit, Policy, ShortageRule, Supply, allocate};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MOST_BYTES_PER_LINE: usize = 60;
const MOST_SCRATCH_BYTES_PER_LINE: usize = 12;

#[test]
fn bytes_per_line() {
    let lines = if std::env::var_os("ALLOCATOR_LONG").is_some() {
        10_000_000
    } else {
        1_000_000
    };
    let drop = Drop::unsorted(lines, 1_000);
    let order: Vec<u32> = (0..).take(lines).map(|row: u32| row / 3).collect();
    for (policy, order) in [
        (Policy::first_come(), None),
        (Policy::first_come().completeness(Completeness::Line), None),
        (
            Policy::first_come()
                .completeness(Completeness::Line)
                .on_misfit(Misfit::Pass),
            None,
        ),
        (
            Policy::first_come().completeness(Completeness::Order),
            Some(&order[..]),
        ),
        (
            Policy::first_come()
                .completeness(Completeness::Order)
                .on_misfit(Misfit::Pass),
            Some(&order[..]),
        ),
    ] {
        let columns = DemandColumns {
            order,
            ..drop.columns()
        };
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let start = std::time::Instant::now();
        let result = allocate(&columns, &drop.supply, &policy).expect("valid input");
        let seconds = start.elapsed();
        let bytes = MEMORY.peak_usage() - before;
        println!(
            "{policy}: {lines} lines, {} bytes at peak, {}.{:02} per line, {seconds:.2?}",
            bytes,
            bytes / lines,
            bytes * 100 / lines % 100
        );
        assert!(
            bytes <= MOST_BYTES_PER_LINE * lines,
            "{policy}: {bytes} bytes for {lines} lines"
        );
        assert_eq!(result.len(), lines);
    }
    for rule in [
        "first_come",
        "one_each_per_round",
        "equal_cuts",
        "same_percentage",
        "protect_first(2)",
    ] {
        let policy = Policy::sharing(rule.parse().expect("a rule"));
        let mut answers = Answers::of(lines);
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        answers
            .fill(&drop.columns(), &drop.supply, &policy)
            .expect("valid input");
        let bytes = MEMORY.peak_usage() - before;
        println!(
            "allocate_into, {rule}: {}.{:02} bytes per line",
            bytes / lines,
            bytes * 100 / lines % 100
        );
        assert!(
            bytes <= MOST_SCRATCH_BYTES_PER_LINE * lines,
            "allocate_into, {rule}: {bytes} bytes of scratch for {lines} lines"
        );
    }
    one_far_off_sku(&drop);
    odd_shapes(lines / 4);
}

/// One id far from all others must not cost a lane for each number between.
fn one_far_off_sku(drop: &Drop) {
    let lines = drop.sku.len();
    let mut sku = drop.sku.clone();
    let mut answers = Answers::of(lines);
    for far in [lines, 8 * lines - 1, u32::MAX as usize - 1] {
        sku[0] = u32::try_from(far).expect("an id");
        let columns = DemandColumns {
            sku: &sku,
            ..drop.columns()
        };
        let policy = Policy::sharing(ShortageRule::one_each_per_round());
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        answers
            .fill(&columns, &drop.supply, &policy)
            .expect("valid input");
        let bytes = MEMORY.peak_usage() - before;
        println!("SKU {far} among a thousand: {bytes} bytes for {lines} lines");
        assert!(bytes <= 16 * lines, "SKU {far}: {bytes} bytes");
    }
}

/// As many SKUs as lines, dense and sparse; orders of which one item never comes; many receipts.
fn odd_shapes(lines: usize) {
    let many = Drop::unsorted(lines, u32::try_from(lines).expect("few lines"));
    let sparse: Vec<u32> = many
        .sku
        .iter()
        .map(|sku| sku.wrapping_mul(2_654_435_761) >> 1)
        .collect();
    let sparse_supply: Vec<Supply> = (many.supply.iter())
        .map(|row| Supply::received(row.sku.0.wrapping_mul(2_654_435_761) >> 1, row.quantity))
        .collect();
    let order: Vec<u32> = (0..).take(lines).map(|row: u32| row / 3).collect();
    let mut stuck = Drop::unsorted(lines, 1_000);
    for (row, sku) in stuck
        .sku
        .iter_mut()
        .enumerate()
        .filter(|(row, _)| row % 3 == 0)
    {
        *sku = 1_000 + u32::from(row == 0);
    }
    stuck.supply.push(Supply::received(1_000, 0));
    let few = Drop::unsorted(1_000, 1);
    let one = Drop::unsorted(lines, 1);
    let rounds = Policy::sharing(ShortageRule::one_each_per_round());
    let receipts: Vec<Supply> = (0..lines).map(|_| Supply::received(0, 1)).collect();
    let whole = Policy::first_come().completeness(Completeness::Order);
    let stuck_columns = DemandColumns {
        order: Some(&order),
        ..stuck.columns()
    };
    for (name, columns, supply, policy) in [
        (
            "a SKU per line",
            many.columns(),
            &many.supply,
            Policy::first_come(),
        ),
        (
            "sparse SKUs",
            DemandColumns {
                sku: &sparse,
                ..many.columns()
            },
            &sparse_supply,
            Policy::first_come(),
        ),
        (
            "orders that wait for one item",
            stuck_columns,
            &stuck.supply,
            whole,
        ),
        ("rounds over one SKU", one.columns(), &one.supply, rounds),
        (
            "rounds between customers with many lines of one SKU",
            DemandColumns {
                customer: Some(&order),
                ..one.columns()
            },
            &one.supply,
            rounds,
        ),
        (
            "a unit per receipt",
            few.columns(),
            &receipts,
            Policy::first_come(),
        ),
    ] {
        let shared = if columns.customer.is_some() { 110 } else { 0 };
        let bound =
            (64 + shared) * columns.sku.len() + 80 * skus(&columns, supply) + 40 * supply.len();
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let result = allocate(&columns, supply, &policy).expect("valid input");
        let bytes = MEMORY.peak_usage() - before;
        println!(
            "{name}: {bytes} bytes at peak, {bound} allowed, {} lines",
            result.len()
        );
        assert!(bytes <= bound, "{name}: {bytes} bytes, {bound} allowed");
    }
}

fn skus(columns: &DemandColumns<'_>, supply: &[Supply]) -> usize {
    let lines = columns.sku.iter().copied();
    lines
        .chain(supply.iter().map(|row| row.sku.0))
        .collect::<std::collections::HashSet<_>>()
        .len()
}
