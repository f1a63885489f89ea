//! Memory of the caller: arrays in, arrays out, text. Nothing is written unless all of it fits.

use core::ffi::c_char;

use allocator_core::limits::MAX_ROWS;

use crate::convert::count;
use crate::failure::Failure;
use crate::status::allocator_status::*;

/// An array that the caller lends for reading.
///
/// # Safety
/// `pointer` is NULL or leads to `len` readable elements that nobody changes during the call.
pub(crate) unsafe fn rows<'a, T>(
    pointer: *const T,
    len: i64,
    name: &'static str,
    len_name: &'static str,
) -> Result<&'a [T], Failure> {
    let len = length::<T>(pointer, len, name, len_name)?;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, aligned, of a size that memory can have; the caller says that it is there.
    Ok(unsafe { core::slice::from_raw_parts(pointer, len) })
}

/// Text that the caller lends by pointer and length.
///
/// # Safety
/// As [`rows`].
pub(crate) unsafe fn text<'a>(
    pointer: *const c_char,
    len: i64,
    name: &'static str,
    len_name: &'static str,
) -> Result<&'a str, Failure> {
    // SAFETY: as above; any byte is a c_char.
    let bytes = unsafe { rows(pointer.cast::<u8>(), len, name, len_name) }?;
    utf8(bytes, name)
}

/// Text that the caller lends up to a NUL, which must come within `max` bytes.
///
/// # Safety
/// `pointer` is NULL or leads to a NUL, or to more than `max` readable bytes.
pub(crate) unsafe fn terminated<'a>(
    pointer: *const c_char,
    max: usize,
    name: &'static str,
) -> Result<Option<&'a str>, Failure> {
    if pointer.is_null() {
        return Err(null(name));
    }
    let mut len = 0_usize;
    // SAFETY: every byte before this one was not NUL, so the text reaches here.
    while unsafe { pointer.add(len).read() } != 0 {
        len = len.saturating_add(1);
        if len > max {
            return Ok(None);
        }
    }
    // SAFETY: these bytes were just read.
    let bytes = unsafe { core::slice::from_raw_parts(pointer.cast::<u8>(), len) };
    utf8(bytes, name).map(Some)
}

/// One element that the caller lends for writing.
pub(crate) struct Slot<T>(*mut T);

impl<T> Slot<T> {
    /// # Safety
    /// `pointer` is NULL or may be written to until the slot is gone.
    pub(crate) unsafe fn new(pointer: *mut T, name: &'static str) -> Result<Self, Failure> {
        length(pointer, 1, name, name).map(|_| Self(pointer))
    }

    pub(crate) fn put(&self, value: T) {
        // SAFETY: not NULL and aligned (see `new`); the caller says that it may be written to.
        unsafe { self.0.write(value) }
    }
}

/// An array that the caller lends for writing.
pub(crate) struct Buffer<T> {
    pointer: *mut T,
    capacity: usize,
    name: &'static str,
}

impl<T> Buffer<T> {
    /// # Safety
    /// `pointer` is NULL or leads to `len` elements that may be written to until the buffer is gone.
    pub(crate) unsafe fn new(
        pointer: *mut T,
        len: i64,
        name: &'static str,
        len_name: &'static str,
    ) -> Result<Self, Failure> {
        let capacity = length(pointer, len, name, len_name)?;
        Ok(Self {
            pointer,
            capacity,
            name,
        })
    }

    /// How many elements it takes.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// That `needed` elements fit.
    pub(crate) fn fits(&self, needed: usize) -> Result<(), Failure> {
        if needed <= self.capacity {
            return Ok(());
        }
        let Self { name, capacity, .. } = self;
        Err(Failure::new(
            ALLOCATOR_BUFFER_TOO_SMALL,
            *name,
            format!("{name}: {needed} are needed and {capacity} fit"),
        ))
    }

    /// Writes the elements, as far as they fit, and says how many.
    pub(crate) fn fill(&self, values: impl IntoIterator<Item = T>) -> usize {
        let mut written = 0;
        for (index, value) in (0..self.capacity).zip(values) {
            // SAFETY: inside the memory that the caller lends (see `new`); a capacity above 0 means
            // that the pointer is neither NULL nor misaligned.
            unsafe { self.pointer.add(index).write(value) };
            written = index.saturating_add(1);
        }
        written
    }

    /// Says in `needed` how many elements there are, and writes them if all fit.
    pub(crate) fn fill_all<I>(&self, values: I, needed: &Slot<i64>) -> Result<(), Failure>
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: ExactSizeIterator,
    {
        let values = values.into_iter();
        needed.put(count(values.len()));
        self.fits(values.len())?;
        self.fill(values);
        Ok(())
    }
}

/// Room for text that the caller lends, and for its length.
pub(crate) struct TextBuffer {
    bytes: Buffer<u8>,
    len: Option<Slot<i64>>,
}

impl TextBuffer {
    /// # Safety
    /// `pointer` and `capacity` as [`Buffer::new`]; `len` is NULL or may be written to.
    pub(crate) unsafe fn new(
        pointer: *mut c_char,
        capacity: i64,
        len: *mut i64,
    ) -> Result<Self, Failure> {
        Ok(Self {
            // SAFETY: as above; any byte is a c_char.
            bytes: unsafe { Buffer::new(pointer.cast(), capacity, "text", "text_len") }?,
            len: if len.is_null() {
                None
            } else {
                // SAFETY: as above.
                Some(unsafe { Slot::new(len, "needed") }?)
            },
        })
    }

    /// Says how long the text is, and writes it with a NUL behind it if both fit.
    pub(crate) fn write(&self, text: &str) -> Result<(), Failure> {
        if let Some(len) = &self.len {
            len.put(count(text.len()));
        }
        self.bytes.fits(text.len().saturating_add(1))?;
        self.bytes.fill(text.bytes().chain([0]));
        Ok(())
    }
}

/// The length as a count of memory, where pointer and length make sense together.
fn length<T>(
    pointer: *const T,
    len: i64,
    name: &'static str,
    len_name: &'static str,
) -> Result<usize, Failure> {
    let most = memory_limit::<T>();
    let rows = usize::try_from(len).ok().filter(|&rows| rows <= most);
    let Some(rows) = rows else {
        let range = (0, i128::from(count(most)));
        let mut failure = Failure::out_of_range(len_name, len.into(), range);
        if len > 0 {
            failure.status = ALLOCATOR_TOO_MANY_ROWS;
        }
        return Err(failure);
    };
    if rows == 0 {
        return Ok(0);
    }
    if pointer.is_null() {
        return Err(null(name));
    }
    if !pointer.is_aligned() {
        let message = format!("{name}: the pointer is not aligned for its type");
        return Err(Failure::new(ALLOCATOR_MISALIGNED_POINTER, name, message));
    }
    Ok(rows)
}

/// The most elements of one array: what the core counts, where memory can hold that many.
fn memory_limit<T>() -> usize {
    let bytes = isize::MAX.unsigned_abs();
    bytes
        .checked_div(size_of::<T>())
        .map_or(MAX_ROWS, |elements| elements.min(MAX_ROWS))
}

fn null(name: &'static str) -> Failure {
    let message = format!("{name}: NULL where there must be memory");
    Failure::new(ALLOCATOR_NULL_POINTER, name, message)
}

fn utf8<'a>(bytes: &'a [u8], name: &'static str) -> Result<&'a str, Failure> {
    core::str::from_utf8(bytes).map_err(|fault| {
        let message = format!("{name}: byte {} is not UTF-8", fault.valid_up_to());
        Failure::new(ALLOCATOR_INVALID_UTF8, name, message)
    })
}
