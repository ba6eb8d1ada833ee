"""Sizing by months and their peaks (L3): every month of every year is checked.

The load of each month is superposed in time; at the end of the month a peak of given duration is
added to its mean. With a building load the heat-pump efficiency follows the entering temperature of
the mean and of each peak by fixed-point iteration.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField
from diwen.design.building_load import MonthlyBuildingLoad
from diwen.design.calendar_months import MONTH, MONTHS_PER_YEAR
from diwen.design.efficiency import PlantEfficiency
from diwen.design.field_response import FieldResponse
from diwen.design.fluid_course import Course
from diwen.design.ground_load import MonthlyGroundLoad
from diwen.design.step_response import StepResponse

Floats = NDArray[np.float64]

CLOSE_ENOUGH = 0.005
_PASSES = 40


class MonthlyModel:
    """The fluid by months for any length; moments: 12 means, 12 extraction, 12 injection peaks.

    Parameters
    ----------
    field, response : the field and its step response
    load : of the ground, or of the building together with an efficiency
    years : years of operation
    efficiency : of the heat pumps; only for a load of the building
    """

    def __init__(
        self,
        field: BoreField,
        load: MonthlyGroundLoad | MonthlyBuildingLoad,
        years: int,
        response: FieldResponse,
        efficiency: PlantEfficiency | None = None,
    ) -> None:
        self.field = field
        self.years = years
        self.first_month = load.start_month - 1
        self._efficiency = efficiency
        self._building: Floats | None = None
        start = field.temperature(field.boreholes.mean_length)
        self._entering = np.full((3, years * MONTHS_PER_YEAR), start)
        ground = load
        if isinstance(ground, MonthlyBuildingLoad):
            assert efficiency is not None
            if efficiency.is_constant:
                ground = ground.ground(efficiency, start)
            else:
                rows = [row / MONTH for row in (ground.heating, ground.cooling, ground.hot_water)]
                peaks = [ground.peak_heating, ground.peak_cooling]
                self._building = self._over_life(np.stack(rows + peaks))
        if isinstance(ground, MonthlyGroundLoad):
            self._powers = self._over_life(_powers(ground))
            long = (ground.peak_duration_extraction, ground.peak_duration_injection)
        else:
            long = ground.peak_duration
        steps = MONTH * np.arange(years * MONTHS_PER_YEAR + 1)
        self._step = StepResponse(field, response, np.concatenate([steps, long]))

    def at(self, length: float) -> Course:
        """The course for a mean length in m, shape (years, 36)."""
        g = self._step.at(length)
        if self._building is None:
            return self._course(length, g, self._powers, 0.0)
        change = np.inf
        for count in range(_PASSES):
            course = self._course(length, g, self._ground_powers(), change)
            entering = self._kinds(course.fluid(self.field, "entering"))
            change = float(np.abs(entering - self._entering).max())
            # A switch between passive and active cooling may jump to and fro: damp it.
            share = 1.0 if count < _PASSES // 2 else 0.5
            self._entering = self._entering + share * (entering - self._entering)
            if change < CLOSE_ENOUGH:
                break
        return Course.of(self.field, length, course.wall, course.power, change)

    def _course(self, length: float, g: Floats, powers: Floats, residual: float) -> Course:
        """Powers of shape (3, months): mean, extraction peak, injection peak."""
        months = powers.shape[1]
        history = np.convolve(powers[0], np.diff(g[: months + 1]))[:months]
        peak = np.array([0.0, g[-2], g[-1]])
        wall = history + peak[:, None] * (powers - powers[0])
        return Course.of(self.field, length, self._moments(wall), self._moments(powers), residual)

    def _ground_powers(self) -> Floats:
        """Powers while the fluid enters as in the last pass, shape (3, months of the life)."""
        assert self._building is not None
        assert self._efficiency is not None
        plant = self._efficiency
        mean, warm, cold = self._entering
        heating, cooling, water, high, low = self._building
        net = plant.extraction(heating, water, mean) - plant.injection(cooling, mean)
        out, into = plant.extraction(high, 0.0, warm), plant.injection(low, cold)
        return np.stack([net, np.where(high > 0, out, net), np.where(low > 0, -into, net)])

    def _over_life(self, rows: Floats) -> Floats:
        """Rows by calendar month as they come in the years of operation, shape (n, months)."""
        months = self.years * MONTHS_PER_YEAR
        return np.stack([np.resize(np.roll(row, -self.first_month), months) for row in rows])

    def _moments(self, rows: Floats) -> Floats:
        """Shape (3, months) as (years, 36)."""
        return np.concatenate(list(rows.reshape(3, self.years, MONTHS_PER_YEAR)), axis=1)

    def _kinds(self, moments: Floats) -> Floats:
        """Shape (years, 36) as (3, months)."""
        parts = np.split(moments, 3, axis=1)
        return np.stack([part.ravel() for part in parts])


def _powers(load: MonthlyGroundLoad) -> Floats:
    """Mean, extraction peak and injection peak, W, shape (3, months); no load, no peak."""
    net, out, into = load.net_power, load.peak_extraction, load.peak_injection
    return np.stack([net, np.where(out > 0, out, net), np.where(into > 0, -into, net)])
