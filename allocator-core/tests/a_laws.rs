//! One property per law. The README's "What is guaranteed" points at these names.
//!
//! Each law is checked from its own words, without the reference model: what the model and the core
//! could get wrong in the same way must not slip through.

mod common;

use std::collections::BTreeMap;

use allocator_core::limits::NO_ID;
use allocator_core::{
    Allocation, Completeness, Demand, DemandLine, Error, Explainer, Grade, IdleCause, KeyPart,
    Misfit, Outcome, OutcomeColumns, Overtake, OvertakeCause, PlacePart, Policy, Reason,
    ShortageRule, SkuId, Supply, Table, allocate, allocate_into, validate, verify,
};
use allocator_model::{Reported, World};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use common::columns::Columns;
use common::counterfactual::{if_before_holds, if_partial_holds, more_units_hold};
use common::faulty::{faulty_columns, faulty_rows};
use common::tamper::{report_of, reported, single_unit_changes};
use common::worlds::{small_worlds, strict_worlds, with_all_said, worlds};

/// The same cases on every run; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` ask for others.
fn config() -> ProptestConfig {
    let standard = ProptestConfig::default();
    let seed = match standard.rng_seed {
        RngSeed::Random => RngSeed::Fixed(500_480),
        fixed => fixed,
    };
    ProptestConfig {
        failure_persistence: None,
        rng_seed: seed,
        ..standard
    }
}

