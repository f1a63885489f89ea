//! Columns that go out: Python values or Arrow arrays, made when somebody asks.

use std::sync::Arc;

use allocator_core::limits::NO_ID;
use allocator_core::{CutReason, IdleCause, OvertakeCause, Reason};
use arrow_array::builder::LargeStringBuilder;
use arrow_array::{ArrayRef, Decimal128Array, Int64Array, LargeStringArray, UInt64Array};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;

use crate::ids::{Id, Ids};

/// One column.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    Ints(ScalarBuffer<i64>),
    MaybeInts(Vec<Option<i64>>),
    /// Sums, which may need more than 64 bits.
    Totals(Vec<i128>),
    MaybeTotals(Vec<Option<i128>>),
    Texts(Vec<Option<String>>),
    /// Numbers of ids; [`NO_ID`] is none.
    Ids(Vec<u32>, Arc<Ids>),
    /// Numbers of words.
    Words(Vec<u8>, Words),
}

/// A closed list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    Reason,
    IdleCause,
    OvertakeCause,
    CutReason,
}

impl Words {
    pub(crate) fn word(self, number: u8) -> &'static str {
        match self {
            Self::Reason => Reason::from_number(number).map(Reason::name),
            Self::IdleCause => IdleCause::from_number(number).map(IdleCause::name),
            Self::OvertakeCause => OvertakeCause::from_number(number).map(OvertakeCause::name),
            Self::CutReason => CutReason::from_number(number).map(CutReason::name),
        }
        .unwrap_or_default()
    }

    pub(crate) fn number(self, word: &str) -> Option<u8> {
        (0..=u8::MAX).find(|&number| !word.is_empty() && self.word(number) == word)
    }

    fn array(self, numbers: &[u8]) -> LargeStringArray {
        let words: Vec<&str> = (0..=u8::MAX)
            .map_while(|number| match self.word(number) {
                "" => None,
                word => Some(word),
            })
            .collect();
        let word = |&number: &u8| words.get(usize::from(number)).copied().unwrap_or_default();
        let bytes = numbers.iter().map(|number| word(number).len()).sum();
        let mut builder = LargeStringBuilder::with_capacity(numbers.len(), bytes);
        for number in numbers {
            builder.append_value(word(number));
        }
        builder.finish()
    }
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    None,
    Int(i128),
    Text(&'a str),
}

