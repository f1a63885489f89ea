"""The auditor: our results, tables of other systems, broken laws."""

import polars as pl
import pyarrow as pa
import pytest

import allocator_py as al
from conftest import drop, place_of

LINES = {"line": ["a", "b", "c"], "sku": ["A", "A", "B"], "quantity": [2, 2, 1], "completeness": ["line", None, None]}
SUPPLY = {"sku": ["A", "B"], "quantity": [3, 1]}


def broken(result, lines=LINES, supply=SUPPLY, policy=None):
    with pytest.raises(al.LawBroken) as caught:
        al.verify(lines, supply, result, policy)
    error = caught.value
    assert error.code == "law_broken" and error.table == "result" and error.message == str(error)
    return error


def test_good_results_of_others_are_ordered():
    for result in [
        {"allocated": [2, 1, 1]},
        {"allocated": [2, 1, 1], "reason": ["served", "short", None], "covered": [2, 1, 1], "set_aside": [0, 0, 0]},
        [{"allocated": 2}, {"allocated": 1, "note": "x"}, {"allocated": 1}],
        pa.table({"line": ["a", "b", "c"], "allocated": [2, 1, 1]}),
        pl.DataFrame({"allocated": [2, 1, 1]}),
        al.allocate(LINES, SUPPLY).outcomes,
    ]:
        assert al.verify(LINES, SUPPLY, result) == "ordered"


def test_units_set_aside_count_as_covered():
    supply = {"sku": ["A", "B"], "quantity": [1, 1]}
    assert al.allocate(LINES, supply).outcomes.to_pydict()["set_aside"] == [1, 0, 0]
    result = {"allocated": [0, 0, 1], "set_aside": [1, 0, 0], "reason": ["line_incomplete", "short", "served"]}
    assert al.verify(LINES, supply, result) == "ordered"
    assert broken({"allocated": [0, 0, 1]}, supply=supply).law == "no_queue_jumping"


LAWS = [
    ([2, 2, 1], "never_beyond_received", None, None, "A", 3, 4),
    ([3, 0, 1], "every_unit_accounted", None, 0, "A", 2, 3),
    ([-1, 0, 1], "every_unit_accounted", None, 0, "A", 0, -1),
    ([1, 2, 1], "ships_whole", "safe", 0, "A", 2, 1),
    ([0, 2, 1], "no_queue_jumping", "legal", 0, "A", 2, 0),
    ([2, 0, 1], "no_queue_jumping", "legal", 1, "A", 1, 0),
    ([2, 1, 0], "no_queue_jumping", "legal", 2, "B", 1, 0),
]


@pytest.mark.parametrize("allocated, law, reached, row, sku, expected, found", LAWS)
def test_the_first_broken_law_is_named_where_it_is(allocated, law, reached, row, sku, expected, found):
    if min(allocated) < 0:
        with pytest.raises(al.AllocatorError):
            al.verify(LINES, SUPPLY, {"allocated": allocated}, "no such rule")
    error = broken({"allocated": allocated})
    assert (error.law, error.reached, error.row, error.sku, error.expected, error.found) == (
        law,
        reached,
        row,
        sku,
        expected,
        found,
    )
    where = f"line row {row}, " if row is not None else ""
    assert str(error) == f"{law} is broken, {where}SKU {sku}: {error.what} should be {expected} and is {found}"


def test_a_false_reason_is_named_in_words():
    error = broken({"allocated": [2, 1, 1], "reason": ["served", "unknown_sku", "served"]})
    assert (error.law, error.reached, error.row, error.expected, error.found) == (
        "true_reason",
        "legal",
        1,
        "short",
        "unknown_sku",
    )
    assert str(error) == "true_reason is broken, line row 1, SKU A: reason should be short and is unknown_sku"


def test_a_result_of_other_input_is_broken():
    lines, supply = drop()
    result = al.allocate(lines, supply)
    assert broken(result, lines, drop(479)[1]).law == "never_beyond_received"
    assert broken(result, lines, drop(481)[1]).law == "every_unit_accounted"
    assert broken(result, {name: column[:399] for name, column in lines.items()}, supply).what == "rows answered"
    assert broken({"allocated": []}, lines, supply).what == "rows answered"


