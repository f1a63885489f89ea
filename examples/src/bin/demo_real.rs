//! `demo-real [DATA]`: real order streams through the same code, compared with published results.

use std::process::ExitCode;

fn main() -> ExitCode {
    allocator_examples::real::main()
}
