"""Lets the engines take turns on one table, and compares every award they give."""

import hashlib
import math
from pathlib import Path
from statistics import median

import numpy as np

from .engine import Rust, Sample, WrongAnswer, run_peer
from .peers import PEERS, Table
from .scenarios import MOST_TICKET_LINES, QUEUE_RULES, YARDSTICK_ONLY, Scenario

# A sample lasts at least as long, so that clocks and calls do not count.
SHORTEST_NS = 50_000_000
# An engine that takes longer takes part in `FEWEST` rounds only.
LONG_NS = 15_000_000_000
FEWEST = 3


class Turns:
    """All engines of one scenario on one table."""

    def __init__(self, scenario: Scenario, rust: Rust, table: Table, scratch: Path):
        self.scenario, self.rust, self.table = scenario, rust, table
        self.answer = scratch / "answer.npy"
        self.repeats: dict[str, int] = {}
        self.samples: dict[str, list[Sample]] = {}
        self.awards: np.ndarray | None = None

    def engines(self) -> list[str]:
        peers = [name for name in self.scenario.peers if name in PEERS]
        if self.scenario.rule not in QUEUE_RULES and len(self.table) > MOST_TICKET_LINES:
            peers = [name for name in peers if name == "numpy"]
        return [*self.scenario.rust, *peers]

    def play(self, rounds: int) -> None:
        engines = self.engines()
        for engine in engines:
            # Not counted: it fills caches and tells how often to repeat.
            first = self._run(engine, 1)
            self.repeats[engine] = min(20_000, max(1, math.ceil(SHORTEST_NS / max(first.cpu, 1))))
            self.samples[engine] = []
        for turn in range(rounds):
            # Nobody always runs behind the same neighbour.
            start = turn % len(engines)
            for engine in engines[start:] + engines[:start]:
                taken = self.samples[engine]
                if len(taken) >= FEWEST and median(sample.cpu for sample in taken) > LONG_NS:
                    continue
                taken.append(self._run(engine, self.repeats[engine]))

    def _run(self, engine: str, repeat: int) -> Sample:
        rule = self.scenario.rule
        if engine in self.scenario.rust:
            answer = self.answer if self.awards is None else None
            sample, same = self.rust.run(engine, rule, repeat, answer)
            if answer:
                self.awards = np.load(answer)
            if not same and (rule, engine) not in YARDSTICK_ONLY:
                raise WrongAnswer(f"{self.scenario.name}: {engine} gives other awards")
        else:
            sample, awards = run_peer(engine, self.table, rule, repeat)
            if not np.array_equal(awards, self.awards):
                wrong = int(np.flatnonzero(awards != self.awards)[0])
                raise WrongAnswer(
                    f"{self.scenario.name}, row {wrong}: {engine} gives {awards[wrong]}, we give {self.awards[wrong]}"
                )
        return sample

    def result(self) -> dict:
        lines = len(self.table)
        return {
            "name": self.scenario.name,
            "rule": self.scenario.rule,
            "lines": lines,
            "skus": self.scenario.skus,
            "times": self.scenario.times,
            "ids": self.scenario.ids,
            "awards_sha256": hashlib.sha256(np.ascontiguousarray(self.awards, "<i8")).hexdigest(),
            "engines": {name: _figures(taken, lines) for name, taken in self.samples.items()},
        }


def _figures(taken: list[Sample], lines: int) -> dict:
    cpu = sorted(sample.cpu for sample in taken)
    return {
        "ns_per_line": median(cpu) / lines,
        "least": cpu[0] / lines,
        "most": cpu[-1] / lines,
        "wall_ns_per_line": median(sample.wall for sample in taken) / lines,
        "us_per_run": median(cpu) / 1000,
        "rounds": len(cpu),
    }
