//! What a sharing rule promises, as constants of its parts. The tests of fairness read them: what is
//! said here is tried on every small problem, and what is not said has a witness that breaks it.

use core::fmt;

use crate::place::PlacePart;
use crate::policy::Policy;
use crate::reason::codes;
use crate::rule::{KeyPart, ShortageRule};

codes! {
    /// An axiom of fairness. It speaks of customers who claim one SKU, each under a name of his own,
    /// and of stock between none and all of what is claimed.
    Axiom {
        /// The stock grows.
        ResourceMonotone = 0, "resource_monotone", "one more unit lowers nobody";
        /// A customer cancels, the stock stays.
        CancelMonotone = 1, "cancel_monotone", "who cancels lowers nobody else";
        /// A customer leaves with what he has.
        Consistency = 2, "consistency", "who leaves with his award changes nobody else";
        /// A customer without a unit leaves.
        NullAwardLeaves = 3, "null_award_leaves", "who has no unit and leaves changes nobody";
        /// A customer who is served leaves.
        ServedLeaves = 4, "served_leaves", "who is served in full and leaves with his units changes nobody";
        /// The stock comes in two shipments.
        CompositionUp = 5, "composition_up", "two shipments, the second shared by what is still open, give what one gives";
        /// The stock turns out smaller.
        CompositionDown = 6, "composition_down", "a shipment revised down may be shared by the awards instead of the claims";
        /// Two customers claim the same.
        BalancedEquals = 7, "balanced_equals", "equal claims differ by at most one unit";
        /// Two customers claim the same.
        SeniorityEquals = 8, "seniority_equals", "of two equal claims the earlier never gets less";
        /// The place is the standing.
        NoOvertake = 9, "no_overtake", "nobody gets a unit while somebody earlier is short";
        /// Awards follow claims.
        OrderGainsStrict = 10, "order_gains_strict", "a smaller claim never gets more";
        /// Awards follow claims but for one unit.
        OrderGainsPm1 = 11, "order_gains_pm1", "a smaller claim never gets more by two units";
        /// Losses follow claims.
        OrderLossesStrict = 12, "order_losses_strict", "a smaller claim never loses more";
        /// Losses follow claims but for one unit.
        OrderLossesPm1 = 13, "order_losses_pm1", "a smaller claim never loses more by two units";
        /// Awards stay at the exact percentage.
        LowerQuota = 14, "lower_quota", "nobody gets less than his exact share rounded down";
        /// Awards stay at the exact percentage.
        UpperQuota = 15, "upper_quota", "nobody gets more than his exact share rounded up";
        /// The stock reaches the number of customers.
        NobodyEmpty = 16, "nobody_empty", "with at least as many units as customers nobody is left without one";
        /// A claim grows.
        ClaimMonotone = 17, "claim_monotone", "who asks for more never gets less";
        /// A claim grows, or shrinks.
        OthersNeverGain = 18, "others_never_gain_from_my_increase", "who asks for more gives nobody else a unit, so who asks for less takes none";
        /// A claim is larger than what is wanted.
        InflationProof = 19, "inflation_proof", "who asks for more than he wants gets no more of what he wants";
        /// A claim is larger than the stock.
        TruncationInvariant = 20, "truncation_invariant", "what a claim asks for beyond the stock changes nothing";
        /// A customer opens a second account.
        SplitProof = 21, "split_proof", "two accounts side by side get no more than one";
        /// Two customers become one.
        MergeProof = 22, "merge_proof", "two accounts side by side get no less than one";
        /// Units and missing units are treated alike.
        SelfDual = 23, "self_dual_reversed_ties", "units are awarded as the missing ones are cut, the line turned round";
    }
}

/// A set of axioms.
///
/// ```
/// use allocator_core::{Axiom, Axioms, ShortageRule};
/// let rounds = ShortageRule::one_each_per_round().keeps();
/// assert!(rounds.contains(Axiom::InflationProof) && !rounds.contains(Axiom::CompositionUp));
/// let queue = ShortageRule::first_come().keeps();
/// assert_eq!(rounds.and(queue).and(Axioms::of(&[Axiom::SplitProof])), Axioms::of(&[]));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(from = "alloc::vec::Vec<Axiom>", into = "alloc::vec::Vec<Axiom>")
)]
pub struct Axioms(u32);

