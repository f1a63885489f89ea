//! Valid inputs that lean towards trouble: equal times, supply one beside demand, zero, the maximum,
//! one huge line, ids far apart, whole orders over several SKUs, SKUs nobody supplies, rules of all
//! parts, customers with many orders.
//!
//! A draft is drawn freely; [`settle`] mends what would make it invalid, so that nothing drawn is
//! thrown away and every part of a draft shrinks.

use std::ops::RangeInclusive;

use allocator_core::limits::MAX_WEIGHT;
use allocator_core::{
    Completeness, DemandLine, KeyPart, Misfit, PlaceOrder, PlacePart, Policy, ShortageRule, Supply,
    Timestamp,
};
use allocator_model::World;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Ids of the SKUs, lines and orders of a draft: side by side, far apart, and at the last valid id.
const SKUS: [[u32; 4]; 3] = [
    [0, 1, 2, 3],
    [70, 4_000_000_000, 12, 900_000],
    [u32::MAX - 1, 0, 5, 4],
];
const ORDERS: [[u32; 3]; 3] = [[0, 1, 2], [2_000_000_000, 9, 31], [5, u32::MAX - 1, 0]];

#[derive(Clone, Debug)]
struct Draft {
    /// Which ids are used.
    ids: usize,
    policy: Policy,
    lines: Vec<LineDraft>,
    supply: Vec<SupplyDraft>,
}

#[derive(Clone, Debug)]
struct LineDraft {
    sku: usize,
    quantity: i64,
    order: Option<usize>,
    customer: Option<u32>,
    place: (i64, i64, Option<i64>),
    lot: i64,
    score: i64,
    weight: i64,
    completeness: Option<Completeness>,
    on_misfit: Option<Misfit>,
}

#[derive(Clone, Debug)]
struct SupplyDraft {
    sku: usize,
    amount: Amount,
    id: Option<u32>,
    sequence: i64,
}

#[derive(Clone, Debug)]
enum Amount {
    Exactly(i64),
    /// What is demanded of the SKU and no row before supplies, and so many more.
    DemandAnd(i64),
    /// Half of that.
    HalfOfDemand,
}

/// Any valid input: mostly a handful of lines, now and then up to 40.
pub(crate) fn worlds() -> impl Strategy<Value = World> {
    let sizes =
        prop_oneof![2 => Just((0, 1)), 16 => Just((2, 8)), 8 => Just((6, 9)), 1 => Just((9, 40))];
    sizes
        .prop_flat_map(|(least, most)| drafts(least..=most, false))
        .prop_map(|draft| settle(&draft))
}

/// As [`worlds`], everybody with misfit set aside: where law 10 holds.
pub(crate) fn strict_worlds() -> impl Strategy<Value = World> {
    worlds().prop_map(|mut world| {
        world.policy.on_misfit = Misfit::SetAside;
        for line in &mut world.lines {
            line.on_misfit = None;
        }
        world
    })
}

/// As [`worlds`], of quantities so small that a law can move single units.
pub(crate) fn small_worlds() -> impl Strategy<Value = World> {
    drafts(0..=6, true).prop_map(|draft| settle(&draft))
}

/// The same world with every sequence and supply id said, so that rows can move without a change.
pub(crate) fn with_all_said(mut world: World) -> World {
    for row in world.rows() {
        let sequence = &mut world.lines[row].sequence;
        *sequence = sequence.or(Some(row as i64));
    }
    let taken: Vec<_> = world.supply.iter().filter_map(|row| row.supply).collect();
    let mut free = (0..)
        .map(allocator_core::SupplyId)
        .filter(|id| !taken.contains(id));
    for supply in world.supply.iter_mut().filter(|row| row.supply.is_none()) {
        supply.supply = free.next();
    }
    world
}

fn drafts(sizes: RangeInclusive<usize>, small: bool) -> impl Strategy<Value = Draft> {
    // One regime for a whole draft: huge numbers everywhere would hide the small boundaries.
    let regimes = if small {
        Just(0).boxed()
    } else {
        select(&[0, 0, 0, 0, 0, 0, 1, 1, 2][..]).boxed()
    };
    let orders = select(&[0_usize, 1, 1, 2][..]);
    (regimes, orders).prop_flat_map(move |(regime, orders)| {
        (
            0..SKUS.len(),
            policies(),
            vec(line_drafts(regime, orders), sizes.clone()),
            shelves(regime),
        )
            .prop_map(|(ids, policy, lines, supply)| Draft {
                ids,
                policy,
                lines,
                supply,
            })
    })
}

