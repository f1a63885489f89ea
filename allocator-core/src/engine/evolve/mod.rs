//! What an event does to the state. No policy is read, nothing is decided, and nothing can be refused:
//! an event that cannot be applied is no event of this state ([`Error::Corrupt`]).

mod find;
mod life;
mod lines;
mod places;
mod stock;

use crate::engine::event::{Event, EventCause, Happening};
use crate::engine::state::State;
use crate::engine::view::Ended;
use crate::error::Error;

impl State {
    /// Applies one event.
    pub(super) fn evolve(&mut self, event: &Event) -> Result<(), Error> {
        let at = event.at;
        match &event.what {
            Happening::Configured { sku, policy } => self.configured(*sku, policy),
            Happening::SupplySet {
                supply,
                sku,
                location,
                units,
                expected_at,
                ..
            } => self.supply_set(*supply, *sku, *location, *units, *expected_at),
            Happening::StockChanged {
                sku,
                location,
                by,
                cause,
                supply,
            } => self.stock_changed(*sku, *location, *by, *cause, *supply),
            Happening::Placed { .. } => self.placed(&event.what),
            Happening::Increased {
                line,
                units,
                priority,
                placed_at,
                sequence,
                ..
            } => self.increased(*line, *units, *priority, *placed_at, *sequence),
            Happening::Filled {
                line,
                part,
                location,
                units,
                ..
            } => {
                let (part, account) = self.part_at(*line, *part, *location)?;
                self.fill(part, account, *units)
            }
            Happening::TakenBack {
                line,
                part,
                location,
                units,
                ..
            } => {
                let (part, account) = self.part_at(*line, *part, *location)?;
                self.take_back(part, account, *units)
            }
            Happening::Cancelled {
                line,
                part,
                units,
                cause,
            } => {
                let part = self.part(*line, *part)?;
                self.wait_less(part, *units)?;
                self.wanted_less(part, *units)?;
                let ended = match cause {
                    EventCause::Expired => Ended::Expired,
                    _ => Ended::Cancelled,
                };
                self.closes(part, at, ended)
            }
            Happening::Confirmed { order } => self.confirmed(*order),
            Happening::Extended { order, until } => self.extended(*order, *until),
            Happening::Regrouped { order, together } => self.regrouped(*order, *together),
            Happening::Rekeyed {
                line,
                priority,
                placed_at,
                all_placed_at,
            } => self.rekeyed(*line, *priority, all_placed_at.then_some(*placed_at)),
            Happening::Listed { .. } => self.listed(&event.what),
            Happening::Split {
                line,
                new_line,
                waiting,
                taken,
            } => self.split(*line, *new_line, *waiting, *taken),
            Happening::Shipped {
                line,
                part,
                location,
                units,
            } => {
                let (part, account) = self.part_at(*line, *part, *location)?;
                self.ship(part, account, *units)?;
                self.closes(part, at, Ended::No)
            }
            Happening::Returned {
                line,
                part,
                location,
                units,
                scrapped,
            } => {
                let (part, account) = self.part_at(*line, *part, *location)?;
                self.come_back(part, account, *units, *scrapped)
            }
            Happening::Transferred {
                sku,
                from,
                to,
                units,
            } => {
                let (from, to) = (self.account_of(*sku, *from)?, self.account_of(*sku, *to)?);
                self.transfer(from, to, *units)
            }
            Happening::Forgotten { order } => self.forgotten(*order),
        }
    }
}

const UNKNOWN: Error = Error::Corrupt {
    at: "an event of something unknown",
};
