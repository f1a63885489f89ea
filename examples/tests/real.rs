//! `demo-real` on a small scenario of the published form: it agrees, and it notices what does not.

mod common;

use std::fs;
use std::path::Path;

use common::{CANCELLATIONS, DEMAND, RECEIPTS, Run, real, run};
use sha2::{Digest, Sha256};

fn sha256(text: &str) -> String {
    let bytes = Sha256::digest(text.as_bytes());
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Three orders, two items, 5 of 7 units; B cancels one unit on the day after.
fn scenario(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let write = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
    write(
        "demand.csv",
        format!(
            "{DEMAND}A,1,CAP,2,2026-10-09T18:00:00Z\nB,1,CAP,2,2026-10-09T18:00:00Z\nB,2,MUG,1,2026-10-09T18:00:00Z\nC,1,CAP,2,2026-10-10T18:00:00Z\n"
        ),
    );
    write(
        "receipts.csv",
        format!("{RECEIPTS}CAP,2026-10-10T18:00:00Z,4\nMUG,,\nMUG,2026-10-11T09:00:00Z,1\n"),
    );
    write(
        "cancellations.csv",
        format!("{CANCELLATIONS}2026-10-11T12:00:00Z,B,1,CAP,1,r\n"),
    );
    write(
        "expected_by_sku.csv",
        "sku,demanded,received,allocated,surplus,lines_full,lines_partial,lines_none,first_waiting_order,first_waiting_line,first_waiting_units_missing\n\
         CAP,6,4,4,0,2,0,1,C,1,2\nMUG,1,1,1,0,1,0,0,,,\n"
            .into(),
    );
    let without = sha256("A,1,2\nB,1,2\nB,2,1\nC,1,0\n");
    let with = sha256("A,1,2\nB,1,1\nB,2,1\nC,1,1\n");
    let expected = serde_json::json!({
        "first_order_at": "2026-10-09T18:00:00Z",
        "last_event_at": "2026-10-11T12:00:00Z",
        "skus": 2, "orders": 3, "lines": 4, "receipts": 3,
        "units_expected": 7, "units_received": 5,
        "first_come": {
            "units_demanded": 7, "units_allocated": 5, "units_short": 2,
            "lines_full": 3, "lines_partial": 0, "lines_none": 1, "lines_cancelled": 0,
            "orders_full": 2, "orders_partial": 0, "orders_none": 1, "orders_cancelled": 0,
            "allocation_sha256": without,
            "before": {
                // What happens at that very instant does not count yet.
                "2026-10-10T18:00:00Z": {
                    "demanded": 5, "received": 0, "allocated": 0, "waiting": 5, "on_hand": 0
                },
                "the end": {
                    "demanded": 7, "received": 5, "allocated": 5, "waiting": 2, "on_hand": 0
                }
            }
        },
        "first_come_with_cancellations": {
            "units_demanded": 6, "units_allocated": 5, "units_short": 1,
            "orders_full": 2, "orders_partial": 1, "orders_none": 0,
            "allocation_sha256": with,
            "before": {
                "2026-10-11T12:00:00Z": {"demanded": 7, "allocated": 5},
                "the end": {"demanded": 6, "allocated": 5}
            }
        }
    });
    write("expected.json", expected.to_string());
}

fn run_on(data: &Path) -> Run {
    run(real().arg(data))
}

#[test]
fn a_scenario_agrees_in_every_figure() {
    let data = tempfile::tempdir().unwrap();
    scenario(&data.path().join("shop/week"));
    let run = run_on(data.path());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let out = &run.out;
    assert!(out.starts_with("shop/week\n"), "{out}");
    assert!(out.contains("first_come: 7 ordered, 5 received, 5 allocated; orders 2 full, 0 partial, 1 none, 0 cancelled; verified: ordered\n"), "{out}");
    assert!(out.contains("allocate alone: 4 lines in "), "{out}");
    assert!(out.contains("not compared: units_expected\n"), "{out}");
    // 7 totals; 12 figures and 10 at checkpoints; 7 and 4 with cancellations; 20 cells by item;
    // 7 and 5 of the plans of the queue, and 8 rules that cut just what is missing.
    assert!(out.contains("  80 of 80 figures agree\n"), "{out}");
    let planned = "first_come, cancelled for good: 7 ordered, 5 received: 2 cut, 1 line loses units (1 all of them), 0 idle; digest ";
    assert!(out.contains(planned), "{out}");
    assert!(out.contains("\n  one_each_per_round "), "{out}");
    assert!(out.contains(" of the plan by largest_remainder\n"), "{out}");
    assert!(
        out.ends_with("demo-real: scenarios: 1 agree, 0 differ\n"),
        "{out}"
    );
    // The folder may also be named by the environment.
    let by_name = common::run(real().env("DATA", data.path()));
    assert!(
        by_name
            .out
            .ends_with("demo-real: scenarios: 1 agree, 0 differ\n")
    );
}

#[test]
fn every_difference_is_noticed() {
    for (file, old, new, said) in [
        (
            "expected.json",
            r#""units_short":2"#,
            r#""units_short":3"#,
            "first_come.units_short: expected 3, found 2",
        ),
        (
            "expected.json",
            r#""orders_none":1"#,
            r#""orders_none":0"#,
            "first_come.cancel_plan.orders_none: expected 0, found 1",
        ),
        (
            "expected.json",
            r#""skus":2"#,
            r#""skus":1"#,
            "skus: expected 1, found 2",
        ),
        (
            "expected.json",
            "2026-10-11T12:00:00Z\",\"lines",
            "2026-10-11T13:00:00Z\",\"lines",
            "last_event_at: expected",
        ),
        (
            "expected.json",
            r#""allocated":0"#,
            r#""allocated":1"#,
            "first_come.before.2026-10-10T18:00:00Z.allocated: expected 1, found 0",
        ),
        (
            "expected.json",
            r#""allocation_sha256":""#,
            r#""allocation_sha256":"0"#,
            "first_come.allocation_sha256: expected 0",
        ),
        (
            "expected_by_sku.csv",
            ",C,1,2",
            ",C,1,1",
            "CAP.first_waiting_units_missing: expected 1, found 2",
        ),
        (
            "expected_by_sku.csv",
            "MUG,1,1,1,0,1,0,0,,,\n",
            "",
            "has no item \"MUG\"",
        ),
        (
            "expected_by_sku.csv",
            "MUG",
            "MUGS",
            "no item \"MUGS\" was found",
        ),
        (
            "demand.csv",
            "CAP,2",
            "CAP,x",
            "demand.csv: line 2, column quantity: \"x\" is not a whole number",
        ),
    ] {
        let data = tempfile::tempdir().unwrap();
        scenario(data.path());
        let path = data.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{old} in {text}");
        fs::write(&path, text.replacen(old, new, 1)).unwrap();
        let run = run_on(data.path());
        assert_eq!(run.code, 1, "{said}\n{}", run.out);
        assert!(
            run.out.contains("DIFFERS ") && run.out.contains(said),
            "{said}\n{}",
            run.out
        );
        assert!(
            run.out.ends_with("scenarios: 0 agree, 1 differ\n"),
            "{}",
            run.out
        );
    }
}

#[test]
fn without_data_it_is_skipped_with_a_word() {
    let data = tempfile::tempdir().unwrap();
    let absent = data.path().join("absent");
    let run = run_on(&absent);
    let said = format!("demo-real: skipped, no data at {}\n", absent.display());
    assert_eq!((run.code, run.out), (0, said));
    // A folder without any scenario is a mistake, not a reason to skip.
    assert_eq!(run_on(data.path()).code, 1);
}
