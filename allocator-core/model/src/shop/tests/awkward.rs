//! One case for each awkward situation, and for what single sentences of the rules leave to the reader.

use allocator_core::Misfit;
use allocator_core::engine::{
    AheadLimit, Command, Ended, Inflow, LocationOrder, Pack, Place, PlaceLine, SkuPolicy,
    StockCause, StockChange,
};
use allocator_core::{LineId, LocationId, OrderId};

use super::*;

fn serve() -> Case {
    Case::new(SkuPolicy::default())
}

#[test]
fn a_payment_at_the_deadline_is_late() {
    let mut case = serve();
    case.told(receive(A, MAIN, 1));
    case.told(hold(10, line(1, 1)));
    case.told(order(line(2, 1)));
    case.now = 10;
    let step = case.ask(confirm(1));
    assert_eq!(
        told(&step.events),
        "taken_back 1.0@0x1 expired, cancelled 1.0x1 expired, filled 2.0@0x1"
    );
    assert_eq!(case.refusal(confirm(1)), (20, None));
    let order = case.shop.order(OrderId(1)).expect("known");
    assert_eq!(
        (order.ended, order.closed_at),
        (Ended::Expired, Some(at(10)))
    );
    // What ended keeps its deadline, which is due no more.
    assert_eq!(
        (order.until, case.shop.next_deadline()),
        (Some(at(10)), None)
    );
}

#[test]
fn the_last_unit_goes_to_the_first_command() {
    let mut case = Case::new(SkuPolicy {
        limit: AheadLimit::Units(0),
        ..SkuPolicy::default()
    });
    case.told(receive(A, MAIN, 1));
    case.told(hold(10, line(1, 1)));
    assert_eq!(case.refusal(hold(10, line(2, 1))), (41, Some(0)));
    assert_eq!(case.refusal(order(line(3, 1))), (42, Some(0)));
}

#[test]
fn a_count_takes_the_missing_units_from_the_last() {
    let mut case = serve();
    case.told(receive(A, MAIN, 6));
    case.told(order(line(1, 3)));
    case.told(hold(10, line(2, 3)));
    assert_eq!(
        case.told(count(MAIN, 2)),
        "taken_back 2.0@0x3 count, taken_back 1.0@0x1 count, stock @0-4"
    );
    // The hold lives, and waits in its place once confirmed.
    assert_eq!(case.told(confirm(2)), "confirmed 2");
    case.told(order(line(3, 1)));
    assert_eq!(
        case.told(receive(A, MAIN, 2)),
        "stock @0+2, filled 1.0@0x1, filled 2.0@0x1"
    );
}

#[test]
fn a_receipt_is_reversed() {
    let mut case = serve();
    let by = |by| Command::Stock {
        sku: A,
        location: MAIN,
        change: StockChange::By(by),
        cause: StockCause::Receipt,
        supply: Some(7.into()),
        only_free: false,
    };
    assert_eq!(case.refusal(by(1)), (12, None));
    assert_eq!(case.told(supply(7, 5, 50)), "supply 7 5/0");
    case.told(by(3));
    case.told(receive(A, MAIN, 9));
    // Twelve are on hand, and three came by this supply.
    assert_eq!(case.refusal(by(-4)), (33, None));
    case.told(order(line(1, 12)));
    assert_eq!(case.told(by(-3)), "taken_back 1.0@0x3 receipt, stock @0-3");
    let supply = case.shop.supply(7.into()).expect("known");
    assert_eq!(supply.outstanding(), 5);
}

#[test]
fn a_cancelled_purchase_order_cuts_nobody() {
    let mut case = Case::new(SkuPolicy {
        limit: AheadLimit::Incoming {
            yield_permille: 1000,
            buffer: 0,
        },
        ..SkuPolicy::default()
    });
    case.told(supply(1, 5, 50));
    case.told(order(line(1, 4)));
    assert_eq!(case.told(supply(1, 0, 50)), "supply 1 0/4");
    assert_eq!(case.refusal(order(line(2, 1))), (42, Some(0)));
    assert_eq!(case.told(supply(1, 0, 50)), "");
}

