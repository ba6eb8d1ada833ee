"""The heat balance of a field: what goes out and in, how the ground drifts, what recharge gains.

Balance ratio: heat injected over heat extracted in a year. The trajectory gives, for every year,
lowest, mean and highest temperature of wall and fluid; the drift is the slope of the yearly mean
wall temperature. Recharge is extra heat given to the ground in chosen months at constant power;
with a load of the building the efficiency of the heat pumps follows the recharged ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad, MonthlyBuildingLoad
from diwen.design.calendar_months import DAYS, HOUR, MONTH, MONTHS_PER_YEAR, hours_in_months
from diwen.design.efficiency import PlantEfficiency
from diwen.design.field_response import FieldResponse
from diwen.design.fluid_course import Course
from diwen.design.ground_load import HourlyGroundLoad, MonthlyGroundLoad
from diwen.design.recharged_plant import month_shares, recharged_plant
from diwen.design.sizing import Load, Method, Model, Sizing, make_model, size

Floats = NDArray[np.float64]
GroundLoad = HourlyGroundLoad | MonthlyGroundLoad

_BISECTIONS = 24
# Passes of the heat-pump feedback beyond those of one course, K left, and steps to zero net heat.
_PASSES, _SETTLED = 12, 1e-9
_STEPS, _CLOSED = 12, 1e-9


@dataclass(frozen=True)
class HeatBalance:
    """Heat of a mean year.

    Attributes
    ----------
    extraction, injection : J a year, both positive
    """

    extraction: float
    injection: float

    @property
    def net(self) -> float:
        """Extraction less injection, J a year."""
        return self.extraction - self.injection

    @property
    def ratio(self) -> float | None:
        """Injection over extraction; None where nothing is extracted."""
        return self.injection / self.extraction if self.extraction > 0.0 else None

    @property
    def imbalance(self) -> float:
        """Share of the larger of the two that the smaller leaves open, 0 (balanced) to 1."""
        larger = max(self.extraction, self.injection)
        return abs(self.net) / larger if larger > 0.0 else 0.0


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Temperatures by year of operation, °C, shape (years,) each.

    Attributes
    ----------
    wall_mean, wall_minimum, wall_maximum : of the borehole wall (where the heat capacity of the
        boreholes counts, the extremes are those of the fluid less R_b times the heat rate)
    fluid_mean, fluid_minimum, fluid_maximum : of the mean fluid temperature
    drift : change of the yearly mean wall temperature against the year before, K
    """

    wall_mean: Floats
    wall_minimum: Floats
    wall_maximum: Floats
    fluid_mean: Floats
    fluid_minimum: Floats
    fluid_maximum: Floats
    drift: Floats


@dataclass(frozen=True, eq=False)
class Recharge:
    """What recharge of the ground gains.

    Attributes
    ----------
    energy : extra heat into the ground, J a year
    months : calendar months in which it is given
    balance : of the year with it
    sizing : of the field with it
    length_saved : mean length saved against none, m; None where one of the two has no length
    """

    energy: float
    months: tuple[int, ...]
    balance: HeatBalance
    sizing: Sizing
    length_saved: float | None


def heat_balance(load: GroundLoad) -> HeatBalance:
    """Extraction and injection of the mean year of a ground load."""
    return HeatBalance(*load.yearly)


def trajectory(
    field: BoreField,
    load: Load,
    years: int,
    *,
    method: Method = "monthly",
    peak_duration: float | tuple[float, float] = 6 * HOUR,
    efficiency: PlantEfficiency | None = None,
    response: FieldResponse | None = None,
) -> Trajectory:
    """Temperatures of every year for the field as it is; see :func:`diwen.design.sizing.size`."""
    response = response or FieldResponse(field.boreholes)
    model = make_model(field, load, years, method, peak_duration, efficiency, response)
    return trajectory_of(model.at(field.boreholes.mean_length), field)


def trajectory_of(course: Course, field: BoreField) -> Trajectory:
    """Temperatures of every year of a course of the field."""
    wall, fluid = course.wall_temperature(), course.fluid(field, "mean")
    # By months the peaks stand behind the twelve means; the mean temperature is that of the means.
    means = slice(MONTHS_PER_YEAR) if wall.shape[1] <= 3 * MONTHS_PER_YEAR else slice(None)
    wall_mean = wall[:, means].mean(axis=1)
    return Trajectory(
        wall_mean,
        wall.min(axis=1),
        wall.max(axis=1),
        fluid[:, means].mean(axis=1),
        fluid.min(axis=1),
        fluid.max(axis=1),
        np.diff(wall_mean, prepend=course.temperature),
    )


def with_recharge(load: GroundLoad, energy: float, months: Sequence[int]) -> GroundLoad:
    """The load with extra heat into the ground, J a year, spread evenly over calendar months.

    Negative energy takes heat out instead, which balances a field that is mostly cooled.
    """
    share = month_shares(months)
    if isinstance(load, HourlyGroundLoad):
        power = energy * hours_in_months(share / (DAYS * 86400.0))
        return HourlyGroundLoad.of(
            load.power - np.tile(power, load.years), start_month=load.start_month
        )
    added = energy * np.tile(share, load.years)
    into, out = load.injection + np.maximum(added, 0.0), load.extraction + np.maximum(-added, 0.0)
    return replace(
        load,
        injection=into,
        extraction=out,
        peak_injection=np.maximum(load.peak_injection, into / MONTH),
        peak_extraction=np.maximum(load.peak_extraction, out / MONTH),
    )


