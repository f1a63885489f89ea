//! A shortage of one SKU, customer by customer, and what a rule awards.

use std::collections::HashMap;

use allocator_core::{DemandLine, KeyPart, Policy, ShortageRule, Supply, Timestamp, allocate};
use allocator_model::World;

/// Up to so many units the awards of every estate are kept.
const KEPT: i128 = 40;

/// What customers claim, in place order, index 0 first. Classes never fall along the line, because a
/// place begins with the priority.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Problem {
    pub(crate) claims: Vec<i64>,
    pub(crate) weights: Vec<i64>,
    pub(crate) classes: Vec<i64>,
}

impl Problem {
    /// Customers of one class who weigh the same.
    pub(crate) fn new(claims: &[i64]) -> Self {
        Self {
            claims: claims.to_vec(),
            weights: vec![1; claims.len()],
            classes: vec![0; claims.len()],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.claims.len()
    }

    pub(crate) fn total(&self) -> i128 {
        self.claims.iter().map(|&claim| i128::from(claim)).sum()
    }

    /// The other customers.
    pub(crate) fn without(&self, customer: usize) -> Self {
        let mut rest = self.clone();
        rest.claims.remove(customer);
        rest.weights.remove(customer);
        rest.classes.remove(customer);
        rest
    }

    pub(crate) fn with_claim(&self, customer: usize, claim: i64) -> Self {
        let mut changed = self.clone();
        changed.claims[customer] = claim;
        changed
    }

    /// The same customers with other claims.
    pub(crate) fn with_claims(&self, claims: Vec<i64>) -> Self {
        Self {
            claims,
            ..self.clone()
        }
    }

    /// The customer as two accounts side by side, the first of them with `first` units.
    pub(crate) fn split(&self, customer: usize, first: i64) -> Self {
        let mut parts = self.clone();
        parts.claims[customer] -= first;
        parts.claims.insert(customer, first);
        parts.weights.insert(customer, self.weights[customer]);
        parts.classes.insert(customer, self.classes[customer]);
        parts
    }

    /// The line turned round: who was last is first.
    pub(crate) fn reversed(&self) -> Self {
        let mut turned = self.clone();
        turned.claims.reverse();
        turned.weights.reverse();
        turned.classes = self.classes.iter().rev().map(|class| -class).collect();
        turned
    }

    /// Whether two customers differ in nothing but claim and place.
    pub(crate) fn same_standing(&self, one: usize, other: usize) -> bool {
        self.weights[one] == self.weights[other] && self.classes[one] == self.classes[other]
    }

    /// The call that asks for the awards of each estate: estate e is SKU e. Where the rule reads lots
    /// they are the line, and who has the first lot ordered last.
    pub(crate) fn world(&self, rule: ShortageRule, estates: &[i64]) -> World {
        let mut lines = Vec::new();
        for customer in 0..self.len() {
            for sku in 0..estates.len() as u32 {
                let id = lines.len() as u32;
                let mut line = DemandLine::new(id, sku, self.claims[customer])
                    .customer(customer as u32)
                    .priority(self.classes[customer])
                    .weight(self.weights[customer]);
                if rule.parts().contains(&KeyPart::Lot) {
                    line.lot = customer as i64;
                    line.placed_at = Timestamp::from_micros(-line.lot);
                }
                lines.push(line);
            }
        }
        let supply = (0..)
            .zip(estates)
            .map(|(sku, &units)| Supply::received(sku, units));
        World {
            lines,
            supply: supply.collect(),
            policy: Policy::sharing(rule),
        }
    }
}

/// One rule, and the awards it was asked for so far.
pub(crate) struct Awards {
    pub(crate) rule: ShortageRule,
    kept: HashMap<Problem, Vec<Vec<i64>>>,
}

impl Awards {
    pub(crate) fn new(rule: ShortageRule) -> Self {
        Self {
            rule,
            kept: HashMap::new(),
        }
    }

    /// What the rule awards each customer.
    pub(crate) fn of(&mut self, problem: &Problem, estate: i64) -> Vec<i64> {
        let total = problem.total();
        if total > KEPT {
            return self.ask(problem, &[estate]).remove(0);
        }
        if !self.kept.contains_key(problem) {
            let estates: Vec<i64> = (0..=total as i64 + 1).collect();
            let awards = self.ask(problem, &estates);
            self.kept.insert(problem.clone(), awards);
        }
        let awards = &self.kept[problem];
        awards[(estate as usize).min(awards.len() - 1)].clone()
    }

    fn ask(&self, problem: &Problem, estates: &[i64]) -> Vec<Vec<i64>> {
        let world = problem.world(self.rule, estates);
        let result = allocate(&world.lines, &world.supply, &world.policy);
        let result = result.unwrap_or_else(|error| panic!("{error}: {problem:?}"));
        let award =
            |estate: usize, customer: usize| result.allocated()[customer * estates.len() + estate];
        let awards = |estate| {
            (0..problem.len())
                .map(|customer| award(estate, customer))
                .collect()
        };
        (0..estates.len()).map(awards).collect()
    }
}
