"""Sizing by three pulses (L2): the mean of the years, the month, the peak; first and last year.

Peere, W. et al. (2021). Validated combined first and last year borehole sizing methodology.
Energies 14, 7395. The first year has no yearly pulse but that of the months before; every later
year has the mean load of all years before it. All twelve months of every year are candidates, for
the peak of extraction and that of injection.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField
from diwen.design.calendar_months import MONTH, MONTHS_PER_YEAR, YEAR
from diwen.design.field_response import FieldResponse
from diwen.design.fluid_course import Course
from diwen.design.ground_load import MonthlyGroundLoad
from diwen.design.step_response import StepResponse

Floats = NDArray[np.float64]


class PulseModel:
    """The fluid by three pulses for any length; moments: 12 extraction, then 12 injection peaks."""

    def __init__(
        self, field: BoreField, load: MonthlyGroundLoad, years: int, response: FieldResponse
    ) -> None:
        self.field = field
        self.years = years
        self.first_month = load.start_month - 1
        year = _mean_year(load)
        net, out, into = (np.roll(row, -self.first_month) for row in year)
        self._net = np.concatenate([net, net])
        self._peak = np.concatenate([out, -into])
        self._mean = net.mean()
        peak = np.repeat(
            (load.peak_duration_extraction, load.peak_duration_injection), MONTHS_PER_YEAR
        )
        before = np.concatenate([[0.0], np.cumsum(net)[:-1]]) / np.maximum(np.arange(12), 1)
        self._before = np.concatenate([before, before])
        months = np.tile(np.arange(MONTHS_PER_YEAR), 2)
        history = np.vstack([months * MONTH, *(np.full(24, y * YEAR) for y in range(2, years + 1))])
        times = np.concatenate([peak, peak + MONTH, (history + peak + MONTH).ravel()])
        self._step = StepResponse(field, response, times)

    def at(self, length: float) -> Course:
        """The course for a mean length in m, shape (years, 24)."""
        g = self._step.at(length)
        peak, month, history = g[:24], g[24:48], g[48:].reshape(self.years, 24)
        recent = self._peak * peak + self._net * (month - peak)
        earlier = np.full((self.years, 24), self._mean)
        earlier[0] = self._before
        wall = recent + earlier * (history - month)
        power = np.broadcast_to(self._peak, wall.shape)
        return Course.of(self.field, length, wall, power)


def _mean_year(load: MonthlyGroundLoad) -> tuple[Floats, Floats, Floats]:
    """Net power, peak extraction and peak injection of the mean year, W, shape (12,) each."""
    net = load.net_power.reshape(-1, MONTHS_PER_YEAR).mean(axis=0)
    out = load.peak_extraction.reshape(-1, MONTHS_PER_YEAR).max(axis=0)
    into = load.peak_injection.reshape(-1, MONTHS_PER_YEAR).max(axis=0)
    return net, out, into
