"""How far the returned water is felt: length and width of the plume, by three closed models.

Compared by W. Pophillat, G. Attard, P. Bayer, J. Hecht-Méndez & P. Blum, "Analytical solutions for
predicting thermal plumes of groundwater heat pump systems", Renew. Energy 147 (2020) 2696-2707:

* ``radial``: water spreads evenly around the well, no regional flow (L. W. Gelhar & M. A. Collins,
  Water Resour. Res. 7 (1971) 1511-1521, with the retardation of heat); right near the well and
  for a flow of the well that is large beside the regional flow through the plume;
* ``planar``: behind a line of the width Q/(bU) across the regional flow, in which the returned
  water moves on with it (P. A. Domenico & G. A. Robbins, Ground Water 23 (1985) 476-485); right
  far down-gradient; nothing is felt up-gradient;
* ``line_source``: heat Q ρc ΔT released on a line without water (moving line source,
  :mod:`diwen.sources.ground.moving_line_source`, with dispersion); right for small well flows,
  too hot close to the well.

All are for one aquifer of even thickness without loss to cap and bed rock: upper bounds. None is
right everywhere, so the three are given side by side. Differences of temperature are taken
positive for colder and for warmer plumes alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.thermal_front import front_radius
from diwen.sources.ground.moving_line_source import (
    WATER_HEAT_CAPACITY,
    heat_transport_velocity,
    moving_infinite_line_source,
)
from diwen.sources.well_field.doublet import positive_problems
from diwen.value_problems import CORRECT, NOT_FINITE

Floats = NDArray[np.float64]
Model = Literal["radial", "planar", "line_source"]
MODELS: tuple[Model, ...] = ("radial", "planar", "line_source")

_STATIONS = 60  # along the plume, of the search for its width
_DOUBLINGS = 60
_HALVINGS = 50

ASSUMPTIONS: dict[Model, Text] = {
    "radial": Text(
        "No regional flow: the water spreads evenly around the well.",
        "无区域地下水流：回灌水绕井均匀扩散。",
    ),
    "planar": Text(
        "Regional flow carries the water on behind a line of the width Q/(bU); nothing is felt "
        "up-gradient.",
        "回灌水自宽度为 Q/(bU) 的断面随区域水流下移；不计上游影响。",
    ),
    "line_source": Text(
        "Heat is released on a line in the regional flow, the returned water itself is left out: "
        "too strong near the well.",
        "将回灌视为区域水流中的线热源，不计回灌水量：井附近结果偏大。",
    ),
}
_NO_REGIONAL = Text("this model needs regional flow", "该模型需有区域地下水流")
_TAKE_RADIAL = Text(
    "take the radial model where the water stands still", "地下水静止时请用径向模型"
)
_NEIGHBOUR = Text(
    "the front reaches {radius} m, {share} % of the way to the nearest neighbour at {distance} m",
    "热锋面半径 {radius} m，为最近邻井（用户）距离 {distance} m 的 {share} %",
)


@dataclass(frozen=True)
class Plume:
    """A well that returns water of another temperature; build with :meth:`of`.

    Attributes
    ----------
    flow : returned, m³/s
    temperature_difference : returned water against the undisturbed ground, K, the size of it
    thickness : of the aquifer, m
    regional_flux : Darcy flux, m/s
    thermal_conductivity : of the saturated ground, W/(m·K)
    ground_heat_capacity, water_heat_capacity : volumetric, J/(m³·K)
    longitudinal_dispersivity, transverse_dispersivity : m
    """

    flow: float
    temperature_difference: float
    thickness: float
    regional_flux: float
    thermal_conductivity: float = 2.2
    ground_heat_capacity: float = 2.6e6
    water_heat_capacity: float = WATER_HEAT_CAPACITY
    longitudinal_dispersivity: float = 0.0
    transverse_dispersivity: float = 0.0

    @classmethod
    def of(
        cls,
        flow: float,
        temperature_difference: float,
        thickness: float,
        regional_flux: float,
        *,
        thermal_conductivity: float = 2.2,
        ground_heat_capacity: float = 2.6e6,
        water_heat_capacity: float = WATER_HEAT_CAPACITY,
        longitudinal_dispersivity: float = 0.0,
        transverse_dispersivity: float = 0.0,
    ) -> Plume:
        """A plume whose numbers can be.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        made = cls(
            flow, abs(temperature_difference), thickness, regional_flux, thermal_conductivity,
            ground_heat_capacity, water_heat_capacity, longitudinal_dispersivity,
            transverse_dispersivity,
        )  # fmt: skip
        problems = list(_problems(made))
        if problems:
            raise InputError(problems)
        return made

    @property
    def velocity(self) -> float:
        """Of heat with the regional flow, m/s."""
        return float(
            heat_transport_velocity(
                self.regional_flux, self.ground_heat_capacity, self.water_heat_capacity
            )
        )

    @property
    def width(self) -> float:
        """Of the returned water far down-gradient, Q/(bU), m; inf without regional flow."""
        if self.regional_flux == 0.0:
            return math.inf
        return self.flow / (self.thickness * self.regional_flux)

    def diffusivity(self, dispersivity: float) -> float:
        """Of heat in the regional flow, conduction and dispersion, m²/s."""
        return self.thermal_conductivity / self.ground_heat_capacity + dispersivity * self.velocity


