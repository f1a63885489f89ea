//! The ways to decide who is cut that are compared where the merchant names none.

use allocator_core::{Aim, CutMethod};

use crate::terms::Terms;

/// Every way that needs no draw and no weights: rules that can be kept up as units arrive, then the
/// one-offs.
const NAMES: [&str; 9] = [
    "first_come",
    "one_each_per_round",
    "protect_first(1)",
    "equal_cuts",
    "same_percentage",
    "same_percentage_nobody_empty",
    "same_percentage_split_proof",
    "first_come:order:set_aside:quantity+placed_at+sequence",
    "largest_remainder",
];

/// Those that can be used: the smallest refund is known only where prices are.
pub(crate) fn methods(terms: &Terms) -> Vec<CutMethod> {
    let named = NAMES.iter().filter_map(|name| name.parse().ok());
    let aims = Aim::ALL.iter().copied();
    let aims = aims.filter(|&aim| aim != Aim::LeastRefund || terms.has_prices());
    named.chain(aims.map(CutMethod::WholeOrders)).collect()
}

#[cfg(test)]
mod tests {
    use super::NAMES;
    use allocator_core::CutMethod;

    #[test]
    fn every_name_is_a_method() {
        for name in NAMES {
            let method: CutMethod = name.parse().unwrap();
            assert_eq!(method.to_string(), name);
        }
    }
}
