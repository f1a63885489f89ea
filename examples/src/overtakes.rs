//! Who was served although somebody before him waits.

use std::collections::HashMap;

use allocator_core::OvertakeCause;

use crate::decision::Decision;

/// A served line and one before it that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) later: usize,
    pub(crate) earlier: usize,
    pub(crate) because: OvertakeCause,
}

/// The first pairs: by place of the earlier line over all items, then of the later one. The core
/// gives them item by item; cut off there, whole items would never be heard of.
pub(crate) fn first(decision: &Decision, most: usize) -> Vec<Pair> {
    let (allocation, standing) = (decision.allocation(), &decision.standing);
    let mut pairs = Vec::new();
    let Some(because) = allocation.overtakes().next().map(|pair| pair.because) else {
        return pairs;
    };
    let places = allocation.places();
    let lines = decision.in_place_order();
    let mut served: HashMap<u32, Vec<usize>> = HashMap::new();
    for &line in &lines {
        if allocation.allocated()[line] > 0 {
            served.entry(standing.sku(line)).or_default().push(line);
        }
    }
    let waits = |line: usize| {
        let outcome = allocation.outcome(line);
        outcome.is_some_and(|outcome| outcome.waiting > 0)
    };
    for earlier in lines.into_iter().filter(|&line| waits(line)) {
        let Some(served) = served.get(&standing.sku(earlier)) else {
            continue;
        };
        let position = places[earlier].position;
        let behind = served.partition_point(|&line| places[line].position <= position);
        for &later in &served[behind..] {
            if pairs.len() == most {
                return pairs;
            }
            pairs.push(Pair {
                later,
                earlier,
                because,
            });
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use std::fs;

    use allocator_core::{Misfit, Policy};

    use super::first;
    use crate::decision::Decision;
    use crate::input::Input;
    use crate::progress::Progress;
    use crate::standing::Standing;

    /// 90 orders of two lines over three items, in an order of places that is not that of the rows.
    fn input(policy: &Policy) -> Input {
        let mut demand = String::from("order_id,line_no,sku,quantity,placed_at,priority\n");
        for i in 0..180_u32 {
            let (order, sku) = (i / 2, i * 7 % 5 % 3);
            let (units, priority) = (i * 11 % 23, order % 2);
            let second = i * 37 % 60;
            demand.push_str(&format!(
                "{order},{i},{sku},{units},2026-10-09T18:00:{second:02}Z,{priority}\n"
            ));
        }
        let mut receipts = String::from("sku,received_at,quantity_received\n");
        for (sku, units) in [(0, 130), (1, 261), (2, 147)] {
            receipts.push_str(&format!("{sku},2026-10-10T09:00:00Z,{units}\n"));
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("demand.csv"), demand).unwrap();
        fs::write(folder.path().join("receipts.csv"), receipts).unwrap();
        Input::read(folder.path(), policy, Progress::new(false), false).unwrap()
    }

    #[test]
    fn they_are_those_of_the_core_in_another_order() {
        for policy in [
            "first_come:partial",
            "first_come:line:pass",
            "first_come:order:pass",
            "first_come:order:pass:quantity+sequence",
        ] {
            let policy: Policy = policy.parse().unwrap();
            let input = input(&policy);
            let decision = Decision::new(Standing::at(&input, None, true), policy).unwrap();
            let mut expected: Vec<_> = decision
                .allocation()
                .overtakes()
                .map(|pair| (pair.later as usize, pair.earlier as usize, pair.because))
                .collect();
            expected.sort_by(|a, b| {
                let earlier = decision.compare_places(a.1, b.1);
                earlier.then_with(|| decision.compare_places(a.0, b.0))
            });
            let found = |most| -> Vec<_> {
                let pairs = first(&decision, most).into_iter();
                pairs
                    .map(|pair| (pair.later, pair.earlier, pair.because))
                    .collect()
            };
            assert_eq!(found(usize::MAX), expected);
            let half = expected.len() / 2;
            assert_eq!(found(half), expected[..half]);
            let passes = policy.on_misfit == Misfit::Pass;
            assert_eq!(expected.len() > 10, passes, "{policy}: {}", expected.len());
        }
    }
}
