//! What every plan keeps, each law from its own words.

use std::collections::BTreeMap;

use allocator_core::{
    CancellationPlan, Completeness, CutMethod, CutReason, Error, Grade, MoreUnits, PlaceOrder,
    PlannedLine, ShortageRule, Supply, allocate, compare, verify, verify_plan,
};

use crate::case::{ASKED, CREDIT, Case, GIVEN, OFFERED, PRICE};

/// Without terms a plan is an allocation, also in what it refuses; the auditor agrees with both.
pub(crate) fn agrees_with_an_allocation(case: &Case, planned: &Result<CancellationPlan, Error>) {
    if let Err(error) = planned {
        assert!(!error.to_string().is_empty());
    }
    let CutMethod::Policy(policy) = case.method else {
        return;
    };
    if case.columns.iter().any(Option::is_some) {
        return;
    }
    let lines = case.drawn_lines();
    match (allocate(&lines, &case.supply, &policy), planned) {
        (Ok(allocation), Ok(plan)) => {
            assert_eq!(plan.kept(), allocation.allocated());
            assert_eq!(plan.idle(), allocation.idle());
            let grade = verify(&lines, &case.supply, &policy, &allocation);
            assert_eq!(grade, Ok(Grade::Ordered));
        }
        (Err(one), Err(other)) => assert_eq!(one, *other),
        (Ok(_), Err(Error::DrawRequired)) => {}
        (allocation, plan) => panic!("one of them is refused: {allocation:?} {plan:?}"),
    }
}

pub(crate) fn units_and_money_add_up(case: &Case, plan: &CancellationPlan) {
    let mut left: BTreeMap<_, i128> = BTreeMap::new();
    for row in &case.supply {
        *left.entry(row.sku).or_default() += i128::from(row.quantity);
    }
    let known: Vec<_> = left.keys().copied().collect();
    let received: i128 = left.values().sum();
    let mut sums = [0_i128; 7];
    assert_eq!(plan.len(), case.lines.len());
    for (row, (line, asked)) in plan.lines().iter().zip(&case.lines).enumerate() {
        assert_eq!(
            (line.line, line.sku, line.quantity),
            (asked.line, asked.sku, asked.quantity)
        );
        line_adds_up(case, row, line, known.contains(&line.sku));
        *left.entry(line.sku).or_default() -= i128::from(line.kept);
        let of_line = [
            line.quantity.into(),
            line.kept.into(),
            line.cut.into(),
            line.volunteered.into(),
            line.credit_spent.into(),
            line.refund.unwrap_or(0),
            line.compensation,
        ];
        sums.iter_mut()
            .zip(of_line)
            .for_each(|(sum, of_line)| *sum += of_line);
    }
    assert!(
        left.values().all(|&left| left >= 0),
        "more than was received: {left:?}"
    );
    let mut idle = BTreeMap::new();
    for row in plan.idle() {
        assert!(row.units > 0);
        *idle.entry(row.sku).or_insert(0_i128) += i128::from(row.units);
    }
    left.retain(|_, left| *left > 0);
    assert_eq!(left, idle);
    let totals = plan.totals();
    let refund = case.columns[PRICE].is_some().then_some(sums[5]);
    assert_eq!(
        (
            totals.ordered,
            totals.kept,
            totals.cut,
            totals.volunteered,
            totals.credit_spent
        ),
        (sums[0], sums[1], sums[2], sums[3], sums[4])
    );
    assert_eq!((totals.refund, totals.compensation), (refund, sums[6]));
    assert_eq!(
        (totals.received, totals.idle),
        (received, received - sums[1])
    );
    let count =
        |of: fn(&PlannedLine) -> bool| plan.lines().iter().filter(|line| of(line)).count() as u64;
    assert_eq!(totals.lines_cut, count(|line| line.cut > 0));
    assert_eq!(
        totals.lines_cancelled,
        count(|line| line.cut > 0 && line.kept == 0)
    );
    assert!(
        plan.kept()
            .iter()
            .eq(plan.lines().iter().map(|line| &line.kept))
    );
}

