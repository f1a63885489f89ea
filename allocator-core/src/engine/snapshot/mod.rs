//! Snapshots: everything the engine knows, as bytes.
//!
//! The bytes say what is known, not how it came about: slots, trees and indexes are left out and built
//! anew, and everything stands in an order of its own. So engines in equal states give equal bytes.
//! Behind the frame stand, in this order: the host's names, the clock, SKUs to fill, the counter, the
//! engine's policy, the size of the window, locations and SKUs as first mentioned, each SKU with its
//! policy, its list and its accounts by location, orders by the number of their first part, supplies by
//! theirs, and the window.

mod bits;
mod numbers;
mod orders;
mod queues;

mod read;
mod write;

use alloc::vec::Vec;

use xxhash_rust::xxh3::Xxh3;

use super::Engine;
use super::codec::frame::Frame;
use crate::error::Error;

const FRAME: Frame = Frame {
    magic: *b"alSn",
    version: 1,
};

impl Engine {
    /// Everything the engine knows, as bytes from which [`Engine::restore`] makes it again: versioned,
    /// with a checksum, and the same for equal states in every build and on every machine. The seed is
    /// not in it. O(everything).
    ///
    /// # Errors
    /// [`Error::Corrupt`]: the engine contradicts itself.
    pub fn snapshot(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.snapshot_into(&mut bytes)?;
        Ok(bytes)
    }

    /// Appends the snapshot to `out`. Gives the digest, as [`Engine::digest`].
    ///
    /// # Errors
    /// As [`Engine::snapshot`]; then `out` is as it was.
    pub fn snapshot_into(&self, out: &mut Vec<u8>) -> Result<u128, Error> {
        self.believed()?;
        FRAME.write(out, |out| self.write(out))
    }

    /// The digest of everything the engine knows: the checksum that its snapshot bears, xxh3 of 128
    /// bits over what stands behind the frame of 32 bytes. Engines of one digest will answer alike.
    /// O(everything), and holds little of it at a time.
    ///
    /// # Errors
    /// As [`Engine::snapshot`].
    pub fn digest(&self) -> Result<u128, Error> {
        self.believed()?;
        let mut hashing = Hashing {
            bytes: Vec::new(),
            hash: Xxh3::new(),
        };
        self.write(&mut hashing)?;
        let Hashing { bytes, mut hash } = hashing;
        hash.update(&bytes);
        Ok(hash.digest128())
    }

    /// The engine of a snapshot. The seed is one for this process: [`super::Settings::seed`].
    ///
    /// Whatever the bytes are, what comes of them is an error, or an engine in which everything adds up
    /// and whose snapshot these bytes are.
    ///
    /// # Errors
    /// [`Error::BadBytes`]: they are no snapshot, or were damaged, or come from a newer version, or say
    /// what cannot be.
    pub fn restore(bytes: &[u8], seed: u64) -> Result<Self, Error> {
        let (from, _) = FRAME.read(bytes)?;
        read::engine(from, seed)
    }

    /// What the host keeps here: nothing, or for instance the names behind its numbers
    /// ([`crate::Interner`]). The engine reads none of it.
    #[must_use]
    pub fn names(&self) -> &[u8] {
        &self.names
    }

    /// Keeps these bytes in the engine's snapshots, in place of those before. They are part of the digest
    /// and not of the log: whoever replays a log sets them himself.
    pub fn set_names(&mut self, names: Vec<u8>) {
        self.names = names;
    }
}

/// What takes bytes piece by piece.
trait Sink {
    /// Where the next bytes are appended.
    fn bytes(&mut self) -> &mut Vec<u8>;

    /// Called now and then: what was appended may go.
    fn pass_on(&mut self) {}
}

impl Sink for Vec<u8> {
    fn bytes(&mut self) -> &mut Vec<u8> {
        self
    }
}

/// Takes bytes for their digest.
struct Hashing {
    bytes: Vec<u8>,
    hash: Xxh3,
}

impl Sink for Hashing {
    fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    fn pass_on(&mut self) {
        if self.bytes.len() >= 1 << 14 {
            self.hash.update(&self.bytes);
            self.bytes.clear();
        }
    }
}
