"""Metrics of any plan, comparisons of methods, chosen orders, and what happens meanwhile."""

import pickle
from fractions import Fraction
from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

import allocator_py as al


def error_of(ask, *args, **kwargs):
    with pytest.raises(al.AllocatorError) as caught:
        ask(*args, **kwargs)
    return caught.value


def place(error):
    return (error.code, error.table, error.row, error.column)


def test_metrics_are_exact():
    lines = {"sku": ["A"] * 3, "quantity": [2, 1, 4], "customer": ["ann", "ben", None], "order": [1, 2, 3]}
    figures = al.metrics(lines, [1, 1, 0], 3, previous=[2, 0, 0], refund=[2**64, 0, 7], idle=[{"cause": "no_demand", "units": 1}])
    assert (figures.units_ordered, figures.units_kept, figures.units_cut, figures.idle) == (7, 2, 5, 1)
    assert (figures.customers, figures.customers_touched, figures.customers_cancelled) == (3, 2, 1)
    assert (figures.orders, figures.orders_touched, figures.orders_cancelled) == (3, 2, 1)
    assert (figures.largest_cut, figures.largest_award, figures.refund) == (4, 1, 2**64 + 7)
    # Parts 1/2, 1, 0 and units 1, 1, 0, by their definitions.
    assert figures.lowest_fill == 0 and figures.jain_fill == Fraction(9, 4) / (3 * Fraction(5, 4))
    assert (figures.jain_units, figures.gini_units, figures.gini_fill) == (Fraction(2, 3), Fraction(1, 3), Fraction(4, 9))
    assert isinstance(figures.jain_fill, Fraction) and figures.idle_by_cause == {"no_demand": 1}
    assert (figures.moved.lines_losing, figures.moved.units_lost) == (1, 1) == (figures.moved.lines_gaining, figures.moved.units_gained)
    assert figures.overtakes == 1 and figures.to_dict()["jain_fill"] == figures.jain_fill
    copy = pickle.loads(pickle.dumps(figures))
    assert copy == figures and hash(copy) == hash(figures) and copy.to_dict() == figures.to_dict()
    none = al.metrics(lines, [1, 1, 0])
    assert none.idle == 0 and none.refund is None and none.moved is None and none.idle_by_cause == {}
    assert al.metrics({"sku": [], "quantity": []}, []).lowest_fill is None
    backwards = al.metrics(lines | {"score": [1, 2, 3]}, [1, 1, 0], order="score+sequence")
    assert backwards.overtakes == 2


