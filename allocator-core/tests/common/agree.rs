//! The core against its naive twin: every answer to every question.

use std::fmt::Debug;

use allocator_core::{
    Allocation, Demand, Error, Explainer, Grade, OutcomeColumns, Policy, Reason, Supply, allocate,
    allocate_into, validate, verify,
};
use allocator_model::{
    Answer, Reported, Why, World, broken_laws, faults_of_columns, faults_of_rows, grade, run, why,
};

use super::columns::Columns;
use super::reach::Reach;
use super::tamper::{Tampering, reported};

/// An error that names what differs.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, core: T, model: T) -> Result<(), String> {
    if core == model {
        Ok(())
    } else {
        Err(format!(
            "{what}: the core says {core:?}, the model {model:?}"
        ))
    }
}

/// A valid input: rows, columns, buffers, audit, explanations and forgeries.
pub(crate) fn on_world(
    world: &World,
    forgeries: &[Tampering],
    reach: &mut Reach,
) -> Result<(), String> {
    let World {
        lines,
        supply,
        policy,
    } = world;
    let truth = run(world);
    same(
        "faults",
        validate(lines, supply, policy).err().unwrap_or_default(),
        Vec::new(),
    )?;
    same("faults of the model", faults_of_rows(world), Vec::new())?;

    let result = allocate(lines, supply, policy).map_err(|error| error.to_string())?;
    on_result(&result, world, &truth)?;
    same(
        "verify",
        verify(lines, supply, policy, &result),
        Ok(Grade::Ordered),
    )?;
    buffers(lines, world, &truth)?;
    for table in [Columns::of(lines), Columns::of(lines).sparse()] {
        let result =
            allocate(&table.borrow(), supply, policy).map_err(|error| error.to_string())?;
        on_result(&result, world, &truth)?;
        same(
            "verify of columns",
            verify(&table.borrow(), supply, policy, &result),
            Ok(Grade::Ordered),
        )?;
        buffers(&table.borrow(), world, &truth)?;
    }

    let reasons = on_explanations(world, &truth)?;
    for forgery in forgeries.iter().filter(|_| !lines.is_empty()) {
        on_forgery(world, &truth, forgery, reach)?;
    }
    reach.see_world(world, &truth, &reasons);
    Ok(())
}

/// Everything an allocation says.
fn on_result(result: &Allocation, world: &World, truth: &Answer) -> Result<(), String> {
    same("allocated", result.allocated(), &truth.allocated)?;
    same("covered", result.covered(), &truth.covered)?;
    same("set_aside", result.set_aside(), &truth.set_aside)?;
    same("reasons", result.reasons(), &truth.reason)?;
    same("places", result.places(), truth.places.clone())?;
    same("pegs", result.pegs(), &truth.pegs)?;
    same("idle", result.idle(), &truth.idle)?;
    same(
        "overtakes",
        result.overtakes().collect(),
        truth.overtakes.clone(),
    )?;
    same(
        "overtake_count",
        result.overtake_count(),
        truth.overtakes.len() as u64,
    )?;
    same("summary", result.summary(), truth.summary)?;
    same("is_one_off", result.is_one_off(), truth.one_off)?;
    same(
        "len",
        (result.len(), result.is_empty()),
        (world.lines.len(), world.lines.is_empty()),
    )?;
    same("outcomes", result.outcomes().len(), world.lines.len())?;
    for (row, outcome) in result.outcomes().enumerate() {
        same("outcome", result.outcome(row), Some(outcome))?;
        same("quantity", outcome.quantity, world.lines[row].quantity)?;
        same("outcome.allocated", outcome.allocated, truth.allocated[row])?;
        same("outcome.covered", outcome.covered, truth.covered[row])?;
        same("outcome.set_aside", outcome.set_aside, truth.set_aside[row])?;
        same("waiting", outcome.waiting, truth.waiting[row])?;
        same("never", outcome.never, truth.never[row])?;
        same("outcome.reason", outcome.reason, truth.reason[row])?;
        let own = truth
            .pegs
            .iter()
            .filter(|peg| peg.row as usize == row)
            .copied();
        same("pegs_of", result.pegs_of(row), &own.collect::<Vec<_>>())?;
    }
    same(
        "outcome beyond the last row",
        result.outcome(world.lines.len()),
        None,
    )
}

/// The same outcomes in the caller's memory, whatever lay there.
fn buffers<L: Demand + ?Sized>(lines: &L, world: &World, truth: &Answer) -> Result<(), String> {
    let rows = world.lines.len();
    let mut units = [vec![-7; rows], vec![-8; rows], vec![-9; rows]];
    let mut reason = vec![Reason::OrderIncomplete; rows];
    let [allocated, covered, set_aside] = &mut units;
    let mut out = OutcomeColumns {
        allocated,
        covered: Some(covered),
        set_aside: Some(set_aside),
        reason: Some(&mut reason),
    };
    same(
        "allocate_into",
        allocate_into(lines, &world.supply, &world.policy, &mut out),
        Ok(()),
    )?;
    let expected = [&truth.allocated, &truth.covered, &truth.set_aside];
    same("buffers", units.each_ref(), expected)?;
    same("buffer of reasons", &reason, &truth.reason)
}

