//! `waiting.csv`: every line that does not have all its units, in place order, and what would help.

use std::io::Write;

use super::{Cell, FILES, row};
use crate::answer::{Answer, other_items};
use crate::customer;
use crate::decision::Decision;
use crate::failure::Failure;
use crate::input::Input;
use crate::instant;
use crate::progress::Progress;

pub(super) const HEADER: [&str; 21] = [
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
    "customer_sentence",
    "sentence",
];

pub(super) fn write(
    out: impl Write,
    input: &Input,
    decision: &Decision,
    progress: Progress,
    answers: &[Answer],
) -> Result<(), Failure> {
    let [_, name, _] = FILES;
    let mut out = csv::Writer::from_writer(out);
    row(&mut out, name, &HEADER.map(Cell::Text))?;
    let standing = &decision.standing;
    let mut in_place_order: Vec<&Answer> = answers.iter().collect();
    in_place_order.sort_by(|a, b| decision.compare_places(a.why.at.row, b.why.at.row));
    let count = answers.len();
    for answer in progress.rows(in_place_order.into_iter(), count, name) {
        let (why, line) = (&answer.why, answer.why.at.row);
        let demand_row = standing.row[line];
        let placed_at = instant::write(standing.placed_at(line));
        let also_needs = also_needs(input, answer);
        let to_customer = customer::sentence(answer, input);
        let sentence = answer.sentence(input, standing);
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
            Cell::optional(answer.own()),
            Cell::Text(&also_needs),
            Cell::Text(before.map_or("", |row| input.demand.order_id(row))),
            Cell::Text(before.map_or("", |row| input.demand.line_no(row))),
            Cell::optional(why.if_partial),
            Cell::optional(value),
            Cell::Text(&to_customer),
            Cell::Text(&sentence),
        ];
        row(&mut out, name, &cells)?;
    }
    out.flush().map_err(Failure::file(name))
}

/// What the other lines of an order that ships whole wait for; of a large one the beginning, because
/// each of those lines has its own number.
fn also_needs(input: &Input, answer: &Answer) -> String {
    let named = answer
        .others()
        .map(|more| format!("{} of {}", more.units, input.sku_name(more.sku.0)));
    let mut words = named.collect::<Vec<_>>().join(", ");
    if answer.unnamed > 0 {
        words.push_str(&format!(
            " and more of {}, see the other lines of the order",
            other_items(answer.unnamed)
        ));
    }
    words
}
