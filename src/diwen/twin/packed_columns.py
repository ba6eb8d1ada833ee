"""Columns of the tables that the compiled march reads: numbers of places, nothing else.

A table has one row per source loop, load loop, unit group, pair of unit and loop, and so on. The
march knows no names; :mod:`.packing` writes these tables and :mod:`.course_of_rows` reads what the
march wrote.
"""

from __future__ import annotations

(
    S_RESISTANCE, S_HOLD, S_MIN_SHARE, S_MIN_ENTERING, S_MAX_ENTERING, S_LOWEST_RETURN,
    S_HIGHEST_RETURN, S_DIRECT, S_LAGGED, S_VARIABLE, S_UNITS, S_MODES, S_PUMPED,
    SOURCE_COLUMNS,
) = range(14)  # fmt: skip
"""Source loop: K/W, K or nan, share, °C, °C, °C, °C, K/W, K/W, 0/1, number, number, 0/1."""

(
    L_SIGN, L_RATE, L_DIFFERENCE, L_MIN_SHARE, L_VARIABLE, L_TANK, L_LAYERS, L_CAPACITY,
    L_TANK_LOSS, L_AMBIENT, L_DEAD_BAND, L_ROOM_SETPOINT, L_ROOM_CAPACITY, L_ROOM_LOSS,
    L_SWITCHED, LOOP_COLUMNS,
) = range(16)  # fmt: skip
"""Load loop: 1 heat or −1 cold, W/K, K, share, 0/1, 0/1, number, J/K, W/K, °C, K, °C, J/K, W/K."""

(
    U_COUNT, U_SOURCE, U_DRAW_LOOP, U_MIN_SOURCE, U_MAX_SOURCE, U_MINIMUM, U_CYCLING, U_STANDBY,
    U_DEGRADATION, U_PASSIVE, U_RECOVERY, U_HOT_WATER, U_MIN_RUN, U_MIN_STOP, U_STARTS,
    U_RATIOS_AT, U_RATIOS, U_RECHARGE_BELOW, U_BEST, UNIT_COLUMNS,
) = range(20)  # fmt: skip
"""Unit group; loops and sources by number, −1: none; starts per s; ratios: place in the curves;
best: share of full load of the best efficiency where they share the load equally, else 0."""

(
    P_UNIT, P_LOOP, P_COLD_LOOP, P_KIND, P_MAP, P_SOURCES, P_LOADS, P_LOW_SOURCE, P_HIGH_SOURCE,
    P_LOW_LOAD, P_HIGH_LOAD, PAIR_COLUMNS,
) = range(12)  # fmt: skip
"""Pair of a unit and what it serves; the map stands in the curves from ``P_MAP`` on."""

HEATING, COOLING, SIMULTANEOUS, RECHARGING = 0, 1, 2, 3
"""Kinds of pairs."""

B_LOOP, B_EFFICIENCY, BACKUP_COLUMNS = range(3)
R_SOURCE, R_PER_KELVIN, R_DIRECTION, R_POWER, R_START, RECHARGE_COLUMNS = range(6)
"""Recharge: source, W/K, ±1, electric W per W of heat, °C or nan."""

(
    G_AT, G_POINTS, G_MIN_SHARE, G_VARIABLE, G_ALWAYS, G_WARMTH, G_FIRST, G_END, G_BOUND,
    PUMP_COLUMNS,
) = range(10)  # fmt: skip
"""Pump group: place and length of its curve, share, 0/1, 0/1, share, first of its places and the
end, 1: runs with its units only."""

V_LOOP, V_ON_SOURCE, PLACE_COLUMNS = range(3)
"""Place of a pump group: loop number, 1 source or 0 load."""

I_OUTDOOR, I_PERMITTED, INPUTS_HEAD = range(3)
IS_UNDISTURBED, IS_RESISTANCE, IS_RATE, IS_MOST, IS_LEAST, IS_SEASON, INPUTS_SOURCE = range(7)
IL_LOAD, IL_SETPOINT, IL_TARGET, IL_SEASON, INPUTS_LOOP = range(5)
"""Inputs, one row per step: head, then per source, per loop, per pair (leaving temperature, nan:
may not run), per backup (W it may give), per recharge (W at 0 °C, most W)."""
INPUTS_RECHARGE = 2

OS_HEAT, OS_RECHARGE, ENERGY_SOURCE = range(3)
(
    OU_HEAT, OU_COLD, OU_RECOVERED, OU_SOURCE_HEAT, OU_POWER, OU_RUNNING, OU_STARTS,
    OU_PASSIVE, ENERGY_UNIT,
) = range(9)  # fmt: skip
OL_LOAD, OL_DELIVERED, OL_UNMET, OL_TANK_LOSS, OL_DRAWN, ENERGY_LOOP = range(6)
ENERGY_BACKUP = 2
ENERGY_RECHARGE = 2
"""Written, energies first (heat W and fuel or power W of backups and recharges; power of pumps)."""

OS_ENTERING, OS_LEAVING, OS_FLUID, OS_SHARE, STATE_SOURCE = range(5)
OU_ENTERING, OU_LEAVING, OU_EXTRAPOLATED, STATE_UNIT = range(4)
OL_SUPPLY, OL_RETURN, OL_TANK, OL_ROOM, OL_SHARE, STATE_LOOP = range(6)

O_STEP, O_STAGING, O_SWITCHED, O_POWER_FACTOR, OPTION_COLUMNS = range(5)
SEQUENCE, EQUAL_HOURS, BEST_COP = 0, 1, 2
