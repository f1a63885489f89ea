"""What is compared: tables, the rules run on them, who runs, and what is asked of us."""

from dataclasses import dataclass, field

QUEUE_RULES = ("first_come", "priority")
QUEUE_PEERS = ("numpy", "pandas", "polars", "duckdb")
# Tickets are written out one by one: beyond this many lines that takes minutes and gigabytes.
MOST_TICKET_LINES = 2_000_000


@dataclass(frozen=True)
class Goal:
    """A bound on ours: `must` holds or is explained, `aim` is what is worked towards.

    `over` names the engine whose time divided by ours is at least the bound; without it the bound
    is nanoseconds per line (microseconds per job for the job) and ours is at most that. With
    `times` ours is at most the bound times the time of `over`.
    """

    must: float
    aim: float
    over: str = ""
    times: bool = False


@dataclass(frozen=True)
class Scenario:
    name: str
    rule: str = "first_come"
    skus: int = 1_000
    times: str = "launch"
    ids: str = "dense"
    lines: int = 0  # 0: as many as asked for
    rust: tuple[str, ...] = ("allocator", "packed")
    peers: tuple[str, ...] = QUEUE_PEERS
    goals: tuple[Goal, ...] = field(default=())
    # Bounded by 1.5 queues on the same table and 15 ns for each claimant; every line is one here.
    is_level: bool = False

    @property
    def table(self) -> str:
        return f"{self.skus}-{self.times}-{self.ids}"


def _hostile(name: str, **table) -> Scenario:
    return Scenario(
        f"hostile: {name}",
        rust=("allocator", "tuples"),
        peers=(),
        goals=(Goal(1.5, 1.0, over="tuples", times=True),),
        **table,
    )


SCENARIOS = (
    Scenario("queue, 1 SKU", skus=1),
    Scenario(
        "queue, 1,000 SKUs",
        goals=(Goal(12, 6), Goal(4.5, 9, over="packed"), Goal(12, 25, over="polars")),
    ),
    Scenario("queue, 100,000 SKUs", skus=100_000, goals=(Goal(38, 20), Goal(5, 9, over="polars"))),
    Scenario("sorted, 1 SKU", skus=1, times="sorted"),
    Scenario("sorted, 1,000 SKUs", times="sorted", goals=(Goal(2.6, 1.5),)),
    Scenario("sorted, 100,000 SKUs", skus=100_000, times="sorted"),
    Scenario("priority + queue", rule="priority", goals=(Goal(16, 10),)),
    Scenario("one each per round", rule="one_each_per_round", peers=("numpy", "polars", "duckdb"), is_level=True),
    Scenario("equal cuts", rule="equal_cuts", peers=("numpy", "polars", "duckdb"), is_level=True),
    Scenario(
        "same percentage",
        rule="same_percentage",
        rust=("allocator", "packed", "heaps"),
        peers=("polars", "duckdb"),
        goals=(Goal(3, 3, over="packed", times=True),),
    ),
    _hostile("one outlier", times="outlier"),
    _hostile("all equal", times="equal"),
    _hostile("all equal but one", times="but-one-equal"),
    _hostile("whole seconds", times="seconds"),
    _hostile("i64 extremes", times="extremes"),
    _hostile("sparse SKU ids", ids="sparse"),
    Scenario(
        "job of 500 lines",
        skus=1,
        lines=500,
        peers=(*QUEUE_PEERS, "allocator_py_numpy", "allocator_py_arrow"),
        goals=(Goal(10, 3),),
    ),
)
# Packed keys answer the queue only; under other rules they are the yardstick, not the answer.
YARDSTICK_ONLY = {("same_percentage", "packed"), ("one_each_per_round", "packed"), ("equal_cuts", "packed")}
# Microseconds for the job of 500 lines from Python's columns.
PYTHON_JOB = Goal(20, 8)
