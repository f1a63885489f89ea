//! The forms of the files: packed, from spreadsheets, with odd ids, with cancellations.

mod common;

use std::fs;

use common::{CANCELLATIONS, DEMAND, RECEIPTS, Shop, line};

const AT: &str = "2026-10-09T18:00:00Z";

#[test]
fn packed_files_are_read() {
    let demand = format!("{DEMAND}A,1,CAP,1,{AT}\nB,1,CAP,1,{AT}\n");
    let shop = Shop::empty()
        .with_packed("demand.csv.gz", demand.as_bytes())
        .with_packed(
            "receipts.csv.gz",
            format!("{RECEIPTS}CAP,{AT},1\n").as_bytes(),
        )
        .with_packed(
            "cancellations.csv.gz",
            format!("{CANCELLATIONS}{AT},A,1,CAP,1,r\n").as_bytes(),
        );
    shop.good(&[]);
    assert_eq!(shop.allocated(), "A/1=0 B/1=1");
}

#[test]
fn files_from_spreadsheets_are_read() {
    // A byte order mark, CRLF, quoted cells with commas and line breaks, blank lines, other columns.
    let demand = format!(
        "\u{feff}\"order_id\",note,line_no,sku,quantity,placed_at\r\n\"A\",\"two\r\nlines, \"\"quoted\"\"\",1,CAP,1,{AT}\r\n\r\nB,,1,CAP,x,{AT}\r\n"
    );
    let shop = Shop::new("", &format!("CAP,{AT},1\n")).with("demand.csv", demand.as_bytes());
    let run = shop.run(&["--keep-going"]);
    // The line an editor shows.
    assert!(
        run.err
            .starts_with("demand.csv: line 5, column quantity: \"x\""),
        "{}",
        run.err
    );
    assert_eq!(shop.allocated(), "A/1=1");
}

#[test]
fn outside_ids_come_back_unchanged() {
    let (order, number, sku) = (" Ä,\"1\"\n", "01", "größe 42; rot");
    let demand = format!("\" Ä,\"\"1\"\"\n\",{number},{sku},1,{AT}\nB,1,{sku},1,{AT}\n");
    let shop = Shop::new(&demand, &format!("{sku},{AT},1\n"));
    shop.good(&[]);
    let rows = shop.table("allocations.csv", &["order_id", "line_no", "sku"]);
    assert_eq!(rows[0], [order, number, sku]);
    let explained = &shop.explanations()[0];
    assert_eq!(explained["order_id"], order);
    assert_eq!(explained["line_no"], number);
    assert_eq!(explained["sku"], sku);
    assert_eq!(
        shop.table("waiting.csv", &["before_order", "before_line"])[0],
        [order, number]
    );
}

#[test]
fn no_cell_is_run_as_a_formula() {
    let header = DEMAND.replace("placed_at", "placed_at,customer_id");
    let rows = format!(
        "=1+1,+1,-CAP,1,{AT},@SUM(A1)\n\"\t=1\",\"\r1\",-CAP,1,{AT},\" =1\"\nx;=1,1,-CAP,1,{AT},'=1\n"
    );
    let shop = Shop::new("", &format!("-CAP,{AT},1\n"))
        .with("demand.csv", format!("{header}{rows}").as_bytes());
    shop.good(&[]);
    let columns = [
        "order_id",
        "line_no",
        "sku",
        "customer_id",
        "quantity",
        "allocated",
    ];
    let rows = shop.table("allocations.csv", &columns);
    assert_eq!(rows[0], ["'=1+1", "'+1", "'-CAP", "'@SUM(A1)", "1", "1"]);
    assert_eq!(rows[1], ["'\t'=1", "'\r1", "'-CAP", "' =1", "1", "0"]);
    assert_eq!(rows[2], ["x;'=1", "1", "'-CAP", "''=1", "1", "0"]);
    for name in ["allocations.csv", "waiting.csv"] {
        let mut reader = csv::Reader::from_path(shop.output().join(name)).unwrap();
        for row in reader.records() {
            for cell in &row.unwrap() {
                assert!(
                    !cell.trim_start().starts_with(['=', '+', '-', '@']),
                    "{name}: {cell:?}"
                );
            }
        }
    }
    // Where no spreadsheet looks, ids stay as they are.
    assert_eq!(shop.explanations()[0]["customer_id"], "@SUM(A1)");
}

