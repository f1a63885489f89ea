//! Fair cancel: 500 were sold, 480 arrive, no more will come. Who is cut, by which rule, at what cost,
//! with what reason?
//!
//! A rule is the one that allocates: whoever would get a unit keeps it. Credits, offers to give up units
//! and units given already are tiers in front of the rule and behind it, so they change no rule.

mod digest;
mod event;
mod method;
mod plan;
mod remainder;
pub(crate) mod select;
mod sentence;
mod terms;
mod whole;

pub use event::ShortageEvent;
pub use method::{CutMethod, OneOff};
pub use plan::{CancellationPlan, Cut, CutReason, PlanTotals, PlannedLine};
pub use terms::CancelTerms;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::allocate::{Idle, Tiers, allocate_tiers};
use crate::check::check;
use crate::demand::Demand;
use crate::error::Error;
use crate::explain::Explainer;
use crate::id::{LineId, SkuId};
use crate::limits::NO_ID;
use crate::place::PlacePart;
use crate::policy::Policy;
use crate::quantity::{Quantity, Total, at, sub, tally};
use crate::reason::{IdleCause, Reason};
use crate::supply::Supply;

use plan::Stock;
use select::Optimality;

/// Decides who is cut when there is not enough for good.
///
/// The terms are a rule, a policy or a [`CutMethod`] (all of these convert), or [`CancelTerms`] with
/// prices, credits, offers and what was given already. Supply is all that was received, claims are the
/// original ones: a plan made again after a second shipment or a cancellation then takes nothing from
/// anybody who stays, unless it is a one-off ([`ShortageEvent`]).
///
/// O(n log n) for a policy and the largest remainder; choosing whole orders costs what
/// [`crate::select_orders`] says.
///
/// # Errors
/// Those of [`crate::allocate`]; then of the terms: [`Error::LengthMismatch`], [`Error::MissingColumn`],
/// [`Error::OutOfRange`] (also where more was given than was received), [`Error::NeedsSingleUnits`],
/// [`Error::UnsoundRule`], [`Error::MoneyTooLarge`]. [`Error::DrawRequired`] where somebody is cut, the
/// policy reads lots, and every line's is 0: then lots have to be drawn first.
///
/// ```
/// use allocator_core::{plan_cancellations, DemandLine, ShortageRule, Supply};
/// let lines = [DemandLine::new(1, 7, 3), DemandLine::new(2, 7, 2)];
/// let plan = plan_cancellations(&lines, &[Supply::received(7, 4)], ShortageRule::first_come())?;
/// assert_eq!(plan.kept(), [3, 1]);
/// assert_eq!(plan.to_string(), "5 ordered, 4 received: 1 cut, 1 line loses units (0 all of them), 0 idle");
/// for cut in plan.cuts() {
///     assert_eq!(
///         cut.to_string(),
///         "line 2 keeps 1 of 2: 4 of 5 arrived. The oldest orders are served first. You ordered 2 and keep 1; \
///          1 is cancelled. 1 more would have been enough for you.",
///     );
/// }
/// # Ok::<(), allocator_core::Error>(())
/// ```
pub fn plan_cancellations<'a, L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    terms: impl Into<CancelTerms<'a>>,
) -> Result<CancellationPlan, Error> {
    let terms = terms.into();
    let policy = terms.method.policy();
    check(lines, supply, &policy, false)?;
    terms::check(lines, supply, &terms)?;
    let decided = match terms.method {
        CutMethod::Policy(policy) => by_policy(lines, supply, &policy, &terms)?,
        CutMethod::LargestRemainder => {
            let kept = |terms: &CancelTerms<'_>| {
                remainder::share(lines, supply, &policy, &tiers(lines, &policy, terms)?)
            };
            one_off(
                lines,
                supply,
                kept(&terms)?,
                kept_without_credit(&terms, kept)?,
            )?
        }
        CutMethod::WholeOrders(aim) => whole::choose(lines, supply, aim, &terms)?,
    };
    let plan = decided.plan(lines, supply, &terms)?;
    if plan.totals().cut > 0 && needs_a_draw(lines, &policy) {
        return Err(Error::DrawRequired);
    }
    Ok(plan)
}

