"""One well that takes water and one or several that return it: closed formulas.

Fully penetrating wells in an aquifer of even thickness b, steady flow, no dispersion. Heat moves
with the water, held back by the retardation A = (ρc)_ground / (ρc)_water: the front of a Darcy
velocity q moves at q / A, and the porosity does not matter.

Sources: A. C. Gringarten & J. P. Sauty, "A theoretical study of heat extraction from aquifers with
uniform regional flow", J. Geophys. Res. 80 (1975) 4956-4962 (doublet, stream tubes, exchange with
cap and bed rock after H. A. Lauwerier, Appl. Sci. Res. A 5 (1955) 145-150); M. J. Lippmann & C. F.
Tsang, "Ground-water use for cooling: associated aquifer temperature changes", Ground Water 18
(1980) 452-458, and D. Banks, "The application of analytical solutions to the thermal plume from a
well doublet ground source heating or cooling scheme", Q. J. Eng. Geol. Hydrogeol. 44 (2011)
191-197 (regional flow). The polygon is the same potential flow along the line between two wells.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

_NODES = 64  # of the quadrature over the stream tubes
_HALVINGS = 60  # of the search for the tube that arrives
_NEAR_ZERO = 1e-3  # below which a series stands for a formula
_ALL_LOST = Text(
    "all returned water is pumped again and none is native: there is no steady temperature",
    "回水全部被再次抽出，没有天然地下水补给：不存在稳定温度",
)
_NOT_A_NUMBER = Text("not a number", "不是数值")
_BELOW_ZERO = Text("below zero, or not a finite number", "小于零，或不是有限数值")
_TURN_WELLS = Text(
    "give 0 or more; exchange the wells where water flows the other way",
    "请给出不小于 0 的值；流向相反时请对调两井",
)
_GIVE_FLOW = Text("a share below 1 comes from regional flow", "有区域地下水流时该份额小于 1")


@dataclass(frozen=True)
class Doublet:
    """An extraction and a reinjection well of the same flow; build with :meth:`of`.

    Attributes
    ----------
    spacing : between the wells, L, m
    thickness : of the aquifer, b, m
    flow : of each well, Q, m³/s
    ground_heat_capacity : volumetric, of the saturated aquifer, J/(m³·K)
    water_heat_capacity : volumetric, J/(m³·K)
    """

    spacing: float
    thickness: float
    flow: float
    ground_heat_capacity: float = 2.6e6
    water_heat_capacity: float = WATER_HEAT_CAPACITY

    @classmethod
    def of(
        cls,
        spacing: float,
        thickness: float,
        flow: float,
        *,
        ground_heat_capacity: float = 2.6e6,
        water_heat_capacity: float = WATER_HEAT_CAPACITY,
    ) -> Doublet:
        """A doublet whose numbers can be.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        made = cls(spacing, thickness, flow, ground_heat_capacity, water_heat_capacity)
        problems = list(positive_problems("doublet", vars(made)))
        if problems:
            raise InputError(problems)
        return made

    @property
    def retardation(self) -> float:
        """A: heat capacity of the ground over that of water."""
        return self.ground_heat_capacity / self.water_heat_capacity

    @property
    def breakthrough(self) -> float:
        """Time at which returned water first reaches the pump, (π/3) A b L² / Q, s."""
        return math.pi / 3.0 * self._time_scale

    @property
    def _time_scale(self) -> float:
        return self.retardation * self.thickness * self.spacing**2 / self.flow

    def tube_time(self, angle: ArrayLike) -> Floats:
        """Travel time of heat along the stream tube that leaves at an angle, s.

        Parameters
        ----------
        angle : between the tube and the line to the other well, 0 to π, rad, any shape

        Notes
        -----
        π A b L²/Q (1 − θ cot θ) / sin² θ; a share θ/π of the water travels faster.
        """
        theta = np.abs(np.asarray(angle, float))
        small = theta < _NEAR_ZERO
        safe = np.where(small, 0.5, np.minimum(theta, math.pi))
        with np.errstate(divide="ignore"):
            exact = (1.0 - safe / np.tan(safe)) / np.sin(safe) ** 2
        shape = np.where(small, 1.0 / 3.0 + 2.0 * theta**2 / 15.0, exact)
        return np.asarray(np.where(theta >= math.pi, np.inf, math.pi * self._time_scale * shape))

    def arrived(self, times: ArrayLike) -> Floats:
        """Share of the returned water whose heat has reached the pump, F(t), times in s.

        The temperature of the pumped water answers a step of the returned water by this share.
        """
        return self._angle(_times_of(times)) / math.pi

    def arrived_with_conduction(
        self, times: ArrayLike, conductivity: float, heat_capacity: float
    ) -> Floats:
        """F(t) with heat exchanged with endless cap and bed rock (Lauwerier, in every tube).

        Parameters
        ----------
        times : s, any shape
        conductivity : of the rock, W/(m·K)
        heat_capacity : of the rock, volumetric, J/(m³·K)

        Notes
        -----
        Conduction vertically only, none along the tubes or between them; the aquifer itself has
        one temperature over its thickness.

        Raises
        ------
        diwen.problems.InputError : no times, a rock that cannot be; all at once
        """
        from scipy.special import erfc

        rock = {"conductivity": conductivity, "heat_capacity": heat_capacity}
        problems = [
            Problem("doublet", name, _BELOW_ZERO, CORRECT, f"{value:g}")
            for name, value in rock.items()
            if not (math.isfinite(value) and value >= 0.0)
        ]
        if problems:
            raise InputError(problems)
        when = _times_of(times)
        last = self._angle(when.ravel())
        node, weight = np.polynomial.legendre.leggauss(_NODES)
        # Squeezed towards the tube that arrives just now, where the integrand ends like a root.
        depth = 0.5 * (node + 1.0)
        theta = last[:, None] * (1.0 - depth**2)
        tube = self.tube_time(theta)
        waited = np.maximum(when.ravel()[:, None] - tube, 1e-300)
        exchange = math.sqrt(conductivity * heat_capacity) / self.water_heat_capacity
        area = tube / (self.retardation * self.thickness)
        share = erfc(exchange * area / np.sqrt(waited)) @ (weight * depth)
        return np.asarray((last * share / math.pi).reshape(when.shape))

    def regional_ratio(self, regional_flux: float) -> float:
        """β = Q / (2π b U L); water comes back only above 1/4.

        Parameters
        ----------
        regional_flux : Darcy flux of the regional flow from the pumped to the returning well, U,
            m/s
        """
        return self.flow / (2.0 * math.pi * self.thickness * regional_flux * self.spacing)

    def breakthrough_down_gradient(self, regional_flux: float) -> float:
        """As :attr:`breakthrough`, the return well straight down-gradient, s; inf: never.

        Parameters
        ----------
        regional_flux : U, m/s, 0 or more

        Notes
        -----
        A L/U [4β/√(4β-1) arctan(1/√(4β-1)) - 1] (Lippmann & Tsang 1980).
        """
        _refuse_negative(regional_flux)
        # Between the wells both add 4 β U together; what is over it drives the water back.
        between = 2.0 * self.flow / (math.pi * self.thickness * self.spacing)
        if between <= regional_flux:
            return math.inf
        square = regional_flux / (between - regional_flux)
        if square < _NEAR_ZERO:
            passed = (2.0 / 3.0 - 2.0 / 15.0 * square) / (between - regional_flux)
        else:
            root = math.sqrt(square)
            passed = ((1.0 + square) * math.atan(root) / root - 1.0) / regional_flux
        return self.retardation * self.spacing * passed

    def recirculated_down_gradient(self, regional_flux: float) -> float:
        """Share of the pumped water that was returned before, finally; return well down-gradient.

        Parameters
        ----------
        regional_flux : U, m/s, 0 or more

        Notes
        -----
        2/π [arctan s - s/(4β)], s = √(4β-1) (Lippmann & Tsang 1980).
        """
        _refuse_negative(regional_flux)
        between = 2.0 * self.flow / (math.pi * self.thickness * self.spacing)
        if between <= regional_flux:
            return 0.0
        back = between - regional_flux
        angle = math.atan2(math.sqrt(back), math.sqrt(regional_flux))
        return 2.0 / math.pi * (angle - math.sqrt(regional_flux * back) / between)

    def _angle(self, times: Floats) -> Floats:
        """The angle whose tube arrives at a time, rad; 0 before the first."""
        low, high = np.zeros(times.shape), np.full(times.shape, math.pi)
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            early = self.tube_time(middle) <= times
            low, high = np.where(early, middle, low), np.where(early, high, middle)
        return np.where(times < self.breakthrough, 0.0, low)


