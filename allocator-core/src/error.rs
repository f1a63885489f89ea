//! What is wrong with an input: the table, the row, the field, the value and the limit.
//!
//! Two faults in one call give one defined answer. A fault of an earlier stage wins: shape of the
//! columns, supply rows, line rows, then what only shows between rows. Inside a stage the first row
//! wins, then the order of [`Error`]'s variants, then the order of the fields in
//! [`crate::DemandLine`] and [`crate::Supply`]. [`crate::validate`] returns all of them.

use alloc::string::String;

use crate::place::{PlaceOrder, Said};
use crate::quantity::{Quantity, Total};

/// A table of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Table {
    /// The supply rows.
    Supply,
    /// The demand lines.
    Lines,
    /// The buffers that take the outcomes.
    Outcomes,
    /// The orders that may be cancelled as a whole.
    Orders,
    /// The units to free, per SKU.
    Need,
    /// A command to the engine: one row.
    Command,
}

impl core::fmt::Display for Table {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Supply => "supply",
            Self::Lines => "lines",
            Self::Outcomes => "outcomes",
            Self::Orders => "orders",
            Self::Need => "need",
            Self::Command => "command",
        })
    }
}

/// Bad input. Nothing was computed and nothing changed. Rows count from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A table has more rows than [`crate::limits::MAX_ROWS`].
    #[error("{table}: {rows} rows are more than the {max} that one call takes")]
    TooManyRows {
        /// The table.
        table: Table,
        /// Its rows.
        rows: usize,
        /// The most there may be.
        max: usize,
    },
    /// A column or buffer is not as long as the table.
    #[error("{table}, {field}: {len} values for {rows} rows")]
    LengthMismatch {
        /// The table the column belongs to.
        table: Table,
        /// The column.
        field: &'static str,
        /// Its length.
        len: usize,
        /// The rows of the table.
        rows: usize,
    },
    /// A number outside its range; for supply also the first row whose units lift the sum of its
    /// SKU above the limit (`value` is then the sum).
    #[error("{table} row {row}, {field}: {value} is outside {min}..={max}")]
    OutOfRange {
        /// The table.
        table: Table,
        /// The row.
        row: usize,
        /// The field.
        field: &'static str,
        /// What stands there.
        value: Total,
        /// The least that may.
        min: Total,
        /// The most that may.
        max: Total,
    },
    /// A column holds a completeness code that does not exist.
    #[error(
        "lines row {row}, completeness: there is no code {code} (0 policy, 1 partial, 2 line, 3 order)"
    )]
    UnknownCompleteness {
        /// The row.
        row: usize,
        /// What stands there.
        code: u8,
    },
    /// A column holds a misfit code that does not exist.
    #[error("lines row {row}, on_misfit: there is no code {code} (0 policy, 1 set_aside, 2 pass)")]
    UnknownMisfit {
        /// The row.
        row: usize,
        /// What stands there.
        code: u8,
    },
    /// Two rows of one table bear the same id.
    #[error("{table} row {row}, {field}: row {first} has the same id")]
    DuplicateId {
        /// The table.
        table: Table,
        /// The later row.
        row: usize,
        /// The earlier row.
        first: usize,
        /// The field of the id.
        field: &'static str,
    },
    /// Two lines of an order that ships whole differ where one order can only have one value.
    #[error(
        "lines row {row}, {field}: an order that ships whole has one {field}, and row {first} of the same order has another"
    )]
    OrderDisagrees {
        /// The row that differs.
        row: usize,
        /// The first row of the order.
        first: usize,
        /// The field.
        field: &'static str,
    },
    /// Two lines stand at one place: equal in all that lines are ordered by.
    #[error(
        "lines row {row}, sequence: row {first} stands at the same place (equal {}), so neither is before the other",
        Said(*order)
    )]
    DuplicatePlace {
        /// The later row.
        row: usize,
        /// The earlier row.
        first: usize,
        /// What lines are ordered by.
        order: PlaceOrder,
    },
    /// A word that names nothing, where a rule, a completeness, a misfit or an order is read from text.
    #[error("{field}: {value:?} is none of {known}")]
    UnknownName {
        /// The field.
        field: &'static str,
        /// What stands there.
        value: String,
        /// The words that are known.
        known: &'static str,
    },
    /// A rule whose parts do not make a rule.
    #[error("rule: {why}")]
    UnsoundRule {
        /// What is wrong with it.
        why: &'static str,
    },
    /// An order of places whose parts do not make an order.
    #[error("order: {why}")]
    UnsoundOrder {
        /// What is wrong with it.
        why: &'static str,
    },
    /// A rule that draws each unit, and not as many lots as units: `None`, where there are none at all
    /// or lines come as rows, which carry none.
    #[error("lines, unit_lots: {} for {units} units, and the rule draws each unit", Lots(*len))]
    UnitLots {
        /// How many lots there are.
        len: Option<usize>,
        /// How many there must be.
        units: Total,
    },
    /// A line or order that ships whole, under a rule that shares unit by unit.
    #[error(
        "lines row {row}, completeness: {rule} shares single units, and this line ships whole: rounds over whole lines can serve nobody"
    )]
    RuleNeedsSingleUnits {
        /// The row.
        row: usize,
        /// The rule.
        rule: crate::rule::ShortageRule,
    },
    /// A line was given more units than it is allocated now.
    #[error("lines row {row}, given: {given} is above the {award} that the line is allocated")]
    GivenAboveAward {
        /// The row.
        row: usize,
        /// What it was given.
        given: Quantity,
        /// What it is allocated: the most it may have been given.
        award: Quantity,
    },
    /// A column that the terms need is not there.
    #[error("lines, {field}: the plan is chosen by it, and no line has one")]
    MissingColumn {
        /// The column.
        field: &'static str,
    },
    /// Terms speak of single units of what is kept or cut whole.
    #[error(
        "lines row {row}, {field}: the line is kept or cut whole, so its units cannot be told apart"
    )]
    NeedsSingleUnits {
        /// The row.
        row: usize,
        /// The column.
        field: &'static str,
    },
    /// Refunds or compensations, added up to this row, leave 128 bits.
    #[error("lines row {row}: the amounts up to here are together more than 128 bits hold")]
    MoneyTooLarge {
        /// The row.
        row: usize,
    },
    /// The policy reads lots, somebody is cut, and every line's lot is 0: none was drawn.
    #[error(
        "lines, lot: the policy decides by lots and all of them are 0: draw first, then give each line its lot"
    )]
    DrawRequired,
    /// An outside id is longer than [`crate::limits::MAX_NAME_BYTES`].
    #[error("an id of {len} bytes is longer than {max}")]
    NameTooLong {
        /// Its bytes.
        len: usize,
        /// The most there may be.
        max: usize,
    },
    /// An [`crate::Interner`] has given out every number there is.
    #[error("more than {max} different ids")]
    TooManyNames {
        /// The most there may be.
        max: u32,
    },
    /// A row that was asked about does not exist.
    #[error("there is no line row {row}: the call has {rows}")]
    NoSuchRow {
        /// The row asked about.
        row: usize,
        /// The rows there are.
        rows: usize,
    },
    /// Whole orders that free exactly the need were asked for, and finding out whether there are any
    /// exceeds a limit of [`crate::limits`].
    #[error("selection: {what} are {value}, and an exact search takes at most {max}")]
    SelectionTooLarge {
        /// What is too large.
        what: &'static str,
        /// How large it is.
        value: Total,
        /// The most it may be.
        max: Total,
    },
    /// A label of a draw that cannot stand in a published list.
    #[error("lines row {row}, label: {fault}")]
    BadLabel {
        /// The row.
        row: usize,
        /// What is wrong with it.
        fault: LabelFault,
    },
    /// An argument outside its range. Of text and bytes the value is the length.
    #[error("{field}: {value} is outside {min}..={max}")]
    ArgumentOutOfRange {
        /// The argument.
        field: &'static str,
        /// What it is.
        value: Total,
        /// The least that it may be.
        min: Total,
        /// The most that it may be.
        max: Total,
    },
    /// A one-time code that was not committed to.
    #[error("code: hashed {draw} times it is not the commitment that was published")]
    CodeNotCommitted {
        /// Which draw of the chain it is, from 1: how often the code is hashed.
        draw: u32,
    },
    /// Public randomness of another round than the one announced, or none where one was announced.
    #[error("pulse: round {} was announced, and this is round {}", OrNone(*announced), OrNone(*given))]
    OtherPulse {
        /// The round that was announced.
        announced: Option<u64>,
        /// The round that is given.
        given: Option<u64>,
    },
    /// A draw was made for another list, or another policy, than the one it is used with.
    #[error("draw: it was made for another {what}")]
    OtherDraw {
        /// What differs.
        what: &'static str,
    },
    /// A published record of a draw, or a digest, that is not of its form.
    #[error("record, {field}: is missing or not of its form")]
    BadRecord {
        /// The first field at fault.
        field: &'static str,
    },
    /// Chances that are not told before a draw.
    #[error("chances: {why}")]
    NoChances {
        /// Why.
        why: &'static str,
    },
    /// Exact chances that would take too long.
    #[error("lines row {row}, chances: those of its SKU take {steps} additions, more than {max}")]
    TooManySteps {
        /// The first row of its SKU.
        row: usize,
        /// How many additions it would take.
        steps: u64,
        /// The most there may be.
        max: u64,
    },
    /// A command that says nothing the engine could do. Nothing happened, and its id is not spent.
    #[error("{field}: {why}")]
    Malformed {
        /// The first field at fault.
        field: &'static str,
        /// Its line, from 0, where the command has lines.
        row: Option<usize>,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Bytes that are no snapshot, or no record of a log, of this crate, or were damaged.
    #[error("byte {at}: {why}")]
    BadBytes {
        /// Where, as far as can be said.
        at: usize,
        /// What is wrong.
        why: &'static str,
    },
    /// The crate contradicts itself. No input leads here; if it does, please report it.
    #[error("internal contradiction: {at}")]
    Corrupt {
        /// Where.
        at: &'static str,
    },
}

