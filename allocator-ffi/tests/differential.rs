//! The face against the core: the same rows, in both forms, give the same answers and the same
//! faults, whatever the size of the ids.

use allocator::abi::*;
use allocator::allocation::*;
use allocator::batch::*;
use allocator::status::allocator_status;
use allocator_core::limits::NO_ID;
use allocator_core::{
    DemandColumns, DemandLine, Error, Policy, Supply, Timestamp, allocate, explain, validate,
};
use allocator_status::{ALLOCATOR_LAW_BROKEN, ALLOCATOR_OK};

const POLICY: &std::ffi::CStr = c"first_come:line:pass";
/// Ids of the second run: none fits into 32 bits.
const FAR: i64 = 1 << 40;

/// Small random numbers (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> i64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as i64 % below as i64
    }

    fn hits(&mut self, one_in: u64) -> bool {
        self.roll(one_in) == 0
    }
}

/// Rows with small ids. A fault in every third case: ids below 0, or codes that do not exist.
struct Case {
    lines: Vec<allocator_line>,
    supply: Vec<allocator_supply>,
    numbered: bool,
    bad_ids: bool,
}

impl Case {
    fn new(dice: &mut Dice) -> Self {
        let fault = dice.roll(6);
        let (bad_ids, bad_codes) = (fault == 0, fault == 1);
        let (numbered, clumsy) = (dice.hits(2), dice.hits(4));
        let mut case = Self {
            lines: Vec::new(),
            supply: Vec::new(),
            numbered,
            bad_ids,
        };
        let count = dice.roll(9);
        for row in 0..count {
            // SAFETY: plain integers; zeros are the documented default.
            let mut line: allocator_line = unsafe { core::mem::zeroed() };
            line.line = if clumsy { 1 + dice.roll(30) } else { row + 1 };
            line.order = if dice.hits(2) { dice.roll(4) } else { 0 };
            line.customer = line.order;
            // Mostly one SKU, so that lines meet.
            line.sku = 1 + dice.roll(3) * dice.roll(2) * dice.roll(2);
            line.quantity = dice.roll(4) - i64::from(clumsy && dice.hits(20));
            line.priority = dice.roll(2);
            line.placed_at = dice.roll(3) - 1;
            line.sequence = match numbered {
                true if clumsy => 1 + dice.roll(20),
                true => count - row,
                false => 0,
            };
            // The lines of an order mostly agree; a line of its own is free.
            let (terms, misfit) = match line.order {
                0 => (dice.roll(4), dice.roll(3)),
                order => (1 + order % 3, order % 3),
            };
            line.completeness = if dice.hits(9) { 0 } else { terms as u8 };
            line.on_misfit = misfit as u8;
            if bad_ids && dice.hits(4) {
                match dice.roll(4) {
                    0 => line.line = -1 - row,
                    1 => line.order = -1,
                    2 => line.customer = -1,
                    _ => line.sku = -1 - row,
                }
            }
            if bad_codes && dice.hits(4) {
                line.completeness = 4 + dice.roll(9) as u8;
            }
            if bad_codes && dice.hits(4) {
                line.on_misfit = 3 + dice.roll(9) as u8;
            }
            case.lines.push(line);
        }
        for row in 0..dice.roll(5) {
            // SAFETY: as above.
            let mut supply: allocator_supply = unsafe { core::mem::zeroed() };
            supply.supply = if clumsy { 1 + dice.roll(9) } else { 9 - row };
            supply.sku = 1 + dice.roll(3) * dice.roll(2);
            supply.quantity = dice.roll(4);
            if clumsy && dice.hits(9) {
                supply.quantity = i64::MAX - dice.roll(2);
            }
            supply.sequence = dice.roll(2);
            if bad_ids && dice.hits(6) {
                supply.sku = -7;
            }
            case.supply.push(supply);
        }
        case
    }

    /// The same rows with other ids in the same order.
    fn far(&self) -> Self {
        let far = |id: &mut i64| *id += if *id > 0 { FAR } else { 0 };
        let (mut lines, mut supply) = (self.lines.clone(), self.supply.clone());
        for line in &mut lines {
            far(&mut line.line);
            far(&mut line.order);
            far(&mut line.customer);
            far(&mut line.sku);
        }
        for row in &mut supply {
            far(&mut row.supply);
            far(&mut row.sku);
        }
        Self {
            lines,
            supply,
            ..*self
        }
    }

    fn core_supply(&self) -> Vec<Supply> {
        let row = |row: &allocator_supply| {
            let sku = u32::try_from(row.sku).unwrap_or(NO_ID);
            let supply = Supply::received(sku, row.quantity).sequence(row.sequence);
            supply.supply(u32::try_from(row.supply).unwrap())
        };
        self.supply.iter().map(row).collect()
    }

