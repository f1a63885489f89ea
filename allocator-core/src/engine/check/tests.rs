//! Damage of every kind, planted in a sound state: the check must see each.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use crate::engine::command::{
    AllocateRule, Command, Pack, Place, PlaceLine, Request, StockCause, StockChange,
};
use crate::engine::policy::SkuPolicy;
use crate::engine::state::{NONE, State};
use crate::engine::view::Ended;
use crate::engine::{Decision, Engine, Settings};
use crate::id::{CustomerId, LineId, LocationId, OrderId, SkuId, SupplyId};
use crate::time::Timestamp;

const PLAIN: SkuId = SkuId(7);
const CAPPED: SkuId = SkuId(8);
const LISTED: SkuId = SkuId(9);
const NEAR: LocationId = LocationId(1);
const FAR: LocationId = LocationId(2);

fn order(id: u32, until: Option<i64>, lines: Vec<PlaceLine>) -> Command {
    Command::Place(Place {
        order: OrderId(id),
        customer: Some(CustomerId(id % 2)),
        until: until.map(Timestamp::from_micros),
        together: false,
        partial: false,
        replaces: None,
        lines,
    })
}

fn receipt(sku: SkuId, location: LocationId, units: i64) -> Command {
    Command::Stock {
        sku,
        location,
        change: StockChange::By(units),
        cause: StockCause::Receipt,
        supply: None,
        only_free: false,
    }
}

/// Orders and holds, served at two locations, waiting, tied, listed, shipped, closed.
fn sound() -> Engine {
    let tied = |line, sku: SkuId, units, location| PlaceLine {
        location: Some(location),
        ..PlaceLine::new(line, sku, units)
    };
    let capped = SkuPolicy {
        customer_cap: Some(90),
        ..SkuPolicy::default()
    };
    let commands = vec![
        Command::Configure {
            sku: CAPPED,
            policy: Box::new(capped),
        },
        Command::Supply {
            supply: SupplyId(1),
            sku: PLAIN,
            location: NEAR,
            units: 5,
            expected_at: Timestamp::from_micros(900),
        },
        receipt(PLAIN, NEAR, 3),
        receipt(PLAIN, FAR, 4),
        receipt(LISTED, NEAR, 2),
        order(1, None, vec![PlaceLine::new(1, PLAIN, 5)]),
        order(2, Some(500), vec![PlaceLine::new(2, PLAIN, 1)]),
        order(3, None, vec![PlaceLine::new(3, PLAIN, 4)]),
        order(4, Some(600), vec![tied(4, PLAIN, 4, FAR)]),
        order(5, None, vec![PlaceLine::new(5, CAPPED, 4)]),
        order(6, None, vec![PlaceLine::new(6, LISTED, 4)]),
        order(7, None, vec![PlaceLine::new(7, LISTED, 4)]),
        order(8, None, vec![PlaceLine::new(8, CAPPED, 1)]),
        Command::Allocate {
            sku: LISTED,
            rule: AllocateRule::Shared("one_each_per_round".parse().expect("a rule")),
            is_final: false,
            expect: None,
            draw: None,
        },
        Command::Ship {
            line: LineId(1),
            units: 1,
            location: None,
        },
        Command::CancelOrder {
            order: OrderId(8),
            only_waiting: false,
        },
    ];
    let mut engine = Engine::new(Settings::default()).expect("settings");
    for (id, command) in (1_u128..).zip(commands) {
        let request = Request {
            id: id.into(),
            issued_at: None,
            command,
        };
        let applied = engine.apply(Timestamp::from_micros(0), &request);
        assert_eq!(applied.expect("sound").decision, Decision::Accepted);
    }
    engine
}

fn sku(state: &mut State, id: SkuId) -> &mut crate::engine::state::Sku {
    let slot = state.sku_slots.get(id.0).expect("known");
    &mut state.skus[slot as usize]
}

fn account(state: &mut State, id: SkuId) -> &mut crate::engine::state::Account {
    let first = sku(state, id).accounts[0];
    &mut state.accounts[first as usize]
}

fn line(state: &mut State, id: u32) -> &mut crate::engine::state::Line {
    let slot = state.line_slots.get(id).expect("known");
    state.lines.at_mut(slot).expect("known")
}

fn part(state: &mut State, id: u32) -> &mut crate::engine::state::Part {
    let first = line(state, id).first_part;
    state.parts.at_mut(first).expect("known")
}

fn order_of(state: &mut State, id: u32) -> &mut crate::engine::state::Order {
    let slot = state.order_slots.get(id).expect("known");
    state.orders.at_mut(slot).expect("known")
}

