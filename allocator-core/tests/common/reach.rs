//! What the generators reached. An empty bucket fails: a comparison that never met a case proves
//! nothing about it.

use std::collections::BTreeMap;

use allocator_core::{
    Completeness, IdleCause, KeyPart, Law, Misfit, OvertakeCause, PlacePart, Reason,
};
use allocator_model::{Answer, Claimant, Why, World};

type Bucket = (&'static str, &'static str, &'static str);

/// How often each bucket was met.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    seen: BTreeMap<Bucket, u64>,
}

impl Reach {
    pub(crate) fn see(&mut self, group: &'static str, what: &'static str, detail: &'static str) {
        *self.seen.entry((group, what, detail)).or_default() += 1;
    }

    fn see_if(&mut self, group: &'static str, what: &'static str, met: bool) {
        if met {
            self.see(group, what, "");
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (&bucket, count) in &other.seen {
            *self.seen.entry(bucket).or_default() += count;
        }
    }

    /// Prints the table; fails where a bucket that must be met is empty.
    pub(crate) fn report(&self, required: &[Bucket]) {
        for ((group, what, detail), count) in &self.seen {
            println!("{count:>10}  {group}: {what} {detail}");
        }
        let empty: Vec<_> = required
            .iter()
            .filter(|bucket| !self.seen.contains_key(*bucket))
            .collect();
        assert!(empty.is_empty(), "never reached: {empty:#?}");
    }

    /// Counts what one valid input met.
    pub(crate) fn see_world(&mut self, world: &World, truth: &Answer, why: &[Why]) {
        for row in world.rows() {
            self.see("reason", truth.reason[row].name(), "");
            let (completeness, misfit) = terms(world, row);
            self.see("terms", completeness, misfit);
            self.see_why(world, truth, row, &why[row]);
        }
        for idle in &truth.idle {
            self.see("idle", idle.cause.name(), "");
        }
        let overtaken = !truth.overtakes.is_empty();
        self.see("overtakes", if overtaken { "some" } else { "none" }, "");
        for overtake in &truth.overtakes {
            self.see("overtakes", "because", overtake.because.name());
        }
        self.see_stock(world);
        if world.shares() {
            self.see_sharing(world, truth, why);
        }
        self.see_places(world, truth);
        self.see_mechanics(world, truth);
        self.see_if("world", "no lines", world.lines.is_empty());
        self.see_if("world", "no supply rows", world.supply.is_empty());
        self.see_if("world", "more than 8 lines", world.lines.len() > 8);
        let place = |row: usize| (world.lines[row].priority, world.lines[row].placed_at);
        let equal = |row: usize| (0..row).any(|other| place(other) == place(row));
        self.see_if("world", "equal times", world.rows().any(equal));
        let negative = world.lines.iter().any(|line| line.priority < 0);
        self.see_if("world", "negative priority", negative);
        let most = world.lines.iter().map(|line| line.quantity).max();
        self.see_if("world", "the largest quantity", most == Some(i64::MAX));
        let beyond = truth.summary.ordered > i64::MAX.into();
        self.see_if("world", "orders beyond 64 bits", beyond);
    }

    fn see_why(&mut self, world: &World, truth: &Answer, row: usize, why: &Why) {
        let Why {
            more_units,
            if_before,
            if_partial,
        } = why;
        let open = truth.waiting[row] + truth.set_aside[row] > 0;
        let lucky = !more_units.is_empty() && truth.reason[row] == Reason::Served;
        self.see_if("more_units", "of a line served out of turn", lucky);
        self.see_if("more_units", "of several SKUs", more_units.len() > 1);
        if open {
            self.see(
                "more_units",
                if more_units.is_empty() {
                    "none helps"
                } else {
                    "some"
                },
                "",
            );
            self.see(
                "if_before",
                if if_before.is_some() { "some" } else { "none" },
                "",
            );
            let several = world.parcel(row).len() > 1;
            let place = |row| world.place(row);
            let behind = if_before.is_some_and(|before| place(before) > place(row));
            self.see_if(
                "if_before",
                "behind the line, before the latest of its order",
                several && behind,
            );
        }
        if truth.allocated[row] < world.lines[row].quantity {
            let detail = if world.is_whole(row) {
                "whole"
            } else {
                "partial"
            };
            self.see(
                "if_partial",
                if if_partial.is_some() { "some" } else { "none" },
                detail,
            );
            let kept = truth.never[row] > 0 && if_partial.is_some();
            self.see_if("if_partial", "of an order with an impossible line", kept);
        }
    }

    /// What parts the rule has, and who shares under it, SKU by SKU.
    fn see_sharing(&mut self, world: &World, truth: &Answer, why: &[Why]) {
        let parts = world.policy.rule.parts();
        let grading = grading(parts);
        let protects = |part: &&KeyPart| matches!(part, KeyPart::Protect(_));
        for sku in world.skus() {
            let queue = world.queue_of(sku);
            let asks = |&&row: &&usize| world.lines[row].quantity > 0;
            let claimants: Vec<_> = queue
                .iter()
                .filter(asks)
                .map(|&row| world.claimant(row))
                .collect();
            for (who, _) in &claimants {
                let kind = match who {
                    Claimant::Customer(_) => "customer",
                    Claimant::Order(_) => "order",
                    Claimant::Line(_) => "line",
                };
                self.see("claimant", kind, "");
            }
            let mut distinct = claimants.clone();
            distinct.sort();
            distinct.dedup();
            let short = queue.iter().any(|&row| truth.waiting[row] > 0);
            let served = queue.iter().any(|&row| truth.allocated[row] > 0);
            if !short || !served || distinct.len() < 2 {
                continue;
            }
            self.see("rule", grading, "short");
            self.see_if("rule", "class", parts.contains(&KeyPart::Class));
            let lot = parts.iter().position(|part| *part == KeyPart::Lot);
            let graded = parts.iter().position(is_grading);
            let behind = lot.zip(graded).is_some_and(|(lot, graded)| lot > graded);
            self.see_if("rule", "lot behind a grading", behind);
            self.see_if(
                "rule",
                "lot as a stage",
                lot.zip(graded).is_some() && !behind,
            );
            self.see_if("rule", "protect", parts.iter().any(|part| protects(&part)));
            let stages = parts.iter().filter(protects).count();
            self.see_if("rule", "two protections", stages > 1);
            if distinct.len() < claimants.len() {
                self.see("rule", grading, "several lines of a claimant");
            }
            let units = queue
                .iter()
                .map(|&row| i128::from(world.lines[row].quantity));
            if units.sum::<i128>() > 1 << 62 {
                self.see("rule", grading, "huge");
            }
            let weights = distinct.iter().map(|&(_, weight)| weight);
            let differ = weights.clone().min() != weights.max();
            self.see_if("rule", "other weights", differ && grading == "weight");
            let helped = |row: usize| why[row].if_before.is_some();
            let helps = queue.iter().any(|&row| helped(row));
            self.see_if("rule", "a place in front helps", helps);
        }
    }

    /// Which part of a place parts neighbours in a lane where somebody waits.
    fn see_places(&mut self, world: &World, truth: &Answer) {
        let compared = world.compared_by();
        let rule = if world.shares() { "shared" } else { "queue" };
        for sku in world.skus() {
            let queue = world.queue_of(sku);
            if queue.iter().all(|&row| truth.waiting[row] == 0) {
                continue;
            }
            for pair in queue.windows(2) {
                let (a, b) = (world.place(pair[0]), world.place(pair[1]));
                let decides = (0..compared.len()).find(|&at| a[at] != b[at]);
                let decides = compared[decides.expect("no two lines at one place")];
                self.see("place", decides.name(), rule);
                let (a, b) = (&world.lines[pair[0]], &world.lines[pair[1]]);
                let number = match decides {
                    PlacePart::Score => [a.score, b.score],
                    PlacePart::Lot => [a.lot, b.lot],
                    _ => continue,
                };
                let extreme = number.contains(&i64::MIN) || number.contains(&i64::MAX);
                self.see_if("place", "a lot or score at the end of the numbers", extreme);
            }
        }
        let sequence = compared.contains(&PlacePart::Sequence);
        self.see_if("place", "without a sequence", !sequence);
        let lots = world.policy.rule.parts().contains(&KeyPart::Lot);
        self.see_if("rule", "lot in a queue", lots && !world.shares());
    }

    /// Supply beside demand, SKU by SKU.
    fn see_stock(&mut self, world: &World) {
        let received = world.received();
        for sku in world.skus() {
            let queue = world.queue_of(sku);
            let demand = queue
                .iter()
                .map(|&row| i128::from(world.lines[row].quantity));
            let demand: i128 = demand.sum();
            let rows: Vec<_> = world.supply.iter().filter(|row| row.sku.0 == sku).collect();
            if rows.is_empty() || queue.is_empty() {
                let what = if rows.is_empty() {
                    "no supply row"
                } else {
                    "no line"
                };
                self.see("supply", what, "");
                continue;
            }
            let what = match i128::from(received[&sku]) - demand {
                0 => "as demand",
                1 => "one more than demand",
                -1 => "one less than demand",
                2.. => "more",
                _ => "less",
            };
            self.see("supply", what, "");
            self.see_if("supply", "zero", received[&sku] == 0);
            self.see_if(
                "supply",
                "the most there may be",
                received[&sku] == i64::MAX,
            );
            let tied = |one: usize| {
                rows[..one]
                    .iter()
                    .any(|row| row.sequence == rows[one].sequence)
            };
            self.see_if(
                "supply",
                "rows with equal sequence",
                (0..rows.len()).any(tied),
            );
        }
    }

    fn see_mechanics(&mut self, world: &World, truth: &Answer) {
        let mut last = None;
        for peg in &truth.pegs {
            self.see_if("pegs", "a line from several rows", last == Some(peg.row));
            last = Some(peg.row);
        }
        for parcel in world.parcels() {
            let first = parcel[0];
            let (completeness, misfit) = terms(world, first);
            let holds = |row: usize| truth.allocated[row] + truth.set_aside[row];
            let more = parcel.iter().any(|&row| holds(row) > truth.covered[row]);
            if more {
                let served = parcel
                    .iter()
                    .all(|&row| truth.allocated[row] == world.lines[row].quantity);
                self.see("topped up", completeness, misfit);
                self.see_if("topped up", "completed", served);
                let strict = misfit == Misfit::SetAside.name();
                let order = completeness == Completeness::Order.name() && parcel.len() > 1;
                self.see_if(
                    "topped up",
                    "strict order completed",
                    served && strict && order,
                );
                self.see_if(
                    "topped up",
                    "strict order still short",
                    !served && strict && order,
                );
            }
            let less = parcel.iter().any(|&row| holds(row) < truth.covered[row]);
            self.see_if(
                "released",
                if parcel.len() > 1 {
                    "several lines"
                } else {
                    "one line"
                },
                less,
            );
            let mut skus: Vec<_> = parcel.iter().map(|&row| world.lines[row].sku).collect();
            skus.sort_unstable();
            skus.dedup();
            self.see_if("order", "over several SKUs", skus.len() > 1);
            self.see_if(
                "order",
                "several lines of one SKU",
                skus.len() < parcel.len(),
            );
            let zero = parcel.len() > 1 && parcel.iter().any(|&row| world.lines[row].quantity == 0);
            self.see_if("order", "with a line of zero", zero);
        }
    }
}

/// The gradings by name; `place` where a rule has none.
const GRADINGS: [&str; 7] = [
    "place",
    "level",
    "remainder",
    "webster",
    "adams",
    "jefferson",
    "weight",
];

fn is_grading(part: &KeyPart) -> bool {
    grading(&[*part]) != "place"
}

fn grading(parts: &[KeyPart]) -> &'static str {
    let name = |part: &KeyPart| match part {
        KeyPart::Level => Some("level"),
        KeyPart::Remainder => Some("remainder"),
        KeyPart::Webster => Some("webster"),
        KeyPart::Adams => Some("adams"),
        KeyPart::Jefferson => Some("jefferson"),
        KeyPart::Weight => Some("weight"),
        _ => None,
    };
    parts.iter().find_map(name).unwrap_or("place")
}

