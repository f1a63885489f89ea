//! Whole units, and the only arithmetic this crate does with them.
//!
//! A build profile decides whether `+` panics or wraps, so nothing here relies on either: sums that
//! input can drive go through [`add`] and [`sub`], and totals are taken in 128 bits.

use crate::error::Error;

/// Whole units of one SKU: `0..=i64::MAX` ([`crate::limits::MAX_QUANTITY`]).
///
/// Signed, so that the same bits cross every border and a negative number from outside is seen and
/// refused instead of becoming a huge one.
pub type Quantity = i64;

/// A sum of quantities over many lines: 128 bits, which 2³² lines of `i64::MAX` units cannot fill.
pub type Total = i128;

/// `a + b`, or [`Error::Corrupt`] where validated input cannot lead.
pub(crate) fn add(a: Quantity, b: Quantity) -> Result<Quantity, Error> {
    a.checked_add(b).ok_or(Error::Corrupt { at: "units added" })
}

/// `a - b`, never below zero, or [`Error::Corrupt`] where validated input cannot lead.
pub(crate) fn sub(a: Quantity, b: Quantity) -> Result<Quantity, Error> {
    match a.checked_sub(b) {
        Some(rest) if rest >= 0 => Ok(rest),
        _ => Err(Error::Corrupt {
            at: "units taken away",
        }),
    }
}

/// Adds `units` to a total; a total cannot overflow (see [`Total`]).
pub(crate) fn tally(total: &mut Total, units: Quantity) {
    *total = total.saturating_add(Total::from(units));
}

/// The element at `index`, or [`Error::Corrupt`] where validated input cannot lead.
pub(crate) fn at<T: Copy>(values: &[T], index: usize) -> Result<T, Error> {
    values
        .get(index)
        .copied()
        .ok_or(Error::Corrupt { at: "row" })
}

/// The place of the element at `index`, or [`Error::Corrupt`].
pub(crate) fn slot<T>(values: &mut [T], index: usize) -> Result<&mut T, Error> {
    values.get_mut(index).ok_or(Error::Corrupt { at: "row" })
}
