//! Every limit, declared once. What exceeds one is refused with its field, its row and the limit.

use crate::quantity::{Quantity, Total};

/// Most units one row may name, and most units of one SKU that may be received in all.
pub const MAX_QUANTITY: Quantity = Quantity::MAX;

/// Most rows a table may have. Rows are counted in 32 bits inside, with one value kept as "none".
pub const MAX_ROWS: usize = 0xffff_fffe;

/// Most bytes an outside id may have ([`crate::Interner`]).
pub const MAX_NAME_BYTES: usize = 1024;

/// In a column of ids: this row names none. No id may have this value.
pub const NO_ID: u32 = u32::MAX;

/// Most units that all lines of a call may ask for together under a rule that draws each of them.
pub const MAX_DRAWN_UNITS: Quantity = 1 << 24;

/// Most weight a claimant may have.
pub const MAX_WEIGHT: i64 = 0x7fff_ffff;

/// Most refund one order may have, in minor units of the currency.
pub const MAX_REFUND: Total = Quantity::MAX as Total;

/// Exact whole-order selection tells at most this many states apart: with one SKU the units to free
/// (or to keep), with several the product of all (need + 1).
pub const MAX_SELECTION_STATES: Total = 1 << 20;

/// Exact selection with one SKU: most states times different order sizes. Seconds, and 4 bytes each.
pub const MAX_SELECTION_CELLS: Total = 1 << 23;

/// Exact selection with several SKUs: most states times orders that can matter. About a second.
pub const MAX_SELECTION_STEPS: Total = 100_000_000;

/// Fewest bytes a one-time code of a draw may have: what is shorter can be guessed from its commitment.
pub const MIN_CODE_BYTES: usize = 16;

/// Most bytes a one-time code, and public randomness mixed into a draw, may have.
pub const MAX_CODE_BYTES: usize = 1024;

/// Most draws one hash chain is made for.
pub const MAX_CHAINED_DRAWS: u32 = 1 << 16;

/// Most bytes the canonical list of a draw may have.
pub const MAX_LIST_BYTES: usize = 1 << 30;

/// Most additions that exact chances of one SKU may take: about a second.
pub const MAX_CHANCE_STEPS: u64 = 10_000_000;
