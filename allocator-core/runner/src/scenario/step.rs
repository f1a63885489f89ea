//! One step: a command or several, a question, or time that passes.

use allocator_core::engine::{Command, Decision, Inflow, Place, PlaceLine, SkuPolicy};
use allocator_core::{SkuId, Timestamp};
use serde_json::{Map, Value};

use super::read::{Fields, Halt, Read};
use super::shop::LiveShop;
use super::world::{Outcome, World};
use super::{commands, moves};
use crate::checked::{Checked, fail};

/// Carries out a step that is neither a check nor a repetition.
pub(super) fn run<S: LiveShop>(
    world: &mut World<S>,
    step: &Map<String, Value>,
) -> Checked<Outcome> {
    match carried_out(world, step) {
        Ok(outcome) => Ok(outcome),
        Err(Halt::Case(trouble)) => Err(trouble),
        Err(Halt::Refused(why)) => Ok(Outcome::of(&format!("refused:{why}"))),
    }
}

fn carried_out<S: LiveShop>(world: &mut World<S>, step: &Map<String, Value>) -> Read<Outcome> {
    let fields = Fields::new(step, world.scale);
    let op = fields.text("op")?;
    if op == "advance" {
        let (to, budget) = (fields.instant("to")?, fields.maybe_small("budget")?);
        let kept = std::mem::take(&mut world.kept);
        let mut outcome = world.advance(to, budget)?;
        let now = world.clock();
        outcome.events.extend(let_flow(world, now, kept)?);
        return Ok(outcome);
    }
    let now = fields.maybe_instant("now")?;
    match op {
        "check" | "query_available" | "can_accept" | "plan" => {
            // A question is no call; the time of one passes all the same.
            let mut passed = match now {
                Some(now) => world.advance(now, None)?,
                None => Outcome::default(),
            };
            if passed.result.starts_with("refused") {
                return Ok(passed);
            }
            let answer = question(world, op, fields)?;
            passed.events.extend(answer.events);
            Ok(Outcome {
                result: answer.result,
                events: passed.events,
            })
        }
        _ => commanded(world, op, fields, now.unwrap_or_else(|| world.clock())),
    }
}

fn question<S: LiveShop>(world: &mut World<S>, op: &str, fields: Fields<'_>) -> Read<Outcome> {
    match op {
        "query_available" => {
            let sku = world.names.sku(fields.text("sku")?)?;
            let found = world.available(sku);
            let expected = fields.get("expect");
            let figure = expected.and_then(|value| world.scale.figure(value));
            match figure {
                Some(figure) if figure == found => Ok(Outcome::of("ok")),
                Some(figure) => Ok(fail(format!(
                    "expected {} available, got {}",
                    world.scale.text(figure),
                    world.scale.text(found)
                ))?),
                None if expected.is_some() => Ok(fail("expect: is no number of units")?),
                None => Ok(fail("expect: is missing")?),
            }
        }
        "can_accept" => can_accept(world, fields),
        "plan" => plan(world, fields),
        // What a check compares, its caller has compared.
        _ => Ok(Outcome::of("ok")),
    }
}

/// Whether an order would be accepted once the owner's own holds are gone.
fn can_accept<S: LiveShop>(world: &mut World<S>, fields: Fields<'_>) -> Read<Outcome> {
    let sku = world.names.sku(fields.text("sku")?)?;
    let units = fields.units("qty")?;
    let customer = match fields.maybe_text("owner")? {
        Some(owner) => Some(world.names.customer(owner)?),
        None => None,
    };
    let holds = match customer {
        Some(customer) => world.holds_of(customer),
        None => Vec::new(),
    };
    // A name that no file can choose.
    const NOBODY: &str = "\u{0}can_accept";
    let command = Command::Place(Place {
        order: world.names.order(NOBODY)?,
        customer,
        until: None,
        together: false,
        partial: false,
        replaces: None,
        lines: vec![PlaceLine {
            priority: world.standing.default_rank(),
            ..PlaceLine::new(world.names.line(NOBODY)?, sku, units)
        }],
    });
    let planned = if holds.is_empty() {
        world.shop.plan(&command)
    } else {
        world.twin_without(&holds)?.plan(&command)
    };
    let is_accepted = planned.is_ok_and(|plan| plan.decision == Decision::Accepted);
    Ok(Outcome::of(if is_accepted { "yes" } else { "no" }))
}

