//! Repeats, conflicts, malformed commands, the clock and deadlines.

use allocator_core::engine::{
    AheadLimit, Command, Decision, Place, PlaceLine, RejectionCode, Request, Settings, SkuPolicy,
    StockCause, StockChange,
};
use allocator_core::{CommandId, Error, LineId, OrderId};

use super::*;

fn request(id: u128, issued_at: Option<i64>, command: Command) -> Request {
    Request {
        id: CommandId(id),
        issued_at: issued_at.map(at),
        command,
    }
}

/// The refusal's number and the field it names.
fn refused(step: &Step) -> (u8, Option<&'static str>) {
    match step.decision {
        Decision::Refused(rejection) => (rejection.code.number(), rejection.field),
        Decision::Accepted => (0, None),
    }
}

#[test]
fn a_repeat_is_answered_as_the_first_time() {
    let mut shop = Shop::new(Settings::default()).expect("in range");
    let mut ask = |now, request: &Request| shop.apply(at(now), request).expect("well-formed");
    let first = ask(0, &request(1, None, hold(9, line(1, 1))));
    assert_eq!(refused(&first), (41, None));
    let _ = ask(0, &request(2, None, receive(A, MAIN, 1)));
    let repeat = ask(0, &request(1, Some(0), hold(9, line(1, 1))));
    assert_eq!((refused(&repeat), repeat.replayed), ((41, None), true));
    let repeat = ask(1, &request(2, None, receive(A, MAIN, 1)));
    assert_eq!(
        (repeat.decision, repeat.replayed),
        (Decision::Accepted, true)
    );
    assert_eq!(repeat.events, []);
    let other = ask(1, &request(2, None, receive(A, MAIN, 2)));
    assert_eq!(
        (refused(&other), other.replayed),
        ((3, Some("change")), false)
    );
    let other = ask(1, &request(2, None, receive(B, EAST, 2)));
    assert_eq!(refused(&other), (3, Some("sku")));
    let other = ask(1, &request(2, None, hold(9, line(1, 1))));
    assert_eq!(refused(&other), (3, Some("op")));
    // A conflict is not remembered: the id still stands for the first.
    assert!(ask(1, &request(2, None, receive(A, MAIN, 1))).replayed);
}

#[test]
fn what_was_forgotten_is_too_old() {
    let settings = Settings {
        window: 2,
        ..Settings::default()
    };
    let mut shop = Shop::new(settings).expect("in range");
    let mut ask = |now, request: &Request| shop.apply(at(now), request).expect("well-formed");
    let receipt = |issued_at| request(1, issued_at, receive(A, MAIN, 5));
    let _ = ask(1, &receipt(Some(1)));
    let _ = ask(2, &request(2, None, order(line(1, 1))));
    assert!(ask(2, &receipt(Some(1))).replayed);
    let _ = ask(3, &request(3, None, order(line(2, 1))));
    assert_eq!(refused(&ask(4, &receipt(Some(1)))), (4, None));
    assert_eq!(refused(&ask(4, &receipt(Some(2)))), (0, None));
}

#[test]
fn the_clock_does_not_go_backwards() {
    let mut case = Case::new(SkuPolicy::default());
    case.told(receive(A, MAIN, 1));
    case.told(hold(10, line(1, 1)));
    case.now = 5;
    case.told(order(line(2, 1)));
    case.now = 4;
    assert_eq!(case.refusal(confirm(1)), (2, None));
    assert_eq!(case.shop.clock(), Some(at(5)));
    let back = case.shop.advance(at(4), None).expect("no fault");
    assert_eq!(
        back.decision,
        Decision::Refused(allocator_core::engine::Rejection::new(
            RejectionCode::ClockBackwards
        ))
    );
}

