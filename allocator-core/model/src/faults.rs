//! Everything that is wrong with an input, in order of precedence: shape, supply rows, line rows,
//! between rows; in each the first row first, then the code, then the field.

use allocator_core::limits::{MAX_QUANTITY, MAX_WEIGHT, NO_ID};
use allocator_core::{
    Completeness, CustomerId, DemandColumns, DemandLine, Error, LineId, Misfit, OrderId,
    PlaceOrder, Policy, Supply, SupplyId, Table, Timestamp,
};

use crate::world::World;

/// All faults of an input whose demand comes as rows.
#[must_use]
pub fn faults_of_rows(world: &World) -> Vec<Error> {
    let World {
        lines,
        supply,
        policy,
    } = world;
    let mut faults = of_supply(supply);
    for (row, line) in lines.iter().enumerate() {
        faults.extend(no_id(Table::Lines, row, "line", Some(line.line.0)));
        faults.extend(no_id(Table::Lines, row, "order", line.order.map(|id| id.0)));
        faults.extend(no_id(
            Table::Lines,
            row,
            "customer",
            line.customer.map(|id| id.0),
        ));
        faults.extend(no_id(Table::Lines, row, "sku", Some(line.sku.0)));
        faults.extend(negative(Table::Lines, row, line.quantity));
        faults.extend(not_to_number(world, row));
        faults.extend(same_line_id(lines, row));
        faults.extend(not_to_part(world, row));
    }
    faults.extend(between_rows(lines, policy));
    faults
}

/// All faults of an input whose demand comes as columns.
#[must_use]
pub fn faults_of_columns(
    lines: &DemandColumns<'_>,
    supply: &[Supply],
    policy: Policy,
) -> Vec<Error> {
    let faults = of_shape(lines);
    if !faults.is_empty() {
        return faults;
    }
    let mut faults = of_supply(supply);
    let world = World {
        lines: rows_of(lines),
        supply: supply.to_vec(),
        policy,
    };
    let rows = &world.lines;
    for (row, line) in rows.iter().enumerate() {
        faults.extend(no_id(
            Table::Lines,
            row,
            "line",
            lines.line.map(|ids| ids[row]),
        ));
        faults.extend(no_id(Table::Lines, row, "sku", Some(line.sku.0)));
        faults.extend(negative(Table::Lines, row, line.quantity));
        faults.extend(not_to_number(&world, row));
        if let Some(code) = lines
            .completeness
            .map(|codes| codes[row])
            .filter(|&code| code > 3)
        {
            faults.push(Error::UnknownCompleteness { row, code });
        }
        if let Some(code) = lines
            .on_misfit
            .map(|codes| codes[row])
            .filter(|&code| code > 2)
        {
            faults.push(Error::UnknownMisfit { row, code });
        }
        if lines.line.is_some() {
            faults.extend(same_line_id(rows, row));
        }
        faults.extend(not_to_part(&world, row));
    }
    faults.extend(between_rows(rows, &policy));
    faults
}

/// Every column that is not as long as the SKUs.
fn of_shape(lines: &DemandColumns<'_>) -> Vec<Error> {
    let rows = lines.sku.len();
    let columns = [
        ("line", lines.line.map(<[_]>::len)),
        ("order", lines.order.map(<[_]>::len)),
        ("customer", lines.customer.map(<[_]>::len)),
        ("quantity", Some(lines.quantity.len())),
        ("priority", lines.priority.map(<[_]>::len)),
        ("placed_at", lines.placed_at.map(<[_]>::len)),
        ("sequence", lines.sequence.map(<[_]>::len)),
        ("lot", lines.lot.map(<[_]>::len)),
        ("score", lines.score.map(<[_]>::len)),
        ("weight", lines.weight.map(<[_]>::len)),
        ("completeness", lines.completeness.map(<[_]>::len)),
        ("on_misfit", lines.on_misfit.map(<[_]>::len)),
    ];
    let wrong = columns
        .into_iter()
        .filter_map(|(field, len)| Some((field, len?)));
    let wrong = wrong.filter(|&(_, len)| len != rows);
    let fault = |(field, len)| Error::LengthMismatch {
        table: Table::Lines,
        field,
        len,
        rows,
    };
    wrong.map(fault).collect()
}

/// The lines that columns without a wrong length stand for. A code that does not exist reads as
/// none, so that the faults between rows can still be looked for.
fn rows_of(lines: &DemandColumns<'_>) -> Vec<DemandLine> {
    let named = |ids: Option<&[u32]>, row: usize| ids.map(|ids| ids[row]).filter(|&id| id != NO_ID);
    let row = |row: usize| {
        let id = lines.line.map_or(row as u32, |ids| ids[row]);
        let mut line = DemandLine::new(LineId(id), lines.sku[row], lines.quantity[row]);
        line.order = named(lines.order, row).map(OrderId);
        line.customer = named(lines.customer, row).map(CustomerId);
        line.priority = lines.priority.map_or(0, |values| values[row]);
        line.placed_at = Timestamp::from_micros(lines.placed_at.map_or(0, |values| values[row]));
        line.sequence = lines.sequence.map(|values| values[row]);
        line.lot = lines.lot.map_or(0, |values| values[row]);
        line.score = lines.score.map_or(0, |values| values[row]);
        line.weight = lines.weight.map_or(1, |values| values[row]);
        line.completeness = match lines.completeness.map_or(0, |codes| codes[row]) {
            1 => Some(Completeness::Partial),
            2 => Some(Completeness::Line),
            3 => Some(Completeness::Order),
            _ => None,
        };
        line.on_misfit = match lines.on_misfit.map_or(0, |codes| codes[row]) {
            1 => Some(Misfit::SetAside),
            2 => Some(Misfit::Pass),
            _ => None,
        };
        line
    };
    (0..lines.sku.len()).map(row).collect()
}

