"""Finite line source between inclined segments below an isothermal surface.

The mean wall temperature drop on receiver 2 due to a constant rate per metre on emitter 1 is

    h(t) = 1/(2 L2) · ∫ F(σ) dσ   from 1/√(4αt) to infinity,
    F(σ) = 2/√π · ∬ (exp(−r²σ²) − exp(−r'²σ²)) du dv,

times q/(2πk), with r the distance of two points on the axes and r' that to the mirror image.
One of the two integrals of F is an error function, the other is done by Gauss-Legendre over the
shorter segment; parallel axes have a closed form. On a borehole's own axis the wall stands one
radius beside it.

Sources: A. Lazzarotto, Renewable Energy 86 (2016) 1380-1391; A. Lazzarotto and F. Björk,
Energy 97 (2016) 354-364; J. Claesson and S. Javed, ASHRAE Transactions 117 (2011) 279-288.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.crossing import directions

Floats = NDArray[np.float64]

_RULES = (4, 8, 16, 32, 64)
# Panels of the integral over ln σ: their greatest width and the nodes in each.
_PANEL, _PANEL_NODES = 0.5, 8
# Beyond this many times the inverse of the smallest distance the integrand has vanished.
_FAR_END = 6.5


def inclined_step_kernel(
    segments: Boreholes, borehole: NDArray[np.int64], sigma: ArrayLike
) -> Floats:
    """The integrand F of the finite line source for all pairs of segments.

    A step of heat since time t answers with the nodes above 1/√(4αt), hence its Laplace
    transform with exp(−s/(4ασ²)) at each node.

    Parameters
    ----------
    segments : every segment as a borehole of its own, n of them; any tilt, the vertical included
    borehole : number of the borehole to which each segment belongs, shape (n,)
    sigma : nodes of the inverse length, 1/m, shape (k,)

    Returns
    -------
    F, m2, shape (k, n, n), symmetric; divide by twice the receiver's length
    """
    count = segments.count
    every = np.arange(count)
    return integrals(segments, borehole, every, every, count, np.atleast_1d(sigma), True)


def integrals(
    segments: Boreholes,
    borehole: NDArray[np.int64],
    receivers: NDArray[np.int64],
    column: NDArray[np.int64],
    columns: int,
    sigma: ArrayLike,
    mirror: bool = False,
) -> Floats:
    """F of chosen receivers, emitters added up in columns.

    Parameters
    ----------
    segments, borehole, sigma : as in :func:`inclined_step_kernel`
    receivers : indices of segments, shape (r,)
    column : of the answer, of every segment, shape (n,)
    columns : how many there are
    mirror : every segment is receiver and column of its own

    Returns
    -------
    m2, shape (k, r, columns)
    """
    from diwen.sources.borefield.inclined_compiled import pair_integrals

    rules = [np.polynomial.legendre.leggauss(count) for count in _RULES]
    nodes = np.concatenate([(x + 1) / 2 for x, _ in rules])
    weights = np.concatenate([w / 2 for _, w in rules])
    first = np.concatenate([[0], np.cumsum(_RULES)])
    start = np.column_stack([segments.x, segments.y, segments.buried_depth])
    lines = (start, directions(segments), segments.length, segments.radius)
    owner = np.asarray(borehole, np.int64)
    emitters: Any = (*(np.ascontiguousarray(part) for part in lines), owner)
    chosen: Any = tuple(np.ascontiguousarray(part[receivers]) for part in emitters)
    answer: Floats = pair_integrals(
        chosen, emitters, np.asarray(column, np.int64), columns, mirror,
        np.asarray(sigma, float), nodes, weights, first,
    )  # fmt: skip
    return answer


def split(boreholes: Boreholes, ratios: ArrayLike) -> tuple[Boreholes, NDArray[np.int64]]:
    """The segments of inclined boreholes, one after the other from the top.

    Parameters
    ----------
    boreholes : n boreholes
    ratios : shares of the length from the top, sum 1, shape (m,)

    Returns
    -------
    segments as boreholes (n·m), number of the borehole of each, shape (n·m,)
    """
    share = np.asarray(ratios, float)
    above = np.concatenate([[0.0], np.cumsum(share)[:-1]])
    index = np.repeat(np.arange(boreholes.count), len(share))
    begin = np.outer(boreholes.length, above).ravel()
    towards = directions(boreholes)[index]
    of = boreholes.take(index)
    segments = Boreholes(
        x=of.x + begin * towards[:, 0],
        y=of.y + begin * towards[:, 1],
        length=np.outer(boreholes.length, share).ravel(),
        buried_depth=of.buried_depth + begin * towards[:, 2],
        radius=of.radius,
        tilt=of.tilt,
        orientation=of.orientation,
    )
    return segments, index


def finite_line_source_inclined(
    segments: Boreholes,
    diffusivity: float,
    times: ArrayLike,
    borehole: NDArray[np.int64] | None = None,
) -> Floats:
    """Step responses between inclined line sources, by direct quadrature.

    Parameters
    ----------
    segments : n emitters that are receivers too
    diffusivity : of the ground, m2/s
    times : s, ascending, may end with infinity, shape (t,)
    borehole : which borehole each segment belongs to, shape (n,); each its own where not given

    Returns
    -------
    dimensionless, shape (n receivers, n emitters, t)
    """
    moments = np.atleast_1d(np.asarray(times, float))
    owner = np.arange(segments.count) if borehole is None else borehole
    extent = float(segments.length.max() + np.ptp(segments.x) + np.ptp(segments.y))
    extent += float(segments.buried_depth.max())
    with np.errstate(divide="ignore"):
        lower = np.log(np.maximum(1.0 / np.sqrt(4.0 * diffusivity * moments), 1e-5 / extent))
    # Different boreholes stay apart by more than a radius.
    upper = max(float(np.log(_FAR_END / segments.radius.min())), float(lower[0]))
    x, w = np.polynomial.legendre.leggauss(_PANEL_NODES)
    answer = np.zeros((segments.count, segments.count, len(moments)))
    past = np.zeros((segments.count, segments.count))
    for index, low in enumerate(lower):
        panels = max(1, int(np.ceil((upper - low) / _PANEL)))
        edges = np.linspace(low, upper, panels + 1)
        half = np.diff(edges) / 2
        sigma = np.exp((edges[:-1] + half)[:, None] + half[:, None] * x).ravel()
        weight = (half[:, None] * w).ravel() * sigma
        past = past + np.tensordot(weight, inclined_step_kernel(segments, owner, sigma), 1)
        answer[:, :, index] = past
        upper = low
    return answer / (2.0 * segments.length[:, None, None])
