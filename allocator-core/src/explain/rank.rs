//! The rank of a line's last unit among all units of its SKU: as many units must be received before
//! the line is served in full. Exact, because no unit's key depends on the stock.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::allocate::{Lanes, Tiers, lane_claims};
use crate::demand::Rows;
use crate::error::Error;
use crate::limits::NO_ID;
use crate::quantity::{Quantity, Total, at, slot, tally};
use crate::reason::Reason;
use crate::rule::{KeyPart, ShortageRule};
use crate::ticket::{Claims, Grading, Run};
use crate::unit_lots::UnitLots;

/// Ranks within every lane.
#[derive(Clone, Debug)]
pub(super) struct Ranks {
    lanes: Vec<Lane>,
    /// The claim of its lane that a row's last unit stands in, or [`NO_ID`].
    last: Vec<u32>,
}

/// Ranks of the last units of a lane's claims.
#[derive(Clone, Debug)]
enum Lane {
    /// Written out.
    Known(Vec<Total>),
    /// To be counted: claims that are alike in all but their place, and the group of each claim.
    Counted { groups: Vec<Group>, of: Vec<u32> },
}

/// Claims of one lane that only their places part.
#[derive(Clone, Debug)]
struct Group {
    alike: Alike,
    /// Which claims of the lane, rising.
    claims: Vec<u32>,
}

/// What the keys of a claim's tickets read, but for the place. Ordered only to find equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Alike {
    tier: i64,
    class: i64,
    lot: i64,
    run: Run,
}

/// From this tier on the place alone decides: offers to give up stand in the order of their prices.
const OFFERED: i64 = 3;

impl Ranks {
    /// O(n log n); where each unit is drawn, O(units log units).
    pub(super) fn new<L: Rows + ?Sized>(
        lines: &L,
        rule: &ShortageRule,
        lanes: &Lanes,
        tiers: Option<&Tiers>,
        reasons: &[Reason],
        unit_lots: Option<&UnitLots<'_>>,
    ) -> Result<Self, Error> {
        let mut this = Self {
            lanes: Vec::with_capacity(lanes.count()),
            last: alloc::vec![NO_ID; lines.count()],
        };
        for lane in 0..lanes.count() {
            let claims = lane_claims(lines, rule, unit_lots, lanes, tiers, reasons, lane)?;
            let rows = lanes.rows(lane);
            match &claims.rows {
                None => this.note(rows, &claims.units)?,
                Some(rows) => this.note(rows.iter().copied(), &claims.units)?,
            }
            this.lanes.push(Lane::new(&claims, rule)?);
        }
        Ok(this)
    }

    fn note(&mut self, rows: impl Iterator<Item = u32>, units: &[Quantity]) -> Result<(), Error> {
        for ((claim, row), &units) in (0_u32..).zip(rows).zip(units) {
            if units > 0 {
                *slot(&mut self.last, row as usize)? = claim;
            }
        }
        Ok(())
    }

    /// Units of the lane up to and with the last one of this row: 0 where it claims nothing. O(log n)
    /// for each group of claims that only their places part, of which there are about as many as sizes.
    pub(super) fn needed(
        &self,
        rule: &ShortageRule,
        lane: usize,
        row: usize,
    ) -> Result<Total, Error> {
        let last = at(&self.last, row)?;
        if last == NO_ID {
            return Ok(0);
        }
        let lane = self.lanes.get(lane);
        match lane.ok_or(Error::Corrupt { at: "lane" })? {
            Lane::Known(ranks) => at(ranks, last as usize),
            Lane::Counted { groups, of } => {
                let own = groups.get(at(of, last as usize)? as usize);
                let own = own.ok_or(Error::Corrupt { at: "group" })?.alike;
                let units = groups.iter().map(|group| group.until(&own, last, rule));
                Ok(units.fold(0, Total::saturating_add))
            }
        }
    }
}

impl Lane {
    fn new(claims: &Claims<'_>, rule: &ShortageRule) -> Result<Self, Error> {
        if let Some(lots) = &claims.unit_lots {
            return Ok(Self::Known(ranks_of_drawn(claims, lots, rule)?));
        }
        if rule.is_queue() {
            let sum = |sum: &mut Total, units: &Quantity| {
                tally(sum, *units);
                Some(*sum)
            };
            return Ok(Self::Known(claims.units.iter().scan(0, sum).collect()));
        }
        let mut alike = alike(claims, rule)?;
        alike.sort_unstable();
        let mut of = alloc::vec![0; claims.units.len()];
        let mut groups = Vec::new();
        for equal in alike.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(alike, _)) = equal.first() else {
                continue;
            };
            for &(_, claim) in equal {
                *slot(&mut of, claim as usize)? =
                    u32::try_from(groups.len()).map_err(|_| Error::Corrupt { at: "group" })?;
            }
            let claims = equal.iter().map(|&(_, claim)| claim).collect();
            groups.push(Group { alike, claims });
        }
        Ok(Self::Counted { groups, of })
    }
}

