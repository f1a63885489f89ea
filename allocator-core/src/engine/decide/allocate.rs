//! Allocate: serve those who wait, share out anew, declare a shortage final.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use xxhash_rust::xxh3::xxh3_128;

use super::{Refusal, refuse};
use crate::engine::command::{AllocateRule, Command, DrawnLot, Pack};
use crate::engine::draft::{Draft, PartDraft, Standing};
use crate::engine::event::{EventCause, Happening};
use crate::engine::fill::Fill;
use crate::engine::list::{Claimant, Member};
use crate::engine::rejection::RejectionCode;
use crate::engine::state::{NEVER, NONE};
use crate::engine::ticket::can_be_live;
use crate::engine::walk::Along;
use crate::error::Error;
use crate::id::{LineId, SkuId};
use crate::quantity::{Quantity, add, slot};
use crate::rule::{KeyPart, ShortageRule};

/// What the digest of a plan begins with.
pub(in crate::engine) const DIGEST_FORM: &[u8] = b"allocator live plan 1\n";

impl Draft<'_> {
    /// Decides Allocate; the digest of what it would do is there unless it is refused before that.
    pub(in crate::engine) fn decide_allocate(
        &mut self,
        command: &Command,
    ) -> Result<(Refusal, Option<u128>), Error> {
        let Command::Allocate {
            sku: id,
            rule,
            is_final,
            expect,
            draw,
        } = command
        else {
            return Ok((None, None));
        };
        let sku = self.sku(*id)?;
        let slot_of = self.sku_draft(sku)?.slot;
        let draw = draw.as_deref().unwrap_or_default();
        let members = match rule {
            AllocateRule::Shared(rule) => match self.close(sku, rule, draw)? {
                Ok(members) => members,
                Err(refusal) => return Ok((refusal, None)),
            },
            AllocateRule::Fill | AllocateRule::Queue => Vec::new(),
        };
        let before = self.open_before(slot_of)?;
        match rule {
            AllocateRule::Fill => {}
            AllocateRule::Queue => {
                self.dissolve(sku, *id)?;
                self.put_back(slot_of)?;
            }
            AllocateRule::Shared(shared) => {
                self.list(sku, *id, *shared, draw, &members)?;
                self.put_back(slot_of)?;
            }
        }
        self.mark(sku)?;
        self.mark_losers()?;
        self.fill(Fill::Allocate(sku))?;
        self.settle(EventCause::Reallocated)?;
        let mut cut: Vec<(usize, Quantity)> = Vec::new();
        if *is_final {
            cut = self.cut_all_that_waits(sku)?;
        }
        let digest = self.digest(*id, *rule, *is_final, &before, &cut)?;
        if expect.is_some_and(|expect| expect != digest) {
            return Ok((refuse(RejectionCode::PlanChanged), Some(digest)));
        }
        self.finish().map(|refusal| (refusal, Some(digest)))
    }

    /// Who stands on the list that the rule closes, or why it cannot be closed.
    fn close(
        &mut self,
        sku: usize,
        rule: &ShortageRule,
        draw: &[DrawnLot],
    ) -> Result<Result<Vec<Member>, Refusal>, Error> {
        if !can_be_live(rule) {
            return Ok(Err(refuse(RejectionCode::NotShareable)));
        }
        let slot_of = self.sku_draft(sku)?.slot;
        if slot_of == NONE {
            return Ok(Ok(Vec::new()));
        }
        let members = self.state.close_list(slot_of, draw)?;
        for member in &members {
            let part = self.part(member.part)?;
            let part = self.part_draft(part)?;
            if part.together || part.pack != Pack::Multiple(1) {
                return Ok(Err(refuse(RejectionCode::NotShareable)));
            }
        }
        if rule.parts().contains(&KeyPart::Lot) && !self.has_lots(&members, draw)? {
            return Ok(Err(refuse(RejectionCode::DrawRequired)));
        }
        Ok(Ok(members))
    }

    /// Whether each of these has a lot, and those of one claimant the same.
    fn has_lots(&mut self, members: &[Member], draw: &[DrawnLot]) -> Result<bool, Error> {
        let lots: BTreeMap<LineId, i64> = draw.iter().map(|lot| (lot.line, lot.lot)).collect();
        let mut of_claimants: BTreeMap<Claimant, i64> = BTreeMap::new();
        for member in members {
            let part = self.part(member.part)?;
            let Some(lot) = lots.get(&self.part_draft(part)?.line) else {
                return Ok(false);
            };
            let claimant = self.state.claimant(member.part)?;
            if of_claimants
                .insert(claimant, *lot)
                .is_some_and(|other| other != *lot)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Closes a list on paper.
    fn list(
        &mut self,
        sku: usize,
        id: SkuId,
        rule: ShortageRule,
        draw: &[DrawnLot],
        members: &[Member],
    ) -> Result<(), Error> {
        let old = self.listed_parts(sku)?;
        if members.is_empty() && self.sku_draft(sku)?.rule.is_none() {
            return Ok(());
        }
        for part in old {
            slot(&mut self.scratch.parts, part)?.listed = None;
        }
        for member in members {
            let served = self.state.shipped(member.part)?;
            let served = add(served, self.state.taken(member.part)?)?;
            let part = self.part(member.part)?;
            let draft = slot(&mut self.scratch.parts, part)?;
            (draft.listed, draft.served) = (Some(member.listed), served);
        }
        self.sku_draft_mut(sku)?.rule = (!members.is_empty()).then_some(rule);
        self.emit(Happening::Listed {
            sku: id,
            rule: AllocateRule::Shared(rule),
            parts: u32::try_from(members.len()).unwrap_or(u32::MAX),
            draw: if rule.parts().contains(&KeyPart::Lot) && !members.is_empty() {
                draw.to_vec()
            } else {
                Vec::new()
            },
        });
        Ok(())
    }

    /// The queue dissolves the list, on paper.
    fn dissolve(&mut self, sku: usize, id: SkuId) -> Result<(), Error> {
        if self.sku_draft(sku)?.rule.is_none() {
            return Ok(());
        }
        for part in self.listed_parts(sku)? {
            slot(&mut self.scratch.parts, part)?.listed = None;
        }
        self.sku_draft_mut(sku)?.rule = None;
        self.emit(Happening::Listed {
            sku: id,
            rule: AllocateRule::Queue,
            parts: 0,
            draw: Vec::new(),
        });
        Ok(())
    }

    /// All units that placed orders have of a SKU go back to the shelf, on paper.
    fn put_back(&mut self, slot_of: u32) -> Result<(), Error> {
        if slot_of == NONE {
            return Ok(());
        }
        for part in self.state.open_parts(slot_of)? {
            if self.state.order_of_part(part)?.until != NEVER {
                continue;
            }
            let index = self.part(part)?;
            for (place, units) in self.places_of(index)? {
                self.take(index, place, units)?;
            }
        }
        Ok(())
    }

    /// Everything of a SKU that waits is cancelled, in the order in which it would have been served.
    fn cut_all_that_waits(&mut self, sku: usize) -> Result<Vec<(usize, Quantity)>, Error> {
        let mut cut: Vec<usize> = Vec::new();
        for part in self.listed_parts(sku)? {
            cut.push(part);
        }
        let mut walk = self.walk(sku, Along::Everything)?;
        while let Some(part) = self.step(&mut walk)? {
            cut.push(part);
        }
        let mut gone = Vec::new();
        for part in cut {
            let PartDraft {
                line,
                number,
                waiting,
                ..
            } = *self.part_draft(part)?;
            if waiting == 0 {
                continue;
            }
            self.mark_part(part)?;
            self.make_wait(part, waiting.saturating_neg())?;
            self.emit(Happening::Cancelled {
                line,
                part: number,
                units: waiting,
                cause: EventCause::Shortage,
            });
            gone.push((part, waiting));
        }
        Ok(gone)
    }

    /// The parts of a SKU with open units and what each has, before anything.
    fn open_before(&mut self, slot_of: u32) -> Result<Vec<(usize, Quantity)>, Error> {
        let mut open = Vec::new();
        if slot_of != NONE {
            for part in self.state.open_parts(slot_of)? {
                let taken = self.state.taken(part)?;
                open.push((self.part(part)?, taken));
            }
        }
        Ok(open)
    }

    /// The digest of a plan: XXH3 (128 bits, seed 0) over [`DIGEST_FORM`], the SKU's id as 4 bytes, the
    /// rule's words with a line feed, whether it is final as 1 byte, and for each part that was open
    /// before, in the order of a fill: the line's id as 4 bytes, the part's number as 4, what it has
    /// afterwards and what is cut of it as 8 bytes each. All numbers are little-endian.
    fn digest(
        &self,
        sku: SkuId,
        rule: AllocateRule,
        is_final: bool,
        before: &[(usize, Quantity)],
        cut: &[(usize, Quantity)],
    ) -> Result<u128, Error> {
        let mut bytes = Vec::from(DIGEST_FORM);
        bytes.extend_from_slice(&sku.0.to_le_bytes());
        bytes.extend_from_slice(rule.words().as_bytes());
        bytes.push(b'\n');
        bytes.push(u8::from(is_final));
        let mut parts = before.to_vec();
        parts.sort_by_key(|(part, _)| self.part_draft(*part).ok().map(Standing::of));
        let mut gone: Vec<Quantity> = alloc::vec![0; self.scratch.parts.len()];
        for (part, units) in cut {
            *slot(&mut gone, *part)? = *units;
        }
        // Of a part that was open, waiting and taken only trade places until it is cut.
        for (part, _) in parts {
            let draft = self.part_draft(part)?;
            let state = self.state.parts.at(draft.slot)?;
            let open = add(state.waiting, self.state.taken(draft.slot)?)?;
            let cut = gone.get(part).copied().unwrap_or(0);
            let taken = open.saturating_sub(draft.waiting).saturating_sub(cut);
            bytes.extend_from_slice(&draft.line.0.to_le_bytes());
            bytes.extend_from_slice(&draft.number.to_le_bytes());
            bytes.extend_from_slice(&taken.to_le_bytes());
            bytes.extend_from_slice(&cut.to_le_bytes());
        }
        Ok(xxh3_128(&bytes))
    }
}

impl AllocateRule {
    /// The rule's words: `fill`, `queue`, or those of the shortage rule.
    #[must_use]
    pub fn words(&self) -> alloc::string::String {
        use alloc::string::ToString as _;
        match self {
            Self::Fill => "fill".into(),
            Self::Queue => "queue".into(),
            Self::Shared(rule) => rule.to_string(),
        }
    }
}
