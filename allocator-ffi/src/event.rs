//! What happens to a drop while it is short, and whether a policy lets nobody be hurt by it.

use core::ffi::c_char;

use allocator_core::ShortageEvent;

use crate::abi::allocator_error;
use crate::failure::Failure;
use crate::guard::guard;
use crate::memory::Slot;
use crate::policy;
use crate::status::allocator_status;

/// The allocator_axiom that makes an allocator_shortage_event harmless; -1 for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_shortage_event_axiom(event: i32) -> i32 {
    known(event).map_or(-1, |event| event.axiom().number().into())
}

/// Sets out to 1 where the policy keeps that axiom: the event takes a unit from nobody who stays. 0: hand
/// over what was given in the terms of allocator_plan_new; it is kept first, and only what is left is
/// decided anew.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_shortage_event_is_harmless(
    policy: *const c_char,
    event: i32,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        let last = ShortageEvent::ALL.len().saturating_sub(1);
        let range = (0, i128::try_from(last).unwrap_or(0));
        let unknown = || Failure::out_of_range("event", event.into(), range);
        let event = known(event).ok_or_else(unknown)?;
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        // SAFETY: as above.
        let policy = unsafe { policy::read(policy) }?;
        out.put(event.is_harmless_under(&policy).into());
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

fn known(event: i32) -> Option<ShortageEvent> {
    u8::try_from(event)
        .ok()
        .and_then(ShortageEvent::from_number)
}
