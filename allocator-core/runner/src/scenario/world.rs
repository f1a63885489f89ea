//! The shop of one case: its calls, and what came of them.

use std::collections::BTreeMap;

use allocator_core::engine::{Command, Decision, Event, Request, Settings};
use allocator_core::{CommandId, LineId, LocationId, Quantity, SkuId, Timestamp};
use serde_json::{Map, Value};

use super::event;
use super::figure::Scale;
use super::instant::SETUP;
use super::lots::Lots;
use super::names::Names;
use super::read::Read;
use super::shop::LiveShop;
use super::standing::Standing;
use crate::checked::{Checked, Trouble, fail};

/// What came of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// `ok`, `noop`, `refused:NAME`, `replayed`, `yes` or `no`.
    pub(super) result: String,
    /// Its events as texts.
    pub(super) events: Vec<String>,
}

impl Outcome {
    pub(super) fn of(result: &str) -> Self {
        Self {
            result: result.to_owned(),
            events: Vec::new(),
        }
    }
}

/// A call that the shop answered, so that another shop can be brought to the same state.
enum Call {
    Apply(Timestamp, Request),
    Advance(Timestamp, Option<u32>),
}

/// Units an `allocate_line` with an id gave to a line.
#[derive(Default)]
pub(super) struct NamedAllocation {
    pub(super) line: Option<LineId>,
    pub(super) units: BTreeMap<LocationId, Quantity>,
}

/// A case's shop and everything that has been said about it.
pub(super) struct World<S> {
    pub(super) shop: S,
    pub(super) names: Names,
    pub(super) standing: Standing,
    pub(super) lots: Lots,
    pub(super) scale: Scale,
    /// Every SKU that the case names.
    pub(super) skus: Vec<String>,
    /// Whether the file speaks of the engine itself, and names every line and account at its end.
    pub(super) is_engine: bool,
    /// `adjust` refuses rather than take units from anybody.
    pub(super) only_free: bool,
    /// Each line waits for one supply only.
    pub(super) pegs_whole: bool,
    /// Digests of plans by name, SKU by SKU.
    pub(super) plans: BTreeMap<String, BTreeMap<SkuId, u128>>,
    pub(super) allocations: BTreeMap<String, NamedAllocation>,
    /// SKUs whose units wait until the step after this one: nothing is allocated after this change.
    pub(super) kept: Vec<SkuId>,
    settings: Settings,
    calls: Vec<Call>,
    fresh: u128,
    /// What was sent under each key, so that a repeat is the same to the letter.
    sent: BTreeMap<String, (Map<String, Value>, Vec<Command>)>,
}

/// The parts of a case that stay as they are.
pub(super) struct Setting {
    pub(super) settings: Settings,
    pub(super) names: Names,
    pub(super) standing: Standing,
    pub(super) lots: Lots,
    pub(super) scale: Scale,
    pub(super) skus: Vec<String>,
    pub(super) is_engine: bool,
    pub(super) only_free: bool,
    pub(super) pegs_whole: bool,
}

/// What one or several commands came to.
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) is_accepted: bool,
}

impl<S: LiveShop> World<S> {
    pub(super) fn open(setting: Setting) -> Checked<Self> {
        let shop = S::open(setting.settings.clone());
        let shop = shop.map_err(|error| Trouble::Fail(format!("given: {error}")))?;
        Ok(Self {
            shop,
            names: setting.names,
            standing: setting.standing,
            lots: setting.lots,
            scale: setting.scale,
            skus: setting.skus,
            is_engine: setting.is_engine,
            only_free: setting.only_free,
            pegs_whole: setting.pegs_whole,
            plans: BTreeMap::new(),
            allocations: BTreeMap::new(),
            kept: Vec::new(),
            settings: setting.settings,
            calls: Vec::new(),
            fresh: 0,
            sent: BTreeMap::new(),
        })
    }

    pub(super) fn clock(&self) -> Timestamp {
        self.shop.clock().unwrap_or(Timestamp::from_micros(0))
    }

    /// A command of the setting, long before the first step: it must be carried out.
    pub(super) fn set_up(&mut self, command: Command) -> Checked<()> {
        let answer = self.send(SETUP, None, None, vec![command])?;
        if answer.is_accepted {
            return Ok(());
        }
        fail(format!("given: {}", answer.outcome.result))
    }

