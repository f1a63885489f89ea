//! What a command would change, on paper: the state stays as it is until everything is decided.
//!
//! A draft holds the SKUs a command touches with what is available at each of their locations, and the
//! parts whose waiting units change. Everything else is read from the state. Its buffers are kept from
//! call to call, so deciding allocates nothing once they have grown.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::hash::BuildHasher as _;

use hashbrown::HashTable;

use super::command::Pack;
use super::event::{Event, EventCause, Happening};
use super::order::{Key, key_of};
use super::policy::{Inflow, LocationOrder, SkuPolicy};
use super::state::{Listed, NONE, State};
use super::store::Seeded;
use super::ticket::{Ticket, compare};
use crate::error::Error;
use crate::id::{LineId, LocationId, SkuId};
use crate::quantity::{Quantity, Total, add, at, slot, sub};
use crate::rule::ShortageRule;
use crate::time::Timestamp;

/// The buffers of a draft.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    pub(super) events: Vec<Event>,
    pub(super) skus: Vec<SkuDraft>,
    /// How many of `skus` are of this draft; the others keep their buffers.
    pub(super) sku_count: usize,
    pub(super) parts: Vec<PartDraft>,
    by_slot: HashTable<u32>,
    pub(super) moves: Vec<Move>,
    /// SKUs to be filled, as indices into `skus`.
    pub(super) dirty: Vec<usize>,
    pub(super) order: Vec<usize>,
    pub(super) walk: super::walk::Walk,
}

/// A command on paper.
pub(super) struct Draft<'s> {
    pub(super) state: &'s State,
    pub(super) now: Timestamp,
    pub(super) scratch: &'s mut Scratch,
    hasher: Seeded,
    /// The policy that the command gives a SKU.
    pub(super) configured: Option<(usize, &'s SkuPolicy)>,
}

/// A SKU that is touched.
#[derive(Clone, Debug)]
pub(super) struct SkuDraft {
    /// Its slot, or [`NONE`]: the command mentions it for the first time.
    pub(super) slot: u32,
    pub(super) id: SkuId,
    /// Its locations, in the order in which its policy tries them.
    pub(super) places: Vec<Shelf>,
    /// Units available at all of them.
    pub(super) available: Quantity,
    /// Units that wait.
    pub(super) waiting: Total,
    /// Units ordered less cancelled.
    pub(super) demanded: Total,
    /// Whether parts wait of orders which are served together or not at all.
    pub(super) together: bool,
    /// The rule of its closed list.
    pub(super) rule: Option<ShortageRule>,
    /// As it was before the command.
    pub(super) before: Totals,
    pub(super) dirty: bool,
    /// Whether a command that is no fill of its own may serve it.
    pub(super) serves: bool,
}

/// What decides how many units of a SKU are sold ahead of stock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub(super) available: Quantity,
    pub(super) waiting: Total,
    /// Units tied to locations that cannot serve them, over all of these.
    pub(super) tied: Total,
}

/// A location of a SKU.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shelf {
    /// The account, or [`NONE`]: the command makes it.
    pub(super) account: u32,
    pub(super) location: LocationId,
    /// Its rank among all locations, as first mentioned.
    pub(super) mention: u32,
    pub(super) available: Quantity,
    /// Units tied to it that wait.
    pub(super) tied_waiting: Total,
    /// While filling: the first waiting part that could have used a unit here and did not.
    pub(super) passed: Option<LineId>,
}

/// A part that is touched.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartDraft {
    /// Its slot, or [`NONE`]: it is new.
    pub(super) slot: u32,
    pub(super) line: LineId,
    pub(super) number: u32,
    /// The order's slot, or [`NONE`]: it is new.
    pub(super) order: u32,
    pub(super) together: bool,
    /// Index into the draft's SKUs.
    pub(super) sku: usize,
    /// The only location it may be served from.
    pub(super) tie: Option<LocationId>,
    pub(super) pack: Pack,
    pub(super) key: Key,
    pub(super) listed: Option<Listed>,
    /// Whether it is new, wants stock only, and may take it though its SKU serves nobody by itself.
    pub(super) at_once: bool,
    /// Units it has or that were shipped: its tickets that are served.
    pub(super) served: Quantity,
    pub(super) waiting: Quantity,
}

/// Units that move between a part and a shelf.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    /// Index into the draft's parts.
    pub(super) part: usize,
    /// Index into the places of the part's SKU.
    pub(super) place: usize,
    /// To the part; below zero: from it.
    pub(super) units: Quantity,
    pub(super) over: Option<LineId>,
}

