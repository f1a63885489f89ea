//! Commitment to a code that nobody knows yet, once or for a chain of draws.

use alloc::vec::Vec;
use core::fmt;

use sha2::{Digest, Sha256};

use super::digest::Sha256Digest;
use crate::error::Error;
use crate::limits::{MAX_CHAINED_DRAWS, MAX_CODE_BYTES, MIN_CODE_BYTES};

/// What is published before a draw: the SHA-256 of its one-time code, which stays secret until the draw.
/// The code is random, 32 bytes from the system's source of randomness, and never used again.
///
/// ```
/// use allocator_core::commitment;
/// let hash = commitment(b"a code from the system, 32 bytes");
/// assert!(hash.to_string().starts_with("38a5af77"));
/// ```
#[must_use]
pub fn commitment(code: &[u8]) -> Sha256Digest {
    Sha256Digest::of(code)
}

/// That a code can be one: long enough that nobody guesses it from its commitment.
pub(super) fn check_code(field: &'static str, code: &[u8]) -> Result<(), Error> {
    check_len(field, code.len(), MIN_CODE_BYTES, MAX_CODE_BYTES)
}

pub(super) fn check_len(
    field: &'static str,
    len: usize,
    min: usize,
    max: usize,
) -> Result<(), Error> {
    if (min..=max).contains(&len) {
        return Ok(());
    }
    // No length of memory is above 128 bits.
    let value = i128::try_from(len).unwrap_or(i128::MAX);
    let limit = |bytes: usize| i128::try_from(bytes).unwrap_or(i128::MAX);
    Err(Error::ArgumentOutOfRange {
        field,
        value,
        min: limit(min),
        max: limit(max),
    })
}

/// That a draw of a chain is one of those a chain is made for.
pub(super) fn check_draw(draw: u32, draws: u32) -> Result<(), Error> {
    if (1..=draws).contains(&draw) {
        return Ok(());
    }
    Err(Error::ArgumentOutOfRange {
        field: "draw",
        value: draw.into(),
        min: 1,
        max: draws.into(),
    })
}

/// A code hashed so often.
pub(super) fn hashed(code: &[u8], times: u32) -> Vec<u8> {
    let mut code = code.to_vec();
    for _ in 0..times {
        code = Sha256::digest(&code).to_vec();
    }
    code
}

/// Several draws from one secret, with one commitment for all: published is the secret hashed n times,
/// the first draw reveals it hashed n − 1 times, and so on. Each revealed code hashes to the one before
/// it, and none tells the next.
///
/// ```
/// use allocator_core::{HashChain, commitment};
/// let chain = HashChain::new(b"a secret from the system, 32 by.", 3)?;
/// assert_eq!(commitment(&chain.code(1)?), chain.commitment());
/// assert_eq!(commitment(&chain.code(2)?).0[..], chain.code(1)?);
/// assert_eq!(chain.code(3)?, b"a secret from the system, 32 by.");
/// assert!(chain.code(4).is_err());
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct HashChain {
    secret: Vec<u8>,
    draws: u32,
}

impl HashChain {
    /// A chain for so many draws.
    ///
    /// # Errors
    /// [`Error::ArgumentOutOfRange`]: a secret of fewer than [`MIN_CODE_BYTES`] or more than
    /// [`MAX_CODE_BYTES`] bytes; draws outside `1..=`[`MAX_CHAINED_DRAWS`].
    pub fn new(secret: &[u8], draws: u32) -> Result<Self, Error> {
        check_code("secret", secret)?;
        check_draw(draws, MAX_CHAINED_DRAWS)?;
        Ok(Self {
            secret: secret.to_vec(),
            draws,
        })
    }

    /// What is published before the first draw.
    #[must_use]
    pub fn commitment(&self) -> Sha256Digest {
        let before = hashed(&self.secret, self.draws.saturating_sub(1));
        Sha256Digest::of(&before)
    }

    /// What a draw reveals; the first is draw 1.
    ///
    /// # Errors
    /// [`Error::ArgumentOutOfRange`] for a draw the chain was not made for.
    pub fn code(&self, draw: u32) -> Result<Vec<u8>, Error> {
        check_draw(draw, self.draws)?;
        Ok(hashed(&self.secret, self.draws.saturating_sub(draw)))
    }
}

/// Does not tell the secret.
impl fmt::Debug for HashChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HashChain of {} draws", self.draws)
    }
}
