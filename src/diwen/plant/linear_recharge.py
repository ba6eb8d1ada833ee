"""Sun, air and towers as straight lines in the temperature of the water that goes through them.

A :class:`~diwen.plant.station.Recharge` knows ``at_zero − per_kelvin · T`` with T the mean of the
fluid of the source. Here that line is made from a device known at its own inlet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem

Floats = NDArray[np.float64]

_TOO_MUCH = Text(
    "the device would move more heat per kelvin than twice what its water carries",
    "设备单位温差换热量超过其水流热容量的两倍，不可能成立",
)
_MORE_WATER = Text("give more water flow or a smaller conductance", "请增大水流量或减小换热能力")


def conductance_to_mean(to_inlet: float, water_rate: float) -> float:
    """Heat per kelvin against the mean of the water, from that against its inlet, W/K.

    ``1/K_mean = 1/K_inlet − 1/(2 C)``: the mean lies half the spread Q/C nearer to the surroundings
    than the inlet.

    Parameters
    ----------
    to_inlet : W/K
    water_rate : C, heat capacity rate of the water, W/K; infinity: no spread

    Raises
    ------
    diwen.problems.InputError : more than the water can carry
    """
    rest = 1.0 / to_inlet - 0.5 / water_rate
    if not rest > 0.0:
        shown = f"{to_inlet:g} W/K, {water_rate:g} W/K"
        raise InputError(
            [Problem("conductance_to_mean", "to_inlet", _TOO_MUCH, _MORE_WATER, shown)]
        )
    return 1.0 / rest


def line_through(heat: ArrayLike, reference: float, per_kelvin: float) -> Floats:
    """``at_zero`` of the line that gives ``heat`` to the water at a reference temperature, W.

    Parameters
    ----------
    heat : given to the water at ``reference`` (negative: taken from it), W, shape (n,)
    reference : mean temperature of the water at which the line is exact, °C
    per_kelvin : slope, W/K
    """
    return np.asarray(np.asarray(heat, float) + per_kelvin * reference)
