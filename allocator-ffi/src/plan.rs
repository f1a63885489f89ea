//! The handle of one plan of cancellations.

use core::ffi::c_char;

use allocator_core::{
    CancellationPlan, Interner, Optimality, PlanTotals, PlannedLine, plan_cancellations,
};

use crate::abi::*;
use crate::abi_cancel::*;
use crate::batch::raw;
use crate::convert::{self, amount, total};
use crate::failure::{Failure, known_row};
use crate::guard::guard;
use crate::handle::{self, Opaque, Shared, shared};
use crate::ids::Ids;
use crate::input::Input;
use crate::interner::{allocator_interner, known, name_of, optional};
use crate::memory::{Buffer, Slot, TextBuffer};
use crate::method;
use crate::status::allocator_status;
use allocator_status::ALLOCATOR_NO_SUCH_ID;
use allocator_table::ALLOCATOR_TABLE_LINES;

/// A plan of cancellations. Made by allocator_plan_new, never changed afterwards.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct allocator_plan {
    _opaque: (),
}

impl Opaque for allocator_plan {
    type Held = Planned;
    const MAGIC: u64 = 0x616c_6c6f_6361_7405;
}

/// What the handle holds.
pub(crate) struct Planned {
    plan: CancellationPlan,
    line_ids: Ids,
    skus: Ids,
}

/// Decides who is cut when there is not enough for good, and keeps the plan in *out, which the caller
/// frees with allocator_plan_free. On an error *out is NULL.
///
/// method is a policy ("one_each_per_round"), "largest_remainder", or "whole_orders(aim)" with an aim of
/// allocator_select_orders. Supply is all that was received, claims are the original ones. terms may be
/// NULL. Its columns are checked after the lines: ALLOCATOR_LENGTH_MISMATCH, ALLOCATOR_MISSING_COLUMN
/// (least_refund without prices), ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_NEEDS_SINGLE_UNITS,
/// ALLOCATOR_UNSOUND_RULE, ALLOCATOR_MONEY_TOO_LARGE. ALLOCATOR_DRAW_REQUIRED: somebody is cut, the rule
/// reads lots, and all of them are 0.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_new(
    method: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    terms: *const allocator_cancel_terms,
    out: *mut *mut allocator_plan,
    err: *mut allocator_error,
) -> allocator_status {
    // SAFETY: the caller's word, as the header asks for it.
    unsafe {
        allocator_plan_new_drawn(
            method,
            lines,
            lines_len,
            supply,
            supply_len,
            core::ptr::null(),
            0,
            terms,
            out,
            err,
        )
    }
}

/// As allocator_plan_new, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
/// quantity of line 0, then of line 1, and so on. NULL: there are none.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_new_drawn(
    method: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    unit_lots: *const i64,
    unit_lots_len: i64,
    terms: *const allocator_cancel_terms,
    out: *mut *mut allocator_plan,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(core::ptr::null_mut());
        // SAFETY: as above.
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
        let method = unsafe { method::read(method) }?;
        // SAFETY: as above.
        let terms = unsafe { method::read_terms(terms, method) }?;
        let input = Input::new(raw, &method.policy())?;
        let plan = plan_cancellations(&input.demand(), &input.supply, terms)?;
        let Input { line_ids, skus, .. } = input;
        out.put(handle::make(Planned {
            plan,
            line_ids,
            skus,
        }));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Frees a plan; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_free(plan: *mut allocator_plan) {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        unsafe { handle::free(plan) };
        Ok(())
    };
    // SAFETY: NULL is allowed.
    unsafe { guard(core::ptr::null_mut(), body) };
}

