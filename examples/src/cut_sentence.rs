//! What a customer is told whose units are cut: about his own orders only, by the names he knows.

use std::fmt::Write;

use allocator_core::MoreUnits;

use crate::answer::other_items;
use crate::failure::Failure;
use crate::input::Input;
use crate::losers::Loser;
use crate::plan::Plan;
use crate::standing::Standing;

/// Most lines of a customer that are named; most items of a line that more would have to come of.
const LINES: usize = 10;
const ITEMS: usize = 3;

/// One line: the core's sentence behind the order and the item.
pub(crate) fn of_line(
    plan: &Plan,
    input: &Input,
    standing: &Standing,
    line: usize,
) -> Result<String, Failure> {
    let mut text = plan.plan.sentence(line)?;
    let more = plan.plan.more_units(line)?;
    if more.len() > 1 {
        // The core has only numbers for the items. Writing to a string cannot fail.
        if let Some(end) = text.rfind(" It would have been enough") {
            text.truncate(end);
        }
        let needed = needed(&more, input);
        let _ = write!(text, " It would have been enough for you with {needed}.");
    }
    Ok(format!("{}: {text}", what(input, standing, line)))
}

/// `1 more of CAP, 2 more of MUG and more of 4 other items`.
fn needed(more: &[MoreUnits], input: &Input) -> String {
    let named = more.iter().take(ITEMS);
    let named = named.map(|more| format!("{} more of {}", more.units, input.sku_name(more.sku.0)));
    let mut items: Vec<String> = named.collect();
    match more.len().checked_sub(ITEMS) {
        Some(rest) if rest > 0 => items.push(format!("more of {}", other_items(rest))),
        _ => {}
    }
    let last = items.pop().unwrap_or_default();
    match items.is_empty() {
        true => last,
        false => format!("{} and {last}", items.join(", ")),
    }
}

/// One customer: the first of his lines in full, the others short.
pub(crate) fn of_customer(
    plan: &Plan,
    input: &Input,
    standing: &Standing,
    loser: &Loser,
) -> Result<String, Failure> {
    let mut lines = loser.lines.iter().copied();
    let Some(first) = lines.next() else {
        return Ok(String::new());
    };
    let mut text = of_line(plan, input, standing, first)?;
    for line in lines.clone().take(LINES - 1) {
        let planned = plan.plan.lines()[line];
        let kept = match planned.kept {
            0 => "nothing".into(),
            kept => kept.to_string(),
        };
        let _ = write!(
            text,
            " {}: you ordered {} and keep {kept}.",
            what(input, standing, line),
            planned.quantity
        );
    }
    match lines.len().checked_sub(LINES - 1) {
        Some(1) => text.push_str(" 1 more of your lines is cut."),
        Some(rest) if rest > 0 => {
            let _ = write!(text, " {rest} more of your lines are cut.");
        }
        _ => {}
    }
    Ok(text)
}

fn what(input: &Input, standing: &Standing, line: usize) -> String {
    let order = input.demand.order_id(standing.row[line]);
    format!("Order {order}, {}", input.sku_name(standing.sku(line)))
}
