//! `explain`: why a line has what it has.

use allocator_core::{Error, Explainer, Reason};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::allocation::first;
use crate::cell::{Cell, shortened};
use crate::error::raised;
use crate::fault::Fault;
use crate::ids::{Id, Ids, LEAST, MOST, OwnedId};
use crate::input::{Input, Tables};
use crate::sku_types;
use crate::table::unknown;

/// Why one line has what it has, and what would have to change. By the line's id or its row (from 0).
/// For many lines call `allocate(…).explain(…)`.
///
/// >>> print(explain({"sku": ["A", "A"], "quantity": [2, 2]}, {"sku": ["A"], "quantity": [3]}, row=1))
/// line 1 gets 1 of 2 units: 2 units are ahead of it in line and 3 were received. 1 more unit serves it. In front of line 0 it would be served.
#[pyfunction]
#[pyo3(
    signature = (lines, supply, policy=None, *, line=None, row=None, unit_lots=None),
    text_signature = "(lines, supply, policy='first_come', *, line=None, row=None, unit_lots=None)"
)]
pub(crate) fn explain(
    py: Python<'_>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    policy: Option<&Bound<'_, PyAny>>,
    line: Option<&Bound<'_, PyAny>>,
    row: Option<&Bound<'_, PyAny>>,
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<Explanation> {
    let policy = crate::policy::read(policy)?.map_err(|fault| raised(py, fault))?;
    let tables = Tables::gather(lines, supply, unit_lots)?;
    let prepared = py.detach(|| {
        let input = tables.read(policy, None).map_err(first)?;
        let explainer = Explainer::new(&input.lines.columns(), &input.supply, &policy)?;
        let difference = sku_types::difference(&input);
        Ok::<_, Fault>((input, explainer, difference))
    });
    let (input, explainer, difference) = prepared.map_err(|fault| raised(py, fault))?;
    sku_types::warn(py, difference)?;
    let find = |number| (0..input.lines.len()).find(|&row| input.lines.line_number(row) == number);
    let row = asked_row(&input, line, row, find)?.map_err(|fault| raised(py, fault))?;
    let why = explainer
        .explain(row)
        .map_err(|error| raised(py, error.into()))?;
    Ok(Explanation::new(&why, &input))
}

/// The row that is asked about, by id or by row.
pub(crate) fn asked_row(
    input: &Input,
    line: Option<&Bound<'_, PyAny>>,
    row: Option<&Bound<'_, PyAny>>,
    find: impl Fn(u32) -> Option<usize>,
) -> PyResult<Result<usize, Fault>> {
    let rows = input.lines.len();
    match (line, row) {
        (Some(line), None) => {
            let cell = Cell::of(line)?;
            let id = match &cell {
                Cell::Int(value) if (LEAST..=MOST).contains(value) => Id::Int(*value),
                Cell::Text(text) => Id::Text(text),
                _ => {
                    let what = format!("line: {} is no id", cell.found());
                    return Ok(Err(Fault::of_argument("wrong_type", what)));
                }
            };
            let found = input.names.line.number(id).and_then(find);
            Ok(found.ok_or_else(|| no_line(id)))
        }
        (None, Some(row)) => {
            let cell = Cell::of(row)?;
            let Cell::Int(value) = cell else {
                let what = format!("row: {} is no row", cell.found());
                return Ok(Err(Fault::of_argument("wrong_type", what)));
            };
            Ok(match usize::try_from(value) {
                Ok(row) if row < rows => Ok(row),
                Ok(row) => Err(Error::NoSuchRow { row, rows }.into()),
                Err(_) => {
                    let what = format!("there is no line row {value}: the call has {rows}");
                    let mut fault = Fault::of_table("no_such_row", "lines", None, what);
                    fault.row = None;
                    Err(fault)
                }
            })
        }
        _ => {
            let what = "say which line: either line=… (its id) or row=… (from 0)";
            Ok(Err(Fault::of_argument("wrong_type", what.into())))
        }
    }
}

fn no_line(id: Id<'_>) -> Fault {
    let shown = shortened(&id.to_string());
    let what = match id {
        Id::Int(_) => format!("lines, line: no line has the id {shown}"),
        Id::Text(_) => format!("lines, line: no line has the id {shown:?}"),
    };
    Fault::of_table("no_such_line", "lines", Some("line"), what)
}

/// Why a line has what it has. `str()` is the sentence a support agent can read out.
#[pyclass(frozen, eq, hash, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Explanation {
    line: OwnedId,
    /// From 0.
    #[pyo3(get)]
    row: usize,
    sku: OwnedId,
    reason: Reason,
    /// Units asked for.
    #[pyo3(get)]
    quantity: i64,
    /// Units it gets now.
    #[pyo3(get)]
    allocated: i64,
    /// Units kept for it until what ships whole is complete.
    #[pyo3(get)]
    set_aside: i64,
    /// Units that nothing serves yet.
    #[pyo3(get)]
    waiting: i64,
    /// Units that can never be served.
    #[pyo3(get)]
    never: i64,
    /// Units the queue covered before anything was rounded down.
    #[pyo3(get)]
    covered: i64,
    /// Its place in the queue of its SKU; 1 is first.
    #[pyo3(get)]
    position: u32,
    /// Units that the lines before it ask for.
    #[pyo3(get)]
    units_ahead: i128,
    /// Units received of its SKU.
    #[pyo3(get)]
    received: i64,
    /// The rule that shared them, as in a policy.
    #[pyo3(get)]
    rule: String,
    more_units: Vec<(OwnedId, i64)>,
    if_before: Option<OwnedId>,
    /// The row of that line.
    #[pyo3(get)]
    if_before_row: Option<usize>,
    /// Units it would get if what it ships with could ship in part.
    #[pyo3(get)]
    if_partial: Option<i64>,
    sentence: String,
}

