//! What there is to give.

use crate::demand::Nameless;
use crate::id::{SkuId, SupplyId};
use crate::limits::NO_ID;
use crate::quantity::Quantity;

/// Units of one SKU that are physically here.
///
/// ```
/// use allocator_core::Supply;
/// let receipts = [Supply::received(7, 300).supply(1), Supply::received(7, 180).supply(2)];
/// assert_eq!(receipts.iter().map(|row| row.quantity).sum::<i64>(), 480);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
#[non_exhaustive]
pub struct Supply {
    /// Unique among the supply rows of one call; `None`: the row stands for it.
    #[cfg_attr(feature = "serde", serde(default))]
    pub supply: Option<SupplyId>,
    /// What it is.
    pub sku: SkuId,
    /// Units received, `0..=i64::MAX`; so is their sum over one SKU.
    pub quantity: Quantity,
    /// Which row of a SKU is used up first: small first, then by id. Decides pegs, never amounts.
    #[cfg_attr(feature = "serde", serde(default))]
    pub sequence: i64,
}

impl Supply {
    /// Units that arrived.
    #[must_use]
    pub fn received(sku: impl Into<SkuId>, quantity: Quantity) -> Self {
        Self {
            supply: None,
            sku: sku.into(),
            quantity,
            sequence: 0,
        }
    }

    /// The same row with an id.
    #[must_use]
    pub fn supply(mut self, supply: impl Into<SupplyId>) -> Self {
        self.supply = Some(supply.into());
        self
    }

    /// The same row with a sequence.
    #[must_use]
    pub fn sequence(mut self, sequence: i64) -> Self {
        self.sequence = sequence;
        self
    }

    /// The fields of the row that name [`NO_ID`] where that is no id.
    pub(crate) fn nameless(&self) -> Nameless {
        [
            (self.supply == Some(SupplyId(NO_ID))).then_some("supply"),
            (self.sku.0 == NO_ID).then_some("sku"),
            None,
            None,
        ]
    }
}
