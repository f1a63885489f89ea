//! The types that cross the border, named as C names them.
//!
//! Every number of a row is an `int64_t`, because PHP narrows smaller fields without a word. Rows
//! keep reserved bytes, which are 0, so that they can grow without growing.
#![allow(non_camel_case_types)]

use core::ffi::c_char;

/// A demand line: one SKU of one order that wants units. A line of zeros with a `line` of its own is
/// valid: the policy's defaults, an order and a customer of its own, the place of its row.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct allocator_line {
    /// Unique among the lines of one call, 0..=INT64_MAX like every id.
    pub line: i64,
    /// The order; 0: the line is an order of its own.
    pub order: i64,
    /// The customer; 0: the order is a customer of its own.
    pub customer: i64,
    /// What is wanted.
    pub sku: i64,
    /// Units wanted, 0..=INT64_MAX.
    pub quantity: i64,
    /// First part of the place in line, where the policy's order says nothing else: small first, any
    /// number.
    pub priority: i64,
    /// Second part: microseconds since 1970-01-01T00:00:00Z, any number.
    pub placed_at: i64,
    /// Last part: any number. Where every line of the call has 0, the row counts instead.
    pub sequence: i64,
    /// A lot that the caller drew, read by rules and orders that name it: small first, any number.
    pub lot: i64,
    /// Read by orders that name it: large first, any number.
    pub score: i64,
    /// An allocator_completeness.
    pub completeness: u8,
    /// An allocator_misfit.
    pub on_misfit: u8,
    /// 0.
    pub reserved: [u8; 2],
    /// How often the claimant counts under a rule with weights, up to INT32_MAX; 0: once.
    pub weight: i32,
}

/// Units of one SKU that are physically here.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct allocator_supply {
    /// Unique among the supply rows of one call; 0: the row stands for it.
    pub supply: i64,
    /// What it is.
    pub sku: i64,
    /// Units received, 0..=INT64_MAX; so is their sum over one SKU.
    pub quantity: i64,
    /// Which row of a SKU is used up first: small first, then by `supply`. Decides pegs, never
    /// amounts.
    pub sequence: i64,
    /// 0.
    pub reserved: [u8; 8],
}

/// What one line has, and why: quantity = allocated + set_aside + waiting + never.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_outcome {
    /// Units asked for.
    pub quantity: i64,
    /// Units it gets now.
    pub allocated: i64,
    /// Units kept for it until what ships whole is complete.
    pub set_aside: i64,
    /// Units that nothing serves yet.
    pub waiting: i64,
    /// Units that can never be served.
    pub never: i64,
    /// Units the queue covered before anything was rounded down: what an auditor checks the order
    /// by.
    pub covered: i64,
    /// An allocator_reason.
    pub reason: u8,
    /// 0.
    pub reserved: [u8; 7],
}

/// `units` of line row `row` come from supply row `supply`. Rows count from 0.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_peg {
    /// The row of the line.
    pub row: i64,
    /// The row of the supply.
    pub supply: i64,
    /// Units, at least 1.
    pub units: i64,
}

/// Received units of a SKU that are allocated to nobody, and why.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_idle {
    /// The SKU.
    pub sku: i64,
    /// The row of the line they are kept for, where they are set aside; else -1.
    pub row: i64,
    /// Units, at least 1.
    pub units: i64,
    /// An allocator_idle_cause.
    pub cause: u8,
    /// 0.
    pub reserved: [u8; 7],
}

/// A line that was served although one before it in the queue of its SKU waits: its units were
/// released, or its order stands in line at its latest line.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_overtake {
    /// The row of the line that was served.
    pub later: i64,
    /// The row of the line before it that waits.
    pub earlier: i64,
    /// An allocator_overtake_cause.
    pub because: u8,
    /// 0.
    pub reserved: [u8; 7],
}

/// Where a line stands in the queue of its SKU.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_place {
    /// 1 is first.
    pub position: i64,
    /// Units that the lines before it ask for: what a position really means.
    pub units_ahead: i64,
}

/// The call in figures.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_summary {
    /// Units asked for.
    pub ordered: i64,
    /// Units received.
    pub received: i64,
    /// Units allocated.
    pub allocated: i64,
    /// Units set aside.
    pub set_aside: i64,
    /// Units waiting.
    pub waiting: i64,
    /// Units that can never be served.
    pub never: i64,
    /// Units received and allocated to nobody; what is set aside is among them.
    pub idle: i64,
    /// Lines with every unit, those that ask for 0 among them.
    pub lines_full: i64,
    /// Lines with some units.
    pub lines_partial: i64,
    /// Lines with none.
    pub lines_none: i64,
}

