//! Every fault of an input, in the documented precedence ([`crate::error`]).

use alloc::vec::Vec;

use crate::demand::{Demand, Nameless, Rows, claimant, terms};
use crate::error::{Error, Table};
use crate::limits::{MAX_DRAWN_UNITS, MAX_QUANTITY, MAX_ROWS, MAX_WEIGHT, NO_ID};
use crate::place::PlacePart;
use crate::policy::{Completeness, Misfit, Policy};
use crate::quantity::{Quantity, Total, tally};
use crate::supply::Supply;
use crate::unit_lots::check_shape;

/// Every bad row, where [`crate::allocate`] stops at the first: for whoever shows a list of them.
///
/// Faults that only show between rows are looked for even where single rows are bad, so that one
/// pass over the list mends all of it. O(n log n).
///
/// # Errors
/// All faults, in order of precedence; the first is the one that `allocate` returns.
///
/// ```
/// use allocator_core::{validate, DemandLine, Policy, Supply};
/// let lines = [DemandLine::new(1, 7, -1), DemandLine::new(1, 7, 2)];
/// let faults = validate(&lines, &[Supply::received(7, 3)], &Policy::first_come()).unwrap_err();
/// assert_eq!(faults.iter().map(|fault| fault.code()).collect::<Vec<_>>(), ["out_of_range", "duplicate_id"]);
/// ```
pub fn validate<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
) -> Result<(), Vec<Error>> {
    let mut faults = Vec::new();
    for stage in stages(lines, supply, policy, false) {
        // Without equal columns there are no rows to speak of.
        let shapeless = stage.iter().any(|fault| fault.row().is_none());
        faults.extend(stage);
        if shapeless {
            break;
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

/// The first fault of all; `is_clean` where every single line is known to be free of faults.
pub(crate) fn check<L: Rows + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    is_clean: bool,
) -> Result<(), Error> {
    stages(lines, supply, policy, is_clean)
        .flatten()
        .next()
        .map_or(Ok(()), Err)
}

/// The first fault of lines of which only places and claims are read: an order that ships whole may say
/// in each line what it likes.
pub(crate) fn check_places<L: Rows + ?Sized>(lines: &L, policy: &Policy) -> Result<(), Error> {
    stages(lines, &[], policy, false)
        .flatten()
        .find(|fault| !matches!(fault, Error::OrderDisagrees { .. }))
        .map_or(Ok(()), Err)
}

/// The stages, computed one by one as they are asked for, each sorted by row.
fn stages<'a, L: Rows + ?Sized>(
    lines: &'a L,
    supply: &'a [Supply],
    policy: &'a Policy,
    is_clean: bool,
) -> impl Iterator<Item = Vec<Error>> + use<'a, L> {
    (0..4).map(move |stage| {
        let mut faults = match stage {
            0 => shape(lines, supply, policy),
            1 => supply_rows(supply),
            2 => line_rows(lines, policy, is_clean),
            _ => between_rows(lines, policy),
        };
        // Stable: the order of fields inside one row stays as they were found.
        faults.sort_by_key(|fault| (fault.row(), precedence(fault)));
        faults
    })
}

/// The order of the faults of one row: as [`Error`] lists them, and a weight after a quantity.
fn precedence(fault: &Error) -> u8 {
    match fault {
        Error::OutOfRange {
            field: "weight", ..
        } => 1,
        Error::OutOfRange { .. } => 0,
        Error::UnknownCompleteness { .. } => 2,
        Error::UnknownMisfit { .. } => 3,
        Error::DuplicateId { .. } => 4,
        Error::OrderDisagrees { .. } => 5,
        Error::DuplicatePlace { .. } => 6,
        _ => 7,
    }
}

fn shape<L: Rows + ?Sized>(lines: &L, supply: &[Supply], policy: &Policy) -> Vec<Error> {
    let mut faults = Vec::new();
    for (table, rows) in [(Table::Supply, supply.len()), (Table::Lines, lines.count())] {
        if rows > MAX_ROWS {
            faults.push(Error::TooManyRows {
                table,
                rows,
                max: MAX_ROWS,
            });
        }
    }
    faults.extend(lines.shape());
    if faults.is_empty() {
        faults.extend(check_shape(lines, &policy.rule));
    }
    faults
}

