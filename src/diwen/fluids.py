"""Properties of water and brines over temperature.

The correlations are those of two libraries: SecondaryCoolantProps for water (CRC Handbook) and
the glycols and alcohols, CoolProp for the brines of salts; the mixtures of both after Melinder
(Properties of Secondary Working Fluids for Indirect Systems, IIR 2010). CoolProp takes seconds to
load, so it is loaded only when a salt is named. The properties are tabulated once per fluid and
interpolated, which is fast on long series; the table is so fine (0.5 K) that the interpolation
error stays below 1e-5 (viscosity, interpolated in its logarithm: 5e-5).

A fluid is named as in ``site.toml``: ``water``, ``ethylene glycol 25 %``,
``propylene_glycol 30 %``, ``ethanol 24 %``, ``methanol 20 %``, ``calcium chloride 20 %``,
``sodium_chloride 15 %``, ``potassium_formate 30 %``, ``potassium_acetate 30 %`` (mass fraction),
also in Chinese (``水``, ``乙二醇 25 %``, ``氯化钙 20 %``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text

Floats = NDArray[np.float64]

_STEP = 0.5
_HIGHEST_PERCENT = 60.0

# Spellings of the substances, and the library's key of each.
_SUBSTANCES = {
    "ethylene_glycol": "ethylene_glycol", "monoethylene_glycol": "ethylene_glycol",
    "meg": "ethylene_glycol", "乙二醇": "ethylene_glycol",
    "propylene_glycol": "propylene_glycol", "mpg": "propylene_glycol", "丙二醇": "propylene_glycol",
    "ethanol": "ethyl_alcohol", "ethyl_alcohol": "ethyl_alcohol", "乙醇": "ethyl_alcohol",
    "methanol": "methyl_alcohol", "methyl_alcohol": "methyl_alcohol", "甲醇": "methyl_alcohol",
    "calcium_chloride": "calcium_chloride", "cacl2": "calcium_chloride",
    "氯化钙": "calcium_chloride",
    "sodium_chloride": "sodium_chloride", "nacl": "sodium_chloride", "氯化钠": "sodium_chloride",
    "potassium_formate": "potassium_formate", "甲酸钾": "potassium_formate",
    "potassium_acetate": "potassium_acetate", "乙酸钾": "potassium_acetate",
    "醋酸钾": "potassium_acetate",
}  # fmt: skip
# Salts: CoolProp's name of the brine and the highest mass fraction (%) of its correlation.
_SALTS = {
    "calcium_chloride": ("MCA", 30.0),
    "sodium_chloride": ("MNA", 23.0),
    "potassium_formate": ("MKF", 48.0),
    "potassium_acetate": ("MKA", 45.0),
}
_WATER = ("water", "水", "groundwater", "地下水")
_EXAMPLES = "water, ethylene glycol 25 %, propylene glycol 30 %, ethanol 24 %, methanol 20 %"
_NAME = re.compile(
    r"\s*(cacl2|[^\d%(（]+?)[\s_,(（-]*(?:([0-9]+(?:[.,][0-9]+)?)\s*%?\s*[)）]?)?\s*", re.IGNORECASE
)

# Relative standard uncertainty (k = 1) of the volumetric heat capacity. Engineering defaults of
# Diwen, not from a standard: for water the spread between published correlations; for a brine
# the concentration, which is seldom known to better than 2 to 3 percentage points.
_UNCERTAINTY_WATER = 0.002
_UNCERTAINTY_BRINE = 0.015


_FROZEN = Text(
    "{fluid} freezes at {freezing:.1f} °C; the lowest fluid temperature of {lowest:.1f} °C is "
    "below that",
    "{fluid} 的冰点为 {freezing:.1f} °C，而最低流体温度 {lowest:.1f} °C 已低于冰点",
)
_CLOSE_TO_FREEZING = Text(
    "the lowest fluid temperature of {lowest:.1f} °C is only {margin:.1f} K above the freezing "
    "point of {fluid} ({freezing:.1f} °C); at least {wanted:.1f} K are asked for",
    "最低流体温度 {lowest:.1f} °C 仅比 {fluid} 的冰点（{freezing:.1f} °C）高 {margin:.1f} K，"
    "要求至少高 {wanted:.1f} K",
)


class FluidError(ValueError):
    """A text does not name a known fluid."""


@dataclass(frozen=True, eq=False)
class FluidState:
    """Properties of a liquid at a temperature; numbers or arrays of one shape.

    Attributes
    ----------
    density : kg/m³
    specific_heat : J/(kg·K)
    conductivity : thermal conductivity, W/(m·K)
    viscosity : dynamic viscosity, Pa·s
    """

    density: ArrayLike
    specific_heat: ArrayLike
    conductivity: ArrayLike
    viscosity: ArrayLike

    @property
    def prandtl(self) -> Floats:
        """Prandtl number μ c / λ."""
        viscosity = np.asarray(self.viscosity, float)
        return np.asarray(
            viscosity * np.asarray(self.specific_heat) / np.asarray(self.conductivity)
        )


@dataclass(frozen=True, eq=False)
class Fluid:
    """A heat-carrying liquid.

    Attributes
    ----------
    name : canonical name
    freezing : freezing point, °C
    highest : upper end of the correlation, °C
    uncertainty : relative standard uncertainty (k = 1) of the volumetric heat capacity
    """

    name: str
    freezing: float
    highest: float
    uncertainty: float
    _temperature: Floats
    _density: Floats
    _specific_heat: Floats
    _conductivity: Floats
    _log_viscosity: Floats

    def density(self, temperature: ArrayLike) -> Floats:
        """Density, kg/m³, at temperatures in °C.

        Outside the range of the correlation the value of its nearest end holds: such
        temperatures are met by sensors at standstill, when no fluid flows.
        """
        return np.interp(np.asarray(temperature, float), self._temperature, self._density)

    def specific_heat(self, temperature: ArrayLike) -> Floats:
        """Specific heat capacity, J/(kg·K), at temperatures in °C; ends as in `density`."""
        return np.interp(np.asarray(temperature, float), self._temperature, self._specific_heat)

    def heat_capacity(self, temperature: ArrayLike) -> Floats:
        """Volumetric heat capacity rho c, J/(m³·K), at temperatures in °C."""
        return self.density(temperature) * self.specific_heat(temperature)

    def conductivity(self, temperature: ArrayLike) -> Floats:
        """Thermal conductivity, W/(m·K), at temperatures in °C; ends as in `density`."""
        return np.interp(np.asarray(temperature, float), self._temperature, self._conductivity)

    def viscosity(self, temperature: ArrayLike) -> Floats:
        """Dynamic viscosity, Pa·s, at temperatures in °C; ends as in `density`."""
        at = np.asarray(temperature, float)
        return np.exp(np.interp(at, self._temperature, self._log_viscosity))

    def prandtl(self, temperature: ArrayLike) -> Floats:
        """Prandtl number at temperatures in °C."""
        return self.state(temperature).prandtl

    def state(self, temperature: ArrayLike) -> FluidState:
        """All properties at temperatures in °C."""
        return FluidState(
            density=self.density(temperature),
            specific_heat=self.specific_heat(temperature),
            conductivity=self.conductivity(temperature),
            viscosity=self.viscosity(temperature),
        )


@cache
def fluid(name: str) -> Fluid:
    """The fluid of that name.

    Raises
    ------
    FluidError : unknown substance, missing or impossible mass fraction
    """
    match = _NAME.fullmatch(name)
    spelled = "" if match is None else re.sub(r"[\s_-]+", "_", match[1].strip().lower())
    percent = None if match is None or match[2] is None else float(match[2].replace(",", "."))
    if spelled in _WATER:
        return _tabulated("water", "water", 0.0)
    if spelled not in _SUBSTANCES:
        raise FluidError(f"{name!r} is not a known fluid; write for example: {_EXAMPLES}")
    if percent is None:
        raise FluidError(f"{name!r} lacks its mass fraction; write for example: {_EXAMPLES}")
    substance = _SUBSTANCES[spelled]
    highest = _SALTS[substance][1] if substance in _SALTS else _HIGHEST_PERCENT
    if not 0.0 < percent <= highest:
        raise FluidError(
            f"{name!r}: the mass fraction must lie above 0 % and at most {highest:g} %"
        )
    named = f"{substance} {percent:g} %"
    if substance in _SALTS:
        return _salt(named, substance, percent / 100.0)
    return _tabulated(named, substance, percent / 100.0)


def _said(name: str) -> Text:
    """A canonical name in both languages."""
    words = name.split(" ")
    amount = [] if len(words) < 3 else words[-2:]
    substance = "_".join(words[: len(words) - len(amount)])
    chinese = (
        "水" if substance == "water"
        else next((key for key, value in _SUBSTANCES.items()
                   if value == _SUBSTANCES.get(substance) and not key.isascii()), substance)
    )  # fmt: skip
    return Text(name.replace("_", " "), " ".join([chinese, *amount]))


def freezing_warning(fluid: Fluid, lowest: float, margin: float) -> Text | None:
    """What to say when a fluid comes too close to its freezing point, or nothing.

    Parameters
    ----------
    fluid : the fluid
    lowest : lowest temperature of the fluid, °C; the coldest place is the evaporator's wall, so
        this is rather the leaving temperature of the heat pump than the mean of the borehole
    margin : least distance from the freezing point, K
    """
    distance = lowest - fluid.freezing
    if distance >= margin:
        return None
    text = _FROZEN if distance < 0 else _CLOSE_TO_FREEZING
    return text.format(
        fluid=_said(fluid.name),
        freezing=fluid.freezing,
        lowest=lowest,
        margin=distance,
        wanted=margin,
    )


def _tabulated(name: str, substance: str, fraction: float) -> Fluid:
    """The library's scalar correlations as a table over their whole range."""
    from scp.api import get_fluid

    correlation = get_fluid(substance, concentration=fraction)
    freezing = correlation.freeze_point(fraction)
    lowest, highest = max(correlation.t_min, freezing), correlation.t_max
    temperature = np.linspace(lowest, highest, 1 + int((highest - lowest) / _STEP))
    # The library warns when rounding puts an end of its own range a hair outside.
    inside = np.clip(temperature, lowest + 1e-9, highest - 1e-9)
    return Fluid(
        name=name,
        freezing=freezing,
        highest=highest,
        uncertainty=_UNCERTAINTY_WATER if substance == "water" else _UNCERTAINTY_BRINE,
        _temperature=temperature,
        _density=np.array([correlation.density(t) for t in inside]),
        _specific_heat=np.array([correlation.specific_heat(t) for t in inside]),
        _conductivity=np.array([correlation.conductivity(t) for t in inside]),
        _log_viscosity=np.log([correlation.viscosity(t) for t in inside]),
    )


def _salt(name: str, substance: str, fraction: float) -> Fluid:
    """A brine of a salt, from CoolProp's incompressible solutions."""
    from CoolProp.CoolProp import PropsSI

    mixture = f"INCOMP::{_SALTS[substance][0]}[{fraction:.6f}]"
    # An incompressible liquid needs a pressure only as a formality.
    anywhere = ("T", 293.15, "P", 1e6, mixture)
    freezing = PropsSI("T_freeze", *anywhere) - 273.15
    highest = PropsSI("Tmax", *anywhere) - 273.15
    temperature = np.linspace(freezing, highest, 1 + int((highest - freezing) / _STEP))
    kelvin = np.clip(temperature, freezing + 1e-6, highest - 1e-6) + 273.15

    def over(quantity: str) -> Floats:
        return np.array([PropsSI(quantity, "T", t, "P", 1e6, mixture) for t in kelvin])

    return Fluid(
        name=name,
        freezing=freezing,
        highest=highest,
        uncertainty=_UNCERTAINTY_BRINE,
        _temperature=temperature,
        _density=over("D"),
        _specific_heat=over("C"),
        _conductivity=over("L"),
        _log_viscosity=np.log(over("V")),
    )
