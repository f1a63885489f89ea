//! `allocator-demo [INPUT]`: who gets what, and why.

use std::process::ExitCode;

fn main() -> ExitCode {
    allocator_examples::demo::main()
}
