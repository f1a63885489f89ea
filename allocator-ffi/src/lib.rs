//! The C and PHP face of [`allocator_core`]: convert, call, convert. No allocation logic lives here.
//!
//! The conventions of every function stand at the top of `include/allocator.h`; who owns which
//! memory stands in the README. Both headers are generated from these files, and a test compares
//! them.
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

pub mod abi;
pub mod abi_cancel;
pub mod allocation;
pub mod batch;
pub mod certificate;
pub mod compare;
pub mod draw;
pub mod draw_required;
pub mod event;
pub mod interner;
pub mod lottery;
pub mod method;
pub mod metrics;
pub mod names;
pub mod plan;
pub mod policy;
pub mod select;
pub mod status;

mod convert;
mod failure;
mod guard;
mod handle;
mod ids;
mod input;
mod memory;
mod reported;
