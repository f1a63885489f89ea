//! Policies are data: which line is served first, and what may ship in part.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use crate::error::Error;
use crate::place::{PlaceOrder, PlacePart};
use crate::rule::{KeyPart, ShortageRule};

/// What may ship in part. What the queue covers beyond that is rounded down afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Completeness {
    /// Any number of units: 2 of 3 ship.
    #[default]
    Partial,
    /// The line ships whole or not at all: of 3 with 2 left, none ship.
    Line,
    /// All lines of the order ship together, over all SKUs, or none does. Lines of one such order
    /// agree in customer, completeness and misfit.
    Order,
}

/// What becomes of units that were covered for a line or order that may not ship yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Misfit {
    /// They stay aside for it, in every SKU it asks for, and are reported as idle with that cause.
    /// Keeps law 10: more supply or a cancellation never takes a unit from anyone.
    #[default]
    SetAside,
    /// They are offered, in place order, to those who wait behind; each overtake is reported.
    /// Gives up law 10: one unit more can move units (2 whole then 1, stock 1 and 2).
    Pass,
}

/// How to allocate. Lines may override `completeness` and `on_misfit` one by one.
///
/// ```
/// use allocator_core::{Completeness, Misfit, Policy};
/// let policy = Policy::first_come().completeness(Completeness::Line).on_misfit(Misfit::Pass);
/// assert_eq!(policy.to_string(), "first_come:line:pass");
/// assert_eq!("first_come:line:pass".parse(), Ok(policy));
/// assert_eq!("first_come".parse(), Ok(Policy::first_come()));
/// // Whole orders, smallest first: an order of places, and no rule of its own.
/// let smallest = "first_come:order:set_aside:quantity+placed_at+sequence".parse::<Policy>()?;
/// assert_eq!(smallest.order, "quantity+placed_at+sequence".parse()?);
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct Policy {
    /// Who is served first.
    pub rule: ShortageRule,
    /// What may ship in part, for lines that do not say it themselves.
    pub completeness: Completeness,
    /// What a misfit does, for lines that do not say it themselves.
    pub on_misfit: Misfit,
    /// What [`KeyPart::Place`] compares two lines by.
    pub order: PlaceOrder,
}

impl Policy {
    /// First come, first served, in part where it must be, misfits set aside.
    #[must_use]
    pub const fn first_come() -> Self {
        Self {
            rule: ShortageRule::first_come(),
            completeness: Completeness::Partial,
            on_misfit: Misfit::SetAside,
            order: PlaceOrder::oldest_first(),
        }
    }

    /// This rule, in part where it must be, misfits set aside.
    #[must_use]
    pub const fn sharing(rule: ShortageRule) -> Self {
        Self {
            rule,
            ..Self::first_come()
        }
    }

    /// The same policy with another completeness.
    #[must_use]
    pub const fn completeness(mut self, completeness: Completeness) -> Self {
        self.completeness = completeness;
        self
    }

    /// The same policy with another misfit.
    #[must_use]
    pub const fn on_misfit(mut self, on_misfit: Misfit) -> Self {
        self.on_misfit = on_misfit;
        self
    }

    /// The same policy with another order of places.
    #[must_use]
    pub const fn order(mut self, order: PlaceOrder) -> Self {
        self.order = order;
        self
    }

    /// What it says to a customer: one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.rule.sentence_with(&self.standing())
    }

    /// The order in which lines stand in their lane: by the classes and lots that the rule reads, then as
    /// [`Self::order`] says. In a plain queue the rule is nothing else. Under other rules it decides
    /// between tickets that the rule's own parts leave equal, and numbers the tickets of one claimant;
    /// those in a class or lot that goes first have the small numbers, so that who cancels a line moves
    /// none of his other tickets further than the line made room for.
    ///
    /// ```
    /// use allocator_core::Policy;
    /// let drawn: Policy = "classes_first(draw_the_queue)".parse()?;
    /// assert_eq!(drawn.standing().to_string(), "priority+lot+placed_at+sequence");
    /// let rounds: Policy = "lot+level+place:partial:set_aside:quantity+sequence".parse()?;
    /// assert_eq!(rounds.standing().to_string(), "lot+quantity+sequence");
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    #[must_use]
    pub fn standing(&self) -> PlaceOrder {
        let own = self.rule.parts().iter().filter_map(|part| match part {
            KeyPart::Class => Some(PlacePart::Priority),
            KeyPart::Lot => Some(PlacePart::Lot),
            _ => None,
        });
        PlaceOrder::of_first(own.chain(self.order.parts().iter().copied()))
    }
}

