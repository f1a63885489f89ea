//! Rows of another table that name lines or supply rows, by id, by row or by both.

use std::collections::HashMap;

use crate::cell::shortened;
use crate::column::{Column, Value};
use crate::fault::Fault;
use crate::gather::Source;
use crate::ids::{Id, Ids};
use crate::input::Input;

/// What may be named: the lines, or the supply rows.
pub(crate) struct Asked<'a> {
    id_column: &'static str,
    row_column: &'static str,
    ids: &'a Ids,
    /// Rows by the number of their id; none: the number is the row.
    by_number: Option<HashMap<u32, u32>>,
    count: usize,
    /// Codes of an id that nobody has, and of an id that is not that of the row.
    codes: (&'static str, &'static str),
}

impl<'a> Asked<'a> {
    pub(crate) fn lines(input: &'a Input) -> Self {
        Self {
            id_column: "line",
            row_column: "row",
            ids: &input.names.line,
            by_number: input.lines.line.as_deref().map(by_number),
            count: input.lines.len(),
            codes: ("no_such_line", "other_line"),
        }
    }

    pub(crate) fn supply(input: &'a Input) -> Self {
        Self {
            id_column: "supply",
            row_column: "supply_row",
            ids: &input.names.supply,
            by_number: input.supply_ids.as_deref().map(by_number),
            count: input.supply.len(),
            codes: ("no_such_supply", "other_supply"),
        }
    }

    /// The row that each row of `source` names; `None` where it names none.
    pub(crate) fn rows(
        &self,
        source: &Source,
        table: &'static str,
        faults: &mut Vec<Fault>,
    ) -> Vec<Option<u32>> {
        let ids = source.column(self.id_column);
        let rows = source.column(self.row_column);
        let one = |at: usize| -> Result<Option<u32>, Fault> {
            let fault = |code, column, what: &str| Fault::of_row(code, table, at, column, what);
            let by_id = self.by_id(ids, at);
            let by_id = by_id.map_err(|what| fault(self.codes.0, self.id_column, &what))?;
            let by_row = self.by_row(rows, at);
            let by_row = by_row.map_err(|what| fault("no_such_row", self.row_column, &what))?;
            match (by_id, by_row) {
                (Some(id), Some(row)) if id != row => {
                    let what = format!("that is row {id}, and {} says {row}", self.row_column);
                    Err(fault(self.codes.1, self.id_column, &what))
                }
                (by_id, by_row) => Ok(by_id.or(by_row)),
            }
        };
        let mut named = Vec::with_capacity(source.rows);
        for at in 0..source.rows {
            named.push(one(at).unwrap_or_else(|fault| {
                faults.push(fault);
                None
            }));
        }
        named
    }

    /// Where it must name one: a row without is a fault.
    pub(crate) fn every_row(
        &self,
        source: &Source,
        table: &'static str,
        faults: &mut Vec<Fault>,
    ) -> Vec<u32> {
        let mut told = Vec::new();
        let named = self.rows(source, table, &mut told);
        let what = format!(
            "nothing stands here and nothing under {:?}; one of them says which",
            self.row_column
        );
        let mut rows = Vec::with_capacity(named.len());
        for (at, row) in named.into_iter().enumerate() {
            if row.is_none() && told.iter().all(|fault| fault.row != Some(at)) {
                faults.push(Fault::of_row("missing", table, at, self.id_column, &what));
            }
            rows.push(row.unwrap_or(0));
        }
        faults.append(&mut told);
        rows
    }

    fn by_id(&self, ids: Option<&Column>, at: usize) -> Result<Option<u32>, String> {
        let id = match ids.map(|column| column.value(at)) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Int(value)) => Id::Int(value),
            Some(Value::Text(text)) => Id::Text(text),
            Some(_) => return Err("this is no id".into()),
        };
        let number = self.ids.number(id);
        let row = number.and_then(|number| match &self.by_number {
            Some(rows) => rows.get(&number).copied(),
            None => Some(number).filter(|&row| (row as usize) < self.count),
        });
        match row {
            Some(row) => Ok(Some(row)),
            None => Err(match id {
                Id::Int(value) => format!("nothing has the id {value}"),
                Id::Text(text) => format!("nothing has the id {:?}", shortened(text)),
            }),
        }
    }

    fn by_row(&self, rows: Option<&Column>, at: usize) -> Result<Option<u32>, String> {
        let value = match rows.map(|column| column.value(at)) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Int(value)) => value,
            Some(_) => return Err("this is no row".into()),
        };
        let row = u32::try_from(value).ok();
        match row.filter(|&row| (row as usize) < self.count) {
            Some(row) => Ok(Some(row)),
            None => Err(format!("there is no row {value}: there are {}", self.count)),
        }
    }
}

fn by_number(numbers: &[u32]) -> HashMap<u32, u32> {
    numbers.iter().copied().zip(0..).collect()
}
