//! What an event does to the state. No policy is read, nothing is decided, and nothing can be refused:
//! an event that cannot be applied is no event of this state ([`Error::Corrupt`]).

use alloc::boxed::Box;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::command::{AllocateRule, Pack, StockCause};
use super::event::{Event, EventCause, Happening};
use super::order::{QueueItems, TimerItems, first_sequence};
use super::policy::SkuPolicy;
use super::split::split_of;
use super::state::{Account, Extra, Line, NEVER, NONE, Order, Part, Sku, State, Supply};
use super::store::{Seeded, Tree};
use super::view::{Ended, StockPosition};
use crate::error::Error;
use crate::id::{CustomerId, LineId, LocationId, OrderId, SkuId, SupplyId};
use crate::quantity::{Quantity, add, slot};
use crate::time::Timestamp;

impl State {
    /// Applies one event.
    pub(super) fn evolve(&mut self, event: &Event) -> Result<(), Error> {
        let at = event.at;
        match &event.what {
            Happening::Configured { sku, policy } => self.configured(*sku, policy),
            Happening::SupplySet {
                supply,
                sku,
                location,
                units,
                expected_at,
                ..
            } => self.supply_set(*supply, *sku, *location, *units, *expected_at),
            Happening::StockChanged {
                sku,
                location,
                by,
                cause,
                supply,
            } => self.stock_changed(*sku, *location, *by, *cause, *supply),
            Happening::Placed { .. } => self.placed(&event.what),
            Happening::Increased {
                line,
                units,
                priority,
                placed_at,
                sequence,
                ..
            } => self.increased(*line, *units, *priority, *placed_at, *sequence),
            Happening::Filled {
                line,
                part,
                location,
                units,
                ..
            } => {
                let (part, account) = self.part_at(*line, *part, *location)?;
                self.fill(part, account, *units)
            }
            Happening::TakenBack {
                line,
                part,
                location,
                units,
                ..
            } => {
                let (part, account) = self.part_at(*line, *part, *location)?;
                self.take_back(part, account, *units)
            }
            Happening::Cancelled {
                line,
                part,
                units,
                cause,
            } => {
                let part = self.part(*line, *part)?;
                self.wait_less(part, *units)?;
                self.wanted_less(part, *units)?;
                let ended = match cause {
                    EventCause::Expired => Ended::Expired,
                    _ => Ended::Cancelled,
                };
                self.closes(part, at, ended)
            }
            Happening::Confirmed { order } => self.confirmed(*order),
            Happening::Extended { order, until } => self.extended(*order, *until),
            Happening::Regrouped { order, together } => self.regrouped(*order, *together),
            Happening::Rekeyed {
                line,
                priority,
                placed_at,
                all_placed_at,
            } => self.rekeyed(*line, *priority, all_placed_at.then_some(*placed_at)),
            Happening::Listed { .. } => self.listed(&event.what),
            Happening::Split {
                line,
                new_line,
                waiting,
                taken,
            } => self.split(*line, *new_line, *waiting, *taken),
            Happening::Shipped {
                line,
                part,
                location,
                units,
            } => {
                let (part, account) = self.part_at(*line, *part, *location)?;
                self.ship(part, account, *units)?;
                self.closes(part, at, Ended::No)
            }
            Happening::Returned {
                line,
                part,
                location,
                units,
                scrapped,
            } => {
                let (part, account) = self.part_at(*line, *part, *location)?;
                self.come_back(part, account, *units, *scrapped)
            }
            Happening::Transferred {
                sku,
                from,
                to,
                units,
            } => {
                let (from, to) = (self.account_of(*sku, *from)?, self.account_of(*sku, *to)?);
                self.transfer(from, to, *units)
            }
            Happening::Forgotten { order } => self.forgotten(*order),
        }
    }
}

const UNKNOWN: Error = Error::Corrupt {
    at: "an event of something unknown",
};

