//! The threshold certificate: the last unit served of a SKU, and the keys of units.

use allocator_core::{Certificate, TicketKey};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::explanation::{named, owned};
use crate::ids::OwnedId;
use crate::input::Input;
use crate::table::unknown;

/// The last unit of a SKU that was served. `str()` is the sentence.
#[pyclass(frozen, eq, hash, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Threshold {
    sku: OwnedId,
    line: OwnedId,
    /// The row of that line.
    #[pyo3(get)]
    row: usize,
    /// Which unit of that line it is; 1 is its first.
    #[pyo3(get)]
    unit: i64,
    key: Vec<(i128, i128)>,
    /// Its key in words.
    #[pyo3(get)]
    text: String,
}

/// Every threshold of a result, by the number of the SKU.
pub(crate) fn all(certificate: &Certificate, input: &Input) -> Vec<Threshold> {
    let one = |last: &allocator_core::Threshold| Threshold {
        sku: named(&input.names.sku, last.sku.0),
        line: named(&input.names.line, input.lines.line_number(last.row)),
        row: last.row,
        unit: last.unit,
        key: numbers(&last.key),
        text: last.key.to_string(),
    };
    certificate.thresholds().iter().map(one).collect()
}

/// A key as numerators and denominators.
pub(crate) fn numbers(key: &TicketKey) -> Vec<(i128, i128)> {
    key.fractions().map(Into::into).collect()
}

/// A key as a tuple of `fractions.Fraction`.
pub(crate) fn fractions<'py>(
    py: Python<'py>,
    numbers: &[(i128, i128)],
) -> PyResult<Bound<'py, PyTuple>> {
    let fraction = py.import("fractions")?.getattr("Fraction")?;
    let made: PyResult<Vec<_>> = numbers.iter().map(|&pair| fraction.call1(pair)).collect();
    PyTuple::new(py, made?)
}

#[pymethods]
impl Threshold {
    /// The SKU.
    #[getter]
    fn sku<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.sku.view().to_object(py)
    }

    /// The id of the line it went to.
    #[getter]
    fn line<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.line.view().to_object(py)
    }

    /// Its key: a tuple of fractions. A unit is covered exactly where its own is no larger.
    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        fractions(py, &self.key)
    }

    fn __str__(&self) -> String {
        format!("SKU {} was handed out up to {}", self.sku.view(), self.text)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (sku, line) = (self.sku(py)?.repr()?, self.line(py)?.repr()?);
        let Self {
            row, unit, text, ..
        } = self;
        Ok(format!(
            "Threshold(sku={sku}, line={line}, row={row}, unit={unit}, text={text:?})"
        ))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_threshold")?;
        let fields = PyDict::new(py);
        fields.set_item("sku", self.sku(py)?)?;
        fields.set_item("line", self.line(py)?)?;
        fields.set_item("row", self.row)?;
        fields.set_item("unit", self.unit)?;
        fields.set_item("key", self.key.clone())?;
        fields.set_item("text", &self.text)?;
        (restore, (fields,)).into_pyobject(py)
    }
}

/// Makes a threshold of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_threshold")]
pub(crate) fn restore_threshold(fields: &Bound<'_, PyDict>) -> PyResult<Threshold> {
    let field = |name: &str| -> PyResult<Bound<'_, PyAny>> {
        fields.get_item(name)?.ok_or_else(|| unknown(name))
    };
    Ok(Threshold {
        sku: owned(&field("sku")?)?,
        line: owned(&field("line")?)?,
        row: field("row")?.extract()?,
        unit: field("unit")?.extract()?,
        key: field("key")?.extract()?,
        text: field("text")?.extract()?,
    })
}
