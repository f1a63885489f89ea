//! What counts at one instant: the lines placed by then, less what was cancelled by then, and what
//! had come.

use std::cmp::Ordering;

use allocator_core::{DemandColumns, PlaceOrder, PlacePart, Supply};

use crate::input::Input;

/// Units cancelled by an instant, of every row; `None`: by the end.
pub(crate) fn cancelled_by(input: &Input, as_of: Option<i64>) -> Vec<i64> {
    let mut cancelled = vec![0; input.demand.len()];
    for entry in input.cancellations.iter().flatten() {
        if as_of.is_none_or(|as_of| entry.at <= as_of) {
            // Checked while reading: never more than the line asks for.
            cancelled[entry.row] += entry.quantity;
        }
    }
    cancelled
}

/// Input for the core, with the way back to the files.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// The row of each line in [`crate::demand::Demand`].
    pub(crate) row: Vec<usize>,
    /// Units cancelled of each line.
    pub(crate) cancelled: Vec<i64>,
    line: Vec<u32>,
    order: Vec<u32>,
    customer: Vec<u32>,
    sku: Vec<u32>,
    pub(crate) quantity: Vec<i64>,
    priority: Vec<i64>,
    placed_at: Vec<i64>,
    sequence: Vec<i64>,
    lot: Vec<i64>,
    score: Vec<i64>,
    /// One row per receipt, so that rows are the same; of 0 units where it has not come.
    pub(crate) supply: Vec<Supply>,
    /// Receipts that have come.
    pub(crate) receipts_come: usize,
}

impl Standing {
    /// What counts at `as_of`, that instant included; `None`: everything.
    pub(crate) fn at(input: &Input, as_of: Option<i64>, with_cancellations: bool) -> Self {
        let cancelled = if with_cancellations {
            cancelled_by(input, as_of)
        } else {
            vec![0; input.demand.len()]
        };
        let as_of = as_of.unwrap_or(i64::MAX);
        let demand = &input.demand;
        let mut this = Self::default();
        for (row, &cancelled) in cancelled.iter().enumerate() {
            if !demand.good[row] || demand.placed_at[row] > as_of {
                continue;
            }
            this.row.push(row);
            this.cancelled.push(cancelled);
            this.line.push(demand.line[row]);
            this.order.push(demand.order[row]);
            this.customer.push(demand.customer[row]);
            this.sku.push(demand.sku[row]);
            this.quantity.push(demand.quantity[row] - cancelled);
            this.priority.push(demand.priority[row]);
            this.placed_at.push(demand.placed_at[row]);
            this.lot.push(demand.lot[row]);
            this.score.push(demand.score[row]);
            this.sequence.push(i64::try_from(row).unwrap_or(i64::MAX));
        }
        for receipt in &input.receipts {
            let come = receipt.received_at.filter(|&at| at <= as_of);
            this.receipts_come += usize::from(come.is_some());
            // A receipt that has not come still says that the item can be served one day.
            let units = if come.is_some() { receipt.quantity } else { 0 };
            let row = Supply::received(receipt.sku, units);
            this.supply
                .push(row.sequence(receipt.received_at.unwrap_or(i64::MAX)));
        }
        this
    }

    /// The lines in the core's form.
    pub(crate) fn columns(&self) -> DemandColumns<'_> {
        DemandColumns {
            line: Some(&self.line),
            order: Some(&self.order),
            customer: Some(&self.customer),
            sku: &self.sku,
            quantity: &self.quantity,
            priority: Some(&self.priority),
            placed_at: Some(&self.placed_at),
            sequence: Some(&self.sequence),
            lot: Some(&self.lot),
            score: Some(&self.score),
            ..DemandColumns::default()
        }
    }

    /// How many lines.
    pub(crate) fn len(&self) -> usize {
        self.row.len()
    }

    /// The order's id of a line.
    pub(crate) fn order(&self, index: usize) -> u32 {
        self.order[index]
    }

    /// The SKU's id of a line.
    pub(crate) fn sku(&self, index: usize) -> u32 {
        self.sku[index]
    }

    /// The customer's id of a line, or [`allocator_core::limits::NO_ID`].
    pub(crate) fn customer(&self, index: usize) -> u32 {
        self.customer[index]
    }

    /// When a line was placed.
    pub(crate) fn placed_at(&self, index: usize) -> i64 {
        self.placed_at[index]
    }

    /// The priority of a line.
    pub(crate) fn priority(&self, index: usize) -> i64 {
        self.priority[index]
    }

    /// Which of two lines stands before the other, over all SKUs.
    pub(crate) fn compare(&self, order: &PlaceOrder, one: usize, other: usize) -> Ordering {
        let by = |part: &PlacePart| match part {
            PlacePart::Priority => self.priority[one].cmp(&self.priority[other]),
            PlacePart::Score => self.score[other].cmp(&self.score[one]),
            PlacePart::Quantity => self.quantity[one].cmp(&self.quantity[other]),
            PlacePart::Lot => self.lot[one].cmp(&self.lot[other]),
            PlacePart::PlacedAt => self.placed_at[one].cmp(&self.placed_at[other]),
            PlacePart::Sequence => self.sequence[one].cmp(&self.sequence[other]),
        };
        let decided = order.parts().iter().map(by).find(|it| it.is_ne());
        decided.unwrap_or(Ordering::Equal)
    }
}
