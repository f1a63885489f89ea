//! Amending orders and lines, and splitting lines.

use allocator_core::engine::{Command, EventCause, Happening, Rejection, RejectionCode};
use allocator_core::{LineId, Timestamp};

use super::accept::Added;
use super::decide::Refusals;
use super::fill::Scope;
use super::state::State;

impl State {
    pub(super) fn amend_order(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::AmendOrder {
            order,
            until,
            together,
        } = command
        else {
            unreachable!("another command");
        };
        let ended = self.known_order(order)?;
        let known = self.orders[&order].clone();
        let mut refusals = Refusals::default();
        refusals.if_ended(ended);
        if let Some(until) = until {
            refusals.if_so(known.until.is_none(), RejectionCode::NotHeld);
            self.check_deadline(order, &[], until, &mut refusals);
            let later = known.until.is_none_or(|present| until > present);
            refusals.if_so(!later, RejectionCode::NotLater);
            let skus = known.lines.iter().map(|&line| self.line(line).sku);
            let most = skus
                .filter_map(|sku| self.policy(sku).hold_extensions)
                .min();
            let spent = most.is_some_and(|most| known.extensions >= most);
            refusals.if_so(spent, RejectionCode::ExtensionsSpent);
        }
        refusals.lowest()?;
        if let Some(until) = until {
            self.happen(Happening::Extended { order, until });
        }
        if let Some(together) = together.filter(|&together| together != known.together) {
            self.happen(Happening::Regrouped { order, together });
        }
        self.fill(&Scope::default());
        Ok(())
    }

    pub(super) fn amend_line(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::AmendLine {
            line,
            units,
            priority,
            placed_at,
            ahead,
        } = command
        else {
            unreachable!("another command");
        };
        let ended = self.known_line(line)?;
        let before = self.clone();
        let wanted = self.line(line).wanted();
        let units = units.unwrap_or(wanted);
        let mut refusals = Refusals::default();
        refusals.if_ended(ended);
        refusals.if_so(
            units < self.line(line).shipped(),
            RejectionCode::BelowShipped,
        );
        refusals.lowest()?;

        self.rekey(line, priority, placed_at);
        if units < wanted {
            self.give_up(line, wanted - units, EventCause::Amended);
        }
        let mut added = Vec::new();
        if units > wanted {
            added.push(Added {
                part: self.increase(line, units - wanted),
                row: None,
                units: units - wanted,
                ahead,
            });
        }
        self.fill_with(&before, &added);
        let mut refusals = Refusals::default();
        let customer = self.order_of(line).customer;
        self.judge(&before, customer, &added, &mut refusals);
        let line = self.line(line);
        let ordered = i128::from(line.wanted()) + line.cancelled;
        refusals.if_so(
            !added.is_empty() && ordered > i64::MAX.into(),
            RejectionCode::Overflow,
        );
        refusals.lowest()
    }

    /// All parts of a line stand elsewhere; their tickets on a list stay what they are.
    fn rekey(&mut self, line: LineId, priority: Option<i32>, placed_at: Option<Timestamp>) {
        let mut changed = false;
        for part in &mut self.line_mut(line).parts {
            let mut key = part.key;
            key.priority = priority.unwrap_or(key.priority);
            key.placed_at = placed_at.unwrap_or(key.placed_at);
            changed |= key != part.key;
            part.key = key;
        }
        if changed {
            let key = self.part((line, 0)).key;
            self.happen(Happening::Rekeyed {
                line,
                priority: key.priority,
                placed_at: key.placed_at,
                all_placed_at: placed_at.is_some(),
            });
        }
    }

    /// More units of a line, in a new part at the end.
    fn increase(&mut self, line: LineId, units: i64) -> (LineId, usize) {
        let part = self.line(line).parts.len();
        let sequence = self.next_number();
        self.happen(Happening::Increased {
            line,
            part: part as u32,
            units,
            priority: self.part((line, 0)).key.priority,
            placed_at: self.at,
            sequence,
        });
        (line, part)
    }

    pub(super) fn split_line(&mut self, command: &Command) -> Result<(), Rejection> {
        let &Command::Split {
            line,
            new_line,
            units,
        } = command
        else {
            unreachable!("another command");
        };
        let ended = self.known_line(line)?;
        let known = self.line(line);
        let mut refusals = Refusals::default();
        refusals.if_so(
            self.lines.contains_key(&new_line),
            RejectionCode::LineExists,
        );
        refusals.if_ended(ended);
        let too_many = units > known.open() || units >= known.wanted();
        refusals.if_so(too_many, RejectionCode::TooMany);
        refusals.lowest()?;
        let moved = self.last_units(line, units);
        let waiting = moved.values().map(|moved| moved.waiting).sum();
        self.split(line, new_line, &moved);
        self.happen(Happening::Split {
            line,
            new_line,
            waiting,
            taken: units - waiting,
        });
        self.fill(&Scope::default());
        Ok(())
    }
}