def recharged(
    load: Load,
    efficiency: PlantEfficiency | None,
    energy: float,
    months: Sequence[int],
    method: Method = "monthly",
) -> tuple[Load, PlantEfficiency | None]:
    """Load and plant with a yearly recharge in J; see :func:`with_recharge`."""
    if isinstance(load, HourlyBuildingLoad | MonthlyBuildingLoad):
        assert efficiency is not None
        by_months = method != "hourly"
        return load, recharged_plant(efficiency, load, energy, months, monthly=by_months)
    return with_recharge(load, energy, months), None


def settled_course(model: Model, length: float) -> Course:
    """The course with the heat-pump feedback followed until nothing changes any more."""
    course = model.at(length)
    for _ in range(_PASSES):
        if course.residual <= _SETTLED:
            break
        course = model.at(length)
    return course


def recharge_effect(
    field: BoreField,
    load: Load,
    limits: TemperatureLimits,
    years: int,
    energy: float,
    months: Sequence[int] = (5, 6, 7, 8, 9),
    *,
    method: Method = "monthly",
    efficiency: PlantEfficiency | None = None,
    response: FieldResponse | None = None,
) -> Recharge:
    """Length and balance with a yearly recharge in J, against none.

    The balance of a building's load is that of the field as it is, over the years given.
    """
    response = response or FieldResponse(field.boreholes)
    changed, plant = recharged(load, efficiency, energy, months, method)
    before = size(
        field, load, limits, years, method=method, efficiency=efficiency, response=response
    )
    after = size(field, changed, limits, years, method=method, efficiency=plant, response=response)
    saved = None
    if before.length is not None and after.length is not None:
        saved = before.length - after.length
    if isinstance(changed, HourlyGroundLoad | MonthlyGroundLoad):
        balance = heat_balance(changed)
    else:
        model = make_model(field, changed, years, method, 6 * HOUR, plant, response)
        balance = balance_of(settled_course(model, field.boreholes.mean_length))
    return Recharge(energy, tuple(months), balance, after, saved)


def balance_of(course: Course) -> HeatBalance:
    """Heat of the mean year of a course; by months what goes out and in within one is netted."""
    power, step = course.power, HOUR
    if power.shape[1] <= 3 * MONTHS_PER_YEAR:
        power, step = power[:, :MONTHS_PER_YEAR], MONTH
    out = float(np.maximum(power, 0.0).sum()) * step / len(power)
    return HeatBalance(out, out - float(power.sum()) * step / len(power))


def balancing_recharge(load: GroundLoad) -> float:
    """Yearly recharge that closes the balance, J; negative: heat to take out."""
    return heat_balance(load).net


def closing_recharge(
    field: BoreField,
    load: Load,
    years: int,
    months: Sequence[int] = (5, 6, 7, 8, 9),
    *,
    method: Method = "hourly",
    efficiency: PlantEfficiency | None = None,
    response: FieldResponse | None = None,
) -> float:
    """Yearly recharge, J, that closes the balance over the years for the field as it is.

    As :func:`balancing_recharge`, but the heat pumps feel the recharged ground. Secants.
    """
    if isinstance(load, HourlyGroundLoad | MonthlyGroundLoad):
        return balancing_recharge(load)
    response = response or FieldResponse(field.boreholes)

    def balance(energy: float) -> HeatBalance:
        changed, plant = recharged(load, efficiency, energy, months, method)
        model = make_model(field, changed, years, method, 6 * HOUR, plant, response)
        return balance_of(settled_course(model, field.boreholes.mean_length))

    energy, slope = 0.0, -1.0
    found = balance(energy)
    for _ in range(_STEPS):
        gap = found.net
        if abs(gap) <= _CLOSED * max(found.extraction, found.injection):
            break
        step = -gap / slope
        found = balance(energy + step)
        energy, slope = energy + step, min((found.net - gap) / step, -0.5)
    return energy


def recharge_for_length(
    field: BoreField,
    load: Load,
    limits: TemperatureLimits,
    years: int,
    months: Sequence[int] = (5, 6, 7, 8, 9),
    *,
    method: Method = "monthly",
    efficiency: PlantEfficiency | None = None,
    response: FieldResponse | None = None,
) -> float | None:
    """Smallest yearly recharge, J, with which the field as it is keeps its limits.

    Sought between none and the closed balance (negative where the field is mostly cooled); None
    where even that does not suffice.
    """
    response = response or FieldResponse(field.boreholes)
    length = field.boreholes.mean_length
    whole = closing_recharge(
        field, load, years, months, method=method, efficiency=efficiency, response=response
    )

    def suffices(share: float) -> bool:
        changed, plant = recharged(load, efficiency, share * whole, months, method)
        model = make_model(field, changed, years, method, 6 * HOUR, plant, response)
        course = model.at(length)
        low = course.fluid(field, limits.minimum_at).min()
        high = course.fluid(field, limits.maximum_at).max()
        cold = limits.minimum is not None and low < limits.minimum
        return not cold and not (limits.maximum is not None and high > limits.maximum)

    if suffices(0.0):
        return 0.0
    if not suffices(1.0):
        return None
    little, enough = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (little + enough)
        little, enough = (little, middle) if suffices(middle) else (middle, enough)
        if enough - little < 1e-4:
            break
    return enough * whole
