//! The one fill rule: free units go to the smallest unserved ticket.
//!
//! While some waiting part can be served, the first such is served. Without orders that are served
//! together the SKUs do not touch each other, and one walk along each queue does it: units only
//! become fewer on the way, so a part that could not be served cannot be served later. An order
//! that is served together can become servable when another SKU moves, so a walk starts again
//! whenever something was served behind one that is stuck.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::command::Pack;
use super::draft::{Draft, PartDraft, Shelf, Standing};
use super::policy::{Inflow, LocationOrder, SkuPolicy};
use super::state::NONE;
use super::ticket::{Ticket, compare};
use super::walk::{Along, Walk};
use crate::error::Error;
use crate::id::{LineId, LocationId};
use crate::policy::Misfit;
use crate::quantity::{Quantity, Total, add, slot};
use crate::rule::ShortageRule;

/// Who asks for a fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// A command that freed units: SKUs whose inflow serves.
    Inflow,
    /// Allocate: this SKU too, whatever its inflow, and what orders served together want of others.
    Allocate(usize),
}

impl Draft<'_> {
    /// A SKU may have become servable.
    pub(super) fn mark(&mut self, sku: usize) -> Result<(), Error> {
        let draft = self.sku_draft_mut(sku)?;
        if !draft.dirty {
            draft.dirty = true;
            self.scratch.dirty.push(sku);
        }
        Ok(())
    }

    /// Serves whom it can, on paper. The marks are spent.
    pub(super) fn fill(&mut self, fill: Fill) -> Result<(), Error> {
        let mut together = false;
        let mut next = 0;
        while let Some(sku) = self.scratch.dirty.get(next).copied() {
            next = next.saturating_add(1);
            if self.sku_draft(sku)?.together || self.has_bundles(sku)? {
                together = true;
            } else if self.is_filled(sku, fill)? {
                self.fill_alone(sku)?;
            } else {
                for part in self.at_once(sku) {
                    self.serve_among(part, None)?;
                }
            }
        }
        if together {
            while self.serve_in_order(fill)? {}
        }
        for sku in core::mem::take(&mut self.scratch.dirty) {
            self.sku_draft_mut(sku)?.dirty = false;
        }
        Ok(())
    }

    /// Whether a fill serves all who wait for a SKU.
    fn is_filled(&self, sku: usize, fill: Fill) -> Result<bool, Error> {
        Ok(fill == Fill::Allocate(sku) || self.sku_draft(sku)?.serves)
    }

    /// The parts that may take units of a SKU at once, in queue order.
    fn at_once(&self, sku: usize) -> Vec<usize> {
        let parts = &self.scratch.parts;
        let of_sku = |part: &PartDraft| part.sku == sku && part.at_once && part.waiting > 0;
        let mut found: Vec<usize> = (0..parts.len())
            .filter(|index| parts.get(*index).is_some_and(of_sku))
            .collect();
        found.sort_by_key(|index| parts.get(*index).map(Standing::of));
        found
    }

    /// One walk along the queue of a SKU in which no order is served together.
    fn fill_alone(&mut self, sku: usize) -> Result<(), Error> {
        if self.sku_draft(sku)?.available == 0 {
            return Ok(());
        }
        self.fill_list(sku)?;
        let policy = self.policy(sku)?;
        let waits = policy.on_misfit == Misfit::SetAside;
        for place in &mut self.sku_draft_mut(sku)?.places {
            place.passed = None;
        }
        let mut walk = core::mem::take(&mut self.scratch.walk);
        self.walk_again(&mut walk, sku, Along::Served)?;
        while self.sku_draft(sku)?.available > 0 {
            let Some(part) = self.step(&mut walk)? else {
                break;
            };
            let priority = self.part_draft(part)?.key.priority;
            // Those behind are of a later priority, and may take no more.
            if self.sku_draft(sku)?.free(policy, priority) == 0 {
                break;
            }
            self.serve(part, policy, waits)?;
            let open = |place: &&Shelf| place.available > 0 && (place.passed.is_none() || !waits);
            if self.sku_draft(sku)?.places.iter().find(open).is_none() {
                break;
            }
        }
        self.scratch.walk = walk;
        Ok(())
    }

    /// Serves a part as far as it can be, and marks the locations it is passed over at.
    fn serve(&mut self, part: usize, policy: &SkuPolicy, waits: bool) -> Result<(), Error> {
        let draft = *self.part_draft(part)?;
        let usable =
            |place: &Shelf| draft.may_use(place.location) && (place.passed.is_none() || !waits);
        let sku = self.sku_draft(draft.sku)?;
        let free = sku.free(policy, draft.key.priority);
        let reach = sku.places.iter().filter(|place| usable(place));
        let reach = total(reach.map(|place| place.available))?;
        let amount = amount(&draft, reach.min(free));
        let sku_of = draft.sku;
        self.give_from(part, amount, policy, |draft, place| {
            let shelf = draft.shelf(sku_of, place)?;
            let units = if usable(shelf) { shelf.available } else { 0 };
            Ok((units, shelf.passed))
        })?;
        if self.part_draft(part)?.waiting > 0 && free > amount {
            for place in &mut self.sku_draft_mut(draft.sku)?.places {
                if draft.may_use(place.location) && place.available > 0 && place.passed.is_none() {
                    place.passed = Some(draft.line);
                }
            }
        }
        Ok(())
    }

    /// Gives a part units from the places in the order in which they are tried. `place` says how many it
    /// may take there, and whom that passes over.
    pub(super) fn give_from(
        &mut self,
        part: usize,
        mut amount: Quantity,
        policy: &SkuPolicy,
        place: impl Fn(&Self, usize) -> Result<(Quantity, Option<LineId>), Error>,
    ) -> Result<(), Error> {
        let sku = self.part_draft(part)?.sku;
        let mut tried = core::mem::take(&mut self.scratch.order);
        tried.clear();
        tried.extend(0..self.sku_draft(sku)?.places.len());
        if policy.locations == LocationOrder::MostAvailable {
            let places = &self.sku_draft(sku)?.places;
            let units = |index: &usize| places.get(*index).map_or(0, |place| place.available);
            tried.sort_by_key(|index| core::cmp::Reverse(units(index)));
        }
        for index in &tried {
            if amount == 0 {
                break;
            }
            let (most, over) = place(self, *index)?;
            let units = amount.min(most);
            if units > 0 {
                self.give(part, *index, units, over)?;
                amount = amount.saturating_sub(units);
            }
        }
        self.scratch.order = tried;
        Ok(())
    }
}

