//! The live engine: what it answers, and what it keeps.

mod engine;