proptest! {
    #![proptest_config(config())]

    /// Of no SKU and no supply row more is given than was received.
    #[test]
    fn never_beyond_received_stock(world in worlds()) {
        let result = allocated(&world);
        let mut left = received(&world);
        for (row, outcome) in result.outcomes().enumerate() {
            let given = i128::from(outcome.allocated) + i128::from(outcome.set_aside);
            *left.entry(world.lines[row].sku).or_default() -= given;
        }
        prop_assert!(left.values().all(|&left| left >= 0), "{left:?}");
        let mut shelf: Vec<i128> = world.supply.iter().map(|row| row.quantity.into()).collect();
        for peg in result.pegs() {
            shelf[peg.supply as usize] -= i128::from(peg.units);
            let supply = &world.supply[peg.supply as usize];
            prop_assert_eq!(supply.sku, world.lines[peg.row as usize].sku);
        }
        prop_assert!(shelf.iter().all(|&left| left >= 0), "{shelf:?}");
    }

    /// quantity = allocated + set aside + waiting + never, and received = pegged + idle.
    #[test]
    fn every_unit_is_in_exactly_one_box(world in worlds()) {
        let result = allocated(&world);
        let mut left = received(&world);
        for (row, outcome) in result.outcomes().enumerate() {
            let Outcome { quantity, allocated, set_aside, waiting, never, .. } = outcome;
            let boxes = [allocated, set_aside, waiting, never];
            prop_assert!(boxes.iter().all(|&units| units >= 0), "{:?}", outcome);
            prop_assert_eq!(boxes.iter().map(|&units| i128::from(units)).sum::<i128>(), quantity.into());
            prop_assert_eq!(quantity, world.lines[row].quantity);
            let pegged: i64 = result.pegs_of(row).iter().map(|peg| peg.units).sum();
            prop_assert_eq!(pegged, allocated);
            *left.entry(world.lines[row].sku).or_default() -= i128::from(allocated);
        }
        for idle in result.idle() {
            prop_assert!(idle.units > 0);
            *left.entry(idle.sku).or_default() -= i128::from(idle.units);
        }
        prop_assert!(left.values().all(|&left| left == 0), "{left:?}");
        let sums = result.summary();
        prop_assert_eq!(sums.ordered, sums.allocated + sums.set_aside + sums.waiting + sums.never);
        prop_assert_eq!(sums.received, sums.allocated + sums.idle);
    }

    /// Whole lines, and all lines of whole orders, get everything or nothing; only they have units
    /// aside, and only where misfits are set aside.
    #[test]
    fn what_ships_whole_gets_all_or_nothing(world in worlds()) {
        let result = allocated(&world);
        let mut orders: BTreeMap<u32, bool> = BTreeMap::new();
        for (row, outcome) in result.outcomes().enumerate() {
            let line = &world.lines[row];
            if !world.is_whole(row) || world.passes(row) {
                prop_assert_eq!(outcome.set_aside, 0, "row {}", row);
            }
            if world.is_whole(row) {
                prop_assert!([0, outcome.quantity].contains(&outcome.allocated), "row {}", row);
            }
            let by_order = line.completeness.unwrap_or(world.policy.completeness) == Completeness::Order;
            if let (true, Some(order), true) = (by_order, line.order, outcome.quantity > 0) {
                let full = outcome.allocated == outcome.quantity;
                prop_assert_eq!(*orders.entry(order.0).or_insert(full), full, "order {}", order);
            }
        }
    }

    /// The queue covers nobody while one before him waits; a later line is served before an earlier
    /// one only where somebody lets others pass or the rule shares, and each such pair is reported.
    #[test]
    fn no_queue_jumping(world in worlds()) {
        let result = allocated(&world);
        let waits = |row: usize| result.outcome(row).is_some_and(|outcome| outcome.waiting > 0);
        let claims = |row: usize| !result.reasons()[row].is_never();
        let shares = world.shares();
        let because = if shares { OvertakeCause::Rule } else { OvertakeCause::Misfit };
        let mut jumped = Vec::new();
        for sku in world.skus() {
            let queue = world.queue_of(sku);
            for (index, &earlier) in queue.iter().enumerate() {
                for &later in &queue[index + 1..] {
                    let full = result.covered()[earlier] == world.lines[earlier].quantity;
                    if claims(earlier) && !full && !shares {
                        prop_assert_eq!(result.covered()[later], 0, "row {} before {}", later, earlier);
                    }
                    if waits(earlier) && result.allocated()[later] > 0 {
                        let (later, earlier) = (later as u32, earlier as u32);
                        jumped.push(Overtake { later, earlier, because });
                    }
                }
            }
        }
        let passes = world.rows().any(|row| world.is_whole(row) && world.passes(row));
        for pair in &jumped {
            // Somebody released units, and the earlier one lets others pass or stands further back.
            let earlier = pair.earlier as usize;
            let stands = world.parcel(earlier).into_iter().map(|row| world.place(row)).max();
            let behind = stands > Some(world.place(pair.later as usize));
            let lets_pass = world.is_whole(earlier) && world.passes(earlier);
            prop_assert!(shares || (passes && (lets_pass || behind)), "{pair:?}");
        }
        prop_assert_eq!(passes, result.is_one_off());
        prop_assert_eq!(result.overtake_count(), jumped.len() as u64);
        prop_assert_eq!(result.overtakes().collect::<Vec<_>>(), jumped);
    }

    /// Every idle unit is kept for a line that ships whole, wanted by nobody, or does not fit anybody.
    #[test]
    fn nothing_idle_without_a_cause(world in worlds()) {
        let result = allocated(&world);
        let open = |row: usize| result.outcome(row).map_or(0, |outcome| outcome.waiting);
        let mut free: BTreeMap<SkuId, i64> = BTreeMap::new();
        for idle in result.idle() {
            let wanted = world.rows().any(|row| {
                world.lines[row].sku == idle.sku && open(row) + result.set_aside()[row] > 0
            });
            match (idle.cause, idle.row) {
                (IdleCause::SetAside, Some(row)) => {
                    let row = row as usize;
                    prop_assert!(world.is_whole(row) && !world.passes(row));
                    prop_assert_eq!(result.set_aside()[row], idle.units);
                    prop_assert_eq!(world.lines[row].sku, idle.sku);
                }
                (IdleCause::NoDemand, None) => prop_assert!(!wanted),
                (IdleCause::DoesNotFit, None) => prop_assert!(wanted),
                other => prop_assert!(false, "{other:?}"),
            }
            if idle.row.is_none() {
                prop_assert_eq!(free.insert(idle.sku, idle.units), None);
            }
        }
        // Nobody who waits could take what is free.
        for parcel in world.parcels() {
            let room = |row: usize| free.get(&world.lines[row].sku).copied().unwrap_or(0);
            let all_or_nothing = world.is_whole(parcel[0]) && world.passes(parcel[0]);
            let mut needs: BTreeMap<SkuId, i128> = BTreeMap::new();
            for &row in parcel.iter().filter(|&&row| open(row) > 0) {
                *needs.entry(world.lines[row].sku).or_default() += i128::from(open(row));
                prop_assert!(all_or_nothing || room(row) == 0, "row {row} leaves {free:?}");
            }
            let fits = |(sku, &units): (&SkuId, &i128)| {
                free.get(sku).is_some_and(|&free| units <= i128::from(free))
            };
            prop_assert!(needs.is_empty() || !needs.iter().all(fits), "{parcel:?} leaves {free:?}");
        }
    }

    /// Other ids, and the rows in another order, change nothing but the names.
    #[test]
    fn renaming_ids_and_shuffling_rows_changes_nothing(
        world in worlds().prop_map(with_all_said),
        keys in prop::collection::vec(any::<u8>(), 40),
        offset in 0_u32..1_000,
    ) {
        let order = shuffled(world.lines.len(), &keys);
        let shelf = shuffled(world.supply.len(), &keys);
        let mut moved = World {
            lines: order.iter().map(|&row| world.lines[row]).collect(),
            supply: shelf.iter().map(|&row| world.supply[row]).collect(),
            policy: world.policy,
        };
        let before = allocated(&world);
        let after = allocated(&moved);
        for (at, &row) in order.iter().enumerate() {
            prop_assert_eq!(after.outcome(at), before.outcome(row));
            let mut pegs: Vec<_> =
                after.pegs_of(at).iter().map(|peg| (shelf[peg.supply as usize], peg.units)).collect();
            pegs.sort_unstable();
            let own = before.pegs_of(row).iter().map(|peg| (peg.supply as usize, peg.units));
            prop_assert_eq!(pegs, own.collect::<Vec<_>>());
        }

        // One to one on all numbers; one of them becomes the one that means none.
        let rename =
            |id: u32| id.wrapping_add(offset).wrapping_mul(2_654_435_761).rotate_right(1);
        prop_assume!(ids(&moved).iter().all(|&id| rename(id) != NO_ID));
        for line in &mut moved.lines {
            line.line.0 = rename(line.line.0);
            line.sku.0 = rename(line.sku.0);
            line.order = line.order.map(|order| rename(order.0).into());
            line.customer = line.customer.map(|customer| rename(customer.0).into());
        }
        for supply in &mut moved.supply {
            supply.sku.0 = rename(supply.sku.0);
        }
        let renamed = allocated(&moved);
        for at in moved.rows() {
            prop_assert_eq!(renamed.outcome(at), after.outcome(at));
            prop_assert_eq!(renamed.pegs_of(at), after.pegs_of(at));
        }
    }

    /// One more unit in a supply row takes no unit from anyone: neither what he gets nor what is kept
    /// for him.
    #[test]
    fn more_supply_never_hurts(world in strict_worlds(), units in 1_i64..4) {
        let before = allocated(&world);
        for at in 0..world.supply.len() {
            let mut more = world.clone();
            more.supply[at].quantity = more.supply[at].quantity.saturating_add(units);
            if validate(&more.lines, &more.supply, &more.policy).is_ok() {
                no_worse(&before, &allocated(&more), Some)?;
            }
        }
    }

    /// Who cancels or wants less takes no unit from those who stay. A line that makes its order
    /// impossible is another matter: without it the order comes back into the queue. Where the rule
    /// shares, those who stay are the other claimants. Where places are told by quantities who wants
    /// less moves to the front, so there only who cancels hurts nobody.
    #[test]
    fn a_cancellation_never_hurts_those_who_stay(
        world in strict_worlds().prop_map(with_all_said),
        less in 1_i64..4,
    ) {
        let before = allocated(&world);
        let keeps_places = !world.compared_by().contains(&PlacePart::Quantity);
        for row in world.rows().filter(|&row| !world.is_hopeless(row)) {
            let stays = |other: usize| !group(&world, row).contains(&other);
            if keeps_places {
                let mut reduced = world.clone();
                reduced.lines[row].quantity = (reduced.lines[row].quantity - less).max(0);
                no_worse(&before, &allocated(&reduced), |other| stays(other).then_some(other))?;
            }
            let mut gone = world.clone();
            gone.lines.remove(row);
            let at = |other: usize| stays(other).then(|| other - usize::from(other > row));
            no_worse(&before, &allocated(&gone), at)?;
        }
    }

    /// Whoever is served in full and leaves with his units changes nobody, under every rule, and under
    /// either misfit where no order of several lines ships whole: such an order is covered at the place
    /// of each line and offered released units at that of its latest, so less to release can move them.
    #[test]
    fn who_is_served_and_leaves_changes_nobody(world in worlds().prop_map(with_all_said)) {
        let mut parcels = world.parcels().into_iter();
        if world.rows().any(|row| world.passes(row)) && parcels.any(|parcel| parcel.len() > 1) {
            return Ok(());
        }
        let before = allocated(&world);
        let served = |&row: &usize| before.allocated()[row] == world.lines[row].quantity;
        let leave = |rows: &Vec<usize>| rows.iter().all(served);
        let parcels = if world.shares() {
            world.rows().map(|row| group(&world, row)).collect()
        } else {
            world.parcels()
        };
        for parcel in parcels.into_iter().filter(leave) {
            let mut rest = world.clone();
            for peg in parcel.iter().flat_map(|&row| before.pegs_of(row)) {
                rest.supply[peg.supply as usize].quantity -= peg.units;
            }
            let stay: Vec<usize> = world.rows().filter(|row| !parcel.contains(row)).collect();
            rest.lines = stay.iter().map(|&row| world.lines[row]).collect();
            let after = allocated(&rest);
            for (at, &row) in stay.iter().enumerate() {
                prop_assert_eq!(after.allocated()[at], before.allocated()[row]);
                prop_assert_eq!(after.set_aside()[at], before.set_aside()[row]);
            }
        }
    }

    /// Of 500 ordered and 480 received exactly 20 are cut: what is not served is what is short. Only
    /// whole lines and orders leave more unserved, and every such unit is idle by name.
    #[test]
    fn exact_total(world in worlds()) {
        let result = allocated(&world);
        let received = received(&world);
        for sku in world.skus() {
            let mut queue = world.queue_of(sku);
            queue.retain(|&row| !result.reasons()[row].is_never());
            let units = |of: &dyn Fn(usize) -> i64| -> i128 {
                queue.iter().map(|&row| i128::from(of(row))).sum()
            };
            let received = received.get(&SkuId(sku)).copied().unwrap_or(0);
            let claimed = units(&|row| world.lines[row].quantity);
            let served = units(&|row| result.allocated()[row]);
            let beyond = claimed.min(received) - served;
            let named = result.idle().iter().filter(|idle| {
                idle.sku.0 == sku && idle.cause != IdleCause::NoDemand
            });
            let named: i128 = named.map(|idle| i128::from(idle.units)).sum();
            let whole = queue.iter().any(|&row| world.is_whole(row));
            prop_assert!(0 <= beyond && beyond <= named, "{} beyond, {} named", beyond, named);
            prop_assert!(whole || beyond == 0, "{} beyond without a whole line", beyond);
        }
    }

    /// Of two lines that want as much of one SKU on equal terms, the earlier never gets less. Where the
    /// rule shares, each is all that its claimant wants, both weigh the same, and the later one has no
    /// class or lot that the rule lets go first.
    #[test]
    fn equal_claims_earlier_never_gets_less(world in worlds()) {
        let result = allocated(&world);
        let terms = |row: usize| {
            let whole = world.is_whole(row);
            let weight = if world.shares() { world.lines[row].weight } else { 1 };
            (world.lines[row].quantity, weight, whole, whole && world.passes(row))
        };
        let first = |row: usize| -> Vec<i64> {
            let parts = world.policy.rule.parts().iter().filter(|_| world.shares());
            parts.filter_map(|part| match part {
                KeyPart::Class => Some(world.lines[row].priority),
                KeyPart::Lot => Some(world.lines[row].lot),
                _ => None,
            })
            .collect()
        };
        for sku in world.skus() {
            let mut queue = world.queue_of(sku);
            queue.retain(|&row| world.parcel(row).len() == 1);
            queue.retain(|&row| !world.shares() || group(&world, row).len() == 1);
            for (index, &earlier) in queue.iter().enumerate() {
                let alike = |row: usize| terms(row) == terms(earlier) && first(earlier) <= first(row);
                for &later in queue[index + 1..].iter().filter(|&&row| alike(row)) {
                    prop_assert!(result.allocated()[earlier] >= result.allocated()[later]);
                    prop_assert!(result.covered()[earlier] >= result.covered()[later]);
                }
            }
        }
    }

    /// What each reason says is so.
    #[test]
    fn every_outcome_has_a_true_reason(world in worlds()) {
        let result = allocated(&world);
        for (row, outcome) in result.outcomes().enumerate() {
            let Outcome { quantity, allocated, never, covered, reason, .. } = outcome;
            let supplied = world.supply.iter().any(|supply| supply.sku == world.lines[row].sku);
            let kind = world.completeness(row);
            let mates = world.parcel(row);
            let some_mate = |is: &dyn Fn(usize) -> bool| mates.iter().any(|&mate| mate != row && is(mate));
            let open = 0 <= allocated && allocated < quantity && never == 0;
            let is_true = match reason {
                Reason::NothingAsked => quantity == 0,
                Reason::Served => quantity > 0 && allocated == quantity,
                Reason::UnknownSku => quantity > 0 && never == quantity && !supplied,
                Reason::OrderHasImpossibleLine => {
                    let impossible = |mate: usize| result.reasons()[mate] == Reason::UnknownSku;
                    supplied && never == quantity && kind == Completeness::Order && some_mate(&impossible)
                }
                Reason::OrderIncomplete => {
                    let short = |mate: usize| result.covered()[mate] < world.lines[mate].quantity;
                    open && covered == quantity && kind == Completeness::Order && some_mate(&short)
                }
                Reason::LineIncomplete => open && 0 < covered && kind == Completeness::Line,
                Reason::Short => open && covered < quantity,
                _ => false,
            };
            prop_assert!(is_true, "row {}: {:?}", row, outcome);
            prop_assert!(never == 0 || reason.is_never());
            prop_assert!(!reason.sentence().is_empty());
        }
    }

    /// What an explanation says would happen does happen when the changed input is run, and one step
    /// less does not.
    #[test]
    fn counterfactuals_hold_when_run(world in worlds()) {
        let explainer = Explainer::new(&world.lines, &world.supply, &world.policy).unwrap();
        for row in world.rows() {
            let why = explainer.explain(row).unwrap();
            more_units_hold(&world, row, &why)?;
            if_before_holds(&world, row, &why)?;
            if_partial_holds(&world, row, &why)?;
        }
    }

    /// A refused call writes nothing, and every way in gives the same first fault.
    #[test]
    fn bad_input_changes_nothing(world in faulty_rows(), columns in faulty_columns()) {
        let World { lines, supply, policy } = &world;
        unchanged_if_refused(lines, lines.len(), supply, policy)?;
        let (table, world) = &columns;
        unchanged_if_refused(&table.borrow(), table.sku.len(), &world.supply, &world.policy)?;
    }

    /// The same input gives the same result, on this thread and on another.
    #[test]
    fn same_input_same_result(world in worlds()) {
        let copy = world.clone();
        let first = everything(&allocated(&world));
        prop_assert_eq!(&first, &everything(&allocated(&world)));
        let elsewhere = std::thread::spawn(move || everything(&allocated(&copy)));
        prop_assert_eq!(first, elsewhere.join().unwrap());
    }

    /// Rows and columns are two forms of one input, whether defaults are said or left out.
    #[test]
    fn rows_and_columns_agree(world in worlds()) {
        let rows = everything(&allocated(&world));
        let full = Columns::of(&world.lines);
        for table in [full.clone(), full.sparse()] {
            let columns = allocate(&table.borrow(), &world.supply, &world.policy).unwrap();
            prop_assert_eq!(&rows, &everything(&columns));
        }
    }

    /// Receipts in many parts or in one give everybody the same.
    #[test]
    fn receipts_split_or_merged_give_the_same_amounts(world in worlds(), at in 1_i64..4) {
        let whole = allocated(&world);
        let mut split = world.clone();
        split.supply = Vec::new();
        for row in &world.supply {
            let first = row.quantity.min(at);
            for (part, units) in [first, row.quantity - first].into_iter().enumerate() {
                let mut row = *row;
                (row.supply, row.quantity) = (None, units);
                row.sequence -= part as i64;
                split.supply.push(row);
            }
        }
        let mut merged = world.clone();
        merged.supply = received(&world)
            .into_iter()
            .filter(|(sku, _)| world.supply.iter().any(|row| row.sku == *sku))
            .map(|(sku, units)| Supply::received(sku, i64::try_from(units).unwrap()))
            .collect();
        for other in [&split, &merged] {
            let other = allocated(other);
            prop_assert_eq!(other.outcomes().collect::<Vec<_>>(), whole.outcomes().collect::<Vec<_>>());
            prop_assert_eq!(other.idle(), whole.idle());
        }
    }

    /// However the units arrive, shipment by shipment: with the original claims and all units received
    /// so far, what is handed out each time is never below zero and adds up to what one call on all
    /// units gives.
    #[test]
    fn increments_add_up_to_one_award(
        world in strict_worlds(),
        arrived in prop::collection::vec(prop::collection::vec(0_i128..=4, 4), 1..4),
    ) {
        let mut given = vec![0; world.lines.len()];
        let mut quarters = vec![0; world.supply.len()];
        for shipment in arrived.iter().chain([&vec![4; 4]]) {
            for (row, so_far) in quarters.iter_mut().enumerate() {
                *so_far = 4.min(*so_far + shipment[row % 4]);
            }
            let now = allocated(&received_in_part(&world, &quarters));
            for (row, more) in now.increment(&given).unwrap().into_iter().enumerate() {
                prop_assert!(more >= 0);
                given[row] += more;
            }
        }
        let all = allocated(&world);
        prop_assert_eq!(all.allocated(), given);
    }

    /// What was handed out stays below what is owed when somebody else cancels and more arrives.
    #[test]
    fn a_cancellation_makes_no_increment_negative(
        world in strict_worlds().prop_map(with_all_said),
        quarters in prop::collection::vec(0_i128..=4, 4),
    ) {
        let quarters: Vec<i128> = quarters.iter().copied().cycle().take(world.supply.len()).collect();
        let given = allocated(&received_in_part(&world, &quarters));
        for row in world.rows().filter(|&row| !world.is_hopeless(row)) {
            let stay: Vec<usize> = world
                .rows()
                .filter(|other| !group(&world, row).contains(other))
                .collect();
            let given: Vec<i64> = stay.iter().map(|&row| given.allocated()[row]).collect();
            for part in [received_in_part(&world, &quarters), world.clone()] {
                let mut rest = part.clone();
                rest.lines = stay.iter().map(|&row| world.lines[row]).collect();
                let more = allocated(&rest).increment(&given);
                prop_assert!(more.is_ok_and(|more| more.iter().all(|&units| units >= 0)));
            }
        }
    }

    /// Near the largest number nothing wraps and nobody changes place: what a line is covered for is
    /// what 128-bit sums along the queue say.
    #[test]
    fn claims_near_the_limit_neither_wrap_nor_reorder(
        asked in prop::collection::vec(
            prop_oneof![i64::MAX - 2..=i64::MAX, (1_i64 << 62) - 1..=(1 << 62) + 1, 0_i64..=2],
            1..6,
        ),
        stock in prop_oneof![i64::MAX - 2..=i64::MAX, (1_i64 << 62) - 1..=(1 << 62) + 1, 0_i64..=2],
        whole: bool,
    ) {
        let kind = if whole { Completeness::Line } else { Completeness::Partial };
        let world = World {
            lines: (0..).zip(&asked).map(|(id, &units)| DemandLine::new(id, 7, units)).collect(),
            supply: vec![Supply::received(7, stock)],
            policy: Policy::first_come().completeness(kind),
        };
        let result = allocated(&world);
        let mut ahead = 0_i128;
        for (row, &asked) in asked.iter().enumerate() {
            let covered = (i128::from(stock) - ahead).clamp(0, asked.into());
            prop_assert_eq!(i128::from(result.covered()[row]), covered);
            let ships = !whole || covered == i128::from(asked);
            prop_assert_eq!(i128::from(result.allocated()[row]), if ships { covered } else { 0 });
            prop_assert_eq!(result.places()[row].units_ahead, ahead);
            prop_assert_eq!(result.places()[row].position as usize, row + 1);
            ahead += i128::from(asked);
        }
        prop_assert_eq!(result.summary().ordered, ahead);
        let verdict = verify(&world.lines, &world.supply, &world.policy, &result);
        prop_assert_eq!(verdict, Ok(Grade::Ordered));
    }

    /// Whoever takes a unit from a line, gives it one, or moves one from a box or a line to another is
    /// found out.
    #[test]
    fn auditor_rejects_every_single_unit_change(world in small_worlds()) {
        let World { lines, supply, policy } = &world;
        let result = allocated(&world);
        prop_assert_eq!(verify(lines, supply, policy, &result), Ok(Grade::Ordered));
        let honest = report_of(&result);
        let without_pegs = Reported { pegs: None, ..honest.clone() };
        for truth in [&honest, &without_pegs] {
            prop_assert_eq!(verify(lines, supply, policy, &reported(truth)), Ok(Grade::Ordered));
            for forged in single_unit_changes(truth) {
                let verdict = verify(lines, supply, policy, &reported(&forged));
                prop_assert!(verdict.is_err(), "{forged:?}");
            }
        }
    }
}

