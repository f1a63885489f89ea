//! The memory of the last commands: what makes a repeat harmless.
//!
//! Of a command its bytes are kept: a repeat is the same bytes, and only where it is not they are read
//! again, to say which field differs.

mod difference;
mod ring;

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::hash::BuildHasher as _;

use hashbrown::HashTable;

use super::codec::{Code, Reader};
use super::command::{Command, Request};
use super::rejection::{Rejection, RejectionCode};
use super::store::Seeded;
use crate::error::Error;
use crate::id::CommandId;
use crate::time::Timestamp;
use difference::first_difference;
use ring::{Ring, Stretch};

/// In so many pieces the table of ids is kept, so that none is large when it grows.
const TABLES: u64 = 64;

/// The last commands, and the instant up to which others were forgotten.
#[derive(Clone, Debug)]
pub(super) struct Window {
    size: u32,
    /// The oldest first.
    entries: VecDeque<Entry>,
    /// Commands are numbered as they come; this is the number of the first that is kept. It begins
    /// again at 0 after 2^32, which no two commands notice that are kept together.
    first: u32,
    /// The numbers of commands, by their ids.
    tables: Vec<HashTable<u32>>,
    outcomes: Ring,
    /// The bytes of the command that is looked at.
    bytes: Vec<u8>,
    horizon: Option<Timestamp>,
    hasher: Seeded,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    id: CommandId,
    applied_at: Timestamp,
    /// Its refusal, or none, and the command.
    outcome: Stretch,
}

/// A command that is remembered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remembered<'w> {
    pub(super) id: CommandId,
    pub(super) applied_at: Timestamp,
    /// Its refusal, or none, and the command.
    pub(super) outcome: &'w [u8],
}

/// What the window says about a command.
pub(super) enum Known {
    /// It is new.
    New,
    /// It is a repeat; it was accepted, or refused so.
    Repeat(Option<Rejection>),
    /// It may not be decided.
    Refused(Rejection),
}

impl Window {
    pub(super) fn new(size: u32, seed: u64) -> Self {
        Self {
            size,
            entries: VecDeque::new(),
            first: 0,
            tables: (0..TABLES).map(|_| HashTable::new()).collect(),
            outcomes: Ring::default(),
            bytes: Vec::new(),
            horizon: None,
            hasher: Seeded::new(seed),
        }
    }

    /// How many commands are remembered at most.
    pub(super) const fn size(&self) -> u32 {
        self.size
    }

    /// Up to when commands were forgotten.
    pub(super) const fn horizon(&self) -> Option<Timestamp> {
        self.horizon
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// What is remembered, the oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = Result<Remembered<'_>, Error>> {
        self.entries.iter().map(|entry| self.remembered(entry))
    }

    /// What was remembered last.
    pub(super) fn last(&self) -> Result<Remembered<'_>, Error> {
        self.remembered(self.entries.back().ok_or(CORRUPT)?)
    }

    pub(super) fn look_up(&mut self, request: &Request) -> Result<Known, Error> {
        if let Some(entry) = self.find(request.id) {
            self.bytes.clear();
            request.command.write(&mut self.bytes);
            let mut outcome = Reader::new(self.outcomes.get(entry.outcome)?);
            let refusal = Option::read(&mut outcome)?;
            if outcome.rest() == self.bytes {
                return Ok(Known::Repeat(refusal));
            }
            let known = Command::read(&mut outcome)?;
            return Ok(Known::Refused(Rejection {
                field: first_difference(&known, &request.command),
                ..Rejection::new(RejectionCode::Conflict)
            }));
        }
        let forgotten = |issued_at| self.horizon.is_some_and(|horizon| issued_at <= horizon);
        if request.issued_at.is_some_and(forgotten) {
            return Ok(Known::Refused(Rejection::new(RejectionCode::TooOld)));
        }
        Ok(Known::New)
    }

    /// Remembers a command that was not known, and forgets the oldest where there are too many.
    pub(super) fn remember(
        &mut self,
        request: &Request,
        applied_at: Timestamp,
        refusal: Option<Rejection>,
    ) -> Result<(), Error> {
        let mut bytes = core::mem::take(&mut self.bytes);
        bytes.clear();
        refusal.write(&mut bytes);
        request.command.write(&mut bytes);
        let kept = self.keep(request.id, applied_at, &bytes);
        self.bytes = bytes;
        kept
    }

    /// Remembers a command by its bytes.
    pub(super) fn keep(
        &mut self,
        id: CommandId,
        applied_at: Timestamp,
        outcome: &[u8],
    ) -> Result<(), Error> {
        while self.entries.len() >= self.size as usize {
            self.forget_oldest()?;
        }
        let outcome = self.outcomes.push(outcome)?;
        let count = u32::try_from(self.entries.len()).map_err(|_| CORRUPT)?;
        let number = self.first.wrapping_add(count);
        self.entries.push_back(Entry {
            id,
            applied_at,
            outcome,
        });
        let hash = self.hash(id);
        let Self {
            entries,
            first,
            tables,
            hasher,
            ..
        } = self;
        let table = tables.get_mut(table(hash)).ok_or(CORRUPT)?;
        table.insert_unique(hash, number, |number| {
            let entry = entries.get(number.wrapping_sub(*first) as usize);
            hasher.hash_one(entry.map(|entry| entry.id.0).unwrap_or_default())
        });
        Ok(())
    }

    /// Commands up to this instant are forgotten: only of a window that has been full.
    pub(super) const fn set_horizon(&mut self, horizon: Option<Timestamp>) {
        self.horizon = horizon;
    }

    pub(super) fn knows(&self, id: CommandId) -> bool {
        self.find(id).is_some()
    }

    fn find(&self, id: CommandId) -> Option<Entry> {
        let hash = self.hash(id);
        let same = |number: &u32| self.entry(*number).is_some_and(|entry| entry.id == id);
        let number = self.tables.get(table(hash))?.find(hash, same)?;
        self.entry(*number).copied()
    }

    fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(number.wrapping_sub(self.first) as usize)
    }

    fn remembered(&self, entry: &Entry) -> Result<Remembered<'_>, Error> {
        Ok(Remembered {
            id: entry.id,
            applied_at: entry.applied_at,
            outcome: self.outcomes.get(entry.outcome)?,
        })
    }

    fn forget_oldest(&mut self) -> Result<(), Error> {
        let oldest = self.entries.front().ok_or(CORRUPT)?;
        let (hash, number) = (self.hash(oldest.id), self.first);
        self.horizon = Some(oldest.applied_at);
        let table = self.tables.get_mut(table(hash)).ok_or(CORRUPT)?;
        let found = table.find_entry(hash, |it| *it == number);
        found.map_err(|_| CORRUPT)?.remove();
        self.entries.pop_front();
        self.first = self.first.wrapping_add(1);
        self.outcomes.pop()
    }

    fn hash(&self, id: CommandId) -> u64 {
        self.hasher.hash_one(id.0)
    }
}

/// By bits that the table does not look at: it takes the lowest and the highest.
#[allow(clippy::cast_possible_truncation, reason = "it is below TABLES")]
const fn table(hash: u64) -> usize {
    ((hash >> 40) & (TABLES - 1)) as usize
}

const CORRUPT: Error = Error::Corrupt { at: "window" };
