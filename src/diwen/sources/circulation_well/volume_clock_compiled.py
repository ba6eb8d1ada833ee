"""Compiled march on the volume clock: returned water in bins that widen with their age.

Imported only inside the functions that need it.
"""

from __future__ import annotations

import numpy as np

from diwen.compiled import compiled


@compiled(error_model="numpy", inline="always")
def share_at(age, volume, share, near):  # type: ignore[no-untyped-def]
    """F at a volume, searched upwards from a point known to lie below; and the point found."""
    last = volume.shape[0] - 1
    while near < last and volume[near + 1] <= age:
        near += 1
    if near == last:
        return share[last], near
    part = (age - volume[near]) / (volume[near + 1] - volume[near])
    return share[near] + part * (share[near + 1] - share[near]), near


@compiled(error_model="numpy")
def merged(edges, near, returned, count, widest, now):  # type: ignore[no-untyped-def]
    """Neighbouring bins joined where the joint width stays below a share of the age.

    Bins stand from old to new, bin b between ``edges[b]`` and ``edges[b + 1]``; a joint bin keeps
    the mean over the volume. Changed in place.

    Returns
    -------
    int : how many bins are left
    """
    kept = 0
    b = 0
    while b < count:
        high = edges[b + 1]
        if b + 1 < count and edges[b + 2] - edges[b] <= widest * (now - edges[b + 2]):
            high = edges[b + 2]
            first, second = edges[b + 1] - edges[b], edges[b + 2] - edges[b + 1]
            value = (returned[b] * first + returned[b + 1] * second) / (first + second)
            after, step = near[b + 2], 2
        else:
            value, after, step = returned[b], near[b + 1], 1
        returned[kept] = value
        edges[kept + 1] = high
        near[kept + 1] = after
        kept += 1
        b += step
    return kept


@compiled(error_model="numpy")
def march(  # type: ignore[no-untyped-def]
    pumped, drop, given, closed, inside, volume, share, widest,
    formation, at_pump, at_return,
):  # fmt: skip
    """Water of the formation, of the pump and of the return, step by step.

    Parameters
    ----------
    pumped : volume of each step, m³, shape (nt,); 0 at rest
    drop : temperature that the load takes from the pumped water, K, shape (nt,)
    given : temperature of the return relative to the ground, K, shape (nt,)
    closed : whether the return follows from the drop, or is given
    inside : share of the pumped water that is returned water from inside the well
    volume, share : points of the breakthrough, shape (nv,)
    widest : width of a bin over its age; 0 keeps every step
    formation, at_pump, at_return : relative to the ground, K, shape (nt,); written
    """
    steps = pumped.shape[0]
    edges = np.empty(steps + 1)
    near = np.zeros(steps + 1, np.int64)
    returned = np.empty(steps)
    edges[0] = 0.0
    count = 0
    limit = 64
    now = 0.0
    for n in range(steps):
        width = pumped[n]
        now += width
        past = 0.0
        before = 0.0
        if count > 0:
            before, near[0] = share_at(now - edges[0], volume, share, near[0])
        for b in range(count):
            after, near[b + 1] = share_at(now - edges[b + 1], volume, share, near[b + 1])
            past += (before - after) * returned[b]
            before = after
        if width <= 0.0:
            formation[n] = past
            at_pump[n] = past
            at_return[n] = past
            continue
        fresh, _ = share_at(width, volume, share, 0)
        back = given[n]
        if closed:
            back = past / (1.0 - fresh) - drop[n] / ((1.0 - inside) * (1.0 - fresh))
        formation[n] = past + fresh * back
        at_pump[n] = inside * back + (1.0 - inside) * formation[n]
        at_return[n] = back
        returned[count] = back
        edges[count + 1] = now
        near[count + 1] = 0
        count += 1
        if widest > 0.0 and count >= limit:
            count = merged(edges, near, returned, count, widest, now)
            limit = count + max(32, count // 4)
