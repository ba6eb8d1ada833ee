"""The loads of a site, hour by hour, summed up: from files, and computed where there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import HOURS_PER_YEAR
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.load_file import read_load_file
from diwen.language import Text
from diwen.loads.load_series import LoadSeries
from diwen.problems import InputError, Problem, any_error
from diwen.site import Site
from diwen.site.missing_values import SITE_FILE

Floats = NDArray[np.float64]

_NO_LOADS = Text("the site has no load: the length depends on it", "项目没有负荷，而孔深取决于此")
_GIVE_PROFILE = Text(
    'name a CSV file with 8760 hourly values: hourly_file = "load.csv" '
    "(columns heating and cooling)",
    '请给出含 8760 个逐时值的 CSV 文件：hourly_file = "load.csv"（热负荷、冷负荷两列）',
)
_COMPUTED = Text(
    "this load is computed hour by hour{index}, not read from a file: good for a first study. "
    "{notes}",
    "该负荷为逐时计算值{index}，并非取自负荷文件，仅用于方案阶段。{notes}",
)
_BY_INDEX = Text(" from an index per floor area", "（按单位面积指标）")
_FOR_DESIGN = Text(
    'for the design give the hourly calculation of the building: hourly_file = "load.csv"',
    '设计阶段请给出建筑逐时负荷计算结果：hourly_file = "load.csv"',
)
_BACKED = Text(
    "boilers and chillers are not counted: the whole computed load is put on the source, which "
    "makes it too large",
    "未计锅炉与冷水机组的分担：计算负荷全部由热源承担，结果偏大",
)
_SHARE = Text("judge the planned size by diwen simulate or diwen design-report",
              "请用 diwen simulate 或 diwen design-report 评判规划规格")  # fmt: skip
_LEFT_OUT = Text("this load is left out: {message}", "该负荷未计入：{message}")
_PART_ONLY = Text(
    "the load files hold loads of the ground: this load of a building is left out",
    "负荷文件为地源侧负荷，该建筑负荷未计入",
)
_BOTH_SIDES = Text(
    "some load files hold loads of the ground, others of the building",
    "有的负荷文件为地源侧负荷，有的为建筑负荷",
)
_ONE_SIDE = Text("give all of one kind", "请统一为同一种")
_NO_LOAD = Text("all loads are zero in every hour: there is nothing to size",
                "所有负荷逐时均为零：无需计算孔深")  # fmt: skip
_CHECK_LOAD = Text("check columns and units of the load files", "请检查负荷文件的列与单位")
_YEARS = Text("the load files have different numbers of years", "各负荷文件年数不同")
_SAME_YEARS = Text("give the same years in all", "请统一年数")
_WEATHER_YEARS = Text(
    "{filed} years of load files do not fit {computed} years of weather",
    "负荷文件 {filed} 年与气象 {computed} 年不匹配",
)
_ONE_YEAR = Text('take one year: weather.scenario = "typical"',
                 '请取一年：weather.scenario = "typical"')  # fmt: skip


def load_of_site(
    site: Site, problems: list[Problem]
) -> HourlyGroundLoad | HourlyBuildingLoad | None:
    """The sum of the hourly loads, whatever source serves them.

    A load with a file is read from it. Any other load of a building, hot water, pool or process is
    computed as the twin does (:func:`diwen.site.load_series.loads_of_site`) and said to be so.

    Parameters
    ----------
    site : the site
    problems : what is missing or doubtful is added to it

    Returns
    -------
    of the building or of the ground, as the files say; None where there is none to use
    """
    buildings, grounds = _filed(site, problems)
    if any(problem.severity == "error" and problem.file != SITE_FILE for problem in problems):
        return None
    if buildings and grounds:
        problems.append(Problem(SITE_FILE, "loads", _BOTH_SIDES, _ONE_SIDE))
        return None
    if len({load.years for load in buildings} | {load.years for load in grounds}) > 1:
        problems.append(Problem(SITE_FILE, "loads", _YEARS, _SAME_YEARS))
        return None
    if grounds:
        problems += [
            Problem(SITE_FILE, f"loads.{name}", _PART_ONLY, _ONE_SIDE, severity="warning")
            for name, item in site.loads.items()
            if any((item.heating_demand, item.cooling_demand, item.daily_volume))
            and not item.hourly_file
        ]
        power = np.sum([load.power for load in grounds], axis=0)
        return HourlyGroundLoad.of(power) if _asked([power], problems) else None
    before = len(problems)
    buildings += _computed(site, bool(buildings), problems)
    if not buildings:
        if not any_error(problems[before:]):
            message = _NO_LOAD if site.loads else _NO_LOADS
            problems.append(Problem(SITE_FILE, "loads", message, _GIVE_PROFILE))
        return None
    return _sum(buildings, problems)


def _filed(
    site: Site, problems: list[Problem]
) -> tuple[list[HourlyBuildingLoad], list[HourlyGroundLoad]]:
    """What the load files hold: of buildings, of the ground."""
    buildings: list[HourlyBuildingLoad] = []
    grounds: list[HourlyGroundLoad] = []
    for item in site.loads.values():
        if not item.hourly_file:
            continue
        try:
            read = read_load_file(site.folder / item.hourly_file, step=item.hourly_file_step)
        except InputError as error:
            problems += error.problems
            continue
        problems += read.warnings
        if isinstance(read.load, HourlyGroundLoad):
            grounds.append(read.load)
        elif item.kind == "hot_water":
            none = np.zeros_like(read.load.heating)
            water = read.load.heating + read.load.hot_water
            buildings.append(HourlyBuildingLoad.of(none, read.load.cooling, water))
        else:
            buildings.append(read.load)
    return buildings, grounds


def _computed(site: Site, filed: bool, problems: list[Problem]) -> list[HourlyBuildingLoad]:
    """Loads without a file, computed; what cannot be is an error, or left out beside a file."""
    from diwen.site.load_series import loads_of_site
    from diwen.site.weather_of_site import weather_of_site

    rest = {name: item for name, item in site.loads.items() if not item.hourly_file}
    if not rest:
        return []
    try:
        weather = weather_of_site(site)
        found = loads_of_site(site.model_copy(update={"loads": rest}), weather)
    except InputError as error:
        problems += [_beside_a_file(one) for one in error.problems] if filed else error.problems
        return []
    series = [one for own in found.values() for one in own]
    problems += [_origin(one) for one in series]
    if series and (site.boilers or site.chillers):
        problems.append(Problem(SITE_FILE, "loads", _BACKED, _SHARE, severity="warning"))
    return [_building(one) for one in series]


def _beside_a_file(problem: Problem) -> Problem:
    if problem.severity == "warning":
        return problem
    message = _LEFT_OUT.format(message=problem.message)
    return replace(problem, message=message, severity="warning")


def _origin(series: LoadSeries) -> Problem:
    """Where a computed load comes from."""
    index = _BY_INDEX if series.origin == "index" else ""
    told = Text(
        "; ".join(dict.fromkeys(note.en for note in series.notes)),
        "；".join(dict.fromkeys(note.zh for note in series.notes)),
    )
    message = _COMPUTED.format(index=index, notes=told)
    return Problem(
        SITE_FILE, f"loads.{series.name}.{series.kind}", message, _FOR_DESIGN, severity="warning"
    )


def _building(series: LoadSeries) -> HourlyBuildingLoad:
    """A computed load; heat of a pool or process counts as heating."""
    none = np.zeros_like(series.power)
    if series.kind == "cooling":
        return HourlyBuildingLoad.of(none, series.power)
    if series.kind == "hot_water":
        return HourlyBuildingLoad.of(none, none, series.power)
    return HourlyBuildingLoad.of(series.power, none)


def _sum(loads: list[HourlyBuildingLoad], problems: list[Problem]) -> HourlyBuildingLoad | None:
    """All loads together, those of fewer years repeated."""
    years = sorted({load.years for load in loads})
    if any(years[-1] % count for count in years):
        message = _WEATHER_YEARS.format(filed=years[0], computed=years[-1])
        problems.append(Problem(SITE_FILE, "loads", message, _ONE_YEAR))
        return None
    hours = years[-1] * HOURS_PER_YEAR
    parts = [
        np.sum([np.resize(getattr(load, kind), hours) for load in loads], axis=0)
        for kind in ("heating", "cooling", "hot_water")
    ]
    return HourlyBuildingLoad.of(*parts) if _asked(parts, problems) else None


def _asked(parts: list[Floats], problems: list[Problem]) -> bool:
    """Whether any hour asks for anything."""
    if any(part.any() for part in parts):
        return True
    problems.append(Problem(SITE_FILE, "loads", _NO_LOAD, _CHECK_LOAD))
    return False
