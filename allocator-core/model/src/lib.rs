//! The naive twin of `allocator-core`: the oracle of its differential tests.
//!
//! It says what every call must answer, straight from the rules and by the shortest way: units move
//! one by one, nothing is kept sorted or counted ahead, and a counterfactual is tried out by running
//! the changed input. Of the core it uses the words for inputs and outputs and nothing else.
//!
//! * [`World`]: one call, and the questions the rules ask about it.
//! * [`run`]: who gets what, and why.
//! * [`covered_by_sorting`], [`covered_by_rank`]: the rule itself, ticket by ticket.
//! * [`why`]: what would have to change for one line.
//! * [`broken_laws`], [`grade`]: what an auditor must say of any result.
//! * [`faults_of_rows`], [`faults_of_columns`]: everything that is wrong with a bad input.
//! * [`Shop`]: the live engine.

mod answer;
mod faults;
mod judge;
mod shop;
mod stream;
mod tickets;
mod why;
mod world;

pub use answer::{Answer, run};
pub use faults::{faults_of_columns, faults_of_rows};
pub use judge::{Reported, broken_laws, grade};
pub use shop::{Advance, Shop, ShopPlan, Shown, ShownPart, Step};
pub use stream::{Call, Dice, Kind, Stream};
pub use tickets::{covered_by_rank, covered_by_sorting};
pub use why::{Why, why};
pub use world::{Claimant, World};
