"""What completes a few rated points into a whole map: usual values with their spread.

A rated point gives a capacity and a power at one pair of temperatures. How far the refrigerant is
from the fluids, and how the capacity follows the temperatures, has to come from elsewhere where
the points do not say it. Each number therefore has a usual value and a spread: points that say
more move it away from the usual value, points that say nothing leave it there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Completion:
    """Usual values of a kind of heat pump in one mode, and how far units of it differ.

    Attributes
    ----------
    source_approach, load_approach : refrigerant to source entering, to load leaving, K
    approach_spread : standard deviation of their sum between units, K
    per_evaporation, per_condensation : change of capacity, 1/K, see
        :class:`~diwen.plant.carnot_unit.CarnotUnit`
    per_lift : fall of the Carnot fraction per kelvin of lift, 1/K
    lift_spread : standard deviation of ``per_lift`` between units, 1/K
    slope_spread : standard deviation of ``per_evaporation`` between units, 1/K; of
        ``per_condensation`` half as much
    carnot_fraction : used only where no point gives it
    least_lift : K
    suction_margin : K by which evaporation may exceed the warmest rated one before the capacity
        rises no more
    """

    source_approach: float
    load_approach: float
    approach_spread: float
    per_evaporation: float
    per_condensation: float
    slope_spread: float
    per_lift: float
    lift_spread: float
    carnot_fraction: float
    least_lift: float = 15.0
    suction_margin: float = 15.0


def axis(lowest: float, highest: float, through: Floats, step: float = 2.5) -> Floats:
    """Ascending temperatures of a map that hold every given one, °C, shape (n,).

    Parameters
    ----------
    lowest, highest : ends, widened where a given temperature lies outside, °C
    through : temperatures that must be points of the axis, °C
    step : largest distance of neighbours, K
    """
    low, high = min(lowest, float(np.min(through))), max(highest, float(np.max(through)))
    count = int(np.ceil((high - low) / step))
    even = np.linspace(low, high, count + 1)
    given = np.unique(np.round(through, 6))
    # Points of the even grid that would stand almost on a given one are left out.
    apart = np.min(np.abs(even[:, None] - given[None, :]), axis=1) > 0.2 * step
    ends = (even == low) | (even == high)
    near_end = np.min(np.abs(even[:, None] - given[None, :]), axis=1) > 1e-6
    return np.union1d(even[(apart | ends) & near_end], given)
