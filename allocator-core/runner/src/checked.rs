//! How a case ends before its end: the words that all forms share.

use serde_json::{Map, Value};

use crate::report::Verdict;

/// Why a case does not pass.
pub(crate) enum Trouble {
    /// A difference, or a case that is not as its form says.
    Fail(String),
    /// It needs what is documented and not built.
    Unsupported(String),
}

pub(crate) type Checked<T> = Result<T, Trouble>;

pub(crate) fn fail<T>(why: impl Into<String>) -> Checked<T> {
    Err(Trouble::Fail(why.into()))
}

pub(crate) fn unsupported<T>(what: impl Into<String>) -> Checked<T> {
    Err(Trouble::Unsupported(what.into()))
}

pub(crate) fn verdict(checked: Checked<()>) -> Verdict {
    match checked {
        Ok(()) => Verdict::Pass,
        Err(Trouble::Fail(why)) => Verdict::Fail(why),
        Err(Trouble::Unsupported(what)) => Verdict::Unsupported(what),
    }
}

pub(crate) fn object<'a>(
    parent: &'a Map<String, Value>,
    name: &str,
) -> Checked<&'a Map<String, Value>> {
    match parent.get(name) {
        Some(Value::Object(object)) => Ok(object),
        Some(_) => fail(format!("{name}: is no object")),
        None => fail(format!("{name}: is missing")),
    }
}
