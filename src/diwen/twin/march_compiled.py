"""The compiled march of a plant: one step after another, heat balances closed in each.

In a step everything that does not depend on the heat rates of the sources is settled first (what
the loops ask for, who may run, in which order). Then the heat rate of each source is found with
which the units, at the temperature that this heat rate gives, draw just this heat rate: a secant
search, kept between bounds where one source alone is searched for. The last pass of the units is
what happened; the ground takes exactly its heat, so that no heat is lost to the tolerance.

The step stands in one function: its parts share some sixty arrays and numbers, and each call into
another compiled function that takes them costs time in every pass. What is a subject of its own
(units, tanks, switching, pumps) has a module of its own.

Imported only inside the functions that need it.
"""

from __future__ import annotations

import numpy as np

from diwen.compiled import compiled
from diwen.twin.packed_columns import (
    B_EFFICIENCY,
    B_LOOP,
    BEST_COP,
    COOLING,
    ENERGY_BACKUP,
    ENERGY_LOOP,
    ENERGY_RECHARGE,
    ENERGY_SOURCE,
    ENERGY_UNIT,
    G_BOUND,
    G_END,
    G_FIRST,
    G_WARMTH,
    HEATING,
    I_OUTDOOR,
    I_PERMITTED,
    IL_LOAD,
    IL_SETPOINT,
    IL_TARGET,
    INPUTS_HEAD,
    INPUTS_LOOP,
    INPUTS_RECHARGE,
    INPUTS_SOURCE,
    IS_LEAST,
    IS_MOST,
    IS_RATE,
    IS_RESISTANCE,
    IS_UNDISTURBED,
    L_AMBIENT,
    L_CAPACITY,
    L_DEAD_BAND,
    L_DIFFERENCE,
    L_LAYERS,
    L_MIN_SHARE,
    L_RATE,
    L_ROOM_CAPACITY,
    L_ROOM_LOSS,
    L_ROOM_SETPOINT,
    L_SIGN,
    L_SWITCHED,
    L_TANK,
    L_TANK_LOSS,
    L_VARIABLE,
    O_POWER_FACTOR,
    O_STAGING,
    O_STEP,
    OL_DELIVERED,
    OL_DRAWN,
    OL_LOAD,
    OL_RETURN,
    OL_ROOM,
    OL_SHARE,
    OL_SUPPLY,
    OL_TANK,
    OL_TANK_LOSS,
    OL_UNMET,
    OS_ENTERING,
    OS_FLUID,
    OS_HEAT,
    OS_LEAVING,
    OS_RECHARGE,
    OS_SHARE,
    OU_COLD,
    OU_ENTERING,
    OU_EXTRAPOLATED,
    OU_HEAT,
    OU_LEAVING,
    OU_PASSIVE,
    OU_POWER,
    OU_RECOVERED,
    OU_RUNNING,
    OU_SOURCE_HEAT,
    OU_STARTS,
    P_COLD_LOOP,
    P_HIGH_LOAD,
    P_HIGH_SOURCE,
    P_KIND,
    P_LOADS,
    P_LOOP,
    P_LOW_LOAD,
    P_LOW_SOURCE,
    P_MAP,
    P_SOURCES,
    P_UNIT,
    R_DIRECTION,
    R_PER_KELVIN,
    R_POWER,
    R_SOURCE,
    R_START,
    RECHARGING,
    S_DIRECT,
    S_HIGHEST_RETURN,
    S_HOLD,
    S_LAGGED,
    S_LOWEST_RETURN,
    S_MAX_ENTERING,
    S_MIN_ENTERING,
    S_MIN_SHARE,
    S_MODES,
    S_PUMPED,
    S_RESISTANCE,
    S_UNITS,
    S_VARIABLE,
    SIMULTANEOUS,
    STATE_LOOP,
    STATE_SOURCE,
    STATE_UNIT,
    U_BEST,
    U_COUNT,
    U_CYCLING,
    U_DEGRADATION,
    U_DRAW_LOOP,
    U_HOT_WATER,
    U_MAX_SOURCE,
    U_MIN_RUN,
    U_MIN_SOURCE,
    U_MIN_STOP,
    U_MINIMUM,
    U_PASSIVE,
    U_RATIOS,
    U_RATIOS_AT,
    U_RECHARGE_BELOW,
    U_RECOVERY,
    U_SOURCE,
    U_STANDBY,
    U_STARTS,
    V_LOOP,
    V_ON_SOURCE,
)  # fmt: skip
from diwen.twin.pumps_compiled import load_pumps, source_pumps, with_their_units
from diwen.twin.staging_compiled import switch
from diwen.twin.storage_compiled import heat_to_reach, mean_of, tank_need, tank_step, towards
from diwen.twin.unit_compiled import (
    at_leaving,
    at_shared_load,
    cell,
    from_map,
    room_until,
)

CALLED = "f59e3b35d49cca50"
"""Digest of the modules that the march calls, held by a test: compiled code is kept by the text of
its own file alone, so that this file must change when one of them does."""
_SAFE = {"reassoc", "contract", "nsz", "arcp"}
_TOLERANCE = 1e-8
_PASSES = 60
_BOUND_PASSES = 15
"""Passes in which pumps that run with their units follow them; then they stay as they are."""


