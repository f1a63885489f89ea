//! Arrow capsules: the one place where foreign memory is read and ours is lent.

use std::ffi::{CStr, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    Array, ArrayRef, RecordBatch, RecordBatchIterator, make_array, new_empty_array, new_null_array,
};
use arrow_schema::{ArrowError, DataType, Schema};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

const STREAM: &CStr = c"arrow_array_stream";
const ARRAY: &CStr = c"arrow_array";
const SCHEMA: &CStr = c"arrow_schema";

/// Arrays of one type.
#[derive(Default)]
pub(crate) struct Chunks {
    pub(crate) arrays: Vec<ArrayRef>,
}

/// What a capsule holds.
pub(crate) enum Foreign {
    /// A table: the names of all its columns, and those that are wanted, by index.
    Table {
        names: Vec<String>,
        rows: usize,
        columns: Vec<(usize, Chunks)>,
    },
    /// One column.
    Column(Chunks),
}

type Read = Result<Foreign, ArrowError>;

/// What an object's capsule holds; `None` where it has no capsule method. Of a table only wanted
/// columns are read, so that no other can trouble. An error of the object's own code is passed on; a
/// capsule that is not what it says is an `ArrowError`.
pub(crate) fn import(object: &Bound<'_, PyAny>, wanted: &[&str]) -> PyResult<Option<Read>> {
    if let Some(method) = object.getattr_opt(pyo3::intern!(object.py(), "__arrow_c_stream__"))? {
        return Ok(Some(stream(&method.call0()?, wanted)));
    }
    if let Some(method) = object.getattr_opt(pyo3::intern!(object.py(), "__arrow_c_array__"))? {
        return Ok(Some(array(&method.call0()?, wanted)));
    }
    Ok(None)
}

fn stream(capsule: &Bound<'_, PyAny>, wanted: &[&str]) -> Read {
    let pointer = pointer::<FFI_ArrowArrayStream>(capsule, STREAM)?;
    // SAFETY: a capsule of this name holds a stream by the Arrow PyCapsule interface. `from_raw`
    // moves it out and leaves a released one behind, so nobody frees it twice.
    let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer) };
    if stream.release().is_none() {
        return Err(foreign("the stream was already read; give a fresh one"));
    }
    let (Some(get_schema), Some(get_next)) = (stream.get_schema(), stream.get_next()) else {
        return Err(foreign("the stream has no way to read it"));
    };
    // Whoever feeds the stream may need the interpreter, on this thread or another.
    capsule.py().detach(|| {
        guarded(|| {
            let mut schema = FFI_ArrowSchema::empty();
            // SAFETY: the stream is not released, and the schema is ours to fill.
            if unsafe { get_schema(&raw mut stream, &raw mut schema) } != 0 {
                return Err(producer_error(&mut stream));
            }
            let mut reading = Reading::new(&schema, wanted)?;
            loop {
                let mut array = FFI_ArrowArray::empty();
                // SAFETY: as above; the array is ours to fill.
                if unsafe { get_next(&raw mut stream, &raw mut array) } != 0 {
                    return Err(producer_error(&mut stream));
                }
                if array.is_released() {
                    return Ok(reading.foreign);
                }
                reading.push(array, &schema)?;
            }
        })
    })
}

fn producer_error(stream: &mut FFI_ArrowArrayStream) -> ArrowError {
    let said = stream.get_last_error().and_then(|get_last_error| {
        // SAFETY: the stream is not released.
        let text = unsafe { get_last_error(&raw mut *stream) };
        if text.is_null() {
            return None;
        }
        // SAFETY: text that lives until the next call on the stream.
        let text = unsafe { CStr::from_ptr(text) };
        Some(text.to_string_lossy().into_owned())
    });
    foreign(&format!(
        "its producer failed: {}",
        said.unwrap_or_else(|| "no reason given".into())
    ))
}

fn array(pair: &Bound<'_, PyAny>, wanted: &[&str]) -> Read {
    let (schema, array) = pair
        .cast::<PyTuple>()
        .ok()
        .and_then(|pair| pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>().ok())
        .ok_or_else(|| foreign("__arrow_c_array__ gave no pair of capsules"))?;
    let schema = pointer::<FFI_ArrowSchema>(&schema, SCHEMA)?;
    let array = pointer::<FFI_ArrowArray>(&array, ARRAY)?;
    // SAFETY: capsules of these names hold these structs by the Arrow PyCapsule interface; `from_raw`
    // moves them out and leaves released ones behind.
    let (schema, array) = unsafe {
        (
            FFI_ArrowSchema::from_raw(schema),
            FFI_ArrowArray::from_raw(array),
        )
    };
    if schema.release().is_none() || array.is_released() {
        return Err(foreign("the array was already read; give a fresh one"));
    }
    guarded(|| {
        let mut reading = Reading::new(&schema, wanted)?;
        reading.push(array, &schema)?;
        Ok(reading.foreign)
    })
}

/// What was read so far.
struct Reading {
    foreign: Foreign,
}

