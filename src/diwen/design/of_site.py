"""A site file as the input of sizing: what is there, what is missing, what was assumed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.efficiency import PlantEfficiency
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.length_uncertainty import InputSpread
from diwen.design.load_file import read_load_file
from diwen.design.site_efficiency import efficiency_of_site
from diwen.design.site_limits import limits_of_site
from diwen.design.site_resistance import core_of_site, resistance_of_site
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.borefield import Borefield
from diwen.sources.borefield.boreholes import Boreholes

_FILE = "site.toml"
_NO_FIELD = Text("the site has no bore field", "项目没有地埋管孔群")
_ADD_FIELD = Text('add a source with type = "borefield"', '请增加 type = "borefield" 的热源')
_WHICH = Text("the site has several bore fields", "项目有多个地埋管孔群")
_NAME_IT = Text("name one with --source: {names}", "请用 --source 指定：{names}")
_NOT_THERE = Text("there is no bore field of this name", "没有该名称的孔群")
_MISSING = Text("sizing needs it", "确定孔深需要此项")
_ADD = Text("add {what}", "请补充 {what}")
_LAYERS = Text(
    "layers do not reach the depth of the boreholes: the lowest one is continued to {depth} m",
    "地层资料不及钻孔深度：最下层延续至 {depth} m",
)
_CONTINUED = Text("describe the ground down to the boreholes' end", "请补充至孔底的地层资料")
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
_YEARS = Text("the load files have different numbers of years", "各负荷文件年数不同")
_SAME_YEARS = Text("give the same years in all", "请统一年数")


@dataclass(frozen=True, eq=False)
class SizingInput:
    """Everything that sizing a field of a site needs.

    Attributes
    ----------
    source : id of the bore field
    field : the field; its mean length is the planned one
    load : of the ground, or of the building
    efficiency : of the heat pumps; None for a load of the ground
    limits : of the fluid
    limit_sources : where each limit comes from
    years : planned life
    spread : standard uncertainties given in the site file
    spread_missing : inputs whose uncertainty the site file does not give
    notes : what was assumed, as warnings
    """

    source: str
    field: BoreField
    load: HourlyGroundLoad | HourlyBuildingLoad
    efficiency: PlantEfficiency | None
    limits: TemperatureLimits
    limit_sources: tuple[Text, ...]
    years: int
    spread: InputSpread
    spread_missing: tuple[str, ...]
    notes: tuple[Problem, ...] = ()


def sizing_input(site: Site, source: str = "", *, day: date | None = None) -> SizingInput:
    """What a site gives for sizing one of its bore fields.

    Parameters
    ----------
    site : the site
    source : id of the bore field; may be left out where there is only one
    day : on which the rules are asked; today if not given

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    name, given = _source(site, source)
    problems: list[Problem] = []
    boreholes = boreholes_of_site(site, name)
    conductivity, capacity = _ground(site, boreholes, problems)
    temperature = _undisturbed(site, boreholes, problems)
    load = _load(site, problems)
    building = isinstance(load, HourlyBuildingLoad)
    plant = efficiency_of_site(site, name, load, problems) if building else None
    limits, limit_sources = limits_of_site(site, name, given, load, day or date.today(), problems)
    lowest = limits.minimum if limits is not None else None
    resistance, rate = resistance_of_site(
        site, name, given, boreholes, conductivity, lowest, problems
    )
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or load is None or limits is None or conductivity is None or capacity is None:
        raise InputError(problems)
    assert temperature is not None
    assert resistance is not None
    if rate is None:
        limits = TemperatureLimits(limits.minimum, limits.maximum, "mean", "mean")
    core = core_of_site(site, name, given, boreholes, conductivity)
    spread, unknown = _spread(site, given)
    return SizingInput(
        name,
        BoreField(boreholes, conductivity, capacity, temperature, resistance, rate, core),
        load,
        plant,
        limits,
        limit_sources,
        math.ceil(site.operation.planned_years),
        spread,
        unknown,
        tuple(problems),
    )


def boreholes_of_site(site: Site, source: str) -> Boreholes:
    """The boreholes of a bore field of a site as arrays."""
    names = ("x", "y", "length", "buried_depth", "radius", "tilt", "orientation")
    positions = site.boreholes(source)
    return Boreholes.of(*([getattr(hole, name) for hole in positions] for name in names))


def missing(where: str, what: str) -> Problem:
    """Something that the site file does not give."""
    return Problem(_FILE, where, _MISSING, _ADD.format(what=what))


def _source(site: Site, source: str) -> tuple[str, Borefield]:
    fields = {name: item for name, item in site.sources.items() if isinstance(item, Borefield)}
    names = ", ".join(fields)
    if not fields:
        raise InputError([Problem(_FILE, "sources", _NO_FIELD, _ADD_FIELD)])
    if source and source not in fields:
        cure = _NAME_IT.format(names=names)
        raise InputError([Problem("diwen size", "--source", _NOT_THERE, cure, source)])
    if not source and len(fields) > 1:
        raise InputError([Problem(_FILE, "sources", _WHICH, _NAME_IT.format(names=names))])
    name = source or next(iter(fields))
    return name, fields[name]


