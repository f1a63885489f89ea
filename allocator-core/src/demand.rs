//! What is wanted: demand lines as rows or as columns.

use alloc::vec::Vec;

use crate::error::{Error, Table};
use crate::id::{CustomerId, LineId, OrderId, SkuId};
use crate::limits::{MAX_WEIGHT, NO_ID};
use crate::place::PlacePart;
use crate::policy::{Completeness, Misfit, Policy};
use crate::quantity::Quantity;
use crate::time::Timestamp;

/// One SKU of one order that wants units.
///
/// ```
/// use allocator_core::{Completeness, DemandLine, Timestamp};
/// let line = DemandLine::new(1, 7, 2)
///     .order(1001)
///     .customer(55)
///     .priority(0)
///     .placed_at(Timestamp::from_micros(1_790_000_000_000_000))
///     .sequence(1)
///     .completeness(Completeness::Line);
/// assert_eq!(line.quantity, 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
#[non_exhaustive]
pub struct DemandLine {
    /// Unique among the lines of one call.
    pub line: LineId,
    /// The order; `None`: the line is an order of its own.
    #[cfg_attr(feature = "serde", serde(default))]
    pub order: Option<OrderId>,
    /// The customer; `None`: the order stands for a customer of its own.
    #[cfg_attr(feature = "serde", serde(default))]
    pub customer: Option<CustomerId>,
    /// What is wanted.
    pub sku: SkuId,
    /// Units wanted, `0..=i64::MAX`.
    pub quantity: Quantity,
    /// Goes first in the place, where the policy does not say otherwise; small first, default 0:
    /// 0 is first unless somebody is below zero. Systems whose high numbers go first are turned
    /// round at the edge.
    #[cfg_attr(feature = "serde", serde(default))]
    pub priority: i64,
    /// Goes second in the place: when the order was placed.
    #[cfg_attr(feature = "serde", serde(default))]
    pub placed_at: Timestamp,
    /// Goes last in the place; parts what came at one instant. `None`: the row.
    #[cfg_attr(feature = "serde", serde(default))]
    pub sequence: Option<i64>,
    /// A lot the caller drew, read by rules and orders that name it; small first, default 0.
    #[cfg_attr(feature = "serde", serde(default))]
    pub lot: i64,
    /// Read by orders that name it; large first, default 0. The caller's weighted sum of whatever
    /// counts for him: what was spent, days waited.
    #[cfg_attr(feature = "serde", serde(default))]
    pub score: i64,
    /// How often the claimant counts under a rule with weights, `1..=2147483647`.
    #[cfg_attr(feature = "serde", serde(default = "one"))]
    pub weight: i64,
    /// What may ship in part; `None`: as the policy says.
    #[cfg_attr(feature = "serde", serde(default))]
    pub completeness: Option<Completeness>,
    /// What a misfit does; `None`: as the policy says.
    #[cfg_attr(feature = "serde", serde(default))]
    pub on_misfit: Option<Misfit>,
}

impl DemandLine {
    /// A line of an order of its own, at the place its row gives it.
    #[must_use]
    pub fn new(line: impl Into<LineId>, sku: impl Into<SkuId>, quantity: Quantity) -> Self {
        Self {
            line: line.into(),
            order: None,
            customer: None,
            sku: sku.into(),
            quantity,
            priority: 0,
            placed_at: Timestamp::from_micros(0),
            sequence: None,
            lot: 0,
            score: 0,
            weight: 1,
            completeness: None,
            on_misfit: None,
        }
    }

    /// The same line in this order.
    #[must_use]
    pub fn order(mut self, order: impl Into<OrderId>) -> Self {
        self.order = Some(order.into());
        self
    }

    /// The same line of this customer.
    #[must_use]
    pub fn customer(mut self, customer: impl Into<CustomerId>) -> Self {
        self.customer = Some(customer.into());
        self
    }

    /// The same line with this priority; 0 goes before 1.
    #[must_use]
    pub fn priority(mut self, priority: i64) -> Self {
        self.priority = priority;
        self
    }

    /// The same line placed at this instant.
    #[must_use]
    pub fn placed_at(mut self, placed_at: Timestamp) -> Self {
        self.placed_at = placed_at;
        self
    }

    /// The same line with this sequence.
    #[must_use]
    pub fn sequence(mut self, sequence: impl Into<i64>) -> Self {
        self.sequence = Some(sequence.into());
        self
    }