pub(crate) fn policies() -> impl Strategy<Value = Policy> {
    let completeness = [
        Completeness::Partial,
        Completeness::Line,
        Completeness::Order,
    ];
    let terms = (
        prop_oneof![5 => Just(ShortageRule::first_come()), 4 => rules()],
        select(completeness.to_vec()),
        select(&[Misfit::SetAside, Misfit::Pass][..]),
        prop_oneof![2 => Just(PlaceOrder::default()), 3 => place_orders()],
    );
    terms.prop_map(|(rule, completeness, on_misfit, order)| {
        Policy::sharing(rule)
            .completeness(completeness)
            .on_misfit(on_misfit)
            .order(order)
    })
}

/// Any order of places that can part lines of one quantity.
pub(crate) fn place_orders() -> impl Strategy<Value = PlaceOrder> {
    let shuffled = Just(PlacePart::ALL.to_vec()).prop_shuffle();
    (shuffled, 1..=PlacePart::ALL.len()).prop_map(|(mut parts, count)| {
        parts.truncate(count);
        if parts == [PlacePart::Quantity] {
            parts.push(PlacePart::Sequence);
        }
        PlaceOrder::from_parts(&parts).expect("each part once")
    })
}

/// Any rule that can be written: classes, lots and protections in any order, then perhaps a grading,
/// then perhaps lots or classes again.
pub(crate) fn rules() -> impl Strategy<Value = ShortageRule> {
    let protect = prop_oneof![4 => 1_i64..=3, 1 => select(&[20_i64, 1 << 62, i64::MAX][..])];
    let of_lines = [KeyPart::Class, KeyPart::Lot];
    let stage =
        prop_oneof![2 => select(of_lines.to_vec()), 3 => protect.prop_map(KeyPart::Protect)];
    let stages = prop_oneof![2 => Just((0_usize, 0)), 2 => Just((1, 1)), 1 => Just((2, 3))];
    let stages = stages.prop_flat_map(move |(least, most)| vec(stage.clone(), least..=most));
    let tie = option::weighted(0.3, select(of_lines.to_vec()));
    let gradings = [
        None,
        None,
        Some(KeyPart::Level),
        Some(KeyPart::Remainder),
        Some(KeyPart::Webster),
        Some(KeyPart::Adams),
        Some(KeyPart::Jefferson),
        Some(KeyPart::Weight),
    ];
    (stages, select(gradings.to_vec()), tie).prop_map(|(mut parts, grading, tie)| {
        parts.extend(grading);
        parts.extend(tie);
        parts.push(KeyPart::Place);
        ShortageRule::from_parts(&parts).expect("stages, a grading, the place")
    })
}

