//! Plans of cancellations, judged from their input alone.
//!
//! What was given, credits and offers are tiers: a line's units are those it was given, those of its
//! credit, its own, and those it offers, in this order, and the units it keeps are the first of these. So
//! a plan by a rule is in order where, of every SKU, the last unit kept stands before the first one cut:
//! by tier, then by the rule's key. Of offers the dearest are kept first, then the older.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::allocate::{Allocation, Outcome};
use crate::cancel::{CancelTerms, CancellationPlan, CutMethod, CutReason, OneOff, PlannedLine};
use crate::demand::{Demand, terms as of_line};
use crate::limits::NO_ID;
use crate::policy::{Completeness, Policy};
use crate::quantity::Total;
use crate::rule::ShortageRule;
use crate::supply::Supply;

use super::tickets::Piece;
use super::{Audit, BySku, Grade, Law, Violation, compared, raise, unit_starts};

/// Checks a plan of cancellations against its input, ours or another system's
/// ([`CancellationPlan::reported`]). Shares no code with what plans.
///
/// Safe: every unit of a line is kept or cut, of no SKU more is kept than was received, what was given is
/// kept, offered units are cut first, money is price times units, and totals and idle units add up. Legal:
/// what ships whole is kept or cut whole. Ordered: of every SKU the last unit kept stands before the first
/// one cut, nothing is idle that somebody wants, and every reason is the true one. Ordered is said of
/// policies under which every line may ship in part, and of the largest remainder; a plan with whole lines,
/// or of chosen whole orders, is judged up to legal. Of credits that are used up only the limits are
/// checked: the credit, and what the line keeps. O(n log n).
///
/// As in [`crate::verify`] the input is taken as it stands.
///
/// # Errors
/// The first broken law, with the highest grade reached.
///
/// ```
/// use allocator_core::{plan_cancellations, verify_plan, DemandLine, Grade, ShortageRule, Supply};
/// let lines = [DemandLine::new(1, 7, 3), DemandLine::new(2, 7, 2)];
/// let (supply, rule) = ([Supply::received(7, 4)], ShortageRule::one_each_per_round());
/// let plan = plan_cancellations(&lines, &supply, rule)?;
/// assert_eq!(verify_plan(&lines, &supply, rule, &plan), Ok(Grade::Ordered));
/// let other = verify_plan(&lines, &supply, ShortageRule::first_come(), &plan).unwrap_err();
/// assert_eq!(other.what, "plans by another method");
/// # Ok::<(), allocator_core::Error>(())
/// ```
pub fn verify_plan<'a, L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    terms: impl Into<CancelTerms<'a>>,
    plan: &CancellationPlan,
) -> Result<Grade, Violation> {
    let terms = terms.into();
    let policy = match terms.method {
        CutMethod::Policy(policy) => policy,
        CutMethod::LargestRemainder => Policy::sharing(ShortageRule::same_percentage()),
        CutMethod::WholeOrders(_) => Policy::first_come(),
    };
    let outcome = |line: &PlannedLine| Outcome::reported(line.quantity, line.kept);
    let allocation = Allocation::reported(plan.lines().iter().map(outcome), None);
    let audit = Audit {
        lines,
        supply,
        policy: &policy,
        allocation: &allocation,
        compared: compared(&policy),
        unit_starts: unit_starts(lines, &policy),
    };
    let received = audit.received()?;
    audit.units(&received)?;
    let planned = Planned {
        audit: &audit,
        terms,
        plan,
        received,
    };
    planned.columns()?;
    planned.lines()?;
    planned.idle()?;
    planned.totals()?;
    planned.whole()?;
    planned.order()
}

struct Planned<'a, L: ?Sized> {
    audit: &'a Audit<'a, L>,
    terms: CancelTerms<'a>,
    plan: &'a CancellationPlan,
    received: BySku,
}

fn value(column: Option<&[i64]>, row: usize) -> i64 {
    column
        .and_then(|column| column.get(row))
        .copied()
        .unwrap_or(0)
}

