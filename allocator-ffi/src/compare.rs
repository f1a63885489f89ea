//! The handle of one comparison: the same shortage under several methods.

use core::ffi::c_char;

use allocator_core::{Compared, Comparison, CutMethod, compare_with};

use crate::abi::*;
use crate::abi_cancel::*;
use crate::batch::raw;
use crate::convert::{amount, digest};
use crate::failure::{Failure, copy_text};
use crate::guard::guard;
use crate::handle::{self, Opaque, shared};
use crate::input::Input;
use crate::memory::{Buffer, Slot, TextBuffer, rows};
use crate::method;
use crate::metrics::metrics;
use crate::plan::optimality;
use crate::status::allocator_status;
use allocator_status::ALLOCATOR_NO_SUCH_ROW;
use allocator_table::ALLOCATOR_TABLE_NONE;

/// A comparison. Made by allocator_comparison_new, never changed afterwards.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct allocator_comparison {
    _opaque: (),
}

impl Opaque for allocator_comparison {
    type Held = Comparison;
    const MAGIC: u64 = 0x616c_6c6f_6361_7406;
}

/// Plans the same cancellations by every method, measures the plans, and keeps the figures in *out,
/// which the caller frees with allocator_comparison_free. On an error *out is NULL.
///
/// methods are NUL-terminated texts as allocator_plan_new takes them. previous is what each line kept in
/// the plan before, or NULL; terms and unit_lots may be NULL as for allocator_plan_new_drawn. Errors are
/// those of allocator_plan_new under any of the methods; where a method's text is at fault, row is its
/// place in methods.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_comparison_new(
    methods: *const *const c_char,
    methods_len: i64,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    unit_lots: *const i64,
    unit_lots_len: i64,
    terms: *const allocator_cancel_terms,
    previous: *const i64,
    previous_len: i64,
    out: *mut *mut allocator_comparison,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(core::ptr::null_mut());
        // SAFETY: as above.
        let texts = unsafe { rows(methods, methods_len, "methods", "methods_len") }?;
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
        let is_known = !previous.is_null();
        // SAFETY: as above.
        let previous = unsafe { rows(previous, previous_len, "previous", "previous_len") }?;
        // SAFETY: as above.
        let methods = unsafe { read_methods(texts) }?;
        let first = methods.first().copied().unwrap_or_default();
        // SAFETY: as above.
        let terms = unsafe { method::read_terms(terms, first) }?;
        let input = Input::new(raw, &first.policy())?;
        let name = |row: usize| raw.lines.get(row).map_or(0, |line| line.line).to_string();
        out.put(handle::make(compare_with(
            &input.demand(),
            &input.supply,
            terms,
            &methods,
            is_known.then_some(previous),
            name,
        )?));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Frees a comparison; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_comparison_free(comparison: *mut allocator_comparison) {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        unsafe { handle::free(comparison) };
        Ok(())
    };
    // SAFETY: NULL is allowed.
    unsafe { guard(core::ptr::null_mut(), body) };
}

/// What each method comes to: `out[i]` answers `methods[i]`. A number of units above INT64_MAX is
/// ALLOCATOR_OUT_OF_RANGE; allocator_comparison_text has it.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_comparison_rows(
    comparison: *const allocator_comparison,
    out: *mut allocator_comparison_row,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(comparison, "comparison") }?;
        // SAFETY: as above.
        let out = unsafe { Buffer::new(out, out_len, "out", "out_len") }?;
        // SAFETY: as above.
        let needed = unsafe { Slot::new(needed, "needed") }?;
        let table: Vec<_> = this.rows().iter().map(row).collect::<Result<_, _>>()?;
        out.fill_all(table, &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The table that a manager reads: two lines of headings, then a line for each method.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_comparison_text(
    comparison: *const allocator_comparison,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(comparison, "comparison") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(&this.to_string())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The method of a row, as allocator_method_name says it.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_comparison_method(
    comparison: *const allocator_comparison,
    row: i64,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(comparison, "comparison") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        let known = usize::try_from(row).ok();
        match known.and_then(|row| this.rows().get(row)) {
            Some(row) => text.write(&row.method.to_string()),
            None => Err(no_such_row(row, this.rows().len())),
        }
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// # Safety
/// Each text is NULL or leads to a NUL.
unsafe fn read_methods(texts: &[*const c_char]) -> Result<Vec<CutMethod>, Failure> {
    let read = |(index, &text): (usize, &*const c_char)| {
        // SAFETY: as above.
        let method = unsafe { method::read(text) };
        method.map_err(|fault| fault.at(ALLOCATOR_TABLE_NONE, index))
    };
    texts.iter().enumerate().map(read).collect()
}

fn no_such_row(row: i64, rows: usize) -> Failure {
    let message = format!("there is no row {row}: the comparison has {rows}");
    let mut failure = Failure::new(ALLOCATOR_NO_SUCH_ROW, "row", message);
    failure.row = row;
    failure
}

fn row(of: &Compared) -> Result<allocator_comparison_row, Failure> {
    let mut row = allocator_comparison_row {
        metrics: metrics(&of.metrics)?,
        compensation: amount(of.compensation),
        optimality: optimality(of.optimality),
        one_off: of.one_off.map_or(-1, |why| why.number().into()),
        digest: [0; 40],
    };
    copy_text(&mut row.digest, &digest(of.digest));
    Ok(row)
}
