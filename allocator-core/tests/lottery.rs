//! Draws: nobody can choose, everybody can compute, and who is added or leaves reshuffles nobody.
#![cfg(feature = "lottery")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use allocator_core::limits::{MAX_CHAINED_DRAWS, MAX_DRAWN_UNITS, MAX_NAME_BYTES};
use allocator_core::{
    Announcement, Beacon, DemandColumns, Draw, DrawKey, DrawRequired, Drawn, Error, HashChain,
    LabelFault, Policy, Pulse, Sha256Digest, Supply, Table, allocate, commitment,
};
use proptest::prelude::*;

const CODE: &[u8] = b"a code from the system, 32 bytes";

fn policy(text: &str) -> Policy {
    text.parse().unwrap()
}

fn lines(labels: &[&str]) -> DrawRequired {
    let required = DrawRequired::new(&policy("draw_the_queue"), labels, &[]);
    required.unwrap().unwrap()
}

fn drawn(required: &DrawRequired) -> Draw {
    let announced = required.announce(commitment(CODE), 1, Some(9)).unwrap();
    let pulse = Pulse::of_signature(9, &[7; 48]).unwrap();
    announced.reveal(CODE, Some(pulse)).unwrap()
}

#[test]
fn a_policy_says_whether_lots_are_needed_and_of_what() {
    for (text, needs) in [
        ("first_come", None),
        ("one_each_per_round", None),
        ("draw_the_queue", Some(Drawn::Lines)),
        ("classes_first(draw_the_queue)", Some(Drawn::Lines)),
        ("level+lot+place", Some(Drawn::Lines)),
        ("first_come:line:pass:quantity+lot", Some(Drawn::Lines)),
        ("draw_each_unit", Some(Drawn::Units)),
        ("class+unit_lot+lot+place", Some(Drawn::LinesAndUnits)),
        (
            "draw_each_unit:partial:set_aside:lot+sequence",
            Some(Drawn::LinesAndUnits),
        ),
    ] {
        assert_eq!(Drawn::of(&policy(text)), needs, "{text}");
        let required = DrawRequired::new(&policy(text), &["a"], &[1]).unwrap();
        assert_eq!(required.map(|it| it.drawn()), needs, "{text}");
    }
}

#[test]
fn the_list_is_that_of_a_sorted_file() {
    let required = lines(&["order 10", "order 9", "Ärger", "order 10", "a#1"]);
    assert_eq!(required.list(), "a#1\norder 10\norder 9\nÄrger\n");
    assert_eq!((required.rows(), required.entries()), (5, 4));
    assert_eq!(
        required.list_hash(),
        Sha256Digest::of(required.list().as_bytes())
    );
    let empty = lines(&[]);
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"; // of no bytes
    assert_eq!(empty.list_hash().to_string(), hash);
    // Units are sorted as texts, beside labels that look like units.
    let labels = ["a", "a#1", "b"];
    let units = DrawRequired::new(&policy("draw_each_unit"), &labels, &[12, 1, 0]);
    let units = units.unwrap().unwrap();
    let listed = units.list();
    let mut sorted: Vec<&str> = listed.lines().collect();
    sorted.sort_unstable();
    assert_eq!(sorted.join("\n") + "\n", listed);
    assert_eq!((sorted.len(), sorted[2], sorted[1]), (13, "a#10", "a#1#1"));
    let both = DrawRequired::new(&policy("unit_lot+lot+place"), &["a", "b"], &[2, 1]);
    assert_eq!(both.unwrap().unwrap().list(), "a\na#1\na#2\nb\nb#1\n");
}

