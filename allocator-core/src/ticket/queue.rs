//! Lines one after the other: what every rule comes down to at last.
//!
//! Lines in order are served in one pass. Otherwise the edge of each lane's stock is found without
//! sorting ([`super::edge`]), and only the lines on it are put in order.

use alloc::vec::Vec;
use core::ops::Range;

use crate::error::Error;
use crate::quantity::{Quantity, slot, sub};

use super::edge::{Keyed, OnEdge};
use super::order::{Order, Packed};
use super::value;

/// The units of lines that stand in a queue.
pub(super) trait Units: Copy {
    fn of(self, row: usize) -> Quantity;
    /// Those of some rows that follow each other.
    fn block(self, rows: Range<usize>) -> impl Iterator<Item = Quantity>;
}

impl Units for &[Quantity] {
    #[inline]
    fn of(self, row: usize) -> Quantity {
        value(self, row)
    }

    #[inline]
    fn block(self, rows: Range<usize>) -> impl Iterator<Item = Quantity> {
        self.get(rows).unwrap_or_default().iter().copied()
    }
}

/// One unit or none.
impl Units for &[bool] {
    #[inline]
    fn of(self, row: usize) -> Quantity {
        Quantity::from(self.get(row).copied().unwrap_or(false))
    }

    #[inline]
    fn block(self, rows: Range<usize>) -> impl Iterator<Item = Quantity> {
        let flags = self.get(rows).unwrap_or_default();
        flags.iter().map(|&flag| Quantity::from(flag))
    }
}

/// Units worked out row by row.
#[derive(Clone, Copy)]
pub(super) struct Each<F>(pub(super) F);

impl<F: Fn(usize) -> Quantity + Copy> Units for Each<F> {
    fn of(self, row: usize) -> Quantity {
        self.0(row)
    }

    fn block(self, rows: Range<usize>) -> impl Iterator<Item = Quantity> {
        rows.map(self.0)
    }
}

/// So many rows are looked at before they are served, so that they are read from the caches.
const BLOCK: usize = 1 << 10;
const FIRST_BLOCK: usize = 1 << 5;

/// Serves each lane's lines in order until its stock runs out. What a line gets is written to
/// `covered`, or added to what is there. O(n) for all but hostile keys.
pub(super) fn cover<const ADD: bool, U: Units>(
    lane: &[u32],
    waiting: U,
    order: &Order<'_>,
    stock: &[Quantity],
    covered: &mut [Quantity],
) -> Result<(), Error> {
    // What is written may be written again; what is added may not.
    if !ADD || order.holds(0, lane.len()) {
        let mut left = stock.to_vec();
        if stream::<ADD, U>(lane, waiting, order, &mut left, covered)? {
            return Ok(());
        }
    }
    let units = move |row| waiting.of(row);
    let packed = order.pack();
    let width = packed.width;
    match *packed.keys {
        [one] => {
            let key = move |row| one.of(row);
            let lines = Keyed {
                lane,
                units,
                key,
                width,
            };
            select::<ADD, _, _>(&lines, &packed, stock, covered)
        }
        [one, two] => {
            let key = move |row| one.of(row).wrapping_add(two.of(row));
            let lines = Keyed {
                lane,
                units,
                key,
                width,
            };
            select::<ADD, _, _>(&lines, &packed, stock, covered)
        }
        ref many => {
            let sum = |row| {
                many.iter()
                    .fold(0_u64, |key, part| key.wrapping_add(part.of(row)))
            };
            let keys: Vec<u64> = (0..lane.len()).map(sum).collect();
            let keys = &*keys;
            let key = move |row: usize| keys.get(row).copied().unwrap_or(0);
            let lines = Keyed {
                lane,
                units,
                key,
                width,
            };
            select::<ADD, _, _>(&lines, &packed, stock, covered)
        }
    }
}

/// Serves rows as they come; `false` where they turn out not to be in order.
fn stream<const ADD: bool, U: Units>(
    lane: &[u32],
    units: U,
    order: &Order<'_>,
    left: &mut [Quantity],
    covered: &mut [Quantity],
) -> Result<bool, Error> {
    let mut start = 0_usize;
    while start < lane.len() {
        // The first few rows tell most tables without order.
        let rows = if start == 0 { FIRST_BLOCK } else { BLOCK };
        let end = start.saturating_add(rows).min(lane.len());
        if !ADD && !order.holds(start, end) {
            return Ok(false);
        }
        let rows = start..end;
        let (Some(lanes), Some(covered)) = (lane.get(rows.clone()), covered.get_mut(rows.clone()))
        else {
            return Err(Error::Corrupt { at: "row" });
        };
        for ((&lane, covered), units) in lanes.iter().zip(covered).zip(units.block(rows)) {
            let left = slot(left, lane as usize)?;
            let served = units.min(*left);
            *left = left.checked_sub(served).ok_or(Error::Corrupt {
                at: "units taken away",
            })?;
            put::<ADD>(covered, served);
        }
        start = end;
    }
    Ok(true)
}

#[inline]
fn put<const ADD: bool>(covered: &mut Quantity, units: Quantity) {
    // What is added is a part of the line's claim, so it cannot pass the limit.
    *covered = if ADD {
        covered.saturating_add(units)
    } else {
        units
    };
}

/// Serves lines in no order.
fn select<const ADD: bool, U: Fn(usize) -> Quantity + Copy, K: Fn(usize) -> u64 + Copy>(
    lines: &Keyed<'_, U, K>,
    packed: &Packed<'_>,
    stock: &[Quantity],
    covered: &mut [Quantity],
) -> Result<(), Error> {
    let decide = |row, served| {
        if let Some(covered) = covered.get_mut(row) {
            if ADD {
                // All ones or none: among ties nobody can guess who is served.
                let mask = Quantity::from(served).wrapping_neg();
                put::<ADD>(covered, (lines.units)(row) & mask);
            } else {
                *covered = if served { (lines.units)(row) } else { 0 };
            }
        }
    };
    let (mut edges, on_edge) = lines.edges(stock, decide)?;
    let mut serve = |lane: u32, row: u32| {
        let edge = slot(&mut edges, lane as usize)?;
        let units = (lines.units)(row as usize).min(edge.left);
        edge.left = sub(edge.left, units)?;
        put::<ADD>(slot(covered, row as usize)?, units);
        Ok::<(), Error>(())
    };
    let mut keyed: Vec<(u64, OnEdge)> = on_edge
        .into_iter()
        .map(|on_edge| ((lines.key)(on_edge.row as usize), on_edge))
        .collect();
    let finer = |a: &OnEdge, b: &OnEdge| packed.compare_finer(a.row as usize, b.row as usize);
    keyed.sort_unstable_by(|(key, a), (other, b)| key.cmp(other).then_with(|| finer(a, b)));
    for (_, OnEdge { lane, row }) in keyed {
        serve(lane, row)?;
    }
    Ok(())
}
