//! Preorder and backorder inventory allocation: exact, explained, never beyond received stock.
//!
//! 500 units are sold, 480 arrive. [`allocate`] decides who gets one and why, [`verify`] checks any
//! such answer without sharing code with it, [`explain`] says what would have to change for a line
//! that waits. Pure functions over slices: no clock, no randomness, no floats, no I/O.
//!
//! ```
//! use allocator_core::{allocate, explain, verify, DemandLine, Policy, Supply};
//!
//! let hoodie = 7;
//! let lines: Vec<_> = (1..=400_u32)
//!     .map(|i| DemandLine::new(i, hoodie, if i % 4 == 0 { 2 } else { 1 }).sequence(i))
//!     .collect();
//! let supply = [Supply::received(hoodie, 480)];
//! let policy = Policy::first_come();
//! let result = allocate(&lines, &supply, &policy)?; // an error names row, field and limit
//! verify(&lines, &supply, &policy, &result)?;
//! assert_eq!(result.to_string(), "500 ordered, 480 received: 384 lines full, 16 waiting (20 units), 0 idle");
//! let why = explain(&lines, &supply, &policy, 384)?; // rows count from 0: line 385
//! assert_eq!(why.more_units[0].units, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//! `default = []`. `serde` adds `Serialize` and `Deserialize` to every public data type. `lottery` adds
//! draws that customers can recompute, as `DRAW.md` beside the source shows. Features never change a
//! result.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]
#![warn(missing_docs)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod allocate;
mod axiom;
mod cancel;
mod check;
mod compare;
mod demand;
pub mod engine;
mod error;
mod explain;
mod id;
mod interner;
pub mod limits;
#[cfg(feature = "lottery")]
mod lottery;
mod metrics;
mod place;
mod policy;
mod quantity;
mod reason;
mod rule;
mod supply;
mod ticket;
mod time;
mod unit_lots;
mod verify;

pub use allocate::{
    Allocation, Idle, Outcome, OutcomeColumns, Overtake, Overtakes, Peg, PlaceInLine, Summary,
    allocate, allocate_into,
};
pub use axiom::{Axiom, Axioms};
pub use cancel::select::{Aim, Optimality, OrderToCut, Selected, Selection, select_orders};
pub use cancel::{
    CancelTerms, CancellationPlan, Cut, CutMethod, CutReason, OneOff, PlanTotals, PlannedLine,
    ShortageEvent, plan_cancellations,
};
pub use check::validate;
pub use compare::{Compared, Comparison, compare, compare_with};
pub use demand::{Demand, DemandColumns, DemandLine, DrawnLines};
pub use error::{Error, LabelFault, Table};
pub use explain::{
    Certificate, Explainer, Explanation, Fraction, LineAt, MoreUnits, Threshold, TicketKey, explain,
};
pub use id::{CommandId, CustomerId, LineId, LocationId, OrderId, SkuId, SupplyId};
pub use interner::Interner;
#[cfg(feature = "lottery")]
pub use lottery::{
    Announcement, Beacon, Chances, Draw, DrawKey, DrawRequired, Drawn, HashChain, Pulse,
    Sha256Digest, chances, commitment,
};
pub use metrics::{Figure, IdleUnits, KeptColumns, Meter, Metrics, Moved, NoFigure, Ratio};
pub use place::{PlaceOrder, PlacePart};
pub use policy::{Completeness, Misfit, Policy};
pub use quantity::{Quantity, Total};
pub use reason::{IdleCause, OvertakeCause, Reason};
pub use rule::{KeyPart, ShortageRule};
pub use supply::Supply;
pub use time::Timestamp;
pub use verify::{Grade, Law, Violation, verify, verify_plan};

/// The code in the documents beside the source runs as tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../DESIGN.md")]
    mod design {}
    #[cfg(feature = "lottery")]
    #[doc = include_str!("../DRAW.md")]
    mod draw {}
    #[doc = include_str!("../../README.md")]
    mod readme {}
}
