//! The rules of the form. Those a merchant is offered run through the public interface of the core,
//! and its auditor agrees with each answer; the others run in the oracle.

use allocator_core::{
    Aim, Completeness, DemandLine, Error, Grade, KeyPart, Misfit, OrderToCut, PlaceOrder,
    PlacePart, Policy, Selected, ShortageRule, Supply, Total, allocate, select_orders, verify,
};
use allocator_oracle::{Axiom, Problem, Rational, RationalRule, Refused, WholeRule, whole};
use serde_json::{Map, Value};

use super::given;
use crate::checked::{Checked, Trouble, fail, unsupported};
use crate::words;

/// A rule that runs.
pub(super) enum Rule {
    Core(Policy),
    Fractions(RationalRule),
    Units(WholeRule),
    /// Whole orders are cancelled to free what the estate lacks; a unit costs 1.
    WholeOrders(Aim),
}

impl Rule {
    /// The rule of a case with the parameters that the case gives it.
    pub(super) fn read(case: &Map<String, Value>) -> Checked<Self> {
        let word = given::text(case, "rule")?;
        let Some(this) = Self::named(word, case)? else {
            return unsupported(format!("rule {word}"));
        };
        for (field, is_read) in [
            ("weights", this.reads_weights()),
            ("priorities", this.reads_classes()),
            ("theta", matches!(word, "tal" | "divisor_t")),
            ("minimum_each", word == "hamilton"),
            ("inner_rule", word == "priority_classes"),
        ] {
            if case.contains_key(field) && !is_read {
                return unsupported(format!("rule {word} with {field}"));
            }
        }
        if this.reads_weights() && !case.contains_key("weights") {
            return fail("weights: is missing");
        }
        if this.reads_classes() && !case.contains_key("priorities") {
            return fail("priorities: is missing");
        }
        Ok(this)
    }

    fn named(word: &str, case: &Map<String, Value>) -> Checked<Option<Self>> {
        let theta = || match case.get("theta") {
            Some(theta) => given::number(theta, "theta"),
            None => fail("theta: is missing"),
        };
        if let Some(policy) = policy(word) {
            let policy = policy.map_err(|error| Trouble::Fail(format!("rule: {error}")))?;
            return Ok(Some(Self::Core(policy)));
        }
        let rational = match word {
            "tal" => Some(RationalRule::Tal(theta()?)),
            "priority_classes" => match rational(given::text(case, "inner_rule")?) {
                Some(inner) => Some(RationalRule::Classes(Box::new(inner))),
                None => return unsupported("inner_rule"),
            },
            _ => rational(word),
        };
        if let Some(rule) = rational {
            return Ok(Some(Self::Fractions(rule)));
        }
        if let Some(aim) = aim(word) {
            return Ok(Some(Self::WholeOrders(aim)));
        }
        Ok(Some(Self::Units(match word {
            "dean" => WholeRule::Dean,
            "huntington_hill" => WholeRule::HuntingtonHill,
            "divisor_t" => WholeRule::Divisor(theta()?),
            "talmud_int" => WholeRule::Talmud,
            "piniles_int" => WholeRule::Piniles,
            "hamilton" => WholeRule::Hamilton {
                minimum_of_one: minimum_of_one(case)?,
            },
            "quota_method" => WholeRule::Quota,
            _ => return Ok(None),
        })))
    }

    fn reads_weights(&self) -> bool {
        match self {
            Self::Core(policy) => policy.rule.parts().contains(&KeyPart::Weight),
            Self::Fractions(rule) => match rule {
                RationalRule::Classes(inner) => **inner == RationalRule::WeightedEqualAwards,
                rule => *rule == RationalRule::WeightedEqualAwards,
            },
            Self::Units(_) | Self::WholeOrders(_) => false,
        }
    }

    fn reads_classes(&self) -> bool {
        match self {
            Self::Core(policy) => policy.rule.parts().first() == Some(&KeyPart::Class),
            Self::Fractions(rule) => matches!(rule, RationalRule::Classes(_)),
            Self::Units(_) | Self::WholeOrders(_) => false,
        }
    }

    /// What everybody gets, aligned with the claimants.
    pub(super) fn awards(&self, problem: &Problem) -> Checked<Vec<Rational>> {
        self.share(problem).map_err(trouble)
    }

    /// Whether the axiom is violated on these claims.
    pub(super) fn violates(&self, axiom: Axiom, problem: &Problem) -> Checked<bool> {
        let share = |problem: &Problem| self.share(problem);
        axiom.is_violated(&share, problem).map_err(trouble)
    }

    /// Whether somebody has what he has because of his place: the reversed line gets something else.
    pub(super) fn breaks_a_tie(&self, problem: &Problem) -> Checked<bool> {
        let mut reversed = problem.clone();
        reversed.claimants.reverse();
        let there = self.awards(&reversed)?;
        Ok(!there.iter().rev().eq(&self.awards(problem)?))
    }

    fn share(&self, problem: &Problem) -> Result<Vec<Rational>, Refused> {
        match self {
            Self::Core(policy) => by_core(policy, problem),
            Self::Fractions(rule) => rule.awards(problem),
            Self::WholeOrders(aim) => by_selection(*aim, problem),
            Self::Units(rule) => Ok(rule.awards(problem)?.into_iter().map(whole).collect()),
        }
    }
}

pub(super) fn trouble(refused: Refused) -> Trouble {
    match refused {
        Refused::TooLarge => Trouble::Unsupported(refused.to_string()),
        Refused::NoProblem(why) => Trouble::Fail(why),
    }
}

