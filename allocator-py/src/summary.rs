//! `Summary`: a call in figures.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::table::unknown;

/// A call in figures: units (ordered, received, allocated, set_aside, waiting, never, idle) and lines
/// (lines_full, lines_partial, lines_none).
#[pyclass(frozen, eq, hash, get_all, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Summary {
    /// Units asked for.
    ordered: i128,
    /// Units received.
    received: i128,
    /// Units allocated.
    allocated: i128,
    /// Units set aside.
    set_aside: i128,
    /// Units waiting.
    waiting: i128,
    /// Units that can never be served.
    never: i128,
    /// Units received and allocated to nobody; what is set aside is among them.
    idle: i128,
    /// Lines with every unit, those that ask for 0 among them.
    lines_full: u64,
    /// Lines with some units.
    lines_partial: u64,
    /// Lines with none.
    lines_none: u64,
}

impl From<allocator_core::Summary> for Summary {
    fn from(sums: allocator_core::Summary) -> Self {
        Self {
            ordered: sums.ordered,
            received: sums.received,
            allocated: sums.allocated,
            set_aside: sums.set_aside,
            waiting: sums.waiting,
            never: sums.never,
            idle: sums.idle,
            lines_full: sums.lines_full,
            lines_partial: sums.lines_partial,
            lines_none: sums.lines_none,
        }
    }
}

impl Summary {
    fn figures(&self) -> [(&'static str, i128); 10] {
        let Self {
            ordered,
            received,
            allocated,
            set_aside,
            waiting,
            never,
            idle,
            lines_full,
            lines_partial,
            lines_none,
        } = *self;
        [
            ("ordered", ordered),
            ("received", received),
            ("allocated", allocated),
            ("set_aside", set_aside),
            ("waiting", waiting),
            ("never", never),
            ("idle", idle),
            ("lines_full", lines_full.into()),
            ("lines_partial", lines_partial.into()),
            ("lines_none", lines_none.into()),
        ]
    }
}

#[pymethods]
impl Summary {
    /// The figures by name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (name, figure) in self.figures() {
            dict.set_item(name, figure)?;
        }
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let figures = self
            .figures()
            .map(|(name, figure)| format!("{name}={figure}"));
        format!("Summary({})", figures.join(", "))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_summary")?;
        (restore, (self.to_dict(py)?,)).into_pyobject(py)
    }
}

/// Makes a summary of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_summary")]
pub(crate) fn restore_summary(figures: &Bound<'_, PyDict>) -> PyResult<Summary> {
    let figure = |name: &str| -> PyResult<Bound<'_, PyAny>> {
        figures.get_item(name)?.ok_or_else(|| unknown(name))
    };
    Ok(Summary {
        ordered: figure("ordered")?.extract()?,
        received: figure("received")?.extract()?,
        allocated: figure("allocated")?.extract()?,
        set_aside: figure("set_aside")?.extract()?,
        waiting: figure("waiting")?.extract()?,
        never: figure("never")?.extract()?,
        idle: figure("idle")?.extract()?,
        lines_full: figure("lines_full")?.extract()?,
        lines_partial: figure("lines_partial")?.extract()?,
        lines_none: figure("lines_none")?.extract()?,
    })
}
