//! `explanations.jsonl`: every line with every field and its sentence, one JSON object a line.

use std::io::Write;

use serde::Serialize;

use super::FILES;
use crate::decision::Decision;
use crate::failure::Failure;
use crate::input::Input;
use crate::instant;
use crate::progress::Progress;

/// The outside ids are as they came; absent is `null`.
#[derive(Serialize)]
struct Line<'a> {
    order_id: &'a str,
    line_no: &'a str,
    sku: &'a str,
    customer_id: Option<&'a str>,
    placed_at: String,
    priority: i64,
    quantity: i64,
    cancelled: i64,
    allocated: i64,
    set_aside: i64,
    waiting: i64,
    never: i64,
    covered: i64,
    reason: &'static str,
    position: u32,
    units_ahead: i128,
    received: i64,
    receipts: Vec<FromReceipt>,
    more_units: Vec<More<'a>>,
    if_before: Option<Before<'a>>,
    if_partial: Option<i64>,
    unit_price_minor: Option<i64>,
    missing_value_minor: Option<i128>,
    sentence: String,
}

#[derive(Serialize)]
struct FromReceipt {
    /// The line of the receipts' file.
    line: u64,
    received_at: Option<String>,
    units: i64,
}

#[derive(Serialize)]
struct More<'a> {
    sku: &'a str,
    units: i64,
}

#[derive(Serialize)]
struct Before<'a> {
    order_id: &'a str,
    line_no: &'a str,
}

pub(super) fn write(
    mut out: impl Write,
    input: &Input,
    decision: &Decision,
    progress: Progress,
) -> Result<(), Failure> {
    let [_, _, name] = FILES;
    let count = decision.standing.len();
    for line in progress.rows(0..count, count, name) {
        let line = explained(input, decision, line)?;
        serde_json::to_writer(&mut out, &line).map_err(|source| Failure::Json {
            path: name.into(),
            source,
        })?;
        out.write_all(b"\n").map_err(Failure::file(name))?;
    }
    Ok(())
}

fn explained<'a>(input: &'a Input, decision: &Decision, line: usize) -> Result<Line<'a>, Failure> {
    let why = decision.explainer.explain(line)?;
    let sentence = decision.sentence(input, &why);
    let standing = &decision.standing;
    let (demand, row) = (&input.demand, standing.row[line]);
    let receipts = decision.allocation().pegs_of(line).iter().map(|peg| {
        let receipt = &input.receipts[peg.supply as usize];
        FromReceipt {
            line: receipt.file_line,
            received_at: receipt.received_at.map(instant::write),
            units: peg.units,
        }
    });
    let more_units = why.more_units.iter().map(|more| More {
        sku: input.sku_name(more.sku.0),
        units: more.units,
    });
    let before = why.if_before.map(|before| standing.row[before.row]);
    let price = demand.price(row);
    let missing = i128::from(decision.missing(line));
    Ok(Line {
        order_id: demand.order_id(row),
        line_no: demand.line_no(row),
        sku: input.sku_name(standing.sku(line)),
        customer_id: demand.customer_id(row),
        placed_at: instant::write(standing.placed_at(line)),
        priority: standing.priority(line),
        quantity: why.outcome.quantity,
        cancelled: standing.cancelled[line],
        allocated: why.outcome.allocated,
        set_aside: why.outcome.set_aside,
        waiting: why.outcome.waiting,
        never: why.outcome.never,
        covered: why.outcome.covered,
        reason: why.outcome.reason.name(),
        position: why.place.position,
        units_ahead: why.place.units_ahead,
        received: why.received,
        receipts: receipts.collect(),
        more_units: more_units.collect(),
        if_before: before.map(|row| Before {
            order_id: demand.order_id(row),
            line_no: demand.line_no(row),
        }),
        if_partial: why.if_partial,
        unit_price_minor: price,
        missing_value_minor: price.map(|price| i128::from(price) * missing),
        sentence,
    })
}
