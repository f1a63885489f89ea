//! The engine: a live shop's stock, holds and queue as one state machine.

mod ask;
mod check;
mod codec;
mod command;
mod decide;
mod draft;
mod event;
mod evolve;
mod fill;
mod ledger;
mod list;
mod lose;
mod order;
mod policy;
mod query;
mod record;
mod rejection;
mod shard;
mod snapshot;
mod split;
mod state;
mod store;
mod ticket;
mod time;
mod view;
mod walk;
mod why;
mod window;

pub use command::{
    Ahead, AllocateRule, Command, DrawnLot, Pack, Place, PlaceLine, Request, StockCause,
    StockChange,
};
pub use event::{Event, EventCause, Happening};
pub use policy::{AheadLimit, Inflow, LocationOrder, SkuPolicy};
pub use record::Record;
pub use rejection::{Rejection, RejectionCode};
pub use view::{
    Ended, EnginePeg, LineView, OrderView, PartView, QueuePlace, StockPosition, SupplyView,
    Tickets, Waiting,
};
pub use why::{IdleReason, IdleStock, WaitExplanation, WaitReason};

use alloc::vec::Vec;

use crate::error::Error;
use crate::time::Timestamp;
use draft::{Draft, Scratch};
use record::{Did, LastCall};
use state::State;
use window::{Known, Window};

/// A shop's stock, holds and queue, one command at a time.
///
/// ```
/// use allocator_core::engine::{Command, Decision, Engine, Place, PlaceLine, Request, Settings, StockCause, StockChange};
/// use allocator_core::{OrderId, SkuId, LocationId, Timestamp};
///
/// let mut engine = Engine::new(Settings::default())?;
/// let now = Timestamp::from_micros(1_790_000_000_000_000);
/// let place = Command::Place(Place {
///     order: OrderId(1),
///     customer: None,
///     until: None,
///     together: false,
///     partial: false,
///     replaces: None,
///     lines: vec![PlaceLine::new(1, 7, 2)],
/// });
/// let applied = engine.apply(now, &Request { id: 1.into(), issued_at: None, command: place })?;
/// assert_eq!(applied.decision, Decision::Accepted);
/// let stock = Command::Stock {
///     sku: SkuId(7),
///     location: LocationId(1),
///     change: StockChange::By(1),
///     cause: StockCause::Receipt,
///     supply: None,
///     only_free: false,
/// };
/// let applied = engine.apply(now, &Request { id: 2.into(), issued_at: None, command: stock })?;
/// assert_eq!(applied.events.len(), 2); // it arrived, and the order has it
/// assert_eq!(engine.line(1.into()).map(|line| (line.allocated, line.waiting)), Some((1, 1)));
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    state: State,
    window: Window,
    /// SKUs that holds which ended have changed, and that are filled when their instant is done.
    to_fill: Vec<u32>,
    scratch: Scratch,
    /// What happened in the last call.
    events: Vec<Event>,
    last: LastCall,
    /// What the host keeps in its snapshots.
    names: Vec<u8>,
    poisoned: bool,
}

