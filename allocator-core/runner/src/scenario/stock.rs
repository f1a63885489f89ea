//! Steps about stock and incoming supply.

use allocator_core::engine::{Command, StockCause, StockChange};
use allocator_core::{LocationId, Quantity, SkuId, SupplyId};

use super::MAIN;
use super::read::{Fields, Halt, MALFORMED, Read, broken};
use super::shop::LiveShop;
use super::world::World;

pub(super) fn of_step<S: LiveShop>(
    world: &mut World<S>,
    op: &str,
    fields: Fields<'_>,
) -> Read<Vec<Command>> {
    match op {
        "receive" | "adjust" => changed(world, op, fields),
        "issue" => issue(world, fields),
        "recount" => recount(world, fields),
        _ => supply(world, op, fields).map(|command| vec![command]),
    }
}

/// One change of stock by so many units.
struct Change {
    sku: SkuId,
    cause: StockCause,
    supply: Option<SupplyId>,
    only_free: bool,
}

impl Change {
    fn by(&self, location: LocationId, units: Quantity) -> Command {
        Command::Stock {
            sku: self.sku,
            location,
            change: StockChange::By(units),
            cause: self.cause,
            supply: self.supply,
            only_free: self.only_free,
        }
    }
}

fn changed<S: LiveShop>(world: &mut World<S>, op: &str, fields: Fields<'_>) -> Read<Vec<Command>> {
    let is_receipt = op == "receive";
    let usual = if is_receipt {
        StockCause::Receipt
    } else {
        StockCause::Count
    };
    let units = match (fields.maybe_units("delta")?, fields.maybe_units("qty")?) {
        (Some(delta), None) => delta,
        (None, Some(units)) => units,
        _ => return Err(broken("qty: either qty or delta")),
    };
    let change = Change {
        sku: world.names.sku(fields.text("sku")?)?,
        cause: match fields.maybe_text("reason")? {
            None => usual,
            Some("receipt") => StockCause::Receipt,
            Some("count") => StockCause::Count,
            Some("damaged" | "damage") => StockCause::Damage,
            // Peers have many words for a correction.
            Some(_) if !world.is_engine => StockCause::Count,
            Some(word) => return Err(broken(format!("reason: {word} is not documented"))),
        },
        supply: match fields.maybe_text("supply")? {
            Some(supply) => Some(world.names.supply(supply)?),
            None => None,
        },
        only_free: (fields.flag("only_free")?).unwrap_or(world.only_free && !is_receipt),
    };
    let location = fields.maybe_text("location")?.unwrap_or(MAIN);
    let lot = fields.maybe_text("lot")?.filter(|_| world.lots.matter);
    if let Some(lot) = lot {
        let location = world.names.lot(location, lot)?;
        return Ok(vec![change.by(location, units)]);
    }
    if units < 0 {
        return lost(world, &change, location, units);
    }
    let location = world.names.location(location)?;
    Ok(vec![change.by(location, units)])
}

fn issue<S: LiveShop>(world: &mut World<S>, fields: Fields<'_>) -> Read<Vec<Command>> {
    let change = Change {
        sku: world.names.sku(fields.text("sku")?)?,
        cause: StockCause::Damage,
        supply: None,
        only_free: true,
    };
    let units = fields.units("qty")?.checked_neg().ok_or(MALFORMED)?;
    let location = fields.maybe_text("location")?.unwrap_or(MAIN);
    lost(world, &change, location, units)
}

/// Units that leave a location. Of lots there, free units go first.
fn lost<S: LiveShop>(
    world: &mut World<S>,
    change: &Change,
    location: &str,
    units: Quantity,
) -> Read<Vec<Command>> {
    let here = world.names.locations_at(location);
    let mut sources = Vec::new();
    let mut taken = Vec::new();
    let mut usual = world.names.location(location)?;
    for at in here {
        let position = world.shop.position(change.sku, at).unwrap_or_default();
        sources.push((at, position.available));
        taken.push((at, position.on_hand() - position.available));
        // Where it fails, it fails for want of free units and not of any.
        if position.on_hand() > 0 {
            usual = at;
        }
    }
    if !change.only_free {
        sources.extend(taken);
    }
    let parts = world.spread(&sources, units.checked_neg().ok_or(MALFORMED)?, usual);
    // At one location free units go first by themselves: one command is enough.
    let mut by_location: Vec<(LocationId, Quantity)> = Vec::new();
    for (at, units) in parts {
        match by_location.iter_mut().find(|(known, _)| *known == at) {
            Some((_, sum)) => *sum = sum.saturating_add(units),
            None => by_location.push((at, units)),
        }
    }
    let command = |(at, units): (LocationId, Quantity)| change.by(at, -units);
    Ok(by_location.into_iter().map(command).collect())
}

/// A count of a location. Of several lots there, the first ones keep what they have.
fn recount<S: LiveShop>(world: &mut World<S>, fields: Fields<'_>) -> Read<Vec<Command>> {
    let sku = world.names.sku(fields.text("sku")?)?;
    let location = fields.maybe_text("location")?.unwrap_or(MAIN);
    let plain = world.names.location(location)?;
    let mut rest = fields.units("on_hand")?;
    let only_free = fields.is("only_free")?;
    let here = world.names.locations_at(location);
    let stock = here.into_iter().filter_map(|at| {
        let on_hand = world.shop.position(sku, at)?.on_hand();
        (on_hand > 0).then_some((at, on_hand))
    });
    let mut stock: Vec<_> = stock.collect();
    if stock.is_empty() {
        stock.push((plain, 0));
    }
    let last = stock.len() - 1;
    let mut commands = Vec::new();
    for (index, (location, on_hand)) in stock.into_iter().enumerate() {
        let counted = if index == last {
            rest
        } else {
            rest.min(on_hand)
        };
        rest -= counted;
        commands.push(Command::Stock {
            sku,
            location,
            change: StockChange::Exactly(counted),
            cause: StockCause::Count,
            supply: None,
            only_free,
        });
    }
    Ok(commands)
}

/// A purchase order line, announced or revised.
fn supply<S: LiveShop>(world: &mut World<S>, op: &str, fields: Fields<'_>) -> Read<Command> {
    let supply = world.names.supply(fields.text("supply")?)?;
    let known = world.shop.supply(supply);
    let is_new = op == "expect_supply";
    let units = fields.units("qty")?;
    let sku = match (fields.maybe_text("sku")?, known) {
        (Some(sku), _) => world.names.sku(sku)?,
        (None, Some(known)) if !is_new => known.sku,
        (None, None) if !is_new => return Err(Halt::Refused("unknown_supply")),
        (None, _) => return Err(broken("sku: is missing")),
    };
    let location = match (fields.maybe_text("location")?, known) {
        (None, Some(known)) if !is_new => known.location,
        (location, _) => world.names.location(location.unwrap_or(MAIN))?,
    };
    let expected_at = match (fields.maybe_instant("eta")?, known) {
        (Some(at), _) => at,
        (None, Some(known)) => known.expected_at,
        (None, None) => return Err(broken("eta: is missing")),
    };
    Ok(Command::Supply {
        supply,
        sku,
        location,
        units,
        expected_at,
    })
}
