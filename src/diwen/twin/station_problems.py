"""What is wrong with a station, its sources and its loads before they can run together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.plant.station import AIR, LoadLoop, Station, Unit
from diwen.problems import InputError, Problem
from diwen.sources.response.source_model import SourceModel
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]
_WHERE = "simulate"

_NAMES_NOTHING = Text("no loop of the station has this name", "系统中没有该名称的环路")
_NAME_ONE = Text("name one of the loops of the station", "请填写系统中已有的环路名称")
_TWICE = Text("this name stands twice", "名称重复")
_RENAME = Text("give every loop and unit a name of its own", "请为每个环路和机组取唯一的名称")
_NO_MODEL = Text("no source model for this source loop", "该热源侧环路没有热源模型")
_BUILD = Text("build it with diwen.site.source_model", "请用 diwen.site.source_model 建立热源模型")
_SEVERAL = Text("the source has several inputs", "该热源有多个输入")
_ONE_INPUT = Text("give one source loop for each zone", "请为每个分区各设一个热源侧环路")
_NO_LOAD = Text("no load is given for this loop", "该环路没有给出负荷")
_GIVE_LOAD = Text(
    "give W per step under the name of the loop", "请按环路名称给出每个时间步的负荷（W）"
)
_STRANGE = Text("a load for a loop that the station has not", "给出了系统中没有的环路的负荷")
_LENGTH = Text(
    "not as many values as the outdoor temperature has steps", "数值个数与室外温度步数不等"
)
_SAME = Text("give one value per step of the same period", "请按同一时段每个时间步给出一个值")
_NO_NUMBER = Text("missing values or below zero", "有缺失值或小于零")
_FILL = Text("fill the gaps; heat and cold are 0 or more", "请补齐缺口；热量与冷量均不小于 0")
_MISSING_AIR = Text("missing values", "有缺失值")
_NOBODY = Text("a load that no unit and no backup serves", "该负荷没有任何机组或辅助热源供应")
_SERVE = Text(
    "let a unit that can (heating for heat, cooling for cold) serve the loop, or add a backup",
    "请让具备相应功能（供热或供冷）的机组供应该环路，或增加辅助热源",
)
_CANNOT = Text("the unit has no map for what it is to serve", "机组没有对应工况的性能数据")
_GIVE_MAP = Text(
    "give a heating map for heat, a cooling map for cold", "供热须有制热性能表，供冷须有制冷性能表"
)
_TOO_HOT = Text(
    "no unit of this loop can supply its temperature in any step with a load",
    "在所有有负荷的时间步，没有机组能达到该环路要求的供水温度",
)
_LOWER = Text(
    "ask for a supply temperature within the limits of the units, choose a high-temperature unit,"
    " or add a backup",
    "请将供水温度设在机组限值之内，或选用高温机组，或增加辅助热源",
)
_HEAT_ONLY = Text("a backup serves heat loops only", "辅助热源只能供应热环路")
_CIRCLE = Text("units draw on each other's loops in a circle", "机组之间互相取热，形成循环")
_BREAK = Text("let each stage draw on a lower one", "每一级只能从更低一级取热")


def check_run(
    station: Station,
    sources: Mapping[str, SourceModel],
    loads: Mapping[str, Floats],
    outdoor: Floats,
    step: float,
) -> None:
    """Raise what is wrong with a run, all at once.

    Parameters
    ----------
    loads : W, by name of the load loop, shape (n,)
    outdoor : °C, shape (n,)
    step : s

    Raises
    ------
    diwen.problems.InputError
    """
    problems = [*_names(station), *_series(station, loads, outdoor, step)]
    problems += _sources(station, sources, len(outdoor))
    if not problems:
        problems += [*_abilities(station), *_served(station, loads, outdoor), *_circle(station)]
    if problems:
        raise InputError(problems)


def _problem(where: str, message: Text, cure: Text, value: object = "") -> Problem:
    return Problem(_WHERE, where, message, cure, str(value))


def _names(station: Station) -> Iterator[Problem]:
    source_names = [one.name for one in station.source_loops]
    loop_names = [one.name for one in station.load_loops]
    for names in (source_names + loop_names, [one.name for one in station.units]):
        for name in {one for one in names if names.count(one) > 1}:
            yield _problem(name, _TWICE, _RENAME, name)
    for unit in station.units:
        if unit.draws_on not in (*source_names, *loop_names, AIR):
            yield _problem(f"units.{unit.name}.draws_on", _NAMES_NOTHING, _NAME_ONE, unit.draws_on)
        for name in unit.serves:
            if name not in source_names + loop_names:
                yield _problem(f"units.{unit.name}.serves", _NAMES_NOTHING, _NAME_ONE, name)
        if not unit.count > 0:
            where = f"units.{unit.name}.count"
            yield Problem(_WHERE, where, NOT_POSITIVE, CORRECT, str(unit.count), MORE_THAN_ZERO)
    heat = [one.name for one in station.load_loops if one.kind == "heat"]
    for backup in station.backups:
        if backup.serves not in loop_names:
            yield _problem(f"backups.{backup.name}", _NAMES_NOTHING, _NAME_ONE, backup.serves)
        elif backup.serves not in heat:
            yield _problem(f"backups.{backup.name}", _HEAT_ONLY, _NAME_ONE, backup.serves)
    for recharge in station.recharges:
        if recharge.source not in source_names:
            yield _problem(f"recharges.{recharge.name}", _NAMES_NOTHING, _NAME_ONE, recharge.source)


def _series(
    station: Station, loads: Mapping[str, Floats], outdoor: Floats, step: float
) -> Iterator[Problem]:
    names = [one.name for one in station.load_loops]
    if not step > 0.0:
        yield Problem(_WHERE, "step", NOT_POSITIVE, CORRECT, f"{step:g} s", MORE_THAN_ZERO)
    if not np.isfinite(outdoor).all():
        yield _problem("outdoor", _MISSING_AIR, _FILL, int((~np.isfinite(outdoor)).sum()))
    for name in (one for one in names if one not in loads):
        yield _problem(f"loads.{name}", _NO_LOAD, _GIVE_LOAD)
    for name, load in loads.items():
        if name not in names:
            yield _problem(f"loads.{name}", _STRANGE, _NAME_ONE)
        if load.shape != outdoor.shape:
            yield _problem(f"loads.{name}", _LENGTH, _SAME, f"{load.shape} / {outdoor.shape}")
        wrong = ~(load >= 0.0) | ~np.isfinite(load)
        if wrong.any():
            yield _problem(f"loads.{name}", _NO_NUMBER, _FILL, int(wrong.sum()))
    for unit in station.units:
        may = unit.recharge_allowed
        if may is not None and np.shape(may) not in ((), outdoor.shape):
            yield _problem(f"units.{unit.name}.recharge_allowed", _LENGTH, _SAME, np.shape(may))
    for recharge in station.recharges:
        for name in ("at_zero", "allowed"):
            given = getattr(recharge, name)
            if given is not None and np.shape(given) not in ((), outdoor.shape):
                yield _problem(f"recharges.{recharge.name}.{name}", _LENGTH, _SAME, np.shape(given))


def _sources(station: Station, sources: Mapping[str, SourceModel], steps: int) -> Iterator[Problem]:
    for one in station.source_loops:
        if one.name == AIR:
            continue
        if one.name not in sources:
            yield _problem(f"sources.{one.name}", _NO_MODEL, _BUILD)
            continue
        model = sources[one.name]
        if not model.response.single:
            yield _problem(f"sources.{one.name}", _SEVERAL, _ONE_INPUT, model.response.inputs)
        series: dict[str, Any] = {
            "undisturbed_temperature": model.undisturbed_temperature,
            "resistance": model.resistance,
            "flow_shares": model.flow_shares,
            "largest_extraction": model.limits.largest_extraction,
            "largest_injection": model.limits.largest_injection,
        }
        for name, values in series.items():
            if np.shape(values) not in ((), (1,), (steps,)):
                found = f"{np.shape(values)} / {steps}"
                yield _problem(f"sources.{one.name}.{name}", _LENGTH, _SAME, found)


def _can(unit: Unit, loop: LoadLoop) -> bool:
    if loop.kind == "heat":
        warmed = unit.recovery_share > 0.0 and loop.hot_water
        return unit.heating is not None or unit.simultaneous is not None or warmed
    if unit.cooling is not None or unit.simultaneous is not None:
        return True
    return unit.draws_on == loop.name


def _abilities(station: Station) -> Iterator[Problem]:
    loops = {one.name: one for one in station.load_loops}
    for unit in station.units:
        for name in unit.serves:
            able = unit.heating is not None if name not in loops else _can(unit, loops[name])
            if not able:
                yield _problem(f"units.{unit.name}", _CANNOT, _GIVE_MAP, name)


def _served(station: Station, loads: Mapping[str, Floats], outdoor: Floats) -> Iterator[Problem]:
    for loop in station.load_loops:
        wanted = loads[loop.name] > 0.0
        backed = any(one.serves == loop.name for one in station.backups)
        serving = [one for one in station.units if loop.name in one.serves]
        drawing = [one for one in station.units if one.draws_on == loop.name]
        if backed or not wanted.any() or (loop.kind == "cold" and drawing):
            continue
        if not serving:
            yield _problem(f"load_loops.{loop.name}", _NOBODY, _SERVE)
            continue
        supply = loop.supply.at(outdoor)[wanted]
        if loop.kind == "heat":
            needed = float(supply.min()) + loop.exchanger_difference
            reached = max(one.maximum_supply for one in serving)
            short = needed > reached
        else:
            needed = float(supply.max()) - loop.exchanger_difference
            reached = min(one.minimum_chilled for one in serving)
            short = needed < reached
        if short:
            found = f"{needed:g} °C / {reached:g} °C"
            yield _problem(f"load_loops.{loop.name}.supply", _TOO_HOT, _LOWER, found)


def _circle(station: Station) -> Iterator[Problem]:
    above = {
        one.name: {
            name for unit in station.units if unit.draws_on == one.name for name in unit.serves
        }
        for one in station.load_loops
    }
    for name in above:
        reached, front = set(above[name]), set(above[name])
        while front:
            front = {up for one in front for up in above.get(one, ())} - reached
            reached |= front
        if name in reached:
            yield _problem(f"load_loops.{name}", _CIRCLE, _BREAK)
