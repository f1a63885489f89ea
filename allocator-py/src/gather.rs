//! Gather: from any Python object that is a table to named columns. Holds the interpreter lock; what
//! it leaves for later (Arrow columns) needs no lock.

use std::borrow::Cow;

use allocator_core::limits::MAX_ROWS;
use arrow_schema::ArrowError;
use pyo3::exceptions::{PyIndexError, PyKeyError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyByteArray, PyBytes, PyDict, PyFrozenSet, PyInt, PyList, PyMapping, PyRange, PySet, PyString,
    PyTuple,
};

use crate::arrow;
use crate::buffer;
use crate::capsule::{self, Chunks, Foreign};
use crate::cell::Cell;
use crate::column::{Builder, Column};
use crate::fault::Fault;
use crate::near::{self, Strays};
use crate::table::Table;

/// What a table of input is called and which columns are read of it. Others are ignored, unless they
/// are nearly one that the table lacks.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) table: &'static str,
    pub(crate) required: &'static [&'static str],
    pub(crate) optional: &'static [&'static str],
    /// Another name for a column.
    pub(crate) alias: Option<(&'static str, &'static str)>,
}

impl Form {
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        let alias = self.alias.map(|(alias, _)| alias);
        self.required
            .iter()
            .chain(self.optional)
            .copied()
            .chain(alias)
    }

    /// Whether a table that has the columns for which `has` holds has `column`, by any of its names.
    fn covers(&self, column: &str, has: impl Fn(&'static str) -> bool) -> bool {
        let is_same = |known: &str| match self.alias {
            Some((alias, name)) if column == alias || column == name => {
                known == alias || known == name
            }
            _ => known == column,
        };
        self.columns().any(|known| is_same(known) && has(known))
    }
}

/// Named columns of one length, as far as they are wanted and there.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) rows: usize,
    columns: Vec<(&'static str, Column)>,
    /// The names of all others.
    pub(crate) ignored: Vec<String>,
}

impl Source {
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        let named = |(known, _): &&(&str, Column)| *known == name;
        self.columns.iter().find(named).map(|(_, column)| column)
    }
}

/// What was gathered, before Arrow columns are read.
pub(crate) struct Gathered {
    form: &'static Form,
    columns: Vec<(&'static str, Raw)>,
    /// Every column of the object, for the message about a missing one.
    present: Vec<Cow<'static, str>>,
    strays: Strays,
    faults: Vec<Fault>,
}

enum Raw {
    Ready(Column),
    Arrow(Chunks),
}

impl Gathered {
    /// Reads the object. Fails only where the object's own code raises.
    pub(crate) fn of(object: &Bound<'_, PyAny>, form: &'static Form) -> PyResult<Self> {
        let mut this = Self {
            form,
            columns: Vec::new(),
            present: Vec::new(),
            strays: Strays::default(),
            faults: Vec::new(),
        };
        // Nothing but these can hide behind an exact dict or list: no need to ask for capsules.
        if let Ok(dict) = object.cast_exact::<PyDict>() {
            this.dict(dict)?;
        } else if object.cast_exact::<PyList>().is_ok() {
            this.rows(object)?;
        } else if let Ok(table) = object.cast::<Table>() {
            this.mapping(table.get().to_pydict(object.py())?.as_any())?;
        } else if let Some(foreign) = capsule::import(object, &form.columns().collect::<Vec<_>>())?
        {
            match foreign {
                Ok(foreign) => this.arrow(foreign),
                Err(error) => this.fault(bad_arrow(form.table, None, &error)),
            }
        } else if object.is_instance_of::<PyDict>() || object.cast::<PyMapping>().is_ok() {
            this.mapping(object)?;
        } else if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
            this.rows(object)?;
        } else {
            let what = no_table(object)?;
            this.fault(Fault::of_table(
                "wrong_type",
                form.table,
                None,
                format!("{}: {what}", form.table),
            ));
        }
        Ok(this)
    }

