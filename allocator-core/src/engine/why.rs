//! Why a line waits and why a unit lies idle: codes, figures and sentences.

use core::fmt;

use crate::id::{LineId, LocationId};
use crate::quantity::Quantity;
use crate::reason::codes;

codes! {
    /// Where a line stands and why. The first that applies, in this order but for the last.
    WaitReason {
        /// Nothing waits: it has all its units.
        Served = 0, "served", "it has all its units";
        /// Nothing is open: its units were shipped.
        Shipped = 1, "shipped", "its units were shipped";
        /// Nothing is open: the order ended by its deadline.
        Expired = 2, "expired", "the reservation ended by its deadline";
        /// Nothing is open: it was cancelled.
        Cancelled = 3, "cancelled", "it was cancelled";
        /// Nothing was ever open: it got no units when it was placed.
        NothingAsked = 4, "nothing_asked", "it was placed without units";
        /// No unit of the item is free.
        NoStock = 5, "no_stock", "no unit of the item is free";
        /// It is tied to a location at which no stock of the item was ever booked.
        UnknownPlace = 6, "unknown_place", "there was never stock of the item at its location, and it is served from nowhere else";
        /// It is tied to a location at which no unit is free; elsewhere some are.
        NothingThere = 7, "nothing_there", "no unit is free at its location, and it is served from nowhere else";
        /// What is free is protected, and not for its priority.
        Protected = 8, "protected", "the units that are left are protected, and not for lines of its priority";
        /// What is free waits for an allocation.
        Kept = 9, "kept", "units are free and wait for an allocation: they serve nobody by themselves";
        /// What is free is set aside for an earlier line that ships whole.
        StuckBehind = 10, "stuck_behind", "what is free is set aside for an earlier line, which ships whole, in packs or with its order and is not complete yet";
        /// Its own pack: fewer units than that are free.
        LineIncomplete = 11, "line_incomplete", "there is only a part: it ships whole, in packs or with its order";
        /// There is enough for it, but its order is served together, and another line of it waits.
        OrderIncomplete = 12, "order_incomplete", "there is enough for it, but the order is served together and another line of it waits";
        /// Holds that are due have not been ended yet.
        Due = 13, "due", "holds are due that were not ended yet: advance the engine";
    }
}

codes! {
    /// Why units are free although somebody waits. The first that applies, in this order.
    IdleReason {
        /// All who wait are tied to other locations.
        TiedElsewhere = 0, "tied_elsewhere", "all who wait are tied to other locations";
        /// What is left of the item is protected, and not for those who wait.
        Protected = 1, "protected", "what is left is protected, and not for the priority of those who wait";
        /// Units that become free wait for an allocation.
        Kept = 2, "kept", "units wait for an allocation: they serve nobody by themselves";
        /// Holds that are due have not been ended yet.
        Due = 3, "due", "holds are due that were not ended yet: advance the engine";
        /// Set aside for the line that is named, which is not complete yet.
        SetAside = 4, "set_aside", "set aside for a line that ships whole, in packs or with its order and is not complete yet";
        /// Nobody who waits is complete with them; the first is named.
        DoesNotFit = 5, "does_not_fit", "those who wait ship whole, in packs or with their order, and this completes none of them";
    }
}

/// Why a line waits, with the figures. As text it is a sentence that can be read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct WaitExplanation {
    /// Why. Of a line with several places in line: why the first of them that waits does.
    pub code: WaitReason,
    /// Units of the line that wait.
    pub waiting: Quantity,
    /// Units that wait before it and may use its location.
    pub waiting_ahead: Quantity,
    /// Free units that it may take, as far as nobody's are set aside, and too few of them or not yet:
    /// nothing of the line stands in their way but the reason.
    pub free: Quantity,
    /// Units that are missing: of [`WaitReason::LineIncomplete`] to the next pack or the whole, of
    /// [`WaitReason::OrderIncomplete`] to the line that is named; of any other all that waits here.
    pub missing: Quantity,
    /// The earlier line of [`WaitReason::StuckBehind`], the other line of the order of
    /// [`WaitReason::OrderIncomplete`].
    pub line: Option<LineId>,
}

impl fmt::Display for WaitExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.waiting > 0 {
            let wait = if self.waiting == 1 { "waits" } else { "wait" };
            write!(f, "{} {wait}: ", Units(self.waiting))?;
        }
        f.write_str(self.code.sentence())?;
        if let Some(line) = self.line {
            write!(f, " (line {line})")?;
        }
        match self.code {
            WaitReason::LineIncomplete => write!(
                f,
                "; {} can be had, {} more would do",
                Units(self.free),
                self.missing
            )?,
            WaitReason::OrderIncomplete => {
                let is = if self.missing == 1 { "is" } else { "are" };
                write!(f, "; {} {is} missing there", Units(self.missing))?;
            }
            _ => {}
        }
        if self.waiting > 0 {
            let wait = if self.waiting_ahead == 1 {
                "waits"
            } else {
                "wait"
            };
            match self.waiting_ahead {
                0 => f.write_str("; nobody waits before it")?,
                ahead => write!(f, "; {} {wait} before it", Units(ahead))?,
            }
        }
        Ok(())
    }
}

/// So many units, in words.
struct Units(Quantity);

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 unit"),
            units => write!(f, "{units} units"),
        }
    }
}

/// Units that are available at a location while somebody waits for the SKU, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct IdleStock {
    /// Where.
    pub location: LocationId,
    /// How many: all that is available there.
    pub units: Quantity,
    /// Why.
    pub reason: IdleReason,
    /// The line for which they are set aside, or the first that they do not complete.
    pub line: Option<LineId>,
}
