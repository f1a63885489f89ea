//! Lines and supply as the core takes them, with the outside ids beside them; all their faults.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

use allocator_core::{DemandColumns, Error, Policy, ShortageRule, Supply, limits};
use arrow_buffer::ScalarBuffer;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::column::Column;
use crate::error::raised;
use crate::fault::Fault;
use crate::gather::{Form, Gathered, Source};
use crate::ids::Ids;
use crate::reading::{IdNull, Null, Reader, is_plain};
use crate::sku_types;
use crate::terms::{self, GatheredTerms, Terms};

const LINES: Form = Form {
    table: "lines",
    required: &["sku", "quantity"],
    optional: &[
        "line",
        "order",
        "customer",
        "weight",
        "priority",
        "placed_at",
        "sequence",
        "lot",
        "score",
        "completeness",
        "on_misfit",
    ],
    alias: None,
};

/// Lines of which some may lose units.
const PLANNED: Form = Form {
    optional: &[
        "line",
        "order",
        "customer",
        "weight",
        "priority",
        "placed_at",
        "sequence",
        "lot",
        "score",
        "completeness",
        "on_misfit",
        "unit_price",
        "given",
        "credit",
        "offered",
        "asked",
    ],
    ..LINES
};

const SUPPLY: Form = Form {
    table: "supply",
    required: &["sku", "quantity"],
    optional: &["supply", "sequence"],
    alias: Some(("received", "quantity")),
};

const UNIT_LOTS: Form = Form {
    table: UNIT_LOTS_NAME,
    required: &[UNIT_LOTS_NAME],
    optional: &[],
    alias: None,
};

/// The argument that gives each unit a lot, as its faults name it.
const UNIT_LOTS_NAME: &str = "unit_lots";

/// One call's input, without faults that only this side can see.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) lines: Lines,
    pub(crate) supply: Vec<Supply>,
    /// The supply ids by row; none: the row is the id.
    pub(crate) supply_ids: Option<Vec<u32>>,
    pub(crate) policy: Policy,
    /// What is known of the lines for a plan of cancellations.
    pub(crate) terms: Terms,
    pub(crate) names: Names,
    pub(crate) ignored: Ignored,
}

/// The columns that were there and not read.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    pub(crate) lines: Vec<String>,
    pub(crate) supply: Vec<String>,
}

/// The demand lines as columns of their own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    pub(crate) line: Option<Vec<u32>>,
    pub(crate) order: Option<Vec<u32>>,
    pub(crate) customer: Option<Vec<u32>>,
    pub(crate) sku: Vec<u32>,
    pub(crate) quantity: ScalarBuffer<i64>,
    pub(crate) weight: Option<ScalarBuffer<i64>>,
    pub(crate) priority: Option<ScalarBuffer<i64>>,
    pub(crate) placed_at: Option<ScalarBuffer<i64>>,
    pub(crate) sequence: Option<ScalarBuffer<i64>>,
    pub(crate) lot: Option<ScalarBuffer<i64>>,
    pub(crate) score: Option<ScalarBuffer<i64>>,
    /// A lot for each unit of each row.
    pub(crate) unit_lots: Option<ScalarBuffer<i64>>,
    pub(crate) completeness: Option<Vec<u8>>,
    pub(crate) on_misfit: Option<Vec<u8>>,
}

/// Outside ids, one list per kind.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) line: Arc<Ids>,
    pub(crate) order: Arc<Ids>,
    pub(crate) customer: Arc<Ids>,
    pub(crate) sku: Arc<Ids>,
    pub(crate) supply: Arc<Ids>,
}

