//! The tests of single rooms, in one program: each program builds the generic core anew, and that takes
//! longer than most of its tests. One file a room, to be run alone by its name: `--test rooms cancel::`.

mod common;
#[allow(dead_code, reason = "only its small problems are used here")]
mod fairness;

mod cancel;
mod cases;
mod certificate;
mod chances;
mod compare_drop400;
mod drop353;
mod lottery;
mod metrics;
mod places;
mod readme;
mod selection;
mod unit_lots;
mod verify_plan;
