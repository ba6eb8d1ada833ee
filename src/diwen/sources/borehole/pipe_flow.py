"""Flow in pipes and annuli: Reynolds number, friction factor, film coefficient by regime.

Round pipe: laminar up to Re 2300, turbulent from Re 4000, between them a linear blend of the
Nusselt numbers at 2300 and at 4000 (Gnielinski 2013, On heat transfer in tubes, Int. J. Heat Mass
Transfer 63: 134-140). Annulus: the transition reaches to Re 10 000 (Gnielinski 2009, Heat transfer
coefficients for turbulent flow in concentric annular ducts, Heat Transfer Eng. 30: 431-436); the
blend is S-shaped, as the resistances that GLHEPro gives for coaxial boreholes show it (after
Grundmann 2016, Improved design methods for ground heat exchangers, Oklahoma State University).
Nusselt number and friction factor are continuous.

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
ANNULUS_TURBULENT_ABOVE = 10_000.0

# Nusselt number of developed laminar flow in a round pipe at uniform wall temperature.
LAMINAR_NUSSELT = 3.66

_REGIMES = (Text("laminar", "层流"), Text("transition", "过渡流"), Text("turbulent", "紊流"))

_WEAK_FLOW = Text(
    "{regime} flow in the borehole (lowest Reynolds number {reynolds:.0f}): the film resistance "
    "is large and uncertain",
    "孔内管道流态为{regime}（最小雷诺数 {reynolds:.0f}）：对流热阻大且不确定",
)


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


def regime(reynolds: ArrayLike, turbulent_above: ArrayLike = TURBULENT_ABOVE) -> NDArray[np.int64]:
    """0 laminar, 1 transition, 2 turbulent."""
    value = np.asarray(reynolds, float)
    return np.where(value <= LAMINAR_BELOW, 0, np.where(value < turbulent_above, 1, 2))


def regime_warning(
    reynolds: ArrayLike, turbulent_above: ArrayLike = TURBULENT_ABOVE
) -> Text | None:
    """What to say when some of the flow is not turbulent, or nothing.

    Parameters
    ----------
    reynolds : Reynolds numbers, any shape
    turbulent_above : limit of turbulent flow, broadcast to `reynolds`
    """
    found = regime(reynolds, turbulent_above)
    if (found == 2).all():
        return None
    return _WEAK_FLOW.format(regime=_REGIMES[int(found.min())], reynolds=float(np.min(reynolds)))


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

    Notes
    -----
    In the transition the upper anchor takes Re = 4000 but the friction factor of the actual flow,
    as pygfunction does; with that of Re = 4000 the film would be up to 5 % smaller, which is
    within the scatter of measurements there.
    """
    re = reynolds_in_pipe(mass_flow, inner_radius, viscosity)
    friction = colebrook(np.maximum(re, LAMINAR_BELOW), 0.5 * roughness / inner_radius)
    high = turbulent_nusselt(np.maximum(re, TURBULENT_ABOVE), prandtl, friction)
    nusselt = _by_regime(re, LAMINAR_NUSSELT, high)
    film = nusselt * np.asarray(conductivity, float) / (2.0 * inner_radius)
    return FilmCoefficients(re, nusselt, film)


def film_in_annulus(
    mass_flow: ArrayLike,
    inner_radius: float,
    outer_radius: float,
    viscosity: ArrayLike,
    conductivity: ArrayLike,
    prandtl: ArrayLike,
) -> tuple[FilmCoefficients, FilmCoefficients]:
    """Film coefficients at the inner and at the outer wall of a smooth annulus.

    Each wall with the other one insulated. Laminar: Nu = 3.66 + 1.2 a^-0.8 at the inner wall and
    3.66 + 1.2 a^0.5 at the outer one, a the ratio of the radii (VDI Heat Atlas, G2; Hellström
    1991). Turbulent, from Re 10 000: :func:`annulus_nusselt`.

    Parameters
    ----------
    mass_flow : kg/s
    inner_radius, outer_radius : of the annulus, m
    viscosity, conductivity, prandtl : as in :func:`film_in_pipe`
    """
    re = reynolds_in_annulus(mass_flow, inner_radius, outer_radius, viscosity)
    ratio, diameter = inner_radius / outer_radius, 2.0 * (outer_radius - inner_radius)
    weight = _s_shaped((re - LAMINAR_BELOW) / (ANNULUS_TURBULENT_ABOVE - LAMINAR_BELOW))
    turbulent = annulus_nusselt(np.maximum(re, ANNULUS_TURBULENT_ABOVE), prandtl, ratio)
    films = []
    for laminar, high in zip(
        (3.66 + 1.2 * ratio**-0.8, 3.66 + 1.2 * ratio**0.5), turbulent, strict=True
    ):
        nusselt = (1.0 - weight) * laminar + weight * high
        films.append(FilmCoefficients(re, nusselt, nusselt * np.asarray(conductivity) / diameter))
    return films[0], films[1]


def annulus_nusselt(reynolds: ArrayLike, prandtl: ArrayLike, ratio: float) -> tuple[Floats, Floats]:
    """Nusselt numbers of turbulent flow at the inner and outer wall of an annulus.

    Gnielinski 2009 for a long duct without the correction for variable properties.

    Parameters
    ----------
    reynolds : on the hydraulic diameter, 10 000 to 1e6
    prandtl : Prandtl number
    ratio : inner over outer radius
    """
    re, pr = np.asarray(reynolds, float), np.asarray(prandtl, float)
    log, square = math.log(ratio), ratio * ratio
    modified = re * ((1.0 + square) * log + 1.0 - square) / ((1.0 - ratio) ** 2 * log)
    eighth = (1.8 * np.log10(modified) - 1.5) ** -2 / 8.0
    k1 = 1.07 + 900.0 / re - 0.63 / (1.0 + 10.0 * pr)
    base = eighth * re * pr / (k1 + 12.7 * np.sqrt(eighth) * (pr ** (2.0 / 3.0) - 1.0))
    return base * 0.75 * ratio**-0.17, base * (0.9 - 0.15 * ratio**0.6)


def _s_shaped(position: Floats) -> Floats:
    """Logistic rise from 0 at 0 to 1 at 1, held outside."""
    span = 5.0
    inside = np.clip(position, 0.0, 1.0)
    return np.asarray(0.5 + 0.5 * np.tanh(span * (inside - 0.5)) / math.tanh(0.5 * span))


def _by_regime(re: Floats, laminar: ArrayLike, turbulent: Floats) -> Floats:
    """Laminar value, blend, turbulent value; each given with Re held at its own limit."""
    weight = np.clip((re - LAMINAR_BELOW) / (TURBULENT_ABOVE - LAMINAR_BELOW), 0.0, 1.0)
    return (1.0 - weight) * np.asarray(laminar, float) + weight * turbulent
