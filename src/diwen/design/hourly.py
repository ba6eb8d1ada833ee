"""Sizing by hours (L4): every hour of every year is checked.

A load of the ground that repeats every year costs a few milliseconds per length. With a load of
the building the heat-pump efficiency follows the entering temperature of every hour by fixed-point
iteration, begun from the temperatures of the length before; ground heat then differs from year to
year, as the ground does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import HOURS_PER_YEAR
from diwen.design.efficiency import PlantEfficiency
from diwen.design.field_response import FieldResponse
from diwen.design.fluid_course import Course
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.hourly_superposition import HourlySuperposition, response_times
from diwen.design.monthly import CLOSE_ENOUGH
from diwen.design.step_response import StepResponse

Floats = NDArray[np.float64]

_PASSES = 30


class HourlyModel:
    """The fluid by hours for any length; moments: the 8760 hours of the year of operation.

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
        load: HourlyGroundLoad | HourlyBuildingLoad,
        years: int,
        response: FieldResponse,
        efficiency: PlantEfficiency | None = None,
    ) -> None:
        self.field = field
        self.years = years
        self.first_month = load.start_month - 1
        self._first_hour = load.first_hour
        self._step = StepResponse(field, response, response_times(years))
        self._building: tuple[Floats, Floats, Floats] | None = None
        start = field.temperature(field.boreholes.mean_length)
        if isinstance(load, HourlyBuildingLoad):
            assert efficiency is not None
            if efficiency.is_constant:
                load = load.ground(efficiency, start)
            else:
                self._plant = efficiency
                heating, cooling, water = (
                    self._by_year(row) for row in (load.heating, load.cooling, load.hot_water)
                )
                self._building = heating, cooling, water
                self._entering = np.full((years, HOURS_PER_YEAR), start)
        if isinstance(load, HourlyGroundLoad):
            self._power = self._by_year(load.power)
            self._superposition = HourlySuperposition(self._power, years)

    def at(self, length: float) -> Course:
        """The course for a mean length in m, shape (years, 8760)."""
        response = self._step.at(length)
        if self._building is None:
            wall = self._superposition.drop(response)
            return Course.of(self.field, length, wall, np.broadcast_to(self._power, wall.shape))
        change = np.inf
        for count in range(_PASSES):
            power = self._ground_power(self._building)
            wall = HourlySuperposition(power, self.years).drop(response)
            course = Course.of(self.field, length, wall, power, change)
            entering = course.fluid(self.field, "entering")
            change = float(np.abs(entering - self._entering).max())
            # A switch between passive and active cooling may jump to and fro: damp it.
            share = 1.0 if count < _PASSES // 2 else 0.5
            self._entering = self._entering + share * (entering - self._entering)
            if change < CLOSE_ENOUGH:
                break
        return Course.of(self.field, length, wall, power, change)

    def _ground_power(self, building: tuple[Floats, Floats, Floats]) -> Floats:
        heating, cooling, water = building
        out = self._plant.extraction(heating, water, self._entering)
        return out - self._plant.injection(cooling, self._entering)

    def _by_year(self, hours: Floats) -> Floats:
        """From the hour of start on: (1, 8760) for one year, (years, 8760) for several."""
        hours = np.roll(hours, -self._first_hour)
        if len(hours) == HOURS_PER_YEAR:
            return hours[None]
        return np.resize(hours, (self.years, HOURS_PER_YEAR))
