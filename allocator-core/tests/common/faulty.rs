//! Inputs with one to three faults, in both forms.

use allocator_core::limits::{MAX_WEIGHT, NO_ID};
use allocator_core::{
    Completeness, CustomerId, DemandLine, LineId, Misfit, OrderId, PlacePart, Supply, SupplyId,
};
use allocator_model::World;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::columns::Columns;
use super::worlds::{with_all_said, worlds};

/// Any input with rows of demand, probably a bad one.
pub(crate) fn faulty_rows() -> impl Strategy<Value = World> {
    (worlds(), vec(damages(), 1..=3)).prop_map(|(mut world, damages)| {
        for (damage, one, other) in damages {
            to_rows(&mut world, &damage, one, other);
        }
        world
    })
}

/// Any input with columns of demand, probably a bad one.
pub(crate) fn faulty_columns() -> impl Strategy<Value = (Columns, World)> {
    let damages = (vec(damages(), 0..=2), vec(column_damages(), 0..=2));
    (worlds(), damages, any::<bool>()).prop_map(|(mut world, (rows, columns), sparse)| {
        for (damage, one, other) in rows {
            to_rows(&mut world, &damage, one, other);
        }
        let mut table = Columns::of(&world.lines);
        if sparse {
            table = table.sparse();
        }
        for damage in columns {
            to_columns(&mut table, &damage);
        }
        (table, world)
    })
}

#[derive(Clone, Debug)]
enum Damage {
    Quantity(i64),
    NoLine,
    NoOrder,
    NoCustomer,
    NoSku,
    SameLine,
    SamePlace,
    /// Rows in place order, as most inputs are, but for one that stands where the row before stands.
    SamePlaceInSortedRows,
    OtherCustomer,
    OtherCompleteness,
    OtherMisfit,
    Weight(i64),
    Whole(Completeness),
    /// Two lines of one claimant that ask for so much of one SKU beyond the limit.
    TooMuch(i64),
    SupplyQuantity(i64),
    NoSupply,
    NoSupplySku,
    SameSupply,
    /// A receipt that lifts what there is to so much beyond the limit.
    Overflow(i64),
}

fn damages() -> impl Strategy<Value = (Damage, Index, Index)> {
    use Damage::*;
    let damage = [
        Quantity(-1),
        Quantity(i64::MIN),
        NoLine,
        NoOrder,
        NoCustomer,
        NoSku,
        SameLine,
        SamePlace,
        SamePlaceInSortedRows,
        OtherCustomer,
        OtherCompleteness,
        OtherMisfit,
        Weight(0),
        Weight(i64::MIN),
        Weight(MAX_WEIGHT + 1),
        Whole(Completeness::Line),
        Whole(Completeness::Order),
        TooMuch(0),
        TooMuch(1),
        TooMuch(i64::MAX),
        SupplyQuantity(-1),
        SupplyQuantity(i64::MIN),
        NoSupply,
        NoSupplySku,
        SameSupply,
        Overflow(0),
        Overflow(1),
        Overflow(i64::MAX),
    ];
    (select(damage.to_vec()), any::<Index>(), any::<Index>())
}

