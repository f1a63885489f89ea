//! Why a line waits, and why a unit lies idle.

use alloc::vec::Vec;

use super::way::Way;
use crate::engine::Engine;
use crate::engine::command::Pack;
use crate::engine::draft::{effective_pack, sku_at};
use crate::engine::policy::Inflow;
use crate::engine::state::{Line, NONE, State};
use crate::engine::view::Ended;
use crate::engine::why::{IdleReason, IdleStock, WaitExplanation, WaitReason};
use crate::error::Error;
use crate::id::{LineId, SkuId};
use crate::policy::Misfit;
use crate::quantity::{Quantity, add, at, sub};

impl Engine {
    /// Why a line waits, or how it ended; `None` for one that is not known. Its text can be read out.
    ///
    /// O(locations · log n); with a list O(list) more; where parts of orders that are served together wait
    /// before it, O(those) more, and for a line of such an order O(its lines) times all this.
    ///
    /// ```
    /// # use allocator_core::engine::{Command, Engine, Place, PlaceLine, Request, Settings, WaitReason};
    /// # use allocator_core::{LineId, OrderId, SkuId, Timestamp};
    /// # let mut engine = Engine::new(Settings::default())?;
    /// for id in 1..=2 {
    ///     let place = Command::Place(Place {
    ///         order: OrderId(id),
    ///         customer: None,
    ///         until: None,
    ///         together: false,
    ///         partial: false,
    ///         replaces: None,
    ///         lines: vec![PlaceLine::new(id, 7, 3)],
    ///     });
    ///     let request = Request { id: u128::from(id).into(), issued_at: None, command: place };
    ///     let _ = engine.apply(Timestamp::from_micros(0), &request)?;
    /// }
    /// let why = engine.explain(LineId(2)).expect("a line");
    /// assert_eq!(why.code, WaitReason::NoStock);
    /// assert_eq!(why.to_string(), "3 units wait: no unit of the item is free; 3 units wait before it");
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    #[must_use]
    pub fn explain(&self, line: LineId) -> Option<WaitExplanation> {
        let slot = self.state.line_slot(line)?;
        self.state.explain(slot, self.is_behind()).ok()
    }

    /// The units of a SKU that are available at each location while somebody waits for it, and why they
    /// are: every free unit has a reason. Empty where nobody waits or nothing is available. As
    /// [`Engine::explain`] for each location.
    #[must_use]
    pub fn idle(&self, sku: SkuId) -> Vec<IdleStock> {
        let Some(slot) = self.state.sku_slots.get(sku.0) else {
            return Vec::new();
        };
        self.state.idle(slot, self.is_behind()).unwrap_or_default()
    }
}

/// A reason and the figures that go with it.
struct Found {
    code: WaitReason,
    free: Quantity,
    missing: Quantity,
    line: Option<LineId>,
}

impl State {
    fn explain(&self, slot: u32, is_behind: bool) -> Result<WaitExplanation, Error> {
        let line = self.lines.at(slot)?;
        let mut first = None;
        let mut waiting: Quantity = 0;
        let mut part = line.first_part;
        while part != NONE {
            let waits = self.parts.at(part)?.waiting;
            waiting = add(waiting, waits)?;
            if waits > 0 {
                let told = self.told(part)?;
                first = Some(first.map_or((told, part), |first| (told, part).min(first)));
            }
            part = self.next_part(part)?;
        }
        let Some((told, part)) = first else {
            return Ok(WaitExplanation {
                code: self.ended(line)?,
                waiting: 0,
                waiting_ahead: 0,
                free: 0,
                missing: 0,
                line: None,
            });
        };
        let Found {
            code,
            free,
            missing,
            line: named,
        } = self.why_it_waits(part, is_behind)?;
        Ok(WaitExplanation {
            code,
            waiting,
            waiting_ahead: self.before(line.sku, line.tie, told)?.waiting,
            free,
            missing,
            line: named,
        })
    }

    /// How it stands with a line of which nothing waits.
    fn ended(&self, line: &Line) -> Result<WaitReason, Error> {
        let (mut has, mut shipped) = (false, false);
        let mut part = line.first_part;
        while part != NONE {
            has |= self.parts.at(part)?.taken > 0;
            shipped |= self.first_shipped(part)?.is_some();
            part = self.next_part(part)?;
        }
        let ended = self.orders.at(line.order)?.ended;
        Ok(if has {
            WaitReason::Served
        } else if shipped {
            WaitReason::Shipped
        } else if line.cancelled == 0 {
            WaitReason::NothingAsked
        } else if ended == Ended::Expired {
            WaitReason::Expired
        } else {
            WaitReason::Cancelled
        })
    }

