//! Configure, Supply, Stock and Transfer.

use super::{Decided, refuse};
use crate::engine::command::{Command, StockCause, StockChange};
use crate::engine::draft::Draft;
use crate::engine::event::{EventCause, Happening};
use crate::engine::policy::SkuPolicy;
use crate::engine::rejection::RejectionCode;
use crate::engine::state::{NONE, Supply};
use crate::engine::view::StockPosition;
use crate::error::Error;
use crate::id::{LocationId, SkuId, SupplyId};
use crate::quantity::{Quantity, Total};

impl<'s> Draft<'s> {
    pub(super) fn decide_configure(&mut self, id: SkuId, policy: &'s SkuPolicy) -> Decided {
        let sku = self.sku(id)?;
        if self.policy(sku)? == policy {
            return Ok(None);
        }
        self.emit(Happening::Configured {
            sku: id,
            policy: alloc::boxed::Box::new(policy.clone()),
        });
        self.configure(sku, policy)?;
        self.mark(sku)?;
        self.finish()
    }

    pub(super) fn decide_supply(&mut self, command: &Command) -> Decided {
        let Command::Supply {
            supply,
            sku,
            location,
            units,
            expected_at,
        } = *command
        else {
            return Ok(None);
        };
        let mut received = 0;
        if let Some(known) = self.known_supply(supply) {
            if self.is_other(known, sku, location) {
                return Ok(refuse(RejectionCode::SupplyDiffers));
            }
            if known.units == units && known.expected_at == expected_at {
                return Ok(None);
            }
            received = known.received;
        }
        let outstanding = units.saturating_sub(received).max(0);
        let draft = self.sku(sku)?;
        let others = self.outstanding(draft, None, Some(supply))?;
        let policy = self.policy(draft)?;
        let totals = self.sku_draft(draft)?.totals();
        let ahead = super::accept::ahead(totals, policy, i32::MAX, true);
        let uncovered = ahead
            .saturating_sub(others)
            .saturating_sub(outstanding.into())
            .max(0);
        self.emit(Happening::SupplySet {
            supply,
            sku,
            location,
            units,
            expected_at,
            outstanding,
            // What waits is at most what was ordered, and that is a quantity.
            uncovered: Quantity::try_from(uncovered).unwrap_or(Quantity::MAX),
        });
        Ok(None)
    }

    fn known_supply(&self, supply: SupplyId) -> Option<&'s Supply> {
        let slot = self.state.supply_slots.get(supply.0)?;
        self.state.supplies.get(slot as usize)
    }

    fn is_other(&self, known: &Supply, sku: SkuId, location: LocationId) -> bool {
        Some(known.sku) != self.state.sku_slots.get(sku.0)
            || Some(known.location) != self.state.location_slots.get(location.0)
    }

    pub(super) fn decide_stock(&mut self, command: &Command) -> Decided {
        let Command::Stock {
            sku,
            location,
            change,
            cause,
            supply,
            only_free,
        } = *command
        else {
            return Ok(None);
        };
        let mut arrived = 0;
        if let Some(id) = supply {
            let Some(known) = self.known_supply(id) else {
                return Ok(refuse(RejectionCode::UnknownSupply));
            };
            if self.is_other(known, sku, location) {
                return Ok(refuse(RejectionCode::SupplyDiffers));
            }
            arrived = known.received;
        }
        let draft = self.sku(sku)?;
        let place = self.place(draft, location)?;
        let position = self.position_on_paper(draft, place)?;
        let by = match change {
            StockChange::By(by) => by,
            StockChange::Exactly(units) => units.saturating_sub(position.on_hand()),
        };
        if by == 0 {
            return Ok(None);
        }
        let below = |units: Quantity| Total::from(units).saturating_add(by.into()) < 0;
        let source = match cause {
            StockCause::Damage if by > 0 => position.scrapped < by,
            StockCause::Damage => below(position.on_hand()),
            StockCause::Receipt => below(position.on_hand()) || supply.is_some() && below(arrived),
            StockCause::Count => below(position.on_hand()),
        };
        if source {
            return Ok(refuse(RejectionCode::NotOnHand));
        }
        if only_free && below(position.available) {
            return Ok(refuse(RejectionCode::NotAvailable));
        }
        if cause != StockCause::Damage {
            let received = match self.sku_draft(draft)?.slot {
                NONE => 0,
                slot => crate::engine::draft::sku_at(self.state, slot)?.received,
            };
            let above = |units: Quantity| units.checked_add(by).is_none();
            if above(received) || supply.is_some() && above(arrived) {
                return Ok(refuse(RejectionCode::Overflow));
            }
        }
        if by < 0 {
            self.lose(draft, place, by.saturating_neg())?;
            self.settle(match cause {
                StockCause::Receipt => EventCause::Receipt,
                StockCause::Count => EventCause::Count,
                StockCause::Damage => EventCause::Damage,
            })?;
        } else {
            self.make_available(draft, place, by)?;
        }
        self.emit(Happening::StockChanged {
            sku,
            location,
            by,
            cause,
            supply,
        });
        self.mark(draft)?;
        self.mark_losers()?;
        self.finish()
    }

    /// Whoever lost units waits for them, and may be part of an order that is served together.
    pub(super) fn mark_losers(&mut self) -> Result<(), Error> {
        for part in 0..self.scratch.parts.len() {
            if self.part_draft(part)?.together {
                self.mark_part(part)?;
            }
        }
        Ok(())
    }

    fn position_on_paper(&self, sku: usize, place: usize) -> Result<StockPosition, Error> {
        match self.shelf(sku, place)?.account {
            NONE => Ok(StockPosition::default()),
            account => Ok(self.state.account_at(account)?.position),
        }
    }

    pub(super) fn decide_transfer(
        &mut self,
        id: SkuId,
        from: LocationId,
        to: LocationId,
        units: Quantity,
    ) -> Decided {
        let sku = self.sku(id)?;
        let places = &self.sku_draft(sku)?.places;
        let there = places.iter().find(|place| place.location == from);
        if there.is_none_or(|place| place.available < units) {
            return Ok(refuse(RejectionCode::NotAvailable));
        }
        // Both stand before either is used: a new one may move the others.
        self.place(sku, to)?;
        let (from_place, to_place) = (self.place(sku, from)?, self.place(sku, to)?);
        self.make_available(sku, from_place, units.saturating_neg())?;
        self.make_available(sku, to_place, units)?;
        self.emit(Happening::Transferred {
            sku: id,
            from,
            to,
            units,
        });
        self.mark(sku)?;
        self.finish()
    }
}
