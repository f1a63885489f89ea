//! Names the shared library for the loader: as the file that Cargo writes, so that a program linked
//! against it finds it there. A package sets `ALLOCATOR_PACKAGED=1` and installs it by its number,
//! `liballocator.so.0`, which rises when the interface breaks.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=ALLOCATOR_PACKAGED");
    let packaged = std::env::var_os("ALLOCATOR_PACKAGED").is_some_and(|it| it == "1");
    let number = if packaged { ".0" } else { "" };
    let argument = match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("windows") => return,
        Ok("macos" | "ios") => format!("-Wl,-install_name,@rpath/liballocator{number}.dylib"),
        _ => format!("-Wl,-soname,liballocator.so{number}"),
    };
    println!("cargo:rustc-cdylib-link-arg={argument}");
}
