//! Who is sure of what, and what is at stake in a draw.
//!
//! What a rule reads before its lots puts units into groups, served one after the other. The draw decides
//! inside one group only, the one in which the supply ends: its units are what is at stake.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::allocate::allocate;
use crate::demand::{Demand, DemandLine, claimant, row_form, terms};
use crate::error::Error;
use crate::explain::{Certificate, Fraction};
use crate::id::SkuId;
use crate::place::{PlaceOrder, PlacePart};
use crate::policy::{Completeness, Policy};
use crate::quantity::{Quantity, Total, add, at, slot, sub, tally};
use crate::rule::{KeyPart, ShortageRule};
use crate::supply::Supply;

/// What a line is sure of, and what it has at stake beyond.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stake {
    pub(super) row: usize,
    pub(super) sure: Quantity,
    pub(super) units: Quantity,
}

/// One SKU.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    /// Its first row.
    pub(super) row: usize,
    /// In their places.
    pub(super) stakes: Vec<Stake>,
    /// Units to hand out among what is at stake.
    pub(super) rest: Total,
}

impl Lane {
    /// All units at stake.
    pub(super) fn at_stake(&self) -> Total {
        units_of(&self.stakes)
    }
}

pub(super) fn units_of(stakes: &[Stake]) -> Total {
    let mut units = 0;
    stakes
        .iter()
        .for_each(|stake| tally(&mut units, stake.units));
    units
}

/// Every lane, and how the draw reads its lots.
#[derive(Clone, Debug)]
pub(super) struct Margin {
    pub(super) lanes: Vec<Lane>,
    pub(super) draws_units: bool,
    /// Of each row.
    claimants: Vec<(u8, u32, i64)>,
    /// Whether what stands before the lots reads the numbers of units.
    counts_before: bool,
    /// Whether what stands behind the lots does.
    counts_behind: bool,
}

impl Margin {
    /// That lots decide nothing in this lane but who is next.
    pub(super) fn check(&self, lane: &Lane, labels: &[u32], shares: bool) -> Result<(), Error> {
        if shares && self.counts_behind {
            let why =
                "lines share a label, and what the rule reads behind the lot deals between them";
            return Err(Error::NoChances { why });
        }
        if !self.counts_before {
            return Ok(());
        }
        let mut whose: Vec<((u8, u32, i64), u32)> = Vec::with_capacity(lane.stakes.len());
        for stake in &lane.stakes {
            whose.push((at(&self.claimants, stake.row)?, at(labels, stake.row)?));
        }
        whose.sort_unstable();
        let differ = |pair: &[((u8, u32, i64), u32)]| match pair {
            [(one, label), (other, another)] => one == other && label != another,
            _ => false,
        };
        if whose.windows(2).any(differ) {
            let why = "a customer has lines of one item under several labels, and their lots decide which of them comes first";
            return Err(Error::NoChances { why });
        }
        Ok(())
    }
}

/// Finds the margin of every SKU by allocating without lots.
pub(super) fn of<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
) -> Result<Margin, Error> {
    let before = Before::of(policy)?;
    for row in 0..lines.count() {
        if terms(lines, row, policy).0 != Completeness::Partial {
            let why = "they are told for lines that may ship in part";
            return Err(Error::NoChances { why });
        }
    }
    let (rows, order) = without_lots(lines, policy)?;
    let result = allocate(&rows, supply, &before.policy)?;
    let certificate = Certificate::new(&rows, &before.policy, &result)?;
    let mut lanes: Vec<Lane> = Vec::new();
    let mut in_place: Vec<usize> = order;
    // Stable: the rows of one SKU stay in their places.
    in_place.sort_by_key(|&row| lines.sku(row));
    for of_sku in in_place.chunk_by(|&a, &b| lines.sku(a) == lines.sku(b)) {
        let Some(&first) = of_sku.first() else {
            continue;
        };
        let sku = SkuId(lines.sku(first));
        let last = certificate.threshold(sku).map(|last| &last.key);
        let group: Option<Vec<Fraction>> =
            last.map(|key| key.fractions().take(before.parts).collect());
        let (mut rest, mut stakes) = (0, Vec::with_capacity(of_sku.len()));
        for &row in of_sku {
            let covered = at(result.covered(), row)?;
            let stake = match &group {
                Some(group) => before.stake(&certificate, row, lines.quantity(row), group)?,
                None => Stake {
                    row,
                    sure: covered,
                    units: 0,
                },
            };
            tally(&mut rest, covered);
            tally(&mut rest, stake.sure.saturating_neg());
            stakes.push(stake);
        }
        let row = of_sku.iter().copied().min().unwrap_or(first);
        lanes.push(Lane { row, stakes, rest });
    }
    Ok(Margin {
        lanes,
        draws_units: before.draws_units,
        claimants: (0..lines.count()).map(|row| claimant(lines, row)).collect(),
        counts_before: before.counts,
        counts_behind: before.counts_behind,
    })
}

