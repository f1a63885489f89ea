//! Pegs, the queue, places in line and what may still be promised.

use allocator_core::engine::{AheadLimit, AllocateRule, Command, EnginePeg, QueuePlace, SkuPolicy};
use allocator_core::{LineId, ShortageRule};

use super::*;

fn serve() -> Case {
    Case::new(SkuPolicy::default())
}

/// Line, part, supply, units.
fn short(pegs: &[EnginePeg]) -> Vec<(u32, u32, u32, i64)> {
    let short = |peg: &EnginePeg| (peg.line.0, peg.part, peg.supply.0, peg.units);
    pegs.iter().map(short).collect()
}

#[test]
fn those_who_wait_are_laid_over_what_comes() {
    let mut case = serve();
    case.told(supply(2, 3, 20));
    case.told(supply(1, 4, 10));
    case.told(order(line(1, 2)));
    case.told(order(at_location(EAST, line(2, 1))));
    case.told(order(line(3, 3)));
    case.told(amend(1, 4));
    let pegs = case.shop.pegs(A, false);
    assert_eq!(
        short(&pegs),
        [(1, 0, 1, 2), (3, 0, 1, 2), (3, 0, 2, 1), (1, 1, 2, 2)]
    );
    assert_eq!(pegs[2].expected_at, at(20));
    // Each line from one supply: four units for the first, three for the third.
    let pegs = case.shop.pegs(A, true);
    assert_eq!(short(&pegs), [(1, 0, 1, 2), (3, 0, 2, 3), (1, 1, 1, 2)]);
    // Five come at once nowhere.
    case.told(amend(1, 5));
    assert_eq!(short(&case.shop.pegs(A, true)), [(3, 0, 1, 3)]);
}

#[test]
fn supply_of_one_instant_is_laid_out_in_the_order_of_its_announcement() {
    let mut case = serve();
    case.told(supply(2, 1, 10));
    case.told(supply(1, 1, 10));
    case.told(order(line(1, 2)));
    assert_eq!(
        short(&case.shop.pegs(A, false)),
        [(1, 0, 2, 1), (1, 0, 1, 1)]
    );
}

#[test]
fn on_a_list_tickets_are_laid_over_what_comes() {
    let mut case = serve();
    case.told(supply(1, 2, 10));
    case.told(supply(2, 2, 20));
    case.told(order(line(1, 3)));
    case.told(order(line(2, 1)));
    case.told(Command::Allocate {
        sku: A,
        rule: AllocateRule::Shared(ShortageRule::one_each_per_round()),
        is_final: false,
        expect: None,
        draw: None,
    });
    assert_eq!(
        short(&case.shop.pegs(A, false)),
        [(1, 0, 1, 1), (1, 0, 2, 2), (2, 0, 1, 1)]
    );
}

#[test]
fn a_place_in_line_counts_units_that_may_use_the_location() {
    let mut case = serve();
    case.told(receive(A, MAIN, 3));
    case.told(order(line(1, 2)));
    case.told(order(at_location(EAST, line(2, 4))));
    case.told(order(line(3, 3)));
    case.told(order(at_location(MAIN, line(4, 1))));
    let place = |line| case.shop.place_in_line(LineId(line)).expect("open");
    let at_place = |units_ahead, waiting_ahead, waiting| QueuePlace {
        units_ahead,
        waiting_ahead,
        waiting,
    };
    assert_eq!(place(1), at_place(0, 0, 0));
    assert_eq!(place(2), at_place(2, 0, 4));
    assert_eq!(place(3), at_place(6, 4, 2));
    assert_eq!(place(4), at_place(5, 2, 1));
    case.told(ship(1, 2));
    assert_eq!(case.shop.place_in_line(LineId(1)), None);
    let place = case.shop.place_in_line(LineId(3)).expect("open");
    assert_eq!(place, at_place(4, 4, 2));
}

#[test]
fn the_queue_is_read_by_pages() {
    let mut case = serve();
    for id in 1..=4 {
        case.told(order(line(id, 1)));
    }
    case.told(amend(2, 3));
    case.told(cancel(3, None));
    let page = |after: Option<(u32, u32)>, most| {
        let after = after.map(|(line, part)| (LineId(line), part));
        let page = case.shop.queue(A, after, most);
        let short = page
            .iter()
            .map(|waits| (waits.line.0, waits.part, waits.units));
        short.collect::<Vec<_>>()
    };
    assert_eq!(page(None, 2), [(1, 0, 1), (2, 0, 1)]);
    assert_eq!(page(Some((2, 0)), 9), [(4, 0, 1), (2, 1, 2)]);
    // What waits no more still has its place; what is not known has none.
    assert_eq!(page(Some((3, 0)), 1), [(4, 0, 1)]);
    assert_eq!(page(Some((7, 0)), 9), []);
    assert_eq!(page(Some((1, 1)), 9), []);
}

#[test]
fn what_may_be_promised_is_what_would_be_accepted() {
    let mut case = serve();
    assert_eq!(case.shop.available_to_promise(A, at(99)), 0);
    case.told(receive(A, MAIN, 3));
    case.told(supply(1, 5, 10));
    case.told(supply(2, 4, 20));
    for (by, units) in [(9, 3), (10, 8), (20, 12)] {
        assert_eq!(case.shop.available_to_promise(A, at(by)), units);
    }
    case.told(order(line(1, 5)));
    assert_eq!(case.shop.available_to_promise(A, at(9)), 0);
    assert_eq!(case.shop.available_to_promise(A, at(10)), 3);
    let limit = SkuPolicy {
        limit: AheadLimit::Units(4),
        ..SkuPolicy::default()
    };
    case.told(Command::Configure {
        sku: A,
        policy: Box::new(limit),
    });
    assert_eq!(case.shop.available_to_promise(A, at(20)), 2);
}
