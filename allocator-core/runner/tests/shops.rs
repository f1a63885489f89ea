//! A shop that answers one question wrongly does not pass: each answer is looked at.

use std::path::Path;

use allocator_core::engine::{
    Command, EnginePeg, LineView, OrderView, Plan, QueuePlace, Request, Settings, SkuPolicy,
    StockPosition, SupplyView, Waiting,
};
use allocator_core::{Error, LineId, LocationId, OrderId, SkuId, SupplyId, Timestamp};
use allocator_model::Shop;
use allocator_runner::{Called, LiveShop};

const FAITHFUL: u8 = 0;
const LOSES_EVENTS: u8 = 1;
const FORGETS_REPEATS: u8 = 2;
const EXPIRES_NOTHING: u8 = 3;
const PLANS_NOTHING: u8 = 4;
const KNOWS_NO_ORDER: u8 = 5;
const WAITS_FOR_MORE: u8 = 6;
const HAS_NO_SUPPLY: u8 = 7;
const HAS_MORE_STOCK: u8 = 8;
const QUEUES_NOBODY: u8 = 9;
const STANDS_FIRST: u8 = 10;
const PEGS_NOTHING: u8 = 11;
const BREAKS_A_LAW: u8 = 12;
const KNOWS_NO_LOCATION: u8 = 13;

/// The model with one fault.
struct Faulty<const FAULT: u8>(Shop);

impl<const FAULT: u8> LiveShop for Faulty<FAULT> {
    fn open(settings: Settings) -> Result<Self, Error> {
        Ok(Self(Shop::new(settings)?))
    }

    fn apply(&mut self, now: Timestamp, request: &Request) -> Result<Called, Error> {
        let mut called = LiveShop::apply(&mut self.0, now, request)?;
        if FAULT == LOSES_EVENTS {
            called.events.pop();
        }
        called.replayed &= FAULT != FORGETS_REPEATS;
        Ok(called)
    }

    fn advance(&mut self, now: Timestamp, budget: Option<u32>) -> Result<Called, Error> {
        let budget = if FAULT == EXPIRES_NOTHING {
            Some(0)
        } else {
            budget
        };
        LiveShop::advance(&mut self.0, now, budget)
    }

    fn plan(&mut self, command: &Command) -> Result<Plan, Error> {
        let mut plan = LiveShop::plan(&mut self.0, command)?;
        if FAULT == PLANS_NOTHING {
            plan.events.clear();
        }
        Ok(plan)
    }

    fn order(&self, order: OrderId) -> Option<OrderView> {
        self.0.order(order).filter(|_| FAULT != KNOWS_NO_ORDER)
    }

    fn line(&self, line: LineId) -> Option<LineView> {
        let mut view = self.0.line(line)?;
        view.waiting += i64::from(FAULT == WAITS_FOR_MORE);
        Some(view)
    }

    fn supply(&self, supply: SupplyId) -> Option<SupplyView> {
        self.0.supply(supply).filter(|_| FAULT != HAS_NO_SUPPLY)
    }

    fn position(&self, sku: SkuId, location: LocationId) -> Option<StockPosition> {
        let mut position = self.0.position(sku, location)?;
        position.available += i64::from(FAULT == HAS_MORE_STOCK);
        Some(position)
    }

    fn policy(&self, sku: SkuId) -> SkuPolicy {
        self.0.policy(sku).clone()
    }

    fn clock(&self) -> Option<Timestamp> {
        self.0.clock()
    }

    fn queue(&self, sku: SkuId, after: Option<(LineId, u32)>, most: usize) -> Vec<Waiting> {
        let most = if FAULT == QUEUES_NOBODY { 0 } else { most };
        self.0.queue(sku, after, most)
    }

    fn place_in_line(&self, line: LineId) -> Option<QueuePlace> {
        let mut place = self.0.place_in_line(line)?;
        if FAULT == STANDS_FIRST {
            place.units_ahead = 0;
        }
        Some(place)
    }

    fn pegs(&self, sku: SkuId, one_supply_each: bool) -> Vec<EnginePeg> {
        let mut pegs = self.0.pegs(sku, one_supply_each);
        pegs.retain(|_| FAULT != PEGS_NOTHING);
        pegs
    }

    fn check(&self) -> Result<(), Error> {
        if FAULT == BREAKS_A_LAW {
            return Err(Error::NameTooLong { len: 1, max: 0 });
        }
        self.0.check()
    }

    fn skus(&self) -> Vec<SkuId> {
        self.0.skus()
    }

    fn locations(&self, sku: SkuId) -> Vec<LocationId> {
        let mut locations = self.0.locations(sku);
        locations.retain(|_| FAULT != KNOWS_NO_LOCATION);
        locations
    }
}

#[test]
fn a_shop_with_one_fault_does_not_pass() {
    assert_eq!(failed::<FAITHFUL>(), 0);
    for (fault, failed) in [
        ("loses events", failed::<LOSES_EVENTS>()),
        ("forgets repeats", failed::<FORGETS_REPEATS>()),
        ("expires nothing", failed::<EXPIRES_NOTHING>()),
        ("plans nothing", failed::<PLANS_NOTHING>()),
        ("knows no order", failed::<KNOWS_NO_ORDER>()),
        ("waits for more", failed::<WAITS_FOR_MORE>()),
        ("has no supply", failed::<HAS_NO_SUPPLY>()),
        ("has more stock", failed::<HAS_MORE_STOCK>()),
        ("queues nobody", failed::<QUEUES_NOBODY>()),
        ("stands first", failed::<STANDS_FIRST>()),
        ("pegs nothing", failed::<PEGS_NOTHING>()),
        ("breaks a law", failed::<BREAKS_A_LAW>()),
        ("knows no location", failed::<KNOWS_NO_LOCATION>()),
    ] {
        assert!(failed > 0, "{fault} and passes");
    }
}

/// Cases of the corpus that fail.
fn failed<const FAULT: u8>() -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    let files = ["engine.json", "peer-scenarios.json"].into_iter();
    let reports = files.map(|name| {
        let file = std::fs::read(folder.join(name)).unwrap();
        allocator_runner::run_with::<Faulty<FAULT>>(&file).unwrap()
    });
    reports.map(|report| report.failed()).sum()
}