impl Value<'_> {
    pub(crate) fn to_object<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::None => Ok(py.None().into_bound(py)),
            Self::Int(value) => Id::Int(value).to_object(py),
            Self::Text(text) => text.into_bound_py_any(py),
        }
    }
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Int(value) => value.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Ints(values) => values.len(),
            Self::MaybeInts(values) => values.len(),
            Self::Totals(values) => values.len(),
            Self::MaybeTotals(values) => values.len(),
            Self::Texts(texts) => texts.len(),
            Self::Ids(numbers, _) => numbers.len(),
            Self::Words(numbers, _) => numbers.len(),
        }
    }

    pub(crate) fn value(&self, row: usize) -> Value<'_> {
        let value = match self {
            Self::Ints(values) => values.get(row).map(|&value| Value::Int(value.into())),
            Self::MaybeInts(values) => values
                .get(row)
                .and_then(|value| value.map(|value| Value::Int(value.into()))),
            Self::Totals(values) => values.get(row).map(|&value| Value::Int(value)),
            Self::MaybeTotals(values) => values.get(row).and_then(|value| value.map(Value::Int)),
            Self::Texts(texts) => {
                let text = texts.get(row).and_then(Option::as_deref);
                text.map(Value::Text)
            }
            Self::Ids(numbers, ids) => numbers
                .get(row)
                .filter(|&&number| number != NO_ID)
                .and_then(|&number| ids.id(number))
                .map(|id| match id {
                    Id::Int(value) => Value::Int(value),
                    Id::Text(text) => Value::Text(text),
                }),
            Self::Words(numbers, words) => numbers
                .get(row)
                .map(|&number| Value::Text(words.word(number))),
        };
        value.unwrap_or(Value::None)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.len()).map(|row| self.value(row))
    }

    /// The Arrow array; `None` where the ids are such that no Arrow type has them all.
    pub(crate) fn array(&self) -> Option<ArrayRef> {
        Some(match self {
            Self::Ints(values) => Arc::new(Int64Array::new(values.clone(), None)),
            Self::MaybeInts(values) => Arc::new(Int64Array::from(values.clone())),
            Self::Totals(_) | Self::MaybeTotals(_) => match self.width() {
                DataType::Int64 => Arc::new(self.ints().map(signed).collect::<Int64Array>()),
                DataType::LargeUtf8 => self.texts(),
                _ => Arc::new(decimals(self.ints())?),
            },
            Self::Texts(_) => self.texts(),
            Self::Words(numbers, words) => Arc::new(words.array(numbers)),
            Self::Ids(numbers, ids) if ids.is_plain() => Arc::new(plain_array(numbers)),
            Self::Ids(..) => match self.id_type()? {
                DataType::LargeUtf8 => self.texts(),
                DataType::UInt64 => Arc::new(self.ints().map(unsigned).collect::<UInt64Array>()),
                _ => Arc::new(self.ints().map(signed).collect::<Int64Array>()),
            },
        })
    }

    /// The Arrow type and whether there may be nulls.
    pub(crate) fn arrow_type(&self) -> Option<(DataType, bool)> {
        Some(match self {
            Self::Ints(_) => (DataType::Int64, false),
            Self::MaybeInts(_) => (DataType::Int64, true),
            Self::Totals(_) => (self.width(), false),
            Self::MaybeTotals(values) => (self.width(), values.contains(&None)),
            Self::Texts(texts) => (DataType::LargeUtf8, texts.contains(&None)),
            Self::Words(..) => (DataType::LargeUtf8, false),
            Self::Ids(numbers, _) => (self.id_type()?, numbers.contains(&NO_ID)),
        })
    }

    /// The narrowest type that holds every sum: 64 bits, 38 decimal digits, or text.
    fn width(&self) -> DataType {
        let mut width = DataType::Int64;
        for value in self.ints().flatten() {
            if value.unsigned_abs() >= TOO_MANY_DIGITS {
                return DataType::LargeUtf8;
            }
            if i64::try_from(value).is_err() {
                width = DataType::Decimal128(DIGITS, 0);
            }
        }
        width
    }

    /// Signed integers where they fit, unsigned ones where they are needed, or text; never a mixture.
    fn id_type(&self) -> Option<DataType> {
        if let Self::Ids(_, ids) = self
            && ids.is_plain()
        {
            return Some(DataType::Int64);
        }
        let (mut text, mut number, mut negative, mut large) = (false, false, false, false);
        for value in self.iter() {
            match value {
                Value::None => {}
                Value::Text(_) => text = true,
                Value::Int(value) => {
                    number = true;
                    negative |= value < 0;
                    large |= value > i64::MAX.into();
                }
            }
        }
        match (text, number) {
            (true, true) => None,
            (true, false) => Some(DataType::LargeUtf8),
            _ if large && negative => None,
            _ if large => Some(DataType::UInt64),
            _ => Some(DataType::Int64),
        }
    }

    fn ints(&self) -> impl Iterator<Item = Option<i128>> {
        self.iter().map(|value| match value {
            Value::Int(value) => Some(value),
            _ => None,
        })
    }

    fn texts(&self) -> ArrayRef {
        let mut builder = LargeStringBuilder::new();
        for value in self.iter() {
            match value {
                Value::Text(text) => builder.append_value(text),
                Value::Int(value) => builder.append_value(value.to_string()),
                Value::None => builder.append_null(),
            }
        }
        Arc::new(builder.finish())
    }
}

/// Ids that are their own numbers.
fn plain_array(numbers: &[u32]) -> Int64Array {
    let values = numbers.iter().map(|&number| i64::from(number)).collect();
    let nulls = numbers.contains(&NO_ID).then(|| {
        let is_there = numbers.iter().map(|&number| number != NO_ID);
        is_there.collect()
    });
    Int64Array::new(values, nulls)
}

/// Digits of the widest decimals that every Arrow library reads.
const DIGITS: u8 = 38;
const TOO_MANY_DIGITS: u128 = 10_u128.pow(DIGITS as u32);

fn decimals(values: impl Iterator<Item = Option<i128>>) -> Option<Decimal128Array> {
    let array: Decimal128Array = values.collect();
    array.with_precision_and_scale(DIGITS, 0).ok()
}

fn signed(value: Option<i128>) -> Option<i64> {
    value.and_then(|value| value.try_into().ok())
}

fn unsigned(value: Option<i128>) -> Option<u64> {
    value.and_then(|value| value.try_into().ok())
}
