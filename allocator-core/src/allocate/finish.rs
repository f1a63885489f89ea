//! Cover, round down, release, top up: from single units to what may ship.

use alloc::vec::Vec;

use crate::demand::{Rows, claimant, terms};
use crate::error::Error;
use crate::limits::NO_ID;
use crate::place::PlacePart;
use crate::policy::{Completeness, Misfit, Policy};
use crate::quantity::{Quantity, add, at, slot, sub};
use crate::reason::Reason;
use crate::rule::{KeyPart, ShortageRule};
use crate::ticket::{Claims, cover_lane};
use crate::unit_lots::UnitLots;

use super::stand::{Lanes, WholeOrders, claim};
use super::tier::Tiers;

/// Covers the smallest tickets of every lane, as many as there are units. What nobody claims stays in
/// `room`.
pub(crate) fn cover<L: Rows + ?Sized>(
    lines: &L,
    rule: &ShortageRule,
    lanes: &Lanes,
    tiers: Option<&Tiers>,
    reason: &[Reason],
    covered: &mut [Quantity],
) -> Result<Vec<Quantity>, Error> {
    let mut room = lanes.received.clone();
    let unit_lots = lots_of_units(lines, rule, tiers)?;
    for (lane, left) in room.iter_mut().enumerate() {
        let claims = lane_claims(lines, rule, unit_lots.as_ref(), lanes, tiers, reason, lane)?;
        let units = cover_lane(&claims, rule, *left)?;
        for &units in &units {
            *left = sub(*left, units)?;
        }
        match &claims.rows {
            None => {
                for (row, units) in lanes.rows(lane).zip(units) {
                    *slot(covered, row as usize)? = units;
                }
            }
            Some(rows) => {
                for row in lanes.rows(lane) {
                    *slot(covered, row as usize)? = 0;
                }
                for (&row, units) in rows.iter().zip(units) {
                    let covered = slot(covered, row as usize)?;
                    *covered = add(*covered, units)?;
                }
            }
        }
    }
    Ok(room)
}

/// The lots of single units where the rule reads them; in the order of the lots where tiers part a
/// line's units, because then its first unit is the one that is served first.
pub(crate) fn lots_of_units<'a, L: Rows + ?Sized>(
    lines: &'a L,
    rule: &ShortageRule,
    tiers: Option<&Tiers>,
) -> Result<Option<UnitLots<'a>>, Error> {
    let lots = UnitLots::of(lines, rule)?;
    Ok(match tiers {
        None => lots,
        Some(_) => lots.map(UnitLots::sorted),
    })
}

/// The claims of a lane, in place order; where there are tiers, tier by tier.
pub(crate) fn lane_claims<'a, L: Rows + ?Sized>(
    lines: &L,
    rule: &ShortageRule,
    unit_lots: Option<&'a UnitLots<'_>>,
    lanes: &Lanes,
    tiers: Option<&Tiers>,
    reason: &[Reason],
    lane: usize,
) -> Result<Claims<'a>, Error> {
    let Some(tiers) = tiers else {
        let rows = || lanes.rows(lane).map(|row| row as usize);
        let units = rows().map(|row| claim(lines, reason, row));
        let claims = columns(lines, rule, rows)?;
        return Ok(Claims {
            units: units.collect::<Result<_, _>>()?,
            unit_lots: unit_lots.map(|lots| rows().map(|row| lots.of_row(row)).collect()),
            ..claims
        });
    };
    let mut parts: Vec<Part> = Vec::new();
    for row in lanes.rows(lane) {
        let mut first = 0_i64;
        for (tier, units) in tiers.parts(row as usize, claim(lines, reason, row as usize)?) {
            if units > 0 {
                parts.push(Part {
                    tier,
                    row,
                    first,
                    units,
                });
            }
            first = add(first, units)?;
        }
    }
    // Stable: place order stays inside a tier.
    parts.sort_by_key(|part| part.tier);
    let rows = || parts.iter().map(|part| part.row as usize);
    let lots = |lots: &'a UnitLots<'_>| parts.iter().map(|part| part.of(lots)).collect();
    Ok(Claims {
        units: parts.iter().map(|part| part.units).collect(),
        tier: Some(parts.iter().map(|part| part.tier).collect()),
        rows: Some(parts.iter().map(|part| part.row).collect()),
        unit_lots: unit_lots.map(lots).transpose()?,
        // Parts of one line are one claimant's.
        claimant: (!rule.is_queue()).then(|| rows().map(|row| claimant(lines, row)).collect()),
        ..columns(lines, rule, rows)?
    })
}

