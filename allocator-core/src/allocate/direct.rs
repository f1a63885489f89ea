//! Straight from columns to outcomes, where no line ships whole and the rule is the queue: nothing
//! has to be rounded, so the lanes need not be put in order.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::demand::DemandColumns;
use crate::error::Error;
use crate::place::PlaceOrder;
use crate::policy::{Completeness, Policy};
use crate::quantity::{Quantity, add, slot};
use crate::reason::Reason;
use crate::supply::Supply;
use crate::ticket::queue::{Lines, cover};

use super::outcome::OutcomeColumns;

/// Fills the outcomes, or says that the input needs the whole pipeline.
pub(super) fn decide(
    lines: &DemandColumns<'_>,
    supply: &[Supply],
    policy: &Policy,
    out: &mut OutcomeColumns<'_>,
) -> Result<bool, Error> {
    let partial =
        |&code: &u8| Completeness::of(code, policy.completeness) == Some(Completeness::Partial);
    let all_partial = match lines.completeness {
        None => policy.completeness == Completeness::Partial,
        Some(codes) => codes.iter().all(partial),
    };
    let oldest_first = policy.standing() == PlaceOrder::oldest_first();
    if !policy.rule.is_queue() || !all_partial || !oldest_first {
        return Ok(false);
    }
    let Some(key) = key(lines) else {
        return Ok(false);
    };
    let lanes = Lanes::new(lines.sku, supply)?;
    let queue = Lines {
        lane: &lanes.of,
        quantity: lines.quantity,
        key: key.as_deref(),
        sequence: lines.sequence,
    };
    cover(&queue, &lanes.stock, out.covered)?;
    out.allocated.copy_from_slice(out.covered);
    out.set_aside.fill(0);
    let rows = lanes
        .of
        .iter()
        .zip(lines.quantity)
        .zip(&*out.allocated)
        .zip(out.reason.iter_mut());
    for (((&lane, &quantity), &allocated), reason) in rows {
        let served = if quantity == 0 {
            Reason::NothingAsked
        } else {
            Reason::Served
        };
        let known = lanes.known.get(lane as usize).copied().unwrap_or(false);
        let missing = if known {
            Reason::Short
        } else {
            Reason::UnknownSku
        };
        *reason = if allocated == quantity {
            served
        } else {
            missing
        };
    }
    Ok(true)
}

/// Priority and instant as one number, where they fit into one.
#[allow(
    clippy::type_complexity,
    reason = "an optional column of an optional form"
)]
fn key<'a>(lines: &DemandColumns<'a>) -> Option<Option<Cow<'a, [i64]>>> {
    let Some(priority) = lines.priority.filter(|priority| !all_equal(priority)) else {
        return Some(lines.placed_at.map(Cow::Borrowed));
    };
    let Some(time) = lines.placed_at.filter(|time| !all_equal(time)) else {
        return Some(Some(Cow::Borrowed(priority)));
    };
    let (low, high) = (*priority.iter().min()?, *priority.iter().max()?);
    let (first, last) = (*time.iter().min()?, *time.iter().max()?);
    let span = last.abs_diff(first).checked_add(1)?;
    let all = high.abs_diff(low).checked_add(1)?.checked_mul(span)?;
    i64::try_from(all).ok()?;
    let one = |(&priority, &time): (&i64, &i64)| {
        let class = priority.abs_diff(low).wrapping_mul(span);
        i64::try_from(class.wrapping_add(time.abs_diff(first))).unwrap_or(i64::MAX)
    };
    Some(Some(Cow::Owned(
        priority.iter().zip(time).map(one).collect(),
    )))
}

fn all_equal(values: &[i64]) -> bool {
    values
        .first()
        .is_none_or(|first| values.iter().all(|value| value == first))
}

/// The lane of each line, and what there is for it.
struct Lanes<'a> {
    of: Cow<'a, [u32]>,
    stock: Vec<Quantity>,
    known: Vec<bool>,
}

impl<'a> Lanes<'a> {
    /// SKU ids are the lanes where they are dense; else each is looked up.
    fn new(sku: &'a [u32], supply: &[Supply]) -> Result<Self, Error> {
        let rows = sku.len().saturating_add(supply.len());
        let largest = sku
            .iter()
            .copied()
            .chain(supply.iter().map(|row| row.sku.0))
            .max();
        let Some(largest) = largest
            .map(|sku| sku as usize)
            .filter(|largest| largest >> 2 <= rows)
        else {
            return Self::sparse(sku, supply);
        };
        let lanes = largest.saturating_add(1);
        Self {
            of: Cow::Borrowed(sku),
            stock: alloc::vec![0; lanes],
            known: alloc::vec![false; lanes],
        }
        .stocked(supply.iter().map(|row| (row.sku.0 as usize, row.quantity)))
    }

    fn sparse(sku: &'a [u32], supply: &[Supply]) -> Result<Self, Error> {
        let mut skus: Vec<u32> = supply.iter().map(|row| row.sku.0).collect();
        skus.sort_unstable();
        skus.dedup();
        // Lines without supply share a lane of nothing behind all others.
        let lane = |sku: u32| skus.binary_search(&sku).unwrap_or(skus.len());
        let narrow = |lane| u32::try_from(lane).unwrap_or(u32::MAX);
        let lanes = skus.len().saturating_add(1);
        let of = sku.iter().map(|&sku| narrow(lane(sku))).collect();
        Self {
            of: Cow::Owned(of),
            stock: alloc::vec![0; lanes],
            known: alloc::vec![false; lanes],
        }
        .stocked(supply.iter().map(|row| (lane(row.sku.0), row.quantity)))
    }

    fn stocked(mut self, supply: impl Iterator<Item = (usize, Quantity)>) -> Result<Self, Error> {
        for (lane, units) in supply {
            let stock = slot(&mut self.stock, lane)?;
            *stock = add(*stock, units)?;
            *slot(&mut self.known, lane)? = true;
        }
        Ok(self)
    }
}
