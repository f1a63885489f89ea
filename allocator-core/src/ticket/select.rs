//! Selection inside one group of tickets: how many of each segment the smallest keys are.
//!
//! A *segment* is a run of one claimant's tickets, `low < k <= high`, that lie in one line and one
//! group. Its tickets' keys rise with k, so what is covered is always the front of the segment, and
//! the answer is one number per segment. Nothing here loops over units.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::error::Error;
use crate::quantity::{Quantity, Total, add, at, slot, sub, tally};
use crate::rule::KeyPart;

/// A run of tickets `low + 1 ..= high` of one claimant with `claim` tickets in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Tickets of the claimant before this run.
    pub(crate) low: Quantity,
    /// The last ticket of the run.
    pub(crate) high: Quantity,
    /// All tickets of the claimant.
    pub(crate) claim: Quantity,
    /// The claimant's weight, at least 1.
    pub(crate) weight: Quantity,
    /// Rank of the line's place; ties go to the smaller.
    pub(crate) rank: u32,
}

impl Segment {
    pub(crate) fn tickets(&self) -> Quantity {
        self.high.saturating_sub(self.low)
    }
}

/// The `left` smallest tickets of the group, as units covered of each segment.
///
/// O(n) for a queue in place order; else O(n log n) with a small factor: a search for the threshold
/// that narrows by interpolation, then a sort of the few tickets that lie on it.
pub(crate) fn select(
    segments: &[Segment],
    grading: KeyPart,
    left: Quantity,
) -> Result<Vec<Quantity>, Error> {
    let Some(scale) = Scale::of(grading) else {
        return in_line(segments, left);
    };
    let bracket = scale.search(segments, left);
    let mut covered: Vec<Quantity> = segments
        .iter()
        .map(|segment| scale.below(segment, bracket.low))
        .collect();
    let mut taken: Total = 0;
    covered.iter().for_each(|&units| tally(&mut taken, units));

    // What lies between the two ends of the bracket: few tickets, or ties that only places part.
    let mut between: Vec<(&Segment, usize, Quantity)> = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        let (from, to) = (at(&covered, index)?, scale.below(segment, bracket.high));
        // The last ticket may have the largest number there is, so nothing counts past it.
        let number = |before: Quantity| segment.low.saturating_add(before).saturating_add(1);
        between.extend((from..to).map(|before| (segment, index, number(before))));
    }
    between.sort_unstable_by(|a, b| {
        scale
            .compare((a.0, a.2), (b.0, b.2))
            .then(a.0.rank.cmp(&b.0.rank))
    });
    let rest = usize::try_from(Total::from(left).saturating_sub(taken)).unwrap_or(usize::MAX);
    for &(_, index, _) in between.iter().take(rest) {
        let units = slot(&mut covered, index)?;
        *units = add(*units, 1)?;
    }
    Ok(covered)
}

/// Segments one after the other, by rank.
fn in_line(segments: &[Segment], mut left: Quantity) -> Result<Vec<Quantity>, Error> {
    let mut order: Vec<usize> = (0..segments.len()).collect();
    let rank = |&index: &usize| {
        segments
            .get(index)
            .map(|segment| (segment.rank, segment.low))
    };
    if !order.is_sorted_by_key(rank) {
        order.sort_unstable_by_key(rank);
    }
    let mut covered = alloc::vec![0; segments.len()];
    for index in order {
        let units = at(segments, index)?.tickets().min(left);
        left = sub(left, units)?;
        *slot(&mut covered, index)? = units;
    }
    Ok(covered)
}

/// How a grading measures tickets: a threshold is a whole number, and the tickets whose keys lie
/// below it are a front of each segment.
#[derive(Clone, Copy)]
enum Scale {
    /// Key k, or k - claim, lifted by 2^63 above zero.
    Level { from_the_end: bool },
    /// Key (step * k - offset) / denominator, in units of 2^-bits.
    Ratio {
        step: i128,
        offset: i128,
        by_weight: bool,
    },
}

const LIFT: i128 = 1 << 63;
/// Claims lie below 2^63 and keys below 2: with 63 fractional bits a threshold parts any two tickets
/// of one claimant, and its product with a claim stays below 2^128.
const CLAIM_BITS: u32 = 63;
/// Weights lie below 2^31 and keys below 2^64.
const WEIGHT_BITS: u32 = 31;
/// Between the ends of the final bracket lie at most this many tickets, or one threshold's ties.
const FEW: Total = 64;

/// Two thresholds: below `low` no more than what is left is covered, below `high` more.
struct Bracket {
    low: u128,
    high: u128,
}

impl Scale {
    fn of(grading: KeyPart) -> Option<Self> {
        let ratio = |step, offset, by_weight| {
            Some(Self::Ratio {
                step,
                offset,
                by_weight,
            })
        };
        match grading {
            KeyPart::Level => Some(Self::Level {
                from_the_end: false,
            }),
            KeyPart::Remainder => Some(Self::Level { from_the_end: true }),
            KeyPart::Webster => ratio(2, 1, false),
            KeyPart::Adams => ratio(1, 1, false),
            KeyPart::Jefferson => ratio(1, 0, false),
            KeyPart::Weight => ratio(2, 1, true),
            KeyPart::Class
            | KeyPart::Protect(_)
            | KeyPart::Lot
            | KeyPart::UnitLot
            | KeyPart::Place => None,
        }
    }

