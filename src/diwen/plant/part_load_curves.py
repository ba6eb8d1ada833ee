"""Power over the share of full load, for each way a compressor is controlled.

All give a :class:`~diwen.plant.performance_map.PartLoad`. Below its smallest share a unit cycles;
what that costs is EN 14825's C_c: the efficiency at a running share r of the smallest load is
r / (C_c r + 1 − C_c) of that at the smallest load (0.9 is the standard's default, 1 is no loss).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.plant.performance_map import PartLoad

Floats = NDArray[np.float64]

_SHARES = 13


def fixed_speed(cycling: float) -> PartLoad:
    """One compressor at one speed: full load or nothing; ``cycling`` is C_c."""
    return PartLoad(1.0, np.array([0.0, 1.0]), np.array([0.0, 1.0]), cycling)


def staged(stages: int, cycling: float, gain: float = 0.0) -> PartLoad:
    """Equal compressors that are switched one by one; the last of them cycles.

    Parameters
    ----------
    stages : at least 1
    cycling : C_c of the last stage
    gain : relative rise of the efficiency with one stage on, because the exchangers then are
        large for it; in proportion between
    """
    if stages == 1:
        return fixed_speed(cycling)
    ratios = np.arange(1, stages + 1) / stages
    efficiency = 1.0 + gain * (1.0 - ratios) / (1.0 - 1.0 / stages)
    return PartLoad(float(ratios[0]), ratios, ratios / efficiency, cycling)


def inverter(
    minimum: float, best: float, gain: float, at_minimum: float, cycling: float
) -> PartLoad:
    """A speed-controlled compressor: most efficient in between.

    Above ``best`` the efficiency falls as a parabola (smaller differences at the exchangers with
    less load); below, the power is a straight line over the share (losses that do not fall).

    Parameters
    ----------
    minimum : smallest share that it holds
    best : share of the highest efficiency, between ``minimum`` and 1
    gain : relative rise of the efficiency there over that at full load
    at_minimum : relative rise at ``minimum`` (below 0 where it is less efficient there)
    cycling : C_c below ``minimum``
    """
    above = np.linspace(best, 1.0, _SHARES)
    efficiency = 1.0 + gain * (1.0 - ((above - best) / (1.0 - best)) ** 2)
    ratios = np.concatenate([[minimum], above])
    shares = np.concatenate([[minimum / (1.0 + at_minimum)], above / efficiency])
    return PartLoad(minimum, ratios, shares, cycling)


def quadratic(a: float, b: float, c: float, minimum: float, cycling: float = 1.0) -> PartLoad:
    """Power over full-load power as a + b r + c r², the EIR part-load curve of EnergyPlus.

    Normalised to 1 at full load.

    Raises
    ------
    ValueError : the curve is not above 0 from ``minimum`` to full load
    """
    ratios = np.linspace(minimum, 1.0, _SHARES)
    shares = a + b * ratios + c * ratios**2
    if np.any(shares <= 0.0):
        raise ValueError("the part-load curve must stay above 0")
    return PartLoad(minimum, ratios, shares / shares[-1], cycling)


def from_points(ratios: ArrayLike, efficiencies: ArrayLike, cycling: float) -> PartLoad:
    """Rated part-load points: efficiency over that of full load at the same temperatures.

    Parameters
    ----------
    ratios : shares of full load, above 0; full load itself is added where it lacks
    efficiencies : relative, above 0, of the same shape
    cycling : C_c below the smallest
    """
    shares, relative = np.asarray(ratios, float), np.asarray(efficiencies, float)
    kept = shares < 1.0
    order = np.argsort(shares[kept])
    at = np.append(shares[kept][order], 1.0)
    power = np.append(shares[kept][order] / relative[kept][order], 1.0)
    return PartLoad(float(at[0]), at, power, cycling)


def efficiency_share(curve: PartLoad, ratio: ArrayLike) -> Floats:
    """Efficiency at shares of full load over that at full load, cycling included.

    Parameters
    ----------
    curve : of the unit
    ratio : shares of full load, above 0 to 1
    """
    share = np.asarray(ratio, float)
    held = np.maximum(share, curve.minimum)
    power = np.interp(held, curve.ratios, curve.power_shares)
    running = share / held
    cycling = running / (curve.cycling * running + 1.0 - curve.cycling)
    return np.asarray(held / power * cycling)
