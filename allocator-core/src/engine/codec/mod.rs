//! The one byte form of everything the engine keeps or tells: in the window of remembered commands, in
//! log records, in snapshots.
//!
//! Numbers are little-endian and of a fixed width; an option is a byte 0 or 1 and then its value; a list
//! is its length in 32 bits and then its values; what has kinds begins with the number of its kind. Equal
//! values give equal bytes, and unequal ones unequal bytes. The form is written down here and derived
//! from nothing: a change of it is a new version of the records and snapshots ([`frame`]).

pub(super) mod frame;
mod words;

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::error::Error;
use crate::id::{CommandId, CustomerId, LineId, LocationId, OrderId, SkuId, SupplyId};
use crate::time::Timestamp;

/// What has a byte form.
pub(super) trait Code: Sized {
    /// The fewest bytes a value takes: a list longer than its bytes allow is refused before anything is
    /// made for it.
    const LEAST: usize;

    /// Appends it.
    fn write(&self, out: &mut Vec<u8>);

    /// Reads one.
    ///
    /// # Errors
    /// [`Error::BadBytes`].
    fn read(from: &mut Reader<'_>) -> Result<Self, Error>;
}

/// Bytes that may be anything, read from the front.
#[derive(Clone, Debug)]
pub(super) struct Reader<'b> {
    rest: &'b [u8],
    /// Where the rest ends, for messages.
    end: usize,
}

impl<'b> Reader<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self {
            rest: bytes,
            end: bytes.len(),
        }
    }

    /// What is not read yet.
    pub(super) const fn rest(&self) -> &'b [u8] {
        self.rest
    }

    /// The byte that is read next.
    pub(super) const fn at(&self) -> usize {
        self.end.saturating_sub(self.rest.len())
    }

    pub(super) const fn fault(&self, why: &'static str) -> Error {
        Error::BadBytes { at: self.at(), why }
    }

    /// What another part of the crate found wrong with what was read.
    #[inline]
    pub(super) fn found<T>(&self, found: Result<T, Error>) -> Result<T, Error> {
        match found {
            Ok(found) => Ok(found),
            Err(error) => Err(self.named(&error)),
        }
    }

    #[cold]
    fn named(&self, error: &Error) -> Error {
        match error {
            Error::Corrupt { at } => self.fault(at),
            error => self.fault(error.field().unwrap_or("a value that cannot be")),
        }
    }

    /// An error unless something holds.
    #[inline]
    pub(super) const fn must(&self, holds: bool, why: &'static str) -> Result<(), Error> {
        if holds { Ok(()) } else { Err(self.fault(why)) }
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'b [u8], Error> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            return Err(self.fault(ENDS));
        };
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let Some((taken, rest)) = self.rest.split_first_chunk() else {
            return Err(self.fault(ENDS));
        };
        self.rest = rest;
        Ok(*taken)
    }

    /// The length of a list whose values take at least so many bytes each.
    pub(super) fn count(&mut self, least: usize) -> Result<u32, Error> {
        let count = u32::read(self)?;
        let fits = (count as usize)
            .checked_mul(least)
            .is_some_and(|bytes| bytes <= self.rest.len());
        self.must(fits, "a list that is longer than the bytes that follow")?;
        Ok(count)
    }

    /// Nothing is left.
    pub(super) const fn end(&self) -> Result<(), Error> {
        self.must(self.rest.is_empty(), "bytes behind the end")
    }
}

const ENDS: &str = "the bytes end here";

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl Code for $number {
            const LEAST: usize = size_of::<Self>();

            #[inline]
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            #[inline]
            fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
                Ok(Self::from_le_bytes(from.array()?))
            }
        }
    )+};
}

numbers! { u8 u32 u64 u128 i32 i64 }

macro_rules! ids {
    ($($id:ident)+) => {$(
        impl Code for $id {
            const LEAST: usize = size_of::<Self>();

            #[inline]
            fn write(&self, out: &mut Vec<u8>) {
                self.0.write(out);
            }

            #[inline]
            fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
                Ok(Self(Code::read(from)?))
            }
        }
    )+};
}

ids! { LineId OrderId CustomerId SkuId SupplyId LocationId CommandId }

impl Code for Timestamp {
    const LEAST: usize = 8;

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        self.as_micros().write(out);
    }

    #[inline]
    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self::from_micros(i64::read(from)?))
    }
}

impl Code for bool {
    const LEAST: usize = 1;

    fn write(&self, out: &mut Vec<u8>) {
        out.push((*self).into());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        match u8::read(from)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(from.fault("neither yes nor no")),
        }
    }
}

impl<T: Code> Code for Option<T> {
    const LEAST: usize = 1;

    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(match bool::read(from)? {
            true => Some(T::read(from)?),
            false => None,
        })
    }
}

impl<T: Code> Code for Vec<T> {
    const LEAST: usize = 4;

    fn write(&self, out: &mut Vec<u8>) {
        // 2^32 values do not come together: each takes more than a byte here and a few in memory.
        let count = u32::try_from(self.len()).unwrap_or(u32::MAX);
        count.write(out);
        for value in self.iter().take(count as usize) {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        let count = from.count(T::LEAST)?;
        let mut values = Self::with_capacity(count as usize);
        for _ in 0..count {
            values.push(T::read(from)?);
        }
        Ok(values)
    }
}

impl<T: Code> Code for Box<T> {
    const LEAST: usize = T::LEAST;

    fn write(&self, out: &mut Vec<u8>) {
        T::write(self, out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        T::read(from).map(Self::new)
    }
}
