//! The program `allocator-demo`: read, decide, audit, print, write; and whom to cancel if no more comes.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use allocator_core::{Completeness, CutMethod, Policy};
use clap::Parser;

use crate::args::{Args, Command, Source};
use crate::cancel_page;
use crate::decision::Decision;
use crate::failure::Failure;
use crate::fault::Faults;
use crate::input::Input;
use crate::methods::methods;
use crate::names::shown;
use crate::output;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::standing::Standing;
use crate::summary;
use crate::terms::{self, Terms};

/// Runs the program on its command line.
#[must_use]
pub fn main() -> ExitCode {
    let args = Args::parse();
    let (text, in_order) = match run(&args) {
        Ok(done) => done,
        Err(failure) => {
            say(&format!("{failure}\nnothing was written\n"));
            return ExitCode::FAILURE;
        }
    };
    if let Err(failure) = print(&text) {
        say(&format!("{failure}\n"));
        return ExitCode::FAILURE;
    }
    if in_order {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What to print, and whether everything was in order.
fn run(args: &Args) -> Result<(String, bool), Failure> {
    match &args.command {
        None => allocate(args),
        Some(Command::CancelPlan {
            source,
            policy,
            out,
        }) => cancel_plan(source, *policy, out),
        Some(Command::Compare { source, policies }) => compare(source, policies),
    }
}

/// The main job, and with `--with-plan` what becomes of it if no more arrives.
fn allocate(args: &Args) -> Result<(String, bool), Failure> {
    let policy = args.policy();
    let Some(read) = Read::new(&args.source, &policy, args.with_plan)? else {
        return Ok((String::new(), false));
    };
    let input = &read.input;
    let decision = Decision::new(read.standing(), policy)?;
    let mut text = summary::text(&read.title, read.as_of, input, &decision)?;
    let plan = args
        .with_plan
        .then(|| if_no_more(input, &decision, &mut text));
    let plan = plan.transpose()?;
    let (out, progress) = (&args.out, read.progress);
    let files = output::write(
        out,
        input,
        &decision,
        plan.as_ref().map(Option::as_ref),
        progress,
    )?;
    text.push_str(&written(out, &files));
    Ok((text, read.in_order))
}

/// Tells what every rule would cut, and plans by the policy of the main job.
fn if_no_more(
    input: &Input,
    decision: &Decision,
    text: &mut String,
) -> Result<Option<Plan>, Failure> {
    let (standing, method) = (&decision.standing, decision.policy.into());
    if decision.unserved().is_empty() {
        text.push_str("\nIf no more arrives, nobody loses a unit.\n");
        return Ok(None);
    }
    let terms = Terms::new(input, standing);
    let compared = cancel_page::comparison(input, standing, &terms, &methods(&terms))?;
    text.push_str(&format!(
        "\nIf no more arrives, by every rule that needs no draw:\n\n{compared}\n"
    ));
    match Plan::new(input, standing, &terms, method) {
        Ok(plan) => {
            text.push_str(&cancel_page::plan(input, standing, &terms, &plan)?);
            Ok(Some(plan))
        }
        Err(refused @ Failure::Method { .. }) => {
            text.push_str(&format!("{refused}\n"));
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// Whom to cancel, by one method.
fn cancel_plan(source: &Source, method: CutMethod, out: &Path) -> Result<(String, bool), Failure> {
    let policy = match method {
        CutMethod::Policy(policy) => policy,
        _ => Policy::first_come(),
    };
    let Some(read) = Read::new(source, &policy, true)? else {
        return Ok((String::new(), false));
    };
    let (input, standing) = (&read.input, read.standing());
    let terms = Terms::new(input, &standing);
    let plan = Plan::new(input, &standing, &terms, method)?;
    let mut text = format!("{}\n", read.heading());
    text.push_str(&cancel_page::plan(input, &standing, &terms, &plan)?);
    let files = output::write_plan(out, input, &standing, &plan)?;
    text.push_str(&written(out, &files));
    Ok((text, read.in_order))
}

/// The rules side by side.
fn compare(source: &Source, named: &[CutMethod]) -> Result<(String, bool), Failure> {
    let Some(read) = Read::new(source, &Policy::first_come(), true)? else {
        return Ok((String::new(), false));
    };
    let (input, standing) = (&read.input, read.standing());
    let terms = Terms::new(input, &standing);
    let all = methods(&terms);
    let named = if named.is_empty() { &all } else { named };
    let mut text = format!("{}\n\n", read.heading());
    text.push_str(&cancel_page::comparison(input, &standing, &terms, named)?);
    Ok((text, read.in_order))
}

fn written(out: &Path, files: &[&str]) -> String {
    format!("written to {}: {}\n", out.display(), files.join(", "))
}

/// A folder whose faults were told.
struct Read {
    title: String,
    input: Input,
    as_of: Option<i64>,
    in_order: bool,
    progress: Progress,
}

impl Read {
    /// `None` where the faults allow no result.
    fn new(source: &Source, policy: &Policy, with_terms: bool) -> Result<Option<Self>, Failure> {
        let folder = source.input.clone();
        let folder = folder.unwrap_or_else(|| data().join("drop400"));
        let progress = Progress::new(!source.no_progress);
        let mut input = Input::read(&folder, policy, progress, with_terms)?;
        let whole_orders = policy.completeness == Completeness::Order;
        if with_terms && !input.faults.is_unusable() {
            let as_of = source.as_of.or_else(|| input.latest());
            terms::check(&mut input, as_of, whole_orders);
        }
        let in_order = input.faults.is_empty();
        report(&mut input.faults, source.keep_going, whole_orders);
        if input.faults.is_unusable() || (!in_order && !source.keep_going) {
            return Ok(None);
        }
        let as_of = source.as_of.or_else(|| input.latest());
        let title = folder.file_name().map_or_else(
            || folder.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        Ok(Some(Self {
            title,
            input,
            as_of,
            in_order,
            progress,
        }))
    }

    /// What counts at the instant.
    fn standing(&self) -> Standing {
        Standing::at(&self.input, self.as_of, true)
    }

    fn heading(&self) -> String {
        let title = shown(&self.title);
        format!("{title}, {}", summary::moment(self.as_of))
    }
}

/// Every faulty row, and what becomes of the rest.
fn report(faults: &mut Faults, keep_going: bool, whole_orders: bool) {
    if faults.is_empty() {
        return;
    }
    let mut text = String::new();
    let (rows, nameless) = (faults.rows(), faults.nameless());
    let unusable = faults.is_unusable();
    for fault in faults.sorted() {
        text.push_str(&format!("{fault}\n"));
    }
    let rows = if rows == 1 {
        "1 faulty row".to_owned()
    } else {
        format!("{rows} faulty rows")
    };
    text.push_str(&match (unusable, keep_going) {
        (true, _) => {
            format!("{rows}; without its columns a file is of no use: nothing was written\n")
        }
        (false, false) => {
            format!("{rows}: nothing was written (--keep-going uses the good ones)\n")
        }
        (false, true) => format!("{rows} left out\n"),
    });
    if keep_going && nameless > 0 && whole_orders {
        text.push_str(&format!(
            "{nameless} of them without a readable order_id: an order may ship without its line\n"
        ));
    }
    say(&text);
}

/// The folder of the example data: beside the source where that is still there, else from where the
/// program is called.
fn data() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    if built.is_dir() {
        built
    } else {
        PathBuf::from("examples/data")
    }
}

/// Prints to standard output; whoever stops reading has read enough.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::file("standard output")(error))
        }
        _ => Ok(()),
    }
}

/// Prints to standard error, where there is nobody to tell if that fails.
pub(crate) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