impl<'s> Draft<'s> {
    pub(super) fn new(state: &'s State, now: Timestamp, scratch: &'s mut Scratch) -> Self {
        let mut draft = Self {
            state,
            now,
            hasher: Seeded::new(state.seed),
            configured: None,
            scratch,
        };
        draft.start_again();
        draft
    }

    /// Clears the paper.
    pub(super) fn start_again(&mut self) {
        let scratch = &mut *self.scratch;
        scratch.events.clear();
        scratch.sku_count = 0;
        scratch.parts.clear();
        scratch.by_slot.clear();
        scratch.moves.clear();
        scratch.dirty.clear();
    }

    pub(super) fn emit(&mut self, what: Happening) {
        self.scratch.events.push(Event { at: self.now, what });
    }

    /// A SKU by its id, on paper.
    pub(super) fn sku(&mut self, id: SkuId) -> Result<usize, Error> {
        match self.state.sku_slots.get(id.0) {
            Some(slot) => self.known_sku(slot),
            None => {
                let found = self.touched().iter().position(|sku| sku.id == id);
                match found {
                    Some(found) => Ok(found),
                    None => self.touch_sku(NONE, id),
                }
            }
        }
    }

    /// A SKU by its slot, on paper.
    pub(super) fn known_sku(&mut self, slot: u32) -> Result<usize, Error> {
        // The last touched is asked for most.
        let found = self.touched().iter().rposition(|sku| sku.slot == slot);
        match found {
            Some(found) => Ok(found),
            None => {
                let id = sku_at(self.state, slot)?.id;
                self.touch_sku(slot, id)
            }
        }
    }

    pub(super) fn touched(&self) -> &[SkuDraft] {
        let touched = self.scratch.skus.get(..self.scratch.sku_count);
        touched.unwrap_or_default()
    }

    pub(super) fn sku_draft(&self, sku: usize) -> Result<&SkuDraft, Error> {
        self.scratch.skus.get(sku).ok_or(ROW)
    }

    pub(super) fn sku_draft_mut(&mut self, sku: usize) -> Result<&mut SkuDraft, Error> {
        slot(&mut self.scratch.skus, sku)
    }

