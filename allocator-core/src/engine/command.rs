//! What a host tells the engine.
//!
//! A command is a wish: it may be refused ([`super::Rejection`]), and a refused one changes nothing.
//! Counts and receipts are facts: they are never refused for what they cost somebody.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::policy::SkuPolicy;
use crate::id::{CommandId, CustomerId, LineId, LocationId, OrderId, SkuId, SupplyId};
use crate::quantity::Quantity;
use crate::rule::ShortageRule;
use crate::time::Timestamp;

/// A command with the caller's id of it.
///
/// The caller chooses the id and keeps it until it has the answer: asked again under the same id, the
/// engine answers the same and does nothing twice. That memory holds the last commands only
/// ([`super::Settings::window`]). `issued_at` protects beyond it: a command that was issued no later
/// than the oldest one the engine remembers is refused as [`super::RejectionCode::TooOld`]. Without it
/// a repeat from before the window is executed again. Harmless for Place, Confirm, Cancel, Supply and
/// exact counts; a relative Stock, Ship, Return or Assign would count twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Request {
    /// The caller's id of this command.
    pub id: CommandId,
    /// When the caller issued it first; the same in every repeat.
    pub issued_at: Option<Timestamp>,
    /// What is wished.
    pub command: Command,
}

/// What is wished. Units are whole, from 1 to [`crate::limits::MAX_QUANTITY`] where nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "op", rename_all = "snake_case")
)]
pub enum Command {
    /// A new policy for a SKU. Takes nothing from anybody.
    Configure {
        /// The SKU.
        sku: SkuId,
        /// Its policy from now on.
        policy: Box<SkuPolicy>,
    },
    /// A purchase order line is announced, revised or cancelled (0 units). Nobody is cut by it.
    Supply {
        /// The purchase order line.
        supply: SupplyId,
        /// What it brings.
        sku: SkuId,
        /// Where it goes.
        location: LocationId,
        /// Units expected in all, those that arrived before included; from 0.
        units: Quantity,
        /// When the rest is expected.
        expected_at: Timestamp,
    },
    /// Stock arrives, is counted, breaks, or is corrected.
    Stock {
        /// The SKU.
        sku: SkuId,
        /// Where.
        location: LocationId,
        /// By how much, or to how much.
        change: StockChange,
        /// Why.
        cause: StockCause,
        /// The purchase order line it arrived by; only of receipts.
        #[cfg_attr(feature = "serde", serde(default))]
        supply: Option<SupplyId>,
        /// Refuse rather than take units from anybody.
        #[cfg_attr(feature = "serde", serde(default))]
        only_free: bool,
    },
    /// An order, or a hold where `until` is given.
    Place(Place),
    /// The hold becomes an order and keeps its place.
    Confirm {
        /// The order.
        order: OrderId,
    },
    /// A later deadline, or whether the order ships together.
    AmendOrder {
        /// The order.
        order: OrderId,
        /// Its new deadline; later than the present one.
        #[cfg_attr(feature = "serde", serde(default))]
        until: Option<Timestamp>,
        /// Whether all its lines are served together or not at all.
        #[cfg_attr(feature = "serde", serde(default))]
        together: Option<bool>,
    },
    /// Another quantity or place of a line. Less is cancelled, newest units first; more stands at the end
    /// of the queue and leaves the old units their place.
    AmendLine {
        /// The line.
        line: LineId,
        /// Units wanted in all, shipped ones included; from 0.
        #[cfg_attr(feature = "serde", serde(default))]
        units: Option<Quantity>,
        /// Its priority, 0 first.
        #[cfg_attr(feature = "serde", serde(default))]
        priority: Option<i32>,
        /// When it was placed.
        #[cfg_attr(feature = "serde", serde(default))]
        placed_at: Option<Timestamp>,
        /// Whether more units may be sold ahead of stock.
        #[cfg_attr(feature = "serde", serde(default))]
        ahead: Ahead,
    },
    /// An order, or a hold, ends.
    CancelOrder {
        /// The order.
        order: OrderId,
        /// Leave what it has and cancel only what waits.
        #[cfg_attr(feature = "serde", serde(default))]
        only_waiting: bool,
    },
    /// Units of a line end: waiting ones first, then those it has, newest first.
    CancelLine {
        /// The line.
        line: LineId,
        /// How many; `None`: all that are open.
        #[cfg_attr(feature = "serde", serde(default))]
        units: Option<Quantity>,
        /// Leave what it has and cancel only what waits.
        #[cfg_attr(feature = "serde", serde(default))]
        only_waiting: bool,
    },
    /// Serve those who wait for a SKU, share it out anew, or declare its shortage final.
    Allocate {
        /// The SKU.
        sku: SkuId,
        /// How.
        rule: AllocateRule,
        /// Cancel what still waits afterwards, holds' units too. (`final` in text.)
        #[cfg_attr(feature = "serde", serde(default, rename = "final"))]
        is_final: bool,
        /// The digest of the plan that was shown ([`super::Plan::digest`]): refuse if it would be another.
        #[cfg_attr(feature = "serde", serde(default))]
        expect: Option<u128>,
        /// The lots that were drawn, where the rule reads lots: one for each line that stands to be shared.
        #[cfg_attr(feature = "serde", serde(default))]
        draw: Option<Vec<DrawnLot>>,
    },
    /// An operator moves units past queue, pack and location of the line.
    Assign {
        /// How many.
        units: Quantity,
        /// Where they lie.
        location: LocationId,
        /// Who has them; `None`: the shelf.
        #[cfg_attr(feature = "serde", serde(default))]
        from: Option<LineId>,
        /// Who gets them; `None`: the shelf.
        #[cfg_attr(feature = "serde", serde(default))]
        to: Option<LineId>,
    },
    /// The last units of a line, waiting ones first, become a line of their own right behind it.
    Split {
        /// The line.
        line: LineId,
        /// The id of the new line.
        new_line: LineId,
        /// How many.
        units: Quantity,
    },
    /// Units leave the house.
    Ship {
        /// The line.
        line: LineId,
        /// How many.
        units: Quantity,
        /// From where; `None`: wherever the line has them, first location first.
        #[cfg_attr(feature = "serde", serde(default))]
        location: Option<LocationId>,
    },
    /// Shipped units come back to where they left; the line no longer wants them.
    Return {
        /// The line.
        line: LineId,
        /// How many.
        units: Quantity,
        /// From where they left and where they arrive.
        location: LocationId,
        /// Whether they cannot be sold again.
        #[cfg_attr(feature = "serde", serde(default))]
        scrap: bool,
    },
    /// Free units move between locations.
    Transfer {
        /// The SKU.
        sku: SkuId,
        /// From where.
        from: LocationId,
        /// To where.
        to: LocationId,
        /// How many.
        units: Quantity,
    },
    /// Orders with nothing open are dropped, also from what counts against caps.
    Forget {
        /// Those that closed before this instant.
        closed_before: Timestamp,
    },
}

