//! Why a line has what it has, and what would have to change: every counterfactual is exact and, in
//! the tests, verified by running the changed input.
//!
//! "Served in turn" below: the claims of the line's parcel (the line, or its order where that ships
//! whole) are fully covered by the queue alone. Then it is served under either misfit, with this
//! supply and any larger one.

mod counterfactual;
mod key;
mod rank;
mod sentence;
mod shared;
mod threshold;

use alloc::vec::Vec;

use crate::allocate::{
    Allocation, Lanes, Outcome, PlaceInLine, Tiers, WholeOrders, allocate_tiers, claim,
    lots_of_units,
};
use crate::check::check;
use crate::demand::{Demand, DemandLine, Rows, row_form, terms};
use crate::error::Error;
use crate::id::{LineId, SkuId};
use crate::limits::NO_ID;
use crate::place::PlaceOrder;
use crate::policy::{Completeness, Policy};
use crate::quantity::{Quantity, Total, at, slot, tally};
use crate::rule::ShortageRule;
use crate::supply::Supply;
use crate::unit_lots::UnitLots;
use counterfactual::{Changes, Released};
use rank::Ranks;

pub use key::{Fraction, TicketKey};
pub use threshold::{Certificate, Threshold};

/// Units of a SKU that would have to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MoreUnits {
    /// The SKU.
    pub sku: SkuId,
    /// The smallest number that serves the line in turn; any larger number does too.
    pub units: Quantity,
}

/// A line of the input, by row and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LineAt {
    /// Its row, from 0.
    pub row: usize,
    /// Its id; the row where the input gave none.
    pub line: LineId,
}

/// The answer to "why?" for one line. `Display` is the sentence a support agent can read out;
/// [`Self::sentence`] says it with the host's own names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Explanation {
    /// Which line.
    pub at: LineAt,
    /// What it asks for.
    pub sku: SkuId,
    /// What it has, and the reason.
    pub outcome: Outcome,
    /// What of it may ship in part.
    pub completeness: Completeness,
    /// Where it stands.
    pub place: PlaceInLine,
    /// Units of them that those lines may stand for: what can never be served claims nothing.
    pub claimed_ahead: Total,
    /// Units received of its SKU.
    pub received: Quantity,
    /// The rule that shared them.
    pub rule: ShortageRule,
    /// The order in which lines stand under it.
    pub order: PlaceOrder,
    /// What would have to arrive, all of it, for its parcel to be served in turn, by SKU. Empty where
    /// it is served in turn already, or where no number helps. Also shown for a line that was served
    /// out of turn.
    pub more_units: Vec<MoreUnits>,
    /// The last line that its parcel must stand in front of to be served in turn; none where that
    /// does not help, or where the line is served in full.
    pub if_before: Option<LineAt>,
    /// Units it would get if its parcel could ship in part; none where that is no more than now.
    pub if_partial: Option<Quantity>,
}

/// [`Explainer::explain`] for one line: O(n log n). For many lines, build an [`Explainer`] once.
///
/// # Errors
/// Those of [`crate::allocate`], and [`Error::NoSuchRow`].
///
/// ```
/// use allocator_core::{explain, DemandLine, Policy, Supply};
/// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2)];
/// let why = explain(&lines, &[Supply::received(7, 3)], &Policy::first_come(), 1)?;
/// assert_eq!(
///     why.to_string(),
///     "line 2 gets 1 of 2 units: 2 units are ahead of it in line and 3 were received. \
///      1 more unit serves it. In front of line 1 it would be served.",
/// );
/// # Ok::<(), allocator_core::Error>(())
/// ```
pub fn explain<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    row: usize,
) -> Result<Explanation, Error> {
    Explainer::new(lines, supply, policy)?.explain(row)
}

/// Explains any line of one call; owns what it needs.
#[derive(Clone, Debug)]
pub struct Explainer {
    lines: Vec<DemandLine>,
    policy: Policy,
    /// The order in which lines stand.
    standing: PlaceOrder,
    allocation: Allocation,
    lanes: Lanes,
    orders: WholeOrders,
    /// The whole order of each row, or [`NO_ID`].
    order_of: Vec<u32>,
    places: Vec<PlaceInLine>,
    /// Per lane position: units that the lines before it in the lane may stand for.
    claimed_ahead: Vec<Total>,
    released: Released,
    /// The lots of all units, where the rule reads them.
    unit_lots: Option<UnitLots<'static>>,
    ranks: Ranks,
}

impl Explainer {
    /// Allocates, and prepares to answer. O(n log n).
    ///
    /// # Errors
    /// Those of [`crate::allocate`].
    pub fn new<L: Demand + ?Sized>(
        lines: &L,
        supply: &[Supply],
        policy: &Policy,
    ) -> Result<Self, Error> {
        check(lines, supply, policy, false)?;
        Self::with_tiers(lines, supply, policy, None)
    }

