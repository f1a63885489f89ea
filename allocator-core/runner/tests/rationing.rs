//! The rationing form: that its cases can fail, and how what is wrong or not built is named.

use std::path::Path;

use allocator_runner::Verdict;
use serde_json::{Value, json};

#[test]
fn a_tampered_award_fails() {
    let mut tampered = 0;
    for case in part("vectors") {
        for index in 0..case["expected"].as_array().unwrap().len() {
            let number = case["expected"][index].as_i64().unwrap_or(0);
            for other in [json!(number + 1), json!(number - 1), json!("1/7")] {
                let mut case = case.clone();
                case["expected"][index] = other;
                assert!(fails(&vector(&case), ""), "{case}");
                tampered += 1;
            }
        }
    }
    assert!(tampered > 3_000, "only {tampered}");
}

#[test]
fn a_tampered_lottery_fails() {
    let mut tampered = 0;
    for case in part("lottery") {
        assert_eq!(lottery(&case), Verdict::Pass, "{case}");
        for field in ["positions", "order", "order_without", "digests", "selected"] {
            let Some(list) = case.get(field) else {
                continue;
            };
            let keys: Vec<String> = match list {
                Value::Object(object) => {
                    object.keys().map(|key| format!("/{field}/{key}")).collect()
                }
                list => (0..list.as_array().unwrap().len())
                    .map(|at| format!("/{field}/{at}"))
                    .collect(),
            };
            for key in keys {
                let mut case = case.clone();
                *case.pointer_mut(&key).unwrap() = json!("00");
                assert!(fails(&lottery(&case), ""), "{key}");
                tampered += 1;
            }
        }
        for field in [
            "commitment",
            "one_time_code",
            "ikm",
            "unix_time",
            "genesis",
            "period",
            "round",
            "key_hex",
            "msg_hex",
            "hmac_sha256",
            "ids",
            "without",
            "key",
            "pool",
        ] {
            if case.get(field).is_some() {
                let other = match &case[field] {
                    Value::Number(number) => json!(number.as_i64().unwrap() + 7),
                    Value::String(text) => json!(format!("{text}7f")),
                    _ => json!([]),
                };
                assert!(fails(&lottery(&with(&case, field, other)), ""), "{field}");
                assert!(
                    fails(&lottery(&with(&case, field, json!(null))), ""),
                    "{field}"
                );
                tampered += 2;
            }
        }
    }
    assert!(tampered > 60, "only {tampered}");
}

#[test]
fn a_tampered_drop_fails() {
    let drop = corpus()["canonical_500_480"].clone();
    for case in drop["cases"].as_array().unwrap() {
        assert_eq!(canonical(&drop, case), Verdict::Pass);
        for (index, cut) in case["cuts"].as_object().unwrap() {
            let mut other = case.clone();
            other["cuts"][index] = json!(cut.as_i64().unwrap() + 1);
            assert!(fails(&canonical(&drop, &other), &format!("cuts.{index}: ")));
            other["cuts"].as_object_mut().unwrap().remove(index);
            assert!(fails(&canonical(&drop, &other), &format!("cuts.{index}: ")));
        }
        for (field, value) in [
            ("awards_sha256", json!("00")),
            ("received", json!(481)),
            ("cuts", json!({"353": 0})),
            ("cuts", json!({"00": 0})),
            ("rule", json!("adams")),
        ] {
            assert!(
                fails(&canonical(&drop, &with(case, field, value)), ""),
                "{field}"
            );
        }
        let mut digest_alone = case.clone();
        digest_alone.as_object_mut().unwrap().remove("cuts");
        assert_eq!(canonical(&drop, &digest_alone), Verdict::Pass);
        digest_alone
            .as_object_mut()
            .unwrap()
            .remove("awards_sha256");
        assert!(fails(&canonical(&drop, &digest_alone), "has neither"));
        for (name, value) in case["metrics"].as_object().unwrap() {
            let others = [json!(-1), json!("1/7"), json!(354), json!("x"), json!([])];
            for other in others.iter().filter(|other| *other != value) {
                let mut case = case.clone();
                case["metrics"][name] = other.clone();
                assert!(fails(&canonical(&drop, &case), name), "{name} {other}");
            }
        }
        for (metrics, words) in [(json!({}), "expects nothing"), (json!([]), "is no object")] {
            let case = with(case, "metrics", metrics);
            assert!(fails(&canonical(&drop, &case), words));
        }
        let metrics = with(case, "metrics", json!({"units_cut": 20, "theil": 1}));
        assert!(unsupported(
            &canonical(&drop, &metrics),
            "metrics with theil"
        ));
        let metrics = with(&metrics, "received", json!(479));
        assert!(fails(&canonical(&drop, &metrics), "cuts."));
    }
    let more_sold = with(&drop, "sold", json!(501));
    assert!(fails(&canonical(&more_sold, &drop["cases"][0]), "sold"));
}

