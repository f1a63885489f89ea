//! Every small problem.

use allocator_core::Axiom;

use super::axioms::Judge;
use super::expected::Domain;
use super::problem::{Awards, Problem};

/// Every problem of 1 to `customers` customers who claim at least one unit each and `units` in all:
/// fewer units first, then fewer customers.
pub(crate) fn problems(domain: Domain, customers: usize, units: i64) -> Vec<Problem> {
    let mut problems = Vec::new();
    for total in 1..=units {
        for count in 1..=customers {
            let mut claims = Vec::new();
            parts(count, total, &mut Vec::new(), &mut claims);
            for claims in claims {
                let plain = Problem::new(&claims);
                match domain {
                    Domain::Claims => problems.push(plain),
                    Domain::Weights => {
                        problems.extend((0..3_i64.pow(count as u32)).map(|number| {
                            Problem {
                                weights: (0..count as u32)
                                    .map(|i| 1 + number / 3_i64.pow(i) % 3)
                                    .collect(),
                                ..plain.clone()
                            }
                        }))
                    }
                    Domain::Classes => problems.extend(plain.in_classes()),
                    Domain::Lots => {
                        let mut lots: Vec<i64> = (0..total).collect();
                        each_order(&mut lots, 0, &mut |lots| {
                            let mut rest = lots.iter().copied();
                            let own = |&claim: &i64| rest.by_ref().take(claim as usize).collect();
                            let own = plain.claims.iter().map(own).collect();
                            problems.push(plain.with_lots(own));
                        });
                    }
                }
            }
        }
    }
    problems
}

/// Every way to write `total` as a sum of `count` numbers from 1.
fn parts(count: usize, total: i64, before: &mut Vec<i64>, all: &mut Vec<Vec<i64>>) {
    if count == 1 {
        all.push([before.as_slice(), &[total]].concat());
        return;
    }
    for first in 1..total {
        before.push(first);
        parts(count - 1, total - first, before, all);
        before.pop();
    }
}

/// Every order of the values from the index on.
fn each_order(values: &mut [i64], from: usize, found: &mut impl FnMut(&[i64])) {
    if from == values.len() {
        found(values);
        return;
    }
    for other in from..values.len() {
        values.swap(from, other);
        each_order(values, from + 1, found);
        values.swap(from, other);
    }
}

/// The first problem and estate at which the rule breaks the axiom, and how.
pub(crate) fn first_breach(
    axiom: Axiom,
    rule: &mut Awards,
    problems: &[Problem],
) -> Option<(Problem, i64, String)> {
    for problem in problems {
        for estate in 0..=problem.total() as i64 {
            if let Some(how) = axiom.broken(rule, problem, estate) {
                return Some((problem.clone(), estate, how));
            }
        }
    }
    None
}
