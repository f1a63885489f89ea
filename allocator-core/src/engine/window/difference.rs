//! In which field two commands differ.

use crate::engine::command::{Command, Place};

/// The first field in which two commands differ, in the order in which they declare theirs.
pub(super) fn first_difference(a: &Command, b: &Command) -> Option<&'static str> {
    macro_rules! differ {
        ($($kind:ident { $($field:ident $other:ident),+ })+) => {
            match (a, b) {
                $((Command::$kind { $($field,)+ }, Command::$kind { $($field: $other,)+ }) => {
                    let mut differs = None;
                    $(if differs.is_none() && $field != $other {
                        differs = Some(named(stringify!($field)));
                    })+
                    differs
                })+
                (Command::Place(a), Command::Place(b)) => first_difference_of_places(a, b),
                _ => Some("op"),
            }
        };
    }
    differ! {
        Configure { sku a, policy b }
        Supply { supply a, sku b, location c, units d, expected_at e }
        Stock { sku a, location b, change c, cause d, supply e, only_free f }
        Confirm { order a }
        AmendOrder { order a, until b, together c }
        AmendLine { line a, units b, priority c, placed_at d, ahead e }
        CancelOrder { order a, only_waiting b }
        CancelLine { line a, units b, only_waiting c }
        Allocate { sku a, rule b, is_final c, expect d, draw e }
        Assign { units a, location b, from c, to d }
        Split { line a, new_line b, units c }
        Ship { line a, units b, location c }
        Return { line a, units b, location c, scrap d }
        Transfer { sku a, from b, to c, units d }
        Forget { closed_before a }
    }
}

/// The field's name in text, where Rust does not allow it.
fn named(field: &'static str) -> &'static str {
    match field {
        "is_final" => "final",
        field => field,
    }
}

fn first_difference_of_places(a: &Place, b: &Place) -> Option<&'static str> {
    let Place {
        order,
        customer,
        until,
        together,
        partial,
        replaces,
        lines,
    } = a;
    [
        (*order != b.order, "order"),
        (*customer != b.customer, "customer"),
        (*until != b.until, "until"),
        (*together != b.together, "together"),
        (*partial != b.partial, "partial"),
        (*replaces != b.replaces, "replaces"),
        (*lines != b.lines, "lines"),
    ]
    .into_iter()
    .find_map(|(differs, field)| differs.then_some(field))
}
