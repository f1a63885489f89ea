//! Why a method cannot plan, in the words of the files.

use allocator_core::{CutMethod, DrawRequired, Drawn, Error};

use crate::input::{Input, column_of};
use crate::losers::claimant_name;
use crate::standing::Standing;
use crate::terms::Terms;

/// What the core said, with the line and column of the file.
pub(crate) fn refusal(
    error: &Error,
    input: &Input,
    standing: &Standing,
    terms: &Terms,
    method: CutMethod,
) -> String {
    match (error, method) {
        (Error::DrawRequired | Error::UnitLots { .. }, CutMethod::Policy(policy)) => {
            match Drawn::of(&policy) {
                Some(Drawn::Lines) => to_draw(&policy, input, standing),
                _ => "it needs a lot for every single unit, and the files have only lots for lines; the library \
                    takes them (unit_lots)"
                    .into(),
            }
        }
        (Error::MissingColumn { .. }, _) => match terms.unpriced {
            Some((count, line)) => format!(
                "it needs the price of every line, and {count} have none, the first in line {line} of demand.csv"
            ),
            None => "it needs prices: a column unit_price_minor in demand.csv".into(),
        },
        _ => of_row(error, input, standing),
    }
}

/// What has to be drawn before this policy can decide.
fn to_draw(policy: &allocator_core::Policy, input: &Input, standing: &Standing) -> String {
    let labels: Vec<String> = (0..standing.len())
        .map(|line| claimant_name(input, standing, line))
        .collect();
    match DrawRequired::new(policy, &labels, &[]) {
        Ok(Some(required)) => format!(
            "it decides by lots, and none are drawn yet. To draw: {} names, each customer once (an order \
             without a customer by its order_id), sorted by bytes, one a line; the SHA-256 of that list is {}. \
             Draw as DRAW.md shows, and write each one's place in the draw into the column lot of demand.csv",
            required.list().lines().count(),
            required.list_hash()
        ),
        Ok(None) => "it reads no lots".into(),
        Err(error) => of_row(&error, input, standing),
    }
}

/// An error about a row with the line and the column of the file.
fn of_row(error: &Error, input: &Input, standing: &Standing) -> String {
    let said = error.to_string();
    let line = error.row().and_then(|row| standing.row.get(row));
    match (line, error.field(), said.split_once(": ")) {
        (Some(&row), Some(field), Some((_, reason))) => format!(
            "demand.csv: line {}, column {}: {reason}",
            input.demand.file_line[row],
            column_of(field)
        ),
        _ => said,
    }
}
