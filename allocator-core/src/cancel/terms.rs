//! What a plan of cancellations reads beside lines and supply.

use alloc::collections::BTreeMap;

use crate::demand::{Demand, terms};
use crate::error::{Error, Table};
use crate::limits::MAX_QUANTITY;
use crate::policy::{Completeness, Policy};
use crate::quantity::{Quantity, Total, tally};
use crate::rule::ShortageRule;
use crate::supply::Supply;

use super::method::CutMethod;
use super::select::Aim;

/// How to cut, and what is known of the lines beside their claims. Columns are aligned with the lines; a
/// column left out is 0 in every row, or no price at all.
///
/// ```
/// use allocator_core::{plan_cancellations, CancelTerms, DemandLine, ShortageRule, Supply};
/// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2), DemandLine::new(3, 7, 1)];
/// let terms = CancelTerms::from(ShortageRule::first_come())
///     .unit_price(&[4_900; 3])
///     .offered(&[1, 0, 0], &[500, 0, 0]); // line 1 would give up a unit for 5.00
/// let plan = plan_cancellations(&lines, &[Supply::received(7, 4)], terms)?;
/// assert_eq!(plan.kept(), [1, 2, 1]);
/// assert_eq!((plan.totals().refund, plan.totals().compensation), (Some(4_900), 500));
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct CancelTerms<'a> {
    /// How it is decided who is cut.
    pub method: CutMethod,
    /// What a unit was paid with, in minor units of one currency: `0..=i64::MAX`. Refunds are said where
    /// it is given.
    pub unit_price: Option<&'a [i64]>,
    /// Units the line has already and keeps: `0..=quantity`, of no SKU more than was received.
    pub given: Option<&'a [Quantity]>,
    /// A credit from an earlier drop: so many of the line's first units go before everybody else's,
    /// those that it was given among them. `0..=i64::MAX`; what is beyond the claim has no effect.
    pub credit: Option<&'a [Quantity]>,
    /// So many of its units the customer offers to give up, beyond those he was given: they are cut before
    /// all others. `0..=quantity - given`.
    pub offered: Option<&'a [Quantity]>,
    /// What the customer asks for each unit he offers, in minor units: the cheapest are cut first, and of
    /// equal prices the newest. `0..=i64::MAX`.
    pub asked: Option<&'a [i64]>,
}

impl<'a> CancelTerms<'a> {
    /// The same terms with prices.
    #[must_use]
    pub const fn unit_price(mut self, unit_price: &'a [i64]) -> Self {
        self.unit_price = Some(unit_price);
        self
    }

    /// The same terms with what was given already.
    #[must_use]
    pub const fn given(mut self, given: &'a [Quantity]) -> Self {
        self.given = Some(given);
        self
    }

    /// The same terms with credits.
    #[must_use]
    pub const fn credit(mut self, credit: &'a [Quantity]) -> Self {
        self.credit = Some(credit);
        self
    }

    /// The same terms with offers to give up units, and what is asked for each.
    #[must_use]
    pub const fn offered(mut self, offered: &'a [Quantity], asked: &'a [i64]) -> Self {
        self.offered = Some(offered);
        self.asked = Some(asked);
        self
    }

    /// The same terms with another method.
    #[must_use]
    pub const fn method(mut self, method: CutMethod) -> Self {
        self.method = method;
        self
    }
}

impl<T: Into<CutMethod>> From<T> for CancelTerms<'_> {
    fn from(method: T) -> Self {
        Self {
            method: method.into(),
            ..Self::default()
        }
    }
}

/// The terms by row.
impl CancelTerms<'_> {
    pub(super) fn price_of(&self, row: usize) -> Option<i64> {
        self.unit_price.map(|prices| value(Some(prices), row))
    }

    pub(super) fn given_of(&self, row: usize) -> Quantity {
        value(self.given, row)
    }

    pub(super) fn credit_of(&self, row: usize) -> Quantity {
        value(self.credit, row)
    }

    pub(super) fn offered_of(&self, row: usize) -> Quantity {
        value(self.offered, row)
    }

    pub(super) fn asked_of(&self, row: usize) -> i64 {
        value(self.asked, row)
    }
}

fn value(column: Option<&[i64]>, row: usize) -> i64 {
    column
        .and_then(|column| column.get(row))
        .copied()
        .unwrap_or(0)
}

