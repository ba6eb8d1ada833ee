"""Known loads with known step responses: exact convolution by fast Fourier transforms.

Loads are constant within steps, so that the temperature drop at the end of step n is
``T_n = Σ_k q_k [S((n−k+1) h) − S((n−k) h)]``, S(0) = 0 (Duhamel). The transforms return this sum
up to rounding: about 1e-15 log2(n) of Σ|q| times the largest increment, below 1e-10 K for decades
of hours.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.step_response import StepResponse

Floats = NDArray[np.float64]


_SHORT = Text("the step response is shorter than the load", "阶跃响应短于负荷序列")
_LONGER = Text("give one value per step of the load", "请按负荷的每个时间步给出响应值")


def increments(step_response: StepResponse, step: float, count: int) -> Floats:
    """S(h), S(2h) − S(h), ... for ``count`` steps of ``step`` s.

    Parameters
    ----------
    step_response : function of time in s, or its values at h, 2h, ..., at least ``count``
    """
    if callable(step_response):
        times = step * np.arange(1.0, count + 1.0)
        values = np.asarray(step_response(times), float)
    else:
        values = np.asarray(step_response, float)[:count]
    if len(values) < count:
        found = f"{len(values)} < {count}"
        raise InputError([Problem("convolve", "step_response", _SHORT, _LONGER, found)])
    return np.diff(values, prepend=0.0)


def convolve(load: ArrayLike, step_response: StepResponse, step: float) -> Floats:
    """Temperature drops at the end of each step, exactly, in n log n operations.

    Parameters
    ----------
    load : heat rates, shape (..., nt); axes in front are scenarios
    step_response : K per unit of load: function of time in s, or values at h, 2h, ..., nt h
    step : h, s

    Returns
    -------
    Floats : K, shape of the load
    """
    from scipy import fft

    heat = np.asarray(load, float)
    count = heat.shape[-1]
    size = fft.next_fast_len(2 * count - 1, real=True)
    kernel = fft.rfft(increments(step_response, step, count), size)
    product = fft.irfft(fft.rfft(heat, size) * kernel, size)
    return np.asarray(product[..., :count])


def convolve_directly(load: ArrayLike, step_response: StepResponse, step: float) -> Floats:
    """The same sum term by term, n² operations: the oracle of the transforms; load (nt,)."""
    heat = np.asarray(load, float)
    kernel = increments(step_response, step, len(heat))
    return np.array([np.dot(heat[: n + 1], kernel[n::-1]) for n in range(len(heat))])


def convolve_years(
    load: ArrayLike,
    step_response: StepResponse,
    step: float,
    years: int,
    selected: ArrayLike | None = None,
) -> Floats:
    """A load that repeats itself every year, for chosen years of a long life.

    Every earlier year acts on year y through the same load, so that the increments of all years
    may be added before the transform: each selected year costs two short transforms, whichever
    year it is.

    Parameters
    ----------
    load : of one year, shape (n,)
    step_response : as for :func:`convolve`, for ``years`` · n steps
    step : s
    years : length of the life
    selected : years wanted, counted from 0, shape (n_sel,); all if not given

    Returns
    -------
    Floats : K, shape (n_sel, n)
    """
    from scipy import fft

    heat = np.asarray(load, float)
    count = len(heat)
    chosen = np.arange(years) if selected is None else np.asarray(selected, int)
    size = fft.next_fast_len(2 * count - 1, real=True)
    by_year = increments(step_response, step, years * count).reshape(years, count)
    summed = np.cumsum(by_year, axis=0)
    # The first half of a linear convolution falls in the same year, the second in the next.
    needed = np.unique(np.concatenate([chosen, chosen[chosen > 0] - 1]))
    spectrum = fft.rfft(heat, size) * fft.rfft(summed[needed], size, axis=-1)
    product = fft.irfft(spectrum, size, axis=-1)
    drops = product[np.searchsorted(needed, chosen), :count].copy()
    later = chosen > 0
    carried = product[np.searchsorted(needed, chosen[later] - 1), count : 2 * count - 1]
    drops[later, : count - 1] += carried
    return drops


def superpose(
    changes: ArrayLike,
    load: ArrayLike,
    step_response: Callable[[Floats], ArrayLike],
    times: ArrayLike,
) -> Floats:
    """Temperature drops at any times for a load that changes at any times.

    Parameters
    ----------
    changes : times from which each heat rate holds, s, ascending, shape (n,)
    load : heat rates, shape (n,)
    step_response : function of time in s > 0
    times : s, shape (nt,)

    Returns
    -------
    Floats : K, shape (nt,)
    """
    rises = np.diff(np.asarray(load, float), prepend=0.0)
    elapsed = np.asarray(times, float)[:, None] - np.asarray(changes, float)[None, :]
    acting = elapsed > 0.0
    values = np.zeros(elapsed.shape)
    values[acting] = np.asarray(step_response(elapsed[acting]), float)
    return np.asarray(values @ rises)
