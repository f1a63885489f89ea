//! The words of the core, what they mean, and its limits.

use allocator_core::{Aim, Axiom, CutReason, IdleCause, Law, OvertakeCause, Reason, limits};
use pyo3::prelude::*;
use pyo3::types::{PyFrozenSet, PyTuple};

use crate::cell::shortened;
use crate::error::raised;
use crate::fault::Fault;

/// Adds every list of words, in the order of their numbers, and every limit.
pub(crate) fn add_lists(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let reasons = Reason::ALL.iter().map(|reason| reason.name());
    let idle_causes = IdleCause::ALL.iter().map(|cause| cause.name());
    let overtake_causes = OvertakeCause::ALL.iter().map(|cause| cause.name());
    let laws = Law::ALL.iter().map(|law| law.name());
    let axioms = Axiom::ALL.iter().map(|axiom| axiom.name());
    let cut_reasons = CutReason::ALL.iter().map(|reason| reason.name());
    let aims = Aim::ALL.iter().map(|aim| aim.to_string());
    module.add("AIMS", PyTuple::new(py, aims.collect::<Vec<_>>())?)?;
    module.add("CUT_REASONS", PyTuple::new(py, cut_reasons)?)?;
    module.add("AXIOMS", PyTuple::new(py, axioms)?)?;
    module.add("REASONS", PyTuple::new(py, reasons)?)?;
    module.add("IDLE_CAUSES", PyTuple::new(py, idle_causes)?)?;
    module.add("OVERTAKE_CAUSES", PyTuple::new(py, overtake_causes)?)?;
    module.add("LAWS", PyTuple::new(py, laws)?)?;
    module.add("MAX_QUANTITY", limits::MAX_QUANTITY)?;
    module.add("MAX_WEIGHT", limits::MAX_WEIGHT)?;
    module.add("MAX_DRAWN_UNITS", limits::MAX_DRAWN_UNITS)?;
    module.add("MAX_ROWS", limits::MAX_ROWS)?;
    module.add("MAX_NAME_BYTES", limits::MAX_NAME_BYTES)
}

