//! Many engines, and many commands at once.

use alloc::vec::Vec;

use super::command::{Command, Request};
use super::state::State;
use super::{Applied, Engine};
use crate::error::Error;
use crate::id::{LineId, OrderId, SkuId};
use crate::time::Timestamp;

impl Engine {
    /// The SKUs that must be in one engine for a command: those it names, and those of the orders it
    /// touches. Sorted, each once. O(lines of these orders).
    ///
    /// A shop may be cut into engines by SKU, each with a clock and a memory of commands of its own, as
    /// long as the SKUs that any command ties together stay in one: those of an order of several items,
    /// and both sides of a swap. All other commands name one SKU or speak of what stands in one engine
    /// already. None: the command is for every engine ([`Command::Forget`]), or speaks of what this one
    /// does not know.
    ///
    /// Between engines nothing is shared: a location is first mentioned in each of them.
    #[must_use]
    pub fn skus_of(&self, command: &Command) -> Vec<SkuId> {
        let mut skus = Vec::new();
        let (mut orders, mut lines): (Option<OrderId>, [Option<LineId>; 2]) = (None, [None; 2]);
        match command {
            Command::Configure { sku, .. }
            | Command::Supply { sku, .. }
            | Command::Stock { sku, .. }
            | Command::Allocate { sku, .. }
            | Command::Transfer { sku, .. } => skus.push(*sku),
            Command::Place(place) => {
                skus.extend(place.lines.iter().map(|line| line.sku));
                (orders, lines) = (Some(place.order), [place.replaces, None]);
            }
            Command::Confirm { order }
            | Command::AmendOrder { order, .. }
            | Command::CancelOrder { order, .. } => orders = Some(*order),
            Command::AmendLine { line, .. }
            | Command::CancelLine { line, .. }
            | Command::Split { line, .. }
            | Command::Ship { line, .. }
            | Command::Return { line, .. } => lines = [Some(*line), None],
            Command::Assign { from, to, .. } => lines = [*from, *to],
            Command::Forget { .. } => {}
        }
        let state = &self.state;
        let of_lines = lines.into_iter().flatten().filter_map(|line| {
            let line = state.lines.get(state.line_slot(line)?)?;
            Some(line.order)
        });
        let known = orders.and_then(|order| state.order_slot(order));
        for order in known.into_iter().chain(of_lines) {
            // Only a contradiction ends this early.
            let _ = state.skus_of_order(order, &mut skus);
        }
        skus.sort_unstable();
        skus.dedup();
        skus
    }

    /// Applies requests one after the other, each at its instant, and gives each answer to `each`, with the
    /// engine as it then is and the number of the request, from 0: [`Engine::apply`] in a loop. What is
    /// malformed or refused stops nothing.
    ///
    /// ```
    /// use allocator_core::engine::{Command, Engine, Request, Settings, StockCause, StockChange};
    /// use allocator_core::{LocationId, SkuId, Timestamp};
    ///
    /// let receipts = (1..=3_u32).map(|id| Request {
    ///     id: u128::from(id).into(),
    ///     issued_at: None,
    ///     command: Command::Stock {
    ///         sku: SkuId(id),
    ///         location: LocationId(1),
    ///         change: StockChange::By(10),
    ///         cause: StockCause::Receipt,
    ///         supply: None,
    ///         only_free: false,
    ///     },
    /// });
    /// let receipts: Vec<Request> = receipts.collect();
    /// let mut engine = Engine::new(Settings::default())?;
    /// let mut log = Vec::new();
    /// let now = Timestamp::from_micros(0);
    /// engine.apply_all(receipts.iter().map(|request| (now, request)), |engine, _, answer| {
    ///     assert!(answer.is_ok());
    ///     log.push(engine.record());
    /// });
    /// assert_eq!((engine.skus().len(), log.len()), (3, 3));
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    pub fn apply_all<'r>(
        &mut self,
        requests: impl IntoIterator<Item = (Timestamp, &'r Request)>,
        mut each: impl FnMut(&Self, usize, Result<Applied<'_>, Error>),
    ) {
        for (number, (now, request)) in requests.into_iter().enumerate() {
            let decided = self.decide(now, request);
            let answer = decided.map(|decided| self.answer(decided));
            each(self, number, answer);
        }
    }
}

impl State {
    fn skus_of_order(&self, order: u32, skus: &mut Vec<SkuId>) -> Result<(), Error> {
        let last = self.orders.at(order)?.last_line;
        let mut line = last;
        loop {
            line = self.lines.at(line)?.next;
            let sku = self.lines.at(line)?.sku as usize;
            skus.extend(self.skus.get(sku).map(|sku| sku.id));
            if line == last {
                return Ok(());
            }
        }
    }
}
