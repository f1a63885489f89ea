//! A lot for each unit: against all tickets written out and sorted, and worked out by hand.

use allocator_core::limits::MAX_DRAWN_UNITS;
use allocator_core::{
    Allocation, Certificate, Completeness, DemandColumns, DemandLine, DrawnLines, Error, Explainer,
    Grade, KeyPart, Law, Outcome, Policy, Reason, ShortageRule, Supply, allocate, validate, verify,
};

/// SplitMix64: the same seed gives the same case on every run.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut draw = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        draw = (draw ^ (draw >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (draw ^ (draw >> 31)) % sides
    }
}

/// Lines of two SKUs and three customers, with a lot for each unit.
#[derive(Clone, Debug, Default)]
struct Case {
    sku: Vec<u32>,
    quantity: Vec<i64>,
    customer: Vec<u32>,
    priority: Vec<i64>,
    lot: Vec<i64>,
    unit_lots: Vec<i64>,
    stock: [i64; 2],
}

impl Case {
    fn drawn(dice: &mut Dice) -> Self {
        let mut case = Self::default();
        for _ in 0..dice.below(7) {
            case.sku.push(dice.below(2) as u32);
            case.quantity.push(dice.below(5) as i64);
            case.customer.push(dice.below(3) as u32);
            case.priority.push(dice.below(2) as i64);
            case.lot.push(dice.below(3) as i64);
        }
        let units = case.quantity.iter().sum::<i64>();
        let lots = [0, 1, 2, 3, 4, 5, i64::MIN, i64::MAX];
        case.unit_lots = (0..units).map(|_| lots[dice.below(8) as usize]).collect();
        case.stock = [dice.below(9) as i64, dice.below(9) as i64];
        case
    }

    fn columns(&self) -> DemandColumns<'_> {
        DemandColumns {
            sku: &self.sku,
            quantity: &self.quantity,
            customer: Some(&self.customer),
            priority: Some(&self.priority),
            lot: Some(&self.lot),
            unit_lots: Some(&self.unit_lots),
            ..DemandColumns::default()
        }
    }

    fn rows(&self) -> Vec<DemandLine> {
        let line = |row: usize| {
            DemandLine::new(row as u32, self.sku[row], self.quantity[row])
                .customer(self.customer[row])
                .priority(self.priority[row])
                .lot(self.lot[row])
        };
        (0..self.sku.len()).map(line).collect()
    }

    fn supply(&self) -> Vec<Supply> {
        (0_u32..)
            .zip(self.stock)
            .map(|(sku, units)| Supply::received(sku, units))
            .collect()
    }

    fn lots_of(&self, row: usize) -> &[i64] {
        let start: i64 = self.quantity[..row].iter().sum();
        &self.unit_lots[start as usize..(start + self.quantity[row]) as usize]
    }

    /// Row and unit, counted from 1, of every ticket of a SKU: each with its whole key, sorted.
    fn tickets(&self, sku: u32, policy: &Policy) -> Vec<(usize, i64)> {
        let mut tickets = Vec::new();
        for row in (0..self.sku.len()).filter(|&row| self.sku[row] == sku) {
            for (unit, &unit_lot) in (1..).zip(self.lots_of(row)) {
                let key: Vec<i64> = (policy.rule.parts().iter())
                    .map(|part| match *part {
                        KeyPart::Class => self.priority[row],
                        KeyPart::Lot => self.lot[row],
                        KeyPart::UnitLot => unit_lot,
                        KeyPart::Place => 0,
                        other => panic!("{other:?}"),
                    })
                    .collect();
                tickets.push((key, self.place(row, policy), unit, row));
            }
        }
        tickets.sort();
        let ticket = |(_, _, unit, row)| (row, unit);
        tickets.into_iter().map(ticket).collect()
    }

    /// The first tickets are covered.
    fn covered(&self, policy: &Policy) -> Vec<i64> {
        let mut covered = vec![0; self.sku.len()];
        for (sku, &stock) in (0_u32..).zip(&self.stock) {
            for (row, _) in self.tickets(sku, policy).into_iter().take(stock as usize) {
                covered[row] += 1;
            }
        }
        covered
    }

    fn place(&self, row: usize, policy: &Policy) -> Vec<i64> {
        let ties = policy.rule.parts().iter();
        let ties = ties.filter_map(|part| match part {
            KeyPart::Class => Some(self.priority[row]),
            KeyPart::Lot => Some(self.lot[row]),
            _ => None,
        });
        ties.chain([self.priority[row], row as i64]).collect()
    }
}