fn terms(world: &World, row: usize) -> (&'static str, &'static str) {
    let misfit = if world.passes(row) {
        Misfit::Pass
    } else {
        Misfit::SetAside
    };
    (world.completeness(row).name(), misfit.name())
}

/// Every bucket that valid inputs must meet.
pub(crate) fn of_worlds() -> Vec<Bucket> {
    let mut buckets = vec![
        ("overtakes", "none", ""),
        ("overtakes", "some", ""),
        ("more_units", "some", ""),
        ("more_units", "none helps", ""),
        ("more_units", "of several SKUs", ""),
        ("more_units", "of a line served out of turn", ""),
        ("if_before", "some", ""),
        ("if_before", "none", ""),
        (
            "if_before",
            "behind the line, before the latest of its order",
            "",
        ),
        ("if_partial", "some", "whole"),
        ("if_partial", "none", "whole"),
        ("if_partial", "none", "partial"),
        ("if_partial", "of an order with an impossible line", ""),
        ("supply", "as demand", ""),
        ("supply", "one more than demand", ""),
        ("supply", "one less than demand", ""),
        ("supply", "more", ""),
        ("supply", "less", ""),
        ("supply", "zero", ""),
        ("supply", "no line", ""),
        ("supply", "no supply row", ""),
        ("supply", "the most there may be", ""),
        ("supply", "rows with equal sequence", ""),
        ("pegs", "a line from several rows", ""),
        ("topped up", "completed", ""),
        ("topped up", "strict order completed", ""),
        ("topped up", "strict order still short", ""),
        ("released", "one line", ""),
        ("released", "several lines", ""),
        ("order", "over several SKUs", ""),
        ("order", "several lines of one SKU", ""),
        ("order", "with a line of zero", ""),
        ("world", "no lines", ""),
        ("world", "no supply rows", ""),
        ("world", "more than 8 lines", ""),
        ("world", "equal times", ""),
        ("world", "negative priority", ""),
        ("world", "the largest quantity", ""),
        ("world", "orders beyond 64 bits", ""),
        ("rule", "class", ""),
        ("rule", "protect", ""),
        ("rule", "lot in a queue", ""),
        ("rule", "lot behind a grading", ""),
        ("rule", "lot as a stage", ""),
        ("place", "a lot or score at the end of the numbers", ""),
        ("place", "without a sequence", ""),
        ("rule", "two protections", ""),
        ("rule", "other weights", ""),
        ("rule", "a place in front helps", ""),
        ("claimant", "customer", ""),
        ("claimant", "order", ""),
        ("claimant", "line", ""),
        ("overtakes", "because", OvertakeCause::Misfit.name()),
        ("overtakes", "because", OvertakeCause::Rule.name()),
        ("forgery", "true, without pegs", ""),
        ("forgery", "true, maybe other pegs", ""),
    ];
    buckets.extend(
        Reason::ALL
            .iter()
            .map(|reason| ("reason", reason.name(), "")),
    );
    buckets.extend(
        IdleCause::ALL
            .iter()
            .map(|cause| ("idle", cause.name(), "")),
    );
    buckets.extend(Law::ALL.iter().map(|law| ("forgery", "breaks", law.name())));
    for part in PlacePart::ALL {
        for rule in ["queue", "shared"] {
            buckets.push(("place", part.name(), rule));
        }
    }
    for grading in GRADINGS {
        for detail in ["short", "several lines of a claimant", "huge"] {
            buckets.push(("rule", grading, detail));
        }
    }
    for completeness in ["partial", "line", "order"] {
        for misfit in ["set_aside", "pass"] {
            buckets.push(("terms", completeness, misfit));
            buckets.push(("topped up", completeness, misfit));
        }
    }
    buckets
}

