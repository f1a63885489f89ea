//! Axioms of sharing, what each rule keeps of them, and how that is checked.

pub(crate) mod axioms;
pub(crate) mod expected;
pub(crate) mod page;
pub(crate) mod problem;
pub(crate) mod search;