#[test]
fn bad_labels_and_units_are_refused_with_their_row() {
    let long = "x".repeat(MAX_NAME_BYTES + 1);
    let too_long = LabelFault::TooLong {
        len: 1025,
        max: 1024,
    };
    for (label, fault) in [
        ("", LabelFault::Empty),
        ("a\nb", LabelFault::NotOneLine),
        ("a\r", LabelFault::NotOneLine),
        ("\0", LabelFault::NotOneLine),
        (&long, too_long),
    ] {
        let error = DrawRequired::new(&policy("draw_the_queue"), &["ok", label], &[]).unwrap_err();
        assert_eq!(error, Error::BadLabel { row: 1, fault });
        assert_eq!(
            (error.row(), error.field(), error.code()),
            (Some(1), Some("label"), "bad_label")
        );
    }
    assert!(DrawRequired::new(&policy("draw_the_queue"), &[&long[1..]], &[]).is_ok());

    let units = |labels: &[&str], units: &[i64]| {
        DrawRequired::new(&policy("draw_each_unit"), labels, units).map(|it| it.unwrap().entries())
    };
    assert!(matches!(
        units(&["a", "b"], &[1]),
        Err(Error::LengthMismatch {
            field: "units",
            len: 1,
            rows: 2,
            ..
        })
    ));
    assert!(matches!(
        units(&["a"], &[-1]),
        Err(Error::OutOfRange {
            row: 0,
            value: -1,
            ..
        })
    ));
    assert!(matches!(
        units(&["a", "b"], &[MAX_DRAWN_UNITS, 1]),
        Err(Error::OutOfRange {
            row: 1,
            field: "units",
            ..
        })
    ));
    assert!(units(&["a"], &[i64::MAX]).is_err());
    // Two rows of one label would draw one lot for two units.
    let twins = Error::DuplicateId {
        table: Table::Lines,
        row: 2,
        first: 0,
        field: "label",
    };
    assert_eq!(units(&["a", "b", "a"], &[1, 1, 2]), Err(twins));
    assert_eq!(units(&["a", "b", "a"], &[1, 1, 0]), Ok(2));
    // So would a line that is called as a unit is.
    let both = DrawRequired::new(&policy("lot+unit_lot+place"), &["a", "a#1"], &[1, 1]);
    assert_eq!(both.unwrap_err().code(), "duplicate_id");
    // A list of more than a gigabyte is refused before it is made.
    let label = "x".repeat(MAX_NAME_BYTES);
    let error = units(&[&label], &[MAX_DRAWN_UNITS]).unwrap_err();
    assert!(
        matches!(error, Error::ArgumentOutOfRange { field: "list", .. }),
        "{error}"
    );
}

#[test]
fn only_the_code_that_was_committed_to_reveals() {
    let required = lines(&["a", "b"]);
    let announced = required.announce(commitment(CODE), 1, None).unwrap();
    assert_eq!(announced.reveal(CODE, None).unwrap().code(), CODE);
    let mut other = CODE.to_vec();
    other[31] ^= 1;
    assert_eq!(
        announced.reveal(&other, None),
        Err(Error::CodeNotCommitted { draw: 1 })
    );
    let short = announced.reveal(&CODE[..15], None).unwrap_err();
    assert!(matches!(
        short,
        Error::ArgumentOutOfRange {
            field: "code",
            value: 15,
            min: 16,
            ..
        }
    ));
    assert!(announced.reveal(&[1; 1025], None).is_err());
    // Neither without the round that was announced, nor with another.
    let pulse = |round| Some(Pulse::new(round, &[1]).unwrap());
    assert!(matches!(
        announced.reveal(CODE, pulse(4)),
        Err(Error::OtherPulse { .. })
    ));
    let announced = required.announce(commitment(CODE), 1, Some(5)).unwrap();
    assert!(matches!(
        announced.reveal(CODE, None),
        Err(Error::OtherPulse { .. })
    ));
    let error = announced.reveal(CODE, pulse(4)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "pulse: round 5 was announced, and this is round 4"
    );
    assert!(announced.reveal(CODE, pulse(5)).is_ok());
    assert!(Pulse::new(1, &[]).is_err() && Pulse::of_signature(1, &[0; 1025]).is_err());
}

