"""Each error says code, table, row and column; of several faults the documented one wins."""

import datetime
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import allocator_py as al
from conftest import error_of, place_of

GOOD_SUPPLY = {"sku": ["A"], "quantity": [3]}
NAIVE = datetime.datetime(2026, 11, 24, 18, 0)
AWARE = NAIVE.replace(tzinfo=datetime.timezone.utc)


def lines(**columns):
    rows = max([2, *(len(column) for column in columns.values())])
    return {"sku": ["A"] * rows, "quantity": [1] * rows, **columns}


LINE_ERRORS = [
    # column, its values, then code, row and what the message must say
    ("quantity", [1, -1], "out_of_range", 1, "-1 is outside 0..=9223372036854775807"),
    ("quantity", [2**63, 1], "out_of_range", 0, "9223372036854775808 is outside 0..=9223372036854775807"),
    ("quantity", [1, 2**64], "out_of_range", 1, "18446744073709551616"),
    ("quantity", [1, -(2**200)], "out_of_range", 1, "more than 128 bits"),
    ("quantity", np.array([1, 2**64 - 1], dtype="u8"), "out_of_range", 1, "18446744073709551615"),
    ("quantity", [1, None], "missing", 1, "nothing stands here"),
    ("quantity", [1, pd.NA], "missing", 1, "nothing"),
    ("quantity", [1, True], "wrong_type", 1, "a bool is no integer"),
    ("quantity", [1, 2.0], "wrong_type", 1, "int(…)"),
    ("quantity", [1.5, 1], "wrong_type", 0, "1.5 is a float"),
    ("quantity", [1, float("nan")], "wrong_type", 1, "nan"),
    ("quantity", [1, "2"], "wrong_type", 1, 'the text "2" is no integer'),
    ("quantity", [1, decimal.Decimal(2)], "wrong_type", 1, "Decimal"),
    ("quantity", [1, b"2"], "wrong_type", 1, "bytes"),
    ("quantity", np.array([1.0, 2.0]), "wrong_type", 0, "float"),
    ("quantity", np.array([True, True]), "wrong_type", 0, "bool"),
    ("quantity", pa.array([2.5, 1.5, None]), "wrong_type", 0, "2.5 is a float"),
    ("quantity", pa.array([None, 1.5]), "missing", 0, "nothing"),
    ("priority", pa.array([None, 1.5]), "wrong_type", 1, 'astype("Int64")'),
    ("quantity", pa.array([None, True]), "missing", 0, "nothing"),
    ("quantity", pa.array(["1", "2"]), "wrong_type", 0, "text"),
    ("quantity", pa.array([decimal.Decimal("1.00"), decimal.Decimal("1.50")]), "not_whole", 1, "1.50 is not whole"),
    ("quantity", pl.Series([1.0, 2.5]), "wrong_type", 0, "cast(pl.Int64)"),
    ("quantity", pd.Series([1, None]), "wrong_type", 0, 'astype("Int64")'),
    ("weight", [1, 2.0], "wrong_type", 1, "int(…)"),
    ("weight", [None, 2**63], "out_of_range", 1, "9223372036854775808 is outside 1..=2147483647"),
    ("weight", [True, 1], "wrong_type", 0, "bool"),
    ("sku", ["A", None], "missing", 1, "nothing"),
    ("sku", ["A", 1.5], "wrong_type", 1, "the float 1.5 is no id"),
    ("sku", [True, "A"], "wrong_type", 0, "a bool is no id"),
    ("sku", ["A", b"A"], "wrong_type", 1, "bytes"),
    ("sku", ["A", ("A",)], "wrong_type", 1, "tuple"),
    ("sku", ["A", "\ud800"], "wrong_type", 1, "surrogate"),
    ("sku", ["A", "x" * 1025], "name_too_long", 1, "1025 bytes is longer than 1024"),
    ("sku", pa.array([1.0, 2.0]), "wrong_type", 0, "float"),
    ("line", ["a", "a"], "duplicate_id", 1, "row 0 has the same id"),
    ("line", [7, 7], "duplicate_id", 1, "row 0 has the same id"),
    ("line", [2**64, 1], "out_of_range", 0, "is outside -9223372036854775808..=18446744073709551615"),
    ("line", [0, -(2**63) - 1], "out_of_range", 1, "is outside"),
    ("line", ["a", []], "wrong_type", 1, "list"),
    ("line", [None, 0], "duplicate_id", 1, "row 0"),
    ("order", [1, 1.0], "wrong_type", 1, "float"),
    ("customer", ["é" * 513, "b"], "name_too_long", 0, "1026"),
    ("priority", [0, "1"], "wrong_type", 1, "text"),
    ("priority", [0, 2**63], "out_of_range", 1, "is outside -9223372036854775808..=9223372036854775807"),
    ("priority", [0, float("nan")], "wrong_type", 1, "nan"),
    ("sequence", [1, 1], "duplicate_place", 1, "row 0 stands at the same place"),
    ("sequence", [0, False], "wrong_type", 1, "bool"),
    ("lot", [1.0, 0], "wrong_type", 0, "float"),
    ("lot", [None, 2**63], "out_of_range", 1, "is outside -9223372036854775808..=9223372036854775807"),
    ("score", [0, "9"], "wrong_type", 1, "text"),
    ("score", [-(2**63) - 1, 0], "out_of_range", 0, "is outside"),
    ("placed_at", [AWARE, NAIVE], "naive_time", 1, "value.replace(tzinfo=datetime.timezone.utc)"),
    ("placed_at", [AWARE, NAIVE.date()], "naive_time", 1, "has no time zone"),
    ("placed_at", np.array([NAIVE, NAIVE], dtype="M8[us]"), "naive_time", 0, "has no time zone"),
    ("placed_at", pd.Series([NAIVE, NAIVE]), "naive_time", 0, 'frame["placed_at"].dt.tz_localize("UTC")'),
    ("placed_at", pl.Series([NAIVE, NAIVE]), "naive_time", 0, 'pl.col("placed_at").dt.replace_time_zone("UTC")'),
    ("placed_at", pa.array([None, NAIVE.date()]), "naive_time", 1, "Date32"),
    ("placed_at", [AWARE, 1.0], "wrong_type", 1, "no instant"),
    ("placed_at", [AWARE, "2026-11-24"], "wrong_type", 1, "no instant"),
    ("placed_at", [AWARE, 2**63], "out_of_range", 1, "is outside"),
    ("placed_at", [AWARE, 2**200], "out_of_range", 1, "128 bits"),
    ("placed_at", [AWARE, pd.Timestamp("2026-11-24T18:00:00.000000001Z")], "not_whole", 1, "finer than a microsecond"),
    ("placed_at", pa.array([0, 1]).cast(pa.timestamp("ns", "UTC")), "not_whole", 1, 'dt.floor("us")'),
    (
        "placed_at",
        pa.array([0, 2**62]).cast(pa.timestamp("s", "UTC")),
        "out_of_range",
        1,
        "4611686018427387904000000 is outside",
    ),
    ("sequence", [AWARE, AWARE], "wrong_type", 0, "an instant is no integer"),
    ("quantity", [1, NAIVE], "wrong_type", 1, "a time without a zone"),
    ("completeness", ["line", "whole"], "unknown_completeness", 1, '"whole" is none of partial, line, order'),
    ("completeness", ["line", ""], "unknown_completeness", 1, '"" is none of'),
    ("completeness", [None, 2], "wrong_type", 1, "the integer 2 is none of the words"),
    ("on_misfit", ["wait", "pass"], "unknown_misfit", 0, "set_aside, pass"),
    ("on_misfit", [True, None], "wrong_type", 0, "bool"),
]


