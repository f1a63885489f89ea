//! Names that are nearly the name of a column: what a slip of the finger makes of one.

use std::collections::HashMap;

use crate::cell::shortened;
use crate::fault::Fault;
use crate::gather::Form;

/// The names that a table has besides the columns that are read, each once, in the order of sight.
#[derive(Debug, Default)]
pub(crate) struct Strays {
    names: Vec<String>,
    seen: HashMap<String, Option<&'static str>>,
}

impl Strays {
    /// Takes note of a name; the column of `form` that it nearly is.
    pub(crate) fn see(&mut self, name: &str, form: &Form) -> Option<&'static str> {
        if let Some(&meant) = self.seen.get(name) {
            return meant;
        }
        let meant = meant(name, form.columns());
        self.seen.insert(name.to_owned(), meant);
        self.names.push(name.to_owned());
        meant
    }

    pub(crate) fn into_names(self) -> Vec<String> {
        self.names
    }
}

/// What is wrong with a name that is nearly a column; `row` is the row that has it, in a list of rows.
pub(crate) fn fault(form: &Form, row: Option<usize>, name: &str, column: &str) -> Fault {
    let table = form.table;
    let place = row.map_or_else(String::new, |row| format!(" row {row}"));
    let shown = shortened(name);
    let message = format!(
        "{table}{place}: {shown:?} is no column, but nearly {column:?}; rename it if it means that, or drop it"
    );
    Fault {
        row,
        column: Some(name.to_owned().into()),
        ..Fault::of_table("unknown_column", table, None, message)
    }
}

/// The column that `name` was probably meant to be; `None` where it is none of them or far from all.
fn meant(name: &str, mut columns: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let lower = name.to_lowercase();
    columns.find(|column| squeezed(&lower) == squeezed(column) || is_slip(&lower, column))
}

/// Without what people write between words.
fn squeezed(name: &str) -> String {
    name.chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '_' | '-' | '.'))
        .collect()
}

/// What is a word of its own, however near.
const WORDS: [&str; 2] = ["store", "slot"];

/// Two edits, or one in a short word: `size` is two letters from `line` and no slip of it. A word of
/// three letters may at most stand in the plural.
fn is_slip(name: &str, column: &str) -> bool {
    if column.len() <= 3 || WORDS.contains(&name) {
        return name.strip_suffix('s') == Some(column);
    }
    let most = if column.len() > 5 { 2 } else { 1 };
    // A name of many letters is not worth a comparison.
    name.len() <= 4 * (column.len() + most) && edits(name, column) <= most
}

/// Letters to insert, drop, change or swap with their neighbour.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut last_letter = None;
    for (row, letter) in a.chars().enumerate() {
        let mut line = vec![row + 1];
        let mut left = row + 1;
        for (column, other) in b.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
            let changed = at(&above, column).saturating_add(usize::from(letter != *other));
            let mut least = changed
                .min(left + 1)
                .min(at(&above, column + 1).saturating_add(1));
            let crossed = column
                .checked_sub(1)
                .filter(|&index| last_letter == Some(*other) && b.get(index) == Some(&letter));
            if let Some(index) = crossed {
                least = least.min(at(&before, index).saturating_add(1));
            }
            line.push(least);
            left = least;
        }
        before = std::mem::replace(&mut above, line);
        last_letter = Some(letter);
    }
    above.last().copied().unwrap_or(0)
}