#[test]
fn the_queue_is_priority_then_time_then_row() {
    let header = DEMAND.replace("placed_at", "placed_at,priority");
    let rows = "late,1,CAP,1,2026-10-09T18:00:01Z,\n\
        first_row,1,CAP,1,2026-10-09T18:00:00Z,0\n\
        second_row,1,CAP,1,2026-10-09T20:00:00+02:00,0\n\
        low,1,CAP,1,2026-10-09T17:00:00Z,7\n";
    let shop = Shop::new("", &format!("CAP,{AT},2\n"))
        .with("demand.csv", format!("{header}{rows}").as_bytes());
    shop.good(&[]);
    let rows = shop.table("allocations.csv", &["order_id", "position", "allocated"]);
    assert_eq!(rows[0], ["late", "3", "0"]);
    assert_eq!(rows[1], ["first_row", "1", "1"]);
    assert_eq!(rows[2], ["second_row", "2", "1"]);
    assert_eq!(rows[3], ["low", "4", "0"]);
    assert_eq!(
        shop.table("waiting.csv", &["order_id"]).concat(),
        ["late", "low"]
    );
}

#[test]
fn lots_scores_and_quantities_order_the_queue_where_the_policy_says_so() {
    let header = DEMAND.replace("placed_at", "placed_at,lot,score");
    let rows = format!("old,1,CAP,3,{AT},5,1\nmiddle,1,CAP,2,{AT},,9\nnew,1,CAP,1,{AT},7,\n");
    let shop = Shop::new("", &format!("CAP,{AT},3\n"))
        .with("demand.csv", format!("{header}{rows}").as_bytes());
    for (policy, allocated, waiting) in [
        (
            "first_come",
            "old/1=3 middle/1=0 new/1=0",
            ["middle", "new"].as_slice(),
        ),
        (
            "draw_the_queue",
            "old/1=1 middle/1=2 new/1=0",
            &["old", "new"],
        ),
        (
            "first_come:partial:set_aside:score+sequence",
            "old/1=1 middle/1=2 new/1=0",
            &["old", "new"],
        ),
        (
            "first_come:line:set_aside:quantity+placed_at+sequence",
            "old/1=0 middle/1=2 new/1=1",
            &["old"],
        ),
    ] {
        shop.good(&["--policy", policy]);
        assert_eq!(shop.allocated(), allocated, "{policy}");
        assert_eq!(
            shop.table("waiting.csv", &["order_id"]).concat(),
            waiting,
            "{policy}"
        );
    }
}

#[test]
fn lines_that_the_policy_does_not_part_are_faults_of_the_file() {
    let header = DEMAND.replace("placed_at", "placed_at,lot");
    let rows = format!("A,1,CAP,3,{AT},5\nB,1,CAP,2,{AT},5\nC,1,CAP,1,{AT},x\nD,1,CAP,1,{AT},\n");
    let shop = Shop::new("", &format!("CAP,{AT},3\n"))
        .with("demand.csv", format!("{header}{rows}").as_bytes());
    let run = shop.run(&["--policy", "first_come:partial:set_aside:placed_at+lot"]);
    assert_eq!(
        run.err,
        "demand.csv: line 3, column lot: line 2 stands at the same place: nothing in placed_at+lot parts the two\n\
         demand.csv: line 4, column lot: \"x\" is not a whole number\n\
         2 faulty rows: nothing was written (--keep-going uses the good ones)\n"
    );
}

#[test]
fn an_empty_customer_is_its_order() {
    let header = DEMAND.replace("placed_at", "placed_at,customer_id");
    let rows = format!("A,1,CAP,1,{AT},\nA,2,CAP,1,{AT},\nB,1,CAP,1,{AT},\nC,1,CAP,1,{AT},A\n");
    let shop = Shop::new("", &format!("CAP,{AT},9\n"))
        .with("demand.csv", format!("{header}{rows}").as_bytes());
    let run = shop.good(&[]);
    assert_eq!(
        line(&run, "ordered"),
        "ordered 4 units in 4 lines of 3 orders by 3 customers"
    );
}

