//! Where each lane's stock runs out, found from histograms of its units over keys.
//!
//! One pass adds up units by lane and bucket of keys, one says of every line whether it lies before,
//! behind or on its lane's edge. The edges are refined in the same way while many lines lie on them,
//! so that one far-off key costs passes, not a sort.

use alloc::vec::Vec;

use crate::error::Error;
use crate::quantity::{Quantity, at, slot};

/// The lines of a lane that the edge of its stock runs through: keys from `first` on, `span` more.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    first: u64,
    span: u64,
    /// Units left for the lines on the edge.
    pub(super) left: Quantity,
}

impl Edge {
    /// There is enough for all lines, whatever their keys.
    const NONE: Self = Self {
        first: u64::MAX,
        span: 0,
        left: Quantity::MAX,
    };
}

/// One less than there can be, so that a sum of units that stops at the limit is seen to be more.
const MOST: Quantity = Quantity::MAX.saturating_sub(1);

/// A line on its lane's edge.
#[derive(Clone, Copy)]
pub(super) struct OnEdge {
    pub(super) lane: u32,
    pub(super) row: u32,
}

/// Bytes of histogram that stay in the fast caches.
const HISTOGRAM_BYTES: usize = 1 << 21;
/// So many lines to a lane are worth sixteen buckets.
const BUSY: usize = 64;
/// After so many refinements the lines left are sorted.
const REFINEMENTS: u32 = 4;

/// Lines with units and keys.
#[derive(Clone, Copy)]
pub(super) struct Keyed<'a, U, K> {
    pub(super) lane: &'a [u32],
    pub(super) units: U,
    pub(super) key: K,
    /// Keys lie in `0..=width`.
    pub(super) width: u64,
}

impl<U: Fn(usize) -> Quantity + Copy, K: Fn(usize) -> u64 + Copy> Keyed<'_, U, K> {
    /// Finds every lane's edge. `decide` is told of each line off the edges whether it is served;
    /// the lines on the edges that want any units come back, in row order.
    pub(super) fn edges(
        &self,
        stock: &[Quantity],
        mut decide: impl FnMut(usize, bool),
    ) -> Result<(Vec<Edge>, Vec<OnEdge>), Error> {
        let mut edges = self.first_look(stock);
        let mut on_edge: Vec<OnEdge> = Vec::new();
        for (row, &lane) in self.lane.iter().enumerate() {
            let Some(edge) = edges.get(lane as usize) else {
                continue;
            };
            let key = (self.key)(row);
            if key < edge.first {
                decide(row, true);
            } else if key.wrapping_sub(edge.first) > edge.span || (self.units)(row) == 0 {
                decide(row, false);
            } else {
                let row = u32::try_from(row).map_err(|_| Error::Corrupt { at: "row number" })?;
                on_edge.push(OnEdge { lane, row });
            }
        }
        for _ in 0..REFINEMENTS {
            let before = on_edge.len();
            // To sort an eighth of the lines costs less than a pass over all.
            if before <= self.lane.len() >> 3 {
                break;
            }
            self.refine(&mut edges, &mut on_edge, &mut decide)?;
            if on_edge.len() > before >> 1 {
                break;
            }
        }
        for (edge, &stock) in edges.iter_mut().zip(stock) {
            edge.left = edge.left.saturating_add(stock.saturating_sub(MOST).max(0));
        }
        Ok((edges, on_edge))
    }

    fn first_look(&self, stock: &[Quantity]) -> Vec<Edge> {
        let buckets = Buckets::new(stock.len(), self.lane.len(), self.width);
        let mut sums = alloc::vec![0; buckets.len(stock.len())];
        for (row, &lane) in self.lane.iter().enumerate() {
            if let Some(sum) = sums.get_mut(buckets.of(lane, (self.key)(row))) {
                pile(sum, (self.units)(row));
            }
        }
        let mut edges: Vec<Edge> = Vec::with_capacity(stock.len());
        for (&stock, units) in stock.iter().zip(buckets.lanes(&sums)) {
            edges.push(buckets.edge(units, 0, stock.min(MOST)));
        }
        edges
    }

    /// Looks into each edge more closely, from its own first key on.
    fn refine(
        &self,
        edges: &mut [Edge],
        on_edge: &mut Vec<OnEdge>,
        decide: &mut impl FnMut(usize, bool),
    ) -> Result<(), Error> {
        // The edges shrink to the keys that do occur in them.
        let mut ends = alloc::vec![(u64::MAX, 0); edges.len()];
        for &OnEdge { lane, row } in on_edge.iter() {
            let ((first, last), key) = (slot(&mut ends, lane as usize)?, (self.key)(row as usize));
            (*first, *last) = (key.min(*first), key.max(*last));
        }
        let widths = ends.iter().map(|(first, last)| last.saturating_sub(*first));
        let width = widths.max().unwrap_or(0);
        let buckets = Buckets::new(edges.len(), on_edge.len(), width);
        let mut units = alloc::vec![0; buckets.len(edges.len())];
        for &OnEdge { lane, row } in on_edge.iter() {
            let offset = (self.key)(row as usize).abs_diff(at(&ends, lane as usize)?.0);
            if let Some(sum) = units.get_mut(buckets.of(lane, offset)) {
                pile(sum, (self.units)(row as usize));
            }
        }
        let looked_at = edges.iter_mut().zip(&ends).zip(buckets.lanes(&units));
        for ((edge, &(first, last)), units) in looked_at {
            if first <= last {
                *edge = buckets.edge(units, first, edge.left);
            }
        }
        let mut failed = None;
        on_edge.retain(|&OnEdge { lane, row }| {
            let key = (self.key)(row as usize);
            match at(edges, lane as usize) {
                Ok(edge) if key.wrapping_sub(edge.first) <= edge.span => return true,
                Ok(edge) => decide(row as usize, key < edge.first),
                Err(error) => failed = Some(error),
            }
            false
        });
        failed.map_or(Ok(()), Err)
    }
}

