//! The command line of `allocator-demo`.

use std::path::PathBuf;

use allocator_core::{Completeness, CutMethod, Misfit, Policy};
use clap::{Parser, Subcommand};

use crate::instant;

/// Who gets what, and why: order lines and receipts in, an exact and audited allocation out.
///
/// Exit codes: 0 done; 1 something is wrong with the files (with --keep-going the result is written
/// all the same); 2 something is wrong with the command line.
#[derive(Debug, Parser)]
#[command(
    name = "allocator-demo",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) source: Source,

    /// Who is served first: first_come; or all of it in one, as in first_come:line:pass or, with the
    /// order of places, first_come:order:set_aside:quantity+placed_at+sequence
    #[arg(long, default_value = "first_come", value_name = "RULE")]
    policy: Policy,

    /// What may ship in part: partial, line or order
    #[arg(long)]
    completeness: Option<Completeness>,

    /// What a line or order does that ships whole and does not fit: set_aside or pass
    #[arg(long)]
    misfit: Option<Misfit>,

    /// The folder to write allocations.csv, waiting.csv and explanations.jsonl into, and
    /// overtakes.csv where somebody was overtaken
    #[arg(long, default_value = OUT, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// Then, in case no more arrives: compare all rules that need no draw, and plan the cancellations
    /// by this policy, as the commands compare and cancel-plan do
    #[arg(long)]
    pub(crate) with_plan: bool,
}

/// Where results go that nobody named a place for.
const OUT: &str = "allocator-out";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Whom to cancel, and what to pay back and to say, when no more arrives
    CancelPlan {
        #[command(flatten)]
        source: Source,

        /// Who is cut: a policy, as in one_each_per_round or first_come:order:set_aside;
        /// largest_remainder; or whole_orders(AIM), of fewest_customers, exact, least_refund and
        /// least_overshoot
        #[arg(long, default_value = "first_come", value_name = "METHOD")]
        policy: CutMethod,

        /// The folder to write cancel_plan.csv and cancel_lines.csv into
        #[arg(long, default_value = OUT, value_name = "DIR")]
        out: PathBuf,
    },
    /// The same shortage under several rules, side by side, and who loses under each
    Compare {
        #[command(flatten)]
        source: Source,

        /// The rules, parted by commas; without it all that need no draw
        #[arg(long, value_name = "METHODS", value_delimiter = ',')]
        policies: Vec<CutMethod>,
    },
}

/// What is read, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Source {
    /// Folder with demand.csv, receipts.csv and, where there is one, cancellations.csv; each may be
    /// packed as .csv.gz. Without it: drop400, a launch evening of 400 orders.
    pub(crate) input: Option<PathBuf>,

    /// The instant to look from, like 2026-10-09T18:00:00Z; without it the latest one in the files
    #[arg(long, value_name = "INSTANT", value_parser = instant::read)]
    pub(crate) as_of: Option<i64>,

    /// Use the good rows where others are faulty; the exit code is 1 all the same
    #[arg(long)]
    pub(crate) keep_going: bool,

    /// Show no progress bar
    #[arg(long)]
    pub(crate) no_progress: bool,
}

impl Args {
    /// The policy with what the other options change of it.
    pub(crate) fn policy(&self) -> Policy {
        let Policy {
            completeness,
            on_misfit,
            ..
        } = self.policy;
        self.policy
            .completeness(self.completeness.unwrap_or(completeness))
            .on_misfit(self.misfit.unwrap_or(on_misfit))
    }
}
