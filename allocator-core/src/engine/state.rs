//! What the engine remembers: accounts, orders, lines and their parts, supplies, and the indexes over them.
//!
//! Ids from outside are found in an [`Index`] once, at the edge; inside everything is a slot. What is
//! derived (queues, totals, timers) is kept in the same step as what it is derived from, in
//! [`super::ledger`] and [`super::evolve`], and rebuilt when a snapshot is restored.

use alloc::boxed::Box;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::command::Pack;
use super::policy::SkuPolicy;
use super::store::{Forest, Index, Seeded, Slab, Tree};
use super::view::{Ended, StockPosition};
use crate::id::{CustomerId, LineId, LocationId, OrderId, SkuId, SupplyId};
use crate::quantity::Quantity;
use crate::rule::ShortageRule;
use crate::time::Timestamp;

/// No slot.
pub(super) const NONE: u32 = u32::MAX;

/// A deadline of an order that has none.
pub(super) const NEVER: i64 = i64::MAX;

/// Everything but the window of remembered commands.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The instant of the last call.
    pub(super) clock: Option<Timestamp>,
    /// Numbers parts, supplies and lists.
    pub(super) counter: u64,
    /// The policy of SKUs without one of their own.
    pub(super) policy: SkuPolicy,
    /// SKUs, as first mentioned.
    pub(super) skus: Vec<Sku>,
    pub(super) sku_slots: Index,
    /// Locations, as first mentioned under any SKU.
    pub(super) locations: Vec<LocationId>,
    pub(super) location_slots: Index,
    /// The units of a SKU at a location, in the order in which the engine needed them.
    pub(super) accounts: Vec<Account>,
    pub(super) orders: Slab<Order>,
    pub(super) order_slots: Index,
    pub(super) lines: Slab<Line>,
    pub(super) line_slots: Index,
    pub(super) parts: Slab<Part>,
    /// What few parts need.
    pub(super) extras: Slab<Extra>,
    /// Further locations that parts have units at, or shipped from.
    pub(super) entries: Slab<Entry>,
    /// Supplies by sequence.
    pub(super) supplies: Vec<Supply>,
    pub(super) supply_slots: Index,
    /// All trees.
    pub(super) forest: Forest,
    /// Orders with a deadline, the earliest first; of equals by the sequence of the first part.
    pub(super) timers: Tree,
    /// Closed orders by the instant at which they closed; of equals by the sequence of the first part.
    pub(super) closed: Tree,
    pub(super) seed: u64,
}

/// What is kept for a SKU.
#[derive(Clone, Debug)]
pub(super) struct Sku {
    pub(super) id: SkuId,
    /// `None`: the engine's.
    pub(super) policy: Option<Box<SkuPolicy>>,
    /// Its accounts, by the order of their locations.
    pub(super) accounts: Vec<u32>,
    /// Its supplies by sequence.
    pub(super) supplies: Vec<u32>,
    /// Units received at all locations.
    pub(super) received: Quantity,
    /// Units ordered less cancelled.
    pub(super) demanded: Quantity,
    /// Units that wait: untied, tied, listed, all.
    pub(super) waiting: Quantity,
    /// Parts that wait of orders which are served together or not at all.
    pub(super) together: u32,
    /// Untied parts that wait and are not listed, in queue order.
    pub(super) queue: Tree,
    pub(super) list: Option<Box<List>>,
    /// Units ordered less cancelled by customer; kept while the policy has a cap.
    pub(super) caps: Option<HashMap<CustomerId, Quantity, Seeded>>,
}

/// The units of a SKU at a location.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) sku: u32,
    /// Index into the locations.
    pub(super) location: u32,
    pub(super) position: StockPosition,
    /// Whether stock was ever booked here; else only lines are tied to it.
    pub(super) booked: bool,
    /// Parts tied here that wait and are not listed, in queue order.
    pub(super) queue: Tree,
    /// Parts that have units here and are not listed, in queue order.
    pub(super) served: Tree,
    /// Units tied here that wait, listed ones too.
    pub(super) tied_waiting: Quantity,
}

