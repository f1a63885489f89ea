//! `compare`: the same shortage under several methods, side by side.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::allocation::first;
use crate::error::raised;
use crate::fault::Fault;
use crate::html;
use crate::input::Tables;
use crate::method;
use crate::metrics::{Metrics, gather_previous, read_previous};
use crate::one_off::{OneOff, Optimality};
use crate::sku_types;
use crate::table::Table;
use crate::values::Values;

/// Plans the same cancellations by every method and measures the plans.
///
/// `lines`, `supply` and the terms as in `plan_cancellations`; `methods` is a list of its methods, and
/// `previous` what each line kept in the plan that was made before, if one was. Which rule is kindest depends
/// on the drop: no figure chooses for the merchant.
///
/// >>> lines, supply = {"sku": ["A"] * 3, "quantity": [5, 1, 1]}, {"sku": ["A"], "quantity": [5]}
/// >>> side_by_side = compare(lines, supply, ["first_come", "one_each_per_round"])
/// >>> [row.metrics.customers_touched for row in side_by_side]
/// [2, 1]
/// >>> side_by_side.rows.to_pydict()["lowest_fill"]
/// ['0', '3/5']
#[pyfunction]
#[pyo3(signature = (lines, supply, methods, previous=None, *, unit_price=None, given=None, credit=None, offered=None, asked=None, unit_lots=None))]
#[allow(
    clippy::too_many_arguments,
    reason = "keyword arguments of Python, each a column of its own"
)]
pub(crate) fn compare(
    py: Python<'_>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    methods: &Bound<'_, PyAny>,
    previous: Option<&Bound<'_, PyAny>>,
    unit_price: Option<&Bound<'_, PyAny>>,
    given: Option<&Bound<'_, PyAny>>,
    credit: Option<&Bound<'_, PyAny>>,
    offered: Option<&Bound<'_, PyAny>>,
    asked: Option<&Bound<'_, PyAny>>,
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<Comparison> {
    let methods = method::read_all(methods)?.map_err(|fault| raised(py, fault))?;
    let terms = [unit_price, given, credit, offered, asked];
    let tables = Tables::gather_planned(lines, supply, unit_lots, terms)?;
    let previous = gather_previous(previous)?;
    let compared = py.detach(|| {
        let method = methods.first().copied().unwrap_or_default();
        let input = tables.read(method.policy(), None).map_err(first)?;
        let previous = read_previous(previous)?;
        let compared = allocator_core::compare_with(
            &input.lines.columns(),
            &input.supply,
            input.terms.with(method),
            &methods,
            previous.as_deref(),
            |row| input.line_text(row),
        )?;
        Ok::<_, Fault>((compared, sku_types::difference(&input)))
    });
    let (compared, difference) = compared.map_err(|fault| raised(py, fault))?;
    sku_types::warn(py, difference)?;
    Ok(Comparison {
        text: compared.to_string(),
        rows: compared.rows().iter().map(Compared::from).collect(),
    })
}

/// What one method comes to.
#[pyclass(frozen, eq, hash, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Compared {
    /// The method by its name.
    #[pyo3(get)]
    method: String,
    metrics: Metrics,
    /// What is paid to those who gave up units they had offered, in minor units.
    #[pyo3(get)]
    compensation: i128,
    one_off: Option<OneOff>,
    optimality: Option<Optimality>,
    /// The digest of its plan.
    #[pyo3(get)]
    digest: String,
}

impl From<&allocator_core::Compared> for Compared {
    fn from(core: &allocator_core::Compared) -> Self {
        Self {
            method: core.method.to_string(),
            metrics: (&core.metrics).into(),
            compensation: core.compensation,
            one_off: core.one_off.map(|why| OneOff { why }),
            optimality: core.optimality.map(|proven| Optimality { proven }),
            digest: format!("{:032x}", core.digest),
        }
    }
}

#[pymethods]
impl Compared {
    /// Its figures.
    #[getter]
    fn metrics(&self) -> Metrics {
        self.metrics.clone()
    }

    /// Why its plan is good for the moment only; None where it is not.
    #[getter]
    fn one_off(&self) -> Option<OneOff> {
        self.one_off
    }

    /// How near the best choice of whole orders its plan is; None where none were chosen.
    #[getter]
    fn optimality(&self) -> Option<Optimality> {
        self.optimality
    }

    fn __repr__(&self) -> String {
        format!("Compared({:?}, digest={:?})", self.method, self.digest)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_compared")?;
        let kept = (
            &self.method,
            self.metrics.clone(),
            self.compensation,
            self.one_off,
            self.optimality,
            &self.digest,
        );
        (restore, kept).into_pyobject(py)
    }
}

