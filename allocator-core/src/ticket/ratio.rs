//! Shares: the exact fraction at which a lane's stock runs out.
//!
//! A search over fixed-point thresholds narrows to a few tickets, or to tickets that lie so close
//! that only exact comparison parts them; these are put in order by cross-multiplication.

use alloc::vec::Vec;

use crate::quantity::{Quantity, Total};

use super::grade::{Run, Share, Threshold};
use super::sizes::Size;

/// Claims lie below 2^63 and keys below 2: with 63 fractional bits a threshold parts any two tickets
/// of one claimant, and its product with a claim stays below 2^128.
const CLAIM_BITS: u32 = 63;
/// Weights lie below 2^31 and keys below 2^64.
const WEIGHT_BITS: u32 = 31;
/// Between the ends of the final bracket lie at most this many different tickets and one for every
/// eighth size, or one threshold's ties.
const FEW: Total = 64;

/// The key of the first ticket that does not fit into `left`, and what is left for all with this key.
pub(super) fn threshold(sizes: &[Size], share: Share, left: Quantity) -> (Threshold, Quantity) {
    let bracket = Search { sizes, share }.narrow(left.into());
    let mut between: Vec<(u64, u64, u32)> = Vec::new();
    for size in sizes {
        let search = Search { sizes, share };
        let first = search.reach(&size.run, bracket.low.threshold);
        let last = search.reach(&size.run, bracket.high.threshold);
        let denominator = share.denominator(&size.run);
        let number = |before: Quantity| size.run.low.saturating_add(before).saturating_add(1);
        let tickets =
            (first..last).map(|before| (share.numerator(number(before)), denominator, size.lines));
        between.extend(tickets);
    }
    let crossed =
        |a: &(u64, u64, u32), b: &(u64, u64, u32)| u128::from(a.0).saturating_mul(b.1.into());
    between.sort_unstable_by(|a, b| crossed(a, b).cmp(&crossed(b, a)));
    let mut rest = Total::from(left).saturating_sub(bracket.low.covered);
    for equal in between.chunk_by(|a, b| crossed(a, b) == crossed(b, a)) {
        let lines = equal.iter().map(|&(_, _, lines)| Total::from(lines));
        let lines = lines.fold(0, Total::saturating_add);
        if let Some(&(numerator, denominator, _)) = equal.first().filter(|_| lines > rest) {
            let threshold = Threshold::Share {
                share,
                numerator,
                denominator,
            };
            return (threshold, Quantity::try_from(rest).unwrap_or(0));
        }
        rest = rest.saturating_sub(lines);
    }
    (Threshold::None, 0)
}

/// A threshold with the tickets below it.
#[derive(Clone, Copy)]
struct End {
    threshold: u128,
    /// Tickets of all lines.
    covered: Total,
    /// Tickets, of equal lines only one's.
    different: Total,
}

/// Below `low` no more than what is left is covered, below `high` more.
struct Bracket {
    low: End,
    high: End,
}

struct Search<'a> {
    sizes: &'a [Size],
    share: Share,
}

