//! Every figure against big fractions and plain definitions, on claims from one unit to the limit.

use std::collections::BTreeMap;

use allocator_core::{
    CancelTerms, Completeness, DemandLine, Error, Figure, Idle, IdleCause, KeptColumns, Meter,
    Metrics, Misfit, PlaceOrder, Policy, Ratio, SkuId, Supply, compare, plan_cancellations,
};
use allocator_oracle::{Rational, whole};
use proptest::collection::vec;
use proptest::prelude::*;

/// One line and what becomes of it.
#[derive(Clone, Debug)]
struct Case {
    sku: u32,
    order: Option<u32>,
    customer: Option<u32>,
    placed_at: i64,
    claim: i64,
    kept: i64,
    previous: i64,
    refund: i128,
}

fn claims() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 0..=6_i64,
        2 => Just(1),
        1 => 1..=1_000_i64,
        1 => Just(1 << 62),
        1 => Just(i64::MAX),
        2 => (0..=100_i64).prop_map(|below| i64::MAX - below),
        1 => 0..=i64::MAX,
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let who = (
        0..3_u32,
        prop::option::of(0..5_u32),
        prop::option::of(0..6_u32),
        0..4_i64,
    );
    let share = prop_oneof![3 => Just(0), 3 => Just(1), 4 => 2..=3_u8];
    (
        who,
        claims(),
        share,
        any::<u64>(),
        0..=5_i64,
        0..=1_000_i128,
    )
        .prop_map(
            |((sku, order, customer, placed_at), claim, share, part, previous, refund)| {
                let part = i64::try_from((u128::from(part) * u128::try_from(claim).unwrap()) >> 64)
                    .unwrap();
                let kept = match share {
                    0 => 0,
                    1 => claim,
                    2 => claim - claim.min(1),
                    _ => part,
                };
                Case {
                    sku,
                    order,
                    customer,
                    placed_at,
                    claim,
                    kept,
                    previous,
                    refund,
                }
            },
        )
}

fn lines(cases: &[Case]) -> Vec<DemandLine> {
    let line = |(row, case): (usize, &Case)| {
        let mut line = DemandLine::new(row as u32, case.sku, case.claim)
            .placed_at(allocator_core::Timestamp::from_micros(case.placed_at));
        line.order = case.order.map(Into::into);
        line.customer = case.customer.map(Into::into);
        line
    };
    cases.iter().enumerate().map(line).collect()
}

fn measure(cases: &[Case], idle: i128) -> Metrics {
    let column = |of: fn(&Case) -> i64| cases.iter().map(of).collect::<Vec<_>>();
    let (kept, previous) = (column(|case| case.kept), column(|case| case.previous));
    let refund: Vec<i128> = cases.iter().map(|case| case.refund).collect();
    let received = kept.iter().map(|&units| i128::from(units)).sum::<i128>() + idle;
    let meter = Meter::new(&lines(cases), &PlaceOrder::oldest_first()).unwrap();
    let columns = KeptColumns {
        kept: &kept,
        previous: Some(&previous),
        refund: Some(&refund),
        received,
        idle: &[],
    };
    meter.measure(&columns).unwrap()
}

/// Claims and awards by who has the lines, of those who ask for something.
fn parties<K: Ord>(cases: &[Case], who: impl Fn(usize, &Case) -> K) -> Vec<(i128, i128)> {
    let mut sums: BTreeMap<K, (i128, i128)> = BTreeMap::new();
    for (row, case) in cases.iter().enumerate() {
        let sum = sums.entry(who(row, case)).or_default();
        sum.0 += i128::from(case.claim);
        sum.1 += i128::from(case.kept);
    }
    sums.into_values().filter(|&(claim, _)| claim > 0).collect()
}

fn jain(numbers: &[Rational]) -> Rational {
    let sum: Rational = numbers.iter().sum();
    let squares: Rational = numbers.iter().map(|x| x * x).sum();
    if squares == whole(0) {
        return whole(1);
    }
    &sum * &sum / (whole(numbers.len()) * squares)
}

/// Half the mean difference over the mean: another form of the coefficient than the core computes.
fn gini(numbers: &[Rational]) -> Rational {
    let sum: Rational = numbers.iter().sum();
    if sum == whole(0) {
        return whole(0);
    }
    let zero = whole(0);
    let mut apart = whole(0);
    for a in numbers {
        for b in numbers {
            let difference = a - b;
            apart += if difference < zero {
                -difference
            } else {
                difference
            };
        }
    }
    apart / (whole(2 * numbers.len()) * sum)
}

