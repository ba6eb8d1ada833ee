"""Thermal resistances between the fluids of the pipes in a bore and its wall: multipole method.

Steady conduction around round pipes in a round bore filled with grout, in ground of another
conductivity, every pipe with a resistance from its fluid to its outer surface. The temperature in
the grout is written as line sources and multipoles at the pipe centres with their mirror images in
the wall; the condition at each pipe, T - beta r dT/dr = T_fluid all around it, gives a linear
system for the strengths of the multipoles (Claesson & Hellström 2011, Multipole method to
calculate borehole thermal resistances in a borehole heat exchanger, HVAC&R Research 17: 895-911).

Order 0 is the line-source formula; the error falls by about a factor of ten per order and is
largest for pipes that touch.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

DEFAULT_ORDER = 6

# Sets of fluid resistances solved together: bounds the memory, about 20 MB for four pipes.
_AT_ONCE = 512


def resistance_matrix(
    positions: ArrayLike,
    outer_radii: ArrayLike,
    bore_radius: float,
    fluid_resistances: ArrayLike,
    grout_conductivity: float,
    ground_conductivity: float,
    order: int = DEFAULT_ORDER,
) -> Floats:
    """Matrix R of T_fluid - T_wall = R q, with q the heat from each pipe per metre.

    Parameters
    ----------
    positions : centres (x, y) of the p pipes from the axis of the bore, m, shape (p, 2)
    outer_radii : m, shape (p,) or scalar
    bore_radius : m
    fluid_resistances : resistance from the fluid to the outer surface of each pipe (film and
        pipe wall), m·K/W, shape (..., p); leading axes are computed together
    grout_conductivity, ground_conductivity : W/(m·K)
    order : order of the multipoles; 0 is the line-source formula

    Returns
    -------
    resistances : m·K/W, shape (..., p, p), symmetric; T_wall is the mean over the wall
    """
    plan = np.asarray(positions, float)
    z = plan[:, 0] + 1j * plan[:, 1]
    radii = np.broadcast_to(np.asarray(outer_radii, float), z.shape)
    fluid = np.asarray(fluid_resistances, float)
    fluid = np.broadcast_to(fluid, (*fluid.shape[:-1], len(z)))
    sigma = (grout_conductivity - ground_conductivity) / (grout_conductivity + ground_conductivity)
    scale = 1.0 / (2.0 * math.pi * grout_conductivity)
    base = scale * _line_sources(z, radii, bore_radius, sigma)
    diagonal = np.arange(len(z))
    out = np.broadcast_to(base, (*fluid.shape, len(z))).copy()
    out[..., diagonal, diagonal] += fluid
    if order > 0:
        beta = fluid / scale
        # Long series repeat their flows (a pump on or off): each different set is solved once.
        sets, which = np.unique(beta.reshape(-1, len(z)), axis=0, return_inverse=True)
        added = _multipoles(z, radii, bore_radius, sigma, sets, order)
        out += scale * added[which.reshape(-1)].reshape(out.shape)
    return 0.5 * (out + np.swapaxes(out, -1, -2))


def _line_sources(z: Complexes, radii: Floats, bore: float, sigma: float) -> Floats:
    """Order 0 without the resistances of fluid and pipe, times 2π k_grout, shape (p, p)."""
    apart = np.abs(z[:, None] - z[None, :])
    np.fill_diagonal(apart, radii)
    mirror = np.abs(bore**2 - z[:, None] * z[None, :].conj())
    return np.log(bore / apart) + sigma * np.log(bore**2 / mirror)


def _multipoles(
    z: Complexes, radii: Floats, bore: float, sigma: float, beta: Floats, order: int
) -> Floats:
    """What the multipoles add to the matrix, times 2π k_grout, shape (s, p, p); beta (s, p).

    Unknown are the multipoles P (pipe and order) for a unit line source in each pipe. The regular
    part C of the field at pipe m and order k, made by the others and by all mirror images, excites
    P = -gamma conj(C) with gamma = (1 - beta k)/(1 + beta k).
    """
    pipes = len(z)
    orders = np.arange(1, order + 1)
    from_lines = _regular_of_lines(z, radii, bore, sigma, orders)
    direct, mirror, level, level_mirror = _regular_of_multipoles(z, radii, bore, sigma, order)
    size = pipes * order
    # P = -gamma conj(C0 + direct P + mirror conj(P)); real and imaginary parts side by side.
    d, m = direct.reshape(size, size), mirror.reshape(size, size)
    real = np.block([[d.real + m.real, -d.imag + m.imag], [-d.imag - m.imag, -d.real + m.real]])
    start = from_lines.reshape(size, pipes)
    right = np.concatenate([start.real, -start.imag])
    a, b = level.reshape(pipes, size), level_mirror.reshape(pipes, size)
    reading = np.concatenate([a.real + b.real, -a.imag + b.imag], axis=1)
    unit, added = np.eye(2 * size), np.empty((len(beta), pipes, pipes))
    for first in range(0, len(beta), _AT_ONCE):
        part = beta[first : first + _AT_ONCE, :, None]
        gamma = ((1.0 - part * orders) / (1.0 + part * orders)).reshape(len(part), size, 1)
        both = np.concatenate([gamma, gamma], axis=-2)
        strengths = np.linalg.solve(unit + both * real, -both * right)
        added[first : first + _AT_ONCE] = reading @ strengths
    return added


def _regular_of_lines(
    z: Complexes, radii: Floats, bore: float, sigma: float, orders: NDArray[np.int64]
) -> Complexes:
    """Taylor coefficients at pipe m of a unit line source in pipe n, shape (m, k, n)."""
    k = orders[None, :, None]
    gap = z[None, :] - z[:, None]
    np.fill_diagonal(gap, 1.0)
    ratio = radii[:, None] / gap
    np.fill_diagonal(ratio, 0.0)
    image = z[None, :].conj() * radii[:, None] / (bore**2 - z[None, :].conj() * z[:, None])
    return (ratio[:, None, :] ** k + sigma * image[:, None, :] ** k) / k


def _regular_of_multipoles(
    z: Complexes, radii: Floats, bore: float, sigma: float, order: int
) -> tuple[Complexes, Complexes, Complexes, Complexes]:
    """Taylor coefficients at pipe m (orders k) of the multipoles of pipe n (orders j).

    Returns the coefficients of P and of conj(P), shape (m, k, n, j) for k >= 1, and the same for
    the mean level k = 0, shape (m, n, j).
    """
    pipes = len(z)
    direct = np.zeros((pipes, order + 1, pipes, order), complex)
    mirror = np.zeros_like(direct)
    away = z[:, None] - z[None, :]
    np.fill_diagonal(away, 1.0)
    others = 1.0 - np.eye(pipes)
    conj = z[None, :].conj()
    denominator = bore**2 - conj * z[:, None]
    r_n, r_m = radii[None, :], radii[:, None]
    for j in range(1, order + 1):
        for k in range(order + 1):
            choose = math.comb(j + k - 1, k)
            direct[:, k, :, j - 1] = others * choose * (r_n / away) ** j * (-r_m / away) ** k
            total = sum(
                math.comb(j, i) * math.comb(j + k - i - 1, k - i)
                * z[:, None] ** (j - i) * (conj / denominator) ** (k - i)
                for i in range(min(j, k) + 1)
            )  # fmt: skip
            mirror[:, k, :, j - 1] = sigma * total * (r_n / denominator) ** j * r_m**k
    return direct[:, 1:], mirror[:, 1:], direct[:, 0], mirror[:, 0]
