//! The main job on the example data: 500 sold, 480 arrive.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use common::{Shop, demo, drop400, line, run};

const RECEIPT_300: &str = "HOODIE-M,2026-10-19T09:00:00Z,300\n";

#[test]
fn the_example_data_is_what_it_claims() {
    let mut reader = csv::Reader::from_path(drop400().join("demand.csv")).unwrap();
    let mut seconds: BTreeMap<String, u32> = BTreeMap::new();
    let mut customers = BTreeSet::new();
    let mut rows = 0;
    for (row, i) in reader.records().map(|row| row.unwrap()).zip(1_u32..) {
        let units = if i % 4 == 0 { "2" } else { "1" };
        let (order, customer) = (i.to_string(), ((i - 1) % 200).to_string());
        assert_eq!(&row[0], order);
        assert_eq!(&row[2], customer);
        assert_eq!(&row[4], units);
        assert!(row[6].parse::<u32>().unwrap() > 0, "a price");
        customers.insert(customer);
        *seconds.entry(row[5].to_owned()).or_default() += 1;
        rows += 1;
    }
    assert_eq!((rows, customers.len()), (400, 200));
    assert!(
        seconds.values().any(|&orders| orders > 1),
        "ties in a second"
    );
    assert!(
        seconds.keys().all(|at| at.starts_with("2026-10-09T")),
        "one evening"
    );
}