/// The smallest number that all denominators divide.
fn common_denominator(numbers: &[Rational]) -> Rational {
    numbers.iter().fold(whole(1), |common, number| {
        let denominator = Rational::from_integer(number.denom().clone());
        let other = Rational::from_integer((&common / &denominator).numer().clone());
        denominator * other
    })
}

fn big(ratio: Ratio) -> Rational {
    whole(ratio.numerator()) / whole(ratio.denominator())
}

fn fits(number: &Rational) -> bool {
    u128::try_from(number.numer()).is_ok() && u128::try_from(number.denom()).is_ok()
}

/// Whether the figure is the true one; says of which kind it is.
fn judge(figure: Figure, truth: &Rational, numbers: &[Rational]) -> Result<&'static str, String> {
    let told = |what: &str| format!("{what}: {figure} for {truth}");
    if figure.to_string().parse() != Ok(figure) {
        return Err(told("another after its text"));
    }
    let (low, high) = figure.ppm();
    let million = truth * whole(1_000_000);
    if whole(low) > million || whole(high) < million || high > 1_000_000 {
        return Err(told("outside its interval"));
    }
    let digits = figure.rounded();
    let plain = digits.trim_start_matches('~').replace('.', "");
    let rounded: Rational = whole(plain.parse::<u64>().unwrap()) / whole(1000);
    let off = (&rounded - truth) * whole(1_000_000);
    // The lower end of an interval may lie 2 millionths below.
    if off > whole(500) || off < whole(-502) || (!digits.starts_with('~') && rounded != *truth) {
        return Err(told("its three digits are others"));
    }
    match figure {
        Figure::Exact(ratio) if big(ratio) == *truth && high - low <= 1 => Ok("exact"),
        Figure::Exact(_) => Err(told("not exact")),
        Figure::Between { .. } if high - low > 2 => Err(told("wide")),
        Figure::Between { .. } => {
            let common = common_denominator(numbers).numer().bits();
            match (common < 240, fits(truth)) {
                (true, true) => Err(told("128 bits hold it")),
                (true, false) => Ok("between, one denominator"),
                (false, _) => Ok("between, rounded terms"),
            }
        }
    }
}

