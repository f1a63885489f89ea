//! The one fill rule: while some waiting part can be served, serve the first such.
//!
//! It is tried on paper, and what comes of it is told in order, merged for each part and location.

use std::collections::BTreeMap;

use allocator_core::engine::{EventCause, Happening, Inflow, Pack};
use allocator_core::{LineId, LocationId, SkuId};

use super::state::{PartId, State};

/// Whom a fill may serve beside the SKUs that always serve.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// The SKU that is being allocated.
    pub(super) allocate: Option<SkuId>,
    /// New parts that want stock only, of SKUs that keep or sell.
    pub(super) at_once: Vec<PartId>,
}

/// A copy of the shop on which units move without being told.
pub(super) struct Paper {
    state: State,
    /// Who was passed over, by what was taken.
    over: BTreeMap<(PartId, LocationId), LineId>,
}

struct Take {
    part: PartId,
    location: LocationId,
    units: i64,
    over: Option<LineId>,
}

impl State {
    /// Serves who can be served, and tells it.
    pub(super) fn fill(&mut self, scope: &Scope) {
        let mut paper = self.on_paper();
        paper.serve_all(scope);
        self.settle(&paper, EventCause::Reallocated);
    }

    pub(super) fn on_paper(&self) -> Paper {
        Paper {
            state: self.clone(),
            over: BTreeMap::new(),
        }
    }

    /// Makes what is on paper true: first what is lost, from the last to the first, then what is won.
    pub(super) fn settle(&mut self, paper: &Paper, cause: EventCause) {
        let (mut lost, mut won) = (Vec::new(), Vec::new());
        for part in self.in_told_order(self.all_parts()) {
            let (mut lost_here, mut won_here) = (Vec::new(), Vec::new());
            for location in self.places(self.sku_of(part)) {
                let had = taken_at(self, part, location);
                let has = taken_at(&paper.state, part, location);
                if had > has {
                    lost_here.push((part, location, had - has));
                } else if has > had {
                    won_here.push((part, location, has - had));
                }
            }
            lost.push(lost_here);
            won.push(won_here);
        }
        for ((line, part), location, units) in lost.into_iter().rev().flatten() {
            self.happen(Happening::TakenBack {
                line,
                part: part as u32,
                location,
                units,
                cause,
            });
        }
        for ((line, part), location, units) in won.into_iter().flatten() {
            self.happen(Happening::Filled {
                line,
                part: part as u32,
                location,
                units,
                over: paper.over.get(&((line, part), location)).copied(),
            });
        }
    }

    /// Takes units from somebody or from the shelf: the shelf loses first, then whoever was served the
    /// last unit there. The units are on the shelf afterwards.
    pub(super) fn lose(&mut self, sku: SkuId, location: LocationId, units: i64, cause: EventCause) {
        let mut paper = self.on_paper();
        while paper.state.available(sku, location) < units {
            let short = units - paper.state.available(sku, location);
            let state = &mut paper.state;
            let mut served = state.parts_of(sku);
            served.retain(|&part| taken_at(state, part, location) > 0);
            let last = served
                .into_iter()
                .max_by(|&a, &b| state.compare_served(a, b));
            let last = last.expect("no more is lost than is on hand");
            let most = if state.part(last).listed.is_some() {
                1
            } else {
                taken_at(state, last, location)
            };
            state.put_back(last, location, short.min(most));
        }
        self.settle(&paper, cause);
    }

    /// The first line before this part that could have used a unit there: it may, one is available, and
    /// not all that are left are protected from it.
    pub(super) fn passed_over(&self, part: PartId, location: LocationId) -> Option<LineId> {
        let sku = self.sku_of(part);
        let could_use = |&other: &PartId| {
            let line = self.line(other.0);
            other != part
                && self.counts_as_before(other, part)
                && line.may_use(location)
                && self.available(sku, location) > 0
                && self.free(sku, Some(self.part(other).key.priority)) > 0
        };
        let first = self.queue(sku).into_iter().find(could_use);
        first.map(|(line, _)| line)
    }

    /// Whether a fill may serve a part.
    fn may_serve(&self, part: PartId, scope: &Scope) -> bool {
        let sku = self.sku_of(part);
        self.serves(sku) || scope.allocate == Some(sku) || scope.at_once.contains(&part)
    }
}