@pytest.mark.parametrize("column, values, code, row, says", LINE_ERRORS)
def test_a_bad_line_is_named_by_row_and_column(column, values, code, row, says):
    error = error_of(lines(**{column: values}), GOOD_SUPPLY)
    assert place_of(error) == (code, "lines", row, column)
    assert says in error.message
    assert error.message.startswith(f"lines row {row}, {column}: ")
    assert error.first_row == (0 if code in ("duplicate_id", "duplicate_place") else None)


SUPPLY_ERRORS = [
    ("quantity", [1, -1], "out_of_range", 1),
    ("quantity", [2**63 - 1, 1], "out_of_range", 1),
    ("quantity", [1, None], "missing", 1),
    ("quantity", [1.0, 1], "wrong_type", 0),
    ("sku", [None, "A"], "missing", 0),
    ("sku", ["A", 0.5], "wrong_type", 1),
    ("supply", ["s", "s"], "duplicate_id", 1),
    ("supply", [1, 1], "duplicate_id", 1),
    ("supply", [1, None], "duplicate_id", 1),
    ("supply", [2**64, 1], "out_of_range", 0),
    ("sequence", [0, 0.5], "wrong_type", 1),
    ("sequence", [0, 2**64], "out_of_range", 1),
]


@pytest.mark.parametrize("column, values, code, row", SUPPLY_ERRORS)
def test_a_bad_supply_row_is_named_by_row_and_column(column, values, code, row):
    supply = {"sku": ["A", "A"], "quantity": [1, 1], column: values}
    assert place_of(error_of(lines(), supply)) == (code, "supply", row, column)
    rows = [dict(zip(supply, row)) for row in zip(*supply.values())]
    assert place_of(error_of(lines(), rows)) == (code, "supply", row, column)


