//! The keyed rank: HMAC-SHA256 of a label under a key that code and beacon make together.
//!
//! The construction is that of draft-thomson-elegy-vrs-00 (HKDF extract, then one block of expand).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::digest::Sha256Digest;
use crate::error::Error;

/// What positions are computed with.
///
/// ```
/// use allocator_core::DrawKey;
/// let key = DrawKey::new(b"code", b"beacon")?;
/// assert!(key.position("order-1") != key.position("order-2"));
/// assert_eq!(key.position("order-1"), DrawKey::new(b"code", b"beacon")?.position("order-1"));
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone)]
pub struct DrawKey {
    /// Keyed, and fed nothing yet.
    mac: Hmac<Sha256>,
}

impl DrawKey {
    /// HMAC-SHA256 with the code as its salt over the randomness, which becomes the key of positions.
    ///
    /// # Errors
    /// None but [`Error::Corrupt`]: a key of any length is one.
    pub fn new(code: &[u8], randomness: &[u8]) -> Result<Self, Error> {
        let mut extract = keyed(code)?;
        extract.update(randomness);
        let mac = keyed(&extract.finalize().into_bytes())?;
        Ok(Self { mac })
    }

    /// The position of a label: HMAC-SHA256 of its bytes and a byte 1. Small goes first.
    #[must_use]
    pub fn position(&self, label: &str) -> Sha256Digest {
        self.position_of(&[label.as_bytes()])
    }

    pub(super) fn position_of(&self, label: &[&[u8]]) -> Sha256Digest {
        let mut mac = self.mac.clone();
        label.iter().for_each(|bytes| mac.update(bytes));
        mac.update(&[1]);
        Sha256Digest(mac.finalize().into_bytes().into())
    }

    /// The lot of a label: the first 8 bytes of its position as a number, in the same order. Of a
    /// million labels two have one lot in one of 30 million draws; then the place decides.
    #[must_use]
    pub fn lot(&self, label: &str) -> i64 {
        lot(self.position(label))
    }
}

/// Does not tell the key.
impl core::fmt::Debug for DrawKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DrawKey")
    }
}

fn keyed(key: &[u8]) -> Result<Hmac<Sha256>, Error> {
    Hmac::new_from_slice(key).map_err(|_| Error::Corrupt {
        at: "key of a hash",
    })
}

/// The first 8 bytes, moved down by 2^63 so that the order of bytes is the order of numbers.
pub(super) fn lot(position: Sha256Digest) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = position.0;
    let first = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    (first ^ (1 << 63)).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lots_are_ordered_as_positions_are() {
        let of = |first: u64| {
            let mut position = [0; 32];
            position[..8].copy_from_slice(&first.to_be_bytes());
            lot(Sha256Digest(position))
        };
        assert_eq!(of(0), i64::MIN);
        assert_eq!(of((1 << 63) - 1), -1);
        assert_eq!(of(1 << 63), 0);
        assert_eq!(of(u64::MAX), i64::MAX);
    }
}
