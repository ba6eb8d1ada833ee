"""Two parameters that move the same index, told apart by its shape in time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from diwen.diagnosis.inference.time_signature import ShapeFit

CAP = 7.0
"""Largest logarithm of a Bayes factor that one index may have."""
OPEN_CAP = 60.0
"""The same while candidates are compared with each other."""


def beside(own: ShapeFit, other: ShapeFit) -> float:
    """Logarithm of the Bayes factor of one explanation against none and the other one together."""
    found = own.log_ratio - float(np.logaddexp(0.0, other.log_ratio))
    return max(-CAP, min(CAP, found))


def capped(fit: ShapeFit) -> ShapeFit:
    """The same with a ratio within the cap."""
    return replace(fit, log_ratio=max(-CAP, min(CAP, fit.log_ratio)))


def log_of(ratio: float) -> float:
    """Natural logarithm of a ratio, 0 of nothing."""
    return math.log(ratio) if ratio > 0.0 else 0.0