/// Every code with every field that an input can be refused for. Not here: a table of more rows than
/// 32 bits count, which no test machine holds.
pub(crate) fn of_faults() -> Vec<Bucket> {
    let mut buckets = vec![
        ("input", "bad", ""),
        ("input", "good after all", ""),
        ("faults", "several", ""),
        ("faults", "one place twice in sorted rows", ""),
        ("error", "unknown_completeness", "completeness"),
        ("error", "unknown_misfit", "on_misfit"),
        ("error", "duplicate_id", "supply"),
        ("error", "duplicate_id", "line"),
        ("error", "order_disagrees", "customer"),
        ("error", "order_disagrees", "completeness"),
        ("error", "order_disagrees", "on_misfit"),
        ("error", "duplicate_place", "sequence"),
        ("error", "out_of_range", "weight"),
        ("error", "rule_needs_single_units", "completeness"),
    ];
    for field in ["supply", "line", "order", "customer", "sku", "quantity"] {
        buckets.push(("error", "out_of_range", field));
    }
    for field in [
        "line",
        "order",
        "customer",
        "quantity",
        "priority",
        "placed_at",
        "sequence",
        "lot",
        "score",
        "weight",
        "completeness",
        "on_misfit",
    ] {
        buckets.push(("error", "length_mismatch", field));
    }
    buckets
}