/// Whether lines with these terms give up law 10 (more supply or a cancellation never hurts those
/// who stay): what ships whole, does not fit, and lets others pass. Such a result is a *one-off*:
/// good for the moment it is computed in, with no promise about the next.
///
/// Smallest witness: 2 whole, then 1; 1 unit serves the second line, 2 units take it back.
pub(crate) fn is_one_off(completeness: Completeness, misfit: Misfit) -> bool {
    completeness != Completeness::Partial && misfit == Misfit::Pass
}

/// `rule`, `rule:completeness`, `rule:completeness:misfit` or `rule:completeness:misfit:order`; what
/// is left out is the default.
impl FromStr for Policy {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut words = text.splitn(4, ':');
        let mut policy = Self::first_come();
        policy.rule = words.next().unwrap_or_default().parse()?;
        if let Some(word) = words.next() {
            policy.completeness = word.parse()?;
        }
        if let Some(word) = words.next() {
            policy.on_misfit = word.parse()?;
        }
        if let Some(word) = words.next() {
            policy.order = word.parse()?;
        }
        Ok(policy)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rule,
            completeness,
            on_misfit,
            order,
        } = self;
        write!(f, "{rule}")?;
        let orders = *order != PlaceOrder::default();
        let misfits = orders || *on_misfit != Misfit::default();
        if misfits || *completeness != Completeness::default() {
            write!(f, ":{completeness}")?;
        }
        if misfits {
            write!(f, ":{on_misfit}")?;
        }
        if orders {
            write!(f, ":{order}")?;
        }
        Ok(())
    }
}

/// One table gives an enum its words: the same in Rust, JSON, Python, C and on the command line.
macro_rules! words {
    ($kind:ident, $field:literal, $known:literal, $($variant:ident = $word:literal),+) => {
        impl $kind {
            /// The word for it, the same in every language.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $kind {
            type Err = Error;

            fn from_str(word: &str) -> Result<Self, Error> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(Error::UnknownName { field: $field, value: word.to_string(), known: $known }),
                }
            }
        }
    };
}

pub(crate) use words;

words!(
    Completeness,
    "completeness",
    "partial, line, order",
    Partial = "partial",
    Line = "line",
    Order = "order"
);
words!(
    Misfit,
    "on_misfit",
    "set_aside, pass",
    SetAside = "set_aside",
    Pass = "pass"
);

impl Completeness {
    /// The code in a column: 0 leaves it to the policy, then in the order of the variants from 1.
    #[must_use]
    pub const fn code(this: Option<Self>) -> u8 {
        match this {
            None => 0,
            Some(Self::Partial) => 1,
            Some(Self::Line) => 2,
            Some(Self::Order) => 3,
        }
    }

    /// What a code in a column means; `None` for a code that does not exist.
    pub(crate) const fn of(code: u8, default: Self) -> Option<Self> {
        match code {
            0 => Some(default),
            1 => Some(Self::Partial),
            2 => Some(Self::Line),
            3 => Some(Self::Order),
            _ => None,
        }
    }
}

impl Misfit {
    /// The code in a column: 0 leaves it to the policy, then in the order of the variants from 1.
    #[must_use]
    pub const fn code(this: Option<Self>) -> u8 {
        match this {
            None => 0,
            Some(Self::SetAside) => 1,
            Some(Self::Pass) => 2,
        }
    }

    /// What a code in a column means; `None` for a code that does not exist.
    pub(crate) const fn of(code: u8, default: Self) -> Option<Self> {
        match code {
            0 => Some(default),
            1 => Some(Self::SetAside),
            2 => Some(Self::Pass),
            _ => None,
        }
    }
}
