//! The sentence for the customer: about the own order only, and short. Where others stand, the
//! support agent's sentence says.

use std::fmt::Write;

use allocator_core::{Completeness, Explanation, Reason};

use crate::answer::{Answer, other_items};
use crate::input::Input;

/// Why a line that lacks a unit lacks it, and what has to arrive for it.
pub(crate) fn sentence(answer: &Answer, input: &Input) -> String {
    let Explanation {
        sku,
        outcome,
        completeness,
        claimed_ahead,
        received,
        ..
    } = answer.why;
    let whole_order = completeness == Completeness::Order;
    let mut text = format!(
        "You get {} of {} of {}",
        outcome.allocated,
        units(outcome.quantity.into()),
        input.sku_name(sku.0)
    );
    // Writing to a string cannot fail.
    let _ = match outcome.reason {
        Reason::UnknownSku => write!(text, ": no delivery of it is known."),
        Reason::OrderHasImpossibleLine => write!(
            text,
            ": your order ships whole, and of another item of it no delivery is known."
        ),
        Reason::OrderIncomplete => write!(
            text,
            " now. There is enough of it, but your order ships whole and the rest of it waits."
        ),
        Reason::LineIncomplete => write!(
            text,
            " now. There is enough for {}, and they ship together.",
            outcome.covered
        ),
        _ => {
            let ahead = match claimed_ahead {
                0 => "Nobody is".into(),
                1 => "1 unit is".into(),
                ahead => format!("{ahead} units are"),
            };
            let were = if received == 1 { "was" } else { "were" };
            let _ = write!(
                text,
                " now. {ahead} ahead of you in line, and {received} {were} received."
            );
            match (whole_order, outcome.covered) {
                (false, _) => Ok(()),
                (true, 0) => write!(text, " Your order ships whole."),
                (true, covered) => write!(
                    text,
                    " There is enough for {covered}, but your order ships whole."
                ),
            }
        }
    };
    let _ = match outcome.set_aside {
        0 => Ok(()),
        1 => write!(text, " 1 unit is kept for you."),
        kept => write!(text, " {kept} units are kept for you."),
    };
    text.push_str(&to_arrive(answer, input));
    text
}

/// What has to arrive: the own item, else one other, by name; of the rest the number of items.
fn to_arrive(answer: &Answer, input: &Input) -> String {
    let own = answer.own().map(|units| (units, answer.why.sku));
    let mut others = answer.others().map(|more| (more.units, more.sku));
    let Some((count, sku)) = own.or_else(|| others.next()) else {
        return String::new();
    };
    let item = input.sku_name(sku.0);
    let word = if count == 1 { "unit" } else { "units" };
    match (others.count() + answer.unnamed, count) {
        (0, 1) => format!(" 1 more unit of {item} has to arrive."),
        (0, _) => format!(" {count} more units of {item} have to arrive."),
        (rest, _) => format!(
            " {count} more {word} of {item} and more of {} of your order have to arrive.",
            other_items(rest)
        ),
    }
}

fn units(count: i128) -> String {
    match count {
        1 => "1 unit".into(),
        count => format!("{count} units"),
    }
}