#[test]
fn a_chain_of_draws_has_one_commitment() {
    let chain = HashChain::new(CODE, 5).unwrap();
    let required = lines(&["a", "b"]);
    for number in 1..=5 {
        let announced = required.announce(chain.commitment(), number, None).unwrap();
        let code = chain.code(number).unwrap();
        assert!(announced.reveal(&code, None).is_ok(), "{number}");
        for other in (1..=5).filter(|other| *other != number) {
            let code = chain.code(other).unwrap();
            let refused = announced.reveal(&code, None);
            assert_eq!(
                refused,
                Err(Error::CodeNotCommitted { draw: number }),
                "{other}"
            );
        }
    }
    assert!(chain.code(0).is_err() && chain.code(6).is_err());
    assert!(HashChain::new(CODE, 0).is_err() && HashChain::new(&CODE[..15], 1).is_err());
    assert!(HashChain::new(CODE, MAX_CHAINED_DRAWS + 1).is_err());
    assert!(required.announce(commitment(CODE), 0, None).is_err());
    assert!(!format!("{chain:?}").contains("secret"));
}

#[test]
fn rounds_of_the_beacon() {
    let quicknet = Beacon::QUICKNET;
    assert_eq!(quicknet.round_at(1_692_803_367), Ok(1));
    assert_eq!(quicknet.round_at(1_692_803_369), Ok(1));
    assert_eq!(quicknet.round_at(1_692_803_370), Ok(2));
    assert_eq!(quicknet.round_at(i64::MAX), Ok(3_074_457_345_053_990_814));
    for seconds in [1_692_803_366, 0, -1, i64::MIN] {
        let error = quicknet.round_at(seconds).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("out_of_range", Some("unix_seconds"))
        );
    }
    assert_eq!(quicknet.time_of(1), Some(1_692_803_367));
    assert_eq!(
        (quicknet.time_of(0), quicknet.time_of(u64::MAX)),
        (None, None)
    );
    assert!(Beacon::new(-1, 3).is_err() && Beacon::new(0, 0).is_err());
    assert_eq!(
        Beacon::new(0, 1).and_then(|it| it.round_at(i64::MAX)),
        Ok(1 << 63)
    );
    // Round 1000 of quicknet as its mirrors give it.
    let signature = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125\
                     e342b73a8dd2bacbe47e4b6b63ed5e39";
    let signature: Vec<u8> = (0..signature.len() / 2)
        .map(|i| u8::from_str_radix(&signature[2 * i..2 * i + 2], 16).unwrap())
        .collect();
    let pulse = Pulse::of_signature(1000, &signature).unwrap();
    let randomness = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd";
    assert_eq!(
        pulse.randomness(),
        randomness.parse::<Sha256Digest>().unwrap().0
    );
}

#[test]
fn a_draw_serves_its_own_list_and_no_other() {
    let required = lines(&["a", "b"]);
    let draw = drawn(&required);
    assert!(draw.lots(&required).is_ok());
    // The same entries in other rows are the same list.
    assert_eq!(draw.lots(&lines(&["b", "a", "b"])).unwrap().len(), 3);
    let other = lines(&["a", "b", "c"]);
    assert_eq!(draw.lots(&other), Err(Error::OtherDraw { what: "list" }));
    assert_eq!(draw.order(&other), Err(Error::OtherDraw { what: "list" }));
    assert_eq!(
        draw.unit_lots(&other),
        Err(Error::OtherDraw { what: "list" })
    );
    // Nor another rule over the same list: whoever picks the rule after the draw picks the winner.
    let other = DrawRequired::new(&policy("level+lot+place"), &["a", "b"], &[]);
    assert_eq!(
        draw.lots(&other.unwrap().unwrap()),
        Err(Error::OtherDraw { what: "policy" })
    );
}