SHAPES = [
    (None, "wrong_type", None, "NoneType"),
    (5, "wrong_type", None, "int"),
    ("table", "wrong_type", None, "str"),
    (iter([]), "wrong_type", None, "list(…)"),
    (({"sku": "A"} for _ in "a"), "wrong_type", None, "list(…)"),
    ({"A", "B"}, "wrong_type", None, "set"),
    (pl.LazyFrame({"sku": ["A"]}), "wrong_type", None, ".collect()"),
    (pa.array([1, 2]), "wrong_type", None, "one column"),
    (pl.Series([1]), "wrong_type", None, "one column"),
    ({}, "missing", "sku", "there are none"),
    ({"sku": ["A"], "qty": [1]}, "missing", "quantity", "the columns are sku, qty"),
    (pl.DataFrame({"quantity": [1]}), "missing", "sku", "the columns are quantity"),
    ({"sku": ["A", "A"], "quantity": [1]}, "length_mismatch", "quantity", "1 values for 2 rows"),
    ({"sku": "A", "quantity": [1]}, "wrong_type", "sku", "not a value of type str"),
    ({"sku": ["A"], "quantity": 1}, "wrong_type", "quantity", "not a value of type int"),
    ({"sku": ["A"], "quantity": b"\x01"}, "wrong_type", "quantity", "bytes"),
    ({"sku": {"A"}, "quantity": [1]}, "wrong_type", "sku", "set"),
    ({"sku": ["A"], "quantity": (1 for _ in "a")}, "wrong_type", "quantity", "list(…)"),
    ({"sku": ["A"], "quantity": np.array(1)}, "wrong_type", "quantity", "no length"),
    ({"sku": ["A"], "quantity": pl.DataFrame({"a": [1]})}, "wrong_type", "quantity", "whole table"),
    (pa.Table.from_arrays([pa.array(["A"])] * 2, names=["sku", "sku"]), "ambiguous_column", "sku", "two columns"),
]


@pytest.mark.parametrize("table, code, column, says", SHAPES)
def test_what_is_no_table_is_named(table, code, column, says):
    error = error_of(table, GOOD_SUPPLY) if not hasattr(table, "__next__") else error_once(table)
    assert place_of(error) == (code, "lines", None, column)
    assert says in error.message and error.message.startswith("lines")
    if column != "quantity" or code != "wrong_type":
        return
    assert place_of(error_of(lines(), table)) == (code, "supply", None, column)


def error_once(table):
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate(table, GOOD_SUPPLY)
    return caught.value


def test_a_row_that_is_no_dict_is_named():
    error = error_of([{"sku": "A", "quantity": 1}, ("A", 1)], GOOD_SUPPLY)
    assert place_of(error) == ("wrong_type", "lines", 1, None) and "tuple" in error.message


def test_rows_without_a_required_key_are_missing_it_row_by_row():
    faults = al.validate([{"sku": "A"}, {"quantity": 1}, {}], [{"sku": "A"}])
    assert [place_of(fault) for fault in faults] == [
        ("missing", "supply", 0, "quantity"),
        ("missing", "lines", 0, "quantity"),
        ("missing", "lines", 1, "sku"),
        ("missing", "lines", 2, "sku"),
        ("missing", "lines", 2, "quantity"),
    ]


