//! What is told before a draw is what the draw does: the mean over every order of the lots, through
//! `allocate` itself, equals the fractions.
#![cfg(feature = "lottery")]

use allocator_core::{
    Chances, Completeness, DemandColumns, DemandLine, DrawRequired, DrawnLines, Error, Figure,
    Policy, Ratio, Supply, allocate, chances,
};

/// Lines of one SKU with a label each.
#[derive(Clone, Debug, Default)]
struct Case {
    units: Vec<i64>,
    labels: Vec<u8>,
    customers: Vec<u32>,
    classes: Vec<i64>,
    weights: Vec<i64>,
    supply: i64,
}

impl Case {
    fn of(units: &[i64], supply: i64) -> Self {
        let rows = units.len();
        Self {
            units: units.to_vec(),
            labels: (0..rows as u8).collect(),
            customers: (0..rows as u32).collect(),
            classes: vec![0; rows],
            weights: vec![1; rows],
            supply,
        }
    }

    fn lines(&self) -> Vec<DemandLine> {
        let row = |row: usize| {
            DemandLine::new(row as u32, 1, self.units[row])
                .customer(self.customers[row])
                .priority(self.classes[row])
                .weight(self.weights[row])
        };
        (0..self.units.len()).map(row).collect()
    }

    fn told(&self, policy: &Policy) -> Result<Vec<Chances>, Error> {
        let labels: Vec<String> = self
            .labels
            .iter()
            .map(|label| format!("l{label}"))
            .collect();
        let required = DrawRequired::new(policy, &labels, &self.units)?.expect("it reads lots");
        chances(
            &required,
            &self.lines(),
            &[Supply::received(1, self.supply)],
        )
    }

    /// Per line over all draws: how often full, how often empty, how many units in all; and the draws.
    fn counted(&self, policy: &Policy) -> (Vec<[u128; 3]>, u128) {
        let draws_units = policy.to_string().contains("unit");
        let lots = match draws_units {
            true => self.units.iter().sum::<i64>() as usize,
            false => self
                .labels
                .iter()
                .max()
                .map_or(0, |most| *most as usize + 1),
        };
        let mut counts = vec![[0; 3]; self.units.len()];
        let mut draws = 0;
        let mut order: Vec<i64> = (0..lots as i64).collect();
        each_order(&mut order, 0, &mut |lots| {
            let mut lines = self.lines();
            let mut unit_lots = None;
            if draws_units {
                unit_lots = Some(lots);
            } else {
                for (line, &label) in lines.iter_mut().zip(&self.labels) {
                    line.lot = lots[label as usize];
                }
            }
            let drawn = DrawnLines {
                lines: &lines,
                unit_lots,
            };
            let result = allocate(&drawn, &[Supply::received(1, self.supply)], policy).unwrap();
            for ((count, &got), &asked) in
                counts.iter_mut().zip(result.allocated()).zip(&self.units)
            {
                count[0] += u128::from(got == asked);
                count[1] += u128::from(got == 0);
                count[2] += got as u128;
            }
            draws += 1;
        });
        (counts, draws)
    }

    fn check(&self, policy: &Policy) {
        let told = self
            .told(policy)
            .unwrap_or_else(|error| panic!("{self:?} {policy}: {error}"));
        let (counted, draws) = self.counted(policy);
        for (row, (told, counted)) in told.iter().zip(counted).enumerate() {
            let counted = counted.map(|count| exactly(count, draws));
            let told = [told.full, told.nothing, told.expected];
            assert_eq!(told, counted, "{policy}, row {row} of {self:?}");
        }
    }
}

fn each_order(lots: &mut [i64], fixed: usize, visit: &mut dyn FnMut(&[i64])) {
    if fixed == lots.len() {
        return visit(lots);
    }
    for next in fixed..lots.len() {
        lots.swap(fixed, next);
        each_order(lots, fixed + 1, visit);
        lots.swap(fixed, next);
    }
}

