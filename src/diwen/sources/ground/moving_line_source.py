"""Line sources in a ground through which water flows, by direct quadrature.

The water moves at the Darcy velocity u; the heat moves with U = u (ρc)_w/(ρc)_ground, because the
grains must be warmed as well (Sutton, Nutter & Couvillion 2003, "A ground resistance for vertical
bore heat exchangers with groundwater flow", J. Energy Resour. Technol. 125(3):183-189; Diao, Li &
Fang 2004, "Heat transfer in ground heat exchangers with groundwater advection", Int. J. Therm.
Sci. 43(12):1203-1211). What a source gave off at a moment lies, a time τ later, as a Gaussian
cloud about the point U τ downstream, which with σ = 1/√(4aτ) makes the factor

    exp(-(x σ - U/(4aσ))² - y² σ²)

in the place of exp(-r²σ²) of the ground at rest; x is the distance along the flow, receiver minus
emitter, y that across. The depth enters as in the ground at rest (Molina-Giraldo, Blum, Zhu,
Bayer & Fang 2011, "A moving finite line source model to simulate borehole heat exchangers with
groundwater advection", Int. J. Therm. Sci. 50(12):2506-2513). Dispersion is not part of it.

All responses are 2πk ΔT/q' as in :mod:`.line_sources`; these functions are slow
and independent of the fast engine of :mod:`diwen.sources.borefield.advection`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import quad
from scipy.special import erf, i0, k0e

from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.sources.ground.line_sources import error_function_integral

Floats = NDArray[np.float64]
Factor = Callable[[float], float]

_TOLERANCE = 1e-12
# exp(-_TAIL²) is nothing beside 1.
_TAIL = 6.5
# The steady integrand has fallen like the third power of this by its lower end.
_STEADY = 1e-4


def heat_transport_velocity(
    darcy_velocity: ArrayLike,
    ground_heat_capacity: ArrayLike,
    water_heat_capacity: float = WATER_HEAT_CAPACITY,
) -> Floats:
    """Velocity at which heat moves with groundwater, m/s.

    Parameters
    ----------
    darcy_velocity : flow per area of ground, m/s (hydraulic conductivity times gradient)
    ground_heat_capacity : of the ground with its water, J/(m³·K)
    water_heat_capacity : J/(m³·K)
    """
    darcy = np.asarray(darcy_velocity, float)
    return np.asarray(darcy * water_heat_capacity / np.asarray(ground_heat_capacity, float))


def flow_angle(azimuth: float) -> float:
    """Angle from x counter-clockwise of a direction given from north (y) clockwise, rad."""
    return math.remainder(0.5 * math.pi - azimuth, 2.0 * math.pi)


def moving_infinite_line_source(
    x: float, y: float, times: ArrayLike, diffusivity: float, velocity: float
) -> Floats:
    """Response at a point to an infinite line source in moving ground.

    Parameters
    ----------
    x, y : of the point, from the source, along and across the flow, m
    times : time since the load began, s, shape (nt,) or scalar; ``inf`` gives the steady state
        e^{Ux/2a} K₀(U r/2a)
    diffusivity : m²/s
    velocity : of heat transport, U, m/s

    Source: Carslaw & Jaeger (1959), § 10.7; Sutton et al. (2003), Diao et al. (2004).
    """
    distance = math.hypot(x, y)
    peclet = 0.5 * velocity / diffusivity

    def steady() -> float:
        if velocity == 0.0:
            return math.inf
        return math.exp(peclet * x - abs(peclet) * distance) * float(k0e(abs(peclet) * distance))

    horizontal = _horizontal(x, y, diffusivity, velocity)
    return _over_times(horizontal, steady, times, diffusivity, velocity, distance)


def moving_infinite_line_source_wall(
    radius: float, times: ArrayLike, diffusivity: float, velocity: float
) -> Floats:
    """Mean of :func:`moving_infinite_line_source` around a circle of a radius in m."""
    peclet = 0.5 * abs(velocity) * radius / diffusivity

    def steady() -> float:
        return float(i0(peclet) * k0e(peclet) * math.exp(-peclet)) if peclet else math.inf

    horizontal = _around(radius, diffusivity, velocity)
    return _over_times(horizontal, steady, times, diffusivity, velocity, radius)


def moving_finite_line_source_point(
    x: float,
    y: float,
    depth: float,
    times: ArrayLike,
    diffusivity: float,
    velocity: float,
    length: float,
    buried_depth: float,
) -> Floats:
    """Response at a point to a finite vertical line source in moving ground.

    Parameters
    ----------
    x, y : of the point, from the source, along and across the flow, m
    depth : of the point below the surface, m
    times : s, shape (nt,) or scalar; ``inf`` gives the steady state
    diffusivity : m²/s
    velocity : of heat transport, m/s
    length, buried_depth : of the source, m

    Source: Molina-Giraldo et al. (2011); the surface keeps its temperature (mirror source).
    """
    top, bottom = buried_depth, buried_depth + length
    horizontal = _horizontal(x, y, diffusivity, velocity)

    def integrand(sigma: float) -> float:
        real = erf((depth - top) * sigma) + erf((bottom - depth) * sigma)
        image = erf((depth + bottom) * sigma) - erf((depth + top) * sigma)
        return 0.5 * horizontal(sigma) * float(real - image)

    steady = _from_nothing(integrand, diffusivity, velocity, math.hypot(x, y), bottom + depth)
    return _over_times(integrand, steady, times, diffusivity, velocity, math.hypot(x, y))


def moving_finite_line_source(
    x: float,
    y: float,
    times: ArrayLike,
    diffusivity: float,
    velocity: float,
    length: float,
    buried_depth: float,
    receiver_length: float | None = None,
    receiver_buried_depth: float | None = None,
) -> Floats:
    """Response averaged over a vertical receiver, to a finite line source in moving ground.

    Parameters
    ----------
    x, y : of the receiver, from the source, along and across the flow, m
    times, diffusivity, velocity, length, buried_depth : as in
        :func:`moving_finite_line_source_point`
    receiver_length, receiver_buried_depth : m; as the source if not given
    """
    horizontal = _horizontal(x, y, diffusivity, velocity)
    own = length if receiver_length is None else receiver_length
    own_top = buried_depth if receiver_buried_depth is None else receiver_buried_depth
    depths = (buried_depth, buried_depth + length, own_top, own_top + own)
    return _mean(horizontal, math.hypot(x, y), depths, times, diffusivity, velocity)


def moving_finite_line_source_wall(
    radius: float,
    times: ArrayLike,
    diffusivity: float,
    velocity: float,
    length: float,
    buried_depth: float,
) -> Floats:
    """Response of a borehole's own wall, averaged along it and around it.

    Parameters
    ----------
    radius : of the borehole, m
    times, diffusivity, velocity, length, buried_depth : as in
        :func:`moving_finite_line_source_point`
    """
    horizontal = _around(radius, diffusivity, velocity)
    depths = (buried_depth, buried_depth + length) * 2
    return _mean(horizontal, radius, depths, times, diffusivity, velocity)


def _horizontal(x: float, y: float, diffusivity: float, velocity: float) -> Factor:
    drift = 0.25 * velocity / diffusivity

    def factor(sigma: float) -> float:
        return math.exp(-((x * sigma - drift / sigma) ** 2) - (y * sigma) ** 2)

    return factor


def _around(radius: float, diffusivity: float, velocity: float) -> Factor:
    """The mean of the horizontal factor on a circle about the source."""
    drift = 0.25 * velocity / diffusivity
    mean = float(i0(2.0 * radius * drift))

    def factor(sigma: float) -> float:
        return mean * math.exp(-((radius * sigma) ** 2) - (drift / sigma) ** 2)

    return factor


def _mean(
    horizontal: Factor,
    distance: float,
    depths: tuple[float, ...],
    times: ArrayLike,
    diffusivity: float,
    velocity: float,
) -> Floats:
    """Mean over a receiver; depths of source top, bottom, receiver top, bottom."""
    top, bottom, own_top, own_bottom = depths
    apart = [(1, own_bottom - top), (-1, own_top - top), (1, own_top - bottom)]
    apart += [(-1, own_bottom - bottom), (1, own_bottom + top), (-1, own_top + top)]
    apart += [(1, own_top + bottom), (-1, own_bottom + bottom)]

    def integrand(sigma: float) -> float:
        total = sum(sign * error_function_integral(z * sigma) for sign, z in apart)
        return 0.5 / (own_bottom - own_top) * horizontal(sigma) * total / sigma

    reach = bottom + own_bottom
    steady = _from_nothing(integrand, diffusivity, velocity, distance, reach)
    return _over_times(integrand, steady, times, diffusivity, velocity, distance)


def _from_nothing(
    integrand: Factor, diffusivity: float, velocity: float, distance: float, reach: float
) -> Callable[[], float]:
    """The steady state, by an integral from a σ that no depth of the problem can see."""
    low = math.log(_STEADY / max(reach, distance))
    return lambda: _integral(integrand, low, diffusivity, velocity, distance)


def _over_times(
    integrand: Factor,
    steady: Callable[[], float],
    times: ArrayLike,
    diffusivity: float,
    velocity: float,
    distance: float,
) -> Floats:
    t = np.asarray(times, float)
    values = []
    for time in t.ravel():
        if math.isinf(time):
            values.append(steady())
        elif time <= 0.0:
            values.append(0.0)
        else:
            low = -0.5 * math.log(4.0 * diffusivity * time)
            values.append(_integral(integrand, low, diffusivity, velocity, distance))
    return np.array(values).reshape(t.shape)


def _integral(
    integrand: Factor, low: float, diffusivity: float, velocity: float, distance: float
) -> float:
    """Over ln σ from ``low`` on, in pieces no wider than the cloud passing by."""
    narrow = abs(velocity) * distance / diffusivity
    # Large Péclet numbers hold the cloud together at higher σ than diffusion alone would.
    high = math.log((_TAIL + math.sqrt(0.25 * narrow + _TAIL**2)) / distance)
    if low >= high:
        return 0.0
    width = min(1.0, 2.0 / math.sqrt(narrow)) if narrow else 1.0
    ends = np.linspace(low, high, max(2, math.ceil((high - low) / width) + 1))
    return float(
        sum(
            quad(lambda u: integrand(math.exp(u)), a, b, epsabs=_TOLERANCE, epsrel=1e-11)[0]
            for a, b in pairwise(ends)
        )
    )