def _ground(
    site: Site, boreholes: Boreholes, problems: list[Problem]
) -> tuple[float | None, float | None]:
    """Mean conductivity, W/(m·K), and heat capacity, J/(m³·K), along the boreholes."""
    layers = site.ground.layers
    if not layers:
        problems.append(missing("ground.layers", "[[ground.layers]] conductivity, heat_capacity"))
        return None, None
    top = float(boreholes.buried_depth.mean())
    end = top + float((boreholes.length * np.cos(boreholes.tilt)).mean())
    bottoms = np.array([layer.bottom for layer in layers])
    if bottoms[-1] < end - 0.5:
        where, shown = "ground.layers", f"{bottoms[-1]:g} m"
        message = _LAYERS.format(depth=f"{end:.0f}")
        problems.append(Problem(_FILE, where, message, _CONTINUED, shown, severity="warning"))
        bottoms[-1] = end
    tops = np.array([layer.top for layer in layers])
    share = np.clip(np.minimum(bottoms, end) - np.maximum(tops, top), 0.0, None)
    share /= share.sum()
    means: list[float | None] = []
    for name in ("conductivity", "heat_capacity"):
        values = [getattr(layer, name) for layer in layers]
        lacking = [i for i, value in enumerate(values) if value is None and share[i] > 0.0]
        problems += [missing(f"ground.layers[{i}].{name}", name) for i in lacking]
        known = [0.0 if value is None else value for value in values]
        means.append(None if lacking else float(share @ np.array(known)))
    return means[0], means[1]


def _undisturbed(
    site: Site, boreholes: Boreholes, problems: list[Problem]
) -> float | Callable[[float], float] | None:
    """Mean undisturbed temperature along the boreholes, °C; over the length with a gradient."""
    ground = site.ground
    planned, top = boreholes.mean_length, float(boreholes.buried_depth.mean())
    gradient = ground.gradient or 0.0
    slope = 0.5 * gradient * float(np.cos(boreholes.tilt).mean())
    if ground.undisturbed_temperature is not None:
        known = ground.undisturbed_temperature
        if not slope:
            return known
        return lambda length: known + slope * (length - planned)
    if ground.surface_temperature_mean is not None and ground.gradient is not None:
        surface = ground.surface_temperature_mean
        return lambda length: surface + gradient * top + slope * length
    problems.append(missing("ground.undisturbed_temperature", "undisturbed_temperature"))
    return None


def _load(site: Site, problems: list[Problem]) -> HourlyGroundLoad | HourlyBuildingLoad | None:
    """The sum of the hourly load files."""
    buildings: list[HourlyBuildingLoad] = []
    grounds: list[HourlyGroundLoad] = []
    for name, item in site.loads.items():
        where = f"loads.{name}.hourly_file"
        if not item.hourly_file:
            if any((item.heating_demand, item.cooling_demand, item.daily_volume)):
                problem = Problem(_FILE, where, _PART_ONLY, _GIVE_PROFILE, severity="warning")
                problems.append(problem)
            continue
        try:
            read = read_load_file(site.folder / item.hourly_file)
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
    if any(problem.severity == "error" and problem.file != _FILE for problem in problems):
        return None
    if not buildings and not grounds:
        problems.append(Problem(_FILE, "loads", _NO_PROFILE, _GIVE_PROFILE))
        return None
    if buildings and grounds:
        problems.append(Problem(_FILE, "loads", _BOTH_SIDES, _ONE_SIDE))
        return None
    if len({load.years for load in buildings} | {load.years for load in grounds}) > 1:
        problems.append(Problem(_FILE, "loads", _YEARS, _SAME_YEARS))
        return None
    if grounds:
        return HourlyGroundLoad.of(np.sum([load.power for load in grounds], axis=0))
    return HourlyBuildingLoad.of(
        *(np.sum([getattr(load, kind) for load in buildings], axis=0)
          for kind in ("heating", "cooling", "hot_water"))
    )  # fmt: skip


def _spread(site: Site, given: Borefield) -> tuple[InputSpread, tuple[str, ...]]:
    """Standard uncertainties (k = 1) that the file gives as expanded ones (k = 2)."""
    layers = [layer for layer in site.ground.layers if layer.conductivity_uncertainty is not None]
    thickness = np.array([layer.bottom - layer.top for layer in layers])
    parts = np.array([layer.conductivity_uncertainty for layer in layers], float)
    conductivity = 0.5 * float(thickness @ parts / thickness.sum()) if layers else 0.0
    bore = given.borehole
    resistance = 0.0
    if bore.thermal_resistance and bore.thermal_resistance_uncertainty:
        resistance = 0.5 * bore.thermal_resistance_uncertainty / bore.thermal_resistance
    temperature = 0.5 * (site.ground.undisturbed_temperature_uncertainty or 0.0)
    spread = InputSpread(conductivity, resistance, temperature, 0.0)
    names = ("conductivity", "resistance", "undisturbed_temperature", "load")
    return spread, tuple(name for name in names if not getattr(spread, name))
