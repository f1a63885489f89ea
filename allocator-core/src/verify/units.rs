//! Safe and legal: units add up, and what ships whole does.

use alloc::collections::BTreeMap;

use crate::allocate::Outcome;
use crate::demand::{Demand, terms};
use crate::limits::NO_ID;
use crate::policy::{Completeness, Misfit};
use crate::quantity::Total;

use super::{Audit, BySku, Law, Violation, raise};

impl<L: Demand + ?Sized> Audit<'_, L> {
    pub(super) fn received(&self) -> Result<BySku, Violation> {
        let mut received = BySku::new();
        for row in self.supply {
            if row.quantity < 0 {
                let (sku, found) = (Some(row.sku.0), row.quantity.into());
                return Err(self.broken(Law::EveryUnitAccounted, None, sku, "supply", 0, found));
            }
            raise(received.entry(row.sku.0).or_default(), row.quantity.into());
        }
        Ok(received)
    }

    /// Boxes add up, and no SKU gives more than it has.
    pub(super) fn units(&self, received: &BySku) -> Result<(), Violation> {
        if let Some(fault) = self.lines.shape().first() {
            let row = fault.row();
            return Err(self.broken(
                Law::EveryUnitAccounted,
                row,
                None,
                "columns of another length",
                0,
                1,
            ));
        }
        let count = |rows: usize| Total::try_from(rows).unwrap_or(Total::MAX);
        let (asked, answered) = (self.lines.count(), self.allocation.len());
        if asked != answered {
            return Err(self.broken(
                Law::EveryUnitAccounted,
                None,
                None,
                "rows answered",
                count(asked),
                count(answered),
            ));
        }
        let law = Law::EveryUnitAccounted;
        let mut given = BySku::new();
        for row in self.rows() {
            let Outcome {
                quantity,
                allocated,
                set_aside,
                covered,
                ..
            } = self.outcome(row);
            self.equal(
                law,
                row,
                "quantity",
                self.lines.quantity(row).into(),
                quantity.into(),
            )?;
            for (what, units) in [
                ("quantity", quantity),
                ("allocated", allocated),
                ("set_aside", set_aside),
                ("covered", covered),
            ] {
                if units < 0 || units > quantity {
                    let nearest = if units < 0 { 0 } else { quantity.max(0) };
                    return self.equal(law, row, what, nearest.into(), units.into());
                }
            }
            let mut both = Total::from(allocated);
            raise(&mut both, set_aside.into());
            if both > quantity.into() {
                return self.equal(law, row, "allocated and set aside", quantity.into(), both);
            }
            raise(given.entry(self.lines.sku(row)).or_default(), both);
        }
        for (sku, units) in given {
            let limit = received.get(&sku).copied().unwrap_or(0);
            if units > limit {
                return Err(self.broken(
                    Law::NeverBeyondReceived,
                    None,
                    Some(sku),
                    "units given",
                    limit,
                    units,
                ));
            }
        }
        Ok(())
    }

    /// Every allocated unit comes from one supply row of its SKU, and no row gives more than it has.
    pub(super) fn pegs(&self) -> Result<(), Violation> {
        if !self.allocation.has_pegs() {
            return Ok(());
        }
        let law = Law::EveryUnitAccounted;
        let mut by_line: BTreeMap<usize, Total> = BTreeMap::new();
        let mut by_supply: BTreeMap<usize, Total> = BTreeMap::new();
        for peg in self.allocation.pegs() {
            let (row, supply) = (peg.row as usize, peg.supply as usize);
            if !self.rows().contains(&row) {
                return Err(self.broken(
                    law,
                    Some(row),
                    None,
                    "pegs of a line that is not there",
                    0,
                    peg.units.into(),
                ));
            }
            let Some(source) = self.supply.get(supply) else {
                return self.equal(
                    law,
                    row,
                    "units from a supply row that is not there",
                    0,
                    peg.units.into(),
                );
            };
            self.equal(
                law,
                row,
                "SKU of a peg",
                self.lines.sku(row).into(),
                source.sku.0.into(),
            )
            .map_err(|violation| Violation {
                figures_are_skus: true,
                ..violation
            })?;
            if peg.units < 1 {
                return self.equal(law, row, "units of a peg", 1, peg.units.into());
            }
            raise(by_line.entry(row).or_default(), peg.units.into());
            raise(by_supply.entry(supply).or_default(), peg.units.into());
        }
        for row in self.rows() {
            let pegged = by_line.get(&row).copied().unwrap_or(0);
            self.equal(
                law,
                row,
                "pegged units",
                self.outcome(row).allocated.into(),
                pegged,
            )?;
        }
        for (supply, units) in by_supply {
            let (sku, limit) = self
                .supply
                .get(supply)
                .map_or((NO_ID, 0), |row| (row.sku.0, row.quantity.into()));
            if units > limit {
                return Err(self.broken(
                    Law::NeverBeyondReceived,
                    None,
                    Some(sku),
                    "units pegged to one supply row",
                    limit,
                    units,
                ));
            }
        }
        Ok(())
    }

    /// Received = allocated + idle, per SKU.
    pub(super) fn idle_units(&self, received: &BySku) -> Result<(), Violation> {
        if !self.allocation.has_idle() {
            return Ok(());
        }
        let mut idle = BySku::new();
        for entry in self.allocation.idle() {
            raise(idle.entry(entry.sku.0).or_default(), entry.units.into());
        }
        let mut left = received.clone();
        for row in self.rows() {
            raise(
                left.entry(self.lines.sku(row)).or_default(),
                Total::from(self.outcome(row).allocated).saturating_neg(),
            );
        }
        for sku in left.keys().chain(idle.keys()) {
            let (expected, found) = (
                left.get(sku).copied().unwrap_or(0),
                idle.get(sku).copied().unwrap_or(0),
            );
            if expected != found {
                return Err(self.broken(
                    Law::EveryUnitAccounted,
                    None,
                    Some(*sku),
                    "idle units",
                    expected,
                    found,
                ));
            }
        }
        Ok(())
    }

    /// All or nothing, for lines and for orders.
    pub(super) fn whole(&self) -> Result<(), Violation> {
        let law = Law::ShipsWhole;
        let mut orders: BTreeMap<u32, (usize, bool)> = BTreeMap::new();
        for row in self.rows() {
            let Outcome {
                quantity,
                allocated,
                set_aside,
                ..
            } = self.outcome(row);
            let (completeness, misfit) = terms(self.lines, row, self.policy);
            if completeness == Completeness::Partial || misfit == Misfit::Pass {
                self.equal(law, row, "set_aside", 0, set_aside.into())?;
            }
            if completeness != Completeness::Partial && allocated != 0 {
                self.equal(law, row, "allocated", quantity.into(), allocated.into())?;
            }
            let order = self.lines.order(row);
            if completeness == Completeness::Order && order != NO_ID && quantity > 0 {
                let full = allocated == quantity;
                let (_, first_full) = *orders.entry(order).or_insert((row, full));
                let expected = if first_full { quantity } else { 0 };
                self.equal(law, row, "allocated", expected.into(), allocated.into())?;
            }
        }
        Ok(())
    }
}
