//! Rows by the ids of their lines.

use std::sync::OnceLock;

use crate::input::Lines;

/// Numbers of line ids with their rows, rising; made at the first question by id.
#[derive(Debug, Default)]
pub(crate) struct ById(OnceLock<Vec<(u32, u32)>>);

impl ById {
    /// The row of a line number.
    pub(crate) fn row_of(&self, lines: &Lines, number: u32) -> Option<usize> {
        let Some(numbers) = &lines.line else {
            return Some(number as usize).filter(|&row| row < lines.len());
        };
        let rows = self.0.get_or_init(|| {
            let mut rows: Vec<(u32, u32)> = numbers.iter().copied().zip(0..).collect();
            rows.sort_unstable();
            rows
        });
        let at = rows.binary_search_by_key(&number, |&(number, _)| number);
        let &(_, row) = rows.get(at.ok()?)?;
        Some(row as usize)
    }
}