/// What becomes of each line: `out[i]` answers `lines[i]`.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_lines(
    plan: *const allocator_plan,
    out: *mut allocator_planned_line,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(plan, out, out_len, needed) }?;
        let lines = this.plan.lines().iter();
        out.fill_all(lines.map(|line| this.line(line)), &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Received units that nobody keeps, by SKU, and why.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_idle(
    plan: *const allocator_plan,
    out: *mut allocator_idle,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(plan, out, out_len, needed) }?;
        let idle = this.plan.idle().iter();
        out.fill_all(idle.map(|idle| convert::idle(idle, &this.skus)), &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// What would have to be received beside what was for line row `row` to keep every unit: the smallest
/// number of each SKU, and any larger number does too. None where it keeps everything, where no number
/// helps, and in plans by the largest remainder or of chosen whole orders, which promise nothing.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_more_units(
    plan: *const allocator_plan,
    row: i64,
    out: *mut allocator_more_units,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(plan, out, out_len, needed) }?;
        let more = this.plan.more_units(this.row(row)?)?;
        let more = more.iter();
        out.fill_all(
            more.map(|more| convert::more_units(more, &this.skus)),
            &needed,
        )
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The plan in figures. A number of units above INT64_MAX is ALLOCATOR_OUT_OF_RANGE;
/// allocator_plan_text has it.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_totals(
    plan: *const allocator_plan,
    out: *mut allocator_plan_sums,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(plan, "plan") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(totals(&this.plan.totals())?);
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The figures in one sentence.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_text(
    plan: *const allocator_plan,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let said = |this: &Planned| Ok(this.plan.to_string());
    // SAFETY: the caller's word, as the header asks for it.
    unsafe { say(plan, text, text_len, needed, err, said) }
}

/// How it was decided, as allocator_method_name says it.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_method(
    plan: *const allocator_plan,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let said = |this: &Planned| Ok(this.plan.method().to_string());
    // SAFETY: the caller's word, as the header asks for it.
    unsafe { say(plan, text, text_len, needed, err, said) }
}

/// What the customer of line row `row` can be told: what arrived, the rule, what he keeps, and what would
/// have been enough. Amounts of money are not in it.
///
/// SKUs are named by their texts in sku_names, where that interner is given and knows the id; else as
/// "item 7".
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_sentence(
    plan: *const allocator_plan,
    row: i64,
    sku_names: *const allocator_interner,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let said = |this: &Planned| {
        // SAFETY: the caller's word, as the header asks for it.
        let names = unsafe { optional(sku_names, "sku_names") }?;
        let sku = |sku: allocator_core::SkuId| {
            name_of(names.as_deref(), "item", this.skus.outside(sku.0))
        };
        Ok(this.plan.sentence_with(this.row(row)?, sku)?)
    };
    // SAFETY: as above.
    unsafe { say(plan, text, text_len, needed, err, said) }
}

/// The digest of the plan in 32 hexadecimal digits, the same in every language: the plan that was shown
/// is the plan that is carried out. It does not depend on the order of the rows.
///
/// Lines are named by their texts in line_names, where that interner is given (one that does not know a
/// line is ALLOCATOR_NO_SUCH_ID); else by their ids in decimal.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_digest(
    plan: *const allocator_plan,
    line_names: *const allocator_interner,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let said = |this: &Planned| {
        // SAFETY: the caller's word, as the header asks for it.
        let names = unsafe { optional(line_names, "line_names") }?;
        let names = this.line_names(names.as_deref())?;
        let name = |row: usize| names.get(row).map_or("", String::as_str);
        Ok(convert::digest(this.plan.digest_with(name)))
    };
    // SAFETY: as above.
    unsafe { say(plan, text, text_len, needed, err, said) }
}

/// Sets out to an allocator_one_off where more supply or a cancellation may take a unit from somebody who
/// stays, else to -1.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_one_off(
    plan: *const allocator_plan,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(plan, "plan") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(this.plan.one_off().map_or(-1, |why| why.number().into()));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// How near the best choice of whole orders the plan is.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_plan_optimality(
    plan: *const allocator_plan,
    out: *mut allocator_optimality,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(plan, "plan") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(optimality(this.plan.optimality()));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

impl Planned {
    /// A row that was asked about.
    fn row(&self, row: i64) -> Result<usize, Failure> {
        known_row(row, self.plan.len())
    }

