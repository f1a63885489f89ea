//! The rows of `cancellations.csv`: units that order lines gave back.

use std::collections::HashMap;

use allocator_core::Interner;

use crate::cells::{Cells, Column};
use crate::demand::Demand;
use crate::failure::Failure;
use crate::fault::{Faults, quoted};
use crate::names;
use crate::table::Table;

/// One row; only good ones are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cancellation {
    pub(crate) at: i64,
    /// The row of the order line.
    pub(crate) row: usize,
    pub(crate) quantity: i64,
}

#[derive(Clone, Copy)]
struct Columns {
    cancelled_at: Column,
    order_id: Column,
    line_no: Column,
    sku: Column,
    quantity: Column,
}

/// Reads the whole table. Without `demand`, which could not be used, only the cells are looked at.
pub(crate) fn read(
    table: &mut Table,
    demand: Option<&Demand>,
    skus: &Interner,
    faults: &mut Faults,
) -> Result<Vec<Cancellation>, Failure> {
    let columns = Columns {
        cancelled_at: table.require("cancelled_at", faults),
        order_id: table.require("order_id", faults),
        line_no: table.require("line_no", faults),
        sku: table.require("sku", faults),
        quantity: table.require("quantity", faults),
    };
    let mut cancellations = Vec::new();
    if !table.is_usable() {
        return Ok(cancellations);
    }
    let mut cancelled = HashMap::new();
    while let Some(mut cells) = table.next_row(faults)? {
        if cells.good() {
            let found = cancellation(&mut cells, columns, demand, skus, &mut cancelled);
            cancellations.extend(found);
        }
        if !cells.good() {
            let order = cells.peek(columns.order_id);
            let known = order
                .zip(demand)
                .and_then(|(order, demand)| demand.orders.id(order));
            match (known, order) {
                (Some(known), _) => faults.concerns(Some(known)),
                // It names an order that is not there: nothing of it can be incomplete.
                (None, Some(order)) if !order.is_empty() => {}
                (None, _) => faults.concerns(None),
            }
        }
    }
    Ok(cancellations)
}

fn cancellation(
    cells: &mut Cells<'_>,
    columns: Columns,
    demand: Option<&Demand>,
    skus: &Interner,
    cancelled: &mut HashMap<usize, i64>,
) -> Option<Cancellation> {
    let at = cells.instant(columns.cancelled_at);
    let order = filled(cells, columns.order_id);
    let number = filled(cells, columns.line_no);
    let sku = filled(cells, columns.sku);
    let quantity = cells.number(columns.quantity);
    let (demand, order, number) = (demand?, order?, number?);
    let Some(row) = demand.row(order, number) else {
        let reason = format!("order {} has no line {}", quoted(order), quoted(number));
        cells.fault(Some(columns.line_no), reason);
        return None;
    };
    let (at, sku, quantity) = (at?, sku?, quantity?);
    if demand.good.get(row) != Some(&true) {
        // Of a faulty order line nothing is known that this row could contradict, or lower.
        return None;
    }
    let ordered = names::of(skus, demand.sku.get(row));
    if ordered != sku {
        let reason = format!(
            "{} is cancelled, {} was ordered",
            quoted(sku),
            quoted(ordered)
        );
        cells.fault(Some(columns.sku), reason);
    }
    let all = demand.quantity.get(row).copied().unwrap_or(0);
    let sum = cancelled.entry(row).or_insert(0);
    if quantity > all - *sum {
        let before = match *sum {
            0 => String::new(),
            sum => format!(", {sum} of them cancelled by rows before it"),
        };
        let reason = format!("{quantity} are cancelled, {all} were ordered{before}");
        cells.fault(Some(columns.quantity), reason);
    }
    if !cells.good() {
        return None;
    }
    *sum += quantity;
    Some(Cancellation { at, row, quantity })
}

/// The text of a cell that may not be empty.
fn filled<'a>(cells: &mut Cells<'a>, column: Column) -> Option<&'a str> {
    let text = cells.text(column)?;
    if text.is_empty() {
        cells.fault(Some(column), "is empty".into());
        return None;
    }
    Some(text)
}
