//! Columns of results in outside ids.

use std::sync::Arc;

use allocator_core::Idle;
use allocator_core::limits::NO_ID;

use crate::input::Input;
use crate::table::Table;
use crate::values::{Values, Words};

impl Input {
    /// The ids of lines in these rows.
    pub(crate) fn lines_at(&self, rows: impl Iterator<Item = Option<u32>>) -> Values {
        let number = |row: Option<u32>| match row {
            Some(row) => self.lines.line_number(row as usize),
            None => NO_ID,
        };
        Values::Ids(rows.map(number).collect(), Arc::clone(&self.names.line))
    }

    /// The id of every line.
    pub(crate) fn line_ids(&self) -> Values {
        self.lines_at((0..).take(self.lines.len()).map(Some))
    }

    /// The SKU of every line.
    pub(crate) fn skus(&self) -> Values {
        Values::Ids(self.lines.sku.clone(), Arc::clone(&self.names.sku))
    }

    /// The text of a line's id: integers in decimal, text as it is.
    pub(crate) fn line_text(&self, row: usize) -> String {
        let number = self.lines.line_number(row);
        let id = self.names.line.id(number);
        id.map_or_else(|| number.to_string(), |id| id.to_string())
    }

    pub(crate) fn idle_table(&self, idle: &[Idle]) -> Table {
        let skus = idle.iter().map(|entry| entry.sku.0).collect();
        let causes = idle.iter().map(|entry| entry.cause.number()).collect();
        let rows = idle.iter().map(|entry| entry.row.map(i64::from)).collect();
        Table::new(vec![
            ("sku", Values::Ids(skus, Arc::clone(&self.names.sku))),
            ("cause", Values::Words(causes, Words::IdleCause)),
            (
                "units",
                Values::Ints(idle.iter().map(|entry| entry.units).collect()),
            ),
            ("line", self.lines_at(idle.iter().map(|entry| entry.row))),
            ("row", Values::MaybeInts(rows)),
        ])
    }
}
