//! The same shortage under several rules, side by side.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::cancel::select::Optimality;
use crate::cancel::{CancelTerms, CancellationPlan, CutMethod, OneOff, plan_cancellations};
use crate::check::check;
use crate::demand::Demand;
use crate::error::Error;
use crate::metrics::table::{TableRow, table};
use crate::metrics::{KeptColumns, Meter, Metrics};
use crate::place::PlaceOrder;
use crate::quantity::{Quantity, Total};
use crate::supply::Supply;

/// What one method comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Compared {
    /// The method.
    pub method: CutMethod,
    /// Its figures.
    pub metrics: Metrics,
    /// What is paid to those who gave up units they had offered, in minor units.
    pub compensation: Total,
    /// Whether its plan cannot keep law 10.
    pub one_off: Option<OneOff>,
    /// How near the best choice its plan is, where whole orders were chosen.
    pub optimality: Option<Optimality>,
    /// The digest of its plan ([`crate::CancellationPlan::digest`]).
    pub digest: u128,
}

/// One shortage under several methods, in the order in which they were named. `Display` is a table in
/// plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use]
pub struct Comparison {
    rows: Vec<Compared>,
}

impl Comparison {
    /// One row for each method.
    #[must_use]
    pub fn rows(&self) -> &[Compared] {
        &self.rows
    }
}

/// Plans the same cancellations by every method and measures the plans. The method of the terms is not
/// read; `previous` is what each line kept in the plan that was made before, if one was.
///
/// Which rule is kindest depends on the drop: no figure chooses for the merchant, and none of them can
/// (the fewest customers touched may be the most hurt). Overtakes are counted in one line for all
/// methods: priority, then age.
///
/// # Errors
/// [`Error::DuplicatePlace`] where that line has two lines at one place, whatever order the methods have;
/// the first error of [`crate::plan_cancellations`] under any of the methods; [`Error::LengthMismatch`]
/// and [`Error::OutOfRange`] of `previous`.
///
/// ```
/// use allocator_core::{compare, CancelTerms, DemandLine, ShortageRule, Supply};
/// let lines = [DemandLine::new(1, 7, 5), DemandLine::new(2, 7, 1), DemandLine::new(3, 7, 1)];
/// let methods = [ShortageRule::first_come().into(), ShortageRule::one_each_per_round().into()];
/// let side_by_side = compare(&lines, &[Supply::received(7, 5)], CancelTerms::default(), &methods, None)?;
/// let touched: Vec<u64> = side_by_side.rows().iter().map(|row| row.metrics.customers_touched).collect();
/// assert_eq!(touched, [2, 1]);
/// # Ok::<(), allocator_core::Error>(())
/// ```
pub fn compare<'a, L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    terms: impl Into<CancelTerms<'a>>,
    methods: &[CutMethod],
    previous: Option<&[Quantity]>,
) -> Result<Comparison, Error> {
    let digest = CancellationPlan::digest;
    side_by_side(lines, supply, terms.into(), methods, previous, digest)
}

/// The same under the host's own names of the lines, by row and unique: the digests are those of
/// [`CancellationPlan::digest_with`].
///
/// # Errors
/// Those of [`compare`].
pub fn compare_with<'a, L: Demand + ?Sized, N: AsRef<str>>(
    lines: &L,
    supply: &[Supply],
    terms: impl Into<CancelTerms<'a>>,
    methods: &[CutMethod],
    previous: Option<&[Quantity]>,
    name: impl Fn(usize) -> N,
) -> Result<Comparison, Error> {
    let digest = |plan: &CancellationPlan| plan.digest_with(&name);
    side_by_side(lines, supply, terms.into(), methods, previous, digest)
}

fn side_by_side<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    terms: CancelTerms<'_>,
    methods: &[CutMethod],
    previous: Option<&[Quantity]>,
    digest: impl Fn(&CancellationPlan) -> u128,
) -> Result<Comparison, Error> {
    // Faults of supply go first, and the meter looks at lines only.
    let policy = methods.first().copied().unwrap_or_default().policy();
    check(lines, supply, &policy, false)?;
    let meter = Meter::new(lines, &PlaceOrder::oldest_first())?;
    let mut rows = Vec::with_capacity(methods.len());
    for &method in methods {
        let plan = plan_cancellations(lines, supply, terms.method(method))?;
        let refunds = plan.lines().iter().map(|line| line.refund);
        let refunds: Option<Vec<Total>> = terms.unit_price.and_then(|_| refunds.collect());
        let sums = plan.totals();
        let kept = KeptColumns {
            kept: plan.kept(),
            previous,
            refund: refunds.as_deref(),
            received: sums.received,
            idle: plan.idle(),
        };
        rows.push(Compared {
            method,
            metrics: meter.measure(&kept)?,
            compensation: sums.compensation,
            one_off: plan.one_off(),
            optimality: plan.optimality(),
            digest: digest(&plan),
        });
    }
    Ok(Comparison { rows })
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Vec<(String, Option<String>)> = self
            .rows
            .iter()
            .map(|row| (row.method.to_string(), row.optimality.and_then(bound)))
            .collect();
        let rows = self.rows.iter().zip(&said);
        let rows = rows.map(|(row, (rule, optimality))| TableRow {
            rule,
            metrics: &row.metrics,
            one_off: row.one_off.is_some(),
            optimality: optimality.as_deref(),
        });
        f.write_str(&table(&rows.collect::<Vec<_>>()))
    }
}

/// What is not proven to be the best is said.
fn bound(optimality: Optimality) -> Option<String> {
    match optimality {
        Optimality::Exact => None,
        Optimality::Within { p, q } => Some(format!("within {p}/{q} of the best")),
    }
}
