//! The shop as it is: policies, accounts, orders, lines and their parts, purchase order lines.
//!
//! Nothing is counted ahead and nothing is kept sorted: whoever wants an order or a sum makes it.

use std::collections::BTreeMap;

use allocator_core::engine::{
    Ended, Event, Inflow, LocationOrder, Pack, SkuPolicy, StockPosition, SupplyView,
};
use allocator_core::{
    CustomerId, LineId, LocationId, OrderId, ShortageRule, SkuId, SupplyId, Timestamp,
};

/// A place in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) priority: i32,
    pub(super) placed_at: Timestamp,
    pub(super) sequence: u64,
    pub(super) first_unit: i64,
}

/// What a part on a list was given when the list was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) claim: i64,
    pub(super) first: i64,
    pub(super) place: Key,
    pub(super) lot: i64,
}

/// A place in line and the units that stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) key: Key,
    pub(super) waiting: i64,
    pub(super) taken: BTreeMap<LocationId, i64>,
    pub(super) shipped: BTreeMap<LocationId, i64>,
    pub(super) listed: Option<Listed>,
}

impl Part {
    pub(super) fn taken_units(&self) -> i64 {
        self.taken.values().sum()
    }

    pub(super) fn shipped_units(&self) -> i64 {
        self.shipped.values().sum()
    }

    pub(super) fn open(&self) -> i64 {
        self.waiting + self.taken_units()
    }

    pub(super) fn units(&self) -> i64 {
        self.open() + self.shipped_units()
    }
}

/// A line. All it ever ordered, cancelled units too, is at most a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) order: OrderId,
    pub(super) sku: SkuId,
    pub(super) location: Option<LocationId>,
    pub(super) pack: Pack,
    pub(super) ordered: i128,
    pub(super) cancelled: i128,
    pub(super) parts: Vec<Part>,
}

impl Line {
    pub(super) fn waiting(&self) -> i64 {
        self.parts.iter().map(|part| part.waiting).sum()
    }

    pub(super) fn open(&self) -> i64 {
        self.parts.iter().map(Part::open).sum()
    }

    pub(super) fn shipped(&self) -> i64 {
        self.parts.iter().map(Part::shipped_units).sum()
    }

    /// Ordered and not cancelled.
    pub(super) fn wanted(&self) -> i64 {
        self.open() + self.shipped()
    }

    pub(super) fn may_use(&self, location: LocationId) -> bool {
        self.location.is_none_or(|tie| tie == location)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) customer: Option<CustomerId>,
    pub(super) until: Option<Timestamp>,
    pub(super) extensions: u32,
    pub(super) together: bool,
    pub(super) ended: Ended,
    pub(super) closed_at: Option<Timestamp>,
    pub(super) lines: Vec<LineId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Supply {
    pub(super) view: SupplyView,
    pub(super) sequence: u64,
}

/// A line and the number of one of its parts.
pub(super) type PartId = (LineId, usize);

#[derive(Clone, Debug)]
pub(super) struct State {
    /// Numbers parts, purchase order lines and lists.
    pub(super) counter: u64,
    pub(super) default_policy: SkuPolicy,
    pub(super) policies: BTreeMap<SkuId, SkuPolicy>,
    /// The rule of each SKU that has a list.
    pub(super) lists: BTreeMap<SkuId, ShortageRule>,
    pub(super) accounts: BTreeMap<(SkuId, LocationId), StockPosition>,
    pub(super) orders: BTreeMap<OrderId, Order>,
    pub(super) lines: BTreeMap<LineId, Line>,
    pub(super) supplies: BTreeMap<SupplyId, Supply>,
    /// In the order in which they were heard of first.
    pub(super) skus: Vec<SkuId>,
    /// Likewise, under any SKU.
    pub(super) locations: Vec<LocationId>,
    /// The instant of what happens.
    pub(super) at: Timestamp,
    /// What happened in this call.
    pub(super) events: Vec<Event>,
}

impl State {
    pub(super) fn new(default_policy: SkuPolicy) -> Self {
        Self {
            counter: 0,
            default_policy,
            policies: BTreeMap::new(),
            lists: BTreeMap::new(),
            accounts: BTreeMap::new(),
            orders: BTreeMap::new(),
            lines: BTreeMap::new(),
            supplies: BTreeMap::new(),
            skus: Vec::new(),
            locations: Vec::new(),
            at: Timestamp::from_micros(i64::MIN),
            events: Vec::new(),
        }
    }

    pub(super) fn next_number(&mut self) -> u64 {
        self.counter += 1;
        self.counter - 1
    }

    pub(super) fn policy(&self, sku: SkuId) -> &SkuPolicy {
        self.policies.get(&sku).unwrap_or(&self.default_policy)
    }

