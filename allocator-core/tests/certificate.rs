//! The threshold certificate: a unit is covered exactly where its key is no larger than that of the
//! last unit served. Keys are compared here as the fractions they are, by a comparison of our own.

use std::cmp::Ordering;

use allocator_core::{
    Allocation, Certificate, Completeness, DemandLine, Outcome, Policy, ShortageRule, SkuId,
    Supply, TicketKey, Timestamp, allocate,
};
use allocator_model::World;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::common::worlds::{rules, worlds};
use crate::fairness::expected::{Domain, ROWS};
use crate::fairness::search::problems;

/// Checks the certificate at these units of each line, and returns how many SKUs have a threshold.
fn holds(world: &World, units: impl Fn(i64, i64) -> Vec<i64>) -> Result<usize, TestCaseError> {
    let World {
        lines,
        supply,
        policy,
    } = world;
    let result = allocate(lines, supply, policy).expect("a valid world");
    let certificate = Certificate::new(lines, policy, &result).expect("of this world");
    for row in world.rows() {
        let line = &lines[row];
        let (covered, stands) = (result.covered()[row], !result.reasons()[row].is_never());
        let last = certificate.threshold(line.sku);
        for unit in units(covered, line.quantity) {
            let within = certificate
                .is_within(row, unit)
                .expect("a unit of the line");
            prop_assert_eq!(within, unit <= covered, "row {}, unit {}", row, unit);
            let key = certificate.key(row, unit).expect("a unit of the line");
            if let Some(last) = last.filter(|_| stands) {
                let order = order(&key, &last.key);
                prop_assert_eq!(order, key.cmp(&last.key));
                prop_assert_eq!(within, order != Ordering::Greater, "{} and {}", key, last);
                let is_last = (row, unit) == (last.row, last.unit);
                prop_assert_eq!(order == Ordering::Equal, is_last, "{} and {}", key, last);
            }
        }
    }
    let skus: Vec<SkuId> = certificate
        .thresholds()
        .iter()
        .map(|last| last.sku)
        .collect();
    let short = world.skus().into_iter().filter(|&sku| {
        let rows = || world.queue_of(sku).into_iter();
        let stands = |row: &usize| !result.reasons()[*row].is_never();
        let lacks = |row: usize| result.covered()[row] < lines[row].quantity;
        rows().filter(stands).any(lacks) && rows().any(|row| result.covered()[row] > 0)
    });
    prop_assert_eq!(&skus, &short.map(SkuId).collect::<Vec<_>>());
    Ok(skus.len())
}

/// Fractions one by one, by the Euclidean algorithm: no product, so nothing that could wrap.
fn order(one: &TicketKey, other: &TicketKey) -> Ordering {
    fn fraction(a: (i128, i128), b: (i128, i128)) -> Ordering {
        let (whole, rest) = (a.0.div_euclid(a.1), a.0.rem_euclid(a.1));
        let (other, left) = (b.0.div_euclid(b.1), b.0.rem_euclid(b.1));
        match (whole.cmp(&other), rest, left) {
            (Ordering::Equal, 0, _) | (Ordering::Equal, _, 0) => rest.cmp(&left),
            (Ordering::Equal, ..) => fraction((b.1, left), (a.1, rest)),
            (different, ..) => different,
        }
    }
    assert_eq!(one.fractions().len(), other.fractions().len());
    let pairs = one.fractions().zip(other.fractions());
    let orders = pairs.map(|(a, b)| fraction(a.into(), b.into()));
    orders.fold(Ordering::Equal, Ordering::then)
}

/// Every named rule on every small problem, at every unit; those that draw each unit stand in
/// `unit_lots.rs`.
#[test]
fn every_unit_of_every_small_problem() {
    let mut thresholds = 0;
    for row in ROWS.iter().filter(|row| row.domain != Domain::Lots) {
        for problem in problems(row.domain, 3, 6) {
            let estates: Vec<i64> = (0..=problem.total() as i64 + 1).collect();
            let world = problem.world(row.rule(), &estates);
            let found = holds(&world, |_, quantity| (1..=quantity).collect());
            thresholds += found.unwrap_or_else(|fault| panic!("{}: {fault}", row.name));
            let short = 1..problem.total() as i64;
            assert_eq!(
                found_of(&world),
                short.map(|sku| sku as u32).collect::<Vec<_>>()
            );
        }
    }
    assert!(thresholds > 1_000, "{thresholds}");
}

