//! Where a line stands: the keys of a file's queue as the engine's priority and instant of placing.

use std::collections::{BTreeMap, BTreeSet};

use allocator_core::Timestamp;
use serde_json::{Map, Value};

use super::instant::{self, SETUP};
use super::read::{Fields, MALFORMED, Read};
use crate::checked::{Checked, Trouble, fail};

/// When something happened, as a text says it. Dates come before what is none, texts by their letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    At(Timestamp),
    Text(String),
}

impl Moment {
    pub(super) fn of(text: &str) -> Self {
        instant::parse(text).map_or_else(|| Self::Text(text.to_owned()), Self::At)
    }
}

/// A key of the queue that is not the priority, with every value it has in the case, in order. A line
/// without one stands behind those that have one.
enum Key {
    /// Best first.
    Priority,
    Time(String, BTreeSet<Moment>),
}

/// How lines of a case stand.
pub(super) struct Standing {
    /// The priorities of the case, the best first; `None`: they are ranks already.
    ranks: Option<Vec<i64>>,
    /// Whether the priority is the first key of all.
    by_rank: bool,
    /// The keys behind it that are packed into the instant; `None`: `placed_at` is that instant.
    packed: Option<Vec<Key>>,
    /// The values of each line in those keys, which a new priority leaves as they are.
    values: BTreeMap<String, Vec<Option<usize>>>,
    /// What the packed instants were called.
    texts: BTreeMap<Timestamp, String>,
}

/// A place in line.
#[derive(Clone, Copy, Default)]
pub(super) struct Stand {
    pub(super) rank: Option<i32>,
    pub(super) placed_at: Option<Timestamp>,
}

const PLACED_AT: &str = "placed_at";

impl Standing {
    pub(super) fn read(
        given: &Map<String, Value>,
        steps: &[(usize, Map<String, Value>)],
    ) -> Checked<Self> {
        let items = || steps.iter().flat_map(|(_, step)| items(step));
        let is_engine = given.get("engine").is_some_and(Value::is_object);
        let policy = given.get("policy").and_then(Value::as_object);
        let low_first = low_first(policy)?;
        let ranks = if is_engine {
            None
        } else {
            let said = items().filter_map(|item| item.get("priority")?.as_i64());
            let ranks: BTreeSet<i64> = said.chain([0]).collect();
            Some(if low_first {
                ranks.into_iter().collect()
            } else {
                ranks.into_iter().rev().collect()
            })
        };
        let mut words = order(policy)?;
        let by_rank = words.first() == Some(&"priority");
        if by_rank {
            words.remove(0);
        }
        let dates = |field: &str| -> BTreeSet<Moment> {
            let texts = items().filter_map(|item| item.get(field)?.as_str());
            texts.map(Moment::of).collect()
        };
        let is_natural = by_rank
            && words == [PLACED_AT]
            && (is_engine || given.get("now").is_some_and(Value::is_string))
            && (dates(PLACED_AT).iter()).all(|moment| matches!(moment, Moment::At(_)));
        let key = |word: &&str| match *word {
            "priority" => Key::Priority,
            word => Key::Time(word.to_owned(), dates(word)),
        };
        Ok(Self {
            ranks,
            by_rank,
            packed: (!is_natural).then(|| words.iter().map(key).collect()),
            values: BTreeMap::new(),
            texts: BTreeMap::new(),
        })
    }

    /// The place that a line of a request, or a change of one, asks for.
    pub(super) fn of(&mut self, line: &str, item: Fields<'_>) -> Read<Stand> {
        let rank = match item.maybe_number("priority")? {
            Some(priority) => Some(self.rank(priority)?),
            None => None,
        };
        if self.packed.is_none() {
            return Ok(Stand {
                rank,
                placed_at: item.maybe_instant(PLACED_AT)?,
            });
        }
        Ok(Stand {
            rank: rank.filter(|_| self.by_rank),
            placed_at: self.packed(line, item, rank)?,
        })
    }

    /// The rank of a line that says none.
    pub(super) fn default_rank(&self) -> i32 {
        if self.by_rank {
            self.rank(0).unwrap_or(0)
        } else {
            0
        }
    }

