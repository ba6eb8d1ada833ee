"""Simulated well tests as tables, by equations written here and not taken from the package."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import exp1

TRANSMISSIVITY, STORATIVITY = 4e-3, 3e-4


def theis(
    time: np.ndarray, starts: Sequence[float], flows: Sequence[float], distance: float
) -> np.ndarray:
    """Drawdown by superposed Theis curves, m; starts in s, flows in m³/s that hold from them on."""
    fall = np.zeros_like(time)
    before = 0.0
    for start, flow in zip(starts, flows, strict=True):
        later = time > start
        u = distance**2 * STORATIVITY / (4 * TRANSMISSIVITY * (time[later] - start))
        fall[later] += (flow - before) / (4 * math.pi * TRANSMISSIVITY) * exp1(u)
        before = flow
    return fall


def field_times(hours: float) -> np.ndarray:
    """Times of a field sheet, s: dense at first."""
    minutes = [0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480]
    later = np.arange(600, hours * 60 + 1, 120)
    return np.array([*[m for m in minutes if m <= hours * 60], *later]) * 60.0
