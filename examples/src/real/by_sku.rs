//! `expected_by_sku.csv`: the result item by item, without cancellations.

use std::collections::BTreeMap;
use std::path::Path;

use super::comparison::Comparison;
use super::scenario::decide;
use crate::decision::Decision;
use crate::failure::Failure;
use crate::input::Input;

const NAME: &str = "expected_by_sku.csv";

/// The figures of one item.
#[derive(Debug, Default)]
struct Item {
    demanded: i128,
    received: i128,
    allocated: i128,
    lines_full: u64,
    lines_partial: u64,
    lines_none: u64,
    /// The first line in place order that waits, and the units it lacks.
    first_waiting: Option<(usize, i64)>,
}

/// Compares every cell of the file, if the folder has one.
pub(super) fn compare(
    comparison: &mut Comparison,
    folder: &Path,
    input: &Input,
) -> Result<(), Failure> {
    let path = folder.join(NAME);
    if !path.is_file() {
        comparison.unknown(NAME.to_owned());
        return Ok(());
    }
    let fail = |source| Failure::Csv {
        path: path.clone(),
        source,
    };
    let decision = decide(input, None, false)?;
    let mut items = items(input, &decision);
    let mut reader = csv::Reader::from_path(&path).map_err(fail)?;
    let header = reader.headers().map_err(fail)?.clone();
    let mut rows = 0_usize;
    for record in reader.records() {
        let record = record.map_err(fail)?;
        let cells = || header.iter().zip(&record);
        let sku = cells().find(|&(column, _)| column == "sku");
        let sku = sku.map(|(_, sku)| sku).unwrap_or_default();
        let Some(item) = items.remove(sku) else {
            comparison.differ(format!("{NAME}: no item {sku:?} was found"));
            continue;
        };
        rows += 1;
        for (column, expected) in cells().filter(|&(column, _)| column != "sku") {
            let what = format!("{NAME}, {sku}.{column}");
            match item.cell(input, column) {
                Some(found) => comparison.text(&what, expected, &found),
                None => comparison.unknown(what),
            }
        }
    }
    for sku in items.keys() {
        comparison.differ(format!("{NAME}: has no item {sku:?}"));
    }
    comparison.note(format!("{NAME}: {rows} items"));
    Ok(())
}

/// Every item that is asked for or supplied, by its outside id.
fn items<'a>(input: &'a Input, decision: &Decision) -> BTreeMap<&'a str, Item> {
    let standing = &decision.standing;
    let mut items: BTreeMap<&str, Item> = BTreeMap::new();
    for supply in &standing.supply {
        let item = items.entry(input.sku_name(supply.sku.0)).or_default();
        item.received += i128::from(supply.quantity);
    }
    for line in decision.in_place_order() {
        let item = items.entry(input.sku_name(standing.sku(line))).or_default();
        let missing = decision.missing(line);
        let allocated = standing.quantity[line] - missing;
        item.demanded += i128::from(standing.quantity[line]);
        item.allocated += i128::from(allocated);
        item.lines_full += u64::from(missing == 0);
        item.lines_partial += u64::from(missing > 0 && allocated > 0);
        item.lines_none += u64::from(missing > 0 && allocated == 0);
        if missing > 0 && item.first_waiting.is_none() {
            item.first_waiting = Some((standing.row[line], missing));
        }
    }
    items
}

impl Item {
    /// The cell of a column; `None` for a column this program does not know.
    fn cell(&self, input: &Input, column: &str) -> Option<String> {
        let first = self.first_waiting;
        let of_first = |text: &dyn Fn(usize, i64) -> String| {
            first.map_or_else(String::new, |(row, missing)| text(row, missing))
        };
        Some(match column {
            "demanded" => self.demanded.to_string(),
            "received" => self.received.to_string(),
            "allocated" => self.allocated.to_string(),
            "surplus" => (self.received - self.allocated).to_string(),
            "lines_full" => self.lines_full.to_string(),
            "lines_partial" => self.lines_partial.to_string(),
            "lines_none" => self.lines_none.to_string(),
            "first_waiting_order" => of_first(&|row, _| input.demand.order_id(row).to_owned()),
            "first_waiting_line" => of_first(&|row, _| input.demand.line_no(row).to_owned()),
            "first_waiting_units_missing" => of_first(&|_, missing| missing.to_string()),
            _ => return None,
        })
    }
}
