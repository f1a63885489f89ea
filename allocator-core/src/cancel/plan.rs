//! What a plan of cancellations says: per line what is kept and cut, why, and what it costs.

use alloc::vec::Vec;
use core::fmt;

use crate::allocate::Idle;
use crate::error::Error;
use crate::explain::{Explainer, MoreUnits};
use crate::id::{LineId, SkuId};
use crate::quantity::{Quantity, Total, tally};
use crate::reason::codes;
use crate::supply::Supply;

use super::method::{CutMethod, OneOff};
use super::select::Optimality;

codes! {
    /// Why a line keeps what it keeps. The first that applies, in this order.
    CutReason {
        /// The line asks for 0 units.
        NothingAsked = 0, "nothing_asked", "nothing was ordered";
        /// Every unit is kept.
        Kept = 1, "kept", "every unit is kept";
        /// It can never be served.
        NeverServed = 2, "never_served", "no supply of this item, or of another in an order that ships whole, is known";
        /// All that is cut was offered by the customer.
        Volunteered = 3, "volunteered", "the customer offered to give up what is cut";
        /// The order was chosen to be cancelled whole.
        OrderChosen = 4, "order_chosen", "complete orders are cancelled, and this one was chosen";
        /// The line or its order ships whole, and it cannot be completed.
        ShipsWhole = 5, "ships_whole", "it ships whole, and there is not enough for all of it";
        /// The rule gave what there is to others.
        Shortage = 6, "shortage", "there is not enough for all, and the rule gave what there is to others";
    }
}

/// What one line keeps and loses: `quantity = kept + cut`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PlannedLine {
    /// Its id; the row where the input gave none.
    pub line: LineId,
    /// What was ordered.
    pub sku: SkuId,
    /// Units ordered.
    pub quantity: Quantity,
    /// Units kept.
    pub kept: Quantity,
    /// Units cancelled.
    pub cut: Quantity,
    /// Units of those kept that the line had already.
    pub given: Quantity,
    /// Units of those cut that the customer offered to give up.
    pub volunteered: Quantity,
    /// Units of the credit that are used up: those the line keeps beyond what the same plan without
    /// anybody's credit would leave it.
    pub credit_spent: Quantity,
    /// What is paid back, in minor units; `None` where no prices were given.
    pub refund: Option<Total>,
    /// What the customer asked for the units he gave up, in minor units.
    pub compensation: Total,
    /// Why.
    pub reason: CutReason,
}

/// A plan in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PlanTotals {
    /// Units ordered.
    pub ordered: Total,
    /// Units received.
    pub received: Total,
    /// Units kept.
    pub kept: Total,
    /// Units cancelled.
    pub cut: Total,
    /// Units of those cut that were offered.
    pub volunteered: Total,
    /// Units of credits that are used up.
    pub credit_spent: Total,
    /// Units received that nobody keeps.
    pub idle: Total,
    /// Lines that lose a unit.
    pub lines_cut: u64,
    /// Lines that lose every unit.
    pub lines_cancelled: u64,
    /// What is paid back, in minor units; `None` where no prices were given.
    pub refund: Option<Total>,
    /// What is paid to those who gave up units, in minor units.
    pub compensation: Total,
}

/// Units received and ordered of one SKU.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stock {
    pub(super) sku: SkuId,
    pub(super) received: Quantity,
    pub(super) ordered: Total,
}

/// Who keeps what when there is not enough for good: made by [`crate::plan_cancellations`].
///
/// `Display` is one sentence with the figures. The lines stand in the order of the input.
#[derive(Clone, Debug)]
#[must_use]
pub struct CancellationPlan {
    pub(super) method: CutMethod,
    pub(super) lines: Vec<PlannedLine>,
    pub(super) kept: Vec<Quantity>,
    pub(super) stock: Vec<Stock>,
    pub(super) idle: Vec<Idle>,
    pub(super) totals: PlanTotals,
    pub(super) one_off: Option<OneOff>,
    pub(super) optimality: Option<Optimality>,
    /// What answers questions about more units, where the method says anything about them.
    pub(super) explainer: Option<Explainer>,
}