    fn line(&self, line: &PlannedLine) -> allocator_planned_line {
        allocator_planned_line {
            line: self.line_ids.outside(line.line.0),
            sku: self.skus.outside(line.sku.0),
            quantity: line.quantity,
            kept: line.kept,
            cut: line.cut,
            given: line.given,
            volunteered: line.volunteered,
            credit_spent: line.credit_spent,
            refund: amount(line.refund.unwrap_or(0)),
            compensation: amount(line.compensation),
            reason: line.reason.number(),
            has_refund: line.refund.is_some().into(),
            reserved: [0; 6],
        }
    }

    /// The names of the lines, by row.
    fn line_names(&self, names: Option<&Interner>) -> Result<Vec<String>, Failure> {
        let lines = self.plan.lines().iter().enumerate();
        let name = |(row, line): (usize, &PlannedLine)| {
            let id = self.line_ids.outside(line.line.0);
            let Some(names) = names else {
                return Ok(id.to_string());
            };
            let unknown = || {
                let message = format!("lines row {row}, line: line_names has no text for {id}");
                Failure::new(ALLOCATOR_NO_SUCH_ID, "line", message).at(ALLOCATOR_TABLE_LINES, row)
            };
            known(names, id).map(str::to_owned).ok_or_else(unknown)
        };
        lines.map(name).collect()
    }
}

fn totals(sums: &PlanTotals) -> Result<allocator_plan_sums, Failure> {
    Ok(allocator_plan_sums {
        ordered: total("ordered", sums.ordered)?,
        received: total("received", sums.received)?,
        kept: total("kept", sums.kept)?,
        cut: total("cut", sums.cut)?,
        volunteered: total("volunteered", sums.volunteered)?,
        credit_spent: total("credit_spent", sums.credit_spent)?,
        idle: total("idle", sums.idle)?,
        lines_cut: total("lines_cut", sums.lines_cut.into())?,
        lines_cancelled: total("lines_cancelled", sums.lines_cancelled.into())?,
        refund: amount(sums.refund.unwrap_or(0)),
        compensation: amount(sums.compensation),
        has_refund: sums.refund.is_some().into(),
        reserved: [0; 7],
    })
}

pub(crate) fn optimality(of: Option<Optimality>) -> allocator_optimality {
    let (p, q) = match of {
        Some(Optimality::Within { p, q }) => (p, q),
        Some(Optimality::Exact) | None => (0, 0),
    };
    allocator_optimality {
        p: amount(p),
        q: amount(q),
        is_choice: of.is_some().into(),
        is_exact: (of == Some(Optimality::Exact)).into(),
        reserved: [0; 6],
    }
}

/// Writes something that a plan says.
///
/// # Safety
/// As for the functions above.
unsafe fn say(
    plan: *const allocator_plan,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
    said: impl Fn(&Planned) -> Result<String, Failure>,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(plan, "plan") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(&said(&this)?)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The handle, the array to fill, and where to say how many there are.
type Listing<'a, T> = (Shared<'a, Planned>, Buffer<T>, Slot<i64>);

/// The arguments of a function that lists something.
///
/// # Safety
/// As [`shared`] and [`Buffer::new`].
unsafe fn listing<'a, T>(
    plan: *const allocator_plan,
    out: *mut T,
    out_len: i64,
    needed: *mut i64,
) -> Result<Listing<'a, T>, Failure> {
    Ok((
        // SAFETY: as above.
        unsafe { shared(plan, "plan") }?,
        // SAFETY: as above.
        unsafe { Buffer::new(out, out_len, "out", "out_len") }?,
        // SAFETY: as above.
        unsafe { Slot::new(needed, "needed") }?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_keeps_its_two_figures_apart() {
        let told = optimality(Some(Optimality::Within { p: 7, q: 1 << 64 }));
        assert_eq!((told.p.low, told.p.high), (7, 0));
        assert_eq!((told.q.low, told.q.high), (0, 1));
        assert_eq!((told.is_choice, told.is_exact), (1, 0));
        let exact = optimality(Some(Optimality::Exact));
        assert_eq!((exact.is_choice, exact.is_exact), (1, 1));
        assert_eq!(optimality(None).is_choice, 0);
    }
}
