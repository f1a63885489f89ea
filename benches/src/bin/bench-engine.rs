//! The Rust side of `make bench`: draws the tables, then answers requests, one JSON line each, so
//! that our engine and its rivals take turns with those of the Python side.

use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::time::Instant;

use allocator_benches::clock::cpu_ns;
use allocator_benches::table::{Ids, Table, Times};
use allocator_benches::{Answers, npy, policy, rival};
use allocator_core::Supply;
use clap::{Parser, ValueEnum};
use serde::{Deserialize, Serialize};

/// Draws tables and times engines on them.
#[derive(Parser)]
enum Arguments {
    /// Draws a table and writes it into a folder.
    Draw {
        /// Demand lines.
        #[arg(long)]
        lines: usize,
        /// SKUs.
        #[arg(long)]
        skus: u32,
        /// When lines are placed.
        #[arg(long, value_enum)]
        times: Times,
        /// Which ids SKUs have.
        #[arg(long, value_enum, default_value = "dense")]
        ids: Ids,
        /// The folder.
        #[arg(long)]
        out: PathBuf,
    },
    /// Answers requests on standard input until it ends.
    Serve {
        /// The table's folder.
        #[arg(long)]
        table: PathBuf,
    },
}

/// One way to fill the awards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
enum Engine {
    /// `allocate_into` over columns.
    Allocator,
    /// `sort_unstable` over packed keys.
    Packed,
    /// `sort_unstable` over (time, sequence, row).
    Tuples,
    /// Percentages by two heaps.
    Heaps,
}

#[derive(Deserialize)]
struct Request {
    engine: Engine,
    rule: String,
    repeat: u32,
    /// Where to write the awards.
    answer: Option<PathBuf>,
}

#[derive(Serialize)]
struct Reply {
    cpu_ns: i64,
    wall_ns: u128,
    /// Whether the awards are those of the first request.
    same: bool,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match Arguments::parse() {
        Arguments::Draw {
            lines,
            skus,
            times,
            ids,
            out,
        } => Ok(Table::draw(lines, skus, times, ids).write(&out)?),
        Arguments::Serve { table } => serve(&Table::read(&table)?),
    }
}

fn serve(table: &Table) -> Result<(), Box<dyn std::error::Error>> {
    let mut stage = Stage::new(table);
    let mut first: Option<(String, Vec<i64>)> = None;
    for line in io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        stage.answers.allocated.fill(-1);
        let (cpu, wall) = (cpu_ns(), Instant::now());
        for _ in 0..request.repeat {
            stage.run(request.engine, &request.rule)?;
        }
        let (cpu_ns, wall_ns) = (cpu_ns() - cpu, wall.elapsed().as_nanos());
        if first.as_ref().is_none_or(|(rule, _)| *rule != request.rule) {
            first = Some((request.rule.clone(), stage.answers.allocated.clone()));
        }
        let same = first
            .as_ref()
            .is_some_and(|(_, awards)| *awards == stage.answers.allocated);
        if let Some(path) = request.answer {
            npy::write(&path, &stage.answers.allocated)?;
        }
        let reply = Reply {
            cpu_ns,
            wall_ns,
            same,
        };
        writeln!(io::stdout(), "{}", serde_json::to_string(&reply)?)?;
    }
    Ok(())
}

/// A table with room for the answers.
struct Stage<'a> {
    table: &'a Table,
    supply: Vec<Supply>,
    answers: Answers,
}

impl<'a> Stage<'a> {
    fn new(table: &'a Table) -> Self {
        Self {
            table,
            supply: table.supply(),
            answers: Answers::of(table.sku.len()),
        }
    }

    fn run(&mut self, engine: Engine, rule: &str) -> Result<(), Box<dyn std::error::Error>> {
        let (policy, with_priority) = policy(rule)?;
        let (table, answers) = (black_box(self.table), &mut self.answers);
        match engine {
            Engine::Allocator => {
                answers.fill(&table.columns(with_priority), &self.supply, &policy)?
            }
            Engine::Packed => rival::packed(table, with_priority, &mut answers.allocated),
            Engine::Tuples => rival::tuples(table, with_priority, &mut answers.allocated),
            Engine::Heaps => rival::heaps(table, &mut answers.allocated),
        }
        black_box(&mut answers.allocated);
        Ok(())
    }
}
