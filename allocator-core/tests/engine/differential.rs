//! The live engine against its slow model: every event, refusal and error of random streams, and the
//! state after each.

use super::{answers, cases};
use allocator_core::engine::{Applied, Engine, Event};
use allocator_core::{Error, LineId, OrderId, SupplyId, Timestamp};
use allocator_model::{Call, Dice, Kind, Shop, Step, Stream};

/// An answer in a form that both can give; an error without its words.
type Answer = Result<(String, Vec<Event>), (&'static str, Option<&'static str>, Option<usize>)>;

fn fault(error: &Error) -> (&'static str, Option<&'static str>, Option<usize>) {
    // The engine contradicts itself: nothing to compare.
    assert!(!matches!(error, Error::Corrupt { .. }), "{error}");
    (error.code(), error.field(), error.row())
}

fn engine_answer(engine: &mut Engine, call: &Call) -> Answer {
    match call {
        Call::Apply(now, request) => {
            let Applied {
                decision,
                replayed,
                events,
            } = engine.apply(*now, request).map_err(|error| fault(&error))?;
            Ok((format!("{decision:?} {replayed}"), events.to_vec()))
        }
        Call::Advance(now, budget) => {
            let done = engine
                .advance(*now, *budget)
                .map_err(|error| fault(&error))?;
            let answer = format!("{:?} {}", done.decision, done.more);
            Ok((answer, done.events.to_vec()))
        }
    }
}

fn model_answer(shop: &mut Shop, call: &Call) -> Answer {
    match call {
        Call::Apply(now, request) => {
            let Step {
                decision,
                replayed,
                events,
            } = shop.apply(*now, request).map_err(|error| fault(&error))?;
            Ok((format!("{decision:?} {replayed}"), events))
        }
        Call::Advance(now, budget) => {
            let done = shop.advance(*now, *budget).map_err(|error| fault(&error))?;
            let answer = format!("{:?} {}", done.decision, done.more);
            Ok((answer, done.events))
        }
    }
}

fn shown(answer: &Answer) -> String {
    match answer {
        Err(fault) => format!("{fault:?}"),
        Ok((answer, events)) => {
            let events = events.iter().map(|event| format!("\n  {event:?}"));
            format!("{answer}{}", events.collect::<String>())
        }
    }
}

/// What both must say of their state.
fn difference(engine: &Engine, shop: &Shop) -> Option<String> {
    macro_rules! same {
        ($($what:tt)+) => {
            let (ours, theirs) = (engine.$($what)+, shop.$($what)+);
            if ours != theirs {
                return Some(format!("{}:\n engine {ours:?}\n model  {theirs:?}", stringify!($($what)+)));
            }
        };
    }
    if let Err(error) = engine.check() {
        return Some(format!("{error}"));
    }
    let untrue = answers::untrue(engine);
    if untrue.is_some() {
        return untrue;
    }
    same!(next_deadline());
    same!(skus());
    for id in 0..14 {
        same!(order(OrderId(id)));
    }
    for id in 0..24 {
        same!(line(LineId(id)));
        same!(place_in_line(LineId(id)));
    }
    for id in 0..4 {
        same!(supply(SupplyId(id)));
    }
    for sku in engine.skus() {
        same!(locations(sku));
        for location in engine.locations(sku) {
            same!(position(sku, location));
        }
        same!(units_ahead_of_stock(sku));
        same!(queue(sku, None, usize::MAX));
    }
    None
}

/// What both must say of their state and what takes the model long: asked for after some calls only.
fn far_difference(engine: &Engine, shop: &Shop, dice: &mut Dice) -> Option<String> {
    macro_rules! same {
        ($($what:tt)+) => {
            let (ours, theirs) = (engine.$($what)+, shop.$($what)+);
            if ours != theirs {
                return Some(format!("{}:\n engine {ours:?}\n model  {theirs:?}", stringify!($($what)+)));
            }
        };
    }
    let now = engine.clock()?.as_micros();
    let skus = engine.skus();
    if !skus.is_empty() {
        let sku = dice.pick(&skus);
        let by = Timestamp::from_micros(now + dice.pick(&[-10, 0, 5, 20, 1000]));
        same!(available_to_promise(sku, by));
        // The model lays pegs unit by unit.
        let waiting = engine.queue(sku, None, usize::MAX).into_iter();
        if waiting.map(|waits| i128::from(waits.units)).sum::<i128>() < 200 {
            same!(pegs(sku, false));
            same!(pegs(sku, true));
        }
        let after = (LineId(dice.below(25) as u32), dice.below(3) as u32);
        let most = dice.below(4) as usize;
        same!(queue(sku, Some(after), most));
    }
    None
}

fn run(seed: u64, kind: Kind, calls: usize) {
    let mut stream = Stream::new(seed, kind);
    let settings = stream.settings();
    let mut engine = Engine::new(settings.clone()).unwrap();
    let mut shop = Shop::new(settings.clone()).unwrap();
    let mut dice = Dice::new(seed);
    let mut said: Vec<String> = vec![format!("{settings:?}")];
    for step in 0..calls {
        let call = stream.next_call();
        said.push(format!("{call:?}"));
        let ours = engine_answer(&mut engine, &call);
        let theirs = model_answer(&mut shop, &call);
        let mut wrong;
        if ours != theirs {
            wrong = Some(format!("engine {}\nmodel {}", shown(&ours), shown(&theirs)));
        } else {
            wrong = difference(&engine, &shop);
            if wrong.is_none() && dice.one_in(20) {
                wrong = far_difference(&engine, &shop, &mut dice);
            }
        }
        if let Some(wrong) = wrong {
            let from = said.len().saturating_sub(12);
            panic!(
                "seed {seed}, call {step}\n{}\n…\n{}\n{wrong}",
                said[0],
                said[from..].join("\n")
            );
        }
    }
}

#[test]
fn the_engine_answers_as_the_model_does() {
    for seed in 0..cases() {
        run(seed, Kind::Everything, 300);
    }
}

#[test]
fn the_engine_answers_as_the_model_does_in_a_plain_shop() {
    for seed in 0..cases() {
        run(seed, Kind::Plain, 300);
    }
}
