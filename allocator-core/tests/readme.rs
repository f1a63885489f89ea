//! The README shows the programs that run, and its table of guarantees and the tests of the laws name each other.

use std::collections::BTreeSet;

const README: &str = include_str!("../../README.md");
const LAWS: &str = include_str!("a_laws.rs");
/// Files of tests that hold laws of single rooms beside tests of other kinds.
const ROOMS: [&str; 5] = [
    include_str!("cancel.rs"),
    include_str!("selection.rs"),
    include_str!("lottery.rs"),
    include_str!("chances.rs"),
    include_str!("verify_plan.rs"),
];

/// The names in backticks of the last column of the table under "What is guaranteed".
fn promised() -> BTreeSet<&'static str> {
    let section = README
        .split("## What is guaranteed")
        .nth(1)
        .expect("the section");
    let section = section.split("\n## ").next().expect("its end");
    let rows = section
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'));
    rows.flat_map(|row| {
        row.rsplit('|')
            .nth(1)
            .expect("a last column")
            .split('`')
            .skip(1)
            .step_by(2)
    })
    .collect()
}

/// The test functions of a file.
fn tested(file: &'static str) -> BTreeSet<&'static str> {
    let functions = file
        .split("#[test]")
        .skip(1)
        .filter_map(|text| text.split("fn ").nth(1));
    functions
        .filter_map(|text| text.split(['(', '<']).next())
        .map(str::trim)
        .collect()
}

/// The example programs that the README shows, by the language of the block.
const SHOWN: [(&str, &str); 4] = [
    ("rust", include_str!("../../examples/rust/drop.rs")),
    ("python", include_str!("../../examples/python/drop.py")),
    ("c", include_str!("../../examples/c/drop.c")),
    ("php", include_str!("../../examples/php/drop.php")),
];

#[test]
fn the_examples_shown_are_the_examples_run() {
    for (language, program) in SHOWN {
        let block = format!("```{language}\n{}\n```", program.trim_end());
        assert!(
            README.contains(&block),
            "the {language} block differs from the program"
        );
    }
}

#[test]
fn every_guarantee_is_a_test_and_every_law_is_promised() {
    let (promised, laws) = (promised(), tested(LAWS));
    assert!(
        promised.len() >= 12,
        "the table was not found: {promised:?}"
    );
    let missing: Vec<_> = laws.difference(&promised).collect();
    assert!(missing.is_empty(), "not in the table: {missing:?}");
    let mut known = laws;
    known.extend(ROOMS.into_iter().flat_map(tested));
    let untested: Vec<_> = promised.difference(&known).collect();
    assert!(untested.is_empty(), "no such test: {untested:?}");
}
