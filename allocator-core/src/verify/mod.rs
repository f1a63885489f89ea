//! The second bookkeeper: judges any result, ours or another system's, and shares no code with what
//! made it. It uses only the vocabulary of inputs and outcomes.

mod plan;
mod queue;
mod remainder;
mod tickets;
mod units;

pub use plan::verify_plan;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::allocate::{Allocation, Outcome};
use crate::demand::Demand;
use crate::id::SkuId;
use crate::place::PlacePart;
use crate::policy::Policy;
use crate::quantity::Total;
use crate::rule::KeyPart;
use crate::supply::Supply;

/// How much of a result holds. Each grade includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Grade {
    /// Nothing is promised twice: units, pegs and idle units add up to what was received.
    Safe,
    /// What ships whole does.
    Legal,
    /// Nobody jumps the queue, nothing is idle without its cause, every reason is true.
    Ordered,
}

impl Grade {
    /// The word for it, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Legal => "legal",
            Self::Ordered => "ordered",
        }
    }
}

impl core::fmt::Display for Grade {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// What every result must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Law {
    /// Of no SKU and of no supply row is more given than was received. Grade safe.
    NeverBeyondReceived,
    /// Every unit of a line lies in exactly one box, every unit received is pegged or idle. Grade safe.
    EveryUnitAccounted,
    /// Lines and orders that ship whole get all or nothing, and only they have units aside. Grade legal.
    ShipsWhole,
    /// Nobody is covered while one before him waits, unless the policy lets him pass. Grade ordered.
    NoQueueJumping,
    /// No unit stays free that the queue owes to somebody. Grade ordered.
    NothingIdle,
    /// Every reason and every cause is the true one. Grade ordered.
    TrueReason,
}

impl Law {
    /// Every law, by grade.
    pub const ALL: [Self; 6] = [
        Self::NeverBeyondReceived,
        Self::EveryUnitAccounted,
        Self::ShipsWhole,
        Self::NoQueueJumping,
        Self::NothingIdle,
        Self::TrueReason,
    ];

    /// The word for it, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NeverBeyondReceived => "never_beyond_received",
            Self::EveryUnitAccounted => "every_unit_accounted",
            Self::ShipsWhole => "ships_whole",
            Self::NoQueueJumping => "no_queue_jumping",
            Self::NothingIdle => "nothing_idle",
            Self::TrueReason => "true_reason",
        }
    }

    /// The highest grade a result has that keeps every law before this one.
    const fn reached(self) -> Option<Grade> {
        match self {
            Self::NeverBeyondReceived | Self::EveryUnitAccounted => None,
            Self::ShipsWhole => Some(Grade::Safe),
            Self::NoQueueJumping | Self::NothingIdle | Self::TrueReason => Some(Grade::Legal),
        }
    }
}

impl core::fmt::Display for Law {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// The first broken law, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[error("{law} is broken, {}{}: {what} should be {expected} and is {found}",
    row.map_or_else(alloc::string::String::new, |row| alloc::format!("line row {row}, ")), At(*sku))]
#[non_exhaustive]
pub struct Violation {
    /// The highest grade the result reaches all the same.
    pub reached: Option<Grade>,
    /// The law.
    pub law: Law,
    /// The row of the line, where it is about one.
    pub row: Option<usize>,
    /// The SKU, where it is about one.
    pub sku: Option<SkuId>,
    /// Which figure is wrong.
    pub what: &'static str,
    /// What the law asks for, or the limit it sets; for reasons and causes their number.
    pub expected: Total,
    /// What the result says.
    pub found: Total,
    /// Whether expected and found are SKUs, as for a peg from supply of another SKU; otherwise they
    /// are units, or numbers of reasons and causes.
    pub figures_are_skus: bool,
}

struct At(Option<SkuId>);

impl core::fmt::Display for At {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(sku) => write!(f, "SKU {sku}"),
            None => f.write_str("the whole"),
        }
    }
}

