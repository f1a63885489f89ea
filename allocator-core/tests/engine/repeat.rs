//! Repeats: doubled, late, and from beyond what is remembered.

use allocator_core::engine::{
    Command, Decision, Engine, Place, PlaceLine, RejectionCode, Request, Settings,
};
use allocator_core::{OrderId, Timestamp};
use allocator_model::Call;

use super::{call, cases, shop};

#[test]
fn a_command_that_comes_twice_is_done_once() {
    for seed in 0..cases() {
        let (mut engine, mut stream) = shop(seed, 0);
        let mut doubled = engine.clone();
        for _ in 0..200 {
            let next = stream.next_call();
            let once = call(&mut engine, &next);
            let first = call(&mut doubled, &next);
            assert_eq!(once, first);
            if let Call::Apply(..) = next {
                let again = call(&mut doubled, &next);
                let refused_anew = |decision| matches!(decision, Decision::Refused(refusal) if refusal.code.number() < 10);
                match again.decision {
                    None => assert!(first.decision.is_none()),
                    Some(decision) => {
                        assert_eq!(Some(decision), first.decision);
                        assert!(again.flag || refused_anew(decision), "{again:?}");
                    }
                }
                assert!(again.events.is_empty());
            }
            assert_eq!(engine.digest(), doubled.digest(), "seed {seed}: {next:?}");
        }
    }
}

#[test]
fn a_late_repeat_changes_nothing_while_it_is_remembered() {
    for seed in 0..cases() {
        let (mut engine, mut stream) = shop(seed, 0);
        let mut late = engine.clone();
        let mut sent: Vec<Request> = Vec::new();
        for step in 0..150 {
            let next = stream.next_call();
            assert_eq!(call(&mut engine, &next), call(&mut late, &next));
            let (Call::Apply(now, _) | Call::Advance(now, _)) = next;
            if late.clock() == Some(now) {
                // What a budget left is done by whoever calls next: here by neither.
                let rest = Call::Advance(now, None);
                assert_eq!(call(&mut engine, &rest), call(&mut late, &rest));
                // Those of the last calls that were decided.
                for request in sent.iter().rev().take(3) {
                    let known = late
                        .clone()
                        .apply(now, request)
                        .is_ok_and(|answer| answer.replayed);
                    if known {
                        let said = call(&mut late, &Call::Apply(now, request.clone()));
                        assert!(said.flag && said.events.is_empty());
                    }
                }
            }
            if let Call::Apply(_, request) = next {
                sent.push(request);
            }
            assert_eq!(engine.digest(), late.digest(), "seed {seed}, call {step}");
        }
    }
}

#[test]
fn the_first_field_that_differs_is_named() {
    let place = |order: u32, units| Place {
        order: OrderId(order),
        customer: None,
        until: None,
        together: false,
        partial: false,
        replaces: None,
        lines: vec![PlaceLine::new(order, 1, units)],
    };
    let request = |place: Place| Request {
        id: 5.into(),
        issued_at: None,
        command: Command::Place(place),
    };
    let mut engine = Engine::new(Settings::default()).unwrap();
    let now = Timestamp::from_micros(1);
    let _ = engine.apply(now, &request(place(1, 1))).unwrap();
    let confirm = Request {
        command: Command::Confirm { order: OrderId(1) },
        ..request(place(1, 1))
    };
    let cases = [
        (request(place(2, 2)), "order"),
        (
            request(Place {
                together: true,
                ..place(1, 2)
            }),
            "together",
        ),
        (request(place(1, 2)), "lines"),
        (confirm, "op"),
    ];
    for (other, field) in cases {
        let answer = engine.apply(now, &other).unwrap();
        let Decision::Refused(refusal) = answer.decision else {
            panic!("{answer:?}");
        };
        assert_eq!(
            (refusal.code, refusal.field),
            (RejectionCode::Conflict, Some(field))
        );
    }
    // When it was issued is not what it says.
    let reissued = Request {
        issued_at: Some(now),
        ..request(place(1, 1))
    };
    assert!(engine.apply(now, &reissued).unwrap().replayed);
}

#[test]
fn what_was_issued_before_all_that_is_remembered_is_refused() {
    let settings = Settings {
        window: 2,
        ..Settings::default()
    };
    let mut engine = Engine::new(settings).unwrap();
    let place = |id: u32, issued_at: Option<i64>| Request {
        id: u128::from(id).into(),
        issued_at: issued_at.map(Timestamp::from_micros),
        command: Command::Confirm { order: OrderId(id) },
    };
    for id in 1..=4_u32 {
        let _ = engine
            .apply(Timestamp::from_micros(i64::from(id) * 10), &place(id, None))
            .unwrap();
    }
    // Those of 10 and 20 are forgotten.
    let code = |engine: &mut Engine, request: &Request| match engine
        .apply(Timestamp::from_micros(40), request)
        .unwrap()
        .decision
    {
        Decision::Accepted => None,
        Decision::Refused(refusal) => Some(refusal.code),
    };
    assert_eq!(
        code(&mut engine, &place(2, Some(20))),
        Some(RejectionCode::TooOld)
    );
    assert_eq!(
        code(&mut engine, &place(9, Some(20))),
        Some(RejectionCode::TooOld)
    );
    assert_eq!(
        code(&mut engine, &place(9, Some(21))),
        Some(RejectionCode::UnknownOrder)
    );
    // Of the four before it, only the last is remembered now.
    assert_eq!(
        code(&mut engine, &place(3, Some(30))),
        Some(RejectionCode::TooOld)
    );
    assert!(
        engine
            .apply(Timestamp::from_micros(40), &place(4, Some(1)))
            .unwrap()
            .replayed
    );
}
