//! Orders of one size. Inside a class the best j orders are its first j, so their costs are a convex
//! sequence.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::error::Error;
use crate::quantity::{Quantity, Total, at};

use super::Aim;
use super::oldest::Oldest;
use super::problem::Problem;

/// Whether a plan is sought by the orders it cancels or by those it keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Cancelled orders: cheapest first, then newest.
    Cancel,
    /// Kept orders, whose cost is what they save: dearest first, then oldest.
    Keep,
}

/// The cost of orders at a fixed number of units, in one number: their count and refund in the aim's
/// order. Fewer than 2³² orders of refunds below 2⁶³ stay below 2⁹⁵ and within the type.
pub(super) fn packed(aim: Aim, orders: Total, refund: Total) -> Total {
    match aim {
        Aim::LeastRefund => refund.saturating_mul(1 << 32).saturating_add(orders),
        _ => orders.saturating_mul(1 << 95).saturating_add(refund),
    }
}

/// Orders and refund of a packed cost that is not below 0.
pub(super) fn unpacked(aim: Aim, cost: Total) -> (Total, Total) {
    match aim {
        Aim::LeastRefund => (cost & 0xffff_ffff, cost >> 32),
        _ => (cost >> 95, cost & ((1 << 95) - 1)),
    }
}

/// Orders of one size in the order in which the side takes them.
pub(super) struct Class {
    /// Units of each, in units of the sizes' common divisor.
    pub(super) size: usize,
    pub(super) rows: Vec<u32>,
    /// Cost of the first j.
    pub(super) cost: Vec<Total>,
    pub(super) oldest: Oldest,
}

impl Class {
    /// At most `most` orders of `rows`, which all have this size.
    pub(super) fn of(
        problem: &Problem<'_>,
        rows: &[u32],
        size: usize,
        most: usize,
        aim: Aim,
        side: Side,
    ) -> Result<Self, Error> {
        let mut ranked = Vec::with_capacity(rows.len());
        for row in rows {
            let refund = problem.refund(usize::try_from(*row).unwrap_or(usize::MAX))?;
            ranked.push(match side {
                Side::Cancel => (refund, u32::MAX.saturating_sub(*row), *row),
                Side::Keep => (refund.saturating_neg(), *row, *row),
            });
        }
        if let Some(last) = most.checked_sub(1)
            && most < ranked.len()
        {
            ranked.select_nth_unstable(last);
        }
        ranked.truncate(most);
        ranked.sort_unstable();
        let one = match side {
            Side::Cancel => 1,
            Side::Keep => -1,
        };
        let mut sum: Total = 0;
        let mut cost = Vec::with_capacity(ranked.len().saturating_add(1));
        cost.push(sum);
        for (refund, _, _) in &ranked {
            sum = sum.saturating_add(packed(aim, one, *refund));
            cost.push(sum);
        }
        let rows: Vec<u32> = ranked.into_iter().map(|(_, _, row)| row).collect();
        Ok(Self {
            size,
            oldest: Oldest::of(rows.clone()),
            rows,
            cost,
        })
    }

    /// The first `count` orders.
    pub(super) fn first(&self, count: u32) -> &[u32] {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.rows.get(..count).unwrap_or(&self.rows)
    }
}

/// Rows by size, of the orders of 1..`below` units.
pub(super) fn by_size(
    problem: &Problem<'_>,
    below: Quantity,
) -> Result<BTreeMap<Quantity, Vec<u32>>, Error> {
    let mut sizes: BTreeMap<Quantity, Vec<u32>> = BTreeMap::new();
    for row in 0..problem.len() {
        let size = size_of(problem, row);
        if (1..below).contains(&size) {
            let row = u32::try_from(row).map_err(|_| Error::Corrupt { at: "order row" })?;
            sizes.entry(size).or_default().push(row);
        }
    }
    Ok(sizes)
}

/// An order's units, where there is one SKU.
pub(super) fn size_of(problem: &Problem<'_>, row: usize) -> Quantity {
    at(problem.units(row), 0).map_or(0, |units| units.units)
}
