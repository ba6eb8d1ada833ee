"""Heat in the ground around a circulation well as one linear system, affine in the flow.

``capacity dT/dt = (conduction + Q advection) T + Q injection T_return``, T above the temperature
far away; the water taken from the ground is at ``extraction . T``. From the energy balance of water
and grains at one temperature,

``(rho c) dT/dt + (rho c)_w q . grad T = div [(lambda + (rho c)_w D) grad T]``,

with upwind weights for the water carried and with mechanical dispersion
``D_rr = (aL qr² + aT qz²) / |q|``, ``D_zz = (aL qz² + aT qr²) / |q|`` on the faces. The mixed term
``D_rz`` is left out: a five-point stencil cannot carry it without negative weights, and the upwind
weights smear by half a cell anyway, of the order of ``aL``. No heat passes the bottom, the
wall of the bore and the insulated pipe; at an open outer edge the ground has its own temperature,
and so has the surface where it is said to be fixed. An insulated surface is right for a season;
over decades it would keep all heat that a closed cell is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, diags_array

from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.problems import InputError, Problem
from diwen.sources.circulation_well.flow_field import FlowField, ring_conductances
from diwen.sources.circulation_well.grid import WellGrid
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]
Surface = Literal["insulated", "fixed"]


@dataclass(frozen=True, eq=False)
class HeatOperator:
    """Heat balance of the cells; build with :func:`heat_operator`.

    Temperatures are above that far away. ``n`` cells, numbered ``row * nr + column``.

    Attributes
    ----------
    grid : the rings
    capacity : of each cell, J/K, shape (n,)
    conduction : W/K, shape (n, n), symmetric; the loss to an open outer edge and to a fixed surface
        on its diagonal
    advection : carried by water, and dispersion, W/K per m³/s pumped, shape (n, n)
    injection : heat given to each cell by the water of the return screens, W/K per m³/s, shape (n,)
    extraction : weights of the cells in the water taken from the ground, shape (n,), sum 1
    outer_conduction : to the ground beyond the outer edge and to the surface, W/K, shape (n,)
    outer_inflow, outer_outflow : water through the outer edge, W/K per m³/s, shape (n,)
    bypass : share of the returned water that reaches the pump inside the well
    bleed : share of the pumped water that is not returned
    water_heat_capacity : volumetric, J/(m³·K)
    """

    grid: WellGrid
    capacity: Floats
    conduction: csc_array
    advection: csc_array
    injection: Floats
    extraction: Floats
    outer_conduction: Floats
    outer_inflow: Floats
    outer_outflow: Floats
    bypass: float
    bleed: float
    water_heat_capacity: float

    @property
    def cells(self) -> int:
        """n."""
        return len(self.capacity)

    @property
    def short_circuit(self) -> float:
        """Share of the pumped water that came to the pump inside the well: ``bypass (1 - bleed)``.

        Pumped water is at ``short_circuit T_return + (1 - short_circuit) extraction . T``.
        """
        return self.bypass * (1.0 - self.bleed)

    def matrix(self, flow: float) -> csc_array:
        """``conduction + flow * advection`` at a flow in m³/s, W/K, shape (n, n)."""
        return csc_array(self.conduction + flow * self.advection)


def heat_operator(
    field: FlowField,
    *,
    water_heat_capacity: float = WATER_HEAT_CAPACITY,
    surface: Surface = "insulated",
) -> HeatOperator:
    """Heat balance of the rings of a flow field.

    Parameters
    ----------
    field : flow for 1 m³/s, with the ground and the well it was computed for
    water_heat_capacity : volumetric, J/(m³·K)
    surface : no heat passes it, or it keeps its own temperature, whatever the wells do

    Raises
    ------
    diwen.problems.InputError : a heat capacity not above zero
    """
    if not water_heat_capacity > 0.0:
        shown = f"{water_heat_capacity:g}"
        raise InputError(
            [Problem("heat_operator", "water_heat_capacity", NOT_POSITIVE, CORRECT, shown,
                     MORE_THAN_ZERO)]
        )  # fmt: skip
    grid = field.grid
    across, along = _conduction(field)
    injection, extraction, through_well = through_screens(field, water_heat_capacity)
    edge = _at_outer_edge(grid, water_heat_capacity * field.radial_flow[:, -1])
    upwards = _to_surface(field) if surface == "fixed" else np.zeros(grid.cells)
    return HeatOperator(
        grid, _capacity(field).ravel(),
        csc_array(_symmetric(grid, across, along) - diags_array(upwards)),
        csc_array(
            upwind_transport(field, water_heat_capacity)
            + _symmetric(grid, *_dispersion(field, water_heat_capacity)) + through_well
        ),
        injection, extraction, _at_outer_edge(grid, across[:, -1]) + upwards,
        np.maximum(-edge, 0.0), np.maximum(edge, 0.0),
        field.well.bypass, field.well.bleed, water_heat_capacity,
    )  # fmt: skip


def _capacity(field: FlowField) -> Floats:
    """J/K, shape (nz, nr)."""
    gravel = field.well.annulus
    inside = None if gravel is None else gravel.heat_capacity
    return field.grid.volume * field.grid.cell_values(
        field.column.heat_capacity, field.column, inside
    )


def _conduction(field: FlowField) -> tuple[Floats, Floats]:
    """Conductances between nodes, W/K, shapes (nz, nr + 1) and (nz - 1, nr)."""
    gravel = field.well.annulus
    inside = None if gravel is None else gravel.thermal_conductivity
    cells = field.grid.cell_values(field.column.thermal_conductivity, field.column, inside)
    across, along = ring_conductances(field.grid, cells, cells)
    if field.outer == "closed":
        across[:, -1] = 0.0
    return across, along


def _dispersion(field: FlowField, water: float) -> tuple[Floats, Floats]:
    """Conductances of mechanical dispersion for 1 m³/s, W/K, as those of conduction.

    None through the wall of the bore, none through the outer edge.
    """
    grid = field.grid
    radial = field.radial_flow / (2.0 * np.pi * grid.radius_edges * grid.thickness[:, None])
    vertical = field.vertical_flow / grid.area
    inside = None if field.well.annulus is None else 0.0
    column = field.column
    lengthwise = grid.cell_values(column.longitudinal_dispersivity, column, inside)
    sideways = grid.cell_values(column.transverse_dispersivity, column, inside)
    crossing = 0.5 * (vertical[:-1] + vertical[1:])
    outwards = 0.5 * (radial[:, :-1] + radial[:, 1:])
    across = np.zeros_like(field.radial_flow)
    along_r = 0.5 * (crossing[:, :-1] + crossing[:, 1:])
    across[:, 1:-1] = _dispersed(
        radial[:, 1:-1], along_r, _mean(lengthwise.T).T, _mean(sideways.T).T
    ) * (
        2.0 * np.pi * grid.thickness[:, None] / np.log(grid.radius[1:] / grid.radius[:-1])
    )  # fmt: skip
    along = _dispersed(
        vertical[1:-1], _mean(outwards), _mean(lengthwise), _mean(sideways)
    ) * grid.area / np.diff(grid.depth)[:, None]  # fmt: skip
    return water * across, water * along


def _dispersed(through: Floats, beside: Floats, lengthwise: Floats, sideways: Floats) -> Floats:
    """``(aL q² + aT p²) / |v|`` for the velocity through a face and the one along it, m²/s."""
    speed = np.hypot(through, beside)
    safe = np.where(speed > 0.0, speed, 1.0)
    return (lengthwise * through**2 + sideways * beside**2) / safe


def _mean(rows: Floats) -> Floats:
    return 0.5 * (rows[:-1] + rows[1:])


def upwind_transport(field: FlowField, water: float) -> csc_array:
    """Upwind transport for 1 m³/s: each cell gives away what flows out of it.

    Parameters
    ----------
    water : volumetric heat capacity, J/(m³·K), for W/K; 1 for shares of the pumped flow

    Returns
    -------
    shape (n, n); what leaves through the screens and the outer edge is on the diagonal
    """
    grid = field.grid
    cell = np.arange(grid.cells).reshape(grid.shape)
    flow = water * np.concatenate(
        [field.radial_flow[:, 1:-1].ravel(), field.vertical_flow[1:-1].ravel()]
    )
    upper = np.concatenate([cell[:, :-1].ravel(), cell[:-1].ravel()])
    lower = np.concatenate([cell[:, 1:].ravel(), cell[1:].ravel()])
    giving, taking = np.where(flow > 0.0, upper, lower), np.where(flow > 0.0, lower, upper)
    lost = np.zeros(grid.cells)
    lost += np.bincount(giving, np.abs(flow), grid.cells)
    lost[cell[:, 0]] += water * np.maximum(-field.radial_flow[:, 0], 0.0)
    lost[cell[:, -1]] += water * np.maximum(field.radial_flow[:, -1], 0.0)
    every = np.arange(grid.cells)
    return coo_array(
        (np.concatenate([np.abs(flow), -lost]),
         (np.concatenate([taking, every]), np.concatenate([giving, every]))),
        shape=(grid.cells, grid.cells),
    ).tocsc()  # fmt: skip


def _symmetric(grid: WellGrid, across: Floats, along: Floats) -> csc_array:
    """Exchange between neighbours and with the outer edge, W/K, shape (n, n)."""
    cell = np.arange(grid.cells).reshape(grid.shape)
    link = np.concatenate([across[:, 1:-1].ravel(), along.ravel()])
    one = np.concatenate([cell[:, :-1].ravel(), cell[:-1].ravel()])
    other = np.concatenate([cell[:, 1:].ravel(), cell[1:].ravel()])
    diagonal = np.zeros(grid.cells)
    for end in (one, other):
        diagonal += np.bincount(end, link, grid.cells)
    diagonal[cell[:, -1]] += across[:, -1]
    every = np.arange(grid.cells)
    return coo_array(
        (np.concatenate([link, link, -diagonal]),
         (np.concatenate([one, other, every]), np.concatenate([other, one, every]))),
        shape=(grid.cells, grid.cells),
    ).tocsc()  # fmt: skip


def through_screens(field: FlowField, water: float) -> tuple[Floats, Floats, csc_array]:
    """What the screens give and take for 1 m³/s, and what passes from row to row inside one.

    Where one pair drives another, a screen can take water at one end and give it back at the
    other; that water is mixed in the screen before it leaves.

    Parameters
    ----------
    water : volumetric heat capacity, J/(m³·K), for W/K; 1 for shares of the pumped flow

    Returns
    -------
    injection : given to each cell, shape (n,)
    extraction : weights in the water taken, shape (n,), sum 1
    within : from cell to cell inside a screen, shape (n, n)
    """
    grid = field.grid
    first = np.arange(grid.rows) * grid.columns
    injection, extraction = np.zeros(grid.cells), np.zeros(grid.cells)
    to, out_of, carried = [], [], []
    total = field.extracted.sum()
    for pair in range(len(field.well.pairs)):
        for entering in (True, False):
            rows = grid.rows_of(pair, injection=entering)
            given = np.maximum(field.radial_flow[rows, 0], 0.0)
            taken = np.maximum(-field.radial_flow[rows, 0], 0.0)
            mixed = (given.sum() if entering else taken.sum()) or 1.0  # a still screen
            if entering:
                injection[first[rows]] = water * given / mixed * field.injected[pair]
            else:
                extraction[first[rows]] = taken / mixed * field.extracted[pair] / total
            if given.any() and taken.any():
                to.append(np.repeat(first[rows], len(rows)))
                out_of.append(np.tile(first[rows], len(rows)))
                carried.append((water / mixed * np.outer(given, taken)).ravel())
    shape = (grid.cells, grid.cells)
    if not carried:
        return injection, extraction, csc_array(shape)
    within = (np.concatenate(carried), (np.concatenate(to), np.concatenate(out_of)))
    return injection, extraction, coo_array(within, shape=shape).tocsc()


def _to_surface(field: FlowField) -> Floats:
    """Conductance from the uppermost cells to the surface, W/K, shape (n,)."""
    grid, gravel = field.grid, field.well.annulus
    inside = None if gravel is None else gravel.thermal_conductivity
    column = field.column
    top = grid.cell_values(column.thermal_conductivity, column, inside)[0]
    cells = np.zeros(grid.shape)
    cells[0] = top * grid.area / (0.5 * grid.thickness[0])
    return cells.ravel()


def _at_outer_edge(grid: WellGrid, of_rows: Floats) -> Floats:
    """One value per row put on the outermost cell of each, shape (n,)."""
    cells = np.zeros(grid.shape)
    cells[:, -1] = of_rows
    return cells.ravel()