const RULES: [&str; 6] = [
    "draw_each_unit",
    "classes_first(draw_each_unit)",
    "lot+unit_lot+place",
    "lot+class+unit_lot+lot+place",
    "unit_lot+lot+place",
    "unit_lot+class+lot+place",
];

#[test]
fn the_smallest_tickets_are_covered_and_audited() {
    let (mut short, mut tampered) = (0, 0);
    for seed in 0..4_000 {
        let mut dice = Dice::new(seed);
        let case = Case::drawn(&mut dice);
        let policy: Policy = RULES[seed as usize % RULES.len()].parse().unwrap();
        let supply = case.supply();
        let result = allocate(&case.columns(), &supply, &policy).unwrap();
        let expected = case.covered(&policy);
        assert_eq!(result.covered(), expected, "{seed}: {policy} {case:?}");
        assert_eq!(result.allocated(), expected, "{seed}");
        let rows = case.rows();
        let rows = DrawnLines {
            lines: &rows,
            unit_lots: Some(&case.unit_lots),
        };
        let of_rows = allocate(&rows, &supply, &policy).unwrap();
        assert!(of_rows.outcomes().eq(result.outcomes()), "{seed}");
        let audit = |result: &Allocation| verify(&case.columns(), &supply, &policy, result);
        assert_eq!(
            audit(&result),
            Ok(Grade::Ordered),
            "{seed}: {policy} {case:?}"
        );
        short += usize::from(result.reasons().contains(&Reason::Short));
        // A unit moved inside a SKU is a jump: the sets of smallest tickets are one.
        for (from, to) in pairs(case.sku.len()) {
            let mut moved = expected.clone();
            if case.sku[from] != case.sku[to] || moved[from] == 0 || moved[to] == case.quantity[to]
            {
                continue;
            }
            (moved[from], moved[to]) = (moved[from] - 1, moved[to] + 1);
            let outcomes = case.quantity.iter().zip(&moved);
            let outcomes = outcomes.map(|(&asked, &gets)| Outcome::reported(asked, gets));
            let broken = audit(&Allocation::reported(outcomes, None)).unwrap_err();
            assert_eq!(broken.law, Law::NoQueueJumping, "{seed}: {policy} {case:?}");
            tampered += 1;
        }
    }
    assert!(short > 1_500 && tampered > 3_000, "{short} {tampered}");
}

/// A unit is within exactly where it is drawn, the threshold is the last one that is, and the order of
/// keys is the order of tickets.
#[test]
fn certificate_tells_which_units_are_drawn() {
    let (mut thresholds, mut gaps) = (0, 0);
    for seed in 0..3_000 {
        let mut dice = Dice::new(seed);
        let case = Case::drawn(&mut dice);
        let policy: Policy = RULES[seed as usize % RULES.len()].parse().unwrap();
        let result = allocate(&case.columns(), &case.supply(), &policy).unwrap();
        let certificate = Certificate::new(&case.columns(), &policy, &result).unwrap();
        let mut expected = Vec::new();
        for (sku, &stock) in (0_u32..).zip(&case.stock) {
            let tickets = case.tickets(sku, &policy);
            let key = |&(row, unit): &(usize, i64)| certificate.key(row, unit).unwrap();
            let keys: Vec<_> = tickets.iter().map(key).collect();
            assert!(keys.is_sorted_by(|a, b| a < b), "{seed}: {policy} {case:?}");
            let stock = stock as usize;
            for (index, &(row, unit)) in tickets.iter().enumerate() {
                let within = certificate.is_within(row, unit).unwrap();
                assert_eq!(within, index < stock, "{seed}: {policy} {case:?}");
                gaps += usize::from(within && unit > result.covered()[row]);
            }
            if (1..tickets.len()).contains(&stock) {
                expected.push((sku, tickets[stock - 1], keys[stock - 1].clone()));
            }
        }
        let said = certificate.thresholds().iter();
        let said = said.map(|last| (last.sku.0, (last.row, last.unit), last.key.clone()));
        assert!(said.eq(expected.clone()), "{seed}: {policy} {case:?}");
        thresholds += expected.len();
    }
    assert!(thresholds > 1_500 && gaps > 1_000, "{thresholds} {gaps}");
}

