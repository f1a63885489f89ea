//! Whether any rule keeps quota and never lets a reduction hurt others: where one was proved to exist,
//! where it was proved that there is none, and that what is found keeps both.

use allocator_oracle::{Awards, Problem, Rational, Refused, rule_below, rule_within_quota, whole};

/// From what there is, not from how it was searched.
fn assert_keeps_both(rule: &Awards, estate: i64) {
    for (claims, awards) in rule {
        let problem = Problem::of(claims, estate);
        let demand = problem.demand();
        let shared = problem.estate.clone().min(demand.clone());
        assert_eq!(whole(awards.iter().sum::<i64>()), shared, "{claims:?}");
        for (&claim, &award) in claims.iter().zip(awards) {
            let exact: Rational = if demand == whole(0) {
                whole(0)
            } else {
                &shared * whole(claim) / &demand
            };
            let award = whole(award);
            assert!(
                exact.floor() <= award && award <= exact.ceil(),
                "{claims:?} {awards:?}"
            );
        }
        for who in 0..claims.len() {
            for less in 0..claims[who] {
                let mut reduced = claims.clone();
                reduced[who] = less;
                let after = &rule[&reduced];
                let others = (0..claims.len()).filter(|&other| other != who);
                assert!(
                    others
                        .into_iter()
                        .all(|other| after[other] >= awards[other]),
                    "{claims:?} {reduced:?}"
                );
            }
        }
    }
}

#[test]
fn no_rule_from_twelve_units_of_five_customers() {
    assert_eq!(rule_within_quota(&[1, 1, 1, 1, 6], 4), Ok(None));
    assert_eq!(rule_below(&[vec![12; 5]], 12, 4), Ok(None));
    // The same drop with what only stands beside it.
    assert_eq!(rule_within_quota(&[6, 1, 1, 1, 1], 4), Ok(None));
}

#[test]
fn a_rule_for_four_customers_and_for_five_with_fewer_units() {
    for (customers, units) in [(2, 12), (3, 12), (4, 9), (5, 7)] {
        for estate in 0..=units {
            let rule = rule_below(&[vec![units; customers]], units, estate).unwrap();
            let rule = rule.unwrap_or_else(|| panic!("none: {customers} {units} {estate}"));
            assert_eq!(
                rule.len(),
                lists(customers, units),
                "every list of claims has its awards"
            );
            assert_keeps_both(&rule, estate);
        }
    }
    let below =
        |claims: [i64; 5], most, estate| rule_below(&[claims.to_vec()], most, estate).unwrap();
    assert_keeps_both(&below([3, 1, 1, 1, 6], 11, 4).unwrap(), 4);
    assert_keeps_both(&rule_below(&[vec![11; 5]], 11, 4).unwrap().unwrap(), 4);
    assert_keeps_both(&rule_below(&[vec![17; 4]], 17, 5).unwrap().unwrap(), 5);
}

/// How many lists of so many numbers from 0 come to no more than `units`.
fn lists(customers: usize, units: i64) -> usize {
    if customers == 0 {
        return 1;
    }
    (0..=units)
        .map(|first| lists(customers - 1, units - first))
        .sum()
}

#[test]
fn what_is_no_problem_or_too_large_is_refused() {
    assert!(matches!(
        rule_within_quota(&[1, -1], 1),
        Err(Refused::NoProblem(_))
    ));
    assert!(matches!(
        rule_within_quota(&[1], -1),
        Err(Refused::NoProblem(_))
    ));
    assert_eq!(
        rule_within_quota(&[i64::MAX, i64::MAX], 1),
        Err(Refused::TooLarge)
    );
    assert_eq!(
        rule_within_quota(&[1_000_000; 3], 1),
        Err(Refused::TooLarge)
    );
    assert_eq!(rule_within_quota(&[1; 12], 6), Err(Refused::TooLarge));
}
