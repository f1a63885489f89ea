//! Ordered, under a rule that shares unit by unit: in every lane the key of the last ticket served is
//! smaller than the key of the first that waits. Whoever knows the two keys can check his own.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::demand::{Demand, claimant};
use crate::place::PlacePart;
use crate::quantity::Total;
use crate::rule::{KeyPart, ShortageRule};

use super::queue::of;
use super::{Audit, BySku, Law, Violation, raise};

/// A key written out: a fraction for each part of the rule, then the line at whose place it stands.
struct Key {
    parts: Vec<(Total, Total)>,
    row: usize,
}

/// The line a ticket lies in, and the ticket's number among all of its claimant's.
struct Ticket<'a> {
    rule: &'a ShortageRule,
    number: Total,
    claim: Total,
    weight: Total,
    class: i64,
    lot: i64,
    unit_lot: i64,
    row: usize,
}

impl<L: Demand + ?Sized> Audit<'_, L> {
    /// Checks the two keys of every lane; returns what is left of each SKU.
    pub(super) fn certificate(
        &self,
        received: BySku,
        claims: &[Total],
    ) -> Result<BySku, Violation> {
        let mut lanes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for row in self.rows() {
            lanes.entry(self.lines.sku(row)).or_default().push(row);
        }
        let mut room = received;
        for (sku, mut rows) in lanes {
            rows.sort_by(|&a, &b| self.by_place(a, b));
            let left = room.entry(sku).or_default();
            for &row in &rows {
                raise(
                    left,
                    Total::from(self.outcome(row).covered).saturating_neg(),
                );
            }
            if *left < 0 {
                let found = left.saturating_neg();
                return Err(self.broken(
                    Law::NoQueueJumping,
                    None,
                    Some(sku),
                    "units covered beyond supply",
                    0,
                    found,
                ));
            }
            let free = *left;
            self.lane_certificate(&rows, claims, free)?;
        }
        Ok(room)
    }

    fn lane_certificate(
        &self,
        rows: &[usize],
        claims: &[Total],
        free: Total,
    ) -> Result<(), Violation> {
        let mut sums: BTreeMap<(u8, u32, i64), Total> = BTreeMap::new();
        for &row in rows {
            raise(
                sums.entry(claimant(self.lines, row)).or_default(),
                of(claims, row),
            );
        }
        let mut before: BTreeMap<(u8, u32, i64), Total> = BTreeMap::new();
        let (mut last, mut next): (Option<Key>, Option<(Key, usize)>) = (None, None);
        for &row in rows {
            let who = claimant(self.lines, row);
            let low = before.entry(who).or_default();
            let (claim, covered) = (of(claims, row), Total::from(self.outcome(row).covered));
            let drawn = self.drawn(row);
            let key = |nth: Total| {
                let index = usize::try_from(nth.saturating_sub(1)).unwrap_or(usize::MAX);
                let unit_lot = drawn.get(index).copied().unwrap_or(0);
                let claim = sums.get(&who).copied().unwrap_or(0);
                let weight = self.lines.weight(row).into();
                let ordinal = |part| self.lines.ordinal(row, part);
                Ticket {
                    rule: &self.policy.rule,
                    number: low.saturating_add(nth),
                    claim,
                    weight,
                    class: ordinal(PlacePart::Priority),
                    lot: ordinal(PlacePart::Lot),
                    unit_lot,
                    row,
                }
                .key()
            };
            if covered > claim {
                return self.equal(Law::NoQueueJumping, row, "covered", claim, covered);
            }
            if covered > 0 {
                let key = key(covered);
                last = Some(
                    last.filter(|last| self.by_key(last, &key).is_gt())
                        .unwrap_or(key),
                );
            }
            if covered < claim {
                let key = key(covered.saturating_add(1));
                let smaller = next.filter(|(next, _)| self.by_key(next, &key).is_lt());
                next = Some(smaller.unwrap_or((key, row)));
            }
            raise(low, claim);
        }
        let Some((next, row)) = next else {
            return Ok(());
        };
        let covered = self.outcome(row).covered.into();
        if free > 0 {
            return self.equal(
                Law::NothingIdle,
                row,
                "covered",
                Total::saturating_add(covered, 1),
                covered,
            );
        }
        match last {
            Some(last) if self.by_key(&last, &next).is_gt() => self.equal(
                Law::NoQueueJumping,
                row,
                "covered",
                Total::saturating_add(covered, 1),
                covered,
            ),
            _ => Ok(()),
        }
    }

    /// The lots of a line's units, smallest first, where the rule draws each; else none.
    fn drawn(&self, row: usize) -> Vec<i64> {
        let Some(&start) = self.unit_starts.get(row) else {
            return Vec::new();
        };
        let lots = self.lines.unit_lots().and_then(|lots| lots.get(start..));
        let units = usize::try_from(self.lines.quantity(row)).unwrap_or(0);
        let mut drawn: Vec<i64> = lots.unwrap_or(&[]).iter().take(units).copied().collect();
        drawn.sort_unstable();
        drawn
    }

    /// Fractions by cross-multiplication: below 2^64 times below 2^63.
    fn by_key(&self, a: &Key, b: &Key) -> Ordering {
        let parts = a.parts.iter().zip(&b.parts);
        let mut parts = parts.map(|(a, b)| a.0.saturating_mul(b.1).cmp(&b.0.saturating_mul(a.1)));
        let decided = parts.find(|order| order.is_ne());
        decided.unwrap_or_else(|| self.by_place(a.row, b.row))
    }
}

impl Ticket<'_> {
    fn key(&self) -> Key {
        let k = self.number;
        let odd = k.saturating_mul(2).saturating_sub(1);
        let part = |part: &KeyPart| match *part {
            KeyPart::Class => (self.class.into(), 1),
            KeyPart::Lot => (self.lot.into(), 1),
            KeyPart::UnitLot => (self.unit_lot.into(), 1),
            KeyPart::Protect(m) => (Total::from(k > m.into()), 1),
            KeyPart::Level => (k, 1),
            KeyPart::Remainder => (k.saturating_sub(self.claim).saturating_sub(1), 1),
            KeyPart::Webster => (odd, self.claim),
            KeyPart::Adams => (k.saturating_sub(1), self.claim),
            KeyPart::Jefferson => (k, self.claim),
            KeyPart::Weight => (odd, self.weight),
            KeyPart::Place => (0, 1),
        };
        Key {
            parts: self.rule.parts().iter().map(part).collect(),
            row: self.row,
        }
    }
}
