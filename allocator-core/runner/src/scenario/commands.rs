//! The commands of a step.

use std::collections::BTreeMap;

use allocator_core::engine::{
    Ahead, AheadLimit, AllocateRule, Command, Pack, Place, PlaceLine, SkuPolicy,
};
use allocator_core::{LocationId, ShortageRule, SkuId};
use serde_json::Value;

use super::given;
use super::instant::NEVER;
use super::moves;
use super::read::{Fields, MALFORMED, Read, broken};
use super::shop::LiveShop;
use super::world::World;
use crate::checked::unsupported;
use crate::words;

/// What a step tells the engine, in this order.
pub(super) fn of_step<S: LiveShop>(
    world: &mut World<S>,
    op: &str,
    fields: Fields<'_>,
) -> Read<Vec<Command>> {
    match op {
        "receive" | "adjust" | "recount" | "issue" | "expect_supply" | "change_supply" => {
            super::stock::of_step(world, op, fields)
        }
        "allocate_line" | "unallocate" | "reassign" | "return_to_stock" => {
            moves::of_step(world, op, fields)
        }
        "place" | "hold" | "hold_many" => Ok(vec![Command::Place(place(world, op, fields)?)]),
        "allocate" => {
            let commands = allocate(world, fields)?;
            Ok(commands.into_iter().map(|(_, command)| command).collect())
        }
        "configure" | "set_cap" | "end_preorder" | "set_policy" => policies(world, op, fields),
        "cancel" => cancel(world, fields).map(|command| vec![command]),
        "edit" | "set_priority" => edit(world, fields).map(|command| vec![command]),
        "edit_hold" => edit_hold(world, fields).map(|command| vec![command]),
        _ => one(world, op, fields).map(|command| vec![command]),
    }
}

/// Steps that are one command each, field by field.
fn one<S: LiveShop>(world: &mut World<S>, op: &str, fields: Fields<'_>) -> Read<Command> {
    let names = &mut world.names;
    Ok(match op {
        "confirm_hold" => Command::Confirm {
            order: names.order(fields.text("hold")?)?,
        },
        "release_hold" => Command::CancelOrder {
            order: names.order(fields.text("hold")?)?,
            only_waiting: false,
        },
        "cancel_unallocated" => Command::CancelOrder {
            order: names.order(fields.text("order")?)?,
            only_waiting: true,
        },
        "extend_hold" => Command::AmendOrder {
            order: names.order(fields.text("hold")?)?,
            until: Some(fields.instant("expires_at")?),
            together: None,
        },
        "order_policy" => Command::AmendOrder {
            order: names.order(fields.text("order")?)?,
            until: None,
            together: fields.flag("ship_complete")?,
        },
        "split" => Command::Split {
            line: names.line(fields.text("line")?)?,
            new_line: names.line(fields.text("new_line")?)?,
            units: fields.units("qty")?,
        },
        "ship" => Command::Ship {
            line: names.line(fields.text("line")?)?,
            units: fields.units("qty")?,
            location: maybe_location(world, fields)?,
        },
        "transfer" => Command::Transfer {
            sku: names.sku(fields.text("sku")?)?,
            from: names.location(fields.text("from")?)?,
            to: names.location(fields.text("to")?)?,
            units: fields.units("qty")?,
        },
        "forget" => Command::Forget {
            closed_before: fields.instant("closed_before")?,
        },
        op => return Err(broken(format!("step {op}: is not known"))),
    })
}

fn edit<S: LiveShop>(world: &mut World<S>, fields: Fields<'_>) -> Read<Command> {
    let name = fields.text("line")?;
    let stand = world.standing.of(name, fields)?;
    Ok(Command::AmendLine {
        line: world.names.line(name)?,
        units: fields.maybe_units("qty")?,
        priority: stand.rank,
        placed_at: stand.placed_at,
        ahead: ahead(fields, "ahead")?.unwrap_or_default(),
    })
}

/// The first line of a hold; of one that is not known, the line it would have.
fn edit_hold<S: LiveShop>(world: &mut World<S>, fields: Fields<'_>) -> Read<Command> {
    let hold = fields.text("hold")?;
    let order = world.shop.order(world.names.order(hold)?);
    let first = order.and_then(|order| order.lines.first().copied());
    Ok(Command::AmendLine {
        line: match first {
            Some(line) => line,
            None => world.names.line(hold)?,
        },
        units: Some(fields.units("qty")?),
        priority: None,
        placed_at: None,
        ahead: Ahead::No,
    })
}

