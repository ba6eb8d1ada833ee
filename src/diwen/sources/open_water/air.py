"""Outdoor air as a heat source, in the one shape of all sources.

The fluid of the model is the air itself: it enters the unit at its own temperature and leaves
colder by the heat over its heat capacity rate. Frost on the coil, the heat and time of defrosting
and the latent heat of the moisture belong to the map of the unit, which manufacturers give over
the outdoor temperature with defrosting included; they are left there and not counted again here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.limited import SourceLimits
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

SEA_LEVEL_PRESSURE = 101325.0

_UNLIMITED = SourceLimits()
_ZERO_CELSIUS = 273.15
_GAS_CONSTANT = 287.05  # of dry air, J/(kg·K)
_SPECIFIC_HEAT = 1006.0  # of dry air, J/(kg·K)
_PASSES = 60

_DEFROST = Text(
    "frost, defrosting and moisture are left to the performance map of the unit",
    "结霜、除霜与湿度影响由机组性能曲线反映，此处不另计",
)
_STILL = Text(
    "the air flow is not given: entering and leaving air have one temperature",
    "未给出风量：进、出风温度按相同计",
)
_MISSING = Text("the air temperature has gaps", "气温序列有缺失")
_WITHOUT_GAPS = Text("give an air temperature without gaps", "请给出无缺失的气温序列")
_HUMIDITY = Text("a relative humidity outside 0 to 1", "相对湿度不在 0～1 之间")


def air_source_model(
    temperature: ArrayLike,
    *,
    flow: float = float("inf"),
    pressure: float = SEA_LEVEL_PRESSURE,
    limits: SourceLimits = _UNLIMITED,
) -> SourceModel:
    """Outdoor air as a heat source.

    Parameters
    ----------
    temperature : dry-bulb, °C: a number or one value per step of a repeating year, shape (n,)
    flow : of the fans, m³/s; infinity: entering and leaving air have one temperature
    pressure : Pa
    limits : of the air that leaves the unit, and of the heat

    Returns
    -------
    SourceModel

    Raises
    ------
    diwen.problems.InputError : no flow, or gaps in the temperature
    """
    at = np.asarray(temperature, float)
    problems = []
    if not flow > 0.0:
        shown = f"{flow:g} m³/s"
        problems.append(
            Problem("air_source_model", "flow", NOT_POSITIVE, CORRECT, shown, MORE_THAN_ZERO)
        )
    missing = int((~np.isfinite(at)).sum())
    if missing:
        shown = f"{missing} / {at.size}"
        problems.append(Problem("air_source_model", "temperature", _MISSING, _WITHOUT_GAPS, shown))
    if problems:
        raise InputError(problems)
    rate = flow * air_heat_capacity(float(np.mean(at)), pressure)
    response = Response(np.empty(0), np.empty((1, 1, 0)), np.full((1, 1), 0.5 / rate), np.ones(1))

    def at_flow(other: float) -> SourceModel:
        return air_source_model(temperature, flow=other, pressure=pressure, limits=limits)

    notes = (_DEFROST,) if np.isfinite(flow) else (_DEFROST, _STILL)
    undisturbed = at if at.ndim else float(at)
    return SourceModel("air", response, undisturbed, rate, flow, limits, 0.0, at_flow, notes)


def air_heat_capacity(temperature: float, pressure: float = SEA_LEVEL_PRESSURE) -> float:
    """Volumetric heat capacity of dry air as an ideal gas, J/(m³·K); °C, Pa."""
    return _SPECIFIC_HEAT * pressure / (_GAS_CONSTANT * (temperature + _ZERO_CELSIUS))


def saturation_pressure(temperature: ArrayLike, *, over_ice: bool = False) -> Floats:
    """Pressure of saturated water vapour, Pa, at °C.

    Magnus form with the coefficients of the WMO Guide to Instruments and Methods of Observation
    (WMO-No. 8, annex 4.B): over water −45 to 60 °C, over ice −65 to 0 °C.
    """
    at = np.asarray(temperature, float)
    steep, offset = (22.46, 272.62) if over_ice else (17.62, 243.12)
    return np.asarray(611.2 * np.exp(steep * at / (offset + at)))


def wet_bulb(
    temperature: ArrayLike, relative_humidity: ArrayLike, pressure: float = SEA_LEVEL_PRESSURE
) -> Floats:
    """Thermodynamic wet-bulb temperature over water, °C, by bisection.

    The adiabatic saturation of ASHRAE Handbook Fundamentals, chapter 1: at T_w, saturated air of
    humidity ratio W_s and the air with W have one enthalpy but for the water that was added,
    W (2501 + 1.86 T − 4.186 T_w) = W_s (2501 − 2.326 T_w) − 1.006 (T − T_w), kJ/kg.

    Parameters
    ----------
    temperature : dry-bulb, °C
    relative_humidity : 0 to 1, over water
    pressure : Pa

    Raises
    ------
    diwen.problems.InputError : a humidity that cannot be
    """
    at, humidity = np.broadcast_arrays(
        np.asarray(temperature, float), np.asarray(relative_humidity, float)
    )
    _check(humidity)
    held = _humidity_ratio(humidity * saturation_pressure(at), pressure)
    low, high = at - 40.0, at.copy()
    for _ in range(_PASSES):
        wet = 0.5 * (low + high)
        saturated = _humidity_ratio(saturation_pressure(wet), pressure)
        gained = saturated * (2501.0 - 2.326 * wet) - 1.006 * (at - wet)
        above = gained > held * (2501.0 + 1.86 * at - 4.186 * wet)
        low, high = np.where(above, low, wet), np.where(above, wet, high)
    return np.asarray(0.5 * (low + high))


def _humidity_ratio(vapour_pressure: Floats, pressure: float) -> Floats:
    """Kilograms of water per kilogram of dry air."""
    return np.asarray(0.621945 * vapour_pressure / (pressure - vapour_pressure))


def frost_forms(
    temperature: ArrayLike, relative_humidity: ArrayLike, surface_below_air: float
) -> NDArray[np.bool_]:
    """Where moisture freezes onto a coil: its surface is below 0 °C and below the frost point.

    A hint for the choice of a unit, and for reading measured performance; not a rate of frost.

    Parameters
    ----------
    temperature : dry-bulb, °C
    relative_humidity : 0 to 1, over water
    surface_below_air : how much colder than the air the coil is, K
    """
    at, humidity = np.asarray(temperature, float), np.asarray(relative_humidity, float)
    _check(humidity)
    surface = at - surface_below_air
    vapour = humidity * saturation_pressure(at)
    return np.asarray((surface < 0.0) & (vapour > saturation_pressure(surface, over_ice=True)))


def _check(humidity: Floats) -> None:
    outside = ~((humidity >= 0.0) & (humidity <= 1.0))
    if outside.any():
        found = f"{humidity[outside].flat[0]:g} ({int(outside.sum())})"
        raise InputError([Problem("wet_bulb", "relative_humidity", _HUMIDITY, CORRECT, found)])
