//! The auditor of plans: it accepts every plan, and no plan with one unit or one word changed.

use allocator_core::{
    CancelTerms, CancellationPlan, Completeness, CutMethod, CutReason, DemandLine, DrawnLines,
    Grade, Idle, Law, PlannedLine, Policy, ShortageRule, Supply, Violation, plan_cancellations,
    verify_plan,
};
use allocator_model::World;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::common::worlds::{small_worlds, worlds};

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(353_480),
        ..ProptestConfig::default()
    }
}

/// Columns of the terms, cut down to what is valid: price, given, credit, offered, asked.
type Columns = [Vec<i64>; 5];

fn columns() -> impl Strategy<Value = Columns> {
    let units = || {
        vec(
            prop_oneof![3 => Just(0_i64), 2 => 1_i64..=3, 1 => Just(i64::MAX)],
            40,
        )
    };
    (
        vec(1_i64..=5, 40),
        units(),
        units(),
        units(),
        vec(1_i64..=3, 40),
    )
        .prop_map(|(price, given, credit, offered, asked)| [price, given, credit, offered, asked])
}

fn valid(world: &World, mut columns: Columns, whole: bool) -> Columns {
    let mut left = world.received();
    for column in &mut columns {
        column.truncate(world.lines.len());
    }
    let [_, given, credit, offered, _] = &mut columns;
    if whole {
        *given = one_order_given(world, given);
        credit.fill(0);
        offered.fill(0);
        return columns;
    }
    for (row, line) in world.lines.iter().enumerate() {
        let free = left.entry(line.sku.0).or_default();
        given[row] = given[row].min(line.quantity).min(*free);
        *free -= given[row];
        offered[row] = offered[row].min(line.quantity - given[row]);
    }
    columns
}

/// The first order that fits into what was received, where one is drawn; orders are given whole.
fn one_order_given(world: &World, drawn: &[i64]) -> Vec<i64> {
    let rows_of = |row: usize| {
        let order = world.lines[row].order;
        let same = move |&other: &usize| {
            other == row || order.is_some() && world.lines[other].order == order
        };
        (0..world.lines.len()).filter(same)
    };
    let fits = |row: usize| {
        let mut left = world.received();
        rows_of(row).all(|row| {
            let line = &world.lines[row];
            let left = left.entry(line.sku.0).or_default();
            *left = left.saturating_sub(line.quantity);
            *left >= 0
        })
    };
    let mut given = vec![0; world.lines.len()];
    let draws = |row: &usize| drawn[*row] > 0 && world.lines[*row].quantity > 0;
    if let Some(row) = (0..given.len()).filter(draws).find(|&row| fits(row)) {
        rows_of(row).for_each(|row| given[row] = world.lines[row].quantity);
    }
    given
}

fn terms(method: CutMethod, columns: &Columns) -> CancelTerms<'_> {
    let [price, given, credit, offered, asked] = columns;
    CancelTerms::from(method)
        .unit_price(price)
        .given(given)
        .credit(credit)
        .offered(offered, asked)
}

/// Lots that part all lines, places that no line shares, and nothing that ships whole.
fn in_parts(mut world: World) -> World {
    world.policy.completeness = Completeness::Partial;
    for (row, line) in world.lines.iter_mut().enumerate() {
        line.completeness = None;
        line.lot = line.lot.wrapping_mul(64).wrapping_add(row as i64);
    }
    world
}

fn again(
    plan: &CancellationPlan,
    world: &World,
    lines: Vec<PlannedLine>,
    idle: Vec<Idle>,
) -> CancellationPlan {
    CancellationPlan::reported(plan.method(), lines, idle, &world.supply).unwrap()
}

