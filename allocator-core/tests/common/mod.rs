//! What the test files share: worlds that lean towards trouble, what of it was reached, and the
//! comparison of the core with its naive twin.
#![allow(
    dead_code,
    reason = "each test file is a crate of its own and uses its part"
)]

pub(crate) mod agree;
pub(crate) mod columns;
pub(crate) mod counterfactual;
pub(crate) mod faulty;
pub(crate) mod reach;
pub(crate) mod seeded;
pub(crate) mod tamper;
pub(crate) mod worlds;
