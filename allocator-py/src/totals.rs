//! `PlanTotals`: a plan of cancellations in figures.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::table::unknown;

/// A plan of cancellations in figures: units, lines, and money in minor units of currency.
#[pyclass(frozen, eq, hash, get_all, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PlanTotals {
    /// Units ordered.
    ordered: i128,
    /// Units received.
    received: i128,
    /// Units kept.
    kept: i128,
    /// Units cancelled.
    cut: i128,
    /// Units of those cut that were offered.
    volunteered: i128,
    /// Units of credits that are used up.
    credit_spent: i128,
    /// Units received that nobody keeps.
    idle: i128,
    /// Lines that lose a unit.
    lines_cut: u64,
    /// Lines that lose every unit.
    lines_cancelled: u64,
    /// What is paid back; None where no prices were given.
    refund: Option<i128>,
    /// What is paid to those who gave up units.
    compensation: i128,
}

impl From<allocator_core::PlanTotals> for PlanTotals {
    fn from(sums: allocator_core::PlanTotals) -> Self {
        Self {
            ordered: sums.ordered,
            received: sums.received,
            kept: sums.kept,
            cut: sums.cut,
            volunteered: sums.volunteered,
            credit_spent: sums.credit_spent,
            idle: sums.idle,
            lines_cut: sums.lines_cut,
            lines_cancelled: sums.lines_cancelled,
            refund: sums.refund,
            compensation: sums.compensation,
        }
    }
}

impl PlanTotals {
    fn figures(&self) -> [(&'static str, Option<i128>); 11] {
        let Self {
            ordered,
            received,
            kept,
            cut,
            volunteered,
            credit_spent,
            idle,
            lines_cut,
            lines_cancelled,
            refund,
            compensation,
        } = *self;
        [
            ("ordered", Some(ordered)),
            ("received", Some(received)),
            ("kept", Some(kept)),
            ("cut", Some(cut)),
            ("volunteered", Some(volunteered)),
            ("credit_spent", Some(credit_spent)),
            ("idle", Some(idle)),
            ("lines_cut", Some(lines_cut.into())),
            ("lines_cancelled", Some(lines_cancelled.into())),
            ("refund", refund),
            ("compensation", Some(compensation)),
        ]
    }
}

#[pymethods]
impl PlanTotals {
    /// The figures by name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (name, figure) in self.figures() {
            dict.set_item(name, figure)?;
        }
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let figures = self.figures().map(|(name, figure)| match figure {
            Some(figure) => format!("{name}={figure}"),
            None => format!("{name}=None"),
        });
        format!("PlanTotals({})", figures.join(", "))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_plan_totals")?;
        (restore, (self.to_dict(py)?,)).into_pyobject(py)
    }
}

/// Makes totals of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_plan_totals")]
pub(crate) fn restore_plan_totals(figures: &Bound<'_, PyDict>) -> PyResult<PlanTotals> {
    let figure = |name: &str| -> PyResult<Bound<'_, PyAny>> {
        figures.get_item(name)?.ok_or_else(|| unknown(name))
    };
    Ok(PlanTotals {
        ordered: figure("ordered")?.extract()?,
        received: figure("received")?.extract()?,
        kept: figure("kept")?.extract()?,
        cut: figure("cut")?.extract()?,
        volunteered: figure("volunteered")?.extract()?,
        credit_spent: figure("credit_spent")?.extract()?,
        idle: figure("idle")?.extract()?,
        lines_cut: figure("lines_cut")?.extract()?,
        lines_cancelled: figure("lines_cancelled")?.extract()?,
        refund: figure("refund")?.extract()?,
        compensation: figure("compensation")?.extract()?,
    })
}