/// Finding, and making what is mentioned for the first time.
impl State {
    pub(super) fn order_slot(&self, order: OrderId) -> Option<u32> {
        self.order_slots.get(order.0)
    }

    pub(super) fn line_slot(&self, line: LineId) -> Option<u32> {
        self.line_slots.get(line.0)
    }

    /// The slot of a line's part.
    pub(super) fn part(&self, line: LineId, number: u32) -> Result<u32, Error> {
        let line = self.line_slot(line).ok_or(UNKNOWN)?;
        let mut part = self.lines.at(line)?.first_part;
        for _ in 0..number {
            part = self.next_part(part)?;
        }
        self.parts.at(part).map(|_| part)
    }

    /// The part after one, or [`NONE`].
    pub(super) fn next_part(&self, part: u32) -> Result<u32, Error> {
        let extra = self.parts.at(part)?.extra;
        if extra == NONE {
            return Ok(NONE);
        }
        Ok(self.extras.at(extra)?.next_part)
    }

    fn part_at(
        &mut self,
        line: LineId,
        number: u32,
        location: LocationId,
    ) -> Result<(u32, u32), Error> {
        let part = self.part(line, number)?;
        let sku = self.lines.at(self.parts.at(part)?.line)?.sku;
        Ok((part, self.account(sku, location)?))
    }

    pub(super) fn sku(&mut self, id: SkuId) -> Result<u32, Error> {
        if let Some(sku) = self.sku_slots.get(id.0) {
            return Ok(sku);
        }
        let sku = count(self.skus.len())?;
        self.skus.push(Sku {
            id,
            policy: None,
            accounts: Vec::new(),
            supplies: Vec::new(),
            received: 0,
            demanded: 0,
            waiting: 0,
            together: 0,
            queue: Tree::EMPTY,
            list: None,
            caps: None,
        });
        self.sku_slots.insert(id.0, sku)?;
        if self.policy.customer_cap.is_some() {
            self.count_for_caps(sku)?;
        }
        Ok(sku)
    }

    fn location(&mut self, id: LocationId) -> Result<u32, Error> {
        if let Some(location) = self.location_slots.get(id.0) {
            return Ok(location);
        }
        let location = count(self.locations.len())?;
        self.locations.push(id);
        self.location_slots.insert(id.0, location)?;
        Ok(location)
    }

    /// The account of a SKU at a location, made where there is none.
    pub(super) fn account(&mut self, sku: u32, location: LocationId) -> Result<u32, Error> {
        let location = self.location(location)?;
        let accounts = &self.skus.get(sku as usize).ok_or(UNKNOWN)?.accounts;
        let place = accounts.partition_point(|account| {
            self.accounts
                .get(*account as usize)
                .is_some_and(|account| account.location < location)
        });
        if let Some(found) = accounts.get(place)
            && self.location_of(*found)? == location
        {
            return Ok(*found);
        }
        let account = count(self.accounts.len())?;
        self.accounts.push(Account {
            sku,
            location,
            position: StockPosition::default(),
            booked: false,
            queue: Tree::EMPTY,
            served: Tree::EMPTY,
            tied_waiting: 0,
        });
        let accounts = &mut slot(&mut self.skus, sku as usize)?.accounts;
        accounts.insert(place, account);
        Ok(account)
    }

    fn account_of(&mut self, sku: SkuId, location: LocationId) -> Result<u32, Error> {
        let sku = self.sku(sku)?;
        self.account(sku, location)
    }
}

/// Policies, stock and supply.
impl State {
    fn configured(&mut self, sku: SkuId, policy: &SkuPolicy) -> Result<(), Error> {
        let sku = self.sku(sku)?;
        slot(&mut self.skus, sku as usize)?.policy = Some(Box::new(policy.clone()));
        self.count_for_caps(sku)
    }

