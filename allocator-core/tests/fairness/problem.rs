//! A shortage of one SKU, customer by customer, and what a rule awards.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use allocator_core::{
    DemandLine, DrawnLines, KeyPart, Policy, ShortageRule, Supply, Timestamp, allocate,
};
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
    /// What the units of each customer were drawn, beyond his claim too: a claim of so many units has the
    /// first so many lots. Nothing where no rule reads them.
    pub(crate) lots: Vec<Vec<i64>>,
}

impl Problem {
    /// Customers of one class who weigh the same.
    pub(crate) fn new(claims: &[i64]) -> Self {
        Self {
            claims: claims.to_vec(),
            weights: vec![1; claims.len()],
            classes: vec![0; claims.len()],
            lots: vec![Vec::new(); claims.len()],
        }
    }

    /// The same customers with these lots, and with more for whoever asks for more: one before all
    /// others, one behind them, one before that, and one that somebody may have.
    pub(crate) fn with_lots(&self, lots: Vec<Vec<i64>>) -> Self {
        let units = self.total() as i64;
        let more = [-1, units, -2, units / 2];
        let with_more = |mut own: Vec<i64>| {
            own.extend(more);
            own
        };
        Self {
            lots: lots.into_iter().map(with_more).collect(),
            ..self.clone()
        }
    }

    /// The same customers in every line of first and second classes.
    pub(crate) fn in_classes(&self) -> impl Iterator<Item = Self> {
        let count = self.len();
        (0..=count).rev().map(move |first| Self {
            classes: (0..count).map(|i| i64::from(i >= first)).collect(),
            ..self.clone()
        })
    }

    /// The lots of the units that a customer claims.
    fn lots_of(&self, customer: usize) -> impl Iterator<Item = i64> + Clone {
        let claim = usize::try_from(self.claims[customer]).expect("units");
        self.lots[customer].iter().copied().take(claim)
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
        rest.lots.remove(customer);
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

    /// The customer as two accounts side by side, the first of them with `first` units. Every unit keeps
    /// its lot.
    pub(crate) fn split(&self, customer: usize, first: i64) -> Self {
        let mut parts = self.clone();
        parts.claims[customer] -= first;
        parts.claims.insert(customer, first);
        parts.weights.insert(customer, self.weights[customer]);
        parts.classes.insert(customer, self.classes[customer]);
        let own: Vec<i64> = self.lots_of(customer).collect();
        let (one, other) = own.split_at((first as usize).min(own.len()));
        parts
            .lots
            .splice(customer..=customer, [one.to_vec(), other.to_vec()]);
        parts
    }

    /// The line turned round: who was last is first, and so is the lot that was last.
    pub(crate) fn reversed(&self) -> Self {
        let mut turned = self.clone();
        turned.claims.reverse();
        turned.weights.reverse();
        turned.classes = self.classes.iter().rev().map(|class| -class).collect();
        let turn = |customer| {
            let own: Vec<i64> = self.lots_of(customer).map(|lot| -lot).collect();
            own.into_iter().rev().collect()
        };
        turned.lots = (0..self.len()).rev().map(turn).collect();
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

    /// The lots of all units of the lines of [`Self::world`] with so many estates.
    pub(crate) fn unit_lots(&self, estates: usize) -> Vec<i64> {
        let lines = (0..self.len()).flat_map(|customer| std::iter::repeat_n(customer, estates));
        lines.flat_map(|customer| self.lots_of(customer)).collect()
    }

    /// Units covered of each customer under a rule that draws each unit: all tickets written out and
    /// sorted.
    pub(crate) fn covered_by_lots(&self, rule: ShortageRule, estate: i64) -> Vec<i64> {
        let part = |part: &KeyPart, customer: usize, lot: i64| match part {
            KeyPart::Class => self.classes[customer],
            KeyPart::Lot | KeyPart::Place => customer as i64,
            KeyPart::UnitLot => lot,
            other => panic!("{rule} reads {other:?}"),
        };
        // Between equal lots the classes of the rule decide, wherever they stand in it.
        let in_line = |customer: usize| {
            let of_line = |part: &&KeyPart| matches!(part, KeyPart::Class | KeyPart::Lot);
            let own = rule.parts().iter().filter(of_line);
            own.map(|own| part(own, customer, 0)).collect::<Vec<_>>()
        };
        let mut tickets = Vec::new();
        for customer in 0..self.len() {
            for (unit, lot) in self.lots_of(customer).enumerate() {
                let key = rule.parts().iter().map(|own| part(own, customer, lot));
                let until_lot = rule.parts().iter().position(|own| *own == KeyPart::UnitLot);
                let key: Vec<i64> = key.take(until_lot.expect("lots of units") + 1).collect();
                tickets.push((key, in_line(customer), customer, unit));
            }
        }
        tickets.sort();
        let mut covered = vec![0; self.len()];
        for (.., customer, _) in tickets.into_iter().take(estate as usize) {
            covered[customer] += 1;
        }
        covered
    }
}

/// One rule, and the awards it was asked for so far.
pub(crate) struct Awards {
    pub(crate) rule: ShortageRule,
    kept: HashMap<Problem, Vec<Vec<i64>>, BuildHasherDefault<Quick>>,
}

/// Problems are looked up millions of times, and nobody is hostile here.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        // The table reads the high bits, where products are well mixed, and the low ones.
        self.0 ^ self.0 >> 32
    }
}

impl Awards {
    pub(crate) fn new(rule: ShortageRule) -> Self {
        Self {
            rule,
            kept: HashMap::default(),
        }
    }

    /// What the rule awards each customer.
    pub(crate) fn of(&mut self, problem: &Problem, estate: i64) -> Vec<i64> {
        let total = problem.total();
        if total > KEPT {
            return self.ask(problem, &[estate]).remove(0);
        }
        let of = |awards: &[Vec<i64>]| awards[(estate as usize).min(awards.len() - 1)].clone();
        if let Some(awards) = self.kept.get(problem) {
            return of(awards);
        }
        let estates: Vec<i64> = (0..=total as i64 + 1).collect();
        let awards = self.ask(problem, &estates);
        let own = of(&awards);
        self.kept.insert(problem.clone(), awards);
        own
    }

    fn ask(&self, problem: &Problem, estates: &[i64]) -> Vec<Vec<i64>> {
        let world = problem.world(self.rule, estates);
        let unit_lots = problem.unit_lots(estates.len());
        let lines = DrawnLines {
            lines: &world.lines,
            unit_lots: Some(&unit_lots),
        };
        let result = allocate(&lines, &world.supply, &world.policy);
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
