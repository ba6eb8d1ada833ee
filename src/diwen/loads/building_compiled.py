"""Compiled hour loops of the two building models; see ``five_resistances``, ``two_capacities``.

Times are rows, buildings are columns. Heat of the step is constant through it (zero-order hold) and
the equations are solved exactly, so the step has no error of its own beyond that of its inputs.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.compiled import compiled

Floats = NDArray[np.float64]


@compiled()
def five_resistances(
    conductances: Floats,
    capacity: Floats,
    outdoor: Floats,
    behind: Floats,
    ventilation: Floats,
    gains: Floats,
    setpoints: Floats,
    limits: Floats,
    start: Floats,
    step: float,
    exact: bool,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Heat, air, surface and mean mass temperature of ISO 13790, annex C.

    Parameters
    ----------
    conductances : H_is, H_ms, H_em, H_w in W/K, shape (4, m)
    capacity : J/K, shape (m,)
    outdoor : °C, shape (n,)
    behind : on the far side of the opaque parts: outdoors, or between it and the ground, °C, shape
        (n, m)
    ventilation : W/K, shape (n, m)
    gains : to air, surfaces and mass, W, shape (3, n, m)
    setpoints : of heating and cooling, °C, shape (2, n, m)
    limits : most heat and most cold, W, shape (2, m)
    start : temperature of the mass before the first step, °C, shape (m,); overwritten with that
        after the last
    step : s
    exact : solve the step exactly; false: by Crank and Nicolson, as the standard does

    Returns
    -------
    tuple : heat (cold negative), W, temperatures of air, surfaces, and mass (mean of the step),
        °C, shape (n, m) each
    """
    n, m = ventilation.shape
    heat, air = np.empty((n, m)), np.empty((n, m))
    surface, mass = np.empty((n, m)), np.empty((n, m))
    for j in range(m):
        h_is, h_ms = conductances[0, j], conductances[1, j]
        h_em, h_w = conductances[2, j], conductances[3, j]
        before = start[j]
        for i in range(n):
            h_ve, t_e = ventilation[i, j], outdoor[i]
            to_air, to_surface, to_mass = gains[0, i, j], gains[1, i, j], gains[2, i, j]
            share = h_is / (h_ve + h_is)
            h_1 = h_ve * share
            h_2 = h_1 + h_w
            h_3 = h_2 * h_ms / (h_2 + h_ms)
            out = h_3 + h_em
            x = out * step / capacity[j]
            if exact:
                decay = math.exp(-x)
                mean = (1.0 - decay) / x
            else:
                decay = (1.0 - 0.5 * x) / (1.0 + 0.5 * x)
                mean = 0.5 * (1.0 + decay)
            # h_3/h_2 would be 0/0 in a building without windows and ventilation.
            part = h_ms / (h_2 + h_ms)
            drive = to_mass + h_em * behind[i, j]
            drive += part * (to_surface + h_w * t_e + h_1 * t_e + share * to_air)
            still = drive / out
            per_watt = part * share / out
            # Mean mass, surface and air temperature without heat, and their rise per watt.
            m_0, m_1 = still + (before - still) * mean, per_watt * (1.0 - mean)
            below = h_ms + h_w + h_1
            s_0 = (h_ms * m_0 + to_surface + h_w * t_e + h_1 * t_e + share * to_air) / below
            s_1 = (h_ms * m_1 + share) / below
            a_0 = (h_is * s_0 + h_ve * t_e + to_air) / (h_is + h_ve)
            a_1 = (h_is * s_1 + 1.0) / (h_is + h_ve)
            needed = 0.0
            if a_0 < setpoints[0, i, j]:
                needed = min((setpoints[0, i, j] - a_0) / a_1, limits[0, j])
            elif a_0 > setpoints[1, i, j]:
                needed = max((setpoints[1, i, j] - a_0) / a_1, -limits[1, j])
            heat[i, j], air[i, j] = needed, a_0 + a_1 * needed
            surface[i, j], mass[i, j] = s_0 + s_1 * needed, m_0 + m_1 * needed
            level = still + per_watt * needed
            before = level + (before - level) * decay
        start[j] = before
    return heat, air, surface, mass


