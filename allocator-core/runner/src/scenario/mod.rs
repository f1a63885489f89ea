//! Scenarios of a live shop: steps one after another, and what must have come of them.
//!
//! Two files have this form: that of the engine, which tells every event and account, and that of other
//! systems' tests, in neutral terms. What the form's page names as not the engine's is unsupported.

mod commands;
mod compare;
mod event;
mod fields;
mod figure;
mod given;
mod instant;
mod look;
mod lots;
mod moves;
mod names;
mod read;
pub(crate) mod shop;
mod standing;
mod step;
mod stock;
mod told;
mod world;

use allocator_core::engine::{Command, Place, PlaceLine, StockCause, StockChange};
use serde_json::{Map, Value};

use crate::checked::{Checked, Trouble, fail, object, verdict};
use crate::report::Verdict;
use figure::Scale;
use lots::Lots;
use names::Names;
use read::{Fields, set_up};
use shop::LiveShop;
use standing::Standing;
use world::{Outcome, Setting, World};

/// The location of what is said to be nowhere.
const MAIN: &str = "main";

/// Runs one case on a shop of this kind.
pub(crate) fn run<S: LiveShop>(case: &Map<String, Value>) -> Verdict {
    verdict(judge::<S>(case))
}

fn judge<S: LiveShop>(case: &Map<String, Value>) -> Checked<()> {
    let given = object(case, "given")?;
    let expect = object(case, "expect")?;
    let Some(steps) = case.get("steps").and_then(Value::as_array) else {
        return fail("steps: is no list");
    };
    fields::documented(given, steps, expect)?;
    told::expectations(expect, steps)?;
    fields::supported(given, steps, expect)?;
    let in_turn = fields::in_turn(steps)?;
    let mut world = opened::<S>(given, &in_turn, expect, case)?;
    let outcomes = all_steps(&mut world, &in_turn, steps, expect)?;
    told::results_counted(expect, &outcomes)?;
    let names = if world.is_engine {
        compare::Names::All
    } else {
        compare::Names::Some
    };
    compare::state(&world, expect, names)
}

/// Carries out every step and compares what came of it at once: the first difference is the earliest.
fn all_steps<S: LiveShop>(
    world: &mut World<S>,
    in_turn: &[(usize, Map<String, Value>)],
    steps: &[Value],
    expect: &Map<String, Value>,
) -> Checked<Vec<(bool, Outcome)>> {
    let mut all = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let is_repeated = step.get("op").is_some_and(|op| op == "repeat");
        let from = in_turn.partition_point(|(of, _)| *of < index);
        let to = in_turn.partition_point(|(of, _)| *of <= index);
        let mut outcomes = Vec::new();
        for (_, step) in in_turn.get(from..to).unwrap_or_default() {
            let carried_out = step::run(world, step).and_then(|outcome| {
                if step.get("op").is_some_and(|op| op == "check") {
                    compare::state(world, step, compare::Names::Some)?;
                }
                Ok(outcome)
            });
            outcomes.push(carried_out.map_err(|trouble| at_step(index, trouble))?);
        }
        told::step(index, &outcomes, expect, world.is_engine)?;
        all.extend(outcomes.into_iter().map(|outcome| (is_repeated, outcome)));
    }
    Ok(all)
}

fn at_step(index: usize, trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Fail(why) => Trouble::Fail(format!("steps[{index}]: {why}")),
        other => other,
    }
}

/// The shop before the first step.
fn opened<S: LiveShop>(
    given: &Map<String, Value>,
    steps: &[(usize, Map<String, Value>)],
    expect: &Map<String, Value>,
    case: &Map<String, Value>,
) -> Checked<World<S>> {
    let parts = ["given", "steps", "expect"];
    let scale = Scale::of(parts.into_iter().filter_map(|part| case.get(part)))?;
    let mut names = Names::default();
    let lots = Lots::read(given, steps, expect)?;
    let fields = Fields::new(given, scale);
    let settings = set_up(given::settings(fields, &lots, &mut names))?;
    let policies = set_up(given::sku_policies(fields, &settings.policy, &mut names))?;
    let skus = given::skus_named(given, steps);
    let openings = set_up(given::openings(fields, &skus))?;
    let now = set_up(fields.maybe_instant("now"))?;
    let policy = set_up(fields.maybe_object("policy"))?;
    let mut world = World::<S>::open(Setting {
        standing: Standing::read(given, steps)?,
        is_engine: fields.has("engine"),
        only_free: on_shortage_refuses(policy)?,
        pegs_whole: match policy {
            Some(policy) => set_up(policy.is("pegging"))?,
            None => false,
        },
        settings,
        names,
        lots,
        scale,
        skus,
    })?;
    for (sku, policy) in policies {
        let policy = Box::new(policy);
        let sku = world.names.sku(&sku)?;
        world.set_up(Command::Configure { sku, policy })?;
    }
    for (index, opening) in openings.iter().enumerate() {
        stocked(&mut world, index, opening)?;
    }
    if let Some(now) = now {
        let _ = world.advance(now, None)?;
    }
    Ok(world)
}

fn on_shortage_refuses(policy: Option<Fields<'_>>) -> Checked<bool> {
    let Some(policy) = policy else {
        return Ok(false);
    };
    match set_up(policy.maybe_text("on_shortage"))? {
        None => Ok(false),
        Some("refuse") => Ok(true),
        Some(word) => fail(format!(
            "given.policy.on_shortage: {word} is not documented"
        )),
    }
}

/// Units that are there already, and a hold that has those which are taken.
fn stocked<S: LiveShop>(
    world: &mut World<S>,
    index: usize,
    opening: &given::Opening,
) -> Checked<()> {
    let sku = world.names.sku(&opening.sku)?;
    let location = match opening.lot.as_deref().filter(|_| world.lots.matter) {
        Some(lot) => world.names.lot(&opening.location, lot)?,
        None => world.names.location(&opening.location)?,
    };
    if opening.on_hand != 0 {
        world.set_up(Command::Stock {
            sku,
            location,
            change: StockChange::By(opening.on_hand),
            cause: StockCause::Receipt,
            supply: None,
            only_free: false,
        })?;
    }
    if opening.reserved == 0 {
        return Ok(());
    }
    // A name that no file can choose.
    let somebody = format!("\u{0}given {index}");
    let line = PlaceLine {
        location: Some(location),
        ahead: allocator_core::engine::Ahead::No,
        priority: world.standing.default_rank(),
        ..PlaceLine::new(world.names.line(&somebody)?, sku, opening.reserved)
    };
    let order = world.names.order(&somebody)?;
    world.set_up(Command::Place(Place {
        order,
        customer: None,
        until: Some(instant::NEVER),
        together: false,
        partial: false,
        replaces: None,
        lines: vec![line],
    }))
}
