//! Plans of cancellations: what they promise, each promise from its own words.

use allocator_core::{
    CancelTerms, CancellationPlan, Completeness, CutMethod, CutReason, DemandLine, Error, KeyPart,
    PlaceOrder, PlacePart, Policy, ShortageEvent, ShortageRule, Supply, Table, Timestamp, allocate,
    compare, compare_with, plan_cancellations,
};
use allocator_model::{World, covered_by_rank};
use allocator_oracle::{Problem, WholeRule};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::common::worlds::{small_worlds, strict_worlds, worlds};

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(353_480),
        ..ProptestConfig::default()
    }
}

/// What is known of lines beside their claims, drawn freely and cut down to what is valid.
#[derive(Clone, Debug)]
struct Extras {
    price: Vec<i64>,
    given: Vec<i64>,
    credit: Vec<i64>,
    offered: Vec<i64>,
    asked: Vec<i64>,
}

type Draft = Vec<(i64, [i64; 3], i64)>;

fn drafts() -> impl Strategy<Value = Draft> {
    let units = || prop_oneof![3 => Just(0_i64), 2 => 1_i64..=3, 1 => Just(i64::MAX)];
    vec((0_i64..=5, [units(), units(), units()], 0_i64..=2), 40)
}

impl Extras {
    fn new(world: &World, draft: &Draft) -> Self {
        let mut left = world.received();
        let mut this = Self {
            price: Vec::new(),
            given: Vec::new(),
            credit: Vec::new(),
            offered: Vec::new(),
            asked: Vec::new(),
        };
        for (line, (price, [given, credit, offered], asked)) in world.lines.iter().zip(draft) {
            let free = left.entry(line.sku.0).or_default();
            let given = (*given).min(line.quantity).min(*free);
            *free -= given;
            this.price.push(*price);
            this.given.push(given);
            this.credit.push(*credit);
            this.offered.push((*offered).min(line.quantity - given));
            this.asked.push(*asked);
        }
        this
    }

    fn terms(&self, policy: Policy) -> CancelTerms<'_> {
        CancelTerms::from(policy)
            .unit_price(&self.price)
            .given(&self.given)
            .credit(&self.credit)
            .offered(&self.offered, &self.asked)
    }
}

/// The world with nothing that ships whole, and places that no line shares.
fn in_parts(mut world: World) -> World {
    world.policy.completeness = Completeness::Partial;
    for (row, line) in world.lines.iter_mut().enumerate() {
        line.completeness = None;
        line.sequence = Some(row as i64);
    }
    let mut parts = world.policy.order.parts().to_vec();
    if !parts.contains(&PlacePart::Sequence) {
        parts.push(PlacePart::Sequence);
    }
    world.policy.order = PlaceOrder::from_parts(&parts).unwrap();
    world
}

fn without_quantity(order: PlaceOrder) -> PlaceOrder {
    let parts = order.parts().iter().copied();
    let parts: Vec<_> = parts.filter(|part| *part != PlacePart::Quantity).collect();
    PlaceOrder::from_parts(&parts).expect("lines are parted by their sequence")
}

fn plan(world: &World, terms: CancelTerms<'_>) -> CancellationPlan {
    plan_cancellations(&world.lines, &world.supply, terms)
        .unwrap_or_else(|error| panic!("{error}: {world:?}"))
}

/// Lots that part all lines, so that no draw is asked for.
fn drawn(mut world: World) -> World {
    for (row, line) in world.lines.iter_mut().enumerate() {
        line.lot = line.lot.wrapping_mul(64).wrapping_add(row as i64);
    }
    world
}

