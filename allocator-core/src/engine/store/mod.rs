//! What the engine keeps its state in: storage that never moves much at once and reuses what it freed.
//!
//! Every structure here grows by pieces of a fixed size, so that no single command pays for copying all
//! that came before, and allocates nothing once it has been as large as it needs to be.

pub(crate) mod index;
pub(crate) mod ranked;
pub(crate) mod seeded;
pub(crate) mod slab;
#[cfg(test)]
mod tests;

/// No slot: no structure here gives this one out.
pub(crate) const NONE: u32 = u32::MAX;

pub(crate) use index::Index;
pub(crate) use ranked::{Forest, Items, Tree};
pub(crate) use seeded::Seeded;
pub(crate) use slab::Slab;
