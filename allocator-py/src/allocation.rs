//! `allocate` and what it gives.

use std::sync::Arc;

use allocator_core::{Certificate, Error, Policy};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use crate::decided::Decided;
use crate::error::raised;
use crate::explanation::{Explanation, asked_row};
use crate::fault::Fault;
use crate::given::given;
use crate::html;
use crate::increment;
use crate::input::{Ignored, Input, Tables};
use crate::sku_types;
use crate::summary::Summary;
use crate::table::Table;
use crate::threshold::{self, Threshold};

/// Most overtakes that are given without being asked for a number.
const MANY_OVERTAKES: u64 = 10_000_000;

/// Decides who gets what; row i of the outcomes answers row i of the lines.
///
/// `lines` and `supply` are any object with an Arrow capsule, a dict of columns or a list of rows.
/// `policy` is a name ("first_come", "first_come:line:pass", "one_each_per_round") or {"rule": …,
/// "completeness": …, "on_misfit": …}. An `AllocatorError` names table, row and column; nothing is
/// computed then.
///
/// >>> result = allocate({"sku": ["A", "A"], "quantity": [2, 2]}, {"sku": ["A"], "quantity": [3]})
/// >>> print(result)
/// 4 ordered, 3 received: 1 line full, 1 waiting (1 unit), 0 idle
#[pyfunction]
#[pyo3(
    signature = (lines, supply, policy=None, *, unit_lots=None),
    text_signature = "(lines, supply, policy='first_come', *, unit_lots=None)"
)]
pub(crate) fn allocate(
    py: Python<'_>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    policy: Option<&Bound<'_, PyAny>>,
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<Allocation> {
    let policy = crate::policy::read(policy)?.map_err(|fault| raised(py, fault))?;
    let (decided, difference) = decide(py, lines, supply, policy, unit_lots)?;
    sku_types::warn(py, difference)?;
    Ok(Allocation::of(decided))
}

fn decide(
    py: Python<'_>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    policy: Policy,
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Decided, Option<String>)> {
    let tables = Tables::gather(lines, supply, unit_lots)?;
    let decided = py.detach(|| {
        let decided = Decided::of(tables.read(policy, None).map_err(first)?)?;
        let difference = sku_types::difference(&decided.input);
        Ok::<_, Fault>((decided, difference))
    });
    decided.map_err(|fault| raised(py, fault))
}

/// Makes an allocation of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_allocation", signature = (lines, supply, policy, ignored, unit_lots=None))]
pub(crate) fn restore_allocation(
    py: Python<'_>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    policy: &Bound<'_, PyAny>,
    ignored: (Vec<String>, Vec<String>),
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<Allocation> {
    let policy = crate::policy::read(Some(policy))?.map_err(|fault| raised(py, fault))?;
    let (mut decided, _) = decide(py, lines, supply, policy, unit_lots)?;
    let (lines, supply) = ignored;
    decided.input.ignored = Ignored { lines, supply };
    Ok(Allocation::of(decided))
}

/// The fault that wins.
pub(crate) fn first(faults: Vec<Fault>) -> Fault {
    let corrupt = || Error::Corrupt { at: "no fault" }.into();
    faults.into_iter().next().unwrap_or_else(corrupt)
}

/// Who gets what, and everything that follows from it.
#[pyclass(frozen, module = "allocator_py")]
pub(crate) struct Allocation {
    pub(crate) decided: Arc<Decided>,
    outcomes: PyOnceLock<Py<Table>>,
    pegs: PyOnceLock<Py<Table>>,
    idle: PyOnceLock<Py<Table>>,
    places: PyOnceLock<Py<Table>>,
}

impl Allocation {
    fn of(decided: Decided) -> Self {
        Self {
            decided: Arc::new(decided),
            outcomes: PyOnceLock::new(),
            pegs: PyOnceLock::new(),
            idle: PyOnceLock::new(),
            places: PyOnceLock::new(),
        }
    }

    /// The row that is asked about, by id or by row.
    fn asked_row(
        &self,
        py: Python<'_>,
        line: Option<&Bound<'_, PyAny>>,
        row: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<usize> {
        let find = |number| self.decided.row_of(number);
        asked_row(&self.decided.input, line, row, find)?.map_err(|fault| raised(py, fault))
    }

    /// Asks without the interpreter lock.
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&Decided) -> Result<T, Fault> + Send,
    ) -> PyResult<T> {
        let decided = &self.decided;
        py.detach(|| question(decided))
            .map_err(|fault| raised(py, fault))
    }

    /// Asks the certificate about a line, by id or by row.
    fn of_unit<T: Send>(
        &self,
        py: Python<'_>,
        (line, row): (Option<&Bound<'_, PyAny>>, Option<&Bound<'_, PyAny>>),
        question: impl FnOnce(&Certificate, usize) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let row = self.asked_row(py, line, row)?;
        self.ask(py, |decided| Ok(question(decided.certificate()?, row)?))
    }

    /// The table, made at the first look without the interpreter lock.
    fn kept(
        &self,
        py: Python<'_>,
        cell: &PyOnceLock<Py<Table>>,
        make: fn(&Decided) -> Result<Table, Fault>,
    ) -> PyResult<Py<Table>> {
        if let Some(table) = cell.get(py) {
            return Ok(table.clone_ref(py));
        }
        let table = Py::new(py, self.ask(py, make)?)?;
        Ok(cell.get_or_init(py, || table).clone_ref(py))
    }
}

#[pymethods]
impl Allocation {
    /// What each line has and why, aligned with the lines: line, sku, quantity, allocated, set_aside,
    /// waiting, never, covered, reason. quantity = allocated + set_aside + waiting + never.
    #[getter]
    fn outcomes(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.kept(py, &self.outcomes, Decided::outcomes)
    }

    /// The units each line gets, aligned with the lines: a read-only `memoryview` of 64-bit integers,
    /// which `numpy.asarray` takes as it is. The shortest way to them: `outcomes` has them too.
    #[getter]
    fn allocated<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        crate::buffer::view(py, self.decided.allocated())
    }

    /// Units to hand out now, aligned with the lines: line, sku, units. `given` is a column of what
    /// each line was given before; it is never more than what the line is allocated now
    /// (`given_above_award`).
    ///
    /// When a shipment arrives, allocate with the original claims and all units received so far; this
    /// is the difference. Sharing each shipment among what is still open is right for the queue and
    /// equal_cuts only.
    ///
    /// >>> lines, rounds = {"sku": ["A", "A"], "quantity": [2, 1]}, "one_each_per_round"
    /// >>> first = allocate(lines, {"sku": ["A"], "quantity": [1]}, rounds)
    /// >>> both = allocate(lines, {"sku": ["A"], "quantity": [2]}, rounds)
    /// >>> both.increment(first.outcomes.to_pydict()["allocated"]).to_pydict()["units"]
    /// [0, 1]
    fn increment(&self, py: Python<'_>, given: &Bound<'_, PyAny>) -> PyResult<Table> {
        let given = increment::gather(given)?;
        self.ask(py, |decided| decided.increment(given))
    }

    /// Which supply row serves which line: line, supply, units, row, supply_row.
    #[getter]
    fn pegs(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.kept(py, &self.pegs, Decided::pegs)
    }

    /// The pegs of one line: by its id or by its row (from 0).
    #[pyo3(signature = (line=None, *, row=None))]
    fn pegs_of(
        &self,
        py: Python<'_>,
        line: Option<&Bound<'_, PyAny>>,
        row: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Table> {
        let row = self.asked_row(py, line, row)?;
        self.ask(py, |decided| decided.pegs_of(row))
    }

    /// Received units that nobody gets: sku, cause, units, and the line and row they are set aside
    /// for, if any.
    #[getter]
    fn idle(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.kept(py, &self.idle, Decided::idle)
    }

    /// Where each line stands in the queue of its SKU, aligned with the lines: line, position (1 is
    /// first), units_ahead.
    #[getter]
    fn places(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        self.kept(py, &self.places, Decided::places)
    }

    /// Lines served although one before them could use their units: later, earlier, because,
    /// later_row, earlier_row. At most `limit` pairs; there may be many more pairs than lines (see
    /// `overtake_count`), so beyond ten million a limit must be given.
    #[pyo3(signature = (limit=None))]
    fn overtakes(&self, py: Python<'_>, limit: Option<usize>) -> PyResult<Table> {
        self.ask(py, |decided| match limit {
            Some(limit) => decided.overtakes(limit),
            None => match decided.result()?.overtake_count() {
                count if count > MANY_OVERTAKES => {
                    let what =
                        format!("there are {count} overtakes; overtakes(limit=…) gives the first");
                    Err(Fault::of_argument("too_many_rows", what))
                }
                _ => decided.overtakes(usize::MAX),
            },
        })
    }

    /// How many pairs `overtakes` has.
    #[getter]
    fn overtake_count(&self, py: Python<'_>) -> PyResult<u64> {
        self.ask(py, |decided| Ok(decided.result()?.overtake_count()))
    }

    /// Whether some line ships whole and lets others pass: then one more unit, or a cancellation, can
    /// take units from others the next time.
    #[getter]
    fn is_one_off(&self, py: Python<'_>) -> PyResult<bool> {
        self.ask(py, |decided| Ok(decided.result()?.is_one_off()))
    }

    /// The call in figures.
    #[getter]
    fn summary(&self, py: Python<'_>) -> PyResult<Summary> {
        self.ask(py, |decided| Ok(decided.result()?.summary().into()))
    }

    /// The policy by its name.
    #[getter]
    fn policy(&self) -> String {
        self.decided.input.policy.to_string()
    }

    /// The columns that were there and not read: {"lines": […], "supply": […]}.
    #[getter]
    fn ignored_columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Ignored { lines, supply } = &self.decided.input.ignored;
        let names = PyDict::new(py);
        names.set_item("lines", lines)?;
        names.set_item("supply", supply)?;
        Ok(names)
    }

    /// Why one line has what it has: by its id or by its row (from 0).
    #[pyo3(signature = (line=None, *, row=None))]
    fn explain(
        &self,
        py: Python<'_>,
        line: Option<&Bound<'_, PyAny>>,
        row: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Explanation> {
        let row = self.asked_row(py, line, row)?;
        self.ask(py, |decided| decided.explain(row))
    }

    /// The last unit served of every SKU that ran short. Not here: SKUs of which every unit that can be
    /// served is served, and those of which none is.
    ///
    /// >>> lines, supply = {"sku": ["A", "A"], "quantity": [3, 1]}, {"sku": ["A"], "quantity": [3]}
    /// >>> print(*allocate(lines, supply, "one_each_per_round").thresholds())
    /// SKU A was handed out up to unit 2, sequence 0
    fn thresholds(&self, py: Python<'_>) -> PyResult<Vec<Threshold>> {
        self.ask(py, |decided| {
            Ok(threshold::all(decided.certificate()?, &decided.input))
        })
    }

    /// The key of a unit of one line (1 is the line's first) as a tuple of fractions, by the line's id or
    /// its row (from 0). Of two units of one SKU the one with the smaller key goes first.
    #[pyo3(signature = (line=None, *, row=None, unit=1))]
    fn unit_key<'py>(
        &self,
        py: Python<'py>,
        line: Option<&Bound<'_, PyAny>>,
        row: Option<&Bound<'_, PyAny>>,
        unit: i64,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let key = self.of_unit(py, (line, row), |certificate, row| {
            certificate.key(row, unit)
        })?;
        threshold::fractions(py, &threshold::numbers(&key))
    }

    /// The key of a unit in words that a support agent can read out.
    #[pyo3(signature = (line=None, *, row=None, unit=1))]
    fn unit_key_text(
        &self,
        py: Python<'_>,
        line: Option<&Bound<'_, PyAny>>,
        row: Option<&Bound<'_, PyAny>>,
        unit: i64,
    ) -> PyResult<String> {
        let key = self.of_unit(py, (line, row), |certificate, row| {
            certificate.key(row, unit)
        })?;
        Ok(key.to_string())
    }

    /// Whether the key of a unit is no larger than that of the last unit served of its SKU: then, and
    /// only then, the unit is covered.
    #[pyo3(signature = (line=None, *, row=None, unit=1))]
    fn unit_is_within(
        &self,
        py: Python<'_>,
        line: Option<&Bound<'_, PyAny>>,
        row: Option<&Bound<'_, PyAny>>,
        unit: i64,
    ) -> PyResult<bool> {
        self.of_unit(py, (line, row), |certificate, row| {
            certificate.is_within(row, unit)
        })
    }

    /// The explanation of every line, one after the other.
    fn explanations(&self) -> Explanations {
        Explanations {
            decided: Arc::clone(&self.decided),
            next: std::sync::atomic::AtomicUsize::new(0),
        }
    }

    fn __len__(&self) -> usize {
        self.decided.input.lines.len()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |decided| Ok(decided.result()?.to_string()))
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let sentence = html::escaped(&self.__repr__(py)?);
        let table = self.outcomes(py)?.bind(py).call_method0("_repr_html_")?;
        Ok(format!("<p>{sentence}</p>\n{}", table.extract::<String>()?))
    }

    /// A pickle keeps the input; the same input gives the same result.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_allocation")?;
        let Input {
            policy, ignored, ..
        } = &self.decided.input;
        let (lines, supply) = given(py, &self.decided.input)?;
        let ignored = (&ignored.lines, &ignored.supply);
        let unit_lots = self.decided.input.lines.unit_lots.as_deref();
        let kept = (lines, supply, policy.to_string(), ignored, unit_lots);
        (restore, kept).into_pyobject(py)
    }
}

/// Explanations one after the other.
#[pyclass(frozen, module = "allocator_py._native", name = "_Explanations")]
pub(crate) struct Explanations {
    decided: Arc<Decided>,
    next: std::sync::atomic::AtomicUsize,
}

#[pymethods]
impl Explanations {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Explanation>> {
        let row = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let decided = &self.decided;
        if row >= decided.input.lines.len() {
            return Ok(None);
        }
        py.detach(|| decided.explain(row))
            .map(Some)
            .map_err(|fault| raised(py, fault))
    }
}
