//! Plans, comparisons and figures against the core: the same rows and terms, in both forms, give the same
//! lines, the same bytes and the same faults, whatever the size of the ids.

use std::ffi::{CStr, CString};

use allocator::abi::*;
use allocator::abi_cancel::*;
use allocator::compare::*;
use allocator::metrics::allocator_metrics_of;
use allocator::plan::*;
use allocator::status::allocator_status;
use allocator_core::{
    CancelTerms, CancellationPlan, Comparison, Completeness, CutMethod, DemandLine, DrawnLines,
    Error, Figure, KeptColumns, Meter, Metrics, Optimality, PlaceOrder, Supply, compare_with,
    plan_cancellations,
};
use allocator_status::ALLOCATOR_OK;

/// Ids of the second run: none fits into 32 bits.
const FAR: i64 = 1 << 40;

const METHODS: [&str; 14] = [
    "first_come",
    "first_come:line",
    "first_come:line:pass",
    "first_come:order",
    "one_each_per_round",
    "equal_cuts",
    "same_percentage",
    "draw_the_queue",
    "draw_each_unit",
    "largest_remainder",
    "whole_orders(fewest_customers)",
    "whole_orders(exact)",
    "whole_orders(least_refund)",
    "whole_orders(least_overshoot)",
];

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

    fn column(
        &mut self,
        rows: usize,
        one_in: u64,
        most: impl Fn(usize) -> u64,
    ) -> Option<Vec<i64>> {
        let values = (0..rows).map(|row| self.roll(most(row) + 1)).collect();
        self.hits(one_in).then_some(values)
    }
}

/// Rows with small ids, and terms; a term out of its range in every tenth case.
struct Case {
    lines: Vec<allocator_line>,
    supply: Vec<allocator_supply>,
    unit_lots: Vec<i64>,
    /// unit_price, given, credit, offered, asked.
    columns: [Option<Vec<i64>>; 5],
    previous: Option<Vec<i64>>,
}

impl Case {
    fn new(dice: &mut Dice) -> Self {
        let count = dice.roll(8);
        let (whole, same_lots) = (dice.hits(4), dice.hits(4));
        let mut lines = Vec::new();
        for row in 0..count {
            // SAFETY: plain integers; zeros are the documented default.
            let mut line: allocator_line = unsafe { core::mem::zeroed() };
            line.line = 20 - row;
            line.order = if dice.hits(2) { 1 + dice.roll(3) } else { 0 };
            line.customer = line.order;
            line.sku = 1 + dice.roll(2) * dice.roll(2);
            line.quantity = dice.roll(5);
            line.priority = dice.roll(2);
            line.lot = if same_lots { 3 } else { dice.roll(9) };
            line.completeness = if whole { 3 } else { 0 };
            lines.push(line);
        }
        let mut supply = Vec::new();
        for row in 0..=dice.roll(3) {
            // SAFETY: as above.
            let mut received: allocator_supply = unsafe { core::mem::zeroed() };
            received.sku = 1 + row;
            received.quantity = dice.roll(12);
            supply.push(received);
        }
        let units: i64 = lines.iter().map(|line| line.quantity).sum();
        let (rows, quantity) = (lines.len(), |row: usize| lines[row].quantity as u64);
        let too_much = u64::from(dice.hits(10));
        let mut price = dice.column(rows, 2, |_| 5000);
        if dice.hits(9)
            && let Some(price) = price.iter_mut().flatten().next()
        {
            *price = i64::MAX;
        }
        let columns = [
            price,
            dice.column(rows, 4, |row| too_much + quantity(row).min(1)),
            dice.column(rows, 4, |_| 2),
            dice.column(rows, 4, |row| too_much + quantity(row).saturating_sub(1)),
            dice.column(rows, 2, |_| 900),
        ];
        Self {
            unit_lots: (0..units).map(|_| dice.roll(50)).collect(),
            previous: dice.column(rows, 2, |_| 3),
            columns,
            lines,
            supply,
        }
    }

