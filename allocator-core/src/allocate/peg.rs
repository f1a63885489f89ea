//! Peg: which supply row serves which line, and why what is left is idle. Never changes an amount.

use alloc::vec::Vec;

use crate::demand::Rows;
use crate::error::Error;
use crate::id::SkuId;
use crate::quantity::{Quantity, at, slot, sub, tally};
use crate::reason::IdleCause;
use crate::supply::Supply;

use super::outcome::{Allocation, Idle, Peg};
use super::stand::Lanes;

impl Allocation {
    /// Lays out pegs and idle units once the outcomes stand.
    pub(super) fn lay_out<L: Rows + ?Sized>(
        &mut self,
        lines: &L,
        supply: &[Supply],
        lanes: Lanes,
    ) -> Result<(), Error> {
        debug_assert_eq!(lines.count(), self.allocated.len());
        for row in supply {
            tally(&mut self.received, row.quantity);
        }
        self.pegs = Some(pegs(supply, &lanes, &self.allocated)?);
        // One entry for each line with units aside, and at most one more for each lane.
        let aside = self.set_aside.iter().filter(|&&units| units > 0).count();
        let mut idle = Vec::with_capacity(aside.saturating_add(lanes.count()));
        for lane in 0..lanes.count() {
            self.idle_of(&lanes, lane, &mut idle)?;
        }
        self.idle = Some(idle);
        self.lanes = Some(lanes);
        Ok(())
    }

    fn idle_of(&self, lanes: &Lanes, lane: usize, idle: &mut Vec<Idle>) -> Result<(), Error> {
        let sku = SkuId(at(&lanes.sku, lane)?);
        let mut free = at(&lanes.received, lane)?;
        let mut wanted = false;
        for row in lanes.rows(lane) {
            let Some(outcome) = self.outcome(row as usize) else {
                continue;
            };
            free = sub(sub(free, outcome.allocated)?, outcome.set_aside)?;
            wanted |= outcome.waiting > 0 || outcome.set_aside > 0;
            if outcome.set_aside > 0 {
                idle.push(Idle {
                    sku,
                    cause: IdleCause::SetAside,
                    row: Some(row),
                    units: outcome.set_aside,
                });
            }
        }
        if free > 0 {
            let cause = if wanted {
                IdleCause::DoesNotFit
            } else {
                IdleCause::NoDemand
            };
            idle.push(Idle {
                sku,
                cause,
                row: None,
                units: free,
            });
        }
        Ok(())
    }
}

/// The supply rows of each lane, used up one after the other by the lane's lines in place order.
fn pegs(supply: &[Supply], lanes: &Lanes, allocated: &[Quantity]) -> Result<Vec<Peg>, Error> {
    let mut stock = Stock::new(supply, lanes)?;
    // Every peg ends a line or a supply row.
    let served = allocated.iter().filter(|&&units| units > 0).count();
    let mut pegs = Vec::with_capacity(served.saturating_add(supply.len()));
    for lane in 0..lanes.count() {
        for row in lanes.rows(lane) {
            let mut units = at(allocated, row as usize)?;
            while units > 0 {
                let (supply, taken) = stock.take(lane, units)?;
                pegs.push(Peg {
                    row,
                    supply,
                    units: taken,
                });
                units = sub(units, taken)?;
            }
        }
    }
    pegs.sort_unstable();
    Ok(pegs)
}

/// Supply rows in the order of use, and how much of them is left.
struct Stock {
    rows: Vec<(u32, Quantity)>,
    /// Where each lane takes from next, and where its rows end.
    next: Vec<(usize, usize)>,
}

impl Stock {
    fn new(supply: &[Supply], lanes: &Lanes) -> Result<Self, Error> {
        let mut rows: Vec<u32> = (0..u32::try_from(supply.len())
            .map_err(|_| Error::Corrupt { at: "supply rows" })?)
            .collect();
        let key = |&row: &u32| {
            supply
                .get(row as usize)
                .map(|s| (s.sku, s.sequence, s.supply.map_or(row, |id| id.0), row))
        };
        rows.sort_unstable_by_key(key);
        let mut stock = Self {
            rows: Vec::with_capacity(rows.len()),
            next: alloc::vec![(0, 0); lanes.count()],
        };
        for row in rows {
            let Supply { sku, quantity, .. } = at(supply, row as usize)?;
            let position = stock.rows.len();
            let next = slot(&mut stock.next, lanes.of(sku.0)?)?;
            if next.1 == 0 {
                next.0 = position;
            }
            next.1 = position.saturating_add(1);
            stock.rows.push((row, quantity));
        }
        Ok(stock)
    }

    /// Up to `units` from the first row of the lane that has any.
    fn take(&mut self, lane: usize, units: Quantity) -> Result<(u32, Quantity), Error> {
        let (next, end) = slot(&mut self.next, lane)?;
        while *next < *end {
            let (row, left) = slot(&mut self.rows, *next)?;
            if *left > 0 {
                let taken = units.min(*left);
                *left = sub(*left, taken)?;
                return Ok((*row, taken));
            }
            *next = next.saturating_add(1);
        }
        Err(Error::Corrupt {
            at: "supply used up",
        })
    }
}
