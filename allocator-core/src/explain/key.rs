//! The key of a ticket, written out: what a rule compares, exact and in words.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use crate::demand::Rows;
use crate::place::{PlaceOrder, PlacePart};
use crate::quantity::{Quantity, Total};
use crate::rule::{KeyPart, ShortageRule};
use crate::time::Timestamp;

/// A fraction, compared by cross-multiplication: 1/2 and 2/4 are equal.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(into = "(Total, Total)", try_from = "(Total, Total)")
)]
pub struct Fraction {
    numerator: Total,
    denominator: Total,
}

impl Fraction {
    /// Numerators lie at most so far from 0, denominators at most so far above it, so that no product
    /// of the two leaves 128 bits.
    const MOST: (Total, Total) = (1 << 64, (1 << 63) - 1);

    /// The fraction, where both numbers are such as a key has.
    fn new(numerator: Total, denominator: Total) -> Option<Self> {
        let (most, largest) = Self::MOST;
        let fits = (most.saturating_neg()..=most).contains(&numerator)
            && (1..=largest).contains(&denominator);
        fits.then_some(Self {
            numerator,
            denominator,
        })
    }

    /// A number of 64 bits.
    fn whole(numerator: i64) -> Self {
        Self {
            numerator: numerator.into(),
            denominator: 1,
        }
    }

    /// The number above the line.
    #[must_use]
    pub const fn numerator(self) -> Total {
        self.numerator
    }

    /// The number below the line, at least 1.
    #[must_use]
    pub const fn denominator(self) -> Total {
        self.denominator
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        let crossed = |a: &Self, b: &Self| a.numerator.saturating_mul(b.denominator);
        crossed(self, other).cmp(&crossed(other, self))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fraction {}

impl From<Fraction> for (Total, Total) {
    fn from(fraction: Fraction) -> Self {
        (fraction.numerator, fraction.denominator)
    }
}

impl TryFrom<(Total, Total)> for Fraction {
    type Error = &'static str;

    fn try_from((numerator, denominator): (Total, Total)) -> Result<Self, Self::Error> {
        Self::new(numerator, denominator).ok_or("no fraction that a key has")
    }
}

/// The key of one unit of one line. Of two units of one SKU the one with the smaller key goes first;
/// no two have equal keys. Keys of one rule and one SKU can be compared, others cannot in any sense.
///
/// `Display` is for a support agent: `unit 4, placed at 2026-09-21T14:13:20Z, sequence 385`. A priority
/// a score or an instant of 0, the default, is not said, nor a number that was said before.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TicketKey {
    parts: Vec<(Measure, Fraction)>,
    /// The unit's number among all of its claimant; where each unit is drawn, of its line.
    number: Quantity,
    /// All units of the claimant, or of the line.
    claim: Quantity,
}

/// What a number of a key measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub(super) enum Measure {
    Class,
    Protected(Quantity),
    Unit,
    Missing,
    ShareOfClaim,
    ShareOfWeight,
    UnitLot,
    Lot,
    Place(PlacePart),
}

impl TicketKey {
    /// The numbers that the rule compares, the first that differs decides: one for each part of the
    /// rule that reads more than the place, one for each part of the place ([`crate::Policy::standing`]),
    /// then the number of the unit where no part grades or each unit is drawn. A score stands here as −1 − score, because the
    /// large ones go first.
    pub fn fractions(&self) -> impl ExactSizeIterator<Item = Fraction> {
        self.parts.iter().map(|&(_, fraction)| fraction)
    }
}

impl Ord for TicketKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.fractions().cmp(other.fractions())
    }
}

impl PartialOrd for TicketKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for TicketKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for TicketKey {}

impl fmt::Display for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = |measure: Measure| self.parts.iter().any(|(known, _)| *known == measure);
        let said = self.parts.iter().filter(|(measure, value)| match measure {
            Measure::Place(PlacePart::Priority) => value.numerator != 0 && !known(Measure::Class),
            Measure::Place(PlacePart::PlacedAt) => value.numerator != 0,
            Measure::Place(PlacePart::Score) => value.numerator != -1,
            Measure::Place(PlacePart::Lot) => !known(Measure::Lot),
            _ => true,
        });
        for (index, &(measure, value)) in said.enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            self.write_part(f, measure, value)?;
        }
        Ok(())
    }
}

