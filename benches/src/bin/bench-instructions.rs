//! Instruction counts of the kernel, under valgrind, against those that are committed.
//!
//! Without arguments: runs every job under callgrind and compares. Counts do not flake where times
//! do; what they miss (caches, branches) `make bench` sees.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;

use allocator_benches::{Answers, Drop, policy};
use allocator_core::{DemandColumns, Error, Policy, Supply};
use clap::{Parser, Subcommand};
use serde::{Deserialize, Serialize};

/// Counts may rise by so many per cent.
const RISE: u64 = 2;
/// After a fall by so many, the committed count guards nothing: write it anew.
const FALL: u64 = 5;
/// Twice the lines take at most so many tenths of the instructions.
const DOUBLING_TENTHS: u64 = 23;

/// The C library picks its memory functions by the processor; these are on every x86-64, and none of
/// them uses instructions that valgrind counts byte by byte.
const SAME_LIBRARY: &str = "glibc.cpu.hwcaps=-AVX2,-AVX2_Usable,-AVX,-AVX_Fast_Unaligned_Load,\
-ERMS,-FSRM,-AVX512F,-AVX512VL,-AVX512BW";

/// A job at so many lines, and at twice as many.
struct Job {
    name: &'static str,
    rule: &'static str,
    lines: usize,
    skus: u32,
    sorted: bool,
}

const fn job(name: &'static str, rule: &'static str, lines: usize, skus: u32) -> Job {
    Job {
        name,
        rule,
        lines,
        skus,
        sorted: false,
    }
}

const JOBS: [Job; 10] = [
    job("queue, one SKU", "first_come", 10_000, 1),
    job("queue, many SKUs", "first_come", 10_000, 100),
    Job {
        sorted: true,
        ..job("queue, sorted", "first_come", 10_000, 100)
    },
    job("priority and queue", "priority", 10_000, 100),
    job("one each per round", "one_each_per_round", 4_000, 20),
    job("protect the first 2", "protect_first(2)", 4_000, 20),
    job("equal cuts", "equal_cuts", 4_000, 20),
    job("same percentage", "same_percentage", 4_000, 20),
    job(
        "same percentage, split-proof",
        "same_percentage_split_proof",
        4_000,
        20,
    ),
    job("a small drop", "first_come", 500, 1),
];

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Runs one job; valgrind counts what lies inside `measured`.
    Run {
        /// Its place in the list.
        job: usize,
        /// Twice the lines.
        #[arg(long)]
        twice: bool,
    },
    /// Compares all counts with a file, or writes it.
    Compare {
        /// The file.
        file: PathBuf,
        /// Write it.
        #[arg(long)]
        update: bool,
    },
}

/// The committed file.
#[derive(Serialize, Deserialize)]
struct Counts {
    /// Another compiler counts otherwise.
    compiler: String,
    /// Instructions by job and lines.
    jobs: BTreeMap<String, [u64; 2]>,
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    match Arguments::parse().what {
        What::Run { job, twice } => {
            let job = JOBS.get(job).ok_or("no such job")?;
            run(job, job.lines << u32::from(twice))?;
            Ok(ExitCode::SUCCESS)
        }
        What::Compare { file, update } => compare(&file, update),
    }
}

fn run(job: &Job, lines: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut drop = Drop::unsorted(lines, job.skus);
    if job.sorted {
        drop.placed_at.sort_unstable();
    }
    let (policy, with_priority) = policy(job.rule)?;
    let priority: Vec<i64> = drop.placed_at.iter().map(|time| time & 3).collect();
    let columns = DemandColumns {
        priority: with_priority.then_some(&priority[..]),
        ..drop.columns()
    };
    let mut answers = Answers::of(lines);
    Ok(measured(&mut answers, &columns, &drop.supply, &policy)?)
}

