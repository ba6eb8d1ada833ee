"""What a machine may not be asked: refusals, each with its cure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from diwen.language import Text, same
from diwen.plant.cycles.refrigerant import Refrigerant
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, NOT_FINITE

ATMOSPHERE = 101325.0
"""Standard atmosphere, Pa (CGPM 1954)."""
_FILE = "cycle"
_ABOVE_CRITICAL = Text(
    "condensation at or above the critical temperature of {fluid}",
    "冷凝温度达到或超过 {fluid} 的临界温度",
)
_OTHER_FLUID = Text(
    "lower the supply temperature, choose a fluid with a higher critical temperature, "
    "use a cascade, or a transcritical cycle (R744)",
    "请降低供水温度，选用临界温度更高的工质，采用复叠循环，或采用跨临界循环（R744）",
)
_BELOW_TRIPLE = Text(
    "evaporation below the triple point of {fluid}: it would freeze",
    "蒸发温度低于 {fluid} 的三相点，工质会凝固",
)
_COLDER_FLUID = Text(
    "choose a fluid for lower temperatures, or a warmer source",
    "请选用适于更低温度的工质，或提高热源温度",
)
_VACUUM = Text(
    "{fluid} would evaporate below {limit} Pa: air leaks in",
    "{fluid} 的蒸发压力低于 {limit} Pa，空气会漏入系统",
)
_BOIL_LOWER = Text(
    "choose a fluid that boils at a lower temperature, a cascade, or allow it: "
    "Limits(lowest_pressure=0)",
    "请选用沸点更低的工质或复叠循环；若允许负压运行，设 Limits(lowest_pressure=0)",
)
_PRESSURE = Text("pressure above the limit of the machine", "压力超过机组限值")
_LOWER_PRESSURE = Text(
    "lower the supply temperature or choose a fluid of lower pressure",
    "请降低供水温度或选用压力较低的工质",
)
_NO_LIFT = Text(
    "condensation is not above evaporation: no heat pump is needed",
    "冷凝温度不高于蒸发温度，不需要热泵",
)
_EXCHANGER = Text("use an exchanger, or check the temperatures", "请采用换热器，或检查温度")
_ALL_FLASH = Text(
    "the lift is so large that nothing is left to evaporate: no heat is drawn from the source",
    "温升过大，节流后已无液体可蒸发，无法从热源取热",
)
_LESS_LIFT = Text(
    "reduce the lift, subcool the liquid, or use two stages or a cascade",
    "请减小温升、增大过冷度，或采用双级或复叠循环",
)
_OUTSIDE = Text("outside its range", "超出范围")
_HOT_GAS = Text("discharge temperature of {part} above its limit", "{part} 的排气温度超过限值")
_COOL_GAS = Text(
    "use vapour injection, two stages or a cascade, less superheat, no internal exchanger, "
    "or a fluid with a cooler discharge",
    "请采用补气增焓、双级或复叠循环，减小过热度，取消回热器，或选用排气温度较低的工质",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a machine bears.

    Attributes
    ----------
    discharge : highest temperature at the end of a compression, °C
    lowest_pressure : of evaporation, Pa; the atmosphere unless the machine is built for vacuum
    highest_pressure : Pa
    """

    discharge: float = math.inf
    lowest_pressure: float = ATMOSPHERE
    highest_pressure: float = math.inf


VACUUM_ALLOWED = Limits(lowest_pressure=0.0)
"""A machine built tight against air, as those with R1233zd(E) or pentane are."""


def refuse_numbers(**numbers: tuple[float, float, float]) -> None:
    """Raise all of the named numbers that lie outside their range.

    Parameters
    ----------
    numbers : by name: value, lowest, highest

    Raises
    ------
    diwen.problems.InputError : all of them at once
    """
    problems = [
        Problem(_FILE, name, _OUTSIDE, CORRECT, f"{value:g}", same(f"{low:g}…{high:g}"))
        for name, (value, low, high) in numbers.items()
        if not low <= value <= high
    ]
    if problems:
        raise InputError(problems)


