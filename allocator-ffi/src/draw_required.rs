//! What has to be drawn: a list of labels, its hash, and what is announced before the draw.

use core::ffi::c_char;

use allocator_core::{DrawRequired, Error, LabelFault, Sha256Digest, limits};

use crate::abi::{allocator_error, allocator_limit};
use crate::convert::count;
use crate::failure::Failure;
use crate::guard::guard;
use crate::handle::{self, Opaque, shared};
use crate::memory::{Slot, TextBuffer, rows, terminated};
use crate::policy;
use crate::status::allocator_status;

/// What has to be drawn of a frozen list. Made by allocator_draw_required_new, never changed afterwards.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct allocator_draw_required {
    _opaque: (),
}

impl Opaque for allocator_draw_required {
    type Held = DrawRequired;
    const MAGIC: u64 = 0x616c_6c6f_6361_7403;
}

/// What a policy needs drawn of these rows, in *out, which the caller frees with
/// allocator_draw_required_free; NULL, with ALLOCATOR_OK, where the policy reads no lots.
///
/// labels is UTF-8 with the label of a row on each line; a line feed behind the last is fine. Lines of one
/// label share a lot. units are the units of each row, only looked at where each unit is drawn
/// (draw_each_unit): the k-th of a row is then drawn as label#k, and no two rows have one label.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_required_new(
    policy: *const c_char,
    labels: *const c_char,
    labels_len: i64,
    units: *const i64,
    units_len: i64,
    out: *mut *mut allocator_draw_required,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(core::ptr::null_mut());
        // SAFETY: as above.
        let labels = unsafe { rows(labels.cast::<u8>(), labels_len, "labels", "labels_len") }?;
        // SAFETY: as above.
        let units = unsafe { rows(units, units_len, "units", "units_len") }?;
        // SAFETY: as above.
        let policy = unsafe { policy::read(policy) }?;
        if let Some(required) = DrawRequired::new(&policy, &lines(labels)?, units)? {
            out.put(handle::make(required));
        }
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Frees what allocator_draw_required_new made; NULL is fine. Freeing twice, or using it afterwards, is
/// forbidden.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_required_free(required: *mut allocator_draw_required) {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        unsafe { handle::free(required) };
        Ok(())
    };
    // SAFETY: NULL is allowed.
    unsafe { guard(core::ptr::null_mut(), body) };
}

/// How many rows, and how many different labels are drawn.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_required_counts(
    required: *const allocator_draw_required,
    rows: *mut i64,
    entries: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(required, "required") }?;
        // SAFETY: as above.
        let rows = unsafe { Slot::new(rows, "rows") }?;
        // SAFETY: as above.
        let entries = unsafe { Slot::new(entries, "entries") }?;
        rows.put(count(this.rows()));
        entries.put(count(this.entries()));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Writes what gets a lot: "lines", "units" or "lines_and_units".
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_required_drawn(
    required: *const allocator_draw_required,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(required, "required") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(this.drawn().name())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Writes the hash of the canonical list, as sha256sum prints it.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_required_list_hash(
    required: *const allocator_draw_required,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(required, "required") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(&this.list_hash().to_string())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Writes the canonical list: every label once, in the order of bytes, each followed by a line feed.
/// "LC_ALL=C sort -u" makes the same of a file.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_required_list(
    required: *const allocator_draw_required,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(required, "required") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(&this.list())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Writes what is published before the draw: policy, list hash, commitment, which draw of a hash chain it is
/// (1 where the code is used once), and the round of a public beacon, -1 where none is mixed in.
/// allocator_draw_new takes this text.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_required_announce(
    required: *const allocator_draw_required,
    commitment: *const c_char,
    draw: i64,
    round: i64,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(required, "required") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        // SAFETY: as above.
        let commitment = unsafe { record(commitment, "commitment") }?;
        let commitment: Sha256Digest = commitment.parse()?;
        let draw = argument("draw", draw, 1, limits::MAX_CHAINED_DRAWS.into())?;
        let draw = u32::try_from(draw).unwrap_or(u32::MAX);
        let round = argument("round", round, -1, i64::MAX)?;
        let announced = this.announce(commitment, draw, u64::try_from(round).ok())?;
        text.write(&announced.to_string())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The labels of a text with one on each line.
pub(crate) fn lines(text: &[u8]) -> Result<Vec<&str>, Failure> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let lines = text.split(|&byte| byte == b'\n').enumerate();
    let label = |(row, line)| {
        core::str::from_utf8(line).map_err(|_| {
            let fault = LabelFault::NotUtf8;
            Failure::from(Error::BadLabel { row, fault })
        })
    };
    lines.map(label).collect()
}

/// A published text, up to its NUL.
///
/// # Safety
/// `text` is NULL or leads to a NUL.
pub(crate) unsafe fn record<'a>(
    text: *const c_char,
    name: &'static str,
) -> Result<&'a str, Failure> {
    let most = allocator_limit::ALLOCATOR_MAX_RECORD_BYTES as usize;
    // SAFETY: as above.
    let text = unsafe { terminated(text, most, name) }?;
    text.ok_or_else(|| Error::BadRecord { field: name }.into())
}

/// A number inside its range.
pub(crate) fn argument(
    field: &'static str,
    value: i64,
    min: i64,
    max: i64,
) -> Result<i64, Failure> {
    if (min..=max).contains(&value) {
        return Ok(value);
    }
    Err(Failure::out_of_range(
        field,
        value.into(),
        (min.into(), max.into()),
    ))
}