/// Claims of at most so many lines, in no particular order, a few of each shape.
const CLAIMS: [&[i64]; 12] = [
    &[1],
    &[3, 3],
    &[2, 5],
    &[1, 1, 1],
    &[2, 1, 4],
    &[3, 0, 1, 2],
    &[2, 2, 2, 2],
    &[9, 1, 1, 1],
    &[5, 4, 3, 2],
    &[1, 2, 1, 2, 3],
    &[1, 1, 1, 1, 7],
    &[1, 2, 2, 3, 1, 1],
];

/// Rules that draw lines, with and without classes in front.
const DRAWN: [&str; 17] = [
    "draw_the_queue",
    "lot+level+place",
    "level+lot+place",
    "remainder+lot+place",
    "webster+lot+place",
    "adams+lot+place",
    "jefferson+lot+place",
    "weight+lot+place",
    "protect(1)+lot+place",
    "protect(2)+level+lot+place",
    "classes_first(draw_the_queue)",
    "class+level+lot+place",
    "protect(1)+class+lot+place",
    "level+class+lot+place",
    "first_come:partial:set_aside:lot",
    "first_come:partial:set_aside:quantity+lot+sequence",
    "one_each_per_round:partial:set_aside:priority+lot+placed_at+sequence",
];

#[test]
fn the_mean_over_every_order_of_the_lots_is_what_was_told() {
    let mut cases = 0;
    for rule in DRAWN {
        let policy: Policy = rule.parse().unwrap();
        for claims in CLAIMS {
            let demand: i64 = claims.iter().sum();
            let every = if claims.len() > 4 { 4 } else { 1 };
            for supply in (0..=demand + 1).step_by(every) {
                let mut case = Case::of(claims, supply);
                if rule.contains("class") || rule.contains("priority") {
                    case.classes = (0..claims.len() as i64).map(|row| row % 2).collect();
                }
                case.weights = (0..claims.len() as i64).map(|row| 1 + row % 3).collect();
                case.check(&policy);
                cases += 1;
            }
        }
    }
    assert!(cases > 1000, "only {cases}");
}

#[test]
fn rows_of_one_label_are_drawn_together() {
    let policy: Policy = "draw_the_queue".parse().unwrap();
    let mut reversed = Case::of(&[3, 1, 2, 1, 2], 0);
    reversed.labels = vec![0, 1, 0, 2, 1];
    let mut classes = reversed.clone();
    classes.classes = vec![1, 0, 0, 0, 0];
    for supply in 0..=9 {
        for case in [&reversed, &classes] {
            let case = Case {
                supply,
                ..case.clone()
            };
            case.check(&policy);
            // A class behind the lot orders the rows of a label, too.
            case.check(&"lot+class+place".parse().unwrap());
        }
    }
    // A customer's lines of one label share his rounds.
    let mut rounds = Case::of(&[3, 1, 2, 4], 0);
    (rounds.labels, rounds.customers) = (vec![0, 1, 0, 2], vec![0, 1, 0, 2]);
    for supply in 0..=10 {
        let rounds = Case {
            supply,
            ..rounds.clone()
        };
        rounds.check(&"level+lot+place".parse().unwrap());
        rounds.check(&"webster+lot+place".parse().unwrap());
    }
}

#[test]
fn each_unit_drawn_is_the_hypergeometric_law() {
    let policy: Policy = "draw_each_unit".parse().unwrap();
    let classes: Policy = "classes_first(draw_each_unit)".parse().unwrap();
    let claims: [&[i64]; 6] = [&[1], &[2, 4], &[3, 0, 2], &[1, 2, 3], &[2, 2, 2], &[5, 2]];
    for units in claims {
        for supply in 0..=units.iter().sum::<i64>() + 1 {
            let mut case = Case::of(units, supply);
            case.check(&policy);
            case.classes = (0..units.len() as i64).map(|row| row % 2).collect();
            case.check(&classes);
        }
    }
}

fn exactly(numerator: u128, denominator: u128) -> Figure {
    Figure::Exact(Ratio::new(numerator, denominator).expect("a denominator"))
}

