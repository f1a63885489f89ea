//! A drawn queue: the mean of first come, first served over all orders, without listing them.
//!
//! Of all orders, the part in which just this set of k others comes before a claimant is
//! k! (n − 1 − k)! / n!. Sets are counted by k and the units they take, one distinct size of claims after the
//! other; a size is taken out again for a claimant of that size. Where less is missing than there is, the
//! same queue is looked at from its back: what is missing is shared by those who come last.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "numbers of any size cannot overflow, and no difference is below zero: counts with one more \
              claimant are no smaller; all other numbers are divided by at least 1"
)]

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use num_bigint::BigUint;

use super::figure::{Odds, fraction, reduced};
use crate::error::Error;
use crate::limits::MAX_CHANCE_STEPS;
use crate::quantity::Total;

/// A drawn queue of claims.
pub(super) struct Arrival {
    /// Units handed out; seen from the back, units that are missing.
    estate: Total,
    from_back: bool,
    before: Before,
    /// The chances of what was asked, by the claimant's size, the units of his before, and the units.
    known: BTreeMap<(Total, Total, Total), Odds>,
}

/// What those before a claimant take, as weights that add up to `all`, where it leaves something.
enum Before {
    /// Claims of one size: every number of them, from 0 to one less than all, is as likely.
    Equal {
        size: Total,
        claims: Total,
    },
    Counted(Counted),
}

impl Arrival {
    /// Claims, each above 0, and what there is for them, no more than they come to. Errors name the row.
    pub(super) fn new(row: usize, claims: Vec<Total>, rest: Total) -> Result<Self, Error> {
        let all: Total = claims
            .iter()
            .fold(0, |sum, claim| sum.saturating_add(*claim));
        let missing = all.saturating_sub(rest);
        let from_back = missing < rest;
        let estate = rest.min(missing);
        let size = claims.first().copied().unwrap_or(1);
        let before = if claims.iter().all(|claim| *claim == size) {
            Before::Equal {
                size,
                claims: Total::try_from(claims.len()).unwrap_or(Total::MAX),
            }
        } else {
            Before::Counted(Counted::new(row, &claims, estate)?)
        };
        Ok(Self {
            estate,
            from_back,
            before,
            known: BTreeMap::new(),
        })
    }

    /// The chances of a line of `units` in a claim of `size`, behind `ahead` units of the same claim.
    pub(super) fn of(&mut self, size: Total, ahead: Total, units: Total) -> Result<Odds, Error> {
        if let Some(odds) = self.known.get(&(size, ahead, units)) {
            return Ok(odds.clone());
        }
        let ahead_seen = match self.from_back {
            true => size.saturating_sub(ahead).saturating_sub(units),
            false => ahead,
        };
        let reach = self.estate.saturating_sub(ahead_seen);
        let odds = match &mut self.before {
            Before::Equal { size, claims } => equal(*size, *claims, reach, units),
            Before::Counted(counted) => counted.weights(size)?.sums(reach, units),
        };
        let odds = odds.odds(self.from_back, units)?;
        self.known.insert((size, ahead, units), odds.clone());
        Ok(odds)
    }
}

/// Weights, of `all`, of getting every unit and of getting some; and units times weights.
struct Sums {
    full: BigUint,
    some: BigUint,
    units: BigUint,
    all: BigUint,
}

impl Sums {
    fn odds(self, from_back: bool, units: Total) -> Result<Odds, Error> {
        let Self {
            full,
            some,
            units: sum,
            all,
        } = self;
        let none = &all - some;
        // Seen from the back, units are those that are missing.
        let (full, nothing, sum) = match from_back {
            true => (none, full, &all * units.unsigned_abs() - sum),
            false => (full, none, sum),
        };
        Ok(Odds::Drawn {
            sure: 0,
            units: 0,
            full: fraction(full, all.clone())?,
            nothing: fraction(nothing, all.clone())?,
            expected: reduced(sum, all),
        })
    }
}

fn big(number: Total) -> BigUint {
    BigUint::from(number.max(0).unsigned_abs())
}

/// The k-th of claims of one size begins behind k · size units.
fn equal(size: Total, claims: Total, reach: Total, units: Total) -> Sums {
    let size = size.max(1);
    // How many k from 0 have k · size ≤ most.
    let up_to = |most: Total| match most {
        0.. => (most / size).saturating_add(1).min(claims),
        _ => 0,
    };
    let full = up_to(reach.saturating_sub(units));
    let some = up_to(reach.saturating_sub(1));
    let mut sum = big(full) * big(units);
    // Only the one in which the supply ends gets a part: the next begins where all of this one ended.
    for k in full..some {
        sum += big(reach.saturating_sub(k.saturating_mul(size)));
    }
    Sums {
        full: big(full),
        some: big(some),
        units: sum,
        all: big(claims.max(1)),
    }
}

/// Sets of claimants by their number and their units, as far as they leave something.
struct Counted {
    /// `sets[k][units]`
    sets: Vec<Vec<BigUint>>,
    /// What a set of k stands for.
    factors: Vec<BigUint>,
    all: BigUint,
    known: BTreeMap<Total, Weights>,
}

/// What those before take, by units.
#[derive(Clone)]
struct Weights {
    by_units: Vec<BigUint>,
    all: BigUint,
}

