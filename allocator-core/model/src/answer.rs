//! Who gets what, and why.

use std::collections::BTreeMap;

use allocator_core::{
    Completeness, Idle, IdleCause, Overtake, OvertakeCause, Peg, PlaceInLine, Reason, SkuId,
    Summary,
};

use crate::tickets;
use crate::world::World;

/// All that follows from one input; what is said per line is aligned with the lines.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Units each line gets now.
    pub allocated: Vec<i64>,
    /// Units the rule covered before anything was rounded down.
    pub covered: Vec<i64>,
    /// Units kept for it until what ships whole is complete.
    pub set_aside: Vec<i64>,
    /// Units that nothing serves yet.
    pub waiting: Vec<i64>,
    /// Units that can never be served.
    pub never: Vec<i64>,
    /// Why.
    pub reason: Vec<Reason>,
    /// Where each stands in the queue of its SKU.
    pub places: Vec<PlaceInLine>,
    /// By line row, then supply row.
    pub pegs: Vec<Peg>,
    /// By SKU, set-aside units first in place order, then the free ones.
    pub idle: Vec<Idle>,
    /// By SKU, then by place of the earlier, then of the later.
    pub overtakes: Vec<Overtake>,
    /// The call in figures.
    pub summary: Summary,
    /// Whether somebody ships whole and lets others pass, so that law 10 is not kept.
    pub one_off: bool,
}

/// Answers a valid input.
#[must_use]
pub fn run(world: &World) -> Answer {
    let claim = world.claims();
    let (covered, mut free) = cover(world, &claim);
    let held = offer_again(world, &claim, covered.clone(), &mut free);
    let ships = |row| !world.is_whole(row) || is_complete(&world.parcel(row), &claim, &held);
    let each = |value: &dyn Fn(usize) -> i64| world.rows().map(value).collect::<Vec<_>>();
    let mut answer = Answer {
        allocated: each(&|row| if ships(row) { held[row] } else { 0 }),
        set_aside: each(&|row| if ships(row) { 0 } else { held[row] }),
        waiting: each(&|row| claim[row] - held[row]),
        never: each(&|row| world.lines[row].quantity - claim[row]),
        covered,
        reason: Vec::new(),
        places: Vec::new(),
        pegs: Vec::new(),
        idle: Vec::new(),
        overtakes: Vec::new(),
        summary: Summary::default(),
        one_off: world
            .rows()
            .any(|row| world.is_whole(row) && world.passes(row)),
    };
    let reasons = world.rows().map(|row| reason(world, &answer, row));
    answer.reason = reasons.collect();
    answer.places = world.rows().map(|row| place_in_line(world, row)).collect();
    answer.pegs = pegs(world, &answer.allocated);
    for (sku, free) in free {
        answer.idle.extend(idle(world, &answer, sku, free));
        let overtakes = overtakes(world, &answer, sku);
        answer.overtakes.extend(overtakes);
    }
    answer.summary = summary(world, &answer);
    answer
}

/// The smallest tickets of each SKU; in a queue every unit goes to the first line that wants one more.
/// Also returns what is left.
pub(crate) fn cover(world: &World, claim: &[i64]) -> (Vec<i64>, BTreeMap<u32, i64>) {
    let mut free = world.received();
    if world.shares() {
        let held = tickets::covered(world);
        for row in world.rows() {
            *free.get_mut(&world.lines[row].sku.0).expect("a known SKU") -= held[row];
        }
        return (held, free);
    }
    let mut held = vec![0; claim.len()];
    for row in world.queue() {
        let free = free.get_mut(&world.lines[row].sku.0).expect("a known SKU");
        hand_over(free, &mut held[row], claim[row]);
    }
    (held, free)
}

/// Hands over units, one by one, until there are none or `wanted` is reached. Only of a heap that no
/// loop would finish, the most goes in one step.
fn hand_over(free: &mut i64, held: &mut i64, wanted: i64) {
    let most = (wanted - *held).min(*free) - 64;
    if most > 0 {
        *free -= most;
        *held += most;
    }
    while *free > 0 && *held < wanted {
        *free -= 1;
        *held += 1;
    }
}

/// Parcels that do not fit and let others pass give back what they hold. Then every parcel in place
/// order takes what it still wants: those that pass all of it or nothing, the others all they can.
fn offer_again(
    world: &World,
    claim: &[i64],
    mut held: Vec<i64>,
    free: &mut BTreeMap<u32, i64>,
) -> Vec<i64> {
    let sku = |row: usize| world.lines[row].sku.0;
    let all_or_nothing = |parcel: &[usize]| world.is_whole(parcel[0]) && world.passes(parcel[0]);
    for parcel in world.parcels() {
        if all_or_nothing(&parcel) && !is_complete(&parcel, claim, &held) {
            for row in parcel {
                *free.get_mut(&sku(row)).expect("a known SKU") += held[row];
                held[row] = 0;
            }
        }
    }
    for parcel in world.parcels() {
        let before = (held.clone(), free.clone());
        for &row in &parcel {
            let free = free.get_mut(&sku(row)).expect("a known SKU");
            hand_over(free, &mut held[row], claim[row]);
        }
        if all_or_nothing(&parcel) && !is_complete(&parcel, claim, &held) {
            (held, *free) = before;
        }
    }
    held
}

