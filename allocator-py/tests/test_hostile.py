"""Objects that mean harm: an error each time, never a crash, never a panic."""

import collections
import ctypes
import gc
import subprocess
import sys
import threading
import weakref

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import allocator_py as al
from conftest import drop, outcome

SUPPLY = {"sku": ["A"], "quantity": [1]}


class Mine(Exception):
    """What the objects below raise; it must come through unchanged."""


def fails(*_, **__):
    raise Mine("on purpose")


class Raises:
    """Raises from one special method."""

    def __new__(cls, method, base=object):
        return type("Raises", (base,), {method: fails})()


@pytest.mark.parametrize("method", ["__arrow_c_stream__", "__arrow_c_array__"])
def test_an_error_of_the_object_comes_through(method):
    bad = Raises(method)
    for call in (
        lambda: al.allocate(bad, SUPPLY),
        lambda: al.allocate(SUPPLY, bad),
        lambda: al.validate(bad, SUPPLY),
        lambda: al.verify(SUPPLY, SUPPLY, bad),
        lambda: al.allocate({"sku": bad, "quantity": [1]}, SUPPLY),
    ):
        with pytest.raises(Mine):
            call()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "row",
    [
        {"sku": Raises("__index__"), "quantity": 1},
        {"sku": "A", "quantity": Raises("__index__")},
        type("Row", (dict,), {"__getitem__": fails})(sku="A", quantity=1),
        Raises("__class__"),
    ],
)
def test_a_row_that_raises_is_no_crash(row):
    try:
        al.allocate([row], SUPPLY)
    except (Mine, al.AllocatorError):
        pass


def test_rows_are_left_as_they_were():
    rows = [collections.defaultdict(int, sku="A", quantity=1)]
    assert al.allocate(rows, SUPPLY).summary.allocated == 1
    assert rows == [{"sku": "A", "quantity": 1}]


def test_a_property_that_raises_comes_through():
    class Sly:
        @property
        def __arrow_c_stream__(self):
            raise Mine

    with pytest.raises(Mine):
        al.allocate(Sly(), SUPPLY)


def test_columns_that_lie_about_their_length():
    class Endless(list):
        def __iter__(self):
            return iter(int, 1)

    class Huge:
        def __len__(self):
            return sys.maxsize

        def __iter__(self):
            return iter([1])

    class Negative:
        def __len__(self):
            return -1

        def __iter__(self):
            return iter([1])

    class Shrinks:
        def __len__(self):
            return 1000

        def __getitem__(self, index):
            if index > 2:
                raise IndexError
            return 1

    class Clears:
        def __index__(self):
            column.clear()
            return 1

    assert al.allocate({"sku": ["A"], "quantity": Endless([1])}, SUPPLY).summary.ordered in (0, 1)
    with pytest.raises(al.AllocatorError, match="more than the"):
        al.allocate({"sku": ["A"], "quantity": Huge()}, SUPPLY)
    with pytest.raises((al.AllocatorError, ValueError)):
        al.allocate({"sku": ["A"], "quantity": Negative()}, SUPPLY)
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate({"sku": ["A"], "quantity": Shrinks()}, SUPPLY)
    assert caught.value.code == "length_mismatch"
    column = [Clears(), 1, 1]
    with pytest.raises(al.AllocatorError):
        al.allocate({"sku": ["A", "A", "A"], "quantity": column}, SUPPLY)
    with pytest.raises(al.AllocatorError, match="too_many|more than"):
        al.allocate({"sku": range(2**40), "quantity": range(2**40)}, SUPPLY)


def test_a_masked_array_keeps_its_mask():
    masked = np.ma.array([1, 10**12], mask=[False, True])
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate({"sku": ["A", "A"], "quantity": masked}, SUPPLY)
    assert (caught.value.row, caught.value.column) == (1, "quantity")


class Capsules:
    """Whatever is put in as what the capsule method gives."""

    def __init__(self, stream=None, array=None):
        if stream is not None:
            self.__arrow_c_stream__ = lambda requested_schema=None: stream
        if array is not None:
            self.__arrow_c_array__ = lambda requested_schema=None: array