fn on_explanations(world: &World, truth: &Answer) -> Result<Vec<Why>, String> {
    let World {
        lines,
        supply,
        policy,
    } = world;
    let explainer = Explainer::new(lines, supply, policy).map_err(|error| error.to_string())?;
    on_result(explainer.allocation(), world, truth)?;
    let mut reasons = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let answer = explainer.explain(row).map_err(|error| error.to_string())?;
        let at = format!("explain row {row}, ");
        let why = why(world, truth, row);
        let more = answer.more_units.iter().map(|more| (more.sku, more.units));
        same(
            &(at.clone() + "more_units"),
            more.collect(),
            why.more_units.clone(),
        )?;
        same(
            &(at.clone() + "if_before"),
            answer.if_before.map(|at| at.row),
            why.if_before,
        )?;
        same(
            &(at.clone() + "if_partial"),
            answer.if_partial,
            why.if_partial,
        )?;
        let before = answer.if_before.map(|at| at.line);
        same(
            &(at.clone() + "line of if_before"),
            before,
            why.if_before.map(|row| lines[row].line),
        )?;
        same(
            &(at.clone() + "at"),
            (answer.at.row, answer.at.line),
            (row, line.line),
        )?;
        same(&(at.clone() + "sku"), answer.sku, line.sku)?;
        same(&(at.clone() + "place"), answer.place, truth.places[row])?;
        same(
            &(at.clone() + "received"),
            answer.received,
            world.received()[&line.sku.0],
        )?;
        same(
            &(at.clone() + "outcome"),
            Some(answer.outcome),
            explainer.allocation().outcome(row),
        )?;
        if answer.to_string().is_empty() {
            return Err(at + "has no sentence");
        }
        same(&(at.clone() + "rule"), answer.rule, policy.rule)?;
        reasons.push(why);
    }
    let rows = lines.len();
    let beyond = explainer.explain(rows).err();
    same(
        "explain beyond the last row",
        beyond,
        Some(Error::NoSuchRow { row: rows, rows }),
    )?;
    Ok(reasons)
}

/// The auditor reaches the grade the model gives, and names a law that is really broken.
fn on_forgery(
    world: &World,
    truth: &Answer,
    forgery: &Tampering,
    reach: &mut Reach,
) -> Result<(), String> {
    let true_report = Reported::truth(world, truth);
    let mut report = true_report.clone();
    forgery.apply(world, &mut report);
    let verdict = verify(
        &world.lines,
        &world.supply,
        &world.policy,
        &reported(&report),
    );
    let broken = broken_laws(world, truth, &report);
    let shown = format!("{forgery:?} gives {report:?}: {verdict:?}, broken {broken:?}");
    if broken.is_empty() {
        let pegs = report.pegs.clone();
        let said = Reported {
            pegs: true_report.pegs.clone(),
            ..report
        };
        same("what keeps every law but pegs otherwise", said, true_report)?;
        reach.see(
            "forgery",
            if pegs.is_none() {
                "true, without pegs"
            } else {
                "true, maybe other pegs"
            },
            "",
        );
        return same(&shown, verdict, Ok(Grade::Ordered));
    }
    let Err(violation) = verdict else {
        return Err(format!("accepted: {shown}"));
    };
    same(&shown, violation.reached, grade(&broken))?;
    reach.see("forgery", "breaks", violation.law.name());
    if broken.contains(&violation.law) {
        Ok(())
    } else {
        Err(format!("a law that holds: {shown}"))
    }
}

/// Any input of rows, bad or not: every fault, the first of them from every front door, and nothing
/// written.
pub(crate) fn on_faulty_rows(world: &World, reach: &mut Reach) -> Result<(), String> {
    let faults = faults_of_rows(world);
    let twins = |fault: &Error| matches!(fault, Error::DuplicatePlace { .. });
    if faults.iter().any(twins) && world.rows().is_sorted_by_key(|row| world.place(row)) {
        reach.see("faults", "one place twice in sorted rows", "");
    }
    on_faults(
        &world.lines,
        world.lines.len(),
        &world.supply,
        &world.policy,
        faults,
        reach,
    )
}

/// As [`on_faulty_rows`] for columns, with the supply and policy of `world`.
pub(crate) fn on_faulty_columns(
    table: &Columns,
    world: &World,
    reach: &mut Reach,
) -> Result<(), String> {
    let faults = faults_of_columns(&table.borrow(), &world.supply, world.policy);
    on_faults(
        &table.borrow(),
        table.sku.len(),
        &world.supply,
        &world.policy,
        faults,
        reach,
    )
}

fn on_faults<L: Demand + ?Sized>(
    lines: &L,
    rows: usize,
    supply: &[Supply],
    policy: &Policy,
    faults: Vec<Error>,
    reach: &mut Reach,
) -> Result<(), String> {
    let found = validate(lines, supply, policy).err().unwrap_or_default();
    same("validate", &found, &faults)?;
    let first = faults.first().cloned();
    same(
        "allocate",
        allocate(lines, supply, policy).err(),
        first.clone(),
    )?;
    same(
        "Explainer",
        Explainer::new(lines, supply, policy).err(),
        first.clone(),
    )?;
    let mut units = [vec![-7; rows], vec![-8; rows], vec![-9; rows]];
    let mut reason = vec![Reason::OrderIncomplete; rows];
    let before = (units.clone(), reason.clone());
    let [allocated, covered, set_aside] = &mut units;
    let mut out = OutcomeColumns {
        allocated,
        covered: Some(covered),
        set_aside: Some(set_aside),
        reason: Some(&mut reason),
    };
    same(
        "allocate_into",
        allocate_into(lines, supply, policy, &mut out).err(),
        first.clone(),
    )?;
    if first.is_some() {
        same("buffers after an error", (units, reason), before)?;
    }
    reach.see(
        "input",
        if first.is_some() {
            "bad"
        } else {
            "good after all"
        },
        "",
    );
    reach.see(
        "faults",
        if faults.len() > 1 {
            "several"
        } else {
            "at most one"
        },
        "",
    );
    for fault in &faults {
        reach.see("error", fault.code(), fault.field().unwrap_or(""));
    }
    Ok(())
}
