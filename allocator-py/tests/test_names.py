"""Words and what they mean, names that are nearly right, types that never meet."""

import json
import warnings
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import allocator_py as al
from conftest import drop, error_of, place_of

GOOD = {"sku": ["A"], "quantity": [1]}


def test_every_word_of_a_result_has_its_sentence():
    assert al.REASONS == (
        "nothing_asked",
        "served",
        "unknown_sku",
        "order_has_impossible_line",
        "order_incomplete",
        "line_incomplete",
        "short",
    )
    assert al.IDLE_CAUSES == ("set_aside", "no_demand", "does_not_fit") and al.OVERTAKE_CAUSES == ("misfit", "rule")
    sentences = [al.reason_sentence(name) for name in al.REASONS]
    sentences += [al.idle_cause_sentence(name) for name in al.IDLE_CAUSES]
    sentences += [al.overtake_cause_sentence(name) for name in al.OVERTAKE_CAUSES]
    sentences += [al.axiom_sentence(name) for name in al.AXIOMS]
    assert len(set(sentences)) == 12 + 24 and all(len(sentence.split()) > 3 for sentence in sentences)
    assert [al.reason_is_never(name) for name in al.REASONS] == [False, False, True, True, False, False, False]
    assert al.LAWS[0] == "never_beyond_received" and al.LAWS[-1] == "true_reason"
    assert (al.MAX_QUANTITY, al.MAX_ROWS, al.MAX_NAME_BYTES) == (2**63 - 1, 2**32 - 2, 1024)
    assert al.MAX_WEIGHT == 2**31 - 1


@pytest.mark.parametrize(
    "ask, code",
    [
        (al.reason_sentence, "unknown_reason"),
        (al.reason_is_never, "unknown_reason"),
        (al.idle_cause_sentence, "unknown_idle_cause"),
        (al.overtake_cause_sentence, "unknown_overtake_cause"),
        (al.axiom_sentence, "unknown_axiom"),
    ],
)
def test_a_word_that_names_nothing_is_an_error(ask, code):
    for word in ("luck", "", "Short", "x" * 5000):
        with pytest.raises(al.AllocatorError, match="is none of") as caught:
            ask(word)
        assert caught.value.code == code and len(caught.value.message) < 500
    with pytest.raises(TypeError):
        ask(1)


SHARING = [
    "one_each_per_round",
    "protect_first(2)",
    "equal_cuts",
    "same_percentage",
    "same_percentage_nobody_empty",
    "same_percentage_split_proof",
    "members_weighted",
    "classes_first(equal_cuts)",
]


def test_policies_have_one_name():
    for policy in ("first_come", "first_come:partial", "first_come:partial:set_aside", {}, {"rule": "first_come"}):
        assert al.policy_name(policy) == "first_come"
    for policy in (
        "first_come:order:pass",
        {"completeness": "order", "on_misfit": "pass"},
        '{"completeness": "order", "on_misfit": "pass"}',
    ):
        assert al.policy_name(policy) == "first_come:order:pass"
    for name in SHARING:
        for policy in (name, f"{name}:partial", {"rule": name}, f'{{"rule": "{name}"}}'):
            assert al.policy_name(policy) == name
            assert al.allocate(GOOD, GOOD, policy).policy == name
    sentences = {al.rule_sentence(name) for name in ["first_come", *SHARING[:-1]]}
    assert len(sentences) == 8 and al.rule_sentence(SHARING[-1]) == al.rule_sentence({"rule": "equal_cuts"})
    for ask in (al.rule_sentence, al.rule_keeps):
        with pytest.raises(al.AllocatorError) as caught:
            ask("protect_first(0)")
        assert (caught.value.code, caught.value.column) == ("unsound_rule", "rule")
    assert al.policy_name("class+protect(2)+place") == "classes_first(protect_first(2))"
    assert al.allocate(GOOD, GOOD, {"completeness": "line"}).policy == al.policy_name("first_come:line:set_aside")
    drawn = {"rule": "draw_the_queue", "order": "score+sequence"}
    assert al.policy_name(drawn) == "draw_the_queue:partial:set_aside:score+sequence"
    assert al.policy_standing(drawn) == "lot+score+sequence"
    assert al.policy_standing("classes_first(level+lot+place)") == "priority+lot+placed_at+sequence"
    assert al.rule_sentence({"order": "quantity+sequence"}) == "the smallest orders are served first"
    for order, code in [("age", "unknown_order_key"), ("lot+lot", "unsound_order"), ("", "unsound_order")]:
        for policy in ({"order": order}, f"first_come:line:pass:{order}", json.dumps({"order": order})):
            error = error_of(GOOD, GOOD, policy)
            assert (error.code, error.column, error.table) == (code, "order", None), policy
    assert error_of(GOOD, GOOD, {"order": ["lot"]}).code == "wrong_type"
    with pytest.raises(al.AllocatorError) as caught:
        al.policy_name("last_come")
    assert caught.value.code == "unknown_rule"


