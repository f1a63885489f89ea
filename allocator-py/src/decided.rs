//! What `allocate` decided, and the tables that tell of it.

use std::sync::{Arc, OnceLock};

use allocator_core::limits::NO_ID;
use allocator_core::{Allocation, Completeness, Error, Explainer, OutcomeColumns, Peg, Reason};
use arrow_buffer::ScalarBuffer;

use crate::explanation::Explanation;
use crate::fault::Fault;
use crate::input::{Input, Lines};
use crate::table::Table;
use crate::values::{Values, Words};

/// Input and result.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) input: Input,
    awards: Awards,
    /// The core's whole result; made at the first question that the awards do not answer, because to
    /// lay out queues and pegs costs many times what it costs to say who gets how much.
    laid_out: OnceLock<Result<Allocation, Fault>>,
    explainer: OnceLock<Explainer>,
    /// Numbers of line ids with their rows, rising; made at the first question by id.
    by_id: OnceLock<Vec<(u32, u32)>>,
}

/// What each line gets and why. Columns that go out share these buffers.
#[derive(Debug)]
struct Awards {
    allocated: ScalarBuffer<i64>,
    covered: ScalarBuffer<i64>,
    set_aside: ScalarBuffer<i64>,
    reason: Vec<Reason>,
}

impl Awards {
    fn of(input: &Input) -> Result<Self, Error> {
        let rows = input.lines.len();
        let (mut allocated, mut covered, mut set_aside) =
            (vec![0; rows], vec![0; rows], vec![0; rows]);
        let mut reason = vec![Reason::Short; rows];
        let mut columns = OutcomeColumns {
            allocated: &mut allocated,
            covered: &mut covered,
            set_aside: &mut set_aside,
            reason: &mut reason,
        };
        let Input {
            lines,
            supply,
            policy,
            ..
        } = input;
        allocator_core::allocate_into(&lines.columns(), supply, policy, &mut columns)?;
        Ok(Self {
            allocated: allocated.into(),
            covered: covered.into(),
            set_aside: set_aside.into(),
            reason,
        })
    }

    fn from_result(result: &Allocation) -> Self {
        Self {
            allocated: result.allocated().to_vec().into(),
            covered: result.covered().to_vec().into(),
            set_aside: result.set_aside().to_vec().into(),
            reason: result.reasons().to_vec(),
        }
    }

    /// The units of each line that it does not have, where `is_wanted` holds for its reason.
    fn open(&self, quantity: &[i64], is_wanted: fn(Reason) -> bool) -> ScalarBuffer<i64> {
        let rows = quantity.iter().zip(&*self.allocated).zip(&*self.set_aside);
        let open = |(((&quantity, &allocated), &aside), &reason): (((&i64, &i64), &i64), _)| {
            if is_wanted(reason) {
                quantity.saturating_sub(allocated).saturating_sub(aside)
            } else {
                0
            }
        };
        rows.zip(&self.reason).map(open).collect()
    }
}

impl Decided {
    pub(crate) fn of(input: Input) -> Result<Self, Fault> {
        let Input { lines, policy, .. } = &input;
        let may_ship_whole =
            policy.completeness != Completeness::Partial || lines.completeness.is_some();
        let laid_out = OnceLock::new();
        let awards = if may_ship_whole || !policy.rule.is_queue() {
            // Whole lines and shares take the lanes in order, and with these the rest costs little.
            let result = lay_out(&input)?;
            let awards = Awards::from_result(&result);
            let _ = laid_out.set(Ok(result));
            awards
        } else {
            Awards::of(&input)?
        };
        Ok(Self {
            input,
            awards,
            laid_out,
            explainer: OnceLock::new(),
            by_id: OnceLock::new(),
        })
    }

    /// The core's result with everything that follows from it.
    pub(crate) fn result(&self) -> Result<&Allocation, Fault> {
        let made = self.laid_out.get_or_init(|| lay_out(&self.input));
        made.as_ref().map_err(Fault::clone)
    }

    /// Units allocated, aligned with the lines.
    pub(crate) fn allocated(&self) -> &[i64] {
        &self.awards.allocated
    }

    /// Makes the explainer at the first question.
    fn explainer(&self) -> Result<&Explainer, Fault> {
        if self.explainer.get().is_none() {
            let Input {
                lines,
                supply,
                policy,
                ..
            } = &self.input;
            let made = Explainer::new(&lines.columns(), supply, policy)?;
            // Another thread may have been faster; both are the same.
            let _ = self.explainer.set(made);
        }
        let missing = || Error::Corrupt { at: "explainer" }.into();
        self.explainer.get().ok_or_else(missing)
    }

    pub(crate) fn explain(&self, row: usize) -> Result<Explanation, Fault> {
        let why = self.explainer()?.explain(row)?;
        Ok(Explanation::new(&why, &self.input))
    }

    /// The row of a line number.
    pub(crate) fn row_of(&self, number: u32) -> Option<usize> {
        let Some(numbers) = &self.input.lines.line else {
            return Some(number as usize).filter(|&row| row < self.input.lines.len());
        };
        let rows = self.by_id.get_or_init(|| {
            let mut rows: Vec<(u32, u32)> = numbers.iter().copied().zip(0..).collect();
            rows.sort_unstable();
            rows
        });
        let at = rows.binary_search_by_key(&number, |&(number, _)| number);
        let &(_, row) = rows.get(at.ok()?)?;
        Some(row as usize)
    }

