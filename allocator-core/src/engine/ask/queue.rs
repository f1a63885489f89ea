//! Pages of the queue.

use alloc::vec::Vec;

use super::lanes::{Lanes, Told};
use crate::engine::Engine;
use crate::engine::draft::sku_at;
use crate::engine::state::{NONE, State};
use crate::engine::view::Waiting;
use crate::error::Error;
use crate::id::{LineId, SkuId};

impl Engine {
    /// A page of those who wait for a SKU: at most `most` parts that stand behind a part (`None`: from the
    /// first). Parts on the SKU's list stand first, by the place they had when it was closed; then all
    /// others by their place, whichever location they are tied to.
    ///
    /// The part to go on from need not wait any more; behind one that is not known, or not of this SKU,
    /// nothing stands. O(locations · log n + page · log locations); where there is a list, O(list) more.
    ///
    /// ```
    /// # use allocator_core::engine::{Command, Engine, Place, PlaceLine, Request, Settings};
    /// # use allocator_core::{OrderId, SkuId, Timestamp};
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
    /// let page = engine.queue(SkuId(7), None, 2);
    /// assert_eq!(page.iter().map(|waits| waits.line.0).collect::<Vec<_>>(), [1, 2]);
    /// let last = page.last().map(|waits| (waits.line, waits.part));
    /// let page = engine.queue(SkuId(7), last, 2);
    /// assert_eq!(page.iter().map(|waits| waits.line.0).collect::<Vec<_>>(), [3]);
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    #[must_use]
    pub fn queue(&self, sku: SkuId, after: Option<(LineId, u32)>, most: usize) -> Vec<Waiting> {
        let page = self.state.queue_page(sku, after, most);
        page.unwrap_or_default()
    }
}

impl State {
    fn queue_page(
        &self,
        sku: SkuId,
        after: Option<(LineId, u32)>,
        most: usize,
    ) -> Result<Vec<Waiting>, Error> {
        let Some(slot) = self.sku_slots.get(sku.0) else {
            return Ok(Vec::new());
        };
        let behind = match after {
            None => None,
            Some((line, number)) => match self.part_of(slot, line, number)? {
                None => return Ok(Vec::new()),
                Some(part) => Some(self.told(part)?),
            },
        };
        let mut page = Vec::new();
        if behind.is_none_or(|behind| !behind.unlisted) {
            for part in self.listed_waiting(slot, behind)? {
                if page.len() >= most {
                    return Ok(page);
                }
                page.push(self.waits(part)?);
            }
        }
        let behind = behind
            .filter(|behind| behind.unlisted)
            .map(|behind| behind.key);
        let sku = sku_at(self, slot)?;
        let mut lanes = Lanes::new(self);
        lanes.add(&sku.queue, behind)?;
        for account in &sku.accounts {
            lanes.add(&self.account_at(*account)?.queue, behind)?;
        }
        while page.len() < most
            && let Some(part) = lanes.pop()
        {
            page.push(self.waits(part)?);
            lanes.follow(part)?;
        }
        Ok(page)
    }

    /// The parts on a SKU's list that wait and stand behind a place, by their places then.
    fn listed_waiting(&self, sku: u32, behind: Option<Told>) -> Result<Vec<u32>, Error> {
        let mut listed = Vec::new();
        for member in sku_at(self, sku)?
            .list
            .iter()
            .flat_map(|list| &list.members)
        {
            let told = self.told(*member)?;
            if self.parts.at(*member)?.waiting > 0 && behind.is_none_or(|behind| told > behind) {
                listed.push((told, *member));
            }
        }
        listed.sort_unstable();
        Ok(listed.into_iter().map(|(_, part)| part).collect())
    }

    /// A part of a line that wants a SKU.
    fn part_of(&self, sku: u32, line: LineId, number: u32) -> Result<Option<u32>, Error> {
        let Some(line) = self.line_slot(line) else {
            return Ok(None);
        };
        let line = self.lines.at(line)?;
        let mut part = line.first_part;
        for _ in 0..number {
            if part == NONE {
                return Ok(None);
            }
            part = self.next_part(part)?;
        }
        Ok((part != NONE && line.sku == sku).then_some(part))
    }

    fn waits(&self, part: u32) -> Result<Waiting, Error> {
        let this = self.parts.at(part)?;
        Ok(Waiting {
            line: self.lines.at(this.line)?.id,
            part: self.number_of(part)?,
            units: this.waiting,
        })
    }

    /// Which of its line's parts a part is, from 0.
    pub(super) fn number_of(&self, part: u32) -> Result<u32, Error> {
        let mut other = self.lines.at(self.parts.at(part)?.line)?.first_part;
        let mut number: u32 = 0;
        while other != part {
            other = self.next_part(other)?;
            number = number.saturating_add(1);
        }
        Ok(number)
    }
}
