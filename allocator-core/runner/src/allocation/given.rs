//! What a case gives, in the columns of the core.
//!
//! The core judges everything it can hold: an unknown word becomes a code that does not exist, a
//! quantity beyond 64 bits one below zero. What its types cannot hold at all is refused here, as
//! the rules say, and takes its turn among the core's errors ([`Given::first_refusal`]).

use allocator_core::{
    Completeness, DemandColumns, Error, Interner, Misfit, PlaceOrder, PlacePart, Policy, Supply,
    Table,
};
use serde_json::{Map, Value};

use super::{Checked, Trouble, fail, fields, object, unsupported};

/// The input of one case.
#[derive(Default)]
pub(super) struct Given {
    pub(super) policy: Policy,
    pub(super) lines: Lines,
    pub(super) supply: Vec<Supply>,
    pub(super) names: Names,
    /// What a point of each criterion adds to a score.
    score_weights: Vec<(String, i64)>,
    /// What the core's types cannot hold.
    refusals: Vec<Refusal>,
}

/// Outside ids behind the core's numbers.
#[derive(Default)]
pub(super) struct Names {
    pub(super) lines: Interner,
    pub(super) orders: Interner,
    pub(super) customers: Interner,
    pub(super) skus: Interner,
    /// Numbered in the order of the texts: the id decides which of equal supply rows is used first.
    pub(super) supplies: Interner,
}

/// The lines, owned, column by column.
#[derive(Clone, Default)]
pub(super) struct Lines {
    pub(super) line: Vec<u32>,
    pub(super) order: Vec<u32>,
    pub(super) customer: Vec<u32>,
    pub(super) sku: Vec<u32>,
    pub(super) quantity: Vec<i64>,
    pub(super) priority: Vec<i64>,
    pub(super) placed_at: Vec<i64>,
    pub(super) sequence: Vec<i64>,
    pub(super) lot: Vec<i64>,
    pub(super) score: Vec<i64>,
    pub(super) weight: Vec<i64>,
    pub(super) completeness: Vec<u8>,
    pub(super) on_misfit: Vec<u8>,
}

impl Lines {
    pub(super) fn columns(&self) -> DemandColumns<'_> {
        DemandColumns {
            line: Some(&self.line),
            order: Some(&self.order),
            customer: Some(&self.customer),
            sku: &self.sku,
            quantity: &self.quantity,
            priority: Some(&self.priority),
            placed_at: Some(&self.placed_at),
            sequence: Some(&self.sequence),
            lot: Some(&self.lot),
            score: Some(&self.score),
            unit_lots: None,
            weight: Some(&self.weight),
            completeness: Some(&self.completeness),
            on_misfit: Some(&self.on_misfit),
        }
    }
}

/// An input refused, in the words of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: String,
    /// `None`: the policy.
    table: Option<Table>,
    pub(super) row: Option<usize>,
    pub(super) field: Option<String>,
}

impl From<&Error> for Refusal {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code().to_owned(),
            table: error.table(),
            row: error.row(),
            field: error.field().map(str::to_owned),
        }
    }
}

impl Refusal {
    fn unknown_rule() -> Self {
        Self {
            code: "unknown_rule".into(),
            table: None,
            row: None,
            field: Some("rule".into()),
        }
    }

    fn out_of_range(table: Table, row: usize, field: &str) -> Self {
        Self {
            code: "out_of_range".into(),
            table: Some(table),
            row: Some(row),
            field: Some(field.into()),
        }
    }

    /// Policy, supply rows, line rows, then what only shows between rows; inside a table by row.
    fn turn(&self) -> (u8, Option<usize>) {
        let between_rows = ["order_disagrees", "duplicate_place"].contains(&self.code.as_str());
        let stage = match self.table {
            _ if between_rows => 3,
            None => 0,
            Some(Table::Supply) => 1,
            Some(_) => 2,
        };
        (stage, self.row)
    }
}

impl Given {
    pub(super) fn read(given: &Map<String, Value>) -> Checked<Self> {
        let mut this = Self::default();
        if given.contains_key("policy") {
            this.read_policy(object(given, "policy")?)?;
        }
        let rows = line_rows(given)?;
        for (row, line) in rows.iter().enumerate() {
            this.read_line(&Row::new("given.lines", row, line, fields::line_is_built)?)?;
        }
        let Some(supply) = given.get("supply").and_then(Value::as_array) else {
            return fail("given.supply: is no list");
        };
        let supply: Vec<Vec<_>> = (supply.iter().enumerate())
            .map(|(row, supply)| cells(supply, &format!("given.supply[{row}]")))
            .collect::<Checked<_>>()?;
        let rows = (supply.iter().enumerate())
            .map(|(row, supply)| Row::new("given.supply", row, supply, fields::supply_is_built))
            .collect::<Checked<Vec<_>>>()?;
        this.read_supply(&rows)?;
        Ok(this)
    }

