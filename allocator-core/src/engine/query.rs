//! Questions about the state. Nothing is stored for them but what the engine needs itself.

use alloc::vec::Vec;

use super::Engine;
use super::policy::SkuPolicy;
use super::state::{Entry, NEVER, NONE, State};
use super::view::{LineView, OrderView, PartView, StockPosition, SupplyView, Tickets};
use crate::error::Error;
use crate::id::{LineId, LocationId, OrderId, SkuId, SupplyId};
use crate::quantity::{Quantity, add, at};
use crate::time::Timestamp;

impl Engine {
    /// The instant of the last call.
    #[must_use]
    pub const fn clock(&self) -> Option<Timestamp> {
        self.state.clock
    }

    /// An order or a hold. O(its lines).
    #[must_use]
    pub fn order(&self, order: OrderId) -> Option<OrderView> {
        self.state.order_view(self.state.order_slot(order)?).ok()
    }

    /// A line. O(its parts).
    #[must_use]
    pub fn line(&self, line: LineId) -> Option<LineView> {
        self.state.line_view(self.state.line_slot(line)?).ok()
    }

    /// A purchase order line.
    #[must_use]
    pub fn supply(&self, supply: SupplyId) -> Option<SupplyView> {
        let slot = self.state.supply_slots.get(supply.0)?;
        let supply = self.state.supplies.get(slot as usize)?;
        Some(SupplyView {
            sku: self.state.skus.get(supply.sku as usize)?.id,
            location: *self.state.locations.get(supply.location as usize)?,
            units: supply.units,
            received: supply.received,
            expected_at: supply.expected_at,
        })
    }

    /// The units of a SKU at a location, where stock was ever booked. O(log locations of the SKU).
    #[must_use]
    pub fn position(&self, sku: SkuId, location: LocationId) -> Option<StockPosition> {
        let state = &self.state;
        let sku = state.skus.get(state.sku_slots.get(sku.0)? as usize)?;
        let location = state.location_slots.get(location.0)?;
        let accounts = sku.accounts.iter();
        let mut accounts = accounts.filter_map(|account| state.accounts.get(*account as usize));
        let account = accounts.find(|account| account.location == location)?;
        account.booked.then_some(account.position)
    }

    /// The policy of a SKU: its own, or the engine's.
    #[must_use]
    pub fn policy(&self, sku: SkuId) -> &SkuPolicy {
        let slot = self.state.sku_slots.get(sku.0);
        let policy = slot.and_then(|slot| self.state.policy_of(slot).ok());
        policy.unwrap_or(&self.state.policy)
    }

    /// All SKUs, as first mentioned.
    #[must_use]
    pub fn skus(&self) -> Vec<SkuId> {
        self.state.skus.iter().map(|sku| sku.id).collect()
    }

    /// The locations at which stock of a SKU was ever booked, as first mentioned.
    #[must_use]
    pub fn locations(&self, sku: SkuId) -> Vec<LocationId> {
        let state = &self.state;
        let slot = state.sku_slots.get(sku.0);
        let sku = slot.and_then(|slot| state.skus.get(slot as usize));
        let accounts = sku.map(|sku| sku.accounts.as_slice()).unwrap_or_default();
        accounts
            .iter()
            .filter_map(|account| state.accounts.get(*account as usize))
            .filter(|account| account.booked)
            .filter_map(|account| state.locations.get(account.location as usize).copied())
            .collect()
    }
}

impl State {
    fn order_view(&self, slot: u32) -> Result<OrderView, Error> {
        let order = self.orders.at(slot)?;
        let mut lines = Vec::new();
        let mut line = order.last_line;
        loop {
            line = self.lines.at(line)?.next;
            lines.push(self.lines.at(line)?.id);
            if line == order.last_line {
                break;
            }
        }
        Ok(OrderView {
            customer: order.customer,
            until: (order.until != NEVER).then(|| Timestamp::from_micros(order.until)),
            extensions: order.extensions,
            together: order.together,
            ended: order.ended,
            closed_at: order.closed_at,
            lines,
        })
    }

    fn line_view(&self, slot: u32) -> Result<LineView, Error> {
        let line = self.lines.at(slot)?;
        let order = self.orders.at(line.order)?;
        let mut parts = Vec::new();
        let (mut waiting, mut taken, mut shipped): (Quantity, Quantity, Quantity) = (0, 0, 0);
        let mut part = line.first_part;
        while part != NONE {
            let view = self.part_view(part)?;
            waiting = add(waiting, view.waiting)?;
            taken = add(taken, self.taken(part)?)?;
            shipped = add(shipped, self.shipped(part)?)?;
            parts.push(view);
            part = self.next_part(part)?;
        }
        let held = order.until != NEVER;
        let open = add(add(waiting, taken)?, shipped)?;
        Ok(LineView {
            order: order.id,
            sku: self.skus.get(line.sku as usize).ok_or(GONE)?.id,
            location: match line.tie {
                NONE => None,
                tie => Some(at(&self.locations, self.location_of(tie)? as usize)?),
            },
            pack: line.pack,
            ordered: add(open, line.cancelled)?,
            waiting,
            reserved: if held { taken } else { 0 },
            allocated: if held { 0 } else { taken },
            shipped,
            cancelled: line.cancelled,
            parts,
        })
    }

    fn part_view(&self, slot: u32) -> Result<PartView, Error> {
        let part = self.parts.at(slot)?;
        let extra = self.extras.get(part.extra);
        let listed = extra.and_then(|extra| extra.listed);
        Ok(PartView {
            priority: part.priority,
            placed_at: part.placed_at,
            sequence: part.sequence,
            first_unit: extra.map_or(0, |extra| extra.first_unit),
            waiting: part.waiting,
            taken: self.places(self.first_taken(slot)?)?,
            shipped: self.places(self.first_shipped(slot)?)?,
            listed: listed.map(|listed| Tickets {
                claim: listed.claim,
                first: listed.first,
            }),
        })
    }

    fn places(&self, mut next: Option<Entry>) -> Result<Vec<(LocationId, Quantity)>, Error> {
        let mut places = Vec::new();
        while let Some(place) = next {
            let location = self.location_of(place.account)?;
            places.push((at(&self.locations, location as usize)?, place.units));
            next = self.entry(place.next)?;
        }
        Ok(places)
    }
}

const GONE: Error = Error::Corrupt { at: "a view" };
