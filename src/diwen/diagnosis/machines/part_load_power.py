"""Power and running number of identical units at a heat rate, as the twin dispatches them.

The same rules as the compiled march (:mod:`diwen.twin.unit_compiled`), over arrays of hours: all
units at full load but the last, or as many at one part load as need the least power.
"""

from __future__ import annotations

import numpy as np

from diwen.diagnosis.finding import Floats
from diwen.plant.performance_map import PartLoad

_TINY = 1e-12


def power_at(
    wanted: Floats,
    able: float,
    best: float,
    capacity: Floats,
    power: Floats,
    part: PartLoad,
) -> tuple[Floats, Floats]:
    """Power, W, and mean running number of identical units, shape (n,) each.

    Parameters
    ----------
    wanted : heat (or cold) of all of them, W, shape (n,)
    able : number of units
    best : share of full load of the best efficiency; 0: they are filled one after another
    capacity, power : of one at full load, W, shape (n,)
    part : below full load
    """
    loads = np.asarray(wanted / capacity)
    found, running = _one_after_another(loads, capacity, power, part)
    if best <= 0.0:
        return found, running
    fewest = np.ceil(loads - _TINY)
    most = np.floor(able + _TINY)
    number = np.maximum(np.minimum(np.floor(loads / best), most), fewest)
    for n in (number, number + 1.0):
        n = np.maximum(n, 1.0)
        possible = (n <= most) & (loads >= part.minimum * n) & (loads > part.minimum)
        total = n * power * np.interp(loads / n, part.ratios, part.power_shares)
        better = possible & (total < found * (1.0 - _TINY))
        found, running = np.where(better, total, found), np.where(better, n, running)
    return found, running


def _one_after_another(
    loads: Floats, capacity: Floats, power: Floats, part: PartLoad
) -> tuple[Floats, Floats]:
    whole = np.floor(loads + _TINY)
    share = loads - whole
    held = np.interp(share, part.ratios, part.power_shares)
    least = power * float(np.interp(part.minimum, part.ratios, part.power_shares))
    duty = share / part.minimum if part.minimum > 0.0 else np.zeros(share.shape)
    cycled = least * (part.cycling * duty + 1.0 - part.cycling)
    cycled = np.minimum(cycled, np.maximum(share * capacity, least * duty))
    modulates = share >= part.minimum
    found = whole * power + np.where(modulates, held * power, cycled)
    running = whole + np.where(modulates, 1.0, duty)
    none = share <= _TINY
    return np.where(none, whole * power, found), np.where(none, whole, running)
