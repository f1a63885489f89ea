"""Arrays of integers, in and out: every kind is read for what it is, and nothing decided changes with
what the caller does to his arrays afterwards."""

import array
import gc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import allocator_py as al
from conftest import outcome

QUANTITY = [3, 0, 2, 1, 5, 4]
SKU = [1, 0, 1, 1, 0, 1]
PLACED_AT = [5, 4, 3, 2, 1, 0]
SUPPLY = {"sku": [0, 1], "quantity": [4, 6]}


class Subclass(np.ndarray):
    pass


def numpy_of(dtype):
    return lambda values: np.array(values, dtype=dtype)


ARRAYS = {
    **{kind: numpy_of(kind) for kind in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8")},
    **{kind: numpy_of(kind) for kind in (">i2", ">u8", "longlong", "ulonglong", "intp")},
    "a type with metadata": numpy_of(np.dtype("i8", metadata={"unit": "piece"})),
    "backwards": lambda values: np.array(values[::-1])[::-1],
    "every other": lambda values: np.repeat(np.array(values, dtype="u4"), 2)[::2],
    "frozen": lambda values: np.frombuffer(np.array(values).tobytes(), dtype="i8"),
    "a subclass": lambda values: np.array(values).view(Subclass),
    "an unmasked array": lambda values: np.ma.array(values),
    "array": lambda values: array.array("h", values),
    "memoryview": lambda values: memoryview(array.array("I", values)),
    **{
        f"arrow {kind}": lambda values, kind=kind: pa.array(values, kind)
        for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())
    },
    "a slice of arrow": lambda values: pa.array([9, *values, 9], pa.uint16()).slice(1, len(values)),
    "chunks of arrow": lambda values: pa.chunked_array([values[:1], [], values[1:]], pa.int32()),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_every_kind_of_array_is_read_for_what_it_is(kind):
    lines = {"sku": SKU, "quantity": QUANTITY, "placed_at": PLACED_AT}
    expected = al.allocate(lines, SUPPLY)
    assert expected.outcomes.to_pydict()["allocated"] == [0, 0, 1, 1, 4, 4], "too easy an input"
    arrays = {name: ARRAYS[kind](values) for name, values in lines.items()}
    supply = {name: ARRAYS[kind](values) for name, values in SUPPLY.items()}
    assert outcome(al.allocate(arrays, supply)) == outcome(expected)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("i1", [-(2**7), 2**7 - 1]),
        ("u1", [0, 2**8 - 1]),
        ("i2", [-(2**15), 2**15 - 1]),
        ("u2", [0, 2**16 - 1]),
        ("i4", [-(2**31), 2**31 - 1]),
        ("u4", [0, 2**32 - 1]),
        ("i8", [-(2**63), 2**63 - 1]),
        ("u8", [0, 2**64 - 1]),
    ],
)
def test_the_ends_of_every_kind_come_back_unchanged(kind, values):
    for made in (np.array(values, dtype=kind), pa.array(np.array(values, dtype=kind))):
        result = al.allocate({"line": made, "sku": [0, 0], "quantity": [1, 1]}, SUPPLY)
        assert result.outcomes.to_pydict()["line"] == values
        assert pa.table(result.outcomes)["line"].to_pylist() == values


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (np.zeros((2, 2), dtype="i8"), "wrong_type"),
        (np.array(7), "wrong_type"),
        (np.array([1.0, 2.0]), "wrong_type"),
        (np.array([True, False]), "wrong_type"),
        (np.ma.array([1, 2], mask=[False, True]), "wrong_type"),
        (np.array([1, -1]), "out_of_range"),
        (pa.array([1, None]), "missing"),
        (pa.array([None, None], pa.int64()), "missing"),
    ],
    ids=["2-D", "0-D", "floats", "bools", "masked", "negative", "a null", "nulls"],
)
def test_what_is_no_array_of_units_is_refused(made, code):
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate({"sku": [0, 0], "quantity": made}, SUPPLY)
    assert (caught.value.code, caught.value.column) == (code, "quantity")


@pytest.mark.parametrize("policy", ["first_come", "first_come:line:pass", "one_each_per_round"])
@pytest.mark.parametrize("form", ["numpy", "memoryview", "arrow", "pandas"])
def test_what_is_decided_stays_when_the_caller_writes_into_his_arrays(form, policy):
    plain = {"sku": SKU, "quantity": QUANTITY, "placed_at": PLACED_AT, "line": [10, 11, 12, 13, 14, 2**40]}
    lines = {name: np.array(values, dtype="i8") for name, values in plain.items()}
    supply = {name: np.array(values, dtype="i8") for name, values in SUPPLY.items()}
    given = {
        "numpy": lambda table: table,
        "memoryview": lambda table: {name: memoryview(values) for name, values in table.items()},
        "arrow": pa.table,
        "pandas": lambda table: pd.DataFrame(table, copy=False),
    }[form]
    result = al.allocate(given(lines), given(supply), policy)
    for values in (*lines.values(), *supply.values()):
        values[:] = 1
    # Nothing was asked before the arrays changed.
    expected = al.allocate(plain, SUPPLY, policy)
    assert result.allocated.tolist() == expected.allocated.tolist()
    assert outcome(result) == outcome(expected)
    assert str(result) == str(expected)
    assert [str(why) for why in result.explanations()] == [str(why) for why in expected.explanations()]


