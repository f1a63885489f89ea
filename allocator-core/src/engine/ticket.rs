//! The keys of a closed list: which ticket of which part is next.

use core::cmp::Ordering;

use super::order::Key;
use crate::quantity::{Quantity, Total};
use crate::rule::{KeyPart, ShortageRule};

/// A ticket of a claimant: its number, of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) number: Quantity,
    pub(super) claim: Quantity,
    pub(super) lot: i64,
    /// The place of its part when the list was closed.
    pub(super) place: Key,
}

/// Whether live lines carry all that a rule reads.
pub(super) fn can_be_live(rule: &ShortageRule) -> bool {
    rule.parts().iter().all(|part| {
        matches!(
            part,
            KeyPart::Protect(_)
                | KeyPart::Level
                | KeyPart::Remainder
                | KeyPart::Webster
                | KeyPart::Adams
                | KeyPart::Jefferson
                | KeyPart::Lot
                | KeyPart::Place
        )
    })
}

/// Which of two tickets of one list is served first.
pub(super) fn compare(rule: &ShortageRule, a: &Ticket, b: &Ticket) -> Ordering {
    for part in rule.parts() {
        let order = match *part {
            KeyPart::Protect(first) => (a.number > first).cmp(&(b.number > first)),
            KeyPart::Level => a.number.cmp(&b.number),
            // Who misses most is first: claim − number, the larger before the smaller.
            KeyPart::Remainder => missing(b).cmp(&missing(a)),
            KeyPart::Webster => ratio(a, b, |number| number.saturating_mul(2).saturating_sub(1)),
            KeyPart::Adams => ratio(a, b, |number| number.saturating_sub(1)),
            KeyPart::Jefferson => ratio(a, b, |number| number),
            KeyPart::Lot => a.lot.cmp(&b.lot),
            KeyPart::Place => a.place.cmp(&b.place),
            // No list is closed under a rule with one of these.
            KeyPart::Class | KeyPart::Weight | KeyPart::UnitLot => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    // Only two tickets of one part have one place.
    a.number.cmp(&b.number)
}

fn missing(ticket: &Ticket) -> Quantity {
    ticket.claim.saturating_sub(ticket.number)
}

/// Compares f(number) / claim by cross-multiplication: below 2^64 × 2^63, so 128 bits hold it.
fn ratio(a: &Ticket, b: &Ticket, f: fn(Total) -> Total) -> Ordering {
    let side = |x: &Ticket, y: &Ticket| f(x.number.into()).saturating_mul(y.claim.into());
    side(a, b).cmp(&side(b, a))
}