impl Lines {
    pub(crate) fn columns(&self) -> DemandColumns<'_> {
        DemandColumns {
            line: self.line.as_deref(),
            order: self.order.as_deref(),
            customer: self.customer.as_deref(),
            sku: &self.sku,
            quantity: &self.quantity,
            weight: self.weight.as_deref(),
            priority: self.priority.as_deref(),
            placed_at: self.placed_at.as_deref(),
            sequence: self.sequence.as_deref(),
            lot: self.lot.as_deref(),
            score: self.score.as_deref(),
            unit_lots: self.unit_lots.as_deref(),
            completeness: self.completeness.as_deref(),
            on_misfit: self.on_misfit.as_deref(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.sku.len()
    }

    /// The number of the id of a row.
    pub(crate) fn line_number(&self, row: usize) -> u32 {
        let number = match &self.line {
            Some(numbers) => numbers.get(row).copied(),
            None => u32::try_from(row).ok(),
        };
        number.unwrap_or(allocator_core::limits::NO_ID)
    }
}

/// Every fault of the input as an `AllocatorError`, in order of precedence; the first is the one that
/// `allocate` raises. An empty list: the input is good.
#[pyfunction]
#[pyo3(
    signature = (lines, supply, policy=None, *, unit_lots=None),
    text_signature = "(lines, supply, policy='first_come', *, unit_lots=None)"
)]
pub(crate) fn validate(
    py: Python<'_>,
    lines: &Bound<'_, PyAny>,
    supply: &Bound<'_, PyAny>,
    policy: Option<&Bound<'_, PyAny>>,
    unit_lots: Option<&Bound<'_, PyAny>>,
) -> PyResult<Vec<Py<PyAny>>> {
    let faults = match crate::policy::read(policy)? {
        Err(fault) => vec![fault],
        Ok(policy) => {
            let tables = Tables::gather(lines, supply, unit_lots)?;
            let (faults, difference) = py.detach(|| match tables.read(policy, None) {
                Ok(input) => match input.faults() {
                    faults if faults.is_empty() => (faults, sku_types::difference(&input)),
                    faults => (faults, None),
                },
                Err(faults) => (faults, None),
            });
            sku_types::warn(py, difference)?;
            faults
        }
    };
    let error = |fault| raised(py, fault).into_value(py).into_any();
    Ok(faults.into_iter().map(error).collect())
}

/// Both tables, gathered.
pub(crate) struct Tables {
    lines: Gathered,
    supply: Gathered,
    unit_lots: Option<Gathered>,
    terms: GatheredTerms,
}

impl Tables {
    pub(crate) fn gather(
        lines: &Bound<'_, PyAny>,
        supply: &Bound<'_, PyAny>,
        unit_lots: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Self::of(Gathered::of(lines, &LINES)?, supply, unit_lots)
    }

    /// With the terms of a plan of cancellations.
    pub(crate) fn gather_planned(
        lines: &Bound<'_, PyAny>,
        supply: &Bound<'_, PyAny>,
        unit_lots: Option<&Bound<'_, PyAny>>,
        terms: terms::Arguments<'_, '_>,
    ) -> PyResult<Self> {
        let mut this = Self::of(Gathered::of(lines, &PLANNED)?, supply, unit_lots)?;
        this.terms = terms::gather(terms)?;
        Ok(this)
    }

    fn of(
        lines: Gathered,
        supply: &Bound<'_, PyAny>,
        unit_lots: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let column = |lots: &Bound<'_, PyAny>| {
            let table = PyDict::new(lots.py());
            table.set_item(UNIT_LOTS_NAME, lots)?;
            Gathered::of(table.as_any(), &UNIT_LOTS)
        };
        Ok(Self {
            lines,
            supply: Gathered::of(supply, &SUPPLY)?,
            unit_lots: unit_lots.map(column).transpose()?,
            terms: GatheredTerms::default(),
        })
    }

    /// The input, or all its faults in order of precedence. `known` are SKU numbers to go on with.
    pub(crate) fn read(
        self,
        policy: Policy,
        known: Option<&Known<'_>>,
    ) -> Result<Input, Vec<Fault>> {
        let (supply, lines) = match (self.supply.settle(), self.lines.settle()) {
            (Ok(supply), Ok(lines)) => (supply, lines),
            (supply, lines) => {
                let mut faults = supply.err().unwrap_or_default();
                faults.extend(lines.err().unwrap_or_default());
                Fault::sort(&mut faults);
                return Err(faults);
            }
        };
        let mut faults = Vec::new();
        let unit_lots = match self.unit_lots.map(Gathered::settle).transpose()? {
            Some(lots) => {
                let mut reader = Reader {
                    table: UNIT_LOTS_NAME,
                    faults: &mut faults,
                };
                let column = lots.column(UNIT_LOTS_NAME);
                column.map(|column| reader.numbers(column, UNIT_LOTS_NAME, Null::Missing))
            }
            None => None,
        };
        let mut skus = sku_numbers(&supply, &lines, known);
        let (received, supply_ids, supply_names) = read_supply(&supply, &mut skus, &mut faults);
        let (mut demand, mut names) = read_lines(&lines, skus, &mut faults);
        demand.unit_lots = unit_lots;
        let terms = Terms::read(&lines, self.terms, &mut faults);
        names.supply = Arc::new(supply_names);
        let input = Input {
            lines: demand,
            supply: received,
            supply_ids,
            policy,
            terms,
            names,
            ignored: Ignored {
                lines: lines.ignored,
                supply: supply.ignored,
            },
        };
        if faults.is_empty() {
            Ok(input)
        } else {
            Err(input.faults_besides(faults))
        }
    }
}