impl TicketKey {
    fn write_part(
        &self,
        f: &mut fmt::Formatter<'_>,
        measure: Measure,
        value: Fraction,
    ) -> fmt::Result {
        let Self { number, claim, .. } = self;
        let Fraction {
            numerator,
            denominator,
        } = value;
        match measure {
            Measure::Class => write!(f, "class {numerator}"),
            Measure::Protected(m) => {
                let side = if numerator == 0 { "among" } else { "beyond" };
                match m {
                    1 => write!(f, "{side} first units"),
                    _ => write!(f, "{side} the first {m} units"),
                }
            }
            Measure::Unit => write!(f, "unit {numerator}"),
            // Of 5 units the fourth goes to somebody who still misses 2.
            Measure::Missing => write!(f, "{} missing", numerator.saturating_neg()),
            Measure::ShareOfClaim => {
                write!(f, "{numerator}/{denominator} (unit {number} of {claim})")
            }
            Measure::ShareOfWeight => write!(
                f,
                "{numerator}/{denominator} (unit {number}, weight {denominator})"
            ),
            Measure::UnitLot => write!(f, "unit lot {numerator}"),
            Measure::Lot => write!(f, "lot {numerator}"),
            Measure::Place(PlacePart::PlacedAt) => {
                let micros = i64::try_from(numerator).unwrap_or_default();
                write!(f, "placed at {}", Timestamp::from_micros(micros))
            }
            Measure::Place(PlacePart::Score) => {
                write!(f, "score {}", numerator.saturating_neg().saturating_sub(1))
            }
            Measure::Place(part) => write!(f, "{} {numerator}", part.name()),
        }
    }
}

/// What tickets are compared by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) rule: ShortageRule,
    /// The order of places under this rule.
    pub(super) standing: PlaceOrder,
}

/// A ticket, with all that a key reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticket {
    /// Its number among all of its claimant; where each unit is drawn, of its line.
    pub(super) number: Quantity,
    /// All tickets of the claimant, or of the line.
    pub(super) claim: Quantity,
    pub(super) weight: Quantity,
    /// Its own lot, where each unit is drawn.
    pub(super) unit_lot: i64,
    /// What the line it lies in is compared by: one number for each of [`PlacePart::ALL`].
    pub(super) ordinals: [i64; PlacePart::ALL.len()],
}

impl Ticket {
    /// A ticket of the line, as if it were the claimant's only one; without a number and a lot.
    pub(super) fn of<L: Rows + ?Sized>(lines: &L, row: usize) -> Self {
        Self {
            number: 0,
            claim: lines.quantity(row),
            weight: lines.weight(row),
            unit_lot: 0,
            ordinals: PlacePart::ALL.map(|part| lines.ordinal(row, part)),
        }
    }

    pub(super) fn key(self, order: &Order) -> TicketKey {
        TicketKey {
            parts: self.measured(order).collect(),
            number: self.number,
            claim: self.claim,
        }
    }

    /// Compares the keys without writing them out.
    pub(super) fn cmp(self, other: Self, order: &Order) -> Ordering {
        let fractions = |ticket: Self| ticket.measured(order).map(|(_, fraction)| fraction);
        fractions(self).cmp(fractions(other))
    }

    fn measured(self, order: &Order) -> impl Iterator<Item = (Measure, Fraction)> {
        let grading = Some(order.rule.grading()).filter(|grading| *grading != KeyPart::Place);
        let parts = order.rule.stages().iter().copied().chain(grading);
        let places = order.standing.parts().iter();
        // Where no part tells apart the units of one line, or two of them may have one lot.
        let by_number = grading.is_none_or(|grading| grading == KeyPart::UnitLot);
        let number = (Measure::Unit, Fraction::whole(self.number));
        parts
            .filter_map(move |part| self.part(part))
            .chain(
                places
                    .map(move |&part| (Measure::Place(part), Fraction::whole(self.ordinal(part)))),
            )
            .chain(Some(number).filter(|_| by_number))
    }

    fn ordinal(self, part: PlacePart) -> i64 {
        let of = PlacePart::ALL.iter().zip(self.ordinals);
        of.filter(|(known, _)| **known == part)
            .map(|(_, ordinal)| ordinal)
            .next()
            .unwrap_or(0)
    }

    /// What a part of the rule reads; nothing for the place, whose own parts follow.
    fn part(self, part: KeyPart) -> Option<(Measure, Fraction)> {
        let Self {
            number,
            claim,
            weight,
            unit_lot,
            ..
        } = self;
        let whole = |measure, value| Some((measure, Fraction::whole(value)));
        // Every number of a ticket fits: below 2^64 over below 2^63, as the input is checked.
        let share = |measure, numerator, of: Quantity| {
            Fraction::new(numerator, of.into()).map(|fraction| (measure, fraction))
        };
        let k = Total::from(number);
        let odd = k.saturating_mul(2).saturating_sub(1);
        match part {
            KeyPart::Class => whole(Measure::Class, self.ordinal(PlacePart::Priority)),
            KeyPart::Lot => whole(Measure::Lot, self.ordinal(PlacePart::Lot)),
            KeyPart::Protect(m) => whole(Measure::Protected(m), (number > m).into()),
            KeyPart::Level => whole(Measure::Unit, number),
            KeyPart::Remainder => {
                let missing = claim.saturating_sub(number).saturating_add(1);
                whole(Measure::Missing, missing.saturating_neg())
            }
            KeyPart::Webster => share(Measure::ShareOfClaim, odd, claim),
            KeyPart::Adams => share(Measure::ShareOfClaim, k.saturating_sub(1), claim),
            KeyPart::Jefferson => share(Measure::ShareOfClaim, k, claim),
            KeyPart::Weight => share(Measure::ShareOfWeight, odd, weight),
            KeyPart::UnitLot => whole(Measure::UnitLot, unit_lot),
            KeyPart::Place => None,
        }
    }
}
