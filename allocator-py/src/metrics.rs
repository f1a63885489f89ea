//! `metrics`: what a plan, or any other system's answer, does to customers and orders.

use allocator_core::{Figure, Idle, IdleCause, KeptColumns, Meter, PlaceOrder, Ratio, SkuId};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::allocation::first;
use crate::error::raised;
use crate::fault::Fault;
use crate::figure;
use crate::gather::{Form, Gathered};
use crate::input::Tables;
use crate::reported::{good, read_causes, read_units};
use crate::single;
use crate::table::unknown;

static KEPT: Form = single::form("outcomes", &["kept"]);
static PREVIOUS: Form = single::form("outcomes", &["previous"]);
static REFUND: Form = single::form("outcomes", &["refund"]);

const IDLE: Form = Form {
    table: "idle",
    required: &["cause", "units"],
    optional: &[],
    alias: None,
};

/// What units kept do to customers and orders: those of a plan, or of any other system.
///
/// `kept` and, where they are known, `previous` (what each line kept in the plan before) and `refund` are
/// columns aligned with the lines; `received` are the units received of all SKUs together, where it is None
/// those kept; `idle` is a table with cause and units. Overtakes are counted in the `order` in which lines
/// stand.
///
/// >>> lines = {"sku": ["A", "A"], "quantity": [2, 1], "customer": ["ann", "ben"]}
/// >>> figures = metrics(lines, [1, 1], 2)
/// >>> figures.units_cut, figures.customers_touched, figures.overtakes, figures.lowest_fill
/// (1, 1, 1, Fraction(1, 2))
#[pyfunction]
#[pyo3(
    signature = (lines, kept, received=None, *, previous=None, refund=None, idle=None, order=None),
    text_signature = "(lines, kept, received=None, *, previous=None, refund=None, idle=None, order='priority+placed_at+sequence')"
)]
#[allow(
    clippy::too_many_arguments,
    reason = "keyword arguments of Python, each a column of its own"
)]
pub(crate) fn metrics(
    py: Python<'_>,
    lines: &Bound<'_, PyAny>,
    kept: &Bound<'_, PyAny>,
    received: Option<i128>,
    previous: Option<&Bound<'_, PyAny>>,
    refund: Option<&Bound<'_, PyAny>>,
    idle: Option<&Bound<'_, PyAny>>,
    order: Option<&str>,
) -> PyResult<Metrics> {
    let order = order.map_or(Ok(PlaceOrder::oldest_first()), str::parse);
    let order: PlaceOrder = order.map_err(|error| raised(py, Fault::from(error)))?;
    let tables = Tables::gather(lines, PyList::empty(py).as_any(), None)?;
    let kept = single::gather(kept, &KEPT)?;
    let previous = gather_previous(previous)?;
    let refund = refund.map(|refund| single::gather(refund, &REFUND));
    let refund = refund.transpose()?;
    let idle = idle.map(|idle| Gathered::of(idle, &IDLE)).transpose()?;
    let measured = py.detach(|| {
        let policy = allocator_core::Policy::first_come().order(order);
        let input = tables.read(policy, None).map_err(first)?;
        let meter = Meter::new(&input.lines.columns(), &order)?;
        let kept = single::units(kept, &KEPT)?;
        let previous = read_previous(previous)?;
        let refund = refund.map(|refund| single::totals(refund, &REFUND));
        let refund = refund.transpose()?;
        let idle = idle.map_or(Ok(Vec::new()), idle_units)?;
        let all = || kept.iter().map(|&units| i128::from(units)).sum();
        let measured = meter.measure(&KeptColumns {
            kept: &kept,
            previous: previous.as_deref(),
            refund: refund.as_deref(),
            received: received.unwrap_or_else(all),
            idle: &idle,
        });
        Ok::<_, Fault>(measured?)
    });
    let measured = measured.map_err(|fault| raised(py, fault))?;
    Ok((&measured).into())
}

