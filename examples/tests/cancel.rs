//! Whom to cancel if no more arrives: the plan, its files, the rules side by side, and what cannot
//! plan.

mod common;

use common::{RECEIPTS, Run, Shop, demo, line, run};

const AT: &str = "2026-10-09T18:00:00Z";
const TERMS: &str = "order_id,line_no,customer_id,sku,quantity,placed_at,unit_price_minor,currency,given,credit,offered,asked\n";

/// A run of a command over the shop's input.
fn command(shop: &Shop, words: &[&str], options: &[&str]) -> Run {
    run(demo().args(words).arg(shop.input()).args(options))
}

fn cancel_plan(shop: &Shop, options: &[&str]) -> Run {
    let out = shop.output();
    let out = ["--out", out.to_str().unwrap()];
    command(shop, &["cancel-plan"], &[&out, options].concat())
}

fn drop400() -> Shop {
    let receipts = "HOODIE-M,2026-10-19T09:00:00Z,300\nHOODIE-M,2026-10-26T09:00:00Z,180\n";
    Shop::drop400(receipts)
}

/// Lines of one item with these terms, and this many units of it.
fn with_terms(rows: &str, received: u32) -> Shop {
    Shop::empty()
        .with("demand.csv", format!("{TERMS}{rows}").as_bytes())
        .with(
            "receipts.csv",
            format!("{RECEIPTS}CAP,{AT},{received}\n").as_bytes(),
        )
}

fn sum(rows: &[Vec<String>], column: usize) -> i128 {
    rows.iter()
        .map(|row| row[column].parse::<i128>().unwrap())
        .sum()
}

