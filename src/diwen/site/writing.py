"""Writing a site folder: reading what was written gives the same site.

A quantity is written in the unit people read where that gives back exactly the same float, else
in the quantity's own unit. Keys that have their default are left out.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from diwen import quantities
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import ledger as ledger_file
from diwen.site.attachments import attached_files
from diwen.site.fields import Measure, Table
from diwen.site.hours import Hours
from diwen.site.model import Site, SiteFile
from diwen.site.points import Point
from diwen.site.points_file import COLUMNS
from diwen.site.seasons import Season

_NOT_EMPTY = Text("the folder is there already and not empty", "文件夹已存在且非空")
_OTHER_NAME = Text("choose another name", "请另选名称")


def write(site: Site, folder: str | Path) -> Path:
    """Write ``site.toml``, ``points.csv``, ``ledger.csv`` and the files they name.

    Measurements and reports stay where they are.

    Parameters
    ----------
    site : the site
    folder : folder to make; it must not exist, or be empty

    Returns
    -------
    Path : the folder

    Raises
    ------
    InputError : the folder holds something already
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise InputError([Problem(str(folder), "", _NOT_EMPTY, _OTHER_NAME)])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.toml").write_text(site_toml(site), encoding="utf-8")
    if site.points:
        (folder / "points.csv").write_text(points_csv(site.points), encoding="utf-8")
    if site.ledger:
        (folder / "ledger.csv").write_text(ledger_csv(site.ledger), encoding="utf-8")
    for _, file in attached_files(site):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(site.folder / file, folder / file)
    return folder


def site_toml(site: SiteFile) -> str:
    """The tables of a site as the text of ``site.toml``."""
    import tomli_w

    raw = dict(_entries(site, SiteFile))
    return tomli_w.dumps({"schema": raw.pop("schema"), **raw})


def _entries(table: Table, model: type[Table]) -> Iterator[tuple[str, Any]]:
    """Key and plain TOML value of every key that does not have its default."""
    for name, field in model.model_fields.items():
        value = getattr(table, name)
        if value is None or (not field.is_required() and value == field.get_default(
            call_default_factory=True
        )):  # fmt: skip
            continue
        measure = next((item for item in field.metadata if isinstance(item, Measure)), None)
        yield field.alias or name, _plain(value, measure or _inner_measure(field.annotation))


def _inner_measure(annotation: Any) -> Measure | None:
    """The measure of the elements of a tuple, if they have one."""
    for part in get_args(annotation):
        if isinstance(part, Measure):
            return part
        inner = _inner_measure(part)
        if inner is not None:
            return inner
    return None


def _plain(value: Any, measure: Measure | None) -> Any:
    if isinstance(value, Table):
        return dict(_entries(value, type(value)))
    if isinstance(value, dict):
        return {key: _plain(item, measure) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item, measure) for item in value]
    if isinstance(value, Season | Hours):
        return str(value)
    if measure is not None and isinstance(value, float):
        return written(value, measure)
    return value


def written(value: float, measure: Measure) -> str | float:
    """A quantity as it stands in the file: text with a unit, or the number of a pure ratio."""
    if not measure.unit_needed:
        return value
    unit = measure.example.split(" ", 1)[1]
    factor, offset = quantities.conversion(unit, measure.quantity)
    for number in _spellings((value - offset) / factor):
        if quantities.parse(f"{number} {unit}", measure.quantity) == value:
            return f"{number} {unit}"
    own = quantities.quantity(measure.quantity).unit
    return f"{value!r} {own}"


def _spellings(number: float) -> Iterator[str]:
    """Texts of a number, the short ones first, then those of its neighbours."""
    yield f"{number:.12g}"
    yield repr(number)
    up = down = number
    for _ in range(4):
        up, down = math.nextafter(up, math.inf), math.nextafter(down, -math.inf)
        yield repr(up)
        yield repr(down)


def points_csv(points: tuple[Point, ...]) -> str:
    """The points as the text of ``points.csv``; columns that nobody uses are left out."""
    rows = [_point_cells(point) for point in points]
    columns = [c for c in COLUMNS if any(row[c] for row in rows) or c in COLUMNS[:5]]
    return _csv_text(columns, rows)


def _point_cells(point: Point) -> dict[str, str]:
    default = quantities.quantity(point.quantity).kind
    return {
        "id": point.id,
        "quantity": point.quantity,
        "unit": point.unit,
        "equipment": "+".join(point.equipment),
        "location": point.position,
        "name": point.name,
        "kind": "" if point.kind == default else point.kind,
        "accuracy": point.accuracy,
        "interval": "" if point.interval is None else f"{point.interval!r} s",
        "source": point.source,
        "scale": "" if point.scale == 1 else repr(point.scale),
        "offset": "" if point.offset == 0 else repr(point.offset),
        "time_zone": point.time_zone or "",
        "decimal": point.decimal or "",
        "sentinel": " ".join(map(repr, point.sentinel)),
        "low": _limit(point, point.low),
        "high": _limit(point, point.high),
        "group": "" if point.group == "main" else point.group,
        "origin": "" if point.origin == "measured" else point.origin,
        "calibration_due": "" if point.calibration_due is None else str(point.calibration_due),
        "note": point.note,
    }


def _limit(point: Point, value: float | None) -> str:
    """A limit turned back from the quantity's own unit into the point's unit."""
    if value is None:
        return ""
    factor, offset = quantities.conversion(point.unit, point.quantity)
    number = (value - offset) / factor
    exact = (text for text in _spellings(number) if factor * float(text) + offset == value)
    return next(exact, repr(number))


def ledger_csv(entries: tuple[ledger_file.Entry, ...]) -> str:
    """The ledger as the text of ``ledger.csv``."""
    rows = [{c: _cell(getattr(entry, c)) for c in ledger_file.COLUMNS} for entry in entries]
    return _csv_text(list(ledger_file.COLUMNS), rows)


def _cell(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _csv_text(columns: list[str], rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
