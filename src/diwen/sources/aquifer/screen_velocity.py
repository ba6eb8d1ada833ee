"""How fast water may pass slots and well walls: capacities of screens, clogging velocities.

The forms are those of GB 50296-2014, 6.2.2 and 6.2.3, and of the Dutch guideline for injection
wells of heat storage; their coefficients are arguments, for they are rules that change with the
edition. The form v_j = √K/15 of the well wall and the Dutch form are not verified against the
standards' texts.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.sources.response.time_units import DAY, HOUR

Floats = NDArray[np.float64]


def wall_velocity(flow: ArrayLike, diameter: ArrayLike, length: ArrayLike) -> Floats:
    """Q/(π D L), m/s, through the wall of a bore; m³/s and m, broadcast."""
    surface = math.pi * np.asarray(diameter, float) * np.asarray(length, float)
    return np.asarray(np.asarray(flow, float) / surface)


def slot_capacity(
    diameter: ArrayLike,
    length: ArrayLike,
    open_area: ArrayLike,
    *,
    slot_velocity: float,
    effective_share: float,
    length_share: float,
    reduction: float = 1.0,
) -> Floats:
    """Q_g = π n v_g D_g L, the most a screen lets through, m³/s; broadcast.

    Parameters
    ----------
    diameter, length : outside of the screen, m
    open_area : open share of its surface, 0 to 1
    slot_velocity : v_g, m/s; effective_share : of the open area that counts, n = share × open area
    length_share : of the screen that counts; reduction : factor for corrosive or scaling water
    """
    area = math.pi * np.asarray(diameter, float) * length_share * np.asarray(length, float)
    share = effective_share * np.asarray(open_area, float)
    return np.asarray(area * share * slot_velocity * reduction)


def wall_capacity(
    diameter: ArrayLike, length: ArrayLike, conductivity: ArrayLike, *, divisor: float
) -> Floats:
    """Q_j = π D_j L √K/divisor, the most the wall of a bore gives without sand, m³/s; broadcast.

    Parameters
    ----------
    diameter : of the bore, m; length : of the screen, m; conductivity : m/s
    divisor : √(m/s)/(m/s); the square root of m/s over it is taken as a velocity in m/s
    """
    velocity = np.sqrt(np.asarray(conductivity, float)) / divisor
    area = math.pi * np.asarray(diameter, float) * np.asarray(length, float)
    return np.asarray(area * velocity)


def conductivity_for_wall(
    flow: ArrayLike, diameter: ArrayLike, length: ArrayLike, *, divisor: float
) -> Floats:
    """The conductivity, m/s, at which :func:`wall_capacity` equals a flow in m³/s."""
    return np.asarray(np.square(divisor * wall_velocity(flow, diameter, length)))


def clogging_velocity(
    conductivity: ArrayLike,
    clogging_rate: ArrayLike,
    fouling_index: ArrayLike,
    full_load_hours: ArrayLike,
    *,
    coefficient: float,
    reference_conductivity: float,
    exponent: float,
) -> Floats:
    """Highest wall velocity of injection for a rate of clogging, m/s; broadcast.

    v = coefficient (K/K_ref)^exponent √(v_v/(2 MFI u_eq)) with K in m/d and v in m/h.

    Parameters
    ----------
    conductivity : m/s; clogging_rate : v_v, m of head a year; fouling_index : MFI, s/L²
    full_load_hours : u_eq, hours a year at full flow
    coefficient : m/h; reference_conductivity : K_ref, m/d; exponent : dimensionless
    """
    relative = np.asarray(conductivity, float) * DAY / reference_conductivity
    load = 2.0 * np.asarray(fouling_index, float) * np.asarray(full_load_hours, float)
    root = np.sqrt(np.asarray(clogging_rate, float) / load)
    return np.asarray(coefficient * relative**exponent * root / HOUR)


def clogging_rate(
    velocity: ArrayLike,
    conductivity: ArrayLike,
    fouling_index: ArrayLike,
    full_load_hours: ArrayLike,
    *,
    coefficient: float,
    reference_conductivity: float,
    exponent: float,
) -> Floats:
    """Expected rise of the injection head, m a year: the inverse of :func:`clogging_velocity`.

    ``velocity`` through the wall of the bore in m/s, the rest as there.
    """
    relative = np.asarray(conductivity, float) * DAY / reference_conductivity
    unit = np.asarray(velocity, float) * HOUR / (coefficient * relative**exponent)
    load = 2.0 * np.asarray(fouling_index, float) * np.asarray(full_load_hours, float)
    return np.asarray(load * unit**2)


def extraction_velocity(conductivity: ArrayLike, *, divisor: float) -> Floats:
    """Highest wall velocity of pumping, K/divisor with K in m/d and v in m/h; m/s for m/s."""
    return np.asarray(np.asarray(conductivity, float) * DAY / divisor / HOUR)
