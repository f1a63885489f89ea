//! Counterfactuals by running the changed input, without the reference model.

use allocator_core::{Completeness, Explanation, Misfit, Supply, allocate};
use allocator_model::World;
use proptest::prelude::*;

/// So many more units serve the line, and so does any larger number; one less of any SKU does not
/// serve it in turn. Where nothing is said, it is served in turn or no number helps.
pub(crate) fn more_units_hold(
    world: &World,
    row: usize,
    why: &Explanation,
) -> Result<(), TestCaseError> {
    let plus = |change: &dyn Fn(usize, i64) -> i64| {
        let mut world = world.clone();
        for (index, more) in why.more_units.iter().enumerate() {
            let units = change(index, more.units);
            world.supply.push(Supply::received(more.sku, units));
        }
        world
    };
    if why.more_units.is_empty() {
        let helpless = world.lines[row].quantity == 0 || in_turn(world, row);
        prop_assert!(
            helpless || !in_turn(&flooded(world), row),
            "row {row}: {why:?}"
        );
        return Ok(());
    }
    let exactly = plus(&|_, units| units);
    for enough in [&exactly, &flooded(&exactly)] {
        prop_assert!(is_served(enough, row), "row {row}: {why:?}");
        prop_assert!(in_turn(enough, row), "row {row}: {why:?}");
    }
    for less in 0..why.more_units.len() {
        let short = plus(&|index, units| units - i64::from(index == less));
        prop_assert!(!in_turn(&short, row), "row {row}, one unit less: {why:?}");
    }
    Ok(())
}

/// In front of that line it is served, in front of any later one it is not served in turn.
pub(crate) fn if_before_holds(
    world: &World,
    row: usize,
    why: &Explanation,
) -> Result<(), TestCaseError> {
    if is_served(world, row) {
        prop_assert_eq!(why.if_before, None);
        return Ok(());
    }
    let world = &world.by_sequence();
    let parcel = world.parcel(row);
    let mut others = world.queue();
    others.retain(|other| !parcel.contains(other));
    let latest = world.place(parcel[parcel.len() - 1]);
    let ahead = others
        .iter()
        .filter(|&&other| world.place(other) < latest)
        .count();
    let said = why.if_before.map(|at| at.row);
    if let Some(said) = said {
        prop_assert!(others[..ahead].contains(&said));
    }
    let sku = |row: usize| world.lines[row].sku;
    for index in (0..ahead).rev() {
        if world.shares() && sku(others[index]) != sku(row) {
            continue;
        }
        // In front of a line stands who has its class and lot and a smaller sequence.
        let mut moved = world.clone();
        let queue = [&others[..index], &parcel, &others[index..]].concat();
        for (sequence, at) in (0..).zip(queue) {
            moved.lines[at].sequence = Some(sequence);
        }
        let front = world.lines[others[index]];
        for &mate in &parcel {
            let line = &mut moved.lines[mate];
            (line.priority, line.lot) = (front.priority, front.lot);
        }
        if said == Some(others[index]) {
            prop_assert!(in_turn(&moved, row), "row {row}: {why:?}");
            prop_assert!(is_served(&moved, row), "row {row}: {why:?}");
            return Ok(());
        }
        prop_assert!(
            !in_turn(&moved, row),
            "row {} before {}: {:?}",
            row,
            others[index],
            why
        );
    }
    prop_assert_eq!(said, None);
    Ok(())
}

/// In part it gets just so much; where nothing is said, no more than now.
pub(crate) fn if_partial_holds(
    world: &World,
    row: usize,
    why: &Explanation,
) -> Result<(), TestCaseError> {
    let mut parted = world.clone();
    for mate in world.parcel(row) {
        parted.lines[mate].completeness = Some(Completeness::Partial);
    }
    let (now, then) = (why.outcome.allocated, gets(&parted)[row]);
    let raised = !is_served(world, row) && then > now;
    prop_assert_eq!(why.if_partial, raised.then_some(then), "row {}", row);
    Ok(())
}

/// Whether the line's whole parcel is served with all misfits set aside.
fn in_turn(world: &World, row: usize) -> bool {
    let strict = strict(world);
    let gets = gets(&strict);
    let served = |&mate: &usize| gets[mate] == world.lines[mate].quantity;
    world.parcel(row).iter().all(served)
}

fn is_served(world: &World, row: usize) -> bool {
    gets(world)[row] == world.lines[row].quantity
}

/// The same input with all misfits set aside: "served in turn" means served here.
fn strict(world: &World) -> World {
    let mut world = world.clone();
    world.policy.on_misfit = Misfit::SetAside;
    world
        .lines
        .iter_mut()
        .for_each(|line| line.on_misfit = None);
    world
}

fn gets(world: &World) -> Vec<i64> {
    let result = allocate(&world.lines, &world.supply, &world.policy).expect("a valid world");
    result.allocated().to_vec()
}

/// As much as there may be of every SKU that has any supply row.
fn flooded(world: &World) -> World {
    let mut flooded = world.clone();
    let supplied = |sku: &u32| world.supply.iter().any(|row| row.sku.0 == *sku);
    for (sku, units) in world
        .received()
        .into_iter()
        .filter(|(sku, _)| supplied(sku))
    {
        flooded.supply.push(Supply::received(sku, i64::MAX - units));
    }
    flooded
}
