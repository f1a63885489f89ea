//! What the shop answers about itself.

use std::collections::BTreeMap;

use allocator_core::engine::{
    Ahead, EnginePeg, LineView, OrderView, Pack, PartView, Place, PlaceLine, QueuePlace, SkuPolicy,
    StockPosition, SupplyView, Tickets, Waiting,
};
use allocator_core::{LineId, LocationId, OrderId, Quantity, SkuId, SupplyId, Timestamp};

use super::Shop;
use super::state::{Line, Part, PartId, State, Supply};

impl Shop {
    /// The last instant it was told.
    #[must_use]
    pub fn clock(&self) -> Option<Timestamp> {
        self.clock
    }

    /// When the next hold ends by itself.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.state.deadlines().first().map(|&(until, _)| until)
    }

    /// An order.
    #[must_use]
    pub fn order(&self, order: OrderId) -> Option<OrderView> {
        let order = self.state.orders.get(&order)?;
        Some(OrderView {
            customer: order.customer,
            until: order.until,
            extensions: order.extensions,
            together: order.together,
            ended: order.ended,
            closed_at: order.closed_at,
            lines: order.lines.clone(),
        })
    }

    /// A line.
    #[must_use]
    pub fn line(&self, id: LineId) -> Option<LineView> {
        let line = self.state.lines.get(&id)?;
        let taken = line.open() - line.waiting();
        let (reserved, allocated) = if self.state.is_hold(id) {
            (taken, 0)
        } else {
            (0, taken)
        };
        Some(LineView {
            order: line.order,
            sku: line.sku,
            location: line.location,
            pack: line.pack,
            ordered: in_bounds(line.ordered),
            waiting: line.waiting(),
            reserved,
            allocated,
            shipped: line.shipped(),
            cancelled: in_bounds(line.cancelled),
            parts: line
                .parts
                .iter()
                .map(|part| self.state.view(part))
                .collect(),
        })
    }

    /// A purchase order line.
    #[must_use]
    pub fn supply(&self, supply: SupplyId) -> Option<SupplyView> {
        self.state.supplies.get(&supply).map(|supply| supply.view)
    }

    /// The units of a SKU at a location that were ever spoken of.
    #[must_use]
    pub fn position(&self, sku: SkuId, location: LocationId) -> Option<StockPosition> {
        self.state.accounts.get(&(sku, location)).copied()
    }

    /// The policy of a SKU.
    #[must_use]
    pub fn policy(&self, sku: SkuId) -> &SkuPolicy {
        self.state.policy(sku)
    }

    /// All SKUs, in the order in which they were heard of.
    #[must_use]
    pub fn skus(&self) -> Vec<SkuId> {
        self.state.skus.clone()
    }

    /// The locations that have units of a SKU or had, in the order in which they were heard of.
    #[must_use]
    pub fn locations(&self, sku: SkuId) -> Vec<LocationId> {
        let mut locations = self.state.locations.clone();
        locations.retain(|&location| self.position(sku, location).is_some());
        locations
    }

    /// A page of those who wait: what stands behind a part, or from the first. Parts on a list stand by
    /// their place then. Nothing stands behind a part that is not known.
    #[must_use]
    pub fn queue(&self, sku: SkuId, after: Option<(LineId, u32)>, most: usize) -> Vec<Waiting> {
        let state = &self.state;
        let mut parts = state.in_told_order(state.queue(sku));
        if let Some((line, part)) = after {
            let known = state.lines.get(&line);
            let known = known.is_some_and(|of| of.sku == sku && (part as usize) < of.parts.len());
            if !known {
                return Vec::new();
            }
            let last = state.told((line, part as usize));
            parts.retain(|&part| state.told(part) > last);
        }
        parts.truncate(most);
        let waits = |part: PartId| Waiting {
            line: part.0,
            part: part.1 as u32,
            units: state.part(part).waiting,
        };
        parts.into_iter().map(waits).collect()
    }

    /// Where a line stands; `None` for one that has nothing open. Before it count units that wait and may
    /// use its location, and those that somebody has there.
    #[must_use]
    pub fn place_in_line(&self, line: LineId) -> Option<QueuePlace> {
        let state = &self.state;
        let of = state.lines.get(&line)?;
        let mut open = state.in_told_order(state.parts_of_line(line));
        open.retain(|&part| state.part(part).open() > 0);
        let first = state.told(*open.first()?);
        let mut ahead = state.parts_of(of.sku);
        ahead.retain(|&other| state.told(other) < first && may_share(state.line(other.0), of));
        let sum = |units: fn(&Part) -> i64| -> i64 {
            ahead.iter().map(|&part| units(state.part(part))).sum()
        };
        Some(QueuePlace {
            units_ahead: sum(Part::open),
            waiting_ahead: sum(|part| part.waiting),
            waiting: of.waiting(),
        })
    }

    /// The waiting parts of a SKU laid over incoming supply.
    #[must_use]
    pub fn pegs(&self, sku: SkuId, one_supply_each: bool) -> Vec<EnginePeg> {
        let state = &self.state;
        let mut supplies: Vec<(SupplyId, Supply)> = Vec::new();
        for (&id, &supply) in &state.supplies {
            if supply.view.sku == sku {
                supplies.push((id, supply));
            }
        }
        supplies.sort_by_key(|(_, supply)| (supply.view.expected_at, supply.sequence));
        let mut left: Vec<i64> = supplies
            .iter()
            .map(|(_, supply)| supply.view.outstanding())
            .collect();
        let mut pegged: BTreeMap<(PartId, usize), i64> = BTreeMap::new();
        for (part, units) in state.wishes(sku, one_supply_each) {
            let mut wish = units;
            for (at, (_, supply)) in supplies.iter().enumerate() {
                let may = state.line(part.0).may_use(supply.view.location);
                if !may || one_supply_each && left[at] < units {
                    continue;
                }
                let units = wish.min(left[at]);
                (wish, left[at]) = (wish - units, left[at] - units);
                if units > 0 {
                    *pegged.entry((part, at)).or_default() += units;
                }
            }
        }
        if one_supply_each {
            pegged = state.spread(sku, pegged);
        }
        let mut pegs: Vec<_> = pegged.into_iter().collect();
        pegs.sort_by_key(|&((part, at), _)| (state.told(part), at));
        let peg = |((part, at), units): ((PartId, usize), i64)| EnginePeg {
            line: part.0,
            part: part.1 as u32,
            supply: supplies[at].0,
            units,
            expected_at: supplies[at].1.view.expected_at,
        };
        pegs.into_iter().map(peg).collect()
    }

    /// Units sold that no stock covers; protected units cover nobody.
    #[must_use]
    pub fn units_ahead_of_stock(&self, sku: SkuId) -> Quantity {
        in_bounds(self.state.ahead(sku, None))
    }

    /// The most units that a plain order of nobody could have by then, if it were placed now.
    #[must_use]
    pub fn available_to_promise(&self, sku: SkuId, by: Timestamp) -> Quantity {
        let (after, _) = self.settled();
        let mut ids = (0..=u32::MAX).rev();
        let order = ids.find(|&id| !after.orders.contains_key(&OrderId(id)));
        let mut ids = (0..=u32::MAX).rev();
        let line = ids.find(|&id| !after.lines.contains_key(&LineId(id)));
        let (Some(order), Some(line)) = (order, line) else {
            return 0;
        };
        after.most_placed(&Place {
            order: OrderId(order),
            customer: None,
            until: None,
            together: false,
            partial: false,
            replaces: None,
            lines: vec![PlaceLine {
                line: LineId(line),
                sku,
                location: None,
                units: i64::MAX,
                priority: 0,
                placed_at: None,
                pack: Pack::Multiple(1),
                ahead: Ahead::Latest(by),
            }],
        })
    }
}

