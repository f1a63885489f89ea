//! What a case expects of the state of its shop, and the first figure that is another.

use std::collections::BTreeMap;

use allocator_core::engine::{LineView, StockPosition};
use allocator_core::{LineId, SkuId, Total};
use serde_json::{Map, Value};

use super::names::ids;
use super::shop::LiveShop;
use super::world::World;
use crate::checked::{Checked, fail};

/// Whether a figure that is not named is 0, and a line or account that is not named does not exist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    All,
    Some,
}

/// Everything a check, or the end of a case, says of the state.
pub(super) fn state<S: LiveShop>(
    world: &World<S>,
    expect: &Map<String, Value>,
    names: Names,
) -> Checked<()> {
    for (field, value) in expect {
        match field.as_str() {
            "lines" => lines(world, object(field, value)?, names)?,
            "accounts" => accounts(world, object(field, value)?, names)?,
            "stock" => stock(world, object(field, value)?)?,
            "net" => each_sku(world, field, value, |sku| {
                world.available(sku) - world.waiting(sku)
            })?,
            "loc" => {
                for (location, value) in object(field, value)? {
                    let here = world.names.locations_at(location);
                    if here.is_empty() {
                        return fail(format!("loc.{location}: is named by no step"));
                    }
                    let found = world.available_at(&here);
                    figure(world, &format!("loc.{location}"), value, found)?;
                }
            }
            "supply" => {
                for (supply, value) in object(field, value)? {
                    match world.unpegged(supply) {
                        Some(found) => figure(world, &format!("supply.{supply}"), value, found)?,
                        None => return fail(format!("supply.{supply}: is named by no step")),
                    }
                }
            }
            "shown_available" => shown(world, value)?,
            "first_unallocated" => first_unallocated(world, value)?,
            "counts_lines" => {
                let mut found: BTreeMap<String, Total> = BTreeMap::new();
                for (_, line) in world.lines() {
                    *found.entry(world.status(&line).to_owned()).or_insert(0) += 1;
                }
                counts(field, object(field, value)?, &found)?;
            }
            // Told by step.
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn object<'a>(field: &str, value: &'a Value) -> Checked<&'a Map<String, Value>> {
    match value.as_object() {
        Some(object) => Ok(object),
        None => fail(format!("{field}: is no object")),
    }
}

/// A figure of units.
fn figure<S>(world: &World<S>, path: &str, expected: &Value, found: Total) -> Checked<()> {
    match world.scale.figure(expected) {
        Some(figure) if figure == found => Ok(()),
        Some(_) => fail(format!(
            "{path}: expected {expected}, got {}",
            world.scale.text(found)
        )),
        None => fail(format!("{path}: {expected} is no number of units")),
    }
}

fn sku_of<S>(world: &World<S>, path: &str, name: &str) -> Checked<SkuId> {
    match world.names.skus.id(name) {
        Some(sku) => Ok(SkuId(sku)),
        None => fail(format!("{path}: is named by no step")),
    }
}

fn each_sku<S: LiveShop>(
    world: &World<S>,
    field: &str,
    value: &Value,
    found: impl Fn(SkuId) -> Total,
) -> Checked<()> {
    for (name, value) in object(field, value)? {
        let path = format!("{field}.{name}");
        let sku = sku_of(world, &path, name)?;
        figure(world, &path, value, found(sku))?;
    }
    Ok(())
}

fn shown<S: LiveShop>(world: &World<S>, value: &Value) -> Checked<()> {
    if value.is_object() {
        return each_sku(world, "shown_available", value, |sku| world.shown(sku));
    }
    let skus = ids(&world.names.skus).map(SkuId);
    let found = skus.map(|sku| world.shown(sku)).sum();
    figure(world, "shown_available", value, found)
}

fn first_unallocated<S: LiveShop>(world: &World<S>, value: &Value) -> Checked<()> {
    let same = |path: &str, value: &Value, skus: &[SkuId]| {
        let found = world.first_waiting(skus).map_or(Value::Null, Value::from);
        if *value == found {
            return Ok(());
        }
        fail(format!("{path}: expected {value}, got {found}"))
    };
    let Value::Object(by_sku) = value else {
        return same("first_unallocated", value, &world.shop.skus());
    };
    for (name, value) in by_sku {
        let path = format!("first_unallocated.{name}");
        same(&path, value, &[sku_of(world, &path, name)?])?;
    }
    Ok(())
}

/// Numbers of lines or steps, which are not scaled.
pub(super) fn counts(
    field: &str,
    expected: &Map<String, Value>,
    found: &BTreeMap<String, Total>,
) -> Checked<()> {
    for (word, expected) in expected {
        let found = found.get(word).copied().unwrap_or(0);
        if expected.as_i64().map(Total::from) != Some(found) {
            return fail(format!("{field}.{word}: expected {expected}, got {found}"));
        }
    }
    Ok(())
}

fn stock<S: LiveShop>(world: &World<S>, expected: &Map<String, Value>) -> Checked<()> {
    for (name, figures) in expected {
        let path = format!("stock.{name}");
        let sku = sku_of(world, &path, name)?;
        for (field, value) in object(&path, figures)? {
            let found = world.over_locations(sku, |position| match field.as_str() {
                "on_hand" => position.on_hand(),
                "allocated" => position.allocated,
                _ => position.available,
            });
            figure(world, &format!("{path}.{field}"), value, found)?;
        }
    }
    Ok(())
}

const ACCOUNT: [&str; 6] = [
    "received",
    "available",
    "reserved",
    "allocated",
    "shipped",
    "scrapped",
];

const fn of_account(position: &StockPosition, field: usize) -> i64 {
    match field {
        0 => position.received,
        1 => position.available,
        2 => position.reserved,
        3 => position.allocated,
        4 => position.shipped,
        _ => position.scrapped,
    }
}

fn accounts<S: LiveShop>(
    world: &World<S>,
    expected: &Map<String, Value>,
    names: Names,
) -> Checked<()> {
    let zero = Value::from(0);
    let mut told = Vec::new();
    for (name, figures) in expected {
        let path = format!("accounts.{name}");
        let figures = object(&path, figures)?;
        // A slash may be part of either name.
        let ends = name.match_indices('/').map(|(at, _)| name.split_at(at));
        let account = ends.filter_map(|(sku, location)| {
            let sku = world.names.skus.id(sku).map(SkuId)?;
            let location = world.names.known_location(location.strip_prefix('/')?)?;
            Some((sku, location))
        });
        let Some((sku, location)) = account.last() else {
            return fail(format!("{path}: is named by no step"));
        };
        told.push((sku, location));
        let position = world.shop.position(sku, location).unwrap_or_default();
        for (index, field) in ACCOUNT.iter().enumerate() {
            let value = match (figures.get(*field), names) {
                (Some(value), _) => value,
                (None, Names::All) => &zero,
                (None, Names::Some) => continue,
            };
            let found = of_account(&position, index);
            figure(world, &format!("{path}.{field}"), value, found.into())?;
        }
    }
    if names == Names::Some {
        return Ok(());
    }
    for sku in world.shop.skus() {
        for (location, position) in world.accounts(sku) {
            if position != StockPosition::default() && !told.contains(&(sku, location)) {
                let (sku, location) = (
                    world.names.sku_name(sku),
                    world.names.location_name(location),
                );
                return fail(format!("accounts.{sku}/{location}: expected none, got one"));
            }
        }
    }
    Ok(())
}

fn lines<S: LiveShop>(
    world: &World<S>,
    expected: &Map<String, Value>,
    names: Names,
) -> Checked<()> {
    for (name, fields) in expected {
        let path = format!("lines.{name}");
        let fields = object(&path, fields)?;
        let Some(id) = world.names.lines.id(name).map(LineId) else {
            return fail(format!("{path}: is named by no step"));
        };
        match world.shop.line(id) {
            Some(view) => line(world, &path, id, &view, fields, names)?,
            None if names == Names::All => return fail(format!("{path}: expected, got none")),
            None => no_line(world, &path, fields)?,
        }
    }
    if names == Names::Some {
        return Ok(());
    }
    for (id, _) in world.lines() {
        let name = world.names.line_name(id);
        if !expected.contains_key(name) {
            return fail(format!("lines.{name}: expected none, got one"));
        }
    }
    Ok(())
}

/// A line that was refused has no units, and nothing else either.
fn no_line<S>(world: &World<S>, path: &str, fields: &Map<String, Value>) -> Checked<()> {
    for (field, value) in fields {
        match value {
            Value::Object(units) if units.is_empty() => {}
            Value::Number(_) => figure(world, &format!("{path}.{field}"), value, 0)?,
            value => {
                return fail(format!(
                    "{path}.{field}: expected {value}, got no such line"
                ));
            }
        }
    }
    Ok(())
}

/// The figures of a line that are 0 where the end of a case does not name them.
const FIGURES: [&str; 5] = [
    "allocated",
    "unallocated",
    "reserved",
    "shipped",
    "cancelled",
];

fn line<S: LiveShop>(
    world: &World<S>,
    path: &str,
    id: LineId,
    view: &LineView,
    fields: &Map<String, Value>,
    names: Names,
) -> Checked<()> {
    let zero = Value::from(0);
    let open = Total::from(view.waiting) + Total::from(view.reserved) + Total::from(view.allocated);
    let unnamed = FIGURES
        .iter()
        .filter(|field| names == Names::All && !fields.contains_key(**field));
    let unnamed = unnamed.map(|field| (*field, &zero));
    let named = fields.iter().map(|(field, value)| (field.as_str(), value));
    for (field, value) in named.chain(unnamed) {
        let path = format!("{path}.{field}");
        let found = match field {
            "allocated" => view.allocated.into(),
            "unallocated" => view.waiting.into(),
            "reserved" => view.reserved.into(),
            "shipped" => view.shipped.into(),
            "cancelled" => view.cancelled.into(),
            "qty" => open + Total::from(view.shipped),
            "queue_ahead" => {
                let place = world.shop.place_in_line(id);
                place.map_or(0, |place| place.units_ahead.into())
            }
            _ => {
                described(world, &path, field, id, view, value)?;
                continue;
            }
        };
        figure(world, &path, value, found)?;
    }
    Ok(())
}

/// What of a line is no figure.
fn described<S: LiveShop>(
    world: &World<S>,
    path: &str,
    field: &str,
    id: LineId,
    view: &LineView,
    value: &Value,
) -> Checked<()> {
    let names = &world.names;
    let of_lots = || World::<S>::taken_of(view, |at| names.lot_of(at).map(str::to_owned));
    match field {
        "status" => {
            let found = world.status(view);
            if value == found {
                return Ok(());
            }
            fail(format!("{path}: expected {value}, got \"{found}\""))
        }
        "locations" => {
            let place = |at| Some(names.place_of(at).to_owned());
            by_name(world, path, value, &World::<S>::taken_of(view, place))
        }
        "lots" => by_name(world, path, value, &of_lots()),
        _ => {
            let mut found = world.pegs_of(id, view);
            // A lot that has arrived serves a line too, where the case asks for it.
            for (lot, units) in of_lots() {
                if value.get(&lot).is_some() {
                    *found.entry(lot).or_insert(0) += units;
                }
            }
            by_name(world, path, value, &found)
        }
    }
}

/// Units by name: all of them, and a name that is missing has none.
fn by_name<S>(
    world: &World<S>,
    path: &str,
    expected: &Value,
    found: &BTreeMap<String, Total>,
) -> Checked<()> {
    let expected = object(path, expected)?;
    for (name, value) in expected {
        let units = found.get(name).copied().unwrap_or(0);
        figure(world, &format!("{path}.{name}"), value, units)?;
    }
    match found.iter().find(|(name, _)| !expected.contains_key(*name)) {
        Some((name, units)) => fail(format!(
            "{path}.{name}: expected none, got {}",
            world.scale.text(*units)
        )),
        None => Ok(()),
    }
}
