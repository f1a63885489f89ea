//! What a plan says of itself: why it is a one-off, and how near the best it is.

use allocator_core::{OneOff as Why, Optimality as Proven};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::table::unknown;

/// Why a plan is good for the moment it is made in: more supply, or a cancellation, can take a unit from
/// somebody the next time. `str()` is the smallest case of it.
#[pyclass(frozen, eq, hash, module = "allocator_py")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OneOff {
    pub(crate) why: Why,
}

#[pymethods]
impl OneOff {
    /// "passes", "largest_remainder" or "whole_orders".
    #[getter]
    fn name(&self) -> &'static str {
        self.why.name()
    }

    /// The smallest case in which it takes a unit from somebody.
    #[getter]
    fn witness(&self) -> &'static str {
        self.why.sentence()
    }

    fn __str__(&self) -> &'static str {
        self.why.sentence()
    }

    fn __repr__(&self) -> String {
        format!("OneOff({:?})", self.why.name())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_one_off")?;
        (restore, (self.why.name(),)).into_pyobject(py)
    }
}

/// Makes it of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_one_off")]
pub(crate) fn restore_one_off(name: &str) -> PyResult<OneOff> {
    let why = Why::ALL.iter().find(|why| why.name() == name);
    let why = *why.ok_or_else(|| unknown(name))?;
    Ok(OneOff { why })
}

/// How good a choice of whole orders is: exact, or within p/q of the best, where `p` is its own figure and
/// `q` a proven bound that no choice is below. Where p equals q, only what decides between equal choices is
/// unproven.
#[pyclass(frozen, eq, hash, module = "allocator_py")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Optimality {
    pub(crate) proven: Proven,
}

#[pymethods]
impl Optimality {
    /// Whether no choice is better.
    #[getter]
    fn is_exact(&self) -> bool {
        self.proven == Proven::Exact
    }

    /// The choice's own figure; None where it is exact.
    #[getter]
    fn p(&self) -> Option<i128> {
        match self.proven {
            Proven::Exact => None,
            Proven::Within { p, .. } => Some(p),
        }
    }

    /// What no choice can be below; None where it is exact.
    #[getter]
    fn q(&self) -> Option<i128> {
        match self.proven {
            Proven::Exact => None,
            Proven::Within { q, .. } => Some(q),
        }
    }

    pub(crate) fn __str__(&self) -> String {
        match self.proven {
            Proven::Exact => "exact".into(),
            Proven::Within { p, q } => format!("within {p}/{q}"),
        }
    }

    pub(crate) fn __repr__(&self) -> String {
        format!("Optimality({})", self.__str__())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_optimality")?;
        (restore, (self.p(), self.q())).into_pyobject(py)
    }
}

/// Makes it of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_optimality", signature = (p, q))]
pub(crate) fn restore_optimality(p: Option<i128>, q: Option<i128>) -> Optimality {
    let proven = match p.zip(q) {
        Some((p, q)) => Proven::Within { p, q },
        None => Proven::Exact,
    };
    Optimality { proven }
}
