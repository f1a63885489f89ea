//! The corpus: every vector file of this folder, through the runner that `make vectors` uses; and
//! that the runner itself can fail.

use std::path::Path;

use allocator_core::engine::Engine;
use allocator_model::Shop;
use allocator_runner::{LiveShop, Report, Verdict};
use serde_json::{Value, json};

/// Cases in the folder: fewer means that a file was not run.
const CASES: usize = 386 + 73 + 49;

/// Scenarios that ask for what is not the engine's: dates that are promised, and states that the laws
/// forbid.
const NOT_THE_ENGINES: [&str; 8] = [
    "OCA-11", "ODOO-05", "ODOO-08", "FRE-02", "FRE-05", "FRE-07", "FRE-10", "NOP-01",
];

#[test]
fn every_case_of_the_folder_passes() {
    every_case_passes_on::<Engine>();
}

#[test]
fn every_case_of_the_folder_passes_on_the_model() {
    every_case_passes_on::<Shop>();
}

/// On a live shop of this kind, where a case needs one.
fn every_case_passes_on<S: LiveShop>() {
    let mut ran = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let report = allocator_runner::run_with::<S>(&std::fs::read(&path).unwrap()).unwrap();
            for case in &report.cases {
                let id = case.id.as_str();
                match &case.verdict {
                    Verdict::Pass => assert!(!NOT_THE_ENGINES.contains(&id), "{id}"),
                    Verdict::Unsupported(_) => assert!(NOT_THE_ENGINES.contains(&id), "{case}"),
                    Verdict::Fail(_) => panic!("{}\n{report}", path.display()),
                }
            }
            ran += report.cases.len();
        }
    }
    assert_eq!(ran, CASES, "another number of cases ran");
}

#[test]
fn a_tampered_expectation_fails() {
    let mut tampered = 0;
    for case in cases() {
        for path in nodes(&case["expect"]) {
            let path = format!("/expect{path}");
            let value = case.pointer(&path).unwrap();
            for other in others(value) {
                let verdict = run_with(&case, &path, other.clone());
                assert_ne!(verdict, Verdict::Pass, "{}{path} = {other}", case["id"]);
                tampered += 1;
            }
        }
    }
    assert!(
        tampered > 3_000,
        "only {tampered} expectations were tampered with"
    );
}

#[test]
fn a_field_that_is_not_documented_fails_and_is_named() {
    let table = json!({"same": {}, "columns": [], "rows": []});
    for (parent, field) in [
        ("", "titel"),
        ("/given", "line"),
        ("/given/policy", "completeness"),
        ("/given/lines/0", "qty"),
        ("/given/supply/0", "lot"),
        ("/expect", "alocated"),
        ("/expect/idle/0", "row"),
        ("/expect/counterfactuals/L2", "if_late"),
    ] {
        let mut case = sample();
        let object = case.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        object.insert(field.into(), json!(1));
        let named = format!("{field}: is not documented");
        assert!(
            fails_with(&case, &named),
            "{parent} {field}: {:?}",
            run(&case)
        );
    }
    for (part, value, named) in [
        ("/same", json!({"qty": 1}), "same.qty: is not documented"),
        (
            "/columns",
            json!(["qty"]),
            "columns: qty: is not documented",
        ),
        ("/cells", json!([]), "cells: is not documented"),
    ] {
        let mut table = table.clone();
        table[part.trim_start_matches('/')] = value;
        let case = with(&sample(), "/given/lines", table);
        assert!(fails_with(&case, named), "{part}: {:?}", run(&case));
    }
    // It comes before what is not built.
    let case = with(
        &sample(),
        "/given/policy/caps",
        json!([{"cap": "c", "who": "all", "most": 1}]),
    );
    assert!(
        fails_with(&case, "given.policy.caps[0].most: is not documented"),
        "{:?}",
        run(&case)
    );
}

