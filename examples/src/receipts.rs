//! The rows of `receipts.csv`: what arrived, and what never did.

use std::collections::HashMap;

use allocator_core::Interner;
use allocator_core::limits::MAX_QUANTITY;

use crate::cells::{Cells, Column};
use crate::failure::Failure;
use crate::fault::Faults;
use crate::table::Table;

/// One row; only good ones are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    pub(crate) sku: u32,
    /// `None`: it never came.
    pub(crate) received_at: Option<i64>,
    pub(crate) quantity: i64,
    /// The line of the file.
    pub(crate) file_line: u64,
}

#[derive(Clone, Copy)]
struct Columns {
    sku: Column,
    received_at: Column,
    quantity_received: Column,
}

/// Reads the whole table.
pub(crate) fn read(
    table: &mut Table,
    skus: &mut Interner,
    faults: &mut Faults,
) -> Result<Vec<Receipt>, Failure> {
    let columns = Columns {
        sku: table.require("sku", faults),
        received_at: table.require("received_at", faults),
        quantity_received: table.require("quantity_received", faults),
    };
    let mut receipts = Vec::new();
    if !table.is_usable() {
        return Ok(receipts);
    }
    let mut sums = HashMap::new();
    while let Some(mut cells) = table.next_row(faults)? {
        if cells.good() {
            receipts.extend(receipt(&mut cells, columns, skus, &mut sums));
        }
    }
    Ok(receipts)
}

fn receipt(
    cells: &mut Cells<'_>,
    columns: Columns,
    skus: &mut Interner,
    sums: &mut HashMap<u32, i64>,
) -> Option<Receipt> {
    let sku = cells.id(columns.sku, skus);
    let received_at = cells.optional_instant(columns.received_at);
    let quantity = if received_at == Some(None) {
        let quantity = cells.optional_number(columns.quantity_received);
        quantity.map(|units| units.unwrap_or(0))
    } else {
        cells.number(columns.quantity_received)
    };
    let receipt = Receipt {
        sku: sku?,
        received_at: received_at?,
        quantity: quantity?,
        file_line: cells.line,
    };
    if receipt.received_at.is_some() {
        // The core names the first row beyond the limit; here every one that does not fit is named.
        let sum = sums.entry(receipt.sku).or_insert(0);
        let Some(more) = sum.checked_add(receipt.quantity) else {
            let column = Some(columns.quantity_received);
            let reason = format!(
                "together with the {sum} units of the rows before it, the item has more than {MAX_QUANTITY}"
            );
            cells.fault(column, reason);
            return None;
        };
        *sum = more;
    }
    Some(receipt)
}
