"""Every example in the documents and docstrings runs; the drop prints what it prints everywhere."""

import doctest
import inspect
import pathlib
import subprocess
import sys

import pytest

import allocator_py as al

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
FOLDER = pathlib.Path(__file__).parents[1]
REPOSITORY = FOLDER.parent
DROP = """\
500 ordered, 480 received: 384 lines full, 16 waiting (20 units), 0 idle
line 385 gets 0 of 1 unit: 480 units are ahead of it in line and 480 were received. 1 more unit serves it. In front of line 384 it would be served.
verified: ordered
"""


def documented():
    yield "allocator_py", al.__doc__
    for name in sorted(set(al.__all__) - {"__version__"}):
        thing = getattr(al, name)
        yield name, thing.__doc__
        if inspect.isclass(thing):
            for member, value in sorted(vars(thing).items()):
                if not member.startswith("_") and not isinstance(value, (str, type(None))):
                    yield f"{name}.{member}", value.__doc__


@pytest.mark.parametrize("name, text", list(documented()), ids=lambda value: str(value)[:30])
def test_everything_public_is_documented_and_its_examples_run(name, text):
    assert text, f"{name} has no docstring"
    globals_ = {key: getattr(al, key) for key in al.__all__}
    test = doctest.DocTestParser().get_doctest(text, globals_, name, name, 0)
    assert doctest.DocTestRunner(optionflags=FLAGS).run(test).failed == 0


def test_the_readme_runs():
    failed, tried = doctest.testfile(str(FOLDER / "README.md"), module_relative=False, optionflags=FLAGS)
    assert failed == 0 and tried > 20


def test_the_drop_prints_what_it_prints_in_every_language():
    program = REPOSITORY / "examples" / "python" / "drop.py"
    assert subprocess.run([sys.executable, program], check=True, capture_output=True, text=True).stdout == DROP


def test_the_version_is_that_of_the_crate():
    import importlib.metadata

    assert al.__version__ == importlib.metadata.version("allocator-py")
