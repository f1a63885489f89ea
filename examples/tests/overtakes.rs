//! `overtakes.csv`: every overtake, in place order, up to its limit.

mod common;

use std::fs;

use common::{DEMAND, Shop, line};

const AT: &str = "2026-10-09T18:00:00Z";
const PASS: [&str; 4] = ["--completeness", "line", "--misfit", "pass"];

/// Two items whose first lines do not fit: A and B of MUG, C of CAP.
fn shop() -> Shop {
    Shop::new(
        &format!(
            "A,1,MUG,9,{AT}\nB,1,MUG,9,{AT}\nC,1,CAP,9,{AT}\nD,1,MUG,1,{AT}\nE,1,CAP,1,{AT}\nF,1,MUG,1,2026-10-09T17:59:59Z\nG,1,MUG,1,{AT}\n"
        ),
        // CAP is the first item the program hears of in no file; places decide, not items.
        &format!("CAP,{AT},2\nMUG,{AT},4\n"),
    )
}

#[test]
fn every_overtake_is_reported_in_place_order() {
    let shop = shop();
    let run = shop.good(&PASS);
    let columns = [
        "later_order",
        "later_line",
        "earlier_order",
        "earlier_line",
        "sku",
        "because",
    ];
    let rows = shop.table("overtakes.csv", &columns);
    let expected = [
        ["D", "1", "A", "1", "MUG", "misfit"],
        ["G", "1", "A", "1", "MUG", "misfit"],
        ["D", "1", "B", "1", "MUG", "misfit"],
        ["G", "1", "B", "1", "MUG", "misfit"],
        ["E", "1", "C", "1", "CAP", "misfit"],
    ];
    assert_eq!(rows, expected);
    assert_eq!(line(&run, "overtakes"), "overtakes 5, see overtakes.csv");
    assert!(line(&run, "order D, line 1 before order A, line 1, misfit:").contains("ships whole"));
    assert!(
        run.out
            .ends_with(": allocations.csv, waiting.csv, explanations.jsonl, overtakes.csv\n"),
        "{}",
        run.out
    );
}

#[test]
fn places_rank_over_all_items() {
    // The earlier line of the second item stands before the one of the first.
    let header = DEMAND.replace("placed_at", "placed_at,priority");
    let rows = format!("A,1,MUG,9,{AT},1\nB,1,CAP,9,{AT},0\nC,1,MUG,1,{AT},2\nD,1,CAP,1,{AT},2\n");
    let shop = Shop::new("", &format!("MUG,{AT},1\nCAP,{AT},1\n"))
        .with("demand.csv", format!("{header}{rows}").as_bytes());
    shop.good(&PASS);
    assert_eq!(
        shop.table("overtakes.csv", &["later_order", "earlier_order"]),
        [["D", "B"], ["C", "A"]]
    );
}

#[test]
fn a_line_served_in_part_overtakes_nobody_behind_it() {
    let shop = shop();
    let run = shop.good(&[]);
    assert!(!run.out.contains("overtakes"), "{}", run.out);
    assert!(!shop.output().join("overtakes.csv").exists());
}

#[test]
fn overtakes_of_an_earlier_run_do_not_stay() {
    let shop = shop();
    shop.good(&PASS);
    assert!(shop.output().join("overtakes.csv").exists());
    // A run that writes nothing leaves the old result, all of it.
    let demand = fs::read(shop.input().join("demand.csv")).unwrap();
    let shop = shop.with("demand.csv", format!("{DEMAND}A,1,CAP,x,{AT}\n").as_bytes());
    assert_eq!(shop.run(&[]).code, 1);
    assert!(shop.output().join("overtakes.csv").exists());
    let shop = shop.with("demand.csv", &demand);
    shop.good(&[]);
    assert!(!shop.output().join("overtakes.csv").exists());
}

#[test]
fn beyond_the_limit_the_first_are_written_and_it_is_said() {
    // 400 lines that do not fit, each overtaken by 300.
    let whole: String = (0..400)
        .map(|i| format!("W{i},1,MUG,1000,{AT}\n"))
        .collect();
    let small: String = (0..300).map(|i| format!("S{i},1,MUG,1,{AT}\n")).collect();
    let shop = Shop::new(&format!("{whole}{small}"), &format!("MUG,{AT},300\n"));
    let run = shop.good(&PASS);
    assert_eq!(
        line(&run, "overtakes"),
        "overtakes 120000; overtakes.csv has only the first 100000 of them"
    );
    let rows = shop.table("overtakes.csv", &["later_order", "earlier_order"]);
    assert_eq!(rows.len(), 100_000);
    // 333 lines with all 300 pairs, and the next with its first 100.
    assert_eq!(rows[99_999], ["S99", "W333"]);
}
