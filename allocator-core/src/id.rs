//! Dense integer ids. Outside ids (any UTF-8) become these at the edge: [`crate::Interner`].

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
        pub struct $name(pub u32);

        impl From<u32> for $name {
            fn from(id: u32) -> Self {
                Self(id)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A demand line. Unique in one call.
    LineId
    /// An order: the lines of one checkout.
    OrderId
    /// A customer. Whoever names none is as many customers as orders.
    CustomerId
    /// A stock keeping unit: what is demanded and supplied.
    SkuId
    /// A row of supply. Unique in one call.
    SupplyId
    /// A place where units lie.
    LocationId
}

/// The caller's id of a command: any number, a UUID for instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct CommandId(pub u128);

impl From<u128> for CommandId {
    fn from(id: u128) -> Self {
        Self(id)
    }
}

impl core::fmt::Display for CommandId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}
