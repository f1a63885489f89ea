//! How one SKU is sold: what frees units serve, how far ahead may be sold, how long a hold may live.

use alloc::vec::Vec;

use crate::error::{Error, Table};
use crate::id::LocationId;
use crate::policy::Misfit;
use crate::quantity::{Quantity, Total};

/// What units that become free do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Inflow {
    /// They serve those who wait, in the same call.
    #[default]
    Serve,
    /// They wait for [`super::Command::Allocate`]. A newcomer who wants stock only may still have what
    /// those who wait leave over.
    Keep,
    /// They wait for [`super::Command::Allocate`], and a newcomer who wants stock only may have any that
    /// is free: an overtake, and reported as one.
    Sell,
}

/// How many units may be sold ahead of stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum AheadLimit {
    /// Any number.
    #[default]
    Unlimited,
    /// At most so many; 0 sells stock only.
    Units(Quantity),
    /// What incoming supply covers: the units outstanding × the yield in thousandths, rounded down, less
    /// the buffer.
    Incoming {
        /// Units that arrive of a thousand ordered, 0..=1000.
        yield_permille: u32,
        /// Units kept back.
        buffer: Quantity,
    },
}

/// In which order the locations of a SKU are tried for a line that may be served from any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum LocationOrder {
    /// These first, then the others in the order in which the engine first heard of them.
    Listed(Vec<LocationId>),
    /// The one with most available units first; of equals, the one heard of first.
    MostAvailable,
}

impl LocationOrder {
    /// Where a location stands in this order: what it says first, then as first mentioned.
    pub(super) fn rank(&self, location: Option<LocationId>, mention: u32) -> (usize, u32) {
        let said = match self {
            Self::Listed(listed) => listed.iter().position(|said| Some(*said) == location),
            Self::MostAvailable => None,
        };
        (said.unwrap_or(usize::MAX), mention)
    }
}

impl Default for LocationOrder {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

/// The policy of one SKU. The engine has one for every SKU it has not been told about.
///
/// ```
/// use allocator_core::engine::{AheadLimit, SkuPolicy};
/// // A drop of stock only: nobody may have more than two, a hold lives ten minutes at most.
/// let policy = SkuPolicy {
///     limit: AheadLimit::Units(0),
///     customer_cap: Some(2),
///     hold_max: Some(600_000_000),
///     ..SkuPolicy::default()
/// };
/// assert!(policy.check().is_ok());
/// assert!(SkuPolicy { protected_units: -1, ..policy }.check().is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct SkuPolicy {
    /// What units that become free do.
    pub inflow: Inflow,
    /// Whether a line that cannot take what is free keeps it from those behind.
    pub on_misfit: Misfit,
    /// Units that are not given to anybody but lines of a priority up to `protected_for`.
    pub protected_units: Quantity,
    /// The last priority that may take protected units (0 is first); `None`: nobody may.
    pub protected_for: Option<i32>,
    /// How many units may be sold ahead of stock.
    pub limit: AheadLimit,
    /// Most units one customer may have ordered and not cancelled; shipped ones count. An order without
    /// a customer has no cap.
    pub customer_cap: Option<Quantity>,
    /// Whether every line ships whole, whatever its own pack says.
    pub whole_lines: bool,
    /// In which order locations are tried.
    pub locations: LocationOrder,
    /// How long a hold may live from the moment it is placed or extended, in microseconds.
    pub hold_max: Option<i64>,
    /// How often a hold may be extended.
    pub hold_extensions: Option<u32>,
}

impl SkuPolicy {
    /// Whether every number lies in its range.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for the first that does not: units from 0, a yield of at most 1000, a
    /// longest hold of at least one microsecond.
    pub fn check(&self) -> Result<(), Error> {
        let Self {
            inflow: _,
            on_misfit: _,
            protected_units,
            protected_for: _,
            limit,
            customer_cap,
            whole_lines: _,
            locations: _,
            hold_max,
            hold_extensions: _,
        } = self;
        let units = Quantity::MAX;
        within("protected_units", *protected_units, 0, units)?;
        match *limit {
            AheadLimit::Unlimited => {}
            AheadLimit::Units(most) => within("limit", most, 0, units)?,
            AheadLimit::Incoming {
                yield_permille,
                buffer,
            } => {
                within("yield_permille", yield_permille, 0, 1000_u32)?;
                within("buffer", buffer, 0, units)?;
            }
        }
        within("customer_cap", customer_cap.unwrap_or(0), 0, units)?;
        within("hold_max", hold_max.unwrap_or(1), 1, i64::MAX)
    }
}

fn within<N: Into<Total>>(field: &'static str, value: N, min: N, max: N) -> Result<(), Error> {
    let (value, min, max) = (value.into(), min.into(), max.into());
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        table: Table::Command,
        row: 0,
        field,
        value,
        min,
        max,
    })
}