/// SKU numbers of an earlier call, and the largest in it.
pub(crate) struct Known<'a> {
    pub(crate) skus: &'a Ids,
    pub(crate) largest: u32,
}

fn sku_numbers(supply: &Source, lines: &Source, known: Option<&Known<'_>>) -> Ids {
    let plain = [supply, lines]
        .iter()
        .all(|table| table.column("sku").is_none_or(is_plain));
    match known {
        Some(known) if !known.skus.is_plain() => known.skus.clone(),
        // New ids must not take the numbers that the old ones have.
        Some(known) if !plain => Ids::above(known.largest.saturating_add(1)),
        None if !plain => Ids::any(),
        _ => Ids::plain(),
    }
}

fn read_supply(
    source: &Source,
    skus: &mut Ids,
    faults: &mut Vec<Fault>,
) -> (Vec<Supply>, Option<Vec<u32>>, Ids) {
    let mut reader = Reader {
        table: "supply",
        faults,
    };
    let mut names = Ids::plain();
    let ids = source.column("supply").map(|column| {
        let (numbers, ids) = ids(&mut reader, column, "supply", IdNull::Row);
        names = ids;
        numbers
    });
    let column = |name| source.column(name);
    let sku = column("sku").map(|column| reader.ids(column, "sku", skus, IdNull::Missing));
    let quantity = column("quantity").map(|column| reader.quantities(column, "quantity"));
    let sequence = column("sequence").map(|column| reader.numbers(column, "sequence", Null::Zero));
    let ranks = ids.as_ref().map(|numbers| ranks(numbers, &names));
    let sku = sku.unwrap_or_default().into_iter();
    let quantity = quantity.unwrap_or_default();
    let rows = sku.zip(&quantity).enumerate();
    let supply = rows.map(|(row, (sku, &quantity))| {
        let mut supply = Supply::received(sku, quantity);
        if let Some(&rank) = ranks.as_ref().and_then(|ranks| ranks.get(row)) {
            supply = supply.supply(rank);
        }
        match sequence.as_ref().and_then(|values| values.get(row)) {
            Some(&sequence) => supply.sequence(sequence),
            None => supply,
        }
    });
    (supply.collect(), ids, names)
}

/// The rank of each id, so that the core's order of numbers is the order of outside ids: integers by
/// value, then text. Equal ids have one rank.
fn ranks(numbers: &[u32], names: &Ids) -> Vec<u32> {
    let mut rows: Vec<_> = numbers
        .iter()
        .enumerate()
        .map(|(row, &number)| (names.id(number), number, row))
        .collect();
    rows.sort_unstable();
    let mut ranks = vec![0; numbers.len()];
    let ids = rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    for (rank, id) in (0_u32..).zip(ids) {
        for &(_, _, row) in id {
            if let Some(slot) = ranks.get_mut(row) {
                *slot = rank;
            }
        }
    }
    ranks
}