@compiled()
def two_capacities(
    conductances: Floats,
    capacities: Floats,
    outdoor: Floats,
    behind: Floats,
    ventilation: Floats,
    gains: Floats,
    setpoints: Floats,
    limits: Floats,
    start: Floats,
    step: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Heat and temperatures of a building with two capacities, solved by its eigenvalues.

    Parameters
    ----------
    conductances : room to mass, mass to outdoors, room to outdoors (windows), W/K, shape (3, m)
    capacities : of room and mass, J/K, shape (2, m)
    outdoor, behind, ventilation, setpoints, limits, step : as in :func:`five_resistances`
    gains : to room and mass, W, shape (2, n, m)
    start : temperatures of room and mass before the first step, °C, shape (2, m); overwritten

    Returns
    -------
    tuple : heat (cold negative), W, room at the end of the step, and the means over the step of
        room and mass, °C, shape (n, m) each
    """
    n, m = ventilation.shape
    heat, end = np.empty((n, m)), np.empty((n, m))
    room_mean, mass_mean = np.empty((n, m)), np.empty((n, m))
    for j in range(m):
        between, outside = conductances[0, j], conductances[1, j]
        c_r, c_m = capacities[0, j], capacities[1, j]
        room, mass = start[0, j], start[1, j]
        for i in range(n):
            direct = conductances[2, j] + ventilation[i, j]
            t_e = outdoor[i]
            a, b = -(between + direct) / c_r, between / c_r
            c, d = between / c_m, -(between + outside) / c_m
            # Real and negative: the network is passive.
            middle = 0.5 * (a + d)
            half = math.sqrt(max(0.25 * (a - d) ** 2 + b * c, 0.0))
            fast, slow = middle - half, middle + half
            grow, fall = math.exp(slow * step), math.exp(fast * step)
            split = max(slow - fast, 1e-300)
            # exp(A t) = e0 I + e1 A for a 2x2 matrix.
            e1 = (grow - fall) / split
            e0 = (slow * fall - fast * grow) / split
            p, q, r, s = e0 + e1 * a, e1 * b, e1 * c, e0 + e1 * d
            det = a * d - b * c
            # Steady state for the drive of this step, and per watt into the room.
            u = (direct * t_e + gains[0, i, j]) / c_r
            v = (outside * behind[i, j] + gains[1, i, j]) / c_m
            still_r, still_m = -(d * u - b * v) / det, -(a * v - c * u) / det
            watt_r, watt_m = -d / c_r / det, c / c_r / det
            free = still_r + p * (room - still_r) + q * (mass - still_m)
            gain = watt_r - p * watt_r - q * watt_m
            needed = 0.0
            if free < setpoints[0, i, j]:
                needed = min((setpoints[0, i, j] - free) / gain, limits[0, j])
            elif free > setpoints[1, i, j]:
                needed = max((setpoints[1, i, j] - free) / gain, -limits[1, j])
            still_r, still_m = still_r + watt_r * needed, still_m + watt_m * needed
            to_r, to_m = room - still_r, mass - still_m
            new_r, new_m = still_r + p * to_r + q * to_m, still_m + r * to_r + s * to_m
            # Mean of the deviation: A^-1 (x1 - x0) / t.
            y_r, y_m = (new_r - room) / step, (new_m - mass) / step
            room_mean[i, j] = still_r + (d * y_r - b * y_m) / det
            mass_mean[i, j] = still_m + (a * y_m - c * y_r) / det
            heat[i, j], end[i, j] = needed, new_r
            room, mass = new_r, new_m
        start[0, j], start[1, j] = room, mass
    return heat, end, room_mean, mass_mean
