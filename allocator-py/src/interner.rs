//! `Interner`: texts to dense numbers and back, for whoever keeps numbers of his own.

use std::sync::{Mutex, MutexGuard, PoisonError};

use allocator_core::Interner as Core;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::error::raised;

/// Gives every text its own number, from 0 in the order of first sight, and the text back unchanged.
///
/// Whoever feeds in what strangers choose gives a secret seed, so that nobody can prepare ids that
/// collide; the seed changes no number. `allocate` needs none: it takes texts as they are.
///
/// >>> skus = Interner()
/// >>> skus.intern("HOODIE-M"), skus.intern("hoodie-m"), skus.intern("HOODIE-M")
/// (0, 1, 0)
/// >>> skus.name(1), skus.id("HOODIE-L")
/// ('hoodie-m', None)
#[pyclass(frozen, module = "allocator_py")]
pub(crate) struct Interner {
    seed: u64,
    core: Mutex<Core>,
}

impl Interner {
    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Interner {
    #[new]
    #[pyo3(signature = (seed=0))]
    fn new(seed: u64) -> Self {
        Self {
            seed,
            core: Mutex::new(Core::with_seed(seed)),
        }
    }

    /// The number of `name`, a new one at first sight.
    fn intern(&self, py: Python<'_>, name: &str) -> PyResult<u32> {
        let number = self.core().intern(name);
        number.map_err(|error| raised(py, error.into()))
    }

    /// The number of `name`, if it was seen.
    fn id(&self, name: &str) -> Option<u32> {
        self.core().id(name)
    }

    /// The text behind a number.
    fn name(&self, id: u32) -> Option<String> {
        self.core().name(id).map(str::to_owned)
    }

    fn __len__(&self) -> usize {
        self.core().len()
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> bool {
        let name = name.extract::<String>();
        name.is_ok_and(|name| self.core().id(&name).is_some())
    }

    fn __repr__(&self) -> String {
        let count = self.core().len();
        let word = if count == 1 { "text" } else { "texts" };
        format!("Interner of {count} {word}")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let names: Vec<String> = {
            let core = self.core();
            let name = |id| core.name(id).map(str::to_owned);
            (0..).map_while(name).collect()
        };
        let restore = py.import("allocator_py._native")?.getattr("_interner")?;
        (restore, (self.seed, PyList::new(py, names)?)).into_pyobject(py)
    }
}

/// Makes an interner of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_interner")]
pub(crate) fn restore_interner(
    py: Python<'_>,
    seed: u64,
    names: Vec<String>,
) -> PyResult<Interner> {
    let interner = Interner::new(seed);
    for name in names {
        interner.intern(py, &name)?;
    }
    Ok(interner)
}