    /// The same of valid input, with what goes first whatever the rule says. What is said of places then
    /// holds for a queue without tiers only.
    pub(crate) fn with_tiers<L: Rows + ?Sized>(
        lines: &L,
        supply: &[Supply],
        policy: &Policy,
        tiers: Option<&Tiers>,
    ) -> Result<Self, Error> {
        let allocation = allocate_tiers(lines, supply, policy, tiers)?;
        let lanes = allocation
            .lanes()
            .cloned()
            .ok_or(Error::Corrupt { at: "lanes" })?;
        let orders = WholeOrders::new(lines, policy)?;
        let mut order_of = alloc::vec![NO_ID; lines.count()];
        for order in 0..orders.count() {
            for &row in orders.rows(order as usize) {
                *slot(&mut order_of, row as usize)? = order;
            }
        }
        let released = Released::new(lines, policy, &lanes, &orders, &allocation)?;
        let mut claimed_ahead = Vec::with_capacity(lines.count());
        for lane in 0..lanes.count() {
            let mut ahead: Total = 0;
            for row in lanes.rows(lane) {
                claimed_ahead.push(ahead);
                tally(
                    &mut ahead,
                    claim(lines, allocation.reasons(), row as usize)?,
                );
            }
        }
        let places = allocation.places();
        let rule = &policy.rule;
        let unit_lots = lots_of_units(lines, rule, tiers)?.map(UnitLots::into_owned);
        let (reasons, lots) = (allocation.reasons(), unit_lots.as_ref());
        let ranks = Ranks::new(lines, rule, &lanes, tiers, reasons, lots)?;
        let lines = (0..lines.count()).map(|row| row_form(lines, row)).collect();
        Ok(Self {
            lines,
            policy: *policy,
            standing: policy.standing(),
            allocation,
            lanes,
            orders,
            order_of,
            places,
            claimed_ahead,
            released,
            unit_lots,
            ranks,
        })
    }

    /// The allocation it explains.
    pub fn allocation(&self) -> &Allocation {
        &self.allocation
    }

    /// Why line `row` has what it has.
    ///
    /// O(k log n) for a parcel of k lines; where whole orders let others pass, O(n) more. For all
    /// lines of a call, [`Self::explanations`] does the work of each order once.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`].
    pub fn explain(&self, row: usize) -> Result<Explanation, Error> {
        if row >= self.lines.len() {
            let rows = self.lines.len();
            return Err(Error::NoSuchRow { row, rows });
        }
        self.explanation(row, &self.changes(row)?)
    }

    /// Why every line has what it has, by row.
    pub fn explanations(&self) -> impl Iterator<Item = Result<Explanation, Error>> + use<'_> {
        let mut of_order: Vec<Option<Changes>> = alloc::vec![None; self.orders.count() as usize];
        (0..self.lines.len()).map(move |row| {
            let order = at(&self.order_of, row)?;
            match of_order.get_mut(order as usize) {
                Some(Some(changes)) => self.explanation(row, changes),
                Some(unknown) => self.explanation(row, unknown.insert(self.changes(row)?)),
                None => self.explanation(row, &self.changes(row)?),
            }
        })
    }

    fn explanation(&self, row: usize, changes: &Changes) -> Result<Explanation, Error> {
        let rows = self.lines.len();
        let outcome = self
            .allocation
            .outcome(row)
            .ok_or(Error::NoSuchRow { row, rows })?;
        let (sku, reason) = (self.lines.sku(row), outcome.reason);
        let lane = self.lanes.of(sku)?;
        let asks = outcome.quantity > 0 && !reason.is_never();
        let lacks = asks && outcome.allocated < outcome.quantity;
        let if_partial = changes.if_partial(row).filter(|_| outcome.quantity > 0);
        Ok(Explanation {
            at: self.line_at(row)?,
            sku: SkuId(sku),
            outcome,
            completeness: terms(&self.lines, row, &self.policy).0,
            place: at(&self.places, row)?,
            claimed_ahead: self.claimed_ahead(lane, self.position(row)?)?,
            received: at(&self.lanes.received, lane)?,
            rule: self.policy.rule,
            order: self.standing,
            more_units: if asks {
                changes.more_units.clone()
            } else {
                Vec::new()
            },
            if_before: changes.if_before.filter(|_| lacks),
            if_partial: if_partial.filter(|&units| units > outcome.allocated),
        })
    }

    fn line_at(&self, row: usize) -> Result<LineAt, Error> {
        Ok(LineAt {
            row,
            line: at(&self.lines, row)?.line,
        })
    }

    fn claim(&self, row: usize) -> Result<Quantity, Error> {
        claim(&self.lines, self.allocation.reasons(), row)
    }

    /// The rows of the line's parcel, in place order.
    fn parcel(&self, row: usize) -> Result<Vec<u32>, Error> {
        Ok(match at(&self.order_of, row)? {
            NO_ID => {
                alloc::vec![u32::try_from(row).map_err(|_| Error::Corrupt { at: "row number" })?]
            }
            order => self.orders.rows(order as usize).to_vec(),
        })
    }

    /// The parcel's lanes, rising, each with the parcel's rows in it in place order.
    fn lanes_of(&self, parcel: &[u32]) -> Result<Vec<(usize, Vec<usize>)>, Error> {
        let mut rows = Vec::with_capacity(parcel.len());
        for &row in parcel {
            rows.push((self.lanes.of(self.lines.sku(row as usize))?, row as usize));
        }
        // Stable: place order stays inside a lane.
        rows.sort_by_key(|&(lane, _)| lane);
        let lane = |group: &[(usize, usize)]| {
            Some((
                group.first()?.0,
                group.iter().map(|&(_, row)| row).collect(),
            ))
        };
        Ok(rows.chunk_by(|a, b| a.0 == b.0).filter_map(lane).collect())
    }

    /// Where a row stands in its lane, counted from 0.
    fn position(&self, row: usize) -> Result<usize, Error> {
        Ok((at(&self.places, row)?.position as usize).saturating_sub(1))
    }

    /// Units claimed ahead of a position of the lane; past the end: by the whole lane.
    fn claimed_ahead(&self, lane: usize, position: usize) -> Result<Total, Error> {
        let range = self.lanes.range(lane);
        let index = range.start.saturating_add(position);
        if index < range.end {
            return at(&self.claimed_ahead, index);
        }
        let Some(last) = self.lanes.rows(lane).last() else {
            return Ok(0);
        };
        let mut all = at(&self.claimed_ahead, range.end.saturating_sub(1))?;
        tally(&mut all, self.claim(last as usize)?);
        Ok(all)
    }
}