#[test]
fn more_units_stand_at_the_end_and_fewer_are_the_newest() {
    let mut case = serve();
    case.told(order(line(1, 1)));
    case.told(order(line(2, 1)));
    assert_eq!(case.told(amend(1, 3)), "increased 1.1x2");
    assert_eq!(
        case.told(receive(A, MAIN, 3)),
        "stock @0+3, filled 1.0@0x1, filled 2.0@0x1, filled 1.1@0x1"
    );
    case.told(order(line(3, 1)));
    // One unit waits and goes first; the other is taken back.
    assert_eq!(
        case.told(amend(1, 1)),
        "taken_back 1.1@0x1 amended, cancelled 1.1x2 amended, filled 3.0@0x1"
    );
    assert_eq!(
        case.told(cancel(1, None)),
        "taken_back 1.0@0x1 cancelled, cancelled 1.0x1 cancelled"
    );
    assert_eq!(case.refusal(amend(1, 1)), (21, None));
}

#[test]
fn a_line_of_many_parts_is_cancelled_newest_first() {
    let mut case = serve();
    case.told(receive(A, MAIN, 2));
    case.told(receive(A, EAST, 1));
    case.told(order(line(1, 2)));
    case.told(amend(1, 4));
    assert_eq!(
        case.told(cancel(1, None)),
        "taken_back 1.1@1x1 cancelled, taken_back 1.0@0x2 cancelled, \
         cancelled 1.1x2 cancelled, cancelled 1.0x2 cancelled"
    );
}

#[test]
fn a_refused_swap_keeps_the_old_line() {
    let mut case = serve();
    case.told(receive(A, MAIN, 1));
    case.told(order(line(1, 1)));
    case.told(order(line(2, 1)));
    let swap = |new: PlaceLine| {
        Command::Place(Place {
            replaces: Some(LineId(1)),
            ..order_of(1, &[new])
        })
    };
    let other = of_stock(PlaceLine::new(3, B, 1));
    assert_eq!(case.refusal(swap(other)), (41, Some(0)));
    assert_eq!(case.units(1), [0, 0, 1, 0, 0]);
    case.told(receive(B, MAIN, 1));
    // What is freed serves the queue; parts are told in the order of their keys.
    assert_eq!(
        case.told(swap(other)),
        "taken_back 1.0@0x1 replaced, cancelled 1.0x1 replaced, placed 3x1, \
         filled 2.0@0x1, filled 3.0@0x1"
    );
    let order = case.shop.order(OrderId(1)).expect("known");
    assert_eq!((order.ended, order.closed_at), (Ended::No, None));
}

#[test]
fn a_swap_within_the_limit_is_no_more_ahead() {
    let mut case = serve();
    case.told(order(line(1, 2)));
    let policy = SkuPolicy {
        limit: AheadLimit::Units(0),
        ..SkuPolicy::default()
    };
    case.told(Command::Configure {
        sku: A,
        policy: Box::new(policy),
    });
    let swap = |id: u32, units| {
        Command::Place(Place {
            replaces: Some(LineId(1)),
            ..order_of(1, &[line(id, units)])
        })
    };
    assert_eq!(case.refusal(swap(2, 3)), (42, Some(0)));
    assert_eq!(
        case.told(swap(2, 2)),
        "cancelled 1.0x2 replaced, placed 2x2"
    );
}

#[test]
fn an_earlier_place_robs_nobody() {
    let mut case = serve();
    case.told(receive(A, MAIN, 1));
    case.now = 10;
    case.told(order(line(1, 1)));
    case.told(order(line(2, 1)));
    let late = PlaceLine {
        placed_at: Some(at(5)),
        ..line(3, 1)
    };
    assert_eq!(case.told(order(late)), "placed 3x1");
    assert_eq!(case.told(receive(A, MAIN, 1)), "stock @0+1, filled 3.0@0x1");
    // A loss takes from the last in line, whoever came first.
    case.told(rekey(1, Some(1), None));
    assert_eq!(
        case.told(count(MAIN, 1)),
        "taken_back 1.0@0x1 count, stock @0-1"
    );
}

