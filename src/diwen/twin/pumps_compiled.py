"""Compiled pumps: one machine in one or several loops, its power counted once.

Imported only inside the functions that need it.
"""

from __future__ import annotations

from diwen.compiled import compiled
from diwen.twin.packed_columns import (
    G_ALWAYS,
    G_AT,
    G_BOUND,
    G_END,
    G_FIRST,
    G_MIN_SHARE,
    G_POINTS,
    G_VARIABLE,
    G_WARMTH,
    IL_SEASON,
    INPUTS_LOOP,
    INPUTS_SOURCE,
    IS_SEASON,
    L_SIGN,
    S_MIN_SHARE,
    U_COUNT,
    V_LOOP,
    V_ON_SOURCE,
)  # fmt: skip
from diwen.twin.unit_compiled import on_curve


@compiled(error_model="numpy")
def at_flow(pump, g, curves, flow, lasting):  # type: ignore[no-untyped-def]
    """Power, W: a variable one follows the flow, others run at full speed for part of the step."""
    times = 1.0
    if pump[g, G_VARIABLE] > 0.0:
        flow = min(max(flow, pump[g, G_MIN_SHARE]), 1.0)
    else:
        flow, times = 1.0, lasting
    return times * on_curve(curves, int(pump[g, G_AT]), int(pump[g, G_POINTS]), flow)


@compiled(error_model="numpy")
def load_pumps(  # type: ignore[no-untyped-def]
    pump, place, curves, loop, inputs, k, first_input, share, lasts, warm, by_load, row, first_power
):
    """Pumps of the load loops: their power and the warmth that they give to the water.

    Parameters
    ----------
    inputs, k, first_input : inputs of step k; those of the load loops begin there
    share : flow of each loop, 0: it does not ask
    lasts : share of the units of each bound pump that run
    warm : warmth of each loop, W; by_load : power of each pump, W; written
    row, first_power : the row of the step, the power of the pumps from there on; written
    """
    for l in range(warm.shape[0]):  # noqa: E741
        warm[l] = 0.0
    for g in range(pump.shape[0]):
        heat, cold, seasons = 0.0, 0.0, 0.0
        always, bound = pump[g, G_ALWAYS] > 0.0, pump[g, G_BOUND] > 0.0
        first, end = int(pump[g, G_FIRST]), int(pump[g, G_END])
        stands = False
        for i in range(first, end):
            if place[i, V_ON_SOURCE] > 0.0:
                continue
            stands = True
            l = int(place[i, V_LOOP])  # noqa: E741
            seasons += inputs[k, first_input + l * INPUTS_LOOP + IL_SEASON]
            if loop[l, L_SIGN] > 0.0:
                heat += share[l]
            else:
                cold += share[l]
        by_load[g] = 0.0
        if not stands:
            continue
        together = heat + cold
        lasting = 1.0
        if not (always and seasons > 0.0):
            lasting = lasts[g] if bound else (1.0 if together > 0.0 else 0.0)
        if lasting > 0.0:
            flow = lasting if bound else min(max(heat, cold), 1.0)
            by_load[g] = at_flow(pump, g, curves, flow, lasting)
        row[first_power + g] = by_load[g]
        for i in range(first, end):
            if place[i, V_ON_SOURCE] > 0.0:
                continue
            l = int(place[i, V_LOOP])  # noqa: E741
            if together > 0.0:
                part = share[l] / together
            elif seasons > 0.0:
                part = inputs[k, first_input + l * INPUTS_LOOP + IL_SEASON] / seasons
            else:
                part = 1.0 / (end - first)
            warm[l] += part * pump[g, G_WARMTH] * by_load[g]


@compiled(error_model="numpy")
def source_pumps(  # type: ignore[no-untyped-def]
    pump, place, curves, source, inputs, k, first_input, share, lasts, by_load, q, turning, row,
    first_power,
):  # fmt: skip
    """Pumps of the source loops: their power; their warmth is taken off the heat rates.

    Parameters
    ----------
    inputs, k, first_input : inputs of step k; those of the source loops begin there
    share : flow of each source loop while it runs
    lasts, by_load : see :func:`load_pumps`
    q : heat rates, W, changed; turning : the same before, written
    row, first_power : the row of the step, the power of the pumps from there on; written
    """
    for s in range(q.shape[0]):
        turning[s] = q[s]
    for g in range(pump.shape[0]):
        flow, together = 0.0, 0.0
        always, bound = pump[g, G_ALWAYS] > 0.0, pump[g, G_BOUND] > 0.0
        first, end = int(pump[g, G_FIRST]), int(pump[g, G_END])
        lasting = 0.0
        for i in range(first, end):
            if place[i, V_ON_SOURCE] == 0.0:
                continue
            s = int(place[i, V_LOOP])
            running = turning[s] != 0.0
            if always and inputs[k, first_input + s * INPUTS_SOURCE + IS_SEASON] > 0.0:
                lasting = 1.0
            elif running:
                lasting = max(lasting, lasts[g] if bound else 1.0)
            one = share[s] if running else source[s, S_MIN_SHARE]
            flow = max(flow, one)
            together += one if running else 0.0
        if lasting <= 0.0:
            if end > first and place[first, V_ON_SOURCE] > 0.0:
                row[first_power + g] = by_load[g]
            continue
        own = at_flow(pump, g, curves, lasting if bound else flow, lasting)
        row[first_power + g] = max(own, by_load[g])
        warmth = max(own - by_load[g], 0.0) * pump[g, G_WARMTH]
        for i in range(first, end):
            if place[i, V_ON_SOURCE] == 0.0:
                continue
            s = int(place[i, V_LOOP])
            if together > 0.0:
                q[s] -= warmth * (share[s] / together if turning[s] != 0.0 else 0.0)
            else:
                q[s] -= warmth / (end - first)


@compiled(error_model="numpy")
def with_their_units(pump, meant, unit, running, lasts):  # type: ignore[no-untyped-def]
    """Share of the units of each bound pump that run, written: their own pumps run with them.

    Parameters
    ----------
    meant : whether a pump is bound to a unit, shape (pumps, units)
    running : mean number of units that run, shape (units,)
    """
    for g in range(pump.shape[0]):
        if pump[g, G_BOUND] == 0.0:
            continue
        turning, own = 0.0, 0.0
        for u in range(meant.shape[1]):
            if meant[g, u]:
                turning += running[u]
                own += unit[u, U_COUNT]
        lasts[g] = min(turning / own, 1.0) if own > 0.0 else 0.0
