"""Monthly energy of many points of many sites, as one query.

Energies come from counters where there are any, else from power; a counter's reset counts as
nothing and a gap longer than an hour is not bridged (`diwen.telemetry.thresholds`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl

from diwen.telemetry import thresholds
from diwen.telemetry.counters import ROLLOVER_EDGE
from diwen.telemetry.query import keep, open_memory, paths, quoted
from diwen.telemetry.store import Store, Time, instant, microseconds

if TYPE_CHECKING:
    from diwen.site import Point, Site

Label = Callable[["Site", "Point"], str]
JOULE_PER_KWH = 3.6e6
_HOUR = 3_600_000_000
_POWER_OF = {"heat_energy": "heat_power", "electric_energy": "electric_power"}
_KEYS = {
    "site": pl.String, "point": pl.String, "label": pl.String, "series": pl.Int32,
    "factor": pl.Float64, "offset": pl.Float64, "counter": pl.Boolean, "bridge": pl.Int64,
}  # fmt: skip
_RESULT: dict[str, Any] = {
    "site": pl.String, "label": pl.String, "month": pl.Date, "energy": pl.Float64,
    "seconds": pl.Float64,
}  # fmt: skip

# Steps between neighbouring usable records -> energy per bucket of time -> energy per local month.
# A step belongs to the bucket in which it ends (a step that ends at midnight to the day before).
_MONTHLY = """
with records as (
    {records}
), steps as (
    select series, time, raw,
           lag(raw) over earlier as former,
           time - lag(time) over earlier as step
    from records
    window earlier as (partition by series order by time)
), buckets as (
    select series, (time - 1) // {bucket} as bucket,
           sum(case
                   when not counter and step > bridge then 0
                   when not counter then
                       ((raw + former) / 2 * factor + "offset") * step / 1e6
                   when raw >= former then (raw - former) * factor
                   when former >= 10
                        and former >= (1 - {edge}) * pow(10, ceil(log10(former)))
                        and raw between 0 and {edge} * pow(10, ceil(log10(former)))
                       then (pow(10, ceil(log10(former))) - former + raw) * factor
                   else 0
               end) as energy,
           sum(case
                   when step > bridge then 0
                   when counter and raw < former then 0
                   else step
               end) / 1e6 as seconds
    from steps join keys using (series)
    where step is not null
    group by all
)
select site, label, month, sum(energy) / {kwh} as energy, sum(seconds) as seconds
from buckets join keys using (series) join months using (site, bucket)
group by all order by all
"""


def energy(
    stores: Mapping[str, Store], label: Label, start: Time = None, end: Time = None
) -> pl.DataFrame:
    """Energy per site, label and local month; see `diwen.telemetry.fleet.Fleet.monthly_energy`."""
    keys = _keys(stores, label)
    records = _records(stores, keys, start, end)
    if not records:
        return pl.DataFrame(schema=_RESULT)
    sites = keys["site"].unique().sort().to_list()
    bucket = _bucket(stores, sites)
    con = open_memory()
    keep(con, "keys", keys)
    keep(con, "months", _months(stores, sites, bucket))
    sql = _MONTHLY.format(records=records, bucket=bucket, edge=ROLLOVER_EDGE, kwh=JOULE_PER_KWH)
    return con.sql(sql).pl().cast(_RESULT)


def _keys(stores: Mapping[str, Store], label: Label) -> pl.DataFrame:
    """A row per chosen point: its conversion and how it is integrated."""
    limits = thresholds.load()
    rows: list[tuple[Any, ...]] = []
    for id, store in stores.items():
        held = [store.point(name) for name in store.points()]
        chosen = [(point, name) for point in held if (name := label(store.site, point))]
        for point, name in _counters_first(chosen):
            factor, offset = point.factor_offset()
            bridge = int(limits.bridge(point.interval) * 1e6)
            counter = point.kind == "counter"
            rows.append((id, point.id, name, len(rows), factor, offset, counter, bridge))
    return pl.DataFrame(rows, schema=_KEYS, orient="row")


def _counters_first(chosen: Sequence[tuple[Point, str]]) -> list[tuple[Point, str]]:
    """Leave out a power whose energy is counted at the same place."""

    def place(point: Point, name: str, quantity: str) -> tuple[Any, ...]:
        return name, quantity, point.equipment, point.location, point.detail

    counted = {
        place(point, name, _POWER_OF.get(point.quantity, ""))
        for point, name in chosen
        if point.kind == "counter"
    }
    return [
        (point, name)
        for point, name in chosen
        if point.kind == "counter" or place(point, name, point.quantity) not in counted
    ]


def _records(stores: Mapping[str, Store], keys: pl.DataFrame, start: Time, end: Time) -> str:
    """SQL for the usable records of the chosen points, each site from its own parts."""
    first, last = microseconds(start), microseconds(end)
    span = "" if first is None else f" and time >= '{instant(first).isoformat()}'"
    span += "" if last is None else f" and time < '{instant(last).isoformat()}'"
    branches = []
    for (site,), rows in keys.partition_by("site", as_dict=True, maintain_order=True).items():
        points = rows["point"].to_list()
        files = stores[str(site)].files(points, start, end)
        if not files:
            continue
        cases = " ".join(
            f"when {quoted(point)} then {series}"
            for point, series in rows.select("point", "series").iter_rows()
        )
        names = ", ".join(quoted(point) for point in points)
        branches.append(
            f"select (case point {cases} end)::integer as series, epoch_us(time) as time, "
            f"value as raw from read_parquet({paths(files)}, hive_partitioning = false) "
            f"where point in ({names}) and quality in (0, 4, 7){span}"
        )
    return " union all ".join(branches)


def _bucket(stores: Mapping[str, Store], sites: Sequence[str]) -> int:
    """Width of a time bucket (microseconds): an hour, or a quarter where a zone needs it."""
    for id in sites:
        zone = ZoneInfo(stores[id].site.place.time_zone)
        for moment in stores[id].span() or ():
            if (moment.astimezone(zone).utcoffset() or timedelta()) % timedelta(hours=1):
                return _HOUR // 4
    return _HOUR


def _months(stores: Mapping[str, Store], sites: Sequence[str], bucket: int) -> pl.DataFrame:
    """The local month of every bucket of every site."""
    frames = []
    for id in sites:
        span = stores[id].span()
        if span is None:
            continue
        first, last = (int(microseconds(time) or 0) // bucket for time in span)
        buckets = pl.int_range(first - 1, last + 1, eager=True)
        zone = stores[id].site.place.time_zone
        local = (buckets * bucket).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
        month = local.dt.date().dt.month_start()
        frames.append(
            pl.DataFrame({"site": [id] * len(buckets), "bucket": buckets, "month": month})
        )
    return pl.concat(frames)
