//! Whether row i of a result answers line i. A result about other lines can keep every law by chance.

use crate::cell::shortened;
use crate::column::{Column, Value};
use crate::fault::Fault;
use crate::gather::Source;
use crate::ids::Id;
use crate::input::Input;

/// The first row of a table, as far as it names its lines, that is about another line.
pub(crate) fn of_table(source: &Source, input: &Input) -> Option<Fault> {
    let lines = source.column("line");
    let skus = source.column("sku");
    let rows = source.rows.min(input.lines.len());
    (0..rows).find_map(|row| {
        let of_line =
            lines.and_then(|column| other("line", row, id_at(column, row), line_id(input, row)));
        of_line.or_else(|| other("sku", row, id_at(skus?, row), sku_id(input, row)))
    })
}

/// The first row in which an allocation of `own` input is about another line, or has units of
/// another supply row, than `input`.
pub(crate) fn of_allocation(own: &Input, input: &Input) -> Option<Fault> {
    let rows = own.lines.len().min(input.lines.len());
    let of_lines = (0..rows).find_map(|row| {
        let of_line = other("line", row, line_id(own, row), line_id(input, row));
        of_line.or_else(|| other("sku", row, sku_id(own, row), sku_id(input, row)))
    });
    of_lines.or_else(|| {
        let rows = own.supply.len().min(input.supply.len());
        (0..rows).find_map(|row| other_supply(row, supply_id(own, row), supply_id(input, row)))
    })
}

fn other(
    column: &'static str,
    row: usize,
    found: Option<Id<'_>>,
    wanted: Option<Id<'_>>,
) -> Option<Fault> {
    if found == wanted {
        return None;
    }
    let (found, wanted) = (shown(found), shown(wanted));
    let what = format!(
        "{found} stands where the lines have {wanted}; a result answers the lines it was made of, row by row"
    );
    Some(Fault::of_row("other_line", "result", row, column, &what))
}

fn other_supply(row: usize, found: Option<Id<'_>>, wanted: Option<Id<'_>>) -> Option<Fault> {
    if found == wanted {
        return None;
    }
    let (found, wanted) = (shown(found), shown(wanted));
    let what = format!(
        "the result has units of {found} where {wanted} stands; give the supply it was made of"
    );
    Some(Fault::of_row(
        "other_supply",
        "supply",
        row,
        "supply",
        &what,
    ))
}

/// The id in a column, if it is one.
pub(crate) fn id_at(column: &Column, row: usize) -> Option<Id<'_>> {
    match column.value(row) {
        Value::Int(value) => Some(Id::Int(value)),
        Value::Text(text) => Some(Id::Text(text)),
        _ => None,
    }
}

fn line_id(input: &Input, row: usize) -> Option<Id<'_>> {
    input.names.line.id(input.lines.line_number(row))
}

fn sku_id(input: &Input, row: usize) -> Option<Id<'_>> {
    let number = input.lines.sku.get(row);
    number.and_then(|&number| input.names.sku.id(number))
}

fn supply_id(input: &Input, row: usize) -> Option<Id<'_>> {
    let number = match &input.supply_ids {
        Some(numbers) => numbers.get(row).copied(),
        None => u32::try_from(row).ok(),
    };
    number.and_then(|number| input.names.supply.id(number))
}

fn shown(id: Option<Id<'_>>) -> String {
    match id {
        None => "no id".into(),
        Some(Id::Int(value)) => value.to_string(),
        Some(Id::Text(text)) => format!("{:?}", shortened(text)),
    }
}
