"""Steam from waste heat: a closed cycle boils water at low pressure, compressors raise the steam.

Each stage of steam compression ends superheated; water is sprayed into it until it is saturated
again (its wet-bulb state), which makes more steam and keeps the next stage cool. Pumps of feed and
spray water are left out (below 0.1 % of the power at these pressures).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from diwen.language import Text, same
from diwen.plant.cycles.cascade_cycle import Stage
from diwen.plant.cycles.compressor import Compressor, bearable, compressed, compression
from diwen.plant.cycles.cycle import Component, Cycle
from diwen.plant.cycles.limits import Limits, refuse_numbers
from diwen.plant.cycles.refrigerant import State, refrigerant_of
from diwen.problems import InputError, Problem

_STANDARD = Compressor()
_LIMITS = Limits(lowest_pressure=0.0)
_BELOW = Text("the steam asked for is not above the hand-over", "所需蒸汽温度不高于交接温度")
_CURE_BELOW = Text(
    "lower the hand-over, or boil the water by the closed cycle alone",
    "请降低交接温度，或仅用闭式循环产汽",
)
_NO_HAND_OVER = Text("no hand-over temperature lets the chain run", "没有可行的交接温度")
_CURE_HAND_OVER = Text(
    "widen its range, choose another fluid below, or lower the steam temperature",
    "请放宽范围，更换下级工质，或降低蒸汽温度",
)
_HOT_FEED = Text("the feed is not colder than the steam", "给水温度不低于蒸汽温度")
_COLD_FEED = Text("let the feed be below the steam temperature", "给水温度应低于蒸汽温度")
_STAGE = Text("a stage ratio must be above 1", "单级压比应大于 1")


@dataclass(frozen=True, slots=True)
class Feed:
    """The water that becomes steam: half of what a stated COP means.

    Attributes
    ----------
    temperature : °C; heat delivered is counted from here
    spray : where the water that cools the compressed steam comes from: the ``feed`` itself, or
        the ``evaporator`` at its boiling temperature
    """

    temperature: float = 100.0
    spray: Literal["feed", "evaporator"] = "feed"


def compress_steam(
    inlet: State,
    pressure: float,
    spray: State,
    *,
    stages: int = 1,
    compressor: Compressor = _STANDARD,
    limits: Limits = _LIMITS,
    flow: float = 1.0,
) -> tuple[tuple[Component, ...], dict[str, State], float]:
    """Stages of equal ratio, the steam sprayed to saturation behind each.

    Parameters
    ----------
    inlet : steam at the first compressor
    pressure : at the end, Pa
    spray : water that is sprayed in
    stages : number of them
    flow : at the inlet, kg/s

    Returns
    -------
    components, states (``steam discharge 1``, ``steam 1`` …), flow at the end, kg/s

    Raises
    ------
    diwen.problems.InputError : a discharge is too hot
    """
    refuse_numbers(stages=(stages, 1, 12), pressure=(pressure, inlet.pressure, 220e5))
    water = refrigerant_of("Water")
    ratio = (pressure / inlet.pressure) ** (1.0 / stages)
    parts: list[Component] = []
    states: dict[str, State] = {}
    steam = inlet
    for stage in range(1, stages + 1):
        name = f"steam compressor {stage}"
        hot = compressed(water, steam, steam.pressure * ratio, compressor)
        bearable(name, water, hot, limits)
        parts.append(compression(name, flow, steam, hot))
        dry = water.vapour_at_pressure(hot.pressure)
        added = flow * max(0.0, hot.enthalpy - dry.enthalpy) / (dry.enthalpy - spray.enthalpy)
        steam = dry if added > 0.0 else hot
        joined = ((flow, hot), (added, spray), (-flow - added, steam))
        parts.append(Component(f"spray {stage}", joined))
        states |= {f"steam discharge {stage}": hot, f"steam {stage}": steam}
        flow += added
    return tuple(parts), states, flow


def steam_from(
    bottom: Stage,
    evaporation: float,
    steam_temperature: float,
    *,
    hand_over: float | None = 85.0,
    hand_over_range: tuple[float, float] = (85.0, 120.0),
    difference: float = 5.0,
    feed: Feed | None = None,
    stages: int | None = None,
    largest_ratio: float = 3.0,
    compressor: Compressor = _STANDARD,
    limits: Limits = _LIMITS,
    heat: float = 1.0,
) -> Cycle:
    """A closed cycle that boils water, and compressors that raise the steam.

    Parameters
    ----------
    bottom : the closed cycle over evaporation and condensation, e.g.
        ``partial(economiser_cycle, "R1233zd(E)", limits=VACUUM_ALLOWED)``
    evaporation : of the closed cycle, °C
    steam_temperature : saturation temperature of the steam delivered, °C
    hand_over : at which the water boils, °C; None: the best within ``hand_over_range``
    difference : condensation of the closed cycle above the hand-over, K
    feed : None: 100 °C, sprayed from the feed
    stages : of steam compression; None: as few as ``largest_ratio`` allows
    heat : of the steam above the feed, W

    Raises
    ------
    diwen.problems.InputError : temperatures, ratios or discharge out of reach
    """
    feed = feed or Feed()
    refuse_numbers(difference=(difference, 0.0, 100.0))
    _refuse(steam_temperature, hand_over, feed, largest_ratio)

    def chain(boiling: float) -> Cycle:
        below = bottom(evaporation, boiling + difference)
        count = _stages(boiling, steam_temperature, largest_ratio) if stages is None else stages
        return _chain(below, boiling, steam_temperature, feed, count, compressor, limits)

    made = chain(hand_over) if hand_over is not None else _best(chain, hand_over_range)
    return made.scaled(heat / made.heat)


def _refuse(steam: float, hand_over: float | None, feed: Feed, ratio: float) -> None:
    problems = []
    if hand_over is not None and not steam > hand_over:
        shown = f"{hand_over:.1f} → {steam:.1f} °C"
        problems.append(Problem("cycle", "hand_over", _BELOW, _CURE_BELOW, shown))
    if not feed.temperature < steam:
        shown = f"{feed.temperature:.1f} °C"
        problems.append(Problem("cycle", "feed.temperature", _HOT_FEED, _COLD_FEED, shown))
    if not ratio > 1.0:
        problems.append(Problem("cycle", "largest_ratio", _STAGE, _STAGE, f"{ratio}", same("> 1")))
    if problems:
        raise InputError(problems)


def _stages(boiling: float, steam: float, largest_ratio: float) -> int:
    water = refrigerant_of("Water")
    ratio = water.vapour(steam).pressure / water.vapour(boiling).pressure
    return max(1, math.ceil(math.log(ratio) / math.log(largest_ratio) - 1e-9))


def _chain(
    below: Cycle,
    boiling: float,
    steam: float,
    feed: Feed,
    stages: int,
    compressor: Compressor,
    limits: Limits,
) -> Cycle:
    """Per kg/s of steam boiled."""
    water = refrigerant_of("Water")
    fed, boiled = water.liquid(feed.temperature), water.vapour(boiling)
    spray = fed if feed.spray == "feed" else water.liquid(boiling)
    parts, states, made = compress_steam(
        boiled,
        water.vapour(steam).pressure,
        spray,
        stages=stages,
        compressor=compressor,
        limits=limits,
    )
    through = [(1.0, fed), (-1.0, boiled)]
    if spray is not fed:
        through = [(made, fed), (-1.0, boiled), (1.0 - made, spray)]
    taken = -sum(flow * state.enthalpy for flow, state in through)
    below = below.scaled(taken / below.heat)
    giving = next(part for part in below.components if part.name == "condenser")
    boiler = Component("steam generator", (*giving.flows, *through))
    last = states[f"steam {stages}"]
    heat = made * (last.enthalpy - fed.enthalpy)
    user = Component("steam user", ((made, last), (-made, fed)), -heat, 0.0, fed.temperature)
    closed = [replace(p, name=f"closed {p.name}") for p in below.components if p is not giving]
    steam_work = sum(part.work for part in parts)
    hot = {
        f"steam compressor {k}": states[f"steam discharge {k}"].temperature
        for k in range(1, stages + 1)
    }
    return Cycle(
        f"steam by {below.kind} and {stages} steam compressors",
        heat,
        below.source_heat,
        below.electric + steam_work / compressor.motor_efficiency,
        (*closed, boiler, *parts, user),
        {**{f"closed {n}": s for n, s in below.states.items()}, "steam 0": boiled, **states},
        {**{f"closed {n}": t for n, t in below.discharge.items()}, **hot},
        below.displacement,
        boiling,
    )


def _best(chain: Callable[[float], Cycle], span: tuple[float, float]) -> Cycle:
    """The chain with the highest COP, by hand-over temperatures 2.5 K apart."""
    low, high = span
    count = max(2, round((high - low) / 2.5) + 1)
    made: list[Cycle] = []
    for k in range(count):
        try:
            made.append(chain(low + (high - low) * k / (count - 1)))
        except InputError:
            continue
    if not made:
        shown = f"{low:.0f}…{high:.0f} °C"
        raise InputError([Problem("cycle", "hand_over", _NO_HAND_OVER, _CURE_HAND_OVER, shown)])
    return max(made, key=lambda cycle: cycle.cop)
