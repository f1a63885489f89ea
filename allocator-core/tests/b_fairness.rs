//! What each rule promises, by name: kept in every small problem and in the large ones that are drawn,
//! or broken at its smallest witness. `FAIRNESS.md` is written from here.
//!
//! `ALLOCATOR_LONG=1` goes through larger problems of weights and classes.

mod common;
mod fairness;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::sync::{LazyLock, Mutex, PoisonError};

use allocator_core::{
    Allocation, Axiom, Axioms, DrawnLines, Grade, KeyPart, Law, Outcome, ShortageRule, allocate,
    verify,
};
use allocator_model::{covered_by_rank, covered_by_sorting};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use common::worlds::rules;
use fairness::axioms::Judge;
use fairness::expected::{Domain, ROWS};
use fairness::page::page;
use fairness::problem::{Awards, Problem};
use fairness::search::{first_breach, problems};

/// The awards of each row's rule, kept from one axiom's test to the next.
static KNOWN: LazyLock<Vec<Mutex<Awards>>> = LazyLock::new(|| {
    ROWS.iter()
        .map(|row| Mutex::new(Awards::new(row.rule())))
        .collect()
});

/// One test for each axiom: every rule keeps it or breaks it as the table says.
macro_rules! each_axiom {
    ($($name:ident = $axiom:ident,)+) => {
        $(
            #[test]
            fn $name() {
                is_as_expected(Axiom::$axiom);
            }
        )+

        #[test]
        fn every_axiom_has_its_test() {
            assert_eq!(Axiom::ALL, [$(Axiom::$axiom),+]);
            let names = Axiom::ALL.iter().map(|axiom| axiom.name());
            assert_eq!(names.collect::<Vec<_>>(), [$(stringify!($name)),+]);
        }
    };
}

each_axiom! {
    resource_monotone = ResourceMonotone,
    cancel_monotone = CancelMonotone,
    consistency = Consistency,
    null_award_leaves = NullAwardLeaves,
    served_leaves = ServedLeaves,
    composition_up = CompositionUp,
    composition_down = CompositionDown,
    balanced_equals = BalancedEquals,
    seniority_equals = SeniorityEquals,
    no_overtake = NoOvertake,
    order_gains_strict = OrderGainsStrict,
    order_gains_pm1 = OrderGainsPm1,
    order_losses_strict = OrderLossesStrict,
    order_losses_pm1 = OrderLossesPm1,
    lower_quota = LowerQuota,
    upper_quota = UpperQuota,
    nobody_empty = NobodyEmpty,
    claim_monotone = ClaimMonotone,
    others_never_gain_from_my_increase = OthersNeverGain,
    inflation_proof = InflationProof,
    truncation_invariant = TruncationInvariant,
    split_proof = SplitProof,
    merge_proof = MergeProof,
    self_dual_reversed_ties = SelfDual,
}

fn is_as_expected(axiom: Axiom) {
    for step in 0..ROWS.len() {
        // Tests that run side by side begin with different rules.
        let index = (step + usize::from(axiom.number())) % ROWS.len();
        let row = &ROWS[index];
        let mut rule = KNOWN[index].lock().unwrap_or_else(PoisonError::into_inner);
        let problems = problems(row.domain, 4, most_units(row.domain));
        let found = first_breach(axiom, &mut rule, &problems);
        let (name, axiom_name) = (row.name, axiom.name());
        match (row.keeps().contains(axiom), found) {
            (true, None) => {}
            (true, Some(found)) => panic!("{name} breaks {axiom_name}: {found:?}"),
            (false, None) => panic!("{name} keeps {axiom_name} after all"),
            (false, Some(found)) => {
                let witness = row.breach(axiom);
                let witness = witness.unwrap_or_else(|| panic!("{name}, {axiom_name}: {found:?}"));
                let (problem, estate) = (witness.problem(), witness.estate);
                let broken = axiom.broken(&mut rule, &problem, estate);
                assert!(
                    broken.is_some(),
                    "{name}, {axiom_name}: {witness:?} breaks nothing"
                );
                assert_eq!(
                    problem.total(),
                    found.0.total(),
                    "{name}, {axiom_name}: not the smallest, {found:?}"
                );
            }
        }
    }
}

