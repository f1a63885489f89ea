//! What a call fails with, on its way into the caller's `allocator_error`.

use core::ffi::c_char;
use std::borrow::Cow;

use allocator_core::{Error, Table};

use crate::abi::{allocator_error, allocator_table};
use crate::convert::count;
use crate::status::allocator_status;
use allocator_status::*;
use allocator_table::*;

/// An `allocator_error` with text that has not been cut yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: allocator_status,
    pub(crate) table: allocator_table,
    pub(crate) row: i64,
    pub(crate) first_row: i64,
    pub(crate) field: Cow<'static, str>,
    pub(crate) message: String,
}

impl Failure {
    /// A fault of no row.
    pub(crate) fn new(
        status: allocator_status,
        field: impl Into<Cow<'static, str>>,
        message: String,
    ) -> Self {
        Self {
            status,
            table: ALLOCATOR_TABLE_NONE,
            row: -1,
            first_row: -1,
            field: field.into(),
            message,
        }
    }

    /// The same fault, of this row.
    pub(crate) fn at(mut self, table: allocator_table, row: usize) -> Self {
        self.table = table;
        self.row = count(row);
        self
    }

    /// A number that does not fit into what it is read from or written to.
    pub(crate) fn out_of_range(field: &'static str, value: i128, (min, max): (i128, i128)) -> Self {
        let message = format!("{field}: {value} is outside {min}..={max}");
        Self::new(ALLOCATOR_OUT_OF_RANGE, field, message)
    }

    /// A total above `INT64_MAX`, which is never cut down to it.
    pub(crate) fn too_large(field: &'static str, value: i128) -> Self {
        Self::out_of_range(field, value, (i64::MIN.into(), i64::MAX.into()))
    }

    /// What a panic left behind.
    pub(crate) fn panic(payload: &(dyn core::any::Any + Send)) -> Self {
        let what = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        Self::new(ALLOCATOR_PANIC, "", format!("the library panicked: {what}"))
    }

    /// The form that crosses the border.
    pub(crate) fn into_error(self) -> allocator_error {
        let Self {
            status,
            table,
            row,
            first_row,
            field,
            message,
        } = self;
        let mut error = allocator_error {
            code: status.number(),
            table: table as i32,
            row,
            first_row,
            ..no_error()
        };
        copy_text(&mut error.field, &field);
        copy_text(&mut error.message, &message);
        error
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let table = match error.table() {
            Some(Table::Supply) => ALLOCATOR_TABLE_SUPPLY,
            Some(Table::Lines) => ALLOCATOR_TABLE_LINES,
            Some(Table::Outcomes) => ALLOCATOR_TABLE_OUTCOMES,
            Some(Table::Orders) => ALLOCATOR_TABLE_ORDERS,
            Some(Table::Need) => ALLOCATOR_TABLE_NEED,
            Some(Table::Command) => ALLOCATOR_TABLE_COMMAND,
            None => ALLOCATOR_TABLE_NONE,
        };
        Self {
            status: allocator_status::of(&error),
            table,
            row: error.row().map_or(-1, count),
            first_row: error.first_row().map_or(-1, count),
            field: error.field().unwrap_or_default().into(),
            message: error.to_string(),
        }
    }
}

/// A row that was asked about.
pub(crate) fn known_row(row: i64, rows: usize) -> Result<usize, Failure> {
    let known = usize::try_from(row).ok().filter(|&row| row < rows);
    known.ok_or_else(|| {
        let mut failure = Failure::from(Error::NoSuchRow { row: 0, rows });
        failure.row = row;
        failure.message = format!("there is no line row {row}: the call has {rows}");
        failure
    })
}

/// An error struct in which nothing went wrong.
pub(crate) fn no_error() -> allocator_error {
    allocator_error {
        code: ALLOCATOR_OK.number(),
        table: ALLOCATOR_TABLE_NONE as i32,
        row: -1,
        first_row: -1,
        field: [0; 32],
        message: [0; 256],
    }
}

/// Copies as many whole characters as fit before the NUL. A NUL inside the text would end it early
/// for the reader, so it becomes a space.
pub(crate) fn copy_text<const N: usize>(into: &mut [c_char; N], text: &str) {
    *into = [0; N];
    let most = N.saturating_sub(1);
    let ends = text
        .char_indices()
        .map(|(start, c)| start.saturating_add(c.len_utf8()));
    let end = ends.take_while(|&end| end <= most).last().unwrap_or(0);
    let bytes = text.bytes().map(|byte| if byte == 0 { b' ' } else { byte });
    for (to, from) in into.iter_mut().zip(bytes.take(end)) {
        *to = c_char::from_ne_bytes([from]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<const N: usize>(text: &str) -> Vec<u8> {
        let mut buffer = [1; N];
        copy_text(&mut buffer, text);
        let bytes: Vec<u8> = buffer.iter().map(|&c| c.to_ne_bytes()[0]).collect();
        assert_eq!(bytes[N - 1], 0, "always ends");
        bytes.split(|&byte| byte == 0).next().unwrap().to_vec()
    }

    #[test]
    fn text_is_cut_at_a_character() {
        assert_eq!(read::<4>("abc"), b"abc");
        assert_eq!(read::<4>("abcd"), b"abc");
        assert_eq!(read::<4>("aöb"), "aö".as_bytes());
        assert_eq!(read::<4>("abö"), b"ab");
        assert_eq!(read::<8>("a\0b"), b"a b");
        assert_eq!(read::<1>("a"), b"");
    }

    #[test]
    fn an_error_of_the_core_keeps_everything_it_says() {
        let error = Error::DuplicateId {
            table: Table::Supply,
            row: 3,
            first: 1,
            field: "supply",
        };
        let failure = Failure::from(error.clone());
        assert_eq!(failure.status, ALLOCATOR_DUPLICATE_ID);
        assert_eq!(failure.table, ALLOCATOR_TABLE_SUPPLY);
        assert_eq!((failure.row, failure.first_row), (3, 1));
        assert_eq!(failure.field, "supply");
        assert_eq!(failure.message, error.to_string());
    }
}
