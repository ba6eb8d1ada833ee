"""Compiled march of heat pumps on a ground source: the coefficient of performance feeds back.

Imported only inside the functions that need it.
"""

from __future__ import annotations

import numpy as np

from diwen.compiled import compiled

_SAFE = {"reassoc", "contract", "nsz", "arcp"}


@compiled(error_model="numpy", inline="always")
def looked_up(at, temperatures, values):  # type: ignore[no-untyped-def]
    """Value at a temperature: straight lines between the points, the end values beyond them."""
    last = temperatures.shape[0] - 1
    if at <= temperatures[0]:
        return values[0]
    if at >= temperatures[last]:
        return values[last]
    k = 1
    while temperatures[k] < at:
        k += 1
    share = (at - temperatures[k - 1]) / (temperatures[k] - temperatures[k - 1])
    return values[k - 1] + share * (values[k] - values[k - 1])


@compiled(error_model="numpy", inline="always")
def ground_side(heat, cold, at, heat_t, heat_v, cool_t, cool_v):  # type: ignore[no-untyped-def]
    """Heat rate from the ground and electric power, W, for heat and cold delivered, W."""
    ground = 0.0
    power = 0.0
    if heat > 0.0:
        work = heat / looked_up(at, heat_t, heat_v)
        ground += heat - work
        power += work
    if cold > 0.0:
        work = cold / looked_up(at, cool_t, cool_v)
        ground -= cold + work
        power += work
    return ground, power


@compiled(error_model="numpy", inline="always")
def solved(load, sign, base, slope, at, temperatures, values, passes):  # type: ignore[no-untyped-def]
    """Heat rate from the ground and electric power where the efficiency is met exactly.

    On a straight piece c0 + c1 T of the table, T = base − slope q and q = sign load − load / y
    give the efficiency y as root of y² − (c0 + c1 (base − slope sign load)) y − c1 slope load;
    only the right piece is searched for.

    Parameters
    ----------
    load : heat (sign 1) or cold (sign −1) delivered, W
    base : entering temperature without any load in this step, °C
    slope : drop of the entering temperature per W of extraction, K/W
    at : guess of the entering temperature, °C

    Returns
    -------
    heat rate, W; power, W; whether a piece was found that holds its own root
    """
    last = temperatures.shape[0] - 1
    work = 0.0
    for _ in range(passes):
        k = 0
        while k <= last and temperatures[k] < at:
            k += 1
        inclined = 0.0
        if k == 0:
            fixed = values[0]
        elif k > last:
            fixed = values[last]
        else:
            inclined = (values[k] - values[k - 1]) / (temperatures[k] - temperatures[k - 1])
            fixed = values[k - 1] - inclined * temperatures[k - 1]
        middle = fixed + inclined * (base - slope * sign * load)
        under_root = middle * middle + 4.0 * inclined * slope * load
        if under_root < 0.0:
            break
        work = load / (0.5 * (middle + np.sqrt(under_root)))
        q = sign * load - work
        at = base - slope * q
        below = k == 0 or at >= temperatures[k - 1]
        above = k > last or at <= temperatures[k]
        if below and above and work >= 0.0:
            return q, work, True
    return sign * load - work, work, False


