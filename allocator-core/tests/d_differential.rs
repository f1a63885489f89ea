//! The core against its naive twin, on random inputs, on every small world, and on bad input.
//!
//! `ALLOCATOR_LONG=1` runs a million cases and says how it gets on. The cases follow from their
//! seeds: a failure names the seed and shows a small input that fails the same way.

mod common;

use std::env;
use std::io::{Write, stderr};
use std::thread;
use std::time::Instant;

use allocator_core::{
    Completeness, DemandColumns, DemandLine, Error, Grade, Law, Misfit, OutcomeColumns, Policy,
    Reason, ShortageRule, Supply, Table, allocate, allocate_into, verify,
};
use allocator_model::{
    Reported, World, broken_laws, covered_by_rank, covered_by_sorting, grade, run,
};
use proptest::collection::vec;

use common::agree::{on_faulty_columns, on_faulty_rows, on_world, same};
use common::faulty::{faulty_columns, faulty_rows};
use common::reach::{Reach, of_faults, of_worlds};
use common::seeded::try_seed;
use common::tamper::{reported, tamperings};
use common::worlds::{small_worlds, worlds};

/// Random cases, of which one in five is bad input.
const CASES: u64 = 2_000;
const LONG: u64 = 1_000_000;

#[test]
fn core_and_model_agree_on_random_worlds() {
    let cases = if is_long() { LONG } else { CASES };
    let reach = in_parallel("random cases", 0..cases, 1, |seeds, reach, done| {
        let good = (worlds(), vec(tamperings(), 2));
        let (rows, columns) = (faulty_rows(), faulty_columns());
        for seed in seeds {
            match seed % 10 {
                0 => try_seed(&rows, seed, |world| on_faulty_rows(world, reach)),
                5 => try_seed(&columns, seed, |(table, world)| {
                    on_faulty_columns(table, world, reach)
                }),
                _ => try_seed(&good, seed, |(world, forgeries)| {
                    on_world(world, forgeries, reach)
                }),
            }
            done(seed);
        }
    });
    reach.report(&[of_worlds(), of_faults()].concat());
}

/// Up to 3 lines of 0 to 2 units with all terms, 0 to 4 units of one SKU.
#[test]
fn core_and_model_agree_on_every_world_of_three_lines() {
    for lines in 0..=3 {
        let worlds = 18_u64.pow(lines) * 5;
        in_parallel("worlds of one SKU", 0..worlds, 1, |worlds, reach, done| {
            for number in worlds {
                let mut digits = Digits(number);
                let supply = vec![Supply::received(7_u32, digits.take(5))];
                let world = World {
                    lines: (0..lines)
                        .map(|id| single(&mut digits, id, 7, 0..=2))
                        .collect(),
                    supply,
                    policy: Policy::first_come(),
                };
                expect_agreement(&world, number, reach);
                done(number);
            }
        });
    }
}

/// An order of one line of each of two SKUs among a line of each, at every place, with 0 to 3 units
/// of each. Every 31st such world, all of them in the long run.
#[test]
fn core_and_model_agree_on_every_world_of_one_order_over_two_skus() {
    let worlds = 24 * 2 * 3 * 3 * 12 * 12 * 4 * 4;
    let step = if is_long() { 1 } else { 31 };
    in_parallel(
        "worlds of two SKUs",
        0..worlds,
        step,
        |worlds, reach, done| {
            for number in worlds {
                let mut digits = Digits(number);
                let places = digits.permutation();
                let misfit = [Misfit::SetAside, Misfit::Pass][digits.take(2) as usize];
                let in_order = |id: u32, sku: u32, quantity: i64| {
                    let line = DemandLine::new(id, sku, quantity).order(1_u32);
                    line.completeness(Completeness::Order).on_misfit(misfit)
                };
                let mut lines = vec![
                    in_order(0, 7, digits.take(3)),
                    in_order(1, 8, digits.take(3)),
                    single(&mut digits, 2, 7, 1..=2),
                    single(&mut digits, 3, 8, 1..=2),
                ];
                for (line, place) in lines.iter_mut().zip(places) {
                    line.sequence = Some(place);
                }
                let supply = [7_u32, 8].map(|sku| Supply::received(sku, digits.take(4)));
                let world = World {
                    lines,
                    supply: supply.to_vec(),
                    policy: Policy::first_come(),
                };
                expect_agreement(&world, number, reach);
                done(number);
            }
        },
    );
}

