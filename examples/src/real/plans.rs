//! Whom to cancel if no more arrives: by every rule, held against what was published and against
//! what is missing.

use std::collections::HashMap;

use allocator_core::{Completeness, CutMethod, compare};
use serde_json::{Map, Value};

use super::comparison::Comparison;
use crate::cancel_page;
use crate::failure::Failure;
use crate::input::Input;
use crate::methods::methods;
use crate::plan::Plan;
use crate::standing::Standing;
use crate::terms::Terms;

/// The queue's plan must cut what the published result leaves out.
pub(super) fn of_the_queue(
    comparison: &mut Comparison,
    input: &Input,
    standing: &Standing,
    name: &str,
    expected: &Map<String, Value>,
) -> Result<(), Failure> {
    let method = CutMethod::default();
    let terms = Terms::new(input, standing);
    let plan = Plan::new(input, standing, &terms, method)?;
    let (lines, sums) = (standing.columns(), plan.plan.totals());
    let compared = compare(&lines, &standing.supply, terms.of(method), &[method], None)?;
    for row in compared.rows() {
        let figures = &row.metrics;
        for (key, found) in [
            ("units_demanded", sums.ordered),
            ("units_allocated", sums.kept),
            ("units_short", sums.cut),
            (
                "lines_partial",
                i128::from(sums.lines_cut) - i128::from(sums.lines_cancelled),
            ),
            ("lines_none", sums.lines_cancelled.into()),
            (
                "orders_partial",
                i128::from(figures.orders_touched) - i128::from(figures.orders_cancelled),
            ),
            ("orders_none", figures.orders_cancelled.into()),
        ] {
            if let Some(expected) = expected.get(key) {
                comparison.number(&format!("{name}.cancel_plan.{key}"), expected, found);
            }
        }
    }
    comparison.note(format!(
        "{name}, cancelled for good: {}; digest {}",
        plan.plan,
        plan.digest(input, standing)
    ));
    Ok(())
}

/// Every rule side by side; each must cut just what is missing where it shares single units, and
/// never less. With several items whole orders are left out: they take their time.
pub(super) fn side_by_side(
    comparison: &mut Comparison,
    input: &Input,
    standing: &Standing,
) -> Result<(), Failure> {
    let terms = Terms::new(input, standing);
    let missing = missing(standing);
    let mut methods = methods(&terms);
    if missing.len() > 1 {
        methods.retain(shares_units);
    }
    let missing: i128 = missing.values().sum();
    for &method in &methods {
        let plan = Plan::new(input, standing, &terms, method)?;
        let (cut, what) = (plan.plan.totals().cut, format!("cut by {method}"));
        if shares_units(&method) || cut < missing {
            comparison.text(&what, &missing.to_string(), &cut.to_string());
        }
        let digest = plan.digest(input, standing);
        comparison.note(format!("digest {digest} of the plan by {method}"));
    }
    let page = cancel_page::comparison(input, standing, &terms, &methods)?;
    for line in page.lines().filter(|line| !line.is_empty()) {
        comparison.note(line.to_owned());
    }
    Ok(())
}

fn shares_units(method: &CutMethod) -> bool {
    match method {
        CutMethod::Policy(policy) => policy.completeness == Completeness::Partial,
        other => *other == CutMethod::LargestRemainder,
    }
}

/// Units ordered and not received, of every item.
fn missing(standing: &Standing) -> HashMap<u32, i128> {
    let mut open: HashMap<u32, i128> = HashMap::new();
    for line in 0..standing.len() {
        *open.entry(standing.sku(line)).or_default() += i128::from(standing.quantity[line]);
    }
    for row in &standing.supply {
        if let Some(open) = open.get_mut(&row.sku.0) {
            *open -= i128::from(row.quantity);
        }
    }
    open.values_mut().for_each(|units| *units = (*units).max(0));
    open
}