fn to_rows(world: &mut World, damage: &Damage, one: Index, other: Index) {
    if world.lines.is_empty() || world.supply.is_empty() {
        return;
    }
    let (row, mate) = (one.index(world.lines.len()), other.index(world.lines.len()));
    let (shelf, next) = (
        one.index(world.supply.len()),
        other.index(world.supply.len()),
    );
    let reads_quantity = world.compared_by().contains(&PlacePart::Quantity);
    let stand_at = move |line: &mut DemandLine, there: DemandLine, row: usize| {
        line.priority = there.priority;
        line.placed_at = there.placed_at;
        line.sequence = there.sequence.or(Some(row as i64));
        (line.lot, line.score) = (there.lot, there.score);
        if reads_quantity {
            line.quantity = there.quantity;
        }
    };
    let (lines, supply) = (&mut world.lines, &mut world.supply);
    match *damage {
        Damage::Quantity(units) => lines[row].quantity = units,
        Damage::NoLine => lines[row].line = LineId(NO_ID),
        Damage::NoOrder => lines[row].order = Some(OrderId(NO_ID)),
        Damage::NoCustomer => lines[row].customer = Some(CustomerId(NO_ID)),
        Damage::NoSku => lines[row].sku.0 = NO_ID,
        Damage::SameLine => lines[row].line = lines[mate].line,
        Damage::SamePlace => {
            let there = lines[mate];
            stand_at(&mut lines[row], there, mate);
        }
        Damage::SamePlaceInSortedRows => {
            *world = with_all_said(world.clone());
            let sorted = world.queue().into_iter().map(|row| world.lines[row]);
            world.lines = sorted.collect();
            let before = world.lines[row.saturating_sub(1)];
            stand_at(&mut world.lines[row], before, row.saturating_sub(1));
        }
        Damage::OtherCustomer | Damage::OtherCompleteness | Damage::OtherMisfit => {
            let mut terms = lines[mate].completeness(Completeness::Order).order(77_u32);
            terms.on_misfit = Some(Misfit::SetAside);
            for at in [mate, row] {
                lines[at].order = terms.order;
                lines[at].customer = terms.customer;
                lines[at].completeness = terms.completeness;
                lines[at].on_misfit = terms.on_misfit;
            }
            match *damage {
                Damage::OtherCustomer => lines[row].customer = Some(CustomerId(78)),
                Damage::OtherCompleteness => lines[row].completeness = Some(Completeness::Line),
                _ => lines[row].on_misfit = Some(Misfit::Pass),
            }
        }
        Damage::Weight(weight) => lines[row].weight = weight,
        Damage::Whole(completeness) => lines[row].completeness = Some(completeness),
        Damage::TooMuch(beyond) => {
            let DemandLine {
                sku, order, weight, ..
            } = lines[mate];
            for at in [mate, row] {
                lines[at].customer = Some(CustomerId(79));
                (lines[at].sku, lines[at].order, lines[at].weight) = (sku, order, weight);
            }
            lines[mate].quantity = i64::MAX;
            lines[row].quantity = beyond;
        }
        Damage::SupplyQuantity(units) => supply[shelf].quantity = units,
        Damage::NoSupply => supply[shelf].supply = Some(SupplyId(NO_ID)),
        Damage::NoSupplySku => supply[shelf].sku.0 = NO_ID,
        Damage::SameSupply => {
            supply[shelf].supply = Some(SupplyId(55));
            supply[next].supply = Some(SupplyId(55));
        }
        Damage::Overflow(beyond) => {
            let sku = supply[shelf].sku;
            let there = supply.iter().filter(|row| row.sku == sku);
            let there: i128 = there.map(|row| i128::from(row.quantity.max(0))).sum();
            let fills = i64::try_from(i128::from(i64::MAX) - there).unwrap_or(0);
            supply.push(Supply::received(sku, fills));
            supply.push(Supply::received(sku, beyond));
        }
    }
}

#[derive(Clone, Debug)]
enum ColumnDamage {
    Completeness(u8, Index),
    Misfit(u8, Index),
    /// The column of this number loses its last value, or gains one.
    Length(usize, bool),
}

fn column_damages() -> impl Strategy<Value = ColumnDamage> {
    prop_oneof![
        2 => (select(&[4_u8, 255][..]), any::<Index>())
            .prop_map(|(code, at)| ColumnDamage::Completeness(code, at)),
        2 => (select(&[3_u8, 200][..]), any::<Index>())
            .prop_map(|(code, at)| ColumnDamage::Misfit(code, at)),
        3 => (0_usize..12, any::<bool>()).prop_map(|(column, longer)| ColumnDamage::Length(column, longer)),
    ]
}

fn to_columns(table: &mut Columns, damage: &ColumnDamage) {
    fn resize<T: Clone>(column: Option<&mut Vec<T>>, longer: bool, value: T) {
        match column {
            Some(column) if longer => column.push(value),
            Some(column) => drop(column.pop()),
            None => {}
        }
    }
    let rows = table.sku.len();
    match *damage {
        ColumnDamage::Completeness(code, at) if rows > 0 => {
            let mut codes = table.completeness.take().unwrap_or_else(|| vec![0; rows]);
            let at = at.index(rows).min(codes.len().saturating_sub(1));
            codes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|value| *value = code);
            table.completeness = Some(codes);
        }
        ColumnDamage::Misfit(code, at) if rows > 0 => {
            let mut codes = table.on_misfit.take().unwrap_or_else(|| vec![0; rows]);
            let at = at.index(rows).min(codes.len().saturating_sub(1));
            codes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|value| *value = code);
            table.on_misfit = Some(codes);
        }
        ColumnDamage::Completeness(..) | ColumnDamage::Misfit(..) => {}
        ColumnDamage::Length(column, longer) => match column {
            0 => resize(table.line.as_mut(), longer, 3),
            1 => resize(table.order.as_mut(), longer, 3),
            2 => resize(table.customer.as_mut(), longer, 3),
            3 => resize(Some(&mut table.quantity), longer, 3),
            4 => resize(table.priority.as_mut(), longer, 3),
            5 => resize(table.placed_at.as_mut(), longer, 3),
            6 => resize(table.sequence.as_mut(), longer, 3),
            7 => resize(table.weight.as_mut(), longer, 1),
            8 => resize(table.completeness.as_mut(), longer, 1),
            9 => resize(table.lot.as_mut(), longer, 1),
            10 => resize(table.score.as_mut(), longer, 1),
            _ => resize(table.on_misfit.as_mut(), longer, 1),
        },
    }
}
