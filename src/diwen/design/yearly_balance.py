"""The heat balance of a site's bore field over the years, and what a recharge of it gains.

Hour by hour, with the heat pumps following the temperature of the ground; lengths are judged over
the life, temperatures are told over a horizon of at least fifty years.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.calendar_months import DAYS, HOUR, MONTHS_PER_YEAR, YEAR
from diwen.design.field_response import FieldResponse
from diwen.design.fluid_course import Course
from diwen.design.heat_balance import (
    HeatBalance,
    Trajectory,
    balance_of,
    closing_recharge,
    recharge_for_length,
    recharged,
    settled_course,
    trajectory_of,
)
from diwen.design.of_site import SizingInput, sizing_input
from diwen.design.sizing import Sizing, make_model, size, yearly_extremes
from diwen.language import Text
from diwen.site import Site
from diwen.site.aquifer_flow import Groundwater

Floats = NDArray[np.float64]
Say = Callable[[Text], None]

HORIZON = 50
SUMMER = (5, 6, 7, 8, 9)
# A limit is kept when it is missed by less, K.
_SLACK = 0.01

_COURSE = Text("{years} years hour by hour …", "正在逐时计算 {years} 年……")
_SIZE = Text("needed length …", "正在计算所需孔深……")
_CLOSE = Text("recharge that closes the balance …", "正在计算平衡所需补热量……")
_ENOUGH = Text("recharge for the planned length …", "正在计算满足规划孔深的补热量……")


@dataclass(frozen=True, eq=False)
class GroundCourse:
    """The ground under one operation, over the horizon.

    Attributes
    ----------
    recharge : heat given to the ground besides, J a year; negative: taken out
    extraction, injection : by year of operation and calendar month, positive, J, (years, 12);
        what goes out and in within one hour is netted
    trajectory : temperatures by year
    minimum, maximum : of the fluid where the limits hold, by year, °C, shape (years,)
    first_failure : first year of operation in which a limit is not kept; None: never
    steady : mean wall temperature towards which the heat of the last year leads, °C
    balance : of the mean year
    sizing : length needed over the life
    """

    recharge: float
    extraction: Floats
    injection: Floats
    trajectory: Trajectory
    minimum: Floats
    maximum: Floats
    first_failure: int | None
    steady: float
    balance: HeatBalance
    sizing: Sizing

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``: energies J, temperatures °C, lengths m."""
        course = self.trajectory
        names = ["wall_mean", "wall_minimum", "wall_maximum", "drift"]
        names += ["fluid_mean", "fluid_minimum", "fluid_maximum"]
        return {
            "recharge": self.recharge,
            "mean_year": {
                "extraction": self.balance.extraction,
                "injection": self.balance.injection,
                "net": self.balance.net,
                "ratio": self.balance.ratio,
                "imbalance": self.balance.imbalance,
                "extraction_by_month": self.extraction.mean(axis=0).tolist(),
                "injection_by_month": self.injection.mean(axis=0).tolist(),
            },
            "by_year": {
                "extraction": self.extraction.sum(axis=1).tolist(),
                "injection": self.injection.sum(axis=1).tolist(),
                **{name: getattr(course, name).tolist() for name in names},
                "minimum_at_limit": self.minimum.tolist(),
                "maximum_at_limit": self.maximum.tolist(),
            },
            "first_failure": self.first_failure,
            "steady_wall_mean": self.steady,
            "needed_length": self.sizing.length,
            "governing": self.sizing.governing,
            "reasons": [{"en": text.en, "zh": text.zh} for text in self.sizing.reasons],
        }


@dataclass(frozen=True, eq=False)
class YearlyBalance:
    """What :func:`balance_of_site` finds.

    Attributes
    ----------
    given : the input that the site file gave, with the length looked at
    length : mean borehole length looked at, m
    life, horizon : years over which lengths are judged, and temperatures told
    months : calendar months of recharge
    plain : without recharge
    recharged : with the recharge asked for; None where none is
    closing : recharge that closes the balance of the horizon, J a year; negative: heat to take out
    enough : smallest recharge with which the length keeps the limits over the life, J a year;
        0: none is needed; None: not even the closed balance suffices
    """

    given: SizingInput
    length: float
    life: int
    horizon: int
    months: tuple[int, ...]
    plain: GroundCourse
    recharged: GroundCourse | None
    closing: float
    enough: float | None

    @property
    def judged(self) -> GroundCourse:
        """The operation that is judged: with the recharge, where one is asked for."""
        return self.recharged or self.plain

    @property
    def suffices(self) -> bool:
        """Whether the length keeps the limits in every year of the life."""
        failure = self.judged.first_failure
        return failure is None or failure > self.life

    @property
    def length_saved(self) -> float | None:
        """Length per borehole that the recharge saves, m."""
        if self.recharged is None:
            return None
        before, after = self.plain.sizing.length, self.recharged.sizing.length
        return None if before is None or after is None else before - after

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        limits = self.given.limits
        return {
            "source": self.given.source,
            "boreholes": self.given.field.count,
            "length": self.length,
            "life": self.life,
            "horizon": self.horizon,
            "undisturbed_temperature": self.given.field.temperature(self.length),
            "limits": {"minimum": limits.minimum, "maximum": limits.maximum},
            "suffices": self.suffices,
            "months": list(self.months),
            "without_recharge": self.plain.as_dict(),
            "with_recharge": self.recharged and self.recharged.as_dict(),
            "length_saved": self.length_saved,
            "closing_recharge": self.closing,
            "recharge_for_length": self.enough,
            "notes": [note.as_dict() for note in self.given.notes],
        }


