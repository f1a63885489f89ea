//! What the shared library exports, and the name it answers to.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::process::Command;

use common::{Library, crate_folder, scratch_folder, succeed};

#[test]
fn the_exported_symbols_are_the_listed_ones() {
    let library = Library::built("symbols");
    let mut nm = Command::new("nm");
    nm.args(["-D", "--defined-only", "--format=posix"]);
    let listing = succeed(nm.arg(library.file()));
    let mut symbols: Vec<&str> = listing
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    symbols.sort_unstable();
    let found: String = symbols.iter().flat_map(|symbol| [symbol, "\n"]).collect();
    let list = crate_folder().join("tests/symbols.txt");
    if std::env::var_os("UPDATE_SYMBOLS").is_some() {
        fs::write(&list, &found).unwrap();
    }
    let listed = fs::read_to_string(&list).unwrap_or_default();
    assert_eq!(found, listed, "UPDATE_SYMBOLS=1 rewrites tests/symbols.txt");
}

#[test]
fn every_listed_symbol_stands_in_the_header() {
    let header = fs::read_to_string(crate_folder().join("include/allocator.h")).unwrap();
    let listed = fs::read_to_string(crate_folder().join("tests/symbols.txt")).unwrap();
    let missing: Vec<&str> = listed
        .lines()
        .filter(|symbol| !header.contains(&format!("{symbol}(")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_loader_looks_for_the_file_that_cargo_makes() {
    let library = Library::built("soname");
    let mut readelf = Command::new("readelf");
    let dynamic = succeed(readelf.arg("-d").arg(library.file()));
    assert!(dynamic.contains("soname: [liballocator.so]"), "{dynamic}");
}

#[test]
fn a_package_names_the_library_by_its_number() {
    let program = scratch_folder("build_script").join("build_script");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut rustc = Command::new(rustc);
    rustc.args(["--edition", "2024", "-o"]).arg(&program);
    succeed(rustc.arg(crate_folder().join("build.rs")));
    let said = |packaged: &str, system: &str| {
        let mut script = Command::new(&program);
        script.env("ALLOCATOR_PACKAGED", packaged);
        succeed(script.env("CARGO_CFG_TARGET_OS", system))
    };
    assert!(said("1", "linux").contains("-soname,liballocator.so.0\n"));
    assert!(said("0", "linux").contains("-soname,liballocator.so\n"));
    assert!(said("1", "macos").contains("@rpath/liballocator.0.dylib\n"));
    assert!(said("", "macos").contains("@rpath/liballocator.dylib\n"));
    assert!(!said("1", "windows").contains("link-arg"));
}
