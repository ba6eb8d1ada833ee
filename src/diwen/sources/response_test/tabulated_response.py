"""Step responses kept as tables over the logarithm of time, for fast repeated use."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.interpolate import CubicSpline

from diwen.sources.response.inverse_laplace import stehfest_weights
from diwen.sources.response_test.record import Floats
from diwen.sources.response_test.superposition_cells import StepResponse

_TERMS = 12


def tabulated_inverse(
    transform: Callable[[Floats], Floats],
    shortest: float,
    longest: float,
    *,
    per_decade: int = 16,
) -> StepResponse:
    """A smooth (diffusive) step response from its Laplace transform.

    By Gaver and Stehfest, see :func:`diwen.sources.response.inverse_laplace.stehfest_weights`; with
    12 terms good to about 1e-5 of the value.

    Parameters
    ----------
    transform : of real arguments, 1/s
    shortest, longest : range of the table, s; below it the response falls linearly to 0 at t = 0
    per_decade : entries of the table
    """
    count = max(int(per_decade * math.log10(longest / shortest)), 8) + 1
    times = np.geomspace(shortest, longest, count)
    s = np.arange(1, _TERMS + 1)[None, :] * (math.log(2.0) / times[:, None])
    image, weights = transform(s), np.array(stehfest_weights(_TERMS))
    # The integral over time is a division by s.
    return tabulated_from(times, (s * image) @ weights, image @ weights)


def tabulated_from(times: Floats, values: Floats, integrals: Floats) -> StepResponse:
    """A step response from its values and integrals at times, s, evenly spaced in ln t."""
    log = np.log(times)
    low = float(times[0])
    of_value = CubicSpline(log, values)
    of_mean = CubicSpline(log, integrals / times)

    def value(t: Floats) -> Floats:
        inside = of_value(np.log(np.maximum(t, low)))
        return np.where(t > 0, inside * np.minimum(np.maximum(t, 0.0) / low, 1.0), 0.0)

    def integral(t: Floats) -> Floats:
        inside = of_mean(np.log(np.maximum(t, low))) * np.maximum(t, 0.0)
        return np.where(t > 0, inside * np.minimum(np.maximum(t, 0.0) / low, 1.0), 0.0)

    return StepResponse(value, integral)
