"""A few patterns in which the boreholes of a large field share the heat.

At any time the heat rates of the n boreholes of a field are close to a combination of very few
fixed patterns: the uniform one, and the rates at which the field, with one segment per borehole,
keeps one wall temperature at a few Laplace variables between the time heat needs to the neighbour
and the time to steady state. Each segment level combines the patterns in its own way. Taking the
segment equations in the mean over the patterns (Galerkin's method) makes the error of the wall
temperature quadratic in what the patterns cannot show, and of known sign; the residual of the
segment equations measures it.

This stands in the place of groups of equal boreholes (Prieto & Cimmino 2021, "Thermal interactions
in large irregular fields of geothermal boreholes: the method of equivalent boreholes", J. Building
Performance Simulation 14(4):446-460), with fewer unknowns and a smaller error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.line_source_kernel import KernelNodes
from diwen.sources.borefield.pair_sums import PairSums, Product

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

# How many Laplace variables give patterns, by mode.
PROFILES = {"fast": 3, "accurate": 6}
# A profile needs no more than this: its error enters squared.
_CLOSE = 1e-3
_INDEPENDENT = 1e-6


def profile_points(boreholes: Boreholes, diffusivity: float, count: int, slowest: float) -> Floats:
    """Laplace variables at which patterns are found, 1/s, falling, shape (count,).

    Geometric between one over the time to the neighbour, d²/a, and one over H²/(9a), but none
    much below ``slowest``, the smallest that is asked for.
    """
    from scipy.spatial import cKDTree

    plan = np.stack([boreholes.x, boreholes.y], axis=1)
    neighbour = float(np.median(cKDTree(plan).query(plan, k=2)[0][:, 1]))
    near = neighbour**2 / diffusivity
    far = max(1.2 * boreholes.characteristic_time(diffusivity), 10.0 * near)
    if slowest > 0.0:
        far = min(far, max(2.0 / slowest, 3.0 * near))
    return 1.0 / np.geomspace(near if count < 5 else 0.2 * near, far, count)


def heat_rate_profiles(
    pairs: PairSums, kind: Indices, wanted: Floats, nodes: KernelNodes, factors: Floats, s: Floats
) -> Floats:
    """Heat rates per metre that hold a wall temperature in each zone alone, one segment each.

    Parameters
    ----------
    pairs : of the field
    kind : of the representatives, shape (n',)
    wanted : lengths of the boreholes in each zone, zero outside, m, shape (n', nz)
    nodes, factors : nodes of the kernel (coarse ones serve) and I(σ)/(2σ) between whole boreholes
        of each kind, shape (nk, nkinds, nkinds)
    s : 1/s, shape (np,)

    Returns
    -------
    rates : shape (n', np · nz)
    """
    columns = []
    for weights in nodes.damping(s):
        product = pairs.operator(kind, weights[:, None, None] * factors, nodes.sigma)
        columns += [_conjugate_gradients(product, zone, pairs.weight) for zone in wanted.T]
    return np.stack(columns, axis=1)


def _conjugate_gradients(product: Product, wanted: Floats, weight: Floats) -> Floats:
    """Solve A q = wanted, A symmetric in the inner product of the weights."""
    scale = float(weight @ (wanted * wanted)) / float(weight @ (wanted * product(wanted)))
    q = scale * wanted
    residual = wanted - product(q)
    direction = residual.copy()
    old = float(weight @ (residual * residual))
    limit = _CLOSE**2 * float(weight @ (wanted * wanted))
    for _ in range(60):
        if old <= limit:
            break
        image = product(direction)
        step = old / float(weight @ (direction * image))
        q += step * direction
        residual -= step * image
        new = float(weight @ (residual * residual))
        direction = residual + (new / old) * direction
        old = new
    return q


def independent_columns(columns: Floats, kind: Indices, weight: Floats) -> tuple[Floats, Indices]:
    """Columns split by kind, made orthonormal in the weights, doubles left out.

    Parameters
    ----------
    columns : in order of importance, shape (n', m)
    kind : of the representatives, shape (n',)
    weight : of the representatives, shape (n',)

    Returns
    -------
    columns : shape (n', m'), and the kind of each, shape (m',)
    """
    kept: list[Floats] = []
    kinds: list[int] = []
    for k in range(int(kind.max()) + 1):
        mine = np.flatnonzero(kind == k)
        basis: list[Floats] = []
        root = np.sqrt(weight[mine])
        for column in columns[mine].T:
            rest = root * column
            size = np.linalg.norm(rest)
            for _ in range(2):
                for b in basis:
                    rest = rest - (b @ rest) * b
            if np.linalg.norm(rest) > _INDEPENDENT * size and size > 0.0:
                basis.append(rest / np.linalg.norm(rest))
            if len(basis) == len(mine):
                break
        for b in basis:
            whole = np.zeros(len(kind))
            whole[mine] = b / root
            kept.append(whole)
            kinds.append(k)
    return np.stack(kept, axis=1), np.array(kinds, np.intp)
