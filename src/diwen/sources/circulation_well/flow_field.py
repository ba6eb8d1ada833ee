"""Water around a circulation well: steady confined flow for one m³/s through the pump.

``(1/r) d/dr (r Kr dh/dr) + d/dz (Kz dh/dz) = 0`` on rings (:mod:`.grid`), the conductances those of
steady radial and vertical flow between the nodes. The head along a screen is even and unknown,
the flow through it given. Far away the head is at rest (``open``), or no water passes (``closed``,
the cell of one well in a field). Storage is left out: a confined aquifer is steady within minutes
(Perina 2006 and 2014 give times for unconfined ones, in which the mound takes months).

Heads are rises above the water at rest and scale with the flow and with ``1 / K``; the paths of
the water depend on neither.

Bleed has no steady state of its own: its drawdown ``Q b / (2 pi T) ln(R / r)`` (Thiem 1906) grows
with the radius at which the water is taken to rest, in a confined aquifer ``R = 1.5 sqrt(T t / S)``
after a time t (Cooper & Jacob 1946): give that as the outer radius of the rings where it matters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array
from scipy.sparse.linalg import splu

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell
from diwen.sources.circulation_well.grid import WellGrid, well_grid
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]
Outer = Literal["open", "closed"]

_ROUNDS = 3

_BLEED_CLOSED = Text(
    "a well in a closed cell cannot bleed: no water comes from outside",
    "封闭单元内的井不能排放：外边界无补给水",
)
_OPEN_IT = Text(
    "leave the outer boundary open, or set the bleed to 0", "请采用开放外边界，或将排放量设为 0"
)


@dataclass(frozen=True, eq=False)
class FlowField:
    """Steady flow for 1 m³/s through the pump; build with :func:`flow_field`.

    Attributes
    ----------
    grid, column, well : what it was computed for
    outer : far boundary, ``open`` or ``closed``
    head : rise above rest, m per m³/s (s/m²), shape (nz, nr)
    radial_flow : through the faces, outwards positive, m³/s per m³/s, shape (nz, nr + 1); column 0
        is what the screens give to the ground
    vertical_flow : through the faces, downwards positive, shape (nz + 1, nr); zero at both ends
    injection_head : rise of the water in each return screen, s/m², shape (np,)
    extraction_head : drawdown in each extraction screen, positive downwards, s/m², shape (np,)
    """

    grid: WellGrid
    column: GroundColumn
    well: CirculationWell
    outer: Outer
    head: Floats
    radial_flow: Floats
    vertical_flow: Floats
    injection_head: Floats
    extraction_head: Floats

    @property
    def imbalance(self) -> Floats:
        """What enters each cell less what leaves it, m³/s per m³/s, shape (nz, nr)."""
        return -np.diff(self.radial_flow, axis=1) - np.diff(self.vertical_flow, axis=0)

    @property
    def mass_closure(self) -> float:
        """Largest imbalance of a cell, share of the pumped flow."""
        return float(np.abs(self.imbalance).max())

    @property
    def injected(self) -> Floats:
        """Given to the ground by each return screen, m³/s per m³/s, shape (np,)."""
        return injected_shares(self.well)

    @property
    def extracted(self) -> Floats:
        """Taken from the ground by each extraction screen, m³/s per m³/s, shape (np,)."""
        return extracted_shares(self.well)

    @property
    def outflow(self) -> float:
        """Leaves through the far boundary, m³/s per m³/s."""
        return float(np.maximum(self.radial_flow[:, -1], 0.0).sum())

    @property
    def inflow(self) -> float:
        """Enters through the far boundary, m³/s per m³/s."""
        return float(np.maximum(-self.radial_flow[:, -1], 0.0).sum())

    @property
    def seal_gradient(self) -> Floats:
        """Head lost between the two screens of a pair over the length of the seal, per m³/s,
        s/m³, shape (np,); infinite where there is no seal."""
        length = np.array([pair.seal.length for pair in self.well.pairs])
        with np.errstate(divide="ignore"):
            return (self.injection_head + self.extraction_head) / np.maximum(length, 0.0)

    @property
    def wall_velocity(self) -> Floats:
        """Largest Darcy velocity at the wall of the bore beside each screen, m/s per m³/s, shape
        (np, 2): return screen, extraction screen. Higher than the mean: the ends draw most."""
        face = self.grid.annulus_columns
        wall = 2.0 * np.pi * self.grid.radius_edges[face] * self.grid.thickness
        speed = np.abs(self.radial_flow[:, face]) / wall
        return np.array([
            [speed[self.grid.rows_of(pair, injection=side)].max() for side in (True, False)]
            for pair in range(len(self.well.pairs))
        ])  # fmt: skip

    @property
    def gravel_share(self) -> float:
        """Water that passes the middle of the seal inside the gravel over the water returned to
        the screens; 0 without gravel, or where all is bled. Above 1 where bleed draws water of the
        formation into the bore above the seal."""
        inside, returned = self.grid.annulus_columns, float(self.injected.sum())
        if inside == 0 or returned == 0.0:
            return 0.0
        passing = 0.0
        for pair in self.well.pairs:
            face = int(np.abs(self.grid.depth_edges - pair.seal.centre).argmin())
            sign = 1.0 if pair.injection.top < pair.extraction.top else -1.0
            passing += sign * float(self.vertical_flow[face, :inside].sum())
        return passing / returned

    @property
    def exchange_share(self) -> float:
        """Water that passes the wall of the bore outwards over the water returned to the screens;
        1 without gravel, 0 where all is bled."""
        returned = float(self.injected.sum())
        if returned == 0.0:
            return 0.0
        outwards = np.maximum(self.radial_flow[:, self.grid.annulus_columns], 0.0).sum()
        return float(outwards / returned)

    def with_viscosity(self, ratio: float) -> FlowField:
        """The same flow with water of another viscosity, everywhere.

        Parameters
        ----------
        ratio : dynamic viscosity over that for which the conductivities hold; from 15 to 4 °C
            water grows more viscous by a third, and all heads with it
        """
        _refuse_ratio(ratio)
        return replace(
            self, head=self.head * ratio, injection_head=self.injection_head * ratio,
            extraction_head=self.extraction_head * ratio,
        )  # fmt: skip


def flow_field(
    column: GroundColumn,
    well: CirculationWell,
    grid: WellGrid | None = None,
    *,
    outer: Outer = "open",
    viscosity_ratio: float = 1.0,
) -> FlowField:
    """Steady flow around a well for 1 m³/s through the pump.

    Of the water pumped, the bleed is not returned; of the water returned, the bypass goes to the
    pump inside the well. The rest passes through the ground: ``(1 - bypass)(1 - bleed)`` into it,
    ``1 - bypass (1 - bleed)`` out of it, shared by the pairs.

    Parameters
    ----------
    column : conductivities of the layers, m/s
    well : bore, screens, gravel, bypass, bleed
    grid : rings; :func:`.grid.well_grid` of both if not given
    outer : head at rest at the outer radius, or no flow through it; the heads of a closed cell are
        counted from their mean over the volume
    viscosity_ratio : dynamic viscosity over that for which the conductivities hold

    Raises
    ------
    diwen.problems.InputError : bleed in a closed cell, what the grid refuses
    """
    if outer == "closed" and well.bleed > 0.0:
        shown = f"{well.bleed:g}"
        raise InputError([Problem("flow_field", "bleed", _BLEED_CLOSED, _OPEN_IT, shown)])
    _refuse_ratio(viscosity_ratio)
    grid = grid or well_grid(column, well)
    radial, vertical = conductances(grid, column, well)
    if outer == "closed":
        radial[:, -1] = 0.0
    head, screen_head, across, along = _solve(grid, well, radial, vertical)
    return FlowField(
        grid, column, well, outer, head * viscosity_ratio, across, along,
        screen_head[0::2] * viscosity_ratio, -screen_head[1::2] * viscosity_ratio,
    )  # fmt: skip


def injected_shares(well: CirculationWell) -> Floats:
    """Water given to the ground by each pair over the water pumped, shape (np,)."""
    shares = np.array([pair.share for pair in well.pairs])
    return shares * (1.0 - well.bypass) * (1.0 - well.bleed)


def extracted_shares(well: CirculationWell) -> Floats:
    """Water taken from the ground by each pair over the water pumped, shape (np,)."""
    shares = np.array([pair.share for pair in well.pairs])
    return shares * (1.0 - well.bypass * (1.0 - well.bleed))


def conductances(
    grid: WellGrid, column: GroundColumn, well: CirculationWell
) -> tuple[Floats, Floats]:
    """Flow between neighbouring nodes per metre of head, m²/s.

    Returns
    -------
    radial : shape (nz, nr + 1); from the screens to the first nodes, between the nodes, from the
        last nodes to the outer radius
    vertical : shape (nz - 1, nr)
    """
    inside = None if well.annulus is None else well.annulus.hydraulic_conductivity
    return ring_conductances(
        grid, grid.cell_values(column.radial_conductivity, column, inside),
        grid.cell_values(column.vertical_conductivity, column, inside),
        open_rows=grid.screen >= 0,
    )  # fmt: skip


def ring_conductances(
    grid: WellGrid, radial: Floats, vertical: Floats, open_rows: NDArray[np.bool_] | None = None
) -> tuple[Floats, Floats]:
    """Steady conductances between nodes for a conductivity in each cell, for water or for heat.

    Parameters
    ----------
    radial, vertical : conductivity (m/s or W/(m·K)), shape (nz, nr)
    open_rows : rows whose inner edge lets through; none if not given

    Returns
    -------
    across : shape (nz, nr + 1), the outer edge included
    along : shape (nz - 1, nr)
    """
    edges, nodes = grid.radius_edges, grid.radius
    inner = np.log(nodes / edges[:-1]) / radial
    outer = np.log(edges[1:] / nodes) / radial
    resistance = np.column_stack([inner, np.zeros(grid.rows)])
    resistance[:, 1:] += outer
    across = 2.0 * np.pi * grid.thickness[:, None] / resistance
    across[:, 0] = np.where(False if open_rows is None else open_rows, across[:, 0], 0.0)
    half = 0.5 * grid.thickness[:, None] / (vertical * grid.area)
    return across, 1.0 / (half[:-1] + half[1:])


def _solve(
    grid: WellGrid, well: CirculationWell, radial: Floats, vertical: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Heads of cells (nz, nr) and screens (2 np,), flows across and along, for 1 m³/s.

    What the flows leave unbalanced is solved for again and its flows added to them, not its heads
    to the heads: an open hole passes much water under a head too small to show in a sum.
    """
    matrix = _matrix(grid, len(well.pairs), radial, vertical)
    source = np.zeros(matrix.shape[0])
    source[grid.cells :: 2] = injected_shares(well)
    source[grid.cells + 1 :: 2] = -extracted_shares(well)
    free = slice(0 if radial[:, -1].any() else 1, None)  # closed: the first cell is the reference
    factor = splu(
        csc_array(matrix[free, free]), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )  # fmt: skip
    head = np.zeros(len(source))
    across, along = np.zeros_like(radial), np.zeros((grid.rows + 1, grid.columns))
    for _ in range(_ROUNDS):
        more = np.zeros(len(source))
        more[free] = factor.solve((source - _leaving(grid, len(source), across, along))[free])
        head += more
        for flow, further in zip(
            (across, along), _flows(grid, more, radial, vertical), strict=True
        ):
            flow += further
    if free.start:
        head -= (grid.volume.ravel() @ head[: grid.cells]) / grid.volume.sum()
    return head[: grid.cells].reshape(grid.shape), head[grid.cells :], across, along


