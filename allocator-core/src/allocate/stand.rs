//! Stand: who can be served at all, in which lane, at which place.

use alloc::vec::Vec;

use crate::demand::{Rows, terms};
use crate::error::Error;
use crate::limits::NO_ID;
use crate::place::PlaceOrder;
use crate::policy::{Completeness, Policy};
use crate::quantity::{Quantity, add, at, slot};
use crate::reason::Reason;
use crate::supply::Supply;
use crate::ticket::starts;

/// One lane per SKU, in order of SKU ids; the lines of a lane in place order.
#[derive(Clone, Debug)]
pub(crate) struct Lanes {
    /// The SKU of each lane, rising.
    pub(crate) sku: Vec<u32>,
    /// Units received of it.
    pub(crate) received: Vec<Quantity>,
    /// Whether any supply row names it, be it of 0 units.
    pub(crate) known: Vec<bool>,
    /// All rows, lane by lane, each lane in place order.
    order: Vec<u32>,
    /// Where each lane begins in `order`, and the end.
    starts: Vec<usize>,
}

impl Lanes {
    pub(crate) fn new<L: Rows + ?Sized>(
        lines: &L,
        supply: &[Supply],
        standing: &PlaceOrder,
    ) -> Result<Self, Error> {
        let sku = skus(lines, supply);
        let index = Index::new(&sku);
        let mut received = alloc::vec![0; sku.len()];
        let mut known = alloc::vec![false; sku.len()];
        for row in supply {
            let lane = index.lane(row.sku.0)?;
            let units = slot(&mut received, lane)?;
            *units = add(*units, row.quantity)?;
            *slot(&mut known, lane)? = true;
        }
        let (order, starts) = group(lines, &index, sku.len(), standing)?;
        drop(index);
        Ok(Self {
            sku,
            received,
            known,
            order,
            starts,
        })
    }

    /// How many lanes.
    pub(crate) fn count(&self) -> usize {
        self.sku.len()
    }

    /// Where the lane lies in the whole order.
    pub(crate) fn range(&self, lane: usize) -> core::ops::Range<usize> {
        let start = self.starts.get(lane).copied().unwrap_or(0);
        let end = self
            .starts
            .get(lane.saturating_add(1))
            .copied()
            .unwrap_or(start);
        start..end
    }

    /// The rows of a lane in place order.
    pub(crate) fn rows(&self, lane: usize) -> impl Iterator<Item = u32> + Clone + use<'_> {
        self.order
            .get(self.range(lane))
            .unwrap_or(&[])
            .iter()
            .copied()
    }

    /// The lane of a SKU.
    pub(crate) fn of(&self, sku: u32) -> Result<usize, Error> {
        self.sku.binary_search(&sku).map_err(|_| Error::Corrupt {
            at: "lane of a SKU",
        })
    }
}

/// Groups the rows by lane (a counting sort), then sorts each lane by place. Returns the rows and
/// where each lane begins.
fn group<L: Rows + ?Sized>(
    lines: &L,
    index: &Index<'_>,
    lanes: usize,
    standing: &PlaceOrder,
) -> Result<(Vec<u32>, Vec<usize>), Error> {
    let mut next = alloc::vec![0_usize; lanes];
    for row in 0..lines.count() {
        let count = slot(&mut next, index.lane(lines.sku(row))?)?;
        *count = count.saturating_add(1);
    }
    let starts = starts(&mut next);
    let mut order = alloc::vec![0; lines.count()];
    for row in 0..lines.count() {
        let position = slot(&mut next, index.lane(lines.sku(row))?)?;
        *slot(&mut order, *position)? =
            u32::try_from(row).map_err(|_| Error::Corrupt { at: "row number" })?;
        *position = position.saturating_add(1);
    }
    for (&start, &end) in starts.iter().zip(starts.iter().skip(1)) {
        let rows = order
            .get_mut(start..end)
            .ok_or(Error::Corrupt { at: "lane" })?;
        let compare = |a: &u32, b: &u32| standing.compare(lines, *a as usize, *b as usize);
        if !rows.is_sorted_by(|a, b| compare(a, b).is_le()) {
            rows.sort_unstable_by(compare);
        }
    }
    Ok((order, starts))
}

/// Every SKU that a line or a supply row names, rising, once.
fn skus<L: Rows + ?Sized>(lines: &L, supply: &[Supply]) -> Vec<u32> {
    let named = || {
        supply
            .iter()
            .map(|row| row.sku.0)
            .chain((0..lines.count()).map(|row| lines.sku(row)))
    };
    let rows = lines.count().saturating_add(supply.len());
    let Some(largest) = named().max().map(|sku| sku as usize) else {
        return Vec::new();
    };
    if largest >> 2 <= rows {
        let mut seen = alloc::vec![false; largest.saturating_add(1)];
        for sku in named() {
            if let Some(seen) = seen.get_mut(sku as usize) {
                *seen = true;
            }
        }
        (0_u32..)
            .zip(seen)
            .filter(|&(_, seen)| seen)
            .map(|(sku, _)| sku)
            .collect()
    } else {
        let mut skus: Vec<u32> = named().collect();
        skus.sort_unstable();
        skus.dedup();
        skus.shrink_to_fit();
        skus
    }
}