proptest! {
    #![proptest_config(config())]

    /// Without terms a plan keeps what an allocation gives.
    #[test]
    fn a_plan_keeps_what_an_allocation_gives(world in worlds()) {
        let world = drawn(world);
        let planned = plan(&world, world.policy.into());
        let result = allocate(&world.lines, &world.supply, &world.policy).unwrap();
        prop_assert_eq!(planned.kept(), result.allocated());
        prop_assert_eq!(planned.idle(), result.idle());
        prop_assert_eq!(planned.one_off().is_some(), result.is_one_off());
    }

    /// Every unit is kept or cut, no more is kept than was received, and the figures add up.
    #[test]
    fn every_unit_is_kept_or_cut(world in worlds(), draft in drafts()) {
        let world = drawn(in_parts(world));
        let extras = Extras::new(&world, &draft);
        let planned = plan(&world, extras.terms(world.policy));
        let mut left = world.received();
        let (mut refund, mut compensation) = (0_i128, 0_i128);
        for (row, line) in planned.lines().iter().enumerate() {
            prop_assert_eq!(line.kept + line.cut, world.lines[row].quantity);
            prop_assert!(line.kept >= line.given && line.volunteered <= line.cut);
            *left.entry(line.sku.0).or_default() -= line.kept;
            prop_assert_eq!(line.refund, Some(i128::from(extras.price[row]) * i128::from(line.cut)));
            refund += line.refund.unwrap();
            compensation += i128::from(extras.asked[row]) * i128::from(line.volunteered);
            prop_assert!(line.credit_spent <= extras.credit[row].min(line.kept));
            let reason = match (line.quantity, line.cut) {
                (0, _) => CutReason::NothingAsked,
                (_, 0) => CutReason::Kept,
                _ if world.supply.iter().all(|row| row.sku != line.sku) => CutReason::NeverServed,
                (_, cut) if cut == line.volunteered => CutReason::Volunteered,
                _ => CutReason::Shortage,
            };
            prop_assert_eq!(line.reason, reason);
        }
        prop_assert!(left.values().all(|&left| left >= 0));
        let sums = planned.totals();
        prop_assert_eq!((sums.refund, sums.compensation), (Some(refund), compensation));
        prop_assert_eq!(sums.idle, sums.received - sums.kept);
        prop_assert_eq!(sums.ordered, sums.kept + sums.cut);
    }

    /// Tiers are what their words say: the same lines cut into parts, with the tier as a class in front,
    /// shared by the reference model ticket by ticket.
    #[test]
    fn tiers_are_classes_of_parts(world in worlds(), draft in drafts()) {
        let mut world = drawn(in_parts(world));
        let mut parts: Vec<KeyPart> = world.policy.rule.parts().to_vec();
        parts.retain(|part| *part != KeyPart::Class);
        parts.truncate(5);
        if parts.last() != Some(&KeyPart::Place) {
            parts.pop();
            parts.push(KeyPart::Place);
        }
        let Ok(rule) = ShortageRule::from_parts(&parts) else { return Ok(()) };
        world.policy.rule = rule;
        // Parts of a line have quantities of their own.
        world.policy.order = without_quantity(world.policy.order);
        for line in &mut world.lines {
            line.priority = 0;
        }
        let extras = Extras::new(&world, &draft);
        let planned = plan(&world, extras.terms(world.policy));
        let (split, rows) = split(&world, &extras);
        let mut kept = vec![0; world.lines.len()];
        for (part, units) in covered_by_rank(&split).into_iter().enumerate() {
            kept[rows[part]] += units;
        }
        prop_assert_eq!(planned.kept(), &kept);
    }

    /// So many more units and the line keeps everything; one less and it does not.
    #[test]
    fn more_units_hold_when_run(world in worlds(), draft in drafts()) {
        let world = drawn(in_parts(world));
        let extras = Extras::new(&world, &draft);
        let planned = plan(&world, extras.terms(world.policy));
        for (row, line) in planned.lines().iter().enumerate() {
            let more = planned.more_units(row).unwrap();
            let kept_with = |units: i64| {
                let mut world = world.clone();
                world.supply.push(Supply::received(line.sku, units));
                plan(&world, extras.terms(world.policy)).kept()[row]
            };
            match more.as_slice() {
                [] => {
                    let free = i64::MAX - world.received().get(&line.sku.0).copied().unwrap_or(i64::MAX);
                    prop_assert!(
                        line.cut == 0 || line.reason == CutReason::NeverServed || kept_with(free) < line.quantity
                    );
                }
                [more] => {
                    prop_assert_eq!(more.sku, line.sku);
                    prop_assert_eq!(kept_with(more.units), line.quantity);
                    prop_assert!(kept_with(more.units - 1) < line.quantity);
                }
                _ => prop_assert!(false, "a line alone needs one SKU: {more:?}"),
            }
        }
    }

    /// The digest is the plan's, not its rows' order's, and one unit makes another.
    #[test]
    fn a_digest_names_a_plan(world in small_worlds(), draft in drafts(), turn in 0_usize..6) {
        let world = drawn(in_parts(world));
        let extras = Extras::new(&world, &draft);
        let planned = plan(&world, extras.terms(world.policy));
        let mut turned = (world.clone(), extras.clone());
        let rows = world.lines.len().max(1);
        turned.0.lines.rotate_left(turn % rows);
        let Extras { price, given, credit, offered, asked } = &mut turned.1;
        for column in [price, given, credit, offered, asked] {
            column.rotate_left(turn % rows);
        }
        let other = plan(&turned.0, turned.1.terms(world.policy));
        prop_assert_eq!(planned.digest(), other.digest());
        if let Some(row) = planned.lines().iter().position(|line| line.kept > 0) {
            let mut less = world.clone();
            less.lines[row].quantity -= 1;
            let terms = CancelTerms::from(world.policy);
            let smaller = less.clone();
            prop_assert_ne!(plan(&world, terms).digest(), plan(&smaller, terms).digest());
        }
    }

    /// Whatever happens one after the other, under a rule that keeps law 10: what was handed out stays,
    /// and the plan with it is the plan without it, made once on the final state.
    #[test]
    fn any_order_of_events_comes_to_one_plan(
        world in strict_worlds(),
        events in vec((0_u8..6, 0_usize..40, 0_i64..4), 1..8),
    ) {
        let mut world = drawn(in_parts(world));
        world.policy.order = without_quantity(world.policy.order);
        let mut given = vec![0; world.lines.len()];
        let mut has_newcomers = false;
        for (event, row, units) in events {
            happen(&mut world, &mut given, event, row, units);
            let with_given = plan(&world, CancelTerms::from(world.policy).given(&given));
            let stays = given.iter().zip(with_given.kept()).all(|(given, kept)| given <= kept);
            prop_assert!(stays, "given {:?}", given);
            // Who wants more is a newcomer: in a sharing rule only what was given stands before him.
            has_newcomers |= event == INCREASE && !world.policy.rule.is_queue();
            if !has_newcomers {
                let alone = plan(&world, world.policy.into());
                prop_assert_eq!(alone.kept(), with_given.kept(), "given {:?}", given);
            }
            given = with_given.kept().to_vec();
        }
    }

    /// The largest remainder is the oracle's, and a tie goes to the older.
    #[test]
    fn the_largest_remainder_is_hamiltons(claims in vec(0_i64..=9, 1..9), stock in 0_i64..40) {
        let lines: Vec<_> = (0_u32..).zip(&claims).map(|(id, &units)| DemandLine::new(id, 7, units)).collect();
        let planned =
            plan_cancellations(&lines, &[Supply::received(7, stock)], CutMethod::LargestRemainder).unwrap();
        let problem = Problem::of(&claims, stock);
        let expected = WholeRule::Hamilton { minimum_of_one: false }.awards(&problem).unwrap();
        let kept = planned.kept().to_vec();
        prop_assert_eq!(kept, expected);
    }
}

