//! What no plan can cost less than: each SKU alone, with the last order cancelled in part.

use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::error::Error;
use crate::quantity::{Quantity, Total, slot, tally};

use super::Aim;
use super::cost::Cost;
use super::problem::Units;
use super::several::Item;

/// One item's units of one SKU, and its cost by one criterion.
#[derive(Clone, Copy)]
struct Part {
    /// Where the item stands in the order of branching.
    place: usize,
    units: Quantity,
    cost: Total,
}

/// Per criterion and SKU, the items by cost per unit.
pub(super) struct Bound {
    parts: [Vec<Vec<Part>>; 3],
    /// The criterion that counts units.
    counts_units: usize,
}

impl Bound {
    pub(super) fn of(
        skus: usize,
        items: &[Item<'_>],
        order: &[usize],
        aim: Aim,
    ) -> Result<Self, Error> {
        let mut place = vec![0; items.len()];
        for (at, item) in order.iter().enumerate() {
            *slot(&mut place, *item)? = at;
        }
        let mut parts = [(); 3].map(|()| vec![Vec::new(); skus]);
        for (item, place) in items.iter().zip(place) {
            let Cost(costs) = item.cost;
            for Units { sku, units } in item.units {
                for (lists, cost) in parts.iter_mut().zip(costs) {
                    let units = *units;
                    slot(lists, *sku)?.push(Part { place, units, cost });
                }
            }
        }
        for list in parts.iter_mut().flatten() {
            let of = |part: &Part| (part.cost, Total::from(part.units));
            list.sort_by(|a, b| density(of(a), of(b)));
        }
        let counts_units = match aim {
            Aim::LeastOvershoot => 0,
            _ => 1,
        };
        Ok(Self {
            parts,
            counts_units,
        })
    }

    /// The least that items from `place` on can cost by a criterion to free what is left; `None` where
    /// they cannot. `looked` grows by the items looked at.
    pub(super) fn below(
        &self,
        criterion: usize,
        left: &[Quantity],
        place: usize,
        looked: &mut usize,
    ) -> Option<Total> {
        let mut most: Total = 0;
        if criterion == self.counts_units {
            for units in left {
                tally(&mut most, *units);
            }
        }
        for (list, left) in self.parts.get(criterion)?.iter().zip(left) {
            most = most.max(below(list, *left, place, looked)?);
        }
        Some(most)
    }
}

fn below(list: &[Part], left: Quantity, place: usize, looked: &mut usize) -> Option<Total> {
    let (mut left, mut sum) = (left, 0_i128);
    if left == 0 {
        return Some(0);
    }
    for part in list {
        *looked = looked.saturating_add(1);
        if part.place < place {
            continue;
        }
        if part.units >= left {
            return Some(sum.saturating_add(share(*part, left)));
        }
        left = left.saturating_sub(part.units);
        sum = sum.saturating_add(part.cost);
    }
    None
}

/// The cost of `left` of a part's units, rounded up: a whole plan costs whole numbers. Rounded down
/// only where 128 bits do not hold the product.
fn share(part: Part, left: Quantity) -> Total {
    let (units, left) = (Total::from(part.units), Total::from(left));
    match part.cost.checked_mul(left) {
        Some(product) => {
            let up = product.saturating_add(units).saturating_sub(1);
            up.checked_div(units).unwrap_or(0)
        }
        None => part
            .cost
            .checked_div(units)
            .unwrap_or(0)
            .saturating_mul(left),
    }
}

/// Which cost per unit is less. Units are above 0 but for an item without use, which comes last.
pub(super) fn density(a: (Total, Total), b: (Total, Total)) -> Ordering {
    let whole = |(cost, units): (Total, Total)| cost.checked_div(units).unwrap_or(Total::MAX);
    let rest = |(cost, units): (Total, Total)| cost.checked_rem(units).unwrap_or(0);
    // A rest is below its units, so that the products hold wherever units are those of one SKU.
    let rests = || {
        let first = rest(a).saturating_mul(b.1);
        first.cmp(&rest(b).saturating_mul(a.1))
    };
    whole(a).cmp(&whole(b)).then_with(rests)
}
