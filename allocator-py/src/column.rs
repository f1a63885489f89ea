//! A column of input, whatever it came from.

use arrow_array::builder::{ArrayBuilder, Int64Builder, LargeStringBuilder};
use arrow_array::{Array, Int64Array, LargeStringArray};
use arrow_buffer::ScalarBuffer;

use crate::cell::Cell;

/// Typed where all values are of one type, else cell by cell.
#[derive(Debug)]
pub(crate) enum Column {
    Ints(Int64Array),
    Texts(LargeStringArray),
    /// Microseconds since 1970, UTC.
    Instants(Int64Array),
    Cells(Vec<Cell>),
    /// A column of a type that no field takes; said once, for its first value.
    Wrong {
        cell: Cell,
        first: usize,
        valid: Vec<bool>,
    },
}

/// One value of a column.
pub(crate) enum Value<'a> {
    Null,
    Int(i128),
    Text(&'a str),
    Instant(i64),
    Bad(&'a Cell),
    /// Part of a column whose fault was already said.
    Silent,
}

impl Column {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Ints(array) | Self::Instants(array) => array.len(),
            Self::Texts(array) => array.len(),
            Self::Cells(cells) => cells.len(),
            Self::Wrong { valid, .. } => valid.len(),
        }
    }

    pub(crate) fn value(&self, row: usize) -> Value<'_> {
        match self {
            Self::Ints(array) | Self::Instants(array) if array.is_null(row) => Value::Null,
            Self::Texts(array) if array.is_null(row) => Value::Null,
            Self::Ints(array) => Value::Int(array.value(row).into()),
            Self::Instants(array) => Value::Instant(array.value(row)),
            Self::Texts(array) => Value::Text(array.value(row)),
            Self::Cells(cells) => match cells.get(row) {
                None | Some(Cell::Null) => Value::Null,
                Some(Cell::Int(value)) => Value::Int(*value),
                Some(Cell::Text(text)) => Value::Text(text),
                Some(Cell::Instant(instant)) => Value::Instant(*instant),
                Some(cell) => Value::Bad(cell),
            },
            Self::Wrong { cell, first, .. } if *first == row => Value::Bad(cell),
            Self::Wrong { valid, .. } => match valid.get(row) {
                Some(true) => Value::Silent,
                _ => Value::Null,
            },
        }
    }

    pub(crate) fn is_null(&self, row: usize) -> bool {
        matches!(self.value(row), Value::Null)
    }

    /// The integers, where there is nothing else and no null.
    pub(crate) fn all_ints(&self) -> Option<&ScalarBuffer<i64>> {
        match self {
            Self::Ints(array) if array.null_count() == 0 => Some(array.values()),
            _ => None,
        }
    }
}

/// Gathers values, typed as long as they are of one type.
#[derive(Debug, Default)]
pub(crate) enum Builder {
    /// Nothing but nulls so far.
    #[default]
    Empty,
    Nulls(usize),
    Ints(Int64Builder),
    Texts(LargeStringBuilder),
    Instants(Int64Builder),
    Cells(Vec<Cell>),
}

impl Builder {
    pub(crate) fn push_null(&mut self) {
        match self {
            Self::Empty => *self = Self::Nulls(1),
            Self::Nulls(rows) => *rows += 1,
            Self::Ints(values) | Self::Instants(values) => values.append_null(),
            Self::Texts(texts) => texts.append_null(),
            Self::Cells(cells) => cells.push(Cell::Null),
        }
    }

    pub(crate) fn push_instant(&mut self, value: i64) {
        match self {
            Self::Instants(instants) => instants.append_value(value),
            Self::Empty | Self::Nulls(_) => {
                let mut instants = Int64Builder::new();
                instants.append_nulls(self.len());
                instants.append_value(value);
                *self = Self::Instants(instants);
            }
            _ => self.push_cell(Cell::Instant(value)),
        }
    }

    pub(crate) fn push_int(&mut self, value: i64) {
        match self {
            Self::Ints(ints) => ints.append_value(value),
            Self::Empty | Self::Nulls(_) => {
                let mut ints = Int64Builder::new();
                ints.append_nulls(self.len());
                ints.append_value(value);
                *self = Self::Ints(ints);
            }
            _ => self.push_cell(Cell::Int(value.into())),
        }
    }

    pub(crate) fn push_text(&mut self, text: &str) {
        match self {
            Self::Texts(texts) => texts.append_value(text),
            Self::Empty | Self::Nulls(_) => {
                let mut texts = LargeStringBuilder::new();
                for _ in 0..self.len() {
                    texts.append_null();
                }
                texts.append_value(text);
                *self = Self::Texts(texts);
            }
            _ => self.push_cell(Cell::Text(text.into())),
        }
    }

    pub(crate) fn push(&mut self, value: Value<'_>) {
        match value {
            Value::Null | Value::Silent => self.push_null(),
            Value::Int(value) => match i64::try_from(value) {
                Ok(value) => self.push_int(value),
                Err(_) => self.push_cell(Cell::Int(value)),
            },
            Value::Text(text) => self.push_text(text),
            Value::Instant(instant) => self.push_instant(instant),
            Value::Bad(cell) => self.push_cell(cell.clone()),
        }
    }

    /// A cell that is no null.
    pub(crate) fn push_cell(&mut self, cell: Cell) {
        if !matches!(self, Self::Cells(_)) {
            *self = Self::Cells(std::mem::take(self).finish().into_cells());
        }
        if let Self::Cells(cells) = self {
            cells.push(cell);
        }
    }

    pub(crate) fn finish(self) -> Column {
        match self {
            Self::Empty => Column::Ints(Int64Array::new_null(0)),
            Self::Nulls(rows) => Column::Ints(Int64Array::new_null(rows)),
            Self::Ints(mut ints) => Column::Ints(ints.finish()),
            Self::Instants(mut instants) => Column::Instants(instants.finish()),
            Self::Texts(mut texts) => Column::Texts(texts.finish()),
            Self::Cells(cells) => Column::Cells(cells),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Nulls(rows) => *rows,
            Self::Ints(values) | Self::Instants(values) => values.len(),
            Self::Texts(texts) => texts.len(),
            Self::Cells(cells) => cells.len(),
        }
    }
}

impl Column {
    fn into_cells(self) -> Vec<Cell> {
        let cell = |value: Value<'_>| match value {
            Value::Null | Value::Silent => Cell::Null,
            Value::Int(value) => Cell::Int(value),
            Value::Text(text) => Cell::Text(text.into()),
            Value::Instant(instant) => Cell::Instant(instant),
            Value::Bad(cell) => cell.clone(),
        };
        match self {
            Self::Cells(cells) => cells,
            column => (0..column.len())
                .map(|row| cell(column.value(row)))
                .collect(),
        }
    }
}
