//! The byte form of commands, refusals, events and policies: each word with the number of each of its
//! kinds and the order of its fields.
//!
//! Numbers are never given twice. A field or kind that is missing here breaks the build.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::{Code, Reader};
use crate::engine::command::{
    Ahead, AllocateRule, Command, DrawnLot, Pack, Place, PlaceLine, Request, StockCause,
    StockChange,
};
use crate::engine::event::{Event, EventCause, Happening};
use crate::engine::policy::{AheadLimit, Inflow, LocationOrder, SkuPolicy};
use crate::engine::rejection::{Rejection, RejectionCode};
use crate::engine::view::{Ended, StockPosition};
use crate::error::Error;
use crate::id::{CommandId, CustomerId, LineId, LocationId, OrderId, SkuId};
use crate::policy::Misfit;
use crate::quantity::Quantity;
use crate::rule::ShortageRule;
use crate::time::Timestamp;

/// A word with fields, in their order.
macro_rules! fields {
    ($($name:ident { $($field:ident: $kind:ty),+ $(,)? })+) => {$(
        impl Code for $name {
            const LEAST: usize = 0 $(+ <$kind as Code>::LEAST)+;

            fn write(&self, out: &mut Vec<u8>) {
                let Self { $($field),+ } = self;
                $($field.write(out);)+
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
                $(let $field = <$kind as Code>::read(from)?;)+
                Ok(Self { $($field),+ })
            }
        }
    )+};
}

/// A word with kinds: the number of each, and its fields in their order.
macro_rules! kinds {
    ($name:ident { $($number:literal $kind:ident $(($value:ident))? $({ $($field:ident)+ })?),+ $(,)? }) => {
        impl Code for $name {
            const LEAST: usize = 1;

            fn write(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$kind $(($value))? $({ $($field),+ })? => {
                        out.push($number);
                        $($value.write(out);)?
                        $($($field.write(out);)+)?
                    })+
                }
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
                Ok(match u8::read(from)? {
                    $($number => {
                        $(let $value = Code::read(from)?;)?
                        $($(let $field = Code::read(from)?;)+)?
                        Self::$kind $(($value))? $({ $($field),+ })?
                    })+
                    _ => return Err(from.fault(concat!("no such ", stringify!($name)))),
                })
            }
        }
    };
}

/// A code with a stable number.
macro_rules! numbered {
    ($($name:ident)+) => {$(
        impl Code for $name {
            const LEAST: usize = 1;

            fn write(&self, out: &mut Vec<u8>) {
                out.push(self.number());
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
                let code = Self::from_number(u8::read(from)?);
                code.ok_or_else(|| from.fault(concat!("no such ", stringify!($name))))
            }
        }
    )+};
}

numbered! { EventCause RejectionCode }

fields! {
    Request { id: CommandId, issued_at: Option<Timestamp>, command: Command }
    Place {
        order: OrderId,
        customer: Option<CustomerId>,
        until: Option<Timestamp>,
        together: bool,
        partial: bool,
        replaces: Option<LineId>,
        lines: Vec<PlaceLine>,
    }
    PlaceLine {
        line: LineId,
        sku: SkuId,
        location: Option<LocationId>,
        units: Quantity,
        priority: i32,
        placed_at: Option<Timestamp>,
        pack: Pack,
        ahead: Ahead,
    }
    DrawnLot { line: LineId, lot: i64 }
    Event { at: Timestamp, what: Happening }
    SkuPolicy {
        inflow: Inflow,
        on_misfit: Misfit,
        protected_units: Quantity,
        protected_for: Option<i32>,
        limit: AheadLimit,
        customer_cap: Option<Quantity>,
        whole_lines: bool,
        locations: LocationOrder,
        hold_max: Option<i64>,
        hold_extensions: Option<u32>,
    }
    StockPosition {
        received: Quantity,
        available: Quantity,
        reserved: Quantity,
        allocated: Quantity,
        shipped: Quantity,
        scrapped: Quantity,
    }
}

kinds! { Command {
    0 Configure { sku policy },
    1 Supply { supply sku location units expected_at },
    2 Stock { sku location change cause supply only_free },
    3 Place(place),
    4 Confirm { order },
    5 AmendOrder { order until together },
    6 AmendLine { line units priority placed_at ahead },
    7 CancelOrder { order only_waiting },
    8 CancelLine { line units only_waiting },
    9 Allocate { sku rule is_final expect draw },
    10 Assign { units location from to },
    11 Split { line new_line units },
    12 Ship { line units location },
    13 Return { line units location scrap },
    14 Transfer { sku from to units },
    15 Forget { closed_before },
}}

kinds! { Happening {
    0 Configured { sku policy },
    1 SupplySet { supply sku location units expected_at outstanding uncovered },
    2 StockChanged { sku location by cause supply },
    3 Placed {
        order customer until together line sku location units shortfall pack priority placed_at sequence
    },
    4 Increased { line part units priority placed_at sequence },
    5 Filled { line part location units over },
    6 TakenBack { line part location units cause },
    7 Cancelled { line part units cause },
    8 Confirmed { order },
    9 Extended { order until },
    10 Regrouped { order together },
    11 Rekeyed { line priority placed_at all_placed_at },
    12 Listed { sku rule parts draw },
    13 Split { line new_line waiting taken },
    14 Shipped { line part location units },
    15 Returned { line part location units scrapped },
    16 Transferred { sku from to units },
    17 Forgotten { order },
}}

kinds! { StockChange { 0 By(by), 1 Exactly(units) } }
kinds! { StockCause { 0 Receipt, 1 Count, 2 Damage } }
kinds! { Pack { 0 Multiple(units), 1 Whole } }
kinds! { Ahead { 0 Yes, 1 No, 2 Latest(latest) } }
kinds! { AllocateRule { 0 Fill, 1 Queue, 2 Shared(rule) } }
kinds! { Inflow { 0 Serve, 1 Keep, 2 Sell } }
kinds! { Misfit { 0 SetAside, 1 Pass } }
kinds! { AheadLimit { 0 Unlimited, 1 Units(most), 2 Incoming { yield_permille buffer } } }
kinds! { LocationOrder { 0 Listed(first), 1 MostAvailable } }
kinds! { Ended { 0 No, 1 Expired, 2 Cancelled } }

/// Only refusals that are remembered have a byte form, and none of them names a field.
impl Code for Rejection {
    const LEAST: usize = 2;

    fn write(&self, out: &mut Vec<u8>) {
        let Self {
            code,
            row,
            field: _,
        } = self;
        code.write(out);
        row.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        let code = RejectionCode::read(from)?;
        let of_the_call = matches!(
            code,
            RejectionCode::ClockBackwards | RejectionCode::Conflict | RejectionCode::TooOld
        );
        from.must(!of_the_call, "a refusal that is not remembered")?;
        Ok(Self {
            row: Code::read(from)?,
            ..Self::new(code)
        })
    }
}

/// By its text, which names the same rule in every version.
impl Code for ShortageRule {
    const LEAST: usize = 1;

    fn write(&self, out: &mut Vec<u8>) {
        let text = self.to_string();
        // Six parts of at most 28 bytes.
        out.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(text.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        let length = u8::read(from)?;
        let text = core::str::from_utf8(from.take(length.into())?).unwrap_or_default();
        let rule: Option<Self> = text.parse().ok();
        // A rule has several texts and writes one.
        let rule = rule.filter(|rule| rule.to_string() == text);
        rule.ok_or_else(|| from.fault("no sharing rule"))
    }
}
