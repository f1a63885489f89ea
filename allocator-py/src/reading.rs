//! Read: from columns to the dense integers that the core takes, noting every fault. What is at fault
//! gets a harmless stand-in, so that the faults of all other rows can still be told.

use allocator_core::limits::{MAX_NAME_BYTES, MAX_QUANTITY, MAX_WEIGHT, NO_ID};
use allocator_core::{Completeness, Misfit};

use arrow_buffer::ScalarBuffer;

use crate::cell::{Cell, shortened};
use crate::column::{Column, Value};
use crate::fault::Fault;
use crate::ids::{Id, Ids, LEAST, MOST};

/// Reads the columns of one table.
pub(crate) struct Reader<'a> {
    pub(crate) table: &'static str,
    pub(crate) faults: &'a mut Vec<Fault>,
}

/// What stands where a column has a null.
#[derive(Clone, Copy)]
pub(crate) enum Null {
    Missing,
    Zero,
    One,
    Row,
}

impl Reader<'_> {
    /// Units. Below zero is for the core to refuse.
    pub(crate) fn quantities(&mut self, column: &Column, field: &'static str) -> ScalarBuffer<i64> {
        self.ints(column, field, Null::Missing, (0, MAX_QUANTITY.into()))
    }

    /// Weights. Those of 64 bits outside the range are for the core to refuse.
    pub(crate) fn weights(&mut self, column: &Column, field: &'static str) -> ScalarBuffer<i64> {
        self.ints(column, field, Null::One, (1, MAX_WEIGHT.into()))
    }

    /// Integers of any size that 64 bits have.
    pub(crate) fn numbers(
        &mut self,
        column: &Column,
        field: &'static str,
        null: Null,
    ) -> ScalarBuffer<i64> {
        self.ints(column, field, null, (LEAST, i64::MAX.into()))
    }

    /// Units or amounts of money of which some may not be said. Below zero is for the core to refuse.
    pub(crate) fn amounts(
        &mut self,
        column: &Column,
        field: &'static str,
        null: Null,
    ) -> ScalarBuffer<i64> {
        self.ints(column, field, null, (0, MAX_QUANTITY.into()))
    }

    /// Sums, which may need more than 64 bits. Below zero is for the core to refuse.
    pub(crate) fn totals(&mut self, column: &Column, field: &'static str, null: Null) -> Vec<i128> {
        const RANGE: (i128, i128) = (0, i128::MAX);
        let mut values = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            values.push(match column.value(row) {
                Value::Int(value) => value,
                Value::Null => self.null(row, field, null).into(),
                other => {
                    self.no_integer(row, field, &other, RANGE);
                    0
                }
            });
        }
        values
    }

    fn ints(
        &mut self,
        column: &Column,
        field: &'static str,
        null: Null,
        range: (i128, i128),
    ) -> ScalarBuffer<i64> {
        if let Some(ints) = column.all_ints() {
            return ints.clone();
        }
        // In place of a fault; one that the core lets through.
        let stand_in = i64::from(matches!(null, Null::One));
        let mut values = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            values.push(match column.value(row) {
                Value::Int(value) => i64::try_from(value).unwrap_or_else(|_| {
                    self.out_of_range(row, field, value, range);
                    stand_in
                }),
                Value::Null => self.null(row, field, null),
                other => {
                    self.no_integer(row, field, &other, range);
                    stand_in
                }
            });
        }
        values.into()
    }

    /// Instants in microseconds.
    pub(crate) fn instants(&mut self, column: &Column, field: &'static str) -> ScalarBuffer<i64> {
        if let Some(ints) = column.all_ints() {
            return ints.clone();
        }
        let mut values = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            values.push(match column.value(row) {
                Value::Instant(instant) => instant,
                Value::Null => 0,
                Value::Silent => 0,
                Value::Int(value) => i64::try_from(value).unwrap_or_else(|_| {
                    self.out_of_range(row, field, value, (LEAST, i64::MAX.into()));
                    0
                }),
                other => {
                    self.no_instant(row, field, &other);
                    0
                }
            });
        }
        values.into()
    }

    /// Ids as their numbers. `null` says what a null becomes: none, or the row as an id.
    pub(crate) fn ids(
        &mut self,
        column: &Column,
        field: &'static str,
        ids: &mut Ids,
        null: IdNull,
    ) -> Vec<u32> {
        if let Some(ints) = column.all_ints().filter(|_| ids.is_plain()) {
            return ints.iter().map(|&id| small(id)).collect();
        }
        let mut numbers = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            let id = match column.value(row) {
                Value::Int(value) if (LEAST..=MOST).contains(&value) => Some(Id::Int(value)),
                Value::Text(text) => Some(Id::Text(text)),
                Value::Null => match null {
                    IdNull::Row => Some(Id::Int(row as i128)),
                    IdNull::None => {
                        numbers.push(NO_ID);
                        continue;
                    }
                    IdNull::Missing => {
                        self.null(row, field, Null::Missing);
                        None
                    }
                },
                Value::Int(value) => {
                    self.out_of_range(row, field, value, (LEAST, MOST));
                    None
                }
                Value::Silent => None,
                other => {
                    self.no_id(row, field, &other);
                    None
                }
            };
            let number = match id {
                Some(id) => ids.intern(id),
                None => ids.nobody(),
            };
            numbers.push(number.unwrap_or_else(|error| {
                let what = error.to_string();
                self.fault(error.code(), row, field, &what);
                // Nothing else can have this number: the room for numbers is used up, or the id is
                // too long and stands for nobody.
                ids.nobody().unwrap_or(NO_ID)
            }));
        }
        numbers
    }

    /// Codes of completeness words.
    pub(crate) fn completeness(&mut self, column: &Column) -> Vec<u8> {
        let code = |word: &str| word.parse().ok().map(|word| Completeness::code(Some(word)));
        let known = "partial, line, order";
        self.words(column, "completeness", "unknown_completeness", known, code)
    }

    /// Codes of misfit words.
    pub(crate) fn misfits(&mut self, column: &Column) -> Vec<u8> {
        let code = |word: &str| word.parse().ok().map(|word| Misfit::code(Some(word)));
        self.words(
            column,
            "on_misfit",
            "unknown_misfit",
            "set_aside, pass",
            code,
        )
    }

    /// Words of a closed list as their codes; a null is 0.
    pub(crate) fn words(
        &mut self,
        column: &Column,
        field: &'static str,
        unknown: &'static str,
        known: &str,
        code: impl Fn(&str) -> Option<u8>,
    ) -> Vec<u8> {
        let mut codes = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            codes.push(match column.value(row) {
                Value::Text(word) => code(word).unwrap_or_else(|| {
                    let what = format!("{:?} is none of {known}", shortened(word));
                    self.fault(unknown, row, field, &what);
                    0
                }),
                Value::Null | Value::Silent => 0,
                other => {
                    let what = format!("{} is none of the words {known}", found(&other));
                    self.fault("wrong_type", row, field, &what);
                    0
                }
            });
        }
        codes
    }

    fn fault(&mut self, code: &'static str, row: usize, field: &'static str, what: &str) {
        self.faults
            .push(Fault::of_row(code, self.table, row, field, what));
    }

    fn null(&mut self, row: usize, field: &'static str, null: Null) -> i64 {
        match null {
            Null::Zero => 0,
            Null::One => 1,
            Null::Row => i64::try_from(row).unwrap_or(i64::MAX),
            Null::Missing => {
                self.fault("missing", row, field, "nothing stands here");
                0
            }
        }
    }

    fn out_of_range(
        &mut self,
        row: usize,
        field: &'static str,
        value: i128,
        (min, max): (i128, i128),
    ) {
        let what = format!("{value} is outside {min}..={max}");
        self.fault("out_of_range", row, field, &what);
    }

    fn no_integer(
        &mut self,
        row: usize,
        field: &'static str,
        value: &Value<'_>,
        (min, max): (i128, i128),
    ) {
        let what = match value {
            Value::Silent => return,
            Value::Bad(Cell::Huge) => {
                let what = format!("{} is outside {min}..={max}", found(value));
                return self.fault("out_of_range", row, field, &what);
            }
            Value::Bad(Cell::Fraction(text)) => {
                return self.fault("not_whole", row, field, &format!("{text} is not whole"));
            }
            Value::Bad(Cell::Float(text)) => format!(
                "{text} is a float, and nothing is rounded here; in a list int(…), in pandas frame[{field:?}].astype(\"Int64\"), in polars pl.col({field:?}).cast(pl.Int64) makes whole numbers"
            ),
            Value::Text(_) => format!(
                "{} is no integer; in a list int(…), in pandas frame[{field:?}].astype(\"Int64\"), in polars pl.col({field:?}).cast(pl.Int64) makes one",
                found(value)
            ),
            _ => format!("{} is no integer", found(value)),
        };
        self.fault("wrong_type", row, field, &what);
    }

    fn no_instant(&mut self, row: usize, field: &'static str, value: &Value<'_>) {
        match value {
            Value::Bad(Cell::Naive(text)) => {
                let what = format!(
                    "{text} has no time zone; say which, for UTC: value.replace(tzinfo=datetime.timezone.utc), in pandas frame[{field:?}].dt.tz_localize(\"UTC\"), in polars pl.col({field:?}).dt.replace_time_zone(\"UTC\")"
                );
                self.fault("naive_time", row, field, &what);
            }
            Value::Bad(Cell::Fraction(text)) => {
                let what = format!(
                    "{text} is finer than a microsecond; in pandas frame[{field:?}].dt.floor(\"us\"), in polars pl.col({field:?}).dt.cast_time_unit(\"us\") makes it coarser"
                );
                self.fault("not_whole", row, field, &what);
            }
            Value::Bad(Cell::Huge) => {
                let what = format!("{} is outside {LEAST}..={}", found(value), i64::MAX);
                self.fault("out_of_range", row, field, &what);
            }
            value => {
                let what = format!(
                    "{} is no instant; give microseconds since 1970 (UTC) as an integer, or a datetime with a time zone",
                    found(value)
                );
                self.fault("wrong_type", row, field, &what);
            }
        }
    }

    fn no_id(&mut self, row: usize, field: &'static str, value: &Value<'_>) {
        let (code, what) = match value {
            Value::Bad(Cell::Huge) => (
                "out_of_range",
                format!("{} is outside {LEAST}..={MOST}", found(value)),
            ),
            Value::Bad(Cell::Fraction(text)) => ("not_whole", format!("{text} is not whole")),
            value => (
                "wrong_type",
                format!(
                    "{} is no id; ids are integers of 64 bits or text of at most {MAX_NAME_BYTES} bytes",
                    found(value)
                ),
            ),
        };
        self.fault(code, row, field, &what);
    }
}

/// Whether a column has nothing but integers that can be their own numbers.
pub(crate) fn is_plain(column: &Column) -> bool {
    // No early end: so that it goes several at a time.
    let small = |all, &id: &i64| all & (small(id) != NO_ID);
    column
        .all_ints()
        .is_some_and(|ints| ints.iter().fold(true, small))
}

/// An id as its own number, [`NO_ID`] where it cannot be.
fn small(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(NO_ID)
}

/// What a null in a column of ids becomes.
#[derive(Clone, Copy)]
pub(crate) enum IdNull {
    Missing,
    None,
    Row,
}

fn found(value: &Value<'_>) -> String {
    match value {
        Value::Bad(Cell::Float(text)) if text == "nan" => {
            "nan, in pandas often a null (frame.astype(object).where(frame.notna(), None) makes it None),".into()
        }
        Value::Null | Value::Silent => Cell::Null.found(),
        Value::Int(value) => Cell::Int(*value).found(),
        Value::Text(text) => Cell::Text((*text).into()).found(),
        Value::Instant(instant) => Cell::Instant(*instant).found(),
        Value::Bad(cell) => cell.found(),
    }
}