def test_what_128_bits_do_not_hold_is_enclosed():
    claims = [2**61 + prime for prime in (1, 3, 7, 13, 21, 33, 39, 51)]
    figures = al.metrics({"sku": range(8), "quantity": claims}, [claim // (3 + row) for row, claim in enumerate(claims)])
    low, high = figures.jain_fill
    parts = [Fraction(claim // (3 + row), claim) for row, claim in enumerate(claims)]
    exact = sum(parts) ** 2 / (8 * sum(part**2 for part in parts))
    assert low <= exact <= high and high - low <= Fraction(2, 10**6)
    assert pickle.loads(pickle.dumps(figures)) == figures and hash(figures) == hash(pickle.loads(pickle.dumps(figures)))


@pytest.mark.parametrize(
    "kwargs, expected",
    [
        ({"kept": [1]}, ("length_mismatch", "outcomes", None, "kept")),
        ({"kept": [3, 0]}, ("out_of_range", "outcomes", 0, "kept")),
        ({"kept": [0, -1]}, ("out_of_range", "outcomes", 1, "kept")),
        ({"kept": [1, None]}, ("missing", "outcomes", 1, "kept")),
        ({"kept": [1, 1.0]}, ("wrong_type", "outcomes", 1, "kept")),
        ({"kept": 5}, ("wrong_type", "outcomes", None, "kept")),
        ({"received": 1}, ("out_of_range", "outcomes", 1, "kept")),
        ({"received": -1}, ("out_of_range", "outcomes", 0, "kept")),
        ({"previous": [1]}, ("length_mismatch", "outcomes", None, "previous")),
        ({"previous": [1, -1]}, ("out_of_range", "outcomes", 1, "previous")),
        ({"refund": [0, -1]}, ("out_of_range", "outcomes", 1, "refund")),
        ({"refund": [2**127 - 1, 1]}, ("out_of_range", "outcomes", 1, "refund")),
        ({"refund": [0, 2**200]}, ("out_of_range", "outcomes", 1, "refund")),
        ({"refund": ["0", 1]}, ("wrong_type", "outcomes", 0, "refund")),
        ({"idle": [{"cause": "no_demand", "units": 1}]}, ("out_of_range", "outcomes", 0, "idle")),
        ({"idle": [{"cause": "luck", "units": 1}]}, ("unknown_idle_cause", "idle", 0, "cause")),
        ({"idle": [{"cause": None, "units": 1}]}, ("missing", "idle", 0, "cause")),
        ({"idle": {"units": [1]}}, ("missing", "idle", None, "cause")),
        ({"order": "age"}, ("unknown_order_key", None, None, "order")),
        ({"lines": {"sku": ["A", "A"], "quantity": [1, -1]}}, ("out_of_range", "lines", 1, "quantity")),
    ],
)
def test_bad_metrics_are_refused(kwargs, expected):
    good = {"lines": {"sku": ["A", "A"], "quantity": [2, 1]}, "kept": [1, 1]}
    assert place(error_of(al.metrics, **(good | kwargs))) == expected


def test_a_comparison_is_a_sequence_and_a_table():
    lines, supply = {"sku": ["A"] * 3, "quantity": [5, 1, 1]}, {"sku": ["A"], "quantity": [5]}
    methods = ["first_come", {"rule": "one_each_per_round"}, "whole_orders(least_overshoot)"]
    side_by_side = al.compare(lines, supply, methods)
    assert len(side_by_side) == 3 and side_by_side[-1] == side_by_side[2] == list(side_by_side)[2]
    assert [row.method for row in side_by_side[:2]] == ["first_come", "one_each_per_round"]
    for index in (3, -4):
        with pytest.raises(IndexError):
            side_by_side[index]
    rows = side_by_side.rows.to_pylist()
    assert [row["lowest_fill"] for row in rows] == ["0", "3/5", "0"]
    assert [row["one_off"] for row in rows] == [None, None, "whole_orders"]
    assert [row["optimality"] for row in rows] == [None, None, "exact"]
    for row, compared, method in zip(rows, side_by_side, methods):
        plan = al.plan_cancellations(lines, supply, method)
        assert row["digest"] == compared.digest == plan.digest and row["refund"] is None
        assert row["units_cut"] == compared.metrics.units_cut == plan.totals.cut and row["units_lost"] is None
        assert Fraction(row["jain_fill"]) == compared.metrics.jain_fill
        assert compared.one_off == plan.one_off and compared.optimality == plan.optimality
    assert pa.table(side_by_side.rows).num_rows == 3 and side_by_side._repr_html_().startswith("<pre>")


def brute_force(sizes, refunds, need, exact=False):
    """The sets that free enough, each with its cost."""
    for count in range(len(sizes) + 1):
        for chosen in combinations(range(len(sizes)), count):
            freed = sum(sizes[order] for order in chosen)
            if freed == need or (freed > need and not exact):
                yield {"fewest_customers": count, "least_refund": sum(refunds[order] for order in chosen),
                       "least_overshoot": freed, "exact": count}


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 9)), min_size=1, max_size=7), st.data(),
       st.sampled_from(["fewest_customers", "exact", "least_refund", "least_overshoot"]))
def test_chosen_orders_are_the_best(orders, data, aim):
    sizes, refunds = [size for size, _ in orders], [refund for _, refund in orders]
    need = data.draw(st.integers(0, sum(sizes)))
    table = {"order": [f"o{row}" for row in range(len(orders))], "sku": ["A"] * len(orders), "quantity": sizes, "refund": refunds}
    selected = al.select_orders(table, need, aim)
    possible = list(brute_force(sizes, refunds, need, exact=aim == "exact"))
    if not possible:
        assert aim == "exact" and selected.plan is None and selected.above.freed["A"] > need > selected.below.freed["A"]
        return
    plan = selected.plan
    assert plan.freed == {"A": sum(sizes[row] for row in plan.rows)} and plan.optimality.is_exact
    assert plan.refund == sum(refunds[row] for row in plan.rows) and plan.cancelled == [f"o{row}" for row in plan.rows]
    found = {"fewest_customers": len(plan.rows), "least_refund": plan.refund, "least_overshoot": plan.freed["A"], "exact": len(plan.rows)}
    assert found[aim] == min(cost[aim] for cost in possible)
    assert pickle.loads(pickle.dumps(selected)) == selected and hash(pickle.loads(pickle.dumps(selected))) == hash(selected)
    assert al.select_orders(table, {"sku": ["A"], "quantity": [need]}, aim) == selected


