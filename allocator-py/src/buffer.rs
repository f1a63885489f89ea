//! Python buffers: arrays of integers in one piece, in and out.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyMemoryView, PyType};

use crate::cell::Cell;
use crate::column::{Builder, Column};

/// An array of integers in one piece (numpy, `array`, `memoryview`), copied out of its buffer; `None`
/// for everything else. Only types whose buffer says all there is to say: a masked array has more.
pub(crate) fn integers(value: &Bound<'_, PyAny>) -> PyResult<Option<Column>> {
    let kind = value.get_type();
    if let Some(numpy) = NUMPY.get(value.py())
        && kind.is(&numpy.array)
        && let Some(column) = numpy.integers(value)?
    {
        return Ok(Some(column));
    }
    let name = (kind.module()?, kind.name()?);
    if name.0 == "numpy" && name.1 == "ndarray" {
        Numpy::meet(&kind)?;
    }
    let known = [
        ("numpy", "ndarray"),
        ("array", "array"),
        ("builtins", "memoryview"),
    ];
    if !known
        .iter()
        .any(|&(module, kind)| name.0 == module && name.1 == kind)
    {
        return Ok(None);
    }
    let Ok(view) = PyMemoryView::from(value) else {
        return Ok(None);
    };
    let py = value.py();
    if view.getattr(intern!(py, "ndim"))?.extract::<usize>()? != 1 {
        return Ok(None);
    }
    let format: String = view.getattr(intern!(py, "format"))?.extract()?;
    let size: usize = view.getattr(intern!(py, "itemsize"))?.extract()?;
    let letter = format.trim_start_matches(['@', '=', '<']);
    if !cfg!(target_endian = "little") || letter.len() != 1 {
        return Ok(None);
    }
    let signed = match letter {
        "b" | "h" | "i" | "l" | "q" | "n" => true,
        "B" | "H" | "I" | "L" | "Q" | "N" => false,
        _ => return Ok(None),
    };
    let bytes = view.call_method0(intern!(py, "tobytes"))?;
    let bytes = bytes.cast::<PyBytes>()?.as_bytes();
    Ok(column(bytes, size, signed))
}

/// Integers as a read-only `memoryview`.
pub(crate) fn view<'py>(py: Python<'py>, values: &[i64]) -> PyResult<Bound<'py, PyAny>> {
    let bytes = PyBytes::new_with(py, size_of_val(values), |bytes| {
        let (slots, _) = bytes.as_chunks_mut();
        for (slot, value) in slots.iter_mut().zip(values) {
            *slot = value.to_ne_bytes();
        }
        Ok(())
    })?;
    PyMemoryView::from(&bytes)?.call_method1(intern!(py, "cast"), (intern!(py, "q"),))
}

static NUMPY: PyOnceLock<Numpy> = PyOnceLock::new();

/// What tells numpy's usual arrays of integers at a glance: a buffer's own description is a text that
/// costs more to make and to read than 500 lines cost to allocate.
struct Numpy {
    array: Py<PyType>,
    /// Each native type of integers, of which there is one object, with its size and sign.
    kinds: Vec<(Py<PyAny>, usize, bool)>,
}

impl Numpy {
    /// Remembers numpy if `kind` is its array. Whoever else calls himself so is not remembered.
    fn meet(kind: &Bound<'_, PyType>) -> PyResult<()> {
        let py = kind.py();
        let modules = py.import("sys")?.getattr("modules")?;
        let Ok(numpy) = modules.get_item("numpy") else {
            return Ok(());
        };
        if !numpy.getattr("ndarray")?.is(kind) {
            return Ok(());
        }
        let names = [
            ("int64", 8, true),
            ("uint32", 4, false),
            ("int32", 4, true),
            ("uint64", 8, false),
            ("int16", 2, true),
            ("uint16", 2, false),
            ("int8", 1, true),
            ("uint8", 1, false),
        ];
        let mut kinds = Vec::with_capacity(names.len());
        for (name, size, signed) in names {
            let kind = numpy.call_method1("dtype", (name,))?;
            kinds.push((kind.unbind(), size, signed));
        }
        let array = kind.clone().unbind();
        NUMPY.get_or_init(py, || Self { array, kinds });
        Ok(())
    }

    /// The integers of one of its arrays, where they are native and in one row.
    fn integers(&self, array: &Bound<'_, PyAny>) -> PyResult<Option<Column>> {
        let py = array.py();
        let dtype = array.getattr(intern!(py, "dtype"))?;
        let kind = self.kinds.iter().find(|(kind, ..)| dtype.is(kind));
        let Some(&(_, size, signed)) = kind.filter(|_| cfg!(target_endian = "little")) else {
            return Ok(None);
        };
        if array.getattr(intern!(py, "ndim"))?.extract::<usize>()? != 1 {
            return Ok(None);
        }
        let bytes = array.call_method0(intern!(py, "tobytes"))?;
        Ok(column(bytes.cast::<PyBytes>()?.as_bytes(), size, signed))
    }
}

fn column(bytes: &[u8], size: usize, signed: bool) -> Option<Column> {
    macro_rules! read {
        ($kind:ty) => {{
            let (values, _) = bytes.as_chunks::<{ size_of::<$kind>() }>();
            let values = values.iter().map(|value| <$kind>::from_le_bytes(*value));
            values.map(i64::from).collect::<Vec<i64>>()
        }};
    }
    let values = match (size, signed) {
        (1, true) => read!(i8),
        (1, false) => read!(u8),
        (2, true) => read!(i16),
        (2, false) => read!(u16),
        (4, true) => read!(i32),
        (4, false) => read!(u32),
        (8, true) => read!(i64),
        (8, false) => {
            let (values, _) = bytes.as_chunks::<8>();
            let mut builder = Builder::default();
            for value in values.iter().map(|value| u64::from_le_bytes(*value)) {
                match i64::try_from(value) {
                    Ok(value) => builder.push_int(value),
                    Err(_) => builder.push_cell(Cell::Int(value.into())),
                }
            }
            return Some(builder.finish());
        }
        _ => return None,
    };
    Some(Column::Ints(values.into()))
}
