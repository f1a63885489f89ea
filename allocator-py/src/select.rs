//! `select_orders`: which complete orders to cancel so that enough units come free.

use std::collections::HashMap;

use allocator_core::limits::NO_ID;
use allocator_core::{Error, OrderToCut, Table};
use arrow_buffer::ScalarBuffer;
use pyo3::prelude::*;
use pyo3::types::PyInt;

use crate::allocation::first;
use crate::error::raised;
use crate::fault::Fault;
use crate::gather::{Form, Gathered, Source};
use crate::ids::{Id, Ids, OwnedId};
use crate::method;
use crate::reading::{IdNull, Null, Reader, is_plain};
use crate::reported::good;
use crate::selected::{Selected, Selection};

const ORDERS: Form = Form {
    table: "orders",
    required: &["sku", "quantity"],
    optional: &["order", "refund"],
    alias: None,
};

const NEED: Form = Form {
    table: "need",
    required: &["sku", "quantity"],
    optional: &[],
    alias: None,
};

/// Which complete orders to cancel so that at least the need comes free (with the aim "exact": exactly it).
///
/// `orders` is a table of order, sku, quantity and refund (what cancelling the row costs, in minor units); rows
/// of one order belong together, rows without are orders of their own, and orders stand oldest first. `need` is
/// a table of sku and quantity, or a number where all orders are of one SKU. `aim` is "fewest_customers",
/// "exact", "least_refund" or "least_overshoot".
///
/// >>> orders = {"order": ["a", "b", "c"], "sku": ["A"] * 3, "quantity": [3, 1, 2], "refund": [30, 10, 20]}
/// >>> chosen = select_orders(orders, 3, "least_overshoot")
/// >>> chosen.plan.cancelled, chosen.plan.freed, chosen.plan.refund
/// (['a'], {'A': 3}, 30)
#[pyfunction]
#[pyo3(signature = (orders, need, aim="fewest_customers"))]
pub(crate) fn select_orders(
    py: Python<'_>,
    orders: &Bound<'_, PyAny>,
    need: &Bound<'_, PyAny>,
    aim: &str,
) -> PyResult<Selected> {
    let aim = method::aim(aim).map_err(|fault| raised(py, fault))?;
    let orders = Gathered::of(orders, &ORDERS)?;
    let need = match need.cast::<PyInt>() {
        Ok(units) => Wanted::Units(units.extract().unwrap_or(i128::MAX)),
        Err(_) => Wanted::Table(Gathered::of(need, &NEED)?),
    };
    let selected = py.detach(|| {
        let question = Question::read(orders, need)?;
        question.ask(aim)
    });
    selected.map_err(|fault| raised(py, fault))
}

enum Wanted {
    Units(i128),
    Table(Gathered),
}

/// What is asked, in the core's terms, and the way back.
struct Question {
    orders: Vec<Order>,
    need: Vec<i64>,
    /// The SKU of each need, and the row that first named it.
    skus: Vec<(OwnedId, usize)>,
}

struct Order {
    id: OwnedId,
    rows: Vec<usize>,
    units: Vec<(usize, i64)>,
    refund: i128,
}

impl Question {
    fn read(orders: Gathered, need: Wanted) -> Result<Self, Fault> {
        let orders = orders.settle().map_err(first)?;
        let mut faults = Vec::new();
        let mut ids = skus_of(&orders);
        let mut needed = Needed::default();
        if let Wanted::Table(need) = need {
            let need = need.settle().map_err(first)?;
            ids = match need.column("sku") {
                Some(column) if ids.is_plain() && !is_plain(column) => Ids::any(),
                _ => ids,
            };
            needed.table(&need, &mut ids, &mut faults);
            let rows = read_orders(&orders, &mut ids, &mut faults);
            good(faults)?;
            return Self::of(rows, needed, &ids);
        }
        let rows = read_orders(&orders, &mut ids, &mut faults);
        good(faults)?;
        if let Wanted::Units(units) = need {
            needed.units(units, &rows.sku)?;
        }
        Self::of(rows, needed, &ids)
    }

