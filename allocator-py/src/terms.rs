//! What a plan of cancellations reads of the lines beside their claims: columns, or arguments.

use allocator_core::{CancelTerms, CutMethod};
use arrow_buffer::ScalarBuffer;
use pyo3::prelude::*;

use crate::fault::Fault;
use crate::gather::{Form, Gathered, Source};
use crate::reading::{Null, Reader};
use crate::single;

/// Each may be an argument in place of a column.
static FORMS: [Form; 5] = [
    single::form("lines", &["unit_price"]),
    single::form("lines", &["given"]),
    single::form("lines", &["credit"]),
    single::form("lines", &["offered"]),
    single::form("lines", &["asked"]),
];

/// Arguments in the order unit_price, given, credit, offered, asked.
pub(crate) type Arguments<'a, 'py> = [Option<&'a Bound<'py, PyAny>>; 5];

/// The arguments that are there, gathered.
pub(crate) type GatheredTerms = [Option<Gathered>; 5];

pub(crate) fn gather(arguments: Arguments<'_, '_>) -> PyResult<GatheredTerms> {
    let mut terms = GatheredTerms::default();
    for ((slot, argument), form) in terms.iter_mut().zip(arguments).zip(&FORMS) {
        if let Some(column) = argument.filter(|column| !column.is_none()) {
            *slot = Some(single::gather(column, form)?);
        }
    }
    Ok(terms)
}

/// The terms of every line, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    pub(crate) unit_price: Option<ScalarBuffer<i64>>,
    pub(crate) given: Option<ScalarBuffer<i64>>,
    pub(crate) credit: Option<ScalarBuffer<i64>>,
    pub(crate) offered: Option<ScalarBuffer<i64>>,
    pub(crate) asked: Option<ScalarBuffer<i64>>,
}

impl Terms {
    /// Reads columns of the lines and arguments. What is in both is a fault.
    pub(crate) fn read(lines: &Source, arguments: GatheredTerms, faults: &mut Vec<Fault>) -> Self {
        let mut terms = Self::default();
        for ((name, slot), argument) in terms.slots().into_iter().zip(arguments) {
            let own = argument.map(Gathered::settle).transpose();
            let own = own.unwrap_or_else(|told| {
                faults.extend(told);
                None
            });
            let own = own.as_ref().and_then(|source| source.column(name));
            let column = match (lines.column(name), own) {
                (Some(_), Some(_)) => {
                    let what = format!(
                        "lines: there is a column {name:?} and an argument {name:?}; one of them says what holds"
                    );
                    let code = "ambiguous_column";
                    faults.push(Fault::of_table(code, "lines", Some(name), what));
                    None
                }
                (column, own) => column.or(own),
            };
            let mut reader = Reader {
                table: "lines",
                faults,
            };
            // A unit of unknown price is not one that costs nothing.
            let null = match name {
                "unit_price" => Null::Missing,
                _ => Null::Zero,
            };
            *slot = column.map(|column| reader.amounts(column, name, null));
        }
        terms
    }

    fn slots(&mut self) -> [(&'static str, &mut Option<ScalarBuffer<i64>>); 5] {
        let Self {
            unit_price,
            given,
            credit,
            offered,
            asked,
        } = self;
        [
            ("unit_price", unit_price),
            ("given", given),
            ("credit", credit),
            ("offered", offered),
            ("asked", asked),
        ]
    }

    /// The columns by name.
    pub(crate) fn columns(&self) -> [(&'static str, &Option<ScalarBuffer<i64>>); 5] {
        [
            ("unit_price", &self.unit_price),
            ("given", &self.given),
            ("credit", &self.credit),
            ("offered", &self.offered),
            ("asked", &self.asked),
        ]
    }

    pub(crate) fn with(&self, method: CutMethod) -> CancelTerms<'_> {
        CancelTerms {
            method,
            unit_price: self.unit_price.as_deref(),
            given: self.given.as_deref(),
            credit: self.credit.as_deref(),
            offered: self.offered.as_deref(),
            asked: self.asked.as_deref(),
        }
    }
}
