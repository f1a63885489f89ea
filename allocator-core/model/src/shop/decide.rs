//! What a command comes to: refused, or carried out. Every function here works on a copy of the shop
//! that is thrown away where the command is refused.

use std::collections::BTreeMap;

use allocator_core::engine::{Command, Ended, EventCause, Happening, Rejection, RejectionCode};
use allocator_core::{LineId, OrderId};

use super::evolve::Moved;
use super::fill::Scope;
use super::state::State;

/// All refusals that apply; the one with the lowest number is told, then the first line.
#[derive(Debug, Default)]
pub(super) struct Refusals(Vec<Rejection>);

impl Refusals {
    pub(super) fn if_so(&mut self, applies: bool, code: RejectionCode) {
        if applies {
            self.0.push(Rejection::new(code));
        }
    }

    pub(super) fn of_row(&mut self, applies: bool, code: RejectionCode, row: usize) {
        if applies {
            self.0.push(Rejection::of_line(code, row as u32));
        }
    }

    pub(super) fn lowest(self) -> Result<(), Rejection> {
        let lowest = self
            .0
            .into_iter()
            .min_by_key(|rejection| (rejection.code.number(), rejection.row));
        lowest.map_or(Ok(()), Err)
    }

    /// 20 or 21, where the order ended.
    pub(super) fn if_ended(&mut self, ended: Ended) {
        self.if_so(ended == Ended::Expired, RejectionCode::Expired);
        self.if_so(ended == Ended::Cancelled, RejectionCode::Cancelled);
    }
}

impl State {
    /// Carries a command out.
    pub(super) fn decide(&mut self, command: &Command) -> Result<(), Rejection> {
        match command {
            Command::Configure { sku, policy } => {
                if self.policy(*sku) != &**policy {
                    let (sku, policy) = (*sku, policy.clone());
                    self.happen(Happening::Configured { sku, policy });
                    self.fill(&Scope::default());
                }
                Ok(())
            }
            Command::Supply { .. } => Ok(self.supply(command)?),
            Command::Stock { .. } => Ok(self.stock(command)?),
            Command::Place(place) => Ok(self.place_order(place)?),
            Command::Confirm { order } => Ok(self.confirm_order(*order)?),
            Command::AmendOrder { .. } => Ok(self.amend_order(command)?),
            Command::AmendLine { .. } => Ok(self.amend_line(command)?),
            Command::CancelOrder {
                order,
                only_waiting,
            } => Ok(self.cancel_order(*order, *only_waiting)?),
            Command::CancelLine { .. } => Ok(self.cancel_line(command)?),
            Command::Allocate { .. } => self.allocate(command),
            Command::Assign { .. } => Ok(self.assign(command)?),
            Command::Split { .. } => Ok(self.split_line(command)?),
            Command::Ship { .. } => Ok(self.ship(command)?),
            Command::Return { .. } => Ok(self.take_in(command)?),
            Command::Transfer { .. } => Ok(self.transfer(command)?),
            Command::Forget { closed_before } => {
                let closed = |order: &OrderId| {
                    self.orders[order]
                        .closed_at
                        .is_some_and(|at| at < *closed_before)
                };
                let mut orders: Vec<OrderId> = self.orders.keys().copied().collect();
                orders.retain(closed);
                orders.sort_by_key(|&order| self.first_sequence(order));
                for order in orders {
                    self.happen(Happening::Forgotten { order });
                }
                Ok(())
            }
        }
    }

    fn confirm_order(&mut self, order: OrderId) -> Result<(), Rejection> {
        let known = self.known_order(order)?;
        let mut refusals = Refusals::default();
        refusals.if_ended(known);
        refusals.lowest()?;
        if self.orders[&order].until.is_some() {
            self.happen(Happening::Confirmed { order });
        }
        Ok(())
    }

    fn cancel_order(&mut self, order: OrderId, only_waiting: bool) -> Result<(), Rejection> {
        self.known_order(order)?;
        self.end(order, only_waiting, EventCause::Cancelled);
        self.fill(&Scope::default());
        Ok(())
    }

    fn cancel_line(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::CancelLine {
            line,
            units,
            only_waiting,
        } = command
        else {
            unreachable!("another command");
        };
        self.known_line(line)?;
        let most = if only_waiting {
            self.line(line).waiting()
        } else {
            self.line(line).open()
        };
        let units = units.unwrap_or(most);
        if units > most {
            return Err(Rejection::new(RejectionCode::TooMany));
        }
        self.give_up(line, units, EventCause::Cancelled);
        self.fill(&Scope::default());
        Ok(())
    }

    /// How the order ended, or that it is unknown.
    pub(super) fn known_order(&self, order: OrderId) -> Result<Ended, Rejection> {
        let known = self.orders.get(&order);
        let known = known.ok_or(Rejection::new(RejectionCode::UnknownOrder))?;
        Ok(known.ended)
    }

    /// How the line's order ended, or that the line is unknown.
    pub(super) fn known_line(&self, line: LineId) -> Result<Ended, Rejection> {
        if !self.lines.contains_key(&line) {
            return Err(Rejection::new(RejectionCode::UnknownLine));
        }
        Ok(self.order_of(line).ended)
    }

    /// Cancels all that is open of an order, line by line.
    pub(super) fn end(&mut self, order: OrderId, only_waiting: bool, cause: EventCause) {
        for line in self.orders[&order].lines.clone() {
            let units = if only_waiting {
                self.line(line).waiting()
            } else {
                self.line(line).open()
            };
            self.give_up(line, units, cause);
        }
    }

    /// Cancels the last units of a line: what it has of them is taken back first.
    pub(super) fn give_up(&mut self, line: LineId, units: i64, cause: EventCause) {
        let last = self.last_units(line, units);
        for (&part, moved) in last.iter().rev() {
            for &location in self.places(self.line(line).sku).iter().rev() {
                if let Some(&units) = moved.taken.get(&location) {
                    self.happen(Happening::TakenBack {
                        line,
                        part: part as u32,
                        location,
                        units,
                        cause,
                    });
                }
            }
        }
        for (&part, moved) in last.iter().rev() {
            self.happen(Happening::Cancelled {
                line,
                part: part as u32,
                units: moved.waiting + moved.taken.values().sum::<i64>(),
                cause,
            });
        }
    }

    /// The last open units of a line, by part: waiting ones first, then those it has, of the newest part
    /// and the last location first.
    pub(super) fn last_units(&self, line: LineId, units: i64) -> BTreeMap<usize, Moved> {
        let mut left = units;
        let mut last: BTreeMap<usize, Moved> = BTreeMap::new();
        let parts = self.line(line).parts.iter().enumerate().rev();
        for (at, part) in parts.clone() {
            let units = part.waiting.min(left);
            if units > 0 {
                last.entry(at).or_default().waiting = units;
                left -= units;
            }
        }
        let places = self.places(self.line(line).sku);
        for (at, part) in parts {
            for location in places.iter().rev() {
                let there = part.taken.get(location).copied().unwrap_or(0);
                let units = there.min(left);
                if units > 0 {
                    let moved = last.entry(at).or_default();
                    moved.taken.insert(*location, units);
                    left -= units;
                }
            }
        }
        last
    }
}
