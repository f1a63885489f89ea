//! The laws that hold in every state.

use std::collections::BTreeMap;

use allocator_core::engine::StockPosition;
use allocator_core::{Error, LocationId, SkuId};

use super::Shop;
use super::fill::Scope;
use super::state::State;

impl Shop {
    /// Whether all accounts add up, and nothing is idle that could serve somebody.
    ///
    /// # Errors
    /// [`Error::Corrupt`] with the law that is broken.
    pub fn check(&self) -> Result<(), Error> {
        self.state.check_accounts()?;
        self.state.check_lines()?;
        let due = self.state.deadlines().first().copied();
        if due.is_some_and(|(until, _)| Some(until) <= self.clock) {
            // A budget ended before the work: what is free is given out when that is done.
            return Ok(());
        }
        let mut filled = self.state.clone();
        filled.events.clear();
        filled.fill(&Scope::default());
        if !filled.events.is_empty() {
            return broken("units are idle that somebody could take");
        }
        Ok(())
    }
}

fn broken(at: &'static str) -> Result<(), Error> {
    Err(Error::Corrupt { at })
}

impl State {
    fn check_accounts(&self) -> Result<(), Error> {
        let mut parts: BTreeMap<(SkuId, LocationId), [i64; 3]> = BTreeMap::new();
        for id in self.all_parts() {
            let (sku, part) = (self.sku_of(id), self.part(id));
            for (&location, units) in &part.taken {
                let sums = parts.entry((sku, location)).or_default();
                sums[usize::from(!self.is_hold(id.0))] += units;
            }
            for (&location, units) in &part.shipped {
                parts.entry((sku, location)).or_default()[2] += units;
            }
        }
        let mut received: BTreeMap<SkuId, i128> = BTreeMap::new();
        for (at, account) in &self.accounts {
            let StockPosition {
                received: all,
                available,
                reserved,
                allocated,
                shipped,
                scrapped,
            } = *account;
            let boxes = [available, reserved, allocated, shipped, scrapped];
            if boxes.iter().any(|&units| units < 0) {
                return broken("an account is below zero");
            }
            if boxes.iter().map(|&units| i128::from(units)).sum::<i128>() != all.into() {
                return broken("an account does not add up");
            }
            let [held, has, left] = parts.remove(at).unwrap_or_default();
            // Orders that were forgotten have left too.
            if (held, has) != (reserved, allocated) || left > shipped {
                return broken("parts and account differ");
            }
            *received.entry(at.0).or_default() += i128::from(all);
        }
        if !parts.is_empty() {
            return broken("a part has units of no account");
        }
        if received.values().any(|&all| all > i64::MAX.into()) {
            return broken("more was received than can be counted");
        }
        Ok(())
    }

    fn check_lines(&self) -> Result<(), Error> {
        for line in self.lines.values() {
            let parts = || line.parts.iter();
            let of_part = |part: &super::state::Part| {
                let taken = part.taken.values().chain(part.shipped.values());
                part.waiting >= 0 && taken.clone().all(|&units| units > 0)
            };
            if !parts().all(of_part) {
                return broken("a part has fewer than no units");
            }
            if i128::from(line.wanted()) + line.cancelled != line.ordered {
                return broken("a line does not add up");
            }
        }
        for (&order, of) in &self.orders {
            if of.closed_at.is_some() != (self.open_units(order) == 0) {
                return broken("an order is closed with something open, or open with nothing");
            }
        }
        Ok(())
    }
}
