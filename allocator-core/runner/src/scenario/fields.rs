//! Every field the form documents, and what of it is not the engine's.

use serde_json::{Map, Value};

use crate::checked::{Checked, Trouble, fail, unsupported};
use crate::shape::Shape::{self, Any, Each, Fields, Named};

static GIVEN: Shape = Fields(&[
    ("policy", POLICY),
    ("cap", Any),
    ("safety_stock", Any),
    ("now", Any),
    ("stock", Any),
    ("lots", Each(&LOT)),
    ("engine", ENGINE),
    ("skus", Named(&SKU_POLICY)),
]);

/// The policy of peer files.
const POLICY: Shape = Fields(&[
    ("order", Any),
    ("priority_direction", Any),
    ("partial", Any),
    ("auto", Any),
    ("location_order", Any),
    ("lot_order", Any),
    ("horizon_days", Any),
    ("on_shortage", Any),
    ("pegging", Any),
    ("allow_over_ship", Any),
    ("max_extensions", Any),
]);

static LOT: Shape = Fields(&[
    ("lot", Any),
    ("sku", Any),
    ("location", Any),
    ("on_hand", Any),
    ("reserved", Any),
    ("at", Any),
]);

const LIMIT: Shape = Fields(&[("yield_permille", Any), ("buffer", Any)]);

const ENGINE: Shape = Fields(&[
    ("window", Any),
    ("inflow", Any),
    ("stuck", Any),
    ("floor", Any),
    ("floor_rank", Any),
    ("limit", LIMIT),
    ("customer_cap", Any),
    ("partial", Any),
    ("locations", Any),
    ("hold_max", Any),
    ("hold_extensions", Any),
]);

const SKU_POLICY: Shape = Fields(&[
    ("inflow", Any),
    ("stuck", Any),
    ("floor", Any),
    ("floor_rank", Any),
    ("limit", LIMIT),
    ("customer_cap", Any),
    ("partial", Any),
    ("locations", Any),
    ("hold_max", Any),
    ("hold_extensions", Any),
]);

const LATEST: Shape = Fields(&[("latest", Any)]);

static ITEM: Shape = Fields(&[
    ("line", Any),
    ("sku", Any),
    ("qty", Any),
    ("location", Any),
    ("priority", Any),
    ("placed_at", Any),
    ("due_at", Any),
    ("cart_created_at", Any),
    ("pack_size", Any),
    ("ahead", LATEST),
    ("min_ship", Any),
    ("max_late_days", Any),
]);

static EXPECT: Shape = Fields(&[
    ("lines", Named(&LINE)),
    ("stock", Named(&STOCK)),
    ("accounts", Named(&ACCOUNT)),
    ("net", Any),
    ("loc", Any),
    ("supply", Any),
    ("first_unallocated", Any),
    ("shown_available", Any),
    ("counts_lines", Any),
    ("counts", Any),
    ("results", Any),
    ("events", Any),
    ("promises", Any),
]);

static LINE: Shape = Fields(&[
    ("qty", Any),
    ("allocated", Any),
    ("unallocated", Any),
    ("reserved", Any),
    ("shipped", Any),
    ("cancelled", Any),
    ("status", Any),
    ("queue_ahead", Any),
    ("locations", Any),
    ("lots", Any),
    ("pegs", Any),
]);

static STOCK: Shape = Fields(&[("on_hand", Any), ("allocated", Any), ("available", Any)]);

static ACCOUNT: Shape = Fields(&[
    ("received", Any),
    ("available", Any),
    ("reserved", Any),
    ("allocated", Any),
    ("shipped", Any),
    ("scrapped", Any),
]);

/// What a `check` compares: of `expect` all but what is told by step.
const CHECKED: [(&str, Shape); 9] = [
    ("lines", Named(&LINE)),
    ("stock", Named(&STOCK)),
    ("accounts", Named(&ACCOUNT)),
    ("net", Any),
    ("loc", Any),
    ("supply", Any),
    ("first_unallocated", Any),
    ("shown_available", Any),
    ("counts_lines", Any),
];

/// What any step may carry.
const EVERY_STEP: [&str; 4] = ["op", "now", "key", "issued_at"];

