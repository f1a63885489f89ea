//! A good plan at once: again and again the order of least cost per unit that is still needed.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::error::Error;
use crate::quantity::{Quantity, Total, at, slot, tally};

use super::bound::density;
use super::cost::Cost;
use super::problem::Units;
use super::search::{Plan, useful, without};
use super::several::Item;

/// An item by what it was worth when last looked at. Needs only shrink, so it is worth no more now.
struct Worth {
    cost: Cost,
    useful: Total,
    index: usize,
}

impl Ord for Worth {
    /// Cheaper per useful unit, then cheaper, then newer is greater.
    fn cmp(&self, other: &Self) -> Ordering {
        let of = |worth: &Self| (worth.cost.main(), worth.useful);
        density(of(other), of(self))
            .then_with(|| other.cost.cmp(&self.cost))
            .then(self.index.cmp(&other.index))
    }
}

impl PartialOrd for Worth {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Worth {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Worth {}

/// A plan without idle orders.
pub(super) fn plan(need: &[Quantity], items: &[Item<'_>]) -> Result<Plan, Error> {
    let chosen = cheapest_first(need, items)?;
    without_idle(need, items, chosen)
}

fn cheapest_first(need: &[Quantity], items: &[Item<'_>]) -> Result<Vec<usize>, Error> {
    let mut heap = BinaryHeap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let useful = useful(item, need)?;
        if useful > 0 {
            let cost = item.cost;
            heap.push(Worth {
                cost,
                useful,
                index,
            });
        }
    }
    let mut left = need.to_vec();
    let mut chosen = Vec::new();
    while let Some(worth) = heap.pop() {
        let item = at(items, worth.index)?;
        let now = useful(&item, &left)?;
        if now == worth.useful {
            left = without(&item, &left)?;
            chosen.push(worth.index);
        } else if now > 0 {
            heap.push(Worth {
                useful: now,
                ..worth
            });
        }
    }
    Ok(chosen)
}

/// Leaves out what the others make superfluous: the dearest first, then the oldest.
fn without_idle(
    need: &[Quantity],
    items: &[Item<'_>],
    mut chosen: Vec<usize>,
) -> Result<Plan, Error> {
    let mut excess: Vec<Total> = need
        .iter()
        .map(|units| Total::from(*units).saturating_neg())
        .collect();
    let mut ranked = Vec::with_capacity(chosen.len());
    for index in chosen.drain(..) {
        let item = at(items, index)?;
        for Units { sku, units } in item.units {
            tally(slot(&mut excess, *sku)?, *units);
        }
        ranked.push((item, index));
    }
    ranked.sort_unstable_by(|(a, first), (b, second)| b.cost.cmp(&a.cost).then(first.cmp(second)));
    let mut cost = Cost::ZERO;
    for (item, index) in ranked {
        let mut idle = true;
        for Units { sku, units } in item.units {
            idle &= at(&excess, *sku)? >= Total::from(*units);
        }
        if !idle {
            chosen.push(index);
            cost = cost.plus(item.cost);
            continue;
        }
        for Units { sku, units } in item.units {
            let excess = slot(&mut excess, *sku)?;
            *excess = excess.saturating_sub(Total::from(*units));
        }
    }
    chosen.sort_unstable();
    Ok(Plan { cost, chosen })
}