fn check(cases: &[Case], reach: &mut BTreeMap<String, u64>) -> Result<(), String> {
    let metrics = measure(cases, 7);
    let customers = parties(cases, |row, case| match (case.customer, case.order) {
        (Some(customer), _) => (0, customer),
        (None, Some(order)) => (1, order),
        (None, None) => (2, row as u32),
    });
    let orders = parties(cases, |row, case| match case.order {
        Some(order) => (0, order),
        None => (1, row as u32),
    });
    let units: Vec<Rational> = customers.iter().map(|&(_, kept)| whole(kept)).collect();
    let fill: Vec<Rational> = (customers.iter())
        .map(|&(claim, kept)| whole(kept) / whole(claim))
        .collect();
    let mut see = |what: String| *reach.entry(what).or_default() += 1;
    for (name, figure, truth, numbers) in [
        ("jain of units", metrics.jain_units, jain(&units), &units),
        ("gini of units", metrics.gini_units, gini(&units), &units),
        ("jain of fill", metrics.jain_fill, jain(&fill), &fill),
        ("gini of fill", metrics.gini_fill, gini(&fill), &fill),
    ] {
        let kind = judge(figure, &truth, numbers).map_err(|why| format!("{name} is {why}"))?;
        see(format!("{name} {kind}"));
    }

    let touched =
        |of: &[(i128, i128)]| of.iter().filter(|(claim, kept)| kept < claim).count() as u64;
    let cancelled = |of: &[(i128, i128)]| of.iter().filter(|(_, kept)| *kept == 0).count() as u64;
    let sum = |of: fn(&Case) -> i128| cases.iter().map(of).sum::<i128>();
    let count = |of: fn(&Case) -> bool| cases.iter().filter(|case| of(case)).count() as u64;
    let mut queue: Vec<usize> = (0..cases.len()).collect();
    queue.sort_by_key(|&row| (cases[row].placed_at, row));
    let mut pairs = 0;
    for (place, &earlier) in queue.iter().enumerate() {
        for &later in &queue[place + 1..] {
            let (first, second) = (&cases[earlier], &cases[later]);
            pairs +=
                u64::from(first.sku == second.sku && first.kept < first.claim && second.kept > 0);
        }
    }
    let same = [
        (metrics.units_ordered, sum(|case| case.claim.into())),
        (metrics.units_kept, sum(|case| case.kept.into())),
        (
            metrics.units_cut,
            sum(|case| (case.claim - case.kept).into()),
        ),
        (metrics.customers.into(), customers.len() as i128),
        (metrics.customers_touched.into(), touched(&customers).into()),
        (
            metrics.customers_cancelled.into(),
            cancelled(&customers).into(),
        ),
        (metrics.orders.into(), orders.len() as i128),
        (metrics.orders_touched.into(), touched(&orders).into()),
        (metrics.orders_cancelled.into(), cancelled(&orders).into()),
        (
            metrics.largest_cut,
            customers
                .iter()
                .map(|(claim, kept)| claim - kept)
                .max()
                .unwrap_or(0),
        ),
        (
            metrics.largest_award,
            customers.iter().map(|&(_, kept)| kept).max().unwrap_or(0),
        ),
        (metrics.refund.unwrap(), sum(|case| case.refund)),
        (metrics.overtakes.into(), pairs.into()),
        (metrics.idle, 7),
    ];
    if let Some(index) = same.iter().position(|(told, true_one)| told != true_one) {
        return Err(format!("figure {index}: {:?}", same[index]));
    }
    if metrics.lowest_fill.map(big) != fill.iter().min().cloned() {
        return Err(format!("lowest fill: {:?}", metrics.lowest_fill));
    }
    let moved = metrics.moved.unwrap();
    let expected = (
        (
            count(|case| case.kept < case.previous),
            sum(|case| (case.previous - case.kept).max(0).into()),
        ),
        (
            count(|case| case.kept > case.previous),
            sum(|case| (case.kept - case.previous).max(0).into()),
        ),
    );
    let told = (
        (moved.lines_losing, moved.units_lost),
        (moved.lines_gaining, moved.units_gained),
    );
    if told != expected {
        return Err(format!("moved: {moved:?}"));
    }
    for (what, is_met) in [
        ("nobody", customers.is_empty()),
        (
            "nothing kept",
            !customers.is_empty() && metrics.units_kept == 0,
        ),
        (
            "nothing cut",
            !customers.is_empty() && metrics.units_cut == 0,
        ),
        (
            "a customer with several lines",
            customers.len() < cases.len(),
        ),
        (
            "an order with several customers",
            orders.len() < customers.len(),
        ),
        (
            "more than 64 bits of one customer",
            metrics.largest_award > i128::from(u64::MAX),
        ),
        ("overtakes", pairs > 0),
        (
            "moved both ways",
            moved.lines_losing > 0 && moved.lines_gaining > 0,
        ),
    ] {
        if is_met {
            see(what.into());
        }
    }
    Ok(())
}

#[test]
fn figures_are_those_of_big_fractions() {
    let long = std::env::var_os("ALLOCATOR_LONG").is_some();
    let mut reach = BTreeMap::new();
    let strategy = vec(case(), 0..=12);
    for seed in 0..if long { 100_000 } else { 2_000 } {
        crate::common::seeded::try_seed(&strategy, seed, |cases| check(cases, &mut reach));
    }
    for (what, count) in &reach {
        println!("{count:>8}  {what}");
    }
    for what in [
        "jain of units exact",
        "jain of units between, one denominator",
        "gini of units exact",
        "jain of fill exact",
        "jain of fill between, one denominator",
        "jain of fill between, rounded terms",
        "gini of fill exact",
        "gini of fill between, one denominator",
        "gini of fill between, rounded terms",
        "nobody",
        "nothing kept",
        "nothing cut",
        "a customer with several lines",
        "an order with several customers",
        "more than 64 bits of one customer",
        "overtakes",
        "moved both ways",
    ] {
        assert!(reach.contains_key(what), "never reached: {what}");
    }
}

/// Nearly half of each of 20,000 different claims: no common denominator carries them.
#[test]
fn many_different_parts_stay_enclosed() {
    let count = 20_000_i64;
    let lines: Vec<DemandLine> = (0..count)
        .map(|i| DemandLine::new(i as u32, 7, i64::MAX - i))
        .collect();
    let kept: Vec<i64> = (0..count).map(|i| (1 << 62) - i).collect();
    let meter = Meter::new(&lines, &PlaceOrder::oldest_first()).unwrap();
    let received = kept.iter().map(|&units| i128::from(units)).sum();
    let columns = KeptColumns {
        kept: &kept,
        received,
        ..KeptColumns::default()
    };
    let metrics = meter.measure(&columns).unwrap();
    let equal = |low_ppm, high_ppm| Figure::Between { low_ppm, high_ppm };
    assert_eq!(metrics.jain_fill, equal(999_999, 1_000_000));
    assert_eq!(metrics.gini_fill, equal(0, 1));
    assert_eq!(metrics.jain_units.ppm(), (999_999, 1_000_000));
    assert!(
        matches!(metrics.gini_units, Figure::Exact(_)),
        "{}",
        metrics.gini_units
    );
}