/// The answer to "why?" for one line. Its numbers are computed directly; the library's tests verify
/// them by running the changed input.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_explanation {
    /// The line.
    pub line: i64,
    /// Its row.
    pub row: i64,
    /// What it asks for.
    pub sku: i64,
    /// What it has, and the reason.
    pub outcome: allocator_outcome,
    /// Where it stands.
    pub place: allocator_place,
    /// Units received of its SKU.
    pub received: i64,
    /// The last line that it (its order, where that ships whole) must stand in front of to be
    /// served; -1: none, or it is served in full.
    pub if_before_line: i64,
    /// The row of that line, or -1.
    pub if_before_row: i64,
    /// Units it would get if it could ship in part; -1: no more than now.
    pub if_partial: i64,
}

/// Units of a SKU that would have to arrive for a line to be served.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_more_units {
    /// The SKU.
    pub sku: i64,
    /// The smallest number that serves the line; any larger number does too.
    pub units: i64,
}

/// The last unit of a SKU that was served.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_threshold {
    /// The SKU.
    pub sku: i64,
    /// The row of the line it went to.
    pub row: i64,
    /// Which unit of that line it is; 1 is its first.
    pub unit: i64,
}

/// The judgement of the auditor.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct allocator_verdict {
    /// An allocator_grade: the highest one reached.
    pub grade: i32,
    /// An allocator_law: the first one broken.
    pub law: i32,
    /// The row of the line it is about, or -1.
    pub row: i64,
    /// The SKU it is about, or -1.
    pub sku: i64,
    /// What the law asks for, or the limit it sets; for reasons and causes their number.
    pub expected: i64,
    /// What the result says.
    pub found: i64,
    /// 1: expected and found are set. 0: no law is broken, or a figure does not fit into 64 bits,
    /// and only the message has it.
    pub has_figures: u8,
    /// 0.
    pub reserved: [u8; 7],
    /// Which figure is wrong, NUL-terminated.
    pub what: [c_char; 64],
    /// One sentence, NUL-terminated UTF-8; empty where no law is broken.
    pub message: [c_char; 256],
}

/// What went wrong. Memory of the caller, nothing to free; cleared by every call that gets it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct allocator_error {
    /// An allocator_status, the one that the call returned.
    pub code: i32,
    /// An allocator_table: where the fault is.
    pub table: i32,
    /// The row at fault, from 0, or -1.
    pub row: i64,
    /// The earlier row of two that contradict each other, or -1.
    pub first_row: i64,
    /// The field or the argument at fault, NUL-terminated; empty where there is none.
    pub field: [c_char; 32],
    /// One sentence, NUL-terminated UTF-8, cut at 255 bytes; empty where nothing went wrong.
    pub message: [c_char; 256],
}

/// Units of one SKU in an order that may be cancelled as a whole.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct allocator_order_units {
    /// The order: its row in refund, oldest first.
    pub order: i64,
    /// The SKU: its row in need.
    pub sku: i64,
    /// Units; rows of the same order and SKU add up.
    pub quantity: i64,
}

/// A plan that cancels whole orders.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct allocator_cut {
    /// How many orders it cancels.
    pub orders: i64,
    /// Their refund.
    pub refund: i64,
    /// Where is_exact is 0: the plan's own figure of the aim (orders, refund or all units freed), and
    /// what no plan can be below.
    pub p: i64,
    /// See p.
    pub q: i64,
    /// 0: there is no such plan, and the rest is 0.
    pub exists: u8,
    /// 1: no plan is better. 0: it is at most p/q times the best.
    pub is_exact: u8,
    /// 0.
    pub reserved: [u8; 6],
}

/// What allocator_select_orders finds.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct allocator_selection {
    /// The plan that does what was asked.
    pub plan: allocator_cut,
    /// Only without a plan, for "exact" and one SKU: the plan that frees the most below the need.
    pub below: allocator_cut,
    /// Only without a plan: the plan that frees the least above the need.
    pub above: allocator_cut,
}

