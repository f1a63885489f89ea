//! Demand as columns, owned.

use allocator_core::limits::NO_ID;
use allocator_core::{Completeness, DemandColumns, DemandLine, Misfit};

/// One vector per column; what is `None` is left out of the call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) line: Option<Vec<u32>>,
    pub(crate) order: Option<Vec<u32>>,
    pub(crate) customer: Option<Vec<u32>>,
    pub(crate) sku: Vec<u32>,
    pub(crate) quantity: Vec<i64>,
    pub(crate) priority: Option<Vec<i64>>,
    pub(crate) placed_at: Option<Vec<i64>>,
    pub(crate) sequence: Option<Vec<i64>>,
    pub(crate) lot: Option<Vec<i64>>,
    pub(crate) score: Option<Vec<i64>>,
    pub(crate) weight: Option<Vec<i64>>,
    pub(crate) completeness: Option<Vec<u8>>,
    pub(crate) on_misfit: Option<Vec<u8>>,
}

impl Columns {
    /// The same lines, every column said.
    pub(crate) fn of(lines: &[DemandLine]) -> Self {
        fn column<T>(lines: &[DemandLine], value: impl Fn(usize, &DemandLine) -> T) -> Vec<T> {
            lines
                .iter()
                .enumerate()
                .map(|(row, line)| value(row, line))
                .collect()
        }
        Self {
            line: Some(column(lines, |_, line| line.line.0)),
            order: Some(column(lines, |_, line| line.order.map_or(NO_ID, |id| id.0))),
            customer: Some(column(lines, |_, line| {
                line.customer.map_or(NO_ID, |id| id.0)
            })),
            sku: column(lines, |_, line| line.sku.0),
            quantity: column(lines, |_, line| line.quantity),
            priority: Some(column(lines, |_, line| line.priority)),
            placed_at: Some(column(lines, |_, line| line.placed_at.as_micros())),
            sequence: Some(column(lines, |row, line| {
                line.sequence.unwrap_or(row as i64)
            })),
            lot: Some(column(lines, |_, line| line.lot)),
            score: Some(column(lines, |_, line| line.score)),
            weight: Some(column(lines, |_, line| line.weight)),
            completeness: Some(column(lines, |_, line| {
                Completeness::code(line.completeness)
            })),
            on_misfit: Some(column(lines, |_, line| Misfit::code(line.on_misfit))),
        }
    }

    /// Leaves out every column but the line ids that only says what its absence says.
    pub(crate) fn sparse(mut self) -> Self {
        fn drop_if<T>(column: &mut Option<Vec<T>>, default: impl Fn(usize, &T) -> bool) {
            column.take_if(|values| {
                values
                    .iter()
                    .enumerate()
                    .all(|(row, value)| default(row, value))
            });
        }
        drop_if(&mut self.order, |_, &id| id == NO_ID);
        drop_if(&mut self.customer, |_, &id| id == NO_ID);
        drop_if(&mut self.priority, |_, &value| value == 0);
        drop_if(&mut self.placed_at, |_, &value| value == 0);
        drop_if(&mut self.sequence, |row, &value| value == row as i64);
        drop_if(&mut self.lot, |_, &value| value == 0);
        drop_if(&mut self.score, |_, &value| value == 0);
        drop_if(&mut self.weight, |_, &value| value == 1);
        drop_if(&mut self.completeness, |_, &code| code == 0);
        drop_if(&mut self.on_misfit, |_, &code| code == 0);
        self
    }

    pub(crate) fn borrow(&self) -> DemandColumns<'_> {
        DemandColumns {
            line: self.line.as_deref(),
            order: self.order.as_deref(),
            customer: self.customer.as_deref(),
            sku: &self.sku,
            quantity: &self.quantity,
            priority: self.priority.as_deref(),
            placed_at: self.placed_at.as_deref(),
            sequence: self.sequence.as_deref(),
            lot: self.lot.as_deref(),
            score: self.score.as_deref(),
            unit_lots: None,
            weight: self.weight.as_deref(),
            completeness: self.completeness.as_deref(),
            on_misfit: self.on_misfit.as_deref(),
        }
    }
}
