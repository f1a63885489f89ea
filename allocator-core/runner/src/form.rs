//! The documented forms, recognised by what a file holds, and the cases in it.

use serde_json::{Map, Value};

use crate::allocation;
use crate::rationing;
use crate::report::Verdict;
use crate::scenario::{self, shop::LiveShop};

/// The file is of no documented form: the second half of the sentence says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoForm {
    why: String,
}

impl NoForm {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

impl std::fmt::Display for NoForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no vector file of a documented form: {}", self.why)
    }
}

impl std::error::Error for NoForm {}

/// One case of a file.
pub(crate) struct Case<'a> {
    /// Its `id`; without one `PART[index]`.
    pub(crate) id: String,
    part: &'static Part,
    body: &'a Value,
    /// What stands beside the cases of its part, for all of them.
    shared: Option<&'a Map<String, Value>>,
}

impl Case<'_> {
    /// Runs it; where it needs a live shop, on one of this kind.
    pub(crate) fn run<S: LiveShop>(&self) -> Verdict {
        let word = self.part.word;
        match (&self.part.runs, self.body) {
            (Runs::NotBuiltLists, Value::Array(_)) => Verdict::Unsupported(word.into()),
            (Runs::NotBuiltLists, _) => Verdict::Fail("is no list".into()),
            (Runs::Built(run), Value::Object(body)) => {
                (self.fault(body)).map_or_else(|| run(body), Verdict::Fail)
            }
            (Runs::BuiltSharing { run, .. }, Value::Object(body)) => {
                match (self.fault(body), self.shared) {
                    (Some(fault), _) => Verdict::Fail(fault),
                    (None, Some(shared)) => run(shared, body),
                    (None, None) => Verdict::Fail("nothing stands beside the cases".into()),
                }
            }
            (Runs::OnShop, Value::Object(body)) => {
                (self.fault(body)).map_or_else(|| scenario::run::<S>(body), Verdict::Fail)
            }
            (Runs::NotBuilt { named_by }, Value::Object(body)) => (self.fault(body)).map_or_else(
                || Verdict::Unsupported(what(word, body, named_by)),
                Verdict::Fail,
            ),
            (
                Runs::Built(_) | Runs::BuiltSharing { .. } | Runs::OnShop | Runs::NotBuilt { .. },
                _,
            ) => Verdict::Fail("is no object".into()),
        }
    }

    /// What is wrong with the case's own fields.
    fn fault(&self, body: &Map<String, Value>) -> Option<String> {
        if body.get("id").is_some_and(|id| !id.is_string()) {
            return Some("id: is no text".into());
        }
        let field = body.keys().find(|field| !self.part.documents(field))?;
        Some(format!("{field}: is not documented"))
    }
}

/// The word of the part and the values that say which piece of it the case needs.
fn what(word: &str, body: &Map<String, Value>, named_by: &[&str]) -> String {
    let mut what = word.to_owned();
    for &field in named_by {
        if let Some(value) = body.get(field).and_then(Value::as_str) {
            what += &format!(", {field} {value}");
        }
    }
    what
}

/// A list of cases of one kind: a form, or a part of one.
struct Part {
    /// Its key in the file; for a form that is a plain list, the form's word.
    word: &'static str,
    /// The fields a case may have. Empty: they are documented with the cases, not as a list.
    fields: &'static [&'static str],
    runs: Runs,
}

impl Part {
    fn documents(&self, field: &str) -> bool {
        self.fields.is_empty() || self.fields.contains(&field)
    }
}

enum Runs {
    /// The module that runs it.
    Built(fn(&Map<String, Value>) -> Verdict),
    /// The same for cases that share what stands beside them, under these fields.
    BuiltSharing {
        fields: &'static [&'static str],
        run: fn(&Map<String, Value>, &Map<String, Value>) -> Verdict,
    },
    /// The scenario runner, on the caller's kind of shop.
    OnShop,
    /// The values of these fields say what is missing.
    NotBuilt { named_by: &'static [&'static str] },
    /// Not built, and each case is a list: its name stands outside.
    NotBuiltLists,
}

const fn not_built(
    word: &'static str,
    fields: &'static [&'static str],
    named_by: &'static [&'static str],
) -> Part {
    Part {
        word,
        fields,
        runs: Runs::NotBuilt { named_by },
    }
}

