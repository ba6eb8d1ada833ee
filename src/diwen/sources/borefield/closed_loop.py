"""A closed loop through boreholes as a heat source: ground, boreholes and flow in one response.

The long-time answer of the field (with its zones and neighbours) and the first minutes of the
borehole are joined into a step response of the fluid, and that is kept as modes. What stands
above (simulation, design, prediction) sees a :class:`diwen.sources.response.modes.Response` only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import Boundary, Mode, g_function, response_matrix
from diwen.sources.borehole.short_time import BoreholeCore, joined_step_response
from diwen.sources.response.modes import Response, fit_response
from diwen.sources.response.time_units import YEAR
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_POINTS = 97  # of the g-function; any number costs nearly the same

_ZONES = Text("not one zone number per borehole", "分区编号个数与孔数不一致")
_ONE_EACH = Text("give a zone number from 0 for each borehole", "每孔给一个从 0 起的分区编号")


@dataclass(frozen=True, eq=False)
class ClosedLoop:
    """Boreholes in their ground, seen from the fluid.

    Attributes
    ----------
    boreholes : the field, or several neighbouring fields joined
    conductivity : of the ground, W/(m·K)
    heat_capacity : of the ground, J/(m³·K)
    core : what is inside every borehole; its resistance the effective one
    zone : zone of each borehole, from 0, shape (n,); boreholes of a zone share inlet and load
    boundary, mode : as in :func:`diwen.sources.borefield.g_functions.g_function`
    """

    boreholes: Boreholes
    conductivity: float
    heat_capacity: float
    core: BoreholeCore
    zone: Indices = field(default_factory=lambda: np.zeros(0, np.intp))
    boundary: Boundary = "uniform wall temperature"
    mode: Mode = "fast"

    def __post_init__(self) -> None:
        problems = [
            Problem("closed loop", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
            for name, value in self._numbers().items()
            if not (np.isfinite(value) and value > 0.0)
        ]
        zone = np.asarray(self.zone, np.intp)
        zone = zone if zone.size else np.zeros(self.boreholes.count, np.intp)
        if zone.shape != (self.boreholes.count,):
            shown = f"{zone.size} / {self.boreholes.count}"
            problems.append(Problem("closed loop", "zone", _ZONES, _ONE_EACH, shown))
        if problems:
            raise InputError(problems)
        object.__setattr__(self, "zone", zone)

    def _numbers(self) -> dict[str, float]:
        return {"conductivity": self.conductivity, "heat_capacity": self.heat_capacity}

    @property
    def diffusivity(self) -> float:
        """Thermal diffusivity of the ground, m²/s."""
        return self.conductivity / self.heat_capacity

    @property
    def zones(self) -> int:
        """Number of zones."""
        return int(self.zone.max()) + 1

    @property
    def lengths(self) -> Floats:
        """Total borehole length of each zone, m, shape (zones,)."""
        return np.asarray(np.bincount(self.zone, self.boreholes.length), float)

    def step_response(
        self, shortest: float = 60.0, horizon: float = 50.0 * YEAR
    ) -> Callable[[Floats], Floats]:
        """Drop of the mean fluid temperature of every zone for 1 W from every zone.

        Parameters
        ----------
        shortest, horizon : range of times that will be asked for, s

        Returns
        -------
        function : times in s, shape (nt,) → K/W, shape (zones, zones, nt)
        """
        times = np.geomspace(shortest, horizon, _POINTS)
        walls = self._walls(times)
        alone = [
            joined_step_response(
                self.core, self.conductivity, self.heat_capacity, walls[i, i], times
            )
            for i in range(self.zones)
        ]
        far = _interpolated(times, walls) if self.zones > 1 else None
        per_watt = 1.0 / self.lengths
        unit = per_watt / (2.0 * np.pi * self.conductivity)

        def response(when: Floats) -> Floats:
            out = np.empty((self.zones, self.zones, len(when)))
            if far is not None:
                out[:] = far(when) * unit[None, :, None]
            for i, own in enumerate(alone):
                out[i, i] = own(when) * per_watt[i]
            return out

        return response

    def response(
        self, shortest: float = 60.0, horizon: float = 50.0 * YEAR, tolerance: float = 1e-3
    ) -> Response:
        """The source as modes: heat rates of the zones in W, drops of mean fluid temperature in K.

        Parameters
        ----------
        shortest, horizon : range of times over which the modes hold, s
        tolerance : largest relative error wanted of the modes; the reached one is in the result

        Notes
        -----
        Between zones the heat capacity inside the other zone's boreholes is left out: what
        arrives there has travelled for days, their capacity fills in hours.
        """
        step = self.step_response(shortest, horizon)
        return fit_response(np.array([shortest, horizon]), step, tolerance=tolerance)

    def _walls(self, times: Floats) -> Floats:
        """2πk times the wall responses between zones, shape (zones, zones, nt)."""
        if self.zones == 1:
            found = g_function(
                self.boreholes, self.diffusivity, times, boundary=self.boundary, mode=self.mode
            )
            return found.values[None, None, :]
        return response_matrix(
            self.boreholes,
            self.zone,
            self.diffusivity,
            times,
            boundary=self.boundary,
            mode=self.mode,
        ).values


def _interpolated(times: Floats, values: ArrayLike) -> Callable[[Floats], Floats]:
    from scipy.interpolate import PchipInterpolator

    spline = PchipInterpolator(np.log(times), np.asarray(values, float), axis=-1)
    return lambda when: np.asarray(spline(np.log(np.clip(when, times[0], times[-1]))))
