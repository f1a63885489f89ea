//! Several SKUs: exact by what is left of every need, where that is small enough.
//!
//! Orders of the same units are alternatives, so of each kind only as many can matter as cover the
//! need alone, the cheapest and then newest first.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use crate::error::Error;
use crate::limits::{MAX_SELECTION_STATES, MAX_SELECTION_STEPS};
use crate::quantity::{Quantity, Total, at, slot, tally};

use super::cost::Cost;
use super::problem::{Problem, Units};
use super::search::{self, Exactly};
use super::{Aim, Optimality, Selected};

/// An order that can matter.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) row: usize,
    pub(super) units: &'a [Units],
    pub(super) cost: Cost,
}

impl Item<'_> {
    /// Units of all SKUs.
    pub(super) fn total(&self) -> Total {
        let mut sum = 0;
        for Units { units, .. } in self.units {
            tally(&mut sum, *units);
        }
        sum
    }
}

pub(super) fn select(problem: &Problem<'_>, aim: Aim) -> Result<Selected, Error> {
    let items = items(problem, aim)?;
    let plan = |rows, optimality| problem.selection(rows, optimality).map(Selected::Plan);
    let small = Grid::of(problem.need).and_then(|grid| grid.fits(items.len()));
    let exact = match (small, aim) {
        (Ok(grid), _) => grid.best(&items, aim == Aim::Exact)?,
        (Err(too_large), Aim::Exact) => match search::exactly(problem.need, &items)? {
            Exactly::Best(rows) => Some(rows),
            Exactly::Never => None,
            Exactly::Unknown => return Err(too_large),
        },
        (Err(_), _) => {
            let (rows, optimality) = search::cover(problem.need, &items, aim)?;
            return plan(rows, optimality);
        }
    };
    match exact {
        Some(rows) => plan(rows, Optimality::Exact),
        None if aim == Aim::Exact => Ok(Selected::Nearest {
            below: None,
            above: select(problem, Aim::LeastOvershoot)?.into_plan(),
        }),
        None => Err(Error::Corrupt { at: "no plan" }),
    }
}

/// The orders that can matter, oldest first.
fn items<'a>(problem: &'a Problem<'_>, aim: Aim) -> Result<Vec<Item<'a>>, Error> {
    let mut kinds: BTreeMap<&[Units], Vec<Item<'a>>> = BTreeMap::new();
    for row in 0..problem.len() {
        let units = problem.units(row);
        if units.is_empty() {
            continue;
        }
        let all = units.iter().fold(0, |sum: Total, units| {
            sum.saturating_add(Total::from(units.units))
        });
        let cost = Cost::of(aim, 1, all, problem.refund(row)?);
        kinds
            .entry(units)
            .or_default()
            .push(Item { row, units, cost });
    }
    let mut matter = Vec::new();
    for (units, mut rows) in kinds {
        let most = most_of_a_kind(problem, units, aim)?;
        rows.sort_unstable_by(|a, b| a.cost.cmp(&b.cost).then(b.row.cmp(&a.row)));
        rows.truncate(most);
        matter.append(&mut rows);
    }
    matter.sort_unstable_by_key(|item| item.row);
    Ok(matter)
}

/// How many orders of the same units a best plan can cancel.
fn most_of_a_kind(problem: &Problem<'_>, units: &[Units], aim: Aim) -> Result<usize, Error> {
    let counts = units.iter().map(|Units { sku, units }| {
        let need = at(problem.need, *sku)?;
        let exactly = need.checked_div(*units).unwrap_or(0);
        let rest = need.checked_rem(*units).unwrap_or(0);
        Ok(match aim {
            Aim::Exact => exactly,
            _ => exactly.saturating_add(rest.min(1)),
        })
    });
    let counts = counts.collect::<Result<Vec<Quantity>, Error>>()?;
    let most = match aim {
        Aim::Exact => counts.into_iter().min(),
        _ => counts.into_iter().max(),
    };
    Ok(usize::try_from(most.unwrap_or(0)).unwrap_or(usize::MAX))
}

/// All ways in which something can be left of the needs.
struct Grid {
    /// Per SKU: its need, and how far apart its neighbours stand.
    axes: Vec<(usize, usize)>,
    states: usize,
}