#[test]
fn a_whole_line_waits_or_lets_others_pass() {
    for (on_misfit, told) in [
        (Misfit::SetAside, "stock @0+2"),
        (Misfit::Pass, "stock @0+2, filled 2.0@0x1 over 1"),
    ] {
        let mut case = Case::new(SkuPolicy {
            on_misfit,
            ..SkuPolicy::default()
        });
        case.told(order(whole(1, 3)));
        case.told(order(line(2, 1)));
        assert_eq!(case.told(receive(A, MAIN, 2)), told);
    }
}

#[test]
fn a_line_waits_only_where_the_earlier_one_could_use_a_unit() {
    let mut case = serve();
    case.told(order(at_location(EAST, whole(1, 3))));
    case.told(order(line(2, 2)));
    case.told(receive(A, EAST, 2));
    assert_eq!(case.told(receive(A, MAIN, 1)), "stock @0+1, filled 2.0@0x1");
    assert_eq!(
        case.told(receive(A, EAST, 2)),
        "stock @1+2, filled 1.0@1x3, filled 2.0@1x1"
    );
}

#[test]
fn nothing_ships_that_was_not_received_or_confirmed() {
    let mut case = serve();
    case.told(order(line(1, 2)));
    assert_eq!(case.refusal(ship(1, 1)), (32, None));
    case.told(receive(A, MAIN, 3));
    case.told(hold(10, line(2, 1)));
    assert_eq!(case.refusal(ship(2, 1)), (23, None));
    assert_eq!(case.told(ship(1, 2)), "shipped 1.0@0x2");
    let order = case.shop.order(OrderId(1)).expect("known");
    assert_eq!((order.ended, order.closed_at), (Ended::No, Some(at(0))));
}

#[test]
fn a_return_serves_the_queue_and_scrap_nobody() {
    let mut case = serve();
    case.told(receive(A, MAIN, 2));
    case.told(order(line(1, 2)));
    case.told(ship(1, 2));
    case.told(order(line(2, 1)));
    let back = |scrap, location| Command::Return {
        line: LineId(1),
        units: 1,
        location,
        scrap,
    };
    assert_eq!(case.refusal(back(false, EAST)), (31, None));
    assert_eq!(case.told(back(true, MAIN)), "returned 1.0@0x1");
    assert_eq!(
        case.told(back(false, MAIN)),
        "returned 1.0@0x1, filled 2.0@0x1"
    );
    assert_eq!(case.units(1), [0, 0, 0, 0, 2]);
}

#[test]
fn only_free_units_are_transferred() {
    let mut case = serve();
    case.told(receive(A, MAIN, 2));
    case.told(order(at_location(MAIN, line(1, 1))));
    case.told(order(at_location(EAST, line(2, 1))));
    let transfer = |units| Command::Transfer {
        sku: A,
        from: MAIN,
        to: EAST,
        units,
    };
    assert_eq!(case.refusal(transfer(2)), (34, None));
    assert_eq!(case.told(transfer(1)), "transferred @0>1x1, filled 2.0@1x1");
}

#[test]
fn an_order_is_served_together_or_not_at_all() {
    let mut case = serve();
    case.told(together(1, &[line(1, 1), PlaceLine::new(2, B, 1)]));
    case.told(order(line(3, 1)));
    assert_eq!(case.told(receive(A, MAIN, 1)), "stock @0+1");
    assert_eq!(
        case.told(receive(B, MAIN, 1)),
        "stock @0+1, filled 1.0@0x1, filled 2.0@0x1"
    );
    // A part behind the other order: the group stands in nobody's way any more.
    case.told(together(4, &[line(4, 1), PlaceLine::new(5, B, 1)]));
    case.told(order(line(6, 1)));
    case.told(amend(5, 2));
    case.told(cancel(3, None));
    assert_eq!(case.told(receive(A, MAIN, 1)), "stock @0+1, filled 6.0@0x1");
}

