//! Whole orders cancelled to free units: the plan must be exactly the one expected. `null` says that
//! no set of orders frees exactly what is asked; a note that offers the two nearest is held to it.

use allocator_core::{
    Aim, Optimality, OrderToCut, Quantity, Selected, Selection, Total, select_orders,
};
use serde_json::{Map, Value, json};

use super::given::text;
use crate::checked::{Checked, Trouble, fail, object, unsupported};

/// Units per SKU of one order.
type Row = Vec<(usize, Quantity)>;

pub(super) fn judge(case: &Map<String, Value>) -> Checked<()> {
    let units = numbers(case, "order_units")?;
    let rows: Vec<Row> = units.into_iter().map(|units| vec![(0, units)]).collect();
    let need = [number(case.get("free_units"), "free_units")?];
    let selected = select(case, &rows, &need)?;
    let wanted = case.get("freed").unwrap_or(&Value::Null);
    let got = selected.plan().map_or(json!(null), |plan| {
        json!(plan.freed.iter().sum::<Total>().to_string())
    });
    same("freed", &text_of(wanted), &got)?;
    same_plan(case, selected.plan())?;
    match (case.get("note").and_then(Value::as_str), &selected) {
        (Some(note), Selected::Nearest { below, above }) => {
            same_offers(note, need, below.as_ref(), above.as_ref())
        }
        _ => Ok(()),
    }
}

pub(super) fn judge_several(case: &Map<String, Value>) -> Checked<()> {
    let names = object(case, "need")?;
    let mut need = Vec::new();
    for (sku, units) in names {
        need.push(number(Some(units), &format!("need.{sku}"))?);
    }
    let Some(Value::Array(orders)) = case.get("orders") else {
        return fail("orders: is no list");
    };
    let mut rows = Vec::new();
    for (row, order) in orders.iter().enumerate() {
        let Some(order) = order.as_object() else {
            return fail(format!("orders[{row}]: is no object"));
        };
        let mut units_of_row = Vec::new();
        for (sku, units) in order {
            let path = format!("orders[{row}].{sku}");
            let Some(index) = names.keys().position(|name| name == sku) else {
                return unsupported(format!("{path}: nothing is needed of it"));
            };
            units_of_row.push((index, number(Some(units), &path)?));
        }
        rows.push(units_of_row);
    }
    let selected = select(case, &rows, &need)?;
    if let Some(wanted) = case.get("freed") {
        let freed = selected.plan().map_or(json!(null), |plan| {
            let freed = plan.freed.iter().map(Total::to_string);
            json!(
                names
                    .keys()
                    .cloned()
                    .zip(freed)
                    .collect::<std::collections::BTreeMap<_, _>>()
            )
        });
        same("freed", &text_of(wanted), &freed)?;
    }
    same_plan(case, selected.plan())
}

fn select(case: &Map<String, Value>, rows: &[Row], need: &[Quantity]) -> Checked<Selected> {
    let aim = match text(case, "mode")? {
        "fewest_orders" => Aim::FewestCustomers,
        "exact_fewest" => Aim::Exact,
        "least_value" => Aim::LeastRefund,
        "least_overshoot" => Aim::LeastOvershoot,
        other => return unsupported(format!("mode {other}")),
    };
    let values = numbers(case, "order_value")?;
    if values.len() != rows.len() {
        return fail("order_value: is not as long as the orders");
    }
    let orders = rows.iter().zip(values).map(|(units, value)| OrderToCut {
        units,
        refund: Total::from(value),
    });
    let orders: Vec<OrderToCut<'_>> = orders.collect();
    let selected = select_orders(&orders, need, aim);
    let selected = selected.map_err(|error| Trouble::Fail(format!("refused: {error}")))?;
    match selected.plan().map(|plan| plan.optimality) {
        None | Some(Optimality::Exact) => Ok(selected),
        Some(optimality) => fail(format!("is not exact: {optimality:?}")),
    }
}

fn same_plan(case: &Map<String, Value>, plan: Option<&Selection>) -> Checked<()> {
    let Some(wanted) = case.get("cancelled") else {
        return fail("cancelled: is missing");
    };
    let cancelled = plan.map_or(json!(null), |plan| json!(plan.cancelled));
    same("cancelled", wanted, &cancelled)?;
    let wanted = case.get("value_lost").unwrap_or(&Value::Null);
    let refund = plan.map_or(json!(null), |plan| json!(plan.refund.to_string()));
    same("value_lost", &text_of(wanted), &refund)
}

/// A note in the words "offer A (short by a) or B (idle b)".
fn same_offers(
    note: &str,
    [need]: [Quantity; 1],
    below: Option<&Selection>,
    above: Option<&Selection>,
) -> Checked<()> {
    let Some((_, wanted)) = note.split_once("offer ") else {
        return Ok(());
    };
    let freed = |plan: Option<&Selection>| plan.map(|plan| plan.freed.iter().sum::<Total>());
    let (Some(below), Some(above)) = (freed(below), freed(above)) else {
        return fail("note: one of the two nearest plans is missing");
    };
    let need = Total::from(need);
    let (short, idle) = (need - below, above - need);
    let got = format!("{below} (short by {short}) or {above} (idle {idle})");
    same("note", &json!(wanted), &json!(got))
}

fn same(path: &str, wanted: &Value, got: &Value) -> Checked<()> {
    if wanted == got {
        Ok(())
    } else {
        fail(format!("{path}: expected {wanted}, got {got}"))
    }
}

/// Numbers inside as their texts, so that sums beyond 64 bits compare.
fn text_of(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.to_string()),
        Value::Object(object) => {
            let texts = object
                .iter()
                .map(|(name, value)| (name.clone(), text_of(value)));
            Value::Object(texts.collect())
        }
        other => other.clone(),
    }
}

fn numbers(case: &Map<String, Value>, field: &str) -> Checked<Vec<Quantity>> {
    match case.get(field) {
        Some(Value::Array(list)) => (list.iter().enumerate())
            .map(|(index, value)| number(Some(value), &format!("{field}[{index}]")))
            .collect(),
        Some(_) => fail(format!("{field}: is no list")),
        None => fail(format!("{field}: is missing")),
    }
}

fn number(value: Option<&Value>, path: &str) -> Checked<Quantity> {
    match value.and_then(Value::as_i64) {
        Some(number) => Ok(number),
        None => fail(format!("{path}: is no whole number of 64 bits")),
    }
}
