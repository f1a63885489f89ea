//! A comparison as plain text: one row per rule, aligned, for whoever has to choose.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Metrics, Moved};

/// One rule in the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableRow<'a> {
    /// The rule's name, and at most a line of text.
    pub(crate) rule: &'a str,
    pub(crate) metrics: &'a Metrics,
    /// Whether one more unit or a cancellation could turn the plan over.
    pub(crate) one_off: bool,
    /// How close to the best the plan is, where that is a question.
    pub(crate) optimality: Option<&'a str>,
}

/// A column: two lines of heading, and the text of a row; `None` where the row has nothing to say.
struct Column {
    heading: [&'static str; 2],
    text: fn(&TableRow<'_>) -> Option<String>,
    /// Left out where no row says anything.
    is_optional: bool,
    is_text: bool,
}

const fn number(heading: [&'static str; 2], text: fn(&TableRow<'_>) -> Option<String>) -> Column {
    Column {
        heading,
        text,
        is_optional: false,
        is_text: false,
    }
}

const fn where_known(
    heading: [&'static str; 2],
    text: fn(&TableRow<'_>) -> Option<String>,
) -> Column {
    Column {
        heading,
        text,
        is_optional: true,
        is_text: false,
    }
}

/// From left to right: what happens to people, then how evenly, then what it costs.
const COLUMNS: [Column; 15] = [
    Column {
        heading: ["", "rule"],
        text: |row| Some(row.rule.into()),
        is_optional: false,
        is_text: true,
    },
    number(["units", "cut"], |row| {
        Some(row.metrics.units_cut.to_string())
    }),
    number(["customers", "touched"], |row| {
        Some(row.metrics.customers_touched.to_string())
    }),
    number(["fully", "cancelled"], |row| {
        Some(row.metrics.customers_cancelled.to_string())
    }),
    number(["orders", "touched"], |row| {
        Some(row.metrics.orders_touched.to_string())
    }),
    number(["orders", "cancelled"], |row| {
        Some(row.metrics.orders_cancelled.to_string())
    }),
    number(["largest", "cut"], |row| {
        Some(row.metrics.largest_cut.to_string())
    }),
    where_known(["refund", "(minor)"], |row| {
        Some(row.metrics.refund?.to_string())
    }),
    number(["lowest", "fill"], |row| {
        Some(row.metrics.lowest_fill?.rounded())
    }),
    number(["Jain", "fill"], |row| {
        Some(row.metrics.jain_fill.rounded())
    }),
    number(["Gini", "units"], |row| {
        Some(row.metrics.gini_units.rounded())
    }),
    number(["", "overtakes"], |row| {
        Some(row.metrics.overtakes.to_string())
    }),
    number(["", "idle"], |row| Some(row.metrics.idle.to_string())),
    where_known(["moved since", "last plan"], |row| {
        row.metrics.moved.map(both_ways)
    }),
    Column {
        heading: ["", "notes"],
        text: notes,
        is_optional: true,
        is_text: true,
    },
];

fn both_ways(moved: Moved) -> String {
    alloc::format!("-{} +{}", moved.units_lost, moved.units_gained)
}

fn notes(row: &TableRow<'_>) -> Option<String> {
    let one_off = row.one_off.then_some("one-off");
    let notes: Vec<&str> = one_off.into_iter().chain(row.optimality).collect();
    (!notes.is_empty()).then(|| notes.join(", "))
}

/// The rows under each other, numbers to the right, one line feed after each line. Figures that are
/// rounded bear a `~`.
pub(crate) fn table(rows: &[TableRow<'_>]) -> String {
    let columns = COLUMNS.iter().map(|column| (column, cells(column, rows)));
    let shown = columns.filter(|(column, cells)| {
        !column.is_optional || cells.iter().skip(column.heading.len()).any(Option::is_some)
    });
    let mut lines: Vec<String> = Vec::new();
    lines.resize(rows.len().saturating_add(2), String::new());
    for (index, (column, cells)) in shown.enumerate() {
        let width = |cell: &Option<String>| cell.as_deref().unwrap_or(ABSENT).chars().count();
        let widest = cells.iter().map(width).max().unwrap_or(0);
        for (line, cell) in lines.iter_mut().zip(&cells) {
            if index > 0 {
                line.push_str("  ");
            }
            // Beside notes a dash would only be noise.
            let absent = if column.is_text { "" } else { ABSENT };
            let text = cell.as_deref().unwrap_or(absent);
            let room = core::iter::repeat_n(' ', widest.saturating_sub(text.chars().count()));
            if column.is_text {
                line.push_str(text);
                line.extend(room);
            } else {
                line.extend(room);
                line.push_str(text);
            }
        }
    }
    let mut table = String::new();
    for line in lines {
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

/// What stands where a row has nothing to say.
const ABSENT: &str = "-";

/// The headings of a column and its text in each row.
fn cells(column: &Column, rows: &[TableRow<'_>]) -> Vec<Option<String>> {
    let headings = column
        .heading
        .iter()
        .map(|heading| Some(heading.to_string()));
    headings.chain(rows.iter().map(column.text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DemandLine, KeptColumns, Meter, PlaceOrder};

    fn measured(previous: Option<&[i64]>, refund: Option<&[i128]>, kept: &[i64]) -> Metrics {
        let lines = [(1, 1), (2, 1), (3, 4)].map(|(id, units)| DemandLine::new(id, 7_u32, units));
        let meter = Meter::new(&lines, &PlaceOrder::oldest_first()).unwrap();
        let columns = KeptColumns {
            kept,
            previous,
            refund,
            received: 4,
            idle: &[],
        };
        meter.measure(&columns).unwrap()
    }

    #[test]
    fn a_manager_reads_it() {
        let queue = measured(Some(&[1, 0, 3]), Some(&[0, 0, 9800]), &[1, 1, 2]);
        let whole = measured(None, None, &[1, 1, 0]);
        let rows = [
            ("first_come", &queue, false, None),
            ("whole_orders(exact)", &whole, true, Some("within 3/2")),
        ];
        let rows = rows.map(|(rule, metrics, one_off, optimality)| TableRow {
            rule,
            metrics,
            one_off,
            optimality,
        });
        let text = [
            "                     units  customers      fully   orders     orders  largest   refund  lowest    Jain    Gini                   moved since",
            "rule                   cut    touched  cancelled  touched  cancelled      cut  (minor)    fill    fill   units  overtakes  idle    last plan  notes",
            "first_come               2          1          0        1          0        2     9800   0.500  ~0.926  ~0.167          0     0        -1 +1",
            "whole_orders(exact)      4          1          1        1          1        4        -   0.000  ~0.667  ~0.333          0     2            -  one-off, within 3/2",
            "",
        ];
        assert_eq!(table(&rows), text.join("\n"));
        assert!(table(&rows).is_ascii());
    }

    #[test]
    fn what_nobody_knows_has_no_column() {
        let plain = measured(None, None, &[1, 0, 3]);
        let row = TableRow {
            rule: "adams",
            metrics: &plain,
            one_off: false,
            optimality: None,
        };
        let text = [
            "       units  customers      fully   orders     orders  largest  lowest    Jain   Gini",
            "rule     cut    touched  cancelled  touched  cancelled      cut    fill    fill  units  overtakes  idle",
            "adams      2          2          1        2          1        1   0.000  ~0.653  0.500          1     0",
            "",
        ];
        assert_eq!(table(&[row]), text.join("\n"));
        let nobody = Meter::new(&[] as &[DemandLine], &PlaceOrder::oldest_first()).unwrap();
        let nobody = nobody.measure(&KeptColumns::default()).unwrap();
        let row = TableRow {
            metrics: &nobody,
            ..row
        };
        let text = table(&[row]);
        let said: Vec<&str> = text.lines().last().unwrap().split_whitespace().collect();
        assert_eq!(said.join(" "), "adams 0 0 0 0 0 0 - 1.000 0.000 0 0");
        assert_eq!(table(&[]).lines().count(), 2);
    }
}
