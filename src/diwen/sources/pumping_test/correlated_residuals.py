"""How much less neighbours in time tell than independent readings.

Residuals of drawdowns hang together: barometer, tides, pump, model. First-order autocorrelation;
its estimate is too low in short series and is corrected (F. H. C. Marriott, J. A. Pope,
Biometrika 41 (1954) 390).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# A correlation closer to one would leave no reading at all.
_MOST = 0.95


def lag_one(residuals: Floats) -> float:
    """Correlation of neighbours, corrected for the length, 0 to 0.95."""
    count = len(residuals)
    centred = residuals - residuals.mean()
    total = float(centred @ centred)
    if count < 5 or not total > 0.0:
        return 0.0
    found = float(centred[1:] @ centred[:-1]) / total
    return float(np.clip(found + (1.0 + 3.0 * found) / count, 0.0, _MOST))


def variance_ratio(series: list[Floats], parameters: int = 2) -> float:
    """Factor on the variances of a regression, (1 + ρ)/(1 − ρ) >= 1.

    At least two independent readings more than parameters are left: a short record cannot tell
    its correlation so well that less would be credible.

    Parameters
    ----------
    series : residuals of each sensor in the order of time; ρ is their mean by count
    parameters : of the regression
    """
    counts = np.array([len(part) for part in series], float)
    rho = float(np.average([lag_one(part) for part in series], weights=counts))
    most = max(float(counts.sum()) / (parameters + 2.0), 1.0)
    return min((1.0 + rho) / (1.0 - rho), most)


def first_order_deviance(series: list[Floats]) -> float:
    """−2 ln likelihood (less a constant) of residuals with first-order autocorrelation.

    Exact for a normal process with one ρ and one variance for all sensors, at the best ρ of a
    grid from 0 to 0.95.
    """
    count = sum(len(part) for part in series)
    best = np.inf
    for rho in np.linspace(0.0, _MOST, 39):
        stay = 1.0 - rho**2
        total = sum(
            float(stay * part[0] ** 2 + np.sum((part[1:] - rho * part[:-1]) ** 2))
            for part in series
        )
        deviance = count * np.log(max(total / count, 1e-30)) - len(series) * np.log(stay)
        best = min(best, float(deviance))
    return best