    /// Whether the core sees all of it.
    pub(super) fn is_whole(&self) -> bool {
        self.refusals.is_empty()
    }

    /// The refusal that the rules name first: the core's, or one of what it could not hold.
    pub(super) fn first_refusal(&self, core: Option<&Error>) -> Option<Refusal> {
        let core = core.map(Refusal::from);
        let outside = self.refusals.iter().min_by_key(|refusal| refusal.turn());
        match (core, outside) {
            (None, outside) => outside.cloned(),
            (core, None) => core,
            // In one row a range comes before any other fault, and the quantity, which the core
            // looks at, before the numbers it cannot hold.
            (Some(core), Some(outside)) => {
                let in_one_row = core.turn() == outside.turn() && core.code == outside.code;
                let core_first = core.turn() < outside.turn() || in_one_row;
                Some(if core_first { core } else { outside.clone() })
            }
        }
    }

    fn read_policy(&mut self, policy: &Map<String, Value>) -> Checked<()> {
        let unbuilt = policy
            .iter()
            .find(|(field, value)| !fields::policy_is_built(field, value));
        if let Some((field, value)) = unbuilt {
            return unsupported(format!("given.policy.{field}{}", word(value)));
        }
        self.read_rule(policy)?;
        if let Some(order) = policy.get("order") {
            self.read_order(order)?;
        }
        if policy.contains_key("score_weights") {
            self.read_score_weights(object(policy, "score_weights")?)?;
        }
        Ok(())
    }

    fn read_order(&mut self, order: &Value) -> Checked<()> {
        let words = order
            .as_array()
            .map(|words| words.iter().map(Value::as_str));
        let Some(words) = words.and_then(|words| words.collect::<Option<Vec<&str>>>()) else {
            return fail("given.policy.order: is no list of texts");
        };
        let parts: Result<Vec<PlacePart>, Error> = words.into_iter().map(str::parse).collect();
        match parts.and_then(|parts| PlaceOrder::from_parts(&parts)) {
            Ok(order) => self.policy.order = order,
            Err(error) => self.refusals.push(Refusal::from(&error)),
        }
        Ok(())
    }

    fn read_score_weights(&mut self, weights: &Map<String, Value>) -> Checked<()> {
        for (criterion, weight) in weights {
            let weight = match Integer::of(weight) {
                Some(Integer::Fits(weight)) => weight,
                Some(Integer::Beyond) => return unsupported("a weight beyond 64 bits"),
                None => return fail("given.policy.score_weights: holds what is no whole number"),
            };
            self.score_weights.push((criterion.clone(), weight));
        }
        Ok(())
    }

    /// The weighted sum of a line's criteria; one that it does not have counts 0, one without weight
    /// too. Refused where 64 bits cannot hold it.
    fn score(&mut self, row: &Row<'_>) -> Checked<i64> {
        let criteria = match row.value("criteria") {
            None => return Ok(0),
            Some(Value::Object(criteria)) => criteria,
            Some(_) => return row.wrong("criteria", "is no object"),
        };
        let mut score: i128 = 0;
        let mut beyond = false;
        for (criterion, points) in criteria {
            let weight = self
                .score_weights
                .iter()
                .find(|(name, _)| name == criterion);
            match Integer::of(points) {
                Some(Integer::Fits(points)) => {
                    let weight = weight.map_or(0, |&(_, weight)| i128::from(weight));
                    // A product of two numbers of 64 bits fits.
                    match score.checked_add(weight.saturating_mul(points.into())) {
                        Some(sum) => score = sum,
                        None => beyond = true,
                    }
                }
                Some(Integer::Beyond) => beyond = true,
                None => return row.wrong("criteria", "holds what is no whole number"),
            }
        }
        match i64::try_from(score) {
            Ok(score) if !beyond => Ok(score),
            _ => {
                let refusal = Refusal::out_of_range(Table::Lines, row.index, "criteria");
                self.refusals.push(refusal);
                Ok(0)
            }
        }
    }