@compiled(fastmath=_SAFE, error_model="numpy", nogil=True)
def march(  # type: ignore[no-untyped-def]
    inputs, months, first, steps, keep_from, steps_per_year, options,
    source, decay, gain, loop, unit, pair, segments, backup, recharge, pump, stands,
    meant, curves, drops, tanks, rooms, hours, running_before, machines, age, sums, extremes, rows,
    checks, limited,
):  # fmt: skip
    """All steps of a run; states are changed in place.

    Parameters
    ----------
    inputs : one row per step of the repeating period, shape (period, columns)
    months : 0 to 11 of each step of the period, shape (period,)
    first : row of ``inputs`` of the first step
    steps : number of steps; those from ``keep_from`` on are written to ``rows``
    options : step s, staging, ...
    source, loop, unit, pair, backup, recharge, pump, stands : tables, see :mod:`.packed_columns`
    meant : whether a pump is bound to a unit, shape (pumps, units)
    decay, gain : of the modes of each source, shape (sources, modes)
    segments : first pair of each group that is dispatched together, and the end
    curves : maps, part loads and pumps, one after the other
    drops : temperature drop of each mode, K, shape (sources, modes)
    tanks : layers from the top, °C times the sign of the loop, shape (loops, layers)
    rooms : °C times the sign, shape (loops,)
    hours : run of each unit group per unit, s; running_before : at the last step
    machines : of each unit group: pair that the machine runs for (−1: off), s since it was
        switched, s since its last start, shape (units, machines, 3); used where units switch
    age : years of the plant at the start
    sums : energies per year and month, W times steps, shape (years, 12, energies)
    extremes : lowest and highest entering temperature of each source, shape (years, sources, 2)
    rows : written, shape (kept, columns)
    checks : largest first-law residual and heat rate of each node, shape (nodes, 2)
    limited : steps in which each unit gave less for its source (heat, cold) or for the
        temperature that was asked of it, shape (units, 3)

    Returns
    -------
    int : steps whose search did not settle
    """
    ns, nl, nu = source.shape[0], loop.shape[0], unit.shape[0]
    pairs, nb, nr, ng = pair.shape[0], backup.shape[0], recharge.shape[0], pump.shape[0]
    dt = options[O_STEP]
    # Places of what is read and written.
    in_source = INPUTS_HEAD
    in_loop = in_source + ns * INPUTS_SOURCE
    in_pair = in_loop + nl * INPUTS_LOOP
    in_backup = in_pair + pairs
    in_recharge = in_backup + nb
    to_unit = ns * ENERGY_SOURCE
    to_loop = to_unit + nu * ENERGY_UNIT
    to_backup = to_loop + nl * ENERGY_LOOP
    to_recharge = to_backup + nb * ENERGY_BACKUP
    to_pump = to_recharge + nr * ENERGY_RECHARGE
    energies = to_pump + ng
    at_source = energies
    at_unit = at_source + ns * STATE_SOURCE
    at_loop = at_unit + nu * STATE_UNIT
    at_mode = at_loop + nl * STATE_LOOP
    row = np.zeros(at_mode + 1)

    period = inputs.shape[0]
    left, staying = np.zeros(ns), np.zeros(ns)
    base, slope, spread, steep = np.zeros(ns), np.zeros(ns), np.zeros(ns), np.zeros(ns)
    slower, slope_before = np.zeros(ns), np.zeros(ns)
    share, rate = np.ones(ns), np.zeros(ns)
    x, x_old, r_old, trend = np.zeros(ns), np.zeros(ns), np.zeros(ns), -np.ones(ns)
    lower, upper = np.zeros(ns), np.zeros(ns)
    entering, fluid = np.zeros(ns), np.zeros(ns)
    q, q_units, q_recharge = np.zeros(ns), np.zeros(ns), np.zeros(ns)
    on_source = np.zeros(ns)
    from_source = np.zeros(nu)
    most, least = np.zeros(ns), np.zeros(ns)
    # Heat rate over net demand (heat, cold) at the entering temperature of its last step, and what
    # a kelvin changes of it.
    ratio, ratio_at, per_kelvin = np.empty((2, ns)), np.full((2, ns), np.nan), np.zeros((2, ns))
    ratio[0], ratio[1] = 0.75, 1.2
    demand, wanted, rest, got, drawn = (
        np.zeros(nl), np.zeros(nl), np.zeros(nl), np.zeros(nl), np.zeros(nl),
    )  # fmt: skip
    warm, budget, asked_set = np.zeros(nl), np.zeros(nl), np.zeros(nl)
    loop_share = np.zeros(nl)
    free = np.zeros(nu)
    warmth_leaving = np.zeros(nu)
    order = np.arange(pairs)
    rank = np.zeros(pairs)
    on = np.zeros(pairs)
    asked = np.arange(pairs)
    fades = np.ones(nl)
    for l in range(nl):  # noqa: E741
        if loop[l, L_TANK] > 0.0:
            fades[l] = np.exp(-loop[l, L_TANK_LOSS] * dt / loop[l, L_CAPACITY])
    # Numbers of places, read in every pass, as whole numbers.
    pair_unit, pair_kind = pair[:, P_UNIT].astype(np.int64), pair[:, P_KIND].astype(np.int64)
    pair_serves, pair_cold = pair[:, P_LOOP].astype(np.int64), pair[:, P_COLD_LOOP].astype(np.int64)
    pair_map, pair_sources = pair[:, P_MAP].astype(np.int64), pair[:, P_SOURCES].astype(np.int64)
    unit_source = unit[:, U_SOURCE].astype(np.int64)
    unit_below = unit[:, U_DRAW_LOOP].astype(np.int64)
    unit_ratios, unit_ratios_at = (
        unit[:, U_RATIOS].astype(np.int64), unit[:, U_RATIOS_AT].astype(np.int64),
    )  # fmt: skip
    modes, counts = source[:, S_MODES].astype(np.int64), unit[:, U_COUNT].copy()
    pair_loop = np.zeros(pairs, np.int64)
    always_asked = np.zeros(pairs, np.bool_)
    for p in range(pairs):
        kind, l = pair_kind[p], pair_serves[p]  # noqa: E741
        pair_loop[p] = 0 if kind == RECHARGING else l
        always_asked[p] = kind >= SIMULTANEOUS
        if kind < SIMULTANEOUS:
            always_asked[p] = loop[l, L_SWITCHED] > 0.0
        for u in range(nu):
            if kind < SIMULTANEOUS and int(unit[u, U_DRAW_LOOP]) == l:
                always_asked[p] = True
    widest = 1
    for p in range(pairs):
        widest = max(widest, int(pair[p, P_SOURCES]))
    kept_leaving = np.full(pairs, np.nan)
    kept_capacity, kept_power = np.zeros((pairs, widest)), np.zeros((pairs, widest))
    flags = np.zeros(nu, np.int64)
    drawn_before = np.zeros(nl)
    residuals, turning = np.zeros(ns), np.zeros(ns)
    before_pumps, warm_before = np.zeros(nl), np.zeros(nl)
    by_load, lasts, drawing, any_bound = np.zeros(ng), np.zeros(ng), np.zeros(ng), False
    moving, worn = np.zeros(nu), np.ones(nu)
    for g in range(ng):
        if pump[g, G_BOUND] > 0.0:
            any_bound = True
        for i in range(int(pump[g, G_FIRST]), int(pump[g, G_END])):
            if pump[g, G_BOUND] * pump[g, G_WARMTH] > 0.0 and stands[i, V_ON_SOURCE] == 0.0:
                for p in range(pairs):
                    if pair_loop[p] == int(stands[i, V_LOOP]):
                        always_asked[p] = True
    any_switched = False
    for l in range(nl):  # noqa: E741
        any_switched = any_switched or loop[l, L_SWITCHED] > 0.0
    unit_switched = np.zeros(nu)
    for p in range(pairs):
        if pair[p, P_KIND] < SIMULTANEOUS and loop[int(pair[p, P_LOOP]), L_SWITCHED] > 0.0:
            unit_switched[int(pair[p, P_UNIT])] = 1.0
    if any_switched:
        for u in range(nu):
            for i in range(int(unit[u, U_COUNT])):
                p = int(machines[u, i, 0])
                if p >= 0:
                    on[p] += 1.0
    searched = 0
    for s in range(ns):
        for m in range(int(source[s, S_MODES])):
            left[s] += decay[s, m] * drops[s, m]
            staying[s] += decay[s, m] * gain[s, m]
        searched += 1 if source[s, S_MODES] > 0 or source[s, S_DIRECT] > 0 else 0
    k = first - 1
    year, in_year = 0, -1
    month, year_of_total = months[first], 0
    total_of_month = sums[0, month]
    unsettled, asked_pairs = 0, 1

    for n in range(steps):
        k += 1
        if k == period:
            k = 0
        in_year += 1
        if in_year == steps_per_year:
            in_year = 0
            year += 1
        if in_year == 0:
            for u in range(nu):
                worn[u] = 1.0 + unit[u, U_DEGRADATION] * (age + year)
                worn[u] *= options[O_POWER_FACTOR]
        outdoor = inputs[k, I_OUTDOOR]
        for s in range(ns):
            c = in_source + s * INPUTS_SOURCE
            base[s] = inputs[k, c + IS_UNDISTURBED] - left[s]
            slope[s] = source[s, S_LAGGED] + source[s, S_DIRECT] + inputs[k, c + IS_RESISTANCE]
            rate[s] = inputs[k, c + IS_RATE]

        # What the loops ask for.
        net = 0.0
        for l in range(nl):  # noqa: E741
            c = in_loop + l * INPUTS_LOOP
            sign = loop[l, L_SIGN]
            load = inputs[k, c + IL_LOAD]
            setpoint = inputs[k, c + IL_SETPOINT] * sign
            flow = 0.0
            if load > 0.0:
                flow = 1.0
                if loop[l, L_VARIABLE] > 0.0:
                    full = loop[l, L_RATE] * loop[l, L_DIFFERENCE]
                    flow = min(max(load / full, loop[l, L_MIN_SHARE]), 1.0)
            loop_share[l] = flow
            wanted[l] = load
            if loop[l, L_ROOM_CAPACITY] > 0.0:
                at_rest = loop[l, L_ROOM_SETPOINT] * sign
                extra = heat_to_reach(
                    rooms[l], at_rest, at_rest, loop[l, L_ROOM_CAPACITY], loop[l, L_ROOM_LOSS], dt
                )
                wanted[l] = max(load + extra, 0.0)
            demand[l] = wanted[l]
            asked_set[l] = wanted[l]
            if loop[l, L_TANK] > 0.0:
                target = inputs[k, c + IL_TARGET] * sign
                layers = int(loop[l, L_LAYERS])
                about = loop[l, L_AMBIENT] * sign
                store, loss = loop[l, L_CAPACITY], loop[l, L_TANK_LOSS]
                demand[l] += tank_need(tanks, l, layers, store, loss, about, target, dt, fades[l])
                asked_set[l] = demand[l]
                if target > setpoint:
                    need = tank_need(tanks, l, layers, store, loss, about, setpoint, dt, fades[l])
                    asked_set[l] = wanted[l] + need
            net += sign * max(demand[l], 0.0)
        if ng > 0:
            load_pumps(
                pump, stands, curves, loop, inputs, k, in_loop, loop_share, lasts, warm,
                by_load, row, to_pump,
            )  # fmt: skip
        for l in range(nl):  # noqa: E741
            before_pumps[l] = demand[l]
            demand[l] = max(demand[l] - loop[l, L_SIGN] * warm[l], 0.0)
            asked_set[l] -= loop[l, L_SIGN] * warm[l]
            budget[l] = np.inf

        # Order of the units.
        if options[O_STAGING] != 0.0:
            by_hours = options[O_STAGING] != BEST_COP
            for b in range(segments.shape[0] - 1):
                needed = not by_hours or any_switched
                for p in range(segments[b], segments[b + 1]):
                    needed = needed or always_asked[p] or demand[pair_loop[p]] > 0.0
                if not needed:
                    continue
                for p in range(segments[b], segments[b + 1]):
                    u = pair_unit[p]
                    if by_hours:
                        # Equal hours keep the order of the station.
                        rank[p] = hours[u] + 1e-6 * p
                        continue
                    s = unit_source[u]
                    at = base[s] if s >= 0 else outdoor
                    if s < 0 and unit_below[u] >= 0:
                        at = inputs[k, in_loop + unit_below[u] * INPUTS_LOOP + IL_SETPOINT]
                    capacity, power = from_map(
                        curves, pair_map[p], pair_sources[p], int(pair[p, P_LOADS]), at,
                        inputs[k, in_pair + p],
                    )  # fmt: skip
                    rank[p] = power / capacity
                for i in range(segments[b] + 1, segments[b + 1]):
                    moved, j = order[i], i
                    while j > segments[b] and rank[order[j - 1]] > rank[moved]:
                        order[j] = order[j - 1]
                        j -= 1
                    order[j] = moved

        idle_before = asked_pairs == 0 and not any_switched
        asked_pairs = 0
        for i in range(pairs):
            p = order[i]
            if not always_asked[p] and demand[pair_loop[p]] <= 0.0:
                continue
            asked[asked_pairs] = p
            asked_pairs += 1
        if any_switched:
            permitted = inputs[k, I_PERMITTED]
            for i in range(pairs):
                permitted -= on[i]
            for b in range(segments.shape[0] - 1):
                if segments[b] == segments[b + 1]:
                    continue
                l = int(pair[segments[b], P_LOOP])  # noqa: E741
                kind = int(pair[segments[b], P_KIND])
                if (kind != HEATING and kind != COOLING) or loop[l, L_SWITCHED] == 0.0:
                    continue
                permitted -= switch(
                    inputs[k, in_pair : in_pair + pairs], base, x, steep, outdoor,
                    inputs[k, in_loop : in_loop + nl * INPUTS_LOOP], segments[b],
                    segments[b + 1], order, pair, unit, curves, loop[l], tanks[l],
                    inputs[k, in_loop + l * INPUTS_LOOP + IL_TARGET] * loop[l, L_SIGN],
                    wanted[l] + drawn_before[l], permitted, machines, on,
                )  # fmt: skip

        # Heat rates of the sources.
        side = 0 if net > 0.0 else 1
        for s in range(ns):
            # As in the last step with such a demand, at the temperature that it gives now.
            lean = slope[s] + steep[s] - slope_before[s]
            trend[s] = -1.0 - per_kelvin[side, s] * lean * net
            x[s] = net * ratio[side, s]
            if -2.0 < trend[s] < -0.5 and ratio_at[side, s] == ratio_at[side, s]:
                x[s] += net * per_kelvin[side, s] * (base[s] - ratio_at[side, s])
                x[s] /= -trend[s]
            slope_before[s] = slope[s]
            lower[s], upper[s] = -np.inf, np.inf
        same_as_before = idle_before and asked_pairs == 0
        another = False
        for attempt in range(_PASSES):
            for s in range(ns):
                # What does not follow the flow is the same in every pass.
                again = attempt == 0 or source[s, S_VARIABLE] > 0.0
                if again:
                    spread[s] = 0.5 / (rate[s] * share[s])
                if source[s, S_HOLD] > 0.0:
                    flow = abs(x[s]) / (rate[s] * source[s, S_HOLD])
                    share[s] = min(max(flow, source[s, S_MIN_SHARE]), 1.0)
                    spread[s] = 0.5 / (rate[s] * share[s])
                # The answer of a source is that of the mean of its water at the design flow. Water
                # that is pumped comes as warm at less flow; it only returns farther from that.
                slower[s] = source[s, S_PUMPED] * (spread[s] - 0.5 / rate[s])
                steep[s] = slope[s] + slower[s] - spread[s] + source[s, S_RESISTANCE]
                fluid[s] = base[s] - (slope[s] + slower[s]) * x[s]
                entering[s] = base[s] - steep[s] * x[s]
                if again:
                    c = in_source + s * INPUTS_SOURCE
                    back = slope[s] + slower[s] + spread[s]
                    most[s] = min(
                        inputs[k, c + IS_MOST],
                        min(
                            room_until(base[s] - source[s, S_LOWEST_RETURN], back),
                            room_until(base[s] - source[s, S_MIN_ENTERING], steep[s]),
                        ),
                    )
                    least[s] = max(
                        inputs[k, c + IS_LEAST],
                        -min(
                            room_until(source[s, S_HIGHEST_RETURN] - base[s], back),
                            room_until(source[s, S_MAX_ENTERING] - base[s], steep[s]),
                        ),
                    )
                q_units[s] = 0.0
                q_recharge[s] = 0.0
                on_source[s] = 0.0
            for l in range(nl):  # noqa: E741
                rest[l] = demand[l]
                got[l] = 0.0
                drawn[l] = 0.0
            if not same_as_before:
                for u in range(nu):
                    free[u] = counts[u]
                    from_source[u] = 0.0
                    warmth_leaving[u] = 0.0
                    flags[u] = 0
                for i in range(to_unit, to_loop):
                    row[i] = 0.0
                for i in range(at_unit, at_loop):
                    row[i] = 0.0
            permitted = inputs[k, I_PERMITTED]
            for i in range(nr):
                s = int(recharge[i, R_SOURCE])
                direction = recharge[i, R_DIRECTION]
                start = recharge[i, R_START]
                heat = 0.0
                if not (direction * (start - base[s]) <= 0.0):
                    c = in_recharge + i * INPUTS_RECHARGE
                    there = inputs[k, c] - recharge[i, R_PER_KELVIN] * fluid[s]
                    heat = min(max(direction * there, 0.0), inputs[k, c + 1])
                if direction > 0.0:
                    heat = min(heat, max(q_recharge[s] - least[s], 0.0))
                else:
                    heat = min(heat, max(most[s] - q_recharge[s], 0.0))
                row[to_recharge + i * ENERGY_RECHARGE] = heat
                row[to_recharge + i * ENERGY_RECHARGE + 1] = heat * recharge[i, R_POWER]
                q_recharge[s] -= direction * heat

            for i in range(asked_pairs):
                p = asked[i]
                leaving = inputs[k, in_pair + p]
                u, kind, l = pair_unit[p], pair_kind[p], pair_serves[p]  # noqa: E741
                able = min(free[u], permitted)
                switched = kind < SIMULTANEOUS and loop[l, L_SWITCHED] > 0.0
                if switched:
                    able = on[p]
                if np.isnan(leaving) and kind < SIMULTANEOUS and rest[l] > 0.0:
                    flags[u] |= 4
                if not (able > 0.0) or np.isnan(leaving):
                    continue
                s, lower_loop = unit_source[u], unit_below[u]
                if kind == RECHARGING:
                    if not (base[l] < unit[u, U_RECHARGE_BELOW]):
                        continue
                    leaving = fluid[l] - spread[l] * x[l]
                    # Until the fluid at rest of the next step is there, and no further.
                    ask = q_units[l] + q_recharge[l]
                    reach = room_until(unit[u, U_RECHARGE_BELOW] - base[l], staying[l])
                    ask = min(ask + reach, ask - least[l])
                else:
                    ask = rest[l]
                if not (ask > 0.0 or switched):
                    continue
                at = entering[s] if s >= 0 else outdoor
                if lower_loop >= 0:
                    at = inputs[k, in_loop + lower_loop * INPUTS_LOOP + IL_SETPOINT]
                if kind == SIMULTANEOUS:
                    cold_loop = pair_cold[p]
                    if not rest[cold_loop] > 0.0:
                        continue
                    at = inputs[k, in_loop + cold_loop * INPUTS_LOOP + IL_SETPOINT]
                elif s >= 0 and (
                    (kind != COOLING and base[s] > unit[u, U_MAX_SOURCE])
                    or (kind == COOLING and base[s] < unit[u, U_MIN_SOURCE])
                ):
                    flags[u] |= 2 if kind == COOLING else 1
                    continue
                c = to_unit + u * ENERGY_UNIT
                ratios_at, ratios = unit_ratios_at[u], unit_ratios[u]
                minimum, cycling = unit[u, U_MINIMUM], unit[u, U_CYCLING]
                best = unit[u, U_BEST]
                # The map at one leaving temperature, kept until that changes.
                first_at, points = pair_map[p], pair_sources[p]
                if leaving != kept_leaving[p]:
                    kept_leaving[p] = leaving
                    at_leaving(
                        curves, first_at, points, int(pair[p, P_LOADS]), leaving, p, kept_capacity,
                        kept_power,
                    )  # fmt: skip
                j, after_j, place = cell(curves, first_at, points, at)
                capacity = kept_capacity[p, j]
                capacity += place * (kept_capacity[p, after_j] - capacity)
                full = kept_power[p, j]
                full += place * (kept_power[p, after_j] - full)
                full *= worn[u]
                power, running, duty = 0.0, 0.0, 1.0
                if switched:
                    # They run through the step: the tank takes what is too much.
                    ask = min(max(ask, minimum * able * capacity), able * capacity)
                    best = -1.0

                if kind == SIMULTANEOUS:
                    cold_most = rest[cold_loop]
                    out = min(ask, able * capacity)
                    heat = min(out, cold_most * capacity / max(capacity - full, 1e-9 * capacity))
                    for _ in range(60):
                        power, running, duty = at_shared_load(
                            heat,
                            able,
                            best,
                            capacity,
                            full,
                            minimum,
                            cycling,
                            curves,
                            ratios_at,
                            ratios,
                        )
                        after = min(out, cold_most + power)
                        moved_by = abs(after - heat)
                        if moved_by <= 1e-13 * out:
                            break
                        heat = after
                    cold = max(heat - power, 0.0)
                    power = heat - cold
                    row[c + OU_HEAT] += heat
                    row[c + OU_COLD] += cold
                    row[c + OU_RECOVERED] += heat
                    row[c + OU_POWER] += power
                    row[c + OU_RUNNING] += running
                    free[u] -= heat / capacity
                    permitted -= heat / capacity
                    warmth_leaving[u] += leaving * heat
                    rest[l] -= heat
                    got[l] += heat
                    rest[cold_loop] -= cold
                    got[cold_loop] += cold
                elif kind == COOLING:
                    cold = min(ask, able * capacity)
                    passive = 0.0
                    if not np.isnan(unit[u, U_PASSIVE]) and s >= 0:
                        used = q_units[s] + q_recharge[s]
                        reach = room_until(unit[u, U_PASSIVE] - base[s], steep[s])
                        passive = max(min(reach + used, used - least[s]), 0.0)
                        passive = min(passive, ask)
                        q_units[s] -= passive
                        cold = min(ask - passive, able * capacity)
                    room = np.inf
                    if s >= 0:
                        used = q_units[s] + q_recharge[s]
                        room = used - max(
                            least[s], -room_until(unit[u, U_MAX_SOURCE] - base[s], steep[s])
                        )
                    power, running, duty = at_shared_load(
                        cold,
                        able,
                        best,
                        capacity,
                        full,
                        minimum,
                        cycling,
                        curves,
                        ratios_at,
                        ratios,
                    )
                    for _ in range(40):
                        if cold + power <= room:
                            break
                        scale = room / (cold + power) if room > 0.0 else 0.0
                        cold *= scale
                        power, running, duty = at_shared_load(
                            cold,
                            able,
                            best,
                            capacity,
                            full,
                            minimum,
                            cycling,
                            curves,
                            ratios_at,
                            ratios,
                        )
                        if scale > 1.0 - 1e-12 or scale == 0.0:
                            break
                    if cold < 0.999999 * min(ask - passive, able * capacity):
                        flags[u] |= 2
                    if cold <= 0.0:
                        power, running = 0.0, 0.0
                    recovered = 0.0
                    hot = int(unit[u, U_HOT_WATER])
                    if hot >= 0:
                        recovered = max(min(unit[u, U_RECOVERY] * (cold + power), rest[hot]), 0.0)
                        rest[hot] -= recovered
                        got[hot] += recovered
                    away = cold + power - recovered
                    if s >= 0:
                        q_units[s] -= away
                        on_source[s] += running
                        from_source[u] += running if passive <= 0.0 else max(running, 1.0)
                    row[c + OU_HEAT] += recovered
                    row[c + OU_RECOVERED] += recovered
                    row[c + OU_COLD] += cold + passive
                    row[c + OU_PASSIVE] += passive
                    row[c + OU_SOURCE_HEAT] -= away + passive
                    row[c + OU_POWER] += power
                    row[c + OU_RUNNING] += running
                    free[u] -= cold / capacity
                    permitted -= cold / capacity
                    warmth_leaving[u] += leaving * (cold + passive)
                    rest[l] -= cold + passive
                    got[l] += cold + passive
                else:
                    heat = min(ask, able * capacity)
                    room = np.inf
                    if s >= 0:
                        used = q_units[s] + q_recharge[s]
                        room = -used + min(
                            most[s], room_until(base[s] - unit[u, U_MIN_SOURCE], steep[s])
                        )
                    elif lower_loop >= 0:
                        room = budget[lower_loop] - drawn[lower_loop]
                        if loop[lower_loop, L_SIGN] < 0.0:
                            room = rest[lower_loop]
                    power, running, duty = at_shared_load(
                        heat,
                        able,
                        best,
                        capacity,
                        full,
                        minimum,
                        cycling,
                        curves,
                        ratios_at,
                        ratios,
                    )
                    for _ in range(40):
                        if heat - power <= room:
                            break
                        scale = room / (heat - power) if room > 0.0 else 0.0
                        heat *= scale
                        power, running, duty = at_shared_load(
                            heat,
                            able,
                            best,
                            capacity,
                            full,
                            minimum,
                            cycling,
                            curves,
                            ratios_at,
                            ratios,
                        )
                        if scale > 1.0 - 1e-12 or scale == 0.0:
                            break
                    if heat < 0.999999 * min(ask, able * capacity) and kind != RECHARGING:
                        flags[u] |= 1
                    if heat <= 0.0:
                        power, running = 0.0, 0.0
                    away = heat - power
                    if s >= 0:
                        q_units[s] += away
                        on_source[s] += running
                        from_source[u] += running
                    elif lower_loop >= 0:
                        if loop[lower_loop, L_SIGN] > 0.0:
                            drawn[lower_loop] += away
                            rest[lower_loop] += away
                        else:
                            rest[lower_loop] -= away
                            got[lower_loop] += away
                    row[c + OU_HEAT] += heat
                    row[c + OU_SOURCE_HEAT] += away
                    row[c + OU_POWER] += power
                    row[c + OU_RUNNING] += running
                    free[u] -= heat / capacity
                    permitted -= heat / capacity
                    warmth_leaving[u] += leaving * heat
                    if kind == RECHARGING:
                        q_recharge[l] -= heat
                    else:
                        rest[l] -= heat
                        got[l] += heat
                if running > 0.0:
                    c = at_unit + u * STATE_UNIT
                    row[c + OU_ENTERING] = at
                    outside = at < pair[p, P_LOW_SOURCE] or at > pair[p, P_HIGH_SOURCE]
                    outside = outside or leaving < pair[p, P_LOW_LOAD]
                    if outside or leaving > pair[p, P_HIGH_LOAD]:
                        row[c + OU_EXTRAPOLATED] = 1.0

            # Source pumps, and whether the heat rates are those that were assumed.
            for s in range(ns):
                q[s] = q_units[s] + q_recharge[s]
                if source[s, S_VARIABLE] == 0.0:
                    share[s] = 1.0
                elif not source[s, S_HOLD] > 0.0 and attempt < _BOUND_PASSES:
                    # A number of machines may turn to and fro: then it stays as it is.
                    flow = on_source[s] / max(source[s, S_UNITS], 1.0)
                    flow = min(max(flow, source[s, S_MIN_SHARE]), 1.0)
                    share[s] = flow
            settled, turned = True, attempt == _BOUND_PASSES
            if any_bound and attempt < _BOUND_PASSES:
                for u in range(nu):
                    c = to_unit + u * ENERGY_UNIT
                    moving[u] = row[c + OU_RUNNING]
                    if row[c + OU_PASSIVE] > 0.0:
                        moving[u] = max(moving[u], 1.0)
                with_their_units(pump, meant, unit, moving, lasts)
                for l in range(nl):  # noqa: E741
                    warm_before[l] = warm[l]
                load_pumps(
                    pump, stands, curves, loop, inputs, k, in_loop, loop_share, lasts, warm,
                    by_load, row, to_pump,
                )  # fmt: skip
                for l in range(nl):  # noqa: E741
                    more = loop[l, L_SIGN] * (warm[l] - warm_before[l])
                    demand[l] = max(before_pumps[l] - loop[l, L_SIGN] * warm[l], 0.0)
                    asked_set[l] -= more
                    if abs(more) > 1e-6:
                        settled, turned = False, True
            if any_bound:
                with_their_units(pump, meant, unit, from_source, drawing)
            if ng > 0:
                source_pumps(
                    pump, stands, curves, source, inputs, k, in_source, share, drawing,
                    by_load, q, turning, row, to_pump,
                )  # fmt: skip
            for s in range(ns):
                r = q[s] - x[s]
                off = 0.0
                if source[s, S_VARIABLE] > 0.0:
                    off = abs(0.5 / (rate[s] * share[s]) - spread[s]) * abs(q[s])
                if abs(r) * max(abs(steep[s]), slope[s]) + off > _TOLERANCE:
                    settled = False
            for l in range(nl):  # noqa: E741
                if drawn[l] <= 0.0 or rest[l] <= 1e-9 * drawn[l]:
                    continue
                short = rest[l]
                for b in range(nb):
                    if int(backup[b, B_LOOP]) == l:
                        short -= inputs[k, in_backup + b]
                if short > 1e-9 * drawn[l]:
                    budget[l] = max(drawn[l] - short, 0.0)
                    settled = False
            if settled:
                break
            if attempt == _PASSES - 1:
                unsettled += 1
                break
            for s in range(ns):
                r = q[s] - x[s]
                if attempt > 0 and x[s] != x_old[s] and not another:
                    found = (r - r_old[s]) / (x[s] - x_old[s])
                    if found < -0.05:
                        trend[s] = max(found, -50.0)
                        apart = abs(x[s] - x_old[s]) > 1e-6 * abs(x[s])
                        if apart and net != 0.0 and found > -2.0 and steep[s] != 0.0:
                            per_kelvin[side, s] = -(1.0 + found) / (steep[s] * net)
                x_old[s], r_old[s] = x[s], r
                if r > 0.0:
                    lower[s] = max(lower[s], x[s])
                else:
                    upper[s] = min(upper[s], x[s])
                after = x[s] - r / trend[s]
                if searched == 1 and (after <= lower[s] or after >= upper[s]):
                    if np.isfinite(lower[s]) and np.isfinite(upper[s]):
                        after = 0.5 * (lower[s] + upper[s])
                    else:
                        after = x[s] + r
                x[s] = after
                if turned:
                    # Another demand: what was found about the heat rate no longer counts.
                    lower[s], upper[s], trend[s] = -np.inf, np.inf, -1.0
            another = turned
        if net != 0.0:
            for s in range(ns):
                ratio[side, s] = q[s] / net
                ratio_at[side, s] = entering[s]

        # Backups, tanks, rooms.
        for b in range(nb):
            l = int(backup[b, B_LOOP])  # noqa: E741
            short = asked_set[l] + drawn[l] - got[l]
            heat = max(min(short, inputs[k, in_backup + b]), 0.0)
            row[to_backup + b * ENERGY_BACKUP] = heat
            row[to_backup + b * ENERGY_BACKUP + 1] = heat / backup[b, B_EFFICIENCY]
            got[l] += heat
        for l in range(nl):  # noqa: E741
            c = in_loop + l * INPUTS_LOOP
            sign = loop[l, L_SIGN]
            load = inputs[k, c + IL_LOAD]
            setpoint = inputs[k, c + IL_SETPOINT]
            total = got[l] + sign * warm[l]
            delivered = total - drawn[l]
            lost = 0.0
            supply = setpoint
            tank = np.nan
            stored = 0.0
            if loop[l, L_TANK] > 0.0:
                layers = int(loop[l, L_LAYERS])
                target = inputs[k, c + IL_TARGET] * sign
                before = mean_of(tanks, l, layers)
                top = tanks[l, 0]
                taken, lost = tank_step(
                    tanks, l, layers, loop[l, L_CAPACITY], loop[l, L_TANK_LOSS],
                    loop[l, L_AMBIENT] * sign, max(target, setpoint * sign),
                    setpoint * sign - loop[l, L_DIFFERENCE],
                    setpoint * sign - loop[l, L_DEAD_BAND], total - wanted[l] - drawn[l], dt,
                    fades[l],
                )  # fmt: skip
                delivered = total - drawn[l] - taken
                after = mean_of(tanks, l, layers)
                stored = (after - before) * loop[l, L_CAPACITY] / dt
                supply = 0.5 * (top + tanks[l, 0]) * sign
                tank = 0.5 * (before + after) * sign
            room = np.nan
            if loop[l, L_ROOM_CAPACITY] > 0.0:
                before = rooms[l]
                rooms[l] = towards(
                    before, loop[l, L_ROOM_SETPOINT] * sign, loop[l, L_ROOM_CAPACITY],
                    loop[l, L_ROOM_LOSS], delivered - load, dt,
                )  # fmt: skip
                room = 0.5 * (before + rooms[l]) * sign
            residual = abs(total - drawn[l] - delivered - stored - lost)
            if not residual <= checks[ns + nu + l, 0]:
                checks[ns + nu + l, 0] = residual
            checks[ns + nu + l, 1] = max(checks[ns + nu + l, 1], abs(total) + abs(stored))
            c = to_loop + l * ENERGY_LOOP
            row[c + OL_LOAD] = load
            row[c + OL_DELIVERED] = delivered
            row[c + OL_UNMET] = max(load - delivered, 0.0)
            row[c + OL_TANK_LOSS] = lost
            row[c + OL_DRAWN] = drawn[l]
            c = at_loop + l * STATE_LOOP
            row[c + OL_SUPPLY] = supply if delivered > 0.0 else np.nan
            back = np.nan
            if delivered > 0.0 and loop_share[l] > 0.0:
                back = supply - sign * delivered / (loop[l, L_RATE] * loop_share[l])
            row[c + OL_RETURN] = back
            row[c + OL_TANK] = tank
            row[c + OL_ROOM] = room
            row[c + OL_SHARE] = loop_share[l]

        # The ground goes on.
        for s in range(ns):
            total, heat = 0.0, q[s]
            for m in range(modes[s]):
                drops[s, m] = decay[s, m] * drops[s, m] + gain[s, m] * heat
                total += decay[s, m] * drops[s, m]
            left[s] = total
            c = s * ENERGY_SOURCE
            row[c + OS_HEAT] = q[s]
            row[c + OS_RECHARGE] = -q_recharge[s]
            half = 0.5 / (rate[s] * share[s]) * q[s]
            mean = base[s] - slope[s] * q[s]
            mean -= source[s, S_PUMPED] * (half - 0.5 / rate[s] * q[s])
            offset = source[s, S_RESISTANCE] * q[s]
            still = q[s] == 0.0
            c = at_source + s * STATE_SOURCE
            row[c + OS_ENTERING] = mean + half - offset
            row[c + OS_LEAVING] = mean - half - offset
            row[c + OS_FLUID] = mean
            row[c + OS_SHARE] = 0.0 if still else share[s]
            if not still:
                low, high = extremes[year, s, 0], extremes[year, s, 1]
                extremes[year, s, 0] = min(low, mean + half - offset)
                extremes[year, s, 1] = max(high, mean + half - offset)

        mode = 0
        for s in range(ns):
            residuals[s] = q_recharge[s] - q[s]
            if ng > 0:
                residuals[s] -= turning[s] - q[s]
        for u in range(0 if same_as_before else nu):
            c = to_unit + u * ENERGY_UNIT
            if not any_switched and row[c + OU_HEAT] == 0.0 and row[c + OU_COLD] == 0.0:
                row[c + OU_POWER] = unit[u, U_STANDBY] * unit[u, U_COUNT]
                running_before[u] = 0.0
                if flags[u] != 0:
                    for j in range(3):
                        limited[u, j] += (flags[u] >> j) & 1
                row[at_unit + u * STATE_UNIT + OU_ENTERING] = np.nan
                row[at_unit + u * STATE_UNIT + OU_LEAVING] = np.nan
                continue
            heat, cold, power = row[c + OU_HEAT], row[c + OU_COLD], row[c + OU_POWER]
            taken = row[c + OU_SOURCE_HEAT]
            running = min(row[c + OU_RUNNING], unit[u, U_COUNT])
            row[c + OU_RUNNING] = running
            residual = abs(heat - cold - taken - power)
            if not residual <= checks[ns + u, 0]:
                checks[ns + u, 0] = residual
            checks[ns + u, 1] = max(checks[ns + u, 1], abs(heat) + abs(cold))
            if flags[u] != 0:
                for j in range(3):
                    limited[u, j] += (flags[u] >> j) & 1
            if unit_source[u] >= 0:
                residuals[unit_source[u]] += taken
            mode |= (1 if heat > 0.0 else 0) | (2 if cold > 0.0 else 0)
            hours[u] += running / unit[u, U_COUNT] * dt
            whole = np.ceil(running - 1e-9)
            starts = max(whole - running_before[u], 0.0)
            duty = running - np.floor(running)
            if duty > 1e-9:
                pace = 4.0 * duty * (1.0 - duty) * unit[u, U_STARTS]
                if unit[u, U_MIN_RUN] > 0.0:
                    pace = min(pace, duty / unit[u, U_MIN_RUN])
                if unit[u, U_MIN_STOP] > 0.0:
                    pace = min(pace, (1.0 - duty) / unit[u, U_MIN_STOP])
                if np.isfinite(pace):
                    starts = max(starts, pace * dt)
            running_before[u] = whole
            if any_switched:
                switched_on = 0.0
                for i in range(int(unit[u, U_COUNT])):
                    if machines[u, i, 0] >= 0.0:
                        switched_on += 1.0 if machines[u, i, 2] == 0.0 else 0.0
                    machines[u, i, 1] += dt
                    machines[u, i, 2] += dt
                if unit_switched[u] > 0.0:
                    starts = switched_on
            row[c + OU_STARTS] = starts
            row[c + OU_POWER] = power + unit[u, U_STANDBY] * (unit[u, U_COUNT] - running)
            c = at_unit + u * STATE_UNIT
            if heat + cold > 0.0:
                row[c + OU_LEAVING] = warmth_leaving[u] / (heat + cold)
            if running <= 0.0:
                row[c + OU_ENTERING] = np.nan
                row[c + OU_LEAVING] = np.nan
        for s in range(ns):
            if not abs(residuals[s]) <= checks[s, 0]:
                checks[s, 0] = abs(residuals[s])
            checks[s, 1] = max(checks[s, 1], abs(q[s]) + abs(q_recharge[s]))
        for l in range(nl):  # noqa: E741
            drawn_before[l] = drawn[l]
        row[at_mode] = mode
        if months[k] != month or year != year_of_total:
            month, year_of_total = months[k], year
            total_of_month = sums[year, month]
        for j in range(energies):
            total_of_month[j] += row[j]
        if n >= keep_from:
            rows[n - keep_from] = row
    return unsettled
