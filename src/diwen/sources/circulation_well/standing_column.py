"""A standing column well on the rings of a circulation well: open hole in rock, riser, bleed.

The water in the hole outside the riser is a filling of the bore that hardly resists; it goes along
the hole or through the rock as the heads decide. What little head it loses along the hole follows
from laminar flow in a ring or, where that is more, from turbulent flow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from diwen.language import Text
from diwen.physical_constants import GRAVITY, WATER_HEAT_CAPACITY
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.well import CirculationWell, GravelAnnulus, Screen, ScreenPair
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

KINEMATIC_VISCOSITY = 1.3e-6
"""Of water at 10 °C, m²/s (0.4 % below that of IAPWS)."""
FRICTION_FACTOR = 0.05
"""Darcy-Weisbach, of a rough rock wall with a riser hanging in it; an engineering default."""
MIXED_CONDUCTIVITY = 20.0
"""W/(m·K): turbulent water in the ring, at one temperature across it; along the hole it conducts
next to nothing beside what the water carries."""

_WIDER = Text("the riser is not narrower than the hole", "提升管外径不小于孔径")


def open_hole_conductivity(
    radius: float,
    riser_radius: float,
    *,
    velocity: float = 0.0,
    kinematic_viscosity: float = KINEMATIC_VISCOSITY,
    friction_factor: float = FRICTION_FACTOR,
) -> float:
    """Velocity of water along an open ring over the gradient of its head, m/s.

    Laminar (N.-S. for a ring): ``g / (8 nu) (r2² + r1² - (r2² - r1²) / ln(r2 / r1))``, which is
    ``g d² / (32 nu)`` without a riser. Turbulent: ``2 g d_h / (f u)``, ``d_h = 2 (r2 - r1)``. The
    smaller of both.

    Parameters
    ----------
    radius, riser_radius : of the hole and of the riser outside, m; the riser may be 0
    velocity : mean, along the hole, m/s; 0 for the laminar value
    kinematic_viscosity : m²/s
    friction_factor : of Darcy and Weisbach
    """
    outer, inner = radius**2, riser_radius**2
    ring = outer if riser_radius == 0.0 else outer + inner - (outer - inner) / math.log(
        radius / riser_radius
    )  # fmt: skip
    laminar = GRAVITY / (8.0 * kinematic_viscosity) * ring
    if velocity <= 0.0:
        return laminar
    return min(laminar, 4.0 * GRAVITY * (radius - riser_radius) / (friction_factor * velocity))


def standing_column_well(
    radius: float,
    depth: float,
    injection: Screen,
    extraction: Screen,
    *,
    riser_radius: float,
    flow: float = 0.0,
    bleed: float = 0.0,
    kinematic_viscosity: float = KINEMATIC_VISCOSITY,
) -> CirculationWell:
    """An open hole whose water is taken in one place and given back in another.

    Parameters
    ----------
    radius : of the hole, m
    depth : of the hole, m
    injection, extraction : stretches of the hole in which water is returned and taken
    riser_radius : outer radius of the insulated riser, m
    flow : at which the head lost along the hole holds, m³/s; 0 for the laminar value
    bleed : share of the pumped water that is not returned
    kinematic_viscosity : m²/s

    Raises
    ------
    diwen.problems.InputError : everything that is wrong, at once
    """
    problems = list(_problems(radius, riser_radius, kinematic_viscosity, flow))
    if problems:
        raise InputError(problems)
    pair = ScreenPair(injection, extraction)
    well = CirculationWell.of(radius, (pair,), depth=depth, bleed=bleed)
    ring = math.pi * (radius**2 - riser_radius**2)
    conductivity = open_hole_conductivity(
        radius, riser_radius, velocity=abs(flow) / ring, kinematic_viscosity=kinematic_viscosity
    )
    # water, not gravel: outside the ranges of wet gravel on purpose, so set behind the check
    hole = GravelAnnulus(riser_radius, conductivity, 1.0, MIXED_CONDUCTIVITY, WATER_HEAT_CAPACITY)
    return replace(well, annulus=hole)


def _problems(
    radius: float, riser_radius: float, viscosity: float, flow: float
) -> Iterator[Problem]:
    if not math.isfinite(flow):
        yield Problem("standing_column_well", "flow", NOT_FINITE, CORRECT, f"{flow:g}")
    if not 0.0 < riser_radius < radius:
        shown = f"{riser_radius:g} m, {radius:g} m"
        yield Problem("standing_column_well", "riser_radius", _WIDER, CORRECT, shown)
    if not viscosity > 0.0:
        yield Problem("standing_column_well", "kinematic_viscosity", NOT_POSITIVE, CORRECT,
                      f"{viscosity:g}", MORE_THAN_ZERO)  # fmt: skip
