"""Compiled tanks and rooms, first law exact.

Temperatures are turned by the sign of the loop (cold: −°C), so that charging always raises them.
Imported only inside the functions that need it.
"""

from __future__ import annotations

import numpy as np

from diwen.compiled import compiled


@compiled(error_model="numpy")
def towards(start, surroundings, capacity, loss, heat, step):  # type: ignore[no-untyped-def]
    """Temperature of one capacity after a step of constant heat, the exact exponential."""
    if loss * step < 1e-9 * capacity:
        return start + (heat - loss * (start - surroundings)) * step / capacity
    rest = surroundings + heat / loss
    return rest + (start - rest) * np.exp(-loss * step / capacity)


@compiled(error_model="numpy")
def heat_to_reach(start, end, surroundings, capacity, loss, step):  # type: ignore[no-untyped-def]
    """Heat rate that brings one capacity from start to end in a step, W (see :func:`towards`)."""
    if loss * step < 1e-9 * capacity:
        return (end - start) * capacity / step + loss * (start - surroundings)
    fades = np.exp(-loss * step / capacity)
    return loss * ((end - start * fades) / (1.0 - fades) - surroundings)


@compiled(error_model="numpy")
def charge(layers, of, count, capacity, supply, energy):  # type: ignore[no-untyped-def]
    """Water at ``supply`` enters at the top and pushes out the bottom; what did not fit, J.

    Parameters
    ----------
    layers : temperatures of all tanks from the top, changed in place; of : number of the tank
    capacity : of one layer, J/K
    energy : to be stored, J, 0 or more
    """
    shift = 0.0
    left = energy
    supply = max(supply, layers[of, 0])
    for i in range(count - 1, -1, -1):
        room = capacity * max(supply - layers[of, i], 0.0)
        if room >= left:
            shift += left / room if room > 0.0 else 0.0
            left = 0.0
            break
        left -= room
        shift += 1.0
    _push(layers, of, count, shift, supply)
    return left


@compiled(error_model="numpy")
def _push(layers, of, count, shift, entering):  # type: ignore[no-untyped-def]
    """Everything moves down by ``shift`` layers and is mixed within each; in place."""
    whole = int(shift)
    part = shift - whole
    for i in range(count - 1, -1, -1):
        upper = layers[of, i - whole - 1] if i - whole - 1 >= 0 else entering
        same = layers[of, i - whole] if i - whole >= 0 else entering
        layers[of, i] = part * upper + (1.0 - part) * same


@compiled(error_model="numpy")
def draw(layers, of, count, capacity, back, floor, energy):  # type: ignore[no-untyped-def]
    """Water leaves at the top while it is at ``floor`` or above, and returns at the bottom.

    Returns
    -------
    energy that the tank could not give, J
    """
    shift = 0.0
    left = energy
    back = min(back, layers[of, count - 1])
    for i in range(count):
        if layers[of, i] < floor or left <= 0.0:
            break
        room = capacity * max(layers[of, i] - back, 0.0)
        if room >= left:
            shift += left / room if room > 0.0 else 0.0
            left = 0.0
            break
        left -= room
        shift += 1.0
    whole = int(shift)
    part = shift - whole
    for i in range(count):
        lower = layers[of, i + whole + 1] if i + whole + 1 < count else back
        same = layers[of, i + whole] if i + whole < count else back
        layers[of, i] = part * lower + (1.0 - part) * same
    return left


@compiled(error_model="numpy")
def settle(layers, of, count):  # type: ignore[no-untyped-def]
    """Warmer water below colder mixes with it; in place."""
    for i in range(1, count):
        if layers[of, i] <= layers[of, i - 1]:
            continue
        first, total = i, layers[of, i]
        while first > 0 and layers[of, first - 1] < total / (i - first + 1):
            first -= 1
            total += layers[of, first]
        mean = total / (i - first + 1)
        for j in range(first, i + 1):
            layers[of, j] = mean


@compiled(error_model="numpy")
def mean_of(layers, of, count):  # type: ignore[no-untyped-def]
    """Mean temperature of a tank."""
    total = 0.0
    for i in range(count):
        total += layers[of, i]
    return total / count


@compiled(error_model="numpy")
def tank_step(  # type: ignore[no-untyped-def]
    layers, of, count, capacity, loss, ambient, supply, back, floor, net, step, fades
):
    """One step of a tank that is to take (or give, negative) a heat rate.

    ``fades`` is exp(−loss · step / capacity).

    A single layer follows the exact exponential; several layers exchange first, then lose.

    Returns
    -------
    heat rate taken, W; mean heat lost, W
    """
    before = mean_of(layers, of, count)
    if count == 1:
        taken = net
        if net < 0.0:
            idle = towards(layers[of, 0], ambient, capacity, loss, 0.0, step)
            least = heat_to_reach(layers[of, 0], min(floor, idle), ambient, capacity, loss, step)
            taken = max(net, min(least, 0.0))
        layers[of, 0] = towards(layers[of, 0], ambient, capacity, loss, taken, step)
    else:
        each = capacity / count
        taken = net
        if net >= 0.0:
            left = charge(layers, of, count, each, supply, net * step)
            if left > 0.0:
                for i in range(count):
                    layers[of, i] += left / capacity
        else:
            taken += draw(layers, of, count, each, back, floor, -net * step) / step
        for i in range(count):
            layers[of, i] = ambient + (layers[of, i] - ambient) * fades
        settle(layers, of, count)
    stored = (mean_of(layers, of, count) - before) * capacity / step
    return taken, taken - stored


@compiled(error_model="numpy")
def tank_need(  # type: ignore[no-untyped-def]
    layers, of, count, capacity, loss, ambient, target, step, fades
):
    """Heat rate that brings the whole tank to a temperature by the end of the step, W."""
    if count == 1:
        return heat_to_reach(layers[of, 0], target, ambient, capacity, loss, step)
    mean = mean_of(layers, of, count)
    aimed = ambient + (target - ambient) / fades
    return capacity * (aimed - mean) / step