def test_skus_of_another_call_are_never_taken_for_ours():
    # Small integers are their own numbers inside; a text that comes later must not get one of them.
    lines = {"sku": [0, 1, 5], "quantity": [1, 1, 1]}
    result = al.allocate(lines, {"sku": [0, 1, 5], "quantity": [1, 1, 4]})
    assert al.verify(lines, {"sku": [0, 1, 5], "quantity": [1, 1, 4]}, result) == "ordered"
    error = broken(result, lines, {"sku": [0, 1, "x"], "quantity": [1, 1, 4]})
    assert (error.law, error.sku) == ("never_beyond_received", 5)
    error = broken(result, lines, {"sku": [0, 1, 5, "x"], "quantity": [1, 1, 4, 2]})
    assert (error.law, error.sku, error.what) == ("every_unit_accounted", "x", "idle units")
    texts = al.allocate({"sku": ["p", "q"], "quantity": [1, 1]}, {"sku": ["q", "p"], "quantity": [2, 2]})
    assert (
        al.verify({"sku": ["p", "q"], "quantity": [1, 1]}, {"sku": ["q", "p"], "quantity": [2, 2]}, texts) == "ordered"
    )
    assert (
        broken(texts, {"sku": ["p", "q"], "quantity": [1, 1]}, {"sku": ["q", "p", "r"], "quantity": [2, 2, 1]}).sku
        == "r"
    )


def test_a_result_is_judged_by_its_own_policy_unless_another_is_given():
    lines, supply = {"sku": ["A", "A"], "quantity": [2, 1]}, {"sku": ["A"], "quantity": [1]}
    result = al.allocate(lines, supply, "first_come:line:pass")
    assert al.verify(lines, supply, result) == "ordered"
    assert al.verify(lines, supply, result.outcomes, "first_come:line:pass") == "ordered"
    assert broken(result, lines, supply, "first_come").law == "no_queue_jumping"
    assert broken(result.outcomes, lines, supply).law == "no_queue_jumping"


def other(result, lines=LINES, supply=SUPPLY):
    with pytest.raises(al.AllocatorError) as caught:
        al.verify(lines, supply, result)
    assert type(caught.value) is al.AllocatorError
    return caught.value


# Lines that get the same units as LINES do, so that the laws alone see no difference.
OTHER_LINES = [
    ({"line": ["a", "x", "c"]}, 1, "line", '"b"', '"x"'),
    ({"line": ["b", "a", "c"], "completeness": [None, None, None]}, 0, "line", '"a"', '"b"'),
    ({"line": ["a", "b", 3]}, 2, "line", '"c"', "3"),
    ({"line": ["a", "b", None]}, 2, "line", '"c"', "2"),
    ({"sku": ["A", "A", "C"]}, 2, "sku", '"B"', '"C"'),
    ({"sku": ["A", "A", 7]}, 2, "sku", '"B"', "7"),
    ({"line": ["a", "b", "x"], "sku": ["A", "C", "B"]}, 1, "sku", '"A"', '"C"'),
    ({"line": ["a", "x", "c"], "sku": ["A", "C", "B"]}, 1, "line", '"b"', '"x"'),
]


@pytest.mark.parametrize("changed, row, column, found, wanted", OTHER_LINES)
def test_a_result_of_other_lines_is_no_result_of_these(changed, row, column, found, wanted):
    result = al.allocate(LINES, SUPPLY)
    for form in (result, result.outcomes, pa.table(result.outcomes), result.outcomes.to_pylist()):
        error = other(form, LINES | changed)
        assert place_of(error) == ("other_line", "result", row, column)
        assert f"{column}: {found} stands where the lines have {wanted};" in error.message


def test_lines_sorted_anew_are_other_lines():
    frame = pl.DataFrame({"line": [3, 1, 2], "sku": ["A", "A", "A"], "quantity": [1, 1, 1], "sequence": [3, 1, 2]})
    supply = {"sku": ["A"], "quantity": [3]}
    result = al.allocate(frame, supply)
    assert al.verify(frame, supply, result) == "ordered"
    error = other(result, frame.sort("line"), supply)
    assert place_of(error) == ("other_line", "result", 0, "line")
    # Without ids a line is its row: its SKU is all that tells it from others.
    nameless = frame.drop("line").with_columns(sku=pl.Series(["A", "B", "A"]))
    result = al.allocate(nameless, supply)
    assert place_of(other(result, nameless.sort("sku"), supply)) == ("other_line", "result", 1, "sku")
    assert place_of(other(result, frame.with_columns(nameless["sku"]), supply))[2:] == (0, "line")


