//! The cells of one row as text, ids, whole numbers and instants; what is none is reported.

use allocator_core::Interner;
use csv::ByteRecord;

use crate::fault::{Fault, Faults, File, quoted};
use crate::instant;

/// A column by name, and where the file has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) index: Option<usize>,
}

/// One row. Every reader returns `None` where the cell is faulty, and has reported it then.
pub(crate) struct Cells<'a> {
    file: File,
    /// The line of the file it starts in.
    pub(crate) line: u64,
    record: &'a ByteRecord,
    faults: &'a mut Faults,
    good: bool,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(
        file: File,
        line: u64,
        record: &'a ByteRecord,
        faults: &'a mut Faults,
    ) -> Self {
        Self {
            file,
            line,
            record,
            faults,
            good: true,
        }
    }

    /// Whether nothing was wrong so far.
    pub(crate) fn good(&self) -> bool {
        self.good
    }

    /// Reports a fault of the row.
    pub(crate) fn fault(&mut self, column: Option<Column>, reason: String) {
        self.good = false;
        self.faults.add(Fault {
            file: self.file,
            line: self.line,
            column: column.map(|column| column.name),
            reason,
        });
    }

    /// What stands there, if it can be read at all; reports nothing.
    pub(crate) fn peek(&self, column: Column) -> Option<&'a str> {
        let bytes = self.record.get(column.index?)?;
        std::str::from_utf8(bytes).ok()
    }

    /// The text; empty where the file lacks the column.
    pub(crate) fn text(&mut self, column: Column) -> Option<&'a str> {
        let bytes = column.index.and_then(|index| self.record.get(index));
        let text = std::str::from_utf8(bytes.unwrap_or_default());
        if text.is_err() {
            self.fault(Some(column), "is not valid UTF-8".into());
        }
        text.ok()
    }

    /// The number of an outside id, which may not be empty.
    pub(crate) fn id(&mut self, column: Column, names: &mut Interner) -> Option<u32> {
        let name = self.text(column)?;
        if name.is_empty() {
            self.fault(Some(column), "is empty".into());
            return None;
        }
        let id = names.intern(name);
        if let Err(error) = &id {
            self.fault(Some(column), error.to_string());
        }
        id.ok()
    }

    /// As [`Self::id`], where an empty cell names nobody.
    pub(crate) fn optional_id(
        &mut self,
        column: Column,
        names: &mut Interner,
    ) -> Option<Option<u32>> {
        if self.text(column)?.is_empty() {
            return Some(None);
        }
        self.id(column, names).map(Some)
    }

    /// A whole number from 0.
    pub(crate) fn number(&mut self, column: Column) -> Option<i64> {
        let text = self.text(column)?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let reason = if text.is_empty() {
            "is empty".to_owned()
        } else if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let blanks = blanks(text, |bare| bare.bytes().all(|byte| byte.is_ascii_digit()));
            format!("{} is not a whole number{blanks}", quoted(text))
        } else {
            match text.parse::<i64>() {
                Ok(number) if number >= 0 => return Some(number),
                _ if text.starts_with('-') => {
                    format!("{} is negative; 0 is the least", quoted(text))
                }
                _ => format!("{} is too large; {} is the most", quoted(text), i64::MAX),
            }
        };
        self.fault(Some(column), reason);
        None
    }

    /// As [`Self::number`], where an empty cell is none.
    pub(crate) fn optional_number(&mut self, column: Column) -> Option<Option<i64>> {
        if self.text(column)?.is_empty() {
            return Some(None);
        }
        self.number(column).map(Some)
    }

    /// An instant.
    pub(crate) fn instant(&mut self, column: Column) -> Option<i64> {
        let text = self.text(column)?;
        let reason = match instant::read(text) {
            Ok(instant) => return Some(instant),
            Err(_) if text.is_empty() => "is empty".to_owned(),
            Err(reason) => {
                let blanks = blanks(text, |bare| instant::read(bare).is_ok());
                format!("{} {reason}{blanks}", quoted(text))
            }
        };
        self.fault(Some(column), reason);
        None
    }

    /// As [`Self::instant`], where an empty cell is none.
    pub(crate) fn optional_instant(&mut self, column: Column) -> Option<Option<i64>> {
        if self.text(column)?.is_empty() {
            return Some(None);
        }
        self.instant(column).map(Some)
    }
}

/// What to do about a text that is good but for the blanks around it.
fn blanks(text: &str, good: impl FnOnce(&str) -> bool) -> &'static str {
    let bare = text.trim();
    if bare != text && !bare.is_empty() && good(bare) {
        "; it would be without the blanks around it"
    } else {
        ""
    }
}
