//! What is said of those who lack a unit: to the support agent all of it, to the customer nothing
//! about others, and of a large order nothing twice.

mod common;

use common::{Shop, line};

const AT: &str = "2026-10-09T18:00:00Z";

fn to_customers(shop: &Shop, options: &[&str]) -> Vec<String> {
    shop.good(options);
    shop.table("waiting.csv", &["customer_sentence"]).concat()
}

#[test]
fn the_customer_hears_where_he_stands_and_what_has_to_arrive() {
    let shop = Shop::new(
        &format!("A,1,CAP,2,{AT}\nB,1,CAP,2,{AT}\nC,1,CAP,1,{AT}\nD,1,GHOST,3,{AT}\n"),
        &format!("CAP,{AT},3\n"),
    );
    assert_eq!(
        to_customers(&shop, &[]),
        [
            "You get 1 of 2 units of CAP now. 2 units are ahead of you in line, and 3 were received. 1 more unit of CAP has to arrive.",
            "You get 0 of 1 unit of CAP now. 4 units are ahead of you in line, and 3 were received. 2 more units of CAP have to arrive.",
            "You get 0 of 3 units of GHOST: no delivery of it is known.",
        ]
    );
    // The agent is also told in front of whom.
    let agent = shop.table("waiting.csv", &["sentence"]).concat();
    assert!(
        agent[0].ends_with("In front of order A, line 1 it would be served."),
        "{}",
        agent[0]
    );
    let explained = shop.explanations();
    assert_eq!(explained[0]["customer_sentence"], serde_json::Value::Null);
    for (found, line) in agent.iter().zip(&explained[1..]) {
        assert_eq!(line["sentence"], **found);
    }
    assert_eq!(
        to_customers(&shop, &["--completeness", "line"])[0],
        "You get 0 of 2 units of CAP now. There is enough for 1, and they ship together. 1 unit is kept for you. 1 more unit of CAP has to arrive."
    );
}

#[test]
fn the_customer_hears_what_his_whole_order_waits_for() {
    let shop = Shop::new(
        &format!(
            "A,1,CAP,1,{AT}\nA,2,MUG,2,{AT}\nA,3,PEN,1,{AT}\nA,4,HAT,2,{AT}\nB,1,CAP,1,{AT}\nC,1,CAP,1,{AT}\nC,2,GHOST,1,{AT}\n"
        ),
        &format!("CAP,{AT},1\nMUG,,\nPEN,,\nHAT,{AT},1\n"),
    );
    assert_eq!(
        to_customers(&shop, &["--completeness", "order"]),
        [
            "You get 0 of 1 unit of CAP now. There is enough of it, but your order ships whole and the rest of it waits. 1 unit is kept for you. 2 more units of MUG and more of 2 other items of your order have to arrive.",
            "You get 0 of 2 units of MUG now. Nobody is ahead of you in line, and 0 were received. Your order ships whole. 2 more units of MUG and more of 2 other items of your order have to arrive.",
            "You get 0 of 1 unit of PEN now. Nobody is ahead of you in line, and 0 were received. Your order ships whole. 1 more unit of PEN and more of 2 other items of your order have to arrive.",
            "You get 0 of 2 units of HAT now. Nobody is ahead of you in line, and 1 was received. There is enough for 1, but your order ships whole. 1 unit is kept for you. 1 more unit of HAT and more of 2 other items of your order have to arrive.",
            "You get 0 of 1 unit of CAP now. 1 unit is ahead of you in line, and 1 was received. Your order ships whole. 1 more unit of CAP has to arrive.",
            "You get 0 of 1 unit of CAP: your order ships whole, and of another item of it no delivery is known.",
            "You get 0 of 1 unit of GHOST: no delivery of it is known.",
        ]
    );
}

#[test]
fn no_customer_is_told_of_another_order() {
    // Every order id is a word that appears nowhere else.
    let rows: String = (0..60)
        .map(|i| format!("order#{i:02}x,{},CAP{},{},{AT}\n", i % 2, i % 3, 1 + i % 4))
        .collect();
    let shop = Shop::new(&rows, &format!("CAP0,{AT},9\nCAP1,{AT},20\n"));
    for completeness in ["partial", "line", "order"] {
        for misfit in ["set_aside", "pass"] {
            let said = to_customers(&shop, &["--completeness", completeness, "--misfit", misfit]);
            assert!(said.len() > 30);
            for sentence in said {
                assert!(!sentence.contains("order#"), "{sentence}");
            }
            let agent = shop.table("waiting.csv", &["sentence"]).concat();
            assert!(
                agent
                    .iter()
                    .any(|text| text.contains("In front of order order#"))
            );
        }
    }
}

/// One order over this many items, of which nothing came, and one line behind it.
fn large_order(items: usize) -> Shop {
    let lines: String = (1..=items)
        .map(|i| format!("BIG,{i},SKU{i:05},2,{AT}\n"))
        .collect();
    let receipts: String = (1..=items).map(|i| format!("SKU{i:05},,\n")).collect();
    Shop::new(&lines, &receipts)
}

