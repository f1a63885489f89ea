//! Whole orders: from lines to orders and needs, and back from the orders that were chosen.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::demand::Demand;
use crate::error::{Error, Table};
use crate::limits::{MAX_QUANTITY, NO_ID};
use crate::place::PlaceOrder;
use crate::quantity::{Quantity, Total, slot, tally};
use crate::supply::Supply;

use super::plan::CutReason;
use super::select::{Aim, OrderToCut, Selected, select_orders};
use super::terms::CancelTerms;
use super::{Decided, one_off};

/// Cancels the orders that serve the aim. Orders that were given units stay.
pub(super) fn choose<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    aim: Aim,
    terms: &CancelTerms<'_>,
) -> Result<Decided, Error> {
    let short = Short::new(lines, supply)?;
    let mut orders = Vec::new();
    for rows in orders_by_age(lines, &PlaceOrder::oldest_first()) {
        let units = short.units_of(lines, &rows);
        let is_given = rows.iter().any(|&row| terms.given_of(row) > 0);
        if !units.is_empty() && !is_given {
            orders.push((rows, units));
        }
    }
    let mut to_cut = Vec::with_capacity(orders.len());
    for (rows, units) in &orders {
        let refund = refund(lines, rows, terms)?;
        to_cut.push(OrderToCut { units, refund });
    }
    let chosen = match select_orders(&to_cut, &short.need, aim)? {
        Selected::Plan(plan) => plan,
        // Whoever keeps his order gets all of it, so what cannot be freed exactly is freed and idles.
        Selected::Nearest { above, .. } => above.ok_or(Error::Corrupt {
            at: "orders to cancel",
        })?,
    };
    let mut kept: Vec<Quantity> = (0..lines.count()).map(|row| lines.quantity(row)).collect();
    for order in chosen.cancelled {
        let (rows, _) = orders.get(order).ok_or(Error::Corrupt { at: "order" })?;
        for &row in rows {
            *slot(&mut kept, row)? = 0;
        }
    }
    let mut decided = one_off(lines, supply, kept, None)?;
    for why in &mut decided.why {
        if *why == CutReason::Shortage {
            *why = CutReason::OrderChosen;
        }
    }
    decided.optimality = Some(chosen.optimality);
    Ok(decided)
}

/// The SKUs of which less was received than ordered.
struct Short {
    /// Where each stands in `need`.
    index: BTreeMap<u32, usize>,
    /// Units that have to come free.
    need: Vec<Quantity>,
}

impl Short {
    fn new<L: Demand + ?Sized>(lines: &L, supply: &[Supply]) -> Result<Self, Error> {
        let mut ordered: BTreeMap<u32, Total> = BTreeMap::new();
        for row in 0..lines.count() {
            let sum = ordered.entry(lines.sku(row)).or_default();
            tally(sum, lines.quantity(row));
            if *sum > MAX_QUANTITY.into() {
                return Err(Error::OutOfRange {
                    table: Table::Lines,
                    row,
                    field: "quantity",
                    value: *sum,
                    min: 0,
                    max: MAX_QUANTITY.into(),
                });
            }
        }
        for row in supply {
            if let Some(open) = ordered.get_mut(&row.sku.0) {
                *open = open.saturating_sub(row.quantity.into());
            }
        }
        let mut this = Self {
            index: BTreeMap::new(),
            need: Vec::new(),
        };
        for (sku, open) in ordered.into_iter().filter(|&(_, open)| open > 0) {
            let need =
                Quantity::try_from(open).map_err(|_| Error::Corrupt { at: "units short" })?;
            this.index.insert(sku, this.need.len());
            this.need.push(need);
        }
        Ok(this)
    }

    /// What cancelling these lines frees of the SKUs that are short.
    fn units_of<L: Demand + ?Sized>(&self, lines: &L, rows: &[usize]) -> Vec<(usize, Quantity)> {
        let units = |&row: &usize| {
            let index = self.index.get(&lines.sku(row))?;
            Some((*index, lines.quantity(row))).filter(|&(_, units)| units > 0)
        };
        rows.iter().filter_map(units).collect()
    }
}

/// The rows of every order, the oldest order first: an order stands at its latest line, so that adding
/// one to an old order moves it behind those who came before the addition.
fn orders_by_age<L: Demand + ?Sized>(lines: &L, standing: &PlaceOrder) -> Vec<Vec<usize>> {
    let mut rows: Vec<usize> = (0..lines.count()).collect();
    rows.sort_unstable_by(|&a, &b| standing.compare(lines, a, b));
    let mut orders: BTreeMap<(u32, usize), (usize, Vec<usize>)> = BTreeMap::new();
    for (place, row) in rows.into_iter().enumerate() {
        let own = match lines.order(row) {
            NO_ID => (NO_ID, row),
            order => (order, 0),
        };
        let (latest, rows) = orders.entry(own).or_default();
        *latest = place;
        rows.push(row);
    }
    let mut orders: Vec<(usize, Vec<usize>)> = orders.into_values().collect();
    orders.sort_unstable_by_key(|&(latest, _)| latest);
    orders.into_iter().map(|(_, rows)| rows).collect()
}

/// What cancelling an order pays back; 0 where no prices were given.
fn refund<L: Demand + ?Sized>(
    lines: &L,
    rows: &[usize],
    terms: &CancelTerms<'_>,
) -> Result<Total, Error> {
    let mut sum: Total = 0;
    for &row in rows {
        let price = Total::from(terms.price_of(row).unwrap_or(0));
        let refund = price.saturating_mul(lines.quantity(row).into());
        sum = sum
            .checked_add(refund)
            .ok_or(Error::MoneyTooLarge { row })?;
    }
    Ok(sum)
}
