//! Handles: made by one function, freed by one, checked by every call in between.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::failure::Failure;
use crate::status::allocator_status::*;

/// An opaque type of the header, and what stands behind its pointer.
pub(crate) trait Opaque: Sized {
    /// What the handle holds. A `const` handle may be read by many threads, and any thread may free
    /// it.
    type Held: Send + Sync;
    /// Tells handles of one kind from those of another and from other memory.
    const MAGIC: u64;
}

/// What a handle points to. The magic stands first, whatever the handle holds, so that a handle of
/// the wrong kind is recognised.
#[repr(C)]
struct Inside<T> {
    magic: AtomicU64,
    poisoned: AtomicBool,
    held: T,
}

/// A new handle. The caller of the library owns it until it is freed.
pub(crate) fn make<H: Opaque>(held: H::Held) -> *mut H {
    Box::into_raw(Box::new(Inside {
        magic: AtomicU64::new(H::MAGIC),
        poisoned: AtomicBool::new(false),
        held,
    }))
    .cast()
}

/// What a handle holds, to be read.
///
/// # Safety
/// `handle` is NULL, or points to at least 16 readable bytes; if they look like a handle, it is one
/// that nobody frees or changes during the call.
pub(crate) unsafe fn shared<'a, H: Opaque>(
    handle: *const H,
    name: &'static str,
) -> Result<Shared<'a, H::Held>, Failure> {
    // SAFETY: as above.
    let inside = unsafe { recognise::<H>(handle, name)?.as_ref() };
    let inside = inside.ok_or_else(|| stranger(name))?;
    let poison = Poison::watch(&inside.poisoned, name)?;
    Ok(Shared {
        held: &inside.held,
        _poison: poison,
    })
}

/// What a handle holds, to be changed.
///
/// # Safety
/// As [`shared`], and nobody else uses the handle during the call.
pub(crate) unsafe fn exclusive<'a, H: Opaque>(
    handle: *mut H,
    name: &'static str,
) -> Result<Exclusive<'a, H::Held>, Failure> {
    // SAFETY: as above; the caller says that nobody else uses the handle.
    let inside = unsafe { recognise::<H>(handle, name)?.cast_mut().as_mut() };
    let inside = inside.ok_or_else(|| stranger(name))?;
    let poison = Poison::watch(&inside.poisoned, name)?;
    Ok(Exclusive {
        held: &mut inside.held,
        _poison: poison,
    })
}

/// Ends a handle, poisoned or not. NULL, and memory that is no handle of this kind, stay untouched.
///
/// # Safety
/// As [`exclusive`]; the handle is never used again.
pub(crate) unsafe fn free<H: Opaque>(handle: *mut H) {
    // SAFETY: as above.
    if let Ok(inside) = unsafe { recognise::<H>(handle, "handle") } {
        // SAFETY: it is one of ours, made by `make`, and the caller never uses it again.
        let inside = unsafe { Box::from_raw(inside.cast_mut()) };
        inside.magic.store(0, Ordering::Relaxed);
    }
}

/// The inside of a pointer that leads to a handle of this kind.
///
/// # Safety
/// As [`shared`].
unsafe fn recognise<H: Opaque>(
    handle: *const H,
    name: &'static str,
) -> Result<*const Inside<H::Held>, Failure> {
    let inside = handle.cast::<Inside<H::Held>>();
    if inside.is_null() {
        return Err(Failure::new(
            ALLOCATOR_NULL_POINTER,
            name,
            format!("{name}: NULL is no handle"),
        ));
    }
    if !inside.is_aligned() {
        return Err(stranger(name));
    }
    // SAFETY: not NULL and aligned, so the caller says that it can be read. The magic comes first
    // in every kind of handle.
    let magic = unsafe { &*inside.cast::<AtomicU64>() };
    if magic.load(Ordering::Relaxed) == H::MAGIC {
        Ok(inside)
    } else {
        Err(stranger(name))
    }
}

fn stranger(name: &'static str) -> Failure {
    Failure::new(
        ALLOCATOR_BAD_HANDLE,
        name,
        format!("{name}: the pointer is no handle of this kind, or it was freed"),
    )
}

/// Poisons a handle when a panic passes through a call that uses it.
struct Poison<'a> {
    flag: &'a AtomicBool,
    panicking: bool,
}

