//! The figures of who gets how much, as the core computes them.

use allocator_core::{DemandLine, KeptColumns, Meter, Metrics, PlaceOrder};
use allocator_oracle::{Rational, whole};
use serde_json::{Map, Value};

use super::given;
use crate::checked::{Checked, Trouble, fail, unsupported, verdict};
use crate::report::Verdict;

/// Runs a case of `metrics`: awards, maybe with claims, and figures of them.
pub(crate) fn run(case: &Map<String, Value>) -> Verdict {
    verdict(judge_case(case))
}

fn judge_case(case: &Map<String, Value>) -> Checked<()> {
    let awards = given::numbers(case, "x")?;
    let claims = if case.contains_key("claims") {
        given::numbers(case, "claims")?
    } else {
        // Figures of awards alone: everybody asks for as much as the one who gets most.
        let most = awards.iter().max().cloned();
        vec![most.unwrap_or_default().max(whole(1)); awards.len()]
    };
    let mut expected = case.clone();
    for given in ["id", "source", "note", "claims", "x"] {
        expected.remove(given);
    }
    judge(&expected, &claims, &awards)
}

/// Whether the figures of these awards, in place order, are the expected ones.
pub(super) fn judge(
    expected: &Map<String, Value>,
    claims: &[Rational],
    awards: &[Rational],
) -> Checked<()> {
    if let Some(name) = expected.keys().find(|name| reader(name).is_none()) {
        return unsupported(format!("metrics with {name}"));
    }
    if expected.is_empty() {
        return fail("metrics: expects nothing");
    }
    let metrics = measure(&units(claims, "claims")?, &units(awards, "awards")?)?;
    for (name, value) in expected {
        let told = reader(name).map(|read| read(&metrics)).unwrap_or_default();
        let found: Option<Rational> = told.parse().ok();
        if found.as_ref() != Some(&given::number(value, name)?) {
            return fail(format!("{name}: expected {value}, got {told}"));
        }
    }
    Ok(())
}

/// How a figure is read: as the text of a number.
fn reader(name: &str) -> Option<fn(&Metrics) -> String> {
    Some(match name {
        "units_cut" => |metrics| metrics.units_cut.to_string(),
        "customers_touched" => |metrics| metrics.customers_touched.to_string(),
        "fully_cancelled" => |metrics| metrics.customers_cancelled.to_string(),
        "largest_cut" => |metrics| metrics.largest_cut.to_string(),
        "largest_award" => |metrics| metrics.largest_award.to_string(),
        "overtake_pairs" => |metrics| metrics.overtakes.to_string(),
        "jain_awards" | "jain" => |metrics| metrics.jain_units.to_string(),
        "gini_awards" | "gini" => |metrics| metrics.gini_units.to_string(),
        "jain_fill" => |metrics| metrics.jain_fill.to_string(),
        _ => return None,
    })
}

fn measure(claims: &[i64], awards: &[i64]) -> Checked<Metrics> {
    let lines: Vec<DemandLine> = (claims.iter().zip(0_u32..))
        .map(|(&claim, row)| DemandLine::new(row, 0, claim).customer(row))
        .collect();
    let columns = KeptColumns {
        kept: awards,
        received: awards.iter().map(|&units| i128::from(units)).sum(),
        ..KeptColumns::default()
    };
    let meter = Meter::new(&lines, &PlaceOrder::oldest_first());
    let metrics = meter.and_then(|meter| meter.measure(&columns));
    metrics.map_err(|error| Trouble::Fail(format!("metrics: {error}")))
}

fn units(numbers: &[Rational], of: &str) -> Checked<Vec<i64>> {
    let units_of = |number: &Rational| {
        let units = i64::try_from(number.numer()).ok();
        units
            .filter(|_| number.is_integer())
            .ok_or_else(|| Trouble::Fail(format!("{of}: {number} is no number of units")))
    };
    numbers.iter().map(units_of).collect()
}