/// A closed shortage list of a SKU. Its parts stand in trees of their own, ordered by their next or their
/// last ticket.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) rule: ShortageRule,
    /// When it was closed, by the engine's counter.
    pub(super) sequence: u64,
    /// All parts on it, by place then.
    pub(super) members: Vec<u32>,
}

/// An order or a hold.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) id: OrderId,
    pub(super) customer: Option<CustomerId>,
    /// Its deadline, or [`NEVER`].
    pub(super) until: i64,
    pub(super) extensions: u32,
    /// Its last line; that one's next is the first.
    pub(super) last_line: u32,
    /// Parts with open units.
    pub(super) open: u32,
    /// Its leaf among the timers or the closed orders.
    pub(super) timer: u32,
    pub(super) together: bool,
    pub(super) ended: Ended,
    pub(super) closed_at: Option<Timestamp>,
}

/// A line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: LineId,
    pub(super) order: u32,
    pub(super) sku: u32,
    /// The account it is tied to, or [`NONE`].
    pub(super) tie: u32,
    pub(super) first_part: u32,
    /// The next line of the order; of the last, the first.
    pub(super) next: u32,
    pub(super) pack: Pack,
    pub(super) cancelled: Quantity,
}

/// A place in line and the units that stand there.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) placed_at: Timestamp,
    pub(super) sequence: u64,
    pub(super) waiting: Quantity,
    /// Units it has at the first of its locations; none: 0.
    pub(super) taken: Quantity,
    /// Where.
    pub(super) account: u32,
    /// Its leaf among those served there.
    pub(super) served_leaf: u32,
    pub(super) queue_leaf: u32,
    pub(super) line: u32,
    pub(super) priority: i32,
    /// Its extra, or [`NONE`].
    pub(super) extra: u32,
}

/// What few parts need.
#[derive(Clone, Debug)]
pub(super) struct Extra {
    /// Where the line was split: which of its units these are.
    pub(super) first_unit: Quantity,
    /// The next part of the line.
    pub(super) next_part: u32,
    /// Further locations it has units at, by the order of locations.
    pub(super) taken: u32,
    /// Locations it shipped from, by the order of locations.
    pub(super) shipped: u32,
    pub(super) listed: Option<Listed>,
}

impl Default for Extra {
    fn default() -> Self {
        Self {
            first_unit: 0,
            next_part: NONE,
            taken: NONE,
            shipped: NONE,
            listed: None,
        }
    }
}

/// Its tickets on the SKU's list, and the place it had when the list was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// All units of the claimant.
    pub(super) claim: Quantity,
    /// Its first ticket among the claimant's, from 1.
    pub(super) first: Quantity,
    /// The claimant's lot, where the rule reads lots.
    pub(super) lot: i64,
    pub(super) priority: i32,
    pub(super) placed_at: Timestamp,
}

/// Units at a further location.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) account: u32,
    pub(super) units: Quantity,
    /// The part's leaf among those served there.
    pub(super) leaf: u32,
    pub(super) next: u32,
}

/// A purchase order line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Supply {
    pub(super) id: SupplyId,
    pub(super) sku: u32,
    pub(super) location: u32,
    pub(super) units: Quantity,
    pub(super) received: Quantity,
    pub(super) expected_at: Timestamp,
    pub(super) sequence: u64,
}

impl State {
    pub(super) fn new(policy: SkuPolicy, seed: u64) -> Self {
        Self {
            clock: None,
            counter: 0,
            policy,
            skus: Vec::new(),
            sku_slots: Index::new(seed),
            locations: Vec::new(),
            location_slots: Index::new(seed),
            accounts: Vec::new(),
            orders: Slab::new("orders"),
            order_slots: Index::new(seed),
            lines: Slab::new("lines"),
            line_slots: Index::new(seed),
            parts: Slab::new("parts"),
            extras: Slab::new("extras"),
            entries: Slab::new("entries"),
            supplies: Vec::new(),
            supply_slots: Index::new(seed),
            forest: Forest::new(),
            timers: Tree::EMPTY,
            closed: Tree::EMPTY,
            seed,
        }
    }
}
