//! Peak memory of `allocate`, its result included: at most 60 bytes per line beside the input; of the
//! queue by `allocate_into`: at most 12 beside input and output.
//!
//! A million lines by default, ten million with `ALLOCATOR_LONG=1`. One test, so that nothing else
//! allocates meanwhile.

use allocator_benches::{Answers, Drop};
use allocator_core::{Completeness, DemandColumns, Misfit, Policy, allocate};
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
    let mut answers = Answers::of(lines);
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    answers
        .fill(&drop.columns(), &drop.supply, &Policy::first_come())
        .expect("valid input");
    let bytes = MEMORY.peak_usage() - before;
    println!(
        "allocate_into: {}.{:02} bytes per line",
        bytes / lines,
        bytes * 100 / lines % 100
    );
    assert!(
        bytes <= MOST_SCRATCH_BYTES_PER_LINE * lines,
        "allocate_into: {bytes} bytes of scratch for {lines} lines"
    );
}
