//! `explanations.jsonl`: every line with every field and its sentence, one JSON object a line.

use std::collections::HashMap;
use std::io::Write;

use allocator_core::{Completeness, Explanation};
use serde::Serialize;

use super::FILES;
use crate::answer::Answer;
use crate::customer;
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
    claimed_ahead: i128,
    received: i64,
    receipts: Vec<FromReceipt>,
    /// All lines of an order that ships whole need the same; said once, at the first that needs it.
    more_units: Option<Vec<More<'a>>>,
    /// The line of the same order that says it instead.
    more_units_of: Option<&'a str>,
    if_before: Option<Before<'a>>,
    if_partial: Option<i64>,
    unit_price_minor: Option<i64>,
    missing_value_minor: Option<i128>,
    customer_sentence: Option<String>,
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

/// Writes the file; the answers to those who lack a unit are kept, in row order.
pub(super) fn write(
    mut out: impl Write,
    input: &Input,
    decision: &Decision,
    progress: Progress,
    answers: &mut Vec<Answer>,
) -> Result<(), Failure> {
    let [_, _, name] = FILES;
    let count = decision.standing.len();
    let mut first_of_order = HashMap::new();
    for why in progress.rows(decision.explainer.explanations(), count, name) {
        let why = why?;
        let line = why.at.row;
        let shared = why.completeness == Completeness::Order && !why.more_units.is_empty();
        let said_by = if shared {
            let order = decision.standing.order(line);
            *first_of_order.entry(order).or_insert(line)
        } else {
            line
        };
        let more_units = (said_by == line).then(|| more_units(input, &why));
        let answer = Answer::new(why);
        let mut object = object(input, decision, &answer);
        object.more_units = more_units;
        if said_by != line {
            let row = decision.standing.row[said_by];
            object.more_units_of = Some(input.demand.line_no(row));
        }
        serde_json::to_writer(&mut out, &object).map_err(|source| Failure::Json {
            path: name.into(),
            source,
        })?;
        out.write_all(b"\n").map_err(Failure::file(name))?;
        if decision.missing(line) > 0 {
            answers.push(answer);
        }
    }
    Ok(())
}

fn more_units<'a>(input: &'a Input, why: &Explanation) -> Vec<More<'a>> {
    let more_units = why.more_units.iter().map(|more| More {
        sku: input.sku_name(more.sku.0),
        units: more.units,
    });
    more_units.collect()
}

/// Everything but what the order needs.
fn object<'a>(input: &'a Input, decision: &Decision, answer: &Answer) -> Line<'a> {
    let (why, line) = (&answer.why, answer.why.at.row);
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
    let before = why.if_before.map(|before| standing.row[before.row]);
    let price = demand.price(row);
    let missing = decision.missing(line);
    Line {
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
        claimed_ahead: why.claimed_ahead,
        received: why.received,
        receipts: receipts.collect(),
        more_units: None,
        more_units_of: None,
        if_before: before.map(|row| Before {
            order_id: demand.order_id(row),
            line_no: demand.line_no(row),
        }),
        if_partial: why.if_partial,
        unit_price_minor: price,
        missing_value_minor: price.map(|price| i128::from(price) * i128::from(missing)),
        customer_sentence: (missing > 0).then(|| customer::sentence(answer, input)),
        sentence: answer.sentence(input, standing),
    }
}
