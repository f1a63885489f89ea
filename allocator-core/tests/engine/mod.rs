//! Each file one thing that must hold. To be run alone by its name: `--test e_engine snapshot::`.

mod answers;
mod damage;
mod differential;
mod record;
mod repeat;
mod snapshot;

use allocator_core::engine::{
    Applied, Command, Decision, Engine, Event, Place, PlaceLine, Request, StockCause, StockChange,
};
use allocator_core::{Error, LocationId, OrderId, SkuId, Timestamp};
use allocator_model::{Call, Dice, Kind, Stream};

/// What an engine answered.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    decision: Option<Decision>,
    /// Of a command: a repeat. Of an advance: there is more to do.
    flag: bool,
    events: Vec<Event>,
}

/// Makes a call. A command that says nothing is answered with no decision.
fn call(engine: &mut Engine, call: &Call) -> Said {
    let answer = match call {
        Call::Apply(now, request) => {
            let answer = engine.apply(*now, request);
            answer.map(
                |Applied {
                     decision,
                     replayed,
                     events,
                 }| (decision, replayed, events.to_vec()),
            )
        }
        Call::Advance(now, budget) => {
            let answer = engine.advance(*now, *budget);
            answer.map(|done| (done.decision, done.more, done.events.to_vec()))
        }
    };
    match answer {
        Ok((decision, flag, events)) => Said {
            decision: Some(decision),
            flag,
            events,
        },
        Err(error) => {
            assert!(!matches!(error, Error::Corrupt { .. }), "{error}: {call:?}");
            Said {
                decision: None,
                flag: false,
                events: Vec::new(),
            }
        }
    }
}

/// A shop after so many calls of a random stream, and the stream.
fn shop(seed: u64, calls: usize) -> (Engine, Stream) {
    let kind = if seed % 4 == 3 {
        Kind::Plain
    } else {
        Kind::Everything
    };
    let mut stream = Stream::new(seed, kind);
    let mut engine = Engine::new(stream.settings()).unwrap();
    engine.set_names(seed.to_string().into_bytes());
    for _ in 0..calls {
        call(&mut engine, &stream.next_call());
    }
    (engine, stream)
}

/// Calls in a rush of holds, many of which end at one instant, and which is worked off in small steps.
fn rush(seed: u64, calls: usize) -> Vec<Call> {
    let mut dice = Dice::new(seed);
    let (mut now, mut line) = (0, 0);
    let mut one = |number: usize| {
        now += i64::from(dice.one_in(6));
        let instant = Timestamp::from_micros(now);
        if dice.one_in(4) {
            return Call::Advance(
                instant,
                dice.pick(&[None, Some(0), Some(1), Some(1), Some(2)]),
            );
        }
        let order = OrderId(number as u32);
        let command = match dice.below(10) {
            0..2 => Command::Stock {
                sku: SkuId(dice.below(3) as u32),
                location: LocationId(dice.below(2) as u32),
                change: StockChange::By(dice.pick(&[1, 2, 3, -1])),
                cause: StockCause::Receipt,
                supply: None,
                only_free: false,
            },
            2 => Command::Confirm {
                order: OrderId(dice.below(1 + number as u64) as u32),
            },
            _ => Command::Place(Place {
                order,
                customer: None,
                until: Some(Timestamp::from_micros(now + dice.pick(&[2, 2, 3, 4]))),
                together: dice.one_in(4),
                partial: false,
                replaces: None,
                lines: (0..=dice.below(2))
                    .map(|_| {
                        line += 1;
                        PlaceLine::new(line, dice.below(3) as u32, 1 + dice.below(3) as i64)
                    })
                    .collect(),
            }),
        };
        let request = Request {
            id: (number as u128).into(),
            issued_at: None,
            command,
        };
        Call::Apply(instant, request)
    };
    (0..calls).map(&mut one).collect()
}

/// How many random shops.
fn cases() -> u64 {
    let asked = std::env::var("ALLOCATOR_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(8)
}