def test_received_and_quantity_together_are_refused():
    supply = {"sku": ["A"], "quantity": [500], "received": [480]}
    for form in (supply, pl.DataFrame(supply), [{"sku": "A", "quantity": 500, "received": 480}]):
        assert place_of(error_of(lines(), form)) == ("ambiguous_column", "supply", None, "quantity")


@pytest.mark.parametrize("form", [dict, pa.table, pl.DataFrame, lambda table: pa.table(table).to_pylist()])
def test_a_rule_that_shares_refuses_weights_out_of_range_and_whole_lines(form):
    for weight in (0, -1, 2**31, 2**63 - 1):
        error = error_of(form(lines(weight=[1, weight])), GOOD_SUPPLY, "members_weighted")
        assert place_of(error) == ("out_of_range", "lines", 1, "weight")
        assert error.message == f"lines row 1, weight: {weight} is outside 1..=2147483647"
    whole = form(lines(completeness=["partial", "line"]))
    assert place_of(error_of(whole, GOOD_SUPPLY, "equal_cuts")) == (
        "rule_needs_single_units",
        "lines",
        1,
        "completeness",
    )
    assert error_of(form(lines()), GOOD_SUPPLY, "equal_cuts:line").code == "rule_needs_single_units"
    both = form(lines(quantity=[1, -1], weight=[1, 0]))
    assert [error.column for error in al.validate(both, GOOD_SUPPLY, "equal_cuts")] == ["quantity", "weight"]


def test_an_order_that_ships_whole_has_one_customer():
    error = error_of(lines(order=[1, 1], customer=["a", "b"], completeness=["order", "order"]), GOOD_SUPPLY)
    assert place_of(error) == ("order_disagrees", "lines", 1, "customer") and error.first_row == 0


PRECEDENCE = [
    # Of each pair the first wins, whoever found it.
    (lines(sku=[None, "A"]), {"sku": ["A"], "quantity": [None]}, ("missing", "supply", 0, "quantity")),
    (lines(quantity=[-1, 1]), {"sku": ["A", "A"], "quantity": [1, 0.5]}, ("wrong_type", "supply", 1, "quantity")),
    (lines(quantity=[0.5, 1]), {"sku": ["A", "A"], "quantity": [1, -1]}, ("out_of_range", "supply", 1, "quantity")),
    (lines(sequence=[1, 1, 1], quantity=[1, 1, None]), GOOD_SUPPLY, ("missing", "lines", 2, "quantity")),
    (lines(sequence=[1, 1, None], quantity=[1, 1, -1]), GOOD_SUPPLY, ("out_of_range", "lines", 2, "quantity")),
    (lines(quantity=[1, -1], placed_at=[NAIVE, AWARE]), GOOD_SUPPLY, ("naive_time", "lines", 0, "placed_at")),
    (lines(quantity=[-1, 1], placed_at=[NAIVE, AWARE]), GOOD_SUPPLY, ("out_of_range", "lines", 0, "quantity")),
    (lines(quantity=[-1, 1], sku=[None, "A"]), GOOD_SUPPLY, ("out_of_range", "lines", 0, "quantity")),
    (lines(quantity=[-1, 1], weight=[1.0, 1]), GOOD_SUPPLY, ("out_of_range", "lines", 0, "quantity")),
    (lines(quantity=[1, -1], weight=[1.0, 1]), GOOD_SUPPLY, ("wrong_type", "lines", 0, "weight")),
    (lines(quantity=[True, 1], sku=[None, "A"]), GOOD_SUPPLY, ("missing", "lines", 0, "sku")),
    (
        lines(quantity=[True, 1], completeness=["whole", None]),
        GOOD_SUPPLY,
        ("unknown_completeness", "lines", 0, "completeness"),
    ),
    (
        lines(on_misfit=["wait", None], completeness=["whole", None]),
        GOOD_SUPPLY,
        ("unknown_completeness", "lines", 0, "completeness"),
    ),
    (lines(line=["a", "a"], quantity=[1, True]), GOOD_SUPPLY, ("wrong_type", "lines", 1, "quantity")),
    (lines(line=["a", "a", "b"], quantity=[1, 1, True]), GOOD_SUPPLY, ("duplicate_id", "lines", 1, "line")),
    ({"sku": ["A"]}, {"sku": ["A"], "quantity": [1, 1]}, ("length_mismatch", "supply", None, "quantity")),
    ({"sku": ["A"]}, {"sku": ["A"], "quantity": [-1]}, ("missing", "lines", None, "quantity")),
]


