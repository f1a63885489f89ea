"""`python -m compare --bin folder --out folder`: draws, measures, prints, writes results.json and a plot."""

import os

# Before the libraries are loaded: one thread for all.
for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from . import machine, report
from .engine import Rust, WrongAnswer
from .measure import Turns
from .peers import Table
from .scenarios import SCENARIOS, Scenario


def main() -> int:
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    about = {"lines": arguments.lines, "rounds": arguments.rounds, **machine.describe()}
    print(json.dumps(about, indent=1))
    wanted = [scenario for scenario in SCENARIOS if arguments.only in scenario.name]
    results = []
    for table in dict.fromkeys((scenario.table, scenario.lines) for scenario in wanted):
        group = [scenario for scenario in wanted if (scenario.table, scenario.lines) == table]
        try:
            results += _on_one_table(group, arguments)
        except WrongAnswer as wrong:
            print(f"WRONG ANSWER: {wrong}", file=sys.stderr)
            return 1
    verdicts = report.judge(results)
    report.print_verdicts(verdicts)
    whole = {**about, "results": results, "verdicts": verdicts}
    (arguments.out / "results.json").write_text(json.dumps(whole, indent=1) + "\n")
    report.plot(whole, arguments.out / "results.png")
    print(f"\nwritten: {arguments.out / 'results.json'}, {arguments.out / 'results.png'}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="compare", description=__doc__)
    parser.add_argument("--bin", type=Path, required=True, help="where bench-engine and bench-scratch are")
    parser.add_argument("--out", type=Path, required=True, help="for data, results and the plot")
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="scenarios whose name holds this")
    return parser.parse_args()


def _on_one_table(group: list[Scenario], arguments: argparse.Namespace) -> list[dict]:
    scenario = group[0]
    lines = scenario.lines or arguments.lines
    folder = arguments.out / "data" / f"{lines}-{scenario.table}"
    draw = ["--lines", lines, "--skus", scenario.skus, "--times", scenario.times, "--ids", scenario.ids, "--out", folder]
    subprocess.run([arguments.bin / "bench-engine", "draw", *map(str, draw)], check=True)
    rust, table = Rust(arguments.bin / "bench-engine", folder), Table(folder)
    results = []
    try:
        for scenario in group:
            turns = Turns(scenario, rust, table, folder)
            turns.play(arguments.rounds)
            result = turns.result()
            command = [arguments.bin / "bench-scratch", "--table", folder, "--rule", scenario.rule]
            scratch = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            result["scratch_bytes_per_line"] = int(scratch) / lines
            report.print_result(result)
            results.append(result)
    finally:
        rust.close()
        shutil.rmtree(folder)
    return results


sys.exit(main())
