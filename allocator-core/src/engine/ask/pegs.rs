//! Pegs: waiting parts laid over the supply that is expected.

use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap};
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::lanes::{Lanes, Told};
use crate::engine::Engine;
use crate::engine::command::Pack;
use crate::engine::draft::{effective_pack, sku_at};
use crate::engine::state::{Listed, NONE, State, Supply};
use crate::engine::ticket::{Ticket, compare};
use crate::engine::view::EnginePeg;
use crate::error::Error;
use crate::id::{LineId, SkuId};
use crate::quantity::{Quantity, add, at, slot};
use crate::rule::ShortageRule;

impl Engine {
    /// Which incoming supply is expected to serve whom: the waiting parts of a SKU in the order in which
    /// they would be served, laid over what has not arrived yet, the earliest expected first. A line that
    /// is tied to a location is served by supply for that location only.
    ///
    /// With `one_supply_each` all that a line waits for comes from one supply, the first that has enough
    /// left when its first part is reached; where none has, the line has no peg. Without, a line may have
    /// units of several.
    ///
    /// The pegs stand in the order of [`Engine::queue`], those of one part by expected date. They are no
    /// promise and nothing is stored: any later command may change them. Without `one_supply_each`
    /// O(pegs · log n), with it O(waiting lines · supplies); where there is a list, O(list) and O(log n)
    /// for each change between its parts more.
    ///
    /// ```
    /// # use allocator_core::engine::{Command, Engine, Place, PlaceLine, Request, Settings};
    /// # use allocator_core::{LocationId, OrderId, SkuId, SupplyId, Timestamp};
    /// # let mut engine = Engine::new(Settings::default())?;
    /// # let now = Timestamp::from_micros(0);
    /// let place = Command::Place(Place {
    ///     order: OrderId(1),
    ///     customer: None,
    ///     until: None,
    ///     together: false,
    ///     partial: false,
    ///     replaces: None,
    ///     lines: vec![PlaceLine::new(1, 7, 3)],
    /// });
    /// let _ = engine.apply(now, &Request { id: 1.into(), issued_at: None, command: place })?;
    /// for (id, units) in [(1, 2), (2, 10)] {
    ///     let supply = Command::Supply {
    ///         supply: SupplyId(id),
    ///         sku: SkuId(7),
    ///         location: LocationId(1),
    ///         units,
    ///         expected_at: Timestamp::from_micros(i64::from(id) * 86_400_000_000),
    ///     };
    ///     let request = Request { id: u128::from(id + 1).into(), issued_at: None, command: supply };
    ///     let _ = engine.apply(now, &request)?;
    /// }
    /// let pegs = engine.pegs(SkuId(7), false);
    /// assert_eq!(pegs.iter().map(|peg| (peg.supply.0, peg.units)).collect::<Vec<_>>(), [(1, 2), (2, 1)]);
    /// let pegs = engine.pegs(SkuId(7), true);
    /// assert_eq!(pegs.iter().map(|peg| (peg.supply.0, peg.units)).collect::<Vec<_>>(), [(2, 3)]);
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    #[must_use]
    pub fn pegs(&self, sku: SkuId, one_supply_each: bool) -> Vec<EnginePeg> {
        let Some(slot) = self.state.sku_slots.get(sku.0) else {
            return Vec::new();
        };
        let pegs = Laid::of(&self.state, slot).and_then(|mut laid| {
            if one_supply_each {
                laid.by_line()?;
            } else {
                laid.by_unit()?;
            }
            laid.pegs()
        });
        pegs.unwrap_or_default()
    }
}

/// The waiting parts of a SKU, as far as they are laid over its supplies.
struct Laid<'s> {
    state: &'s State,
    sku: u32,
    /// What has not arrived, by expected date.
    supplies: Vec<Supply>,
    /// Units of each that nobody is laid over.
    left: Vec<Quantity>,
    /// The first of them with units left.
    first: usize,
    /// By part, told in order, and supply.
    laid: BTreeMap<(Told, u32, usize), Quantity>,
}