    /// The policy of a touched SKU.
    pub(super) fn policy(&self, sku: usize) -> Result<&'s SkuPolicy, Error> {
        if let Some((configured, policy)) = self.configured
            && configured == sku
        {
            return Ok(policy);
        }
        match self.sku_draft(sku)?.slot {
            NONE => Ok(&self.state.policy),
            slot => self.state.policy_of(slot),
        }
    }

    fn touch_sku(&mut self, slot_of: u32, id: SkuId) -> Result<usize, Error> {
        let state = self.state;
        let index = self.scratch.sku_count;
        let mut draft = match self.scratch.skus.get_mut(index) {
            Some(kept) => SkuDraft {
                places: core::mem::take(&mut kept.places),
                ..SkuDraft::new(slot_of, id)
            },
            None => {
                self.scratch.skus.push(SkuDraft::new(slot_of, id));
                SkuDraft::new(slot_of, id)
            }
        };
        draft.places.clear();
        if slot_of != NONE {
            let sku = sku_at(state, slot_of)?;
            draft.waiting = sku.waiting.into();
            draft.demanded = sku.demanded.into();
            draft.together = sku.together > 0;
            draft.rule = sku.list.as_ref().map(|list| list.rule);
            for account in &sku.accounts {
                let here = state.accounts.get(*account as usize).ok_or(ROW)?;
                draft.available = add(draft.available, here.position.available)?;
                draft.places.push(Shelf {
                    account: *account,
                    location: at(&state.locations, here.location as usize)?,
                    mention: here.location,
                    available: here.position.available,
                    tied_waiting: here.tied_waiting.into(),
                    passed: None,
                });
            }
        }
        *slot(&mut self.scratch.skus, index)? = draft;
        self.scratch.sku_count = index.saturating_add(1);
        let policy = self.policy(index)?;
        let draft = self.sku_draft_mut(index)?;
        draft.serves = policy.inflow == Inflow::Serve;
        draft.before = draft.totals();
        sort_places(&mut draft.places, &policy.locations);
        Ok(index)
    }

    /// From here on the SKU has this policy, on paper.
    pub(super) fn configure(&mut self, sku: usize, policy: &'s SkuPolicy) -> Result<(), Error> {
        self.configured = Some((sku, policy));
        let draft = self.sku_draft_mut(sku)?;
        draft.serves = policy.inflow == Inflow::Serve;
        sort_places(&mut draft.places, &policy.locations);
        Ok(())
    }

    /// A location of a touched SKU, made on paper where it has none.
    pub(super) fn place(&mut self, sku: usize, location: LocationId) -> Result<usize, Error> {
        let places = &self.sku_draft(sku)?.places;
        if let Some(found) = places.iter().position(|place| place.location == location) {
            return Ok(found);
        }
        let mention = match self.state.location_slots.get(location.0) {
            Some(known) => known,
            None => self.next_mention(location),
        };
        let policy = self.policy(sku)?;
        let places = &mut self.sku_draft_mut(sku)?.places;
        places.push(Shelf {
            account: NONE,
            location,
            mention,
            available: 0,
            tied_waiting: 0,
            passed: None,
        });
        sort_places(places, &policy.locations);
        let found = places.iter().position(|place| place.location == location);
        found.ok_or(ROW)
    }

    /// The rank of a location that this command mentions for the first time.
    fn next_mention(&self, location: LocationId) -> u32 {
        let known = u32::try_from(self.state.locations.len()).unwrap_or(NONE);
        let places = || self.touched().iter().flat_map(|sku| &sku.places);
        let same = places().find(|place| place.location == location);
        let after = || places().map(|place| place.mention.saturating_add(1)).max();
        same.map_or_else(
            || after().unwrap_or(known).max(known),
            |place| place.mention,
        )
    }

    pub(super) fn shelf(&self, sku: usize, place: usize) -> Result<&Shelf, Error> {
        self.sku_draft(sku)?.places.get(place).ok_or(ROW)
    }

    /// Units become available on paper, or fewer.
    pub(super) fn make_available(
        &mut self,
        sku: usize,
        place: usize,
        by: Quantity,
    ) -> Result<(), Error> {
        let sku = self.sku_draft_mut(sku)?;
        sku.available = moved(sku.available, by)?;
        let shelf = slot(&mut sku.places, place)?;
        shelf.available = moved(shelf.available, by)?;
        Ok(())
    }

    /// More or fewer units of a part wait on paper.
    pub(super) fn make_wait(&mut self, part: usize, by: Quantity) -> Result<(), Error> {
        let part = slot(&mut self.scratch.parts, part)?;
        part.waiting = moved(part.waiting, by)?;
        let (sku, tie, together) = (part.sku, part.tie, part.together);
        let sku = slot(&mut self.scratch.skus, sku)?;
        sku.waiting = sku.waiting.saturating_add(by.into());
        sku.together |= together;
        if let Some(tie) = tie {
            let shelf = sku.places.iter_mut().find(|place| place.location == tie);
            let shelf = shelf.ok_or(ROW)?;
            shelf.tied_waiting = shelf.tied_waiting.saturating_add(by.into());
        }
        Ok(())
    }

    /// A part of the state, on paper.
    pub(super) fn part(&mut self, slot_of: u32) -> Result<usize, Error> {
        let hash = self.hasher.hash_one(slot_of);
        let parts = &self.scratch.parts;
        let same = |index: &u32| {
            let part = parts.get(*index as usize);
            part.is_some_and(|part| part.slot == slot_of)
        };
        if let Some(found) = self.scratch.by_slot.find(hash, same) {
            return Ok(*found as usize);
        }
        let draft = self.read_part(slot_of)?;
        let index = self.add_part(draft);
        let entry = u32::try_from(index).map_err(|_| ROW)?;
        let Scratch { parts, by_slot, .. } = &mut *self.scratch;
        let hasher = &self.hasher;
        by_slot.insert_unique(hash, entry, |index| {
            let part = parts.get(*index as usize);
            hasher.hash_one(part.map_or(NONE, |part| part.slot))
        });
        Ok(index)
    }

    /// Whether a part of the state is on paper.
    pub(super) fn is_touched(&self, slot_of: u32) -> bool {
        let hash = self.hasher.hash_one(slot_of);
        let same = |index: &u32| {
            let part = self.scratch.parts.get(*index as usize);
            part.is_some_and(|part| part.slot == slot_of)
        };
        self.scratch.by_slot.find(hash, same).is_some()
    }

    pub(super) fn add_part(&mut self, part: PartDraft) -> usize {
        self.scratch.parts.push(part);
        self.scratch.parts.len().saturating_sub(1)
    }

    fn read_part(&mut self, slot_of: u32) -> Result<PartDraft, Error> {
        let state = self.state;
        let part = state.parts.at(slot_of)?;
        let line = state.lines.at(part.line)?;
        let sku = self.known_sku(line.sku)?;
        let order = state.orders.at(line.order)?;
        let extra = state.extras.get(part.extra);
        let listed = extra.and_then(|extra| extra.listed);
        let mut number = 0_u32;
        let mut before = line.first_part;
        while before != slot_of {
            number = number.saturating_add(1);
            before = state.next_part(before)?;
        }
        let served = match listed {
            Some(_) => add(state.taken(slot_of)?, state.shipped(slot_of)?)?,
            None => 0,
        };
        Ok(PartDraft {
            slot: slot_of,
            line: line.id,
            number,
            order: line.order,
            together: order.together,
            sku,
            tie: match line.tie {
                NONE => None,
                tie => Some(at(&state.locations, state.location_of(tie)? as usize)?),
            },
            pack: effective_pack(line.pack, self.policy(sku)?),
            key: key_of(part, &state.extras),
            listed,
            at_once: false,
            served,
            waiting: part.waiting,
        })
    }

    pub(super) fn part_draft(&self, part: usize) -> Result<&PartDraft, Error> {
        self.scratch.parts.get(part).ok_or(ROW)
    }

    /// Units go from a shelf to a part that waits.
    pub(super) fn give(
        &mut self,
        part: usize,
        place: usize,
        units: Quantity,
        over: Option<LineId>,
    ) -> Result<(), Error> {
        let sku = self.part_draft(part)?.sku;
        self.make_available(sku, place, units.saturating_neg())?;
        self.make_wait(part, units.saturating_neg())?;
        let draft = slot(&mut self.scratch.parts, part)?;
        draft.served = add(draft.served, units)?;
        self.scratch.moves.push(Move {
            part,
            place,
            units,
            over,
        });
        Ok(())
    }

    /// Units go from a part back to the shelf; the part waits for them.
    pub(super) fn take(&mut self, part: usize, place: usize, units: Quantity) -> Result<(), Error> {
        let sku = self.part_draft(part)?.sku;
        self.make_available(sku, place, units)?;
        self.make_wait(part, units)?;
        let draft = slot(&mut self.scratch.parts, part)?;
        draft.served = moved(draft.served, units.saturating_neg()).unwrap_or(0);
        self.scratch.moves.push(Move {
            part,
            place,
            units: units.saturating_neg(),
            over: None,
        });
        Ok(())
    }

    /// Turns the moves made so far into events: units taken back in reverse order, units filled in
    /// order, each summed up by part and location. What a part lost and got back at one location is
    /// only the difference.
    pub(super) fn settle(&mut self, cause: EventCause) -> Result<(), Error> {
        let mut moves = core::mem::take(&mut self.scratch.moves);
        let place_of = |this: &Self, m: &Move| -> Option<(Standing, usize)> {
            let part = this.scratch.parts.get(m.part)?;
            Some((Standing::of(part), m.place))
        };
        if moves.len() > 1 {
            moves.sort_by_key(|m| place_of(self, m));
            moves.dedup_by(|later, first| {
                let same = later.part == first.part && later.place == first.place;
                if same {
                    first.units = first.units.saturating_add(later.units);
                    first.over = first.over.or(later.over);
                }
                same
            });
        }
        // Parts in reverse, the locations of each in their order.
        let mut end = moves.len();
        while let Some(last) = end.checked_sub(1).and_then(|last| moves.get(last)) {
            let part = last.part;
            let start = moves.iter().take(end).rposition(|m| m.part != part);
            let start = start.map_or(0, |before| before.saturating_add(1));
            let of_part = moves.get(start..end).unwrap_or_default();
            for m in of_part.iter().filter(|m| m.units < 0) {
                self.tell(m, cause)?;
            }
            end = start;
        }
        for m in moves.iter().filter(|m| m.units > 0) {
            self.tell(m, cause)?;
        }
        moves.clear();
        self.scratch.moves = moves;
        Ok(())
    }

    /// Tells moves in the order in which they were made: what a line gives up, and what an operator moves.
    pub(super) fn settle_as_made(&mut self, cause: EventCause) -> Result<(), Error> {
        let mut moves = core::mem::take(&mut self.scratch.moves);
        for m in &moves {
            self.tell(m, cause)?;
        }
        moves.clear();
        self.scratch.moves = moves;
        Ok(())
    }

    fn tell(&mut self, m: &Move, cause: EventCause) -> Result<(), Error> {
        let part = self.part_draft(m.part)?;
        let (line, part, sku) = (part.line, part.number, part.sku);
        let location = self.shelf(sku, m.place)?.location;
        let units = m.units.saturating_abs();
        match m.units {
            0 => {}
            ..0 => self.emit(Happening::TakenBack {
                line,
                part,
                location,
                units,
                cause,
            }),
            1.. => self.emit(Happening::Filled {
                line,
                part,
                location,
                units,
                over: m.over,
            }),
        }
        Ok(())
    }
}

