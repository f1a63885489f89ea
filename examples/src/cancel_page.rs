//! What is printed of plans: the rules side by side, who loses under each, and one plan.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use allocator_core::{CutMethod, compare};

use crate::cut_sentence;
use crate::failure::Failure;
use crate::input::Input;
use crate::losers::{Loser, losers};
use crate::names::shown;
use crate::output::{CANCEL_LINES, CANCEL_PLAN};
use crate::plan::Plan;
use crate::standing::Standing;
use crate::summary::{beginning, counted, money, units};
use crate::terms::Terms;

/// Most customers named of those who lose as much, and most sizes of cuts told apart.
const NAMED: usize = 3;
const SIZES: usize = 3;
/// Most letters of a method's name in the table.
const NAME: usize = 30;
/// Most customers of a plan whose sentences are printed.
const SENTENCES: usize = 2;

/// The rules side by side, and who loses under each. A method that cannot plan says why.
pub(crate) fn comparison(
    input: &Input,
    standing: &Standing,
    terms: &Terms,
    methods: &[CutMethod],
) -> Result<String, Failure> {
    let (mut plans, mut refused) = (Vec::new(), Vec::new());
    for &method in methods {
        match Plan::new(input, standing, terms, method) {
            Ok(plan) => plans.push(plan),
            Err(Failure::Method { method, reason }) => refused.push((method, reason)),
            Err(other) => return Err(other),
        }
    }
    let planned: Vec<CutMethod> = plans.iter().map(|plan| plan.plan.method()).collect();
    let mut text = String::new();
    if !planned.is_empty() {
        let lines = standing.columns();
        let terms = terms.of(CutMethod::default());
        let side_by_side = compare(&lines, &standing.supply, terms, &planned, None)?;
        let names: Vec<String> = planned.iter().map(ToString::to_string).collect();
        let table = narrow(&side_by_side.to_string(), &names);
        let _ = write!(text, "{table}\nWho loses, the largest cut first:\n");
        for (names, plan) in alike(&names, &plans) {
            let who = who_loses(input, standing, plan);
            let _ = writeln!(text, "  {names}\n    {who}");
        }
    }
    for (method, reason) in refused {
        let _ = writeln!(text, "Not compared, {method}: {}", shown(&reason));
    }
    if let Some((count, line)) = terms.unpriced {
        let count = counted(count, "line has", "lines have");
        let _ = writeln!(
            text,
            "No refunds: {count} no price, the first in line {line} of demand.csv"
        );
    }
    Ok(text)
}

/// The table with long names cut short, as they stand in full below it: so that it fits a screen.
fn narrow(table: &str, names: &[String]) -> String {
    let cut: Vec<String> = names.iter().map(|name| short(name)).collect();
    let distinct: BTreeSet<&String> = cut.iter().collect();
    let width = names.iter().map(String::len).max().unwrap_or(0);
    if width <= NAME || distinct.len() < names.len() {
        return table.to_owned();
    }
    let mut narrow = String::new();
    for line in table.lines() {
        let (name, figures) = line.split_at_checked(width).unwrap_or((line, ""));
        let name = short(name.trim_end());
        let _ = writeln!(narrow, "{name:<NAME$}{figures}");
    }
    narrow
}

fn short(name: &str) -> String {
    if name.len() <= NAME {
        return name.to_owned();
    }
    let begin: String = name.chars().take(NAME - 3).collect();
    format!("{begin}...")
}

/// Methods that keep the same of every line, under their joined names.
fn alike<'a>(names: &[String], plans: &'a [Plan]) -> Vec<(String, &'a Plan)> {
    let mut groups: Vec<(String, &Plan)> = Vec::new();
    for (name, plan) in names.iter().zip(plans) {
        let mut known = groups.iter_mut();
        match known.find(|(_, known)| known.plan.kept() == plan.plan.kept()) {
            Some((names, _)) => names.push_str(&format!(", {name}")),
            None => groups.push((name.clone(), plan)),
        }
    }
    groups
}

