//! Instants. The crate never reads a clock: every instant is an argument.

/// An instant in microseconds since 1970-01-01T00:00:00Z. Any `i64` is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `micros` microseconds after (negative: before) the start of 1970, UTC.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start of 1970, UTC.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }
}
