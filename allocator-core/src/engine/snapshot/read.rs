//! From bytes to a state, with every index built anew. Nothing is believed: what does not add up, or could
//! be said in fewer bytes, is no snapshot.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::numbers::Numbers;
use super::orders::Orders;
use crate::engine::Engine;
use crate::engine::codec::{Code, Reader};
use crate::engine::draft::Scratch;
use crate::engine::policy::SkuPolicy;
use crate::engine::record::{LastCall, read_outcome};
use crate::engine::state::{Account, List, State, Supply};
use crate::engine::store::Tree;
use crate::engine::ticket::can_be_live;
use crate::engine::view::StockPosition;
use crate::engine::window::Window;
use crate::error::Error;
use crate::id::{CommandId, LocationId, SkuId};
use crate::quantity::{Quantity, Total, slot};
use crate::rule::ShortageRule;
use crate::time::Timestamp;

/// Reads an engine.
pub(super) fn engine(mut from: Reader<'_>, seed: u64) -> Result<Engine, Error> {
    let from = &mut from;
    let length = usize::try_from(u64::read(from)?).unwrap_or(usize::MAX);
    let names = from.take(length)?.to_vec();
    let clock: Option<Timestamp> = Code::read(from)?;
    let to_fill: Vec<u32> = Code::read(from)?;
    let counter = u64::read(from)?;
    let policy = read_policy(from)?;
    let size = u32::read(from)?;
    from.must(size >= 1, "a window of no command")?;
    let mut state = State::new(policy, seed);
    (state.clock, state.counter) = (clock, counter);
    let mut numbers = Numbers::default();
    read_locations(&mut state, from)?;
    read_skus(&mut state, &mut numbers, from)?;
    Orders::read(&mut state, &mut numbers, from)?;
    read_supplies(&mut state, &mut numbers, from)?;
    from.must(
        numbers.are_sound(counter),
        "a number given twice, or not yet",
    )?;
    let window = read_window(size, seed, clock, from)?;
    from.end()?;
    let engine = Engine {
        state,
        window,
        to_fill,
        scratch: Scratch::default(),
        events: Vec::new(),
        last: LastCall::default(),
        names,
        poisoned: false,
    };
    check_time(&engine, from)?;
    Ok(engine)
}

/// What the clock has to do with the rest.
fn check_time(engine: &Engine, from: &Reader<'_>) -> Result<(), Error> {
    let Engine {
        state,
        window,
        to_fill,
        ..
    } = engine;
    let untouched = state.counter == 0
        && state.locations.is_empty()
        && state.skus.is_empty()
        && window.len() == 0;
    from.must(
        state.clock.is_some() || untouched,
        "a state without an instant",
    )?;
    let known = to_fill
        .last()
        .is_none_or(|sku| (*sku as usize) < state.skus.len());
    let ascending = to_fill.is_sorted_by(|a, b| a < b);
    let due = engine
        .next_deadline()
        .is_some_and(|due| Some(due) <= state.clock);
    from.must(
        known && ascending && (due || to_fill.is_empty()),
        "items to be filled that are none",
    )
}

fn read_policy(from: &mut Reader<'_>) -> Result<SkuPolicy, Error> {
    let policy = SkuPolicy::read(from)?;
    from.found(policy.check())?;
    Ok(policy)
}

fn read_locations(state: &mut State, from: &mut Reader<'_>) -> Result<(), Error> {
    for mention in 0..from.count(LocationId::LEAST)? {
        let id = LocationId::read(from)?;
        from.found(state.location_slots.insert(id.0, mention))?;
        state.locations.push(id);
    }
    Ok(())
}

fn read_skus(state: &mut State, numbers: &mut Numbers, from: &mut Reader<'_>) -> Result<(), Error> {
    for expected in 0..from.count(SkuId::LEAST + 1 + 1 + 4)? {
        let id = SkuId::read(from)?;
        let sku = from.found(state.sku(id))?;
        from.must(sku == expected, "an item twice")?;
        if bool::read(from)? {
            let policy = read_policy(from)?;
            slot(&mut state.skus, sku as usize)?.policy = Some(Box::new(policy));
            from.found(state.count_for_caps(sku))?;
        }
        if bool::read(from)? {
            let rule = ShortageRule::read(from)?;
            from.must(can_be_live(&rule), "a list by a rule for tables")?;
            let sequence = u64::read(from)?;
            numbers.note(sequence, 0);
            slot(&mut state.skus, sku as usize)?.list = Some(Box::new(List {
                rule,
                sequence,
                members: Vec::new(),
            }));
        }
        read_accounts(state, sku, from)?;
    }
    Ok(())
}