#[test]
fn lots_go_into_allocate_as_they_are() {
    let units = [3, 1, 2];
    let each = policy("draw_each_unit");
    let required = DrawRequired::new(&each, &["a", "b", "c"], &units)
        .unwrap()
        .unwrap();
    let draw = drawn(&required);
    let unit_lots = draw.unit_lots(&required).unwrap();
    assert_eq!(unit_lots.len(), 6);
    assert_eq!(
        (unit_lots[0], unit_lots[3]),
        (draw.lot("a#1"), draw.lot("b#1"))
    );
    let columns = DemandColumns {
        sku: &[1; 3],
        quantity: &units,
        unit_lots: Some(&unit_lots),
        ..DemandColumns::default()
    };
    for stock in 0..=6 {
        let result = allocate(&columns, &[Supply::received(1, stock)], &each).unwrap();
        let winners = draw.order(&required).unwrap();
        for (row, label) in ["a#", "b#", "c#"].iter().enumerate() {
            let drawn = winners[..stock as usize]
                .iter()
                .filter(|it| it.starts_with(label));
            assert_eq!(result.allocated()[row], drawn.count() as i64, "{stock}");
        }
    }
    // Where only lines are drawn there are no lots of units.
    let required = lines(&["a", "b"]);
    assert_eq!(drawn(&required).unit_lots(&required), Ok(vec![]));
}

#[test]
fn a_record_reads_back_and_no_changed_record_does() {
    for round in [None, Some(7)] {
        let required = lines(&["a", "b"]);
        let announced = required.announce(commitment(CODE), 1, round).unwrap();
        assert_eq!(announced.to_string().parse(), Ok(announced.clone()));
        let pulse = round.map(|round| Pulse::new(round, &[1, 2]).unwrap());
        let draw = announced.reveal(CODE, pulse).unwrap();
        let text = draw.to_string();
        assert_eq!(text.parse::<Draw>(), Ok(draw.clone()));
        let unix = text.replace('\n', "\r\n");
        assert_eq!(unix.parse::<Draw>(), Ok(draw.clone()), "a mail made it");
        for index in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[index] ^= 1;
            // It is refused, or it says something else: never the same draw by other words.
            if let Some(read) = String::from_utf8(changed)
                .ok()
                .and_then(|it| it.parse::<Draw>().ok())
            {
                assert_ne!(read, draw, "{index}");
                assert!(read.code() == draw.code(), "another code reveals nothing");
            }
            assert!(text[..index].parse::<Draw>().is_err());
        }
        assert!(format!("{text}more: 1\n").parse::<Draw>().is_err());
    }
    for (field, bad) in [
        ("policy", "rule: x"),
        ("draw", "draw: 01"),
        ("draw", "draw: +1"),
        ("round", "round: -1"),
        ("entries", "entries: all"),
    ] {
        let text = lines(&["a"])
            .announce(commitment(CODE), 1, Some(1))
            .unwrap()
            .to_string();
        let start = format!("{field}: ");
        let changed: Vec<&str> = text
            .lines()
            .map(|it| if it.starts_with(&start) { bad } else { it })
            .collect();
        let error = (changed.join("\n") + "\n")
            .parse::<Announcement>()
            .unwrap_err();
        assert_eq!(error, Error::BadRecord { field }, "{bad}");
    }
    // What the policy draws is not what the record says is drawn.
    let text = lines(&["a"])
        .announce(commitment(CODE), 1, None)
        .unwrap()
        .to_string();
    let error = text
        .replace("drawn: lines", "drawn: units")
        .parse::<Announcement>();
    assert_eq!(error, Err(Error::BadRecord { field: "drawn" }));
    for rule in [
        "policy: first_come",
        "policy: draw_the_queue:partial",
        "policy: fifo",
    ] {
        assert!(
            text.replace("policy: draw_the_queue", rule)
                .parse::<Announcement>()
                .is_err()
        );
    }
    assert!(
        text.replace("draw: 1", "draw: 65537")
            .parse::<Announcement>()
            .is_err()
    );
}