    /// Counts what each customer has of a SKU, where its policy has a cap; else forgets it.
    /// O(all lines) when a cap is set where there was none.
    pub(super) fn count_for_caps(&mut self, sku: u32) -> Result<(), Error> {
        let capped = self.policy_of(sku)?.customer_cap.is_some();
        let this = slot(&mut self.skus, sku as usize)?;
        if !capped {
            this.caps = None;
            return Ok(());
        }
        if this.caps.is_some() {
            return Ok(());
        }
        let mut caps: HashMap<CustomerId, Quantity, Seeded> =
            HashMap::with_hasher(Seeded::new(self.seed));
        if this.demanded > 0 {
            for line in self.lines.iter().filter(|line| line.sku == sku) {
                let Some(customer) = self.orders.at(line.order)?.customer else {
                    continue;
                };
                let wanted = self.wanted(line)?;
                if wanted > 0 {
                    let units = caps.entry(customer).or_insert(0);
                    *units = add(*units, wanted)?;
                }
            }
        }
        slot(&mut self.skus, sku as usize)?.caps = Some(caps);
        Ok(())
    }

    /// Units of a line ordered and not cancelled.
    pub(super) fn wanted(&self, line: &Line) -> Result<Quantity, Error> {
        let (mut part, mut units) = (line.first_part, 0);
        while part != NONE {
            units = add(units, self.parts.at(part)?.waiting)?;
            units = add(units, self.taken(part)?)?;
            units = add(units, self.shipped(part)?)?;
            part = self.next_part(part)?;
        }
        Ok(units)
    }

    fn supply_set(
        &mut self,
        supply: SupplyId,
        sku: SkuId,
        location: LocationId,
        units: Quantity,
        expected_at: Timestamp,
    ) -> Result<(), Error> {
        let (sku, location) = (self.sku(sku)?, self.location(location)?);
        if let Some(known) = self.supply_slots.get(supply.0) {
            let known = slot(&mut self.supplies, known as usize)?;
            (known.units, known.expected_at) = (units, expected_at);
            return Ok(());
        }
        let new = count(self.supplies.len())?;
        let sequence = self.number(self.counter)?;
        self.supplies.push(Supply {
            id: supply,
            sku,
            location,
            units,
            received: 0,
            expected_at,
            sequence,
        });
        self.supply_slots.insert(supply.0, new)?;
        slot(&mut self.skus, sku as usize)?.supplies.push(new);
        Ok(())
    }

    fn stock_changed(
        &mut self,
        sku: SkuId,
        location: LocationId,
        by: Quantity,
        cause: StockCause,
        supply: Option<SupplyId>,
    ) -> Result<(), Error> {
        let account = self.account_of(sku, location)?;
        self.stock(account, by, cause)?;
        if let Some(supply) = supply {
            let supply = self.supply_slots.get(supply.0).ok_or(UNKNOWN)?;
            let supply = slot(&mut self.supplies, supply as usize)?;
            supply.received = supply
                .received
                .checked_add(by)
                .filter(|units| *units >= 0)
                .ok_or(UNKNOWN)?;
        }
        Ok(())
    }

    /// Takes a number of the counter; those before it are spent.
    fn number(&mut self, number: u64) -> Result<u64, Error> {
        if number < self.counter {
            return Err(UNKNOWN);
        }
        self.counter = number.checked_add(1).ok_or(UNKNOWN)?;
        Ok(number)
    }
}

