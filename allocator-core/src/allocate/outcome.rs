//! What comes out: dense outcomes, pegs, idle units, overtakes, places.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::fmt;

use crate::demand::Rows;
use crate::id::SkuId;
use crate::quantity::{Quantity, Total, tally};
use crate::reason::{IdleCause, OvertakeCause, Reason};

use super::stand::Lanes;

/// What one line has, and why. Every unit lies in exactly one box:
/// `quantity = allocated + set_aside + waiting + never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Outcome {
    /// Units asked for.
    pub quantity: Quantity,
    /// Units it gets now.
    pub allocated: Quantity,
    /// Units kept for it until what ships whole is complete.
    pub set_aside: Quantity,
    /// Units that nothing serves yet.
    pub waiting: Quantity,
    /// Units that can never be served.
    pub never: Quantity,
    /// Units the queue covered before anything was rounded down: what an auditor checks the order by.
    pub covered: Quantity,
    /// Why.
    pub reason: Reason,
}

/// `units` of line `row` come from supply row `supply`. Rows count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Peg {
    /// The line's row.
    pub row: u32,
    /// The supply row.
    pub supply: u32,
    /// Units, at least 1.
    pub units: Quantity,
}

/// Received units of a SKU that are allocated to nobody, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Idle {
    /// The SKU.
    pub sku: SkuId,
    /// Why.
    pub cause: IdleCause,
    /// The row of the line they are kept for, where they are set aside.
    pub row: Option<u32>,
    /// Units, at least 1.
    pub units: Quantity,
}

/// A line served although one that stands before it could use its units. Rows count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Overtake {
    /// The row of the line that was served.
    pub later: u32,
    /// The row of the line before it that waits.
    pub earlier: u32,
    /// Why that was allowed.
    pub because: OvertakeCause,
}

/// Where a line stands in the queue of its SKU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PlaceInLine {
    /// 1 is first.
    pub position: u32,
    /// Units that the lines before it ask for: what a position really means.
    pub units_ahead: Total,
}

/// The call in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Summary {
    /// Units asked for.
    pub ordered: Total,
    /// Units received.
    pub received: Total,
    /// Units allocated.
    pub allocated: Total,
    /// Units set aside.
    pub set_aside: Total,
    /// Units waiting.
    pub waiting: Total,
    /// Units that can never be served.
    pub never: Total,
    /// Units received and allocated to nobody; what is set aside is among them.
    pub idle: Total,
    /// Lines with every unit, those that ask for 0 among them.
    pub lines_full: u64,
    /// Lines with some units.
    pub lines_partial: u64,
    /// Lines with none.
    pub lines_none: u64,
}

/// The caller's buffers for [`crate::allocate_into`], one element per line. What nobody asks for costs
/// nothing.
#[derive(Debug)]
pub struct OutcomeColumns<'a> {
    /// Units each line gets now.
    pub allocated: &'a mut [Quantity],
    /// Units the queue covered before anything was rounded down.
    pub covered: Option<&'a mut [Quantity]>,
    /// Units kept for it until what ships whole is complete. The rest waits, or can never be served
    /// where [`Reason::is_never`].
    pub set_aside: Option<&'a mut [Quantity]>,
    /// Why.
    pub reason: Option<&'a mut [Reason]>,
}

impl<'a> OutcomeColumns<'a> {
    /// Nothing but the units that each line gets.
    pub fn allocated(allocated: &'a mut [Quantity]) -> Self {
        Self {
            allocated,
            covered: None,
            set_aside: None,
            reason: None,
        }
    }

    /// The columns there are, with their lengths.
    pub(super) fn lengths(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let columns = [
            ("allocated", Some(self.allocated.len())),
            ("covered", self.covered.as_ref().map(|column| column.len())),
            (
                "set_aside",
                self.set_aside.as_ref().map(|column| column.len()),
            ),
            ("reason", self.reason.as_ref().map(|column| column.len())),
        ];
        columns
            .into_iter()
            .filter_map(|(field, len)| Some((field, len?)))
    }
}

/// Every column, wherever it lies.
pub(super) struct AllColumns<'a> {
    pub(super) allocated: &'a mut [Quantity],
    pub(super) covered: &'a mut [Quantity],
    pub(super) set_aside: &'a mut [Quantity],
    pub(super) reason: &'a mut [Reason],
}