impl PlannedLine {
    /// A line of another system's plan, for [`CancellationPlan::reported`]: cut for shortage, with no
    /// money said. The other fields can be set.
    #[must_use]
    pub fn reported(
        line: impl Into<LineId>,
        sku: impl Into<SkuId>,
        quantity: Quantity,
        kept: Quantity,
    ) -> Self {
        let cut = quantity.saturating_sub(kept);
        Self {
            line: line.into(),
            sku: sku.into(),
            quantity,
            kept,
            cut,
            given: 0,
            volunteered: 0,
            credit_spent: 0,
            refund: None,
            compensation: 0,
            reason: match (quantity, cut) {
                (0, _) => CutReason::NothingAsked,
                (_, 0) => CutReason::Kept,
                _ => CutReason::Shortage,
            },
        }
    }
}

impl CancellationPlan {
    /// Another system's plan, for [`crate::verify_plan`]: its lines, and what is idle. Totals are added
    /// up from these. It says nothing of more units.
    ///
    /// # Errors
    /// [`Error::MoneyTooLarge`].
    ///
    /// ```
    /// use allocator_core::{verify_plan, CancellationPlan, DemandLine, Law, PlannedLine, ShortageRule, Supply};
    /// let lines = [DemandLine::new(1, 7, 1), DemandLine::new(2, 7, 1)];
    /// let (supply, rule) = ([Supply::received(7, 1)], ShortageRule::first_come());
    /// let planned = [PlannedLine::reported(1, 7, 1, 0), PlannedLine::reported(2, 7, 1, 1)];
    /// let plan = CancellationPlan::reported(rule, planned, [], &supply)?;
    /// assert_eq!(verify_plan(&lines, &supply, rule, &plan).unwrap_err().law, Law::NoQueueJumping);
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    pub fn reported(
        method: impl Into<CutMethod>,
        lines: impl IntoIterator<Item = PlannedLine>,
        idle: impl IntoIterator<Item = Idle>,
        supply: &[Supply],
    ) -> Result<Self, Error> {
        let (method, lines) = (method.into(), lines.into_iter().collect::<Vec<_>>());
        let ordered = lines.iter().map(|line| (line.sku.0, line.quantity));
        let stock = super::stock(ordered, supply);
        let is_priced = lines.iter().any(|line| line.refund.is_some());
        let mut received: Total = 0;
        supply
            .iter()
            .for_each(|row| tally(&mut received, row.quantity));
        let mut this = Self {
            method,
            kept: lines.iter().map(|line| line.kept).collect(),
            lines,
            stock,
            idle: idle.into_iter().collect(),
            totals: PlanTotals::default(),
            one_off: method.one_off(),
            optimality: None,
            explainer: None,
        };
        this.tally(received, is_priced)?;
        Ok(this)
    }

    /// How it was decided.
    #[must_use]
    pub const fn method(&self) -> CutMethod {
        self.method
    }

    /// How many lines it answers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it answers no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What becomes of each line, aligned with the lines.
    #[must_use]
    pub fn lines(&self) -> &[PlannedLine] {
        &self.lines
    }

    /// Units kept, aligned with the lines.
    #[must_use]
    pub fn kept(&self) -> &[Quantity] {
        &self.kept
    }

