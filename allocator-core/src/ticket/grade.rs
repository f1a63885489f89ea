//! Gradings: keys that part the tickets of a line, and the exact key at which a lane's stock runs out.

use crate::quantity::Quantity;
use crate::rule::{KeyPart, ShortageRule};

/// The undecided tickets `low + 1 ..= high` of a line, of a claimant with `all` tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Run {
    pub(crate) low: Quantity,
    pub(crate) high: Quantity,
    pub(crate) all: Quantity,
    pub(crate) weight: Quantity,
}

impl Run {
    /// All tickets of a claimant with a single line.
    pub(crate) fn of(claim: Quantity) -> Self {
        Self {
            low: 0,
            high: claim,
            all: claim,
            weight: 1,
        }
    }

    #[inline]
    pub(crate) fn tickets(&self) -> Quantity {
        self.high.saturating_sub(self.low)
    }

    /// Nothing of it.
    #[inline]
    pub(crate) fn none(self) -> Self {
        Self {
            high: self.low,
            ..self
        }
    }

    /// The tickets up to number `last`, and the others.
    #[inline]
    pub(crate) fn part(self, last: Quantity) -> (Self, Self) {
        let cut = last.clamp(self.low, self.high);
        (Self { high: cut, ..self }, Self { low: cut, ..self })
    }
}

/// What tickets are graded by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grading {
    /// k.
    Level,
    /// k - all, so that who misses most is next.
    Remainder,
    /// (k * step - offset) / all, or / weight.
    Share(Share),
}

/// Numerators `2k - 1`, `k - 1` or `k`, over the claim or the weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// Numerators rise by 2^shift.
    pub(crate) shift: u32,
    pub(crate) offset: u64,
    pub(crate) by_weight: bool,
}

impl Share {
    #[inline]
    pub(crate) fn denominator(self, run: &Run) -> u64 {
        let of = if self.by_weight { run.weight } else { run.all };
        of.unsigned_abs()
    }

    /// Below 2^64: tickets lie below 2^63.
    #[inline]
    pub(crate) fn numerator(self, k: Quantity) -> u64 {
        (k.unsigned_abs() << self.shift).saturating_sub(self.offset)
    }

    /// The last ticket with a smaller key than this fraction, and whether the next has just this.
    fn meets(self, run: &Run, numerator: u64, denominator: u64) -> (Quantity, bool) {
        let (whole, rest) = product_by(numerator, self.denominator(run), denominator);
        let (k, is_whole) = self.reach(whole);
        let is_met = rest == 0 && is_whole;
        (k.saturating_sub(i64::from(is_met)), is_met)
    }

    /// The largest k whose numerator is at most `whole`, and whether it is just that.
    #[inline]
    pub(crate) fn reach(self, whole: u128) -> (Quantity, bool) {
        let met = whole.saturating_add(self.offset.into());
        let k = met >> self.shift;
        (
            Quantity::try_from(k).unwrap_or(Quantity::MAX),
            k << self.shift == met,
        )
    }
}

impl Grading {
    pub(crate) fn of(rule: &ShortageRule) -> Option<Self> {
        let share = |shift, offset, by_weight| {
            Some(Self::Share(Share {
                shift,
                offset,
                by_weight,
            }))
        };
        match rule.grading() {
            KeyPart::Level => Some(Self::Level),
            KeyPart::Remainder => Some(Self::Remainder),
            KeyPart::Webster => share(1, 1, false),
            KeyPart::Adams => share(0, 1, false),
            KeyPart::Jefferson => share(0, 0, false),
            KeyPart::Weight => share(1, 1, true),
            KeyPart::Class
            | KeyPart::Protect(_)
            | KeyPart::Lot
            | KeyPart::UnitLot
            | KeyPart::Place => None,
        }
    }
}

impl Grading {
    /// The key of ticket `k` of the run's claimant.
    pub(crate) fn key(self, run: &Run, k: Quantity) -> Threshold {
        match self {
            Self::Level => Threshold::Level(k),
            Self::Remainder => Threshold::Remainder(run.all.saturating_sub(k).saturating_add(1)),
            Self::Share(share) => Threshold::Share {
                share,
                numerator: share.numerator(k),
                denominator: share.denominator(run),
            },
        }
    }
}

/// The smallest key whose tickets do not all fit: those with smaller keys are covered, and its own
/// are served in the order of places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Threshold {
    /// There is enough for all.
    #[default]
    None,
    /// Ticket number.
    Level(Quantity),
    /// Ticket number counted from the claimant's last, which is 1.
    Remainder(Quantity),
    /// An exact fraction.
    Share {
        share: Share,
        numerator: u64,
        denominator: u64,
    },
}

impl Threshold {
    /// Tickets of the run with smaller keys, and whether the next has just this one.
    #[inline]
    pub(crate) fn front(&self, run: &Run) -> (Quantity, bool) {
        // The last ticket number with a smaller key, and whether the next number has this key.
        let (last, next_is_it) = match *self {
            Self::None => return (run.tickets(), false),
            Self::Level(level) => (level.saturating_sub(1), true),
            Self::Remainder(level) => (run.all.saturating_sub(level), true),
            Self::Share {
                share,
                numerator,
                denominator,
            } => share.meets(run, numerator, denominator),
        };
        let front = last.clamp(run.low, run.high).saturating_sub(run.low);
        let on_it = next_is_it && last >= run.low && last < run.high;
        (front, on_it)
    }
}

/// `a * b / c` and what is left over.
#[inline]
fn product_by(a: u64, b: u64, c: u64) -> (u128, u128) {
    // Most numbers are small, and then the machine's own division does.
    if let Some(product) = a.checked_mul(b) {
        let (whole, rest) = (
            product.checked_div(c).unwrap_or(0),
            product.checked_rem(c).unwrap_or(0),
        );
        return (whole.into(), rest.into());
    }
    let (product, c) = (u128::from(a).saturating_mul(b.into()), u128::from(c));
    (
        product.checked_div(c).unwrap_or(0),
        product.checked_rem(c).unwrap_or(0),
    )
}