/// The lines cut into given, credit, own and offered units, each part a line of the same customer.
fn split(world: &World, extras: &Extras) -> (World, Vec<usize>) {
    let mut offers: Vec<usize> = (0..world.lines.len())
        .filter(|&row| extras.offered[row] > 0)
        .collect();
    // The dearest is kept first; of equal ones the first in place.
    offers.sort_by_key(|&row| (-extras.asked[row], world.place(row)));
    let rank = |row| offers.iter().position(|&other| other == row).unwrap_or(0) as i64;
    let mut split = World {
        lines: Vec::new(),
        ..world.clone()
    };
    split.policy.rule = world.policy.rule.classes_first().unwrap();
    let mut rows = Vec::new();
    for (row, line) in world.lines.iter().enumerate() {
        let (given, offered) = (extras.given[row], extras.offered[row]);
        let own = line.quantity - given - offered;
        let credit = (extras.credit[row] - given).clamp(0, own);
        let parts = [
            (0, given),
            (1, credit),
            (2, own - credit),
            (3 + rank(row), offered),
        ];
        for (tier, units) in parts.into_iter().filter(|&(_, units)| units > 0) {
            let mut part = *line;
            part.line = (split.lines.len() as u32).into();
            part.quantity = units;
            part.priority = tier;
            // In a queue every line stands for itself, and claims may add up to anything.
            if world.policy.rule.is_queue() || part.customer.is_none() && part.order.is_none() {
                part.order = None;
                part.customer = Some((1_000 + row as u32).into());
            }
            split.lines.push(part);
            rows.push(row);
        }
    }
    (split, rows)
}

