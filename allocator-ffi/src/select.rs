//! Whole orders to cancel.

use core::ffi::c_char;

use allocator_core::{Aim, Optimality, OrderToCut, Selected, Selection, limits, select_orders};

use crate::abi::*;
use crate::convert::{count, total};
use crate::failure::Failure;
use crate::guard::guard;
use crate::memory::{Buffer, Slot, rows, terminated};
use crate::status::allocator_status;
use allocator_status::*;
use allocator_table::*;

/// Chooses whole orders to cancel so that the need comes free in every SKU.
///
/// aim is "fewest_customers", "least_refund", "least_overshoot" or "exact" (exactly the need, from the
/// fewest orders). Among equal plans the oldest orders are kept. refund has a row for every order,
/// oldest first; need has one for every SKU. cut gets a row for every order: 1 where the plan cancels
/// it; where there is no plan, 2 for the one below the need plus 4 for the one above.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_select_orders(
    aim: *const c_char,
    units: *const allocator_order_units,
    units_len: i64,
    refund: *const i64,
    refund_len: i64,
    need: *const i64,
    need_len: i64,
    cut: *mut u8,
    cut_len: i64,
    out: *mut allocator_selection,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let units = unsafe { rows(units, units_len, "units", "units_len") }?;
        // SAFETY: as above.
        let refund = unsafe { rows(refund, refund_len, "refund", "refund_len") }?;
        // SAFETY: as above.
        let need = unsafe { rows(need, need_len, "need", "need_len") }?;
        // SAFETY: as above.
        let cut = unsafe { Buffer::new(cut, cut_len, "cut", "cut_len") }?;
        cut.fits(refund.len())?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        // SAFETY: as above.
        let aim = unsafe { read_aim(aim) }?;
        let selected = select(units, refund, need, aim)?;
        let found = selection(&selected)?;
        cut.fill(marks(&selected, refund.len()));
        out.put(found);
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// # Safety
/// `aim` is NULL or leads to a NUL.
unsafe fn read_aim(aim: *const c_char) -> Result<Aim, Failure> {
    // SAFETY: as above.
    match unsafe { terminated(aim, limits::MAX_NAME_BYTES, "aim") }? {
        Some(word) => Ok(word.parse()?),
        None => {
            let message = "aim: a word that long names nothing".into();
            Err(Failure::new(ALLOCATOR_UNKNOWN_AIM, "aim", message))
        }
    }
}

fn select(
    units: &[allocator_order_units],
    refund: &[i64],
    need: &[i64],
    aim: Aim,
) -> Result<Selected, Failure> {
    let mut by_order = vec![Vec::new(); refund.len()];
    for row in units {
        let index = |field, value: i64, len: usize| {
            let last = count(len).saturating_sub(1);
            let fault = || Failure::out_of_range(field, value.into(), (0, last.into()));
            let index = usize::try_from(value).ok().filter(|index| *index < len);
            index.ok_or_else(fault)
        };
        let order = index("order", row.order, refund.len())?;
        let named = |fault: Failure| fault.at(ALLOCATOR_TABLE_ORDERS, order);
        let sku = index("sku", row.sku, need.len()).map_err(named)?;
        if let Some(rows) = by_order.get_mut(order) {
            rows.push((sku, row.quantity));
        }
    }
    let orders = by_order
        .iter()
        .zip(refund)
        .map(|(units, refund)| OrderToCut {
            units,
            refund: (*refund).into(),
        });
    let orders: Vec<OrderToCut<'_>> = orders.collect();
    select_orders(&orders, need, aim).map_err(Failure::from)
}

fn plans(selected: &Selected) -> [Option<&Selection>; 3] {
    match selected {
        Selected::Plan(plan) => [Some(plan), None, None],
        Selected::Nearest { below, above } => [None, below.as_ref(), above.as_ref()],
    }
}

fn marks(selected: &Selected, orders: usize) -> Vec<u8> {
    let mut marks = vec![0; orders];
    for (plan, mark) in plans(selected).into_iter().zip([1_u8, 2, 4]) {
        for row in plan.into_iter().flat_map(|plan| &plan.cancelled) {
            if let Some(marks) = marks.get_mut(*row) {
                *marks |= mark;
            }
        }
    }
    marks
}

fn selection(selected: &Selected) -> Result<allocator_selection, Failure> {
    let [plan, below, above] = plans(selected);
    Ok(allocator_selection {
        plan: cut(plan)?,
        below: cut(below)?,
        above: cut(above)?,
    })
}

fn cut(plan: Option<&Selection>) -> Result<allocator_cut, Failure> {
    let (p, q, is_exact) = match plan.map(|plan| plan.optimality) {
        Some(Optimality::Within { p, q }) => (total("p", p)?, total("q", q)?, 0),
        Some(Optimality::Exact) => (0, 0, 1),
        None => (0, 0, 0),
    };
    Ok(allocator_cut {
        orders: plan.map_or(0, |plan| count(plan.cancelled.len())),
        refund: plan.map_or(Ok(0), |plan| total("refund", plan.refund))?,
        p,
        q,
        exists: plan.is_some().into(),
        is_exact,
        reserved: [0; 6],
    })
}