    /// Reads what is left to read and checks the shape.
    pub(crate) fn settle(mut self) -> Result<Source, Vec<Fault>> {
        let mut columns = Vec::with_capacity(self.columns.len());
        for (name, raw) in std::mem::take(&mut self.columns) {
            match raw {
                Raw::Ready(column) => columns.push((name, column)),
                Raw::Arrow(chunks) => columns.push((name, arrow::column(&chunks))),
            }
        }
        self.rename(&mut columns);
        let nearly = self.check_names();
        if self.faults.is_empty() {
            self.check_columns(&columns, &nearly);
        }
        self.faults
            .extend(nearly.into_iter().map(|(_, fault)| fault));
        let source = Source {
            rows: columns.first().map_or(0, |(_, column)| column.len()),
            columns,
            ignored: std::mem::take(&mut self.strays).into_names(),
        };
        self.check_lengths(&source);
        if self.faults.is_empty() {
            Ok(source)
        } else {
            Err(self.faults)
        }
    }

    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn arrow(&mut self, foreign: Foreign) {
        let table = self.form.table;
        let Foreign::Table {
            names,
            rows,
            columns,
        } = foreign
        else {
            let what = format!("{table}: a table has named columns, and this is one column");
            return self.fault(Fault::of_table("wrong_type", table, None, what));
        };
        if !self.has_room_for(rows) {
            return;
        }
        for (index, chunks) in columns {
            let named = names.get(index);
            let Some(name) = self
                .form
                .columns()
                .find(|&name| named.is_some_and(|known| known == name))
            else {
                continue;
            };
            if self.columns.iter().any(|(known, _)| *known == name) {
                let what = format!("{table}: two columns have the name {name:?}");
                self.fault(Fault::of_table("ambiguous_column", table, Some(name), what));
            } else {
                self.columns.push((name, Raw::Arrow(chunks)));
            }
        }
        self.present = names.into_iter().map(Cow::Owned).collect();
    }