def test_rules_say_what_they_keep():
    table = (Path(__file__).parents[2] / "allocator-core" / "FAIRNESS.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| `")]
    assert len(rows) == 13
    for name, *marks in rows:
        kept = al.rule_keeps(name.strip(" `"))
        assert isinstance(kept, frozenset)
        assert [axiom in kept for axiom in al.AXIOMS] == [mark.strip() == "✓" for mark in marks]


# A name, the column it nearly is.
SLIPS = [
    ("priorty", "priority"),
    ("Priority", "priority"),
    ("PRIORITY ", "priority"),
    ("pirority", "priority"),
    ("placed at", "placed_at"),
    ("placedAt", "placed_at"),
    ("placed-at", "placed_at"),
    ("place_at", "placed_at"),
    ("Custmer", "customer"),
    ("customers", "customer"),
    ("sequnce", "sequence"),
    ("completness", "completeness"),
    ("onMisfit", "on_misfit"),
    ("on_misfits", "on_misfit"),
    ("orders", "order"),
    ("odrer", "order"),
    ("Line", "line"),
    ("lines", "line"),
    ("___line" + "_" * 100, "line"),
    ("weights", "weight"),
    ("lots", "lot"),
    ("LOT", "lot"),
    ("scores", "score"),
    ("scroe", "score"),
    ("wieght", "weight"),
    ("SKU", "sku"),
    ("Quantity", "quantity"),
]


@pytest.mark.parametrize("name, column", SLIPS)
def test_a_column_that_is_nearly_one_of_ours_is_refused(name, column):
    table = {key: value for key, value in GOOD.items() if key != column} | {name: GOOD.get(column, [1])}
    rows = [dict(zip(table, values)) for values in zip(*table.values())]
    for form in (table, pl.DataFrame(table), pa.table(table), pd.DataFrame(table)):
        error = error_of(form, GOOD)
        assert place_of(error) == ("unknown_column", "lines", None, name)
        assert f'"{column}"' in error.message and name[:50] in error.message
    assert place_of(error_of(rows, GOOD)) == ("unknown_column", "lines", 0, name)


def test_slips_in_supply_and_results_are_refused():
    for name, column in [("suply", "supply"), ("Sequence", "sequence")]:
        assert place_of(error_of(GOOD, GOOD | {name: [1]})) == ("unknown_column", "supply", None, name)
    for name in ("quantty", "recieved", "Received"):
        supply = {"sku": ["A"], name: [1]}
        assert place_of(error_of(GOOD, supply)) == ("unknown_column", "supply", None, name)
    for table in ({"allocatd": [1]}, {"allocated": [1], "setaside": [0]}, [{"allocated": 1, "Reason": "served"}]):
        with pytest.raises(al.AllocatorError) as caught:
            al.verify(GOOD, GOOD, table)
        assert caught.value.code == "unknown_column" and caught.value.table == "result"


FAR = ["size", "store", "slot", "lat", "hot", "note", "price", "time", "Länge", "", "line_no", "order_id", "warehouse", "x" * 10_000, "readiness"]


