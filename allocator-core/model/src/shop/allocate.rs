//! Allocate: one fill, a new sharing, a final shortage.

use std::collections::BTreeMap;

use allocator_core::engine::{
    AllocateRule, Command, DrawnLot, EventCause, Happening, Pack, Rejection, RejectionCode,
};
use allocator_core::{
    CustomerId, KeyPart, LineId, LocationId, OrderId, Quantity, ShortageRule, SkuId,
};

use super::decide::Refusals;
use super::fill::Scope;
use super::queue::is_known_live;
use super::state::{Listed, PartId, State};

/// What a plan to allocate shows; two plans are the same where this is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shown {
    /// The SKU.
    pub sku: SkuId,
    /// The rule, with its number where it has one.
    pub rule: AllocateRule,
    /// Whether what still waits is cancelled.
    pub is_final: bool,
    /// Every part that had open units before, in the order of a fill.
    pub parts: Vec<ShownPart>,
}

/// What becomes of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShownPart {
    /// Its line.
    pub line: LineId,
    /// Units it has afterwards.
    pub taken: Quantity,
    /// Units cancelled.
    pub cut: Quantity,
}

/// Whose tickets are numbered through, and where they may be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claimant {
    Customer(CustomerId, Option<LocationId>),
    Order(OrderId, Option<LocationId>),
}

impl State {
    pub(super) fn allocate(&mut self, command: &Command) -> Result<(), Rejection> {
        let Command::Allocate { expect, .. } = command else {
            unreachable!("another command");
        };
        let (after, shown) = self.allocated(command)?;
        if expect.is_some_and(|expect| expect != shown.digest()) {
            return Err(Rejection::new(RejectionCode::PlanChanged));
        }
        *self = after;
        Ok(())
    }

    /// The shop after an allocation, and what a plan of it shows, whatever plan was expected.
    pub(super) fn allocated(&self, command: &Command) -> Result<(Self, Shown), Rejection> {
        let Command::Allocate {
            sku,
            rule,
            is_final,
            expect: _,
            draw,
        } = command
        else {
            unreachable!("another command");
        };
        let mut after = self.clone();
        match rule {
            AllocateRule::Fill => {}
            AllocateRule::Queue => after.dissolve(*sku, *rule),
            AllocateRule::Shared(shared) => {
                let members = after.members(*sku, shared, draw.as_deref().unwrap_or_default())?;
                after.close_list(*sku, *shared, &members, draw.as_deref().unwrap_or_default());
            }
        }
        let mut paper = after.on_paper();
        if *rule != AllocateRule::Fill {
            paper.put_all_back(*sku);
        }
        paper.serve_all(&Scope {
            allocate: Some(*sku),
            at_once: Vec::new(),
        });
        after.settle(&paper, EventCause::Reallocated);
        let waiting = after.cut_waiting(*sku, *is_final);
        let cut: BTreeMap<PartId, i64> = waiting.into_iter().collect();

        let mut open = self.parts_of(*sku);
        open.retain(|&part| self.part(part).open() > 0);
        let show = |part: PartId| ShownPart {
            line: part.0,
            taken: after.part(part).taken_units(),
            cut: cut.get(&part).copied().unwrap_or(0),
        };
        let parts = after.in_told_order(open).into_iter().map(show).collect();
        let shown = Shown {
            sku: *sku,
            rule: *rule,
            is_final: *is_final,
            parts,
        };
        Ok((after, shown))
    }

    /// Cancels what still waits, where the shortage is final, and serves those this makes room for.
    fn cut_waiting(&mut self, sku: SkuId, is_final: bool) -> Vec<(PartId, i64)> {
        if !is_final {
            return Vec::new();
        }
        let mut waiting = self.parts_of(sku);
        waiting.retain(|&part| self.part(part).waiting > 0);
        let units = |part: PartId| (part, self.part(part).waiting);
        let cut: Vec<(PartId, i64)> = self.in_told_order(waiting).into_iter().map(units).collect();
        for &((line, part), units) in &cut {
            self.happen(Happening::Cancelled {
                line,
                part: part as u32,
                units,
                cause: EventCause::Shortage,
            });
        }
        self.fill(&Scope::default());
        cut
    }