    fn why_it_waits(&self, part: u32, is_behind: bool) -> Result<Found, Error> {
        let this = self.parts.at(part)?;
        let line = self.lines.at(this.line)?;
        let policy = self.policy_of(line.sku)?;
        let (all, reach) = self.available_to(line)?;
        let free = self.free_for(line.sku, this.priority)?;
        let found = |code, free, missing, line| {
            Ok(Found {
                code,
                free,
                missing,
                line,
            })
        };
        if reach == 0 {
            let code = match line.tie {
                NONE => WaitReason::NoStock,
                tie if !self.account_at(tie)?.booked => WaitReason::UnknownPlace,
                _ if all > 0 => WaitReason::NothingThere,
                _ => WaitReason::NoStock,
            };
            return found(code, 0, this.waiting, None);
        }
        if free == 0 {
            return found(WaitReason::Protected, 0, this.waiting, None);
        }
        if policy.inflow != Inflow::Serve {
            return found(WaitReason::Kept, reach.min(free), this.waiting, None);
        }
        if is_behind {
            return found(WaitReason::Due, reach.min(free), this.waiting, None);
        }
        let (usable, blocker) = self.usable(part)?;
        if usable == 0 {
            return found(WaitReason::StuckBehind, 0, this.waiting, blocker);
        }
        let together = self.orders.at(line.order)?.together;
        let need = match effective_pack(line.pack, policy) {
            Pack::Multiple(units) if !together => units.min(this.waiting),
            _ => this.waiting,
        };
        let can_have = usable.min(free);
        if can_have < need {
            let missing = sub(need, can_have)?;
            return found(WaitReason::LineIncomplete, can_have, missing, None);
        }
        if let Some((other, missing)) = self.missing_in_order(part)? {
            let short = self.parts.at(other)?;
            let other = short.line;
            return if other == this.line {
                // A later part of it, or itself once its mates took theirs.
                let can_have = sub(short.waiting, missing)?;
                found(WaitReason::LineIncomplete, can_have, missing, None)
            } else {
                let other = self.lines.at(other)?.id;
                found(WaitReason::OrderIncomplete, can_have, missing, Some(other))
            };
        }
        found(WaitReason::Due, can_have, this.waiting, None)
    }

    /// Units available of a line's SKU, and those of them at locations it may use.
    fn available_to(&self, line: &Line) -> Result<(Quantity, Quantity), Error> {
        let (mut all, mut reach): (Quantity, Quantity) = (0, 0);
        for account in &sku_at(self, line.sku)?.accounts {
            let here = self.account_at(*account)?.position.available;
            all = add(all, here)?;
            if line.tie == NONE || line.tie == *account {
                reach = add(reach, here)?;
            }
        }
        Ok((all, reach))
    }

    /// Units that a part may take as far as they are set aside for nobody before it, and the first for
    /// whom others are.
    fn usable(&self, part: u32) -> Result<(Quantity, Option<LineId>), Error> {
        let line = self.lines.at(self.parts.at(part)?.line)?;
        let waits = self.policy_of(line.sku)?.on_misfit == Misfit::SetAside;
        let mut usable: Quantity = 0;
        let mut blocker = None;
        for account in &sku_at(self, line.sku)?.accounts {
            let here = self.account_at(*account)?.position.available;
            if here == 0 || !(line.tie == NONE || line.tie == *account) {
                continue;
            }
            let way = Way::of(self, part)?;
            let before = if waits { way.first(*account)? } else { None };
            match before {
                Some(before) => blocker = blocker.or(Some(before)),
                None => usable = add(usable, here)?,
            }
        }
        let blocker = match blocker {
            Some(part) => Some(self.lines.at(self.parts.at(part)?.line)?.id),
            None => None,
        };
        Ok((usable, blocker))
    }

    fn idle(&self, sku: u32, is_behind: bool) -> Result<Vec<IdleStock>, Error> {
        let this = sku_at(self, sku)?;
        let policy = self.policy_of(sku)?;
        let mut idle = Vec::new();
        if this.waiting == 0 {
            return Ok(idle);
        }
        for account in &this.accounts {
            let here = self.account_at(*account)?;
            let units = here.position.available;
            if units == 0 {
                continue;
            }
            let (mut reason, mut line) = (IdleReason::TiedElsewhere, None);
            if let Some(first) = self.first_for(sku, *account)? {
                let first = self.parts.at(first)?;
                reason = if self.free_for(sku, first.priority)? == 0 {
                    IdleReason::Protected
                } else if policy.inflow != Inflow::Serve {
                    IdleReason::Kept
                } else if is_behind {
                    IdleReason::Due
                } else {
                    line = Some(self.lines.at(first.line)?.id);
                    match policy.on_misfit {
                        Misfit::SetAside => IdleReason::SetAside,
                        Misfit::Pass => IdleReason::DoesNotFit,
                    }
                };
            }
            idle.push(IdleStock {
                location: at(&self.locations, here.location as usize)?,
                units,
                reason,
                line,
            });
        }
        Ok(idle)
    }
}
