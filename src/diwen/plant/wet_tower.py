"""A wet cooling tower: effectiveness on enthalpies, Merkel number, water used.

Effectiveness model of J. E. Braun, S. A. Klein & J. W. Mitchell, ASHRAE Transactions 95 (1989) 2,
164-174: ``Q = ε m_a (h_s(T_w,in) − h_a,in)``, ε that of a counter-flow exchanger with
``m* = m_a c_s / (m_w c_w)`` and c_s the mean slope of the enthalpy of saturated air over the water.
The number of transfer units follows the flows, ``NTU = c (m_w/m_a)^(1+n)``. Merkel number:
``KaV/L = c_w ∫ dT/(h_s(T) − h_a)`` by Chebyshev's four points (Cooling Technology Institute).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.plant.linear_recharge import conductance_to_mean, line_through
from diwen.plant.moist_air import SEA_LEVEL, saturated_enthalpy
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

WATER_HEAT = 4186.0
"""Specific heat of water, J/(kg·K)."""

_VAPORISATION = 2.43e6  # J/kg, near 30 °C
_FLOW_EXPONENT = -0.6  # n, usual of fills
_PASSES = 44
_CHEBYSHEV = (0.1, 0.4, 0.6, 0.9)

_IMPOSSIBLE = Text(
    "no fill reaches this approach with this air: the air would leave warmer than the water",
    "在此风量下任何填料都达不到该趋近温差（出风焓将高于进水饱和焓）",
)
_MORE_AIR = Text("give more air or a larger approach", "请增大风量或趋近温差")


def counter_flow(transfer_units: ArrayLike, ratio: ArrayLike) -> Floats:
    """Effectiveness of counter flow, also for ratios above 1 (the air side counts throughout)."""
    units, r = np.broadcast_arrays(np.asarray(transfer_units, float), np.asarray(ratio, float))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        passed = -np.expm1(-units * (1.0 - r))
        value = passed / (1.0 - r + r * passed)
        value = np.where(np.isfinite(value), value, 1.0 / r)
    return np.asarray(np.where(np.abs(r - 1.0) < 1e-9, units / (1.0 + units), value))


def merkel_number(
    water_in: float, water_out: float, wet_bulb: float, water_over_air: float,
    pressure: float = SEA_LEVEL,
) -> float:  # fmt: skip
    """``KaV/L`` that a tower needs, by four points of Chebyshev.

    Parameters
    ----------
    water_in, water_out, wet_bulb : °C
    water_over_air : L/G, kg of water per kg of dry air

    Raises
    ------
    diwen.problems.InputError : air that would have to leave with more enthalpy than the water holds
    """
    spread = water_in - water_out
    entering = float(saturated_enthalpy(wet_bulb, pressure))
    total = 0.0
    for share in _CHEBYSHEV:
        water = water_out + share * spread
        air = entering + water_over_air * WATER_HEAT * share * spread
        driving = float(saturated_enthalpy(water, pressure)) - air
        if not driving > 0.0:
            shown = f"{water_in:g} / {water_out:g} / {wet_bulb:g} °C, L/G {water_over_air:g}"
            raise InputError([Problem("merkel_number", "L/G", _IMPOSSIBLE, _MORE_AIR, shown)])
        total += 1.0 / driving
    return WATER_HEAT * spread * total / len(_CHEBYSHEV)


@dataclass(frozen=True)
class WetTower:
    """A wet cooling tower; build with :meth:`of_design`.

    Attributes
    ----------
    water_flow, air_flow : at design, kg/s (air: dry)
    coefficient : c of the number of transfer units
    exponent : n
    fan_power : at full speed, W
    pressure : of the air, Pa
    """

    water_flow: float
    air_flow: float
    coefficient: float
    exponent: float = _FLOW_EXPONENT
    fan_power: float = 0.0
    pressure: float = SEA_LEVEL

    @classmethod
    def of_design(
        cls, heat: float, wet_bulb: float, approach: float, spread: float, *,
        water_over_air: float = 1.2, fan_power: float = 0.0, pressure: float = SEA_LEVEL,
    ) -> WetTower:  # fmt: skip
        """From its design point.

        Parameters
        ----------
        heat : W
        wet_bulb : of the air that enters, °C
        approach : water leaving above wet bulb, K
        spread : of the water (range), K
        water_over_air : L/G

        Raises
        ------
        diwen.problems.InputError : numbers not above 0; a point that no tower reaches
        """
        given = (("heat", heat), ("approach", approach), ("spread", spread),
                 ("water_over_air", water_over_air))  # fmt: skip
        problems = [
            Problem("WetTower", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
            for name, value in given
            if not value > 0.0
        ]
        if problems:
            raise InputError(problems)
        water = heat / (WATER_HEAT * spread)
        air = water / water_over_air
        hot, cold = wet_bulb + approach + spread, wet_bulb + approach
        inlet = float(saturated_enthalpy(wet_bulb, pressure))
        wanted = heat / (air * (float(saturated_enthalpy(hot, pressure)) - inlet))
        ratio = float(air * _slope(hot, cold, pressure) / (water * WATER_HEAT))
        if not wanted < min(1.0, 1.0 / ratio):
            shown = f"{hot:g} / {cold:g} / {wet_bulb:g} °C"
            raise InputError([Problem("WetTower", "approach", _IMPOSSIBLE, _MORE_AIR, shown)])
        units = _units_of(wanted, ratio)
        coefficient = units / water_over_air ** (1.0 + _FLOW_EXPONENT)
        return cls(water, air, coefficient, _FLOW_EXPONENT, fan_power, pressure)

    def heat(
        self, water_in: ArrayLike, wet_bulb: ArrayLike, *, water_share: ArrayLike = 1.0,
        air_share: ArrayLike = 1.0,
    ) -> Floats:  # fmt: skip
        """Heat taken from water entering at °C, W; none where the air is warmer.

        The outlet stands in the slope of the enthalpy, so the balance is solved by bisection
        between the wet bulb and the inlet.

        Parameters
        ----------
        water_in, wet_bulb : °C
        water_share, air_share : of the design flows, above 0
        """
        hot, wet, liquid, gas = np.broadcast_arrays(
            *(np.asarray(x, float) for x in (water_in, wet_bulb, water_share, air_share))
        )
        low, high = np.minimum(wet, hot).copy(), np.asarray(hot, float).copy()
        for _ in range(_PASSES):
            cold = 0.5 * (low + high)
            colder = self._short(hot, cold, wet, liquid, gas)
            low, high = np.where(colder, low, cold), np.where(colder, cold, high)
        rate = self.water_flow * liquid * WATER_HEAT
        return np.asarray(np.where(hot > wet, rate * (hot - 0.5 * (low + high)), 0.0))

    def _short(
        self, hot: Floats, cold: Floats, wet: Floats, liquid: Floats | float, gas: Floats | float
    ) -> NDArray[np.bool_]:
        """Whether the air would take more than brings the water from hot to cold, °C."""
        water, air = self.water_flow * liquid, self.air_flow * gas
        units = self.coefficient * (water / air) ** (1.0 + self.exponent)
        gained = saturated_enthalpy(hot, self.pressure) - saturated_enthalpy(wet, self.pressure)
        ratio = air * _slope(hot, cold, self.pressure) / (water * WATER_HEAT)
        moved = counter_flow(units, ratio) * air * gained
        return np.asarray(water * WATER_HEAT * (hot - cold) < moved)

    def line(self, wet_bulb: ArrayLike, reference: float) -> tuple[Floats, float]:
        """``at_zero``, W, and ``per_kelvin``, W/K, of a recharge (rejection) in the mean water.

        Exact, at every wet bulb below it, at the entering temperature whose mean is ``reference``;
        the slope is that at the middle of the wet bulbs.

        Parameters
        ----------
        wet_bulb : °C, shape (n,)
        reference : mean of the water at which the line is exact, °C
        """
        wet = np.asarray(wet_bulb, float)
        rate = self.water_flow * WATER_HEAT
        entering = self.entering_of_mean(reference, wet)
        usual = float(np.median(np.minimum(wet, reference - 1.0)))
        hot = float(self.entering_of_mean(reference, np.array([usual]))[0])
        slope = float(self.heat(hot + 0.5, usual) - self.heat(hot - 0.5, usual))
        to_mean = conductance_to_mean(slope, rate)
        taken = self.heat(entering, wet)
        # Warmer air takes nothing at the reference, and less than nothing is not counted as heat.
        missing = np.where(wet > reference, to_mean * (wet - reference), 0.0)
        return line_through(missing - taken, reference, to_mean), to_mean

    def entering_of_mean(self, mean: float, wet_bulb: ArrayLike) -> Floats:
        """Entering temperature, °C, whose mean with the leaving one is given, by bisection.

        Where the wet bulb is above the mean nothing is taken: the mean itself.
        """
        wet = np.asarray(wet_bulb, float)
        low, high = np.minimum(wet, mean), np.full(wet.shape, float(mean))
        for _ in range(_PASSES):
            cold = 0.5 * (low + high)
            colder = self._short(np.asarray(2.0 * mean - cold), cold, wet, 1.0, 1.0)
            low, high = np.where(colder, low, cold), np.where(colder, cold, high)
        return np.asarray(np.where(wet < mean, 2.0 * mean - 0.5 * (low + high), mean))


@dataclass(frozen=True, eq=False)
class TowerWater:
    """Water that a tower uses, kg/s: evaporated, carried away as drops, let out against salts."""

    evaporation: Floats
    drift: Floats
    blow_down: Floats

    @property
    def make_up(self) -> Floats:
        """All together, kg/s."""
        return np.asarray(self.evaporation + self.drift + self.blow_down)


def tower_water(
    heat: ArrayLike, water_flow: ArrayLike, *, latent_share: float = 1.0, drift_share: float,
    concentration: float,
) -> TowerWater:  # fmt: skip
    """Water used at a heat rate.

    Blow-down keeps the salts at ``concentration`` times those of the make-up:
    ``B = E/(concentration − 1) − D`` (ASHRAE Handbook HVAC Systems and Equipment, cooling towers).

    Parameters
    ----------
    heat : W
    water_flow : circulating, kg/s
    latent_share : of the heat that evaporates water; 1 is the most it can be in warm air
    drift_share : of the circulating water
    concentration : cycles, above 1
    """
    evaporated = latent_share * np.maximum(np.asarray(heat, float), 0.0) / _VAPORISATION
    drift = np.where(evaporated > 0.0, drift_share * np.asarray(water_flow, float), 0.0)
    let_out = np.maximum(evaporated / (concentration - 1.0) - drift, 0.0)
    return TowerWater(np.asarray(evaporated), np.asarray(drift), np.asarray(let_out))


def _slope(hot: ArrayLike, cold: ArrayLike, pressure: float) -> Floats:
    """Mean slope of the enthalpy of saturated air between two temperatures, J/(kg·K)."""
    a, b = np.asarray(hot, float), np.asarray(cold, float)
    gap = np.where(np.abs(a - b) > 1e-3, a - b, 1e-3)
    above = saturated_enthalpy(b + gap, pressure) - saturated_enthalpy(b, pressure)
    return np.asarray(above / gap)


def _units_of(effectiveness: float, ratio: float) -> float:
    """Number of transfer units of counter flow that gives an effectiveness."""
    if abs(ratio - 1.0) < 1e-9:
        return effectiveness / (1.0 - effectiveness)
    return float(np.log((1.0 - effectiveness * ratio) / (1.0 - effectiveness)) / (1.0 - ratio))
