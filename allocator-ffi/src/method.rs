//! How it is decided who is cut, from text, and the terms beside it.

use core::ffi::c_char;

use allocator_core::{CancelTerms, CutMethod};

use crate::abi::{allocator_error, allocator_limit};
use crate::abi_cancel::allocator_cancel_terms;
use crate::failure::Failure;
use crate::guard::guard;
use crate::memory::{TextBuffer, rows, terminated};
use crate::policy;
use crate::status::allocator_status;
use allocator_status::*;

/// Writes the short form of a method: a policy's name, "largest_remainder", or "whole_orders(aim)" with
/// an aim of allocator_select_orders. A way to check one.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_method_name(
    method: *const c_char,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    // SAFETY: the caller's word, as the header asks for it.
    unsafe { say(method, text, text_len, needed, err, CutMethod::to_string) }
}

/// Writes what a method says to a customer: one sentence without its full stop.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_method_sentence(
    method: *const c_char,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    // SAFETY: the caller's word, as the header asks for it.
    unsafe { say(method, text, text_len, needed, err, CutMethod::sentence) }
}

/// Writes something that is said of a method.
///
/// # Safety
/// As for the functions above.
unsafe fn say(
    method: *const c_char,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
    said: impl Fn(&CutMethod) -> String,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        // SAFETY: as above.
        let method = unsafe { read(method) }?;
        text.write(&said(&method))
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The method behind the argument `method`.
///
/// # Safety
/// `method` is NULL or leads to a NUL.
pub(crate) unsafe fn read(method: *const c_char) -> Result<CutMethod, Failure> {
    let most = allocator_limit::ALLOCATOR_MAX_POLICY_BYTES as usize;
    // SAFETY: as above.
    let Some(text) = (unsafe { terminated(method, most, "method") })? else {
        let message = format!("method: it is longer than {most} bytes");
        return Err(Failure::new(ALLOCATOR_INVALID_POLICY, "method", message));
    };
    if text.trim_start().starts_with('{') {
        return policy::parse(text).map(CutMethod::Policy);
    }
    Ok(text.parse::<CutMethod>()?)
}

/// The terms behind the argument `terms`, with this method.
///
/// # Safety
/// `terms` is NULL or can be read, and so can its columns.
pub(crate) unsafe fn read_terms<'a>(
    terms: *const allocator_cancel_terms,
    method: CutMethod,
) -> Result<CancelTerms<'a>, Failure> {
    let none = CancelTerms::from(method);
    if terms.is_null() {
        return Ok(none);
    }
    // SAFETY: as above.
    let given = unsafe { rows(terms, 1, "terms", "terms") }?;
    let Some(&given) = given.first() else {
        return Ok(none);
    };
    if given.reserved != [0; 2] {
        let message = "terms, reserved: every byte must be 0".into();
        return Err(Failure::new(
            ALLOCATOR_RESERVED_NOT_ZERO,
            "reserved",
            message,
        ));
    }
    let column = |pointer: *const i64, name| {
        if pointer.is_null() {
            return Ok(None);
        }
        // SAFETY: as above.
        unsafe { rows(pointer, given.rows, name, "rows") }.map(Some)
    };
    Ok(CancelTerms {
        unit_price: column(given.unit_price, "unit_price")?,
        given: column(given.given, "given")?,
        credit: column(given.credit, "credit")?,
        offered: column(given.offered, "offered")?,
        asked: column(given.asked, "asked")?,
        ..none
    })
}
