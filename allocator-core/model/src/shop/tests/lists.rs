//! Sharing rules over a list, and plans.

use allocator_core::engine::{AllocateRule, Command, DrawnLot, SkuPolicy};
use allocator_core::{Error, KeyPart, LineId, OrderId, ShortageRule};

use super::*;

fn serve() -> Case {
    Case::new(SkuPolicy::default())
}

fn allocate(rule: AllocateRule) -> Command {
    Command::Allocate {
        sku: A,
        rule,
        is_final: false,
        expect: None,
        draw: None,
    }
}

fn shared(rule: ShortageRule) -> Command {
    allocate(AllocateRule::Shared(rule))
}

fn rounds() -> Command {
    shared(ShortageRule::one_each_per_round())
}

fn final_rounds(expect: Option<u128>) -> Command {
    Command::Allocate {
        sku: A,
        rule: AllocateRule::Shared(ShortageRule::one_each_per_round()),
        is_final: true,
        expect,
        draw: None,
    }
}

fn drawn(rule: ShortageRule, lots: &[(u32, i64)]) -> Command {
    let lots = lots.iter().map(|&(line, lot)| DrawnLot {
        line: LineId(line),
        lot,
    });
    Command::Allocate {
        sku: A,
        rule: AllocateRule::Shared(rule),
        is_final: false,
        expect: None,
        draw: Some(lots.collect()),
    }
}

#[test]
fn two_shipments_are_shared_as_one() {
    let mut case = serve();
    case.told(order(line(1, 3)));
    case.told(order(line(2, 1)));
    assert_eq!(case.told(rounds()), "listed 2");
    case.told(order(line(3, 1)));
    assert_eq!(case.told(receive(A, MAIN, 1)), "stock @0+1, filled 1.0@0x1");
    assert_eq!(case.told(receive(A, MAIN, 1)), "stock @0+1, filled 2.0@0x1");
    assert_eq!(
        case.told(receive(A, MAIN, 3)),
        "stock @0+3, filled 1.0@0x2, filled 3.0@0x1"
    );
    // The newcomer loses first, then the largest ticket.
    assert_eq!(
        case.told(count(MAIN, 2)),
        "taken_back 3.0@0x1 count, taken_back 1.0@0x2 count, stock @0-3"
    );
}

#[test]
fn a_customer_is_one_claimant_per_location() {
    let mut case = serve();
    case.told(order_by(1, line(1, 2)));
    case.told(order_by(1, line(2, 1)));
    case.told(order_by(1, at_location(EAST, line(3, 1))));
    case.told(order_by(2, line(4, 1)));
    case.told(rounds());
    let tickets = |id: u32| {
        let view = case.shop.line(LineId(id)).expect("known");
        let tickets = view.parts[0].listed.expect("on the list");
        (tickets.claim, tickets.first)
    };
    assert_eq!([1, 2, 3, 4].map(tickets), [(3, 1), (3, 3), (1, 1), (1, 1)]);
    assert_eq!(
        case.told(receive(A, EAST, 3)),
        "stock @1+3, filled 1.0@1x1, filled 3.0@1x1, filled 4.0@1x1"
    );
}

#[test]
fn keys_stand_until_the_next_list() {
    let mut case = serve();
    for (id, units) in [(1, 6), (2, 1), (3, 1)] {
        case.told(order(line(id, units)));
    }
    case.told(shared(ShortageRule::same_percentage()));
    assert_eq!(case.told(amend(1, 4)), "cancelled 1.0x2 amended");
    assert_eq!(case.told(receive(A, MAIN, 3)), "stock @0+3, filled 1.0@0x3");
    assert_eq!(
        case.told(shared(ShortageRule::same_percentage())),
        "listed 3, taken_back 1.0@0x1 reallocated, filled 2.0@0x1"
    );
}