@pytest.mark.parametrize("bad_lines, supply, expected", PRECEDENCE)
def test_of_two_faults_the_documented_one_wins(bad_lines, supply, expected):
    assert place_of(error_of(bad_lines, supply)) == expected


def test_every_fault_is_listed_and_stand_ins_make_no_new_ones():
    bad = lines(
        line=["a", 1.5, 2.5, "d", "a"],
        sku=["A", None, None, "A", "A"],
        quantity=[1, 1, "x", -1, 2],
        placed_at=[0, NAIVE, NAIVE, 0, 0],
        sequence=[7, 0, 0, 7, 8],
    )
    found = [(fault.code, fault.row, fault.column) for fault in al.validate(bad, GOOD_SUPPLY)]
    assert found == [
        ("missing", 1, "sku"),
        ("wrong_type", 1, "line"),
        ("naive_time", 1, "placed_at"),
        ("missing", 2, "sku"),
        ("wrong_type", 2, "line"),
        ("wrong_type", 2, "quantity"),
        ("naive_time", 2, "placed_at"),
        ("out_of_range", 3, "quantity"),
        ("duplicate_id", 4, "line"),
        ("duplicate_place", 3, "sequence"),
    ]


def test_under_a_sharing_rule_stand_ins_make_no_new_faults_either():
    most = {"customer": ["c", "c"], "quantity": [2**63 - 1, 1]}
    found = lambda policy, **columns: [  # noqa: E731
        (fault.code, fault.row, fault.column) for fault in al.validate(lines(**columns), GOOD_SUPPLY, policy)
    ]
    assert found("equal_cuts", **most) == [("out_of_range", 1, "quantity")]
    for weight in (["2", None], [None, "2"]):
        bad = [("wrong_type", weight.index("2"), "weight")]
        assert found("equal_cuts", weight=weight, **most) == bad
    assert found("equal_cuts", **most | {"customer": ["c", 0.5]}) == [("wrong_type", 1, "customer")]
    assert found("equal_cuts", order=["c", True], quantity=most["quantity"]) == [("wrong_type", 1, "order")]
    assert found("equal_cuts:line", completeness=[1, "partial"]) == [("wrong_type", 0, "completeness")]


def test_units_below_zero_are_a_place_of_their_own():
    for quantity in ([-1, 0, -1], [-1, None, -1], [-1, 0.5, -1]):
        faults = al.validate({"sku": ["A"] * 3, "quantity": quantity}, [], {"order": "quantity"})
        assert [(fault.row, fault.code, fault.first_row) for fault in faults if fault.row != 1] == [
            (0, "out_of_range", None),
            (2, "out_of_range", None),
            (2, "duplicate_place", 0),
        ]