fn line_adds_up(case: &Case, row: usize, line: &PlannedLine, is_known: bool) {
    let [given, credit, offered, asked] =
        [GIVEN, CREDIT, OFFERED, ASKED].map(|column| case.value(column, row));
    assert!(
        line.kept >= 0 && line.cut >= 0 && line.kept.checked_add(line.cut) == Some(line.quantity)
    );
    assert!(line.given == given && line.kept >= given, "{line:?}");
    let volunteered = if line.reason == CutReason::NeverServed {
        0
    } else {
        offered.min(line.cut)
    };
    assert_eq!(line.volunteered, volunteered, "{line:?}");
    assert!(
        (0..=credit.min(line.kept)).contains(&line.credit_spent),
        "{line:?}"
    );
    let money = |price: i64, units: i64| i128::from(price) * i128::from(units);
    let refund = case.columns[PRICE]
        .as_ref()
        .map(|prices| money(prices[row], line.cut));
    assert_eq!(
        (line.refund, line.compensation),
        (refund, money(asked, volunteered)),
        "{line:?}"
    );
    assert_eq!(
        line.reason == CutReason::NothingAsked,
        line.quantity == 0,
        "{line:?}"
    );
    assert_eq!(
        line.reason == CutReason::Kept,
        line.quantity > 0 && line.cut == 0,
        "{line:?}"
    );
    if line.quantity > 0 && !is_known {
        assert_eq!(line.reason, CutReason::NeverServed, "{line:?}");
    }
}

/// Lines and orders that ship whole are kept or cut whole.
pub(crate) fn what_ships_whole_does(case: &Case, plan: &CancellationPlan) {
    let mut orders = BTreeMap::new();
    for (row, (line, asked)) in plan.lines().iter().zip(&case.lines).enumerate() {
        let whole = case.completeness(row);
        if whole == Completeness::Partial || line.quantity == 0 {
            continue;
        }
        assert!(line.kept == 0 || line.cut == 0, "{line:?}");
        if let (Completeness::Order, Some(order)) = (whole, asked.order) {
            let kept = line.cut == 0;
            assert_eq!(*orders.entry(order).or_insert(kept), kept, "{line:?}");
        }
    }
}

/// The auditor accepts it, and orders what ships in parts.
pub(crate) fn the_auditor_agrees(case: &Case, plan: &CancellationPlan) {
    let grade = verify_plan(&case.drawn_lines(), &case.supply, case.terms(), plan);
    let in_parts = (0..case.lines.len()).all(|row| case.completeness(row) == Completeness::Partial);
    let chooses_orders = matches!(case.method, CutMethod::WholeOrders(_));
    let expected = if in_parts && !chooses_orders {
        Grade::Ordered
    } else {
        Grade::Legal
    };
    assert_eq!(grade, Ok(expected));
}

pub(crate) fn everything_is_said(plan: &CancellationPlan) {
    assert!(!plan.to_string().is_empty());
    assert_eq!(plan.cuts().count() as u64, plan.totals().lines_cut);
    for cut in plan.cuts() {
        assert!(!cut.to_string().is_empty() && cut.sentence().is_ok());
    }
    assert!(plan.sentence(plan.len()).is_err() && plan.more_units(plan.len()).is_err());
}

pub(crate) fn rows_may_stand_in_any_order(case: &Case, plan: &CancellationPlan) {
    if case.lines.is_empty() || case.lines.iter().any(|line| line.sequence.is_none()) {
        return;
    }
    let by = case.detail % case.lines.len();
    let rotated = case.rotated(by).plan().expect("the same lines");
    let mut kept = plan.kept().to_vec();
    kept.rotate_left(by);
    assert_eq!(rotated.kept(), kept);
    assert_eq!(rotated.digest(), plan.digest());
    assert_eq!(rotated.totals(), plan.totals());
}

/// Law 10: what an earlier plan kept at less stock stays, and with it the plan is the same.
pub(crate) fn what_was_given_at_less_stock_stays(case: &Case, plan: &CancellationPlan) {
    let ships_whole = |row| case.completeness(row) != Completeness::Partial;
    let is_ticket_rule = matches!(case.method, CutMethod::Policy(_));
    if !is_ticket_rule || case.supply.is_empty() || (0..case.lines.len()).any(ships_whole) {
        return;
    }
    let mut earlier = case.clone();
    let row = case.detail % case.supply.len();
    let less = 1 + i64::try_from(case.detail / case.supply.len()).unwrap_or(0);
    earlier.supply[row].quantity = (earlier.supply[row].quantity - less).max(0);
    let Ok(before) = earlier.plan() else { return };
    let dropped = before
        .kept()
        .iter()
        .zip(plan.kept())
        .any(|(before, after)| before > after);
    assert!(
        !dropped,
        "more stock takes a unit: {:?} {:?}",
        before.kept(),
        plan.kept()
    );
    let mut with_given = case.clone();
    with_given.columns[GIVEN] = Some(before.kept().to_vec());
    if let Some(offered) = &mut with_given.columns[OFFERED] {
        for ((offered, line), given) in offered.iter_mut().zip(&case.lines).zip(before.kept()) {
            *offered = (*offered).min(line.quantity - given);
        }
    }
    let after = with_given.plan().expect("what was kept was received");
    assert_eq!(after.kept(), plan.kept(), "given {:?}", before.kept());
}

