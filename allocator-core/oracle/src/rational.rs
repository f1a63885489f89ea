//! Rules that may award fractions.

use num_bigint::BigInt;

use crate::arrival::random_arrival;
use crate::level::at_level;
use crate::problem::{Problem, Rational, Refused, whole};

/// A rule of the literature on claims problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RationalRule {
    /// c · E / D.
    Proportional,
    /// min(c, λ): everybody gets the same, nobody more than he claims (Maimonides).
    EqualAwards,
    /// max(0, c − λ): everybody gives up the same.
    EqualLosses,
    /// min(c, w · λ).
    WeightedEqualAwards,
    /// Equal awards on half the claims up to half the sum, equal losses on them beyond
    /// (Aumann & Maschler, J. Econ. Theory 36, 1985).
    Talmud,
    /// The same with another part of the claims than half (Moreno-Ternero & Villar, 2006).
    Tal(Rational),
    /// For two: each concedes what he does not claim, the rest is halved.
    ContestedGarment,
    /// The mean of first come, first served over all orders (O'Neill, Math. Soc. Sci. 2, 1982).
    RandomArrival,
    /// Every part of the estate is shared by those who claim it, and claims overlap as little as
    /// they can (O'Neill).
    MinimalOverlap,
    /// What the others concede first, then in proportion to what is still claimed.
    AdjustedProportional,
    /// Equal awards on half the claims, and once more.
    Piniles,
    /// Equal awards on half the claims, then levels lifted between half and whole.
    ConstrainedEgalitarian,
    /// Equal losses on half the claims, then equal awards on them.
    ReverseTalmud,
    /// The mean of equal awards and equal losses.
    MeanOfAwardsAndLosses,
    /// Class after class, by a rule inside each.
    Classes(Box<Self>),
}

impl RationalRule {
    /// The awards, aligned with the claimants.
    ///
    /// # Errors
    /// [`Refused`]: the problem is none for this rule, or too large.
    pub fn awards(&self, problem: &Problem) -> Result<Vec<Rational>, Refused> {
        let claims = problem.claims();
        let demand = problem.demand();
        let estate = &problem.estate.clone().min(demand.clone());
        Ok(match self {
            Self::Proportional => proportional(&claims, estate),
            Self::EqualAwards => equal_awards(&claims, estate),
            Self::EqualLosses => equal_losses(&claims, estate),
            Self::WeightedEqualAwards => weighted_equal_awards(problem, estate)?,
            Self::Talmud => tal(&claims, estate, &half(&whole(1))),
            Self::Tal(theta) => {
                if *theta < whole(0) || *theta > whole(1) {
                    return no_problem("theta lies outside 0 and 1");
                }
                tal(&claims, estate, theta)
            }
            Self::ContestedGarment => contested_garment(&claims, estate)?,
            Self::RandomArrival => random_arrival(&claims, estate)?,
            Self::MinimalOverlap => minimal_overlap(&claims, estate),
            Self::AdjustedProportional => adjusted_proportional(&claims, estate),
            Self::Piniles => halves(&claims, estate, equal_awards, equal_awards),
            Self::ReverseTalmud => halves(&claims, estate, equal_losses, equal_awards),
            Self::ConstrainedEgalitarian => constrained_egalitarian(&claims, estate),
            Self::MeanOfAwardsAndLosses => {
                let losses = equal_losses(&claims, estate);
                let both = equal_awards(&claims, estate).into_iter().zip(losses);
                both.map(|(a, b)| half(&(a + b))).collect()
            }
            Self::Classes(inner) => class_after_class(inner, problem, estate)?,
        })
    }
}

fn no_problem<T>(why: &str) -> Result<T, Refused> {
    Err(Refused::NoProblem(why.into()))
}

fn half(number: &Rational) -> Rational {
    number / whole(2)
}

fn sum(numbers: &[Rational]) -> Rational {
    numbers.iter().sum()
}

fn minus(a: &[Rational], b: &[Rational]) -> Vec<Rational> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn proportional(claims: &[Rational], estate: &Rational) -> Vec<Rational> {
    let demand = sum(claims);
    if demand == whole(0) {
        return claims.to_vec();
    }
    claims.iter().map(|c| c * estate / &demand).collect()
}

fn equal_awards(claims: &[Rational], estate: &Rational) -> Vec<Rational> {
    at_level(with_zero(claims), estate, |level| {
        claims.iter().map(|c| c.min(level).clone()).collect()
    })
}

/// What equal awards are to what there is, equal losses are to what is missing.
fn equal_losses(claims: &[Rational], estate: &Rational) -> Vec<Rational> {
    minus(claims, &equal_awards(claims, &(sum(claims) - estate)))
}

fn with_zero(points: &[Rational]) -> Vec<Rational> {
    points.iter().cloned().chain([whole(0)]).collect()
}

fn weighted_equal_awards(problem: &Problem, estate: &Rational) -> Result<Vec<Rational>, Refused> {
    let who = &problem.claimants;
    if who.iter().any(|claimant| claimant.weight <= whole(0)) {
        return no_problem("a weight is not above 0");
    }
    let points: Vec<Rational> = who.iter().map(|it| &it.claim / &it.weight).collect();
    Ok(at_level(with_zero(&points), estate, |level| {
        who.iter()
            .map(|it| it.claim.clone().min(&it.weight * level))
            .collect()
    }))
}