/// `Pass` serves the second line with 1 unit and takes it back with 2; and nothing smaller shows it.
#[test]
fn pass_gives_up_monotony_smallest_witness() {
    let gets = |lines: &[(i64, Completeness)], stock: i64| {
        let line = |(id, &(units, kind)): (u32, &(i64, Completeness))| {
            DemandLine::new(id, 7, units).completeness(kind)
        };
        let lines: Vec<_> = (0..).zip(lines).map(line).collect();
        let policy = Policy::first_come().on_misfit(Misfit::Pass);
        let result = allocate(&lines, &[Supply::received(7, stock)], &policy).unwrap();
        result.allocated().to_vec()
    };
    let witness = [(2, Completeness::Line), (1, Completeness::Partial)];
    assert_eq!(gets(&witness, 1), [0, 1]);
    assert_eq!(gets(&witness, 2), [2, 0]);
    for first in 0..=3 {
        for second in 0..=3 - first {
            for kinds in 0..4 {
                let kind = |whole: bool| {
                    if whole {
                        Completeness::Line
                    } else {
                        Completeness::Partial
                    }
                };
                let lines = [(first, kind(kinds & 1 > 0)), (second, kind(kinds & 2 > 0))];
                let hurts = (0..4).any(|stock| {
                    let (less, more) = (gets(&lines, stock), gets(&lines, stock + 1));
                    less.iter().zip(&more).any(|(less, more)| less > more)
                });
                let is_witness = (first, second) == (2, 1) && kinds & 1 > 0;
                assert_eq!(hurts, is_witness, "{lines:?}");
            }
        }
    }
}

