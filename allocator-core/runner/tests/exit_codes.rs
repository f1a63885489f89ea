//! The program: what it prints, and its exit code.

use std::path::PathBuf;
use std::process::{Command, Output};

const GOOD: &str = r#"{"cases": [
    {"id": "a", "kind": "allocate", "given": {
        "lines": [{"line": "L1", "sku": "A", "quantity": 2}],
        "supply": [{"supply": "S1", "sku": "A", "quantity": 1}]}, "expect": {"allocated": [1]}},
    {"id": "b\nc", "kind": "waterfall", "given": {}, "expect": {}}
]}"#;

#[test]
fn nothing_failed_is_0() {
    let output = run("good", GOOD);
    let text = "pass a\nunsupported b\\nc: kind waterfall\n1 passed, 0 failed, 1 unsupported\n";
    assert_eq!(outcome(&output), (Some(0), text.into(), String::new()));
}

#[test]
fn a_failure_is_1() {
    let output = run("bad", &GOOD.replace("[1]", "[2]"));
    let text = "FAIL a: allocated[0]: expected 2, got 1\n\
                unsupported b\\nc: kind waterfall\n0 passed, 1 failed, 1 unsupported\n";
    assert_eq!(outcome(&output), (Some(1), text.into(), String::new()));
}

#[test]
fn no_vector_file_is_2_with_a_word() {
    let none = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("there-is-no-such-file.json");
    for output in [
        run("text", "not JSON"),
        run("object", "{}"),
        program().arg(none).output().unwrap(),
        program().arg(env!("CARGO_TARGET_TMPDIR")).output().unwrap(),
        program().output().unwrap(),
        program().args(["one", "two"]).output().unwrap(),
    ] {
        let (code, text, error) = outcome(&output);
        assert_eq!((code, text.as_str()), (Some(2), ""));
        assert!(
            error.lines().count() == 1 && !error.contains("panicked"),
            "{error}"
        );
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_vectors"))
}

fn run(name: &str, file: &str) -> Output {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, file).unwrap();
    program().arg(path).output().unwrap()
}

fn outcome(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}
