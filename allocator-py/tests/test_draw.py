"""Draws: from the list to the lots, against the ten lines that anybody can write; and those who cheat."""

import copy
import hashlib
import hmac
import itertools
import pickle
import re
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import allocator_py as al

CODE = bytes(range(32))
LABELS = ["order-3", "order-1", "order-4", "order-1"]


def drawn(required, randomness=b"what the beacon said", round=7):
    announced = required.announce(al.commitment(CODE), round=round)
    return al.Draw(announced, CODE, randomness)


def position(label, randomness=b"what the beacon said"):
    key = hmac.digest(CODE, randomness, "sha256")
    return hmac.digest(key, label.encode() + b"\x01", "sha256")


@pytest.mark.parametrize(
    "labels",
    [LABELS, tuple(LABELS), np.array(LABELS), pl.Series(LABELS), pd.Series(LABELS), iter(LABELS)],
    ids=lambda labels: type(labels).__module__,
)
def test_labels_come_in_any_form(labels):
    required = al.draw_required(labels)
    assert (required.rows, required.entries, required.drawn) == (4, 3, "lines")
    assert required.list == "order-1\norder-3\norder-4\n"
    assert required.list_hash == hashlib.sha256(required.list.encode()).hexdigest()


label = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0"), min_size=1, max_size=8)


@given(st.lists(label, max_size=12))
def test_anybody_can_compute_it(labels):
    required = al.draw_required(labels)
    listed = "".join(f"{label}\n" for label in sorted(set(labels), key=str.encode))
    assert (required.list, required.list_hash) == (listed, hashlib.sha256(listed.encode()).hexdigest())
    draw = drawn(required)
    assert draw.order(required) == sorted(set(labels), key=position)
    lots = [int.from_bytes(position(label)[:8], "big") - 2**63 for label in labels]
    assert draw.lots(required) == lots == [draw.lot(label) for label in labels]
    assert [draw.position(label) for label in labels] == [position(label).hex() for label in labels]


@given(st.lists(st.tuples(label, st.integers(0, 12)), max_size=5, unique_by=lambda row: row[0]))
def test_each_unit_has_its_lot(rows):
    required = al.draw_required([row[0] for row in rows], [row[1] for row in rows], rule="draw_each_unit")
    labels = [f"{label}#{unit}" for label, units in rows for unit in range(1, units + 1)]
    assert required.list.split("\n")[:-1] == sorted(labels, key=str.encode)
    draw = drawn(required)
    assert draw.unit_lots(required) == [draw.lot(label) for label in labels]
    assert draw.order(required) == sorted(labels, key=position)


def test_lots_go_into_allocate():
    required = al.draw_required(LABELS)
    draw = drawn(required)
    lines = {"sku": ["A"] * 4, "quantity": [1] * 4, "lot": draw.lots(required)}
    served = al.allocate(lines, {"sku": ["A"], "quantity": [1]}, required.policy).outcomes.to_pydict()["allocated"]
    assert LABELS[served.index(1)] == draw.order(required)[0]
    required = al.draw_required(["a", "b"], pa.array([2, 1]), rule={"rule": "draw_each_unit"})
    draw = drawn(required)
    lines = {"sku": ["A"] * 2, "quantity": [2, 1]}
    result = al.allocate(lines, {"sku": ["A"], "quantity": [1]}, "draw_each_unit", unit_lots=draw.unit_lots(required))
    first = draw.order(required)[0].split("#")[0]
    assert result.outcomes.to_pydict()["allocated"] == [int(first == "a"), int(first == "b")]


def test_where_nothing_is_drawn_nothing_is_required():
    assert al.draw_required(LABELS, rule="first_come") is None
    assert al.draw_required(LABELS, rule="level+lot+place").drawn == "lines"
    assert al.draw_required(["a"], [1], rule="unit_lot+lot+place").drawn == "lines_and_units"