const INCREASE: u8 = 5;

/// One event, as its sentence says it is answered.
fn happen(world: &mut World, given: &mut Vec<i64>, event: u8, row: usize, units: i64) {
    let all = ShortageEvent::ALL;
    assert_eq!(all.len(), 7, "a new event has to happen here, too");
    if event == 0 {
        if let Some(supply) = world.supply.first().copied() {
            let room = i64::MAX - world.received()[&supply.sku.0];
            world
                .supply
                .push(Supply::received(supply.sku, units.min(room)));
        }
        return;
    }
    if world.lines.is_empty() {
        return;
    }
    let row = row % world.lines.len();
    if matches!(event, 1..=3) {
        // Who wants less is decided about anew: where the rule reads claims he may keep less.
        for other in claimants_rows(world, row) {
            given[other] = 0;
        }
    }
    match event {
        // A reduction: he keeps his place.
        1 => {
            world.lines[row].quantity -= units.min(world.lines[row].quantity);
        }
        // He cancels, or leaves with nothing.
        2 | 3 => {
            world.lines.remove(row);
            given.remove(row);
        }
        // Who is served in full leaves with his units; his whole customer does.
        4 if given[row] == world.lines[row].quantity && alone(world, row) => {
            let line = world.lines.remove(row);
            let mut shipped = given.remove(row);
            for supply in world
                .supply
                .iter_mut()
                .filter(|supply| supply.sku == line.sku)
            {
                let taken = shipped.min(supply.quantity);
                supply.quantity -= taken;
                shipped -= taken;
            }
        }
        // An increase queues only what is beyond, at a place of its own.
        INCREASE => {
            let line = world.lines[row];
            let numbers = world.lines.iter().map(|line| line.line.0);
            let id = (0..)
                .find(|id| numbers.clone().all(|taken| taken != *id))
                .unwrap();
            let last = world
                .lines
                .iter()
                .filter_map(|line| line.sequence)
                .max()
                .unwrap_or(0);
            let mut more = line;
            more.line = id.into();
            more.quantity = units;
            more.sequence = Some(last + 1);
            // The last in every order of places.
            more.priority = i64::MAX;
            more.placed_at = Timestamp::from_micros(i64::MAX);
            more.score = i64::MIN;
            more.lot = i64::MAX;
            if alone(world, row) {
                more.customer = None;
                more.order = None;
            }
            if alone(world, row) {
                world.lines.push(more);
                given.push(0);
            }
        }
        _ => {}
    }
}

/// The lines of the line's claimant of its SKU.
fn claimants_rows(world: &World, row: usize) -> Vec<usize> {
    let own = world.claimant(row);
    let same = |other: &usize| {
        world.claimant(*other) == own && world.lines[*other].sku == world.lines[row].sku
    };
    world.rows().filter(same).collect()
}

fn alone(world: &World, row: usize) -> bool {
    claimants_rows(world, row) == [row]
}

/// `drop400`: 400 orders, every fourth of 2 units; 480 of 500 arrive.
fn drop400() -> (Vec<DemandLine>, [Supply; 1]) {
    let line = |i: u32| DemandLine::new(i, 7, if i.is_multiple_of(4) { 2 } else { 1 }).sequence(i);
    ((1..=400).map(line).collect(), [Supply::received(7, 480)])
}