    fn of(rows: Rows, needed: Needed, ids: &Ids) -> Result<Self, Fault> {
        let mut orders: Vec<Order> = Vec::new();
        let mut by_number: HashMap<u32, usize> = HashMap::new();
        for (row, (&sku, &quantity)) in rows.sku.iter().zip(&rows.quantity).enumerate() {
            let number = rows.order.as_ref().and_then(|order| order.get(row));
            let number = number.copied().filter(|&number| number != NO_ID);
            let index = match number {
                Some(number) => *by_number.entry(number).or_insert(orders.len()),
                None => orders.len(),
            };
            if index == orders.len() {
                let id = number.and_then(|number| rows.order_ids.id(number));
                let own = || OwnedId::Int(row as i128);
                orders.push(Order {
                    id: id.map_or_else(own, Id::owned),
                    rows: Vec::new(),
                    units: Vec::new(),
                    refund: 0,
                });
            }
            let Some(order) = orders.get_mut(index) else {
                return Err(Error::Corrupt { at: "orders" }.into());
            };
            let Some(&at) = needed.by_sku.get(&sku) else {
                let what =
                    "the need has no such SKU; name it there, with 0 units where none are missing";
                return Err(Fault::of_row("no_such_sku", "orders", row, "sku", what));
            };
            order.rows.push(row);
            order.units.push((at, quantity));
            let refund = rows.refund.get(row).copied().unwrap_or(0);
            order.refund = order.refund.checked_add(refund).ok_or_else(|| {
                let what = "the refunds of this order come to more than 128 bits hold";
                Fault::of_row("out_of_range", "orders", row, "refund", what)
            })?;
        }
        let named = |(number, row)| {
            let id = ids.id(number);
            (id.map_or(OwnedId::Int(number.into()), Id::owned), row)
        };
        Ok(Self {
            orders,
            need: needed.units,
            skus: needed.skus.into_iter().map(named).collect(),
        })
    }

    fn ask(&self, aim: allocator_core::Aim) -> Result<Selected, Fault> {
        let to_cut =
            |order: &'_ Order| -> (Vec<(usize, i64)>, i128) { (order.units.clone(), order.refund) };
        let held: Vec<_> = self.orders.iter().map(to_cut).collect();
        let orders: Vec<OrderToCut<'_>> = held
            .iter()
            .map(|(units, refund)| OrderToCut {
                units,
                refund: *refund,
            })
            .collect();
        let selected = allocator_core::select_orders(&orders, &self.need, aim);
        let selected = selected.map_err(|error| Fault::from(self.in_rows(error)))?;
        use allocator_core::Selected as Core;
        Ok(match selected {
            Core::Plan(plan) => Selected::plan(self.outside(&plan)),
            Core::Nearest { below, above } => Selected::nearest(
                below.map(|plan| self.outside(&plan)),
                above.map(|plan| self.outside(&plan)),
            ),
        })
    }

    /// The core speaks of orders and SKUs by their index.
    fn in_rows(&self, error: Error) -> Error {
        match error {
            Error::OutOfRange {
                table,
                row,
                field,
                value,
                min,
                max,
            } => {
                let first = match table {
                    Table::Orders => self.orders.get(row).and_then(|order| order.rows.first()),
                    Table::Need => self.skus.get(row).map(|(_, row)| row),
                    _ => None,
                };
                Error::OutOfRange {
                    table,
                    row: first.copied().unwrap_or(row),
                    field: if field == "units" { "quantity" } else { field },
                    value,
                    min,
                    max,
                }
            }
            other => other,
        }
    }

    fn outside(&self, plan: &allocator_core::Selection) -> Selection {
        let cancelled = || plan.cancelled.iter().filter_map(|&at| self.orders.get(at));
        let mut rows: Vec<usize> = cancelled().flat_map(|order| order.rows.clone()).collect();
        rows.sort_unstable();
        let freed = self.skus.iter().zip(&plan.freed);
        Selection {
            cancelled: cancelled().map(|order| order.id.clone()).collect(),
            rows,
            freed: freed
                .map(|((sku, _), &units)| (sku.clone(), units))
                .collect(),
            refund: plan.refund,
            optimality: plan.optimality,
        }
    }
}

