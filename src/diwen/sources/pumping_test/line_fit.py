"""A straight line through correlated readings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.sources.pumping_test.correlated_residuals import variance_ratio

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """y = intercept + slope x.

    Attributes
    ----------
    intercept, slope : of the line
    covariance : of (intercept, slope), with the autocorrelation of the residuals, shape (2, 2)
    rms : of the residuals
    """

    intercept: float
    slope: float
    covariance: Floats
    rms: float


def fit_line(x: Floats, y: Floats) -> Line:
    """Least squares over readings in the order of time, shape (n >= 3,) both."""
    mean = float(x.mean())
    centred = x - mean
    spread = float(centred @ centred)
    slope = float(centred @ y) / spread
    middle = float(y.mean())
    residuals = y - middle - slope * centred
    inflation = variance_ratio([residuals])
    variance = float(residuals @ residuals) / max(len(x) - 2, 1) * inflation
    of_slope = variance / spread
    of_intercept = variance / len(x) + mean**2 * of_slope
    covariance = np.array([[of_intercept, -mean * of_slope], [-mean * of_slope, of_slope]])
    rms = float(np.sqrt(np.mean(residuals**2)))
    return Line(middle - slope * mean, slope, covariance, rms)
