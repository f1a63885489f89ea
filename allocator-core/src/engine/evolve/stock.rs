//! Policies, supply and stock.

use alloc::boxed::Box;
use hashbrown::HashMap;

use super::UNKNOWN;
use super::find::count;
use crate::engine::command::StockCause;
use crate::engine::policy::SkuPolicy;
use crate::engine::state::{State, Supply};
use crate::engine::store::Seeded;
use crate::error::Error;
use crate::id::{CustomerId, LocationId, SkuId, SupplyId};
use crate::quantity::{Quantity, add, slot};
use crate::time::Timestamp;

impl State {
    pub(super) fn configured(&mut self, sku: SkuId, policy: &SkuPolicy) -> Result<(), Error> {
        let sku = self.sku(sku)?;
        slot(&mut self.skus, sku as usize)?.policy = Some(Box::new(policy.clone()));
        self.count_for_caps(sku)
    }

    /// Counts what each customer has of a SKU, where its policy has a cap; else forgets it.
    /// O(all lines) when a cap is set where there was none.
    pub(in crate::engine) fn count_for_caps(&mut self, sku: u32) -> Result<(), Error> {
        let capped = self.policy_of(sku)?.customer_cap.is_some();
        let this = slot(&mut self.skus, sku as usize)?;
        if !capped {
            this.caps = None;
            return Ok(());
        }
        if this.caps.is_some() {
            return Ok(());
        }
        let mut caps: HashMap<CustomerId, Quantity, Seeded> =
            HashMap::with_hasher(Seeded::new(self.seed));
        if this.demanded > 0 {
            for line in self.lines.iter().filter(|line| line.sku == sku) {
                let Some(customer) = self.orders.at(line.order)?.customer else {
                    continue;
                };
                let wanted = self.wanted(line)?;
                if wanted > 0 {
                    let units = caps.entry(customer).or_insert(0);
                    *units = add(*units, wanted)?;
                }
            }
        }
        slot(&mut self.skus, sku as usize)?.caps = Some(caps);
        Ok(())
    }

    pub(super) fn supply_set(
        &mut self,
        supply: SupplyId,
        sku: SkuId,
        location: LocationId,
        units: Quantity,
        expected_at: Timestamp,
    ) -> Result<(), Error> {
        let (sku, location) = (self.sku(sku)?, self.location(location)?);
        if let Some(known) = self.supply_slots.get(supply.0) {
            let known = slot(&mut self.supplies, known as usize)?;
            (known.units, known.expected_at) = (units, expected_at);
            return Ok(());
        }
        let new = count(self.supplies.len())?;
        let sequence = self.number(self.counter)?;
        self.supplies.push(Supply {
            id: supply,
            sku,
            location,
            units,
            received: 0,
            expected_at,
            sequence,
        });
        self.supply_slots.insert(supply.0, new)?;
        slot(&mut self.skus, sku as usize)?.supplies.push(new);
        Ok(())
    }

    pub(super) fn stock_changed(
        &mut self,
        sku: SkuId,
        location: LocationId,
        by: Quantity,
        cause: StockCause,
        supply: Option<SupplyId>,
    ) -> Result<(), Error> {
        let account = self.account_of(sku, location)?;
        self.stock(account, by, cause)?;
        if let Some(supply) = supply {
            let supply = self.supply_slots.get(supply.0).ok_or(UNKNOWN)?;
            let supply = slot(&mut self.supplies, supply as usize)?;
            supply.received = supply
                .received
                .checked_add(by)
                .filter(|units| *units >= 0)
                .ok_or(UNKNOWN)?;
        }
        Ok(())
    }
}