    fn read_rule(&mut self, policy: &Map<String, Value>) -> Checked<()> {
        match policy.get("rule").map(Value::as_str) {
            None => Ok(()),
            Some(None) => fail("given.policy.rule: is no text"),
            Some(Some(word)) => {
                let protect = policy.get("protect").map_or(Some(1), Value::as_i64);
                let Some(protect) = protect else {
                    return fail("given.policy.protect: is no number");
                };
                match fields::rule(word, protect) {
                    None => self.refusals.push(Refusal::unknown_rule()),
                    Some(Ok(rule)) => self.policy = Policy::sharing(rule),
                    Some(Err(error)) => self.refusals.push(Refusal::from(&error)),
                }
                Ok(())
            }
        }
    }

    fn read_line(&mut self, row: &Row<'_>) -> Checked<()> {
        let line = row.text("line")?;
        // By the letter of the form an absent order is the line's own id, an absent customer the
        // order's: a customer who is named like another's order is that customer.
        let order = row.optional_text("order")?.unwrap_or(line);
        let customer = row.optional_text("customer")?.unwrap_or(order);
        let names = &mut self.names;
        self.lines.line.push(row.number(&mut names.lines, line)?);
        self.lines.order.push(row.number(&mut names.orders, order)?);
        let customer = row.number(&mut names.customers, customer)?;
        self.lines.customer.push(customer);
        let sku = row.number(&mut names.skus, row.text("sku")?)?;
        self.lines.sku.push(sku);
        self.lines.quantity.push(row.quantity()?);
        let default_sequence = i64::try_from(row.index).unwrap_or(i64::MAX);
        for (field, default, column) in [
            ("priority", 0, &mut self.lines.priority),
            ("placed_at", 0, &mut self.lines.placed_at),
            ("sequence", default_sequence, &mut self.lines.sequence),
            ("lot", 0, &mut self.lines.lot),
            ("weight", 1, &mut self.lines.weight),
        ] {
            let value = row.integer(field)?.unwrap_or(Integer::Fits(default));
            column.push(value.or_refuse(Table::Lines, row.index, field, &mut self.refusals));
        }
        let score = self.score(row)?;
        self.lines.score.push(score);
        let completeness = match row.optional_text("completeness")?.unwrap_or("partial") {
            "partial" => Some(Completeness::Partial),
            "line" => Some(Completeness::Line),
            "order" => Some(Completeness::Order),
            _ => None,
        };
        let misfit = match row.optional_text("on_misfit")?.unwrap_or("skip") {
            "strict" => Some(Misfit::SetAside),
            "skip" => Some(Misfit::Pass),
            _ => None,
        };
        let code = |word: Option<u8>| word.unwrap_or(NO_SUCH_CODE);
        let completeness = code(completeness.map(|word| Completeness::code(Some(word))));
        self.lines.completeness.push(completeness);
        let misfit = code(misfit.map(|word| Misfit::code(Some(word))));
        self.lines.on_misfit.push(misfit);
        Ok(())
    }

    fn read_supply(&mut self, rows: &[Row<'_>]) -> Checked<()> {
        let mut ids: Vec<_> =
            (rows.iter().map(|row| Ok((row.text("supply")?, row)))).collect::<Checked<_>>()?;
        ids.sort_by_key(|&(id, _)| id);
        for (id, row) in ids {
            row.number(&mut self.names.supplies, id)?;
        }
        for row in rows {
            let id = row.number(&mut self.names.supplies, row.text("supply")?)?;
            let sku = row.number(&mut self.names.skus, row.text("sku")?)?;
            let sequence = row.integer("sequence")?.unwrap_or(Integer::Fits(0));
            let sequence =
                sequence.or_refuse(Table::Supply, row.index, "sequence", &mut self.refusals);
            let supply = Supply::received(sku, row.quantity()?).supply(id);
            self.supply.push(supply.sequence(sequence));
        }
        Ok(())
    }
}

/// A code that neither completeness nor misfit has.
const NO_SUCH_CODE: u8 = u8::MAX;

type Cells<'a> = Vec<(&'a str, &'a Value)>;

/// The lines as rows, whether they are listed or stand in a table.
fn line_rows(given: &Map<String, Value>) -> Checked<Vec<Cells<'_>>> {
    match given.get("lines") {
        Some(Value::Array(lines)) => (lines.iter().enumerate())
            .map(|(row, line)| cells(line, &format!("given.lines[{row}]")))
            .collect(),
        Some(Value::Object(table)) => table_rows(table),
        _ => fail("given.lines: is neither a list nor a table"),
    }
}

fn cells<'a>(row: &'a Value, path: &str) -> Checked<Cells<'a>> {
    match row.as_object() {
        Some(row) => Ok(row
            .iter()
            .map(|(name, value)| (name.as_str(), value))
            .collect()),
        None => fail(format!("{path}: is no object")),
    }
}

