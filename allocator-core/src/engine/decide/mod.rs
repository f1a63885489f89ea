//! Deciding a command: refuse it, or write down what happens.
//!
//! Nothing here changes the state: a command is carried out on paper ([`Draft`]), and what came of it is
//! a list of events. Refusals are tried in the order of their numbers, so that of several the lowest is
//! told.

mod accept;
mod allocate;
mod amend;
mod cancel;
mod malformed;
mod operate;
mod place;
mod stock;

pub(super) use malformed::check;

use super::command::Command;
use super::draft::Draft;
use super::event::EventCause;
use super::fill::Fill;
use super::rejection::{Rejection, RejectionCode};
use super::state::{NONE, Order};
use super::view::Ended;
use crate::error::Error;
use crate::id::{LineId, OrderId};

/// A refusal, or nothing: then the events stand in the draft.
pub(super) type Refusal = Option<Rejection>;

/// A command's refusal, from deep inside.
pub(super) type Decided = Result<Refusal, Error>;

impl<'s> Draft<'s> {
    /// Decides a well-formed command.
    pub(super) fn decide(&mut self, command: &'s Command) -> Decided {
        match command {
            Command::Configure { sku, policy } => self.decide_configure(*sku, policy),
            Command::Supply { .. } => self.decide_supply(command),
            Command::Stock { .. } => self.decide_stock(command),
            Command::Place(place) => self.decide_place(place),
            Command::Confirm { order } => self.decide_confirm(*order),
            Command::AmendOrder {
                order,
                until,
                together,
            } => self.decide_amend_order(*order, *until, *together),
            Command::AmendLine { .. } => self.decide_amend_line(command),
            Command::CancelOrder {
                order,
                only_waiting,
            } => self.decide_cancel_order(*order, *only_waiting),
            Command::CancelLine {
                line,
                units,
                only_waiting,
            } => self.decide_cancel_line(*line, *units, *only_waiting),
            Command::Allocate { .. } => self.decide_allocate(command).map(|(refusal, _)| refusal),
            Command::Assign {
                units,
                location,
                from,
                to,
            } => self.decide_assign(*units, *location, *from, *to),
            Command::Split {
                line,
                new_line,
                units,
            } => self.decide_split(*line, *new_line, *units),
            Command::Ship {
                line,
                units,
                location,
            } => self.decide_ship(*line, *units, *location),
            Command::Return {
                line,
                units,
                location,
                scrap,
            } => self.decide_return(*line, *units, *location, *scrap),
            Command::Transfer {
                sku,
                from,
                to,
                units,
            } => self.decide_transfer(*sku, *from, *to, *units),
            Command::Forget { closed_before } => self.decide_forget(*closed_before),
        }
    }

    /// Fills what was marked and writes it down: the end of most commands.
    pub(super) fn finish(&mut self) -> Decided {
        self.fill(Fill::Inflow)?;
        self.settle(EventCause::Reallocated)?;
        Ok(None)
    }

    /// A part's units or place change, so its SKU may be servable; and where its order is served
    /// together, so may every SKU that waits for the rest of it.
    pub(super) fn mark_part(&mut self, part: usize) -> Result<(), Error> {
        let draft = *self.part_draft(part)?;
        self.mark(draft.sku)?;
        if draft.together {
            for part in self.waiting_parts(part)? {
                let sku = self.part_draft(part)?.sku;
                self.mark(sku)?;
            }
        }
        Ok(())
    }

    /// The slot of an order, or the refusal.
    fn find_order(&self, order: OrderId) -> Result<u32, Rejection> {
        let found = self.state.order_slot(order);
        found.ok_or(Rejection::new(RejectionCode::UnknownOrder))
    }

    /// The slot of a line, or the refusal.
    fn find_line(&self, line: LineId) -> Result<u32, Rejection> {
        let found = self.state.line_slot(line);
        found.ok_or(Rejection::new(RejectionCode::UnknownLine))
    }

    /// The order of a line.
    fn order_of_line(&self, line: u32) -> Result<&'s Order, Error> {
        self.state.orders.at(self.state.lines.at(line)?.order)
    }

    /// The slots of an order's lines, in their order.
    pub(super) fn lines_of(&self, order: u32) -> Result<alloc::vec::Vec<u32>, Error> {
        let last = self.state.orders.at(order)?.last_line;
        let mut lines = alloc::vec::Vec::new();
        let mut line = last;
        while line != NONE {
            line = self.state.lines.at(line)?.next;
            lines.push(line);
            if line == last {
                break;
            }
        }
        Ok(lines)
    }
}

/// Whether an order ended, as a refusal.
fn ended(order: &Order) -> Refusal {
    match order.ended {
        Ended::No => None,
        Ended::Expired => refuse(RejectionCode::Expired),
        Ended::Cancelled => refuse(RejectionCode::Cancelled),
    }
}

fn refuse(code: RejectionCode) -> Refusal {
    Some(Rejection::new(code))
}

/// The refusal with the lowest number; of one number, that of the first line.
fn lowest(refusals: impl IntoIterator<Item = Refusal>) -> Refusal {
    let told = refusals.into_iter().flatten();
    told.min_by_key(|refusal| (refusal.code.number(), refusal.row))
}
