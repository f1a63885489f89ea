//! What an auditor must say of any result: each law is judged for itself.

use std::collections::BTreeMap;

use allocator_core::{Grade, Law, Peg, Reason};

use crate::answer::Answer;
use crate::world::World;

/// What somebody reports; the lists are aligned with the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Units asked for.
    pub quantity: Vec<i64>,
    /// Units each line gets.
    pub allocated: Vec<i64>,
    /// Units the rule covered.
    pub covered: Vec<i64>,
    /// Units kept for it.
    pub set_aside: Vec<i64>,
    /// Why.
    pub reason: Vec<Reason>,
    /// Which supply row serves which line, where that is reported.
    pub pegs: Option<Vec<Peg>>,
}

impl Reported {
    /// The true answer as a report.
    #[must_use]
    pub fn truth(world: &World, answer: &Answer) -> Self {
        Self {
            quantity: world.lines.iter().map(|line| line.quantity).collect(),
            allocated: answer.allocated.clone(),
            covered: answer.covered.clone(),
            set_aside: answer.set_aside.clone(),
            reason: answer.reason.clone(),
            pegs: Some(answer.pegs.clone()),
        }
    }
}

/// The grade of a result: `None` where it is not even safe.
#[must_use]
pub fn grade(broken: &[Law]) -> Option<Grade> {
    if broken.contains(&Law::NeverBeyondReceived) || broken.contains(&Law::EveryUnitAccounted) {
        None
    } else if broken.contains(&Law::ShipsWhole) {
        Some(Grade::Safe)
    } else if broken.is_empty() {
        Some(Grade::Ordered)
    } else {
        Some(Grade::Legal)
    }
}

/// Every law that the report breaks. Its lists answer all lines.
#[must_use]
pub fn broken_laws(world: &World, truth: &Answer, report: &Reported) -> Vec<Law> {
    let mut broken = Vec::new();
    let mut judge = |law, kept: bool| {
        if !kept {
            broken.push(law);
        }
    };
    judge(Law::NeverBeyondReceived, within_received(world, report));
    judge(Law::EveryUnitAccounted, accounted(world, report));
    judge(Law::ShipsWhole, ships_whole(world, report));
    let pairs = |found: &[i64], owed: &[i64]| -> Vec<(i64, i64)> {
        found.iter().copied().zip(owed.iter().copied()).collect()
    };
    let mut units = pairs(&report.allocated, &truth.allocated);
    units.extend(pairs(&report.set_aside, &truth.set_aside));
    judge(
        Law::NoQueueJumping,
        report.covered == truth.covered && units.iter().all(|(found, owed)| found <= owed),
    );
    judge(
        Law::NothingIdle,
        units.iter().all(|(found, owed)| found >= owed) && covered_in_full(world, truth, report),
    );
    judge(Law::TrueReason, report.reason == truth.reason);
    broken
}

/// Where units are shared: of no SKU are fewer covered than the rule owes, whoever has them. A queue
/// says of every single line what it is owed.
fn covered_in_full(world: &World, truth: &Answer, report: &Reported) -> bool {
    let covered = |of: &[i64], sku: u32| -> i128 {
        let rows = world.queue_of(sku).into_iter();
        rows.map(|row| i128::from(of[row])).sum()
    };
    let in_full = |sku| covered(&report.covered, sku) >= covered(&truth.covered, sku);
    !world.shares() || world.skus().into_iter().all(in_full)
}

/// Of no SKU and no supply row is more given than there is.
fn within_received(world: &World, report: &Reported) -> bool {
    let mut left: BTreeMap<u32, i128> = BTreeMap::new();
    for supply in &world.supply {
        *left.entry(supply.sku.0).or_default() += i128::from(supply.quantity);
    }
    for row in world.rows() {
        let given = i128::from(report.allocated[row]) + i128::from(report.set_aside[row]);
        *left.entry(world.lines[row].sku.0).or_default() -= given;
    }
    let mut shelf: Vec<i128> = world.supply.iter().map(|row| row.quantity.into()).collect();
    for peg in report.pegs.iter().flatten() {
        if let Some(left) = shelf.get_mut(peg.supply as usize) {
            *left -= i128::from(peg.units);
        }
    }
    left.values().chain(&shelf).all(|&left| left >= 0)
}

/// Every unit of a line lies in exactly one box, and every allocated one comes from a supply row.
fn accounted(world: &World, report: &Reported) -> bool {
    let in_boxes = |row: usize| {
        let asked = world.lines[row].quantity;
        let within = |units: i64| 0 <= units && units <= asked;
        let (allocated, set_aside) = (report.allocated[row], report.set_aside[row]);
        report.quantity[row] == asked
            && within(allocated)
            && within(set_aside)
            && within(report.covered[row])
            && i128::from(allocated) + i128::from(set_aside) <= i128::from(asked)
    };
    let Some(pegs) = &report.pegs else {
        return world.rows().all(in_boxes);
    };
    let fits = |peg: &Peg| {
        let line = world.lines.get(peg.row as usize);
        let supply = world.supply.get(peg.supply as usize);
        let same = |(line, supply): (&allocator_core::DemandLine, &allocator_core::Supply)| {
            line.sku == supply.sku
        };
        peg.units > 0 && line.zip(supply).is_some_and(same)
    };
    let pegged = |row: usize| -> i128 {
        let own = pegs.iter().filter(|peg| peg.row as usize == row);
        own.map(|peg| i128::from(peg.units)).sum()
    };
    pegs.iter().all(fits)
        && world
            .rows()
            .all(|row| in_boxes(row) && pegged(row) == i128::from(report.allocated[row]))
}

/// Whole lines and orders get all or nothing, and only those that do not pass have units aside.
fn ships_whole(world: &World, report: &Reported) -> bool {
    let full = |&row: &usize| report.allocated[row] == report.quantity[row];
    let empty = |&row: &usize| report.allocated[row] == 0;
    world.rows().all(|row| {
        let parcel = world.parcel(row);
        if world.is_whole(row) {
            let aside = report.set_aside[row] == 0 || !world.passes(row);
            aside && (parcel.iter().all(full) || parcel.iter().all(empty))
        } else {
            report.set_aside[row] == 0
        }
    })
}