impl Explanation {
    /// With the outside ids in place of the core's numbers.
    pub(crate) fn new(why: &allocator_core::Explanation, input: &Input) -> Self {
        let names = &input.names;
        let sku = |sku: allocator_core::SkuId| named(&names.sku, sku.0);
        let line = |row: usize| named(&names.line, input.lines.line_number(row));
        let sentence = why.sentence(
            |at| format!("line {}", line(at.row).view()),
            |number| format!("SKU {}", sku(number).view()),
        );
        let outcome = why.outcome;
        Self {
            line: line(why.at.row),
            row: why.at.row,
            sku: sku(why.sku),
            reason: outcome.reason,
            quantity: outcome.quantity,
            allocated: outcome.allocated,
            set_aside: outcome.set_aside,
            waiting: outcome.waiting,
            never: outcome.never,
            covered: outcome.covered,
            position: why.place.position,
            units_ahead: why.place.units_ahead,
            received: why.received,
            rule: why.rule.to_string(),
            more_units: why
                .more_units
                .iter()
                .map(|more| (sku(more.sku), more.units))
                .collect(),
            if_before: why.if_before.map(|at| line(at.row)),
            if_before_row: why.if_before.map(|at| at.row),
            if_partial: why.if_partial,
            sentence,
        }
    }
}

/// Every number of a good input has its id.
pub(crate) fn named(ids: &Ids, number: u32) -> OwnedId {
    ids.id(number)
        .map_or(OwnedId::Int(number.into()), Id::owned)
}

#[pymethods]
impl Explanation {
    /// The line's id.
    #[getter]
    fn line<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.line.view().to_object(py)
    }

    /// What it asks for.
    #[getter]
    fn sku<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.sku.view().to_object(py)
    }

    /// The reason in one word.
    #[getter]
    fn reason(&self) -> &'static str {
        self.reason.name()
    }

    /// Units that would have to arrive, all of them, to serve it in turn: {sku: units}.
    #[getter]
    fn more_units<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let more = PyDict::new(py);
        for (sku, units) in &self.more_units {
            more.set_item(sku.view().to_object(py)?, units)?;
        }
        Ok(more)
    }

    /// The last line that it must stand in front of to be served in turn.
    #[getter]
    fn if_before<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.if_before
            .as_ref()
            .map(|line| line.view().to_object(py))
            .transpose()
    }

    fn __str__(&self) -> &str {
        &self.sentence
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut fields = Vec::new();
        for (name, value) in self.fields(py)? {
            if name != "sentence" {
                fields.push(format!("{name}={}", value.repr()?.to_string_lossy()));
            }
        }
        Ok(format!("Explanation({})", fields.join(", ")))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_explanation")?;
        let fields = PyDict::new(py);
        for (name, value) in self.fields(py)? {
            fields.set_item(name, value)?;
        }
        (restore, (fields,)).into_pyobject(py)
    }
}

