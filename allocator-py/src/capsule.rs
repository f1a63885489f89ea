//! Arrow capsules: the one place where foreign memory is read and ours is lent.

use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayReader, ArrayRef, RecordBatch, RecordBatchIterator, make_array};
use arrow_schema::{ArrowError, DataType, Schema};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

const STREAM: &CStr = c"arrow_array_stream";
const ARRAY: &CStr = c"arrow_array";
const SCHEMA: &CStr = c"arrow_schema";

/// Arrays of one type.
pub(crate) struct Chunks {
    pub(crate) kind: DataType,
    pub(crate) arrays: Vec<ArrayRef>,
}

/// What an object's capsule holds; `None` where it has no capsule method. An error of the object's
/// own code is passed on; a capsule that is not what it says is an `ArrowError`.
pub(crate) fn import(object: &Bound<'_, PyAny>) -> PyResult<Option<Result<Chunks, ArrowError>>> {
    if let Some(method) = object.getattr_opt(pyo3::intern!(object.py(), "__arrow_c_stream__"))? {
        return Ok(Some(stream(&method.call0()?)));
    }
    if let Some(method) = object.getattr_opt(pyo3::intern!(object.py(), "__arrow_c_array__"))? {
        return Ok(Some(array(&method.call0()?)));
    }
    Ok(None)
}

fn stream(capsule: &Bound<'_, PyAny>) -> Result<Chunks, ArrowError> {
    let pointer = pointer::<FFI_ArrowArrayStream>(capsule, STREAM)?;
    // SAFETY: a capsule of this name holds a stream by the Arrow PyCapsule interface. `from_raw`
    // moves it out and leaves a released one behind, so nobody frees it twice.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer) };
    if stream.release().is_none() {
        return Err(foreign("the stream was already read; give a fresh one"));
    }
    if stream.get_schema().is_none() || stream.get_next().is_none() {
        return Err(foreign("the stream has no way to read it"));
    }
    // Whoever feeds the stream may need the interpreter, on this thread or another.
    capsule.py().detach(|| {
        guarded(|| {
            let reader = ArrayStreamReader::try_new(stream)?;
            let kind = reader.field().data_type().clone();
            let arrays = reader.map(|array| array.and_then(valid));
            Ok(Chunks {
                kind,
                arrays: arrays.collect::<Result<_, _>>()?,
            })
        })
    })
}

fn array(pair: &Bound<'_, PyAny>) -> Result<Chunks, ArrowError> {
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
        // SAFETY: both come from one call of the interface, so the schema describes the array.
        let array = valid(make_array(unsafe { from_ffi(array, &schema) }?))?;
        Ok(Chunks {
            kind: array.data_type().clone(),
            arrays: vec![array],
        })
    })
}

fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> Result<*mut T, ArrowError> {
    capsule
        .cast::<PyCapsule>()
        .ok()
        .and_then(|capsule| capsule.pointer_checked(Some(name)).ok())
        .map(|pointer| pointer.as_ptr().cast())
        .ok_or_else(|| foreign(&format!("there is no capsule of the name {name:?}")))
}

/// Offsets inside the buffers, text that is UTF-8: what others promise and we rely on.
fn valid(array: ArrayRef) -> Result<ArrayRef, ArrowError> {
    array.to_data().validate_full()?;
    Ok(array)
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
