//! `verify`: the core's auditor over any result, ours or a table that another system reports.

use allocator_core::{Allocation as Core, Grade, IdleCause, Law, Reason, Violation};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::alignment;
use crate::allocation::{Allocation, first};
use crate::error::{LawBroken, raised};
use crate::fault::Fault;
use crate::ids::{Id, OwnedId};
use crate::input::{Input, Known, Tables};
use crate::reported::Reported;
use crate::sku_types;

/// Checks a result against its input and returns the grade reached, "ordered": units add up, what
/// ships whole does, nobody jumps the queue, nothing is idle without its cause.
///
/// `result` is an `Allocation`, or a table with `allocated` aligned with the lines and, where the
/// system knows them, set_aside, covered, reason, line and sku. Row i must answer line i: another id
/// or SKU there is an `AllocatorError`. `pegs` and `idle` are tables like those of an `Allocation`, for
/// a system that knows them; without them they are not looked at. Without a policy, an `Allocation` is judged by its own and a table by first_come. `LawBroken` says
/// which law is broken first, and where. A bad input is an `AllocatorError`, as in `allocate`.
///
/// >>> lines, supply = {"sku": ["A", "A"], "quantity": [2, 2]}, {"sku": ["A"], "quantity": [3]}
/// >>> verify(lines, supply, allocate(lines, supply))
/// 'ordered'
/// >>> verify(lines, supply, {"allocated": [1, 2]})
/// Traceback (most recent call last):
/// allocator_py.LawBroken: no_queue_jumping is broken, line row 0, SKU A: covered should be 2 and is 1
#[pyfunction]
#[pyo3(signature = (lines, supply, result, policy=None, *, pegs=None, idle=None, unit_lots=None))]
#[allow(
    clippy::too_many_arguments,
    reason = "keyword arguments of Python, each a table of its own"
)]
pub(crate) fn verify<'py>(
    py: Python<'py>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    result: &Bound<'_, PyAny>,
    policy: Option<&Bound<'_, PyAny>>,
    pegs: Option<&Bound<'_, PyAny>>,
    idle: Option<&Bound<'_, PyAny>>,
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<Bound<'py, PyString>> {
    let ours = result
        .cast::<Allocation>()
        .ok()
        .map(|own| &*own.get().decided);
    let policy = match (policy, ours) {
        (None, Some(decided)) => decided.input.policy,
        (policy, _) => crate::policy::read(policy)?.map_err(|fault| raised(py, fault))?,
    };
    let tables = Tables::gather(lines, supply, unit_lots)?;
    let reported = match ours {
        Some(_) if pegs.is_some() || idle.is_some() => {
            let what = "pegs and idle go with a table; an Allocation has its own";
            return Err(raised(py, Fault::of_argument("wrong_type", what.into())));
        }
        Some(_) => None,
        None => Some(Reported::gather(result, pegs, idle)?),
    };
    let known = ours.map(|decided| known_skus(&decided.input));
    let judged = py.detach(|| {
        let input = tables.read(policy, known.as_ref()).map_err(first)?;
        // A grade is for input that is itself good.
        if let Some(fault) = input.faults().into_iter().next() {
            return Err(fault);
        }
        let verdict = match (ours, reported) {
            (Some(decided), _) => match alignment::of_allocation(&decided.input, &input) {
                Some(fault) => return Err(fault),
                None => judge(&input, decided.result()?),
            },
            (None, Some(reported)) => judge(&input, &reported.read(&input)?),
            (None, None) => judge(&input, &Core::default()),
        };
        let verdict = verdict.map_err(|violation| {
            let reason = |number| Reason::from_number(number).map(Reason::name);
            Broken::new(&violation, &input, reason)
        });
        Ok((verdict, sku_types::difference(&input)))
    });
    let (verdict, difference) = judged.map_err(|fault| raised(py, fault))?;
    sku_types::warn(py, difference)?;
    match verdict {
        Ok(grade) => Ok(PyString::intern(py, grade.name())),
        Err(broken) => Err(broken.raised(py)),
    }
}

fn judge(input: &Input, result: &Core) -> Result<Grade, Violation> {
    allocator_core::verify(&input.lines.columns(), &input.supply, &input.policy, result)
}

/// The SKU numbers in which the result speaks.
pub(crate) fn known_skus(input: &Input) -> Known<'_> {
    let Input {
        lines,
        supply,
        names,
        ..
    } = input;
    let supplied = supply.iter().map(|row| row.sku.0);
    Known {
        skus: &names.sku,
        largest: lines.sku.iter().copied().chain(supplied).max().unwrap_or(0),
    }
}

/// A violation in outside ids.
pub(crate) struct Broken {
    violation: Violation,
    sku: Option<OwnedId>,
    expected: Figure,
    found: Figure,
}

/// Units, or the word of a reason or cause, or an id.
enum Figure {
    Units(i128),
    Word(&'static str),
    Sku(OwnedId),
}

impl Broken {
    /// `reason` is the word for the number of a reason.
    pub(crate) fn new(
        violation: &Violation,
        input: &Input,
        reason: fn(u8) -> Option<&'static str>,
    ) -> Self {
        let name = |number: u32| input.names.sku.id(number).map(Id::owned);
        let figure = |value: i128| {
            let word = match (violation.law, violation.what) {
                (Law::TrueReason, "reason") => u8::try_from(value).ok().and_then(reason),
                (Law::TrueReason, "idle cause") => u8::try_from(value)
                    .ok()
                    .and_then(IdleCause::from_number)
                    .map(IdleCause::name),
                _ if violation.figures_are_skus => {
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

    pub(crate) fn raised(&self, py: Python<'_>) -> PyErr {
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