impl<'s> Laid<'s> {
    fn of(state: &'s State, sku: u32) -> Result<Self, Error> {
        let mut supplies = Vec::new();
        for supply in &sku_at(state, sku)?.supplies {
            let supply = at(&state.supplies, *supply as usize)?;
            if supply.units > supply.received {
                supplies.push(supply);
            }
        }
        supplies.sort_by_key(|supply| (supply.expected_at, supply.sequence));
        let outstanding = |supply: &Supply| supply.units.saturating_sub(supply.received);
        Ok(Self {
            state,
            sku,
            left: supplies.iter().map(outstanding).collect(),
            supplies,
            first: 0,
            laid: BTreeMap::new(),
        })
    }

    /// Lays each part over the supplies in turn: those on the list ticket by ticket, then the others.
    fn by_unit(&mut self) -> Result<(), Error> {
        self.lay_list()?;
        let sku = sku_at(self.state, self.sku)?;
        let mut lanes = Lanes::new(self.state);
        lanes.add(&sku.queue, None)?;
        for account in &sku.accounts {
            if self.has_for(*account)? {
                lanes.add(&self.state.account_at(*account)?.queue, None)?;
            }
        }
        while let Some(part) = lanes.pop() {
            let this = self.state.parts.at(part)?;
            self.lay(part, this.waiting)?;
            if self.has_for(self.state.lines.at(this.line)?.tie)? {
                lanes.follow(part)?;
            }
        }
        Ok(())
    }

    /// Whether supply is left for lines with this tie.
    fn has_for(&mut self, tie: u32) -> Result<bool, Error> {
        while self.left.get(self.first) == Some(&0) {
            self.first = self.first.saturating_add(1);
        }
        if tie == NONE {
            return Ok(self.first < self.left.len());
        }
        let location = self.state.location_of(tie)?;
        let mut rest = self.supplies.iter().zip(&self.left).skip(self.first);
        Ok(rest.any(|(supply, left)| *left > 0 && supply.location == location))
    }

    /// Lays units of a part over what is left; units for which nothing is left have no peg.
    fn lay(&mut self, part: u32, units: Quantity) -> Result<(), Error> {
        let tie = self.state.lines.at(self.state.parts.at(part)?.line)?.tie;
        if !self.has_for(tie)? {
            return Ok(());
        }
        let location = match tie {
            NONE => None,
            tie => Some(self.state.location_of(tie)?),
        };
        let told = self.state.told(part)?;
        let mut wish = units;
        for index in self.first..self.supplies.len() {
            if wish == 0 {
                break;
            }
            let here = at(&self.supplies, index)?.location;
            let left = slot(&mut self.left, index)?;
            let units = wish.min(*left);
            if units > 0 && location.is_none_or(|location| location == here) {
                *left = left.saturating_sub(units);
                wish = wish.saturating_sub(units);
                let laid = self.laid.entry((told, part, index)).or_insert(0);
                *laid = add(*laid, units)?;
            }
        }
        Ok(())
    }

    /// Lays the parts on the list, the next ticket first; a run of tickets of one part counts as one.
    fn lay_list(&mut self) -> Result<(), Error> {
        let state = self.state;
        let Some(list) = &sku_at(state, self.sku)?.list else {
            return Ok(());
        };
        let mut next: BinaryHeap<Next<'_>> = BinaryHeap::new();
        for part in &list.members {
            next.extend(state.next_ticket(&list.rule, *part)?);
        }
        while let Some(mut first) = next.pop() {
            if !self.has_for(NONE)? {
                return Ok(());
            }
            let run = match next.peek() {
                Some(other) if first.by_unit => first.run(&other.ticket),
                _ => first.waiting,
            };
            self.lay(first.part, run)?;
            first.waiting = first.waiting.saturating_sub(run);
            first.ticket.number = first.ticket.number.saturating_add(run);
            if first.waiting > 0 {
                next.push(first);
            }
        }
        Ok(())
    }

    /// Lays each line at the place of its first part over one supply that has enough for all of it.
    fn by_line(&mut self) -> Result<(), Error> {
        let state = self.state;
        let sku = sku_at(state, self.sku)?;
        let mut seen: BTreeSet<u32> = BTreeSet::new();
        if let Some(list) = &sku.list {
            let mut listed: Vec<Next<'_>> = Vec::new();
            for part in &list.members {
                listed.extend(state.next_ticket(&list.rule, *part)?);
            }
            listed.sort_by(|a, b| b.cmp(a));
            for next in listed {
                self.lay_line(next.part, &mut seen)?;
            }
        }
        let mut lanes = Lanes::new(state);
        lanes.add(&sku.queue, None)?;
        for account in &sku.accounts {
            lanes.add(&state.account_at(*account)?.queue, None)?;
        }
        while self.has_for(NONE)?
            && let Some(part) = lanes.pop()
        {
            self.lay_line(part, &mut seen)?;
            lanes.follow(part)?;
        }
        Ok(())
    }

