//! Who claims how much of which estate.

use num_bigint::BigInt;
use num_rational::Ratio;

/// An exact fraction of any size; parses from `p` and `p/q`.
pub type Rational = Ratio<BigInt>;

/// A whole number as a fraction.
#[must_use]
pub fn whole(number: impl Into<BigInt>) -> Rational {
    Rational::from_integer(number.into())
}

/// Why a rule gives no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is right, and would take too long.
    #[error("too large for the oracle")]
    TooLarge,
    /// The problem is none for this rule.
    #[error("{0}")]
    NoProblem(String),
}

/// One who claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimant {
    /// How much.
    pub claim: Rational,
    /// How often he counts under a rule with weights.
    pub weight: Rational,
    /// His class under a rule with classes; 0 before 1.
    pub class: i64,
}

impl Claimant {
    /// A claimant of weight 1 and class 0.
    #[must_use]
    pub fn of(claim: Rational) -> Self {
        Self {
            claim,
            weight: whole(1),
            class: 0,
        }
    }
}

/// Claimants, first in line first, and what there is to share. Claims and estate are not negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// First in line first.
    pub claimants: Vec<Claimant>,
    /// What there is; beyond the sum of the claims nothing is awarded.
    pub estate: Rational,
}

impl Problem {
    /// Claimants of weight 1 and class 0.
    #[must_use]
    pub fn of(claims: &[i64], estate: i64) -> Self {
        Self {
            claimants: (claims.iter())
                .map(|&claim| Claimant::of(whole(claim)))
                .collect(),
            estate: whole(estate),
        }
    }

    /// The claims.
    #[must_use]
    pub fn claims(&self) -> Vec<Rational> {
        (self.claimants.iter())
            .map(|claimant| claimant.claim.clone())
            .collect()
    }

    /// The sum of the claims.
    #[must_use]
    pub fn demand(&self) -> Rational {
        self.claimants.iter().map(|claimant| &claimant.claim).sum()
    }

    /// The same claimants with another estate.
    #[must_use]
    pub fn with_estate(&self, estate: Rational) -> Self {
        Self {
            claimants: self.claimants.clone(),
            estate,
        }
    }

    /// The same claimants with other claims.
    #[must_use]
    pub fn with_claims(&self, claims: impl IntoIterator<Item = Rational>) -> Self {
        let mut this = self.clone();
        for (claimant, claim) in this.claimants.iter_mut().zip(claims) {
            claimant.claim = claim;
        }
        this
    }

    /// The same with one claim changed.
    pub(crate) fn with_claim(&self, index: usize, claim: Rational) -> Self {
        let mut this = self.clone();
        this.claimants[index].claim = claim;
        this
    }

    /// The same without one claimant.
    pub(crate) fn without(&self, index: usize) -> Self {
        let mut this = self.clone();
        this.claimants.remove(index);
        this
    }

    /// The same with one claimant as two neighbours, the first of whom claims `first`.
    pub(crate) fn split(&self, index: usize, first: &Rational) -> Self {
        let mut this = self.clone();
        let mut half = this.claimants[index].clone();
        this.claimants[index].claim -= first;
        half.claim = first.clone();
        this.claimants.insert(index, half);
        this
    }

    /// The same with the line reversed.
    pub(crate) fn reversed(&self) -> Self {
        let mut this = self.clone();
        this.claimants.reverse();
        this
    }

    /// Claims and estate in whole units, the estate no more than the claims.
    pub(crate) fn units(&self) -> Result<(Vec<i64>, i64), Refused> {
        let claims = (self.claimants.iter())
            .map(|claimant| units(&claimant.claim))
            .collect::<Result<_, _>>()?;
        Ok((claims, units(&self.estate.clone().min(self.demand()))?))
    }
}

/// The fraction as a number of units.
pub(crate) fn units(number: &Rational) -> Result<i64, Refused> {
    let whole = number
        .is_integer()
        .then(|| i64::try_from(number.numer()).ok())
        .flatten();
    whole.ok_or_else(|| Refused::NoProblem(format!("{number} is no number of units")))
}
