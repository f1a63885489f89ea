//! The scenario runner: that it fails where it must, names what is not the engine's, and reads every
//! field of the form.

use std::path::Path;

use allocator_runner::Verdict;
use serde_json::{Map, Value, json};

#[test]
fn the_corpus_passes_but_for_what_is_not_the_engines() {
    for (name, passed, not_the_engines) in [
        ("engine.json", 73, vec![]),
        ("peer-scenarios.json", 41, NOT_THE_ENGINES.to_vec()),
    ] {
        let report = allocator_runner::run(&corpus(name)).unwrap();
        let unsupported = report.cases.iter().filter_map(|case| match &case.verdict {
            Verdict::Unsupported(what) => Some((case.id.as_str(), what.as_str())),
            _ => None,
        });
        assert_eq!(unsupported.collect::<Vec<_>>(), not_the_engines, "{report}");
        assert_eq!((report.passed(), report.failed()), (passed, 0), "{report}");
    }
}

const NOT_THE_ENGINES: [(&str, &str); 8] = [
    ("OCA-11", "policy with horizon_days"),
    ("ODOO-05", "policy with allow_over_ship"),
    ("ODOO-08", "given.lots with more reserved than on hand"),
    ("FRE-02", "step place with max_late_days"),
    ("FRE-05", "step place with max_late_days"),
    ("FRE-07", "step order_policy with ship_together"),
    ("FRE-10", "step promise_all"),
    ("NOP-01", "given.lots with more reserved than on hand"),
];

#[test]
fn another_value_anywhere_in_what_is_expected_fails() {
    let (mut results, mut events, mut figures) = (0, 0, 0);
    for case in cases("engine.json")
        .into_iter()
        .chain(cases("peer-scenarios.json"))
    {
        if NOT_THE_ENGINES.iter().any(|(id, _)| case["id"] == *id) {
            continue;
        }
        for path in expectations(&case) {
            for other in others(case.pointer(&path).unwrap()) {
                let tampered = put(&case, &path, other.clone());
                let verdict = run(&tampered);
                assert!(
                    matches!(&verdict, Verdict::Fail(_)),
                    "{}{path} = {other}: {verdict:?}",
                    case["id"]
                );
                *(if path.contains("/events/") {
                    &mut events
                } else if path.contains("/results/") {
                    &mut results
                } else {
                    &mut figures
                }) += 1;
            }
        }
    }
    assert!(
        results > 500 && events > 1_000 && figures > 1_000,
        "{results} results, {events} events, {figures} figures"
    );
}

/// What is put where into the sample, and the difference that must be named.
const DIFFERENCES: &str = include_str!("scenario/differences.json");

#[test]
fn the_first_difference_is_named() {
    for (path, value, words) in table(DIFFERENCES) {
        let case = put(&sample(), &path, value);
        assert_eq!(run(&case), Verdict::Fail(words), "{path}");
    }
}

#[test]
fn a_field_that_is_not_documented_fails_and_is_named() {
    for (parent, field) in [
        ("", "titel"),
        ("/given", "lines"),
        ("/given/engine", "limits"),
        ("/given/policy", "auto_allocate"),
        ("/given/lots/0", "qyt"),
        ("/given/skus/A", "flor"),
        ("/steps/0", "location_"),
        ("/steps/1", "priorty"),
        ("/steps/3", "line"),
        ("/steps/3/lines/L", "alocated"),
        ("/steps/4/lines/0", "quantity"),
        ("/steps/5/step", "holt"),
        ("/steps/6/policy", "caps"),
        ("/expect", "result"),
        ("/expect/lines/L", "pending"),
        ("/expect/accounts/A~1main", "on_hand"),
        ("/expect/stock/A", "received"),
    ] {
        let mut case = sample();
        extend(
            &mut case["given"],
            &json!({
                "policy": {}, "skus": {"A": {}}, "lots": [{"lot": "q", "on_hand": 1}],
            }),
        );
        for step in [
            json!({"op": "place", "order": "P", "lines": [{"line": "P", "sku": "A", "qty": 1}]}),
            json!({"op": "repeat", "times": 1, "step": {"op": "release_hold", "hold": "P"}}),
            json!({"op": "configure", "sku": "A", "policy": {}}),
        ] {
            case["steps"].as_array_mut().unwrap().push(step);
        }
        let case = put(&case, &format!("{parent}/{field}"), json!(1));
        assert!(
            fails(&run(&case), &format!("{field}: is not documented")),
            "{parent}: {:?}",
            run(&case)
        );
        // It comes before what is not the engine's.
        let case = put(&case, "/given/policy/horizon_days", json!(1));
        assert!(
            fails(&run(&case), &format!("{field}: is not documented")),
            "{parent}: {:?}",
            run(&case)
        );
    }
}

