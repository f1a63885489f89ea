//! Claims problems in exact fractions: the rules of the literature, and axioms as searches for a
//! witness. Test-only, and obviously right rather than fast.
//!
//! * [`Problem`]: who claims how much of which estate.
//! * [`RationalRule`]: rules that may award fractions. Draws of whole units average to some of them.
//! * [`WholeRule`]: rules for whole units that have no merchant's name.
//! * [`Axiom`]: what a rule may keep or violate, looked for in one problem under any rule.
//! * [`rule_within_quota`]: whether there is any rule at all that keeps two axioms together.
//!
//! Definitions: Thomson, "Axiomatic and game-theoretic analysis of bankruptcy and taxation problems"
//! (Math. Soc. Sci. 45, 2003); Balinski & Young, "Fair Representation" (1982).

mod arrival;
mod axiom;
mod impossible;
mod level;
mod problem;
mod rational;
mod ticket;
mod whole;

pub use axiom::{Axiom, Share};
pub use impossible::{Awards, rule_below, rule_within_quota};
pub use problem::{Claimant, Problem, Rational, Refused, whole};
pub use rational::RationalRule;
pub use whole::WholeRule;
