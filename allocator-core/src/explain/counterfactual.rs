//! What would have to change for a line to be served, in closed form.

use alloc::vec::Vec;

use crate::allocate::{
    Allocation, Lanes, Parcel, WholeOrders, allocate, claim, finish, offer, release, waiting,
};
use crate::demand::{Place, Rows, terms};
use crate::error::Error;
use crate::id::SkuId;
use crate::policy::{Completeness, Policy};
use crate::quantity::{Quantity, Total, add, at, slot, sub, tally};
use crate::supply::Supply;

use super::{Explainer, LineAt, MoreUnits};

impl Explainer {
    pub(super) fn more_units(&self, row: usize) -> Result<Vec<MoreUnits>, Error> {
        if !self.policy.rule.is_queue() {
            return self.more_units_to_share(row);
        }
        let mut more = Vec::new();
        for (lane, rows) in self.lanes_of(&self.parcel(row)?)? {
            let mut needed: Total = 0;
            for row in rows {
                let mut with_it = self.claimed_ahead(lane, self.position(row)?)?;
                let claim = self.claim(row)?;
                tally(&mut with_it, claim);
                needed = if claim > 0 { with_it } else { needed };
            }
            // Beyond the limit no supply row can say it: no number helps.
            let Ok(needed) = Quantity::try_from(needed) else {
                return Ok(Vec::new());
            };
            let received = at(&self.lanes.received, lane)?;
            if needed > received {
                more.push(MoreUnits {
                    sku: SkuId(at(&self.lanes.sku, lane)?),
                    units: sub(needed, received)?,
                });
            }
        }
        Ok(more)
    }

    pub(super) fn if_before(&self, row: usize) -> Result<Option<LineAt>, Error> {
        if !self.policy.rule.is_queue() {
            return self.if_before_when_shared(row);
        }
        let parcel = self.parcel(row)?;
        let Some(latest) = parcel.last().map(|&row| self.lines.place(row as usize)) else {
            return Ok(None);
        };
        let mut before: Option<(Place, usize)> = None;
        for (lane, own) in self.lanes_of(&parcel)? {
            match self.in_front_of(lane, &own, latest)? {
                Front::Anywhere => {}
                Front::Nowhere => return Ok(None),
                Front::Of(row) => {
                    let candidate = (self.lines.place(row), row);
                    before = Some(before.map_or(candidate, |known| known.min(candidate)));
                }
            }
        }
        before.map(|(_, row)| self.line_at(row)).transpose()
    }

    /// The last line of the lane, before `latest`, in front of which the parcel's `own` rows of this
    /// lane would be covered.
    fn in_front_of(&self, lane: usize, own: &[usize], latest: Place) -> Result<Front, Error> {
        let mut claims: Total = 0;
        let mut standing = Vec::with_capacity(own.len());
        for &row in own {
            standing.push((self.position(row)?, self.claim(row)?));
            tally(&mut claims, self.claim(row)?);
        }
        // Who claims nothing is covered wherever it stands.
        if claims == 0 {
            return Ok(Front::Anywhere);
        }
        let budget = Total::from(at(&self.lanes.received, lane)?).saturating_sub(claims);
        if budget < 0 {
            return Ok(Front::Nowhere);
        }
        let others_ahead = |position: usize| {
            let mut own_ahead: Total = 0;
            for &(_, claim) in standing.iter().filter(|&&(own, _)| own < position) {
                tally(&mut own_ahead, claim);
            }
            Ok::<_, Error>(
                self.claimed_ahead(lane, position)?
                    .saturating_sub(own_ahead),
            )
        };
        let row_at = |position: usize| self.lanes.rows(lane).nth(position).map(|row| row as usize);
        let end = partition(self.lanes.range(lane).len(), |position| {
            Ok(row_at(position).is_some_and(|row| self.lines.place(row) < latest))
        })?;
        if others_ahead(end)? <= budget {
            return Ok(Front::Anywhere);
        }
        let first_too_far = partition(end, |position| Ok(others_ahead(position)? <= budget))?;
        let last = first_too_far.checked_sub(1).and_then(row_at);
        Ok(last.map_or(Front::Nowhere, Front::Of))
    }