    pub(super) fn serves(&self, sku: SkuId) -> bool {
        self.policy(sku).inflow == Inflow::Serve
    }

    pub(super) fn line(&self, line: LineId) -> &Line {
        &self.lines[&line]
    }

    pub(super) fn line_mut(&mut self, line: LineId) -> &mut Line {
        self.lines.get_mut(&line).expect("a known line")
    }

    pub(super) fn order_of(&self, line: LineId) -> &Order {
        &self.orders[&self.line(line).order]
    }

    pub(super) fn part(&self, (line, part): PartId) -> &Part {
        &self.line(line).parts[part]
    }

    pub(super) fn part_mut(&mut self, (line, part): PartId) -> &mut Part {
        &mut self.line_mut(line).parts[part]
    }

    pub(super) fn sku_of(&self, (line, _): PartId) -> SkuId {
        self.line(line).sku
    }

    pub(super) fn is_hold(&self, line: LineId) -> bool {
        self.order_of(line).until.is_some()
    }

    /// In what lots of units the line is served: its own, or whole where the policy says so.
    pub(super) fn pack(&self, line: LineId) -> Pack {
        if self.policy(self.line(line).sku).whole_lines {
            return Pack::Whole;
        }
        self.line(line).pack
    }

    /// All parts of all lines.
    pub(super) fn all_parts(&self) -> Vec<PartId> {
        let parts = |(line, of): (&LineId, &Line)| {
            let line = *line;
            (0..of.parts.len()).map(move |part| (line, part))
        };
        self.lines.iter().flat_map(parts).collect()
    }

    /// All parts of a line.
    pub(super) fn parts_of_line(&self, line: LineId) -> Vec<PartId> {
        (0..self.line(line).parts.len())
            .map(|part| (line, part))
            .collect()
    }

    /// All parts that want a SKU.
    pub(super) fn parts_of(&self, sku: SkuId) -> Vec<PartId> {
        let mut parts = self.all_parts();
        parts.retain(|&part| self.sku_of(part) == sku);
        parts
    }

    /// All parts of an order that wait.
    pub(super) fn waiting_parts(&self, order: OrderId) -> Vec<PartId> {
        let lines = &self.orders[&order].lines;
        let mut parts: Vec<PartId> = lines
            .iter()
            .flat_map(|&line| self.parts_of_line(line))
            .collect();
        parts.retain(|&part| self.part(part).waiting > 0);
        parts
    }

    /// Units of an order that are waiting or taken.
    pub(super) fn open_units(&self, order: OrderId) -> i128 {
        let lines = self.orders[&order].lines.iter();
        lines.map(|&line| i128::from(self.line(line).open())).sum()
    }

    pub(super) fn account(&self, sku: SkuId, location: LocationId) -> StockPosition {
        let account = self.accounts.get(&(sku, location));
        account.copied().unwrap_or_default()
    }

    pub(super) fn available(&self, sku: SkuId, location: LocationId) -> i64 {
        self.account(sku, location).available
    }

    /// All locations in the order of the SKU: those its policy names, then by first mention.
    pub(super) fn places(&self, sku: SkuId) -> Vec<LocationId> {
        let mut places = Vec::new();
        let named: &[LocationId] = match &self.policy(sku).locations {
            LocationOrder::Listed(named) => named,
            LocationOrder::MostAvailable => &[],
        };
        for &location in named.iter().chain(&self.locations) {
            if !places.contains(&location) {
                places.push(location);
            }
        }
        places
    }

    /// All locations in the order in which units are taken from them now.
    pub(super) fn places_to_take_from(&self, sku: SkuId) -> Vec<LocationId> {
        let mut places = self.places(sku);
        if self.policy(sku).locations == LocationOrder::MostAvailable {
            // Of equals the first stays the first.
            places.sort_by_key(|&location| std::cmp::Reverse(self.available(sku, location)));
        }
        places
    }

    /// Orders that end by themselves: holds with something open.
    pub(super) fn deadlines(&self) -> Vec<(Timestamp, OrderId)> {
        let live = |(&order, of): (&OrderId, &Order)| {
            let until = of.until.filter(|_| self.open_units(order) > 0);
            until.map(|until| (until, order))
        };
        let mut deadlines: Vec<_> = self.orders.iter().filter_map(live).collect();
        deadlines.sort_by_key(|&(until, order)| (until, self.first_sequence(order)));
        deadlines
    }

    /// By what orders are told apart in time: the number of their first part.
    pub(super) fn first_sequence(&self, order: OrderId) -> u64 {
        let first = self.orders[&order].lines[0];
        self.part((first, 0)).key.sequence
    }
}
