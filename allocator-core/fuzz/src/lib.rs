//! One fuzz target for rules and plans: any bytes are lines, stock, a method and terms, valid or not, and
//! whatever comes of them is a typed error or a plan that keeps every law.

mod bytes;
mod case;
mod laws;

pub use case::Case;

/// What bytes came to: what a corpus has to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Reached {
    /// A typed error.
    Error,
    /// A plan that cuts nobody.
    NobodyCut,
    /// A plan by a policy.
    Policy,
    /// A plan by the largest remainder.
    LargestRemainder,
    /// A plan of whole orders.
    WholeOrders,
}

/// Plans, and holds the plan to every law.
///
/// # Panics
/// Where a law is broken.
pub fn run(bytes: &[u8]) -> Reached {
    let case = Case::read(bytes);
    let planned = case.plan();
    laws::agrees_with_an_allocation(&case, &planned);
    let Ok(plan) = planned else {
        return Reached::Error;
    };
    laws::units_and_money_add_up(&case, &plan);
    laws::what_ships_whole_does(&case, &plan);
    laws::the_auditor_agrees(&case, &plan);
    laws::everything_is_said(&plan);
    match case.question % 4 {
        0 => laws::rows_may_stand_in_any_order(&case, &plan),
        1 => laws::what_was_given_at_less_stock_stays(&case, &plan),
        2 => laws::so_many_more_units_are_enough(&case, &plan),
        _ => laws::a_comparison_says_the_same(&case, &plan),
    }
    if plan.totals().cut == 0 {
        return Reached::NobodyCut;
    }
    match plan.method() {
        allocator_core::CutMethod::LargestRemainder => Reached::LargestRemainder,
        allocator_core::CutMethod::WholeOrders(_) => Reached::WholeOrders,
        _ => Reached::Policy,
    }
}
