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


def variance_ratio(series: list[Floats]) -> float:
    """Factor on the variances of a regression, (1 + ρ)/(1 − ρ) >= 1.

    ``series`` : residuals of each sensor in the order of time; ρ is their mean by count.
    """
    counts = np.array([len(part) for part in series], float)
    rho = float(np.average([lag_one(part) for part in series], weights=counts))
    return (1.0 + rho) / (1.0 - rho)
