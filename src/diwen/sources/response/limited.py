"""Hours with heat pumps on a source that has limits: what it does not give is said, not supplied.

A source may be limited in the heat that it gives or takes in each step, and in the temperature of
the fluid that goes back to it. Where a limit is reached, the heat pumps deliver what the source
allows and the rest is reported as unmet. The past of the source is that of the heat really taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.hourly import (
    Efficiency,
    HourlyResult,
    course_problems,
    efficiency_tables,
    load_problems,
)
from diwen.sources.response.modes import Response, unscaled
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]

_TOLERANCE = 1e-6
_PASSES = 50
_MAY_BE_ENDLESS = ("heat_capacity_rate", "largest_extraction", "largest_injection")

_NOT_A_LIMIT = Text("a limit below zero or no number", "限值小于零或非数值")
_CROSSED = Text(
    "the lowest return temperature lies above the highest", "最低回水温度高于最高回水温度"
)


@dataclass(frozen=True)
class SourceLimits:
    """What a source may be asked for; None where nothing is known to limit it.

    Attributes
    ----------
    lowest_return, highest_return : of the fluid that goes back to the source, °C
    largest_extraction, largest_injection : heat rate, W, 0 or more: a number, or one value per
        step of the repeating year, shape (steps per year,)
    """

    lowest_return: float | None = None
    highest_return: float | None = None
    largest_extraction: float | Floats | None = None
    largest_injection: float | Floats | None = None

    @property
    def any(self) -> bool:
        """Whether anything is limited."""
        return any(value is not None for value in vars(self).values())


@dataclass(frozen=True, eq=False)
class SourceCourse:
    """What a source did under a load, one value per step, shape (nt,).

    Attributes
    ----------
    asked, taken : heat rate asked of the source and given by it, W, extraction positive
    fluid : mean of the fluid leaving the source and returning to it, °C
    entering : of the fluid that leaves the source and enters the plant, °C
    leaving : of the fluid that leaves the plant and returns to the source, °C
    step : s
    state : of the source at the end, for going on
    """

    asked: Floats
    taken: Floats
    fluid: Floats
    entering: Floats
    leaving: Floats
    step: float
    state: Floats

    @cached_property
    def unmet(self) -> Floats:
        """Heat rate that the limits did not allow, W, with the sign of the load."""
        return np.asarray(self.asked - self.taken)

    @property
    def limited(self) -> NDArray[np.bool_]:
        """Steps in which a limit was reached."""
        return self.unmet != 0.0

    @property
    def unmet_extraction(self) -> float:
        """Heat that was asked for and not taken from the source, J."""
        return float(np.maximum(self.unmet, 0.0).sum() * self.step)

    @property
    def unmet_injection(self) -> float:
        """Heat that was to be given to the source and was not, J."""
        return float(np.maximum(-self.unmet, 0.0).sum() * self.step)


def simulate_limited(
    response: Response,
    heating: ArrayLike,
    cooling: ArrayLike | None = None,
    *,
    undisturbed_temperature: ArrayLike,
    heat_capacity_rate: ArrayLike,
    heating_efficiency: Efficiency,
    cooling_efficiency: Efficiency | None = None,
    resistance: ArrayLike = 0.0,
    limits: SourceLimits,
    years: int = 1,
    step: float,
    initial_state: Floats | None = None,
) -> HourlyResult:
    """As :func:`.hourly.simulate_hourly` for one source, within its limits.

    Parameters
    ----------
    undisturbed_temperature, heat_capacity_rate, resistance : °C, W/K, K/W; each a number or one
        value per step of the loads, shape (n,)
    limits : what the source may be asked for

    Returns
    -------
    HourlyResult
        power and heat rates of what was delivered; what was not stands in ``unmet_heating`` and
        ``unmet_cooling``

    Raises
    ------
    diwen.problems.InputError : loads, flows, limits or shapes that cannot be; all at once
    """
    heat = np.asarray(heating, float)
    cold = np.zeros_like(heat) if cooling is None else np.asarray(cooling, float)
    rate = np.asarray(heat_capacity_rate, float)
    series = {
        "heat_capacity_rate": rate,
        "undisturbed_temperature": np.asarray(undisturbed_temperature, float),
        "resistance": np.asarray(resistance, float),
        "largest_extraction": _bound(limits.largest_extraction),
        "largest_injection": _bound(limits.largest_injection),
    }
    problems = load_problems(response, heat, cold, rate) + limit_problems(limits)
    for name, values in series.items():
        endless = (values == np.inf) & (name in _MAY_BE_ENDLESS)
        problems += course_problems(name, np.where(endless, 0.0, values), heat.size, 1)
    if problems:
        raise InputError(problems)
    period, count = len(heat), len(heat) * years
    whole, at_rest, added, most, least = (by_step(values, period) for values in series.values())
    half_spread = 0.5 / whole
    state = np.array(response.initial_state() if initial_state is None else initial_state, float)
    written, unsettled = _march(
        response, np.ascontiguousarray(heat), np.ascontiguousarray(cold), count, at_rest,
        added, half_spread,
        (
            *efficiency_tables(heating_efficiency, 1),
            *efficiency_tables(cooling_efficiency or Efficiency.constant(np.inf), 1),
        ),
        (_or(limits.lowest_return, -np.inf), _or(limits.highest_return, np.inf), most, -least),
        step, state,
    )  # fmt: skip
    ground, fluid, power, unmet_heat, unmet_cold = written
    spread = np.asarray(0.5 / rate) if rate.ndim == 0 else np.tile(half_spread, years)
    return HourlyResult(
        ground, fluid, power, float(step), period, spread, int(unsettled), state,
        unmet_heat, unmet_cold,
    )  # fmt: skip


def _march(
    response: Response,
    heating: Floats,
    cooling: Floats,
    count: int,
    undisturbed: Floats,
    added: Floats,
    half_spread: Floats,
    tables: tuple[Floats, ...],
    limits: tuple[float, float, Floats, Floats],
    step: float,
    state: Floats,
) -> tuple[Floats, int]:
    """What is written, shape (5, count); the state is changed in place."""
    from diwen.sources.response import limited_compiled

    march: Any = limited_compiled.march_limited
    recursion = response.discretise(step)
    residues = response.resistances[0, 0]
    drops = state[0] * residues
    written = np.empty((5, count))
    unsettled = march(
        heating, cooling, count, undisturbed, recursion.decay, recursion.gain[0, 0],
        response.direct[0, 0] + added, half_spread, *(table[0] for table in tables),
        _TOLERANCE, _PASSES, *limits, drops, written,
    )  # fmt: skip
    state[0] = unscaled(drops, residues)
    return written, unsettled


def by_step(values: ArrayLike, period: int) -> Floats:
    """One value per step, shape (period,)."""
    return np.ascontiguousarray(np.broadcast_to(np.asarray(values, float).ravel(), (period,)))


def limit_problems(limits: SourceLimits) -> list[Problem]:
    """What is wrong with limits."""
    found = []
    for name in ("largest_extraction", "largest_injection"):
        values = _bound(getattr(limits, name))
        wrong = ~(values >= 0.0)
        if wrong.any():
            shown = f"{values[wrong].flat[0]:g} W ({int(wrong.sum())})"
            found.append(Problem("SourceLimits", name, _NOT_A_LIMIT, CORRECT, shown))
    low, high = _or(limits.lowest_return, -np.inf), _or(limits.highest_return, np.inf)
    if not low <= high:
        shown = f"{low:g} / {high:g} °C"
        found.append(Problem("SourceLimits", "lowest_return", _CROSSED, CORRECT, shown))
    return found


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else float(value)


def _bound(value: float | Floats | None) -> Floats:
    return np.asarray(np.inf if value is None else value, float)