    /// A dict of columns.
    fn dict(&mut self, dict: &Bound<'_, PyDict>) -> PyResult<()> {
        let mut items = Vec::with_capacity(dict.len());
        // Looking at exact text runs no code of others, which might change the dict.
        for (key, value) in dict {
            let key = key.cast_exact::<PyString>().ok();
            let Some(name) = key.and_then(|key| key.to_str().ok()) else {
                return self.mapping(dict.as_any());
            };
            let known = self.form.columns().find(|known| *known == name);
            self.present
                .push(known.map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed));
            items.extend(known.map(|known| (known, value)));
        }
        for name in self.form.columns() {
            if let Some((_, value)) = items.iter().find(|(known, _)| *known == name) {
                self.column(name, value)?;
            }
        }
        Ok(())
    }

    /// Any mapping from names to columns.
    fn mapping(&mut self, object: &Bound<'_, PyAny>) -> PyResult<()> {
        self.present.clear();
        for key in object.try_iter()? {
            self.present.push(name_of(&key?)?.into());
        }
        for name in self.form.columns() {
            let Some(value) = column_of(object, name)? else {
                continue;
            };
            self.column(name, &value)?;
        }
        Ok(())
    }

    fn column(&mut self, name: &'static str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let table = self.form.table;
        match column(value)? {
            Ok(raw) => self.columns.push((name, raw)),
            Err(Refused::Arrow(error)) => self.fault(bad_arrow(table, Some(name), &error)),
            Err(Refused::TooLong(rows)) => {
                self.has_room_for(rows);
            }
            Err(Refused::NoColumn(what)) => {
                let what = format!("{table}, {name}: {what}");
                self.fault(Fault::of_table("wrong_type", table, Some(name), what));
            }
        }
        Ok(())
    }

    /// A list of rows. A key that a row lacks is null there.
    fn rows(&mut self, list: &Bound<'_, PyAny>) -> PyResult<()> {
        let table = self.form.table;
        if !self.has_room_for(list.len()?) {
            return Ok(());
        }
        let mut columns: Vec<_> = self
            .form
            .columns()
            .map(|name| {
                (
                    name,
                    PyString::intern(list.py(), name),
                    Builder::default(),
                    false,
                )
            })
            .collect();
        for (index, row) in list.try_iter()?.enumerate() {
            let row = row?;
            if !row.is_instance_of::<PyDict>() && row.cast::<PyMapping>().is_err() {
                let name = row.get_type().name()?;
                let what = format!(
                    "{table} row {index}: a row is a dict such as {{\"sku\": …, \"quantity\": …}}, not a value of type {name}"
                );
                let mut fault = Fault::of_table("wrong_type", table, None, what);
                fault.row = Some(index);
                // Without this row the others have other numbers: nothing more can be said.
                self.faults = vec![fault];
                self.columns = Vec::new();
                return Ok(());
            }
            let mut known = 0;
            for (_, key, builder, seen) in &mut columns {
                let value = cell_of(&row, key)?;
                match value {
                    Some(value) => {
                        known += 1;
                        *seen = true;
                        push(builder, &value)?;
                    }
                    None => builder.push_null(),
                }
            }
            if row.len()? != known {
                self.other_keys(index, &row)?;
            }
        }
        let required = self.form.required;
        let alias = self.form.alias;
        let aliased = |name: &str| {
            alias.is_some_and(|(alias, of)| {
                of == name
                    && columns
                        .iter()
                        .any(|(known, _, _, seen)| *known == alias && *seen)
            })
        };
        // A required column that no row has is missing row by row, unless its other name is there.
        let kept: Vec<bool> = columns
            .iter()
            .map(|(name, _, _, seen)| *seen || (required.contains(name) && !aliased(name)))
            .collect();
        for ((name, _, builder, _), kept) in columns.into_iter().zip(kept) {
            if kept {
                self.columns.push((name, Raw::Ready(builder.finish())));
            }
        }
        Ok(())
    }

    /// Takes note of the keys of a row that are no columns.
    fn other_keys(&mut self, index: usize, row: &Bound<'_, PyAny>) -> PyResult<()> {
        // A list of the keys: naming one may run code that changes the row.
        let keys = match row.cast::<PyDict>() {
            Ok(dict) => dict.keys().into_any(),
            Err(_) => row.clone(),
        };
        let mut names = Vec::new();
        for key in keys.try_iter()? {
            names.push(name_of(&key?)?);
        }
        let form = self.form;
        let has = |column: &str| names.iter().any(|name| name == column);
        for name in &names {
            if form.columns().any(|column| column == name) {
                continue;
            }
            let Some(meant) = self.strays.see(name, form) else {
                continue;
            };
            let is_told = self
                .faults
                .iter()
                .any(|fault| fault.column.as_deref() == Some(name));
            if !is_told && !form.covers(meant, has) {
                self.faults
                    .push(near::fault(form, Some(index), name, meant));
            }
        }
        Ok(())
    }

    fn has_room_for(&mut self, rows: usize) -> bool {
        if rows > MAX_ROWS {
            let table = self.form.table;
            let what =
                format!("{table}: {rows} rows are more than the {MAX_ROWS} that one call takes");
            self.fault(Fault::of_table("too_many_rows", table, None, what));
        }
        rows <= MAX_ROWS
    }

    fn rename(&mut self, columns: &mut [(&'static str, Column)]) {
        let Some((alias, name)) = self.form.alias else {
            return;
        };
        let both = columns.iter().any(|(known, _)| *known == name);
        for (known, _) in columns.iter_mut().filter(|(known, _)| *known == alias) {
            if both {
                let table = self.form.table;
                let what = format!(
                    "{table}: there is a column {name:?} and a column {alias:?}, which mean the same; drop or rename the one that is not the units received"
                );
                self.faults
                    .push(Fault::of_table("ambiguous_column", table, Some(name), what));
            } else {
                *known = name;
            }
        }
    }

    /// The names that are nearly a column that is not there, with that column.
    fn check_names(&mut self) -> Vec<(&'static str, Fault)> {
        let form = self.form;
        let mut nearly = Vec::new();
        for name in &self.present {
            if form.columns().any(|column| column == name) {
                continue;
            }
            let has = |column: &str| self.present.iter().any(|name| name == column);
            let is_told = nearly
                .iter()
                .any(|(_, fault): &(_, Fault)| fault.column.as_deref() == Some(name));
            match self.strays.see(name, form) {
                Some(meant) if !is_told && !form.covers(meant, has) => {
                    nearly.push((meant, near::fault(form, None, name, meant)));
                }
                _ => {}
            }
        }
        nearly
    }

    /// A required column that is not there, unless one that is nearly it is told already.
    fn check_columns(
        &mut self,
        columns: &[(&'static str, Column)],
        nearly: &[(&'static str, Fault)],
    ) {
        let table = self.form.table;
        for &name in self.form.required {
            let is_told = nearly
                .iter()
                .any(|(meant, _)| self.form.covers(name, |column| column == *meant));
            if !is_told && columns.iter().all(|(known, _)| *known != name) {
                let present = match self.present.as_slice() {
                    [] => String::from("there are none"),
                    names => format!("the columns are {}", listed(names)),
                };
                let what = format!("{table}: there is no column {name:?}; {present}");
                self.faults
                    .push(Fault::of_table("missing", table, Some(name), what));
            }
        }
    }

    fn check_lengths(&mut self, source: &Source) {
        let table = self.form.table;
        let rows = source.column("sku").map_or(source.rows, Column::len);
        for (name, column) in &source.columns {
            if column.len() != rows {
                let what = format!("{table}, {name}: {} values for {rows} rows", column.len());
                self.faults
                    .push(Fault::of_table("length_mismatch", table, Some(name), what));
            }
        }
    }
}

/// The name of a column, or what a key shows where it is no text.
fn name_of(key: &Bound<'_, PyAny>) -> PyResult<String> {
    match key.extract::<String>() {
        Ok(name) => Ok(name),
        Err(_) => Ok(key.repr()?.to_string_lossy().into_owned()),
    }
}

/// What a dict of columns has under a name, if anything.
fn column_of<'py>(
    object: &Bound<'py, PyAny>,
    name: &'static str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // Where nothing but a dict can answer, an absent column costs no exception.
    if let Ok(dict) = object.cast_exact::<PyDict>() {
        return dict.get_item(PyString::intern(object.py(), name));
    }
    match object.get_item(name) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_instance_of::<PyKeyError>(object.py()) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a row has under a key, if anything.
fn cell_of<'py>(
    row: &Bound<'py, PyAny>,
    key: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // Not through `__getitem__`, which in a `defaultdict` would add the key.
    if let Ok(dict) = row.cast::<PyDict>() {
        return dict.get_item(key);
    }
    match row.get_item(key) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_instance_of::<PyKeyError>(row.py()) => Ok(None),
        Err(error) => Err(error),
    }
}

enum Refused {
    Arrow(ArrowError),
    TooLong(usize),
    NoColumn(String),
}

/// One column: an Arrow array, an array of integers, or a sequence of values.
fn column(value: &Bound<'_, PyAny>) -> PyResult<Result<Raw, Refused>> {
    let plain = value.is_instance_of::<PyList>()
        || value.is_instance_of::<PyTuple>()
        || value.is_instance_of::<PyRange>();
    if !plain {
        if let Some(column) = buffer::integers(value)? {
            return Ok(Ok(Raw::Ready(column)));
        }
        if let Some(foreign) = capsule::import(value, &[])? {
            return Ok(match foreign {
                Ok(Foreign::Table { .. }) => {
                    Err(Refused::NoColumn(String::from("this is a whole table")))
                }
                Ok(Foreign::Column(chunks)) => Ok(Raw::Arrow(chunks)),
                Err(error) => Err(Refused::Arrow(error)),
            });
        }
    }
    let scalar = value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>()
        || value.is_instance_of::<PyDict>()
        || value.is_instance_of::<PySet>()
        || value.is_instance_of::<PyFrozenSet>();
    let sized = value.hasattr(intern!(value.py(), "__len__"))?;
    if scalar || !sized {
        let name = value.get_type().name()?;
        let hint = if value.hasattr(intern!(value.py(), "__next__"))? {
            "; list(…) makes one"
        } else {
            ""
        };
        return Ok(Err(Refused::NoColumn(format!(
            "a column is a list, an array or an Arrow column, not a value of type {name}{hint}"
        ))));
    }
    let rows = match value.len() {
        Ok(rows) => rows,
        Err(error) if plain => return Err(error),
        // An array of no dimension has the method and no length.
        Err(_) => {
            let what = "a column is a list, an array or an Arrow column, and this has no length";
            return Ok(Err(Refused::NoColumn(what.into())));
        }
    };
    if rows > MAX_ROWS {
        return Ok(Err(Refused::TooLong(rows)));
    }
    let mut builder = Builder::default();
    // Never more than it said, so that an endless one ends.
    for item in value.try_iter()?.take(rows) {
        match item {
            Ok(item) => push(&mut builder, &item)?,
            // The old protocol of sequences ends this way.
            Err(error) if error.is_instance_of::<PyIndexError>(value.py()) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(Ok(Raw::Ready(builder.finish())))
}

/// Any sequence of values.
pub(crate) fn values(list: &Bound<'_, PyAny>) -> PyResult<Column> {
    let mut builder = Builder::default();
    for item in list.try_iter()? {
        push(&mut builder, &item?)?;
    }
    Ok(builder.finish())
}

fn push(builder: &mut Builder, value: &Bound<'_, PyAny>) -> PyResult<()> {
    if let Ok(int) = value.cast_exact::<PyInt>()
        && let Ok(int) = int.extract::<i64>()
    {
        builder.push_int(int);
    } else if let Ok(text) = value.cast_exact::<PyString>()
        && let Ok(text) = text.to_str()
    {
        builder.push_text(text);
    } else {
        match Cell::of(value)? {
            Cell::Null => builder.push_null(),
            Cell::Instant(instant) => builder.push_instant(instant),
            cell => builder.push_cell(cell),
        }
    }
    Ok(())
}

/// Why an object is no table, with the line of code that makes it one.
fn no_table(object: &Bound<'_, PyAny>) -> PyResult<String> {
    let name = object.get_type().name()?;
    let hint = if object.hasattr(intern!(object.py(), "collect"))? {
        "; call .collect() first"
    } else if object.hasattr(intern!(object.py(), "__next__"))? {
        "; list(…) makes a list of it"
    } else {
        ""
    };
    Ok(format!(
        "a table is an object with an Arrow capsule, a dict of columns or a list of rows, not a value of type {name}{hint}"
    ))
}

fn bad_arrow(table: &'static str, column: Option<&'static str>, error: &ArrowError) -> Fault {
    let place = column.map_or_else(|| table.into(), |column| format!("{table}, {column}"));
    Fault::of_table("bad_arrow", table, column, format!("{place}: {error}"))
}

fn listed(names: &[Cow<'_, str>]) -> String {
    const SHOWN: usize = 20;
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(|name| crate::cell::shortened(name))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