impl Counted {
    fn new(row: usize, claims: &[Total], estate: Total) -> Result<Self, Error> {
        let mut sizes: BTreeMap<Total, u64> = BTreeMap::new();
        for &claim in claims {
            let many = sizes.entry(claim).or_default();
            *many = many.saturating_add(1);
        }
        let claimants = u64::try_from(claims.len()).unwrap_or(u64::MAX);
        let width = u64::try_from(estate).unwrap_or(u64::MAX);
        // Each takes a unit at least, and one is the claimant himself.
        let most = width.min(claimants).saturating_sub(1);
        check_steps(row, &sizes, width, most)?;
        let (width, most) = (index(width), index(most));
        let mut sets = alloc::vec![alloc::vec![BigUint::ZERO; width]; most.saturating_add(1)];
        if let Some(nobody) = sets.first_mut().and_then(|row| row.first_mut()) {
            *nobody = BigUint::from(1_u32);
        }
        for (&size, &many) in &sizes {
            if let Some(size) = usize::try_from(size).ok().filter(|&size| size < width) {
                add_size(&mut sets, size, many);
            }
        }
        let (factors, all) = factors(claimants, most);
        Ok(Self {
            sets,
            factors,
            all,
            known: BTreeMap::new(),
        })
    }

    /// The weights of what others take before a claimant of this size.
    fn weights(&mut self, own: Total) -> Result<Weights, Error> {
        if let Some(weights) = self.known.get(&own) {
            return Ok(weights.clone());
        }
        let width = self.sets.first().map_or(0, Vec::len);
        let size = usize::try_from(own).unwrap_or(usize::MAX);
        let mut by_units = alloc::vec![BigUint::ZERO; width];
        // The row of one claimant fewer, without the claimant himself.
        let mut fewer: Vec<BigUint> = Vec::new();
        for (row, factor) in self.sets.iter().zip(&self.factors) {
            let others: Vec<BigUint> = row
                .iter()
                .enumerate()
                .map(|(units, sets)| match units.checked_sub(size) {
                    Some(rest) => match fewer.get(rest) {
                        Some(with_him) => sets - with_him,
                        None => sets.clone(),
                    },
                    None => sets.clone(),
                })
                .collect();
            for (sum, sets) in by_units.iter_mut().zip(&others) {
                if *sets != BigUint::ZERO {
                    *sum += sets * factor;
                }
            }
            fewer = others;
        }
        let weights = Weights {
            by_units,
            all: self.all.clone(),
        };
        self.known.insert(own, weights.clone());
        Ok(weights)
    }
}

impl Weights {
    fn sums(&self, reach: Total, units: Total) -> Sums {
        let mut sums = Sums {
            full: BigUint::ZERO,
            some: BigUint::ZERO,
            units: BigUint::ZERO,
            all: self.all.clone(),
        };
        for (taken, weight) in (0..).zip(&self.by_units) {
            let left = reach.saturating_sub(taken);
            if left <= 0 {
                break;
            }
            if left >= units {
                sums.full += weight;
            }
            sums.some += weight;
            sums.units += weight * big(left.min(units));
        }
        sums
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn check_steps(
    row: usize,
    sizes: &BTreeMap<Total, u64>,
    width: u64,
    most: u64,
) -> Result<(), Error> {
    let cells = width.saturating_mul(most.saturating_add(1));
    let mut steps = cells;
    for (&size, &many) in sizes {
        let size = u64::try_from(size).unwrap_or(u64::MAX).max(1);
        let fit = if size < width {
            many.min(width / size).saturating_add(1)
        } else {
            0
        };
        steps = steps.saturating_add(cells.saturating_mul(fit));
    }
    if steps > MAX_CHANCE_STEPS {
        return Err(Error::TooManySteps {
            row,
            steps,
            max: MAX_CHANCE_STEPS,
        });
    }
    Ok(())
}

/// Adds `many` claimants of one size: any number of them joins the sets that there are.
fn add_size(sets: &mut [Vec<BigUint>], size: usize, many: u64) {
    let width = sets.first().map_or(0, Vec::len);
    let fit = (many.min((width / size.max(1)) as u64)).min(sets.len() as u64);
    let chosen = binomials(many, fit);
    // From the largest down, so that each cell reads what was there before.
    for count in (0..sets.len()).rev() {
        for units in (0..width).rev() {
            let mut sum = BigUint::ZERO;
            for (joined, ways) in (1_usize..).zip(chosen.iter().skip(1)) {
                let from = joined
                    .checked_mul(size)
                    .and_then(|all| units.checked_sub(all));
                let (Some(rest), Some(units)) = (count.checked_sub(joined), from) else {
                    break;
                };
                match sets.get(rest).and_then(|row| row.get(units)) {
                    Some(known) if *known != BigUint::ZERO => sum += known * ways,
                    _ => {}
                }
            }
            if let Some(cell) = sets.get_mut(count).and_then(|row| row.get_mut(units)) {
                *cell += sum;
            }
        }
    }
}

/// `many` over 0 up to `many` over `fit`.
fn binomials(many: u64, fit: u64) -> Vec<BigUint> {
    let mut all = alloc::vec![BigUint::from(1_u32)];
    for k in 1..=fit {
        let next = match all.last() {
            Some(last) => last * (many.saturating_sub(k).saturating_add(1)) / k,
            None => BigUint::ZERO,
        };
        all.push(next);
    }
    all
}

/// k! (n − 1 − k)! / n! for k from 0 to `most`, over one denominator: n (n − 1) … (n − most).
fn factors(claimants: u64, most: usize) -> (Vec<BigUint>, BigUint) {
    let most = most as u64;
    let left = |k: u64| claimants.saturating_sub(k);
    let mut factors = Vec::new();
    // What the denominators of larger sets have besides, from the largest set down.
    let mut besides = BigUint::from(1_u32);
    for k in (0..=most).rev() {
        factors.push(besides.clone());
        besides *= left(k);
    }
    factors.reverse();
    let mut factorial = BigUint::from(1_u32);
    for (k, factor) in (1_u64..).zip(&mut factors) {
        *factor *= &factorial;
        factorial *= k;
    }
    (factors, besides)
}
