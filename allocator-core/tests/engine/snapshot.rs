//! A snapshot is all there is to know: the engine made from it has the same bytes and the same future.

use allocator_core::engine::{Engine, Settings};
use allocator_model::Call;

use super::{call, cases, rush, shop};

/// An engine and the one made from its snapshot.
fn restored(engine: &Engine) -> Engine {
    let bytes = engine.snapshot().unwrap();
    let restored = Engine::restore(&bytes, 99).unwrap();
    assert!(restored.snapshot().unwrap() == bytes, "other bytes");
    restored
}

#[test]
fn after_every_call_a_snapshot_gives_the_same_engine() {
    for seed in 0..cases() {
        let (mut engine, mut stream) = shop(seed, 0);
        for step in 0..250 {
            call(&mut engine, &stream.next_call());
            let again = restored(&engine);
            assert_eq!(again.check(), Ok(()), "seed {seed}, call {step}");
            assert_eq!(again.digest(), engine.digest(), "seed {seed}, call {step}");
            assert_eq!(again.clock(), engine.clock());
            assert_eq!(again.next_deadline(), engine.next_deadline());
            assert_eq!(again.skus(), engine.skus());
        }
    }
}

#[test]
fn the_engine_of_a_snapshot_has_the_same_future() {
    for seed in 0..cases() {
        for calls in [10, 60, 200] {
            let (mut engine, mut stream) = shop(seed, calls);
            let mut again = restored(&engine);
            for step in 0..50 {
                let next = stream.next_call();
                let (ours, theirs) = (call(&mut engine, &next), call(&mut again, &next));
                assert_eq!(ours, theirs, "seed {seed}, {calls} + {step}: {next:?}");
                assert_eq!(engine.record(), again.record());
            }
            assert_eq!(engine.snapshot(), again.snapshot(), "seed {seed}, {calls}");
        }
    }
}

#[test]
fn the_digest_is_the_checksum_that_the_snapshot_bears() {
    let (engine, _) = shop(1, 100);
    let mut bytes = b"before".to_vec();
    let digest = engine.snapshot_into(&mut bytes).unwrap();
    assert_eq!(Ok(digest), engine.digest());
    assert_eq!(bytes[6 + 16..6 + 32], digest.to_le_bytes());
    assert_eq!(bytes[6..], engine.snapshot().unwrap());
    assert_eq!(digest, xxhash(&bytes[6 + 32..]));
}

fn xxhash(bytes: &[u8]) -> u128 {
    xxhash_rust::xxh3::xxh3_128(bytes)
}

#[test]
fn a_seed_and_what_was_freed_are_not_in_a_snapshot() {
    let settings = Settings::default();
    let other = Settings {
        seed: 7,
        ..Settings::default()
    };
    let (a, b) = (Engine::new(settings).unwrap(), Engine::new(other).unwrap());
    assert_eq!(a.snapshot(), b.snapshot());
}

#[test]
fn names_are_kept_and_are_part_of_the_digest() {
    let mut engine = Engine::new(Settings::default()).unwrap();
    let before = engine.digest();
    engine.set_names(vec![1, 2, 3]);
    assert_ne!(engine.digest(), before);
    assert_eq!(restored(&engine).names(), [1, 2, 3]);
    engine.set_names(Vec::new());
    assert_eq!(engine.digest(), before);
}

#[test]
fn how_the_work_of_time_is_cut_changes_nothing() {
    let mut cuts = 0;
    for seed in 0..cases() {
        let mut engine = Engine::new(Settings::default()).unwrap();
        let mut cut = engine.clone();
        for next in rush(seed, 200) {
            let (Call::Apply(now, _) | Call::Advance(now, _)) = next;
            while call(&mut cut, &Call::Advance(now, Some(1))).flag {
                // A snapshot in the middle of an instant.
                cuts += 1;
                cut = restored(&cut);
            }
            call(&mut cut, &Call::Advance(now, Some(0)));
            call(&mut cut, &Call::Advance(now, None));
            let once = match next {
                Call::Advance(now, _) => Call::Advance(now, None),
                once => once,
            };
            call(&mut engine, &once);
            call(&mut cut, &once);
            assert_eq!(engine.digest(), cut.digest(), "seed {seed}: {once:?}");
        }
    }
    assert!(cuts > cases(), "{cuts}");
}

#[test]
fn in_the_middle_of_an_instant_a_snapshot_gives_the_same_engine() {
    let mut middles = 0;
    for seed in 0..cases() {
        let calls = rush(seed, 120);
        let mut engine = Engine::new(Settings::default()).unwrap();
        for (step, next) in calls.iter().enumerate() {
            let said = call(&mut engine, next);
            let mut again = restored(&engine);
            if matches!(next, Call::Advance(..)) && said.flag {
                middles += 1;
                let mut goes_on = engine.clone();
                for next in calls.iter().skip(step + 1).take(20) {
                    assert_eq!(
                        call(&mut goes_on, next),
                        call(&mut again, next),
                        "seed {seed}"
                    );
                }
                assert_eq!(goes_on.digest(), again.digest());
            }
        }
    }
    assert!(middles > cases(), "{middles}");
}
