//! Whether any rule at all keeps two axioms that no known rule keeps together: every award within one
//! unit of the exact percentage, and nobody hurt when somebody else reduces or cancels.
//!
//! A search over rules, not over problems. A variable is a list of claims, its values are all awards of
//! whole units within both quotas, and two lists that differ by one unit of one claimant constrain each
//! other: whoever did not reduce has no less than before. Arc consistency, and backtracking where that
//! does not decide. An empty domain proves that there is no rule; a full assignment is a rule.

use std::collections::BTreeMap;

use crate::problem::Refused;

/// What a rule awards of one estate, by claims.
pub type Awards = BTreeMap<Vec<i64>, Vec<i64>>;

/// Most lists of claims in one search.
const MOST_LISTS: usize = 10_000;
/// Most awards of one list: one bit each.
const MOST_AWARDS: usize = 64;
/// Most values that are tried.
const MOST_TRIES: usize = 100_000;
/// At least so many units in all are considered, as far as the claims reach with one of them raised.
const UNITS: i64 = 12;

/// A rule for all claims at or below the given ones with one of them raised, as far as all of them stay
/// within 12 units, or within what the given claims come to where that is more. `None`: there is none.
///
/// # Errors
/// [`Refused::TooLarge`], and [`Refused::NoProblem`] for numbers below zero.
pub fn rule_within_quota(claims: &[i64], estate: i64) -> Result<Option<Awards>, Refused> {
    let demand = claims
        .iter()
        .try_fold(0_i64, |sum, &claim| sum.checked_add(claim));
    let most = demand.ok_or(Refused::TooLarge)?.max(UNITS);
    let raise = most - demand.unwrap_or(0);
    let raised = (0..claims.len()).map(|index| {
        let mut claims = claims.to_vec();
        claims[index] = claims[index].saturating_add(raise);
        claims
    });
    rule_below(&raised.collect::<Vec<_>>(), most, estate)
}

/// A rule for all claims at or below one of these that come to no more than `most`.
///
/// # Errors
/// As those of [`rule_within_quota`].
pub fn rule_below(highest: &[Vec<i64>], most: i64, estate: i64) -> Result<Option<Awards>, Refused> {
    if estate < 0 || highest.iter().flatten().any(|&claim| claim < 0) {
        return Err(Refused::NoProblem("a number is below zero".into()));
    }
    let mut lists = BTreeMap::new();
    for highest in highest {
        enumerate(highest, most, &mut Vec::new(), &mut lists)?;
    }
    let search = Search::new(lists, estate)?;
    Ok(search.solve()?.map(|domains| search.awards(&domains)))
}

/// Every list at or below `highest` that begins with `claims` and comes to no more than `most`.
fn enumerate(
    highest: &[i64],
    most: i64,
    claims: &mut Vec<i64>,
    lists: &mut BTreeMap<Vec<i64>, usize>,
) -> Result<(), Refused> {
    let Some(&highest_claim) = highest.get(claims.len()) else {
        lists.insert(claims.clone(), 0);
        return if lists.len() > MOST_LISTS {
            Err(Refused::TooLarge)
        } else {
            Ok(())
        };
    };
    for claim in 0..=highest_claim.min(most) {
        claims.push(claim);
        enumerate(highest, most - claim, claims, lists)?;
        claims.pop();
    }
    Ok(())
}

/// Values still possible, by list: a bit for each.
type Domains = Vec<u64>;

/// One list reduces to another by one unit.
struct Arc {
    /// The other list.
    to: usize,
    /// By value here, the values there that go with it.
    support: Vec<u64>,
}

struct Search {
    claims: Vec<Vec<i64>>,
    values: Vec<Vec<Vec<i64>>>,
    arcs: Vec<Vec<Arc>>,
}

impl Search {
    fn new(mut lists: BTreeMap<Vec<i64>, usize>, estate: i64) -> Result<Self, Refused> {
        for (number, index) in lists.values_mut().enumerate() {
            *index = number;
        }
        let claims: Vec<Vec<i64>> = lists.keys().cloned().collect();
        let values: Vec<_> = claims
            .iter()
            .map(|claims| within_quota(claims, estate))
            .collect();
        if values.iter().any(|values| values.len() > MOST_AWARDS) {
            return Err(Refused::TooLarge);
        }
        let mut this = Self {
            arcs: claims.iter().map(|_| Vec::new()).collect(),
            claims,
            values,
        };
        for (from, claims) in this.claims.iter().enumerate() {
            for who in (0..claims.len()).filter(|&who| claims[who] > 0) {
                let mut reduced = claims.clone();
                reduced[who] -= 1;
                let to = lists[&reduced];
                let (before, after) = (&this.values[from], &this.values[to]);
                let go = |before: &[i64], after: &[i64]| nobody_else_drops(who, before, after);
                let forth = supports(before, after, go);
                let back = supports(after, before, |after, before| go(before, after));
                this.arcs[from].push(Arc { to, support: forth });
                this.arcs[to].push(Arc {
                    to: from,
                    support: back,
                });
            }
        }
        Ok(this)
    }

