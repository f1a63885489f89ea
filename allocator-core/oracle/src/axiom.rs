//! Axioms, each as a search for a witness in one problem under any rule.
//!
//! They are compared element by element. What is quantified over all smaller estates, all parts of
//! a claim or all raises of one is tried with whole numbers; a raise goes up to the larger of the
//! sum of all claims and twelve units.

use num_bigint::BigInt;

use crate::problem::{Problem, Rational, Refused, units, whole};

/// A rule of any origin: the awards, aligned with the claimants.
pub type Share<'a> = dyn Fn(&Problem) -> Result<Vec<Rational>, Refused> + 'a;

/// What a rule may keep or violate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axiom {
    /// One unit more lowers nobody.
    ResourceMonotone,
    /// A claimant leaves, the estate stays: nobody else drops.
    CancelMonotone,
    /// A claimant leaves with his award: the others keep theirs.
    Consistency,
    /// In two deliveries as in one, the second on what is still open.
    CompositionUp,
    /// After a cut of the estate, from the awards as from the claims.
    CompositionDown,
    /// Equal claims differ by at most one.
    BalancedEquals,
    /// Of equal claims the earlier never gets less.
    SeniorityEquals,
    /// Nobody gets a unit while somebody earlier is short.
    NoOvertake,
    /// A smaller claim never gets more.
    OrderGainsStrict,
    /// A smaller claim never gets more, but for one unit.
    OrderGainsPm1,
    /// A smaller claim never loses more.
    OrderLossesStrict,
    /// A smaller claim never loses more, but for one unit.
    OrderLossesPm1,
    /// At least the exact share rounded down.
    LowerQuota,
    /// At most the exact share rounded up.
    UpperQuota,
    /// A larger claim of one's own never lowers one's award.
    ClaimMonotone,
    /// A larger claim of one's own never raises another's award: who reduces hurts nobody.
    OthersNeverGainFromMyIncrease,
    /// Who claims more than he wants gets no more of what he wants.
    InflationProof,
    /// A claim above the estate counts as the estate.
    TruncationInvariant,
    /// One claimant as two neighbours never gains.
    SplitProof,
    /// One claimant as two neighbours never loses.
    MergeProof,
    /// Who has nothing leaves: nothing moves.
    NullAwardLeaves,
    /// Who is served in full leaves with his units: nothing moves.
    ServedLeaves,
    /// What is awarded of E is what is lost of D − E, in the reversed line.
    SelfDualReversedTies,
    /// No set of whole claims leaves less of the estate.
    MinIdle,
    /// No set of more whole claims fits into the estate.
    MaxOrders,
}

/// Every axiom with its name.
const NAMES: [(Axiom, &str); 25] = [
    (Axiom::ResourceMonotone, "resource_monotone"),
    (Axiom::CancelMonotone, "cancel_monotone"),
    (Axiom::Consistency, "consistency"),
    (Axiom::CompositionUp, "composition_up"),
    (Axiom::CompositionDown, "composition_down"),
    (Axiom::BalancedEquals, "balanced_equals"),
    (Axiom::SeniorityEquals, "seniority_equals"),
    (Axiom::NoOvertake, "no_overtake"),
    (Axiom::OrderGainsStrict, "order_gains_strict"),
    (Axiom::OrderGainsPm1, "order_gains_pm1"),
    (Axiom::OrderLossesStrict, "order_losses_strict"),
    (Axiom::OrderLossesPm1, "order_losses_pm1"),
    (Axiom::LowerQuota, "lower_quota"),
    (Axiom::UpperQuota, "upper_quota"),
    (Axiom::ClaimMonotone, "claim_monotone"),
    (
        Axiom::OthersNeverGainFromMyIncrease,
        "others_never_gain_from_my_increase",
    ),
    (Axiom::InflationProof, "inflation_proof"),
    (Axiom::TruncationInvariant, "truncation_invariant"),
    (Axiom::SplitProof, "split_proof"),
    (Axiom::MergeProof, "merge_proof"),
    (Axiom::NullAwardLeaves, "null_award_leaves"),
    (Axiom::ServedLeaves, "served_leaves"),
    (Axiom::SelfDualReversedTies, "self_dual_reversed_ties"),
    (Axiom::MinIdle, "min_idle"),
    (Axiom::MaxOrders, "max_orders"),
];

/// Most runs of a rule in one search.
const MOST_RUNS: i64 = 10_000;
/// At least this far a claim is raised.
const RAISE: i64 = 12;
/// Most claimants of whom every set is tried.
const MOST_CLAIMANTS: usize = 16;

