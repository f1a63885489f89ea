//! The largest remainder, judged: everybody has his exact share rounded down or one unit more, and whoever
//! has one unit more has the larger remainder, or as large a one and the older claim.

use alloc::collections::BTreeMap;
use core::cmp::Reverse;

use crate::demand::{Demand, claimant};
use crate::quantity::Total;

use super::tickets::{Lane, Piece};
use super::{Audit, Law, Violation, raise};

/// One claimant's units of a tier.
#[derive(Default)]
struct Own {
    row: usize,
    first: usize,
    claim: Total,
    covered: Total,
}

impl<L: Demand + ?Sized> Audit<'_, L> {
    /// Tier by tier: one that all fits is covered, and the first that does not is shared.
    pub(super) fn largest_remainder(&self, lane: &Lane, stock: Total) -> Result<(), Violation> {
        let mut left = stock;
        for tier in lane.pieces.chunk_by(|a, b| a.tier == b.tier) {
            let all = tier
                .iter()
                .fold(0, |all: Total, piece| all.saturating_add(piece.claim));
            if all <= left {
                for piece in tier {
                    self.covered_is(Law::NothingIdle, piece, piece.claim)?;
                }
            } else {
                self.shared(tier, all, left)?;
            }
            left = left.saturating_sub(all).max(0);
        }
        Ok(())
    }

    /// Less than all of a tier's claims come to.
    fn shared(&self, tier: &[Piece], all: Total, stock: Total) -> Result<(), Violation> {
        let mut owners: BTreeMap<(u8, u32, i64), (Own, bool)> = BTreeMap::new();
        for (first, piece) in tier.iter().enumerate() {
            let own = || {
                (
                    Own {
                        row: piece.row,
                        first,
                        ..Own::default()
                    },
                    true,
                )
            };
            let (own, is_full) = owners
                .entry(claimant(self.lines, piece.row))
                .or_insert_with(own);
            // His claims are covered one after the other.
            if !*is_full {
                self.covered_is(Law::NoQueueJumping, piece, 0)?;
            }
            *is_full &= piece.covered == piece.claim;
            raise(&mut own.claim, piece.claim);
            raise(&mut own.covered, piece.covered);
        }
        let (mut last, mut next) = (None, None);
        let mut covered: Total = 0;
        for (own, _) in owners.values() {
            // Below 2^63 times below 2^63.
            let share = own.claim.saturating_mul(stock);
            let floor = share.checked_div(all).unwrap_or(0);
            let rank = (Reverse(share.checked_rem(all).unwrap_or(0)), own.first);
            let found = own.covered;
            let nearest = found.clamp(floor, floor.saturating_add(1));
            self.equal(Law::NoQueueJumping, own.row, "share", nearest, found)?;
            raise(&mut covered, found);
            if found > floor {
                last = last.max(Some(rank));
            } else if next.is_none_or(|(first, _, _)| rank < first) {
                next = Some((rank, own.row, found));
            }
        }
        let Some((rank, row, found)) = next else {
            return Ok(());
        };
        let expected = found.saturating_add(1);
        if covered < stock {
            return self.equal(Law::NothingIdle, row, "share", expected, found);
        }
        match last {
            Some(last) if last > rank => {
                self.equal(Law::NoQueueJumping, row, "share", expected, found)
            }
            _ => Ok(()),
        }
    }

    fn covered_is(&self, law: Law, piece: &Piece, expected: Total) -> Result<(), Violation> {
        self.equal(law, piece.row, "covered of a tier", expected, piece.covered)
    }
}