@dataclass(frozen=True)
class PlumeSize:
    """The area in which a difference of temperature is exceeded, by one model.

    Attributes
    ----------
    model : which
    length : farthest point down-gradient of the well, m
    width : largest extent across the regional flow, m
    assumption : of the model, for the reader
    """

    model: Model
    length: float
    width: float
    assumption: Text


def plume_difference(plume: Plume, x: ArrayLike, y: ArrayLike, time: float, model: Model) -> Floats:
    """Difference of the ground against the undisturbed one, K, not negative.

    Parameters
    ----------
    x, y : from the well, along and across the regional flow, m, of one shape
    time : since the well began to return water, s
    model : ``radial``, ``planar`` or ``line_source``
    """
    along, across = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    if model != "radial" and plume.regional_flux == 0.0:
        raise InputError([Problem("plume", "regional_flux", _NO_REGIONAL, _TAKE_RADIAL, model)])
    found: dict[Model, Callable[[Plume, Floats, Floats, float], Floats]] = {
        "radial": _radial,
        "planar": _planar,
        "line_source": _line_source,
    }
    return found[model](plume, along, across, time)


def plume_sizes(plume: Plume, time: float, isotherm: float = 1.0) -> tuple[PlumeSize, ...]:
    """Length and width of the plume, by every model that applies.

    The planar one applies once the returned water has moved half the width Q/(bU): before, it would
    lie across the flow, wider than the circle of still water.

    Parameters
    ----------
    time : since the well began to return water, s
    isotherm : difference of temperature at the edge, K
    """
    models = MODELS if plume.regional_flux > 0.0 else MODELS[:1]
    if plume.velocity * time < 0.5 * plume.width:
        models = tuple(model for model in models if model != "planar")
    return tuple(_size(plume, time, isotherm, model) for model in models)


def neighbour_reach(
    volume: float, thickness: float, retardation: float, distance: float
) -> tuple[float, Text]:
    """Radius of the front of one well over the distance to its nearest neighbour.

    Parameters
    ----------
    volume : returned in the season, m³
    thickness : of the aquifer, m
    retardation : A
    distance : to the nearest neighbour (well or user), m

    Returns
    -------
    tuple : the ratio (half for two equal wells whose fronts just touch), and what to read
    """
    problems = list(positive_problems("plume", {"distance": distance, "thickness": thickness}))
    if problems:
        raise InputError(problems)
    radius = float(front_radius(volume, thickness, retardation))
    ratio = radius / distance
    shown = _NEIGHBOUR.format(
        radius=f"{radius:.0f}", share=f"{100.0 * ratio:.0f}", distance=f"{distance:.0f}"
    )
    return ratio, shown