/// Adds units to a bucket, which stops at the limit.
#[inline]
fn pile(sum: &mut Quantity, units: Quantity) {
    *sum = sum.saturating_add(units);
}

/// Equal buckets of keys, the same number for every lane.
#[derive(Clone, Copy)]
struct Buckets {
    /// A bucket spans 2^shift keys.
    shift: u32,
    /// Every lane has 2^log buckets.
    log: u32,
}

impl Buckets {
    fn new(lanes: usize, lines: usize, width: u64) -> Self {
        let bits = u64::BITS.saturating_sub(width.leading_zeros());
        // Many lanes get at least this many, though their buckets pass the caches.
        let is_busy = lanes.saturating_mul(BUSY) <= lines;
        let mut log: u32 = match lanes.saturating_mul(8) <= lines {
            true if is_busy => 4,
            true => 3,
            false => 2,
        };
        // No more than the caches hold, than an eighth of the lines need, and than there are keys.
        while log < 12.min(bits)
            && lanes.saturating_mul(16 << log) <= HISTOGRAM_BYTES
            && lanes << log < lines >> 3
        {
            log = log.saturating_add(1);
        }
        Self {
            shift: bits.saturating_sub(log),
            log,
        }
    }

    fn len(self, lanes: usize) -> usize {
        lanes << self.log
    }

    #[inline]
    fn of(self, lane: u32, offset: u64) -> usize {
        // The offset is at most the width, so the bucket lies below 2^log.
        ((lane as usize) << self.log) | usize::try_from(offset >> self.shift).unwrap_or(usize::MAX)
    }

    /// The buckets of each lane.
    fn lanes(self, units: &[Quantity]) -> impl Iterator<Item = &[Quantity]> {
        units.chunks_exact(1 << self.log)
    }

    /// The bucket in which the units of one lane run out; its first bucket starts at `first`.
    fn edge(self, units: &[Quantity], first: u64, mut left: Quantity) -> Edge {
        let span = (1_u64 << self.shift).saturating_sub(1);
        let mut first = first;
        for &sum in units {
            if sum > left {
                return Edge { first, span, left };
            }
            left = left.saturating_sub(sum);
            first = first.saturating_add(span).saturating_add(1);
        }
        Edge::NONE
    }
}
