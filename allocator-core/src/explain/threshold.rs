//! The threshold certificate: of every SKU that ran short the key of the last unit that was served. A
//! unit is served exactly where its key is no larger, so each customer can check his own.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use crate::allocate::{Allocation, Lanes};
use crate::check::check;
use crate::demand::{Demand, claimant};
use crate::error::{Error, Table};
use crate::id::SkuId;
use crate::policy::Policy;
use crate::quantity::{Quantity, add, at, slot, sub};
use crate::unit_lots::UnitLots;

use super::key::{Order, Ticket, TicketKey};

/// The last unit of a SKU that was served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Threshold {
    /// The SKU.
    pub sku: SkuId,
    /// The row of the line it went to.
    pub row: usize,
    /// Which unit of that line it is; 1 is its first.
    pub unit: Quantity,
    /// Its key.
    pub key: TicketKey,
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SKU {} was handed out up to {}", self.sku, self.key)
    }
}

/// What every customer can check his units against.
///
/// ```
/// use allocator_core::{allocate, Certificate, DemandLine, Policy, ShortageRule, Supply};
/// let lines = [DemandLine::new(1, 7, 3), DemandLine::new(2, 7, 2), DemandLine::new(3, 7, 1)];
/// let policy = Policy::sharing(ShortageRule::one_each_per_round());
/// let result = allocate(&lines, &[Supply::received(7, 4)], &policy)?;
/// let certificate = Certificate::new(&lines, &policy, &result)?;
/// let last = &certificate.thresholds()[0];
/// assert_eq!(last.to_string(), "SKU 7 was handed out up to unit 2, sequence 0");
/// let own = certificate.key(1, 2)?; // the second unit of row 1
/// assert_eq!(own.to_string(), "unit 2, sequence 1");
/// assert!(own > last.key && !certificate.is_within(1, 2)?);
/// assert!(certificate.is_within(1, 1)?);
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Certificate {
    order: Order,
    standings: Vec<Standing>,
    lanes: Vec<Reach>,
    thresholds: Vec<Threshold>,
    /// The lots of all units, where each is drawn.
    unit_lots: Option<UnitLots<'static>>,
}

/// Where a line's units stand among all units of its SKU.
#[derive(Clone, Copy, Debug)]
struct Standing {
    lane: u32,
    /// Whether it can be served at all.
    stands: bool,
    quantity: Quantity,
    /// Units of the claimant in the lines before.
    before: Quantity,
    /// A ticket of the line, without its number and its lot.
    ticket: Ticket,
}

/// How far a SKU was handed out.
#[derive(Clone, Copy, Debug)]
enum Reach {
    Nothing,
    Everything,
    UpTo(Ticket),
}

impl Certificate {
    /// Numbers the units of every claimant and finds the last one served of each SKU. O(n log n); where
    /// each unit is drawn, O(units log units), and it keeps a copy of the lots.
    ///
    /// Served is what is covered, before anything is rounded down ([`Allocation::covered`]).
    ///
    /// # Errors
    /// Those of the lines, as [`crate::allocate`] has them; [`Error::LengthMismatch`] where the result
    /// is not that of these lines; [`Error::OutOfRange`] where it covers units that nobody asked for.
    pub fn new<L: Demand + ?Sized>(
        lines: &L,
        policy: &Policy,
        allocation: &Allocation,
    ) -> Result<Self, Error> {
        check(lines, &[], policy, false)?;
        covers_what_is_asked(lines, allocation)?;
        let standing = policy.standing();
        let lanes = Lanes::new(lines, &[], &standing)?;
        let mut this = Self {
            order: Order {
                rule: policy.rule,
                standing,
            },
            standings: standings(lines, policy, &lanes, allocation)?,
            lanes: Vec::with_capacity(lanes.count()),
            thresholds: Vec::new(),
            unit_lots: UnitLots::of(lines, &policy.rule)?.map(UnitLots::into_owned),
        };
        for lane in 0..lanes.count() {
            let sku = SkuId(at(&lanes.sku, lane)?);
            let reach = this.reach(sku, lanes.rows(lane), allocation)?;
            this.lanes.push(reach);
        }
        Ok(this)
    }

    /// How far the lane was handed out; notes its threshold.
    fn reach(
        &mut self,
        sku: SkuId,
        rows: impl Iterator<Item = u32>,
        allocation: &Allocation,
    ) -> Result<Reach, Error> {
        let mut is_short = false;
        let mut last: Option<(usize, Quantity, Ticket)> = None;
        for row in rows.map(|row| row as usize) {
            let (standing, covered) = (at(&self.standings, row)?, at(allocation.covered(), row)?);
            is_short |= standing.stands && covered < standing.quantity;
            if covered == 0 {
                continue;
            }
            let unit = self.last_covered(row, covered)?;
            let ticket = self.ticket(row, unit)?;
            if last.is_none_or(|(.., last)| last.cmp(ticket, &self.order) == Ordering::Less) {
                last = Some((row, unit, ticket));
            }
        }
        Ok(match last {
            _ if !is_short => Reach::Everything,
            None => Reach::Nothing,
            Some((row, unit, ticket)) => {
                let key = ticket.key(&self.order);
                self.thresholds.push(Threshold {
                    sku,
                    row,
                    unit,
                    key,
                });
                Reach::UpTo(ticket)
            }
        })
    }