def balance_of_site(
    site: Site,
    source: str = "",
    *,
    years: int | None = None,
    recharge: float | None = None,
    months: Sequence[int] = SUMMER,
    length: float | None = None,
    say: Say | None = None,
) -> YearlyBalance:
    """The heat balance of a bore field of a site.

    Parameters
    ----------
    site, source : the site and the id of the field, where there are several
    years : over which temperatures are told and lengths judged; if not given fifty and the
        planned life
    recharge : heat given to the ground, J a year; negative: taken out
    months : calendar months of recharge
    length : mean borehole length, m; the planned one if not given
    say : told what is being done

    Raises
    ------
    diwen.problems.InputError : with everything that is missing in the site file
    """
    say = say or (lambda text: None)
    given = sizing_input(site, source)
    if length is not None:
        share = length / given.field.boreholes.mean_length
        boreholes = given.field.boreholes.with_length(share * given.field.boreholes.length)
        given = replace(given, field=replace(given.field, boreholes=boreholes))
    life = years or given.years
    horizon = years or max(HORIZON, given.years)
    response = given.response()
    study = _Study(given, life, horizon, tuple(sorted(set(months))), response)
    say(_COURSE.format(years=study.horizon))
    plain = study.course(0.0)
    with_it = None if recharge is None else study.course(recharge)
    say(_CLOSE)
    closing = study.closing()
    say(_ENOUGH)
    return YearlyBalance(
        given, given.field.boreholes.mean_length, life, study.horizon, study.months,
        plain, with_it, closing, study.enough(),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Study:
    """What stays the same for every recharge."""

    given: SizingInput
    life: int
    horizon: int
    months: tuple[int, ...]
    response: FieldResponse

    def course(self, energy: float) -> GroundCourse:
        """The ground with a yearly recharge in J."""
        given, field = self.given, self.given.field
        load, plant = given.load, given.efficiency
        if energy:
            load, plant = recharged(load, plant, energy, self.months, "hourly")  # type: ignore[assignment]
        length = field.boreholes.mean_length
        model = make_model(field, load, self.horizon, "hourly", 6 * HOUR, plant, self.response)
        course = settled_course(model, length)
        out, into = heat_by_month(course, model.first_month)
        low, high = yearly_extremes(course, field, given.limits)
        sizing = size(
            field, load, given.limits, self.life,
            method="hourly", efficiency=plant, response=self.response,
        )  # fmt: skip
        net = float(course.power[-1].mean())
        return GroundCourse(
            energy, out, into, trajectory_of(course, field), low, high,
            first_failure(low, high, given.limits), steady_wall(field, net, given.groundwater),
            balance_of(course), sizing,
        )  # fmt: skip

    def closing(self) -> float:
        given = self.given
        return closing_recharge(
            given.field, given.load, self.horizon, self.months,
            efficiency=given.efficiency, response=self.response,
        )  # fmt: skip

    def enough(self) -> float | None:
        given = self.given
        return recharge_for_length(
            given.field, given.load, given.limits, self.life, self.months,
            method="hourly", efficiency=given.efficiency, response=self.response,
        )  # fmt: skip


def heat_by_month(course: Course, first_month: int) -> tuple[Floats, Floats]:
    """Extraction and injection of an hourly course by year and calendar month, J, (years, 12).

    Parameters
    ----------
    first_month : calendar month in which a year of operation begins, from 0
    """
    starts = np.concatenate(([0], np.cumsum(np.roll(DAYS, -first_month))[:-1])) * 24
    power = course.power
    parts = (np.maximum(power, 0.0), np.maximum(-power, 0.0))
    out, into = (
        np.roll(np.add.reduceat(part, starts, axis=1) * HOUR, first_month, axis=1) for part in parts
    )
    years = len(course.wall)
    shape = (years, MONTHS_PER_YEAR)
    return np.broadcast_to(out, shape).copy(), np.broadcast_to(into, shape).copy()


def first_failure(minimum: Floats, maximum: Floats, limits: TemperatureLimits) -> int | None:
    """First year of operation, from 1, in which a limit is missed; None: never."""
    failed = np.zeros(len(minimum), dtype=bool)
    if limits.minimum is not None:
        failed |= minimum < limits.minimum - _SLACK
    if limits.maximum is not None:
        failed |= maximum > limits.maximum + _SLACK
    return int(np.argmax(failed)) + 1 if failed.any() else None


def steady_wall(field: BoreField, power: float, groundwater: Groundwater | None = None) -> float:
    """Mean wall temperature after endless years of a mean power in W, extraction positive, °C.

    Finite, since the surface of the ground keeps its temperature.
    """
    # The flowing ground is asked for a finite time besides: its solution needs one.
    boreholes, endless = field.boreholes, np.array([50 * YEAR, math.inf])
    if groundwater is None:
        from diwen.sources.borefield.g_functions import g_function

        g = float(g_function(boreholes, field.diffusivity, endless).values[-1])
    else:
        from diwen.sources.borefield.advection import g_function_with_groundwater

        found = g_function_with_groundwater(boreholes, field.diffusivity, endless, groundwater.flow)
        g = float(found.values[-1])
    drop = power / boreholes.total_length * g / (2.0 * math.pi * field.conductivity)
    return field.temperature(boreholes.mean_length) - drop
