//! What stands before the first step: policies, stock, and whose it is.

use allocator_core::engine::{AheadLimit, Inflow, LocationOrder, Settings, SkuPolicy};
use allocator_core::{Misfit, Quantity};
use serde_json::{Map, Value};

use super::lots::Lots;
use super::names::Names;
use super::read::{Fields, Read};
use crate::checked::{Checked, fail, unsupported};

/// The settings of a case's shop.
pub(super) fn settings(given: Fields<'_>, lots: &Lots, names: &mut Names) -> Read<Settings> {
    let mut settings = Settings::default();
    if let Some(engine) = given.maybe_object("engine")? {
        if let Some(window) = engine.maybe_small("window")? {
            settings.window = window;
        }
        merge(&mut settings.policy, engine, names)?;
    } else if let Some(policy) = given.maybe_object("policy")? {
        settings.policy = of_peer(policy, lots, names)?;
    } else {
        settings.policy.on_misfit = Misfit::Pass;
    }
    Ok(settings)
}

/// The policy of a peer file.
fn of_peer(policy: Fields<'_>, lots: &Lots, names: &mut Names) -> Read<SkuPolicy> {
    let inflow = match policy.flag("auto")? {
        Some(false) => Inflow::Keep,
        Some(true) | None => Inflow::Serve,
    };
    let locations = match policy.get("location_order") {
        Some(Value::String(word)) if word == "most_available" && !lots.matter => {
            LocationOrder::MostAvailable
        }
        Some(Value::String(word)) if word == "most_available" => {
            LocationOrder::Listed(lots.in_order(&[], names)?)
        }
        None if !lots.matter => LocationOrder::default(),
        None => LocationOrder::Listed(lots.in_order(&[], names)?),
        Some(list) => {
            let listed = location_names(list, "given.policy.location_order")?;
            if lots.matter {
                LocationOrder::Listed(lots.in_order(&listed, names)?)
            } else {
                let ids = listed.iter().map(|name| names.location(name));
                LocationOrder::Listed(ids.collect::<Checked<_>>()?)
            }
        }
    };
    Ok(SkuPolicy {
        inflow,
        on_misfit: Misfit::Pass,
        whole_lines: policy.flag("partial")? == Some(false),
        locations,
        hold_extensions: policy.maybe_small("max_extensions")?,
        ..SkuPolicy::default()
    })
}

fn location_names(list: &Value, path: &str) -> Checked<Vec<String>> {
    let names: Option<Vec<_>> = (list.as_array()).and_then(|list| {
        list.iter()
            .map(|name| name.as_str().map(str::to_owned))
            .collect()
    });
    match names {
        Some(names) => Ok(names),
        None => fail(format!("{path}: is no list of locations")),
    }
}

/// What the fields say is changed in the policy.
pub(super) fn merge(policy: &mut SkuPolicy, fields: Fields<'_>, names: &mut Names) -> Read<()> {
    match fields.maybe_text("inflow")? {
        None => {}
        Some("serve") => policy.inflow = Inflow::Serve,
        Some("keep") => policy.inflow = Inflow::Keep,
        Some("sell") => policy.inflow = Inflow::Sell,
        Some(word) => fail(format!("inflow: {word} is not documented"))?,
    }
    match fields.maybe_text("stuck")? {
        None => {}
        Some("wait") => policy.on_misfit = Misfit::SetAside,
        Some("pass") => policy.on_misfit = Misfit::Pass,
        Some(word) => fail(format!("stuck: {word} is not documented"))?,
    }
    // Of these `null` says something.
    let says = |name: &str| fields.body.contains_key(name);
    if let Some(floor) = fields.maybe_units("floor")? {
        policy.protected_units = floor;
    }
    if says("floor_rank") {
        policy.protected_for = fields.maybe_small("floor_rank")?;
    }
    if says("limit") {
        policy.limit = limit(fields, "limit")?;
    }
    if says("customer_cap") {
        policy.customer_cap = fields.maybe_units("customer_cap")?;
    }
    if let Some(partial) = fields.flag("partial")? {
        policy.whole_lines = !partial;
    }
    match fields.get("locations") {
        None => {}
        Some(Value::String(word)) if word == "most_available" => {
            policy.locations = LocationOrder::MostAvailable;
        }
        Some(list) => {
            let listed = location_names(list, "locations")?;
            let ids = listed.iter().map(|name| names.location(name));
            policy.locations = LocationOrder::Listed(ids.collect::<Checked<_>>()?);
        }
    }
    if says("hold_max") {
        let seconds = fields.maybe_number("hold_max")?;
        policy.hold_max = seconds.map(|seconds| seconds.saturating_mul(1_000_000));
    }
    if says("hold_extensions") {
        policy.hold_extensions = fields.maybe_small("hold_extensions")?;
    }
    Ok(())
}

/// How far ahead of stock may be sold; `null` or absent: without limit.
pub(super) fn limit(fields: Fields<'_>, name: &str) -> Read<AheadLimit> {
    if let Some(Value::Object(derived)) = fields.get(name) {
        let derived = Fields::new(derived, fields.scale);
        return Ok(AheadLimit::Incoming {
            yield_permille: derived.maybe_small("yield_permille")?.unwrap_or(1000),
            buffer: derived.maybe_units("buffer")?.unwrap_or(0),
        });
    }
    let units = fields.maybe_units(name)?;
    Ok(units.map_or(AheadLimit::Unlimited, AheadLimit::Units))
}