/// A table of the input.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_table {
    /// None: an argument, the policy, a handle.
    ALLOCATOR_TABLE_NONE = 0,
    /// The supply rows.
    ALLOCATOR_TABLE_SUPPLY = 1,
    /// The demand lines.
    ALLOCATOR_TABLE_LINES = 2,
    /// The outcomes.
    ALLOCATOR_TABLE_OUTCOMES = 3,
    /// The pegs.
    ALLOCATOR_TABLE_PEGS = 4,
    /// The idle units.
    ALLOCATOR_TABLE_IDLE = 5,
    /// The orders that may be cancelled as a whole.
    ALLOCATOR_TABLE_ORDERS = 6,
    /// The units to free.
    ALLOCATOR_TABLE_NEED = 7,
    /// A command to the engine.
    ALLOCATOR_TABLE_COMMAND = 8,
}

/// What may ship in part.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_completeness {
    /// As the policy says.
    ALLOCATOR_COMPLETENESS_POLICY = 0,
    /// Any number of units.
    ALLOCATOR_COMPLETENESS_PARTIAL = 1,
    /// The line ships whole or not at all.
    ALLOCATOR_COMPLETENESS_LINE = 2,
    /// All lines of the order ship together, over all SKUs, or none does.
    ALLOCATOR_COMPLETENESS_ORDER = 3,
}

/// What becomes of units covered for a line or order that may not ship yet.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_misfit {
    /// As the policy says.
    ALLOCATOR_MISFIT_POLICY = 0,
    /// They stay aside for it, and are reported as idle with that cause.
    ALLOCATOR_MISFIT_SET_ASIDE = 1,
    /// They are offered to those behind; each overtake is reported.
    ALLOCATOR_MISFIT_PASS = 2,
}

/// Why a line has what it has: the first that applies.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_reason {
    /// The line asks for 0 units.
    ALLOCATOR_REASON_NOTHING_ASKED = 0,
    /// Every unit is allocated.
    ALLOCATOR_REASON_SERVED = 1,
    /// No supply row names the SKU: it can never be served and blocks nobody.
    ALLOCATOR_REASON_UNKNOWN_SKU = 2,
    /// The order ships whole and another line of it can never be served.
    ALLOCATOR_REASON_ORDER_HAS_IMPOSSIBLE_LINE = 3,
    /// There is enough for this line, but the order ships whole and another line of it waits.
    ALLOCATOR_REASON_ORDER_INCOMPLETE = 4,
    /// There is only a part, and the line ships whole.
    ALLOCATOR_REASON_LINE_INCOMPLETE = 5,
    /// Those before it in line took what there was.
    ALLOCATOR_REASON_SHORT = 6,
    /// For allocator_verify only: a system that gives no reasons has it in every outcome.
    ALLOCATOR_REASON_NONE = 255,
}

/// Why a received unit is allocated to nobody.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_idle_cause {
    /// Kept for a line that ships whole and is not complete yet.
    ALLOCATOR_IDLE_SET_ASIDE = 0,
    /// Nobody waits for it.
    ALLOCATOR_IDLE_NO_DEMAND = 1,
    /// Lines and orders wait that ship whole, and it completes none of them.
    ALLOCATOR_IDLE_DOES_NOT_FIT = 2,
}

/// Why a later line was served before an earlier one.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_overtake_cause {
    /// The earlier one ships whole and waits: its units were released, or its order stands in line
    /// at its latest line.
    ALLOCATOR_OVERTAKE_MISFIT = 0,
    /// The rule shares unit by unit between customers, and the place only parts equals.
    ALLOCATOR_OVERTAKE_RULE = 1,
}

/// How much of a result holds. Each grade includes the ones before it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_grade {
    /// None.
    ALLOCATOR_GRADE_NONE = 0,
    /// Nothing is promised twice: units, pegs and idle units add up to what was received.
    ALLOCATOR_GRADE_SAFE = 1,
    /// What ships whole does.
    ALLOCATOR_GRADE_LEGAL = 2,
    /// Nobody jumps the queue, nothing is idle without its cause, every reason is true.
    ALLOCATOR_GRADE_ORDERED = 3,
}