/// The steps and their fields.
static STEPS: [(&str, &[(&str, Shape)]); 39] = [
    ("adjust", STOCK_STEP),
    ("advance", &[("to", Any), ("budget", Any)]),
    (
        "allocate",
        &[
            ("sku", Any),
            ("rule", Any),
            ("m", Any),
            ("final", Any),
            ("expect", Any),
        ],
    ),
    (
        "allocate_line",
        &[
            ("line", Any),
            ("qty", Any),
            ("id", Any),
            ("expires_at", Any),
            ("location", Any),
        ],
    ),
    ("can_accept", &[("sku", Any), ("qty", Any), ("owner", Any)]),
    (
        "cancel",
        &[
            ("line", Any),
            ("order", Any),
            ("qty", Any),
            ("only_waiting", Any),
        ],
    ),
    ("cancel_unallocated", &[("order", Any)]),
    (
        "change_supply",
        &[
            ("supply", Any),
            ("qty", Any),
            ("sku", Any),
            ("location", Any),
            ("eta", Any),
        ],
    ),
    ("check", &CHECKED),
    ("configure", &[("sku", Any), ("policy", SKU_POLICY)]),
    ("confirm_hold", &[("hold", Any), ("ref", Any)]),
    (
        "edit",
        &[
            ("line", Any),
            ("qty", Any),
            ("priority", Any),
            ("placed_at", Any),
            ("ahead", LATEST),
        ],
    ),
    ("edit_hold", &[("hold", Any), ("qty", Any)]),
    ("end_preorder", &[("sku", Any)]),
    (
        "expect_supply",
        &[
            ("supply", Any),
            ("sku", Any),
            ("qty", Any),
            ("eta", Any),
            ("location", Any),
        ],
    ),
    ("extend_hold", &[("hold", Any), ("expires_at", Any)]),
    ("forget", &[("closed_before", Any)]),
    ("hold", HOLD),
    (
        "hold_many",
        &[
            ("owner", Any),
            ("items", Each(&ITEM)),
            ("expires_at", Any),
            ("preorder", LATEST),
            ("partial", Any),
        ],
    ),
    ("issue", &[("sku", Any), ("location", Any), ("qty", Any)]),
    (
        "move_allocation",
        &[("line", Any), ("qty", Any), ("from", Any), ("to", Any)],
    ),
    (
        "order_policy",
        &[
            ("order", Any),
            ("ship_complete", Any),
            ("ship_together", Any),
        ],
    ),
    ("place", PLACE),
    (
        "plan",
        &[
            ("sku", Any),
            ("rule", Any),
            ("m", Any),
            ("final", Any),
            ("as", Any),
        ],
    ),
    ("promise_all", &[]),
    ("query_available", &[("sku", Any), ("expect", Any)]),
    (
        "reassign",
        &[("from", Any), ("to", Any), ("qty", Any), ("location", Any)],
    ),
    ("receive", STOCK_STEP),
    (
        "recount",
        &[
            ("sku", Any),
            ("location", Any),
            ("on_hand", Any),
            ("only_free", Any),
        ],
    ),
    ("release_hold", &[("hold", Any)]),
    ("repeat", &[("times", Any), ("step", Any)]),
    (
        "return_to_stock",
        &[
            ("line", Any),
            ("qty", Any),
            ("location", Any),
            ("scrap", Any),
        ],
    ),
    ("set_cap", &[("sku", Any), ("cap", Any)]),
    ("set_policy", &[("partial", Any)]),
    ("set_priority", &[("line", Any), ("priority", Any)]),
    ("ship", &[("line", Any), ("qty", Any), ("location", Any)]),
    (
        "split",
        &[
            ("line", Any),
            ("qty", Any),
            ("new_line", Any),
            ("prefer", Any),
        ],
    ),
    (
        "transfer",
        &[("sku", Any), ("from", Any), ("to", Any), ("qty", Any)],
    ),
    (
        "unallocate",
        &[
            ("line", Any),
            ("id", Any),
            ("no_auto", Any),
            ("qty", Any),
            ("location", Any),
        ],
    ),
];

const STOCK_STEP: &[(&str, Shape)] = &[
    ("sku", Any),
    ("location", Any),
    ("delta", Any),
    ("qty", Any),
    ("reason", Any),
    ("lot", Any),
    ("at", Any),
    ("supply", Any),
    ("only_free", Any),
];

const HOLD: &[(&str, Shape)] = &[
    ("hold", Any),
    ("sku", Any),
    ("qty", Any),
    ("owner", Any),
    ("expires_at", Any),
    ("location", Any),
    ("preorder", LATEST),
    ("partial", Any),
    ("items", Each(&ITEM)),
    ("priority", Any),
    ("placed_at", Any),
    ("pack_size", Any),
    ("ahead", LATEST),
    ("together", Any),
    ("replaces", Any),
];

const PLACE: &[(&str, Shape)] = &[
    ("order", Any),
    ("customer", Any),
    ("together", Any),
    ("partial", Any),
    ("replaces", Any),
    ("lines", Each(&ITEM)),
    ("line", Any),
    ("sku", Any),
    ("qty", Any),
    ("location", Any),
    ("priority", Any),
    ("placed_at", Any),
    ("due_at", Any),
    ("cart_created_at", Any),
    ("pack_size", Any),
    ("ahead", LATEST),
    ("min_ship", Any),
    ("max_late_days", Any),
];

/// That there is no field that the form does not document.
pub(super) fn documented(
    given: &Map<String, Value>,
    steps: &[Value],
    expect: &Map<String, Value>,
) -> Checked<()> {
    let given = GIVEN.undocumented(&Value::Object(given.clone()), "given");
    let expect = EXPECT.undocumented(&Value::Object(expect.clone()), "expect");
    let mut steps = steps.iter().enumerate();
    let path = given
        .or_else(|| steps.find_map(|(at, step)| undocumented(step, &format!("steps[{at}]"))))
        .or(expect);
    match path {
        Some(path) => fail(format!("{path}: is not documented")),
        None => Ok(()),
    }
}

