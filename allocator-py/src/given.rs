//! The input again, as Python values: what a pickle of a result keeps.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::ids::Ids;
use crate::input::{Input, Lines, Names};
use crate::table::Table;
use crate::values::Values;

/// Lines and supply as dicts of columns.
pub(crate) fn given<'py>(
    py: Python<'py>,
    input: &Input,
) -> PyResult<(Bound<'py, PyDict>, Bound<'py, PyDict>)> {
    let lines = given_lines(py, &input.lines, &input.names)?;
    for (name, values) in input.terms.columns() {
        if let Some(values) = values {
            lines.set_item(name, values.to_vec())?;
        }
    }
    Ok((lines, given_supply(py, input)?))
}

fn given_lines<'py>(py: Python<'py>, lines: &Lines, names: &Names) -> PyResult<Bound<'py, PyDict>> {
    let Lines {
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
        // Beside the table, which has a value for each row.
        unit_lots: _,
        completeness,
        on_misfit,
    } = lines;
    let mut columns = vec![
        ("sku", ids(sku, &names.sku)),
        ("quantity", Values::Ints(quantity.clone())),
    ];
    for (name, numbers, of) in [
        ("line", line, &names.line),
        ("order", order, &names.order),
        ("customer", customer, &names.customer),
    ] {
        columns.extend(numbers.as_ref().map(|numbers| (name, ids(numbers, of))));
    }
    for (name, values) in [
        ("weight", weight),
        ("priority", priority),
        ("placed_at", placed_at),
        ("sequence", sequence),
        ("lot", lot),
        ("score", score),
    ] {
        let ints = values.clone().map(Values::Ints);
        columns.extend(ints.map(|ints| (name, ints)));
    }
    let dict = Table::new(columns).to_pydict(py)?;
    // By the codes of the core's columns; 0 leaves it to the policy.
    const COMPLETENESS: &[Option<&str>] = &[None, Some("partial"), Some("line"), Some("order")];
    const ON_MISFIT: &[Option<&str>] = &[None, Some("set_aside"), Some("pass")];
    for (name, codes, words) in [
        ("completeness", completeness, COMPLETENESS),
        ("on_misfit", on_misfit, ON_MISFIT),
    ] {
        if let Some(codes) = codes {
            let word = |&code: &u8| words.get(usize::from(code)).copied().flatten();
            dict.set_item(name, codes.iter().map(word).collect::<Vec<_>>())?;
        }
    }
    Ok(dict)
}

fn given_supply<'py>(py: Python<'py>, input: &Input) -> PyResult<Bound<'py, PyDict>> {
    let Input {
        supply,
        supply_ids,
        names,
        lines: _,
        policy: _,
        terms: _,
        ignored: _,
    } = input;
    let skus: Vec<u32> = supply.iter().map(|row| row.sku.0).collect();
    let quantities = supply.iter().map(|row| row.quantity).collect();
    let sequences = supply.iter().map(|row| row.sequence).collect();
    let mut columns = vec![
        ("sku", ids(&skus, &names.sku)),
        ("quantity", Values::Ints(quantities)),
        ("sequence", Values::Ints(sequences)),
    ];
    let supply_ids = supply_ids
        .as_ref()
        .map(|numbers| ids(numbers, &names.supply));
    columns.extend(supply_ids.map(|ids| ("supply", ids)));
    Table::new(columns).to_pydict(py)
}

fn ids(numbers: &[u32], ids: &Arc<Ids>) -> Values {
    Values::Ids(numbers.to_vec(), Arc::clone(ids))
}
