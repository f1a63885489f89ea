//! The log is enough: an engine that is fed all records is the engine that wrote them.

use allocator_core::engine::{
    Command, Decision, Engine, Happening, Record, Request, Settings, StockCause, StockChange,
};
use allocator_core::{Error, LocationId, OrderId, SkuId, Timestamp};
use allocator_model::Call;

use super::{call, cases, rush, shop};

#[test]
fn the_log_gives_the_same_engine_after_every_record() {
    for seed in 0..cases() {
        let (mut engine, mut stream) = shop(seed, 0);
        let mut replica = engine.clone();
        for step in 0..250 {
            let next = stream.next_call();
            let said = call(&mut engine, &next);
            let bytes = engine.record().unwrap();
            if bytes.is_empty() {
                let backwards = said.decision.is_some_and(|decision| {
                    matches!(decision, Decision::Refused(refusal) if refusal.code.number() == 2)
                });
                assert!(said.decision.is_none() || backwards, "{next:?}");
                continue;
            }
            let record = Record::from_bytes(&bytes).unwrap();
            assert_eq!(record.to_bytes().unwrap(), bytes);
            assert_eq!(record.events, said.events);
            if let (Call::Apply(_, request), Some(decided)) = (&next, &record.request) {
                assert_eq!(request, decided);
                assert_eq!(
                    record
                        .refusal
                        .map(Decision::Refused)
                        .unwrap_or(Decision::Accepted),
                    said.decision.unwrap()
                );
            }
            replica.replay(&bytes).unwrap();
            assert_eq!(
                replica.digest(),
                engine.digest(),
                "seed {seed}, call {step}: {next:?}"
            );
            assert_eq!(replica.record().unwrap(), bytes);
        }
        // It goes on like the other, too.
        for _ in 0..20 {
            let next = stream.next_call();
            assert_eq!(call(&mut engine, &next), call(&mut replica, &next));
        }
    }
}

#[test]
fn the_log_gives_the_same_engine_in_the_middle_of_an_instant() {
    for seed in 0..cases() {
        let mut engine = Engine::new(Settings::default()).unwrap();
        let mut replica = engine.clone();
        for next in rush(seed, 200) {
            call(&mut engine, &next);
            replica.replay(&engine.record().unwrap()).unwrap();
            assert_eq!(replica.digest(), engine.digest(), "seed {seed}: {next:?}");
        }
    }
}

#[test]
fn a_record_of_another_state_is_an_error_and_changes_nothing_it_should_not() {
    for seed in 0..cases() {
        let (mut engine, mut stream) = shop(seed, 60);
        let before = engine.clone();
        let mut records = Vec::new();
        for _ in 0..12 {
            call(&mut engine, &stream.next_call());
            let record = engine.record().unwrap();
            if !record.is_empty() {
                records.push(record);
            }
        }
        // One is left out, or comes twice.
        for skipped in 0..records.len() {
            let mut replica = before.clone();
            for (number, record) in records.iter().enumerate() {
                if number == skipped {
                    continue;
                }
                let digest = replica.digest();
                match replica.replay(record) {
                    Ok(()) => {}
                    Err(Error::BadBytes { .. }) => assert_eq!(replica.digest(), digest),
                    Err(Error::Corrupt { .. }) => {
                        assert!(replica.digest().is_err());
                        break;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        }
        let mut replica = before.clone();
        for record in &records {
            replica.replay(record).unwrap();
            let digest = replica.digest();
            let twice = replica.replay(record);
            let nothing = Record::from_bytes(record).unwrap().events.is_empty();
            assert!(twice.is_err() || nothing, "{twice:?}");
            assert_eq!(replica.digest(), digest);
        }
        assert_eq!(replica.digest(), engine.digest());
    }
}

#[test]
fn a_forged_record_is_an_error_and_the_engine_is_not_believed_afterwards() {
    let mut engine = Engine::new(Settings::default()).unwrap();
    let now = Timestamp::from_micros(7);
    let command = Command::Stock {
        sku: SkuId(1),
        location: LocationId(1),
        change: StockChange::By(3),
        cause: StockCause::Receipt,
        supply: None,
        only_free: false,
    };
    let request = Request {
        id: 1.into(),
        issued_at: None,
        command,
    };
    let mut replica = engine.clone();
    let _ = engine.apply(now, &request).unwrap();
    let record = Record::from_bytes(&engine.record().unwrap()).unwrap();
    // Numbers that no engine gives are seen before anything is done.
    let mut forged = record.clone();
    forged.events[0].what = Happening::Transferred {
        sku: SkuId(1),
        from: LocationId(1),
        to: LocationId(2),
        units: -5,
    };
    let digest = replica.digest();
    assert!(matches!(
        replica.replay(&forged.to_bytes().unwrap()),
        Err(Error::BadBytes { .. })
    ));
    assert_eq!(replica.digest(), digest);
    // What nobody knows comes out only then.
    forged.events[0].what = Happening::Confirmed { order: OrderId(5) };
    assert!(matches!(
        replica.replay(&forged.to_bytes().unwrap()),
        Err(Error::Corrupt { .. })
    ));
    assert!(matches!(
        replica.apply(now, &request),
        Err(Error::Corrupt { .. })
    ));
    assert!(
        replica.snapshot().is_err() && replica.record().is_err() && replica.replay(&[]).is_err()
    );
}

#[test]
fn damaged_records_are_errors() {
    let mut checked = 0;
    for seed in 0..cases().min(30) {
        let (engine, _) = shop(seed, 40);
        let record = engine.record().unwrap();
        for length in 0..record.len() {
            let cut = Record::from_bytes(&record[..length]);
            assert!(
                matches!(cut, Err(Error::BadBytes { .. })),
                "{length}: {cut:?}"
            );
        }
        for bit in 0..record.len() * 8 {
            let mut flipped = record.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(matches!(
                Record::from_bytes(&flipped),
                Err(Error::BadBytes { .. })
            ));
            // With the right checksum it is read as another record, or not at all.
            if bit >= 32 * 8 {
                super::damage::seal(&mut flipped);
                match Record::from_bytes(&flipped) {
                    Ok(record) => assert_eq!(record.to_bytes().unwrap(), flipped),
                    Err(Error::BadBytes { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            checked += 1;
        }
    }
    assert!(checked > 0);
}
