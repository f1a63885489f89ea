//! What a plan of cancellations reads beside the claims: prices, what was given, credits and offers.

use allocator_core::{CancelTerms, CutMethod};

use crate::cells::{Cells, Column};
use crate::fault::{Fault, Faults, File, quoted};
use crate::input::Input;
use crate::standing::{Standing, cancelled_by};
use crate::table::Table;

const NAMES: [&str; 4] = ["given", "credit", "offered", "asked"];

/// The columns of the file, one element per row.
#[derive(Debug, Default)]
pub(crate) struct FileTerms {
    /// Those that the file has, with their values.
    columns: [Option<(Column, Vec<i64>)>; NAMES.len()],
    currency: Option<Column>,
    /// What the first row says that says anything, and its line.
    said: Option<(String, u64)>,
}

impl FileTerms {
    /// Looks for the columns.
    pub(crate) fn open(table: &mut Table, faults: &mut Faults) -> Self {
        let columns = NAMES.map(|name| {
            let column = table.column(name, faults);
            column.index.map(|_| (column, Vec::new()))
        });
        let currency = table.column("currency", faults);
        Self {
            columns,
            currency: currency.index.map(|_| currency),
            said: None,
        }
    }

    /// The cells of a row; 0 stands in for an empty or a faulty one.
    pub(crate) fn read(&mut self, cells: &mut Cells<'_>) -> [i64; NAMES.len()] {
        let mut values = [0; NAMES.len()];
        for (value, column) in values.iter_mut().zip(&self.columns) {
            if let Some((column, _)) = column {
                *value = cells.optional_number(*column).flatten().unwrap_or(0);
            }
        }
        self.read_currency(cells);
        values
    }

    fn read_currency(&mut self, cells: &mut Cells<'_>) {
        let Some(column) = self.currency else {
            return;
        };
        let text = cells.text(column).unwrap_or_default();
        match &self.said {
            _ if text.is_empty() => {}
            None => self.said = Some((text.to_owned(), cells.line)),
            Some((said, line)) if said != text => {
                let (text, said) = (quoted(text), quoted(said));
                let reason = format!(
                    "{text} is not the {said} of line {line}: refunds add up in one currency"
                );
                cells.fault(Some(column), reason);
            }
            Some(_) => {}
        }
    }

    /// Keeps the cells of a row.
    pub(crate) fn push(&mut self, values: [i64; NAMES.len()]) {
        for (value, column) in values.into_iter().zip(&mut self.columns) {
            if let Some((_, column)) = column {
                column.push(value);
            }
        }
    }

    /// The currency of all prices, where the file names one.
    pub(crate) fn currency(&self) -> Option<&str> {
        self.said.as_ref().map(|(said, _)| said.as_str())
    }

    fn column(&self, index: usize) -> Option<&[i64]> {
        let (_, values) = self.columns.get(index)?.as_ref()?;
        Some(values)
    }
}

/// Reports every row that was given or offers more units than it can.
pub(crate) fn check(input: &mut Input, as_of: Option<i64>, whole_orders: bool) {
    let cancelled = cancelled_by(input, as_of);
    let demand = &mut input.demand;
    let counts = |at: i64| as_of.is_none_or(|as_of| at <= as_of);
    let mut concerned = false;
    for (row, cancelled) in cancelled.into_iter().enumerate() {
        if !demand.good[row] || !counts(demand.placed_at[row]) {
            continue;
        }
        let value = |index| demand.terms.column(index).map_or(0, |column| column[row]);
        let (given, offered) = (value(0), value(2));
        let ordered = demand.quantity[row] - cancelled;
        let open = ordered - given;
        let (column, reason) = if given > ordered {
            let reason = format!("{given} is above {ordered}, the units ordered");
            ("given", reason)
        } else if offered > open {
            let reason = format!("{offered} is above {open}, the units ordered and not given yet");
            ("offered", reason)
        } else {
            continue;
        };
        input.faults.add(Fault {
            file: File::Demand,
            line: demand.file_line[row],
            column: Some(column),
            reason,
        });
        input.faults.concerns(Some(demand.order[row]));
        demand.good[row] = false;
        concerned = true;
    }
    if concerned && whole_orders {
        input.drop_incomplete_orders();
    }
}

/// The same, aligned with the lines that count at an instant.
#[derive(Debug)]
pub(crate) struct Terms {
    columns: [Option<Vec<i64>>; NAMES.len()],
    price: Option<Vec<i64>>,
    /// Lines without a price in a file that has prices, and the first of them in the file.
    pub(crate) unpriced: Option<(usize, u64)>,
}

impl Terms {
    pub(crate) fn new(input: &Input, standing: &Standing) -> Self {
        let demand = &input.demand;
        let of_lines = |column: &[i64]| standing.row.iter().map(|&row| column[row]).collect();
        let columns = std::array::from_fn(|index| demand.terms.column(index).map(of_lines));
        let wanting = |line: &usize| {
            standing.quantity[*line] > 0 && demand.price(standing.row[*line]).is_none()
        };
        let unpriced: Vec<usize> = (0..standing.len()).filter(wanting).collect();
        let first = unpriced.first().map(|&line| {
            let row = standing.row[line];
            (unpriced.len(), demand.file_line[row])
        });
        let prices = || {
            standing
                .row
                .iter()
                .map(|&row| demand.price(row).unwrap_or(0))
        };
        Self {
            columns,
            // Refunds for some and none for others would add up to a sum that says nothing.
            price: (demand.has_prices() && first.is_none()).then(|| prices().collect()),
            unpriced: first.filter(|_| demand.has_prices()),
        }
    }

    /// What the core reads.
    pub(crate) fn of(&self, method: CutMethod) -> CancelTerms<'_> {
        let [given, credit, offered, asked] = self.columns.each_ref().map(Option::as_deref);
        let mut terms = CancelTerms::from(method);
        terms.unit_price = self.price.as_deref();
        (terms.given, terms.credit) = (given, credit);
        (terms.offered, terms.asked) = (offered, asked);
        terms
    }

    /// What a unit of a line was paid with, where refunds are known.
    pub(crate) fn price(&self, line: usize) -> Option<i64> {
        self.price.as_ref()?.get(line).copied()
    }

    /// Whether refunds are known.
    pub(crate) fn has_prices(&self) -> bool {
        self.price.is_some()
    }

    /// Whether only claims decide: nothing was given, credited or offered.
    pub(crate) fn are_plain(&self) -> bool {
        let [given, credit, offered, _] = &self.columns;
        let nothing = |column: &Option<Vec<i64>>| column.iter().flatten().all(|&units| units == 0);
        nothing(given) && nothing(credit) && nothing(offered)
    }
}