pub(super) fn taken_at(state: &State, part: PartId, location: LocationId) -> i64 {
    let taken = state.part(part).taken.get(&location);
    taken.copied().unwrap_or(0)
}

impl Paper {
    /// Puts all that placed orders have of a SKU back on the shelf.
    pub(super) fn put_all_back(&mut self, sku: SkuId) {
        for part in self.state.parts_of(sku) {
            if self.state.is_hold(part.0) {
                continue;
            }
            for (location, units) in self.state.part(part).taken.clone() {
                self.state.put_back(part, location, units);
            }
        }
    }

    pub(super) fn serve_all(&mut self, scope: &Scope) {
        while let Some(takes) = self.first_served(scope) {
            for take in takes {
                self.state.take(take.part, take.location, take.units);
                if let Some(over) = take.over {
                    let first = self.over.entry((take.part, take.location));
                    first.or_insert(over);
                }
            }
        }
    }

    /// What the first takes who can be served.
    fn first_served(&self, scope: &Scope) -> Option<Vec<Take>> {
        let state = &self.state;
        let mut tried = Vec::new();
        for part in state.all_waiting() {
            let order = state.line(part.0).order;
            let takes = if !state.orders[&order].together {
                let may = state.may_serve(part, scope);
                may.then(|| takes(state, state, part, scope)).flatten()
            } else if tried.contains(&order) {
                None
            } else {
                tried.push(order);
                together(state, &state.waiting_parts(order), scope)
            };
            if takes.is_some() {
                return takes;
            }
        }
        None
    }
}

/// What an order takes that is served together: all it waits for, or nothing.
fn together(state: &State, parts: &[PartId], scope: &Scope) -> Option<Vec<Take>> {
    let allocated = |&part: &PartId| scope.allocate == Some(state.sku_of(part));
    let may_serve = |&part: &PartId| state.may_serve(part, scope);
    if !parts.iter().all(may_serve) && !parts.iter().any(allocated) {
        return None;
    }
    let mut now = state.clone();
    let mut all = Vec::new();
    for part in state.in_told_order(parts.to_vec()) {
        let takes = takes(state, &now, part, scope)?;
        for take in &takes {
            now.take(take.part, take.location, take.units);
        }
        if now.part(part).waiting > 0 {
            return None;
        }
        all.extend(takes);
    }
    Some(all)
}

/// What a part takes: `now` says what is there, `start` who stands in the way (before its mates took).
fn takes(start: &State, now: &State, part: PartId, scope: &Scope) -> Option<Vec<Take>> {
    let sku = now.sku_of(part);
    let at_once = scope.at_once.contains(&part);
    let mut usable = Vec::new();
    for location in now.places_to_take_from(sku) {
        if !now.line(part.0).may_use(location) {
            continue;
        }
        let over = start.passed_over(part, location);
        let waits = start.policy(sku).on_misfit == allocator_core::Misfit::SetAside;
        if waits && over.is_some() && !at_once {
            continue;
        }
        let mut units = i128::from(now.available(sku, location));
        if at_once && now.policy(sku).inflow == Inflow::Keep {
            let tied =
                |other: PartId| other != part && now.line(other.0).location == Some(location);
            units -= now.sum_waiting(sku, tied);
        }
        usable.push((location, units.max(0), over));
    }
    let priority = now.part(part).key.priority;
    let there: i128 = usable.iter().map(|(_, units, _)| units).sum();
    let most = there.min(now.free(sku, Some(priority)));
    let mut wanted = amount(now, part, most);
    let mut takes = Vec::new();
    for (location, units, over) in usable {
        let units = units.min(wanted.into()) as i64;
        wanted -= units;
        if units > 0 {
            takes.push(Take {
                part,
                location,
                units,
                over,
            });
        }
    }
    Some(takes).filter(|takes| !takes.is_empty())
}

/// How many of so many units a part takes: all it waits for, or what its pack allows.
fn amount(state: &State, part: PartId, most: i128) -> i64 {
    let waiting = state.part(part).waiting;
    if state.is_by_the_unit(part) {
        return most.min(1) as i64;
    }
    if most >= waiting.into() {
        return waiting;
    }
    match state.pack(part.0) {
        Pack::Multiple(pack) => (most / i128::from(pack) * i128::from(pack)) as i64,
        Pack::Whole => 0,
    }
}