#[test]
fn volunteers_are_cut_cheapest_first_then_newest() {
    let lines: Vec<_> = (0..5).map(|id| DemandLine::new(id, 7, 2)).collect();
    let (offered, asked) = ([1, 2, 1, 1, 0], [300, 200, 200, 300, 0]);
    let terms = CancelTerms::from(ShortageRule::first_come()).offered(&offered, &asked);
    for (stock, kept) in [
        (10, [2, 2, 2, 2, 2]),
        // Two offers ask for 200: the newer of them is cut first.
        (9, [2, 2, 1, 2, 2]),
        (7, [2, 0, 1, 2, 2]),
        (6, [2, 0, 1, 1, 2]),
        (5, [1, 0, 1, 1, 2]),
        // Nobody offers any more: the newest loses.
        (4, [1, 0, 1, 1, 1]),
    ] {
        let planned = plan_cancellations(&lines, &[Supply::received(7, stock)], terms).unwrap();
        assert_eq!(planned.kept(), kept, "{stock} received");
    }
}

#[test]
fn a_credit_goes_first_and_is_spent_where_it_helps() {
    let lines: Vec<_> = (0..4).map(|id| DemandLine::new(id, 7, 1)).collect();
    let terms = CancelTerms::from(ShortageRule::first_come()).credit(&[1, 0, 0, 5]);
    let planned = plan_cancellations(&lines, &[Supply::received(7, 2)], terms).unwrap();
    assert_eq!(planned.kept(), [1, 0, 0, 1]);
    let spent: Vec<i64> = planned
        .lines()
        .iter()
        .map(|line| line.credit_spent)
        .collect();
    // The first would have kept his unit anyway.
    assert_eq!(spent, [0, 0, 0, 1]);
    assert_eq!(
        planned.sentence(3).unwrap(),
        "2 of 4 arrived. You ordered 1 and keep all of it. 1 of it you keep by your credit, which is used up.",
    );
}

#[test]
fn c3_and_c6_of_the_vendor_cases() {
    let (lines, supply) = drop400();
    let fewest = CutMethod::WholeOrders("fewest_customers".parse().unwrap());
    let planned = plan_cancellations(&lines, &supply, fewest).unwrap();
    let cut: Vec<u32> = planned
        .lines()
        .iter()
        .filter(|line| line.cut > 0)
        .map(|line| line.line.0)
        .collect();
    assert_eq!(cut, [364, 368, 372, 376, 380, 384, 388, 392, 396, 400]);
    let smallest: Policy = "first_come:order:set_aside:quantity+placed_at+sequence"
        .parse()
        .unwrap();
    assert_eq!(
        plan_cancellations(&lines, &supply, smallest)
            .unwrap()
            .kept(),
        planned.kept()
    );

    let sizes = [3, 1, 2, 1, 4, 2, 1];
    let lines: Vec<_> = (0_u32..)
        .zip(sizes)
        .map(|(id, units)| DemandLine::new(id, 7, units))
        .collect();
    for (method, kept) in [
        ("first_come", [3, 1, 2, 1, 3, 0, 0]),
        ("first_come:order:set_aside", [3, 1, 2, 1, 0, 0, 0]),
        ("first_come:order:pass", [3, 1, 2, 1, 0, 2, 1]),
        ("largest_remainder", [2, 1, 1, 1, 3, 1, 1]),
        ("one_each_per_round", [2, 1, 2, 1, 2, 1, 1]),
        ("equal_cuts", [3, 1, 2, 0, 3, 1, 0]),
    ] {
        let method: CutMethod = method.parse().unwrap();
        let planned = plan_cancellations(&lines, &[Supply::received(7, 10)], method).unwrap();
        assert_eq!(planned.kept(), kept, "{method}");
    }
}

