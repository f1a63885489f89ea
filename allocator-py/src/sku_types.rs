//! SKUs that are integers on one side and text on the other: the line asks for 1, and "1" arrives.

use std::collections::HashSet;

use pyo3::prelude::*;

use crate::error::AllocatorWarning;
use crate::ids::Id;
use crate::input::Input;

/// Warns with what [`difference`] says. Fails where warnings are errors.
pub(crate) fn warn(py: Python<'_>, difference: Option<String>) -> PyResult<()> {
    let Some(text) = difference else {
        return Ok(());
    };
    let text = std::ffi::CString::new(text).unwrap_or_default();
    PyErr::warn(py, &py.get_type::<AllocatorWarning>(), &text, 1)
}

/// Says so where no line's SKU meets any supply, and would if both were text.
pub(crate) fn difference(input: &Input) -> Option<String> {
    let wanted = &input.lines.sku;
    let is_supplied = |sku: &u32| input.supply.iter().any(|row| row.sku.0 == *sku);
    // Nearly always the first line ends the search.
    if wanted.first().is_none_or(is_supplied) {
        return None;
    }
    let supplied: HashSet<u32> = input.supply.iter().map(|row| row.sku.0).collect();
    if wanted.iter().any(|sku| supplied.contains(sku)) {
        return None;
    }
    let text = |sku: u32| input.names.sku.id(sku).map(|id| id.to_string());
    let supplied: HashSet<String> = supplied.into_iter().filter_map(text).collect();
    let (row, id) = wanted.iter().enumerate().find_map(|(row, &sku)| {
        let id = input.names.sku.id(sku)?;
        supplied.contains(&id.to_string()).then_some((row, id))
    })?;
    let (found, other, cure) = match id {
        Id::Int(value) => (format!("the integer {value}"), "text", "str(…)"),
        Id::Text(text) => (format!("the text {text:?}"), "an integer", "int(…)"),
    };
    Some(format!(
        "lines row {row}, sku: {found} is {other} in supply, so that no line meets any supply; {cure} makes both one type"
    ))
}
