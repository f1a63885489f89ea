"""A lot for each unit, as an argument beside the lines."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import allocator_py as al
from conftest import error_of

LINES = {"line": ["x", "y"], "sku": ["A", "A"], "quantity": [3, 1]}
LOTS = [9, 8, 1, 5]
SUPPLY = {"sku": ["A"], "quantity": [2]}


@pytest.mark.parametrize(
    "lots",
    [LOTS, tuple(LOTS), np.array(LOTS), np.array(LOTS, dtype="i4"), pa.array(LOTS), pl.Series(LOTS), pd.Series(LOTS)],
    ids=lambda lots: type(lots).__module__,
)
def test_the_smallest_lots_are_served(lots):
    for units, expected in [(1, [1, 0]), (2, [1, 1]), (3, [2, 1])]:
        supply = {"sku": ["A"], "quantity": [units]}
        result = al.allocate(LINES, supply, "draw_each_unit", unit_lots=lots)
        assert result.outcomes.to_pydict()["allocated"] == expected
        assert al.verify(LINES, supply, result, unit_lots=lots) == "ordered"
        with pytest.raises(al.LawBroken):
            table = {"allocated": expected[::-1] if units < 2 else [3, 0][:2]}
            al.verify(LINES, supply, table, "draw_each_unit", unit_lots=lots)
    why = al.explain(LINES, SUPPLY, "draw_each_unit", line="x", unit_lots=lots)
    assert why.more_units == {"A": 2}
    assert al.validate(LINES, SUPPLY, "draw_each_unit", unit_lots=lots) == []


def test_a_pickle_keeps_the_lots():
    result = al.allocate(LINES, SUPPLY, "draw_each_unit", unit_lots=LOTS)
    again = pickle.loads(pickle.dumps(result))
    assert again.outcomes == result.outcomes and again.explain("x") == result.explain("x")


def test_every_unit_can_be_checked():
    lots = {"x": LOTS[:3], "y": LOTS[3:]}
    given = [0, 0]
    for units in range(5):
        supply = {"sku": ["A"], "quantity": [units]}
        result = al.allocate(LINES, supply, "draw_each_unit", unit_lots=LOTS)
        result = pickle.loads(pickle.dumps(result))
        drawn = sorted((lot, line, unit) for line, own in lots.items() for unit, lot in enumerate(own, 1))[:units]
        for line, own in lots.items():
            for unit, lot in enumerate(own, 1):
                assert result.unit_is_within(line, unit=unit) == ((lot, line, unit) in drawn)
        last = result.thresholds()
        assert [(lot.line, lot.unit) for lot in last] == [ticket[1:] for ticket in drawn[-1:] if units < 4]
        for threshold in last:
            assert threshold.key == result.unit_key(threshold.line, unit=threshold.unit)
            assert threshold.text.startswith(f"unit lot {drawn[-1][0]}, ")
        more = result.increment(given).to_pydict()["units"]
        assert sum(more) == min(units, 1)
        given = [before + units for before, units in zip(given, more)]
    assert given == LINES["quantity"]
    assert al.rule_keeps("draw_each_unit") >= {"split_proof", "merge_proof", "resource_monotone"}
    assert "composition_up" not in al.rule_keeps("draw_each_unit")


def test_what_is_wrong_with_lots_is_named():
    for lots, says in [(None, "no lots for 4 units"), (LOTS[1:], "3 lots for 4 units")]:
        error = fault(LINES, lots)
        assert (error.code, error.table, error.row, error.column) == ("unit_lots", "lines", None, "unit_lots")
        assert says in error.message
    error = fault(LINES, [1, 2, None, 4])
    assert (error.code, error.table, error.row) == ("missing", "unit_lots", 2)
    error = fault(LINES, [1, 2, 3.0, 4])
    assert (error.code, error.table, error.row) == ("wrong_type", "unit_lots", 2)
    error = fault(LINES | {"quantity": [3, al.MAX_DRAWN_UNITS]}, LOTS)
    assert (error.code, error.table, error.row, error.column) == ("out_of_range", "lines", 1, "quantity")
    # Faults of rows are found beside it, and lots that nobody reads are not counted.
    found = al.validate(LINES | {"quantity": [3, "1"], "sequence": [1, 1]}, SUPPLY, "draw_each_unit", unit_lots=LOTS)
    assert [(fault.code, fault.row) for fault in found] == [("wrong_type", 1), ("duplicate_place", 1)]
    assert al.allocate(LINES, SUPPLY, unit_lots=[1]).summary.allocated == 2
    assert error_of(LINES, SUPPLY, "protect(1)+unit_lot+place").code == "unsound_rule"


def fault(lines, lots):
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate(lines, SUPPLY, "draw_each_unit", unit_lots=lots)
    assert al.validate(lines, SUPPLY, "draw_each_unit", unit_lots=lots)[0].code == caught.value.code
    return caught.value
