"""Compiled march of heat pumps on a source that does not give all that is asked of it.

Imported only inside the functions that need it.
"""

from __future__ import annotations

import numpy as np

from diwen.compiled import compiled
from diwen.sources.response.hourly_compiled import ground_side, looked_up, solved

_SAFE = {"reassoc", "contract", "nsz", "arcp"}


@compiled(error_model="numpy")
def room(distance, drop):  # type: ignore[no-untyped-def]
    """Heat rate until a temperature is reached, W, 0 or more.

    Parameters
    ----------
    distance : from the temperature without load to the one that must not be passed, K
    drop : K per W
    """
    if distance <= 0.0:
        return 0.0
    return distance / drop if drop > 0.0 else np.inf


@compiled(error_model="numpy")
def given_up(  # type: ignore[no-untyped-def]
    heat, cold, rate, at, less_heat, heat_t, heat_v, cool_t, cool_v
):
    """What heat pumps still deliver when the source gives or takes a certain heat rate only.

    The temperature at the limit is known, so the efficiencies are, and the balance
    rate = heat (1 − 1/COP) − cold (1 + 1/EER) gives what can be delivered of the side that asks
    for too much; the other side is met in full.

    Parameters
    ----------
    heat, cold : asked for, W
    rate : heat rate at the limit, W, extraction positive
    at : entering temperature at that heat rate, °C
    less_heat : whether it is heat that is given up, or cold

    Returns
    -------
    heat and cold delivered, W
    """
    from_source = 1.0 - 1.0 / looked_up(at, heat_t, heat_v)
    into_source = 1.0 + 1.0 / looked_up(at, cool_t, cool_v)
    if less_heat and from_source > 0.0:
        heat = min(heat, max((rate + cold * into_source) / from_source, 0.0))
    elif not less_heat:
        cold = min(cold, max((heat * from_source - rate) / into_source, 0.0))
    return heat, cold


@compiled(fastmath=_SAFE, error_model="numpy")
def march_limited(  # type: ignore[no-untyped-def]
    heating, cooling, steps, undisturbed, decay, gain, at_once, to_entering,
    heat_t, heat_v, cool_t, cool_v, tolerance, passes,
    lowest, highest, most, least, state, written,
):  # fmt: skip
    """One source with limits; all that may change from step to step has shape (n,).

    As :func:`.hourly_compiled.march_one`, and

    Parameters
    ----------
    undisturbed, at_once, to_entering : shape (n,)
    lowest, highest : of the fluid that goes back to the source, °C; infinite where not limited
    most, least : largest and smallest heat rate, W, shape (n,); smallest: largest injection,
        negative
    written : heat rate, fluid temperature, power, heat and cold not met, W and °C, shape (5, steps)

    Returns
    -------
    int : steps whose passes did not settle
    """
    modes = decay.shape[0]
    drops = state.copy()
    lagged = 0.0
    for m in range(modes):
        lagged += gain[m]
    left = 0.0
    for m in range(modes):
        left += decay[m] * drops[m]
    unsettled = 0
    period = heating.shape[0]
    hour = 0
    q = 0.0
    for n in range(steps):
        heat, cold = heating[hour], cooling[hour]
        base = undisturbed[hour] - left
        slope = lagged + at_once[hour]
        steep = slope - to_entering[hour]
        steepest = slope + to_entering[hour]
        upper = min(most[hour], room(base - lowest, steepest))
        lower = max(least[hour], -room(highest - base, steepest))
        hour += 1
        if hour == period:
            hour = 0
        work = 0.0
        unmet_heat, unmet_cold = 0.0, 0.0
        if heat == 0.0 and cold == 0.0:
            q = 0.0
        else:
            # As in march_one, written out again: shared, even inlined, both take twice the time.
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
            bound = min(max(q, lower), upper)
            if bound != q:
                at = base - steep * bound
                kept_heat, kept_cold = given_up(
                    heat, cold, bound, at, q > bound, heat_t, heat_v, cool_t, cool_v
                )
                unmet_heat, unmet_cold = heat - kept_heat, cold - kept_cold
                q, work = ground_side(kept_heat, kept_cold, at, heat_t, heat_v, cool_t, cool_v)
            elif not settled:
                unsettled += 1
        written[0, n] = q
        written[1, n] = base - slope * q
        written[2, n] = work
        written[3, n] = unmet_heat
        written[4, n] = unmet_cold
        left = 0.0
        for m in range(modes):
            drops[m] = decay[m] * drops[m] + gain[m] * q
            left += decay[m] * drops[m]
    state[:] = drops
    return unsettled
