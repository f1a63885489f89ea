//! What `allocate` decided, and the tables that tell of it.

use std::sync::{Arc, OnceLock};

use allocator_core::limits::NO_ID;
use allocator_core::{
    Allocation, Certificate, Completeness, Error, Explainer, OutcomeColumns, Peg, Reason,
};
use arrow_buffer::ScalarBuffer;

use crate::by_id::ById;
use crate::explanation::Explanation;
use crate::fault::Fault;
use crate::gather::Gathered;
use crate::increment;
use crate::input::Input;
use crate::table::Table;
use crate::values::{Values, Words};

/// Input and result.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) input: Input,
    /// Units of each line. Columns that go out share this buffer.
    allocated: ScalarBuffer<i64>,
    /// The core's whole result; made at the first question that needs it, because to lay out queues
    /// and pegs costs many times what it costs to say who gets how much.
    laid_out: OnceLock<Result<Allocation, Fault>>,
    explainer: OnceLock<Explainer>,
    certificate: OnceLock<Certificate>,
    by_id: ById,
}

/// What an outcome has besides the units allocated.
struct Beside {
    covered: ScalarBuffer<i64>,
    set_aside: ScalarBuffer<i64>,
    reason: Vec<Reason>,
}

impl Beside {
    /// Decides once more, which costs little.
    fn decide(input: &Input) -> Result<Self, Fault> {
        let rows = input.lines.len();
        let (mut allocated, mut covered, mut set_aside) =
            (vec![0; rows], vec![0; rows], vec![0; rows]);
        let mut reason = vec![Reason::Short; rows];
        let columns = OutcomeColumns {
            allocated: &mut allocated,
            covered: Some(&mut covered),
            set_aside: Some(&mut set_aside),
            reason: Some(&mut reason),
        };
        allocate_into(input, columns)?;
        Ok(Self {
            covered: covered.into(),
            set_aside: set_aside.into(),
            reason,
        })
    }

    fn from_result(result: &Allocation) -> Self {
        Self {
            covered: result.covered().to_vec().into(),
            set_aside: result.set_aside().to_vec().into(),
            reason: result.reasons().to_vec(),
        }
    }

    /// The units of each line that it does not have, where `is_wanted` holds for its reason.
    fn open(
        &self,
        quantity: &[i64],
        allocated: &[i64],
        is_wanted: fn(Reason) -> bool,
    ) -> ScalarBuffer<i64> {
        let rows = quantity.iter().zip(allocated).zip(&*self.set_aside);
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
        let laid_out = OnceLock::new();
        let allocated = if is_partial(&input) {
            let mut allocated = vec![0; input.lines.len()];
            allocate_into(&input, OutcomeColumns::allocated(&mut allocated))?;
            allocated
        } else {
            // What ships whole takes the lanes in order, and with these the rest costs little.
            let result = lay_out(&input)?;
            let allocated = result.allocated().to_vec();
            let _ = laid_out.set(Ok(result));
            allocated
        };
        Ok(Self {
            input,
            allocated: allocated.into(),
            laid_out,
            explainer: OnceLock::new(),
            certificate: OnceLock::new(),
            by_id: ById::default(),
        })
    }

    /// The core's result with everything that follows from it.
    pub(crate) fn result(&self) -> Result<&Allocation, Fault> {
        let made = self.laid_out.get_or_init(|| lay_out(&self.input));
        made.as_ref().map_err(Fault::clone)
    }

    /// Units allocated, aligned with the lines.
    pub(crate) fn allocated(&self) -> &[i64] {
        &self.allocated
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

    /// Numbers the units of every claimant at the first question.
    pub(crate) fn certificate(&self) -> Result<&Certificate, Fault> {
        if self.certificate.get().is_none() {
            let Input { lines, policy, .. } = &self.input;
            let made = Certificate::new(&lines.columns(), policy, self.result()?)?;
            // Another thread may have been faster; both are the same.
            let _ = self.certificate.set(made);
        }
        let missing = || Error::Corrupt { at: "certificate" }.into();
        self.certificate.get().ok_or_else(missing)
    }

    pub(crate) fn explain(&self, row: usize) -> Result<Explanation, Fault> {
        let why = self.explainer()?.explain(row)?;
        Ok(Explanation::new(&why, &self.input))
    }

    /// The row of a line number.
    pub(crate) fn row_of(&self, number: u32) -> Option<usize> {
        self.by_id.row_of(&self.input.lines, number)
    }

    pub(crate) fn outcomes(&self) -> Result<Table, Fault> {
        let beside = match self.laid_out.get() {
            Some(_) => Beside::from_result(self.result()?),
            None => Beside::decide(&self.input)?,
        };
        let (quantity, allocated) = (&self.input.lines.quantity, &self.allocated);
        let waiting = beside.open(quantity, allocated, |reason| !reason.is_never());
        let never = beside.open(quantity, allocated, Reason::is_never);
        let reasons = beside.reason.iter().map(|reason| reason.number()).collect();
        Ok(Table::new(vec![
            ("line", self.input.line_ids()),
            ("sku", self.input.skus()),
            ("quantity", Values::Ints(quantity.clone())),
            ("allocated", Values::Ints(allocated.clone())),
            ("set_aside", Values::Ints(beside.set_aside)),
            ("waiting", Values::Ints(waiting)),
            ("never", Values::Ints(never)),
            ("covered", Values::Ints(beside.covered)),
            ("reason", Values::Words(reasons, Words::Reason)),
        ]))
    }

    /// Units to hand out now beyond those given before.
    pub(crate) fn increment(&self, given: Gathered) -> Result<Table, Fault> {
        let units = increment::units(&self.input.lines.quantity, &self.allocated, given)?;
        Ok(Table::new(vec![
            ("line", self.input.line_ids()),
            ("sku", self.input.skus()),
            ("units", Values::Ints(units.into())),
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
            (
                "line",
                self.input.lines_at(pegs.iter().map(|peg| Some(peg.row))),
            ),
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
        Ok(self.input.idle_table(self.result()?.idle()))
    }

    pub(crate) fn overtakes(&self, limit: usize) -> Result<Table, Fault> {
        let pairs: Vec<_> = self.result()?.overtakes().take(limit).collect();
        let causes = pairs.iter().map(|pair| pair.because.number()).collect();
        Ok(Table::new(vec![
            (
                "later",
                self.input
                    .lines_at(pairs.iter().map(|pair| Some(pair.later))),
            ),
            (
                "earlier",
                self.input
                    .lines_at(pairs.iter().map(|pair| Some(pair.earlier))),
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
            ("line", self.input.line_ids()),
            ("position", Values::Ints(positions)),
            ("units_ahead", Values::Totals(ahead)),
        ]))
    }
}

/// Whether no line ships whole: then who gets how much can be said without a layout, under any rule.
fn is_partial(input: &Input) -> bool {
    let by_policy = input.policy.completeness == Completeness::Partial;
    let [none, partial] = [None, Some(Completeness::Partial)].map(Completeness::code);
    let is_partial = |&code: &u8| code == partial || (code == none && by_policy);
    let codes = input.lines.completeness.as_ref();
    codes.map_or(by_policy, |codes| codes.iter().all(is_partial))
}

fn allocate_into(input: &Input, mut columns: OutcomeColumns<'_>) -> Result<(), Fault> {
    let Input {
        lines,
        supply,
        policy,
        ..
    } = input;
    let lines = lines.columns();
    Ok(allocator_core::allocate_into(
        &lines,
        supply,
        policy,
        &mut columns,
    )?)
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
