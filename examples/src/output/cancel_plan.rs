//! `cancel_plan.csv`: every customer who loses a unit, what is paid back to him and what he is told.
//! `cancel_lines.csv`: every line that loses a unit, for whoever changes the orders.

use std::io::Write;

use super::{CANCEL_LINES, CANCEL_PLAN, Cell, row};
use crate::cut_sentence;
use crate::failure::Failure;
use crate::input::Input;
use crate::losers::losers;
use crate::plan::Plan;
use crate::standing::Standing;

pub(super) const HEADER: [&str; 12] = [
    "customer_id",
    "orders",
    "lines",
    "ordered",
    "kept",
    "cut",
    "volunteered",
    "credit_spent",
    "refund_minor",
    "compensation_minor",
    "currency",
    "sentence",
];

pub(super) const LINES_HEADER: [&str; 16] = [
    "order_id",
    "line_no",
    "customer_id",
    "sku",
    "ordered",
    "kept",
    "cut",
    "given",
    "volunteered",
    "credit_spent",
    "reason",
    "more_units",
    "refund_minor",
    "compensation_minor",
    "currency",
    "sentence",
];

pub(super) fn write_customers(
    out: impl Write,
    input: &Input,
    standing: &Standing,
    plan: &Plan,
) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(out);
    row(&mut out, CANCEL_PLAN, &HEADER.map(Cell::Text))?;
    let currency = input.demand.terms.currency().unwrap_or_default();
    for loser in losers(standing, &plan.plan) {
        let mut orders: Vec<&str> = Vec::new();
        for &line in &loser.lines {
            let order = input.demand.order_id(standing.row[line]);
            if !orders.contains(&order) {
                orders.push(order);
            }
        }
        let customer = loser.lines.first().map(|&line| standing.row[line]);
        let customer = customer.and_then(|row| input.demand.customer_id(row));
        let (orders, sentence) = (
            orders.join(", "),
            cut_sentence::of_customer(plan, input, standing, &loser)?,
        );
        let cells = [
            Cell::Text(customer.unwrap_or_default()),
            Cell::Text(&orders),
            Cell::Number(i128::try_from(loser.lines.len()).unwrap_or(i128::MAX)),
            loser.ordered.into(),
            loser.kept.into(),
            loser.cut.into(),
            loser.volunteered.into(),
            loser.credit_spent.into(),
            Cell::optional(loser.refund),
            loser.compensation.into(),
            Cell::Text(currency),
            Cell::Text(&sentence),
        ];
        row(&mut out, CANCEL_PLAN, &cells)?;
    }
    out.flush().map_err(Failure::file(CANCEL_PLAN))
}

pub(super) fn write_lines(
    out: impl Write,
    input: &Input,
    standing: &Standing,
    plan: &Plan,
) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(out);
    row(&mut out, CANCEL_LINES, &LINES_HEADER.map(Cell::Text))?;
    let currency = input.demand.terms.currency().unwrap_or_default();
    for cut in plan.plan.cuts() {
        let (line, planned) = (cut.row(), cut.line()?);
        let demand_row = standing.row[line];
        let more = plan.plan.more_units(line)?;
        let own = more.iter().find(|more| more.sku == planned.sku);
        let sentence = cut_sentence::of_line(plan, input, standing, line)?;
        let cells = [
            Cell::Text(input.demand.order_id(demand_row)),
            Cell::Text(input.demand.line_no(demand_row)),
            Cell::Text(input.demand.customer_id(demand_row).unwrap_or_default()),
            Cell::Text(input.sku_name(planned.sku.0)),
            planned.quantity.into(),
            planned.kept.into(),
            planned.cut.into(),
            planned.given.into(),
            planned.volunteered.into(),
            planned.credit_spent.into(),
            Cell::Text(planned.reason.name()),
            Cell::optional(own.map(|more| more.units)),
            Cell::optional(planned.refund),
            planned.compensation.into(),
            Cell::Text(currency),
            Cell::Text(&sentence),
        ];
        row(&mut out, CANCEL_LINES, &cells)?;
    }
    out.flush().map_err(Failure::file(CANCEL_LINES))
}