fn cancel<S: LiveShop>(world: &mut World<S>, fields: Fields<'_>) -> Read<Command> {
    let only_waiting = fields.is("only_waiting")?;
    match (fields.maybe_text("line")?, fields.maybe_text("order")?) {
        (Some(line), None) => Ok(Command::CancelLine {
            line: world.names.line(line)?,
            units: fields.maybe_units("qty")?,
            only_waiting,
        }),
        (None, Some(order)) if !fields.has("qty") => Ok(Command::CancelOrder {
            order: world.names.order(order)?,
            only_waiting,
        }),
        // Both or neither, or units of an order: no command can say so.
        _ => Err(MALFORMED),
    }
}

/// An order or a hold.
fn place<S: LiveShop>(world: &mut World<S>, op: &str, fields: Fields<'_>) -> Read<Place> {
    let is_hold = op != "place";
    let order = match op {
        "place" => fields.text("order")?,
        "hold" => fields.text("hold")?,
        _ => fields.text("owner")?,
    };
    let customer = fields.maybe_text(if is_hold { "owner" } else { "customer" })?;
    let usual = match is_hold {
        false => Ahead::Yes,
        true => ahead(fields, "preorder")?.unwrap_or(Ahead::No),
    };
    let list = fields.maybe_objects(if is_hold { "items" } else { "lines" })?;
    let mut lines = Vec::new();
    match list {
        None => {
            let name = if is_hold { order } else { fields.text("line")? };
            lines.push(place_line(world, name, fields, usual)?);
        }
        Some(items) => {
            let usual = ahead(fields, "ahead")?.unwrap_or(usual);
            for (index, item) in items.into_iter().enumerate() {
                let name = match item.maybe_text("line")? {
                    Some(name) => name.to_owned(),
                    None if is_hold => format!("{order}-{index}"),
                    None => return Err(broken("lines: line is missing")),
                };
                lines.push(place_line(world, &name, item, usual)?);
            }
        }
    }
    let until = fields.maybe_instant("expires_at")?.unwrap_or(NEVER);
    let replaces = match fields.maybe_text("replaces")? {
        Some(line) => Some(world.names.line(line)?),
        None => None,
    };
    let order = world.names.order(order)?;
    // Peers say of an order once that it ships together.
    let known = world.shop.order(order).filter(|_| !world.is_engine);
    let together = known.is_some_and(|known| known.together);
    Ok(Place {
        order,
        customer: match customer {
            Some(customer) => Some(world.names.customer(customer)?),
            None => None,
        },
        until: is_hold.then_some(until),
        together: fields.flag("together")?.unwrap_or(together),
        partial: fields.is("partial")?,
        replaces,
        lines,
    })
}

fn place_line<S: LiveShop>(
    world: &mut World<S>,
    name: &str,
    item: Fields<'_>,
    usual: Ahead,
) -> Read<PlaceLine> {
    let stand = world.standing.of(name, item)?;
    let pack = match item.get("pack_size") {
        Some(Value::String(word)) if word == "whole" => Pack::Whole,
        _ => (item.maybe_units("pack_size")?).map_or_else(Pack::default, Pack::Multiple),
    };
    Ok(PlaceLine {
        line: world.names.line(name)?,
        sku: world.names.sku(item.text("sku")?)?,
        location: tie(world, item)?,
        units: item.units("qty")?,
        priority: stand.rank.unwrap_or_else(|| world.standing.default_rank()),
        placed_at: stand.placed_at,
        pack,
        ahead: ahead(item, "ahead")?.unwrap_or(usual),
    })
}

/// Whether a claim may be sold ahead of stock: `"no"`, true, false or {latest}.
fn ahead(fields: Fields<'_>, name: &str) -> Read<Option<Ahead>> {
    Ok(match fields.get(name) {
        None => None,
        Some(Value::Bool(true)) => Some(Ahead::Yes),
        Some(Value::Bool(false)) => Some(Ahead::No),
        Some(Value::String(word)) if word == "yes" => Some(Ahead::Yes),
        Some(Value::String(word)) if word == "no" => Some(Ahead::No),
        Some(Value::Object(body)) => {
            let latest = Fields::new(body, fields.scale).instant("latest")?;
            Some(Ahead::Latest(latest))
        }
        Some(other) => return Err(broken(format!("{name}: {other} is not documented"))),
    })
}