const ROW: Error = Error::Corrupt { at: "draft" };

impl SkuDraft {
    fn new(slot: u32, id: SkuId) -> Self {
        Self {
            slot,
            id,
            places: Vec::new(),
            available: 0,
            waiting: 0,
            demanded: 0,
            together: false,
            rule: None,
            before: Totals::default(),
            dirty: false,
            serves: false,
        }
    }

    pub(super) fn totals(&self) -> Totals {
        let tied = self.places.iter().map(|place| {
            let short = place.tied_waiting.saturating_sub(place.available.into());
            short.max(0)
        });
        Totals {
            available: self.available,
            waiting: self.waiting,
            // Each is part of what waits, and so is their sum.
            tied: tied.fold(0, Total::saturating_add),
        }
    }

    /// Units that a line of this priority may take, at all locations together.
    pub(super) fn free(&self, policy: &SkuPolicy, priority: i32) -> Quantity {
        let all = self.available;
        match policy.protected_for {
            Some(last) if priority <= last => all,
            _ => sub(all, policy.protected_units).unwrap_or(0),
        }
    }
}

impl PartDraft {
    /// Whether its units are not served one by one.
    pub(super) fn is_bundle(&self) -> bool {
        self.together || self.pack != Pack::Multiple(1)
    }

    /// Whether its line may be served from a location.
    pub(super) fn may_use(&self, location: LocationId) -> bool {
        self.tie.is_none_or(|tie| tie == location)
    }

