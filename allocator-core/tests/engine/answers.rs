//! What the engine says of waiting lines and idle units must be true of what it shows.

use allocator_core::engine::{
    Ended, Engine, IdleReason, Inflow, LineView, Pack, SkuPolicy, WaitReason,
};
use allocator_core::{LineId, LocationId, Misfit, SkuId};

/// What of an explanation is not so.
pub(crate) fn untrue(engine: &Engine) -> Option<String> {
    for id in (0..24).map(LineId) {
        match (engine.line(id), engine.explain(id)) {
            (None, None) => {}
            (Some(line), Some(why)) => {
                let said = Said {
                    engine,
                    line: &line,
                    policy: engine.policy(line.sku),
                    other: why.line.and_then(|other| engine.line(other)),
                };
                if why.waiting != line.waiting || !said.holds(why.code, why.free, why.missing) {
                    return Some(format!("{id}: {why:?} is not so of {line:?}"));
                }
            }
            other => return Some(format!("{id}: {other:?}")),
        }
    }
    engine.skus().into_iter().find_map(|sku| {
        let idle = engine.idle(sku);
        let wrong = !idle_is_right(engine, sku);
        wrong.then(|| format!("{sku}: {idle:?} is not so"))
    })
}

struct Said<'e> {
    engine: &'e Engine,
    line: &'e LineView,
    policy: &'e SkuPolicy,
    other: Option<LineView>,
}

impl Said<'_> {
    fn holds(&self, code: WaitReason, free: i64, missing: i64) -> bool {
        let line = self.line;
        let order = self.engine.order(line.order).unwrap();
        let has = line.reserved + line.allocated;
        let binds = order.together || self.policy.whole_lines || line.pack != Pack::Multiple(1);
        if (line.waiting == 0) != (code.number() <= WaitReason::NothingAsked.number()) {
            return false;
        }
        let sums = match code {
            WaitReason::LineIncomplete | WaitReason::OrderIncomplete => missing > 0,
            _ => missing <= line.waiting && (line.waiting == 0 || missing > 0),
        };
        let serves = self.policy.inflow == Inflow::Serve;
        sums && match code {
            WaitReason::Served => has > 0,
            WaitReason::Shipped => has == 0 && line.shipped > 0,
            WaitReason::Expired => order.ended == Ended::Expired && has + line.shipped == 0,
            WaitReason::Cancelled => line.cancelled > 0 && has + line.shipped == 0,
            WaitReason::NothingAsked => line.ordered == 0,
            WaitReason::NoStock => available(self.engine, line.sku, None) == 0,
            WaitReason::UnknownPlace => {
                let there = line.location.unwrap();
                self.engine.position(line.sku, there).is_none()
            }
            WaitReason::NothingThere => {
                let there = available(self.engine, line.sku, line.location);
                there == 0 && available(self.engine, line.sku, None) > 0
            }
            WaitReason::Protected => {
                available(self.engine, line.sku, None) <= self.policy.protected_units
            }
            WaitReason::Kept => !serves && free > 0,
            WaitReason::StuckBehind => {
                let other = self.other.as_ref().unwrap();
                serves
                    && self.policy.on_misfit == Misfit::SetAside
                    && (other.sku, free) == (line.sku, 0)
                    && other.waiting > 0
                    && available(self.engine, line.sku, line.location) > 0
            }
            WaitReason::LineIncomplete => serves && binds && free >= 0,
            WaitReason::OrderIncomplete => {
                let other = self.other.as_ref().unwrap();
                serves && order.together && other.order == line.order && other.waiting > 0
            }
            WaitReason::Due => is_behind(self.engine),
            _ => false,
        }
    }
}

fn is_behind(engine: &Engine) -> bool {
    let due = engine.next_deadline();
    due.is_some_and(|due| Some(due) <= engine.clock())
}

fn available(engine: &Engine, sku: SkuId, location: Option<LocationId>) -> i64 {
    let mut locations = engine.locations(sku);
    locations.retain(|&here| location.is_none_or(|location| location == here));
    let here = |location| engine.position(sku, location).map(|here| here.available);
    locations.into_iter().filter_map(here).sum()
}

/// Every unit that is available while somebody waits has one reason, and it is true.
fn idle_is_right(engine: &Engine, sku: SkuId) -> bool {
    let idle = engine.idle(sku);
    let waiting = engine.queue(sku, None, usize::MAX);
    let lines = waiting.iter().map(|waits| engine.line(waits.line).unwrap());
    let lines: Vec<LineView> = lines.collect();
    let may_use =
        |line: &LineView, here: LocationId| line.location.is_none_or(|location| location == here);
    let free: Vec<(LocationId, i64)> = engine
        .locations(sku)
        .into_iter()
        .map(|here| (here, available(engine, sku, Some(here))))
        .filter(|&(_, units)| units > 0 && !lines.is_empty())
        .collect();
    let told: Vec<_> = idle
        .iter()
        .map(|idle| (idle.location, idle.units))
        .collect();
    let policy = engine.policy(sku);
    free == told
        && idle.iter().all(|idle| {
            let here = idle.location;
            let named = idle.line.and_then(|line| engine.line(line));
            let names_one = named
                .is_some_and(|line| line.waiting > 0 && line.sku == sku && may_use(&line, here));
            let somebody = lines.iter().any(|line| may_use(line, here));
            let serves = policy.inflow == Inflow::Serve;
            match idle.reason {
                IdleReason::TiedElsewhere => !somebody,
                IdleReason::Protected => {
                    somebody && available(engine, sku, None) <= policy.protected_units
                }
                IdleReason::Kept => somebody && !serves,
                IdleReason::Due => somebody && is_behind(engine),
                IdleReason::SetAside => names_one && serves && policy.on_misfit == Misfit::SetAside,
                IdleReason::DoesNotFit => names_one && serves && policy.on_misfit == Misfit::Pass,
                _ => false,
            }
        })
}
