//! Each unit drawn: of all that are at stake any set of as many as there are is as likely.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "numbers of any size cannot overflow; all others count at most MAX_DRAWN_UNITS, in 128 bits, \
              and of two that are subtracted the second is the smaller"
)]

use alloc::collections::BTreeMap;

use num_bigint::BigUint;

use super::figure::{Odds, fraction, reduced, whole};
use crate::error::Error;
use crate::metrics::Figure;
use crate::quantity::{Quantity, Total};

/// Most factors that are multiplied out exactly. Beyond it no fraction that is neither 0 nor 1 was found that
/// 128 bits hold; it is told as an interval.
const MOST_FACTORS: u128 = 256;

/// The odds of lines by how many units they have at stake.
pub(super) struct UnitOdds {
    all: u128,
    drawn: u128,
    known: BTreeMap<Quantity, Odds>,
}

impl UnitOdds {
    pub(super) fn new(all: Total, drawn: Total) -> Self {
        let all = all.max(1).unsigned_abs();
        Self {
            all,
            drawn: drawn.max(0).unsigned_abs().min(all),
            known: BTreeMap::new(),
        }
    }

    /// Of a line with so many units, at least 1.
    pub(super) fn of(&mut self, units: Quantity) -> Result<Odds, Error> {
        if let Some(odds) = self.known.get(&units) {
            return Ok(odds.clone());
        }
        let Self { all, drawn, .. } = *self;
        let own = u128::from(units.unsigned_abs());
        let odds = Odds::Drawn {
            sure: 0,
            units: 0,
            full: all_among(all, drawn, own)?,
            nothing: all_among(all, all - drawn, own)?,
            expected: reduced(BigUint::from(own) * drawn, BigUint::from(all)),
        };
        self.known.insert(units, odds.clone());
        Ok(odds)
    }
}

/// The chance that `own` given units lie all among `some` drawn of `all`:
/// some (some − 1) … over all (all − 1) …, `own` factors; the other way round, the units that are not
/// drawn lie all among those of others.
fn all_among(all: u128, some: u128, own: u128) -> Result<Figure, Error> {
    if some < own {
        return Ok(whole(0));
    }
    let others = all - some;
    let (from, factors) = if own <= others {
        (some, own)
    } else {
        (all - own, others)
    };
    if factors <= MOST_FACTORS {
        let falling = |top: u128| (0..factors).map(|j| BigUint::from(top - j)).product();
        return fraction(falling(from), falling(all));
    }
    Ok(enclosed(from, all, factors))
}

/// The product of `factors` fractions (from − j) / (all − j), in parts of 2^64, rounded down and up.
fn enclosed(from: u128, all: u128, factors: u128) -> Figure {
    const ONE: u128 = 1 << 64;
    let (mut low, mut high) = (ONE, ONE);
    for j in 0..factors {
        let (top, bottom) = (from - j, all - j);
        low = low * top / bottom;
        high = (high * top).div_ceil(bottom);
        if high <= 1 {
            break;
        }
    }
    let millionths = |parts: u128| parts * 1_000_000;
    let fit = |ppm: u128| u64::try_from(ppm).unwrap_or(u64::MAX);
    Figure::Between {
        low_ppm: fit(millionths(low) / ONE),
        high_ppm: fit(millionths(high).div_ceil(ONE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_multiplied_out_is_enclosed() {
        // 1/2 of a million, of which 300 are mine: practically 2^-300; and nearly all of them.
        let Figure::Between { low_ppm, high_ppm } = enclosed(500_000, 1_000_000, 300) else {
            panic!();
        };
        assert_eq!((low_ppm, high_ppm), (0, 1));
        // 1000 of 10^6 - 1000 drawn: (1 - 1000/10^6)^1000, about e^-1.0005 by less.
        let Figure::Between { low_ppm, high_ppm } = enclosed(999_000, 1_000_000, 1000) else {
            panic!();
        };
        assert!(high_ppm - low_ppm <= 1);
        assert!((367_000..368_000).contains(&low_ppm), "{low_ppm}");
        // The two ways to count agree.
        let exactly =
            |numerator, denominator| fraction(BigUint::from(numerator), BigUint::from(denominator));
        assert_eq!(all_among(20, 15, 6), exactly(2002_u32, 15504_u32)); // C(14,9) / C(20,15)
        assert_eq!(all_among(20, 15, 5), exactly(3003_u32, 15504_u32)); // C(15,10) / C(20,15)
    }
}
