//! Sharing rules are data: an order on unit tickets.
//!
//! Ticket (i, k) is the k-th unit of claimant i. A rule is a short list of [`KeyPart`]s that gives
//! every ticket a key; the smallest keys are covered, as many as there are units. Because no key
//! depends on the stock or on who else is there, more stock only extends what is covered, and a
//! cancellation only moves others forward: laws that hold for every rule that can be written here.
//! Moulin (Econometrica 68, 2000) and Moulin & Stong (Math. Oper. Res. 27, 2002) study such rules as
//! standards of comparison.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use crate::error::Error;
use crate::place::PlaceOrder;
use crate::policy::Policy;
use crate::quantity::Quantity;

/// One part of a ticket's key. Small goes first; a later part decides where all before it are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum KeyPart {
    /// The line's priority: all of class 0 before any of class 1.
    Class,
    /// Whether k > m: the first m units of every claimant before all others.
    Protect(Quantity),
    /// k: one each per round.
    Level,
    /// −(claim − k + 1): who still misses most is next, so that cuts become equal.
    Remainder,
    /// (2k − 1) / claim: Webster's divisors, the same percentage for all.
    Webster,
    /// (k − 1) / claim: Adams's divisors, in favour of small claims.
    Adams,
    /// k / claim: Jefferson's divisors, in favour of large claims.
    Jefferson,
    /// (2k − 1) / weight: rounds in which a claimant counts as often as he weighs.
    Weight,
    /// The unit's own lot, drawn by the caller ([`crate::DemandColumns::unit_lots`]): who ordered more has
    /// as many chances more. What is covered of a line need not be its first units, so a later and
    /// smaller stock gives what it gives only if it is computed from ticket numbers, not from counts.
    UnitLot,
    /// The line's lot, drawn by the caller: all of a smaller lot before any of a larger one. Behind a
    /// grading it decides between those whom the grading leaves equal.
    Lot,
    /// The line's place, as the policy orders places. Ends every rule and makes its keys unique.
    Place,
}

impl KeyPart {
    /// Whether it grades tickets one by one; a rule has at most one such part.
    pub(crate) const fn is_grading(self) -> bool {
        matches!(
            self,
            Self::Level
                | Self::Remainder
                | Self::Webster
                | Self::Adams
                | Self::Jefferson
                | Self::Weight
                | Self::UnitLot
        )
    }

    /// Whether it reads nothing of a ticket but the line it lies in.
    pub(crate) const fn is_of_the_line(&self) -> bool {
        matches!(self, Self::Class | Self::Lot | Self::Place)
    }
}

/// Most parts a rule may have.
const MOST_PARTS: usize = 6;

/// The rule that shares what is not enough for all.
///
/// ```
/// use allocator_core::{KeyPart, ShortageRule};
/// let rule = ShortageRule::from_parts(&[KeyPart::Class, KeyPart::Protect(1), KeyPart::Place])?;
/// assert_eq!(rule, ShortageRule::protect_first(1)?.classes_first()?);
/// assert_eq!(rule.to_string(), "classes_first(protect_first(1))");
/// assert_eq!("classes_first(protect_first(1))".parse(), Ok(rule));
/// assert!(ShortageRule::from_parts(&[KeyPart::Place, KeyPart::Level]).is_err());
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct ShortageRule {
    parts: [KeyPart; MOST_PARTS],
    count: u8,
}

impl ShortageRule {
    /// The queue: newest orders lose. With 3 units, claims of 2 and 2 get 2 and 1.
    #[must_use]
    pub const fn first_come() -> Self {
        Self::graded(KeyPart::Place)
    }

    /// The queue in the order of the lots that the caller drew; equal lots by place.
    #[must_use]
    pub const fn draw_the_queue() -> Self {
        let mut this = Self::first_come();
        [this.parts[0], this.parts[1]] = [KeyPart::Lot, KeyPart::Place];
        this.count = 2;
        this
    }