def test_the_record_reads_back_and_a_changed_one_does_not():
    required = al.draw_required(LABELS)
    draw = drawn(required)
    record = str(draw)
    assert al.Draw.read(record) == draw and hash(al.Draw.read(record)) == hash(draw)
    assert record.startswith(required.announce(al.commitment(CODE), round=7))
    assert (draw.code, draw.round, draw.list_hash) == (CODE, 7, required.list_hash)
    assert f"code: {CODE.hex()}\n" in record and "round: 7\n" in record
    changed = record.replace(CODE.hex(), CODE[::-1].hex())
    for text in [changed, record[:-1], record + "\n", "", record.replace("draw: 1", "draw: 2")]:
        with pytest.raises(al.AllocatorError) as caught:
            al.Draw.read(text)
        assert caught.value.code in ("bad_record", "code_not_committed")
    assert drawn(required, None, None) != draw
    for made in [required, draw, al.draw_required(["a"], [3], rule="draw_each_unit")]:
        assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == made


def error(call):
    with pytest.raises(al.AllocatorError) as caught:
        call()
    return caught.value.code, caught.value.row, caught.value.column


def test_cheats_are_refused():
    required = al.draw_required(LABELS)
    draw = drawn(required)
    announced = required.announce(al.commitment(CODE), round=7)
    assert error(lambda: al.Draw(announced, CODE[::-1], b"x")) == ("code_not_committed", None, "code")
    assert error(lambda: al.Draw(announced, CODE)) == ("other_pulse", None, "pulse")
    assert error(lambda: al.Draw(announced, CODE, b"")) == ("out_of_range", None, "randomness")
    assert error(lambda: al.Draw(announced, CODE[:15], b"x")) == ("out_of_range", None, "code")
    assert error(lambda: al.Draw("policy: x", CODE)) == ("bad_record", None, "end")
    unannounced = required.announce(al.commitment(CODE))
    assert error(lambda: al.Draw(unannounced, CODE, b"x")) == ("other_pulse", None, "pulse")
    assert error(lambda: required.announce("00")) == ("bad_record", None, "digest")
    assert error(lambda: required.announce(al.commitment(CODE), 0)) == ("out_of_range", None, "draw")
    other = al.draw_required(LABELS + ["order-5"])
    for ask in [draw.lots, draw.unit_lots, draw.order]:
        assert error(lambda: ask(other)) == ("other_draw", None, "draw")
        assert error(lambda: ask(al.draw_required(LABELS, rule="level+lot+place"))) == ("other_draw", None, "draw")


@pytest.mark.parametrize("bad", ["", "a\nb", "a\r", "\0", "x" * 1025, "\ud800"])
def test_a_label_is_one_line_of_text(bad):
    assert error(lambda: al.draw_required(["ok", bad])) == ("bad_label", 1, "label")


def test_hostile_arguments():
    assert error(lambda: al.draw_required("abc")) == ("wrong_type", None, None)
    assert error(lambda: al.draw_required(["a", 7])) == ("wrong_type", 1, "label")
    assert error(lambda: al.draw_required(["a", None])) == ("wrong_type", 1, "label")
    with pytest.raises(TypeError):
        al.draw_required(7)
    assert error(lambda: al.draw_required(["a"], rule="lottery"))[0] == "unknown_rule"
    units = lambda labels, units: error(lambda: al.draw_required(labels, units, rule="draw_each_unit"))
    assert units(["a"], None) == ("length_mismatch", None, "units")
    assert units(["a"], [1, 2]) == ("length_mismatch", None, "units")
    assert units(["a", "b"], [1, -1])[:2] == ("out_of_range", 1)
    assert units(["a", "b"], [1, 2**70])[:2] == ("out_of_range", 1)
    assert units(["a", "b"], [1, al.MAX_DRAWN_UNITS])[:2] == ("out_of_range", 1)
    assert units(["a", "b"], [1, "x"])[1] == 1
    assert units(["a", "a"], [1, 1]) == ("duplicate_id", 1, "label")
    for call in [
        lambda: al.Draw(7, b""),
        lambda: al.Draw("", 7),
        lambda: al.Draw.read(None),
        lambda: al.commitment("text"),
        lambda: drawn(al.draw_required(["a"])).lots("required"),
        lambda: al.chances("required", [], []),
    ]:
        with pytest.raises(TypeError):
            call()


