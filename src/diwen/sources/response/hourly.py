"""Decades of hours with heat pumps: the fluid temperature moves the efficiency, and back.

The ground is a :class:`.modes.Response` per W of heat rate. In each step the past
is one number per source (the decayed modes), so that the equation between heat rate, fluid
temperature and coefficient of performance is solved exactly on each straight piece of the
efficiency (heat and cold in the same step, and several zones, by repeated substitution).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.modes import Response, unscaled
from diwen.sources.response.time_units import HOUR
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

_NEGATIVE = Text("below zero or no number", "小于零或非数值")
_TWO_LOADS = Text(
    "give heating and cooling as two series, both 0 or more",
    "请将供热与供冷分为两个序列，均不小于 0",
)
_SHAPES = Text("the loads do not fit each other or the zones", "负荷序列之间或与分区不一致")
_SAME = Text(
    "one value per step; several zones: one column each, as the response has inputs",
    "每个时间步一个值；多分区时每区一列，与响应的输入数一致",
)
_COURSE = Text(
    "the temperatures fit neither the steps of the loads nor the zones",
    "温度序列与负荷的时间步数或分区数不一致",
)
_ONE_PER_STEP = Text(
    "give one number, or one value per step of the load",
    "请给出一个数值，或按负荷的每个时间步给出一个值",
)
_MISSING = Text("temperatures are missing", "温度有缺失值")
_FILL = Text(
    "fill the gaps with a model, so that they are marked as modelled",
    "请用模型补齐缺口，使其标记为模拟值",
)
_CIRCULATE = Text(
    "give the mass flow times the specific heat of the fluid", "请给出质量流量与比热容之积"
)
_TABLE = Text(
    "the efficiency is not a table of rising temperatures and positive values",
    "能效表须为递增温度与正值",
)
_SQUARE = Text("the response has not as many outputs as inputs", "响应的输出数与输入数不等")
_PER_ZONE = Text("give one output per zone, in the order of the inputs", "每区一个输出，顺序同输入")


@dataclass(frozen=True, eq=False)
class Efficiency:
    """Heat or cold per electric work of a heat pump over its entering source temperature.

    Straight lines between the points, the end values beyond them.

    Attributes
    ----------
    temperatures : of the fluid that comes from the ground, °C, ascending, shape (n,)
    values : COP or EER, shape (n,)
    """

    temperatures: Floats
    values: Floats

    @classmethod
    def table(cls, temperatures: ArrayLike, values: ArrayLike) -> Efficiency:
        """From points, °C and COP or EER, shape (n,)."""
        at = np.atleast_1d(np.asarray(temperatures, float))
        value = np.atleast_1d(np.asarray(values, float))
        good = at.ndim == 1 and at.shape == value.shape and bool((np.diff(at) > 0).all())
        if not (good and bool((value > 0.0).all())):
            raise InputError([Problem("Efficiency", "table", _TABLE, CORRECT)])
        return cls(at, value)

    @classmethod
    def constant(cls, value: float) -> Efficiency:
        """The same at every temperature; infinity: loads are heat rates of the ground."""
        return cls.table([0.0], [value])

    @classmethod
    def linear(
        cls, at_zero: float, slope: float, lowest: float = -10.0, highest: float = 40.0
    ) -> Efficiency:
        """``at_zero + slope · temperature`` between two temperatures in °C, held beyond."""
        ends = np.array([lowest, highest])
        return cls.table(ends, at_zero + slope * ends)

    def at(self, temperature: ArrayLike) -> Floats:
        """COP or EER at entering temperatures in °C."""
        return np.asarray(np.interp(np.asarray(temperature, float), self.temperatures, self.values))


@dataclass(frozen=True, eq=False)
class HourlyResult:
    """What the years brought, one value per step (and zone), shape (nt,) or (nt, zones).

    Attributes
    ----------
    ground_load : heat rate from the ground, extraction positive, W
    fluid : mean of entering and leaving temperature, °C
    power : electric power of the heat pumps, W
    step : s
    steps_per_year : steps
    half_spread : half the difference entering − leaving per W of extraction, K/W: one number, one
        per zone, or, where the flow changes, one per step
    unsettled : steps whose repeated substitution did not settle (0 in a sound design)
    state : of the ground at the end, for going on
    unmet_heating, unmet_cooling : heat and cold asked for that the limits of the source did not
        allow, W, 0 or more; :func:`simulate_hourly` knows no limits and meets everything
    """

    ground_load: Floats
    fluid: Floats
    power: Floats
    step: float
    steps_per_year: int
    half_spread: Floats
    unsettled: int
    state: Floats
    unmet_heating: Floats
    unmet_cooling: Floats

    @cached_property
    def entering(self) -> Floats:
        """Temperature of the fluid entering the heat pumps (leaving the ground), °C."""
        return np.asarray(self.fluid + self.half_spread * self.ground_load)

    @cached_property
    def leaving(self) -> Floats:
        """Temperature of the fluid leaving the heat pumps (entering the ground), °C."""
        return np.asarray(self.fluid - self.half_spread * self.ground_load)

    def by_year(self, series: Floats) -> Floats:
        """A series as (years, steps per year[, zones]); a last broken year is left out."""
        years = len(series) // self.steps_per_year
        kept = series[: years * self.steps_per_year]
        return kept.reshape(years, self.steps_per_year, *series.shape[1:])

    @property
    def yearly_lowest(self) -> Floats:
        """Lowest entering temperature of each year, °C, shape (years,) or (years, zones)."""
        return np.asarray(self.by_year(self.entering).min(axis=1))

    @property
    def yearly_highest(self) -> Floats:
        """Highest entering temperature of each year, °C, shape (years,) or (years, zones)."""
        return np.asarray(self.by_year(self.entering).max(axis=1))

    @property
    def yearly_extraction(self) -> Floats:
        """Heat taken from the ground in each year, J, shape (years,) or (years, zones)."""
        return np.asarray(np.maximum(self.by_year(self.ground_load), 0.0).sum(axis=1) * self.step)

    @property
    def yearly_injection(self) -> Floats:
        """Heat given to the ground in each year, J, shape (years,) or (years, zones)."""
        return np.asarray(np.maximum(-self.by_year(self.ground_load), 0.0).sum(axis=1) * self.step)

    @property
    def yearly_electricity(self) -> Floats:
        """Electric energy of the heat pumps in each year, J, shape (years,) or (years, zones)."""
        return np.asarray(self.by_year(self.power).sum(axis=1) * self.step)


def simulate_hourly(
    response: Response,
    heating: ArrayLike,
    cooling: ArrayLike | None = None,
    *,
    undisturbed_temperature: ArrayLike,
    heat_capacity_rate: ArrayLike,
    heating_efficiency: Efficiency | Sequence[Efficiency],
    cooling_efficiency: Efficiency | Sequence[Efficiency] | None = None,
    resistance: ArrayLike = 0.0,
    years: int = 1,
    step: float = HOUR,
    initial_state: Floats | None = None,
    tolerance: float = 1e-6,
    passes: int = 50,
) -> HourlyResult:
    """Temperatures, ground loads and electricity of heat pumps on a ground source for many years.

    Parameters
    ----------
    response : drop of the borehole wall (or, with ``resistance`` 0, the mean fluid) per W
    heating, cooling : heat and cold delivered by the heat pumps, W, 0 or more, of one year (or
        any period that repeats), shape (n,) or (n, zones)
    undisturbed_temperature : °C: a scalar; one source: or one value per step of the loads, shape
        (n,); several zones: or one value each, shape (zones,), or per step and zone, (n, zones)
    heat_capacity_rate : mass flow times specific heat of the fluid, W/K, scalar or (zones,);
        infinity: no difference between entering and leaving temperature
    heating_efficiency, cooling_efficiency : COP and EER over the entering temperature, for all
        zones or one each; cooling without one is cold without work (free cooling)
    resistance : effective borehole thermal resistance over the length, R_b*/L, K/W, scalar or
        (zones,)
    years : how often the period repeats
    step : s
    initial_state : ``state`` of a result before, for going on
    tolerance : of the entering temperature, K
    passes : most substitutions per step

    Returns
    -------
    HourlyResult

    Raises
    ------
    diwen.problems.InputError : loads, flows or shapes that cannot be; all at once
    """
    zones = response.inputs
    heat = np.asarray(heating, float)
    cold = np.zeros_like(heat) if cooling is None else np.asarray(cooling, float)
    rate = np.broadcast_to(np.asarray(heat_capacity_rate, float), (zones,))
    problems = list(load_problems(response, heat, cold, rate))
    at_rest = np.asarray(undisturbed_temperature, float)
    problems += course_problems("undisturbed_temperature", at_rest, len(heat), zones)
    if problems:
        raise InputError(problems)
    period, count = len(heat), len(heat) * years
    plant = (
        *efficiency_tables(heating_efficiency, zones),
        *efficiency_tables(cooling_efficiency or Efficiency.constant(np.inf), zones),
    )
    half_spread = 0.5 / rate
    undisturbed = _by_step(at_rest, zones)
    full = response.with_resistance(np.broadcast_to(np.asarray(resistance, float), (zones,)))
    start = response.initial_state() if initial_state is None else initial_state
    state = np.array(start, float)
    loads = (
        np.ascontiguousarray(heat.reshape(period, -1)),
        np.ascontiguousarray(cold.reshape(period, -1)),
    )
    written, unsettled = _march(
        full, loads, count, undisturbed, half_spread, plant, step, tolerance, passes, state
    )
    shape = (count,) if heat.ndim == 1 else (count, zones)
    ground, fluid, power = (column.reshape(shape) for column in written)
    spread = half_spread[0] if heat.ndim == 1 else half_spread
    nothing = np.broadcast_to(0.0, shape)
    return HourlyResult(
        ground, fluid, power, float(step), period, np.asarray(spread), int(unsettled), state,
        nothing, nothing,
    )  # fmt: skip


def _march(
    response: Response,
    loads: tuple[Floats, Floats],
    count: int,
    undisturbed: Floats,
    half_spread: Floats,
    plant: tuple[Floats, ...],
    step: float,
    tolerance: float,
    passes: int,
    state: Floats,
) -> tuple[Any, int]:
    """Ground load, fluid temperature, power; the state is changed in place."""
    from diwen.sources.response import hourly_compiled

    one: Any = hourly_compiled.march_one
    several: Any = hourly_compiled.march_zones
    recursion = response.discretise(step)
    heating, cooling = loads
    limits = float(tolerance), int(passes)
    if response.single:
        residues = response.resistances[0, 0]
        written = np.empty((3, count))
        drops = state[0] * residues
        unsettled = one(
            heating[:, 0], cooling[:, 0], count, undisturbed[:, 0], recursion.decay,
            recursion.gain[0, 0], response.direct[0, 0], half_spread[0],
            *(table[0] for table in plant), *limits, drops, *written,
        )  # fmt: skip
        state[0] = unscaled(drops, residues)
        return written, unsettled
    written = np.empty((3, count, response.inputs))
    unsettled = several(
        heating, cooling, count, undisturbed, recursion.decay, response.resistances,
        response.direct, half_spread, *plant, *limits, state, *written,
    )  # fmt: skip
    return written, unsettled


def _by_step(values: Floats, zones: int) -> Floats:
    """One row where nothing changes, else one row per step: shape (1 or n, zones)."""
    rows = values.reshape(-1, 1) if zones == 1 else np.atleast_2d(values)
    return np.ascontiguousarray(np.broadcast_to(rows, (len(rows), zones)))


def course_problems(name: str, values: Floats, steps: int, zones: int) -> list[Problem]:
    """What is wrong with a temperature that may change from step to step."""
    shapes = {(), (1,), (zones,), (steps, zones)} | ({(steps,)} if zones == 1 else set())
    if values.shape not in shapes:
        found = f"{values.shape}, {steps}, {zones}"
        return [Problem("simulate_hourly", name, _COURSE, _ONE_PER_STEP, found)]
    missing = ~np.isfinite(values)
    if missing.any():
        found = f"{int(missing.sum())} / {values.size}"
        return [Problem("simulate_hourly", name, _MISSING, _FILL, found)]
    return []


def efficiency_tables(
    efficiency: Efficiency | Sequence[Efficiency], zones: int
) -> tuple[Floats, Floats]:
    """Temperatures and values, each (zones, points); short tables repeat their last point."""
    each = [efficiency] * zones if isinstance(efficiency, Efficiency) else list(efficiency)
    if len(each) != zones:
        raise InputError([Problem("simulate_hourly", "efficiency", _SHAPES, _SAME, str(len(each)))])
    longest = max(len(one.values) for one in each)
    at = np.stack([_padded(one.temperatures, longest) for one in each])
    return at, np.stack([_padded(one.values, longest) for one in each])


def _padded(values: Floats, length: int) -> Floats:
    return np.pad(values, (0, length - len(values)), mode="edge")


def load_problems(response: Response, heat: Floats, cold: Floats, rate: Floats) -> list[Problem]:
    """What is wrong with loads, heat capacity rates, or their shapes."""
    where = "simulate_hourly"
    found = []
    if response.inputs != response.outputs:
        size = f"{response.outputs} × {response.inputs}"
        found.append(Problem(where, "response", _SQUARE, _PER_ZONE, size))
    columns = 1 if heat.ndim == 1 else heat.shape[-1]
    if heat.ndim not in (1, 2) or heat.shape != cold.shape or columns != response.inputs:
        shapes = f"{heat.shape}, {cold.shape}, {response.inputs}"
        found.append(Problem(where, "heating, cooling", _SHAPES, _SAME, shapes))
    for name, load in (("heating", heat), ("cooling", cold)):
        wrong = ~(load >= 0.0) | np.isinf(load)
        if wrong.any():
            value = f"{load[wrong].flat[0]:g} W ({int(wrong.sum())})"
            found.append(Problem(where, name, _NEGATIVE, _TWO_LOADS, value))
    if not (rate > 0.0).all():
        value = f"{rate.min():g} W/K"
        found.append(
            Problem(where, "heat_capacity_rate", NOT_POSITIVE, _CIRCULATE, value, MORE_THAN_ZERO)
        )
    return found
