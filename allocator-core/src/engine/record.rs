//! The log: what one call did, as bytes, and doing it again without deciding anything.

use alloc::vec::Vec;

use super::Engine;
use super::codec::frame::Frame;
use super::codec::{Code, Reader};
use super::command::{Command, Request};
use super::decide;
use super::event::{Event, EventCause, Happening};
use super::rejection::Rejection;
use super::window::Known;
use crate::error::Error;
use crate::id::CommandId;
use crate::quantity::Quantity;
use crate::time::Timestamp;

const FRAME: Frame = Frame {
    magic: *b"alRc",
    version: 1,
};

/// What the engine must know of its last call to write the record of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LastCall {
    /// The clock and the counter before it.
    pub(super) clock: Option<Timestamp>,
    pub(super) counter: u64,
    pub(super) did: Did,
}

/// What a call came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Did {
    /// Nothing: it said nothing, or came from the past.
    #[default]
    Nothing,
    /// Holds that were due ended.
    Advanced,
    /// A command was decided, and is the last that the window remembers.
    Decided { issued_at: Option<Timestamp> },
}

/// What one call did: a line of the log, as [`Engine::record`] writes it.
///
/// ```
/// use allocator_core::engine::{Engine, Record, Settings};
/// use allocator_core::Timestamp;
///
/// let mut engine = Engine::new(Settings::default())?;
/// engine.advance(Timestamp::from_micros(5), None)?;
/// let record = Record::from_bytes(&engine.record()?)?;
/// assert_eq!((record.now, record.request, record.events.len()), (Timestamp::from_micros(5), None, 0));
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Record {
    /// The engine's clock before the call.
    pub clock: Option<Timestamp>,
    /// The number that the engine would have given next before the call.
    pub counter: u64,
    /// The instant of the call.
    pub now: Timestamp,
    /// The command that was decided. `None`: holds ended, and nothing else was done. So it is with a
    /// repeat, and with a command refused as a conflict or as too old.
    pub request: Option<Request>,
    /// How the command was refused; `None`: it was carried out.
    pub refusal: Option<Rejection>,
    /// What happened.
    pub events: Vec<Event>,
}

impl Record {
    /// Its bytes.
    ///
    /// # Errors
    /// None that can be provoked; [`Error::Corrupt`] in principle.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let Self {
            clock,
            counter,
            now,
            request,
            refusal,
            events,
        } = self;
        let mut bytes = Vec::new();
        FRAME.write(&mut bytes, |out| {
            head(out, *clock, *counter, *now);
            request.is_some().write(out);
            if let Some(request) = request {
                let Request {
                    id,
                    issued_at,
                    command,
                } = request;
                id.write(out);
                issued_at.write(out);
                refusal.write(out);
                command.write(out);
            }
            events.write(out);
            Ok(())
        })?;
        Ok(bytes)
    }

    /// The record that stands in bytes.
    ///
    /// # Errors
    /// [`Error::BadBytes`]: they are no record, or were damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (mut from, _) = FRAME.read(bytes)?;
        let from = &mut from;
        let (clock, counter, now) = (Code::read(from)?, Code::read(from)?, Code::read(from)?);
        let (mut request, mut refusal) = (None, None);
        if bool::read(from)? {
            let (id, issued_at) = (CommandId::read(from)?, Code::read(from)?);
            let (refused, command) = read_outcome(from)?;
            refusal = refused;
            request = Some(Request {
                id,
                issued_at,
                command,
            });
        }
        let events: Vec<Event> = Code::read(from)?;
        let sound = events.iter().all(|event| is_sound(&event.what));
        from.must(sound, "an event that cannot have happened")?;
        from.end()?;
        Ok(Self {
            clock,
            counter,
            now,
            request,
            refusal,
            events,
        })
    }
}

fn head(out: &mut Vec<u8>, clock: Option<Timestamp>, counter: u64, now: Timestamp) {
    clock.write(out);
    counter.write(out);
    now.write(out);
}

/// Reads what is remembered of a command: its refusal, or none, and itself.
pub(super) fn read_outcome(from: &mut Reader<'_>) -> Result<(Option<Rejection>, Command), Error> {
    let refusal = Code::read(from)?;
    let command = Code::read(from)?;
    from.found(decide::check(&command))?;
    Ok((refusal, command))
}