    /// The same rows with other ids in the same order.
    fn far(&self, shift: i64) -> (Vec<allocator_line>, Vec<allocator_supply>) {
        let far = |id: &mut i64| *id += if *id > 0 { shift } else { 0 };
        let (mut lines, mut supply) = (self.lines.clone(), self.supply.clone());
        for line in &mut lines {
            far(&mut line.line);
            far(&mut line.order);
            far(&mut line.customer);
            far(&mut line.sku);
        }
        supply.iter_mut().for_each(|row| far(&mut row.sku));
        (lines, supply)
    }

    fn core_lines(&self) -> Vec<DemandLine> {
        let id = |id: i64| u32::try_from(id).unwrap();
        let line = |row: &allocator_line| {
            let mut line =
                DemandLine::new(id(row.line), id(row.sku), row.quantity).priority(row.priority);
            line.order = (row.order != 0).then(|| id(row.order).into());
            line.customer = (row.customer != 0).then(|| id(row.customer).into());
            line.lot = row.lot;
            line.completeness = (row.completeness == 3).then_some(Completeness::Order);
            line
        };
        self.lines.iter().map(line).collect()
    }

    fn core_supply(&self) -> Vec<Supply> {
        let row = |row: &allocator_supply| {
            Supply::received(u32::try_from(row.sku).unwrap(), row.quantity)
        };
        self.supply.iter().map(row).collect()
    }

    fn core_terms(&self, method: CutMethod) -> CancelTerms<'_> {
        let [unit_price, given, credit, offered, asked] =
            [0, 1, 2, 3, 4].map(|at: usize| self.columns[at].as_deref());
        let mut terms = CancelTerms::from(method);
        terms.unit_price = unit_price;
        (terms.given, terms.credit) = (given, credit);
        (terms.offered, terms.asked) = (offered, asked);
        terms
    }

    fn terms(&self) -> allocator_cancel_terms {
        let [unit_price, given, credit, offered, asked] = [0, 1, 2, 3, 4].map(|at: usize| {
            self.columns[at]
                .as_ref()
                .map_or(core::ptr::null(), Vec::as_ptr)
        });
        allocator_cancel_terms {
            rows: self.lines.len() as i64,
            unit_price,
            given,
            credit,
            offered,
            asked,
            reserved: [0; 2],
        }
    }
}

#[test]
fn plans_say_what_the_core_says() {
    let mut dice = Dice(0x5eed);
    let (mut good, mut faulty, mut cut, mut within) = (0, 0, 0, 0);
    for round in 0..3000 {
        let case = Case::new(&mut dice);
        let method: CutMethod = METHODS[round % METHODS.len()].parse().unwrap();
        let (lines, supply) = (case.core_lines(), case.core_supply());
        let drawn = DrawnLines {
            lines: &lines,
            unit_lots: Some(&case.unit_lots),
        };
        let core = plan_cancellations(&drawn, &supply, case.core_terms(method));
        for shift in [0, FAR] {
            match (plan(&case, method, shift), &core) {
                (Ok(handle), Ok(plan)) => {
                    compare_plan(handle, plan, shift);
                    // SAFETY: a live handle, never used again.
                    unsafe { allocator_plan_free(handle) };
                }
                (Err(said), Err(error)) => compare_fault(&said, error),
                (face, core) => panic!("{method}: {:?} and {core:?}", face.map_err(|it| it.code)),
            }
        }
        match &core {
            Ok(plan) => {
                good += 1;
                cut += usize::from(plan.totals().cut > 0);
                within += usize::from(plan.optimality().is_some());
            }
            Err(_) => faulty += 1,
        }
    }
    println!("{good} plans, {cut} with cuts, {within} of whole orders, {faulty} faulty");
    assert!(good > 1000 && cut > 600 && within > 100 && faulty > 100);
}

