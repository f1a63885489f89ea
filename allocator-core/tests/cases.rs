//! Cases worked out by hand: what each reason reads like, what an auditor refuses, limits of names.

use allocator_core::limits::MAX_NAME_BYTES;
use allocator_core::{
    Allocation, Completeness, DemandColumns, DemandLine, Error, Explainer, Grade, Idle, IdleCause,
    Interner, Law, Misfit, OutcomeColumns, OvertakeCause, Policy, Reason, SkuId, Supply, allocate,
    allocate_into, explain, verify,
};

const WHOLE_LINES: Policy = Policy::first_come().completeness(Completeness::Line);
const WHOLE_ORDERS: Policy = Policy::first_come().completeness(Completeness::Order);

fn line(id: u32, order: u32, sku: u32, quantity: i64) -> DemandLine {
    DemandLine::new(id, sku, quantity).order(order)
}

/// The sentence of each line.
fn sentences(lines: &[DemandLine], supply: &[Supply], policy: Policy) -> Vec<String> {
    let explainer = Explainer::new(lines, supply, &policy).unwrap();
    let all: Vec<_> = explainer.explanations().map(Result::unwrap).collect();
    for (row, why) in all.iter().enumerate() {
        assert_eq!(explainer.explain(row).as_ref(), Ok(why));
        assert_eq!(explain(lines, supply, &policy, row).as_ref(), Ok(why));
    }
    all.iter().map(ToString::to_string).collect()
}

#[test]
fn every_reason_has_its_sentence() {
    let lines = [
        line(1, 1, 7, 0),
        line(2, 2, 7, 2),
        line(3, 3, 7, 3),
        line(4, 4, 8, 1),
    ];
    let supply = [Supply::received(7, 3)];
    assert_eq!(
        sentences(&lines, &supply, Policy::first_come()),
        [
            "line 1 asks for nothing.",
            "line 2 gets all its 2 units.",
            "line 3 gets 1 of 3 units: 2 units are ahead of it in line and 3 were received. \
             2 more units serve it. In front of line 2 it would be served.",
            "line 4 gets 0 of 1 unit: no supply of this item is known.",
        ]
    );
    assert_eq!(
        sentences(&lines, &supply, WHOLE_LINES)[2],
        "line 3 gets 0 of 3 units: there is enough for 1, and it ships whole; 1 unit stays aside for it. \
         2 more units serve it. In front of line 2 it would be served. \
         If it could ship in part it would get 1 now."
    );
}

#[test]
fn what_is_covered_and_passed_on_is_told_as_covered() {
    let lines = [line(1, 1, 7, 2), line(2, 2, 7, 3)];
    let passing = WHOLE_LINES.on_misfit(Misfit::Pass);
    assert_eq!(
        sentences(&lines, &[Supply::received(7, 4)], passing)[1],
        "line 2 gets 0 of 3 units: there is enough for 2, and it ships whole. \
         1 more unit serves it. In front of line 1 it would be served. \
         If it could ship in part it would get 2 now."
    );
}

#[test]
fn whole_orders_say_that_they_ship_whole() {
    let lines = [
        line(1, 1, 7, 2),
        line(2, 1, 8, 3),
        line(3, 2, 9, 1),
        line(4, 2, 10, 1),
    ];
    let supply = [
        Supply::received(7, 2),
        Supply::received(8, 1),
        Supply::received(9, 1),
    ];
    assert_eq!(
        sentences(&lines, &supply, WHOLE_ORDERS),
        [
            "line 1 gets 0 of 2 units: there is enough for this item, but the order ships whole and another \
             item of it waits; 2 units stay aside for it. 2 more units of SKU 8 serve it. \
             If it could ship in part it would get 2 now.",
            "line 2 gets 0 of 3 units: there is enough for 1, and its order ships whole; 1 unit stays aside \
             for it. 2 more units serve it. If it could ship in part it would get 1 now.",
            "line 3 gets 0 of 1 unit: the order ships whole and another item of it can never be served. \
             If it could ship in part it would get 1 now.",
            "line 4 gets 0 of 1 unit: no supply of this item is known.",
        ]
    );
}

#[test]
fn units_ahead_that_can_never_be_served_are_told_apart() {
    // The order of line 1 waits for an item that nobody supplies, so line 3 is not behind it.
    let lines = [
        line(1, 1, 7, 10),
        line(2, 1, 8, 1),
        line(3, 2, 7, 3).completeness(Completeness::Partial),
    ];
    let text = &sentences(&lines, &[Supply::received(7, 2)], WHOLE_ORDERS)[2];
    assert_eq!(
        text,
        "line 3 gets 2 of 3 units: 10 units are ahead of it in line, 10 of which can never be served, \
         and 2 were received. 1 more unit serves it."
    );
}

