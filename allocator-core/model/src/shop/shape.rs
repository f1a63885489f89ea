//! Commands that say nothing the shop could do: found without looking at it.

use allocator_core::engine::{Command, Pack, Place, PlaceLine, StockCause, StockChange};
use allocator_core::{Error, Table, Timestamp};

/// The first field at fault, in the order in which the command declares them.
pub(super) fn check(command: &Command) -> Result<(), Error> {
    match command {
        Command::Configure { policy, .. } => policy.check(),
        Command::Supply { units, .. } => from_zero("units", *units),
        Command::Stock {
            change,
            cause,
            supply,
            only_free,
            ..
        } => {
            match *change {
                StockChange::By(0) => return fault("change", "by 0"),
                StockChange::By(by) => in_range("change", by, -i64::MAX, 0)?,
                StockChange::Exactly(units) => from_zero("change", units)?,
            }
            let exactly = matches!(change, StockChange::Exactly(_));
            if exactly && *cause != StockCause::Count {
                return fault("cause", "only a count says how many there are");
            }
            if supply.is_some() && *cause != StockCause::Receipt {
                return fault("supply", "only a receipt is of a purchase order line");
            }
            if exactly && *only_free {
                return fault("only_free", "a count is a fact");
            }
            Ok(())
        }
        Command::Place(place) => check_place(place),
        Command::AmendOrder { until, .. } => deadline(*until),
        Command::AmendLine { units, .. } => from_zero("units", units.unwrap_or(0)),
        Command::CancelLine { units, .. } => from_one("units", units.unwrap_or(1), 0),
        Command::Allocate { draw, .. } => {
            let lots = draw.as_deref().unwrap_or_default();
            let twice = |at: usize| lots[..at].iter().any(|lot| lot.line == lots[at].line);
            if (0..lots.len()).any(twice) {
                return fault("draw", "a line drew twice");
            }
            Ok(())
        }
        Command::Assign {
            units, from, to, ..
        } => {
            from_one("units", *units, 0)?;
            if from == to {
                return fault("to", "units stay where they are");
            }
            Ok(())
        }
        Command::Transfer {
            from, to, units, ..
        } => {
            if from == to {
                return fault("to", "units stay where they are");
            }
            from_one("units", *units, 0)
        }
        Command::Split { units, .. }
        | Command::Ship { units, .. }
        | Command::Return { units, .. } => from_one("units", *units, 0),
        Command::Confirm { .. } | Command::CancelOrder { .. } | Command::Forget { .. } => Ok(()),
    }
}

/// A deadline lies before the last instant there is.
fn deadline(until: Option<Timestamp>) -> Result<(), Error> {
    let Some(until) = until.filter(|until| until.as_micros() == i64::MAX) else {
        return Ok(());
    };
    Err(Error::OutOfRange {
        table: Table::Command,
        row: 0,
        field: "until",
        value: until.as_micros().into(),
        min: i64::MIN.into(),
        max: (i64::MAX - 1).into(),
    })
}

fn check_place(place: &Place) -> Result<(), Error> {
    deadline(place.until)?;
    if place.partial && place.together {
        return fault(
            "partial",
            "an order that is served together is all or nothing",
        );
    }
    if place.lines.is_empty() {
        return fault("lines", "there are none");
    }
    for (row, line) in place.lines.iter().enumerate() {
        check_line(place, row, line)?;
    }
    Ok(())
}

fn check_line(place: &Place, row: usize, line: &PlaceLine) -> Result<(), Error> {
    let fault = |field, why| {
        Err(Error::Malformed {
            field,
            row: Some(row),
            why,
        })
    };
    if place.lines[..row]
        .iter()
        .any(|before| before.line == line.line)
    {
        return fault("line", "the line stands there twice");
    }
    from_one("units", line.units, row)?;
    match line.pack {
        Pack::Multiple(pack) => from_one("pack", pack, row)?,
        Pack::Whole => {}
    }
    if place.partial && line.pack != Pack::Multiple(1) {
        return fault("pack", "a line that may be short is served unit by unit");
    }
    Ok(())
}

fn fault(field: &'static str, why: &'static str) -> Result<(), Error> {
    Err(Error::Malformed {
        field,
        row: None,
        why,
    })
}

fn from_zero(field: &'static str, units: i64) -> Result<(), Error> {
    in_range(field, units, 0, 0)
}

fn from_one(field: &'static str, units: i64, row: usize) -> Result<(), Error> {
    in_range(field, units, 1, row)
}

fn in_range(field: &'static str, value: i64, min: i64, row: usize) -> Result<(), Error> {
    if value >= min {
        return Ok(());
    }
    Err(Error::OutOfRange {
        table: Table::Command,
        row,
        field,
        value: value.into(),
        min: min.into(),
        max: i64::MAX.into(),
    })
}

/// The first field in which two commands differ, as they declare them; `op` where they are of two kinds.
pub(super) fn first_difference(one: &Command, other: &Command) -> Option<&'static str> {
    if std::mem::discriminant(one) != std::mem::discriminant(other) {
        return Some("op");
    }
    let pairs = said(one).into_iter().zip(said(other));
    let mut differing = pairs.filter(|(one, other)| one != other);
    differing.next().map(|((field, _), _)| field)
}

/// Each field of a command with what it says.
fn said(command: &Command) -> Vec<(&'static str, String)> {
    macro_rules! fields {
        ($($field:ident),+) => { vec![$((stringify!($field), format!("{:?}", $field))),+] };
    }
    match command {
        Command::Configure { sku, policy } => fields!(sku, policy),
        Command::Supply {
            supply,
            sku,
            location,
            units,
            expected_at,
        } => fields!(supply, sku, location, units, expected_at),
        Command::Stock {
            sku,
            location,
            change,
            cause,
            supply,
            only_free,
        } => fields!(sku, location, change, cause, supply, only_free),
        Command::Place(Place {
            order,
            customer,
            until,
            together,
            partial,
            replaces,
            lines,
        }) => fields!(order, customer, until, together, partial, replaces, lines),
        Command::Confirm { order } => fields!(order),
        Command::AmendOrder {
            order,
            until,
            together,
        } => fields!(order, until, together),
        Command::AmendLine {
            line,
            units,
            priority,
            placed_at,
            ahead,
        } => fields!(line, units, priority, placed_at, ahead),
        Command::CancelOrder {
            order,
            only_waiting,
        } => fields!(order, only_waiting),
        Command::CancelLine {
            line,
            units,
            only_waiting,
        } => fields!(line, units, only_waiting),
        Command::Allocate {
            sku,
            rule,
            is_final,
            expect,
            draw,
        } => {
            let mut fields = fields!(sku, rule, is_final, expect, draw);
            // Its name in text, which is no name that Rust allows.
            fields[2].0 = "final";
            fields
        }
        Command::Assign {
            units,
            location,
            from,
            to,
        } => fields!(units, location, from, to),
        Command::Split {
            line,
            new_line,
            units,
        } => fields!(line, new_line, units),
        Command::Ship {
            line,
            units,
            location,
        } => fields!(line, units, location),
        Command::Return {
            line,
            units,
            location,
            scrap,
        } => fields!(line, units, location, scrap),
        Command::Transfer {
            sku,
            from,
            to,
            units,
        } => fields!(sku, from, to, units),
        Command::Forget { closed_before } => fields!(closed_before),
    }
}
