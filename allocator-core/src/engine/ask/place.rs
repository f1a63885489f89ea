//! Where a line stands.

use super::lanes::Told;
use crate::engine::Engine;
use crate::engine::draft::sku_at;
use crate::engine::state::{NONE, State};
use crate::engine::view::QueuePlace;
use crate::error::Error;
use crate::id::LineId;
use crate::quantity::{Quantity, add};

impl Engine {
    /// Where a line stands: by the first of its parts with open units. `None` for a line that is not
    /// known or has nothing open.
    ///
    /// Before a part on the SKU's list stand those on it with an earlier place then; before any other
    /// part the whole list and whoever has a smaller place. O(locations · log n), however deep the queue
    /// is; where there is a list, O(list) more; for a line that is tied to one of several locations, O(parts
    /// before it that have units).
    ///
    /// ```
    /// # use allocator_core::engine::{Command, Engine, Place, PlaceLine, Request, Settings};
    /// # use allocator_core::{LineId, OrderId, SkuId, Timestamp};
    /// # let mut engine = Engine::new(Settings::default())?;
    /// for id in 1..=3 {
    ///     let place = Command::Place(Place {
    ///         order: OrderId(id),
    ///         customer: None,
    ///         until: None,
    ///         together: false,
    ///         partial: false,
    ///         replaces: None,
    ///         lines: vec![PlaceLine::new(id, 7, 2)],
    ///     });
    ///     let request = Request { id: u128::from(id).into(), issued_at: None, command: place };
    ///     let _ = engine.apply(Timestamp::from_micros(0), &request)?;
    /// }
    /// let place = engine.place_in_line(LineId(3));
    /// assert_eq!(place.map(|place| (place.units_ahead, place.waiting)), Some((4, 2)));
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    #[must_use]
    pub fn place_in_line(&self, line: LineId) -> Option<QueuePlace> {
        let slot = self.state.line_slot(line)?;
        self.state.place_of_line(slot).ok().flatten()
    }
}

/// Units before a place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Before {
    pub(super) waiting: Quantity,
    pub(super) taken: Quantity,
}

impl State {
    fn place_of_line(&self, slot: u32) -> Result<Option<QueuePlace>, Error> {
        let line = self.lines.at(slot)?;
        let mut first: Option<Told> = None;
        let mut waiting: Quantity = 0;
        let mut part = line.first_part;
        while part != NONE {
            let this = self.parts.at(part)?;
            waiting = add(waiting, this.waiting)?;
            if Self::is_open(this) {
                let told = self.told(part)?;
                first = Some(first.map_or(told, |first| first.min(told)));
            }
            part = self.next_part(part)?;
        }
        let Some(first) = first else {
            return Ok(None);
        };
        let before = self.before(line.sku, line.tie, first)?;
        Ok(Some(QueuePlace {
            units_ahead: add(before.waiting, before.taken)?,
            waiting_ahead: before.waiting,
            waiting,
        }))
    }

    /// Units before a place of lines that may use the location of one with this tie: those that wait, and
    /// those they have, wherever these lie.
    pub(super) fn before(&self, sku: u32, tie: u32, place: Told) -> Result<Before, Error> {
        let mut before = Before::default();
        let this = sku_at(self, sku)?;
        for member in this.list.iter().flat_map(|list| &list.members) {
            if self.told(*member)? < place {
                self.count_before(*member, tie, &mut before)?;
            }
        }
        if !place.unlisted {
            return Ok(before);
        }
        let earlier = |part: u32| Ok(self.key(part)? < place.key);
        let waits = |queue| self.forest.sum_to(queue, &self.queue_read(), earlier);
        before.waiting = add(before.waiting, waits(&this.queue)?)?;
        // Nobody is tied elsewhere where there is no other location.
        let all_may = tie == NONE || this.accounts.len() == 1;
        for account in &this.accounts {
            let here = self.account_at(*account)?;
            if tie == NONE || tie == *account {
                before.waiting = add(before.waiting, waits(&here.queue)?)?;
            }
            let taken = if all_may {
                let items = self.served_read(*account);
                self.forest.sum_to(&here.served, &items, earlier)?
            } else {
                self.taken_before(*account, tie, place)?
            };
            before.taken = add(before.taken, taken)?;
        }
        Ok(before)
    }

    /// Units that lie at an account for unlisted parts before a place whose lines may use the location
    /// `tie`.
    fn taken_before(&self, account: u32, tie: u32, place: Told) -> Result<Quantity, Error> {
        let items = self.served_read(account);
        let mut taken: Quantity = 0;
        let mut next = self.forest.first(&self.account_at(account)?.served)?;
        while let Some(part) = next
            && self.key(part)? < place.key
        {
            let other = self.lines.at(self.parts.at(part)?.line)?.tie;
            if other == NONE || other == tie {
                taken = add(taken, self.taken_at(part, account)?)?;
            }
            next = self.forest.next(part, &items)?;
        }
        Ok(taken)
    }

    /// Counts a part on a list that stands before somebody with this tie.
    fn count_before(&self, part: u32, tie: u32, before: &mut Before) -> Result<(), Error> {
        let this = self.parts.at(part)?;
        let other = self.lines.at(this.line)?.tie;
        if tie == NONE || other == NONE || tie == other {
            before.waiting = add(before.waiting, this.waiting)?;
            before.taken = add(before.taken, self.taken(part)?)?;
        }
        Ok(())
    }
}