fn found_of(world: &World) -> Vec<u32> {
    let result = allocate(&world.lines, &world.supply, &world.policy).unwrap();
    let certificate = Certificate::new(&world.lines, &world.policy, &result).unwrap();
    let skus = certificate.thresholds().iter();
    skus.map(|last| last.sku.0).collect()
}

fn config() -> ProptestConfig {
    let standard = ProptestConfig::default();
    let seed = match standard.rng_seed {
        RngSeed::Random => RngSeed::Fixed(500_480),
        fixed => fixed,
    };
    ProptestConfig {
        failure_persistence: None,
        rng_seed: seed,
        ..standard
    }
}

/// The units next to where a line's cover ends, its first and its last.
fn ends(covered: i64, quantity: i64) -> Vec<i64> {
    let near = [
        1,
        2,
        covered - 1,
        covered,
        covered.saturating_add(1),
        quantity,
    ];
    near.into_iter()
        .filter(|unit| (1..=quantity).contains(unit))
        .collect()
}

proptest! {
    #![proptest_config(config())]

    /// Every world: orders that ship whole, customers of many lines, all rules, the largest numbers.
    #[test]
    fn in_every_world(world in worlds()) {
        holds(&world, ends)?;
    }

    /// Claims near 2^62 and 2^63 under every rule, at an estate near any of its limits.
    #[test]
    fn of_claims_near_the_limit(
        rule in rules(),
        claims in prop::collection::vec((any::<bool>(), 0_i64..4, 1_i64..=i64::from(i32::MAX), 0_i64..2), 1..8),
        estate in 0_i64..=i64::MAX,
    ) {
        let customers = claims.iter().zip(0_u32..);
        let line = |(&(half, by, weight, class), id): (&(bool, i64, i64, i64), u32)| {
            let claim = if half { 1 << 62 } else { i64::MAX };
            DemandLine::new(id, 7, claim - by).weight(weight).priority(class)
        };
        let world = World {
            lines: customers.map(line).collect(),
            supply: vec![Supply::received(7, estate)],
            policy: Policy::sharing(rule),
        };
        holds(&world, ends)?;
    }
}

/// What a support agent reads.
#[test]
fn keys_in_words() {
    let lines = [
        DemandLine::new(0, 7, 3).customer(1).priority(2).weight(3),
        DemandLine::new(1, 7, 2)
            .customer(1)
            .priority(2)
            .weight(3)
            .placed_at(Timestamp::from_micros(1_790_000_000_000_000))
            .sequence(385),
    ];
    for (rule, text) in [
        (
            "first_come",
            "priority 2, placed at 2026-09-21T14:13:20Z, sequence 385, unit 1",
        ),
        (
            "classes_first(protect_first(1))",
            "class 2, beyond first units, placed at 2026-09-21T14:13:20Z, sequence 385, unit 4",
        ),
        (
            "protect(9)+level+place",
            "among the first 9 units, unit 4, priority 2, placed at 2026-09-21T14:13:20Z, sequence 385",
        ),
        (
            "class+level+place",
            "class 2, unit 4, placed at 2026-09-21T14:13:20Z, sequence 385",
        ),
        (
            "class+remainder+place",
            "class 2, 2 missing, placed at 2026-09-21T14:13:20Z, sequence 385",
        ),
        (
            "class+webster+place",
            "class 2, 7/5 (unit 4 of 5), placed at 2026-09-21T14:13:20Z, sequence 385",
        ),
        (
            "class+adams+place",
            "class 2, 3/5 (unit 4 of 5), placed at 2026-09-21T14:13:20Z, sequence 385",
        ),
        (
            "class+jefferson+place",
            "class 2, 4/5 (unit 4 of 5), placed at 2026-09-21T14:13:20Z, sequence 385",
        ),
        (
            "class+weight+place",
            "class 2, 7/3 (unit 4, weight 3), placed at 2026-09-21T14:13:20Z, sequence 385",
        ),
    ] {
        let policy = Policy::sharing(rule.parse().unwrap());
        let result = allocate(&lines, &[Supply::received(7, 4)], &policy).unwrap();
        let certificate = Certificate::new(&lines, &policy, &result).unwrap();
        let key = certificate.key(1, 1).unwrap();
        assert_eq!(key.to_string(), text, "{rule}");
        let last = certificate.threshold(SkuId(7)).expect("it ran short");
        assert_eq!((last.row, last.unit, &last.key), (1, 1, &key), "{rule}");
        assert_eq!(
            last.to_string(),
            format!("SKU 7 was handed out up to {text}")
        );
        assert_eq!(certificate.threshold(SkuId(8)), None);
    }
    let plain = [DemandLine::new(0, 7, 3)];
    let policy = Policy::sharing(ShortageRule::one_each_per_round());
    let result = allocate(&plain, &[Supply::received(7, 1)], &policy).unwrap();
    let certificate = Certificate::new(&plain, &policy, &result).unwrap();
    assert_eq!(
        certificate.key(0, 3).unwrap().to_string(),
        "unit 3, sequence 0"
    );
}