#[test]
fn texts_of_figures() {
    for text in [
        "0",
        "1",
        "1/2",
        "340282366920938463463374607431768211455",
        "0..1 ppm",
        "5..5 ppm",
    ] {
        assert_eq!(text.parse::<Figure>().unwrap().to_string(), text);
    }
    assert_eq!("4/6".parse::<Ratio>().unwrap().to_string(), "2/3");
    for text in [
        "",
        "/",
        "1/",
        "/1",
        "1/0",
        "0/0",
        "-1",
        "+1",
        "1/+2",
        " 1",
        "1/2/3",
        "1.5",
        "x",
        "ppm",
        "1 ppm",
        "2..1 ppm",
        "1..2",
        "-1..2 ppm",
        "1..2  ppm",
        "340282366920938463463374607431768211456",
    ] {
        let refused = text.parse::<Figure>().unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("{text:?} is none of p, p/q, low..high ppm")
        );
    }
    let rounded = |above, below| Ratio::new(above, below).unwrap().rounded();
    assert_eq!(rounded(1, 2000), "~0.001");
    assert_eq!(rounded(999, 2_000_000), "~0.000");
    assert_eq!(rounded(9995, 10_000), "~1.000");
    assert_eq!(rounded(1, 8), "0.125");
    assert_eq!(rounded(u128::MAX, 1), format!("{}.000", u128::MAX));
    assert_eq!(rounded(u128::MAX, u128::MAX - 1), "~1.000");
}

#[test]
fn fractions_compare_as_they_are() {
    let edges = [
        0,
        1,
        2,
        3,
        1 << 62,
        u128::from(u64::MAX),
        1 << 95,
        1 << 127,
        u128::MAX - 1,
        u128::MAX,
    ];
    let mut all = Vec::new();
    for above in edges {
        all.extend(edges.iter().filter_map(|&below| Ratio::new(above, below)));
    }
    assert!(all.len() > 80);
    for &a in &all {
        for &b in &all {
            assert_eq!(a.cmp(&b), big(a).cmp(&big(b)), "{a} {b}");
            assert_eq!(a == b, big(a) == big(b), "{a} {b}");
        }
    }
}

#[test]
fn what_no_plan_can_be_is_refused() {
    let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 1)];
    let meter = Meter::new(&lines, &PlaceOrder::oldest_first()).unwrap();
    let sound = KeptColumns {
        kept: &[1, 1],
        received: 3,
        ..KeptColumns::default()
    };
    let idle = |units| {
        let cause = IdleCause::SetAside;
        Idle {
            sku: SkuId(7),
            cause,
            row: Some(0),
            units,
        }
    };
    assert!(
        meter
            .measure(&KeptColumns {
                idle: &[idle(1)],
                ..sound
            })
            .is_ok()
    );
    for (plan, text) in [
        (
            KeptColumns {
                kept: &[1],
                ..sound
            },
            "outcomes, kept: 1 values for 2 rows",
        ),
        (
            KeptColumns {
                previous: Some(&[]),
                ..sound
            },
            "outcomes, previous: 0 values for 2 rows",
        ),
        (
            KeptColumns {
                refund: Some(&[1, 2, 3]),
                ..sound
            },
            "outcomes, refund: 3 values for 2 rows",
        ),
        (
            KeptColumns {
                kept: &[1, 2],
                ..sound
            },
            "outcomes row 1, kept: 2 is outside 0..=1",
        ),
        (
            KeptColumns {
                kept: &[-1, 0],
                ..sound
            },
            "outcomes row 0, kept: -1 is outside 0..=2",
        ),
        (
            KeptColumns {
                previous: Some(&[0, -1]),
                ..sound
            },
            "outcomes row 1, previous: -1 is outside 0..=9223372036854775807",
        ),
        (
            KeptColumns {
                received: 1,
                ..sound
            },
            "outcomes row 1, kept: 2 is outside 0..=1",
        ),
        (
            KeptColumns {
                idle: &[idle(1), idle(1)],
                ..sound
            },
            "outcomes row 1, idle: 2 is outside 0..=1",
        ),
        (
            KeptColumns {
                idle: &[idle(-1)],
                ..sound
            },
            "outcomes row 0, idle: -1 is outside 0..=9223372036854775807",
        ),
        (
            KeptColumns {
                refund: Some(&[-1, 1]),
                ..sound
            },
            "outcomes row 0, refund: -1 is outside 0..=170141183460469231731687303715884105727",
        ),
        (
            KeptColumns {
                refund: Some(&[1, i128::MAX]),
                ..sound
            },
            "outcomes row 1, refund: 170141183460469231731687303715884105727 is outside 0..=170141183460469231731687303715884105726",
        ),
    ] {
        let error = meter.measure(&plan).unwrap_err();
        assert_eq!(error.to_string(), text);
    }
    let twice = [DemandLine::new(1, 7, 2), DemandLine::new(1, 7, 1)];
    let refused = Meter::new(&twice, &PlaceOrder::oldest_first()).unwrap_err();
    assert!(matches!(refused, Error::DuplicateId { row: 1, .. }));
}

