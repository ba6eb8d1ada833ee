"""Circulation wells in layered ground, or with gravel, for particles of a whole field.

The stream function comes from the steady flow on rings of
:mod:`diwen.sources.circulation_well.flow_field` in the place of the closed form of one even
aquifer; the regional flow is shared among the layers by their conductivity.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.circulation_well.flow_field import FlowField
from diwen.sources.well_field.stream_table import ScreenFlow, StreamTable, radius_nodes

Floats = NDArray[np.float64]

_OTHER_DEPTHS = Text("the grids do not have the same depths", "各流场网格的竖向划分不一致")
_SAME_GRID = Text(
    "compute all flow fields with the depths of one grid", "请用同一竖向划分计算各井流场"
)


def layered_stream_table(fields: Sequence[FlowField]) -> StreamTable:
    """The water around one or more shapes of well in the same ground.

    Parameters
    ----------
    fields : steady flow of each shape for 1 m³/s, on grids with the same depths, without bleed;
        the aquifer of the field of wells that uses the table then gives only its heat capacity
        and the range of its screens. Its regional flux is that of the most conductive layer.

    Raises
    ------
    diwen.problems.InputError : grids that do not share their depths
    """
    first = fields[0]
    depth = first.grid.depth_edges
    for other in fields[1:]:
        if not np.array_equal(other.grid.depth_edges, depth):
            raise InputError([Problem("layered table", "fields", _OTHER_DEPTHS, _SAME_GRID)])
    radius = radius_nodes(
        0.5 * min(field.grid.radius_edges[0] for field in fields),
        min(field.grid.radius_edges[-1] for field in fields),
    )
    column = first.column
    layer = column.at(first.grid.depth)
    conductivity = column.radial_conductivity[layer]
    used = column.radial_conductivity > 1e-3 * column.radial_conductivity.max()
    ratio = column.vertical_conductivity[used] / column.radial_conductivity[used]
    return StreamTable(
        radius=radius,
        depth=depth - depth[0],
        top=float(depth[0]),
        flux=np.stack([_stream(field, radius) for field in fields]),
        screens=tuple(_screens(field) for field in fields),
        stretch=float(np.sqrt(ratio.min())),
        regional=conductivity / conductivity.max(),
    )


def _stream(field: FlowField, radius: Floats) -> Floats:
    """Φ for 1 m³/s through the ground, shape (nr, nz): straight between the rings in r²."""
    through = np.cumsum(field.radial_flow, axis=0) / _through_ground(field)
    faces = np.concatenate([np.zeros((1, through.shape[1])), through]).T
    squares = field.grid.radius_edges**2
    return np.stack(
        [np.interp(radius**2, squares, faces[:, k]) for k in range(faces.shape[1])], axis=1
    )


def _screens(field: FlowField) -> tuple[ScreenFlow, ...]:
    """What the rows of each screen give off, return and extraction screen of each pair."""
    grid, wall = field.grid, field.radial_flow[:, 0] / _through_ground(field)
    found = []
    for pair in range(len(field.well.pairs)):
        for injection in (True, False):
            rows = grid.rows_of(pair, injection=injection)
            edges = grid.depth_edges[rows[0] : rows[-1] + 2] - grid.depth_edges[0]
            found.append(ScreenFlow(edges, wall[rows[0] : rows[-1] + 1]))
    return tuple(found)


def _through_ground(field: FlowField) -> float:
    """Share of the pumped water that passes the ground."""
    return 1.0 - field.well.bypass
