//! Where parts stand in the queues.

use super::UNKNOWN;
use crate::engine::order::QueueItems;
use crate::engine::state::{NONE, Part, State};
use crate::engine::store::{Forest, Tree};
use crate::error::Error;
use crate::id::LineId;
use crate::quantity::slot;
use crate::time::Timestamp;

impl State {
    pub(super) fn rekeyed(
        &mut self,
        line: LineId,
        priority: i32,
        placed_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let line = self.line_slot(line).ok_or(UNKNOWN)?;
        let mut part = self.lines.at(line)?.first_part;
        while part != NONE {
            self.move_part(part, |part| {
                part.priority = priority;
                part.placed_at = placed_at.unwrap_or(part.placed_at);
            })?;
            part = self.next_part(part)?;
        }
        Ok(())
    }

    /// Changes what a part is ordered by, and puts it where it now belongs in every queue.
    pub(super) fn move_part(
        &mut self,
        part: u32,
        change: impl FnOnce(&mut Part),
    ) -> Result<(), Error> {
        if self.is_listed(part)? {
            change(self.parts.at_mut(part)?);
            return Ok(());
        }
        self.leave_queues(part)?;
        change(self.parts.at_mut(part)?);
        self.enter_queues(part)
    }

    /// Takes a part out of the queue and of those served everywhere; its units stay.
    pub(in crate::engine) fn leave_queues(&mut self, part: u32) -> Result<(), Error> {
        if self.parts.at(part)?.waiting > 0 {
            let (queue, forest, mut items) = self.queue_of(part)?;
            forest.remove(queue, part, &mut items)?;
        }
        let mut next = self.first_taken(part)?;
        while let Some(place) = next {
            self.unserve(part, place.account)?;
            next = self.entry(place.next)?;
        }
        Ok(())
    }

    pub(in crate::engine) fn enter_queues(&mut self, part: u32) -> Result<(), Error> {
        if self.parts.at(part)?.waiting > 0 {
            let (queue, forest, mut items) = self.queue_of(part)?;
            forest.insert(queue, part, &mut items)?;
        }
        let mut next = self.first_taken(part)?;
        while let Some(place) = next {
            self.serve(part, place.account)?;
            next = self.entry(place.next)?;
        }
        Ok(())
    }

    #[allow(clippy::type_complexity, reason = "three borrows of one state at once")]
    pub(super) fn queue_of(
        &mut self,
        part: u32,
    ) -> Result<(&mut Tree, &mut Forest, QueueItems<'_>), Error> {
        let line = self.lines.at(self.parts.at(part)?.line)?;
        let queue = if line.tie == NONE {
            &mut slot(&mut self.skus, line.sku as usize)?.queue
        } else {
            &mut slot(&mut self.accounts, line.tie as usize)?.queue
        };
        let items = QueueItems {
            parts: &mut self.parts,
            extras: &self.extras,
        };
        Ok((queue, &mut self.forest, items))
    }
}