def _radial(plume: Plume, x: Floats, y: Floats, time: float) -> Floats:
    from scipy.special import erfc

    retardation = plume.ground_heat_capacity / plume.water_heat_capacity
    spread = plume.flow / (2.0 * math.pi * plume.thickness * retardation)
    front = math.sqrt(2.0 * spread * time)
    diffusion = plume.thermal_conductivity / plume.ground_heat_capacity
    blur = 4.0 / 3.0 * plume.longitudinal_dispersivity * front**3 + diffusion / spread * front**4
    square = x**2 + y**2 - front**2
    if blur == 0.0:
        return np.where(square <= 0.0, plume.temperature_difference, 0.0)
    return np.asarray(0.5 * plume.temperature_difference * erfc(square / (2.0 * math.sqrt(blur))))


def _planar(plume: Plume, x: Floats, y: Floats, time: float) -> Floats:
    from scipy.special import erf, erfc

    ahead = np.maximum(x, 1e-12)
    along = plume.diffusivity(plume.longitudinal_dispersivity)
    across = plume.diffusivity(plume.transverse_dispersivity)
    blur = 2.0 * np.sqrt(across * ahead / plume.velocity)
    half = 0.5 * plume.width
    behind_front = erfc((ahead - plume.velocity * time) / (2.0 * math.sqrt(along * time)))
    inside = erf((y + half) / blur) - erf((y - half) / blur)
    return np.where(x >= 0.0, 0.25 * plume.temperature_difference * behind_front * inside, 0.0)


def _line_source(plume: Plume, x: Floats, y: Floats, time: float) -> Floats:
    along = plume.diffusivity(plume.longitudinal_dispersivity)
    across = plume.diffusivity(plume.transverse_dispersivity)
    # Stretched across the flow, the ground conducts alike in both directions.
    stretch = math.sqrt(along / across)
    strength = plume.water_heat_capacity * plume.flow * plume.temperature_difference
    unit = strength / plume.thickness * stretch
    unit /= 2.0 * math.pi * along * plume.ground_heat_capacity
    values = [
        float(moving_infinite_line_source(a, stretch * b, time, along, plume.velocity))
        for a, b in zip(x.ravel(), y.ravel(), strict=True)
    ]
    return unit * np.array(values).reshape(x.shape)


def _size(plume: Plume, time: float, isotherm: float, model: Model) -> PlumeSize:
    def warm(x: float, y: float) -> bool:
        return float(plume_difference(plume, x, y, time, model)) > isotherm

    nearest = 1e-3 * math.sqrt(plume.flow * time / plume.thickness)
    length = _edge(lambda x: warm(x, 0.0), nearest)
    if length == 0.0:
        return PlumeSize(model, 0.0, 0.0, ASSUMPTIONS[model])
    if model == "radial":
        return PlumeSize(model, length, 2.0 * length, ASSUMPTIONS[model])
    # Only a station that is still warm where the widest one ends can be wider.
    half = 0.0
    shares = np.linspace(0.0, 1.0, _STATIONS + 1)[1:-1]
    for at in length * shares[np.argsort(np.abs(shares - 0.5), kind="stable")]:
        half = max(half, _edge(lambda y, x=at: warm(x, y), max(half, nearest)))  # type: ignore[misc]
    return PlumeSize(model, length, 2.0 * half, ASSUMPTIONS[model])


def _edge(warm: Callable[[float], bool], nearest: float) -> float:
    """Where a falling temperature passes the isotherm, m; 0 where it is below from the start."""
    if not warm(nearest):
        return 0.0
    low, high = nearest, 2.0 * nearest
    for _ in range(_DOUBLINGS):
        if not warm(high):
            break
        low, high = high, 2.0 * high
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if warm(middle) else (low, middle)
        if high - low < 1e-4 * high:
            break
    return 0.5 * (low + high)


def _problems(plume: Plume) -> Iterator[Problem]:
    given = vars(plume)
    above = ("flow", "thickness", "thermal_conductivity", "ground_heat_capacity",
             "water_heat_capacity")  # fmt: skip
    yield from positive_problems("plume", {name: given[name] for name in above})
    for name in given.keys() - set(above):
        if not (math.isfinite(given[name]) and given[name] >= 0.0):
            yield Problem("plume", name, NOT_FINITE, CORRECT, f"{given[name]:g}")
