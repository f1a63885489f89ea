//! Every field the form documents, and which of them this crate can act on: a field that is not
//! built is accepted where it says its default.

use allocator_core::{Error, ShortageRule};
use serde_json::{Map, Value, json};

use crate::shape::Shape::{self, Any, Each, Fields, ListOrTable, Named};
use crate::words;

/// The shapes of `given` and `expect`, by kind.
pub(super) fn of_kind(kind: &str) -> Option<(&'static Shape, &'static Shape)> {
    match kind {
        "allocate" => Some((&ALLOCATE, &ALLOCATE_EXPECT)),
        "waterfall" => Some((&WATERFALL, &WATERFALL_EXPECT)),
        "size_pools" => Some((&SIZE_POOLS, &SIZE_POOLS_EXPECT)),
        _ => None,
    }
}

static ALLOCATE: Shape = Fields(&[
    ("policy", POLICY),
    ("lines", ListOrTable(&LINE)),
    ("supply", Each(&SUPPLY)),
]);

static LINE: Shape = Fields(&[
    ("line", Any),
    ("order", Any),
    ("customer", Any),
    ("group", Any),
    ("sku", Any),
    ("quantity", Any),
    ("priority", Any),
    ("placed_at", Any),
    ("sequence", Any),
    ("lot", Any),
    ("criteria", Any),
    ("completeness", Any),
    ("on_misfit", Any),
    ("min_quantity", Any),
    ("multiple", Any),
    ("confirmed", Any),
    ("strategy", Any),
    ("location", Any),
    ("latest", Any),
    ("period", Any),
    ("weight", Any),
]);

static SUPPLY: Shape = Fields(&[
    ("supply", Any),
    ("sku", Any),
    ("location", Any),
    ("pool", Any),
    ("quantity", Any),
    ("state", Any),
    ("available_on", Any),
    ("expires_on", Any),
    ("sequence", Any),
]);

const POLICY: Shape = Fields(&[
    ("rule", Any),
    ("protect", Any),
    ("order", Any),
    ("score_weights", Any),
    ("horizon", Any),
    ("as_of", Any),
    ("turns", Each(&TURN)),
    ("location_sets", Any),
    ("location_order", Any),
    ("kits", Any),
    ("caps", Each(&CAP)),
    ("protections", Each(&PROTECTION)),
]);

static TURN: Shape = Fields(&[("pool", Any), ("groups", Any), ("all", Any)]);

static CAP: Shape = Fields(&[
    ("cap", Any),
    ("who", Any),
    ("group", Any),
    ("skus", Any),
    ("each_sku", Any),
    ("limit", Any),
    ("taken", Any),
    ("soft", Any),
    ("periods", Each(&CAP_PERIOD)),
    ("carry_over", Any),
    ("defer", Any),
]);

static CAP_PERIOD: Shape = Fields(&[("period", Any), ("limit", Any), ("taken", Any)]);

static PROTECTION: Shape = Fields(&[
    ("sku", Any),
    ("location", Any),
    ("group", Any),
    ("units", Any),
    ("taken", Any),
    ("rank", Any),
    ("release", Any),
]);

static ALLOCATE_EXPECT: Shape = Fields(&[
    ("allocated", Any),
    ("promised", Any),
    ("promised_on", Any),
    ("reasons", Any),
    ("boxes", Any),
    ("pegs", Any),
    ("idle", Each(&IDLE)),
    ("overtakes", Any),
    ("capped_by", Any),
    ("periods", Any),
    ("counterfactuals", Named(&COUNTERFACTUAL)),
    (
        "error",
        Fields(&[("code", Any), ("row", Any), ("field", Any)]),
    ),
    (
        "exception",
        Fields(&[("code", Any), ("lines", Each(&GUARANTEE))]),
    ),
]);

static IDLE: Shape = Fields(&[
    ("sku", Any),
    ("pool", Any),
    ("cause", Any),
    ("units", Any),
    ("line", Any),
]);

static COUNTERFACTUAL: Shape = Fields(&[
    ("more_units", Any),
    ("if_before", Any),
    ("if_partial", Any),
    ("if_uncapped", Any),
]);

static GUARANTEE: Shape = Fields(&[("line", Any), ("guaranteed", Any), ("reachable", Any)]);

static WATERFALL: Shape = Fields(&[("parents", Any), ("ranks", Any), ("steal", Any)]);
static WATERFALL_EXPECT: Shape = Fields(&[("turns", Each(&TURN))]);

static SIZE_POOLS: Shape = Fields(&[
    ("method", Any),
    ("supply", Any),
    ("wanted", Any),
    ("percent", Any),
    ("targets", Each(&TARGET)),
]);
static TARGET: Shape = Fields(&[("units", Any), ("percent", Any), ("ratio", Any)]);
static SIZE_POOLS_EXPECT: Shape = Fields(&[("units", Any)]);

/// The core's rule behind a word of the form; `None` for a word that is none.
pub(super) fn rule(word: &str, protect: i64) -> Option<Result<ShortageRule, Error>> {
    match word {
        "queue" => Some(Ok(ShortageRule::first_come())),
        "protect_then_queue" => Some(ShortageRule::protect_first(protect)),
        _ => words::sharing_rule(word).map(Ok),
    }
}

/// Whether the policy field asks for nothing that is not built. A rule that is none is an error of
/// the input, not a missing piece.
pub(super) fn policy_is_built(field: &str, value: &Value) -> bool {
    match field {
        "rule" | "protect" | "order" | "score_weights" => true,
        "turns" => *value == json!([{"pool": "common"}]),
        "horizon" | "as_of" => value.is_null(),
        "caps" | "protections" | "location_order" => *value == json!([]),
        "kits" | "location_sets" => *value == json!({}),
        _ => true,
    }
}

/// Whether the line field asks for nothing that is not built.
pub(super) fn line_is_built(field: &str, value: &Value) -> bool {
    match field {
        "group" => value == "",
        "confirmed" => value == 0,
        "min_quantity" | "multiple" => value == 1,
        "strategy" => value == "redistribute",
        "location" => value == "*",
        "latest" | "period" => value.is_null(),
        _ => true,
    }
}

/// Whether the supply field asks for nothing that is not built.
pub(super) fn supply_is_built(field: &str, value: &Value) -> bool {
    match field {
        "location" => value == "main",
        "pool" => value == "common",
        "state" => value == "received",
        "available_on" | "expires_on" => value.is_null(),
        _ => true,
    }
}

/// The first expectation that no answer of this crate can hold yet.
pub(super) fn unbuilt_expectation(expect: &Map<String, Value>) -> Option<String> {
    let says_something = |field: &&str| match expect.get(*field) {
        None | Some(Value::Null) => false,
        Some(Value::Array(values)) => !values.is_empty(),
        Some(Value::Object(values)) => !values.is_empty(),
        Some(_) => true,
    };
    let plain = ["capped_by", "periods", "promised_on", "exception"];
    if let Some(field) = plain.iter().find(|field| says_something(field)) {
        return Some((*field).to_owned());
    }
    let counterfactuals = expect.get("counterfactuals")?.as_object()?;
    let (line, _) = (counterfactuals.iter()).find(|(_, row)| row.get("if_uncapped").is_some())?;
    Some(format!("counterfactuals.{line}.if_uncapped"))
}
