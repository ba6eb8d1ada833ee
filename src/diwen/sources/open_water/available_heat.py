"""What a water may give and take: flow, returned temperature, freezing, power, mixing.

All limits are numbers of the water itself; where a rule sets them, the caller looks them up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]

_CROSSED = Text("the lowest temperature lies above the highest", "最低温度高于最高温度")
_NEGATIVE = Text("below zero or no number", "小于零或非数值")
_BOTH = Text("a limit after mixing without its partner", "混合后温变限值与水体流量须成对给出")
_GIVE_BOTH = Text(
    "give the change allowed and the flow of the body, or neither",
    "请同时给出允许温变与水体流量，或都不给",
)


@dataclass(frozen=True)
class WaterLimits:
    """What may become of the water; None where nothing limits it. Build with :meth:`of`.

    Attributes
    ----------
    lowest_return, highest_return : of the returned water, °C
    largest_drop, largest_rise : between the water drawn and the water returned, K (the usable
        drop of sewage; the change allowed in a discharge)
    freezing_margin : least distance of the returned water from freezing, K
    freezing_point : °C; 0 for fresh water, about −1.9 for sea water
    largest_mixed_change : of the whole body of water after mixing, K
    body_flow : flow of the body that the returned water mixes with, m³/s
    """

    lowest_return: float | None = None
    highest_return: float | None = None
    largest_drop: float | None = None
    largest_rise: float | None = None
    freezing_margin: float | None = None
    freezing_point: float = 0.0
    largest_mixed_change: float | None = None
    body_flow: float | None = None

    @classmethod
    def of(cls, **given: float | None) -> WaterLimits:
        """Limits, checked; keywords are the attributes, None leaves one out.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        limits = cls(**{name: value for name, value in given.items() if value is not None})
        problems = _problems(limits)
        if problems:
            raise InputError(problems)
        return limits

    @property
    def coldest(self) -> float:
        """Lowest temperature of the returned water, freezing included, °C; −inf without limit."""
        given = -np.inf if self.lowest_return is None else self.lowest_return
        if self.freezing_margin is None:
            return float(given)
        return float(max(given, self.freezing_point + self.freezing_margin))

    @property
    def warmest(self) -> float:
        """Highest temperature of the returned water, °C; inf without limit."""
        return float(np.inf if self.highest_return is None else self.highest_return)


def largest_extraction(
    temperature: ArrayLike,
    water_rate: ArrayLike,
    limits: WaterLimits,
    *,
    available_power: ArrayLike | None = None,
    heat_capacity: float | None = None,
) -> Floats:
    """The most heat that may be taken from the water, W, 0 or more; infinity without limit.

    Parameters
    ----------
    temperature : of the water drawn, °C
    water_rate : heat capacity rate of the water drawn, W/K, 0 or more
    limits : of the water
    available_power : heat that the source has to give (waste heat), W
    heat_capacity : volumetric, of the water, J/(m³·K); needed for a limit after mixing
    """
    at = np.asarray(temperature, float)
    span = np.maximum(at - limits.coldest, 0.0)
    if limits.largest_drop is not None:
        span = np.minimum(span, limits.largest_drop)
    heat = _heat(span, water_rate)
    if available_power is not None:
        heat = np.minimum(heat, np.maximum(np.asarray(available_power, float), 0.0))
    return np.minimum(heat, _mixed(limits, heat_capacity))


def largest_injection(
    temperature: ArrayLike,
    water_rate: ArrayLike,
    limits: WaterLimits,
    *,
    heat_capacity: float | None = None,
) -> Floats:
    """The most heat that may be given to the water, W, 0 or more; infinity without limit.

    Parameters as of :func:`largest_extraction`.
    """
    span = np.maximum(limits.warmest - np.asarray(temperature, float), 0.0)
    if limits.largest_rise is not None:
        span = np.minimum(span, limits.largest_rise)
    return np.minimum(_heat(span, water_rate), _mixed(limits, heat_capacity))


def returned_temperature(heat: ArrayLike, temperature: ArrayLike, water_rate: ArrayLike) -> Floats:
    """Temperature of the returned water, °C.

    Parameters
    ----------
    heat : W, extraction positive
    temperature : of the water drawn, °C
    water_rate : heat capacity rate, W/K, above 0
    """
    return np.asarray(
        np.asarray(temperature, float) - np.asarray(heat, float) / np.asarray(water_rate, float)
    )


def mixed_change(heat: ArrayLike, body_flow: ArrayLike, heat_capacity: float) -> Floats:
    """Change of the whole body of water after full mixing, K, cooling negative.

    Parameters
    ----------
    heat : W, extraction positive
    body_flow : m³/s, above 0
    heat_capacity : volumetric, of the water, J/(m³·K)
    """
    return np.asarray(-np.asarray(heat, float) / (heat_capacity * np.asarray(body_flow, float)))


def _heat(span: Floats, water_rate: ArrayLike) -> Floats:
    """Without flow there is no heat, however far the temperature might move."""
    span, rate = np.broadcast_arrays(span, np.asarray(water_rate, float))
    return np.where((rate > 0.0) & (span > 0.0), np.where(rate > 0.0, rate, 1.0) * span, 0.0)


def _mixed(limits: WaterLimits, heat_capacity: float | None) -> float:
    if limits.largest_mixed_change is None or limits.body_flow is None or heat_capacity is None:
        return float(np.inf)
    return limits.largest_mixed_change * limits.body_flow * heat_capacity


def _problems(limits: WaterLimits) -> list[Problem]:
    found = []
    for name in ("largest_drop", "largest_rise", "freezing_margin", "largest_mixed_change",
                 "body_flow"):  # fmt: skip
        value = getattr(limits, name)
        if value is not None and not value >= 0.0:
            found.append(Problem("WaterLimits", name, _NEGATIVE, CORRECT, f"{value:g}"))
    if not limits.coldest <= limits.warmest:
        shown = f"{limits.coldest:g} / {limits.warmest:g} °C"
        found.append(Problem("WaterLimits", "lowest_return", _CROSSED, CORRECT, shown))
    if (limits.largest_mixed_change is None) != (limits.body_flow is None):
        found.append(Problem("WaterLimits", "body_flow", _BOTH, _GIVE_BOTH))
    return found