CELLS = {
    "line": st.sampled_from([1, 2, "a", "b", 1.5, 2**64]),
    "order": st.sampled_from([None, "o", "p", True]),
    "customer": st.sampled_from([None, "c", "d", b"c"]),
    "sku": st.sampled_from(["A", "B", None, 0.5]),
    "quantity": st.sampled_from([0, 1, -1, None, 1.0, 2**63 - 1, 2**63]),
    "weight": st.sampled_from([None, 1, 2, 0, 2**31, "2", 2**63]),
    "priority": st.sampled_from([0, 1, None, 2**63]),
    "sequence": st.sampled_from([0, 1, 2, "3", None]),
    "lot": st.sampled_from([0, 1, None, True]),
    "score": st.sampled_from([0, -1, None, 0.5]),
    "completeness": st.sampled_from([None, "order", "line", "all", 1]),
    "on_misfit": st.sampled_from([None, "pass", "wait"]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=5)


SUPPLY_ROWS = st.lists(
    st.fixed_dictionaries(
        {"supply": CELLS["line"], "sku": CELLS["sku"], "quantity": st.one_of(CELLS["quantity"], st.just(2**62))}
    ),
    max_size=4,
)
CODES = [
    "out_of_range",
    "unknown_completeness",
    "unknown_misfit",
    "missing",
    "wrong_type",
    "duplicate_id",
    "rule_needs_single_units",
    "order_disagrees",
    "duplicate_place",
]
FIELDS = [
    "line",
    "supply",
    "order",
    "customer",
    "sku",
    "quantity",
    "weight",
    "priority",
    "placed_at",
    "sequence",
    "lot",
    "score",
    "completeness",
    "on_misfit",
]


QUEUES = {
    "first_come": ("priority", "sequence"),
    "draw_the_queue": ("lot", "priority", "sequence"),
    "first_come:partial:set_aside:score+quantity": ("score", "quantity"),
}
SHARED = {
    "one_each_per_round": ("priority", "sequence"),
    "members_weighted": ("priority", "sequence"),
    "lot+level+place:partial:set_aside:score+sequence": ("lot", "score", "sequence"),
}


@given(ROWS, SUPPLY_ROWS, st.sampled_from([*QUEUES, *SHARED]))
def test_every_fault_is_predicted(rows, supply, policy):
    expected = predicted(rows, supply, policy in SHARED, (QUEUES | SHARED)[policy])
    assert [
        (fault.table, fault.row, fault.code, fault.column, fault.first_row)
        for fault in al.validate(rows, supply, policy)
    ] == expected
    if expected:
        error = error_of(rows, supply, policy)
        assert (error.table, error.row, error.code, error.column, error.first_row) == expected[0]
    else:
        assert al.verify(rows, supply, al.allocate(rows, supply, policy)) == "ordered"


def predicted(rows, supply, sharing, compared):
    """All faults of a small world, by the book: a stage, the row, the code, the column."""
    faults = []
    bad = {
        ("supply", row, column)
        for row, cells in enumerate(supply)
        for column in cells
        if (code := single(column, cells[column], sharing))
        and faults.append((1, "supply", row, code, column, None)) is None
    }
    bad |= {
        ("lines", row, column)
        for row, cells in enumerate(rows)
        for column in cells
        if (code := single(column, cells[column], sharing))
        and faults.append((2, "lines", row, code, column, None)) is None
    }
    good = lambda table, row, *columns: all((table, row, column) not in bad for column in columns)  # noqa: E731
    sums = {}
    for row, cells in enumerate(supply):
        if good("supply", row, "sku", "quantity"):
            before = sums.get(cells["sku"], 0)
            sums[cells["sku"]] = before + cells["quantity"]
            if before < 2**63 <= sums[cells["sku"]]:
                faults.append((1, "supply", row, "out_of_range", "quantity", None))
    twins(
        faults,
        1,
        "supply",
        "duplicate_id",
        "supply",
        [(cells["supply"], row) for row, cells in enumerate(supply) if good("supply", row, "supply")],
    )
    twins(
        faults,
        2,
        "lines",
        "duplicate_id",
        "line",
        [(cells["line"], row) for row, cells in enumerate(rows) if good("lines", row, "line")],
    )
    if sharing:
        sharing_faults(faults, rows, good)
    # Units below zero are still a number to stand by.
    is_placed = lambda row, part: good("lines", row, part) or rows[row][part] == -1  # noqa: E731
    places = [
        (tuple(row if (part, cells[part]) == ("sequence", None) else cells[part] or 0 for part in compared), row)
        for row, cells in enumerate(rows)
        if all(is_placed(row, part) for part in compared)
    ]
    twins(faults, 3, "lines", "duplicate_place", "sequence", places)
    orders = {}
    for row, cells in enumerate(rows):
        if cells["order"] is not None and good("lines", row, "order", "customer", "completeness", "on_misfit"):
            orders.setdefault(cells["order"], []).append(row)
    for first, *others in orders.values():
        if any(rows[row]["completeness"] == "order" for row in (first, *others)):
            for row in others:
                for column, default in (("customer", None), ("completeness", "partial"), ("on_misfit", "set_aside")):
                    if (rows[row][column] or default) != (rows[first][column] or default):
                        faults.append((3, "lines", row, "order_disagrees", column, first))
    faults.sort(key=lambda fault: (fault[0], fault[2], CODES.index(fault[3]), FIELDS.index(fault[4])))
    return [fault[1:] for fault in faults]


def sharing_faults(faults, rows, good):
    """What a rule that shares unit by unit refuses besides: whole lines, and claims beyond the limit."""
    claims = {}
    for row, cells in enumerate(rows):
        if good("lines", row, "completeness") and cells["completeness"] in ("line", "order"):
            faults.append((2, "lines", row, "rule_needs_single_units", "completeness", None))
        # A weight outside its range is still a weight of its own.
        known_weight = good("lines", row, "weight") or cells["weight"] in (0, 2**31)
        if known_weight and good("lines", row, "sku", "order", "customer", "quantity"):
            who = ("customer", cells["customer"]) if cells["customer"] is not None else ("order", cells["order"])
            who = ("row", row) if who == ("order", None) else who
            claim = (cells["sku"], who, 1 if cells["weight"] is None else cells["weight"])
            before = claims.get(claim, 0)
            claims[claim] = before + cells["quantity"]
            if before < 2**63 <= claims[claim]:
                faults.append((2, "lines", row, "out_of_range", "quantity", None))


def single(column, value, sharing):
    """The fault of one cell, if any."""
    if value is None:
        return "missing" if column in ("sku", "quantity") else None
    if isinstance(value, (bool, float, bytes)):
        return "wrong_type"
    if column in ("completeness", "on_misfit"):
        known = {"completeness": ("partial", "line", "order"), "on_misfit": ("set_aside", "pass")}[column]
        return (
            "wrong_type"
            if isinstance(value, int)
            else None
            if value in known
            else "unknown_completeness"
            if column == "completeness"
            else "unknown_misfit"
        )
    if isinstance(value, str):
        return "wrong_type" if column in ("quantity", "weight", "priority", "sequence", "lot", "score") else None
    least, most = {
        "quantity": (0, 2**63 - 1),
        # Without sharing nobody reads it, but it must be an integer of 64 bits.
        "weight": (1, 2**31 - 1) if sharing else (-(2**63), 2**63 - 1),
        "priority": (-(2**63), 2**63 - 1),
        "sequence": (-(2**63), 2**63 - 1),
        "lot": (-(2**63), 2**63 - 1),
        "score": (-(2**63), 2**63 - 1),
    }.get(column, (-(2**63), 2**64 - 1))
    return None if least <= value <= most else "out_of_range"


def twins(faults, stage, table, code, column, keyed):
    seen = {}
    for key, row in keyed:
        if seen.setdefault(key, row) != row:
            faults.append((stage, table, row, code, column, seen[key]))


def test_an_unknown_line_or_row_is_refused():
    result = al.allocate(lines(), GOOD_SUPPLY)
    for ask, code, says in [
        ({"row": 2}, "no_such_row", "there is no line row 2: the call has 2"),
        ({"row": -1}, "no_such_row", "there is no line row -1: the call has 2"),
        ({"row": 2**100}, "no_such_row", "the call has 2"),
        ({"row": 1.0}, "wrong_type", "the float 1.0 is no row"),
        ({"row": True}, "wrong_type", "a bool is no row"),
        ({"line": 2}, "no_such_line", "no line has the id 2"),
        ({"line": "1"}, "no_such_line", 'no line has the id "1"'),
        ({"line": -1}, "no_such_line", "no line has the id -1"),
        ({"line": 2**64}, "wrong_type", "is no id"),
        ({"line": None}, "wrong_type", "say which line"),
        ({}, "wrong_type", "say which line"),
        ({"line": 0, "row": 0}, "wrong_type", "say which line"),
    ]:
        for call in (lambda: result.explain(**ask), lambda: al.explain(lines(), GOOD_SUPPLY, **ask)):
            with pytest.raises(al.AllocatorError) as caught:
                call()
            assert caught.value.code == code, ask
            assert says in str(caught.value), ask


def test_an_error_is_a_value_error_with_all_its_attributes():
    assert issubclass(al.AllocatorError, ValueError) and issubclass(al.LawBroken, al.AllocatorError)
    mine = al.AllocatorError("made elsewhere")
    assert (mine.code, mine.table, mine.row, mine.column, mine.first_row, mine.message) == (None,) * 6
    assert al.LawBroken("x").law is None
