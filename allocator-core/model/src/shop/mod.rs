//! The naive twin of the live engine: what every call must answer, straight from the rules.
//!
//! Nothing here is quick. Who is next is found by sorting everybody, a loss on a list goes unit by unit,
//! whether more units are acceptable is found by placing them, and whatever is refused was carried out
//! on a copy. Of the core it uses the words and nothing else.

mod accept;
mod ahead;
mod allocate;
mod amend;
mod check;
mod decide;
mod evolve;
mod fill;
mod moves;
mod place;
mod queue;
mod shape;
mod state;
mod stock;
#[cfg(test)]
mod tests;
mod view;

use std::collections::VecDeque;

use allocator_core::engine::{
    Command, Decision, Event, EventCause, Rejection, RejectionCode, Request, Settings,
};
use allocator_core::{CommandId, Error, Timestamp};

pub use allocate::{Shown, ShownPart};
use fill::Scope;
use state::State;

/// The live engine, slow and obvious.
#[derive(Clone, Debug)]
pub struct Shop {
    state: State,
    clock: Option<Timestamp>,
    /// The last commands, oldest first.
    window: VecDeque<Remembered>,
    most_remembered: usize,
    /// When the last forgotten command was applied.
    horizon: Option<Timestamp>,
}

/// A command that was decided on.
#[derive(Clone, Debug)]
struct Remembered {
    id: CommandId,
    applied_at: Timestamp,
    command: Command,
    decision: Decision,
}

/// What comes of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Step {
    /// What was decided; of a repeat, what was decided the first time.
    pub decision: Decision,
    /// Whether this is a repeat of a command that is remembered.
    pub replayed: bool,
    /// What happened: holds that were due, then what the command did.
    pub events: Vec<Event>,
}

/// What comes of an advance.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Advance {
    /// Refused only where the clock would go backwards.
    pub decision: Decision,
    /// Whether the budget ended before the work.
    pub more: bool,
    /// What happened.
    pub events: Vec<Event>,
}

/// What a command would do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ShopPlan {
    /// What would be decided.
    pub decision: Decision,
    /// What would happen.
    pub events: Vec<Event>,
    /// Of an allocation that can be made: what is shown. Two plans have one digest where this is equal.
    pub shown: Option<Shown>,
    /// What to expect, in the words of this model ([`Shown::digest`]).
    pub digest: Option<u128>,
}

impl Shop {
    /// An empty shop.
    ///
    /// # Errors
    /// What [`Settings::check`] finds.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        settings.check()?;
        Ok(Self {
            state: State::new(settings.policy),
            clock: None,
            window: VecDeque::new(),
            most_remembered: settings.window as usize,
            horizon: None,
        })
    }

    /// Carries a command out, or says why not.
    ///
    /// # Errors
    /// The command is malformed: nothing happened.
    pub fn apply(&mut self, now: Timestamp, request: &Request) -> Result<Step, Error> {
        shape::check(&request.command)?;
        if self.clock.is_some_and(|clock| now < clock) {
            return Ok(refused(Rejection::new(RejectionCode::ClockBackwards)));
        }
        let mut state = self.state.clone();
        state.expire(now, None);
        let due = std::mem::take(&mut state.events);
        if let Some(known) = self.known(request) {
            (self.state, self.clock) = (state, Some(now));
            return Ok(known.with_events(due));
        }
        let (decision, mut after) = decide(state, now, &request.command);
        let mut events = due;
        events.append(&mut after.events);
        self.remember(request, now, decision);
        (self.state, self.clock) = (after, Some(now));
        Ok(Step {
            decision,
            replayed: false,
            events,
        })
    }

    /// The answer to a command that is known, or may have been.
    fn known(&self, request: &Request) -> Option<Step> {
        let known = self.window.iter().find(|known| known.id == request.id);
        if let Some(known) = known {
            let difference = shape::first_difference(&known.command, &request.command);
            let Some(field) = difference else {
                return Some(Step {
                    decision: known.decision,
                    replayed: true,
                    events: Vec::new(),
                });
            };
            let mut conflict = Rejection::new(RejectionCode::Conflict);
            conflict.field = Some(field);
            return Some(refused(conflict));
        }
        let (issued_at, horizon) = request.issued_at.zip(self.horizon)?;
        (issued_at <= horizon).then(|| refused(Rejection::new(RejectionCode::TooOld)))
    }

    fn remember(&mut self, request: &Request, applied_at: Timestamp, decision: Decision) {
        self.window.push_back(Remembered {
            id: request.id,
            applied_at,
            command: request.command.clone(),
            decision,
        });
        if self.window.len() > self.most_remembered {
            let oldest = self.window.pop_front();
            self.horizon = oldest.map(|oldest| oldest.applied_at);
        }
    }

    /// Ends holds that are due, at most so many of them.
    ///
    /// # Errors
    /// None; as the engine has it.
    pub fn advance(&mut self, now: Timestamp, budget: Option<u32>) -> Result<Advance, Error> {
        if self.clock.is_some_and(|clock| now < clock) {
            return Ok(Advance {
                decision: Decision::Refused(Rejection::new(RejectionCode::ClockBackwards)),
                more: false,
                events: Vec::new(),
            });
        }
        self.clock = Some(now);
        let more = self.state.expire(now, budget);
        Ok(Advance {
            decision: Decision::Accepted,
            more,
            events: std::mem::take(&mut self.state.events),
        })
    }

    /// What a command would do now. What is due at the clock happens first.
    ///
    /// # Errors
    /// The command is malformed.
    pub fn plan(&self, command: &Command) -> Result<ShopPlan, Error> {
        shape::check(command)?;
        let (settled, now) = self.settled();
        let shown = match command {
            Command::Allocate { .. } => match settled.allocated(command) {
                Ok((_, shown)) => Some(shown),
                Err(_) => None,
            },
            _ => None,
        };
        let (decision, after) = decide(settled, now, command);
        Ok(ShopPlan {
            decision,
            events: after.events,
            digest: shown.as_ref().map(Shown::digest),
            shown,
        })
    }

    /// The shop with all done that is due at its clock, and the clock.
    fn settled(&self) -> (State, Timestamp) {
        let now = self.clock.unwrap_or(Timestamp::from_micros(i64::MIN));
        let mut state = self.state.clone();
        state.expire(now, None);
        state.at = now;
        (state, now)
    }
}

/// Decides on a copy, which is thrown away where the command is refused.
fn decide(mut state: State, now: Timestamp, command: &Command) -> (Decision, State) {
    state.at = now;
    let mut tried = state.clone();
    match tried.decide(command) {
        Ok(()) => (Decision::Accepted, tried),
        Err(rejection) => (Decision::Refused(rejection), state),
    }
}

fn refused(rejection: Rejection) -> Step {
    Step {
        decision: Decision::Refused(rejection),
        replayed: false,
        events: Vec::new(),
    }
}

impl Step {
    fn with_events(self, events: Vec<Event>) -> Self {
        Self { events, ..self }
    }
}

impl State {
    /// Ends orders that are due, each at its instant, at most so many; each instant is filled when its
    /// last order is done. Whether some are left.
    fn expire(&mut self, now: Timestamp, budget: Option<u32>) -> bool {
        let mut left = budget;
        while let Some(&(until, order)) = self.deadlines().first() {
            if until > now {
                break;
            }
            if left == Some(0) {
                return true;
            }
            left = left.map(|left| left - 1);
            self.at = until;
            self.end(order, false, EventCause::Expired);
            let more_then = self.deadlines().first().is_some_and(|next| next.0 == until);
            if !more_then {
                self.fill(&Scope::default());
            }
        }
        false
    }
}
