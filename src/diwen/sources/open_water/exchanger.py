"""The exchanger between a water and the plant: effectiveness, fouling, approach.

Counter flow, as plates are piped. What the plant sees of the exchanger is a resistance without
memory between the water that comes and the mean of its own fluid; with the heat capacity rates C
(mass flow times specific heat) it is ``1/(ε C_min) − 1/(2 C_plant)``, and, written out,

    R = 1/(2 C_water) + (d/2) coth(UA d/2),   d = 1/C_water − 1/C_plant

(from Q = UA · mean logarithmic difference). The second form has no case distinctions and shows
what flow does: more water always lowers R; more plant flow always brings the two inlets closer
together, but past the flow of the water no longer the mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

_ALMOST_BALANCED = 1e-4

_OUTSIDE = Text("outside its range", "超出范围")
_NEEDS_AREA = Text(
    "a fouling resistance per area needs the area of the exchanger", "单位面积污垢热阻需要换热面积"
)
_GIVE_AREA = Text(
    "give the area, or the share of the transmission that is lost",
    "请给出换热面积，或改用传热损失比例",
)
_NEEDS_RATES = Text(
    "a transmission that changes with the flow needs the flows at which it holds",
    "传热量随流量变化时，须给出对应的设计流量",
)
_GIVE_RATES = Text("give both heat capacity rates at design", "请给出两侧设计热容流量")
_NO_APPROACH = Text(
    "the exchanger cannot move this heat at this approach with these flows",
    "在此端差与流量下，换热器无法传递该热量",
)
_MORE_FLOW = Text("widen the approach or the flow of the water", "请增大端差或水源流量")


def effectiveness(transfer_units: ArrayLike, capacity_ratio: ArrayLike) -> Floats:
    """Heat moved by a counter-flow exchanger, of the most that could be.

    ε = (1 − e^(−N(1−r)))/(1 − r e^(−N(1−r))), N/(1+N) for r = 1 (Kays & London, Compact Heat
    Exchangers).

    Parameters
    ----------
    transfer_units : N = UA/C_min, 0 or more
    capacity_ratio : r = C_min/C_max, 0 to 1
    """
    units, ratio = np.broadcast_arrays(
        np.asarray(transfer_units, float), np.asarray(capacity_ratio, float)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        passed = -np.expm1(-units * (1.0 - ratio))
        unequal = passed / (1.0 - ratio + ratio * passed)
        equal = np.where(np.isinf(units), 1.0, units / (1.0 + units))
    return np.asarray(np.where(ratio < 1.0, unequal, equal))


def plant_resistance(
    transmission: ArrayLike, plant_rate: ArrayLike, water_rate: ArrayLike
) -> Floats:
    """Drop from the water that comes to the mean of the plant's fluid per W of extraction, K/W.

    Parameters
    ----------
    transmission : UA, W/K, above 0; infinity: a perfect exchanger
    plant_rate, water_rate : heat capacity rates of the two flows, W/K, above 0; infinity: a
        fluid that stays at one temperature, such as the lake around a submerged coil
    """
    ua = np.asarray(transmission, float)
    of_water, of_plant = 1.0 / np.asarray(water_rate, float), 1.0 / np.asarray(plant_rate, float)
    half = 0.5 * np.abs(of_water - of_plant)
    with np.errstate(invalid="ignore", divide="ignore"):
        lean = np.where(half > 0.0, ua * half, 0.0)
        # x coth x = 1 + x²/3 − ... where the exact form would divide 0 by 0.
        near = (1.0 + lean * lean / 3.0) / ua
        apart = half / np.tanh(lean)
    return np.asarray(0.5 * of_water + np.where(lean < _ALMOST_BALANCED, near, apart))


@dataclass(frozen=True, eq=False)
class ExchangerTemperatures:
    """Around an exchanger, °C; shape of the heat.

    Attributes
    ----------
    water_in, water_out : of the water
    plant_in, plant_out : of the plant's fluid; ``plant_out`` goes on to the heat pump
    """

    water_in: Floats
    water_out: Floats
    plant_in: Floats
    plant_out: Floats

    @property
    def approach(self) -> Floats:
        """Water in − plant out, K; positive at extraction, negative at injection."""
        return np.asarray(self.water_in - self.plant_out)


@dataclass(frozen=True)
class Exchanger:
    """A counter-flow exchanger between a water and the plant; build with :meth:`of`.

    Attributes
    ----------
    transmission : UA when clean, at the design flows, W/K
    area : m², where known
    lost_share : of the transmission, to fouling, 0 to below 1
    fouling_resistance : of both sides together, m²·K/W; beside ``lost_share``
    film_exponent : of the flow in the film coefficients; 0: UA does not depend on the flows
    design_plant_rate, design_water_rate : heat capacity rates at which ``transmission`` holds, W/K
    """

    transmission: float
    area: float | None = None
    lost_share: float = 0.0
    fouling_resistance: float = 0.0
    film_exponent: float = 0.0
    design_plant_rate: float | None = None
    design_water_rate: float | None = None

    @classmethod
    def of(
        cls,
        transmission: float,
        *,
        area: float | None = None,
        lost_share: float = 0.0,
        fouling_resistance: float = 0.0,
        film_exponent: float = 0.0,
        design_plant_rate: float | None = None,
        design_water_rate: float | None = None,
    ) -> Exchanger:
        """An exchanger, checked.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        made = cls(
            transmission, area, lost_share, fouling_resistance, film_exponent, design_plant_rate,
            design_water_rate,
        )  # fmt: skip
        problems = _problems(made)
        if problems:
            raise InputError(problems)
        return made

    @classmethod
    def of_approach(
        cls, heat: float, approach: float, plant_rate: float, water_rate: float
    ) -> Exchanger:
        """The clean exchanger that moves a heat rate at an approach temperature.

        UA = heat / mean logarithmic difference; the approach is that between the water that comes
        and the fluid that goes to the heat pump.

        Parameters
        ----------
        heat : W, above 0
        approach : K, above 0
        plant_rate, water_rate : heat capacity rates, W/K; infinity allowed

        Raises
        ------
        diwen.problems.InputError : an approach that no exchanger reaches with these flows
        """
        other_end = approach - heat / water_rate + heat / plant_rate
        if not (heat > 0.0 and approach > 0.0 and other_end > 0.0):
            found = f"{heat:g} W, {approach:g} K, {other_end:.3g} K"
            raise InputError([Problem("Exchanger", "approach", _NO_APPROACH, _MORE_FLOW, found)])
        lean = np.log(other_end / approach)
        mean = approach if abs(lean) < 1e-9 else (other_end - approach) / lean
        return cls.of(
            float(heat / mean), design_plant_rate=plant_rate, design_water_rate=water_rate
        )

    def fouled(self, lost_share: float) -> Exchanger:
        """The same exchanger with a share of its transmission lost, 0 to below 1."""
        made = replace(self, lost_share=lost_share)
        problems = _problems(made)
        if problems:
            raise InputError(problems)
        return made

    def transmission_at(self, plant_rate: ArrayLike, water_rate: ArrayLike) -> Floats:
        """UA as it is, fouling included, at heat capacity rates in W/K.

        1/UA = (f_plant + f_water)/(2 UA_clean (1 − lost share)) + R_f/A with f = (design/actual
        flow)^exponent: both films alike, the wall between them neglected.
        """
        films = np.ones(np.broadcast_shapes(np.shape(plant_rate), np.shape(water_rate)))
        if self.film_exponent and self.design_plant_rate and self.design_water_rate:
            plant = self.design_plant_rate / np.asarray(plant_rate, float)
            water = self.design_water_rate / np.asarray(water_rate, float)
            films = 0.5 * (plant**self.film_exponent + water**self.film_exponent)
        fouling = self.fouling_resistance / self.area if self.area else 0.0
        clean = films / (self.transmission * (1.0 - self.lost_share))
        with np.errstate(divide="ignore"):  # a perfect exchanger, and clean
            return np.asarray(1.0 / np.asarray(clean + fouling))

    def resistance(self, plant_rate: ArrayLike, water_rate: ArrayLike) -> Floats:
        """Drop from the water that comes to the mean of the plant's fluid per W, K/W.

        Parameters
        ----------
        plant_rate, water_rate : heat capacity rates, W/K, above 0
        """
        ua = self.transmission_at(plant_rate, water_rate)
        return plant_resistance(ua, plant_rate, water_rate)

    def temperatures(
        self, heat: ArrayLike, water_in: ArrayLike, plant_rate: ArrayLike, water_rate: ArrayLike
    ) -> ExchangerTemperatures:
        """Temperatures on both sides at a heat rate.

        Parameters
        ----------
        heat : W, extraction positive
        water_in : °C
        plant_rate, water_rate : heat capacity rates, W/K, above 0
        """
        rate, source = np.asarray(heat, float), np.asarray(water_in, float)
        mean = source - self.resistance(plant_rate, water_rate) * rate
        half = 0.5 * rate / np.asarray(plant_rate, float)
        back = source - rate / np.asarray(water_rate, float)
        return ExchangerTemperatures(np.asarray(source), np.asarray(back), mean - half, mean + half)


def _problems(made: Exchanger) -> list[Problem]:
    found = []
    for name, value in (("transmission", made.transmission), ("area", made.area)):
        if value is not None and not value > 0.0:
            found.append(
                Problem("Exchanger", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
            )
    for name, value, low, high in (
        ("lost_share", made.lost_share, 0.0, 0.99),
        ("fouling_resistance", made.fouling_resistance, 0.0, 0.1),
        ("film_exponent", made.film_exponent, 0.0, 1.0),
    ):
        if not low <= value <= high:
            allowed = Text(f"{low:g} to {high:g}", f"{low:g}～{high:g}")
            found.append(Problem("Exchanger", name, _OUTSIDE, CORRECT, f"{value:g}", allowed))
    if made.fouling_resistance and made.area is None:
        found.append(Problem("Exchanger", "fouling_resistance", _NEEDS_AREA, _GIVE_AREA))
    if made.film_exponent and not (made.design_plant_rate and made.design_water_rate):
        found.append(Problem("Exchanger", "film_exponent", _NEEDS_RATES, _GIVE_RATES))
    return found
