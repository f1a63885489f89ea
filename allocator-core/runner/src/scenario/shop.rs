//! What a scenario asks of a live shop: the engine's own methods, so that a model of it can stand in.

use allocator_core::engine::{
    Command, Decision, EnginePeg, Event, LineView, OrderView, Plan, QueuePlace, Request, Settings,
    SkuPolicy, StockPosition, SupplyView, Waiting,
};
use allocator_core::{Error, LineId, LocationId, OrderId, SkuId, SupplyId, Timestamp};

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Called {
    /// What was decided; of a repeat, what was decided the first time.
    pub decision: Decision,
    /// Whether this is a repeat of a command that is remembered.
    pub replayed: bool,
    /// What happened.
    pub events: Vec<Event>,
}

/// A live shop that scenarios run on. Each method is the engine's method of that name.
pub trait LiveShop: Sized {
    /// A shop without stock or orders.
    ///
    /// # Errors
    /// Settings outside their range.
    fn open(settings: Settings) -> Result<Self, Error>;

    /// Carries out a command, or refuses it.
    ///
    /// # Errors
    /// The command is malformed: nothing happened.
    fn apply(&mut self, now: Timestamp, request: &Request) -> Result<Called, Error>;

    /// Ends what is due, at most `budget` orders.
    ///
    /// # Errors
    /// The shop is unusable.
    fn advance(&mut self, now: Timestamp, budget: Option<u32>) -> Result<Called, Error>;

    /// What the command would do now. Changes nothing.
    ///
    /// # Errors
    /// The command is malformed.
    fn plan(&mut self, command: &Command) -> Result<Plan, Error>;

    /// An order that is known.
    fn order(&self, order: OrderId) -> Option<OrderView>;

    /// A line that is known.
    fn line(&self, line: LineId) -> Option<LineView>;

    /// A purchase order line that is known.
    fn supply(&self, supply: SupplyId) -> Option<SupplyView>;

    /// The units of a SKU at a location.
    fn position(&self, sku: SkuId, location: LocationId) -> Option<StockPosition>;

    /// The policy a SKU is sold by.
    fn policy(&self, sku: SkuId) -> SkuPolicy;

    /// The instant of the last call.
    fn clock(&self) -> Option<Timestamp>;

    /// Those who wait, from behind `after` on, at most `most`.
    fn queue(&self, sku: SkuId, after: Option<(LineId, u32)>, most: usize) -> Vec<Waiting>;

    /// Where a line stands.
    fn place_in_line(&self, line: LineId) -> Option<QueuePlace>;

    /// Which supply those who wait can expect.
    fn pegs(&self, sku: SkuId, one_supply_each: bool) -> Vec<EnginePeg>;

    /// Whether every law of the ledger holds.
    ///
    /// # Errors
    /// The first that does not.
    fn check(&self) -> Result<(), Error>;

    /// The SKUs, in the order of their first mention.
    fn skus(&self) -> Vec<SkuId>;

    /// The locations of a SKU, in the order of their first mention.
    fn locations(&self, sku: SkuId) -> Vec<LocationId>;
}

/// A shop whose own methods have these names.
macro_rules! live_shop {
    ($shop:ty) => {
        impl LiveShop for $shop {
            fn open(settings: Settings) -> Result<Self, Error> {
                Self::new(settings)
            }

            fn apply(&mut self, now: Timestamp, request: &Request) -> Result<Called, Error> {
                let applied = Self::apply(self, now, request)?;
                Ok(Called {
                    decision: applied.decision,
                    replayed: applied.replayed,
                    events: applied.events.to_vec(),
                })
            }

            fn advance(&mut self, now: Timestamp, budget: Option<u32>) -> Result<Called, Error> {
                let advanced = Self::advance(self, now, budget)?;
                Ok(Called {
                    decision: advanced.decision,
                    replayed: false,
                    events: advanced.events.to_vec(),
                })
            }

            fn plan(&mut self, command: &Command) -> Result<Plan, Error> {
                let plan = Self::plan(self, command)?;
                Ok(Plan {
                    decision: plan.decision,
                    events: plan.events,
                    digest: plan.digest,
                })
            }

            fn policy(&self, sku: SkuId) -> SkuPolicy {
                Self::policy(self, sku).clone()
            }

            fn queue(&self, sku: SkuId, after: Option<(LineId, u32)>, most: usize) -> Vec<Waiting> {
                Self::queue(self, sku, after, most)
            }

            fn pegs(&self, sku: SkuId, one_supply_each: bool) -> Vec<EnginePeg> {
                Self::pegs(self, sku, one_supply_each)
            }

            fn position(&self, sku: SkuId, location: LocationId) -> Option<StockPosition> {
                Self::position(self, sku, location)
            }

            fn order(&self, order: OrderId) -> Option<OrderView> {
                Self::order(self, order)
            }

            fn line(&self, line: LineId) -> Option<LineView> {
                Self::line(self, line)
            }

            fn supply(&self, supply: SupplyId) -> Option<SupplyView> {
                Self::supply(self, supply)
            }

            fn place_in_line(&self, line: LineId) -> Option<QueuePlace> {
                Self::place_in_line(self, line)
            }

            fn clock(&self) -> Option<Timestamp> {
                Self::clock(self)
            }

            fn check(&self) -> Result<(), Error> {
                Self::check(self)
            }

            fn skus(&self) -> Vec<SkuId> {
                Self::skus(self)
            }

            fn locations(&self, sku: SkuId) -> Vec<LocationId> {
                Self::locations(self, sku)
            }
        }
    };
}

live_shop!(allocator_model::Shop);
live_shop!(allocator_core::engine::Engine);
