//! What happens to a drop while it is short, and how each event is answered.

use allocator_core::ShortageEvent as Core;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::error::raised;
use crate::table::unknown;

/// Everything that can happen between two plans, and how it is answered.
///
/// >>> for event in shortage_events():
/// ...     print(event.name, event.axiom, event.is_harmless_under("one_each_per_round"))
/// second_shipment resource_monotone True
/// supply_revised_down composition_down True
/// cancellation cancel_monotone True
/// empty_handed_leaves null_award_leaves True
/// reduction others_never_gain_from_my_increase True
/// increase claim_monotone True
/// shipped_leaves served_leaves True
#[pyfunction]
pub(crate) fn shortage_events() -> Vec<ShortageEvent> {
    let event = |&event: &Core| ShortageEvent { event };
    Core::ALL.iter().map(event).collect()
}

/// Something that happens between two plans. Each is an edit of the input and one call; `str()` says which.
#[pyclass(frozen, eq, hash, module = "allocator_py")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ShortageEvent {
    event: Core,
}

#[pymethods]
impl ShortageEvent {
    /// "second_shipment", "cancellation", ….
    #[getter]
    fn name(&self) -> &'static str {
        self.event.name()
    }

    /// The axiom that makes it harmless: nobody who stays loses a unit by it, and plans made one after the
    /// other come to what one plan on the final state says.
    #[getter]
    fn axiom(&self) -> &'static str {
        self.event.axiom().name()
    }

    /// How it is answered.
    #[getter]
    fn sentence(&self) -> &'static str {
        self.event.sentence()
    }

    /// Whether a policy is sure to keep that axiom. Where it is not, hand over what was given (`given`).
    fn is_harmless_under(&self, policy: &Bound<'_, PyAny>) -> PyResult<bool> {
        let read = crate::policy::read(Some(policy))?;
        let policy = read.map_err(|fault| raised(policy.py(), fault))?;
        Ok(self.event.is_harmless_under(&policy))
    }

    fn __str__(&self) -> &'static str {
        self.event.sentence()
    }

    fn __repr__(&self) -> String {
        format!("ShortageEvent({:?})", self.event.name())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?;
        let restore = restore.getattr("_shortage_event")?;
        (restore, (self.event.name(),)).into_pyobject(py)
    }
}

/// Makes it of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_shortage_event")]
pub(crate) fn restore_shortage_event(name: &str) -> PyResult<ShortageEvent> {
    let event = Core::ALL.iter().find(|event| event.name() == name);
    let event = *event.ok_or_else(|| unknown(name))?;
    Ok(ShortageEvent { event })
}