#[test]
fn a_tampered_figure_fails() {
    let mut tampered = 0;
    for case in part("metrics") {
        assert_eq!(figures(&case), Verdict::Pass);
        for name in ["jain", "gini", "overtake_pairs"] {
            if case.get(name).is_some() {
                for other in [json!("1/7"), json!(0), json!(1), json!(null)] {
                    assert!(fails(&figures(&with(&case, name, other)), name));
                    tampered += 1;
                }
            }
        }
        let theil = with(&case, "theil", json!(1));
        assert!(unsupported(&figures(&theil), "metrics with theil"));
    }
    assert!(tampered >= 12, "only {tampered}");
    for (case, words) in [
        (json!({"jain": 1}), "x: is missing"),
        (json!({"x": [1]}), "expects nothing"),
        (
            json!({"x": ["1/2"], "jain": 1}),
            "awards: 1/2 is no number of units",
        ),
        (
            json!({"x": [1], "claims": [], "jain": 1}),
            "1 values for 0 rows",
        ),
        (
            json!({"x": [2], "claims": [1], "jain": 1}),
            "2 is outside 0..=1",
        ),
        (json!({"x": [-1], "jain": 1}), "-1 is outside 0..=1"),
    ] {
        assert!(
            fails(&figures(&case), words),
            "{case}: {:?}",
            figures(&case)
        );
    }
}

/// What the queue violates on some claims; it keeps every other axiom everywhere.
const VIOLATED_BY_THE_QUEUE: [&str; 7] = [
    "order_gains_strict",
    "order_losses_strict",
    "balanced_equals",
    "upper_quota",
    "lower_quota",
    "order_gains_pm1",
    "order_losses_pm1",
];

#[test]
fn a_rule_that_keeps_the_axiom_is_no_counterexample() {
    let mut kept = 0;
    for case in part("counterexamples") {
        let axiom = case["axiom"].as_str().unwrap();
        // These are not about awards of a rule: one that no rule keeps, and two of whole orders.
        const OF_OTHERS: [&str; 3] = ["upper and lower quota together", "min_idle", "max_orders"];
        if OF_OTHERS.iter().any(|name| axiom.starts_with(name)) {
            continue;
        }
        if !VIOLATED_BY_THE_QUEUE
            .iter()
            .any(|name| axiom.starts_with(name))
        {
            let case = with(&case, "rule", json!("fifo"));
            assert!(fails(&counterexample(&case), "is not violated"), "{case}");
            kept += 1;
        }
    }
    assert!(kept > 80, "only {kept}");
    let tie = json!({"rule": "webster", "axiom": "upper_quota (no tie involved)",
        "claims": [3, 1, 1, 1], "estate": 2});
    assert!(fails(&counterexample(&tie), "a tie is involved"));
}

