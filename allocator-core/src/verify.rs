//! The second bookkeeper: judges any result, ours or another system's, and shares no code with what
//! made it. It uses only the vocabulary of inputs and outcomes.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::allocate::{Allocation, Outcome};
use crate::demand::{Demand, Place, terms};
use crate::id::SkuId;
use crate::limits::NO_ID;
use crate::policy::{Completeness, Misfit, Policy};
use crate::quantity::Total;
use crate::reason::{IdleCause, Reason};
use crate::supply::Supply;

/// How much of a result holds. Each grade includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Grade {
    /// Nothing is promised twice: units, pegs and idle units add up to what was received.
    Safe,
    /// What ships whole does.
    Legal,
    /// Nobody jumps the queue, nothing is idle without its cause, every reason is true.
    Ordered,
}

impl Grade {
    /// The word for it, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Legal => "legal",
            Self::Ordered => "ordered",
        }
    }
}

impl core::fmt::Display for Grade {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// What every result must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Law {
    /// Of no SKU and of no supply row is more given than was received. Grade safe.
    NeverBeyondReceived,
    /// Every unit of a line lies in exactly one box, every unit received is pegged or idle. Grade safe.
    EveryUnitAccounted,
    /// Lines and orders that ship whole get all or nothing, and only they have units aside. Grade legal.
    ShipsWhole,
    /// Nobody is covered while one before him waits, unless the policy lets him pass. Grade ordered.
    NoQueueJumping,
    /// No unit stays free that the queue owes to somebody. Grade ordered.
    NothingIdle,
    /// Every reason and every cause is the true one. Grade ordered.
    TrueReason,
}

impl Law {
    /// Every law, in the order in which [`verify`] looks at them.
    pub const ALL: [Self; 6] = [
        Self::NeverBeyondReceived,
        Self::EveryUnitAccounted,
        Self::ShipsWhole,
        Self::NoQueueJumping,
        Self::NothingIdle,
        Self::TrueReason,
    ];

    /// The word for it, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NeverBeyondReceived => "never_beyond_received",
            Self::EveryUnitAccounted => "every_unit_accounted",
            Self::ShipsWhole => "ships_whole",
            Self::NoQueueJumping => "no_queue_jumping",
            Self::NothingIdle => "nothing_idle",
            Self::TrueReason => "true_reason",
        }
    }

    /// The highest grade a result has that keeps every law before this one.
    const fn reached(self) -> Option<Grade> {
        match self {
            Self::NeverBeyondReceived | Self::EveryUnitAccounted => None,
            Self::ShipsWhole => Some(Grade::Safe),
            Self::NoQueueJumping | Self::NothingIdle | Self::TrueReason => Some(Grade::Legal),
        }
    }
}

impl core::fmt::Display for Law {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// The first broken law, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[error("{law} is broken, {}{}: {what} should be {expected} and is {found}",
    row.map_or_else(alloc::string::String::new, |row| alloc::format!("line row {row}, ")), At(*sku))]
#[non_exhaustive]
pub struct Violation {
    /// The highest grade the result reaches all the same.
    pub reached: Option<Grade>,
    /// The law.
    pub law: Law,
    /// The row of the line, where it is about one.
    pub row: Option<usize>,
    /// The SKU, where it is about one.
    pub sku: Option<SkuId>,
    /// Which figure is wrong.
    pub what: &'static str,
    /// What the law asks for, or the limit it sets; for reasons and causes their number.
    pub expected: Total,
    /// What the result says.
    pub found: Total,
}

struct At(Option<SkuId>);

impl core::fmt::Display for At {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(sku) => write!(f, "SKU {sku}"),
            None => f.write_str("the whole"),
        }
    }
}

