"""Heat exchangers by effectiveness and transfer units, in counter, parallel and cross flow.

``Q = ε C_min (T_hot,in − T_cold,in)``, ε a function of ``N = UA/C_min`` and ``r = C_min/C_max``:
F. P. Incropera, D. P. DeWitt, T. L. Bergman & A. S. Lavine, Fundamentals of Heat and Mass Transfer,
6th ed., Wiley 2007, tables 11.3 and 11.4 (equation numbers below); the same in VDI Heat Atlas,
2nd ed. 2010, chapter C1. The logarithmic mean is ``Q = UA · F · LMTD``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.plant.terminal import logarithmic_mean
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]
Arrangement = Literal[
    "counter", "parallel", "cross_unmixed", "cross_max_mixed", "cross_min_mixed", "shell_and_tube"
]
Between = Literal["means", "approach", "inlets"]

_MOST_UNITS = 1e4
_BISECTIONS = 200

_CROSSED = Text(
    "no exchanger reaches these temperatures: the differences at its ends must be above 0",
    "任何换热器都达不到该温度组合：两端温差须大于零",
)
_WIDER = Text("widen the approach or the flow", "请增大端差或流量")
_TOO_MUCH = Text(
    "this arrangement never reaches an effectiveness of {value}", "该流程形式达不到效率 {value}"
)
_OTHER_FLOW = Text("take counter flow, or a wider approach", "请改用逆流，或增大端差")


def effectiveness(
    units: ArrayLike, ratio: ArrayLike, arrangement: Arrangement = "counter"
) -> Floats:
    """Heat moved, of the most that could be, 0 to 1.

    Parameters
    ----------
    units : N = UA/C_min, 0 or more
    ratio : r = C_min/C_max, 0 to 1; 0: one side condenses or evaporates
    arrangement : ``cross_max_mixed``: the larger rate is mixed (eq. 11.33), ``cross_min_mixed``:
        the smaller (11.34); ``cross_unmixed``: neither (11.32, an approximation);
        ``shell_and_tube``: one shell pass, two tube passes (11.30)
    """
    n, r = np.broadcast_arrays(np.asarray(units, float), np.asarray(ratio, float))
    n = np.clip(n, 0.0, _MOST_UNITS)
    condensing = -np.expm1(-n)  # eq. 11.35a
    some = np.where(r > 1e-9, r, 1.0)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        value = _FORMS[arrangement](n, some)
    return np.asarray(np.clip(np.where(r > 1e-9, value, condensing), 0.0, 1.0))


def _counter(n: Floats, r: Floats) -> Floats:
    """Eq. 11.29; N/(1 + N) at r = 1."""
    passed = -np.expm1(-n * (1.0 - r))
    unequal = passed / (1.0 - r + r * passed)
    return np.asarray(np.where(1.0 - r > 1e-9, unequal, n / (1.0 + n)))


def _parallel(n: Floats, r: Floats) -> Floats:
    """Eq. 11.28."""
    return np.asarray(-np.expm1(-n * (1.0 + r)) / (1.0 + r))


def _cross_unmixed(n: Floats, r: Floats) -> Floats:
    """Eq. 11.32."""
    return np.asarray(-np.expm1(n**0.22 / r * np.expm1(-r * n**0.78)))


def _cross_max_mixed(n: Floats, r: Floats) -> Floats:
    """Eq. 11.33."""
    return np.asarray(-np.expm1(r * np.expm1(-n)) / r)


def _cross_min_mixed(n: Floats, r: Floats) -> Floats:
    """Eq. 11.34."""
    return np.asarray(-np.expm1(np.expm1(-r * n) / r))


def _shell_and_tube(n: Floats, r: Floats) -> Floats:
    """Eq. 11.30a."""
    root = np.sqrt(1.0 + r * r)
    fades = np.exp(-n * root)
    return np.asarray(2.0 / (1.0 + r + root * (1.0 + fades) / (1.0 - fades)))


_FORMS = {
    "counter": _counter,
    "parallel": _parallel,
    "cross_unmixed": _cross_unmixed,
    "cross_max_mixed": _cross_max_mixed,
    "cross_min_mixed": _cross_min_mixed,
    "shell_and_tube": _shell_and_tube,
}


def transfer_units(value: float, ratio: float, arrangement: Arrangement = "counter") -> float:
    """N at which an effectiveness is reached, by bisection (all forms rise with N).

    Raises
    ------
    diwen.problems.InputError : the arrangement never reaches it
    """
    low, high = 0.0, 1.0
    while float(effectiveness(high, ratio, arrangement)) < value:
        high *= 2.0
        if high > _MOST_UNITS:
            message = _TOO_MUCH.format(value=f"{value:.3g}")
            raise InputError([Problem("transfer_units", "value", message, _OTHER_FLOW)])
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        short = float(effectiveness(middle, ratio, arrangement)) < value
        low, high = (middle, high) if short else (low, middle)
    return 0.5 * (low + high)


@dataclass(frozen=True)
class HeatExchanger:
    """An exchanger between a primary and a secondary flow; build with :meth:`of` or by design.

    Attributes
    ----------
    transmission : UA, W/K
    arrangement : of the flows
    fouling_resistance : over the area, K/W: ``1/UA_fouled = 1/UA + R_f/A``
    """

    transmission: float
    arrangement: Arrangement = "counter"
    fouling_resistance: float = 0.0

    @classmethod
    def of(cls, transmission: float, arrangement: Arrangement = "counter") -> HeatExchanger:
        """An exchanger of known UA, W/K.

        Raises
        ------
        diwen.problems.InputError : not above 0
        """
        if not transmission > 0.0:
            value = f"{transmission:g}"
            raise InputError(
                [Problem("HeatExchanger", "transmission", NOT_POSITIVE, CORRECT, value,
                         MORE_THAN_ZERO)]
            )  # fmt: skip
        return cls(transmission, arrangement)

    @classmethod
    def of_area(
        cls, area: float, coefficient: float, arrangement: Arrangement = "counter"
    ) -> HeatExchanger:
        """UA = area, m², times overall coefficient, W/(m²·K)."""
        return cls.of(area * coefficient, arrangement)

    @classmethod
    def of_design(
        cls, heat: float, approach: float, primary_rate: float, secondary_rate: float,
        arrangement: Arrangement = "counter",
    ) -> HeatExchanger:  # fmt: skip
        """That which moves a heat rate at an approach: primary inlet over secondary outlet.

        Parameters
        ----------
        heat : W, above 0
        approach : K, above 0
        primary_rate, secondary_rate : heat capacity rates, W/K

        Raises
        ------
        diwen.problems.InputError : a design that no such exchanger reaches
        """
        span = approach + heat / secondary_rate
        smaller = min(primary_rate, secondary_rate)
        ratio = smaller / max(primary_rate, secondary_rate)
        wanted = heat / (smaller * span)
        other_end = span - heat / primary_rate
        if not (heat > 0.0 and approach > 0.0 and other_end > 0.0 and wanted < 1.0):
            shown = f"{heat:g} W, {approach:g} K, {other_end:.3g} K"
            raise InputError([Problem("HeatExchanger", "approach", _CROSSED, _WIDER, shown)])
        if arrangement == "counter":
            mean = float(logarithmic_mean(approach, other_end))
            return cls.of(heat / mean, arrangement)
        return cls.of(transfer_units(wanted, ratio, arrangement) * smaller, arrangement)

    def fouled(self, resistance: float, area: float) -> HeatExchanger:
        """With a fouling resistance, m²·K/W of both sides together, on an area, m²."""
        return HeatExchanger(self.transmission, self.arrangement, resistance / area)

    @property
    def present_transmission(self) -> float:
        """UA with fouling, W/K."""
        return 1.0 / (1.0 / self.transmission + self.fouling_resistance)

    def effectiveness(self, primary_rate: ArrayLike, secondary_rate: ArrayLike) -> Floats:
        """ε at heat capacity rates, W/K."""
        one, other = np.asarray(primary_rate, float), np.asarray(secondary_rate, float)
        smaller = np.minimum(one, other)
        ratio = smaller / np.maximum(one, other)
        return effectiveness(self.present_transmission / smaller, ratio, self.arrangement)

    def heat(
        self, primary_in: ArrayLike, secondary_in: ArrayLike, primary_rate: ArrayLike,
        secondary_rate: ArrayLike,
    ) -> Floats:  # fmt: skip
        """Heat from the primary to the secondary flow, W, from the inlets, °C, and rates, W/K."""
        smaller = np.minimum(np.asarray(primary_rate, float), np.asarray(secondary_rate, float))
        gap = np.asarray(primary_in, float) - np.asarray(secondary_in, float)
        return np.asarray(self.effectiveness(primary_rate, secondary_rate) * smaller * gap)

    def resistance(
        self, primary_rate: ArrayLike, secondary_rate: ArrayLike, between: Between = "means"
    ) -> Floats:
        """Temperature difference per heat rate, K/W, at heat capacity rates in W/K.

        Parameters
        ----------
        between : ``inlets``: of both flows, ``1/(ε C_min)``; ``approach``: primary inlet to
            secondary outlet; ``means``: of both flows
        """
        one, other = np.asarray(primary_rate, float), np.asarray(secondary_rate, float)
        inlets = 1.0 / (self.effectiveness(one, other) * np.minimum(one, other))
        if between == "inlets":
            return np.asarray(inlets)
        if between == "approach":
            return np.asarray(inlets - 1.0 / other)
        return np.asarray(inlets - 0.5 / one - 0.5 / other)


def logarithmic_difference(
    hot_in: ArrayLike, hot_out: ArrayLike, cold_in: ArrayLike, cold_out: ArrayLike,
    arrangement: Literal["counter", "parallel"] = "counter",
) -> Floats:  # fmt: skip
    """Mean logarithmic difference of two flows, K, from their four temperatures, °C."""
    ends = (cold_out, cold_in) if arrangement == "counter" else (cold_in, cold_out)
    first = np.asarray(hot_in, float) - np.asarray(ends[0], float)
    last = np.asarray(hot_out, float) - np.asarray(ends[1], float)
    return logarithmic_mean(first, last)