impl Engine {
    /// An engine without stock and orders.
    ///
    /// # Errors
    /// What [`Settings::check`] finds.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        settings.check()?;
        let Settings {
            policy,
            window,
            seed,
        } = settings;
        Ok(Self {
            state: State::new(policy, seed),
            window: Window::new(window, seed),
            to_fill: Vec::new(),
            scratch: Scratch::default(),
            events: Vec::new(),
            last: LastCall::default(),
            names: Vec::new(),
            poisoned: false,
        })
    }

    /// Ends the holds that are due, then decides a command and carries it out.
    ///
    /// Asked again under the same id with the same content, the answer is that of the first time and
    /// nothing is done twice. A refusal is an answer too, and stands for that id: ask anew under
    /// another.
    ///
    /// # Errors
    /// [`Error::Malformed`] and [`Error::OutOfRange`]: the command says nothing the engine could do;
    /// nothing happened. [`Error::Corrupt`]: the engine contradicts itself. It then answers nothing else
    /// any more; restore it from a snapshot.
    pub fn apply(&mut self, now: Timestamp, request: &Request) -> Result<Applied<'_>, Error> {
        let decided = self.decide(now, request)?;
        Ok(self.answer(decided))
    }

    fn decide(&mut self, now: Timestamp, request: &Request) -> Result<(Decision, bool), Error> {
        self.last.did = Did::Nothing;
        decide::check(&request.command)?;
        self.guarded(|engine| engine.apply_checked(now, request))
    }

    fn answer(&self, (decision, replayed): (Decision, bool)) -> Applied<'_> {
        Applied {
            decision,
            replayed,
            events: &self.events,
        }
    }

    fn apply_checked(
        &mut self,
        now: Timestamp,
        request: &Request,
    ) -> Result<(Decision, bool), Error> {
        if self.runs_backwards(now) {
            return Ok((BACKWARDS, false));
        }
        self.expire(now, None)?;
        self.state.clock = Some(now);
        self.last.did = Did::Advanced;
        match self.window.look_up(request)? {
            Known::Repeat(refusal) => return Ok((decision(refusal), true)),
            Known::Refused(refusal) => return Ok((Decision::Refused(refusal), false)),
            Known::New => {}
        }
        let refusal = Draft::new(&self.state, now, &mut self.scratch).decide(&request.command)?;
        if refusal.is_none() {
            self.carry_out()?;
        }
        self.window.remember(request, now, refusal)?;
        self.last.did = Did::Decided {
            issued_at: request.issued_at,
        };
        Ok((decision(refusal), false))
    }

    /// Ends holds that are due, at most `budget` of them (`None`: all). Calls that find nothing to do
    /// are harmless; how the work is cut into calls changes nothing.
    ///
    /// # Errors
    /// [`Error::Corrupt`], as [`Engine::apply`].
    pub fn advance(&mut self, now: Timestamp, budget: Option<u32>) -> Result<Advanced<'_>, Error> {
        let (decision, more) = self.guarded(|engine| {
            if engine.runs_backwards(now) {
                return Ok((BACKWARDS, false));
            }
            let more = engine.expire(now, budget)?;
            engine.state.clock = Some(now);
            engine.last.did = Did::Advanced;
            Ok((Decision::Accepted, more))
        })?;
        Ok(Advanced {
            decision,
            more,
            events: &self.events,
        })
    }

    /// The instant at which the next hold ends by itself: call [`Engine::advance`] then.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let (_, instant) = self.next_due().ok().flatten()?;
        Some(instant)
    }

    /// What a command would do at the engine's clock. Changes nothing. Where a budget left holds that are
    /// due, their end is part of it.
    ///
    /// # Errors
    /// As [`Engine::apply`].
    pub fn plan(&self, command: &Command) -> Result<Plan, Error> {
        decide::check(command)?;
        self.believed()?;
        let now = self.state.clock.unwrap_or(Timestamp::from_micros(i64::MIN));
        if self.next_deadline().is_some_and(|due| due <= now) {
            // Only where a budget ended before the work: the rest of it comes first.
            let mut ahead = self.clone();
            ahead.guarded(|engine| engine.expire(now, None))?;
            let mut events = core::mem::take(&mut ahead.events);
            let plan = ahead.plan(command)?;
            events.extend(plan.events);
            return Ok(Plan { events, ..plan });
        }
        let mut scratch = Scratch::default();
        let mut draft = Draft::new(&self.state, now, &mut scratch);
        let (refusal, digest) = match command {
            Command::Allocate { .. } => draft.decide_allocate(command)?,
            _ => (draft.decide(command)?, None),
        };
        if refusal.is_some() {
            scratch.events.clear();
        }
        Ok(Plan {
            decision: decision(refusal),
            events: scratch.events,
            digest,
        })
    }

    /// An engine that contradicted itself is not believed.
    const fn believed(&self) -> Result<(), Error> {
        if self.poisoned {
            return Err(Error::Corrupt {
                at: "an engine that contradicted itself before",
            });
        }
        Ok(())
    }

    fn runs_backwards(&self, now: Timestamp) -> bool {
        self.state.clock.is_some_and(|clock| now < clock)
    }

    /// Runs a call; an error of it is a contradiction, after which nothing is believed any more.
    fn guarded<T>(&mut self, call: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.believed()?;
        self.events.clear();
        self.last = LastCall {
            clock: self.state.clock,
            counter: self.state.counter,
            did: Did::Nothing,
        };
        let answer = call(self);
        self.poisoned = answer.is_err();
        answer
    }
}

const BACKWARDS: Decision = Decision::Refused(Rejection::new(RejectionCode::ClockBackwards));

const fn decision(refusal: Option<Rejection>) -> Decision {
    match refusal {
        None => Decision::Accepted,
        Some(refusal) => Decision::Refused(refusal),
    }
}

/// What an engine is made with.
///
/// ```
/// use allocator_core::engine::Settings;
/// assert!(Settings::default().check().is_ok());
/// assert!(Settings { window: 0, ..Settings::default() }.check().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct Settings {
    /// The policy of every SKU that was not given one.
    pub policy: SkuPolicy,
    /// How many commands are remembered, so that a repeat is recognised; at least 1.
    pub window: u32,
    /// Seeds the engine's hash maps, so that nobody outside can choose ids that collide. Changes no
    /// answer and no byte of a snapshot.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            policy: SkuPolicy::default(),
            window: 65_536,
            seed: 0,
        }
    }
}

impl Settings {
    /// Whether every number lies in its range.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a window of 0 or what [`SkuPolicy::check`] finds.
    pub fn check(&self) -> Result<(), Error> {
        if self.window == 0 {
            return Err(Error::ArgumentOutOfRange {
                field: "window",
                value: 0,
                min: 1,
                max: u32::MAX.into(),
            });
        }
        self.policy.check()
    }
}

/// What was decided about a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum Decision {
    /// It was carried out. No events: it changed nothing.
    Accepted,
    /// It was not.
    Refused(Rejection),
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Applied<'e> {
    /// What was decided; of a repeat, what was decided the first time.
    pub decision: Decision,
    /// Whether this is a repeat of a command that is remembered. Its events were given then.
    pub replayed: bool,
    /// What happened, in this order: holds that were due, then what the command did. Also of a refused
    /// command the holds that ended are here.
    pub events: &'e [Event],
}

/// What came of [`Engine::advance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Advanced<'e> {
    /// Refused only where the clock would go backwards.
    pub decision: Decision,
    /// Whether the budget ended before the work: call again with the same instant.
    pub more: bool,
    /// What happened.
    pub events: &'e [Event],
}

/// What a command would do, from [`Engine::plan`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Plan {
    /// What would be decided.
    pub decision: Decision,
    /// What would happen.
    pub events: alloc::vec::Vec<Event>,
    /// Of [`Command::Allocate`]: the digest to give as `expect`.
    pub digest: Option<u128>,
}
