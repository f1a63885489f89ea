"""Every form of input gives the same result, byte for byte."""

import array
import collections
import datetime
import types

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import allocator_py as al
from conftest import drop, outcome

LAUNCH = datetime.datetime(2026, 11, 24, 18, 0, tzinfo=datetime.timezone.utc)

ROWS = [
    {
        "line": f"o-{i}",
        "order": f"o-{i // 2}",
        "customer": f"c-{i // 2}",
        "sku": "AB"[i % 2],
        "quantity": 1 + i % 3,
        "weight": 1 + i // 2 % 3,
        "priority": i % 2,
        "placed_at": LAUNCH + datetime.timedelta(seconds=i // 3),
        "sequence": 100 - i,
        "lot": i * 7 % 5,
        "score": -i,
        "completeness": ["order", "order", None, "line"][i // 2 % 4] if i >= 2 else "partial",
        "on_misfit": ["pass", "set_aside"][i // 2 % 2],
    }
    for i in range(24)
]
for i, row in enumerate(ROWS):
    if row["completeness"] == "order":
        row["priority"] = 0
COLUMNS = {name: [row[name] for row in ROWS] for name in ROWS[0]}
SUPPLY = {"supply": ["s2", "s1", "s3"], "sku": ["A", "A", "B"], "quantity": [5, 6, 9], "sequence": [1, 0, 0]}
SUPPLY_ROWS = [dict(zip(SUPPLY, values)) for values in zip(*SUPPLY.values())]


class OneArray:
    """Only the array half of the capsule interface."""

    def __init__(self, batch):
        self.batch = batch

    def __arrow_c_array__(self, requested_schema=None):
        return self.batch.__arrow_c_array__(requested_schema)


def arrow(**types):
    table = pa.table(COLUMNS)
    for name, kind in types.items():
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(kind))
    return table


def chunked():
    table = pa.table(COLUMNS)
    return pa.concat_tables([table.slice(0, 5), table.slice(5, 0), table.slice(5, 1), table.slice(6)])


FORMS = {
    "dict of lists": lambda: COLUMNS,
    "dict of tuples": lambda: {name: tuple(values) for name, values in COLUMNS.items()},
    "dict of deques": lambda: {name: collections.deque(values) for name, values in COLUMNS.items()},
    "mapping": lambda: types.MappingProxyType(COLUMNS),
    "rows": lambda: ROWS,
    "tuple of rows": lambda: tuple(ROWS),
    "rows that are mappings": lambda: [types.MappingProxyType(row) for row in ROWS],
    "rows without their nulls": lambda: [{k: v for k, v in row.items() if v is not None} for row in ROWS],
    "other columns too": lambda: {"price": [object()] * 24, 7: [], **COLUMNS},
    "pyarrow table": lambda: pa.table(COLUMNS),
    "pyarrow batch": lambda: pa.table(COLUMNS).to_batches()[0],
    "pyarrow reader": lambda: pa.table(COLUMNS).to_reader(),
    "pyarrow chunks": chunked,
    "pyarrow slice of an array": lambda: OneArray(
        pa.concat_tables([pa.table(COLUMNS)] * 2).combine_chunks().to_batches()[0].slice(24)
    ),
    "pyarrow struct array": lambda: OneArray(
        pa.concat_arrays([pa.table(COLUMNS).to_struct_array().chunk(0)] * 2).slice(24)
    ),
    "pyarrow array": lambda: OneArray(pa.table(COLUMNS).to_batches()[0]),
    "pyarrow string view": lambda: arrow(line=pa.string_view(), sku=pa.large_string()),
    "pyarrow dictionary": lambda: arrow(
        sku=pa.dictionary(pa.int8(), pa.string()), completeness=pa.dictionary(pa.uint16(), pa.large_string())
    ),
    "pyarrow narrow integers": lambda: arrow(quantity=pa.int8(), priority=pa.uint8(), sequence=pa.uint64()),
    "pyarrow decimals": lambda: arrow(quantity=pa.decimal128(20, 0), sequence=pa.decimal128(30, 3)),
    "pyarrow seconds": lambda: arrow(placed_at=pa.timestamp("s", "UTC")),
    "pyarrow nanoseconds in a zone": lambda: arrow(placed_at=pa.timestamp("ns", "Europe/Berlin")),
    "polars": lambda: pl.DataFrame(COLUMNS),
    "polars categories": lambda: pl.DataFrame(COLUMNS).with_columns(
        pl.col("sku").cast(pl.Categorical), pl.col("quantity").cast(pl.UInt16)
    ),
    "polars rechunked": lambda: pl.concat(
        [pl.DataFrame(COLUMNS).head(7), pl.DataFrame(COLUMNS).tail(17)], rechunk=False
    ),
    "dict of polars series": lambda: {name: pl.DataFrame(COLUMNS)[name] for name in COLUMNS},
    "pandas": lambda: pd.DataFrame(COLUMNS),
    "pandas with an index": lambda: pd.DataFrame(COLUMNS, index=range(100, 124)),
    "pandas objects": lambda: pd.DataFrame(COLUMNS).astype({"sku": object, "completeness": object}),
    "pandas categories": lambda: pd.DataFrame(COLUMNS).astype({"sku": "category"}),
    "pandas nullable": lambda: pd.DataFrame(COLUMNS).astype({"quantity": "Int32", "sequence": "Int64"}),
    "dict of pandas columns": lambda: dict(pd.DataFrame(COLUMNS).items()),
    "pandas as lists": lambda: (
        pd.DataFrame(COLUMNS).astype(object).where(pd.DataFrame(COLUMNS).notna(), None).to_dict("list")
    ),
    "pandas as records": lambda: (
        pd.DataFrame(COLUMNS)
        .astype({"quantity": "Int64", "completeness": object})
        .where(lambda frame: frame.notna(), None)
        .to_dict("records")
    ),
    "duckdb": lambda: duckdb.from_arrow(pa.table(COLUMNS)),
    "numpy": lambda: (
        COLUMNS | {name: np.array(COLUMNS[name]) for name in ("quantity", "priority", "sequence", "sku", "line")}
    ),
    "numpy, strange integers": lambda: (
        COLUMNS
        | {
            "quantity": np.array(COLUMNS["quantity"], dtype=">i2"),
            "priority": np.array(COLUMNS["priority"] * 2, dtype="u1")[:24],
            "sequence": np.repeat(np.array(COLUMNS["sequence"], dtype="u8"), 3)[::3],
        }
    ),
    "numpy objects": lambda: {name: np.array(values, dtype=object) for name, values in COLUMNS.items()},
    "numpy scalars": lambda: COLUMNS | {"quantity": [np.int16(value) for value in COLUMNS["quantity"]]},
    "arrays": lambda: (
        COLUMNS
        | {
            "quantity": array.array("q", COLUMNS["quantity"]),
            "sequence": memoryview(array.array("b", COLUMNS["sequence"])),
        }
    ),
    "microseconds": lambda: (
        COLUMNS | {"placed_at": [int(value.timestamp()) * 1_000_000 for value in COLUMNS["placed_at"]]}
    ),
    "other zones": lambda: (
        COLUMNS
        | {
            "placed_at": [
                value.astimezone(datetime.timezone(datetime.timedelta(hours=i - 12)))
                for i, value in enumerate(COLUMNS["placed_at"])
            ]
        }
    ),
    "pandas instants": lambda: COLUMNS | {"placed_at": [pd.Timestamp(value) for value in COLUMNS["placed_at"]]},
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_lines_gives_the_same(form):
    expected = al.allocate(COLUMNS, SUPPLY)
    assert expected.summary.waiting > 0 and expected.overtake_count > 0 and len(expected.idle) > 0, "too easy an input"
    result = al.allocate(FORMS[form](), SUPPLY)
    assert outcome(result) == outcome(expected)
    assert arrow_bytes(result) == arrow_bytes(expected)
    assert al.verify(FORMS[form](), SUPPLY, result) == "ordered"
    assert al.validate(FORMS[form](), SUPPLY) == []


def arrow_bytes(result):
    sink = pa.BufferOutputStream()
    for table in (result.outcomes, result.pegs, result.idle, result.places, result.overtakes()):
        table = pa.table(table)
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    "supply",
    [
        SUPPLY_ROWS,
        pa.table(SUPPLY),
        pl.DataFrame(SUPPLY),
        pd.DataFrame(SUPPLY),
        lambda: duckdb.from_arrow(pa.table(SUPPLY)),
        {name: np.array(values) for name, values in SUPPLY.items()},
        {("received" if name == "quantity" else name): values for name, values in SUPPLY.items()},
        [{("received" if name == "quantity" else name): value for name, value in row.items()} for row in SUPPLY_ROWS],
    ],
    ids=["rows", "pyarrow", "polars", "pandas", "duckdb", "numpy", "received", "received in rows"],
)
def test_every_form_of_supply_gives_the_same(supply):
    supply = supply() if callable(supply) else supply
    assert outcome(al.allocate(COLUMNS, supply)) == outcome(al.allocate(COLUMNS, SUPPLY))


def test_duckdb_sums_are_integers():
    duck = duckdb.connect()
    supply = duck.sql("select 'A' as sku, sum(units) as quantity from (values (2), (3)) t(units)")
    assert supply.types[1].id == "hugeint"
    assert al.allocate([{"sku": "A", "quantity": 9}], supply).summary.allocated == 5


def test_columns_left_out_take_their_defaults():
    lines = {"sku": ["A", "A", "A"], "quantity": [2, 2, 2]}
    full = lines | {
        "line": [0, 1, 2],
        "order": [None] * 3,
        "customer": [None] * 3,
        "priority": [0, None, 0],
        "placed_at": [None, 0, None],
        "sequence": [None, 1, None],
        "completeness": [None] * 3,
        "on_misfit": [None] * 3,
    }
    supply = {"sku": ["A"], "quantity": [3]}
    assert outcome(al.allocate(lines, supply)) == outcome(al.allocate(full, supply))
    nulls = pa.table(full).drop_columns(["completeness", "on_misfit"]).append_column("completeness", pa.nulls(3))
    assert outcome(al.allocate(lines, supply)) == outcome(al.allocate(nulls, supply))
    frame = pl.DataFrame(
        lines | {"completeness": [None] * 3, "customer": [None] * 3, "nested": [[None], [], [None, None]]}
    )
    assert outcome(al.allocate(lines, supply)) == outcome(al.allocate(frame, supply))
    frame = pd.DataFrame(lines | {"priority": [float("nan")] * 3})
    assert outcome(al.allocate(lines, supply)) == outcome(al.allocate(frame, supply))


@pytest.mark.parametrize(
    "empty",
    [
        [],
        (),
        {"sku": [], "quantity": []},
        pa.table({"sku": pa.array([], pa.string()), "quantity": pa.array([], pa.int64())}),
        pl.DataFrame({"sku": [], "quantity": []}),
        {"sku": np.array([], dtype=str), "quantity": np.array([], dtype=int)},
    ],
    ids=["list", "tuple", "dict", "pyarrow", "polars", "numpy"],
)
def test_nothing_is_an_input_too(empty):
    result = al.allocate(empty, empty)
    assert str(result) == "0 ordered, 0 received: 0 lines full, 0 waiting (0 units), 0 idle"
    assert len(result) == 0 and pa.table(result.outcomes).num_rows == 0
    assert al.verify(empty, empty, result) == "ordered"
    lines, _ = drop()
    assert al.allocate(lines, empty).summary.never == 500


def test_policies_by_name_json_and_dict():
    lines, supply = {"sku": ["A", "A"], "quantity": [2, 1]}, {"sku": ["A"], "quantity": [1]}
    for policy in [
        "first_come:line:pass",
        '{"rule": "first_come", "completeness": "line", "on_misfit": "pass"}',
        {"completeness": "line", "on_misfit": "pass"},
        ' {"on_misfit":"pass","completeness":"line"}',
    ]:
        result = al.allocate(lines, supply, policy)
        assert result.outcomes.to_pydict()["allocated"] == [0, 1]
        assert result.policy == "first_come:line:pass"
        assert result.is_one_off
        assert al.verify(lines, supply, result) == "ordered"
        assert str(al.explain(lines, supply, policy, row=0)).startswith("line 0 gets 0 of 2 units")
    assert (
        al.allocate(lines, supply, {}).outcomes
        == al.allocate(lines, supply, None).outcomes
        == al.allocate(lines, supply).outcomes
    )
    assert al.allocate(lines, supply).policy == "first_come"
    assert not al.allocate(lines, supply).is_one_off


@pytest.mark.parametrize(
    "policy, code",
    [
        ("", "unknown_rule"),
        ("lottery", "unknown_rule"),
        ("\ud800", "unknown_rule"),
        ("first_come:whole", "unknown_completeness"),
        ("first_come:line:wait", "unknown_misfit"),
        ("{", "bad_json"),
        ('{"rule": "first_come"} x', "bad_json"),
        ('{"a":' * 100_000, "bad_json"),
        ('{"rule": 1}', "wrong_type"),
        ({"rule": "queue"}, "unknown_rule"),
        ("protect_first(0)", "unsound_rule"),
        ({"rule": "place+level"}, "unsound_rule"),
        ('{"rule": "level+remainder+place"}', "unsound_rule"),
        ({"completeness": None}, "wrong_type"),
        ({"misfit": "pass"}, "unknown_field"),
        ({7: "pass"}, "unknown_field"),
        ('{"rule": "first_come", "rule": "first_come"}', "unknown_field"),
        (7, "wrong_type"),
        (["first_come"], "wrong_type"),
        (b"first_come", "wrong_type"),
    ],
)
def test_a_policy_that_is_none_is_refused_first(policy, code):
    bad = {"sku": ["A"], "quantity": [-1]}
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate(bad, bad, policy)
    assert caught.value.code == code
    assert [error.code for error in al.validate(bad, bad, policy)] == [code]