/// Makes it of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_compared", signature = (method, metrics, compensation, one_off, optimality, digest))]
pub(crate) fn restore_compared(
    method: String,
    metrics: &Metrics,
    compensation: i128,
    one_off: Option<PyRef<'_, OneOff>>,
    optimality: Option<PyRef<'_, Optimality>>,
    digest: String,
) -> Compared {
    Compared {
        method,
        metrics: metrics.clone(),
        compensation,
        one_off: one_off.map(|why| *why),
        optimality: optimality.map(|proven| *proven),
        digest,
    }
}

/// One shortage under several methods, in the order in which they were named: a sequence of `Compared`.
/// `str()` is a table in plain text for whoever has to choose.
#[pyclass(frozen, eq, hash, sequence, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Comparison {
    text: String,
    rows: Vec<Compared>,
}

#[pymethods]
impl Comparison {
    /// One row for each method: method, units_cut, customers_touched, customers_cancelled, orders_touched,
    /// orders_cancelled, largest_cut, largest_award, refund, compensation, lowest_fill, jain_units, jain_fill,
    /// gini_units, gini_fill, overtakes, idle, units_lost and units_gained since the plan before, one_off,
    /// optimality, digest. Fractions are text ("19/25", or "951682..951683 ppm"); `Comparison[i].metrics` has
    /// them as numbers.
    #[getter]
    fn rows(&self) -> Table {
        let totals = |of: fn(&Compared) -> i128| Values::Totals(self.rows.iter().map(of).collect());
        let known = |of: fn(&Compared) -> Option<i128>| {
            Values::MaybeTotals(self.rows.iter().map(of).collect())
        };
        let texts =
            |of: fn(&Compared) -> Option<String>| Values::Texts(self.rows.iter().map(of).collect());
        let figures = |of: fn(&Metrics) -> allocator_core::Figure| {
            let text = |row: &Compared| Some(of(&row.metrics).to_string());
            Values::Texts(self.rows.iter().map(text).collect())
        };
        Table::new(vec![
            ("method", texts(|row| Some(row.method.clone()))),
            ("units_cut", totals(|row| row.metrics.units_cut)),
            (
                "customers_touched",
                totals(|row| row.metrics.customers_touched.into()),
            ),
            (
                "customers_cancelled",
                totals(|row| row.metrics.customers_cancelled.into()),
            ),
            (
                "orders_touched",
                totals(|row| row.metrics.orders_touched.into()),
            ),
            (
                "orders_cancelled",
                totals(|row| row.metrics.orders_cancelled.into()),
            ),
            ("largest_cut", totals(|row| row.metrics.largest_cut)),
            ("largest_award", totals(|row| row.metrics.largest_award)),
            ("refund", known(|row| row.metrics.refund)),
            ("compensation", totals(|row| row.compensation)),
            (
                "lowest_fill",
                texts(|row| Some(row.metrics.lowest_fill?.to_string())),
            ),
            ("jain_units", figures(|metrics| metrics.jain_units)),
            ("jain_fill", figures(|metrics| metrics.jain_fill)),
            ("gini_units", figures(|metrics| metrics.gini_units)),
            ("gini_fill", figures(|metrics| metrics.gini_fill)),
            ("overtakes", totals(|row| row.metrics.overtakes.into())),
            ("idle", totals(|row| row.metrics.idle)),
            (
                "units_lost",
                known(|row| Some(row.metrics.moved?.units_lost)),
            ),
            (
                "units_gained",
                known(|row| Some(row.metrics.moved?.units_gained)),
            ),
            (
                "one_off",
                texts(|row| Some(row.one_off?.why.name().to_owned())),
            ),
            ("optimality", texts(|row| Some(row.optimality?.__str__()))),
            ("digest", texts(|row| Some(row.digest.clone()))),
        ])
    }

    fn __len__(&self) -> usize {
        self.rows.len()
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        index: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // As a list answers: negative indices, slices, and its own errors.
        PyList::new(py, self.rows.iter().cloned())?
            .as_any()
            .get_item(index)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows = PyList::new(py, self.rows.iter().cloned())?;
        Ok(rows.try_iter()?.into_any())
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("Comparison of {} methods", self.rows.len())
    }

    fn _repr_html_(&self) -> String {
        format!("<pre>{}</pre>", html::escaped(&self.text))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_comparison")?;
        (restore, (&self.text, self.rows.clone())).into_pyobject(py)
    }
}

/// Makes a comparison of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_comparison")]
pub(crate) fn restore_comparison(text: String, rows: Vec<PyRef<'_, Compared>>) -> Comparison {
    let rows = rows.iter().map(|row| Compared::clone(row)).collect();
    Comparison { text, rows }
}