/// Weights and classes multiply the problems, so the quick run looks at smaller ones.
fn most_units(domain: Domain) -> i64 {
    match domain {
        Domain::Claims => 12,
        Domain::Weights => 7 + if is_long() { 2 } else { 0 },
        Domain::Classes => 9 + if is_long() { 3 } else { 0 },
        Domain::Lots => 5 + if is_long() { 1 } else { 0 },
    }
}

fn is_long() -> bool {
    env::var_os("ALLOCATOR_LONG").is_some_and(|value| value != "0")
}

/// The core covers what sorted tickets say, in every problem of at most 4 customers and 12 units (with
/// weights, classes or lots: fewer).
#[test]
fn brute_force_agrees_on_every_small_problem() {
    for (row, known) in ROWS.iter().zip(KNOWN.iter()) {
        let mut rule = known.lock().unwrap_or_else(PoisonError::into_inner);
        for problem in problems(row.domain, 4, most_units(row.domain)) {
            for estate in 0..=problem.total() as i64 + 1 {
                let sorted = if row.domain == Domain::Lots {
                    problem.covered_by_lots(rule.rule, estate)
                } else {
                    covered_by_sorting(&problem.world(rule.rule, &[estate]))
                };
                let awards = rule.of(&problem, estate);
                assert_eq!(
                    awards, sorted,
                    "{}: {problem:?}, {estate} received",
                    row.name
                );
            }
        }
    }
}

/// The auditor agrees to what a rule awards, and refuses every unit that is moved, kept back or given
/// beyond the stock.
#[test]
fn certificate_refuses_every_moved_unit() {
    for (row, known) in ROWS.iter().zip(KNOWN.iter()) {
        let mut rule = known.lock().unwrap_or_else(PoisonError::into_inner);
        for problem in problems(row.domain, 3, most_units(row.domain).min(7)) {
            for estate in 0..=problem.total() as i64 {
                let gets = rule.of(&problem, estate);
                let said = |gets: &[i64]| audit(&problem, rule.rule, estate, gets);
                assert_eq!(said(&gets), Ok(Grade::Ordered), "{}: {problem:?}", row.name);
                for forged in moved_units(&problem, &gets) {
                    let sum: i64 = forged.iter().sum();
                    let law = match sum.cmp(&gets.iter().sum()) {
                        // In a queue every line is owed its own units.
                        Ordering::Less if rule.rule.is_queue() => Law::NoQueueJumping,
                        Ordering::Less => Law::NothingIdle,
                        Ordering::Equal => Law::NoQueueJumping,
                        Ordering::Greater => Law::NeverBeyondReceived,
                    };
                    let name = row.name;
                    assert_eq!(
                        said(&forged),
                        Err(law),
                        "{name}: {problem:?}, {estate}: {forged:?}"
                    );
                }
            }
        }
    }
}

/// Every list of awards that differs by one unit moved, kept back or added, claims permitting.
fn moved_units(problem: &Problem, gets: &[i64]) -> Vec<Vec<i64>> {
    let mut forged = Vec::new();
    let mut with = |changes: &[(usize, i64)]| {
        let mut other = gets.to_vec();
        changes
            .iter()
            .for_each(|&(customer, by)| other[customer] += by);
        let within = |(&award, &claim): (&i64, &i64)| (0..=claim).contains(&award);
        if other.iter().zip(&problem.claims).all(within) {
            forged.push(other);
        }
    };
    for one in 0..problem.len() {
        with(&[(one, 1)]);
        with(&[(one, -1)]);
        for other in (0..problem.len()).filter(|&other| other != one) {
            with(&[(one, -1), (other, 1)]);
        }
    }
    forged
}