fn table_rows(table: &Map<String, Value>) -> Checked<Vec<Cells<'_>>> {
    let part = |name: &str| table.get(name);
    let (Some(same), Some(Value::Array(columns)), Some(Value::Array(rows))) =
        (part("same"), part("columns"), part("rows"))
    else {
        return fail("given.lines: a table has same, and lists of columns and rows");
    };
    let same = cells(same, "given.lines.same")?;
    let mut names = Vec::new();
    for column in columns {
        let Some(column) = column.as_str() else {
            return fail("given.lines.columns: holds what is no text");
        };
        if names.contains(&column) || same.iter().any(|(field, _)| *field == column) {
            return fail(format!("given.lines.columns: {column} stands twice"));
        }
        names.push(column);
    }
    (rows.iter().enumerate())
        .map(|(index, row)| match row.as_array() {
            Some(row) if row.len() == names.len() => {
                let own = names.iter().copied().zip(row);
                Ok(same.iter().copied().chain(own).collect())
            }
            Some(row) => {
                let (values, columns) = (row.len(), names.len());
                fail(format!(
                    "given.lines.rows[{index}]: {values} values for {columns} columns"
                ))
            }
            None => fail(format!("given.lines.rows[{index}]: is no list")),
        })
        .collect()
}

/// The word of a value that is one, to name beside its field.
fn word(value: &Value) -> String {
    let word = value.as_str().map(|word| format!(" {word}"));
    word.unwrap_or_default()
}

/// One row of a table, all of whose fields are built.
struct Row<'a> {
    table: &'static str,
    index: usize,
    cells: &'a [(&'a str, &'a Value)],
}

impl<'a> Row<'a> {
    fn new(
        table: &'static str,
        index: usize,
        cells: &'a [(&'a str, &'a Value)],
        is_built: fn(&str, &Value) -> bool,
    ) -> Checked<Self> {
        match cells.iter().find(|(field, value)| !is_built(field, value)) {
            Some((field, value)) => unsupported(format!("{table}[{index}].{field}{}", word(value))),
            None => Ok(Self {
                table,
                index,
                cells,
            }),
        }
    }

    fn value(&self, field: &str) -> Option<&'a Value> {
        self.cells
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| *value)
    }

    fn wrong<T>(&self, field: &str, what: &str) -> Checked<T> {
        fail(format!("{}[{}].{field}: {what}", self.table, self.index))
    }

    fn text(&self, field: &str) -> Checked<&'a str> {
        match self.optional_text(field)? {
            Some(text) => Ok(text),
            None => self.wrong(field, "is missing"),
        }
    }

    fn optional_text(&self, field: &str) -> Checked<Option<&'a str>> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => self.wrong(field, "is no text"),
        }
    }

    fn integer(&self, field: &str) -> Checked<Option<Integer>> {
        match self.value(field) {
            None => Ok(None),
            Some(value) => match Integer::of(value) {
                Some(integer) => Ok(Some(integer)),
                None => self.wrong(field, "is no whole number"),
            },
        }
    }

    /// Units; what 64 bits cannot hold is as far outside the range as what is below zero.
    fn quantity(&self) -> Checked<i64> {
        match self.integer("quantity")? {
            Some(Integer::Fits(units)) => Ok(units),
            Some(Integer::Beyond) => Ok(i64::MIN),
            None => self.wrong("quantity", "is missing"),
        }
    }

    fn number(&self, names: &mut Interner, name: &str) -> Checked<u32> {
        let refused = |error| Trouble::Fail(format!("{}[{}]: {error}", self.table, self.index));
        names.intern(name).map_err(refused)
    }
}

/// A whole number of any size.
enum Integer {
    Fits(i64),
    Beyond,
}

impl Integer {
    fn of(value: &Value) -> Option<Self> {
        if let Some(fits) = value.as_i64() {
            return Some(Self::Fits(fits));
        }
        // The reader turns whole numbers of more than 64 bits into floats; each float of that size
        // is whole. A smaller one was written with a point.
        let size = value.as_f64()?.abs();
        (size >= TWO_TO_63).then_some(Self::Beyond)
    }

    /// The number, or 0 and a refusal: the core never sees the row.
    fn or_refuse(&self, table: Table, row: usize, field: &str, refusals: &mut Vec<Refusal>) -> i64 {
        match *self {
            Self::Fits(value) => value,
            Self::Beyond => {
                refusals.push(Refusal::out_of_range(table, row, field));
                0
            }
        }
    }
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
