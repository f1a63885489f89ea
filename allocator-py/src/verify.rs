//! `verify`: the core's auditor over any result, ours or a table that another system reports.

use allocator_core::{Allocation as Core, Grade, IdleCause, Law, Outcome, Reason, Violation};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::allocation::{Allocation, Decided, first};
use crate::column::{Column, Value};
use crate::error::{LawBroken, raised};
use crate::fault::Fault;
use crate::gather::{Form, Gathered, Source};
use crate::ids::Id;
use crate::input::{Input, Known, Tables};
use crate::reading::Reader;
use crate::values::Words;

const RESULT: Form = Form {
    table: "result",
    required: &["allocated"],
    optional: &["line", "set_aside", "covered", "reason"],
    alias: None,
};

/// Checks a result against its input and returns the grade reached, "ordered": units add up, what
/// ships whole does, nobody jumps the queue, nothing is idle without its cause.
///
/// `result` is an `Allocation`, or a table with `allocated` aligned with the lines and, where the
/// system knows them, set_aside, covered, reason and line (then checked to be the same in each row).
/// Without a policy, an `Allocation` is judged by its own and a table by first_come. `LawBroken` says
/// which law is broken first, and where. A bad input is an `AllocatorError`, as in `allocate`.
///
/// >>> lines, supply = {"sku": ["A", "A"], "quantity": [2, 2]}, {"sku": ["A"], "quantity": [3]}
/// >>> verify(lines, supply, allocate(lines, supply))
/// 'ordered'
/// >>> verify(lines, supply, {"allocated": [1, 2]})
/// Traceback (most recent call last):
/// allocator_py.LawBroken: no_queue_jumping is broken, line row 0, SKU A: covered should be 2 and is 1
#[pyfunction]
#[pyo3(signature = (lines, supply, result, policy=None))]
pub(crate) fn verify<'py>(
    py: Python<'py>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    result: &Bound<'_, PyAny>,
    policy: Option<&Bound<'_, PyAny>>,
) -> PyResult<Bound<'py, PyString>> {
    let ours = result
        .cast::<Allocation>()
        .ok()
        .map(|own| &*own.get().decided);
    let policy = match (policy, ours) {
        (None, Some(decided)) => decided.input.policy,
        (policy, _) => crate::policy::read(policy)?.map_err(|fault| raised(py, fault))?,
    };
    let tables = Tables::gather(lines, supply)?;
    let reported = match ours {
        Some(_) => None,
        None => Some(Gathered::of(result, &RESULT)?),
    };
    let known = ours.map(known_skus);
    let judged = py.detach(|| {
        let input = tables.read(policy, known.as_ref()).map_err(first)?;
        // A grade is for input that is itself good.
        if let Some(fault) = input.faults().into_iter().next() {
            return Err(fault);
        }
        let verdict = match (ours, reported) {
            (Some(decided), _) => judge(&input, &decided.result),
            (None, Some(reported)) => judge(&input, &read_reported(reported, &input)?),
            (None, None) => judge(&input, &Core::default()),
        };
        Ok(verdict.map_err(|violation| Broken::new(&violation, &input)))
    });
    match judged.map_err(|fault| raised(py, fault))? {
        Ok(grade) => Ok(PyString::intern(py, grade.name())),
        Err(broken) => Err(broken.raised(py)),
    }
}

fn judge(input: &Input, result: &Core) -> Result<Grade, Violation> {
    allocator_core::verify(&input.lines.columns(), &input.supply, &input.policy, result)
}

/// The SKU numbers in which the result speaks.
fn known_skus(decided: &Decided) -> Known<'_> {
    let Input {
        lines,
        supply,
        names,
        ..
    } = &decided.input;
    let supplied = supply.iter().map(|row| row.sku.0);
    Known {
        skus: &names.sku,
        largest: lines.sku.iter().copied().chain(supplied).max().unwrap_or(0),
    }
}