/// Checks a result against its input.
///
/// Safe: units, pegs and idle units add up (pegs and idle units where the result has them). Legal:
/// whole lines and orders. Ordered: the covered units are the first of each queue, and everything
/// else follows from them as the policy says. O(n log n).
///
/// # Errors
/// The first broken law, with the highest grade reached.
///
/// ```
/// use allocator_core::{allocate, verify, DemandLine, Grade, Policy, Supply};
/// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2)];
/// let (supply, policy) = ([Supply::received(7, 3)], Policy::first_come());
/// let result = allocate(&lines, &supply, &policy)?;
/// assert_eq!(verify(&lines, &supply, &policy, &result), Ok(Grade::Ordered));
/// assert!(verify(&lines, &[Supply::received(7, 2)], &policy, &result).is_err());
/// # Ok::<(), allocator_core::Error>(())
/// ```
pub fn verify<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    allocation: &Allocation,
) -> Result<Grade, Violation> {
    let audit = Audit {
        lines,
        supply,
        policy,
        allocation,
    };
    let received = audit.received()?;
    audit.units(&received)?;
    audit.pegs()?;
    audit.idle_units(&received)?;
    audit.whole()?;
    audit.order(received)?;
    Ok(Grade::Ordered)
}

struct Audit<'a, L: ?Sized> {
    lines: &'a L,
    supply: &'a [Supply],
    policy: &'a Policy,
    allocation: &'a Allocation,
}

/// Units by SKU.
type BySku = BTreeMap<u32, Total>;

fn raise(units: &mut Total, by: Total) {
    // Sums of 2^32 numbers of 64 bits stay far inside 128.
    *units = units.saturating_add(by);
}