#[test]
fn bad_terms_name_row_field_and_limit() {
    let lines: Vec<_> = (0..3)
        .map(|id| DemandLine::new(id, 7, 2).order(id / 2))
        .collect();
    let supply = [Supply::received(7, 3)];
    let terms = || CancelTerms::from(ShortageRule::first_come());
    let refused = |terms: CancelTerms<'_>| plan_cancellations(&lines, &supply, terms).unwrap_err();
    let range = |error: Error| match error {
        Error::OutOfRange {
            row,
            field,
            value,
            max,
            ..
        } => (row, field, value, max),
        error => panic!("{error}"),
    };
    assert!(matches!(
        refused(terms().given(&[0])),
        Error::LengthMismatch {
            field: "given",
            len: 1,
            rows: 3,
            ..
        }
    ));
    assert_eq!(
        range(refused(terms().given(&[0, 3, 0]))),
        (1, "given", 3, 2)
    );
    assert_eq!(
        range(refused(terms().given(&[2, 2, 0]))),
        (1, "given", 4, 3)
    );
    assert_eq!(
        range(refused(terms().given(&[0, -1, 0]))),
        (1, "given", -1, 2)
    );
    assert_eq!(
        range(refused(terms().credit(&[0, 0, -1]))),
        (2, "credit", -1, i64::MAX.into())
    );
    let offers = terms().given(&[1, 0, 0]).offered(&[2, 0, 0], &[0; 3]);
    assert_eq!(range(refused(offers)), (0, "offered", 2, 1));
    assert_eq!(
        range(refused(terms().unit_price(&[0, -5, 0]))),
        (1, "unit_price", -5, i64::MAX.into())
    );
    let whole: Policy = "first_come:order".parse().unwrap();
    let whole = || CancelTerms::from(whole);
    let single = |field, row| Error::NeedsSingleUnits { row, field };
    assert_eq!(refused(whole().given(&[1, 0, 0])), single("given", 0));
    assert_eq!(refused(whole().given(&[2, 0, 0])), single("given", 1));
    assert_eq!(refused(whole().credit(&[0, 1, 0])), single("credit", 1));
    assert_eq!(
        refused(whole().offered(&[0, 0, 1], &[0; 3])),
        single("offered", 2)
    );
    let least: CutMethod = "whole_orders(least_refund)".parse().unwrap();
    assert_eq!(
        refused(least.into()),
        Error::MissingColumn {
            field: "unit_price"
        }
    );
    let draw: CutMethod = "draw_the_queue".parse().unwrap();
    assert!(matches!(refused(draw.into()), Error::DrawRequired));
    let by_lot: CutMethod = "one_each_per_round:partial:set_aside:lot+sequence"
        .parse()
        .unwrap();
    assert_eq!(refused(by_lot.into()), Error::DrawRequired);
    let one_label: Vec<_> = lines.iter().map(|line| line.lot(-5)).collect();
    assert!(plan_cancellations(&one_label, &supply, draw).is_ok());
    // Nothing is short: nothing has to be drawn.
    assert!(plan_cancellations(&lines, &[Supply::received(7, 6)], draw).is_ok());
    let unit_lots = allocator_core::DrawnLines {
        lines: &lines,
        unit_lots: Some(&[1, 2, 3, 4, 5, 6]),
    };
    let terms = CancelTerms::from(ShortageRule::draw_each_unit()).credit(&[1, 0, 0]);
    assert!(matches!(
        plan_cancellations(&unit_lots, &supply, terms),
        Err(Error::UnsoundRule { .. })
    ));
    let huge = [
        DemandLine::new(1, 7, i64::MAX),
        DemandLine::new(2, 8, i64::MAX),
        DemandLine::new(3, 9, i64::MAX),
    ];
    let terms = CancelTerms::from(ShortageRule::first_come()).unit_price(&[i64::MAX; 3]);
    assert_eq!(
        plan_cancellations(&huge, &[], terms).unwrap_err(),
        Error::MoneyTooLarge { row: 2 }
    );
}