#[test]
fn what_is_documented_and_not_built_is_unsupported_and_named() {
    for (path, value) in [
        ("/given/policy/as_of", json!(3)),
        ("/given/policy/horizon", json!(3)),
        ("/given/policy/turns", json!([{"pool": "vip"}])),
        (
            "/given/policy/caps",
            json!([{"cap": "c", "who": "customer", "limit": 1}]),
        ),
        ("/given/lines/0/multiple", json!(2)),
        ("/given/lines/0/strategy", json!("gain")),
        ("/given/lines/0/latest", json!(1)),
        ("/given/lines/0/group", json!("vip")),
        ("/given/supply/0/state", json!("incoming")),
        ("/given/supply/0/pool", json!("vip")),
        ("/given/supply/0/expires_on", json!(9)),
        ("/expect/capped_by", json!({"L1": "c"})),
        ("/expect/promised_on", json!({"L1": [[1, 1]]})),
    ] {
        let case = with(&sample(), path, value);
        let field = path.rsplit('/').next().unwrap();
        match run(&case) {
            Verdict::Unsupported(what) => assert!(what.contains(field), "{path}: {what}"),
            verdict => panic!("{path}: {verdict:?}"),
        }
    }
    for kind in ["waterfall", "size_pools"] {
        let case = json!({"id": "a", "kind": kind, "given": {}, "expect": {}});
        assert_eq!(run(&case), Verdict::Unsupported(format!("kind {kind}")));
    }
}

#[test]
fn a_field_that_is_not_built_is_accepted_where_it_says_its_default() {
    let mut case = sample();
    let more = json!({
        "group": "", "lot": 0, "criteria": {}, "min_quantity": 1, "multiple": 1, "confirmed": 0,
        "strategy": "redistribute", "location": "*", "latest": null, "period": null, "weight": 1,
    });
    extend(&mut case["given"]["lines"][0], &more);
    let more = json!({
        "location": "main", "pool": "common", "state": "received", "available_on": null,
        "expires_on": null,
    });
    extend(&mut case["given"]["supply"][0], &more);
    case["given"]["policy"] = json!({
        "rule": "queue", "protect": 1, "order": ["priority", "placed_at", "sequence"],
        "horizon": null, "as_of": null, "turns": [{"pool": "common"}], "location_sets": {},
        "location_order": [], "kits": {}, "caps": [], "protections": [], "score_weights": {},
    });
    extend(
        &mut case["expect"],
        &json!({
            "promised": [0, 0, 0, 0], "promised_on": {}, "capped_by": {}, "periods": {},
            "exception": null,
        }),
    );
    assert_eq!(run(&case), Verdict::Pass);
}

/// What differs in each line and supply row from one unit of A, and the code, row and field of the
/// error that must come out.
const FAULTS: &str = r#"[
{"lines": [{"quantity": 9223372036854775808}], "error": ["out_of_range", 0, "quantity"]},
{"lines": [{"quantity": 100000000000000000000000000000}], "error": ["out_of_range", 0, "quantity"]},
{"lines": [{"quantity": -1}], "supply": [{}, {}], "error": ["duplicate_id", 1, "supply"]},
{"policy": {"rule": "first_come"}, "lines": [], "supply": [{"quantity": -1}], "error": ["unknown_rule", null, "rule"]},
{"policy": {"order": ["age"]}, "lines": [], "supply": [{"quantity": -1}], "error": ["unknown_order_key", null, "order"]},
{"policy": {"order": ["age"], "rule": "first_come"}, "lines": [], "error": ["unknown_rule", null, "rule"]},
{"policy": {"order": ["lot", "lot"]}, "lines": [{"quantity": -1}], "error": ["unsound_order", null, "order"]},
{"policy": {"score_weights": {"a": 4611686018427387904}}, "lines": [{}, {"criteria": {"a": 2}}], "error": ["out_of_range", 1, "criteria"]},
{"lines": [{"lot": 9223372036854775808}], "error": ["out_of_range", 0, "lot"]},
{"lines": [{"criteria": {"a": 9223372036854775808}}], "error": ["out_of_range", 0, "criteria"]},
{"policy": {"order": ["score"]}, "lines": [{}, {"line": "M", "criteria": {"a": 5}}], "error": ["duplicate_place", 1, "sequence"]},
{"lines": [{"completeness": "whole"}, {"quantity": -1}], "error": ["unknown_completeness", 0, "completeness"]},
{"lines": [{"on_misfit": "pass", "completeness": "whole"}], "error": ["unknown_completeness", 0, "completeness"]},
{"lines": [{"on_misfit": "pass"}, {"priority": 1e30}], "error": ["unknown_misfit", 0, "on_misfit"]},
{"lines": [{"on_misfit": "pass", "priority": 1e30}], "error": ["out_of_range", 0, "priority"]},
{"lines": [{"quantity": -1, "placed_at": 1e30}], "error": ["out_of_range", 0, "quantity"]},
{"lines": [{}, {"sequence": 9223372036854775808}], "error": ["out_of_range", 1, "sequence"]},
{"lines": [{"priority": 1e30}], "supply": [{"sequence": 1e30}], "error": ["out_of_range", 0, "sequence"]},
{"lines": [{}, {"sku": "B"}], "error": ["duplicate_id", 1, "line"]},
{"lines": [{"order": "o", "completeness": "order"}, {"line": "M", "order": "o", "completeness": "order", "customer": "c"}],
 "error": ["order_disagrees", 1, "customer"]},
{"lines": [{"order": "o", "completeness": "order"}, {"line": "M", "order": "o", "completeness": "order", "on_misfit": "strict"}],
 "error": ["order_disagrees", 1, "on_misfit"]},
{"lines": [{"sequence": 4}, {"line": "M", "sku": "B", "sequence": 4}], "error": ["duplicate_place", 1, "sequence"]},
{"lines": [], "supply": [{"quantity": 9223372036854775807}, {"supply": "T"}], "error": ["out_of_range", 1, "quantity"]}
]"#;

