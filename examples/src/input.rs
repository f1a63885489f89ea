//! The input folder as a whole: reads its files, and lets the core look for what shows only between
//! rows.

use std::path::Path;

use allocator_core::limits::NO_ID;
use allocator_core::{Completeness, DemandColumns, Error, Interner, Policy, validate};

use crate::cancellations::{self, Cancellation};
use crate::demand::Demand;
use crate::failure::Failure;
use crate::fault::{Fault, Faults, File};
use crate::names;
use crate::progress::Progress;
use crate::receipts::{self, Receipt};
use crate::table::Table;

/// All that the files say.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) demand: Demand,
    pub(crate) skus: Interner,
    pub(crate) receipts: Vec<Receipt>,
    /// `None`: the folder has no such file.
    pub(crate) cancellations: Option<Vec<Cancellation>>,
    pub(crate) faults: Faults,
}

impl Input {
    /// Reads the folder. What is wrong with rows is in `faults`, and those rows are not good.
    /// `with_terms`: also what plans of cancellations read.
    pub(crate) fn read(
        folder: &Path,
        policy: &Policy,
        progress: Progress,
        with_terms: bool,
    ) -> Result<Self, Failure> {
        let mut faults = Faults::default();
        let mut skus = names::interner();
        let mut table = Table::open_required(folder, File::Demand, &progress)?;
        let demand = Demand::read(&mut table, &mut skus, &mut faults, with_terms)?;
        let usable = table.is_usable();
        let mut table = Table::open_required(folder, File::Receipts, &progress)?;
        let receipts = receipts::read(&mut table, &mut skus, &mut faults)?;
        let cancellations = match Table::open(folder, File::Cancellations, &progress)? {
            Some(mut table) => {
                let known = Some(&demand).filter(|_| usable);
                Some(cancellations::read(&mut table, known, &skus, &mut faults)?)
            }
            None => None,
        };
        let mut input = Self {
            demand,
            skus,
            receipts,
            cancellations,
            faults,
        };
        input.check_between_rows(policy)?;
        if policy.completeness == Completeness::Order {
            input.drop_incomplete_orders();
        }
        Ok(input)
    }

    /// The latest instant of a good row.
    pub(crate) fn latest(&self) -> Option<i64> {
        let placed = self.demand.placed_at.iter().zip(&self.demand.good);
        let placed = placed.filter(|&(_, &good)| good).map(|(&at, _)| at);
        let received = self
            .receipts
            .iter()
            .filter_map(|receipt| receipt.received_at);
        let cancelled = self.cancellations.iter().flatten().map(|row| row.at);
        placed.chain(received).chain(cancelled).max()
    }

    /// Lets the core look at all rows, the faulty ones too: mending one list of faults mends all.
    fn check_between_rows(&mut self, policy: &Policy) -> Result<(), Failure> {
        let demand = &self.demand;
        let columns = DemandColumns {
            line: Some(&demand.line),
            order: Some(&demand.order),
            customer: Some(&demand.customer),
            sku: &demand.sku,
            quantity: &demand.quantity,
            priority: Some(&demand.priority),
            placed_at: Some(&demand.placed_at),
            lot: Some(&demand.lot),
            score: Some(&demand.score),
            ..DemandColumns::default()
        };
        let Err(found) = validate(&columns, &[], policy) else {
            return Ok(());
        };
        let known = self.faults.cells(File::Demand);
        let mut bad = Vec::new();
        for error in found {
            let (Some(row), Some(columns)) = (error.row(), columns_of(&error)) else {
                // About the table as a whole.
                return Err(error.into());
            };
            let line = |row: usize| demand.file_line.get(row).copied().unwrap_or(0);
            // What stands in for an unreadable cell agrees with nothing.
            let stands_in = |row| {
                let mut columns = columns.iter();
                columns.any(|&column| known.contains(&(line(row), Some(column))))
            };
            if stands_in(row) || error.first_row().is_some_and(stands_in) {
                continue;
            }
            let first = line(error.first_row().unwrap_or(row));
            self.faults.add(Fault {
                file: File::Demand,
                line: line(row),
                column: columns.last().copied(),
                reason: reason_of(&error, first),
            });
            self.faults.concerns(demand.order.get(row).copied());
            bad.push(row);
        }
        for row in bad {
            self.demand.good[row] = false;
        }
        Ok(())
    }

    /// An order that ships whole is not shipped without the line that could not be read.
    pub(crate) fn drop_incomplete_orders(&mut self) {
        for (good, &order) in self.demand.good.iter_mut().zip(&self.demand.order) {
            *good &= !self.faults.concerned(order);
        }
    }

    /// A line by its outside ids, as people name it.
    pub(crate) fn line_name(&self, row: usize) -> String {
        let (order, line) = (self.demand.order_id(row), self.demand.line_no(row));
        format!("order {order}, line {line}")
    }

    /// The outside id of a SKU.
    pub(crate) fn sku_name(&self, sku: u32) -> &str {
        names::of(&self.skus, Some(&sku).filter(|&&sku| sku != NO_ID))
    }
}

/// The columns of the file that an error is about.
fn columns_of(error: &Error) -> Option<Vec<&'static str>> {
    match error {
        Error::DuplicatePlace { order, .. } => {
            Some(order.parts().iter().map(|part| part.name()).collect())
        }
        other => Some(vec![column_of(other.field()?)]),
    }
}

/// The column of the file that a field of the core is read from.
pub(crate) fn column_of(field: &'static str) -> &'static str {
    match field {
        "line" => "line_no",
        "order" => "order_id",
        "customer" => "customer_id",
        "unit_price" => "unit_price_minor",
        other => other,
    }
}

/// What the core found, in the words of the file.
fn reason_of(error: &Error, first: u64) -> String {
    match error {
        Error::DuplicateId { .. } => {
            format!("line {first} has the same order_id and line_no")
        }
        Error::OrderDisagrees { field, .. } => format!(
            "an order that ships whole has one {}, and line {first} of the same order has another",
            column_of(field)
        ),
        Error::DuplicatePlace { order, .. } => {
            format!("line {first} stands at the same place: nothing in {order} parts the two")
        }
        other => other.to_string(),
    }
}
