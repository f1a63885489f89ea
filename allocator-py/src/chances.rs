//! Chances told before a draw.

use allocator_core::Chances as Core;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::allocation::first;
use crate::draw::DrawRequired;
use crate::error::raised;
use crate::fault::Fault;
use crate::figure;
use crate::input::Tables;

/// What every line may expect of a draw, told before it, aligned with the lines: the lines in the rows of the
/// labels; lots in them are not looked at.
///
/// >>> lines, supply = {"sku": ["A"] * 3, "quantity": [2, 1, 1]}, {"sku": ["A"], "quantity": [2]}
/// >>> chances(draw_required(["a", "b", "c"]), lines, supply)[0]
/// Chances(full=1/3, nothing=1/3, expected=1)
#[pyfunction]
pub(crate) fn chances(
    py: Python<'_>,
    required: &DrawRequired,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
) -> PyResult<Vec<Chances>> {
    let tables = Tables::gather(lines, supply, None)?;
    let told = py.detach(|| {
        let input = tables.read(required.core.policy(), None).map_err(first)?;
        let told = allocator_core::chances(&required.core, &input.lines.columns(), &input.supply);
        told.map_err(Fault::from)
    });
    let told = told.map_err(|fault| raised(py, fault))?;
    Ok(told.into_iter().map(|core| Chances { core }).collect())
}

/// What one line may expect of a draw. Each figure is a `fractions.Fraction`, or, where 128 bits do not hold it,
/// the pair of fractions that it surely lies between.
#[pyclass(frozen, eq, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chances {
    core: Core,
}

#[pymethods]
impl Chances {
    /// The chance that every unit it asks for is allocated.
    #[getter]
    fn full<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        figure::object(py, self.core.full)
    }

    /// The chance that no unit is.
    #[getter]
    fn nothing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        figure::object(py, self.core.nothing)
    }

    /// The mean of the units allocated.
    #[getter]
    fn expected<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        figure::object(py, self.core.expected)
    }

    fn __repr__(&self) -> String {
        let Core {
            full,
            nothing,
            expected,
        } = self.core;
        format!("Chances(full={full}, nothing={nothing}, expected={expected})")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_chances")?;
        let Core {
            full,
            nothing,
            expected,
        } = self.core;
        let figures = [full, nothing, expected].map(|figure| figure.to_string());
        (restore, PyTuple::new(py, figures)?).into_pyobject(py)
    }
}

/// Makes chances of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_chances")]
pub(crate) fn restore_chances(full: &str, nothing: &str, expected: &str) -> PyResult<Chances> {
    let core = Core {
        full: figure::of_text(full)?,
        nothing: figure::of_text(nothing)?,
        expected: figure::of_text(expected)?,
    };
    Ok(Chances { core })
}