    /// What the row would get if every line of its parcel could ship in part; none where it can.
    pub(super) fn if_partial(&self, row: usize) -> Result<Option<Quantity>, Error> {
        if terms(&self.lines, row, &self.policy).0 == Completeness::Partial {
            return Ok(None);
        }
        let covered = at(self.allocation.covered(), row)?;
        if covered == self.claim(row)? {
            // The queue alone gives it all; nothing that others give back could add to it.
            return Ok(Some(covered));
        }
        let mates = self.parcel(row)?;
        let lane = self.lanes.of(self.lines.sku(row))?;
        let (mut kept, mut kept_here): (Quantity, Quantity) = (0, 0);
        for &mate in &mates {
            let units = self.released_by(mate as usize)?;
            kept = kept.max(units);
            if self.lanes.of(self.lines.sku(mate as usize))? == lane {
                kept_here = add(kept_here, units)?;
            }
        }
        if at(&self.released.room, lane)? <= kept_here {
            // Nobody else gives anything back in its lane.
            return Ok(Some(covered));
        }
        if kept > 0 || mates.len() > 1 {
            return self.replay(row, &mates).map(Some);
        }
        // It gives nothing back itself: nothing changes before its turn.
        let Released {
            parcels,
            room_at_turn,
            ..
        } = &self.released;
        let place = self.lines.place(row);
        let turn =
            parcels.partition_point(|parcel| self.lines.place(parcel.latest as usize) < place);
        let more = sub(self.claim(row)?, covered)?.min(at(room_at_turn, turn)?);
        add(covered, more).map(Some)
    }

    /// What a line gave back because it may not ship in part.
    fn released_by(&self, row: usize) -> Result<Quantity, Error> {
        sub(
            at(self.allocation.covered(), row)?,
            at(&self.released.held, row)?,
        )
    }

    /// Offers the released units once more, with the parcel's lines each at its own place and
    /// keeping what they hold; returns what `row` has when its turn is over.
    fn replay(&self, row: usize, mates: &[u32]) -> Result<Quantity, Error> {
        let Released {
            held,
            room,
            parcels,
            ..
        } = &self.released;
        let mut room = room.clone();
        for &mate in mates {
            let room = slot(&mut room, self.lanes.of(self.lines.sku(mate as usize))?)?;
            *room = sub(*room, self.released_by(mate as usize)?)?;
        }
        let own_order = at(&self.order_of, row)?;
        let others = parcels.iter().filter(|parcel| match parcel.order {
            Some(order) => order != own_order,
            None => parcel.latest as usize != row,
        });
        let singles = mates.iter().map(|&latest| Parcel {
            latest,
            order: None,
            all_or_nothing: false,
        });
        let mut turns: Vec<Parcel> = others.copied().chain(singles).collect();
        let place = |parcel: &Parcel| self.lines.place(parcel.latest as usize);
        turns.sort_unstable_by_key(place);

        let mut units = at(self.allocation.covered(), row)?;
        let own_turn = self.lines.place(row);
        for parcel in turns.iter().take_while(|parcel| place(parcel) <= own_turn) {
            let is_mate = parcel.order.is_none() && mates.contains(&parcel.latest);
            let holds = if is_mate {
                self.allocation.covered()
            } else {
                held
            };
            let need = |of: usize| sub(self.claim(of)?, at(holds, of)?);
            let rows = parcel.rows(&self.orders);
            offer(
                &self.lines,
                &self.lanes,
                rows,
                parcel.all_or_nothing,
                &mut room,
                need,
                |of, more| {
                    if of == row {
                        units = add(units, more)?;
                    }
                    Ok(())
                },
            )?;
        }
        Ok(units)
    }

