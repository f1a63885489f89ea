//! `waiting.csv`: every line that does not have all its units, in place order, and what would help.

use std::io::Write;

use allocator_core::Explanation;

use super::{Cell, FILES, row};
use crate::decision::Decision;
use crate::failure::Failure;
use crate::input::Input;
use crate::instant;
use crate::progress::Progress;

pub(super) const HEADER: [&str; 20] = [
    "order_id",
    "line_no",
    "sku",
    "customer_id",
    "placed_at",
    "quantity",
    "allocated",
    "set_aside",
    "waiting",
    "never",
    "reason",
    "position",
    "units_ahead",
    "more_units",
    "also_needs",
    "before_order",
    "before_line",
    "if_partial",
    "missing_value_minor",
    "sentence",
];

pub(super) fn write(
    out: impl Write,
    input: &Input,
    decision: &Decision,
    progress: Progress,
) -> Result<(), Failure> {
    let [_, name, _] = FILES;
    let mut out = csv::Writer::from_writer(out);
    row(&mut out, name, &HEADER.map(Cell::Text))?;
    let lines = decision.unserved();
    let count = lines.len();
    for line in progress.rows(lines.into_iter(), count, name) {
        let why = decision.explainer.explain(line)?;
        let sentence = decision.sentence(input, &why);
        let standing = &decision.standing;
        let demand_row = standing.row[line];
        let placed_at = instant::write(standing.placed_at(line));
        let own = why.more_units.iter().find(|more| more.sku == why.sku);
        let also_needs = also_needs(input, &why);
        let before = why.if_before.map(|before| standing.row[before.row]);
        let price = input.demand.price(demand_row).map(i128::from);
        let value = price.map(|price| price * i128::from(decision.missing(line)));
        let cells = [
            Cell::Text(input.demand.order_id(demand_row)),
            Cell::Text(input.demand.line_no(demand_row)),
            Cell::Text(input.sku_name(standing.sku(line))),
            Cell::Text(input.demand.customer_id(demand_row).unwrap_or_default()),
            Cell::Text(&placed_at),
            why.outcome.quantity.into(),
            why.outcome.allocated.into(),
            why.outcome.set_aside.into(),
            why.outcome.waiting.into(),
            why.outcome.never.into(),
            Cell::Text(why.outcome.reason.name()),
            why.place.position.into(),
            why.place.units_ahead.into(),
            Cell::optional(own.map(|more| more.units)),
            Cell::Text(&also_needs),
            Cell::Text(before.map_or("", |row| input.demand.order_id(row))),
            Cell::Text(before.map_or("", |row| input.demand.line_no(row))),
            Cell::optional(why.if_partial),
            Cell::optional(value),
            Cell::Text(&sentence),
        ];
        row(&mut out, name, &cells)?;
    }
    out.flush().map_err(Failure::file(name))
}

/// What the other lines of an order that ships whole wait for.
fn also_needs(input: &Input, why: &Explanation) -> String {
    let others = why.more_units.iter().filter(|more| more.sku != why.sku);
    let words: Vec<String> = others
        .map(|more| format!("{} of {}", more.units, input.sku_name(more.sku.0)))
        .collect();
    words.join(", ")
}