def _flows(grid: WellGrid, head: Floats, radial: Floats, vertical: Floats) -> tuple[Floats, Floats]:
    """Flows outwards (nz, nr + 1) and downwards (nz + 1, nr) under heads of cells and screens."""
    cells, screens = head[: grid.cells].reshape(grid.shape), head[grid.cells :]
    rim = np.where(grid.screen >= 0, screens[grid.screen], cells[:, 0])
    along = np.zeros((grid.rows + 1, grid.columns))
    along[1:-1] = -vertical * np.diff(cells, axis=0)
    return -radial * np.diff(np.column_stack([rim, cells, np.zeros(grid.rows)]), axis=1), along


def _leaving(grid: WellGrid, order: int, across: Floats, along: Floats) -> Floats:
    """Net flow out of each cell and each screen, shape (n + 2 np,)."""
    net = np.zeros(order)
    net[: grid.cells] = (np.diff(across, axis=1) + np.diff(along, axis=0)).ravel()
    beside = grid.screen >= 0
    np.add.at(net, grid.cells + grid.screen[beside], across[beside, 0])
    return net


def _matrix(grid: WellGrid, pairs: int, radial: Floats, vertical: Floats) -> csc_array:
    """Symmetric balance of water of cells and screens, m²/s, order n + 2 np."""
    cell = np.arange(grid.cells).reshape(grid.shape)
    rows = np.flatnonzero(grid.screen >= 0)
    one = np.concatenate([cell[:, :-1].ravel(), cell[:-1].ravel(), cell[rows, 0]])
    other = np.concatenate([cell[:, 1:].ravel(), cell[1:].ravel(), grid.cells + grid.screen[rows]])
    link = np.concatenate([radial[:, 1:-1].ravel(), vertical.ravel(), radial[rows, 0]])
    order = grid.cells + 2 * pairs
    diagonal = np.zeros(order)
    for end in (one, other):
        diagonal += np.bincount(end, link, order)
    diagonal[cell[:, -1]] += radial[:, -1]
    every = np.arange(order)
    return coo_array(
        (np.concatenate([-link, -link, diagonal]),
         (np.concatenate([one, other, every]), np.concatenate([other, one, every]))),
        shape=(order, order),
    ).tocsc()  # fmt: skip


def _refuse_ratio(ratio: float) -> None:
    if not (math.isfinite(ratio) and ratio > 0.0):
        message = NOT_POSITIVE if math.isfinite(ratio) else NOT_FINITE
        raise InputError(
            [Problem("flow_field", "viscosity_ratio", message, CORRECT, f"{ratio:g}",
                     MORE_THAN_ZERO)]
        )  # fmt: skip
