"""Many sites as one table: portfolio questions in SQL.

The parts of all sites are read in place by one DuckDB in memory; a ratio is a ratio of sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from diwen.telemetry import monthly
from diwen.telemetry.monthly import Label
from diwen.telemetry.query import conversions, keep, open_memory, paths, quoted
from diwen.telemetry.store import Store, Time

if TYPE_CHECKING:
    import duckdb

    from diwen.site import Site

_EMPTY = (
    "select '' as site, null::timestamptz as time, '' as point, 0.0 as raw, "
    "0::tinyint as quality, '' as origin where false"
)


class Fleet:
    """Several sites, asked at once.

    Parameters
    ----------
    sites : read by `diwen.site.read`; their ids must differ
    """

    def __init__(self, sites: Sequence[Site]) -> None:
        self.stores = {site.id: Store(site) for site in sites}
        if len(self.stores) != len(sites):
            raise ValueError("two sites have the same id (name of the folder)")

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB with ``telemetry(site, time, point, value, raw, quality, origin)`` over all
        sites, ``value`` in the inside unit."""
        con = open_memory()
        tables, views = [], []
        for id, store in self.stores.items():
            points = store.points()
            files = store.files(points)
            if not files:
                continue
            tables.append(conversions(store, points).with_columns(site=pl.lit(id)))
            views.append(
                f"select {quoted(id)} as site, time, point, value as raw, quality, origin "
                f"from read_parquet({paths(files)}, hive_partitioning = false)"
            )
        empty = pl.DataFrame(
            schema={
                "point": pl.String, "factor": pl.Float64, "offset": pl.Float64, "site": pl.String,
            }
        )  # fmt: skip
        keep(con, "conversion", pl.concat([empty, *tables]))
        con.execute(
            f"""
            create view telemetry as
            select site, time, point, raw * factor + "offset" as value, raw, quality, origin
            from ({" union all ".join(views or [_EMPTY])}) join conversion using (site, point)
            """
        )
        return con

    def monthly_energy(self, label: Label, start: Time = None, end: Time = None) -> pl.DataFrame:
        """Energy per site, label and local month.

        Where a counter and a power of the same label, equipment and location are chosen, the
        counter counts. A counter's reset counts as nothing; a gap longer than an hour is not
        bridged (`diwen.telemetry.thresholds`).

        Parameters
        ----------
        label : given site and point, the name under which the energy of the point is summed
            (``heat``, ``electricity``); empty: the point is left out
        start, end : records taken, ``start <= time < end``; None: all

        Returns
        -------
        DataFrame ``site, label, month`` (first local day), ``energy`` (kWh), ``seconds`` (time
        covered, summed over the points)
        """
        return monthly.energy(self.stores, label, start, end)

    def monthly_ratio(self, label: Label, start: Time = None, end: Time = None) -> pl.DataFrame:
        """Monthly system coefficient: Σ ``heat`` over Σ ``electricity`` of each site.

        Parameters
        ----------
        label : ``heat`` or ``electricity`` for the points that count, else an empty text

        Returns
        -------
        DataFrame ``site, month, heat, electricity`` (kWh), ``ratio`` (None without electricity)
        """
        energy = self.monthly_energy(label, start, end)
        heat, electricity = (
            energy.filter(pl.col("label") == name).select(
                "site", "month", pl.col("energy").alias(name)
            )
            for name in ("heat", "electricity")
        )
        used = pl.col("electricity")
        return (
            heat.join(electricity, on=["site", "month"], how="inner")
            .with_columns(ratio=pl.when(used > 0).then(pl.col("heat") / used))
            .sort("site", "month")
        )
