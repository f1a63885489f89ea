//! Exact fractions as they are told, and as they are computed.
//!
//! Big numbers cannot overflow and are divided by what is above zero.
#![allow(clippy::arithmetic_side_effects)]

use core::fmt;

use num_bigint::BigUint;

use super::Chances;
use super::margin::Stake;
use crate::error::Error;
use crate::quantity::Quantity;

/// A chance, or a mean of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Chance {
    /// The fraction, reduced.
    Exact {
        /// Above the line.
        numerator: u128,
        /// Below the line, at least 1.
        denominator: u128,
    },
    /// Where 128 bits do not hold it: it surely lies here, the ends included. In millionths.
    Between {
        /// The lower end.
        low_ppm: u64,
        /// The upper end.
        high_ppm: u64,
    },
}

const MILLION: u32 = 1_000_000;

impl Chance {
    pub(super) const fn whole(number: u128) -> Self {
        Self::Exact {
            numerator: number,
            denominator: 1,
        }
    }

    /// The closed interval of millionths that it lies in, one wide at most where it is a fraction; `None`
    /// where 64 bits do not hold the ends.
    #[must_use]
    pub fn millionths(self) -> Option<(u64, u64)> {
        match self {
            Self::Between { low_ppm, high_ppm } => Some((low_ppm, high_ppm)),
            Self::Exact {
                numerator,
                denominator,
            } => enclosed(&numerator.into(), &BigUint::from(denominator.max(1))),
        }
    }

    /// The fraction of two numbers, the lower above 0.
    pub(super) fn of(numerator: BigUint, denominator: BigUint) -> Result<Self, Error> {
        Self::of_reduced(&reduced(numerator, denominator))
    }

    /// The fraction of two numbers without a common divisor.
    fn of_reduced((numerator, denominator): &(BigUint, BigUint)) -> Result<Self, Error> {
        if let (Ok(numerator), Ok(denominator)) =
            (u128::try_from(numerator), u128::try_from(denominator))
        {
            return Ok(Self::Exact {
                numerator,
                denominator,
            });
        }
        match enclosed(numerator, denominator) {
            Some((low_ppm, high_ppm)) => Ok(Self::Between { low_ppm, high_ppm }),
            None => Err(Error::NoChances {
                why: "the mean of a line is no fraction of 128 bits, and too large for millionths",
            }),
        }
    }
}

/// `3/7`, or `between 0.428571 and 0.428572`.
impl fmt::Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Exact {
                numerator,
                denominator: 1,
            } => write!(f, "{numerator}"),
            Self::Exact {
                numerator,
                denominator,
            } => write!(f, "{numerator}/{denominator}"),
            Self::Between { low_ppm, high_ppm } => {
                let of = |ppm: u64| (ppm / u64::from(MILLION), ppm % u64::from(MILLION));
                let ((low, low_rest), (high, high_rest)) = (of(low_ppm), of(high_ppm));
                write!(f, "between {low}.{low_rest:06} and {high}.{high_rest:06}")
            }
        }
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
        full: Chance,
        nothing: Chance,
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
        let never = Chance::whole(0);
        let surely = Chance::whole(1);
        let certain = |is_so| if is_so { surely } else { never };
        match self {
            Self::Certain(units) => Ok(Chances {
                full: certain(*units == quantity),
                nothing: certain(*units == 0),
                expected: Chance::whole(units.unsigned_abs().into()),
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
                    expected: Chance::of_reduced(&(all, denominator.clone()))?,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn chance(numerator: u128, shift: u32, denominator: u128) -> Result<Chance, Error> {
        let [numerator, denominator] =
            [numerator, denominator].map(|number| BigUint::from(number) << shift);
        Chance::of(numerator, denominator)
    }

    #[test]
    fn what_128_bits_hold_is_exact_and_the_rest_is_enclosed() {
        let third = Chance::Exact {
            numerator: 1,
            denominator: 3,
        };
        assert_eq!(chance(2, 200, 6), Ok(third));
        assert_eq!(third.to_string(), "1/3");
        assert_eq!(third.millionths(), Some((333_333, 333_334)));
        assert_eq!(Chance::whole(2).millionths(), Some((2_000_000, 2_000_000)));
        assert_eq!(Chance::whole(u128::MAX).millionths(), None);
        assert_eq!(chance(0, 200, 6), Ok(Chance::whole(0)));
        let prime = BigUint::from(u128::MAX) * 3_u32 + 2_u32; // odd, and above 128 bits
        let told = Chance::of(BigUint::from(1_u128 << 127), prime);
        let Ok(Chance::Between { low_ppm, high_ppm }) = told else {
            panic!("{told:?}");
        };
        assert_eq!((low_ppm, high_ppm), (166_666, 166_667));
        assert_eq!(told.unwrap().to_string(), "between 0.166666 and 0.166667");
        // Never a guess where millionths do not fit either.
        let huge = BigUint::from(u128::MAX) * BigUint::from(u128::MAX);
        assert!(matches!(
            Chance::of(huge, BigUint::from(7_u32)),
            Err(Error::NoChances { .. })
        ));
    }
}
