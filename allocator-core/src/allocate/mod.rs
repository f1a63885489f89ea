//! The pipeline: stand → cover → finish → release and top up → peg.
//!
//! The queue covers single units; what may not ship in part is rounded *down* afterwards. Rounding
//! down keeps the queue's monotony, so whole lines and whole orders need no walk of their own.

mod direct;
mod finish;
mod increment;
mod outcome;
mod overtakes;
mod peg;
mod stand;
mod tier;

pub(crate) use finish::{
    Parcel, cover, finish, lane_claims, lots_of_units, offer, release, waiting,
};
pub use outcome::{Allocation, Idle, Outcome, OutcomeColumns, Overtake, Peg, PlaceInLine, Summary};
pub use overtakes::Overtakes;
pub(crate) use stand::{Lanes, WholeOrders, claim, stand};
pub(crate) use tier::Tiers;

use alloc::vec::Vec;
use core::cell::Cell;

use outcome::{AllColumns, Spare};

use crate::check::check;
use crate::demand::{Demand, Rows, terms};
use crate::error::{Error, Table};
use crate::policy::{Completeness, Policy, is_one_off};
use crate::quantity::{Quantity, add, at, sub};
use crate::reason::Reason;
use crate::supply::Supply;

/// Decides who gets what: `outcome(i)` answers line `i`.
///
/// O(n log n) time in the lines (O(n) for those already in place order, per SKU). Memory, with
/// everything the result holds: at most 64 bytes per line, 80 per SKU and 40 per supply row; a rule that
/// shares between customers with several lines takes up to 110 more per line of the largest SKU. The
/// same input gives the same result on every platform and in every language; the order of the rows
/// decides nothing but default sequences.
///
/// # Errors
/// The first fault of the input, as [`Error`] orders them; nothing is computed then.
///
/// ```
/// use allocator_core::{allocate, DemandLine, Policy, Reason, Supply};
/// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2)];
/// let result = allocate(&lines, &[Supply::received(7, 3)], &Policy::first_come())?;
/// assert_eq!(result.allocated(), [2, 1]);
/// assert_eq!(result.reasons(), [Reason::Served, Reason::Short]);
/// assert_eq!(result.to_string(), "4 ordered, 3 received: 1 line full, 1 waiting (1 unit), 0 idle");
/// # Ok::<(), allocator_core::Error>(())
/// ```
pub fn allocate<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
) -> Result<Allocation, Error> {
    check(lines, supply, policy, false)?;
    allocate_tiers(lines, supply, policy, None)
}

/// As [`allocate`], of valid input, with what goes first whatever the rule says.
pub(crate) fn allocate_tiers<L: Rows + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    tiers: Option<&Tiers>,
) -> Result<Allocation, Error> {
    let mut allocation = Allocation::blank(lines);
    let lanes = decide(lines, supply, policy, tiers, &mut allocation.columns_mut())?;
    allocation.shared = !policy.rule.is_queue();
    allocation.one_off = (0..lines.count()).any(|row| {
        let (completeness, misfit) = terms(lines, row, policy);
        is_one_off(completeness, misfit)
    });
    allocation.lay_out(lines, supply, lanes)?;
    Ok(allocation)
}

/// As [`allocate`], into the caller's buffers and without pegs, idle units and overtakes: what a hot
/// loop needs. Columns of which no line ships whole are never put in order: O(n) time for places,
/// levels and shares of few sizes; a few bytes of scratch per line, and some hundred per SKU in stock. On an error the buffers keep what they held.
///
/// # Errors
/// As [`allocate`]; a buffer that is not as long as the table is a [`Error::LengthMismatch`].
///
/// ```
/// use allocator_core::{allocate_into, DemandColumns, OutcomeColumns, Policy, Reason, Supply};
/// let lines = DemandColumns { sku: &[7, 7], quantity: &[2, 2], ..DemandColumns::default() };
/// let (mut allocated, mut reason) = ([0; 2], [Reason::Short; 2]);
/// let mut out = OutcomeColumns::allocated(&mut allocated);
/// out.reason = Some(&mut reason);
/// allocate_into(&lines, &[Supply::received(7, 3)], &Policy::first_come(), &mut out)?;
/// assert_eq!((allocated, reason), ([2, 1], [Reason::Served, Reason::Short]));
/// # Ok::<(), allocator_core::Error>(())
/// ```
pub fn allocate_into<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    out: &mut OutcomeColumns<'_>,
) -> Result<(), Error> {
    let columns = lines.columns().map(|columns| (columns, columns.survey()));
    let is_clean = columns.is_some_and(|(_, survey)| survey.is_clean);
    check(lines, supply, policy, is_clean)?;
    for (field, len) in out.lengths() {
        if len != lines.count() {
            return Err(Error::LengthMismatch {
                table: Table::Outcomes,
                field,
                len,
                rows: lines.count(),
            });
        }
    }
    if let Some((columns, survey)) = columns
        && direct::decide(columns, survey.sku_bits, supply, policy, out)?
    {
        return Ok(());
    }
    let mut spare = Spare::default();
    decide(lines, supply, policy, None, &mut spare.complete(out)).map(|_| ())
}

