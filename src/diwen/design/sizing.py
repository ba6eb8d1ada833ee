"""The length of the boreholes: for the heating limit, for the cooling limit, and which governs.

Three depths of detail: ``pulses`` (L2), ``monthly`` (L3) and ``hourly`` (L4). The response is
frozen at a length, the length that the limit then asks for is exact (see
:mod:`diwen.design.fluid_course`), and the slow change with the length is iterated by secants.
Where no length suffices, the answer is the reason and not a number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField, Place, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad, MonthlyBuildingLoad
from diwen.design.calendar_months import DAYS, FIRST_HOUR, HOUR, MONTHS_PER_YEAR
from diwen.design.efficiency import PlantEfficiency
from diwen.design.field_response import FieldResponse
from diwen.design.fluid_course import Course, Needed
from diwen.design.ground_load import HourlyGroundLoad, MonthlyGroundLoad
from diwen.design.hourly import HourlyModel
from diwen.design.input_checks import number, refuse
from diwen.design.monthly import CLOSE_ENOUGH, MonthlyModel
from diwen.design.pulses import PulseModel
from diwen.design.refusals import cannot_reach, not_settled, outside
from diwen.language import Text, same
from diwen.problems import Problem
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]
Load = HourlyGroundLoad | MonthlyGroundLoad | HourlyBuildingLoad | MonthlyBuildingLoad
Method = Literal["hourly", "monthly", "pulses"]
Limit = Literal["heating", "cooling"]

_CLOSE = 2e-4
_STEPS = 40

_NEEDS_HOURS = Text("the hourly method needs an hourly load", "逐时方法需要逐时负荷")
_GIVE_HOURS = Text(
    "give 8760 hours, or size by months (monthly)", "请给出 8760 小时负荷，或按月计算（monthly）"
)
_NEEDS_EFFICIENCY = Text(
    "a load of the building needs the efficiency of the heat pumps", "建筑负荷需给出热泵机组能效"
)
_GIVE_EFFICIENCY = Text("give efficiency, or a load of the ground", "请给出能效，或地源侧负荷")
_TOO_SIMPLE = Text(
    "three pulses cannot follow an efficiency that depends on the temperature",
    "三脉冲法无法考虑随温度变化的能效",
)
_MONTHS = Text('use "monthly" or "hourly", or a constant efficiency',
               "请用按月（monthly）或逐时（hourly）方法，或采用恒定能效")  # fmt: skip
_YEARS = Text("the life is a whole number of years", "使用年限应为整数年")
_RANGE = Text("the range of lengths is empty", "孔深范围无效")
_SHORTEST = Text(
    "{length} m, the shortest length looked at, is more than enough",
    "所考虑的最短孔深 {length} m 已足够",
)
_YEARS_FEW = Text(
    "the load has {given} years but operation lasts {years}: it is repeated",
    "负荷共 {given} 年，运行 {years} 年：按周期重复",
)


class Model(Protocol):
    """What each method gives: the course of the fluid for a mean length."""

    field: BoreField
    first_month: int

    def at(self, length: float) -> Course:
        """The course for a mean length in m."""
        ...


@dataclass(frozen=True)
class Moment:
    """When a limit is met.

    Attributes
    ----------
    year : year of operation, from 1
    month : calendar month, 1 to 12
    hour : hour of the calendar year, from 0; None by months and pulses
    """

    year: int
    month: int
    hour: int | None = None


@dataclass(frozen=True)
class LimitLength:
    """What one limit asks for.

    Attributes
    ----------
    limit : heating (lowest temperature) or cooling (highest)
    temperature, place : the limit, °C, and where it holds
    length : mean borehole length, m; None where no length suffices; 0 where the limit is never near
    moment : when it is met
    reason : why no length suffices
    """

    limit: Limit
    temperature: float
    place: Place
    length: float | None
    moment: Moment | None
    reason: Text | None = None


@dataclass(frozen=True, eq=False)
class Sizing:
    """A sized field.

    Attributes
    ----------
    length : mean borehole length, m; None when some limit cannot be kept
    total_length : m
    governing : the limit that asks for the longest boreholes
    heating, cooling : what each limit asks for; None without such a limit
    minimum, maximum : lowest and highest fluid temperature of every year at the place of the
        limits, °C, shape (years,), for the sized length, or the longest where there is none
    mean_minimum, mean_maximum : the same of the mean fluid temperature
    g_error : the g-function's own estimate of its relative error
    evaluations, g_functions : courses computed, g-functions solved
    warnings : what the reader should know
    """

    length: float | None
    total_length: float | None
    governing: Limit | None
    heating: LimitLength | None
    cooling: LimitLength | None
    minimum: Floats
    maximum: Floats
    mean_minimum: Floats
    mean_maximum: Floats
    g_error: float
    evaluations: int
    g_functions: int
    warnings: tuple[Text, ...]

    @property
    def solved(self) -> bool:
        """Whether a length was found."""
        return self.length is not None

    @property
    def reasons(self) -> tuple[Text, ...]:
        """Why there is no length."""
        parts = (self.heating, self.cooling)
        return tuple(part.reason for part in parts if part is not None and part.reason is not None)


def size(
    field: BoreField,
    load: Load,
    limits: TemperatureLimits,
    years: int = 25,
    *,
    method: Method = "hourly",
    peak_duration: float | tuple[float, float] = 6 * HOUR,
    efficiency: PlantEfficiency | None = None,
    lengths: tuple[float, float] = (5.0, 500.0),
    response: FieldResponse | None = None,
) -> Sizing:
    """Mean length of the boreholes that keeps the limits in every year of operation.

    Parameters
    ----------
    field : the field; its present lengths are the first guess
    load : of the ground or the building, by hour or month; by hour serves every method
    limits : of the fluid temperature
    years : years of operation
    method : ``hourly`` (L4), ``monthly`` (L3), ``pulses`` (L2)
    peak_duration : s, where an hourly load is turned into months: for both, or (heating, cooling)
    efficiency : of the heat pumps, for a load of the building
    lengths : shortest and longest mean length looked at, m
    response : a table of g-functions of this field to use and extend

    Raises
    ------
    diwen.problems.InputError : what is missing for the method, values that cannot be
    """
    limits.check(field)
    _check(load, years, method, efficiency, lengths)
    response = response or FieldResponse(field.boreholes)
    model = make_model(field, load, years, method, peak_duration, efficiency, response)
    search = _Search(model, lengths)
    parts = {part.limit: part for part in (search.limit(*wanted) for wanted in _wanted(limits))}
    found = [part for part in parts.values() if part.length is not None]
    governing = max(found, key=lambda part: part.length or 0.0) if found else None
    solved = governing is not None and len(found) == len(parts)
    length = max(governing.length or 0.0, lengths[0]) if solved and governing else None
    course = search.at(lengths[1] if length is None else length)
    minimum, maximum = yearly_extremes(course, field, limits)
    mean = course.fluid(field, "mean")
    return Sizing(
        length,
        None if length is None else length * field.count,
        governing.limit if solved and governing else None,
        parts.get("heating"),
        parts.get("cooling"),
        minimum,
        maximum,
        mean.min(axis=1),
        mean.max(axis=1),
        response.error,
        search.evaluations,
        response.solved,
        tuple(_warnings(length, lengths, course, load, years)),
    )


def make_model(
    field: BoreField,
    load: Load,
    years: int,
    method: Method,
    peak_duration: float | tuple[float, float],
    efficiency: PlantEfficiency | None,
    response: FieldResponse,
) -> Model:
    """The model of a method for a load."""
    if method == "hourly":
        assert isinstance(load, HourlyGroundLoad | HourlyBuildingLoad)
        return HourlyModel(field, load, years, response, efficiency)
    if isinstance(load, HourlyGroundLoad | HourlyBuildingLoad):
        load = load.monthly(peak_duration)
    if method == "monthly":
        return MonthlyModel(field, load, years, response, efficiency)
    if isinstance(load, MonthlyBuildingLoad):
        assert efficiency is not None
        load = load.ground(efficiency, field.temperature(field.boreholes.mean_length))
    return PulseModel(field, load, years, response)


def yearly_extremes(
    course: Course, field: BoreField, limits: TemperatureLimits
) -> tuple[Floats, Floats]:
    """Lowest and highest fluid temperature of every year where the limits hold, °C."""
    low = course.fluid(field, limits.minimum_at).min(axis=1)
    return low, course.fluid(field, limits.maximum_at).max(axis=1)


class _Search:
    """Courses by length, each computed once, and the length that each limit asks for."""

    def __init__(self, model: Model, lengths: tuple[float, float]) -> None:
        self._model = model
        self._lengths = lengths
        self._courses: dict[float, Course] = {}
        self._moments = 0
        self.evaluations = 0

    def at(self, length: float) -> Course:
        if length not in self._courses:
            if len(self._courses) > 3:
                self._courses.pop(next(iter(self._courses)))
            course = self._courses[length] = self._model.at(length)
            self._moments = course.power.shape[1]
            self.evaluations += 1
        return self._courses[length]

    def limit(self, limit: Limit, temperature: float, place: Place) -> LimitLength:
        """The length that a limit asks for, or why none suffices."""
        field, longest = self._model.field, self._lengths[1]
        sign = 1 if limit == "heating" else -1
        needed = self._solve(temperature, place, sign)
        if needed is not None:
            moment = self._moment(needed) if needed.length > 0.0 else None
            return LimitLength(limit, temperature, place, needed.length, moment)
        course = self.at(longest)
        worst = course.needed(field, temperature, place, sign)
        undisturbed = field.temperature(longest)
        if sign * (undisturbed - temperature) <= 0.0:
            reason = outside(limit, undisturbed, temperature)
        else:
            reason = cannot_reach(limit, course, field, place, temperature, worst)
        return LimitLength(limit, temperature, place, None, self._moment(worst), reason)

    def _solve(self, temperature: float, place: Place, sign: int) -> Needed | None:
        """Secants in the logarithm of the length, kept between too short and long enough."""
        field, (low, high) = self._model.field, map(math.log, self._lengths)
        here = min(max(math.log(field.boreholes.mean_length), low), high)
        short, long = -math.inf, math.inf
        before: tuple[float, float] | None = None
        for _ in range(_STEPS):
            needed = self.at(math.exp(here)).needed(field, temperature, place, sign)
            if needed.length == 0.0:
                return needed
            excess = math.log(needed.length) - here
            if abs(excess) < _CLOSE or (here <= low and excess < 0.0):
                return Needed(max(needed.length, self._lengths[0]), needed.year, needed.moment)
            if here >= high and excess > 0.0:
                return None
            short, long = (max(short, here), long) if excess > 0.0 else (short, min(long, here))
            step = _secant(before, (here, excess))
            before = (here, excess) if math.isfinite(excess) else None
            here = min(max(here + step, low), high)
            if not short < here < long and math.isfinite(long - short):
                here = 0.5 * (short + long)
        return needed

    def _moment(self, needed: Needed) -> Moment:
        first = self._model.first_month
        if self._moments <= 3 * MONTHS_PER_YEAR:
            return Moment(needed.year + 1, (needed.moment + first) % MONTHS_PER_YEAR + 1)
        hour = (needed.moment + int(FIRST_HOUR[first])) % int(24 * DAYS.sum())
        month = int(np.searchsorted(FIRST_HOUR, hour, side="right"))
        return Moment(needed.year + 1, month, hour)


def _secant(before: tuple[float, float] | None, now: tuple[float, float]) -> float:
    """Step of the logarithm of the length that closes the excess; e-fold where it is endless."""
    place, excess = now
    if math.isinf(excess):
        return 1.0
    slope = -1.0
    if before is not None and place != before[0]:
        slope = min((excess - before[1]) / (place - before[0]), -0.15)
    return -excess / slope


def _wanted(limits: TemperatureLimits) -> list[tuple[Limit, float, Place]]:
    wanted: list[tuple[Limit, float, Place]] = []
    if limits.minimum is not None:
        wanted.append(("heating", limits.minimum, limits.minimum_at))
    if limits.maximum is not None:
        wanted.append(("cooling", limits.maximum, limits.maximum_at))
    return wanted


def _warnings(
    length: float | None, lengths: tuple[float, float], course: Course, load: Load, years: int
) -> list[Text]:
    found: list[Text] = []
    if length is not None and length <= lengths[0]:
        found.append(_SHORTEST.format(length=f"{length:g}"))
    if course.residual > CLOSE_ENOUGH:
        found.append(not_settled(course.residual))
    if 1 < load.years < years:
        found.append(_YEARS_FEW.format(given=load.years, years=years))
    return found


def _check(
    load: Load,
    years: int,
    method: Method,
    efficiency: PlantEfficiency | None,
    lengths: tuple[float, float],
) -> None:
    """Refuse what the method cannot work with."""
    where = "sizing"
    problems: list[Problem] = []
    if method == "hourly" and not isinstance(load, HourlyGroundLoad | HourlyBuildingLoad):
        problems.append(Problem(where, "load", _NEEDS_HOURS, _GIVE_HOURS))
    if isinstance(load, HourlyBuildingLoad | MonthlyBuildingLoad):
        if efficiency is None:
            problems.append(Problem(where, "efficiency", _NEEDS_EFFICIENCY, _GIVE_EFFICIENCY))
        elif method == "pulses" and not efficiency.is_constant:
            problems.append(Problem(where, "efficiency", _TOO_SIMPLE, _MONTHS))
    if years < 1 or years != int(years):
        problems.append(Problem(where, "years", _YEARS, CORRECT, f"{years}", same("≥ 1")))
    for end in lengths:
        problems += number(where, "lengths", end, positive=True)
    if lengths[0] >= lengths[1]:
        shown = f"{lengths[0]:g} … {lengths[1]:g} m"
        problems.append(Problem(where, "lengths", _RANGE, CORRECT, shown))
    refuse(problems)