/// What a reason means, in words for whoever has to act on it.
///
/// >>> reason_sentence("short")
/// 'those before it in line took what there was'
#[pyfunction]
pub(crate) fn reason_sentence(py: Python<'_>, name: &str) -> PyResult<&'static str> {
    Ok(reason(py, name)?.sentence())
}

/// Whether a line with this reason can never be served: it claims nothing and blocks nobody.
///
/// >>> [name for name in REASONS if reason_is_never(name)]
/// ['unknown_sku', 'order_has_impossible_line']
#[pyfunction]
pub(crate) fn reason_is_never(py: Python<'_>, name: &str) -> PyResult<bool> {
    Ok(reason(py, name)?.is_never())
}

/// What a reason of a plan of cancellations means.
///
/// >>> cut_reason_sentence("kept")
/// 'every unit is kept'
#[pyfunction]
pub(crate) fn cut_reason_sentence(py: Python<'_>, name: &str) -> PyResult<&'static str> {
    let reason = CutReason::ALL.iter().find(|reason| reason.name() == name);
    let names = || CutReason::ALL.iter().map(|reason| reason.name()).collect();
    Ok(known(py, reason, "unknown_reason", name, names)?.sentence())
}

/// A way to decide who is cut in its shortest words, as `CancellationPlan.method` has it.
///
/// >>> method_name({"rule": "equal_cuts"}), method_name("whole_orders(exact)")
/// ('equal_cuts', 'whole_orders(exact)')
#[pyfunction]
pub(crate) fn method_name(method: &Bound<'_, PyAny>) -> PyResult<String> {
    let read = crate::method::read(Some(method))?;
    let method = read.map_err(|fault| raised(method.py(), fault))?;
    Ok(method.to_string())
}

/// What a way to decide who is cut says to a customer.
///
/// >>> method_sentence("whole_orders(fewest_customers)")
/// 'complete orders are cancelled, as few as possible'
#[pyfunction]
pub(crate) fn method_sentence(method: &Bound<'_, PyAny>) -> PyResult<String> {
    let read = crate::method::read(Some(method))?;
    let method = read.map_err(|fault| raised(method.py(), fault))?;
    Ok(method.sentence())
}

/// What the cause of an idle unit means.
///
/// >>> idle_cause_sentence("no_demand")
/// 'nobody waits for it'
#[pyfunction]
pub(crate) fn idle_cause_sentence(py: Python<'_>, name: &str) -> PyResult<&'static str> {
    let mut all = IdleCause::ALL.iter();
    let cause = all.find(|cause| cause.name() == name);
    let names = || IdleCause::ALL.iter().map(|cause| cause.name()).collect();
    Ok(known(py, cause, "unknown_idle_cause", name, names)?.sentence())
}

/// What the cause of an overtake means.
///
/// >>> print(overtake_cause_sentence("misfit"))
/// the earlier one ships whole and did not fit...
#[pyfunction]
pub(crate) fn overtake_cause_sentence(py: Python<'_>, name: &str) -> PyResult<&'static str> {
    let mut all = OvertakeCause::ALL.iter();
    let cause = all.find(|cause| cause.name() == name);
    let names = || {
        OvertakeCause::ALL
            .iter()
            .map(|cause| cause.name())
            .collect()
    };
    Ok(known(py, cause, "unknown_overtake_cause", name, names)?.sentence())
}

/// A policy in its shortest words, as `Allocation.policy` has it.
///
/// >>> policy_name({"rule": "first_come", "completeness": "line", "on_misfit": "set_aside"})
/// 'first_come:line'
#[pyfunction]
pub(crate) fn policy_name(policy: &Bound<'_, PyAny>) -> PyResult<String> {
    let read = crate::policy::read(Some(policy))?;
    let policy = read.map_err(|fault| raised(policy.py(), fault))?;
    Ok(policy.to_string())
}

/// What a policy says to a customer.
///
/// >>> rule_sentence("one_each_per_round")
/// 'everybody gets a first unit before anybody gets a second, and so on; older orders first'
#[pyfunction]
pub(crate) fn rule_sentence(policy: &Bound<'_, PyAny>) -> PyResult<String> {
    let read = crate::policy::read(Some(policy))?;
    let policy = read.map_err(|fault| raised(policy.py(), fault))?;
    Ok(policy.sentence())
}

/// The order in which lines stand under a policy: what two of them are compared by, part by part.
///
/// >>> policy_standing("classes_first(draw_the_queue)")
/// 'priority+lot+placed_at+sequence'
#[pyfunction]
pub(crate) fn policy_standing(policy: &Bound<'_, PyAny>) -> PyResult<String> {
    let read = crate::policy::read(Some(policy))?;
    let policy = read.map_err(|fault| raised(policy.py(), fault))?;
    Ok(policy.standing().to_string())
}

/// The axioms that the rule of a policy is sure to keep, by name; `axiom_sentence` says what each
/// promises.
///
/// >>> "split_proof" in rule_keeps("first_come"), "split_proof" in rule_keeps("one_each_per_round")
/// (True, False)
#[pyfunction]
pub(crate) fn rule_keeps<'py>(policy: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyFrozenSet>> {
    let py = policy.py();
    let read = crate::policy::read(Some(policy))?;
    let policy = read.map_err(|fault| raised(py, fault))?;
    PyFrozenSet::new(py, policy.keeps().iter().map(Axiom::name))
}

/// What an axiom promises.
///
/// >>> axiom_sentence("split_proof")
/// 'two accounts side by side get no more than one'
#[pyfunction]
pub(crate) fn axiom_sentence(py: Python<'_>, name: &str) -> PyResult<&'static str> {
    let axiom = Axiom::ALL.iter().find(|axiom| axiom.name() == name);
    let names = || Axiom::ALL.iter().map(|axiom| axiom.name()).collect();
    Ok(known(py, axiom, "unknown_axiom", name, names)?.sentence())
}

fn reason(py: Python<'_>, name: &str) -> PyResult<&'static Reason> {
    let reason = Reason::ALL.iter().find(|reason| reason.name() == name);
    let names = || Reason::ALL.iter().map(|reason| reason.name()).collect();
    known(py, reason, "unknown_reason", name, names)
}

fn known<T>(
    py: Python<'_>,
    found: Option<T>,
    code: &'static str,
    name: &str,
    names: impl FnOnce() -> Vec<&'static str>,
) -> PyResult<T> {
    found.ok_or_else(|| {
        let what = format!("{:?} is none of {}", shortened(name), names().join(", "));
        raised(py, Fault::of_argument(code, what))
    })
}
