"""Every load of a site as an hourly series, by the best that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.loads.calendar import HOURS_PER_YEAR
from diwen.loads.load_series import LoadKind, LoadSeries
from diwen.problems import InputError, Problem, any_error
from diwen.site.building_load import building_series
from diwen.site.consumer_load import hot_water_series, other_series, pool_series
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site

if TYPE_CHECKING:
    from diwen.loads.load_file import LoadColumns
    from diwen.loads.weather import Weather

Floats = NDArray[np.float64]

_BUILDERS = {
    "building": building_series,
    "hot_water": hot_water_series,
    "pool": pool_series,
    "snow_melting": other_series,
    "process": other_series,
    "other": other_series,
}
_KINDS: dict[str, LoadKind] = {
    "hot_water": "hot_water", "pool": "pool", "snow_melting": "process", "process": "process",
    "other": "process",
}  # fmt: skip

_OF_GROUND = Text(
    "the file holds loads of the ground: a plant cannot be run with them",
    "该文件为地源侧负荷，无法据此模拟机房",
)
_GIVE_BUILDING = Text("give a file with the loads of the building: Heating (kW), Cooling (kW)",
                      "请提供建筑侧负荷文件：热负荷（kW）、冷负荷（kW）")  # fmt: skip
_EMPTY = Text("nothing is known of what this load asks for", "该负荷没有任何可用数据")
_GIVE = Text(
    "give one of: hourly_file, heat_loss and balance_temperature, envelope and area, "
    "heating_demand, heating_design_load, area",
    "请给出其一：hourly_file；heat_loss 与 balance_temperature；envelope 与 area；heating_demand；"
    "heating_design_load；area",
)
_YEARS = Text(
    "{file} years of loads do not fit {weather} years", "{file} 年负荷与 {weather} 年不匹配"
)
_ONE_YEAR = Text("give one year, or as many as the weather has: see weather.years",
                 "请给出一年或与气象同样多的年份，见 weather.years")  # fmt: skip
_REPEATED = Text("{count} year(s) of the file are repeated", "文件中的 {count} 年重复使用")
_AS_FILED = Text("values of the file {file}", "取自文件 {file}")
_SHARE_NOT = Text("served_share is not applied to values of a file",
                  "文件中的数值不再乘以 served_share")  # fmt: skip
_WARNED = Text("{value}: {message}", "{value}：{message}")


def loads_of_site(site: Site, weather: Weather | None = None) -> dict[str, tuple[LoadSeries, ...]]:
    """The hourly loads of every consumer of a site, in the order of the file.

    Parameters
    ----------
    site : the site
    weather : what :func:`diwen.site.weather_of_site.weather_of_site` gives; None: none is known

    Returns
    -------
    dict : by id of the load, one series for each kind of load that it has (heating, cooling,
        hot water...), all of the same whole number of years; W by hour

    Raises
    ------
    diwen.problems.InputError : with everything that is missing or wrong in all loads
    """
    problems: list[Problem] = []
    found = {name: _of_load(site, name, weather, problems) for name in site.loads}
    found = _same_years(found, weather, problems)
    if any_error(problems):
        raise InputError(problems)
    return found


def summed(loads: Mapping[str, tuple[LoadSeries, ...]], *kinds: LoadKind) -> Floats:
    """Power of some kinds over all loads, W by hour, shape (n,); all kinds if none are named.

    Cold is counted positive as heat is: name the kinds to keep them apart.
    """
    parts = [one.power for series in loads.values() for one in series
             if not kinds or one.kind in kinds]  # fmt: skip
    if parts:
        return np.sum(parts, axis=0)
    every = [one for series in loads.values() for one in series]
    return np.zeros(len(every[0].power) if every else HOURS_PER_YEAR)


def _of_load(
    site: Site, name: str, weather: Weather | None, problems: list[Problem]
) -> tuple[LoadSeries, ...]:
    item = site.loads[name]
    if item.hourly_file:
        return _of_file(site, name, problems)
    before = len(problems)
    series = _BUILDERS[item.kind](site, name, weather, problems)
    if not series and len(problems) == before and not _is_zero(site, name):
        problems.append(Problem(SITE_FILE, f"loads.{name}", _EMPTY, _GIVE))
    return series


def _is_zero(site: Site, name: str) -> bool:
    """Whether the site says itself that nothing is asked for."""
    item = site.loads[name]
    said = [item.heating_design_load, item.cooling_design_load, item.heating_demand,
            item.cooling_demand, item.heat_loss]  # fmt: skip
    given = [value for value in said if value is not None]
    return bool(given) and not any(given)


def _of_file(site: Site, name: str, problems: list[Problem]) -> tuple[LoadSeries, ...]:
    from diwen.loads.load_file import read_load_columns

    item = site.loads[name]
    try:
        read = read_load_columns(
            site.folder / item.hourly_file, step=item.hourly_file_step,
            hot_water_alone=item.kind == "hot_water",
        )  # fmt: skip
    except InputError as error:
        problems += error.problems
        return ()
    if read.of_ground:
        where = f"loads.{name}.hourly_file"
        problems.append(Problem(SITE_FILE, where, _OF_GROUND, _GIVE_BUILDING, item.hourly_file))
        return ()
    notes = [_AS_FILED.format(file=item.hourly_file)]
    notes += [_SHARE_NOT] if item.served_share != 1.0 else []
    notes += [_WARNED.format(value=one.value, message=one.message) for one in read.warnings]
    kinds = _by_kind(read, _KINDS.get(item.kind))
    return tuple(
        LoadSeries(name, kind, power, origin="given", notes=tuple(notes))
        for kind, power in kinds.items()
        if power.any()
    )


def _by_kind(read: LoadColumns, kind: LoadKind | None) -> dict[LoadKind, Floats]:
    """Columns by kind of load; all heat of a consumer that is no building is of its own kind."""
    columns = read.columns
    if kind is None:
        known: tuple[LoadKind, ...] = ("heating", "cooling", "hot_water")
        return {one: columns[one] for one in known if one in columns}
    heat = [columns[one] for one in ("heating", "hot_water") if one in columns]
    found: dict[LoadKind, Floats] = {kind: np.sum(heat, axis=0)} if heat else {}
    return found | ({"cooling": columns["cooling"]} if "cooling" in columns else {})


def _same_years(
    found: dict[str, tuple[LoadSeries, ...]], weather: Weather | None, problems: list[Problem]
) -> dict[str, tuple[LoadSeries, ...]]:
    """All series repeated to the same number of years."""
    lengths = [len(one.power) for series in found.values() for one in series]
    lengths += [] if weather is None else [len(weather.dry_bulb)]
    longest = max(lengths, default=0)
    whole: dict[str, tuple[LoadSeries, ...]] = {}
    for name, series in found.items():
        kept = []
        for one in series:
            times, rest = divmod(longest, len(one.power))
            years = len(one.power) // HOURS_PER_YEAR
            if rest or (weather is not None and longest > len(weather.dry_bulb)):
                count = len(weather.dry_bulb) if weather is not None and not rest else longest
                message = _YEARS.format(file=years, weather=count // HOURS_PER_YEAR)
                problems.append(Problem(SITE_FILE, f"loads.{name}", message, _ONE_YEAR))
                break
            if times > 1:
                note = _REPEATED.format(count=years)
                power = np.tile(one.power, times)
                one = replace(one, power=power, notes=(*one.notes, note))
            kept.append(one)
        whole[name] = tuple(kept)
    return whole
