//! Lots that must be chosen. To the engine each is a location of its own; the order of use is the order
//! in which locations are tried.

use serde_json::{Map, Value};

use super::names::Names;
use super::standing::Moment;
use crate::checked::{Checked, fail};

/// The lots of a case.
#[derive(Default)]
pub(super) struct Lots {
    /// Whether lots matter at all.
    pub(super) matter: bool,
    /// Location and lot in the order of use; units without a lot have none.
    in_use: Vec<(String, Option<String>)>,
}

/// Units that come to a location, as the file says it.
struct Arrival<'a> {
    location: &'a str,
    lot: Option<&'a str>,
    at: Option<Moment>,
}

impl Lots {
    pub(super) fn read(
        given: &Map<String, Value>,
        steps: &[(usize, Map<String, Value>)],
        expect: &Map<String, Value>,
    ) -> Checked<Self> {
        let policy = given.get("policy").and_then(Value::as_object);
        let newest_first = match policy.and_then(|policy| policy.get("lot_order")) {
            None | Some(Value::Null) => None,
            Some(Value::String(word)) if word == "fifo" => Some(false),
            Some(Value::String(word)) if word == "lifo" => Some(true),
            Some(word) => {
                return fail(format!("given.policy.lot_order: {word} is not documented"));
            }
        };
        let given_lots = given
            .get("lots")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let received = steps.iter().map(|(_, step)| step).filter(|step| {
            let is_stock = ["receive", "adjust"].map(Value::from);
            step.get("op").is_some_and(|op| is_stock.contains(op))
        });
        let mut arrivals: Vec<_> = (given_lots.filter_map(Value::as_object).chain(received))
            .map(arrival)
            .collect();
        // Equal dates, and none, in the order of the file.
        arrivals.sort_by(|a, b| (a.at.is_none(), &a.at).cmp(&(b.at.is_none(), &b.at)));
        if newest_first == Some(true) {
            arrivals.reverse();
        }
        let checks = steps.iter().map(|(_, step)| step).chain([expect]);
        let names: Vec<_> = arrivals.iter().filter_map(|arrival| arrival.lot).collect();
        let matter = newest_first.is_some() || checks.into_iter().any(|part| asks(part, &names));
        let mut this = Self {
            matter,
            in_use: Vec::new(),
        };
        for arrival in arrivals {
            let lot = (arrival.location.to_owned(), arrival.lot.map(str::to_owned));
            if !this.in_use.contains(&lot) {
                this.in_use.push(lot);
            }
        }
        Ok(this)
    }

    /// The locations of the engine in the order of use: those of the first of these locations first,
    /// those of no listed location last.
    pub(super) fn in_order(
        &self,
        listed: &[String],
        names: &mut Names,
    ) -> Checked<Vec<allocator_core::LocationId>> {
        let mut in_use: Vec<_> = self.in_use.iter().collect();
        let rank = |location: &String| {
            (listed.iter().position(|name| name == location)).unwrap_or(listed.len())
        };
        in_use.sort_by_key(|(location, _)| rank(location));
        let mut locations = Vec::new();
        for (location, lot) in in_use {
            locations.push(match lot {
                Some(lot) => names.lot(location, lot)?,
                None => names.location(location)?,
            });
        }
        for location in listed {
            let plain = names.location(location)?;
            if !locations.contains(&plain) {
                locations.push(plain);
            }
        }
        Ok(locations)
    }

    /// The lots, and units without one, that ever come to a location.
    pub(super) fn at<'a>(&'a self, location: &'a str) -> impl Iterator<Item = Option<&'a str>> {
        let here = self.in_use.iter().filter(move |(at, _)| at == location);
        here.map(|(_, lot)| lot.as_deref())
    }
}

fn arrival(object: &Map<String, Value>) -> Arrival<'_> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    Arrival {
        location: text("location").unwrap_or(super::MAIN),
        lot: text("lot"),
        at: text("at").map(Moment::of),
    }
}

/// Whether something is expected of a lot.
fn asks(part: &Map<String, Value>, lots: &[&str]) -> bool {
    let lines = part.get("lines").and_then(Value::as_object);
    let mut lines = lines.into_iter().flat_map(Map::values);
    let supply = part.get("supply").and_then(Value::as_object);
    let mut supplies = supply.into_iter().flat_map(Map::keys);
    lines.any(|line| line.get("lots").is_some())
        || supplies.any(|supply| lots.contains(&supply.as_str()))
}
