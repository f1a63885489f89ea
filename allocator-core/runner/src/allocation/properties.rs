//! What holds for every case beside its numbers: the auditor agrees, rows and ids are only names,
//! and where everything that does not fit is set aside one more unit takes none from anybody.

use allocator_core::{
    Allocation, Grade, IdleCause, Misfit, Outcome, Policy, Supply, allocate, verify,
};

use super::answer::Answer;
use super::given::{Given, Lines};
use super::{Checked, Trouble, fail};

/// Checks the properties of an answer that agrees with its case.
pub(super) fn hold(given: &Given, answer: &Answer<'_>) -> Checked<()> {
    match &answer.result {
        Ok(allocation) => {
            audited(given, allocation)?;
            rows_and_ids_are_names(given, allocation)?;
            one_more_unit_lowers_no_line(given, allocation)
        }
        // The fault moves with its row, so another one may be named first.
        Err(_) if given.is_whole() => {
            let (lines, supply, _) = shuffled_and_renamed(given);
            match allocate(&lines.columns(), &supply, &given.policy) {
                Ok(_) => fail("shuffled and renamed: is no longer refused"),
                Err(_) => Ok(()),
            }
        }
        Err(_) => Ok(()),
    }
}

fn audited(given: &Given, allocation: &Allocation) -> Checked<()> {
    match verify(
        &given.lines.columns(),
        &given.supply,
        &given.policy,
        allocation,
    ) {
        Ok(Grade::Ordered) => Ok(()),
        Ok(grade) => fail(format!("verify: expected ordered, got {grade}")),
        Err(violation) => fail(format!("verify: {violation}")),
    }
}

/// The same rows in another order, each with its sequence, under other ids.
fn rows_and_ids_are_names(given: &Given, before: &Allocation) -> Checked<()> {
    let (lines, supply, order) = shuffled_and_renamed(given);
    let after = again(&given.policy, &lines, &supply)?;
    for (new, &old) in order.iter().enumerate() {
        let (before, after) = (before.outcome(old), after.outcome(new));
        if before != after {
            let (before, after) = (figures(before), figures(after));
            return fail(format!(
                "shuffled and renamed: line row {old} had {before}, has {after}"
            ));
        }
    }
    let idle_before = idle(before, other_id, Some);
    if idle_before != idle(&after, |sku| sku, |row| order.get(row).copied()) {
        return fail("shuffled and renamed: other units are idle");
    }
    if before.overtake_count() != after.overtake_count() {
        return fail("shuffled and renamed: other lines are overtaken");
    }
    Ok(())
}

/// Idle units with their SKU, cause and line, as ids and rows of one of the two runs.
fn idle(
    allocation: &Allocation,
    sku: impl Fn(u32) -> u32,
    line: impl Fn(usize) -> Option<usize>,
) -> Vec<(u32, IdleCause, Option<usize>, i64)> {
    let entries = allocation.idle().iter();
    let mut idle: Vec<_> = entries
        .map(|it| {
            let row = it.row.and_then(|row| line(row as usize));
            (sku(it.sku.0), it.cause, row, it.units)
        })
        .collect();
    idle.sort_unstable();
    idle
}

fn one_more_unit_lowers_no_line(given: &Given, before: &Allocation) -> Checked<()> {
    let strict = Misfit::code(Some(Misfit::SetAside));
    if given.lines.on_misfit.iter().any(|&misfit| misfit != strict) {
        return Ok(());
    }
    for (row, supply) in given.supply.iter().enumerate() {
        let of_sku = given.supply.iter().filter(|other| other.sku == supply.sku);
        let received: i128 = of_sku.map(|other| i128::from(other.quantity)).sum();
        if received >= i128::from(i64::MAX) {
            continue;
        }
        let mut more = given.supply.clone();
        if let Some(supply) = more.get_mut(row) {
            supply.quantity += 1;
        }
        let after = again(&given.policy, &given.lines, &more)?;
        let pairs = before.allocated().iter().zip(after.allocated()).enumerate();
        for (line, (before, after)) in pairs {
            if after < before {
                return fail(format!(
                    "one more unit in supply row {row}: line row {line} had {before}, has {after}"
                ));
            }
        }
    }
    Ok(())
}

fn again(policy: &Policy, lines: &Lines, supply: &[Supply]) -> Checked<Allocation> {
    let refused = |error| Trouble::Fail(format!("run again with other rows: {error}"));
    allocate(&lines.columns(), supply, policy).map_err(refused)
}

fn figures(outcome: Option<Outcome>) -> String {
    outcome.map_or_else(
        || "none".into(),
        |it| {
            format!(
                "allocated {}, set aside {}, waiting {}, never {} ({})",
                it.allocated, it.set_aside, it.waiting, it.never, it.reason
            )
        },
    )
}

