//! The allocation form: batch cases, `{kind, given, expect}`.

mod answer;
mod compare;
mod fields;
mod given;
mod properties;

use serde_json::{Map, Value};

use crate::checked::{Checked, Trouble, fail, object, unsupported, verdict};
use crate::report::Verdict;

use answer::Answer;
use given::Given;

/// Runs one case.
pub(crate) fn run(case: &Map<String, Value>) -> Verdict {
    verdict(judge(case))
}

/// What is not documented comes first, then what is not built, then what differs.
fn judge(case: &Map<String, Value>) -> Checked<()> {
    let Some(kind) = case.get("kind").and_then(Value::as_str) else {
        return fail("kind: is no text");
    };
    let Some((given_shape, expect_shape)) = fields::of_kind(kind) else {
        return fail(format!("kind: {kind} is not documented"));
    };
    for (part, shape) in [("given", given_shape), ("expect", expect_shape)] {
        if let Some(path) = case
            .get(part)
            .and_then(|value| shape.undocumented(value, part))
        {
            return fail(format!("{path}: is not documented"));
        }
    }
    if kind != "allocate" {
        return unsupported(format!("kind {kind}"));
    }
    let given = Given::read(object(case, "given")?)?;
    let expect = object(case, "expect")?;
    expectations(expect)?;
    let answer = Answer::of(&given);
    compare::compare(expect, &answer)?;
    properties::hold(&given, &answer)
}

/// That there is something to compare, and that all of it can be.
fn expectations(expect: &Map<String, Value>) -> Checked<()> {
    if let Some(field) = fields::unbuilt_expectation(expect) {
        return unsupported(format!("expect.{field}"));
    }
    match (expect.get("error"), expect.get("allocated")) {
        (None, None) => fail("expect: has neither allocated nor error"),
        (Some(_), _) if expect.len() > 1 => fail("expect: an error stands beside results"),
        _ => Ok(()),
    }
}