#[test]
fn drawn_units_that_were_given_are_the_first_drawn() {
    let lines = [DemandLine::new(1, 7, 3), DemandLine::new(2, 7, 3)];
    let lots = [9, 1, 5, 2, 3, 4];
    let drawn = allocator_core::DrawnLines {
        lines: &lines,
        unit_lots: Some(&lots),
    };
    let terms = CancelTerms::from(ShortageRule::draw_each_unit());
    let kept = |stock, terms: CancelTerms<'_>| {
        plan_cancellations(&drawn, &[Supply::received(7, stock)], terms)
            .unwrap()
            .kept()
            .to_vec()
    };
    assert_eq!(kept(3, terms), [1, 2]);
    assert_eq!(kept(5, terms.given(&[1, 2])), kept(5, terms));
    // Given two instead of one: his lots 1 and 5 stand, then 2, 3 and 4 go on.
    assert_eq!(kept(3, terms.given(&[2, 0])), [2, 1]);
}

#[test]
fn one_offs_show_a_case_that_holds() {
    let kept = |method: &str, sizes: &[i64], stock| {
        let lines: Vec<_> = (0_u32..)
            .zip(sizes)
            .map(|(id, &units)| DemandLine::new(id, 7, units))
            .collect();
        let method: CutMethod = method.parse().unwrap();
        let prices = vec![1; sizes.len()];
        let terms = CancelTerms::from(method).unit_price(&prices);
        let planned = plan_cancellations(&lines, &[Supply::received(7, stock)], terms).unwrap();
        assert!(planned.one_off().is_some());
        planned.kept().to_vec()
    };
    assert_eq!(kept("largest_remainder", &[1, 3, 3], 3), [1, 1, 1]);
    assert_eq!(kept("largest_remainder", &[1, 3, 3], 4), [0, 2, 2]);
    assert_eq!(kept("first_come:line:pass", &[2, 1], 1), [0, 1]);
    assert_eq!(kept("first_come:line:pass", &[2, 1], 2), [2, 0]);
    for aim in [
        "fewest_customers",
        "exact",
        "least_refund",
        "least_overshoot",
    ] {
        let method = format!("whole_orders({aim})");
        assert_eq!(kept(&method, &[1, 2], 1), [1, 0], "{aim}");
        assert_eq!(kept(&method, &[1, 2], 2), [0, 2], "{aim}");
    }
}

#[test]
fn the_hosts_names_stand_in_sentences_and_digests() {
    let lines = [(1, 7), (2, 8)].map(|(id, sku)| DemandLine::new(id, sku, 1).order(5));
    let supply = [Supply::received(7, 0), Supply::received(8, 0)];
    let method: CutMethod = "first_come:order".parse().unwrap();
    let planned = plan_cancellations(&lines, &supply, method).unwrap();
    let enough = |said: String| said[said.find("It would").unwrap()..].to_owned();
    assert_eq!(
        enough(planned.sentence(0).unwrap()),
        "It would have been enough for you with 1 more of item 7 and 1 more of item 8."
    );
    let named = planned.sentence_with(0, |sku| if sku.0 == 7 { "cap" } else { "scarf" });
    assert_eq!(
        enough(named.unwrap()),
        "It would have been enough for you with 1 more of cap and 1 more of scarf."
    );

    let names = ["#1001", "#1002"];
    let terms = CancelTerms::default();
    let told = compare_with(&lines, &supply, terms, &[method], None, |row| names[row]).unwrap();
    assert_eq!(told.rows()[0].digest, planned.digest_with(|row| names[row]));
    let by_id = compare(&lines, &supply, terms, &[method], None).unwrap();
    assert_eq!(by_id.rows()[0].digest, planned.digest());
    assert_eq!(told.to_string(), by_id.to_string());
}

#[test]
fn a_comparison_names_the_fault_that_a_plan_names() {
    let lines = [DemandLine::new(1, 7, -1)];
    let supply = [Supply::received(7, -1)];
    let method = CutMethod::default();
    let planned = plan_cancellations(&lines, &supply, method).unwrap_err();
    assert_eq!(planned.table(), Some(Table::Supply));
    let compared = compare(&lines, &supply, CancelTerms::default(), &[method], None);
    assert_eq!(compared.unwrap_err(), planned);
}