/// Whether the numbers of an event are such as an engine gives.
fn is_sound(what: &Happening) -> bool {
    let units = |units: Quantity| units >= 1;
    let maybe = |units: Quantity| units >= 0;
    match what {
        Happening::Configured { policy, .. } => policy.check().is_ok(),
        Happening::SupplySet {
            units,
            outstanding,
            uncovered,
            ..
        } => maybe(*units) && maybe(*outstanding) && maybe(*uncovered),
        Happening::Placed {
            units, shortfall, ..
        } => maybe(*units) && maybe(*shortfall),
        Happening::Split { waiting, taken, .. } => maybe(*waiting) && maybe(*taken),
        Happening::Increased { units: some, .. }
        | Happening::Filled { units: some, .. }
        | Happening::TakenBack { units: some, .. }
        | Happening::Cancelled { units: some, .. }
        | Happening::Shipped { units: some, .. }
        | Happening::Returned { units: some, .. }
        | Happening::Transferred { units: some, .. } => units(*some),
        Happening::StockChanged { by, .. } => *by != Quantity::MIN,
        Happening::Confirmed { .. }
        | Happening::Extended { .. }
        | Happening::Regrouped { .. }
        | Happening::Rekeyed { .. }
        | Happening::Listed { .. }
        | Happening::Forgotten { .. } => true,
    }
}

impl Engine {
    /// The log record of the last call of [`Engine::apply`], [`Engine::advance`] or [`Engine::replay`]:
    /// all that another engine in the state before it needs to be in the state after it. Store it with
    /// the answer. Empty where the call did nothing: it was malformed, or came from the past.
    ///
    /// # Errors
    /// [`Error::Corrupt`]: the engine contradicts itself.
    pub fn record(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.record_into(&mut bytes)?;
        Ok(bytes)
    }

    /// Appends the log record of the last call to `out`.
    ///
    /// # Errors
    /// As [`Engine::record`]; then `out` is as it was.
    pub fn record_into(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.believed()?;
        let LastCall {
            clock,
            counter,
            did,
        } = self.last;
        let Some(now) = self.state.clock.filter(|_| did != Did::Nothing) else {
            return Ok(());
        };
        let written = FRAME.write(out, |out| {
            head(out, clock, counter, now);
            if let Did::Decided { issued_at } = did {
                let last = self.window.last()?;
                true.write(out);
                last.id.write(out);
                issued_at.write(out);
                out.extend_from_slice(last.outcome);
            } else {
                false.write(out);
            }
            self.events.write(out);
            Ok(())
        });
        written.map(|_| ())
    }

    /// Does again what the call of a record did, without deciding anything: an engine that is fed a whole
    /// log is in the state of the one that wrote it. [`Engine::record`] then gives the same record.
    ///
    /// # Errors
    /// [`Error::BadBytes`]: the bytes are no record, or that of a call to an engine in another state;
    /// nothing happened. [`Error::Corrupt`]: that came out only while it was done. The engine then
    /// answers nothing any more.
    pub fn replay(&mut self, record: &[u8]) -> Result<(), Error> {
        self.believed()?;
        self.last.did = Did::Nothing;
        let Record {
            clock,
            counter,
            now,
            request,
            refusal,
            events,
        } = Record::from_bytes(record)?;
        let known = match &request {
            Some(request) => !matches!(self.window.look_up(request)?, Known::New),
            None => false,
        };
        let other = (clock, counter) != (self.state.clock, self.state.counter);
        if other || known || self.runs_backwards(now) {
            return Err(OTHER);
        }
        self.guarded(|engine| {
            engine.last.did = match &request {
                None => Did::Advanced,
                Some(request) => Did::Decided {
                    issued_at: request.issued_at,
                },
            };
            engine.evolve_all(events)?;
            engine.state.clock = Some(now);
            match &request {
                Some(request) => engine.window.remember(request, now, refusal),
                None => Ok(()),
            }
        })
    }

    /// Evolves, and keeps note of the SKUs that are to be filled at the end of an instant: those of the
    /// holds that ended, as long as others are due at the same instant.
    fn evolve_all(&mut self, events: Vec<Event>) -> Result<(), Error> {
        let mut instant = match self.to_fill.is_empty() {
            true => None,
            false => self.next_deadline(),
        };
        for event in events {
            if let Happening::Cancelled {
                line,
                cause: EventCause::Expired,
                ..
            } = event.what
            {
                if instant != Some(event.at) {
                    self.to_fill.clear();
                    instant = Some(event.at);
                }
                let line = self.state.line_slot(line).ok_or(UNKNOWN)?;
                let sku = self.state.lines.at(line)?.sku;
                if !self.to_fill.contains(&sku) {
                    self.to_fill.push(sku);
                }
            }
            self.state.evolve(&event)?;
            self.events.push(event);
        }
        if self.next_deadline() != instant {
            self.to_fill.clear();
        }
        Ok(())
    }
}

const OTHER: Error = Error::BadBytes {
    at: 0,
    why: "the record of a call to an engine in another state",
};

const UNKNOWN: Error = Error::Corrupt {
    at: "an event of something unknown",
};