    fn lines_at(&self, rows: impl Iterator<Item = Option<u32>>) -> Values {
        let number = |row: Option<u32>| match row {
            Some(row) => self.input.lines.line_number(row as usize),
            None => NO_ID,
        };
        Values::Ids(
            rows.map(number).collect(),
            Arc::clone(&self.input.names.line),
        )
    }

    fn lines(&self) -> Values {
        self.lines_at((0..).take(self.input.lines.len()).map(Some))
    }

    pub(crate) fn outcomes(&self) -> Result<Table, Fault> {
        let Lines { sku, quantity, .. } = &self.input.lines;
        let Awards {
            allocated,
            covered,
            set_aside,
            reason,
        } = &self.awards;
        let waiting = self.awards.open(quantity, |reason| !reason.is_never());
        let never = self.awards.open(quantity, Reason::is_never);
        let reasons = reason.iter().map(|reason| reason.number()).collect();
        Ok(Table::new(vec![
            ("line", self.lines()),
            (
                "sku",
                Values::Ids(sku.clone(), Arc::clone(&self.input.names.sku)),
            ),
            ("quantity", Values::Ints(quantity.clone())),
            ("allocated", Values::Ints(allocated.clone())),
            ("set_aside", Values::Ints(set_aside.clone())),
            ("waiting", Values::Ints(waiting)),
            ("never", Values::Ints(never)),
            ("covered", Values::Ints(covered.clone())),
            ("reason", Values::Words(reasons, Words::Reason)),
        ]))
    }

    pub(crate) fn pegs(&self) -> Result<Table, Fault> {
        Ok(self.pegs_table(self.result()?.pegs()))
    }

    pub(crate) fn pegs_of(&self, row: usize) -> Result<Table, Fault> {
        Ok(self.pegs_table(self.result()?.pegs_of(row)))
    }

    fn pegs_table(&self, pegs: &[Peg]) -> Table {
        let ids = self.input.supply_ids.as_deref();
        let supply = |row: u32| match ids {
            Some(ids) => ids.get(row as usize).copied().unwrap_or(NO_ID),
            None => row,
        };
        let suppliers = pegs.iter().map(|peg| supply(peg.supply)).collect();
        Table::new(vec![
            ("line", self.lines_at(pegs.iter().map(|peg| Some(peg.row)))),
            (
                "supply",
                Values::Ids(suppliers, Arc::clone(&self.input.names.supply)),
            ),
            (
                "units",
                Values::Ints(pegs.iter().map(|peg| peg.units).collect()),
            ),
            (
                "row",
                Values::Ints(pegs.iter().map(|peg| peg.row.into()).collect()),
            ),
            (
                "supply_row",
                Values::Ints(pegs.iter().map(|peg| peg.supply.into()).collect()),
            ),
        ])
    }

    pub(crate) fn idle(&self) -> Result<Table, Fault> {
        let idle = self.result()?.idle();
        let skus = idle.iter().map(|entry| entry.sku.0).collect();
        let causes = idle.iter().map(|entry| entry.cause.number()).collect();
        let rows = idle.iter().map(|entry| entry.row.map(i64::from)).collect();
        Ok(Table::new(vec![
            ("sku", Values::Ids(skus, Arc::clone(&self.input.names.sku))),
            ("cause", Values::Words(causes, Words::IdleCause)),
            (
                "units",
                Values::Ints(idle.iter().map(|entry| entry.units).collect()),
            ),
            ("line", self.lines_at(idle.iter().map(|entry| entry.row))),
            ("row", Values::MaybeInts(rows)),
        ]))
    }

    pub(crate) fn overtakes(&self, limit: usize) -> Result<Table, Fault> {
        let pairs: Vec<_> = self.result()?.overtakes().take(limit).collect();
        let causes = pairs.iter().map(|pair| pair.because.number()).collect();
        Ok(Table::new(vec![
            (
                "later",
                self.lines_at(pairs.iter().map(|pair| Some(pair.later))),
            ),
            (
                "earlier",
                self.lines_at(pairs.iter().map(|pair| Some(pair.earlier))),
            ),
            ("because", Values::Words(causes, Words::OvertakeCause)),
            (
                "later_row",
                Values::Ints(pairs.iter().map(|pair| pair.later.into()).collect()),
            ),
            (
                "earlier_row",
                Values::Ints(pairs.iter().map(|pair| pair.earlier.into()).collect()),
            ),
        ]))
    }

    pub(crate) fn places(&self) -> Result<Table, Fault> {
        let places = self.result()?.places();
        let positions = places.iter().map(|place| place.position.into()).collect();
        let ahead = places.iter().map(|place| place.units_ahead).collect();
        Ok(Table::new(vec![
            ("line", self.lines()),
            ("position", Values::Ints(positions)),
            ("units_ahead", Values::Totals(ahead)),
        ]))
    }
}

fn lay_out(input: &Input) -> Result<Allocation, Fault> {
    let Input {
        lines,
        supply,
        policy,
        ..
    } = input;
    Ok(allocator_core::allocate(&lines.columns(), supply, policy)?)
}