    /// The same line with this lot.
    #[must_use]
    pub fn lot(mut self, lot: i64) -> Self {
        self.lot = lot;
        self
    }

    /// The same line with this score; 1 goes before 0.
    #[must_use]
    pub fn score(mut self, score: i64) -> Self {
        self.score = score;
        self
    }

    /// The same line of a claimant with this weight.
    #[must_use]
    pub fn weight(mut self, weight: i64) -> Self {
        self.weight = weight;
        self
    }

    /// The same line with a completeness of its own.
    #[must_use]
    pub fn completeness(mut self, completeness: Completeness) -> Self {
        self.completeness = Some(completeness);
        self
    }

    /// The same line with a misfit of its own.
    #[must_use]
    pub fn on_misfit(mut self, on_misfit: Misfit) -> Self {
        self.on_misfit = Some(on_misfit);
        self
    }
}

/// Demand lines as columns: what data frames, C arrays and hot loops have at hand.
///
/// All columns are as long as `sku`, but `unit_lots`. A column left out takes the default of the field of
/// [`DemandLine`]: the row for `line` and `sequence`, 0 for `priority`, `placed_at`, `lot` and `score`,
/// an order and a customer of its own, the policy for the rest.
///
/// ```
/// use allocator_core::{allocate, DemandColumns, Policy, Supply};
/// let lines = DemandColumns { sku: &[7, 7], quantity: &[2, 2], ..DemandColumns::default() };
/// let result = allocate(&lines, &[Supply::received(7, 3)], &Policy::first_come())?;
/// assert_eq!(result.allocated(), [2, 1]);
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct DemandColumns<'a> {
    /// Line ids, unique.
    pub line: Option<&'a [u32]>,
    /// Order ids; [`NO_ID`]: the line is an order of its own.
    pub order: Option<&'a [u32]>,
    /// Customer ids; [`NO_ID`]: the order is a customer of its own.
    pub customer: Option<&'a [u32]>,
    /// SKU ids.
    pub sku: &'a [u32],
    /// Units wanted, `0..=i64::MAX`.
    pub quantity: &'a [Quantity],
    /// Small first.
    pub priority: Option<&'a [i64]>,
    /// Microseconds since the start of 1970, UTC.
    pub placed_at: Option<&'a [i64]>,
    /// Small first.
    pub sequence: Option<&'a [i64]>,
    /// Small first.
    pub lot: Option<&'a [i64]>,
    /// Large first.
    pub score: Option<&'a [i64]>,
    /// A lot for each unit, under a rule that draws them: unit 1 to `quantity` of row 0, then of row 1
    /// and so on, so as long as the sum of all quantities. Not looked at under other rules.
    pub unit_lots: Option<&'a [i64]>,
    /// `1..=2147483647`; left out: 1.
    pub weight: Option<&'a [i64]>,
    /// [`Completeness::code`].
    pub completeness: Option<&'a [u8]>,
    /// [`Misfit::code`].
    pub on_misfit: Option<&'a [u8]>,
}

/// Lines as rows with a lot for each unit beside them, which rows cannot carry.
///
/// ```
/// use allocator_core::{allocate, DemandLine, DrawnLines, Policy, ShortageRule, Supply};
/// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 1)];
/// let drawn = DrawnLines { lines: &lines, unit_lots: Some(&[9, 4, 5]) };
/// let policy = Policy::sharing(ShortageRule::draw_each_unit());
/// assert_eq!(allocate(&drawn, &[Supply::received(7, 2)], &policy)?.allocated(), [1, 1]);
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct DrawnLines<'a> {
    /// The lines.
    pub lines: &'a [DemandLine],
    /// As [`field@DemandColumns::unit_lots`].
    pub unit_lots: Option<&'a [i64]>,
}

/// Demand in either form: a slice or vector of [`DemandLine`], [`DrawnLines`], or [`DemandColumns`].
pub trait Demand: Rows {}

impl<T: Rows + ?Sized> Demand for T {}