#[cfg(feature = "serde")]
#[test]
fn a_record_is_data_too() {
    let required = lines(&["a", "b"]);
    let draw = drawn(&required);
    let json = serde_json::to_string(&draw).unwrap();
    assert_eq!(serde_json::from_str::<Draw>(&json).unwrap(), draw);
    let announced = serde_json::to_string(draw.announcement()).unwrap();
    assert_eq!(
        &serde_json::from_str::<Announcement>(&announced).unwrap(),
        draw.announcement()
    );
    let pulse = serde_json::to_string(draw.pulse().unwrap()).unwrap();
    assert_eq!(
        &serde_json::from_str::<Pulse>(&pulse).unwrap(),
        draw.pulse().unwrap()
    );
    assert!(serde_json::from_str::<Pulse>("[1,\"\"]").is_err());
    // A forged file is as little a draw as a forged text.
    let code: String = CODE.iter().map(|byte| format!("{byte:02x}")).collect();
    let forged = json.replace(&code, &code.replace('6', "7"));
    assert!(forged != json && serde_json::from_str::<Draw>(&forged).is_err());
    assert!(serde_json::from_str::<Draw>(&json.replace("\"lines\"", "\"units\"")).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The order of those who are on both lists is the same in both draws, whoever joins or leaves.
    #[test]
    fn adding_or_removing_an_order_reshuffles_nobody(
        labels in proptest::collection::vec("[a-z#0-9 é]{1,6}", 0..24),
        stays in proptest::collection::vec(any::<bool>(), 24),
        joined in proptest::collection::vec("[a-z#0-9 é]{1,6}", 0..4),
        code in proptest::collection::vec(any::<u8>(), 16..40),
        beacon in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        let order = |labels: &[&str]| {
            let required = lines(labels);
            let announced = required.announce(commitment(&code), 1, Some(1)).unwrap();
            let draw = announced.reveal(&code, Some(Pulse::new(1, &beacon).unwrap())).unwrap();
            (draw.order(&required).unwrap(), draw.lots(&required).unwrap())
        };
        let all: Vec<&str> = labels.iter().map(String::as_str).collect();
        let left = all.iter().zip(&stays).filter(|(_, stays)| **stays).map(|(label, _)| *label);
        let after: Vec<&str> = left.chain(joined.iter().map(String::as_str)).collect();
        let (before_order, before_lots) = order(&all);
        let (after_order, after_lots) = order(&after);
        let on_both = |order: &[String], other: &[&str]| -> Vec<String> {
            order.iter().filter(|it| other.contains(&it.as_str())).cloned().collect()
        };
        prop_assert_eq!(on_both(&before_order, &after), on_both(&after_order, &all));
        for (label, lot) in all.iter().zip(&before_lots) {
            for (again, same) in after.iter().zip(&after_lots) {
                prop_assert!(label != again || lot == same);
            }
        }
        // The lots say the same as the order, and one label has one lot.
        let mut by_lot: Vec<(i64, &str)> = before_lots.iter().copied().zip(all).collect();
        by_lot.sort_unstable();
        by_lot.dedup();
        let by_lot: Vec<&str> = by_lot.into_iter().map(|(_, label)| label).collect();
        prop_assert_eq!(by_lot, before_order);
    }
}

/// Code and beacon both decide, and so does every byte of a label: nothing is cut off or ignored.
#[test]
fn every_input_of_a_position_counts() {
    let position =
        |code: &[u8], beacon: &[u8], label| DrawKey::new(code, beacon).unwrap().position(label);
    let known = position(CODE, b"beacon", "label");
    for other in [
        position(&CODE[..31], b"beacon", "label"),
        position(CODE, b"beacoN", "label"),
        position(CODE, b"", "label"),
        position(CODE, b"beacon", "label "),
        position(CODE, b"beacon", "Label"),
        position(CODE, b"beacon", "label\u{1}"),
    ] {
        assert_ne!(other, known);
    }
}

/// The programs that DRAW.md shows, run as it shows them on the record it shows.
const PAGE: &str = include_str!("../DRAW.md");

fn block(language: &str) -> &'static str {
    let start = format!("```{language}\n");
    let block = PAGE.split(&start).nth(1).expect("the block");
    block.split("```").next().expect("its end")
}