/// What is read before the lots, as a policy of its own.
struct Before {
    policy: Policy,
    /// How many numbers of a key that is.
    parts: usize,
    draws_units: bool,
    counts: bool,
    counts_behind: bool,
}

impl Before {
    fn of(policy: &Policy) -> Result<Self, Error> {
        let parts = policy.rule.parts();
        let is_lot = |part: &KeyPart| matches!(part, KeyPart::Lot | KeyPart::UnitLot);
        let lot = parts.iter().position(is_lot);
        let ahead: &[PlacePart] = match lot {
            Some(_) => &[],
            None => {
                let order = policy.order.parts();
                let lot = order.iter().position(|part| *part == PlacePart::Lot);
                order.get(..lot.unwrap_or(order.len())).unwrap_or(order)
            }
        };
        if ahead.contains(&PlacePart::Sequence) {
            let why = "the order reads the sequence before the lot, and no two lines share one";
            return Err(Error::NoChances { why });
        }
        let end = lot.unwrap_or(parts.len().saturating_sub(1));
        let (front, behind) = parts.split_at_checked(end).unwrap_or((parts, &[]));
        let rule: Vec<KeyPart> = front.iter().copied().chain([KeyPart::Place]).collect();
        let order: Vec<PlacePart> = (ahead.iter().copied())
            .chain([PlacePart::Sequence])
            .collect();
        let policy = Policy::sharing(ShortageRule::from_parts(&rule)?)
            .order(PlaceOrder::from_parts(&order)?);
        let graded = front.iter().any(|part| part.is_grading());
        let of_units = policy.rule.stages().len().saturating_add(graded.into());
        let places = policy.standing().parts().len().saturating_sub(1);
        Ok(Self {
            policy,
            parts: of_units.saturating_add(places),
            draws_units: behind.first() == Some(&KeyPart::UnitLot),
            counts: !front.iter().all(KeyPart::is_of_the_line),
            counts_behind: !behind.iter().all(KeyPart::is_of_the_line),
        })
    }

    /// Keys rise along a line: units before the group come first, then those in it.
    fn stake(
        &self,
        certificate: &Certificate,
        row: usize,
        quantity: Quantity,
        group: &[Fraction],
    ) -> Result<Stake, Error> {
        let sure = self.units_until(certificate, row, quantity, group, Ordering::Less)?;
        let reach = self.units_until(certificate, row, quantity, group, Ordering::Equal)?;
        Ok(Stake {
            row,
            sure,
            units: sub(reach, sure)?,
        })
    }

    /// How many units of the line stand before the group, or before it and in it.
    fn units_until(
        &self,
        certificate: &Certificate,
        row: usize,
        quantity: Quantity,
        group: &[Fraction],
        last: Ordering,
    ) -> Result<Quantity, Error> {
        // Of units low and before it is known that they do, of those behind high that they do not.
        let (mut low, mut high) = (0, quantity);
        while low < high {
            let gap = sub(high, low)?;
            let unit = add(low, add(gap, 1)? / 2)?;
            let key = certificate.key(row, unit)?;
            let order = key.fractions().take(self.parts).cmp(group.iter().copied());
            if order <= last {
                low = unit;
            } else {
                high = sub(unit, 1)?;
            }
        }
        Ok(low)
    }
}

/// The lines without their lots, numbered in the order in which they stand otherwise, and that order.
fn without_lots<L: Demand + ?Sized>(
    lines: &L,
    policy: &Policy,
) -> Result<(Vec<DemandLine>, Vec<usize>), Error> {
    let standing = policy.standing();
    let parts = standing.parts().iter().copied();
    let standing = PlaceOrder::of_first(parts.filter(|part| *part != PlacePart::Lot));
    let mut order: Vec<usize> = (0..lines.count()).collect();
    if !standing.parts().is_empty() {
        order.sort_by(|&a, &b| standing.compare(lines, a, b));
    }
    let mut rows: Vec<DemandLine> = (0..lines.count()).map(|row| row_form(lines, row)).collect();
    for (number, &row) in (0..).zip(&order) {
        let line = slot(&mut rows, row)?;
        (line.lot, line.sequence) = (0, Some(number));
        (line.completeness, line.on_misfit) = (None, None);
    }
    Ok((rows, order))
}
