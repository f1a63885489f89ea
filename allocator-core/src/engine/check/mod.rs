//! All laws of a state, and whether everything that is derived is what it is derived from.
//!
//! Nothing is believed: every sum is added up from the parts, every chain is walked with a bound, and
//! every index is asked about everything that should be in it and nothing else.

mod books;
mod held;
mod names;
mod orders;
#[cfg(test)]
mod tests;
mod trees;

use alloc::vec::Vec;

use super::Engine;
use super::draft::{Draft, Scratch};
use super::fill::Fill;
use super::state::State;
use crate::error::Error;
use held::Held;

impl Engine {
    /// Whether every law holds and everything derived is right: accounts add up and nothing is below
    /// zero; parts have what accounts say (of shipped units at most that, since orders are forgotten);
    /// totals by SKU, by customer and by order; the queues hold exactly who waits, in order and with
    /// right sums, and so do those of the served; deadlines, lists, closed orders, every index; and no
    /// unit lies idle that somebody could take.
    ///
    /// O(state · log n). For tests, for audits, and after a restore from a place that is not trusted; it
    /// changes nothing.
    ///
    /// ```
    /// use allocator_core::engine::{Engine, Settings};
    /// let engine = Engine::new(Settings::default())?;
    /// assert!(engine.check().is_ok());
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Corrupt`] with the law that is broken; also where an earlier call failed so.
    pub fn check(&self) -> Result<(), Error> {
        self.believed()?;
        self.state.check()?;
        let known = |sku: &u32| self.state.skus.get(*sku as usize).is_some();
        truly(self.to_fill.iter().all(known), "a SKU to fill is unknown")?;
        if self.is_behind() {
            // What is free is given out when the holds that are due have ended.
            return Ok(());
        }
        self.state.check_nothing_idle()
    }
}

impl State {
    fn check(&self) -> Result<(), Error> {
        self.check_names()?;
        let held = Held::of(self)?;
        self.check_orders(&held)?;
        self.check_books(&held)?;
        self.check_trees(&held)
    }

    /// A fill serves nobody.
    fn check_nothing_idle(&self) -> Result<(), Error> {
        let mut scratch = Scratch::default();
        let now = self.clock.unwrap_or_default();
        let mut draft = Draft::new(self, now, &mut scratch);
        let mut slots: Vec<u32> = Vec::new();
        for sku in &self.skus {
            slots.extend(self.sku_slots.get(sku.id.0));
        }
        for slot in slots {
            let sku = draft.known_sku(slot)?;
            draft.mark(sku)?;
        }
        draft.fill(Fill::Inflow)?;
        truly(
            scratch.moves.is_empty(),
            "units are idle that somebody could take",
        )
    }
}

/// Whether something holds; else what is broken.
fn truly(holds: bool, at: &'static str) -> Result<(), Error> {
    if holds {
        Ok(())
    } else {
        Err(Error::Corrupt { at })
    }
}
