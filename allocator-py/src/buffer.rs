//! Python buffers: arrays of integers in one piece.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView};

use crate::cell::Cell;
use crate::column::{Builder, Column};

/// An array of integers in one piece (numpy, `array`, `memoryview`), copied out of its buffer; `None`
/// for everything else. Only types whose buffer says all there is to say: a masked array has more.
pub(crate) fn integers(value: &Bound<'_, PyAny>) -> PyResult<Option<Column>> {
    let kind = value.get_type();
    let name = (kind.module()?, kind.name()?);
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