/// The model's two ways through the tickets, and the queue as one instance of them.
#[test]
fn model_sorts_and_ranks_tickets_alike() {
    for seed in 0..800 {
        try_seed(&small_worlds(), seed, |world| {
            let sorted = covered_by_sorting(world);
            same("covered by rank", covered_by_rank(world), sorted.clone())?;
            same("covered", run(world).covered, sorted)
        });
    }
}

/// The model itself against the plain walk along the queue, which is all there is to say of lines
/// that stand for themselves.
#[test]
fn model_equals_the_plain_walk() {
    for seed in 0..500 {
        try_seed(&worlds(), seed, |world| {
            let mut world = world.clone();
            world.policy.rule = ShortageRule::first_come();
            world.policy.completeness = Completeness::Line;
            for line in &mut world.lines {
                line.completeness = line.completeness.filter(|&own| own != Completeness::Order);
            }
            let mut left = world.received();
            let mut walked = vec![0; world.lines.len()];
            for row in world.queue() {
                let DemandLine { sku, quantity, .. } = world.lines[row];
                let left = left.get_mut(&sku.0).expect("a known SKU");
                if quantity <= *left {
                    walked[row] = quantity;
                    *left -= quantity;
                } else if !world.is_whole(row) {
                    walked[row] = std::mem::take(left);
                } else if !world.passes(row) {
                    *left = 0;
                }
            }
            same("allocated", run(&world).allocated, walked)
        });
    }
}

/// One forgery of every kind, with the grade it reaches and the law it breaks.
#[test]
fn auditor_names_the_law_and_the_grade() {
    let two_and_two = |completeness| World {
        lines: vec![DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2)],
        supply: vec![Supply::received(7, 3)],
        policy: Policy::first_come().completeness(completeness),
    };
    let (partial, whole) = (
        two_and_two(Completeness::Partial),
        two_and_two(Completeness::Line),
    );
    let mut pass = whole.clone();
    pass.policy.on_misfit = Misfit::Pass;
    let mut order = two_and_two(Completeness::Order);
    order.lines = order
        .lines
        .into_iter()
        .map(|line| line.order(5_u32))
        .collect();

    type Forgery = fn(&mut Reported);
    type Verdict = Result<Grade, (Law, Option<Grade>)>;
    let cases: [(&World, Forgery, Verdict); 16] = [
        (&partial, |_| (), Ok(Grade::Ordered)),
        (&partial, |it| it.pegs = None, Ok(Grade::Ordered)),
        (
            &partial,
            |it| it.quantity[0] = 3,
            Err((Law::EveryUnitAccounted, None)),
        ),
        (
            &partial,
            |it| it.allocated[0] = 3,
            Err((Law::EveryUnitAccounted, None)),
        ),
        (
            &partial,
            |it| it.allocated[0] = -1,
            Err((Law::EveryUnitAccounted, None)),
        ),
        (
            &partial,
            |it| it.set_aside[0] = 1,
            Err((Law::EveryUnitAccounted, None)),
        ),
        (
            &partial,
            |it| it.pegs = Some(vec![]),
            Err((Law::EveryUnitAccounted, None)),
        ),
        (
            &partial,
            |it| it.allocated[1] = 2,
            Err((Law::NeverBeyondReceived, None)),
        ),
        (
            &whole,
            |it| it.allocated[0] = 1,
            Err((Law::ShipsWhole, Some(Grade::Safe))),
        ),
        (
            &pass,
            |it| it.set_aside[1] = 1,
            Err((Law::ShipsWhole, Some(Grade::Safe))),
        ),
        (
            &order,
            |it| std::mem::swap(&mut it.allocated[0], &mut it.set_aside[0]),
            Err((Law::ShipsWhole, Some(Grade::Safe))),
        ),
        (
            &partial,
            |it| it.covered.swap(0, 1),
            Err((Law::NoQueueJumping, Some(Grade::Legal))),
        ),
        (
            &pass,
            |it| it.allocated[0] = 0,
            Err((Law::NothingIdle, Some(Grade::Legal))),
        ),
        (
            &partial,
            |it| it.allocated[1] = 0,
            Err((Law::NothingIdle, Some(Grade::Legal))),
        ),
        (
            &whole,
            |it| it.set_aside[1] = 0,
            Err((Law::NothingIdle, Some(Grade::Legal))),
        ),
        (
            &whole,
            |it| it.reason[1] = Reason::Short,
            Err((Law::TrueReason, Some(Grade::Legal))),
        ),
    ];
    for (index, (world, forge, expected)) in cases.into_iter().enumerate() {
        let truth = run(world);
        let mut report = Reported::truth(world, &truth);
        // What is tried here are the units; pegs of other units would only be noticed first.
        let keeps_pegs = matches!(index, 0 | 6);
        report.pegs = report.pegs.filter(|_| keeps_pegs);
        forge(&mut report);
        let World {
            lines,
            supply,
            policy,
        } = world;
        let verdict = verify(lines, supply, policy, &reported(&report));
        let said = verdict.as_ref().map(|&grade| grade);
        let said = said.map_err(|violation| (violation.law, violation.reached));
        assert_eq!(said, expected, "case {index}: {report:?}");
        if let Err(violation) = verdict {
            assert!(!violation.to_string().is_empty());
            let broken = broken_laws(world, &truth, &report);
            assert_eq!(
                grade(&broken),
                violation.reached,
                "case {index}: {broken:?}"
            );
        }
    }
    let short = reported(&Reported {
        quantity: vec![2],
        ..Reported::truth(&partial, &run(&partial))
    });
    let World {
        lines,
        supply,
        policy,
    } = &partial;
    let violation = verify(lines, supply, policy, &short).expect_err("one row of two");
    assert_eq!(
        (violation.law, violation.reached),
        (Law::EveryUnitAccounted, None)
    );
}