def _times_of(times: ArrayLike) -> Floats:
    """As an array; never (endless) is a time, what is no number is none."""
    when = np.asarray(times, float)
    if np.isnan(when).any():
        shown = f"{int(np.isnan(when).sum())} / {when.size}"
        raise InputError([Problem("doublet", "times", _NOT_A_NUMBER, CORRECT, shown)])
    return when


def largest_spacing_with_feedback(flow: float, transmissivity: float, gradient: float) -> float:
    """Spacing at and beyond which no water comes back, 2Q / (π T i), m.

    Parameters
    ----------
    flow : Q, m³/s
    transmissivity : T, m²/s
    gradient : of the water table from the pumped to the returning well, i, more than 0

    Source: Lippmann & Tsang (1980); Banks (2011).
    """
    given = {"flow": flow, "transmissivity": transmissivity, "gradient": gradient}
    problems = list(positive_problems("doublet", given))
    if problems:
        raise InputError(problems)
    return 2.0 * flow / (math.pi * transmissivity * gradient)


def polygon_breakthrough(
    radius: float, thickness: float, flow: float, wells: int, retardation: float
) -> float:
    """Breakthrough for one pumped well amid n return wells on a regular polygon, s.

    Parameters
    ----------
    radius : from the pumped well to each of the others, L, m
    thickness : b, m
    flow : of the pumped well, Q, m³/s; each of the others returns Q/n
    wells : n, 1 or more; two stand opposite each other
    retardation : A

    Notes
    -----
    π A b L²/Q n/(n+2): along the straight line from a return well the velocity is
    Q/(2π b r) · r_n, with the wells of the polygon summed by the roots of unity.
    """
    given = {
        "radius": radius, "thickness": thickness, "flow": flow, "wells": wells,
        "retardation": retardation,
    }  # fmt: skip
    problems = list(positive_problems("polygon", given))
    if problems:
        raise InputError(problems)
    return math.pi * retardation * thickness * radius**2 / flow * wells / (wells + 2.0)


def steady_feedback_drop(temperature_difference: float, recirculated: float) -> float:
    """Drop of the pumped water in the end, ΔT f / (1 − f), K.

    Parameters
    ----------
    temperature_difference : pumped minus returned water, K
    recirculated : f, share of the pumped water that was returned before, 0 to below 1

    Raises
    ------
    diwen.problems.InputError : a share of 1 or more: the wells only mine the stored heat
    """
    if not 0.0 <= recirculated < 1.0:
        shown = f"{recirculated:g}"
        raise InputError([Problem("doublet", "recirculated", _ALL_LOST, _GIVE_FLOW, shown)])
    return temperature_difference * recirculated / (1.0 - recirculated)


def positive_problems(file: str, given: dict[str, float]) -> Iterator[Problem]:
    """What is wrong with numbers that have to be finite and above zero."""
    for name, value in given.items():
        if not (value > 0.0 and math.isfinite(value)):
            yield Problem(file, name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)


def _refuse_negative(regional_flux: float) -> None:
    if not 0.0 <= regional_flux < math.inf:
        shown = f"{regional_flux:g}"
        raise InputError([Problem("doublet", "regional_flux", _BELOW_ZERO, _TURN_WELLS, shown)])
