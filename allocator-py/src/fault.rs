//! What is wrong with an input, found here or by the core, in one order of precedence.

use std::borrow::Cow;

use allocator_core::Error;

/// One fault, ready to become an `AllocatorError`.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) table: Option<&'static str>,
    pub(crate) row: Option<usize>,
    pub(crate) first_row: Option<usize>,
    pub(crate) column: Option<Cow<'static, str>>,
    pub(crate) message: String,
}

/// Codes of one row in the order in which they win; the core's among them, as it documents them.
const CODES: [&str; 14] = [
    "out_of_range",
    "unknown_completeness",
    "unknown_misfit",
    "unknown_reason",
    "missing",
    "wrong_type",
    "not_whole",
    "naive_time",
    "name_too_long",
    "too_many_names",
    "duplicate_id",
    "rule_needs_single_units",
    "order_disagrees",
    "duplicate_place",
];

/// Columns in the order in which the core names them.
const COLUMNS: [&str; 19] = [
    "line",
    "supply",
    "order",
    "customer",
    "sku",
    "quantity",
    "weight",
    "priority",
    "placed_at",
    "sequence",
    "lot",
    "score",
    "completeness",
    "on_misfit",
    "unit_price",
    "given",
    "credit",
    "offered",
    "asked",
];

impl Fault {
    /// A fault of a whole table or column.
    pub(crate) fn of_table(
        code: &'static str,
        table: &'static str,
        column: Option<&'static str>,
        message: String,
    ) -> Self {
        Self {
            code,
            table: Some(table),
            row: None,
            first_row: None,
            column: column.map(Cow::Borrowed),
            message,
        }
    }

    /// A fault of one row; `what` follows its table, row and column.
    pub(crate) fn of_row(
        code: &'static str,
        table: &'static str,
        row: usize,
        column: &'static str,
        what: &str,
    ) -> Self {
        Self {
            code,
            table: Some(table),
            row: Some(row),
            first_row: None,
            column: Some(Cow::Borrowed(column)),
            message: format!("{table} row {row}, {column}: {what}"),
        }
    }

    /// A fault of an argument that is no table.
    pub(crate) fn of_argument(code: &'static str, message: String) -> Self {
        Self {
            code,
            table: None,
            row: None,
            first_row: None,
            column: None,
            message,
        }
    }

    /// Sorts by precedence: an earlier stage, then the row, then the code, then the column.
    pub(crate) fn sort(faults: &mut [Self]) {
        // Stable: two faults the key does not part stay as they were found.
        faults.sort_by_key(Self::precedence);
    }

    fn precedence(&self) -> (u8, Option<usize>, usize, usize) {
        let lines = self.table == Some("lines");
        let stage = match (self.row, self.code) {
            (None, _) if !lines => 0,
            (None, _) => 1,
            (_, "order_disagrees" | "duplicate_place") => 4,
            _ if !lines => 2,
            _ => 3,
        };
        let rank = |known: &[&str], word: &str| {
            known
                .iter()
                .position(|known| *known == word)
                .unwrap_or(known.len())
        };
        let column = self.column.as_deref().unwrap_or_default();
        (
            stage,
            self.row,
            rank(&CODES, self.code),
            rank(&COLUMNS, column),
        )
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self {
            code: error.code(),
            table: error.table().map(|table| match table {
                allocator_core::Table::Supply => "supply",
                allocator_core::Table::Lines => "lines",
                allocator_core::Table::Outcomes => "outcomes",
                allocator_core::Table::Orders => "orders",
                allocator_core::Table::Need => "need",
                allocator_core::Table::Command => "command",
            }),
            row: error.row(),
            first_row: error.first_row(),
            column: error.field().map(Cow::Borrowed),
            message: error.to_string(),
        }
    }
}