#[test]
fn the_fault_that_the_rules_name_first_is_the_error() {
    let faults: Vec<Value> = serde_json::from_str(FAULTS).unwrap();
    for fault in faults {
        let rows = |table: &str, plain: Value| -> Value {
            let rows = fault[table].as_array().into_iter().flatten();
            rows.map(|row| {
                let mut full = plain.clone();
                extend(&mut full, row);
                full
            })
            .collect()
        };
        let mut case = json!({"kind": "allocate", "given": {
            "lines": rows("lines", json!({"line": "L", "sku": "A", "quantity": 1})),
            "supply": rows("supply", json!({"supply": "S", "sku": "A", "quantity": 1})),
        }});
        if fault["policy"].is_object() {
            case["given"]["policy"] = fault["policy"].clone();
        }
        let error = &fault["error"];
        case["expect"] = json!({"error": {"code": error[0], "field": error[2]}});
        if error[1].is_number() {
            case["expect"]["error"]["row"] = error[1].clone();
        }
        assert_eq!(run(&case), Verdict::Pass, "{case}");
    }
}

#[test]
fn a_score_is_summed_in_128_bits() {
    let case = json!({
        "kind": "allocate",
        "given": {
            "policy": {"order": ["score", "sequence"], "score_weights": {"a": 1_i64 << 62, "b": -1_i64 << 62, "c": 3}},
            "lines": [
                {"line": "L1", "sku": "A", "quantity": 1, "criteria": {"a": 9, "b": 9, "c": 1}},
                {"line": "L2", "sku": "A", "quantity": 1, "criteria": {"c": 2, "d": 100}},
            ],
            "supply": [{"supply": "S", "sku": "A", "quantity": 1}],
        },
        "expect": {"allocated": [0, 1]},
    });
    assert_eq!(run(&case), Verdict::Pass);
}

#[test]
fn ids_of_equal_supply_rows_decide_in_the_order_of_their_texts() {
    let case = json!({
        "kind": "allocate",
        "given": {
            "lines": [{"line": "L1", "sku": "A", "quantity": 2}],
            "supply": [
                {"supply": "b", "sku": "A", "quantity": 1},
                {"supply": "a2", "sku": "A", "quantity": 1},
                {"supply": "a10", "sku": "A", "quantity": 1},
            ],
        },
        "expect": {"allocated": [2], "pegs": [["L1", "a10", 1], ["L1", "a2", 1]]},
    });
    assert_eq!(run(&case), Verdict::Pass);
}

#[test]
fn a_selection_is_held_to_every_field_and_to_the_nearest_offers() {
    let one = json!({
        "mode": "exact_fewest", "order_units": [4, 4, 6], "order_value": [4, 5, 6],
        "free_units": 8, "cancelled": [0, 1], "freed": 8, "value_lost": 9, "note": "",
    });
    let none = json!({
        "mode": "exact_fewest", "order_units": [4, 4, 6], "order_value": [4, 4, 6],
        "free_units": 5, "cancelled": null, "freed": null, "value_lost": null,
        "note": "answer null; offer 4 (short by 1) or 6 (idle 1)",
    });
    let several = json!({
        "mode": "least_value", "orders": [{"A": 1, "B": 1}, {"A": 2}, {"B": 2}],
        "need": {"A": 1, "B": 1}, "order_value": [5, 1, 1], "cancelled": [1, 2],
        "freed": {"A": 2, "B": 2}, "value_lost": 2,
    });
    let verdict = |part: &str, case: &Value| {
        let mut report = run_file(&json!({part: [case]})).unwrap();
        report.cases.pop().unwrap().verdict
    };
    for (part, case, fields) in [
        ("selection", &one, &["freed", "cancelled", "value_lost"][..]),
        (
            "selection",
            &none,
            &["freed", "cancelled", "value_lost", "note"],
        ),
        (
            "selection_multi_sku",
            &several,
            &["freed", "cancelled", "value_lost"],
        ),
    ] {
        assert_eq!(verdict(part, case), Verdict::Pass);
        for field in fields {
            let wrong = match *field {
                "note" => json!("offer 4 (short by 1) or 7 (idle 2)"),
                "cancelled" => json!([0]),
                _ => json!(7),
            };
            let tampered = with(case, &format!("/{field}"), wrong);
            let failed = verdict(part, &tampered);
            assert!(
                matches!(&failed, Verdict::Fail(why) if why.starts_with(field)),
                "{field}: {failed:?}"
            );
        }
        let unknown = with(case, "/mode", json!("random"));
        let verdict = verdict(part, &unknown);
        assert_eq!(verdict, Verdict::Unsupported("mode random".into()));
    }
}

