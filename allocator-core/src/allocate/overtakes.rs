//! Overtakes page by page: prepared once, then read from any pair on.

use alloc::vec::Vec;

use super::outcome::{Allocation, Overtake};
use crate::reason::OvertakeCause;

/// The pairs of [`Allocation::overtakes`], in the same order, for those who read them in pages.
///
/// The served lines behind a waiting one are the last of its queue, so a pair is a waiting line and
/// one of a stretch of served lines. Only the stretches are stored: at most 28 bytes per line, and
/// nothing where nobody was overtaken.
///
/// ```
/// use allocator_core::{allocate, Completeness, DemandLine, Misfit, Overtakes, Policy, Supply};
/// let lines = [(1, 9), (2, 1), (3, 1), (4, 1)].map(|(line, units)| DemandLine::new(line, 7, units));
/// let policy = Policy::first_come().completeness(Completeness::Line).on_misfit(Misfit::Pass);
/// let result = allocate(&lines, &[Supply::received(7, 3)], &policy)?;
/// let overtakes = Overtakes::new(&result);
/// let page: Vec<u32> = overtakes.starting_at(1).take(2).map(|pair| pair.later).collect();
/// assert_eq!((overtakes.count(), page), (3, vec![2, 3]));
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Overtakes {
    /// Served lines with a waiting one before them, queue by queue in place order.
    served: Vec<u32>,
    /// Lines that were overtaken, queue by queue in place order.
    overtaken: Vec<Overtaken>,
    count: u64,
}

/// A line that waits, and the stretch of `served` behind it.
#[derive(Clone, Copy, Debug)]
struct Overtaken {
    row: u32,
    first: u32,
    end: u32,
    /// How many pairs come before its own.
    before: u64,
}

impl Overtakes {
    /// Prepares the pairs: O(lines).
    #[must_use]
    pub fn new(allocation: &Allocation) -> Self {
        let mut this = Self::default();
        if let Some(lanes) = allocation.lanes() {
            for lane in 0..lanes.count() {
                this.queue(allocation, lanes.rows(lane));
            }
        }
        this
    }

    fn queue(&mut self, allocation: &Allocation, rows: impl Iterator<Item = u32>) {
        let known = self.overtaken.len();
        for row in rows {
            let Some(outcome) = allocation.outcome(row as usize) else {
                continue;
            };
            if outcome.allocated > 0 && self.overtaken.len() > known {
                self.served.push(row);
            }
            if outcome.waiting > 0 {
                let first = index(self.served.len());
                self.overtaken.push(Overtaken {
                    row,
                    first,
                    end: first,
                    before: 0,
                });
            }
        }
        let end = index(self.served.len());
        while self.overtaken.len() > known
            && self.overtaken.last().is_some_and(|last| last.first == end)
        {
            self.overtaken.pop();
        }
        for line in self.overtaken.iter_mut().skip(known) {
            line.end = end;
            line.before = self.count;
            self.count = self.count.saturating_add(line.pairs());
        }
    }

    /// How many pairs there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The pairs from the one numbered `pair` on: O(log lines), then O(1) each.
    pub fn starting_at(&self, pair: u64) -> impl Iterator<Item = Overtake> + use<'_> {
        let next = self.overtaken.partition_point(|line| line.before <= pair);
        let start = next.saturating_sub(1);
        let lines = self.overtaken.get(start..).unwrap_or(&[]);
        let mut skipped = pair.saturating_sub(lines.first().map_or(0, |line| line.before));
        lines.iter().flat_map(move |line| {
            let skip = core::mem::take(&mut skipped).min(line.pairs());
            let first = u64::from(line.first).saturating_add(skip);
            let stretch = usize::try_from(first).unwrap_or(usize::MAX)..line.end as usize;
            let served = self.served.get(stretch).unwrap_or(&[]);
            served.iter().map(|&later| Overtake {
                later,
                earlier: line.row,
                because: OvertakeCause::Misfit,
            })
        })
    }
}

impl Overtaken {
    fn pairs(&self) -> u64 {
        self.end.saturating_sub(self.first).into()
    }
}

/// A position among the lines, of which there are fewer than 2^32.
fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Completeness, DemandLine, Misfit, Policy, Supply, allocate};

    /// 80 lines of three SKUs, every fifth of an order over all of them; what is left of the large ones
    /// serves small ones.
    fn decided() -> Allocation {
        let lines: Vec<DemandLine> = (0..80_u32)
            .map(|i| {
                let line = DemandLine::new(i, i % 3, if i < 30 { 9 } else { 1 });
                match i % 5 {
                    0 => line.order(i / 15).completeness(Completeness::Order),
                    _ => line.completeness(Completeness::Line),
                }
            })
            .map(|line| line.on_misfit(Misfit::Pass))
            .collect();
        let supply = [
            Supply::received(0, 40),
            Supply::received(1, 31),
            Supply::received(2, 22),
        ];
        allocate(&lines, &supply, &Policy::first_come()).unwrap()
    }

    #[test]
    fn every_page_continues_the_walk() {
        let allocation = decided();
        let all: Vec<Overtake> = allocation.overtakes().collect();
        let overtakes = Overtakes::new(&allocation);
        assert!(all.len() > 20, "{}", all.len());
        assert_eq!(overtakes.count(), all.len() as u64);
        assert_eq!(overtakes.count(), allocation.overtake_count());
        for start in 0..=all.len() {
            let page: Vec<Overtake> = overtakes.starting_at(start as u64).collect();
            assert_eq!(page, all[start..], "from pair {start}");
        }
        for beyond in [all.len() as u64 + 1, u64::MAX] {
            assert_eq!(overtakes.starting_at(beyond).next(), None);
        }
    }

    #[test]
    fn where_nobody_was_overtaken_nothing_is_stored() {
        let lines = [
            DemandLine::new(1_u32, 7_u32, 2),
            DemandLine::new(2_u32, 7_u32, 2),
        ];
        let result =
            allocate(&lines, &[Supply::received(7_u32, 3)], &Policy::first_come()).unwrap();
        let overtakes = Overtakes::new(&result);
        assert_eq!(
            (overtakes.count(), overtakes.starting_at(0).next()),
            (0, None)
        );
        assert!(overtakes.served.is_empty() && overtakes.overtaken.is_empty());
        assert_eq!(Overtakes::new(&Allocation::default()).count(), 0);
    }
}