/// Columns that a caller left out and the pipeline needs.
#[derive(Default)]
pub(super) struct Spare {
    covered: Vec<Quantity>,
    set_aside: Vec<Quantity>,
    reason: Vec<Reason>,
}

impl Spare {
    pub(super) fn complete<'a>(&'a mut self, out: &'a mut OutcomeColumns<'_>) -> AllColumns<'a> {
        fn fill<'a, T: Clone>(
            given: Option<&'a mut &mut [T]>,
            spare: &'a mut Vec<T>,
            blank: T,
            rows: usize,
        ) -> &'a mut [T] {
            match given {
                Some(given) => given,
                None => {
                    spare.resize(rows, blank);
                    spare
                }
            }
        }
        let rows = out.allocated.len();
        AllColumns {
            allocated: out.allocated,
            covered: fill(out.covered.as_mut(), &mut self.covered, 0, rows),
            set_aside: fill(out.set_aside.as_mut(), &mut self.set_aside, 0, rows),
            reason: fill(out.reason.as_mut(), &mut self.reason, Reason::Short, rows),
        }
    }
}

/// Who gets what, and everything that follows from it.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Allocation {
    pub(super) quantity: Vec<Quantity>,
    pub(super) allocated: Vec<Quantity>,
    pub(super) covered: Vec<Quantity>,
    pub(super) set_aside: Vec<Quantity>,
    pub(super) reason: Vec<Reason>,
    pub(super) pegs: Option<Vec<Peg>>,
    pub(super) idle: Option<Vec<Idle>>,
    pub(super) lanes: Option<Lanes>,
    pub(super) received: Total,
    pub(super) one_off: bool,
    /// Whether the reasons are only placeholders.
    pub(super) unreasoned: bool,
    pub(super) shared: bool,
}

impl Allocation {
    /// A result that some other system reports, for [`crate::verify`] to judge: outcomes aligned
    /// with the lines, and pegs where it has them.
    ///
    /// ```
    /// use allocator_core::{verify, Allocation, DemandLine, Law, Outcome, Policy, Supply};
    /// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2)];
    /// let reported = Allocation::reported([1, 2].map(|units| Outcome::reported(2, units)), None);
    /// let broken = verify(&lines, &[Supply::received(7, 3)], &Policy::first_come(), &reported).unwrap_err();
    /// assert_eq!(broken.law, Law::NoQueueJumping);
    /// ```
    pub fn reported(outcomes: impl IntoIterator<Item = Outcome>, pegs: Option<Vec<Peg>>) -> Self {
        let mut this = Self {
            pegs,
            ..Self::default()
        };
        for outcome in outcomes {
            let Outcome {
                quantity,
                allocated,
                set_aside,
                covered,
                reason,
                waiting: _,
                never: _,
            } = outcome;
            this.quantity.push(quantity);
            this.allocated.push(allocated);
            this.covered.push(covered);
            this.set_aside.push(set_aside);
            this.reason.push(reason);
        }
        this
    }

    /// The same report with the units that the system says are idle.
    pub fn with_idle(mut self, idle: Vec<Idle>) -> Self {
        self.idle = Some(idle);
        self
    }

    /// The same report of a system that gives no reasons: [`crate::verify`] does not ask for true ones.
    pub fn without_reasons(mut self) -> Self {
        self.unreasoned = true;
        self
    }