/// Orders and lines.
impl State {
    fn placed(&mut self, event: &Happening) -> Result<(), Error> {
        let Happening::Placed {
            order,
            customer,
            until,
            together,
            line,
            sku,
            location,
            units,
            pack,
            priority,
            placed_at,
            sequence,
            shortfall: _,
        } = event
        else {
            return Err(UNKNOWN);
        };
        if self.line_slot(*line).is_some() {
            return Err(UNKNOWN);
        }
        let sku = self.sku(*sku)?;
        let tie = match location {
            Some(location) => self.account(sku, *location)?,
            None => NONE,
        };
        let sequence = self.number(*sequence)?;
        let known = self.order_slot(*order);
        let order_slot = match known {
            Some(known) => known,
            None => {
                let new = self.orders.insert(Order {
                    id: *order,
                    customer: *customer,
                    until: until.map_or(NEVER, Timestamp::as_micros),
                    extensions: 0,
                    last_line: NONE,
                    open: 0,
                    timer: NONE,
                    together: *together,
                    ended: Ended::No,
                    closed_at: None,
                })?;
                self.order_slots.insert(order.0, new)?;
                new
            }
        };
        let part = self.new_part(*priority, *placed_at, sequence)?;
        let pack = *pack;
        self.new_line(*line, order_slot, sku, tie, pack, part)?;
        self.more_demand(part, *units)
    }

    /// A line with its first part, at the end of its order.
    pub(super) fn new_line(
        &mut self,
        id: LineId,
        order: u32,
        sku: u32,
        tie: u32,
        pack: Pack,
        part: u32,
    ) -> Result<u32, Error> {
        let line = self.lines.insert(Line {
            id,
            order,
            sku,
            tie,
            first_part: part,
            next: NONE,
            pack,
            cancelled: 0,
        })?;
        self.line_slots.insert(id.0, line)?;
        self.parts.at_mut(part)?.line = line;
        let last = core::mem::replace(&mut self.orders.at_mut(order)?.last_line, line);
        let first = if last == NONE {
            line
        } else {
            core::mem::replace(&mut self.lines.at_mut(last)?.next, line)
        };
        self.lines.at_mut(line)?.next = first;
        Ok(line)
    }

    pub(super) fn new_part(
        &mut self,
        priority: i32,
        placed_at: Timestamp,
        sequence: u64,
    ) -> Result<u32, Error> {
        self.parts.insert(Part {
            placed_at,
            sequence,
            waiting: 0,
            taken: 0,
            account: NONE,
            served_leaf: NONE,
            queue_leaf: NONE,
            line: NONE,
            priority,
            extra: NONE,
        })
    }

    fn increased(
        &mut self,
        line: LineId,
        units: Quantity,
        priority: i32,
        placed_at: Timestamp,
        sequence: u64,
    ) -> Result<(), Error> {
        let line = self.line_slot(line).ok_or(UNKNOWN)?;
        let sequence = self.number(sequence)?;
        let part = self.new_part(priority, placed_at, sequence)?;
        self.parts.at_mut(part)?.line = line;
        let last = self.last_part(line)?;
        self.extra_mut(last)?.next_part = part;
        self.more_demand(part, units)
    }

    pub(super) fn last_part(&self, line: u32) -> Result<u32, Error> {
        let mut part = self.lines.at(line)?.first_part;
        loop {
            let next = self.next_part(part)?;
            if next == NONE {
                return Ok(part);
            }
            part = next;
        }
    }

    /// Units of a new part wait.
    fn more_demand(&mut self, part: u32, units: Quantity) -> Result<(), Error> {
        if units == 0 {
            return Ok(());
        }
        let line = self.lines.at(self.parts.at(part)?.line)?;
        let (sku, order) = (line.sku, line.order);
        self.demand(sku, order, units)?;
        self.wait_more(part, units)?;
        self.opens(order)
    }

    /// One more part of an order is open.
    fn opens(&mut self, slot: u32) -> Result<(), Error> {
        let order = self.orders.at_mut(slot)?;
        order.open = order.open.checked_add(1).ok_or(UNKNOWN)?;
        if order.open == 1 {
            (order.ended, order.closed_at) = (Ended::No, None);
            self.set_timer(slot)?;
        }
        Ok(())
    }