/// Fields whose id is none; the other entries are empty.
pub(crate) type Nameless = [Option<&'static str>; 4];

/// Lines by row, whatever their form. Rows stay below `count()`; what lies beyond reads as a default.
pub trait Rows {
    /// How many lines.
    fn count(&self) -> usize;
    /// The columns, where that is the form.
    fn columns(&self) -> Option<&DemandColumns<'_>> {
        None
    }
    /// Whether some single row can be faulty; where not, nobody need look at each.
    fn may_be_faulty(&self) -> bool {
        true
    }
    /// Whether any line can say a completeness of its own.
    fn says_completeness(&self) -> bool {
        true
    }
    /// Whether any line can say a sequence of its own.
    fn says_sequence(&self) -> bool {
        true
    }
    /// Every column that is not as long as the table.
    fn shape(&self) -> Vec<Error>;
    /// The line's id, where ids are given.
    fn line(&self, row: usize) -> Option<u32>;
    /// The order's id, or [`NO_ID`].
    fn order(&self, row: usize) -> u32;
    /// The customer's id, or [`NO_ID`].
    fn customer(&self, row: usize) -> u32;
    /// The SKU's id.
    fn sku(&self, row: usize) -> u32;
    /// The fields of the row that name [`NO_ID`] where that is no id.
    fn nameless(&self, row: usize) -> Nameless;
    /// Units wanted.
    fn quantity(&self, row: usize) -> Quantity;
    /// The lots of all units, row after row, where that is the form.
    fn unit_lots(&self) -> Option<&[i64]> {
        None
    }
    /// The claimant's weight.
    fn weight(&self, row: usize) -> i64;
    /// What the line is compared by in one part of a place: small goes first.
    fn ordinal(&self, row: usize, part: PlacePart) -> i64;
    /// [`Completeness::code`] and [`Misfit::code`].
    fn codes(&self, row: usize) -> (u8, u8);
}

/// What a line's own words and the policy's defaults come to.
pub(crate) fn terms<L: Rows + ?Sized>(
    lines: &L,
    row: usize,
    policy: &Policy,
) -> (Completeness, Misfit) {
    let (completeness, misfit) = lines.codes(row);
    (
        Completeness::of(completeness, policy.completeness).unwrap_or(policy.completeness),
        Misfit::of(misfit, policy.on_misfit).unwrap_or(policy.on_misfit),
    )
}

/// The line in row form, whatever form it came in.
pub(crate) fn row_form<L: Rows + ?Sized>(lines: &L, row: usize) -> DemandLine {
    let id = lines
        .line(row)
        .or_else(|| u32::try_from(row).ok())
        .unwrap_or(NO_ID);
    let ordinal = |part| lines.ordinal(row, part);
    let (completeness, misfit) = lines.codes(row);
    let mut line = DemandLine::new(id, lines.sku(row), lines.quantity(row));
    line.order = Some(lines.order(row))
        .filter(|&order| order != NO_ID)
        .map(OrderId);
    line.customer = Some(lines.customer(row))
        .filter(|&customer| customer != NO_ID)
        .map(CustomerId);
    line.priority = ordinal(PlacePart::Priority);
    line.placed_at = Timestamp::from_micros(ordinal(PlacePart::PlacedAt));
    line.sequence = Some(ordinal(PlacePart::Sequence));
    line.lot = ordinal(PlacePart::Lot);
    line.score = !ordinal(PlacePart::Score);
    line.weight = lines.weight(row);
    line.completeness = (completeness > 0).then_some(terms(lines, row, &Policy::first_come()).0);
    line.on_misfit = (misfit > 0).then_some(terms(lines, row, &Policy::first_come()).1);
    line
}

/// Whose claim a line is under a rule that shares between customers: the customer's, else the
/// order's, else its own; lines of other weight are another claimant's.
pub(crate) fn claimant<L: Rows + ?Sized>(lines: &L, row: usize) -> (u8, u32, i64) {
    let who = match (lines.customer(row), lines.order(row)) {
        (NO_ID, NO_ID) => (2, u32::try_from(row).unwrap_or(NO_ID)),
        (NO_ID, order) => (1, order),
        (customer, _) => (0, customer),
    };
    (who.0, who.1, lines.weight(row))
}

/// A weight nobody states.
#[cfg(feature = "serde")]
fn one() -> i64 {
    1
}

/// The row as a default sequence.
fn as_sequence(row: usize) -> i64 {
    i64::try_from(row).unwrap_or(i64::MAX)
}

impl Rows for [DemandLine] {
    fn count(&self) -> usize {
        self.len()
    }