#[test]
fn the_summary_says_it_all() {
    let place = tempfile::tempdir().unwrap();
    // From any folder, and without naming an input.
    let run = run(demo().current_dir(place.path()).arg("--out").arg("here"));
    let expected = "\
drop400: first_come, as of 2026-10-26T09:00:00Z

  ordered     500 units in 400 lines of 400 orders by 200 customers
  received    480 units in 2 receipts
  allocated   480 units
  waiting      20 units in 16 lines
  open value  118000 minor units of money (1180.00 where 100 make one)
  idle          0 units
  orders      384 full, 0 partial, 16 none
  lines       384 full, 0 partial, 16 none
  oldest wait 16 days 11 hours: order 385, line 1, placed 2026-10-09T21:14:44Z

Who waits, and why, first in line first:
  HOODIE-M: order 385, line 1 gets 0 of 1 unit: 480 units are ahead of it in line and 480 were received. 1 more unit serves it. In front of order 384, line 1 it would be served.
  HOODIE-M: order 386, line 1 gets 0 of 1 unit: 481 units are ahead of it in line and 480 were received. 2 more units serve it. In front of order 384, line 1 it would be served.
  HOODIE-M: order 387, line 1 gets 0 of 1 unit: 482 units are ahead of it in line and 480 were received. 3 more units serve it. In front of order 384, line 1 it would be served.
  HOODIE-M: order 388, line 1 gets 0 of 2 units: 483 units are ahead of it in line and 480 were received. 5 more units serve it. In front of order 384, line 1 it would be served.
  HOODIE-M: order 389, line 1 gets 0 of 1 unit: 485 units are ahead of it in line and 480 were received. 6 more units serve it. In front of order 384, line 1 it would be served.
  HOODIE-M: order 390, line 1 gets 0 of 1 unit: 486 units are ahead of it in line and 480 were received. 7 more units serve it. In front of order 384, line 1 it would be served.
  HOODIE-M: order 391, line 1 gets 0 of 1 unit: 487 units are ahead of it in line and 480 were received. 8 more units serve it. In front of order 384, line 1 it would be served.
  HOODIE-M: order 392, line 1 gets 0 of 2 units: 488 units are ahead of it in line and 480 were received. 10 more units serve it. In front of order 384, line 1 it would be served.
  HOODIE-M: order 393, line 1 gets 0 of 1 unit: 490 units are ahead of it in line and 480 were received. 11 more units serve it. In front of order 384, line 1 it would be served.
  HOODIE-M: order 394, line 1 gets 0 of 1 unit: 491 units are ahead of it in line and 480 were received. 12 more units serve it. In front of order 384, line 1 it would be served.
  and 6 more, see waiting.csv

verified: ordered
written to here: allocations.csv, waiting.csv, explanations.jsonl
";
    assert_eq!(run.out, expected);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let mut names: Vec<_> = fs::read_dir(place.path().join("here"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["allocations.csv", "explanations.jsonl", "waiting.csv"]
    );
}

#[test]
fn the_files_agree_with_the_summary() {
    let shop = Shop::drop400(&format!("{RECEIPT_300}HOODIE-M,2026-10-26T09:00:00Z,180\n"));
    shop.good(&[]);
    let all = shop.table(
        "allocations.csv",
        &[
            "order_id",
            "quantity",
            "allocated",
            "waiting",
            "reason",
            "position",
            "receipt_lines",
        ],
    );
    assert_eq!(all.len(), 400);
    for (row, i) in all.iter().zip(1_u32..) {
        let (order, units) = (i.to_string(), if i % 4 == 0 { "2" } else { "1" });
        let (allocated, waiting, reason) = if i <= 384 {
            (units, "0", "served")
        } else {
            ("0", units, "short")
        };
        assert_eq!(
            row[..6],
            [&order, units, allocated, waiting, reason, &order]
        );
    }
    assert_eq!(all[239][6], "2 of line 2");
    assert_eq!(all[240][6], "1 of line 3");
    let waiting = shop.table(
        "waiting.csv",
        &[
            "order_id",
            "waiting",
            "more_units",
            "before_order",
            "missing_value_minor",
            "customer_sentence",
        ],
    );
    assert_eq!(waiting.len(), 16);
    assert_eq!(
        waiting[0],
        [
            "385",
            "1",
            "1",
            "384",
            "5900",
            "You get 0 of 1 unit of HOODIE-M now. 480 units are ahead of you in line, and 480 were received. 1 more unit of HOODIE-M has to arrive."
        ]
    );
    assert_eq!(waiting[15][..5], ["400", "2", "20", "384", "11800"]);
    let explained = shop.explanations();
    assert_eq!(explained.len(), 400);
    assert_eq!(explained[384]["order_id"], "385");
    assert_eq!(explained[384]["more_units"][0]["units"], 1);
    assert_eq!(explained[384]["if_before"]["order_id"], "384");
    assert_eq!(
        explained[383]["receipts"][0]["received_at"],
        "2026-10-26T09:00:00Z"
    );
}

fn short_by_one() -> Shop {
    Shop::drop400(&format!("{RECEIPT_300}HOODIE-M,2026-10-26T09:00:00Z,179\n"))
}

#[test]
fn with_479_order_384_gets_one_of_two() {
    let shop = short_by_one();
    let run = shop.good(&[]);
    assert_eq!(line(&run, "orders"), "orders 383 full, 1 partial, 16 none");
    assert_eq!(line(&run, "waiting"), "waiting 21 units in 17 lines");
    let row = &shop.table("allocations.csv", &["order_id", "quantity", "allocated"])[383];
    assert_eq!(*row, ["384", "2", "1"]);
}

#[test]
fn with_479_a_whole_line_keeps_its_unit_aside() {
    let shop = short_by_one();
    let run = shop.good(&["--completeness", "line"]);
    assert_eq!(line(&run, "orders"), "orders 383 full, 0 partial, 17 none");
    assert_eq!(
        line(&run, "waiting"),
        "waiting 22 units in 17 lines; 1 unit set aside for them"
    );
    assert_eq!(line(&run, "idle"), "idle 1 unit");
    assert_eq!(
        line(&run, "1 unit set_aside"),
        "1 unit set_aside: kept for a line that ships whole and is not complete yet (first order 384, line 1)"
    );
    assert_eq!(shop.explanations()[383]["if_partial"], 1);
    assert!(!run.out.contains("one-off"));
}

#[test]
fn with_479_a_misfit_that_passes_is_overtaken() {
    let shop = short_by_one();
    let run = shop.good(&["--completeness", "line", "--misfit", "pass"]);
    assert_eq!(line(&run, "orders"), "orders 384 full, 0 partial, 16 none");
    assert_eq!(line(&run, "idle"), "idle 0 units");
    assert_eq!(line(&run, "overtakes"), "overtakes 1, see overtakes.csv");
    assert!(line(&run, "order 385, line 1 before order 384, line 1").contains("misfit"));
    assert!(run.out.contains("one-off"));
    assert_eq!(
        shop.table("overtakes.csv", &["later_order", "earlier_order"]),
        [["385", "384"]]
    );
    let rows = shop.table("allocations.csv", &["order_id", "allocated"]);
    assert_eq!((&*rows[383][1], &*rows[384][1]), ("0", "1"));
    // All of the policy in one word says the same.
    let again = shop.good(&["--policy", "first_come:line:pass"]);
    assert_eq!(run.out, again.out);
}

#[test]
fn as_of_looks_back() {
    let shop = Shop::drop400(&format!("{RECEIPT_300}HOODIE-M,2026-10-26T09:00:00Z,180\n"));
    let before = shop.good(&["--as-of", "2026-10-26T08:59:59.999999Z"]);
    assert_eq!(
        line(&before, "received"),
        "received 300 units in 1 receipt; 1 more had not come"
    );
    let at = shop.good(&["--as-of", "2026-10-26T10:00:00+01:00"]);
    assert_eq!(line(&at, "allocated"), "allocated 480 units");
    // Doors open at 18:00:00 with three orders in that second.
    let early = shop.good(&["--as-of", "2026-10-09T18:00:00Z"]);
    assert_eq!(
        line(&early, "ordered"),
        "ordered 3 units in 3 lines of 3 orders by 3 customers"
    );
    assert_eq!(
        line(&early, "oldest wait"),
        "oldest wait 0 seconds: order 1, line 1, placed 2026-10-09T18:00:00Z"
    );
}

#[test]
fn a_run_repeated_gives_the_same_bytes() {
    let (first, second) = (short_by_one(), short_by_one());
    let options = ["--completeness", "order", "--misfit", "pass"];
    let (one, two) = (first.good(&options), second.good(&options));
    assert_eq!(one.out.lines().count(), two.out.lines().count());
    for name in [
        "allocations.csv",
        "waiting.csv",
        "explanations.jsonl",
        "overtakes.csv",
    ] {
        assert!(first.bytes(name) == second.bytes(name), "{name}");
    }
    // Over the old result too.
    let before = first.bytes("waiting.csv");
    first.good(&options);
    assert!(first.bytes("waiting.csv") == before);
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    let shop = short_by_one();
    for options in [
        ["--policy", "last_come"],
        ["--completeness", "half"],
        ["--misfit", "maybe"],
        ["--as-of", "2026-10-26T09:00:00"],
        ["--colour", "red"],
    ] {
        let run = shop.run(&options);
        assert_eq!(run.code, 2, "{options:?}");
        assert!(run.err.contains(options[0]), "{}", run.err);
        assert!(shop.wrote_nothing());
    }
}