    /// Puts an order with a deadline among the timers.
    fn set_timer(&mut self, order: u32) -> Result<(), Error> {
        if self.orders.at(order)?.until == NEVER {
            return Ok(());
        }
        let mut items = TimerItems {
            orders: &mut self.orders,
            lines: &self.lines,
            parts: &self.parts,
        };
        self.forest.insert(&mut self.timers, order, &mut items)
    }

    fn end_timer(&mut self, order: u32) -> Result<(), Error> {
        if self.orders.at(order)?.until == NEVER {
            return Ok(());
        }
        let mut items = TimerItems {
            orders: &mut self.orders,
            lines: &self.lines,
            parts: &self.parts,
        };
        self.forest.remove(&mut self.timers, order, &mut items)
    }

    /// After units of a part left or were cancelled: whether that closes the order, and how it ended.
    fn closes(&mut self, part: u32, at: Timestamp, ended: Ended) -> Result<(), Error> {
        let this = self.parts.at(part)?;
        if Self::is_open(this) {
            return Ok(());
        }
        let order = self.lines.at(this.line)?.order;
        self.one_less_open(order, at, ended)
    }

    fn one_less_open(&mut self, slot: u32, at: Timestamp, ended: Ended) -> Result<(), Error> {
        let order = self.orders.at_mut(slot)?;
        order.open = order.open.checked_sub(1).ok_or(UNKNOWN)?;
        if order.open > 0 {
            return Ok(());
        }
        (order.ended, order.closed_at) = (ended, Some(at));
        self.closed.push_back((at, slot));
        self.end_timer(slot)
    }

    fn confirmed(&mut self, order: OrderId) -> Result<(), Error> {
        let order = self.order_slot(order).ok_or(UNKNOWN)?;
        if self.orders.at(order)?.open > 0 {
            self.end_timer(order)?;
        }
        self.orders.at_mut(order)?.until = NEVER;
        self.each_part(order, |state, part| state.confirm(part))
    }

    fn extended(&mut self, order: OrderId, until: Timestamp) -> Result<(), Error> {
        let order = self.order_slot(order).ok_or(UNKNOWN)?;
        if self.orders.at(order)?.until == NEVER {
            return Err(UNKNOWN);
        }
        self.end_timer(order)?;
        let this = self.orders.at_mut(order)?;
        this.until = until.as_micros();
        this.extensions = this.extensions.checked_add(1).ok_or(UNKNOWN)?;
        self.set_timer(order)
    }

    fn regrouped(&mut self, order: OrderId, together: bool) -> Result<(), Error> {
        let order = self.order_slot(order).ok_or(UNKNOWN)?;
        self.orders.at_mut(order)?.together = together;
        self.each_part(order, |state, part| {
            let this = state.parts.at(part)?;
            if this.waiting > 0 {
                let sku = state.lines.at(this.line)?.sku;
                let sku = slot(&mut state.skus, sku as usize)?;
                sku.together = if together {
                    sku.together.saturating_add(1)
                } else {
                    sku.together.saturating_sub(1)
                };
            }
            Ok(())
        })
    }

    fn rekeyed(
        &mut self,
        line: LineId,
        priority: i32,
        placed_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let line = self.line_slot(line).ok_or(UNKNOWN)?;
        let mut part = self.lines.at(line)?.first_part;
        while part != NONE {
            self.move_part(part, |part| {
                part.priority = priority;
                part.placed_at = placed_at.unwrap_or(part.placed_at);
            })?;
            part = self.next_part(part)?;
        }
        Ok(())
    }

    /// Changes what a part is ordered by, and puts it where it now belongs in every queue.
    fn move_part(&mut self, part: u32, change: impl FnOnce(&mut Part)) -> Result<(), Error> {
        if self.is_listed(part)? {
            change(self.parts.at_mut(part)?);
            return Ok(());
        }
        self.leave_queues(part)?;
        change(self.parts.at_mut(part)?);
        self.enter_queues(part)
    }

