//! Placing orders and holds.

use std::collections::BTreeSet;

use allocator_core::engine::{EventCause, Happening, Place, PlaceLine, Rejection, RejectionCode};
use allocator_core::{OrderId, Timestamp};

use super::accept::Added;
use super::decide::Refusals;
use super::state::State;

/// A request that may be short is tried with every number of units down from so many; above, halves
/// are tried.
const FEW: i64 = 64;

impl State {
    pub(super) fn place_order(&mut self, place: &Place) -> Result<(), Rejection> {
        self.check_place(place)?;
        let mut asked: Vec<i64> = place.lines.iter().map(|line| line.units).collect();
        if place.partial {
            asked = self.most_acceptable(place)?;
        }
        *self = self.with_placed(place, &asked)?;
        Ok(())
    }

    /// What is wrong whatever the units are.
    fn check_place(&self, place: &Place) -> Result<(), Rejection> {
        let mut refusals = Refusals::default();
        if let Some(line) = place.replaces {
            match self.lines.get(&line) {
                None => refusals.if_so(true, RejectionCode::UnknownLine),
                Some(_) => refusals.if_ended(self.order_of(line).ended),
            }
        }
        if let Some(order) = self.orders.get(&place.order) {
            let known = (order.customer, order.until, order.together);
            let said = (place.customer, place.until, place.together);
            refusals.if_so(known != said, RejectionCode::OrderDiffers);
            refusals.if_ended(order.ended);
        }
        for (row, line) in place.lines.iter().enumerate() {
            let exists = self.lines.contains_key(&line.line);
            refusals.of_row(exists, RejectionCode::LineExists, row);
        }
        if let Some(until) = place.until {
            self.check_deadline(place.order, &place.lines, until, &mut refusals);
        }
        refusals.lowest()
    }

    /// A deadline lies ahead, and no further than every SKU of the order allows.
    pub(super) fn check_deadline(
        &self,
        order: OrderId,
        new: &[PlaceLine],
        until: Timestamp,
        refusals: &mut Refusals,
    ) {
        let known = self.orders.get(&order).map(|order| order.lines.clone());
        let known = known.unwrap_or_default();
        let mut skus: BTreeSet<_> = known.iter().map(|&line| self.line(line).sku).collect();
        skus.extend(new.iter().map(|line| line.sku));
        let most = skus
            .iter()
            .filter_map(|&sku| self.policy(sku).hold_max)
            .min();
        let lives = i128::from(until.as_micros()) - i128::from(self.at.as_micros());
        refusals.if_so(lives <= 0, RejectionCode::DeadlinePassed);
        let too_long = most.is_some_and(|most| lives > most.into());
        refusals.if_so(too_long, RejectionCode::HoldTooLong);
    }

    /// The shop with this order placed, with so many units of each line, or why that is refused.
    fn with_placed(&self, place: &Place, units: &[i64]) -> Result<Self, Rejection> {
        let mut after = self.clone();
        if let Some(line) = place.replaces {
            let open = after.line(line).open();
            after.give_up(line, open, EventCause::Replaced);
        }
        let mut added = Vec::new();
        for (row, line) in place.lines.iter().enumerate() {
            after.place_line(place, line, units[row]);
            added.push(Added {
                part: (line.line, 0),
                row: Some(row),
                units: units[row],
                ahead: line.ahead,
            });
        }
        after.fill_with(self, &added);
        let mut refusals = Refusals::default();
        after.judge(self, place.customer, &added, &mut refusals);
        refusals.lowest().map(|()| after)
    }

    fn place_line(&mut self, place: &Place, line: &PlaceLine, units: i64) {
        let sequence = self.next_number();
        self.happen(Happening::Placed {
            order: place.order,
            customer: place.customer,
            until: place.until,
            together: place.together,
            line: line.line,
            sku: line.sku,
            location: line.location,
            units,
            shortfall: line.units - units,
            pack: line.pack,
            priority: line.priority,
            placed_at: line.placed_at.unwrap_or(self.at),
            sequence,
        });
    }

    /// The most units of each line that are acceptable, line after line; those behind have none yet.
    fn most_acceptable(&self, place: &Place) -> Result<Vec<i64>, Rejection> {
        let mut units = vec![0; place.lines.len()];
        for (row, line) in place.lines.iter().enumerate() {
            let accepts = |most: i64| {
                let mut tried = units.clone();
                tried[row] = most;
                self.with_placed(place, &tried).is_ok()
            };
            units[row] = most_where(line.units, accepts);
        }
        if units.iter().any(|&units| units > 0) {
            return Ok(units);
        }
        let mut lowest: Option<Rejection> = None;
        for row in 0..place.lines.len() {
            units[row] = 1;
            let refusal = self.with_placed(place, &units).map(|_| ()).err();
            units[row] = 0;
            let refusal = refusal.expect("not even one unit is acceptable");
            if lowest.is_none_or(|lowest| refusal.code.number() < lowest.code.number()) {
                lowest = Some(refusal);
            }
        }
        Err(lowest.expect("a request has lines"))
    }

    /// The most units that a plain line with a latest date could have now.
    pub(super) fn most_placed(&self, place: &Place) -> i64 {
        let accepts = |units: i64| self.with_placed(place, &[units]).is_ok();
        most_where(i64::MAX, accepts)
    }
}

/// The most of `1..=most` that is accepted, or 0.
pub(super) fn most_where(most: i64, accepts: impl Fn(i64) -> bool) -> i64 {
    if accepts(most) {
        return most;
    }
    if most <= FEW {
        return (1..most).rev().find(|&units| accepts(units)).unwrap_or(0);
    }
    let (mut with, mut without) = (0, most);
    while without - with > 1 {
        let middle = with + (without - with) / 2;
        if accepts(middle) {
            with = middle;
        } else {
            without = middle;
        }
    }
    with
}