/// What each line kept in the plan before, if there was one.
pub(crate) fn gather_previous(previous: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Gathered>> {
    let previous = previous.map(|previous| single::gather(previous, &PREVIOUS));
    previous.transpose()
}

pub(crate) fn read_previous(
    previous: Option<Gathered>,
) -> Result<Option<arrow_buffer::ScalarBuffer<i64>>, Fault> {
    let previous = previous.map(|previous| single::units(previous, &PREVIOUS));
    previous.transpose()
}

/// Of idle units only cause and number are measured: whose they are does not matter.
fn idle_units(gathered: Gathered) -> Result<Vec<Idle>, Fault> {
    let source = gathered.settle().map_err(first)?;
    let mut faults = Vec::new();
    let units = read_units(&source, "idle", &mut faults);
    let causes = read_causes(&source, &mut faults);
    let words = source.column("cause");
    for row in 0..source.rows {
        if words.is_some_and(|words| words.is_null(row)) {
            let what = "nothing stands here";
            faults.push(Fault::of_row("missing", "idle", row, "cause", what));
        }
    }
    good(faults)?;
    let rows = causes.into_iter().zip(&units);
    let idle = |(cause, &units): (Option<IdleCause>, &i64)| {
        Some(Idle {
            sku: SkuId(0),
            cause: cause?,
            row: None,
            units,
        })
    };
    Ok(rows.filter_map(idle).collect())
}

/// What a plan does to customers and orders. A customer is all lines of one customer, over all SKUs; where
/// none is named, of the order; where none is named either, the line. Indices are `fractions.Fraction`, or,
/// where 128 bits do not hold one, the pair of fractions that it surely lies between.
#[pyclass(frozen, eq, hash, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Metrics {
    /// Units asked for.
    #[pyo3(get)]
    units_ordered: i128,
    /// Units that lines keep.
    #[pyo3(get)]
    units_kept: i128,
    /// Units that they do not.
    #[pyo3(get)]
    pub(crate) units_cut: i128,
    /// Customers who ask for something.
    #[pyo3(get)]
    customers: u64,
    /// Customers who lose a unit or more.
    #[pyo3(get)]
    pub(crate) customers_touched: u64,
    /// Customers who keep nothing; they are among the touched.
    #[pyo3(get)]
    pub(crate) customers_cancelled: u64,
    /// Orders that ask for something.
    #[pyo3(get)]
    orders: u64,
    /// Orders that lose a unit or more.
    #[pyo3(get)]
    pub(crate) orders_touched: u64,
    /// Orders that keep nothing; they are among the touched.
    #[pyo3(get)]
    pub(crate) orders_cancelled: u64,
    /// The most units that one customer loses.
    #[pyo3(get)]
    pub(crate) largest_cut: i128,
    /// The most units that one customer keeps.
    #[pyo3(get)]
    pub(crate) largest_award: i128,
    /// What is given back, in minor units; None where that is not known.
    #[pyo3(get)]
    pub(crate) refund: Option<i128>,
    pub(crate) lowest_fill: Option<Ratio>,
    pub(crate) jain_units: Figure,
    pub(crate) jain_fill: Figure,
    pub(crate) gini_units: Figure,
    pub(crate) gini_fill: Figure,
    /// Pairs of two lines of one SKU: the later one keeps a unit, the one before it loses one.
    #[pyo3(get)]
    pub(crate) overtakes: u64,
    /// Units received that nobody keeps.
    #[pyo3(get)]
    pub(crate) idle: i128,
    idle_by_cause: Vec<(IdleCause, i128)>,
    /// What changed against the plan before; None where there was none.
    #[pyo3(get)]
    pub(crate) moved: Option<Moved>,
}

