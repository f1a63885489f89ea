//! Commands that say nothing the engine could do.

use alloc::vec::Vec;

use crate::engine::command::{Ahead, Command, Pack, Place, StockCause, StockChange};
use crate::error::{Error, Table};
use crate::quantity::{Quantity, Total};
use crate::time::Timestamp;

/// Whether a command is well-formed.
///
/// # Errors
/// [`Error::OutOfRange`] or [`Error::Malformed`] for the first field at fault, in the order in which the
/// command declares them; of lines, the first line.
pub(crate) fn check(command: &Command) -> Result<(), Error> {
    match command {
        Command::Configure { policy, .. } => policy.check(),
        Command::Supply { units, .. } => units_from("units", None, *units, 0),
        Command::Stock {
            change,
            cause,
            supply,
            only_free,
            ..
        } => stock(*change, *cause, supply.is_some(), *only_free),
        Command::Place(place) => check_place(place),
        Command::AmendOrder { until, .. } => deadline(*until),
        Command::AmendLine { units, .. } => match units {
            Some(units) => units_from("units", None, *units, 0),
            None => Ok(()),
        },
        Command::CancelLine { units, .. } => match units {
            Some(units) => units_from("units", None, *units, 1),
            None => Ok(()),
        },
        Command::Allocate { draw, .. } => {
            let Some(draw) = draw else { return Ok(()) };
            let mut lines: Vec<_> = draw.iter().map(|lot| lot.line).collect();
            lines.sort_unstable();
            let twice = lines.windows(2).any(|pair| pair.first() == pair.last());
            if twice {
                return malformed("draw", None, "a line has two lots");
            }
            Ok(())
        }
        Command::Assign {
            units, from, to, ..
        } => {
            units_from("units", None, *units, 1)?;
            if from == to {
                return malformed("to", None, "the units would stay where they are");
            }
            Ok(())
        }
        Command::Split {
            line,
            new_line,
            units,
        } => {
            let _ = (line, new_line);
            units_from("units", None, *units, 1)
        }
        Command::Ship { units, .. } | Command::Return { units, .. } => {
            units_from("units", None, *units, 1)
        }
        Command::Transfer {
            from, to, units, ..
        } => {
            if from == to {
                return malformed("to", None, "the units would stay where they are");
            }
            units_from("units", None, *units, 1)
        }
        Command::Confirm { .. } | Command::CancelOrder { .. } | Command::Forget { .. } => Ok(()),
    }
}

fn stock(
    change: StockChange,
    cause: StockCause,
    supply: bool,
    only_free: bool,
) -> Result<(), Error> {
    match change {
        StockChange::By(0) => return malformed("change", None, "a change of 0 units is none"),
        StockChange::By(by) => units_from("change", None, by, Quantity::MIN.saturating_add(1))?,
        StockChange::Exactly(units) => units_from("change", None, units, 0)?,
    }
    let exactly = matches!(change, StockChange::Exactly(_));
    if exactly && cause != StockCause::Count {
        return malformed(
            "cause",
            None,
            "only a count says how many there are exactly",
        );
    }
    if supply && cause != StockCause::Receipt {
        return malformed("supply", None, "only receipts arrive by a purchase order");
    }
    if exactly && only_free {
        return malformed("only_free", None, "a count is a fact and is never refused");
    }
    Ok(())
}

/// The last instant there is would be no deadline: inside, an order without one ends then.
fn deadline(until: Option<Timestamp>) -> Result<(), Error> {
    let last = i64::MAX.saturating_sub(1);
    match until {
        Some(until) if until.as_micros() > last => Err(Error::OutOfRange {
            table: Table::Command,
            row: 0,
            field: "until",
            value: Total::from(until.as_micros()),
            min: Total::from(i64::MIN),
            max: Total::from(last),
        }),
        _ => Ok(()),
    }
}

fn check_place(place: &Place) -> Result<(), Error> {
    deadline(place.until)?;
    if place.lines.is_empty() {
        return malformed("lines", None, "there is none");
    }
    if place.partial && place.together {
        return malformed("partial", None, "an order served together is served whole");
    }
    let mut seen: Vec<_> = Vec::with_capacity(place.lines.len());
    for (row, line) in place.lines.iter().enumerate() {
        seen.push((line.line, row));
    }
    seen.sort_unstable();
    let twice = seen.windows(2).filter_map(|pair| match pair {
        [(a, _), (b, row)] if a == b => Some(*row),
        _ => None,
    });
    let twice = twice.min();
    for (row, line) in place.lines.iter().enumerate() {
        if twice == Some(row) {
            return malformed("line", Some(row), "the line is named before");
        }
        units_from("units", Some(row), line.units, 1)?;
        if let Pack::Multiple(pack) = line.pack {
            units_from("pack", Some(row), pack, 1)?;
        }
        if place.partial && line.pack != Pack::Multiple(1) {
            return malformed("pack", Some(row), "a partial order is taken unit by unit");
        }
        let _: Ahead = line.ahead;
    }
    Ok(())
}

fn units_from(
    field: &'static str,
    row: Option<usize>,
    units: Quantity,
    least: Quantity,
) -> Result<(), Error> {
    if units >= least {
        return Ok(());
    }
    Err(Error::OutOfRange {
        table: match row {
            Some(_) => Table::Lines,
            None => Table::Command,
        },
        row: row.unwrap_or(0),
        field,
        value: Total::from(units),
        min: Total::from(least),
        max: Total::from(Quantity::MAX),
    })
}

fn malformed(field: &'static str, row: Option<usize>, why: &'static str) -> Result<(), Error> {
    Err(Error::Malformed { field, row, why })
}