/// With as many units more as a plan says, the line keeps everything; with one less it does not.
pub(crate) fn so_many_more_units_are_enough(case: &Case, plan: &CancellationPlan) {
    let rows = case.lines.len().max(1);
    for row in [case.detail % rows, (case.detail / 16) % rows] {
        let Some(line) = plan.lines().get(row) else {
            return;
        };
        let more = plan.more_units(row).expect("a row of the plan");
        assert!(line.cut > 0 || more.is_empty());
        let kept_with = |less: i64| {
            let mut case = case.clone();
            let received = |more: &MoreUnits| Supply::received(more.sku, more.units);
            case.supply.extend(more.iter().map(received));
            if let Some(last) = case.supply.last_mut() {
                last.quantity -= less;
            }
            case.plan().map(|plan| plan.kept()[row])
        };
        if more.is_empty() {
            continue;
        }
        assert_eq!(kept_with(0), Ok(line.quantity), "{line:?} {more:?}");
        assert!(
            kept_with(1).is_ok_and(|kept| kept < line.quantity),
            "{line:?} {more:?}"
        );
    }
}

/// A comparison has the plan's figures under the plan's method, and consistent ones under every other.
pub(crate) fn a_comparison_says_the_same(case: &Case, plan: &CancellationPlan) {
    let methods = [
        case.method,
        ShortageRule::one_each_per_round().into(),
        CutMethod::LargestRemainder,
    ];
    let unread = match case.method {
        CutMethod::LargestRemainder => methods[1],
        _ => CutMethod::LargestRemainder,
    };
    let lines = case.drawn_lines();
    let compared = compare(
        &lines,
        &case.supply,
        // What is compared stands in the list: the method of the terms is not read.
        case.terms().method(unread),
        &methods,
        Some(plan.kept()),
    );
    let other = |&method: &CutMethod| {
        let mut case = case.clone();
        case.method = method;
        case.plan().err()
    };
    let compared = match compared {
        Ok(compared) => compared,
        Err(error) => {
            // Overtakes are counted in one line for all methods, where two may stand at one place.
            if matches!(error, Error::DuplicatePlace { order, .. } if order == PlaceOrder::oldest_first())
            {
                return;
            }
            let refused = methods.iter().find_map(other);
            assert_eq!(Some(error), refused, "the plans are not refused");
            return;
        }
    };
    assert!(!compared.to_string().is_empty());
    let (totals, first) = (plan.totals(), &compared.rows()[0]);
    assert_eq!(first.digest, plan.digest());
    assert_eq!(
        (first.one_off, first.optimality),
        (plan.one_off(), plan.optimality())
    );
    assert_eq!(
        (first.metrics.refund, first.compensation),
        (totals.refund, totals.compensation)
    );
    assert_eq!(
        (first.metrics.units_cut, first.metrics.idle),
        (totals.cut, totals.idle)
    );
    assert_eq!(first.metrics.moved, Some(Default::default()));
    for row in compared.rows() {
        let of = &row.metrics;
        assert_eq!(of.units_kept + of.units_cut, of.units_ordered);
        assert_eq!(of.units_kept + of.idle, totals.received);
        assert!(
            of.customers_cancelled <= of.customers_touched && of.customers_touched <= of.customers
        );
        assert!(of.orders_cancelled <= of.orders_touched && of.orders_touched <= of.orders);
        assert!(of.largest_cut <= of.units_cut && of.largest_award <= of.units_kept);
        assert_eq!(of.largest_cut == 0, of.units_cut == 0);
        let idle: i128 = of.idle_by_cause.iter().map(|row| row.units).sum();
        assert_eq!(idle, of.idle);
    }
}
