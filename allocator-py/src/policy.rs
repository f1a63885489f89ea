//! A policy by name (`"first_come:line:pass"`), as JSON text or as a dict of the same form.

use allocator_core::Policy;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use crate::cell::shortened;
use crate::fault::Fault;

/// Reads a policy; none is `first_come`.
pub(crate) fn read(policy: Option<&Bound<'_, PyAny>>) -> PyResult<Result<Policy, Fault>> {
    let Some(policy) = policy else {
        return Ok(Ok(Policy::first_come()));
    };
    if let Ok(text) = policy.cast::<PyString>() {
        let Ok(text) = text.to_str() else {
            let what = "policy: text with a lone surrogate names nothing";
            return Ok(Err(Fault::of_argument("unknown_rule", what.into())));
        };
        if text.trim_start().starts_with('{') {
            return json(policy);
        }
        return Ok(text.parse().map_err(Fault::from));
    }
    if let Ok(dict) = policy.cast::<PyDict>() {
        return fields(dict.items().as_any());
    }
    let name = policy.get_type().name()?;
    let what = format!(
        "policy: a policy is a name such as \"first_come:line:pass\" or a dict such as {{\"rule\": \"first_come\", \"completeness\": \"line\"}}, not a value of type {name}"
    );
    Ok(Err(Fault::of_argument("wrong_type", what)))
}

fn json(text: &Bound<'_, PyAny>) -> PyResult<Result<Policy, Fault>> {
    let py = text.py();
    // As pairs, so that a field given twice is seen.
    let options = PyDict::new(py);
    options.set_item("object_pairs_hook", py.get_type::<PyList>())?;
    let loads = py.import("json")?.getattr("loads")?;
    match loads.call((text,), Some(&options)) {
        Ok(pairs) => fields(&pairs),
        Err(error) if error.is_instance_of::<PyException>(py) => Ok(Err(Fault::of_argument(
            "bad_json",
            format!("policy: no JSON: {}", error.value(py)),
        ))),
        Err(error) => Err(error),
    }
}

fn fields(pairs: &Bound<'_, PyAny>) -> PyResult<Result<Policy, Fault>> {
    let mut policy = Policy::first_come();
    let mut seen: Vec<String> = Vec::new();
    for pair in pairs.try_iter()? {
        let pair = pair?;
        let Ok(pair) = pair.cast::<PyTuple>() else {
            return Ok(Err(not_a_word("policy")));
        };
        let (Ok(field), Ok(value)) = (pair.get_item(0), pair.get_item(1)) else {
            return Ok(Err(not_a_word("policy")));
        };
        let field = match field.extract::<String>() {
            Ok(field) => field,
            Err(_) => field.repr()?.to_string_lossy().into_owned(),
        };
        if seen.contains(&field) {
            let what = format!("policy: the field {:?} is there twice", shortened(&field));
            return Ok(Err(Fault::of_argument("unknown_field", what)));
        }
        let word = value.extract::<String>().ok();
        let set = match (field.as_str(), word) {
            ("rule", Some(word)) => word.parse().map(|rule| policy.rule = rule),
            ("completeness", Some(word)) => word.parse().map(|word| policy.completeness = word),
            ("on_misfit", Some(word)) => word.parse().map(|word| policy.on_misfit = word),
            ("order", Some(word)) => word.parse().map(|order| policy.order = order),
            ("rule" | "completeness" | "on_misfit" | "order", None) => {
                return Ok(Err(not_a_word(&field)));
            }
            _ => {
                let what = format!(
                    "policy: there is no field {:?}; the fields are rule, completeness, on_misfit, order",
                    shortened(&field)
                );
                return Ok(Err(Fault::of_argument("unknown_field", what)));
            }
        };
        if let Err(error) = set {
            return Ok(Err(error.into()));
        }
        seen.push(field);
    }
    Ok(Ok(policy))
}

fn not_a_word(field: &str) -> Fault {
    Fault::of_argument("wrong_type", format!("policy: {field} is a word"))
}