    fn denominator(self, segment: &Segment) -> (u128, u32) {
        match self {
            Self::Ratio {
                by_weight: true, ..
            } => (segment.weight.unsigned_abs().into(), WEIGHT_BITS),
            _ => (segment.claim.unsigned_abs().into(), CLAIM_BITS),
        }
    }

    /// Tickets of the segment whose keys lie below the threshold.
    fn below(self, segment: &Segment, threshold: u128) -> Quantity {
        let last = match self {
            Self::Level { from_the_end } => {
                let level = wide(threshold).saturating_sub(LIFT).saturating_sub(1);
                if from_the_end {
                    level.saturating_add(segment.claim.into())
                } else {
                    level
                }
            }
            Self::Ratio { step, offset, .. } => {
                // key < threshold / 2^bits, in whole numerators.
                let (denominator, bits) = self.denominator(segment);
                let product = threshold.saturating_mul(denominator);
                let whole = wide(product >> bits)
                    .saturating_sub(i128::from(product.trailing_zeros() >= bits));
                whole.saturating_add(offset).div_euclid(step)
            }
        };
        let front = last
            .saturating_sub(segment.low.into())
            .clamp(0, segment.tickets().into());
        Quantity::try_from(front).unwrap_or(Quantity::MAX)
    }

    /// A threshold above the key of the claimant's ticket `k`, and none further than needed by more
    /// than the spacing of thresholds.
    fn above(self, segment: &Segment, k: Quantity) -> u128 {
        let level = match self {
            Self::Level {
                from_the_end: false,
            } => i128::from(k),
            Self::Level { from_the_end: true } => {
                i128::from(k).saturating_sub(segment.claim.into())
            }
            Self::Ratio { step, offset, .. } => {
                let (denominator, bits) = self.denominator(segment);
                let numerator = step
                    .saturating_mul(k.into())
                    .saturating_sub(offset)
                    .unsigned_abs();
                return (numerator << bits)
                    .checked_div(denominator)
                    .unwrap_or(0)
                    .saturating_add(1);
            }
        };
        level.saturating_add(LIFT).saturating_add(1).unsigned_abs()
    }

    fn covered(self, segments: &[Segment], threshold: u128) -> Total {
        let mut units: Total = 0;
        segments
            .iter()
            .for_each(|segment| tally(&mut units, self.below(segment, threshold)));
        units
    }

    /// Narrows to a bracket with few tickets inside. There must be more tickets than `left`.
    fn search(self, segments: &[Segment], left: Quantity) -> Bracket {
        let ends = segments.iter().filter(|segment| segment.tickets() > 0);
        let first = ends
            .clone()
            .map(|s| self.above(s, s.low.saturating_add(1)).saturating_sub(1))
            .min();
        let last = ends.map(|segment| self.above(segment, segment.high)).max();
        let (mut low, mut high) = (first.unwrap_or(0), last.unwrap_or(0));
        let (mut low_units, mut high_units) =
            (self.covered(segments, low), self.covered(segments, high));
        let left = Total::from(left);
        let mut by_halves = false;
        while high.saturating_sub(low) > 1 && high_units.saturating_sub(low_units) > FEW {
            let width = high.saturating_sub(low);
            let step = if by_halves {
                width >> 1
            } else {
                part(
                    width,
                    left.saturating_sub(low_units),
                    high_units.saturating_sub(low_units),
                )
            };
            by_halves = !by_halves;
            let middle = low.saturating_add(step.clamp(1, width.saturating_sub(1)));
            let units = self.covered(segments, middle);
            if units <= left {
                (low, low_units) = (middle, units);
            } else {
                (high, high_units) = (middle, units);
            }
        }
        Bracket { low, high }
    }

    /// Orders two tickets by their exact keys.
    fn compare(self, a: (&Segment, Quantity), b: (&Segment, Quantity)) -> Ordering {
        let Self::Ratio { step, offset, .. } = self else {
            return self.above(a.0, a.1).cmp(&self.above(b.0, b.1));
        };
        let numerator = |k: Quantity| {
            step.saturating_mul(k.into())
                .saturating_sub(offset)
                .unsigned_abs()
        };
        let crossed = |k, other| numerator(k).saturating_mul(self.denominator(other).0);
        crossed(a.1, b.0).cmp(&crossed(b.1, a.0))
    }
}

/// About `width * units / of`, near enough to narrow a search.
fn part(width: u128, units: Total, of: Total) -> u128 {
    let (units, of) = (units.unsigned_abs(), of.unsigned_abs().max(1));
    // Sixteen bits of the ratio are plenty.
    let shift = (u128::BITS.saturating_sub(of.leading_zeros())).saturating_sub(16);
    let (units, of) = (units >> shift, (of >> shift).max(1));
    width.checked_div(of).unwrap_or(0).saturating_mul(units)
}

fn wide(units: u128) -> i128 {
    i128::try_from(units).unwrap_or(i128::MAX)
}
