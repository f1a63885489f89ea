//! The threshold certificate: how far each SKU was handed out, and whether a unit is within.

use core::ffi::c_char;

use allocator_core::Threshold;

use crate::abi::{allocator_error, allocator_threshold};
use crate::allocation::{allocator_allocation, listing};
use crate::convert;
use crate::failure::Failure;
use crate::guard::guard;
use crate::handle::shared;
use crate::ids::Ids;
use crate::memory::{Slot, TextBuffer};
use crate::status::allocator_status;

/// The last unit served of every SKU that ran short, by SKU. Not here: SKUs of which every unit that
/// can be served is served, and those of which none is. Served is what is covered, before anything is
/// rounded down.
///
/// A unit is covered exactly where its key is no larger than that of the last unit served. The first
/// call that asks for a threshold, a key or a unit numbers the units of every claimant, once per
/// handle.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_thresholds(
    allocation: *const allocator_allocation,
    out: *mut allocator_threshold,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(allocation, out, out_len, needed) }?;
        let skus = &this.input.skus;
        let thresholds = this.certificate()?.thresholds().iter();
        out.fill_all(thresholds.map(|last| threshold(last, skus)), &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The key of a unit of line row in words that a support agent can read out, e.g. "unit 4, placed at
/// 2026-09-21T14:13:20Z, sequence 385"; 1 is the line's first unit. With row and unit of a threshold it
/// is the key of the last unit served. A unit that the line does not ask for is
/// ALLOCATOR_OUT_OF_RANGE.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_key_text(
    allocation: *const allocator_allocation,
    row: i64,
    unit: i64,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        let key = this.certificate()?.key(this.row(row)?, unit)?;
        text.write(&key.to_string())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Sets out to 1 where the key of a unit of line row is no larger than that of the last unit served of
/// its SKU, so that the unit is covered, else to 0; 1 is the line's first unit. A unit that the line
/// does not ask for is ALLOCATOR_OUT_OF_RANGE.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_unit_is_within(
    allocation: *const allocator_allocation,
    row: i64,
    unit: i64,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        let is_within = this.certificate()?.is_within(this.row(row)?, unit)?;
        out.put(is_within.into());
        Ok::<_, Failure>(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

fn threshold(last: &Threshold, skus: &Ids) -> allocator_threshold {
    allocator_threshold {
        sku: skus.outside(last.sku.0),
        row: convert::count(last.row),
        unit: last.unit,
    }
}
