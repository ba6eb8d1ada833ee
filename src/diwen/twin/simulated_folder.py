"""A simulation as a site folder: the same site, with points and telemetry of origin ``simulated``.

Everything that reads a site folder (checks, evaluation, reports, pages) works on it unchanged. It
is written beside its place and renamed, so that a folder is whole or not there; a folder that holds
anything measured is never touched.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.twin.summary_modes import by_point

if TYPE_CHECKING:
    from diwen.site import Point, Site
    from diwen.twin.simulated_telemetry import SimulatedRecord
    from diwen.twin.site_simulation import SiteSimulation

ACCOUNT = "simulation.json"
"""What was simulated, as plain data, inside the folder; it marks the folder as simulated."""

_COMMAND = "diwen simulate"
_EXISTS = Text("the folder is there already", "文件夹已存在")
_OTHER = Text(
    "name another folder; a simulated one is replaced with --replace",
    "请另选文件夹；模拟生成的文件夹可用 --replace 替换",
)
_NOT_OURS = Text(
    "the folder is not one that a simulation wrote: it is not replaced",
    "该文件夹不是模拟生成的，不予替换",
)
_OTHER_FOLDER = Text("name another folder", "请另选文件夹")
_INSIDE = Text(
    "a simulation is not written into, or around, the site that it simulates",
    "模拟结果不得写入其所模拟的项目文件夹，也不得包含该文件夹",
)
_NO_PARENT = Text("the folder above it does not exist", "上一级文件夹不存在")
_MAKE_PARENT = Text("make it first", "请先建立上一级文件夹")
_NOTHING_KEPT = Text("no year was kept step by step", "没有保存任何逐步结果")
_KEEP = Text('simulate with keep = "all" or "last"', '模拟时请取 keep = "all" 或 "last"')
_NO_SERIES = Text("none of the points can be simulated", "没有任何测点可以模拟")
_STANDARD = Text('simulate with points = "standard"', '模拟时请取 points = "standard"')
_NAME = Text("{name} (simulated)", "{name}（模拟）")
_DESCRIPTION = Text(
    "SIMULATED by the twin from {since}, {years} year(s), steps of {step:g} s; nothing here is "
    "measured. {description}",
    "数字孪生模拟数据：自 {since} 起 {years} 年，步长 {step:g} s；均非实测。{description}",
)


@dataclass(frozen=True, eq=False)
class WrittenSite:
    """What was written.

    Attributes
    ----------
    folder : the new site folder
    records : number of records
    points : ids of the points with records
    missing : id of a point of the site that is not simulated -> why
    """

    folder: Path
    records: int
    points: tuple[str, ...]
    missing: dict[str, Text]


def write_simulated_site(
    simulation: SiteSimulation,
    folder: str | Path,
    *,
    replace: bool = False,
    done: Callable[[str, int], None] | None = None,
) -> WrittenSite:
    """Write a simulation as a complete new site folder.

    Parameters
    ----------
    simulation : with years kept step by step
    folder : to write; it must not be there
    replace : a folder that a simulation wrote, and that holds nothing measured, is replaced
    done : called after each month of telemetry with its name and the number of records

    Raises
    ------
    diwen.problems.InputError : the folder is there, or nothing can be written
    """
    folder = Path(folder)
    check_target(simulation.site, folder, replace)
    record = _record(simulation)
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        records = _write(simulation, record, beside, done)
        _into_place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    ids = tuple(one.point.id for one in record.series)
    return WrittenSite(folder, records, ids, record.missing)


def check_target(site: Site, folder: Path, replace: bool = False) -> None:
    """Refuse a folder into which a simulation must not be written.

    Raises
    ------
    diwen.problems.InputError : it is there and not a simulated one, holds the site, or the folder
        above is not there
    """
    shown = str(folder)
    own, target = site.folder.resolve(), folder.resolve()
    if target == own or own.is_relative_to(target) or target.is_relative_to(own):
        raise InputError([Problem(_COMMAND, shown, _INSIDE, _OTHER_FOLDER)])
    if not folder.parent.is_dir():
        raise InputError([Problem(_COMMAND, shown, _NO_PARENT, _MAKE_PARENT)])
    if not folder.exists() and not folder.is_symlink():
        return
    if not replace:
        raise InputError([Problem(_COMMAND, shown, _EXISTS, _OTHER)])
    if folder.is_symlink() or not is_simulated(folder):
        raise InputError([Problem(_COMMAND, shown, _NOT_OURS, _OTHER_FOLDER)])


def is_simulated(folder: Path) -> bool:
    """Whether a folder was written by a simulation and no record in it is measured."""
    from diwen.telemetry import manifest
    from diwen.telemetry.records import ORIGINS

    try:
        account = json.loads((folder / ACCOUNT).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(account, dict) or account.get("simulated") is not True:
        return False
    found = manifest.read(folder / "telemetry")
    only = 1 << ORIGINS.index("simulated")
    spans = [span for part in found.parts.values() for span in part.points.values()]
    return not found.damaged and all(span.origins == only for span in spans)


def _record(simulation: SiteSimulation) -> SimulatedRecord:
    if not simulation.courses:
        raise InputError([Problem(_COMMAND, "keep", _NOTHING_KEPT, _KEEP)])
    record = simulation.record()
    if not record.series:
        raise InputError([Problem(_COMMAND, "points", _NO_SERIES, _STANDARD)])
    return record


def _write(
    simulation: SiteSimulation,
    record: SimulatedRecord,
    folder: Path,
    done: Callable[[str, int], None] | None,
) -> int:
    """The whole folder; returns the number of records."""
    from diwen.site.reading import read
    from diwen.site.writing import write
    from diwen.telemetry.simulated import store_simulated

    write(simulated_site(simulation, tuple(one.point for one in record.series)), folder)
    account = simulation.as_dict() | {
        "site": simulation.site.id,
        "missing": {id: {"en": why.en, "zh": why.zh} for id, why in record.missing.items()},
    }
    text = json.dumps(account, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / ACCOUNT).write_text(text + "\n", encoding="utf-8")
    series = {one.point.id: (one.time, one.value) for one in record.series}
    short: dict[str, Any] = {name: account[name] for name in (
        "since", "step", "scenario", "deviations", "sensors")}  # fmt: skip
    return store_simulated(read(folder), series, short, done).added


def simulated_site(simulation: SiteSimulation, points: tuple[Point, ...]) -> Site:
    """The site as its simulated folder describes it: named so, with the points that have records.

    Where the site gives no season, its mode is what the mode point says. Nothing measured goes
    along: no records, no samples, no ledger.
    """
    site = simulation.site
    own = site.site
    name = _NAME.format(name=own.name)
    described = _DESCRIPTION.format(
        since=simulation.since.isoformat(), years=len(simulation.courses), step=simulation.step,
        description=own.description,
    )  # fmt: skip
    identity = own.model_copy(update={
        "name_en": name.en, "name_zh": name.zh, "illustrative": True,
        "description_en": described.en.strip(), "description_zh": described.zh.strip(),
    })  # fmt: skip
    update: dict[str, Any] = {
        "site": identity, "points": points, "ledger": (), "records": (), "samples": (),
    }  # fmt: skip
    if by_point(site):
        update["operation"] = site.operation.model_copy(update={"mode": "point"})
    return site.model_copy(update=update)


def _into_place(beside: Path, folder: Path) -> None:
    """Rename the finished folder into its place; an old one goes only when the new one stands."""
    if not folder.exists():
        os.replace(beside, folder)
        return
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    shutil.rmtree(old, ignore_errors=True)
    os.replace(folder, old)
    try:
        os.replace(beside, folder)
    except OSError:
        os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
