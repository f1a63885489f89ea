"""The stubs say what the module is, and a typed program passes."""

import os
import subprocess
import sys

PROGRAM = """
import allocator_py as al
import polars as pl

result = al.allocate(pl.DataFrame({"sku": ["A"], "quantity": [1]}), [{"sku": "A", "quantity": 1}], policy={"completeness": "line"})
rows: list[dict[str, object]] = result.outcomes.to_pylist()
grade: str = al.verify({"sku": ["A"], "quantity": [1]}, {"sku": ["A"], "quantity": [1]}, result)
row: int | None = al.validate([], [])[0].row
more: dict[int | str, int] = result.explain(line="a").more_units
for why in result.explanations():
    print(why.reason, why.if_before)
try:
    al.verify([], [], result.outcomes)
except al.LawBroken as broken:
    print(broken.law, broken.reached)
frame = pl.DataFrame(result.outcomes)
plan = al.plan_cancellations([{"sku": "A", "quantity": 1}], [], "whole_orders(exact)", unit_price=[4900])
refund: int | None = plan.totals.refund
witness: str = plan.one_off.witness if plan.one_off else ""
for compared in al.compare([], [], ["first_come"]):
    exact = compared.metrics.jain_fill
    print(exact if isinstance(exact, tuple) else exact.numerator, compared.optimality)
chosen = al.select_orders([{"sku": "A", "quantity": 2}], 1, "least_overshoot").plan
"""
WRONG = """
import allocator_py as al

al.allocate(5, [])
al.allocate([], [], policy=5)
al.explain([], [], row="a")
al.verify([], [], 5)
al.plan_cancellations([], [], unit_price=5)
al.select_orders([], 1, "most")
"""


def run(*args, folder):
    environment = {**os.environ, "MYPY_CACHE_DIR": str(folder / "cache")}
    return subprocess.run([sys.executable, *args], cwd=folder, env=environment, capture_output=True, text=True)


def test_stubs_and_module_agree(tmp_path):
    found = run("-m", "mypy.stubtest", "allocator_py", folder=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr


def test_a_typed_program_passes_and_a_wrong_one_does_not(tmp_path):
    (tmp_path / "good.py").write_text(PROGRAM)
    (tmp_path / "wrong.py").write_text(WRONG)
    found = run("-m", "mypy", "--strict", "good.py", folder=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr
    found = run("-m", "mypy", "--strict", "wrong.py", folder=tmp_path)
    lines = [line for line in found.stdout.splitlines() if ": error: " in line]
    assert [line.split(":")[1] for line in lines] == ["4", "5", "6", "7", "8", "9"], found.stdout