    /// One value for every list, so that all go together.
    fn solve(&self) -> Result<Option<Domains>, Refused> {
        let full = |values: &Vec<Vec<i64>>| ones(values.len());
        let mut domains: Domains = self.values.iter().map(full).collect();
        let mut tries = MOST_TRIES;
        let all = (0..domains.len()).collect();
        let found = self.narrow(&mut domains, all) && self.assign(&mut domains, &mut tries)?;
        Ok(found.then_some(domains))
    }

    fn assign(&self, domains: &mut Domains, tries: &mut usize) -> Result<bool, Refused> {
        let open = (0..domains.len()).filter(|&list| domains[list].count_ones() > 1);
        let Some(list) = open.min_by_key(|&list| domains[list].count_ones()) else {
            return Ok(true);
        };
        while domains[list] != 0 {
            *tries = tries.checked_sub(1).ok_or(Refused::TooLarge)?;
            let value = domains[list] & domains[list].wrapping_neg();
            let mut narrowed = domains.clone();
            narrowed[list] = value;
            if self.narrow(&mut narrowed, vec![list]) && self.assign(&mut narrowed, tries)? {
                *domains = narrowed;
                return Ok(true);
            }
            domains[list] &= !value;
            // What a failed value rules out is ruled out for the next ones.
            if !self.narrow(domains, vec![list]) {
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// Takes out what has no support; false where nothing is left of a list.
    fn narrow(&self, domains: &mut Domains, mut changed: Vec<usize>) -> bool {
        while let Some(list) = changed.pop() {
            if domains[list] == 0 {
                return false;
            }
            for Arc { to, support } in &self.arcs[list] {
                let possible = bits(domains[list]).fold(0, |all, value| all | support[value]);
                let left = domains[*to] & possible;
                if left != domains[*to] {
                    domains[*to] = left;
                    changed.push(*to);
                }
            }
        }
        true
    }

    fn awards(&self, domains: &Domains) -> Awards {
        let award = |list: usize| {
            let value = domains[list].trailing_zeros() as usize;
            (self.claims[list].clone(), self.values[list][value].clone())
        };
        (0..domains.len()).map(award).collect()
    }
}

fn supports(
    here: &[Vec<i64>],
    there: &[Vec<i64>],
    go_together: impl Fn(&[i64], &[i64]) -> bool,
) -> Vec<u64> {
    let mask = |value: &Vec<i64>| {
        let goes = |index: &usize| go_together(value, &there[*index]);
        (0..there.len())
            .filter(goes)
            .fold(0, |mask, index| mask | 1 << index)
    };
    here.iter().map(mask).collect()
}

fn nobody_else_drops(who: usize, before: &[i64], after: &[i64]) -> bool {
    (0..before.len()).all(|other| other == who || after[other] >= before[other])
}

/// All awards of what can be awarded, each from the exact share rounded down to it rounded up.
fn within_quota(claims: &[i64], estate: i64) -> Vec<Vec<i64>> {
    let demand: i64 = claims.iter().sum();
    let estate = estate.min(demand);
    let mut awards = vec![(Vec::new(), estate)];
    for &claim in claims {
        let share = i128::from(claim) * i128::from(estate);
        let all = i128::from(demand.max(1));
        let (low, up) = (share / all, (share + all - 1) / all);
        let longer = awards.iter().flat_map(|(awards, left): &(Vec<i64>, i64)| {
            (low..=up).filter_map(move |award| {
                let award = i64::try_from(award).ok().filter(|award| award <= left)?;
                Some(([awards.as_slice(), &[award]].concat(), left - award))
            })
        });
        awards = longer.collect();
    }
    awards.retain(|&(_, left)| left == 0);
    awards.into_iter().map(|(awards, _)| awards).collect()
}

const fn ones(bits: usize) -> u64 {
    if bits < MOST_AWARDS {
        (1 << bits) - 1
    } else {
        u64::MAX
    }
}

fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (mask != 0).then(|| mask.trailing_zeros() as usize)?;
        mask &= mask - 1;
        Some(bit)
    })
}
