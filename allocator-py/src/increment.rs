//! What to hand out now beyond what was given before.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::allocation::first;
use crate::fault::Fault;
use crate::gather::{Form, Gathered};
use crate::reading::Reader;

const GIVEN: Form = Form {
    table: "lines",
    required: &["given"],
    optional: &[],
    alias: None,
};

/// One column of units, whatever it came from.
pub(crate) fn gather(given: &Bound<'_, PyAny>) -> PyResult<Gathered> {
    let table = PyDict::new(given.py());
    table.set_item("given", given)?;
    Gathered::of(&table, &GIVEN)
}

/// Units of each line beyond those.
pub(crate) fn units(
    result: &allocator_core::Allocation,
    given: Gathered,
) -> Result<Vec<i64>, Fault> {
    let source = given.settle().map_err(first)?;
    let mut faults = Vec::new();
    let mut reader = Reader {
        table: "lines",
        faults: &mut faults,
    };
    let column = source.column("given");
    let given = column.map_or_else(Vec::new, |column| reader.quantities(column, "given"));
    if let Some(fault) = faults.into_iter().next() {
        return Err(fault);
    }
    Ok(result.increment(&given)?)
}