/// What is put into a sound case, and how the verdict begins.
const FAULTS: &str = r#"[
[{"claim": [1]}, "claim: is not documented"],
[{"rule": null}, "rule: is no text"],
[{"claims": null}, "claims: is no list"],
[{"claims": [1, -1]}, "claims: -1 is below zero"],
[{"claims": [1, 1.5]}, "claims[1]: is no exact number"],
[{"claims": [1, "1/0"]}, "claims[1]: is no exact number"],
[{"claims": ["1/2", "1/2"]}, "1/2 is no number of units"],
[{"claims": [1, 18446744073709551615]}, "18446744073709551615 is no number of units"],
[{"estate": -1}, "estate: -1 is below zero"],
[{"estate": "x"}, "estate: is no exact number"],
[{"expected": [1]}, "expected: is not as long as the claims"],
[{"expected": [1, "1/2"]}, "expected: holds parts of units"],
[{"expected": [2, 1]}, "expected[0]: expected 2, got 1"],
[{"integer": 1}, "integer: is neither true nor false"],
[{"tie": 1}, "tie: is no text"],
[{"rule": "tal"}, "theta: is missing"],
[{"rule": "tal", "theta": "3/2"}, "theta lies outside 0 and 1"],
[{"rule": "divisor_t", "theta": []}, "theta: is no exact number"],
[{"rule": "priority_classes"}, "inner_rule: is missing"],
[{"rule": "priority_classes", "inner_rule": "talmud"}, "priorities: is missing"],
[{"rule": "priority_classes_round_robin", "priorities": [0]}, "priorities: is not as long as the claims"],
[{"rule": "priority_classes_round_robin", "priorities": [0, "1/2"]}, "priorities: 1/2 is no class"],
[{"rule": "weighted_round_robin"}, "weights: is missing"],
[{"rule": "weighted_round_robin", "weights": [0, 1]}, "allocate: "],
[{"rule": "weighted_cea", "weights": [0, 1]}, "a weight is not above 0"],
[{"rule": "hamilton", "minimum_each": "1"}, "minimum_each: is no whole number"],
[{"rule": "hamilton", "minimum_each": 1, "claims": [9, 1], "estate": 1}, "one for everybody is more than there is"],
[{"rule": "contested_garment", "claims": [1, 2, 3], "expected": [0, 0, 0]}, "a garment is contested by two"]
]"#;

#[test]
fn what_is_wrong_with_a_case_is_named() {
    let faults: Vec<(Value, String)> = serde_json::from_str(FAULTS).unwrap();
    for (fault, words) in faults {
        let mut case = sound();
        extend(&mut case, &fault);
        match vector(&case) {
            Verdict::Fail(why) => assert!(why.starts_with(&words), "{fault}: {why}"),
            verdict => panic!("{fault}: {verdict:?}"),
        }
    }
    let counter = json!({"rule": "fifo", "axiom": "lower_quota", "claims": [2, 2], "estate": 2});
    assert_eq!(counterexample(&counter), Verdict::Pass);
    for field in ["rule", "axiom", "claims", "estate"] {
        let mut case = counter.clone();
        case.as_object_mut().unwrap().remove(field);
        assert!(fails(&counterexample(&case), field), "{field}");
        let case = with(&counter, field, json!({}));
        assert!(fails(&counterexample(&case), field), "{field}");
    }
    let expected = with(&counter, "expected", json!([1, 1]));
    assert!(fails(
        &counterexample(&expected),
        "expected: is not documented"
    ));
}

#[test]
fn what_is_not_built_is_unsupported_and_named() {
    for (fields, named) in [
        (json!({"rule": "whole_random"}), "rule whole_random"),
        (
            json!({"tie": "larger claim first"}),
            "tie larger claim first",
        ),
        (json!({"weights": [1, 2]}), "rule fifo with weights"),
        (json!({"priorities": [1, 0]}), "rule fifo with priorities"),
        (json!({"minimum_each": 1}), "rule fifo with minimum_each"),
        (
            json!({"rule": "hamilton", "minimum_each": 2}),
            "minimum_each 2",
        ),
        (
            json!({"rule": "priority_classes", "inner_rule": "fifo", "priorities": [0, 0]}),
            "inner_rule",
        ),
        (
            json!({"rule": "dean", "claims": [9_000_000, 1], "estate": 8_000_000}),
            "too large for the oracle",
        ),
    ] {
        let mut case = sound();
        extend(&mut case, &fields);
        assert!(unsupported(&vector(&case), named), "{:?}", vector(&case));
    }
    let case = json!({"rule": "any rule within quota", "axiom": "lower_quota", "claims": [1], "estate": 1});
    assert!(unsupported(&counterexample(&case), ""), "{case}");
    let case = json!({"rule": "fifo", "axiom": "min_regret", "claims": [1], "estate": 1});
    assert!(
        unsupported(&counterexample(&case), "axiom min_regret"),
        "{case}"
    );
}

#[test]
fn an_impossibility_is_searched_for() {
    const BOTH: &str =
        "upper and lower quota together with: a reduction or cancellation never hurts others";
    let case = |claims: &[i64]| json!({"rule": "any rule within quota", "axiom": BOTH, "claims": claims, "estate": 4});
    assert_eq!(counterexample(&case(&[1, 1, 1, 1, 6])), Verdict::Pass);
    // Of four customers there is such a rule.
    assert!(fails(
        &counterexample(&case(&[1, 1, 1, 6])),
        "there is such a rule"
    ));
    assert!(unsupported(&counterexample(&case(&[1; 40])), "too large"));
    let weighted = with(&case(&[1, 6]), "weights", json!([1, 1]));
    assert!(unsupported(&counterexample(&weighted), "weights"));
    let parts = with(&case(&[1, 6]), "estate", json!("1/2"));
    assert!(fails(&counterexample(&parts), "1/2 is no number of units"));
}