#[test]
fn what_is_not_the_engines_is_unsupported_and_named() {
    for (step, named) in [
        (json!({"op": "teleport", "any": 1}), "step teleport"),
        (json!({"op": "promise_all"}), "step promise_all"),
        (
            json!({"op": "move_allocation", "line": "L", "qty": 1, "from": "a", "to": "b"}),
            "step move_allocation",
        ),
        (
            json!({"op": "place", "order": "P", "line": "P", "sku": "A", "qty": 1, "min_ship": 1}),
            "step place with min_ship",
        ),
        (
            json!({"op": "place", "order": "P", "lines": [{"line": "P", "sku": "A", "qty": 1, "max_late_days": 1}]}),
            "step place with max_late_days",
        ),
        (
            json!({"op": "order_policy", "order": "O", "ship_together": true}),
            "step order_policy with ship_together",
        ),
        (
            json!({"op": "allocate_line", "line": "L", "qty": 1, "expires_at": "2026-01-02"}),
            "step allocate_line with expires_at",
        ),
        (
            json!({"op": "split", "line": "L", "qty": 1, "new_line": "M", "prefer": "allocated"}),
            "step split with prefer",
        ),
        (
            json!({"op": "repeat", "times": 2, "step": {"op": "promise_all"}}),
            "step promise_all",
        ),
    ] {
        let mut case = sample();
        case["steps"].as_array_mut().unwrap().push(step);
        assert_eq!(run(&case), Verdict::Unsupported(named.into()));
    }
    for (path, value, named) in [
        (
            "/given/policy",
            json!({"horizon_days": 2}),
            "policy with horizon_days",
        ),
        (
            "/given/policy",
            json!({"allow_over_ship": true}),
            "policy with allow_over_ship",
        ),
        (
            "/given/lots",
            json!([{"lot": "q", "on_hand": 1, "reserved": 2}]),
            "given.lots with more reserved than on hand",
        ),
        ("/expect/promises", json!({}), "expect.promises"),
    ] {
        let case = put(&sample(), path, value);
        assert_eq!(run(&case), Verdict::Unsupported(named.into()));
    }
}

/// What is put where into the sample, and how the verdict begins.
const FAULTS: &str = include_str!("scenario/faults.json");

#[test]
fn what_is_wrong_with_a_case_is_named() {
    for (path, value, words) in table(FAULTS) {
        let case = put(&sample(), &path, value);
        let verdict = run(&case);
        assert!(
            matches!(&verdict, Verdict::Fail(why) if why.starts_with(&words)),
            "{path}: {verdict:?} is not {words}"
        );
    }
    let nothing =
        json!({"given": {}, "steps": [{"op": "receive", "sku": "A", "qty": 1}], "expect": {}});
    assert_eq!(
        run(&nothing),
        Verdict::Fail("expect: expects nothing".into())
    );
}

/// Small scenarios, one for each thing the form says and the corpus does not show.
const SMALL: &str = include_str!("scenario/small.json");

