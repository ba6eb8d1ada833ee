"""What gives heat or cold to the rooms: emission over the mean difference of water and room.

``Q/Q_d = (Δθ/Δθ_d)^n``. Radiators: EN 442-2 (characteristic equation, n about 1.3); floors:
EN 1264-2 (basic characteristic ``q = 8.92 (θ_F − θ_i)^1.1`` of the surface; seen from the water
the resistance of the floor makes it almost linear); ceilings that cool: EN 14240, n about 1.1; fan
coils: forced air, n = 1. The difference is the arithmetic or the logarithmic mean, EN 442-2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

_NO_DIFFERENCE = Text(
    "the water at design is not warmer (heat) or colder (cold) than the room",
    "设计水温与室温的关系不成立：供热时水温须高于室温，供冷时须低于室温",
)
_ORDER = Text(
    "supply, return and room temperature at design must fall in this order (heat) or rise (cold)",
    "供热时设计供水、回水、室温须依次降低，供冷时须依次升高",
)


@dataclass(frozen=True)
class Terminal:
    """Terminals of a load at their design point; build with :meth:`of`.

    Attributes
    ----------
    supply, returned, room : at design, °C
    exponent : n
    logarithmic : mean of the difference: logarithmic, else arithmetic
    """

    supply: float
    returned: float
    room: float
    exponent: float
    logarithmic: bool = True

    @classmethod
    def of(cls, supply: float, returned: float, room: float, exponent: float,
           logarithmic: bool = True) -> Terminal:  # fmt: skip
        """Terminals, checked: heat where the supply is warmer than the room, else cold.

        Raises
        ------
        diwen.problems.InputError : temperatures that cannot be, an exponent that is none
        """
        problems = []
        shown = f"{supply:g} / {returned:g} / {room:g} °C"
        sign = 1.0 if supply > room else -1.0
        if not (sign * (supply - returned) > 0.0 and sign * (returned - room) > 0.0):
            problems.append(Problem("Terminal", "supply", _NO_DIFFERENCE, CORRECT, shown, _ORDER))
        if not exponent > 0.0:
            value = f"{exponent:g}"
            problems.append(
                Problem("Terminal", "exponent", NOT_POSITIVE, CORRECT, value, MORE_THAN_ZERO)
            )
        if problems:
            raise InputError(problems)
        return cls(supply, returned, room, exponent, logarithmic)

    @property
    def spread(self) -> float:
        """Supply − return at design, K; negative for cold."""
        return self.supply - self.returned

    def mean_difference(self, supply: ArrayLike, returned: ArrayLike) -> Floats:
        """Mean difference of water and room, K, above 0, at temperatures in °C."""
        first = np.abs(np.asarray(supply, float) - self.room)
        last = np.abs(np.asarray(returned, float) - self.room)
        if not self.logarithmic:
            return np.asarray(0.5 * (first + last))
        return logarithmic_mean(first, last)

    def emission(self, supply: ArrayLike, returned: ArrayLike) -> Floats:
        """Heat (or cold) given, as a share of that at design."""
        design = self.mean_difference(self.supply, self.returned)
        return np.asarray((self.mean_difference(supply, returned) / design) ** self.exponent)

    def needed_supply(self, share: ArrayLike, flow_share: ArrayLike = 1.0) -> Floats:
        """Supply temperature, °C, that gives a share of the design heat.

        Parameters
        ----------
        share : of the heat (cold) at design, 0 or more
        flow_share : of the water flow at design, above 0

        Notes
        -----
        The spread is ``share/flow_share`` of that at design. With the arithmetic mean the supply is
        the room plus the mean difference plus half the spread; with the logarithmic mean the
        difference at the outlet solves ``LMTD(x + spread, x) = Δθ`` exactly:
        ``x = spread / (e^(spread/Δθ) − 1)``.
        """
        load = np.maximum(np.asarray(share, float), 0.0)
        sign = 1.0 if self.supply > self.room else -1.0
        design = self.mean_difference(self.supply, self.returned)
        mean = design * load ** (1.0 / self.exponent)
        spread = np.abs(self.spread) * load / np.asarray(flow_share, float)
        if self.logarithmic:
            with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
                outlet = np.where(load > 0.0, spread / np.expm1(spread / mean), 0.0)
            return np.asarray(self.room + sign * (outlet + spread))
        return np.asarray(self.room + sign * (mean + 0.5 * spread))


def logarithmic_mean(one: ArrayLike, other: ArrayLike) -> Floats:
    """Logarithmic mean of two positive differences; 0 where one of them is 0."""
    a, b = np.broadcast_arrays(np.asarray(one, float), np.asarray(other, float))
    small = np.minimum(a, b)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(small > 0.0, np.maximum(a, b) / np.where(small > 0, small, 1.0), np.inf)
        lean = np.log(ratio)
        apart = small * np.expm1(lean) / lean
        near = np.sqrt(a * b) * (1.0 + lean * lean / 24.0)
    value = np.where(lean < 1e-4, near, apart)
    return np.asarray(np.where(small > 0.0, value, 0.0))
