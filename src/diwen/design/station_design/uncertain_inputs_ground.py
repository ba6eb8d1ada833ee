"""The sources of every sample, without solving the field again for each.

The wall of a bore field answers by its g-function, which depends on diffusivity × time and on the
geometry only (Eskilson, 1987): one table serves every conductivity and heat capacity. What is
inside the boreholes is joined to it anew for every sample, and the modes are fitted anew: nothing
but the interpolation of the table is approximate, and :func:`shortcut_error` measures that. The
effective borehole resistance is drawn by itself and does not follow the ground's conductivity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from diwen.design.station_design.uncertain_inputs import (
    CONDUCTIVITY,
    HEAT_CAPACITY,
    RESISTANCE,
    RESPONSE,
    TEMPERATURE,
)
from diwen.site import Site
from diwen.sources.borefield.closed_loop import ClosedLoop
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borehole.short_time import joined_step_response
from diwen.sources.response.modes import Response, fit_response
from diwen.sources.response.source_model import SourceModel
from diwen.sources.response.time_units import YEAR

Floats = NDArray[np.float64]
_SHORTEST, _HORIZON = 60.0, 50.0 * YEAR
_POINTS, _NODES = 97, 160
_REACH = 2.5  # range of diffusivities around the best estimate that the table covers


class FieldSamples:
    """One bore field for many values of ground and resistance.

    Parameters
    ----------
    loop : at the best estimates, one zone
    """

    def __init__(self, loop: ClosedLoop) -> None:
        self.loop = loop
        scaled = np.geomspace(
            _SHORTEST * loop.diffusivity / _REACH, _HORIZON * loop.diffusivity * _REACH, _NODES
        )
        solved = g_function(
            loop.boreholes, loop.diffusivity, scaled / loop.diffusivity, boundary=loop.boundary,
            mode=loop.mode,
        )  # fmt: skip
        self._g = CubicSpline(np.log(scaled), solved.values)
        self._ends = (scaled[0], scaled[-1])

    def changed(
        self, conductivity: float = 1.0, heat_capacity: float = 1.0, resistance: float = 1.0
    ) -> ClosedLoop:
        """The loop with factors on its best estimates; the filling keeps some resistance."""
        core = self.loop.core
        least = 1.05 * (core.film_resistance + core.pipe_resistance)
        return replace(
            self.loop,
            conductivity=self.loop.conductivity * conductivity,
            heat_capacity=self.loop.heat_capacity * heat_capacity,
            core=replace(core, resistance=max(core.resistance * resistance, least)),
        )

    def response(self, **factors: float) -> Response:
        """The modes of a sample; factors as of :meth:`changed`."""
        loop = self.changed(**factors)
        times = np.geomspace(_SHORTEST, _HORIZON, _POINTS)
        walls = self._g(np.log(np.clip(times * loop.diffusivity, *self._ends)))
        own = joined_step_response(loop.core, loop.conductivity, loop.heat_capacity, walls, times)
        whole = float(loop.boreholes.length.sum())
        return fit_response(times[[0, -1]], lambda when: (own(when) / whole)[None, None, :])


@dataclass(frozen=True, eq=False)
class SourceSamples:
    """All sources of a design for many samples.

    Attributes
    ----------
    sources : at the best estimates
    fields : tables of those that are bore fields, by name
    """

    sources: Mapping[str, SourceModel]
    fields: Mapping[str, FieldSamples]

    def of(self, values: Mapping[str, float]) -> dict[str, SourceModel]:
        """The sources of one sample.

        Parameters
        ----------
        values : of the inputs, by key; what is left out stays at its best estimate
        """
        return {name: self._one(name, model, values) for name, model in self.sources.items()}

    def _one(self, name: str, model: SourceModel, values: Mapping[str, float]) -> SourceModel:
        if model.kind == "air":
            return model
        shift = values.get(TEMPERATURE, 0.0)
        response = model.response
        if name in self.fields:
            factors = {
                "conductivity": values.get(CONDUCTIVITY, 1.0),
                "heat_capacity": values.get(HEAT_CAPACITY, 1.0),
                "resistance": values.get(RESISTANCE, 1.0),
            }
            if any(factor != 1.0 for factor in factors.values()):
                response = self.fields[name].response(**factors)
        else:
            response = response.scaled(values.get(RESPONSE, 1.0))
        return replace(
            model, response=response, undisturbed_temperature=model.undisturbed_temperature + shift
        )


def source_samples(site: Site, sources: Mapping[str, SourceModel]) -> SourceSamples:
    """The sources of a site, ready for samples."""
    from diwen.site.closed_loops import closed_loop

    fields = {}
    for name, model in sources.items():
        if model.kind == "borefield" and site.sources[name].type == "borefield":
            loop = closed_loop(site, name).loop
            zone = np.zeros(loop.boreholes.count, np.intp)
            fields[name] = FieldSamples(replace(loop, zone=zone))
    return SourceSamples(sources, fields)


def shortcut_error(samples: FieldSamples, **factors: float) -> float:
    """Largest difference of the shortcut to a field solved anew, share of the largest drop."""
    times = np.geomspace(3600.0, _HORIZON, 200)
    exact = samples.changed(**factors).response().at(times)
    quick = samples.response(**factors).at(times)
    return float(np.abs(quick - exact).max() / np.abs(exact).max())
