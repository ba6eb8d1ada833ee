"""How long heat travels from the return screens to the pump, with the water that carries it.

Paths through the rings of :mod:`.flow_field`, by the method of D. W. Pollock, "Semianalytical
computation of path lines for finite-difference models", Ground Water 26 (1988) 743-750, with the
area of the circle in place of the radius, so that flow through rings is linear too. The heat of
the water moves slower than the water by the ratio of the capacities, ``q / A`` with
``A = (rho c)_ground / (rho c)_water``. As all flows scale with the pumped one, what
a path takes is a pumped volume, whatever the flow does meanwhile. Conduction and dispersion are
left out; :mod:`.reduced_well` has them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.sources.circulation_well.flow_field import FlowField

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

_PATHS = 1500
_MOST = 1e4  # times the heat content of a cylinder of the reach of the screens


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """Paths of heat from the return screens; build with :func:`travel_times`.

    Attributes
    ----------
    volume : pumped until heat has gone the whole path, m³, shape (np,)
    share : of the water returned to the ground, for each path, sum 1, shape (np,); no paths where
        all is bled
    length : of the path, m, shape (np,)
    radius : largest on the path, m, shape (np,)
    arrived, left : whether the path ends at an extraction screen, or at the far boundary, shape
        (np,); neither: still underway when it was given up, or back in a return screen
    returned : water given to the ground over water taken from it (1 without bleed)
    """

    volume: Floats
    share: Floats
    length: Floats
    radius: Floats
    arrived: NDArray[np.bool_]
    left: NDArray[np.bool_]
    returned: float

    @property
    def arrived_share(self) -> float:
        """Of the water returned to the ground, what reaches an extraction screen."""
        return float(self.share[self.arrived].sum())

    @property
    def left_share(self) -> float:
        """Of the water returned to the ground, what leaves through the far boundary."""
        return float(self.share[self.left].sum())

    @property
    def first_volume(self) -> float:
        """Pumped until the first heat arrives, m³; infinite if none does."""
        return float(self.volume[self.arrived].min()) if self.arrived.any() else np.inf

    def times(self, flow: float) -> Floats:
        """Of each path at a steady flow in m³/s, s, shape (np,)."""
        return self.volume / flow

    def thermal_radius(self, share: float = 0.95) -> float:
        """Radius within which a share of the returned water stays on its whole way, m; 0 where
        none is returned."""
        if not self.radius.size:
            return 0.0
        order = np.argsort(self.radius)
        within = np.cumsum(self.share[order])
        last = min(int(np.searchsorted(within, share)), len(order) - 1)
        return float(self.radius[order[last]])


def travel_times(
    field: FlowField, *, paths: int = _PATHS, water_heat_capacity: float = WATER_HEAT_CAPACITY
) -> TravelTimes:
    """Paths of equal flow from all return screens.

    Parameters
    ----------
    field : flow around the well
    paths : about how many
    water_heat_capacity : of a volume of water, J/(m³·K)
    """
    from diwen.sources.circulation_well import travel_times_compiled as loops

    rows, places, share = _seeds(field, paths)
    content = _content(field, water_heat_capacity)
    volume, length, radius = np.empty((3, len(rows)))
    last_row, fate = np.empty((2, len(rows)), np.intp)
    loops.trace(
        field.radial_flow, field.vertical_flow, field.grid.radius_edges, field.grid.depth_edges,
        content, rows, places, _MOST * content.sum(), volume, length, radius, last_row, fate,
    )  # fmt: skip
    ends_at = field.grid.screen[last_row]
    at_pump = (ends_at >= 0) & (ends_at % 2 == 1)
    returned = float(field.injected.sum() / field.extracted.sum())
    arrived = (fate == loops.ARRIVED) & at_pump
    return TravelTimes(volume, share, length, radius, arrived, fate == loops.LEFT, returned)


def _seeds(field: FlowField, paths: int) -> tuple[Integers, Floats, Floats]:
    """Row, place in it, and share of the returned water of each path.

    What a screen driven by another pair takes at one end is mixed with what it gives at the other.
    """
    given = np.zeros(field.grid.rows)
    for pair, injected in enumerate(field.injected):
        beside = field.grid.rows_of(pair, injection=True)
        outwards = np.maximum(field.radial_flow[beside, 0], 0.0)
        if injected > 0.0:
            given[beside] = outwards / outwards.sum() * injected / field.injected.sum()
    rows, places, shares = [np.empty(0, np.intp)], [np.empty(0)], [np.empty(0)]
    for row in np.flatnonzero(given > 1e-12):
        count = max(1, round(paths * given[row]))
        rows.append(np.full(count, row, np.intp))
        places.append((np.arange(count) + 0.5) / count)
        shares.append(np.full(count, given[row] / count))
    return np.concatenate(rows), np.concatenate(places), np.concatenate(shares)


def _content(field: FlowField, water_heat_capacity: float) -> Floats:
    """Heat capacity of each cell over that of a m³ of water, m³, shape (nz, nr)."""
    annulus = field.well.annulus
    inside = None if annulus is None else annulus.heat_capacity
    cells = field.grid.cell_values(field.column.heat_capacity, field.column, inside)
    return np.ascontiguousarray(cells * field.grid.volume / water_heat_capacity)