/// What every result must keep, in the order in which the auditor looks.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_law {
    /// None is broken.
    ALLOCATOR_LAW_NONE = 0,
    /// Of no SKU and no supply row is more given than was received.
    ALLOCATOR_LAW_NEVER_BEYOND_RECEIVED = 1,
    /// Every unit lies in exactly one box.
    ALLOCATOR_LAW_EVERY_UNIT_ACCOUNTED = 2,
    /// Lines and orders that ship whole get all or nothing.
    ALLOCATOR_LAW_SHIPS_WHOLE = 3,
    /// Nobody is covered while one before him waits, unless the policy lets him pass.
    ALLOCATOR_LAW_NO_QUEUE_JUMPING = 4,
    /// No unit stays free that the queue owes to somebody.
    ALLOCATOR_LAW_NOTHING_IDLE = 5,
    /// Every reason and every cause is the true one.
    ALLOCATOR_LAW_TRUE_REASON = 6,
}

/// What a sharing rule may promise. It speaks of customers who claim one SKU, each under a name of his
/// own, and of stock between none and all of what is claimed.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_axiom {
    /// One more unit lowers nobody.
    ALLOCATOR_AXIOM_RESOURCE_MONOTONE = 0,
    /// Who cancels lowers nobody else.
    ALLOCATOR_AXIOM_CANCEL_MONOTONE = 1,
    /// Who leaves with his award changes nobody else.
    ALLOCATOR_AXIOM_CONSISTENCY = 2,
    /// Who has no unit and leaves changes nobody.
    ALLOCATOR_AXIOM_NULL_AWARD_LEAVES = 3,
    /// Who is served in full and leaves with his units changes nobody.
    ALLOCATOR_AXIOM_SERVED_LEAVES = 4,
    /// Two shipments, the second shared by what is still open, give what one gives.
    ALLOCATOR_AXIOM_COMPOSITION_UP = 5,
    /// A shipment revised down may be shared by the awards instead of the claims.
    ALLOCATOR_AXIOM_COMPOSITION_DOWN = 6,
    /// Equal claims differ by at most one unit.
    ALLOCATOR_AXIOM_BALANCED_EQUALS = 7,
    /// Of two equal claims the earlier never gets less.
    ALLOCATOR_AXIOM_SENIORITY_EQUALS = 8,
    /// Nobody gets a unit while somebody earlier is short.
    ALLOCATOR_AXIOM_NO_OVERTAKE = 9,
    /// A smaller claim never gets more.
    ALLOCATOR_AXIOM_ORDER_GAINS_STRICT = 10,
    /// A smaller claim never gets more by two units.
    ALLOCATOR_AXIOM_ORDER_GAINS_PM1 = 11,
    /// A smaller claim never loses more.
    ALLOCATOR_AXIOM_ORDER_LOSSES_STRICT = 12,
    /// A smaller claim never loses more by two units.
    ALLOCATOR_AXIOM_ORDER_LOSSES_PM1 = 13,
    /// Nobody gets less than his exact share rounded down.
    ALLOCATOR_AXIOM_LOWER_QUOTA = 14,
    /// Nobody gets more than his exact share rounded up.
    ALLOCATOR_AXIOM_UPPER_QUOTA = 15,
    /// With at least as many units as customers nobody is left without one.
    ALLOCATOR_AXIOM_NOBODY_EMPTY = 16,
    /// Who asks for more never gets less.
    ALLOCATOR_AXIOM_CLAIM_MONOTONE = 17,
    /// Who asks for more gives nobody else a unit, so who asks for less takes none.
    ALLOCATOR_AXIOM_OTHERS_NEVER_GAIN_FROM_MY_INCREASE = 18,
    /// Who asks for more than he wants gets no more of what he wants.
    ALLOCATOR_AXIOM_INFLATION_PROOF = 19,
    /// What a claim asks for beyond the stock changes nothing.
    ALLOCATOR_AXIOM_TRUNCATION_INVARIANT = 20,
    /// Two accounts side by side get no more than one.
    ALLOCATOR_AXIOM_SPLIT_PROOF = 21,
    /// Two accounts side by side get no less than one.
    ALLOCATOR_AXIOM_MERGE_PROOF = 22,
    /// Units are awarded as the missing ones are cut, the line turned round.
    ALLOCATOR_AXIOM_SELF_DUAL_REVERSED_TIES = 23,
}

