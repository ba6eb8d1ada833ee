"""What an accuracy class means in numbers, on the time series itself.

Limits of error become standard uncertainties by the rectangular distribution, ``u = limit / √3``
(GUM JCGM 100, 4.3.7); an expanded uncertainty is divided by its own k. Components of one heat
meter are combined in quadrature by default (``"quadrature"``); ``"linear"`` adds the limits as the
type approval does (EN 1434: ``|E| <= E_f + E_t + E_c``) and is the cautious bound.

Everything an instrument is off by is taken as systematic: a class limit does not shrink by
averaging a long time. What does shrink (noise, resolution) is estimated from the records.

The coefficients of the classes are rule rows (``en1434.*``, ``iec60751.*``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from diwen.rules import RulesOn
    from diwen.site.accuracy import Accuracy

Floats = NDArray[np.float64]
Combination = Literal["quadrature", "linear"]

SQRT3 = math.sqrt(3.0)


@dataclass(frozen=True, slots=True)
class HeatMeterClass:
    """Maximum permissible errors of a heat meter (EN 1434), as fractions.

    Attributes
    ----------
    flow_base, flow_slope, flow_cap : ``E_f = min(base + slope qp/q, cap)``
    pair_base, pair_slope : ``E_t = base + slope Δθmin/Δθ``
    calculator_base, calculator_slope : ``E_c = base + slope Δθmin/Δθ``
    """

    flow_base: float
    flow_slope: float
    flow_cap: float
    pair_base: float
    pair_slope: float
    calculator_base: float
    calculator_slope: float

    def flow_limit(self, load: ArrayLike) -> Floats:
        """Limit of error of the flow sensor at ``load = q/qp``; the cap where it stands still."""
        size = np.maximum(np.abs(np.asarray(load, dtype=float)), 1e-12)
        return np.minimum(self.flow_base + self.flow_slope / size, self.flow_cap)

    def pair_limit(self, difference: ArrayLike, minimum: float) -> Floats:
        """Limit of error of the temperature pair, in kelvin, at a difference in kelvin."""
        return self.pair_base * np.abs(difference) + self.pair_slope * minimum

    def calculator_limit(self, difference: ArrayLike, minimum: float) -> Floats:
        """Limit of error of the calculator, in kelvin of difference."""
        return self.calculator_base * np.abs(difference) + self.calculator_slope * minimum

    def limit(
        self,
        load: ArrayLike,
        difference: ArrayLike,
        minimum: float,
        combination: Combination = "quadrature",
    ) -> Floats:
        """Limit of error of the whole meter as a fraction of the heat.

        Parameters
        ----------
        load : q/qp
        difference : temperature difference, K, not zero
        minimum : Δθmin of the meter, K
        combination : how the three parts are combined
        """
        span = np.abs(np.asarray(difference, dtype=float))
        flow = self.flow_limit(load)
        pair = self.pair_limit(span, minimum) / span
        calculator = self.calculator_limit(span, minimum) / span
        if combination == "linear":
            return flow + pair + calculator
        return np.sqrt(flow**2 + pair**2 + calculator**2)


def heat_meter_class(rules: RulesOn, grade: str) -> HeatMeterClass:
    """The coefficients of an EN 1434 class as they stand in the rules.

    Raises
    ------
    diwen.rules.RuleMissingError : no such class
    """

    def fraction(name: str) -> float:
        return rules.value(f"en1434.{name}") / 100.0

    return HeatMeterClass(
        flow_base=fraction(f"class{grade}.flow_base"),
        flow_slope=fraction(f"class{grade}.flow_slope"),
        flow_cap=fraction(f"class{grade}.flow_limit"),
        pair_base=fraction("temperature_pair.base"),
        pair_slope=fraction("temperature_pair.slope"),
        calculator_base=fraction("calculator.base"),
        calculator_slope=fraction("calculator.slope"),
    )


def sensor_limit(rules: RulesOn, grade: str, temperature: ArrayLike) -> Floats:
    """Tolerance of a platinum sensor (IEC 60751), K, at temperatures in °C."""
    base = rules.value(f"iec60751.{grade}.base")
    slope = rules.value(f"iec60751.{grade}.slope")
    return base + slope * np.abs(np.asarray(temperature, dtype=float))


def standard(accuracy: Accuracy, value: ArrayLike, rules: RulesOn) -> Floats:
    """Standard uncertainty (k = 1) of single readings of one instrument.

    Parameters
    ----------
    accuracy : of the point
    value : readings in the quantity's own unit, (n,)
    rules : where class coefficients stand

    Returns
    -------
    array (n,), in the quantity's own unit; for a heat meter's flow sensor its E_f only (the
    temperature part belongs to the pair, see :mod:`diwen.evaluation.heat`)
    """
    reading = np.asarray(value, dtype=float)
    size = np.abs(reading)
    if accuracy.kind == "temperature_sensor":
        return sensor_limit(rules, accuracy.grade, reading) / SQRT3
    if accuracy.kind == "electricity_meter":
        limit = rules.value(f"en62053.class{accuracy.grade.replace('.', '_')}") / 100.0
        return limit / SQRT3 * size
    if accuracy.kind == "heat_meter":
        grade = heat_meter_class(rules, accuracy.grade)
        permanent = accuracy.flow_permanent
        if permanent is None:
            return grade.flow_cap / SQRT3 * size
        return grade.flow_limit(size / permanent) / SQRT3 * size
    return _limits(accuracy, size)


def _limits(accuracy: Accuracy, size: Floats) -> Floats:
    """Limits given in numbers; an absolute and a relative part are added, as data sheets mean."""
    limit = (accuracy.absolute or 0.0) + (accuracy.relative or 0.0) * size
    return limit / (accuracy.coverage_factor or SQRT3)


def pair_standard(one: Accuracy, other: Accuracy) -> float | None:
    """Standard uncertainty of the difference of a matched pair, K; None when it is not one.

    A pair whose limit is not stated is no better than two single sensors of its class, and is
    treated so.
    """
    limits = [accuracy.pair_limit for accuracy in (one, other) if accuracy.paired]
    stated = [limit for limit in limits if limit is not None]
    if len(limits) < 2 or not stated:
        return None
    return max(stated) / SQRT3


def rule_rows(accuracy: Accuracy, rules: RulesOn) -> list[str]:
    """Ids of the rule rows that turn an accuracy class into numbers; none for plain limits."""
    wanted = {
        "heat_meter": (
            f"en1434.class{accuracy.grade}.*",
            "en1434.temperature_pair.*",
            "en1434.calculator.*",
        ),
        "temperature_sensor": (f"iec60751.{accuracy.grade}.*",),
        "electricity_meter": (f"en62053.class{accuracy.grade.replace('.', '_')}",),
        "limits": (),
    }[accuracy.kind]
    return [row.id for pattern in wanted for row in rules.rows(id=pattern)]
