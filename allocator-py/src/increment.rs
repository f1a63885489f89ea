//! What to hand out now beyond what was given before.

use allocator_core::{Allocation, Outcome};
use pyo3::prelude::*;

use crate::fault::Fault;
use crate::gather::{Form, Gathered};
use crate::single;

static GIVEN: Form = single::form("lines", &["given"]);

/// One column of units, whatever it came from.
pub(crate) fn gather(given: &Bound<'_, PyAny>) -> PyResult<Gathered> {
    single::gather(given, &GIVEN)
}

/// Units of each line beyond those, of the units it is allocated.
pub(crate) fn units(
    quantity: &[i64],
    allocated: &[i64],
    given: Gathered,
) -> Result<Vec<i64>, Fault> {
    let given = single::units(given, &GIVEN)?;
    // The difference needs no layout: outcomes as another system would report them are enough.
    let rows = quantity.iter().zip(allocated);
    let outcomes = rows.map(|(&quantity, &allocated)| Outcome::reported(quantity, allocated));
    let result = Allocation::reported(outcomes, None);
    Ok(result.increment(&given)?)
}
