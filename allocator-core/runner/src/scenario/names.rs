//! The texts of a case and the engine's dense numbers, kind by kind.

use std::collections::BTreeMap;

use allocator_core::{CustomerId, Interner, LineId, LocationId, OrderId, SkuId, SupplyId};

use crate::checked::{Checked, Trouble};

/// Every text of a case that names something.
#[derive(Default)]
pub(super) struct Names {
    pub(super) lines: Interner,
    pub(super) orders: Interner,
    pub(super) customers: Interner,
    pub(super) skus: Interner,
    pub(super) supplies: Interner,
    pub(super) keys: Interner,
    /// What the engine takes for locations: real ones, and lots at real ones.
    locations: Interner,
    /// The lots among them, each with the text of its real location and its own.
    lots: BTreeMap<LocationId, (String, String)>,
}

fn intern(names: &mut Interner, name: &str) -> Checked<u32> {
    (names.intern(name)).map_err(|error| Trouble::Fail(format!("{name:.20}…: {error}")))
}

/// The text behind a number that this case gave out.
fn name(names: &Interner, id: u32) -> &str {
    names.name(id).unwrap_or("?")
}

impl Names {
    pub(super) fn line(&mut self, name: &str) -> Checked<LineId> {
        Ok(LineId(intern(&mut self.lines, name)?))
    }

    pub(super) fn order(&mut self, name: &str) -> Checked<OrderId> {
        Ok(OrderId(intern(&mut self.orders, name)?))
    }

    pub(super) fn customer(&mut self, name: &str) -> Checked<CustomerId> {
        Ok(CustomerId(intern(&mut self.customers, name)?))
    }

    pub(super) fn sku(&mut self, name: &str) -> Checked<SkuId> {
        Ok(SkuId(intern(&mut self.skus, name)?))
    }

    pub(super) fn supply(&mut self, name: &str) -> Checked<SupplyId> {
        Ok(SupplyId(intern(&mut self.supplies, name)?))
    }

    pub(super) fn key(&mut self, name: &str) -> Checked<u32> {
        intern(&mut self.keys, name)
    }

    pub(super) fn location(&mut self, name: &str) -> Checked<LocationId> {
        Ok(LocationId(intern(&mut self.locations, name)?))
    }

    /// The location that a lot is to the engine.
    pub(super) fn lot(&mut self, location: &str, lot: &str) -> Checked<LocationId> {
        let id = self.location(&format!("{location}, lot {lot}"))?;
        self.lots.insert(id, (location.to_owned(), lot.to_owned()));
        Ok(id)
    }

    /// Every location of the engine that a real one is: its lots and itself.
    pub(super) fn locations_at(&self, location: &str) -> Vec<LocationId> {
        let itself = self.locations.id(location).map(LocationId);
        let lots = self.lots.iter().filter(|(_, (at, _))| at == location);
        lots.map(|(id, _)| *id).chain(itself).collect()
    }

    /// Every location of the engine that holds units of a lot.
    pub(super) fn locations_of_lot(&self, lot: &str) -> Vec<LocationId> {
        let lots = self.lots.iter().filter(|(_, (_, name))| name == lot);
        lots.map(|(id, _)| *id).collect()
    }

    /// The real location behind one of the engine.
    pub(super) fn place_of(&self, location: LocationId) -> &str {
        match self.lots.get(&location) {
            Some((place, _)) => place,
            None => name(&self.locations, location.0),
        }
    }

    pub(super) fn lot_of(&self, location: LocationId) -> Option<&str> {
        self.lots.get(&location).map(|(_, lot)| lot.as_str())
    }

    pub(super) fn known_location(&self, name: &str) -> Option<LocationId> {
        self.locations.id(name).map(LocationId)
    }

    pub(super) fn line_name(&self, line: LineId) -> &str {
        name(&self.lines, line.0)
    }

    pub(super) fn order_name(&self, order: OrderId) -> &str {
        name(&self.orders, order.0)
    }

    pub(super) fn sku_name(&self, sku: SkuId) -> &str {
        name(&self.skus, sku.0)
    }

    pub(super) fn supply_name(&self, supply: SupplyId) -> &str {
        name(&self.supplies, supply.0)
    }

    pub(super) fn location_name(&self, location: LocationId) -> &str {
        name(&self.locations, location.0)
    }
}

/// All numbers given out for a kind.
pub(super) fn ids(names: &Interner) -> impl Iterator<Item = u32> {
    (0..).take(names.len())
}
