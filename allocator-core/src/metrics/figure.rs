//! A figure as it is told: an exact fraction, or an interval that surely holds it.

use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use super::wide::Wide;

/// An exact fraction, not below 0, always reduced.
///
/// Its text is `p/q`, or `p` where it is whole; the same text stands in JSON.
///
/// ```
/// use allocator_core::Ratio;
/// let third = Ratio::new(2, 6).unwrap();
/// assert_eq!((third.to_string(), third.rounded()), ("1/3".into(), "~0.333".into()));
/// assert_eq!("2/6".parse(), Ok(third));
/// assert!(third < "1/2".parse().unwrap());
/// assert_eq!(Ratio::new(1, 0), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct Ratio {
    numerator: u128,
    denominator: u128,
}

impl Ratio {
    /// The fraction, reduced; `None` over 0.
    #[must_use]
    pub fn new(numerator: u128, denominator: u128) -> Option<Self> {
        let divisor = common_divisor(numerator, denominator);
        Some(Self {
            numerator: numerator.checked_div(divisor)?,
            denominator: denominator.checked_div(divisor).filter(|&of| of > 0)?,
        })
    }

    /// A whole number.
    pub(crate) const fn whole(numerator: u128) -> Self {
        Self {
            numerator,
            denominator: 1,
        }
    }

    /// The fraction of two numbers of any size, where 128 bits hold it reduced.
    pub(super) fn of_wide(numerator: Wide, denominator: Wide) -> Option<Self> {
        let divisor = numerator.common_divisor(denominator)?;
        Some(Self {
            numerator: numerator.divided(divisor)?.0.narrow()?,
            denominator: denominator
                .divided(divisor)?
                .0
                .narrow()
                .filter(|&of| of > 0)?,
        })
    }

    /// The number above the line.
    #[must_use]
    pub const fn numerator(self) -> u128 {
        self.numerator
    }

    /// The number below the line, at least 1.
    #[must_use]
    pub const fn denominator(self) -> u128 {
        self.denominator
    }

    /// Three digits for the eye, a half rounded up: `~0.952`. Without the mark, `0.500`, they are the
    /// number itself.
    #[must_use]
    pub fn rounded(self) -> String {
        let [numerator, denominator] = [self.numerator, self.denominator].map(Wide::from);
        let thousandths = numerator
            .times_word(1000)
            .and_then(|all| all.divided(denominator));
        // The wide numbers hold any numerator of 128 bits, and no denominator is 0.
        let (down, rest) = thousandths.unwrap_or_default();
        let is_half = rest.plus(rest).is_some_and(|twice| twice >= denominator);
        let up = down.plus(u128::from(is_half).into()).unwrap_or(down);
        let (whole, digits) = up.divided_by_small(1000).unwrap_or_default();
        let mark = if rest == Wide::ZERO { "" } else { "~" };
        alloc::format!("{mark}{}.{digits:03}", whole.narrow().unwrap_or(u128::MAX))
    }
}

fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    while let Some(rest) = a.checked_rem(b) {
        // Most numbers are small, and 64 bits divide several times as fast.
        if let (Ok(a), Ok(b)) = (u64::try_from(a), u64::try_from(b)) {
            return common_divisor_of_small(a, b).into();
        }
        (a, b) = (b, rest);
    }
    a
}

fn common_divisor_of_small(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.numerator, other.denominator);
        let (c, d) = (other.numerator, self.denominator);
        match (a.checked_mul(b), c.checked_mul(d)) {
            (Some(left), Some(right)) => left.cmp(&right),
            // Two products of 128 bits each fit into 512.
            _ => {
                let crossed = |a, b| Wide::from(a).times(Wide::from(b));
                crossed(a, b).cmp(&crossed(c, d))
            }
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            of => write!(f, "{}/{of}", self.numerator),
        }
    }
}

/// A text that is no fraction or no figure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is none of p, p/q, low..high ppm")]
pub struct NoFigure {
    /// The text.
    pub text: String,
}

impl NoFigure {
    fn new(text: &str) -> Self {
        Self { text: text.into() }
    }
}

/// Digits and nothing else: no sign, no blank.
fn digits<T: FromStr>(text: &str) -> Option<T> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

impl FromStr for Ratio {
    type Err = NoFigure;

    fn from_str(text: &str) -> Result<Self, NoFigure> {
        let (above, below) = text.split_once('/').unwrap_or((text, "1"));
        digits(above)
            .zip(digits(below))
            .and_then(|(above, below)| Self::new(above, below))
            .ok_or_else(|| NoFigure::new(text))
    }
}

