//! `plan_cancellations` and what it gives.

use std::sync::Arc;

use allocator_core::CutMethod;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use crate::allocation::first;
use crate::error::raised;
use crate::explanation::asked_row;
use crate::fault::Fault;
use crate::given::given;
use crate::html;
use crate::input::{Ignored, Input, Tables};
use crate::method;
use crate::one_off::{OneOff, Optimality};
use crate::planned::Planned;
use crate::sku_types;
use crate::table::Table;
use crate::terms::Arguments;
use crate::totals::PlanTotals;

/// Decides who is cut when there is not enough for good, and what that costs.
///
/// `lines` and `supply` as in `allocate`; `supply` is all that was received, and claims are the original
/// ones. `method` is a policy, "largest_remainder" or "whole_orders(aim)". Of the lines are read besides,
/// where they are there, or as arguments: `unit_price` (what a unit was paid with, in minor units of one
/// currency), `given` (units a line has already and keeps), `credit` (so many of its first units go before
/// everybody else's), `offered` (so many units the customer would give up) and `asked` (what he asks for each
/// of them).
///
/// >>> lines, supply = {"sku": ["A", "A"], "quantity": [3, 2]}, {"sku": ["A"], "quantity": [4]}
/// >>> plan = plan_cancellations(lines, supply, "one_each_per_round", unit_price=[4900, 4900])
/// >>> print(plan)
/// 5 ordered, 4 received: 1 cut, 1 line loses units (0 all of them), 0 idle, 4900 to pay back
/// >>> plan.kept.tolist(), plan.totals.refund
/// ([2, 2], 4900)
#[pyfunction]
#[pyo3(
    signature = (lines, supply, method=None, *, unit_price=None, given=None, credit=None, offered=None, asked=None, unit_lots=None),
    text_signature = "(lines, supply, method='first_come', *, unit_price=None, given=None, credit=None, offered=None, asked=None, unit_lots=None)"
)]
#[allow(
    clippy::too_many_arguments,
    reason = "keyword arguments of Python, each a column of its own"
)]
pub(crate) fn plan_cancellations(
    py: Python<'_>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    method: Option<&Bound<'_, PyAny>>,
    unit_price: Option<&Bound<'_, PyAny>>,
    given: Option<&Bound<'_, PyAny>>,
    credit: Option<&Bound<'_, PyAny>>,
    offered: Option<&Bound<'_, PyAny>>,
    asked: Option<&Bound<'_, PyAny>>,
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<CancellationPlan> {
    let method = method::read(method)?.map_err(|fault| raised(py, fault))?;
    let terms = [unit_price, given, credit, offered, asked];
    let (planned, difference) = plan(py, (lines, supply), method, unit_lots, terms)?;
    sku_types::warn(py, difference)?;
    Ok(CancellationPlan::of(planned))
}

fn plan(
    py: Python<'_>,
    (lines, supply): (&Bound<'_, PyAny>, &Bound<'_, PyAny>),
    method: CutMethod,
    unit_lots: Option<&Bound<'_, PyAny>>,
    terms: Arguments<'_, '_>,
) -> PyResult<(Planned, Option<String>)> {
    let tables = Tables::gather_planned(lines, supply, unit_lots, terms)?;
    let planned = py.detach(|| {
        let input = tables.read(method.policy(), None).map_err(first)?;
        let planned = Planned::of(input, method)?;
        let difference = sku_types::difference(&planned.input);
        Ok::<_, Fault>((planned, difference))
    });
    planned.map_err(|fault| raised(py, fault))
}

/// Makes a plan of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_cancellation_plan", signature = (lines, supply, method, ignored, unit_lots=None))]
pub(crate) fn restore_plan(
    py: Python<'_>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    method: &Bound<'_, PyAny>,
    ignored: (Vec<String>, Vec<String>),
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<CancellationPlan> {
    let method = method::read(Some(method))?.map_err(|fault| raised(py, fault))?;
    let (mut planned, _) = plan(py, (lines, supply), method, unit_lots, [None; 5])?;
    let (lines, supply) = ignored;
    planned.input.ignored = Ignored { lines, supply };
    Ok(CancellationPlan::of(planned))
}

/// Who keeps what when there is not enough for good: made by `plan_cancellations`. `str()` is one sentence
/// with the figures.
#[pyclass(frozen, module = "allocator_py")]
pub(crate) struct CancellationPlan {
    pub(crate) planned: Arc<Planned>,
    lines: PyOnceLock<Py<Table>>,
    cuts: PyOnceLock<Py<Table>>,
    idle: PyOnceLock<Py<Table>>,
}

impl CancellationPlan {
    fn of(planned: Planned) -> Self {
        Self {
            planned: Arc::new(planned),
            lines: PyOnceLock::new(),
            cuts: PyOnceLock::new(),
            idle: PyOnceLock::new(),
        }
    }

    /// Asks about a line, by id or by row, without the interpreter lock.
    fn of_line<T: Send>(
        &self,
        py: Python<'_>,
        line: Option<&Bound<'_, PyAny>>,
        row: Option<&Bound<'_, PyAny>>,
        question: impl FnOnce(&Planned, usize) -> Result<T, Fault> + Send,
    ) -> PyResult<T> {
        let planned = &self.planned;
        let find = |number| planned.row_of(number);
        let row = asked_row(&planned.input, line, row, find)?;
        let row = row.map_err(|fault| raised(py, fault))?;
        py.detach(|| question(planned, row))
            .map_err(|fault| raised(py, fault))
    }

    /// The table, made at the first look without the interpreter lock.
    fn table(
        &self,
        py: Python<'_>,
        cell: &PyOnceLock<Py<Table>>,
        make: fn(&Planned) -> Result<Table, Fault>,
    ) -> PyResult<Py<Table>> {
        if let Some(table) = cell.get(py) {
            return Ok(table.clone_ref(py));
        }
        let planned = &self.planned;
        let made = py.detach(|| make(planned));
        let table = Py::new(py, made.map_err(|fault| raised(py, fault))?)?;
        Ok(cell.get_or_init(py, || table).clone_ref(py))
    }
}

#[pymethods]
impl CancellationPlan {
    /// What becomes of each line, aligned with the lines: line, sku, quantity, kept, cut, given, volunteered,
    /// credit_spent, refund, compensation, reason. quantity = kept + cut. Refunds are null where no prices were
    /// given; sums above 64 bits are decimals in Arrow, those above 38 digits text.
    #[getter]
    fn lines(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.table(py, &self.lines, Planned::lines)
    }

    /// The lines that lose a unit, by row: the same columns, then sentence (for the customer) and row.
    #[getter]
    fn cuts(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.table(py, &self.cuts, Planned::cuts)
    }

    /// Units each line keeps, aligned with the lines: a read-only `memoryview` of 64-bit integers, which
    /// `numpy.asarray` takes as it is.
    #[getter]
    fn kept<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        crate::buffer::view(py, self.planned.plan.kept())
    }

    /// Received units that nobody keeps: sku, cause, units, and the line and row they are set aside for, if
    /// any.
    #[getter]
    fn idle(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.table(py, &self.idle, Planned::idle)
    }

    /// The plan in figures.
    #[getter]
    fn totals(&self) -> PlanTotals {
        self.planned.plan.totals().into()
    }

    /// How it was decided, by name.
    #[getter]
    fn method(&self) -> String {
        self.planned.plan.method().to_string()
    }

    /// Why the plan is good for the moment it was made in, with the smallest case; None: more supply takes a
    /// unit from nobody, and a cancellation hurts nobody who stays.
    #[getter]
    fn one_off(&self) -> Option<OneOff> {
        self.planned.plan.one_off().map(|why| OneOff { why })
    }

    /// How near the best choice of whole orders it is; None where none were chosen.
    #[getter]
    fn optimality(&self) -> Option<Optimality> {
        let optimality = self.planned.plan.optimality();
        optimality.map(|proven| Optimality { proven })
    }

    /// 32 hexadecimal digits that tell this plan from every other: keep the one of the plan that was shown,
    /// and carry out no other. Equal in every language for equal ids of lines (integers in decimal), and the
    /// same in whatever order the lines stand.
    #[getter]
    fn digest(&self, py: Python<'_>) -> String {
        let planned = &self.planned;
        py.detach(|| planned.digest())
    }

    /// What a customer can be told about one line: by its id or by its row (from 0).
    #[pyo3(signature = (line=None, *, row=None))]
    fn sentence(
        &self,
        py: Python<'_>,
        line: Option<&Bound<'_, PyAny>>,
        row: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        self.of_line(py, line, row, Planned::sentence)
    }

    /// What would have had to arrive besides, all of it, for a line to keep every unit, and any more does too:
    /// {sku: units}. Empty where it keeps every unit, where no number helps, and in plans by the largest
    /// remainder or of chosen whole orders, which promise nothing of the kind.
    #[pyo3(signature = (line=None, *, row=None))]
    fn more_units<'py>(
        &self,
        py: Python<'py>,
        line: Option<&Bound<'_, PyAny>>,
        row: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let more = PyDict::new(py);
        for (sku, units) in self.of_line(py, line, row, Planned::more_units)? {
            more.set_item(sku.view().to_object(py)?, units)?;
        }
        Ok(more)
    }

    /// The columns that were there and not read: {"lines": […], "supply": […]}.
    #[getter]
    fn ignored_columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Ignored { lines, supply } = &self.planned.input.ignored;
        let names = PyDict::new(py);
        names.set_item("lines", lines)?;
        names.set_item("supply", supply)?;
        Ok(names)
    }

    fn __len__(&self) -> usize {
        self.planned.plan.len()
    }

    fn __repr__(&self) -> String {
        self.planned.plan.to_string()
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let sentence = html::escaped(&self.__repr__());
        let table = self.cuts(py)?.bind(py).call_method0("_repr_html_")?;
        Ok(format!("<p>{sentence}</p>\n{}", table.extract::<String>()?))
    }

    /// A pickle keeps the input; the same input gives the same plan.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?;
        let restore = restore.getattr("_cancellation_plan")?;
        let Input { ignored, .. } = &self.planned.input;
        let (lines, supply) = given(py, &self.planned.input)?;
        let ignored = (&ignored.lines, &ignored.supply);
        let unit_lots = self.planned.input.lines.unit_lots.as_deref();
        let kept = (lines, supply, self.method(), ignored, unit_lots);
        (restore, kept).into_pyobject(py)
    }
}
