//! Who is cut by a plan: its lines, customer by customer.

use std::collections::HashMap;

use allocator_core::CancellationPlan;
use allocator_core::limits::NO_ID;

use crate::input::Input;
use crate::standing::Standing;

/// A customer who loses a unit, or an order without a customer that does.
#[derive(Debug)]
pub(crate) struct Loser {
    /// The lines that lose a unit, in the order of the file.
    pub(crate) lines: Vec<usize>,
    /// Units of all lines of the customer.
    pub(crate) ordered: i128,
    pub(crate) kept: i128,
    pub(crate) cut: i128,
    pub(crate) volunteered: i128,
    pub(crate) credit_spent: i128,
    /// `None` where prices are not known.
    pub(crate) refund: Option<i128>,
    pub(crate) compensation: i128,
}

/// All of them, by their first line that loses a unit.
pub(crate) fn losers(standing: &Standing, plan: &CancellationPlan) -> Vec<Loser> {
    let mut known: HashMap<(u32, u32), usize> = HashMap::new();
    let mut losers: Vec<Loser> = Vec::new();
    for (line, planned) in plan.lines().iter().enumerate() {
        if planned.cut > 0 {
            let index = *known
                .entry(claimant(standing, line))
                .or_insert(losers.len());
            if index == losers.len() {
                losers.push(Loser::new(planned.refund.is_some()));
            }
            losers[index].lines.push(line);
        }
    }
    for (line, planned) in plan.lines().iter().enumerate() {
        let Some(&index) = known.get(&claimant(standing, line)) else {
            continue;
        };
        let loser = &mut losers[index];
        loser.ordered += i128::from(planned.quantity);
        loser.kept += i128::from(planned.kept);
        loser.cut += i128::from(planned.cut);
        loser.volunteered += i128::from(planned.volunteered);
        loser.credit_spent += i128::from(planned.credit_spent);
        // The core has added up all of them, so a part of them fits.
        loser.refund = loser
            .refund
            .zip(planned.refund)
            .map(|(sum, refund)| sum + refund);
        loser.compensation += planned.compensation;
    }
    losers
}

impl Loser {
    fn new(is_priced: bool) -> Self {
        Self {
            lines: Vec::new(),
            ordered: 0,
            kept: 0,
            cut: 0,
            volunteered: 0,
            credit_spent: 0,
            refund: is_priced.then_some(0),
            compensation: 0,
        }
    }

    /// The customer's outside id, or `order` with the order's.
    pub(crate) fn name(&self, input: &Input, standing: &Standing) -> String {
        let Some(&line) = self.lines.first() else {
            return String::new();
        };
        match input.demand.customer_id(standing.row[line]) {
            Some(customer) => customer.to_owned(),
            None => format!("order {}", input.demand.order_id(standing.row[line])),
        }
    }

    /// Every unit is lost.
    pub(crate) fn loses_all(&self) -> bool {
        self.kept == 0
    }
}

/// A draw's label of the line's customer, or of its order where that has none.
pub(crate) fn claimant_name(input: &Input, standing: &Standing, line: usize) -> String {
    let row = standing.row[line];
    let customer = input.demand.customer_id(row);
    customer
        .unwrap_or_else(|| input.demand.order_id(row))
        .to_owned()
}

fn claimant(standing: &Standing, line: usize) -> (u32, u32) {
    match standing.customer(line) {
        NO_ID => (NO_ID, standing.order(line)),
        customer => (customer, NO_ID),
    }
}
