"""Files of water and air temperatures that a site names: what is wrong with them is told at read.

Only plain numbers: a site that names no such file loads nothing for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import waters as tables
from diwen.site.hourly_temperature import hourly_temperatures
from diwen.site.model import SiteFile

_SEA_FREEZES = -1.9
# How far below freezing a sensor may read in water, K.
_SENSOR = 0.5

_GAPS = Text("the file has {count} gaps", "文件有 {count} 个缺测")
_FILL = Text(
    "fill them, or add temperature_mean and temperature_amplitude as a model for them",
    "请补齐，或给出 temperature_mean 与 temperature_amplitude 作为补缺模型",
)
_FILL_AIR = Text("fill them: heat pumps on air run through every hour",
                 "请补齐：空气源机组逐时计算不得缺测")  # fmt: skip
_ICE = Text("a water below its freezing point", "水温低于冰点")
_NOT_AIR = Text("give temperatures of the water, not of the air", "请给出水温而非气温")
_AT_LEAST = Text("at least {limit} °C", "不低于 {limit} °C")

Water = (
    tables.SurfaceWater
    | tables.Sewage
    | tables.ReclaimedWater
    | tables.MineWater
    | tables.WasteHeat
)


def check_temperature_files(site: SiteFile, folder: Path, problems: list[Problem]) -> None:
    """Open every file of temperatures that a source names; what is wrong is appended.

    Files that are not there, or lie outside the folder, are told elsewhere.
    """
    for source in getattr(site, "sources", {}).values():
        if not isinstance(source, Water | tables.Air):
            continue
        file = source.weather_file if isinstance(source, tables.Air) else source.temperature_file
        path = (folder / file).resolve()
        if not file or not path.is_relative_to(folder.resolve()) or not path.is_file():
            continue
        if isinstance(source, tables.Air):
            air_temperatures(source, folder, problems)
        else:
            water_temperatures(source, folder, problems)


def water_temperatures(given: Water, folder: Path, problems: list[Problem]) -> list[float] | None:
    """Hourly temperatures of a water from its file, °C, nan in gaps; None, with problems.

    Gaps are a problem where no mean temperature stands in for them.
    """
    values = _values(folder / given.temperature_file, problems)
    if values is None:
        return None
    coldest = min((value for value in values if not math.isnan(value)), default=math.inf)
    least = freezing_point(given) - _SENSOR
    if coldest < least:
        limit = _AT_LEAST.format(limit=f"{least:g}")
        file = given.temperature_file
        problems.append(Problem(file, "", _ICE, _NOT_AIR, f"{coldest:g} °C", limit))
        return None
    if given.temperature_mean is None:
        _say_gaps(given.temperature_file, values, _FILL, problems)
    return values


def air_temperatures(
    given: tables.Air, folder: Path, problems: list[Problem]
) -> list[float] | None:
    """Hourly temperatures of the air from its file, °C; None, with problems."""
    values = _values(folder / given.weather_file, problems)
    if values is not None:
        _say_gaps(given.weather_file, values, _FILL_AIR, problems)
    return values


def freezing_point(given: Water) -> float:
    """Of the water, °C."""
    sea = isinstance(given, tables.SurfaceWater) and given.body == "sea"
    return _SEA_FREEZES if sea else 0.0


def _values(path: Path, problems: list[Problem]) -> list[float] | None:
    try:
        return hourly_temperatures(path)
    except InputError as error:
        problems += error.problems
        return None


def _say_gaps(file: str, values: Sequence[float], cure: Text, problems: list[Problem]) -> None:
    gaps = sum(math.isnan(value) for value in values)
    if gaps:
        problems.append(Problem(file, "", _GAPS.format(count=gaps), cure))
