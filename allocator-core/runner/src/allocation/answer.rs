//! What the core says to an input, in the words of the form.

use std::collections::BTreeMap;

use allocator_core::{Allocation, Explainer, IdleCause, Interner, Outcome, SkuId, allocate};
use serde_json::{Map, Value, json};

use super::given::{Given, Refusal};

/// The core's answer to one case.
pub(super) struct Answer<'a> {
    given: &'a Given,
    pub(super) result: Result<Allocation, Refusal>,
}

impl<'a> Answer<'a> {
    pub(super) fn of(given: &'a Given) -> Self {
        let result = allocate(&given.lines.columns(), &given.supply, &given.policy);
        let result = match given.first_refusal(result.as_ref().err()) {
            Some(refusal) => Err(refusal),
            None => result.map_err(|error| Refusal::from(&error)),
        };
        Self { given, result }
    }

    /// The answer to one field of `expect`; `like` shows which of two documented forms is asked for.
    ///
    /// # Errors
    /// The core refuses to explain what it allocated.
    pub(super) fn field(
        &self,
        allocation: &Allocation,
        field: &str,
        like: &Value,
    ) -> Result<Value, String> {
        Ok(match field {
            "allocated" => json!(allocation.allocated()),
            "promised" => json!(vec![0; allocation.len()]),
            "reasons" => allocation
                .reasons()
                .iter()
                .map(|reason| reason.name())
                .collect(),
            "boxes" => allocation
                .outcomes()
                .map(|outcome| boxes(&outcome))
                .collect(),
            "pegs" => self.pegs(allocation),
            "idle" => self.idle(allocation),
            "overtakes" if like.is_number() => json!(allocation.overtake_count()),
            "overtakes" => self.overtakes(allocation),
            "counterfactuals" => self.counterfactuals()?,
            // Of what is not built an answer has nothing.
            _ => match like {
                Value::Array(_) => json!([]),
                Value::Object(_) => json!({}),
                _ => Value::Null,
            },
        })
    }

    fn line(&self, row: usize) -> &str {
        let id = self.given.lines.line.get(row);
        name(&self.given.names.lines, id.copied())
    }

    fn pegs(&self, allocation: &Allocation) -> Value {
        let supply = |row: u32| {
            let id = self
                .given
                .supply
                .get(row as usize)
                .and_then(|row| row.supply);
            name(&self.given.names.supplies, id.map(|id| id.0))
        };
        let pegs = allocation.pegs().iter();
        pegs.map(|peg| json!([self.line(peg.row as usize), supply(peg.supply), peg.units]))
            .collect()
    }

    /// Equal causes summed; a cause that names a line is one of its own.
    fn idle(&self, allocation: &Allocation) -> Value {
        let mut sums = BTreeMap::new();
        for idle in allocation.idle() {
            let units = sums
                .entry((idle.sku, idle.cause, idle.row))
                .or_insert(0_i128);
            *units += i128::from(idle.units);
        }
        let entry = |((sku, cause, row), units): ((SkuId, IdleCause, Option<u32>), i128)| {
            let mut entry = Map::new();
            entry.insert(
                "sku".into(),
                json!(name(&self.given.names.skus, Some(sku.0))),
            );
            entry.insert("pool".into(), json!("common"));
            entry.insert("cause".into(), json!(cause.name()));
            entry.insert("units".into(), json!(i64::try_from(units).ok()));
            if let Some(row) = row {
                entry.insert("line".into(), json!(self.line(row as usize)));
            }
            Value::Object(entry)
        };
        sums.into_iter().map(entry).collect()
    }

    fn overtakes(&self, allocation: &Allocation) -> Value {
        let pairs = allocation.overtakes();
        pairs
            .map(|pair| {
                let (later, earlier) = (pair.later as usize, pair.earlier as usize);
                json!([self.line(later), self.line(earlier), pair.because.name()])
            })
            .collect()
    }

    /// A line for which nothing would change anything is not listed.
    fn counterfactuals(&self) -> Result<Value, String> {
        let given = self.given;
        let explainer = Explainer::new(&given.lines.columns(), &given.supply, &given.policy)
            .map_err(|error| format!("explain: {error}"))?;
        let mut all = Map::new();
        for row in 0..given.lines.line.len() {
            let why = explainer
                .explain(row)
                .map_err(|error| format!("explain row {row}: {error}"))?;
            let mut answers = Map::new();
            if !why.more_units.is_empty() {
                let sku = |id| name(&given.names.skus, Some(id)).to_owned();
                let more = why.more_units.iter();
                let more: Map<_, _> = more
                    .map(|more| (sku(more.sku.0), json!(more.units)))
                    .collect();
                answers.insert("more_units".into(), Value::Object(more));
            }
            if let Some(before) = why.if_before {
                answers.insert("if_before".into(), json!(self.line(before.row)));
            }
            if let Some(units) = why.if_partial {
                answers.insert("if_partial".into(), json!(units));
            }
            if !answers.is_empty() {
                all.insert(self.line(row).to_owned(), Value::Object(answers));
            }
        }
        Ok(Value::Object(all))
    }
}

/// `[never, by_strategy, by_cap, set_aside, waiting]`; nothing lies in the boxes of what is not built.
fn boxes(outcome: &Outcome) -> Value {
    json!([outcome.never, 0, 0, outcome.set_aside, outcome.waiting])
}

/// The text behind a number the core gave back; what stands for none is in no file.
fn name(names: &Interner, id: Option<u32>) -> &str {
    id.and_then(|id| names.name(id)).unwrap_or("(no such id)")
}