impl<'a> Poison<'a> {
    fn watch(flag: &'a AtomicBool, name: &'static str) -> Result<Self, Failure> {
        if flag.load(Ordering::Relaxed) {
            let message = format!("{name}: an earlier call on this handle panicked; free it");
            return Err(Failure::new(ALLOCATOR_POISONED, name, message));
        }
        Ok(Self {
            flag,
            panicking: std::thread::panicking(),
        })
    }
}

impl Drop for Poison<'_> {
    fn drop(&mut self) {
        if !self.panicking && std::thread::panicking() {
            self.flag.store(true, Ordering::Relaxed);
        }
    }
}

/// A handle in use, for reading.
pub(crate) struct Shared<'a, T> {
    held: &'a T,
    _poison: Poison<'a>,
}

impl<T> Deref for Shared<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.held
    }
}

/// A handle in use, for changing.
pub(crate) struct Exclusive<'a, T> {
    held: &'a mut T,
    _poison: Poison<'a>,
}

impl<T> Deref for Exclusive<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.held
    }
}

impl<T> DerefMut for Exclusive<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::allocator_error;
    use crate::guard::guard;
    use crate::status::allocator_status;

    struct Number;
    impl Opaque for Number {
        type Held = Vec<i64>;
        const MAGIC: u64 = 0x1111_2222_3333_4444;
    }

    struct Other;
    impl Opaque for Other {
        type Held = ();
        const MAGIC: u64 = 0x5555_6666_7777_8888;
    }

    fn call(body: impl FnOnce() -> Result<(), Failure>) -> allocator_status {
        // SAFETY: NULL is allowed.
        unsafe { guard(core::ptr::null_mut::<allocator_error>(), body) }
    }

    #[test]
    fn a_panic_poisons_the_handle_and_only_that() {
        let (broken, whole) = (make::<Number>(vec![1]), make::<Number>(vec![2]));
        let read = |handle: *mut Number| {
            // SAFETY: handles of this test, used by one thread.
            call(|| unsafe { shared(handle, "number") }.map(|number| assert!(!number.is_empty())))
        };
        assert_eq!(read(broken), ALLOCATOR_OK);
        let status = call(|| {
            // SAFETY: as above.
            let mut number = unsafe { exclusive(broken, "number") }?;
            number.clear();
            panic!("half done");
        });
        assert_eq!(status, ALLOCATOR_PANIC);
        assert_eq!(read(broken), ALLOCATOR_POISONED);
        // SAFETY: as above.
        let write = call(|| unsafe { exclusive(broken, "number") }.map(|_| ()));
        assert_eq!(write, ALLOCATOR_POISONED);
        assert_eq!(read(whole), ALLOCATOR_OK);
        // SAFETY: as above, and never used again.
        unsafe {
            free(broken);
            free(whole);
        }
    }

    #[test]
    fn a_reader_that_panics_poisons_too() {
        let handle = make::<Number>(vec![]);
        let read = || {
            // SAFETY: a handle of this test, used by one thread.
            call(|| unsafe { shared(handle, "number") }.map(|number| assert!(!number.is_empty())))
        };
        assert_eq!(read(), ALLOCATOR_PANIC);
        assert_eq!(read(), ALLOCATOR_POISONED);
        // SAFETY: as above, and never used again.
        unsafe { free(handle) };
    }

    #[test]
    fn what_is_no_handle_is_refused_and_not_freed() {
        let status = |handle: *const Number| {
            // SAFETY: NULL, or memory of this test.
            call(|| unsafe { shared(handle, "number") }.map(|_| ()))
        };
        assert_eq!(status(core::ptr::null()), ALLOCATOR_NULL_POINTER);
        let memory = [0_u64; 4];
        assert_eq!(status(memory.as_ptr().cast()), ALLOCATOR_BAD_HANDLE);
        let crooked = memory.as_ptr().cast::<u8>().wrapping_add(1);
        assert_eq!(status(crooked.cast()), ALLOCATOR_BAD_HANDLE);
        let other = make::<Other>(());
        assert_eq!(status(other.cast()), ALLOCATOR_BAD_HANDLE);
        // SAFETY: NULL and strangers stay untouched; `other` is freed once.
        unsafe {
            free(core::ptr::null_mut::<Number>());
            free(other.cast::<Number>());
            assert!(shared(other, "other").is_ok());
            free(other);
        }
    }
}