/// `4 customers lose 2 (A, B, C, …), 12 lose 1 (D, E, F, …)`.
fn who_loses(input: &Input, standing: &Standing, plan: &Plan) -> String {
    let mut by_size: BTreeMap<i128, Vec<Loser>> = BTreeMap::new();
    for loser in losers(standing, &plan.plan) {
        by_size.entry(loser.cut).or_default().push(loser);
    }
    if by_size.is_empty() {
        return "nobody".into();
    }
    let mut parts = Vec::new();
    let mut rest = 0;
    for (index, (size, losers)) in by_size.iter().rev().enumerate() {
        if index >= SIZES {
            rest += losers.len();
            continue;
        }
        let names = losers.iter().take(NAMED);
        let mut names: Vec<String> = names
            .map(|loser| shown(&loser.name(input, standing)))
            .collect();
        if losers.len() > NAMED {
            names.push("…".into());
        }
        let who = match index {
            0 => counted(losers.len(), "customer", "customers"),
            _ => losers.len().to_string(),
        };
        let lose = if losers.len() == 1 { "loses" } else { "lose" };
        parts.push(format!("{who} {lose} {size} ({})", names.join(", ")));
    }
    if rest > 0 {
        parts.push(format!("{} less", counted(rest, "more loses", "more lose")));
    }
    parts.join(", ")
}

/// One plan in figures, with the first customers and what they are told.
pub(crate) fn plan(
    input: &Input,
    standing: &Standing,
    terms: &Terms,
    plan: &Plan,
) -> Result<String, Failure> {
    let sums = plan.plan.totals();
    let losers = losers(standing, &plan.plan);
    let all = losers.iter().filter(|loser| loser.loses_all()).count();
    let mut text = format!("If no more arrives, by {}:\n", plan.plan.method());
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "  {:<12}{} of {} in {} of {}; {all} of them lose everything",
        "cut",
        sums.cut,
        units(sums.ordered),
        counted(sums.lines_cut, "line", "lines"),
        counted(losers.len(), "customer", "customers"),
    );
    let currency = input.demand.terms.currency();
    let currency = currency.map_or_else(String::new, |name| format!(", {}", shown(name)));
    if let Some(refund) = sums.refund {
        let _ = writeln!(text, "  {:<12}{}{currency}", "refund", money(refund));
    } else if let Some((count, line)) = terms.unpriced {
        let count = counted(count, "line has", "lines have");
        let _ = writeln!(
            text,
            "  {:<12}unknown: {count} no price, the first in line {line} of demand.csv",
            "refund"
        );
    }
    for (label, amount, what) in [
        ("volunteered", sums.volunteered, "that customers offered"),
        (
            "credit",
            sums.credit_spent,
            "kept by credit, which is spent",
        ),
        ("idle", sums.idle, "that nobody keeps"),
    ] {
        if amount > 0 {
            let _ = writeln!(text, "  {label:<12}{} {what}", units(amount));
        }
    }
    if sums.compensation > 0 {
        let amount = money(sums.compensation);
        let _ = writeln!(text, "  {:<12}{amount}{currency} for offers", "to pay");
    }
    let outstanding = standing.supply.len() - standing.receipts_come;
    if outstanding > 0 {
        let _ = writeln!(
            text,
            "  {:<12}{} taken as never to come",
            "outstanding",
            counted(outstanding, "receipt", "receipts")
        );
    }
    if let Some(one_off) = plan.plan.one_off() {
        let _ = writeln!(
            text,
            "  {:<12}good for this moment only: one unit more can turn it over ({})",
            "one-off",
            one_off.sentence()
        );
    }
    let _ = writeln!(text, "  {:<12}{}", "digest", plan.digest(input, standing));
    let _ = writeln!(text, "  {:<12}{}", "checked", plan.checked);
    for loser in losers.iter().take(SENTENCES) {
        let name = shown(&loser.name(input, standing));
        let said = shown(&cut_sentence::of_customer(plan, input, standing, loser)?);
        let _ = writeln!(text, "  {name}: {}", beginning(&said, CANCEL_PLAN));
    }
    match losers.len().checked_sub(SENTENCES) {
        Some(more) if more > 0 => {
            let _ = writeln!(
                text,
                "  and {more} more: {CANCEL_PLAN} has every customer, {CANCEL_LINES} every line"
            );
        }
        _ => {}
    }
    Ok(text)
}