@compiled(fastmath=_SAFE, error_model="numpy")
def march_one(  # type: ignore[no-untyped-def]
    heating, cooling, steps, undisturbed, decay, gain, at_once, to_entering,
    heat_t, heat_v, cool_t, cool_v, tolerance, passes, state, ground, fluid, power,
):  # fmt: skip
    """One source.

    Parameters
    ----------
    heating, cooling : delivered heat and cold, W, repeated as often as needed, shape (n,)
    steps : number of steps
    undisturbed : °C, shape (1,) where it does not change, or (n,)
    decay, gain : of the modes, shape (m,)
    at_once : response without modes plus borehole resistance, K/W
    to_entering : from mean to entering temperature, K per W of extraction
    heat_t, heat_v, cool_t, cool_v : tables of efficiency over entering temperature
    tolerance : K, of the entering temperature between two passes
    passes : most passes per step
    state : temperature drop of each mode, shape (m,); changed in place
    ground, fluid, power : W, °C, W; written, shape (steps,)

    Returns
    -------
    int : steps whose passes did not settle
    """
    modes = decay.shape[0]
    drops = state.copy()
    slope = at_once
    for m in range(modes):
        slope += gain[m]
    steep = slope - to_entering
    left = 0.0
    for m in range(modes):
        left += decay[m] * drops[m]
    unsettled = 0
    period = heating.shape[0]
    changing = undisturbed.shape[0] > 1
    at_rest = undisturbed[0]
    hour = 0
    q = 0.0
    for n in range(steps):
        heat, cold = heating[hour], cooling[hour]
        if changing:
            at_rest = undisturbed[hour]
        hour += 1
        if hour == period:
            hour = 0
        base = at_rest - left
        work = 0.0
        if heat == 0.0 and cold == 0.0:
            q = 0.0
        else:
            # Written out and not called, which halves the time of the march.
            entering = base - steep * q
            settled = False
            if cold == 0.0:
                q, work, settled = solved(heat, 1.0, base, steep, entering, heat_t, heat_v, 4)
            elif heat == 0.0:
                q, work, settled = solved(cold, -1.0, base, steep, entering, cool_t, cool_v, 4)
            if not settled:
                for _ in range(passes):
                    q, work = ground_side(heat, cold, entering, heat_t, heat_v, cool_t, cool_v)
                    after = base - steep * q
                    settled = abs(after - entering) <= tolerance
                    entering = after
                    if settled:
                        break
            if not settled:
                unsettled += 1
        ground[n] = q
        power[n] = work
        fluid[n] = base - slope * q
        left = 0.0
        for m in range(modes):
            drops[m] = decay[m] * drops[m] + gain[m] * q
            left += decay[m] * drops[m]
    state[:] = drops
    return unsettled


@compiled(fastmath=_SAFE, error_model="numpy")
def march_zones(  # type: ignore[no-untyped-def]
    heating, cooling, steps, undisturbed, decay, resistances, at_once, to_entering,
    heat_t, heat_v, cool_t, cool_v, tolerance, passes, state, ground, fluid, power,
):  # fmt: skip
    """Several zones, each with its own heat pumps, tied by the ground between them.

    As :func:`march_one`; heating, cooling, ground, fluid, power have shape (..., zones),
    undisturbed (1, zones) or (n, zones), to_entering (zones,), resistances (zones, zones, m),
    at_once (zones, zones), tables (zones, points), state (zones, m): lagged heat rates.
    """
    zones, modes = heating.shape[1], decay.shape[0]
    slope = at_once.copy()
    weights = np.empty((zones, zones, modes))
    for i in range(zones):
        for j in range(zones):
            for m in range(modes):
                slope[i, j] += resistances[i, j, m] * (1.0 - decay[m])
                weights[i, j, m] = resistances[i, j, m] * decay[m]
    base = np.empty(zones)
    q = np.zeros(zones)
    unsettled = 0
    period = heating.shape[0]
    changing = undisturbed.shape[0] > 1
    for n in range(steps):
        hour = n % period
        row = hour if changing else 0
        for i in range(zones):
            left = 0.0
            for j in range(zones):
                for m in range(modes):
                    left += weights[i, j, m] * state[j, m]
            base[i] = undisturbed[row, i] - left
        change = np.inf
        for _ in range(passes):
            change = 0.0
            for i in range(zones):
                before = q[i]
                steep = slope[i, i] - to_entering[i]
                others = base[i] + slope[i, i] * before
                for j in range(zones):
                    others -= slope[i, j] * q[j]
                heat, cold = heating[hour, i], cooling[hour, i]
                at = others - steep * before
                settled = False
                if cold == 0.0:
                    q[i], power[n, i], settled = solved(
                        heat, 1.0, others, steep, at, heat_t[i], heat_v[i], 4
                    )
                elif heat == 0.0:
                    q[i], power[n, i], settled = solved(
                        cold, -1.0, others, steep, at, cool_t[i], cool_v[i], 4
                    )
                if not settled:
                    q[i], power[n, i] = ground_side(
                        heat, cold, at, heat_t[i], heat_v[i], cool_t[i], cool_v[i]
                    )
                change = max(change, abs((q[i] - before) * steep))
            if change <= tolerance:
                break
        if change > tolerance:
            unsettled += 1
        for i in range(zones):
            mean = base[i]
            for j in range(zones):
                mean -= slope[i, j] * q[j]
            ground[n, i] = q[i]
            fluid[n, i] = mean
            for m in range(modes):
                state[i, m] += (q[i] - state[i, m]) * (1.0 - decay[m])
    return unsettled