def test_a_result_of_other_supply_rows_is_no_result_of_these():
    lines = {"sku": ["A", "A"], "quantity": [2, 2]}
    supply = {"supply": ["s", "t"], "sku": ["A", "A"], "quantity": [2, 2], "sequence": [1, 1]}
    result = al.allocate(lines, supply)
    assert al.verify(lines, supply, result) == "ordered"
    error = other(result, lines, supply | {"supply": ["t", "s"]})
    assert place_of(error) == ("other_supply", "supply", 0, "supply")
    assert '"s"' in error.message and '"t"' in error.message
    # A table says nothing about supply rows.
    assert al.verify(lines, supply | {"supply": ["t", "s"]}, result.outcomes) == "ordered"


RESULTS = [
    ({}, "missing", None, "allocated"),
    (None, "wrong_type", None, None),
    ({"allocated": [2, None, 1]}, "missing", 1, "allocated"),
    ({"allocated": [2, 1.0, 1]}, "wrong_type", 1, "allocated"),
    ({"allocated": [2, 2**63, 1]}, "out_of_range", 1, "allocated"),
    ({"allocated": [2, 1, 1], "covered": [2, 1, "1"]}, "wrong_type", 2, "covered"),
    ({"allocated": [2, 1, 1], "set_aside": [0, 0]}, "length_mismatch", None, "set_aside"),
    ({"allocated": [2, 1, 1], "reason": ["served", "luck", "served"]}, "unknown_reason", 1, "reason"),
    ({"allocated": [2, 1, 1], "line": ["a", "c", "b"]}, "other_line", 1, "line"),
    ({"allocated": [2, 1, 1], "line": ["a", "b", None]}, "other_line", 2, "line"),
    ({"allocated": [2, 1, 1], "line": ["a", 1, "c"]}, "other_line", 1, "line"),
]


@pytest.mark.parametrize("result, code, row, column", RESULTS)
def test_a_bad_table_is_an_error_and_no_verdict(result, code, row, column):
    with pytest.raises(al.AllocatorError) as caught:
        al.verify(LINES, SUPPLY, result)
    assert type(caught.value) is al.AllocatorError
    assert place_of(caught.value) == (code, "result", row, column)


def test_a_bad_input_has_no_grade():
    result = al.allocate(LINES, SUPPLY)
    for lines, code in [
        (LINES | {"quantity": [2, 2, -1]}, "out_of_range"),
        (LINES | {"sequence": [1, 1, 2]}, "duplicate_place"),
        (LINES | {"line": ["a", "a", "c"]}, "duplicate_id"),
    ]:
        with pytest.raises(al.AllocatorError) as caught:
            al.verify(lines, SUPPLY, result)
        assert type(caught.value) is al.AllocatorError and caught.value.code == code


PEGGED = {"line": ["a", "b", "c"], "sku": ["A", "A", "B"], "quantity": [2, 2, 1], "completeness": ["line"] * 3}
SUPPLIED = {"supply": ["s", "t", "u"], "sku": ["A", "B", "A"], "quantity": [2, 3, 1]}