/// Units that were given and are owed no longer are a named fault: only a one-off, or other lines,
/// lead there.
#[test]
fn what_was_given_is_never_above_the_award() {
    let lines = [
        DemandLine::new(0, 7, 2).completeness(Completeness::Line),
        DemandLine::new(1, 7, 1),
    ];
    let policy = Policy::first_come().on_misfit(Misfit::Pass);
    let given = |units| allocate(&lines, &[Supply::received(7, units)], &policy).unwrap();
    let (first, then) = (given(1), given(2));
    assert_eq!(
        (first.allocated(), then.allocated()),
        (&[0, 1][..], &[2, 0][..])
    );
    assert!(then.is_one_off());
    let fault = then.increment(first.allocated()).unwrap_err();
    let above = Error::GivenAboveAward {
        row: 1,
        given: 1,
        award: 0,
    };
    assert_eq!(fault, above);
    let facts = (fault.code(), fault.row(), fault.field(), fault.table());
    assert_eq!(
        facts,
        (
            "given_above_award",
            Some(1),
            Some("given"),
            Some(Table::Lines)
        )
    );
    assert_eq!(
        fault.to_string(),
        "lines row 1, given: 1 is above the 0 that the line is allocated",
    );
    assert_eq!(then.increment(&[0, 0]).unwrap(), [2, 0]);
    let fault = then.increment(&[0]).unwrap_err();
    assert_eq!(
        (fault.code(), fault.field()),
        ("length_mismatch", Some("given"))
    );
    let fault = then.increment(&[0, -1]).unwrap_err();
    assert_eq!(
        (fault.code(), fault.row(), fault.field()),
        ("out_of_range", Some(1), Some("given"))
    );
    assert_eq!(
        then.increment(&[i64::MAX, i64::MIN]).unwrap_err().row(),
        Some(0)
    );
}

