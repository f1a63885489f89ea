//! What would have to change for one line: tried out, one change after the other.

use allocator_core::{Completeness, SkuId, Supply};

use crate::answer::{Answer, cover, run};
use crate::tickets;
use crate::world::World;

/// The counterfactuals of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// The fewest units of each SKU that would have to arrive, by SKU.
    pub more_units: Vec<(SkuId, i64)>,
    /// The row of the last line that its parcel must stand in front of.
    pub if_before: Option<usize>,
    /// Units it would get if its parcel could ship in part.
    pub if_partial: Option<i64>,
}

/// The counterfactuals of one line of a valid input that is answered so now. A line that asks for
/// nothing has none.
#[must_use]
pub fn why(world: &World, now: &Answer, row: usize) -> Why {
    let asked = world.lines[row].quantity;
    if asked == 0 {
        return Why::default();
    }
    let mut why = Why {
        more_units: more_units(world, row).unwrap_or_default(),
        ..Why::default()
    };
    let gets = now.allocated[row];
    if gets < asked {
        why.if_before = if_before(world, row);
        why.if_partial = Some(if_partial(world, now, row)).filter(|&units| units > gets);
    }
    why
}

/// Whether the rule alone covers all that these rows ask for: then they are served with every
/// parcel strict, and with any misfit, now and with more supply.
fn served_in_turn(world: &World, rows: &[usize]) -> bool {
    if world.shares() {
        return rows.iter().all(|&row| tickets::is_covered(world, row));
    }
    let (covered, _) = cover(world, &world.claims());
    rows.iter()
        .all(|&row| covered[row] == world.lines[row].quantity)
}

/// Per SKU of the parcel the fewest units that cover the parcel's lines of it; `None` where for one
/// SKU no number does.
fn more_units(world: &World, row: usize) -> Option<Vec<(SkuId, i64)>> {
    let parcel = world.parcel(row);
    // A receipt comes to where there are rows of the SKU already.
    if parcel.iter().any(|&mate| world.is_hopeless(mate)) {
        return None;
    }
    let mut skus: Vec<SkuId> = parcel.iter().map(|&mate| world.lines[mate].sku).collect();
    skus.sort();
    skus.dedup();
    let mut more = Vec::new();
    for sku in skus {
        let mut rows = parcel.clone();
        rows.retain(|&mate| world.lines[mate].sku == sku);
        let helps = |units| {
            let mut world = world.clone();
            world.supply.push(Supply::received(sku, units));
            served_in_turn(&world, &rows)
        };
        let units = fewest(i64::MAX - world.received()[&sku.0], helps)?;
        if units > 0 {
            more.push((sku, units));
        }
    }
    Some(more)
}

/// The smallest number that helps, up to `most`: tried from 0 on, and where that takes too long by
/// halving, since more units never help less.
fn fewest(most: i64, helps: impl Fn(i64) -> bool) -> Option<i64> {
    if let Some(units) = (0..=most.min(24)).find(|&units| helps(units)) {
        return Some(units);
    }
    if !helps(most) {
        return None;
    }
    let (mut too_few, mut enough) = (0, most);
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if helps(middle) {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    Some(enough)
}

/// Puts the parcel in front of each line before its latest, the last of them first: there it has
/// the class and the lot of that line, where the rule reads them.
fn if_before(world: &World, row: usize) -> Option<usize> {
    let world = &world.by_sequence();
    let parcel = world.parcel(row);
    let latest = world.place(*parcel.last()?);
    let mut others = world.queue();
    others.retain(|other| !parcel.contains(other));
    let sku = world.lines[row].sku;
    for (index, &other) in others.iter().enumerate().rev() {
        // Where classes are read, a line of another SKU would lend its class and take no unit.
        let beside = world.shares() && world.lines[other].sku != sku;
        if world.place(other) > latest || beside {
            continue;
        }
        let queue = [&others[..index], &parcel, &others[index..]].concat();
        let mut moved = world.clone();
        for (sequence, row) in queue.into_iter().enumerate() {
            moved.lines[row].sequence = Some(sequence as i64);
        }
        for &row in &parcel {
            (moved.lines[row].priority, moved.lines[row].lot) =
                (world.lines[other].priority, world.lines[other].lot);
        }
        if served_in_turn(&moved, &parcel) {
            return Some(other);
        }
    }
    None
}

/// Lets every line of the parcel ship in part.
fn if_partial(world: &World, now: &Answer, row: usize) -> i64 {
    if !world.is_whole(row) {
        // It does already.
        return now.allocated[row];
    }
    let mut changed = world.clone();
    for mate in world.parcel(row) {
        changed.lines[mate].completeness = Some(Completeness::Partial);
    }
    run(&changed).allocated[row]
}