@pytest.mark.parametrize("name", FAR)
def test_other_columns_are_ignored_and_told(name):
    table = GOOD | {name: [1.5]}
    forms = [table, pl.DataFrame(table), pa.table(table), [{"sku": "A", "quantity": 1, name: 1.5}]]
    for form in forms:
        result = al.allocate(form, GOOD)
        assert result.summary.allocated == 1 and result.ignored_columns == {"lines": [name], "supply": []}
        assert al.verify(form, GOOD, result) == "ordered"
    assert al.allocate(GOOD, table).ignored_columns == {"lines": [], "supply": [name]}


def test_a_slip_beside_the_column_itself_is_none():
    lines, supply = drop()
    more = lines | {"Sequence": lines["sequence"], "lines": lines["line"], "link": lines["line"], 7: lines["line"]}
    assert al.allocate(more, supply).ignored_columns["lines"] == ["Sequence", "lines", "link", "7"]
    assert al.allocate(lines, supply).ignored_columns == {"lines": [], "supply": []}
    received = {"sku": ["A"], "received": [1], "quantitty": [5]}
    assert al.allocate(GOOD, received).ignored_columns["supply"] == ["quantitty"]


def test_rows_are_looked_at_one_by_one():
    rows = [
        {"sku": "A", "quantity": 1, "priority": 1, "note": "x"},
        {"sku": "A", "quantity": 1, "priorty": 1, "priority": None},
        {"sku": "A", "quantity": 1, "memo": "y"},
        {"sku": "A", "quantity": 1, "priorty": 2},
        {"sku": "A", "quantity": 1, "priorty": 2, "Customer": 1},
    ]
    assert al.allocate(rows[:3], GOOD).ignored_columns["lines"] == ["note", "priorty", "memo"]
    assert [place_of(fault) for fault in al.validate(rows, GOOD)] == [
        ("unknown_column", "lines", 3, "priorty"),
        ("unknown_column", "lines", 4, "Customer"),
    ]


@pytest.mark.parametrize("wanted, supplied", [(1, "1"), ("1", 1), (-7, "-7"), ("18446744073709551615", 2**64 - 1)])
def test_skus_that_only_meet_as_text_are_warned_about(wanted, supplied):
    lines, supply = {"sku": ["x", wanted], "quantity": [1, 1]}, {"sku": [supplied], "quantity": [2]}
    kind = "integer" if isinstance(wanted, int) else "text"
    calls = [
        lambda: al.allocate(lines, supply),
        lambda: al.explain(lines, supply, row=0),
        lambda: al.validate(lines, supply),
        lambda: al.verify(lines, supply, result),
    ]
    with pytest.warns(al.AllocatorWarning):
        result = al.allocate(lines, supply)
    assert result.summary.allocated == 0
    for call in calls:
        with pytest.warns(al.AllocatorWarning, match=f"^lines row 1, sku: the {kind} .*{wanted}") as caught:
            call()
        assert len(caught) == 1 and caught[0].filename == __file__
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(al.AllocatorWarning):
                call()


def test_nothing_is_warned_about_where_something_meets_or_nothing_could():
    import pickle

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for wanted, supplied in [
            ([1, "1"], ["1"]),
            (["1", 2], [1, 2]),
            (["a"], ["b"]),
            ([1], ["01"]),
            ([1], ["1 "]),
            ([], ["1"]),
            ([1], []),
        ]:
            lines = {"sku": wanted, "quantity": [1] * len(wanted)}
            supply = {"sku": supplied, "quantity": [1] * len(supplied)}
            result = al.allocate(lines, supply)
            assert al.verify(lines, supply, result) == "ordered" and al.validate(lines, supply) == []
        # A bad input is an error, and what was warned about once is not warned about by a pickle.
        assert error_of({"sku": [1], "quantity": [-1]}, {"sku": ["1"], "quantity": [1]}).code == "out_of_range"
    with pytest.warns(al.AllocatorWarning):
        result = al.allocate({"sku": [1], "quantity": [1]}, {"sku": ["1"], "quantity": [1]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pickle.loads(pickle.dumps(result)).outcomes == result.outcomes