/// Orders that are served together, and all that shares a SKU with one.
impl Draft<'_> {
    /// Serves the first part that can be served, and those behind it as long as no order served
    /// together is stuck before them. Whether any was served.
    fn serve_in_order(&mut self, fill: Fill) -> Result<bool, Error> {
        let mut walks: Vec<Walk> = Vec::new();
        let mut heads: Vec<Option<usize>> = Vec::new();
        let mut one_by_one = false;
        let skus = self.scratch.dirty.clone();
        for sku in skus {
            if self.sku_draft(sku)?.available == 0 {
                continue;
            }
            if self.is_filled(sku, fill)? {
                if self.has_bundles(sku)? {
                    one_by_one = true;
                    walks.push(Walk::along(self.list_in_order(sku)?));
                } else {
                    self.fill_list(sku)?;
                }
                walks.push(self.walk(sku, Along::Served)?);
            } else {
                walks.push(self.walk_of(self.at_once(sku)));
            }
        }
        walks.push(self.mates()?);
        for walk in &mut walks {
            heads.push(self.step(walk)?);
        }
        let mut stuck: Vec<u32> = Vec::new();
        let mut served = false;
        loop {
            let parts = &self.scratch.parts;
            let standing = |head: usize| parts.get(head).map(Standing::of);
            let first = heads.iter().enumerate();
            let first = first.filter_map(|(walk, head)| Some((standing((*head)?), walk, *head)));
            let Some((_, walk, Some(part))) = first.min() else {
                return Ok(served);
            };
            *slot(&mut heads, walk)? = self.step(slot(&mut walks, walk)?)?;
            let draft = *self.part_draft(part)?;
            if draft.waiting == 0 {
                continue;
            }
            if draft.together {
                if stuck.contains(&draft.order) {
                    continue;
                }
                if self.serve_together(part, fill)? {
                    return Ok(true);
                }
                stuck.push(draft.order);
            } else if self.serve_among(part, None)? {
                served = true;
                if one_by_one || !stuck.is_empty() {
                    return Ok(true);
                }
            }
        }
    }

    /// The first waiting part of each order that is served together and waits for a SKU that is filled:
    /// it may wait for another SKU, and there is where the order stands.
    fn mates(&mut self) -> Result<Walk, Error> {
        let mut orders: Vec<u32> = Vec::new();
        let mut mates: Vec<usize> = Vec::new();
        for sku in self.scratch.dirty.clone() {
            if !self.sku_draft(sku)?.together {
                continue;
            }
            let mut walk = self.walk(sku, Along::Everything)?;
            while let Some(part) = self.step(&mut walk)? {
                let draft = *self.part_draft(part)?;
                if draft.together && !orders.contains(&draft.order) {
                    orders.push(draft.order);
                    mates.extend(self.waiting_parts(part)?.first());
                }
            }
        }
        Ok(self.walk_of(mates))
    }

    /// Serves a part in the presence of orders that are served together. `stock`: what is available and
    /// whom it passes over, where that was found before.
    fn serve_among(
        &mut self,
        part: usize,
        reach: Option<Vec<(Quantity, Option<LineId>)>>,
    ) -> Result<bool, Error> {
        let draft = *self.part_draft(part)?;
        let policy = self.policy(draft.sku)?;
        let mut reach = match reach {
            Some(reach) => reach,
            None => self.reach(part)?,
        };
        let sku = self.sku_draft(draft.sku)?;
        for ((units, _), place) in reach.iter_mut().zip(&sku.places) {
            *units = (*units).min(self.can_take(&draft, place, policy));
        }
        let mut all = total(reach.iter().map(|(units, _)| *units))?;
        if draft.listed.is_some() && !draft.is_bundle() {
            all = all.min(1);
        }
        let amount = amount(&draft, all.min(sku.free(policy, draft.key.priority)));
        self.give_from(part, amount, policy, |_, place| {
            reach.get(place).copied().ok_or(ROW)
        })?;
        Ok(amount > 0)
    }

    /// Units of a place that a part may take, as they are now.
    fn can_take(&self, part: &PartDraft, place: &Shelf, policy: &SkuPolicy) -> Quantity {
        if !part.at_once || policy.inflow != Inflow::Keep {
            return place.available;
        }
        // What lines tied to it wait for is left there.
        let mine = if part.tie.is_some() { part.waiting } else { 0 };
        let others = place.tied_waiting.saturating_sub(mine.into());
        let left = Total::from(place.available).saturating_sub(others).max(0);
        Quantity::try_from(left).unwrap_or(0)
    }

    /// At which places a part may take units, and whom that passes over.
    fn reach(&mut self, part: usize) -> Result<Vec<(Quantity, Option<LineId>)>, Error> {
        let draft = *self.part_draft(part)?;
        let waits = self.policy(draft.sku)?.on_misfit == Misfit::SetAside && !draft.at_once;
        let places = self.sku_draft(draft.sku)?.places.clone();
        let mut reach = Vec::with_capacity(places.len());
        for place in &places {
            if place.available == 0 || !draft.may_use(place.location) {
                reach.push((0, None));
                continue;
            }
            let over = self.first_earlier(part, place.location)?;
            let units = if over.is_some() && waits {
                0
            } else {
                place.available
            };
            reach.push((units, over));
        }
        Ok(reach)
    }

    /// Serves all that an order waits for, or nothing of it.
    fn serve_together(&mut self, part: usize, fill: Fill) -> Result<bool, Error> {
        let parts = self.waiting_parts(part)?;
        let mut all = true;
        let mut allocated = false;
        for part in &parts {
            let PartDraft { sku, at_once, .. } = *self.part_draft(*part)?;
            all &= self.sku_draft(sku)?.serves || at_once;
            allocated |= fill == Fill::Allocate(sku);
        }
        if !all && !allocated {
            return Ok(false);
        }
        // Who stands in the way is asked before any of them takes.
        let mut reach = Vec::with_capacity(parts.len());
        for part in &parts {
            reach.push(self.reach(*part)?);
        }
        let moves = self.scratch.moves.len();
        for (part, reach) in parts.iter().zip(reach) {
            self.serve_among(*part, Some(reach))?;
            if self.part_draft(*part)?.waiting > 0 {
                self.undo(moves)?;
                return Ok(false);
            }
        }
        for part in &parts {
            let sku = self.part_draft(*part)?.sku;
            self.mark(sku)?;
        }
        Ok(true)
    }

    /// Takes moves back, down to the first `keep`.
    pub(super) fn undo(&mut self, keep: usize) -> Result<(), Error> {
        while self.scratch.moves.len() > keep
            && let Some(last) = self.scratch.moves.pop()
        {
            let sku = self.part_draft(last.part)?.sku;
            self.make_available(sku, last.place, last.units)?;
            self.make_wait(last.part, last.units)?;
            let draft = slot(&mut self.scratch.parts, last.part)?;
            draft.served = draft.served.saturating_sub(last.units);
        }
        Ok(())
    }

    /// The parts of an order that wait, over all SKUs, in queue order.
    pub(super) fn waiting_parts(&mut self, part: usize) -> Result<Vec<usize>, Error> {
        let order = self.part_draft(part)?.order;
        if order != NONE {
            let last = self.state.orders.at(order)?.last_line;
            let mut line = last;
            loop {
                line = self.state.lines.at(line)?.next;
                let mut part = self.state.lines.at(line)?.first_part;
                while part != NONE {
                    if self.state.parts.at(part)?.waiting > 0 || self.is_touched(part) {
                        self.part(part)?;
                    }
                    part = self.state.next_part(part)?;
                }
                if line == last {
                    break;
                }
            }
        }
        let parts = &self.scratch.parts;
        // A command makes parts of one order only: new ones without a slot are of the same one.
        let of_order = |part: &PartDraft| part.order == order && part.waiting > 0;
        let mut waiting: Vec<usize> = (0..parts.len())
            .filter(|index| parts.get(*index).is_some_and(of_order))
            .collect();
        waiting.sort_by_key(|index| parts.get(*index).map(Standing::of));
        Ok(waiting)
    }

    /// The first part before this one that waits and could use a unit at a location. An order that is
    /// served together counts only where all its waiting parts, of all SKUs, stand before.
    pub(super) fn first_earlier(
        &mut self,
        part: usize,
        location: LocationId,
    ) -> Result<Option<LineId>, Error> {
        let this = *self.part_draft(part)?;
        let policy = self.policy(this.sku)?;
        let here = Standing::of(&this);
        for index in self.list_in_order(this.sku)? {
            let other = *self.part_draft(index)?;
            if other.may_use(location)
                && self.stands_before(&other, &this)?
                && self.sku_draft(this.sku)?.free(policy, other.key.priority) > 0
                && (!other.together || self.all_before(index, &this)?)
            {
                return Ok(Some(other.line));
            }
        }
        if this.listed.is_some() {
            return Ok(None);
        }
        let mut walk = self.walk(this.sku, Along::Location(location))?;
        while let Some(index) = self.step(&mut walk)? {
            let other = *self.part_draft(index)?;
            if Standing::of(&other) >= here {
                return Ok(None);
            }
            if other.waiting == 0 || !other.may_use(location) {
                continue;
            }
            if self.sku_draft(this.sku)?.free(policy, other.key.priority) == 0 {
                return Ok(None);
            }
            if !other.together || self.all_before(index, &this)? {
                return Ok(Some(other.line));
            }
        }
        Ok(None)
    }

    /// Whether one waiting part stands before another.
    fn stands_before(&self, a: &PartDraft, b: &PartDraft) -> Result<bool, Error> {
        if a.sku != b.sku {
            return Ok(Standing::of(a) < Standing::of(b));
        }
        let rule = self.sku_draft(a.sku)?.rule;
        Ok(a.cmp_in_queue(b, rule.as_ref()) == Ordering::Less)
    }

    /// Whether all that waits of a part's order stands before another part.
    fn all_before(&mut self, part: usize, other: &PartDraft) -> Result<bool, Error> {
        for part in self.waiting_parts(part)? {
            let mate = *self.part_draft(part)?;
            if !self.stands_before(&mate, other)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Lists.
impl Draft<'_> {
    /// The parts on a SKU's list, on paper, by place then.
    pub(super) fn listed_parts(&mut self, sku: usize) -> Result<Vec<usize>, Error> {
        let draft = self.sku_draft(sku)?;
        if draft.rule.is_none() {
            return Ok(Vec::new());
        }
        if draft.slot != NONE
            && let Some(list) = &super::draft::sku_at(self.state, draft.slot)?.list
        {
            for member in &list.members {
                self.part(*member)?;
            }
        }
        let parts = &self.scratch.parts;
        let listed = |part: &PartDraft| part.sku == sku && part.listed.is_some();
        let mut found: Vec<usize> = (0..parts.len())
            .filter(|index| parts.get(*index).is_some_and(listed))
            .collect();
        found.sort_by_key(|index| parts.get(*index).map(Standing::of));
        Ok(found)
    }

    /// Whether a part that waits on a list is not shared by the unit any more: its order was grouped, or
    /// its line made whole, after the list was closed.
    fn has_bundles(&mut self, sku: usize) -> Result<bool, Error> {
        for part in self.listed_parts(sku)? {
            let draft = self.part_draft(part)?;
            if draft.waiting > 0 && draft.is_bundle() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The parts that wait on a list, by their next tickets as they are now.
    fn list_in_order(&mut self, sku: usize) -> Result<Vec<usize>, Error> {
        let rule = self.sku_draft(sku)?.rule;
        let mut parts = self.listed_parts(sku)?;
        let scratch = &self.scratch.parts;
        parts.retain(|part| scratch.get(*part).is_some_and(|part| part.waiting > 0));
        parts.sort_by(|a, b| match (scratch.get(*a), scratch.get(*b)) {
            (Some(a), Some(b)) => a.cmp_in_queue(b, rule.as_ref()),
            _ => Ordering::Equal,
        });
        Ok(parts)
    }

    /// Serves the parts on a list, ticket by ticket. O(n + units · log n); a run of tickets of one part
    /// counts as one.
    fn fill_list(&mut self, sku: usize) -> Result<(), Error> {
        let Some(rule) = self.sku_draft(sku)?.rule else {
            return Ok(());
        };
        let policy = self.policy(sku)?;
        let by_unit = policy.locations == LocationOrder::MostAvailable;
        let mut heap = BinaryHeap::new();
        for part in self.listed_parts(sku)? {
            heap.extend(self.next_ticket(part, &rule)?);
        }
        while let Some(next) = heap.pop() {
            let draft = *self.part_draft(next.part)?;
            let free = self.sku_draft(sku)?.free(policy, draft.key.priority);
            let places = &self.sku_draft(sku)?.places;
            let reach = places.iter().filter(|place| draft.may_use(place.location));
            let reach = total(reach.map(|place| place.available))?.min(free);
            let most = reach.min(draft.waiting);
            if most == 0 {
                continue;
            }
            let run = match heap.peek() {
                // Where most are is found anew for each unit.
                _ if by_unit => 1,
                None => most,
                Some(other) => run(&rule, &next.ticket, &other.ticket, most),
            };
            self.give_from(next.part, run, policy, |this, place| {
                let shelf = this.shelf(sku, place)?;
                let may = draft.may_use(shelf.location);
                Ok((if may { shelf.available } else { 0 }, None))
            })?;
            heap.extend(self.next_ticket(next.part, &rule)?);
        }
        Ok(())
    }

    fn next_ticket<'r>(
        &self,
        part: usize,
        rule: &'r ShortageRule,
    ) -> Result<Option<Next<'r>>, Error> {
        let draft = self.part_draft(part)?;
        let listed = draft.listed.filter(|_| draft.waiting > 0);
        Ok(listed.map(|listed| Next {
            rule,
            ticket: draft.ticket(&listed, 0),
            part,
        }))
    }
}

/// How many tickets of one part, from `ticket` on, go before `other`; at least 1, at most `most`.
/// The keys of a part rise with its tickets, so a search by halves finds it.
fn run(rule: &ShortageRule, ticket: &Ticket, other: &Ticket, most: Quantity) -> Quantity {
    let (mut least, mut most) = (1, most);
    while least < most {
        let half = least.saturating_add(most.saturating_sub(least).saturating_add(1) / 2);
        let last = Ticket {
            number: ticket.number.saturating_add(half).saturating_sub(1),
            ..*ticket
        };
        if compare(rule, &last, other) == Ordering::Less {
            least = half;
        } else {
            most = half.saturating_sub(1);
        }
    }
    least
}

/// The next ticket of a part; the heap gives the smallest first.
struct Next<'r> {
    rule: &'r ShortageRule,
    ticket: Ticket,
    part: usize,
}

impl Ord for Next<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(self.rule, &other.ticket, &self.ticket)
    }
}

impl PartialOrd for Next<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Next<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Next<'_> {}

/// What a part takes of so many units: all it waits for, else the largest multiple of its pack.
pub(super) fn amount(part: &PartDraft, reach: Quantity) -> Quantity {
    if part.waiting <= reach {
        return part.waiting;
    }
    match part.pack {
        Pack::Whole => 0,
        Pack::Multiple(units) => reach.saturating_sub(reach.checked_rem(units).unwrap_or(0)),
    }
}

fn total(units: impl Iterator<Item = Quantity>) -> Result<Quantity, Error> {
    units.into_iter().try_fold(0, add)
}

const ROW: Error = Error::Corrupt { at: "fill" };