/// The policies of SKUs that differ from the shop's, in the order of the file.
pub(super) fn sku_policies(
    given: Fields<'_>,
    base: &SkuPolicy,
    names: &mut Names,
) -> Read<Vec<(String, SkuPolicy)>> {
    let mut policies: Vec<(String, SkuPolicy)> = Vec::new();
    let mut of = |sku: &String| -> usize {
        let known = policies.iter().position(|(name, _)| name == sku);
        known.unwrap_or_else(|| {
            policies.push((sku.clone(), base.clone()));
            policies.len() - 1
        })
    };
    let mut changes = Vec::new();
    for field in ["skus", "cap", "safety_stock"] {
        let Some(by_sku) = given.maybe_object(field)? else {
            continue;
        };
        for sku in by_sku.body.keys() {
            changes.push((of(sku), field, by_sku, sku));
        }
    }
    for (index, field, by_sku, sku) in changes {
        let Some((_, policy)) = policies.get_mut(index) else {
            continue;
        };
        match field {
            "cap" => policy.limit = limit(by_sku, sku)?,
            "safety_stock" => policy.protected_units = by_sku.maybe_units(sku)?.unwrap_or(0),
            _ => {
                if let Some(fields) = by_sku.maybe_object(sku)? {
                    merge(policy, fields, names)?;
                }
            }
        }
    }
    Ok(policies)
}

/// Units that are there before the first step.
pub(super) struct Opening {
    pub(super) sku: String,
    pub(super) location: String,
    pub(super) lot: Option<String>,
    pub(super) on_hand: Quantity,
    /// Units of it that a hold has which the file does not name.
    pub(super) reserved: Quantity,
}

/// What `stock` and `lots` give. A lot without a SKU is of the only one there is.
pub(super) fn openings(given: Fields<'_>, skus: &[String]) -> Read<Vec<Opening>> {
    let mut all = Vec::new();
    match given.get("stock") {
        None => {}
        Some(Value::Object(by_sku)) => {
            for (sku, stock) in by_sku {
                stock_of(sku, stock, Fields::new(by_sku, given.scale), &mut all)?;
            }
        }
        Some(_) => {
            for row in given.maybe_objects("stock")?.unwrap_or_default() {
                all.push(opening(row, row.text("sku")?, None)?);
            }
        }
    }
    for lot in given.maybe_objects("lots")?.unwrap_or_default() {
        let sku = match (lot.maybe_text("sku")?, skus) {
            (Some(sku), _) => sku,
            (None, [only]) => only,
            (None, _) => fail("given.lots: of which sku is not said")?,
        };
        let opening = opening(lot, sku, None)?;
        if opening.reserved > opening.on_hand {
            unsupported("given.lots with more reserved than on hand")?;
        }
        all.push(opening);
    }
    Ok(all)
}

/// Units at the usual location, or by location.
fn stock_of(sku: &str, stock: &Value, row: Fields<'_>, all: &mut Vec<Opening>) -> Read<()> {
    let Value::Object(inside) = stock else {
        all.push(Opening {
            sku: sku.to_owned(),
            location: super::MAIN.to_owned(),
            lot: None,
            on_hand: row.units(sku)?,
            reserved: 0,
        });
        return Ok(());
    };
    let inside = Fields::new(inside, row.scale);
    if inside.has("on_hand") {
        all.push(opening(inside, sku, None)?);
        return Ok(());
    }
    for (location, stock) in inside.body {
        match stock {
            Value::Object(body) => {
                all.push(opening(Fields::new(body, row.scale), sku, Some(location))?);
            }
            _ => all.push(Opening {
                sku: sku.to_owned(),
                location: location.clone(),
                lot: None,
                on_hand: inside.units(location)?,
                reserved: 0,
            }),
        }
    }
    Ok(())
}

fn opening(row: Fields<'_>, sku: &str, location: Option<&str>) -> Read<Opening> {
    let place = row.maybe_text("location")?.or(location);
    let on_hand = match row.maybe_units("on_hand")? {
        Some(units) => units,
        None => row.units("qty")?,
    };
    Ok(Opening {
        sku: sku.to_owned(),
        location: place.unwrap_or(super::MAIN).to_owned(),
        lot: row.maybe_text("lot")?.map(str::to_owned),
        on_hand,
        reserved: row.maybe_units("reserved")?.unwrap_or(0),
    })
}

/// Every SKU that a case names, in the order of the file.
pub(super) fn skus_named(
    given: &Map<String, Value>,
    steps: &[(usize, Map<String, Value>)],
) -> Vec<String> {
    let mut skus: Vec<String> = Vec::new();
    let mut add = |sku: &str| {
        if !skus.iter().any(|known| known == sku) {
            skus.push(sku.to_owned());
        }
    };
    for field in ["skus", "cap", "safety_stock", "stock"] {
        let by_sku = given.get(field).and_then(Value::as_object);
        by_sku
            .into_iter()
            .flat_map(Map::keys)
            .for_each(|sku| add(sku));
    }
    for (_, step) in steps {
        let list = step.get("lines").or_else(|| step.get("items"));
        let list = list.and_then(Value::as_array).into_iter().flatten();
        let items = list.filter_map(Value::as_object).chain([step]);
        items
            .filter_map(|item| item.get("sku")?.as_str())
            .for_each(&mut add);
    }
    skus
}