fn is_complete(parcel: &[usize], claim: &[i64], held: &[i64]) -> bool {
    parcel.iter().all(|&row| held[row] == claim[row])
}

/// The first reason that applies, by what the queue alone covered.
fn reason(world: &World, answer: &Answer, row: usize) -> Reason {
    let asked = world.lines[row].quantity;
    let covered = answer.covered[row];
    if asked == 0 {
        Reason::NothingAsked
    } else if answer.allocated[row] == asked {
        Reason::Served
    } else if world.is_hopeless(row) {
        Reason::UnknownSku
    } else if answer.never[row] > 0 {
        Reason::OrderHasImpossibleLine
    } else if world.completeness(row) == Completeness::Order && covered == asked {
        Reason::OrderIncomplete
    } else if world.completeness(row) == Completeness::Line && covered > 0 {
        Reason::LineIncomplete
    } else {
        Reason::Short
    }
}

fn place_in_line(world: &World, row: usize) -> PlaceInLine {
    let mut queue = world.queue_of(world.lines[row].sku.0);
    queue.retain(|&other| world.place(other) < world.place(row));
    let ahead = queue
        .iter()
        .map(|&row| i128::from(world.lines[row].quantity));
    PlaceInLine {
        position: queue.len() as u32 + 1,
        units_ahead: ahead.sum(),
    }
}

/// Served units in place order use up the supply rows by sequence, then id, which is the row by
/// default.
fn pegs(world: &World, allocated: &[i64]) -> Vec<Peg> {
    let mut shelf: Vec<usize> = (0..world.supply.len()).collect();
    shelf.sort_by_key(|&at| {
        let supply = &world.supply[at];
        (
            supply.sequence,
            supply.supply.map_or(at as u32, |id| id.0),
            at,
        )
    });
    let mut left: Vec<i64> = world.supply.iter().map(|row| row.quantity).collect();
    let mut pegs = Vec::new();
    for row in world.queue() {
        let mut pegged = 0;
        for &at in &shelf {
            if world.supply[at].sku == world.lines[row].sku {
                let before = pegged;
                hand_over(&mut left[at], &mut pegged, allocated[row]);
                if pegged > before {
                    pegs.push(Peg {
                        row: row as u32,
                        supply: at as u32,
                        units: pegged - before,
                    });
                }
            }
        }
    }
    pegs.sort();
    pegs
}

/// What of one SKU is allocated to nobody, `free` of it kept for nobody either.
fn idle(world: &World, answer: &Answer, sku: u32, free: i64) -> Vec<Idle> {
    let queue = world.queue_of(sku);
    let entry = |cause, row: Option<usize>, units| Idle {
        sku: SkuId(sku),
        cause,
        row: row.map(|row| row as u32),
        units,
    };
    let kept = |&row: &usize| entry(IdleCause::SetAside, Some(row), answer.set_aside[row]);
    let mut idle: Vec<Idle> = queue.iter().map(kept).collect();
    let wanted = |&row: &usize| answer.set_aside[row] + answer.waiting[row] > 0;
    let cause = if queue.iter().any(wanted) {
        IdleCause::DoesNotFit
    } else {
        IdleCause::NoDemand
    };
    idle.push(entry(cause, None, free));
    idle.retain(|entry| entry.units > 0);
    idle
}

/// Each served line behind one of another parcel that still wants units of the same SKU.
fn overtakes(world: &World, answer: &Answer, sku: u32) -> Vec<Overtake> {
    let queue = world.queue_of(sku);
    let mut pairs = Vec::new();
    for (index, &earlier) in queue.iter().enumerate() {
        for &later in &queue[index + 1..] {
            let mates = world.parcel(earlier).contains(&later);
            if answer.waiting[earlier] > 0 && answer.allocated[later] > 0 && !mates {
                pairs.push(Overtake {
                    later: later as u32,
                    earlier: earlier as u32,
                    because: if world.shares() {
                        OvertakeCause::Rule
                    } else {
                        OvertakeCause::Misfit
                    },
                });
            }
        }
    }
    pairs
}

fn summary(world: &World, answer: &Answer) -> Summary {
    let total = |units: &[i64]| units.iter().map(|&units| i128::from(units)).sum();
    let asked: Vec<i64> = world.lines.iter().map(|line| line.quantity).collect();
    let lines = |kind: &dyn Fn(i64, i64) -> bool| {
        let pairs = answer.allocated.iter().zip(&asked);
        pairs.filter(|&(&got, &asked)| kind(got, asked)).count() as u64
    };
    let mut sums = Summary::default();
    sums.ordered = total(&asked);
    sums.received = world
        .supply
        .iter()
        .map(|row| i128::from(row.quantity))
        .sum();
    sums.allocated = total(&answer.allocated);
    sums.set_aside = total(&answer.set_aside);
    sums.waiting = total(&answer.waiting);
    sums.never = total(&answer.never);
    sums.idle = answer.idle.iter().map(|idle| i128::from(idle.units)).sum();
    sums.lines_full = lines(&|got, asked| got == asked);
    sums.lines_partial = lines(&|got, asked| 0 < got && got < asked);
    sums.lines_none = lines(&|got, asked| got == 0 && asked > 0);
    sums
}