/// What a method comes to.
struct Decided {
    kept: Vec<Quantity>,
    /// What would be kept without anybody's credit, where there are any.
    without_credit: Option<Vec<Quantity>>,
    /// Why a line loses what nobody offered.
    why: Vec<CutReason>,
    idle: Vec<Idle>,
    one_off: Option<OneOff>,
    optimality: Option<Optimality>,
    explainer: Option<Explainer>,
}

fn by_policy<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    terms: &CancelTerms<'_>,
) -> Result<Decided, Error> {
    let own = tiers(lines, policy, terms)?;
    let explainer = Explainer::with_tiers(lines, supply, policy, some(&own))?;
    let without_credit = kept_without_credit(terms, |terms| {
        let tiers = tiers(lines, policy, terms)?;
        let allocation = allocate_tiers(lines, supply, policy, some(&tiers))?;
        Ok(allocation.allocated().to_vec())
    })?;
    let allocation = explainer.allocation();
    Ok(Decided {
        kept: allocation.allocated().to_vec(),
        without_credit,
        why: allocation
            .reasons()
            .iter()
            .map(|&reason| why(reason))
            .collect(),
        idle: allocation.idle().to_vec(),
        one_off: allocation.is_one_off().then_some(OneOff::Passes),
        optimality: None,
        explainer: Some(explainer),
    })
}

fn why(reason: Reason) -> CutReason {
    match reason {
        Reason::NothingAsked => CutReason::NothingAsked,
        Reason::Served => CutReason::Kept,
        Reason::UnknownSku | Reason::OrderHasImpossibleLine => CutReason::NeverServed,
        Reason::OrderIncomplete | Reason::LineIncomplete => CutReason::ShipsWhole,
        Reason::Short => CutReason::Shortage,
    }
}

/// What a plan by numbers alone comes to: idle units are those that nobody keeps.
fn one_off<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    kept: Vec<Quantity>,
    without_credit: Option<Vec<Quantity>>,
) -> Result<Decided, Error> {
    let mut skus: BTreeMap<u32, (Quantity, bool)> = BTreeMap::new();
    for row in supply {
        let free = &mut skus.entry(row.sku.0).or_default().0;
        *free = free.saturating_add(row.quantity);
    }
    let mut why = Vec::with_capacity(lines.count());
    for row in 0..lines.count() {
        let (units, quantity) = (at(&kept, row)?, lines.quantity(row));
        let sku = skus.get_mut(&lines.sku(row));
        why.push(match &sku {
            _ if quantity == 0 => CutReason::NothingAsked,
            _ if units == quantity => CutReason::Kept,
            None => CutReason::NeverServed,
            Some(_) => CutReason::Shortage,
        });
        if let Some((free, wanted)) = sku {
            *free = sub(*free, units)?;
            *wanted |= units < quantity;
        }
    }
    let idle = |(sku, (units, wanted))| Idle {
        sku: SkuId(sku),
        cause: if wanted {
            IdleCause::DoesNotFit
        } else {
            IdleCause::NoDemand
        },
        row: None,
        units,
    };
    Ok(Decided {
        kept,
        without_credit,
        why,
        idle: skus
            .into_iter()
            .map(idle)
            .filter(|idle| idle.units > 0)
            .collect(),
        one_off: None,
        optimality: None,
        explainer: None,
    })
}

fn tiers<L: Demand + ?Sized>(
    lines: &L,
    policy: &Policy,
    terms: &CancelTerms<'_>,
) -> Result<Tiers, Error> {
    let CancelTerms {
        given,
        credit,
        offered,
        asked,
        ..
    } = *terms;
    Tiers::new(lines, &policy.standing(), given, credit, offered, asked)
}

/// Tiers, where there are any.
fn some(tiers: &Tiers) -> Option<&Tiers> {
    (!tiers.are_none()).then_some(tiers)
}

