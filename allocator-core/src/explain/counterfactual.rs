//! What would have to change for a line to be served, in closed form. All of it is about the line's
//! parcel, so the lines of a whole order share one answer.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::allocate::{
    Allocation, Lanes, Parcel, WholeOrders, allocate_parted, claim, finish, offer, release, waiting,
};
use crate::demand::{Rows, terms};
use crate::error::Error;
use crate::id::SkuId;
use crate::limits::NO_ID;
use crate::policy::{Completeness, Policy};
use crate::quantity::{Quantity, Total, add, at, slot, sub, tally};
use crate::reason::Reason;

use super::{Explainer, LineAt, MoreUnits};

/// What would change the outcome of a parcel.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    pub(super) more_units: Vec<MoreUnits>,
    pub(super) if_before: Option<LineAt>,
    /// Units each of its rows would get if it could ship in part, by row; empty where it can.
    if_partial: Vec<(u32, Quantity)>,
}

impl Changes {
    pub(super) fn if_partial(&self, row: usize) -> Option<Quantity> {
        let index = self
            .if_partial
            .binary_search_by_key(&row, |&(row, _)| row as usize);
        index
            .ok()
            .and_then(|index| self.if_partial.get(index))
            .map(|&(_, units)| units)
    }
}

impl Explainer {
    /// What would change the outcome of the parcel that the line belongs to. O(k log n) for a parcel
    /// of k lines, and O(w) in the parcels that wait for released units where it gives some back.
    pub(super) fn changes(&self, row: usize) -> Result<Changes, Error> {
        let parcel = self.parcel(row)?;
        let mut impossible = false;
        let mut open = false;
        for &row in &parcel {
            let (row, reason) = (row as usize, at(self.allocation.reasons(), row as usize)?);
            impossible |= reason.is_never();
            open |= at(self.allocation.allocated(), row)? < self.lines.quantity(row);
        }
        if impossible {
            let if_partial = if parcel.len() > 1 {
                self.if_parted(&parcel)?
            } else {
                Vec::new()
            };
            return Ok(Changes {
                if_partial,
                ..Changes::default()
            });
        }
        if !self.policy.rule.is_queue() {
            return Ok(Changes {
                more_units: self.more_units(&parcel)?,
                if_before: if open {
                    self.if_before_when_shared(row)?
                } else {
                    None
                },
                ..Changes::default()
            });
        }
        Ok(Changes {
            more_units: self.more_units(&parcel)?,
            if_before: if open { self.if_before(&parcel)? } else { None },
            if_partial: if open {
                self.if_partial(&parcel)?
            } else {
                Vec::new()
            },
        })
    }

    /// What would have to arrive for the parcel of a row to be served in turn, by SKU.
    pub(crate) fn more_units_of(&self, row: usize) -> Result<Vec<MoreUnits>, Error> {
        self.more_units(&self.parcel(row)?)
    }