#[test]
fn the_queue_dissolves_a_list_and_leaves_holds_alone() {
    let mut case = serve();
    case.told(order(line(1, 2)));
    case.told(order(line(2, 2)));
    case.told(receive(A, MAIN, 2));
    let first = PlaceLine {
        priority: -1,
        ..line(3, 1)
    };
    case.told(Command::Place(Place {
        until: Some(at(99)),
        ..order_of(3, &[first])
    }));
    assert_eq!(case.told(receive(A, MAIN, 1)), "stock @0+1, filled 3.0@0x1");
    assert_eq!(
        case.told(rounds()),
        "listed 2, taken_back 1.0@0x1 reallocated, filled 2.0@0x1"
    );
    assert_eq!(
        case.told(allocate(AllocateRule::Queue)),
        "listed 0, taken_back 2.0@0x1 reallocated, filled 1.0@0x1"
    );
    // No list, and nothing to move: nothing happens.
    assert_eq!(case.told(allocate(AllocateRule::Queue)), "");
    case.told(rekey(2, None, Some(-1)));
    case.told(rekey(3, Some(9), None));
    assert_eq!(
        case.told(allocate(AllocateRule::Queue)),
        "taken_back 1.0@0x2 reallocated, filled 2.0@0x2"
    );
}

#[test]
fn shipped_tickets_count_as_served() {
    let mut case = serve();
    case.told(order(line(1, 3)));
    case.told(order(line(2, 3)));
    case.told(receive(A, MAIN, 2));
    case.told(ship(1, 2));
    assert_eq!(case.told(rounds()), "listed 2");
    assert_eq!(
        case.told(receive(A, MAIN, 3)),
        "stock @0+3, filled 1.0@0x1, filled 2.0@0x2"
    );
}

#[test]
fn a_split_takes_the_last_tickets_along() {
    let mut case = serve();
    case.told(order(line(1, 3)));
    case.told(order(line(2, 3)));
    case.told(rounds());
    case.told(split(1, 3, 1));
    let view = case.shop.line(LineId(3)).expect("known");
    let tickets = view.parts[0].listed.expect("on the list");
    assert_eq!((tickets.claim, tickets.first), (3, 3));
    assert_eq!(
        case.told(receive(A, MAIN, 5)),
        "stock @0+5, filled 1.0@0x2, filled 3.0@0x1, filled 2.0@0x2"
    );
    assert_eq!(
        case.told(count(MAIN, 4)),
        "taken_back 3.0@0x1 count, stock @0-1"
    );
}

#[test]
fn what_ships_whole_is_not_shared() {
    for bound in [
        whole(1, 1),
        PlaceLine {
            pack: Pack::Multiple(2),
            ..line(1, 2)
        },
    ] {
        let mut case = serve();
        case.told(order(bound));
        assert_eq!(case.refusal(rounds()), (50, None));
        assert_eq!(case.told(allocate(AllocateRule::Queue)), "");
    }
    let mut case = serve();
    case.told(together(1, &[line(1, 1)]));
    assert_eq!(case.refusal(rounds()), (50, None));
    // A hold is not listed, whatever it is.
    let mut case = serve();
    case.told(receive(A, MAIN, 1));
    case.told(hold(9, whole(1, 1)));
    assert_eq!(case.told(rounds()), "");
}

#[test]
fn rules_read_what_live_lines_carry() {
    let mut case = serve();
    case.told(order(line(1, 2)));
    for rule in [
        ShortageRule::members_weighted(),
        ShortageRule::draw_each_unit(),
        ShortageRule::first_come()
            .classes_first()
            .expect("two parts"),
    ] {
        assert_eq!(case.refusal(shared(rule)), (50, None));
    }
}

#[test]
fn lots_decide_where_the_rule_reads_them() {
    let queue = ShortageRule::draw_the_queue();
    let mut case = serve();
    case.told(receive(A, MAIN, 2));
    case.told(order_by(1, line(1, 1)));
    case.told(order_by(2, line(2, 1)));
    case.told(order_by(2, line(3, 1)));
    assert_eq!(case.refusal(shared(queue)), (51, None));
    assert_eq!(case.refusal(drawn(queue, &[(1, 9), (2, 4)])), (51, None));
    assert_eq!(
        case.told(drawn(queue, &[(1, 9), (2, 4), (3, 4), (8, 0)])),
        "listed 3, taken_back 1.0@0x1 reallocated, filled 3.0@0x1"
    );
    // A grading first, the lot between equals.
    let parts = [KeyPart::Level, KeyPart::Lot, KeyPart::Place];
    let by_lot = ShortageRule::from_parts(&parts).expect("sound");
    assert_eq!(
        case.told(drawn(by_lot, &[(1, 1), (2, 2), (3, 2)])),
        "listed 3, taken_back 3.0@0x1 reallocated, filled 1.0@0x1"
    );
}

