//! Place in line is data: a short list of what two lines are compared by, one part after the other.

use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use crate::demand::Rows;
use crate::error::Error;
use crate::policy::words;

/// What two lines are compared by. Small goes first, but of scores the large ones do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum PlacePart {
    /// The line's priority: 0 before 1.
    Priority,
    /// The line's score, large first: the caller's weighted sum of whatever counts for him.
    Score,
    /// Units wanted: small orders before large ones.
    Quantity,
    /// The line's lot, drawn by the caller.
    Lot,
    /// When the order was placed.
    PlacedAt,
    /// The line's sequence; where none is given, its row.
    Sequence,
}

words!(
    PlacePart,
    "order",
    "priority, score, quantity, lot, placed_at, sequence",
    Priority = "priority",
    Score = "score",
    Quantity = "quantity",
    Lot = "lot",
    PlacedAt = "placed_at",
    Sequence = "sequence"
);

impl PlacePart {
    /// Every part there is.
    pub const ALL: [Self; MOST_PARTS] = [
        Self::Priority,
        Self::Score,
        Self::Quantity,
        Self::Lot,
        Self::PlacedAt,
        Self::Sequence,
    ];
}

/// There are six parts, and none stands twice.
const MOST_PARTS: usize = 6;

/// The order in which lines stand: its parts decide one after the other. Two lines that are equal in
/// all of them stand at one place, which is an error: neither is before the other.
///
/// ```
/// use allocator_core::{PlaceOrder, PlacePart};
/// let smallest_first = PlaceOrder::from_parts(&[PlacePart::Quantity, PlacePart::PlacedAt, PlacePart::Sequence])?;
/// assert_eq!(smallest_first.to_string(), "quantity+placed_at+sequence");
/// assert_eq!("quantity+placed_at+sequence".parse(), Ok(smallest_first));
/// assert_eq!(PlaceOrder::default().to_string(), "priority+placed_at+sequence");
/// assert!(PlaceOrder::from_parts(&[PlacePart::Lot, PlacePart::Lot]).is_err());
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct PlaceOrder {
    /// Beyond `count` stands what an empty order has, so that equal orders are equal.
    parts: [PlacePart; MOST_PARTS],
    count: u8,
}

impl PlaceOrder {
    /// Priority, then the instant, then the sequence: the oldest first.
    #[must_use]
    pub const fn oldest_first() -> Self {
        let mut parts = Self::empty().parts;
        [parts[0], parts[1], parts[2]] = [
            PlacePart::Priority,
            PlacePart::PlacedAt,
            PlacePart::Sequence,
        ];
        Self { parts, count: 3 }
    }

    const fn empty() -> Self {
        Self {
            parts: [PlacePart::Sequence; MOST_PARTS],
            count: 0,
        }
    }

    /// An order of one's own.
    ///
    /// # Errors
    /// [`Error::UnsoundOrder`] where it has no part, or one part twice.
    pub fn from_parts(parts: &[PlacePart]) -> Result<Self, Error> {
        let this = Self::of_first(parts.iter().copied());
        if parts.is_empty() {
            let why = "it has no part, so nobody is before anybody";
            return Err(Error::UnsoundOrder { why });
        }
        if this.parts().len() != parts.len() {
            let why = "a part stands in it twice, and decides nothing the second time";
            return Err(Error::UnsoundOrder { why });
        }
        Ok(this)
    }

    /// These parts without the repeats, which decide nothing.
    pub(crate) fn of_first(parts: impl Iterator<Item = PlacePart>) -> Self {
        let mut this = Self::empty();
        for part in parts {
            if this.parts().contains(&part) {
                continue;
            }
            if let Some(slot) = this.parts.get_mut(usize::from(this.count)) {
                *slot = part;
                this.count = this.count.saturating_add(1);
            }
        }
        this
    }

    /// The parts, in the order in which they decide.
    #[must_use]
    pub fn parts(&self) -> &[PlacePart] {
        self.parts.get(..self.count.into()).unwrap_or(&self.parts)
    }

    /// Which of two lines stands before the other. Stops at the first part that parts them.
    #[inline]
    pub(crate) fn compare<L: Rows + ?Sized>(&self, lines: &L, a: usize, b: usize) -> Ordering {
        let by = |part| lines.ordinal(a, part).cmp(&lines.ordinal(b, part));
        // The usual order, with parts that the compiler knows: a sort asks millions of times.
        if let [
            PlacePart::Priority,
            PlacePart::PlacedAt,
            PlacePart::Sequence,
        ] = self.parts()
        {
            return by(PlacePart::Priority)
                .then_with(|| by(PlacePart::PlacedAt))
                .then_with(|| by(PlacePart::Sequence));
        }
        for &part in self.parts() {
            match by(part) {
                Ordering::Equal => {}
                decided => return decided,
            }
        }
        Ordering::Equal
    }

    /// Who is served first where all before the place is equal, to a customer.
    pub(crate) fn clause(&self) -> &'static str {
        match self.parts().first() {
            Some(PlacePart::Score) => "those with the highest score first",
            Some(PlacePart::Quantity) => "smaller orders first",
            Some(PlacePart::Lot) => "between equals the lot decides",
            _ => "older orders first",
        }
    }

    /// Who stands first, to a customer.
    pub(crate) fn whom(&self) -> &'static str {
        match self.parts().first() {
            Some(PlacePart::Score) => "the orders with the highest score",
            Some(PlacePart::Quantity) => "the smallest orders",
            Some(PlacePart::Lot) => "those with the smallest lots",
            _ => "the oldest orders",
        }
    }
}

impl Default for PlaceOrder {
    fn default() -> Self {
        Self::oldest_first()
    }
}

/// Its words, joined by `+`.
impl fmt::Display for PlaceOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(self.parts(), f, |_| "+")
    }
}

/// Its words as one says them: `priority, placed_at and sequence`.
pub(crate) struct Said(pub(crate) PlaceOrder);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(
            self.0.parts(),
            f,
            |is_last| {
                if is_last { " and " } else { ", " }
            },
        )
    }
}

fn write_joined(
    parts: &[PlacePart],
    f: &mut fmt::Formatter<'_>,
    between: impl Fn(bool) -> &'static str,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between(index.saturating_add(1) == parts.len()))?;
        }
        f.write_str(part.name())?;
    }
    Ok(())
}

impl FromStr for PlaceOrder {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Self::from_parts(&[]);
        }
        let parts: Result<alloc::vec::Vec<PlacePart>, Error> =
            text.split('+').map(str::parse).collect();
        Self::from_parts(&parts?)
    }
}

impl TryFrom<String> for PlaceOrder {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<PlaceOrder> for String {
    fn from(order: PlaceOrder) -> Self {
        order.to_string()
    }
}
