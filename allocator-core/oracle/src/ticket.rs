//! Orders on unit tickets: the smallest keys are served, one unit at a time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::problem::{Rational, Refused};

/// Most units that are handed out one by one.
pub(crate) const MOST_UNITS: i64 = 1_000_000;

/// The key of a claimant's k-th unit, from his claim and k; parts decide one after the other, and
/// the key rises with k. Ties go to the earlier.
pub(crate) type Key = dyn Fn(i64, i64) -> Vec<Rational>;

/// Serves the ticket with the smallest key among everybody's next, again and again.
pub(crate) fn serve(claims: &[i64], estate: i64, key: &Key) -> Result<Vec<i64>, Refused> {
    if estate > MOST_UNITS {
        return Err(Refused::TooLarge);
    }
    let mut awards = vec![0; claims.len()];
    let next = |index: usize, k: i64| Reverse((key(claims[index], k), index));
    let claiming = (0..claims.len()).filter(|&index| claims[index] > 0);
    let mut tickets: BinaryHeap<_> = claiming.map(|index| next(index, 1)).collect();
    for _ in 0..estate {
        let Some(Reverse((_, index))) = tickets.pop() else {
            break;
        };
        awards[index] += 1;
        if awards[index] < claims[index] {
            tickets.push(next(index, awards[index] + 1));
        }
    }
    Ok(awards)
}
