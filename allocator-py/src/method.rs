//! How it is decided who is cut, by name: a policy, `largest_remainder` or `whole_orders(aim)`.

use allocator_core::{Aim, CutMethod};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::fault::Fault;

/// Reads a method; none is `first_come`.
pub(crate) fn read(method: Option<&Bound<'_, PyAny>>) -> PyResult<Result<CutMethod, Fault>> {
    let text = method.and_then(|method| method.cast::<PyString>().ok());
    let text = text.and_then(|text| text.to_str().ok());
    if let Some(text) = text
        && (text == "largest_remainder" || text.starts_with("whole_orders("))
    {
        return Ok(text.parse().map_err(Fault::from));
    }
    Ok(crate::policy::read(method)?.map(CutMethod::Policy))
}

/// Reads several.
pub(crate) fn read_all(methods: &Bound<'_, PyAny>) -> PyResult<Result<Vec<CutMethod>, Fault>> {
    let wrong = |what: &str| Ok(Err(Fault::of_argument("wrong_type", what.into())));
    if methods.cast::<PyString>().is_ok() {
        return wrong("methods: a list of methods, not one text");
    }
    if !methods.hasattr("__iter__")? {
        return wrong("methods: a list of methods");
    }
    let mut all = Vec::new();
    for method in methods.try_iter()? {
        match read(Some(&method?))? {
            Ok(method) => all.push(method),
            Err(fault) => return Ok(Err(fault)),
        }
    }
    Ok(Ok(all))
}

/// Reads an aim.
pub(crate) fn aim(word: &str) -> Result<Aim, Fault> {
    word.parse().map_err(Fault::from)
}