impl<L: Demand + ?Sized> Audit<'_, L> {
    fn broken(
        &self,
        law: Law,
        row: Option<usize>,
        sku: Option<u32>,
        what: &'static str,
        expected: Total,
        found: Total,
    ) -> Violation {
        Violation {
            reached: law.reached(),
            law,
            row,
            sku: sku.map(SkuId),
            what,
            expected,
            found,
        }
    }

    /// `found` must be `expected`, said of line `row`.
    fn equal(
        &self,
        law: Law,
        row: usize,
        what: &'static str,
        expected: Total,
        found: Total,
    ) -> Result<(), Violation> {
        if expected == found {
            return Ok(());
        }
        Err(self.broken(
            law,
            Some(row),
            Some(self.lines.sku(row)),
            what,
            expected,
            found,
        ))
    }

    fn outcome(&self, row: usize) -> Outcome {
        self.allocation
            .outcome(row)
            .unwrap_or_else(|| Outcome::reported(0, 0))
    }

    fn rows(&self) -> core::ops::Range<usize> {
        0..self.lines.count()
    }

    fn received(&self) -> Result<BySku, Violation> {
        let mut received = BySku::new();
        for row in self.supply {
            if row.quantity < 0 {
                let (sku, found) = (Some(row.sku.0), row.quantity.into());
                return Err(self.broken(Law::EveryUnitAccounted, None, sku, "supply", 0, found));
            }
            raise(received.entry(row.sku.0).or_default(), row.quantity.into());
        }
        Ok(received)
    }

    /// Boxes add up, and no SKU gives more than it has.
    fn units(&self, received: &BySku) -> Result<(), Violation> {
        let count = |rows: usize| Total::try_from(rows).unwrap_or(Total::MAX);
        let (asked, answered) = (self.lines.count(), self.allocation.len());
        if asked != answered {
            return Err(self.broken(
                Law::EveryUnitAccounted,
                None,
                None,
                "rows answered",
                count(asked),
                count(answered),
            ));
        }
        let law = Law::EveryUnitAccounted;
        let mut given = BySku::new();
        for row in self.rows() {
            let Outcome {
                quantity,
                allocated,
                set_aside,
                covered,
                ..
            } = self.outcome(row);
            self.equal(
                law,
                row,
                "quantity",
                self.lines.quantity(row).into(),
                quantity.into(),
            )?;
            for (what, units) in [
                ("quantity", quantity),
                ("allocated", allocated),
                ("set_aside", set_aside),
                ("covered", covered),
            ] {
                if units < 0 || units > quantity {
                    let nearest = if units < 0 { 0 } else { quantity.max(0) };
                    return self.equal(law, row, what, nearest.into(), units.into());
                }
            }
            let mut both = Total::from(allocated);
            raise(&mut both, set_aside.into());
            if both > quantity.into() {
                return self.equal(law, row, "allocated and set aside", quantity.into(), both);
            }
            raise(given.entry(self.lines.sku(row)).or_default(), both);
        }
        for (sku, units) in given {
            let limit = received.get(&sku).copied().unwrap_or(0);
            if units > limit {
                return Err(self.broken(
                    Law::NeverBeyondReceived,
                    None,
                    Some(sku),
                    "units given",
                    limit,
                    units,
                ));
            }
        }
        Ok(())
    }

    /// Every allocated unit comes from one supply row of its SKU, and no row gives more than it has.
    fn pegs(&self) -> Result<(), Violation> {
        if !self.allocation.has_pegs() {
            return Ok(());
        }
        let law = Law::EveryUnitAccounted;
        let mut by_line: BTreeMap<usize, Total> = BTreeMap::new();
        let mut by_supply: BTreeMap<usize, Total> = BTreeMap::new();
        for peg in self.allocation.pegs() {
            let (row, supply) = (peg.row as usize, peg.supply as usize);
            if !self.rows().contains(&row) {
                return Err(self.broken(
                    law,
                    Some(row),
                    None,
                    "pegs of a line that is not there",
                    0,
                    peg.units.into(),
                ));
            }
            let Some(source) = self.supply.get(supply) else {
                return self.equal(
                    law,
                    row,
                    "units from a supply row that is not there",
                    0,
                    peg.units.into(),
                );
            };
            self.equal(
                law,
                row,
                "SKU of a peg",
                self.lines.sku(row).into(),
                source.sku.0.into(),
            )?;
            if peg.units < 1 {
                return self.equal(law, row, "units of a peg", 1, peg.units.into());
            }
            raise(by_line.entry(row).or_default(), peg.units.into());
            raise(by_supply.entry(supply).or_default(), peg.units.into());
        }
        for row in self.rows() {
            let pegged = by_line.get(&row).copied().unwrap_or(0);
            self.equal(
                law,
                row,
                "pegged units",
                self.outcome(row).allocated.into(),
                pegged,
            )?;
        }
        for (supply, units) in by_supply {
            let (sku, limit) = self
                .supply
                .get(supply)
                .map_or((NO_ID, 0), |row| (row.sku.0, row.quantity.into()));
            if units > limit {
                return Err(self.broken(
                    Law::NeverBeyondReceived,
                    None,
                    Some(sku),
                    "units pegged to one supply row",
                    limit,
                    units,
                ));
            }
        }
        Ok(())
    }

    /// Received = allocated + idle, per SKU.
    fn idle_units(&self, received: &BySku) -> Result<(), Violation> {
        if !self.allocation.has_idle() {
            return Ok(());
        }
        let mut idle = BySku::new();
        for entry in self.allocation.idle() {
            raise(idle.entry(entry.sku.0).or_default(), entry.units.into());
        }
        let mut left = received.clone();
        for row in self.rows() {
            raise(
                left.entry(self.lines.sku(row)).or_default(),
                Total::from(self.outcome(row).allocated).saturating_neg(),
            );
        }
        for sku in left.keys().chain(idle.keys()) {
            let (expected, found) = (
                left.get(sku).copied().unwrap_or(0),
                idle.get(sku).copied().unwrap_or(0),
            );
            if expected != found {
                return Err(self.broken(
                    Law::EveryUnitAccounted,
                    None,
                    Some(*sku),
                    "idle units",
                    expected,
                    found,
                ));
            }
        }
        Ok(())
    }

    /// All or nothing, for lines and for orders.
    fn whole(&self) -> Result<(), Violation> {
        let law = Law::ShipsWhole;
        let mut orders: BTreeMap<u32, (usize, bool)> = BTreeMap::new();
        for row in self.rows() {
            let Outcome {
                quantity,
                allocated,
                set_aside,
                ..
            } = self.outcome(row);
            let (completeness, misfit) = terms(self.lines, row, self.policy);
            if completeness == Completeness::Partial || misfit == Misfit::Pass {
                self.equal(law, row, "set_aside", 0, set_aside.into())?;
            }
            if completeness != Completeness::Partial && allocated != 0 {
                self.equal(law, row, "allocated", quantity.into(), allocated.into())?;
            }
            let order = self.lines.order(row);
            if completeness == Completeness::Order && order != NO_ID && quantity > 0 {
                let full = allocated == quantity;
                let (_, first_full) = *orders.entry(order).or_insert((row, full));
                let expected = if first_full { quantity } else { 0 };
                self.equal(law, row, "allocated", expected.into(), allocated.into())?;
            }
        }
        Ok(())
    }

    /// The covered units are a threshold in every queue, and all else follows from them.
    fn order(&self, received: BySku) -> Result<(), Violation> {
        let parcels = self.parcels();
        let claims = self.claims(&received, &parcels);
        let claim = |row: usize| claims.get(row).copied().unwrap_or(0);
        let mut room = self.threshold(received, &claims)?;

        // What does not fit and lets others pass is offered again, parcel by parcel in place order.
        let mut holds: Vec<Total> = self
            .rows()
            .map(|row| self.outcome(row).covered.into())
            .collect();
        let hold = |holds: &[Total], row: usize| holds.get(row).copied().unwrap_or(0);
        let complete = |holds: &[Total], parcel: &Batch| {
            parcel
                .rows
                .iter()
                .all(|&row| hold(holds, row) == claim(row))
        };
        for parcel in parcels
            .iter()
            .filter(|parcel| parcel.whole && parcel.passes)
        {
            if !complete(&holds, parcel) {
                for &row in &parcel.rows {
                    raise(
                        room.entry(self.lines.sku(row)).or_default(),
                        hold(&holds, row),
                    );
                    holds
                        .iter_mut()
                        .skip(row)
                        .take(1)
                        .for_each(|units| *units = 0);
                }
            }
        }
        for parcel in &parcels {
            let mut wants = BySku::new();
            for &row in &parcel.rows {
                raise(
                    wants.entry(self.lines.sku(row)).or_default(),
                    claim(row).saturating_sub(hold(&holds, row)),
                );
            }
            let fits = wants
                .iter()
                .all(|(sku, units)| *units <= room.get(sku).copied().unwrap_or(0));
            if parcel.whole && parcel.passes && !fits {
                continue;
            }
            for &row in &parcel.rows {
                let left = room.entry(self.lines.sku(row)).or_default();
                let units = claim(row).saturating_sub(hold(&holds, row)).min(*left);
                raise(left, units.saturating_neg());
                holds
                    .iter_mut()
                    .skip(row)
                    .take(1)
                    .for_each(|held| raise(held, units));
            }
        }
        for parcel in &parcels {
            let ships = !parcel.whole || complete(&holds, parcel);
            for &row in &parcel.rows {
                self.units_as_owed(row, hold(&holds, row), ships)?;
            }
        }
        let supplied: BTreeSet<u32> = self.supply.iter().map(|supply| supply.sku.0).collect();
        for row in self.rows() {
            let reason = self.true_reason(row, claim(row), supplied.contains(&self.lines.sku(row)));
            self.equal(
                Law::TrueReason,
                row,
                "reason",
                reason.number().into(),
                self.outcome(row).reason.number().into(),
            )?;
        }
        self.idle_causes()
    }

    /// What ships together, in place order: single lines, and whole orders at their latest line.
    fn parcels(&self) -> Vec<Batch> {
        let mut orders: BTreeMap<u32, Batch> = BTreeMap::new();
        let mut parcels = Vec::new();
        for row in self.rows() {
            let (completeness, misfit) = terms(self.lines, row, self.policy);
            let whole = completeness != Completeness::Partial;
            let single = Batch {
                stands: self.lines.place(row),
                rows: alloc::vec![row],
                whole,
                passes: misfit == Misfit::Pass,
            };
            match self.lines.order(row) {
                order if order != NO_ID && completeness == Completeness::Order => {
                    let batch = orders.entry(order).or_insert_with(|| Batch {
                        rows: Vec::new(),
                        ..single
                    });
                    batch.stands = batch.stands.max(self.lines.place(row));
                    batch.rows.push(row);
                }
                _ => parcels.push(single),
            }
        }
        for mut order in orders.into_values() {
            order.rows.sort_by_key(|&row| self.lines.place(row));
            parcels.push(order);
        }
        parcels.sort_by_key(|parcel| parcel.stands);
        parcels
    }

    /// What each line may stand for: nothing where it, or a mate it must ship with, has no supply.
    fn claims(&self, received: &BySku, parcels: &[Batch]) -> Vec<Total> {
        let mut claims: Vec<Total> = self
            .rows()
            .map(|row| self.lines.quantity(row).into())
            .collect();
        let hopeless = |row: usize| {
            self.lines.quantity(row) > 0 && !received.contains_key(&self.lines.sku(row))
        };
        for parcel in parcels
            .iter()
            .filter(|parcel| parcel.rows.iter().any(|&row| hopeless(row)))
        {
            for &row in &parcel.rows {
                claims
                    .iter_mut()
                    .skip(row)
                    .take(1)
                    .for_each(|claim| *claim = 0);
            }
        }
        claims
    }

    /// Walks every queue: a line is covered as far as what those before it left reaches.
    fn threshold(&self, received: BySku, claims: &[Total]) -> Result<BySku, Violation> {
        let mut queue: Vec<(u32, Place, usize)> = self
            .rows()
            .map(|row| (self.lines.sku(row), self.lines.place(row), row))
            .collect();
        queue.sort();
        let mut room = received;
        for &(sku, _, row) in &queue {
            let left = room.entry(sku).or_default();
            let expected = claims.get(row).copied().unwrap_or(0).min(*left);
            self.equal(
                Law::NoQueueJumping,
                row,
                "covered",
                expected,
                self.outcome(row).covered.into(),
            )?;
            raise(left, expected.saturating_neg());
        }
        Ok(room)
    }

    /// More than it is owed jumps the queue, less leaves units idle.
    fn units_as_owed(&self, row: usize, held: Total, ships: bool) -> Result<(), Violation> {
        let Outcome {
            allocated,
            set_aside,
            ..
        } = self.outcome(row);
        let (owed, aside) = if ships { (held, 0) } else { (0, held) };
        for (what, owed, found) in [
            ("allocated", owed, Total::from(allocated)),
            ("set_aside", aside, set_aside.into()),
        ] {
            let law = if found > owed {
                Law::NoQueueJumping
            } else {
                Law::NothingIdle
            };
            self.equal(law, row, what, owed, found)?;
        }
        Ok(())
    }

    fn true_reason(&self, row: usize, claim: Total, supplied: bool) -> Reason {
        let Outcome {
            quantity,
            allocated,
            covered,
            ..
        } = self.outcome(row);
        let (completeness, _) = terms(self.lines, row, self.policy);
        if quantity == 0 {
            Reason::NothingAsked
        } else if allocated == quantity {
            Reason::Served
        } else if claim == 0 {
            if supplied {
                Reason::OrderHasImpossibleLine
            } else {
                Reason::UnknownSku
            }
        } else if completeness == Completeness::Order && Total::from(covered) == claim {
            Reason::OrderIncomplete
        } else if completeness == Completeness::Line && covered > 0 {
            Reason::LineIncomplete
        } else {
            Reason::Short
        }
    }

    /// Set-aside units name their line; what is free lies there for a true cause.
    fn idle_causes(&self) -> Result<(), Violation> {
        if !self.allocation.has_idle() {
            return Ok(());
        }
        let mut wanted: BTreeMap<u32, bool> = BTreeMap::new();
        let mut aside: BTreeMap<usize, Total> = BTreeMap::new();
        for row in self.rows() {
            let Outcome {
                set_aside, waiting, ..
            } = self.outcome(row);
            *wanted.entry(self.lines.sku(row)).or_default() |= set_aside > 0 || waiting > 0;
            if set_aside > 0 {
                aside.insert(row, set_aside.into());
            }
        }
        for entry in self.allocation.idle() {
            let free = if wanted.get(&entry.sku.0).copied().unwrap_or(false) {
                IdleCause::DoesNotFit
            } else {
                IdleCause::NoDemand
            };
            let kept = entry.row.map(|row| row as usize);
            let expected = if kept.is_some() {
                IdleCause::SetAside
            } else {
                free
            };
            if entry.cause != expected || entry.units < 1 {
                let (expected, found) = (expected.number().into(), entry.cause.number().into());
                return Err(self.broken(
                    Law::TrueReason,
                    kept,
                    Some(entry.sku.0),
                    "idle cause",
                    expected,
                    found,
                ));
            }
            if let Some(row) = kept {
                let units = aside.remove(&row).unwrap_or(0);
                self.equal(
                    Law::TrueReason,
                    row,
                    "idle units set aside",
                    units,
                    entry.units.into(),
                )?;
            }
        }
        match aside.first_key_value() {
            Some((&row, &units)) => {
                self.equal(Law::TrueReason, row, "idle units set aside", units, 0)
            }
            None => Ok(()),
        }
    }
}

/// Lines that ship together.
struct Batch {
    stands: Place,
    rows: Vec<usize>,
    whole: bool,
    passes: bool,
}