    /// Which unit of a line has the largest key of those that are covered.
    fn last_covered(&self, row: usize, covered: Quantity) -> Result<Quantity, Error> {
        let Some(lots) = &self.unit_lots else {
            // Keys rise along a line.
            return Ok(covered);
        };
        let mut drawn: Vec<(i64, Quantity)> = lots.of_row(row).iter().copied().zip(1..).collect();
        drawn.sort_unstable();
        Ok(at(&drawn, index(covered)?)?.1)
    }

    /// The line's unit, counted from 1.
    fn ticket(&self, row: usize, unit: Quantity) -> Result<Ticket, Error> {
        let standing = at(&self.standings, row)?;
        let mut ticket = standing.ticket;
        ticket.number = add(standing.before, unit)?;
        if let Some(lots) = &self.unit_lots {
            ticket.unit_lot = at(lots.of_row(row), index(unit)?)?;
        }
        Ok(ticket)
    }

    /// The last unit served of every SKU that ran short, by SKU. Not here: SKUs of which every unit
    /// that can be served is served, and those of which none is.
    #[must_use]
    pub fn thresholds(&self) -> &[Threshold] {
        &self.thresholds
    }

    /// The last unit served of this SKU, where it ran short and any was served.
    #[must_use]
    pub fn threshold(&self, sku: SkuId) -> Option<&Threshold> {
        let index = self.thresholds.binary_search_by_key(&sku, |last| last.sku);
        index.ok().and_then(|index| self.thresholds.get(index))
    }

    /// The key of a unit of line `row`; 1 is the line's first.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`]; [`Error::OutOfRange`] for a unit that the line does not ask for.
    pub fn key(&self, row: usize, unit: Quantity) -> Result<TicketKey, Error> {
        self.standing(row, unit)?;
        Ok(self.ticket(row, unit)?.key(&self.order))
    }

    /// Whether the key of a unit of line `row` is no larger than that of the last unit served: then,
    /// and only then, the unit is covered. A line that can never be served has no unit within. O(1).
    ///
    /// # Errors
    /// As [`Self::key`].
    pub fn is_within(&self, row: usize, unit: Quantity) -> Result<bool, Error> {
        let standing = self.standing(row, unit)?;
        let is_reached = match at(&self.lanes, standing.lane as usize)? {
            Reach::Nothing => false,
            Reach::Everything => true,
            Reach::UpTo(last) => {
                self.ticket(row, unit)?.cmp(last, &self.order) != Ordering::Greater
            }
        };
        Ok(standing.stands && is_reached)
    }

    fn standing(&self, row: usize, unit: Quantity) -> Result<Standing, Error> {
        let rows = self.standings.len();
        let standing = self.standings.get(row).copied();
        let standing = standing.ok_or(Error::NoSuchRow { row, rows })?;
        if (1..=standing.quantity).contains(&unit) {
            return Ok(standing);
        }
        Err(Error::OutOfRange {
            table: Table::Lines,
            row,
            field: "unit",
            value: unit.into(),
            min: 1,
            max: standing.quantity.into(),
        })
    }
}

/// Where a unit counted from 1 stands in a list.
fn index(unit: Quantity) -> Result<usize, Error> {
    usize::try_from(sub(unit, 1)?).map_err(|_| Error::Corrupt { at: "unit" })
}

/// That the result is one of these lines and covers no more than they ask for.
fn covers_what_is_asked<L: Demand + ?Sized>(
    lines: &L,
    allocation: &Allocation,
) -> Result<(), Error> {
    let (table, field) = (Table::Outcomes, "covered");
    if allocation.len() != lines.count() {
        return Err(Error::LengthMismatch {
            table,
            field,
            len: allocation.len(),
            rows: lines.count(),
        });
    }
    for (row, &covered) in allocation.covered().iter().enumerate() {
        let asked = lines.quantity(row);
        if !(0..=asked).contains(&covered) {
            return Err(Error::OutOfRange {
                table,
                row,
                field,
                value: covered.into(),
                min: 0,
                max: asked.into(),
            });
        }
    }
    Ok(())
}

/// Numbers the units of every claimant over his lines of one SKU, in place order. In a queue, and where
/// each unit is drawn, every line stands by itself.
fn standings<L: Demand + ?Sized>(
    lines: &L,
    policy: &Policy,
    lanes: &Lanes,
    allocation: &Allocation,
) -> Result<Vec<Standing>, Error> {
    let mut standings = Vec::with_capacity(lines.count());
    for row in 0..lines.count() {
        let (quantity, lane) = (lines.quantity(row), lanes.of(lines.sku(row))?);
        standings.push(Standing {
            lane: u32::try_from(lane).map_err(|_| Error::Corrupt { at: "lane number" })?,
            stands: !at(allocation.reasons(), row)?.is_never(),
            quantity,
            before: 0,
            ticket: Ticket::of(lines, row),
        });
    }
    if policy.rule.is_queue() || policy.rule.draws_units() {
        return Ok(standings);
    }
    for lane in 0..lanes.count() {
        let mut rows: Vec<usize> = lanes.rows(lane).map(|row| row as usize).collect();
        // Stable: place order stays inside a claimant.
        rows.sort_by_key(|&row| claimant(lines, row));
        for own in rows.chunk_by(|&a, &b| claimant(lines, a) == claimant(lines, b)) {
            let mut all = 0;
            for &row in own {
                slot(&mut standings, row)?.before = all;
                all = add(all, lines.quantity(row))?;
            }
            for &row in own {
                slot(&mut standings, row)?.ticket.claim = all;
            }
        }
    }
    Ok(standings)
}
