"""Against ten lines of Python that obviously are a queue."""

from hypothesis import given
from hypothesis import strategies as st

import allocator_py as al


def queue(lines, supply):
    left = {}
    for row in supply:
        left[row["sku"]] = left.get(row["sku"], 0) + row["quantity"]
    allocated = [0] * len(lines)
    for row in sorted(
        range(len(lines)), key=lambda row: (lines[row]["priority"], lines[row]["placed_at"], lines[row]["sequence"])
    ):
        units = min(lines[row]["quantity"], left.get(lines[row]["sku"], 0))
        allocated[row] = units
        if units:
            left[lines[row]["sku"]] -= units
    return allocated


SKUS = st.sampled_from(["A", "B", 3])
UNITS = st.one_of(st.integers(0, 5), st.just(2**62))
LINES = st.lists(
    st.fixed_dictionaries(
        {"sku": SKUS, "quantity": UNITS, "priority": st.integers(-1, 1), "placed_at": st.integers(0, 2)}
    ),
    max_size=14,
).flatmap(
    lambda lines: st.permutations(range(len(lines))).map(
        lambda order: [line | {"sequence": place} for line, place in zip(lines, order)]
    )
)
SUPPLY = st.lists(
    st.fixed_dictionaries({"sku": SKUS, "quantity": UNITS, "sequence": st.integers(-1, 1)}), max_size=1
).flatmap(
    lambda first: st.lists(st.fixed_dictionaries({"sku": SKUS, "quantity": st.integers(0, 5)}), max_size=5).map(
        lambda rest: first + rest
    )
)


@given(LINES, SUPPLY)
def test_the_queue_is_the_queue(lines, supply):
    result = al.allocate(lines, supply)
    expected = queue(lines, supply)
    assert result.outcomes.to_pydict()["allocated"] == expected if lines else len(result) == 0
    assert al.verify(lines, supply, result) == "ordered"
    received = {row["sku"] for row in supply}
    for row, why in enumerate(result.explanations()):
        wanted = lines[row]["quantity"]
        assert (why.allocated, why.reason) == (
            expected[row],
            "nothing_asked"
            if wanted == 0
            else "served"
            if expected[row] == wanted
            else "short"
            if lines[row]["sku"] in received
            else "unknown_sku",
        )
        if why.more_units:
            ((sku, units),) = why.more_units.items()
            enough = supply + [{"sku": sku, "quantity": units}]
            if sum(row["quantity"] for row in enough if row["sku"] == sku) < 2**63:
                assert queue(lines, enough)[row] == wanted
                assert queue(lines, supply + [{"sku": sku, "quantity": units - 1}])[row] < wanted
    wrong = [units + (1 if row == len(expected) // 2 else 0) for row, units in enumerate(expected)]
    if lines:
        try:
            al.verify(lines, supply, {"allocated": wrong})
        except al.LawBroken:
            return
        raise AssertionError("a wrong result passed")
