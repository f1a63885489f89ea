//! The figures of a decision: units, lines and orders.

use std::collections::{HashMap, HashSet};

use allocator_core::limits::NO_ID;
use sha2::{Digest, Sha256};

use crate::decision::Decision;
use crate::input::Input;

/// How many are served in full, in part, not at all, or want nothing any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) full: u64,
    pub(crate) partial: u64,
    pub(crate) none: u64,
    pub(crate) cancelled: u64,
}

/// Units of one order or of one line.
#[derive(Clone, Copy, Debug, Default)]
struct Units {
    asked: i128,
    allocated: i128,
    cancelled: i128,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) ordered: i128,
    pub(crate) received: i128,
    pub(crate) allocated: i128,
    pub(crate) set_aside: i128,
    pub(crate) waiting: i128,
    pub(crate) never: i128,
    pub(crate) idle: i128,
    pub(crate) cancelled: i128,
    pub(crate) lines: Served,
    pub(crate) orders: Served,
    pub(crate) customers: usize,
    /// Lines with units that wait or are set aside, and lines that can never be served.
    pub(crate) lines_waiting: u64,
    pub(crate) lines_never: u64,
    /// What the missing units cost, in minor units, and how many of them have no price.
    pub(crate) missing_value: i128,
    pub(crate) missing_without_price: i128,
}

impl Served {
    fn count(&mut self, units: Units) {
        let bucket = if units.asked == 0 && units.cancelled > 0 {
            &mut self.cancelled
        } else if units.allocated == units.asked {
            &mut self.full
        } else if units.allocated > 0 {
            &mut self.partial
        } else {
            &mut self.none
        };
        *bucket += 1;
    }

    /// All of them.
    pub(crate) fn all(self) -> u64 {
        self.full + self.partial + self.none + self.cancelled
    }
}

impl Figures {
    pub(crate) fn new(input: &Input, decision: &Decision) -> Self {
        let sums = decision.allocation().summary();
        let mut figures = Self {
            ordered: sums.ordered,
            received: sums.received,
            allocated: sums.allocated,
            set_aside: sums.set_aside,
            waiting: sums.waiting,
            never: sums.never,
            idle: sums.idle,
            ..Self::default()
        };
        let standing = &decision.standing;
        let mut orders: HashMap<u32, Units> = HashMap::new();
        let mut customers = HashSet::new();
        for (line, outcome) in decision.allocation().outcomes().enumerate() {
            let units = Units {
                asked: outcome.quantity.into(),
                allocated: outcome.allocated.into(),
                cancelled: standing.cancelled[line].into(),
            };
            figures.lines.count(units);
            let order = orders.entry(standing.order(line)).or_default();
            order.asked += units.asked;
            order.allocated += units.allocated;
            order.cancelled += units.cancelled;
            customers.insert(match standing.customer(line) {
                NO_ID => (NO_ID, standing.order(line)),
                customer => (customer, NO_ID),
            });
            figures.cancelled += units.cancelled;
            figures.lines_waiting += u64::from(outcome.waiting > 0 || outcome.set_aside > 0);
            figures.lines_never += u64::from(outcome.never > 0);
            figures.price(
                input.demand.price(standing.row[line]),
                units.asked - units.allocated,
            );
        }
        orders
            .values()
            .for_each(|&units| figures.orders.count(units));
        figures.customers = customers.len();
        figures
    }

    fn price(&mut self, price: Option<i64>, missing: i128) {
        match price {
            Some(price) => {
                // A line's value fits; the sum of four billion of the largest may not.
                let value = missing * i128::from(price);
                self.missing_value = self.missing_value.saturating_add(value);
            }
            None => self.missing_without_price += missing,
        }
    }
}

/// SHA-256 over `order_id,line_no,allocated` and a line feed for every line, in row order.
pub(crate) fn digest(input: &Input, decision: &Decision) -> String {
    let mut hash = Sha256::new();
    for (&row, units) in decision
        .standing
        .row
        .iter()
        .zip(decision.allocation().allocated())
    {
        let (order, line) = (input.demand.order_id(row), input.demand.line_no(row));
        hash.update(format!("{order},{line},{units}\n"));
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