impl<L: Demand + ?Sized> Planned<'_, L> {
    fn figure(&self, what: &'static str, expected: Total, found: Total) -> Result<(), Violation> {
        if expected == found {
            return Ok(());
        }
        Err(self
            .audit
            .broken(Law::EveryUnitAccounted, None, None, what, expected, found))
    }

    fn columns(&self) -> Result<(), Violation> {
        let CancelTerms {
            unit_price,
            given,
            credit,
            offered,
            asked,
            ..
        } = self.terms;
        for column in [unit_price, given, credit, offered, asked]
            .into_iter()
            .flatten()
        {
            let count = |rows: usize| Total::try_from(rows).unwrap_or(Total::MAX);
            self.figure(
                "rows of a column",
                count(self.audit.lines.count()),
                count(column.len()),
            )?;
        }
        let same = self.plan.method() == self.terms.method;
        self.figure("plans by another method", 0, Total::from(!same))
    }

    /// Every figure of every line.
    fn lines(&self) -> Result<(), Violation> {
        for (row, line) in self.plan.lines().iter().enumerate() {
            let equal = |what, expected, found| {
                self.audit
                    .equal(Law::EveryUnitAccounted, row, what, expected, found)
            };
            let (lines, terms) = (self.audit.lines, &self.terms);
            let id = lines
                .line(row)
                .or_else(|| u32::try_from(row).ok())
                .unwrap_or(NO_ID);
            equal("line", id.into(), line.line.0.into())?;
            equal("SKU", lines.sku(row).into(), line.sku.0.into())?;
            let (kept, cut) = (Total::from(line.kept), Total::from(line.cut));
            equal("cut", Total::from(line.quantity).saturating_sub(kept), cut)?;
            let given = Total::from(value(terms.given, row));
            equal("given", given, line.given.into())?;
            equal("kept of what was given", given, given.min(kept))?;
            let known = self.received.contains_key(&lines.sku(row));
            let offered = if known { value(terms.offered, row) } else { 0 };
            let volunteered = cut.min(offered.into());
            equal("volunteered", volunteered, line.volunteered.into())?;
            let spent = Total::from(line.credit_spent);
            let most = kept.min(value(terms.credit, row).into());
            equal("credit_spent", spent.clamp(0, most.max(0)), spent)?;
            let refund = Total::from(value(terms.unit_price, row)).saturating_mul(cut);
            let is_priced = terms.unit_price.is_some();
            equal("refunds", is_priced.into(), line.refund.is_some().into())?;
            equal(
                "refund",
                if is_priced { refund } else { 0 },
                line.refund.unwrap_or(0),
            )?;
            let compensation = Total::from(value(terms.asked, row)).saturating_mul(volunteered);
            equal("compensation", compensation, line.compensation)?;
            let stands = value(Some(self.plan.kept()), row);
            equal("kept", kept, stands.into())?;
        }
        Ok(())
    }

    fn idle(&self) -> Result<(), Violation> {
        let mut left = self.received.clone();
        for line in self.plan.lines() {
            raise(
                left.entry(line.sku.0).or_default(),
                Total::from(line.kept).saturating_neg(),
            );
        }
        for idle in self.plan.idle() {
            raise(
                left.entry(idle.sku.0).or_default(),
                Total::from(idle.units).saturating_neg(),
            );
        }
        match left.into_iter().find(|&(_, units)| units != 0) {
            Some((sku, more)) => {
                let law = Law::EveryUnitAccounted;
                Err(self
                    .audit
                    .broken(law, None, Some(sku), "idle units not told", 0, more))
            }
            None => Ok(()),
        }
    }

    fn totals(&self) -> Result<(), Violation> {
        let lines = self.plan.lines();
        let sum = |of: fn(&PlannedLine) -> Total| {
            lines
                .iter()
                .fold(0, |sum: Total, line| sum.saturating_add(of(line)))
        };
        let said = self.plan.totals();
        let received = self
            .received
            .values()
            .fold(0, |sum: Total, &units| sum.saturating_add(units));
        let kept = sum(|line| line.kept.into());
        let refund = sum(|line| line.refund.unwrap_or(0));
        for (what, expected, found) in [
            ("ordered", sum(|line| line.quantity.into()), said.ordered),
            ("received", received, said.received),
            ("kept", kept, said.kept),
            ("cut", sum(|line| line.cut.into()), said.cut),
            (
                "volunteered",
                sum(|line| line.volunteered.into()),
                said.volunteered,
            ),
            (
                "credit_spent",
                sum(|line| line.credit_spent.into()),
                said.credit_spent,
            ),
            ("idle", received.saturating_sub(kept), said.idle),
            (
                "lines_cut",
                sum(|line| (line.cut > 0).into()),
                said.lines_cut.into(),
            ),
            (
                "lines_cancelled",
                sum(|line| (line.cut > 0 && line.kept == 0).into()),
                said.lines_cancelled.into(),
            ),
            ("refund", refund, said.refund.unwrap_or(0)),
            (
                "refunds",
                lines.iter().any(|line| line.refund.is_some()).into(),
                (said.refund.is_some() && !lines.is_empty()).into(),
            ),
            (
                "compensation",
                sum(|line| line.compensation),
                said.compensation,
            ),
        ] {
            self.figure(what, expected, found)?;
        }
        Ok(())
    }

    fn completeness(&self, row: usize) -> Completeness {
        match self.terms.method {
            CutMethod::Policy(policy) => of_line(self.audit.lines, row, &policy).0,
            CutMethod::LargestRemainder => Completeness::Partial,
            CutMethod::WholeOrders(_) => Completeness::Order,
        }
    }

    /// All or nothing, for lines and for orders; orders that were given units stay.
    fn whole(&self) -> Result<(), Violation> {
        let mut orders: BTreeMap<u32, bool> = BTreeMap::new();
        for (row, line) in self.plan.lines().iter().enumerate() {
            let whole = self.completeness(row);
            if whole == Completeness::Partial || line.quantity == 0 {
                continue;
            }
            let order = self.audit.lines.order(row);
            let mut is_kept = line.kept > 0;
            if whole == Completeness::Order && order != NO_ID {
                is_kept = *orders.entry(order).or_insert(is_kept);
            }
            let expected = if is_kept { line.quantity } else { 0 };
            self.audit.equal(
                Law::ShipsWhole,
                row,
                "kept",
                expected.into(),
                line.kept.into(),
            )?;
        }
        Ok(())
    }

    fn order(&self) -> Result<Grade, Violation> {
        let ships_whole = |row| self.completeness(row) != Completeness::Partial;
        let chooses_orders = matches!(self.terms.method, CutMethod::WholeOrders(_));
        if chooses_orders || self.audit.rows().any(ships_whole) {
            return Ok(Grade::Legal);
        }
        let lanes = self
            .audit
            .lanes(self.received.clone(), self.pieces().into_iter())?;
        for (&sku, lane) in &lanes {
            match self.terms.method {
                CutMethod::LargestRemainder => {
                    let stock = self.received.get(&sku).copied().unwrap_or(0);
                    self.audit.largest_remainder(lane, stock)?;
                }
                _ => self.audit.lane_certificate(lane)?,
            }
        }
        for (row, line) in self.plan.lines().iter().enumerate() {
            let (expected, found) = (self.true_reason(row, line).number(), line.reason.number());
            self.audit.equal(
                Law::TrueReason,
                row,
                "reason",
                expected.into(),
                found.into(),
            )?;
        }
        let is_once = matches!(self.terms.method, CutMethod::LargestRemainder);
        let expected = is_once.then_some(OneOff::LargestRemainder);
        let number = |of: Option<OneOff>| of.map_or(-1, |of| Total::from(of.number()));
        let (expected, found) = (number(expected), number(self.plan.one_off()));
        if expected != found {
            let law = Law::TrueReason;
            return Err(self
                .audit
                .broken(law, None, None, "one_off", expected, found));
        }
        Ok(Grade::Ordered)
    }

    /// The units of every line by tier, and how many of these are kept.
    fn pieces(&self) -> Vec<Piece> {
        let ranks = self.ranks();
        let mut pieces = Vec::new();
        for (row, line) in self.plan.lines().iter().enumerate() {
            let is_known = self.received.contains_key(&self.audit.lines.sku(row));
            let claim = if is_known { line.quantity } else { 0 };
            let given = value(self.terms.given, row).clamp(0, claim.max(0));
            let open = claim.saturating_sub(given);
            let offered = value(self.terms.offered, row).clamp(0, open.max(0));
            let own = open.saturating_sub(offered);
            let beyond_given = value(self.terms.credit, row).saturating_sub(given);
            let credit = beyond_given.clamp(0, own.max(0));
            let last = ranks.get(&row).copied().unwrap_or(0);
            let mut first: Total = 0;
            for (tier, units) in [
                (0, given),
                (1, credit),
                (2, own.saturating_sub(credit)),
                (3, offered),
            ] {
                let units = Total::from(units);
                let covered = Total::from(line.kept)
                    .saturating_sub(first)
                    .clamp(0, units.max(0));
                let tier = if tier == 3 {
                    last.saturating_add(tier)
                } else {
                    tier
                };
                pieces.push(Piece {
                    row,
                    tier,
                    first,
                    claim: units,
                    covered,
                });
                first = first.saturating_add(units);
            }
        }
        pieces.retain(|piece| piece.claim > 0);
        pieces
    }

    /// In which order offered units are kept: the dearest first, of equal prices the older.
    fn ranks(&self) -> BTreeMap<usize, Total> {
        let offers = |row: &usize| value(self.terms.offered, *row) > 0;
        let mut rows: Vec<usize> = self.audit.rows().filter(offers).collect();
        let asked = |row| value(self.terms.asked, row);
        rows.sort_by(|&a, &b| {
            asked(b)
                .cmp(&asked(a))
                .then_with(|| self.audit.by_place(a, b))
        });
        rows.into_iter().zip(0..).collect()
    }

    fn true_reason(&self, row: usize, line: &PlannedLine) -> CutReason {
        match line {
            PlannedLine { quantity: 0, .. } => CutReason::NothingAsked,
            PlannedLine { cut: 0, .. } => CutReason::Kept,
            _ if !self.received.contains_key(&self.audit.lines.sku(row)) => CutReason::NeverServed,
            PlannedLine {
                cut, volunteered, ..
            } if cut == volunteered => CutReason::Volunteered,
            _ => CutReason::Shortage,
        }
    }
}