/// A drop of 500 of which 480 arrive, and one a hundred times as large.
#[test]
fn large_draws_are_told_and_their_means_add_up() {
    let policy: Policy = "draw_the_queue".parse().unwrap();
    let sizes = [1, 1, 1, 2, 1, 3, 1, 1, 6, 1, 12, 1];
    for (lines, short) in [(250, 20), (25_000, 20)] {
        let units: Vec<i64> = (0..lines).map(|row| sizes[row % sizes.len()]).collect();
        let demand: i64 = units.iter().sum();
        for supply in [short, demand - short] {
            let told = labelled(&units, supply).told(&policy).unwrap();
            // The mean of a line is exact or enclosed, and all of them come to what there is.
            let (mut low, mut high) = (0_u128, 0_u128);
            for chances in &told {
                let (below, above) = bounds(chances.expected);
                (low, high) = (low + below, high + above);
            }
            let supply = supply as u128 * 1_000_000;
            assert!((low..=high).contains(&supply), "{low} {supply} {high}");
            assert!(high - low <= 2 * units.len() as u128, "not loose");
        }
    }
}

/// A case in which lines are too many for labels of one byte: `told` only.
fn labelled(units: &[i64], supply: i64) -> Wide<'_> {
    Wide { units, supply }
}

struct Wide<'a> {
    units: &'a [i64],
    supply: i64,
}

impl Wide<'_> {
    fn told(&self, policy: &Policy) -> Result<Vec<Chances>, Error> {
        let labels: Vec<String> = (0..self.units.len())
            .map(|row| format!("order-{row}"))
            .collect();
        let required = DrawRequired::new(policy, &labels, self.units)?.unwrap();
        let sku = vec![1; self.units.len()];
        let lines = DemandColumns {
            sku: &sku,
            quantity: self.units,
            ..DemandColumns::default()
        };
        chances(&required, &lines, &[Supply::received(1, self.supply)])
    }
}

fn bounds(figure: Figure) -> (u128, u128) {
    match figure {
        Figure::Exact(ratio) => {
            let (numerator, denominator) = (ratio.numerator(), ratio.denominator());
            let millionths = numerator.checked_mul(1_000_000);
            match millionths {
                Some(it) => (it / denominator, it.div_ceil(denominator)),
                None => {
                    let (whole, rest) = (numerator / denominator, numerator % denominator);
                    let part = rest / (denominator / 1_000_000);
                    (
                        whole * 1_000_000 + part.saturating_sub(1),
                        whole * 1_000_000 + part + 1,
                    )
                }
            }
        }
        Figure::Between { low_ppm, high_ppm } => {
            assert!(high_ppm - low_ppm <= 1, "the narrowest there is");
            (low_ppm.into(), high_ppm.into())
        }
    }
}

#[test]
fn claims_of_one_size_are_told_at_any_number() {
    let ones = vec![1; 100_000];
    for rule in ["draw_the_queue", "draw_each_unit"] {
        let told = labelled(&ones, 30_000)
            .told(&rule.parse().unwrap())
            .unwrap();
        assert!(
            told.iter()
                .all(|it| (it.full, it.nothing) == (exactly(3, 10), exactly(7, 10)))
        );
    }
    let huge = [i64::MAX / 3; 3];
    let told = labelled(&huge, i64::MAX / 2)
        .told(&"draw_the_queue".parse().unwrap())
        .unwrap();
    assert_eq!(told[0].full, exactly(1, 3));
    assert_eq!(told[0].nothing, exactly(1, 3));
}

#[test]
fn large_unit_draws_are_enclosed() {
    let policy: Policy = "draw_each_unit".parse().unwrap();
    let told = labelled(&[400, 600, 9_000], 5_000).told(&policy).unwrap();
    assert_eq!(told[0].expected, exactly(200, 1));
    assert_eq!(
        told[0].full,
        Figure::Between {
            low_ppm: 0,
            high_ppm: 1
        }
    );
    // 9000 of 10000, 9990 drawn: the 10 that are not lie all among the other 1000, or do not.
    let told = labelled(&[400, 600, 9_000], 9_990).told(&policy).unwrap();
    assert!(matches!(told[2].full, Figure::Exact(_)));
    assert_eq!(told[2].nothing, exactly(0, 1));
}

