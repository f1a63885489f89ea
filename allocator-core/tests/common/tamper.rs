//! Small forgeries of a result: what a bug, a lost update or a favour would leave behind.

use allocator_core::{Allocation, Outcome, Reason};
use allocator_model::{Reported, World};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One change of a report.
#[derive(Clone, Debug)]
pub(crate) struct Tampering {
    kind: Kind,
    by: i64,
    one: Index,
    other: Index,
    with_pegs: bool,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Quantity,
    Allocated,
    Covered,
    SetAside,
    Reason,
    /// Units and cover go from one line to another.
    Favour,
    /// As the favour, the pegs with it: as good a forgery as there is.
    PerfectFavour,
    /// What is allocated becomes set aside, or the other way round.
    OtherBox,
    PegUnits,
    PegLine,
    PegSupply,
    NoPeg,
    TwicePegged,
}

pub(crate) fn tamperings() -> impl Strategy<Value = Tampering> {
    use Kind::*;
    let kinds = [
        Quantity,
        Allocated,
        Covered,
        SetAside,
        Reason,
        Favour,
        PerfectFavour,
        PerfectFavour,
        OtherBox,
        PegUnits,
        PegLine,
        PegSupply,
        NoPeg,
        TwicePegged,
    ];
    let by = select(&[1_i64, 1, 1, -1, -1, 2, -2, i64::MAX, i64::MIN][..]);
    let rows = (any::<Index>(), any::<Index>());
    (select(kinds.to_vec()), by, rows, any::<bool>()).prop_map(
        |(kind, by, (one, other), with_pegs)| Tampering {
            kind,
            by,
            one,
            other,
            with_pegs,
        },
    )
}

impl Tampering {
    /// Changes a report of at least one line. It may happen to leave it true.
    pub(crate) fn apply(&self, world: &World, report: &mut Reported) {
        let rows = world.lines.len();
        let (one, other) = (self.one.index(rows), self.other.index(rows));
        let raise = |units: &mut i64| *units = units.wrapping_add(self.by);
        match self.kind {
            Kind::Quantity => raise(&mut report.quantity[one]),
            Kind::Allocated => raise(&mut report.allocated[one]),
            Kind::Covered => raise(&mut report.covered[one]),
            Kind::SetAside => raise(&mut report.set_aside[one]),
            Kind::Reason => {
                report.reason[one] = Reason::ALL[self.other.index(Reason::ALL.len())];
            }
            Kind::Favour | Kind::PerfectFavour => {
                let units = report.allocated[one];
                report.allocated[one] = 0;
                report.allocated[other] = report.allocated[other].wrapping_add(units);
                if matches!(self.kind, Kind::PerfectFavour) {
                    report.covered.swap(one, other);
                    report.reason.swap(one, other);
                    for peg in report.pegs.iter_mut().flatten() {
                        if peg.row as usize == one {
                            peg.row = other as u32;
                        }
                    }
                }
            }
            Kind::OtherBox => {
                let Reported {
                    allocated,
                    set_aside,
                    ..
                } = report;
                std::mem::swap(&mut allocated[one], &mut set_aside[one]);
            }
            Kind::PegUnits | Kind::PegLine | Kind::PegSupply | Kind::NoPeg | Kind::TwicePegged => {
                self.change_pegs(world, report, other);
            }
        }
        if !self.with_pegs {
            report.pegs = None;
        }
    }

    fn change_pegs(&self, world: &World, report: &mut Reported, other: usize) {
        let Some(pegs) = report.pegs.as_mut().filter(|pegs| !pegs.is_empty()) else {
            return;
        };
        let at = self.one.index(pegs.len());
        match self.kind {
            Kind::PegUnits => pegs[at].units = pegs[at].units.wrapping_add(self.by),
            Kind::PegLine => pegs[at].row = other as u32,
            // One beyond the last row too.
            Kind::PegSupply => pegs[at].supply = self.other.index(world.supply.len() + 1) as u32,
            Kind::TwicePegged => pegs.push(pegs[at]),
            _ => drop(pegs.remove(at)),
        }
    }
}

/// A report as the core takes it from other systems.
pub(crate) fn reported(report: &Reported) -> Allocation {
    let outcome = |row: usize| {
        let mut outcome = Outcome::reported(report.quantity[row], report.allocated[row]);
        outcome.covered = report.covered[row];
        outcome.set_aside = report.set_aside[row];
        outcome.reason = report.reason[row];
        outcome
    };
    Allocation::reported((0..report.quantity.len()).map(outcome), report.pegs.clone())
}

/// A result of the core as a report.
pub(crate) fn report_of(result: &Allocation) -> Reported {
    let outcomes: Vec<_> = result.outcomes().collect();
    let column = |of: &dyn Fn(&Outcome) -> i64| outcomes.iter().map(of).collect();
    Reported {
        quantity: column(&|outcome| outcome.quantity),
        allocated: column(&|outcome| outcome.allocated),
        covered: column(&|outcome| outcome.covered),
        set_aside: column(&|outcome| outcome.set_aside),
        reason: outcomes.iter().map(|outcome| outcome.reason).collect(),
        pegs: Some(result.pegs().to_vec()),
    }
}

/// Every report that differs by one unit in one figure, or by one unit moved between two lines or
/// between two boxes of a line.
pub(crate) fn single_unit_changes(truth: &Reported) -> Vec<Reported> {
    let mut changes = Vec::new();
    let mut with = |change: &dyn Fn(&mut Reported)| {
        let mut forged = truth.clone();
        change(&mut forged);
        changes.push(forged);
    };
    for row in 0..truth.quantity.len() {
        for by in [-1, 1] {
            with(&|it| it.quantity[row] += by);
            with(&|it| it.allocated[row] += by);
            with(&|it| it.covered[row] += by);
            with(&|it| it.set_aside[row] += by);
            with(&|it| {
                it.allocated[row] += by;
                it.set_aside[row] -= by;
            });
            with(&|it| {
                it.allocated[row] += by;
                it.covered[row] += by;
            });
        }
        for other in (0..truth.quantity.len()).filter(|&other| other != row) {
            with(&|it| {
                it.allocated[row] -= 1;
                it.allocated[other] += 1;
            });
            with(&|it| {
                it.allocated[row] -= 1;
                it.allocated[other] += 1;
                it.covered[row] -= 1;
                it.covered[other] += 1;
            });
            with(&|it| {
                it.set_aside[row] -= 1;
                it.allocated[other] += 1;
            });
        }
    }
    for peg in 0..truth.pegs.as_ref().map_or(0, Vec::len) {
        for by in [-1, 1] {
            with(&|it| it.pegs.as_mut().unwrap()[peg].units += by);
        }
    }
    changes
}