#[test]
fn what_never_came_is_known_and_what_nobody_sells_is_not() {
    let shop = Shop::new(
        &format!("A,1,CAP,2,{AT}\nA,2,GHOST,3,{AT}\n"),
        &format!("CAP,,5\nCAP,,\nMUG,{AT},4\n"),
    );
    let run = shop.good(&[]);
    assert_eq!(
        line(&run, "received"),
        "received 4 units in 1 receipt; 2 more had not come"
    );
    assert_eq!(line(&run, "waiting"), "waiting 2 units in 1 line");
    assert_eq!(
        line(&run, "never"),
        "never 3 units in 1 line, for want of any receipt that names the item"
    );
    assert_eq!(
        line(&run, "4 units no_demand"),
        "4 units no_demand: nobody waits for it"
    );
    let rows = shop.table(
        "waiting.csv",
        &["sku", "waiting", "never", "reason", "more_units"],
    );
    assert_eq!(rows[0], ["CAP", "2", "0", "short", "2"]);
    assert_eq!(rows[1], ["GHOST", "0", "3", "unknown_sku", ""]);
}

#[test]
fn cancellations_lower_the_quantity_and_keep_the_place() {
    let shop = Shop::new(
        &format!("A,1,CAP,5,{AT}\nB,1,CAP,2,{AT}\nC,1,CAP,2,{AT}\nD,1,CAP,1,{AT}\n"),
        &format!("CAP,{AT},6\n"),
    )
    .with_cancellations(
        "2026-10-10T00:00:00Z,A,1,CAP,1,r1\n2026-10-11T00:00:00Z,A,1,CAP,1,r2\n2026-10-11T00:00:00Z,B,1,CAP,2,r3\n",
    );
    // The latest instant is the last cancellation.
    let run = shop.good(&[]);
    assert!(
        run.out.contains("as of 2026-10-11T00:00:00Z"),
        "{}",
        run.out
    );
    assert_eq!(
        line(&run, "cancelled"),
        "cancelled 4 units, no longer among the ordered ones"
    );
    assert_eq!(
        line(&run, "orders"),
        "orders 3 full, 0 partial, 0 none, 1 cancelled"
    );
    assert_eq!(shop.allocated(), "A/1=3 B/1=0 C/1=2 D/1=1");
    let rows = shop.table("allocations.csv", &["quantity", "cancelled", "reason"]);
    assert_eq!(rows[0], ["3", "2", "served"]);
    assert_eq!(rows[1], ["0", "2", "nothing_asked"]);
    // Only what was cancelled by then counts.
    let run = shop.good(&["--as-of", "2026-10-10T00:00:00Z"]);
    assert_eq!(
        line(&run, "cancelled"),
        "cancelled 1 unit, no longer among the ordered ones"
    );
    assert_eq!(shop.allocated(), "A/1=4 B/1=2 C/1=0 D/1=0");
}

#[test]
fn whole_orders_wait_for_all_their_items() {
    let shop = Shop::new(
        &format!("A,1,CAP,1,{AT}\nA,2,MUG,1,{AT}\nB,1,CAP,1,{AT}\n"),
        &format!("CAP,{AT},1\nMUG,,1\n"),
    );
    let run = shop.good(&["--completeness", "order"]);
    assert_eq!(shop.allocated(), "A/1=0 A/2=0 B/1=0");
    assert_eq!(line(&run, "orders"), "orders 0 full, 0 partial, 2 none");
    let rows = shop.table(
        "waiting.csv",
        &["order_id", "reason", "more_units", "also_needs"],
    );
    assert_eq!(rows[0], ["A", "order_incomplete", "", "1 of MUG"]);
    assert_eq!(rows[1], ["A", "short", "1", ""]);
    shop.good(&["--completeness", "order", "--misfit", "pass"]);
    assert_eq!(shop.allocated(), "A/1=0 A/2=0 B/1=1");
}

#[test]
fn an_empty_shop_is_no_error() {
    let shop = Shop::new("", "");
    let run = shop.good(&[]);
    assert!(run.out.contains("before anything happened"), "{}", run.out);
    assert!(run.out.contains("Nobody waits."));
    assert_eq!(shop.table("allocations.csv", &["order_id"]).len(), 0);
    assert_eq!(shop.bytes("explanations.jsonl"), b"");
}