/// `{meta, cases}`.
static ALLOCATION: Part = Part {
    word: "cases",
    fields: &["id", "kind", "class", "title", "given", "expect", "note"],
    runs: Runs::Built(allocation::run),
};

/// The parts of the rationing form, an object of some of them beside `meta`.
static RATIONING: [Part; 7] = [
    Part {
        word: "vectors",
        fields: &[
            "id",
            "source",
            "rule",
            "claims",
            "estate",
            "weights",
            "priorities",
            "inner_rule",
            "theta",
            "minimum_each",
            "expected",
            "integer",
            "tie",
            "names",
            "published_expected",
            "verified",
            "verified_by",
            "note",
        ],
        runs: Runs::Built(rationing::vector),
    },
    Part {
        word: "counterexamples",
        fields: &[
            "id",
            "source",
            "rule",
            "axiom",
            "claims",
            "estate",
            "weights",
            "priorities",
            "inner_rule",
            "theta",
            "minimum_each",
            "witness",
            "note",
        ],
        runs: Runs::Built(rationing::counterexample),
    },
    Part {
        word: "canonical_500_480",
        fields: &[
            "id",
            "rule",
            "received",
            "weights",
            "priorities",
            "minimum_each",
            "cuts",
            "awards_sha256",
            "metrics",
            "note",
        ],
        runs: Runs::BuiltSharing {
            fields: &["description", "claims", "sold", "cases"],
            run: rationing::canonical,
        },
    },
    Part {
        word: "selection",
        fields: &[
            "id",
            "source",
            "mode",
            "order_units",
            "order_value",
            "free_units",
            "cancelled",
            "freed",
            "value_lost",
            "verified",
            "verified_by",
            "note",
        ],
        runs: Runs::Built(rationing::selection),
    },
    Part {
        word: "selection_multi_sku",
        fields: &[
            "id",
            "source",
            "mode",
            "orders",
            "order_value",
            "need",
            "cancelled",
            "freed",
            "value_lost",
            "verified",
            "verified_by",
            "note",
        ],
        runs: Runs::Built(rationing::selection_multi_sku),
    },
    Part {
        word: "lottery",
        fields: &[
            "id",
            "source",
            "scheme",
            "key",
            "pool",
            "selected",
            "digests",
            "commitment",
            "one_time_code",
            "ikm",
            "positions",
            "order",
            "unix_time",
            "genesis",
            "period",
            "round",
            "formula",
            "key_hex",
            "msg_hex",
            "hmac_sha256",
            "ids",
            "without",
            "order_without",
            "verified",
            "note",
        ],
        runs: Runs::Built(rationing::lottery),
    },
    Part {
        word: "metrics",
        fields: &[],
        runs: Runs::Built(rationing::metrics::run),
    },
];

/// `{scenarios}` beside the versions it was recorded with: lists of steps by name.
static HOOK_TRACES: Part = Part {
    word: "hook traces",
    fields: &[],
    runs: Runs::NotBuiltLists,
};
const HOOK_TRACE_FIELDS: [&str; 5] = ["woocommerce", "wordpress", "php", "hpos", "scenarios"];

/// Whether a case shows the marks of a form.
type Shows = fn(&Value) -> bool;

/// The forms that are a plain list, each with what only its own cases show.
static LISTS: [(Shows, Part); 5] = [
    (
        |case| case.get("steps").is_some(),
        Part {
            word: "scenarios",
            fields: &[
                "id", "kind", "source", "title", "given", "steps", "expect", "notes",
            ],
            runs: Runs::OnShop,
        },
    ),
    (
        |case| case.get("regime").is_some(),
        not_built(
            "duties",
            &[
                "id", "regime", "title", "clauses", "given", "expect", "notes",
            ],
            &["regime"],
        ),
    ),
    (
        |case| case.get("deliveries").is_some(),
        not_built("sequences", &["id", "deliveries", "answers", "end"], &[]),
    ),
    (
        |case| case.get("commands").is_some() && case.get("file").is_some(),
        not_built(
            "payloads",
            &[
                "id",
                "file",
                "headers",
                "request",
                "given",
                "start",
                "entity",
                "version",
                "commands",
                "skipped",
                "errors",
                "fetch",
                "same_ids_as",
                "traps",
            ],
            &["file"],
        ),
    ),
    (
        |case| {
            let kind = case.get("kind").and_then(Value::as_str);
            kind.is_some_and(|kind| PROMISE_KINDS.contains(&kind))
        },
        not_built(
            "promises",
            &["id", "kind", "source", "title", "given", "expect", "notes"],
            &["kind"],
        ),
    ),
];

