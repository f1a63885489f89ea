//! Who was cut how hard, and how evenly: exact figures of what a rule or a plan does.

mod figure;
mod meter;
mod spread;
pub(crate) mod table;
mod wide;

use alloc::vec::Vec;

use crate::quantity::Total;
use crate::reason::IdleCause;

pub use figure::{Figure, NoFigure, Ratio};
pub use meter::{KeptColumns, Meter};

/// What a plan does to customers and orders. No single figure may choose a rule: each is blind to
/// something, so they stand side by side.
///
/// A customer is all lines of one customer, over all SKUs; where none is named, of the order; where
/// none is named either, the line. Who asks for nothing is not counted, neither as a customer nor as
/// an order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Metrics {
    /// Units asked for.
    pub units_ordered: Total,
    /// Units that lines keep.
    pub units_kept: Total,
    /// Units that they do not: with those kept, all that were ordered.
    pub units_cut: Total,
    /// Customers who ask for something.
    pub customers: u64,
    /// Customers who lose a unit or more.
    pub customers_touched: u64,
    /// Customers who keep nothing; they are among the touched.
    pub customers_cancelled: u64,
    /// Orders that ask for something.
    pub orders: u64,
    /// Orders that lose a unit or more.
    pub orders_touched: u64,
    /// Orders that keep nothing; they are among the touched.
    pub orders_cancelled: u64,
    /// The most units that one customer loses.
    pub largest_cut: Total,
    /// The most units that one customer keeps.
    pub largest_award: Total,
    /// What is given back, in minor units of currency; `None` where no prices are known.
    pub refund: Option<Total>,
    /// The smallest part of what he asks for that a customer keeps; `None` where nobody asks.
    pub lowest_fill: Option<Ratio>,
    /// Jain's index of the units that customers keep, (Σx)² / (n·Σx²): 1 where all keep the same, k/n
    /// where k of n keep the same and the others nothing. It rewards trimming large orders by its very
    /// definition. 1 where all keep nothing, or nobody asks.
    pub jain_units: Figure,
    /// The same of the parts of their claims that customers keep: how evenly the shortage is spread.
    pub jain_fill: Figure,
    /// Gini's coefficient of the units that customers keep, Σ(2i − n − 1)·x₍ᵢ₎ / (n·Σx) with x rising:
    /// 0 where all keep the same, (n − 1)/n where one keeps all. 0 where all keep nothing, or nobody
    /// asks.
    pub gini_units: Figure,
    /// The same of the parts of their claims that customers keep.
    pub gini_fill: Figure,
    /// Pairs of two lines of one SKU: the later one keeps a unit, the one before it loses one. Read from
    /// claims and units kept alone, so a line whose units are set aside, or that can never be served,
    /// is overtaken too.
    pub overtakes: u64,
    /// Units received that nobody keeps.
    pub idle: Total,
    /// Why, where that was given: by cause, in the order of [`IdleCause::ALL`].
    pub idle_by_cause: Vec<IdleUnits>,
    /// Against the plan before; `None` where there was none.
    pub moved: Option<Moved>,
}

/// Units that are idle for one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct IdleUnits {
    /// Why.
    pub cause: IdleCause,
    /// Units, at least 1.
    pub units: Total,
}

/// What changed against the plan before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Moved {
    /// Lines that keep less than before.
    pub lines_losing: u64,
    /// Units that they lose.
    pub units_lost: Total,
    /// Lines that keep more than before.
    pub lines_gaining: u64,
    /// Units that they gain.
    pub units_gained: Total,
}
