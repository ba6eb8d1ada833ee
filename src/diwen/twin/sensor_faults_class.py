"""Limits of error of an instrument's class on a series, from the rows of the rules."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from diwen.rules import RulesOn
    from diwen.site.accuracy import Accuracy

Floats = NDArray[np.float64]


def limit_of_error(accuracy: Accuracy, value: Floats, quantity: str) -> Floats:
    """Largest error that the class allows at readings, shape (n,), in the quantity's own unit.

    A matched pair shares its limit between its two sensors; a heat meter's register is taken at
    the sum of the limits of its parts at the smallest approved difference of temperature, a flow
    at the limit of its flow sensor (EN 1434-1; IEC 60751; EN 62053).

    Parameters
    ----------
    accuracy : of the point
    value : readings, of a counter its rates
    quantity : of the point
    """
    from diwen import rules

    now = rules.on(date.today())
    size = np.abs(value)
    if accuracy.kind == "temperature_sensor":
        if accuracy.pair_limit is not None:
            return np.full(size.shape, 0.5 * accuracy.pair_limit)
        grade = f"iec60751.{accuracy.grade}"
        return np.asarray(now.value(f"{grade}.base") + now.value(f"{grade}.slope") * size)
    if accuracy.kind == "electricity_meter":
        share = now.value(f"en62053.class{accuracy.grade.replace('.', '_')}") / 100.0
        return np.asarray(share * size)
    if accuracy.kind == "heat_meter":
        return _heat_meter(now, accuracy, size, quantity)
    limit = (accuracy.absolute or 0.0) + (accuracy.relative or 0.0) * size
    return np.asarray(limit * np.ones(size.shape))


def _heat_meter(now: RulesOn, accuracy: Accuracy, size: Floats, quantity: str) -> Floats:
    def share(name: str) -> float:
        return now.value(f"en1434.{name}") / 100.0

    grade = f"class{accuracy.grade}"
    if quantity in ("heat_energy", "heat_power"):
        parts = ("temperature_pair", "calculator")
        rest = sum(share(f"{part}.base") + share(f"{part}.slope") for part in parts)
        return np.asarray((share(f"{grade}.flow_base") + rest) * size)
    base, cap = share(f"{grade}.flow_base"), share(f"{grade}.flow_limit")
    permanent = accuracy.flow_permanent
    if permanent is None:
        return np.asarray(cap * size)
    slope = share(f"{grade}.flow_slope")
    # base + slope qp/q, times q: no division where nothing flows.
    return np.asarray(np.minimum(base * size + slope * permanent, cap * size))