    fn rank(&self, priority: i64) -> Read<i32> {
        let rank = match &self.ranks {
            None => Some(priority),
            Some(ranks) => (ranks.iter().position(|rank| *rank == priority))
                .and_then(|rank| i64::try_from(rank).ok()),
        };
        rank.and_then(|rank| i32::try_from(rank).ok())
            .ok_or(MALFORMED)
    }

    /// The values of all keys as one instant, long before any that a file names.
    fn packed(
        &mut self,
        line: &str,
        item: Fields<'_>,
        rank: Option<i32>,
    ) -> Read<Option<Timestamp>> {
        let default = usize::try_from(self.rank(0).unwrap_or(0)).ok();
        let Some(keys) = &self.packed else {
            return Ok(None);
        };
        let known = self.values.get(line);
        let mut values = Vec::new();
        let mut says_something = false;
        let mut place: i64 = 0;
        for (index, key) in keys.iter().enumerate() {
            let before = known.and_then(|values| values.get(index).copied());
            let (value, many) = match key {
                Key::Priority => {
                    let rank = rank.and_then(|rank| usize::try_from(rank).ok());
                    let many = self.ranks.as_ref().map_or(1 << 16, Vec::len);
                    // One that is placed without a priority has the usual one.
                    says_something |= rank.is_some() || known.is_none();
                    (rank.or(before.unwrap_or(default)), many)
                }
                Key::Time(field, moments) => {
                    let moment = item.maybe_text(field)?.map(Moment::of);
                    let value =
                        moment.and_then(|moment| moments.iter().position(|at| *at == moment));
                    says_something |= value.is_some();
                    (value.or(before.flatten()), moments.len())
                }
            };
            values.push(value);
            // Behind all that have one.
            let digit = i64::try_from(value.unwrap_or(many)).unwrap_or(i64::MAX);
            let base = i64::try_from(many).unwrap_or(i64::MAX).saturating_add(1);
            place = place.saturating_mul(base).saturating_add(digit);
        }
        self.values.insert(line.to_owned(), values);
        if !says_something {
            return Ok(None);
        }
        let at = Timestamp::from_micros(SETUP.as_micros().saturating_add(place));
        if let Some(text) = item.maybe_text(PLACED_AT)? {
            self.texts.insert(at, text.to_owned());
        }
        Ok(Some(at))
    }

    /// An instant as the file says it.
    pub(super) fn text(&self, at: Timestamp) -> String {
        (self.texts.get(&at).cloned()).unwrap_or_else(|| instant::text(at))
    }
}

/// The objects of a step that say where a line stands.
fn items(step: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    let list = step.get("lines").or_else(|| step.get("items"));
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_object).chain([step])
}

fn low_first(policy: Option<&Map<String, Value>>) -> Checked<bool> {
    match policy.and_then(|policy| policy.get("priority_direction")) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::String(word)) if word == "low_first" => Ok(true),
        Some(Value::String(word)) if word == "high_first" => Ok(false),
        Some(word) => fail(format!(
            "given.policy.priority_direction: {word} is not documented"
        )),
    }
}

/// The keys in front of the sequence, which decides at last in any case.
fn order(policy: Option<&Map<String, Value>>) -> Checked<Vec<&str>> {
    let wrong = || Trouble::Fail("given.policy.order: is no list of keys".into());
    let words = match policy.and_then(|policy| policy.get("order")) {
        None | Some(Value::Null) => return Ok(vec!["priority", PLACED_AT]),
        Some(words) => words.as_array().ok_or_else(wrong)?,
    };
    let words: Option<Vec<_>> = words.iter().map(Value::as_str).collect();
    let words = words.ok_or_else(wrong)?;
    let ahead = words
        .iter()
        .take_while(|word| **word != "seq" && **word != "sequence");
    let ahead: Vec<_> = ahead.copied().collect();
    for word in &ahead {
        if !["priority", PLACED_AT, "due_at", "cart_created_at"].contains(word) {
            return fail(format!("given.policy.order: {word} is not documented"));
        }
    }
    Ok(ahead)
}
