//! Every exported function runs inside a guard: an error becomes a status, a panic too.

use core::ptr::NonNull;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::abi::allocator_error;
use crate::failure::{Failure, no_error};
use crate::status::allocator_status;

/// Runs `body`, says in `err` what went wrong, and returns the status.
///
/// # Safety
/// `err` is NULL or may be written to.
pub(crate) unsafe fn guard(
    err: *mut allocator_error,
    body: impl FnOnce() -> Result<(), Failure>,
) -> allocator_status {
    // Handles notice on their own that a panic passed through them and refuse later calls, so
    // nothing half-done is seen again.
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => None,
        Ok(Err(failure)) => Some(failure),
        Err(payload) => Some(Failure::panic(payload.as_ref())),
    };
    let status = failure
        .as_ref()
        .map_or(allocator_status::ALLOCATOR_OK, |failure| failure.status);
    if let Some(err) = NonNull::new(err) {
        let error = failure.map_or_else(no_error, Failure::into_error);
        // SAFETY: not NULL, so the caller says that it may be written to; unaligned is fine here.
        unsafe { err.as_ptr().write_unaligned(error) };
    }
    status
}

/// Runs a `body` that answers without a status, with `instead` for a panic.
pub(crate) fn shield<T>(instead: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(instead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocator_status::*;

    fn run(body: impl FnOnce() -> Result<(), Failure>) -> (allocator_status, i32, String) {
        let mut error = no_error();
        // SAFETY: a local may be written to.
        let status = unsafe { guard(&raw mut error, body) };
        let text: Vec<u8> = error.message.iter().map(|&c| c.to_ne_bytes()[0]).collect();
        let text = String::from_utf8(text).unwrap();
        (status, error.code, text.trim_end_matches('\0').to_owned())
    }

    #[test]
    fn a_panic_becomes_a_status() {
        let (status, code, text) = run(|| panic!("seven is not {}", 8));
        assert_eq!((status, code), (ALLOCATOR_PANIC, 75));
        assert_eq!(text, "the library panicked: seven is not 8");
        let (_, _, text) = run(|| std::panic::panic_any(7));
        assert_eq!(text, "the library panicked: no message");
    }

    #[test]
    fn an_error_becomes_a_status_and_nobody_has_to_listen() {
        let fail = || Err(Failure::too_large("idle", 1));
        assert_eq!(run(fail).0, ALLOCATOR_OUT_OF_RANGE);
        // SAFETY: NULL is allowed.
        let status = unsafe { guard(core::ptr::null_mut(), fail) };
        assert_eq!(status, ALLOCATOR_OUT_OF_RANGE);
        assert_eq!(run(|| Ok(())), (ALLOCATOR_OK, 0, String::new()));
    }

    #[test]
    fn a_panic_without_status_gives_the_other_answer() {
        assert_eq!(shield(7, || 8), 8);
        assert_eq!(shield(7, || panic!("no")), 7);
    }
}