/// Whether a line may use a location that another uses.
fn may_share(one: &Line, other: &Line) -> bool {
    one.location.is_none() || other.location.is_none() || one.location == other.location
}

/// A sum of all units a line ever had may be above what a view holds.
fn in_bounds(units: i128) -> Quantity {
    units.try_into().unwrap_or(Quantity::MAX)
}

impl State {
    fn view(&self, part: &Part) -> PartView {
        let heard = |units: &BTreeMap<LocationId, i64>| {
            let at = |&location: &LocationId| units.get(&location).map(|&units| (location, units));
            self.locations.iter().filter_map(at).collect()
        };
        PartView {
            priority: part.key.priority,
            placed_at: part.key.placed_at,
            sequence: part.key.sequence,
            first_unit: part.key.first_unit,
            waiting: part.waiting,
            taken: heard(&part.taken),
            shipped: heard(&part.shipped),
            listed: part.listed.map(|listed| Tickets {
                claim: listed.claim,
                first: listed.first,
            }),
        }
    }

    /// Who wishes for how many units of incoming supply, in the order in which they would be served: parts,
    /// on a list unit by unit, or all that a line waits for at the place of its first part.
    fn wishes(&self, sku: SkuId, by_line: bool) -> Vec<(PartId, i64)> {
        let mut later = self.clone();
        let mut wishes: Vec<(PartId, i64)> = Vec::new();
        while let Some(&next) = later.queue(sku).first() {
            let units = if later.is_by_the_unit(next) {
                1
            } else {
                later.part(next).waiting
            };
            // The next one waits once this one is served, wherever from.
            later.serve_from_nowhere(next, units);
            let same = wishes
                .iter_mut()
                .find(|(part, _)| by_line && part.0 == next.0);
            match same {
                Some((_, wish)) => *wish += units,
                None => wishes.push((next, units)),
            }
        }
        wishes
    }

    fn serve_from_nowhere(&mut self, part: PartId, units: i64) {
        let part = self.part_mut(part);
        part.waiting -= units;
        *part.taken.entry(LocationId(u32::MAX)).or_default() += units;
    }

    /// What a line has of a supply, spread over its parts, the first in line first.
    fn spread(
        &self,
        sku: SkuId,
        by_line: BTreeMap<(PartId, usize), i64>,
    ) -> BTreeMap<(PartId, usize), i64> {
        let mut spread = BTreeMap::new();
        for ((first, at), _) in by_line {
            let mut parts = self.queue(sku);
            parts.retain(|part| part.0 == first.0);
            parts.sort_by_key(|&part| self.told(part));
            for part in parts {
                spread.insert((part, at), self.part(part).waiting);
            }
        }
        spread
    }
}
