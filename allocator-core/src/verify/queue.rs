//! Ordered: the covered units are a threshold in every queue, and everything else follows from them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::allocate::Outcome;
use crate::demand::{Demand, terms};
use crate::limits::NO_ID;
use crate::policy::{Completeness, Misfit};
use crate::quantity::Total;
use crate::reason::{IdleCause, Reason};

use super::{Audit, BySku, Law, Violation, raise};

impl<L: Demand + ?Sized> Audit<'_, L> {
    /// The covered units are a threshold in every queue, and all else follows from them.
    pub(super) fn order(&self, received: BySku) -> Result<(), Violation> {
        let parcels = self.parcels();
        let supplied: BTreeSet<u32> = received.keys().copied().collect();
        let claims = self.claims(&supplied, &parcels);
        let room = if self.policy.rule.is_queue() {
            self.threshold(received, &claims)?
        } else {
            self.certificate(received, &claims)?
        };
        let holds = self.holds(room, &parcels, &claims);
        // Who has more than he is owed jumped the queue; only where nobody did, who has less waits
        // beside idle units.
        for law in [Law::NoQueueJumping, Law::NothingIdle] {
            for parcel in &parcels {
                let ships = !parcel.whole || parcel.is_complete(&holds, &claims);
                for &row in &parcel.rows {
                    self.units_as_owed(law, row, of(&holds, row), ships)?;
                }
            }
        }
        let reasoned = self.rows().filter(|_| self.allocation.has_reasons());
        for row in reasoned {
            let reason = self.true_reason(
                row,
                of(&claims, row),
                supplied.contains(&self.lines.sku(row)),
            );
            let (expected, found) = (reason.number(), self.outcome(row).reason.number());
            self.equal(
                Law::TrueReason,
                row,
                "reason",
                expected.into(),
                found.into(),
            )?;
        }
        self.idle_causes(&claims)
    }

    /// What each line holds once the units that do not fit, and may pass, were offered again, parcel
    /// by parcel in place order.
    fn holds(&self, mut room: BySku, parcels: &[Batch], claims: &[Total]) -> Vec<Total> {
        let mut holds: Vec<Total> = self
            .rows()
            .map(|row| self.outcome(row).covered.into())
            .collect();
        for parcel in parcels
            .iter()
            .filter(|parcel| parcel.whole && parcel.passes)
        {
            if !parcel.is_complete(&holds, claims) {
                for &row in &parcel.rows {
                    raise(
                        room.entry(self.lines.sku(row)).or_default(),
                        of(&holds, row),
                    );
                    set(&mut holds, row, 0);
                }
            }
        }
        for parcel in parcels {
            let mut wants = BySku::new();
            for &row in &parcel.rows {
                let want = of(claims, row).saturating_sub(of(&holds, row));
                raise(wants.entry(self.lines.sku(row)).or_default(), want);
            }
            let fits = wants
                .iter()
                .all(|(sku, units)| *units <= room.get(sku).copied().unwrap_or(0));
            if parcel.whole && parcel.passes && !fits {
                continue;
            }
            for &row in &parcel.rows {
                let left = room.entry(self.lines.sku(row)).or_default();
                let units = of(claims, row).saturating_sub(of(&holds, row)).min(*left);
                raise(left, units.saturating_neg());
                let held = of(&holds, row).saturating_add(units);
                set(&mut holds, row, held);
            }
        }
        holds
    }

    /// What ships together, in place order: single lines, and whole orders at their latest line.
    fn parcels(&self) -> Vec<Batch> {
        let mut orders: BTreeMap<u32, Batch> = BTreeMap::new();
        let mut parcels = Vec::new();
        for row in self.rows() {
            let (completeness, misfit) = terms(self.lines, row, self.policy);
            let whole = completeness != Completeness::Partial;
            let single = Batch {
                stands: row,
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
                    if self.by_place(row, batch.stands).is_gt() {
                        batch.stands = row;
                    }
                    batch.rows.push(row);
                }
                _ => parcels.push(single),
            }
        }
        for mut order in orders.into_values() {
            order.rows.sort_by(|&a, &b| self.by_place(a, b));
            parcels.push(order);
        }
        parcels.sort_by(|a, b| self.by_place(a.stands, b.stands));
        parcels
    }

    /// What each line may stand for: nothing where it, or a mate it must ship with, has no supply.
    fn claims(&self, supplied: &BTreeSet<u32>, parcels: &[Batch]) -> Vec<Total> {
        let mut claims: Vec<Total> = self
            .rows()
            .map(|row| self.lines.quantity(row).into())
            .collect();
        let hopeless =
            |row: usize| self.lines.quantity(row) > 0 && !supplied.contains(&self.lines.sku(row));
        for parcel in parcels
            .iter()
            .filter(|parcel| parcel.rows.iter().any(|&row| hopeless(row)))
        {
            for &row in &parcel.rows {
                set(&mut claims, row, 0);
            }
        }
        claims
    }

    /// Walks every queue: a line is covered as far as what those before it left reaches.
    fn threshold(&self, received: BySku, claims: &[Total]) -> Result<BySku, Violation> {
        let mut queue: Vec<(u32, usize)> =
            self.rows().map(|row| (self.lines.sku(row), row)).collect();
        let by_place = |a: &(u32, usize), b: &(u32, usize)| {
            a.0.cmp(&b.0).then_with(|| self.by_place(a.1, b.1))
        };
        // Stable: of two at one place the later row is named.
        queue.sort_by(by_place);
        for pair in queue.windows(2) {
            if let [a, b @ (_, row)] = pair
                && by_place(a, b).is_eq()
            {
                self.equal(Law::NoQueueJumping, *row, "lines at one place", 1, 2)?;
            }
        }
        let mut room = received;
        for &(sku, row) in &queue {
            let left = room.entry(sku).or_default();
            let expected = of(claims, row).min(*left);
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

    fn units_as_owed(
        &self,
        law: Law,
        row: usize,
        held: Total,
        ships: bool,
    ) -> Result<(), Violation> {
        let Outcome {
            allocated,
            set_aside,
            ..
        } = self.outcome(row);
        let (owed, aside) = if ships { (held, 0) } else { (0, held) };
        let figures = [
            ("allocated", owed, Total::from(allocated)),
            ("set_aside", aside, set_aside.into()),
        ];
        for (what, owed, found) in figures {
            if found > owed || law == Law::NothingIdle {
                self.equal(law, row, what, owed, found)?;
            }
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
    fn idle_causes(&self, claims: &[Total]) -> Result<(), Violation> {
        if !self.allocation.has_idle() {
            return Ok(());
        }
        let mut wanted: BTreeMap<u32, bool> = BTreeMap::new();
        let mut aside: BTreeMap<usize, Total> = BTreeMap::new();
        for row in self.rows() {
            let Outcome {
                allocated,
                set_aside,
                ..
            } = self.outcome(row);
            *wanted.entry(self.lines.sku(row)).or_default() |= of(claims, row) > allocated.into();
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
                let sku = self.lines.sku(row);
                let skus = self.equal(
                    Law::TrueReason,
                    row,
                    "SKU of idle units",
                    sku.into(),
                    entry.sku.0.into(),
                );
                skus.map_err(|broken| Violation {
                    figures_are_skus: true,
                    ..broken
                })?;
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
    /// The line at whose place they stand: the latest.
    stands: usize,
    rows: Vec<usize>,
    whole: bool,
    passes: bool,
}

impl Batch {
    fn is_complete(&self, holds: &[Total], claims: &[Total]) -> bool {
        self.rows
            .iter()
            .all(|&row| of(holds, row) == of(claims, row))
    }
}

fn set(units: &mut [Total], row: usize, to: Total) {
    if let Some(units) = units.get_mut(row) {
        *units = to;
    }
}

pub(super) fn of(units: &[Total], row: usize) -> Total {
    units.get(row).copied().unwrap_or(0)
}
