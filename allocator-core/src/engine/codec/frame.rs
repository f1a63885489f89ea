//! What stands before the bytes that leave the engine: what they are, of which version, how many, and
//! their checksum.

use alloc::vec::Vec;

use xxhash_rust::xxh3::xxh3_128;

use super::{Code, Reader};
use crate::error::Error;

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Frame {
    /// How they begin.
    pub(in crate::engine) magic: [u8; 4],
    /// The version that is written, and the last that is read.
    pub(in crate::engine) version: u32,
}

/// Bytes of a frame.
const LENGTH: usize = 4 + 4 + 8 + 16;

impl Frame {
    /// Appends what `body` appends, in this frame. Gives the checksum.
    pub(in crate::engine) fn write(
        self,
        out: &mut Vec<u8>,
        body: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<u128, Error> {
        let start = out.len();
        out.resize(start.saturating_add(LENGTH), 0);
        let written = body(out);
        if written.is_err() {
            out.truncate(start);
            written?;
        }
        let framed = out
            .get_mut(start..)
            .and_then(|all| all.split_at_mut_checked(LENGTH));
        let (frame, body) = framed.ok_or(Error::Corrupt { at: "frame" })?;
        let checksum = xxh3_128(body);
        let Self { magic, version } = self;
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend_from_slice(&magic);
        version.write(&mut bytes);
        (body.len() as u64).write(&mut bytes);
        checksum.write(&mut bytes);
        frame.copy_from_slice(&bytes);
        Ok(checksum)
    }

    /// A reader behind the frame, and the version it says.
    pub(in crate::engine) fn read(self, bytes: &[u8]) -> Result<(Reader<'_>, u32), Error> {
        let mut from = Reader::new(bytes);
        from.must(
            bytes.starts_with(&self.magic),
            "they do not begin as such bytes do",
        )?;
        from.take(self.magic.len())?;
        let version = u32::read(&mut from)?;
        let known = (1..=self.version).contains(&version);
        from.must(known, "of a version that is not known here")?;
        let length = u64::read(&mut from)?;
        let checksum = u128::read(&mut from)?;
        from.must(
            from.rest().len() as u64 == length,
            "they are not as long as they say",
        )?;
        from.must(
            xxh3_128(from.rest()) == checksum,
            "the checksum is another: they were damaged",
        )?;
        Ok((from, version))
    }
}