#[test]
fn each_deadline_is_its_own_instant_whatever_the_budget() {
    let mut case = Case::new(SkuPolicy::default());
    case.told(receive(A, MAIN, 3));
    for (id, until) in [(1, 10), (2, 10), (3, 20)] {
        case.told(hold(until, line(id, 1)));
    }
    case.told(order(line(4, 3)));
    let mut bit_by_bit = case.shop.clone();
    let once = case.shop.advance(at(30), None).expect("no fault");
    let instants: Vec<i64> = once
        .events
        .iter()
        .map(|event| event.at.as_micros())
        .collect();
    assert_eq!(
        told(&once.events),
        "taken_back 1.0@0x1 expired, cancelled 1.0x1 expired, \
         taken_back 2.0@0x1 expired, cancelled 2.0x1 expired, filled 4.0@0x2, \
         taken_back 3.0@0x1 expired, cancelled 3.0x1 expired, filled 4.0@0x1"
    );
    assert_eq!(instants[4..6], [10_000_000, 20_000_000]);
    let mut events = Vec::new();
    for more in [true, true, false] {
        let step = bit_by_bit.advance(at(30), Some(1)).expect("no fault");
        assert_eq!(step.more, more);
        events.extend(step.events);
    }
    assert_eq!(events, once.events);
    assert!(!bit_by_bit.advance(at(30), Some(0)).expect("no fault").more);
}

#[test]
fn a_deadline_lies_ahead_and_not_too_far() {
    let mut case = Case::new(SkuPolicy {
        hold_max: Some(60_000_000),
        hold_extensions: Some(1),
        ..SkuPolicy::default()
    });
    let extend = |until| Command::AmendOrder {
        order: OrderId(1),
        until: Some(at(until)),
        together: None,
    };
    case.told(receive(A, MAIN, 2));
    assert_eq!(case.refusal(hold(0, line(1, 1))), (24, None));
    assert_eq!(case.refusal(hold(61, line(1, 1))), (25, None));
    case.told(hold(60, line(1, 1)));
    assert_eq!(case.refusal(extend(60)), (26, None));
    case.now = 10;
    assert_eq!(case.told(extend(70)), "extended 1");
    assert_eq!(case.refusal(extend(65)), (26, None));
    assert_eq!(case.refusal(extend(71)), (25, None));
    case.now = 11;
    assert_eq!(case.refusal(extend(71)), (27, None));
    case.told(confirm(1));
    assert_eq!(case.refusal(extend(72)), (22, None));
    assert_eq!(case.told(confirm(1)), "");
}

#[test]
fn the_lowest_number_is_told_and_then_the_first_line() {
    let mut case = Case::new(SkuPolicy {
        limit: AheadLimit::Units(0),
        customer_cap: Some(1),
        ..SkuPolicy::default()
    });
    case.told(receive(A, MAIN, 1));
    case.told(order_by(1, line(1, 1)));
    let place = |customer, replaces, lines: &[PlaceLine]| {
        Command::Place(Place {
            customer: Some(customer),
            replaces,
            ..order_of(2, lines)
        })
    };
    let (he, she) = (1.into(), 2.into());
    let known = [line(2, 1), line(1, 1)];
    assert_eq!(case.refusal(place(he, Some(LineId(9)), &known)), (11, None));
    assert_eq!(case.refusal(place(he, None, &known)), (14, Some(1)));
    assert_eq!(case.refusal(place(he, None, &[line(2, 1)])), (40, Some(0)));
    // Summed over the request; the first line of the item is named.
    let summed = [PlaceLine::new(2, B, 1), line(3, 1), line(4, 1)];
    assert_eq!(case.refusal(place(she, None, &summed)), (40, Some(1)));
    assert_eq!(
        case.refusal(place(she, None, &[of_stock(line(2, 1))])),
        (41, Some(0))
    );
    let mixed = [PlaceLine::new(2, B, 1), of_stock(line(3, 1))];
    assert_eq!(case.refusal(place(she, None, &mixed)), (41, Some(1)));
}