/// Its name is what valgrind is told to look for.
#[inline(never)]
fn measured(
    answers: &mut Answers,
    columns: &DemandColumns<'_>,
    supply: &[Supply],
    policy: &Policy,
) -> Result<(), Error> {
    answers.fill(black_box(columns), supply, policy)?;
    black_box(&mut answers.allocated);
    Ok(())
}

fn compare(file: &Path, update: bool) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut jobs = BTreeMap::new();
    let mut steep = false;
    for (index, job) in JOBS.iter().enumerate() {
        // Both at once: counts do not depend on who runs beside them.
        let counts = thread::scope(|scope| {
            let twice = scope.spawn(|| count(index, true));
            let once = count(index, false)?;
            let twice = twice
                .join()
                .map_err(|_| "a thread that counts has failed")?;
            Ok::<_, String>([once, twice?])
        })?;
        let [once, twice] = counts;
        if twice * 10 > once * DOUBLING_TENTHS {
            println!(
                "{}: {once} instructions at {} lines, {twice} at twice as many: steeper than a line",
                job.name, job.lines
            );
            steep = true;
        }
        jobs.insert(format!("{}, {} lines", job.name, job.lines), counts);
    }
    let counted = Counts {
        compiler: compiler()?,
        jobs,
    };
    if update {
        fs::write(file, serde_json::to_string_pretty(&counted)? + "\n")?;
        println!("written: {}", file.display());
        return Ok(if steep {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        });
    }
    let committed: Counts = serde_json::from_str(&fs::read_to_string(file)?)?;
    let risen = print_changes(&committed, &counted);
    if committed.compiler != counted.compiler {
        println!(
            "counted by {}, committed by {}: not comparable",
            counted.compiler, committed.compiler
        );
        return Ok(ExitCode::from(if steep { 1 } else { 3 }));
    }
    Ok(if steep || risen {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Prints each job with its change; whether one has risen too far or is on one side only.
fn print_changes(committed: &Counts, counted: &Counts) -> bool {
    let mut risen = false;
    for (name, now) in &counted.jobs {
        let Some(before) = committed.jobs.get(name) else {
            println!("{name}: not committed; UPDATE_INSTRUCTIONS=1 .ci/instructions writes it");
            risen = true;
            continue;
        };
        for (size, (&now, &before)) in ["n", "2n"].iter().zip(now.iter().zip(before)) {
            let thousandths = u128::from(now.abs_diff(before)) * 1000 / u128::from(before.max(1));
            let sign = if now < before { '-' } else { '+' };
            let word = if now * 100 > before * (100 + RISE) {
                risen = true;
                "  MORE than committed: mend it, or commit the count with the reason"
            } else if now * 100 < before * (100 - FALL) {
                "  less: UPDATE_INSTRUCTIONS=1 .ci/instructions keeps what was won"
            } else {
                ""
            };
            let (whole, tenths) = (thousandths / 10, thousandths % 10);
            println!("{name:44} {size:>3} {now:>12} {sign}{whole}.{tenths} %{word}");
        }
    }
    for name in committed
        .jobs
        .keys()
        .filter(|name| !counted.jobs.contains_key(*name))
    {
        println!("{name}: committed, but no longer counted");
        risen = true;
    }
    risen
}

/// Instructions of the job alone, without start and data.
fn count(job: usize, twice: bool) -> Result<u64, String> {
    let mut command = Command::new("valgrind");
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("GLIBC_TUNABLES", SAME_LIBRARY)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*bench_instructions*measured*")
        .arg(std::env::current_exe().map_err(|error| error.to_string())?)
        .args(["run", &job.to_string()]);
    if twice {
        command.arg("--twice");
    }
    let output = command.output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stderr);
    let total = text
        .lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    total
        .filter(|&total| output.status.success() && total > 0)
        .ok_or_else(|| format!("valgrind says: {text}"))
}

fn compiler() -> Result<String, Box<dyn std::error::Error>> {
    let output = Command::new("rustc").arg("-V").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
