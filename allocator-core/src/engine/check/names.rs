//! Ids and the slots they stand for.

use super::truly;
use crate::engine::state::State;
use crate::engine::store::{Index, Slab};
use crate::error::Error;

impl State {
    pub(super) fn check_names(&self) -> Result<(), Error> {
        let skus = self.skus.iter().map(|sku| sku.id.0);
        in_order(&self.sku_slots, skus, "an id of a SKU leads elsewhere")?;
        let locations = self.locations.iter().map(|location| location.0);
        let at = "an id of a location leads elsewhere";
        in_order(&self.location_slots, locations, at)?;
        let supplies = self.supplies.iter().map(|supply| supply.id.0);
        let at = "an id of a supply leads elsewhere";
        in_order(&self.supply_slots, supplies, at)?;
        let at = "an id of an order leads elsewhere";
        in_slab(&self.order_slots, &self.orders, |order| order.id.0, at)?;
        let at = "an id of a line leads elsewhere";
        in_slab(&self.line_slots, &self.lines, |line| line.id.0, at)
    }
}

/// An index over values that stand one after the other.
fn in_order(index: &Index, ids: impl Iterator<Item = u32>, at: &'static str) -> Result<(), Error> {
    let mut count = 0;
    for (slot, id) in (0_u32..).zip(ids) {
        truly(index.get(id) == Some(slot), at)?;
        count = slot.saturating_add(1);
    }
    truly(index.len() == count, at)
}

/// An index over values in slots: each id leads to its own value, and no other id is known.
fn in_slab<T>(
    index: &Index,
    slab: &Slab<T>,
    id: impl Fn(&T) -> u32,
    at: &'static str,
) -> Result<(), Error> {
    for value in slab.iter() {
        let found = index.get(id(value)).and_then(|slot| slab.get(slot));
        truly(found.is_some_and(|found| core::ptr::eq(found, value)), at)?;
    }
    truly(index.len() == slab.len(), at)
}