    /// Sends commands one after another, up to the first that is refused.
    pub(super) fn send(
        &mut self,
        now: Timestamp,
        key: Option<&str>,
        issued_at: Option<Timestamp>,
        commands: Vec<Command>,
    ) -> Checked<Answer> {
        let mut events = Vec::new();
        let (mut all_replayed, mut refused) = (!commands.is_empty(), None);
        for (index, command) in commands.into_iter().enumerate() {
            let id = self.command_id(key, index)?;
            let request = Request {
                id,
                issued_at,
                command,
            };
            let answer = match self.shop.apply(now, &request) {
                Ok(applied) => {
                    let texts = event::texts(&self.names, &self.standing, &applied.events, now);
                    events.extend(texts);
                    all_replayed &= applied.replayed;
                    match applied.decision {
                        Decision::Accepted => None,
                        Decision::Refused(rejection) => Some(rejection.code.name()),
                    }
                }
                // Nothing happened, so no law can be broken by it either.
                Err(_) => Some("malformed"),
            };
            self.laws_hold()?;
            self.calls.push(Call::Apply(now, request));
            if answer.is_some() {
                refused = answer;
                break;
            }
        }
        let result = match refused {
            Some(why) => format!("refused:{why}"),
            None if all_replayed => "replayed".into(),
            None if events.is_empty() => "noop".into(),
            None => "ok".into(),
        };
        Ok(Answer {
            outcome: Outcome { result, events },
            is_accepted: refused.is_none(),
        })
    }

    /// The id of a command: the key's, or one that nobody has.
    fn command_id(&mut self, key: Option<&str>, index: usize) -> Checked<CommandId> {
        let Some(key) = key else {
            self.fresh += 1;
            return Ok(CommandId((1 << 96) + self.fresh));
        };
        let key = u128::from(self.names.key(key)?);
        Ok(CommandId(((index as u128) << 32) + key))
    }

    /// The commands of a step. A repeat under the same key sends what was sent the first time, although
    /// the state that some commands are made from is another now.
    pub(super) fn once(
        &mut self,
        key: Option<&str>,
        step: &Map<String, Value>,
        make: impl FnOnce(&mut Self) -> Read<Vec<Command>>,
    ) -> Read<Vec<Command>> {
        let Some(key) = key else {
            return make(self);
        };
        let mut content = step.clone();
        content.retain(|name, _| !["key", "now", "issued_at"].contains(&name.as_str()));
        match self.sent.get(key) {
            Some((known, commands)) if *known == content => Ok(commands.clone()),
            _ => {
                let commands = make(self)?;
                let sent = (content, commands.clone());
                self.sent.entry(key.to_owned()).or_insert(sent);
                Ok(commands)
            }
        }
    }

    /// Lets time pass.
    pub(super) fn advance(&mut self, now: Timestamp, budget: Option<u32>) -> Checked<Outcome> {
        let advanced = (self.shop.advance(now, budget))
            .map_err(|error| Trouble::Fail(format!("advance: {error}")))?;
        let events = event::texts(&self.names, &self.standing, &advanced.events, now);
        let result = match advanced.decision {
            Decision::Refused(rejection) => format!("refused:{}", rejection.code.name()),
            Decision::Accepted if events.is_empty() => "noop".into(),
            Decision::Accepted => "ok".into(),
        };
        self.laws_hold()?;
        self.calls.push(Call::Advance(now, budget));
        Ok(Outcome { result, events })
    }

    /// Another shop in the same state.
    pub(super) fn twin(&self) -> Checked<S> {
        let broken = |error| Trouble::Fail(format!("the same calls again: {error}"));
        let mut shop = S::open(self.settings.clone()).map_err(broken)?;
        for call in &self.calls {
            match call {
                // Malformed before, malformed again.
                Call::Apply(now, request) => drop(shop.apply(*now, request)),
                Call::Advance(now, budget) => {
                    let _ = shop.advance(*now, *budget).map_err(broken)?;
                }
            }
        }
        Ok(shop)
    }

    pub(super) fn texts(&self, events: &[Event]) -> Vec<String> {
        event::texts(&self.names, &self.standing, events, self.clock())
    }

    fn laws_hold(&self) -> Checked<()> {
        (self.shop.check()).map_err(|error| Trouble::Fail(format!("check: {error}")))
    }
}