/// A folder with the two files that both programs read.
fn folder(name: &str, record: &str, labels: &[&str]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("draw.txt"), record).unwrap();
    fs::write(folder.join("labels.txt"), labels.join("\n") + "\n").unwrap();
    folder
}

/// What a program prints; `None`, loudly, where a tool is missing.
fn run(tools: &[&str], program: &[&str], folder: &PathBuf) -> Option<(bool, String)> {
    let is_there = |tool: &&str| {
        let mut look = Command::new("sh");
        look.args(["-c", &format!("command -v {tool}")])
            .stdout(Stdio::null());
        look.status().is_ok_and(|status| status.success())
    };
    if let Some(missing) = tools.iter().find(|tool| !is_there(tool)) {
        assert!(std::env::var("CI").is_err(), "{missing} is missing");
        eprintln!("NOT RUN: the program of DRAW.md needs {missing}, which is missing here");
        return None;
    }
    let output = Command::new(program[0])
        .args(&program[1..])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Some((output.status.success(), text))
}

fn positions(draw: &Draw, required: &DrawRequired) -> String {
    let order = draw.order(required).unwrap();
    let line = |label: &String| format!("{} {label}\n", draw.position(label));
    order.iter().map(line).collect()
}

const LABELS: [&str; 4] = ["order-1003", "order-1001", "order-1004", "order-1002"];

/// The record of the page, and one with other labels, no beacon and the second code of a chain.
fn records() -> [(&'static str, String, Vec<&'static str>); 2] {
    let labels = vec!["#7 é", "a  b ", "$(x)", "%s\\n", "#7 é", "-n"];
    let required = lines(&labels);
    let chain = HashChain::new(CODE, 3).unwrap();
    let announced = required.announce(chain.commitment(), 2, None).unwrap();
    let draw = announced.reveal(&chain.code(2).unwrap(), None).unwrap();
    [
        ("shown", block("text").into(), LABELS.into()),
        ("odd", draw.to_string(), labels),
    ]
}

#[test]
fn the_record_of_the_page_is_a_draw_of_its_labels() {
    let draw: Draw = block("text").parse().unwrap();
    assert_eq!(draw.to_string(), block("text"));
    assert_eq!(draw.announcement().list_hash(), lines(&LABELS).list_hash());
    let order = draw.order(&lines(&LABELS)).unwrap();
    assert_eq!(
        order,
        ["order-1003", "order-1002", "order-1004", "order-1001"]
    );
}

#[test]
fn the_python_program_of_the_page_computes_the_draw() {
    assert!(block("python").lines().count() <= 10, "ten lines");
    for (name, record, labels) in records() {
        let folder = folder(&format!("python-{name}"), &record, &labels);
        let Some(run_of) = run(&["python3"], &["python3", "-c", block("python")], &folder) else {
            return;
        };
        let required = lines(&labels);
        let draw: Draw = record.parse().unwrap();
        assert_eq!(run_of, (true, positions(&draw, &required)), "{name}");
        // It finds what does not fit.
        fs::write(folder.join("labels.txt"), "somebody else\n").unwrap();
        let other = run(&["python3"], &["python3", "-c", block("python")], &folder).unwrap();
        assert_eq!(other, (false, String::new()));
    }
}

#[test]
fn the_shell_program_of_the_page_computes_the_draw() {
    let tools = ["openssl", "sha256sum", "basenc", "sort", "sed", "tr", "cut"];
    for (name, record, labels) in records() {
        let folder = folder(&format!("shell-{name}"), &record, &labels);
        let Some((succeeded, text)) = run(&tools, &["sh", "-c", block("sh")], &folder) else {
            return;
        };
        let (required, draw) = (lines(&labels), record.parse::<Draw>().unwrap());
        let hashes = [required.list_hash(), commitment(draw.code())].map(|it| format!("{it}  -\n"));
        let expected = hashes.concat() + &positions(&draw, &required);
        assert_eq!((succeeded, text), (true, expected), "{name}");
    }
}