    fn more_units(&self, parcel: &[u32]) -> Result<Vec<MoreUnits>, Error> {
        let mut more = Vec::new();
        for (lane, rows) in self.lanes_of(parcel)? {
            let mut needed: Total = 0;
            for row in rows {
                needed = needed.max(self.ranks.needed(&self.policy.rule, lane, row)?);
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

    fn if_before(&self, parcel: &[u32]) -> Result<Option<LineAt>, Error> {
        let Some(&latest) = parcel.last() else {
            return Ok(None);
        };
        let latest = latest as usize;
        let mut before: Option<usize> = None;
        for (lane, own) in self.lanes_of(parcel)? {
            match self.in_front_of(lane, &own, latest)? {
                Front::Anywhere => {}
                Front::Nowhere => return Ok(None),
                Front::Of(row) => {
                    before = Some(before.map_or(row, |known| self.first_of(known, row)));
                }
            }
        }
        before.map(|row| self.line_at(row)).transpose()
    }

    fn by_place(&self, a: usize, b: usize) -> Ordering {
        self.standing.compare(&self.lines, a, b)
    }

    fn first_of(&self, a: usize, b: usize) -> usize {
        if self.by_place(b, a).is_lt() { b } else { a }
    }

    /// The last line of the lane, before `latest`, in front of which the parcel's `own` rows of this
    /// lane would be covered.
    fn in_front_of(&self, lane: usize, own: &[usize], latest: usize) -> Result<Front, Error> {
        let mut claims: Total = 0;
        // Own positions, each with the own claims that stand before the next one.
        let mut standing = Vec::with_capacity(own.len());
        for &row in own {
            tally(&mut claims, self.claim(row)?);
            standing.push((self.position(row)?, claims));
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
            let before = standing
                .partition_point(|&(own, _)| own < position)
                .checked_sub(1);
            let own = before.map_or(Ok(0), |index| Ok::<_, Error>(at(&standing, index)?.1))?;
            Ok::<_, Error>(self.claimed_ahead(lane, position)?.saturating_sub(own))
        };
        let row_at = |position: usize| self.lanes.rows(lane).nth(position).map(|row| row as usize);
        let end = partition(self.lanes.range(lane).len(), |position| {
            Ok(row_at(position).is_some_and(|row| self.by_place(row, latest).is_lt()))
        })?;
        if others_ahead(end)? <= budget {
            return Ok(Front::Anywhere);
        }
        let first_too_far = partition(end, |position| Ok(others_ahead(position)? <= budget))?;
        let last = first_too_far.checked_sub(1).and_then(row_at);
        Ok(last.map_or(Front::Nowhere, Front::Of))
    }

    /// What the rows of the parcel would get if all of them could ship in part, by row.
    fn if_partial(&self, parcel: &[u32]) -> Result<Vec<(u32, Quantity)>, Error> {
        let whole =
            |row: u32| terms(&self.lines, row as usize, &self.policy).0 != Completeness::Partial;
        if !parcel.iter().all(|&row| whole(row)) {
            return Ok(Vec::new());
        }
        let mut units = Vec::with_capacity(parcel.len());
        for &row in parcel {
            units.push((row, at(self.allocation.covered(), row as usize)?));
        }
        if self.others_release(parcel)? {
            units = match *parcel {
                [row] if self.released_by(row as usize)? == 0 => self.at_its_turn(row)?,
                _ => self.replay(parcel)?,
            };
        }
        units.sort_unstable();
        Ok(units)
    }

    /// Whether anybody else gives something back in a lane in which a row of the parcel lacks units.
    fn others_release(&self, parcel: &[u32]) -> Result<bool, Error> {
        for (lane, rows) in self.lanes_of(parcel)? {
            let (mut own, mut lacks) = (0, false);
            for row in rows {
                own = add(own, self.released_by(row)?)?;
                lacks |= at(self.allocation.covered(), row)? < self.claim(row)?;
            }
            if lacks && at(&self.released.room, lane)? > own {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a line gave back because it may not ship in part.
    fn released_by(&self, row: usize) -> Result<Quantity, Error> {
        sub(
            at(self.allocation.covered(), row)?,
            at(&self.released.held, row)?,
        )
    }

    /// What a line that gives nothing back would take: nothing changes before its turn.
    fn at_its_turn(&self, row: u32) -> Result<Vec<(u32, Quantity)>, Error> {
        let is_before =
            |parcel: &Parcel| self.by_place(parcel.latest as usize, row as usize).is_lt();
        let Released {
            parcels,
            room_at_turn,
            ..
        } = &self.released;
        let turn = parcels.partition_point(is_before);
        let covered = at(self.allocation.covered(), row as usize)?;
        let more = sub(self.claim(row as usize)?, covered)?.min(at(room_at_turn, turn)?);
        Ok(alloc::vec![(row, add(covered, more)?)])
    }

    /// Offers the released units once more, with the parcel's lines each at its own place and
    /// keeping what they hold; returns what each of them has when its turn is over.
    fn replay(&self, mates: &[u32]) -> Result<Vec<(u32, Quantity)>, Error> {
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
        let Some((&first, &latest)) = mates.first().zip(mates.last()) else {
            return Ok(Vec::new());
        };
        let own_order = at(&self.order_of, first as usize)?;
        let is_own = |row: u32| {
            at(&self.order_of, row as usize) == Ok(own_order)
                && (own_order != NO_ID || row == first)
        };
        let others = parcels.iter().filter(|parcel| !is_own(parcel.latest));
        let singles = mates.iter().map(|&latest| Parcel {
            latest,
            order: None,
            all_or_nothing: false,
        });
        let by_place = |a: u32, b: u32| self.by_place(a as usize, b as usize);
        let mut turns: Vec<Parcel> = others.copied().chain(singles).collect();
        turns.sort_unstable_by(|a, b| by_place(a.latest, b.latest));

        let mut units = Vec::with_capacity(mates.len());
        for parcel in turns
            .iter()
            .take_while(|parcel| by_place(parcel.latest, latest).is_le())
        {
            let own = is_own(parcel.latest);
            let holds = if own { self.allocation.covered() } else { held };
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
                    if own {
                        units.push((parcel.latest, add(at(holds, of)?, more)?));
                    }
                    Ok(())
                },
            )?;
        }
        Ok(units)
    }

    /// What the rows of an order that can never be served whole would get if it could ship in part,
    /// by row. It claims nothing now, so this changes what everybody behind it is covered for.
    fn if_parted(&self, parcel: &[u32]) -> Result<Vec<(u32, Quantity)>, Error> {
        let mut units = if self.allocation.is_one_off() {
            self.allocate_parted(parcel)?
        } else {
            self.covered_parted(parcel)?
        };
        units.retain(|&(row, _)| {
            at(self.allocation.reasons(), row as usize) == Ok(Reason::OrderHasImpossibleLine)
        });
        units.sort_unstable();
        Ok(units)
    }

    /// Where nobody gives anything back the queue alone decides.
    fn covered_parted(&self, parcel: &[u32]) -> Result<Vec<(u32, Quantity)>, Error> {
        let mut units = Vec::with_capacity(parcel.len());
        for (lane, rows) in self.lanes_of(parcel)? {
            let received = Total::from(at(&self.lanes.received, lane)?);
            let mut own: Total = 0;
            for row in rows {
                let ahead = self
                    .claimed_ahead(lane, self.position(row)?)?
                    .saturating_add(own);
                let (quantity, left) = (self.lines.quantity(row), received.saturating_sub(ahead));
                let covered =
                    Quantity::try_from(left.clamp(0, quantity.into())).unwrap_or(quantity);
                units.push((narrow(row)?, covered));
                tally(&mut own, quantity);
            }
        }
        Ok(units)
    }

    /// Else the whole decision is made again, on the same lanes. O(n).
    fn allocate_parted(&self, parcel: &[u32]) -> Result<Vec<(u32, Quantity)>, Error> {
        let order = at(
            &self.order_of,
            parcel.first().map_or(0, |&row| row as usize),
        )?;
        let mut lines = self.lines.clone();
        for &mate in parcel {
            slot(&mut lines, mate as usize)?.completeness = Some(Completeness::Partial);
        }
        let others = self.orders.without(order);
        let allocated = allocate_parted(&lines, &self.policy, &self.lanes, &others)?;
        let units = parcel
            .iter()
            .map(|&row| Ok((row, at(&allocated, row as usize)?)));
        units.collect()
    }
}

fn narrow(row: usize) -> Result<u32, Error> {
    u32::try_from(row).map_err(|_| Error::Corrupt { at: "row number" })
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