/// Shipments that are handed out as they arrive come to what one shipment gives.
#[test]
fn increments_add_up() {
    let mut shipments = 0;
    for seed in 0..1_000 {
        let mut dice = Dice::new(seed);
        let mut case = Case::drawn(&mut dice);
        let policy: Policy = RULES[seed as usize % RULES.len()].parse().unwrap();
        let mut given = vec![0; case.sku.len()];
        for _ in 0..4 {
            let arrived = [dice.below(4) as i64, dice.below(4) as i64];
            let before = case.covered(&policy);
            case.stock = [case.stock[0] + arrived[0], case.stock[1] + arrived[1]];
            let result = allocate(&case.columns(), &case.supply(), &policy).unwrap();
            let more = result.increment(&before).unwrap();
            for (row, units) in more.iter().enumerate() {
                assert!(*units >= 0, "{seed}: {policy} {case:?}");
                given[row] = before[row] + units;
            }
            assert_eq!(given, case.covered(&policy), "{seed}: {policy} {case:?}");
            shipments += usize::from(more.iter().any(|&units| units > 0));
        }
    }
    assert!(shipments > 1_000, "{shipments}");
}

/// One unit more takes none, and who leaves with his tickets takes none either.
#[test]
fn more_supply_and_cancellations_hurt_nobody() {
    for seed in 0..1_500 {
        let mut dice = Dice::new(seed);
        let case = Case::drawn(&mut dice);
        let policy: Policy = RULES[seed as usize % RULES.len()].parse().unwrap();
        let gets = |case: &Case| {
            let result = allocate(&case.columns(), &case.supply(), &policy).unwrap();
            result.allocated().to_vec()
        };
        let before = gets(&case);
        let mut more = case.clone();
        more.stock = more.stock.map(|units| units + 1);
        assert!(
            gets(&more)
                .iter()
                .zip(&before)
                .all(|(after, before)| after >= before)
        );
        for row in 0..case.sku.len() {
            let mut without = case.clone();
            let start: i64 = case.quantity[..row].iter().sum();
            without
                .unit_lots
                .drain(start as usize..(start + case.quantity[row]) as usize);
            without.quantity[row] = 0;
            let after = gets(&without);
            for other in
                (0..case.sku.len()).filter(|&other| case.customer[other] != case.customer[row])
            {
                assert!(
                    after[other] >= before[other],
                    "{seed}: {policy} {case:?}, {row} leaves"
                );
            }
        }
    }
}

#[test]
fn what_would_have_to_change_is_what_would_have_to_change() {
    let mut helped = 0;
    for seed in 0..600 {
        let mut dice = Dice::new(seed);
        let case = Case::drawn(&mut dice);
        let policy: Policy = RULES[seed as usize % RULES.len()].parse().unwrap();
        let explainer = Explainer::new(&case.columns(), &case.supply(), &policy).unwrap();
        for row in 0..case.sku.len() {
            let why = explainer.explain(row).unwrap();
            let serves = |more: i64| {
                let mut case = case.clone();
                case.stock[case.sku[row] as usize] += more;
                case.covered(&policy)[row] == case.quantity[row]
            };
            let fewest = (0..=40).find(|&more| serves(more));
            let said = why.more_units.first().map_or(0, |more| more.units);
            let expected = if case.quantity[row] == 0 {
                0
            } else {
                fewest.unwrap()
            };
            assert_eq!(said, expected, "{seed}: {policy} {case:?}, {row}");
            helped += usize::from(said > 0);
        }
    }
    assert!(helped > 500, "{helped}");
}

#[test]
fn covered_units_need_not_be_the_first() {
    let lines = DemandColumns {
        sku: &[7, 7],
        quantity: &[3, 1],
        unit_lots: Some(&[9, 8, 1, 5]),
        ..DemandColumns::default()
    };
    let policy = Policy::sharing(ShortageRule::draw_each_unit());
    let gets = |units| {
        let result = allocate(&lines, &[Supply::received(7, units)], &policy).unwrap();
        result.allocated().to_vec()
    };
    assert_eq!([gets(1), gets(2), gets(3)], [[1, 0], [1, 1], [2, 1]]);
    assert!(
        policy
            .sentence()
            .starts_with("every unit was drawn by lot, whoever ordered first")
    );
}

