//! `Table`: a result as columns, readable by every Arrow library as often as it likes.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyIterator, PyList, PyTuple};

use crate::cell::shortened;
use crate::error::raised;
use crate::fault::Fault;
use crate::html;
use crate::ids::Ids;
use crate::input;
use crate::values::{Values, Words};

/// A column with its name.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: Cow<'static, str>,
    pub(crate) values: Values,
}

/// Rows of a result. Any Arrow library reads it as often as it likes (`pl.DataFrame(table)`,
/// `pa.table(table)`, `pd.DataFrame.from_arrow(table)`, DuckDB by the name of the variable); without
/// one, `to_pandas()`, `to_pylist()` and `to_pydict()`. It iterates over its rows, dicts.
#[pyclass(frozen, module = "allocator_py")]
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Named>,
    rows: usize,
}

impl Table {
    pub(crate) fn new(columns: Vec<(&'static str, Values)>) -> Self {
        let named = |(name, values)| Named {
            name: Cow::Borrowed(name),
            values,
        };
        Self::named(columns.into_iter().map(named).collect())
    }

    fn named(columns: Vec<Named>) -> Self {
        Self {
            rows: columns.first().map_or(0, |column| column.values.len()),
            columns,
        }
    }

    fn schema(&self) -> Result<Schema, Fault> {
        let field = |Named { name, values }: &Named| match values.arrow_type() {
            Some((kind, nullable)) => Ok(Field::new(name.as_ref(), kind, nullable)),
            None => Err(mixed(name)),
        };
        let fields: Result<Vec<_>, _> = self.columns.iter().map(field).collect();
        Ok(Schema::new(fields?))
    }

    fn batch(&self) -> Result<RecordBatch, Fault> {
        let schema = self.schema()?;
        let array = |Named { name, values }: &Named| values.array().ok_or_else(|| mixed(name));
        let arrays: Result<Vec<_>, _> = self.columns.iter().map(array).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        RecordBatch::try_new_with_options(Arc::new(schema), arrays?, &options).map_err(no_arrow)
    }
}

#[pymethods]
impl Table {
    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.columns.iter().map(|column| &*column.name).collect()
    }

    /// The rows as dicts.
    fn to_pylist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = PyList::empty(py);
        for row in 0..self.rows {
            let dict = PyDict::new(py);
            for Named { name, values } in &self.columns {
                dict.set_item(name.as_ref(), values.value(row).to_object(py)?)?;
            }
            rows.append(dict)?;
        }
        Ok(rows)
    }

    /// The columns as lists, by name.
    pub(crate) fn to_pydict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        for Named { name, values } in &self.columns {
            columns.set_item(name.as_ref(), list(py, values)?)?;
        }
        Ok(columns)
    }

    /// A `pandas.DataFrame`. Needs no pyarrow; integers stay integers where there are nulls ("Int64").
    fn to_pandas<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let pandas = py.import("pandas")?;
        let columns = PyDict::new(py);
        for Named { name, values } in &self.columns {
            let list = list(py, values)?;
            let column = match pandas_type(values) {
                Some(kind) => pandas.call_method1("array", (list, kind))?,
                None => list.into_any(),
            };
            columns.set_item(name.as_ref(), column)?;
        }
        pandas.call_method1("DataFrame", (columns,))
    }

    /// A `polars.DataFrame`.
    fn to_polars<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let polars = this.py().import("polars")?;
        polars.call_method1("DataFrame", (this,))
    }

    /// The Arrow PyCapsule interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer answer in its own types; the reader casts.
        let _ = requested_schema;
        let batch = py.detach(|| self.batch());
        crate::capsule::export_stream(py, batch.map_err(|fault| raised(py, fault))?)
    }

    /// The Arrow PyCapsule interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = self.schema().map_err(|fault| raised(py, fault))?;
        crate::capsule::export_schema(py, &schema).map_err(|error| raised(py, no_arrow(error)))?
    }

    fn __len__(&self) -> usize {
        self.rows
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.to_pylist(py)?.try_iter()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else {
            return false;
        };
        let other = other.get();
        self.rows == other.rows
            && self.columns.len() == other.columns.len()
            && self.columns.iter().zip(&other.columns).all(|(a, b)| {
                a.name == b.name
                    && (0..self.rows).all(|row| a.values.value(row) == b.values.value(row))
            })
    }

    fn __repr__(&self) -> String {
        let shown = self.rows.min(html::SHOWN);
        let mut lines = vec![String::new(); shown + 1];
        for Named { name, values } in &self.columns {
            let mut cells = vec![name.to_string()];
            cells.extend((0..shown).map(|row| shortened(&values.value(row).to_string())));
            let width = cells
                .iter()
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0);
            for (line, cell) in lines.iter_mut().zip(&cells) {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                line.push_str(&format!("{cell:<width$}"));
            }
        }
        let count = if self.rows == 1 { "row" } else { "rows" };
        let mut text = format!("Table of {} {count}\n", self.rows);
        let trimmed: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        text.push_str(&trimmed.join("\n"));
        if self.rows > shown {
            text.push_str("\n…");
        }
        text
    }

    fn _repr_html_(&self) -> String {
        html::table(&self.columns, self.rows)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let columns = PyList::empty(py);
        for Named { name, values } in &self.columns {
            columns.append((name.as_ref(), kind(values), list(py, values)?))?;
        }
        let restore = py.import("allocator_py._native")?.getattr("_table")?;
        (restore, (columns,)).into_pyobject(py)
    }
}