/// That the terms fit valid lines. Shape first, then row by row, then sums, then what the method cannot
/// do.
pub(super) fn check<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    terms: &CancelTerms<'_>,
) -> Result<(), Error> {
    let CancelTerms {
        method,
        unit_price,
        given,
        credit,
        offered,
        asked,
    } = *terms;
    let columns = [
        ("unit_price", unit_price),
        ("given", given),
        ("credit", credit),
        ("offered", offered),
        ("asked", asked),
    ];
    for (field, column) in columns {
        check_length(lines.count(), field, column)?;
    }
    if unit_price.is_none() && method == CutMethod::WholeOrders(Aim::LeastRefund) {
        return Err(Error::MissingColumn {
            field: "unit_price",
        });
    }
    for row in 0..lines.count() {
        let open = lines.quantity(row).saturating_sub(terms.given_of(row));
        let most = [
            MAX_QUANTITY,
            lines.quantity(row),
            MAX_QUANTITY,
            open,
            MAX_QUANTITY,
        ];
        for ((field, column), most) in columns.into_iter().zip(most) {
            check_range(row, field, value(column, row), most)?;
        }
    }
    given_within_supply(lines, supply, terms)?;
    if given.is_some() || credit.is_some() || offered.is_some() {
        let policy = method.policy();
        no_parts_of_whole_lines(lines, &policy, terms)?;
        under_draws_units(&policy.rule, lines.count(), terms)?;
    }
    Ok(())
}

fn check_length(rows: usize, field: &'static str, column: Option<&[i64]>) -> Result<(), Error> {
    match column.map(<[_]>::len) {
        Some(len) if len != rows => Err(Error::LengthMismatch {
            table: Table::Lines,
            field,
            len,
            rows,
        }),
        _ => Ok(()),
    }
}

fn check_range(row: usize, field: &'static str, value: i64, most: i64) -> Result<(), Error> {
    if (0..=most).contains(&value) {
        return Ok(());
    }
    Err(out_of_range(row, field, value.into(), most))
}

fn out_of_range(row: usize, field: &'static str, value: Total, most: i64) -> Error {
    Error::OutOfRange {
        table: Table::Lines,
        row,
        field,
        value,
        min: 0,
        max: most.into(),
    }
}

/// The first row that lifts what is given of a SKU above what was received of it.
fn given_within_supply<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    terms: &CancelTerms<'_>,
) -> Result<(), Error> {
    if terms.given.is_none() {
        return Ok(());
    }
    let mut received: BTreeMap<u32, Quantity> = BTreeMap::new();
    for row in supply {
        let units = received.entry(row.sku.0).or_default();
        *units = units.saturating_add(row.quantity);
    }
    let mut given: BTreeMap<u32, Total> = BTreeMap::new();
    for row in 0..lines.count() {
        let units = terms.given_of(row);
        if units == 0 {
            continue;
        }
        let sku = lines.sku(row);
        let (sum, most) = (given.entry(sku).or_default(), received.get(&sku));
        tally(sum, units);
        let most = most.copied().unwrap_or(0);
        if *sum > most.into() {
            return Err(out_of_range(row, "given", *sum, most));
        }
    }
    Ok(())
}

/// Of what is kept or cut whole, single units can neither have been given nor be offered.
fn no_parts_of_whole_lines<L: Demand + ?Sized>(
    lines: &L,
    policy: &Policy,
    terms: &CancelTerms<'_>,
) -> Result<(), Error> {
    let cuts_orders = matches!(terms.method, CutMethod::WholeOrders(_));
    // Whether an order was given: its first line of any units says it for all.
    let mut orders: BTreeMap<u32, bool> = BTreeMap::new();
    for row in 0..lines.count() {
        let own = completeness(lines, row, policy);
        let whole = if cuts_orders {
            Completeness::Order
        } else {
            own
        };
        if whole == Completeness::Partial {
            continue;
        }
        let refused = |field| Err(Error::NeedsSingleUnits { row, field });
        let (quantity, given) = (lines.quantity(row), terms.given_of(row));
        if given != 0 && given != quantity {
            return refused("given");
        }
        if whole == Completeness::Order && quantity > 0 && lines.order(row) != crate::limits::NO_ID
        {
            let is_given = given > 0;
            let first = orders.entry(lines.order(row)).or_insert(is_given);
            if *first != is_given {
                return refused("given");
            }
        }
        if terms.credit_of(row) > 0 {
            return refused("credit");
        }
        if terms.offered_of(row) > 0 {
            return refused("offered");
        }
    }
    Ok(())
}

fn completeness<L: Demand + ?Sized>(lines: &L, row: usize, policy: &Policy) -> Completeness {
    terms(lines, row, policy).0
}

/// What is protected of a claimant's drawn units would change with his claim: a unit that moves in has a
/// lot of its own.
fn under_draws_units(
    rule: &ShortageRule,
    rows: usize,
    terms: &CancelTerms<'_>,
) -> Result<(), Error> {
    let parts = |row| terms.credit_of(row) > 0 || terms.offered_of(row) > 0;
    if rule.draws_units() && (0..rows).any(parts) {
        return Err(Error::UnsoundRule {
            why: "credits and offers in front of lots of units would let a reduction hurt others: the next \
                unit moves in with a lot of its own",
        });
    }
    Ok(())
}
