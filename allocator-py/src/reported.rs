//! Tables of another system as a result that the auditor takes.

use allocator_core::{Allocation as Core, Idle, IdleCause, Outcome, Peg, Reason, SkuId};
use arrow_buffer::ScalarBuffer;
use pyo3::prelude::*;

use crate::alignment::{self, id_at};
use crate::allocation::first;
use crate::asked::Asked;
use crate::fault::Fault;
use crate::gather::{Form, Gathered, Source};
use crate::input::Input;
use crate::reading::Reader;
use crate::values::Words;

const RESULT: Form = Form {
    table: "result",
    required: &["allocated"],
    optional: &["line", "sku", "set_aside", "covered", "reason"],
    alias: None,
};

const PEGS: Form = Form {
    table: "pegs",
    required: &["units"],
    optional: &["line", "row", "supply", "supply_row"],
    alias: None,
};

pub(crate) const IDLE: Form = Form {
    table: "idle",
    required: &["sku", "cause", "units"],
    optional: &["line", "row"],
    alias: None,
};

/// What another system reports, gathered.
pub(crate) struct Reported {
    result: Gathered,
    pegs: Option<Gathered>,
    idle: Option<Gathered>,
}

impl Reported {
    pub(crate) fn gather(
        result: &Bound<'_, PyAny>,
        pegs: Option<&Bound<'_, PyAny>>,
        idle: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let gather = |table: Option<&Bound<'_, PyAny>>, form| {
            table.map(|table| Gathered::of(table, form)).transpose()
        };
        Ok(Self {
            result: Gathered::of(result, &RESULT)?,
            pegs: gather(pegs, &PEGS)?,
            idle: gather(idle, &IDLE)?,
        })
    }

    pub(crate) fn read(self, input: &Input) -> Result<Core, Fault> {
        let outcomes = read_outcomes(self.result, input)?;
        let pegs = self.pegs.map(|pegs| read_pegs(pegs, input)).transpose()?;
        let idle = self.idle.map(|idle| read_idle(idle, input)).transpose()?;
        let result = Core::reported(outcomes, pegs);
        Ok(match idle {
            Some(idle) => result.with_idle(idle),
            None => result,
        })
    }
}

fn read_outcomes(gathered: Gathered, input: &Input) -> Result<Vec<Outcome>, Fault> {
    let source = gathered.settle().map_err(first)?;
    let mut faults = Vec::new();
    let mut reader = Reader {
        table: "result",
        faults: &mut faults,
    };
    let mut units = |name: &'static str| {
        let column = source.column(name);
        column.map(|column| reader.quantities(column, name))
    };
    let allocated = units("allocated").unwrap_or_default();
    let (set_aside, covered) = (units("set_aside"), units("covered"));
    let reasons = source.column("reason").map(|column| {
        let known = "the reasons (see Allocation.outcomes)";
        // Word numbers from 1, so that 0 is a null.
        let number = |word: &str| {
            Words::Reason
                .number(word)
                .and_then(|number| number.checked_add(1))
        };
        reader.words(column, "reason", "unknown_reason", known, number)
    });
    faults.extend(alignment::of_table(&source, input));
    good(faults)?;
    let at = |values: &Option<ScalarBuffer<i64>>, row: usize| {
        values.as_ref().and_then(|values| values.get(row)).copied()
    };
    let outcome = |(row, &allocated): (usize, &i64)| {
        let quantity = input.lines.quantity.get(row).copied().unwrap_or(0);
        let mut outcome = Outcome::reported(quantity, allocated);
        outcome.set_aside = at(&set_aside, row).unwrap_or(0);
        let held = allocated.saturating_add(outcome.set_aside);
        outcome.covered = at(&covered, row).unwrap_or(held);
        let reason = reasons.as_ref().and_then(|reasons| reasons.get(row));
        let reason = reason.and_then(|number| number.checked_sub(1));
        if let Some(reason) = reason.and_then(Reason::from_number) {
            outcome.reason = reason;
        }
        outcome
    };
    Ok(allocated.iter().enumerate().map(outcome).collect())
}

fn read_pegs(gathered: Gathered, input: &Input) -> Result<Vec<Peg>, Fault> {
    let source = gathered.settle().map_err(first)?;
    let mut faults = Vec::new();
    let units = read_units(&source, "pegs", &mut faults);
    let rows = Asked::lines(input).every_row(&source, "pegs", &mut faults);
    let supply = Asked::supply(input).every_row(&source, "pegs", &mut faults);
    good(faults)?;
    let pegs = rows.into_iter().zip(supply).zip(&units);
    let peg = |((row, supply), &units)| Peg { row, supply, units };
    Ok(pegs.map(peg).collect())
}

pub(crate) fn read_idle(gathered: Gathered, input: &Input) -> Result<Vec<Idle>, Fault> {
    let source = gathered.settle().map_err(first)?;
    let mut faults = Vec::new();
    let units = read_units(&source, "idle", &mut faults);
    let rows = Asked::lines(input).rows(&source, "idle", &mut faults);
    let words = source.column("cause");
    let causes = read_causes(&source, &mut faults);
    let skus = source.column("sku");
    let mut entries = Vec::with_capacity(source.rows);
    for (at, (row, &units)) in rows.into_iter().zip(&units).enumerate() {
        let cause = causes.get(at).copied().flatten();
        let sku = skus.and_then(|skus| input.names.sku.number(id_at(skus, at)?));
        let mut fault = |code, column, what| {
            faults.push(Fault::of_row(code, "idle", at, column, what));
        };
        match (sku, cause) {
            (Some(sku), Some(cause)) => entries.push(Idle {
                sku: SkuId(sku),
                cause,
                row,
                units,
            }),
            (None, _) => fault("no_such_sku", "sku", "no line and no supply has this SKU"),
            (_, None) if words.is_some_and(|words| words.is_null(at)) => {
                fault("missing", "cause", "nothing stands here");
            }
            // No word, or an unknown one: that is told.
            (_, None) => {}
        }
    }
    good(faults)?;
    Ok(entries)
}

/// The causes of idle units; none where nothing stands, and where the word is unknown, which is told.
pub(crate) fn read_causes(source: &Source, faults: &mut Vec<Fault>) -> Vec<Option<IdleCause>> {
    let mut reader = Reader {
        table: "idle",
        faults,
    };
    let Some(column) = source.column("cause") else {
        return Vec::new();
    };
    let known = "the causes (see IDLE_CAUSES)";
    // Word numbers from 1, so that 0 is a null.
    let number = |word: &str| Some(Words::IdleCause.number(word)? + 1);
    let numbers = reader.words(column, "cause", "unknown_idle_cause", known, number);
    let cause = |number: u8| IdleCause::from_number(number.checked_sub(1)?);
    numbers.into_iter().map(cause).collect()
}

pub(crate) fn read_units(
    source: &Source,
    table: &'static str,
    faults: &mut Vec<Fault>,
) -> ScalarBuffer<i64> {
    let mut reader = Reader { table, faults };
    let units = source.column("units");
    units.map_or_else(ScalarBuffer::default, |column| {
        reader.quantities(column, "units")
    })
}

pub(crate) fn good(mut faults: Vec<Fault>) -> Result<(), Fault> {
    Fault::sort(&mut faults);
    match faults.into_iter().next() {
        Some(fault) => Err(fault),
        None => Ok(()),
    }
}
