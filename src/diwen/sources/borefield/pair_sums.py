"""Sums over pairs of boreholes of exp(-d²σ²), for all nodes of the kernel at once.

The ground couples boreholes only through E_k[i, j] = exp(-d_ij² σ_k²), where the wall of a
borehole stands at its radius from its own source, d_ii = r_b. Three ways to have E_k V:

* :class:`DirectPairs`: every pair, for small fields;
* :class:`LatticePairs`: positions on rows and columns, where E_k is a Kronecker product of a
  function of x and one of y; the halves of a field that mirrors itself are folded;
* :class:`ScatteredPairs`: any positions, through a histogram of the distances.

All work on *representatives*, of which each stands for ``weight`` boreholes of the field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.boreholes import Boreholes

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
PairFunction = Callable[[Floats, Floats, Floats], Floats]
Product = Callable[[Floats], Floats]

# exp(-_REACH²) of a neighbour is nothing.
_REACH = 5.5
# Fields of so many boreholes are summed pair by pair.
_DIRECT = 80
# Numbers of the histogram of distances that are held at a time.
_HISTOGRAM = 4_000_000


def still_ground(dx: Floats, dy: Floats, sigma: Floats) -> Floats:
    """exp(-(dx² + dy²) σ²), shape (nk, *dx.shape); distances in m, σ in 1/m, shape (nk,)."""
    return np.exp(-np.multiply.outer(sigma * sigma, dx * dx + dy * dy))


class PairSums(Protocol):
    """What the three ways have in common."""

    @property
    def representative(self) -> Indices:
        """Index of a borehole of the field for each of n' representatives, shape (n',)."""

    @property
    def which(self) -> Indices:
        """Representative of every borehole, shape (n,)."""

    @property
    def weight(self) -> Floats:
        """How many boreholes each stands for, shape (n',)."""

    def products(self, columns: Floats, sigma: Floats) -> Floats:
        """E_k V, shape (nk, n', m), for V of shape (n', m)."""

    def operator(self, kind: Indices, factors: Floats, sigma: Floats) -> Product:
        """The product with Σ_k f_k[kind_i, kind_j] E_k[i, j]; factors (nk, nkinds, nkinds)."""


def direct_pair_sums(
    x: Floats,
    y: Floats,
    radius: Floats,
    patterns: Floats | None,
    sigma: Floats,
    pair: PairFunction = still_ground,
) -> Floats:
    """Φᵀ E_k Φ by evaluating every pair, also of another function than exp(-d²σ²).

    Parameters
    ----------
    x, y, radius : positions and radii, m, shape (n,)
    patterns : Φ, shape (n, m); None for every borehole on its own
    sigma : 1/m, shape (nk,)
    pair : function of dx = x_i - x_j (receiver minus emitter), dy and σ. The wall of a borehole is
        taken as the ring of radius r_b: its own term is the mean of the function at (r_b, 0),
        (-r_b, 0), (0, r_b), (0, -r_b). Groundwater that moves along x at the effective velocity U
        has exp(-(dx σ - U/(4aσ))² - dy² σ²) in the place of exp(-d²σ²) and is not symmetric

    Returns
    -------
    sums : shape (nk, m, m), first the receiver, then the emitter
    """
    n = len(x)
    m = n if patterns is None else patterns.shape[1]
    sums = np.empty((len(sigma), m, m))
    chunk = max(1, 4_000_000 // (n * n))
    for first in range(0, len(sigma), chunk):
        part = slice(first, first + chunk)
        values = _direct_values(x, y, radius, sigma[part], pair)
        sums[part] = values if patterns is None else patterns.T @ (values @ patterns)
    return sums


def _direct_values(
    x: Floats, y: Floats, radius: Floats, sigma: Floats, pair: PairFunction = still_ground
) -> Floats:
    """The pair function between all boreholes, shape (nk, n, n)."""
    values = pair(x[:, None] - x, y[:, None] - y, sigma)
    own = np.arange(len(x))
    zero = np.zeros_like(radius)
    around = [(radius, zero), (-radius, zero), (zero, radius), (zero, -radius)]
    values[:, own, own] = sum(pair(a, b, sigma) for a, b in around) / 4.0
    return values


def _wall(radius: Floats, sigma: Floats) -> Floats:
    """exp(-r_b²σ²), shape (nk, n', 1)."""
    return np.exp(-np.multiply.outer(sigma * sigma, radius * radius))[:, :, None]


@dataclass(frozen=True, eq=False)
class DirectPairs:
    """Every pair of a small field; see :class:`PairSums`."""

    boreholes: Boreholes
    representative: Indices
    which: Indices
    weight: Floats

    @classmethod
    def of(cls, boreholes: Boreholes) -> DirectPairs:
        """Every borehole its own representative."""
        every = np.arange(boreholes.count)
        return cls(boreholes, every, every, np.ones(boreholes.count))

    def products(self, columns: Floats, sigma: Floats) -> Floats:
        """E_k V by every pair."""
        b = self.boreholes
        return _direct_values(b.x, b.y, b.radius, sigma) @ columns

    def operator(self, kind: Indices, factors: Floats, sigma: Floats) -> Product:
        """The product with the matrix of all pairs."""
        b = self.boreholes
        values = _direct_values(b.x, b.y, b.radius, sigma)
        matrix = np.einsum("kij,kij->ij", factors[:, kind[:, None], kind], values)
        return matrix.__matmul__


@dataclass(frozen=True, eq=False)
class LatticePairs:
    """Boreholes on rows and columns; see :class:`PairSums`.

    Attributes
    ----------
    x, y : coordinates of the columns and rows that are kept, from the middle of the field, m
    fold_x, fold_y : whether the other half is the mirror image of the kept one
    cell : place of every representative in the kept rectangle, flat, shape (n',)
    radius : of the representatives, m, shape (n',)
    nearest : least distance of two columns or rows, m
    """

    x: Floats
    y: Floats
    fold_x: bool
    fold_y: bool
    cell: Indices
    radius: Floats
    representative: Indices
    which: Indices
    weight: Floats
    nearest: float

    def products(self, columns: Floats, sigma: Floats) -> Floats:
        """E_k V along x, then along y."""
        coupled = sigma * self.nearest < _REACH
        products = _wall(self.radius, sigma) * columns
        near = sigma[coupled]
        if near.size:
            plan = self._plan(columns)
            across = _along(self.x, self.fold_x, near)[:, None] @ plan
            both = across @ _along(self.y, self.fold_y, near)[:, None].transpose(0, 1, 3, 2)
            flat = both.reshape(len(near), columns.shape[1], -1)[:, :, self.cell]
            products[coupled] += flat.transpose(0, 2, 1) - columns
        return products

    def operator(self, kind: Indices, factors: Floats, sigma: Floats) -> Product:
        """The product along x, then along y; nothing of the size n'² is made."""
        coupled = sigma * self.nearest < _REACH
        along_x = _along(self.x, self.fold_x, sigma[coupled])
        along_y = _along(self.y, self.fold_y, sigma[coupled]).transpose(0, 2, 1)
        masks = [(kind == p).astype(float) for p in range(factors.shape[1])]
        # The lattice counts a borehole's own wall at distance 0; these put that right.
        wall = _wall(self.radius, sigma)[:, :, 0]
        wall[coupled] -= 1.0
        own = np.einsum("ki,ki->i", factors[:, kind, kind], wall)

        def product(vector: Floats) -> Floats:
            result = own * vector
            for q, emitters in enumerate(masks):
                across = along_x @ self._plan((emitters * vector)[:, None])
                for p, receivers in enumerate(masks):
                    weights = factors[coupled, p, q][:, None, None]
                    both = ((weights * across) @ along_y).sum(axis=0)
                    result += receivers * both.reshape(-1)[self.cell]
            return result

        return product

    def _plan(self, columns: Floats) -> Floats:
        """Columns on the kept rectangle, shape (m, nx, ny)."""
        plan = np.zeros((columns.shape[1], len(self.x) * len(self.y)))
        plan[:, self.cell] = columns.T
        return plan.reshape(-1, len(self.x), len(self.y))


def _least_step(levels: Floats) -> float:
    return float(np.diff(levels).min()) if len(levels) > 1 else np.inf


def _along(x: Floats, fold: bool, sigma: Floats) -> Floats:
    """exp(-(x_i - x_j)²σ²) and its mirror image, shape (nk, nx, nx)."""
    zero = np.zeros(1)
    values = still_ground(x[:, None] - x, zero, sigma)
    if fold:
        # A column on the mirror is its own image and must not count twice.
        image = np.where(np.abs(x) < 1e-9, 0.0, 1.0)
        values += still_ground(x[:, None] + x, zero, sigma) * image
    return values


def lattice(boreholes: Boreholes, label: Indices) -> LatticePairs | None:
    """The field as a lattice, or None where its rows and columns are too many.

    Parameters
    ----------
    label : what tells boreholes apart (kind, zone); a mirror must keep it, shape (n,)
    """
    x, column = _levels(boreholes.x)
    y, row = _levels(boreholes.y)
    if len(x) * len(y) > 6 * boreholes.count + 40:
        return None
    plan = np.full((len(x), len(y)), -1, np.intp)
    plan[column, row] = np.arange(boreholes.count)
    labels = np.where(plan < 0, -1, label[plan])
    fold_x = bool(np.allclose(x, -x[::-1], atol=1e-6) and np.array_equal(labels, labels[::-1]))
    fold_y = bool(np.allclose(y, -y[::-1], atol=1e-6) and np.array_equal(labels, labels[:, ::-1]))
    columns, rows = np.arange(len(x)), np.arange(len(y))
    column = np.minimum(column, columns[::-1][column]) if fold_x else column
    row = np.minimum(row, rows[::-1][row]) if fold_y else row
    kept_x = x[: (len(x) + 1) // 2] if fold_x else x
    kept_y = y[: (len(y) + 1) // 2] if fold_y else y
    cell, representative, which, weight = np.unique(
        column * len(kept_y) + row, return_index=True, return_inverse=True, return_counts=True
    )
    radius = boreholes.radius[representative]
    return LatticePairs(
        x=kept_x,
        y=kept_y,
        fold_x=fold_x,
        fold_y=fold_y,
        cell=cell,
        radius=radius,
        representative=representative,
        which=which.reshape(-1),
        weight=weight.astype(float),
        nearest=min(_least_step(x), _least_step(y)),
    )


def _levels(x: Floats) -> tuple[Floats, Indices]:
    """Distinct coordinates from their middle, rising, and the place of every borehole in them."""
    order = np.sort(x)
    new = np.concatenate([[True], np.diff(order) > 1e-6])
    levels = order[new]
    return levels - 0.5 * (levels[0] + levels[-1]), np.searchsorted(levels, x + 1e-6) - 1


@dataclass(frozen=True, eq=False)
class ScatteredPairs:
    """Boreholes anywhere; see :class:`PairSums`."""

    boreholes: Boreholes
    representative: Indices
    which: Indices
    weight: Floats
    log_distance: Floats

    @classmethod
    def of(cls, boreholes: Boreholes) -> ScatteredPairs:
        """Every borehole its own representative; two at least."""
        from scipy.spatial import cKDTree

        from diwen.sources.borefield.pair_sums_compiled import LOG_STEP

        plan = np.stack([boreholes.x, boreholes.y], axis=1)
        nearest = float(cKDTree(plan).query(plan, k=2)[0][:, 1].min())
        widest = float(np.hypot(np.ptp(boreholes.x), np.ptp(boreholes.y)))
        # Boreholes may stand below each other.
        first = np.log(max(nearest, float(boreholes.radius.min()))) - 2 * LOG_STEP
        entries = int(np.ceil((np.log(widest) - first) / LOG_STEP)) + 4
        every = np.arange(boreholes.count)
        table = first + LOG_STEP * np.arange(entries)
        return cls(boreholes, every, every, np.ones(boreholes.count), table)

    def products(self, columns: Floats, sigma: Floats) -> Floats:
        """E_k V through the histogram of distances."""
        from diwen.sources.borefield.pair_sums_compiled import distance_histogram

        b, table = self.boreholes, self.log_distance
        products = _wall(b.radius, sigma) * columns
        coupled = sigma * np.exp(table[0]) < _REACH
        decay = still_ground(np.exp(table), np.zeros(1), sigma[coupled])
        columns = np.ascontiguousarray(columns)
        chunk = max(1, _HISTOGRAM // (len(table) * columns.shape[1]))
        for first in range(0, b.count, chunk):
            last = min(first + chunk, b.count)
            spread = distance_histogram(b.x, b.y, columns, table[0], len(table), first, last)
            products[coupled, first:last] += (decay @ spread).transpose(1, 0, 2)
        return products

    def operator(self, kind: Indices, factors: Floats, sigma: Floats) -> Product:
        """The product with a matrix in single precision, good for patterns."""
        from diwen.sources.borefield.pair_sums_compiled import matrix_product, pair_matrix

        b, table = self.boreholes, self.log_distance
        decay = still_ground(np.exp(table), np.zeros(1), sigma)
        by_kind = np.einsum("kpq,kd->pqd", factors, decay, optimize=True)
        wall = np.exp(-np.multiply.outer(sigma * sigma, b.radius[_first_of(kind)] ** 2))
        own = np.einsum("kpp,kp->p", factors, wall)
        matrix = pair_matrix(b.x, b.y, kind, by_kind, own, table[0])

        def product(vector: Floats) -> Floats:
            return matrix_product(matrix, vector.astype(np.float32))

        return product


def _first_of(kind: Indices) -> Indices:
    return np.unique(kind, return_index=True)[1].astype(np.intp)


def pair_sums_of(boreholes: Boreholes, label: Indices) -> PairSums:
    """The cheapest way for this field; label as in :func:`lattice`."""
    regular = lattice(boreholes, label)
    if regular is not None:
        return regular
    if boreholes.count <= _DIRECT:
        return DirectPairs.of(boreholes)
    return ScatteredPairs.of(boreholes)
