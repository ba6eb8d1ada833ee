"""Where the water goes that a circulation well returns: back to its own pump, or away.

Each return screen marks its water with a tracer; the steady share of marked water in every cell
follows from the flow alone (upwind, no dispersion), and with it what reaches which screen. So a
pair of screens is judged on the water and not on its geometry: a return into an upper aquifer with
the pump in a lower one looks excellent in temperature and is not a circulation at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import splu

from diwen.sources.circulation_well.flow_field import FlowField
from diwen.sources.circulation_well.heat_operator import through_screens, upwind_transport

Floats = NDArray[np.float64]

AQUITARD_RATIO = 0.01
"""A layer whose radial conductivity is below this part of that at the screen ends its aquifer."""

_STILL = 1e-13  # a cell that water hardly passes still needs a pivot; share of the pumped flow


@dataclass(frozen=True, eq=False)
class WaterPaths:
    """Fate of the water of each return screen, shares of what the screen gives to the ground; all
    zero where everything is bled and nothing returned.

    Attributes
    ----------
    same_layer : reaches the extraction screen of its own pair and never left the aquifer of the
        return screen on the way, shape (np,). The aquifer is the return screen's rows and all
        rows above and below up to the first layer whose radial conductivity is less than
        ``aquitard_ratio`` times the mean at the screen. Zero where the two screens stand in
        different aquifers.
    returned : reaches any extraction screen, by whatever path, shape (np,)
    left : leaves through the far boundary and is replaced by other water, shape (np,)
    crossing : passes the top or the bottom of its aquifer outwards, at the depths of those edges
        and whatever becomes of it, shape (np,); counts gravel and formation alike
    aquifer : upper and lower depth of the aquifer of each return screen, m, shape (np, 2)
    """

    same_layer: Floats
    returned: Floats
    left: Floats
    crossing: Floats
    aquifer: Floats

    @property
    def closed_share(self) -> float:
        """Smallest same-layer share of the pairs: 1 is a closed circulation in every layer."""
        return float(self.same_layer.min())


def water_paths(field: FlowField, *, aquitard_ratio: float = AQUITARD_RATIO) -> WaterPaths:
    """Fate of the returned water in a flow field.

    Parameters
    ----------
    field : for one m³/s; the shares depend neither on the flow nor on the level of K
    aquitard_ratio : radial conductivity below which a layer ends the aquifer of a screen, over
        that at the screen
    """
    injection, _, within = through_screens(field, 1.0)
    transport = csc_array(upwind_transport(field, 1.0) + within)
    pairs = len(field.well.pairs)
    anywhere = np.arange(field.grid.cells)
    found = np.zeros((4, pairs))
    aquifer = np.empty((pairs, 2))
    for pair in range(pairs):
        marked = _of_pair(field, injection, pair)
        given = marked.sum()
        rows = _aquifer_rows(field, pair, aquitard_ratio)
        own = (rows[:, None] * field.grid.columns + np.arange(field.grid.columns)).ravel()
        share = _marked(transport, marked, anywhere)
        inside = _marked(transport, marked, own)
        to_own = _taken(field, inside, [pair])
        to_any = _taken(field, share, range(pairs))
        away = np.maximum(field.radial_flow[:, -1], 0.0) @ share.reshape(field.grid.shape)[:, -1]
        crossing = np.maximum(-field.vertical_flow[rows[0]], 0.0).sum()
        crossing += np.maximum(field.vertical_flow[rows[-1] + 1], 0.0).sum()
        if given > 0.0:
            found[:, pair] = np.array([to_own, to_any, away, crossing]) / given
        aquifer[pair] = field.grid.depth_edges[[rows[0], rows[-1] + 1]]
    same, returned, left, crossing = found
    return WaterPaths(same, returned, left, crossing, aquifer)


def _of_pair(field: FlowField, injection: Floats, pair: int) -> Floats:
    """Injection of one pair alone, shape (n,)."""
    marked = np.zeros(field.grid.shape)
    rows = field.grid.rows_of(pair, injection=True)
    marked[rows, 0] = injection.reshape(field.grid.shape)[rows, 0]
    return marked.ravel()


def _aquifer_rows(field: FlowField, pair: int, ratio: float) -> NDArray[np.intp]:
    """Rows of the aquifer in which the return screen of a pair stands, downwards."""
    grid = field.grid
    conductivity = field.column.radial_conductivity[field.column.at(grid.depth)]
    beside = grid.rows_of(pair, injection=True)
    mean = np.average(conductivity[beside], weights=grid.thickness[beside])
    first, last = int(beside[0]), int(beside[-1])
    while first > 0 and conductivity[first - 1] >= ratio * mean:
        first -= 1
    while last < grid.rows - 1 and conductivity[last + 1] >= ratio * mean:
        last += 1
    return np.arange(first, last + 1)


def _marked(transport: csc_array, marked: Floats, cells: NDArray[np.intp]) -> Floats:
    """Steady share of marked water in each cell, none outside ``cells``, shape (n,)."""
    kept = transport if len(cells) == len(marked) else transport[cells][:, cells]
    system = csc_array(kept - _STILL * diags_array(np.ones(len(cells))))
    share = np.zeros(len(marked))
    share[cells] = splu(system).solve(-marked[cells])
    return share


def _taken(field: FlowField, share: Floats, pairs: range | list[int]) -> float:
    """Marked water taken from the ground by the extraction screens of some pairs."""
    beside = share.reshape(field.grid.shape)[:, 0]
    taken = 0.0
    for pair in pairs:
        rows = field.grid.rows_of(pair, injection=False)
        flow = np.maximum(-field.radial_flow[rows, 0], 0.0)
        taken += float(flow @ beside[rows]) * field.extracted[pair] / flow.sum()
    return taken
