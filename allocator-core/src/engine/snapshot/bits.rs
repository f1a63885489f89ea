//! The compact form of orders, lines and parts: most fields of most of them say what they usually do, and
//! are left out.

use crate::engine::command::Pack;
use crate::engine::view::Ended;

/// Bits that say which fields follow. Each field that follows says something else than the usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bits(pub(super) u8);

impl Bits {
    pub(super) const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// With these bits, where something holds.
    pub(super) const fn with(self, bits: u8, holds: bool) -> Self {
        if holds { Self(self.0 | bits) } else { self }
    }
}

/// Of an order.
pub(super) mod order {
    pub(in super::super) const CUSTOMER: u8 = 1;
    pub(in super::super) const UNTIL: u8 = 1 << 1;
    pub(in super::super) const TOGETHER: u8 = 1 << 2;
    pub(in super::super) const CLOSED: u8 = 1 << 3;
    pub(in super::super) const EXPIRED: u8 = 1 << 4;
    pub(in super::super) const CANCELLED: u8 = 1 << 5;
    pub(in super::super) const EXTENSIONS: u8 = 1 << 6;
    /// More than one line.
    pub(in super::super) const LINES: u8 = 1 << 7;
}

/// Of a line.
pub(super) mod line {
    pub(in super::super) const TIE: u8 = 1;
    pub(in super::super) const WHOLE: u8 = 1 << 1;
    pub(in super::super) const MULTIPLE: u8 = 1 << 2;
    pub(in super::super) const CANCELLED: u8 = 1 << 3;
    /// More than one part.
    pub(in super::super) const PARTS: u8 = 1 << 4;
    pub(in super::super) const ALL: u8 = (1 << 5) - 1;
}

/// Of a part.
pub(super) mod part {
    pub(in super::super) const PRIORITY: u8 = 1;
    pub(in super::super) const FIRST_UNIT: u8 = 1 << 1;
    pub(in super::super) const WAITING: u8 = 1 << 2;
    /// It has units, at one location.
    pub(in super::super) const TAKEN: u8 = 1 << 3;
    /// It has units, at several.
    pub(in super::super) const SPREAD: u8 = 1 << 4;
    pub(in super::super) const SHIPPED: u8 = 1 << 5;
    pub(in super::super) const LISTED: u8 = 1 << 6;
    pub(in super::super) const ALL: u8 = (1 << 7) - 1;
}

pub(super) const fn ended_bits(ended: Ended) -> u8 {
    match ended {
        Ended::No => 0,
        Ended::Expired => order::EXPIRED,
        Ended::Cancelled => order::CANCELLED,
    }
}

pub(super) const fn pack_bits(pack: Pack) -> u8 {
    match pack {
        Pack::Multiple(1) => 0,
        Pack::Multiple(_) => line::MULTIPLE,
        Pack::Whole => line::WHOLE,
    }
}