def refuse_temperatures(
    fluid: Refrigerant, evaporation: float, condensation: float, limits: Limits
) -> None:
    """Raise all that is wrong with two temperatures of a subcritical cycle, °C.

    Raises
    ------
    diwen.problems.InputError : all of it at once
    """
    problems = [*_evaporation_problems(fluid, evaporation, limits)]
    problems += _condensation_problems(fluid, condensation, limits)
    if not problems and condensation <= evaporation:
        shown = f"{evaporation:.1f} → {condensation:.1f} °C"
        problems.append(Problem(_FILE, "condensation", _NO_LIFT, _EXCHANGER, shown))
    if problems:
        raise InputError(problems)


def refuse_evaporation(fluid: Refrigerant, evaporation: float, limits: Limits) -> None:
    """Raise all that is wrong with an evaporation temperature, °C.

    Raises
    ------
    diwen.problems.InputError : all of it at once
    """
    problems = [*_evaporation_problems(fluid, evaporation, limits)]
    if evaporation >= fluid.critical_temperature:
        problems.append(_critical_problem(fluid, "evaporation", evaporation))
    if problems:
        raise InputError(problems)


def _evaporation_problems(
    fluid: Refrigerant, evaporation: float, limits: Limits
) -> Iterator[Problem]:
    if not math.isfinite(evaporation):
        yield Problem(_FILE, "evaporation", NOT_FINITE, CORRECT, f"{evaporation}")
        return
    shown = f"{evaporation:.1f} °C"
    if evaporation <= fluid.triple_temperature:
        message = _BELOW_TRIPLE.format(fluid=fluid.name)
        allowed = same(f"> {fluid.triple_temperature:.1f} °C")
        yield Problem(_FILE, "evaporation", message, _COLDER_FLUID, shown, allowed)
    elif evaporation < fluid.critical_temperature:
        saturated = fluid.vapour(evaporation).pressure
        if saturated < limits.lowest_pressure:
            boiling = fluid.vapour_at_pressure(limits.lowest_pressure).temperature
            message = _VACUUM.format(fluid=fluid.name, limit=f"{limits.lowest_pressure:.0f}")
            allowed = same(f">= {boiling:.1f} °C")
            yield Problem(_FILE, "evaporation", message, _BOIL_LOWER, shown, allowed)


def _condensation_problems(
    fluid: Refrigerant, condensation: float, limits: Limits
) -> Iterator[Problem]:
    if not math.isfinite(condensation):
        yield Problem(_FILE, "condensation", NOT_FINITE, CORRECT, f"{condensation}")
    elif condensation >= fluid.critical_temperature:
        yield _critical_problem(fluid, "condensation", condensation)
    elif condensation > fluid.triple_temperature and math.isfinite(limits.highest_pressure):
        yield from pressure_problems(fluid.vapour(condensation).pressure, limits)


def _critical_problem(fluid: Refrigerant, where: str, temperature: float) -> Problem:
    message = _ABOVE_CRITICAL.format(fluid=fluid.name)
    allowed = same(f"< {fluid.critical_temperature:.1f} °C")
    return Problem(_FILE, where, message, _OTHER_FLUID, f"{temperature:.1f} °C", allowed)


def pressure_problems(pressure: float, limits: Limits) -> Iterator[Problem]:
    """A pressure, Pa, above what the machine bears."""
    if pressure > limits.highest_pressure:
        allowed = same(f"<= {limits.highest_pressure / 1e5:.1f} bar")
        shown = f"{pressure / 1e5:.1f} bar"
        yield Problem(_FILE, "pressure", _PRESSURE, _LOWER_PRESSURE, shown, allowed)


def refuse_empty_evaporator(taken: float) -> None:
    """Raise if an evaporator takes no heat up, W: all liquid boils in the valve already.

    Raises
    ------
    diwen.problems.InputError : not above zero
    """
    if taken <= 0.0:
        raise InputError([Problem(_FILE, "condensation", _ALL_FLASH, _LESS_LIFT)])


def refuse_discharge(part: str, temperature: float, limits: Limits) -> None:
    """Raise if a compression ends too hot, °C.

    Raises
    ------
    diwen.problems.InputError : above ``limits.discharge``
    """
    if temperature > limits.discharge:
        message = _HOT_GAS.format(part=part)
        allowed = same(f"<= {limits.discharge:.0f} °C")
        problem = Problem(_FILE, "discharge", message, _COOL_GAS, f"{temperature:.1f} °C", allowed)
        raise InputError([problem])
