//! The oracle against itself and against plainer ways to say the same.

use allocator_core::{Completeness, DemandLine, Misfit, Policy, Supply, allocate};
use allocator_oracle::{Axiom, Problem, Rational, RationalRule, Refused, WholeRule, whole};

fn fractions() -> Vec<RationalRule> {
    let theta = "1/3".parse().unwrap();
    vec![
        RationalRule::Proportional,
        RationalRule::EqualAwards,
        RationalRule::EqualLosses,
        RationalRule::WeightedEqualAwards,
        RationalRule::Talmud,
        RationalRule::Tal(theta),
        RationalRule::RandomArrival,
        RationalRule::MinimalOverlap,
        RationalRule::AdjustedProportional,
        RationalRule::Piniles,
        RationalRule::ConstrainedEgalitarian,
        RationalRule::ReverseTalmud,
        RationalRule::MeanOfAwardsAndLosses,
        RationalRule::Classes(Box::new(RationalRule::Talmud)),
    ]
}

fn units() -> Vec<WholeRule> {
    let theta = "2/5".parse().unwrap();
    vec![
        WholeRule::Dean,
        WholeRule::HuntingtonHill,
        WholeRule::Divisor(theta),
        WholeRule::Talmud,
        WholeRule::Piniles,
        WholeRule::Hamilton {
            minimum_of_one: false,
        },
        WholeRule::Quota,
    ]
}

/// Every list of at most so many claims from 0 with at most so many units in all.
fn all_claims(claimants: usize, units: i64) -> Vec<Vec<i64>> {
    let mut all: Vec<Vec<i64>> = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..claimants {
        let longer = longest.iter().flat_map(|claims| {
            let left = units - claims.iter().sum::<i64>();
            (0..=left).map(|claim| [claims.as_slice(), &[claim]].concat())
        });
        longest = longer.collect();
        all.extend(longest.iter().cloned());
    }
    all
}

fn problems(claimants: usize, units: i64) -> impl Iterator<Item = (Vec<i64>, i64)> {
    all_claims(claimants, units).into_iter().flat_map(|claims| {
        let demand: i64 = claims.iter().sum();
        (0..=demand + 1).map(move |estate| (claims.clone(), estate))
    })
}

#[test]
fn nothing_is_left_and_nobody_gets_more_than_he_claims() {
    for (claims, estate) in problems(3, 6) {
        let mut problem = Problem::of(&claims, estate);
        for (index, claimant) in problem.claimants.iter_mut().enumerate() {
            claimant.weight = whole(index as i64 + 1);
            claimant.class = index as i64 % 2;
        }
        let given = whole(estate).min(problem.demand());
        let fair = |awards: &[Rational]| {
            let within =
                |(award, claim): (&Rational, Rational)| *award >= whole(0) && *award <= claim;
            awards.iter().sum::<Rational>() == given
                && awards.iter().zip(problem.claims()).all(within)
        };
        for rule in fractions() {
            let awards = rule.awards(&problem).unwrap();
            assert!(fair(&awards), "{rule:?} {claims:?} {estate}: {awards:?}");
        }
        for rule in units() {
            let awards = rule.awards(&problem).unwrap();
            let awards: Vec<Rational> = awards.into_iter().map(whole).collect();
            assert!(fair(&awards), "{rule:?} {claims:?} {estate}: {awards:?}");
        }
    }
}

#[test]
fn two_claimants_concede_and_divide() {
    for (claims, estate) in problems(2, 9).filter(|(claims, _)| claims.len() == 2) {
        let problem = Problem::of(&claims, estate);
        let garment = RationalRule::ContestedGarment.awards(&problem).unwrap();
        for rule in [
            RationalRule::Talmud,
            RationalRule::RandomArrival,
            RationalRule::MinimalOverlap,
            RationalRule::AdjustedProportional,
        ] {
            assert_eq!(
                rule.awards(&problem).unwrap(),
                garment,
                "{rule:?} {claims:?} {estate}"
            );
        }
    }
}

#[test]
fn the_ends_of_the_tal_family_are_equal_awards_and_equal_losses() {
    for (claims, estate) in problems(3, 7) {
        let problem = Problem::of(&claims, estate);
        for (theta, rule) in [
            (whole(0), RationalRule::EqualLosses),
            (whole(1) / whole(2), RationalRule::Talmud),
            (whole(1), RationalRule::EqualAwards),
        ] {
            let tal = RationalRule::Tal(theta).awards(&problem).unwrap();
            assert_eq!(tal, rule.awards(&problem).unwrap(), "{claims:?} {estate}");
        }
    }
}

