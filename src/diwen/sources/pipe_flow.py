"""Flow in pipes and annuli: Reynolds number, friction factor, film coefficient by regime.

Regimes: laminar up to Re 2300, turbulent from Re 4000, transition between (Gnielinski 2013, On
heat transfer in tubes, Int. J. Heat Mass Transfer 63: 134-140). Friction factor and Nusselt number
are continuous: in the transition both are interpolated linearly in Re between their laminar value
at 2300 and their turbulent value at 4000.

Every function takes arrays and returns arrays of the same shape.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text

Floats = NDArray[np.float64]

LAMINAR_BELOW = 2300.0
TURBULENT_ABOVE = 4000.0

# Nusselt number of developed laminar flow in a round pipe at uniform wall temperature.
LAMINAR_NUSSELT = 3.66

_REGIMES = (Text("laminar", "层流"), Text("transition", "过渡流"), Text("turbulent", "紊流"))


@dataclass(frozen=True, eq=False)
class FilmCoefficients:
    """Film coefficient of a flow, with what it rests on; all arrays of the same shape.

    Attributes
    ----------
    reynolds : Reynolds number
    nusselt : Nusselt number, on the hydraulic diameter
    film : film coefficient, W/(m²·K)
    """

    reynolds: Floats
    nusselt: Floats
    film: Floats


def reynolds_in_pipe(mass_flow: ArrayLike, inner_radius: float, viscosity: ArrayLike) -> Floats:
    """Reynolds number 2 m/(π r μ) in a round pipe.

    Parameters
    ----------
    mass_flow : kg/s
    inner_radius : m
    viscosity : dynamic viscosity, Pa·s
    """
    flow = np.abs(np.asarray(mass_flow, float))
    return np.asarray(2.0 * flow / (math.pi * inner_radius * np.asarray(viscosity, float)))


def reynolds_in_annulus(
    mass_flow: ArrayLike, inner_radius: float, outer_radius: float, viscosity: ArrayLike
) -> Floats:
    """Reynolds number of an annulus on its hydraulic diameter 2 (r_o - r_i): 2 m/(π (r_i+r_o) μ).

    Parameters
    ----------
    mass_flow : kg/s
    inner_radius, outer_radius : of the annulus, m
    viscosity : dynamic viscosity, Pa·s
    """
    return reynolds_in_pipe(mass_flow, inner_radius + outer_radius, viscosity)


def regime(reynolds: ArrayLike) -> NDArray[np.int64]:
    """0 laminar, 1 transition, 2 turbulent."""
    value = np.asarray(reynolds, float)
    return np.where(value <= LAMINAR_BELOW, 0, np.where(value < TURBULENT_ABOVE, 1, 2))


def regime_name(reynolds: float) -> Text:
    """The regime in words."""
    return _REGIMES[int(regime(reynolds))]


def colebrook(reynolds: ArrayLike, relative_roughness: ArrayLike) -> Floats:
    """Darcy friction factor of turbulent flow, the Colebrook-White equation solved exactly.

    Newton's method on 1/sqrt(f), started by Haaland's formula (within 2 %), reaches rounding
    error in four steps.

    Parameters
    ----------
    reynolds : Reynolds number, above 0
    relative_roughness : roughness over (hydraulic) diameter
    """
    re, rough = np.asarray(reynolds, float), np.asarray(relative_roughness, float) / 3.7
    x = -1.8 * np.log10(6.9 / re + rough**1.11)
    slope = 2.0 / math.log(10.0)
    for _ in range(4):
        argument = rough + 2.51 * x / re
        residual = x + slope * np.log(argument)
        x = x - residual / (1.0 + slope * 2.51 / (re * argument))
    return 1.0 / x**2


def friction_factor(reynolds: ArrayLike, relative_roughness: ArrayLike) -> Floats:
    """Darcy friction factor by regime: 64/Re, interpolated, Colebrook-White.

    Parameters
    ----------
    reynolds : Reynolds number, above 0
    relative_roughness : roughness over (hydraulic) diameter
    """
    re = np.asarray(reynolds, float)
    return _by_regime(
        re,
        64.0 / np.minimum(re, LAMINAR_BELOW),
        colebrook(np.maximum(re, TURBULENT_ABOVE), relative_roughness),
    )


def turbulent_nusselt(reynolds: ArrayLike, prandtl: ArrayLike, friction: ArrayLike) -> Floats:
    """Nusselt number of turbulent flow, Gnielinski 1976 (Int. Chem. Eng. 16: 359-368).

    Parameters
    ----------
    reynolds : 4000 to 1e6 (the equation is stated from 3000 on)
    prandtl : 0.5 to 2000
    friction : Darcy friction factor
    """
    re, pr = np.asarray(reynolds, float), np.asarray(prandtl, float)
    eighth = np.asarray(friction, float) / 8.0
    return eighth * (re - 1000.0) * pr / (1.0 + 12.7 * np.sqrt(eighth) * (pr ** (2.0 / 3.0) - 1.0))


def film_in_pipe(
    mass_flow: ArrayLike,
    inner_radius: float,
    roughness: float,
    viscosity: ArrayLike,
    conductivity: ArrayLike,
    prandtl: ArrayLike,
) -> FilmCoefficients:
    """Film coefficient in a round pipe.

    Parameters
    ----------
    mass_flow : kg/s
    inner_radius, roughness : m
    viscosity : dynamic viscosity, Pa·s
    conductivity : thermal conductivity of the fluid, W/(m·K)
    prandtl : Prandtl number
    """
    re = reynolds_in_pipe(mass_flow, inner_radius, viscosity)
    return _film(re, 2.0 * inner_radius, roughness, conductivity, prandtl, LAMINAR_NUSSELT)


def film_in_annulus(
    mass_flow: ArrayLike,
    inner_radius: float,
    outer_radius: float,
    roughness: float,
    viscosity: ArrayLike,
    conductivity: ArrayLike,
    prandtl: ArrayLike,
) -> tuple[FilmCoefficients, FilmCoefficients]:
    """Film coefficients at the inner and at the outer wall of an annulus.

    Laminar flow: Nu = 3.66 + 1.2 a^-0.8 at the inner wall and 3.66 + 1.2 a^0.5 at the outer wall
    (a = ratio of the radii), each with the other wall insulated (VDI Heat Atlas, chapter G2).
    Turbulent flow: the pipe's equation on the hydraulic diameter for both walls.

    Parameters
    ----------
    mass_flow : kg/s
    inner_radius, outer_radius, roughness : of the annulus, m
    viscosity, conductivity, prandtl : as in :func:`film_in_pipe`
    """
    re = reynolds_in_annulus(mass_flow, inner_radius, outer_radius, viscosity)
    ratio, diameter = inner_radius / outer_radius, 2.0 * (outer_radius - inner_radius)
    at_inner, at_outer = 3.66 + 1.2 * ratio**-0.8, 3.66 + 1.2 * ratio**0.5
    return (
        _film(re, diameter, roughness, conductivity, prandtl, at_inner),
        _film(re, diameter, roughness, conductivity, prandtl, at_outer),
    )


def _film(
    re: Floats,
    diameter: float,
    roughness: float,
    conductivity: ArrayLike,
    prandtl: ArrayLike,
    laminar: float,
) -> FilmCoefficients:
    turbulent_re = np.maximum(re, TURBULENT_ABOVE)
    friction = colebrook(turbulent_re, roughness / diameter)
    turbulent = turbulent_nusselt(turbulent_re, prandtl, friction)
    nusselt = _by_regime(re, laminar, turbulent)
    film = nusselt * np.asarray(conductivity, float) / diameter
    return FilmCoefficients(re, nusselt, film)


def _by_regime(re: Floats, laminar: ArrayLike, turbulent: Floats) -> Floats:
    """Laminar value, blend, turbulent value; each given with Re held at its own limit."""
    weight = np.clip((re - LAMINAR_BELOW) / (TURBULENT_ABOVE - LAMINAR_BELOW), 0.0, 1.0)
    return (1.0 - weight) * np.asarray(laminar, float) + weight * turbulent
