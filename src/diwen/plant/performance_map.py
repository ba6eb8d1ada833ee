"""A heat pump as everything above sees it: capacity and power over two temperatures.

A maker's table, rated points completed by a Carnot fraction, the fit parameters of a certified
unit, a thermodynamic cycle: all of them are written as one rectangular table, wide enough for every
operating point of a year, with the part of it that was really tested. The twin interpolates
between the points and counts the hours outside the tested part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PerformanceMap:
    """Full-load capacity and power of one unit in one mode.

    Attributes
    ----------
    mode : ``heating`` (capacity is heat delivered at the condenser) or ``cooling`` (cold delivered
        at the evaporator)
    source : temperature of the fluid entering from the source, °C, ascending, shape (ns,)
    load : temperature of the fluid leaving towards the load, °C, ascending, shape (nl,)
    capacity : W, above 0, shape (ns, nl)
    power : electric, all that the unit's own meter would count, W, above 0, shape (ns, nl)
    tested_source, tested_load : lowest and highest tested temperature, °C; outside is extrapolated
    origin : where the numbers come from, for people
    """

    mode: str
    source: Floats
    load: Floats
    capacity: Floats
    power: Floats
    tested_source: tuple[float, float]
    tested_load: tuple[float, float]
    origin: str = ""

    def at(self, source: ArrayLike, load: ArrayLike) -> tuple[Floats, Floats]:
        """Capacity and power, W, at °C; bilinear between the points, the edge beyond them."""
        s, t = np.broadcast_arrays(np.asarray(source, float), np.asarray(load, float))
        i, u = _place(self.source, s)
        j, v = _place(self.load, t)
        return _bilinear(self.capacity, i, j, u, v), _bilinear(self.power, i, j, u, v)

    def extrapolated(self, source: ArrayLike, load: ArrayLike) -> NDArray[np.bool_]:
        """Whether a point lies outside what was tested, at °C."""
        s, t = np.asarray(source, float), np.asarray(load, float)
        inside = (s >= self.tested_source[0]) & (s <= self.tested_source[1])
        return np.asarray(~(inside & (t >= self.tested_load[0]) & (t <= self.tested_load[1])))


def _place(axis: Floats, value: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Cell and place within it, 0 to 1; an axis of one point has one cell of no width."""
    if len(axis) == 1:
        return np.zeros(value.shape, np.intp), np.zeros(value.shape)
    cell = np.clip(np.searchsorted(axis, value) - 1, 0, len(axis) - 2)
    share = (value - axis[cell]) / (axis[cell + 1] - axis[cell])
    return cell, np.clip(share, 0.0, 1.0)


def _bilinear(
    table: Floats, i: NDArray[np.intp], j: NDArray[np.intp], u: Floats, v: Floats
) -> Floats:
    after_i = np.minimum(i + 1, table.shape[0] - 1)
    after_j = np.minimum(j + 1, table.shape[1] - 1)
    low = table[i, j] * (1.0 - v) + table[i, after_j] * v
    high = table[after_i, j] * (1.0 - v) + table[after_i, after_j] * v
    return np.asarray(low * (1.0 - u) + high * u)


@dataclass(frozen=True, eq=False)
class PartLoad:
    """Power of a unit that gives less than its capacity.

    Attributes
    ----------
    minimum : smallest share of full load it can hold; below, it cycles at this share
    ratios : shares of full load, ascending, the last 1, shape (n,)
    power_shares : power at these shares over power at full load, the last 1, shape (n,)
    cycling : degradation while cycling (EN 14825 C_c): efficiency at a running share r of the
        smallest load is r / (C_c r + 1 − C_c) of that at the smallest load; 1: no loss
    """

    minimum: float
    ratios: Floats
    power_shares: Floats
    cycling: float = 1.0

    @classmethod
    def proportional(cls, minimum: float = 0.0, cycling: float = 1.0) -> PartLoad:
        """Power in proportion to load: efficiency of full load at every load."""
        ends = np.array([0.0, 1.0])
        return cls(minimum, ends, ends, cycling)
