//! What events do to the shop.

use std::collections::BTreeMap;

use allocator_core::engine::{Ended, Event, EventCause, Happening, StockCause, SupplyView};
use allocator_core::{LineId, LocationId, OrderId, ShortageRule, SkuId};

use super::state::{Key, Line, Listed, Order, Part, PartId, State, Supply};

impl State {
    /// Tells an event and makes it true.
    ///
    /// Three of them say less than what happens: which parts a split moves, what the lots on a list are,
    /// and whether a rekeyed line has a new instant. Those moves are made beside it.
    pub(super) fn happen(&mut self, what: Happening) {
        self.hear_of(&what);
        match what {
            Happening::Placed { .. } | Happening::Increased { .. } => self.stand(&what),
            Happening::SupplySet { .. } => self.set_supply(&what),
            Happening::StockChanged { .. } => self.change_stock(&what),
            Happening::Shipped { .. } | Happening::Returned { .. } => self.leave_or_return(&what),
            Happening::Configured {
                sku, ref policy, ..
            } => {
                self.policies.insert(sku, (**policy).clone());
            }
            Happening::Filled {
                line,
                part,
                location,
                units,
                ..
            } => self.take((line, part as usize), location, units),
            Happening::TakenBack {
                line,
                part,
                location,
                units,
                ..
            } => self.put_back((line, part as usize), location, units),
            Happening::Cancelled {
                line,
                part,
                units,
                cause,
            } => self.cancel((line, part as usize), units, cause),
            Happening::Confirmed { order } => self.confirm(order),
            Happening::Extended { order, until } => {
                let order = self.orders.get_mut(&order).expect("a known order");
                order.until = Some(until);
                order.extensions += 1;
            }
            Happening::Regrouped { order, together } => {
                self.orders.get_mut(&order).expect("a known order").together = together;
            }
            Happening::Transferred {
                sku,
                from,
                to,
                units,
            } => {
                for (location, units) in [(from, -units), (to, units)] {
                    let account = self.accounts.entry((sku, location)).or_default();
                    account.received += units;
                    account.available += units;
                }
            }
            Happening::Forgotten { order } => {
                let order = self.orders.remove(&order).expect("a known order");
                for line in order.lines {
                    self.lines.remove(&line);
                }
            }
            Happening::Split { .. } | Happening::Listed { .. } | Happening::Rekeyed { .. } => {}
            _ => unreachable!("the model knows no such event: {what:?}"),
        }
        self.events.push(Event { at: self.at, what });
    }

    fn hear_of(&mut self, what: &Happening) {
        let (sku, location) = match *what {
            Happening::Configured { sku, .. } => (sku, None),
            Happening::SupplySet { sku, location, .. }
            | Happening::StockChanged { sku, location, .. }
            | Happening::Transferred {
                sku, to: location, ..
            } => (sku, Some(location)),
            Happening::Placed { sku, location, .. } => (sku, location),
            _ => return,
        };
        if !self.skus.contains(&sku) {
            self.skus.push(sku);
        }
        if let Some(location) = location.filter(|known| !self.locations.contains(known)) {
            self.locations.push(location);
        }
    }

    fn stand(&mut self, what: &Happening) {
        let (line, key, units) = match *what {
            Happening::Placed {
                line,
                priority,
                placed_at,
                sequence,
                units,
                ..
            }
            | Happening::Increased {
                line,
                priority,
                placed_at,
                sequence,
                units,
                ..
            } => {
                let key = Key {
                    priority,
                    placed_at,
                    sequence,
                    first_unit: 0,
                };
                (line, key, units)
            }
            _ => unreachable!("nobody stands anew"),
        };
        if let Happening::Placed { .. } = what {
            self.place(what);
        }
        let line = self.line_mut(line);
        line.ordered += i128::from(units);
        line.parts.push(Part {
            key,
            waiting: units,
            taken: BTreeMap::new(),
            shipped: BTreeMap::new(),
            listed: None,
        });
        let order = line.order;
        let order = self.orders.get_mut(&order).expect("a known order");
        (order.ended, order.closed_at) = (Ended::No, None);
    }

    fn place(&mut self, what: &Happening) {
        let Happening::Placed {
            order,
            customer,
            until,
            together,
            line,
            sku,
            location,
            pack,
            ..
        } = *what
        else {
            unreachable!("nothing is placed");
        };
        let of = self.orders.entry(order).or_insert_with(|| Order {
            customer,
            until,
            extensions: 0,
            together,
            ended: Ended::No,
            closed_at: None,
            lines: Vec::new(),
        });
        of.lines.push(line);
        let line_is = Line {
            order,
            sku,
            location,
            pack,
            ordered: 0,
            cancelled: 0,
            parts: Vec::new(),
        };
        self.lines.insert(line, line_is);
    }

    fn set_supply(&mut self, what: &Happening) {
        let Happening::SupplySet {
            supply,
            sku,
            location,
            units,
            expected_at,
            ..
        } = *what
        else {
            unreachable!("no supply is set");
        };
        let known = self.supplies.get(&supply).copied();
        let sequence = known.map_or_else(|| self.next_number(), |known| known.sequence);
        let view = SupplyView {
            sku,
            location,
            units,
            received: known.map_or(0, |known| known.view.received),
            expected_at,
        };
        self.supplies.insert(supply, Supply { view, sequence });
    }