fn list<'py>(py: Python<'py>, values: &Values) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for value in values.iter() {
        list.append(value.to_object(py)?)?;
    }
    Ok(list)
}

/// What pandas calls the type that holds every value unchanged; `None` where its own choice does.
fn pandas_type(values: &Values) -> Option<&'static str> {
    match values.arrow_type() {
        Some((DataType::Int64, false)) => Some("int64"),
        Some((DataType::Int64, true)) => Some("Int64"),
        Some((DataType::UInt64, false)) => Some("uint64"),
        Some((DataType::UInt64, true)) => Some("UInt64"),
        Some((DataType::LargeUtf8, _)) => None,
        _ => Some("object"),
    }
}

/// Arrow columns hold one type; Python lists do not mind.
fn mixed(name: &str) -> Fault {
    Fault {
        code: "mixed_ids",
        table: None,
        row: None,
        first_row: None,
        column: Some(Cow::Owned(name.to_owned())),
        message: format!(
            "{name}: no Arrow column holds integers and text together, or integers below 0 and above 2^63; use to_pylist() or to_pydict()"
        ),
    }
}

fn no_arrow(error: ArrowError) -> Fault {
    Fault::of_argument("bad_arrow", error.to_string())
}

fn kind(values: &Values) -> &'static str {
    match values {
        Values::Ints(_) => "ints",
        Values::MaybeInts(_) => "maybe_ints",
        Values::Totals(_) => "totals",
        Values::MaybeTotals(_) => "maybe_totals",
        Values::Texts(_) => "texts",
        Values::Ids(..) => "ids",
        Values::Words(_, Words::Reason) => "reasons",
        Values::Words(_, Words::IdleCause) => "idle_causes",
        Values::Words(_, Words::OvertakeCause) => "overtake_causes",
        Values::Words(_, Words::CutReason) => "cut_reasons",
    }
}

/// Makes a table of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_table")]
pub(crate) fn restore_table(columns: Vec<(String, String, Bound<'_, PyAny>)>) -> PyResult<Table> {
    let mut named = Vec::with_capacity(columns.len());
    for (name, kind, list) in columns {
        let words = |words: Words| -> PyResult<Values> {
            let list: Vec<String> = list.extract()?;
            let number = |word: &String| words.number(word).ok_or_else(|| unknown(word));
            let numbers: PyResult<Vec<u8>> = list.iter().map(number).collect();
            Ok(Values::Words(numbers?, words))
        };
        let values = match kind.as_str() {
            "ints" => Values::Ints(list.extract::<Vec<i64>>()?.into()),
            "maybe_ints" => Values::MaybeInts(list.extract()?),
            "totals" => Values::Totals(list.extract()?),
            "maybe_totals" => Values::MaybeTotals(list.extract()?),
            "texts" => Values::Texts(list.extract()?),
            "ids" => {
                let (numbers, ids) = input::free_ids(&list)?;
                Values::Ids(numbers, Arc::<Ids>::new(ids))
            }
            "reasons" => words(Words::Reason)?,
            "idle_causes" => words(Words::IdleCause)?,
            "overtake_causes" => words(Words::OvertakeCause)?,
            "cut_reasons" => words(Words::CutReason)?,
            other => return Err(unknown(other)),
        };
        named.push(Named {
            name: Cow::Owned(name),
            values,
        });
    }
    if named
        .iter()
        .any(|column| column.values.len() != named.first().map_or(0, |first| first.values.len()))
    {
        return Err(unknown("columns of different lengths"));
    }
    Ok(Table::named(named))
}

pub(crate) fn unknown(what: &str) -> PyErr {
    pyo3::exceptions::PyValueError::new_err(format!("not a pickle of this version: {what:?}"))
}