/// A table of another system as a result.
fn read_reported(gathered: Gathered, input: &Input) -> Result<Core, Fault> {
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
    faults.extend(other_line(&source, input));
    if !faults.is_empty() {
        Fault::sort(&mut faults);
        return Err(first(faults));
    }
    let at = |values: &Option<Vec<i64>>, row: usize| {
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
    Ok(Core::reported(
        allocated.iter().enumerate().map(outcome),
        None,
    ))
}

/// The first row whose line is not the line of that row in the input.
fn other_line(source: &Source, input: &Input) -> Option<Fault> {
    let column: &Column = source.column("line")?;
    for row in 0..column.len().min(input.lines.len()) {
        let wanted = input.names.line.id(input.lines.line_number(row));
        let found = match column.value(row) {
            Value::Int(value) => Some(Id::Int(value)),
            Value::Text(text) => Some(Id::Text(text)),
            _ => None,
        };
        if found != wanted {
            let text = |id: Option<Id<'_>>| id.map_or_else(|| "no id".into(), |id| id.to_string());
            let what = format!(
                "{} stands where the lines have {}; sort the result like the lines",
                text(found),
                text(wanted)
            );
            return Some(Fault::of_row("other_line", "result", row, "line", &what));
        }
    }
    None
}

/// A violation in outside ids.
struct Broken {
    violation: Violation,
    sku: Option<crate::ids::OwnedId>,
    expected: Figure,
    found: Figure,
}

/// Units, or the word of a reason or cause, or an id.
enum Figure {
    Units(i128),
    Word(&'static str),
    Sku(crate::ids::OwnedId),
}

impl Broken {
    fn new(violation: &Violation, input: &Input) -> Self {
        let name = |number: u32| input.names.sku.id(number).map(Id::owned);
        let figure = |value: i128| {
            let word = match (violation.law, violation.what) {
                (Law::TrueReason, "reason") => u8::try_from(value)
                    .ok()
                    .and_then(Reason::from_number)
                    .map(Reason::name),
                (Law::TrueReason, "idle cause") => u8::try_from(value)
                    .ok()
                    .and_then(IdleCause::from_number)
                    .map(IdleCause::name),
                (_, "SKU of a peg") => {
                    let sku = u32::try_from(value).ok().and_then(name);
                    return sku.map_or(Figure::Units(value), Figure::Sku);
                }
                _ => None,
            };
            word.map_or(Figure::Units(value), Figure::Word)
        };
        Self {
            sku: violation.sku.and_then(|sku| name(sku.0)),
            expected: figure(violation.expected),
            found: figure(violation.found),
            violation: violation.clone(),
        }
    }

    fn message(&self) -> String {
        let Violation { law, row, what, .. } = &self.violation;
        let row = row.map_or_else(String::new, |row| format!("line row {row}, "));
        let sku = match &self.sku {
            Some(sku) => format!("SKU {}", sku.view()),
            None => "the whole".into(),
        };
        let (expected, found) = (&self.expected, &self.found);
        format!("{law} is broken, {row}{sku}: {what} should be {expected} and is {found}")
    }

    fn raised(&self, py: Python<'_>) -> PyErr {
        let message = self.message();
        let error = LawBroken::new_err(message.clone());
        match self.describe(py, &error, message) {
            Ok(()) => error,
            Err(other) => other,
        }
    }

    fn describe(&self, py: Python<'_>, error: &PyErr, message: String) -> PyResult<()> {
        let value = error.value(py);
        let Violation {
            reached,
            law,
            row,
            what,
            ..
        } = &self.violation;
        value.setattr("code", "law_broken")?;
        value.setattr("table", "result")?;
        value.setattr("row", row)?;
        value.setattr("message", message)?;
        value.setattr("reached", reached.map(Grade::name))?;
        value.setattr("law", law.name())?;
        let sku = self.sku.as_ref().map(|sku| sku.view().to_object(py));
        value.setattr("sku", sku.transpose()?)?;
        value.setattr("what", what)?;
        value.setattr("expected", self.expected.to_object(py)?)?;
        value.setattr("found", self.found.to_object(py)?)
    }
}

impl Figure {
    fn to_object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Units(units) => Id::Int(*units).to_object(py),
            Self::Word(word) => Id::Text(word).to_object(py),
            Self::Sku(sku) => sku.view().to_object(py),
        }
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Units(units) => units.fmt(f),
            Self::Word(word) => f.write_str(word),
            Self::Sku(sku) => sku.view().fmt(f),
        }
    }
}
