//! Orders and lines, deadlines, and the queue of closed orders.

use alloc::collections::BTreeSet;

use super::held::Held;
use super::truly;
use crate::engine::command::Pack;
use crate::engine::state::{NEVER, NONE, Order, State};
use crate::engine::view::Ended;
use crate::error::Error;
use crate::time::Timestamp;

impl State {
    pub(super) fn check_orders(&self, held: &Held) -> Result<(), Error> {
        let closed: BTreeSet<(Timestamp, u32)> = self.closed.iter().copied().collect();
        let in_order = self.closed.iter().zip(self.closed.iter().skip(1));
        let mut in_order = in_order.map(|((a, _), (b, _))| a <= b);
        let at = "the queue of closed orders is wrong";
        truly(in_order.all(|holds| holds), at)?;
        for order in self.orders.iter() {
            let open = self.open_parts_of(order)?;
            truly(order.open == open, "an order's open parts are miscounted")?;
            let slot = self.order_slots.get(order.id.0).unwrap_or(NONE);
            match order.closed_at {
                None => truly(open > 0, "an order is open with nothing open")?,
                Some(instant) => {
                    truly(open == 0, "an order is closed with something open")?;
                    truly(closed.contains(&(instant, slot)), at)?;
                }
            }
            let at = "an order ended with something open";
            truly(open == 0 || order.ended == Ended::No, at)?;
            let at = "a deadline is not among the deadlines";
            let timed = open > 0 && order.until != NEVER;
            truly(timed == (order.timer != NONE), at)?;
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
