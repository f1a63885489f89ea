//! `overtakes.csv`: who was served although somebody before him waits, and why that was allowed.

use std::io::Write;

use super::{Cell, MOST_OVERTAKES, OVERTAKES, row};
use crate::decision::Decision;
use crate::failure::Failure;
use crate::input::Input;
use crate::overtakes;

pub(super) const HEADER: [&str; 6] = [
    "later_order",
    "later_line",
    "earlier_order",
    "earlier_line",
    "sku",
    "because",
];

pub(super) fn write(out: impl Write, input: &Input, decision: &Decision) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(out);
    row(&mut out, OVERTAKES, &HEADER.map(Cell::Text))?;
    let standing = &decision.standing;
    for pair in overtakes::first(decision, MOST_OVERTAKES) {
        let (later, earlier) = (standing.row[pair.later], standing.row[pair.earlier]);
        let cells = [
            Cell::Text(input.demand.order_id(later)),
            Cell::Text(input.demand.line_no(later)),
            Cell::Text(input.demand.order_id(earlier)),
            Cell::Text(input.demand.line_no(earlier)),
            Cell::Text(input.sku_name(standing.sku(pair.later))),
            Cell::Text(pair.because.name()),
        ];
        row(&mut out, OVERTAKES, &cells)?;
    }
    out.flush().map_err(Failure::file(OVERTAKES))
}