impl From<&allocator_core::Metrics> for Metrics {
    fn from(core: &allocator_core::Metrics) -> Self {
        let by_cause = core.idle_by_cause.iter();
        Self {
            units_ordered: core.units_ordered,
            units_kept: core.units_kept,
            units_cut: core.units_cut,
            customers: core.customers,
            customers_touched: core.customers_touched,
            customers_cancelled: core.customers_cancelled,
            orders: core.orders,
            orders_touched: core.orders_touched,
            orders_cancelled: core.orders_cancelled,
            largest_cut: core.largest_cut,
            largest_award: core.largest_award,
            refund: core.refund,
            lowest_fill: core.lowest_fill,
            jain_units: core.jain_units,
            jain_fill: core.jain_fill,
            gini_units: core.gini_units,
            gini_fill: core.gini_fill,
            overtakes: core.overtakes,
            idle: core.idle,
            idle_by_cause: by_cause.map(|part| (part.cause, part.units)).collect(),
            moved: core.moved.map(Moved::from),
        }
    }
}

impl Metrics {
    /// The fractions by name.
    fn fractions(&self) -> [(&'static str, Option<Figure>); 5] {
        [
            ("lowest_fill", self.lowest_fill.map(Figure::Exact)),
            ("jain_units", Some(self.jain_units)),
            ("jain_fill", Some(self.jain_fill)),
            ("gini_units", Some(self.gini_units)),
            ("gini_fill", Some(self.gini_fill)),
        ]
    }

    /// Everything else by name.
    fn others<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (name, units) in [
            ("units_ordered", self.units_ordered),
            ("units_kept", self.units_kept),
            ("units_cut", self.units_cut),
            ("customers", self.customers.into()),
            ("customers_touched", self.customers_touched.into()),
            ("customers_cancelled", self.customers_cancelled.into()),
            ("orders", self.orders.into()),
            ("orders_touched", self.orders_touched.into()),
            ("orders_cancelled", self.orders_cancelled.into()),
            ("largest_cut", self.largest_cut),
            ("largest_award", self.largest_award),
            ("overtakes", self.overtakes.into()),
            ("idle", self.idle),
        ] {
            dict.set_item(name, units)?;
        }
        dict.set_item("refund", self.refund)?;
        dict.set_item("idle_by_cause", self.idle_by_cause(py)?)?;
        dict.set_item("moved", self.moved)?;
        Ok(dict)
    }
}

#[pymethods]
impl Metrics {
    /// The smallest part of what he asks for that a customer keeps, a fraction; None where nobody asks.
    #[getter]
    fn lowest_fill<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let ratio = self.lowest_fill.map(|ratio| figure::ratio(py, ratio));
        ratio.transpose()
    }

    /// Jain's index of the units that customers keep: 1 where all keep the same. It rewards trimming large
    /// orders by its very definition.
    #[getter]
    fn jain_units<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        figure::object(py, self.jain_units)
    }

    /// Jain's index of the parts of their claims that customers keep: how evenly the shortage is spread.
    #[getter]
    fn jain_fill<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        figure::object(py, self.jain_fill)
    }

    /// Gini's coefficient of the units that customers keep: 0 where all keep the same.
    #[getter]
    fn gini_units<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        figure::object(py, self.gini_units)
    }

    /// Gini's coefficient of the parts of their claims that customers keep.
    #[getter]
    fn gini_fill<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        figure::object(py, self.gini_fill)
    }

    /// Idle units by cause, where causes were told: {cause: units}.
    #[getter]
    fn idle_by_cause<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let causes = PyDict::new(py);
        for (cause, units) in &self.idle_by_cause {
            causes.set_item(cause.name(), units)?;
        }
        Ok(causes)
    }

    /// The figures by name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = self.others(py)?;
        for (name, value) in self.fractions() {
            let value = value.map(|value| figure::object(py, value)).transpose()?;
            dict.set_item(name, value)?;
        }
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let Self {
            units_cut,
            customers_touched,
            jain_fill,
            ..
        } = self;
        format!(
            "Metrics(units_cut={units_cut}, customers_touched={customers_touched}, jain_fill={jain_fill}, …)"
        )
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_metrics")?;
        let fields = self.others(py)?;
        for (name, value) in self.fractions() {
            fields.set_item(name, value.map(|value| value.to_string()))?;
        }
        (restore, (fields,)).into_pyobject(py)
    }
}

