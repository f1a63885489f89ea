"""What comes out: tables that every library reads twice, figures, previews, pickles."""

import copy
import datetime
import fractions
import pickle

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import allocator_py as al
from conftest import drop, outcome


def mixed():
    """An input that fills every table."""
    lines = {
        "line": ["a", "b", "c", "d", "e", "f"],
        "order": ["o", "o", None, None, None, None],
        "customer": [7, 7, None, 8, 8, None],
        "sku": ["A", "B", "A", "A", "B", "X"],
        "quantity": [2, 9, 3, 2, 1, 1],
        "priority": [0, 0, -1, 3, 3, 0],
        "placed_at": [datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc)] * 6,
        "sequence": [6, 5, 4, 3, 2, 1],
        "completeness": ["order", "order", "line", None, "line", None],
        "on_misfit": [None, None, "pass", None, "pass", "pass"],
    }
    supply = {"supply": ["s", "t", "u"], "sku": ["A", "B", "A"], "quantity": [2, 8, 3], "sequence": [2, 0, 1]}
    return lines, supply


def test_the_drop():
    lines, supply = drop()
    result = al.allocate(lines, supply)
    assert str(result) == repr(result) == "500 ordered, 480 received: 384 lines full, 16 waiting (20 units), 0 idle"
    assert len(result) == 400
    outcomes = result.outcomes.to_pydict()
    assert outcomes["allocated"] == [
        quantity if line <= 384 else 0 for line, quantity in zip(lines["line"], lines["quantity"])
    ]
    assert list(result.outcomes.column_names) == [
        "line",
        "sku",
        "quantity",
        "allocated",
        "set_aside",
        "waiting",
        "never",
        "covered",
        "reason",
    ]
    assert result.summary.to_dict() == {
        "ordered": 500,
        "received": 480,
        "allocated": 480,
        "set_aside": 0,
        "waiting": 20,
        "never": 0,
        "idle": 0,
        "lines_full": 384,
        "lines_partial": 0,
        "lines_none": 16,
    }
    assert repr(result.summary).startswith("Summary(ordered=500, received=480,")
    why = result.explain(line=385)
    assert str(why) == (
        "line 385 gets 0 of 1 unit: 480 units are ahead of it in line and 480 were received. "
        "1 more unit serves it. In front of line 384 it would be served."
    )
    assert (
        why.line,
        why.row,
        why.sku,
        why.reason,
        why.quantity,
        why.allocated,
        why.set_aside,
        why.waiting,
        why.never,
        why.covered,
    ) == (385, 384, "HOODIE-M", "short", 1, 0, 0, 1, 0, 0)
    assert (
        why.position,
        why.units_ahead,
        why.received,
        why.more_units,
        why.if_before,
        why.if_before_row,
        why.if_partial,
    ) == (385, 480, 480, {"HOODIE-M": 1}, 384, 383, None)
    assert result.places.to_pylist()[384] == {"line": 385, "position": 385, "units_ahead": 480}


def test_479_gives_order_384_one_of_two_or_nothing():
    lines, supply = drop(479)
    assert al.allocate(lines, supply).outcomes.to_pydict()["allocated"][383:385] == [1, 0]
    aside = al.allocate(lines, supply, "first_come:line:set_aside")
    assert aside.outcomes.to_pydict()["allocated"][383:385] == [0, 0]
    assert aside.idle.to_pylist() == [{"sku": "HOODIE-M", "cause": "set_aside", "units": 1, "line": 384, "row": 383}]
    assert aside.explain(line=384).if_partial == 1
    passed = al.allocate(lines, supply, "first_come:line:pass")
    assert passed.outcomes.to_pydict()["allocated"][383:385] == [0, 1]
    assert passed.overtakes().to_pylist() == [
        {"later": 385, "earlier": 384, "because": "misfit", "later_row": 384, "earlier_row": 383}
    ]
    assert passed.overtake_count == 1 and passed.is_one_off and not aside.is_one_off


def test_boxes_add_up_in_every_table():
    lines, supply = mixed()
    result = al.allocate(lines, supply)
    rows = result.outcomes.to_pylist()
    assert [row["quantity"] for row in rows] == lines["quantity"]
    for row in rows:
        assert row["quantity"] == row["allocated"] + row["set_aside"] + row["waiting"] + row["never"]
    assert {row["reason"] for row in rows} >= {"order_incomplete", "unknown_sku", "served"}
    assert sum(peg["units"] for peg in result.pegs.to_pylist()) == result.summary.allocated
    assert sum(idle["units"] for idle in result.idle.to_pylist()) == result.summary.idle
    assert sum(supply["quantity"]) == result.summary.allocated + result.summary.idle
    assert [why.row for why in result.explanations()] == list(range(6))
    assert [why for why in result.explanations()] == [result.explain(row=row) for row in range(6)]