    /// Every line that loses a unit, by row.
    pub fn cuts(&self) -> impl Iterator<Item = Cut<'_>> {
        let cut =
            |(row, line): (usize, &PlannedLine)| (line.cut > 0).then_some(Cut { plan: self, row });
        self.lines.iter().enumerate().filter_map(cut)
    }

    /// Received units that nobody keeps, by SKU, and why.
    #[must_use]
    pub fn idle(&self) -> &[Idle] {
        &self.idle
    }

    /// The plan in figures.
    #[must_use]
    pub const fn totals(&self) -> PlanTotals {
        self.totals
    }

    /// Whether the plan cannot keep law 10, with the smallest case of it: then it is good for the moment
    /// it was made in. `None`: more supply takes a unit from nobody, and a cancellation hurts nobody who
    /// stays.
    #[must_use]
    pub const fn one_off(&self) -> Option<OneOff> {
        self.one_off
    }

    /// How near the best choice of whole orders it is, where these were chosen.
    #[must_use]
    pub const fn optimality(&self) -> Option<Optimality> {
        self.optimality
    }

    /// What would have to be received beside what was, for the line to keep every unit: the smallest
    /// number of each SKU, and any larger number does too. For an order that ships whole, of all its
    /// SKUs. Empty where the line keeps everything, where it can never be served, where no number helps,
    /// and in plans by the largest remainder or of chosen whole orders, which promise nothing of the
    /// kind. O(log n) for each size of claim.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`].
    pub fn more_units(&self, row: usize) -> Result<Vec<MoreUnits>, Error> {
        let line = self.line(row)?;
        match &self.explainer {
            Some(explainer) if line.cut > 0 && line.reason != CutReason::NeverServed => {
                explainer.more_units_of(row)
            }
            _ => Ok(Vec::new()),
        }
    }

    pub(super) fn line(&self, row: usize) -> Result<&PlannedLine, Error> {
        let rows = self.lines.len();
        self.lines.get(row).ok_or(Error::NoSuchRow { row, rows })
    }

    pub(super) fn stock_of(&self, sku: SkuId) -> Option<Stock> {
        let index = self.stock.binary_search_by_key(&sku, |stock| stock.sku);
        index.ok().and_then(|index| self.stock.get(index)).copied()
    }

    /// Adds the figures up once the lines stand.
    pub(super) fn tally(&mut self, received: Total, priced: bool) -> Result<(), Error> {
        let mut sums = PlanTotals {
            received,
            refund: priced.then_some(0),
            ..PlanTotals::default()
        };
        for (row, line) in self.lines.iter().enumerate() {
            tally(&mut sums.ordered, line.quantity);
            tally(&mut sums.kept, line.kept);
            tally(&mut sums.cut, line.cut);
            tally(&mut sums.volunteered, line.volunteered);
            tally(&mut sums.credit_spent, line.credit_spent);
            let pay =
                |sum: Total, more: Total| sum.checked_add(more).ok_or(Error::MoneyTooLarge { row });
            sums.compensation = pay(sums.compensation, line.compensation)?;
            if let (Some(sum), Some(refund)) = (&mut sums.refund, line.refund) {
                *sum = pay(*sum, refund)?;
            }
            sums.lines_cut = sums.lines_cut.saturating_add(u64::from(line.cut > 0));
            let cancelled = line.cut > 0 && line.kept == 0;
            sums.lines_cancelled = sums.lines_cancelled.saturating_add(u64::from(cancelled));
        }
        sums.idle = received.saturating_sub(sums.kept);
        self.totals = sums;
        Ok(())
    }
}

/// A line that loses a unit.
#[derive(Clone, Copy, Debug)]
pub struct Cut<'a> {
    pub(super) plan: &'a CancellationPlan,
    pub(super) row: usize,
}

impl Cut<'_> {
    /// The row of the line, from 0.
    #[must_use]
    pub const fn row(&self) -> usize {
        self.row
    }

    /// What becomes of it.
    ///
    /// # Errors
    /// None that input leads to.
    pub fn line(&self) -> Result<PlannedLine, Error> {
        self.plan.line(self.row).copied()
    }

    /// The sentence for the customer ([`CancellationPlan::sentence`]).
    ///
    /// # Errors
    /// None that input leads to.
    pub fn sentence(&self) -> Result<alloc::string::String, Error> {
        self.plan.sentence(self.row)
    }
}

/// `line 324 keeps 1 of 2: …`, with the sentence for the customer.
impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.plan.line(self.row).map_err(|_| fmt::Error)?;
        let sentence = self.plan.sentence(self.row).map_err(|_| fmt::Error)?;
        let PlannedLine {
            line,
            kept,
            quantity,
            ..
        } = line;
        write!(f, "line {line} keeps {kept} of {quantity}: {sentence}")
    }
}