#[test]
fn every_field_of_the_form_is_read() {
    let cases: Vec<Value> = serde_json::from_str(SMALL).unwrap();
    let mut failed = Vec::new();
    for case in &cases {
        let verdict = run(case);
        if verdict != Verdict::Pass {
            failed.push(format!("{}: {verdict:?}", case["id"]));
        }
        for path in expectations(case) {
            for other in others(case.pointer(&path).unwrap()) {
                let tampered = put(case, &path, other.clone());
                if !matches!(run(&tampered), Verdict::Fail(_)) {
                    failed.push(format!("{}{path} = {other} passes", case["id"]));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(cases.len() > 40);
}

#[test]
fn whatever_stands_anywhere_nothing_panics() {
    let small: Vec<Value> = serde_json::from_str(SMALL).unwrap();
    let values = [
        json!(null),
        json!(-1),
        json!(0),
        json!("x"),
        json!("2026-01-01"),
        json!("main"),
        json!([]),
        json!({}),
        json!(1.5),
        json!(1e300),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(true),
    ];
    let mut files = 0;
    for case in small.into_iter().chain([sample()]) {
        for path in nodes(&case) {
            for other in &values {
                files += 1;
                let verdict = run_any(&put(&case, &path, other.clone()));
                assert!(
                    !verdict.is_some_and(|verdict| fails(&verdict, "panic")),
                    "{}{path} = {other}",
                    case["id"]
                );
            }
        }
    }
    assert!(files > 10_000, "only {files}");
}

/// A case of the engine that expects something of every kind.
fn sample() -> Value {
    let sample = json!({
        "id": "sample",
        "given": {"engine": {}, "now": "2026-01-01"},
        "steps": [
            {"op": "receive", "sku": "A", "location": "main", "qty": 1},
            {"op": "place", "order": "O", "line": "L", "sku": "A", "qty": 2},
            {"op": "expect_supply", "supply": "S", "sku": "A", "qty": 5, "eta": "2026-02-01"},
            {"op": "check", "lines": {"L": {"allocated": 1}}},
        ],
        "expect": {
            "results": {"0": "ok", "1": "ok", "2": "ok", "3": "ok"},
            "events": {
                "0": ["stock_changed A main +1 receipt"],
                "1": ["placed O L=2", "filled L.0 main 1"],
                "2": ["supply_set S 5 2026-02-01 outstanding=5 uncovered=0"],
            },
            "lines": {"L": {
                "qty": 2, "allocated": 1, "unallocated": 1, "status": "partially_allocated",
                "queue_ahead": 0, "locations": {"main": 1}, "pegs": {"S": 1},
            }},
            "accounts": {"A/main": {"received": 1, "allocated": 1}},
            "stock": {"A": {"on_hand": 1, "allocated": 1, "available": 0}},
            "net": {"A": -1},
            "loc": {"main": 0},
            "supply": {"S": 4},
            "counts": {"ok": 4, "refused": 0},
            "counts_lines": {"partially_allocated": 1},
            "first_unallocated": "L",
            "shown_available": {"A": 0},
        },
    });
    assert_eq!(run(&sample), Verdict::Pass);
    sample
}

fn table(text: &str) -> Vec<(String, Value, String)> {
    serde_json::from_str(text).unwrap()
}

fn corpus(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    std::fs::read(folder.join(name)).unwrap()
}

fn cases(name: &str) -> Vec<Value> {
    serde_json::from_slice(&corpus(name)).unwrap()
}

fn run(case: &Value) -> Verdict {
    run_any(case).unwrap()
}

/// `None`: the file is of no form any more.
fn run_any(case: &Value) -> Option<Verdict> {
    let file = json!([case]).to_string();
    let mut report = allocator_runner::run(file.as_bytes()).ok()?;
    assert_eq!(report.cases.len(), 1);
    report.cases.pop().map(|case| case.verdict)
}

fn fails(verdict: &Verdict, words: &str) -> bool {
    matches!(verdict, Verdict::Fail(why) if why.contains(words))
}

/// The same with another value at a JSON pointer, whose last part may be new.
fn put(value: &Value, path: &str, new: Value) -> Value {
    let mut value = value.clone();
    let Some((parent, field)) = path.rsplit_once('/') else {
        return new;
    };
    match value.pointer_mut(parent).unwrap() {
        Value::Array(list) => {
            let index: usize = field.parse().unwrap();
            list.truncate(list.len().max(index));
            if index == list.len() {
                list.push(new);
            } else {
                list[index] = new;
            }
        }
        parent => parent[field.replace("~1", "/").replace("~0", "~")] = new,
    }
    value
}

fn extend(object: &mut Value, more: &Value) {
    let more: Map<_, _> = more.as_object().unwrap().clone();
    object.as_object_mut().unwrap().extend(more);
}

/// Pointers to every value that a case expects, in its checks too.
fn expectations(case: &Value) -> Vec<String> {
    let mut all: Vec<String> = (nodes(&case["expect"])
        .iter()
        .map(|path| format!("/expect{path}")))
    .collect();
    for (index, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        let asked = match step["op"].as_str() {
            Some("check") => nodes(step),
            Some("query_available") => vec!["/expect".into()],
            _ => continue,
        };
        let asked = asked
            .iter()
            .filter(|path| *path != "/op" && !path.starts_with("/now"));
        all.extend(asked.map(|path| format!("/steps/{index}{path}")));
    }
    all
}

/// JSON pointers to every value inside.
fn nodes(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Array(list) => (list.iter().enumerate())
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        Value::Object(object) => (object.iter())
            .map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for (name, value) in inner {
        all.push(format!("/{name}"));
        all.extend(
            nodes(value)
                .into_iter()
                .map(|path| format!("/{name}{path}")),
        );
    }
    all
}

/// Values of the same type that say something else. Objects are left: a case may expect less.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(number) => vec![json!(number.wrapping_add(1)), json!(number.wrapping_sub(1))],
            None => vec![json!(0)],
        },
        Value::String(text) => vec![json!(format!("{text}1")), json!("")],
        Value::Array(list) => {
            let mut longer = list.clone();
            longer.push(json!("confirmed O"));
            let shorter = list.split_last().map(|(_, rest)| json!(rest));
            shorter.into_iter().chain([json!(longer)]).collect()
        }
        Value::Null => vec![json!("L")],
        Value::Object(_) | Value::Bool(_) => Vec::new(),
    }
}
