//! The plain queue over columns, by selection: where each lane's stock runs out is found from
//! histograms of its units, and only the lines on that edge are put in order.
//!
//! Lines in order are served in one pass. Otherwise one pass finds the range of the keys, one adds up
//! units by lane and bucket of keys, one writes what each line gets. The buckets on the edges are
//! refined the same way while many lines lie in them, so that one far-off instant costs passes, not a
//! sort.

use alloc::vec::Vec;

use crate::error::Error;
use crate::quantity::{Quantity, at, slot, sub};

/// The lines of a lane that the edge of its stock runs through: keys `first..=last`. Where `last` is
/// before `first` there is enough for all.
#[derive(Clone, Copy)]
struct Edge {
    first: i64,
    last: i64,
    /// Units left for the lines on the edge.
    left: Quantity,
}

/// Bytes of histogram that stay in the fast caches.
const HISTOGRAM_BYTES: usize = 1 << 19;
/// After so many refinements the lines left are sorted.
const REFINEMENTS: u32 = 4;

/// The lines of many lanes, column by column.
#[derive(Clone, Copy)]
pub(crate) struct Lines<'a> {
    /// The lane of each line: an index into the stock.
    pub(crate) lane: &'a [u32],
    pub(crate) quantity: &'a [Quantity],
    /// What lines are ordered by first; `None`: nothing.
    pub(crate) key: Option<&'a [i64]>,
    /// Parts equal keys; `None`: the row does.
    pub(crate) sequence: Option<&'a [i64]>,
}

/// Covers each lane's lines in order until its stock runs out. O(n) for all but hostile keys.
pub(crate) fn cover(
    lines: &Lines<'_>,
    stock: &[Quantity],
    covered: &mut [Quantity],
) -> Result<(), Error> {
    let Lines { lane, quantity, .. } = *lines;
    let Some(key) = lines
        .key
        .or(lines.sequence)
        .filter(|_| !lines.are_in_order())
    else {
        return stream(lane, quantity, stock, covered);
    };
    let (first, last) = range(key);
    let buckets = Buckets::new(stock.len(), last.abs_diff(first));
    let mut units = alloc::vec![0; buckets.len(stock.len())];
    for ((&lane, &quantity), &key) in lane.iter().zip(quantity).zip(key) {
        if let Some(sum) = units.get_mut(buckets.of(lane, key.abs_diff(first))) {
            *sum = Quantity::saturating_add(*sum, quantity);
        }
    }
    let mut edges: Vec<Edge> = stock
        .iter()
        .map(|&left| Edge { first, last, left })
        .collect();
    buckets.narrow(&units, &mut edges);
    drop(units);

    let mut on_edge: Vec<(u32, u32)> = Vec::new();
    let rows = (0_u32..)
        .zip(lane)
        .zip(quantity.iter().zip(key))
        .zip(covered.iter_mut());
    for (((row, &lane), (&quantity, &key)), covered) in rows {
        let Some(edge) = edges.get(lane as usize) else {
            continue;
        };
        *covered = if key < edge.first || edge.last < edge.first {
            quantity
        } else {
            0
        };
        if key >= edge.first && key <= edge.last {
            on_edge.push((lane, row));
        }
    }
    for _ in 0..REFINEMENTS {
        let before = on_edge.len();
        // To sort an eighth of the lines costs less than a pass over all.
        if before <= lane.len() >> 3 {
            break;
        }
        refine(key, quantity, &mut edges, &mut on_edge, covered)?;
        if on_edge.len() > before >> 1 {
            break;
        }
    }
    settle(lines, key, on_edge, &mut edges, covered)
}

/// Serves the lines on the edges one by one, in order.
fn settle(
    lines: &Lines<'_>,
    key: &[i64],
    on_edge: Vec<(u32, u32)>,
    edges: &mut [Edge],
    covered: &mut [Quantity],
) -> Result<(), Error> {
    let mut keyed = Vec::with_capacity(on_edge.len());
    for (lane, row) in on_edge {
        let sequence = lines
            .sequence
            .map_or(Ok(0), |sequence| at(sequence, row as usize))?;
        keyed.push((lane, at(key, row as usize)?, sequence, row));
    }
    if !keyed.is_sorted_by_key(|&(_, key, sequence, row)| (key, sequence, row)) {
        keyed.sort_unstable();
    }
    for (lane, _, _, row) in keyed {
        let edge = slot(edges, lane as usize)?;
        let units = at(lines.quantity, row as usize)?.min(edge.left);
        edge.left = sub(edge.left, units)?;
        *slot(covered, row as usize)? = units;
    }
    Ok(())
}

