//! Beyond the sizes of the exact tables: a greedy plan, a proven bound below every plan, and a branch
//! and bound between the two with a fixed budget, so that the answer never depends on the machine.

use alloc::vec::Vec;

use crate::error::Error;
use crate::quantity::{Quantity, Total, at, slot};

use super::bound::{Bound, density};
use super::cost::Cost;
use super::greedy;
use super::problem::Units;
use super::several::Item;
use super::{Aim, Optimality};

/// Orders looked at by the bounds of one search: below a second.
const BUDGET: usize = 20_000_000;
/// More orders than this are not searched: a single bound would take too much of the budget.
const MOST_SEARCHED: usize = 2_000;

/// Items to cancel, rising, and what they cost.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) cost: Cost,
    pub(super) chosen: Vec<usize>,
}

/// The rows to cancel so that the need is covered, and how good that is.
pub(super) fn cover(
    need: &[Quantity],
    items: &[Item<'_>],
    aim: Aim,
) -> Result<(Vec<usize>, Optimality), Error> {
    let mut search = Search::of(need, items, aim, greedy::plan(need, items)?)?;
    let floor = search.bound.below(0, need, 0, &mut 0);
    let floor = floor.ok_or(Error::Corrupt { at: "no plan" })?;
    let optimality = if search.whole(need)? {
        Optimality::Exact
    } else {
        let p = search.best.cost.main();
        Optimality::Within { p, q: floor }
    };
    Ok((search.rows()?, optimality))
}

/// What is known of plans that free exactly the need.
pub(super) enum Exactly {
    Best(Vec<usize>),
    Never,
    /// The budget was spent.
    Unknown,
}

/// The rows to cancel so that exactly the need comes free.
pub(super) fn exactly(need: &[Quantity], items: &[Item<'_>]) -> Result<Exactly, Error> {
    let none = Plan {
        cost: Cost::NEVER,
        chosen: Vec::new(),
    };
    let mut search = Search::of(need, items, Aim::Exact, none)?;
    Ok(if !search.whole(need)? {
        Exactly::Unknown
    } else if search.best.cost == Cost::NEVER {
        Exactly::Never
    } else {
        Exactly::Best(search.rows()?)
    })
}

/// Items in the order in which they are tried: least cost per useful unit, then newest.
fn branching(need: &[Quantity], items: &[Item<'_>]) -> Result<Vec<usize>, Error> {
    let mut order = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        order.push(((item.cost.main(), useful(item, need)?), index));
    }
    order.sort_unstable_by(|(a, first), (b, second)| density(*a, *b).then(second.cmp(first)));
    Ok(order.into_iter().map(|(_, index)| index).collect())
}

/// Units of an item that something is left of.
pub(super) fn useful(item: &Item<'_>, left: &[Quantity]) -> Result<Total, Error> {
    let mut sum: Total = 0;
    for Units { sku, units } in item.units {
        sum = sum.saturating_add(Total::from(at(left, *sku)?.min(*units)));
    }
    Ok(sum)
}

/// What is left once an item is cancelled.
pub(super) fn without(item: &Item<'_>, left: &[Quantity]) -> Result<Vec<Quantity>, Error> {
    let mut rest = left.to_vec();
    for Units { sku, units } in item.units {
        let left = slot(&mut rest, *sku)?;
        *left = left.saturating_sub(*units).max(0);
    }
    Ok(rest)
}

struct Search<'a> {
    items: &'a [Item<'a>],
    bound: Bound,
    order: Vec<usize>,
    best: Plan,
    /// Items cancelled on the way to this node.
    chosen: Vec<usize>,
    /// Whether no unit may be freed beyond the need.
    exactly: bool,
    budget: usize,
}

impl<'a> Search<'a> {
    fn of(need: &[Quantity], items: &'a [Item<'a>], aim: Aim, best: Plan) -> Result<Self, Error> {
        let order = branching(need, items)?;
        Ok(Self {
            items,
            bound: Bound::of(need.len(), items, &order, aim)?,
            order,
            best,
            chosen: Vec::new(),
            exactly: aim == Aim::Exact,
            budget: BUDGET,
        })
    }

    /// Whether every set was tried or ruled out.
    fn whole(&mut self, need: &[Quantity]) -> Result<bool, Error> {
        Ok(self.items.len() <= MOST_SEARCHED && self.run(0, need, Cost::ZERO)?)
    }

    /// Rows of the best plan.
    fn rows(&self) -> Result<Vec<usize>, Error> {
        let chosen = self.best.chosen.iter();
        let rows = chosen.map(|item| at(self.items, *item).map(|item| item.row));
        rows.collect()
    }

    /// Tries every set of the items from `from` on that can still be best; `false` once the budget is
    /// spent.
    fn run(&mut self, from: usize, left: &[Quantity], cost: Cost) -> Result<bool, Error> {
        if left.iter().all(|units| *units == 0) {
            self.consider(cost);
            return Ok(true);
        }
        for place in from..self.order.len() {
            // Later items have fewer behind them, so their bound is no lower.
            if !self.can_be_best(place, left, cost) {
                return Ok(true);
            }
            if self.budget == 0 {
                return Ok(false);
            }
            let index = at(&self.order, place)?;
            let item = at(self.items, index)?;
            let useful = useful(&item, left)?;
            // What frees nothing that is left is idle in every plan from here on.
            if useful == 0 || (self.exactly && useful < item.total()) {
                continue;
            }
            self.chosen.push(index);
            let rest = without(&item, left)?;
            let whole = self.run(place.saturating_add(1), &rest, cost.plus(item.cost))?;
            self.chosen.pop();
            if !whole {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a plan from here may be as good as the best one: criterion by criterion, since no part
    /// of its cost can be below its bound.
    fn can_be_best(&mut self, place: usize, left: &[Quantity], cost: Cost) -> bool {
        let (Cost(so_far), Cost(best)) = (cost, self.best.cost);
        for (criterion, (so_far, best)) in so_far.iter().zip(best).enumerate() {
            let mut looked = 0;
            let below = self.bound.below(criterion, left, place, &mut looked);
            self.budget = self.budget.saturating_sub(looked);
            let Some(below) = below else {
                return false;
            };
            let least = so_far.saturating_add(below);
            if least != best {
                return least < best;
            }
        }
        true
    }

    fn consider(&mut self, cost: Cost) {
        let mut chosen = self.chosen.clone();
        chosen.sort_unstable();
        // Plans of equal cost cancel equally many orders: the greater list keeps the oldest.
        let order = cost.cmp(&self.best.cost);
        if order.then_with(|| self.best.chosen.cmp(&chosen)).is_lt() {
            self.best = Plan { cost, chosen };
        }
    }
}