    fn change_stock(&mut self, what: &Happening) {
        let Happening::StockChanged {
            sku,
            location,
            by,
            cause,
            supply,
        } = *what
        else {
            unreachable!("no stock changes");
        };
        let account = self.accounts.entry((sku, location)).or_default();
        account.available += by;
        if cause == StockCause::Damage {
            account.scrapped -= by;
        } else {
            account.received += by;
        }
        if let Some(supply) = supply {
            let supply = self.supplies.get_mut(&supply).expect("a known supply");
            supply.view.received += by;
        }
    }

    /// Units from the shelf to a part that waits.
    pub(super) fn take(&mut self, part: PartId, location: LocationId, units: i64) {
        self.move_taken(part, location, units);
        self.part_mut(part).waiting -= units;
    }

    /// Units of a part back to the shelf.
    pub(super) fn put_back(&mut self, part: PartId, location: LocationId, units: i64) {
        self.take(part, location, -units);
    }

    fn move_taken(&mut self, part: PartId, location: LocationId, units: i64) {
        let (hold, sku) = (self.is_hold(part.0), self.sku_of(part));
        let account = self.accounts.entry((sku, location)).or_default();
        account.available -= units;
        if hold {
            account.reserved += units;
        } else {
            account.allocated += units;
        }
        change(&mut self.part_mut(part).taken, location, units);
    }

    fn cancel(&mut self, part: PartId, units: i64, cause: EventCause) {
        self.part_mut(part).waiting -= units;
        self.line_mut(part.0).cancelled += i128::from(units);
        let ended = match cause {
            EventCause::Expired => Ended::Expired,
            _ => Ended::Cancelled,
        };
        self.close(self.line(part.0).order, ended);
    }

    /// Notes that an order has nothing open any more, if so.
    fn close(&mut self, order: OrderId, ended: Ended) {
        let (open, at) = (self.open_units(order), self.at);
        let order = self.orders.get_mut(&order).expect("a known order");
        if open == 0 && order.closed_at.is_none() {
            (order.closed_at, order.ended) = (Some(at), ended);
        }
    }

    fn confirm(&mut self, order: OrderId) {
        let lines = self.orders[&order].lines.clone();
        let parts: Vec<PartId> = lines
            .iter()
            .flat_map(|&line| self.parts_of_line(line))
            .collect();
        for part in parts {
            let sku = self.sku_of(part);
            for (location, units) in self.part(part).taken.clone() {
                let account = self.accounts.entry((sku, location)).or_default();
                account.reserved -= units;
                account.allocated += units;
            }
        }
        self.orders.get_mut(&order).expect("a known order").until = None;
    }

    fn leave_or_return(&mut self, what: &Happening) {
        match *what {
            Happening::Shipped {
                line,
                part,
                location,
                units,
            } => {
                let sku = self.line(line).sku;
                let part = self.part_mut((line, part as usize));
                change(&mut part.taken, location, -units);
                change(&mut part.shipped, location, units);
                let account = self.accounts.entry((sku, location)).or_default();
                account.allocated -= units;
                account.shipped += units;
                self.close(self.line(line).order, Ended::No);
            }
            Happening::Returned {
                line,
                part,
                location,
                units,
                scrapped,
            } => {
                let sku = self.line(line).sku;
                change(
                    &mut self.part_mut((line, part as usize)).shipped,
                    location,
                    -units,
                );
                self.line_mut(line).cancelled += i128::from(units);
                let account = self.accounts.entry((sku, location)).or_default();
                account.shipped -= units;
                if scrapped {
                    account.scrapped += units;
                } else {
                    account.available += units;
                }
            }
            _ => unreachable!("nothing is shipped or returned"),
        }
    }

    /// Closes a list over these parts, or dissolves it where there are none.
    pub(super) fn list(&mut self, sku: SkuId, rule: ShortageRule, members: &[(PartId, Listed)]) {
        for part in self.parts_of(sku) {
            self.part_mut(part).listed = None;
        }
        for &(part, listed) in members {
            self.part_mut(part).listed = Some(listed);
        }
        if members.is_empty() {
            self.lists.remove(&sku);
        } else {
            self.lists.insert(sku, rule);
            self.next_number();
        }
    }

    /// Moves units to a line that is made for them right behind.
    pub(super) fn split(&mut self, line: LineId, new_line: LineId, moved: &BTreeMap<usize, Moved>) {
        let old = self.line_mut(line);
        let mut parts = Vec::new();
        let mut units = 0;
        for (&at, moved) in moved {
            let part = &mut old.parts[at];
            part.waiting -= moved.waiting;
            for (&location, &units) in &moved.taken {
                change(&mut part.taken, location, -units);
            }
            let stay = part.units();
            let mut new = Part {
                waiting: moved.waiting,
                taken: moved.taken.clone(),
                shipped: BTreeMap::new(),
                ..part.clone()
            };
            new.key.first_unit += stay;
            if let Some(listed) = &mut new.listed {
                listed.first += stay;
            }
            units += i128::from(new.units());
            parts.push(new);
        }
        old.ordered -= units;
        let new = Line {
            ordered: units,
            cancelled: 0,
            parts,
            ..old.clone()
        };
        let order = new.order;
        self.lines.insert(new_line, new);
        let order = self.orders.get_mut(&order).expect("a known order");
        order.lines.push(new_line);
    }
}

/// What a split takes from a part.
#[derive(Clone, Debug, Default)]
pub(super) struct Moved {
    pub(super) waiting: i64,
    pub(super) taken: BTreeMap<LocationId, i64>,
}

/// Changes an entry, and drops it at 0.
fn change(units: &mut BTreeMap<LocationId, i64>, location: LocationId, by: i64) {
    let there = units.entry(location).or_default();
    *there += by;
    if *there == 0 {
        units.remove(&location);
    }
}
