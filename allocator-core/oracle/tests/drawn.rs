//! Every draw has an exact twin: averaged over all orders of the line, what whole units a rule gives
//! equals what another rule gives in fractions. Chances can so be told before the draw. The lots are a
//! column of the demand, as a shop would hand them in; who ordered first never changes.

use allocator_core::{
    DemandColumns, DemandLine, DrawRequired, Figure, Policy, ShortageRule, Supply, allocate,
    chances,
};
use allocator_oracle::{Problem, Rational, RationalRule, whole};

#[test]
fn the_drawn_queue_is_random_arrival() {
    let draw = Policy::sharing(ShortageRule::draw_the_queue());
    twins(&draw, &RationalRule::RandomArrival);
}

#[test]
fn drawn_rounds_are_equal_awards() {
    let draw: Policy = "level+lot+place".parse().unwrap();
    twins(&draw, &RationalRule::EqualAwards);
}

#[test]
fn drawn_cuts_are_equal_losses() {
    let draw: Policy = "remainder+lot+place".parse().unwrap();
    twins(&draw, &RationalRule::EqualLosses);
}

/// Over all orders of the units, as many as there are lots for them.
#[test]
fn each_unit_drawn_is_proportional() {
    let policy = Policy::sharing(ShortageRule::draw_each_unit());
    let mut problems = 0;
    for claims in falling_claims(4, 6) {
        let demand: i64 = claims.iter().sum();
        for estate in 0..=demand {
            let mut sums = vec![0; claims.len()];
            let mut orders = 0;
            let mut lots: Vec<usize> = (0..demand as usize).collect();
            each_order(&mut lots, 0, &mut |lots| {
                let lots: Vec<i64> = lots.iter().map(|&lot| lot as i64).collect();
                let lines = DemandColumns {
                    sku: &vec![1; claims.len()],
                    quantity: &claims,
                    unit_lots: Some(&lots),
                    ..DemandColumns::default()
                };
                let result = allocate(&lines, &[Supply::received(1, estate)], &policy).unwrap();
                for (sum, units) in sums.iter_mut().zip(result.allocated()) {
                    *sum += units;
                }
                orders += 1;
            });
            let mean: Vec<Rational> = (sums.into_iter())
                .map(|sum| whole(sum) / whole(orders))
                .collect();
            let problem = Problem::of(&claims, estate);
            let told = RationalRule::Proportional.awards(&problem).unwrap();
            assert_eq!(mean, told, "{claims:?}, {estate}");
            problems += 1;
        }
    }
    assert!(problems > 100, "only {problems}");
}

/// Every unit is a line of its own in a queue that is drawn.
#[test]
fn a_lot_for_each_unit_is_proportional() {
    let mut problems = 0;
    for claims in falling_claims(4, 6) {
        let owners: Vec<usize> = (claims.iter().enumerate())
            .flat_map(|(owner, &claim)| std::iter::repeat_n(owner, claim as usize))
            .collect();
        for estate in 0..=owners.len() as i64 {
            let draw = Policy::sharing(ShortageRule::draw_the_queue());
            let units = mean(&vec![1; owners.len()], estate, &draw);
            let mut drawn = vec![whole(0); claims.len()];
            for (&owner, unit) in owners.iter().zip(units) {
                drawn[owner] += unit;
            }
            let problem = Problem::of(&claims, estate);
            let told = RationalRule::Proportional.awards(&problem).unwrap();
            assert_eq!(drawn, told, "{claims:?}, {estate}");
            problems += 1;
        }
    }
    assert!(problems > 100, "only {problems}");
}

