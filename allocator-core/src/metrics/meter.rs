//! Lines made ready once, then measured under many plans.

use alloc::vec::Vec;

use crate::allocate::{Idle, Lanes};
use crate::check::check_places;
use crate::demand::{Demand, claimant};
use crate::error::{Error, Table};
use crate::limits::{MAX_QUANTITY, NO_ID};
use crate::place::PlaceOrder;
use crate::policy::Policy;
use crate::quantity::{Quantity, Total, at, slot, tally};
use crate::reason::IdleCause;

use super::figure::Ratio;
use super::spread::Spread;
use super::{IdleUnits, Metrics, Moved};

/// What lines keep, aligned with them, and what is known beside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeptColumns<'a> {
    /// Units that each line keeps, `0..=` what it asks for.
    pub kept: &'a [Quantity],
    /// Units that each line kept in the plan before; above what it asks for now where it was reduced.
    pub previous: Option<&'a [Quantity]>,
    /// What each line is given back, in minor units of currency.
    pub refund: Option<&'a [Total]>,
    /// Units received, of all SKUs together; at least what is kept.
    pub received: Total,
    /// Which units are idle and why ([`crate::Allocation::idle`]); empty where nobody says.
    pub idle: &'a [Idle],
}

/// Lines grouped by customer and order and put in line, so that each plan for them costs one pass.
///
/// ```
/// use allocator_core::{DemandLine, KeptColumns, Meter, PlaceOrder};
/// let lines = [DemandLine::new(1, 7, 2).customer(5), DemandLine::new(2, 7, 1).customer(6)];
/// let meter = Meter::new(&lines, &PlaceOrder::oldest_first())?;
/// let metrics = meter.measure(&KeptColumns { kept: &[1, 1], received: 2, ..KeptColumns::default() })?;
/// assert_eq!((metrics.units_cut, metrics.customers_touched, metrics.overtakes), (1, 1, 1));
/// assert_eq!(metrics.lowest_fill.unwrap().to_string(), "1/2");
/// assert_eq!(metrics.jain_fill.to_string(), "9/10");
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Meter {
    claims: Vec<Quantity>,
    customers: Parties,
    orders: Parties,
    queues: Lanes,
}

impl Meter {
    /// Makes lines ready that stand in this order: O(n log n).
    ///
    /// # Errors
    /// The first fault of the lines, as [`crate::allocate`] tells it; lines of one order need not agree.
    pub fn new<L: Demand + ?Sized>(lines: &L, standing: &PlaceOrder) -> Result<Self, Error> {
        let policy = Policy::first_come().order(*standing);
        check_places(lines, &policy)?;
        let claims: Vec<Quantity> = (0..lines.count()).map(|row| lines.quantity(row)).collect();
        let customer = |row| {
            let (kind, id, _) = claimant(lines, row);
            (kind, id)
        };
        let order = |row| match lines.order(row) {
            NO_ID => (1, u32::try_from(row).unwrap_or(NO_ID)),
            order => (0, order),
        };
        Ok(Self {
            customers: Parties::group(&claims, customer)?,
            orders: Parties::group(&claims, order)?,
            queues: Lanes::new(lines, &[], standing)?,
            claims,
        })
    }

    /// The figures of a plan: O(n), and O(n log n) where customers keep many different parts.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] where a column is not as long as the lines. [`Error::OutOfRange`] where
    /// a line keeps more than it asks for or less than nothing, where a refund or what was kept before
    /// is below 0, where a sum of refunds leaves 128 bits, and where all lines together keep more than
    /// was received or more is said to be idle than is.
    pub fn measure(&self, plan: &KeptColumns<'_>) -> Result<Metrics, Error> {
        self.check(plan)?;
        let kept = plan.kept;
        let units_ordered = sum(&self.claims);
        let units_kept = sum_within(kept, plan.received)?;
        let idle = plan.received.saturating_sub(units_kept);
        let customer_pairs = self.customers.pairs(kept)?;
        let customers = Counts::of(&customer_pairs);
        let orders = Counts::of(&self.orders.pairs(kept)?);
        let (units, fill) = spreads(customer_pairs)?;
        const FIGURE: Error = Error::Corrupt { at: "figure" };
        Ok(Metrics {
            units_ordered,
            units_kept,
            units_cut: units_ordered.saturating_sub(units_kept),
            customers: customers.all,
            customers_touched: customers.touched,
            customers_cancelled: customers.cancelled,
            orders: orders.all,
            orders_touched: orders.touched,
            orders_cancelled: orders.cancelled,
            largest_cut: customers.largest_cut,
            largest_award: customers.largest_award,
            refund: plan.refund.map(refunds).transpose()?,
            lowest_fill: fill.least(),
            jain_units: units.jain().ok_or(FIGURE)?,
            jain_fill: fill.jain().ok_or(FIGURE)?,
            gini_units: units.gini().ok_or(FIGURE)?,
            gini_fill: fill.gini().ok_or(FIGURE)?,
            overtakes: self.overtakes(kept)?,
            idle,
            idle_by_cause: by_cause(plan.idle, idle)?,
            moved: plan.previous.map(|previous| moved(previous, kept)),
        })
    }

