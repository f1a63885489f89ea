//! Exact fractions as they are told, and as they are computed.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "numbers of any size cannot overflow, and they are divided by what is above zero"
)]

use num_bigint::BigUint;

use super::Chances;
use super::margin::Stake;
use crate::error::Error;
use crate::metrics::{Figure, Ratio};
use crate::quantity::Quantity;

const MILLION: u32 = 1_000_000;

pub(super) const fn whole(number: u128) -> Figure {
    Figure::Exact(Ratio::whole(number))
}

/// The fraction of two numbers, the lower above 0.
pub(super) fn fraction(numerator: BigUint, denominator: BigUint) -> Result<Figure, Error> {
    told(&reduced(numerator, denominator))
}

/// The fraction of two numbers without a common divisor.
fn told((numerator, denominator): &(BigUint, BigUint)) -> Result<Figure, Error> {
    let (above, below) = (u128::try_from(numerator), u128::try_from(denominator));
    let exact = above.ok().zip(below.ok());
    if let Some(ratio) = exact.and_then(|(above, below)| Ratio::new(above, below)) {
        return Ok(Figure::Exact(ratio));
    }
    match enclosed(numerator, denominator) {
        Some((low_ppm, high_ppm)) => Ok(Figure::Between { low_ppm, high_ppm }),
        None => Err(Error::NoChances {
            why: "the mean of a line is no fraction of 128 bits, and too large for millionths",
        }),
    }
}

/// A fraction in millionths, rounded down and up.
fn enclosed(numerator: &BigUint, denominator: &BigUint) -> Option<(u64, u64)> {
    let millionths = numerator * MILLION;
    let low = &millionths / denominator;
    let high = (&millionths + denominator - 1_u32) / denominator;
    Some((u64::try_from(low).ok()?, u64::try_from(high).ok()?))
}

/// The same fraction, both numbers divided by all that divides both.
pub(super) fn reduced(numerator: BigUint, denominator: BigUint) -> (BigUint, BigUint) {
    let shared = greatest_common_divisor(numerator.clone(), denominator.clone());
    (numerator / &shared, denominator / shared)
}

fn greatest_common_divisor(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a
}

/// What a line may expect, in numbers of any size.
#[derive(Clone, Debug)]
pub(super) enum Odds {
    /// It gets just this.
    Certain(Quantity),
    /// Beyond what it is sure of.
    Drawn {
        /// What it surely gets, and what it has at stake beyond.
        sure: Quantity,
        units: Quantity,
        /// Of the units at stake; the mean without a common divisor.
        full: Figure,
        nothing: Figure,
        expected: (BigUint, BigUint),
    },
}

impl Odds {
    pub(super) const fn certain(units: Quantity) -> Self {
        Self::Certain(units)
    }

    /// The same odds on top of what is sure.
    pub(super) fn after(self, stake: Stake) -> Self {
        match self {
            Self::Drawn {
                full,
                nothing,
                expected,
                ..
            } => Self::Drawn {
                sure: stake.sure,
                units: stake.units,
                full,
                nothing,
                expected,
            },
            certain => certain,
        }
    }

    /// As told to a line that asks for so many units, at least 1.
    pub(super) fn chances(&self, quantity: Quantity) -> Result<Chances, Error> {
        let never = whole(0);
        let surely = whole(1);
        let certain = |is_so| if is_so { surely } else { never };
        match self {
            Self::Certain(units) => Ok(Chances {
                full: certain(*units == quantity),
                nothing: certain(*units == 0),
                expected: whole(units.unsigned_abs().into()),
            }),
            Self::Drawn {
                sure,
                units,
                full,
                nothing,
                expected: (numerator, denominator),
            } => {
                // Still without a common divisor.
                let all = numerator + denominator * sure.unsigned_abs();
                let reaches = sure.checked_add(*units) == Some(quantity);
                Ok(Chances {
                    full: if reaches { *full } else { never },
                    nothing: if *sure == 0 { *nothing } else { never },
                    expected: told(&(all, denominator.clone()))?,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn shifted(numerator: u128, shift: u32, denominator: u128) -> Result<Figure, Error> {
        let [numerator, denominator] =
            [numerator, denominator].map(|number| BigUint::from(number) << shift);
        fraction(numerator, denominator)
    }

    #[test]
    fn what_128_bits_hold_is_exact_and_the_rest_is_enclosed() {
        let third = Figure::Exact(Ratio::new(1, 3).unwrap());
        assert_eq!(shifted(2, 200, 6), Ok(third));
        assert_eq!(third.to_string(), "1/3");
        assert_eq!(third.ppm(), (333_333, 333_334));
        assert_eq!(whole(2).ppm(), (2_000_000, 2_000_000));
        assert_eq!(whole(u128::MAX).ppm(), (u64::MAX, u64::MAX));
        assert_eq!(shifted(0, 200, 6), Ok(whole(0)));
        let prime = BigUint::from(u128::MAX) * 3_u32 + 2_u32; // odd, and above 128 bits
        let told = fraction(BigUint::from(1_u128 << 127), prime);
        let Ok(Figure::Between { low_ppm, high_ppm }) = told else {
            panic!("{told:?}");
        };
        assert_eq!((low_ppm, high_ppm), (166_666, 166_667));
        assert_eq!(told.unwrap().to_string(), "166666..166667 ppm");
        // Never a guess where millionths do not fit either.
        let huge = BigUint::from(u128::MAX) * BigUint::from(u128::MAX);
        assert!(matches!(
            fraction(huge, BigUint::from(7_u32)),
            Err(Error::NoChances { .. })
        ));
    }
}