impl Explanation {
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Vec<(&'static str, Bound<'py, PyAny>)>> {
        use pyo3::IntoPyObjectExt;
        Ok(vec![
            ("line", self.line(py)?),
            ("row", self.row.into_bound_py_any(py)?),
            ("sku", self.sku(py)?),
            ("reason", self.reason.name().into_bound_py_any(py)?),
            ("quantity", self.quantity.into_bound_py_any(py)?),
            ("allocated", self.allocated.into_bound_py_any(py)?),
            ("set_aside", self.set_aside.into_bound_py_any(py)?),
            ("waiting", self.waiting.into_bound_py_any(py)?),
            ("never", self.never.into_bound_py_any(py)?),
            ("covered", self.covered.into_bound_py_any(py)?),
            ("position", self.position.into_bound_py_any(py)?),
            ("units_ahead", self.units_ahead.into_bound_py_any(py)?),
            ("received", self.received.into_bound_py_any(py)?),
            ("rule", self.rule.as_str().into_bound_py_any(py)?),
            ("more_units", self.more_units(py)?.into_any()),
            ("if_before", self.if_before(py)?.into_bound_py_any(py)?),
            ("if_before_row", self.if_before_row.into_bound_py_any(py)?),
            ("if_partial", self.if_partial.into_bound_py_any(py)?),
            ("sentence", self.sentence.as_str().into_bound_py_any(py)?),
        ])
    }
}

/// Makes an explanation of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_explanation")]
pub(crate) fn restore_explanation(fields: &Bound<'_, PyDict>) -> PyResult<Explanation> {
    let field = |name: &str| -> PyResult<Bound<'_, PyAny>> {
        fields.get_item(name)?.ok_or_else(|| unknown(name))
    };
    let reason: String = field("reason")?.extract()?;
    let known = |reason_of: &&Reason| reason_of.name() == reason;
    let more = field("more_units")?;
    let mut more_units = Vec::new();
    for (sku, units) in more.cast::<PyDict>()?.iter() {
        more_units.push((owned(&sku)?, units.extract()?));
    }
    let before = field("if_before")?;
    Ok(Explanation {
        line: owned(&field("line")?)?,
        row: field("row")?.extract()?,
        sku: owned(&field("sku")?)?,
        reason: *Reason::ALL
            .iter()
            .find(known)
            .ok_or_else(|| unknown(&reason))?,
        quantity: field("quantity")?.extract()?,
        allocated: field("allocated")?.extract()?,
        set_aside: field("set_aside")?.extract()?,
        waiting: field("waiting")?.extract()?,
        never: field("never")?.extract()?,
        covered: field("covered")?.extract()?,
        position: field("position")?.extract()?,
        units_ahead: field("units_ahead")?.extract()?,
        received: field("received")?.extract()?,
        rule: field("rule")?.extract()?,
        more_units,
        if_before: if before.is_none() {
            None
        } else {
            Some(owned(&before)?)
        },
        if_before_row: field("if_before_row")?.extract()?,
        if_partial: field("if_partial")?.extract()?,
        sentence: field("sentence")?.extract()?,
    })
}

pub(crate) fn owned(object: &Bound<'_, PyAny>) -> PyResult<OwnedId> {
    match Cell::of(object)? {
        Cell::Int(value) if (LEAST..=MOST).contains(&value) => Ok(OwnedId::Int(value)),
        Cell::Text(text) => Ok(OwnedId::Text(text.into())),
        cell => Err(unknown(&cell.found())),
    }
}
