"""Slabs through which several streams flow down and up, exchanging heat: linear, any thickness.

The textbook solution of dT/dz = A T by a matrix exponential over the whole depth is useless for
low flow in long bores: it subtracts numbers of the size exp(+L K/(m c)). Here a slab is written as
what *leaves* it (down-flow at its foot, up-flow at its head) over what *enters* it, and that matrix
stays bounded. It is found for a slice so thin that the exponential is harmless, and doubled until
it spans the slab: the "doubling" of radiative transfer (van de Hulst 1963; Redheffer's star
product), stable for any flow and thickness.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Norm of the exponent of the thin slice, and order of its Taylor series: the remainder
# 0.25^13/13! is below 1e-17.
_THIN, _ORDER = 0.25, 12


def scattering(generator: Floats, down: NDArray[np.bool_], length: float) -> tuple[Floats, Floats]:
    """What leaves a slab over what enters it, for dT/dz = generator @ [T, 1].

    Parameters
    ----------
    generator : shape (..., p, p + 1); the last column is a constant source, K/m
    down : whether each of the p components travels downwards, shape (p,)
    length : thickness of the slab, m

    Returns
    -------
    matrix : shape (..., p, p); row i = component i where it leaves (down: foot, up: head),
        column j = component j where it enters
    source : shape (..., p)
    """
    norm = np.abs(generator).sum(axis=-1).max(axis=-1) * length
    # Every flow has a thin slice of its own: one too thin would lose digits for the large flows.
    doublings = np.ceil(np.log2(np.maximum(norm / _THIN, 1.0))).astype(int)
    matrix, source = _thin_slice(generator, down, length / 2.0**doublings)
    for done in range(int(doublings.max())):
        twice, twice_source = _doubled(matrix, source, down)
        more = (doublings > done)[..., None]
        matrix = np.where(more[..., None], twice, matrix)
        source = np.where(more, twice_source, source)
    return matrix, source


def _thin_slice(
    generator: Floats, down: NDArray[np.bool_], length: Floats
) -> tuple[Floats, Floats]:
    """Scattering of a slice so thin that its Taylor series converges at once."""
    pipes = len(down)
    square = np.zeros((*generator.shape[:-2], pipes + 1, pipes + 1))
    square[..., :pipes, :] = generator * length[..., None, None]
    term = np.broadcast_to(np.eye(pipes + 1), square.shape)
    exponential = term.copy()
    for order in range(1, _ORDER + 1):
        term = term @ square / order
        exponential = exponential + term
    transfer, source = exponential[..., :pipes, :pipes], exponential[..., :pipes, pipes]
    d, u = np.flatnonzero(down), np.flatnonzero(~down)
    # foot = transfer @ head + source; solve for the up-flow at the head, then insert.
    inverse = _inverse(_block(transfer, u, u))
    matrix, added = np.zeros(transfer.shape), np.zeros(source.shape)
    up_from_down = -inverse @ _block(transfer, u, d)
    matrix[..., u[:, None], u] = inverse
    matrix[..., u[:, None], d] = up_from_down
    matrix[..., d[:, None], u] = _block(transfer, d, u) @ inverse
    matrix[..., d[:, None], d] = _block(transfer, d, d) + _block(transfer, d, u) @ up_from_down
    added[..., u] = -_times(inverse, source[..., u])
    added[..., d] = source[..., d] + _times(_block(transfer, d, u), added[..., u])
    return matrix, added


def _doubled(matrix: Floats, source: Floats, down: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Two equal slabs, one on the other, as one (Redheffer's star product)."""
    d, u = np.flatnonzero(down), np.flatnonzero(~down)
    dd, du = _block(matrix, d, d), _block(matrix, d, u)
    ud, uu = _block(matrix, u, d), _block(matrix, u, u)
    # Between the slabs: down = dd a + du up + s_d, up = ud down + uu b + s_u.
    inverse = _inverse(np.eye(len(d)) - du @ ud)
    down_of_a, down_of_b = inverse @ dd, inverse @ du @ uu
    down_source = _times(inverse, _times(du, source[..., u]) + source[..., d])
    up_of_a, up_of_b = ud @ down_of_a, ud @ down_of_b + uu
    up_source = _times(ud, down_source) + source[..., u]
    out, added = np.empty_like(matrix), np.empty_like(source)
    out[..., d[:, None], d] = dd @ down_of_a
    out[..., d[:, None], u] = dd @ down_of_b + du
    out[..., u[:, None], d] = ud + uu @ up_of_a
    out[..., u[:, None], u] = uu @ up_of_b
    added[..., d] = _times(dd, down_source) + source[..., d]
    added[..., u] = _times(uu, up_source) + source[..., u]
    return out, added


def _block(matrix: Floats, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
    return matrix[..., rows[:, None], columns]


def _times(matrix: Floats, vector: Floats) -> Floats:
    return np.einsum("...ij,...j->...i", matrix, vector)


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), np.float64)
