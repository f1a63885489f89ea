//! Outside ids, any UTF-8, to the numbers that rows hold, and back.
//!
//! C counts them from 1, because 0 means "none" in a row.

use core::ffi::c_char;

use allocator_core::Interner;

use crate::abi::allocator_error;
use crate::convert::count;
use crate::failure::Failure;
use crate::guard::guard;
use crate::handle::{self, Opaque, Shared, exclusive, shared};
use crate::memory::{Slot, TextBuffer, text};
use crate::status::allocator_status;

/// Gives every text its own number, from 1, in the order of first sight, and the text back
/// unchanged. Keep one for lines, one for SKUs and so on.
#[allow(non_camel_case_types)]
pub struct allocator_interner {
    _opaque: (),
}

impl Opaque for allocator_interner {
    type Held = Interner;
    const MAGIC: u64 = 0x616c_6c6f_6361_7402;
}

/// An empty interner in *out, which the caller frees with allocator_interner_free.
///
/// Whoever feeds in what strangers choose gives a secret seed, so that nobody can prepare texts that
/// collide. The seed changes no number.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_interner_new(
    seed: i64,
    out: *mut *mut allocator_interner,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(handle::make(Interner::with_seed(seed.cast_unsigned())));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Frees an interner; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_interner_free(interner: *mut allocator_interner) {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        unsafe { handle::free(interner) };
        Ok(())
    };
    // SAFETY: NULL is allowed.
    unsafe { guard(core::ptr::null_mut(), body) };
}

/// The number of a text, a new one at first sight. Any UTF-8 up to ALLOCATOR_MAX_NAME_BYTES, the
/// empty text and inner NULs too; nothing is trimmed or folded.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_interner_intern(
    interner: *mut allocator_interner,
    name: *const c_char,
    name_len: i64,
    id: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let mut this = unsafe { exclusive(interner, "interner") }?;
        // SAFETY: as above.
        let name = unsafe { text(name, name_len, "name", "name_len") }?;
        // SAFETY: as above.
        let id = unsafe { Slot::new(id, "id") }?;
        id.put(from_one(this.intern(name)?));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The number of a text, 0 where it was never seen.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_interner_id(
    interner: *const allocator_interner,
    name: *const c_char,
    name_len: i64,
    id: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(interner, "interner") }?;
        // SAFETY: as above.
        let name = unsafe { text(name, name_len, "name", "name_len") }?;
        // SAFETY: as above.
        let id = unsafe { Slot::new(id, "id") }?;
        id.put(this.id(name).map_or(0, from_one));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The text behind a number; ALLOCATOR_NO_SUCH_ID where the interner never gave it out. The text may
/// hold NULs, so go by needed where that matters.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_interner_name(
    interner: *const allocator_interner,
    id: i64,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(interner, "interner") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        match known(&this, id) {
            Some(name) => text.write(name),
            None => Err(Failure::new(
                allocator_status::ALLOCATOR_NO_SUCH_ID,
                "id",
                format!("id: {id} was never given out, only 1 to {}", this.len()),
            )),
        }
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// How many texts.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_interner_len(
    interner: *const allocator_interner,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(interner, "interner") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(count(this.len()));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Names that the caller may leave out.
///
/// # Safety
/// As [`shared`].
pub(crate) unsafe fn optional<'a>(
    names: *const allocator_interner,
    argument: &'static str,
) -> Result<Option<Shared<'a, Interner>>, Failure> {
    if names.is_null() {
        return Ok(None);
    }
    // SAFETY: as above.
    unsafe { shared(names, argument) }.map(Some)
}

/// The text of an id where there is one, else the id as a number.
pub(crate) fn name_of(names: Option<&Interner>, kind: &str, id: i64) -> String {
    match names.and_then(|names| known(names, id)) {
        Some(name) => name.to_owned(),
        None => format!("{kind} {id}"),
    }
}

fn from_one(id: u32) -> i64 {
    i64::from(id).saturating_add(1)
}

/// The text of an id, where there is one.
pub(crate) fn known(interner: &Interner, id: i64) -> Option<&str> {
    interner.name(u32::try_from(id.checked_sub(1)?).ok()?)
}
