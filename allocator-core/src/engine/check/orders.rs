//! Orders and lines.

use super::held::Held;
use super::truly;
use crate::engine::command::Pack;
use crate::engine::state::{NEVER, NONE, Order, State};
use crate::engine::view::Ended;
use crate::error::Error;

impl State {
    pub(super) fn check_orders(&self, held: &Held) -> Result<(), Error> {
        for order in self.orders.iter() {
            let open = self.open_parts_of(order)?;
            truly(order.open == open, "an order's open parts are miscounted")?;
            match order.closed_at {
                None => truly(open > 0, "an order is open with nothing open")?,
                Some(_) => truly(open == 0, "an order is closed with something open")?,
            }
            let at = "an order ended with something open";
            truly(open == 0 || order.ended == Ended::No, at)?;
            let at = "a deadline, or a closed order, is not among its like";
            let stands = open == 0 || order.until != NEVER;
            truly(stands == (order.timer != NONE), at)?;
        }
        for line in self.lines.iter() {
            truly(line.cancelled >= 0, "fewer than no units are cancelled")?;
            let at = "a line ships in packs of nothing";
            truly(!matches!(line.pack, Pack::Multiple(units) if units < 1), at)?;
            truly(
                (line.sku as usize) < held.skus.len(),
                "a line wants an unknown SKU",
            )?;
            if line.tie != NONE {
                let at = "a line is tied to an account of another SKU";
                truly(self.account_at(line.tie)?.sku == line.sku, at)?;
            }
        }
        Ok(())
    }

    /// How many parts of an order have open units. The chains were walked before, so they end.
    fn open_parts_of(&self, order: &Order) -> Result<u32, Error> {
        let mut open: u32 = 0;
        let mut line = order.last_line;
        loop {
            line = self.lines.at(line)?.next;
            let mut part = self.lines.at(line)?.first_part;
            while part != NONE {
                let is_open = Self::is_open(self.parts.at(part)?);
                open = open.saturating_add(u32::from(is_open));
                part = self.next_part(part)?;
            }
            if line == order.last_line {
                return Ok(open);
            }
        }
    }
}
