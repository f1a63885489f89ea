//! What a case expects step by step: results and events.

use std::collections::BTreeMap;

use allocator_core::Total;
use serde_json::{Map, Value};

use super::compare::{counts, object};
use super::event;
use super::world::Outcome;
use crate::checked::{Checked, fail};

/// What is expected of a step, which may have been carried out many times.
pub(super) fn step(
    index: usize,
    outcomes: &[Outcome],
    expect: &Map<String, Value>,
    is_engine: bool,
) -> Checked<()> {
    if let Some(results) = expect.get("results") {
        let results = object("results", results)?;
        if let Some(expected) = results.get(&index.to_string()) {
            for outcome in outcomes {
                result(
                    &format!("results.{index}"),
                    expected,
                    &outcome.result,
                    is_engine,
                )?;
            }
        }
    }
    let Some(events) = expect.get("events") else {
        return Ok(());
    };
    let none = Value::Array(Vec::new());
    let expected = object("events", events)?.get(&index.to_string());
    let Some(expected) = expected.unwrap_or(&none).as_array() else {
        return fail(format!("events.{index}: is no list"));
    };
    let found: Vec<_> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.events)
        .collect();
    for at in 0..expected.len().max(found.len()) {
        let path = format!("events.{index}[{at}]");
        match (expected.get(at), found.get(at)) {
            (Some(Value::String(text)), Some(found))
                if event::normal(text) == event::normal(found) => {}
            (Some(expected), Some(found)) => {
                return fail(format!("{path}: expected {expected}, got {found:?}"));
            }
            (Some(expected), None) => {
                return fail(format!("{path}: expected {expected}, got nothing"));
            }
            (None, Some(found)) => {
                return fail(format!("{path}: expected nothing, got {found:?}"));
            }
            (None, None) => {}
        }
    }
    Ok(())
}

/// `refused` is a refusal of any kind. Peers have no word for a repeat: it is `ok` or changes nothing.
fn result(path: &str, expected: &Value, found: &str, is_engine: bool) -> Checked<()> {
    let Some(word) = expected.as_str() else {
        return fail(format!("{path}: {expected} is no text"));
    };
    let is_refused = word == "refused" && found.starts_with("refused:");
    let is_repeat = !is_engine && found == "replayed" && ["ok", "noop"].contains(&word);
    if word == found || is_refused || is_repeat {
        return Ok(());
    }
    fail(format!("{path}: expected {word}, got {found}"))
}

/// How many of the repeated steps, or of all where none is, came to each result.
pub(super) fn results_counted(
    expect: &Map<String, Value>,
    outcomes: &[(bool, Outcome)],
) -> Checked<()> {
    let Some(expected) = expect.get("counts") else {
        return Ok(());
    };
    let any_repeated = outcomes.iter().any(|(is_repeated, _)| *is_repeated);
    let counted = outcomes
        .iter()
        .filter(|(is_repeated, _)| *is_repeated == any_repeated);
    let mut found: BTreeMap<String, Total> = BTreeMap::new();
    for (_, outcome) in counted {
        *found.entry(outcome.result.clone()).or_insert(0) += 1;
        if outcome.result.starts_with("refused:") {
            *found.entry("refused".into()).or_insert(0) += 1;
        }
    }
    counts("counts", object("counts", expected)?, &found)
}

/// That whatever is told by step is told of a step that exists, and that anything is expected at all.
pub(super) fn expectations(expect: &Map<String, Value>, steps: &[Value]) -> Checked<()> {
    for field in ["results", "events"] {
        let Some(by_step) = expect.get(field) else {
            continue;
        };
        for index in object(field, by_step)?.keys() {
            let is_step = |number: usize| number < steps.len() && number.to_string() == *index;
            if !index.parse().is_ok_and(is_step) {
                return fail(format!("{field}.{index}: there is no such step"));
            }
        }
    }
    let asks = ["check", "query_available"].map(Value::from);
    let any = steps
        .iter()
        .any(|step| step.get("op").is_some_and(|op| asks.contains(op)));
    if expect.is_empty() && !any {
        return fail("expect: expects nothing");
    }
    Ok(())
}
