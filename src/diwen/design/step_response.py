"""What one watt per metre does to a field at fixed times, for any length: g, and the first hours.

The answer counted here is that of the fluid less R_b: the wall's, where the borehole itself holds
no heat. With a :class:`.short_time.BoreholeCore` the heat capacity of fluid, pipes and
grout is added: the radial answer of the core less that of a line source and R_b. It lowers the
peaks of the first hours and vanishes afterwards, so that hourly sizing is not charged for heat
that comes out of the borehole's own content.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.special import exp1

from diwen.design.bore_field import BoreField
from diwen.design.field_response import FieldResponse

Floats = NDArray[np.float64]

# Ten minutes to a year: later the part is below 1e-5 of the resistance and falls as 1/t.
_NODES = np.geomspace(600.0, 3.2e7, 28)
_LOG_NODES = np.log(_NODES)
# The grout keeps at least this share of resistance when an uncertain R_b is drawn very low.
_LEAST_GROUT = 1.02
# A part solved for a resistance so near is taken in proportion: second order in the difference.
_NEAR = 0.01


class StepResponse:
    """Step response of a field at fixed times, for any mean length.

    Parameters
    ----------
    field : ground, resistance and, if known, what the boreholes hold
    response : table of its g-functions
    times : s, 0 or more, shape (nt,)
    """

    def __init__(self, field: BoreField, response: FieldResponse, times: Floats) -> None:
        self._field = field
        self._grid = response.on(field.diffusivity * times)
        self._positive = times > 0.0
        positive = times[self._positive]
        self._log = np.log(np.clip(positive, _NODES[0], _NODES[-1]))
        self._fall = np.minimum(1.0, _NODES[-1] / positive)
        self._early: tuple[float, Floats] | None = None

    def at(self, length: float) -> Floats:
        """Drop of the fluid less R_b per W/m, m·K/W, for a mean length in m, shape (nt,)."""
        found = self._grid.at(length) / (2.0 * np.pi * self._field.conductivity)
        if self._field.core is None:
            return found
        resistance = self._field.borehole_resistance(length)
        if self._early is None or abs(resistance / self._early[0] - 1.0) > _NEAR:
            self._early = resistance, self._core_part(resistance)
        found[self._positive] += (resistance / self._early[0]) * self._early[1]
        return found

    def _core_part(self, resistance: float) -> Floats:
        """What the heat capacity inside the boreholes takes off, m·K/W, at the positive times."""
        from diwen.sources.borehole.short_time import fluid_step_response

        core, field = self._field.core, self._field
        assert core is not None
        least = _LEAST_GROUT * (core.film_resistance + core.pipe_resistance)
        core = replace(core, resistance=max(resistance, least))
        radial = fluid_step_response(core, field.conductivity, field.heat_capacity, _NODES)
        line = exp1(core.radius**2 / (4.0 * field.diffusivity * _NODES))
        part = radial - line / (4.0 * np.pi * field.conductivity) - core.resistance
        values: Floats = CubicSpline(_LOG_NODES, part)(self._log) * self._fall
        return values