/// Ids that are none, and a quantity below zero.
fn ranges(
    table: Table,
    row: usize,
    nameless: Nameless,
    quantity: Quantity,
) -> impl Iterator<Item = Error> {
    let ids = move |field| Error::OutOfRange {
        table,
        row,
        field,
        value: Total::from(NO_ID),
        min: 0,
        max: Total::from(NO_ID).saturating_sub(1),
    };
    let units = (quantity < 0).then(|| Error::OutOfRange {
        table,
        row,
        field: "quantity",
        value: Total::from(quantity),
        min: 0,
        max: Total::from(MAX_QUANTITY),
    });
    nameless.into_iter().flatten().map(ids).chain(units)
}

fn supply_rows(supply: &[Supply]) -> Vec<Error> {
    let table = Table::Supply;
    let mut faults = Vec::new();
    for (row, supply) in supply.iter().enumerate() {
        faults.extend(ranges(table, row, supply.nameless(), supply.quantity));
    }
    faults.extend(too_much_of_one_sku(supply));
    let ids = supply
        .iter()
        .enumerate()
        .filter_map(|(row, supply)| Some((supply.supply?.0, row)));
    faults.extend(twins(ids.collect()).map(|(first, row)| Error::DuplicateId {
        table,
        row,
        first,
        field: "supply",
    }));
    faults
}

/// The first row of each SKU that lifts its sum above the limit.
fn too_much_of_one_sku(supply: &[Supply]) -> Vec<Error> {
    let rows = supply.iter().enumerate();
    let keyed = rows.map(|(row, supply)| (supply.sku, row, supply.quantity));
    above_the_limit(Table::Supply, keyed.collect(), MAX_QUANTITY)
}

/// The first row of each key at which the sum of its quantities passes the limit.
fn above_the_limit<K: Ord>(
    table: Table,
    mut rows: Vec<(K, usize, Quantity)>,
    max: Quantity,
) -> Vec<Error> {
    let max = Total::from(max);
    rows.sort_unstable();
    let mut faults = Vec::new();
    for group in rows.chunk_by(|a, b| a.0 == b.0) {
        let mut sum: Total = 0;
        for &(_, row, quantity) in group {
            tally(&mut sum, quantity.max(0));
            if sum > max {
                let field = "quantity";
                faults.push(Error::OutOfRange {
                    table,
                    row,
                    field,
                    value: sum,
                    min: 0,
                    max,
                });
                break;
            }
        }
    }
    faults
}

fn line_rows<L: Rows + ?Sized>(lines: &L, policy: &Policy, is_clean: bool) -> Vec<Error> {
    let table = Table::Lines;
    let mut faults = Vec::new();
    let may_be_whole = policy.completeness != Completeness::Partial || lines.says_completeness();
    let suspicious =
        (!is_clean && lines.may_be_faulty()) || (!policy.rule.is_queue() && may_be_whole);
    for row in (0..lines.count()).take_while(|_| suspicious) {
        faults.extend(ranges(table, row, lines.nameless(row), lines.quantity(row)));
        let (completeness, misfit) = lines.codes(row);
        if Completeness::of(completeness, Completeness::Partial).is_none() {
            faults.push(Error::UnknownCompleteness {
                row,
                code: completeness,
            });
        }
        if Misfit::of(misfit, Misfit::SetAside).is_none() {
            faults.push(Error::UnknownMisfit { row, code: misfit });
        }
        if !policy.rule.is_queue() {
            faults.extend(not_to_share(lines, row, policy));
        }
    }
    if policy.rule.draws_units() {
        faults.extend(too_many_to_draw(lines));
    } else if !policy.rule.is_queue() {
        faults.extend(too_much_of_one_claimant(lines));
    }
    let ids = || (0..lines.count()).map_while(|row| Some((lines.line(row)?, row)));
    if !ids().map(|(id, _)| id).is_sorted_by(|a, b| a < b) {
        faults.extend(
            twins(ids().collect()).map(|(first, row)| Error::DuplicateId {
                table,
                row,
                first,
                field: "line",
            }),
        );
    }
    faults
}

/// What a line may not be under a rule that shares unit by unit: whole, or without weight.
fn not_to_share<L: Rows + ?Sized>(
    lines: &L,
    row: usize,
    policy: &Policy,
) -> impl Iterator<Item = Error> {
    let weight = lines.weight(row);
    let range = (!(1..=MAX_WEIGHT).contains(&weight)).then(|| Error::OutOfRange {
        table: Table::Lines,
        row,
        field: "weight",
        value: weight.into(),
        min: 1,
        max: MAX_WEIGHT.into(),
    });
    let whole = terms(lines, row, policy).0 != Completeness::Partial;
    let rule = policy.rule;
    let single = whole.then_some(Error::RuleNeedsSingleUnits { row, rule });
    range.into_iter().chain(single)
}

