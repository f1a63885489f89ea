//! What may still be sold, and what is sold ahead of stock.

use crate::engine::Engine;
use crate::engine::command::{Ahead, Command, Pack, Place, PlaceLine};
use crate::engine::draft::{Draft, Scratch, sku_at};
use crate::engine::state::State;
use crate::error::Error;
use crate::id::{LineId, OrderId, SkuId};
use crate::quantity::{Quantity, Total};
use crate::time::Timestamp;

impl Engine {
    /// The most units that may be sold for a date: what would be accepted now of a new order by nobody in
    /// particular for one line of this SKU, served from anywhere, of priority 0, with
    /// [`Ahead::Latest`] of `by`. Units on hand and, as far as the SKU's limit allows selling ahead, those
    /// expected by then, less what those who wait need of them.
    ///
    /// The answer is found by trying on paper, so it is what [`Engine::apply`] does by construction:
    /// some 60 times the work of a Place. While holds are due that no call has ended (a budget was spent),
    /// O(state).
    ///
    /// ```
    /// # use allocator_core::engine::{Command, Engine, Request, Settings};
    /// # use allocator_core::{LocationId, SkuId, SupplyId, Timestamp};
    /// # let mut engine = Engine::new(Settings::default())?;
    /// let supply = Command::Supply {
    ///     supply: SupplyId(1),
    ///     sku: SkuId(7),
    ///     location: LocationId(1),
    ///     units: 480,
    ///     expected_at: Timestamp::from_micros(1_000),
    /// };
    /// let request = Request { id: 1.into(), issued_at: None, command: supply };
    /// let _ = engine.apply(Timestamp::from_micros(0), &request)?;
    /// assert_eq!(engine.available_to_promise(SkuId(7), Timestamp::from_micros(999)), 0);
    /// assert_eq!(engine.available_to_promise(SkuId(7), Timestamp::from_micros(1_000)), 480);
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    #[must_use]
    pub fn available_to_promise(&self, sku: SkuId, by: Timestamp) -> Quantity {
        let clock = self.state.clock.unwrap_or(Timestamp::from_micros(i64::MIN));
        let most = if self.is_behind() {
            let mut settled = self.clone();
            let done = settled.advance(clock, None).map(|_| ());
            done.and_then(|()| settled.state.most_placed(sku, by, clock))
        } else {
            self.state.most_placed(sku, by, clock)
        };
        most.unwrap_or(0)
    }

    /// Units of a SKU that are sold and that stock does not cover: those that wait, less what is free
    /// beyond the protected units, or those that are tied to locations where they cannot be served,
    /// whichever is more. Incoming supply does not count. O(locations).
    #[must_use]
    pub fn units_ahead_of_stock(&self, sku: SkuId) -> Quantity {
        let Some(slot) = self.state.sku_slots.get(sku.0) else {
            return 0;
        };
        self.state.ahead_of_stock(slot).unwrap_or(0)
    }

    /// Whether holds are due at the clock that no call has ended yet: then units may be free that
    /// somebody waits for.
    pub(in crate::engine) fn is_behind(&self) -> bool {
        let due = self.next_due().ok().flatten();
        !self.to_fill.is_empty() || due.is_some_and(|(_, until)| Some(until) <= self.state.clock)
    }
}

impl State {
    fn most_placed(&self, sku: SkuId, by: Timestamp, now: Timestamp) -> Result<Quantity, Error> {
        let mut ids = (0..=u32::MAX).rev();
        let order = ids.find(|id| self.order_slots.get(*id).is_none());
        let mut ids = (0..=u32::MAX).rev();
        let line = ids.find(|id| self.line_slots.get(*id).is_none());
        let (Some(order), Some(line)) = (order, line) else {
            return Ok(0);
        };
        let mut scratch = Scratch::default();
        let mut is_accepted = |units: Quantity| -> Result<bool, Error> {
            let command = Command::Place(Place {
                order: OrderId(order),
                customer: None,
                until: None,
                together: false,
                partial: false,
                replaces: None,
                lines: [PlaceLine {
                    line: LineId(line),
                    sku,
                    location: None,
                    units,
                    priority: 0,
                    placed_at: None,
                    pack: Pack::Multiple(1),
                    ahead: Ahead::Latest(by),
                }]
                .into(),
            });
            let refusal = Draft::new(self, now, &mut scratch).decide(&command)?;
            Ok(refusal.is_none())
        };
        if is_accepted(Quantity::MAX)? {
            return Ok(Quantity::MAX);
        }
        let (mut with, mut without) = (0, Quantity::MAX);
        while without.saturating_sub(with) > 1 {
            let middle = with.saturating_add(without.saturating_sub(with) / 2);
            if is_accepted(middle)? {
                with = middle;
            } else {
                without = middle;
            }
        }
        Ok(with)
    }

    fn ahead_of_stock(&self, sku: u32) -> Result<Quantity, Error> {
        let this = sku_at(self, sku)?;
        let (mut available, mut tied): (Total, Total) = (0, 0);
        for account in &this.accounts {
            let account = self.account_at(*account)?;
            available = available.saturating_add(account.position.available.into());
            let short = account
                .tied_waiting
                .saturating_sub(account.position.available);
            tied = tied.saturating_add(short.max(0).into());
        }
        let kept = Total::from(self.policy_of(sku)?.protected_units);
        let free = available.saturating_sub(kept).max(0);
        let waits = Total::from(this.waiting).saturating_sub(free);
        // At most what waits.
        Ok(Quantity::try_from(waits.max(tied).max(0)).unwrap_or(this.waiting))
    }
}