impl Search<'_> {
    fn bits(&self) -> u32 {
        if self.share.by_weight {
            WEIGHT_BITS
        } else {
            CLAIM_BITS
        }
    }

    /// Tickets of the run whose keys lie below the threshold.
    fn reach(&self, run: &Run, threshold: u128) -> Quantity {
        // Below 2^128 by the two constants above, so nothing wraps.
        let product = threshold.wrapping_mul(self.share.denominator(run).into());
        // key < threshold / 2^bits: the largest whole numerator below the product.
        let below = product.checked_sub(1).map(|less| less >> self.bits());
        let last = below.map_or(0, |whole| self.share.reach(whole).0);
        last.clamp(run.low, run.high).saturating_sub(run.low)
    }

    /// A threshold above the key of ticket `k`, and none further than needed by more than the
    /// spacing of thresholds.
    fn above(&self, run: &Run, k: Quantity) -> u128 {
        (u128::from(self.share.numerator(k)) << self.bits())
            .checked_div(self.share.denominator(run).into())
            .unwrap_or(0)
            .saturating_add(1)
    }

    fn end(&self, threshold: u128) -> End {
        let (mut covered, mut different) = (0, 0);
        for size in self.sizes {
            let tickets = Total::from(self.reach(&size.run, threshold));
            different = Total::saturating_add(different, tickets);
            covered = Total::saturating_add(covered, tickets.saturating_mul(size.lines.into()));
        }
        End {
            threshold,
            covered,
            different,
        }
    }

    /// Narrows to a bracket with few tickets inside. There must be more tickets than `left`.
    fn narrow(&self, left: Total) -> Bracket {
        let runs = || self.sizes.iter().map(|size| &size.run);
        let first = runs()
            .map(|run| self.above(run, run.low.saturating_add(1)).saturating_sub(1))
            .min();
        let last = runs().map(|run| self.above(run, run.high)).max();
        let mut low = self.end(first.unwrap_or(0));
        let mut high = self.end(last.unwrap_or(0));
        // To sort an eighth of the sizes costs less than many looks at all.
        let few = FEW.saturating_add(i128::try_from(self.sizes.len() >> 3).unwrap_or(0));
        // Keys lie about evenly, so aiming shortly below and shortly above where the stock should run
        // out leaves few of them between; where many are equal, one of them picked out leaves nothing
        // else; and halving sees to it that nothing costs more than it.
        let mut turn = 0_usize;
        loop {
            let width = high.threshold.saturating_sub(low.threshold);
            let different = high.different.saturating_sub(low.different);
            if width <= 1 || different <= few {
                return Bracket { low, high };
            }
            let between = high.covered.saturating_sub(low.covered);
            let wanted = left.saturating_sub(low.covered);
            let margin = between
                .checked_div(different.isqrt())
                .unwrap_or(0)
                .saturating_mul(2);
            let step = match turn % AIMS {
                0 => part(width, wanted.saturating_sub(margin).max(0), between),
                1 => part(width, wanted.saturating_add(margin).min(between), between),
                2 => self.pick(turn, low.threshold, high.threshold),
                // Just above what was picked, if that is where the bracket now begins.
                3 => 1,
                _ => width >> 1,
            };
            turn = turn.wrapping_add(1);
            let step = step.clamp(1, width.saturating_sub(1));
            let middle = self.end(low.threshold.saturating_add(step));
            if middle.covered <= left {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /// How far above `low` the key of some ticket in the bracket lies.
    fn pick(&self, turn: usize, low: u128, high: u128) -> u128 {
        let scattered = turn.wrapping_mul(SCATTER);
        let from = scattered.checked_rem(self.sizes.len()).unwrap_or(0);
        let (before, behind) = self.sizes.split_at_checked(from).unwrap_or_default();
        for size in behind.iter().chain(before) {
            let (first, last) = (self.reach(&size.run, low), self.reach(&size.run, high));
            if first < last {
                let ticket = first.midpoint(last).saturating_add(1);
                let number = size.run.low.saturating_add(ticket);
                let key = self.above(&size.run, number).saturating_sub(1);
                return key.saturating_sub(low);
            }
        }
        0
    }
}

/// The ways in which the next threshold is looked for take turns.
const AIMS: usize = 5;
/// An odd number without pattern: picks come from everywhere.
const SCATTER: usize = 0x9e37_79b1;

/// About `width * units / of`, near enough to narrow a search.
fn part(width: u128, units: Total, of: Total) -> u128 {
    let (units, of) = (units.unsigned_abs(), of.unsigned_abs().max(1));
    // Sixteen bits of the ratio are plenty.
    let shift = (u128::BITS.saturating_sub(of.leading_zeros())).saturating_sub(16);
    let (units, of) = (units >> shift, (of >> shift).max(1));
    width.checked_div(of).unwrap_or(0).saturating_mul(units)
}