/// The first row of each claimant that lifts his claims on one SKU above the limit.
fn too_much_of_one_claimant<L: Rows + ?Sized>(lines: &L) -> Vec<Error> {
    // Where all claims together lie within the limit, those of one claimant do.
    let mut all: Total = 0;
    (0..lines.count()).for_each(|row| tally(&mut all, lines.quantity(row).max(0)));
    if all <= Total::from(MAX_QUANTITY) {
        return Vec::new();
    }
    let claim = |row: usize| {
        (
            (lines.sku(row), claimant(lines, row)),
            row,
            lines.quantity(row),
        )
    };
    let claims = (0..lines.count()).map(claim).collect();
    above_the_limit(Table::Lines, claims, MAX_QUANTITY)
}

/// The first row that lifts the units of all lines above what is drawn unit by unit.
fn too_many_to_draw<L: Rows + ?Sized>(lines: &L) -> Vec<Error> {
    let units = |row: usize| ((), row, lines.quantity(row));
    let units = (0..lines.count()).map(units).collect();
    above_the_limit(Table::Lines, units, MAX_DRAWN_UNITS)
}

fn between_rows<L: Rows + ?Sized>(lines: &L, policy: &Policy) -> Vec<Error> {
    let mut faults = orders_that_disagree(lines, policy);
    let order = policy.standing();
    let parted_by_sequence = order.parts().contains(&PlacePart::Sequence)
        && (!lines.says_sequence() || sequences_rise(lines));
    let compare = |a: &usize, b: &usize| order.compare(lines, *a, *b);
    // Rows in place order, as most inputs are, have no twins.
    if parted_by_sequence || (0..lines.count()).is_sorted_by(|a, b| compare(a, b).is_lt()) {
        return faults;
    }
    let mut rows: Vec<usize> = (0..lines.count()).collect();
    rows.sort_unstable_by(|a, b| compare(a, b).then(a.cmp(b)));
    for group in rows.chunk_by(|a, b| compare(a, b).is_eq()) {
        if let Some((&first, later)) = group.split_first() {
            let twin = |&row: &usize| Error::DuplicatePlace { row, first, order };
            faults.extend(later.iter().map(twin));
        }
    }
    faults
}

/// Sequences that rise with the row, as the default ones do, part every two lines.
fn sequences_rise<L: Rows + ?Sized>(lines: &L) -> bool {
    (0..lines.count())
        .map(|row| lines.ordinal(row, PlacePart::Sequence))
        .is_sorted_by(|a, b| a < b)
}

fn orders_that_disagree<L: Rows + ?Sized>(lines: &L, policy: &Policy) -> Vec<Error> {
    let whole = |row| terms(lines, row, policy).0 == Completeness::Order;
    if policy.completeness != Completeness::Order && !lines.says_completeness() {
        return Vec::new();
    }
    if !(0..lines.count()).any(whole) {
        return Vec::new();
    }
    let mut rows: Vec<(u32, usize)> = (0..lines.count())
        .map(|row| (lines.order(row), row))
        .filter(|&(order, _)| order != NO_ID)
        .collect();
    rows.sort_unstable();
    let mut faults = Vec::new();
    for order in rows.chunk_by(|a, b| a.0 == b.0) {
        let Some((&(_, first), rest)) = order.split_first() else {
            continue;
        };
        if !order.iter().any(|&(_, row)| whole(row)) {
            continue;
        }
        for &(_, row) in rest {
            let differs = |field| {
                let (completeness, misfit) = terms(lines, row, policy);
                let (first_completeness, first_misfit) = terms(lines, first, policy);
                match field {
                    "customer" => lines.customer(row) != lines.customer(first),
                    "completeness" => completeness != first_completeness,
                    _ => misfit != first_misfit,
                }
            };
            let fields = ["customer", "completeness", "on_misfit"]
                .into_iter()
                .filter(|&field| differs(field));
            faults.extend(fields.map(|field| Error::OrderDisagrees { row, first, field }));
        }
    }
    faults
}

/// Every row whose key an earlier row has, with the first row that has it.
fn twins<K: Ord>(mut keyed: Vec<(K, usize)>) -> impl Iterator<Item = (usize, usize)> {
    keyed.sort_unstable();
    let mut pairs = Vec::new();
    for group in keyed.chunk_by(|a, b| a.0 == b.0) {
        if let Some(((_, first), later)) = group.split_first() {
            pairs.extend(later.iter().map(|(_, row)| (*first, *row)));
        }
    }
    pairs.into_iter()
}