/// A place that is ordered otherwise is said as it is ordered.
#[test]
fn places_in_words() {
    let lines = [
        DemandLine::new(0, 7, 3).score(5).lot(9).priority(1),
        DemandLine::new(1, 7, 2).score(4).lot(8),
    ];
    for (policy, texts) in [
        (
            "first_come:partial:set_aside:quantity+sequence",
            [
                "quantity 3, sequence 0, unit 1",
                "quantity 2, sequence 1, unit 1",
            ],
        ),
        (
            "one_each_per_round:partial:set_aside:score+lot+sequence",
            [
                "unit 1, score 5, lot 9, sequence 0",
                "unit 1, score 4, lot 8, sequence 1",
            ],
        ),
        (
            "draw_the_queue",
            [
                "lot 9, priority 1, sequence 0, unit 1",
                "lot 8, sequence 1, unit 1",
            ],
        ),
        (
            "lot+class+level+place",
            [
                "lot 9, class 1, unit 1, sequence 0",
                "lot 8, class 0, unit 1, sequence 1",
            ],
        ),
    ] {
        let policy: Policy = policy.parse().unwrap();
        let result = allocate(&lines, &[Supply::received(7, 1)], &policy).unwrap();
        let certificate = Certificate::new(&lines, &policy, &result).unwrap();
        let keys = [0, 1].map(|row| certificate.key(row, 1).unwrap().to_string());
        assert_eq!(keys, texts, "{policy}");
        let served = [0, 1].map(|row| certificate.is_within(row, 1).unwrap());
        assert_eq!(served, [result.covered()[0] > 0, result.covered()[1] > 0]);
    }
}

/// What the README tells a customer of the drop.
#[test]
fn the_canonical_drop() {
    let mut lines = Vec::new();
    for (count, quantity) in [(270, 1), (49, 2), (26, 3), (7, 6), (1, 12)] {
        for _ in 0..count {
            lines.push(DemandLine::new(lines.len() as u32, 7, quantity));
        }
    }
    let policy = Policy::sharing(ShortageRule::one_each_per_round());
    let result = allocate(&lines, &[Supply::received(7, 480)], &policy).unwrap();
    let certificate = Certificate::new(&lines, &policy, &result).unwrap();
    let last = certificate.threshold(SkuId(7)).unwrap();
    assert_eq!(
        last.to_string(),
        "SKU 7 was handed out up to unit 5, sequence 346"
    );
    let largest = lines.len() - 1;
    let said = [4, 5].map(|unit| certificate.key(largest, unit).unwrap().to_string());
    assert_eq!(said, ["unit 4, sequence 352", "unit 5, sequence 352"]);
    assert_eq!(result.covered()[largest], 4);
    let within = (1..=12).map(|unit| certificate.is_within(largest, unit).unwrap());
    assert_eq!(
        within.filter(|&within| within).count() as i64,
        result.covered()[largest]
    );
    assert!(certificate.key(largest, 5).unwrap() > last.key);
}

