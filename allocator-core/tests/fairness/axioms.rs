//! The axioms, each as one function of a rule's awards, customer by customer: whole lists are never
//! compared by size, for [5, 1] is more than [4, 9] to such a comparison.

use allocator_core::Axiom;

use super::problem::{Awards, Problem};

/// What is asked of an axiom.
pub(crate) trait Judge {
    /// Whether the rule breaks it here; says how.
    fn broken(self, rule: &mut Awards, problem: &Problem, estate: i64) -> Option<String>;
}

impl Judge for Axiom {
    fn broken(self, rule: &mut Awards, problem: &Problem, estate: i64) -> Option<String> {
        let case = Case {
            gets: rule.of(problem, estate),
            problem,
            estate,
        };
        match self {
            Self::ResourceMonotone => case.resource_monotone(rule),
            Self::CancelMonotone
            | Self::Consistency
            | Self::NullAwardLeaves
            | Self::ServedLeaves => case.leaving(self, rule),
            Self::CompositionUp | Self::CompositionDown => case.composition(self, rule),
            Self::BalancedEquals
            | Self::SeniorityEquals
            | Self::NoOvertake
            | Self::OrderGainsStrict
            | Self::OrderGainsPm1
            | Self::OrderLossesStrict
            | Self::OrderLossesPm1 => case.pairs(self),
            Self::LowerQuota | Self::UpperQuota | Self::NobodyEmpty => case.shares(self),
            Self::ClaimMonotone | Self::OthersNeverGain | Self::InflationProof => {
                case.larger_claim(self, rule)
            }
            Self::TruncationInvariant => case.truncation(rule),
            Self::SplitProof | Self::MergeProof => case.accounts(self, rule),
            Self::SelfDual => case.dual(rule),
            unknown => panic!("no test judges {unknown}"),
        }
    }
}

/// A problem, an estate, and what the rule awards.
struct Case<'a> {
    problem: &'a Problem,
    estate: i64,
    gets: Vec<i64>,
}