/// A figure not below 0: exact where 128 bits hold the reduced fraction, else an interval.
///
/// Its text is that of the [`Ratio`], or `951682..951683 ppm`; the same text stands in JSON.
///
/// ```
/// use allocator_core::{Figure, Ratio};
/// let exact = Figure::Exact(Ratio::new(19_200, 31_417).unwrap());
/// assert_eq!((exact.to_string(), exact.rounded()), ("19200/31417".into(), "~0.611".into()));
/// let between = Figure::Between { low_ppm: 951_682, high_ppm: 951_683 };
/// assert_eq!((between.to_string(), between.rounded()), ("951682..951683 ppm".into(), "~0.952".into()));
/// assert_eq!("951682..951683 ppm".parse(), Ok(between));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub enum Figure {
    /// The figure itself.
    Exact(Ratio),
    /// It lies between these, both included: one apart, or two where its own terms were rounded too.
    Between {
        /// Parts per million, rounded down.
        low_ppm: u64,
        /// Parts per million, rounded up.
        high_ppm: u64,
    },
}

impl Figure {
    /// Parts per million that surely hold it: the number rounded down and up. [`u64::MAX`] stands for
    /// itself and for all that 64 bits do not hold, which only a mean of units can be.
    #[must_use]
    pub fn ppm(self) -> (u64, u64) {
        match self {
            Self::Exact(ratio) => {
                let [above, below] = [ratio.numerator, ratio.denominator].map(Wide::from);
                let ends = [false, true].map(|up| parts_per_million(above, below, up));
                // A fraction of 128 bits leaves room for its remainders: what is missing is too large.
                (ends[0].unwrap_or(u64::MAX), ends[1].unwrap_or(u64::MAX))
            }
            Self::Between { low_ppm, high_ppm } => (low_ppm, high_ppm),
        }
    }

    /// Three digits for the eye, as [`Ratio::rounded`]; of an interval, its lower end.
    #[must_use]
    pub fn rounded(self) -> String {
        match self {
            Self::Exact(ratio) => ratio.rounded(),
            Self::Between { low_ppm, .. } => {
                let thousandths = low_ppm.saturating_add(500).checked_div(1000).unwrap_or(0);
                let whole = thousandths.checked_div(1000).unwrap_or(0);
                let digits = thousandths.checked_rem(1000).unwrap_or(0);
                alloc::format!("~{whole}.{digits:03}")
            }
        }
    }
}

/// The fraction in parts per million, rounded down or up; `None` where a remainder leaves 512 bits.
pub(super) fn parts_per_million(numerator: Wide, denominator: Wide, up: bool) -> Option<u64> {
    let (whole, mut rest) = numerator.divided(denominator)?;
    let mut parts = u64::try_from(whole.narrow()?).ok()?;
    for _ in 0..6 {
        rest = rest.times_word(10)?;
        let mut digit = 0_u64;
        while let Some(less) = rest.minus(denominator) {
            rest = less;
            digit = digit.saturating_add(1);
        }
        parts = parts.checked_mul(10)?.checked_add(digit)?;
    }
    parts.checked_add(u64::from(up && rest > Wide::ZERO))
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(ratio) => ratio.fmt(f),
            Self::Between { low_ppm, high_ppm } => write!(f, "{low_ppm}..{high_ppm} ppm"),
        }
    }
}

impl FromStr for Figure {
    type Err = NoFigure;

    fn from_str(text: &str) -> Result<Self, NoFigure> {
        let Some(ends) = text.strip_suffix(" ppm") else {
            return text.parse().map(Self::Exact);
        };
        let ends = (ends.split_once("..")).and_then(|(low, high)| digits(low).zip(digits(high)));
        match ends {
            Some((low_ppm, high_ppm)) if low_ppm <= high_ppm => {
                Ok(Self::Between { low_ppm, high_ppm })
            }
            _ => Err(NoFigure::new(text)),
        }
    }
}

/// Both are written as their text, in JSON too.
macro_rules! as_text {
    ($($kind:ident)+) => {$(
        impl TryFrom<String> for $kind {
            type Error = NoFigure;

            fn try_from(text: String) -> Result<Self, NoFigure> {
                text.parse()
            }
        }

        impl From<$kind> for String {
            fn from(this: $kind) -> Self {
                this.to_string()
            }
        }
    )+};
}
as_text!(Ratio Figure);