/// Every plan with one figure changed by one, the others as they follow from it where they do.
fn forged(
    plan: &CancellationPlan,
    world: &World,
    columns: &Columns,
) -> Vec<(CancellationPlan, &'static str)> {
    let mut forged = Vec::new();
    let mut change = |row: usize, what, change: &dyn Fn(&mut PlannedLine)| {
        let mut lines = plan.lines().to_vec();
        change(&mut lines[row]);
        if lines[row] != plan.lines()[row] {
            forged.push((again(plan, world, lines, plan.idle().to_vec()), what));
        }
    };
    for (row, line) in plan.lines().iter().enumerate() {
        for by in [-1_i64, 1] {
            change(row, "kept", &|line| line.kept = line.kept.wrapping_add(by));
            change(row, "cut", &|line| line.cut = line.cut.wrapping_add(by));
            change(row, "given", &|line| {
                line.given = line.given.wrapping_add(by)
            });
            change(row, "volunteered", &|line| line.volunteered += by);
            change(row, "compensation", &|line| {
                line.compensation += i128::from(by)
            });
            change(row, "refund", &|line| {
                line.refund = line.refund.map(|units| units + i128::from(by))
            });
            change(row, "quantity", &|line| {
                line.quantity = line.quantity.wrapping_add(by)
            });
            // One unit more or less, with all that follows from it.
            let kept = line.kept.saturating_add(by);
            if (0..=line.quantity).contains(&kept) {
                change(row, "unit", &|line| {
                    set_kept(line, kept, row, columns, world)
                });
            }
        }
        change(row, "refunds", &|line| line.refund = None);
        change(row, "credit", &|line| {
            line.credit_spent = columns[2][row].min(line.kept).saturating_add(1)
        });
        for reason in CutReason::ALL {
            change(row, "reason", &|line| line.reason = *reason);
        }
    }
    for to in 0..plan.len() {
        for from in (0..plan.len()).filter(|&from| from != to) {
            let (lines, taken) = (plan.lines(), &plan.lines()[from]);
            if lines[to].sku == taken.sku && lines[to].cut > 0 && taken.kept > 0 {
                let mut lines = plan.lines().to_vec();
                let (more, less) = (lines[to].kept + 1, lines[from].kept - 1);
                set_kept(&mut lines[to], more, to, columns, world);
                set_kept(&mut lines[from], less, from, columns, world);
                forged.push((
                    again(plan, world, lines, plan.idle().to_vec()),
                    "one unit from another",
                ));
            }
        }
    }
    forged
}

fn set_kept(line: &mut PlannedLine, kept: i64, row: usize, columns: &Columns, world: &World) {
    let is_known = world.supply.iter().any(|row| row.sku == line.sku);
    let [price, _, _, offered, asked] = columns;
    line.kept = kept;
    line.cut = line.quantity - kept;
    line.volunteered = if is_known {
        line.cut.min(offered[row])
    } else {
        0
    };
    line.credit_spent = 0;
    line.refund = Some(i128::from(line.cut) * i128::from(price[row]));
    line.compensation = i128::from(line.volunteered) * i128::from(asked[row]);
    line.reason = match (line.quantity, line.cut) {
        (0, _) => CutReason::NothingAsked,
        (_, 0) => CutReason::Kept,
        _ if !is_known => CutReason::NeverServed,
        (_, cut) if cut == line.volunteered => CutReason::Volunteered,
        _ => CutReason::Shortage,
    };
}

/// The idle units of a plan whose kept units were changed, so that nothing else gives it away.
fn idle_follows(
    world: &World,
    plan: &CancellationPlan,
    forged: &CancellationPlan,
) -> Option<CancellationPlan> {
    let mut idle = Vec::new();
    for (sku, received) in world.received() {
        let kept: i128 = forged
            .lines()
            .iter()
            .filter(|line| line.sku.0 == sku)
            .map(|line| i128::from(line.kept))
            .sum();
        let units = i64::try_from(i128::from(received) - kept)
            .ok()
            .filter(|&units| units >= 0)?;
        let mut entry = plan
            .idle()
            .iter()
            .find(|entry| entry.sku.0 == sku)
            .copied()
            .unwrap_or(Idle {
                sku: sku.into(),
                cause: allocator_core::IdleCause::DoesNotFit,
                row: None,
                units,
            });
        entry.units = units;
        idle.push(entry);
    }
    Some(again(plan, world, forged.lines().to_vec(), idle))
}