impl Reading {
    fn new(schema: &FFI_ArrowSchema, wanted: &[&str]) -> Result<Self, ArrowError> {
        if schema.format() != "+s" {
            // A column without a batch still has its type.
            let array = new_empty_array(&DataType::try_from(schema)?);
            let arrays = vec![array];
            let foreign = Foreign::Column(Chunks { arrays });
            return Ok(Self { foreign });
        }
        let mut names = Vec::new();
        let mut columns = Vec::new();
        for (index, child) in schema.children().enumerate() {
            let name = child.name().unwrap_or_default();
            if wanted.contains(&name) {
                columns.push((index, Chunks::default()));
            }
            names.push(name.to_owned());
        }
        let foreign = Foreign::Table {
            names,
            rows: 0,
            columns,
        };
        Ok(Self { foreign })
    }

    /// Takes the next batch.
    fn push(
        &mut self,
        mut array: FFI_ArrowArray,
        schema: &FFI_ArrowSchema,
    ) -> Result<(), ArrowError> {
        match &mut self.foreign {
            Foreign::Column(chunks) => chunks.arrays.push(one(array, schema)?),
            Foreign::Table { rows, columns, .. } => {
                let nulls = array.num_buffers() > 0 && !array.buffer(0).is_null();
                if nulls && array.null_count_opt() != Some(0) {
                    return Err(foreign("whole rows are null"));
                }
                let (start, len) = (array.offset(), array.len());
                *rows += len;
                for (index, chunks) in columns {
                    let child = take_child(&mut array, *index)
                        .ok_or_else(|| foreign("a column is not there"))?;
                    let column = one(child, schema.child(*index))?;
                    if column.len() < start.saturating_add(len) {
                        return Err(foreign("a column is shorter than its table"));
                    }
                    let is_all = start == 0 && column.len() == len;
                    let column = if is_all {
                        column
                    } else {
                        column.slice(start, len)
                    };
                    chunks.arrays.push(column);
                }
            }
        }
        Ok(())
    }
}

/// The C struct down to its children, as the C data interface lays it out.
#[repr(C)]
struct Head {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut FFI_ArrowArray,
}

/// Moves a column out of its table.
fn take_child(array: &mut FFI_ArrowArray, index: usize) -> Option<FFI_ArrowArray> {
    let head: *const Head = (&raw const *array).cast();
    // SAFETY: `FFI_ArrowArray` is the struct of the C data interface, which begins like this.
    let (count, children) = unsafe { ((*head).n_children, (*head).children) };
    if children.is_null() || index >= usize::try_from(count).ok()? {
        return None;
    }
    // SAFETY: there are `count` pointers.
    let child = unsafe { children.add(index).read() };
    if child.is_null() {
        return None;
    }
    // SAFETY: the interface lets a consumer move a child out of a parent that it owns, if it leaves a
    // released one behind, as `from_raw` does.
    let child = unsafe { FFI_ArrowArray::from_raw(child) };
    (!child.is_released()).then_some(child)
}

/// One array: offsets inside the buffers, text that is UTF-8, as others promise and we rely on.
fn one(array: FFI_ArrowArray, schema: &FFI_ArrowSchema) -> Result<ArrayRef, ArrowError> {
    // Some producers give a column of nulls a buffer, which it has not.
    if schema.format() == "n" {
        return Ok(new_null_array(&DataType::Null, array.len()));
    }
    // SAFETY: both come from one call of the interface, so the schema describes the array.
    let data = unsafe { from_ffi(array, schema) }?;
    data.validate_full()?;
    Ok(make_array(data))
}

fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> Result<*mut T, ArrowError> {
    capsule
        .cast::<PyCapsule>()
        .ok()
        .and_then(|capsule| capsule.pointer_checked(Some(name)).ok())
        .map(|pointer| pointer.as_ptr().cast())
        .ok_or_else(|| foreign(&format!("there is no capsule of the name {name:?}")))
}

/// The Arrow crates check foreign data by assertions in places; a panic must not cross the border.
fn guarded<T>(work: impl FnOnce() -> Result<T, ArrowError>) -> Result<T, ArrowError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(foreign("the data does not keep the Arrow format")))
}

fn foreign(what: &str) -> ArrowError {
    ArrowError::CDataInterface(what.into())
}

/// Lends a batch as a stream of its own.
pub(crate) fn export_stream(py: Python<'_>, batch: RecordBatch) -> PyResult<Bound<'_, PyCapsule>> {
    let schema = batch.schema();
    let reader = RecordBatchIterator::new([Ok(batch)], schema);
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}

/// Lends a schema. `None` where Arrow refuses it.
pub(crate) fn export_schema<'py>(
    py: Python<'py>,
    schema: &Schema,
) -> Result<PyResult<Bound<'py, PyCapsule>>, ArrowError> {
    let schema = FFI_ArrowSchema::try_from(schema)?;
    Ok(PyCapsule::new_with_value(py, schema, SCHEMA))
}
