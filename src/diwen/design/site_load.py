"""The loads of a site, hour by hour, summed up."""

from __future__ import annotations

import numpy as np

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.load_file import read_load_file
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.missing_values import SITE_FILE

_NO_PROFILE = Text(
    "no load has an hourly profile: a yearly demand or a design load alone does not say when heat "
    "is needed, and the length depends on it",
    "没有逐时负荷：仅有全年需求量或设计负荷无法说明何时用热，而孔深取决于此",
)
_GIVE_PROFILE = Text(
    'name a CSV file with 8760 hourly values: hourly_file = "load.csv" '
    "(columns heating and cooling)",
    '请给出含 8760 个逐时值的 CSV 文件：hourly_file = "load.csv"（热负荷、冷负荷两列）',
)
_PART_ONLY = Text("this load has no hourly profile and is left out", "该负荷无逐时数据，未计入")
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


def load_of_site(
    site: Site, problems: list[Problem]
) -> HourlyGroundLoad | HourlyBuildingLoad | None:
    """The sum of the hourly load files, whatever source serves them.

    Parameters
    ----------
    site : the site
    problems : what is missing or doubtful is added to it

    Returns
    -------
    of the building or of the ground, as the files say; None where there is none to use
    """
    buildings: list[HourlyBuildingLoad] = []
    grounds: list[HourlyGroundLoad] = []
    for name, item in site.loads.items():
        where = f"loads.{name}.hourly_file"
        if not item.hourly_file:
            if any((item.heating_demand, item.cooling_demand, item.daily_volume)):
                problem = Problem(SITE_FILE, where, _PART_ONLY, _GIVE_PROFILE, severity="warning")
                problems.append(problem)
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
    if any(problem.severity == "error" and problem.file != SITE_FILE for problem in problems):
        return None
    if not buildings and not grounds:
        problems.append(Problem(SITE_FILE, "loads", _NO_PROFILE, _GIVE_PROFILE))
        return None
    if buildings and grounds:
        problems.append(Problem(SITE_FILE, "loads", _BOTH_SIDES, _ONE_SIDE))
        return None
    if len({load.years for load in buildings} | {load.years for load in grounds}) > 1:
        problems.append(Problem(SITE_FILE, "loads", _YEARS, _SAME_YEARS))
        return None
    parts = [load.power for load in grounds]
    parts += [one for load in buildings for one in (load.heating, load.cooling, load.hot_water)]
    if not any(part.any() for part in parts):
        problems.append(Problem(SITE_FILE, "loads", _NO_LOAD, _CHECK_LOAD))
        return None
    if grounds:
        return HourlyGroundLoad.of(np.sum([load.power for load in grounds], axis=0))
    return HourlyBuildingLoad.of(
        *(np.sum([getattr(load, kind) for load in buildings], axis=0)
          for kind in ("heating", "cooling", "hot_water"))
    )  # fmt: skip
