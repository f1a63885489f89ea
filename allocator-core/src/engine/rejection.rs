//! Why a command is refused.
//!
//! Of all refusals that apply, the one with the lowest number is told, then the first line of the
//! request. A refused command has changed nothing; holds that were due at its instant have ended all
//! the same.

use crate::reason::codes;

codes! {
    /// The refusals. The sentence is for the host's developer; what the buyer may be told, if anything,
    /// is [`RejectionCode::for_the_buyer`].
    RejectionCode {
        /// `now` lies before the last call's.
        ClockBackwards = 2, "clock_backwards", "the instant lies before that of an earlier call: nothing was done, not even due expiries";
        /// The id was used for another command.
        Conflict = 3, "conflict", "this id was used for a command with other content: send this one with an id of its own";
        /// Issued before everything the engine remembers.
        TooOld = 4, "too_old", "the command was issued before everything that is remembered, so it may be a repeat: look at the present state, then issue it anew";
        /// No such order.
        UnknownOrder = 10, "unknown_order", "there is no such order";
        /// No such line.
        UnknownLine = 11, "unknown_line", "there is no such line, or the two lines are of different items";
        /// No such purchase order line.
        UnknownSupply = 12, "unknown_supply", "there is no such purchase order line: announce it first";
        /// The order is known with another customer, deadline or grouping.
        OrderDiffers = 13, "order_differs", "the order is known with another customer, deadline or grouping";
        /// The line is known.
        LineExists = 14, "line_exists", "there is such a line already";
        /// The purchase order line is known with another SKU or location.
        SupplyDiffers = 15, "supply_differs", "the purchase order line is known with another item or location";
        /// The order ended by its deadline.
        Expired = 20, "expired", "the hold ended by its deadline: place a new order";
        /// The order was cancelled.
        Cancelled = 21, "cancelled", "the order was cancelled: place a new one";
        /// The order has no deadline.
        NotHeld = 22, "not_held", "the order is no hold: it has no deadline";
        /// The order is still a hold.
        NotConfirmed = 23, "not_confirmed", "the order is still a hold: confirm it first";
        /// The deadline is not ahead.
        DeadlinePassed = 24, "deadline_passed", "the deadline does not lie ahead";
        /// The hold would live too long.
        HoldTooLong = 25, "hold_too_long", "the hold would live longer than the policy allows";
        /// The deadline is not later than the present one.
        NotLater = 26, "not_later", "the deadline is no later than the present one";
        /// No further extension.
        ExtensionsSpent = 27, "extensions_spent", "the hold was extended as often as the policy allows";
        /// Fewer units than were shipped.
        BelowShipped = 30, "below_shipped", "more units than that have been shipped";
        /// More units than the line has in that state.
        TooMany = 31, "too_many", "the line has fewer units than that to take this from";
        /// More units than are allocated.
        NotAllocated = 32, "not_allocated", "the line has fewer units than that allocated: nothing ships that was not received";
        /// A count would fall below zero.
        NotOnHand = 33, "not_on_hand", "fewer units than that are there";
        /// More units than are available.
        NotAvailable = 34, "not_available", "fewer units than that are free there";
        /// Above what one customer may have.
        CustomerCap = 40, "customer_cap", "the customer would have more units of this item than one may";
        /// Stock was asked for, and there is not enough.
        NotInStock = 41, "not_in_stock", "stock only was asked for, and there is not enough";
        /// Above what may be sold ahead of stock.
        OverLimit = 42, "over_limit", "more would be sold ahead of stock than the policy allows";
        /// Incoming supply does not cover it in time.
        TooLate = 43, "too_late", "incoming supply does not cover it by the latest date";
        /// A line to be listed cannot be shared by the unit.
        NotShareable = 50, "not_shareable", "a line ships in packs, whole or together, or the rule needs what lines here do not carry: this rule shares single units";
        /// The rule reads lots.
        DrawRequired = 51, "draw_required", "the rule decides by lots, and a line has none or two of one claimant differ: draw first";
        /// The plan is not the one that was shown.
        PlanChanged = 52, "plan_changed", "the plan would now be another than the one that was shown: show it again";
        /// A total above what 64 bits hold.
        Overflow = 60, "overflow", "a total of the item would be above 9,223,372,036,854,775,807";
    }
}

impl RejectionCode {
    /// What a shop may say to the buyer. `None`: the refusal is between programs and none of his business.
    #[must_use]
    pub const fn for_the_buyer(self) -> Option<&'static str> {
        match self {
            Self::Expired => Some("Your reservation has ended. Please try again."),
            Self::Cancelled => Some("This order was cancelled. Please place a new one."),
            Self::ExtensionsSpent | Self::HoldTooLong => {
                Some("This reservation cannot be extended any further.")
            }
            Self::BelowShipped => Some("Part of this has been shipped already."),
            Self::CustomerCap => Some("You have reached the limit per customer."),
            Self::NotInStock => Some("Fewer than that are left."),
            Self::OverLimit => Some("This is sold out."),
            Self::TooLate => Some("We cannot deliver this by the date you asked for."),
            _ => None,
        }
    }
}

/// Why a command is refused, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Rejection {
    /// Why.
    pub code: RejectionCode,
    /// The line of the request, from 0, where the command has lines and one of them is at fault.
    pub row: Option<u32>,
    /// The first field that differs; only of [`RejectionCode::Conflict`].
    pub field: Option<&'static str>,
}

impl Rejection {
    /// A refusal of the command as a whole.
    #[must_use]
    pub const fn new(code: RejectionCode) -> Self {
        Self {
            code,
            row: None,
            field: None,
        }
    }

    /// A refusal for one line of it.
    #[must_use]
    pub const fn of_line(code: RejectionCode, row: u32) -> Self {
        Self {
            code,
            row: Some(row),
            field: None,
        }
    }
}

impl core::fmt::Display for Rejection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if let Some(row) = self.row {
            write!(f, "line {row} of the request: ")?;
        }
        if let Some(field) = self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(self.code.sentence())
    }
}