def capsule(name, bytes_=1024):
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    memory = ctypes.create_string_buffer(bytes_)
    KEPT.append((memory, name))
    return new(ctypes.addressof(memory), name, None)


KEPT = []
BATCH = pa.table({"sku": ["A"], "quantity": [1]}).to_batches()[0]


@pytest.mark.parametrize(
    "bad",
    [
        Capsules(stream=5),
        Capsules(stream=[]),
        Capsules(stream=capsule(b"arrow_array")),
        Capsules(stream=capsule(b"arrow_array_stream")),
        Capsules(array=5),
        Capsules(array=()),
        Capsules(array=(1, 2)),
        Capsules(array=(1, 2, 3)),
        Capsules(array=(capsule(b"arrow_schema"), capsule(b"arrow_array"))),
        Capsules(array=BATCH.__arrow_c_array__()[::-1]),
        Capsules(array=(BATCH.__arrow_c_array__()[0], pa.array([1]).__arrow_c_array__()[1])),
        Capsules(array=(pa.array([1]).__arrow_c_array__()[0], BATCH.__arrow_c_array__()[1])),
    ],
    ids=str,
)
def test_a_capsule_that_is_none_is_refused(bad):
    for call in (lambda: al.allocate(bad, SUPPLY), lambda: al.allocate({"sku": ["A"], "quantity": bad}, SUPPLY)):
        with pytest.raises(al.AllocatorError) as caught:
            call()
        assert caught.value.code in ("bad_arrow", "wrong_type", "missing")


def test_a_stream_is_read_once_and_says_so():
    reader = pa.table({"sku": ["A"], "quantity": [1]}).to_reader()
    stream = reader.__arrow_c_stream__()
    assert len(al.allocate(Capsules(stream=stream), SUPPLY)) == 1
    with pytest.raises(al.AllocatorError, match="already read") as caught:
        al.allocate(Capsules(stream=stream), SUPPLY)
    assert caught.value.code == "bad_arrow"


def test_a_stream_that_fails_half_way_is_an_error_with_its_message():
    schema = pa.schema({"sku": pa.string(), "quantity": pa.int64()})

    def batches():
        yield pa.record_batch({"sku": ["A"], "quantity": [1]}, schema=schema)
        raise ValueError("the disk is gone")

    with pytest.raises(al.AllocatorError, match="the disk is gone") as caught:
        al.allocate(pa.RecordBatchReader.from_batches(schema, batches()), SUPPLY)
    assert (caught.value.code, caught.value.table) == ("bad_arrow", "lines")


def test_text_that_is_no_utf8_is_refused():
    bad = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(np.array([0, 2], dtype="i4").tobytes()), pa.py_buffer(b"\xff\xfe")]
    )
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate(pa.table({"sku": bad, "quantity": [1]}), SUPPLY)
    assert caught.value.code == "bad_arrow"
    with pytest.raises(al.AllocatorError):
        al.allocate({"sku": bad, "quantity": [1]}, SUPPLY)


def test_columns_we_do_not_read_cannot_trouble():
    odd = pa.table(
        {
            "sku": ["A"],
            "quantity": [1],
            "nested": [[{"a": [1]}]],
            "union": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
            "n": pa.nulls(1),
        }
    )
    assert len(al.allocate(odd, SUPPLY)) == 1
    assert (
        len(al.allocate(pl.DataFrame({"sku": ["A"], "quantity": [1], "o": [object()], "n": [None]}).drop("o"), SUPPLY))
        == 1
    )
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate(odd.drop_columns(["sku"]).rename_columns({"union": "sku"}), SUPPLY)
    assert (caught.value.code, caught.value.column) == ("wrong_type", "sku")


def test_rows_that_are_null_as_a_whole_are_refused():
    struct = pa.array([{"sku": "A", "quantity": 1}, None])
    with pytest.raises(al.AllocatorError, match="whole rows are null"):
        al.allocate(struct, SUPPLY)


JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.binary(max_size=5),
        st.datetimes(),
        st.complex_numbers(),
        st.just(object()),
        st.just(Ellipsis),
        st.just(int),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner),
        st.dictionaries(
            st.one_of(st.sampled_from(["sku", "quantity", "line", "allocated"]), st.integers()), inner, max_size=4
        ),
        st.frozensets(st.integers()),
    ),
    max_leaves=12,
)


@given(JUNK, JUNK, JUNK, JUNK, JUNK)
def test_any_junk_is_an_error_of_ours_or_a_result(lines, supply, policy, result, which):
    for call in (
        lambda: al.allocate(lines, supply, policy),
        lambda: al.validate(lines, supply, policy),
        lambda: al.verify(lines, supply, result, policy),
        lambda: al.explain(lines, supply, policy, row=which),
        lambda: al.explain(lines, supply, line=which),
        lambda: al.allocate({"sku": [which], "quantity": [1], "line": result}, SUPPLY),
        lambda: al.allocate([{"sku": "A", "quantity": 1, "placed_at": which}], [{"sku": "A", "quantity": lines}]),
        lambda: al.verify({"sku": ["A"], "quantity": [1]}, SUPPLY, {"allocated": [which], "reason": [policy]}),
    ):
        try:
            call()
        except al.AllocatorError as error:
            assert error.code and error.message


def test_threads_read_one_result_and_make_their_own():
    lines, supply = drop()
    shared = al.allocate(lines, supply, "first_come:line:pass")
    expected, seen, iterator = outcome(shared), [], shared.explanations()
    interner = al.Interner()
    rows = []

    def work(number):
        for _ in range(5):
            mine = al.allocate(pl.DataFrame(lines), supply, "first_come:line:pass")
            assert al.verify(lines, supply, shared) == "ordered"
            assert outcome(mine) == outcome(shared) == expected
            interner.intern(str(number))
        rows.extend(why.row for why in iterator)
        seen.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(8)) and sorted(rows) == list(range(400)) and len(interner) == 8


def test_the_lock_is_released_during_work():
    rows = 300_000
    lines = {"sku": np.zeros(rows, dtype="i8"), "quantity": np.ones(rows, dtype="i8"), "priority": -np.arange(rows)}
    done, ticks = threading.Event(), []

    def tick():
        while not done.is_set():
            ticks.append(1)
            done.wait(0.0005)

    before = sys.getswitchinterval()
    sys.setswitchinterval(60)
    ticker = threading.Thread(target=tick)
    try:
        ticker.start()
        while not ticks:
            pass_the_lock()
        count = len(ticks)
        for _ in range(5):
            al.allocate(lines, {"sku": [0], "quantity": [rows]})
        during = len(ticks) - count
    finally:
        done.set()
        sys.setswitchinterval(before)
        ticker.join()
    assert during >= 5


def pass_the_lock():
    threading.Event().wait(0.001)


def test_nothing_is_kept_alive():
    class Column(list):
        pass

    column = Column(["A"])
    watched = weakref.ref(column)
    result = al.allocate({"sku": column, "quantity": [1]}, SUPPLY)
    del column
    gc.collect()
    assert watched() is None and len(result) == 1


def test_memory_does_not_grow():
    code = """
import resource
import pyarrow as pa, allocator_py as al
lines = pa.table({"line": [f"order-{i}" for i in range(1000)], "sku": ["A"] * 1000, "quantity": [1] * 1000})
def once():
    result = al.allocate(lines, {"sku": ["A"], "quantity": [500]})
    pa.table(result.outcomes), list(result.explanations()), al.verify(lines, {"sku": ["A"], "quantity": [500]}, result)
    try:
        al.allocate(lines, {"sku": ["A"], "quantity": [-1]})
    except al.AllocatorError:
        pass
for _ in range(30): once()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(100): once()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    grown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert int(grown.stdout) < 20_000, "kilobytes"