impl Grid {
    fn of(need: &[Quantity]) -> Result<Self, Error> {
        let mut axes = Vec::with_capacity(need.len());
        let mut states: Total = 1;
        for units in need {
            let stride = usize::try_from(states).unwrap_or(usize::MAX);
            axes.push((usize::try_from(*units).unwrap_or(usize::MAX), stride));
            states = states.saturating_mul(Total::from(*units).saturating_add(1));
            if states > MAX_SELECTION_STATES {
                return Err(Error::SelectionTooLarge {
                    what: "the product of all (need + 1)",
                    value: states,
                    max: MAX_SELECTION_STATES,
                });
            }
        }
        let states = usize::try_from(states).unwrap_or(usize::MAX);
        Ok(Self { axes, states })
    }

    fn fits(self, items: usize) -> Result<Self, Error> {
        let factor = |value: usize| Total::try_from(value).unwrap_or(Total::MAX);
        let steps = factor(self.states).saturating_mul(factor(items));
        if steps > MAX_SELECTION_STEPS {
            return Err(Error::SelectionTooLarge {
                what: "the product of all (need + 1) times the orders",
                value: steps,
                max: MAX_SELECTION_STEPS,
            });
        }
        Ok(self)
    }

    /// The best plan; of equal ones that which keeps the oldest orders. From the newest order on, the
    /// best cost of each rest by it and the newer ones; then from the oldest on, an order is cancelled
    /// only where that is better.
    fn best(&self, items: &[Item<'_>], exactly: bool) -> Result<Option<Vec<usize>>, Error> {
        let mut cost = vec![Cost::NEVER; self.states];
        *slot(&mut cost, 0)? = Cost::ZERO;
        let mut bits = Vec::with_capacity(items.len());
        for item in items.iter().rev() {
            bits.push(self.add(item, exactly, &mut cost)?);
        }
        let mut left = self.states.saturating_sub(1);
        if at(&cost, left)? == Cost::NEVER {
            return Ok(None);
        }
        let mut cancelled = Vec::new();
        for (item, bits) in items.iter().zip(bits.iter().rev()) {
            if bit(bits, left) {
                cancelled.push(item.row);
                left = self.after(left, item, exactly)?.ok_or(Error::Corrupt {
                    at: "order too large",
                })?;
            }
        }
        Ok(Some(cancelled))
    }

    /// One order more: where cancelling it is better. Smaller rests are read before they change.
    fn add(&self, item: &Item<'_>, exactly: bool, cost: &mut [Cost]) -> Result<Vec<u64>, Error> {
        let mut bits = vec![0_u64; self.states.div_ceil(64)];
        for state in (0..self.states).rev() {
            let Some(rest) = self.after(state, item, exactly)? else {
                continue;
            };
            let before = at(cost, rest)?;
            if rest == state || before == Cost::NEVER {
                continue;
            }
            let with = before.plus(item.cost);
            let here = slot(cost, state)?;
            if with < *here {
                *here = with;
                let (word, mask) = place(state);
                let word = slot(&mut bits, word)?;
                *word |= mask;
            }
        }
        Ok(bits)
    }

    /// What is left once an order is cancelled; `None` where it frees more than may be.
    fn after(&self, state: usize, item: &Item<'_>, exactly: bool) -> Result<Option<usize>, Error> {
        let mut rest = state;
        for Units { sku, units } in item.units {
            let (need, stride) = at(&self.axes, *sku)?;
            let left = state.checked_div(stride).unwrap_or(0);
            let left = left.checked_rem(need.saturating_add(1)).unwrap_or(0);
            let units = usize::try_from(*units).unwrap_or(usize::MAX);
            if exactly && units > left {
                return Ok(None);
            }
            rest = rest.saturating_sub(units.min(left).saturating_mul(stride));
        }
        Ok(Some(rest))
    }
}

fn place(state: usize) -> (usize, u64) {
    let shift = u32::try_from(state % 64).unwrap_or(0);
    (state / 64, 1_u64.checked_shl(shift).unwrap_or(0))
}

fn bit(bits: &[u64], state: usize) -> bool {
    let (word, mask) = place(state);
    bits.get(word).is_some_and(|word| word & mask != 0)
}
