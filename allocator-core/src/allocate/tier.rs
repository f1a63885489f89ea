//! Tiers: what goes first whatever the rule says. Units that were given, then credits, then what the
//! rule decides about; last what its owners offer to give up.

use alloc::vec::Vec;

use crate::demand::Rows;
use crate::error::Error;
use crate::place::PlaceOrder;
use crate::quantity::{Quantity, slot};

/// The units of each line that do not stand in the rule's own tier, by row. An empty column has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tiers {
    /// Units the line has already.
    given: Vec<Quantity>,
    /// So many of its first units go first, those that were given among them.
    credit: Vec<Quantity>,
    /// So many of its last units go last.
    offered: Vec<Quantity>,
    /// The order in which offered units are kept.
    rank: Vec<i64>,
}

/// Given, credit, the rule's own, offered.
const TIERS: usize = 4;

impl Tiers {
    /// Columns that were checked: what is given and offered of a line lies within its claim. Of offered
    /// units the cheapest are given up first, and of equal prices (`asked`) the newest.
    pub(crate) fn new<L: Rows + ?Sized>(
        lines: &L,
        standing: &PlaceOrder,
        given: Option<&[Quantity]>,
        credit: Option<&[Quantity]>,
        offered: Option<&[Quantity]>,
        asked: Option<&[i64]>,
    ) -> Result<Self, Error> {
        let owned = |column: Option<&[Quantity]>| column.map_or_else(Vec::new, <[_]>::to_vec);
        let mut this = Self {
            given: owned(given),
            credit: owned(credit),
            offered: owned(offered),
            rank: Vec::new(),
        };
        let offers = |&row: &usize| value(&this.offered, row) > 0;
        let mut rows: Vec<usize> = (0..lines.count()).filter(offers).collect();
        let price = |row: usize| value(asked.unwrap_or_default(), row);
        rows.sort_unstable_by(|&a, &b| {
            let dearest = price(b).cmp(&price(a));
            dearest.then_with(|| standing.compare(lines, a, b))
        });
        if !rows.is_empty() {
            this.rank = alloc::vec![0; lines.count()];
        }
        for (rank, row) in (0..).zip(rows) {
            *slot(&mut this.rank, row)? = rank;
        }
        Ok(this)
    }

    /// Whether every unit stands in the rule's own tier.
    pub(crate) fn are_none(&self) -> bool {
        let Self {
            given,
            credit,
            offered,
            rank: _,
        } = self;
        [given, credit, offered]
            .iter()
            .all(|column| column.iter().all(|&units| units == 0))
    }

    /// A line's units by tier, from its first to its last: the tier, and how many.
    pub(crate) fn parts(&self, row: usize, claim: Quantity) -> [(i64, Quantity); TIERS] {
        let given = value(&self.given, row).min(claim);
        let open = claim.saturating_sub(given);
        let offered = value(&self.offered, row).min(open);
        let own = open.saturating_sub(offered);
        let credit = value(&self.credit, row).saturating_sub(given).clamp(0, own);
        let last = 3_i64.saturating_add(value(&self.rank, row));
        [
            (0, given),
            (1, credit),
            (2, own.saturating_sub(credit)),
            (last, offered),
        ]
    }
}

fn value(column: &[i64], row: usize) -> i64 {
    column.get(row).copied().unwrap_or(0)
}