    fn shape(&self) -> Vec<Error> {
        Vec::new()
    }

    fn line(&self, row: usize) -> Option<u32> {
        self.get(row).map(|line| line.line.0)
    }

    fn order(&self, row: usize) -> u32 {
        self.get(row)
            .and_then(|line| line.order)
            .map_or(NO_ID, |order| order.0)
    }

    fn customer(&self, row: usize) -> u32 {
        self.get(row)
            .and_then(|line| line.customer)
            .map_or(NO_ID, |customer| customer.0)
    }

    fn sku(&self, row: usize) -> u32 {
        self.get(row).map_or(NO_ID, |line| line.sku.0)
    }

    fn nameless(&self, row: usize) -> Nameless {
        let Some(line) = self.get(row) else {
            return Nameless::default();
        };
        [
            (line.line.0 == NO_ID).then_some("line"),
            (line.order == Some(OrderId(NO_ID))).then_some("order"),
            (line.customer == Some(CustomerId(NO_ID))).then_some("customer"),
            (line.sku.0 == NO_ID).then_some("sku"),
        ]
    }

    fn quantity(&self, row: usize) -> Quantity {
        self.get(row).map_or(0, |line| line.quantity)
    }

    fn weight(&self, row: usize) -> i64 {
        self.get(row).map_or(1, |line| line.weight)
    }

    #[inline]
    fn ordinal(&self, row: usize, part: PlacePart) -> i64 {
        self.get(row).map_or(0, |line| match part {
            PlacePart::Priority => line.priority,
            // Turns large ones first without an overflow at the end of the range.
            PlacePart::Score => !line.score,
            PlacePart::Quantity => line.quantity,
            PlacePart::Lot => line.lot,
            PlacePart::PlacedAt => line.placed_at.as_micros(),
            PlacePart::Sequence => line.sequence.unwrap_or_else(|| as_sequence(row)),
        })
    }

    fn codes(&self, row: usize) -> (u8, u8) {
        self.get(row).map_or((0, 0), |line| {
            (
                Completeness::code(line.completeness),
                Misfit::code(line.on_misfit),
            )
        })
    }
}

/// Owners of rows pass every question on to the slice they hold.
macro_rules! rows_of_lines {
    ($([$($bound:tt)*] $owner:ty, $slice:ident $(, $lots:item)?);+) => {$(
        impl<$($bound)*> Rows for $owner {
            $($lots)?
            fn count(&self) -> usize { self.$slice().count() }
            fn shape(&self) -> Vec<Error> { Vec::new() }
            fn line(&self, row: usize) -> Option<u32> { self.$slice().line(row) }
            fn order(&self, row: usize) -> u32 { self.$slice().order(row) }
            fn customer(&self, row: usize) -> u32 { self.$slice().customer(row) }
            fn sku(&self, row: usize) -> u32 { self.$slice().sku(row) }
            fn nameless(&self, row: usize) -> Nameless { self.$slice().nameless(row) }
            fn quantity(&self, row: usize) -> Quantity { self.$slice().quantity(row) }
            fn weight(&self, row: usize) -> i64 { self.$slice().weight(row) }
            #[inline]
            fn ordinal(&self, row: usize, part: PlacePart) -> i64 { self.$slice().ordinal(row, part) }
            fn codes(&self, row: usize) -> (u8, u8) { self.$slice().codes(row) }
        }
    )+};
}

impl DrawnLines<'_> {
    const fn rows(&self) -> &[DemandLine] {
        self.lines
    }
}

rows_of_lines!(
    [] Vec<DemandLine>, as_slice;
    [const N: usize] [DemandLine; N], as_slice;
    [] DrawnLines<'_>, rows, fn unit_lots(&self) -> Option<&[i64]> { self.unit_lots }
);

/// The value of an optional column.
fn value<T: Copy>(column: Option<&[T]>, row: usize, default: T) -> T {
    column
        .and_then(|values| values.get(row))
        .copied()
        .unwrap_or(default)
}

/// What one look over all columns says.
#[derive(Clone, Copy)]
pub(crate) struct Survey {
    /// No single row is faulty.
    pub(crate) is_clean: bool,
    /// Every bit that occurs in a SKU's id: no id lies above.
    pub(crate) sku_bits: u32,
}