impl Case<'_> {
    fn customers(&self) -> std::ops::Range<usize> {
        0..self.problem.len()
    }

    fn resource_monotone(&self, rule: &mut Awards) -> Option<String> {
        let more = rule.of(self.problem, self.estate.checked_add(1)?);
        let lower = self.customers().any(|i| more[i] < self.gets[i]);
        lower.then(|| format!("one more unit: {more:?}"))
    }

    fn leaving(&self, axiom: Axiom, rule: &mut Awards) -> Option<String> {
        for i in self.customers() {
            let (award, claim) = (self.gets[i], self.problem.claims[i]);
            let applies = match axiom {
                Axiom::NullAwardLeaves => award == 0,
                Axiom::ServedLeaves => award == claim,
                _ => true,
            };
            if !applies {
                continue;
            }
            let stays = if axiom == Axiom::CancelMonotone {
                self.estate
            } else {
                self.estate - award
            };
            let after = rule.of(&self.problem.without(i), stays);
            let mut before = self.gets.clone();
            before.remove(i);
            let worse = after
                .iter()
                .zip(&before)
                .any(|(after, before)| after < before);
            if worse || axiom != Axiom::CancelMonotone && after != before {
                return Some(format!("customer {i} leaves: {after:?}"));
            }
        }
        None
    }

    fn composition(&self, axiom: Axiom, rule: &mut Awards) -> Option<String> {
        for first in some_of(0, self.estate) {
            let then = rule.of(self.problem, first);
            let (one, other) = if axiom == Axiom::CompositionUp {
                let open = self.customers().map(|i| self.problem.claims[i] - then[i]);
                let open = self.problem.with_claims(open.collect());
                let second = rule.of(&open, self.estate - first);
                let sum = self.customers().map(|i| then[i] + second[i]).collect();
                (self.gets.clone(), sum)
            } else {
                let promised = self.problem.with_claims(self.gets.clone());
                (then, rule.of(&promised, first))
            };
            if one != other {
                return Some(format!(
                    "with {first} of them first: {other:?}, not {one:?}"
                ));
            }
        }
        None
    }

    /// Every two customers who differ in nothing but claim and place; for overtaking every two.
    fn pairs(&self, axiom: Axiom) -> Option<String> {
        let (claims, gets) = (&self.problem.claims, &self.gets);
        let cut = |i: usize| claims[i] - gets[i];
        for i in self.customers() {
            for j in self.customers().filter(|&j| j != i) {
                let equal = claims[i] == claims[j];
                let smaller = claims[i] < claims[j];
                let same = self.problem.same_standing(i, j);
                let bad = match axiom {
                    Axiom::NoOvertake => i < j && cut(i) > 0 && gets[j] > 0,
                    _ if !same => false,
                    Axiom::BalancedEquals => equal && gets[i].abs_diff(gets[j]) > 1,
                    Axiom::SeniorityEquals => equal && i < j && gets[i] < gets[j],
                    Axiom::OrderGainsStrict => smaller && gets[i] > gets[j],
                    Axiom::OrderGainsPm1 => smaller && gets[i] - 1 > gets[j],
                    Axiom::OrderLossesStrict => smaller && cut(i) > cut(j),
                    _ => smaller && cut(i) - 1 > cut(j),
                };
                if bad {
                    return Some(format!("customers {i} and {j}"));
                }
            }
        }
        None
    }

    fn shares(&self, axiom: Axiom) -> Option<String> {
        let total = self.problem.total();
        let estate = i128::from(self.estate).min(total);
        for i in self.customers() {
            let (claim, award) = (i128::from(self.problem.claims[i]), self.gets[i]);
            let bad = match axiom {
                Axiom::NobodyEmpty => {
                    let asking = self
                        .problem
                        .claims
                        .iter()
                        .filter(|&&claim| claim > 0)
                        .count();
                    claim > 0 && award == 0 && estate >= asking as i128
                }
                _ if total == 0 => false,
                // Claims below 2^63 times an estate below 2^63.
                Axiom::LowerQuota => i128::from(award) < claim * estate / total,
                _ => i128::from(award) > (claim * estate + total - 1) / total,
            };
            if bad {
                return Some(format!("customer {i}"));
            }
        }
        None
    }

    fn larger_claim(&self, axiom: Axiom, rule: &mut Awards) -> Option<String> {
        for i in self.customers() {
            let claim = self.problem.claims[i];
            for more in some_of(1, 4) {
                let Some(larger) = claim.checked_add(more) else {
                    continue;
                };
                let after = rule.of(&self.problem.with_claim(i, larger), self.estate);
                let bad = match axiom {
                    Axiom::ClaimMonotone => after[i] < self.gets[i],
                    Axiom::InflationProof => after[i].min(claim) > self.gets[i],
                    _ => self.customers().any(|j| j != i && after[j] > self.gets[j]),
                };
                if bad {
                    return Some(format!("customer {i} asks for {larger}: {after:?}"));
                }
            }
        }
        None
    }

    fn truncation(&self, rule: &mut Awards) -> Option<String> {
        for i in self
            .customers()
            .filter(|&i| self.problem.claims[i] > self.estate)
        {
            let after = rule.of(&self.problem.with_claim(i, self.estate), self.estate);
            if after != self.gets {
                return Some(format!("customer {i} asks for {}: {after:?}", self.estate));
            }
        }
        None
    }

    fn accounts(&self, axiom: Axiom, rule: &mut Awards) -> Option<String> {
        for i in self.customers() {
            for first in some_of(1, self.problem.claims[i] - 1) {
                let after = rule.of(&self.problem.split(i, first), self.estate);
                let both = after[i] + after[i + 1];
                let bad = match axiom {
                    Axiom::SplitProof => both > self.gets[i],
                    _ => both < self.gets[i],
                };
                if bad {
                    return Some(format!(
                        "customer {i} as two of {first} and the rest: {after:?}"
                    ));
                }
            }
        }
        None
    }

    fn dual(&self, rule: &mut Awards) -> Option<String> {
        let missing = (self.problem.total() - i128::from(self.estate)).max(0);
        let mut cuts = rule.of(&self.problem.reversed(), i64::try_from(missing).ok()?);
        cuts.reverse();
        let owed: Vec<i64> = self
            .customers()
            .map(|i| self.problem.claims[i] - cuts[i])
            .collect();
        (owed != self.gets).then(|| format!("by cuts: {owed:?}"))
    }
}

/// All numbers of a short range, of a long one its ends and some between.
fn some_of(first: i64, last: i64) -> Vec<i64> {
    if last - first <= 16 {
        return (first..=last).collect();
    }
    let mut some = vec![first, first + 1, last / 3, last / 2, last - 1, last];
    some.dedup();
    some
}
