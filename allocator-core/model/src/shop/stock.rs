//! Supply, stock and transfers.

use allocator_core::engine::{
    Command, EventCause, Happening, Rejection, RejectionCode, StockCause, StockChange,
};
use allocator_core::{LocationId, SkuId, SupplyId};

use super::decide::Refusals;
use super::fill::Scope;
use super::state::State;

impl State {
    pub(super) fn supply(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::Supply {
            supply,
            sku,
            location,
            units,
            expected_at,
        } = command
        else {
            unreachable!("another command");
        };
        if let Some(known) = self.supplies.get(&supply).map(|known| known.view) {
            if (known.sku, known.location) != (sku, location) {
                return Err(Rejection::new(RejectionCode::SupplyDiffers));
            }
            if (known.units, known.expected_at) == (units, expected_at) {
                return Ok(());
            }
        }
        let event = |outstanding, uncovered| Happening::SupplySet {
            supply,
            sku,
            location,
            units,
            expected_at,
            outstanding,
            uncovered,
        };
        // Both numbers are those after the event, so it is tried first.
        let mut after = self.clone();
        after.happen(event(0, 0));
        let outstanding = after.supplies[&supply].view.outstanding();
        self.happen(event(outstanding, after.uncovered(sku)));
        Ok(())
    }

    pub(super) fn stock(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::Stock {
            sku,
            location,
            change,
            cause,
            supply,
            only_free,
        } = command
        else {
            unreachable!("another command");
        };
        let account = self.account(sku, location);
        let by = match change {
            StockChange::By(by) => by,
            StockChange::Exactly(units) => units - account.on_hand(),
        };
        let mut refusals = Refusals::default();
        let known = supply.map(|supply| self.supplies.get(&supply));
        refusals.if_so(known == Some(None), RejectionCode::UnknownSupply);
        let known = known.flatten().map(|known| known.view);
        let differs = known.is_some_and(|known| (known.sku, known.location) != (sku, location));
        refusals.if_so(differs, RejectionCode::SupplyDiffers);
        let fewer = -i128::from(by);
        let beyond = |most: i64| fewer > most.into();
        let not_there = match cause {
            StockCause::Damage if by > 0 => by > account.scrapped,
            _ => beyond(account.on_hand()),
        };
        let not_received = known.is_some_and(|known| fewer > 0 && beyond(known.received));
        refusals.if_so(not_there || not_received, RejectionCode::NotOnHand);
        refusals.if_so(
            only_free && by < 0 && beyond(account.available),
            RejectionCode::NotAvailable,
        );
        refusals.if_so(
            cause != StockCause::Damage && self.would_overflow(sku, supply, by),
            RejectionCode::Overflow,
        );
        refusals.lowest()?;
        if by != 0 {
            self.change_by(sku, location, by, cause, supply);
            self.fill(&Scope::default());
        }
        Ok(())
    }

    /// Whether more was received of a SKU or a purchase order line then than can be counted.
    fn would_overflow(&self, sku: SkuId, supply: Option<SupplyId>, by: i64) -> bool {
        let accounts = self.accounts.iter().filter(|((of, _), _)| *of == sku);
        let received: i128 = accounts.map(|(_, there)| i128::from(there.received)).sum();
        let supply = supply.and_then(|supply| self.supplies.get(&supply));
        let by_supply = supply.map_or(0, |supply| supply.view.received.into());
        let above = |sum: i128| sum + i128::from(by) > i64::MAX.into();
        by > 0 && (above(received) || above(by_supply))
    }

    fn change_by(
        &mut self,
        sku: SkuId,
        location: LocationId,
        by: i64,
        cause: StockCause,
        supply: Option<SupplyId>,
    ) {
        let why = match cause {
            StockCause::Receipt => EventCause::Receipt,
            StockCause::Count => EventCause::Count,
            StockCause::Damage => EventCause::Damage,
        };
        if by < 0 {
            self.lose(sku, location, -by, why);
        }
        self.happen(Happening::StockChanged {
            sku,
            location,
            by,
            cause,
            supply,
        });
    }

    pub(super) fn transfer(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::Transfer {
            sku,
            from,
            to,
            units,
        } = command
        else {
            unreachable!("another command");
        };
        if units > self.available(sku, from) {
            return Err(Rejection::new(RejectionCode::NotAvailable));
        }
        self.happen(Happening::Transferred {
            sku,
            from,
            to,
            units,
        });
        self.fill(&Scope::default());
        Ok(())
    }
}