    /// Everybody gets a first unit before anybody a second; the largest orders are trimmed.
    #[must_use]
    pub const fn one_each_per_round() -> Self {
        Self::graded(KeyPart::Level)
    }

    /// The cut is shared equally: small orders go first. Warn those who ordered one.
    #[must_use]
    pub const fn equal_cuts() -> Self {
        Self::graded(KeyPart::Remainder)
    }

    /// The same percentage for all, rounded to the nearest (Webster).
    #[must_use]
    pub const fn same_percentage() -> Self {
        Self::graded(KeyPart::Webster)
    }

    /// The same percentage, rounded up first: nobody is left empty while there are as many units as
    /// claimants (Adams).
    #[must_use]
    pub const fn same_percentage_nobody_empty() -> Self {
        Self::graded(KeyPart::Adams)
    }

    /// The same percentage, rounded down first: nobody gains by splitting an order (Jefferson).
    #[must_use]
    pub const fn same_percentage_split_proof() -> Self {
        Self::graded(KeyPart::Jefferson)
    }

    /// One each per round, with members counted as often as they weigh.
    #[must_use]
    pub const fn members_weighted() -> Self {
        Self::graded(KeyPart::Weight)
    }

    /// Every unit is drawn by a lot of its own: on average everybody gets his exact percentage. Needs
    /// [`crate::DemandColumns::unit_lots`], and at most [`crate::limits::MAX_DRAWN_UNITS`] units.
    #[must_use]
    pub const fn draw_each_unit() -> Self {
        Self::graded(KeyPart::UnitLot)
    }

    /// The first `m` units of everybody, then the queue.
    ///
    /// # Errors
    /// [`Error::UnsoundRule`] for `m` below 1.
    pub fn protect_first(m: Quantity) -> Result<Self, Error> {
        Self::from_parts(&[KeyPart::Protect(m), KeyPart::Place])
    }

    /// The same rule inside each class of priority, class 0 before class 1.
    ///
    /// # Errors
    /// [`Error::UnsoundRule`] where the rule has six parts already.
    pub fn classes_first(self) -> Result<Self, Error> {
        let mut parts = alloc::vec![KeyPart::Class];
        parts.extend_from_slice(self.parts());
        Self::from_parts(&parts)
    }

    const fn graded(part: KeyPart) -> Self {
        let mut parts = [KeyPart::Place; MOST_PARTS];
        let [first, ..] = &mut parts;
        *first = part;
        Self {
            parts,
            count: if part.is_grading() { 2 } else { 1 },
        }
    }
}

impl ShortageRule {
    /// A rule of one's own.
    ///
    /// # Errors
    /// [`Error::UnsoundRule`] with the reason: a rule ends in [`KeyPart::Place`], which stands nowhere
    /// else; at most one part grades tickets, and only classes and lots stand between it and the place;
    /// a protection is of at least one unit, and stands in front of no lots of units; at most six parts.
    pub fn from_parts(parts: &[KeyPart]) -> Result<Self, Error> {
        let unsound = |why| Err(Error::UnsoundRule { why });
        let Some((last, before)) = parts.split_last() else {
            return unsound("it has no part");
        };
        if parts.len() > MOST_PARTS {
            return unsound("it has more than six parts");
        }
        if *last != KeyPart::Place {
            return unsound("it does not end in the place, so two tickets could have one key");
        }
        if before.contains(&KeyPart::Place) {
            return unsound("what follows the place is never read");
        }
        let grading = before.iter().position(|part| part.is_grading());
        let behind = |at: usize| before.iter().skip(at.saturating_add(1));
        if grading.is_some_and(|at| behind(at).any(|part| !part.is_of_the_line())) {
            return unsound(
                "what follows a grading other than classes, lots and the place would need a walk over units",
            );
        }
        let protects = |part: &KeyPart| matches!(part, KeyPart::Protect(_));
        if before.contains(&KeyPart::UnitLot) && before.iter().any(protects) {
            return unsound(
                "a protection in front of lots of units would let a cancellation hurt others: the next unit \
                 moves into it with a lot of its own",
            );
        }
        if before
            .iter()
            .any(|part| matches!(part, KeyPart::Protect(..=0)))
        {
            return unsound("it protects no unit");
        }
        let mut this = Self {
            parts: [KeyPart::Place; MOST_PARTS],
            count: 0,
        };
        for (slot, part) in this.parts.iter_mut().zip(parts) {
            *slot = *part;
            this.count = this.count.saturating_add(1);
        }
        Ok(this)
    }