/// Units of a line that stand in one tier.
struct Part {
    tier: i64,
    row: u32,
    /// Units of the line before them.
    first: Quantity,
    units: Quantity,
}

impl Part {
    fn of<'a>(&self, lots: &'a UnitLots<'_>) -> Result<&'a [i64], Error> {
        let from = usize::try_from(self.first).ok();
        let to = usize::try_from(add(self.first, self.units)?).ok();
        let lots = lots.of_row(self.row as usize);
        let part = from.zip(to).and_then(|(from, to)| lots.get(from..to));
        part.ok_or(Error::Corrupt { at: "unit lots" })
    }
}

/// The columns of these rows that the rule reads, beside units and their lots.
fn columns<'a, L: Rows + ?Sized, I: Iterator<Item = usize>>(
    lines: &L,
    rule: &ShortageRule,
    rows: impl Fn() -> I,
) -> Result<Claims<'a>, Error> {
    let reads = |part| rule.parts().contains(&part);
    let is_named = |row| lines.customer(row) != NO_ID || lines.order(row) != NO_ID;
    let shares = !rule.is_queue() && rows().any(is_named);
    let column = |part, of| {
        reads(part).then(|| rows().map(|row| lines.ordinal(row, of)).collect::<Vec<_>>())
    };
    Ok(Claims {
        claimant: shares.then(|| rows().map(|row| claimant(lines, row)).collect()),
        weight: reads(KeyPart::Weight).then(|| rows().map(|row| lines.weight(row)).collect()),
        class: column(KeyPart::Class, PlacePart::Priority),
        lot: column(KeyPart::Lot, PlacePart::Lot),
        ..Claims::default()
    })
}

/// Rounds what each line holds down to what may ship.
pub(crate) fn finish<L: Rows + ?Sized>(
    lines: &L,
    policy: &Policy,
    orders: &WholeOrders,
    reason: &[Reason],
    held: &[Quantity],
    allocated: &mut [Quantity],
) -> Result<(), Error> {
    for row in 0..lines.count() {
        let units = at(held, row)?;
        let whole = terms(lines, row, policy).0 != Completeness::Partial;
        *slot(allocated, row)? = if whole && units < claim(lines, reason, row)? {
            0
        } else {
            units
        };
    }
    for order in 0..orders.count() {
        let rows = orders.rows(order as usize);
        let mut complete = true;
        for &row in rows {
            complete &= at(held, row as usize)? == claim(lines, reason, row as usize)?;
        }
        for &row in rows.iter().filter(|_| !complete) {
            *slot(allocated, row as usize)? = 0;
        }
    }
    Ok(())
}

/// Gives back what lines that let others pass hold and may not ship.
pub(crate) fn release<L: Rows + ?Sized>(
    lines: &L,
    policy: &Policy,
    lanes: &Lanes,
    allocated: &[Quantity],
    held: &mut [Quantity],
    room: &mut [Quantity],
) -> Result<(), Error> {
    for (lane, room) in room.iter_mut().enumerate() {
        for row in lanes.rows(lane) {
            let row = row as usize;
            if terms(lines, row, policy).1 == Misfit::Pass {
                let (held, allocated) = (slot(held, row)?, at(allocated, row)?);
                *room = add(*room, sub(*held, allocated)?)?;
                *held = allocated;
            }
        }
    }
    Ok(())
}

