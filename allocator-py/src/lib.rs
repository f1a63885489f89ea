//! Python face of `allocator-core`: convert, call, convert. What is decided is decided in the core.
//!
//! A call runs in three steps. *Gather* reads Python objects and Arrow capsules into columns, with
//! the interpreter lock held. *Read* turns columns into the dense integers the core takes, notes what
//! is wrong, and *call* runs the core; both without the lock. Results keep the outside ids beside the
//! core's numbers and become Python objects or Arrow columns when somebody looks at them.
#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod alignment;
mod allocation;
mod arrow;
mod asked;
mod buffer;
mod by_id;
mod capsule;
mod cell;
mod chances;
mod column;
mod compare;
mod decided;
mod draw;
mod error;
mod event;
mod explanation;
mod fault;
mod figure;
mod gather;
mod given;
mod html;
mod ids;
mod increment;
mod input;
mod interner;
mod method;
mod metrics;
mod names;
mod near;
mod one_off;
mod outside;
mod plan;
mod planned;
mod policy;
mod reading;
mod reported;
mod select;
mod selected;
mod single;
mod sku_types;
mod summary;
mod table;
mod terms;
mod threshold;
mod totals;
mod values;
mod verify;
mod verify_plan;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::allocation::{Allocation, Explanations, allocate, restore_allocation};
    #[pymodule_export]
    use crate::chances::{Chances, chances, restore_chances};
    #[pymodule_export]
    use crate::compare::{Compared, Comparison, compare, restore_compared, restore_comparison};
    #[pymodule_export]
    use crate::draw::{
        Draw, DrawRequired, beacon_randomness, beacon_round, beacon_time, chain_code,
        chain_commitment, commitment, draw_required,
    };
    #[pymodule_export]
    use crate::error::{AllocatorError, AllocatorWarning, LawBroken};
    #[pymodule_export]
    use crate::event::{ShortageEvent, restore_shortage_event, shortage_events};
    #[pymodule_export]
    use crate::explanation::{Explanation, explain, restore_explanation};
    #[pymodule_export]
    use crate::input::validate;
    #[pymodule_export]
    use crate::interner::{Interner, restore_interner};
    #[pymodule_export]
    use crate::metrics::{Metrics, Moved, metrics, restore_metrics, restore_moved};
    #[pymodule_export]
    use crate::names::{
        axiom_sentence, cut_reason_sentence, idle_cause_sentence, method_name, method_sentence,
        overtake_cause_sentence, policy_name, policy_standing, reason_is_never, reason_sentence,
        rule_keeps, rule_sentence,
    };
    #[pymodule_export]
    use crate::one_off::{OneOff, Optimality, restore_one_off, restore_optimality};
    #[pymodule_export]
    use crate::plan::{CancellationPlan, plan_cancellations, restore_plan};
    #[pymodule_export]
    use crate::select::select_orders;
    #[pymodule_export]
    use crate::selected::{Selected, Selection, restore_selected, restore_selection};
    #[pymodule_export]
    use crate::summary::{Summary, restore_summary};
    #[pymodule_export]
    use crate::table::{Table, restore_table};
    #[pymodule_export]
    use crate::threshold::{Threshold, restore_threshold};
    #[pymodule_export]
    use crate::totals::{PlanTotals, restore_plan_totals};
    #[pymodule_export]
    use crate::verify::verify;
    #[pymodule_export]
    use crate::verify_plan::verify_plan;

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        crate::names::add_lists(module)?;
        crate::error::set_defaults(module.py())
    }
}