    fn check(&self, plan: &KeptColumns<'_>) -> Result<(), Error> {
        let rows = self.claims.len();
        for (field, len) in [
            ("kept", Some(plan.kept.len())),
            ("previous", plan.previous.map(<[_]>::len)),
            ("refund", plan.refund.map(<[_]>::len)),
        ] {
            if let Some(len) = len.filter(|&len| len != rows) {
                return Err(Error::LengthMismatch {
                    table: Table::Outcomes,
                    field,
                    len,
                    rows,
                });
            }
        }
        for (row, (&kept, &claim)) in plan.kept.iter().zip(&self.claims).enumerate() {
            within(row, "kept", kept.into(), claim.into())?;
        }
        for (row, &units) in plan.previous.unwrap_or(&[]).iter().enumerate() {
            within(row, "previous", units.into(), MAX_QUANTITY.into())?;
        }
        for (row, &amount) in plan.refund.unwrap_or(&[]).iter().enumerate() {
            within(row, "refund", amount, Total::MAX)?;
        }
        Ok(())
    }

    /// Σ over lines that keep something, of the lines before them in their queue that lose something.
    fn overtakes(&self, kept: &[Quantity]) -> Result<u64, Error> {
        let mut pairs = 0_u64;
        for lane in 0..self.queues.count() {
            let mut losing = 0_u64;
            for row in self.queues.rows(lane) {
                let (keeps, claims) = (at(kept, row as usize)?, at(&self.claims, row as usize)?);
                if keeps > 0 {
                    pairs = pairs.saturating_add(losing);
                }
                losing = losing.saturating_add(u64::from(keeps < claims));
            }
        }
        Ok(pairs)
    }
}

/// Lines by whoever has them.
#[derive(Clone, Debug)]
struct Parties {
    /// Whose each line is.
    of_row: Vec<u32>,
    /// What each of them asks for.
    claims: Vec<Total>,
}

/// Claim, above 0, and what is kept of it.
type Pair = (Total, Total);

/// What becomes of those who ask for something.
#[derive(Default)]
struct Counts {
    all: u64,
    touched: u64,
    cancelled: u64,
    largest_cut: Total,
    largest_award: Total,
}

impl Parties {
    fn group(claims: &[Quantity], who: impl Fn(usize) -> (u8, u32)) -> Result<Self, Error> {
        let mut keyed: Vec<((u8, u32), usize)> =
            (0..claims.len()).map(|row| (who(row), row)).collect();
        keyed.sort_unstable();
        let mut this = Self {
            of_row: alloc::vec![0; claims.len()],
            claims: Vec::new(),
        };
        for party in keyed.chunk_by(|a, b| a.0 == b.0) {
            let number =
                u32::try_from(this.claims.len()).map_err(|_| Error::Corrupt { at: "parties" })?;
            let mut claim = 0;
            for &(_, row) in party {
                *slot(&mut this.of_row, row)? = number;
                tally(&mut claim, at(claims, row)?);
            }
            this.claims.push(claim);
        }
        Ok(this)
    }