    /// Nobody stands on a list any more.
    fn dissolve(&mut self, sku: SkuId, rule: AllocateRule) {
        let Some(&old) = self.lists.get(&sku) else {
            return;
        };
        self.list(sku, old, &[]);
        self.happen(Happening::Listed {
            sku,
            rule,
            parts: 0,
            draw: Vec::new(),
        });
    }

    fn close_list(
        &mut self,
        sku: SkuId,
        shared: ShortageRule,
        members: &[(PartId, Listed)],
        draw: &[DrawnLot],
    ) {
        let rule = AllocateRule::Shared(shared);
        if members.is_empty() {
            return self.dissolve(sku, rule);
        }
        self.list(sku, shared, members);
        self.happen(Happening::Listed {
            sku,
            rule,
            parts: members.len() as u32,
            draw: if shared.parts().contains(&KeyPart::Lot) {
                draw.to_vec()
            } else {
                Vec::new()
            },
        });
    }

    /// Who stands to be shared with, in place order: all parts of placed orders with open units.
    fn members(
        &self,
        sku: SkuId,
        rule: &ShortageRule,
        draw: &[DrawnLot],
    ) -> Result<Vec<(PartId, Listed)>, Rejection> {
        let mut parts = self.parts_of(sku);
        parts.retain(|&part| self.part(part).open() > 0 && !self.is_hold(part.0));
        parts.sort_by_key(|&part| self.part(part).key);
        let reads_lots = rule.parts().contains(&KeyPart::Lot);
        let lot = |line: LineId| {
            let lot = draw.iter().find(|lot| lot.line == line);
            lot.filter(|_| reads_lots).map(|lot| lot.lot)
        };
        let mut refusals = Refusals::default();
        let bound = |&(line, _): &PartId| {
            self.pack(line) != Pack::Multiple(1) || self.order_of(line).together
        };
        let unknown = rule.parts().iter().any(|part| !is_known_live(part));
        refusals.if_so(
            unknown || parts.iter().any(bound),
            RejectionCode::NotShareable,
        );
        let no_lot = |&(line, _): &PartId| lot(line).is_none();
        let short = reads_lots && (parts.iter().any(no_lot) || !self.lots_agree(&parts, lot));
        refusals.if_so(short, RejectionCode::DrawRequired);
        refusals.lowest()?;

        let mut claims: BTreeMap<Claimant, i64> = BTreeMap::new();
        let mut firsts = Vec::new();
        for &part in &parts {
            let claim = claims.entry(self.claimant(part.0)).or_default();
            firsts.push(*claim + 1);
            *claim += self.part(part).units();
        }
        let listed = |(part, first): (PartId, i64)| {
            let listed = Listed {
                claim: claims[&self.claimant(part.0)],
                first,
                place: self.part(part).key,
                lot: lot(part.0).unwrap_or(0),
            };
            (part, listed)
        };
        Ok(parts.into_iter().zip(firsts).map(listed).collect())
    }

    /// One claimant has one lot.
    fn lots_agree(&self, parts: &[PartId], lot: impl Fn(LineId) -> Option<i64>) -> bool {
        let mut lots: BTreeMap<Claimant, i64> = BTreeMap::new();
        parts.iter().all(|&(line, _)| {
            lot(line).is_none_or(|lot| *lots.entry(self.claimant(line)).or_insert(lot) == lot)
        })
    }

    fn claimant(&self, line: LineId) -> Claimant {
        let (order, tie) = (self.line(line).order, self.line(line).location);
        let customer = self.order_of(line).customer;
        customer.map_or(Claimant::Order(order, tie), |id| {
            Claimant::Customer(id, tie)
        })
    }
}

impl Shown {
    /// A number for it. It is this model's own: an engine has another for the same plan.
    #[must_use]
    pub fn digest(&self) -> u128 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, self).hash(&mut hasher);
            u128::from(hasher.finish())
        };
        half(0) << 64 | half(1)
    }
}
