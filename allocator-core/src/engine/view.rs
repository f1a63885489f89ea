//! What the engine answers about its state.

use alloc::vec::Vec;

use super::command::Pack;
use crate::id::{CustomerId, LineId, LocationId, OrderId, SkuId, SupplyId};
use crate::quantity::Quantity;
use crate::time::Timestamp;

/// The units of one SKU at one location.
/// `received = available + reserved + allocated + shipped + scrapped`, and none of them is below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StockPosition {
    /// All that ever arrived, corrections included.
    pub received: Quantity,
    /// On hand and taken by nobody.
    pub available: Quantity,
    /// Taken by holds.
    pub reserved: Quantity,
    /// Taken by orders.
    pub allocated: Quantity,
    /// Left the house and did not come back.
    pub shipped: Quantity,
    /// Damaged.
    pub scrapped: Quantity,
}

impl StockPosition {
    /// Units that are physically there and can be sold or are.
    #[must_use]
    pub const fn on_hand(&self) -> Quantity {
        // Each is at most what was received, and so is their sum.
        self.available
            .saturating_add(self.reserved)
            .saturating_add(self.allocated)
    }
}

/// How an order came to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Ended {
    /// It has not, or its units were shipped.
    #[default]
    No,
    /// By its deadline.
    Expired,
    /// It was cancelled.
    Cancelled,
}

/// An order or a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OrderView {
    /// Whose it is.
    pub customer: Option<CustomerId>,
    /// Its deadline; `None`: it is placed.
    pub until: Option<Timestamp>,
    /// How often the deadline was moved.
    pub extensions: u32,
    /// Whether it is served together or not at all.
    pub together: bool,
    /// How it ended.
    pub ended: Ended,
    /// Since when nothing of it is open.
    pub closed_at: Option<Timestamp>,
    /// Its lines, in the order in which they were placed.
    pub lines: Vec<LineId>,
}

/// A line. `ordered = waiting + reserved + allocated + shipped + cancelled`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LineView {
    /// Its order.
    pub order: OrderId,
    /// What it wants.
    pub sku: SkuId,
    /// From where only.
    pub location: Option<LocationId>,
    /// In what lots of units it is served.
    pub pack: Pack,
    /// Units ever ordered.
    pub ordered: Quantity,
    /// Units that nothing serves yet.
    pub waiting: Quantity,
    /// Units it holds, while the order has a deadline.
    pub reserved: Quantity,
    /// Units it has.
    pub allocated: Quantity,
    /// Units that left.
    pub shipped: Quantity,
    /// Units that are wanted no more; returned ones too.
    pub cancelled: Quantity,
    /// Its places in line.
    pub parts: Vec<PartView>,
}

/// A place in line and the units that stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PartView {
    /// 0 first.
    pub priority: i32,
    /// The earlier first.
    pub placed_at: Timestamp,
    /// The smaller first.
    pub sequence: u64,
    /// The smaller first: where a line was split, which of its units these are.
    pub first_unit: Quantity,
    /// Units that nothing serves yet.
    pub waiting: Quantity,
    /// Units it has, by location, in the order in which the engine first heard of those.
    pub taken: Vec<(LocationId, Quantity)>,
    /// Units that left, likewise.
    pub shipped: Vec<(LocationId, Quantity)>,
    /// Its tickets, where it stands on the SKU's list.
    pub listed: Option<Tickets>,
}

/// What a part on a list was numbered with when the list was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tickets {
    /// All units of the claimant: waiting, taken and shipped.
    pub claim: Quantity,
    /// The number of its first ticket among the claimant's, from 1.
    pub first: Quantity,
}

/// A purchase order line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SupplyView {
    /// What it brings.
    pub sku: SkuId,
    /// Where it goes.
    pub location: LocationId,
    /// Units expected in all.
    pub units: Quantity,
    /// Units that arrived.
    pub received: Quantity,
    /// When the rest is expected.
    pub expected_at: Timestamp,
}

impl SupplyView {
    /// Units that have not arrived; 0 where more arrived than were expected.
    #[must_use]
    pub const fn outstanding(&self) -> Quantity {
        let rest = self.units.saturating_sub(self.received);
        if rest < 0 { 0 } else { rest }
    }
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct QueuePlace {
    /// Units demanded by everything before its first open part: those that wait and may use its location,
    /// and those that somebody has there; not shipped ones. That is what a position in line means. Of a
    /// line that may be served from anywhere all locations count.
    pub units_ahead: Quantity,
    /// Those of them that wait.
    pub waiting_ahead: Quantity,
    /// Units of the line that wait.
    pub waiting: Quantity,
}

/// A part that waits, in a page of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Waiting {
    /// The line.
    pub line: LineId,
    /// The part.
    pub part: u32,
    /// Units that wait.
    pub units: Quantity,
}

/// Units of a waiting part that a supply is expected to serve. Derived on demand and never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EnginePeg {
    /// The line.
    pub line: LineId,
    /// The part.
    pub part: u32,
    /// The purchase order line.
    pub supply: SupplyId,
    /// How many.
    pub units: Quantity,
    /// When it is expected.
    pub expected_at: Timestamp,
}
