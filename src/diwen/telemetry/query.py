"""DuckDB in memory over the parts, values converted: for questions in SQL.

The database lives in the process and holds nothing; the Parquet files are the store. Filters on
point and time reach the row groups, because the view computes only the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

if TYPE_CHECKING:
    from diwen.telemetry.store import Store

_EMPTY = """
create or replace view {view} as
select null::timestamptz as time, null::varchar as point, null::double as value,
       null::double as raw, null::tinyint as quality, null::varchar as origin
where false
"""


def open_memory() -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory whose clock is UTC and which never fetches anything from outside."""
    con = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
    con.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
    return con


def connection(store: Store) -> duckdb.DuckDBPyConnection:
    """DuckDB with the view ``telemetry(time, point, value, raw, quality, origin)``.

    ``value`` is in the inside unit of the point's quantity, ``raw`` is the number as delivered.
    The view shows the parts there are at the time of the call.
    """
    con = open_memory()
    ids = store.points()
    files = store.files(ids)
    if not files:
        con.execute(_EMPTY.format(view="telemetry"))
        return con
    keep(con, "conversion", conversions(store, ids))
    con.execute(
        f"""
        create view telemetry as
        select time, point, value * factor + "offset" as value, value as raw, quality, origin
        from read_parquet({paths(files)}, hive_partitioning = false)
        join conversion using (point)
        """
    )
    return con


def conversions(store: Store, points: Sequence[str]) -> pl.DataFrame:
    """``point, factor, offset`` with ``inside = factor * raw + offset``."""
    pairs = [store.point(id).factor_offset() for id in points]
    return pl.DataFrame(
        {
            "point": pl.Series(list(points), dtype=pl.String),
            "factor": pl.Series([pair[0] for pair in pairs], dtype=pl.Float64),
            "offset": pl.Series([pair[1] for pair in pairs], dtype=pl.Float64),
        }
    )


def paths(files: Sequence[Path]) -> str:
    """Files as a SQL list."""
    return "[" + ", ".join(quoted(str(path)) for path in files) + "]"


def quoted(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def keep(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Put a small frame into the database as a table."""
    con.register(f"{name}_rows", frame.to_arrow())
    con.execute(f"create table {name} as select * from {name}_rows")
    con.unregister(f"{name}_rows")