fn assert_none_passes(
    world: &World,
    terms: CancelTerms<'_>,
    plan: &CancellationPlan,
    columns: &Columns,
) {
    for (forged, what) in forged(plan, world, columns) {
        let found = verify_plan(&world.lines, &world.supply, terms, &forged);
        assert!(found.is_err(), "{what}: {forged:?} of {plan:?}");
        if matches!(what, "unit" | "one unit from another")
            && let Some(forged) = idle_follows(world, plan, &forged)
        {
            let found = verify_plan(&world.lines, &world.supply, terms, &forged);
            assert!(
                found.is_err(),
                "{what}, idle units follow: {forged:?} of {plan:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_plan_in_parts_is_ordered(world in worlds(), columns in columns(), largest in any::<bool>()) {
        let world = in_parts(world);
        let columns = valid(&world, columns, false);
        let method = if largest { CutMethod::LargestRemainder } else { world.policy.into() };
        let terms = terms(method, &columns);
        // Places that two lines share are an error of the largest remainder, which has an order of its own.
        let Ok(plan) = plan_cancellations(&world.lines, &world.supply, terms) else { return Ok(()) };
        prop_assert_eq!(verify_plan(&world.lines, &world.supply, terms, &plan), Ok(Grade::Ordered));
    }

    #[test]
    fn every_plan_of_whole_lines_is_legal(world in worlds(), columns in columns(), aim in 0_usize..5) {
        let columns = valid(&world, columns, true);
        let aims = ["fewest_customers", "exact", "least_refund", "least_overshoot"];
        let method = aims.get(aim).map(|aim| format!("whole_orders({aim})").parse().unwrap());
        let terms = terms(method.unwrap_or(world.policy.into()), &columns);
        let Ok(plan) = plan_cancellations(&world.lines, &world.supply, terms) else { return Ok(()) };
        let grade = verify_plan(&world.lines, &world.supply, terms, &plan);
        prop_assert!(grade.as_ref().is_ok_and(|grade| *grade >= Grade::Legal), "{:?}", grade);
    }

    #[test]
    fn no_unit_moves_unseen(world in small_worlds(), columns in columns(), largest in any::<bool>()) {
        let world = in_parts(world);
        let columns = valid(&world, columns, false);
        let method = if largest { CutMethod::LargestRemainder } else { world.policy.into() };
        let terms = terms(method, &columns);
        let Ok(plan) = plan_cancellations(&world.lines, &world.supply, terms) else { return Ok(()) };
        assert_none_passes(&world, terms, &plan, &columns);
    }
}

fn refused(violation: Result<Grade, Violation>, law: Law) -> Violation {
    let violation = violation.unwrap_err();
    assert_eq!(violation.law, law, "{violation}");
    violation
}

#[test]
fn each_law_is_told_with_the_grade_reached() {
    let lines: Vec<_> = (0..3)
        .map(|id| DemandLine::new(id, 7, 2).order(id / 2))
        .collect();
    let supply = [Supply::received(7, 4)];
    let plan = |method: &str, kept: [i64; 3], idle: &[Idle]| {
        let method: CutMethod = method.parse().unwrap();
        let lines = (0_u32..)
            .zip(kept)
            .map(|(id, kept)| PlannedLine::reported(id, 7, 2, kept));
        let plan = CancellationPlan::reported(method, lines, idle.to_vec(), &supply).unwrap();
        (method, plan)
    };
    let judged =
        |(method, plan): (CutMethod, CancellationPlan)| verify_plan(&lines, &supply, method, &plan);
    let idle = |units| Idle {
        sku: 7.into(),
        cause: allocator_core::IdleCause::DoesNotFit,
        row: None,
        units,
    };
    assert_eq!(
        judged(plan("first_come", [2, 2, 0], &[])),
        Ok(Grade::Ordered)
    );
    let jumped = refused(
        judged(plan("first_come", [2, 1, 1], &[])),
        Law::NoQueueJumping,
    );
    assert_eq!((jumped.row, jumped.reached), (Some(1), Some(Grade::Legal)));
    let lazy = refused(
        judged(plan("first_come", [2, 1, 0], &[idle(1)])),
        Law::NothingIdle,
    );
    assert_eq!((lazy.row, lazy.reached), (Some(1), Some(Grade::Legal)));
    refused(
        judged(plan("first_come", [2, 1, 0], &[])),
        Law::EveryUnitAccounted,
    );
    refused(
        judged(plan("first_come", [2, 2, 1], &[])),
        Law::NeverBeyondReceived,
    );
    let parts = refused(
        judged(plan("whole_orders(exact)", [2, 1, 1], &[])),
        Law::ShipsWhole,
    );
    assert_eq!((parts.row, parts.reached), (Some(1), Some(Grade::Safe)));
    refused(
        judged(plan("whole_orders(exact)", [2, 0, 2], &[])),
        Law::ShipsWhole,
    );
    assert_eq!(
        judged(plan("whole_orders(exact)", [2, 2, 0], &[])),
        Ok(Grade::Legal)
    );
    assert_eq!(
        judged(plan("first_come:order", [2, 2, 0], &[])),
        Ok(Grade::Legal)
    );
    let shares = |kept| judged(plan("largest_remainder", kept, &[]));
    assert_eq!(shares([2, 1, 1]), Ok(Grade::Ordered));
    refused(shares([1, 2, 1]), Law::NoQueueJumping);
    refused(shares([0, 2, 2]), Law::NoQueueJumping);
    let (_, queue) = plan("first_come", [2, 2, 0], &[]);
    let other = verify_plan(&lines, &supply, ShortageRule::one_each_per_round(), &queue);
    refused(other, Law::EveryUnitAccounted);
    let short = CancelTerms::from(Policy::first_come()).credit(&[1]);
    refused(
        verify_plan(&lines, &supply, short, &queue),
        Law::EveryUnitAccounted,
    );
    let given = CancelTerms::from(Policy::first_come()).given(&[0, 0, 1]);
    refused(
        verify_plan(&lines, &supply, given, &queue),
        Law::EveryUnitAccounted,
    );
}

#[test]
fn drawn_units_are_kept_by_their_lots() {
    let lines = [DemandLine::new(1, 7, 3), DemandLine::new(2, 7, 3)];
    let (drawn, supply) = (
        DrawnLines {
            lines: &lines,
            unit_lots: Some(&[9, 1, 5, 2, 3, 4]),
        },
        [Supply::received(7, 3)],
    );
    for given in [[0, 0], [2, 0], [0, 3]] {
        let terms = CancelTerms::from(ShortageRule::draw_each_unit()).given(&given);
        let plan = plan_cancellations(&drawn, &supply, terms).unwrap();
        assert_eq!(
            verify_plan(&drawn, &supply, terms, &plan),
            Ok(Grade::Ordered)
        );
        let other = DrawnLines {
            lines: &lines,
            unit_lots: Some(&[1, 2, 3, 4, 5, 6]),
        };
        let expected = if given == [0, 3] {
            Ok(Grade::Ordered)
        } else {
            plan_of(&other, &supply, terms, &plan)
        };
        assert_eq!(verify_plan(&other, &supply, terms, &plan), expected);
    }
}

/// Ordered, where the plan under the other lots is the same.
fn plan_of(
    lines: &DrawnLines<'_>,
    supply: &[Supply],
    terms: CancelTerms<'_>,
    plan: &CancellationPlan,
) -> Result<Grade, Violation> {
    let other = plan_cancellations(lines, supply, terms).unwrap();
    assert_ne!(other.kept(), plan.kept());
    Err(verify_plan(lines, supply, terms, plan).unwrap_err())
}
