//! The programs in tests/c, in every dialect that the header promises, and under a memory watch.
#![cfg(target_os = "linux")]

mod common;

use std::process::Command;
use std::sync::OnceLock;

use common::{Language, Library, can_sanitize, crate_folder, files, succeed};

const WATCH: [&str; 3] = [
    "-std=c11",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];

/// Asked once: two tests that build the same probe would get in each other's way.
fn can_watch() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| can_sanitize(&WATCH))
}

#[test]
fn programs_run_in_every_dialect() {
    let library = Library::built("c_programs");
    let dialects = [
        (Language::C, "-std=c99"),
        (Language::C, "-std=c11"),
        (Language::C, "-std=c2x"),
        (Language::Cpp, "-std=c++17"),
    ];
    for source in files("tests/c", "c") {
        for (language, dialect) in dialects {
            let program = library.compile(&source, language, &[dialect]);
            let said = succeed(&mut Command::new(&program));
            assert_eq!(said, "ok\n", "{} {dialect}", source.display());
        }
    }
}

#[test]
fn programs_neither_leak_nor_stray() {
    if !can_watch() {
        eprintln!("SKIPPED: C tests under a memory watch; the compiler has no sanitizers");
        return;
    }
    let library = Library::built("c_watched");
    for source in files("tests/c", "c") {
        let program = library.compile(&source, Language::C, &WATCH);
        let said = succeed(&mut Command::new(&program));
        assert_eq!(said, "ok\n", "{}", source.display());
    }
}

#[test]
fn the_memory_watch_sees_a_leaked_handle() {
    if !can_watch() {
        return;
    }
    let library = Library::built("c_leak");
    let source = crate_folder().join("tests/c/leak/leak.c");
    let program = library.compile(&source, Language::C, &WATCH);
    let output = Command::new(&program).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains("LeakSanitizer"),
        "{said}"
    );
}