/// The core's policy behind a name; `None` for a rule that no merchant is offered.
fn policy(word: &str) -> Option<Result<Policy, Error>> {
    let whole_lines = |misfit| {
        Ok(Policy::first_come()
            .completeness(Completeness::Line)
            .on_misfit(misfit))
    };
    Some(match word {
        "fifo" => Ok(Policy::first_come()),
        "one_each_then_fifo" => ShortageRule::protect_first(1).map(Policy::sharing),
        "two_each_then_fifo" => ShortageRule::protect_first(2).map(Policy::sharing),
        "priority_classes_round_robin" => ShortageRule::one_each_per_round()
            .classes_first()
            .map(Policy::sharing),
        "whole_fifo_strict" => whole_lines(Misfit::SetAside),
        "whole_fifo_skip" => whole_lines(Misfit::Pass),
        "whole_smallest_first" => whole_lines(Misfit::SetAside).and_then(smallest_first),
        _ => Ok(Policy::sharing(words::sharing_rule(word)?)),
    })
}

/// The aim behind a rule that serves whole orders only.
fn aim(word: &str) -> Option<Aim> {
    Some(match word {
        "whole_fewest_then_overshoot" => Aim::FewestCustomers,
        "whole_least_overshoot" => Aim::LeastOvershoot,
        "whole_least_value" => Aim::LeastRefund,
        _ => return None,
    })
}

/// The smallest first, the older of two as small.
fn smallest_first(policy: Policy) -> Result<Policy, Error> {
    let order = [
        PlacePart::Quantity,
        PlacePart::PlacedAt,
        PlacePart::Sequence,
    ];
    Ok(policy.order(PlaceOrder::from_parts(&order)?))
}

/// A rule for fractions that has no parameter of its own.
fn rational(word: &str) -> Option<RationalRule> {
    Some(match word {
        "proportional" => RationalRule::Proportional,
        "constrained_equal_awards" => RationalRule::EqualAwards,
        "constrained_equal_losses" => RationalRule::EqualLosses,
        "weighted_cea" => RationalRule::WeightedEqualAwards,
        "talmud" => RationalRule::Talmud,
        "contested_garment" => RationalRule::ContestedGarment,
        "random_arrival" => RationalRule::RandomArrival,
        "minimal_overlap" => RationalRule::MinimalOverlap,
        "adjusted_proportional" => RationalRule::AdjustedProportional,
        "piniles" => RationalRule::Piniles,
        "constrained_egalitarian" => RationalRule::ConstrainedEgalitarian,
        "reverse_talmud" => RationalRule::ReverseTalmud,
        "average_cea_cel" => RationalRule::MeanOfAwardsAndLosses,
        _ => return None,
    })
}

fn minimum_of_one(case: &Map<String, Value>) -> Checked<bool> {
    match case.get("minimum_each") {
        None => Ok(false),
        Some(value) => match value.as_i64() {
            Some(0) => Ok(false),
            Some(1) => Ok(true),
            Some(minimum) => unsupported(format!("minimum_each {minimum}")),
            None => fail("minimum_each: is no whole number"),
        },
    }
}

/// One SKU, and every claimant a customer with one line.
fn by_core(policy: &Policy, problem: &Problem) -> Result<Vec<Rational>, Refused> {
    let mut lines = Vec::new();
    for (index, claimant) in problem.claimants.iter().enumerate() {
        let number = u32::try_from(index).map_err(|_| Refused::TooLarge)?;
        let line = DemandLine::new(number, SKU, units(&claimant.claim)?)
            .customer(number)
            .priority(claimant.class)
            .weight(units(&claimant.weight)?);
        lines.push(line.sequence(number));
    }
    let supply = [Supply::received(SKU, units(&problem.estate)?)];
    let refused = |error: Error| Refused::NoProblem(format!("allocate: {error}"));
    let allocation = allocate(&lines, &supply, policy).map_err(refused)?;
    match verify(&lines, &supply, policy, &allocation) {
        Ok(Grade::Ordered) => {}
        Ok(grade) => return no_problem(format!("verify: expected ordered, got {grade}")),
        Err(violation) => return no_problem(format!("verify: {violation}")),
    }
    Ok(allocation
        .allocated()
        .iter()
        .map(|&units| whole(units))
        .collect())
}

/// Every claimant an order, cancelled in full or served in full.
fn by_selection(aim: Aim, problem: &Problem) -> Result<Vec<Rational>, Refused> {
    let mut rows = Vec::new();
    for claimant in &problem.claimants {
        rows.push([(0, units(&claimant.claim)?)]);
    }
    let orders: Vec<OrderToCut<'_>> = (rows.iter())
        .map(|units| OrderToCut {
            units,
            refund: Total::from(units[0].1),
        })
        .collect();
    let missing = problem.demand() - problem.estate.clone().min(problem.demand());
    let selected = select_orders(&orders, &[units(&missing)?], aim);
    let selected = selected.map_err(|error| Refused::NoProblem(format!("selection: {error}")))?;
    let Selected::Plan(plan) = selected else {
        return no_problem("selection: no plan".into());
    };
    let mut awards = problem.claims();
    for row in plan.cancelled {
        awards[row] = whole(0);
    }
    Ok(awards)
}

const SKU: u32 = 0;

pub(super) fn units(number: &Rational) -> Result<i64, Refused> {
    let units = number.is_integer().then(|| i64::try_from(number.numer()));
    match units {
        Some(Ok(units)) => Ok(units),
        _ => no_problem(format!("{number} is no number of units")),
    }
}

fn no_problem<T>(why: String) -> Result<T, Refused> {
    Err(Refused::NoProblem(why))
}