impl Axioms {
    /// All of them.
    pub const ALL: Self = Self::of(Axiom::ALL);

    /// These.
    #[must_use]
    pub const fn of(axioms: &[Axiom]) -> Self {
        let (mut bits, mut rest) = (0, axioms);
        while let [first, tail @ ..] = rest {
            bits |= 1_u32.wrapping_shl(first.number() as u32);
            rest = tail;
        }
        Self(bits)
    }

    /// Bit n is the axiom of number n.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether the axiom is one of them.
    #[must_use]
    pub const fn contains(self, axiom: Axiom) -> bool {
        self.0.wrapping_shr(axiom.number() as u32) & 1 == 1
    }

    /// Those that are also in `other`.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// These and those of `other`.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// One after the other, by number.
    pub fn iter(self) -> impl Iterator<Item = Axiom> {
        let all = Axiom::ALL.iter().copied();
        all.filter(move |&axiom| self.contains(axiom))
    }
}

impl FromIterator<Axiom> for Axioms {
    fn from_iter<I: IntoIterator<Item = Axiom>>(axioms: I) -> Self {
        let one = |all: Self, axiom| all.or(Self::of(&[axiom]));
        axioms.into_iter().fold(Self::default(), one)
    }
}

impl From<alloc::vec::Vec<Axiom>> for Axioms {
    fn from(axioms: alloc::vec::Vec<Axiom>) -> Self {
        Self::of(&axioms)
    }
}

impl From<Axioms> for alloc::vec::Vec<Axiom> {
    fn from(axioms: Axioms) -> Self {
        axioms.iter().collect()
    }
}

impl fmt::Debug for Axioms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// What every rule keeps: no key depends on the stock or on who else is there, and none of a claimant's
/// keys rises when he asks for more.
const TICKETS: Axioms = Axioms::of(&[
    Axiom::ResourceMonotone,
    Axiom::CancelMonotone,
    Axiom::Consistency,
    Axiom::NullAwardLeaves,
    Axiom::ServedLeaves,
    Axiom::ClaimMonotone,
    Axiom::OthersNeverGain,
]);

/// What is kept as well where a claimant's keys rise from unit to unit, and unit by unit those of an equal
/// claim differ in the place alone: in every rule that does not draw each unit.
const NUMBERED: Axioms = TICKETS.or(Axioms::of(&[Axiom::SeniorityEquals]));

/// What is kept by parts that do not read the claim.
const BLIND_TO_CLAIMS: Axioms = Axioms::of(&[
    Axiom::CompositionDown,
    Axiom::InflationProof,
    Axiom::TruncationInvariant,
]);

/// What is kept by parts that grade equal claims alike, unit by unit, and larger claims no worse.
const EVEN: Axioms = Axioms::of(&[
    Axiom::BalancedEquals,
    Axiom::OrderGainsPm1,
    Axiom::OrderLossesPm1,
]);

/// What a share of the stock would be measured by, or found in every hand.
const SHARES: Axioms = Axioms::of(&[Axiom::LowerQuota, Axiom::UpperQuota, Axiom::NobodyEmpty]);