def test_orders_of_several_skus():
    orders = {"order": ["a", "b", None, "a"], "sku": ["X", "Y", 5, "Y"], "quantity": [2, 1, 4, 1], "refund": [2**62, 1, 1, 2**62 - 1]}
    need = {"sku": ["X", "Y", 5], "quantity": [1, 1, 0]}
    plan = al.select_orders(orders, need).plan
    assert (plan.cancelled, plan.rows, plan.freed, plan.refund) == (["a"], [0, 3], {"X": 2, "Y": 1, 5: 0}, 2**63 - 1)
    # Rows of one SKU add up, and an order without an id is told by its row.
    need = {"sku": [5, 5, "X", "Y"], "quantity": [1, 3, 0, 0]}
    assert al.select_orders(orders, need).plan.cancelled == [2]
    assert al.select_orders(orders, need | {"quantity": [0, 0, 0, 0]}).plan.cancelled == []
    orders["refund"][3] = 2**62
    error = error_of(al.select_orders, orders, need)
    assert place(error) == ("out_of_range", "orders", 0, "refund")


@pytest.mark.parametrize(
    "change, need, aim, expected",
    [
        ({}, 1, "most", ("unknown_aim", None, None, "aim")),
        ({}, -1, "exact", ("out_of_range", "need", 0, "quantity")),
        ({}, 99, "exact", ("out_of_range", "need", 0, "quantity")),
        ({}, 2**70, "exact", ("out_of_range", None, None, None)),
        ({}, 10**60, "exact", ("out_of_range", None, None, None)),
        ({}, 1.5, "exact", ("wrong_type", "need", None, None)),
        ({}, {"sku": ["B"], "quantity": [1]}, "exact", ("no_such_sku", "orders", 0, "sku")),
        ({}, {"sku": ["A"], "quantity": [-1]}, "exact", ("out_of_range", "need", 0, "quantity")),
        ({"sku": ["A", "B", "A"]}, 1, "exact", ("wrong_type", None, None, None)),
        ({"quantity": [3, -1, 2]}, 1, "exact", ("out_of_range", "orders", 1, "quantity")),
        ({"quantity": [3, 2**63, 2]}, 1, "exact", ("out_of_range", "orders", 1, "quantity")),
        ({"refund": [1, 1, -1]}, 1, "exact", ("out_of_range", "orders", 2, "refund")),
        ({"refund": [1, None, 1]}, 1, "exact", ("missing", "orders", 1, "refund")),
        ({"refund": [2**127 - 1, 1, 1], "order": [1, 1, 2]}, 1, "exact", ("out_of_range", "orders", 1, "refund")),
        ({"quantity": None}, 1, "exact", ("wrong_type", "orders", None, "quantity")),
    ],
)
def test_bad_orders_are_refused(change, need, aim, expected):
    orders = {"sku": ["A"] * 3, "quantity": [3, 1, 2]} | change
    error = error_of(al.select_orders, orders, need, aim)
    if expected[0] == "unknown_aim":
        assert (error.code, error.column) == ("unknown_aim", "aim")
    else:
        assert error.code == expected[0] and error.row == expected[2], (place(error), str(error))
        assert expected[1] is None or (error.table, error.column) == (expected[1], expected[3])


def test_exactness_that_takes_too_long_is_refused():
    count = 400
    orders = {"sku": [0] * count, "quantity": [10**12 + row * row for row in range(count)]}
    need = sum(orders["quantity"]) // 2 + 1
    error = error_of(al.select_orders, orders, need, "exact")
    assert error.code == "selection_too_large"
    plan = al.select_orders(orders, need).plan
    assert plan.freed[0] >= need
    if not plan.optimality.is_exact:
        assert plan.optimality.p >= plan.optimality.q > 0 and str(plan.optimality).startswith("within ")
        assert pickle.loads(pickle.dumps(plan)) == plan


def test_what_happens_meanwhile():
    events = al.shortage_events()
    assert len({event.name for event in events}) == len(events) == 7
    for event in events:
        assert event.axiom in al.AXIOMS and str(event) == event.sentence and len(event.sentence.split()) > 5
        assert event.is_harmless_under("one_each_per_round") == (event.axiom in al.rule_keeps("one_each_per_round"))
        copy = pickle.loads(pickle.dumps(event))
        assert copy == event and hash(copy) == hash(event) and repr(copy) == repr(event)
    down = next(event for event in events if event.name == "supply_revised_down")
    assert not down.is_harmless_under({"rule": "equal_cuts"})
    assert error_of(down.is_harmless_under, "last_come").code == "unknown_rule"


def test_words_and_their_sentences():
    assert al.AIMS == ("fewest_customers", "exact", "least_refund", "least_overshoot")
    assert len({al.cut_reason_sentence(name) for name in al.CUT_REASONS}) == 7
    assert error_of(al.cut_reason_sentence, "luck").code == "unknown_reason"
    sentences = {al.method_sentence(f"whole_orders({aim})") for aim in al.AIMS}
    assert len(sentences) == 4 and al.method_sentence("first_come") == al.rule_sentence("first_come")
    for ask in (al.method_name, al.method_sentence):
        assert error_of(ask, "whole_orders(x)").code == "unknown_aim"
        assert error_of(ask, 5).code == "wrong_type"
