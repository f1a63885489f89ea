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

/// A key written out: the tier, a fraction for each part of the rule, then the line at whose place it
/// stands.
struct Key {
    tier: Total,
    parts: Vec<(Total, Total)>,
    row: usize,
}

/// The line a ticket lies in, and the ticket's number among all of its claimant's.
struct Ticket<'a> {
    rule: &'a ShortageRule,
    tier: Total,
    number: Total,
    claim: Total,
    weight: Total,
    class: i64,
    lot: i64,
    unit_lot: i64,
    row: usize,
}

/// Units of a line that follow each other: all of them, or those of one tier.
pub(super) struct Piece {
    pub(super) row: usize,
    /// What goes first whatever the rule says, small first.
    pub(super) tier: Total,
    /// Units of the line before these.
    pub(super) first: Total,
    /// How many they are.
    pub(super) claim: Total,
    /// How many of them are covered.
    pub(super) covered: Total,
}

/// The pieces of one SKU, and how many of its units nobody has.
pub(super) struct Lane {
    pub(super) pieces: Vec<Piece>,
    pub(super) free: Total,
}

impl<L: Demand + ?Sized> Audit<'_, L> {
    /// Checks the two keys of every lane; returns what is left of each SKU.
    pub(super) fn certificate(
        &self,
        received: BySku,
        claims: &[Total],
    ) -> Result<BySku, Violation> {
        let piece = |row: usize| Piece {
            row,
            tier: 0,
            first: 0,
            claim: of(claims, row),
            covered: self.outcome(row).covered.into(),
        };
        let lanes = self.lanes(received, self.rows().map(piece))?;
        for lane in lanes.values() {
            self.lane_certificate(lane)?;
        }
        Ok(lanes
            .into_iter()
            .map(|(sku, lane)| (sku, lane.free))
            .collect())
    }

    /// Pieces by SKU, first in line first, tier by tier.
    pub(super) fn lanes(
        &self,
        received: BySku,
        pieces: impl Iterator<Item = Piece>,
    ) -> Result<BTreeMap<u32, Lane>, Violation> {
        let lane = |free| Lane {
            pieces: Vec::new(),
            free,
        };
        let mut lanes: BTreeMap<u32, Lane> = received
            .into_iter()
            .map(|(sku, units)| (sku, lane(units)))
            .collect();
        for piece in pieces {
            let lane = lanes
                .entry(self.lines.sku(piece.row))
                .or_insert_with(|| lane(0));
            raise(&mut lane.free, piece.covered.saturating_neg());
            lane.pieces.push(piece);
        }
        for (&sku, lane) in &mut lanes {
            let place = |a: &Piece, b: &Piece| self.by_place(a.row, b.row);
            lane.pieces
                .sort_by(|a, b| a.tier.cmp(&b.tier).then_with(|| place(a, b)));
            if lane.free < 0 {
                let found = lane.free.saturating_neg();
                let (law, what) = (Law::NoQueueJumping, "units covered beyond supply");
                return Err(self.broken(law, None, Some(sku), what, 0, found));
            }
        }
        Ok(lanes)
    }

    pub(super) fn lane_certificate(&self, lane: &Lane) -> Result<(), Violation> {
        let mut sums: BTreeMap<(u8, u32, i64), Total> = BTreeMap::new();
        for piece in &lane.pieces {
            raise(
                sums.entry(claimant(self.lines, piece.row)).or_default(),
                piece.claim,
            );
        }
        let mut before: BTreeMap<(u8, u32, i64), Total> = BTreeMap::new();
        let (mut last, mut next): (Option<Key>, Option<(Key, &Piece)>) = (None, None);
        for piece in &lane.pieces {
            let Piece {
                row,
                claim,
                covered,
                ..
            } = *piece;
            let who = claimant(self.lines, row);
            let low = before.entry(who).or_default();
            let drawn = self.drawn(row);
            let of_claimant = sums.get(&who).copied().unwrap_or(0);
            let key = |nth: Total| self.key(piece, nth, *low, of_claimant, &drawn);
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
                next = Some(smaller.unwrap_or((key, piece)));
            }
            raise(low, claim);
        }
        let Some((next, piece)) = next else {
            return Ok(());
        };
        let law = match last {
            _ if lane.free > 0 => Law::NothingIdle,
            Some(last) if self.by_key(&last, &next).is_gt() => Law::NoQueueJumping,
            _ => return Ok(()),
        };
        let found = piece.first.saturating_add(piece.covered);
        self.equal(law, piece.row, "covered", found.saturating_add(1), found)
    }

    /// The key of a piece's `nth` ticket; `low` tickets of its claimant come before the piece.
    fn key(&self, piece: &Piece, nth: Total, low: Total, claim: Total, drawn: &[i64]) -> Key {
        let index = piece.first.saturating_add(nth).saturating_sub(1);
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let ordinal = |part| self.lines.ordinal(piece.row, part);
        Ticket {
            rule: &self.policy.rule,
            tier: piece.tier,
            number: low.saturating_add(nth),
            claim,
            weight: self.lines.weight(piece.row).into(),
            class: ordinal(PlacePart::Priority),
            lot: ordinal(PlacePart::Lot),
            unit_lot: drawn.get(index).copied().unwrap_or(0),
            row: piece.row,
        }
        .key()
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
        let tiers = a.tier.cmp(&b.tier);
        let decided = || parts.find(|order| order.is_ne());
        let decided = Some(tiers).filter(|order| order.is_ne()).or_else(decided);
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
            tier: self.tier,
            parts: self.rule.parts().iter().map(part).collect(),
            row: self.row,
        }
    }
}