    /// Takes a part out of the queue and of those served everywhere; its units stay.
    pub(super) fn leave_queues(&mut self, part: u32) -> Result<(), Error> {
        if self.parts.at(part)?.waiting > 0 {
            let (queue, forest, mut items) = self.queue_of(part)?;
            forest.remove(queue, part, &mut items)?;
        }
        let mut next = self.first_taken(part)?;
        while let Some(place) = next {
            self.unserve(part, place.account)?;
            next = self.entry(place.next)?;
        }
        Ok(())
    }

    pub(super) fn enter_queues(&mut self, part: u32) -> Result<(), Error> {
        if self.parts.at(part)?.waiting > 0 {
            let (queue, forest, mut items) = self.queue_of(part)?;
            forest.insert(queue, part, &mut items)?;
        }
        let mut next = self.first_taken(part)?;
        while let Some(place) = next {
            self.serve(part, place.account)?;
            next = self.entry(place.next)?;
        }
        Ok(())
    }

    #[allow(clippy::type_complexity, reason = "three borrows of one state at once")]
    fn queue_of(
        &mut self,
        part: u32,
    ) -> Result<(&mut Tree, &mut super::store::Forest, QueueItems<'_>), Error> {
        let line = self.lines.at(self.parts.at(part)?.line)?;
        let queue = if line.tie == NONE {
            &mut slot(&mut self.skus, line.sku as usize)?.queue
        } else {
            &mut slot(&mut self.accounts, line.tie as usize)?.queue
        };
        let items = QueueItems {
            parts: &mut self.parts,
            extras: &self.extras,
        };
        Ok((queue, &mut self.forest, items))
    }

    /// Runs over the parts of all lines of an order.
    fn each_part(
        &mut self,
        order: u32,
        mut each: impl FnMut(&mut Self, u32) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let last = self.orders.at(order)?.last_line;
        let mut line = last;
        loop {
            line = self.lines.at(line)?.next;
            let mut part = self.lines.at(line)?.first_part;
            while part != NONE {
                each(self, part)?;
                part = self.next_part(part)?;
            }
            if line == last {
                return Ok(());
            }
        }
    }

    /// The last units of a line become a line of their own.
    fn split(
        &mut self,
        line: LineId,
        new_line: LineId,
        waiting: Quantity,
        taken: Quantity,
    ) -> Result<(), Error> {
        let slot_of = self.line_slot(line).ok_or(UNKNOWN)?;
        let pieces = split_of(self, slot_of, add(waiting, taken)?)?;
        let Line {
            order,
            sku,
            tie,
            pack,
            ..
        } = *self.lines.at(slot_of)?;
        let mut new_slot = NONE;
        let mut last = NONE;
        for piece in pieces {
            let old = self.parts.at(piece.part)?;
            let (priority, placed_at, sequence) = (old.priority, old.placed_at, old.sequence);
            let part = self.new_part(priority, placed_at, sequence)?;
            let extra = self.extra_mut(part)?;
            (extra.first_unit, extra.listed) = (piece.first_unit, piece.listed);
            if new_slot == NONE {
                new_slot = self.new_line(new_line, order, sku, tie, pack, part)?;
            } else {
                self.parts.at_mut(part)?.line = new_slot;
                self.extra_mut(last)?.next_part = part;
            }
            last = part;
            self.wait_less(piece.part, piece.waiting)?;
            self.wait_more(part, piece.waiting)?;
            for (account, units) in piece.from {
                self.has_less(piece.part, account, units)?;
                self.has_more(part, account, units)?;
            }
            if piece.listed.is_some() {
                let list = slot(&mut self.skus, sku as usize)?.list.as_mut();
                list.ok_or(UNKNOWN)?.members.push(part);
            }
            let opened = self.orders.at_mut(order)?;
            opened.open = opened.open.checked_add(1).ok_or(UNKNOWN)?;
            if !Self::is_open(self.parts.at(piece.part)?) {
                let opened = self.orders.at_mut(order)?;
                opened.open = opened.open.checked_sub(1).ok_or(UNKNOWN)?;
            }
        }
        Ok(())
    }