#[test]
fn a_broken_case_is_that_cases_failure() {
    let mut cases = vec![
        sample(),
        json!(7),
        json!({"kind": "allocate"}),
        json!({"id": 7}),
        sample(),
    ];
    cases[4].as_object_mut().unwrap().remove("id");
    let report = run_file(&json!({"cases": cases})).unwrap();
    assert_eq!(
        (report.passed(), report.failed(), report.unsupported()),
        (2, 3, 0),
        "{report}"
    );
    let ids: Vec<_> = report.cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "plain-lines-strict",
            "cases[1]",
            "cases[2]",
            "cases[3]",
            "cases[4]"
        ]
    );
}

#[test]
fn whatever_stands_anywhere_nothing_panics() {
    let tables = cases()
        .into_iter()
        .filter(|case| case["given"]["lines"].is_object());
    let table = tables.min_by_key(|case| case.to_string().len()).unwrap();
    let (mut files, mut broken) = (0, 0);
    for case in [sample(), shrunk(table)] {
        let file = json!({"meta": {"form": 1}, "cases": [case]});
        for path in nodes(&file) {
            for other in [
                json!(null),
                json!(-1),
                json!("x"),
                json!([]),
                json!({}),
                json!(1.5),
                json!(1e300),
            ] {
                files += 1;
                let Ok(report) = run_file(&with(&file, &path, other.clone())) else {
                    // Only what holds the cases can make it another file.
                    assert!(["", "/cases"].contains(&path.as_str()), "{path} = {other}");
                    continue;
                };
                broken += usize::from(report.failed() > 0);
                assert!(
                    !report.to_string().contains("panic"),
                    "{path} = {other}\n{report}"
                );
            }
        }
    }
    assert!(
        files > 1_000 && broken > 500,
        "{broken} broken cases in {files} files"
    );
}

#[test]
fn a_truncated_file_is_of_no_form() {
    let file = json!({"cases": [sample()]}).to_string();
    for end in 0..file.len() {
        assert!(
            allocator_runner::run(&file.as_bytes()[..end]).is_err(),
            "{end} bytes"
        );
    }
    assert!(allocator_runner::run(file.as_bytes()).is_ok());
    assert!(allocator_runner::run(&[0xff, 0xfe]).is_err());
    assert!(allocator_runner::run("[".repeat(100_000).as_bytes()).is_err());
}

#[test]
fn every_other_form_is_recognised_and_unsupported() {
    let forms = [
        (
            json!({
                "meta": {},
                "lottery": [{"scheme": "a"}],
            }),
            vec!["unsupported lottery[0]: lottery of a form that is not known"],
        ),
        (
            json!([{"kind": "atp", "given": {}, "expect": {}}]),
            vec!["unsupported promises[0]: promises, kind atp"],
        ),
        (
            json!([{"id": "us", "regime": "us_mitor", "given": {}, "expect": {}}]),
            vec!["unsupported us: duties, regime us_mitor"],
        ),
        (
            json!([{"id": "p", "file": "a.json", "commands": []}]),
            vec!["unsupported p: payloads, file a.json"],
        ),
        (
            json!([{"id": "s", "deliveries": [], "answers": {}, "end": []}]),
            vec!["unsupported s: sequences"],
        ),
        (
            json!({"woocommerce": "11", "scenarios": {"paid": []}}),
            vec!["unsupported paid: hook traces"],
        ),
    ];
    for (file, lines) in forms {
        let report = run_file(&file).unwrap().to_string();
        let (cases, counts) = report.rsplit_once('\n').unwrap();
        assert_eq!(cases.lines().collect::<Vec<_>>(), lines);
        assert_eq!(
            counts,
            format!("0 passed, 0 failed, {} unsupported", lines.len())
        );
    }
    // A field that a case of these forms does not have fails it too.
    let report = run_file(&json!([{"regime": "house", "clause": ""}])).unwrap();
    assert_eq!(
        report.cases[0].verdict,
        Verdict::Fail("clause: is not documented".into())
    );
}

