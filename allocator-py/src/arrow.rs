//! Arrow columns: the types that fields take, one value after the other.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowTimestampType, Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, Int64Array};
use arrow_schema::{DataType, TimeUnit};

use crate::capsule::Chunks;
use crate::cell::Cell;
use crate::column::{Builder, Column};

/// The chunks of a column as one. A column of a type that nothing takes is said once; of nulls alone
/// it says nothing and is taken.
pub(crate) fn column(chunks: &Chunks) -> Column {
    let Chunks { arrays } = chunks;
    if let Some(values) = integers(arrays) {
        return Column::Ints(Int64Array::new(values.into(), None));
    }
    if arrays.iter().all(|array| is_taken(array.data_type())) {
        let mut builder = Builder::default();
        for array in arrays {
            append(array, &mut builder);
        }
        return builder.finish();
    }
    let valid = arrays
        .iter()
        .flat_map(|array| (0..array.len()).map(move |row| array.is_valid(row)));
    let valid: Vec<bool> = valid.collect();
    let mut values = arrays
        .iter()
        .flat_map(|array| (0..array.len()).map(move |row| (array, row)))
        .enumerate();
    match values.find(|(_, (array, row))| array.is_valid(*row)) {
        Some((first, (array, row))) => Column::Wrong {
            cell: wrong(array, row),
            first,
            valid,
        },
        None => Column::Ints(Int64Array::new_null(valid.len())),
    }
}

/// The values where all are integers of at most 64 bits with sign, and none is null: several at a time,
/// which a builder cannot.
fn integers(arrays: &[ArrayRef]) -> Option<Vec<i64>> {
    let mut values = Vec::with_capacity(arrays.iter().map(|array| array.len()).sum());
    for array in arrays {
        macro_rules! read {
            ($kind:ty) => {{
                let read = array.as_primitive::<$kind>().values();
                values.extend(read.iter().map(|&value| i64::from(value)));
            }};
        }
        if array.null_count() > 0 {
            return None;
        }
        match array.data_type() {
            DataType::Int8 => read!(Int8Type),
            DataType::Int16 => read!(Int16Type),
            DataType::Int32 => read!(Int32Type),
            DataType::Int64 => values.extend_from_slice(array.as_primitive::<Int64Type>().values()),
            DataType::UInt8 => read!(UInt8Type),
            DataType::UInt16 => read!(UInt16Type),
            DataType::UInt32 => read!(UInt32Type),
            _ => return None,
        }
    }
    // Without a chunk nothing says that it is a column of integers.
    (!arrays.is_empty()).then_some(values)
}

fn is_taken(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_taken(values),
        DataType::Null
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Decimal128(..)
        | DataType::Timestamp(_, Some(_)) => true,
        kind => kind.is_integer(),
    }
}

/// A value of a type that nothing takes.
fn wrong(array: &ArrayRef, row: usize) -> Cell {
    match array.data_type() {
        DataType::Boolean => Cell::Bool,
        DataType::Float16 => Cell::Float(format!(
            "{:?}",
            array.as_primitive::<Float16Type>().value(row)
        )),
        DataType::Float32 => Cell::Float(format!(
            "{:?}",
            array.as_primitive::<Float32Type>().value(row)
        )),
        DataType::Float64 => Cell::Float(format!(
            "{:?}",
            array.as_primitive::<Float64Type>().value(row)
        )),
        kind @ (DataType::Timestamp(..) | DataType::Date32 | DataType::Date64) => {
            Cell::Naive(format!("a {kind}"))
        }
        kind => Cell::Other(format!("a value of type {kind}")),
    }
}