fn of_supply(supply: &[Supply]) -> Vec<Error> {
    let table = Table::Supply;
    let mut faults = Vec::new();
    for (row, this) in supply.iter().enumerate() {
        let no_id = |field, id| no_id(table, row, field, id);
        faults.extend(no_id("supply", this.supply.map(|id| id.0)));
        faults.extend(no_id("sku", Some(this.sku.0)));
        faults.extend(negative(table, row, this.quantity));
        let sum = |rows: &[Supply]| -> i128 {
            let same = rows.iter().filter(|other| other.sku == this.sku);
            same.map(|other| i128::from(other.quantity.max(0))).sum()
        };
        let (before, with) = (sum(&supply[..row]), sum(&supply[..=row]));
        if before <= MAX_QUANTITY.into() && with > MAX_QUANTITY.into() {
            faults.push(out_of_range(
                table,
                row,
                "quantity",
                with,
                MAX_QUANTITY.into(),
            ));
        }
        let id = |row: &Supply| row.supply == this.supply;
        let first = supply.iter().position(id).filter(|&first| first < row);
        if let (Some(SupplyId(_)), Some(first)) = (this.supply, first) {
            let field = "supply";
            faults.push(Error::DuplicateId {
                table,
                row,
                first,
                field,
            });
        }
    }
    faults
}

/// Where units are shared: claims of one claimant on one SKU whose sum passes the limit at this row,
/// and a weight out of range.
fn not_to_number(world: &World, row: usize) -> Vec<Error> {
    let mut faults = Vec::new();
    if !world.shares() {
        return faults;
    }
    let same = |other: &usize| {
        world.lines[*other].sku == world.lines[row].sku
            && world.claimant(*other) == world.claimant(row)
    };
    let sum = |rows: std::ops::Range<usize>| -> i128 {
        let units = |other: usize| i128::from(world.lines[other].quantity.max(0));
        rows.filter(same).map(units).sum()
    };
    let (before, with, max) = (sum(0..row), sum(0..row + 1), i128::from(MAX_QUANTITY));
    if before <= max && with > max {
        faults.push(out_of_range(Table::Lines, row, "quantity", with, max));
    }
    let weight = world.lines[row].weight;
    if !(1..=MAX_WEIGHT).contains(&weight) {
        faults.push(Error::OutOfRange {
            table: Table::Lines,
            row,
            field: "weight",
            value: weight.into(),
            min: 1,
            max: MAX_WEIGHT.into(),
        });
    }
    faults
}

/// Where units are shared, a line that ships whole.
fn not_to_part(world: &World, row: usize) -> Option<Error> {
    let rule = world.policy.rule;
    (world.shares() && world.is_whole(row)).then_some(Error::RuleNeedsSingleUnits { row, rule })
}

/// Lines of one order that ships whole and differ; lines at one place.
fn between_rows(lines: &[DemandLine], policy: &Policy) -> Vec<Error> {
    let world = World {
        lines: lines.to_vec(),
        supply: Vec::new(),
        policy: *policy,
    };
    // In rows an id may wrongly be the one that names nobody.
    let order = |row: usize| lines[row].order.filter(|order| order.0 != NO_ID);
    let customer = |row: usize| lines[row].customer.filter(|customer| customer.0 != NO_ID);
    let mut faults = Vec::new();
    for row in world.rows() {
        let mates = || {
            world
                .rows()
                .filter(|&mate| order(row).is_some() && order(mate) == order(row))
        };
        let first = mates().next().unwrap_or(row);
        if mates().any(|mate| world.completeness(mate) == Completeness::Order) {
            let differs = [
                ("customer", customer(row) != customer(first)),
                (
                    "completeness",
                    world.completeness(row) != world.completeness(first),
                ),
                ("on_misfit", world.passes(row) != world.passes(first)),
            ];
            for (field, _) in differs.into_iter().filter(|&(_, differs)| differs) {
                faults.push(Error::OrderDisagrees { row, first, field });
            }
        }
        let first = world
            .rows()
            .find(|&other| world.place(other) == world.place(row));
        if let Some(first) = first.filter(|&first| first < row) {
            let order = PlaceOrder::from_parts(&world.compared_by()).expect("each part once");
            faults.push(Error::DuplicatePlace { row, first, order });
        }
    }
    faults
}

fn same_line_id(lines: &[DemandLine], row: usize) -> Option<Error> {
    let first = lines.iter().position(|line| line.line == lines[row].line)?;
    (first < row).then_some(Error::DuplicateId {
        table: Table::Lines,
        row,
        first,
        field: "line",
    })
}

fn no_id(table: Table, row: usize, field: &'static str, id: Option<u32>) -> Option<Error> {
    let value = i128::from(NO_ID);
    (id == Some(NO_ID)).then(|| out_of_range(table, row, field, value, value - 1))
}

fn negative(table: Table, row: usize, quantity: i64) -> Option<Error> {
    (quantity < 0)
        .then(|| out_of_range(table, row, "quantity", quantity.into(), MAX_QUANTITY.into()))
}

fn out_of_range(table: Table, row: usize, field: &'static str, value: i128, max: i128) -> Error {
    let min = 0;
    Error::OutOfRange {
        table,
        row,
        field,
        value,
        min,
        max,
    }
}