/// Two shipments of 1 for claims of 2 and 1: rounds owe 1 and 1, each shipment shared by what is still
/// open gives 2 and 0.
#[test]
fn shipments_shared_by_open_remainders_are_another_rule() {
    let rounds = Policy::sharing(ShortageRule::one_each_per_round());
    let share = |claims: [i64; 2], units| {
        let lines = [
            DemandLine::new(0, 7, claims[0]),
            DemandLine::new(1, 7, claims[1]),
        ];
        allocate(&lines, &[Supply::received(7, units)], &rounds).unwrap()
    };
    let first = share([2, 1], 1);
    assert_eq!(first.increment(&[0, 0]).unwrap(), [1, 0]);
    assert_eq!(
        share([2, 1], 2).increment(first.allocated()).unwrap(),
        [0, 1]
    );
    assert_eq!(
        share([1, 1], 1).allocated(),
        [1, 0],
        "open remainders: 2 and 0 in all"
    );
}

/// The same world when so many quarters of each supply row have arrived.
fn received_in_part(world: &World, quarters: &[i128]) -> World {
    let mut part = world.clone();
    for (row, quarters) in part.supply.iter_mut().zip(quarters) {
        row.quantity = (i128::from(row.quantity) * quarters / 4) as i64;
    }
    part
}

