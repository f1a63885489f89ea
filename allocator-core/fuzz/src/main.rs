//! The fuzz target of rules and plans. Built by `.ci/fuzz` it is libFuzzer's; otherwise it runs the files
//! it is given once, so that what was found can be looked at with any debugger.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = allocator_fuzz::run(bytes);
});

#[cfg(not(fuzzing))]
fn main() -> std::io::Result<()> {
    for path in std::env::args_os().skip(1) {
        let bytes = std::fs::read(&path)?;
        println!(
            "{}: {:#?}",
            path.display(),
            allocator_fuzz::Case::read(&bytes)
        );
        println!("{:?}", allocator_fuzz::run(&bytes));
    }
    Ok(())
}