TABLES = ["outcomes", "pegs", "idle", "places"]


@pytest.mark.parametrize("name", TABLES)
def test_every_library_reads_a_table_twice(name):
    table = getattr(al.allocate(*mixed()), name)
    answer = table  # noqa: F841 - DuckDB finds it by this name
    expected = table.to_pydict()
    assert len(table) == len(table.to_pylist()) > 0
    assert [list(row) for row in table.to_pylist()] == [table.column_names] * len(table)
    for _ in range(2):
        assert pa.table(table).to_pydict() == expected
        assert pl.DataFrame(table).to_dict(as_series=False) == expected
        frame = pd.DataFrame.from_arrow(table)
        assert frame.astype(object).where(frame.notna(), None).to_dict("list") == expected
        assert pa.RecordBatchReader.from_stream(table).read_all().to_pydict() == expected
        assert duckdb.sql("select * from answer").fetchall() == [tuple(row.values()) for row in table.to_pylist()]
    assert pa.schema(table) == pa.table(table).schema
    pa.table(table).validate(full=True)


def test_a_table_is_an_input():
    lines, supply = mixed()
    result = al.allocate(lines, supply)
    assert al.allocate(result.outcomes, supply).summary.ordered == result.summary.ordered
    mixed_ids = al.allocate([{"line": 1, "sku": "A", "quantity": 1}, {"line": "1", "sku": "A", "quantity": 1}], supply)
    assert al.allocate(mixed_ids.outcomes, supply).outcomes == mixed_ids.outcomes


@pytest.mark.parametrize("name", TABLES)
def test_frames_of_pandas_and_polars_hold_every_value(name):
    table = getattr(al.allocate(*mixed()), name)
    expected = table.to_pydict()
    assert table.to_polars().to_dict(as_series=False) == expected
    for frame in (table.to_pandas(), pd.DataFrame(table)):
        assert list(frame.columns) == table.column_names
        assert frame.astype(object).where(frame.notna(), None).to_dict("list") == expected
    assert list(table) == table.to_pylist() and list(table) == list(table)


def test_to_pandas_rounds_nothing():
    huge = 2**63 - 1
    lines = {"line": [huge, huge - 1, 5], "sku": ["A", "A", "B"], "quantity": [huge, 2, 1]}
    result = al.allocate(lines | {"completeness": ["line", None, None]}, {"sku": ["A", "B"], "quantity": [huge - 1, 3]})
    idle = result.idle.to_pandas()
    assert [str(kind) for kind in idle.dtypes[["units", "line", "row"]]] == ["int64", "Int64", "Int64"]
    assert idle["line"].tolist() == [huge, pd.NA] and idle["units"].tolist() == [huge - 1, 2]
    assert result.places.to_pandas()["units_ahead"].tolist() == [0, huge, 0]
    unsigned = al.allocate({"line": [2**64 - 1], "sku": [0], "quantity": [1]}, [])
    assert str(unsigned.outcomes.to_pandas()["line"].dtype) == "uint64"
    both = al.allocate({"line": [1, "1", -1], "sku": [0, 0, 0], "quantity": [1, 1, 1]}, [])
    assert both.outcomes.to_pandas()["line"].tolist() == [1, "1", -1]
    with pytest.raises(al.AllocatorError) as caught:
        both.outcomes.to_polars()
    assert caught.value.code == "mixed_ids"
    nobody = al.allocate([], [])
    for name in TABLES:
        table = getattr(nobody, name)
        assert list(table.to_pandas().columns) == table.to_polars().columns == table.column_names


def test_pegs_of_a_line():
    lines, supply = mixed()
    result = al.allocate(lines, supply, "first_come:partial:pass")
    pegs = result.pegs.to_pylist()
    assert len({peg["row"] for peg in pegs}) > 1
    for row, line in enumerate(lines["line"]):
        own = [peg for peg in pegs if peg["row"] == row]
        assert result.pegs_of(row=row).to_pylist() == result.pegs_of(line).to_pylist() == own
        assert result.pegs_of(line=line).column_names == result.pegs.column_names
    for call, code in [
        (lambda: result.pegs_of("z"), "no_such_line"),
        (lambda: result.pegs_of(row=6), "no_such_row"),
        (lambda: result.pegs_of(), "wrong_type"),
        (lambda: result.pegs_of("a", row=0), "wrong_type"),
    ]:
        with pytest.raises(al.AllocatorError) as caught:
            call()
        assert caught.value.code == code


