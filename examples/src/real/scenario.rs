//! One scenario: its totals, its result with and without cancellations, its state at checkpoints.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use allocator_core::{Policy, allocate};
use serde_json::{Map, Value};

use super::by_sku;
use super::clock::measure;
use super::comparison::Comparison;
use super::plans;
use crate::decision::Decision;
use crate::failure::Failure;
use crate::figures::{Figures, digest};
use crate::input::Input;
use crate::instant;
use crate::progress::Progress;
use crate::standing::Standing;

/// Runs the scenario in this folder and compares it.
pub(super) fn run(folder: &Path) -> Result<Comparison, Failure> {
    let mut comparison = Comparison::default();
    let policy = Policy::first_come();
    let mut input = Input::read(folder, &policy, Progress::new(true), true)?;
    for fault in input.faults.sorted() {
        comparison.differ(fault.to_string());
    }
    if !comparison.agrees() {
        return Ok(comparison);
    }
    let path = folder.join("expected.json");
    let text = fs::read(&path).map_err(Failure::file(&path))?;
    let expected: Map<String, Value> =
        serde_json::from_slice(&text).map_err(|source| Failure::Json { path, source })?;
    for (what, value) in &expected {
        match (what.as_str(), value) {
            ("first_come", Value::Object(figures)) => {
                section(&mut comparison, &input, what, figures, false)?;
            }
            ("first_come_with_cancellations", Value::Object(figures)) => {
                section(&mut comparison, &input, what, figures, true)?;
            }
            _ => total(&mut comparison, &input, what, value),
        }
    }
    by_sku::compare(&mut comparison, folder, &input)?;
    plans::side_by_side(&mut comparison, &input, &Standing::at(&input, None, true))?;
    speed(&mut comparison, &input, policy)?;
    Ok(comparison)
}

/// A figure of the files themselves.
fn total(comparison: &mut Comparison, input: &Input, what: &str, expected: &Value) {
    let demand = &input.demand;
    let count = |number: usize| i128::try_from(number).unwrap_or(i128::MAX);
    let distinct = |ids: &[u32]| count(ids.iter().collect::<HashSet<_>>().len());
    let come = input
        .receipts
        .iter()
        .filter(|row| row.received_at.is_some());
    let found = match what {
        "skus" => distinct(&demand.sku),
        "orders" => distinct(&demand.order),
        "lines" => count(demand.len()),
        "receipts" => count(input.receipts.len()),
        "units_received" => come.map(|row| i128::from(row.quantity)).sum(),
        "first_order_at" => {
            return moment(
                comparison,
                what,
                expected,
                demand.placed_at.iter().min().copied(),
            );
        }
        "last_event_at" => return moment(comparison, what, expected, input.latest()),
        _ => return comparison.unknown(what.to_owned()),
    };
    comparison.number(what, expected, found);
}

fn moment(comparison: &mut Comparison, what: &str, expected: &Value, found: Option<i64>) {
    let found = found.map(instant::write).unwrap_or_default();
    comparison.text(what, expected.as_str().unwrap_or_default(), &found);
}

/// The result at the end and at the checkpoints.
fn section(
    comparison: &mut Comparison,
    input: &Input,
    name: &str,
    expected: &Map<String, Value>,
    with_cancellations: bool,
) -> Result<(), Failure> {
    let decision = decide(input, None, with_cancellations)?;
    let figures = Figures::new(input, &decision);
    let (lines, orders) = (figures.lines, figures.orders);
    comparison.note(format!(
        "{name}: {} ordered, {} received, {} allocated; orders {} full, {} partial, {} none, {} cancelled; verified: {}",
        figures.ordered,
        figures.received,
        figures.allocated,
        orders.full,
        orders.partial,
        orders.none,
        orders.cancelled,
        decision.grade
    ));
    for (key, value) in expected {
        let what = format!("{name}.{key}");
        let found: i128 = match key.as_str() {
            "units_demanded" => figures.ordered,
            "units_allocated" => figures.allocated,
            "units_short" => figures.ordered - figures.allocated,
            "lines_full" => lines.full.into(),
            "lines_partial" => lines.partial.into(),
            "lines_none" => lines.none.into(),
            "lines_cancelled" => lines.cancelled.into(),
            "orders_full" => orders.full.into(),
            "orders_partial" => orders.partial.into(),
            "orders_none" => orders.none.into(),
            "orders_cancelled" => orders.cancelled.into(),
            "allocation_sha256" => {
                let value = value.as_str().unwrap_or_default();
                comparison.text(&what, value, &digest(input, &decision));
                continue;
            }
            "before" => {
                for (instant, figures) in value.as_object().into_iter().flatten() {
                    let what = format!("{what}.{instant}");
                    checkpoint(
                        comparison,
                        input,
                        &what,
                        instant,
                        figures,
                        with_cancellations,
                    )?;
                }
                continue;
            }
            _ => {
                comparison.unknown(what);
                continue;
            }
        };
        comparison.number(&what, value, found);
    }
    plans::of_the_queue(comparison, input, &decision.standing, name, expected)
}

/// The state just before an instant: what happens at that instant does not count yet.
fn checkpoint(
    comparison: &mut Comparison,
    input: &Input,
    what: &str,
    at: &str,
    expected: &Value,
    with_cancellations: bool,
) -> Result<(), Failure> {
    let as_of = match (at, instant::read(at)) {
        ("the end", _) => None,
        (_, Ok(instant)) => Some(instant.saturating_sub(1)),
        (_, Err(reason)) => {
            comparison.differ(format!("{what}: the instant {reason}"));
            return Ok(());
        }
    };
    let decision = decide(input, as_of, with_cancellations)?;
    let figures = Figures::new(input, &decision);
    for (key, value) in expected.as_object().into_iter().flatten() {
        let what = format!("{what}.{key}");
        let found = match key.as_str() {
            "demanded" => figures.ordered,
            "received" => figures.received,
            "allocated" => figures.allocated,
            "waiting" => figures.waiting + figures.set_aside,
            "on_hand" => figures.idle,
            _ => {
                comparison.unknown(what);
                continue;
            }
        };
        comparison.number(&what, value, found);
    }
    Ok(())
}

/// First come, first served, audited.
pub(super) fn decide(
    input: &Input,
    as_of: Option<i64>,
    with_cancellations: bool,
) -> Result<Decision, Failure> {
    let standing = Standing::at(input, as_of, with_cancellations);
    Decision::new(standing, Policy::first_come())
}

/// The time of `allocate` alone, without files.
fn speed(comparison: &mut Comparison, input: &Input, policy: Policy) -> Result<(), Failure> {
    let standing = Standing::at(input, None, false);
    let lines = standing.columns();
    let (result, took) = measure(|| allocate(&lines, &standing.supply, &policy));
    let count = result?.len();
    comparison.note(format!("allocate alone: {count} lines in {took}"));
    Ok(())
}
