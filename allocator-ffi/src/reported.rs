//! What another system reports, as the auditor of the core takes it.

use allocator_core::limits::NO_ID;
use allocator_core::{Allocation, Idle, IdleCause, Outcome, Peg, Reason};

use crate::abi::*;
use crate::convert::count;
use crate::failure::Failure;
use crate::input::Input;
use crate::status::allocator_status;
use allocator_reason::ALLOCATOR_REASON_NONE;
use allocator_status::*;
use allocator_table::*;

/// The tables of a report; `None` where the system has no such table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report<'a> {
    pub(crate) outcomes: &'a [allocator_outcome],
    pub(crate) pegs: Option<&'a [allocator_peg]>,
    pub(crate) idle: Option<&'a [allocator_idle]>,
}

impl Report<'_> {
    /// The result that it tells of. The first fault wins: outcomes, then pegs, then idle units.
    pub(crate) fn read(self, input: &Input) -> Result<Allocation, Failure> {
        let unreasoned = self.outcomes.first().is_some_and(is_unreasoned);
        let outcomes = every(self.outcomes, |row, given| outcome(row, given, unreasoned))?;
        let pegs = self.pegs.map(|pegs| every(pegs, peg)).transpose()?;
        let idle = self.idle.map(|table| idle_rows(table, input)).transpose()?;
        let mut result = Allocation::reported(outcomes, pegs);
        if let Some(idle) = idle {
            result = result.with_idle(idle);
        }
        if unreasoned {
            result = result.without_reasons();
        }
        Ok(result)
    }
}

/// Idle units as the core takes them.
pub(crate) fn idle_rows(table: &[allocator_idle], input: &Input) -> Result<Vec<Idle>, Failure> {
    every(table, |row, given: &_| idle(row, given, input))
}

fn every<T, U>(
    table: &[T],
    read: impl Fn(usize, &T) -> Result<U, Failure>,
) -> Result<Vec<U>, Failure> {
    let rows = table.iter().enumerate();
    rows.map(|(row, given)| read(row, given)).collect()
}

fn is_unreasoned(given: &allocator_outcome) -> bool {
    u32::from(given.reason) == ALLOCATOR_REASON_NONE as u32
}

fn outcome(row: usize, given: &allocator_outcome, unreasoned: bool) -> Result<Outcome, Failure> {
    let allocator_outcome {
        quantity,
        allocated,
        set_aside,
        waiting: _,
        never: _,
        covered,
        reason,
        reserved,
    } = *given;
    let at = At {
        table: ALLOCATOR_TABLE_OUTCOMES,
        name: "outcomes",
        row,
    };
    let known = Reason::from_number(reason);
    if known.is_none() && !is_unreasoned(given) {
        let what = format!("there is no code {reason}");
        return Err(at.fault(ALLOCATOR_UNKNOWN_REASON, "reason", &what));
    }
    if known.is_none() != unreasoned {
        let what = format!("{reason}, but a system gives a reason in every row or in none (255)");
        return Err(at.fault(ALLOCATOR_UNKNOWN_REASON, "reason", &what));
    }
    at.zeros(&reserved)?;
    let mut outcome = Outcome::reported(quantity, allocated);
    outcome.set_aside = set_aside;
    outcome.covered = covered;
    if let Some(reason) = known {
        outcome.reason = reason;
    }
    Ok(outcome)
}

fn peg(row: usize, given: &allocator_peg) -> Result<Peg, Failure> {
    let allocator_peg {
        row: line,
        supply,
        units,
    } = *given;
    let at = At {
        table: ALLOCATOR_TABLE_PEGS,
        name: "pegs",
        row,
    };
    let last = i64::from(NO_ID).saturating_sub(1);
    let number = |field, value: i64| {
        u32::try_from(value).map_err(|_| at.out_of_range(field, value, (0, last)))
    };
    Ok(Peg {
        row: number("row", line)?,
        supply: number("supply", supply)?,
        units,
    })
}

fn idle(row: usize, given: &allocator_idle, input: &Input) -> Result<Idle, Failure> {
    let allocator_idle {
        sku,
        row: line,
        units,
        cause,
        reserved,
    } = *given;
    let at = At {
        table: ALLOCATOR_TABLE_IDLE,
        name: "idle",
        row,
    };
    if sku < 0 {
        return Err(at.out_of_range("sku", sku, (0, i64::MAX)));
    }
    let lines = count(input.lines.len());
    let kept_for = match line {
        -1 => None,
        // Of a line that does not exist the auditor could not say which SKU it asks for.
        _ => match u32::try_from(line).ok().filter(|_| line < lines) {
            Some(line) => Some(line),
            None => return Err(at.out_of_range("row", line, (-1, lines.saturating_sub(1)))),
        },
    };
    let Some(cause) = IdleCause::from_number(cause) else {
        let what = format!("there is no code {cause}");
        return Err(at.fault(ALLOCATOR_UNKNOWN_IDLE_CAUSE, "cause", &what));
    };
    at.zeros(&reserved)?;
    Ok(Idle {
        // Every SKU of this table takes part in the mapping, so units of one that no other row names
        // reach the auditor as units of that SKU.
        sku: input.skus.dense(sku).into(),
        cause,
        row: kept_for,
        units,
    })
}

/// A row of a reported table.
#[derive(Clone, Copy)]
struct At {
    table: allocator_table,
    name: &'static str,
    row: usize,
}

impl At {
    fn fault(self, status: allocator_status, field: &'static str, what: &str) -> Failure {
        let Self { table, name, row } = self;
        let message = format!("{name} row {row}, {field}: {what}");
        Failure::new(status, field, message).at(table, row)
    }

    fn out_of_range(self, field: &'static str, value: i64, (min, max): (i64, i64)) -> Failure {
        let what = format!("{value} is outside {min}..={max}");
        self.fault(ALLOCATOR_OUT_OF_RANGE, field, &what)
    }

    fn zeros(self, reserved: &[u8; 7]) -> Result<(), Failure> {
        if *reserved == [0; 7] {
            return Ok(());
        }
        let what = "every byte must be 0";
        Err(self.fault(ALLOCATOR_RESERVED_NOT_ZERO, "reserved", what))
    }
}