#[test]
fn one_claimant_has_one_lot() {
    let mut case = serve();
    case.told(order_by(2, line(2, 1)));
    case.told(order_by(2, line(3, 1)));
    case.told(order_by(2, at_location(EAST, line(4, 1))));
    let queue = ShortageRule::draw_the_queue();
    let twice = case.shop.apply(
        at(5),
        &Request {
            id: CommandId(99),
            issued_at: None,
            command: drawn(queue, &[(2, 4), (2, 4)]),
        },
    );
    assert!(matches!(twice, Err(Error::Malformed { field: "draw", .. })));
    assert_eq!(
        case.refusal(drawn(queue, &[(2, 4), (3, 5), (4, 5)])),
        (51, None)
    );
    // Another location is another claimant.
    assert_eq!(
        case.told(drawn(queue, &[(2, 4), (3, 4), (4, 5)])),
        "listed 3"
    );
}

#[test]
fn a_final_shortage_is_planned_shown_and_done() {
    let mut case = serve();
    for (id, units) in [(1, 3), (2, 2), (3, 2)] {
        case.told(order(line(id, units)));
    }
    case.told(receive(A, MAIN, 5));
    let plan = case.shop.plan(&final_rounds(None)).expect("well-formed");
    let expected = "listed 3, taken_back 1.0@0x1 reallocated, filled 3.0@0x1, \
                    cancelled 1.0x1 shortage, cancelled 3.0x1 shortage";
    assert_eq!(told(&plan.events), expected);
    let shown = plan.shown.expect("an allocation");
    let parts = shown
        .parts
        .iter()
        .map(|part| (part.line.0, part.taken, part.cut));
    assert_eq!(parts.collect::<Vec<_>>(), [(1, 2, 1), (2, 2, 0), (3, 1, 1)]);

    // Another unit to give: the plan is another.
    case.told(cancel(3, Some(1)));
    assert_eq!(case.refusal(final_rounds(plan.digest)), (52, None));
    let plan = case
        .shop
        .plan(&final_rounds(plan.digest))
        .expect("well-formed");
    assert_eq!(plan.shown.expect("shown all the same").parts.len(), 3);
    // A stranger that the plan does not speak of changes nothing about it.
    case.told(order(PlaceLine::new(9, B, 1)));
    assert_eq!(
        case.told(final_rounds(plan.digest)),
        "listed 3, taken_back 1.0@0x1 reallocated, filled 3.0@0x1, cancelled 1.0x1 shortage"
    );
}

#[test]
fn a_final_shortage_ends_holds_and_frees_their_mates() {
    let mut case = serve();
    case.told(together(1, &[line(1, 1), PlaceLine::new(2, B, 1)]));
    case.told(receive(B, MAIN, 1));
    let last = Command::Allocate {
        sku: A,
        rule: AllocateRule::Fill,
        is_final: true,
        expect: None,
        draw: None,
    };
    assert_eq!(case.told(last), "cancelled 1.0x1 shortage, filled 2.0@0x1");
}

#[test]
fn an_allocation_takes_the_rest_of_an_order_along() {
    use allocator_core::engine::Inflow;
    let mut case = Case::new(SkuPolicy {
        inflow: Inflow::Keep,
        ..SkuPolicy::default()
    });
    case.told(together(1, &[line(1, 1), PlaceLine::new(2, B, 1)]));
    case.told(order(PlaceLine::new(3, B, 1)));
    case.told(receive(A, MAIN, 2));
    case.told(receive(B, MAIN, 2));
    assert_eq!(
        case.told(allocate(AllocateRule::Fill)),
        "filled 1.0@0x1, filled 2.0@0x1"
    );
    assert_eq!(case.units(3), [1, 0, 0, 0, 0]);
    assert_eq!(case.shop.order(OrderId(1)).expect("known").closed_at, None);
}