/// The kinds of the promises form, which tell its cases from those of other forms.
const PROMISE_KINDS: [&str; 7] = [
    "atp",
    "quote",
    "percentile",
    "calendar",
    "tier",
    "told_date",
    "repromise",
];

/// The cases of a file.
pub(crate) fn cases(file: &Value) -> Result<Vec<Case<'_>>, NoForm> {
    match file {
        Value::Array(list) => {
            let part = list_form(list).ok_or_else(|| {
                NoForm::new("a list whose entries are cases of no documented form")
            })?;
            Ok(listed(part, list, None).collect())
        }
        Value::Object(object) if object.contains_key("cases") => {
            only(object, &["meta", "cases"])?;
            Ok(listed(&ALLOCATION, list(object, "cases")?, None).collect())
        }
        Value::Object(object) if object.contains_key("scenarios") => {
            only(object, &HOOK_TRACE_FIELDS)?;
            hook_traces(object)
        }
        Value::Object(object) => rationing(object),
        _ => Err(NoForm::new("neither a list nor an object")),
    }
}

/// The form that most entries show: one that shows none is then a broken case, not another file.
fn list_form(list: &[Value]) -> Option<&'static Part> {
    let votes = |shows: Shows| list.iter().filter(|entry| shows(entry)).count();
    let voted = LISTS.iter().map(|(shows, part)| (votes(*shows), part));
    let (votes, part) = voted.max_by_key(|&(votes, _)| votes)?;
    (votes > 0).then_some(part)
}

fn listed<'a>(
    part: &'static Part,
    list: &'a [Value],
    shared: Option<&'a Map<String, Value>>,
) -> impl Iterator<Item = Case<'a>> {
    list.iter().enumerate().map(move |(index, body)| Case {
        id: match body.get("id").and_then(Value::as_str) {
            Some(id) => id.to_owned(),
            None => format!("{}[{index}]", part.word),
        },
        part,
        body,
        shared,
    })
}

fn rationing(object: &Map<String, Value>) -> Result<Vec<Case<'_>>, NoForm> {
    let holds_cases = |part: &Part| object.contains_key(part.word);
    if !RATIONING.iter().any(holds_cases) {
        return Err(NoForm::new("an object without any part that holds cases"));
    }
    let known = RATIONING.iter().map(|part| part.word).chain(["meta"]);
    only(object, &known.collect::<Vec<_>>())?;
    let mut cases = Vec::new();
    for part in &RATIONING {
        match (object.get(part.word), &part.runs) {
            (None, _) => {}
            // One list of claims, and the cases that share it.
            (Some(Value::Object(shared)), Runs::BuiltSharing { fields, .. }) => {
                only(shared, fields)?;
                cases.extend(listed(part, list(shared, "cases")?, Some(shared)));
            }
            (Some(_), _) => cases.extend(listed(part, list(object, part.word)?, None)),
        }
    }
    Ok(cases)
}

fn hook_traces(object: &Map<String, Value>) -> Result<Vec<Case<'_>>, NoForm> {
    let scenarios = object.get("scenarios").and_then(Value::as_object);
    let scenarios = scenarios.ok_or_else(|| NoForm::new("scenarios: is no object"))?;
    let case = |(name, body)| Case {
        id: String::clone(name),
        part: &HOOK_TRACES,
        body,
        shared: None,
    };
    Ok(scenarios.iter().map(case).collect())
}

fn list<'a>(object: &'a Map<String, Value>, part: &str) -> Result<&'a [Value], NoForm> {
    let list = object.get(part).and_then(Value::as_array);
    (list.map(Vec::as_slice)).ok_or_else(|| NoForm::new(format!("{part}: is no list")))
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<(), NoForm> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(NoForm::new(format!("{key}: is not documented"))),
        None => Ok(()),
    }
}
