//! One value of a Python column, in Rust's terms.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

/// What a Python object is, as far as a column of lines or supply may care.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Null,
    Int(i128),
    /// An integer of more than 128 bits.
    Huge,
    Text(String),
    /// Microseconds since 1970, UTC.
    Instant(i64),
    /// An instant that says no time zone, as text.
    Naive(String),
    /// Finer than what it is read as, as text: half a microsecond, a third of a unit.
    Fraction(String),
    /// A float, as text.
    Float(String),
    Bool,
    /// Anything else, in words.
    Other(String),
}

impl Cell {
    /// Reads any object. Fails only where the object's own code raises.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        if object.is_none() {
            return Ok(Self::Null);
        }
        if object.is_instance_of::<PyBool>() {
            return Ok(Self::Bool);
        }
        if let Ok(int) = object.cast::<PyInt>() {
            return Ok(integer(int));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(match text.to_str() {
                Ok(text) => Self::Text(text.to_owned()),
                Err(_) => Self::Other("text with a lone surrogate, which no UTF-8 has".into()),
            });
        }
        if object.is_instance_of::<PyFloat>() {
            return Ok(Self::Float(shown(object)));
        }
        Self::of_other(object)
    }

    fn of_other(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let kind = object.get_type();
        let name = kind
            .name()
            .and_then(|name| name.extract::<String>())
            .unwrap_or_default();
        match name.as_str() {
            // The null of pandas, in what `to_dict` and `tolist` give.
            "NAType" | "NaTType" if module_of(object).starts_with("pandas") => {
                return Ok(Self::Null);
            }
            "bool" | "bool_" => return Ok(Self::Bool),
            "datetime64" => return Ok(Self::Naive(shown(object))),
            _ => {}
        }
        let times = Times::get(object.py())?;
        if object.is_instance(times.datetime.bind(object.py()))? {
            return times.instant(object);
        }
        if object.is_instance(times.date.bind(object.py()))? {
            return Ok(Self::Naive(shown(object)));
        }
        if object.hasattr(intern!(object.py(), "__index__"))? {
            match object.call_method0(intern!(object.py(), "__index__")) {
                Ok(index) => {
                    if let Ok(int) = index.cast::<PyInt>() {
                        return Ok(integer(int));
                    }
                }
                Err(error)
                    if error.is_instance_of::<pyo3::exceptions::PyTypeError>(object.py()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self::Other(format!("a value of type {name}")))
    }

    /// What stands there, for a message.
    pub(crate) fn found(&self) -> String {
        match self {
            Self::Null => "nothing".into(),
            Self::Int(value) => format!("the integer {value}"),
            Self::Huge => "an integer of more than 128 bits".into(),
            Self::Text(text) => format!("the text {:?}", shortened(text)),
            Self::Instant(_) => "an instant".into(),
            Self::Naive(text) => format!("a time without a zone ({text})"),
            Self::Fraction(text) => text.clone(),
            Self::Float(text) => format!("the float {text}"),
            Self::Bool => "a bool".into(),
            Self::Other(name) => name.clone(),
        }
    }
}

/// At most some sixty characters of a text, so that one bad id does not fill a log.
pub(crate) fn shortened(text: &str) -> String {
    const KEPT: usize = 60;
    match text.char_indices().nth(KEPT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn integer(int: &Bound<'_, PyInt>) -> Cell {
    if let Ok(value) = int.extract::<i64>() {
        return Cell::Int(value.into());
    }
    int.extract::<i128>().map_or(Cell::Huge, Cell::Int)
}

fn shown(object: &Bound<'_, PyAny>) -> String {
    let text = object.str().and_then(|text| text.extract::<String>());
    text.map_or_else(|_| String::from("?"), |text| shortened(&text))
}

fn module_of(object: &Bound<'_, PyAny>) -> String {
    let module = object
        .get_type()
        .module()
        .and_then(|name| name.extract::<String>());
    module.unwrap_or_default()
}

/// What the `datetime` module has to say.
struct Times {
    datetime: Py<PyAny>,
    date: Py<PyAny>,
    epoch: Py<PyAny>,
    microsecond: Py<PyAny>,
}

impl Times {
    fn get(py: Python<'_>) -> PyResult<&'static Self> {
        static TIMES: PyOnceLock<Times> = PyOnceLock::new();
        TIMES.get_or_try_init(py, || {
            let module = py.import("datetime")?;
            let datetime = module.getattr("datetime")?;
            let utc = module.getattr("timezone")?.getattr("utc")?;
            let epoch = datetime.call1((1970, 1, 1, 0, 0, 0, 0, utc))?;
            Ok(Times {
                epoch: epoch.unbind(),
                datetime: datetime.unbind(),
                date: module.getattr("date")?.unbind(),
                microsecond: module.getattr("timedelta")?.call1((0, 0, 1))?.unbind(),
            })
        })
    }

    /// Microseconds since 1970 of a `datetime` that knows its zone.
    fn instant(&self, object: &Bound<'_, PyAny>) -> PyResult<Cell> {
        let py = object.py();
        if object.call_method0(intern!(py, "utcoffset"))?.is_none() {
            return Ok(Cell::Naive(shown(object)));
        }
        // `pandas.Timestamp` is a datetime with nanoseconds.
        if let Some(finer) = object.getattr_opt(intern!(py, "nanosecond"))?
            && finer.extract::<i64>().is_ok_and(|finer| finer != 0)
        {
            return Ok(Cell::Fraction(shown(object)));
        }
        let since = object.sub(self.epoch.bind(py))?;
        let micros = since.floor_div(self.microsecond.bind(py))?;
        Ok(micros.extract::<i64>().map_or_else(
            |_| Cell::Other("an instant out of range".into()),
            Cell::Instant,
        ))
    }
}