impl Axiom {
    /// Every axiom.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(axiom, _)| *axiom)
    }

    /// The axiom of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(_, known)| *known == name);
        found.map(|(axiom, _)| *axiom)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = NAMES.iter().find(|(axiom, _)| *axiom == self);
        found.map_or("", |(_, name)| name)
    }

    /// Whether this problem shows that the rule violates it.
    ///
    /// # Errors
    /// The rule's, or [`Refused::TooLarge`].
    pub fn is_violated(self, share: &Share<'_>, problem: &Problem) -> Result<bool, Refused> {
        let awards = share(problem)?;
        let case = Case {
            share,
            problem,
            awards: &awards,
        };
        match self {
            Self::ResourceMonotone => case.more_lowers_somebody(),
            Self::CancelMonotone => {
                case.somebody_leaves(|_, _| Some(whole(0)), |before, after| after < before)
            }
            Self::Consistency => case.somebody_leaves(|_, award| Some(award.clone()), changes),
            Self::NullAwardLeaves => {
                case.somebody_leaves(|_, award| (*award == whole(0)).then(|| whole(0)), changes)
            }
            Self::ServedLeaves => case.somebody_leaves(
                |claim, award| (claim == award).then(|| award.clone()),
                changes,
            ),
            Self::CompositionUp => case.two_deliveries_differ(),
            Self::CompositionDown => case.awards_as_claims_differ(),
            Self::ClaimMonotone => case.somebody_asks_more(|i, _, after| after[i] < awards[i]),
            Self::OthersNeverGainFromMyIncrease => case.somebody_asks_more(|i, _, after| {
                (0..after.len()).any(|j| j != i && after[j] > awards[j])
            }),
            Self::InflationProof => {
                case.somebody_asks_more(|i, claim, after| (&after[i]).min(claim) > &awards[i])
            }
            Self::TruncationInvariant => case.a_cut_to_the_estate_counts(),
            Self::SplitProof => case.somebody_splits(|before, after| after > before),
            Self::MergeProof => case.somebody_splits(|before, after| after < before),
            Self::SelfDualReversedTies => case.losses_differ_from_awards(),
            Self::MinIdle => {
                let awarded: Rational = awards.iter().sum();
                case.some_whole_claims(|units, _| *units > awarded)
            }
            Self::MaxOrders => {
                let claims = problem.claims();
                let pairs = claims.iter().zip(&awards);
                let served = pairs.filter(|(claim, award)| claim == award).count();
                case.some_whole_claims(|_, orders| orders > served)
            }
            _ => Ok(self.is_violated_by_awards(problem, &awards)),
        }
    }

    /// The axioms that one award vector can violate by itself.
    fn is_violated_by_awards(self, problem: &Problem, awards: &[Rational]) -> bool {
        let claims = problem.claims();
        let losses: Vec<Rational> = claims.iter().zip(awards).map(|(c, x)| c - x).collect();
        let one = whole(1);
        let pair = |violates: &dyn Fn(usize, usize) -> bool| {
            (0..claims.len()).any(|i| (0..claims.len()).any(|j| i != j && violates(i, j)))
        };
        let demand = problem.demand();
        let estate = problem.estate.clone().min(demand.clone());
        let share = |i: usize| &claims[i] * &estate / &demand;
        let claiming = || (0..claims.len()).filter(|&i| claims[i] > whole(0));
        let smaller = |i: usize, j: usize| claims[i] < claims[j];
        match self {
            Self::BalancedEquals => {
                pair(&|i, j| claims[i] == claims[j] && awards[i] > &awards[j] + &one)
            }
            Self::SeniorityEquals => {
                pair(&|i, j| i < j && claims[i] == claims[j] && awards[i] < awards[j])
            }
            Self::NoOvertake => {
                pair(&|i, j| i < j && awards[j] > whole(0) && awards[i] < claims[i])
            }
            Self::OrderGainsStrict => pair(&|i, j| smaller(i, j) && awards[i] > awards[j]),
            Self::OrderGainsPm1 => pair(&|i, j| smaller(i, j) && awards[i] > &awards[j] + &one),
            Self::OrderLossesStrict => pair(&|i, j| smaller(i, j) && losses[i] > losses[j]),
            Self::OrderLossesPm1 => pair(&|i, j| smaller(i, j) && losses[i] > &losses[j] + &one),
            Self::LowerQuota => claiming().any(|i| awards[i] < share(i).floor()),
            Self::UpperQuota => claiming().any(|i| awards[i] > share(i).ceil()),
            _ => false,
        }
    }
}

fn changes(before: &Rational, after: &Rational) -> bool {
    before != after
}

/// A rule, a problem, and what the rule awards there.
struct Case<'a> {
    share: &'a Share<'a>,
    problem: &'a Problem,
    awards: &'a [Rational],
}