    /// Its next ticket, or with `back` of 1 the last that was served.
    pub(super) fn ticket(&self, listed: &Listed, back: Quantity) -> Ticket {
        Ticket {
            number: listed
                .first
                .saturating_add(self.served)
                .saturating_sub(back),
            claim: listed.claim,
            lot: listed.lot,
            place: then(listed, self.key),
        }
    }

    /// Which of two parts that wait for one SKU is first.
    pub(super) fn cmp_in_queue(&self, other: &Self, rule: Option<&ShortageRule>) -> Ordering {
        if let (Some(a), Some(b), Some(rule)) = (&self.listed, &other.listed, rule) {
            return compare(rule, &self.ticket(a, 0), &other.ticket(b, 0));
        }
        Standing::of(self).cmp(&Standing::of(other))
    }
}

/// Where a part stands among all that events speak of: those on lists first, by the place they had when
/// it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    unlisted: bool,
    key: Key,
}

impl Standing {
    pub(super) fn of(part: &PartDraft) -> Self {
        Self {
            unlisted: part.listed.is_none(),
            key: part
                .listed
                .map_or(part.key, |listed| then(&listed, part.key)),
        }
    }
}

/// The place a part had when its list was closed.
fn then(listed: &Listed, key: Key) -> Key {
    Key {
        priority: listed.priority,
        placed_at: listed.placed_at,
        ..key
    }
}

/// The pack of a line under its SKU's policy.
pub(super) fn effective_pack(pack: Pack, policy: &SkuPolicy) -> Pack {
    if policy.whole_lines {
        Pack::Whole
    } else {
        pack
    }
}

fn moved(units: Quantity, by: Quantity) -> Result<Quantity, Error> {
    let moved = units.checked_add(by).filter(|units| *units >= 0);
    moved.ok_or(Error::Corrupt {
        at: "units on paper",
    })
}

pub(super) fn sku_at(state: &State, slot: u32) -> Result<&super::state::Sku, Error> {
    state.skus.get(slot as usize).ok_or(ROW)
}

/// Sorts locations into the order in which a policy tries them.
fn sort_places(places: &mut [Shelf], order: &LocationOrder) {
    if places.len() > 1 {
        places.sort_unstable_by_key(|place| order.rank(Some(place.location), place.mention));
    }
}
