"""Compiled units, pumps and curves: what one machine does at given temperatures.

Imported only inside the functions that need it.
"""

from __future__ import annotations

import numpy as np

from diwen.compiled import compiled

_TINY = 1e-12


@compiled(error_model="numpy")
def on_curve(curves, at, points, x):  # type: ignore[no-untyped-def]
    """Straight lines through ``points`` abscissae at ``curves[at]`` and the ordinates after."""
    if x <= curves[at]:
        return curves[at + points]
    for k in range(1, points):
        if x <= curves[at + k]:
            low, high = curves[at + k - 1], curves[at + k]
            share = (x - low) / (high - low)
            first = curves[at + points + k - 1]
            return first + share * (curves[at + points + k] - first)
    return curves[at + 2 * points - 1]


@compiled(error_model="numpy", inline="always")
def cell(curves, at, points, x):  # type: ignore[no-untyped-def]
    """Lower corner and place in the cell of an axis, the edge beyond it."""
    k = 0
    while k < points - 2 and x > curves[at + k + 1]:
        k += 1
    if points == 1:
        return 0, 0, 0.0
    share = (x - curves[at + k]) / (curves[at + k + 1] - curves[at + k])
    return k, k + 1, min(max(share, 0.0), 1.0)


@compiled(error_model="numpy", inline="always")
def from_map(curves, at, sources, loads, source, load):  # type: ignore[no-untyped-def]
    """Capacity and power of one unit at full load, W, bilinear.

    Parameters
    ----------
    curves : from ``at`` on: source axis, load axis, capacity (sources × loads), power
    source, load : °C
    """
    i, after_i, u = cell(curves, at, sources, source)
    j, after_j, v = cell(curves, at + sources, loads, load)
    table = at + sources + loads
    a, b = table + i * loads, table + after_i * loads
    low = curves[a + j] + v * (curves[a + after_j] - curves[a + j])
    high = curves[b + j] + v * (curves[b + after_j] - curves[b + j])
    capacity = low + u * (high - low)
    a += sources * loads
    b += sources * loads
    low = curves[a + j] + v * (curves[a + after_j] - curves[a + j])
    high = curves[b + j] + v * (curves[b + after_j] - curves[b + j])
    return capacity, low + u * (high - low)


@compiled(error_model="numpy")
def at_leaving(  # type: ignore[no-untyped-def]
    curves, at, sources, loads, load, row, capacity, power
):
    """Capacity and power of a map over its source axis at one leaving temperature.

    Written to a row of each of two tables.
    """
    j, after, share = cell(curves, at + sources, loads, load)
    table = at + sources + loads
    for i in range(sources):
        low, high = curves[table + i * loads + j], curves[table + i * loads + after]
        capacity[row, i] = low + share * (high - low)
    table += sources * loads
    for i in range(sources):
        low, high = curves[table + i * loads + j], curves[table + i * loads + after]
        power[row, i] = low + share * (high - low)


@compiled(error_model="numpy")
def at_part_load(  # type: ignore[no-untyped-def]
    wanted, capacity, power, minimum, cycling, curves, at, points
):
    """Power and running number of identical units, all at full load but the last.

    The last one modulates down to its smallest load and cycles below it. While it cycles the loss
    cannot make it worse than a heating element.

    Parameters
    ----------
    wanted : output of all, W
    capacity, power : of one at full load, W

    Returns
    -------
    power of all, W; mean number running; share of the time that the last one runs if it cycles,
    else 1
    """
    whole = np.floor(wanted / capacity + _TINY)
    share = wanted / capacity - whole
    if share <= _TINY:
        return whole * power, whole, 1.0
    if share >= minimum:
        part = on_curve(curves, at, points, share)
        return (whole + part) * power, whole + 1.0, 1.0
    duty = share / minimum
    part = power * on_curve(curves, at, points, minimum)
    part = min(part * (cycling * duty + 1.0 - cycling), max(share * capacity, part * duty))
    return whole * power + part, whole + duty, duty


@compiled(error_model="numpy")
def at_shared_load(  # type: ignore[no-untyped-def]
    wanted, able, best, capacity, power, minimum, cycling, curves, at, points
):
    """Power and running number of identical units, as many at one part load as need least power.

    Only where filling them one after another needs less (the last one cycles a little above a
    whole number) do they not share equally.

    Parameters
    ----------
    able : units that may run
    best : share of full load of the best efficiency; 0: they are filled one after another; below
        0: all of ``able`` are on and share the load, whatever it costs

    Returns
    -------
    as :func:`at_part_load`
    """
    if best < 0.0:
        found, running, duty = at_part_load(
            wanted / able, capacity, power, minimum, cycling, curves, at, points
        )
        return able * found, able * min(running, 1.0), duty
    found, running, duty = at_part_load(
        wanted, capacity, power, minimum, cycling, curves, at, points
    )
    loads = wanted / capacity
    if best <= 0.0 or loads <= minimum:
        return found, running, duty
    fewest, most = np.ceil(loads - _TINY), np.floor(able + _TINY)
    number = max(min(np.floor(loads / best), most), fewest)
    for n in (number, number + 1.0):
        if n > most or loads < minimum * n:
            break
        total = n * power * on_curve(curves, at, points, loads / n)
        if total < found * (1.0 - _TINY):
            found, running, duty = total, n, 1.0
    return found, running, duty


@compiled(error_model="numpy", inline="always")
def room_until(distance, drop):  # type: ignore[no-untyped-def]
    """Heat rate until a temperature is reached, W, 0 or more; ``drop`` in K per W."""
    if distance <= 0.0:
        return 0.0
    return distance / drop if drop > 0.0 else np.inf
