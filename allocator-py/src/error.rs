//! The exceptions.

use pyo3::create_exception;
use pyo3::exceptions::{PyUserWarning, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::fault::Fault;

create_exception!(
    allocator_py,
    AllocatorError,
    PyValueError,
    "Bad input. Nothing was computed.\n\n`code` is stable; `table` (\"lines\", \"supply\", \"result\", \"pegs\" or \"idle\"), `row` (from 0), `column` and\n`first_row` (the earlier of two rows that contradict each other) say where, or are None;\n`message` is the sentence."
);
create_exception!(
    allocator_py,
    LawBroken,
    AllocatorError,
    "A result breaks a law.\n\n`reached` is the grade that holds all the same (\"safe\", \"legal\" or None), `law` the name of\nthe law, `row` and `sku` where, `what` which figure, `expected` and `found` its values."
);
create_exception!(
    allocator_py,
    AllocatorWarning,
    PyUserWarning,
    "The input is good, and probably not what was meant."
);

/// The attributes of every `AllocatorError`, None unless set, so that a handler can read them of an
/// error raised by anybody.
const ATTRIBUTES: [&str; 6] = ["code", "table", "row", "column", "first_row", "message"];
/// What a `LawBroken` has besides.
const OF_LAWS: [&str; 6] = ["reached", "law", "sku", "what", "expected", "found"];

pub(crate) fn set_defaults(py: Python<'_>) -> PyResult<()> {
    for name in ATTRIBUTES {
        py.get_type::<AllocatorError>().setattr(name, py.None())?;
    }
    let law_broken: Bound<'_, PyType> = py.get_type::<LawBroken>();
    for name in OF_LAWS {
        law_broken.setattr(name, py.None())?;
    }
    Ok(())
}

/// The exception for a fault.
pub(crate) fn raised(py: Python<'_>, fault: Fault) -> PyErr {
    let error = AllocatorError::new_err(fault.message.clone());
    match describe(py, &error, fault) {
        Ok(()) => error,
        Err(other) => other,
    }
}

fn describe(py: Python<'_>, error: &PyErr, fault: Fault) -> PyResult<()> {
    let Fault {
        code,
        table,
        row,
        first_row,
        column,
        message,
    } = fault;
    let value = error.value(py);
    value.setattr("code", code)?;
    value.setattr("table", table)?;
    value.setattr("row", row)?;
    value.setattr("first_row", first_row)?;
    value.setattr("column", column.as_deref())?;
    value.setattr("message", message)
}
