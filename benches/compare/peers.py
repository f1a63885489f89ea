"""How the queue and its kin are written with the tools a shop has: one function each, from the same
arrays to an award for each row, with the tie-break (placed_at, row)."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

try:
    import allocator_py
except ImportError:
    allocator_py = None


@dataclass
class Table:
    """The columns that the Rust side wrote, and what each tool calls a table of them."""

    folder: Path

    def _column(self, name: str) -> np.ndarray:
        return np.load(self.folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)

    @cached_property
    def sku(self) -> np.ndarray:
        return self._column("sku")

    @cached_property
    def quantity(self) -> np.ndarray:
        return self._column("quantity")

    @cached_property
    def placed_at(self) -> np.ndarray:
        return self._column("placed_at")

    @cached_property
    def priority(self) -> np.ndarray:
        return self._column("priority")

    @cached_property
    def stock(self) -> np.ndarray:
        """By SKU id: peers run on dense ids only."""
        return self._column("stock")

    @cached_property
    def stock_sku(self) -> np.ndarray:
        return self._column("stock_sku")

    def __len__(self) -> int:
        return len(self.sku)

    def _columns(self) -> dict[str, np.ndarray]:
        return {
            "row": np.arange(len(self), dtype=np.uint32),
            "sku": self.sku,
            "quantity": self.quantity,
            "placed_at": self.placed_at,
            "priority": self.priority,
        }

    @cached_property
    def pandas(self) -> pd.DataFrame:
        return pd.DataFrame(self._columns())

    @cached_property
    def polars(self) -> pl.DataFrame:
        return pl.DataFrame(self._columns())

    @cached_property
    def polars_stock(self) -> pl.Series:
        return pl.Series("stock", self.stock)

    @cached_property
    def arrow(self) -> tuple[pa.Table, pa.Table]:
        supply = {"sku": self.stock_sku, "quantity": self.stock}
        lines = {"sku": self.sku, "quantity": self.quantity, "placed_at": self.placed_at}
        return pa.table(lines), pa.table(supply)

    @cached_property
    def duckdb(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config={"threads": 1})
        lines = pa.table(self._columns())  # noqa: F841 (the query names it)
        stock = pa.table({"sku": self.stock_sku, "units": self.stock})  # noqa: F841
        connection.execute("create table l as select * from lines; create table s as select * from stock")
        return connection


def _keys(rule: str) -> list[str]:
    return ["priority", "placed_at"] if rule == "priority" else ["placed_at"]


def _aligned(rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    awards = np.empty(len(rows), np.int64)
    awards[rows] = values
    return awards


# NumPy


def numpy(table: Table, rule: str) -> np.ndarray:
    if rule == "one_each_per_round":
        return _levels(table, table.stock, last_first=False)
    if rule == "equal_cuts":
        # Cuts are the rounds of what is missing, from the back of the line.
        demanded = np.bincount(table.sku, table.quantity, len(table.stock)).astype(np.int64)
        missing = np.maximum(demanded - table.stock, 0)
        return table.quantity - _levels(table, missing, last_first=True)
    return _numpy_queue(table, _keys(rule))


def _numpy_queue(table: Table, keys: list[str]) -> np.ndarray:
    columns = [getattr(table, key) for key in reversed(keys)]
    if len(table.stock) > 1:
        columns.append(table.sku)
    # Both sorts are stable: rows part equal places.
    order = np.lexsort(columns) if len(columns) > 1 else np.argsort(columns[0], kind="stable")
    sku, quantity = table.sku[order], table.quantity[order]
    left = table.stock[sku] - _before(sku, quantity)
    return _aligned(order, np.minimum(np.maximum(left, 0), quantity))


def _before(sku: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    """The sum of the quantities before each row of its SKU; rows of one SKU stand together."""
    before = np.cumsum(quantity) - quantity
    starts = np.flatnonzero(np.concatenate(([True], sku[1:] != sku[:-1])))
    return before - np.repeat(before[starts], np.diff(np.append(starts, len(sku))))


def _levels(table: Table, stock: np.ndarray, last_first: bool) -> np.ndarray:
    """Everybody up to the level that the stock allows; one more for the first in line above it."""
    order = np.lexsort((table.quantity, table.sku))
    sku, quantity = table.sku[order], table.quantity[order]
    counts = np.bincount(table.sku, minlength=len(stock))
    ends = np.cumsum(counts)
    before = _before(sku, quantity)
    behind = ends[sku] - np.arange(len(sku))
    # The first row, by quantity, that a level as high as itself is too high for.
    too_high = np.flatnonzero(before + quantity * behind > stock[sku])
    firsts = too_high[np.concatenate(([True], sku[too_high][1:] != sku[too_high][:-1]))] if len(too_high) else too_high
    level = np.full(len(stock), np.iinfo(np.int64).max)
    rest = np.zeros(len(stock), np.int64)
    units = stock[sku[firsts]] - before[firsts]
    level[sku[firsts]], rest[sku[firsts]] = np.divmod(units, behind[firsts])
    awards = np.minimum(table.quantity, level[table.sku])
    above = np.flatnonzero(table.quantity > level[table.sku])
    place = table.placed_at[above]
    line = np.lexsort((-above, -place, table.sku[above])) if last_first else np.lexsort((place, table.sku[above]))
    above = above[line]
    lucky = _before(table.sku[above], np.ones(len(above), np.int64)) < rest[table.sku[above]]
    awards[above[lucky]] += 1
    return awards


# pandas


def pandas(table: Table, rule: str) -> np.ndarray:
    ordered = table.pandas.sort_values(_keys(rule), kind="stable")
    quantity = ordered["quantity"].to_numpy()
    before = ordered.groupby("sku", sort=False)["quantity"].cumsum().to_numpy() - quantity
    left = table.stock[ordered["sku"].to_numpy()] - before
    return _aligned(ordered.index.to_numpy(), np.minimum(np.maximum(left, 0), quantity))


# Polars


def polars(table: Table, rule: str) -> np.ndarray:
    stock = pl.lit(table.polars_stock)
    if rule not in ("first_come", "priority"):
        return _polars_tickets(table, rule)
    # Faster than naming the row as a last key, and checked to give the same.
    before = pl.col("quantity").cum_sum().over("sku", order_by=_keys(rule)) - pl.col("quantity")
    left = stock.gather(pl.col("sku")) - before
    award = pl.min_horizontal(pl.max_horizontal(left, 0), pl.col("quantity"))
    return table.polars.select(award=award)["award"].to_numpy()


_POLARS_TICKET = {
    "one_each_per_round": pl.col("k"),
    "equal_cuts": pl.col("k") - pl.col("quantity"),
    # Quantities are 1 to 5: 60 is a multiple of each.
    "same_percentage": (2 * pl.col("k") - 1) * 60 // pl.col("quantity"),
}


def _polars_tickets(table: Table, rule: str) -> np.ndarray:
    tickets = (
        table.polars.lazy()
        .with_columns(k=pl.int_ranges(1, pl.col("quantity") + 1))
        .explode("k")
        .with_columns(key=_POLARS_TICKET[rule])
        .sort("sku", "key", "placed_at", "row")
        .with_columns(rank=pl.int_range(pl.len()).over("sku"))
        .filter(pl.col("rank") < pl.lit(table.polars_stock).gather(pl.col("sku")))
        .group_by("row")
        .agg(units=pl.len())
        .collect()
    )
    awards = np.zeros(len(table), np.int64)
    awards[tickets["row"].to_numpy()] = tickets["units"].to_numpy()
    return awards


# DuckDB


def duckdb_window(table: Table, rule: str) -> np.ndarray:
    if rule in _SQL_TICKET:
        found = table.duckdb.execute(_TICKETS.format(key=_SQL_TICKET[rule])).fetchnumpy()
        awards = np.zeros(len(table), np.int64)
        awards[found["row"]] = found["units"]
        return awards
    found = table.duckdb.execute(_WINDOW.format(keys=", ".join(_keys(rule)))).fetchnumpy()
    return _aligned(found["row"], found["award"])


_WINDOW = """
select row, greatest(0, least(quantity, units - coalesce(before, 0)))::bigint as award
from (select row, sku, quantity, sum(quantity) over (
          partition by sku order by {keys}, row rows between unbounded preceding and 1 preceding) as before
      from l)