fn skus_of(orders: &Source) -> Ids {
    match orders.column("sku") {
        Some(column) if !is_plain(column) => Ids::any(),
        _ => Ids::plain(),
    }
}

/// The need by SKU.
#[derive(Default)]
struct Needed {
    units: Vec<i64>,
    skus: Vec<(u32, usize)>,
    by_sku: HashMap<u32, usize>,
}

impl Needed {
    fn table(&mut self, need: &Source, ids: &mut Ids, faults: &mut Vec<Fault>) {
        let mut reader = Reader {
            table: "need",
            faults,
        };
        let column = |name| need.column(name);
        let skus = column("sku").map(|column| reader.ids(column, "sku", ids, IdNull::Missing));
        let units = column("quantity").map(|column| reader.quantities(column, "quantity"));
        let skus = skus.unwrap_or_default();
        for (row, (sku, &units)) in skus.into_iter().zip(&units.unwrap_or_default()).enumerate() {
            let next = self.units.len();
            let at = *self.by_sku.entry(sku).or_insert(next);
            match self.units.get_mut(at) {
                // Of one SKU all that is said is needed; what is below 0 is told by its row.
                Some(all) if units >= 0 && *all >= 0 => *all = all.saturating_add(units),
                Some(all) => *all = units.min(*all),
                None => {
                    self.units.push(units);
                    self.skus.push((sku, row));
                }
            }
        }
    }

    /// A number, of the one SKU that the orders have.
    fn units(&mut self, units: i128, skus: &[u32]) -> Result<(), Fault> {
        let Ok(units) = i64::try_from(units) else {
            let what = format!("need: {units} is outside 0..={}", i64::MAX);
            return Err(Fault::of_argument("out_of_range", what));
        };
        let sku = skus.first().copied().unwrap_or(0);
        if skus.iter().any(|other| *other != sku) {
            let what = "need: the orders have several SKUs, so a number does not say of which; give a table of sku and quantity";
            return Err(Fault::of_argument("wrong_type", what.into()));
        }
        self.units.push(units);
        self.skus.push((sku, 0));
        self.by_sku.insert(sku, 0);
        Ok(())
    }
}

/// The rows of the orders.
struct Rows {
    order: Option<Vec<u32>>,
    order_ids: Ids,
    sku: Vec<u32>,
    quantity: ScalarBuffer<i64>,
    refund: Vec<i128>,
}

fn read_orders(orders: &Source, skus: &mut Ids, faults: &mut Vec<Fault>) -> Rows {
    let mut reader = Reader {
        table: "orders",
        faults,
    };
    let column = |name| orders.column(name);
    let mut order_ids = match column("order") {
        Some(column) if !is_plain(column) => Ids::any(),
        _ => Ids::plain(),
    };
    let order =
        column("order").map(|column| reader.ids(column, "order", &mut order_ids, IdNull::None));
    let sku = column("sku").map(|column| reader.ids(column, "sku", skus, IdNull::Missing));
    let quantity = column("quantity").map(|column| reader.quantities(column, "quantity"));
    let refund = column("refund").map(|column| reader.totals(column, "refund", Null::Missing));
    let (quantity, refund) = (quantity.unwrap_or_default(), refund.unwrap_or_default());
    // Several rows of an order add up, so what is below 0 has to be found before.
    let below = |(row, value): (usize, i128)| (value < 0).then_some((row, value));
    let units = quantity.iter().map(|&units| units.into()).enumerate();
    let told = units.filter_map(below).map(|it| ("quantity", it));
    let amounts = refund.iter().copied().enumerate();
    let told: Vec<_> = told
        .chain(amounts.filter_map(below).map(|it| ("refund", it)))
        .collect();
    for (name, (row, value)) in told {
        let what = format!("{value} is below 0");
        let fault = Fault::of_row("out_of_range", "orders", row, name, &what);
        reader.faults.push(fault);
    }
    Rows {
        order,
        order_ids,
        sku: sku.unwrap_or_default(),
        quantity,
        refund,
    }
}