/// Other lines and supply rows that mean the same, and the old row of each new line.
fn shuffled_and_renamed(given: &Given) -> (Lines, Vec<Supply>, Vec<usize>) {
    let order = shuffled(given.lines.line.len());
    let rows = shuffled(given.supply.len()).into_iter();
    let supply = rows.filter_map(|row| given.supply.get(row).map(renamed_supply));
    (renamed(&given.lines, &order), supply.collect(), order)
}

/// The rows in this order. Ids change one for one, to sparse and falling ones.
fn renamed(lines: &Lines, order: &[usize]) -> Lines {
    fn take<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
        order
            .iter()
            .filter_map(|&row| column.get(row).copied())
            .collect()
    }
    let ids = |column: &[u32]| take(column, order).into_iter().map(other_id).collect();
    Lines {
        line: ids(&lines.line),
        order: ids(&lines.order),
        customer: ids(&lines.customer),
        sku: ids(&lines.sku),
        quantity: take(&lines.quantity, order),
        priority: take(&lines.priority, order),
        placed_at: take(&lines.placed_at, order),
        sequence: take(&lines.sequence, order),
        lot: take(&lines.lot, order),
        score: take(&lines.score, order),
        weight: take(&lines.weight, order),
        completeness: take(&lines.completeness, order),
        on_misfit: take(&lines.on_misfit, order),
    }
}

fn renamed_supply(supply: &Supply) -> Supply {
    let mut renamed = Supply::received(other_id(supply.sku.0), supply.quantity);
    renamed.sequence = supply.sequence;
    match supply.supply {
        Some(id) => renamed.supply(other_id(id.0)),
        None => renamed,
    }
}

/// Another id, one for one, and never the number that stands for none.
fn other_id(id: u32) -> u32 {
    (u32::MAX - 1) - id
}

/// The numbers below `count` in an order that is the same in every run.
fn shuffled(count: usize) -> Vec<usize> {
    let mut order: Vec<_> = (0..count).collect();
    let mut state = count as u64;
    for last in (1..count).rev() {
        // SplitMix64, whose low bits are as good as its high ones.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut draw = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        draw = (draw ^ (draw >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        draw ^= draw >> 31;
        order.swap(last, (draw % (last as u64 + 1)) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn an_answer_keeps_them_and_another_inputs_answer_does_not() {
        let given = given(&json!([3, 1]), "strict");
        assert!(hold(&given, &Answer::of(&given)).is_ok());
        let other = given_with(&json!([3, 1]), "strict", 9);
        let before = allocation(&other);
        assert!(says(audited(&given, &before), "verify: "));
        assert!(says(rows_and_ids_are_names(&given, &before), "shuffled"));
        assert!(says(
            one_more_unit_lowers_no_line(&given, &before),
            "one more unit"
        ));
    }

    #[test]
    fn one_more_unit_may_lower_a_line_where_misfits_pass() {
        let given = given_with(&json!([2, 1]), "skip", 1);
        assert!(hold(&given, &Answer::of(&given)).is_ok());
        let strict = given_with(&json!([2, 1]), "strict", 1);
        let passed = allocation(&given);
        assert!(says(
            one_more_unit_lowers_no_line(&strict, &passed),
            "line row 1 had 1, has 0"
        ));
    }

    #[test]
    fn a_refusal_is_one_for_other_rows_and_ids_too() {
        let mended = given(&json!([3, 1]), "strict");
        let broken = given(&json!([3, -1]), "strict");
        assert!(hold(&broken, &Answer::of(&broken)).is_ok());
        assert!(says(
            hold(&mended, &Answer::of(&broken)),
            "no longer refused"
        ));
    }

    #[test]
    fn a_shuffle_holds_every_row_once_and_moves_some() {
        for count in [0, 1, 2, 3, 400] {
            let mut order = shuffled(count);
            assert!(count < 3 || !order.is_sorted());
            order.sort_unstable();
            assert_eq!(order, (0..count).collect::<Vec<_>>());
        }
        assert!(
            [0, 1, u32::MAX - 1]
                .iter()
                .all(|&id| other_id(id) != u32::MAX)
        );
    }

    fn given(quantities: &Value, misfit: &str) -> Given {
        given_with(quantities, misfit, 2)
    }

    fn given_with(quantities: &Value, misfit: &str, received: i64) -> Given {
        let lines: Value = (quantities.as_array().unwrap().iter().enumerate())
            .map(|(row, quantity)| {
                json!({"line": row.to_string(), "sku": "A", "quantity": quantity,
                    "completeness": "line", "on_misfit": misfit})
            })
            .collect();
        let supply = json!([{"supply": "S", "sku": "A", "quantity": received}]);
        let given = json!({"lines": lines, "supply": supply});
        match Given::read(given.as_object().unwrap()) {
            Ok(given) => given,
            Err(_) => panic!("{given}"),
        }
    }

    fn allocation(given: &Given) -> Allocation {
        allocate(&given.lines.columns(), &given.supply, &given.policy).unwrap()
    }

    fn says(checked: Checked<()>, words: &str) -> bool {
        matches!(checked, Err(Trouble::Fail(why)) if why.contains(words))
    }
}
