//! What happened. Events are facts in the past: applying them needs no policy and cannot be refused.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::command::{AllocateRule, DrawnLot, Pack, StockCause};
use super::policy::SkuPolicy;
use crate::id::{CustomerId, LineId, LocationId, OrderId, SkuId, SupplyId};
use crate::quantity::Quantity;
use crate::reason::codes;
use crate::time::Timestamp;

/// Something that happened, and when: an expiry bears its own instant, which may lie before the call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub what: Happening,
}

/// What happened. The conservation laws hold after each one of these.
///
/// A line's units stand in *parts*, numbered from 0: one place in line each. A line has one part until it
/// is increased.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "event", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Happening {
    /// A SKU has a new policy.
    Configured {
        /// The SKU.
        sku: SkuId,
        /// Its policy.
        policy: Box<SkuPolicy>,
    },
    /// A purchase order line is announced, revised or cancelled.
    SupplySet {
        /// The purchase order line.
        supply: SupplyId,
        /// What it brings.
        sku: SkuId,
        /// Where it goes.
        location: LocationId,
        /// Units expected in all.
        units: Quantity,
        /// When the rest is expected.
        expected_at: Timestamp,
        /// Units of it that have not arrived.
        outstanding: Quantity,
        /// Units sold ahead of stock that no incoming supply of the SKU covers any more.
        uncovered: Quantity,
    },
    /// Units arrived, were counted, broke, or were corrected.
    StockChanged {
        /// The SKU.
        sku: SkuId,
        /// Where.
        location: LocationId,
        /// By how much: what was received for receipts and counts, what can be sold for damage.
        by: Quantity,
        /// Why.
        cause: StockCause,
        /// The purchase order line.
        supply: Option<SupplyId>,
    },
    /// A line stands in the queue. An order of several lines gives one of these for each, in their order.
    Placed {
        /// The order.
        order: OrderId,
        /// Whose it is.
        customer: Option<CustomerId>,
        /// When it ends by itself.
        until: Option<Timestamp>,
        /// Whether it is served together or not at all.
        together: bool,
        /// The line.
        line: LineId,
        /// What it wants.
        sku: SkuId,
        /// From where only.
        location: Option<LocationId>,
        /// Units accepted; 0 only of a line that a partial order could not have.
        units: Quantity,
        /// Units asked for and not accepted.
        shortfall: Quantity,
        /// In what lots of units it is served.
        pack: Pack,
        /// Its place.
        priority: i32,
        /// Its place.
        placed_at: Timestamp,
        /// Its place.
        sequence: u64,
    },
    /// A line has more units, in a new part at the end of the queue.
    Increased {
        /// The line.
        line: LineId,
        /// The new part.
        part: u32,
        /// Its units.
        units: Quantity,
        /// Its place.
        priority: i32,
        /// Its place.
        placed_at: Timestamp,
        /// Its place.
        sequence: u64,
    },
    /// Available units are taken by a part: reserved by a hold, allocated by an order.
    Filled {
        /// The line.
        line: LineId,
        /// The part.
        part: u32,
        /// Where they lie.
        location: LocationId,
        /// How many.
        units: Quantity,
        /// The first earlier line that could have used a unit there, and was passed over.
        over: Option<LineId>,
    },
    /// Taken units are available again.
    TakenBack {
        /// The line.
        line: LineId,
        /// The part.
        part: u32,
        /// Where they lie.
        location: LocationId,
        /// How many.
        units: Quantity,
        /// Why.
        cause: EventCause,
    },
    /// Waiting units are wanted no more. What a line had was taken back before.
    Cancelled {
        /// The line.
        line: LineId,
        /// The part.
        part: u32,
        /// How many.
        units: Quantity,
        /// Why.
        cause: EventCause,
    },
    /// A hold became an order.
    Confirmed {
        /// The order.
        order: OrderId,
    },
    /// A hold lives longer.
    Extended {
        /// The order.
        order: OrderId,
        /// Until then.
        until: Timestamp,
    },
    /// An order is served together or not at all, or no longer.
    Regrouped {
        /// The order.
        order: OrderId,
        /// Which of the two.
        together: bool,
    },
    /// All parts of a line stand elsewhere in the queue.
    Rekeyed {
        /// The line.
        line: LineId,
        /// Its priority now: that of all its parts.
        priority: i32,
        /// When its first part was placed, as it says now.
        placed_at: Timestamp,
        /// Whether all its parts say so now; else only the priority changed.
        all_placed_at: bool,
    },
    /// A list was closed over those who stand to be shared with; with 0 parts: dissolved.
    Listed {
        /// The SKU.
        sku: SkuId,
        /// The rule.
        rule: AllocateRule,
        /// Parts on it.
        parts: u32,
        /// The lots it was closed with, where the rule reads lots.
        draw: Vec<DrawnLot>,
    },
    /// The last units of a line became a line of their own.
    Split {
        /// The line.
        line: LineId,
        /// The new one.
        new_line: LineId,
        /// Waiting units that went along.
        waiting: Quantity,
        /// Taken units that went along.
        taken: Quantity,
    },
    /// Units left the house.
    Shipped {
        /// The line.
        line: LineId,
        /// The part.
        part: u32,
        /// From where.
        location: LocationId,
        /// How many.
        units: Quantity,
    },
    /// Shipped units came back, and are wanted no more.
    Returned {
        /// The line.
        line: LineId,
        /// The part.
        part: u32,
        /// Where.
        location: LocationId,
        /// How many.
        units: Quantity,
        /// Whether they cannot be sold again.
        scrapped: bool,
    },
    /// Free units moved.
    Transferred {
        /// The SKU.
        sku: SkuId,
        /// From where.
        from: LocationId,
        /// To where.
        to: LocationId,
        /// How many.
        units: Quantity,
    },
    /// A closed order is no longer known; its id and those of its lines are free.
    Forgotten {
        /// The order.
        order: OrderId,
    },
}

codes! {
    /// Why units were taken back or cancelled.
    EventCause {
        /// A hold ended by itself.
        Expired = 1, "expired", "the hold was not paid in time";
        /// Somebody cancelled.
        Cancelled = 2, "cancelled", "it was cancelled";
        /// The line was reduced.
        Amended = 3, "amended", "fewer units were wanted";
        /// The line was swapped for another.
        Replaced = 4, "replaced", "it was swapped for another item";
        /// The shortage was declared final.
        Shortage = 5, "shortage", "too few units arrived";
        /// A receipt was booked in error.
        Receipt = 6, "receipt", "the units had not arrived after all";
        /// Fewer were on the shelf than in the books.
        Count = 7, "count", "fewer units were on the shelf than in the books";
        /// Units broke.
        Damage = 8, "damage", "units were damaged";
        /// The SKU was shared out anew.
        Reallocated = 9, "reallocated", "the units were shared out anew";
        /// An operator moved them.
        Assigned = 10, "assigned", "an operator gave the units elsewhere";
    }
}
