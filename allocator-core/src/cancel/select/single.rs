//! One SKU: exact by classes of equal size.
//!
//! An order that covers the need alone is cancelled alone or not at all, so only smaller orders are
//! combined. Their plans are sought by the cancelled or by the kept orders, whichever counts to less.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use crate::error::Error;
use crate::limits::{MAX_SELECTION_CELLS, MAX_SELECTION_STATES};
use crate::quantity::{Quantity, Total, at};

use super::classes::{Class, Side, by_size, packed, size_of, unpacked};
use super::cost::Cost;
use super::layer::{Layer, NEVER};
use super::problem::Problem;
use super::{Aim, Optimality, Selected, several};

/// A plan under comparison.
struct Plan {
    cost: Cost,
    /// Rising.
    cancelled: Vec<usize>,
}

pub(super) fn select(problem: &Problem<'_>, need: Quantity, aim: Aim) -> Result<Selected, Error> {
    let small = Small::of(problem, need, aim)?;
    if let Some(too_large) = small.too_large() {
        return match several::select(problem, aim)? {
            // The nearest plans would need the search that is too large.
            Selected::Nearest { .. } => Err(too_large),
            plan @ Selected::Plan(_) => Ok(plan),
        };
    }
    let search = Search::run(small)?;
    let selected = |plan: Plan| problem.selection(plan.cancelled, Optimality::Exact);
    let need = Total::from(need);
    if aim != Aim::Exact {
        let best = search.best(aim, |freed| freed >= need)?;
        let plan = best.ok_or(Error::Corrupt { at: "no plan" })?;
        return selected(plan).map(Selected::Plan);
    }
    if let Some(plan) = search.best(aim, |freed| freed == need)? {
        return selected(plan).map(Selected::Plan);
    }
    // No sum is the need, so the nearest below and above are those of least distance.
    let below = search.nearest_below()?.map(selected).transpose()?;
    let above = search.best(Aim::LeastOvershoot, |freed| freed > need)?;
    let above = above.map(selected).transpose()?;
    Ok(Selected::Nearest { below, above })
}

/// The orders that do not cover the need alone, by size, and how they are searched.
struct Small<'a> {
    problem: &'a Problem<'a>,
    need: Quantity,
    aim: Aim,
    sizes: BTreeMap<Quantity, Vec<u32>>,
    /// Common divisor of the sizes.
    divisor: Total,
    /// Units of all of them, and their packed cost.
    units: Total,
    cost: Total,
    side: Side,
    /// Numbers of units that are told apart, in units of the divisor.
    states: Total,
}

impl<'a> Small<'a> {
    fn of(problem: &'a Problem<'a>, need: Quantity, aim: Aim) -> Result<Self, Error> {
        let sizes = by_size(problem, need)?;
        let (mut units, mut cost, mut divisor): (Total, Total, Total) = (0, 0, 0);
        for (size, rows) in &sizes {
            let size = Total::from(*size);
            divisor = common_divisor(size, divisor);
            for row in rows {
                let refund = problem.refund(usize::try_from(*row).unwrap_or(usize::MAX))?;
                units = units.saturating_add(size);
                cost = cost.saturating_add(packed(aim, 1, refund));
            }
        }
        let divisor = divisor.max(1);
        let largest = sizes
            .last_key_value()
            .map_or(0, |(size, _)| Total::from(*size));
        let need_units = Total::from(need);
        // Sums that matter: the best plan frees less than one order too much; the nearest one below
        // the need lacks no more than one order.
        let most = need_units
            .saturating_add(largest)
            .saturating_sub(1)
            .min(units);
        let least = match aim {
            Aim::Exact => need_units.saturating_sub(largest),
            _ => need_units,
        };
        let kept = units.saturating_sub(least.min(units));
        let (side, most) = if kept < most {
            (Side::Keep, kept)
        } else {
            (Side::Cancel, most)
        };
        let states = most.checked_div(divisor).unwrap_or(0).saturating_add(1);
        Ok(Self {
            problem,
            need,
            aim,
            sizes,
            divisor,
            units,
            cost,
            side,
            states,
        })
    }

    /// Where the search would exceed a limit: which.
    fn too_large(&self) -> Option<Error> {
        let classes = Total::try_from(self.sizes.len()).unwrap_or(Total::MAX);
        let cells = self.states.saturating_mul(classes);
        let error = |what, value, max| Error::SelectionTooLarge { what, value, max };
        if self.states > MAX_SELECTION_STATES {
            let what = "units to tell apart";
            return Some(error(what, self.states, MAX_SELECTION_STATES));
        }
        let what = "units times different order sizes";
        (cells > MAX_SELECTION_CELLS).then(|| error(what, cells, MAX_SELECTION_CELLS))
    }
}

/// The best set for each number of units, and how to write it out.
struct Search<'a> {
    small: Small<'a>,
    classes: Vec<Class>,
    /// Per class and state, the orders taken.
    taken: Vec<Vec<u32>>,
    cost: Vec<Total>,
}