#[test]
fn units_that_are_kept_go_to_newcomers_as_far_as_the_waiting_leave_them() {
    let policy = |inflow| SkuPolicy {
        inflow,
        ..SkuPolicy::default()
    };
    let mut case = Case::new(policy(Inflow::Keep));
    case.told(order(line(1, 1)));
    case.told(order(at_location(EAST, line(2, 1))));
    case.told(receive(A, MAIN, 1));
    case.told(receive(A, EAST, 2));
    assert_eq!(case.refusal(hold(9, line(3, 2))), (41, Some(0)));
    // One unit is left over, and not the one at the east that another needs.
    assert_eq!(
        case.told(hold(9, at_location(EAST, line(4, 1)))),
        "placed 4x1, filled 4.0@1x1 over 1"
    );
    let mut case = Case::new(policy(Inflow::Sell));
    case.told(order(line(1, 1)));
    case.told(receive(A, MAIN, 1));
    assert_eq!(
        case.told(hold(9, line(2, 1))),
        "placed 2x1, filled 2.0@0x1 over 1"
    );
}

#[test]
fn an_increase_of_stock_only_takes_at_once_where_units_are_kept() {
    let mut case = Case::new(SkuPolicy {
        inflow: Inflow::Keep,
        ..SkuPolicy::default()
    });
    case.told(receive(A, MAIN, 2));
    case.told(order(line(1, 1)));
    let more = Command::AmendLine {
        line: LineId(1),
        units: Some(2),
        priority: None,
        placed_at: None,
        ahead: Ahead::No,
    };
    assert_eq!(case.told(more), "increased 1.1x1, filled 1.1@0x1 over 1");
}

#[test]
fn protected_units_are_for_the_first_priorities() {
    let mut case = Case::new(SkuPolicy {
        protected_units: 1,
        protected_for: Some(0),
        limit: AheadLimit::Units(0),
        ..SkuPolicy::default()
    });
    case.told(receive(A, MAIN, 2));
    let later = |id| PlaceLine {
        priority: 1,
        ..line(id, 1)
    };
    case.told(order(later(1)));
    assert_eq!(case.refusal(order(later(2))), (42, Some(0)));
    assert_eq!(case.told(order(line(3, 1))), "placed 3x1, filled 3.0@0x1");
}

#[test]
fn a_partial_request_shrinks_line_by_line() {
    let mut case = serve();
    case.told(receive(A, MAIN, 3));
    let partial = |order, lines: &[PlaceLine]| {
        Command::Place(Place {
            partial: true,
            ..order_of(order, lines)
        })
    };
    let lines = [1, 2, 3].map(|id| of_stock(line(id, 2)));
    assert_eq!(
        case.told(partial(1, &lines)),
        "placed 1x2, placed 2x1 short 1, placed 3x0 short 2, filled 1.0@0x2, filled 2.0@0x1"
    );
    assert_eq!(case.units(3), [0; 5]);
    assert_eq!(case.shop.place_in_line(LineId(3)), None);
    // Nothing at all: the lowest number, then the first line.
    let capped = SkuPolicy {
        customer_cap: Some(0),
        ..SkuPolicy::default()
    };
    case.told(Command::Configure {
        sku: B,
        policy: Box::new(capped),
    });
    let lines = [of_stock(line(4, 1)), PlaceLine::new(5, B, 1)];
    let request = Command::Place(Place {
        customer: Some(3.into()),
        partial: true,
        ..order_of(4, &lines)
    });
    assert_eq!(case.refusal(request), (40, Some(1)));
}

#[test]
fn a_split_keeps_place_and_state() {
    let mut case = serve();
    case.told(receive(A, MAIN, 4));
    case.told(order(line(1, 5)));
    case.told(order(line(2, 1)));
    assert_eq!(case.told(split(1, 3, 2)), "split 1 3 1+1");
    assert_eq!(case.told(split(1, 4, 1)), "split 1 4 0+1");
    let first = |id: u32| case.shop.line(LineId(id)).expect("known").parts[0].first_unit;
    assert_eq!([first(1), first(4), first(3)], [0, 2, 3]);
    assert_eq!(
        case.told(count(MAIN, 3)),
        "taken_back 3.0@0x1 count, stock @0-1"
    );
    // A unit must stay.
    assert_eq!(case.refusal(split(1, 5, 2)), (31, None));
    case.told(ship(1, 1));
    assert_eq!(case.told(split(1, 5, 1)), "split 1 5 0+1");
}