#[test]
fn keys_in_words() {
    let lines = DemandColumns {
        sku: &[7, 7],
        quantity: &[3, 1],
        priority: Some(&[0, 2]),
        unit_lots: Some(&[9, 8, -1, 5]),
        ..DemandColumns::default()
    };
    let of = |policy: &str, units| {
        let policy: Policy = policy.parse().unwrap();
        let result = allocate(&lines, &[Supply::received(7, units)], &policy).unwrap();
        Certificate::new(&lines, &policy, &result).unwrap()
    };
    let drawn = of("draw_each_unit", 2);
    assert_eq!(
        drawn.thresholds()[0].to_string(),
        "SKU 7 was handed out up to unit lot 5, priority 2, sequence 1, unit 1"
    );
    let within = [1, 2, 3].map(|unit| drawn.is_within(0, unit).unwrap());
    assert_eq!(within, [false, false, true]);
    let key = drawn.key(0, 3).unwrap();
    assert_eq!(key.to_string(), "unit lot -1, sequence 0, unit 3");
    let first = of("classes_first(draw_each_unit)", 2);
    let last = &first.thresholds()[0];
    assert_eq!(
        (last.row, last.unit, last.key.to_string().as_str()),
        (0, 2, "class 0, unit lot 8, sequence 0, unit 2")
    );
    assert!(of("draw_each_unit", 4).thresholds().is_empty());
    // Rows carry no lots, so they have no certificate.
    let rows = [DemandLine::new(0, 7, 3), DemandLine::new(1, 7, 1)];
    let policy = Policy::sharing(ShortageRule::draw_each_unit());
    let outcomes = [Outcome::reported(3, 1), Outcome::reported(1, 1)];
    let reported = Allocation::reported(outcomes, None);
    let fault = Certificate::new(&rows, &policy, &reported).unwrap_err();
    assert_eq!(
        fault,
        Error::UnitLots {
            len: None,
            units: 4
        }
    );
}

#[test]
fn units_without_their_lots_are_refused() {
    let policy = Policy::sharing(ShortageRule::draw_each_unit());
    let with = |quantity: &[i64], unit_lots: Option<&[i64]>| {
        let sku = vec![7; quantity.len()];
        let lines = DemandColumns {
            sku: &sku,
            quantity,
            unit_lots,
            ..DemandColumns::default()
        };
        assert!(allocate(&lines, &[], &Policy::first_come()).is_ok() || quantity.contains(&-1));
        validate(&lines, &[], &policy)
    };
    assert_eq!(with(&[2, 1], Some(&[0, 0, 0])), Ok(()));
    assert_eq!(with(&[], Some(&[])), Ok(()));
    let units = |len, units| Err(vec![Error::UnitLots { len, units }]);
    assert_eq!(with(&[2, 1], Some(&[0, 0])), units(Some(2), 3));
    assert_eq!(with(&[2, 1], None), units(None, 3));
    assert_eq!(with(&[], None), units(None, 0));
    let error = Error::UnitLots {
        len: None,
        units: 3,
    };
    assert_eq!(
        (error.code(), error.field(), error.row()),
        ("unit_lots", Some("unit_lots"), None)
    );
    assert_eq!(
        error.to_string(),
        "lines, unit_lots: no lots for 3 units, and the rule draws each unit"
    );
    let codes = |faults: Result<(), Vec<Error>>| -> Vec<(&str, Option<usize>, Option<&str>)> {
        let faults = faults.unwrap_err();
        faults
            .iter()
            .map(|it| (it.code(), it.row(), it.field()))
            .collect()
    };
    assert_eq!(
        codes(with(&[2, -1], None)),
        [("out_of_range", Some(1), Some("quantity"))]
    );
    let much = MAX_DRAWN_UNITS - 1;
    assert_eq!(
        codes(with(&[1, much, 5, 1], None)),
        [("out_of_range", Some(2), Some("quantity"))]
    );
    assert_eq!(
        codes(with(&[1, i64::MAX, i64::MAX], None)),
        [("out_of_range", Some(1), Some("quantity"))]
    );
    // Rows carry no lots.
    let rows = [allocator_core::DemandLine::new(1, 7, 1)];
    assert_eq!(validate(&rows, &[], &policy), units(None, 1));
    let whole = policy.completeness(Completeness::Line);
    let lines = DemandColumns {
        sku: &[7],
        quantity: &[1],
        unit_lots: Some(&[0]),
        ..DemandColumns::default()
    };
    assert_eq!(
        codes(validate(&lines, &[], &whole)),
        [("rule_needs_single_units", Some(0), Some("completeness"))]
    );
}

fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |one| {
        (0..count)
            .map(move |other| (one, other))
            .filter(|(a, b)| a != b)
    })
}
