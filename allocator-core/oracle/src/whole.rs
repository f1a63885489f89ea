//! Rules for whole units that have no merchant's name: benchmarks, conformance, and one-offs.

use std::cmp::Reverse;

use crate::problem::{Problem, Rational, Refused, units, whole};
use crate::ticket::{MOST_UNITS, serve};

/// A rule that awards whole units. Ties go to the earlier in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WholeRule {
    /// Divisors between k − 1 and k by the harmonic mean.
    Dean,
    /// Divisors between k − 1 and k by the geometric mean.
    HuntingtonHill,
    /// Divisors k − 1 + t.
    Divisor(Rational),
    /// Odd units first while they lie in the first half of the claim, then from the largest rest.
    Talmud,
    /// Rounds over the first halves, then over the second.
    Piniles,
    /// Floors of the exact shares, then one each by largest remainder.
    Hamilton {
        /// Whoever's floor is 0 gets 1 and has no part in the remainders.
        minimum_of_one: bool,
    },
    /// Unit for unit to the largest c / (x + 1) that stays within its upper quota (Balinski & Young,
    /// Amer. Math. Monthly 82, 1975).
    Quota,
    /// Whole claims, small ones first, up to the first that does not fit.
    SmallestWholeFirst,
    /// Whole claims in line, up to the first that does not fit.
    WholeInLine,
    /// Whole claims in line; what does not fit is passed over.
    WholeThatFits,
}

impl WholeRule {
    /// The awards, aligned with the claimants.
    ///
    /// # Errors
    /// [`Refused`]: the problem is none for this rule, or too large.
    pub fn awards(&self, problem: &Problem) -> Result<Vec<i64>, Refused> {
        let (claims, estate) = problem.units()?;
        match self {
            Self::Dean => serve(&claims, estate, &|claim, k| {
                vec![whole(2 * k) * whole(k - 1) / (whole(2 * k - 1) * whole(claim))]
            }),
            Self::HuntingtonHill => serve(&claims, estate, &|claim, k| {
                vec![whole(k) * whole(k - 1) / (whole(claim) * whole(claim))]
            }),
            Self::Divisor(t) => {
                let t = t.clone();
                serve(&claims, estate, &move |claim, k| {
                    vec![(whole(k - 1) + &t) / whole(claim)]
                })
            }
            Self::Talmud => serve(&claims, estate, &|claim, k| {
                if whole(2) * whole(k) - whole(1) <= whole(claim) {
                    vec![whole(0), whole(k)]
                } else {
                    vec![whole(1), whole(k - claim)]
                }
            }),
            Self::Piniles => serve(&claims, estate, &|claim, k| {
                let odd = whole(2) * whole(k) - whole(1);
                if odd <= whole(claim) {
                    vec![whole(0), odd]
                } else {
                    vec![whole(1), odd - whole(claim)]
                }
            }),
            Self::Hamilton { minimum_of_one } => hamilton(&claims, estate, *minimum_of_one),
            Self::Quota => quota(&claims, estate),
            Self::SmallestWholeFirst => {
                let mut line: Vec<usize> = (0..claims.len()).collect();
                line.sort_by_key(|&index| claims[index]);
                Ok(whole_claims(&claims, &line, estate, true))
            }
            Self::WholeInLine | Self::WholeThatFits => {
                let line: Vec<usize> = (0..claims.len()).collect();
                let stop = *self == Self::WholeInLine;
                Ok(whole_claims(&claims, &line, estate, stop))
            }
        }
    }
}

fn hamilton(claims: &[i64], estate: i64, minimum_of_one: bool) -> Result<Vec<i64>, Refused> {
    let demand: Rational = claims.iter().map(|&claim| whole(claim)).sum();
    if estate == 0 {
        return Ok(vec![0; claims.len()]);
    }
    let mut awards = Vec::new();
    let mut remainders = Vec::new();
    for (index, &claim) in claims.iter().enumerate() {
        let share = whole(claim) * whole(estate) / &demand;
        let floor = units(&share.floor())?;
        if floor == 0 && claim > 0 && minimum_of_one {
            awards.push(1);
        } else {
            awards.push(floor);
            remainders.push((Reverse(share.fract()), index));
        }
    }
    let left = estate - awards.iter().sum::<i64>();
    let Ok(left) = usize::try_from(left) else {
        return Err(Refused::NoProblem(
            "one for everybody is more than there is".into(),
        ));
    };
    remainders.sort();
    for (_, index) in remainders.into_iter().take(left) {
        awards[index] += 1;
    }
    Ok(awards)
}

fn quota(claims: &[i64], estate: i64) -> Result<Vec<i64>, Refused> {
    if estate > MOST_UNITS {
        return Err(Refused::TooLarge);
    }
    let demand: Rational = claims.iter().map(|&claim| whole(claim)).sum();
    let mut awards = vec![0; claims.len()];
    for unit in 1..=estate {
        let within =
            |index: &usize| whole(awards[*index]) < whole(claims[*index]) * whole(unit) / &demand;
        let rank = |index: &usize| whole(claims[*index]) / whole(awards[*index] + 1);
        // Of equals the last is the largest, so the line runs backwards.
        let next = (0..claims.len()).rev().filter(within).max_by_key(rank);
        if let Some(index) = next {
            awards[index] += 1;
        }
    }
    Ok(awards)
}

fn whole_claims(claims: &[i64], line: &[usize], estate: i64, stop: bool) -> Vec<i64> {
    let mut awards = vec![0; claims.len()];
    let mut left = estate;
    for &index in line {
        if claims[index] <= left {
            awards[index] = claims[index];
            left -= claims[index];
        } else if stop {
            break;
        }
    }
    awards
}