#[test]
fn a_line_served_out_of_turn_says_so() {
    let lines = [line(1, 1, 7, 2), line(2, 2, 7, 1)];
    let texts = sentences(
        &lines,
        &[Supply::received(7, 1)],
        WHOLE_LINES.on_misfit(Misfit::Pass),
    );
    assert_eq!(
        texts[1],
        "line 2 gets its unit, because a line before it did not fit. 2 more units serve it in turn."
    );
}

#[test]
fn an_order_that_sets_aside_can_be_overtaken_at_its_earlier_line() {
    // Line 1 lets others pass; the order of lines 2 and 4 stands at line 4, behind line 3.
    let lines = [
        line(1, 1, 7, 5)
            .completeness(Completeness::Line)
            .on_misfit(Misfit::Pass),
        line(2, 2, 7, 1).completeness(Completeness::Order),
        line(3, 3, 7, 4),
        line(4, 2, 8, 1).completeness(Completeness::Order),
    ];
    let supply = [Supply::received(7, 4), Supply::received(8, 1)];
    let result = allocate(&lines, &supply, &Policy::first_come()).unwrap();
    let pairs: Vec<_> = result
        .overtakes()
        .map(|pair| (pair.later, pair.earlier, pair.because))
        .collect();
    assert_eq!(
        pairs,
        [(2, 0, OvertakeCause::Misfit), (2, 1, OvertakeCause::Misfit)]
    );
    assert_eq!(result.overtake_count(), 2);
}

fn shortage() -> (Vec<DemandLine>, [Supply; 1], Allocation) {
    let lines = vec![
        line(1, 1, 7, 2),
        line(2, 2, 7, 3),
        line(3, 3, 7, 1),
        line(4, 4, 8, 0),
    ];
    let supply = [Supply::received(7, 4)];
    let result = allocate(&lines, &supply, &WHOLE_LINES).unwrap();
    (lines, supply, result)
}

/// The true result with other idle units.
fn with_idle(truth: &Allocation, idle: Vec<Idle>) -> Allocation {
    Allocation::reported(truth.outcomes(), Some(truth.pegs().to_vec())).with_idle(idle)
}

#[test]
fn the_auditor_judges_idle_units() {
    let (lines, supply, truth) = shortage();
    let idle = Idle {
        sku: SkuId(7),
        cause: IdleCause::SetAside,
        row: Some(1),
        units: 2,
    };
    assert_eq!(truth.idle(), [idle]);
    let judge = |idle: Vec<Idle>| {
        let judged = verify(&lines, &supply, &WHOLE_LINES, &with_idle(&truth, idle));
        judged.map_err(|broken| (broken.law, broken.reached))
    };
    assert_eq!(judge(vec![idle]), Ok(Grade::Ordered));
    let unsafe_ = Err((Law::EveryUnitAccounted, None));
    assert_eq!(judge(vec![]), unsafe_);
    assert_eq!(judge(vec![Idle { units: 1, ..idle }]), unsafe_);
    assert_eq!(judge(vec![Idle { units: 3, ..idle }]), unsafe_);
    assert_eq!(
        judge(vec![Idle {
            sku: SkuId(8),
            ..idle
        }]),
        unsafe_
    );
    let untrue = Err((Law::TrueReason, Some(Grade::Legal)));
    assert_eq!(judge(vec![Idle { row: None, ..idle }]), untrue);
    assert_eq!(
        judge(vec![Idle {
            cause: IdleCause::NoDemand,
            row: None,
            ..idle
        }]),
        untrue
    );
    assert_eq!(
        judge(vec![Idle {
            cause: IdleCause::DoesNotFit,
            row: None,
            ..idle
        }]),
        untrue
    );
    assert_eq!(
        judge(vec![Idle {
            row: Some(2),
            ..idle
        }]),
        untrue
    );
    assert_eq!(
        judge(vec![Idle {
            row: Some(3),
            ..idle
        }]),
        untrue
    );
    assert_eq!(
        judge(vec![Idle {
            row: Some(99),
            ..idle
        }]),
        untrue
    );
    assert_eq!(
        judge(vec![Idle { units: 3, ..idle }, Idle { units: -1, ..idle }]),
        untrue
    );
}

#[test]
fn a_system_without_reasons_is_judged_by_its_units() {
    let (lines, supply, truth) = shortage();
    let outcomes = truth.outcomes().map(|mut outcome| {
        outcome.reason = Reason::Short;
        outcome
    });
    let report = Allocation::reported(outcomes, None);
    let broken = verify(&lines, &supply, &WHOLE_LINES, &report).unwrap_err();
    assert_eq!(broken.law, Law::TrueReason);
    assert_eq!(
        verify(&lines, &supply, &WHOLE_LINES, &report.without_reasons()),
        Ok(Grade::Ordered)
    );
}

