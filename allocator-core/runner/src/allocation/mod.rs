//! The allocation form: batch cases, `{kind, given, expect}`.

mod answer;
mod compare;
mod fields;
mod given;
mod properties;

use serde_json::{Map, Value};

use crate::report::Verdict;

use answer::Answer;
use given::Given;

/// Why a case does not pass.
enum Trouble {
    /// A difference, or a case that is not as its form says.
    Fail(String),
    /// It needs what is documented and not built.
    Unsupported(String),
}

type Checked<T> = Result<T, Trouble>;

fn fail<T>(why: impl Into<String>) -> Checked<T> {
    Err(Trouble::Fail(why.into()))
}

fn unsupported<T>(what: impl Into<String>) -> Checked<T> {
    Err(Trouble::Unsupported(what.into()))
}

/// Runs one case.
pub(crate) fn run(case: &Map<String, Value>) -> Verdict {
    match judge(case) {
        Ok(()) => Verdict::Pass,
        Err(Trouble::Fail(why)) => Verdict::Fail(why),
        Err(Trouble::Unsupported(what)) => Verdict::Unsupported(what),
    }
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

fn object<'a>(parent: &'a Map<String, Value>, name: &str) -> Checked<&'a Map<String, Value>> {
    match parent.get(name) {
        Some(Value::Object(object)) => Ok(object),
        Some(_) => fail(format!("{name}: is no object")),
        None => fail(format!("{name}: is missing")),
    }
}