/// What is told before a draw is the twin, of more claimants than orders can be listed for.
#[test]
fn expected_units_are_the_twin() {
    let claims = [1, 1, 2, 1, 3, 1, 12, 2, 1, 6, 1, 1];
    for (rule, twin) in [
        ("draw_the_queue", RationalRule::RandomArrival),
        ("draw_each_unit", RationalRule::Proportional),
        ("level+lot+place", RationalRule::EqualAwards),
        ("remainder+lot+place", RationalRule::EqualLosses),
    ] {
        let policy: Policy = rule.parse().unwrap();
        let labels: Vec<String> = (0..claims.len()).map(|row| format!("l{row}")).collect();
        let required = DrawRequired::new(&policy, &labels, &claims)
            .unwrap()
            .unwrap();
        for estate in 0..=claims.iter().sum::<i64>() + 1 {
            let lines = DemandColumns {
                sku: &[1; 12],
                quantity: &claims,
                ..DemandColumns::default()
            };
            let told = chances(&required, &lines, &[Supply::received(1, estate)]).unwrap();
            let told: Vec<Rational> = (told.iter())
                .map(|chances| match chances.expected {
                    Figure::Exact(told) => whole(told.numerator()) / whole(told.denominator()),
                    other => panic!("{other:?}"),
                })
                .collect();
            let twin = twin.awards(&Problem::of(&claims, estate)).unwrap();
            assert_eq!(told, twin, "{rule}, {estate}");
        }
    }
}

/// No single order is the twin, so the comparison can fail.
#[test]
fn one_order_is_no_draw() {
    let queue = Policy::sharing(ShortageRule::draw_the_queue());
    assert_eq!(award(&[2, 2], 3, &[0, 1], &queue), [2, 1]);
    assert_eq!(award(&[2, 2], 3, &[1, 0], &queue), [1, 2]);
    let told = RationalRule::RandomArrival.awards(&Problem::of(&[2, 2], 3));
    assert_eq!(told.unwrap(), [whole(3) / whole(2), whole(3) / whole(2)]);
}

/// Claimants are alike in every order, so claims that fall stand for all others.
fn twins(draw: &Policy, twin: &RationalRule) {
    let small = falling_claims(4, 9);
    let five = falling_claims(5, 7)
        .into_iter()
        .filter(|claims| claims.len() == 5);
    let six = [vec![3, 2, 1, 1, 1, 1], vec![9, 4, 4, 2, 1, 0]];
    let mut problems = 0;
    for claims in small.into_iter().chain(five).chain(six) {
        let demand: i64 = claims.iter().sum();
        let every = if claims.len() == 6 { 4 } else { 1 };
        for estate in (0..=demand + 1).step_by(every) {
            let told = twin.awards(&Problem::of(&claims, estate)).unwrap();
            assert_eq!(mean(&claims, estate, draw), told, "{claims:?}, {estate}");
            problems += 1;
        }
    }
    assert!(problems > 500, "only {problems}");
}

/// Falling claims of at most so many claimants with at most so many units in all.
fn falling_claims(claimants: usize, units: i64) -> Vec<Vec<i64>> {
    let mut all = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..claimants {
        let longer = longest.iter().flat_map(|claims: &Vec<i64>| {
            let left = units - claims.iter().sum::<i64>();
            let most = claims.last().map_or(left, |&last| last.min(left));
            (1..=most).map(|claim| [claims.as_slice(), &[claim]].concat())
        });
        longest = longer.collect();
        all.extend(longest.iter().cloned());
    }
    all
}

/// The mean award over all orders of the lots.
fn mean(claims: &[i64], estate: i64, policy: &Policy) -> Vec<Rational> {
    let mut sums = vec![0; claims.len()];
    let mut orders = 0;
    let mut line: Vec<usize> = (0..claims.len()).collect();
    each_order(&mut line, 0, &mut |line| {
        for (sum, units) in sums.iter_mut().zip(award(claims, estate, line, policy)) {
            *sum += units;
        }
        orders += 1;
    });
    (sums.into_iter())
        .map(|sum| whole(sum) / whole(orders))
        .collect()
}

fn each_order(line: &mut [usize], fixed: usize, visit: &mut dyn FnMut(&[usize])) {
    if fixed == line.len() {
        return visit(line);
    }
    for next in fixed..line.len() {
        line.swap(fixed, next);
        each_order(line, fixed + 1, visit);
        line.swap(fixed, next);
    }
}

/// What everybody gets with lot `lots[claimant]`.
fn award(claims: &[i64], estate: i64, lots: &[usize], policy: &Policy) -> Vec<i64> {
    let lines: Vec<_> = (claims.iter().zip(lots).enumerate())
        .map(|(row, (&claim, &lot))| DemandLine::new(row as u32, 1, claim).lot(lot as i64))
        .collect();
    let allocation = allocate(&lines, &[Supply::received(1, estate)], policy).unwrap();
    allocation.allocated().to_vec()
}