fn allocated(world: &World) -> Allocation {
    allocate(&world.lines, &world.supply, &world.policy).expect("a valid world")
}

/// The lines that share one claim with this one: those of its claimant and SKU where the rule shares,
/// itself alone in a queue.
fn group(world: &World, row: usize) -> Vec<usize> {
    let same = |&other: &usize| {
        let shared = world.shares() && world.lines[other].sku == world.lines[row].sku;
        other == row || shared && world.claimant(other) == world.claimant(row)
    };
    world.rows().filter(same).collect()
}

fn received(world: &World) -> BTreeMap<SkuId, i128> {
    let mut received = BTreeMap::new();
    for row in &world.supply {
        *received.entry(row.sku).or_default() += i128::from(row.quantity);
    }
    received
}

/// The rows in the order of their keys.
fn shuffled(rows: usize, keys: &[u8]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_by_key(|&row| keys[row]);
    order
}

/// Every id in use.
fn ids(world: &World) -> Vec<u32> {
    let of_lines = world.lines.iter().flat_map(|line| {
        let (order, customer) = (line.order.map(|id| id.0), line.customer.map(|id| id.0));
        [Some(line.line.0), Some(line.sku.0), order, customer]
    });
    let of_supply = world.supply.iter().map(|row| Some(row.sku.0));
    of_lines.chain(of_supply).flatten().collect()
}