/// What is wrong with a label of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelFault {
    /// It is empty.
    #[error("is empty")]
    Empty,
    /// It is no UTF-8.
    #[error("is no UTF-8")]
    NotUtf8,
    /// It has a line break or a NUL, which a list of lines cannot hold.
    #[error("has a line break or a NUL")]
    NotOneLine,
    /// It is longer than [`crate::limits::MAX_NAME_BYTES`].
    #[error("{len} bytes are more than {max}")]
    TooLong {
        /// Its bytes.
        len: usize,
        /// The most there may be.
        max: usize,
    },
}

/// A round of a beacon.
struct OrNone(Option<u64>);

impl core::fmt::Display for OrNone {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(round) => write!(f, "{round}"),
            None => f.write_str("none"),
        }
    }
}

/// A number of lots.
struct Lots(Option<usize>);

impl core::fmt::Display for Lots {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(len) => write!(f, "{len} lots"),
            None => f.write_str("no lots"),
        }
    }
}

impl Error {
    /// The stable code, the same in every language and in the vector files.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyRows { .. } => "too_many_rows",
            Self::LengthMismatch { .. } => "length_mismatch",
            Self::OutOfRange { .. } => "out_of_range",
            Self::UnknownCompleteness { .. } => "unknown_completeness",
            Self::UnknownMisfit { .. } => "unknown_misfit",
            Self::DuplicateId { .. } => "duplicate_id",
            Self::OrderDisagrees { .. } => "order_disagrees",
            Self::DuplicatePlace { .. } => "duplicate_place",
            Self::UnknownName { field, .. } => match *field {
                "rule" => "unknown_rule",
                "completeness" => "unknown_completeness",
                "order" => "unknown_order_key",
                "aim" => "unknown_aim",
                _ => "unknown_misfit",
            },
            Self::UnsoundRule { .. } => "unsound_rule",
            Self::UnsoundOrder { .. } => "unsound_order",
            Self::UnitLots { .. } => "unit_lots",
            Self::RuleNeedsSingleUnits { .. } => "rule_needs_single_units",
            Self::GivenAboveAward { .. } => "given_above_award",
            Self::MissingColumn { .. } => "missing_column",
            Self::NeedsSingleUnits { .. } => "needs_single_units",
            Self::MoneyTooLarge { .. } => "money_too_large",
            Self::DrawRequired => "draw_required",
            Self::NameTooLong { .. } => "name_too_long",
            Self::TooManyNames { .. } => "too_many_names",
            Self::NoSuchRow { .. } => "no_such_row",
            Self::SelectionTooLarge { .. } => "selection_too_large",
            Self::BadLabel { .. } => "bad_label",
            Self::ArgumentOutOfRange { .. } => "out_of_range",
            Self::CodeNotCommitted { .. } => "code_not_committed",
            Self::OtherPulse { .. } => "other_pulse",
            Self::OtherDraw { .. } => "other_draw",
            Self::BadRecord { .. } => "bad_record",
            Self::NoChances { .. } => "no_chances",
            Self::TooManySteps { .. } => "too_many_steps",
            Self::Malformed { .. } => "malformed",
            Self::BadBytes { .. } => "bad_bytes",
            Self::Corrupt { .. } => "corrupt",
        }
    }

    /// The row at fault, where the fault is one row's.
    #[must_use]
    pub fn row(&self) -> Option<usize> {
        match *self {
            Self::OutOfRange { row, .. }
            | Self::UnknownCompleteness { row, .. }
            | Self::UnknownMisfit { row, .. }
            | Self::DuplicateId { row, .. }
            | Self::OrderDisagrees { row, .. }
            | Self::DuplicatePlace { row, .. }
            | Self::RuleNeedsSingleUnits { row, .. }
            | Self::GivenAboveAward { row, .. }
            | Self::NeedsSingleUnits { row, .. }
            | Self::MoneyTooLarge { row }
            | Self::BadLabel { row, .. }
            | Self::TooManySteps { row, .. }
            | Self::NoSuchRow { row, .. } => Some(row),
            Self::TooManyRows { .. }
            | Self::LengthMismatch { .. }
            | Self::UnknownName { .. }
            | Self::UnsoundRule { .. }
            | Self::UnsoundOrder { .. }
            | Self::UnitLots { .. }
            | Self::MissingColumn { .. }
            | Self::DrawRequired
            | Self::NameTooLong { .. }
            | Self::TooManyNames { .. }
            | Self::SelectionTooLarge { .. }
            | Self::ArgumentOutOfRange { .. }
            | Self::CodeNotCommitted { .. }
            | Self::OtherPulse { .. }
            | Self::OtherDraw { .. }
            | Self::BadRecord { .. }
            | Self::NoChances { .. }
            | Self::BadBytes { .. }
            | Self::Corrupt { .. } => None,
            Self::Malformed { row, .. } => row,
        }
    }

    /// The earlier row of two that contradict each other.
    #[must_use]
    pub fn first_row(&self) -> Option<usize> {
        match *self {
            Self::DuplicateId { first, .. }
            | Self::OrderDisagrees { first, .. }
            | Self::DuplicatePlace { first, .. } => Some(first),
            _ => None,
        }
    }

    /// The field at fault.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match *self {
            Self::LengthMismatch { field, .. }
            | Self::OutOfRange { field, .. }
            | Self::DuplicateId { field, .. }
            | Self::OrderDisagrees { field, .. }
            | Self::MissingColumn { field }
            | Self::NeedsSingleUnits { field, .. }
            | Self::UnknownName { field, .. }
            | Self::ArgumentOutOfRange { field, .. }
            | Self::BadRecord { field }
            | Self::Malformed { field, .. } => Some(field),
            Self::UnknownCompleteness { .. } | Self::RuleNeedsSingleUnits { .. } => {
                Some("completeness")
            }
            Self::UnsoundRule { .. } => Some("rule"),
            Self::GivenAboveAward { .. } => Some("given"),
            Self::UnsoundOrder { .. } => Some("order"),
            Self::UnitLots { .. } => Some("unit_lots"),
            Self::UnknownMisfit { .. } => Some("on_misfit"),
            Self::DuplicatePlace { .. } => Some("sequence"),
            Self::DrawRequired => Some("lot"),
            Self::MoneyTooLarge { .. } => Some("unit_price"),
            Self::BadLabel { .. } => Some("label"),
            Self::CodeNotCommitted { .. } => Some("code"),
            Self::OtherPulse { .. } => Some("pulse"),
            Self::OtherDraw { .. } => Some("draw"),
            Self::TooManyRows { .. }
            | Self::NameTooLong { .. }
            | Self::TooManyNames { .. }
            | Self::NoSuchRow { .. }
            | Self::SelectionTooLarge { .. }
            | Self::NoChances { .. }
            | Self::TooManySteps { .. }
            | Self::BadBytes { .. }
            | Self::Corrupt { .. } => None,
        }
    }

    /// The table at fault.
    #[must_use]
    pub fn table(&self) -> Option<Table> {
        match *self {
            Self::TooManyRows { table, .. }
            | Self::LengthMismatch { table, .. }
            | Self::OutOfRange { table, .. }
            | Self::DuplicateId { table, .. } => Some(table),
            Self::UnknownCompleteness { .. }
            | Self::UnknownMisfit { .. }
            | Self::RuleNeedsSingleUnits { .. }
            | Self::UnitLots { .. }
            | Self::GivenAboveAward { .. }
            | Self::MissingColumn { .. }
            | Self::NeedsSingleUnits { .. }
            | Self::MoneyTooLarge { .. }
            | Self::DrawRequired
            | Self::OrderDisagrees { .. }
            | Self::DuplicatePlace { .. }
            | Self::BadLabel { .. }
            | Self::TooManySteps { .. }
            | Self::NoSuchRow { .. } => Some(Table::Lines),
            Self::UnknownName { .. }
            | Self::UnsoundRule { .. }
            | Self::UnsoundOrder { .. }
            | Self::NameTooLong { .. }
            | Self::TooManyNames { .. }
            | Self::SelectionTooLarge { .. }
            | Self::ArgumentOutOfRange { .. }
            | Self::CodeNotCommitted { .. }
            | Self::OtherPulse { .. }
            | Self::OtherDraw { .. }
            | Self::BadRecord { .. }
            | Self::NoChances { .. }
            | Self::BadBytes { .. }
            | Self::Corrupt { .. } => None,
            Self::Malformed { row, .. } => Some(match row {
                Some(_) => Table::Lines,
                None => Table::Command,
            }),
        }
    }
}
