//! Calls without a handle: allocate into the caller's rows, verify, validate.

use core::ffi::c_char;

use allocator_core::{
    Allocation, Grade, Outcome, OutcomeColumns, Policy, Reason, Violation, allocate_into, verify,
};

use crate::abi::*;
use crate::convert::{self, count};
use crate::failure::{Failure, copy_text};
use crate::guard::guard;
use crate::ids::Ids;
use crate::input::{Input, Raw};
use crate::memory::{Buffer, Slot, rows};
use crate::policy;
use crate::reported::Report;
use crate::status::allocator_status;
use allocator_law::*;
use allocator_status::*;
use allocator_table::*;

/// Decides who gets what: `out[i]` answers `lines[i]`. Nothing to free.
///
/// out_len must be lines_len or more. Pegs, idle units, overtakes, places and explanations come from
/// a handle: allocator_allocation_new.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocate(
    policy: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    out: *mut allocator_outcome,
    out_len: i64,
    err: *mut allocator_error,
) -> allocator_status {
    // SAFETY: the caller's word, as the header asks for it.
    unsafe {
        allocator_allocate_drawn(
            policy,
            lines,
            lines_len,
            supply,
            supply_len,
            core::ptr::null(),
            0,
            out,
            out_len,
            err,
        )
    }
}

/// As allocator_allocate, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
/// quantity of line 0, then of line 1, and so on. NULL: there are none.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocate_drawn(
    policy: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    unit_lots: *const i64,
    unit_lots_len: i64,
    out: *mut allocator_outcome,
    out_len: i64,
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
        let out = unsafe { Buffer::new(out, out_len, "out", "out_len") }?;
        out.fits(raw.lines.len())?;
        // SAFETY: as above.
        let policy = unsafe { policy::read(policy) }?;
        let allocation = outcomes(&Input::new(raw, &policy)?, &policy)?;
        out.fill(allocation.outcomes().map(convert::outcome));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Lists every fault of the input, in order of precedence; the first is the one that
/// allocator_allocate returns.
///
/// Returns ALLOCATOR_OK where there is none (and 0 in needed), else the first fault's status. Where
/// they do not all fit into faults, that is ALLOCATOR_BUFFER_TOO_SMALL.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_validate(
    policy: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    faults: *mut allocator_error,
    faults_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    // SAFETY: the caller's word, as the header asks for it.
    unsafe {
        allocator_validate_drawn(
            policy,
            lines,
            lines_len,
            supply,
            supply_len,
            core::ptr::null(),
            0,
            faults,
            faults_len,
            needed,
            err,
        )
    }
}

/// As allocator_validate, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
/// quantity of line 0, then of line 1, and so on. NULL: there are none.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_validate_drawn(
    policy: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    unit_lots: *const i64,
    unit_lots_len: i64,
    faults: *mut allocator_error,
    faults_len: i64,
    needed: *mut i64,
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
        let out = unsafe { Buffer::new(faults, faults_len, "faults", "faults_len") }?;
        // SAFETY: as above.
        let needed = unsafe { Slot::new(needed, "needed") }?;
        // SAFETY: as above.
        let policy = unsafe { policy::read(policy) }?;
        let faults = Input::all_faults(raw, &policy)?;
        let first = faults.first().cloned();
        out.fill_all(faults.into_iter().map(Failure::into_error), &needed)?;
        first.map_or(Ok(()), Err)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// What another system reports of a line, for allocator_verify: it asked for quantity and gets
/// allocated; the rest waits. Set the other fields where the system knows them.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_outcome_reported(
    quantity: i64,
    allocated: i64,
    out: *mut allocator_outcome,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(convert::outcome(Outcome::reported(quantity, allocated)));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Judges any result, ours or another system's, with code that shares nothing with what made it.
///
/// `outcomes[i]` answers `lines[i]`. pegs NULL (with pegs_len 0): the system has none, and they are not
/// looked at. idle NULL (with idle_len 0): the system does not say what is idle; any other pointer
/// with idle_len 0: it says that nothing is. ALLOCATOR_REASON_NONE in every outcome: the system gives
/// no reasons, and none is judged; in some outcomes only, it is ALLOCATOR_UNKNOWN_REASON.
/// Of an outcome, waiting and never are not read: they follow from the rest.
/// Returns ALLOCATOR_OK where every law holds (grade ordered) and ALLOCATOR_LAW_BROKEN where one
/// does not; both fill the verdict.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_verify(
    policy: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    outcomes: *const allocator_outcome,
    outcomes_len: i64,
    pegs: *const allocator_peg,
    pegs_len: i64,
    idle: *const allocator_idle,
    idle_len: i64,
    verdict: *mut allocator_verdict,
    err: *mut allocator_error,
) -> allocator_status {
    // SAFETY: the caller's word, as the header asks for it.
    unsafe {
        allocator_verify_drawn(
            policy,
            lines,
            lines_len,
            supply,
            supply_len,
            core::ptr::null(),
            0,
            outcomes,
            outcomes_len,
            pegs,
            pegs_len,
            idle,
            idle_len,
            verdict,
            err,
        )
    }
}

