"""What a design stands on: loads, weather, ground, with where each of them comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.calendar_sums import HOURS, mean_year, month_sums
from diwen.design.station_design.design_result import (
    DesignBasis,
    GroundBasis,
    LoadBasis,
    ResponseTestBasis,
    WeatherBasis,
)
from diwen.loads.load_series import LoadSeries
from diwen.site import Site
from diwen.twin.site_simulation_inputs import SiteInputs

if TYPE_CHECKING:
    from diwen.loads.weather import Weather

Floats = NDArray[np.float64]
_HOUR = 3600.0


def basis_of_site(site: Site, given: SiteInputs, weather: Weather | None) -> DesignBasis:
    """Loads, weather and ground of a design.

    Parameters
    ----------
    site : the site
    given : what the twin runs with
    weather : of the site; None: it names none
    """
    loads = tuple(load_basis(one) for series in given.loads.values() for one in series)
    heat, cold = by_duty(given.loads)
    return DesignBasis(
        loads, heat, cold, None if weather is None else weather_basis(weather),
        ground_basis(site), given.notes,
    )  # fmt: skip


def by_duty(loads: Mapping[str, tuple[LoadSeries, ...]]) -> tuple[Floats, Floats]:
    """Heat and cold of all consumers in the mean year, W, shape (8760,) each."""
    heat, cold = np.zeros(HOURS), np.zeros(HOURS)
    for series in loads.values():
        for one in series:
            if one.kind == "cooling":
                cold = cold + mean_year(one.power)
            else:
                heat = heat + mean_year(one.power)
    return heat, cold


def load_basis(one: LoadSeries) -> LoadBasis:
    """One kind of load of one consumer, in numbers."""
    mean = mean_year(one.power)
    peak = float(one.power.max())
    energy = float(mean.sum() * _HOUR)
    return LoadBasis(
        one.name, one.kind, one.origin, peak, int(one.power.argmax()) % HOURS, energy,
        energy / peak / _HOUR if peak > 0.0 else 0.0, month_sums(mean), one.notes,
    )  # fmt: skip


def weather_basis(weather: Weather) -> WeatherBasis:
    """Design temperatures and range of a series of weather."""
    from diwen.loads.design_days import design_temperatures

    design, air = design_temperatures(weather), weather.dry_bulb
    return WeatherBasis(
        weather.origin, weather.years, design.heating, design.cooling,
        float(air.mean()), float(air.min()), float(air.max()), weather.notes,
    )  # fmt: skip


def ground_basis(site: Site) -> GroundBasis:
    """The ground as the site file tells it, with its tests."""
    ground = site.ground
    thick = np.array([layer.bottom - layer.top for layer in ground.layers])
    errors = [layer.conductivity_uncertainty for layer in ground.layers]
    known = [error for error in errors if error is not None]
    return GroundBasis(
        ground.undisturbed_temperature, ground.undisturbed_temperature_uncertainty,
        _weighted(thick, [layer.conductivity for layer in ground.layers]),
        max(known, default=None),
        _weighted(thick, [layer.heat_capacity for layer in ground.layers]),
        len(ground.layers), len(ground.aquifers), ground.source, _tests(site),
    )  # fmt: skip


def _weighted(thick: Floats, values: list[float | None]) -> float | None:
    """Mean over the depth; None where a layer does not say it."""
    if not values or None in values:
        return None
    return float(np.average(np.array(values, float), weights=thick))


def _tests(site: Site) -> tuple[ResponseTestBasis, ...]:
    found = []
    for number, test in enumerate(site.response_tests, start=1):
        result = test.result
        found.append(ResponseTestBasis(
            test.name or f"{number}", test.by, test.date,
            None if result is None else result.conductivity,
            None if result is None else result.conductivity_uncertainty,
            None if result is None else result.thermal_resistance,
            None if result is None else result.thermal_resistance_uncertainty,
            "" if result is None else result.method,
        ))  # fmt: skip
    return tuple(found)