fn plan(
    case: &Case,
    method: CutMethod,
    shift: i64,
) -> Result<*mut allocator_plan, Box<allocator_error>> {
    let (lines, supply) = case.far(shift);
    let method = CString::new(method.to_string()).unwrap();
    let terms = case.terms();
    let mut handle = core::ptr::null_mut();
    // SAFETY: plain integers.
    let mut err: Box<allocator_error> = Box::new(unsafe { core::mem::zeroed() });
    // SAFETY: rows and columns of the lengths given.
    let status = unsafe {
        allocator_plan_new_drawn(
            method.as_ptr(),
            lines.as_ptr(),
            lines.len() as i64,
            supply.as_ptr(),
            supply.len() as i64,
            // Not NULL where there is no unit: there are lots, none.
            case.unit_lots.as_ptr(),
            case.unit_lots.len() as i64,
            &raw const terms,
            &raw mut handle,
            &raw mut *err,
        )
    };
    if status == ALLOCATOR_OK {
        return Ok(handle);
    }
    assert!(handle.is_null());
    Err(err)
}

fn compare_fault(said: &allocator_error, error: &Error) {
    assert_eq!(said.code, allocator_status::of(error).number(), "{error}");
    assert_eq!(said.row, error.row().map_or(-1, |row| row as i64));
    assert_eq!(string(&said.field), error.field().unwrap_or_default());
    assert!(error.to_string().starts_with(&string(&said.message)));
}

fn compare_plan(handle: *mut allocator_plan, plan: &CancellationPlan, shift: i64) {
    let none = core::ptr::null_mut;
    let shifted = |id: u32| i64::from(id) + shift;
    // SAFETY: a live handle, and buffers of the lengths given.
    unsafe {
        let lines = list(|out, len, n| allocator_plan_lines(handle, out, len, n, none()));
        let expected: Vec<_> = plan
            .lines()
            .iter()
            .map(|line| allocator_planned_line {
                line: shifted(line.line.0),
                sku: shifted(line.sku.0),
                quantity: line.quantity,
                kept: line.kept,
                cut: line.cut,
                given: line.given,
                volunteered: line.volunteered,
                credit_spent: line.credit_spent,
                refund: halves(line.refund.unwrap_or(0)),
                compensation: halves(line.compensation),
                reason: line.reason.number(),
                has_refund: line.refund.is_some().into(),
                reserved: [0; 6],
            })
            .collect();
        assert_eq!(lines, expected);

        let idle = list(|out, len, n| allocator_plan_idle(handle, out, len, n, none()));
        let found = idle.iter().map(|it| (it.sku, it.row, it.units, it.cause));
        let expected = plan.idle().iter().map(|it| {
            let row = it.row.map_or(-1, i64::from);
            (shifted(it.sku.0), row, it.units, it.cause.number())
        });
        assert!(found.eq(expected));

        let sums = plan.totals();
        let mut found = core::mem::zeroed::<allocator_plan_sums>();
        let status = allocator_plan_totals(handle, &raw mut found, none());
        assert_eq!(status, ALLOCATOR_OK);
        let units = [
            found.ordered,
            found.received,
            found.kept,
            found.cut,
            found.volunteered,
            found.credit_spent,
            found.idle,
        ];
        let expected = [
            sums.ordered,
            sums.received,
            sums.kept,
            sums.cut,
            sums.volunteered,
            sums.credit_spent,
            sums.idle,
        ];
        assert_eq!(units.map(i128::from), expected);
        let counts = [found.lines_cut, found.lines_cancelled].map(|count| count as u64);
        assert_eq!(counts, [sums.lines_cut, sums.lines_cancelled]);
        assert_eq!(found.has_refund, u8::from(sums.refund.is_some()));
        assert_eq!(found.refund, halves(sums.refund.unwrap_or(0)));
        assert_eq!(found.compensation, halves(sums.compensation));

        for row in 0..plan.len() {
            let at = row as i64;
            let more =
                list(|out, len, n| allocator_plan_more_units(handle, at, out, len, n, none()));
            let expected = plan.more_units(row).unwrap();
            let expected = expected.iter().map(|it| (shifted(it.sku.0), it.units));
            assert!(more.iter().map(|it| (it.sku, it.units)).eq(expected));
            let said = text(|out, len, n| {
                let names = core::ptr::null();
                allocator_plan_sentence(handle, at, names, out, len, n, none())
            });
            let named = plan.sentence_with(row, |sku| format!("item {}", shifted(sku.0)));
            assert_eq!(said, named.unwrap());
        }
        let said = text(|out, len, n| allocator_plan_text(handle, out, len, n, none()));
        assert_eq!(said, plan.to_string());
        let said = text(|out, len, n| allocator_plan_method(handle, out, len, n, none()));
        assert_eq!(said, plan.method().to_string());
        let said = text(|out, len, n| {
            allocator_plan_digest(handle, core::ptr::null(), out, len, n, none())
        });
        let named = plan.digest_with(|row| shifted(plan.lines()[row].line.0).to_string());
        assert_eq!(said, format!("{named:032x}"));
        if shift == 0 {
            assert_eq!(named, plan.digest());
        }

        let mut one_off = 77;
        let status = allocator_plan_one_off(handle, &raw mut one_off, none());
        assert_eq!(status, ALLOCATOR_OK);
        assert_eq!(
            one_off,
            plan.one_off().map_or(-1, |it| i64::from(it.number()))
        );
        let mut best = core::mem::zeroed::<allocator_optimality>();
        let status = allocator_plan_optimality(handle, &raw mut best, none());
        assert_eq!(status, ALLOCATOR_OK);
        assert_eq!(best, optimality(plan.optimality()));
    }
}

