"""How much of the heat given to the ground has left it: the second half of a heat balance.

Temperatures at the boreholes alone do not tell where heat leaves. Physics does: of heat released
at depth z at one moment, erfc(z/√(4at)) has passed the isothermal surface after the time t
(mirror source; Carslaw & Jaeger 1959, 2.5 and 10.4), whatever stands around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_DAMPING = 1e-9
_POINTS = 120
_MODES = 20
_BEYOND = 30.0  # of the horizon: the ground goes on releasing for centuries


def surface_release(
    buried_depth: ArrayLike, length: ArrayLike, diffusivity: float
) -> Callable[[ArrayLike], Floats]:
    """Share of a constant heat rate of vertical boreholes that leaves through the surface.

    The mean of erfc(z/√(4at)) over the active lengths: √(4at)/H [ierfc(D/√(4at)) −
    ierfc((D+H)/√(4at))]; for heat rates uniform along the boreholes, in any layout.

    Parameters
    ----------
    buried_depth, length : of the boreholes, m, scalar or shape (n,)
    diffusivity : m²/s

    Returns
    -------
    function : times in s, shape (nt,) → share, shape (nt,)
    """
    top, active = np.broadcast_arrays(
        np.atleast_1d(np.asarray(buried_depth, float)), np.atleast_1d(np.asarray(length, float))
    )

    def share(times: ArrayLike) -> Floats:
        reach = np.sqrt(4.0 * diffusivity * np.asarray(times, float))[..., None]
        passed = reach * (_ierfc(top / reach) - _ierfc((top + active) / reach))
        return np.asarray(passed.sum(axis=-1) / active.sum())

    return share


def _ierfc(x: Floats) -> Floats:
    """Integral of erfc from x to infinity."""
    from scipy.special import erfc

    return np.asarray(np.exp(-x * x) / np.sqrt(np.pi) - x * erfc(x))


class Release(NamedTuple):
    """The heat leaving the ground as lagged copies of the heat rate: Σ c x, Σ c = 1.

    That the shares sum to 1 makes supplied = stored + released exact, however good the fit.

    Attributes
    ----------
    time_constants : s, shape (m,)
    shares : c, shape (m,)
    error : largest absolute error of the released share between the times of the fit
    """

    time_constants: Floats
    shares: Floats
    error: float


def fit_release(release: Callable[[Floats], ArrayLike], shortest: float, horizon: float) -> Release:
    """Modes of a release, 1 − Σ c exp(−t/τ).

    Parameters
    ----------
    release : share of a constant heat rate that leaves the ground at times, 0 to 1
    shortest, horizon : range of the fit, s
    """
    times = np.geomspace(shortest, horizon, _POINTS)
    constants = np.geomspace(shortest, _BEYOND * horizon, _MODES)
    wanted = np.asarray(release(times), float)
    lagged = -np.expm1(-times[:, None] / constants)
    # The slowest mode takes what the others leave of 1.
    columns = lagged[:, :-1] - lagged[:, -1:]
    normal = columns.T @ columns + _DAMPING * len(times) * np.eye(_MODES - 1)
    leading = np.linalg.solve(normal, columns.T @ (wanted - lagged[:, -1]))
    shares = np.append(leading, 1.0 - leading.sum())
    return Release(constants, shares, float(np.abs(lagged @ shares - wanted).max()))