    /// How many lines it answers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.allocated.len()
    }

    /// Whether it answers no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.allocated.is_empty()
    }

    /// The outcome of line `row`.
    #[must_use]
    pub fn outcome(&self, row: usize) -> Option<Outcome> {
        let quantity = *self.quantity.get(row)?;
        let allocated = *self.allocated.get(row)?;
        let set_aside = *self.set_aside.get(row)?;
        let reason = *self.reason.get(row)?;
        // Only a reported result, which nobody checked yet, can have more than it asked for.
        let open = quantity.saturating_sub(allocated).saturating_sub(set_aside);
        let (waiting, never) = if reason.is_never() {
            (0, open)
        } else {
            (open, 0)
        };
        Some(Outcome {
            quantity,
            allocated,
            set_aside,
            waiting,
            never,
            covered: *self.covered.get(row)?,
            reason,
        })
    }

    /// All outcomes, aligned with the lines.
    pub fn outcomes(&self) -> impl ExactSizeIterator<Item = Outcome> + use<'_> {
        let zero = Outcome::reported(0, 0);
        (0..self.len()).map(move |row| self.outcome(row).unwrap_or(zero))
    }

    /// Units allocated, aligned with the lines.
    #[must_use]
    pub fn allocated(&self) -> &[Quantity] {
        &self.allocated
    }

    /// Units set aside, aligned with the lines.
    #[must_use]
    pub fn set_aside(&self) -> &[Quantity] {
        &self.set_aside
    }

    /// Units covered before rounding down, aligned with the lines.
    #[must_use]
    pub fn covered(&self) -> &[Quantity] {
        &self.covered
    }

    /// Reasons, aligned with the lines.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reason
    }

    /// Which supply row serves which line, by line row, then supply row. Only allocated units are
    /// pegged, in place order, to supply rows by sequence, then id.
    #[must_use]
    pub fn pegs(&self) -> &[Peg] {
        self.pegs.as_deref().unwrap_or(&[])
    }

    /// The pegs of one line.
    #[must_use]
    pub fn pegs_of(&self, row: usize) -> &[Peg] {
        let pegs = self.pegs();
        let start = pegs.partition_point(|peg| (peg.row as usize) < row);
        let end = pegs.partition_point(|peg| (peg.row as usize) <= row);
        pegs.get(start..end).unwrap_or(&[])
    }

    /// Received units that nobody gets, by SKU: first what is set aside, by place, then what is free.
    #[must_use]
    pub fn idle(&self) -> &[Idle] {
        self.idle.as_deref().unwrap_or(&[])
    }

    /// Every pair of a served line and one before it, of the same SKU, that waits: the earlier one
    /// ships whole, and its units were offered again, or its order stands in line at its latest line.
    /// By SKU, then by place of the earlier, then of the later. There may be many more pairs than
    /// lines, so they are not stored: O(lines + pairs) to walk them all.
    pub fn overtakes(&self) -> impl Iterator<Item = Overtake> + use<'_> {
        let lanes = self
            .lanes
            .iter()
            .flat_map(|lanes| (0..lanes.count()).map(move |lane| (lanes, lane)));
        lanes.flat_map(move |(lanes, lane)| self.overtakes_in(lanes, lane))
    }

    fn overtakes_in(&self, lanes: &Lanes, lane: usize) -> impl Iterator<Item = Overtake> + use<> {
        let mut served = Vec::new();
        let mut waiting = Vec::new();
        // From the back, so that the served lines behind each waiting one are counted already.
        let rows: Vec<u32> = lanes.rows(lane).collect();
        for &row in rows.iter().rev() {
            if self.could_use_more(row) && !served.is_empty() {
                waiting.push((row, served.len()));
            }
            if self.is_served(row) {
                served.push(row);
            }
        }
        let served: Rc<[u32]> = served.into();
        let because = self.overtake_cause();
        waiting
            .into_iter()
            .rev()
            .flat_map(move |(earlier, behind)| {
                let served = served.clone();
                let later = (0..behind)
                    .rev()
                    .filter_map(move |index| served.get(index).copied());
                later.map(move |later| Overtake {
                    later,
                    earlier,
                    because,
                })
            })
    }

    fn overtake_cause(&self) -> OvertakeCause {
        if self.shared {
            OvertakeCause::Rule
        } else {
            OvertakeCause::Misfit
        }
    }

    /// How many pairs [`Self::overtakes`] gives, without walking them: O(n).
    #[must_use]
    pub fn overtake_count(&self) -> u64 {
        let mut pairs: u64 = 0;
        if let Some(lanes) = &self.lanes {
            for lane in 0..lanes.count() {
                let (mut waiting, mut before) = (0_u64, 0_u64);
                for row in lanes.rows(lane) {
                    if self.is_served(row) {
                        before = before.saturating_add(waiting);
                    }
                    waiting = waiting.saturating_add(u64::from(self.could_use_more(row)));
                }
                pairs = pairs.saturating_add(before);
            }
        }
        pairs
    }

    /// Whether the result says which supply serves which line.
    #[must_use]
    pub fn has_pegs(&self) -> bool {
        self.pegs.is_some()
    }

    /// Whether the result says what is idle.
    #[must_use]
    pub fn has_idle(&self) -> bool {
        self.idle.is_some()
    }

    /// Whether some line ships whole and lets others pass. Such a result keeps every law but the
    /// tenth: one more unit, or a cancellation, can take units from others the next time. Smallest
    /// witness: a whole line of 2, then a line of 1; with 1 unit the second line is served, with 2
    /// units it is not.
    #[must_use]
    pub fn is_one_off(&self) -> bool {
        self.one_off
    }

    /// Whether it says why each line has what it has.
    #[must_use]
    pub fn has_reasons(&self) -> bool {
        !self.unreasoned
    }

    /// The queues; none in a reported result.
    pub(crate) fn lanes(&self) -> Option<&Lanes> {
        self.lanes.as_ref()
    }

    fn is_served(&self, row: u32) -> bool {
        self.allocated
            .get(row as usize)
            .is_some_and(|&units| units > 0)
    }

    /// Whether what it holds is less than what it may stand for.
    fn could_use_more(&self, row: u32) -> bool {
        self.outcome(row as usize)
            .is_some_and(|outcome| outcome.waiting > 0)
    }

    /// Where every line stands in the queue of its SKU, aligned with the lines. O(n).
    #[must_use]
    pub fn places(&self) -> Vec<PlaceInLine> {
        let mut places = alloc::vec![PlaceInLine::default(); self.len()];
        if let Some(lanes) = &self.lanes {
            for lane in 0..lanes.count() {
                let mut units_ahead: Total = 0;
                for (position, row) in (1_u32..).zip(lanes.rows(lane)) {
                    if let Some(place) = places.get_mut(row as usize) {
                        *place = PlaceInLine {
                            position,
                            units_ahead,
                        };
                    }
                    tally(
                        &mut units_ahead,
                        self.quantity.get(row as usize).copied().unwrap_or(0),
                    );
                }
            }
        }
        places
    }

    /// The call in figures. O(n).
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut sums = Summary {
            received: self.received,
            ..Summary::default()
        };
        for outcome in self.outcomes() {
            tally(&mut sums.ordered, outcome.quantity);
            tally(&mut sums.allocated, outcome.allocated);
            tally(&mut sums.set_aside, outcome.set_aside);
            tally(&mut sums.waiting, outcome.waiting);
            tally(&mut sums.never, outcome.never);
            let lines = if outcome.allocated == outcome.quantity {
                &mut sums.lines_full
            } else if outcome.allocated > 0 {
                &mut sums.lines_partial
            } else {
                &mut sums.lines_none
            };
            *lines = lines.saturating_add(1);
        }
        sums.idle = sums.received.saturating_sub(sums.allocated);
        sums
    }

    /// Room for the outcomes of these lines.
    pub(super) fn blank<L: Rows + ?Sized>(lines: &L) -> Self {
        let rows = lines.count();
        Self {
            quantity: (0..rows).map(|row| lines.quantity(row)).collect(),
            allocated: alloc::vec![0; rows],
            covered: alloc::vec![0; rows],
            set_aside: alloc::vec![0; rows],
            reason: alloc::vec![Reason::Short; rows],
            ..Self::default()
        }
    }

    pub(super) fn columns_mut(&mut self) -> AllColumns<'_> {
        let Self {
            allocated,
            covered,
            set_aside,
            reason,
            ..
        } = self;
        AllColumns {
            allocated,
            covered,
            set_aside,
            reason,
        }
    }
}