impl Case<'_> {
    fn run(&self, problem: &Problem) -> Result<Vec<Rational>, Refused> {
        (self.share)(problem)
    }

    fn claim(&self, index: usize) -> &Rational {
        &self.problem.claimants[index].claim
    }

    fn everybody(&self) -> std::ops::Range<usize> {
        0..self.problem.claimants.len()
    }

    fn more_lowers_somebody(&self) -> Result<bool, Refused> {
        let more = self.problem.with_estate(&self.problem.estate + whole(1));
        let after = self.run(&more)?;
        Ok(after.iter().zip(self.awards).any(|(new, old)| new < old))
    }

    /// Each who may leave takes what `takes` says; the others' awards before and after.
    fn somebody_leaves(
        &self,
        takes: impl Fn(&Rational, &Rational) -> Option<Rational>,
        hurts: fn(&Rational, &Rational) -> bool,
    ) -> Result<bool, Refused> {
        for index in self.everybody() {
            let Some(taken) = takes(self.claim(index), &self.awards[index]) else {
                continue;
            };
            let mut rest = self.problem.without(index);
            rest.estate -= taken;
            let others = self.everybody().filter(|&other| other != index);
            let before = others.map(|other| &self.awards[other]);
            if before
                .zip(&self.run(&rest)?)
                .any(|(old, new)| hurts(old, new))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn two_deliveries_differ(&self) -> Result<bool, Refused> {
        for first in self.smaller_estates()? {
            let early = self.run(&self.problem.with_estate(first.clone()))?;
            let open = (self.problem.claims().into_iter().zip(&early)).map(|(c, x)| c - x);
            let mut rest = self.problem.with_claims(open);
            rest.estate -= first;
            let late = self.run(&rest)?;
            let both = early.into_iter().zip(late).map(|(a, b)| a + b);
            if !both.eq(self.awards.iter().cloned()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn awards_as_claims_differ(&self) -> Result<bool, Refused> {
        let awarded = self.problem.with_claims(self.awards.iter().cloned());
        for cut in self.smaller_estates()? {
            let from_claims = self.run(&self.problem.with_estate(cut.clone()))?;
            if self.run(&awarded.with_estate(cut))? != from_claims {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether units and number of some set of whole claims that fits into the estate show it.
    fn some_whole_claims(&self, shows: impl Fn(&Rational, usize) -> bool) -> Result<bool, Refused> {
        let claims = self.problem.claims();
        if claims.len() > MOST_CLAIMANTS {
            return Err(Refused::TooLarge);
        }
        Ok((0..1_usize << claims.len()).any(|set| {
            let chosen = (claims.iter().enumerate()).filter(|(index, _)| set >> index & 1 == 1);
            let (mut units, mut orders) = (whole(0), 0);
            for (_, claim) in chosen {
                units += claim;
                orders += 1;
            }
            units <= self.problem.estate && shows(&units, orders)
        }))
    }

    fn smaller_estates(&self) -> Result<impl Iterator<Item = Rational> + use<>, Refused> {
        let estate = self.problem.estate.clone().min(self.problem.demand());
        Ok((0..few(&estate.ceil())?).map(whole))
    }

    /// `shows` reads who asks more, his claim before, and all awards after.
    fn somebody_asks_more(
        &self,
        shows: impl Fn(usize, &Rational, &[Rational]) -> bool,
    ) -> Result<bool, Refused> {
        let most = few(&self.problem.demand().ceil())?.max(RAISE);
        for index in self.everybody() {
            for raise in 1..=most {
                let claim = self.claim(index);
                let raised = self.problem.with_claim(index, claim + whole(raise));
                if shows(index, claim, &self.run(&raised)?) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn a_cut_to_the_estate_counts(&self) -> Result<bool, Refused> {
        let estate = &self.problem.estate;
        for index in self.everybody().filter(|&index| self.claim(index) > estate) {
            let cut = self.problem.with_claim(index, estate.clone());
            if self.run(&cut)? != self.awards {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn somebody_splits(&self, shows: fn(&Rational, &Rational) -> bool) -> Result<bool, Refused> {
        for index in self.everybody() {
            for first in 1..few(&self.claim(index).ceil())? {
                let after = self.run(&self.problem.split(index, &whole(first)))?;
                if shows(&self.awards[index], &(&after[index] + &after[index + 1])) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn losses_differ_from_awards(&self) -> Result<bool, Refused> {
        let demand = self.problem.demand();
        let missing = &demand - self.problem.estate.clone().min(demand.clone());
        let dual = self.run(&self.problem.with_estate(missing).reversed())?;
        let losses = dual.into_iter().rev();
        let claims = self.problem.claims().into_iter();
        let awards = claims.zip(losses).map(|(claim, loss)| claim - loss);
        Ok(!awards.eq(self.awards.iter().cloned()))
    }
}

/// The number, where so many runs are no trouble.
fn few(number: &Rational) -> Result<i64, Refused> {
    if *number > whole(BigInt::from(MOST_RUNS)) {
        return Err(Refused::TooLarge);
    }
    units(number)
}