def test_pegs_and_idle_units_of_others_are_judged_too():
    result = al.allocate(PEGGED, SUPPLIED)
    outcomes, pegs, idle = result.outcomes, result.pegs.to_pylist(), result.idle.to_pylist()
    assert pegs and {entry["cause"] for entry in idle} == {"set_aside", "no_demand"}

    def verified(pegs=None, idle=None):
        return al.verify(PEGGED, SUPPLIED, outcomes, pegs=pegs, idle=idle)

    for table in (result.pegs, pegs[::-1], pa.table(result.pegs), result.pegs.to_polars()):
        assert verified(pegs=table) == "ordered"
    for names in (("line", "supply"), ("row", "supply_row"), ("line", "supply_row")):
        assert verified(pegs=[{name: peg[name] for name in (*names, "units")} for peg in pegs]) == "ordered"
    for table in (result.idle, pa.table(result.idle), [{**entry, "line": None} for entry in idle]):
        assert verified(idle=table) == verified(pegs, table) == "ordered"

    def law(**tables):
        with pytest.raises(al.LawBroken) as caught:
            verified(**tables)
        return caught.value.law, caught.value.what, caught.value.sku

    assert law(pegs=pegs[1:])[:2] == ("every_unit_accounted", "pegged units")
    assert law(pegs=[{"line": "a", "supply": "u", "units": 2}, *pegs[1:]])[0] == "never_beyond_received"
    assert law(pegs=[{"line": "a", "supply": "t", "units": 2}, *pegs[1:]])[1] == "SKU of a peg"
    assert law(idle=idle[1:])[0] == "every_unit_accounted"
    assert (
        law(idle=[{**entry, "cause": "does_not_fit", "row": None, "line": None} for entry in idle])[0] == "true_reason"
    )


PEG = {"line": "a", "supply": "s", "units": 2}
IDLE = {"sku": "B", "cause": "no_demand", "units": 2}
REPORTS = [
    ("pegs", 5, "wrong_type", None, None),
    ("pegs", {"line": ["a"], "supply": ["s"]}, "missing", None, "units"),
    ("pegs", {"line": ["a"], "suply": ["s"], "units": [2]}, "unknown_column", None, "suply"),
    ("pegs", [PEG, PEG | {"line": "z"}], "no_such_line", 1, "line"),
    ("pegs", [PEG | {"line": 0}], "no_such_line", 0, "line"),
    ("pegs", [PEG | {"line": 1.5}], "no_such_line", 0, "line"),
    ("pegs", [PEG | {"line": None, "row": 3}], "no_such_row", 0, "row"),
    ("pegs", [PEG | {"line": None, "row": -1}], "no_such_row", 0, "row"),
    ("pegs", [PEG | {"row": "0"}], "no_such_row", 0, "row"),
    ("pegs", [PEG | {"row": 1}], "other_line", 0, "line"),
    ("pegs", [PEG | {"line": None}], "missing", 0, "line"),
    ("pegs", [PEG | {"supply": "z"}], "no_such_supply", 0, "supply"),
    ("pegs", [PEG | {"supply_row": 2}], "other_supply", 0, "supply"),
    ("pegs", [{"line": "a", "units": 2}], "missing", 0, "supply"),
    ("pegs", [PEG | {"units": 1.0}], "wrong_type", 0, "units"),
    ("pegs", [PEG | {"units": None}], "missing", 0, "units"),
    ("idle", [IDLE, IDLE | {"sku": "Z"}], "no_such_sku", 1, "sku"),
    ("idle", [IDLE | {"sku": None}], "no_such_sku", 0, "sku"),
    ("idle", [IDLE | {"cause": "luck"}], "unknown_idle_cause", 0, "cause"),
    ("idle", [IDLE | {"cause": None}], "missing", 0, "cause"),
    ("idle", [IDLE | {"line": "z"}], "no_such_line", 0, "line"),
    ("idle", {"sku": ["B"], "units": [2]}, "missing", None, "cause"),
]


@pytest.mark.parametrize("table, report, code, row, column", REPORTS)
def test_a_bad_report_is_an_error_and_no_verdict(table, report, code, row, column):
    outcomes = al.allocate(PEGGED, SUPPLIED).outcomes
    with pytest.raises(al.AllocatorError) as caught:
        al.verify(PEGGED, SUPPLIED, outcomes, **{table: report})
    assert type(caught.value) is al.AllocatorError
    assert place_of(caught.value) == (code, table, row, column)


def test_an_allocation_has_pegs_of_its_own():
    result = al.allocate(PEGGED, SUPPLIED)
    for tables in ({"pegs": result.pegs}, {"idle": result.idle}):
        with pytest.raises(al.AllocatorError, match="has its own") as caught:
            al.verify(PEGGED, SUPPLIED, result, **tables)
        assert caught.value.code == "wrong_type"
