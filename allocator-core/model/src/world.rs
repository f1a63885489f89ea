//! One call, and the questions the rules ask about it.

use std::collections::{BTreeMap, BTreeSet};

use allocator_core::limits::NO_ID;
use allocator_core::{
    Completeness, DemandLine, KeyPart, Misfit, PlaceOrder, PlacePart, Policy, Supply,
};

/// The input of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The demand.
    pub lines: Vec<DemandLine>,
    /// What was received.
    pub supply: Vec<Supply>,
    /// How to share it.
    pub policy: Policy,
}

/// Who claims, where units are shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claimant {
    /// A customer, with all his orders.
    Customer(u32),
    /// An order of nobody known.
    Order(u32),
    /// A line of no order, by row.
    Line(usize),
}

impl World {
    /// All line rows.
    #[must_use]
    pub fn rows(&self) -> std::ops::Range<usize> {
        0..self.lines.len()
    }

    /// Where a line stands: a number for each part that lines are compared by, small first. The
    /// sequence is the row by default.
    #[must_use]
    pub fn place(&self, row: usize) -> Vec<i128> {
        let line = &self.lines[row];
        let number = |part: &PlacePart| match part {
            PlacePart::Priority => i128::from(line.priority),
            PlacePart::Score => -i128::from(line.score),
            PlacePart::Quantity => line.quantity.into(),
            PlacePart::Lot => line.lot.into(),
            PlacePart::PlacedAt => line.placed_at.as_micros().into(),
            PlacePart::Sequence => line.sequence.unwrap_or(row as i64).into(),
        };
        self.compared_by().iter().map(number).collect()
    }

    /// What lines are compared by, each once: the classes and lots that the rule reads, then the
    /// policy's order.
    #[must_use]
    pub fn compared_by(&self) -> Vec<PlacePart> {
        let parts = self.policy.rule.parts();
        let of_the_line = parts.iter().filter_map(|part| match part {
            KeyPart::Class => Some(PlacePart::Priority),
            KeyPart::Lot => Some(PlacePart::Lot),
            _ => None,
        });
        let mut compared = Vec::new();
        for part in of_the_line.chain(self.policy.order.parts().iter().copied()) {
            if !compared.contains(&part) {
                compared.push(part);
            }
        }
        compared
    }

    /// The same world, with places told by sequences, behind the classes and lots of the rule.
    #[must_use]
    pub fn by_sequence(&self) -> Self {
        let mut world = self.clone();
        for (sequence, row) in self.queue().into_iter().enumerate() {
            world.lines[row].sequence = Some(sequence as i64);
        }
        world.policy.order = PlaceOrder::from_parts(&[PlacePart::Sequence]).expect("one part");
        world
    }

    /// What the line, or else the policy, says about shipping in part.
    #[must_use]
    pub fn completeness(&self, row: usize) -> Completeness {
        self.lines[row]
            .completeness
            .unwrap_or(self.policy.completeness)
    }

    /// Whether the rule shares unit by unit between claimants: it reads more than places.
    #[must_use]
    pub fn shares(&self) -> bool {
        let reads_lines =
            |part: &KeyPart| matches!(part, KeyPart::Class | KeyPart::Lot | KeyPart::Place);
        !self.policy.rule.parts().iter().all(reads_lines)
    }

    /// Whose claim a line is: the customer's, else the order's, else its own; what is of another
    /// weight is another's.
    #[must_use]
    pub fn claimant(&self, row: usize) -> (Claimant, i64) {
        let DemandLine {
            customer,
            order,
            weight,
            ..
        } = self.lines[row];
        let customer = customer.map(|id| id.0).filter(|&id| id != NO_ID);
        let order = order.map(|id| id.0).filter(|&id| id != NO_ID);
        let order = || order.map_or(Claimant::Line(row), Claimant::Order);
        (customer.map_or_else(order, Claimant::Customer), weight)
    }

    /// Whether the line ships whole or not at all.
    #[must_use]
    pub fn is_whole(&self, row: usize) -> bool {
        self.completeness(row) != Completeness::Partial
    }

    /// Whether the line, or else the policy, lets others pass where it does not fit.
    #[must_use]
    pub fn passes(&self, row: usize) -> bool {
        self.lines[row].on_misfit.unwrap_or(self.policy.on_misfit) == Misfit::Pass
    }

    /// All rows in place order.
    #[must_use]
    pub fn queue(&self) -> Vec<usize> {
        self.queue_where(|_| true)
    }

    /// The rows that want this SKU, in place order.
    #[must_use]
    pub fn queue_of(&self, sku: u32) -> Vec<usize> {
        self.queue_where(|row| self.lines[row].sku.0 == sku)
    }

    fn queue_where(&self, belongs: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut rows: Vec<usize> = self.rows().filter(|&row| belongs(row)).collect();
        rows.sort_by_key(|&row| self.place(row));
        rows
    }

    /// Every SKU that is wanted or supplied.
    #[must_use]
    pub fn skus(&self) -> BTreeSet<u32> {
        let wanted = self.lines.iter().map(|line| line.sku.0);
        wanted
            .chain(self.supply.iter().map(|row| row.sku.0))
            .collect()
    }

    /// Units received of every SKU.
    #[must_use]
    pub fn received(&self) -> BTreeMap<u32, i64> {
        let of = |sku| self.supply.iter().filter(move |row| row.sku.0 == sku);
        let sum = |sku| (sku, of(sku).map(|row| row.quantity).sum());
        self.skus().into_iter().map(sum).collect()
    }

    /// Whether the line wants something that no supply row names.
    #[must_use]
    pub fn is_hopeless(&self, row: usize) -> bool {
        let line = &self.lines[row];
        line.quantity > 0 && self.supply.iter().all(|supply| supply.sku != line.sku)
    }

    /// Whether two rows are served or not served as one: they are lines of one order that ships whole,
    /// or one and the same.
    #[must_use]
    pub fn go_together(&self, row: usize, mate: usize) -> bool {
        let order = self.lines[row].order;
        let whole = order.is_some() && self.completeness(row) == Completeness::Order;
        row == mate || whole && self.lines[mate].order == order
    }

    /// All that is served or not served as one with a line, in place order.
    #[must_use]
    pub fn parcel(&self, row: usize) -> Vec<usize> {
        self.queue_where(|mate| self.go_together(row, mate))
    }

    /// Every parcel once, in the order of their latest lines.
    #[must_use]
    pub fn parcels(&self) -> Vec<Vec<usize>> {
        let parcel = |row| Some(self.parcel(row)).filter(|rows| rows.last() == Some(&row));
        self.queue().into_iter().filter_map(parcel).collect()
    }

    /// The units each line may stand for: all it asks for, none where it or a mate is hopeless.
    #[must_use]
    pub fn claims(&self) -> Vec<i64> {
        let impossible = |row| {
            let mut mates = self.rows().filter(|&mate| self.go_together(row, mate));
            mates.any(|mate| self.is_hopeless(mate))
        };
        let claim = |row| {
            if impossible(row) {
                0
            } else {
                self.lines[row].quantity
            }
        };
        self.rows().map(claim).collect()
    }
}
