"""Importing deliveries into the store of a site, with an account of what became of them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.telemetry import delivery as deliveries
from diwen.telemetry import parts
from diwen.telemetry.delivery import Delivery
from diwen.telemetry.options import Options, of_site
from diwen.telemetry.refusals import STORED_OTHERWISE
from diwen.telemetry.store import Store
from diwen.telemetry.writing import Outcome, take_in
from diwen.telemetry.writing import recompute as recompute_store

if TYPE_CHECKING:
    from diwen.site import Point, Site

READINGS = "readings.csv"
_NOTHING = Text("there is nothing to import", "没有可导入的文件")
_NOTHING_CURE = Text(
    "name the delivered files, or put readings by hand into readings.csv of the site folder.",
    "请指定数据文件，或在项目文件夹的 readings.csv 中填写人工读数。",
)


@dataclass
class FileReport:
    """What became of one delivered file.

    Attributes
    ----------
    delivery : what the file held
    outcome : what the store took; None on a dry run
    refused : list of refused cells and records: ``line, time, column, value, stored, reason_en,
        reason_zh``
    refused_file : where that list was written in full, None if nothing was refused
    """

    delivery: Delivery
    outcome: Outcome | None
    refused: pl.DataFrame
    refused_file: Path | None = None


@dataclass
class ImportReport:
    """An import as a whole.

    Attributes
    ----------
    files : one by one
    seconds : how long it took
    dry_run : nothing was stored
    """

    files: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0
    dry_run: bool = False

    @property
    def added(self) -> int:
        """Records that are new in the store."""
        return sum(file.outcome.added for file in self.files if file.outcome)

    @property
    def same(self) -> int:
        """Records that were stored already."""
        return sum(file.outcome.same for file in self.files if file.outcome)

    @property
    def refused(self) -> int:
        """Cells and records that were refused."""
        return sum(file.refused.height for file in self.files)

    @property
    def judged_again(self) -> tuple[str, ...]:
        """Points whose stale quality flags were computed again along with it."""
        outcomes = [file.outcome for file in self.files if file.outcome]
        return tuple(dict.fromkeys(id for outcome in outcomes for id in outcome.judged_again))

    @property
    def values(self) -> int:
        """Values that were read."""
        return sum(file.delivery.values for file in self.files)


Progress = Callable[[str, str, int, int], None]


def import_files(
    site: Site,
    files: Sequence[Path | str],
    *,
    options: dict[str, Any] | None = None,
    replace: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Read delivered files into the store of a site.

    ``readings.csv`` of the site folder (readings by hand) is imported along.

    Parameters
    ----------
    files : CSV, Excel, Parquet, also packed by gzip or zip
    options : form of the files where ``site.toml`` does not say it; fields of `Options`
    replace : a different number for a stored time takes its place; the old one is kept in
        ``telemetry/superseded/``
    dry_run : only read, store nothing
    progress : called with (file, stage ``read``/``store``/``done``, values done, values in all)

    Raises
    ------
    InputError : a file cannot be used at all; the files before it are stored
    """
    begin = time.perf_counter()
    store = Store(site)
    report = ImportReport(dry_run=dry_run)
    paths = [Path(file) for file in files]
    by_hand = Path(site.folder) / READINGS
    if by_hand.is_file() and by_hand.resolve() not in {path.resolve() for path in paths}:
        paths.append(by_hand)
    if not paths:
        raise InputError([Problem(str(site.folder), "-", _NOTHING, _NOTHING_CURE)])
    base = of_site(site).with_given(options or {})
    for path in paths:
        tell = progress or _silent
        tell(path.name, "read", 0, 0)
        delivery = _read(site, path, base)
        report.files.append(_take(store, delivery, base, replace, dry_run, tell))
    report.seconds = time.perf_counter() - begin
    return report


def recompute(site: Site, done: Callable[[str, int], None] | None = None) -> Outcome:
    """Compute the quality flags of the whole store again; raw numbers are not touched.

    Raises
    ------
    InputError : another process is writing
    """
    return recompute_store(Store(site), done)


def _silent(file: str, stage: str, done: int, total: int) -> None:
    pass


def _read(site: Site, path: Path, options: Options) -> Delivery:
    if path.name != READINGS:
        return deliveries.read(path, site.points, options)
    form = Options(
        layout="long",
        time_column="time",
        point_column="point",
        value_column="value",
        note_column="note",
        time_zone=site.place.time_zone,
    )
    return deliveries.read(path, [_by_hand(point) for point in site.points], form)


def _by_hand(point: Point) -> Point:
    """The point as ``readings.csv`` names it: by its id, read by a person."""
    return dataclasses.replace(
        point, source=point.id, origin="manual", time_zone=None, decimal=None, sentinel=()
    )


def _take(
    store: Store,
    delivery: Delivery,
    options: Options,
    replace: bool,
    dry_run: bool,
    progress: Progress,
) -> FileReport:
    if dry_run:
        return FileReport(delivery, None, _refused(delivery, None))
    total, done = delivery.values, 0
    progress(delivery.file, "store", 0, total)

    def month_done(month: str, count: int) -> None:
        nonlocal done
        done += count
        progress(delivery.file, "store", done, total)

    outcome = take_in(
        store,
        delivery.records,
        replace=replace,
        log=_log(delivery, options),
        done=month_done,
    )
    refused = _refused(delivery, None if replace else outcome)
    path = _write_refused(store.folder, delivery.file, refused)
    progress(delivery.file, "done", total, total)
    return FileReport(delivery, outcome, refused, path)


def _log(delivery: Delivery, options: Options) -> dict[str, Any]:
    """The manifest's entry of a file: what it was, and how it was understood."""
    mapping = json.dumps([sorted(delivery.mapping.items()), dataclasses.astuple(options)])
    spans = [own for own in delivery.records.values() if len(own)]
    entry: dict[str, Any] = {
        "file": delivery.file,
        "sha256": delivery.sha256,
        "mapping": hashlib.sha256(mapping.encode()).hexdigest()[:16],
        "form": delivery.form.en,
        "values": delivery.values,
        "refused": len(delivery.refusals),
        "points": len(delivery.records),
    }
    if spans:
        entry["first"] = int(min(own.time[0] for own in spans))
        entry["last"] = int(max(own.time[-1] for own in spans))
    return entry


def _refused(delivery: Delivery, outcome: Outcome | None) -> pl.DataFrame:
    cells = delivery.refusals.frame().select(
        "line",
        "time",
        "column",
        "value",
        pl.lit(None, pl.Float64).alias("stored"),
        "reason_en",
        "reason_zh",
    )
    if outcome is None or not outcome.conflicts.height:
        return cells
    reason = STORED_OTHERWISE
    column = pl.col("point").replace(delivery.mapping)
    clashes = outcome.conflicts.select(
        pl.lit(None, pl.Int64).alias("line"),
        "time",
        column.alias("column"),
        pl.col("offered").cast(pl.String).alias("value"),
        "stored",
        pl.lit(reason.en).alias("reason_en"),
        pl.lit(reason.zh).alias("reason_zh"),
    )
    return pl.concat([cells, clashes])


def _write_refused(folder: Path, file: str, refused: pl.DataFrame) -> Path | None:
    """The whole list beside the store; a clean import of the same file clears an old list."""
    path = folder / "refused" / f"{Path(file).name}.csv"
    if not refused.height:
        path.unlink(missing_ok=True)
        return None
    parts.write_text(path, refused.write_csv())
    return path
