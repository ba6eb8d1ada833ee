"""Residuals that hang together from hour to hour, made independent: what a fit may count as facts.

The difference between a measured and a modelled temperature is a first-order autoregression: what a
model does not know stays for hours to days. Each hour is compared with what the last used hour let
expect (Cochrane & Orcutt 1949, J. Am. Stat. Assoc. 44, for gaps by the power of the distance).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TOGETHER = 24
_LOWEST, _HIGHEST = 0.3, 0.995


class Persistence(NamedTuple):
    """How a residual hangs together.

    Attributes
    ----------
    correlation : from one hour to the next, 0 to 1
    spread : stationary standard deviation, in the unit of the residual
    """

    correlation: float
    spread: float

    @property
    def daily(self) -> float:
        """Standard deviation of the mean of 24 hours."""
        lag = np.arange(1, 24)
        together = 24.0 + 2.0 * float(((24 - lag) * self.correlation**lag).sum())
        return self.spread * float(np.sqrt(together)) / 24.0


def persistence_of(
    residual: Floats, used: NDArray[np.bool_], floor: float, before: Persistence,
    lowest: float = _LOWEST,
) -> Persistence:  # fmt: skip
    """Correlation and spread of a residual, the spread not below ``floor``.

    Parameters
    ----------
    residual : shape (n,), hourly
    used : hours that count, shape (n,)
    floor : smallest spread that is believed
    before : where there is too little to tell
    lowest : smallest correlation that is believed
    """
    pair = used[1:] & used[:-1]
    if np.count_nonzero(pair) < 2 * _TOGETHER:
        return before
    late, early = residual[1:][pair], residual[:-1][pair]
    centre = float(residual[used].mean())
    late, early = late - centre, early - centre
    own = float(np.mean(early**2)) + 1e-12
    correlation = min(max(float(np.mean(late * early)) / own, lowest), _HIGHEST)
    return Persistence(correlation, max(float(np.sqrt(own)), floor))


def whitened(columns: Floats, used: NDArray[np.bool_], persistence: Persistence) -> Floats:
    """Columns of hourly values as independent rows of unit variance.

    Parameters
    ----------
    columns : shape (n, m)
    used : hours that count, shape (n,)

    Returns
    -------
    Floats : shape (number of used hours, m)
    """
    place = np.flatnonzero(used)
    rows = columns[place]
    if not len(rows):
        return rows
    link = persistence.correlation ** np.diff(place).astype(float)
    scale = persistence.spread * np.sqrt(1.0 - link**2)
    first = rows[:1] / persistence.spread
    return np.concatenate([first, (rows[1:] - link[:, None] * rows[:-1]) / scale[:, None]])