    /// The parts, in the order in which they decide.
    #[must_use]
    pub fn parts(&self) -> &[KeyPart] {
        self.parts.get(..self.count.into()).unwrap_or(&self.parts)
    }

    /// Whether it is a plain queue, in which the place is the standing and lines may ship whole.
    /// Under every other rule the claimant is the customer, and claims are shared unit by unit.
    #[must_use]
    pub fn is_queue(&self) -> bool {
        // Classes and lots in front of the place are parts of it.
        self.parts().iter().all(KeyPart::is_of_the_line)
    }

    /// How many parts there are up to the last one that reads a ticket's number.
    fn reads_tickets_until(&self) -> usize {
        let last = self.parts().iter().rposition(|part| !part.is_of_the_line());
        last.map_or(0, |last| last.saturating_add(1))
    }

    /// The parts that cut tickets into stages, served one after the other; none in a queue.
    pub(crate) fn stages(&self) -> &[KeyPart] {
        let parts = self.parts().get(..self.reads_tickets_until());
        match parts {
            Some([stages @ .., last]) if last.is_grading() => stages,
            parts => parts.unwrap_or_default(),
        }
    }

    /// Whether every unit has a lot of its own.
    pub(crate) fn draws_units(&self) -> bool {
        self.grading() == KeyPart::UnitLot
    }

    /// The part that grades tickets; the place itself where none does.
    pub(crate) fn grading(&self) -> KeyPart {
        self.parts()
            .iter()
            .copied()
            .find(|part| part.is_grading())
            .unwrap_or(KeyPart::Place)
    }

    /// What it says to a customer: one sentence, for lines in the usual order, the oldest first.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.sentence_with(&Policy::sharing(*self).standing())
    }

    /// The sentence for lines that stand in this order.
    pub(crate) fn sentence_with(&self, standing: &PlaceOrder) -> String {
        let parts = self.parts();
        let first = standing.clause();
        match parts.iter().find(|part| part.is_grading()) {
            Some(grading) => alloc::format!("{}; {first}", grading.clause()),
            _ if parts.iter().any(|part| matches!(part, KeyPart::Protect(_))) => {
                alloc::format!("the first units of everybody go first, then {}", standing.whom())
            }
            _ if parts.contains(&KeyPart::Lot) => {
                "the place in line was drawn by lot, whoever ordered first; the smallest lots are served first".into()
            }
            _ => alloc::format!("{} are served first", standing.whom()),
        }
    }
}

impl KeyPart {
    /// What a grading says to a customer.
    const fn clause(&self) -> &'static str {
        match self {
            Self::Level => "everybody gets a first unit before anybody gets a second, and so on",
            Self::Remainder => {
                "whoever would still miss most is next, so that everybody gives up the same number"
            }
            Self::Webster => "everybody gets the same percentage, rounded to the nearest unit",
            Self::Adams => {
                "everybody gets the same percentage, rounded up where it can be, so that small orders are not left empty"
            }
            Self::Jefferson => {
                "everybody gets the same percentage, rounded down first, so that nobody gains by splitting an order"
            }
            Self::Weight => {
                "units are handed out in rounds in which members count as often as they weigh"
            }
            Self::UnitLot => {
                "every unit was drawn by lot, whoever ordered first, so that who ordered more has as many chances more"
            }
            Self::Class | Self::Protect(_) | Self::Lot | Self::Place => "",
        }
    }
}

impl Default for ShortageRule {
    fn default() -> Self {
        Self::first_come()
    }
}