/// `regime` 0: small numbers, 1: one large line now and then, 2: the maximum now and then.
/// `orders` 0: no order of several lines, 1: few and large, 2: many and small.
fn line_drafts(regime: usize, orders: usize) -> impl Strategy<Value = LineDraft> {
    let quantities = match regime {
        0 => prop_oneof![1 => Just(0), 6 => 1_i64..=3, 2 => 4_i64..=6].boxed(),
        1 => prop_oneof![1 => Just(0), 6 => 1_i64..=3, 1 => 60_i64..=3_000].boxed(),
        _ => prop_oneof![4 => 0_i64..=2, 1 => Just(i64::MAX), 1 => i64::MAX - 2..=i64::MAX, 1 => Just(1 << 62)].boxed(),
    };
    let order = match orders {
        0 => Just(None).boxed(),
        1 => option::weighted(0.5, 0_usize..1).boxed(),
        _ => option::weighted(0.8, 0_usize..3).boxed(),
    };
    let place = (
        prop_oneof![6 => Just(0_i64), 1 => Just(-1), 1 => Just(1), 1 => select(&[i64::MIN, i64::MAX][..])],
        prop_oneof![4 => Just(5_i64), 4 => 3_i64..=7, 1 => select(&[i64::MIN, i64::MAX, 0, -1][..])],
        prop_oneof![4 => Just(None), 3 => (-2_i64..=9).prop_map(Some), 1 => select(&[i64::MIN, i64::MAX][..]).prop_map(Some)],
    );
    let number = || prop_oneof![4 => Just(0_i64), 4 => 1_i64..=3, 1 => select(&[i64::MIN, i64::MIN + 1, -1, i64::MAX - 1, i64::MAX][..])];
    let place = (place, number(), number());
    let sku = prop_oneof![16 => Just(0_usize), 10 => Just(1), 2 => Just(2), 1 => Just(3)];
    let completeness = [
        None,
        None,
        Some(Completeness::Partial),
        Some(Completeness::Line),
        Some(Completeness::Order),
    ];
    let on_misfit = [
        None,
        Some(Misfit::SetAside),
        Some(Misfit::Pass),
        Some(Misfit::Pass),
    ];
    let customer = option::weighted(0.4, 1_u32..=3);
    let weight = prop_oneof![
        6 => Just(1_i64),
        3 => 2_i64..=3,
        1 => select(&[MAX_WEIGHT - 1, MAX_WEIGHT, 0, -1, i64::MIN][..]),
    ];
    let terms = (select(completeness.to_vec()), select(on_misfit.to_vec()));
    (sku, quantities, order, (customer, weight), place, terms).prop_map(
        |(
            sku,
            quantity,
            order,
            (customer, weight),
            (place, lot, score),
            (completeness, on_misfit),
        )| LineDraft {
            sku,
            quantity,
            order,
            customer,
            place,
            lot,
            score,
            weight,
            completeness,
            on_misfit,
        },
    )
}

/// Mostly a row of each SKU that most lines want, and some more.
fn shelves(regime: usize) -> impl Strategy<Value = Vec<SupplyDraft>> {
    let base = |sku, weight| option::weighted(weight, supply_drafts(regime, Just(sku)));
    // Nobody ever supplies the last SKU.
    let sku = prop_oneof![3 => Just(0_usize), 2 => Just(1), 2 => Just(2)];
    let more = vec(supply_drafts(regime, sku), 0..=3);
    (base(0, 0.9), base(1, 0.8), more)
        .prop_map(|(first, second, more)| first.into_iter().chain(second).chain(more).collect())
}

fn supply_drafts(
    regime: usize,
    sku: impl Strategy<Value = usize>,
) -> impl Strategy<Value = SupplyDraft> {
    let exactly = if regime == 2 {
        prop_oneof![3 => 0_i64..=4, 1 => Just(i64::MAX), 1 => Just(1 << 62)].boxed()
    } else {
        (0_i64..=7).boxed()
    };
    let amount = prop_oneof![
        4 => exactly.prop_map(Amount::Exactly),
        3 => (-2_i64..=2).prop_map(Amount::DemandAnd),
        5 => Just(Amount::HalfOfDemand),
    ];
    (sku, amount, option::weighted(0.6, 0_u32..6), -1_i64..=1).prop_map(
        |(sku, amount, id, sequence)| SupplyDraft {
            sku,
            amount,
            id,
            sequence,
        },
    )
}

fn settle(draft: &Draft) -> World {
    let Draft {
        ids,
        policy,
        lines,
        supply,
    } = draft;
    let mut world = World {
        lines: Vec::new(),
        supply: Vec::new(),
        policy: *policy,
    };
    if world.shares() {
        world.policy.completeness = Completeness::Partial;
    }
    for (row, draft) in lines.iter().enumerate() {
        world.lines.push(line(*ids, row, draft));
    }
    for row in world.rows() {
        if world.shares() {
            may_share(&mut world, row);
        }
        agree(&mut world, row);
        part(&mut world, row);
    }
    for (row, draft) in supply.iter().enumerate() {
        let supply = supplied(&world, *ids, row, draft);
        world.supply.push(supply);
    }
    world
}