impl DemandColumns<'_> {
    /// Looks at every value, without early exits, so that each column is one pass over vectors.
    pub(crate) fn survey(&self) -> Survey {
        fn all<T: Copy>(values: Option<&[T]>, is_good: impl Fn(T) -> bool) -> bool {
            let good = |found: bool, &value: &T| found & is_good(value);
            values.is_none_or(|values| values.iter().fold(true, good))
        }
        // A negative number leaves its sign, and an id that is none all its bits, in what occurs.
        let signs = self.quantity.iter().fold(0, |bits, units| bits | units);
        let sku_bits = self.sku.iter().fold(0, |bits, sku| bits | sku);
        Survey {
            is_clean: signs >= 0
                && sku_bits != NO_ID
                && all(self.line, |id| id != NO_ID)
                && all(self.weight, |weight| (1..=MAX_WEIGHT).contains(&weight))
                && all(self.completeness, |code| code <= 3)
                && all(self.on_misfit, |code| code <= 2),
            sku_bits,
        }
    }
}

impl Rows for DemandColumns<'_> {
    fn unit_lots(&self) -> Option<&[i64]> {
        self.unit_lots
    }

    fn columns(&self) -> Option<&DemandColumns<'_>> {
        Some(self)
    }

    fn may_be_faulty(&self) -> bool {
        !self.survey().is_clean
    }

    fn says_completeness(&self) -> bool {
        self.completeness.is_some()
    }

    fn says_sequence(&self) -> bool {
        self.sequence.is_some()
    }

    fn count(&self) -> usize {
        self.sku.len()
    }

    fn shape(&self) -> Vec<Error> {
        let Self {
            line,
            order,
            customer,
            sku,
            quantity,
            priority,
            placed_at,
            sequence,
            lot,
            score,
            unit_lots: _,
            weight,
            completeness,
            on_misfit,
        } = self;
        let columns = [
            ("line", line.map(<[_]>::len)),
            ("order", order.map(<[_]>::len)),
            ("customer", customer.map(<[_]>::len)),
            ("quantity", Some(quantity.len())),
            ("priority", priority.map(<[_]>::len)),
            ("placed_at", placed_at.map(<[_]>::len)),
            ("sequence", sequence.map(<[_]>::len)),
            ("lot", lot.map(<[_]>::len)),
            ("score", score.map(<[_]>::len)),
            ("weight", weight.map(<[_]>::len)),
            ("completeness", completeness.map(<[_]>::len)),
            ("on_misfit", on_misfit.map(<[_]>::len)),
        ];
        let rows = sku.len();
        let fault = |(field, len): (&'static str, Option<usize>)| {
            let len = len.filter(|&len| len != rows)?;
            Some(Error::LengthMismatch {
                table: Table::Lines,
                field,
                len,
                rows,
            })
        };
        columns.into_iter().filter_map(fault).collect()
    }

    fn line(&self, row: usize) -> Option<u32> {
        self.line.and_then(|ids| ids.get(row)).copied()
    }

    fn order(&self, row: usize) -> u32 {
        value(self.order, row, NO_ID)
    }

    fn customer(&self, row: usize) -> u32 {
        value(self.customer, row, NO_ID)
    }

    fn sku(&self, row: usize) -> u32 {
        value(Some(self.sku), row, NO_ID)
    }

    fn nameless(&self, row: usize) -> Nameless {
        [
            (self.line(row) == Some(NO_ID)).then_some("line"),
            (self.sku(row) == NO_ID).then_some("sku"),
            None,
            None,
        ]
    }

    fn quantity(&self, row: usize) -> Quantity {
        value(Some(self.quantity), row, 0)
    }

    fn weight(&self, row: usize) -> i64 {
        value(self.weight, row, 1)
    }

    #[inline]
    fn ordinal(&self, row: usize, part: PlacePart) -> i64 {
        match part {
            PlacePart::Priority => value(self.priority, row, 0),
            PlacePart::Score => !value(self.score, row, 0),
            PlacePart::Quantity => value(Some(self.quantity), row, 0),
            PlacePart::Lot => value(self.lot, row, 0),
            PlacePart::PlacedAt => value(self.placed_at, row, 0),
            PlacePart::Sequence => value(self.sequence, row, as_sequence(row)),
        }
    }

    fn codes(&self, row: usize) -> (u8, u8) {
        (
            value(self.completeness, row, 0),
            value(self.on_misfit, row, 0),
        )
    }
}