const KNOWN: &str = "first_come, one_each_per_round, protect_first(m), equal_cuts, same_percentage, \
    same_percentage_nobody_empty, same_percentage_split_proof, members_weighted, draw_the_queue, draw_each_unit, \
    classes_first(rule), or parts joined by +: class, lot, protect(m), level, remainder, webster, adams, jefferson, \
    weight, unit_lot, place";

/// The name of a grading as a part, and of the rule that is this grading and the place.
const GRADINGS: [(KeyPart, &str, &str); 7] = [
    (KeyPart::Level, "level", "one_each_per_round"),
    (KeyPart::Remainder, "remainder", "equal_cuts"),
    (KeyPart::Webster, "webster", "same_percentage"),
    (KeyPart::Adams, "adams", "same_percentage_nobody_empty"),
    (
        KeyPart::Jefferson,
        "jefferson",
        "same_percentage_split_proof",
    ),
    (KeyPart::Weight, "weight", "members_weighted"),
    (KeyPart::UnitLot, "unit_lot", "draw_each_unit"),
];

impl fmt::Display for ShortageRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            [KeyPart::Class, rest @ ..] if !rest.is_empty() => {
                f.write_str("classes_first(")?;
                write_parts(rest, f)?;
                f.write_str(")")
            }
            parts => write_parts(parts, f),
        }
    }
}

fn write_parts(parts: &[KeyPart], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match parts {
        [KeyPart::Place] => return f.write_str("first_come"),
        [KeyPart::Lot, KeyPart::Place] => return f.write_str("draw_the_queue"),
        [KeyPart::Protect(m), KeyPart::Place] => return write!(f, "protect_first({m})"),
        [part, KeyPart::Place] => {
            if let Some((_, _, name)) = GRADINGS.iter().find(|(grading, ..)| grading == part) {
                return f.write_str(name);
            }
        }
        _ => {}
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str("+")?;
        }
        match part {
            KeyPart::Class => f.write_str("class")?,
            KeyPart::Lot => f.write_str("lot")?,
            KeyPart::Protect(m) => write!(f, "protect({m})")?,
            KeyPart::Place => f.write_str("place")?,
            other => {
                let word = GRADINGS
                    .iter()
                    .find(|(grading, ..)| grading == other)
                    .map(|(_, word, _)| *word);
                f.write_str(word.unwrap_or_default())?;
            }
        }
    }
    Ok(())
}

impl FromStr for ShortageRule {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unknown = || Error::UnknownName {
            field: "rule",
            value: text.to_string(),
            known: KNOWN,
        };
        if let Some(inner) = inside(text, "classes_first(") {
            return inner.parse::<Self>()?.classes_first();
        }
        if let Some(m) = inside(text, "protect_first(") {
            return Self::protect_first(m.parse().map_err(|_| unknown())?);
        }
        if text == "first_come" {
            return Ok(Self::first_come());
        }
        if text == "draw_the_queue" {
            return Ok(Self::draw_the_queue());
        }
        if let Some((grading, ..)) = GRADINGS.iter().find(|(.., name)| *name == text) {
            return Ok(Self::graded(*grading));
        }
        let mut parts = alloc::vec::Vec::new();
        for word in text.split('+') {
            let grading = GRADINGS
                .iter()
                .find(|(_, name, _)| *name == word)
                .map(|(grading, ..)| *grading);
            parts.push(match (word, grading) {
                (_, Some(grading)) => grading,
                ("class", _) => KeyPart::Class,
                ("lot", _) => KeyPart::Lot,
                ("place", _) => KeyPart::Place,
                _ => match inside(word, "protect(").map(str::parse) {
                    Some(Ok(m)) => KeyPart::Protect(m),
                    _ => return Err(unknown()),
                },
            });
        }
        Self::from_parts(&parts)
    }
}

/// What stands between `start` and a closing bracket at the end.
fn inside<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.strip_suffix(')')
}

impl TryFrom<String> for ShortageRule {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<ShortageRule> for String {
    fn from(rule: ShortageRule) -> Self {
        rule.to_string()
    }
}
