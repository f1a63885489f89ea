"""What every test file uses."""

import os
import pathlib

# Beside the package, wherever pytest was started.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(pathlib.Path(__file__).parents[1] / ".hypothesis"))

import hypothesis
import pytest

import allocator_py as al

hypothesis.settings.register_profile("default", deadline=None, max_examples=200)
hypothesis.settings.load_profile("default")


def drop(received=480):
    """400 lines of one SKU; every fourth wants 2. 500 units in all."""
    numbers = list(range(1, 401))
    lines = {
        "line": numbers,
        "sku": ["HOODIE-M"] * 400,
        "quantity": [2 if i % 4 == 0 else 1 for i in numbers],
        "sequence": numbers,
    }
    return lines, {"sku": ["HOODIE-M"], "quantity": [received]}


def outcome(result):
    """All that a result says, as plain Python."""
    return {
        "outcomes": result.outcomes.to_pydict(),
        "pegs": result.pegs.to_pydict(),
        "idle": result.idle.to_pydict(),
        "places": result.places.to_pydict(),
        "overtakes": result.overtakes().to_pydict(),
        "summary": result.summary.to_dict(),
        "why": [str(why) for why in result.explanations()],
    }


def error_of(lines, supply, policy="first_come"):
    """The error of a call, where every way to ask gives the same first one."""
    with pytest.raises(al.AllocatorError) as caught:
        al.allocate(lines, supply, policy)
    error = caught.value
    listed = al.validate(lines, supply, policy)
    assert described(listed[0]) == described(error)
    with pytest.raises(al.AllocatorError) as caught:
        al.explain(lines, supply, policy, row=0)
    assert described(caught.value) == described(error)
    with pytest.raises(al.AllocatorError) as caught:
        al.verify(lines, supply, {"allocated": []}, policy)
    assert described(caught.value) == described(error)
    assert type(error) is al.AllocatorError
    assert str(error) == error.message
    return error


def described(error):
    return (error.code, error.table, error.row, error.column, error.first_row, error.message)


def place_of(error):
    return (error.code, error.table, error.row, error.column)
