//! Faulty rows: every one is reported, nothing is written, and what `--keep-going` makes of the rest.

mod common;

use common::{DEMAND, RECEIPTS, Shop};

const AT: &str = "2026-10-09T18:00:00Z";

/// The standard error of a run over these rows, which must have failed and written nothing.
fn faults(shop: &Shop, options: &[&str]) -> String {
    let run = shop.run(options);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
    assert!(shop.wrote_nothing());
    run.err
}

/// One faulty cell or row of the demand file, and what is said of it.
#[track_caller]
fn demand_row(row: &str, said: &str) {
    let shop = Shop::new(
        &format!("A,1,CAP,1,{AT}\n{row}\n"),
        &format!("CAP,{AT},5\n"),
    );
    let expected = format!(
        "demand.csv: line 3, {said}\n1 faulty row: nothing was written (--keep-going uses the good ones)\n"
    );
    assert_eq!(faults(&shop, &[]), expected);
    // The good row is used, and the exit code still tells.
    let run = shop.run(&["--keep-going"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.err,
        format!("demand.csv: line 3, {said}\n1 faulty row left out\n")
    );
    assert_eq!(shop.allocated(), "A/1=1");
}

#[test]
fn every_kind_of_faulty_cell() {
    let long = "x".repeat(1025);
    demand_row(&format!(",2,CAP,1,{AT}"), "column order_id: is empty");
    demand_row(&format!("A,,CAP,1,{AT}"), "column line_no: is empty");
    demand_row(&format!("A,2,,1,{AT}"), "column sku: is empty");
    demand_row(&format!("A,2,CAP,,{AT}"), "column quantity: is empty");
    demand_row("A,2,CAP,1,", "column placed_at: is empty");
    demand_row(
        &format!("A,2,{long},1,{AT}"),
        "column sku: an id of 1025 bytes is longer than 1024",
    );
    demand_row(
        &format!("A,2,CAP,two,{AT}"),
        r#"column quantity: "two" is not a whole number"#,
    );
    demand_row(
        &format!("A,2,CAP,1.5,{AT}"),
        r#"column quantity: "1.5" is not a whole number"#,
    );
    demand_row(
        &format!("A,2,CAP, 1,{AT}"),
        r#"column quantity: " 1" is not a whole number; it would be without the blanks around it"#,
    );
    demand_row(
        &format!("A,2,CAP,1 ,{AT}"),
        r#"column quantity: "1 " is not a whole number; it would be without the blanks around it"#,
    );
    demand_row(
        &format!("A,2,CAP, x ,{AT}"),
        r#"column quantity: " x " is not a whole number"#,
    );
    demand_row(
        &format!("A,2,CAP, ,{AT}"),
        r#"column quantity: " " is not a whole number"#,
    );
    demand_row(
        &format!("A,2,CAP,1, {AT}"),
        &format!(
            "column placed_at: \" {AT}\" is no instant like {AT}; it would be without the blanks around it"
        ),
    );
    demand_row(
        &format!("A,2,CAP,-,{AT}"),
        r#"column quantity: "-" is not a whole number"#,
    );
    demand_row(
        &format!("A,2,CAP,-1,{AT}"),
        r#"column quantity: "-1" is negative; 0 is the least"#,
    );
    demand_row(
        &format!("A,2,CAP,9223372036854775808,{AT}"),
        r#"column quantity: "9223372036854775808" is too large; 9223372036854775807 is the most"#,
    );
    demand_row(
        "A,2,CAP,1,2026-10-09T18:00:00",
        "column placed_at: \"2026-10-09T18:00:00\" has no time zone: write it like 2026-10-09T18:00:00Z or 2026-10-09T19:00:00+01:00",
    );
    demand_row(
        "A,2,CAP,1,tomorrow",
        "column placed_at: \"tomorrow\" is no instant like 2026-10-09T18:00:00Z",
    );
    demand_row("A,2,CAP,1", "4 fields; the header has 5");
    demand_row(&format!("A,2,CAP,1,{AT},x"), "6 fields; the header has 5");
    demand_row(
        &format!("A,1,CAP,1,{AT}"),
        "column line_no: line 2 has the same order_id and line_no",
    );
    demand_row(
        &format!("A,2,CAP,1,\"{AT}\nB,1,CAP,1,{AT}"),
        "the quote opened in line 3 is never closed",
    );
    demand_row(
        &format!("A,2,CAP,\u{1b}[2J{},{AT}", "9".repeat(80)),
        &format!(
            "column quantity: \"\\u{{1b}}[2J{}\"… is not a whole number",
            "9".repeat(56)
        ),
    );
}

#[test]
fn what_is_no_utf8_is_reported_where_it_matters() {
    let header = DEMAND.replace("placed_at", "placed_at,note");
    let mut demand = format!("{header}A,1,CAP,1,{AT},").into_bytes();
    demand.extend(b"\xff\nB\xff,1,CAP,1,2026-10-09T18:00:00Z,\n");
    let shop = Shop::new("", &format!("CAP,{AT},5\n")).with("demand.csv", &demand);
    let err = faults(&shop, &[]);
    assert!(
        err.starts_with("demand.csv: line 3, column order_id: is not valid UTF-8\n1 faulty row:"),
        "{err}"
    );
}

#[test]
fn optional_columns_are_checked_too() {
    let header = "order_id,line_no,sku,quantity,placed_at,customer_id,priority,unit_price_minor\n";
    let long = "x".repeat(2000);
    let rows = format!(
        "A,1,CAP,1,{AT},{long},0,1\nA,2,CAP,1,{AT},,-1,\nA,3,CAP,1,{AT},,,4.99\nA,4,CAP,1,{AT},,,\n"
    );
    let shop = Shop::new("", &format!("CAP,{AT},5\n"))
        .with("demand.csv", format!("{header}{rows}").as_bytes());
    let err = faults(&shop, &["--completeness", "order"]);
    assert_eq!(
        err,
        "demand.csv: line 2, column customer_id: an id of 2000 bytes is longer than 1024\n\
         demand.csv: line 3, column priority: \"-1\" is negative; 0 is the least\n\
         demand.csv: line 4, column unit_price_minor: \"4.99\" is not a whole number\n\
         3 faulty rows: nothing was written (--keep-going uses the good ones)\n"
    );
}

#[test]
fn every_faulty_row_of_every_file_is_reported_at_once() {
    let shop = Shop::new(
        &format!("A,1,CAP,x,then\n\nA,2,CAP,1,{AT}\nA,2,MUG,-2,{AT}\n"),
        &format!("CAP,{AT},\n,{AT},1\nCAP,,\nCAP,{AT},-3\nCAP,later,1\n"),
    )
    .with_cancellations(&format!(
        "{AT},A,9,CAP,1,\n{AT},A,2,MUG,1,\n{AT},A,2,CAP,1,\n{AT},A,2,CAP,1,\nnever,A,2,CAP,,\n"
    ));
    assert_eq!(
        faults(&shop, &[]),
        "demand.csv: line 2, column quantity: \"x\" is not a whole number\n\
         demand.csv: line 2, column placed_at: \"then\" is no instant like 2026-10-09T18:00:00Z\n\
         demand.csv: line 5, column quantity: \"-2\" is negative; 0 is the least\n\
         demand.csv: line 5, column line_no: line 4 has the same order_id and line_no\n\
         receipts.csv: line 2, column quantity_received: is empty\n\
         receipts.csv: line 3, column sku: is empty\n\
         receipts.csv: line 5, column quantity_received: \"-3\" is negative; 0 is the least\n\
         receipts.csv: line 6, column received_at: \"later\" is no instant like 2026-10-09T18:00:00Z\n\
         cancellations.csv: line 2, column line_no: order \"A\" has no line \"9\"\n\
         cancellations.csv: line 3, column sku: \"MUG\" is cancelled, \"CAP\" was ordered\n\
         cancellations.csv: line 5, column quantity: 1 are cancelled, 1 were ordered, 1 of them cancelled by rows before it\n\
         cancellations.csv: line 6, column cancelled_at: \"never\" is no instant like 2026-10-09T18:00:00Z\n\
         cancellations.csv: line 6, column quantity: is empty\n\
         10 faulty rows: nothing was written (--keep-going uses the good ones)\n"
    );
}

#[test]
fn the_good_rows_of_every_file_are_used() {
    let shop = Shop::new(
        &format!("A,1,CAP,2,{AT}\nB,1,CAP,x,{AT}\nC,1,CAP,2,{AT}\n"),
        &format!("CAP,{AT},2\nCAP,{AT},many\nCAP,{AT},1\n"),
    )
    .with_cancellations(&format!("{AT},A,1,CAP,1,\n{AT},C,1,CAP,9,\n"));
    let run = shop.run(&["--keep-going"]);
    assert_eq!(run.code, 1);
    assert!(run.err.ends_with("3 faulty rows left out\n"), "{}", run.err);
    assert!(run.out.contains("verified: ordered"));
    assert_eq!(shop.allocated(), "A/1=1 C/1=2");
}

#[test]
fn cancellations_of_a_faulty_line_are_no_faults_of_their_own() {
    let most = i64::MAX;
    let shop = Shop::new(
        &format!("A,1,CAP,x,{AT}\nB,1,CAP,1,{AT}\n"),
        &format!("CAP,{AT},1\n"),
    )
    .with_cancellations(&format!("{AT},A,1,CAP,{most},\n{AT},A,1,CAP,{most},\n"));
    let run = shop.run(&["--keep-going"]);
    assert!(run.err.ends_with("1 faulty row left out\n"), "{}", run.err);
    assert_eq!(shop.allocated(), "B/1=1");
}

#[test]
fn more_of_an_item_than_can_be_counted() {
    let most = i64::MAX;
    let shop = Shop::new(
        &format!("A,1,CAP,1,{AT}\nB,1,MUG,1,{AT}\n"),
        &format!("CAP,{AT},{most}\nMUG,{AT},1\nCAP,{AT},1\nCAP,,{most}\nCAP,{AT},0\nCAP,{AT},2\n"),
    );
    let said = format!(
        "column quantity_received: together with the {most} units of the rows before it, the item has more than {most}"
    );
    assert_eq!(
        faults(&shop, &[]),
        format!(
            "receipts.csv: line 4, {said}\nreceipts.csv: line 7, {said}\n2 faulty rows: nothing was written (--keep-going uses the good ones)\n"
        )
    );
    let run = shop.run(&["--keep-going"]);
    assert_eq!((run.code, shop.allocated().as_str()), (1, "A/1=1 B/1=1"));
}

#[test]
fn the_largest_numbers_are_counted_exactly() {
    let most = i64::MAX;
    let header = DEMAND.replace("placed_at", "placed_at,unit_price_minor");
    let rows = format!(
        "A,1,CAP,{most},{AT},{most}\nB,1,CAP,{most},{AT},{most}\nC,1,CAP,{most},{AT},{most}\n"
    );
    let shop = Shop::new("", &format!("CAP,{AT},{most}\n"))
        .with("demand.csv", format!("{header}{rows}").as_bytes());
    shop.good(&[]);
    assert_eq!(shop.allocated(), format!("A/1={most} B/1=0 C/1=0"));
    let ahead = shop.table("waiting.csv", &["units_ahead", "missing_value_minor"]);
    let (ahead_of_c, value) = (2 * i128::from(most), i128::from(most) * i128::from(most));
    assert_eq!(ahead[1], [ahead_of_c.to_string(), value.to_string()]);
    let text = String::from_utf8(shop.bytes("explanations.jsonl")).unwrap();
    assert!(text.contains(&format!("\"units_ahead\":{ahead_of_c},")));
}

#[test]
fn a_column_that_is_missing_or_double() {
    let shop = Shop::new("", "")
        .with("demand.csv", b"order_id,line_no,sku,sku,quantity\n")
        .with("receipts.csv", b"sku;received_at;quantity_received\n");
    let said = "demand.csv: line 1, column sku: the header has it twice\n\
        demand.csv: line 1, column placed_at: the header has no such column\n\
        receipts.csv: line 1, column sku: the header has no such column (the columns seem to be parted by semicolons; commas are needed)\n\
        receipts.csv: line 1, column received_at: the header has no such column (the columns seem to be parted by semicolons; commas are needed)\n\
        receipts.csv: line 1, column quantity_received: the header has no such column (the columns seem to be parted by semicolons; commas are needed)\n\
        2 faulty rows; without its columns a file is of no use: nothing was written\n";
    assert_eq!(faults(&shop, &[]), said);
    // There is nothing good to keep going with.
    assert_eq!(faults(&shop, &["--keep-going"]), said);
    let empty = Shop::new("", "").with("demand.csv", b"");
    assert!(
        faults(&empty, &[])
            .starts_with("demand.csv: line 1, column order_id: the header has no such column\n")
    );
}

#[test]
fn a_column_that_is_meant_but_written_otherwise() {
    let shop = Shop::new("", "").with(
        "demand.csv",
        format!(
            "\u{feff}Order_ID,Line No, sku,quantity ,placed_at,Priority,Other\nA,1,CAP,1,{AT},0,\n"
        )
        .as_bytes(),
    );
    let said = "demand.csv: line 1, column order_id: the header has \"Order_ID\": did you mean order_id?\n\
        demand.csv: line 1, column line_no: the header has \"Line No\": did you mean line_no?\n\
        demand.csv: line 1, column sku: the header has \" sku\": did you mean sku?\n\
        demand.csv: line 1, column quantity: the header has \"quantity \": did you mean quantity?\n\
        demand.csv: line 1, column priority: the header has \"Priority\": did you mean priority?\n\
        1 faulty row; without its columns a file is of no use: nothing was written\n";
    assert_eq!(faults(&shop, &[]), said);
    // Beside the right one it is a column like any other.
    let header = DEMAND.replace("placed_at", "placed_at,Placed_At,SKU");
    let shop = Shop::new("", &format!("CAP,{AT},5\n")).with(
        "demand.csv",
        format!("{header}A,1,CAP,1,{AT},x,y\n").as_bytes(),
    );
    shop.good(&[]);
    assert_eq!(shop.allocated(), "A/1=1");
}

#[test]
fn rows_without_any_content_are_no_rows() {
    let shop = Shop::new(
        &format!(",,,,\nA,1,CAP,1,{AT}\n,,,,\n,,\n\"\",,,,\nB,1,CAP,x,{AT}\n,,,,\n"),
        &format!(",,\nCAP,{AT},5\n,,\n"),
    )
    .with_cancellations(",,,,,\n");
    let run = shop.run(&["--keep-going", "--completeness", "order"]);
    assert_eq!(
        run.err,
        "demand.csv: line 7, column quantity: \"x\" is not a whole number\n1 faulty row left out\n"
    );
    assert_eq!(shop.allocated(), "A/1=1");
    // Blanks are content, and a quote that is never closed is no empty cell.
    let shop = Shop::new(" ,,,,\n", "");
    assert!(faults(&shop, &[]).starts_with("demand.csv: line 2, column line_no: is empty\n"));
    demand_row("\"", "the quote opened in line 3 is never closed");
}

#[test]
fn whole_orders_agree_in_their_customer() {
    let header = DEMAND.replace("placed_at", "placed_at,customer_id");
    let rows = format!("A,1,CAP,1,{AT},ann\nA,2,MUG,1,{AT},bob\nB,1,CAP,1,{AT},\n");
    let shop = Shop::new("", &format!("CAP,{AT},5\nMUG,{AT},5\n"))
        .with("demand.csv", format!("{header}{rows}").as_bytes());
    let err = faults(&shop, &["--completeness", "order"]);
    assert!(
        err.starts_with("demand.csv: line 3, column customer_id: an order that ships whole has one customer_id, and line 2 of the same order has another\n"),
        "{err}"
    );
    // Where lines ship alone it is nobody's business.
    shop.good(&[]);
    assert_eq!(shop.allocated(), "A/1=1 A/2=1 B/1=1");
}

#[test]
fn a_faulty_row_drops_its_whole_order() {
    let shop = Shop::new(
        &format!("A,1,CAP,1,{AT}\nA,2,MUG,x,{AT}\nB,1,CAP,1,{AT}\nC,1,CAP\nC,2,CAP,1,{AT}\nD,1,CAP,1,{AT}\n,1,CAP,1,{AT}\n"),
        &format!("CAP,{AT},9\nMUG,{AT},9\n"),
    )
    .with_cancellations(&format!("{AT},D,1,CAP,2,\n"));
    let run = shop.run(&["--keep-going", "--completeness", "order"]);
    assert_eq!(run.code, 1);
    assert_eq!(shop.allocated(), "B/1=1");
    assert!(
        run.err.ends_with("4 faulty rows left out\n1 of them without a readable order_id: an order may ship without its line\n"),
        "{}",
        run.err
    );
    // Lines that ship alone do not mind.
    shop.run(&["--keep-going"]);
    assert_eq!(shop.allocated(), "A/1=1 B/1=1 C/2=1 D/1=1");
}

#[test]
fn a_file_that_is_missing_double_or_broken() {
    let shop = Shop::empty().with("demand.csv", DEMAND.as_bytes());
    assert!(faults(&shop, &[]).contains("receipts.csv: neither it nor"));
    let shop = Shop::new("", "").with_packed("demand.csv.gz", DEMAND.as_bytes());
    assert!(faults(&shop, &[]).contains("are both there"));
    let shop = Shop::empty()
        .with("demand.csv.gz", b"not packed at all")
        .with("receipts.csv", RECEIPTS.as_bytes());
    let err = faults(&shop, &["--keep-going"]);
    assert!(
        err.contains("demand.csv.gz: ") && err.ends_with("nothing was written\n"),
        "{err}"
    );
}
