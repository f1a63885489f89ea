//! Units that an operator moves, and units that leave the house or come back.

use allocator_core::engine::{Command, Ended, EventCause, Happening, Rejection, RejectionCode};
use allocator_core::{LineId, LocationId, SkuId};

use super::decide::Refusals;
use super::fill::{Scope, taken_at};
use super::state::{PartId, State};

impl State {
    pub(super) fn assign(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::Assign {
            units,
            location,
            from,
            to,
        } = command
        else {
            unreachable!("another command");
        };
        let named: Vec<LineId> = from.into_iter().chain(to).collect();
        for &line in &named {
            self.known_line(line)?;
        }
        let sku = self.line(named[0]).sku;
        let mut refusals = Refusals::default();
        for &line in &named {
            refusals.if_so(self.line(line).sku != sku, RejectionCode::UnknownLine);
            refusals.if_ended(self.order_of(line).ended);
            refusals.if_so(self.is_hold(line), RejectionCode::NotConfirmed);
        }
        match from {
            Some(line) => refusals.if_so(
                units > self.taken_there(line, Some(location)),
                RejectionCode::TooMany,
            ),
            None => refusals.if_so(
                units > self.available(sku, location),
                RejectionCode::NotAvailable,
            ),
        }
        let waiting = to.map(|line| self.line(line).waiting());
        let too_many = waiting.is_some_and(|waiting| units > waiting);
        refusals.if_so(too_many, RejectionCode::TooMany);
        refusals.lowest()?;
        if let Some(line) = from {
            self.unassign(line, location, units);
        }
        if let Some(line) = to {
            self.assign_to(line, location, units);
        }
        self.fill(&Scope::default());
        Ok(())
    }

    /// Units of a line at a location, or at all of them.
    fn taken_there(&self, line: LineId, location: Option<LocationId>) -> i64 {
        let parts = self.line(line).parts.iter();
        let there = parts.flat_map(|part| part.taken.iter());
        there
            .filter(|&(at, _)| location.is_none_or(|location| location == *at))
            .map(|(_, units)| units)
            .sum()
    }

    /// Back to the shelf, from the newest part to the oldest.
    fn unassign(&mut self, line: LineId, location: LocationId, units: i64) {
        let mut left = units;
        for part in self.parts_of_line(line).into_iter().rev() {
            let units = taken_at(self, part, location).min(left);
            left -= units;
            if units > 0 {
                self.happen(Happening::TakenBack {
                    line,
                    part: part.1 as u32,
                    location,
                    units,
                    cause: EventCause::Assigned,
                });
            }
        }
    }

    /// To a line, its oldest part first.
    fn assign_to(&mut self, line: LineId, location: LocationId, units: i64) {
        let mut left = units;
        for part in self.parts_of_line(line) {
            let units = self.part(part).waiting.min(left);
            left -= units;
            if units > 0 {
                let over = self.passed_over(part, location);
                self.happen(Happening::Filled {
                    line,
                    part: part.1 as u32,
                    location,
                    units,
                    over,
                });
            }
        }
    }

    pub(super) fn ship(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::Ship {
            line,
            units,
            location,
        } = command
        else {
            unreachable!("another command");
        };
        let ended = self.known_line(line)?;
        let mut refusals = Refusals::default();
        refusals.if_ended(ended);
        let held = ended == Ended::No && self.is_hold(line);
        refusals.if_so(held, RejectionCode::NotConfirmed);
        let short = units > self.taken_there(line, location);
        refusals.if_so(short, RejectionCode::NotAllocated);
        refusals.lowest()?;
        let mut left = units;
        for part in self.parts_of_line(line) {
            for place in self.places_of(self.line(line).sku, location) {
                let units = taken_at(self, part, place).min(left);
                left -= units;
                if units > 0 {
                    self.happen(Happening::Shipped {
                        line,
                        part: part.1 as u32,
                        location: place,
                        units,
                    });
                }
            }
        }
        Ok(())
    }

    /// One location, or all in the SKU's order.
    fn places_of(&self, sku: SkuId, location: Option<LocationId>) -> Vec<LocationId> {
        location.map_or_else(|| self.places(sku), |location| vec![location])
    }

    /// A return.
    pub(super) fn take_in(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::Return {
            line,
            units,
            location,
            scrap,
        } = command
        else {
            unreachable!("another command");
        };
        self.known_line(line)?;
        let there = |state: &Self, part: PartId| {
            let shipped = state.part(part).shipped.get(&location);
            shipped.copied().unwrap_or(0)
        };
        let parts = self.parts_of_line(line);
        let shipped: i64 = parts.iter().map(|&part| there(self, part)).sum();
        if units > shipped {
            return Err(Rejection::new(RejectionCode::TooMany));
        }
        let mut left = units;
        for part in parts.into_iter().rev() {
            let units = there(self, part).min(left);
            left -= units;
            if units > 0 {
                self.happen(Happening::Returned {
                    line,
                    part: part.1 as u32,
                    location,
                    units,
                    scrapped: scrap,
                });
            }
        }
        self.fill(&Scope::default());
        Ok(())
    }
}
