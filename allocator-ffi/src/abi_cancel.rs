//! The types of fair cancel that cross the border: terms, plans, figures, comparisons.
//!
//! As in [`crate::abi`] every number of a row is an `int64_t`, and reserved bytes are 0.
#![allow(non_camel_case_types, reason = "the names that C sees")]

use core::ffi::c_char;

/// What is known of the lines beside their claims. Each column has one number per line; NULL: 0 in
/// every row, and for unit_price no prices at all. The columns are read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct allocator_cancel_terms {
    /// How many rows each column has that is there: the number of lines.
    pub rows: i64,
    /// What a unit was paid with, in minor units of one currency, 0..=INT64_MAX.
    pub unit_price: *const i64,
    /// Units that the line has already and keeps, 0..=quantity.
    pub given: *const i64,
    /// A credit from an earlier drop: so many of the line's first units go before everybody else's.
    pub credit: *const i64,
    /// So many of its units the customer offers to give up, beyond those given: they are cut first.
    pub offered: *const i64,
    /// What he asks for each of them, in minor units: the cheapest are cut first.
    pub asked: *const i64,
    /// 0.
    pub reserved: [i64; 2],
}

/// An amount of money in minor units, never below 0: high * 2^64 + (uint64_t)low. Up to INT64_MAX high
/// is 0 and low is the amount.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_amount {
    /// The low 64 bits.
    pub low: i64,
    /// The high 64 bits.
    pub high: i64,
}

/// What one line keeps and loses: quantity = kept + cut.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_planned_line {
    /// The line.
    pub line: i64,
    /// What was ordered.
    pub sku: i64,
    /// Units ordered.
    pub quantity: i64,
    /// Units kept.
    pub kept: i64,
    /// Units cancelled.
    pub cut: i64,
    /// Units of those kept that the line had already.
    pub given: i64,
    /// Units of those cut that the customer offered to give up.
    pub volunteered: i64,
    /// Units of the credit that are used up.
    pub credit_spent: i64,
    /// What is paid back, where has_refund is 1.
    pub refund: allocator_amount,
    /// What the customer asked for the units he gave up.
    pub compensation: allocator_amount,
    /// An allocator_cut_reason.
    pub reason: u8,
    /// 1: prices were given.
    pub has_refund: u8,
    /// 0.
    pub reserved: [u8; 6],
}

/// A plan in figures.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_plan_sums {
    /// Units ordered.
    pub ordered: i64,
    /// Units received.
    pub received: i64,
    /// Units kept.
    pub kept: i64,
    /// Units cancelled.
    pub cut: i64,
    /// Units of those cut that were offered.
    pub volunteered: i64,
    /// Units of credits that are used up.
    pub credit_spent: i64,
    /// Units received that nobody keeps.
    pub idle: i64,
    /// Lines that lose a unit.
    pub lines_cut: i64,
    /// Lines that lose every unit.
    pub lines_cancelled: i64,
    /// What is paid back, where has_refund is 1.
    pub refund: allocator_amount,
    /// What is paid to those who gave up units.
    pub compensation: allocator_amount,
    /// 1: prices were given.
    pub has_refund: u8,
    /// 0.
    pub reserved: [u8; 7],
}

/// How near the best choice of whole orders a plan is.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_optimality {
    /// Where whole orders were chosen and is_exact is 0: the plan's own figure of the aim (orders,
    /// refund or all units freed).
    pub p: allocator_amount,
    /// What no plan can be below.
    pub q: allocator_amount,
    /// 1: whole orders were chosen. 0: no choice was made, and the rest is 0.
    pub is_choice: u8,
    /// 1: no plan is better. 0: it is at most p/q times the best.
    pub is_exact: u8,
    /// 0.
    pub reserved: [u8; 6],
}