def test_chains_and_beacons():
    anchor = al.chain_commitment(CODE, 4)
    required = al.draw_required(LABELS)
    codes = [al.chain_code(CODE, 4, draw) for draw in (1, 2, 3, 4)]
    for draw, code in enumerate(codes, 1):
        assert al.Draw(required.announce(anchor, draw), code).code == code
    assert codes[3] == CODE and hashlib.sha256(codes[2]).digest() == codes[1]
    for call in [
        lambda: al.chain_code(CODE, 4, 5),
        lambda: al.chain_code(CODE[:15], 4, 1),
        lambda: al.chain_commitment(CODE, 0),
        lambda: al.beacon_round(0),
        lambda: al.beacon_round(0, genesis=0, period=0),
        lambda: al.beacon_time(1, genesis=-1),
        lambda: al.beacon_randomness(b""),
    ]:
        assert error(call)[0] == "out_of_range"
    assert (al.beacon_round(1692803367), al.beacon_time(1), al.beacon_time(0)) == (1, 1692803367, None)
    assert al.beacon_round(59, genesis=0, period=30) == 2
    assert al.beacon_randomness(CODE) == hashlib.sha256(CODE).digest()


def test_chances_are_the_mean_over_every_order():
    units = [2, 1, 3]
    for rule, received in itertools.product(["draw_the_queue", "level+lot+place", "remainder+lot+place"], range(8)):
        lines, supply = {"sku": ["A"] * 3, "quantity": units}, {"sku": ["A"], "quantity": [received]}
        told = al.chances(al.draw_required(["a", "b", "c"], rule=rule), lines, supply)
        orders = list(itertools.permutations(range(3)))
        results = [
            al.allocate({**lines, "lot": lots}, supply, rule).outcomes.to_pydict()["allocated"] for lots in orders
        ]
        for row, chances in enumerate(told):
            got = [result[row] for result in results]
            share = lambda count: Fraction(count, len(orders))
            assert chances.full == share(got.count(units[row]))
            assert chances.nothing == share(got.count(0))
            assert chances.expected == share(sum(got))
            assert pickle.loads(pickle.dumps(chances)) == chances


def test_large_chances_are_enclosed_and_bad_input_is_refused():
    lines = {"sku": ["A"] * 3, "quantity": [400, 600, 9000]}
    required = al.draw_required(["a", "b", "c"], lines["quantity"], rule="draw_each_unit")
    told = al.chances(required, lines, {"sku": ["A"], "quantity": [5000]})
    assert told[0].expected == 200 and told[0].full == (0, Fraction(1, 10**6))
    assert repr(told[0]).startswith("Chances(full=0..1 ppm, nothing=") and repr(told[0]).endswith(", expected=200)")
    assert pickle.loads(pickle.dumps(told)) == told
    supply = {"sku": ["A"], "quantity": [5]}
    required = al.draw_required(["a", "b", "c"])
    ask = lambda **columns: error(lambda: al.chances(required, {"sku": ["A"] * 3, "quantity": [1] * 3} | columns, supply))
    assert ask(quantity=[1, -1, 1]) == ("out_of_range", 1, "quantity")
    assert ask(completeness=[None, "line", None])[0] == "no_chances"
    assert ask(sku=["A"] * 2, quantity=[1] * 2)[0] == "length_mismatch"
    many = {"sku": ["A"] * 4000, "quantity": [1 + i % 7 for i in range(4000)]}
    required = al.draw_required([f"l{i}" for i in range(4000)])
    assert error(lambda: al.chances(required, many, {"sku": ["A"], "quantity": [8000]}))[:2] == ("too_many_steps", 0)
