//! The programs in tests/php load the header and the library with `FFI::cdef`.
#![cfg(target_os = "linux")]

mod common;

use common::{Library, crate_folder, files, php, succeed};

#[test]
fn programs_run() {
    let library = Library::built("php");
    for source in files("tests/php", "php") {
        let Some(mut php) = php() else { return };
        php.arg(&source).env("ALLOCATOR_LIB", library.file()).env(
            "ALLOCATOR_HEADER",
            crate_folder().join("include/allocator.ffi.h"),
        );
        assert_eq!(succeed(&mut php), "ok\n", "{}", source.display());
    }
}
