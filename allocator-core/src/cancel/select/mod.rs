//! Whole-order selection: which complete orders to cancel so that enough units come free.
//!
//! Every aim puts its own criterion first, then the others in one fixed order: units freed beyond the
//! need, customers, refund. Among plans equal in all of them the oldest orders are kept: of two such
//! plans the better one keeps the oldest order in which they differ. So there is exactly one answer.
//!
//! Such plans are one-off: one more received unit can hand an order's units to another order.

mod bound;
mod classes;
mod cost;
mod greedy;
mod layer;
mod oldest;
mod problem;
mod search;
mod several;
mod single;

use alloc::string::ToString as _;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::error::Error;
use crate::policy::words;
use crate::quantity::{Quantity, Total};

use problem::Problem;

/// What a plan that cancels whole orders makes as small as it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Aim {
    /// The number of orders cancelled; then units freed beyond the need; then the refund.
    FewestCustomers,
    /// Exactly the need comes free, from the fewest orders; then the refund.
    Exact,
    /// The refund; then units freed beyond the need; then the number of orders.
    LeastRefund,
    /// Units freed beyond the need; then the number of orders; then the refund.
    LeastOvershoot,
}

words!(
    Aim,
    "aim",
    "fewest_customers, exact, least_refund, least_overshoot",
    FewestCustomers = "fewest_customers",
    Exact = "exact",
    LeastRefund = "least_refund",
    LeastOvershoot = "least_overshoot"
);

impl Aim {
    /// Every aim there is.
    pub const ALL: &'static [Self] = &[
        Self::FewestCustomers,
        Self::Exact,
        Self::LeastRefund,
        Self::LeastOvershoot,
    ];
}

/// An order that may be cancelled as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderToCut<'a> {
    /// Its units per SKU, which is an index into the need. Rows of the same SKU add up; a SKU that is
    /// not named has none.
    pub units: &'a [(usize, Quantity)],
    /// What cancelling it costs in minor units of the currency.
    pub refund: Total,
}

/// How good a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Optimality {
    /// No plan is better, and of the equal ones it keeps the oldest orders.
    Exact,
    /// The plan's figure is at most p/q times the least there can be: `p` is the plan's own, `q` a
    /// proven lower bound. The figure is the aim's own criterion: orders cancelled, refund, or (for
    /// [`Aim::LeastOvershoot`]) all units freed. Where `p` equals `q` the criterion is the best there
    /// is, and only what decides between equal plans is unproven.
    Within {
        /// The plan's own figure.
        p: Total,
        /// What no plan can be below; above 0 unless `p` is 0 too.
        q: Total,
    },
}

/// A plan: the orders to cancel, and what that does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Selection {
    /// Rows of the orders to cancel, rising.
    pub cancelled: Vec<usize>,
    /// Units that come free per SKU, aligned with the need.
    pub freed: Vec<Total>,
    /// The refund of all cancelled orders.
    pub refund: Total,
    /// How good the plan is.
    pub optimality: Optimality,
}

/// The answer to [`select_orders`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Selected {
    /// A plan that does what was asked.
    Plan(Selection),
    /// No set of orders frees exactly the need: the two nearest plans, each with the fewest orders
    /// of its kind, then the least refund, then the oldest orders kept.
    Nearest {
        /// Frees the most units below the need; `None` with several SKUs, where "below" has no one
        /// meaning.
        below: Option<Selection>,
        /// Frees the fewest units above the need; with several SKUs the plan of least overshoot.
        above: Option<Selection>,
    },
}

impl Selected {
    /// The plan that does what was asked.
    #[must_use]
    pub const fn plan(&self) -> Option<&Selection> {
        match self {
            Self::Plan(plan) => Some(plan),
            Self::Nearest { .. } => None,
        }
    }

    /// The plan that does what was asked, taken out.
    #[must_use]
    pub fn into_plan(self) -> Option<Selection> {
        match self {
            Self::Plan(plan) => Some(plan),
            Self::Nearest { .. } => None,
        }
    }
}

/// Chooses whole orders to cancel so that at least the need comes free in every SKU (with
/// [`Aim::Exact`]: exactly the need). Orders stand oldest first.
///
/// One SKU: exact, O(n + S·k·log k) for S different sizes and k units to free (or to keep, where that
/// is less), up to [`MAX_SELECTION_STATES`](crate::limits::MAX_SELECTION_STATES) units (divided by the
/// sizes' common divisor) and
/// [`MAX_SELECTION_CELLS`](crate::limits::MAX_SELECTION_CELLS) units × sizes.
/// Several SKUs: exact while the product of all (need + 1) stays below the same number of states, and
/// times the orders that can matter below
/// [`MAX_SELECTION_STEPS`](crate::limits::MAX_SELECTION_STEPS). Beyond these sizes a branch and bound
/// with a fixed budget either proves its plan, or the plan is [`Optimality::Within`] a bound.
///
/// # Errors
/// [`Error::OutOfRange`]: units or a refund below 0 or above their limit, a SKU that the need does not
/// have, or a need above what all orders have together. [`Error::TooManyRows`].
/// [`Error::SelectionTooLarge`]: [`Aim::Exact`] beyond the sizes above, where the search finds no
/// answer within its budget.
pub fn select_orders(
    orders: &[OrderToCut<'_>],
    need: &[Quantity],
    aim: Aim,
) -> Result<Selected, Error> {
    let problem = Problem::read(orders, need)?;
    if need.iter().all(|units| *units == 0) {
        let nothing = problem.selection(Vec::new(), Optimality::Exact)?;
        return Ok(Selected::Plan(nothing));
    }
    match need {
        [units] => single::select(&problem, *units, aim),
        _ => several::select(&problem, aim),
    }
}