/// The first field of a step that is not documented. A step that is not known has no list of them.
fn undocumented(step: &Value, path: &str) -> Option<String> {
    let object = step.as_object()?;
    let op = object.get("op")?.as_str()?;
    let (_, fields) = STEPS.iter().find(|(word, _)| *word == op)?;
    object.iter().find_map(|(name, value)| {
        let inside = format!("{path}.{name}");
        if op == "repeat" && name == "step" {
            return undocumented(value, &inside);
        }
        if EVERY_STEP.contains(&name.as_str()) {
            return None;
        }
        match fields.iter().find(|(field, _)| field == name) {
            Some((_, shape)) => shape.undocumented(value, &inside),
            None => Some(inside),
        }
    })
}

/// That the case asks for nothing that the form's page names as not the engine's.
pub(super) fn supported(
    given: &Map<String, Value>,
    steps: &[Value],
    expect: &Map<String, Value>,
) -> Checked<()> {
    let policy = given.get("policy").and_then(Value::as_object);
    if says_something(policy, "horizon_days") {
        return unsupported("policy with horizon_days");
    }
    if policy.is_some_and(|policy| policy.get("allow_over_ship") == Some(&Value::Bool(true))) {
        return unsupported("policy with allow_over_ship");
    }
    if let Some(step) = steps.iter().find_map(unsupported_step) {
        return unsupported(step);
    }
    if expect.contains_key("promises") {
        return unsupported("expect.promises");
    }
    Ok(())
}

/// What of a step is not the engine's.
fn unsupported_step(step: &Value) -> Option<String> {
    let step = step.as_object()?;
    let op = step.get("op")?.as_str()?;
    let with = |field: &str| Some(format!("step {op} with {field}"));
    match op {
        "repeat" => unsupported_step(step.get("step")?),
        "promise_all" | "move_allocation" => Some(format!("step {op}")),
        "allocate_line" if says_something(Some(step), "expires_at") => with("expires_at"),
        "order_policy" if step.get("ship_together") == Some(&Value::Bool(true)) => {
            with("ship_together")
        }
        "split"
            if step
                .get("prefer")
                .is_some_and(|prefer| prefer != "unallocated") =>
        {
            with("prefer")
        }
        "place" | "hold" | "hold_many" => {
            let list = step.get("lines").or_else(|| step.get("items"));
            let items = list.and_then(Value::as_array).into_iter().flatten();
            let mut all = items.filter_map(Value::as_object).chain([step]);
            let promised = |item: &Map<String, Value>| {
                let mut fields = ["min_ship", "max_late_days"].into_iter();
                fields.find(|field| says_something(Some(item), field))
            };
            all.find_map(promised).and_then(with)
        }
        _ if STEPS.iter().all(|(word, _)| *word != op) => Some(format!("step {op}")),
        _ => None,
    }
}

fn says_something(object: Option<&Map<String, Value>>, field: &str) -> bool {
    object.is_some_and(|object| object.get(field).is_some_and(|value| !value.is_null()))
}

/// The steps one after another, each with its number in the file: those of `repeat` many times.
pub(super) fn in_turn(steps: &[Value]) -> Checked<Vec<(usize, Map<String, Value>)>> {
    let mut all = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        unfold(index, step, &mut all)?;
    }
    Ok(all)
}

fn unfold(index: usize, step: &Value, all: &mut Vec<(usize, Map<String, Value>)>) -> Checked<()> {
    const MOST: usize = 100_000;
    let Value::Object(step) = step else {
        return fail(format!("steps[{index}]: is no object"));
    };
    let word = step.get("op").and_then(Value::as_str);
    let op = word.ok_or_else(|| Trouble::Fail(format!("steps[{index}].op: is no text")))?;
    if op != "repeat" {
        all.push((index, step.clone()));
        return Ok(());
    }
    let times = step.get("times").and_then(Value::as_u64);
    let Some(inner @ Value::Object(_)) = step.get("step") else {
        return fail(format!("steps[{index}].step: is no object"));
    };
    let Some(times) = times.filter(|&times| times <= MOST as u64) else {
        return fail(format!("steps[{index}].times: is no number of times"));
    };
    for time in 1..=times {
        unfold(index, &numbered(inner, time), all)?;
        if all.len() > MOST {
            return fail(format!("steps[{index}]: more than {MOST} steps"));
        }
    }
    Ok(())
}

/// The step with the number of its repetition in place of each `#`.
fn numbered(value: &Value, time: u64) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('#', &time.to_string())),
        Value::Array(list) => list.iter().map(|value| numbered(value, time)).collect(),
        Value::Object(object) => {
            let named = |(name, value): (&String, &Value)| {
                (name.replace('#', &time.to_string()), numbered(value, time))
            };
            Value::Object(object.iter().map(named).collect())
        }
        other => other.clone(),
    }
}