    /// What the row would get if its order, which can never be served whole, could ship in part. The
    /// order claims nothing now, so this changes what everybody behind it is covered for.
    pub(super) fn if_parted(&self, row: usize) -> Result<Option<Quantity>, Error> {
        let parcel = self.parcel(row)?;
        if !self.allocation.is_one_off() {
            // Nobody gives anything back, so the queue alone decides.
            let lane = self.lanes.of(self.lines.sku(row))?;
            let mut ahead = self.claimed_ahead(lane, self.position(row)?)?;
            for &mate in parcel.iter().take_while(|&&mate| mate as usize != row) {
                if self.lines.sku(mate as usize) == self.lines.sku(row) {
                    tally(&mut ahead, self.lines.quantity(mate as usize));
                }
            }
            let left = Total::from(at(&self.lanes.received, lane)?).saturating_sub(ahead);
            let units = left.clamp(0, self.lines.quantity(row).into());
            return Ok(Quantity::try_from(units).ok());
        }
        let mut lines = self.lines.clone();
        for mate in parcel {
            slot(&mut lines, mate as usize)?.completeness = Some(Completeness::Partial);
        }
        let mut supply = Vec::with_capacity(self.lanes.count());
        for lane in 0..self.lanes.count() {
            if at(&self.lanes.known, lane)? {
                let sku = at(&self.lanes.sku, lane)?;
                supply.push(Supply::received(sku, at(&self.lanes.received, lane)?));
            }
        }
        let parted = allocate(&lines, &supply, &self.policy)?;
        at(parted.allocated(), row).map(Some)
    }
}

/// The state in which released units are offered: who holds what, what is free, who waits.
#[derive(Clone, Debug)]
pub(super) struct Released {
    held: Vec<Quantity>,
    room: Vec<Quantity>,
    parcels: Vec<Parcel>,
    /// For each parcel that is one line: the room in its lane when its turn comes.
    room_at_turn: Vec<Quantity>,
}

impl Released {
    pub(super) fn new<L: Rows + ?Sized>(
        lines: &L,
        policy: &Policy,
        lanes: &Lanes,
        orders: &WholeOrders,
        allocation: &Allocation,
    ) -> Result<Self, Error> {
        let reason = allocation.reasons();
        let mut held = allocation.covered().to_vec();
        let mut room = lanes.received.clone();
        for (lane, room) in room.iter_mut().enumerate() {
            for row in lanes.rows(lane) {
                *room = sub(*room, at(&held, row as usize)?)?;
            }
        }
        let mut ships = alloc::vec![0; lines.count()];
        finish(lines, policy, orders, reason, &held, &mut ships)?;
        release(lines, policy, lanes, &ships, &mut held, &mut room)?;
        let parcels = waiting(lines, policy, lanes, orders, reason, &held, &room)?;
        let mut left = room.clone();
        let mut room_at_turn = Vec::with_capacity(parcels.len());
        for parcel in &parcels {
            room_at_turn.push(at(&left, lanes.of(lines.sku(parcel.latest as usize))?)?);
            let need = |row| sub(claim(lines, reason, row)?, at(&held, row)?);
            offer(
                lines,
                lanes,
                parcel.rows(orders),
                parcel.all_or_nothing,
                &mut left,
                need,
                |_, _| Ok(()),
            )?;
        }
        Ok(Self {
            held,
            room,
            parcels,
            room_at_turn,
        })
    }
}

/// Where a parcel would have to stand in one lane.
enum Front {
    /// It is covered there wherever it stands before its latest line.
    Anywhere,
    /// In front of this row.
    Of(usize),
    /// No place helps.
    Nowhere,
}

/// The first of `0..len` for which `holds` is false; `holds` never turns true again behind it.
fn partition(len: usize, holds: impl Fn(usize) -> Result<bool, Error>) -> Result<usize, Error> {
    let (mut low, mut high) = (0_usize, len);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle)? {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    Ok(low)
}