#[test]
fn what_a_whole_order_needs_is_said_once() {
    let shop = large_order(200);
    let run = shop.good(&["--completeness", "order"]);
    let columns = [
        "line_no",
        "more_units",
        "also_needs",
        "sentence",
        "customer_sentence",
    ];
    let rows = shop.table("waiting.csv", &columns);
    assert_eq!(rows.len(), 200);
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row[..2], [(index + 1).to_string(), "2".to_owned()]);
        assert!(row.iter().all(|cell| cell.len() < 400), "{row:?}");
    }
    assert_eq!(
        rows[1][2],
        "2 of SKU00001, 2 of SKU00003, 2 of SKU00004 and more of 196 other items, see the other lines of the order"
    );
    assert!(
        rows[1][3].ends_with(
            " It needs 2 more of SKU00001, 2 more of SKU00002, 2 more of SKU00003, 2 more of SKU00004 and more of 196 other items of its order."
        ),
        "{}",
        rows[1][3]
    );
    assert!(
        rows[1][4].ends_with(
            " 2 more units of SKU00002 and more of 199 other items of your order have to arrive."
        ),
        "{}",
        rows[1][4]
    );
    assert!(!run.out.contains('…'), "{}", run.out);
    let explained = shop.explanations();
    let first = explained[0]["more_units"].as_array().unwrap();
    assert_eq!(first.len(), 200);
    assert_eq!(first[199]["sku"], "SKU00200");
    assert!(explained[0]["more_units_of"].is_null());
    for line in &explained[1..] {
        assert!(line["more_units"].is_null());
        assert_eq!(line["more_units_of"], "1");
    }
}

#[test]
fn a_result_grows_with_its_lines_and_not_faster() {
    let bytes = |items: usize| {
        let shop = large_order(items);
        shop.good(&["--completeness", "order"]);
        ["waiting.csv", "explanations.jsonl"].map(|name| shop.bytes(name).len())
    };
    let (small, large) = (bytes(200), bytes(1600));
    for (small, large) in small.into_iter().zip(large) {
        assert!(large < 9 * small, "{small} bytes, then {large}");
    }
}

#[test]
fn who_asks_for_nothing_says_nothing_for_his_order() {
    let shop = Shop::new(
        &format!("A,1,CAP,1,{AT}\nA,2,CAP,1,{AT}\nA,3,MUG,1,{AT}\nB,1,MUG,1,{AT}\n"),
        &format!("CAP,{AT},1\nMUG,{AT},2\n"),
    )
    .with_cancellations(&format!("{AT},A,1,CAP,1,\n"));
    // Nothing has to arrive: an empty list, and no reference.
    shop.good(&["--completeness", "order"]);
    for line in shop.explanations() {
        assert_eq!(line["more_units"], serde_json::json!([]));
        assert!(line["more_units_of"].is_null());
    }
    let shop = shop.with(
        "receipts.csv",
        format!("{}CAP,{AT},0\nMUG,{AT},2\n", common::RECEIPTS).as_bytes(),
    );
    shop.good(&["--completeness", "order"]);
    let lines = shop.explanations();
    let needs = serde_json::json!([{"sku": "CAP", "units": 1}]);
    assert_eq!(lines[0]["more_units"], serde_json::json!([]));
    assert_eq!(
        (&lines[1]["more_units"], &lines[1]["more_units_of"]),
        (&needs, &serde_json::Value::Null)
    );
    assert_eq!(
        (&lines[2]["more_units"], &lines[2]["more_units_of"]),
        (&serde_json::Value::Null, &"2".into())
    );
    // Lines that ship alone speak for themselves.
    shop.good(&[]);
    assert!(
        shop.explanations()
            .iter()
            .all(|line| line["more_units"].is_array())
    );
}

#[test]
fn who_can_never_be_served_does_not_wait() {
    let old = "2026-10-01T00:00:00Z";
    let shop = Shop::new(
        &format!(
            "OLD,1,GHOST,3,{old}\nA,1,CAP,1,{AT}\nB,1,CAP,1,2026-10-10T18:00:00Z\nB,2,SPOOK,1,2026-10-10T18:00:00Z\n"
        ),
        &format!("CAP,{AT},0\n"),
    );
    let run = shop.good(&[]);
    assert_eq!(
        line(&run, "oldest wait"),
        "oldest wait 1 day: order A, line 1, placed 2026-10-09T18:00:00Z"
    );
    assert!(
        run.out.contains(
            "Who waits, and why, first in line first:\n  CAP: order A, line 1 gets 0 of 1 unit:"
        ),
        "{}",
        run.out
    );
    assert!(
        run.out.contains(
            "\n\n2 lines can never be served: no receipt names the item\n  GHOST: order OLD, line 1, 3 units\n  SPOOK: order B, line 2, 1 unit\n\nverified: "
        ),
        "{}",
        run.out
    );
    let run = shop.good(&["--completeness", "order"]);
    assert!(
        run.out.contains(
            "\n\n1 line can never be served: the order ships whole and another item of it can never be served\n  CAP: order B, line 1, 1 unit\n\nverified: "
        ),
        "{}",
        run.out
    );
    // In the file they stand with all who lack a unit.
    assert_eq!(
        shop.table("waiting.csv", &["order_id"]).concat(),
        ["OLD", "A", "B", "B"]
    );
}

#[test]
fn where_nobody_waits_who_can_never_be_served_is_still_told() {
    let rows: String = (1..=12).map(|i| format!("A,{i},GHOST,1,{AT}\n")).collect();
    let shop = Shop::new(&rows, "");
    let run = shop.good(&[]);
    assert!(
        run.out.contains(
            "\nNobody waits.\n\n12 lines can never be served: no receipt names the item\n"
        ),
        "{}",
        run.out
    );
    assert!(
        run.out
            .contains("line 10, 1 unit\n  and 2 more, see waiting.csv\n"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("oldest wait"), "{}", run.out);
}
