//! The order lines of `demand.csv`, as columns.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use allocator_core::limits::{MAX_ROWS, NO_ID};
use allocator_core::{Error, Interner, Table as CoreTable};

use crate::cells::{Cells, Column};
use crate::failure::Failure;
use crate::fault::Faults;
use crate::names;
use crate::table::Table;
use crate::terms::FileTerms;

/// One element per row whose order and line number can be read, in the order of the file; where
/// another cell is faulty, zero stands in for it and the row is not good.
#[derive(Debug)]
pub(crate) struct Demand {
    pub(crate) orders: Interner,
    pub(crate) numbers: Interner,
    pub(crate) customers: Interner,
    pub(crate) order: Vec<u32>,
    pub(crate) number: Vec<u32>,
    /// [`NO_ID`]: the order is its own customer.
    pub(crate) customer: Vec<u32>,
    pub(crate) sku: Vec<u32>,
    pub(crate) quantity: Vec<i64>,
    pub(crate) priority: Vec<i64>,
    pub(crate) placed_at: Vec<i64>,
    pub(crate) lot: Vec<i64>,
    pub(crate) score: Vec<i64>,
    /// Empty where the file has no prices.
    price: Vec<Option<i64>>,
    /// What only plans of cancellations read.
    pub(crate) terms: FileTerms,
    /// The first row with the same order and line number: the id of a line.
    pub(crate) line: Vec<u32>,
    /// The line of the file.
    pub(crate) file_line: Vec<u64>,
    pub(crate) good: Vec<bool>,
    rows: HashMap<(u32, u32), u32>,
}

#[derive(Clone, Copy)]
struct Columns {
    order_id: Column,
    line_no: Column,
    sku: Column,
    quantity: Column,
    placed_at: Column,
    customer_id: Column,
    priority: Column,
    lot: Column,
    score: Column,
    unit_price_minor: Column,
}

impl Demand {
    /// Reads the whole table; `with_terms`: also what plans of cancellations read.
    pub(crate) fn read(
        table: &mut Table,
        skus: &mut Interner,
        faults: &mut Faults,
        with_terms: bool,
    ) -> Result<Self, Failure> {
        let columns = Columns {
            order_id: table.require("order_id", faults),
            line_no: table.require("line_no", faults),
            sku: table.require("sku", faults),
            quantity: table.require("quantity", faults),
            placed_at: table.require("placed_at", faults),
            customer_id: table.column("customer_id", faults),
            priority: table.column("priority", faults),
            lot: table.column("lot", faults),
            score: table.column("score", faults),
            unit_price_minor: table.column("unit_price_minor", faults),
        };
        let mut demand = Self::empty();
        if with_terms {
            demand.terms = FileTerms::open(table, faults);
        }
        if !table.is_usable() {
            return Ok(demand);
        }
        while let Some(mut cells) = table.next_row(faults)? {
            if cells.good() {
                demand.add(&mut cells, columns, skus)?;
            }
            if !cells.good() {
                let order = cells.peek(columns.order_id);
                let order = order.filter(|order| !order.is_empty());
                let order = order.and_then(|order| demand.orders.intern(order).ok());
                faults.concerns(order);
            }
        }
        Ok(demand)
    }

    /// The row of a line by its outside ids.
    pub(crate) fn row(&self, order: &str, number: &str) -> Option<usize> {
        let key = (self.orders.id(order)?, self.numbers.id(number)?);
        self.rows.get(&key).map(|&row| row as usize)
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// The price of one unit, where the file has one.
    pub(crate) fn price(&self, row: usize) -> Option<i64> {
        self.price.get(row).copied().flatten()
    }

    /// Whether the file has prices.
    pub(crate) fn has_prices(&self) -> bool {
        !self.price.is_empty()
    }

    /// The outside id of the row's order.
    pub(crate) fn order_id(&self, row: usize) -> &str {
        names::of(&self.orders, self.order.get(row))
    }

    /// The line number of the row, unchanged.
    pub(crate) fn line_no(&self, row: usize) -> &str {
        names::of(&self.numbers, self.number.get(row))
    }

    /// The outside id of the row's customer, where the file names one.
    pub(crate) fn customer_id(&self, row: usize) -> Option<&str> {
        let customer = *self.customer.get(row)?;
        self.customers.name(customer)
    }

    fn empty() -> Self {
        Self {
            orders: names::interner(),
            numbers: names::interner(),
            customers: names::interner(),
            order: Vec::new(),
            number: Vec::new(),
            customer: Vec::new(),
            sku: Vec::new(),
            quantity: Vec::new(),
            priority: Vec::new(),
            placed_at: Vec::new(),
            lot: Vec::new(),
            score: Vec::new(),
            price: Vec::new(),
            terms: FileTerms::default(),
            line: Vec::new(),
            file_line: Vec::new(),
            good: Vec::new(),
            rows: HashMap::new(),
        }
    }

    fn add(
        &mut self,
        cells: &mut Cells<'_>,
        columns: Columns,
        skus: &mut Interner,
    ) -> Result<(), Failure> {
        // Every cell is read before anything is decided, so that every faulty one is reported.
        let order = cells.id(columns.order_id, &mut self.orders);
        let number = cells.id(columns.line_no, &mut self.numbers);
        let customer = cells.optional_id(columns.customer_id, &mut self.customers);
        let sku = cells.id(columns.sku, skus);
        let quantity = cells.number(columns.quantity);
        let placed_at = cells.instant(columns.placed_at);
        let priority = cells.optional_number(columns.priority);
        let lot = cells.optional_number(columns.lot);
        let score = cells.optional_number(columns.score);
        let price = cells.optional_number(columns.unit_price_minor);
        let terms = self.terms.read(cells);
        let (Some(order), Some(number)) = (order, number) else {
            return Ok(());
        };
        let row = u32::try_from(self.len()).ok();
        let row = row
            .filter(|&row| (row as usize) < MAX_ROWS)
            .ok_or(Error::TooManyRows {
                table: CoreTable::Lines,
                rows: self.len() + 1,
                max: MAX_ROWS,
            })?;
        let first = match self.rows.entry((order, number)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(row),
        };
        self.line.push(first);
        self.order.push(order);
        self.number.push(number);
        self.customer.push(customer.flatten().unwrap_or(NO_ID));
        self.sku.push(sku.unwrap_or(0));
        self.quantity.push(quantity.unwrap_or(0));
        self.placed_at.push(placed_at.unwrap_or(0));
        self.priority.push(priority.flatten().unwrap_or(0));
        self.lot.push(lot.flatten().unwrap_or(0));
        self.score.push(score.flatten().unwrap_or(0));
        if columns.unit_price_minor.index.is_some() {
            self.price.push(price.flatten());
        }
        self.terms.push(terms);
        self.file_line.push(cells.line);
        self.good.push(cells.good());
        Ok(())
    }
}