    /// As rows, which can say that an order or a customer is no id.
    fn core_lines(&self) -> Vec<DemandLine> {
        let id = |id: i64| u32::try_from(id).unwrap_or(NO_ID);
        let line = |row: &allocator_line| {
            let mut line = DemandLine::new(id(row.line), id(row.sku), row.quantity)
                .priority(row.priority)
                .placed_at(Timestamp::from_micros(row.placed_at));
            line.order = (row.order != 0).then(|| id(row.order).into());
            line.customer = (row.customer != 0).then(|| id(row.customer).into());
            line.sequence = self.numbered.then_some(row.sequence);
            use allocator_core::{Completeness, Misfit};
            line.completeness = [
                None,
                Some(Completeness::Partial),
                Some(Completeness::Line),
                Some(Completeness::Order),
            ][usize::from(row.completeness)];
            line.on_misfit =
                [None, Some(Misfit::SetAside), Some(Misfit::Pass)][usize::from(row.on_misfit)];
            line
        };
        self.lines.iter().map(line).collect()
    }

    /// What the core says of the rows; as columns, which can hold a code that does not exist.
    fn core_faults(&self, policy: &Policy) -> Vec<Error> {
        let supply = self.core_supply();
        if self.bad_ids {
            return validate(&self.core_lines(), &supply, policy)
                .err()
                .unwrap_or_default();
        }
        let ids = |of: fn(&allocator_line) -> i64| -> Vec<u32> {
            let id = |row| u32::try_from(of(row)).unwrap();
            self.lines.iter().map(id).collect()
        };
        let optional = |of| -> Vec<u32> {
            let none = |id| if id == 0 { NO_ID } else { id };
            ids(of).into_iter().map(none).collect()
        };
        let numbers =
            |of: fn(&allocator_line) -> i64| -> Vec<i64> { self.lines.iter().map(of).collect() };
        let codes =
            |of: fn(&allocator_line) -> u8| -> Vec<u8> { self.lines.iter().map(of).collect() };
        let sequence = numbers(|row| row.sequence);
        let columns = DemandColumns {
            line: Some(&ids(|row| row.line)),
            order: Some(&optional(|row| row.order)),
            customer: Some(&optional(|row| row.customer)),
            sku: &ids(|row| row.sku),
            quantity: &numbers(|row| row.quantity),
            priority: Some(&numbers(|row| row.priority)),
            placed_at: Some(&numbers(|row| row.placed_at)),
            sequence: self.numbered.then_some(&sequence[..]),
            lot: Some(&numbers(|row| row.lot)),
            score: Some(&numbers(|row| row.score)),
            unit_lots: None,
            weight: None,
            completeness: Some(&codes(|row| row.completeness)),
            on_misfit: Some(&codes(|row| row.on_misfit)),
        };
        validate(&columns, &supply, policy)
            .err()
            .unwrap_or_default()
    }
}

#[test]
fn the_face_says_what_the_core_says() {
    let policy: Policy = POLICY.to_str().unwrap().parse().unwrap();
    let mut dice = Dice(0x5eed);
    let (mut good, mut faulty, mut with_idle, mut with_overtakes) = (0, 0, 0, 0);
    for _ in 0..4000 {
        let case = Case::new(&mut dice);
        let far = case.far();
        let core = case.core_faults(&policy);
        let (near_faults, far_faults) = (faults(&case), faults(&far));
        // Of ids that are none the face says the id; the core only that it is none.
        let said: Vec<_> = core
            .iter()
            .filter(|fault| !is_echo(fault, &case))
            .map(key)
            .collect();
        let keys = |faults: &[allocator_error]| faults.iter().map(face_key).collect::<Vec<_>>();
        assert_eq!(keys(&near_faults), said);
        assert_eq!(keys(&far_faults), said);
        let mut single = outcomes(&case);
        assert_eq!(outcomes(&far), single);
        if let Some(first) = said.first() {
            faulty += 1;
            assert_eq!(single.unwrap_err(), first.0);
            continue;
        }
        good += 1;
        let (lines, supply) = (case.core_lines(), case.core_supply());
        let result = allocate(&lines, &supply, &policy).unwrap();
        with_idle += usize::from(!result.idle().is_empty());
        with_overtakes += usize::from(result.overtake_count() > 0);
        let expected: Vec<_> = result.outcomes().collect();
        let given = single.as_mut().unwrap();
        assert_eq!(given.len(), expected.len());
        for (given, expected) in given.iter().zip(&expected) {
            assert_eq!(
                [
                    given.quantity,
                    given.allocated,
                    given.set_aside,
                    given.waiting,
                    given.never,
                    given.covered
                ],
                [
                    expected.quantity,
                    expected.allocated,
                    expected.set_aside,
                    expected.waiting,
                    expected.never,
                    expected.covered
                ],
            );
            assert_eq!(given.reason, expected.reason.number());
        }
        for (case, shift) in [(&case, 0), (&far, FAR)] {
            compare_handle(case, shift, &lines, &supply, &policy);
        }
    }
    println!(
        "{good} good, {faulty} faulty, {with_idle} with idle units, {with_overtakes} overtaken"
    );
    assert!(good > 1000 && faulty > 300 && with_idle > 300 && with_overtakes > 50);
}

