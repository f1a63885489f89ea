//! The key of a ticket, written out: what a rule compares, exact and in words.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use crate::demand::Place;
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
/// or an instant of 0, the default, is not said.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TicketKey {
    parts: Vec<(Measure, Fraction)>,
    /// The unit's number among all of its claimant.
    number: Quantity,
    /// All units of the claimant.
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
    Priority,
    PlacedAt,
    Sequence,
}

impl TicketKey {
    /// The numbers that the rule compares, the first that differs decides: one for each part of the
    /// rule, three for the place, then the number of the unit where no part grades.
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
        let has_class = self
            .parts
            .iter()
            .any(|(measure, _)| *measure == Measure::Class);
        let said = self.parts.iter().filter(|(measure, value)| match measure {
            Measure::Priority => value.numerator != 0 && !has_class,
            Measure::PlacedAt => value.numerator != 0,
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
            Measure::Priority => write!(f, "priority {numerator}"),
            Measure::PlacedAt => {
                let micros = i64::try_from(numerator).unwrap_or_default();
                write!(f, "placed at {}", Timestamp::from_micros(micros))
            }
            Measure::Sequence => write!(f, "sequence {numerator}"),
        }
    }
}

/// A ticket, with all that a key reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticket {
    /// Its number among all of its claimant.
    pub(super) number: Quantity,
    /// All tickets of the claimant.
    pub(super) claim: Quantity,
    pub(super) weight: Quantity,
    /// The place of the line it lies in.
    pub(super) place: Place,
}

impl Ticket {
    pub(super) fn key(self, rule: &ShortageRule) -> TicketKey {
        TicketKey {
            parts: self.measured(rule).collect(),
            number: self.number,
            claim: self.claim,
        }
    }

    /// Compares the keys without writing them out.
    pub(super) fn cmp(self, other: Self, rule: &ShortageRule) -> Ordering {
        let fractions = |ticket: Self| ticket.measured(rule).map(|(_, fraction)| fraction);
        fractions(self).cmp(fractions(other))
    }

    fn measured(self, rule: &ShortageRule) -> impl Iterator<Item = (Measure, Fraction)> {
        let ungraded = rule.grading() == KeyPart::Place;
        let parts = rule.parts().iter();
        parts
            .flat_map(move |&part| self.part(part, ungraded))
            .flatten()
    }

    fn part(self, part: KeyPart, ungraded: bool) -> [Option<(Measure, Fraction)>; 4] {
        let Self {
            number,
            claim,
            weight,
            place,
        } = self;
        let whole = |measure, value| Some((measure, Fraction::whole(value)));
        // Every number of a ticket fits: below 2^64 over below 2^63, as the input is checked.
        let share = |measure, numerator, of: Quantity| {
            Fraction::new(numerator, of.into()).map(|fraction| (measure, fraction))
        };
        let k = Total::from(number);
        let odd = k.saturating_mul(2).saturating_sub(1);
        let one = match part {
            KeyPart::Class => whole(Measure::Class, place.priority),
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
            KeyPart::Place => {
                return [
                    whole(Measure::Priority, place.priority),
                    whole(Measure::PlacedAt, place.placed_at.as_micros()),
                    whole(Measure::Sequence, place.sequence),
                    whole(Measure::Unit, number).filter(|_| ungraded),
                ];
            }
        };
        [one, None, None, None]
    }
}
