//! `verify_plan`: the core's auditor over a plan of cancellations, ours or a table that another system
//! reports.

use allocator_core::{
    CancellationPlan as Core, CutMethod, CutReason, Grade, PlannedLine, Violation,
};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::alignment;
use crate::allocation::first;
use crate::error::raised;
use crate::fault::Fault;
use crate::gather::{Form, Gathered, Source};
use crate::input::{Input, Tables};
use crate::method;
use crate::plan::CancellationPlan;
use crate::reading::{Null, Reader};
use crate::reported::{IDLE, good, read_idle};
use crate::sku_types;
use crate::values::Words;
use crate::verify::{Broken, known_skus};

const PLAN: Form = Form {
    table: "result",
    required: &["kept"],
    optional: &[
        "line",
        "sku",
        "cut",
        "given",
        "volunteered",
        "credit_spent",
        "refund",
        "compensation",
        "reason",
    ],
    alias: None,
};

/// Checks a plan of cancellations against its input and returns the grade reached: "ordered" where every
/// line may be cut in part and for the largest remainder, "legal" where what ships whole or whole orders
/// are cut. Shares no code with what plans.
///
/// `plan` is a `CancellationPlan`, or a table with `kept` aligned with the lines and, where the system knows
/// them, the other columns of `CancellationPlan.lines`; what it leaves out counts as 0, `cut` as the rest,
/// `refund` as not said, `reason` as shortage where units are cut. `idle` goes with a table: the units that
/// nobody keeps, as `CancellationPlan.idle` has them. The terms are those that the plan was made with; without
/// a method a `CancellationPlan` is judged by its own and a table by first_come. `LawBroken` says which law is
/// broken first, and where.
///
/// >>> lines, supply = {"sku": ["A", "A"], "quantity": [3, 2]}, {"sku": ["A"], "quantity": [4]}
/// >>> verify_plan(lines, supply, plan_cancellations(lines, supply, "one_each_per_round"))
/// 'ordered'
/// >>> verify_plan(lines, supply, {"kept": [2, 2]})
/// Traceback (most recent call last):
/// allocator_py.LawBroken: no_queue_jumping is broken, line row 0, SKU A: covered should be 3 and is 2
#[pyfunction]
#[pyo3(signature = (lines, supply, plan, method=None, *, idle=None, unit_price=None, given=None, credit=None, offered=None, asked=None, unit_lots=None))]
#[allow(
    clippy::too_many_arguments,
    reason = "keyword arguments of Python, each a column of its own"
)]
pub(crate) fn verify_plan<'py>(
    py: Python<'py>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    plan: &Bound<'_, PyAny>,
    method: Option<&Bound<'_, PyAny>>,
    idle: Option<&Bound<'_, PyAny>>,
    unit_price: Option<&Bound<'_, PyAny>>,
    given: Option<&Bound<'_, PyAny>>,
    credit: Option<&Bound<'_, PyAny>>,
    offered: Option<&Bound<'_, PyAny>>,
    asked: Option<&Bound<'_, PyAny>>,
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<Bound<'py, PyString>> {
    let ours = plan.cast::<CancellationPlan>().ok();
    let ours = ours.map(|own| &*own.get().planned);
    let method = match (method, ours) {
        (None, Some(planned)) => planned.plan.method(),
        (method, _) => method::read(method)?.map_err(|fault| raised(py, fault))?,
    };
    if ours.is_some() && idle.is_some() {
        let what = "idle goes with a table; a CancellationPlan has its own";
        return Err(raised(py, Fault::of_argument("wrong_type", what.into())));
    }
    let terms = [unit_price, given, credit, offered, asked];
    let tables = Tables::gather_planned(lines, supply, unit_lots, terms)?;
    let reported = match ours {
        Some(_) => None,
        None => Some(Gathered::of(plan, &PLAN)?),
    };
    let idle = idle.map(|idle| Gathered::of(idle, &IDLE)).transpose()?;
    let known = ours.map(|planned| known_skus(&planned.input));
    let judged = py.detach(|| {
        let input = tables
            .read(method.policy(), known.as_ref())
            .map_err(first)?;
        // A grade is for input that is itself good.
        if let Some(fault) = input.faults().into_iter().next() {
            return Err(fault);
        }
        let verdict = match (ours, reported) {
            (Some(planned), _) => match alignment::of_allocation(&planned.input, &input) {
                Some(fault) => return Err(fault),
                None => judge(&input, method, &planned.plan),
            },
            (None, Some(reported)) => {
                let idle = idle.map(|idle| read_idle(idle, &input)).transpose()?;
                let lines = read(&reported.settle().map_err(first)?, &input)?;
                let plan = Core::reported(method, lines, idle.unwrap_or_default(), &input.supply)?;
                judge(&input, method, &plan)
            }
            (None, None) => {
                return Err(Fault::of_argument("wrong_type", "there is no plan".into()));
            }
        };
        let reason = |number| CutReason::from_number(number).map(CutReason::name);
        let verdict = verdict.map_err(|violation| Broken::new(&violation, &input, reason));
        Ok((verdict, sku_types::difference(&input)))
    });
    let (verdict, difference) = judged.map_err(|fault| raised(py, fault))?;
    sku_types::warn(py, difference)?;
    match verdict {
        Ok(grade) => Ok(PyString::intern(py, grade.name())),
        Err(broken) => Err(broken.raised(py)),
    }
}