/// What each claim's tickets have beside their place.
fn alike(claims: &Claims<'_>, rule: &ShortageRule) -> Result<Vec<(Alike, u32)>, Error> {
    let lane = alloc::vec![0; claims.units.len()];
    let numbering = claims.numbering(&lane)?;
    let of = |column: &Option<Vec<i64>>, claim: usize| {
        column.as_ref().map_or(Ok(0), |column| at(column, claim))
    };
    let stages = |part| rule.stages().contains(&part);
    let mut all = Vec::with_capacity(claims.units.len());
    for ((claim, &units), number) in claims.units.iter().enumerate().zip(0_u32..) {
        let (low, of_claimant) = numbering
            .as_ref()
            .map_or((0, units), |numbering| numbering.of(claim));
        let tier = of(&claims.tier, claim)?.min(OFFERED);
        let reads = |part, column| {
            if tier < OFFERED && stages(part) {
                of(column, claim)
            } else {
                Ok(0)
            }
        };
        let alike = Alike {
            tier,
            class: reads(KeyPart::Class, &claims.class)?,
            lot: reads(KeyPart::Lot, &claims.lot)?,
            run: Run {
                low,
                high: low.saturating_add(units),
                all: of_claimant,
                weight: claims
                    .weight
                    .as_ref()
                    .map_or(Ok(1), |weights| at(weights, claim))?,
            },
        };
        all.push((alike, number));
    }
    Ok(all)
}

impl Group {
    /// Tickets of the group that go before the last ticket of `own`, which stands in this claim of the
    /// lane, and that ticket itself where it is here.
    fn until(&self, own: &Alike, claim: u32, rule: &ShortageRule) -> Total {
        let (before, equal) = self.alike.split(own, rule);
        let earlier = self.claims.partition_point(|&other| other <= claim);
        let times = |units: Quantity, claims: usize| {
            Total::from(units).saturating_mul(Total::try_from(claims).unwrap_or(Total::MAX))
        };
        times(before, self.claims.len()).saturating_add(times(equal, earlier))
    }
}

impl Alike {
    /// Its tickets whose keys are smaller than that of the last ticket of `last`, places apart, and
    /// those whose keys are equal: at most one where a part of the rule grades.
    fn split(&self, last: &Self, rule: &ShortageRule) -> (Quantity, Quantity) {
        let (mut run, ticket) = (self.run, last.run.high);
        match self.tier.cmp(&last.tier) {
            Ordering::Less => return (run.tickets(), 0),
            Ordering::Greater => return (0, 0),
            Ordering::Equal if self.tier >= OFFERED => return (0, run.tickets()),
            Ordering::Equal => {}
        }
        let mut before: Quantity = 0;
        for stage in rule.stages() {
            let order = match *stage {
                KeyPart::Protect(units) => {
                    let (first, rest) = run.part(units);
                    if ticket <= units {
                        run = first;
                    } else {
                        before = before.saturating_add(first.tickets());
                        run = rest;
                    }
                    Ordering::Equal
                }
                KeyPart::Lot => self.lot.cmp(&last.lot),
                _ => self.class.cmp(&last.class),
            };
            match order {
                Ordering::Less => return (before.saturating_add(run.tickets()), 0),
                Ordering::Greater => return (before, 0),
                Ordering::Equal => {}
            }
        }
        match Grading::of(rule) {
            None => (before, run.tickets()),
            Some(grading) => {
                let (front, has_equal) = grading.key(&last.run, ticket).front(&run);
                (before.saturating_add(front), has_equal.into())
            }
        }
    }
}

/// Where each unit is drawn: all units in order.
fn ranks_of_drawn(
    claims: &Claims<'_>,
    lots: &[&[i64]],
    rule: &ShortageRule,
) -> Result<Vec<Total>, Error> {
    let column = |column: &Option<Vec<i64>>, claim: usize| {
        let value = column.as_ref().and_then(|column| column.get(claim));
        value.copied().unwrap_or(0)
    };
    let stage = |claim: usize| {
        let part = move |part: &KeyPart| match part {
            KeyPart::Class => column(&claims.class, claim),
            _ => column(&claims.lot, claim),
        };
        let tier = column(&claims.tier, claim);
        core::iter::once(tier).chain(rule.stages().iter().map(part))
    };
    let mut tickets: Vec<(i64, u32)> = Vec::new();
    for (claim, lots) in (0_u32..).zip(lots) {
        tickets.extend(lots.iter().map(|&lot| (lot, claim)));
    }
    tickets.sort_unstable_by(|a, b| {
        let by_stage = stage(a.1 as usize).cmp(stage(b.1 as usize));
        by_stage.then_with(|| a.cmp(b))
    });
    let mut ranks = alloc::vec![0; lots.len()];
    for (rank, (_, claim)) in (1..).zip(tickets) {
        *slot(&mut ranks, claim as usize)? = rank;
    }
    Ok(ranks)
}