/// A line that can never be served has keys, and none of them is within.
#[test]
fn what_can_never_be_served_is_never_within() {
    let lines = [
        DemandLine::new(0, 7, 1)
            .order(1)
            .completeness(Completeness::Order),
        DemandLine::new(1, 9, 1)
            .order(1)
            .completeness(Completeness::Order),
        DemandLine::new(2, 7, 2),
    ];
    let policy = Policy::first_come();
    for (units, within) in [(0, [false; 2]), (1, [true, false]), (2, [true; 2])] {
        let result = allocate(&lines, &[Supply::received(7, units)], &policy).unwrap();
        let certificate = Certificate::new(&lines, &policy, &result).unwrap();
        let answers = [1, 2].map(|unit| certificate.is_within(2, unit).unwrap());
        assert_eq!(answers, within);
        assert!(!certificate.is_within(0, 1).unwrap() && !certificate.is_within(1, 1).unwrap());
        assert!(certificate.key(0, 1).unwrap() < certificate.key(2, 1).unwrap());
        assert_eq!(certificate.thresholds().len(), usize::from(units == 1));
    }
}

#[test]
fn faults_are_named() {
    let lines = [DemandLine::new(0, 7, 2), DemandLine::new(1, 7, 0)];
    let policy = Policy::first_come();
    let of = |outcomes: &[(i64, i64)]| {
        let outcomes = outcomes
            .iter()
            .map(|&(asks, gets)| Outcome::reported(asks, gets));
        Certificate::new(&lines, &policy, &Allocation::reported(outcomes, None))
    };
    let certificate = of(&[(2, 1), (0, 0)]).unwrap();
    for (row, unit, text) in [
        (2, 1, "there is no line row 2: the call has 2"),
        (
            usize::MAX,
            1,
            "there is no line row 18446744073709551615: the call has 2",
        ),
        (0, 0, "lines row 0, unit: 0 is outside 1..=2"),
        (0, 3, "lines row 0, unit: 3 is outside 1..=2"),
        (
            0,
            i64::MIN,
            "lines row 0, unit: -9223372036854775808 is outside 1..=2",
        ),
        (1, 1, "lines row 1, unit: 1 is outside 1..=0"),
    ] {
        assert_eq!(certificate.key(row, unit).unwrap_err().to_string(), text);
        assert_eq!(
            certificate.is_within(row, unit).unwrap_err().to_string(),
            text
        );
    }
    let fault = |outcomes: &[(i64, i64)]| of(outcomes).unwrap_err().to_string();
    assert_eq!(fault(&[(2, 1)]), "outcomes, covered: 1 values for 2 rows");
    assert_eq!(
        fault(&[(2, 3), (0, 0)]),
        "outcomes row 0, covered: 3 is outside 0..=2"
    );
    assert_eq!(
        fault(&[(2, 2), (0, -1)]),
        "outcomes row 1, covered: -1 is outside 0..=0"
    );
    let twins = [lines[0], lines[0]];
    let reported = Allocation::reported([Outcome::reported(2, 1); 2], None);
    let fault = Certificate::new(&twins, &policy, &reported).unwrap_err();
    assert_eq!((fault.code(), fault.row()), ("duplicate_id", Some(1)));
}

#[cfg(feature = "serde")]
#[test]
fn a_threshold_goes_through_json() {
    let lines = [DemandLine::new(0, 7, i64::MAX), DemandLine::new(1, 7, 5)];
    let policy = Policy::sharing(ShortageRule::same_percentage());
    let result = allocate(&lines, &[Supply::received(7, i64::MAX)], &policy).unwrap();
    let certificate = Certificate::new(&lines, &policy, &result).unwrap();
    let last = &certificate.thresholds()[0];
    let text = serde_json::to_string(last).unwrap();
    let again: allocator_core::Threshold = serde_json::from_str(&text).unwrap();
    assert_eq!((&again, again.to_string()), (last, last.to_string()));
    for bad in [
        "[1,0]",
        "[1,-1]",
        "[36893488147419103233,1]",
        "[1,9223372036854775808]",
    ] {
        assert!(
            serde_json::from_str::<allocator_core::Fraction>(bad).is_err(),
            "{bad}"
        );
    }
}