fn judge(input: &Input, method: CutMethod, plan: &Core) -> Result<Grade, Violation> {
    let terms = input.terms.with(method);
    allocator_core::verify_plan(&input.lines.columns(), &input.supply, terms, plan)
}

/// The rows of a table as the lines of a plan.
fn read(source: &Source, input: &Input) -> Result<Vec<PlannedLine>, Fault> {
    let mut faults = Vec::new();
    let mut reader = Reader {
        table: "result",
        faults: &mut faults,
    };
    let mut units = |name: &'static str, null| {
        let column = source.column(name);
        column.map(|column| reader.amounts(column, name, null))
    };
    let kept = units("kept", Null::Missing).unwrap_or_default();
    let [cut, given, volunteered, spent] =
        ["cut", "given", "volunteered", "credit_spent"].map(|name| units(name, Null::Zero));
    let mut totals = |name: &'static str| {
        let column = source.column(name);
        column.map(|column| reader.totals(column, name, Null::Zero))
    };
    let (refund, compensation) = (totals("refund"), totals("compensation"));
    let reasons = source.column("reason").map(|column| {
        let known = "the reasons (see CUT_REASONS)";
        // Word numbers from 1, so that 0 is a null.
        let number = |word: &str| Words::CutReason.number(word)?.checked_add(1);
        reader.words(column, "reason", "unknown_reason", known, number)
    });
    faults.extend(alignment::of_table(source, input));
    good(faults)?;
    fn at<T: Copy>(values: Option<&[T]>, row: usize) -> Option<T> {
        values.and_then(|values| values.get(row)).copied()
    }
    let is_said = |row| {
        source
            .column("refund")
            .is_some_and(|column| !column.is_null(row))
    };
    let line = |(row, &kept): (usize, &i64)| {
        let sku = input.lines.sku.get(row).copied().unwrap_or_default();
        let quantity = input.lines.quantity.get(row).copied().unwrap_or(0);
        let mut line = PlannedLine::reported(input.lines.line_number(row), sku, quantity, kept);
        line.cut = at(cut.as_deref(), row).unwrap_or(line.cut);
        line.given = at(given.as_deref(), row).unwrap_or(0);
        line.volunteered = at(volunteered.as_deref(), row).unwrap_or(0);
        line.credit_spent = at(spent.as_deref(), row).unwrap_or(0);
        line.refund = at(refund.as_deref(), row).filter(|_| is_said(row));
        line.compensation = at(compensation.as_deref(), row).unwrap_or(0);
        let reason = at(reasons.as_deref(), row).and_then(|number| number.checked_sub(1));
        line.reason = reason
            .and_then(CutReason::from_number)
            .unwrap_or(line.reason);
        line
    };
    Ok(kept.iter().enumerate().map(line).collect())
}
