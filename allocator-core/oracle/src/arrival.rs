//! Random arrival: the mean of first come, first served over all orders.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use crate::problem::{Rational, Refused, whole};

/// Most sums of claims that are looked at for one claimant.
const MOST_SUMS: usize = 1_000_000;

/// Of all orders, the part in which just this set of s others arrives before a claimant is
/// s! (n − 1 − s)! / n!. Sets are counted by size and sum instead of listed.
pub(crate) fn random_arrival(
    claims: &[Rational],
    estate: &Rational,
) -> Result<Vec<Rational>, Refused> {
    let mut known: BTreeMap<&Rational, Rational> = BTreeMap::new();
    for (index, claim) in claims.iter().enumerate() {
        if known.contains_key(claim) {
            continue;
        }
        let mut mean = whole(0);
        for ((size, before), sets) in sets_before(claims, index, estate)? {
            let got = claim.clone().min(estate - before);
            mean += got * whole(sets * factorial(size) * factorial(claims.len() - 1 - size));
        }
        known.insert(claim, mean / whole(factorial(claims.len())));
    }
    Ok(claims.iter().map(|claim| known[claim].clone()).collect())
}

/// How many sets of others there are, by size and sum of claims; those that leave nothing aside.
fn sets_before(
    claims: &[Rational],
    index: usize,
    estate: &Rational,
) -> Result<BTreeMap<(usize, Rational), BigInt>, Refused> {
    let mut sets = BTreeMap::from([((0, whole(0)), BigInt::from(1))]);
    let mut looked_at = 0;
    for (_, claim) in claims.iter().enumerate().filter(|(i, _)| *i != index) {
        for ((size, sum), count) in sets.clone() {
            let sum = sum + claim;
            if sum < *estate {
                *sets.entry((size + 1, sum)).or_default() += count;
            }
        }
        looked_at += sets.len();
        if looked_at > MOST_SUMS {
            return Err(Refused::TooLarge);
        }
    }
    Ok(sets)
}

fn factorial(n: usize) -> BigInt {
    (1..=n).map(BigInt::from).product()
}