/// As allocator_verify, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
/// quantity of line 0, then of line 1, and so on. NULL: there are none.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_verify_drawn(
    policy: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    unit_lots: *const i64,
    unit_lots_len: i64,
    outcomes: *const allocator_outcome,
    outcomes_len: i64,
    pegs: *const allocator_peg,
    pegs_len: i64,
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
        let outcomes = unsafe { rows(outcomes, outcomes_len, "outcomes", "outcomes_len") }?;
        let (has_pegs, has_idle) = (!pegs.is_null(), !idle.is_null());
        // SAFETY: as above.
        let pegs = unsafe { rows(pegs, pegs_len, "pegs", "pegs_len") }?;
        // SAFETY: as above.
        let idle = unsafe { rows(idle, idle_len, "idle", "idle_len") }?;
        // SAFETY: as above.
        let verdict = unsafe { Slot::new(verdict, "verdict") }?;
        // SAFETY: as above.
        let policy = unsafe { policy::read(policy) }?;
        let input = Input::new(Raw { idle, ..raw }, &policy)?;
        if let Err(faults) = allocator_core::validate(&input.demand(), &input.supply, &policy)
            && let Some(fault) = faults.into_iter().next()
        {
            return Err(fault.into());
        }
        let report = Report {
            outcomes,
            pegs: has_pegs.then_some(pegs),
            idle: has_idle.then_some(idle),
        };
        judge(&input, &policy, &report.read(&input)?, &verdict)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The rows of a call.
///
/// # Safety
/// The pointers as [`rows`] asks.
pub(crate) unsafe fn raw<'a>(
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    unit_lots: *const i64,
    unit_lots_len: i64,
) -> Result<Raw<'a>, Failure> {
    let drawn = !unit_lots.is_null();
    // SAFETY: as above.
    let unit_lots = unsafe { rows(unit_lots, unit_lots_len, "unit_lots", "unit_lots_len") }?;
    Ok(Raw {
        // SAFETY: as above.
        lines: unsafe { rows(lines, lines_len, "lines", "lines_len") }?,
        // SAFETY: as above.
        supply: unsafe { rows(supply, supply_len, "supply", "supply_len") }?,
        idle: &[],
        unit_lots: drawn.then_some(unit_lots),
    })
}

/// Fills the verdict, and fails with it where a law is broken.
pub(crate) fn judge(
    input: &Input,
    policy: &Policy,
    allocation: &Allocation,
    out: &Slot<allocator_verdict>,
) -> Result<(), Failure> {
    let judged = verify(&input.demand(), &input.supply, policy, allocation);
    tell(judged, &input.skus, out)
}

/// Fills the verdict with a judgement, and fails with it where a law is broken.
pub(crate) fn tell(
    judged: Result<Grade, Violation>,
    skus: &Ids,
    out: &Slot<allocator_verdict>,
) -> Result<(), Failure> {
    let clean = |grade: Grade| allocator_verdict {
        grade: convert::grade(Some(grade)) as i32,
        law: ALLOCATOR_LAW_NONE as i32,
        row: -1,
        sku: -1,
        expected: 0,
        found: 0,
        has_figures: 0,
        reserved: [0; 7],
        what: [0; 64],
        message: [0; 256],
    };
    let violation = match judged {
        Ok(grade) => {
            out.put(clean(grade));
            return Ok(());
        }
        Err(violation) => violation,
    };
    let Some(law) = convert::law(violation.law) else {
        let message = violation.to_string();
        return Err(Failure::new(ALLOCATOR_OTHER, "", message));
    };
    let message = sentence(&violation, skus);
    let (expected, found) = figures(&violation, skus);
    let both = i64::try_from(expected).ok().zip(i64::try_from(found).ok());
    let (expected, found) = both.unwrap_or_default();
    let sku = violation.sku.map_or(-1, |sku| skus.outside(sku.0));
    let mut verdict = allocator_verdict {
        grade: convert::grade(violation.reached) as i32,
        law: law as i32,
        row: violation.row.map_or(-1, count),
        sku,
        expected,
        found,
        has_figures: both.is_some().into(),
        ..clean(Grade::Ordered)
    };
    copy_text(&mut verdict.what, violation.what);
    copy_text(&mut verdict.message, &message);
    out.put(verdict);
    let mut failure = Failure::new(ALLOCATOR_LAW_BROKEN, "", message);
    if let Some(row) = violation.row {
        failure = failure.at(ALLOCATOR_TABLE_OUTCOMES, row);
    }
    Err(failure)
}