#[test]
fn whatever_stands_anywhere_nothing_panics() {
    let drop = json!({"claims": [2, 1], "sold": 3, "cases": [
        {"rule": "round_robin", "received": 2, "cuts": {"0": 1}, "metrics": {"jain_fill": "9/10"}}]});
    let all = json!({
        "rule": "hamilton", "claims": [3, 1], "estate": 2, "expected": [2, 0], "tie": "x",
        "integer": true, "minimum_each": 1, "theta": "1/2", "weights": [1, 2],
        "priorities": [0, 1], "inner_rule": "talmud",
    });
    let counter =
        json!({"rule": "hamilton", "axiom": "split_proof", "claims": [2, 1], "estate": 2});
    let mut files = 0;
    for file in [
        json!({"vectors": [sound()]}),
        json!({"vectors": [with(&all, "rule", json!("priority_classes"))]}),
        json!({"vectors": [with(&all, "rule", json!("weighted_cea"))]}),
        json!({"vectors": [all]}),
        json!({"counterexamples": [counter]}),
        json!({"canonical_500_480": drop}),
        json!({"metrics": [{"claims": [2, 1], "x": [1, 1], "jain": 1, "overtake_pairs": 1}]}),
    ] {
        for path in nodes(&file) {
            for other in [
                json!(null),
                json!(-1),
                json!(0),
                json!("x"),
                json!("-7/3"),
                json!([]),
                json!({}),
                json!(1.5),
                json!(1e300),
                json!(i64::MAX),
                json!(u64::MAX),
            ] {
                files += 1;
                let mut file = file.clone();
                *file.pointer_mut(&path).unwrap() = other.clone();
                if let Ok(report) = allocator_runner::run(file.to_string().as_bytes()) {
                    assert!(
                        !report.to_string().contains("panic"),
                        "{path} = {other}\n{report}"
                    );
                }
            }
        }
    }
    assert!(files > 500, "only {files}");
}

fn corpus() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/rationing.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn part(name: &str) -> Vec<Value> {
    corpus()[name].as_array().unwrap().clone()
}

fn sound() -> Value {
    let sound = json!({"rule": "fifo", "claims": [1, 2], "estate": 2, "integer": true,
        "expected": [1, 1]});
    assert_eq!(vector(&sound), Verdict::Pass);
    sound
}

fn vector(case: &Value) -> Verdict {
    run(&json!({"vectors": [case]}))
}

fn counterexample(case: &Value) -> Verdict {
    run(&json!({"counterexamples": [case]}))
}

fn figures(case: &Value) -> Verdict {
    run(&json!({"metrics": [case]}))
}

fn lottery(case: &Value) -> Verdict {
    run(&json!({"lottery": [case]}))
}

fn canonical(drop: &Value, case: &Value) -> Verdict {
    run(&json!({"canonical_500_480": with(drop, "cases", json!([case]))}))
}

fn run(file: &Value) -> Verdict {
    let mut report = allocator_runner::run(file.to_string().as_bytes()).unwrap();
    assert_eq!(report.cases.len(), 1);
    report.cases.pop().unwrap().verdict
}

fn fails(verdict: &Verdict, words: &str) -> bool {
    matches!(verdict, Verdict::Fail(why) if why.contains(words))
}

fn unsupported(verdict: &Verdict, words: &str) -> bool {
    matches!(verdict, Verdict::Unsupported(what) if what.contains(words))
}

fn with(object: &Value, field: &str, value: Value) -> Value {
    let mut object = object.clone();
    object[field] = value;
    object
}

fn extend(object: &mut Value, more: &Value) {
    let more = more.as_object().unwrap().clone();
    object.as_object_mut().unwrap().extend(more);
}

/// JSON pointers to every value inside.
fn nodes(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Array(list) => (list.iter().enumerate())
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        Value::Object(object) => (object.iter())
            .map(|(name, value)| (name.clone(), value))
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