/// By how much stock changes, or what was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum StockChange {
    /// So many more, or fewer; not 0.
    By(Quantity),
    /// Exactly so many are on hand, from 0. Only of counts.
    Exactly(Quantity),
}

/// Why stock changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum StockCause {
    /// Units arrived; below zero: a receipt that was booked in error.
    Receipt,
    /// The shelf was counted.
    Count,
    /// Units can no longer be sold; above zero: they can after all.
    Damage,
}

/// An order, or a hold where `until` is given. All its lines or nothing, unless `partial`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Place {
    /// The order. One that is known grows by these lines.
    pub order: OrderId,
    /// Whose it is.
    #[cfg_attr(feature = "serde", serde(default))]
    pub customer: Option<CustomerId>,
    /// A hold ends by itself at this instant, which lies before the last one there is; `None`: an order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub until: Option<Timestamp>,
    /// Whether all its lines are served together or not at all.
    #[cfg_attr(feature = "serde", serde(default))]
    pub together: bool,
    /// Accept as many units as can be, and say what is missing.
    #[cfg_attr(feature = "serde", serde(default))]
    pub partial: bool,
    /// A line whose open units are cancelled first: a swap. If this is refused it keeps them.
    #[cfg_attr(feature = "serde", serde(default))]
    pub replaces: Option<LineId>,
    /// At least one, none twice.
    pub lines: Vec<PlaceLine>,
}

/// A line to be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PlaceLine {
    /// The line.
    pub line: LineId,
    /// What it wants.
    pub sku: SkuId,
    /// From where only; `None`: from anywhere.
    #[cfg_attr(feature = "serde", serde(default))]
    pub location: Option<LocationId>,
    /// How many.
    pub units: Quantity,
    /// Its priority, 0 first.
    #[cfg_attr(feature = "serde", serde(default))]
    pub priority: i32,
    /// When it was placed; `None`: now.
    #[cfg_attr(feature = "serde", serde(default))]
    pub placed_at: Option<Timestamp>,
    /// In what lots of units it is served.
    #[cfg_attr(feature = "serde", serde(default))]
    pub pack: Pack,
    /// Whether it may be sold ahead of stock.
    #[cfg_attr(feature = "serde", serde(default))]
    pub ahead: Ahead,
}

impl PlaceLine {
    /// A line for units of a SKU, from anywhere, now, ahead of stock if need be.
    #[must_use]
    pub fn new(line: impl Into<LineId>, sku: impl Into<SkuId>, units: Quantity) -> Self {
        Self {
            line: line.into(),
            sku: sku.into(),
            location: None,
            units,
            priority: 0,
            placed_at: None,
            pack: Pack::default(),
            ahead: Ahead::default(),
        }
    }
}

/// In what lots of units a line is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Pack {
    /// Multiples of so many, or all that is left of the line; 1: unit by unit.
    Multiple(Quantity),
    /// All of it or nothing.
    Whole,
}

impl Default for Pack {
    fn default() -> Self {
        Self::Multiple(1)
    }
}

/// Whether a claim may be sold ahead of stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Ahead {
    /// Yes, as far as the SKU's limit goes.
    #[default]
    Yes,
    /// No: stock only.
    No,
    /// Yes, if incoming supply covers it by this instant.
    Latest(Timestamp),
}

/// How [`Command::Allocate`] serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum AllocateRule {
    /// Free units to those who wait; nobody loses any.
    Fill,
    /// All allocated units of orders are served anew in the order of the queue. Dissolves a list.
    Queue,
    /// All allocated units of orders are shared anew by this rule, over a list that is closed now.
    Shared(ShortageRule),
}

/// The lot that a line drew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DrawnLot {
    /// The line.
    pub line: LineId,
    /// Its lot, small first. Lines of one claimant and one location have equal lots.
    pub lot: i64,
}
