//! The figures of any units kept, whoever decided them.

use core::ffi::c_char;

use allocator_core::{Figure, KeptColumns, Meter, Metrics, PlaceOrder, Policy};

use crate::abi::*;
use crate::abi_cancel::*;
use crate::batch::raw;
use crate::convert::{amount, total};
use crate::failure::{Failure, copy_text};
use crate::guard::guard;
use crate::input::{Input, Raw};
use crate::memory::{Slot, rows, terminated};
use crate::reported::idle_rows;
use crate::status::allocator_status;
use allocator_status::ALLOCATOR_UNKNOWN_ORDER_KEY;

/// Measures what lines keep, by any rule or by hand.
///
/// order is the line in which overtakes are counted, "priority+lot+sequence" for example; NULL:
/// priority+placed_at+sequence. `kept[i]` is what `lines[i]` keeps, 0 to its quantity. previous is what each
/// line kept in the plan before, or NULL; refund what each is given back in minor units, or NULL.
/// received are the units received of all SKUs together, at least those kept. idle says which units are
/// idle and why; NULL with 0 where nobody says.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_metrics_of(
    order: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    kept: *const i64,
    kept_len: i64,
    previous: *const i64,
    previous_len: i64,
    refund: *const i64,
    refund_len: i64,
    idle: *const allocator_idle,
    idle_len: i64,
    received: i64,
    out: *mut allocator_metrics,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        let nowhere = core::ptr::null();
        // SAFETY: the caller's word, as the header asks for it.
        let raw = unsafe { raw(lines, lines_len, core::ptr::null(), 0, nowhere, 0) }?;
        // SAFETY: as above.
        let kept = unsafe { rows(kept, kept_len, "kept", "kept_len") }?;
        let (has_previous, has_refund) = (!previous.is_null(), !refund.is_null());
        // SAFETY: as above.
        let previous = unsafe { rows(previous, previous_len, "previous", "previous_len") }?;
        // SAFETY: as above.
        let refund = unsafe { rows(refund, refund_len, "refund", "refund_len") }?;
        // SAFETY: as above.
        let idle = unsafe { rows(idle, idle_len, "idle", "idle_len") }?;
        if received < 0 {
            let range = (0, i64::MAX.into());
            return Err(Failure::out_of_range("received", received.into(), range));
        }
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        // SAFETY: as above.
        let order = unsafe { read_order(order) }?;
        let input = Input::new(Raw { idle, ..raw }, &Policy::first_come().order(order))?;
        let meter = Meter::new(&input.lines, &order)?;
        let idle = idle_rows(idle, &input)?;
        let refund: Vec<i128> = refund.iter().copied().map(i128::from).collect();
        let measured = meter.measure(&KeptColumns {
            kept,
            previous: has_previous.then_some(previous),
            refund: has_refund.then_some(&refund),
            received: received.into(),
            idle: &idle,
        })?;
        out.put(metrics(&measured)?);
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// # Safety
/// `order` is NULL or leads to a NUL.
unsafe fn read_order(order: *const c_char) -> Result<PlaceOrder, Failure> {
    if order.is_null() {
        return Ok(PlaceOrder::oldest_first());
    }
    let most = allocator_limit::ALLOCATOR_MAX_POLICY_BYTES as usize;
    // SAFETY: as above.
    match unsafe { terminated(order, most, "order") }? {
        Some(text) => Ok(text.parse()?),
        None => {
            let message = format!("order: it is longer than {most} bytes");
            Err(Failure::new(ALLOCATOR_UNKNOWN_ORDER_KEY, "order", message))
        }
    }
}

pub(crate) fn metrics(of: &Metrics) -> Result<allocator_metrics, Failure> {
    let mut idle_by_cause = [0; 4];
    for part in &of.idle_by_cause {
        let units = idle_by_cause.get_mut(usize::from(part.cause.number()));
        if let Some(units) = units {
            *units = total("idle_by_cause", part.units)?;
        }
    }
    let moved = of.moved.unwrap_or_default();
    let counted = |field, number: u64| total(field, number.into());
    let lowest = of.lowest_fill.map(Figure::Exact);
    Ok(allocator_metrics {
        units_ordered: total("units_ordered", of.units_ordered)?,
        units_kept: total("units_kept", of.units_kept)?,
        units_cut: total("units_cut", of.units_cut)?,
        customers: counted("customers", of.customers)?,
        customers_touched: counted("customers_touched", of.customers_touched)?,
        customers_cancelled: counted("customers_cancelled", of.customers_cancelled)?,
        orders: counted("orders", of.orders)?,
        orders_touched: counted("orders_touched", of.orders_touched)?,
        orders_cancelled: counted("orders_cancelled", of.orders_cancelled)?,
        largest_cut: total("largest_cut", of.largest_cut)?,
        largest_award: total("largest_award", of.largest_award)?,
        overtakes: counted("overtakes", of.overtakes)?,
        idle: total("idle", of.idle)?,
        idle_by_cause,
        lines_losing: counted("lines_losing", moved.lines_losing)?,
        units_lost: total("units_lost", moved.units_lost)?,
        lines_gaining: counted("lines_gaining", moved.lines_gaining)?,
        units_gained: total("units_gained", moved.units_gained)?,
        refund: amount(of.refund.unwrap_or(0)),
        has_refund: of.refund.is_some().into(),
        has_moved: of.moved.is_some().into(),
        has_lowest_fill: lowest.is_some().into(),
        reserved: [0; 5],
        lowest_fill: figure(lowest)?,
        jain_units: figure(Some(of.jain_units))?,
        jain_fill: figure(Some(of.jain_fill))?,
        gini_units: figure(Some(of.gini_units))?,
        gini_fill: figure(Some(of.gini_fill))?,
    })
}

/// A figure; zeros and empty texts where there is none.
fn figure(of: Option<Figure>) -> Result<allocator_figure, Failure> {
    let mut figure = allocator_figure {
        low_ppm: 0,
        high_ppm: 0,
        exact: [0; 80],
        rounded: [0; 16],
    };
    if let Some(of) = of {
        let (low, high) = of.ppm();
        figure.low_ppm = total("low_ppm", low.into())?;
        figure.high_ppm = total("high_ppm", high.into())?;
        copy_text(&mut figure.exact, &of.to_string());
        copy_text(&mut figure.rounded, &of.rounded());
    }
    Ok(figure)
}