#[test]
fn the_queue_cuts_16_customers_and_one_each_20() {
    for (method, touched, last) in [
        ("first_come", 16, ["199", "400", "4", "2", "2", "11800"]),
        (
            "one_each_per_round",
            20,
            ["199", "400", "4", "3", "1", "5900"],
        ),
    ] {
        let shop = drop400();
        let run = cancel_plan(&shop, &["--policy", method]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        let said = format!(
            "cut 20 of 500 units in {touched} lines of {touched} customers; 0 of them lose everything"
        );
        assert_eq!(line(&run, "cut"), said);
        assert_eq!(
            line(&run, "refund"),
            "refund 118000 minor units of money (1180.00 where 100 make one)"
        );
        assert!(line(&run, "checked").ends_with("the allocation is verified: ordered"));
        let columns = [
            "customer_id",
            "orders",
            "ordered",
            "kept",
            "cut",
            "refund_minor",
        ];
        let customers = shop.table("cancel_plan.csv", &columns);
        assert_eq!(customers.len(), touched);
        assert_eq!(customers[touched - 1], last);
        assert_eq!((sum(&customers, 4), sum(&customers, 5)), (20, 118_000));
        for row in &customers {
            let number = |column: usize| row[column].parse::<i64>().unwrap();
            assert_eq!(number(2), number(3) + number(4), "{row:?}");
        }
        let lines = shop.table(
            "cancel_lines.csv",
            &["ordered", "kept", "cut", "refund_minor"],
        );
        assert_eq!((sum(&lines, 2), sum(&lines, 3)), (20, 118_000));
        assert_eq!(sum(&lines, 0), sum(&lines, 1) + 20);
    }
}

#[test]
fn the_plan_of_the_queue_cuts_who_waits() {
    let shop = drop400();
    let run = shop.good(&["--with-plan"]);
    let plain = drop400().good(&[]);
    // The main job is said first, unchanged.
    let head = plain.out.split("\nwritten to").next().unwrap();
    assert!(run.out.starts_with(head), "{}", run.out);
    assert!(line(&run, "written to").ends_with(
        "allocations.csv, waiting.csv, explanations.jsonl, cancel_plan.csv, cancel_lines.csv"
    ));
    let waiting = shop.table(
        "waiting.csv",
        &["order_id", "line_no", "waiting", "more_units"],
    );
    let cut = shop.table(
        "cancel_lines.csv",
        &["order_id", "line_no", "cut", "more_units"],
    );
    assert_eq!(waiting, cut);
    let told = &shop.table("cancel_plan.csv", &["sentence"])[0][0];
    assert_eq!(
        told,
        "Order 385, HOODIE-M: 480 of 500 arrived. The oldest orders are served first. You ordered 1 and keep \
         nothing; 1 is cancelled. 1 more would have been enough for you."
    );
    // The same plan by the command, byte for byte.
    let alone = drop400();
    let by_command = cancel_plan(&alone, &[]);
    assert_eq!(line(&by_command, "digest"), line(&run, "digest"));
    for name in ["cancel_plan.csv", "cancel_lines.csv"] {
        assert!(alone.bytes(name) == shop.bytes(name), "{name}");
    }
    assert!(!alone.output().join("allocations.csv").exists());
}

#[test]
fn without_a_plan_none_of_an_earlier_run_stays() {
    let shop = drop400();
    let there = |shop: &Shop| shop.output().join("cancel_plan.csv").exists();
    shop.good(&["--with-plan"]);
    // The main job alone leaves it.
    shop.good(&[]);
    assert!(there(&shop));
    let run = shop.good(&["--with-plan", "--policy", "draw_the_queue"]);
    assert!(line(&run, "draw_the_queue cannot plan").contains("200 names"));
    assert!(!there(&shop) && !shop.output().join("cancel_lines.csv").exists());
    let enough = Shop::drop400("HOODIE-M,2026-10-19T09:00:00Z,500\n");
    let run = enough.good(&["--with-plan"]);
    assert!(
        run.out
            .contains("\nIf no more arrives, nobody loses a unit.\n")
    );
    assert!(!there(&enough));
}

#[test]
fn compare_tells_who_loses_under_each_rule() {
    let run = command(&drop400(), &["compare"], &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for (rule, figures) in [
        (
            "first_come ",
            "20 16 0 16 16 2 118000 0.500 ~0.980 ~0.171 0 0",
        ),
        (
            "one_each_per_round ",
            "20 20 0 20 0 1 118000 0.750 ~0.994 ~0.131 760 0",
        ),
        (
            "first_come:order:set_aside:...",
            "20 10 0 10 10 2 118000 0.500 ~0.988 ~0.133 135 0",
        ),
        (
            "whole_orders(least_refund)",
            "20 10 0 10 10 2 98000 0.500 ~0.988 ~0.133 3135 0 one-off",
        ),
    ] {
        assert_eq!(line(&run, rule), format!("{} {figures}", rule.trim()));
    }
    for who in [
        "  first_come, protect_first(1)\n    4 customers lose 2 (187, 191, 195, …), 12 lose 1 (184, 185, 186, …)\n",
        "  equal_cuts, same_percentage_split_proof\n    20 customers lose 1 (180, 181, 182, …)\n",
        "  first_come:order:set_aside:quantity+placed_at+sequence\n    10 customers lose 2 (163, 167, 171, …)\n",
    ] {
        assert!(run.out.contains(who), "{who}\n{}", run.out);
    }
    let two = ["--policies", "one_each_per_round,whole_orders(exact)"];
    let two = command(&drop400(), &["compare"], &two);
    assert_eq!(two.code, 0);
    assert!(
        two.out.contains("\none_each_per_round ") && two.out.contains("\nwhole_orders(exact) ")
    );
    assert!(!two.out.contains("first_come"), "{}", two.out);
}

#[test]
fn what_is_not_drawn_is_said() {
    let shop = drop400();
    let run = cancel_plan(&shop, &["--policy", "draw_the_queue"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    let said = "draw_the_queue cannot plan: it decides by lots, and none are drawn yet. To draw: 200 names, ";
    assert!(run.err.starts_with(said), "{}", run.err);
    // printf '%s\n' $(seq 0 199) | LC_ALL=C sort | sha256sum
    assert!(
        run.err
            .contains("c3a42d40c8885b2f1b5b6d0ee364cd45b9c8d912763b2d412142dd5d560090af"),
        "{}",
        run.err
    );
    assert!(shop.wrote_nothing());
    let options = ["--policies", "draw_the_queue,draw_each_unit,first_come"];
    let run = command(&shop, &["compare"], &options);
    assert_eq!(run.code, 0);
    assert!(line(&run, "first_come").contains("118000"));
    assert!(line(&run, "Not compared, draw_the_queue").contains("none are drawn yet"));
    assert!(line(&run, "Not compared, draw_each_unit").contains("every single unit"));
    // Where the draw was made, the lots decide: B drew the first place.
    let demand = "order_id,line_no,sku,quantity,placed_at,lot\n";
    let demand = format!("{demand}A,1,CAP,1,{AT},2\nB,1,CAP,1,{AT},1\n");
    let drawn = Shop::new("", &format!("CAP,{AT},1\n")).with("demand.csv", demand.as_bytes());
    let run = cancel_plan(&drawn, &["--policy", "draw_the_queue"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(drawn.table("cancel_lines.csv", &["order_id"]), [["A"]]);
    // Without prices nobody knows a refund.
    assert_eq!(drawn.table("cancel_plan.csv", &["refund_minor"]), [[""]]);
    assert!(!run.out.contains("refund"));
}

#[test]
fn offers_credits_and_what_was_given_count() {
    // Four want 2 each, 4 of 8 come. A offers one, D has one already, C has a credit of one.
    let rows = format!(
        "A,1,Ann,CAP,2,{AT},500,EUR,,,1,100\nB,1,Bob,CAP,2,{AT},500,EUR,,,,\n\
         C,1,Cyd,CAP,2,{AT},700,EUR,,1,,\nD,1,,CAP,2,{AT},700,,1,,,\n"
    );
    let shop = with_terms(&rows, 4);
    let run = cancel_plan(&shop, &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let columns = [
        "order_id",
        "kept",
        "cut",
        "given",
        "volunteered",
        "credit_spent",
        "reason",
        "refund_minor",
        "compensation_minor",
        "currency",
    ];
    assert_eq!(
        shop.table("cancel_lines.csv", &columns),
        [
            [
                "A",
                "1",
                "1",
                "0",
                "1",
                "0",
                "volunteered",
                "500",
                "100",
                "EUR"
            ],
            ["B", "1", "1", "0", "0", "0", "shortage", "500", "0", "EUR"],
            ["C", "1", "1", "0", "0", "1", "shortage", "700", "0", "EUR"],
            ["D", "1", "1", "1", "0", "0", "shortage", "700", "0", "EUR"],
        ]
    );
    let columns = [
        "customer_id",
        "orders",
        "volunteered",
        "credit_spent",
        "compensation_minor",
    ];
    assert_eq!(
        shop.table("cancel_plan.csv", &columns),
        [
            ["Ann", "A", "1", "0", "100"],
            ["Bob", "B", "0", "0", "0"],
            ["Cyd", "C", "0", "1", "0"],
            ["", "D", "0", "0", "0"],
        ]
    );
    assert_eq!(
        line(&run, "volunteered"),
        "volunteered 1 unit that customers offered"
    );
    assert_eq!(
        line(&run, "credit"),
        "credit 1 unit kept by credit, which is spent"
    );
    assert!(line(&run, "to pay").ends_with("(1.00 where 100 make one), EUR for offers"));
    assert!(line(&run, "refund").ends_with("(24.00 where 100 make one), EUR"));
    // The main job reads none of it.
    shop.good(&[]);
    assert_eq!(shop.allocated(), "A/1=2 B/1=2 C/1=0 D/1=0");
}

/// What is said of one row with faulty terms, after a good one; 9 units came.
#[track_caller]
fn faulty(cells: &str, said: &str) {
    let good = format!("A,1,,CAP,1,{AT},500,EUR,,,,\n");
    let shop = with_terms(&format!("{good}B,1,,CAP,2,{AT},{cells}\n"), 9);
    let said = format!("demand.csv: line 3, column {said}\n");
    for words in ["cancel-plan", "compare"] {
        let run = command(&shop, &[words], &[]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{said}");
        let end = "1 faulty row: nothing was written (--keep-going uses the good ones)\n";
        assert_eq!(run.err, format!("{said}{end}"));
    }
    let run = cancel_plan(&shop, &["--keep-going"]);
    assert_eq!(
        (run.code, run.err.clone()),
        (1, format!("{said}1 faulty row left out\n"))
    );
    assert!(line(&run, "cut").starts_with("cut 0 of 1 unit "));
}

#[test]
fn every_kind_of_faulty_term() {
    faulty("500,EUR,x,,,", r#"given: "x" is not a whole number"#);
    faulty(
        "500,EUR,,-1,,",
        r#"credit: "-1" is negative; 0 is the least"#,
    );
    faulty("500,EUR,,,1.5,", r#"offered: "1.5" is not a whole number"#);
    faulty(
        "500,EUR,,,,9223372036854775808",
        r#"asked: "9223372036854775808" is too large; 9223372036854775807 is the most"#,
    );
    faulty("500,EUR,3,,,", "given: 3 is above 2, the units ordered");
    faulty(
        "500,EUR,1,,2,",
        "offered: 2 is above 1, the units ordered and not given yet",
    );
    faulty(
        "500,USD,,,,",
        r#"currency: "USD" is not the "EUR" of line 2: refunds add up in one currency"#,
    );
}

#[test]
fn a_method_that_cannot_plan_says_the_row_and_the_column() {
    let refused = |shop: &Shop, method: &str| {
        let run = cancel_plan(shop, &["--policy", method]);
        assert_eq!((run.code, run.out.as_str()), (1, ""));
        assert!(shop.wrote_nothing());
        run.err
    };
    // More was given than came.
    let shop = with_terms(
        &format!("A,1,,CAP,2,{AT},5,,1,,,\nB,1,,CAP,2,{AT},5,,2,,,\n"),
        2,
    );
    let said = refused(&shop, "first_come");
    assert!(
        said.starts_with("first_come cannot plan: demand.csv: line 3, column given: 3 "),
        "{said}"
    );
    // Orders are cancelled whole, and a single unit is offered.
    let shop = with_terms(
        &format!("A,1,,CAP,2,{AT},5,,,,1,\nB,1,,CAP,2,{AT},5,,,,,\n"),
        2,
    );
    let said = refused(&shop, "whole_orders(exact)");
    assert!(
        said.contains("demand.csv: line 2, column offered: "),
        "{said}"
    );
    // A price is missing.
    let shop = with_terms(
        &format!("A,1,,CAP,2,{AT},5,,,,,\nB,1,,CAP,2,{AT},,,,,,\n"),
        2,
    );
    let said = refused(&shop, "whole_orders(least_refund)");
    assert!(
        said.contains(
            "it needs the price of every line, and 1 have none, the first in line 3 of demand.csv"
        ),
        "{said}"
    );
    let run = cancel_plan(&shop, &[]);
    assert_eq!(
        line(&run, "refund"),
        "refund unknown: 1 line has no price, the first in line 3 of demand.csv"
    );
    // And a method that there is not.
    for words in [["cancel-plan", "--policy"], ["compare", "--policies"]] {
        let run = command(&shop, &words, &["last_come"]);
        assert_eq!(run.code, 2);
    }
}

#[test]
fn a_customer_is_told_once_and_by_names() {
    // One order of three items ships whole; of two of them too little came.
    let demand = format!(
        "A,1,CAP,1,{AT}\nA,2,MUG,2,{AT}\nA,3,PIN,1,{AT}\nB,1,CAP,2,{AT}\nB,2,MUG,2,{AT}\nB,3,PIN,1,{AT}\n"
    );
    let shop = Shop::new(&demand, &format!("CAP,{AT},2\nMUG,{AT},2\nPIN,{AT},2\n"));
    let run = cancel_plan(&shop, &["--policy", "first_come:order"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines = shop.table("cancel_lines.csv", &["line_no", "more_units", "sentence"]);
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[0][..],
        [
            "1",
            "1",
            "Order B, CAP: 2 of 3 arrived. The oldest orders are served first. You ordered 2 and keep nothing; 2 \
             are cancelled. It would have been enough for you with 1 more of CAP and 2 more of MUG."
        ]
    );
    assert!(
        lines.iter().all(|row| !row[2].contains("item ")),
        "{lines:?}"
    );
    let customers = shop.table("cancel_plan.csv", &["orders", "lines", "cut", "sentence"]);
    assert_eq!(customers.len(), 1);
    assert_eq!(customers[0][..3], ["B", "3", "5"]);
    assert_eq!(
        customers[0][3],
        format!(
            "{} Order B, MUG: you ordered 2 and keep nothing. Order B, PIN: you ordered 1 and keep nothing.",
            lines[0][2]
        )
    );
}

#[test]
fn the_digest_is_of_the_plan_and_its_method() {
    let digest = |shop: &Shop, options: &[&str]| line(&cancel_plan(shop, options), "digest");
    let receipts = "HOODIE-M,2026-10-19T09:00:00Z,480\n";
    // How it arrived changes no plan; one unit less does, and so does another method with the same cuts.
    assert_eq!(
        digest(&drop400(), &[]),
        digest(&Shop::drop400(receipts), &[])
    );
    let fewer = Shop::drop400("HOODIE-M,2026-10-19T09:00:00Z,479\n");
    assert_ne!(digest(&drop400(), &[]), digest(&fewer, &[]));
    let other = digest(&drop400(), &["--policy", "protect_first(1)"]);
    assert_ne!(digest(&drop400(), &[]), other);
    // A one-off says so.
    let run = cancel_plan(&drop400(), &["--policy", "largest_remainder"]);
    assert!(line(&run, "one-off").contains("good for this moment only"));
}