impl<'a> Search<'a> {
    fn run(small: Small<'a>) -> Result<Self, Error> {
        let states = usize::try_from(small.states).unwrap_or(0);
        let mut layer = Layer::empty(states);
        let (mut classes, mut taken) = (Vec::new(), Vec::new());
        // Large orders first: they leave most numbers of units unreached.
        for (size, rows) in small.sizes.iter().rev() {
            let size = Total::from(*size).checked_div(small.divisor).unwrap_or(1);
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            let most = states.saturating_sub(1).checked_div(size).unwrap_or(0);
            let class = Class::of(small.problem, rows, size, most, small.aim, small.side)?;
            let (next, counts) = layer.with(&class, small.side);
            layer = next;
            classes.push(class);
            taken.push(counts);
        }
        Ok(Self {
            small,
            classes,
            taken,
            cost: layer.cost,
        })
    }

    /// The best plan of those whose freed units pass, with one large order or none.
    fn best(&self, aim: Aim, passes: impl Fn(Total) -> bool) -> Result<Option<Plan>, Error> {
        let combined = self.states(aim).filter(|(_, freed, _)| passes(*freed));
        // Equal costs are equal sums here, so there is one state of least cost.
        let combined = match combined.min_by_key(|(_, _, cost)| *cost) {
            Some((state, _, cost)) => Some(self.plan(state, cost)?),
            None => None,
        };
        let alone = self.alone(aim, passes)?;
        Ok(match (combined, alone) {
            (Some(a), Some(b)) => Some(better(a, b)),
            (a, b) => a.or(b),
        })
    }

    /// The plan that frees the most units below the need.
    fn nearest_below(&self) -> Result<Option<Plan>, Error> {
        let need = Total::from(self.small.need);
        let below = self
            .states(self.small.aim)
            .filter(|(_, freed, _)| *freed < need);
        match below.max_by_key(|(_, freed, _)| *freed) {
            Some((state, _, cost)) => self.plan(state, cost).map(Some),
            None => Ok(None),
        }
    }

    /// Each reachable state with the units its plan frees and what the plan costs.
    fn states(&self, aim: Aim) -> impl Iterator<Item = (usize, Total, Cost)> {
        let small = &self.small;
        let costs = (0..).zip(self.cost.iter().enumerate());
        costs
            .filter(|(_, (_, cost))| **cost != NEVER)
            .map(move |(number, (state, cost))| {
                let units = small.divisor.saturating_mul(number);
                let (freed, cost) = match small.side {
                    Side::Cancel => (units, *cost),
                    Side::Keep => (
                        small.units.saturating_sub(units),
                        small.cost.saturating_add(*cost),
                    ),
                };
                let (orders, refund) = unpacked(small.aim, cost);
                (state, freed, Cost::of(aim, orders, freed, refund))
            })
    }

    /// Writes a state's set out.
    fn plan(&self, state: usize, cost: Cost) -> Result<Plan, Error> {
        let mut chosen = vec![self.small.side == Side::Keep; self.small.problem.len()];
        if self.small.side == Side::Keep {
            for (row, cancelled) in chosen.iter_mut().enumerate() {
                let size = size_of(self.small.problem, row);
                *cancelled = (1..self.small.need).contains(&size);
            }
        }
        let mut left = state;
        for (class, taken) in self.classes.iter().zip(&self.taken).rev() {
            let count = at(taken, left)?;
            for row in class.first(count) {
                let row = usize::try_from(*row).unwrap_or(usize::MAX);
                let chosen = chosen
                    .get_mut(row)
                    .ok_or(Error::Corrupt { at: "order row" })?;
                *chosen = self.small.side == Side::Cancel;
            }
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            left = left.saturating_sub(count.saturating_mul(class.size));
        }
        let cancelled = chosen.iter().enumerate().filter(|(_, chosen)| **chosen);
        Ok(Plan {
            cost,
            cancelled: cancelled.map(|(row, _)| row).collect(),
        })
    }

    /// The best plan that cancels one order which covers the need.
    fn alone(&self, aim: Aim, passes: impl Fn(Total) -> bool) -> Result<Option<Plan>, Error> {
        let problem = self.small.problem;
        let mut best: Option<Plan> = None;
        for row in 0..problem.len() {
            let size = size_of(problem, row);
            let freed = Total::from(size);
            if size < self.small.need || !passes(freed) {
                continue;
            }
            let cost = Cost::of(aim, 1, freed, problem.refund(row)?);
            // Rows rise, so an equal one is newer.
            if best.as_ref().is_none_or(|best| cost <= best.cost) {
                best = Some(Plan {
                    cost,
                    cancelled: vec![row],
                });
            }
        }
        Ok(best)
    }
}

/// The cheaper plan; of equal ones that which keeps the oldest order in which they differ. Plans of
/// equal cost cancel equally many orders, so that is the greater list.
fn better(a: Plan, b: Plan) -> Plan {
    let order = a.cost.cmp(&b.cost);
    if order.then_with(|| b.cancelled.cmp(&a.cancelled)).is_le() {
        a
    } else {
        b
    }
}

fn common_divisor(a: Total, b: Total) -> Total {
    let (mut a, mut b) = (a, b);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
