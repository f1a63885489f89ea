//! Orders of places and lots, worked out by hand: what is written, what is refused, who goes first.

use allocator_core::{
    Completeness, DemandColumns, DemandLine, Error, Grade, KeyPart, Outcome, OutcomeColumns,
    PlaceOrder, PlacePart, Policy, Reason, ShortageRule, Supply, Timestamp, allocate,
    allocate_into, explain, verify,
};

fn policy(text: &str) -> Policy {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What each line gets of so many units of SKU 7.
fn gets(lines: &[DemandLine], units: i64, text: &str) -> Vec<i64> {
    let (supply, policy) = ([Supply::received(7, units)], policy(text));
    let result = allocate(lines, &supply, &policy).unwrap();
    assert_eq!(
        verify(lines, &supply, &policy, &result),
        Ok(Grade::Ordered),
        "{text}"
    );
    result.allocated().to_vec()
}

fn lines(quantities: &[i64]) -> Vec<DemandLine> {
    let rows = (0_u32..).zip(quantities);
    rows.map(|(id, &units)| DemandLine::new(id, 7, units))
        .collect()
}

#[test]
fn a_policy_and_its_text_are_the_same() {
    for text in [
        "first_come",
        "first_come:line",
        "first_come:partial:pass",
        "first_come:partial:set_aside:score",
        "draw_the_queue:order:pass:quantity+placed_at+sequence",
        "classes_first(draw_the_queue)",
        "level+lot+place:partial:set_aside:score+lot+priority+quantity+sequence+placed_at",
        "lot+protect(2)+class+place",
        "classes_first(lot+level+class+place)",
    ] {
        assert_eq!(policy(text).to_string(), text);
    }
    let said = policy("first_come:partial:set_aside:priority+placed_at+sequence");
    assert_eq!(said, Policy::first_come());
    assert_eq!(policy("lot+place").rule, ShortageRule::draw_the_queue());
    assert_eq!(
        policy("class+lot+place"),
        policy("classes_first(draw_the_queue)")
    );
}

#[test]
fn what_is_no_order_is_refused_by_name() {
    let refused = |text: &str| text.parse::<Policy>().unwrap_err();
    for (order, code) in [
        ("age", "unknown_order_key"),
        ("lot+Lot", "unknown_order_key"),
        ("lot+", "unknown_order_key"),
        ("", "unsound_order"),
        ("lot+lot", "unsound_order"),
        ("lot+score+lot", "unsound_order"),
    ] {
        let error = refused(&format!("first_come:partial:set_aside:{order}"));
        assert_eq!(
            (error.code(), error.field(), error.row()),
            (code, Some("order"), None),
            "{order}"
        );
    }
    let twice = PlaceOrder::from_parts(&[PlacePart::Lot, PlacePart::Score, PlacePart::Lot]);
    assert_eq!(
        twice.unwrap_err().to_string(),
        "order: a part stands in it twice, and decides nothing the second time"
    );
    assert!(PlaceOrder::from_parts(&[]).is_err());
    for rule in [
        "lot",
        "place+lot",
        "level+protect(1)+place",
        "level+lot+level+place",
        "protect(1)+unit_lot+place",
    ] {
        assert_eq!(refused(rule).code(), "unsound_rule", "{rule}");
    }
}

#[test]
fn whole_orders_smallest_first_need_no_rule_of_their_own() {
    let smallest = "first_come:line:set_aside:quantity+placed_at+sequence";
    assert_eq!(gets(&lines(&[3, 1, 2, 2]), 4, smallest), [0, 1, 2, 0]);
    // One unit stays aside for the second of the two that want 2, and one more serves it.
    assert_eq!(gets(&lines(&[3, 1, 2, 2]), 5, smallest), [0, 1, 2, 2]);
    let supply = [Supply::received(7, 4)];
    let result = allocate(&lines(&[3, 1, 2, 2]), &supply, &policy(smallest)).unwrap();
    assert_eq!(result.set_aside(), [0, 0, 0, 1]);
    // An order of several lines stands at its largest.
    let mut pair = lines(&[1, 3, 2]);
    pair[0].order = Some(5.into());
    pair[1].order = Some(5.into());
    let orders = "first_come:order:pass:quantity+sequence";
    assert_eq!(gets(&pair, 3, orders), [0, 0, 2]);
    assert_eq!(gets(&pair, 4, orders), [0, 0, 2]);
    assert_eq!(gets(&pair, 6, orders), [1, 3, 2]);
}

#[test]
fn the_ends_of_the_numbers_stand_where_they_belong() {
    let ends = [i64::MAX, 0, i64::MIN, 1, i64::MIN + 1, -1, i64::MAX - 1];
    let small_first = [2, 4, 5, 1, 3, 6, 0];
    let with = |set: fn(&mut DemandLine, i64)| -> Vec<DemandLine> {
        let mut lines = lines(&[1; 7]);
        for (line, &number) in lines.iter_mut().zip(&ends) {
            set(line, number);
        }
        lines
    };
    for (order, set) in [
        (
            "priority",
            (|line, number| line.priority = number) as fn(&mut DemandLine, i64),
        ),
        ("lot", |line, number| line.lot = number),
        ("placed_at", |line, number| {
            line.placed_at = Timestamp::from_micros(number);
        }),
        ("sequence", |line, number| line.sequence = Some(number)),
        ("score", |line, number| line.score = number),
    ] {
        let lines = with(set);
        for units in 0..=7_usize {
            let mut first = small_first.to_vec();
            if order == "score" {
                first.reverse();
            }
            let served = |row: usize| i64::from(first[..units].contains(&row));
            let expected: Vec<i64> = (0..7).map(served).collect();
            let text = format!("first_come:partial:set_aside:{order}");
            assert_eq!(
                gets(&lines, units as i64, &text),
                expected,
                "{order}, {units}"
            );
        }
    }
    let quantities = [i64::MAX, 0, 1, i64::MAX - 1];
    let smallest = "first_come:partial:set_aside:quantity";
    assert_eq!(
        gets(&lines(&quantities), i64::MAX, smallest),
        [0, 0, 1, i64::MAX - 1]
    );
}

#[test]
fn a_lot_before_a_grading_is_a_stage_and_behind_it_a_tie() {
    let mut drawn = lines(&[2, 2, 2]);
    for (line, lot) in drawn.iter_mut().zip([2, 1, 3]) {
        line.lot = lot;
    }
    assert_eq!(gets(&drawn, 3, "one_each_per_round"), [1, 1, 1]);
    assert_eq!(gets(&drawn, 4, "one_each_per_round"), [2, 1, 1]);
    assert_eq!(gets(&drawn, 4, "level+lot+place"), [1, 2, 1]);
    assert_eq!(gets(&drawn, 3, "lot+level+place"), [1, 2, 0]);
    assert_eq!(gets(&drawn, 3, "draw_the_queue"), [1, 2, 0]);
    assert_eq!(gets(&drawn, 4, "protect(1)+lot+place"), [1, 2, 1]);
    drawn[2].priority = -1;
    assert_eq!(gets(&drawn, 3, "draw_the_queue"), [1, 2, 0]);
    assert_eq!(gets(&drawn, 3, "classes_first(draw_the_queue)"), [0, 1, 2]);
    assert_eq!(gets(&drawn, 4, "level+class+place"), [1, 1, 2]);
    // Equal lots are parted by the place.
    drawn.iter_mut().for_each(|line| line.lot = 0);
    assert_eq!(gets(&drawn, 3, "draw_the_queue"), [1, 0, 2]);
}

/// The customer of the first two lines cancels the one that the rule serves last: his other ticket stays
/// the first of its lot, so the third line has what it had.
#[test]
fn tickets_are_numbered_by_the_lots_that_go_first() {
    let mut drawn = lines(&[1, 1, 2]);
    for (line, (customer, lot)) in drawn.iter_mut().zip([(1_u32, 5), (1, 1), (2, 1)]) {
        (line.customer, line.lot) = (Some(customer.into()), lot);
    }
    for rounds in ["lot+level+place", "lot+protect(1)+place"] {
        assert_eq!(gets(&drawn, 2, rounds), [0, 1, 1], "{rounds}");
        let mut cancelled = drawn.clone();
        cancelled[0].quantity = 0;
        assert_eq!(gets(&cancelled, 2, rounds), [0, 1, 1], "{rounds}");
    }
}

#[test]
fn rows_and_columns_and_the_short_way_agree() {
    let (lot, score) = ([3, 1, 2], [5, 5, 9]);
    let columns = DemandColumns {
        sku: &[7, 7, 7],
        quantity: &[2, 2, 2],
        lot: Some(&lot),
        score: Some(&score),
        ..DemandColumns::default()
    };
    let mut rows = lines(&[2, 2, 2]);
    for (row, line) in rows.iter_mut().enumerate() {
        (line.lot, line.score) = (lot[row], score[row]);
    }
    let supply = [Supply::received(7, 3)];
    for (text, expected) in [
        ("first_come", [2, 1, 0]),
        ("draw_the_queue", [0, 2, 1]),
        ("first_come:partial:set_aside:score+lot", [0, 1, 2]),
        ("first_come:partial:set_aside:score+sequence", [1, 0, 2]),
    ] {
        assert_eq!(gets(&rows, 3, text), expected, "{text}");
        let (mut allocated, mut covered, mut set_aside) = ([0; 3], [0; 3], [0; 3]);
        let mut reason = [Reason::Short; 3];
        let mut out = OutcomeColumns {
            allocated: &mut allocated,
            covered: Some(&mut covered),
            set_aside: Some(&mut set_aside),
            reason: Some(&mut reason),
        };
        allocate_into(&columns, &supply, &policy(text), &mut out).unwrap();
        assert_eq!(allocated, expected, "{text}");
        let result = allocate(&columns, &supply, &policy(text)).unwrap();
        let of_rows = allocate(&rows, &supply, &policy(text)).unwrap();
        assert!(result.outcomes().eq(of_rows.outcomes()), "{text}");
        assert!(of_rows.outcomes().all(|it: Outcome| it.set_aside == 0));
    }
}

#[test]
fn lines_that_nothing_parts_are_refused_with_what_was_looked_at() {
    let mut equal = lines(&[1, 1]);
    equal[1].score = 3;
    let supply = [Supply::received(7, 1)];
    let refused = |text: &str| allocate(&equal, &supply, &policy(text)).unwrap_err();
    let error = refused("first_come:partial:set_aside:quantity+lot");
    assert!(matches!(
        error,
        Error::DuplicatePlace {
            row: 1,
            first: 0,
            ..
        }
    ));
    assert_eq!(
        error.to_string(),
        "lines row 1, sequence: row 0 stands at the same place (equal quantity and lot), so neither is before the other"
    );
    let error = refused("classes_first(draw_the_queue):partial:set_aside:quantity");
    assert!(
        error
            .to_string()
            .contains("(equal priority, lot and quantity)"),
        "{error}"
    );
    assert_eq!(
        gets(&equal, 1, "first_come:partial:set_aside:quantity+score"),
        [0, 1]
    );
}

#[test]
fn a_policy_says_to_a_customer_who_goes_first() {
    for (text, sentence) in [
        ("first_come", "the oldest orders are served first"),
        (
            "first_come:line:set_aside:quantity+sequence",
            "the smallest orders are served first",
        ),
        (
            "first_come:line:set_aside:score+sequence",
            "the orders with the highest score are served first",
        ),
        (
            "draw_the_queue",
            "the place in line was drawn by lot, whoever ordered first; the smallest lots are served first",
        ),
        (
            "level+lot+place",
            "everybody gets a first unit before anybody gets a second, and so on; between equals the lot decides",
        ),
        (
            "protect_first(1):partial:set_aside:score+sequence",
            "the first units of everybody go first, then the orders with the highest score",
        ),
        (
            "one_each_per_round",
            "everybody gets a first unit before anybody gets a second, and so on; older orders first",
        ),
    ] {
        assert_eq!(policy(text).sentence(), sentence, "{text}");
    }
    let drawn = policy("level+lot+place");
    let why = explain(&lines(&[1, 1]), &[Supply::received(7, 1)], &drawn, 1).unwrap();
    assert!(
        why.to_string().contains("between equals the lot decides"),
        "{why}"
    );
    assert_eq!(why.order, drawn.standing());
}

#[test]
fn whole_lines_are_allowed_under_every_plain_queue() {
    for text in [
        "draw_the_queue",
        "classes_first(draw_the_queue)",
        "lot+class+lot+place",
    ] {
        let rule: ShortageRule = text.parse().unwrap();
        assert!(rule.is_queue(), "{text}");
        assert!(rule.parts().contains(&KeyPart::Lot));
        let policy = Policy::sharing(rule).completeness(Completeness::Line);
        assert!(allocate(&lines(&[2]), &[Supply::received(7, 1)], &policy).is_ok());
    }
    let rounds = policy("level+lot+place:line");
    let refused = allocate(&lines(&[2]), &[Supply::received(7, 1)], &rounds).unwrap_err();
    assert_eq!(refused.code(), "rule_needs_single_units");
}