impl Outcome {
    /// What another system reports of a line: it asked for `quantity` and gets `allocated`; the rest
    /// waits. Set the other fields where the system knows them.
    #[must_use]
    pub fn reported(quantity: Quantity, allocated: Quantity) -> Self {
        let waiting = quantity.saturating_sub(allocated);
        let reason = match quantity {
            0 => Reason::NothingAsked,
            _ if waiting == 0 => Reason::Served,
            _ => Reason::Short,
        };
        Self {
            quantity,
            allocated,
            set_aside: 0,
            waiting,
            never: 0,
            covered: allocated,
            reason,
        }
    }
}

/// The figures in one sentence.
impl fmt::Display for Allocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sums = self.summary();
        let waiting = self
            .outcomes()
            .filter(|outcome| outcome.waiting > 0 || outcome.set_aside > 0)
            .count();
        let units = sums.waiting.saturating_add(sums.set_aside);
        write!(
            f,
            "{} ordered, {} received: {} {} full, {} waiting ({} {}), {} idle",
            sums.ordered,
            sums.received,
            sums.lines_full,
            if sums.lines_full == 1 {
                "line"
            } else {
                "lines"
            },
            waiting,
            units,
            if units == 1 { "unit" } else { "units" },
            sums.idle,
        )?;
        if sums.never > 0 {
            write!(f, ", {} that can never be served", sums.never)?;
        }
        Ok(())
    }
}
