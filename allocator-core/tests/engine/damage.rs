//! Damaged and forged snapshots: an error, or an engine in which everything adds up.

use allocator_core::Error;
use allocator_core::engine::Engine;
use allocator_model::{Call, Dice};

use super::{call, cases, shop};

/// Gives changed bytes the length and the checksum they should have.
pub(super) fn seal(bytes: &mut [u8]) {
    let (frame, body) = bytes.split_at_mut(32);
    frame[8..16].copy_from_slice(&(body.len() as u64).to_le_bytes());
    frame[16..].copy_from_slice(&xxhash_rust::xxh3::xxh3_128(body).to_le_bytes());
}

/// What must come of any bytes at all. Whether they are an engine.
fn judge(bytes: &[u8]) -> bool {
    match Engine::restore(bytes, 3) {
        Ok(engine) => {
            // That nothing lies idle is a law of what the engine does, not of what it is told.
            let laws = engine.check();
            let idle = "units are idle that somebody could take";
            assert!(
                laws.is_ok() || laws == Err(Error::Corrupt { at: idle }),
                "{laws:?}"
            );
            assert!(engine.snapshot().unwrap() == bytes, "other bytes");
            true
        }
        Err(Error::BadBytes { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_snapshot_cut_off_anywhere_or_with_any_bit_flipped_is_an_error() {
    for seed in 0..cases().min(100) {
        let (engine, _) = shop(seed, 8 + seed as usize / 2);
        let snapshot = engine.snapshot().unwrap();
        for length in 0..snapshot.len() {
            assert!(!judge(&snapshot[..length]));
        }
        for bit in 0..snapshot.len() * 8 {
            let mut flipped = snapshot.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!judge(&flipped), "bit {bit}");
        }
    }
}

#[test]
fn a_forged_snapshot_is_an_error_or_an_engine_that_works() {
    let (mut errors, mut engines) = (0_u64, 0_u64);
    for seed in 0..cases().min(100) {
        let (engine, mut stream) = shop(seed, 8 + seed as usize / 2);
        let snapshot = engine.snapshot().unwrap();
        let calls: Vec<Call> = (0..5).map(|_| stream.next_call()).collect();
        let mut look = |mut forged: Vec<u8>| {
            seal(&mut forged);
            if !judge(&forged) {
                errors += 1;
                return;
            }
            engines += 1;
            let mut engine = Engine::restore(&forged, 3).unwrap();
            for next in &calls {
                call(&mut engine, next);
            }
        };
        for length in 32..snapshot.len() {
            look(snapshot[..length].to_vec());
        }
        for bit in 32 * 8..snapshot.len() * 8 {
            let mut flipped = snapshot.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            look(flipped);
        }
        let mut dice = Dice::new(seed);
        for _ in 0..500 {
            let mut forged = snapshot.clone();
            for _ in 0..=dice.below(3) {
                let at = 32 + dice.below(forged.len() as u64 - 32) as usize;
                let value = dice.pick(&[0, 1, 2, 0x7f, 0x80, 0xff]);
                match dice.below(4) {
                    0 => drop(forged.remove(at)),
                    1 => forged.insert(at, value),
                    _ => forged[at] = value,
                }
            }
            look(forged);
        }
    }
    assert!(
        errors > engines && engines > 0,
        "{errors} errors, {engines} engines"
    );
}

#[test]
fn a_snapshot_of_another_version_or_kind_is_an_error() {
    let (engine, _) = shop(2, 30);
    let snapshot = engine.snapshot().unwrap();
    let why = |bytes: &[u8]| Engine::restore(bytes, 0).unwrap_err().to_string();
    let mut other = snapshot.clone();
    other[4] = 2;
    assert_eq!(why(&other), "byte 8: of a version that is not known here");
    other[4] = 0;
    assert_eq!(why(&other), "byte 8: of a version that is not known here");
    assert_eq!(
        why(&engine.record().unwrap()),
        "byte 0: they do not begin as such bytes do"
    );
    assert_eq!(why(&[]), "byte 0: they do not begin as such bytes do");
    let mut longer = snapshot.clone();
    longer.push(0);
    assert_eq!(why(&longer), "byte 32: they are not as long as they say");
    seal(&mut longer);
    assert_eq!(
        why(&longer),
        format!("byte {}: bytes behind the end", snapshot.len())
    );
}