/// What is changed, and what the check must say of it (nothing: any complaint will do).
type Damage = (fn(&mut State), &'static str);

fn said(damage: fn(&mut State)) -> Option<alloc::string::String> {
    use alloc::string::ToString as _;
    let mut engine = sound();
    damage(&mut engine.state);
    engine.check().err().map(|error| error.to_string())
}

fn all_seen(damages: &[Damage]) {
    assert!(sound().check().is_ok());
    for (number, (damage, words)) in damages.iter().enumerate() {
        let said = said(*damage).unwrap_or_default();
        assert!(
            !said.is_empty() && said.contains(words),
            "damage {number}: expected {words:?}, said {said:?}"
        );
    }
}

#[test]
fn damaged_books_are_seen() {
    all_seen(&[
        (
            |s| account(s, PLAIN).position.available = 1,
            "does not add up",
        ),
        (|s| account(s, PLAIN).position.scrapped = -1, "below zero"),
        (
            |s| {
                let here = &mut account(s, PLAIN).position;
                (here.allocated, here.reserved) = (here.allocated - 1, here.reserved + 1);
            },
            "other units than their account",
        ),
        (
            |s| {
                let here = &mut account(s, PLAIN).position;
                (here.shipped, here.scrapped) = (here.shipped - 1, here.scrapped + 1);
            },
            "shipped more",
        ),
        (|s| account(s, PLAIN).booked = false, "ever booked"),
        (
            |s| account(s, PLAIN).tied_waiting = 1,
            "waits for a location",
        ),
        (|s| sku(s, PLAIN).received += 1, "received of a SKU"),
        (|s| sku(s, PLAIN).waiting += 1, "waits for a SKU"),
        (|s| sku(s, PLAIN).demanded -= 1, "wanted of a SKU"),
        (|s| sku(s, PLAIN).together = 1, "ship together"),
        (|s| sku(s, PLAIN).accounts.reverse(), "out of order"),
        (|s| _ = sku(s, PLAIN).accounts.pop(), ""),
        (|s| _ = sku(s, PLAIN).supplies.pop(), "belongs to no SKU"),
        (|s| s.supplies[0].received = -1, "fewer than no units"),
        (|s| s.supplies[0].location = 99, "unknown location"),
        (|s| s.supplies[0].sequence = s.counter, "out of order"),
        (|s| sku(s, CAPPED).caps = None, "what customers have"),
        (
            |s| sku(s, PLAIN).caps = sku(s, CAPPED).caps.clone(),
            "what customers have",
        ),
        (
            |s| {
                let caps = sku(s, CAPPED).caps.as_mut().expect("caps");
                caps.values_mut().for_each(|units| *units += 1);
            },
            "what customers have",
        ),
        (
            |s| _ = sku(s, LISTED).list.as_mut().expect("a list").members.pop(),
            "other members",
        ),
        (
            |s| {
                let members = &mut sku(s, LISTED).list.as_mut().expect("a list").members;
                members.push(members[0]);
            },
            "twice",
        ),
        (|s| sku(s, LISTED).list = None, "other members"),
        (|s| s.counter = 1, "counter"),
        (|s| s.policy.protected_units = -1, "protected_units"),
    ]);
}

#[test]
fn damaged_orders_lines_and_parts_are_seen() {
    all_seen(&[
        (|s| order_of(s, 1).open = 2, "miscounted"),
        (
            |s| order_of(s, 1).closed_at = s.clock,
            "closed with something open",
        ),
        (
            |s| order_of(s, 8).closed_at = None,
            "open with nothing open",
        ),
        (
            |s| order_of(s, 1).ended = Ended::Expired,
            "ended with something open",
        ),
        (|s| order_of(s, 1).until = 700, ""),
        (|s| order_of(s, 2).until = 700, "tree"),
        (|s| order_of(s, 2).timer = NONE, "deadline"),
        (
            |s| s.closed = crate::engine::store::Tree::EMPTY,
            "too few members",
        ),
        (|s| line(s, 1).cancelled = -1, "cancelled"),
        (|s| line(s, 1).pack = Pack::Multiple(0), "packs of nothing"),
        (|s| line(s, 1).order = NONE, "no chain"),
        (
            |s| line(s, 3).sku = s.sku_slots.get(CAPPED.0).expect("known"),
            "",
        ),
        (|s| line(s, 3).tie = 0, ""),
        (|s| part(s, 1).sequence = s.counter, "counter"),
        (|s| part(s, 1).account = NONE, "nowhere"),
        (|s| part(s, 1).taken -= 1, "other units"),
        (|s| part(s, 3).waiting += 1, "waits for a SKU"),
        (|s| part(s, 3).waiting = -1, "fewer than no units"),
        (|s| part(s, 3).queue_leaf = NONE, "in a queue"),
        (|s| part(s, 1).served_leaf = NONE, "in a queue"),
        (|s| part(s, 3).priority = -1, ""),
        (|s| part(s, 1).extra = NONE, ""),
        (|s| part(s, 3).line = 0, "no chain"),
    ]);
}

#[test]
fn damaged_queues_and_names_are_seen() {
    all_seen(&[
        (
            |s| sku(s, PLAIN).queue = crate::engine::store::Tree::EMPTY,
            "too few members",
        ),
        (
            |s| account(s, PLAIN).served = crate::engine::store::Tree::EMPTY,
            "too few members",
        ),
        (
            |s| s.timers = crate::engine::store::Tree::EMPTY,
            "too few members",
        ),
        (
            |s| {
                let other = sku(s, CAPPED).queue;
                sku(s, CAPPED).queue = core::mem::replace(&mut sku(s, PLAIN).queue, other);
            },
            "",
        ),
        (|s| _ = s.line_slots.remove(1), "id of a line"),
        (|s| _ = s.order_slots.remove(1), "id of an order"),
        (|s| _ = s.sku_slots.insert(99, 0), "id of a SKU"),
        (|s| _ = s.supply_slots.remove(1), "id of a supply"),
        (|s| s.locations.swap(0, 1), "id of a location"),
        (|s| line(s, 1).id = LineId(77), "id of a line"),
        (
            |s| _ = s.extras.insert(Default::default()),
            "belongs to nobody",
        ),
    ]);
}

#[test]
fn idle_units_are_seen() {
    // Somebody waits for a SKU of which a unit is free.
    let idle: Damage = (
        |s| {
            let here = &mut account(s, PLAIN).position;
            (here.available, here.received) = (here.available + 1, here.received + 1);
            sku(s, PLAIN).received += 1;
        },
        "idle",
    );
    all_seen(&[idle]);
}