/// The location a line is tied to. One of lots is as many to the engine, and a line has one tie.
fn tie<S: LiveShop>(world: &mut World<S>, item: Fields<'_>) -> Read<Option<LocationId>> {
    let Some(location) = item.maybe_text("location")? else {
        return Ok(None);
    };
    if !world.lots.matter {
        return Ok(Some(world.names.location(location)?));
    }
    let here: Vec<_> = world.lots.at(location).collect();
    let id = match here.as_slice() {
        [] | [None] => world.names.location(location)?,
        [Some(lot)] => world.names.lot(location, lot)?,
        _ => unsupported("a line at one location of several lots")?,
    };
    Ok(Some(id))
}

pub(super) fn maybe_location<S: LiveShop>(
    world: &mut World<S>,
    fields: Fields<'_>,
) -> Read<Option<LocationId>> {
    match fields.maybe_text("location")? {
        Some(location) => Ok(Some(world.names.location(location)?)),
        None => Ok(None),
    }
}

/// An allocation of the SKU, or of every one that has lines.
pub(super) fn allocate<S: LiveShop>(
    world: &mut World<S>,
    fields: Fields<'_>,
) -> Read<Vec<(SkuId, Command)>> {
    let rule = rule(fields)?;
    let is_final = fields.is("final")?;
    let skus = match fields.maybe_text("sku")? {
        Some(sku) => vec![world.names.sku(sku)?],
        None => world.skus_with_lines(),
    };
    let plan = match fields.maybe_text("expect")? {
        None => None,
        Some(name) => match world.plans.get(name) {
            Some(digests) => Some(digests.clone()),
            None => return Err(broken(format!("expect: no plan is named {name}"))),
        },
    };
    let mut commands = Vec::new();
    for sku in skus {
        // A plan that was refused, or of another SKU, has no digest that could be met.
        let expect = (plan.as_ref()).map(|plan: &BTreeMap<_, _>| plan.get(&sku).copied());
        let command = Command::Allocate {
            sku,
            rule,
            is_final,
            expect: expect.map(Option::unwrap_or_default),
            draw: None,
        };
        commands.push((sku, command));
    }
    Ok(commands)
}

fn rule(fields: Fields<'_>) -> Read<AllocateRule> {
    let word = fields.maybe_text("rule")?.unwrap_or("fill");
    if fields.has("m") && word != "protect" {
        return Err(broken(format!("m: rule {word} has none")));
    }
    Ok(match word {
        "fill" => AllocateRule::Fill,
        "queue" => AllocateRule::Queue,
        "protect" => {
            let m = fields.maybe_units("m")?.unwrap_or(1);
            AllocateRule::Shared(ShortageRule::protect_first(m).map_err(|_| MALFORMED)?)
        }
        "round_robin" | "equal_cuts" | "webster" | "adams" | "jefferson" => {
            let rule = words::sharing_rule(word).ok_or_else(|| broken(word))?;
            AllocateRule::Shared(rule)
        }
        word => return Err(broken(format!("rule: {word} is not documented"))),
    })
}

/// Policies merged into what SKUs have.
fn policies<S: LiveShop>(world: &mut World<S>, op: &str, fields: Fields<'_>) -> Read<Vec<Command>> {
    let skus = match op {
        "set_policy" => {
            let mut skus = Vec::new();
            for sku in world.skus.clone() {
                skus.push(world.names.sku(&sku)?);
            }
            skus
        }
        _ => vec![world.names.sku(fields.text("sku")?)?],
    };
    let mut commands = Vec::new();
    for sku in skus {
        let mut policy: SkuPolicy = world.shop.policy(sku);
        match op {
            "configure" => match fields.maybe_object("policy")? {
                Some(change) => given::merge(&mut policy, change, &mut world.names)?,
                None => return Err(broken("policy: is missing")),
            },
            "set_cap" if fields.body.contains_key("cap") => {
                policy.limit = given::limit(fields, "cap")?;
            }
            "set_cap" => return Err(broken("cap: is missing")),
            "end_preorder" => policy.limit = AheadLimit::Units(0),
            _ => match fields.flag("partial")? {
                Some(partial) => policy.whole_lines = !partial,
                None => return Err(broken("partial: is missing")),
            },
        }
        let policy = Box::new(policy);
        commands.push(Command::Configure { sku, policy });
    }
    Ok(commands)
}
