//! Public randomness that nobody knows in advance.

use alloc::vec::Vec;

use super::commit::check_len;
use super::digest::{HexBytes, Sha256Digest};
use crate::error::Error;
use crate::limits::MAX_CODE_BYTES;

/// A public beacon that gives one round of randomness every few seconds.
///
/// ```
/// use allocator_core::Beacon;
/// let round = Beacon::QUICKNET.round_at(1_776_643_200)?;
/// assert_eq!((round, Beacon::QUICKNET.time_of(round)), (27_946_612, Some(1_776_643_200)));
/// assert!(Beacon::QUICKNET.round_at(0).is_err());
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Beacon {
    genesis: i64,
    period: u32,
}

impl Beacon {
    /// The quicknet chain of the League of Entropy (drand): a round every 3 seconds since 2023-08-23.
    pub const QUICKNET: Self = Self {
        genesis: 1_692_803_367,
        period: 3,
    };

    /// Another beacon: the second since the start of 1970 of its round 1, and the seconds between two.
    ///
    /// # Errors
    /// [`Error::ArgumentOutOfRange`] for a genesis before 1970 or a period of 0.
    pub fn new(genesis: i64, period: u32) -> Result<Self, Error> {
        for (field, value, min, max) in [
            ("genesis", i128::from(genesis), 0, i64::MAX.into()),
            ("period", period.into(), 1, u32::MAX.into()),
        ] {
            if !(min..=max).contains(&value) {
                return Err(Error::ArgumentOutOfRange {
                    field,
                    value,
                    min,
                    max,
                });
            }
        }
        Ok(Self { genesis, period })
    }

    /// The round that is the newest at this second since the start of 1970. To announce a draw, take an
    /// instant that lies ahead by more than anybody's clock is wrong.
    ///
    /// # Errors
    /// [`Error::ArgumentOutOfRange`] before the genesis.
    pub fn round_at(self, unix_seconds: i64) -> Result<u64, Error> {
        let since = unix_seconds.checked_sub(self.genesis);
        let rounds = since
            .and_then(|since| u64::try_from(since).ok())
            .and_then(|since| since.checked_div(self.period.into()))
            .and_then(|rounds| rounds.checked_add(1));
        rounds.ok_or(Error::ArgumentOutOfRange {
            field: "unix_seconds",
            value: unix_seconds.into(),
            min: self.genesis.into(),
            max: i64::MAX.into(),
        })
    }

    /// The second in which a round comes; `None` for round 0 and for rounds beyond the end of time.
    #[must_use]
    pub fn time_of(self, round: u64) -> Option<i64> {
        let since = round.checked_sub(1)?.checked_mul(self.period.into())?;
        self.genesis.checked_add(i64::try_from(since).ok()?)
    }
}

/// What a public source said. Whether it said so is the host's to check (for drand: the BLS signature,
/// or what several mirrors answer).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "(u64, HexBytes)", into = "(u64, HexBytes)")
)]
pub struct Pulse {
    pub(super) round: u64,
    pub(super) randomness: HexBytes,
}

impl Pulse {
    /// This randomness of this round. Another public source than a beacon (closing prices, a national
    /// lottery) has its own numbering and writes its numbers down as bytes in a way that was published.
    ///
    /// # Errors
    /// [`Error::ArgumentOutOfRange`] for no bytes, or more than [`MAX_CODE_BYTES`].
    pub fn new(round: u64, randomness: &[u8]) -> Result<Self, Error> {
        check_len("randomness", randomness.len(), 1, MAX_CODE_BYTES)?;
        Ok(Self {
            round,
            randomness: HexBytes(Vec::from(randomness)),
        })
    }

    /// The randomness of a drand round: the SHA-256 of its signature.
    ///
    /// # Errors
    /// [`Error::ArgumentOutOfRange`] for no bytes, or more than [`MAX_CODE_BYTES`].
    pub fn of_signature(round: u64, signature: &[u8]) -> Result<Self, Error> {
        check_len("signature", signature.len(), 1, MAX_CODE_BYTES)?;
        Self::new(round, &Sha256Digest::of(signature).0)
    }

    /// Its round.
    #[must_use]
    pub const fn round(&self) -> u64 {
        self.round
    }

    /// Its bytes.
    #[must_use]
    pub fn randomness(&self) -> &[u8] {
        &self.randomness.0
    }
}

impl TryFrom<(u64, HexBytes)> for Pulse {
    type Error = Error;

    fn try_from((round, HexBytes(bytes)): (u64, HexBytes)) -> Result<Self, Error> {
        Self::new(round, &bytes)
    }
}

impl From<Pulse> for (u64, HexBytes) {
    fn from(pulse: Pulse) -> Self {
        (pulse.round, pulse.randomness)
    }
}
