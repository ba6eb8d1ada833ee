"""What a run of the twin needs, out of a site: plant, sources, loads, weather on one grid of steps.

Loads and weather are hourly; shorter steps hold the value of their hour. Whatever a source has per
step of its year is brought to the steps and years of the loads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.plant.station import AIR, Station
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.sources.response.source_model import SourceModel
from diwen.twin.deviations_plant import TwinInputs

if TYPE_CHECKING:
    from diwen.loads.load_series import LoadSeries
    from diwen.loads.weather import Weather
    from diwen.site.weather_of_site import Scenario

Floats = NDArray[np.float64]
HOUR = 3600.0
HOURS = 8760
_FUNCTION = "simulate_site"
_STEP = Text("steps of this length do not fill an hour", "该步长不能整除 1 小时")
_STEP_CURE = Text("give 1 h, 30 min, 15 min, 10 min, 5 min or 1 min",
                  "请取 1 h、30 min、15 min、10 min、5 min 或 1 min")  # fmt: skip
_STEP_ALLOWED = same("1 min … 1 h")
_NO_WEATHER = Text(
    "the plant follows the outdoor temperature ({what}), and the site names no weather",
    "系统运行依赖室外温度（{what}），而项目未指定气象数据",
)
ADD_WEATHER = Text(
    'add [weather] station = "beijing-weather", or file = "weather.epw"',
    '请添加 [weather] station = "beijing-weather"，或 file = "weather.epw"',
)
_CURVE = Text("supply curve of {name}", "{name} 的气候补偿曲线")
_AIR = Text("air-source unit {name}", "空气源机组 {name}")
_BIVALENT = Text("outdoor limit of {name}", "{name} 的室外温度限值")
_UNKNOWN_AIR = Text(
    "no weather is named: the outdoor temperature is not simulated and not recorded",
    "未指定气象数据：不模拟、也不记录室外温度",
)
_NO_LOAD = Text("no load asks for anything", "没有任何负荷")
_ADD_LOAD = Text(
    "describe [loads.ID]: hourly_file, heating_design_load, heat_loss or area",
    "请填写 [loads.ID]：hourly_file、heating_design_load、heat_loss 或 area",
)
_NOT_CARRIED = Text("{kind} of {name} is carried by no loop and not simulated",
                    "{name} 的{kind}没有对应的用户侧回路，未参与模拟")  # fmt: skip
_KINDS = {
    "heating": Text("heating", "供暖"), "cooling": Text("cooling", "供冷"),
    "hot_water": Text("hot water", "生活热水"), "pool": Text("pool heat", "泳池加热"),
    "process": Text("process heat", "工艺用热"),
}  # fmt: skip
_ORIGINS = {
    "given": Text("given", "给定"), "measured": Text("measured", "实测"),
    "simulated": Text("computed by a model of the consumer", "用户负荷模型计算"),
    "index": Text("area times an index (first studies only)", "面积指标估算（仅供初步研究）"),
}  # fmt: skip
_SHARE = Text("{name}: a share of {share} of the values of its file is served in this phase",
              "{name}：本期供应其文件负荷的 {share}")  # fmt: skip
_OF_BUILDING = Text("computed by a model of the building", "建筑模型计算")
_LOAD_NOTE = Text("{name}, {kind}: {origin}", "{name} {kind}：{origin}")


@dataclass(frozen=True, eq=False)
class SiteInputs:
    """Inputs of a run of a site.

    Attributes
    ----------
    inputs : of the run
    weather_known : whether the outdoor temperature is that of a weather series
    loads : the series behind the loads of the loops, by id of the load
    notes : what was assumed on the way
    """

    inputs: TwinInputs
    weather_known: bool
    loads: dict[str, tuple[LoadSeries, ...]]
    notes: tuple[Text, ...]


def check_step(step: float) -> None:
    """Refuse a step that does not divide the hour into whole minutes.

    Raises
    ------
    diwen.problems.InputError : it does not
    """
    if not (60.0 <= step <= HOUR and abs(HOUR / step - round(HOUR / step)) < 1e-9):
        raise InputError(
            [Problem(_FUNCTION, "step", _STEP, _STEP_CURE, f"{step:g} s", _STEP_ALLOWED)]
        )


def inputs_of_site(
    site: Site,
    step: float,
    scenario: Scenario | None = None,
    file_shares: Mapping[str, float] | None = None,
    instead: Weather | None = None,
) -> SiteInputs:
    """Plant, sources, loads and weather of a site on one grid.

    Parameters
    ----------
    site : the site
    step : s, that fills an hour
    scenario : of the weather; None: that of the site
    file_shares : what is served of the loads whose values stand in a file, by id, where the phase
        of a station says so
    instead : weather to take where the site names none; None: then there is none

    Raises
    ------
    diwen.problems.InputError : with everything that is missing or impossible
    """
    from diwen.site.load_series import loads_of_site
    from diwen.site.station_builder import site_station
    from diwen.site.weather_of_site import weather_of_site

    check_step(step)
    named = weather_of_site(site, scenario)
    weather = instead if named is None else named
    built = site_station(site, weather)
    series = _shared(loads_of_site(site, weather), file_shares or {})
    per_hour = round(HOUR / step)
    notes = [*built.notes, *(weather.notes if weather is not None else ())]
    loads, lost = _loads_of_loops(built.loops, series)
    if not any(load.any() for load in loads.values()):
        raise InputError([Problem("site.toml", "loads", _NO_LOAD, _ADD_LOAD)])
    years = max(len(load) for load in loads.values()) // HOURS
    years = max(years, 1 if weather is None else weather.years)
    outdoor = _outdoor(built.station, weather, years, per_hour, notes)
    notes += lost + _load_notes(series)
    sources = {
        name: with_steps(model, years, per_hour)
        for name, model in _models(site, built.station).items()
    }
    notes += [note for model in sources.values() for note in model.notes]
    held = {
        name: np.repeat(np.resize(load, years * HOURS), per_hour) for name, load in loads.items()
    }
    inputs = TwinInputs(built.station, sources, held, outdoor, step)
    return SiteInputs(inputs, weather is not None, series, tuple(dict.fromkeys(notes)))


def _shared(
    series: dict[str, tuple[LoadSeries, ...]], shares: Mapping[str, float]
) -> dict[str, tuple[LoadSeries, ...]]:
    """The loads, of some of them a share."""
    found = dict(series)
    for name, share in shares.items():
        note = _SHARE.format(name=name, share=f"{share:g}")
        found[name] = tuple(
            replace(one, power=share * one.power, notes=(*one.notes, note))
            for one in series.get(name, ())
        )
    return found


def _models(site: Site, station: Station) -> dict[str, SourceModel]:
    """Models of the sources that the units draw on; all problems at once."""
    from diwen.site.source_builders import source_model

    found: dict[str, SourceModel] = {}
    problems: list[Problem] = []
    for loop in station.source_loops:
        try:
            found[loop.name] = source_model(site, loop.name)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _loads_of_loops(
    loops: tuple[object, ...], series: Mapping[str, tuple[LoadSeries, ...]]
) -> tuple[dict[str, Floats], list[Text]]:
    """Hourly load of every loop, W, and what no loop carries."""
    from diwen.site.station_loops import loop_for

    hours = max((len(one.power) for own in series.values() for one in own), default=HOURS)
    found = {loop.name: np.zeros(hours) for loop in loops}  # type: ignore[attr-defined]
    lost = []
    for own in series.values():
        for one in own:
            loop = loop_for(loops, one.name, one.kind)  # type: ignore[arg-type]
            if loop is None:
                lost.append(_NOT_CARRIED.format(kind=_KINDS[one.kind], name=one.name))
            else:
                found[loop.name] = found[loop.name] + np.resize(one.power, hours)
    return found, lost


def _load_notes(series: Mapping[str, tuple[LoadSeries, ...]]) -> list[Text]:
    """Where each load comes from, and what was assumed of it."""
    found = []
    for own in series.values():
        for one in own:
            of_building = one.origin == "simulated" and one.kind in ("heating", "cooling")
            origin = _OF_BUILDING if of_building else _ORIGINS[one.origin]
            found.append(_LOAD_NOTE.format(name=one.name, kind=_KINDS[one.kind], origin=origin))
            found += one.notes
    return found


def _outdoor(
    station: Station, weather: Weather | None, years: int, per_hour: int, notes: list[Text]
) -> Floats:
    """Outdoor temperature, °C, shape (years · 8760 · per_hour,)."""
    if weather is not None:
        return np.repeat(np.resize(weather.dry_bulb, years * HOURS), per_hour)
    needs = [*_needs_weather(station)]
    if needs:
        message = _NO_WEATHER.format(
            what=Text(", ".join(one.en for one in needs), "、".join(one.zh for one in needs))
        )
        raise InputError([Problem("site.toml", "weather", message, ADD_WEATHER)])
    notes.append(_UNKNOWN_AIR)
    return np.zeros(years * HOURS * per_hour)


def _needs_weather(station: Station) -> list[Text]:
    """What in a plant follows the outdoor temperature."""
    found = [_CURVE.format(name=loop.name) for loop in station.load_loops
             if np.ptp(loop.supply.supply) > 0.0]  # fmt: skip
    found += [
        (_AIR if unit.draws_on == AIR else _BIVALENT).format(name=unit.name)
        for unit in station.units
        if unit.draws_on == AIR or np.isfinite(unit.lowest_outdoor)
    ]
    found += [
        _BIVALENT.format(name=one.name)
        for one in station.backups
        if np.isfinite(one.parallel_below) or np.isfinite(one.alone_below)
    ]
    return found


def with_steps(model: SourceModel, years: int, per_hour: int) -> SourceModel:
    """A source whose values per hour of one year stand on the steps of several years."""
    if years == per_hour == 1:
        return model

    def on_steps(value: Any) -> Any:
        if value is None or np.ndim(value) == 0:
            return value
        hourly = np.asarray(value, float)
        return np.repeat(np.resize(hourly, years * HOURS), per_hour)

    limits = replace(
        model.limits,
        largest_extraction=on_steps(model.limits.largest_extraction),
        largest_injection=on_steps(model.limits.largest_injection),
    )
    before = model.at_flow
    return replace(
        model,
        undisturbed_temperature=on_steps(model.undisturbed_temperature),
        resistance=on_steps(model.resistance), flow_shares=on_steps(model.flow_shares),
        limits=limits,
        at_flow=None if before is None
        else lambda flow: with_steps(before(flow), years, per_hour),
    )  # fmt: skip