/// Line by line, never the lists as a whole: [5, 1] is more than [4, 9] to a comparison of lists.
fn no_worse(
    before: &Allocation,
    after: &Allocation,
    at: impl Fn(usize) -> Option<usize>,
) -> Result<(), TestCaseError> {
    for row in 0..before.len() {
        let Some(now) = at(row) else { continue };
        let held = |of: &Allocation, row: usize| {
            i128::from(of.allocated()[row]) + i128::from(of.set_aside()[row])
        };
        prop_assert!(
            after.allocated()[now] >= before.allocated()[row],
            "row {row} gets less"
        );
        prop_assert!(
            held(after, now) >= held(before, row),
            "row {row} holds less"
        );
        prop_assert!(
            after.covered()[now] >= before.covered()[row],
            "row {row} is covered less"
        );
    }
    Ok(())
}

/// Everything a result says, to compare two of them.
fn everything(result: &Allocation) -> String {
    let outcomes: Vec<_> = result.outcomes().collect();
    let overtakes: Vec<_> = result.overtakes().collect();
    let (pegs, idle, places) = (result.pegs(), result.idle(), result.places());
    format!(
        "{outcomes:?} {pegs:?} {idle:?} {overtakes:?} {places:?} {:?} {result}",
        result.summary()
    )
}

fn unchanged_if_refused<L: Demand + ?Sized>(
    lines: &L,
    rows: usize,
    supply: &[Supply],
    policy: &Policy,
) -> Result<(), TestCaseError> {
    let mut units = [vec![-7; rows], vec![-8; rows], vec![-9; rows]];
    let mut reason = vec![Reason::OrderIncomplete; rows];
    let before = (units.clone(), reason.clone());
    let [allocated, covered, set_aside] = &mut units;
    let mut out = OutcomeColumns {
        allocated,
        covered: Some(covered),
        set_aside: Some(set_aside),
        reason: Some(&mut reason),
    };
    let answer = allocate_into(lines, supply, policy, &mut out);
    if let Err(error) = &answer {
        prop_assert_eq!(&(units, reason), &before);
        prop_assert_eq!(&allocate(lines, supply, policy).unwrap_err(), error);
        let faults = validate(lines, supply, policy).expect_err("a bad input");
        prop_assert_eq!(faults.first(), Some(error));
        prop_assert!(!error.to_string().is_empty());
    } else {
        prop_assert_eq!(validate(lines, supply, policy), Ok(()));
    }
    Ok(())
}
