//! What `select_orders` gives.

use allocator_core::Optimality as Proven;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::explanation::owned;
use crate::ids::OwnedId;
use crate::one_off::Optimality;

/// The answer of `select_orders`: a plan, or, where no set of orders frees exactly the need, the two nearest.
#[pyclass(frozen, eq, hash, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Selected {
    plan: Option<Selection>,
    below: Option<Selection>,
    above: Option<Selection>,
}

impl Selected {
    pub(crate) fn plan(plan: Selection) -> Self {
        Self {
            plan: Some(plan),
            below: None,
            above: None,
        }
    }

    pub(crate) fn nearest(below: Option<Selection>, above: Option<Selection>) -> Self {
        Self {
            plan: None,
            below,
            above,
        }
    }
}

#[pymethods]
impl Selected {
    /// The orders that do what was asked; None where no set frees exactly the need.
    #[getter(plan)]
    fn get_plan(&self) -> Option<Selection> {
        self.plan.clone()
    }

    /// In place of a plan: what frees the most units below the need. None with several SKUs, where "below" has
    /// no one meaning.
    #[getter]
    fn below(&self) -> Option<Selection> {
        self.below.clone()
    }

    /// In place of a plan: what frees the fewest units above the need.
    #[getter]
    fn above(&self) -> Option<Selection> {
        self.above.clone()
    }

    fn __repr__(&self) -> String {
        let said = |plan: &Option<Selection>| match plan {
            Some(plan) => plan.__repr__(),
            None => "None".into(),
        };
        match &self.plan {
            Some(plan) => format!("Selected(plan={})", plan.__repr__()),
            None => {
                let (below, above) = (said(&self.below), said(&self.above));
                format!("Selected(below={below}, above={above})")
            }
        }
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_selected")?;
        let plans = (self.plan.clone(), self.below.clone(), self.above.clone());
        (restore, plans).into_pyobject(py)
    }
}

/// Makes an answer of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_selected", signature = (plan, below, above))]
pub(crate) fn restore_selected(
    plan: Option<PyRef<'_, Selection>>,
    below: Option<PyRef<'_, Selection>>,
    above: Option<PyRef<'_, Selection>>,
) -> Selected {
    let own = |plan: Option<PyRef<'_, Selection>>| plan.map(|plan| Selection::clone(&plan));
    Selected {
        plan: own(plan),
        below: own(below),
        above: own(above),
    }
}

/// Complete orders to cancel, and what that does.
#[pyclass(frozen, eq, hash, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Selection {
    pub(crate) cancelled: Vec<OwnedId>,
    pub(crate) rows: Vec<usize>,
    pub(crate) freed: Vec<(OwnedId, i128)>,
    pub(crate) refund: i128,
    pub(crate) optimality: Proven,
}

#[pymethods]
impl Selection {
    /// The orders to cancel, oldest first: their ids, or the row of one that has none.
    #[getter]
    fn cancelled<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let orders = PyList::empty(py);
        for order in &self.cancelled {
            orders.append(order.view().to_object(py)?)?;
        }
        Ok(orders)
    }

    /// The rows of these orders, rising.
    #[getter]
    fn rows(&self) -> Vec<usize> {
        self.rows.clone()
    }

    /// Units that come free: {sku: units}.
    #[getter]
    fn freed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let freed = PyDict::new(py);
        for (sku, units) in &self.freed {
            freed.set_item(sku.view().to_object(py)?, units)?;
        }
        Ok(freed)
    }

    /// The refund of all these orders, in minor units.
    #[getter]
    fn refund(&self) -> i128 {
        self.refund
    }

    /// How good the choice is.
    #[getter]
    fn optimality(&self) -> Optimality {
        Optimality {
            proven: self.optimality,
        }
    }

    pub(crate) fn __repr__(&self) -> String {
        let count = self.cancelled.len();
        let freed: Vec<String> = self
            .freed
            .iter()
            .map(|(sku, units)| format!("{units} of {}", sku.view()))
            .collect();
        let optimality = self.optimality().__str__();
        format!(
            "Selection({count} cancelled, frees {}, refund={}, {optimality})",
            freed.join(", "),
            self.refund
        )
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py._native")?.getattr("_selection")?;
        let kept = (
            self.cancelled(py)?,
            self.rows.clone(),
            self.freed(py)?,
            self.refund,
            self.optimality(),
        );
        (restore, kept).into_pyobject(py)
    }
}

/// Makes a selection of what `pickle` kept.
#[pyfunction]
#[pyo3(name = "_selection")]
pub(crate) fn restore_selection(
    cancelled: &Bound<'_, PyList>,
    rows: Vec<usize>,
    freed: &Bound<'_, PyDict>,
    refund: i128,
    optimality: PyRef<'_, Optimality>,
) -> PyResult<Selection> {
    let orders: PyResult<Vec<OwnedId>> = cancelled.iter().map(|order| owned(&order)).collect();
    let mut units = Vec::new();
    for (sku, freed) in freed.iter() {
        units.push((owned(&sku)?, freed.extract()?));
    }
    Ok(Selection {
        cancelled: orders?,
        rows,
        freed: units,
        refund,
        optimality: optimality.proven,
    })
}