/// A figure from 0 to 1.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_figure {
    /// In millionths it is at least this.
    pub low_ppm: i64,
    /// In millionths it is at most this.
    pub high_ppm: i64,
    /// The figure itself, "19200/31417", or "951682..951683 ppm" where 128 bits do not hold the fraction;
    /// NUL-terminated.
    pub exact: [c_char; 80],
    /// Three digits for the eye, "~0.611", as the table of a comparison has them; NUL-terminated.
    pub rounded: [c_char; 16],
}

/// What a plan does to customers and orders. Who asks for nothing is not counted.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_metrics {
    /// Units asked for.
    pub units_ordered: i64,
    /// Units that lines keep.
    pub units_kept: i64,
    /// Units that they do not.
    pub units_cut: i64,
    /// Customers who ask for something.
    pub customers: i64,
    /// Customers who lose a unit or more.
    pub customers_touched: i64,
    /// Customers who keep nothing.
    pub customers_cancelled: i64,
    /// Orders that ask for something.
    pub orders: i64,
    /// Orders that lose a unit or more.
    pub orders_touched: i64,
    /// Orders that keep nothing.
    pub orders_cancelled: i64,
    /// The most units that one customer loses.
    pub largest_cut: i64,
    /// The most units that one customer keeps.
    pub largest_award: i64,
    /// Pairs of two lines of one SKU: the later one keeps a unit, the one before it loses one.
    pub overtakes: i64,
    /// Units received that nobody keeps.
    pub idle: i64,
    /// Units of those whose cause is known, by allocator_idle_cause; the rest of the array is 0.
    pub idle_by_cause: [i64; 4],
    /// Lines that keep less than in the plan before, where has_moved is 1.
    pub lines_losing: i64,
    /// Units that they lose.
    pub units_lost: i64,
    /// Lines that keep more than before.
    pub lines_gaining: i64,
    /// Units that they gain.
    pub units_gained: i64,
    /// What is given back, where has_refund is 1.
    pub refund: allocator_amount,
    /// 1: refunds are known.
    pub has_refund: u8,
    /// 1: there was a plan before.
    pub has_moved: u8,
    /// 1: somebody asks for something.
    pub has_lowest_fill: u8,
    /// 0.
    pub reserved: [u8; 5],
    /// The smallest part of what he asks for that a customer keeps, where has_lowest_fill is 1.
    pub lowest_fill: allocator_figure,
    /// Jain's index of the units that customers keep: 1 where all keep the same.
    pub jain_units: allocator_figure,
    /// The same of the parts of their claims that customers keep.
    pub jain_fill: allocator_figure,
    /// Gini's coefficient of the units that customers keep: 0 where all keep the same.
    pub gini_units: allocator_figure,
    /// The same of the parts of their claims that customers keep.
    pub gini_fill: allocator_figure,
}

/// What one method comes to.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct allocator_comparison_row {
    /// Its figures.
    pub metrics: allocator_metrics,
    /// What is paid to those who gave up units they had offered.
    pub compensation: allocator_amount,
    /// How near the best choice its plan is.
    pub optimality: allocator_optimality,
    /// An allocator_one_off, or -1.
    pub one_off: i64,
    /// The digest of its plan, as allocator_plan_digest writes it without names; NUL-terminated.
    pub digest: [c_char; 40],
}

/// Why a line keeps what it keeps in a plan of cancellations: the first that applies.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_cut_reason {
    /// The line asks for 0 units.
    ALLOCATOR_CUT_NOTHING_ASKED = 0,
    /// Every unit is kept.
    ALLOCATOR_CUT_KEPT = 1,
    /// It can never be served.
    ALLOCATOR_CUT_NEVER_SERVED = 2,
    /// All that is cut was offered by the customer.
    ALLOCATOR_CUT_VOLUNTEERED = 3,
    /// The order was chosen to be cancelled whole.
    ALLOCATOR_CUT_ORDER_CHOSEN = 4,
    /// The line or its order ships whole, and it cannot be completed.
    ALLOCATOR_CUT_SHIPS_WHOLE = 5,
    /// The rule gave what there is to others.
    ALLOCATOR_CUT_SHORTAGE = 6,
}

