"""A site-year diagnosed, a month added, a hundred sites; beside them the plain work underneath.

The site is the bundled plant with the standard list of points, hourly, its units losing
efficiency, its meters off by their class. Peers in the same process: the twin's own year (what one
counterfactual costs), and the records of the year read by plain polars (what any diagnosis has to
read). A hundred sites are not run: a few are, one after the other, each opened anew, and their
mean times a hundred is given for two cores. Times are CPU time of one thread.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from diwen.site import Site

Rows = list[dict[str, Any]]
_EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "plant-template"
_FIRST, _LAST = date(2024, 1, 1), date(2024, 12, 1)
_SITES, _CORES = 100, 2


def add_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("diagnosis")
    group.add_argument("--diagnosis-sites", type=int, default=4, help="sites of the portfolio")
    group.add_argument("--diagnosis-repeats", type=int, default=3, help="best of so many")


def run(arguments: argparse.Namespace) -> Rows:
    repeats = arguments.diagnosis_repeats
    with tempfile.TemporaryDirectory() as folder:
        site = _recorded(Path(folder) / "plant", seed=1)
        rows, year = _one_year(site, repeats)
        rows += _one_month(site, repeats)
        rows += _portfolio(Path(folder), arguments.diagnosis_sites, year)
    return rows


def _one_year(site: Site, repeats: int) -> tuple[Rows, float]:
    """A year from the store to findings, costs and 25 years with bands; and what it is beside."""
    from diwen.diagnosis.diagnose_site import diagnose
    from diwen.twin.site_simulation import simulate_site

    start = time.process_time()
    found = diagnose(site)
    first = time.process_time() - start
    plain, _ = _best(lambda: diagnose(site, attribution=False), repeats)
    costs, _ = _best(lambda: diagnose(site), repeats)
    ahead = _ahead(site, repeats)
    twin, _ = _best(lambda: simulate_site(site, keep="none"), repeats)
    read, records = _best(lambda: _by_polars(site), repeats)
    whole = costs + ahead
    hours = found.record.hours
    return [
        _row("hours of the record", float(hours), ""),
        _row("records in the store", float(records), ""),
        _row("first diagnosis, compiled code read or made", first, "s"),
        _row("a year: found, no costs", plain, "s"),
        _row("a year: found, with costs", costs, "s"),
        _row("  25 years with bands and score on top", ahead, "s"),
        _row("a year, all of it", whole, "s", "at most 10 s"),
        _row("peer: the twin's own year, site to sums", twin, "s"),
        _row("  all of it, in years of the twin", whole / twin, ""),
        _row("peer: the same records read by plain polars", read, "s"),
        _row("  found without costs, in readings of the records", plain / read, ""),
    ], whole  # fmt: skip


def _ahead(site: Site, repeats: int) -> float:
    """Forecast and score of a diagnosis that is there."""
    from diwen.diagnosis.case_of_site import case_of
    from diwen.diagnosis.diagnose_site import diagnose_record, gated
    from diwen.diagnosis.record.from_store import record_of_site
    from diwen.reports.diagnosis_account import account_of

    case = case_of(site, record_of_site(site))
    found = diagnose_record(site, case.record, like=case)
    judged = gated(case)[0]
    return _best(lambda: account_of(found, site, case=judged), repeats)[0]


def _one_month(site: Site, repeats: int) -> Rows:
    """The last month changed: it alone is condensed again, findings and charts are brought up."""
    from diwen.diagnosis.continuous.monthly_update import update_diagnosis

    last = site.folder / "telemetry" / "condensed" / f"{_LAST:%Y-%m}.npz"

    def new_month() -> Any:
        last.unlink()
        start = time.process_time()
        update = update_diagnosis(site, write=False)
        return time.process_time() - start, update

    update_diagnosis(site, write=False)
    spent, update = min((new_month() for _ in range(repeats)), key=lambda pair: pair[0])
    every, _ = _best(lambda: update_diagnosis(site, write=False), repeats)
    read, _ = _best(lambda: _by_polars(site, _LAST), repeats)
    return [
        _row("months read again", float(len(update.condensed)), ""),
        _row("a new month: condensed, findings, warnings, ledger", spent, "s", "at most 1 s"),
        _row("  of it with every month kept", every, "s"),
        _row("peer: the month's records read by plain polars", read, "s"),
        _row("  new month, in readings of the month", spent / read, ""),
    ]  # fmt: skip


def _portfolio(folder: Path, count: int, year: float) -> Rows:
    """Sites one after the other, each opened from its folder, with costs and forecast."""
    import diwen
    from diwen.reports.diagnosis_account import account_of_site

    folders = [_recorded(folder / f"site{n}", seed=10 + n).folder for n in range(count)]
    start = time.process_time()
    for one in folders:
        account_of_site(diwen.read(one))
    mean = (time.process_time() - start) / max(count, 1)
    minutes = mean * _SITES / _CORES / 60.0
    return [
        _row(f"a site of {count}, opened and diagnosed", mean, "s"),
        _row("  over the same site diagnosed again", mean / year, ""),
        _row("100 sites on two cores, extrapolated", minutes, "min", "at most 10 min"),
    ]  # fmt: skip


def _recorded(folder: Path, seed: int) -> Site:
    """A simulated year as a site folder."""
    import diwen
    from diwen.twin.deviations import Deviation
    from diwen.twin.sensor_faults import SensorFault
    from diwen.twin.simulated_folder import write_simulated_site
    from diwen.twin.site_simulation import simulate_site

    found = simulate_site(
        diwen.read(_EXAMPLE), since=_FIRST, deviations=[Deviation("efficiency_loss", 0.15)],
        sensors=[SensorFault("class_error"), SensorFault("noise")], keep="all", points="standard",
        seed=seed,
    )  # fmt: skip
    write_simulated_site(found, folder)
    return diwen.read(folder)


def _by_polars(site: Site, since: date | None = None) -> int:
    """All records of the store as hourly means by point: the least that anybody has to do."""
    import polars

    frame = polars.scan_parquet(os.fspath(site.folder / "telemetry" / "**" / "*.parquet"))
    if since is not None:
        frame = frame.filter(
            polars.col("time") >= datetime.combine(since, datetime.min.time(), UTC)
        )
    count = frame.select(polars.len()).collect().item()
    frame.group_by("point", polars.col("time").dt.truncate("1h")).agg(
        polars.col("value").mean()
    ).collect()
    return int(count)


def _best(call: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    best, value = float("inf"), None
    for _ in range(max(repeats, 1)):
        start = time.process_time()
        value = call()
        best = min(best, time.process_time() - start)
    return best, value


def _row(what: str, value: float, unit: str, aim: str = "") -> dict[str, Any]:
    return {"what": what, "value": value, "unit": unit, "aim": aim}