    fn listed(&mut self, event: &Happening) -> Result<(), Error> {
        let Happening::Listed {
            sku, rule, draw, ..
        } = event
        else {
            return Err(UNKNOWN);
        };
        let sku = self.sku(*sku)?;
        match rule {
            AllocateRule::Shared(rule) => {
                let members = self.close_list(sku, draw)?;
                self.set_list(sku, Some(*rule), &members)
            }
            AllocateRule::Fill | AllocateRule::Queue => self.set_list(sku, None, &[]),
        }
    }

    fn forgotten(&mut self, order: OrderId) -> Result<(), Error> {
        let slot_of = self.order_slot(order).ok_or(UNKNOWN)?;
        let last = self.orders.at(slot_of)?.last_line;
        let mut line = self.lines.at(last)?.next;
        loop {
            let next = self.lines.at(line)?.next;
            let gone = self.wanted(self.lines.at(line)?)?;
            let sku = self.lines.at(line)?.sku;
            self.demand(sku, slot_of, gone.saturating_neg())?;
            self.drop_line(line)?;
            if line == last {
                break;
            }
            line = next;
        }
        self.orders.take(slot_of)?;
        self.order_slots.remove(order.0);
        while let Some((at, front)) = self.closed.front()
            && self
                .orders
                .get(*front)
                .is_none_or(|order| order.closed_at != Some(*at))
        {
            self.closed.pop_front();
        }
        Ok(())
    }

    fn drop_line(&mut self, slot_of: u32) -> Result<(), Error> {
        let line = self.lines.take(slot_of)?;
        self.line_slots.remove(line.id.0);
        let mut part = line.first_part;
        while part != NONE {
            let gone = self.parts.take(part)?;
            part = NONE;
            if gone.extra == NONE {
                continue;
            }
            let extra: Extra = self.extras.take(gone.extra)?;
            if extra.listed.is_some()
                && let Some(list) = &mut slot(&mut self.skus, line.sku as usize)?.list
            {
                list.members
                    .retain(|member| self.parts.get(*member).is_some());
            }
            part = extra.next_part;
            for mut entry in [extra.taken, extra.shipped] {
                while entry != NONE {
                    entry = self.entries.take(entry)?.next;
                }
            }
        }
        Ok(())
    }

    /// The policy of a SKU.
    pub(super) fn policy_of(&self, sku: u32) -> Result<&SkuPolicy, Error> {
        let sku = self.skus.get(sku as usize).ok_or(UNKNOWN)?;
        Ok(sku.policy.as_deref().unwrap_or(&self.policy))
    }

    /// The number of an order's first part.
    pub(super) fn sequence_of(&self, order: u32) -> Result<u64, Error> {
        first_sequence(self.orders.at(order)?, &self.lines, &self.parts)
    }

    pub(super) fn account_at(&self, account: u32) -> Result<&Account, Error> {
        self.accounts.get(account as usize).ok_or(UNKNOWN)
    }

    /// What a customer has of a SKU, ordered less cancelled; counted while the policy has a cap.
    pub(super) fn units_of(&self, sku: u32, customer: CustomerId) -> Result<Quantity, Error> {
        let sku = self.skus.get(sku as usize).ok_or(UNKNOWN)?;
        let caps = sku.caps.as_ref();
        Ok(caps
            .and_then(|caps| caps.get(&customer))
            .copied()
            .unwrap_or(0))
    }

    /// The next number of the counter.
    pub(super) fn next_number(&mut self) -> Result<u64, Error> {
        self.number(self.counter)
    }
}

fn count(len: usize) -> Result<u32, Error> {
    u32::try_from(len)
        .ok()
        .filter(|count| *count != NONE)
        .ok_or(Error::TooManyNames { max: NONE })
}