/// What is served or not served as one, in the queue for released units: a line, or a whole order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parcel {
    /// Its latest line, whose place is the parcel's: adding a line to an old order jumps nobody.
    pub(crate) latest: u32,
    /// The whole order it is; `None`: the line alone.
    pub(crate) order: Option<u32>,
    /// Takes all it needs or nothing; else all it can.
    pub(crate) all_or_nothing: bool,
}

impl Parcel {
    /// Its rows in place order.
    pub(crate) fn rows<'a>(&'a self, orders: &'a WholeOrders) -> &'a [u32] {
        match self.order {
            Some(order) => orders.rows(order as usize),
            None => core::slice::from_ref(&self.latest),
        }
    }
}

/// Every parcel that waits for units in a lane with room, in place order.
pub(crate) fn waiting<L: Rows + ?Sized>(
    lines: &L,
    policy: &Policy,
    lanes: &Lanes,
    orders: &WholeOrders,
    reason: &[Reason],
    held: &[Quantity],
    room: &[Quantity],
) -> Result<Vec<Parcel>, Error> {
    let mut parcels = Vec::new();
    let short = |row| Ok::<_, Error>(at(held, row)? < claim(lines, reason, row)?);
    for (lane, _) in room.iter().enumerate().filter(|&(_, &units)| units > 0) {
        for row in lanes.rows(lane) {
            let (completeness, misfit) = terms(lines, row as usize, policy);
            if completeness != Completeness::Order && short(row as usize)? {
                let all_or_nothing = completeness == Completeness::Line && misfit == Misfit::Pass;
                parcels.push(Parcel {
                    latest: row,
                    order: None,
                    all_or_nothing,
                });
            }
        }
    }
    for order in 0..orders.count() {
        let (mut waits, mut latest, mut meets_room) = (false, None, false);
        for &row in orders.rows(order as usize) {
            waits |= short(row as usize)?;
            meets_room |= at(room, lanes.of(lines.sku(row as usize))?)? > 0;
            latest = Some(row);
        }
        if let Some(latest) = latest.filter(|_| waits && meets_room) {
            let all_or_nothing = terms(lines, latest as usize, policy).1 == Misfit::Pass;
            parcels.push(Parcel {
                latest,
                order: Some(order),
                all_or_nothing,
            });
        }
    }
    let standing = policy.standing();
    parcels.sort_unstable_by(|a, b| standing.compare(lines, a.latest as usize, b.latest as usize));
    Ok(parcels)
}

/// Offers the room to one parcel. `need` says what each of its rows still wants, `take` is told what
/// it gets; an all-or-nothing parcel that does not fit leaves the room as it was.
pub(crate) fn offer<L: Rows + ?Sized>(
    lines: &L,
    lanes: &Lanes,
    rows: &[u32],
    all_or_nothing: bool,
    room: &mut [Quantity],
    need: impl Fn(usize) -> Result<Quantity, Error>,
    mut take: impl FnMut(usize, Quantity) -> Result<(), Error>,
) -> Result<(), Error> {
    let lane = |row: u32| lanes.of(lines.sku(row as usize));
    if all_or_nothing {
        let mut fits = true;
        let mut tried = 0_usize;
        for &row in rows {
            let (room, want) = (slot(room, lane(row)?)?, need(row as usize)?);
            fits = want <= *room;
            if !fits {
                break;
            }
            *room = sub(*room, want)?;
            tried = tried.saturating_add(1);
        }
        for &row in rows.iter().take(tried) {
            let room = slot(room, lane(row)?)?;
            *room = add(*room, need(row as usize)?)?;
        }
        if !fits {
            return Ok(());
        }
    }
    for &row in rows {
        let room = slot(room, lane(row)?)?;
        let units = need(row as usize)?.min(*room);
        *room = sub(*room, units)?;
        take(row as usize, units)?;
    }
    Ok(())
}
