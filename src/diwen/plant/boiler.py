"""Boilers and electric heaters: efficiency over return temperature and load, fuel used.

A condensing boiler burns methane here, molecule by molecule: the flue gas leaves a few kelvin above
the water that returns, its sensible heat is lost, and the water vapour that its saturation pressure
does not hold has given its heat of condensation. Efficiency is on the lower heating value, so it
may exceed 1, up to 1.11 (ratio of the heating values of methane). Reaction
``CH₄ + 2λ(O₂ + 3.76 N₂) → CO₂ + 2 H₂O + 2(λ−1) O₂ + 7.52 λ N₂``; heating value 802.3 kJ/mol and
heat of vaporisation 44.0 kJ/mol at 25 °C (NIST Chemistry WebBook); mean molar heat capacities
between 25 and 150 °C from the same.

Any other boiler keeps its rated efficiency at full load and loses what its jacket loses while it
runs or stands ready: ``η(r) = r / (r/η_rated + l (1 − r))``, l the share of the full input lost at
standstill (EN 15316-4-1: losses at full load, at part load and at standstill).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.plant.moist_air import SEA_LEVEL, saturation_pressure
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]

_LOWER_HEATING_VALUE = 802.3e3  # J/mol of methane
_VAPORISATION = 44.0e3  # J/mol of water at 25 °C
_REFERENCE = 25.0
_MOLAR_HEAT = {"CO2": 39.0, "H2O": 33.9, "O2": 29.7, "N2": 29.2}  # J/(mol·K)

_OUTSIDE = Text("outside its range", "超出范围")


def methane_efficiency(
    flue_temperature: ArrayLike, excess_air: float = 1.25, pressure: float = SEA_LEVEL
) -> Floats:
    """Heat kept of the lower heating value of methane when the flue gas leaves at °C.

    Parameters
    ----------
    flue_temperature : °C
    excess_air : λ, air over that needed, 1 or more
    pressure : Pa
    """
    leaving = np.asarray(flue_temperature, float)
    dry = {"CO2": 1.0, "O2": 2.0 * (excess_air - 1.0), "N2": 7.52 * excess_air}
    held = saturation_pressure(np.minimum(leaving, 99.0))
    vapour = np.minimum(sum(dry.values()) * held / np.maximum(pressure - held, 1.0), 2.0)
    heat = sum(moles * _MOLAR_HEAT[gas] for gas, moles in dry.items()) + vapour * _MOLAR_HEAT["H2O"]
    lost = heat * (leaving - _REFERENCE)
    gained = (2.0 - vapour) * _VAPORISATION
    return np.asarray(1.0 + (gained - lost) / _LOWER_HEATING_VALUE)


def flue_dew_point(excess_air: float = 1.25, pressure: float = SEA_LEVEL) -> float:
    """Temperature at which the flue gas of methane begins to condense, °C, by bisection."""
    dry = 1.0 + 2.0 * (excess_air - 1.0) + 7.52 * excess_air
    target = pressure * 2.0 / (dry + 2.0)
    low, high = 0.0, 99.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if saturation_pressure(middle) < target else (low, middle)
    return 0.5 * (low + high)


@dataclass(frozen=True)
class Boiler:
    """A boiler or an electric heater; build with :meth:`of`.

    Attributes
    ----------
    capacity : of heat, W
    rated_efficiency : heat over energy of the fuel (lower heating value) at full load and, where
        it condenses, at ``rated_return``
    condensing : whether the efficiency follows the return temperature
    rated_return : °C
    flue_approach : of the flue gas above the return at full load, K; in proportion to the load
    excess_air : λ
    standing_loss : share of the full input lost while it stands ready
    minimum_load : smallest share of its capacity; below, it runs part of the time at this share
    """

    capacity: float
    rated_efficiency: float
    condensing: bool = False
    rated_return: float = 60.0
    flue_approach: float = 12.0
    excess_air: float = 1.25
    standing_loss: float = 0.0
    minimum_load: float = 0.0

    @classmethod
    def of(cls, capacity: float, rated_efficiency: float, **more: float) -> Boiler:
        """A boiler, checked.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        made = cls(capacity, rated_efficiency, **more)  # type: ignore[arg-type]
        limits = (
            ("capacity", 0.0, np.inf),
            ("rated_efficiency", 0.05, 1.11 if made.condensing else 1.0),
            ("excess_air", 1.0, 5.0),
            ("flue_approach", 0.0, 300.0),
            ("standing_loss", 0.0, 0.2),
            ("minimum_load", 0.0, 1.0),
        )
        problems = [
            Problem("Boiler", name, _OUTSIDE, CORRECT, f"{getattr(made, name):g}",
                    Text(f"{low:g} to {high:g}", f"{low:g}～{high:g}"))
            for name, low, high in limits
            if not low <= getattr(made, name) <= high
        ]  # fmt: skip
        if problems:
            raise InputError(problems)
        return made

    def efficiency(self, load: ArrayLike, returned: ArrayLike | None = None) -> Floats:
        """Heat over energy of the fuel.

        Parameters
        ----------
        load : share of the capacity, above 0 to 1
        returned : temperature of the water that returns, °C; None: as rated
        """
        r = np.clip(np.asarray(load, float), 1e-9, 1.0)
        running = self.rated_efficiency * np.ones_like(r)
        if self.condensing:
            back = self.rated_return if returned is None else np.asarray(returned, float)
            fire = np.maximum(r, self.minimum_load)
            here = methane_efficiency(back + self.flue_approach * fire, self.excess_air)
            rated = methane_efficiency(self.rated_return + self.flue_approach, self.excess_air)
            running = self.rated_efficiency + here - rated
        return np.asarray(r / (r / running + self.standing_loss * (1.0 - r)))

    def fuel_power(self, heat: ArrayLike, returned: ArrayLike | None = None) -> Floats:
        """Fuel (lower heating value) or electricity, W, for a heat in W; none for no heat.

        The heat is held to the capacity; what is asked above it is not given.
        """
        given = np.clip(np.asarray(heat, float), 0.0, self.capacity)
        share = given / self.capacity
        used = given / self.efficiency(share, returned)
        return np.asarray(np.where(given > 0.0, used, 0.0))


def fuel_volume(energy: ArrayLike, calorific_value: float) -> Floats:
    """Volume of gas, m³ at the conditions of its calorific value, from its energy.

    Parameters
    ----------
    energy : of the fuel on the lower heating value, J
    calorific_value : lower, J/m³
    """
    return np.asarray(np.asarray(energy, float) / calorific_value)
