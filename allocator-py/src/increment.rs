//! What to hand out now beyond what was given before.

use allocator_core::{Allocation, Outcome};
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

/// Units of each line beyond those, of the units it is allocated.
pub(crate) fn units(
    quantity: &[i64],
    allocated: &[i64],
    given: Gathered,
) -> Result<Vec<i64>, Fault> {
    let source = given.settle().map_err(first)?;
    let mut faults = Vec::new();
    let mut reader = Reader {
        table: "lines",
        faults: &mut faults,
    };
    let column = source.column("given");
    let given = column.map(|column| reader.quantities(column, "given"));
    if let Some(fault) = faults.into_iter().next() {
        return Err(fault);
    }
    // The difference needs no layout: outcomes as another system would report them are enough.
    let rows = quantity.iter().zip(allocated);
    let outcomes = rows.map(|(&quantity, &allocated)| Outcome::reported(quantity, allocated));
    let result = Allocation::reported(outcomes, None);
    Ok(result.increment(&given.unwrap_or_default())?)
}