#[test]
fn a_result_that_cannot_be_written_leaves_the_old_one() {
    let shop = Shop::new(&format!("A,1,CAP,1,{AT}\n"), &format!("CAP,{AT},1\n"));
    shop.good(&[]);
    let before = shop.bytes("allocations.csv");
    // A faulty input later on: the old result stays, and nothing half-written beside it.
    fs::write(
        shop.input().join("demand.csv"),
        format!("{DEMAND}A,1,CAP,x,{AT}\n"),
    )
    .unwrap();
    assert_eq!(shop.run(&[]).code, 1);
    assert!(shop.bytes("allocations.csv") == before);
    assert_eq!(fs::read_dir(shop.output()).unwrap().count(), 3);
    // Where one file cannot get to its place, none does.
    fs::write(
        shop.input().join("demand.csv"),
        format!("{DEMAND}B,1,CAP,1,{AT}\n"),
    )
    .unwrap();
    fs::remove_file(shop.output().join("waiting.csv")).unwrap();
    fs::create_dir(shop.output().join("waiting.csv")).unwrap();
    let run = shop.run(&["--completeness", "order"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("waiting.csv"), "{}", run.err);
    assert!(shop.bytes("allocations.csv") == before);
    assert_eq!(fs::read_dir(shop.output()).unwrap().count(), 3);
    // A file where the folder should be.
    let shop = Shop::new(&format!("A,1,CAP,1,{AT}\n"), &format!("CAP,{AT},1\n"));
    fs::write(shop.output(), b"").unwrap();
    let run = shop.run(&[]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.ends_with("nothing was written\n"), "{}", run.err);
}

#[test]
fn what_an_interrupted_run_left_goes_with_the_next() {
    let shop = Shop::new(&format!("A,1,CAP,1,{AT}\n"), &format!("CAP,{AT},1\n"));
    shop.good(&[]);
    let names = ["allocations.csv", "waiting.csv", "explanations.jsonl"];
    for name in names.iter().chain(&["overtakes.csv"]) {
        let draft = shop.output().join(format!(".allocator-demo-{name}"));
        fs::write(draft, "half of a resu").unwrap();
    }
    let expected = names.map(|name| shop.bytes(name));
    shop.good(&[]);
    assert!(names.map(|name| shop.bytes(name)) == expected);
    assert_eq!(fs::read_dir(shop.output()).unwrap().count(), 3);
}

#[cfg(unix)]
#[test]
fn what_lies_behind_a_planted_link_stays() {
    let shop = Shop::new(&format!("A,1,CAP,1,{AT}\n"), &format!("CAP,{AT},1\n"));
    fs::create_dir(shop.output()).unwrap();
    let other = shop.folder.path().join("other");
    fs::write(&other, "not yours").unwrap();
    let draft = shop.output().join(".allocator-demo-allocations.csv");
    std::os::unix::fs::symlink(&other, draft).unwrap();
    shop.good(&[]);
    assert_eq!(fs::read_to_string(other).unwrap(), "not yours");
    assert_eq!(shop.allocated(), "A/1=1");
}

#[cfg(unix)]
#[test]
fn two_runs_do_not_mix_their_results() {
    use rustix::fs::{FlockOperation, flock};

    let shop = Shop::new(&format!("A,1,CAP,1,{AT}\n"), &format!("CAP,{AT},1\n"));
    shop.good(&[]);
    // Another run at work.
    let folder = fs::File::open(shop.output()).unwrap();
    flock(&folder, FlockOperation::LockExclusive).unwrap();
    let run = shop.run(&[]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(
        run.err
            .ends_with(": another run is writing its result there\nnothing was written\n"),
        "{}",
        run.err
    );
    drop(folder);
    shop.good(&[]);
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let shop = Shop::new(
        &format!("A\u{1b}[2J,1,CAP,1,{AT}\n"),
        &format!("CAP,{AT},0\n"),
    );
    let run = shop.good(&[]);
    assert!(!run.out.contains('\u{1b}'));
    assert!(run.out.contains("order A\\u{1b}[2J, line 1"), "{}", run.out);
}