fn read_accounts(state: &mut State, sku: u32, from: &mut Reader<'_>) -> Result<(), Error> {
    let mut least = 0;
    for _ in 0..from.count(4 + 1)? {
        let location = u32::read(from)?;
        let known = location >= least && (location as usize) < state.locations.len();
        from.must(known, "no location, or not in order")?;
        least = location.saturating_add(1);
        let booked = bool::read(from)?;
        let mut position = StockPosition::default();
        if booked {
            position = StockPosition::read(from)?;
            check_position(&position, from)?;
        }
        let account = u32::try_from(state.accounts.len()).unwrap_or(u32::MAX);
        state.accounts.push(Account {
            sku,
            location,
            position,
            booked,
            queue: Tree::EMPTY,
            served: Tree::EMPTY,
            tied_waiting: 0,
        });
        let this = slot(&mut state.skus, sku as usize)?;
        this.accounts.push(account);
        let received = this.received.checked_add(position.received);
        this.received = received.ok_or_else(|| from.fault("more units than can be counted"))?;
    }
    Ok(())
}

/// What was received is available, taken, gone or scrapped, and none of it is below zero.
fn check_position(position: &StockPosition, from: &Reader<'_>) -> Result<(), Error> {
    let StockPosition {
        received,
        available,
        reserved,
        allocated,
        shipped,
        scrapped,
    } = *position;
    let all = [available, reserved, allocated, shipped, scrapped];
    let sum = all.iter().map(|units| Total::from(*units)).sum::<Total>();
    from.must(
        all.iter().all(|units| *units >= 0) && sum == received.into(),
        "units that do not add up",
    )
}

fn read_supplies(
    state: &mut State,
    numbers: &mut Numbers,
    from: &mut Reader<'_>,
) -> Result<(), Error> {
    let mut last = None;
    for new in 0..from.count(4 + 4 + 4 + 8 + 8 + 8 + 8)? {
        let supply = Supply {
            id: Code::read(from)?,
            sku: Code::read(from)?,
            location: Code::read(from)?,
            units: Quantity::read(from)?,
            received: Quantity::read(from)?,
            expected_at: Code::read(from)?,
            sequence: Code::read(from)?,
        };
        let known = (supply.location as usize) < state.locations.len();
        let counts = supply.units >= 0 && supply.received >= 0;
        from.must(known && counts, "a supply of nothing or nowhere")?;
        from.must(last < Some(supply.sequence), "supplies not in order")?;
        last = Some(supply.sequence);
        numbers.note(supply.sequence, 0);
        from.found(state.supply_slots.insert(supply.id.0, new))?;
        let sku = from.found(slot(&mut state.skus, supply.sku as usize))?;
        sku.supplies.push(new);
        state.supplies.push(supply);
    }
    Ok(())
}

fn read_window(
    size: u32,
    seed: u64,
    clock: Option<Timestamp>,
    from: &mut Reader<'_>,
) -> Result<Window, Error> {
    let mut window = Window::new(size, seed);
    let count = from.count(16 + 8 + 8 + 2)?;
    from.must(count <= size, "more commands than are remembered")?;
    let (mut first, mut last) = (clock, None);
    for _ in 0..count {
        let id = CommandId::read(from)?;
        from.must(!window.knows(id), "a command twice")?;
        let at = Timestamp::read(from)?;
        let applied_at = Some(at);
        let in_order = last <= applied_at && applied_at <= clock;
        from.must(in_order, "commands not in order")?;
        if last.is_none() {
            first = applied_at;
        }
        last = applied_at;
        let length = usize::try_from(u64::read(from)?).unwrap_or(usize::MAX);
        let outcome = from.take(length)?;
        let mut command = Reader::new(outcome);
        let read = read_outcome(&mut command).and_then(|_| command.end());
        from.found(read)?;
        from.found(window.keep(id, at, outcome))?;
    }
    let horizon: Option<Timestamp> = Code::read(from)?;
    let forgot = horizon.is_none() || (count == size && horizon <= first);
    from.must(forgot, "a horizon that no command was forgotten at")?;
    window.set_horizon(horizon);
    Ok(window)
}