/// What an allocation would do; its digest has a name from now on.
fn plan<S: LiveShop>(world: &mut World<S>, fields: Fields<'_>) -> Read<Outcome> {
    let name = fields.maybe_text("as")?;
    let mut all = Outcome::of("noop");
    let mut digests = std::collections::BTreeMap::new();
    for (sku, command) in commands::allocate(world, fields)? {
        let Ok(plan) = world.shop.plan(&command) else {
            return Ok(Outcome::of("refused:malformed"));
        };
        if let Decision::Refused(rejection) = plan.decision {
            return Ok(Outcome::of(&format!("refused:{}", rejection.code.name())));
        }
        digests.extend(plan.digest.map(|digest| (sku, digest)));
        all.events.extend(world.texts(&plan.events));
    }
    if !all.events.is_empty() {
        all.result = "ok".into();
    }
    if let Some(name) = name {
        world.plans.insert(name.to_owned(), digests);
    }
    Ok(all)
}

fn commanded<S: LiveShop>(
    world: &mut World<S>,
    op: &str,
    fields: Fields<'_>,
    now: Timestamp,
) -> Read<Outcome> {
    let key = fields.maybe_text("key")?;
    let issued_at = fields.maybe_instant("issued_at")?;
    // What the last step freed and nobody was to have is allocated after this change.
    let mut kept = std::mem::take(&mut world.kept);
    let commands = world.once(key, fields.body, |world| {
        commands::of_step(world, op, fields)
    })?;
    let keeps = if op == "unallocate" && fields.is("no_auto")? {
        keep(world, now, &commands, &mut kept)?
    } else {
        Vec::new()
    };
    let is_move = ["allocate_line", "unallocate"].contains(&op);
    let sent = if is_move {
        commands.clone()
    } else {
        Vec::new()
    };
    let mut answer = world.send(now, key, issued_at, commands)?;
    if answer.is_accepted && is_move {
        moves::note(world, op, fields, &sent)?;
    }
    answer.outcome.events.extend(let_flow(world, now, kept)?);
    world.kept.extend(keeps);
    Ok(answer.outcome)
}

/// Stops units of the commands' SKUs from flowing to those who wait. Which were stopped.
fn keep<S: LiveShop>(
    world: &mut World<S>,
    now: Timestamp,
    commands: &[Command],
    kept: &mut Vec<SkuId>,
) -> Checked<Vec<SkuId>> {
    let mut stopped = Vec::new();
    for command in commands {
        let Command::Assign { from, .. } = command else {
            continue;
        };
        let line = from.and_then(|line| world.shop.line(line));
        let Some(sku) = line.map(|line| line.sku) else {
            continue;
        };
        if kept.contains(&sku) {
            kept.retain(|other| *other != sku);
            stopped.push(sku);
        }
        let policy = world.shop.policy(sku);
        if policy.inflow == Inflow::Serve {
            let policy = SkuPolicy {
                inflow: Inflow::Keep,
                ..policy
            };
            let _ = configure(world, now, sku, policy)?;
            stopped.push(sku);
        }
    }
    Ok(stopped)
}

/// Lets units of these SKUs flow again. The policy is an artifice and no event of the step; what it lets
/// flow is one.
fn let_flow<S: LiveShop>(
    world: &mut World<S>,
    now: Timestamp,
    kept: Vec<SkuId>,
) -> Checked<Vec<String>> {
    let mut events = Vec::new();
    for sku in kept {
        let policy = SkuPolicy {
            inflow: Inflow::Serve,
            ..world.shop.policy(sku)
        };
        events.extend(configure(world, now, sku, policy)?.events);
    }
    events.retain(|event| !event.starts_with("configured "));
    Ok(events)
}

fn configure<S: LiveShop>(
    world: &mut World<S>,
    now: Timestamp,
    sku: SkuId,
    policy: SkuPolicy,
) -> Checked<Outcome> {
    let policy = Box::new(policy);
    let answer = world.send(now, None, None, vec![Command::Configure { sku, policy }])?;
    Ok(answer.outcome)
}
