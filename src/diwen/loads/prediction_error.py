"""How far a predicted load is from a measured one: the figures of ASHRAE Guideline 14."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class PredictionError:
    """Figures of a prediction.

    Attributes
    ----------
    count : pairs that were compared
    bias : normalised mean bias error, measured less predicted over the mean, signed
    scatter : CV(RMSE), root mean square error over the mean, 0 or more
    r_squared : coefficient of determination, 1 at best
    """

    count: int
    bias: float
    scatter: float
    r_squared: float


def prediction_error(
    measured: ArrayLike, predicted: ArrayLike, parameters: int = 1
) -> PredictionError:
    """Figures with ``n - p`` degrees of freedom; pairs with a nan are left out.

    Parameters
    ----------
    measured, predicted : the same quantity, shape (n,)
    parameters : p, fitted to these very values; 0 for values that the model has not seen

    Raises
    ------
    ValueError : not more pairs than parameters, or nothing was measured
    """
    m, p = np.asarray(measured, float), np.asarray(predicted, float)
    used = np.isfinite(m) & np.isfinite(p)
    m, p = m[used], p[used]
    freedom = len(m) - parameters
    if freedom < 1 or not m.any():
        raise ValueError("no error without more values than parameters, and a mean above zero")
    mean = float(m.mean())
    residual = m - p
    squares = float(np.sum(residual**2))
    spread = float(np.sum((m - mean) ** 2))
    return PredictionError(
        len(m),
        float(residual.sum()) / freedom / mean,
        math.sqrt(squares / freedom) / mean,
        1.0 - squares / spread if spread > 0.0 else 0.0,
    )