/// The caller's memory has one element per line, or nothing is written at all.
#[test]
fn buffers_of_another_length_are_refused() {
    let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2)];
    let supply = [Supply::received(7, 3)];
    for (wrong, field) in ["allocated", "covered", "set_aside", "reason"]
        .into_iter()
        .enumerate()
    {
        for len in [0, 1, 3] {
            let of = |buffer: usize| if buffer == wrong { len } else { 2 };
            let mut units = [0, 1, 2].map(|buffer| vec![-7; of(buffer)]);
            let mut reason = vec![Reason::OrderIncomplete; of(3)];
            let before = (units.clone(), reason.clone());
            let [allocated, covered, set_aside] = &mut units;
            let mut out = OutcomeColumns {
                allocated,
                covered: Some(covered),
                set_aside: Some(set_aside),
                reason: Some(&mut reason),
            };
            let expected = Error::LengthMismatch {
                table: Table::Outcomes,
                field,
                len,
                rows: 2,
            };
            let refused = allocate_into(&lines, &supply, &Policy::first_come(), &mut out);
            assert_eq!(refused, Err(expected));
            assert_eq!((units, reason), before);
        }
    }
}

/// Thousands of lines: the path over columns, which puts no lane in order, gives what the path lane by
/// lane gives, whatever the keys, claims and SKU ids. Small worlds never fill a histogram.
#[test]
fn columns_and_lanes_agree_on_many_lines() {
    const LINES: usize = 3_000;
    let mut state = 1_u64;
    let mut draw = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((state >> 33) % below).cast_signed()
    };
    let mut column = |below: u64| -> Vec<i64> { (0..LINES).map(|_| draw(below)).collect() };
    let (spread, few, score) = (column(1 << 31), column(4), column(3));
    let outlier = |row: usize| if row == 7 { i64::MIN } else { few[row] };
    let extreme = |row: usize| spread[row].wrapping_mul(0x9e37_79b9_7f4a_7c15_u64.cast_signed());
    let keys: [Vec<i64>; 4] = [
        spread.clone(),
        (0..LINES).map(outlier).collect(),
        (0..LINES).map(extreme).collect(),
        vec![5; LINES],
    ];
    let claims = [few.clone(), spread.clone()];
    let narrow = |value: i64| u32::try_from(value).expect("a small number");
    let near: Vec<u32> = spread.iter().map(|value| narrow(value % 7)).collect();
    let gaps: Vec<u32> = near.iter().map(|sku| sku * 701).collect();
    let far: Vec<u32> = near.iter().map(|sku| sku * 400_000_001).collect();
    let customer: Vec<u32> = spread.iter().map(|value| narrow(value % 900)).collect();
    let sequence: Vec<i64> = (0..)
        .map(|row: i64| (row * 7_919) % 3_001)
        .take(LINES)
        .collect();
    let rules = [
        "first_come",
        "draw_the_queue",
        "one_each_per_round",
        "equal_cuts",
        "same_percentage",
        "same_percentage_nobody_empty",
        "members_weighted",
        "protect_first(2)",
        "classes_first(same_percentage_split_proof)",
        "class+protect(1)+level+lot+place:partial:set_aside:score+placed_at+sequence",
    ];
    for (case, placed_at) in keys.iter().enumerate() {
        for (quantity, sku) in claims
            .iter()
            .flat_map(|c| [(c, &near), (c, &gaps), (c, &far)])
        {
            for rule in rules {
                let policy: Policy = rule.parse().expect("a policy");
                let lines = DemandColumns {
                    sku,
                    quantity,
                    placed_at: Some(placed_at),
                    priority: (case > 1).then_some(&few),
                    lot: Some(&few),
                    score: Some(&score),
                    sequence: Some(&sequence),
                    customer: (case % 2 == 1).then_some(&customer),
                    ..DemandColumns::default()
                };
                let mut asked = std::collections::BTreeMap::new();
                for (&sku, &units) in sku.iter().zip(quantity) {
                    *asked.entry(sku).or_insert(0) += units;
                }
                // The last SKU has no supply row at all.
                asked.pop_last();
                let parts = asked.into_iter().zip([480, 250, 499, 1, 0, 500]);
                let supply: Vec<Supply> = parts
                    .map(|((sku, units), part)| Supply::received(sku, units / 500 * part))
                    .collect();
                let mut allocated = vec![-1; LINES];
                let mut out = OutcomeColumns::allocated(&mut allocated);
                allocate_into(&lines, &supply, &policy, &mut out).expect("valid input");
                let result = allocate(&lines, &supply, &policy).expect("valid input");
                assert_eq!(result.allocated(), allocated, "{rule}, keys {case}");
                assert_eq!(
                    verify(&lines, &supply, &policy, &result),
                    Ok(Grade::Ordered)
                );
            }
        }
    }
}

