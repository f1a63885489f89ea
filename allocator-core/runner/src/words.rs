//! Names of rules that the sources share.

use allocator_core::ShortageRule;

/// The merchant's rule behind a name that the forms share.
pub(crate) fn sharing_rule(word: &str) -> Option<ShortageRule> {
    Some(match word {
        "round_robin" => ShortageRule::one_each_per_round(),
        "equal_cuts" => ShortageRule::equal_cuts(),
        "webster" => ShortageRule::same_percentage(),
        "adams" => ShortageRule::same_percentage_nobody_empty(),
        "jefferson" => ShortageRule::same_percentage_split_proof(),
        "weighted_round_robin" => ShortageRule::members_weighted(),
        _ => return None,
    })
}