fn tal(claims: &[Rational], estate: &Rational, theta: &Rational) -> Vec<Rational> {
    let part: Vec<Rational> = claims.iter().map(|c| c * theta).collect();
    let turn = sum(&part);
    if *estate <= turn {
        return equal_awards(&part, estate);
    }
    let rest = equal_losses(&minus(claims, &part), &(estate - turn));
    part.into_iter().zip(rest).map(|(a, b)| a + b).collect()
}

type Rule = fn(&[Rational], &Rational) -> Vec<Rational>;

/// One rule on half the claims up to half of them all, then another on the other half.
fn halves(claims: &[Rational], estate: &Rational, first: Rule, second: Rule) -> Vec<Rational> {
    let halves: Vec<Rational> = claims.iter().map(half).collect();
    let turn = sum(&halves);
    if *estate <= turn {
        return first(&halves, estate);
    }
    let rest = second(&halves, &(estate - turn));
    halves.into_iter().zip(rest).map(|(a, b)| a + b).collect()
}

fn constrained_egalitarian(claims: &[Rational], estate: &Rational) -> Vec<Rational> {
    let halves: Vec<Rational> = claims.iter().map(half).collect();
    if *estate <= sum(&halves) {
        return equal_awards(&halves, estate);
    }
    let points = halves.iter().chain(claims).cloned().collect();
    at_level(points, estate, |level| {
        let lifted = claims.iter().zip(&halves);
        lifted
            .map(|(claim, half)| claim.min(level).max(half).clone())
            .collect()
    })
}

fn contested_garment(claims: &[Rational], estate: &Rational) -> Result<Vec<Rational>, Refused> {
    let [a, b] = claims else {
        return no_problem("a garment is contested by two");
    };
    let conceded = |other: &Rational| (estate - other).max(whole(0));
    let rest = half(&(estate - conceded(a) - conceded(b)));
    Ok(vec![conceded(b) + &rest, conceded(a) + rest])
}

fn adjusted_proportional(claims: &[Rational], estate: &Rational) -> Vec<Rational> {
    let demand = sum(claims);
    let rights: Vec<Rational> = (claims.iter())
        .map(|c| (estate - (&demand - c)).max(whole(0)))
        .collect();
    let rest = estate - sum(&rights);
    let open: Vec<Rational> = (minus(claims, &rights).into_iter())
        .map(|open| open.min(rest.clone()))
        .collect();
    let shares = proportional(&open, &rest);
    rights.into_iter().zip(shares).map(|(a, b)| a + b).collect()
}

/// Nobody claims beyond the estate. Up to a level t every part is shared by all whose claims reach
/// it; what claims have above t then fills the rest of the estate without overlapping.
fn minimal_overlap(claims: &[Rational], estate: &Rational) -> Vec<Rational> {
    let claims: Vec<Rational> = claims.iter().map(|c| c.min(estate).clone()).collect();
    let excess = |t: &Rational| -> Vec<Rational> {
        let above = claims.iter().map(|c| (c - t).max(whole(0)));
        above.collect()
    };
    // The level falls as what is above it grows, so the search runs over −t.
    let points = claims.iter().map(|c| -c).chain([whole(0)]).collect();
    let found = at_level(points, estate, |minus_t| {
        let t = -minus_t;
        let mut parts = excess(&t);
        parts.push(t);
        parts
    });
    let t = found.last().cloned().unwrap_or_else(|| whole(0));

    let mut awards = excess(&t);
    let below: Vec<Rational> = claims.iter().map(|c| c.min(&t).clone()).collect();
    let mut steps = below.clone();
    steps.sort();
    let mut low = whole(0);
    for high in steps {
        let sharers = below.iter().filter(|&c| *c >= high).count();
        let each = (&high - &low) / whole(BigInt::from(sharers));
        for (award, _) in awards.iter_mut().zip(&below).filter(|(_, c)| **c >= high) {
            *award += &each;
        }
        low = high;
    }
    awards
}

fn class_after_class(
    inner: &RationalRule,
    problem: &Problem,
    estate: &Rational,
) -> Result<Vec<Rational>, Refused> {
    let mut classes: Vec<i64> = problem.claimants.iter().map(|who| who.class).collect();
    classes.sort_unstable();
    classes.dedup();
    let mut awards = vec![whole(0); problem.claimants.len()];
    let mut left = estate.clone();
    for class in classes {
        let members = problem.claimants.iter().enumerate();
        let (rows, claimants): (Vec<usize>, Vec<_>) = members
            .filter(|(_, who)| who.class == class)
            .map(|(row, who)| (row, who.clone()))
            .unzip();
        let part = Problem {
            claimants,
            estate: left.clone(),
        };
        for (row, award) in rows.into_iter().zip(inner.awards(&part)?) {
            left -= &award;
            awards[row] = award;
        }
    }
    Ok(awards)
}