/// What the literature says of the rules (Thomson 2003), on all small problems.
#[test]
fn the_rules_keep_what_they_are_known_for() {
    let awards = RationalRule::EqualAwards;
    let losses = RationalRule::EqualLosses;
    let proportional = RationalRule::Proportional;
    let talmud = RationalRule::Talmud;
    let arrival = RationalRule::RandomArrival;
    let adjusted = RationalRule::AdjustedProportional;
    let always = [
        Axiom::ResourceMonotone,
        Axiom::OrderGainsStrict,
        Axiom::OrderLossesStrict,
    ];
    for (rule, kept, violated) in [
        (
            awards,
            vec![
                Axiom::Consistency,
                Axiom::CompositionUp,
                Axiom::CompositionDown,
                Axiom::TruncationInvariant,
                Axiom::MergeProof,
            ],
            vec![Axiom::SplitProof, Axiom::SelfDualReversedTies],
        ),
        (
            losses,
            vec![
                Axiom::Consistency,
                Axiom::CompositionUp,
                Axiom::CompositionDown,
                Axiom::SplitProof,
            ],
            vec![Axiom::MergeProof, Axiom::TruncationInvariant],
        ),
        (
            proportional,
            vec![
                Axiom::Consistency,
                Axiom::CompositionUp,
                Axiom::CompositionDown,
                Axiom::SplitProof,
                Axiom::MergeProof,
                Axiom::SelfDualReversedTies,
            ],
            vec![Axiom::TruncationInvariant],
        ),
        (
            talmud,
            vec![
                Axiom::Consistency,
                Axiom::SelfDualReversedTies,
                Axiom::TruncationInvariant,
            ],
            vec![Axiom::CompositionUp, Axiom::CompositionDown],
        ),
        (
            arrival,
            vec![
                Axiom::SelfDualReversedTies,
                Axiom::TruncationInvariant,
                Axiom::CancelMonotone,
            ],
            vec![Axiom::Consistency],
        ),
        (
            adjusted,
            vec![Axiom::SelfDualReversedTies, Axiom::TruncationInvariant],
            vec![Axiom::Consistency],
        ),
    ] {
        let share = |problem: &Problem| rule.awards(problem);
        let violates = |axiom: Axiom| {
            problems(3, 6).find(|(claims, estate)| {
                axiom
                    .is_violated(&share, &Problem::of(claims, *estate))
                    .unwrap()
            })
        };
        for axiom in kept.into_iter().chain(always) {
            assert_eq!(violates(axiom), None, "{rule:?}: {}", axiom.name());
        }
        for axiom in violated {
            assert!(violates(axiom).is_some(), "{rule:?}: {}", axiom.name());
        }
    }
}

/// Why adjusted proportional is a benchmark only: who leaves can hurt who stays.
#[test]
fn a_cancellation_can_hurt_under_adjusted_proportional() {
    let share = |problem: &Problem| RationalRule::AdjustedProportional.awards(problem);
    let hurts = |(claims, estate): &(Vec<i64>, i64)| {
        let problem = Problem::of(claims, *estate);
        Axiom::CancelMonotone.is_violated(&share, &problem).unwrap()
    };
    assert!(problems(4, 9).any(|problem| hurts(&problem)));
}

#[test]
fn random_arrival_counts_sets_of_arrivals_as_orders_do() {
    for (claims, estate) in problems(4, 6).filter(|(claims, _)| claims.len() == 4) {
        let mut sums = vec![0; 4];
        for order in 0..24 {
            let (mut open, mut left): (Vec<usize>, i64) = ((0..4).collect(), estate);
            for of in (1..=4).rev() {
                let next = open.remove(order / [1, 1, 2, 6][of - 1] % of);
                let got = claims[next].min(left);
                sums[next] += got;
                left -= got;
            }
        }
        let mean: Vec<Rational> = sums.into_iter().map(|sum| whole(sum) / whole(24)).collect();
        let problem = Problem::of(&claims, estate);
        assert_eq!(
            RationalRule::RandomArrival.awards(&problem).unwrap(),
            mean,
            "{claims:?} {estate}"
        );
    }
}

#[test]
fn whole_claims_in_line_are_the_cores_whole_lines() {
    for (claims, estate) in problems(4, 7) {
        let lines: Vec<_> = (0..)
            .zip(&claims)
            .map(|(row, &claim)| DemandLine::new(row, 1, claim))
            .collect();
        for (rule, misfit) in [
            (WholeRule::WholeInLine, Misfit::SetAside),
            (WholeRule::WholeThatFits, Misfit::Pass),
        ] {
            let policy = Policy::first_come()
                .completeness(Completeness::Line)
                .on_misfit(misfit);
            let core = allocate(&lines, &[Supply::received(1, estate)], &policy).unwrap();
            let oracle = rule.awards(&Problem::of(&claims, estate)).unwrap();
            assert_eq!(oracle, core.allocated(), "{claims:?} {estate}");
        }
        let order = "quantity+placed_at+sequence".parse().unwrap();
        let smallest = Policy::first_come()
            .completeness(Completeness::Line)
            .order(order);
        let core = allocate(&lines, &[Supply::received(1, estate)], &smallest).unwrap();
        let oracle = WholeRule::SmallestWholeFirst
            .awards(&Problem::of(&claims, estate))
            .unwrap();
        assert_eq!(oracle, core.allocated(), "{claims:?} {estate}");
    }
}

#[test]
fn what_would_take_too_long_is_refused() {
    let large = Problem::of(&[i64::MAX, i64::MAX], i64::MAX);
    assert_eq!(WholeRule::Dean.awards(&large), Err(Refused::TooLarge));
    assert_eq!(WholeRule::Quota.awards(&large), Err(Refused::TooLarge));
    let many: Vec<i64> = (0..40).map(|i| 1 << i).collect();
    let many = Problem::of(&many, i64::MAX);
    assert_eq!(
        RationalRule::RandomArrival.awards(&many),
        Err(Refused::TooLarge)
    );
    let share = |problem: &Problem| RationalRule::Proportional.awards(problem);
    for axiom in [
        Axiom::SplitProof,
        Axiom::CompositionUp,
        Axiom::InflationProof,
    ] {
        assert_eq!(axiom.is_violated(&share, &large), Err(Refused::TooLarge));
    }
    // Without a search any size will do.
    assert_eq!(Axiom::LowerQuota.is_violated(&share, &large), Ok(false));
    assert_eq!(
        RationalRule::EqualAwards.awards(&large).unwrap()[0],
        whole(i64::MAX) / whole(2)
    );
}

#[test]
fn every_axiom_has_a_name_of_its_own() {
    assert_eq!(Axiom::all().count(), 25);
    for axiom in Axiom::all() {
        assert_eq!(Axiom::named(axiom.name()), Some(axiom));
    }
    assert_eq!(Axiom::named("min_idel"), None);
}