def test_explain_takes_the_line_first():
    result = al.allocate(*mixed())
    assert result.explain("b") == result.explain(line="b") == result.explain(row=1)
    with pytest.raises(TypeError):
        result.explain("b", 1)


def test_tables_show_themselves():
    table = al.allocate(
        {"line": ["<b>&'\"", "b"], "sku": ["A", "A"], "quantity": [1, 2]}, {"sku": ["A"], "quantity": [2]}
    ).outcomes
    assert repr(table).splitlines()[:2] == [
        "Table of 2 rows",
        "line    sku  quantity  allocated  set_aside  waiting  never  covered  reason",
    ]
    html = table._repr_html_()
    assert "<td>&lt;b&gt;&amp;&#39;&quot;</td>" in html and "<b>" not in html
    lines, supply = drop()
    result = al.allocate(lines, supply)
    assert result._repr_html_().startswith("<p>500 ordered, 480 received") and "10 of 400 rows" in result._repr_html_()
    assert result._repr_html_().count("<tr>") == 11
    assert repr(result.outcomes).endswith("…") and len(repr(result.outcomes).splitlines()) == 13


def test_units_ahead_may_need_more_than_64_bits():
    huge = 2**63 - 1
    result = al.allocate({"sku": ["A"] * 4, "quantity": [huge] * 4}, {"sku": ["A"], "quantity": [huge]})
    assert result.places.to_pydict()["units_ahead"] == [0, huge, 2 * huge, 3 * huge]
    assert [int(value) for value in pa.table(result.places)["units_ahead"].to_pylist()] == [0, huge, 2 * huge, 3 * huge]
    assert result.explain(row=3).units_ahead == 3 * huge and result.summary.ordered == 4 * huge
    assert pickle.loads(pickle.dumps(result.places)) == result.places
    assert (
        al.verify({"sku": ["A"] * 4, "quantity": [huge] * 4}, {"sku": ["A"], "quantity": [huge]}, result) == "ordered"
    )


def test_overtakes_stop_at_the_limit():
    lines = {"sku": ["A"] * 9, "quantity": [3, 3, 3, 1, 1, 1, 1, 1, 1]}
    result = al.allocate(lines, {"sku": ["A"], "quantity": [2]}, "first_come:line:pass")
    assert result.overtake_count == len(result.overtakes()) == 6
    assert result.overtakes(4).to_pylist() == result.overtakes(limit=6).to_pylist()[:4]
    assert len(result.overtakes(0)) == 0
    many = 4000
    lines = {"sku": ["A"] * 2 * many, "quantity": [many + 1] * many + [1] * many}
    result = al.allocate(lines, {"sku": ["A"], "quantity": [many]}, "first_come:line:pass")
    assert result.overtake_count == many * many
    with pytest.raises(al.AllocatorError, match="limit=") as caught:
        result.overtakes()
    assert caught.value.code == "too_many_rows"
    assert len(result.overtakes(limit=5)) == 5
    for wrong in (-1, 1.5, "x"):
        with pytest.raises((TypeError, OverflowError)):
            result.overtakes(limit=wrong)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_everything_can_be_pickled(protocol):
    lines, supply = mixed()
    result = al.allocate(lines, supply, "first_come:partial:pass")

    def again(value):
        return pickle.loads(pickle.dumps(value, protocol))

    assert outcome(again(result)) == outcome(result) and again(result).policy == result.policy
    noted = al.allocate(lines | {"note": [None] * 6}, supply)
    assert again(noted).ignored_columns == noted.ignored_columns == {"lines": ["note"], "supply": []}
    assert al.verify(lines, supply, again(result)) == "ordered"
    for name in TABLES:
        assert again(getattr(result, name)) == getattr(result, name)
    assert again(result.overtakes()) == result.overtakes()
    for why in result.explanations():
        assert again(why) == why == copy.copy(why) == copy.deepcopy(why)
        assert hash(again(why)) == hash(why) and str(again(why)) == str(why) and repr(again(why)) == repr(why)
    assert again(result.summary) == result.summary and hash(again(result.summary)) == hash(result.summary)
    skus = al.Interner(5)
    for name in ("a", "", "é"):
        skus.intern(name)
    assert [again(skus).name(i) for i in range(4)] == ["a", "", "é", None]
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate(lines | {"quantity": [1, 2, 3, 4, 5, -6]}, supply)
    error = again(caught.value)
    assert (type(error), str(error), error.code, error.row, error.column, error.table) == (
        al.AllocatorError,
        str(caught.value),
        "out_of_range",
        5,
        "quantity",
        "lines",
    )
    with pytest.raises(al.LawBroken) as caught:
        al.verify(lines, supply, {"allocated": [9, 9, 9, 9, 9, 9]})
    assert again(caught.value).__dict__ == caught.value.__dict__


