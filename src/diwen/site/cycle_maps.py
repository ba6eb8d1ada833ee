"""A heat pump that is given by its thermodynamic cycle, as performance maps.

Its capacity at one point gives the swept volume; working fluid, stages and efficiencies give the
rest, and the limits: where the cycle cannot run (critical point, discharge, pressure of the air),
the unit cannot either. Everything here is calculated, nothing is tested, and the notes say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.heat_pump_kind import Mode, draws_on_air, frost, ranges
from diwen.site.heat_pumps import HeatPump
from diwen.site.missing_values import SITE_FILE, assumed
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.cycles import Cycle, CycleMap
    from diwen.plant.cycles.cascade_cycle import Stage
    from diwen.plant.cycles.cycle_map import Machine
    from diwen.site.cycle_table import ThermodynamicCycle
    from diwen.site.model import Site

_POINTS = 12
_STEP = 0.1
_LOWEST = 0.3
_RATED = Text("a cycle needs its capacity at one point: {key} is missing",
              "以循环给出的机组须有一个工况点的制热（冷）量：缺少 {key}")  # fmt: skip
_ADD = Text("add {key}", "请补充 {key}")
_NO_FLUID = Text("the cycle has no working fluid", "循环未给出工质")
_ADD_FLUID = Text('add refrigerant, such as "R134a"', '请补充工质，例如 refrigerant = "R134a"')
_NO_COLD = Text("a cycle of kind {kind} is for heating only", "{kind} 循环仅用于制热")
_TAKE_OUT = Text("take the cooling rating out", "请删除制冷额定值")
_POWER = Text(
    "no isentropic efficiency between {low} and {high} gives the rated power: the cycle reaches a "
    "COP of {worst} to {best} there, the rating says {said}",
    "等熵效率在 {low} 至 {high} 之间均得不到额定功率：该工况循环性能系数为 {worst}～{best}，"
    "额定值为 {said}",
)
_CHECK = Text("check capacity, power, boundary and temperatures of the rating",
              "请核对额定制热量、功率、计量边界与工况温度")  # fmt: skip
_CALCULATED = Text(
    "{mode}: calculated from its cycle ({kind}), isentropic efficiency {efficiency} ({origin}), "
    "COP {cop} at the rated point; not tested",
    "{mode}：由热力循环（{kind}）计算，等熵效率 {efficiency}（{origin}），"
    "额定点性能系数 COP {cop}；非实测",
)
_ORIGINS = {
    "given": Text("given", "给定"),
    "power": Text("from the rated power", "由额定功率反推"),
    "usual": Text("usual value", "常用值"),
}
_GIVE_TABLE = Text(
    "give the maker's table as performance_map", "请以 performance_map 给出厂家性能表"
)
_REACH = Text(
    "{mode}: of {count} points of the map {missing} are out of reach of the cycle; the nearest one "
    "within reach stands there",
    "{mode}：性能表 {count} 个点中有 {missing} 个循环不可行，取最近的可行点",
)
_LOOK = Text("see minimum_source_temperature and maximum_supply_temperature",
             "参见 minimum_source_temperature 与 maximum_supply_temperature")  # fmt: skip
_STEAM = Text(
    "heat of the steam counts from feed water of {value} °C", "蒸汽供热量自 {value} °C 给水起算"
)
_STATE = Text("state feed_temperature", "请注明 feed_temperature")
_MODES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}
_KINDS = {
    "single_stage": Text("one stage", "单级"),
    "two_stage": Text("two stages with injection", "双级补气"),
    "cascade": Text("cascade", "复叠"),
    "transcritical": Text("transcritical", "跨临界"),
    "steam": Text("steam", "蒸汽"),
}


@dataclass(frozen=True, eq=False)
class CycleOfUnit:
    """What a cycle makes of a unit in one mode.

    Attributes
    ----------
    map : capacity and power over both temperatures, and where the cycle cannot go; an air unit's
        frost is in its ``performance``, not in its ``cop``
    isentropic_efficiency : of its compressors
    minimum_source : °C, coldest source at the rated load temperature; −inf: beyond the map
    maximum_supply : °C, warmest heat at the rated source temperature; inf: beyond the map
    """

    map: CycleMap
    isentropic_efficiency: float
    minimum_source: float
    maximum_supply: float


def cycle_of_unit(site: Site, id: str, mode: Mode, notices: list[Problem]) -> CycleOfUnit | None:
    """The map of a unit by its cycle; None where it is not rated for that mode.

    Parameters
    ----------
    site : read and checked
    id : of a heat pump with a ``cycle``
    notices : what was assumed is appended

    Raises
    ------
    InputError : the rated point is missing or out of reach, an unknown fluid, a power that no
        compressor of the cycle has
    """
    unit = site.heat_pumps[id]
    if getattr(unit, f"rated_{mode}_capacity") is None:
        return None
    try:
        return _made(unit, id, mode, notices)
    except InputError as error:
        raise InputError([_placed(one, id) for one in error.problems]) from None


def machine_of_cycle(
    cycle: ThermodynamicCycle, unit: HeatPump, mode: Mode, isentropic_efficiency: float
) -> Machine:
    """A cycle over source entering and load leaving temperatures, °C.

    Parameters
    ----------
    cycle : of the unit
    unit : whose type says what flows on both sides
    """
    from diwen.plant.cycles import between_waters

    source = "air" if draws_on_air(unit.type) else "liquid"
    load = "air" if unit.type.endswith("_air") else "liquid"
    change = _or(cycle.source_change, f"source_change.{source}")
    away = _or(cycle.source_difference, f"source_difference.{source}")
    if cycle.kind == "transcritical":
        return _gas_cooler(cycle, unit, change + away, isentropic_efficiency)
    # Steam is delivered as it boils: there is no exchanger between.
    usual = 0.0 if cycle.kind == "steam" else _or(None, f"load_difference.{load}")
    towards = usual if cycle.load_difference is None else cycle.load_difference
    if mode == "cooling":
        away += 0.0 if source == "liquid" else _row("load_change")
    return between_waters(
        _stage(cycle, unit, isentropic_efficiency), mode=mode, source_change=change,
        source_difference=away, load_difference=towards,
    )  # fmt: skip


def _made(unit: HeatPump, id: str, mode: Mode, notices: list[Problem]) -> CycleOfUnit:
    from diwen.plant.cycles import map_of_cycle
    from diwen.plant.defrost import with_frost

    cycle = unit.cycle
    assert cycle is not None
    if mode == "cooling" and cycle.kind in ("transcritical", "steam"):
        message = _NO_COLD.format(kind=_KINDS[cycle.kind])
        raise InputError([Problem(SITE_FILE, "rated_cooling_capacity", message, _TAKE_OUT)])
    rated, capacity = _rated(unit, id, mode)
    ice = frost(unit.type, mode)
    wet = (1.0, 1.0) if ice is None else tuple(float(v) for v in ice.factors(rated[0]))
    efficiency, origin = _efficiency(cycle, unit, id, mode, rated, wet[0] / wet[1])
    machine = machine_of_cycle(cycle, unit, mode, efficiency)
    first = machine(*rated)
    axes = [_axis(*span, at) for span, at in zip(ranges(unit.type, mode), rated, strict=True)]
    made = map_of_cycle(
        machine, *axes, rated=rated, capacity=capacity / wet[0], mode=mode,
        auxiliary_power=cycle.auxiliary_power,
    )  # fmt: skip
    given = first.source_heat if mode == "cooling" else first.heat
    shown = {
        "mode": _MODES[mode], "kind": _KINDS[cycle.kind], "efficiency": f"{efficiency:.2f}",
        "origin": _ORIGINS[origin], "cop": f"{given / first.electric:.2f}",
    }  # fmt: skip
    where = f"heat_pumps.{id}.cycle"
    notices.append(assumed(where, _CALCULATED.format(**shown), _GIVE_TABLE))
    missing = int(np.count_nonzero(~made.in_reach))
    if missing:
        told = _REACH.format(mode=_MODES[mode], count=made.in_reach.size, missing=missing)
        notices.append(assumed(where, told, _LOOK))
    if cycle.kind == "steam":
        feed = _or(cycle.feed_temperature, "feed_temperature")
        notices.append(assumed(f"{where}.feed_temperature", _STEAM.format(value=f"{feed:g}"),
                               _STATE))  # fmt: skip
    if ice is not None:
        made = replace(made, performance=with_frost(made.performance, ice))
    lowest = _last(lambda at: machine(at, rated[1]), rated[0], float(axes[0][0]))
    highest = _last(lambda at: machine(rated[0], at), rated[1], float(axes[1][-1]))
    return CycleOfUnit(made, efficiency, -np.inf if mode == "cooling" else lowest,
                       np.inf if mode == "cooling" else highest)  # fmt: skip


def _rated(unit: HeatPump, id: str, mode: Mode) -> tuple[tuple[float, float], float]:
    """Temperatures, °C, and capacity, W, of the rated point."""
    keys = [f"rated_{mode}_{what}" for what in
            ("source_temperature", "supply_temperature", "capacity")]  # fmt: skip
    missing = [key for key in keys if getattr(unit, key) is None]
    if missing:
        raise InputError([
            Problem(SITE_FILE, f"heat_pumps.{id}", _RATED.format(key=key), _ADD.format(key=key))
            for key in missing
        ])  # fmt: skip
    source, load, capacity = (float(getattr(unit, key)) for key in keys)
    return (source, load), capacity


def _efficiency(
    cycle: ThermodynamicCycle, unit: HeatPump, id: str, mode: Mode,
    rated: tuple[float, float], frosty: float,
) -> tuple[float, str]:  # fmt: skip
    """Isentropic efficiency: given, else what the rated power needs, else the usual one.

    ``frosty`` is the efficiency with frost over that without at the rated point.
    """
    if cycle.isentropic_efficiency is not None:
        return cycle.isentropic_efficiency, "given"
    power = getattr(unit, f"rated_{mode}_power")
    if power is None:
        return _row("isentropic_efficiency"), "usual"
    capacity = getattr(unit, f"rated_{mode}_capacity")
    wanted = capacity / (power - cycle.auxiliary_power) / frosty

    def ratio(efficiency: float) -> float:
        made = machine_of_cycle(cycle, unit, mode, efficiency)(*rated)
        return (made.source_heat if mode == "cooling" else made.heat) / made.electric

    from diwen.plant.cycles.carnot_plausibility import best_running

    highest = best_running(ratio)
    worst, best = ratio(_LOWEST), ratio(highest)
    if not worst <= wanted <= best:
        shown = {"low": _LOWEST, "high": f"{highest:g}", "worst": f"{worst:.2f}",
                 "best": f"{best:.2f}", "said": f"{wanted:.2f}"}  # fmt: skip
        where = f"heat_pumps.{id}.rated_{mode}_power"
        raise InputError([Problem(SITE_FILE, where, _POWER.format(**shown), _CHECK,
                                  f"{power / 1e3:g} kW")])  # fmt: skip
    from scipy.optimize import brentq

    return float(brentq(lambda e: ratio(e) - wanted, _LOWEST, highest, xtol=1e-4)), "power"


def _stage(cycle: ThermodynamicCycle, unit: HeatPump, efficiency: float) -> Stage:
    """The cycle over saturation temperatures."""
    from diwen.plant.cycles import cascade_of, economiser_cycle, single_stage_with_exchanger

    lower = cycle.refrigerant or unit.refrigerant
    upper = cycle.upper_refrigerant
    if not lower or (cycle.kind == "cascade" and not upper):
        key = "upper_refrigerant" if lower else "refrigerant"
        raise InputError([Problem(SITE_FILE, f"cycle.{key}", _NO_FLUID, _ADD_FLUID)])
    common = _common(cycle, efficiency)
    if cycle.kind == "single_stage":
        return partial(single_stage_with_exchanger, lower, **common)
    if cycle.kind == "two_stage":
        return partial(economiser_cycle, lower, **common)
    between = _or(cycle.stage_difference, "stage_difference")
    if cycle.kind == "cascade":
        return partial(
            cascade_of, partial(single_stage_with_exchanger, lower, **common),
            partial(single_stage_with_exchanger, upper, **common), difference=between,
        )  # fmt: skip
    return _steam(cycle, partial(economiser_cycle, lower, **common), between, efficiency)


def _steam(
    cycle: ThermodynamicCycle, bottom: Stage, between: float, efficiency: float
) -> Callable[[float, float], Cycle]:
    """A closed cycle that boils water, and steam compressors above it."""
    from diwen.plant.cycles import Compressor, Feed, steam_from

    feed = Feed(_or(cycle.feed_temperature, "feed_temperature"))
    compressor = Compressor(efficiency, _or(cycle.motor_efficiency, "motor_efficiency"))
    hand_over = _or(cycle.hand_over, "hand_over")
    return partial(steam_from, bottom, hand_over=hand_over, difference=between, feed=feed,
                   compressor=compressor)  # fmt: skip


def _gas_cooler(
    cycle: ThermodynamicCycle, unit: HeatPump, away: float, efficiency: float
) -> Machine:
    """A transcritical water heater over source entering and water leaving."""
    from diwen.plant.cycles import optimum_gas_cooler_cycle

    common = _common(cycle, efficiency)
    common.pop("subcooling")
    common.pop("limits")
    fluid = cycle.refrigerant or unit.refrigerant or "R744"
    change = _or(cycle.load_change, "load_change")

    def machine(source: float, load: float) -> Cycle:
        return optimum_gas_cooler_cycle(source - away, load - change, load, fluid=fluid, **common)

    return machine


def _common(cycle: ThermodynamicCycle, efficiency: float) -> dict:
    """What every closed cycle is told."""
    from diwen.plant.cycles import Compressor, Limits
    from diwen.plant.cycles.limits import ATMOSPHERE

    high = cycle.kind in ("transcritical", "steam")
    # Machines that make steam are built tight against air, as their fluids ask for.
    vacuum = cycle.built_for_vacuum or cycle.kind == "steam"
    hottest = cycle.maximum_discharge_temperature
    return {
        "effectiveness": _or(cycle.internal_exchanger,
                             "internal_exchanger" + (".high" if high else "")),
        "compressor": Compressor(efficiency, _or(cycle.motor_efficiency, "motor_efficiency")),
        "superheat": _or(cycle.superheat, "superheat"),
        "subcooling": _or(cycle.subcooling, "subcooling"),
        "limits": Limits(
            discharge=np.inf if hottest is None else hottest,
            lowest_pressure=0.0 if vacuum else ATMOSPHERE,
        ),
    }  # fmt: skip


def _axis(low: float, high: float, at: float) -> np.ndarray:
    """Temperatures of a map, the rated one among them, °C."""
    return np.union1d(np.linspace(min(low, at), max(high, at), _POINTS), [at])


def _last(machine: Callable[[float], Cycle], good: float, end: float) -> float:
    """Farthest temperature towards an end at which a machine runs, °C; ±inf: the end and beyond.

    ``good`` is one at which it runs.
    """

    def runs(at: float) -> bool:
        try:
            machine(at)
        except InputError:
            return False
        return True

    if runs(end):
        return np.inf if end > good else -np.inf
    bad = end
    while abs(bad - good) > _STEP:
        middle = 0.5 * (bad + good)
        good, bad = (middle, bad) if runs(middle) else (good, middle)
    return good


def _placed(problem: Problem, id: str) -> Problem:
    """A problem of a cycle, at its place in the site file."""
    head = f"heat_pumps.{id}"
    if problem.file == SITE_FILE and problem.where.startswith(head):
        return problem
    where = f"{head}.{problem.where}" if problem.file == SITE_FILE else f"{head}.cycle"
    return replace(problem, file=SITE_FILE, where=where)


def _or(value: float | None, name: str) -> float:
    return _row(name) if value is None else value


def _row(name: str) -> float:
    return usual_value(f"default.cycle.{name}")
