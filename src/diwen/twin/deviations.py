"""The seven kinds of deviation of a plant from its design, as named parameters of the twin.

Design, resource, thermal balance, hydraulics, construction, commissioning, operation: each is one
or several physical parameters with a neutral value, a range and a unit. What a deviation costs is
the twin with it less the twin without it; diagnosis estimates the same parameters from records.
The ranges are engineering defaults: beyond them the parameter means something else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.site.spelling import cure_for, listed
from diwen.twin.deviation_parameters import (
    FAMILIES,
    FAMILY_NAMES,
    PARAMETERS,
    DeviationFamily,
    DeviationParameter,
    OverYears,
)

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.twin.deviations_plant import TwinInputs

__all__ = [
    "FAMILIES", "FAMILY_NAMES", "PARAMETERS", "Deviation", "DeviationFamily", "DeviationParameter",
    "check_deviations", "deviating_inputs", "deviating_site", "deviation_problems",
]  # fmt: skip


@dataclass(frozen=True)
class Deviation:
    """One deviation of a plant.

    Times are years from the beginning of the run, with parts of years: 0.5 is half a year later.

    Attributes
    ----------
    parameter : name in :data:`PARAMETERS`
    value : in the unit of the parameter
    since : when it begins, 0: from day 0
    until : when it is put right; None: it stays
    resets : when service sets back what has grown; it grows again from there: a saw-tooth
    """

    parameter: str
    value: float
    since: float = 0
    until: float | None = None
    resets: tuple[float, ...] = ()

    @property
    def kind(self) -> DeviationFamily:
        """Which of the seven kinds it is."""
        return PARAMETERS[self.parameter].family

    @property
    def grows(self) -> bool:
        """Whether the value is per year and adds up."""
        return PARAMETERS[self.parameter].grows

    def holds(self, time: float) -> bool:
        """Whether it is there at a time, years of the run."""
        return self.since <= time and (self.until is None or time < self.until)

    def at(self, time: float) -> float | None:
        """Value at a time, years of the run; None: not there (not yet, or put right)."""
        if not self.holds(time):
            return None
        if not self.grows:
            return self.value
        clean = max((reset for reset in self.resets if self.since <= reset <= time),
                    default=self.since)  # fmt: skip
        return self.value * (time - clean)

    def level(self, begin: float, years: float = 1.0) -> float | None:
        """Value that stands for a stretch of the run; None: not there in its middle.

        One that grows stands with its mean over the part of the stretch in which it is there: the
        value in the middle, if no service lies within.

        Parameters
        ----------
        begin : of the stretch, years of the run
        years : its length; 0: that moment
        """
        if not self.holds(begin + 0.5 * years):
            return None
        if not self.grows:
            return self.value
        if not years:
            return self.at(begin)
        ends = (begin, begin + years, self.since, self.until or math.inf, *self.resets)
        first = max(begin, self.since)
        last = min(begin + years, math.inf if self.until is None else self.until)
        cuts = sorted({first, last, *(end for end in ends if first < end < last)})
        total = sum((b - a) * (self.at(0.5 * (a + b)) or 0.0) for a, b in pairwise(cuts))
        # Equal treads of different teeth are equal to the last digit: they are built once.
        return round(total / (last - first), 12)

    def steps(self, begin: float, years: float = 1.0) -> tuple[float, ...]:
        """What differs from stretch to stretch: nothing changes between those of equal steps."""
        if PARAMETERS[self.parameter].over_years is not None:
            middle = begin + 0.5 * years
            return (self.value, middle - self.since) if middle >= self.since else ()
        level = self.level(begin, years)
        return () if level is None else (level,)

    def largest(self, years: float) -> float:
        """Largest value within the first years of a run; of what does not grow, its value."""
        if not self.grows:
            return self.value
        end = years if self.until is None else min(years, self.until)
        ends = [end, *(reset for reset in self.resets if self.since < reset < end)]
        begins = [self.since, *(reset for reset in self.resets if self.since <= reset)]
        grown = [end - max(begin for begin in begins if begin < end) for end in ends
                 if end > self.since]  # fmt: skip
        return self.value * max(grown, default=0.0)


_FUNCTION = "Deviation"
_UNKNOWN = Text("no such deviation", "没有此种偏差")
_OUTSIDE = Text("outside the range of this deviation", "超出该偏差的取值范围")
_CORRECT = Text("correct the value", "请更正该值")
_NEGATIVE = Text("a deviation does not begin before the run", "偏差不能早于模拟开始")
_LESS_LATE = Text("let it begin earlier, or simulate more years", "请提前开始，或增加模拟年数")
_TOO_LATE = Text("it would begin after the run, of {years} year(s), has ended",
                 "其开始时间晚于模拟结束（共 {years} 年）")  # fmt: skip
_TOO_MUCH = Text(
    "after {year} years of growth this takes {value:g}, more than can be lost",
    "逐年增长至第 {year} 年达 {value:g}，超过可损失的上限",
)
_LESS = Text("give a smaller value, a later beginning or fewer years",
             "请减小数值、推迟开始时间或缩短年数")  # fmt: skip
_NO_TIME = Text("not a time in years of the run", "不是以运行年计的时间")
_ENDS_BEFORE = Text("it would be put right before it begins", "其消除时间早于开始时间")
_NOTHING_GROWS = Text(
    "does not grow: service sets nothing back", "该偏差不逐渐增大，维护清零不起作用"
)
_NO_RESETS = Text("leave the times of service out, or say when it is put right (until)",
                  "请去掉维护时间，或给出消除时间（until）")  # fmt: skip
_RESET_BEFORE = Text("serviced before it begins", "维护时间不晚于开始时间")
_ONCE = Text("the same deviation twice", "同一偏差重复给出")
_ONE = Text("give each of them once", "每种偏差只给出一次")


def deviation_problems(deviations: Sequence[Deviation], years: int = 1) -> list[Problem]:
    """What is wrong with deviations of a run of some years."""
    found = []
    seen: set[str] = set()
    for one in deviations:
        parameter = PARAMETERS.get(one.parameter)
        if parameter is None:
            cure = cure_for(one.parameter, PARAMETERS)
            found.append(
                Problem(_FUNCTION, "parameter", _UNKNOWN, cure, one.parameter, listed(PARAMETERS))
            )
            continue
        if one.parameter in seen:
            found.append(Problem(_FUNCTION, one.parameter, _ONCE, _ONE))
        seen.add(one.parameter)
        if not parameter.low <= one.value <= parameter.high:
            allowed = same(f"{parameter.low:g} … {parameter.high:g} {parameter.unit}".strip())
            found.append(
                Problem(_FUNCTION, one.parameter, _OUTSIDE, _CORRECT, f"{one.value:g}", allowed)
            )
        elif parameter.grows and one.largest(years) > parameter.most:
            message = _TOO_MUCH.format(year=years, value=one.largest(years))
            found.append(Problem(_FUNCTION, one.parameter, message, _LESS, f"{one.value:g}"))
        found += _time_problems(one, parameter, years)
    return found


def _time_problems(one: Deviation, parameter: DeviationParameter, years: int) -> list[Problem]:
    """What is wrong with when a deviation begins, ends and is set back."""
    found = []

    def wrong(where: str, message: Text, cure: Text, value: object) -> None:
        found.append(Problem(_FUNCTION, where, message, cure, f"{value:g}"))

    times = (one.since, *(() if one.until is None else (one.until,)), *one.resets)
    if not all(math.isfinite(time) for time in times):
        found.append(Problem(_FUNCTION, one.parameter, _NO_TIME, _CORRECT, f"{times}"))
        return found
    if one.since >= max(years, 1):
        wrong("since", _TOO_LATE.format(years=years), _LESS_LATE, one.since)
    if one.since < 0:
        wrong("since", _NEGATIVE, _CORRECT, one.since)
    if one.until is not None and one.until <= one.since:
        wrong("until", _ENDS_BEFORE, _CORRECT, one.until)
    if one.resets and not parameter.grows:
        found.append(Problem(_FUNCTION, "resets", _NOTHING_GROWS, _NO_RESETS, one.parameter))
    if any(reset <= one.since for reset in one.resets):
        wrong("resets", _RESET_BEFORE, _CORRECT, min(one.resets))
    return found


def check_deviations(deviations: Sequence[Deviation], years: int = 1) -> None:
    """Refuse deviations that cannot be.

    Raises
    ------
    diwen.problems.InputError : with everything that is wrong, at once
    """
    problems = deviation_problems(deviations, years)
    if problems:
        raise InputError(problems)


def deviating_site(
    site: Site, deviations: Sequence[Deviation], year: float = 0, years: float = 1.0
) -> Site:
    """The site with the deviations of ground and boreholes that hold in a stretch of a run.

    Parameters
    ----------
    year : of the run at which the stretch begins, from 0, with parts of years
    years : length of the stretch
    """
    for one in deviations:
        level, parameter = one.level(year, years), PARAMETERS[one.parameter]
        if level is not None and parameter.of_site is not None and level != parameter.neutral:
            site = parameter.of_site(site, level)
    return site


def deviating_inputs(
    inputs: TwinInputs, deviations: Sequence[Deviation], year: float = 0, years: float = 1.0
) -> TwinInputs:
    """The inputs of a run with the deviations of plant and loads that hold in a stretch of it.

    Parameters
    ----------
    year : of the run at which the stretch begins, from 0, with parts of years
    years : length of the stretch
    """
    for one in deviations:
        level, parameter = one.level(year, years), PARAMETERS[one.parameter]
        if parameter.over_years is not None:
            inputs = _over_years(inputs, one, parameter.over_years, year + 0.5 * years)
        elif level is not None and level != parameter.neutral and parameter.of_inputs is not None:
            inputs = parameter.of_inputs(inputs, level)
    return inputs


def _over_years(inputs: TwinInputs, one: Deviation, change: OverYears, middle: float) -> TwinInputs:
    """What has gone on since a deviation began, in the middle of a stretch.

    One that was put right goes on with the opposite beside it: its trace in the ground fades.
    """
    if one.value == PARAMETERS[one.parameter].neutral or middle < one.since:
        return inputs
    inputs = change(inputs, one.value, middle - one.since)
    if one.until is not None and middle > one.until:
        inputs = change(inputs, -one.value, middle - one.until)
    return inputs
