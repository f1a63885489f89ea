//! The order of places, as columns: read lazily, and packed into one number where it fits.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::value;

/// One column of the order of places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrderPart<'a> {
    pub(crate) values: &'a [i64],
    /// Large goes first.
    pub(crate) large_first: bool,
}

/// Lines are ordered by these columns, one after the other, then by row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order<'a> {
    pub(crate) parts: Vec<OrderPart<'a>>,
}

/// The first columns as one number that rises with the place, and what decides where it is equal.
pub(super) struct Packed<'a> {
    pub(super) keys: Vec<PackedPart<'a>>,
    /// Keys lie in `0..=width`.
    pub(super) width: u64,
    finer: Order<'a>,
}

/// A column's share in a packed key.
#[derive(Clone, Copy)]
pub(super) struct PackedPart<'a> {
    values: &'a [i64],
    /// All ones where large goes first, which turns the order round without overflow.
    mask: i64,
    first: i64,
    stride: u64,
}

impl OrderPart<'_> {
    #[inline]
    fn mask(self) -> i64 {
        if self.large_first { -1 } else { 0 }
    }

    fn range(self) -> (i64, i64) {
        let ends = |(low, high): (i64, i64), &value: &i64| (low.min(value), high.max(value));
        let (low, high) = self.values.iter().fold((i64::MAX, i64::MIN), ends);
        if self.large_first {
            (!high, !low)
        } else {
            (low, high)
        }
    }
}

impl PackedPart<'_> {
    #[inline]
    pub(super) fn of(self, row: usize) -> u64 {
        let offset = (value(self.values, row) ^ self.mask).wrapping_sub(self.first);
        offset.cast_unsigned().wrapping_mul(self.stride)
    }
}

impl<'a> Order<'a> {
    /// Orders two rows; equal rows are one.
    pub(crate) fn compare(&self, a: usize, b: usize) -> Ordering {
        for part in &self.parts {
            let mask = part.mask();
            let (a, b) = (value(part.values, a) ^ mask, value(part.values, b) ^ mask);
            if a != b {
                return a.cmp(&b);
            }
        }
        a.cmp(&b)
    }

    /// Whether the rows of this range, and the one before it, stand in order already.
    #[inline]
    pub(super) fn holds(&self, from: usize, to: usize) -> bool {
        let from = from.saturating_sub(1);
        match &*self.parts {
            [] => true,
            [part] if !part.large_first => part.values.get(from..to).is_none_or(rise),
            _ => (from..to).is_sorted_by(|&a, &b| self.compare(a, b).is_lt()),
        }
    }

    /// Packs as many columns as one number can hold.
    pub(super) fn pack(&self) -> Packed<'a> {
        let mut packed = Packed {
            keys: Vec::new(),
            width: 0,
            finer: Order::default(),
        };
        let mut ranged: Vec<(OrderPart<'a>, i64, u64)> = Vec::new();
        let mut is_full = false;
        for &part in &self.parts {
            let (first, last) = part.range();
            let width = last.abs_diff(first);
            if first >= last {
                continue;
            }
            // (all keys so far) times (values of this part), less one.
            let wider = width.checked_add(1).and_then(|span| {
                packed
                    .width
                    .checked_mul(span)
                    .and_then(|all| all.checked_add(width))
            });
            match wider.or(ranged.is_empty().then_some(width)) {
                Some(wider) if !is_full => {
                    packed.width = wider;
                    ranged.push((part, first, width));
                }
                _ => {
                    is_full = true;
                    packed.finer.parts.push(part);
                }
            }
        }
        let mut stride = 1_u64;
        for (part, first, width) in ranged.into_iter().rev() {
            packed.keys.push(PackedPart {
                values: part.values,
                mask: part.mask(),
                first,
                stride,
            });
            // The last product may pass the limit, but nothing is left to use it.
            stride = stride.wrapping_mul(width.wrapping_add(1));
        }
        packed
    }
}

impl Packed<'_> {
    /// Orders rows whose packed keys are equal.
    pub(super) fn compare_finer(&self, a: usize, b: usize) -> Ordering {
        self.finer.compare(a, b)
    }
}

/// Whether no value is below the one before. Looks at all of them, without a branch for each.
#[inline]
fn rise(values: &[i64]) -> bool {
    let rest = values.get(1..).unwrap_or_default();
    let falls = |found: bool, (one, next): (&i64, &i64)| found | (one > next);
    !values.iter().zip(rest).fold(false, falls)
}
