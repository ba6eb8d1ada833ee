"""A result with its interval, and the combination of what makes it uncertain.

Expanded uncertainties are k = 2 (JCGM 100:2008, 6). Quantities that are positive by nature are
combined as logarithms, so that their intervals never reach zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text

Floats = NDArray[np.float64]

COVERAGE = 2.0


@dataclass(frozen=True)
class Estimate:
    """A value and its expanded interval (k = 2), in the unit of the value."""

    value: float
    low: float
    high: float

    @classmethod
    def plain(cls, value: float, standard: float) -> Estimate:
        """Symmetric, from a standard uncertainty in the same unit."""
        return cls(value, value - COVERAGE * standard, value + COVERAGE * standard)

    @classmethod
    def positive(cls, value: float, relative: float) -> Estimate:
        """Of a positive quantity, from the standard uncertainty of its logarithm."""
        factor = math.exp(min(COVERAGE * relative, 300.0))
        return cls(value, value / factor, value * factor)

    @property
    def expanded(self) -> float:
        """Half the width of the interval."""
        return 0.5 * (self.high - self.low)

    def holds(self, value: float) -> bool:
        """Whether a value lies in the interval."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class MeasurementErrors:
    """Standard uncertainties (one standard deviation) of what was measured.

    Attributes
    ----------
    flow, distance : relative
    level : common offset of the drawdowns (level at rest), m
    temperature : of a sensor against another, K
    """

    flow: float = 0.02
    distance: float = 0.01
    level: float = 0.01
    temperature: float = 0.05


@dataclass(frozen=True, eq=False)
class Contribution:
    """One cause of uncertainty: covariance of the logarithms of the parameters, shape (np, np)."""

    name: Text
    covariance: Floats


RESIDUALS = Text("residuals (with their autocorrelation)", "残差（考虑自相关）")
FLOW = Text("flow measurement", "流量测量")
DISTANCE = Text("distance of the observation well", "观测井距离")
LEVEL = Text("level at rest", "静水位")
WINDOW = Text("choice of the window", "计算时段选择")
FORM = Text("approximation by the straight line", "直线近似误差")


def combined(contributions: Iterable[Contribution]) -> Floats:
    """Sum of the covariances, shape (np, np)."""
    return np.asarray(np.sum([line.covariance for line in contributions], axis=0))