#[test]
fn what_cannot_be_told_is_refused_by_name() {
    let of = |case: &Case, policy: &str| case.told(&policy.parse().unwrap()).unwrap_err();
    let case = Case::of(&[2, 1], 2);
    assert_eq!(of(&case, "draw_the_queue:line").code(), "no_chances");
    assert_eq!(
        of(&case, "first_come:partial:set_aside:sequence+lot").code(),
        "no_chances"
    );

    // Two labels of one customer: their lots decide which of his lines comes first.
    let mut two_labels = Case::of(&[2, 1, 1], 2);
    two_labels.customers = vec![0, 0, 1];
    assert_eq!(of(&two_labels, "level+lot+place").code(), "no_chances");
    assert!(two_labels.told(&"draw_the_queue".parse().unwrap()).is_ok());
    // One label of two customers, between whom the rule deals rounds.
    let mut shared = Case::of(&[2, 2, 1], 2);
    shared.labels = vec![0, 0, 1];
    assert_eq!(of(&shared, "lot+level+place").code(), "no_chances");

    let own_terms = [DemandLine::new(1, 1, 2).completeness(Completeness::Order)];
    let required = DrawRequired::new(&"draw_the_queue".parse().unwrap(), &["a"], &[]);
    let required = required.unwrap().unwrap();
    let error = chances(&required, &own_terms, &[]).unwrap_err();
    assert_eq!(error.code(), "no_chances");
    // Not the lines of the list; and faults of lines and supply are found as ever.
    let two = [DemandLine::new(1, 1, 2), DemandLine::new(2, 1, 2)];
    assert_eq!(
        chances(&required, &two, &[]).unwrap_err().code(),
        "length_mismatch"
    );
    let bad = [DemandLine::new(1, 1, -2)];
    assert_eq!(
        chances(&required, &bad, &[]).unwrap_err().code(),
        "out_of_range"
    );
    let columns = DemandColumns {
        sku: &[1],
        quantity: &[],
        ..DemandColumns::default()
    };
    assert_eq!(
        chances(&required, &columns, &[]).unwrap_err().code(),
        "length_mismatch"
    );
    let units = DrawRequired::new(&"draw_each_unit".parse().unwrap(), &["a"], &[3]);
    let error = chances(&units.unwrap().unwrap(), &[DemandLine::new(1, 1, 2)], &[]).unwrap_err();
    assert_eq!(error, Error::OtherDraw { what: "units" });
}

#[test]
fn what_takes_too_long_is_refused_before_it_starts() {
    let units: Vec<i64> = (0..4000).map(|row| 1 + row % 7).collect();
    let error = labelled(&units, 8_000)
        .told(&"draw_the_queue".parse().unwrap())
        .unwrap_err();
    assert!(matches!(error, Error::TooManySteps { steps, .. } if steps > 1_000_000_000));
    assert!(
        error
            .to_string()
            .starts_with("lines row 0, chances: those of its SKU take"),
        "{error}"
    );
}

#[test]
fn lines_without_supply_expect_nothing_and_lines_of_none_everything() {
    let policy: Policy = "draw_the_queue".parse().unwrap();
    let lines = [
        DemandLine::new(1, 1, 2),
        DemandLine::new(2, 9, 2),
        DemandLine::new(3, 1, 0),
    ];
    let required = DrawRequired::new(&policy, &["a", "b", "c"], &[])
        .unwrap()
        .unwrap();
    let told = chances(&required, &lines, &[Supply::received(1, 2)]).unwrap();
    let (zero, one) = (exactly(0, 1), exactly(1, 1));
    assert_eq!(
        (told[0].full, told[0].nothing, told[0].expected),
        (one, zero, exactly(2, 1))
    );
    assert_eq!(
        (told[1].full, told[1].nothing, told[1].expected),
        (zero, one, zero)
    );
    assert_eq!(
        (told[2].full, told[2].nothing, told[2].expected),
        (one, one, zero)
    );
}