fn line(ids: usize, row: usize, draft: &LineDraft) -> DemandLine {
    let LineDraft {
        sku,
        quantity,
        order,
        customer,
        place,
        lot,
        score,
        weight,
        completeness,
        on_misfit,
    } = draft;
    let id = match ids {
        0 => row as u32,
        1 => (row as u32).wrapping_mul(2_654_435_761),
        _ => u32::MAX - 1 - row as u32,
    };
    let mut line = DemandLine::new(id, SKUS[ids][*sku], *quantity);
    line.order = order.map(|order| ORDERS[ids][order].into());
    line.customer = customer.map(Into::into);
    (line.priority, line.placed_at, line.sequence) =
        (place.0, Timestamp::from_micros(place.1), place.2);
    (line.lot, line.score) = (*lot, *score);
    line.weight = *weight;
    line.completeness = *completeness;
    line.on_misfit = *on_misfit;
    line
}

/// Under a rule that shares unit by unit a line ships in part, has a weight, and keeps its claimant
/// below the limit.
fn may_share(world: &mut World, row: usize) {
    let line = &mut world.lines[row];
    line.completeness = line
        .completeness
        .filter(|&own| own == Completeness::Partial);
    if !(1..=MAX_WEIGHT).contains(&line.weight) {
        line.weight = 1;
    }
    let sku = world.lines[row].sku;
    let earlier = (0..row).filter(|&other| world.lines[other].sku == sku);
    let same = earlier.filter(|&other| world.claimant(other) == world.claimant(row));
    let claimed: i64 = same.map(|other| world.lines[other].quantity).sum();
    let line = &mut world.lines[row];
    line.quantity = line.quantity.min(i64::MAX - claimed);
}

/// An order of which one line ships whole takes all its terms from that line.
fn agree(world: &mut World, row: usize) {
    let whole = world.completeness(row) == Completeness::Order;
    let terms = world.lines[row];
    if whole && terms.order.is_some() {
        for mate in world
            .lines
            .iter_mut()
            .filter(|mate| mate.order == terms.order)
        {
            mate.customer = terms.customer;
            mate.completeness = terms.completeness;
            mate.on_misfit = terms.on_misfit;
        }
    }
}

/// A line at the place of an earlier row gets a sequence of its own; where the place has none, another
/// number that the place reads.
fn part(world: &mut World, row: usize) {
    let compared = world.compared_by();
    let number = compared
        .iter()
        .rev()
        .copied()
        .max_by_key(|part| match part {
            PlacePart::Quantity => 0,
            PlacePart::Sequence => 2,
            _ => 1,
        });
    let mut free = 1_000;
    while (0..row).any(|earlier| world.place(earlier) == world.place(row)) {
        let line = &mut world.lines[row];
        match number.expect("an order has parts") {
            PlacePart::Priority => line.priority = free,
            PlacePart::Score => line.score = free,
            PlacePart::Lot => line.lot = free,
            PlacePart::PlacedAt => line.placed_at = Timestamp::from_micros(free),
            PlacePart::Sequence => line.sequence = Some(free),
            PlacePart::Quantity => unreachable!("nothing else to part lines by"),
        }
        free += 1;
    }
}

fn supplied(world: &World, ids: usize, row: usize, draft: &SupplyDraft) -> Supply {
    let SupplyDraft {
        sku,
        amount,
        id,
        sequence,
    } = draft;
    let sku = SKUS[ids][*sku];
    let demand = world.lines.iter().filter(|line| line.sku.0 == sku);
    let demand: i128 = demand.map(|line| i128::from(line.quantity)).sum();
    let before = world.supply.iter().filter(|row| row.sku.0 == sku);
    let before: i128 = before.map(|row| i128::from(row.quantity)).sum();
    let units = match *amount {
        Amount::Exactly(units) => units.into(),
        Amount::DemandAnd(more) => demand - before + i128::from(more),
        Amount::HalfOfDemand => (demand - before) / 2,
    };
    let units = units.clamp(0, i128::from(i64::MAX) - before);
    let mut supply = Supply::received(sku, units as i64).sequence(*sequence);
    let taken = |id: u32| {
        world
            .supply
            .iter()
            .any(|row| row.supply.is_some_and(|known| known.0 == id))
    };
    supply.supply = id.map(|id| if taken(id) { 100 + row as u32 } else { id }.into());
    supply
}
