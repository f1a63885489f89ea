//! The first difference between what a case expects and what came out.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::given::Refusal;
use super::{Checked, Trouble, fail};

/// Every expected field, in the order in which a reader would look at them.
pub(super) fn compare(expect: &Map<String, Value>, answer: &Answer<'_>) -> Checked<()> {
    let allocation = match (expect.get("error"), &answer.result) {
        (Some(error), Err(refusal)) => return same("error", error, &error_of(refusal)),
        (Some(error), Ok(_)) => return fail(format!("error: expected {error}, got an allocation")),
        (None, Err(refusal)) => {
            let error = error_of(refusal);
            return fail(format!("error: expected none, got {error}"));
        }
        (None, Ok(allocation)) => allocation,
    };
    for field in FIELDS {
        if let Some(expected) = expect.get(field) {
            let found = answer
                .field(allocation, field, expected)
                .map_err(Trouble::Fail)?;
            same(field, &normal(field, expected), &normal(field, &found))?;
        }
    }
    Ok(())
}

const FIELDS: [&str; 12] = [
    "allocated",
    "promised",
    "reasons",
    "boxes",
    "pegs",
    "idle",
    "overtakes",
    "counterfactuals",
    "promised_on",
    "capped_by",
    "periods",
    "exception",
];

fn error_of(refusal: &Refusal) -> Value {
    let mut error = json!({"code": refusal.code});
    if let Some(error) = error.as_object_mut() {
        error.extend(refusal.row.map(|row| ("row".to_owned(), json!(row))));
        let field = refusal.field.as_ref();
        error.extend(field.map(|field| ("field".to_owned(), json!(field))));
    }
    error
}

/// Lists that are sets in one order, and counterfactuals without lines that have none.
fn normal(field: &str, value: &Value) -> Value {
    let mut value = value.clone();
    match (field, &mut value) {
        ("pegs" | "idle" | "overtakes", Value::Array(rows)) => {
            rows.sort_by_cached_key(Value::to_string);
        }
        ("counterfactuals", Value::Object(lines)) => {
            lines.retain(|_, answers| *answers != json!({}));
        }
        _ => {}
    }
    value
}

fn same(path: &str, expected: &Value, found: &Value) -> Checked<()> {
    match difference(path, Some(expected), Some(found)) {
        Some(difference) => fail(difference),
        None => Ok(()),
    }
}

/// The path of the first value that differs, and the two.
fn difference(path: &str, expected: Option<&Value>, found: Option<&Value>) -> Option<String> {
    match (expected, found) {
        (Some(Value::Array(expected)), Some(Value::Array(found))) => {
            let rows = expected.len().max(found.len());
            (0..rows).find_map(|row| {
                difference(&format!("{path}[{row}]"), expected.get(row), found.get(row))
            })
        }
        (Some(Value::Object(expected)), Some(Value::Object(found))) => {
            let mut names: Vec<_> = expected.keys().chain(found.keys()).collect();
            names.sort_unstable();
            names.into_iter().find_map(|name| {
                difference(
                    &format!("{path}.{name}"),
                    expected.get(name),
                    found.get(name),
                )
            })
        }
        (expected, found) if expected == found => None,
        (expected, found) => Some(format!(
            "{path}: expected {}, got {}",
            short(expected),
            short(found)
        )),
    }
}

/// A value as JSON, cut where nobody would read on.
fn short(value: Option<&Value>) -> String {
    const MOST: usize = 120;
    let Some(value) = value else {
        return "nothing".into();
    };
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