fn audit(problem: &Problem, rule: ShortageRule, estate: i64, gets: &[i64]) -> Result<Grade, Law> {
    let world = problem.world(rule, &[estate]);
    let outcomes = problem.claims.iter().zip(gets);
    let outcomes = outcomes.map(|(&claim, &award)| Outcome::reported(claim, award));
    let reported = Allocation::reported(outcomes, None);
    let unit_lots = problem.unit_lots(1);
    let lines = DrawnLines {
        lines: &world.lines,
        unit_lots: Some(&unit_lots),
    };
    verify(&lines, &world.supply, &world.policy, &reported).map_err(|broken| broken.law)
}

/// No tie is involved where Webster leaves quota, Jefferson its upper and Adams its lower end.
#[test]
fn quota_is_left_without_a_tie() {
    type Untied = (&'static str, Axiom, &'static [i64], i64, &'static [i64]);
    let cases: [Untied; 4] = [
        (
            "same_percentage",
            Axiom::UpperQuota,
            &[4, 1, 1, 1, 1],
            2,
            &[2, 0, 0, 0, 0],
        ),
        (
            "same_percentage",
            Axiom::LowerQuota,
            &[4, 1, 1, 1, 1],
            6,
            &[2, 1, 1, 1, 1],
        ),
        (
            "same_percentage_split_proof",
            Axiom::UpperQuota,
            &[4, 1, 1],
            3,
            &[3, 0, 0],
        ),
        (
            "same_percentage_nobody_empty",
            Axiom::LowerQuota,
            &[4, 1, 1],
            3,
            &[1, 1, 1],
        ),
    ];
    for (name, axiom, claims, estate, expected) in cases {
        let mut rule = Awards::new(name.parse().unwrap());
        let problem = Problem::new(claims);
        assert_eq!(rule.of(&problem, estate), expected, "{name}");
        assert!(
            axiom.broken(&mut rule, &problem, estate).is_some(),
            "{name}"
        );
        let reversed = problem.reversed();
        let mut turned = rule.of(&reversed, estate);
        turned.reverse();
        assert_eq!(turned, expected, "{name} reads the place");
    }
}

/// Every axiom that a named rule does not keep has its witness, and no other has one.
#[test]
fn what_is_not_kept_has_a_witness() {
    for row in ROWS {
        let broken: Axioms = row.fails.iter().map(|fails| fails.axiom).collect();
        assert_eq!(broken, Axioms::ALL.without(row.keeps()), "{}", row.name);
        assert_eq!(broken.iter().count(), row.fails.len(), "{}", row.name);
    }
}

/// What the parts of a rule say that it keeps, it keeps, however the parts are put together: every rule
/// of up to two classes and protections and a grading, in every problem of at most 3 customers with
/// weights, and with classes; those that draw each unit with lots and classes.
#[test]
fn whatever_the_parts_promise_is_kept() {
    let units = [(Domain::Weights, 4, 7), (Domain::Classes, 5, 8)];
    let problems: Vec<Problem> = units
        .into_iter()
        .flat_map(|(domain, few, many)| problems(domain, 3, if is_long() { many } else { few }))
        .collect();
    let (drawn, rules) = (problems_of_lots(), compositions());
    let keeps_all = |rule: &ShortageRule| {
        let mut awards = Awards::new(*rule);
        let draws = rule.parts().contains(&KeyPart::UnitLot);
        let problems = if draws { &drawn } else { &problems };
        for axiom in rule.keeps().iter() {
            let broken = first_breach(axiom, &mut awards, problems);
            assert_eq!(broken, None, "{rule} breaks {axiom}");
        }
    };
    // Half of all that is done here, and begun last: one thread would keep the others waiting.
    std::thread::scope(|scope| {
        for first in 0..2 {
            let own = rules.iter().skip(first).step_by(2);
            scope.spawn(move || own.for_each(keeps_all));
        }
    });
}

/// At most 3 customers of two classes with lots for their units.
fn problems_of_lots() -> Vec<Problem> {
    let problems = problems(Domain::Lots, 3, if is_long() { 5 } else { 3 });
    let in_classes = problems.iter().flat_map(Problem::in_classes);
    in_classes.collect()
}

/// Rules of up to two parts of standing and up to one of grading; lots of units behind no protection.
fn compositions() -> Vec<ShortageRule> {
    let standing = [
        KeyPart::Class,
        KeyPart::Protect(1),
        KeyPart::Protect(2),
        KeyPart::Protect(3),
        KeyPart::Lot,
    ];
    let mut fronts = vec![vec![]];
    for one in standing {
        fronts.push(vec![one]);
        // One part twice decides nothing the second time.
        let others = standing.into_iter().filter(|&other| other != one);
        fronts.extend(others.map(|other| vec![one, other]));
    }
    let gradings = [
        None,
        Some(KeyPart::Level),
        Some(KeyPart::Remainder),
        Some(KeyPart::Webster),
        Some(KeyPart::Adams),
        Some(KeyPart::Jefferson),
        Some(KeyPart::Weight),
        Some(KeyPart::UnitLot),
    ];
    let rule = |(front, grading): (&Vec<KeyPart>, Option<KeyPart>)| {
        let mut parts = front.clone();
        parts.extend(grading);
        parts.push(KeyPart::Place);
        ShortageRule::from_parts(&parts).expect("a sound rule")
    };
    let pairs = fronts
        .iter()
        .flat_map(|front| gradings.map(|grading| (front, grading)));
    let protects = |part: &KeyPart| matches!(part, KeyPart::Protect(_));
    pairs
        .filter(|(front, grading)| {
            *grading != Some(KeyPart::UnitLot) || !front.iter().any(protects)
        })
        .map(rule)
        .collect()
}

/// The witnesses of the table are those of the vector file, and the file has no other. Whether
/// nobody is left empty is our own question.
#[test]
fn table_and_vector_file_agree() {
    let words = [
        ("fifo", "first_come"),
        ("round_robin", "one_each_per_round"),
        ("one_each_then_fifo", "protect_first(1)"),
        ("two_each_then_fifo", "protect_first(2)"),
        ("equal_cuts", "equal_cuts"),
        ("webster", "same_percentage"),
        ("adams", "same_percentage_nobody_empty"),
        ("jefferson", "same_percentage_split_proof"),
    ];
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/rationing.json");
    let file = fs::read_to_string(file).expect("the vector file");
    let file: serde_json::Value = serde_json::from_str(&file).expect("JSON");
    let of_file = |word: &str| -> BTreeMap<String, (Vec<i64>, i64)> {
        let all = file["counterexamples"].as_array().expect("a list").iter();
        let own = all.filter(|entry| entry["rule"] == word);
        let pair = |entry: &serde_json::Value| {
            let axiom = entry["axiom"].as_str().expect("a word").to_string();
            let claims = entry["claims"].as_array().expect("claims").iter();
            let claims = claims
                .map(|claim| claim.as_i64().expect("a claim"))
                .collect();
            (
                axiom,
                (claims, entry["estate"].as_i64().expect("an estate")),
            )
        };
        // Remarks like "(no tie involved)" mark second witnesses.
        own.map(pair)
            .filter(|(axiom, _)| !axiom.contains(' '))
            .collect()
    };
    for (word, name) in words {
        let row = ROWS.iter().find(|row| row.name == name).expect("a row");
        let ours = row
            .fails
            .iter()
            .filter(|fails| fails.axiom != Axiom::NobodyEmpty);
        let ours = ours.map(|fails| {
            (
                fails.axiom.name().to_string(),
                (fails.problem().claims, fails.estate),
            )
        });
        assert_eq!(ours.collect::<BTreeMap<_, _>>(), of_file(word), "{word}");
    }
}

/// `FAIRNESS.md` says what the tests found; `UPDATE_FAIRNESS=1` writes it anew.
#[test]
fn fairness_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/FAIRNESS.md");
    let page = page();
    if env::var_os("UPDATE_FAIRNESS").is_some() {
        fs::write(path, &page).expect("FAIRNESS.md can be written");
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == page,
        "FAIRNESS.md is not what the tests say: UPDATE_FAIRNESS=1 writes it"
    );
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

/// Up to 12 customers; claims of every size, an estate near its limits.
fn large_problems(weights: bool, classes: bool) -> impl Strategy<Value = (Problem, i64)> {
    let claims = select(&[1_i64, 1, 1, 2, 3, 5, 10, 1 << 62, (1 << 62) - 1][..]);
    let customer = (claims, 1_i64..=if weights { 3 } else { 1 }, any::<bool>());
    let customers = prop::collection::vec(customer, 1..=12);
    (customers, 0..5, -2_i128..=2).prop_map(move |(customers, near, by)| {
        let claims: Vec<i64> = customers.iter().map(|&(claim, ..)| claim).collect();
        let mut problem = Problem::new(&claims);
        for (index, &(_, weight, second)) in customers.iter().enumerate() {
            problem.weights[index] = weight;
            problem.classes[index] = i64::from(second && classes);
        }
        problem.classes.sort_unstable();
        let total = problem.total();
        let estate = match near {
            0 => by,
            1 => total / 2 + by,
            2 => total / 3 + by,
            3 => total + by,
            _ => total - 20 + by,
        };
        let estate = estate.clamp(0, total.min(i64::MAX.into()));
        (problem, estate as i64)
    })
}

/// Up to 6 customers of two classes who claim up to 6 units, some of which were drawn the same lot.
fn drawn_problems() -> impl Strategy<Value = Problem> {
    let customer = (prop::collection::vec(-3_i64..=9, 1..=6), any::<bool>());
    prop::collection::vec(customer, 1..=6).prop_map(|customers| {
        let claims: Vec<i64> = customers.iter().map(|(own, _)| own.len() as i64).collect();
        let mut problem = Problem::new(&claims);
        problem.classes = customers
            .iter()
            .map(|&(_, second)| i64::from(second))
            .collect();
        problem.classes.sort_unstable();
        problem.with_lots(customers.into_iter().map(|(own, _)| own).collect())
    })
}

proptest! {
    #![proptest_config(config())]

    /// Every rule with a name keeps what it promises in problems of any size.
    #[test]
    fn named_rules_keep_their_axioms_in_large_problems(
        (problem, estate) in large_problems(true, true),
        first in 0..ROWS.len(),
    ) {
        let rows = ROWS.iter().filter(|row| row.domain != Domain::Lots);
        for row in rows.cycle().skip(first).take(4) {
            let mut plain = problem.clone();
            if row.domain != Domain::Weights {
                plain.weights.fill(1);
            }
            if row.domain != Domain::Classes {
                plain.classes.fill(0);
            }
            let mut rule = Awards::new(row.rule());
            for axiom in row.keeps().iter() {
                let broken = axiom.broken(&mut rule, &plain, estate);
                prop_assert_eq!(broken, None, "{}, {}", row.name, axiom.name());
            }
        }
    }

    /// Rules that draw each unit cover the smallest lots and keep what they promise, equal lots or not.
    #[test]
    fn drawn_units_keep_their_axioms_in_larger_problems(
        problem in drawn_problems(),
        rule in select(&[
            "draw_each_unit",
            "classes_first(draw_each_unit)",
            "lot+unit_lot+place",
            "lot+class+unit_lot+place",
            "unit_lot+lot+place",
            "unit_lot+class+place",
        ][..]),
        estate in 0_i64..=30,
    ) {
        let rule: ShortageRule = rule.parse().unwrap();
        let estate = estate.min(problem.total() as i64);
        let mut awards = Awards::new(rule);
        prop_assert_eq!(awards.of(&problem, estate), problem.covered_by_lots(rule, estate));
        for axiom in rule.keeps().iter() {
            let broken = axiom.broken(&mut awards, &problem, estate);
            prop_assert_eq!(broken, None, "{}, {}", rule, axiom.name());
        }
    }

    /// Every rule that can be written keeps what its parts say, and the laws of tickets are among it.
    #[test]
    fn any_rule_keeps_what_its_parts_promise(
        rule in rules(),
        (problem, estate) in large_problems(true, true),
    ) {
        let laws = [
            Axiom::ResourceMonotone,
            Axiom::CancelMonotone,
            Axiom::Consistency,
            Axiom::NullAwardLeaves,
            Axiom::ServedLeaves,
            Axiom::SeniorityEquals,
            Axiom::ClaimMonotone,
            Axiom::OthersNeverGain,
        ];
        prop_assert_eq!(rule.keeps().and(Axioms::of(&laws)), Axioms::of(&laws));
        let mut awards = Awards::new(rule);
        for axiom in rule.keeps().iter() {
            let broken = axiom.broken(&mut awards, &problem, estate);
            prop_assert_eq!(broken, None, "{}, {}", rule, axiom.name());
        }
    }

    /// Claims near 2^62 neither wrap nor change relations: exactly what there is, is covered, by the
    /// tickets with the smallest exact keys.
    #[test]
    fn huge_claims_neither_wrap_nor_change_relations(
        rule in rules(),
        (problem, estate) in large_problems(true, true),
    ) {
        let world = problem.world(rule, &[estate]);
        let result = allocate(&world.lines, &world.supply, &world.policy).unwrap();
        let covered: i128 = result.covered().iter().map(|&units| i128::from(units)).sum();
        prop_assert_eq!(covered, problem.total().min(estate.into()));
        prop_assert_eq!(result.covered(), covered_by_rank(&world));
        let verdict = verify(&world.lines, &world.supply, &world.policy, &result);
        prop_assert_eq!(verdict, Ok(Grade::Ordered));
    }

    /// Equal cuts are one each per round on the missing units, the line turned round.
    #[test]
    fn equal_cuts_are_rounds_of_missing_units((problem, estate) in large_problems(false, false)) {
        let missing = problem.total() - i128::from(estate);
        prop_assume!(missing <= i64::MAX.into());
        let mut cuts = Awards::new(ShortageRule::one_each_per_round())
            .of(&problem.reversed(), missing as i64);
        cuts.reverse();
        let owed: Vec<i64> = problem.claims.iter().zip(&cuts).map(|(claim, cut)| claim - cut).collect();
        prop_assert_eq!(Awards::new(ShortageRule::equal_cuts()).of(&problem, estate), owed);
    }

    /// Rounds and equal cuts stay less than one unit beside equal awards and equal losses in fractions.
    #[test]
    fn rounds_and_cuts_stay_beside_their_exact_twins((problem, estate) in large_problems(false, false)) {
        let gets = Awards::new(ShortageRule::one_each_per_round()).of(&problem, estate);
        for (units, (exact, of)) in gets.iter().zip(equal_awards(&problem.claims, estate.into())) {
            prop_assert!((i128::from(*units) * of - exact).abs() < of, "{gets:?}");
        }
        let missing = problem.total() - i128::from(estate);
        let gets = Awards::new(ShortageRule::equal_cuts()).of(&problem, estate);
        let losses = equal_awards(&problem.claims, missing);
        for ((units, claim), (exact, of)) in gets.iter().zip(&problem.claims).zip(losses) {
            prop_assert!((i128::from(claim - units) * of - exact).abs() < of, "{gets:?}");
        }
    }
}

/// min(claim, level) of every claim as a fraction, with the one level that shares all of the estate.
fn equal_awards(claims: &[i64], estate: i128) -> Vec<(i128, i128)> {
    let mut sorted = claims.to_vec();
    sorted.sort_unstable();
    let (mut left, mut rest) = (estate, sorted.len() as i128);
    for &claim in &sorted {
        if i128::from(claim) * rest > left {
            break;
        }
        left -= i128::from(claim);
        rest -= 1;
    }
    let award = |&claim: &i64| {
        if rest == 0 || i128::from(claim) * rest <= left {
            (claim.into(), 1)
        } else {
            (left, rest)
        }
    };
    claims.iter().map(award).collect()
}