impl Lines<'_> {
    fn are_in_order(&self) -> bool {
        match (self.key, self.sequence) {
            // Rows part equal keys, and sort_by keeps them so.
            (Some(keys), None) | (None, Some(keys)) => keys.is_sorted(),
            (Some(key), Some(sequence)) => key.iter().zip(sequence).is_sorted(),
            (None, None) => true,
        }
    }
}

fn stream(
    lane: &[u32],
    quantity: &[Quantity],
    stock: &[Quantity],
    covered: &mut [Quantity],
) -> Result<(), Error> {
    let mut left = stock.to_vec();
    for ((&lane, &quantity), covered) in lane.iter().zip(quantity).zip(covered) {
        let left = slot(&mut left, lane as usize)?;
        *covered = quantity.min(*left);
        *left = sub(*left, *covered)?;
    }
    Ok(())
}

fn range(key: &[i64]) -> (i64, i64) {
    let ends = |(low, high): (i64, i64), &key: &i64| (low.min(key), high.max(key));
    key.iter().fold((i64::MAX, i64::MIN), ends)
}

/// Looks into each edge more closely, from its own first instant on.
fn refine(
    key: &[i64],
    quantity: &[Quantity],
    edges: &mut [Edge],
    on_edge: &mut Vec<(u32, u32)>,
    covered: &mut [Quantity],
) -> Result<(), Error> {
    // The edges shrink to the instants that do occur in them.
    for edge in edges.iter_mut() {
        (edge.first, edge.last) = (i64::MAX, i64::MIN);
    }
    for &(lane, row) in on_edge.iter() {
        let (edge, key) = (slot(edges, lane as usize)?, at(key, row as usize)?);
        (edge.first, edge.last) = (edge.first.min(key), edge.last.max(key));
    }
    let widest = edges
        .iter()
        .filter(|edge| edge.first <= edge.last)
        .map(|edge| edge.last.abs_diff(edge.first))
        .max();
    let buckets = Buckets::new(edges.len(), widest.unwrap_or(0));
    let mut units = alloc::vec![0; buckets.len(edges.len())];
    for &(lane, row) in on_edge.iter() {
        let offset = at(key, row as usize)?.abs_diff(at(edges, lane as usize)?.first);
        if let Some(sum) = units.get_mut(buckets.of(lane, offset)) {
            *sum = Quantity::saturating_add(*sum, at(quantity, row as usize)?);
        }
    }
    buckets.narrow(&units, edges);
    let mut kept = Vec::with_capacity(on_edge.len());
    for &(lane, row) in on_edge.iter() {
        let (edge, key) = (at(edges, lane as usize)?, at(key, row as usize)?);
        if key < edge.first {
            *slot(covered, row as usize)? = at(quantity, row as usize)?;
        } else if key <= edge.last {
            kept.push((lane, row));
        }
    }
    *on_edge = kept;
    Ok(())
}

/// Equal buckets of time, the same number for every lane.
#[derive(Clone, Copy)]
struct Buckets {
    /// A bucket spans 2^shift instants.
    shift: u32,
    /// Every lane has 2^log buckets.
    log: u32,
}

impl Buckets {
    fn new(lanes: usize, width: u64) -> Self {
        let mut log: u32 = 3;
        while log < 12 && lanes.saturating_mul(16 << log) <= HISTOGRAM_BYTES {
            log = log.saturating_add(1);
        }
        let bits = u64::BITS.saturating_sub(width.leading_zeros());
        Self {
            shift: bits.saturating_sub(log),
            log,
        }
    }

    fn len(self, lanes: usize) -> usize {
        lanes << self.log
    }

    fn of(self, lane: u32, offset: u64) -> usize {
        // The offset is at most the width, so the bucket lies below 2^log.
        ((lane as usize) << self.log) | usize::try_from(offset >> self.shift).unwrap_or(usize::MAX)
    }

    /// Moves every edge to the bucket in which its lane's units run out.
    fn narrow(self, units: &[Quantity], edges: &mut [Edge]) {
        let span = 1_u64 << self.shift;
        for (edge, units) in edges.iter_mut().zip(units.chunks_exact(1 << self.log)) {
            let mut start = edge.first;
            // Enough for all, unless a bucket is found that does not fit.
            (edge.first, edge.last) = (i64::MAX, i64::MIN);
            for &sum in units {
                // A sum at the limit may have been cut there: look into it.
                if sum > edge.left || sum == Quantity::MAX {
                    edge.first = start;
                    edge.last = start.saturating_add_unsigned(span.saturating_sub(1));
                    break;
                }
                edge.left = edge.left.saturating_sub(sum);
                start = start.saturating_add_unsigned(span);
            }
        }
    }
}
