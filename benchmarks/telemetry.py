"""Import, size, memory and queries of the telemetry store, beside plain DuckDB and Polars.

The plain engines answer the same questions on the same Parquet files in the same run.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

import diwen.site
from benchmarks import _stations as stations
from diwen import telemetry

FIRST = datetime(2018, 1, 1)
MONTH = 31 * 1440
_REPEATS = 5
Rows = list[dict[str, Any]]


def add_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("telemetry")
    group.add_argument("--stations", type=int, default=10, help="stations of one month")
    group.add_argument("--months", type=int, default=12, help="months of the one long station")
    group.add_argument("--folder", type=Path, help="keep the stations here and use them again")


def run(arguments: argparse.Namespace) -> Rows:
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="diwen-benchmark-"))
    try:
        rows = _import_all(folder, arguments.stations, arguments.months)
        sites = [diwen.site.read(path.parent) for path in sorted(folder.glob("s*/site.toml"))]
        year = diwen.site.read(folder / "year")
        rows += _size(folder)
        rows += _point_year(year)
        rows += _fleet(sites)
        return rows
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


def _row(what: str, value: float, unit: str, aim: str = "") -> dict[str, Any]:
    return {"what": what, "value": value, "unit": unit, "aim": aim}


def _import_all(folder: Path, count: int, months: int) -> Rows:
    """Make the deliveries and import each in a process of its own, for its peak of memory."""
    jobs = [(folder / f"s{number:03d}", number, MONTH) for number in range(count)]
    jobs.append((folder / "year", 999, months * 525_600 // 12))
    deliveries = folder / "deliveries"
    measured = []
    for site, number, minutes in jobs:
        delivery = deliveries / f"{site.name}.csv"
        if not delivery.exists():
            stations.write_site(site, number)
            stations.write_delivery(delivery, number, FIRST, minutes)
        shutil.rmtree(site / "telemetry", ignore_errors=True)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            measured.append(pool.apply(import_one, (site, delivery)))
    short, long = measured[:-1], measured[-1]
    values = sum(m["values"] for m in short)
    seconds = sum(m["seconds"] for m in short)
    rows = []
    if short:
        name = f"import {count} stations x 1 month, quality and picture included"
        rows.append(_row(name, values / seconds, "values/s", "at least 1e6"))
        rows.append(_row("  peak memory of one", max(m["peak"] for m in short), "MB"))
    name = f"import 1 station x {months} months, {long['values']:,} values"
    rows.append(_row(name, long["values"] / long["seconds"], "values/s", "at least 1e6"))
    rows.append(_row("  peak memory", long["peak"], "MB"))
    rows.append(_row("  the same file again (changes nothing)", long["again"], "s"))
    return rows


def import_one(site: Path, delivery: Path) -> dict[str, float]:
    plant = diwen.site.read(site)
    _ = telemetry.account_of, telemetry.import_files  # loads polars and pyarrow, which is not timed
    begin = time.perf_counter()
    report = telemetry.import_files(plant, [delivery])
    telemetry.account_of(plant, report)
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.perf_counter()
    again = telemetry.import_files(plant, [delivery])
    assert again.added == 0
    assert report.refused == 0
    return {
        "values": report.added,
        "seconds": seconds,
        "peak": peak,
        "again": time.perf_counter() - begin,
    }


def _size(folder: Path) -> Rows:
    files = list(folder.glob("*/telemetry/main/*.parquet"))
    rows = pl.scan_parquet(files).select(pl.len()).collect().item()
    return [
        _row("stored", sum(path.stat().st_size for path in files) / rows, "bytes/value", "<= 1")
    ]


def best(task: Callable[[], Any]) -> float:
    """Seconds of the quickest of some runs."""
    taken = []
    for _ in range(_REPEATS):
        begin = time.perf_counter()
        task()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def _compare(
    what: str, ours: Callable[[], Any], plain: dict[str, Callable[[], Any]], repeats: int
) -> Rows:
    """Our time, the plain engines' times and the ratio to the quicker of them.

    The tasks take turns, so that what else the machine does strikes all alike.
    """
    tasks = {"ours": ours, **plain}
    seconds = dict.fromkeys(tasks, float("inf"))
    for _ in range(repeats):
        for name, task in tasks.items():
            begin = time.perf_counter()
            task()
            seconds[name] = min(seconds[name], time.perf_counter() - begin)
    own = seconds.pop("ours")
    rows = [_row(what, own * 1000, "ms")]
    rows += [_row(f"  {name}", taken * 1000, "ms") for name, taken in seconds.items()]
    rows.append(_row("  ratio to the quickest", own / min(seconds.values()), "", "<= 1.2"))
    return rows


def _point_year(site: Any) -> Rows:
    store = telemetry.open_store(site)
    files = store.files(["hp1_source_entering"])
    name = "hp1_source_entering"
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    listed = ", ".join(f"'{path}'" for path in files)

    def plain_duckdb() -> Any:
        query = f"select time, value, quality from read_parquet([{listed}]) where point = '{name}'"
        return con.sql(query).to_arrow_table()

    def plain_polars() -> Any:
        frame = pl.scan_parquet(files).filter(pl.col("point") == name)
        return frame.select("time", "value", "quality").collect()

    rows = _compare(
        "one point, the whole record at full resolution",
        lambda: telemetry.open_store(site).series(name),
        {"plain DuckDB": plain_duckdb, "plain Polars": plain_polars},
        repeats=30,
    )
    rows.append(
        _row("one point in 2000 buckets", best(lambda: store.buckets(name)) * 1000, "ms", "< 100")
    )
    # A store remembers its coverage: each run opens one anew.
    fresh = best(lambda: telemetry.open_store(site).coverage()) * 1000
    rows.append(_row("coverage of all points by day", fresh, "ms"))
    return rows


def _label(site: Any, point: Any) -> str:
    if point.location == "load" and point.quantity == "heat_energy":
        return "heat"
    return "electricity" if point.location == "supply" else ""


def _fleet(sites: list[Any]) -> Rows:
    if not sites:
        return []
    fleet = telemetry.Fleet(sites)
    first = telemetry.open_store(sites[0])
    held = [first.point(id) for id in first.points()]
    counters = ["heat", *(f"{unit}_energy" for unit in stations.UNITS)]
    powers = [f"{pump}_power" for pump in stations.PUMPS]
    assert {p.id for p in held if _label(None, p)} == {*counters, *powers} | {
        f"{unit}_power" for unit in stations.UNITS
    }
    files = {site.id: telemetry.open_store(site).files(first.points()) for site in sites}
    question = _Question(files, counters, powers)
    ours = fleet.monthly_ratio(_label)
    for other in (question.duckdb(), question.polars()):
        joined = ours.join(other, on=["site", "month"])
        assert joined.height == ours.height
        assert (joined["ratio"] / joined["ratio_right"] - 1).abs().max() < 1e-9  # type: ignore[operator]
    return _compare(
        f"monthly COPsys of {len(sites)} stations",
        lambda: telemetry.Fleet(sites).monthly_ratio(_label),
        {"plain DuckDB": question.duckdb, "plain Polars": question.polars},
        repeats=5,
    )


class _Question:
    """Monthly COPsys written by hand for these files: increments of counters without the negative
    ones, trapezoids of powers without gaps of more than an hour."""

    def __init__(self, files: dict[str, list[Path]], counters: list[str], powers: list[str]):
        self.files, self.counters, self.powers = files, counters, powers
        self.con = duckdb.connect()

    def duckdb(self) -> pl.DataFrame:
        everything = [path for files in self.files.values() for path in files]
        listed = ", ".join(f"'{path}'" for path in everything)
        names = ", ".join(f"'{name}'" for name in self.counters + self.powers)
        counted = ", ".join(f"'{name}'" for name in self.counters)
        return self.con.sql(
            f"""
            with steps as (
                select split_part(filename, '/', -4) as site, point,
                       point in ({counted}) as counter, value,
                       epoch_us(time) as time,
                       lag(value) over earlier as former,
                       epoch_us(time) - lag(epoch_us(time)) over earlier as step
                from read_parquet([{listed}], filename = true)
                where point in ({names}) and quality in (0, 4, 7)
                window earlier as (partition by split_part(filename, '/', -4), point order by time)
            ), energies as (
                select site, point = 'heat' as heat,
                       date_trunc('month', make_timestamp(time - 1 + 8 * 3600000000)) as month,
                       sum(case when counter then greatest(value - former, 0)
                                when step > 3600000000 then 0
                                else (value + former) / 2 * step / 3.6e9 end) as energy
                from steps group by all
            )
            select site, month::date as month,
                   sum(energy) filter (heat) / sum(energy) filter (not heat) as ratio
            from energies group by all order by all
            """
        ).pl()

    def polars(self) -> pl.DataFrame:
        frames = [
            pl.scan_parquet(files)
            .filter(pl.col("point").is_in(self.counters + self.powers))
            .filter(pl.col("quality").is_in([0, 4, 7]))
            .with_columns(site=pl.lit(site))
            for site, files in self.files.items()
        ]
        value, time = pl.col("value"), pl.col("time")
        former, step = value.shift().over("point"), time.diff().over("point")
        counter = pl.col("point").is_in(self.counters)
        area = (value + former) / 2 * step.dt.total_microseconds() / 3.6e9
        energy = (
            pl.when(counter)
            .then((value - former).clip(0))
            .when(step.dt.total_microseconds() <= 3_600_000_000)
            .then(area)
        )
        local = (pl.col("time") - pl.duration(microseconds=1)).dt.convert_time_zone("Asia/Shanghai")
        return (
            pl.concat(
                frame.select(
                    "site",
                    heat=pl.col("point") == "heat",
                    month=local.dt.truncate("1mo").dt.date(),
                    energy=energy,
                )
                for frame in frames
            )
            .group_by("site", "month")
            .agg(
                ratio=pl.col("energy").filter("heat").sum()
                / pl.col("energy").filter(~pl.col("heat")).sum()
            )
            .sort("site", "month")
            .collect()
        )