fn kept_without_credit(
    terms: &CancelTerms<'_>,
    kept: impl Fn(&CancelTerms<'_>) -> Result<Vec<Quantity>, Error>,
) -> Result<Option<Vec<Quantity>>, Error> {
    let has_credit = terms
        .credit
        .is_some_and(|credit| credit.iter().any(|&units| units > 0));
    let without = CancelTerms {
        credit: None,
        ..*terms
    };
    has_credit.then(|| kept(&without)).transpose()
}

/// Whether the policy reads lots and all are 0, as where nobody drew any. One lot for all is a draw: that of
/// lines under one label.
fn needs_a_draw<L: Demand + ?Sized>(lines: &L, policy: &Policy) -> bool {
    let reads = policy.standing().parts().contains(&PlacePart::Lot);
    let is_blank = |row| lines.ordinal(row, PlacePart::Lot) == 0;
    reads && lines.count() > 1 && (0..lines.count()).all(is_blank)
}

impl Decided {
    fn plan<L: Demand + ?Sized>(
        self,
        lines: &L,
        supply: &[Supply],
        terms: &CancelTerms<'_>,
    ) -> Result<CancellationPlan, Error> {
        let mut planned = Vec::with_capacity(lines.count());
        for row in 0..lines.count() {
            planned.push(self.line(lines, row, terms)?);
        }
        let mut plan = CancellationPlan {
            method: terms.method,
            lines: planned,
            kept: self.kept,
            stock: stock(
                (0..lines.count()).map(|row| (lines.sku(row), lines.quantity(row))),
                supply,
            ),
            idle: self.idle,
            totals: PlanTotals::default(),
            one_off: self.one_off.or_else(|| terms.method.one_off()),
            optimality: self.optimality,
            explainer: self.explainer,
        };
        let mut received: Total = 0;
        supply
            .iter()
            .for_each(|row| tally(&mut received, row.quantity));
        plan.tally(received, terms.unit_price.is_some())?;
        Ok(plan)
    }

    fn line<L: Demand + ?Sized>(
        &self,
        lines: &L,
        row: usize,
        terms: &CancelTerms<'_>,
    ) -> Result<PlannedLine, Error> {
        let (quantity, kept, why) = (
            lines.quantity(row),
            at(&self.kept, row)?,
            at(&self.why, row)?,
        );
        let cut = sub(quantity, kept)?;
        let volunteered = match why {
            CutReason::NeverServed => 0,
            _ => terms.offered_of(row).min(cut),
        };
        let credit_spent = match &self.without_credit {
            None => 0,
            Some(without) => kept
                .saturating_sub(at(without, row)?)
                .clamp(0, terms.credit_of(row)),
        };
        let money = |price: i64, units: Quantity| Total::from(price).saturating_mul(units.into());
        let line = lines.line(row).or_else(|| u32::try_from(row).ok());
        Ok(PlannedLine {
            line: LineId(line.unwrap_or(NO_ID)),
            sku: SkuId(lines.sku(row)),
            quantity,
            kept,
            cut,
            given: terms.given_of(row),
            volunteered,
            credit_spent,
            // Below 2^63 times below 2^63.
            refund: terms.price_of(row).map(|price| money(price, cut)),
            compensation: money(terms.asked_of(row), volunteered),
            reason: if cut > 0 && volunteered == cut {
                CutReason::Volunteered
            } else {
                why
            },
        })
    }
}

/// Units received and ordered of every SKU, by SKU.
fn stock(lines: impl Iterator<Item = (u32, Quantity)>, supply: &[Supply]) -> Vec<Stock> {
    let mut skus: BTreeMap<u32, (Quantity, Total)> = BTreeMap::new();
    for row in supply {
        let received = &mut skus.entry(row.sku.0).or_default().0;
        *received = received.saturating_add(row.quantity);
    }
    for (sku, quantity) in lines {
        tally(&mut skus.entry(sku).or_default().1, quantity);
    }
    let stock = |(sku, (received, ordered))| Stock {
        sku: SkuId(sku),
        received,
        ordered,
    };
    skus.into_iter().map(stock).collect()
}