fn append(array: &ArrayRef, builder: &mut Builder) {
    macro_rules! ints {
        ($kind:ty) => {
            each(array.as_primitive::<$kind>(), builder, |builder, value| {
                builder.push_int(value.into());
            })
        };
    }
    match array.data_type() {
        DataType::Int8 => ints!(Int8Type),
        DataType::Int16 => ints!(Int16Type),
        DataType::Int32 => ints!(Int32Type),
        DataType::UInt8 => ints!(UInt8Type),
        DataType::UInt16 => ints!(UInt16Type),
        DataType::UInt32 => ints!(UInt32Type),
        DataType::Int64 => ints!(Int64Type),
        DataType::UInt64 => {
            let values = array.as_primitive::<UInt64Type>();
            each(values, builder, |builder, value| {
                match i64::try_from(value) {
                    Ok(value) => builder.push_int(value),
                    Err(_) => builder.push_cell(Cell::Int(value.into())),
                }
            });
        }
        DataType::Utf8 => each(array.as_string::<i32>(), builder, Builder::push_text),
        DataType::LargeUtf8 => each(array.as_string::<i64>(), builder, Builder::push_text),
        DataType::Utf8View => each(array.as_string_view(), builder, Builder::push_text),
        DataType::Decimal128(_, scale) => append_decimals(array, *scale, builder),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => append_instants::<TimestampSecondType>(array, builder),
            TimeUnit::Millisecond => append_instants::<TimestampMillisecondType>(array, builder),
            TimeUnit::Microsecond => append_instants::<TimestampMicrosecondType>(array, builder),
            TimeUnit::Nanosecond => append_instants::<TimestampNanosecondType>(array, builder),
        },
        DataType::Dictionary(..) => append_dictionary(array, builder),
        // Null; nothing else is taken.
        _ => (0..array.len()).for_each(|_| builder.push_null()),
    }
}

fn each<T>(
    values: impl IntoIterator<Item = Option<T>>,
    builder: &mut Builder,
    push: impl Fn(&mut Builder, T),
) {
    for value in values {
        match value {
            Some(value) => push(builder, value),
            None => builder.push_null(),
        }
    }
}

fn append_dictionary(array: &ArrayRef, builder: &mut Builder) {
    let dictionary = array.as_any_dictionary();
    let mut values = Builder::default();
    append(dictionary.values(), &mut values);
    let values = values.finish();
    let keys = match dictionary.values().len() {
        0 => Vec::new(),
        _ => dictionary.normalized_keys(),
    };
    for row in 0..array.len() {
        match keys.get(row).filter(|_| array.is_valid(row)) {
            Some(&key) => builder.push(values.value(key)),
            None => builder.push_null(),
        }
    }
}

/// Whole decimals are integers: what a sum of quantities is in SQL.
fn append_decimals(array: &ArrayRef, scale: i8, builder: &mut Builder) {
    let values = array.as_primitive::<Decimal128Type>();
    let power = 10_i128.checked_pow(scale.unsigned_abs().into());
    let whole = |value: i128| match power {
        Some(power) if scale >= 0 => (value % power == 0).then(|| value / power),
        Some(power) => value.checked_mul(power),
        None => None,
    };
    for row in 0..values.len() {
        if values.is_null(row) {
            builder.push_null();
            continue;
        }
        match whole(values.value(row)) {
            Some(value) => builder.push(crate::column::Value::Int(value)),
            None => {
                let text = format!("the decimal {}", values.value_as_string(row));
                builder.push_cell(Cell::Fraction(text));
            }
        }
    }
}

fn append_instants<T: ArrowTimestampType>(array: &ArrayRef, builder: &mut Builder) {
    each(array.as_primitive::<T>(), builder, |builder, value| {
        let micros = match T::UNIT {
            TimeUnit::Second => value.checked_mul(1_000_000),
            TimeUnit::Millisecond => value.checked_mul(1_000),
            TimeUnit::Microsecond => Some(value),
            TimeUnit::Nanosecond => (value % 1_000 == 0).then_some(value / 1_000),
        };
        match micros {
            Some(micros) => builder.push_instant(micros),
            None if T::UNIT == TimeUnit::Nanosecond => {
                builder.push_cell(Cell::Fraction(format!("the instant {value} ns")));
            }
            // More than 64 bits can say, so that whoever reads it says which numbers may stand here.
            None => {
                let units = match T::UNIT {
                    TimeUnit::Second => 1_000_000,
                    _ => 1_000,
                };
                builder.push_cell(Cell::Int(i128::from(value).saturating_mul(units)));
            }
        }
    });
}