def test_values_are_frozen_and_differ_where_they_differ():
    result = al.allocate(*mixed())
    why, other = result.explain(row=0), result.explain(row=1)
    assert why != other and why != "why" and len({why, other, result.explain(row=0)}) == 2
    assert (
        result.outcomes != result.places and result.outcomes != 1 and result.outcomes == al.allocate(*mixed()).outcomes
    )
    assert al.allocate(*drop()).summary != result.summary
    for value, name in [
        (why, "quantity"),
        (why, "new"),
        (result.summary, "ordered"),
        (result, "outcomes"),
        (result.outcomes, "column_names"),
    ]:
        with pytest.raises(AttributeError):
            setattr(value, name, 1)
    with pytest.raises(TypeError):
        hash(result.outcomes)
    for kind in (al.Allocation, al.Table, al.Explanation, al.Summary):
        with pytest.raises(TypeError):
            kind()
    for bad in (
        [("a", "ints", [None])],
        [("a", "reasons", ["none"])],
        [("a", "strange", [])],
        [("a", "ints", [1]), ("b", "ints", [])],
        [("a", "ids", [1.5])],
    ):
        with pytest.raises((TypeError, ValueError)):
            al._native._table(bad)


@pytest.mark.parametrize(
    "form", [list, tuple, np.array, pa.array, pd.Series, pl.Series, lambda units: (units[0], np.int64(units[1]))]
)
def test_increment_is_the_difference_to_what_was_given(form):
    lines, rounds = {"line": ["x", "y"], "sku": ["A", "A"], "quantity": [2, 1]}, "one_each_per_round"
    first = al.allocate(lines, {"sku": ["A"], "quantity": [1]}, rounds)
    both = al.allocate(lines, {"sku": ["A"], "quantity": [2]}, rounds)
    more = both.increment(form(first.outcomes.to_pydict()["allocated"]))
    assert more.to_pydict() == {"line": ["x", "y"], "sku": ["A", "A"], "units": [0, 1]}
    assert pa.table(more).schema.field("units") == pa.table(both.outcomes).schema.field("allocated").with_name("units")
    assert pickle.loads(pickle.dumps(more)) == more
    assert both.increment(form([1, 1])).to_pydict()["units"] == [0, 0]
    for given, code, row in (
        ([1, 2], "given_above_award", 1),
        ([2**63 - 1, -(2**63)], "given_above_award", 0),
        ([1, -1], "out_of_range", 1),
        ([1], "length_mismatch", None),
        ([1, 0, 0], "length_mismatch", None),
    ):
        if form in (list, tuple, np.array, pa.array):
            with pytest.raises(al.AllocatorError) as caught:
                both.increment(form(given))
            assert (caught.value.code, caught.value.row, caught.value.column) == (code, row, "given")


def test_increment_takes_nothing_but_units():
    result = al.allocate({"sku": ["A"], "quantity": [2]}, {"sku": ["A"], "quantity": [2]})
    for given, code in (
        ([1.0], "wrong_type"),
        ([None], "missing"),
        ([True], "wrong_type"),
        (["1"], "wrong_type"),
        ([2**63], "out_of_range"),
        ([2**70], "out_of_range"),
        (7, "wrong_type"),
        (None, None),
    ):
        with pytest.raises(al.AllocatorError) as caught:
            result.increment(given)
        assert code in (None, caught.value.code), given
    empty = al.allocate({"sku": [], "quantity": []}, [])
    assert empty.increment([]).to_pydict() == {"line": [], "sku": [], "units": []}


RULES = [
    "first_come",
    "one_each_per_round",
    "protect_first(2)",
    "equal_cuts",
    "same_percentage",
    "same_percentage_nobody_empty",
    "same_percentage_split_proof",
    "members_weighted",
    "classes_first(same_percentage)",
]