fn is_long() -> bool {
    env::var_os("ALLOCATOR_LONG").is_some_and(|value| value != "0")
}

/// Runs the numbers on all processors; each takes every n-th. `work` says of each number when it is
/// done.
fn in_parallel(
    what: &str,
    numbers: std::ops::Range<u64>,
    step: usize,
    work: impl Fn(&mut dyn Iterator<Item = u64>, &mut Reach, &dyn Fn(u64)) + Sync,
) -> Reach {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (started, end) = (Instant::now(), numbers.end);
    let rate = |done: u64| {
        let millis = started.elapsed().as_millis().max(1);
        u128::from(done / step as u64) * 1_000 / millis
    };
    // Past the capture of test output, so that a long run can be watched.
    let tell = |text: String| drop(writeln!(stderr(), "{text}"));
    let done = |number: u64| {
        if is_long() && (number + 1).is_multiple_of(50_000) {
            tell(format!(
                "{} of {end} {what}, {} per second",
                number + 1,
                rate(number + 1)
            ));
        }
    };
    let reaches: Vec<Reach> = thread::scope(|scope| {
        let run = |first: usize| {
            let (work, done, numbers) = (&work, &done, numbers.clone());
            scope.spawn(move || {
                let mut reach = Reach::default();
                let mut own = numbers.step_by(step).skip(first).step_by(threads);
                work(&mut own, &mut reach, done);
                reach
            })
        };
        let workers: Vec<_> = (0..threads).map(run).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, Reach>| {
            worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().map(join).collect()
    });
    println!("{} {what}, {} per second", end / step as u64, rate(end));
    let mut all = Reach::default();
    reaches.iter().for_each(|reach| all.add(reach));
    all
}

fn expect_agreement(world: &World, number: u64, reach: &mut Reach) {
    if let Err(difference) = on_world(world, &[], reach) {
        panic!("world {number}: {difference}\n{world:?}");
    }
}

/// A line that stands for itself, with any terms.
fn single(
    digits: &mut Digits,
    id: u32,
    sku: u32,
    sizes: std::ops::RangeInclusive<i64>,
) -> DemandLine {
    let kinds = [
        Completeness::Partial,
        Completeness::Line,
        Completeness::Order,
    ];
    let quantity = sizes.start() + digits.take(sizes.end() - sizes.start() + 1);
    let (completeness, misfit) = (digits.take(3) as usize, digits.take(2) as usize);
    DemandLine::new(id, sku, quantity)
        .completeness(kinds[completeness])
        .on_misfit([Misfit::SetAside, Misfit::Pass][misfit])
}

/// A number read digit by digit, each of its own base: every choice there is, once.
struct Digits(u64);

impl Digits {
    fn take(&mut self, base: i64) -> i64 {
        let base = base as u64;
        let digit = self.0 % base;
        self.0 /= base;
        digit as i64
    }

    /// One of the 24 orders of four places.
    fn permutation(&mut self) -> [i64; 4] {
        let mut rest = vec![0, 1, 2, 3];
        [4, 3, 2, 1].map(|left| rest.remove(self.take(left) as usize))
    }
}