/// Why a plan is good for the moment it is made in only: more supply or a cancellation may hurt
/// somebody who stays.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_one_off {
    /// What ships whole and does not fit lets others pass.
    ALLOCATOR_ONE_OFF_PASSES = 0,
    /// Percentages are rounded by the largest remainder.
    ALLOCATOR_ONE_OFF_LARGEST_REMAINDER = 1,
    /// Whole orders are chosen for an aim.
    ALLOCATOR_ONE_OFF_WHOLE_ORDERS = 2,
}

/// Something that happens between two plans.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_shortage_event {
    /// More units arrive.
    ALLOCATOR_EVENT_SECOND_SHIPMENT = 0,
    /// Fewer units than announced will come.
    ALLOCATOR_EVENT_SUPPLY_REVISED_DOWN = 1,
    /// A customer cancels his order.
    ALLOCATOR_EVENT_CANCELLATION = 2,
    /// A customer without a unit leaves the list.
    ALLOCATOR_EVENT_EMPTY_HANDED_LEAVES = 3,
    /// A customer wants fewer units.
    ALLOCATOR_EVENT_REDUCTION = 4,
    /// A customer wants more units.
    ALLOCATOR_EVENT_INCREASE = 5,
    /// An order that is served in full has shipped.
    ALLOCATOR_EVENT_SHIPPED_LEAVES = 6,
}

/// A row layout changes nothing silently: C programs compiled earlier rely on it.
mod layout {
    use super::*;
    use core::mem::{offset_of, size_of};

    #[cfg(target_pointer_width = "64")]
    const _: () = assert!(size_of::<allocator_cancel_terms>() == 64);
    #[cfg(target_pointer_width = "64")]
    const _: () = assert!(offset_of!(allocator_cancel_terms, asked) == 40);
    const _: () = assert!(size_of::<allocator_amount>() == 16);
    const _: () = assert!(size_of::<allocator_planned_line>() == 104);
    const _: () = assert!(offset_of!(allocator_planned_line, refund) == 64);
    const _: () = assert!(offset_of!(allocator_planned_line, compensation) == 80);
    const _: () = assert!(offset_of!(allocator_planned_line, reason) == 96);
    const _: () = assert!(offset_of!(allocator_planned_line, has_refund) == 97);
    const _: () = assert!(size_of::<allocator_plan_sums>() == 112);
    const _: () = assert!(offset_of!(allocator_plan_sums, refund) == 72);
    const _: () = assert!(offset_of!(allocator_plan_sums, has_refund) == 104);
    const _: () = assert!(size_of::<allocator_optimality>() == 40);
    const _: () = assert!(offset_of!(allocator_optimality, is_choice) == 32);
    const _: () = assert!(size_of::<allocator_figure>() == 112);
    const _: () = assert!(offset_of!(allocator_figure, exact) == 16);
    const _: () = assert!(offset_of!(allocator_figure, rounded) == 96);
    const _: () = assert!(size_of::<allocator_metrics>() == 752);
    const _: () = assert!(offset_of!(allocator_metrics, idle_by_cause) == 104);
    const _: () = assert!(offset_of!(allocator_metrics, refund) == 168);
    const _: () = assert!(offset_of!(allocator_metrics, has_refund) == 184);
    const _: () = assert!(offset_of!(allocator_metrics, lowest_fill) == 192);
    const _: () = assert!(size_of::<allocator_comparison_row>() == 856);
    const _: () = assert!(offset_of!(allocator_comparison_row, compensation) == 752);
    const _: () = assert!(offset_of!(allocator_comparison_row, one_off) == 808);
    const _: () = assert!(offset_of!(allocator_comparison_row, digest) == 816);
}