/// Fills the outcome columns of valid input.
fn decide<L: Rows + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    tiers: Option<&Tiers>,
    out: &mut AllColumns<'_>,
) -> Result<Lanes, Error> {
    let lanes = Lanes::new(lines, supply, &policy.standing())?;
    let orders = WholeOrders::new(lines, policy)?;
    settle(lines, policy, &lanes, &orders, tiers, out)?;
    Ok(lanes)
}

/// Units allocated if the lines of one whole order, which `lines` have as partial, were no parcel. The
/// lanes stay as they are. O(n) beside what is released.
pub(crate) fn allocate_parted<L: Rows + ?Sized>(
    lines: &L,
    policy: &Policy,
    lanes: &Lanes,
    orders: &WholeOrders,
) -> Result<Vec<Quantity>, Error> {
    let mut parted = Allocation::blank(lines);
    settle(
        lines,
        policy,
        lanes,
        orders,
        None,
        &mut parted.columns_mut(),
    )?;
    Ok(parted.allocated)
}

/// From lanes and whole orders to outcomes.
fn settle<L: Rows + ?Sized>(
    lines: &L,
    policy: &Policy,
    lanes: &Lanes,
    orders: &WholeOrders,
    tiers: Option<&Tiers>,
    out: &mut AllColumns<'_>,
) -> Result<(), Error> {
    stand(lines, lanes, orders, out.reason)?;
    let mut room = cover(lines, &policy.rule, lanes, tiers, out.reason, out.covered)?;

    // Until the end the set-aside column holds all a line holds: what ships and what waits for it.
    let held = &mut *out.set_aside;
    held.copy_from_slice(out.covered);
    finish(lines, policy, orders, out.reason, held, out.allocated)?;
    release(lines, policy, lanes, out.allocated, held, &mut room)?;
    let parcels = waiting(lines, policy, lanes, orders, out.reason, held, &room)?;
    if !parcels.is_empty() {
        let cells = Cell::from_mut(&mut *held).as_slice_of_cells();
        let cell = |row| cells.get(row).ok_or(Error::Corrupt { at: "row" });
        for parcel in &parcels {
            let need = |row| sub(claim(lines, out.reason, row)?, cell(row)?.get());
            offer(
                lines,
                lanes,
                parcel.rows(orders),
                parcel.all_or_nothing,
                &mut room,
                need,
                |row, units| {
                    let held = cell(row)?;
                    held.set(add(held.get(), units)?);
                    Ok(())
                },
            )?;
        }
        finish(lines, policy, orders, out.reason, held, out.allocated)?;
    }
    for (held, &allocated) in held.iter_mut().zip(out.allocated.iter()) {
        *held = sub(*held, allocated)?;
    }
    say_why(lines, policy, out)
}

/// The reason of every line that stands, by what the queue covered.
fn say_why<L: Rows + ?Sized>(
    lines: &L,
    policy: &Policy,
    out: &mut AllColumns<'_>,
) -> Result<(), Error> {
    for (row, reason) in out
        .reason
        .iter_mut()
        .enumerate()
        .filter(|(_, reason)| **reason == Reason::Short)
    {
        let (quantity, covered, allocated) = (
            lines.quantity(row),
            at(out.covered, row)?,
            at(out.allocated, row)?,
        );
        *reason = match terms(lines, row, policy).0 {
            _ if allocated == quantity => Reason::Served,
            Completeness::Order if covered == quantity => Reason::OrderIncomplete,
            Completeness::Line if covered > 0 => Reason::LineIncomplete,
            _ => Reason::Short,
        };
    }
    Ok(())
}