fn compare_handle(
    case: &Case,
    shift: i64,
    lines: &[DemandLine],
    supply: &[Supply],
    policy: &Policy,
) {
    let result = allocate(lines, supply, policy).unwrap();
    let handle = handle(case);
    let list = |call: &dyn Fn(*mut i64) -> allocator_status| {
        let mut needed = -1;
        let status = call(&raw mut needed);
        assert_eq!(status, ALLOCATOR_OK);
        usize::try_from(needed).unwrap()
    };
    let none = core::ptr::null_mut;
    // SAFETY: a live handle, and buffers of the lengths given.
    unsafe {
        let zero = core::mem::zeroed::<allocator_peg>();
        let mut pegs = vec![zero; 64];
        let pointer = pegs.as_mut_ptr();
        let count = list(&|n| allocator_allocation_pegs(handle, pointer, 64, n, none()));
        pegs.truncate(count);
        let found: Vec<_> = pegs
            .iter()
            .map(|peg| (peg.row, peg.supply, peg.units))
            .collect();
        let expected: Vec<_> = result
            .pegs()
            .iter()
            .map(|peg| (peg.row.into(), peg.supply.into(), peg.units))
            .collect();
        assert_eq!(found, expected);

        let mut idle = vec![core::mem::zeroed::<allocator_idle>(); 64];
        let pointer = idle.as_mut_ptr();
        let count = list(&|n| allocator_allocation_idle(handle, pointer, 64, n, none()));
        idle.truncate(count);
        let found: Vec<_> = idle
            .iter()
            .map(|it| (it.sku, it.row, it.units, it.cause))
            .collect();
        let expected: Vec<_> = result
            .idle()
            .iter()
            .map(|it| {
                let row = it.row.map_or(-1, i64::from);
                (
                    i64::from(it.sku.0) + shift,
                    row,
                    it.units,
                    it.cause.number(),
                )
            })
            .collect();
        assert_eq!(found, expected);

        let mut pairs = vec![core::mem::zeroed::<allocator_overtake>(); 64];
        let pointer = pairs.as_mut_ptr();
        let count = list(&|n| allocator_allocation_overtakes(handle, 0, pointer, 64, n, none()));
        pairs.truncate(count);
        let found: Vec<_> = pairs
            .iter()
            .map(|pair| (pair.later, pair.earlier))
            .collect();
        let expected: Vec<_> = result
            .overtakes()
            .map(|pair| (pair.later.into(), pair.earlier.into()))
            .collect();
        assert_eq!(found, expected);
        let mut paged: Vec<(i64, i64)> = Vec::new();
        loop {
            let (offset, pointer) = (paged.len() as i64, pairs.as_mut_ptr());
            let room = pairs.len().min(2) as i64;
            let count =
                list(&|n| allocator_allocation_overtakes(handle, offset, pointer, room, n, none()));
            let page = pairs.iter().take(count);
            paged.extend(page.map(|pair| (pair.later, pair.earlier)));
            if count == 0 {
                break;
            }
        }
        assert_eq!(paged, expected);

        for row in 0..lines.len() {
            let why = explain(lines, supply, policy, row).unwrap();
            let expected = why.sentence(
                |at| format!("line {}", i64::from(at.line.0) + shift),
                |sku| format!("SKU {}", i64::from(sku.0) + shift),
            );
            let mut buffer = [0 as core::ffi::c_char; 1024];
            let text = buffer.as_mut_ptr();
            let len = list(&|n| {
                let (row, names) = (row as i64, core::ptr::null());
                allocator_allocation_explain_text(handle, row, names, names, text, 1024, n, none())
            });
            let said: Vec<u8> = buffer[..len].iter().map(|&c| c.to_ne_bytes()[0]).collect();
            assert_eq!(String::from_utf8(said).unwrap(), expected);
        }
        let mut verdict = core::mem::zeroed::<allocator_verdict>();
        let status = allocator_allocation_verify(handle, &raw mut verdict, none());
        assert_eq!(status, ALLOCATOR_OK);
        let mut outcomes = vec![core::mem::zeroed::<allocator_outcome>(); 64];
        let pointer = outcomes.as_mut_ptr();
        let count = list(&|n| allocator_allocation_outcomes(handle, pointer, 64, n, none()));
        outcomes.truncate(count);
        let judged = |outcomes: &[allocator_outcome], idle: Option<&[allocator_idle]>| {
            let mut verdict = core::mem::zeroed::<allocator_verdict>();
            allocator_verify(
                POLICY.as_ptr(),
                case.lines.as_ptr(),
                case.lines.len() as i64,
                case.supply.as_ptr(),
                case.supply.len() as i64,
                outcomes.as_ptr(),
                outcomes.len() as i64,
                pegs.as_ptr(),
                pegs.len() as i64,
                idle.map_or(core::ptr::null(), <[_]>::as_ptr),
                idle.map_or(0, |idle| idle.len() as i64),
                &raw mut verdict,
                none(),
            )
        };
        assert_eq!(judged(&outcomes, Some(&idle)), ALLOCATOR_OK);
        if let Some((_, fewer)) = idle.split_last() {
            assert_eq!(judged(&outcomes, Some(fewer)), ALLOCATOR_LAW_BROKEN);
        }
        for outcome in &mut outcomes {
            outcome.reason = allocator_reason::ALLOCATOR_REASON_NONE as u8;
        }
        assert_eq!(judged(&outcomes, None), ALLOCATOR_OK);
        allocator_allocation_free(handle);
    }
}