#[test]
fn totals_stay_countable() {
    let mut case = Case::new(SkuPolicy::default());
    case.told(receive(A, MAIN, i64::MAX));
    assert_eq!(case.refusal(receive(A, EAST, 1)), (60, None));
    case.told(order(line(1, i64::MAX)));
    assert_eq!(case.refusal(order(line(2, 1))), (60, Some(0)));
    let least = Command::Stock {
        sku: A,
        location: MAIN,
        change: StockChange::By(-i64::MAX),
        cause: StockCause::Count,
        supply: None,
        only_free: true,
    };
    assert_eq!(case.refusal(least), (34, None));
    case.told(order(PlaceLine::new(3, B, 1)));
    // All that a line ever ordered is a quantity, too.
    case.told(Command::Place(order_of(1, &[PlaceLine::new(4, B, 1)])));
    case.told(amend(1, 0));
    assert_eq!(case.refusal(amend(1, 1)), (60, None));
}

/// The field and the row at fault.
fn fault(command: Command) -> (&'static str, usize) {
    let mut shop = Shop::new(Settings::default()).expect("in range");
    let answer = shop.apply(at(5), &request(1, None, command.clone()));
    assert_eq!(shop.clock(), None);
    assert_eq!(
        shop.plan(&command).unwrap_err(),
        answer.clone().unwrap_err()
    );
    match answer {
        Err(Error::OutOfRange { field, row, .. }) => (field, row),
        Err(Error::Malformed { field, row, .. }) => (field, row.unwrap_or(0)),
        other => panic!("not malformed: {other:?}"),
    }
}

#[test]
fn malformed_commands_name_the_field() {
    let stock = |change, cause, supply: Option<u32>, only_free| Command::Stock {
        sku: A,
        location: MAIN,
        change,
        cause,
        supply: supply.map(Into::into),
        only_free,
    };
    let (by, exactly) = (StockChange::By(0), StockChange::Exactly(3));
    let (count, receipt) = (StockCause::Count, StockCause::Receipt);
    assert_eq!(fault(stock(by, receipt, None, false)), ("change", 0));
    assert_eq!(
        fault(stock(StockChange::Exactly(-1), count, None, false)),
        ("change", 0)
    );
    assert_eq!(fault(stock(exactly, receipt, None, true)), ("cause", 0));
    assert_eq!(fault(stock(exactly, count, Some(1), true)), ("supply", 0));
    assert_eq!(fault(stock(exactly, count, None, true)), ("only_free", 0));

    let place = |lines: &[PlaceLine]| Command::Place(order_of(1, lines));
    assert_eq!(fault(place(&[])), ("lines", 0));
    assert_eq!(fault(place(&[line(1, 1), line(2, 0)])), ("units", 1));
    assert_eq!(fault(place(&[line(1, 1), line(1, 0)])), ("line", 1));
    let pack = PlaceLine {
        pack: Pack::Multiple(0),
        ..line(1, 1)
    };
    assert_eq!(fault(place(&[pack])), ("pack", 0));
    let partial = |together, lines: &[PlaceLine]| {
        Command::Place(Place {
            partial: true,
            together,
            ..order_of(1, lines)
        })
    };
    assert_eq!(fault(partial(true, &[])), ("partial", 0));
    assert_eq!(
        fault(partial(false, &[line(1, 1), whole(2, 1)])),
        ("pack", 1)
    );

    assert_eq!(fault(supply(1, -1, 0)), ("units", 0));
    assert_eq!(fault(amend(1, -1)), ("units", 0));
    assert_eq!(fault(cancel(1, Some(0))), ("units", 0));
    assert_eq!(fault(ship(1, 0)), ("units", 0));
    assert_eq!(fault(split(1, 2, 0)), ("units", 0));
    assert_eq!(fault(assign(None, None, 1)), ("to", 0));
    assert_eq!(fault(assign(Some(1), Some(1), 0)), ("units", 0));
    let stay = Command::Transfer {
        sku: A,
        from: MAIN,
        to: MAIN,
        units: 0,
    };
    assert_eq!(fault(stay), ("to", 0));
    let policy = SkuPolicy {
        hold_max: Some(0),
        ..SkuPolicy::default()
    };
    let configure = Command::Configure {
        sku: A,
        policy: Box::new(policy),
    };
    assert_eq!(fault(configure), ("hold_max", 0));
}
