//! `allocations.csv`: every line, in the order of the file.

use std::io::Write;

use allocator_core::Peg;

use super::{Cell, FILES, row};
use crate::decision::Decision;
use crate::failure::Failure;
use crate::input::Input;
use crate::progress::Progress;

pub(super) const HEADER: [&str; 14] = [
    "order_id",
    "line_no",
    "sku",
    "customer_id",
    "quantity",
    "cancelled",
    "allocated",
    "set_aside",
    "waiting",
    "never",
    "reason",
    "position",
    "units_ahead",
    "receipt_lines",
];

pub(super) fn write(
    out: impl Write,
    input: &Input,
    decision: &Decision,
    progress: Progress,
) -> Result<(), Failure> {
    let [name, ..] = FILES;
    let mut out = csv::Writer::from_writer(out);
    row(&mut out, name, &HEADER.map(Cell::Text))?;
    let places = decision.allocation().places();
    let lines = decision.allocation().outcomes().zip(places).enumerate();
    let count = decision.standing.len();
    for (line, (outcome, place)) in progress.rows(lines, count, name) {
        let demand_row = decision.standing.row[line];
        let pegs = receipt_lines(input, decision.allocation().pegs_of(line));
        let cells = [
            Cell::Text(input.demand.order_id(demand_row)),
            Cell::Text(input.demand.line_no(demand_row)),
            Cell::Text(input.sku_name(decision.standing.sku(line))),
            Cell::Text(input.demand.customer_id(demand_row).unwrap_or_default()),
            outcome.quantity.into(),
            decision.standing.cancelled[line].into(),
            outcome.allocated.into(),
            outcome.set_aside.into(),
            outcome.waiting.into(),
            outcome.never.into(),
            Cell::Text(outcome.reason.name()),
            place.position.into(),
            place.units_ahead.into(),
            Cell::Text(&pegs),
        ];
        row(&mut out, name, &cells)?;
    }
    out.flush().map_err(Failure::file(name))
}

/// Which rows of the receipts the units are from, in words that no spreadsheet takes for a time.
fn receipt_lines(input: &Input, pegs: &[Peg]) -> String {
    let words: Vec<String> = pegs
        .iter()
        .map(|peg| {
            let receipt = &input.receipts[peg.supply as usize];
            format!("{} of line {}", peg.units, receipt.file_line)
        })
        .collect();
    words.join(", ")
}
