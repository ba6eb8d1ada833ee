"""What a design stands on: loads, weather, ground. See :mod:`.design_result` for the units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text

Floats = NDArray[np.float64]
Duty = Literal["heating", "cooling"]


@dataclass(frozen=True, eq=False)
class LoadBasis:
    """One kind of load of one consumer.

    Attributes
    ----------
    name, kind : id in the site; heating, cooling, hot_water, pool, process
    origin : measured, given, simulated (model of a building) or index (first studies only)
    peak : W
    peak_hour : of the year in which it stands, from 0
    energy : of the mean year, J
    full_load_hours : energy over peak, h
    monthly : of the mean year, J, shape (12,)
    notes : what was assumed
    """

    name: str
    kind: str
    origin: str
    peak: float
    peak_hour: int
    energy: float
    full_load_hours: float
    monthly: Floats
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, eq=False)
class WeatherBasis:
    """The weather that the twin runs with.

    Attributes
    ----------
    origin : where it comes from, for people
    years : in the series
    heating, cooling : outdoor design temperatures by the Chinese convention, °C: the daily mean
        that 5 days a year fall below, the hour that 50 hours a year exceed
    mean, lowest, highest : of the hours, °C
    notes : what was filled or assumed
    """

    origin: str
    years: int
    heating: float
    cooling: float
    mean: float
    lowest: float
    highest: float
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class ResponseTestBasis:
    """A thermal response test of the site.

    Attributes
    ----------
    name, by : of the test, and who made it
    day : of it; None: not said
    conductivity, resistance : W/(m·K), m·K/W; None: not evaluated
    conductivity_uncertainty, resistance_uncertainty : expanded (k = 2), same units
    method : of the evaluation
    """

    name: str
    by: str
    day: date | None
    conductivity: float | None
    conductivity_uncertainty: float | None
    resistance: float | None
    resistance_uncertainty: float | None
    method: str


@dataclass(frozen=True)
class GroundBasis:
    """The ground that the design stands on.

    Attributes
    ----------
    undisturbed_temperature : °C; None: not said
    undisturbed_temperature_uncertainty : expanded (k = 2), K
    conductivity, heat_capacity : of the layers, weighted by thickness, W/(m·K), J/(m³·K)
    conductivity_uncertainty : expanded (k = 2), share of it; the largest of the layers
    layers, aquifers : how many are described
    origin : what the site file says of where they come from
    tests : thermal response tests
    """

    undisturbed_temperature: float | None
    undisturbed_temperature_uncertainty: float | None
    conductivity: float | None
    conductivity_uncertainty: float | None
    heat_capacity: float | None
    layers: int
    aquifers: int
    origin: str
    tests: tuple[ResponseTestBasis, ...]


@dataclass(frozen=True, eq=False)
class DesignBasis:
    """What the design stands on.

    Attributes
    ----------
    loads : of every consumer
    heat, cold : of all consumers together by hour of the mean year, W, shape (8760,)
    weather : None where the site names none
    ground : of the site
    assumed : what was assumed on the way, in words
    """

    loads: tuple[LoadBasis, ...]
    heat: Floats
    cold: Floats
    weather: WeatherBasis | None
    ground: GroundBasis
    assumed: tuple[Text, ...]

    def duration(self, duty: Duty) -> Floats:
        """Load duration curve: W, the highest hour first, shape (8760,)."""
        return np.asarray(np.sort(self.heat if duty == "heating" else self.cold)[::-1])

    def monthly(self, duty: Duty) -> Floats:
        """Load by month of the mean year, J, shape (12,)."""
        from diwen.design.station_design.calendar_sums import month_sums

        return month_sums(self.heat if duty == "heating" else self.cold)
