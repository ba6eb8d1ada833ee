"""What the ``accuracy`` column of ``points.csv`` says, read into a small object.

Understood::

    EN 1434 class 2, qp 3.5 m3/h, dt_min 3 K     heat meter, or its flow sensor
    IEC 60751 A                                  platinum sensor (a single one)
    IEC 60751 A pair 0.05 K                      matched pair, with the limit of the pair
    EN 62053 class 0.5                           electricity meter
    ± 3 %        ± 0.1 K        ± 0.1 K ± 0.5 %  limits of error (rectangular)
    ± 0.5 % of 1000 kPa                          limits of error relative to full scale
    ± 3 % (k=2)                                  expanded uncertainty

What a class means in numbers stands in the rules, not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from diwen import quantities
from diwen.language import Text

AccuracyKind = Literal["heat_meter", "temperature_sensor", "electricity_meter", "limits"]

GRAMMAR = Text(
    "EN 1434 class 2, qp 3.5 m3/h, dt_min 3 K | IEC 60751 A | IEC 60751 A pair 0.05 K | "
    "EN 62053 class 1 | ± 3 % | ± 0.1 K | ± 0.5 % of 1000 kPa | ± 3 % (k=2)",
    "EN 1434 class 2, qp 3.5 m3/h, dt_min 3 K | IEC 60751 A | IEC 60751 A pair 0.05 K | "
    "EN 62053 class 1 | ± 3 % | ± 0.1 K | ± 0.5 % of 1000 kPa | ± 3 % (k=2)",
)


class AccuracyError(ValueError):
    """An accuracy text that is not understood."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Accuracy of one point.

    Attributes
    ----------
    kind : heat_meter (EN 1434), temperature_sensor (IEC 60751), electricity_meter (EN 62053)
        or limits (given in numbers)
    grade : class as the standard names it (``2``, ``AA``, ``0.5``); empty for limits
    flow_permanent : heat meter: permanent flow qp, m³/s
    difference_minimum : heat meter: smallest approved temperature difference, K
    paired : temperature sensor: one of a matched pair
    pair_limit : matched pair: limit of error of the difference, K
    absolute : limit in the quantity's own unit (K for a temperature)
    relative : limit as a fraction of the value
    coverage_factor : k of an expanded uncertainty; None for limits of error (rectangular)
    """

    kind: AccuracyKind
    grade: str = ""
    flow_permanent: float | None = None
    difference_minimum: float | None = None
    paired: bool = False
    pair_limit: float | None = None
    absolute: float | None = None
    relative: float | None = None
    coverage_factor: float | None = None


_CLASS = r"(?:class|cl\.?|等级|级)?\s*"
_HEAT_METER = re.compile(rf"EN\s*1434\s*,?\s*{_CLASS}([123])\s*级?\s*(.*)", re.IGNORECASE)
_SENSOR = re.compile(rf"(?:IEC|EN)\s*60751\s*,?\s*{_CLASS}(AA|A|B|C)\s*级?\s*(.*)", re.IGNORECASE)
_ELECTRICITY = re.compile(
    rf"(?:IEC|EN)\s*62053(?:-\d+)?\s*,?\s*{_CLASS}(0\.2|0\.5|1|2)\s*(?:\.0)?\s*S?\s*级?",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(?:matched\s+)?(?:pair|配对)\s*(.*)", re.IGNORECASE)
_FACTOR = re.compile(r"[（(]\s*k\s*=\s*([0-9.]+)\s*[)）]", re.IGNORECASE)
_FULL_SCALE = re.compile(r"(.+?)\s*%\s*(?:of|FS|满量程)\s*(\S.*)", re.IGNORECASE)
_SENSOR_QUANTITIES = ("temperature", "temperature_difference")
_HEAT_METER_QUANTITIES = (
    "heat_energy", "heat_power", "volume_flow", "mass_flow", "volume",
)  # fmt: skip
_ELECTRICITY_QUANTITIES = ("electric_energy", "electric_power")


def parse_accuracy(text: str, quantity: str) -> Accuracy:
    """Read an accuracy text.

    Parameters
    ----------
    text : accuracy as written, not empty
    quantity : quantity of the point, which fixes the unit of an absolute limit

    Returns
    -------
    Accuracy : numbers in inside units

    Raises
    ------
    AccuracyError : not understood, or a class that does not belong to the quantity
    """
    written = text.strip()
    if match := _HEAT_METER.fullmatch(written):
        _belongs(quantity, _HEAT_METER_QUANTITIES, written)
        return _heat_meter(match[1], match[2], written)
    if match := _SENSOR.fullmatch(written):
        _belongs(quantity, _SENSOR_QUANTITIES, written)
        return _sensor(match[1].upper(), match[2], written)
    if match := _ELECTRICITY.fullmatch(written):
        _belongs(quantity, _ELECTRICITY_QUANTITIES, written)
        return Accuracy("electricity_meter", match[1])
    return _limits(written, quantity)


def _belongs(quantity: str, allowed: tuple[str, ...], text: str) -> None:
    if quantity not in allowed:
        raise AccuracyError(f"{text!r} is not an accuracy class for {quantity}")


def _value(text: str, quantity: str) -> float:
    try:
        value = quantities.parse(text, quantity)
    except (quantities.UnitError, OverflowError) as error:
        raise AccuracyError(str(error)) from error
    if not 0 < value < float("inf"):
        raise AccuracyError(f"{text!r} is not a positive number")
    return value


def _heat_meter(grade: str, rest: str, text: str) -> Accuracy:
    flow = difference = None
    for part in filter(None, (part.strip() for part in re.split(r"[,，;；]", rest))):
        if match := re.fullmatch(r"q_?p\s*=?\s*(.+)", part, re.IGNORECASE):
            flow = _value(match[1], "volume_flow")
        elif match := re.fullmatch(r"(?:dt|Δθ|Δt)_?min\s*=?\s*(.+)", part, re.IGNORECASE):
            difference = _value(match[1], "temperature_difference")
        else:
            raise AccuracyError(f"{part!r} in {text!r} is not understood")
    return Accuracy("heat_meter", grade, flow_permanent=flow, difference_minimum=difference)


def _sensor(grade: str, rest: str, text: str) -> Accuracy:
    rest = rest.strip(" ,，")
    if not rest:
        return Accuracy("temperature_sensor", grade)
    match = _PAIR.fullmatch(rest)
    if match is None:
        raise AccuracyError(f"{rest!r} in {text!r} is not understood")
    limit = _value(match[1], "temperature_difference") if match[1] else None
    return Accuracy("temperature_sensor", grade, paired=True, pair_limit=limit)


def _limits(text: str, quantity: str) -> Accuracy:
    factor = None
    if match := _FACTOR.search(text):
        try:
            factor = float(match[1])
        except ValueError as error:
            raise AccuracyError(f"{match[0]!r} is not a coverage factor") from error
        if not 1 <= factor <= 4:
            raise AccuracyError(f"a coverage factor of {factor:g} is not credible (1 to 4)")
        text = text[: match.start()] + text[match.end() :]
    parts = [part.strip() for part in re.split(r"±|\+/-|\+-", text)]
    if len(parts) < 2 or parts[0]:
        raise AccuracyError(f"{text!r} is not understood")
    absolute = relative = None
    for part in parts[1:]:
        if match := _FULL_SCALE.fullmatch(part):
            absolute = _value(f"{match[1]} %", "ratio") * _value(match[2], quantity)
        elif part.endswith(("%", "‰")):
            relative = _value(part, "ratio")
        else:
            interval = "temperature_difference" if quantity == "temperature" else quantity
            absolute = _value(part, interval)
    if relative is not None and relative > 1:
        raise AccuracyError(f"{text!r}: more than 100 % is not an accuracy")
    return Accuracy("limits", absolute=absolute, relative=relative, coverage_factor=factor)