    fn lay_line(&mut self, part: u32, seen: &mut BTreeSet<u32>) -> Result<(), Error> {
        let state = self.state;
        let line = state.parts.at(part)?.line;
        if !seen.insert(line) {
            return Ok(());
        }
        let tie = state.lines.at(line)?.tie;
        let location = match tie {
            NONE => None,
            tie => Some(state.location_of(tie)?),
        };
        let mut waiting: Vec<(u32, Quantity)> = Vec::new();
        let mut units: Quantity = 0;
        let mut part = state.lines.at(line)?.first_part;
        while part != NONE {
            let waits = state.parts.at(part)?.waiting;
            if waits > 0 {
                waiting.push((part, waits));
                units = add(units, waits)?;
            }
            part = state.next_part(part)?;
        }
        let supplies = self.supplies.iter().zip(&self.left);
        let fits = supplies.enumerate().find(|(_, (supply, left))| {
            **left >= units && location.is_none_or(|location| location == supply.location)
        });
        let Some(index) = fits.map(|(index, _)| index) else {
            return Ok(());
        };
        let left = slot(&mut self.left, index)?;
        *left = left.saturating_sub(units);
        for (part, units) in waiting {
            self.laid.insert((state.told(part)?, part, index), units);
        }
        Ok(())
    }

    fn pegs(self) -> Result<Vec<EnginePeg>, Error> {
        let mut pegs = Vec::with_capacity(self.laid.len());
        for ((_, part, supply), units) in self.laid {
            let supply = at(&self.supplies, supply)?;
            let line = self.state.parts.at(part)?.line;
            let line: LineId = self.state.lines.at(line)?.id;
            pegs.push(EnginePeg {
                line,
                part: self.state.number_of(part)?,
                supply: supply.id,
                units,
                expected_at: supply.expected_at,
            });
        }
        Ok(pegs)
    }
}

/// The next ticket of a part on a list.
pub(super) struct Next<'s> {
    rule: &'s ShortageRule,
    ticket: Ticket,
    pub(super) part: u32,
    waiting: Quantity,
    /// Whether it is served unit by unit: nothing binds its units together.
    by_unit: bool,
}

impl State {
    /// The next ticket of a part on a list, if it waits.
    pub(super) fn next_ticket<'s>(
        &'s self,
        rule: &'s ShortageRule,
        part: u32,
    ) -> Result<Option<Next<'s>>, Error> {
        let this = self.parts.at(part)?;
        let listed: Option<Listed> = self.extras.get(this.extra).and_then(|extra| extra.listed);
        let Some(listed) = listed.filter(|_| this.waiting > 0) else {
            return Ok(None);
        };
        let line = self.lines.at(this.line)?;
        let pack = effective_pack(line.pack, self.policy_of(line.sku)?);
        let served = add(self.taken(part)?, self.shipped(part)?)?;
        Ok(Some(Next {
            rule,
            ticket: Ticket {
                number: add(listed.first, served)?,
                claim: listed.claim,
                lot: listed.lot,
                place: self.told(part)?.key,
            },
            part,
            waiting: this.waiting,
            by_unit: pack == Pack::Multiple(1) && !self.orders.at(line.order)?.together,
        }))
    }
}

impl Next<'_> {
    /// How many of its tickets go before another's; at least 1. The keys of a part rise with its tickets,
    /// so a search by halves finds it.
    fn run(&self, other: &Ticket) -> Quantity {
        let (mut least, mut most) = (1, self.waiting);
        while least < most {
            let half = least.saturating_add(most.saturating_sub(least).saturating_add(1) / 2);
            let number = self.ticket.number.saturating_add(half).saturating_sub(1);
            let last = Ticket {
                number,
                ..self.ticket
            };
            if compare(self.rule, &last, other) == Ordering::Less {
                least = half;
            } else {
                most = half.saturating_sub(1);
            }
        }
        least
    }
}

/// The smallest ticket is the largest, so that a heap gives it first.
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
