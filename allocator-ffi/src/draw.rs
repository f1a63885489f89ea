//! The draw: what was announced, with the code and the randomness revealed, and the lots that follow.

use core::ffi::c_char;

use allocator_core::{Announcement, Draw, Pulse};

use crate::abi::allocator_error;
use crate::draw_required::{allocator_draw_required, record};
use crate::guard::guard;
use crate::handle::{self, Opaque, shared};
use crate::memory::{Buffer, Slot, TextBuffer, rows, text as text_of};
use crate::status::allocator_status;

/// A draw. Made by allocator_draw_new or allocator_draw_read, never changed afterwards.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct allocator_draw {
    _opaque: (),
}

impl Opaque for allocator_draw {
    type Held = Draw;
    const MAGIC: u64 = 0x616c_6c6f_6361_7404;
}

/// Makes the draw of the code that was committed to and of what the announced round said, in *out, which the
/// caller frees with allocator_draw_free. On an error *out is NULL.
///
/// announcement is the NUL-terminated text of allocator_draw_required_announce; code and randomness are
/// bytes. randomness is NULL and 0 where no round was announced; for drand it is what
/// allocator_beacon_randomness gives.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_new(
    announcement: *const c_char,
    code: *const u8,
    code_len: i64,
    randomness: *const u8,
    randomness_len: i64,
    out: *mut *mut allocator_draw,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(core::ptr::null_mut());
        // SAFETY: as above.
        let announcement = unsafe { record(announcement, "announcement") }?;
        // SAFETY: as above.
        let code = unsafe { rows(code, code_len, "code", "code_len") }?;
        // SAFETY: as above.
        let randomness =
            unsafe { rows(randomness, randomness_len, "randomness", "randomness_len") }?;
        let announcement: Announcement = announcement.parse()?;
        // Without an announced round any pulse is one too many, whatever its number.
        let round = announcement.round().unwrap_or(0);
        let pulse = match randomness {
            [] => None,
            bytes => Some(Pulse::new(round, bytes)?),
        };
        out.put(handle::make(announcement.reveal(code, pulse)?));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Reads the record of a draw, as allocator_draw_text writes it, and checks its code against its commitment. On
/// an error *out is NULL.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_read(
    record: *const c_char,
    out: *mut *mut allocator_draw,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(core::ptr::null_mut());
        // SAFETY: as above.
        let text = unsafe { crate::draw_required::record(record, "record") }?;
        out.put(handle::make(text.parse::<Draw>()?));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Frees a draw; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_free(draw: *mut allocator_draw) {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        unsafe { handle::free(draw) };
        Ok(())
    };
    // SAFETY: NULL is allowed.
    unsafe { guard(core::ptr::null_mut(), body) };
}

/// Writes the record that is published: what was announced, the code and the randomness.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_text(
    draw: *const allocator_draw,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(draw, "draw") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(&this.to_string())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The lot of every row, for `lot` of the lines. ALLOCATOR_OTHER_DRAW where the draw was made for another list
/// or policy.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_lots(
    draw: *const allocator_draw,
    required: *const allocator_draw_required,
    lots: *mut i64,
    lots_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(draw, "draw") }?;
        // SAFETY: as above.
        let required = unsafe { shared(required, "required") }?;
        // SAFETY: as above.
        let lots = unsafe { Buffer::new(lots, lots_len, "lots", "lots_len") }?;
        // SAFETY: as above.
        let needed = unsafe { Slot::new(needed, "needed") }?;
        lots.fill_all(this.lots(&required)?, &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The lot of every unit, row after row, as allocator_allocation_new_drawn takes them; none where no units are
/// drawn.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_unit_lots(
    draw: *const allocator_draw,
    required: *const allocator_draw_required,
    lots: *mut i64,
    lots_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(draw, "draw") }?;
        // SAFETY: as above.
        let required = unsafe { shared(required, "required") }?;
        // SAFETY: as above.
        let lots = unsafe { Buffer::new(lots, lots_len, "lots", "lots_len") }?;
        // SAFETY: as above.
        let needed = unsafe { Slot::new(needed, "needed") }?;
        lots.fill_all(this.unit_lots(&required)?, &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Writes the labels in the order in which they were drawn, the first served first, each followed by a line feed.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_order(
    draw: *const allocator_draw,
    required: *const allocator_draw_required,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(draw, "draw") }?;
        // SAFETY: as above.
        let required = unsafe { shared(required, "required") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        let order = this.order(&required)?;
        let lines: String = order.iter().flat_map(|label| [label, "\n"]).collect();
        text.write(&lines)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Writes the position of any label, on the list or not, in 64 hexadecimal digits. Small goes first.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_position(
    draw: *const allocator_draw,
    label: *const c_char,
    label_len: i64,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(draw, "draw") }?;
        // SAFETY: as above.
        let label = unsafe { text_of(label, label_len, "label", "label_len") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(&this.position(label).to_string())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The lot of any label: the first 8 bytes of its position, as a number in the same order.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_lot(
    draw: *const allocator_draw,
    label: *const c_char,
    label_len: i64,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(draw, "draw") }?;
        // SAFETY: as above.
        let label = unsafe { text_of(label, label_len, "label", "label_len") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(this.lot(label));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}
