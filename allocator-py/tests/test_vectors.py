"""The vector file of the core through `allocate`: the same results as Rust."""

import json
import pathlib

import pytest

import allocator_py as al

FILE = pathlib.Path(__file__).parents[2] / "allocator-core" / "tests" / "vectors" / "allocation.json"
# The rules of the file by the names they have here.
RULES = {
    "queue": "first_come",
    "round_robin": "one_each_per_round",
    "equal_cuts": "equal_cuts",
    "webster": "same_percentage",
    "adams": "same_percentage_nobody_empty",
    "jefferson": "same_percentage_split_proof",
    "weighted_round_robin": "members_weighted",
}
MISFITS = {"strict": "set_aside", "skip": "pass"}
CASES = json.loads(FILE.read_text())["cases"]


def test_there_are_cases():
    assert len(CASES) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
@pytest.mark.parametrize("form", ["rows", "columns"])
def test_case(case, form):
    assert case["kind"] == "allocate"
    given, expect = case["given"], case["expect"]
    policy = policy_of(given.get("policy", {}))
    weights = given.get("policy", {}).get("score_weights", {})
    lines = [line_of(line, weights) for line in rows_of(given["lines"])]
    supply = [dict(row) for row in given["supply"]]
    if form == "columns" and lines:
        lines = {name: [line.get(name) for line in lines] for name in sorted(set().union(*lines))}
    if "error" in expect:
        with pytest.raises(al.AllocatorError) as caught:
            al.allocate(lines, supply, policy)
        error = {"code": caught.value.code, "row": caught.value.row, "field": caught.value.column}
        assert {name: value for name, value in error.items() if name in expect["error"]} == expect["error"]
        return
    result = al.allocate(lines, supply, policy)
    rows = result.outcomes.to_pylist()
    answers = {
        "allocated": [row["allocated"] for row in rows],
        "reasons": [row["reason"] for row in rows],
        "boxes": [[row["never"], 0, 0, row["set_aside"], row["waiting"]] for row in rows],
        "pegs": sorted([peg["line"], peg["supply"], peg["units"]] for peg in result.pegs.to_pylist()),
        "idle": sorted(idle_of(result), key=text_of),
        "overtakes": sorted(
            [pair["later"], pair["earlier"], pair["because"]] for pair in result.overtakes().to_pylist()
        ),
        "counterfactuals": {why.line: changes for why in result.explanations() if (changes := changes_of(why))},
        "promised": [0] * len(rows),
    }
    for field, expected in expect.items():
        if field == "overtakes" and isinstance(expected, int):
            assert result.overtake_count == expected
        elif field == "idle":
            assert answers["idle"] == sorted(expected, key=text_of)
        elif field == "counterfactuals":
            assert answers[field] == {line: changes for line, changes in expected.items() if changes}
        elif field in answers:
            assert answers[field] == (sorted(expected) if field in ("pegs", "overtakes") else expected), field
        else:
            assert expected in ([], {}, None), f"{field} is of a later step"
    assert al.verify(lines, supply, result) == "ordered"


def policy_of(policy):
    """The policy by name; a word or a field that the form does not know is an error."""
    assert set(policy) <= {"rule", "protect", "order", "score_weights"}, "a policy of a later step"
    rule = policy.get("rule", "queue")
    assert ("protect" in policy) <= (rule == "protect_then_queue")
    rule = f"protect_first({policy.get('protect', 1)})" if rule == "protect_then_queue" else RULES[rule]
    return {"rule": rule, "order": "+".join(policy["order"])} if "order" in policy else rule


def rows_of(lines):
    if isinstance(lines, dict):
        return [lines["same"] | dict(zip(lines["columns"], row)) for row in lines["rows"]]
    return lines


def line_of(line, weights):
    line = {"on_misfit": "skip", **line}
    criteria = line.pop("criteria", {})
    if criteria:
        line["score"] = sum(weights.get(name, 0) * points for name, points in criteria.items())
    # A word that the form does not know stays one that we do not know.
    line["on_misfit"] = MISFITS.get(line["on_misfit"], f"not {line['on_misfit']}")
    return line


def idle_of(result):
    sums = {}
    for idle in result.idle.to_pylist():
        where = (idle["sku"], idle["cause"], idle["line"])
        sums[where] = sums.get(where, 0) + idle["units"]
    return [
        {"sku": sku, "pool": "common", "cause": cause, "units": units} | ({"line": line} if line is not None else {})
        for (sku, cause, line), units in sums.items()
    ]


def changes_of(why):
    changes = {"more_units": why.more_units, "if_before": why.if_before, "if_partial": why.if_partial}
    return {name: value for name, value in changes.items() if value not in (None, {})}


def text_of(value):
    return json.dumps(value, sort_keys=True)