    /// Of those who ask for something, what they ask for and what they keep.
    fn pairs(&self, kept: &[Quantity]) -> Result<Vec<Pair>, Error> {
        let mut sums: Vec<Total> = alloc::vec![0; self.claims.len()];
        for (&party, &units) in self.of_row.iter().zip(kept) {
            tally(slot(&mut sums, party as usize)?, units);
        }
        let pairs = self.claims.iter().copied().zip(sums);
        Ok(pairs.filter(|&(claim, _)| claim > 0).collect())
    }
}

impl Counts {
    fn of(pairs: &[Pair]) -> Self {
        let mut counts = Self::default();
        for &(claim, keeps) in pairs {
            counts.all = counts.all.saturating_add(1);
            counts.touched = counts.touched.saturating_add(u64::from(keeps < claim));
            counts.cancelled = counts.cancelled.saturating_add(u64::from(keeps == 0));
            counts.largest_cut = counts.largest_cut.max(claim.saturating_sub(keeps));
            counts.largest_award = counts.largest_award.max(keeps);
        }
        counts
    }
}

/// The units kept and the parts kept, each with how many keep so much. Those alike are counted
/// together before any fraction is reduced.
fn spreads(mut pairs: Vec<Pair>) -> Result<(Spread, Spread), Error> {
    pairs.sort_unstable();
    let (mut units, mut fill) = (Vec::new(), Vec::new());
    for alike in pairs.chunk_by(|a, b| a == b) {
        let Some(&(claim, keeps)) = alike.first() else {
            continue;
        };
        let times = u64::try_from(alike.len()).unwrap_or(u64::MAX);
        let part = Ratio::new(keeps.unsigned_abs(), claim.unsigned_abs());
        fill.push((part.ok_or(Error::Corrupt { at: "claim of 0" })?, times));
        units.push((Ratio::whole(keeps.unsigned_abs()), times));
    }
    Ok((Spread::of(units), Spread::of(fill)))
}

fn within(row: usize, field: &'static str, value: Total, max: Total) -> Result<(), Error> {
    if (0..=max).contains(&value) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        table: Table::Outcomes,
        row,
        field,
        value,
        min: 0,
        max,
    })
}

fn sum(units: &[Quantity]) -> Total {
    let mut sum = 0;
    units.iter().for_each(|&units| tally(&mut sum, units));
    sum
}

/// The sum; the first row that lifts it above the limit is at fault.
fn sum_within(kept: &[Quantity], received: Total) -> Result<Total, Error> {
    let mut sum = 0;
    for (row, &units) in kept.iter().enumerate() {
        tally(&mut sum, units);
        within(row, "kept", sum, received)?;
    }
    Ok(sum)
}

/// The sum of amounts that are not below 0.
fn refunds(amounts: &[Total]) -> Result<Total, Error> {
    let mut sum: Total = 0;
    for (row, &amount) in amounts.iter().enumerate() {
        within(row, "refund", amount, Total::MAX.saturating_sub(sum))?;
        sum = sum.saturating_add(amount);
    }
    Ok(sum)
}

fn by_cause(given: &[Idle], idle: Total) -> Result<Vec<IdleUnits>, Error> {
    let mut all = 0;
    for (row, part) in given.iter().enumerate() {
        within(row, "idle", part.units.into(), MAX_QUANTITY.into())?;
        tally(&mut all, part.units);
        within(row, "idle", all, idle)?;
    }
    let units_of = |&cause: &IdleCause| {
        let mut units = 0;
        let parts = given.iter().filter(|part| part.cause == cause);
        parts.for_each(|part| tally(&mut units, part.units));
        IdleUnits { cause, units }
    };
    let causes = IdleCause::ALL.iter().map(units_of);
    Ok(causes.filter(|part| part.units > 0).collect())
}

fn moved(previous: &[Quantity], kept: &[Quantity]) -> Moved {
    let mut moved = Moved::default();
    for (&before, &now) in previous.iter().zip(kept) {
        let (lines, units, by) = if now < before {
            (
                &mut moved.lines_losing,
                &mut moved.units_lost,
                before.saturating_sub(now),
            )
        } else {
            (
                &mut moved.lines_gaining,
                &mut moved.units_gained,
                now.saturating_sub(before),
            )
        };
        *lines = lines.saturating_add(u64::from(by > 0));
        tally(units, by);
    }
    moved
}