fn read_lines(source: &Source, mut skus: Ids, faults: &mut Vec<Fault>) -> (Lines, Names) {
    let mut reader = Reader {
        table: "lines",
        faults,
    };
    let column = |name| source.column(name);
    let mut kept = |name: &'static str, null| {
        let (numbers, ids) = match column(name) {
            Some(column) => {
                let (numbers, ids) = ids(&mut reader, column, name, null);
                (Some(numbers), ids)
            }
            None => (None, Ids::plain()),
        };
        (numbers, Arc::new(ids))
    };
    let (line, line_names) = kept("line", IdNull::Row);
    let (order, order_names) = kept("order", IdNull::None);
    let (customer, customer_names) = kept("customer", IdNull::None);
    let sku = column("sku").map(|column| reader.ids(column, "sku", &mut skus, IdNull::Missing));
    let quantity = column("quantity").map(|column| reader.quantities(column, "quantity"));
    let lines = Lines {
        line,
        order,
        customer,
        sku: sku.unwrap_or_default(),
        quantity: quantity.unwrap_or_default(),
        weight: column("weight").map(|column| reader.weights(column, "weight")),
        priority: column("priority").map(|column| reader.numbers(column, "priority", Null::Zero)),
        placed_at: column("placed_at").map(|column| reader.instants(column, "placed_at")),
        sequence: column("sequence").map(|column| reader.numbers(column, "sequence", Null::Row)),
        lot: column("lot").map(|column| reader.numbers(column, "lot", Null::Zero)),
        score: column("score").map(|column| reader.numbers(column, "score", Null::Zero)),
        unit_lots: None,
        completeness: column("completeness").map(|column| reader.completeness(column)),
        on_misfit: column("on_misfit").map(|column| reader.misfits(column)),
    };
    let names = Names {
        line: line_names,
        order: order_names,
        customer: customer_names,
        sku: Arc::new(skus),
        supply: Arc::new(Ids::plain()),
    };
    (lines, names)
}

fn ids(
    reader: &mut Reader<'_>,
    column: &Column,
    field: &'static str,
    null: IdNull,
) -> (Vec<u32>, Ids) {
    let mut ids = if is_plain(column) {
        Ids::plain()
    } else {
        Ids::any()
    };
    (reader.ids(column, field, &mut ids, null), ids)
}

/// Ids that belong to no input: what a pickled table kept.
pub(crate) fn free_ids(list: &Bound<'_, PyAny>) -> PyResult<(Vec<u32>, Ids)> {
    let column = crate::gather::values(list)?;
    let mut faults = Vec::new();
    let mut reader = Reader {
        table: "table",
        faults: &mut faults,
    };
    let ids = ids(&mut reader, &column, "id", IdNull::None);
    match faults.into_iter().next() {
        Some(fault) => Err(raised(list.py(), fault)),
        None => Ok(ids),
    }
}

