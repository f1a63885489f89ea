"""Ids come back unchanged, whatever they are; their order decides pegs."""

import enum

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import allocator_py as al

INTS = st.one_of(
    st.integers(-(2**63), 2**64 - 1),
    st.integers(0, 5),
    st.sampled_from([-(2**63), -1, 0, 2**31, 2**32 - 2, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1]),
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)
IDS = st.one_of(
    st.lists(INTS, unique=True, max_size=8),
    st.lists(TEXTS, unique=True, max_size=8),
    st.lists(st.one_of(INTS, TEXTS), unique=True, max_size=8),
)


@given(IDS, IDS, IDS)
def test_ids_come_back_unchanged(line_ids, sku_ids, supply_ids):
    sku_ids = sku_ids or ["A"]
    lines = [
        {"line": line, "order": line, "customer": line, "sku": sku_ids[i % len(sku_ids)], "quantity": 2}
        for i, line in enumerate(line_ids)
    ]
    supply = [
        {"supply": supply, "sku": sku_ids[i % len(sku_ids)], "quantity": 3} for i, supply in enumerate(supply_ids)
    ]
    result = al.allocate(lines, supply, "first_come:line:set_aside")
    rows = result.outcomes.to_pylist()
    same([row["line"] for row in rows], line_ids)
    same([row["sku"] for row in rows], [line["sku"] for line in lines])
    for peg in result.pegs.to_pylist():
        same([peg["line"], peg["supply"]], [line_ids[peg["row"]], supply_ids[peg["supply_row"]]])
    for idle in result.idle.to_pylist():
        assert any(type(idle["sku"]) is type(sku) and idle["sku"] == sku for sku in sku_ids)
        if idle["row"] is not None:
            same([idle["line"]], [line_ids[idle["row"]]])
    for row, line in enumerate(line_ids):
        why = result.explain(line=line)
        assert why.row == row
        same([why.line, why.sku], [line, lines[row]["sku"]])
        assert str(why).startswith(f"line {line} ")
        assert why == al.explain(lines, supply, "first_come:line:set_aside", line=line) == result.explain(row=row)
    assert al.verify(lines, supply, result) == "ordered"


def same(found, expected):
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


@given(IDS)
def test_what_arrow_can_hold_goes_out_as_arrow(ids):
    table = al.allocate([{"line": line, "sku": 1, "quantity": 1} for line in ids], [{"sku": 1, "quantity": 1}]).outcomes
    texts = [line for line in ids if isinstance(line, str)]
    numbers = [line for line in ids if not isinstance(line, str)]
    if (texts and numbers) or (numbers and min(numbers) < 0 and max(numbers) >= 2**63):
        with pytest.raises(al.AllocatorError, match="to_pylist") as caught:
            pa.table(table)
        assert (caught.value.code, caught.value.column) == ("mixed_ids", "line")
        with pytest.raises(al.AllocatorError):
            table.__arrow_c_schema__()
        assert len(table) == len(ids) and repr(table) and table._repr_html_()
    else:
        assert pa.table(table)["line"].to_pylist() == ids


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3)), max_size=8), st.data())
def test_supply_is_used_by_sequence_then_id(rows, data):
    ids = data.draw(st.lists(st.one_of(INTS, TEXTS), unique=True, min_size=len(rows), max_size=len(rows)))
    supply = [
        {"supply": supply, "sku": "A", "quantity": units, "sequence": sequence}
        for supply, (sequence, units) in zip(ids, rows)
    ]
    total = sum(units for _, units in rows)
    result = al.allocate([{"sku": "A", "quantity": 1} for _ in range(total)], supply)
    order = sorted(
        range(len(ids)),
        key=lambda row: (
            rows[row][0],
            isinstance(ids[row], str),
            ids[row].encode() if isinstance(ids[row], str) else ids[row],
        ),
    )
    expected = [ids[row] for row in order for _ in range(rows[row][1])]
    same([peg["supply"] for peg in result.pegs.to_pylist()], expected)


def test_a_null_line_or_supply_is_its_row():
    lines = {"line": ["a", None, "c"], "sku": [1, 1, 1], "quantity": [1, 1, 1]}
    supply = {"supply": [None, "b"], "sku": [1, 1], "quantity": [2, 1]}
    result = al.allocate(lines, supply)
    assert result.outcomes.to_pydict()["line"] == ["a", 1, "c"]
    assert result.pegs.to_pydict()["supply"] == [0, 0, "b"]


def test_integers_and_text_are_different_ids():
    result = al.allocate(
        [{"line": 1, "sku": 7, "quantity": 1}, {"line": "1", "sku": "7", "quantity": 1}], [{"sku": "7", "quantity": 5}]
    )
    assert [row["reason"] for row in result.outcomes.to_pylist()] == ["unknown_sku", "served"]
    assert result.explain(line=1).row == 0 and result.explain(line="1").row == 1


def test_subclasses_come_back_as_what_they_stand_for():
    class Text(str):
        pass

    class Size(enum.IntEnum):
        M = 5

    lines = [{"line": Text("a"), "sku": Size.M, "quantity": np.int8(1)}]
    row = al.allocate(lines, [{"sku": np.int64(5), "quantity": np.uint64(1)}]).outcomes.to_pylist()[0]
    same([row["line"], row["sku"], row["reason"]], ["a", 5, "served"])


def test_unsigned_ids_stay_unsigned():
    lines = pl.DataFrame(
        {"line": [2**64 - 1, 0], "sku": ["A", "A"], "quantity": [1, 1]}, schema_overrides={"line": pl.UInt64}
    )
    table = al.allocate(lines, {"sku": ["A"], "quantity": [1]}).outcomes
    assert pa.table(table).schema.field("line").type == pa.uint64()
    assert pl.DataFrame(table)["line"].to_list() == [2**64 - 1, 0]


def test_sentences_name_skus_and_lines_as_they_are_called_outside():
    lines = [
        {"line": "order-384", "order": "o", "sku": "HOODIE-M", "quantity": 2, "completeness": "order"},
        {"line": "order-385", "order": "o", "sku": "CAP", "quantity": 3, "completeness": "order"},
    ]
    why = al.explain(lines, [{"sku": "HOODIE-M", "quantity": 1}, {"sku": "CAP", "quantity": 1}], line="order-385")
    assert why.more_units == {"HOODIE-M": 1, "CAP": 2}
    assert "line order-385 gets 0 of 3 units" in str(why)
    assert "1 more unit of SKU HOODIE-M and 2 more units of SKU CAP" in str(why)