#[test]
fn comparisons_and_figures_say_what_the_core_says() {
    let mut dice = Dice(0x00c0_ffee);
    let (mut good, mut faulty) = (0, 0);
    for round in 0..1000 {
        let mut case = Case::new(&mut dice);
        if round % 2 == 0 {
            // What every method takes.
            case.columns[1..].fill(None);
            case.lines.iter_mut().for_each(|line| line.completeness = 0);
        }
        let methods: Vec<CutMethod> = (0..=dice.roll(4))
            .map(|_| {
                METHODS[dice.roll(METHODS.len() as u64) as usize]
                    .parse()
                    .unwrap()
            })
            .collect();
        let (lines, supply) = (case.core_lines(), case.core_supply());
        let drawn = DrawnLines {
            lines: &lines,
            unit_lots: Some(&case.unit_lots),
        };
        for shift in [0, FAR] {
            let core = compare_with(
                &drawn,
                &supply,
                case.core_terms(methods[0]),
                &methods,
                case.previous.as_deref(),
                |row| (i64::from(lines[row].line.0) + shift).to_string(),
            );
            match (told(&case, &methods, shift), core) {
                (Ok(handle), Ok(core)) => {
                    good += 1;
                    compare_comparison(handle, &core);
                    // SAFETY: a live handle, never used again.
                    unsafe { allocator_comparison_free(handle) };
                }
                (Err(said), Err(error)) => {
                    faulty += 1;
                    compare_fault(&said, &error);
                }
                (face, core) => {
                    panic!("{methods:?}: {:?} and {core:?}", face.map_err(|it| it.code))
                }
            }
        }
        measure(&case, &lines, &mut dice);
    }
    println!("{good} comparisons, {faulty} faulty");
    assert!(good > 400 && faulty > 100);
}

fn told(
    case: &Case,
    methods: &[CutMethod],
    shift: i64,
) -> Result<*mut allocator_comparison, Box<allocator_error>> {
    let (lines, supply) = case.far(shift);
    let texts: Vec<CString> = methods
        .iter()
        .map(|method| CString::new(method.to_string()).unwrap())
        .collect();
    let texts: Vec<_> = texts.iter().map(|text| text.as_ptr()).collect();
    let terms = case.terms();
    let previous = case.previous.as_deref();
    let mut handle = core::ptr::null_mut();
    // SAFETY: plain integers.
    let mut err: Box<allocator_error> = Box::new(unsafe { core::mem::zeroed() });
    // SAFETY: rows and columns of the lengths given.
    let status = unsafe {
        allocator_comparison_new(
            texts.as_ptr(),
            texts.len() as i64,
            lines.as_ptr(),
            lines.len() as i64,
            supply.as_ptr(),
            supply.len() as i64,
            case.unit_lots.as_ptr(),
            case.unit_lots.len() as i64,
            &raw const terms,
            previous.map_or(core::ptr::null(), <[i64]>::as_ptr),
            previous.map_or(0, |previous| previous.len() as i64),
            &raw mut handle,
            &raw mut *err,
        )
    };
    if status == ALLOCATOR_OK {
        return Ok(handle);
    }
    assert!(handle.is_null());
    Err(err)
}