impl Input {
    /// All faults the core sees.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        self.faults_of(&self.lines)
    }

    fn faults_of(&self, lines: &Lines) -> Vec<Fault> {
        let faults = allocator_core::validate(&lines.columns(), &self.supply, &self.policy);
        faults
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(Fault::from)
            .collect()
    }

    /// All faults: those found while reading, and those the core sees in the rest.
    ///
    /// What was at fault has a stand-in now. It is harmless inside its row; between rows it is kept
    /// out of the comparison.
    fn faults_besides(&self, mut faults: Vec<Fault>) -> Vec<Fault> {
        let rows_with = |columns: &[&str]| -> HashSet<usize> {
            let at_fault = |fault: &&Fault| {
                fault.table == Some("lines")
                    && fault
                        .column
                        .as_deref()
                        .is_some_and(|name| columns.contains(&name))
            };
            faults
                .iter()
                .filter(at_fault)
                .filter_map(|fault| fault.row)
                .collect()
        };
        let standing = self.policy.standing();
        let compared: Vec<&str> = standing.parts().iter().map(|part| part.name()).collect();
        let placeless = rows_with(&compared);
        let orderless = rows_with(&["order", "customer", "completeness", "on_misfit"]);
        let termless = rows_with(&["completeness"]);
        let claimless = rows_with(&["sku", "order", "customer", "weight"]);
        let of_rows = self
            .faults_of(&self.lines.without_claims(&claimless))
            .into_iter()
            .filter(|fault| match fault.code {
                "order_disagrees" | "duplicate_place" => false,
                "rule_needs_single_units" => fault.row.is_none_or(|row| !termless.contains(&row)),
                _ => true,
            });
        let orders = self.between(&orderless, "order_disagrees");
        let places = self.between(&placeless, "duplicate_place");
        faults.extend(of_rows);
        faults.extend(orders);
        faults.extend(places);
        Fault::sort(&mut faults);
        faults
    }

    /// The policy as a queue in which lines stand as they do: without lots of units to ask for.
    fn queue(&self) -> Policy {
        let mut policy = self.policy.order(self.policy.standing());
        policy.rule = ShortageRule::first_come();
        policy
    }

    /// The faults of one code between the lines that are not `without`.
    fn between(&self, without: &HashSet<usize>, code: &str) -> Vec<Fault> {
        let rows: Vec<usize> = (0..self.lines.len())
            .filter(|row| !without.contains(row))
            .collect();
        let lines = self.lines.only(&rows);
        let faults = allocator_core::validate(&lines.columns(), &[], &self.queue());
        let faults = faults.err().unwrap_or_default().into_iter();
        let row = |index: usize| rows.get(index).copied().unwrap_or(index);
        faults
            .filter(|fault| fault.code() == code)
            .map(|fault| match fault {
                Error::DuplicatePlace {
                    row: later,
                    first,
                    order,
                } => Error::DuplicatePlace {
                    row: row(later),
                    first: row(first),
                    order,
                },
                Error::OrderDisagrees {
                    row: later,
                    first,
                    field,
                } => Error::OrderDisagrees {
                    row: row(later),
                    first: row(first),
                    field,
                },
                other => other,
            })
            .map(Fault::from)
            .collect()
    }
}

impl Lines {
    /// The same, but these rows ask for nothing: whose claim they are, and on what, is not known.
    fn without_claims(&self, rows: &HashSet<usize>) -> Self {
        let mut lines = self.clone();
        let quantity = lines.quantity.iter().enumerate();
        lines.quantity = quantity
            .map(|(row, &quantity)| match rows.contains(&row) {
                true => quantity.min(0),
                false => quantity,
            })
            .collect();
        // As many lots as there are units now: which ones finds no fault.
        if let Some(lots) = &mut lines.unit_lots {
            let units: i128 = lines.quantity.iter().map(|&units| i128::from(units)).sum();
            let units = units.clamp(0, limits::MAX_DRAWN_UNITS.into());
            *lots = vec![0; usize::try_from(units).unwrap_or(0)].into();
        }
        lines
    }

    /// These rows alone, each at the place it has now.
    fn only(&self, rows: &[usize]) -> Self {
        fn pick<T: Copy, C: FromIterator<T>>(values: &[T], rows: &[usize]) -> C {
            rows.iter()
                .filter_map(|&row| values.get(row))
                .copied()
                .collect()
        }
        fn maybe<T: Copy, C: Deref<Target = [T]> + FromIterator<T>>(
            values: &Option<C>,
            rows: &[usize],
        ) -> Option<C> {
            values.as_ref().map(|values| pick(values, rows))
        }
        let Self {
            line,
            order,
            customer,
            sku,
            quantity,
            weight,
            priority,
            placed_at,
            sequence,
            lot,
            score,
            unit_lots: _,
            completeness,
            on_misfit,
        } = self;
        let by_row = || {
            rows.iter()
                .filter_map(|&row| i64::try_from(row).ok())
                .collect()
        };
        Self {
            line: maybe(line, rows),
            order: maybe(order, rows),
            customer: maybe(customer, rows),
            sku: pick(sku, rows),
            quantity: pick(quantity, rows),
            weight: maybe(weight, rows),
            priority: maybe(priority, rows),
            placed_at: maybe(placed_at, rows),
            sequence: maybe(sequence, rows).or_else(|| Some(by_row())),
            lot: maybe(lot, rows),
            score: maybe(score, rows),
            unit_lots: None,
            completeness: maybe(completeness, rows),
            on_misfit: maybe(on_misfit, rows),
        }
    }
}