/// A chance, or a mean of units.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_chance {
    /// In millionths it is at least this; -1: more than INT64_MAX, so see the fraction.
    pub low_ppm: i64,
    /// In millionths it is at most this, at most one more than low_ppm where it is a fraction; -1 as above.
    pub high_ppm: i64,
    /// Of the exact fraction, reduced, the number above the line: its high and its low 64 bits. 0 where
    /// 128 bits do not hold it.
    pub numerator: [u64; 2],
    /// The number below the line in the same way; 0 where there is no fraction.
    pub denominator: [u64; 2],
}

/// What one line may expect of a draw.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_chances {
    /// The chance that every unit it asks for is allocated.
    pub full: allocator_chance,
    /// The chance that no unit is.
    pub nothing: allocator_chance,
    /// The mean of the units allocated.
    pub expected: allocator_chance,
}

/// Limits of one call.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_limit {
    /// Most bytes of an id in an interner.
    ALLOCATOR_MAX_NAME_BYTES = 1024,
    /// Most bytes of a policy in text form.
    ALLOCATOR_MAX_POLICY_BYTES = 4096,
    /// Fewest bytes of a one-time code of a draw.
    ALLOCATOR_MIN_CODE_BYTES = 16,
    /// Most bytes of a published record of a draw, and of a hash, in text form.
    ALLOCATOR_MAX_RECORD_BYTES = 16384,
}

/// A row layout changes nothing silently: C programs compiled earlier rely on it.
mod layout {
    use super::*;
    use core::mem::{offset_of, size_of};

    const _: () = assert!(size_of::<allocator_line>() == 88);
    const _: () = assert!(offset_of!(allocator_line, sequence) == 56);
    const _: () = assert!(offset_of!(allocator_line, lot) == 64);
    const _: () = assert!(offset_of!(allocator_line, score) == 72);
    const _: () = assert!(offset_of!(allocator_line, completeness) == 80);
    const _: () = assert!(offset_of!(allocator_line, on_misfit) == 81);
    const _: () = assert!(offset_of!(allocator_line, weight) == 84);
    const _: () = assert!(size_of::<allocator_supply>() == 40);
    const _: () = assert!(offset_of!(allocator_supply, sequence) == 24);
    const _: () = assert!(size_of::<allocator_outcome>() == 56);
    const _: () = assert!(offset_of!(allocator_outcome, reason) == 48);
    const _: () = assert!(size_of::<allocator_peg>() == 24);
    const _: () = assert!(size_of::<allocator_idle>() == 32);
    const _: () = assert!(offset_of!(allocator_idle, cause) == 24);
    const _: () = assert!(size_of::<allocator_overtake>() == 24);
    const _: () = assert!(offset_of!(allocator_overtake, because) == 16);
    const _: () = assert!(size_of::<allocator_place>() == 16);
    const _: () = assert!(size_of::<allocator_summary>() == 80);
    const _: () = assert!(size_of::<allocator_explanation>() == 128);
    const _: () = assert!(offset_of!(allocator_explanation, outcome) == 24);
    const _: () = assert!(offset_of!(allocator_explanation, place) == 80);
    const _: () = assert!(offset_of!(allocator_explanation, if_partial) == 120);
    const _: () = assert!(size_of::<allocator_more_units>() == 16);
    const _: () = assert!(size_of::<allocator_threshold>() == 24);
    const _: () = assert!(size_of::<allocator_verdict>() == 368);
    const _: () = assert!(offset_of!(allocator_verdict, row) == 8);
    const _: () = assert!(offset_of!(allocator_verdict, has_figures) == 40);
    const _: () = assert!(offset_of!(allocator_verdict, what) == 48);
    const _: () = assert!(offset_of!(allocator_verdict, message) == 112);
    const _: () = assert!(size_of::<allocator_order_units>() == 24);
    const _: () = assert!(size_of::<allocator_cut>() == 40);
    const _: () = assert!(offset_of!(allocator_cut, is_exact) == 33);
    const _: () = assert!(size_of::<allocator_selection>() == 120);
    const _: () = assert!(size_of::<allocator_chance>() == 48);
    const _: () = assert!(offset_of!(allocator_chance, numerator) == 16);
    const _: () = assert!(size_of::<allocator_chances>() == 144);
    const _: () = assert!(size_of::<allocator_error>() == 312);
    const _: () = assert!(offset_of!(allocator_error, row) == 8);
    const _: () = assert!(offset_of!(allocator_error, field) == 24);
    const _: () = assert!(offset_of!(allocator_error, message) == 56);
}
