//! The kernel: every sharing rule is an order on unit tickets, served by selection.
//!
//! A claimant's tickets are numbered over all his lines of one SKU, in place order. The parts of the
//! rule before its grading cut these runs into *stages*, served one after the other; inside the
//! first stage that does not fit, [`select`] finds the threshold. Nothing loops over units.

pub(crate) mod queue;
mod select;
pub(crate) mod unit;

use alloc::vec::Vec;

use crate::error::Error;
use crate::quantity::{Quantity, add, at, slot, sub};
use crate::rule::{KeyPart, ShortageRule};

use select::{Segment, select};

/// One line's claim in a lane; lines come in place order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    /// Units the line may stand for.
    pub(crate) units: Quantity,
    /// Who claims: lines of one claimant share one numbering of tickets.
    pub(crate) claimant: (u8, u32, Quantity),
    /// Weight of the claimant, at least 1.
    pub(crate) weight: Quantity,
    /// The line's class, small first.
    pub(crate) class: i64,
    /// The line's lot, small first.
    pub(crate) lot: i64,
}

/// What decides between stages: one number for each part before the grading.
type Stage = [i64; 5];

/// A run of tickets of one line in one stage.
#[derive(Clone, Copy, Debug)]
struct Piece {
    stage: Stage,
    line: usize,
    segment: Segment,
}

/// Units covered of each line when `stock` units go to the smallest tickets. O(n log n).
pub(crate) fn cover_lane(
    claims: &[Claim],
    rule: &ShortageRule,
    stock: Quantity,
) -> Result<Vec<Quantity>, Error> {
    let mut pieces = pieces(claims, rule)?;
    pieces.sort_unstable_by_key(|piece| (piece.stage, piece.segment.rank, piece.segment.low));
    let grading = rule.grading();
    let mut covered = alloc::vec![0; claims.len()];
    let mut left = stock;
    for stage in pieces.chunk_by(|a, b| a.stage == b.stage) {
        let segments: Vec<Segment> = stage.iter().map(|piece| piece.segment).collect();
        let units = select(&segments, grading, left)?;
        for (piece, units) in stage.iter().zip(units) {
            let line = slot(&mut covered, piece.line)?;
            *line = add(*line, units)?;
            left = sub(left, units)?;
        }
        if left == 0 {
            break;
        }
    }
    Ok(covered)
}

/// Numbers the tickets of every claimant and cuts them into stages.
fn pieces(claims: &[Claim], rule: &ShortageRule) -> Result<Vec<Piece>, Error> {
    let mut lines: Vec<usize> = (0..claims.len()).collect();
    // Stable: place order stays inside a claimant.
    lines.sort_by_key(|&line| claims.get(line).map(|claim| claim.claimant));
    let mut pieces = Vec::with_capacity(claims.len());
    for lines in lines
        .chunk_by(|&a, &b| claims.get(a).map(|c| c.claimant) == claims.get(b).map(|c| c.claimant))
    {
        let mut all = 0;
        for &line in lines {
            all = add(all, at(claims, line)?.units)?;
        }
        let mut low = 0;
        for &line in lines {
            let claim = at(claims, line)?;
            let Claim { units, weight, .. } = claim;
            let high = add(low, units)?;
            let rank = u32::try_from(line).map_err(|_| Error::Corrupt { at: "row number" })?;
            let whole = Piece {
                stage: Stage::default(),
                line,
                segment: Segment {
                    low,
                    high,
                    claim: all,
                    weight,
                    rank,
                },
            };
            if units > 0 {
                cut(whole, claim, rule, &mut pieces);
            }
            low = high;
        }
    }
    Ok(pieces)
}

/// Cuts one line's run at every protection, and puts each part into its stage.
fn cut(whole: Piece, claim: Claim, rule: &ShortageRule, pieces: &mut Vec<Piece>) {
    let from = pieces.len();
    pieces.push(whole);
    for (place, part) in rule.stages().iter().enumerate() {
        let end = pieces.len();
        for index in from..end {
            let Some(piece) = pieces.get_mut(index) else {
                continue;
            };
            let Some(stage) = piece.stage.get_mut(place) else {
                continue;
            };
            match *part {
                KeyPart::Class => *stage = claim.class,
                KeyPart::Lot => *stage = claim.lot,
                KeyPart::Protect(m) if piece.segment.low >= m => *stage = 1,
                KeyPart::Protect(m) if piece.segment.high > m => {
                    let mut rest = *piece;
                    piece.segment.high = m;
                    rest.segment.low = m;
                    if let Some(stage) = rest.stage.get_mut(place) {
                        *stage = 1;
                    }
                    pieces.push(rest);
                }
                _ => {}
            }
        }
    }
}
