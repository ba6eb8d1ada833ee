"""Density and specific heat of water and brines over temperature.

The correlations are those of the SecondaryCoolantProps library: water after the CRC Handbook,
mixtures after Melinder (Properties of Secondary Working Fluids for Indirect Systems, IIR 2010).
They are tabulated once per fluid and interpolated, which is fast on long series; the table is so
fine (0.5 K) that the interpolation error stays below 1e-5.

A fluid is named as in ``site.toml``: ``water``, ``ethylene glycol 25 %``,
``propylene_glycol 30 %``, ``ethanol 24 %``, ``methanol 20 %`` (mass fraction), also in Chinese
(``水``, ``乙二醇 25 %``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
}  # fmt: skip
_WATER = ("water", "水", "groundwater", "地下水")
_EXAMPLES = "water, ethylene glycol 25 %, propylene glycol 30 %, ethanol 24 %, methanol 20 %"
_NAME = re.compile(r"\s*([^\d%(（]+?)[\s_,(（-]*(?:([0-9]+(?:[.,][0-9]+)?)\s*%?\s*[)）]?)?\s*")

# Relative standard uncertainty (k = 1) of the volumetric heat capacity. Engineering defaults of
# Diwen, not from a standard: for water the spread between published correlations; for a brine
# the concentration, which is seldom known to better than 2 to 3 percentage points.
_UNCERTAINTY_WATER = 0.002
_UNCERTAINTY_BRINE = 0.015


class FluidError(ValueError):
    """A text does not name a known fluid."""


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
    if not 0.0 < percent <= _HIGHEST_PERCENT:
        raise FluidError(
            f"{name!r}: the mass fraction must lie above 0 % and at most {_HIGHEST_PERCENT:g} %"
        )
    substance = _SUBSTANCES[spelled]
    return _tabulated(f"{substance} {percent:g} %", substance, percent / 100.0)


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
    )