/// Makes metrics of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_metrics")]
pub(crate) fn restore_metrics(fields: &Bound<'_, PyDict>) -> PyResult<Metrics> {
    let field = |name: &str| -> PyResult<Bound<'_, PyAny>> {
        fields.get_item(name)?.ok_or_else(|| unknown(name))
    };
    let read = |name: &str| figure::of_text::<Figure>(&field(name)?.extract::<String>()?);
    let lowest: Option<String> = field("lowest_fill")?.extract()?;
    let lowest = lowest.map(|text| figure::of_text(&text)).transpose()?;
    let mut idle_by_cause = Vec::new();
    for (name, units) in field("idle_by_cause")?.cast::<PyDict>()?.iter() {
        let name: String = name.extract()?;
        let cause = IdleCause::ALL.iter().find(|cause| cause.name() == name);
        let cause = *cause.ok_or_else(|| unknown(&name))?;
        idle_by_cause.push((cause, units.extract()?));
    }
    let moved = field("moved")?;
    Ok(Metrics {
        units_ordered: field("units_ordered")?.extract()?,
        units_kept: field("units_kept")?.extract()?,
        units_cut: field("units_cut")?.extract()?,
        customers: field("customers")?.extract()?,
        customers_touched: field("customers_touched")?.extract()?,
        customers_cancelled: field("customers_cancelled")?.extract()?,
        orders: field("orders")?.extract()?,
        orders_touched: field("orders_touched")?.extract()?,
        orders_cancelled: field("orders_cancelled")?.extract()?,
        largest_cut: field("largest_cut")?.extract()?,
        largest_award: field("largest_award")?.extract()?,
        refund: field("refund")?.extract()?,
        lowest_fill: lowest,
        jain_units: read("jain_units")?,
        jain_fill: read("jain_fill")?,
        gini_units: read("gini_units")?,
        gini_fill: read("gini_fill")?,
        overtakes: field("overtakes")?.extract()?,
        idle: field("idle")?.extract()?,
        idle_by_cause,
        moved: match moved.is_none() {
            true => None,
            false => Some(*moved.cast::<Moved>()?.get()),
        },
    })
}

/// What changed against the plan before.
#[pyclass(frozen, eq, hash, get_all, module = "allocator_py")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Moved {
    /// Lines that keep less than before.
    lines_losing: u64,
    /// Units that they lose.
    pub(crate) units_lost: i128,
    /// Lines that keep more than before.
    lines_gaining: u64,
    /// Units that they gain.
    pub(crate) units_gained: i128,
}

impl From<allocator_core::Moved> for Moved {
    fn from(core: allocator_core::Moved) -> Self {
        Self {
            lines_losing: core.lines_losing,
            units_lost: core.units_lost,
            lines_gaining: core.lines_gaining,
            units_gained: core.units_gained,
        }
    }
}

#[pymethods]
impl Moved {
    fn __repr__(&self) -> String {
        let Self {
            lines_losing,
            units_lost,
            lines_gaining,
            units_gained,
        } = self;
        format!(
            "Moved(lines_losing={lines_losing}, units_lost={units_lost}, lines_gaining={lines_gaining}, units_gained={units_gained})"
        )
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_moved")?;
        let fields = (
            self.lines_losing,
            self.units_lost,
            self.lines_gaining,
            self.units_gained,
        );
        (restore, fields.into_bound_py_any(py)?).into_pyobject(py)
    }
}

/// Makes it of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_moved")]
pub(crate) fn restore_moved(
    lines_losing: u64,
    units_lost: i128,
    lines_gaining: u64,
    units_gained: i128,
) -> Moved {
    Moved {
        lines_losing,
        units_lost,
        lines_gaining,
        units_gained,
    }
}