#[test]
fn idle_units_stand_by_cause() {
    let lines = [DemandLine::new(1, 7, 2)];
    let meter = Meter::new(&lines, &PlaceOrder::oldest_first()).unwrap();
    let idle = [
        (IdleCause::NoDemand, 4),
        (IdleCause::SetAside, 1),
        (IdleCause::NoDemand, 5),
    ];
    let idle = idle.map(|(cause, units)| Idle {
        sku: SkuId(9),
        cause,
        row: None,
        units,
    });
    let columns = KeptColumns {
        kept: &[2],
        received: 13,
        idle: &idle,
        ..KeptColumns::default()
    };
    let metrics = meter.measure(&columns).unwrap();
    let told: Vec<_> = metrics
        .idle_by_cause
        .iter()
        .map(|part| (part.cause, part.units))
        .collect();
    assert_eq!(told, [(IdleCause::SetAside, 1), (IdleCause::NoDemand, 9)]);
    assert_eq!(
        (metrics.idle, metrics.refund, metrics.moved),
        (11, None, None)
    );
}

#[cfg(feature = "serde")]
#[test]
fn figures_survive_json() {
    let case = Case {
        sku: 7,
        order: Some(1),
        customer: None,
        placed_at: 0,
        claim: 3,
        kept: 2,
        previous: 1,
        refund: 5,
    };
    let metrics = measure(
        &[
            case.clone(),
            Case {
                order: None,
                kept: 0,
                ..case
            },
        ],
        1,
    );
    let text = serde_json::to_string(&metrics).unwrap();
    assert!(
        text.contains(r#""lowest_fill":"0","jain_units":"1/2","#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Metrics>(&text).unwrap(), metrics);
    assert_eq!(
        serde_json::to_string(&Figure::Between {
            low_ppm: 1,
            high_ppm: 2
        })
        .unwrap(),
        r#""1..2 ppm""#
    );
    for bad in [r#""1/0""#, r#""2..1 ppm""#, "0.5", "1"] {
        assert!(serde_json::from_str::<Figure>(bad).is_err(), "{bad}");
    }
}

/// Lines that agree under the policy they are compared under, and under no other.
#[test]
fn a_comparison_refuses_no_lines_that_its_methods_accept() {
    let mut lines = [1, 2].map(|id| DemandLine::new(id, 7, 2).order(1));
    lines[0].completeness = Some(Completeness::Order);
    lines[0].on_misfit = Some(Misfit::Pass);
    let policy = Policy::first_come()
        .completeness(Completeness::Order)
        .on_misfit(Misfit::Pass);
    let supply = [Supply::received(7, 3)];
    let plan = plan_cancellations(&lines, &supply, policy).unwrap();
    let previous = [2, 0];
    let compared = compare(
        &lines,
        &supply,
        CancelTerms::default(),
        &[policy.into()],
        Some(&previous),
    );
    let compared = compared.unwrap();
    let [row] = compared.rows() else {
        panic!("one row for each method");
    };
    assert_eq!(row.digest, plan.digest());
    assert_eq!(
        (row.metrics.units_cut, row.metrics.orders_cancelled),
        (4, 1)
    );
    assert_eq!(row.metrics.moved.unwrap().units_lost, 2);
}
