"""Runs an engine once and says what it cost: peers in this process, Rust in one beside it."""

import gc
import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .peers import PEERS, Table


@dataclass(frozen=True)
class Sample:
    """Processor time, user and system, and elapsed time of one run, in nanoseconds."""

    cpu: float
    wall: float


class WrongAnswer(Exception):
    """Two engines disagree."""


class Rust:
    """The process that holds our engine and its Rust rivals. It sleeps while others run."""

    def __init__(self, binary: Path, table: Path):
        self._process = subprocess.Popen(
            [binary, "serve", "--table", table], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, engine: str, rule: str, repeat: int, answer: Path | None = None) -> tuple[Sample, bool]:
        """The cost of one of `repeat` runs, and whether the awards are those of the first request."""
        request = {"engine": engine, "rule": rule, "repeat": repeat, "answer": answer and str(answer)}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        reply = self._process.stdout.readline()
        if not reply:
            raise RuntimeError(f"the Rust process ended in {engine}, {rule}")
        reply = json.loads(reply)
        return Sample(reply["cpu_ns"] / repeat, reply["wall_ns"] / repeat), reply["same"]

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()


def run_peer(name: str, table: Table, rule: str, repeat: int) -> tuple[Sample, np.ndarray]:
    """The cost of one of `repeat` runs, and the awards of the last."""
    function = PEERS[name]
    gc.collect()
    gc.disable()
    try:
        cpu, wall = time.process_time_ns(), time.perf_counter_ns()
        for _ in range(repeat):
            awards = function(table, rule)
        cpu, wall = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    finally:
        gc.enable()
    return Sample(cpu / repeat, wall / repeat), awards
