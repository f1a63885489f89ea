//! What happens to a drop while it is short, and which law says that nobody is hurt by it.

use crate::axiom::Axiom;
use crate::policy::Policy;
use crate::reason::codes;

codes! {
    /// Something that happens between two plans. Its sentence says how it is answered: each is an edit of
    /// the input and one call, so a host needs no state but claims, units received and units given.
    ShortageEvent {
        /// More units arrive.
        SecondShipment = 0, "second_shipment", "add the units to those received and plan with the original claims: what is kept beyond what was given is handed out (Allocation::increment)";
        /// Fewer units than announced will come.
        SupplyRevisedDown = 1, "supply_revised_down", "plan with the smaller supply, the original claims, and as given what has shipped";
        /// A customer cancels his order.
        Cancellation = 2, "cancellation", "take his lines out and plan with the same supply";
        /// A customer without a unit leaves the list.
        EmptyHandedLeaves = 3, "empty_handed_leaves", "take his lines out and plan with the same supply";
        /// A customer wants fewer units.
        Reduction = 4, "reduction", "write the smaller quantity into his line, which keeps its place, and plan with the same supply; what he was given himself is decided anew";
        /// A customer wants more units.
        Increase = 5, "increase", "add a line for the units beyond, at its own place in line, and plan with the same supply and, as given, what was given: like everybody who comes later he takes nothing back from others";
        /// An order that is served in full has shipped.
        ShippedLeaves = 6, "shipped_leaves", "take its lines out and its units off the supply, and plan with the rest";
    }
}

impl ShortageEvent {
    /// The axiom that makes the event harmless: to nobody who stays a unit is lost by it, and plans made
    /// one after the other come to what one plan on the final state says.
    ///
    /// ```
    /// use allocator_core::{Axiom, Policy, ShortageEvent, ShortageRule};
    /// assert_eq!(ShortageEvent::Cancellation.axiom(), Axiom::CancelMonotone);
    /// let rounds = Policy::sharing(ShortageRule::one_each_per_round());
    /// assert!(ShortageEvent::SupplyRevisedDown.is_harmless_under(&rounds));
    /// let cuts = Policy::sharing(ShortageRule::equal_cuts());
    /// assert!(!ShortageEvent::SupplyRevisedDown.is_harmless_under(&cuts));
    /// ```
    #[must_use]
    pub const fn axiom(self) -> Axiom {
        match self {
            Self::SecondShipment => Axiom::ResourceMonotone,
            Self::SupplyRevisedDown => Axiom::CompositionDown,
            Self::Cancellation => Axiom::CancelMonotone,
            Self::EmptyHandedLeaves => Axiom::NullAwardLeaves,
            Self::Reduction => Axiom::OthersNeverGain,
            Self::Increase => Axiom::ClaimMonotone,
            Self::ShippedLeaves => Axiom::ServedLeaves,
        }
    }

    /// Whether the policy keeps that axiom. Where it does not, hand over what was given
    /// ([`crate::CancelTerms::given`]): it is kept first, and only what is left is decided anew.
    #[must_use]
    pub fn is_harmless_under(self, policy: &Policy) -> bool {
        policy.keeps().contains(self.axiom())
    }
}