/// Checks a result against its input.
///
/// The input is taken as it stands: [`crate::validate`] says whether it is valid. Of lines at one place
/// nobody can say who is first, so they are refused here too.
///
/// Safe: units, pegs and idle units add up (pegs and idle units where the result has them). Legal:
/// whole lines and orders. Ordered: the covered units are the first of each queue, and everything
/// else follows from them as the policy says. O(n log n).
///
/// # Errors
/// The first broken law, with the highest grade reached.
///
/// ```
/// use allocator_core::{allocate, verify, DemandLine, Grade, Policy, Supply};
/// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2)];
/// let (supply, policy) = ([Supply::received(7, 3)], Policy::first_come());
/// let result = allocate(&lines, &supply, &policy)?;
/// assert_eq!(verify(&lines, &supply, &policy, &result), Ok(Grade::Ordered));
/// assert!(verify(&lines, &[Supply::received(7, 2)], &policy, &result).is_err());
/// # Ok::<(), allocator_core::Error>(())
/// ```
pub fn verify<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    allocation: &Allocation,
) -> Result<Grade, Violation> {
    let audit = Audit {
        lines,
        supply,
        policy,
        allocation,
        compared: compared(policy),
        unit_starts: unit_starts(lines, policy),
    };
    let received = audit.received()?;
    audit.units(&received)?;
    audit.pegs()?;
    audit.idle_units(&received)?;
    audit.whole()?;
    audit.order(received)?;
    Ok(Grade::Ordered)
}

struct Audit<'a, L: ?Sized> {
    lines: &'a L,
    supply: &'a [Supply],
    policy: &'a Policy,
    allocation: &'a Allocation,
    /// What parts two lines where all else of their tickets is equal.
    compared: Vec<PlacePart>,
    /// Where the lots of each row's units begin, where the rule draws them; else empty.
    unit_starts: Vec<usize>,
}

fn unit_starts<L: Demand + ?Sized>(lines: &L, policy: &Policy) -> Vec<usize> {
    if !policy.rule.parts().contains(&KeyPart::UnitLot) {
        return Vec::new();
    }
    let mut start = 0_usize;
    let starts = (0..lines.count()).map(|row| {
        let units = usize::try_from(lines.quantity(row)).unwrap_or(0);
        let next = start.saturating_add(units);
        core::mem::replace(&mut start, next)
    });
    starts.collect()
}

/// The classes and lots that the rule reads, then what the policy orders places by.
fn compared(policy: &Policy) -> Vec<PlacePart> {
    let mut compared = Vec::new();
    for part in policy.rule.parts() {
        match part {
            KeyPart::Class => compared.push(PlacePart::Priority),
            KeyPart::Lot => compared.push(PlacePart::Lot),
            KeyPart::Place => compared.extend_from_slice(policy.order.parts()),
            _ => {}
        }
    }
    compared
}

/// Units by SKU.
type BySku = BTreeMap<u32, Total>;

fn raise(units: &mut Total, by: Total) {
    // Sums of 2^32 numbers of 64 bits stay far inside 128.
    *units = units.saturating_add(by);
}

impl<L: Demand + ?Sized> Audit<'_, L> {
    fn broken(
        &self,
        law: Law,
        row: Option<usize>,
        sku: Option<u32>,
        what: &'static str,
        expected: Total,
        found: Total,
    ) -> Violation {
        Violation {
            reached: law.reached(),
            law,
            row,
            sku: sku.map(SkuId),
            what,
            expected,
            found,
            figures_are_skus: false,
        }
    }

    /// `found` must be `expected`, said of line `row`.
    fn equal(
        &self,
        law: Law,
        row: usize,
        what: &'static str,
        expected: Total,
        found: Total,
    ) -> Result<(), Violation> {
        if expected == found {
            return Ok(());
        }
        Err(self.broken(
            law,
            Some(row),
            Some(self.lines.sku(row)),
            what,
            expected,
            found,
        ))
    }

    fn outcome(&self, row: usize) -> Outcome {
        self.allocation
            .outcome(row)
            .unwrap_or_else(|| Outcome::reported(0, 0))
    }

    fn rows(&self) -> core::ops::Range<usize> {
        0..self.lines.count()
    }

    /// Which of two lines stands before the other.
    fn by_place(&self, a: usize, b: usize) -> Ordering {
        let of = |row: usize| move |part: &PlacePart| self.lines.ordinal(row, *part);
        let (a, b) = (
            self.compared.iter().map(of(a)),
            self.compared.iter().map(of(b)),
        );
        a.cmp(b)
    }
}
