"""Compiled switching of units on the temperature of the water that stores for them.

Used at fine steps, where a unit is on or off for a whole step. Imported only inside the functions
that need it.
"""

from __future__ import annotations

import numpy as np

from diwen.compiled import compiled
from diwen.twin.packed_columns import (
    IL_SETPOINT,
    INPUTS_LOOP,
    L_DEAD_BAND,
    L_LAYERS,
    P_LOADS,
    P_MAP,
    P_SOURCES,
    P_UNIT,
    U_COUNT,
    U_DRAW_LOOP,
    U_MIN_RUN,
    U_MIN_STOP,
    U_SOURCE,
    U_STARTS,
)  # fmt: skip
from diwen.twin.unit_compiled import from_map


@compiled(error_model="numpy")
def switch(  # type: ignore[no-untyped-def]
    leaving, base, x, steep, outdoor, loops, begin, end, order, pair, unit, curves, loop, layers,
    target, asked, permitted, machines, on,
):  # fmt: skip
    """Switch the machines of one loop by its water: below the dead band more, above it fewer.

    Below the band machines come on until they give more than is asked, above it they go off until
    they give less; within it nothing changes, so that the last machine cycles on the water. A
    machine that may not run any more (a limit) stops at once.

    Parameters
    ----------
    leaving : °C of each pair, nan: may not run
    base, x, steep : of the sources, to guess their temperature
    begin, end : places of the pairs of this loop in ``order``
    layers : of the tank, °C times the sign
    target : °C times the sign
    asked : W
    permitted : units that may come on besides those that are on
    machines : see :func:`.march_compiled.march`; changed in place, as is ``on``

    Returns
    -------
    float : machines more than before
    """
    water = layers[int(loop[L_LAYERS]) // 2]
    low, high = target - 0.5 * loop[L_DEAD_BAND], target + 0.5 * loop[L_DEAD_BAND]
    more = 0.0
    able = 0.0
    for i in range(begin, end):
        p = order[i]
        u = int(pair[p, P_UNIT])
        count = int(unit[u, U_COUNT])
        if np.isnan(leaving[p]):
            for j in range(count):
                if machines[u, j, 0] == p:
                    machines[u, j, 0] = -1.0
                    machines[u, j, 1] = 0.0
                    more -= 1.0
            on[p] = 0.0
        able += on[p] * one_gives(p, u, leaving, base, x, steep, outdoor, loops, pair, unit, curves)
    if water < low:
        for i in range(begin, end):
            p = order[i]
            u = int(pair[p, P_UNIT])
            each = one_gives(p, u, leaving, base, x, steep, outdoor, loops, pair, unit, curves)
            while not np.isnan(leaving[p]) and able <= asked and permitted - more >= 1.0:
                j = longest(machines[u], int(unit[u, U_COUNT]), -1.0)
                if j < 0 or machines[u, j, 1] < unit[u, U_MIN_STOP]:
                    break
                if machines[u, j, 2] * unit[u, U_STARTS] < 1.0:
                    break
                machines[u, j, 0] = p
                machines[u, j, 1] = 0.0
                machines[u, j, 2] = 0.0
                on[p] += 1.0
                more += 1.0
                able += each
    elif water > high:
        for i in range(end - 1, begin - 1, -1):
            p = order[i]
            u = int(pair[p, P_UNIT])
            each = one_gives(p, u, leaving, base, x, steep, outdoor, loops, pair, unit, curves)
            while able >= asked and on[p] > 0.0:
                j = longest(machines[u], int(unit[u, U_COUNT]), float(p))
                if j < 0 or machines[u, j, 1] < unit[u, U_MIN_RUN]:
                    break
                machines[u, j, 0] = -1.0
                machines[u, j, 1] = 0.0
                on[p] -= 1.0
                more -= 1.0
                able -= each
    return more


@compiled(error_model="numpy")
def longest(machines, count, doing):  # type: ignore[no-untyped-def]
    """Machine that has done this (a pair, or −1) longest; −1: none does it."""
    found, since = -1, -1.0
    for j in range(count):
        if machines[j, 0] == doing and machines[j, 1] > since:
            found, since = j, machines[j, 1]
    return found


@compiled(error_model="numpy")
def one_gives(  # type: ignore[no-untyped-def]
    p, u, leaving, base, x, steep, outdoor, loops, pair, unit, curves
):
    """Capacity of one machine at about the temperatures of the step, W."""
    s = int(unit[u, U_SOURCE])
    at = outdoor
    if s >= 0:
        at = base[s] - steep[s] * x[s]
    elif unit[u, U_DRAW_LOOP] >= 0.0:
        at = loops[int(unit[u, U_DRAW_LOOP]) * INPUTS_LOOP + IL_SETPOINT]
    capacity, _ = from_map(
        curves, int(pair[p, P_MAP]), int(pair[p, P_SOURCES]), int(pair[p, P_LOADS]), at, leaving[p]
    )
    return capacity