/// The violation in one sentence, with the ids of the caller.
fn sentence(violation: &Violation, skus: &Ids) -> String {
    let Violation {
        law,
        row,
        sku,
        what,
        ..
    } = violation;
    let row = row.map_or_else(String::new, |row| format!("line row {row}, "));
    let sku = match sku {
        Some(sku) => format!("SKU {}", skus.outside(sku.0)),
        None => "the whole".to_owned(),
    };
    let (expected, found) = figures(violation, skus);
    format!("{law} is broken, {row}{sku}: {what} should be {expected} and is {found}")
}

/// What should be and what is; SKUs as the caller numbers them.
fn figures(violation: &Violation, skus: &Ids) -> (i128, i128) {
    let Violation {
        expected,
        found,
        figures_are_skus,
        ..
    } = *violation;
    if !figures_are_skus {
        return (expected, found);
    }
    let outside = |sku| u32::try_from(sku).map_or(sku, |sku| skus.outside(sku).into());
    (outside(expected), outside(found))
}

/// Allocates, without what only a handle can give.
fn outcomes(input: &Input, policy: &Policy) -> Result<Allocation, Failure> {
    let rows = input.lines.len();
    let (mut allocated, mut covered) = (vec![0; rows], vec![0; rows]);
    let (mut set_aside, mut reason) = (vec![0; rows], vec![Reason::Short; rows]);
    let mut columns = OutcomeColumns {
        allocated: &mut allocated,
        covered: Some(&mut covered),
        set_aside: Some(&mut set_aside),
        reason: Some(&mut reason),
    };
    allocate_into(&input.demand(), &input.supply, policy, &mut columns)?;
    let lines = input.lines.iter().map(|line| line.quantity);
    let columns = lines.zip(allocated).zip(covered).zip(set_aside).zip(reason);
    let outcome = |((((quantity, allocated), covered), set_aside), reason): (_, Reason)| {
        let mut outcome = Outcome::reported(quantity, allocated);
        outcome.covered = covered;
        outcome.set_aside = set_aside;
        outcome.reason = reason;
        outcome
    };
    // The boxes of what is left are the core's to fill.
    Ok(Allocation::reported(columns.map(outcome), None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocator_core::{DemandLine, Peg, Supply};

    fn broken(outcomes: [Outcome; 2], pegs: Option<Vec<Peg>>) -> Violation {
        let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2)];
        let supply = [Supply::received(7, 3), Supply::received(8, 3)];
        let allocation = Allocation::reported(outcomes, pegs);
        verify(&lines, &supply, &Policy::first_come(), &allocation).unwrap_err()
    }

    fn peg(row: u32, supply: u32, units: i64) -> Peg {
        Peg { row, supply, units }
    }

    #[test]
    fn a_violation_is_said_in_the_words_of_the_core() {
        let reported = |a, b| [Outcome::reported(2, a), Outcome::reported(2, b)];
        let astray = vec![peg(0, 0, 2), peg(1, 1, 1)];
        for violation in [
            broken(reported(1, 2), None),
            broken(reported(2, 2), None),
            broken(reported(2, 1), Some(astray)),
            broken(reported(2, 1), Some(vec![peg(9, 0, 1)])),
        ] {
            assert_eq!(sentence(&violation, &Ids::Same), violation.to_string());
        }
    }

    #[test]
    fn ids_in_a_violation_are_those_of_the_caller() {
        let skus = Ids::Ranked((0..9).map(|rank| 1_000_000_000_000 + rank).collect());
        let violation = broken(
            [Outcome::reported(2, 2), Outcome::reported(2, 1)],
            Some(vec![peg(0, 0, 2), peg(1, 1, 1)]),
        );
        assert_eq!(
            sentence(&violation, &skus),
            "every_unit_accounted is broken, line row 1, SKU 1000000000007: \
             SKU of a peg should be 1000000000007 and is 1000000000008",
        );
    }
}