def test_allocated_is_a_view_that_numpy_takes_as_it_is():
    result = al.allocate({"sku": SKU, "quantity": QUANTITY, "placed_at": PLACED_AT}, SUPPLY)
    view = result.allocated
    assert (view.format, view.itemsize, view.ndim, view.readonly) == ("q", 8, 1, True)
    assert view.tolist() == result.outcomes.to_pydict()["allocated"] == [0, 0, 1, 1, 4, 4]
    taken = np.asarray(view)
    assert taken.dtype == np.int64 and np.shares_memory(taken, np.frombuffer(view, dtype="i8"))
    del result, view
    gc.collect()
    assert taken.tolist() == [0, 0, 1, 1, 4, 4]
    with pytest.raises(TypeError):
        al.allocate({"sku": [0], "quantity": [1]}, SUPPLY).allocated[0] = 2
    assert al.allocate([], []).allocated.tolist() == []
    assert al.allocate({"sku": [0], "quantity": [2**63 - 1]}, {"sku": [0], "quantity": [2**63 - 1]}).allocated[0] == (
        2**63 - 1
    )


@pytest.mark.parametrize("policy", ["first_come", "first_come:line", "first_come:order:pass", "equal_cuts"])
def test_many_threads_ask_for_the_first_time_at_once(policy):
    rows = 400
    lines = {
        "sku": np.arange(rows) % 7,
        "quantity": np.arange(rows) % 3 + 1,
        "placed_at": np.arange(rows)[::-1] // 5,
        "order": np.arange(rows) // 2,
    }
    supply = {"sku": np.arange(7), "quantity": np.full(7, rows // 5)}
    expected = outcome(al.allocate(lines, supply, policy))
    result = al.allocate(lines, supply, policy)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(outcome, result) for _ in range(8)]
    assert [one.result() for one in asked] == [expected] * 8


QUEUES = [
    "first_come",
    "first_come:line:pass",
    "draw_the_queue",
    "first_come:partial:set_aside:score+quantity+sequence",
]
SHARED = [
    "one_each_per_round",
    "protect_first(2)",
    "equal_cuts",
    "same_percentage_nobody_empty",
    "members_weighted",
    "lot+level+place",
    "classes_first(same_percentage)",
]


@pytest.mark.parametrize(
    ("policy", "terms"),
    [
        *((policy, terms) for policy in QUEUES + SHARED for terms in (None, "partial")),
        *((policy, "line") for policy in QUEUES),
    ],
)
def test_no_answer_depends_on_what_was_asked_before(policy, terms):
    rows = 60
    lines = {
        "sku": np.arange(rows) * 7 % 5,
        "quantity": np.arange(rows) * 11 % 6,
        "customer": np.arange(rows) * 5 % 13,
        "weight": np.arange(rows) * 5 % 13 % 3 + 1,
        "priority": np.arange(rows) % 2,
        "lot": np.arange(rows) * 17 % 4,
        "score": np.arange(rows) % 3,
        "completeness": [None if row % 3 else terms for row in range(rows)],
    }
    # SKU 3 is known and never came, SKU 4 is not known.
    supply = {"sku": [0, 1, 2, 3], "quantity": [9, 40, 5, 0]}
    first = al.allocate(lines, supply, policy)
    outcomes, more = first.outcomes.to_pydict(), first.increment([0] * rows)
    assert outcomes["covered"] != outcomes["quantity"], "too easy an input"
    late = al.allocate(lines, supply, policy)
    assert late.summary.allocated == sum(outcomes["allocated"])
    keys = [late.unit_key_text(row=row) for row in range(rows) if outcomes["quantity"][row]]
    thresholds, pegs = late.thresholds(), late.pegs
    assert late.outcomes.to_pydict() == outcomes
    assert late.increment([0] * rows) == more
    assert more.to_pydict()["units"] == late.allocated.tolist() == first.allocated.tolist() == outcomes["allocated"]
    assert first.thresholds() == thresholds and first.pegs == pegs
    assert [first.unit_key_text(row=row) for row in range(rows) if outcomes["quantity"][row]] == keys
    assert al.verify(lines, supply, first) == al.verify(lines, supply, outcomes, policy) == "ordered"


class Name(str):
    __slots__ = ()


@pytest.mark.parametrize("name", [1, None, Name("colour"), "\ud800", b"colour"])
def test_a_dict_may_have_any_keys_beside_its_columns(name):
    lines = {name: [7, 7], Name("sku"): [0, 0], "quantity": [1, 2]}
    result = al.allocate(lines, {name: [7], "sku": [0], "quantity": [2]})
    assert result.allocated.tolist() == [1, 1]
    shown = str(name) if isinstance(name, Name) else repr(name)
    assert result.ignored_columns == {"lines": [shown], "supply": [shown]}


def test_a_column_that_empties_its_table_while_it_is_read_harms_nothing():
    class Emptying(list):
        def __iter__(self):
            lines.clear()
            return super().__iter__()

    lines = {"line": Emptying([7, 8]), "sku": np.array([0, 0]), "quantity": np.array([1, 2])}
    lines["sku"], lines["quantity"] = Emptying([0, 0]), Emptying([1, 2])
    try:
        assert al.allocate(lines, {"sku": [0], "quantity": [2]}).allocated.tolist() == [1, 1]
    except al.AllocatorError as error:
        assert error.code == "missing"
    assert lines == {}


def test_who_only_calls_himself_a_numpy_array_is_read_as_a_sequence():
    class ndarray(list):  # noqa: N801
        dtype, ndim = np.dtype("i8"), 1

        def tobytes(self):
            raise AssertionError("asked for bytes")

    ndarray.__module__ = "numpy"
    assert al.allocate({"sku": [0, 0], "quantity": ndarray([1, 2])}, SUPPLY).allocated.tolist() == [1, 2]
