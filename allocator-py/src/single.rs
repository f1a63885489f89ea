//! One column of units beside the tables.

use arrow_buffer::ScalarBuffer;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::allocation::first;
use crate::fault::Fault;
use crate::gather::{Form, Gathered};
use crate::reading::{Null, Reader};

/// What is called so in the messages of this table.
pub(crate) const fn form(table: &'static str, column: &'static [&'static str; 1]) -> Form {
    Form {
        table,
        required: column,
        optional: &[],
        alias: None,
    }
}

/// The column of a form of one, whatever it came from.
pub(crate) fn gather(column: &Bound<'_, PyAny>, form: &'static Form) -> PyResult<Gathered> {
    let table = PyDict::new(column.py());
    for name in form.required {
        table.set_item(name, column)?;
    }
    Gathered::of(&table, form)
}

/// Units; the first fault where there are any.
pub(crate) fn units(gathered: Gathered, form: &Form) -> Result<ScalarBuffer<i64>, Fault> {
    read(gathered, form, |reader, column, name| {
        reader.quantities(column, name)
    })
}

/// Amounts of 128 bits.
pub(crate) fn totals(gathered: Gathered, form: &Form) -> Result<Vec<i128>, Fault> {
    read(gathered, form, |reader, column, name| {
        reader.totals(column, name, Null::Missing)
    })
}

fn read<T: Default>(
    gathered: Gathered,
    form: &Form,
    values: impl Fn(&mut Reader<'_>, &crate::column::Column, &'static str) -> T,
) -> Result<T, Fault> {
    let source = gathered.settle().map_err(first)?;
    let mut faults = Vec::new();
    let mut reader = Reader {
        table: form.table,
        faults: &mut faults,
    };
    let mut read = T::default();
    for &name in form.required {
        if let Some(column) = source.column(name) {
            read = values(&mut reader, column, name);
        }
    }
    match faults.into_iter().next() {
        Some(fault) => Err(fault),
        None => Ok(read),
    }
}