#[test]
fn what_is_of_no_form_is_refused() {
    for file in [
        json!(null),
        json!(7),
        json!([]),
        json!({}),
        json!([7]),
        json!([{"kind": "allocate"}]),
        json!({"meta": {}}),
        json!({"cases": {}}),
        json!({"cases": [], "more": 1}),
        json!({"vectors": 1}),
        json!({"vectors": [], "more": 1}),
        json!({"canonical_500_480": {"claims": [], "cases": [], "more": 1}}),
        json!({"canonical_500_480": {"claims": []}}),
        json!({"scenarios": []}),
    ] {
        assert!(run_file(&file).is_err(), "{file}");
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn cases() -> Vec<Value> {
    let file = std::fs::read(folder().join("allocation.json")).unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    file["cases"].as_array().unwrap().clone()
}

/// A case that expects something of every field, with an empty policy to write into.
fn sample() -> Value {
    let mut cases = cases().into_iter();
    let mut sample = cases
        .find(|case| case["id"] == "plain-lines-strict")
        .unwrap();
    sample["given"]["policy"] = json!({});
    sample
}

/// A table case cut to its first rows, which are then all served.
fn shrunk(mut case: Value) -> Value {
    case["given"]["lines"]["rows"]
        .as_array_mut()
        .unwrap()
        .truncate(3);
    let lines = &case["given"]["lines"];
    let column = lines["columns"]
        .as_array()
        .unwrap()
        .iter()
        .position(|name| name == "quantity");
    let rows = lines["rows"].as_array().unwrap().iter();
    let allocated: Value = rows.map(|row| row[column.unwrap()].clone()).collect();
    case["expect"] = json!({"allocated": allocated, "overtakes": 0});
    assert_eq!(run(&case), Verdict::Pass);
    case
}

fn run_file(file: &Value) -> Result<Report, allocator_runner::NoForm> {
    allocator_runner::run(file.to_string().as_bytes())
}

fn run(case: &Value) -> Verdict {
    let mut report = run_file(&json!({"cases": [case]})).unwrap();
    report.cases.pop().unwrap().verdict
}

fn run_with(case: &Value, path: &str, value: Value) -> Verdict {
    run(&with(case, path, value))
}

fn fails_with(case: &Value, named: &str) -> bool {
    matches!(run(case), Verdict::Fail(why) if why.ends_with(named))
}

/// The same with another value at a JSON pointer, whose last part may be new.
fn with(value: &Value, path: &str, new: Value) -> Value {
    let mut value = value.clone();
    match path.rsplit_once('/') {
        None => value = new,
        Some((parent, field)) => match value.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[field.parse::<usize>().unwrap()] = new,
            parent => parent[field.replace("~1", "/").replace("~0", "~")] = new,
        },
    }
    value
}

fn extend(object: &mut Value, more: &Value) {
    let more = more.as_object().unwrap().clone();
    object.as_object_mut().unwrap().extend(more);
}

/// JSON pointers to every value inside, itself first.
fn nodes(value: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let inner: Vec<(String, &Value)> = match value {
        Value::Array(list) => (list.iter().enumerate())
            .map(|(i, v)| (i.to_string(), v))
            .collect(),
        Value::Object(object) => (object.iter())
            .map(|(name, v)| (name.replace('~', "~0").replace('/', "~1"), v))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        all.extend(
            nodes(value)
                .into_iter()
                .map(|path| format!("/{name}{path}")),
        );
    }
    all
}

/// Values of the same type that say something else.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            vec![json!(number.wrapping_add(1)), json!(number.wrapping_sub(1))]
        }
        Value::String(text) => vec![json!(format!("{text}x")), json!("")],
        Value::Array(list) => {
            let mut longer = list.clone();
            longer.push(json!(0));
            let shorter = list.split_last().map(|(_, rest)| json!(rest));
            shorter.into_iter().chain([json!(longer)]).collect()
        }
        Value::Object(object) => {
            let without = |name| {
                let mut object = object.clone();
                object.remove(name);
                // Of what a case expects it may leave out anything.
                (!object.contains_key("allocated") && !object.contains_key("idle"))
                    .then(|| json!(object))
            };
            object.keys().filter_map(without).collect()
        }
        Value::Bool(truth) => vec![json!(!truth)],
        Value::Null => vec![json!(0)],
    }
}