fn compare_comparison(handle: *mut allocator_comparison, core: &Comparison) {
    let none = core::ptr::null_mut;
    // SAFETY: a live handle, and buffers of the lengths given.
    unsafe {
        let said = text(|out, len, n| allocator_comparison_text(handle, out, len, n, none()));
        assert_eq!(said, core.to_string());
        let rows = list(|out, len, n| allocator_comparison_rows(handle, out, len, n, none()));
        assert_eq!(rows.len(), core.rows().len());
        for (at, (row, expected)) in rows.iter().zip(core.rows()).enumerate() {
            let said = text(|out, len, n| {
                allocator_comparison_method(handle, at as i64, out, len, n, none())
            });
            assert_eq!(said, expected.method.to_string());
            compare_metrics(&row.metrics, &expected.metrics);
            assert_eq!(row.compensation, halves(expected.compensation));
            assert_eq!(row.optimality, optimality(expected.optimality));
            let one_off = expected.one_off.map_or(-1, |it| i64::from(it.number()));
            assert_eq!(row.one_off, one_off);
            assert_eq!(string(&row.digest), format!("{:032x}", expected.digest));
        }
    }
}

/// Units kept that no rule decided.
fn measure(case: &Case, lines: &[DemandLine], dice: &mut Dice) {
    let kept: Vec<i64> = lines
        .iter()
        .map(|line| dice.roll(line.quantity as u64 + 1))
        .collect();
    let received = kept.iter().sum::<i64>() + dice.roll(3);
    let refund = case.columns[0].as_deref();
    let refunds: Option<Vec<i128>> =
        refund.map(|column| column.iter().copied().map(i128::from).collect());
    let order: PlaceOrder = "lot+sequence".parse().unwrap();
    let expected = Meter::new(lines, &order).and_then(|meter| {
        meter.measure(&KeptColumns {
            kept: &kept,
            previous: case.previous.as_deref(),
            refund: refunds.as_deref(),
            received: received.into(),
            idle: &[],
        })
    });
    let length = |column: Option<&[i64]>| column.map_or(0, |column| column.len() as i64);
    let pointer = |column: Option<&[i64]>| column.map_or(core::ptr::null(), <[i64]>::as_ptr);
    let previous = case.previous.as_deref();
    // SAFETY: plain integers; rows and columns of the lengths given.
    let (status, found) = unsafe {
        let mut found = core::mem::zeroed::<allocator_metrics>();
        let status = allocator_metrics_of(
            c"lot+sequence".as_ptr(),
            case.lines.as_ptr(),
            case.lines.len() as i64,
            kept.as_ptr(),
            kept.len() as i64,
            pointer(previous),
            length(previous),
            pointer(refund),
            length(refund),
            core::ptr::null(),
            0,
            received,
            &raw mut found,
            core::ptr::null_mut(),
        );
        (status, found)
    };
    assert_eq!(status, ALLOCATOR_OK);
    compare_metrics(&found, &expected.unwrap());
}