#[test]
fn idle_units_nobody_can_use_are_not_wanted_without_reasons_either() {
    let lines = [line(1, 1, 7, 2), line(2, 1, 99, 1)];
    let supply = [Supply::received(7, 3)];
    let truth = allocate(&lines, &supply, &WHOLE_ORDERS).unwrap();
    let report = with_idle(&truth, truth.idle().to_vec()).without_reasons();
    assert_eq!(truth.idle()[0].cause, IdleCause::NoDemand);
    assert_eq!(
        verify(&lines, &supply, &WHOLE_ORDERS, &report),
        Ok(Grade::Ordered)
    );
}

#[test]
fn a_jump_is_called_a_jump() {
    // Line 1 lets others pass and fits into what is released after line 2 was served out of turn.
    let lines = [line(1, 1, 7, 1), line(2, 2, 7, 1)];
    let supply = [Supply::received(7, 1)];
    let mut outcomes: Vec<_> = allocate(&lines, &supply, &WHOLE_LINES)
        .unwrap()
        .outcomes()
        .collect();
    (outcomes[0].allocated, outcomes[1].allocated) = (0, 1);
    (outcomes[0].reason, outcomes[1].reason) = (Reason::Short, Reason::Served);
    let broken = verify(
        &lines,
        &supply,
        &WHOLE_LINES,
        &Allocation::reported(outcomes, None),
    )
    .unwrap_err();
    assert_eq!((broken.law, broken.row), (Law::NoQueueJumping, Some(1)));
}

#[test]
fn the_auditor_refuses_lines_without_an_order() {
    let lines = [line(1, 1, 7, 1).sequence(5), line(2, 2, 7, 1).sequence(5)];
    let result = Allocation::reported(
        [1, 1].map(|units| allocator_core::Outcome::reported(1, units)),
        None,
    );
    let broken = verify(
        &lines,
        &[Supply::received(7, 2)],
        &Policy::first_come(),
        &result,
    )
    .unwrap_err();
    assert_eq!(
        (broken.law, broken.what),
        (Law::NoQueueJumping, "lines at one place")
    );
    let short = DemandColumns {
        sku: &[7, 7],
        quantity: &[1],
        ..DemandColumns::default()
    };
    let broken = verify(
        &short,
        &[Supply::received(7, 2)],
        &Policy::first_come(),
        &result,
    )
    .unwrap_err();
    assert_eq!(broken.law, Law::EveryUnitAccounted);
}

#[test]
fn names_have_a_length_limit_and_come_back_unchanged() {
    let mut names = Interner::with_seed(7);
    let longest = "x".repeat(MAX_NAME_BYTES);
    for (number, name) in ["", " a", "ä", "Ä", "A\u{308}", "a\0b", &longest]
        .into_iter()
        .enumerate()
    {
        assert_eq!(names.intern(name), Ok(u32::try_from(number).unwrap()));
    }
    assert_eq!(names.name(6), Some(longest.as_str()));
    assert_eq!(names.id("a\0b"), Some(5));
    let too_long = format!("{longest}x");
    let refused = Error::NameTooLong {
        len: MAX_NAME_BYTES + 1,
        max: MAX_NAME_BYTES,
    };
    assert_eq!(names.intern(&too_long), Err(refused));
    assert_eq!(
        (names.len(), names.id(&too_long), names.name(7)),
        (7, None, None)
    );
}

/// Where the largest number of units there can be just serves the classes in front, those behind get
/// nothing: a sum that stops at the limit is not taken for one that lies below it.
#[test]
fn the_largest_stock_serves_the_first_classes_and_no_other() {
    let quantity = [i64::MAX - 1, 1, i64::MAX, 5];
    let priority = [0, 1, 2, 3];
    let lines = DemandColumns {
        sku: &[7; 4],
        quantity: &quantity,
        priority: Some(&priority),
        ..DemandColumns::default()
    };
    let supply = [Supply::received(7, i64::MAX)];
    for rule in [
        "first_come",
        "classes_first(one_each_per_round)",
        "classes_first(equal_cuts)",
        "classes_first(same_percentage)",
        "classes_first(protect_first(3))",
    ] {
        let policy: Policy = rule.parse().unwrap();
        let mut allocated = [-1; 4];
        let mut out = OutcomeColumns::allocated(&mut allocated);
        allocate_into(&lines, &supply, &policy, &mut out).unwrap();
        assert_eq!(allocated, [i64::MAX - 1, 1, 0, 0], "{rule}");
        let result = allocate(&lines, &supply, &policy).unwrap();
        assert_eq!(result.allocated(), allocated, "{rule}");
    }
}
