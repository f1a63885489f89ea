//! What `plan_cancellations` decided, and the tables that tell of it.

use std::sync::Arc;

use allocator_core::{CancellationPlan, CutMethod, PlannedLine};

use crate::by_id::ById;
use crate::explanation::named;
use crate::fault::Fault;
use crate::ids::OwnedId;
use crate::input::Input;
use crate::table::Table;
use crate::values::{Values, Words};

/// Input and plan.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) input: Input,
    pub(crate) plan: CancellationPlan,
    by_id: ById,
}

impl Planned {
    pub(crate) fn of(input: Input, method: CutMethod) -> Result<Self, Fault> {
        let Input {
            lines,
            supply,
            terms,
            ..
        } = &input;
        let terms = terms.with(method);
        let plan = allocator_core::plan_cancellations(&lines.columns(), supply, terms)?;
        Ok(Self {
            input,
            plan,
            by_id: ById::default(),
        })
    }

    pub(crate) fn row_of(&self, number: u32) -> Option<usize> {
        self.by_id.row_of(&self.input.lines, number)
    }

    pub(crate) fn sentence(&self, row: usize) -> Result<String, Fault> {
        let name = |sku: allocator_core::SkuId| match named(&self.input.names.sku, sku.0) {
            OwnedId::Int(number) => format!("item {number}"),
            OwnedId::Text(text) => text.into(),
        };
        Ok(self.plan.sentence_with(row, name)?)
    }

    pub(crate) fn more_units(&self, row: usize) -> Result<Vec<(OwnedId, i64)>, Fault> {
        let more = self.plan.more_units(row)?.into_iter();
        let of = |sku: allocator_core::SkuId| named(&self.input.names.sku, sku.0);
        Ok(more.map(|more| (of(more.sku), more.units)).collect())
    }

    pub(crate) fn digest(&self) -> String {
        let digest = self.plan.digest_with(|row| self.input.line_text(row));
        format!("{digest:032x}")
    }

    pub(crate) fn lines(&self) -> Result<Table, Fault> {
        let rows: Vec<u32> = (0..).take(self.plan.len()).collect();
        Ok(Table::new(self.columns(&rows, self.plan.lines())))
    }

    /// The lines that lose units, with the sentence for the customer.
    pub(crate) fn cuts(&self) -> Result<Table, Fault> {
        let rows: Vec<u32> = (0..)
            .zip(self.plan.lines())
            .filter(|(_, line)| line.cut > 0)
            .map(|(row, _)| row)
            .collect();
        let lines = self.plan.lines().iter().filter(|line| line.cut > 0);
        let lines: Vec<PlannedLine> = lines.copied().collect();
        let sentence = |&row: &u32| self.sentence(row as usize).map(Some);
        let sentences: Result<Vec<_>, _> = rows.iter().map(sentence).collect();
        let mut columns = self.columns(&rows, &lines);
        columns.push(("sentence", Values::Texts(sentences?)));
        let rows = rows.iter().map(|&row| row.into()).collect();
        columns.push(("row", Values::Ints(rows)));
        Ok(Table::new(columns))
    }

    fn columns(&self, rows: &[u32], lines: &[PlannedLine]) -> Vec<(&'static str, Values)> {
        let units = |of: fn(&PlannedLine) -> i64| Values::Ints(lines.iter().map(of).collect());
        let skus = lines.iter().map(|line| line.sku.0).collect();
        let refunds = lines.iter().map(|line| line.refund).collect();
        let compensations = lines.iter().map(|line| line.compensation).collect();
        let reasons = lines.iter().map(|line| line.reason.number()).collect();
        vec![
            (
                "line",
                self.input.lines_at(rows.iter().map(|&row| Some(row))),
            ),
            ("sku", Values::Ids(skus, Arc::clone(&self.input.names.sku))),
            ("quantity", units(|line| line.quantity)),
            ("kept", units(|line| line.kept)),
            ("cut", units(|line| line.cut)),
            ("given", units(|line| line.given)),
            ("volunteered", units(|line| line.volunteered)),
            ("credit_spent", units(|line| line.credit_spent)),
            ("refund", Values::MaybeTotals(refunds)),
            ("compensation", Values::Totals(compensations)),
            ("reason", Values::Words(reasons, Words::CutReason)),
        ]
    }

    pub(crate) fn idle(&self) -> Result<Table, Fault> {
        Ok(self.input.idle_table(self.plan.idle()))
    }
}