fn compare_metrics(found: &allocator_metrics, expected: &Metrics) {
    let moved = expected.moved.unwrap_or_default();
    let numbers = [
        (found.units_ordered, expected.units_ordered),
        (found.units_kept, expected.units_kept),
        (found.units_cut, expected.units_cut),
        (found.customers, expected.customers.into()),
        (found.customers_touched, expected.customers_touched.into()),
        (
            found.customers_cancelled,
            expected.customers_cancelled.into(),
        ),
        (found.orders, expected.orders.into()),
        (found.orders_touched, expected.orders_touched.into()),
        (found.orders_cancelled, expected.orders_cancelled.into()),
        (found.largest_cut, expected.largest_cut),
        (found.largest_award, expected.largest_award),
        (found.overtakes, expected.overtakes.into()),
        (found.idle, expected.idle),
        (found.lines_losing, moved.lines_losing.into()),
        (found.units_lost, moved.units_lost),
        (found.lines_gaining, moved.lines_gaining.into()),
        (found.units_gained, moved.units_gained),
    ];
    for (at, (found, expected)) in numbers.into_iter().enumerate() {
        assert_eq!(i128::from(found), expected, "number {at}");
    }
    assert_eq!(found.refund, halves(expected.refund.unwrap_or(0)));
    assert_eq!(found.has_refund, u8::from(expected.refund.is_some()));
    assert_eq!(found.has_moved, u8::from(expected.moved.is_some()));
    let mut idle = [0; 4];
    for part in &expected.idle_by_cause {
        idle[usize::from(part.cause.number())] = i64::try_from(part.units).unwrap();
    }
    assert_eq!(found.idle_by_cause, idle);
    let lowest = expected.lowest_fill.map(Figure::Exact);
    assert_eq!(found.has_lowest_fill, u8::from(lowest.is_some()));
    for (found, expected) in [
        (&found.lowest_fill, lowest),
        (&found.jain_units, Some(expected.jain_units)),
        (&found.jain_fill, Some(expected.jain_fill)),
        (&found.gini_units, Some(expected.gini_units)),
        (&found.gini_fill, Some(expected.gini_fill)),
    ] {
        let said = (string(&found.exact), string(&found.rounded));
        let ppm = (found.low_ppm as u64, found.high_ppm as u64);
        assert_eq!(ppm, expected.map_or((0, 0), Figure::ppm));
        let words = expected.map(|it| (it.to_string(), it.rounded()));
        assert_eq!(said, words.unwrap_or_default());
    }
}

/// As the header says it: high * 2^64 + (uint64_t)low.
fn halves(value: i128) -> allocator_amount {
    let amount = allocator_amount {
        low: value as i64,
        high: (value >> 64) as i64,
    };
    let back = (i128::from(amount.high) << 64) + i128::from(amount.low as u64);
    assert_eq!(back, value);
    amount
}

fn optimality(of: Option<Optimality>) -> allocator_optimality {
    let (p, q) = match of {
        Some(Optimality::Within { p, q }) => (p, q),
        _ => (0, 0),
    };
    allocator_optimality {
        p: halves(p),
        q: halves(q),
        is_choice: of.is_some().into(),
        is_exact: (of == Some(Optimality::Exact)).into(),
        reserved: [0; 6],
    }
}

/// Everything that a listing writes.
fn list<T: Clone>(call: impl Fn(*mut T, i64, *mut i64) -> allocator_status) -> Vec<T> {
    let mut needed = -1;
    // SAFETY: the types of the face are plain integers.
    let mut out = vec![unsafe { core::mem::zeroed::<T>() }; 16];
    let status = call(out.as_mut_ptr(), 16, &raw mut needed);
    assert_eq!(status, ALLOCATOR_OK);
    out.truncate(usize::try_from(needed).unwrap());
    out
}

fn text(call: impl Fn(*mut core::ffi::c_char, i64, *mut i64) -> allocator_status) -> String {
    let mut needed = -1;
    let mut out = [0; 4096];
    let status = call(out.as_mut_ptr(), 4096, &raw mut needed);
    assert_eq!(status, ALLOCATOR_OK);
    let said = string(&out);
    assert_eq!(said.len() as i64, needed);
    said
}

fn string<const N: usize>(text: &[core::ffi::c_char; N]) -> String {
    let bytes: Vec<u8> = text.iter().map(|&c| c.to_ne_bytes()[0]).collect();
    let said = CStr::from_bytes_until_nul(&bytes).unwrap();
    said.to_str().unwrap().to_owned()
}
