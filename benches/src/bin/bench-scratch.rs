//! Prints the bytes that `allocate_into` asks for at most at one time, beside input and output.

use std::path::PathBuf;

use allocator_benches::table::Table;
use allocator_benches::{Answers, policy};
use clap::Parser;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Measures memory on a table that bench-engine has drawn.
#[derive(Parser)]
struct Arguments {
    /// The table's folder.
    #[arg(long)]
    table: PathBuf,
    /// A rule, or `priority`.
    #[arg(long)]
    rule: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let table = Table::read(&arguments.table)?;
    let (supply, mut answers) = (table.supply(), Answers::of(table.sku.len()));
    let (policy, with_priority) = policy(&arguments.rule)?;
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    answers.fill(&table.columns(with_priority), &supply, &policy)?;
    println!("{}", MEMORY.peak_usage() - before);
    Ok(())
}
