"""A unit rated with water that runs with antifreeze.

Two things bring the refrigerant further from the fluid that enters. At the same volume flow the
brine carries less heat per kelvin, so it leaves with a larger difference; and its heat transfer is
poorer: for turbulent flow in a plate exchanger h ~ k^0.67 (ρ w)^0.7 c^0.33 μ^−0.37. Both are said
as kelvins by which the source would have to be warmer (cooling: colder) for the unit to do what it
did with water; the map is moved by them. More flow mends both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.fluids import Fluid
from diwen.plant.performance_map import PerformanceMap

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SourceExchanger:
    """The source side of a unit at its rating.

    Attributes
    ----------
    difference : between entering and leaving fluid, K
    pinch : between leaving fluid and refrigerant, K
    fluid_share : of the fluid side in the thermal resistance between fluid and refrigerant
    """

    difference: float
    pinch: float
    fluid_share: float


def extra_approach(
    temperature: ArrayLike,
    rated: Fluid,
    actual: Fluid,
    exchanger: SourceExchanger,
    flow: float = 1.0,
) -> Floats:
    """By how much the refrigerant is further away than at the rating, K.

    Parameters
    ----------
    temperature : of the fluid, °C
    rated, actual : fluid of the rating, and in the loop
    exchanger : at the rating
    flow : volume flow over that of the rating, above 0
    """
    carried = flow * actual.heat_capacity(temperature) / rated.heat_capacity(temperature)
    film = flow**0.7 * _film(actual, temperature) / _film(rated, temperature)
    more_spread = exchanger.difference * (1.0 / carried - 1.0)
    more_pinch = exchanger.pinch * exchanger.fluid_share * (1.0 / film - 1.0)
    return np.asarray(more_spread + more_pinch)


def _film(fluid: Fluid, temperature: ArrayLike) -> Floats:
    """Film coefficient at one velocity, in proportion."""
    return np.asarray(
        fluid.conductivity(temperature) ** 0.67
        * fluid.density(temperature) ** 0.7
        * fluid.specific_heat(temperature) ** 0.33
        * fluid.viscosity(temperature) ** -0.37
    )


def with_antifreeze(
    water: PerformanceMap,
    rated: Fluid,
    actual: Fluid,
    exchanger: SourceExchanger,
    flow: float = 1.0,
) -> PerformanceMap:
    """The map of a unit with another fluid in its source loop than at its rating.

    The source axis and the tested range move by :func:`extra_approach`: up while heating, down
    while cooling.
    """
    sign = 1.0 if water.mode == "heating" else -1.0

    def moved(values: ArrayLike) -> Floats:
        at = np.asarray(values, float)
        return np.asarray(at + sign * extra_approach(at, rated, actual, exchanger, flow))

    source = np.maximum.accumulate(moved(water.source))
    tested = tuple(float(value) for value in moved(water.tested_source))
    return replace(water, source=source, tested_source=(tested[0], tested[1]))
