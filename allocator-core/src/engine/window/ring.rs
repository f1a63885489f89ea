//! Byte strings, first in, first out, in memory that is used again.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::error::Error;

/// Bytes of a chunk. A longer string has a chunk of its own.
const CHUNK: usize = 1 << 16;

/// Byte strings in chunks. No string is cut and none ever moves; once as many bytes have come and gone as
/// are kept at a time, nothing is allocated any more.
#[derive(Clone, Debug, Default)]
pub(super) struct Ring {
    chunks: VecDeque<Chunk>,
    /// The number of the first chunk.
    first: u32,
    /// The last chunk that was emptied.
    spare: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Chunk {
    bytes: Vec<u8>,
    /// Strings in it that are still kept.
    strings: u32,
}

/// Where a string lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    chunk: u32,
    start: usize,
    len: usize,
}

impl Ring {
    /// Keeps a string behind all others.
    pub(super) fn push(&mut self, string: &[u8]) -> Result<Stretch, Error> {
        let room = |chunk: &Chunk| chunk.bytes.capacity().saturating_sub(chunk.bytes.len());
        if self
            .chunks
            .back()
            .is_none_or(|last| room(last) < string.len())
        {
            let mut bytes = core::mem::take(&mut self.spare);
            bytes.reserve_exact(string.len().max(CHUNK));
            self.chunks.push_back(Chunk { bytes, strings: 0 });
        }
        let before = u32::try_from(self.chunks.len().saturating_sub(1)).map_err(|_| CORRUPT)?;
        let last = self.chunks.back_mut().ok_or(CORRUPT)?;
        let start = last.bytes.len();
        last.bytes.extend_from_slice(string);
        last.strings = last.strings.checked_add(1).ok_or(CORRUPT)?;
        Ok(Stretch {
            chunk: self.first.wrapping_add(before),
            start,
            len: string.len(),
        })
    }

    /// A string that is kept.
    pub(super) fn get(&self, stretch: Stretch) -> Result<&[u8], Error> {
        let Stretch { chunk, start, len } = stretch;
        let chunk = chunk.wrapping_sub(self.first);
        let chunk = self.chunks.get(chunk as usize).ok_or(CORRUPT)?;
        let string = chunk.bytes.get(start..).and_then(|from| from.get(..len));
        string.ok_or(CORRUPT)
    }

    /// Forgets the first string.
    pub(super) fn pop(&mut self) -> Result<(), Error> {
        let first = self.chunks.front_mut().ok_or(CORRUPT)?;
        first.strings = first.strings.checked_sub(1).ok_or(CORRUPT)?;
        if first.strings > 0 {
            return Ok(());
        }
        if let Some(Chunk { mut bytes, .. }) = self.chunks.pop_front() {
            self.first = self.first.wrapping_add(1);
            if bytes.capacity() <= CHUNK {
                bytes.clear();
                self.spare = bytes;
            }
        }
        Ok(())
    }
}

const CORRUPT: Error = Error::Corrupt { at: "window" };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_out_as_they_went_in_and_memory_is_used_again() {
        let mut ring = Ring::default();
        let mut kept: VecDeque<(Stretch, Vec<u8>)> = VecDeque::new();
        for turn in 0..20_000_usize {
            let len = match turn % 701 {
                0 => CHUNK + turn,
                n => n * 7,
            };
            let string: Vec<u8> = (0..len).map(|at| (at ^ turn) as u8).collect();
            kept.push_back((ring.push(&string).unwrap(), string));
            if kept.len() > 300 {
                kept.pop_front();
                ring.pop().unwrap();
            }
            for (stretch, string) in kept.iter().take(2).chain(kept.back()) {
                assert_eq!(ring.get(*stretch).unwrap(), &string[..]);
            }
            let bytes: usize = kept.iter().map(|(_, string)| string.len()).sum();
            assert!(ring.chunks.len() <= 2 * bytes / CHUNK + 2);
        }
        while !kept.is_empty() {
            kept.pop_front();
            ring.pop().unwrap();
        }
        assert!(ring.chunks.is_empty() && ring.pop().is_err());
    }
}
