//! Laws on random streams of one SKU at one location, unit by unit.

use allocator_core::engine::{AllocateRule, Command, LineView, SkuPolicy};
use allocator_core::{LineId, ShortageRule};

use super::*;

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    fn units(&mut self) -> i64 {
        1 + self.below(4) as i64
    }

    fn line(&mut self) -> u32 {
        self.below(9) as u32
    }
}

const LINES: std::ops::Range<u32> = 0..9;

/// A command under which new places only grow.
fn growing(random: &mut Random, now: i64) -> Command {
    let id = random.line();
    match random.below(9) {
        0 | 1 => order(line(id, random.units())),
        2 => hold(now + random.units(), line(id, random.units())),
        3 => amend(id, random.units() - 1),
        4 => cancel(id, Some(random.units())),
        5 => split(id, random.line(), 1),
        6 => receive(A, MAIN, random.units()),
        7 => count(MAIN, random.units()),
        _ => confirm(id),
    }
}

fn views(case: &Case) -> Vec<LineView> {
    LINES.filter_map(|id| case.shop.line(LineId(id))).collect()
}

fn on_hand(case: &Case) -> i64 {
    let position = case.shop.position(A, MAIN);
    position.map_or(0, |there| there.on_hand())
}

/// Served units of each part are what the queue gives when all is shared out at once.
#[test]
fn the_shop_gives_what_the_queue_gives() {
    for seed in 1..=60 {
        let mut random = Random(seed);
        let mut case = Case::new(SkuPolicy::default());
        for _ in 0..60 {
            case.now += random.below(2) as i64;
            let _ = case.ask(growing(&mut random, case.now));
            let mut parts = Vec::new();
            for view in views(&case) {
                for part in view.parts {
                    let has: i64 = part.taken.iter().map(|(_, units)| units).sum();
                    let key = (part.placed_at, part.sequence, part.first_unit);
                    parts.push((key, part.waiting, has));
                }
            }
            parts.sort_unstable();
            let mut left = on_hand(&case);
            for (key, waiting, has) in parts {
                assert_eq!(has, left.min(waiting + has), "seed {seed}, {key:?}");
                left -= has;
            }
        }
    }
}

/// On a list no unit waits that stands before one that is served.
#[test]
fn a_list_serves_the_smallest_tickets() {
    for seed in 1..=60 {
        let mut random = Random(seed);
        let mut case = Case::new(SkuPolicy::default());
        for _ in 0..60 {
            case.now += random.below(2) as i64;
            let command = match random.below(6) {
                0 => Command::Allocate {
                    sku: A,
                    rule: AllocateRule::Shared(ShortageRule::one_each_per_round()),
                    is_final: false,
                    expect: None,
                    draw: None,
                },
                1 => ship(random.line(), 1),
                _ => growing(&mut random, case.now),
            };
            let _ = case.ask(command);
            let (mut last_served, mut first_waiting) = (0, i64::MAX);
            for part in views(&case).into_iter().flat_map(|view| view.parts) {
                let Some(tickets) = part.listed else { continue };
                let has = |units: &[(LocationId, i64)]| units.iter().map(|(_, n)| n).sum::<i64>();
                let served = has(&part.taken) + has(&part.shipped);
                if has(&part.taken) > 0 {
                    last_served = last_served.max(tickets.first + served - 1);
                }
                if part.waiting > 0 {
                    first_waiting = first_waiting.min(tickets.first + served);
                }
            }
            assert!(last_served <= first_waiting, "seed {seed}");
        }
    }
}

/// A refused command is an advance and nothing else; a plan is what then happens.
#[test]
fn a_refusal_changes_nothing_and_a_plan_is_kept() {
    for seed in 1..=60 {
        let mut random = Random(seed);
        let mut case = Case::new(SkuPolicy::default());
        for _ in 0..60 {
            case.now += random.below(2) as i64;
            let due = case.shop.advance(at(case.now), None).expect("no fault");
            assert!(!due.more);
            let command = growing(&mut random, case.now);
            let plan = case.shop.plan(&command).expect("well-formed");
            let (before, money) = (views(&case), on_hand(&case));
            let step = case.ask(command);
            assert_eq!((step.decision, &step.events), (plan.decision, &plan.events));
            if step.decision != Decision::Accepted {
                assert!(step.events.is_empty());
                assert_eq!((views(&case), on_hand(&case)), (before, money));
            }
        }
    }
}

/// Units sold ahead are those that a best matching of waiting units with free ones leaves over.
#[test]
fn ahead_is_what_no_stock_can_cover() {
    for seed in 1..=300 {
        let mut random = Random(seed);
        let floor = random.below(3) as i64;
        let mut case = Case::new(SkuPolicy {
            inflow: allocator_core::engine::Inflow::Keep,
            protected_units: floor,
            ..SkuPolicy::default()
        });
        let (mut stock, mut tied, mut anywhere) = ([0; 2], [0; 2], 0);
        for id in 0..6 {
            let (units, place) = (random.units(), random.below(2) as usize);
            match random.below(3) {
                0 => {
                    case.told(receive(A, LocationId(place as u32), units));
                    stock[place] += units;
                }
                1 => {
                    let line = at_location(LocationId(place as u32), line(id, units));
                    case.told(order(line));
                    tied[place] += units;
                }
                _ => {
                    case.told(order(line(id, units)));
                    anywhere += units;
                }
            }
        }
        // The best of all ways: so many of the tied ones here and there, the rest anywhere.
        let free = (stock[0] + stock[1] - floor).max(0);
        let mut best = 0;
        for first in 0..=tied[0].min(stock[0]) {
            for second in 0..=tied[1].min(stock[1]) {
                for rest in 0..=anywhere {
                    if first + second + rest <= free {
                        best = best.max(first + second + rest);
                    }
                }
            }
        }
        let waiting: i64 = tied[0] + tied[1] + anywhere;
        assert_eq!(
            case.shop.state.ahead(A, None),
            i128::from(waiting - best),
            "seed {seed}"
        );
    }
}