@pytest.mark.parametrize("rule", RULES)
def test_a_unit_is_covered_exactly_where_its_key_is_within(rule):
    lines = {
        "line": ["u", "v", "w", "x", "y"],
        "customer": ["a", "b", "a", "c", "d"],
        "sku": ["A", "A", "A", "A", "B"],
        "quantity": [3, 2**62, 2, 6, 1],
        "weight": [2, 1, 2, 3, 1],
        "priority": [0, 0, 1, 1, 0],
    }
    for received in (0, 1, 5, 11, 2**62, 2**62 + 11):
        result = al.allocate(lines, {"sku": ["A", "B"], "quantity": [received, 1]}, rule)
        thresholds = result.thresholds()
        assert [last.sku for last in thresholds] == (["A"] if 0 < received < 2**62 + 11 else [])
        for row, (name, covered) in enumerate(zip(lines["line"], result.outcomes.to_pydict()["covered"])):
            units = {1, 2, covered, covered + 1, lines["quantity"][row]}
            for unit in units & set(range(1, 8)) | {lines["quantity"][row]}:
                if unit > lines["quantity"][row]:
                    continue
                within = result.unit_is_within(name, unit=unit)
                assert within == (unit <= covered) == result.unit_is_within(row=row, unit=unit)
                key = result.unit_key(name, unit=unit)
                assert all(type(number) is fractions.Fraction for number in key)
                if thresholds and lines["sku"][row] == "A":
                    assert within == (key <= thresholds[0].key)
        for last in thresholds:
            assert result.unit_key(last.line, unit=last.unit) == last.key
            assert last.text == result.unit_key_text(row=last.row, unit=last.unit)
            again = pickle.loads(pickle.dumps(last))
            assert again == last and hash(again) == hash(last) and again.key == last.key and str(again) == str(last)
            assert repr(last).startswith(f"Threshold(sku='A', line='{last.line}', row={last.row}, unit={last.unit}, ")


def test_units_that_nobody_asks_for_are_errors():
    result = al.allocate({"line": ["x"], "sku": ["A"], "quantity": [2]}, {"sku": ["A"], "quantity": [1]})
    for ask in (result.unit_key, result.unit_key_text, result.unit_is_within):
        for unit in (0, 3, -1, 2**63 - 1):
            with pytest.raises(al.AllocatorError) as caught:
                ask("x", unit=unit)
            assert (caught.value.code, caught.value.row, caught.value.column) == ("out_of_range", 0, "unit")
        for wrong in ({"line": "y"}, {"row": 1}, {"row": -1}, {}, {"line": "x", "row": 0}):
            with pytest.raises(al.AllocatorError):
                ask(**wrong)
        with pytest.raises((TypeError, OverflowError)):
            ask("x", unit=2**63)
        with pytest.raises(TypeError):
            ask("x", unit=1.5)
    assert al.allocate({"sku": [], "quantity": []}, []).thresholds() == []


def test_interner():
    skus = al.Interner(seed=2**64 - 1)
    assert [skus.intern(name) for name in ("HOODIE-M", "hoodie-m", "", "HOODIE-M", "é\0")] == [0, 1, 2, 0, 3]
    assert len(skus) == 4 and "hoodie-m" in skus and "x" not in skus and 7 not in skus
    assert skus.id("é\0") == 3 and skus.id("x") is None and skus.name(3) == "é\0" and skus.name(4) is None
    assert repr(skus) == "Interner of 4 texts"
    with pytest.raises(al.AllocatorError) as caught:
        skus.intern("x" * 1025)
    assert caught.value.code == "name_too_long"
    for call in (lambda: skus.intern(7), lambda: skus.intern("\ud800"), lambda: skus.name(-1), lambda: al.Interner(-1)):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            call()


@pytest.mark.parametrize("form", [dict, pa.table, pl.DataFrame, lambda table: pa.table(table).to_pylist()])
def test_weights_count_and_are_kept_in_a_pickle(form):
    lines = {"line": ["x", "y"], "sku": ["A", "A"], "quantity": [9, 9], "weight": [None, 3]}
    supply = {"sku": ["A"], "quantity": [8]}
    result = al.allocate(form(lines), supply, "members_weighted")
    again = pickle.loads(pickle.dumps(result))
    for one in (result, again):
        assert one.outcomes.to_pydict()["allocated"] == [2, 6]
        assert one.policy == one.explain("x").rule == "members_weighted"
    assert al.verify(form(lines), supply, result) == "ordered"
    assert al.allocate(form(lines), supply).outcomes.to_pydict()["allocated"] == [8, 0]
