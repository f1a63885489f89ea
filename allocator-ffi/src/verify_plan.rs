//! The auditor of plans, for this library's and for another system's.

use core::ffi::c_char;

use allocator_core::{CancellationPlan, CutReason, PlannedLine, validate, verify_plan};

use crate::abi::*;
use crate::abi_cancel::*;
use crate::batch::{raw, tell};
use crate::convert::money;
use crate::failure::Failure;
use crate::guard::guard;
use crate::input::{Input, Raw};
use crate::memory::{Slot, rows};
use crate::method;
use crate::reported::{At, every, idle_rows};
use crate::status::allocator_status;
use allocator_status::ALLOCATOR_UNKNOWN_REASON;
use allocator_table::ALLOCATOR_TABLE_OUTCOMES;

/// Judges any plan of cancellations, ours or another system's, with code that shares nothing with what
/// made it.
///
/// `planned[i]` answers `lines[i]`, as allocator_plan_lines writes it; idle are the units that nobody keeps,
/// as allocator_plan_idle writes them. method, terms and unit_lots are those of
/// allocator_plan_new_drawn. Returns ALLOCATOR_OK where every law holds that the method can be judged by
/// (ordered for a policy under which every line may ship in part and for the largest remainder, legal for
/// the rest), and ALLOCATOR_LAW_BROKEN where one does not; both fill the verdict.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_verify_plan(
    method: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    unit_lots: *const i64,
    unit_lots_len: i64,
    terms: *const allocator_cancel_terms,
    planned: *const allocator_planned_line,
    planned_len: i64,
    idle: *const allocator_idle,
    idle_len: i64,
    verdict: *mut allocator_verdict,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let raw = unsafe {
            raw(
                lines,
                lines_len,
                supply,
                supply_len,
                unit_lots,
                unit_lots_len,
            )
        }?;
        // SAFETY: as above.
        let planned = unsafe { rows(planned, planned_len, "planned", "planned_len") }?;
        // SAFETY: as above.
        let idle = unsafe { rows(idle, idle_len, "idle", "idle_len") }?;
        // SAFETY: as above.
        let verdict = unsafe { Slot::new(verdict, "verdict") }?;
        // SAFETY: as above.
        let method = unsafe { method::read(method) }?;
        // SAFETY: as above.
        let terms = unsafe { method::read_terms(terms, method) }?;
        let policy = method.policy();
        let input = Input::new(Raw { idle, ..raw }, &policy)?;
        let faults = validate(&input.demand(), &input.supply, &policy).err();
        if let Some(fault) = faults.into_iter().flatten().next() {
            return Err(fault.into());
        }
        let line = |row, given: &_| planned_line(row, given, raw.lines, &input);
        let planned = every(planned, line)?;
        let idle = idle_rows(idle, &input)?;
        let plan = CancellationPlan::reported(method, planned, idle, &input.supply)?;
        let judged = verify_plan(&input.demand(), &input.supply, terms, &plan);
        tell(judged, &input.skus, &verdict)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

fn planned_line(
    row: usize,
    given: &allocator_planned_line,
    lines: &[allocator_line],
    input: &Input,
) -> Result<PlannedLine, Failure> {
    let at = At {
        table: ALLOCATOR_TABLE_OUTCOMES,
        name: "planned",
        row,
    };
    // Told here, where the ids are the caller's.
    if let Some(line) = lines.get(row) {
        for (field, value, expected) in [
            ("line", given.line, line.line),
            ("sku", given.sku, line.sku),
        ] {
            if value != expected {
                return Err(at.out_of_range(field, value, (expected, expected)));
            }
        }
    }
    let Some(reason) = CutReason::from_number(given.reason) else {
        let what = format!("there is no code {}", given.reason);
        return Err(at.fault(ALLOCATOR_UNKNOWN_REASON, "reason", &what));
    };
    if given.has_refund > 1 {
        return Err(at.out_of_range("has_refund", given.has_refund.into(), (0, 1)));
    }
    at.zeros(&given.reserved)?;
    let (line, sku) = (
        input.line_ids.dense(given.line),
        input.skus.dense(given.sku),
    );
    let mut planned = PlannedLine::reported(line, sku, given.quantity, given.kept);
    planned.cut = given.cut;
    planned.given = given.given;
    planned.volunteered = given.volunteered;
    planned.credit_spent = given.credit_spent;
    planned.refund = (given.has_refund == 1).then(|| money(given.refund));
    planned.compensation = money(given.compensation);
    planned.reason = reason;
    Ok(planned)
}
