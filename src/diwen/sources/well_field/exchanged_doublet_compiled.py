"""Parcels of water pushed to and fro through the stream tubes of a doublet, compiled.

Each tube is a row of parcels, first well to second; a row is a ring buffer. Water enters as a
parcel at one end and leaves at the other; new water joins the parcel at its end while that is
small. Nothing mixes otherwise, so that a reversal brings the same water back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled()
def _compact(volume: Floats, drop: Floats, first: int, count: int) -> tuple[int, int]:
    """Join parcels two by two; heat is kept. The new first and count."""
    room = volume.size
    kept = 0
    old_volume, old_drop = np.empty(count), np.empty(count)
    for k in range(count):
        old_volume[k] = volume[(first + k) % room]
        old_drop[k] = drop[(first + k) % room]
    k = 0
    while k < count:
        if k + 1 < count:
            total = old_volume[k] + old_volume[k + 1]
            heat = old_volume[k] * old_drop[k] + old_volume[k + 1] * old_drop[k + 1]
            volume[kept], drop[kept] = total, heat / total if total > 0.0 else 0.0
        else:
            volume[kept], drop[kept] = old_volume[k], old_drop[k]
        kept += 1
        k += 2
    return 0, kept


@compiled()
def _take(
    volume: Floats, drop: Floats, first: int, count: int, wanted: float, at_start: bool
) -> tuple[int, int, float]:
    """Take a volume from one end: new first, count, and volume times drop of what came out."""
    room = volume.size
    heat = 0.0
    while wanted > 0.0 and count > 0:
        k = first if at_start else (first + count - 1) % room
        part = min(wanted, volume[k])
        heat += part * drop[k]
        wanted -= part
        if part >= volume[k] and count > 1:
            count -= 1
            if at_start:
                first = (first + 1) % room
        else:
            volume[k] -= part
            break
    return first, count, heat


@compiled()
def _give(
    volume: Floats, drop: Floats, first: int, count: int, added: float, value: float,
    smallest: float, at_start: bool,
) -> tuple[int, int]:  # fmt: skip
    """Add a parcel at one end: new first and count."""
    room = volume.size
    k = first if at_start else (first + count - 1) % room
    if volume[k] + added <= smallest:
        total = volume[k] + added
        if total > 0.0:
            drop[k] = (drop[k] * volume[k] + value * added) / total
        volume[k] = total
        return first, count
    if count == room:
        first, count = _compact(volume, drop, first, count)
    if at_start:
        first = (first - 1) % room
        k = first
    else:
        k = (first + count) % room
    volume[k], drop[k] = added, value
    return first, count + 1


@compiled()
def march(
    volume: Floats, drop: Floats, first: Integers, count: Integers, smallest: Floats,
    moved: Floats, added: Floats, pumped: Floats, returned: Floats,
) -> None:  # fmt: skip
    """Drops of pumped and returned water, one step after the other; written.

    Parameters
    ----------
    volume, drop : of the parcels, first well to second, m³ and K, shape (n_tubes, room)
    first, count : of the parcels in use, shape (n_tubes,)
    smallest : volume up to which new water joins the last parcel, m³, shape (n_tubes,)
    moved : through each tube in each step, first well to second positive, m³, shape (nt,)
    added : drop that the plant adds, K, shape (nt,)
    pumped, returned : K, shape (nt,)

    Notes
    -----
    A step may not move more than the smallest tube holds.
    """
    tubes = first.size
    for n in range(moved.size):
        wanted = abs(moved[n])
        if wanted == 0.0:
            pumped[n] = pumped[n - 1] if n > 0 else 0.0
            returned[n] = pumped[n]
            continue
        from_start = moved[n] < 0.0
        total = 0.0
        for k in range(tubes):
            first[k], count[k], heat = _take(
                volume[k], drop[k], first[k], count[k], wanted, from_start
            )  # fmt: skip
            total += heat
        pumped[n] = total / (wanted * tubes)
        returned[n] = pumped[n] + added[n]
        for k in range(tubes):
            first[k], count[k] = _give(
                volume[k], drop[k], first[k], count[k], wanted, returned[n], smallest[k],
                not from_start,
            )  # fmt: skip