impl KeyPart {
    /// What a rule keeps whose order this part decides, with the place only between equals. A class or
    /// a protection decides little by itself: they keep whatever they do not take from the parts
    /// behind them.
    #[must_use]
    pub const fn keeps(self) -> Axioms {
        const QUEUE: Axioms = NUMBERED.or(BLIND_TO_CLAIMS).or(Axioms::of(&[
            Axiom::CompositionUp,
            Axiom::NoOvertake,
            Axiom::SplitProof,
            Axiom::MergeProof,
            Axiom::SelfDual,
        ]));
        const ROUNDS: Axioms = NUMBERED
            .or(BLIND_TO_CLAIMS)
            .or(EVEN)
            .or(Axioms::of(&[Axiom::OrderLossesStrict, Axiom::MergeProof]));
        match self {
            Self::Class => Axioms::ALL.without(SHARES),
            Self::Protect(m) => {
                let kept = Axioms::ALL.without(SHARES).without(Axioms::of(&[
                    Axiom::CompositionUp,
                    Axiom::NoOvertake,
                    Axiom::SplitProof,
                    Axiom::SelfDual,
                ]));
                if m == 1 {
                    kept.or(Axioms::of(&[Axiom::NobodyEmpty]))
                } else {
                    kept
                }
            }
            Self::Level => ROUNDS.or(Axioms::of(&[Axiom::NobodyEmpty])),
            Self::Weight => ROUNDS,
            Self::Remainder => NUMBERED.or(EVEN).or(Axioms::of(&[
                Axiom::CompositionUp,
                Axiom::OrderGainsStrict,
                Axiom::SplitProof,
            ])),
            Self::Webster => NUMBERED.or(EVEN).or(Axioms::of(&[
                Axiom::OrderGainsStrict,
                Axiom::OrderLossesStrict,
                Axiom::SelfDual,
            ])),
            Self::Adams => NUMBERED.or(EVEN).or(Axioms::of(&[
                Axiom::OrderLossesStrict,
                Axiom::UpperQuota,
                Axiom::NobodyEmpty,
                Axiom::MergeProof,
            ])),
            Self::Jefferson => NUMBERED.or(EVEN).or(Axioms::of(&[
                Axiom::OrderGainsStrict,
                Axiom::LowerQuota,
                Axiom::SplitProof,
            ])),
            // Every unit keeps its lot, whose account it is in; the line that is turned round is that of
            // the lots. A claim that is cut to a number of units loses its last ones, drawn or not.
            Self::UnitLot => TICKETS.or(Axioms::of(&[
                Axiom::SplitProof,
                Axiom::MergeProof,
                Axiom::SelfDual,
            ])),
            // A lot is a place that was drawn: nobody is before anybody else but by it.
            Self::Lot | Self::Place => QUEUE,
        }
    }

    /// Whether it leaves it to the parts behind it who gets a first unit.
    const fn spares_the_first_unit(self) -> bool {
        matches!(self, Self::Protect(2..))
    }
}

impl ShortageRule {
    /// What the rule is sure to keep: what all of its parts keep. The place, and a class or a lot right
    /// before it, count where no part grades; else they only part equals. That nobody is left empty is a
    /// matter of the part which decides about first units. An earlier customer is one whose place comes
    /// first, where lots decide: whose lot does.
    ///
    /// For the rules with a merchant's name it is all that they keep. A rule of one's own may keep
    /// more by chance, as where a protection of one unit stands before rounds, which protect it anyway.
    #[must_use]
    pub fn keeps(&self) -> Axioms {
        let until = match self.grading() {
            KeyPart::Place => self.parts().len(),
            _ => self.stages().len().saturating_add(1),
        };
        let deciding = self.parts().iter().take(until);
        let all = deciding.fold(Axioms::ALL, |all, part| all.and(part.keeps()));
        let first = self
            .parts()
            .iter()
            .find(|part| !part.spares_the_first_unit());
        let nobody_empty = Axioms::of(&[Axiom::NobodyEmpty]);
        let by_first = first.map_or(Axioms::default(), |part| part.keeps().and(nobody_empty));
        all.without(nobody_empty).or(by_first)
    }
}

impl Policy {
    /// What its rule is sure to keep with its order of places. An order by quantity reads the claim
    /// itself, so it keeps what does not ask how claims compare or what they would be.
    #[must_use]
    pub fn keeps(&self) -> Axioms {
        const BY_QUANTITY: Axioms = Axioms::of(&[
            Axiom::ResourceMonotone,
            Axiom::CancelMonotone,
            Axiom::Consistency,
            Axiom::NullAwardLeaves,
            Axiom::ServedLeaves,
        ]);
        if self.standing().parts().contains(&PlacePart::Quantity) {
            return self.rule.keeps().and(BY_QUANTITY);
        }
        self.rule.keeps()
    }
}