#[test]
fn half_a_pack_can_be_served_once_it_is_a_line() {
    let mut case = serve();
    let pack = PlaceLine {
        pack: Pack::Multiple(3),
        ..line(1, 5)
    };
    case.told(order(pack));
    case.told(receive(A, MAIN, 5));
    case.told(count(MAIN, 3));
    assert_eq!(case.units(1), [2, 0, 3, 0, 0]);
    case.told(receive(A, MAIN, 1));
    assert_eq!(case.units(1), [2, 0, 3, 0, 0]);
    assert_eq!(case.told(split(1, 2, 1)), "split 1 2 1+0, filled 1.0@0x1");
}

#[test]
fn an_operator_overrides_the_queue() {
    let mut case = serve();
    case.told(order(line(1, 2)));
    case.told(order(whole(2, 2)));
    case.told(receive(A, MAIN, 1));
    assert_eq!(
        case.told(assign(Some(1), Some(2), 1)),
        "taken_back 1.0@0x1 assigned, filled 2.0@0x1 over 1"
    );
    assert_eq!(
        case.told(assign(Some(2), None, 1)),
        "taken_back 2.0@0x1 assigned, filled 1.0@0x1"
    );
    assert_eq!(case.refusal(assign(None, Some(2), 1)), (34, None));
    assert_eq!(case.refusal(assign(Some(2), Some(1), 1)), (31, None));
}

#[test]
fn locations_are_tried_in_their_order() {
    let mut case = Case::new(SkuPolicy {
        locations: LocationOrder::Listed(vec![EAST]),
        ..SkuPolicy::default()
    });
    case.told(receive(A, MAIN, 2));
    case.told(receive(A, EAST, 2));
    assert_eq!(
        case.told(order(line(1, 3))),
        "placed 1x3, filled 1.0@1x2, filled 1.0@0x1"
    );
    // What is given up is of the last location, what is shipped of the first.
    assert_eq!(case.told(ship(1, 1)), "shipped 1.0@1x1");
    assert_eq!(
        case.told(cancel(1, Some(1))),
        "taken_back 1.0@0x1 cancelled, cancelled 1.0x1 cancelled"
    );
    let view = case.shop.line(LineId(1)).expect("known");
    assert_eq!(view.parts[0].taken, [(EAST, 1)]);
    assert_eq!(case.shop.locations(A), [MAIN, EAST]);
    assert_eq!(case.shop.locations(B), [] as [LocationId; 0]);
}

#[test]
fn the_most_is_taken_first_where_asked() {
    let mut case = Case::new(SkuPolicy {
        locations: LocationOrder::MostAvailable,
        ..SkuPolicy::default()
    });
    case.told(receive(A, MAIN, 1));
    case.told(receive(A, EAST, 3));
    assert_eq!(case.told(order(line(1, 2))), "placed 1x2, filled 1.0@1x2");
    // Of equals the first that was heard of.
    assert_eq!(case.told(order(line(2, 1))), "placed 2x1, filled 2.0@0x1");
}

#[test]
fn what_was_shipped_and_then_closed_by_a_cancel_was_cancelled() {
    let mut case = serve();
    case.told(receive(A, MAIN, 2));
    case.told(order(line(1, 2)));
    case.told(ship(1, 1));
    case.now = 3;
    case.told(cancel(1, None));
    let order = case.shop.order(OrderId(1)).expect("known");
    assert_eq!(
        (order.ended, order.closed_at),
        (Ended::Cancelled, Some(at(3)))
    );
    // Closed before 4: forgotten, and what it shipped stays in the account.
    let forget = |before| Command::Forget {
        closed_before: at(before),
    };
    assert_eq!(case.told(forget(3)), "");
    assert_eq!(case.told(forget(4)), "forgotten 1");
    assert_eq!(case.shop.position(A, MAIN).expect("known").shipped, 1);
    assert_eq!(case.refusal(ship(1, 1)), (11, None));
}
