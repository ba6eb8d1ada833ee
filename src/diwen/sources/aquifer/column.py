"""The ground around a well, for water and for heat: horizontal layers from the surface down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, NOT_FINITE

Floats = NDArray[np.float64]

_RANGE = Text("outside its range", "超出范围")
_SIZES = Text("not one value for each layer", "与地层数不一致")
_ONE_EACH = Text(
    "give one value, or one per layer: one fewer than the edges", "请给出一个值，或每层一个值"
)
_RISING = Text("depths of the edges must rise", "层界深度须逐层递增")

_ALLOWED: dict[str, tuple[float, float]] = {
    "radial_conductivity": (1e-15, 10.0),
    "vertical_conductivity": (1e-15, 10.0),
    "porosity": (0.001, 0.7),
    "thermal_conductivity": (0.1, 20.0),
    "heat_capacity": (5e5, 5e6),
    "longitudinal_dispersivity": (0.0, 100.0),
    "transverse_dispersivity": (0.0, 50.0),
}


@dataclass(frozen=True, eq=False)
class GroundColumn:
    """Horizontal layers around a well; build with :meth:`of`.

    Attributes
    ----------
    edges : depths between the layers, rising, m, shape (nl + 1,)
    radial_conductivity, vertical_conductivity : hydraulic, of water at the temperature of the
        ground, m/s, shape (nl,)
    porosity : shape (nl,)
    thermal_conductivity : of the saturated ground, W/(m·K), shape (nl,)
    heat_capacity : volumetric, of the saturated ground, J/(m³·K), shape (nl,)
    longitudinal_dispersivity, transverse_dispersivity : m, shape (nl,)
    """

    edges: Floats
    radial_conductivity: Floats
    vertical_conductivity: Floats
    porosity: Floats
    thermal_conductivity: Floats
    heat_capacity: Floats
    longitudinal_dispersivity: Floats
    transverse_dispersivity: Floats

    @classmethod
    def of(
        cls,
        edges: ArrayLike,
        radial_conductivity: ArrayLike,
        *,
        vertical_conductivity: ArrayLike | None = None,
        porosity: ArrayLike = 0.25,
        thermal_conductivity: ArrayLike = 2.2,
        heat_capacity: ArrayLike = 2.6e6,
        longitudinal_dispersivity: ArrayLike = 0.5,
        transverse_dispersivity: ArrayLike = 0.05,
    ) -> GroundColumn:
        """Layers from arrays; a single number holds for all.

        Parameters
        ----------
        edges : depths below the surface, m, shape (nl + 1,)
        radial_conductivity : hydraulic, m/s, scalar or (nl,)
        vertical_conductivity : hydraulic, m/s; as the radial one if not given
        porosity, thermal_conductivity, heat_capacity : share, W/(m·K), J/(m³·K)
        longitudinal_dispersivity, transverse_dispersivity : m

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        depth = np.atleast_1d(np.asarray(edges, float))
        vertical = radial_conductivity if vertical_conductivity is None else vertical_conductivity
        given = {
            "radial_conductivity": radial_conductivity, "vertical_conductivity": vertical,
            "porosity": porosity, "thermal_conductivity": thermal_conductivity,
            "heat_capacity": heat_capacity,
            "longitudinal_dispersivity": longitudinal_dispersivity,
            "transverse_dispersivity": transverse_dispersivity,
        }  # fmt: skip
        problems = list(_edge_problems(depth))
        found: dict[str, Floats] = {}
        for name, value in given.items():
            try:
                column = np.array(np.broadcast_to(np.asarray(value, float), (depth.size - 1,)))
            except ValueError:
                shown = f"{np.size(value)} / {depth.size - 1}"
                problems.append(Problem("column", name, _SIZES, _ONE_EACH, shown))
                continue
            found[name] = column
            problems += _value_problems(name, column)
        if problems:
            raise InputError(problems)
        return cls(depth, **found)

    @property
    def layers(self) -> int:
        """How many."""
        return len(self.edges) - 1

    @property
    def thickness(self) -> Floats:
        """Of each layer, m, shape (nl,)."""
        return np.diff(self.edges)

    def at(self, depth: ArrayLike) -> NDArray[np.intp]:
        """Number of the layer at depths in m, the ends held, shape of ``depth``."""
        inside = np.searchsorted(self.edges, np.asarray(depth, float), side="right") - 1
        return np.clip(inside, 0, self.layers - 1)


@dataclass(frozen=True)
class Aquifer:
    """One confined aquifer of even thickness, for the analytic solutions.

    Attributes
    ----------
    top, bottom : depth, m
    radial_conductivity, vertical_conductivity : hydraulic, m/s
    heat_capacity : volumetric, saturated, J/(m³·K)
    thermal_conductivity : saturated, W/(m·K)
    porosity : share
    """

    top: float
    bottom: float
    radial_conductivity: float
    vertical_conductivity: float
    heat_capacity: float = 2.6e6
    thermal_conductivity: float = 2.2
    porosity: float = 0.25

    @property
    def thickness(self) -> float:
        """Bottom minus top, m."""
        return self.bottom - self.top

    @property
    def transmissivity(self) -> float:
        """Radial conductivity times thickness, m²/s."""
        return self.radial_conductivity * self.thickness


def _edge_problems(depth: Floats) -> Iterator[Problem]:
    if depth.ndim != 1 or depth.size < 2:
        yield Problem("column", "edges", _SIZES, _ONE_EACH, f"{depth.size}")
        return
    if not np.isfinite(depth).all():
        yield Problem("column", "edges", NOT_FINITE, CORRECT)
    elif not (np.diff(depth) > 0.0).all():
        shown = ", ".join(f"{value:g}" for value in depth)
        yield Problem("column", "edges", _RISING, CORRECT, shown)


def _value_problems(name: str, column: Floats) -> Iterator[Problem]:
    low, high = _ALLOWED[name]
    for i, value in enumerate(column):
        if not low <= value <= high:
            allowed = Text(f"{low:g} to {high:g}", f"{low:g}～{high:g}")
            yield Problem("column", f"{name}[{i}]", _RANGE, CORRECT, f"{value:g}", allowed)
