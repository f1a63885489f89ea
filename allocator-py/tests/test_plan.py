"""Plans of cancellations: who is cut, what it costs, and the same bytes as in the other languages."""

import csv
import pickle
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

import allocator_py as al

REPOSITORY = Path(__file__).parents[2]
EXPECTED = REPOSITORY / "examples" / "expected" / "compare_drop400.txt"
HUGE = 2**63 - 1


def drop400():
    """The example drop, as the Rust test reads it."""
    with open(REPOSITORY / "examples" / "data" / "drop400" / "demand.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = [int(row["order_id"]) for row in rows]
    lines = {
        "line": ids,
        "order": ids,
        "customer": [int(row["customer_id"]) for row in rows],
        "sku": ["HOODIE-M"] * len(rows),
        "quantity": [int(row["quantity"]) for row in rows],
        "lot": [order * 7919 % 1009 for order in ids],
        "unit_price": [int(row["unit_price_minor"]) for row in rows],
    }
    return lines, {"sku": ["HOODIE-M"] * 2, "quantity": [300, 180]}


def expected():
    """The table, and per method its digests under the ids and under names."""
    table, digests = EXPECTED.read_text(encoding="utf-8").split("\n\n")
    rows = [line.split(" ", 2) for line in digests.splitlines()]
    return table + "\n", {method: (by_id, by_name) for by_id, by_name, method in rows}


def plan_error(*args, **kwargs):
    with pytest.raises(al.AllocatorError) as caught:
        al.plan_cancellations(*args, **kwargs)
    assert str(caught.value) == caught.value.message
    return caught.value


def place(error):
    return (error.code, error.table, error.row, error.column)


def test_a_comparison_is_the_one_of_the_other_languages():
    lines, supply = drop400()
    table, digests = expected()
    assert len(digests) == 15
    queue = al.plan_cancellations(lines, supply)
    side_by_side = al.compare(lines, supply, list(digests), previous=queue.kept)
    assert str(side_by_side) == table
    assert [row.digest for row in side_by_side] == [by_id for by_id, _ in digests.values()]
    named = lines | {"line": [f"order {order}" for order in lines["line"]]}
    side_by_side = al.compare(named, supply, list(digests), previous=queue.kept)
    assert str(side_by_side) == table
    assert [row.digest for row in side_by_side] == [by_name for _, by_name in digests.values()]


@pytest.mark.parametrize("method", expected()[1])
def test_a_plan_is_the_one_of_the_other_languages(method):
    lines, supply = drop400()
    by_id, by_name = expected()[1][method]
    plan = al.plan_cancellations(lines, supply, method)
    assert plan.digest == by_id and plan.method == method == al.method_name(method)
    kept = plan.kept.tolist()
    assert sum(kept) == plan.totals.kept == 480 and plan.totals.cut == 20
    # Any order of the rows, and any reader, give the same plan.
    frame = pl.DataFrame(lines).with_columns(sequence=pl.int_range(pl.len())).reverse()
    other = al.plan_cancellations(frame, supply, method)
    assert other.digest == by_id and other.kept.tolist() == kept[::-1]
    # Numbers as text are the same names.
    texts = lines | {"line": [str(order) for order in lines["line"]]}
    assert al.plan_cancellations(texts, supply, method).digest == by_id
    named = pd.DataFrame(lines | {"line": [f"order {order}" for order in lines["line"]]})
    assert al.plan_cancellations(named, supply, method).digest == by_name
    for sku in plan.idle:
        assert sku["units"] > 0


def test_tables_add_up_and_every_cut_has_its_sentence():
    lines, supply = drop400()
    plan = al.plan_cancellations(lines, supply, "one_each_per_round")
    rows = plan.lines.to_pylist()
    assert list(rows[0]) == [
        "line", "sku", "quantity", "kept", "cut", "given", "volunteered", "credit_spent", "refund", "compensation", "reason",
    ]
    for row, price in zip(rows, lines["unit_price"]):
        assert row["quantity"] == row["kept"] + row["cut"] and row["refund"] == row["cut"] * price
        assert row["reason"] == ("shortage" if row["cut"] else "kept")
    cuts = plan.cuts.to_pylist()
    assert [{name: cut[name] for name in rows[0]} for cut in cuts] == [row for row in rows if row["cut"]]
    for cut in cuts:
        assert cut["sentence"] == plan.sentence(cut["line"]) == plan.sentence(row=cut["row"])
        assert plan.more_units(line=cut["line"]) == {"HOODIE-M": plan.more_units(row=cut["row"])["HOODIE-M"]}
        more = supply["quantity"][1] + plan.more_units(cut["line"])["HOODIE-M"]
        served, missed = (
            al.plan_cancellations(lines, {"sku": ["HOODIE-M"] * 2, "quantity": [300, units]}, "one_each_per_round")
            for units in (more, more - 1)
        )
        assert served.kept[cut["row"]] == cut["quantity"] and missed.kept[cut["row"]] < cut["quantity"]
    assert plan.totals.refund == sum(row["refund"] for row in rows) and plan.one_off is plan.optimality is None
    assert plan.more_units(line=1) == {} and len(plan) == 400
    assert pa.table(plan.cuts).num_rows == len(cuts) == plan.totals.lines_cut
    assert pl.DataFrame(plan.lines)["kept"].to_list() == plan.kept.tolist() == np.asarray(plan.kept).tolist()
    assert plan.cuts.to_pandas()["refund"].dtype == "int64" and plan.lines is plan.lines
    assert pa.table(al.plan_cancellations([{"sku": 1, "quantity": 1}], []).lines)["refund"].to_pylist() == [None]


def test_terms_are_columns_or_arguments():
    lines, supply = {"sku": ["A"] * 3, "quantity": [2, 2, 1]}, {"sku": ["A"], "quantity": [4]}
    terms = {"unit_price": [4900] * 3, "offered": [1, 0, 0], "asked": [500, 0, 0]}
    plan = al.plan_cancellations(lines | terms, supply)
    assert plan.kept.tolist() == [1, 2, 1] and (plan.totals.refund, plan.totals.compensation) == (4900, 500)
    assert plan.lines.to_pydict()["reason"] == ["volunteered", "kept", "kept"]
    for form in (list, tuple, np.array, pa.array, pl.Series):
        given_as = {name: form(values) for name, values in terms.items()}
        assert al.plan_cancellations(lines, supply, **given_as).digest == plan.digest
    assert plan.ignored_columns == {"lines": [], "supply": []}
    spent = al.plan_cancellations(lines, supply, credit=[0, 0, 1])
    assert spent.kept.tolist() == [2, 1, 1] and spent.lines.to_pydict()["credit_spent"] == [0, 0, 1]
    assert "by your credit" in spent.sentence(row=2)
    assert al.plan_cancellations(lines, supply, given=[0, 0, 1]).kept.tolist() == [2, 1, 1]
    # What some do not say is none; a price has to be said.
    assert al.plan_cancellations(lines | {"credit": [None, None, 1]}, supply).digest == spent.digest
    assert place(plan_error(lines, supply, unit_price=[1, None, 1])) == ("missing", "lines", 1, "unit_price")
    # `allocate` reads none of them.
    assert al.allocate(lines | terms, supply).ignored_columns["lines"] == list(terms)


@pytest.mark.parametrize(
    "kwargs, expected",
    [
        ({"unit_price": [1, 1]}, ("length_mismatch", "lines", None, "unit_price")),
        ({"unit_price": [1, -1, 1]}, ("out_of_range", "lines", 1, "unit_price")),
        ({"unit_price": [1, 1, 2**63]}, ("out_of_range", "lines", 2, "unit_price")),
        ({"unit_price": [1, 1, 10**60]}, ("out_of_range", "lines", 2, "unit_price")),
        ({"unit_price": [1, 1.5, 1]}, ("wrong_type", "lines", 1, "unit_price")),
        ({"unit_price": ["1", 1, 1]}, ("wrong_type", "lines", 0, "unit_price")),
        ({"unit_price": [True, 1, 1]}, ("wrong_type", "lines", 0, "unit_price")),
        ({"unit_price": "price"}, ("wrong_type", "lines", None, "unit_price")),
        ({"unit_price": 5}, ("wrong_type", "lines", None, "unit_price")),
        ({"given": [3, 0, 0]}, ("out_of_range", "lines", 0, "given")),
        ({"given": [2, 2, 1]}, ("out_of_range", "lines", 2, "given")),
        ({"given": [1, 0, 0], "offered": [2, 0, 0]}, ("out_of_range", "lines", 0, "offered")),
        ({"credit": [0, -5, 0]}, ("out_of_range", "lines", 1, "credit")),
        ({"asked": [0, 0, -1]}, ("out_of_range", "lines", 2, "asked")),
        ({"method": "whole_orders(least_refund)"}, ("missing_column", "lines", None, "unit_price")),
        ({"method": "whole_orders(most)"}, ("unknown_aim", None, None, "aim")),
        ({"method": "whole_orders()"}, ("unknown_aim", None, None, "aim")),
        ({"method": "last_come"}, ("unknown_rule", None, None, "rule")),
        ({"method": 5}, ("wrong_type", None, None, None)),
        ({"method": "first_come:line", "credit": [1, 0, 0]}, ("needs_single_units", "lines", 0, "credit")),
        ({"method": "whole_orders(exact)", "given": [1, 0, 0]}, ("needs_single_units", "lines", 0, "given")),
        ({"method": "one_each_per_round:line"}, ("rule_needs_single_units", None, None, "completeness")),
        ({"method": "draw_the_queue"}, ("draw_required", None, None, "lot")),
        ({"method": "draw_each_unit"}, ("unit_lots", "lines", None, "unit_lots")),
    ],
)
def test_what_is_wrong_is_said_where(kwargs, expected):
    lines, supply = {"sku": ["A"] * 3, "quantity": [2, 2, 1]}, {"sku": ["A"], "quantity": [4]}
    error = plan_error(lines, supply, **kwargs)
    if expected[0] in ("missing_column", "draw_required", "rule_needs_single_units", "unknown_aim", "unit_lots"):
        assert (error.code, error.column) == (expected[0], expected[3])
    else:
        assert place(error) == expected
    compared = dict(kwargs)
    methods = [compared.pop("method", "first_come")]
    with pytest.raises(al.AllocatorError) as caught:
        al.compare(lines, supply, methods, **compared)
    assert place(caught.value) == place(error) and str(caught.value) == str(error)


def test_more_that_is_wrong():
    lines, supply = {"sku": ["A"] * 2, "quantity": [2, 2]}, {"sku": ["A"], "quantity": [3]}
    both = plan_error(lines | {"given": [0, 0]}, supply, given=[0, 0])
    assert place(both) == ("ambiguous_column", "lines", None, "given")
    assert place(plan_error(lines | {"offerd": [1, 0]}, supply)) == ("unknown_column", "lines", None, "offerd")
    assert plan_error(lines | {"quantity": [2, -2]}, supply).code == "out_of_range"
    plan = al.plan_cancellations(lines, supply)
    for ask in (plan.sentence, plan.more_units):
        for wrong, code in [({"row": 2}, "no_such_row"), ({"row": -1}, "no_such_row"), ({"line": 7}, "no_such_line"),
                            ({}, "wrong_type"), ({"line": 0, "row": 0}, "wrong_type"), ({"row": "a"}, "wrong_type")]:
            with pytest.raises(al.AllocatorError) as caught:
                ask(**wrong)
            assert caught.value.code == code, wrong
    lots = {"unit_lots": [4, 3, 2, 1]}
    assert al.plan_cancellations(lines, supply, "draw_each_unit", **lots).kept.tolist() == [1, 2]
    error = plan_error(lines, supply, "draw_each_unit", credit=[1, 0], **lots)
    assert error.code == "unsound_rule"
    for methods in ("first_come", 5, None, ["first_come", 5], [None, 1]):
        with pytest.raises(al.AllocatorError) as caught:
            al.compare(lines, supply, methods)
        assert caught.value.code == "wrong_type"
    with pytest.raises(al.AllocatorError) as caught:
        al.compare(lines, supply, ["first_come"], previous=[1])
    assert place(caught.value) == ("length_mismatch", "outcomes", None, "previous")
    for methods, columns in [([], None), (iter(["first_come"]), 1)]:
        assert len(al.compare(lines, supply, methods)) == (columns or 0)
    with pytest.warns(al.AllocatorWarning):
        al.plan_cancellations({"sku": [1], "quantity": [1]}, {"sku": ["1"], "quantity": [1]})


def test_money_beyond_64_bits_stays_what_it_is():
    lines = {"sku": ["A", "B"], "quantity": [HUGE, HUGE], "unit_price": [HUGE, 1]}
    nothing = {"sku": ["A", "B"], "quantity": [0, 0]}
    plan = al.plan_cancellations(lines, nothing)
    refunds = [HUGE * HUGE, HUGE]
    assert plan.totals.refund == sum(refunds) and plan.lines.to_pydict()["refund"] == refunds
    assert [int(value) for value in pa.table(plan.lines)["refund"].to_pylist()] == refunds
    assert pa.table(plan.lines).schema.field("refund").type == pa.decimal128(38, 0)
    assert plan.lines.to_pandas()["refund"].tolist() == refunds
    # Two of them have 39 digits, which no column of 38 holds: text, never another number.
    lines["unit_price"] = [HUGE, HUGE]
    side_by_side = al.compare(lines, nothing, ["first_come"])
    assert side_by_side[0].metrics.refund == 2 * HUGE * HUGE == side_by_side.rows.to_pydict()["refund"][0]
    assert pa.table(side_by_side.rows)["refund"].to_pylist() == [str(2 * HUGE * HUGE)]
    assert str(2 * HUGE * HUGE) in str(side_by_side)
    lines = {"sku": ["A", "B", "C"], "quantity": [HUGE] * 3, "unit_price": [HUGE] * 3}
    for call in (al.plan_cancellations, lambda lines, supply: al.compare(lines, supply, ["first_come"])):
        with pytest.raises(al.AllocatorError) as caught:
            call(lines, nothing)
        assert place(caught.value) == ("money_too_large", "lines", 2, "unit_price")
    totals = al.plan_cancellations({"sku": ["A"], "quantity": [2]}, {"sku": ["A"], "quantity": [1]}).totals
    assert totals.refund is None and totals.to_dict()["refund"] is None


def test_one_offs_say_so():
    lines, supply = {"sku": ["A"] * 3, "quantity": [1, 3, 3]}, {"sku": ["A"], "quantity": [3]}
    plan = al.plan_cancellations(lines, supply, "largest_remainder")
    assert plan.one_off.name == "largest_remainder" and str(plan.one_off) == plan.one_off.witness
    assert "4 units give 0, 2 and 2" in plan.one_off.witness and str(plan).endswith("; a one-off")
    assert plan.kept.tolist() == [1, 1, 1] and plan.more_units(row=1) == {}
    more = al.plan_cancellations(lines, {"sku": ["A"], "quantity": [4]}, "largest_remainder")
    assert more.kept.tolist() == [0, 2, 2]
    whole = al.plan_cancellations(lines, supply, "whole_orders(exact)")
    assert whole.optimality.is_exact and (whole.optimality.p, str(whole.optimality)) == (None, "exact")
    assert whole.one_off.name == "whole_orders" and whole.one_off != plan.one_off
    passes = al.plan_cancellations(lines, supply, "first_come:line:pass")
    assert passes.one_off.name == "passes" and al.plan_cancellations(lines, supply).one_off is None


def test_sentences_speak_the_callers_ids():
    lines = {"line": ["x", "y", "z"], "order": [1, 1, 2], "sku": ["MUG", "<b>", 7], "quantity": [2, 2, 2]}
    supply = {"sku": ["MUG", "<b>", 7], "quantity": [1, 1, 0]}
    plan = al.plan_cancellations(lines, supply, "first_come:order")
    assert plan.more_units("x") == {"MUG": 1, "<b>": 1} == plan.more_units("y")
    assert plan.sentence("x").endswith("It would have been enough for you with 1 more of MUG and 1 more of <b>.")
    assert plan.idle.to_pydict()["sku"] == ["MUG", "<b>"]
    html = plan._repr_html_()
    assert "&lt;b&gt;" in html and "<b>" not in html
    assert [row["line"] for row in plan.cuts] == ["x", "y", "z"]
    with pytest.raises(al.AllocatorError) as caught:
        pa.table(plan.cuts)
    assert caught.value.code == "mixed_ids"


def test_pickles_keep_everything():
    lines, supply = drop400()
    supply["quantity"][1] = 179
    for method in ("one_each_per_round", "whole_orders(least_refund)", "first_come:line:pass"):
        plan = al.plan_cancellations(lines, supply, method, credit=[1] * 400 if method.startswith("one") else None)
        again = pickle.loads(pickle.dumps(plan))
        assert (again.digest, again.method, str(again)) == (plan.digest, plan.method, str(plan))
        for table in ("lines", "cuts", "idle"):
            assert getattr(again, table) == getattr(plan, table)
            assert pickle.loads(pickle.dumps(getattr(plan, table))) == getattr(plan, table)
        for name in ("totals", "one_off", "optimality"):
            value = getattr(plan, name)
            copy = pickle.loads(pickle.dumps(value))
            assert copy == value and hash(copy) == hash(value) and repr(copy) == repr(value)
    side_by_side = al.compare(lines, supply, ["first_come", "whole_orders(exact)"], previous=plan.kept)
    copy = pickle.loads(pickle.dumps(side_by_side))
    assert copy == side_by_side and str(copy) == str(side_by_side) and hash(copy) == hash(side_by_side)
    assert copy[1].metrics.moved == side_by_side[1].metrics.moved and copy.rows == side_by_side.rows
    for value in (plan, side_by_side, plan.totals, side_by_side[0], side_by_side[0].metrics, al.shortage_events()[0]):
        with pytest.raises(AttributeError):
            value.anything = 1


def test_a_caller_who_changes_his_arrays_changes_no_plan():
    price, quantity = np.full(3, 5), np.array([2, 2, 1])
    plan = al.plan_cancellations({"sku": [1] * 3, "quantity": quantity}, {"sku": [1], "quantity": [4]}, unit_price=price)
    digest = plan.digest
    price[:], quantity[:] = 7, 9
    assert plan.digest == digest and plan.totals.refund == 5 and pickle.loads(pickle.dumps(plan)).digest == digest
    assert plan.kept.readonly


def test_threads_ask_one_plan():
    lines, supply = drop400()
    plan, seen = al.plan_cancellations(lines, supply, "one_each_per_round"), []

    def ask():
        seen.append((plan.digest, len(plan.cuts), plan.sentence(400), tuple(plan.more_units(400).items())))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8 and len(set(seen)) == 1


CLAIMS = st.lists(st.integers(0, 6), min_size=1, max_size=8)


@given(CLAIMS, st.integers(0, 30), st.sampled_from(sorted(expected()[1])), st.data())
def test_every_unit_is_kept_or_cut(claims, received, method, data):
    lines = {"sku": ["A"] * len(claims), "quantity": claims, "lot": list(range(len(claims))), "unit_price": [3] * len(claims)}
    supply = {"sku": ["A"], "quantity": [received]}
    try:
        plan = al.plan_cancellations(lines, supply, method)
    except al.AllocatorError as error:
        pytest.fail(f"{error.code}: {error}")
    totals = plan.totals
    assert totals.ordered == sum(claims) == totals.kept + totals.cut and totals.received == received
    assert totals.idle == received - totals.kept == sum(plan.idle.to_pydict()["units"])
    assert totals.refund == 3 * totals.cut
    if not plan.one_off and "first_come:" not in method:
        assert totals.cut == max(0, sum(claims) - received)
    figures = al.metrics(lines, plan.kept, received, refund=plan.lines.to_pydict()["refund"], idle=plan.idle)
    [row] = al.compare(lines, supply, [method])
    assert figures == row.metrics and row.digest == plan.digest


METHODS = ["first_come", "one_each_per_round", "equal_cuts", "same_percentage", "largest_remainder", "draw_the_queue"]


def test_the_auditor_accepts_every_plan_as_ours_and_as_a_table():
    lines, supply = drop400()
    terms = {"given": [1] * 100 + [0] * 300, "credit": [0] * 399 + [2], "offered": [0, 0, 0, 1] * 100, "asked": [7] * 400}
    for method in METHODS:
        plan = al.plan_cancellations(lines, supply, method, **terms)
        assert al.verify_plan(lines, supply, plan, **terms) == "ordered"
        table = plan.lines.to_pydict()
        assert al.verify_plan(lines, supply, table, method, idle=plan.idle, **terms) == "ordered"
    whole = al.plan_cancellations(lines, supply, "whole_orders(exact)")
    assert al.verify_plan(lines, supply, whole) == "legal"


def test_the_auditor_names_what_is_broken():
    lines, supply = {"line": ["a", "b"], "sku": ["M", "M"], "quantity": [3, 2]}, {"sku": ["M"], "quantity": [4]}
    plan = al.plan_cancellations(lines, supply, "one_each_per_round")
    table = plan.lines.to_pydict()

    def broken(changes, method="one_each_per_round", **arguments):
        with pytest.raises(al.LawBroken) as caught:
            al.verify_plan(lines, supply, {**table, **changes}, method, **arguments)
        return (caught.value.law, caught.value.row, caught.value.what, caught.value.reached)

    assert broken({}, "first_come") == ("no_queue_jumping", 0, "covered", "legal")
    assert broken({"kept": [2, 1], "cut": [1, 1]})[:1] == ("every_unit_accounted",)
    assert broken({"cut": [0, 0]}) == ("every_unit_accounted", 0, "cut", None)
    assert broken({"kept": [3, 2], "cut": [0, 0]})[0] == "never_beyond_received"
    assert broken({"reason": ["volunteered", "kept"]}) == ("true_reason", 0, "reason", "legal")
    # Prices the plan does not know of are refunds it does not tell.
    assert broken({}, unit_price=[10, 10]) == ("every_unit_accounted", 0, "refunds", None)
    with pytest.raises(al.LawBroken) as caught:
        al.verify_plan(lines, supply, {**table, "reason": ["volunteered", "kept"]}, "one_each_per_round")
    assert (caught.value.expected, caught.value.found) == ("shortage", "volunteered")


def test_the_auditor_of_plans_refuses_what_is_no_plan():
    lines, supply = {"line": ["a", "b"], "sku": ["M", "M"], "quantity": [3, 2]}, {"sku": ["M"], "quantity": [4]}
    plan = al.plan_cancellations(lines, supply)

    def refused(*args, **kwargs):
        with pytest.raises(al.AllocatorError) as caught:
            al.verify_plan(*args, **kwargs)
        assert not isinstance(caught.value, al.LawBroken)
        return place(caught.value)

    assert refused(lines, supply, {"sku": ["M", "M"]}) == ("missing", "result", None, "kept")
    assert refused(lines, supply, {"kept": [3, None]}) == ("missing", "result", 1, "kept")
    assert refused(lines, supply, {"kept": [3, 1], "reason": ["kept", "bored"]}) == ("unknown_reason", "result", 1, "reason")
    assert refused(lines, supply, {"kept": [3, 1], "line": ["b", "a"]}) == ("other_line", "result", 0, "line")
    other = {**lines, "line": ["b", "a"]}
    assert refused(other, supply, plan) == ("other_line", "result", 0, "line")
    assert refused(lines, supply, plan, idle=plan.idle)[0] == "wrong_type"
    assert refused({**lines, "quantity": [3, -1]}, supply, plan)[0] == "out_of_range"
    with pytest.raises(al.LawBroken):
        al.verify_plan(lines, supply, {"kept": [3]})
    assert al.verify_plan(lines, supply, plan) == "ordered"