join s using (sku)
"""

_SQL_TICKET = {
    "one_each_per_round": "k",
    "equal_cuts": "k - quantity",
    "same_percentage": "(2 * k - 1) * 60 // quantity",
}

_TICKETS = """
select row, count(*) as units
from (select row, sku, row_number() over (partition by sku order by {key}, placed_at, row) as rank
      from (select *, unnest(range(1, quantity + 1)) as k from l))
join s using (sku)
where rank <= units
group by row
"""

# Our own Python face: columns in, the column of awards out.


def allocator_py_numpy(table: Table, rule: str) -> np.ndarray:
    lines = {"sku": table.sku, "quantity": table.quantity, "placed_at": table.placed_at}
    supply = {"sku": table.stock_sku, "quantity": table.stock}
    return np.asarray(allocator_py.allocate(lines, supply, rule).allocated)


def allocator_py_arrow(table: Table, rule: str) -> np.ndarray:
    lines, supply = table.arrow
    return np.asarray(allocator_py.allocate(lines, supply, rule).allocated)


PEERS = {"numpy": numpy, "pandas": pandas, "polars": polars, "duckdb": duckdb_window}
if allocator_py:
    PEERS |= {"allocator_py_numpy": allocator_py_numpy, "allocator_py_arrow": allocator_py_arrow}