/// From SKU to lane: a table where ids are dense, a search where they are sparse. No hashing, so no
/// choice of ids makes it slow.
enum Index<'a> {
    Table(Vec<u32>),
    Search(&'a [u32]),
}

impl<'a> Index<'a> {
    fn new(skus: &'a [u32]) -> Self {
        let largest = skus.last().map_or(0, |&sku| sku as usize);
        if largest >> 2 > skus.len() {
            return Self::Search(skus);
        }
        let mut table = alloc::vec![NO_ID; largest.saturating_add(1)];
        for (lane, &sku) in (0_u32..).zip(skus) {
            if let Some(entry) = table.get_mut(sku as usize) {
                *entry = lane;
            }
        }
        Self::Table(table)
    }

    fn lane(&self, sku: u32) -> Result<usize, Error> {
        let lane = match self {
            Self::Table(table) => table
                .get(sku as usize)
                .filter(|&&lane| lane != NO_ID)
                .map(|&lane| lane as usize),
            Self::Search(skus) => skus.binary_search(&sku).ok(),
        };
        lane.ok_or(Error::Corrupt {
            at: "lane of a SKU",
        })
    }
}

/// The orders that ship whole, each with its rows in place order.
#[derive(Clone, Debug, Default)]
pub(crate) struct WholeOrders {
    rows: Vec<u32>,
    starts: Vec<usize>,
    /// An order that is looked at as if it were none.
    absent: Option<usize>,
}

impl WholeOrders {
    pub(crate) fn new<L: Rows + ?Sized>(lines: &L, policy: &Policy) -> Result<Self, Error> {
        let is_whole = |&row: &usize| terms(lines, row, policy).0 == Completeness::Order;
        let whole = (0..lines.count()).filter(is_whole).count();
        let mut keyed: Vec<(u32, u32)> = Vec::with_capacity(whole);
        for row in (0..lines.count()).filter(is_whole) {
            let narrow = u32::try_from(row).map_err(|_| Error::Corrupt { at: "row number" })?;
            keyed.push((lines.order(row), narrow));
        }
        let standing = policy.standing();
        keyed.sort_unstable_by(|a, b| {
            let by_place = || standing.compare(lines, a.1 as usize, b.1 as usize);
            a.0.cmp(&b.0).then_with(by_place)
        });
        let orders = || keyed.chunk_by(|a, b| a.0 == b.0 && a.0 != NO_ID);
        let mut this = Self {
            rows: Vec::with_capacity(whole),
            starts: Vec::with_capacity(orders().count().saturating_add(1)),
            absent: None,
        };
        for order in orders() {
            this.starts.push(this.rows.len());
            this.rows.extend(order.iter().map(|&(_, row)| row));
        }
        this.starts.push(this.rows.len());
        Ok(this)
    }

    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The same orders without one.
    pub(crate) fn without(&self, order: u32) -> Self {
        Self {
            absent: Some(order as usize),
            ..self.clone()
        }
    }

    /// The rows of an order in place order.
    pub(crate) fn rows(&self, order: usize) -> &[u32] {
        if self.absent == Some(order) {
            return &[];
        }
        let start = self.starts.get(order).copied().unwrap_or(0);
        let end = self
            .starts
            .get(order.saturating_add(1))
            .copied()
            .unwrap_or(start);
        self.rows.get(start..end).unwrap_or(&[])
    }
}

/// Marks what asks for nothing and what can never be served; everything else stands as `Short`.
pub(crate) fn stand<L: Rows + ?Sized>(
    lines: &L,
    lanes: &Lanes,
    orders: &WholeOrders,
    reason: &mut [Reason],
) -> Result<(), Error> {
    for lane in 0..lanes.count() {
        let known = at(&lanes.known, lane)?;
        for row in lanes.rows(lane) {
            *slot(reason, row as usize)? = match lines.quantity(row as usize) {
                0 => Reason::NothingAsked,
                _ if known => Reason::Short,
                _ => Reason::UnknownSku,
            };
        }
    }
    for order in 0..orders.count() {
        let rows = orders.rows(order as usize);
        if rows
            .iter()
            .any(|&row| at(reason, row as usize) == Ok(Reason::UnknownSku))
        {
            for &row in rows {
                let reason = slot(reason, row as usize)?;
                if *reason == Reason::Short {
                    *reason = Reason::OrderHasImpossibleLine;
                }
            }
        }
    }
    Ok(())
}

/// The units a line may stand for: all it asks for, or none where it can never be served.
pub(crate) fn claim<L: Rows + ?Sized>(
    lines: &L,
    reason: &[Reason],
    row: usize,
) -> Result<Quantity, Error> {
    Ok(if at(reason, row)?.is_never() {
        0
    } else {
        lines.quantity(row)
    })
}
