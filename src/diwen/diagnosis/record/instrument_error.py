"""How far the instruments of a channel may be off: systematic, relative, and random of one hour.

A limit of error is taken as rectangular (divided by the root of three, JCGM 100:2008, 4.3.7); what
a class means in numbers stands in the rules (EN 1434-1, IEC 60751, EN 62053). Where the accuracy
of an instrument is not known, an engineering default stands in and the channel says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.energy import resolution
from diwen.evaluation.uncertainty import heat_meter_class, pair_standard, standard
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.record.steps import Steps
    from diwen.rules import RulesOn
    from diwen.site import Point

Floats = NDArray[np.float64]
_RULE = "default.diagnosis.record.accuracy."
_OUTSIDE = ("outdoor", "room")
_DEFAULTS: dict[str, tuple[str, bool]] = {
    "temperature_difference": ("difference", False),
    "volume_flow": ("flow", True),
    "mass_flow": ("flow", True),
    "volume": ("flow", True),
    "electric_power": ("electricity", True),
    "electric_energy": ("electricity", True),
    "heat_power": ("heat", True),
    "heat_energy": ("heat", True),
    "gas_volume": ("gas", True),
    "water_level": ("level", False),
    "pressure": ("pressure", True),
    "pressure_difference": ("pressure", True),
}
_EXACT = ("status", "mode", "frequency", "opening")


@dataclass(frozen=True)
class InstrumentError:
    """Standard uncertainties (k = 1).

    Attributes
    ----------
    systematic : common to all hours, in the unit of the value
    relative : common to all hours, share of the value
    random : of one record, independent of the others, in the unit of the value
    known : whether the accuracy of the instrument is known
    """

    systematic: float = 0.0
    relative: float = 0.0
    random: float = 0.0
    known: bool = True


def is_setpoint(point: Point) -> bool:
    """Whether a point is a value that is asked for, not one that is measured."""
    return point.detail.lower().startswith(("setpoint", "设定"))


def error_of(point: Point, value: Floats) -> InstrumentError:
    """Uncertainties of one point.

    Parameters
    ----------
    point : with or without accuracy
    value : what it read (of a register: rates), in the unit of the quantity, nan where not known
    """
    if point.quantity in _EXACT or is_setpoint(point):
        return InstrumentError()
    known = point.limits_of_error
    typical = typical_value(value)
    if known is None:
        systematic, relative = _default(point)
    elif known.kind == "heat_meter" and point.quantity in ("heat_energy", "heat_power"):
        systematic, relative = 0.0, _whole_heat_meter(point, _rules())
    elif known.kind == "limits":
        factor = known.coverage_factor or np.sqrt(3.0)
        # The absolute part of the limit of a register's reading cancels between two readings.
        absolute = 0.0 if point.kind == "counter" else (known.absolute or 0.0)
        systematic, relative = absolute / factor, (known.relative or 0.0) / factor
    elif known.kind == "temperature_sensor":
        systematic, relative = float(standard(known, typical, _rules())), 0.0
    else:
        size = max(abs(typical), 1e-12)
        systematic, relative = 0.0, float(standard(known, size, _rules())) / size
    own = systematic + relative * abs(typical)
    return InstrumentError(systematic, relative, min(noise(value), own), known is not None)


def typical_value(value: Floats) -> float:
    """Median of what is not zero; 0 where there is nothing."""
    some = value[np.isfinite(value) & (value != 0.0)]
    return float(np.median(some)) if some.size else 0.0


def noise(value: Floats) -> float:
    """Noise of one record from the second differences, those of the quieter half of the records.

    The median of their size is not moved by switching and by loads that come and go.
    """
    bend = np.abs(np.diff(value, 2))
    bend = bend[np.isfinite(bend)]
    # Median of the size of a normal variable: 0.6745; a second difference has 6 times the variance.
    return float(np.median(bend)) / 0.6744898 / np.sqrt(6.0) if bend.size else 0.0


def pair_error(one: Point, other: Point, values: tuple[Floats, Floats]) -> InstrumentError:
    """Uncertainty of the difference of two temperatures, K."""
    first, second = (error_of(point, value) for point, value in zip((one, other), values,
                                                                    strict=True))  # fmt: skip
    random = float(np.hypot(first.random, second.random))
    limits = one.limits_of_error, other.limits_of_error
    if limits[0] is None or limits[1] is None:
        return InstrumentError(usual_value(_RULE + "difference"), 0.0, random, known=False)
    matched = pair_standard(limits[0], limits[1])
    size = float(np.hypot(first.systematic, second.systematic)) if matched is None else matched
    return InstrumentError(size, 0.0, random)


def register_noise(point: Point, raw: Floats, steps: Steps) -> float:
    """Rounding of the register in the mean rate of one hour, unit of the rate."""
    shown = resolution(raw[:2000], point)
    native = float(np.median(steps.end - steps.start)) / 1e6 if len(steps) else 3600.0
    # Two rounded readings, each rectangular, at the two ends of the hour (or of the longer step).
    return float(shown * np.sqrt(2.0 / 12.0) / max(native, 3600.0))


def _default(point: Point) -> tuple[float, float]:
    if point.quantity == "temperature":
        kind = "air" if point.location in _OUTSIDE else "temperature"
        return usual_value(_RULE + kind), 0.0
    if point.quantity not in _DEFAULTS:
        return 0.0, 0.0
    row, share = _DEFAULTS[point.quantity]
    value = usual_value(_RULE + row)
    return (0.0, value / 100.0) if share else (value, 0.0)


def _whole_heat_meter(point: Point, rules: RulesOn) -> float:
    """Relative standard uncertainty of a complete heat meter at its permanent flow.

    At twice the smallest approved difference: what such meters usually see (EN 1434-1).
    """
    known = point.limits_of_error
    assert known is not None
    grade = heat_meter_class(rules, known.grade)
    minimum = known.difference_minimum or 3.0
    return float(grade.limit(1.0, 2.0 * minimum, minimum)) / np.sqrt(3.0)


@lru_cache(maxsize=4)
def _rules_of(day: date) -> RulesOn:
    from diwen import rules

    return rules.on(day)


def _rules() -> RulesOn:
    return _rules_of(date.today())
