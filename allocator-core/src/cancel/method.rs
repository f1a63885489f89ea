//! How it is decided who is cut: by a policy, or by one of the ways that only work once.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use crate::error::Error;
use crate::policy::Policy;
use crate::reason::codes;
use crate::rule::ShortageRule;

use super::select::Aim;

/// How it is decided who is cut.
///
/// ```
/// use allocator_core::{Aim, CutMethod, Policy};
/// assert_eq!("one_each_per_round".parse(), Ok(CutMethod::Policy("one_each_per_round".parse::<Policy>()?)));
/// assert_eq!("whole_orders(least_refund)".parse(), Ok(CutMethod::WholeOrders(Aim::LeastRefund)));
/// assert_eq!(CutMethod::LargestRemainder.to_string(), "largest_remainder");
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
#[non_exhaustive]
pub enum CutMethod {
    /// As [`crate::allocate`] would share what there is: whoever gets a unit keeps it.
    Policy(Policy),
    /// Everybody keeps his exact percentage rounded down, and the largest remainders one unit more; of
    /// equal ones the older (Hamilton). Within one unit of the exact percentage, and for that reason a
    /// one-off: no such rule keeps what [`OneOff`] says.
    LargestRemainder,
    /// Complete orders are cancelled, chosen for this aim: a one-off. The way to serve the most customers
    /// that is none is a policy, `first_come:order:set_aside:quantity+placed_at+sequence`.
    WholeOrders(Aim),
}

codes! {
    /// Why a plan cannot keep law 10 (more supply or a cancellation never hurts those who stay): it is
    /// good for the moment it is made in, with no promise about the next. The sentence is the smallest
    /// case.
    OneOff {
        /// What ships whole and does not fit lets others pass.
        Passes = 0, "passes", "a line of 2 units that ships whole, then a line of 1: 1 unit goes to the second, 2 units go to the first";
        /// Percentages are rounded by the largest remainder.
        LargestRemainder = 1, "largest_remainder", "claims of 1, 3 and 3: 3 units give 1, 1 and 1; 4 units give 0, 2 and 2";
        /// Whole orders are chosen for an aim.
        WholeOrders = 2, "whole_orders", "orders of 1 and 2 units: 1 unit keeps the first, 2 units keep the second";
    }
}

impl CutMethod {
    /// The policy by which lines are checked, and placed where claims tie; in a one-off nothing else is
    /// read of it.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        match self {
            Self::Policy(policy) => *policy,
            // Shares single units, so claims and lines are checked as for a rule that does.
            Self::LargestRemainder => Policy::sharing(ShortageRule::same_percentage()),
            Self::WholeOrders(_) => Policy::first_come(),
        }
    }

    /// What it says to a customer: one sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Policy(policy) => policy.sentence(),
            Self::LargestRemainder => {
                "everybody keeps the same percentage, rounded down, and those \
                with the largest remainders keep one unit more; older orders first"
                    .into()
            }
            Self::WholeOrders(aim) => aim.sentence().into(),
        }
    }

    /// Why a plan by it is a one-off, where it always is one.
    pub(crate) const fn one_off(&self) -> Option<OneOff> {
        match self {
            Self::Policy(_) => None,
            Self::LargestRemainder => Some(OneOff::LargestRemainder),
            Self::WholeOrders(_) => Some(OneOff::WholeOrders),
        }
    }
}

impl Aim {
    /// What it says to a customer.
    const fn sentence(self) -> &'static str {
        match self {
            Self::FewestCustomers => "complete orders are cancelled, as few as possible",
            Self::Exact => {
                "complete orders are cancelled that free just the units that are missing, as few as possible"
            }
            Self::LeastRefund => {
                "complete orders are cancelled, those for which the least has to be paid back"
            }
            Self::LeastOvershoot => {
                "complete orders are cancelled, those that free the fewest units beyond the missing ones"
            }
        }
    }
}

impl Default for CutMethod {
    fn default() -> Self {
        Self::Policy(Policy::first_come())
    }
}

impl From<Policy> for CutMethod {
    fn from(policy: Policy) -> Self {
        Self::Policy(policy)
    }
}

impl From<ShortageRule> for CutMethod {
    fn from(rule: ShortageRule) -> Self {
        Self::Policy(Policy::sharing(rule))
    }
}

/// A policy's text, `largest_remainder`, or `whole_orders(aim)`.
impl FromStr for CutMethod {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text == "largest_remainder" {
            return Ok(Self::LargestRemainder);
        }
        let aim = text.strip_prefix("whole_orders(");
        if let Some(aim) = aim.and_then(|text| text.strip_suffix(')')) {
            return Ok(Self::WholeOrders(aim.parse()?));
        }
        Ok(Self::Policy(text.parse()?))
    }
}

impl fmt::Display for CutMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(policy) => policy.fmt(f),
            Self::LargestRemainder => f.write_str("largest_remainder"),
            Self::WholeOrders(aim) => write!(f, "whole_orders({aim})"),
        }
    }
}

impl TryFrom<String> for CutMethod {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<CutMethod> for String {
    fn from(method: CutMethod) -> Self {
        method.to_string()
    }
}
