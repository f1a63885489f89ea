//! Fair cancel: who loses when supply falls short for good.

pub(crate) mod select;