/// Code, table, row, field, first row.
type Key = (i32, i32, i64, String, i64);

fn key(fault: &Error) -> Key {
    let row = |row: Option<usize>| row.map_or(-1, |row| row as i64);
    (
        allocator_status::of(fault).number(),
        fault.table().map_or(0, |table| match table {
            allocator_core::Table::Supply => 1,
            allocator_core::Table::Lines => 2,
            allocator_core::Table::Outcomes => 3,
            allocator_core::Table::Orders => 6,
            allocator_core::Table::Need => 7,
            allocator_core::Table::Command => 8,
        }),
        row(fault.row()),
        fault.field().unwrap_or_default().to_owned(),
        row(fault.first_row()),
    )
}

fn face_key(fault: &allocator_error) -> Key {
    let field: Vec<u8> = fault.field.iter().map(|&c| c.to_ne_bytes()[0]).collect();
    let field = String::from_utf8(field).unwrap();
    (
        fault.code,
        fault.table,
        fault.row,
        field.trim_end_matches('\0').to_owned(),
        fault.first_row,
    )
}

/// What the core finds only because this test told it that all bad ids are the same one.
fn is_echo(fault: &Error, case: &Case) -> bool {
    let row = fault.row().unwrap_or_default();
    match fault {
        Error::DuplicateId { field: "line", .. } => case.lines[row].line < 0,
        Error::OutOfRange {
            table: allocator_core::Table::Supply,
            field: "quantity",
            value,
            ..
        } => *value > i64::MAX.into() && case.supply[row].sku < 0,
        _ => false,
    }
}

fn faults(case: &Case) -> Vec<allocator_error> {
    // SAFETY: plain integers.
    let mut faults = vec![unsafe { core::mem::zeroed::<allocator_error>() }; 256];
    let mut needed = 0;
    // SAFETY: live slices with their lengths.
    unsafe {
        allocator_validate(
            POLICY.as_ptr(),
            case.lines.as_ptr(),
            case.lines.len() as i64,
            case.supply.as_ptr(),
            case.supply.len() as i64,
            faults.as_mut_ptr(),
            256,
            &raw mut needed,
            core::ptr::null_mut(),
        );
    }
    faults.truncate(usize::try_from(needed).unwrap());
    faults
}

/// The outcomes, or the status.
fn outcomes(case: &Case) -> Result<Vec<allocator_outcome>, i32> {
    // SAFETY: plain integers.
    let mut out = vec![unsafe { core::mem::zeroed::<allocator_outcome>() }; case.lines.len()];
    // SAFETY: live slices with their lengths.
    let status = unsafe {
        allocator_allocate(
            POLICY.as_ptr(),
            case.lines.as_ptr(),
            case.lines.len() as i64,
            case.supply.as_ptr(),
            case.supply.len() as i64,
            out.as_mut_ptr(),
            out.len() as i64,
            core::ptr::null_mut(),
        )
    };
    match status {
        ALLOCATOR_OK => Ok(out),
        other => Err(other.number()),
    }
}

fn handle(case: &Case) -> *mut allocator_allocation {
    let mut handle = core::ptr::null_mut();
    // SAFETY: live slices with their lengths.
    let status = unsafe {
        allocator_allocation_new(
            POLICY.as_ptr(),
            case.lines.as_ptr(),
            case.lines.len() as i64,
            case.supply.as_ptr(),
            case.supply.len() as i64,
            &raw mut handle,
            core::ptr::null_mut(),
        )
    };
    assert_eq!(status, ALLOCATOR_OK);
    handle
}
