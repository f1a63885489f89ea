//! A table of another system as a result that the auditor takes.

use allocator_core::{Allocation as Core, Outcome, Reason};

use crate::alignment;
use crate::allocation::first;
use crate::fault::Fault;
use crate::gather::{Form, Gathered};
use crate::input::Input;
use crate::reading::Reader;
use crate::values::Words;

pub(crate) const FORM: Form = Form {
    table: "result",
    required: &["allocated"],
    optional: &["line", "sku", "set_aside", "covered", "reason"],
    alias: None,
};

/// The result that the table reports.
pub(crate) fn read(gathered: Gathered, input: &Input) -> Result<Core, Fault> {
    let source = gathered.settle().map_err(first)?;
    let mut faults = Vec::new();
    let mut reader = Reader {
        table: "result",
        faults: &mut faults,
    };
    let mut units = |name: &'static str| {
        let column = source.column(name);
        column.map(|column| reader.quantities(column, name))
    };
    let allocated = units("allocated").unwrap_or_default();
    let (set_aside, covered) = (units("set_aside"), units("covered"));
    let reasons = source.column("reason").map(|column| {
        let known = "the reasons (see Allocation.outcomes)";
        // Word numbers from 1, so that 0 is a null.
        let number = |word: &str| {
            Words::Reason
                .number(word)
                .and_then(|number| number.checked_add(1))
        };
        reader.words(column, "reason", "unknown_reason", known, number)
    });
    faults.extend(alignment::of_table(&source, input));
    if !faults.is_empty() {
        Fault::sort(&mut faults);
        return Err(first(faults));
    }
    let at = |values: &Option<Vec<i64>>, row: usize| {
        values.as_ref().and_then(|values| values.get(row)).copied()
    };
    let outcome = |(row, &allocated): (usize, &i64)| {
        let quantity = input.lines.quantity.get(row).copied().unwrap_or(0);
        let mut outcome = Outcome::reported(quantity, allocated);
        outcome.set_aside = at(&set_aside, row).unwrap_or(0);
        let held = allocated.saturating_add(outcome.set_aside);
        outcome.covered = at(&covered, row).unwrap_or(held);
        let reason = reasons.as_ref().and_then(|reasons| reasons.get(row));
        let reason = reason.and_then(|number| number.checked_sub(1));
        if let Some(reason) = reason.and_then(Reason::from_number) {
            outcome.reason = reason;
        }
        outcome
    };
    Ok(Core::reported(
        allocated.iter().enumerate().map(outcome),
        None,
    ))
}
