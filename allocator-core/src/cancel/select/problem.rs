//! The orders as read: checked, rows of the same SKU added up.

use alloc::vec;
use alloc::vec::Vec;

use crate::error::{Error, Table};
use crate::limits::{MAX_QUANTITY, MAX_REFUND, MAX_ROWS};
use crate::quantity::{Quantity, Total, at, slot, tally};

use super::{Optimality, OrderToCut, Selection};

/// One order's units of one SKU; never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Units {
    pub(super) sku: usize,
    pub(super) units: Quantity,
}

/// Orders oldest first, their units flattened.
pub(super) struct Problem<'a> {
    pub(super) need: &'a [Quantity],
    units: Vec<Units>,
    /// Where each order's units start, and the end.
    starts: Vec<usize>,
    refund: Vec<Total>,
}

impl<'a> Problem<'a> {
    pub(super) fn read(orders: &[OrderToCut<'_>], need: &'a [Quantity]) -> Result<Self, Error> {
        for (table, rows) in [(Table::Need, need.len()), (Table::Orders, orders.len())] {
            if rows > MAX_ROWS {
                return Err(Error::TooManyRows {
                    table,
                    rows,
                    max: MAX_ROWS,
                });
            }
        }
        for (row, units) in need.iter().enumerate() {
            within(Table::Need, row, "units", Total::from(*units), MAX_UNITS)?;
        }
        let mut problem = Self {
            need,
            units: Vec::with_capacity(orders.len()),
            starts: Vec::with_capacity(orders.len().saturating_add(1)),
            refund: Vec::with_capacity(orders.len()),
        };
        let mut available = vec![0; need.len()];
        problem.starts.push(0);
        for (row, order) in orders.iter().enumerate() {
            problem.push(row, order, &mut available)?;
        }
        for (row, (units, available)) in need.iter().zip(available).enumerate() {
            within(Table::Need, row, "units", Total::from(*units), available)?;
        }
        Ok(problem)
    }

    fn push(
        &mut self,
        row: usize,
        order: &OrderToCut<'_>,
        available: &mut [Total],
    ) -> Result<(), Error> {
        let start = self.units.len();
        for &(sku, units) in order.units {
            let number = Total::try_from(sku).unwrap_or(Total::MAX);
            let last = Total::try_from(self.need.len()).unwrap_or(Total::MAX);
            within(Table::Orders, row, "sku", number, last.saturating_sub(1))?;
            within(Table::Orders, row, "units", Total::from(units), MAX_UNITS)?;
            tally(slot(available, sku)?, units);
            if units > 0 {
                self.units.push(Units { sku, units });
            }
        }
        within(Table::Orders, row, "refund", order.refund, MAX_REFUND)?;
        if self.units.len() > start.saturating_add(1) {
            self.add_up(row, start)?;
        }
        self.starts.push(self.units.len());
        self.refund.push(order.refund);
        Ok(())
    }

    /// One entry per SKU, by SKU, from `start` on.
    fn add_up(&mut self, row: usize, start: usize) -> Result<(), Error> {
        let mut rows = self.units.split_off(start);
        rows.sort_unstable();
        for next in rows {
            match self.units.get_mut(start..).and_then(<[Units]>::last_mut) {
                Some(last) if last.sku == next.sku => {
                    let sum = Total::from(last.units).saturating_add(Total::from(next.units));
                    within(Table::Orders, row, "units", sum, MAX_UNITS)?;
                    last.units = Quantity::try_from(sum).unwrap_or(MAX_QUANTITY);
                }
                _ => self.units.push(next),
            }
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.refund.len()
    }

    pub(super) fn units(&self, row: usize) -> &[Units] {
        let ends = (self.starts.get(row), self.starts.get(row.saturating_add(1)));
        match ends {
            (Some(start), Some(end)) => self.units.get(*start..*end).unwrap_or(&[]),
            _ => &[],
        }
    }

    pub(super) fn refund(&self, row: usize) -> Result<Total, Error> {
        at(&self.refund, row)
    }

    /// The plan that cancels these orders.
    pub(super) fn selection(
        &self,
        mut cancelled: Vec<usize>,
        optimality: Optimality,
    ) -> Result<Selection, Error> {
        cancelled.sort_unstable();
        let mut freed = vec![0; self.need.len()];
        let mut refund: Total = 0;
        for row in &cancelled {
            for Units { sku, units } in self.units(*row) {
                tally(slot(&mut freed, *sku)?, *units);
            }
            refund = refund.saturating_add(self.refund(*row)?);
        }
        Ok(Selection {
            cancelled,
            freed,
            refund,
            optimality,
        })
    }
}

const MAX_UNITS: Total = MAX_QUANTITY as Total;

fn within(
    table: Table,
    row: usize,
    field: &'static str,
    value: Total,
    max: Total,
) -> Result<(), Error> {
    if (0..=max).contains(&value) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        table,
        row,
        field,
        value,
        min: 0,
        max,
    })
}
