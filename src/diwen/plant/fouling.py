"""Fouling of an exchanger: how its resistance grows, and what cleaning takes away.

Two laws: growth at a constant rate, and growth towards an end, where what settles and what the
flow tears off come to balance: ``R(t) = R_∞ (1 − e^(−t/τ))`` (D. Q. Kern & R. E. Seaton, British
Chemical Engineering 4 (1959) 258-262).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]

_OUTSIDE = Text("outside its range", "超出范围")
_NOT_NEGATIVE = Text("0 or more", "不小于 0")


@dataclass(frozen=True)
class FoulingGrowth:
    """How fouling grows; build with :meth:`of`.

    Attributes
    ----------
    rate : at the beginning, m²·K/(W·s)
    end : R_∞ that it comes close to, m²·K/W; infinity: grows on at its rate
    left : share of the resistance that a cleaning leaves
    """

    rate: float
    end: float = np.inf
    left: float = 0.0

    @classmethod
    def of(cls, rate: float, end: float = np.inf, left: float = 0.0) -> FoulingGrowth:
        """Growth, checked.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        checks = (
            ("rate", rate, rate >= 0.0, _NOT_NEGATIVE),
            ("end", end, end >= 0.0, _NOT_NEGATIVE),
            ("left", left, 0.0 <= left <= 1.0, Text("0 to 1", "0～1")),
        )
        problems = [
            Problem("FoulingGrowth", name, _OUTSIDE, CORRECT, f"{value:g}", allowed)
            for name, value, fine, allowed in checks
            if not fine
        ]
        if problems:
            raise InputError(problems)
        return cls(rate, end, left)

    def after(self, time: ArrayLike, start: ArrayLike = 0.0) -> Floats:
        """Resistance, m²·K/W, a time, s, after it was ``start``."""
        t, first = np.asarray(time, float), np.asarray(start, float)
        if not np.isfinite(self.end):
            return np.asarray(first + self.rate * t)
        if self.end == 0.0:
            return np.asarray(np.zeros_like(first + t))
        return np.asarray(self.end + (first - self.end) * np.exp(-self.rate * t / self.end))

    def course(self, times: ArrayLike, cleanings: Sequence[float] = ()) -> Floats:
        """Resistance, m²·K/W, at times since it was clean, s, with cleanings in between.

        Parameters
        ----------
        times : s, shape (n,)
        cleanings : times of cleaning, s
        """
        t = np.asarray(times, float)
        found = self.after(t)
        before, last = 0.0, 0.0
        for moment in sorted(cleanings):
            before = self.left * float(self.after(moment - last, before))
            last = moment
            found = np.where(t >= moment, self.after(np.maximum(t - moment, 0.0), before), found)
        return np.asarray(found)
